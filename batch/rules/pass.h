/*
 * pass.h - what each training completion was: passed, failed, sat without an outcome, or not a test at all.
 */
#ifndef PANDIAN_RULES_PASS_H
#define PANDIAN_RULES_PASS_H

#include "base/date.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum pass_outcome {
	PASS_NOT_SAT /* absent, in progress, pre- or delayed test, nothing known */,
	PASS_PASSED,
	PASS_FAILED,
	PASS_UNCLEAR /* a score, but no pass mark */,
	PASS_EXEMPT
};
struct pass_rows {
	uint32_t count;
	const uint32_t *offset;         /* by person of the block */
	const uint32_t *course;         /* key */
	const int32_t *date;            /* completed_on, else enrolled_on; DATE_NONE */
	const int64_t *score, *credits; /* NULL: never given; scales PASS_SCALE */
	const uint8_t *outcome;         /* enum pass_outcome */
};
#define PASS_SCALE 2 /* of scores and credits in feeds.def; checked */

/* Whether `day` lies on or after `from` + months: a validity that began on `from` is over. */
static inline bool pass_is_over(int32_t from, int64_t months, int32_t day)
{
	/* a month has 28 to 31 days: most days need no calendar */
	if (day < from + 28 * months)
		return false;
	return day >= from + 31 * months || day >= date_add_months(from, (int)months);
}

struct rules_block;
struct rules_work;
/* Months of validity by course key, from the work's arena; DECIMAL_NONE: for ever. NULL: no course has any. */
const int64_t *pass_validity(struct rules_work *work);
/* The block's completions, made on first use (with the findings about contradictory rows). NULL on error. */
const struct pass_rows *pass_rows_of(struct rules_block *block, struct err *err);

#endif
