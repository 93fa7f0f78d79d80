/*
 * view.h - values of templates, bound to names or expressions and read block by block.
 *
 * A view looks at one result table: "people" (facts of the roster, results, results of the period before, by employee
 * block) or any other one: its own columns, the catalogue of courses behind a course column, and, where its rows name
 * people, what the view of people has. Where the workbook is about some people only, no other row is ever seen. Plain
 * names are read straight from the columns; expressions go through FEEL, one block at a time.
 */
#ifndef PANDIAN_REPORT_VIEW_H
#define PANDIAN_REPORT_VIEW_H

#include "base/map.h"
#include "base/vec.h"
#include "base/xml.h"
#include "feel/feel.h"
#include "report/gather.h"
#include "report/report.h"

#include <stdbool.h>
#include <stdint.h>

enum view_kind { VIEW_MISSING, VIEW_NUMBER, VIEW_DATE, VIEW_TEXT, VIEW_BOOL };
enum view_source {
	VIEW_FACT,
	VIEW_RESULT,
	VIEW_PREVIOUS,
	VIEW_ID_OF_FACT,
	VIEW_ID_OF_RESULT,
	VIEW_COURSE_OF_RESULT,
	VIEW_JOINED, /* a result of the person a row of another table names */
	VIEW_ID_OF_JOINED,
	VIEW_ORG_PATH,
	VIEW_TENURE,
	VIEW_AS_OF,
	VIEW_PERIOD_FIRST
};

/* A name a template may use. */
struct view_name {
	const char *text;
	enum view_source source;
	enum view_kind kind;
	const struct feed_field *field; /* facts and course fields */
	const struct result_column *column; /* results; of the run shown */
	uint32_t index; /* of the result column in its table */
	const struct result_column *before;
	uint32_t before_index; /* VIEW_PREVIOUS: column of the period before, NULL if it had none */
	int scale;
	struct text_pair title;
};
struct view_names {
	struct arena arena;
	struct view_name *at;
	size_t count, capacity;
	struct map map; /* text → number in at */
	const struct result_directory *directory;
	uint32_t table, people_table;
	bool people; /* the table is "people" */
	bool list; /* kept by block, any number of rows a person */
	bool joined; /* rows name people: in column person_column of the table */
	uint32_t person_column;
	struct feel_scope *scope;
	bool lent; /* by kept.h: releasing them releases nothing */
};
/* Names of a table; previous may be NULL. -1 with 78 if the table is unknown. */
int view_names_init(struct view_names *names, const struct result_directory *directory, const char *table,
	const struct result_directory *previous, struct err *err);
void view_names_release(struct view_names *names);
const struct view_name *view_names_find(
	const struct view_names *names, const char *text); /* spaces for underscores allowed; NULL */
const char *view_names_nearest(const struct view_names *names, const char *text);

/* What stands in one row of a value. */
struct view_cell {
	enum view_kind kind;
	int64_t number; /* number, date (day), bool (0/1) */
	int scale;
	const char *text; /* lives until the next view_load; "" is never given */
	const struct result_reason *why; /* missing results: the reason, or NULL */
};
struct view_value {
	const struct view_name *name; /* or NULL: an expression */
	struct feel_expr *expr;
	enum view_kind kind;
	int scale; /* as far as known before evaluation */
	/* of the loaded block */
	const struct frame *frame;
	const struct frame_column *column;
	struct feel_column result;
	bool evaluated;
	struct feel_column input;
	bool input_made; /* as input of expressions */
};
struct view {
	const struct view_names *names;
	const struct report_input *input; /* NULL while templates are only checked */
	VEC(struct view_value) values;
	uint32_t feeds; /* further feeds to load */
	VEC(uint32_t) want; /* result columns wanted beside those of values */
	VEC(int) slot; /* name number → value that gives it to expressions, -1 */
	bool people;
	uint32_t count; /* rows of the loaded block */
	struct facts_block block;
	struct frame facts; /* of the people of the rows */
	struct frame result, joined, before;
	uint32_t *person; /* the employee of each row; NULL: block.first + row */
	uint8_t *active, *known; /* of each row's person */
	struct gather gather;
	const char **competencies; /* titles by number, NULL: not looked up yet */
	struct arena arena; /* of the loaded block */
	struct str scratch;
};
void view_init(struct view *view, const struct view_names *names, const struct report_input *input);
void view_release(struct view *view);
/* Binds a value; its number, or -1 with 78 "file:line: …" (nearest name given). The same text is bound once. */
int view_bind(struct view *view, const struct xml_node *where, const char *text, struct err *err);
int view_bind_name(struct view *view, const struct view_name *name);
/* Binds a boolean expression. */
int view_bind_test(struct view *view, const struct xml_node *where, const char *text, struct err *err);
/* Whether a text would bind; the error is swallowed. */
bool view_knows(const struct view *view, const char *text);
uint32_t view_blocks(const struct view *view);
/* Loads block `block`: values can be read until the next load. */
int view_load(struct view *view, uint32_t block, struct err *err);
/* Reads row `row` of value `value` (-1: missing). */
void view_at(struct view *view, int value, uint32_t row, struct view_cell *cell);
bool view_true(struct view *view, int value, uint32_t row);
uint32_t view_person(const struct view *view, uint32_t row); /* employee of a row; FRAME_NONE: names nobody */
/* The previous-period value of a bound result, or -1. */
int view_bind_before(struct view *view, const char *id);

#endif
