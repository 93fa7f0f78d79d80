/*
 * section_basics.c - 基础信息: a grid of labels and values, as the template lists them. What is not on record says so.
 */
#include "report/section.h"

#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape value_attrs[] = {
	{ "value", XML_FEEL, true, NULL, "a value" },
	{ "format", XML_CHOICE, false, "months", "months: as years and months" },
	{ "optional", XML_BOOL, false, NULL, "yes: left out where the value is missing or unknown" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const value_children[] = { &section_title_shape, NULL };
static const struct xml_shape value_shape = { "value", value_attrs, value_children, 0, 40, false,
	"a label and its value" };
static const struct xml_attr_shape attrs[] = { SECTION_ATTRS,
	{ "columns", XML_INTEGER, false, NULL, "pairs a line; default 4" }, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, &value_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "grid of labels and values" };

struct pair {
	const char *label;
	int value;
	bool optional, months, manager;
};
struct state {
	struct pair *at;
	size_t count;
	int columns;
};

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	const char *columns = xml_attr_or(section->node, "columns", "4");
	state->columns = columns[0] >= '1' && columns[0] <= '6' && columns[1] == '\0' ? columns[0] - '0' : 4;
	state->at = arena_alloc(&maker->keep, 40, sizeof *state->at);
	for (const struct xml_node *node = xml_child(section->node, "value"); node != NULL && state->count < 40;
		 node = xml_next(node, "value")) {
		const char *value = xml_attr(node, "value");
		struct pair pair = { .optional = xml_yes(xml_attr_or(node, "optional", "no")),
			.months = xml_attr(node, "format") != NULL };
		if (pair.optional && !view_knows(&maker->view, value))
			continue;
		if ((pair.value = view_bind(&maker->view, node, value, err)) < 0)
			return -1;
		pair.manager = strcmp(value, "manager_id") == 0;
		maker->wants_managers |= pair.manager;
		struct text_pair title = xml_text_pair(node, "title");
		if (title.zh == NULL && title.en == NULL && maker->view.values.at[pair.value].name != NULL)
			title = maker->view.values.at[pair.value].name->title;
		pair.label = text_pick(&title, maker->lang);
		state->at[state->count++] = pair;
	}
	section->state = state;
	return 0;
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	struct doc_pair *pairs = arena_alloc(&maker->arena, state->count + 1, sizeof *pairs);
	size_t count = 0;
	(void)err;
	for (size_t i = 0; i < state->count; i++) {
		struct view_cell cell;
		section_cell(maker, state->at[i].value, &cell);
		const char *text = section_figure(maker, &cell, -1);
		if (text == NULL && state->at[i].optional)
			continue;
		if (text != NULL && state->at[i].months && cell.kind == VIEW_NUMBER && cell.scale == 0 && cell.number >= 0
			&& cell.number < 2000)
			text = figure_months(&maker->arena, (int)cell.number, maker->lang);
		if (state->at[i].manager && text != NULL && maker->managers != NULL) {
			uint32_t manager = facts_find(maker->input->facts, KEY_DIM_EMPLOYEE, text);
			if (manager != FRAME_NONE && maker->managers[manager] != NULL)
				text = arena_printf(&maker->arena, "%s %s", maker->managers[manager], text);
		}
		pairs[count++] = (struct doc_pair){ .label = state->at[i].label,
			.value = text != NULL ? text : label(LABEL_NO_VALUE, maker->lang) };
	}
	section_head(maker, section, NULL);
	section_add(maker, DOC_GRID)->grid = (struct doc_grid){ pairs, count, state->columns };
	return 0;
}

const struct section_kind section_basics_kind = { .name = "basics",
	.help = "grid of labels and values",
	.shape = &shape,
	.bind = bind,
	.make = make };
