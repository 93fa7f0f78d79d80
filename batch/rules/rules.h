/*
 * rules.h - the rulebook: XML → kinds of rules → strata → results.
 *
 * Decides: what is computed for whom, in which order (person and population strata are cut from the dependency graph),
 * and why (tracing replay). Does not decide: where facts come from (facts/), how results are shown (report/).
 */
#ifndef PANDIAN_RULES_RULES_H
#define PANDIAN_RULES_RULES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/finding.h"
#include "base/xml.h"
#include "facts/facts.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

#define RULES_SPACE "urn:pandian:rules:1"

struct rulebook;
/*
 * Loads rules/rulebook.xml of a workspace with the files it includes (<include file="…"/>). Refuses with status 78 and
 * "file:line: …": unknown elements, type errors, cycles, weights that do not sum to 1, protected attributes in grading,
 * bands in disorder.
 */
struct rulebook *rules_load(const char *workspace, struct err *err);
void rules_free(struct rulebook *rulebook);
const char *rules_id(const struct rulebook *rulebook);
const char *rules_version(const struct rulebook *rulebook);
void rules_hash(const struct rulebook *rulebook, char hex[HASH_HEX]); /* all files read, by content */
uint32_t rules_feeds(const struct rulebook *rulebook); /* bit 1u << feed_id of every feed the rules use */

/* The directory of results this rulebook makes (titles, units, members, parameters), without evaluating anything.
 * Memory from the arena. */
int rules_directory(
	const struct rulebook *rulebook, struct arena *arena, struct result_directory *directory, struct err *err);

struct rules_run {
	const struct facts *facts;
	const char *store_path; /* each worker opens its own read connection */
	struct store *store;    /* the writer */
	int64_t run;            /* results go here */
	const int64_t *earlier;
	size_t earlier_count; /* published runs of earlier periods, newest first */
	const int32_t *earlier_as_of; /* their as-of dates; NULL: one a period, without gaps */
	unsigned jobs;
	uint64_t people, graded; /* out: people employed at the as-of date, those with a grade */
};
/* Evaluates every stratum over all blocks and writes directory and results (inside transactions of its own). Findings
 * are appended, sorted. */
int rules_evaluate(const struct rulebook *rulebook, struct rules_run *run, struct findings *findings, struct err *err);
/*
 * Replays the evaluation for one employee with tracing and appends the explanation as text: rule id, file:line, its
 * text, inputs with file and row, intermediate values, what is missing. `result` NULL: all. 66 if the employee is
 * unknown.
 */
int rules_explain(const struct rulebook *rulebook, struct rules_run *run, uint32_t employee, const char *result,
	enum text_lang lang, struct str *out, struct err *err);
/* `pandian check`: everything rules_load proves, plus a summary. */
void rules_describe(const struct rulebook *rulebook, enum text_lang lang, struct str *out);

/* A kind of rule registers itself in its own file (credits.c, star.c …): its element, shape and the functions in
 * rules/kind.h. */
struct rules_kind_info {
	const char *element, *help;
};
const struct rules_kind_info *rules_kinds(size_t *count);
/* Functions and names rules may use about a person, beside fields and results; `parameters` NULL: a plain name. */
struct rules_function_info {
	const char *name, *parameters, *help;
};
const struct rules_function_info *rules_functions(size_t *count);
const struct xml_shape *rules_shape(void);

#endif
