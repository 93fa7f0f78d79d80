/*
 * totals.h - counts over all active people that several sheets show: grades by unit, movement, credits by category.
 */
#ifndef PANDIAN_REPORT_TOTALS_H
#define PANDIAN_REPORT_TOTALS_H

#include "report/roles.h"

#define TOTALS_GROUPS 24u /* more units than this are summed by the units above them */

struct totals_group {
	uint32_t org; /* FRAME_NONE: no unit */
	const char *name;
	uint64_t *count; /* grades low..high, then not graded */
	uint64_t people;
};
struct totals_category {
	struct decimal sum;
	uint64_t known, below;
	struct roles_figure need;
	bool need_varies;
};
struct totals {
	struct view_names names;
	struct view view;
	struct arena arena;
	struct roles roles;
	uint64_t people, graded;
	uint32_t grades; /* high - low + 1; 0 without a grade */
	struct totals_group *units;
	size_t unit_count; /* every unit with people, in order */
	struct totals_group *groups;
	size_t group_count; /* at most TOTALS_GROUPS: the units, or those above them */
	bool groups_cut; /* some units are in no group: even at the top level there are more */
	uint64_t *grade; /* people of each grade, then not graded */
	uint64_t *movement; /* (grades + 1)²: row before, column now; last = not graded */
	bool moved; /* there is a period before */
	struct totals_category *categories; /* as roles.categories */
};
int totals_make(struct totals *totals, const struct report_input *input, struct err *err);
/* Whether a category is worth a line: something is asked, or someone earned something. */
bool totals_shows(const struct totals *totals, size_t category);
void totals_release(struct totals *totals);

#endif
