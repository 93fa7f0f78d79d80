/*
 * section.h - the kinds of sections an archive template may name, and what they are made with.
 *
 * Each kind is one file (section_<name>.c) that gives a struct section_kind; sections.def lists them once. A kind
 * binds its
 * values once per archive template and then makes blocks for one person after another; memory of a document is an arena
 * that is reset for each.
 */
#ifndef PANDIAN_REPORT_SECTION_H
#define PANDIAN_REPORT_SECTION_H

#include "report/label.h"
#include "report/lists.h"
#include "report/roles.h"
#include "report/view.h"

#include <stdbool.h>
#include <stdint.h>

struct section;
struct section_maker { /* one archive template being made into documents */
	const struct report_input *input; /* NULL while a template is only checked */
	const struct result_directory *directory;
	const struct xml_node *node; /* <archive> */
	enum text_lang lang;
	struct view_names names;
	struct view view;
	struct roles roles;
	struct lists lists; /* result tables with many rows a person */
	bool internal; /* the edition for those who decide, not the employee's own */
	struct arena keep; /* as long as the maker */
	const char *const *managers; /* names by employee key, NULL where not asked for (wants_managers) */
	bool wants_managers;
	struct section *sections;
	size_t section_count;
	const char *period, *title, *as_of; /* texts every document shows */
	/* published grades of earlier periods, newest first; frames of the loaded block */
	struct section_earlier {
		int64_t run;
		uint32_t table, column;
		struct date_period period;
		struct frame frame;
		const struct frame_column *grade;
	} * earlier;
	size_t earlier_count;
	bool wants_earlier;
	/* the document being made */
	struct arena arena;
	struct str text; /* scratch */
	struct doc doc;
	uint32_t row; /* of the person in the block */
	uint32_t employee;
};
struct section {
	const struct section_kind *kind;
	const struct xml_node *node; /* <section> */
	const char *title, *note;
	int when; /* value of the condition, -1: always */
	int beside; /* per cent of the width it takes on the right of the one before, 0: stands below it */
	void *state;
};
struct section_kind {
	const char *name, *help;
	const struct xml_shape *shape; /* of <section kind="name"> */
	uint32_t feeds; /* bits of the feeds it reads */
	int (*bind)(struct section_maker *maker, struct section *section, struct err *err); /* NULL: nothing to bind */
	int (*make)(struct section_maker *maker, const struct section *section, struct err *err);
	bool (*has)(const struct section_maker *maker); /* whether the results have anything for it; NULL: always */
	bool internal; /* never in an employee's own edition */
};
#define SECTION(name) extern const struct section_kind section_##name##_kind;
#include "report/sections.def"
#undef SECTION
const struct section_kind *section_kind_find(const char *name);
const struct section_kind *section_kind_at(size_t index);

#define SECTION_ATTRS \
	{ "kind", XML_NAME, true, NULL, "kind of section" }, \
		{ "when", XML_FEEL, false, NULL, "only for people who meet this condition" }, \
		{ "break", XML_CHOICE, false, "yes|no|filled", \
			"yes: begins a new page; filled: if two fifths of the present one are used" }, \
		{ "optional", XML_BOOL, false, NULL, "yes: left out where the results have nothing for it" }, \
		{ "beside", XML_INTEGER, false, NULL, \
			"stands on the right of the section before it, taking this share of the width, 20 to 80 per cent" }, \
	{ \
		"note", XML_TEXT, false, NULL, "remark for editors of the template" \
	}
extern const struct xml_shape section_title_shape, section_note_shape;

/* What sections are made of. */
struct doc_block *section_add(struct section_maker *maker, enum doc_kind kind);
void section_head(struct section_maker *maker, const struct section *section,
	const char *note); /* the head with the teal bar; note NULL: the template's */
void section_text(struct section_maker *maker, const char *text, enum doc_tone tone, bool strong, bool small);
/* What is added between the two stands set in behind a hairline; nothing added, nothing shown. */
struct section_aside {
	struct doc_block *first, *last; /* of the document before */
};
void section_aside_begin(struct section_maker *maker, struct section_aside *aside);
void section_aside_end(struct section_maker *maker, const struct section_aside *aside);
void section_cell(struct section_maker *maker, int value, struct view_cell *cell); /* of the person in hand */
const char *section_figure(
	struct section_maker *maker, const struct view_cell *cell, int places); /* any value as text; NULL if missing */
const char *section_fact(struct section_maker *maker, const struct facts_list *list, enum field_id field,
	uint32_t row); /* text, key or code of a feed's row; NULL if missing */
int32_t section_date(const struct facts_list *list, enum field_id field, uint32_t row);
/* A number of a feed's row; false if missing. */
bool section_number(const struct facts_list *list, enum field_id field, uint32_t row, int64_t *number, int *scale);
/* Rows of a feed that belong to the person: first and behind the last. */
void section_rows(const struct section_maker *maker, enum feed_id feed, uint32_t *first, uint32_t *end);
struct doc_cell section_plain(const char *text);
/* Where a fact stands: "inputs/qa.csv 第 204 行"; NULL if unknown. */
const char *section_source(struct section_maker *maker, const struct frame *frame, uint32_t row);
int section_most(const struct section *section, int fallback); /* attribute rows="…" */
/* Text with {period} {as_of} {run} {rules} {name} {id} filled in. */
const char *section_fill(struct section_maker *maker, struct arena *arena, const char *text);

#endif
