/*
 * courses.c - outcome and validity of a person's training, read from the rows themselves.
 *
 * Decides: nothing the rules decide: the words follow the same definitions (result first, then score against the pass
 * score; a course is held until its newest pass expires).
 */
#include "report/courses.h"

#include "report/figure.h"

#include <string.h>

bool courses_number(
	const struct section_maker *maker, enum field_id field, uint32_t course, int64_t *number, int *scale)
{
	const struct frame *courses = &facts_courses(maker->input->facts)->frame;
	const struct frame_column *column = frame_column(courses, (uint32_t)field);
	if (column == NULL || course >= courses->count || column->i64[course] == DECIMAL_NONE)
		return false;
	*number = column->i64[course];
	*scale = column->scale;
	return true;
}

const char *courses_text(const struct section_maker *maker, enum field_id field, uint32_t course)
{
	const struct frame *courses = &facts_courses(maker->input->facts)->frame;
	const struct frame_column *column = frame_column(courses, (uint32_t)field);
	return column == NULL || course >= courses->count ? NULL : frame_text(courses, column, course);
}

enum courses_outcome courses_outcome(
	const struct section_maker *maker, const struct facts_list *list, uint32_t row, uint32_t course)
{
	static const enum courses_outcome outcomes[] = { COURSES_PASSED, COURSES_FAILED, COURSES_ABSENT, COURSES_EXEMPT,
		COURSES_RUNNING }; /* order of the codes in feeds.def */
	const struct frame_column *result = frame_column(&list->frame, (uint32_t)COMPLETION_RESULT);
	int64_t score, least;
	int score_scale, least_scale;
	if (result != NULL && result->u32[row] < sizeof outcomes / sizeof outcomes[0])
		return outcomes[result->u32[row]];
	if (!section_number(list, COMPLETION_SCORE, row, &score, &score_scale)
		|| !courses_number(maker, COURSE_PASS_SCORE, course, &least, &least_scale))
		return COURSES_NONE;
	return figure_compare(score, score_scale, least, least_scale) >= 0 ? COURSES_PASSED : COURSES_FAILED;
}

const char *courses_outcome_text(enum courses_outcome outcome, enum text_lang lang)
{
	switch (outcome) {
	case COURSES_FAILED: return label(LABEL_FAILED, lang);
	case COURSES_ABSENT: return label(LABEL_ABSENT, lang);
	case COURSES_EXEMPT: return label(LABEL_EXEMPT, lang);
	case COURSES_RUNNING: return label(LABEL_IN_PROGRESS, lang);
	case COURSES_PASSED: return label_code("passed", lang);
	case COURSES_NONE: break;
	}
	return label(LABEL_NONE, lang);
}

bool courses_counts(const struct facts_list *list, uint32_t row)
{
	const struct frame_column *phase = frame_column(&list->frame, (uint32_t)COMPLETION_PHASE);
	return phase == NULL || phase->u32[row] == FRAME_NONE || phase->u32[row] == 1; /* pre, end, delayed */
}

int32_t courses_day(const struct facts_list *list, uint32_t row)
{
	int32_t day = section_date(list, COMPLETION_COMPLETED_ON, row);
	return day != DATE_NONE ? day : section_date(list, COMPLETION_ENROLLED_ON, row);
}

bool courses_exempt_earns(const struct section_maker *maker)
{
	for (size_t i = 0; i < maker->directory->parameter_count; i++) {
		const struct result_parameter *parameter = &maker->directory->parameters[i];
		if (maker->roles.total_column != NULL && strcmp(parameter->rule, maker->roles.total_column->rule) == 0
			&& strcmp(parameter->name, "exempt") == 0)
			return strcmp(parameter->value, "earn") == 0;
	}
	return false;
}

bool courses_held(const struct section_maker *maker, bool exempt, uint32_t course)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_COMPLETION];
	const struct frame_column *courses = frame_column(&list->frame, (uint32_t)COMPLETION_COURSE_ID);
	int32_t newest = DATE_NONE;
	uint32_t row, end;
	section_rows(maker, FEED_COMPLETION, &row, &end);
	for (; courses != NULL && row < end && courses->u32[row] <= course; row++) { /* rows stand by course */
		if (courses->u32[row] != course || !courses_counts(list, row))
			continue;
		enum courses_outcome outcome = courses_outcome(maker, list, row, course);
		int32_t day = section_date(list, COMPLETION_COMPLETED_ON, row);
		if (outcome == COURSES_EXEMPT && exempt)
			return true;
		if (outcome == COURSES_PASSED && day != DATE_NONE && (newest == DATE_NONE || day > newest))
			newest = day;
	}
	int64_t months;
	int scale;
	if (newest == DATE_NONE)
		return false;
	if (!courses_number(maker, COURSE_VALID_MONTHS, course, &months, &scale) || months > 12000)
		return true;
	return date_add_months(newest, (int)months) > facts_params(maker->input->facts)->as_of;
}
