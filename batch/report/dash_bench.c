/*
 * dash_bench.c - the rows of the bench, read by the roles of their columns.
 *
 * Does not decide: who is ready, what depth is (rules/bench.c).
 */
#include "report/dash.h"

#include "report/roles.h"

#include <string.h>

static int bind_role(struct view *view, const struct result_table *table, const char *role)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].role, role) == 0)
			return view_bind_name(view, view_names_find(view->names, table->columns[i].id));
	return -1;
}

static bool number_of(struct view *view, int value, uint32_t row, int64_t *number)
{
	struct view_cell cell;
	view_at(view, value, row, &cell);
	*number = cell.kind == VIEW_NUMBER ? cell.number : 0;
	return cell.kind == VIEW_NUMBER;
}

int dash_bench_make(struct dash_bench *bench, const struct report_input *input, struct arena *arena, struct err *err)
{
	enum { POSITION, STEP, SEATS, INCUMBENTS, READY, NEAR, DEPTH, ROLES };
	static const char *const roles[ROLES] = { "position", "step", "seats", "incumbents", "ready", "near", "depth" };
	const struct result_table *table = result_table(input->directory, "bench");
	struct view_names names;
	struct view view;
	int value[ROLES];
	if (table == NULL)
		return 0;
	bench->there = true;
	if (view_names_init(&names, input->directory, "bench", NULL, err) != 0)
		return -1;
	view_init(&view, &names, input);
	for (int r = 0; r < ROLES; r++)
		value[r] = bind_role(&view, table, roles[r]);
	int status = view_load(&view, 0, err);
	for (uint32_t row = 0; status == 0 && row < view.count && bench->count < DASH_SEATS; row++) {
		struct dash_seat *seat = &bench->at[bench->count++];
		struct view_cell cell;
		int64_t number;
		*seat = (struct dash_seat){ .title = "–", .seats = DECIMAL_NONE };
		view_at(&view, value[POSITION], row, &cell);
		if (cell.kind == VIEW_TEXT)
			seat->title = arena_text(arena, cell.text);
		view_at(&view, value[STEP], row, &cell);
		if (cell.kind == VIEW_TEXT) {
			const char *title = roles_member(input->directory, "step", cell.text, input->lang);
			seat->step = arena_text(arena, cell.text);
			if (title != NULL && *title != '\0')
				seat->title = title;
		}
		if (number_of(&view, value[SEATS], row, &number))
			seat->seats = number;
		number_of(&view, value[INCUMBENTS], row, &number);
		seat->incumbents = (uint64_t)number;
		if (!number_of(&view, value[READY], row, &number))
			seat->step = NULL;
		seat->ready = (uint64_t)number;
		number_of(&view, value[NEAR], row, &number);
		seat->near = (uint64_t)number;
		number_of(&view, value[DEPTH], row, &seat->depth);
	}
	view_release(&view);
	view_names_release(&names);
	return status;
}
