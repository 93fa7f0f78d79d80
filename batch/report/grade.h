/*
 * grade.h - the parts of a section that tell how a grade came about.
 */
#ifndef PANDIAN_REPORT_GRADE_H
#define PANDIAN_REPORT_GRADE_H

#include "report/section.h"

/* The grade, the composite and its band, and what moved it; or why there is none. False: no rule grades. */
bool grade_outcome(struct section_maker *maker);
/* The table of graded items; sources: where each item's figure comes from, one text an item, or NULL. */
void grade_items(struct section_maker *maker, const char *const *sources);
/* What lies between the person and the next grade; nothing where there is no grade. */
void grade_distance(struct section_maker *maker);
/* The total of credits against its requirement; with a table of the categories if wanted. */
void grade_credits(struct section_maker *maker, bool table);

#endif
