/*
 * section_box.c - 九宫格: where the meeting saw the person, on the whole grid; internal edition only.
 *
 * Decides: the drawing: potential upwards, performance to the right, box = 3 x (potential - 1) + performance.
 */
#include "report/section.h"

#include "base/decimal.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SECTION_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "nine-box: the person's cell" };

struct state {
	int box, before;
	const char *titles[9];
	const char *rule;
};

static const struct result_column *box_column(const struct section_maker *maker)
{
	return roles_column(maker->directory, NULL, "box", "");
}

static bool has(const struct section_maker *maker)
{
	return box_column(maker) != NULL;
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	const struct result_column *box = box_column(maker);
	section->state = state;
	if (box == NULL)
		return xml_fail(section->node, err, "the rules have no nine-box; write optional=\"yes\"");
	state->rule = box->rule;
	state->box = roles_bind(&maker->view, box);
	state->before = view_bind_before(&maker->view, box->id);
	for (int i = 0; i < 9; i++) {
		const char id[2] = { (char)('1' + i), '\0' };
		const struct result_member *member = roles_find_member(maker->directory, box->rule, "box", id);
		state->titles[i] = member != NULL ? text_pick(&member->title, maker->lang) : arena_text(&maker->keep, id);
	}
	return 0;
}

/* 1 to 9; 0 where there is none. */
static int box_at(struct section_maker *maker, int value, struct view_cell *cell)
{
	int64_t box;
	section_cell(maker, value, cell);
	return cell->kind == VIEW_NUMBER && decimal_round(cell->number, cell->scale, 0, &box) && box >= 1 && box <= 9
		? (int)box
		: 0;
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	static const enum label_id rows[] = { LABEL_POTENTIAL_LOW, LABEL_POTENTIAL_MIDDLE, LABEL_POTENTIAL_HIGH };
	static const enum label_id heads_of[] = { LABEL_POTENTIAL_PERFORMANCE, LABEL_PERFORMANCE_LOW,
		LABEL_PERFORMANCE_MIDDLE, LABEL_PERFORMANCE_HIGH };
	const struct state *state = section->state;
	struct arena *arena = &maker->arena;
	struct view_cell now, then;
	int box = box_at(maker, state->box, &now), before = box_at(maker, state->before, &then);
	(void)err;
	section_head(maker, section, NULL);
	section_text(maker,
		box > 0 ? label_fill(arena, LABEL_BOX, maker->lang, arena_printf(arena, "%d", box), state->titles[box - 1])
				: label_fill(arena, LABEL_BOX_NONE, maker->lang,
					now.why != NULL ? text_pick(&now.why->text, maker->lang) : label(LABEL_NOT_EVALUATED, maker->lang)),
		box > 0 ? DOC_INK : DOC_GREY, box > 0, false);
	struct doc_table_column *heads = arena_alloc(arena, 4, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, 12, sizeof *cells);
	for (size_t c = 0; c < 4; c++)
		heads[c] = (struct doc_table_column){ label(heads_of[c], maker->lang), c == 0 ? 0.19 : 0.27, DOC_LEFT };
	for (int line = 0; line < 3; line++) {
		int potential = 2 - line; /* the highest stands on top */
		cells[line * 4] = (struct doc_cell){ .text = label(rows[potential], maker->lang), .tone = DOC_GREY };
		for (int c = 0; c < 3; c++) {
			int number = 3 * potential + c + 1;
			struct doc_cell *cell = &cells[line * 4 + c + 1];
			*cell = (struct doc_cell){ .text = arena_printf(arena, "%s%d %s", number == box ? "● " : "", number,
										   state->titles[number - 1]),
				.tone = number == box ? DOC_TEAL : DOC_GREY,
				.strong = number == box };
			if (number == before && number != box)
				cell->text = arena_printf(arena, "%s%s", cell->text, label(LABEL_BOX_BEFORE, maker->lang));
		}
	}
	section_add(maker, DOC_TABLE)->table = (struct doc_table){ heads, 4, cells, 3, NULL };
	for (size_t i = 0; i < maker->directory->parameter_count; i++) {
		const struct result_parameter *parameter = &maker->directory->parameters[i];
		if (strcmp(parameter->rule, state->rule) == 0 && strncmp(parameter->name, "cut", 3) == 0)
			section_text(maker,
				label_fill(arena, LABEL_BOX_CUTS, maker->lang, parameter->value,
					arena_printf(arena, "%s:%d", parameter->file, parameter->line)),
				DOC_GREY, false, true);
	}
	return 0;
}

const struct section_kind section_box_kind = { .name = "nine-box",
	.help = "nine-box: the person's cell; internal edition only",
	.shape = &shape,
	.bind = bind,
	.make = make,
	.has = has,
	.internal = true };
