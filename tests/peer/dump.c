/*
 * dump.c - the results of a published run, one value a line, for comparison with the independent model.
 *
 * dump STORE PERIOD    prints "table<TAB>row<TAB>column<TAB>value", row = the employee's number in the table of people,
 * else the number of the row; a value is "(reason)" where there is none for a reason. "table<TAB>-<TAB>column<TAB>" first
 * names all columns.
 */
#include "store/store.h"

#include <stdio.h>
#include <string.h>

struct reader {
	struct store *store;
	const struct store_run *run;
	const struct result_directory *directory;
	struct arena *arena;
};

static const char *value_of(const struct reader *reader, const struct result_column *declared, const struct frame *frame,
	const struct frame_column *column, uint32_t row, char text[48], struct err *err)
{
	text[0] = '\0';
	if (column->type == FRAME_I64)
		decimal_format(column->i64[row], column->scale, -1, text);
	else if (column->type == FRAME_I32)
		date_format_iso(column->i32[row], text);
	else if (column->u32[row] != FRAME_NONE && column->text)
		return frame_text(frame, column, row);
	else if (column->u32[row] != FRAME_NONE && declared->type == RESULT_KEY) {
		const struct map *keys = store_keys(reader->store, declared->dim, err);
		return keys == NULL ? NULL : map_text(keys, column->u32[row]);
	} else if (column->u32[row] != FRAME_NONE)
		snprintf(text, 48, "%s", column->u32[row] != 0 ? "true" : "false");
	return text;
}

static int print_row(const struct reader *reader, const struct result_table *table, const struct frame *frame,
	const char *name, uint32_t row, struct err *err)
{
	for (size_t i = 0; i < frame->column_count; i++) {
		const struct frame_column *column = &frame->columns[i];
		const struct result_column *declared = &table->columns[column->id];
		char text[48];
		if (column->why != NULL && column->why[row] != 0) {
			printf("%s\t%s\t%s\t(%s)\n", table->name, name, declared->id,
				reader->directory->reasons[column->why[row] - 1].id);
			continue;
		}
		const char *value = value_of(reader, declared, frame, column, row, text, err);
		if (value == NULL)
			return -1;
		if (value[0] != '\0')
			printf("%s\t%s\t%s\t%s\n", table->name, name, declared->id, value);
	}
	return 0;
}

static int print_block(const struct reader *reader, uint32_t number, uint32_t block, uint32_t *rows, struct err *err)
{
	const struct result_table *table = &reader->directory->tables[number];
	struct frame frame;
	bool found = false;
	const struct map *people = store_keys(reader->store, KEY_DIM_EMPLOYEE, err);
	if (people == NULL || store_result_get(reader->store, reader->run->id, number, block, NULL, 0, reader->arena, &frame,
			&found, err) != 0)
		return -1;
	for (uint32_t row = 0; found && row < frame.count; row++) {
		char counted[16];
		snprintf(counted, sizeof counted, "%u", (unsigned)(*rows)++);
		if (print_row(reader, table, &frame, table->by_employee ? map_text(people, block * STORE_BLOCK + row) : counted,
				row, err) != 0)
			return -1;
	}
	return 0;
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
	struct reader reader = { store, run, &directory, arena };
	for (uint32_t t = 0; t < directory.table_count; t++) {
		const struct result_table *table = &directory.tables[t];
		uint32_t rows = 0;
		for (size_t i = 0; i < table->column_count; i++)
			printf("%s\t-\t%s\t\n", table->name, table->columns[i].id);
		if (!table->by_employee && !table->list && print_block(&reader, t, STORE_BLOCK_NONE, &rows, err) != 0)
			return -1;
		for (uint32_t block = 0; (table->by_employee || table->list) && block * STORE_BLOCK < keys->count; block++)
			if (print_block(&reader, t, block, &rows, err) != 0)
				return -1;
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
