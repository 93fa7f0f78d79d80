/*
 * pass.c - the definition of a pass: the result decides; where it is blank, score >= pass_score.
 *
 * Decides: outcome and date of each completion; tells where score and result contradict each other (the result wins).
 * Does not decide: credits and rates. Only end-of-course tests count: pre-tests and delayed tests measure the effect of
 * training, they do not finish a course.
 */
#include "rules/pass.h"

#include "rules/kind.h"

#include <stdio.h>
#include <string.h>

struct codes {
	uint32_t passed, failed, absent, exempt, in_progress, end;
};

static uint32_t code(enum field_id field, const char *name)
{
	uint32_t number = FRAME_NONE;
	feed_code_find(feed_field_at(field), name, &number);
	return number;
}

static int check_scale(const struct frame_column *column, const char *name, struct err *err)
{
	if (column != NULL && column->scale != PASS_SCALE)
		return err_set(err, STATUS_INTERNAL, "column %s has %d decimal places, not %d", name, column->scale,
			PASS_SCALE);
	return 0;
}

static void tell_conflict(
	struct rules_block *block, const struct frame *rows, uint32_t row, int64_t score, int64_t mark, bool passed)
{
	char text[48], limit[48], detail[120];
	uint64_t line = 0;
	if (block->work->passes_told)
		return;
	decimal_format(score, PASS_SCALE, -1, text);
	decimal_format(mark, PASS_SCALE, -1, limit);
	snprintf(detail, sizeof detail, "result %s, pass_score %s", passed ? "passed" : "not passed", limit);
	const char *file = facts_source(block->work->facts, rows, row, &line);
	findings_add(&block->findings, &(struct finding){ .id = FINDING_RESULT_CONFLICT,
					       .feed = "completion",
					       .file = file,
					       .row = line,
					       .column = "score",
					       .text = text,
					       .detail = detail });
}

const struct pass_rows *pass_rows_of(struct rules_block *block, struct err *err)
{
	if (block->passes != NULL)
		return block->passes;
	const struct facts_list *list = &block->facts->lists[FEED_COMPLETION];
	const struct frame *frame = &list->frame;
	struct pass_rows *rows = arena_alloc(block->scratch, 1, sizeof *rows);
	uint32_t n = frame->count;
	uint8_t *outcome = arena_alloc(block->scratch, n + 1u, 1);
	int32_t *date = arena_alloc(block->scratch, n + 1u, sizeof *date);
	const struct frame_column *course = frame_column(frame, COMPLETION_COURSE_ID),
				  *done = frame_column(frame, COMPLETION_COMPLETED_ON),
				  *enrolled = frame_column(frame, COMPLETION_ENROLLED_ON),
				  *score = frame_column(frame, COMPLETION_SCORE),
				  *credits = frame_column(frame, COMPLETION_CREDITS),
				  *result = frame_column(frame, COMPLETION_RESULT),
				  *phase = frame_column(frame, COMPLETION_PHASE),
				  *mark = frame_column(&facts_courses(block->work->facts)->frame, COURSE_PASS_SCORE);
	if (check_scale(score, "score", err) != 0 || check_scale(credits, "credits", err) != 0 ||
		check_scale(mark, "pass_score", err) != 0)
		return NULL;
	if (n > 0 && course == NULL) {
		err_set(err, STATUS_INTERNAL, "completions without a course column");
		return NULL;
	}
	const struct codes is = { code(COMPLETION_RESULT, "passed"), code(COMPLETION_RESULT, "failed"),
		code(COMPLETION_RESULT, "absent"), code(COMPLETION_RESULT, "exempt"),
		code(COMPLETION_RESULT, "in-progress"), code(COMPLETION_PHASE, "end") };
	for (uint32_t i = 0; i < n; i++) {
		date[i] = done != NULL && done->i32[i] != DATE_NONE ? done->i32[i]
			  : enrolled != NULL                        ? enrolled->i32[i]
								    : DATE_NONE;
		if (phase != NULL && phase->u32[i] != FRAME_NONE && phase->u32[i] != is.end)
			continue;
		uint32_t given = result == NULL ? FRAME_NONE : result->u32[i];
		int64_t points = score == NULL ? DECIMAL_NONE : score->i64[i];
		int64_t limit = mark == NULL ? DECIMAL_NONE : mark->i64[course->u32[i]];
		bool known = points != DECIMAL_NONE && limit != DECIMAL_NONE;
		if (given == FRAME_NONE) {
			if (points != DECIMAL_NONE)
				outcome[i] = !known ? PASS_UNCLEAR : points >= limit ? PASS_PASSED : PASS_FAILED;
		} else if (given == is.passed) {
			outcome[i] = PASS_PASSED;
			if (known && points < limit)
				tell_conflict(block, frame, i, points, limit, true);
		} else if (given == is.failed || given == is.absent) {
			outcome[i] = given == is.failed ? PASS_FAILED : PASS_NOT_SAT;
			if (known && points >= limit)
				tell_conflict(block, frame, i, points, limit, false);
		} else if (given == is.exempt) {
			outcome[i] = PASS_EXEMPT;
		}
	}
	*rows = (struct pass_rows){ n, list->offset, course == NULL ? NULL : course->u32, date,
		score == NULL ? NULL : score->i64, credits == NULL ? NULL : credits->i64, outcome };
	block->passes = rows;
	return rows;
}

#define VALIDITY_MOST 12000 /* months; what lies above is for ever */

const int64_t *pass_validity(struct rules_work *work)
{
	const struct frame *courses = &facts_courses(work->facts)->frame;
	const struct frame_column *given = frame_column(courses, COURSE_VALID_MONTHS);
	if (given == NULL)
		return NULL;
	int64_t *months = arena_alloc(&work->arena, courses->count + 1u, sizeof *months);
	for (uint32_t k = 0; k < courses->count; k++)
		months[k] = given->i64[k] > VALIDITY_MOST                        ? DECIMAL_NONE
			    : given->i64[k] < 0 && given->i64[k] != DECIMAL_NONE ? 0
										 : given->i64[k];
	return months;
}
