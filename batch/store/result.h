/*
 * result.h - what a run computed: the directory of result tables and columns, kept beside their segments.
 *
 * rules/ writes it, report/ reads it; neither knows the other. A result is (value, unit, state): known, not evaluated,
 * not graded, the last two with a reason.
 *
 * Roles by which templates find columns without knowing ids (rule and member say whose they are; member "" = of the
 * whole rule):
 *   credits  total minimum shortfall (member "": the total held against the requirement)
 *            period lifetime valid (other totals)
 *            earned minimum cap shortfall (member = category)
 *   grades   grade composite coefficient
 *            item-value item-score item-weight (member = item; the weight used, after renormalising)
 *   fit      match coverage gaps must model; level required gap priority (member = competency)
 *   plan     items hours required overdue done
 * Lists of members and the JSON keys of their values (all texts of plain decimals unless said):
 *   category minimum cap · item zero full weight · band (id = the grade) from coefficient hold
 *   module · competency module ksao max · anchor (id = competency.level) · model level position
 *   need (id = model.competency) model competency level weight must · kind and status of plan rows · activity kind
 */
#ifndef PANDIAN_STORE_RESULT_H
#define PANDIAN_STORE_RESULT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/text.h"
#include "store/feed.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum result_type { RESULT_NUMBER, RESULT_DATE, RESULT_TEXT, RESULT_BOOL, RESULT_KEY /* a dictionary number */ };
enum result_state { RESULT_KNOWN, RESULT_NOT_EVALUATED, RESULT_NOT_GRADED };

struct result_column {
	const char *id;              /* as an author writes it: "credits.rolling", "star", "star.quality.score" */
	enum result_type type;
	enum key_dim dim;            /* RESULT_KEY */
	int scale;                   /* RESULT_NUMBER: value * 10^scale */
	struct text_pair title;
	const char *unit;            /* "credits", "stars", "%" or "" */
	const char *rule;            /* id of the rule that made it */
	const char *role;            /* what it is to templates: "total", "grade", "item-score" … (see above) or "" */
	const char *member;          /* id of category, item, gate …; "" if none */
};
struct result_table {
	const char *name;            /* "people" (by employee block), else "course", "star.quota" … */
	bool by_employee;            /* kept by block, row i of block b is employee b * BLOCK + i */
	bool list;                   /* kept by block, any number of rows a person, ascending by column 0, the employee */
	struct text_pair title;
	struct result_column *columns; size_t column_count;   /* frame column id = index here */
};
struct result_reason { const char *id; enum result_state state; struct text_pair text; };
/* A list a rule declares: categories of a credits rule, items and bands of a star rule. */
struct result_member {
	const char *rule;
	const char *list;            /* "category", "item", "band" */
	const char *id;
	struct text_pair title;
	const char *values;          /* JSON object of parameters: {"minimum":"12","cap":"30"} */
};
struct result_parameter { const char *rule, *name, *value, *file; int line; struct text_pair title; };

struct result_directory {
	const char *rulebook, *version;              /* id and version of the rulebook */
	struct text_pair title;                      /* of the rulebook */
	struct result_table *tables; size_t table_count;      /* tables[0] is "people" */
	struct result_reason *reasons; size_t reason_count;   /* frame `why` k means reasons[k - 1] */
	struct result_member *members; size_t member_count;
	struct result_parameter *parameters; size_t parameter_count;
};

/* NULL if absent */
const struct result_table *result_table(const struct result_directory *directory, const char *name);
/* NULL if absent */
const struct result_column *result_column(const struct result_table *table, const char *id, uint32_t *index);
/* appends JSON */
void result_directory_write(const struct result_directory *directory, struct str *json);
int result_directory_read(const char *json, size_t length, struct arena *arena, struct result_directory *directory,
	struct err *err);

#endif
