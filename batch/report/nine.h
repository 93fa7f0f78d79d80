/*
 * nine.h - the nine-box grid counted: boxes, states outside it, movement since the last period.
 */
#ifndef PANDIAN_REPORT_NINE_H
#define PANDIAN_REPORT_NINE_H

#include "report/view.h"

#define NINE_BOXES 9u
#define NINE_OUTSIDE 6u /* states outside the grid at most */
#define NINE_STATES (NINE_BOXES + NINE_OUTSIDE)
#define NINE_NAMES 12u /* names kept of a box */

struct nine {
	bool there; /* the results have a nine-box */
	const char *title[NINE_BOXES];
	uint64_t count[NINE_STATES]; /* boxes 1 to 9, then the states */
	const struct result_reason *state[NINE_OUTSIDE];
	uint32_t states;
	uint64_t moved[NINE_BOXES + 1][NINE_STATES]; /* from box, or from none */
	uint64_t people, compared; /* compared: were in a box last period */
	const char *names[NINE_BOXES][NINE_NAMES];
	const char *performance_cuts, *potential_cuts;
};
/* names: keep names (not for sums only). */
int nine_make(struct nine *nine, const struct report_input *input, bool names, struct arena *arena, struct err *err);

#endif
