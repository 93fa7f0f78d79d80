/*
 * courses.h - what a person's rows of training say, for the sections of an archive.
 */
#ifndef PANDIAN_REPORT_COURSES_H
#define PANDIAN_REPORT_COURSES_H

#include "report/section.h"

enum courses_outcome {
	COURSES_NONE, /* nothing said, nothing to compare */
	COURSES_PASSED,
	COURSES_FAILED,
	COURSES_ABSENT,
	COURSES_EXEMPT,
	COURSES_RUNNING
};
/* The data's own word; where it has none, the score against the course's pass score. */
enum courses_outcome courses_outcome(
	const struct section_maker *maker, const struct facts_list *list, uint32_t row, uint32_t course);
const char *courses_outcome_text(enum courses_outcome outcome, enum text_lang lang);
/* Whether a row is a test of the course itself, not one before it or long after it. */
bool courses_counts(const struct facts_list *list, uint32_t row);
int32_t courses_day(const struct facts_list *list, uint32_t row); /* completed, else enrolled */
bool courses_number(
	const struct section_maker *maker, enum field_id field, uint32_t course, int64_t *number, int *scale);
const char *courses_text(const struct section_maker *maker, enum field_id field, uint32_t course);
/* Whether the rules of credits count an exemption as a pass. */
bool courses_exempt_earns(const struct section_maker *maker);
/* Whether the person holds a course at the as-of date: the newest pass has not expired. */
bool courses_held(const struct section_maker *maker, bool exempt, uint32_t course);

#endif
