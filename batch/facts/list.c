/*
 * list.c - the rows of one feed: cut at the as-of date, merged by natural key, sorted.
 *
 * Decides: what lies after the as-of date, which rows belong to nobody known, which row of a natural key wins. Does not
 * decide: which batches are seen (visible.c), what is told about rows left out (check.c).
 */
#include "facts/part.h"

#include "base/mem.h"
#include "store/frame_order.h"

#include <stdlib.h>
#include <string.h>

static const struct { enum feed_id feed; enum field_id by[2]; } cuts[] = {
	{FEED_POSITION_HISTORY, {POSITION_HISTORY_FROM_DATE, FIELD_COUNT}},
	{FEED_COMPLETION, {COMPLETION_COMPLETED_ON, COMPLETION_ENROLLED_ON}},
	{FEED_ASSESSMENT, {ASSESSMENT_ASSESSED_ON, FIELD_COUNT}},
	{FEED_PERFORMANCE, {PERFORMANCE_PERIOD, FIELD_COUNT}},
	{FEED_HONOUR, {HONOUR_AWARDED_ON, FIELD_COUNT}},
	{FEED_ROLE, {ROLE_FROM_DATE, FIELD_COUNT}},
	{FEED_CERTIFICATE, {CERTIFICATE_ISSUED_ON, FIELD_COUNT}},
	{FEED_DISCIPLINE, {DISCIPLINE_FROM_DATE, FIELD_COUNT}},
	{FEED_SURVEY, {SURVEY_ANSWERED_ON, FIELD_COUNT}},
	{FEED_SUGGESTION, {SUGGESTION_SUBMITTED_ON, FIELD_COUNT}},
	{FEED_VACANCY, {VACANCY_OPENED_ON, FIELD_COUNT}},
	{FEED_DECISION, {DECISION_DECIDED_ON, FIELD_COUNT}},
	{FEED_GRADE_HISTORY, {GRADE_HISTORY_PERIOD, FIELD_COUNT}},
	/* training_plan and idp look ahead; q_sort has no dates. */
};

const enum field_id *facts_cut(enum feed_id feed, size_t *count)
{
	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
		if (cuts[i].feed == feed) {
			*count = cuts[i].by[1] == FIELD_COUNT ? 1 : 2;
			return cuts[i].by;
		}
	*count = 0;
	return NULL;
}

enum field_id facts_course_field(enum feed_id feed)
{
	const struct feed *about = feed_at(feed);

	for (size_t i = 0; i < about->field_count; i++)
		if (feed != FEED_COURSE && about->fields[i].type == FIELD_KEY &&
			about->fields[i].dim == KEY_DIM_COURSE &&
			about->fields[i].required)
			return about->fields[i].id;
	return FIELD_COUNT;
}

/* The date a row is cut by: the first of the feed's columns that has one. NULL where the feed is not cut. */
static const int32_t *dates_of(enum feed_id feed, const struct frame *frame, struct arena *arena)
{
	size_t count;
	const enum field_id *by = facts_cut(feed, &count);
	const struct frame_column *first, *second;
	int32_t *dates;

	if (count == 0)
		return NULL;
	first = frame_column(frame, by[0]);
	second = count > 1 ? frame_column(frame, by[1]) : NULL;
	if (first == NULL || second == NULL)
		return first != NULL ? first->i32 : second != NULL ? second->i32 : NULL;
	dates = arena_room(arena, (size_t)frame->count + 1, sizeof *dates);
	for (uint32_t i = 0; i < frame->count; i++)
		dates[i] = first->i32[i] != DATE_NONE ? first->i32[i] : second->i32[i];
	return dates;
}

/* Rows that are seen: of a known person and course, not after the as-of date. */
static uint32_t select_rows(const struct facts *facts, enum feed_id feed, const struct frame *frame,
	const int32_t *dates, const uint8_t *known, uint32_t first, uint32_t count, uint32_t *rows)
{
	enum field_id course_field = facts_course_field(feed);
	const struct frame_column *course = course_field != FIELD_COUNT ? frame_column(frame, course_field) : NULL;
	const struct frame_column *employee = known != NULL ? frame_column(frame, feed_at(feed)->fields[0].id) : NULL;
	const uint8_t *courses = facts->courses.known;
	uint32_t course_count = facts->courses.frame.count, kept = 0;

	if ((known != NULL && employee == NULL) || (course_field != FIELD_COUNT && course == NULL))
		return 0;
	for (uint32_t i = 0; i < frame->count; i++) {
		bool seen = true;

		if (employee != NULL) {
			uint32_t at = employee->u32[i] - first;

			seen = at < count && known[at];
		}
		if (course != NULL)
			seen = seen && course->u32[i] < course_count && courses[course->u32[i]];
		if (dates != NULL)
			seen = seen && dates[i] <= facts->params.as_of;
		rows[kept] = i;
		kept += seen;
	}
	return kept;
}

/* Of rows with the same key only the last stands; nothing stands where that one deletes. */
static uint32_t keep_newest(const struct frame *frame, uint32_t *rows, const uint8_t *same, uint32_t count)
{
	const struct frame_column *tombstone = frame_column(frame, STORE_TOMBSTONE_ID);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < count; i++) {
		if (i + 1 < count && same[i + 1])
			continue;
		if (!facts_deletes(tombstone, rows[i]))
			rows[kept++] = rows[i];
	}
	return kept;
}

/* --- completions: sorted by date, which is only part of their key where they are completed --- */

/* A row that is not completed: its key beside employee and course, its age, its place in the list. */
struct open_row { int64_t attempt; uint32_t phase, age, line, at; };

struct completion_columns { const struct frame_column *completed, *attempt, *phase, *batch, *line; };

static int compare_open(const void *a, const void *b)
{
	const struct open_row *x = a, *y = b;

	if (x->attempt != y->attempt)
		return x->attempt < y->attempt ? -1 : 1;
	if (x->phase != y->phase)
		return x->phase < y->phase ? -1 : 1;
	if (x->age != y->age)
		return x->age < y->age ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Marks what a newer row of the same attempt and phase replaces, among a person's rows of one course without a date. */
static void drop_open(struct open_row *open, size_t count, uint8_t *dropped)
{
	qsort(open, count, sizeof *open, compare_open);
	for (size_t i = 0; i + 1 < count; i++)
		if (open[i].attempt == open[i + 1].attempt && open[i].phase == open[i + 1].phase)
			dropped[open[i].at] = 1;
}

/* Marks what a newer row of the same phase replaces in rows [from, to): same employee, course, date and attempt. */
static void drop_completed(const struct completion_columns *columns, const uint32_t *rows, uint32_t from, uint32_t to,
	uint8_t *dropped)
{
	uint64_t seen = 0;

	for (uint32_t i = to; i-- > from;) {
		uint32_t phase = facts_u32(columns->phase, rows[i]);
		uint64_t bit = UINT64_C(1) << (phase < 63 ? phase : 63);

		if (columns->completed->i32[rows[i]] == DATE_NONE)
			continue;
		if (seen & bit)
			dropped[i] = 1;
		seen |= bit;
	}
}

/* The precedence of each batch number, so that "newer" does not depend on the order of ids. */
static uint32_t *ages_of(const struct facts *facts, enum feed_id feed, struct arena *arena)
{
	uint32_t *ages = arena_alloc(arena, facts->batch_count + 1, sizeof *ages);

	for (size_t i = 0; i < facts->feeds[feed].count; i++)
		ages[facts->feeds[feed].at[i]] = (uint32_t)i;
	return ages;
}

/*
 * Rows without a completion date: their key has no date, so all of a person's rows of a course are looked at together.
 */
static void drop_older_open(const struct facts *facts, const struct frame *frame,
	const struct completion_columns *columns, const uint32_t *rows, uint32_t count, uint8_t *dropped,
	struct arena *scratch)
{
	const struct frame_column *employee = frame_column(frame, COMPLETION_EMPLOYEE_ID);
	const struct frame_column *course = frame_column(frame, COMPLETION_COURSE_ID);
	const uint32_t *ages = ages_of(facts, FEED_COMPLETION, scratch);
	struct open_row *open = arena_room(scratch, count, sizeof *open);
	size_t open_count = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t row = rows[i], before = i > 0 ? rows[i - 1] : row;

		if (employee->u32[row] != employee->u32[before] || course->u32[row] != course->u32[before]) {
			if (open_count > 1)
				drop_open(open, open_count, dropped);
			open_count = 0;
		}
		if (columns->completed == NULL || columns->completed->i32[row] == DATE_NONE)
			open[open_count++] = (struct open_row){
				.at = i, .attempt = columns->attempt != NULL ?
					columns->attempt->i64[row] : DECIMAL_NONE,
				.phase = facts_u32(columns->phase, row), .age = ages[facts_u32(columns->batch, row)],
				.line = facts_u32(columns->line, row),
			};
	}
	if (open_count > 1)
		drop_open(open, open_count, dropped);
}

static bool any_missing(const struct frame_column *dates, uint32_t count)
{
	bool any = dates == NULL;

	for (uint32_t i = 0; dates != NULL && i < count; i++)
		any |= dates->i32[i] == DATE_NONE;
	return any;
}

static uint32_t keep_completions(const struct facts *facts, const struct frame *frame, uint32_t *rows,
	const uint8_t *same, uint32_t count, struct arena *scratch)
{
	const struct completion_columns columns = {
		frame_column(frame, COMPLETION_COMPLETED_ON), frame_column(frame, COMPLETION_ATTEMPT),
		frame_column(frame, COMPLETION_PHASE), frame_column(frame, FACTS_BATCH_ID), frame_column(frame,
			STORE_ROW_ID),
	};
	const struct frame_column *tombstone = frame_column(frame, STORE_TOMBSTONE_ID);
	bool open = any_missing(columns.completed, frame->count), ties = memchr(same, 1, count) != NULL;
	uint8_t *dropped;
	uint32_t kept = 0;

	if (!open && !ties && tombstone == NULL)
		return count;
	dropped = arena_alloc(scratch, (size_t)count + 1, 1);
	for (uint32_t from = 0, to; ties && columns.completed != NULL && from < count; from = to) {
		for (to = from + 1; to < count && same[to]; to++)
			;
		if (to - from > 1)
			drop_completed(&columns, rows, from, to, dropped);
	}
	if (open && count > 0)
		drop_older_open(facts, frame, &columns, rows, count, dropped, scratch);
	for (uint32_t i = 0; i < count; i++)
		if (!dropped[i] && !facts_deletes(tombstone, rows[i]))
			rows[kept++] = rows[i];
	return kept;
}

/* --- the whole --- */

/* The columns a feed is sorted by. */
static size_t sort_keys(enum feed_id feed, const struct frame *frame, const struct frame_column *date,
	struct arena *scratch, struct frame_key *keys)
{
	const struct feed *about = feed_at(feed);
	const uint32_t *ranks = NULL;
	size_t count = 0;

	for (size_t i = 0; i < about->field_count; i++) {
		const struct feed_field *field = &about->fields[i];
		const struct frame_column *column = frame_column(frame, field->id);

		/*
		 * completions: employee, course, date, attempt; feeds.def has the attempt before the date and the phase
		 * behind
		 */
		if (!field->key || column == NULL || field->id == COMPLETION_ATTEMPT ||
			field->id == COMPLETION_COMPLETED_ON ||
			field->id == COMPLETION_PHASE)
			continue;
		if (column->text && ranks == NULL)
			ranks = frame_text_ranks(frame, scratch);
		keys[count++] = (struct frame_key){.column = column, .rank = column->text ? ranks : NULL};
	}
	if (feed == FEED_COMPLETION && date->i32 != NULL)
		keys[count++] = (struct frame_key){.column = date};
	if (feed == FEED_COMPLETION && frame_column(frame, COMPLETION_ATTEMPT) != NULL)
		keys[count++] = (struct frame_key){.column = frame_column(frame, COMPLETION_ATTEMPT)};
	return count;
}

struct aged_row { uint32_t age, line, row; };

static int compare_ages(const void *a, const void *b)
{
	const struct aged_row *x = a, *y = b;

	if (x->age != y->age)
		return x->age < y->age ? -1 : 1;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* Rows of the same keys, oldest first: usually they are, since batches stand in order and most segments as well. */
static void sort_ties(const struct facts *facts, enum feed_id feed, const struct frame *frame, uint32_t *rows,
	const uint8_t *same, uint32_t count, struct arena *scratch)
{
	const struct frame_column *batch = frame_column(frame, FACTS_BATCH_ID), *line = frame_column(frame,
		STORE_ROW_ID);
	const uint32_t *ages = NULL;
	struct aged_row *ties = NULL;

	if (memchr(same, 1, count) == NULL)
		return;
	for (uint32_t from = 0, to; from < count; from = to) {
		bool rising = true;

		for (to = from + 1; to < count && same[to]; to++)
			rising &= facts_newer(batch, line, rows[to - 1], rows[to]);
		if (rising)
			continue;
		if (ties == NULL) {
			ages = ages_of(facts, feed, scratch);
			ties = arena_room(scratch, count, sizeof *ties);
		}
		for (uint32_t i = from; i < to; i++)
			ties[i - from] = (struct aged_row){ages[batch->u32[rows[i]]], facts_u32(line, rows[i]),
				rows[i]};
		qsort(ties, to - from, sizeof *ties, compare_ages);
		for (uint32_t i = from; i < to; i++)
			rows[i] = ties[i - from].row;
	}
}

static void offsets_of(const struct frame *frame, enum field_id employee_field, uint32_t first, uint32_t *offset)
{
	const struct frame_column *employee = frame_column(frame, employee_field);

	for (uint32_t i = 0; i < frame->count; i++)
		offset[employee->u32[i] - first + 1]++;
	for (uint32_t i = 0; i < STORE_BLOCK; i++)
		offset[i + 1] += offset[i];
}

/* A suggestion handed in before the as-of date may have been adopted after it: that is not seen yet. */
static void hide_later_adoption(const struct facts *facts, struct frame *frame)
{
	struct frame_column *adopted = frame_column(frame, SUGGESTION_ADOPTED);
	struct frame_column *on = frame_column(frame, SUGGESTION_ADOPTED_ON);

	for (uint32_t i = 0; on != NULL && i < frame->count; i++)
		if (on->i32[i] > facts->params.as_of) {
			on->i32[i] = DATE_NONE;
			if (adopted != NULL)
				adopted->u32[i] = FRAME_NONE;
		}
}

int facts_list(const struct facts *facts, struct store *store, enum feed_id feed, uint32_t block, const uint8_t *known,
	uint32_t first, uint32_t count, struct arena *arena, struct arena *scratch, struct facts_list *list,
		struct err *err)
{
	struct frame_key keys[32];
	struct frame frame;
	struct frame_column date = {.type = FRAME_I32};
	size_t key_count;

	*list = (struct facts_list){0};
	arena_recycle(scratch);
	if (facts_rows(facts, store, feed, block, NULL, 0, arena, scratch, &frame, err) != 0)
		return -1;
	uint32_t *rows = arena_room(scratch, (size_t)frame.count + 1, sizeof *rows), kept;
	uint8_t *same = arena_room(scratch, (size_t)frame.count + 1, 1);
	const int32_t *dates = dates_of(feed, &frame, scratch);

	date.i32 = (int32_t *)(uintptr_t)dates;
	kept = select_rows(facts, feed, &frame, dates, known, first, count, rows);
	key_count = sort_keys(feed, &frame, &date, scratch, keys);
	frame_order(keys, key_count, frame.count, rows, kept, same, scratch);
	sort_ties(facts, feed, &frame, rows, same, kept, scratch);
	kept = feed == FEED_COMPLETION ? keep_completions(facts, &frame, rows, same, kept, scratch) :
		keep_newest(&frame, rows, same, kept);
	facts_pick(&frame, rows, kept, arena, &list->frame);
	if (feed == FEED_SUGGESTION)
		hide_later_adoption(facts, &list->frame);
	if (known != NULL) {
		list->offset = arena_alloc(arena, STORE_BLOCK + 1, sizeof *list->offset);
		if (kept > 0)
			offsets_of(&list->frame, feed_at(feed)->fields[0].id, first, list->offset);
	}
	return 0;
}
