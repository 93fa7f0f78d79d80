/*
 * lists.c - reads result tables with many rows a person and finds a person's rows.
 *
 * Decides: nothing about values. Rows stand ascending by employee (store/result.h), so an index is one pass.
 */
#include "report/lists.h"

#include "base/date.h"

#include <string.h>

int lists_bind(struct lists *lists, const struct result_directory *directory, const char *table)
{
	const struct result_table *found = result_table(directory, table);
	if (found == NULL || !found->list)
		return -1;
	for (size_t i = 0; i < lists->count; i++)
		if (lists->at[i].table == found)
			return (int)i;
	if (lists->count == LISTS_MOST)
		return -1;
	lists->at[lists->count] = (struct list_table){ .table = found, .index = (uint32_t)(found - directory->tables) };
	return (int)lists->count++;
}

int lists_column(const struct lists *lists, int list, const char *id)
{
	if (list < 0)
		return -1;
	const struct result_table *table = lists->at[list].table;
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].id, id) == 0)
			return (int)i;
	return -1;
}

int lists_load(struct lists *lists, const struct report_input *input, uint32_t block, uint32_t first, uint32_t count,
	struct arena *arena, struct err *err)
{
	for (size_t i = 0; i < lists->count; i++) {
		struct list_table *list = &lists->at[i];
		bool found;
		list->frame = (struct frame){ 0 };
		list->offset = NULL;
		if (store_result_get(input->store, input->run, list->index, block, NULL, 0, arena, &list->frame, &found, err)
			!= 0)
			return -1;
		const struct frame_column *whose = frame_column(&list->frame, 0);
		if (!found || whose == NULL || whose->type != FRAME_U32)
			continue;
		list->offset = arena_alloc(arena, (size_t)count + 1, sizeof *list->offset);
		uint32_t row = 0;
		for (uint32_t person = 0; person < count; person++) {
			while (row < list->frame.count && whose->u32[row] < first + person)
				row++;
			list->offset[person] = row;
		}
		while (row < list->frame.count && whose->u32[row] < first + count)
			row++;
		list->offset[count] = row;
	}
	return 0;
}

void lists_rows(const struct lists *lists, int list, uint32_t person, uint32_t *first, uint32_t *end)
{
	const uint32_t *offset = list >= 0 ? lists->at[list].offset : NULL;
	*first = offset != NULL ? offset[person] : 0;
	*end = offset != NULL ? offset[person + 1] : 0;
}

static const struct frame_column *column_of(const struct lists *lists, int list, int column, enum frame_type type)
{
	const struct frame_column *found =
		list >= 0 && column >= 0 ? frame_column(&lists->at[list].frame, (uint32_t)column) : NULL;
	return found != NULL && found->type == type ? found : NULL;
}

const char *lists_text(const struct lists *lists, int list, int column, uint32_t row)
{
	const struct frame_column *from = column_of(lists, list, column, FRAME_U32);
	const char *text = from != NULL && from->text ? frame_text(&lists->at[list].frame, from, row) : NULL;
	return text != NULL && *text != '\0' ? text : NULL;
}

bool lists_number(const struct lists *lists, int list, int column, uint32_t row, int64_t *number, int *scale)
{
	const struct frame_column *from = column_of(lists, list, column, FRAME_I64);
	if (from == NULL || from->i64[row] == DECIMAL_NONE)
		return false;
	*number = from->i64[row];
	*scale = from->scale;
	return true;
}

int32_t lists_date(const struct lists *lists, int list, int column, uint32_t row)
{
	const struct frame_column *from = column_of(lists, list, column, FRAME_I32);
	return from != NULL ? from->i32[row] : DATE_NONE;
}

uint32_t lists_key(const struct lists *lists, int list, int column, uint32_t row)
{
	const struct frame_column *from = column_of(lists, list, column, FRAME_U32);
	return from != NULL && !from->text ? from->u32[row] : FRAME_NONE;
}

bool lists_true(const struct lists *lists, int list, int column, uint32_t row)
{
	return lists_key(lists, list, column, row) == 1;
}
