/*
 * history.h - results of a star rule in earlier periods: one reader for every rule that looks back.
 *
 * A period is 1, 2, 3 … steps before the one under review. Where a run of it was published, its values are the
 * period's; otherwise the grade_history feed is asked (what was decided before Pandian came).
 */
#ifndef PANDIAN_RULES_HISTORY_H
#define PANDIAN_RULES_HISTORY_H

#include "rules/kind.h"

#define HISTORY_MOST 64u /* periods looked back at most */

/* The period under review; a run of other days counts as a quarter. */
struct date_period history_period(const struct facts_params *params);

struct history;
/* Periods of a block's people: entry (k - 1) * count + row is that of the person in `row`, k periods ago (1: the one
 * before this). DECIMAL_NONE: not graded then, or nothing known. */
struct history_block {
	uint32_t periods, count;  /* periods that may have a value; people of the block */
	const int64_t *star;      /* the effective star: the decision, else what was computed */
	const int64_t *reached;   /* r: after floors, before hold; of grade_history the star itself */
	const int64_t *composite; /* 2 places */
};
/* Notes that a rule looks back (the feed grade_history is then read); call while rules are declared. */
void history_declare(struct rulebook *book);
/* Finds where the results of the star rule with this id stand; from the work's arena. NULL on error. */
const struct history *history_open(struct rules_work *work, const char *rule, struct err *err);
/* Reads the block's people; memory from block->scratch. `tell`: values of grade_history that are no number become
 * findings (one rule of a run should ask for that). */
int history_load(const struct history *history, struct rules_block *block, bool tell, struct history_block *out,
	struct err *err);
/* The value k periods ago; DECIMAL_NONE beyond what is known. */
static inline int64_t history_at(const struct history_block *block, const int64_t *values, uint32_t k, uint32_t row)
{
	return k == 0 || k > block->periods ? DECIMAL_NONE : values[(size_t)(k - 1) * block->count + row];
}
/* The newest effective star of earlier periods, k in *ago if not NULL; DECIMAL_NONE: never graded. */
int64_t history_previous(const struct history_block *block, uint32_t row, uint32_t *ago);

#endif
