/*
 * pass.h - what each training completion was: passed, failed, sat without an outcome, or not a test at all.
 */
#ifndef PANDIAN_RULES_PASS_H
#define PANDIAN_RULES_PASS_H

#include "base/err.h"

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

struct rules_block;
/* The block's completions, made on first use (with the findings about contradictory rows). NULL on error. */
const struct pass_rows *pass_rows_of(struct rules_block *block, struct err *err);

#endif
