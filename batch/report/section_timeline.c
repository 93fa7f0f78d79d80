/*
 * section_timeline.c - 成长历程: the grade over published periods as a step line, with what happened above it.
 *
 * Decides: the stretch of time shown (from the hire or the first event, at most 24 periods up to this one) and how
 * often
 * a period is labelled. Earlier grades are those that were published, or came as grade_history; nothing is filled in.
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
#define LABELS_MOST 16

struct state {
	int most, hire;
	const char *field;
};
struct event {
	int32_t day;
	const char *label;
	bool under;
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

/*
 * A period spreads half a step to both sides of its label; days before the first and after the last label stand at
 * them.
 */
static double place(const struct date_period *first, int periods, int32_t day)
{
	int index = periods_to(first, day);
	struct date_period period = date_period_step(first, index);
	double at = index + (double)(day - period.first) / (double)(period.last - period.first + 1) - 0.5;
	return at < 0 ? 0 : at > periods - 1 ? periods - 1 : at;
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
	for (uint32_t row = first; row < end && count < 200; row++) {
		const struct facts_list *list = &block->lists[FEED_POSITION_HISTORY];
		const char *change = section_fact(maker, list, POSITION_HISTORY_CHANGE_KIND, row),
				   *level = section_fact(maker, list, POSITION_HISTORY_LEVEL, row);
		const char *position = section_fact(maker, list, POSITION_HISTORY_POSITION, row);
		int32_t day = section_date(list, POSITION_HISTORY_FROM_DATE, row);
		const struct frame_column *kind = frame_column(&list->frame, (uint32_t)POSITION_HISTORY_CHANGE_KIND);
		hired |= kind != NULL && kind->u32[row] == 0;
		if (day == DATE_NONE)
			continue;
		if (change != NULL)
			events[count++] = (struct event){ day,
				level != NULL && kind->u32[row] != 0 ? arena_printf(arena, "%s %s", change, level) : change, false };
		if (position != NULL && count < 200)
			events[count++] =
				(struct event){ day, level != NULL ? arena_printf(arena, "%s %s", level, position) : position, true };
	}
	section_cell(maker, state->hire, &hire);
	if (!hired && hire.kind == VIEW_DATE)
		events[count++] = (struct event){ (int32_t)hire.number, label(LABEL_HIRED, maker->lang), false };
	section_rows(maker, FEED_ROLE, &first, &end);
	for (uint32_t row = first; row < end && count < 250; row++) {
		const char *role = section_fact(maker, &block->lists[FEED_ROLE], ROLE_ROLE, row);
		int32_t day = section_date(&block->lists[FEED_ROLE], ROLE_FROM_DATE, row);
		if (role != NULL && day != DATE_NONE)
			events[count++] = (struct event){ day, role, false };
	}
	section_rows(maker, FEED_HONOUR, &first, &end);
	for (uint32_t row = first; row < end && count < 300; row++) {
		const char *title = section_fact(maker, &block->lists[FEED_HONOUR], HONOUR_TITLE, row);
		int32_t day = section_date(&block->lists[FEED_HONOUR], HONOUR_AWARDED_ON, row);
		if (title != NULL && day != DATE_NONE)
			events[count++] = (struct event){ day, figure_text(arena, title, 12), false };
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

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	struct arena *arena = &maker->arena;
	const struct date_period *now = &maker->input->period;
	struct event *all = arena_alloc(arena, 320, sizeof *all);
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
	int every = (periods + LABELS_MOST - 1) / LABELS_MOST;
	struct doc_step *steps = arena_alloc(arena, (size_t)periods, sizeof *steps);
	bool begun = false;
	for (int i = 0; i < periods; i++) {
		struct date_period period = date_period_step(&first, i);
		names[i] = (periods - 1 - i) % every == 0 ? figure_period_short(arena, period.name) : "";
		begun |= grade[i] >= 0;
		if (begun)
			steps[timeline.step_count++] = (struct doc_step){ i, grade[i] };
	}
	timeline.periods = names;
	timeline.period_count = (size_t)periods;
	timeline.steps = steps;
	struct doc_event *events = arena_alloc(arena, EVENTS_MOST, sizeof *events),
					 *under = arena_alloc(arena, EVENTS_MOST, sizeof *under);
	for (size_t i = all_count; i > 0; i--) { /* the latest ones where there are too many */
		const struct event *event = &all[i - 1];
		if (event->day < first.first || event->day > now->last)
			continue;
		double at = place(&first, periods, event->day);
		if (event->under && timeline.under_count < EVENTS_MOST)
			under[timeline.under_count++] = (struct doc_event){ at, event->label };
		else if (!event->under && timeline.event_count < EVENTS_MOST)
			events[timeline.event_count++] = (struct doc_event){ at, event->label };
	}
	for (size_t i = 0; i < timeline.event_count / 2; i++) {
		struct doc_event swap = events[i];
		events[i] = events[timeline.event_count - 1 - i];
		events[timeline.event_count - 1 - i] = swap;
	}
	for (size_t i = 0; i < timeline.under_count / 2; i++) {
		struct doc_event swap = under[i];
		under[i] = under[timeline.under_count - 1 - i];
		under[timeline.under_count - 1 - i] = swap;
	}
	timeline.events = events;
	timeline.under = under;
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
