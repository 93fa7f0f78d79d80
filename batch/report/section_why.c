/*
 * section_why.c - 为什么是这个结果: the grade item by item with the file and row each figure came from, the line of the
 * rule and what it says, the way to the next grade; the credits; courses that earned nothing; the nearest promotion,
 * the lines of its open gates and the rows it was read from; what people decided, why and who.
 *
 * Decides: the words and where to look for a source: performance("…") names rows of the performance feed, credits the
 * passed tests of their window. Figures and grades are the results'.
 */
#include "report/courses.h"
#include "report/figure.h"
#include "report/grade.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "courses without credits and decisions shown, each; default 5" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"why this result: items with sources, courses without credits, decisions" };

#define ROWS_MOST 40

enum source { SOURCE_RULE, SOURCE_PERFORMANCE, SOURCE_CREDITS };
struct item {
	enum source source;
	const char *kind; /* of performance */
	const char *place; /* "rules/star.xml:21" */
};
struct state {
	struct item *items;
	int32_t window; /* credits count after this day */
	bool windowed, exempt;
	const char *grade_rule, *credits_rule; /* ids */
	const char *credits_place, *credits_text; /* line of the rule and what it says */
	bool credits_told; /* a graded item names the source of the credits */
	/* promotion */
	int list, target, track, class, unmet, unknown, nearest;
	int gates, gate_target, gate, gate_state;
};

static const struct result_parameter *parameter_of(
	const struct result_directory *directory, const char *rule, const char *name)
{
	for (size_t i = 0; i < directory->parameter_count; i++)
		if (strcmp(directory->parameters[i].rule, rule) == 0
			&& (name == NULL || strcmp(directory->parameters[i].name, name) == 0))
			return &directory->parameters[i];
	return NULL;
}

static const char *place_of(struct arena *arena, const struct result_parameter *parameter)
{
	return parameter != NULL ? arena_printf(arena, "%s:%d", parameter->file, parameter->line) : NULL;
}

static void bind_item(struct section_maker *maker, const char *id, struct item *item)
{
	static const char call[] = "performance(\"";
	const struct result_parameter *value =
		parameter_of(maker->directory, maker->roles.grade_column->rule, arena_printf(&maker->keep, "%s.value", id));
	if (value == NULL)
		return;
	const char *at = strstr(value->value, call);
	item->place = place_of(&maker->keep, value);
	if (at != NULL) {
		at += sizeof call - 1;
		item->source = SOURCE_PERFORMANCE;
		item->kind = arena_copy(&maker->keep, at, strcspn(at, "\""));
	} else if (maker->roles.total_column != NULL
		&& strncmp(value->value, maker->roles.total_column->rule, strlen(maker->roles.total_column->rule)) == 0)
		item->source = SOURCE_CREDITS;
}

static void bind_promotion(struct section_maker *maker, struct state *state)
{
	struct lists *lists = &maker->lists;
	state->list = lists_bind(lists, maker->directory, "readiness");
	state->gates = lists_bind(lists, maker->directory, "gate");
	state->track = lists_column(lists, state->list, "track");
	state->target = lists_column(lists, state->list, "target");
	state->class = lists_column(lists, state->list, "class");
	state->unmet = lists_column(lists, state->list, "unmet");
	state->unknown = lists_column(lists, state->list, "not-evaluated");
	state->nearest = lists_column(lists, state->list, "nearest");
	state->gate_target = lists_column(lists, state->gates, "target");
	state->gate = lists_column(lists, state->gates, "gate");
	state->gate_state = lists_column(lists, state->gates, "state");
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	(void)err;
	section->state = state;
	state->exempt = courses_exempt_earns(maker);
	state->items = arena_alloc(&maker->keep, maker->roles.item_count + 1, sizeof *state->items);
	if (maker->roles.grade_column != NULL) {
		state->grade_rule = maker->roles.grade_column->rule;
		for (size_t i = 0; i < maker->roles.item_count; i++)
			bind_item(maker, maker->roles.items[i].id, &state->items[i]);
	}
	bind_promotion(maker, state);
	if (maker->roles.total_column == NULL)
		return 0;
	state->credits_rule = maker->roles.total_column->rule;
	for (size_t i = 0; i < maker->roles.item_count; i++)
		state->credits_told |= state->items[i].source == SOURCE_CREDITS;
	state->credits_place = place_of(&maker->keep, parameter_of(maker->directory, state->credits_rule, NULL));
	const struct result_parameter *window = parameter_of(maker->directory, state->credits_rule, "window");
	char *rest = NULL;
	long months = window != NULL && window->value[0] == 'P' ? strtol(window->value + 1, &rest, 10) : 0;
	if (rest != NULL && (*rest == 'M' || *rest == 'Y') && months > 0 && months <= 1200 && maker->input != NULL) {
		state->windowed = true;
		months = *rest == 'Y' ? months * 12 : months;
		state->window = date_add_months(facts_params(maker->input->facts)->as_of, -(int)months);
	}
	const struct result_parameter *least = parameter_of(maker->directory, state->credits_rule, "minimum");
	state->credits_text = label(LABEL_RULE_CREDITS, maker->lang);
	if (state->windowed)
		state->credits_text = arena_printf(&maker->keep, "%s%s%s", state->credits_text,
			label(LABEL_RULE_COMMA, maker->lang),
			label_fill(&maker->keep, least != NULL ? LABEL_RULE_WINDOW_LEAST : LABEL_RULE_WINDOW, maker->lang,
				(unsigned)months, least != NULL ? least->value : ""));
	return 0;
}

/* The row the rules read: the newest of its kind that ends within the review period. */
static const char *performance_source(struct section_maker *maker, const char *kind)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_PERFORMANCE];
	const struct facts_params *params = facts_params(maker->input->facts);
	const struct frame_column *kinds = frame_column(&list->frame, (uint32_t)PERFORMANCE_KIND);
	uint32_t row, end, found = FRAME_NONE;
	int32_t newest = DATE_NONE;
	section_rows(maker, FEED_PERFORMANCE, &row, &end);
	for (; kinds != NULL && row < end; row++) {
		const char *text = frame_text(&list->frame, kinds, row);
		int32_t day = section_date(list, PERFORMANCE_PERIOD, row);
		if (text == NULL || strcmp(text, kind) != 0 || day == DATE_NONE || day < params->period_first
			|| day > params->period_last || (newest != DATE_NONE && day < newest))
			continue;
		found = row;
		newest = day;
	}
	return found != FRAME_NONE ? section_source(maker, &list->frame, found) : NULL;
}

/* "lms.csv 第 12 行等 31 行": the newest of the passed tests in the window, and how many there are. */
static const char *credits_source(struct section_maker *maker, const struct state *state)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_COMPLETION];
	const struct frame_column *courses = frame_column(&list->frame, (uint32_t)COMPLETION_COURSE_ID);
	uint32_t row, end, found = FRAME_NONE;
	unsigned count = 0;
	section_rows(maker, FEED_COMPLETION, &row, &end);
	for (; courses != NULL && row < end; row++) {
		enum courses_outcome outcome = courses_outcome(maker, list, row, courses->u32[row]);
		int32_t day = courses_day(list, row);
		if (!courses_counts(list, row) || day == DATE_NONE || (state->windowed && day <= state->window)
			|| !(outcome == COURSES_PASSED || (outcome == COURSES_EXEMPT && state->exempt)))
			continue;
		count++;
		if (found == FRAME_NONE || day >= courses_day(list, found))
			found = row;
	}
	const char *source = found != FRAME_NONE ? section_source(maker, &list->frame, found) : NULL;
	return source != NULL && count > 1 ? label_fill(&maker->arena, LABEL_AND_ROWS, maker->lang, source, count) : source;
}

/* What the band of a grade asks for: "四星：综合分 ≥ 80，质检得分 ≥ 85，连续 2 期"; NULL where it has no line. */
static const char *band_text(struct section_maker *maker, const struct state *state, int64_t grade)
{
	const struct result_directory *directory = maker->directory;
	struct arena *arena = &maker->arena;
	const struct roles_band *band = roles_band_at(&maker->roles, grade);
	if (band == NULL || !band->from.known)
		return NULL;
	const char *comma = label(LABEL_RULE_COMMA, maker->lang);
	const char *text = label_fill(arena, LABEL_RULE_BAND, maker->lang, figure_grade(arena, grade, maker->lang),
		figure_number(arena, band->from.number, band->from.scale, -1));
	char floor[48];
	int length = snprintf(floor, sizeof floor, "band %lld: floor ", (long long)grade);
	for (size_t i = 0; i < directory->parameter_count; i++) {
		const struct result_parameter *parameter = &directory->parameters[i];
		if (strcmp(parameter->rule, state->grade_rule) != 0 || strncmp(parameter->name, floor, (size_t)length) != 0)
			continue;
		for (size_t k = 0; k < maker->roles.item_count; k++)
			if (strcmp(maker->roles.items[k].id, parameter->name + length) == 0)
				text = arena_printf(arena, "%s%s%s ≥ %s", text, comma,
					text_pick(&maker->roles.items[k].title, maker->lang), parameter->value);
	}
	if (band->hold.known && band->hold.number > decimal_pow10(band->hold.scale))
		text = arena_printf(arena, "%s%s%s", text, comma,
			label_fill(arena, LABEL_RULE_HOLD, maker->lang,
				figure_number(arena, band->hold.number, band->hold.scale, -1)));
	return text;
}

/* "规则 star · rules/star.xml:48 · contact-centre 2026.3 · “四星：…”" */
static void tell_rule(struct section_maker *maker, const struct state *state, const struct view_cell *grade)
{
	struct arena *arena = &maker->arena;
	const struct result_parameter *line = NULL;
	const char *text = NULL;
	int64_t own;
	if (grade->kind == VIEW_NUMBER && decimal_round(grade->number, grade->scale, 0, &own)) {
		line = parameter_of(
			maker->directory, state->grade_rule, arena_printf(arena, "band %lld: from", (long long)own));
		text = band_text(maker, state, own);
	}
	if (line == NULL)
		line = parameter_of(maker->directory, state->grade_rule, NULL);
	if (line == NULL)
		return;
	const char *words = label_fill(arena, LABEL_WHY_RULE, maker->lang, state->grade_rule, place_of(arena, line),
		maker->directory->rulebook, maker->directory->version);
	if (text != NULL)
		words = arena_printf(arena, "%s%s%s", words, label(LABEL_SEPARATOR, maker->lang),
			label_fill(arena, LABEL_QUOTED, maker->lang, text));
	section_text(maker, words, DOC_GREY, false, true);
}

static void tell_grade(struct section_maker *maker, const struct state *state)
{
	const struct roles *roles = &maker->roles;
	struct arena *arena = &maker->arena;
	struct view_cell grade;
	if (!grade_outcome(maker))
		return;
	section_cell(maker, roles->grade, &grade);
	tell_rule(maker, state, &grade);
	const char **sources = arena_alloc(arena, roles->item_count + 1, sizeof *sources);
	for (size_t i = 0; i < roles->item_count; i++) {
		const struct item *item = &state->items[i];
		sources[i] = item->source == SOURCE_PERFORMANCE ? performance_source(maker, item->kind)
			: item->source == SOURCE_CREDITS            ? credits_source(maker, state)
														: item->place;
		if (sources[i] == NULL)
			sources[i] = label(item->source == SOURCE_CREDITS ? LABEL_NO_PASSES : LABEL_NO_SOURCE, maker->lang);
	}
	grade_items(maker, sources);
	grade_distance(maker);
}

/* The newest attempt of each course that earned nothing, where no pass came after it; newest first. */
static size_t failed_rows(const struct section_maker *maker, const struct state *state, uint32_t *rows, size_t most)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_COMPLETION];
	const struct frame_column *courses = frame_column(&list->frame, (uint32_t)COMPLETION_COURSE_ID);
	uint32_t row, end;
	size_t count = 0;
	section_rows(maker, FEED_COMPLETION, &row, &end);
	while (courses != NULL && row < end) {
		uint32_t course = courses->u32[row], newest = FRAME_NONE;
		bool passed = false;
		for (; row < end && courses->u32[row] == course; row++) {
			enum courses_outcome outcome = courses_outcome(maker, list, row, course);
			if (!courses_counts(list, row))
				continue;
			passed |= outcome == COURSES_PASSED || (outcome == COURSES_EXEMPT && state->exempt);
			if ((outcome == COURSES_FAILED || outcome == COURSES_ABSENT)
				&& (newest == FRAME_NONE || courses_day(list, row) >= courses_day(list, newest)))
				newest = row;
		}
		if (newest == FRAME_NONE || passed)
			continue;
		size_t at = count;
		if (count == most) { /* the oldest makes room, if it is older */
			if (courses_day(list, rows[most - 1]) >= courses_day(list, newest))
				continue;
			at = most - 1;
		} else
			count++;
		for (; at > 0 && courses_day(list, rows[at - 1]) < courses_day(list, newest); at--)
			rows[at] = rows[at - 1];
		rows[at] = newest;
	}
	return count;
}

static void tell_failed(struct section_maker *maker, const struct state *state, size_t most)
{
	static const struct {
		enum label_id id;
		double share;
	} columns[] = { { LABEL_NO_CREDITS_FOR, 0.32 }, { LABEL_ON, 0.13 }, { LABEL_SCORE_OF, 0.21 },
		{ LABEL_SOURCE, 0.34 } };
	enum { COLUMNS = sizeof columns / sizeof columns[0] };
	const struct facts_list *list = &maker->view.block.lists[FEED_COMPLETION];
	const struct frame_column *courses = frame_column(&list->frame, (uint32_t)COMPLETION_COURSE_ID);
	struct arena *arena = &maker->arena;
	uint32_t rows[ROWS_MOST];
	size_t count = failed_rows(maker, state, rows, most);
	if (count == 0)
		return;
	struct doc_table_column *heads = arena_alloc(arena, COLUMNS, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, count * COLUMNS, sizeof *cells);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang), columns[c].share, DOC_LEFT };
	for (size_t i = 0; i < count; i++) {
		struct doc_cell *line = cells + i * COLUMNS;
		uint32_t row = rows[i], course = courses->u32[row];
		int64_t score, least;
		int score_scale, least_scale;
		const char *words = courses_outcome_text(courses_outcome(maker, list, row, course), maker->lang);
		line[0] = section_plain(facts_course_title(maker->input->facts, course));
		line[1] = section_plain(figure_date(arena, courses_day(list, row)));
		if (section_number(list, COMPLETION_SCORE, row, &score, &score_scale)) {
			const char *had = figure_number(arena, score, score_scale, -1);
			words = courses_number(maker, COURSE_PASS_SCORE, course, &least, &least_scale)
				? label_fill(
					arena, LABEL_SCORE_LEAST, maker->lang, words, had, figure_number(arena, least, least_scale, -1))
				: arena_printf(arena, "%s %s", words, had);
		}
		line[2] = (struct doc_cell){ .text = words, .tone = DOC_BRICK };
		line[3] = section_plain(section_source(maker, &list->frame, row));
		line[3].tone = DOC_GREY;
	}
	section_add(maker, DOC_TABLE)->table = (struct doc_table){ heads, COLUMNS, cells, count, NULL };
}

/* The total against its requirement, the rule, the rows it was summed from, and what earned nothing. */
static void tell_credits(struct section_maker *maker, const struct state *state, size_t most)
{
	struct arena *arena = &maker->arena;
	grade_credits(maker, false);
	if (state->credits_place != NULL) {
		const char *source = state->credits_told ? NULL : credits_source(maker, state);
		const char *words = label_fill(
			arena, LABEL_WHY_CREDITS, maker->lang, state->credits_rule, state->credits_place, state->credits_text);
		if (source != NULL)
			words = arena_printf(arena, "%s%s%s", words, label(LABEL_SEPARATOR, maker->lang),
				label_fill(arena, LABEL_WHY_FROM, maker->lang, source));
		section_text(maker, words, DOC_GREY, false, true);
	}
	tell_failed(maker, state, most);
}

/* "岗级变动 岗级变动_2026Q1.csv 第 12 行": the newest row of a feed, and how many there are. */
static const char *feed_source(struct section_maker *maker, enum feed_id feed, enum field_id field)
{
	const struct facts_list *list = &maker->view.block.lists[feed];
	uint32_t first, row, end, found = FRAME_NONE;
	section_rows(maker, feed, &first, &end);
	for (row = first; row < end; row++)
		if (found == FRAME_NONE || section_date(list, field, row) >= section_date(list, field, found))
			found = row;
	const char *source = found != FRAME_NONE ? section_source(maker, &list->frame, found) : NULL;
	if (source == NULL)
		return NULL;
	const char *words = text_pick(&feed_at(feed)->label, maker->lang);
	if (end - first > 1)
		source = label_fill(&maker->arena, LABEL_AND_ROWS, maker->lang, source, (unsigned)(end - first));
	return arena_printf(&maker->arena, "%s %s", words, source);
}

static void tell_sources(struct section_maker *maker)
{
	static const struct {
		enum feed_id feed;
		enum field_id day;
	} feeds[] = { { FEED_POSITION_HISTORY, POSITION_HISTORY_FROM_DATE }, { FEED_PERFORMANCE, PERFORMANCE_PERIOD },
		{ FEED_ASSESSMENT, ASSESSMENT_ASSESSED_ON }, { FEED_DISCIPLINE, DISCIPLINE_FROM_DATE } };
	const char *text = NULL;
	for (size_t i = 0; i < sizeof feeds / sizeof feeds[0]; i++) {
		const char *source = feed_source(maker, feeds[i].feed, feeds[i].day);
		if (source != NULL)
			text = text == NULL
				? source
				: arena_printf(&maker->arena, "%s%s%s", text, label(LABEL_SEPARATOR, maker->lang), source);
	}
	if (text != NULL)
		section_text(maker, label_fill(&maker->arena, LABEL_WHY_FROM, maker->lang, text), DOC_GREY, false, true);
}

/* "规则 promotion · rules/ladder.xml · 现职级满 24 个月 第 52 行；…": the gates that are open, each with its line. */
static void tell_gates(struct section_maker *maker, const struct state *state, const char *rule, const char *target)
{
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	const char *text = NULL, *file = NULL;
	uint32_t row, end;
	lists_rows(lists, state->gates, maker->row, &row, &end);
	for (; row < end; row++) {
		const char *of = lists_text(lists, state->gates, state->gate_target, row),
				   *gate = lists_text(lists, state->gates, state->gate, row),
				   *outcome = lists_text(lists, state->gates, state->gate_state, row);
		if (of == NULL || gate == NULL || strcmp(of, target) != 0 || (outcome != NULL && strcmp(outcome, "met") == 0))
			continue;
		const char *id = strchr(gate, '.') != NULL ? gate : arena_printf(arena, "%s.%s", target, gate);
		const struct result_parameter *parameter = parameter_of(maker->directory, rule, id);
		const struct result_member *member = roles_find_member(maker->directory, rule, "gate", id);
		if (parameter == NULL)
			continue;
		file = parameter->file;
		const char *one = label_fill(arena, LABEL_GATE_LINE, maker->lang,
			member != NULL ? text_pick(&member->title, maker->lang) : gate, (unsigned)parameter->line);
		text = text == NULL ? one : arena_printf(arena, "%s%s%s", text, label(LABEL_LIST_SEMICOLON, maker->lang), one);
	}
	if (text != NULL)
		section_text(
			maker, label_fill(arena, LABEL_WHY_GATES, maker->lang, rule, file, text), DOC_GREY, false, true);
}

/* The nearest promotion: its class, the lines of the rules that keep it open, the rows it was read from. */
static void tell_promotion(struct section_maker *maker, const struct state *state)
{
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	uint32_t row, end;
	lists_rows(lists, state->list, maker->row, &row, &end);
	while (row < end && !lists_true(lists, state->list, state->nearest, row))
		row++;
	const char *target = row < end ? lists_text(lists, state->list, state->target, row) : NULL,
			   *class = row < end ? lists_text(lists, state->list, state->class, row) : NULL;
	if (target == NULL || class == NULL)
		return;
	const char *rule = lists->at[state->list].table->columns[0].rule;
	const struct result_member *step = roles_find_member(maker->directory, rule, "step", target),
							   *words = roles_find_member(maker->directory, rule, "class", class);
	const char *title = step != NULL ? text_pick(&step->title, maker->lang) : target;
	if (strstr(title, target) == NULL)
		title = arena_printf(arena, "%s %s", target, title);
	const char *text = label_fill(arena, LABEL_WHY_NEAREST, maker->lang, title,
		words != NULL ? text_pick(&words->title, maker->lang) : label_code(class, maker->lang));
	const struct {
		int column;
		enum label_id words;
	} counts[] = { { state->unmet, LABEL_GATES_UNMET }, { state->unknown, LABEL_GATES_UNKNOWN } };
	for (size_t i = 0; i < 2; i++) {
		int64_t count;
		int scale;
		if (lists_number(lists, state->list, counts[i].column, row, &count, &scale) && count > 0)
			text = arena_printf(arena, "%s%s%s", text, label(LABEL_SEPARATOR, maker->lang),
				label_fill(arena, counts[i].words, maker->lang, figure_number(arena, count, scale, 0)));
	}
	section_text(maker, text, DOC_INK, true, false);
	tell_gates(maker, state, rule, target);
	tell_sources(maker);
}

/* What a person may read of themselves; the rest is for the internal edition. */
static bool may_show(const struct section_maker *maker, const struct state *state, const char *field)
{
	return maker->internal || (state->grade_rule != NULL && strcmp(field, state->grade_rule) == 0)
		|| strncmp(field, "readiness", 9) == 0 || strncmp(field, "promotion", 9) == 0 || strncmp(field, "idp", 3) == 0
		|| strncmp(field, "IDP", 3) == 0;
}

static void tell_decisions(struct section_maker *maker, const struct state *state, uint32_t most)
{
	static const struct {
		enum label_id id;
		double share;
	} columns[] = { { LABEL_DECISION, 0.22 }, { LABEL_ON, 0.12 }, { LABEL_REASON, 0.30 }, { LABEL_DECIDED_BY, 0.14 },
		{ LABEL_SOURCE, 0.22 } };
	enum { COLUMNS = sizeof columns / sizeof columns[0] };
	const struct facts_list *list = &maker->view.block.lists[FEED_DECISION];
	struct arena *arena = &maker->arena;
	uint32_t first, row, rows[ROWS_MOST], found = 0, count = 0;
	section_rows(maker, FEED_DECISION, &first, &row);
	for (; row > first; row--) { /* the newest first */
		const char *field = section_fact(maker, list, DECISION_FIELD, row - 1);
		int32_t day = section_date(list, DECISION_DECIDED_ON, row - 1);
		uint32_t at = found;
		if (field == NULL || !may_show(maker, state, field)
			|| (found == most && section_date(list, DECISION_DECIDED_ON, rows[most - 1]) >= day))
			continue;
		at -= found == most; /* the oldest makes room */
		for (found += found<most; at> 0 && section_date(list, DECISION_DECIDED_ON, rows[at - 1]) < day; at--)
			rows[at] = rows[at - 1];
		rows[at] = row - 1;
	}
	struct doc_table_column *heads = arena_alloc(arena, COLUMNS, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, (size_t)found * COLUMNS + 1, sizeof *cells);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang), columns[c].share, DOC_LEFT };
	while (count < found) {
		row = rows[count];
		const char *field = section_fact(maker, list, DECISION_FIELD, row);
		struct doc_cell *line = cells + (size_t)count++ * COLUMNS;
		bool grade = state->grade_rule != NULL && strcmp(field, state->grade_rule) == 0;
		const char *name =
			grade ? text_pick(&maker->roles.grade_column->title, maker->lang) : label_code(field, maker->lang);
		const char *value = section_fact(maker, list, DECISION_VALUE, row);
		int64_t own;
		if (grade && value != NULL && decimal_parse(value, strlen(value), 0, &own))
			value = figure_grade(arena, own, maker->lang);
		int32_t until = section_date(list, DECISION_EXPIRES_ON, row);
		bool over = until != DATE_NONE && until < facts_params(maker->input->facts)->as_of;
		line[0] = section_plain(arena_printf(arena, "%s%s%s%s", name, label(LABEL_COLON, maker->lang),
			value != NULL ? value : label(LABEL_NONE, maker->lang), over ? label(LABEL_LAPSED, maker->lang) : ""));
		line[0].tone = over ? DOC_GREY : DOC_INK;
		line[1] = section_plain(figure_date(arena, section_date(list, DECISION_DECIDED_ON, row)));
		line[2] = section_plain(section_fact(maker, list, DECISION_REASON, row));
		line[3] = section_plain(section_fact(maker, list, DECISION_DECIDED_BY, row));
		line[4] = section_plain(section_source(maker, &list->frame, row));
		line[4].tone = DOC_GREY;
	}
	if (count == 0) {
		section_text(maker, label(LABEL_NO_DECISIONS, maker->lang), DOC_GREY, false, true);
		return;
	}
	section_add(maker, DOC_TABLE)->table = (struct doc_table){ heads, COLUMNS, cells, count, NULL };
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	uint32_t most = (uint32_t)section_most(section, 5);
	(void)err;
	most = most > ROWS_MOST ? ROWS_MOST : most;
	struct section_aside aside;
	section_head(maker, section, NULL);
	section_aside_begin(maker, &aside);
	tell_grade(maker, state);
	section_aside_end(maker, &aside);
	section_aside_begin(maker, &aside);
	tell_credits(maker, state, most);
	section_aside_end(maker, &aside);
	section_aside_begin(maker, &aside);
	tell_promotion(maker, state);
	section_aside_end(maker, &aside);
	section_aside_begin(maker, &aside);
	tell_decisions(maker, state, most);
	section_aside_end(maker, &aside);
	return 0;
}

static bool has(const struct section_maker *maker)
{
	return maker->roles.grade >= 0 || maker->roles.total >= 0;
}

const struct section_kind section_why_kind = { .name = "why",
	.help = "why this result: items with sources, courses without credits, decisions",
	.shape = &shape,
	.feeds = 1u << FEED_COMPLETION | 1u << FEED_PERFORMANCE | 1u << FEED_DECISION | 1u << FEED_POSITION_HISTORY
		| 1u << FEED_ASSESSMENT | 1u << FEED_DISCIPLINE,
	.bind = bind,
	.make = make,
	.has = has };
