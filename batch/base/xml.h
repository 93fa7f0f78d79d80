/*
 * xml.h - XML read as a tree of elements that know their line. base/xml.c is the only includer of libxml2.
 *
 * Decides: what XML is accepted (no DOCTYPE, no external access, own caps on size, depth and text) and how a tree is
 * checked against the shapes its readers declare. The same shapes print the XSD schemas, so there is no second list.
 */
#ifndef PANDIAN_BASE_XML_H
#define PANDIAN_BASE_XML_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct xml_attr {
	const char *name, *value;
	struct xml_attr *next;
}; /* xml:lang is named "xml:lang"; xmlns is not listed */
struct xml_node {
	const char *name;              /* local name */
	const char *space;             /* namespace URI or "" */
	const char *prefix_text;       /* text directly inside, all pieces joined, trimmed; "" if none */
	const char *file;              /* as given to xml_read */
	int line;                      /* 1-based */
	struct xml_attr *attrs;        /* document order */
	struct xml_node *first, *next, *parent; /* elements only */
};
struct xml_doc;                    /* owns its nodes */

/* Reads a file or bytes; NULL with status 78 (syntax, DOCTYPE, caps) or 66/74/77 (file). Message: "file:line: …". */
struct xml_doc *xml_read(const char *path, struct err *err);
struct xml_doc *xml_parse(const char *name, const char *bytes, size_t length, struct err *err);
void xml_free(struct xml_doc *doc);
const struct xml_node *xml_root(const struct xml_doc *doc);
const char *xml_attr(const struct xml_node *node, const char *name);                       /* value or NULL */
const char *xml_attr_or(const struct xml_node *node, const char *name, const char *fallback);
const struct xml_node *xml_child(const struct xml_node *node, const char *name); /* first child of that name or NULL */
const struct xml_node *xml_next(const struct xml_node *node, const char *name); /* next sibling of that name or NULL */
/* Title pair from child elements <name xml:lang="zh-CN"> / <name xml:lang="en"> (no lang: zh). Borrowed. */
struct text_pair xml_text_pair(const struct xml_node *node, const char *name);
/* Sets err (status 78) to "file:line: message"; returns -1. */
int xml_fail(const struct xml_node *node, struct err *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* --- shapes: what an element may hold --- */
enum xml_type {
	XML_TEXT,
	XML_NAME /* [A-Za-z_][A-Za-z0-9_.-]* */,
	XML_FEEL /* an expression */,
	XML_NUMBER,
	XML_INTEGER,
	XML_SHARE /* 0.1 or 10% */,
	XML_BOOL /* yes no */,
	XML_DATE,
	XML_DURATION /* P24M */,
	XML_CHOICE /* choices: "a|b|c" */,
	XML_LIST /* space-separated names */,
	XML_LANG,
	XML_COLOUR /* #rrggbb */
};
struct xml_attr_shape { const char *name; enum xml_type type; bool required; const char *choices; const char *help; };
struct xml_shape {
	const char *element;
	const struct xml_attr_shape *attrs;        /* ends with name == NULL; NULL: none */
	const struct xml_shape *const *children; /* ends with NULL; NULL: none. Any order, any number unless min/max say */
	int min, max;                              /* occurrences under its parent; max 0 = unbounded */
	bool text;                                 /* text content allowed */
	const char *help;                          /* one sentence, for schema and `pandian list` */
};
/*
 * Checks a tree against a shape: namespace, unknown elements and attributes (with the nearest known name), missing
 * required ones, attribute value syntax, occurrences. All elements accept xml:lang; comments are free.
 */
int xml_check(const struct xml_node *root, const char *space, const struct xml_shape *shape, struct err *err);
/* Appends an XSD 1.0 schema with documentation for a shape tree. */
void xml_schema(struct str *out, const char *space, const struct xml_shape *shape);

/* Values of checked attributes. */
bool xml_yes(const char *value);                                      /* "yes" */
bool xml_months(const char *duration, int *months);                   /* P24M, P2Y, P1Y6M */
bool xml_share(const char *value, int scale, int64_t *scaled);        /* "10%" or "0.1" */
void xml_escape(struct str *out, const char *text);                   /* & < > " */

#endif
