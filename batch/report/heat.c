/*
 * heat.c - one pass over the people: the competencies' gaps by department.
 *
 * Decides: who counts: active people whose gap is known. Who is not assessed is not a gap of 0.
 */
#include "report/heat.h"

#include "report/kept.h"
#include "report/roles.h"

#include <string.h>

static const char *title_of(
	const struct result_directory *directory, const struct result_column *column, enum text_lang lang)
{
	const char *title = roles_member(directory, "competency", column->member, lang);
	return title != NULL && *title != '\0' ? title : text_pick(&column->title, lang);
}

struct reading {
	struct view_names names;
	struct view view;
	int *value, *priority;
	int org;
};

static void find_columns(
	struct heat *heat, struct reading *reading, const struct report_input *input, const char *role, struct arena *arena)
{
	const struct result_table *people = &input->directory->tables[reading->names.people_table];
	heat->columns = arena_alloc(arena, people->column_count + 1, sizeof *heat->columns);
	reading->value = arena_alloc(arena, people->column_count + 1, sizeof *reading->value);
	reading->priority = arena_alloc(arena, people->column_count + 1, sizeof *reading->priority);
	for (size_t i = 0; i < people->column_count; i++) {
		const struct result_column *column = &people->columns[i];
		if (strcmp(column->role, role) != 0 || *column->member == '\0' || column->type != RESULT_NUMBER)
			continue;
		const struct result_column *priority =
			roles_column(input->directory, column->rule, "priority", column->member);
		size_t at = heat->count++;
		heat->columns[at] = (struct heat_column){ .result = column,
			.title = title_of(input->directory, column, input->lang),
			.weighted_scale = priority != NULL ? priority->scale : 0 };
		reading->value[at] = view_bind_name(&reading->view, view_names_find(&reading->names, column->id));
		reading->priority[at] = priority == NULL
			? -1
			: view_bind_name(&reading->view, view_names_find(&reading->names, priority->id));
	}
}

static void count_row(struct heat *heat, struct reading *reading, uint32_t row)
{
	struct view *view = &reading->view;
	const struct frame_column *units = view->values.at[reading->org].column;
	uint32_t group = departments_of(&heat->departments, units != NULL ? units->u32[row] : FRAME_NONE);
	heat->people[group]++;
	for (size_t c = 0; c < heat->count; c++) {
		struct heat_column *column = &heat->columns[c];
		struct view_cell cell;
		view_at(view, reading->value[c], row, &cell);
		if (cell.kind != VIEW_NUMBER)
			continue;
		heat->sum[group * heat->count + c] += cell.number;
		heat->known[group * heat->count + c]++;
		column->sum += cell.number;
		column->known++;
		column->with += cell.number > 0;
		view_at(view, reading->priority[c], row, &cell);
		if (cell.kind == VIEW_NUMBER)
			column->weighted += cell.number;
	}
}

int heat_make(struct heat *heat, const struct report_input *input, const char *role, bool units, struct arena *arena,
	struct err *err)
{
	struct reading reading = { .org = -1 };
	*heat = (struct heat){ 0 };
	if (kept_names(&reading.names, input, input->directory, "people", NULL, err) != 0)
		return -1;
	view_init(&reading.view, &reading.names, input);
	departments_make(input->facts, units, input->lang, arena, &heat->departments);
	find_columns(heat, &reading, input, role, arena);
	reading.org = view_bind_name(&reading.view, view_names_find(&reading.names, "org_unit"));
	size_t room = (size_t)heat->departments.count * (heat->count + 1) + 1;
	heat->sum = arena_alloc(arena, room, sizeof *heat->sum);
	heat->known = arena_alloc(arena, room, sizeof *heat->known);
	heat->people = arena_alloc(arena, (size_t)heat->departments.count + 1, sizeof *heat->people);
	int status = 0;
	for (uint32_t block = 0; heat->count > 0 && block < view_blocks(&reading.view) && status == 0; block++) {
		status = view_load(&reading.view, block, err);
		for (uint32_t row = 0; status == 0 && row < reading.view.count; row++)
			if (reading.view.active[row])
				count_row(heat, &reading, row);
	}
	view_release(&reading.view);
	view_names_release(&reading.names);
	return status;
}
