/*
 * section_changes.c - 较上期变化: a few figures, each as it was in the period before and as it is now.
 *
 * Decides: the words and signs of a change. What is missing on either side says so; nothing is compared with nothing.
 */
#include "report/section.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape value_attrs[] = {
	{ "show", XML_CHOICE, false, "credits|composite|grade|match|gaps|readiness",
		"a figure by role, whatever its id; readiness: one for each track" },
	{ "value", XML_FEEL, false, NULL, "or: a result of the rules" },
	{ "places", XML_INTEGER, false, NULL, "decimal places; default as stored" },
	{ "better", XML_CHOICE, false, "more|less", "less: the smaller figure is the better one; default more" },
	{ "optional", XML_BOOL, false, NULL, "yes: left out where the results have no such value" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const value_children[] = { &section_title_shape, NULL };
static const struct xml_shape value_shape = { "value", value_attrs, value_children, 0, 40, false,
	"a figure compared with the period before" };
static const struct xml_attr_shape attrs[] = { SECTION_ATTRS,
	{ "columns", XML_INTEGER, false, NULL, "pairs a line; default 4" }, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, &value_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "what changed since the last period" };

#define CHANGES_MOST 12

struct change {
	const char *label;
	int now, before, places;
	bool grade, less, class;
};
struct state {
	struct change at[CHANGES_MOST];
	size_t count;
	int columns;
};

static const struct result_column *column_of(const struct section_maker *maker, const char *show)
{
	const struct roles *roles = &maker->roles;
	if (strcmp(show, "grade") == 0)
		return roles->grade_column;
	if (strcmp(show, "credits") == 0)
		return roles->total_column;
	if (strcmp(show, "composite") == 0)
		return roles->grade_column != NULL
			? roles_column(maker->directory, roles->grade_column->rule, "composite", "")
			: NULL;
	return roles_column(maker->directory, NULL, show, "");
}

static void add(struct section_maker *maker, struct state *state, const struct xml_node *node,
	const struct result_column *column, const char *title)
{
	const char *places = xml_attr(node, "places"), *show = xml_attr(node, "show");
	if (state->count == CHANGES_MOST)
		return;
	state->at[state->count++] = (struct change){ .label = title,
		.now = roles_bind(&maker->view, column),
		.before = view_bind_before(&maker->view, column->id),
		.places = places != NULL && places[0] >= '0' && places[0] <= '9' && places[1] == '\0' ? places[0] - '0' : -1,
		.grade = maker->roles.grade_column == column,
		.less = strcmp(xml_attr_or(node, "better", "more"), "less") == 0,
		.class = show != NULL && strcmp(show, "readiness") == 0 };
}

/* One for each track, called as the rules call the track. */
static void add_tracks(struct section_maker *maker, struct state *state, const struct xml_node *node)
{
	const struct result_table *people = result_table(maker->directory, "people");
	for (size_t i = 0; i < people->column_count; i++) {
		const struct result_column *column = &people->columns[i];
		if (strcmp(column->role, "readiness") != 0 || *column->member == '\0')
			continue;
		const struct result_member *track = roles_find_member(maker->directory, column->rule, "track", column->member);
		add(maker, state, node, column,
			track != NULL ? text_pick(&track->title, maker->lang) : label_code(column->member, maker->lang));
	}
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	const char *columns = xml_attr_or(section->node, "columns", "4");
	section->state = state;
	state->columns = columns[0] >= '1' && columns[0] <= '6' && columns[1] == '\0' ? columns[0] - '0' : 4;
	for (const struct xml_node *node = xml_child(section->node, "value"); node != NULL; node = xml_next(node, "value")) {
		const char *show = xml_attr(node, "show"), *value = xml_attr(node, "value");
		struct text_pair title = xml_text_pair(node, "title");
		const struct result_column *column = NULL;
		if ((show == NULL) == (value == NULL))
			return xml_fail(node, err, "a value needs either show or value");
		if (show != NULL && strcmp(show, "readiness") == 0) {
			add_tracks(maker, state, node);
			continue;
		}
		if (show != NULL)
			column = column_of(maker, show);
		else {
			const struct view_name *name = view_names_find(&maker->names, value);
			if (name != NULL && name->source == VIEW_RESULT)
				column = name->column;
			else if (!xml_yes(xml_attr_or(node, "optional", "no")))
				return xml_fail(node, err, "'%s' is no result of the rules, so nothing can be compared", value);
		}
		if (column == NULL)
			continue; /* this pack has no such figure */
		if (title.zh == NULL && title.en == NULL)
			title = column->title;
		add(maker, state, node, column, text_pick(&title, maker->lang));
	}
	return 0;
}

static const char *words_of(struct section_maker *maker, const struct change *change, const struct view_cell *cell)
{
	int64_t grade;
	if (cell->kind == VIEW_MISSING)
		return cell->why != NULL ? text_pick(&cell->why->text, maker->lang) : label(LABEL_NONE, maker->lang);
	if (change->grade && cell->kind == VIEW_NUMBER && decimal_round(cell->number, cell->scale, 0, &grade))
		return figure_grade(&maker->arena, grade, maker->lang);
	if (change->class && cell->kind == VIEW_TEXT) {
		const struct result_member *member = roles_find_member(maker->directory, NULL, "class", cell->text);
		return member != NULL ? text_pick(&member->title, maker->lang) : label_code(cell->text, maker->lang);
	}
	return section_figure(maker, cell, change->places);
}

/* "60 ↑8", "三星 → 四星", "三星，不变", "60（上期 –）". */
static void show(struct section_maker *maker, const struct change *change, struct doc_pair *pair)
{
	struct arena *arena = &maker->arena;
	struct view_cell now, before;
	section_cell(maker, change->now, &now);
	section_cell(maker, change->before, &before);
	const char *is = words_of(maker, change, &now), *was = words_of(maker, change, &before);
	*pair = (struct doc_pair){ .label = change->label };
	if (now.kind == VIEW_MISSING || before.kind == VIEW_MISSING) {
		pair->value = now.kind == VIEW_MISSING && before.kind == VIEW_MISSING
			? label(LABEL_NONE, maker->lang)
			: label_fill(arena, LABEL_CHANGE_LONE, maker->lang, is, before.kind == VIEW_MISSING ? "–" : was);
		pair->tone = now.kind == VIEW_MISSING ? DOC_GREY : DOC_INK;
		return;
	}
	int scale = 0;
	int64_t by = now.kind == VIEW_NUMBER && before.kind == VIEW_NUMBER
		? figure_minus(now.number, now.scale, before.number, before.scale, &scale)
		: 0;
	if (strcmp(is, was) == 0 && by == 0) {
		pair->value = label_fill(arena, LABEL_CHANGE_NONE, maker->lang, is);
		return;
	}
	if (now.kind == VIEW_NUMBER && by != 0)
		pair->tone = (by > 0) != change->less ? DOC_TEAL : DOC_BRICK;
	pair->value = now.kind != VIEW_NUMBER || change->grade
		? arena_printf(arena, "%s → %s", was, is)
		: arena_printf(arena, "%s %s%s", is, by > 0 ? "↑" : "↓",
			  figure_number(arena, by > 0 ? by : -by, scale, change->places));
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	(void)err;
	if (state->count == 0)
		return 0; /* the rules give nothing to compare */
	section_head(maker, section, NULL);
	if (maker->input->previous == 0) {
		section_text(maker, label(LABEL_CHANGE_FIRST, maker->lang), DOC_GREY, false, true);
		return 0;
	}
	struct doc_pair *pairs = arena_alloc(&maker->arena, state->count, sizeof *pairs);
	for (size_t i = 0; i < state->count; i++)
		show(maker, &state->at[i], &pairs[i]);
	section_add(maker, DOC_GRID)->grid = (struct doc_grid){ pairs, state->count, state->columns };
	return 0;
}

const struct section_kind section_changes_kind = { .name = "changes",
	.help = "what changed since the last period",
	.shape = &shape,
	.bind = bind,
	.make = make };
