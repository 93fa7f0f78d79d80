/*
 * xml_scan.c - a push parser on libxml2's SAX2 interface. Decides which XML is refused while streaming.
 */
#include "base/xml_scan.h"

#include "base/mem.h"
#include "base/vec.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

struct xml_scan {
	char *name;
	struct xml_scan_handler handler;
	xmlParserCtxtPtr parser;
	xmlSAXHandler sax;
	struct err *err;                    /* of the call under way */
	int failed, depth;
	VEC(const char *) attrs;
	VEC(char) values;
};

static void stop(struct xml_scan *scan)
{
	scan->failed = 1;
	xmlStopParser(scan->parser);
}

static void refuse(struct xml_scan *scan, const char *why)
{
	if (!scan->failed)
		err_set(scan->err, STATUS_CONFIG, "%s:%d: %s", scan->name, xmlSAX2GetLineNumber(scan->parser), why);
	stop(scan);
}

static void on_doctype(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	refuse(context, "a DOCTYPE is not accepted");
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space, int namespaces,
	const xmlChar **namespace_pairs, int count, int defaulted, const xmlChar **attributes)
{
	struct xml_scan *scan = context;
	(void)prefix;
	(void)space;
	(void)namespaces;
	(void)namespace_pairs;
	(void)defaulted;
	if (scan->failed)
		return;
	if (++scan->depth > DEPTH_MAX) {
		refuse(scan, "elements are nested too deeply");
		return;
	}
	/*
	 * libxml2 gives values as begin and end; copy them with a NUL, then point at them (the buffer may move while it
	 * grows).
	 */
	scan->values.count = 0;
	scan->attrs.count = 0;
	for (int i = 0; i < count; i++) {
		for (const xmlChar *at = attributes[i * 5 + 3]; at < attributes[i * 5 + 4]; at++)
			VEC_PUSH(&scan->values, (char)*at);
		VEC_PUSH(&scan->values, '\0');
	}
	const char *value = scan->values.at;
	for (int i = 0; i < count; i++) {
		VEC_PUSH(&scan->attrs, (const char *)attributes[i * 5]);
		VEC_PUSH(&scan->attrs, value);
		value += strlen(value) + 1;
	}
	VEC_PUSH(&scan->attrs, NULL);
	if (scan->handler.start != NULL
		&& scan->handler.start(scan->handler.context, (const char *)name, scan->attrs.at, scan->err) != 0)
		stop(scan);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
	struct xml_scan *scan = context;
	(void)prefix;
	(void)space;
	if (scan->failed)
		return;
	scan->depth--;
	if (scan->handler.end != NULL && scan->handler.end(scan->handler.context, (const char *)name, scan->err) != 0)
		stop(scan);
}

static void on_text(void *context, const xmlChar *text, int length)
{
	struct xml_scan *scan = context;
	if (!scan->failed && scan->handler.text != NULL
		&& scan->handler.text(scan->handler.context, (const char *)text, (size_t)length, scan->err) != 0)
		stop(scan);
}

static void on_error(void *context, xmlErrorPtr error)
{
	struct xml_scan *scan = context;
	if (scan->failed || error == NULL || error->level < XML_ERR_ERROR)
		return;
	size_t length = error->message != NULL ? strcspn(error->message, "\n") : 0;
	err_set(scan->err, STATUS_CONFIG, "%s:%d: %.*s", scan->name, error->line, (int)length,
		error->message != NULL ? error->message : "");
	stop(scan);
}

struct xml_scan *xml_scan_new(const char *name, const struct xml_scan_handler *handler)
{
	struct xml_scan *scan = mem_new(1, sizeof *scan);
	scan->name = mem_copy_text(name);
	scan->handler = *handler;
	scan->sax.initialized = XML_SAX2_MAGIC;
	scan->sax.internalSubset = on_doctype;
	scan->sax.startElementNs = on_start;
	scan->sax.endElementNs = on_end;
	scan->sax.characters = on_text;
	scan->sax.cdataBlock = on_text;
	scan->sax.serror = on_error;
	scan->parser = xmlCreatePushParserCtxt(&scan->sax, scan, NULL, 0, NULL);
	if (scan->parser != NULL)
		xmlCtxtUseOptions(scan->parser, XML_PARSE_NONET | XML_PARSE_BIG_LINES);
	return scan;
}

static int feed(struct xml_scan *scan, const char *bytes, size_t length, int last, struct err *err)
{
	if (scan->parser == NULL)
		return err_set(err, STATUS_AGAIN, "%s: out of memory", scan->name);
	scan->err = err;
	while (!scan->failed && (length > 0 || last)) {
		int piece = length > (1 << 20) ? 1 << 20 : (int)length;
		int ending = last && (size_t)piece == length;
		int result = xmlParseChunk(scan->parser, bytes, piece, ending);
		if (result != 0 && !scan->failed) {
			err_set(err, STATUS_CONFIG, "%s: not well-formed XML", scan->name);
			scan->failed = 1;
		}
		bytes += piece;
		length -= (size_t)piece;
		if (ending)
			break;
	}
	scan->err = NULL;
	return scan->failed ? -1 : 0;
}

int xml_scan_feed(struct xml_scan *scan, const char *bytes, size_t length, struct err *err)
{
	return feed(scan, bytes, length, 0, err);
}

int xml_scan_end(struct xml_scan *scan, struct err *err)
{
	return feed(scan, "", 0, 1, err);
}

void xml_scan_free(struct xml_scan *scan)
{
	if (scan == NULL)
		return;
	if (scan->parser != NULL)
		xmlFreeParserCtxt(scan->parser);
	VEC_RELEASE(&scan->attrs);
	VEC_RELEASE(&scan->values);
	free(scan->name);
	free(scan);
}
