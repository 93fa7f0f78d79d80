/*
 * nine.c - one pass over the people: who stands in which box of the grid, who outside it.
 *
 * Does not decide: boxes (rules/). People without a value and without a reason are not counted.
 */
#include "report/nine.h"

#include "report/roles.h"

#include <string.h>

static void find_texts(struct nine *nine, const struct report_input *input, const char *rule, struct arena *arena)
{
	const struct result_directory *directory = input->directory;
	for (uint32_t b = 0; b < NINE_BOXES; b++) {
		const char *id = arena_printf(arena, "%u", (unsigned)b + 1), *title = NULL;
		for (size_t i = 0; i < directory->member_count && title == NULL; i++) {
			const struct result_member *member = &directory->members[i];
			if (strcmp(member->rule, rule) == 0 && strcmp(member->list, "box") == 0 && strcmp(member->id, id) == 0)
				title = text_pick(&member->title, input->lang);
		}
		nine->title[b] = title != NULL && *title != '\0' ? title : id;
	}
	nine->performance_cuts = nine->potential_cuts = "";
	for (size_t i = 0; i < directory->parameter_count; i++) {
		const struct result_parameter *parameter = &directory->parameters[i];
		if (strcmp(parameter->rule, rule) != 0)
			continue;
		if (strcmp(parameter->name, "performance-cuts") == 0)
			nine->performance_cuts = parameter->value;
		else if (strcmp(parameter->name, "potential-cuts") == 0)
			nine->potential_cuts = parameter->value;
	}
}

/* The place of a person: 0 to 8 a box, then the states; NINE_STATES: nowhere. */
static uint32_t place(struct nine *nine, const struct view_cell *cell)
{
	if (cell->kind == VIEW_NUMBER && cell->number >= 1 && cell->number <= NINE_BOXES && cell->scale == 0)
		return (uint32_t)cell->number - 1;
	if (cell->why == NULL)
		return NINE_STATES;
	uint32_t s = 0;
	while (s < nine->states && nine->state[s] != cell->why)
		s++;
	if (s == NINE_OUTSIDE)
		return NINE_STATES;
	if (s == nine->states)
		nine->state[nine->states++] = cell->why;
	return NINE_BOXES + s;
}

int nine_make(struct nine *nine, const struct report_input *input, bool names, struct arena *arena, struct err *err)
{
	struct view_names all;
	struct view view;
	*nine = (struct nine){ 0 };
	const struct result_column *box = roles_column(input->directory, NULL, "box", "");
	if (box == NULL)
		return 0;
	nine->there = true;
	find_texts(nine, input, box->rule, arena);
	const struct result_column *before = roles_column(input->directory, box->rule, "previous", "");
	if (view_names_init(&all, input->directory, "people", NULL, err) != 0)
		return -1;
	view_init(&view, &all, input);
	int now = view_bind_name(&view, view_names_find(&all, box->id)),
		was = before != NULL ? view_bind_name(&view, view_names_find(&all, before->id)) : -1,
		name = names ? view_bind_name(&view, view_names_find(&all, "name")) : -1, status = 0;
	for (uint32_t block = 0; block < view_blocks(&view) && status == 0; block++) {
		status = view_load(&view, block, err);
		for (uint32_t row = 0; status == 0 && row < view.count; row++) {
			struct view_cell cell, old, called;
			if (!view.active[row])
				continue;
			view_at(&view, now, row, &cell);
			uint32_t to = place(nine, &cell);
			if (to == NINE_STATES)
				continue;
			view_at(&view, was, row, &old);
			bool boxed = old.kind == VIEW_NUMBER && old.number >= 1 && old.number <= NINE_BOXES;
			nine->moved[boxed ? old.number - 1 : NINE_BOXES][to]++;
			nine->compared += boxed;
			nine->people++;
			if (to < NINE_BOXES && name >= 0 && nine->count[to] < NINE_NAMES) {
				view_at(&view, name, row, &called);
				nine->names[to][nine->count[to]] = called.kind == VIEW_TEXT ? arena_text(arena, called.text) : "–";
			}
			nine->count[to]++;
		}
	}
	view_release(&view);
	view_names_release(&all);
	return status;
}
