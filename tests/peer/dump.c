/*
 * dump.c - the results of people in a published run, one line each, for comparison with the independent model.
 *
 * dump STORE PERIOD    prints "employee<TAB>column<TAB>value"; "(reason)" where there is none for a reason.
 */
#include "store/store.h"

#include <stdio.h>
#include <string.h>

static const char *value_of(
	const struct frame *frame, const struct frame_column *column, uint32_t row, char text[48])
{
	text[0] = '\0';
	if (column->type == FRAME_I64)
		decimal_format(column->i64[row], column->scale, -1, text);
	else if (column->type == FRAME_I32)
		date_format_iso(column->i32[row], text);
	else if (column->u32[row] != FRAME_NONE && !column->text)
		snprintf(text, 48, "%u", (unsigned)column->u32[row]);
	else if (column->u32[row] != FRAME_NONE)
		return frame_text(frame, column, row);
	return text;
}

static void print_row(const struct result_directory *directory, const struct frame *frame, const char *id, uint32_t row)
{
	const struct result_table *people = &directory->tables[0];
	for (size_t i = 0; i < frame->column_count; i++) {
		const struct frame_column *column = &frame->columns[i];
		char text[48];
		if (column->why != NULL && column->why[row] != 0)
			printf("%s\t%s\t(%s)\n", id, people->columns[column->id].id,
				directory->reasons[column->why[row] - 1].id);
		else if (value_of(frame, column, row, text)[0] != '\0')
			printf("%s\t%s\t%s\n", id, people->columns[column->id].id, value_of(frame, column, row, text));
	}
}

static int dump(struct store *store, const char *period, struct arena *arena, struct err *err)
{
	struct result_directory directory;
	struct store_run *runs, *run = NULL;
	size_t count;
	const struct map *keys = store_keys(store, KEY_DIM_EMPLOYEE, err);
	if (keys == NULL || store_runs_published(store, DATE_NONE, arena, &runs, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (strcmp(runs[i].period, period) == 0)
			run = &runs[i];
	if (run == NULL)
		return err_set(err, STATUS_NO_INPUT, "nothing is published for %s", period);
	if (store_directory_get(store, run->id, arena, &directory, err) != 0)
		return -1;
	for (uint32_t block = 0; block * STORE_BLOCK < keys->count; block++) {
		struct frame frame;
		bool found = false;
		if (store_result_get(store, run->id, 0, block, NULL, 0, arena, &frame, &found, err) != 0)
			return -1;
		for (uint32_t row = 0; found && row < frame.count; row++)
			print_row(&directory, &frame, map_text(keys, block * STORE_BLOCK + row), row);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct err err = { 0 };
	struct arena arena = { 0 };
	if (argc != 3) {
		fputs("usage: dump STORE PERIOD\n", stderr);
		return STATUS_USAGE;
	}
	struct store *store = store_open(argv[1], STORE_READ, &err);
	int rc = store == NULL ? -1 : dump(store, argv[2], &arena, &err);
	if (store != NULL && store_close(store, &err) != 0)
		rc = -1;
	arena_release(&arena);
	if (rc != 0)
		fprintf(stderr, "dump: %s\n", err.text);
	return rc == 0 ? 0 : err.status;
}
