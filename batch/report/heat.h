/*
 * heat.h - competency gaps summed up by department.
 */
#ifndef PANDIAN_REPORT_HEAT_H
#define PANDIAN_REPORT_HEAT_H

#include "report/departments.h"
#include "report/view.h"

struct heat_column {
	const struct result_column *result;
	const char *title; /* of the competency */
	uint64_t known, with; /* people assessed; of them with a gap */
	int64_t sum; /* of the figures shown, at the column's scale */
	int64_t weighted; /* of gap x weight, at weighted_scale */
	int weighted_scale;
};
struct heat {
	struct departments departments;
	struct heat_column *columns;
	size_t count;
	int64_t *sum; /* department x column, at the column's scale */
	uint64_t *known; /* people assessed */
	uint64_t *people; /* active people by department */
};
/* role: "gap" or "priority". Columns and groups without people stay, with 0. */
int heat_make(struct heat *heat, const struct report_input *input, const char *role, bool units, struct arena *arena,
	struct err *err);

#endif
