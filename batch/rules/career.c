/*
 * career.c - what a person's histories say at the as-of date: time in level and position, part-time roles, honours,
 * discipline, how often a measure was taken, how long a star was kept.
 *
 * Decides: from when a level or position counts, and that a feed nobody gave is not an answer: its functions are then
 * null (not evaluated), never 0. Does not decide: what is enough (the rules' gates).
 *
 * Level and position: the newest rows of position_history, acting periods and rows that do not name one aside, that
 * name the level (position) the roster says, back to the first of them in a row. Where the newest row names another
 * one, the sources disagree and there is no answer. Discipline is open from from_date to to_date, both included.
 */
#include "rules/history.h"

#include <string.h>

static bool given(const struct rules_block *block, enum feed_id feed)
{
	return (block->work->given & 1u << feed) != 0;
}

static void fill_with(struct rules_block *block, struct feel_column *out, int64_t value)
{
	out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
	for (uint32_t i = 0; i < block->count; i++)
		out->v[i] = value;
}

/* The number of a text in a frame's heap; a number no row has where it is not there. */
static uint32_t code_of(const struct frame *frame, const char *text)
{
	for (uint32_t k = 0; k < frame->text_count; k++)
		if (strcmp(frame->texts[k], text) == 0)
			return k;
	return FRAME_NONE - 1;
}

static int64_t whole_of(const struct feel_value *value)
{
	int64_t whole = 0;
	decimal_to_int(value->number, &whole);
	return whole;
}

/* Adds "file:row" of a row after those already there. */
static void add_source(const struct rules_block *block, const struct frame *frame, uint32_t row, struct str *out)
{
	if (out->length > 0)
		str_add(out, ", ");
	scope_source(block, frame, row, out);
}

/* --- level and position --- */
/* Whether a row of the history, which names a level (position), names what the roster says of a person. */
static bool names_same(const struct rules_block *block, const struct frame *history, const struct frame_column *then,
	uint32_t row, enum field_id roster, uint32_t person)
{
	const struct frame_column *now = frame_column(&block->facts->employee, roster);
	if (now == NULL || now->u32[person] == FRAME_NONE)
		return false;
	if (!then->text)
		return then->u32[row] == now->u32[person];
	return strcmp(history->texts[then->u32[row]], block->facts->employee.texts[now->u32[person]]) == 0;
}

/* The row since which a person has held the level (position) of the roster; FRAME_NONE: not known. */
static uint32_t since_row(const struct rules_block *block, uint32_t person, bool level)
{
	const struct facts_list *list = &block->facts->lists[FEED_POSITION_HISTORY];
	const struct frame_column *from = frame_column(&list->frame, POSITION_HISTORY_FROM_DATE),
							  *kind = frame_column(&list->frame, POSITION_HISTORY_CHANGE_KIND),
							  *named = frame_column(
								  &list->frame, level ? POSITION_HISTORY_LEVEL : POSITION_HISTORY_POSITION);
	uint32_t acting = FRAME_NONE - 1, best = FRAME_NONE;
	if (list->offset == NULL || from == NULL || named == NULL)
		return FRAME_NONE;
	feed_code_find(feed_field_at(POSITION_HISTORY_CHANGE_KIND), "acting", &acting);
	/* rows are sorted by their key, that is by from_date */
	for (uint32_t row = list->offset[person + 1]; row-- > list->offset[person];) {
		if (from->i32[row] == DATE_NONE || named->u32[row] == FRAME_NONE || (kind != NULL && kind->u32[row] == acting))
			continue;
		if (!names_same(block, &list->frame, named, row, level ? EMPLOYEE_LEVEL : EMPLOYEE_POSITION, person))
			break;
		best = row;
	}
	return best;
}

static bool about_level(const struct rules_name *name)
{
	return strstr(name->name, "level") != NULL;
}

static int fill_since(
	struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	(void)err;
	const struct facts_list *list = &block->facts->lists[FEED_POSITION_HISTORY];
	bool months = name->type.kind == FEEL_NUMBER;
	fill_with(block, out, INT64_MIN);
	for (uint32_t i = 0; i < block->count; i++) {
		uint32_t row = block->facts->known[i] ? since_row(block, i, about_level(name)) : FRAME_NONE;
		if (row == FRAME_NONE)
			continue;
		int32_t from = frame_column(&list->frame, POSITION_HISTORY_FROM_DATE)->i32[row];
		out->v[i] = months ? date_months_between(from, block->work->params->as_of) : from;
	}
	return 0;
}

static void source_since(
	const struct rules_block *block, const struct rules_name *name, uint32_t person, struct str *out)
{
	uint32_t row = since_row(block, person, about_level(name));
	if (row != FRAME_NONE)
		add_source(block, &block->facts->lists[FEED_POSITION_HISTORY].frame, row, out);
}

/* --- part-time roles --- */
/* Whole months in a role: overlapping stays count once, every stay by itself; a stay's last day belongs to it. */
static int64_t role_months(const struct rules_block *block, uint32_t person, uint32_t code)
{
	const struct facts_list *list = &block->facts->lists[FEED_ROLE];
	const struct frame_column *from = frame_column(&list->frame, ROLE_FROM_DATE),
							  *to = frame_column(&list->frame, ROLE_TO_DATE),
							  *role = frame_column(&list->frame, ROLE_ROLE);
	int32_t as_of = block->work->params->as_of, begin = DATE_NONE, end = DATE_NONE;
	int64_t months = 0;
	if (list->offset == NULL || from == NULL || role == NULL)
		return 0;
	/* rows of one role are sorted by from_date */
	for (uint32_t row = list->offset[person]; row < list->offset[person + 1]; row++) {
		if (role->u32[row] != code || from->i32[row] == DATE_NONE)
			continue;
		int32_t last = to == NULL || to->i32[row] == DATE_NONE || to->i32[row] > as_of ? as_of : to->i32[row];
		if (begin != DATE_NONE && from->i32[row] <= end + 1) {
			if (last > end)
				end = last;
			continue;
		}
		if (begin != DATE_NONE)
			months += date_months_between(begin, end + 1);
		begin = from->i32[row];
		end = last < begin ? begin - 1 : last;
	}
	return begin == DATE_NONE ? 0 : months + date_months_between(begin, end + 1);
}

static int64_t rows_of_role(const struct rules_block *block, uint32_t person, uint32_t code, struct str *sources)
{
	const struct facts_list *list = &block->facts->lists[FEED_ROLE];
	const struct frame_column *role = frame_column(&list->frame, ROLE_ROLE);
	int64_t count = 0;
	for (uint32_t row = list->offset == NULL || role == NULL ? 0 : list->offset[person];
		 role != NULL && list->offset != NULL && row < list->offset[person + 1]; row++) {
		if (role->u32[row] != code)
			continue;
		count++;
		if (sources != NULL)
			add_source(block, &list->frame, row, sources);
	}
	return count;
}

static int fill_role(struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	(void)err;
	uint32_t code = code_of(&block->facts->lists[FEED_ROLE].frame, name->args[0].string.text);
	bool months = strcmp(name->function->name, "role months") == 0;
	fill_with(block, out, INT64_MIN);
	for (uint32_t i = 0; i < block->count && given(block, FEED_ROLE); i++)
		if (block->facts->known[i])
			out->v[i] = months ? role_months(block, i, code) : rows_of_role(block, i, code, NULL);
	return 0;
}

static void source_role(
	const struct rules_block *block, const struct rules_name *name, uint32_t person, struct str *out)
{
	rows_of_role(block, person, code_of(&block->facts->lists[FEED_ROLE].frame, name->args[0].string.text), out);
}

/* --- counts in the last months: (as-of − n months, as-of] --- */
struct span {
	enum feed_id feed;
	enum field_id date, text; /* text FIELD_COUNT: any */
	const char *want;
	int months;
};

static struct span span_of(const struct rules_name *name)
{
	if (strcmp(name->function->name, "honours") == 0)
		return (struct span){ FEED_HONOUR, HONOUR_AWARDED_ON, FIELD_COUNT, NULL, (int)whole_of(&name->args[0]) };
	return (struct span){ FEED_PERFORMANCE, PERFORMANCE_PERIOD, PERFORMANCE_KIND, name->args[0].string.text,
		(int)whole_of(&name->args[1]) };
}

static int64_t count_rows(
	const struct rules_block *block, const struct span *span, uint32_t person, uint32_t code, struct str *sources)
{
	const struct facts_list *list = &block->facts->lists[span->feed];
	const struct frame_column *date = frame_column(&list->frame, span->date),
							  *text = span->want == NULL ? NULL : frame_column(&list->frame, span->text);
	int32_t as_of = block->work->params->as_of, after = date_add_months(as_of, -span->months);
	int64_t count = 0;
	if (list->offset == NULL || date == NULL || (span->want != NULL && text == NULL))
		return 0;
	for (uint32_t row = list->offset[person]; row < list->offset[person + 1]; row++) {
		if (date->i32[row] == DATE_NONE || date->i32[row] <= after || date->i32[row] > as_of
			|| (text != NULL && text->u32[row] != code))
			continue;
		count++;
		if (sources != NULL)
			add_source(block, &list->frame, row, sources);
	}
	return count;
}

static int fill_count(
	struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	(void)err;
	struct span span = span_of(name);
	uint32_t code = span.want == NULL ? FRAME_NONE : code_of(&block->facts->lists[span.feed].frame, span.want);
	fill_with(block, out, INT64_MIN);
	for (uint32_t i = 0; i < block->count && given(block, span.feed); i++)
		if (block->facts->known[i])
			out->v[i] = count_rows(block, &span, i, code, NULL);
	return 0;
}

static void source_count(
	const struct rules_block *block, const struct rules_name *name, uint32_t person, struct str *out)
{
	struct span span = span_of(name);
	count_rows(block, &span, person,
		span.want == NULL ? FRAME_NONE : code_of(&block->facts->lists[span.feed].frame, span.want), out);
}

static int bind_months(struct rulebook *book, struct rules_name *name, struct err *err)
{
	(void)book;
	int64_t months = whole_of(&name->args[strlen(name->function->takes) - 1]);
	if (months < 1 || months > 1200)
		return err_set(
			err, STATUS_CONFIG, "%s: %lld is no number of months from 1 to 1200", name->name, (long long)months);
	return 0;
}

/* --- discipline --- */
/* The last day of what is open: DATE_NONE if nothing is; INT32_MAX if it has no end. */
static int32_t discipline_until(const struct rules_block *block, uint32_t person, struct str *sources)
{
	const struct facts_list *list = &block->facts->lists[FEED_DISCIPLINE];
	const struct frame_column *from = frame_column(&list->frame, DISCIPLINE_FROM_DATE),
							  *to = frame_column(&list->frame, DISCIPLINE_TO_DATE);
	int32_t as_of = block->work->params->as_of, until = DATE_NONE;
	if (list->offset == NULL || from == NULL)
		return DATE_NONE;
	for (uint32_t row = list->offset[person]; row < list->offset[person + 1]; row++) {
		int32_t last = to == NULL || to->i32[row] == DATE_NONE ? INT32_MAX : to->i32[row];
		if (from->i32[row] == DATE_NONE || from->i32[row] > as_of || last < as_of)
			continue;
		if (last > until)
			until = last;
		if (sources != NULL)
			add_source(block, &list->frame, row, sources);
	}
	return until;
}

static int fill_discipline(
	struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	(void)err;
	bool open = name->type.kind == FEEL_BOOLEAN;
	fill_with(block, out, INT64_MIN);
	for (uint32_t i = 0; i < block->count && given(block, FEED_DISCIPLINE); i++) {
		if (!block->facts->known[i])
			continue;
		int32_t until = discipline_until(block, i, NULL);
		if (open)
			out->v[i] = until != DATE_NONE;
		else if (until != DATE_NONE && until != INT32_MAX)
			out->v[i] = until;
	}
	return 0;
}

static void source_discipline(
	const struct rules_block *block, const struct rules_name *name, uint32_t person, struct str *out)
{
	(void)name;
	discipline_until(block, person, out);
}

/* --- stars in a row --- */
struct star_run {
	uint32_t column; /* of the effective star in the people's columns */
	const struct history *history;
};

static int bind_star(struct rulebook *book, struct rules_name *name, struct err *err)
{
	for (size_t i = 0; i < book->rule_count; i++) {
		const struct rules_rule *rule = &book->rules[i];
		if (rule->kind != &star_kind)
			continue;
		struct star_run *star = arena_alloc(&book->arena, 1, sizeof *star);
		star->column = rule->first_column;
		for (uint32_t k = 0; k < rule->column_count; k++)
			if (strcmp(book->columns.at[rule->first_column + k].result.id, rule->id) == 0)
				star->column = rule->first_column + k;
		const struct rules_column *column = &book->columns.at[star->column];
		name->data = star;
		name->reads = 1 + column->rule * RULES_PARTS + column->part;
		return 0;
	}
	return err_set(err, STATUS_CONFIG, "%s needs a <star>, and the rulebook has none", name->name);
}

static int prepare_star(const struct rules_name *name, struct rules_work *work, void **state, struct err *err)
{
	const struct star_run *star = name->data;
	*state = (void *)history_open(work, work->book->columns.at[star->column].result.id, err);
	return *state == NULL ? -1 : 0;
}

/* Consecutive periods up to and including this one with at least that star; a period without a grade ends the run.
 * Null for those who are not graded now. */
static int fill_star(struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	const struct star_run *star = name->data;
	const int64_t *now = frame_column(&block->people, star->column)->i64;
	int64_t least = whole_of(&name->args[0]);
	struct history_block earlier;
	if (history_load(rules_function_state(block->work, name), block, false, &earlier, err) != 0)
		return -1;
	fill_with(block, out, INT64_MIN);
	for (uint32_t i = 0; i < block->count; i++) {
		if (now[i] == DECIMAL_NONE)
			continue;
		out->v[i] = now[i] >= least;
		for (uint32_t k = 1; out->v[i] == k && k <= earlier.periods; k++) {
			int64_t then = history_at(&earlier, earlier.star, k, i);
			out->v[i] += then != DECIMAL_NONE && then >= least;
		}
	}
	return 0;
}

#define NUMBER \
	{ \
		.kind = FEEL_NUMBER, .scale = 0 \
	}
#define BIT(feed) (1u << FEED_##feed)
const struct rules_function career_functions[] = {
	{ "level since", NULL, "", "The day the level of the roster has been held from.", { .kind = FEEL_DATE },
		BIT(POSITION_HISTORY), NULL, NULL, fill_since, source_since },
	{ "position since", NULL, "", "The day the position of the roster has been held from.", { .kind = FEEL_DATE },
		BIT(POSITION_HISTORY), NULL, NULL, fill_since, source_since },
	{ "months in level", NULL, "", "Whole months in the level of the roster.", NUMBER, BIT(POSITION_HISTORY), NULL,
		NULL, fill_since, source_since },
	{ "months in position", NULL, "", "Whole months in the position of the roster.", NUMBER, BIT(POSITION_HISTORY),
		NULL, NULL, fill_since, source_since },
	{ "role months", "t", "role", "Whole months in a part-time role so far: role months(\"mentor\").", NUMBER,
		BIT(ROLE), NULL, NULL, fill_role, source_role },
	{ "role count", "t", "role", "How often a part-time role was taken on: role count(\"mentor\").", NUMBER, BIT(ROLE),
		NULL, NULL, fill_role, source_role },
	{ "honours", "n", "months", "Honours of the last n months: honours(24).", NUMBER, BIT(HONOUR), bind_months, NULL,
		fill_count, source_count },
	{ "performance count", "tn", "kind, months",
		"How often a measure was taken in the last n months: performance count(\"potential\", 12).", NUMBER,
		BIT(PERFORMANCE), bind_months, NULL, fill_count, source_count },
	{ "star periods", "n", "star", "Consecutive periods up to this one with at least that star: star periods(4).",
		NUMBER, BIT(GRADE_HISTORY), bind_star, prepare_star, fill_star, NULL },
	{ "open discipline", NULL, "", "Whether a disciplinary measure is open on the as-of date.",
		{ .kind = FEEL_BOOLEAN }, BIT(DISCIPLINE), NULL, NULL, fill_discipline, source_discipline },
	{ "discipline until", NULL, "", "The last day of the open disciplinary measures, if they have one.",
		{ .kind = FEEL_DATE }, BIT(DISCIPLINE), NULL, NULL, fill_discipline, source_discipline },
	{ .name = NULL },
};
