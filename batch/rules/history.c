/*
 * history.c - earlier stars: published runs first, the grade_history feed for periods without one.
 *
 * Decides: which run or row speaks for which earlier period. Does not decide: what follows from it (star.c, ladders).
 */
#include "rules/history.h"

#include <string.h>

enum { STAR, REACHED, COMPOSITE, VALUES };
static const struct {
	const char *suffix;
	int scale;
} values[VALUES] = { { "", 0 }, { ".reached", 0 }, { ".composite", 2 } };

struct history_run {
	int64_t run;
	uint32_t ago;
	uint32_t column[VALUES], want[VALUES]; /* UINT32_MAX: the run has no such column */
	size_t want_count;
};
struct history {
	const char *rule;
	int32_t first[HISTORY_MOST + 1], last[HISTORY_MOST + 1]; /* days of the period k steps ago */
	struct history_run *runs;
	size_t run_count;
	bool published[HISTORY_MOST + 1];
};

void history_declare(struct rulebook *book)
{
	book->feeds |= 1u << FEED_GRADE_HISTORY;
}

/* The kind of period under review; a run of other days counts as a quarter. */
struct date_period history_period(const struct facts_params *params)
{
	for (int kind = DATE_QUARTER; kind <= DATE_YEAR; kind++) {
		struct date_period period = date_period_at((enum date_period_kind)kind, params->period_last);
		if (period.first == params->period_first && period.last == params->period_last)
			return period;
	}
	return date_period_at(DATE_QUARTER, params->period_last);
}

/* How many periods ago a day lies; 0 if not in the earlier ones looked at. */
static uint32_t ago_of(const struct history *history, int32_t day)
{
	for (uint32_t k = 1; k <= HISTORY_MOST; k++)
		if (day >= history->first[k])
			return day <= history->last[k] ? k : 0;
	return 0;
}

/* Where the rule's values stand in an earlier run. False: it did not compute them. */
static bool find_columns(const struct result_table *people, const char *rule, struct arena *arena,
	struct history_run *run)
{
	for (size_t v = 0; v < VALUES; v++) {
		uint32_t index;
		const struct result_column *column =
			result_column(people, arena_printf(arena, "%s%s", rule, values[v].suffix), &index);
		bool usable = column != NULL && column->type == RESULT_NUMBER && column->scale == values[v].scale;
		run->column[v] = usable ? index : UINT32_MAX;
		if (usable)
			run->want[run->want_count++] = index;
	}
	/* before there was hold, the star was what the floors left */
	if (run->column[REACHED] == UINT32_MAX)
		run->column[REACHED] = run->column[STAR];
	return run->column[STAR] != UINT32_MAX;
}

const struct history *history_open(struct rules_work *work, const char *rule, struct err *err)
{
	const struct rules_run *run = work->run;
	struct history *history = arena_alloc(&work->arena, 1, sizeof *history);
	struct date_period period = history_period(work->params);
	history->rule = rule;
	for (uint32_t k = 1; k <= HISTORY_MOST; k++) {
		struct date_period before = date_period_step(&period, -(int)k);
		history->first[k] = before.first;
		history->last[k] = before.last;
	}
	history->runs = arena_alloc(&work->arena, run->earlier_count + 1, sizeof *history->runs);
	for (size_t i = 0; i < run->earlier_count; i++) {
		struct history_run *from = &history->runs[history->run_count];
		struct result_directory directory;
		*from = (struct history_run){ .run = run->earlier[i] };
		from->ago = run->earlier_as_of == NULL ? (uint32_t)i + 1 : ago_of(history, run->earlier_as_of[i]);
		/* the newest published run speaks for its period */
		if (from->ago == 0 || from->ago > HISTORY_MOST || history->published[from->ago])
			continue;
		if (store_directory_get(run->store, from->run, &work->arena, &directory, err) != 0)
			return NULL;
		if (directory.table_count == 0 || !find_columns(&directory.tables[0], rule, &work->arena, from))
			continue;
		history->published[from->ago] = true;
		history->run_count++;
	}
	return history;
}

/* --- a block --- */
static int load_run(const struct history *history, const struct history_run *from, struct rules_block *block,
	int64_t *out[VALUES], struct err *err)
{
	struct frame frame;
	bool found = false;
	(void)history;
	if (store_result_get(block->store, from->run, 0, block->number, from->want, from->want_count, block->scratch,
		    &frame, &found, err) != 0)
		return -1;
	for (size_t v = 0; found && v < VALUES; v++) {
		const struct frame_column *column =
			from->column[v] == UINT32_MAX ? NULL : frame_column(&frame, from->column[v]);
		for (uint32_t i = 0; column != NULL && i < block->count && i < frame.count; i++)
			out[v][(size_t)(from->ago - 1) * block->count + i] = column->i64[i];
	}
	return 0;
}

/* What a row of grade_history speaks of; VALUES: of nothing this rule makes. */
static size_t value_of(const struct history *history, const char *field)
{
	size_t length = strlen(history->rule);
	if (strncmp(field, history->rule, length) != 0)
		return VALUES;
	return field[length] == '\0'                        ? STAR
	       : strcmp(field + length, ".composite") == 0 ? COMPOSITE
							    : VALUES;
}

static void tell_bad(struct rules_block *block, const struct frame *frame, uint32_t row, const char *text)
{
	uint64_t line = 0;
	const char *file = facts_source(block->work->facts, frame, row, &line);
	findings_add(&block->findings,
		&(struct finding){ .id = FINDING_BAD_HISTORY,
			.feed = "grade_history",
			.file = file,
			.row = line,
			.column = "value",
			.text = text,
			.detail = "expected a plain number" });
}

static void load_feed(const struct history *history, struct rules_block *block, bool tell, int64_t *out[VALUES],
	const uint32_t *ago)
{
	const struct facts_list *list = &block->facts->lists[FEED_GRADE_HISTORY];
	const struct frame_column *field = frame_column(&list->frame, GRADE_HISTORY_FIELD),
				  *value = frame_column(&list->frame, GRADE_HISTORY_VALUE);
	for (uint32_t i = 0; ago != NULL && i < block->count; i++)
		for (uint32_t r = list->offset[i]; r < list->offset[i + 1]; r++) {
			const char *name = frame_text(&list->frame, field, r), *text = frame_text(&list->frame, value, r);
			size_t v = name == NULL || text == NULL || ago[r] == 0 ? VALUES : value_of(history, name);
			int64_t number;
			if (v == VALUES || history->published[ago[r]])
				continue;
			if (!decimal_parse(text, strlen(text), values[v].scale, &number)) {
				if (tell)
					tell_bad(block, &list->frame, r, text);
				continue;
			}
			size_t at = (size_t)(ago[r] - 1) * block->count + i;
			out[v][at] = number;
			if (v == STAR)
				out[REACHED][at] = number;
		}
}

int history_load(const struct history *history, struct rules_block *block, bool tell, struct history_block *out,
	struct err *err)
{
	const struct facts_list *list = &block->facts->lists[FEED_GRADE_HISTORY];
	const struct frame_column *period = frame_column(&list->frame, GRADE_HISTORY_PERIOD);
	uint32_t *ago = NULL;
	int64_t *from[VALUES];
	*out = (struct history_block){ .count = block->count };
	for (size_t i = 0; i < history->run_count; i++)
		if (history->runs[i].ago > out->periods)
			out->periods = history->runs[i].ago;
	if (list->offset != NULL && period != NULL && list->frame.count > 0) {
		ago = arena_alloc(block->scratch, list->frame.count + 1u, sizeof *ago);
		for (uint32_t r = 0; r < list->frame.count; r++) {
			ago[r] = ago_of(history, period->i32[r]);
			if (ago[r] > out->periods)
				out->periods = ago[r];
		}
	}
	size_t count = (size_t)out->periods * block->count;
	for (size_t v = 0; v < VALUES; v++) {
		from[v] = arena_alloc(block->scratch, count + 1, sizeof **from);
		for (size_t i = 0; i < count; i++)
			from[v][i] = DECIMAL_NONE;
	}
	for (size_t i = 0; i < history->run_count; i++)
		if (load_run(history, &history->runs[i], block, from, err) != 0)
			return -1;
	load_feed(history, block, tell, from, ago);
	out->star = from[STAR];
	out->reached = from[REACHED];
	out->composite = from[COMPOSITE];
	return 0;
}

int64_t history_previous(const struct history_block *block, uint32_t row, uint32_t *ago)
{
	for (uint32_t k = 1; k <= block->periods; k++) {
		int64_t star = history_at(block, block->star, k, row);
		if (star == DECIMAL_NONE)
			continue;
		if (ago != NULL)
			*ago = k;
		return star;
	}
	return DECIMAL_NONE;
}
