/*
 * section_timeline.c - 成长历程: career and grades on one axis: what happened above, the grade as a step line, the
 * positions held as a strip below.
 *
 * Decides: the stretch of time shown (from the hire or the first event, at most as many periods as the template says,
 * up to this one). Earlier grades are those that were published, or came as grade_history; nothing is filled in: a
 * period without a grade is shaded and says whether it was reviewed.
 */
#include "report/section.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "periods", XML_INTEGER, false, NULL, "periods shown at most; default 16" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "grades over time and events" };

#define PERIODS_MOST 48
#define EVENTS_MOST 14
#define ROWS_MOST 200

struct state {
	int most, hire;
	const char *field;
};
struct event {
	int32_t day;
	const char *label;
	enum doc_tone tone; /* gold: an honour, the first to be left out where there are too many */
	bool shown;
};
struct stay { /* in a position */
	int32_t from, to; /* to: the first day of something else */
	const char *label, *brief;
};

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	const char *periods = xml_attr(section->node, "periods");
	int64_t most;
	(void)err;
	state->most =
		periods != NULL && decimal_parse(periods, strlen(periods), 0, &most) && most >= 4 && most <= PERIODS_MOST
		? (int)most
		: 16;
	state->hire = view_bind_name(&maker->view, view_names_find(&maker->names, "hire_date"));
	state->field = maker->roles.grade_column != NULL ? maker->roles.grade_column->id : NULL;
	maker->wants_earlier = true;
	section->state = state;
	return 0;
}

static int by_day(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : strcmp(x->label, y->label);
}

/* Periods from `first` to the one that holds the day. */
static int periods_to(const struct date_period *first, int32_t day)
{
	struct date_civil from = date_to_civil(first->first), to = date_to_civil(day);
	int months = (int)(to.year - from.year) * 12 + to.month - from.month;
	int length = first->kind == DATE_QUARTER ? 3 : first->kind == DATE_HALF ? 6 : first->kind == DATE_MONTH ? 1 : 12;
	return months >= 0 ? months / length : -1 - (-months - 1) / length;
}

/* A period reaches half a step to both sides of its label. */
static double place(const struct date_period *first, int periods, int32_t day)
{
	int index = periods_to(first, day);
	struct date_period period = date_period_step(first, index);
	double at = index + (double)(day - period.first) / (double)(period.last - period.first + 1) - 0.5;
	return at < -0.5 ? -0.5 : at > periods - 0.5 ? periods - 0.5 : at;
}

/* What the roster calls a position and its level: "P2 高级客服代表"; only one where they are the same. */
static const char *position_of(struct section_maker *maker, const char *position, const char *level)
{
	if (position == NULL || (level != NULL && strcmp(position, level) == 0))
		return level;
	return level != NULL ? arena_printf(&maker->arena, "%s %s", level, position) : position;
}

static size_t gather_stays(struct section_maker *maker, struct stay *stays)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_POSITION_HISTORY];
	int32_t over = maker->input->period.last + 1;
	uint32_t first, end;
	size_t count = 0;
	section_rows(maker, FEED_POSITION_HISTORY, &first, &end);
	for (uint32_t row = first; row < end && count < ROWS_MOST; row++) {
		int32_t from = section_date(list, POSITION_HISTORY_FROM_DATE, row),
				to = section_date(list, POSITION_HISTORY_TO_DATE, row);
		const char *level = section_fact(maker, list, POSITION_HISTORY_LEVEL, row);
		const char *label = position_of(maker, section_fact(maker, list, POSITION_HISTORY_POSITION, row), level);
		if (from == DATE_NONE || from >= over || label == NULL)
			continue;
		if (count > 0 && stays[count - 1].to > from) /* the feed stands by date: the next one ends it */
			stays[count - 1].to = from;
		stays[count++] = (struct stay){ from, to != DATE_NONE && to + 1 < over ? to + 1 : over, label, level };
	}
	return count;
}

static size_t gather(struct section_maker *maker, const struct state *state, struct event *events)
{
	const struct facts_block *block = &maker->view.block;
	struct arena *arena = &maker->arena;
	struct view_cell hire;
	uint32_t first, end;
	size_t count = 0;
	bool hired = false;
	section_rows(maker, FEED_POSITION_HISTORY, &first, &end);
	for (uint32_t row = first; row < end && count < ROWS_MOST; row++) {
		const struct facts_list *list = &block->lists[FEED_POSITION_HISTORY];
		const char *change = section_fact(maker, list, POSITION_HISTORY_CHANGE_KIND, row),
				   *level = section_fact(maker, list, POSITION_HISTORY_LEVEL, row);
		int32_t day = section_date(list, POSITION_HISTORY_FROM_DATE, row);
		const struct frame_column *kind = frame_column(&list->frame, (uint32_t)POSITION_HISTORY_CHANGE_KIND);
		hired |= kind != NULL && kind->u32[row] == 0;
		if (day != DATE_NONE && change != NULL)
			events[count++] = (struct event){ .day = day,
				.label = level != NULL && kind->u32[row] != 0 ? arena_printf(arena, "%s %s", change, level) : change };
	}
	section_cell(maker, state->hire, &hire);
	if (!hired && hire.kind == VIEW_DATE)
		events[count++] = (struct event){ .day = (int32_t)hire.number, .label = label(LABEL_HIRED, maker->lang) };
	section_rows(maker, FEED_ROLE, &first, &end);
	for (uint32_t row = first; row < end && count < ROWS_MOST + 50; row++) {
		const char *role = section_fact(maker, &block->lists[FEED_ROLE], ROLE_ROLE, row);
		int32_t day = section_date(&block->lists[FEED_ROLE], ROLE_FROM_DATE, row);
		if (role != NULL && day != DATE_NONE)
			events[count++] = (struct event){ .day = day, .label = role, .tone = DOC_TEAL };
	}
	section_rows(maker, FEED_HONOUR, &first, &end);
	for (uint32_t row = first; row < end && count < ROWS_MOST + 100; row++) {
		const char *title = section_fact(maker, &block->lists[FEED_HONOUR], HONOUR_TITLE, row);
		int32_t day = section_date(&block->lists[FEED_HONOUR], HONOUR_AWARDED_ON, row);
		if (title != NULL && day != DATE_NONE)
			events[count++] =
				(struct event){ .day = day, .label = figure_text(arena, title, 12), .tone = DOC_GOLD };
	}
	qsort(events, count, sizeof *events, by_day);
	return count;
}

/* Grades by period index: published ones over grade_history. -1: not graded or unknown. */
static size_t grades_of(
	struct section_maker *maker, const struct state *state, const struct date_period *first, int periods, double *grade)
{
	size_t known = 0;
	uint32_t row, end;
	int64_t whole;
	for (int i = 0; i < periods; i++)
		grade[i] = -1;
	section_rows(maker, FEED_GRADE_HISTORY, &row, &end);
	for (; row < end && state->field != NULL; row++) {
		const struct facts_list *list = &maker->view.block.lists[FEED_GRADE_HISTORY];
		const char *field = section_fact(maker, list, GRADE_HISTORY_FIELD, row),
				   *value = section_fact(maker, list, GRADE_HISTORY_VALUE, row);
		int32_t day = section_date(list, GRADE_HISTORY_PERIOD, row);
		int at = day != DATE_NONE ? periods_to(first, day) : -1;
		if (field != NULL && value != NULL && strcmp(field, state->field) == 0 && at >= 0 && at < periods
			&& decimal_parse(value, strlen(value), 0, &whole))
			grade[at] = (double)whole;
	}
	for (size_t i = maker->earlier_count; i > 0; i--) {
		const struct section_earlier *earlier = &maker->earlier[i - 1];
		int at = periods_to(first, earlier->period.last);
		if (at < 0 || at >= periods || earlier->grade == NULL || maker->row >= earlier->frame.count)
			continue;
		int64_t number = earlier->grade->i64[maker->row];
		grade[at] =
			number != DECIMAL_NONE && decimal_round(number, earlier->grade->scale, 0, &whole) ? (double)whole : -1;
	}
	struct view_cell now;
	section_cell(maker, maker->roles.grade, &now);
	grade[periods - 1] =
		now.kind == VIEW_NUMBER && decimal_round(now.number, now.scale, 0, &whole) ? (double)whole : -1;
	for (int i = 0; i < periods; i++)
		known += grade[i] >= 0;
	return known;
}

/* The latest events of the stretch, changes and roles before honours, in order of time. */
static void show_events(struct section_maker *maker, struct event *all, size_t count, const struct date_period *first,
	int periods, struct doc_timeline *timeline)
{
	struct doc_event *events = arena_alloc(&maker->arena, EVENTS_MOST, sizeof *events);
	for (int honours = 0; honours < 2; honours++)
		for (size_t i = count; i > 0; i--) {
			struct event *event = &all[i - 1];
			if ((event->tone == DOC_GOLD) != honours || event->day < first->first
				|| event->day > maker->input->period.last || timeline->event_count == EVENTS_MOST)
				continue;
			event->shown = true;
			timeline->event_count++;
		}
	for (size_t i = 0, n = 0; i < count; i++)
		if (all[i].shown)
			events[n++] = (struct doc_event){ place(first, periods, all[i].day), all[i].label, all[i].tone };
	timeline->events = events;
}

/* The positions held: what began before the stretch says since when, the present one is strong. */
static void show_stays(struct section_maker *maker, int32_t hire, const struct date_period *first, int periods,
	struct doc_timeline *timeline)
{
	struct arena *arena = &maker->arena;
	struct stay *stays = arena_alloc(arena, ROWS_MOST, sizeof *stays);
	size_t count = gather_stays(maker, stays);
	const char *hired = label(LABEL_HIRED, maker->lang);
	if (count == 0 && hire != DATE_NONE && hire <= maker->input->period.last) /* nothing but the hire is on record */
		stays[count++] = (struct stay){ hire, maker->input->period.last + 1,
			label_fill(arena, LABEL_SPAN_HIRED, maker->lang, figure_date(arena, hire)), hired };
	struct doc_span *spans = arena_alloc(arena, count + 1, sizeof *spans);
	for (size_t i = 0; i < count; i++) {
		const struct stay *stay = &stays[i];
		if (stay->to <= first->first || stay->to <= stay->from)
			continue;
		struct doc_span span = { .label = stay->label,
			.brief = stay->brief,
			.from = place(first, periods, stay->from),
			.to = place(first, periods, stay->to - 1),
			.strong = stay->to > maker->input->period.last };
		if (stay->from < first->first && stay->brief != hired)
			span.label = label_fill(arena, LABEL_SPAN_SINCE, maker->lang, span.label,
				arena_printf(arena, "%.7s", figure_date(arena, stay->from)));
		if (span.strong)
			span.to = periods - 0.5;
		spans[timeline->span_count++] = span;
	}
	timeline->spans = spans;
}

/* Periods without a grade, from the one the person came in: reviewed without a grade, or not on record at all. */
static void show_gaps(struct section_maker *maker, const double *grade, const struct date_period *first, int periods,
	int32_t since, struct doc_timeline *timeline)
{
	struct arena *arena = &maker->arena;
	struct doc_span *gaps = arena_alloc(arena, (size_t)periods, sizeof *gaps);
	bool *reviewed = arena_alloc(arena, (size_t)periods, sizeof *reviewed);
	int from = periods_to(first, since), last = -2;
	for (size_t i = 0; i < maker->earlier_count; i++) {
		int at = periods_to(first, maker->earlier[i].period.last);
		if (at >= 0 && at < periods)
			reviewed[at] = true;
	}
	reviewed[periods - 1] = true;
	for (int i = from > 0 ? from : 0; i < periods; i++) {
		if (grade[i] >= 0)
			continue;
		if (last == i - 1 && reviewed[last] == reviewed[i])
			gaps[timeline->gap_count - 1].to = i + 0.5;
		else
			gaps[timeline->gap_count++] = (struct doc_span){ .from = i - 0.5,
				.to = i + 0.5,
				.label = label(reviewed[i] ? LABEL_NOT_GRADED : LABEL_NO_RECORD, maker->lang),
				.brief = label(LABEL_NONE, maker->lang) };
		last = i;
	}
	timeline->gaps = gaps;
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	struct arena *arena = &maker->arena;
	const struct date_period *now = &maker->input->period;
	struct event *all = arena_alloc(arena, ROWS_MOST + 120, sizeof *all);
	size_t all_count = gather(maker, state, all);
	(void)err;
	section_head(maker, section, NULL);
	/* the stretch: from the first event or published grade, at least four periods, at most what the template says */
	int32_t begin = all_count > 0 ? all[0].day : now->first;
	if (maker->earlier_count > 0 && maker->earlier[maker->earlier_count - 1].period.first < begin)
		begin = maker->earlier[maker->earlier_count - 1].period.first;
	struct date_period first = date_period_at(now->kind, begin < now->last ? begin : now->last);
	int periods = periods_to(&first, now->last) + 1;
	if (periods < 4)
		periods = 4;
	if (periods > state->most)
		periods = state->most;
	first = date_period_step(now, 1 - periods);
	double *grade = arena_alloc(arena, (size_t)periods, sizeof *grade);
	size_t known = grades_of(maker, state, &first, periods, grade);
	if (known == 0 && all_count == 0) {
		section_text(maker, label(LABEL_NO_TIMELINE, maker->lang), DOC_GREY, false, false);
		return 0;
	}
	struct doc_timeline timeline = { .low = (double)maker->roles.low, .high = (double)maker->roles.high };
	const char **names = arena_alloc(arena, (size_t)periods, sizeof *names);
	struct doc_step *steps = arena_alloc(arena, (size_t)periods, sizeof *steps);
	bool begun = false;
	for (int i = 0; i < periods; i++) {
		struct date_period period = date_period_step(&first, i);
		names[i] = figure_period_short(arena, period.name);
		begun |= grade[i] >= 0;
		if (begun)
			steps[timeline.step_count++] = (struct doc_step){ i, grade[i] };
	}
	timeline.periods = names;
	timeline.period_count = (size_t)periods;
	timeline.steps = steps;
	show_events(maker, all, all_count, &first, periods, &timeline);
	struct view_cell hire;
	section_cell(maker, state->hire, &hire);
	show_stays(maker, hire.kind == VIEW_DATE ? (int32_t)hire.number : DATE_NONE, &first, periods, &timeline);
	if (maker->roles.grade >= 0)
		show_gaps(maker, grade, &first, periods, all_count > 0 ? all[0].day : first.first, &timeline);
	timeline.alt = label_fill(
		arena, LABEL_TIMELINE_ALT, maker->lang, section->title, (unsigned)known, (unsigned)timeline.event_count);
	section_add(maker, DOC_TIMELINE)->timeline = timeline;
	if (known == 1 && grade[periods - 1] >= 0)
		section_text(maker, label(LABEL_TIMELINE_FIRST, maker->lang), DOC_GREY, false, true);
	return 0;
}

const struct section_kind section_timeline_kind = { .name = "timeline",
	.help = "grades over published periods, with events",
	.shape = &shape,
	.feeds = 1u << FEED_POSITION_HISTORY | 1u << FEED_ROLE | 1u << FEED_HONOUR | 1u << FEED_GRADE_HISTORY,
	.bind = bind,
	.make = make };
