/*
 * results.c - prints result tables as JSON, one object a line, block by block.
 *
 * Decides the form of a value. Does not decide what is computed (rules) nor what stands in the store (store/result.h).
 */
#include "run/results.h"

#include "base/fs.h"
#include "base/json.h"
#include "rules/rules.h"
#include "store/store.h"

#include <string.h>

struct printer {
	struct plan plan;
	struct arena arena, block;           /* of the whole, of one block */
	struct store *store;
	const struct map *keys[KEY_DIM_COUNT];
	struct result_directory directory;
	int64_t run;
	bool several;                        /* tables: each object says which */
	const struct results_sink *sink;
	struct str out;
};

static const char *type_name(const struct result_column *column)
{
	switch (column->type) {
	case RESULT_NUMBER:
		return "number";
	case RESULT_DATE:
		return "date";
	case RESULT_TEXT:
		return "text";
	case RESULT_BOOL:
		return "boolean";
	case RESULT_KEY:
		return feed_dim_name(column->dim);
	}
	return "";
}

static void list_table(const struct result_table *table, enum text_lang lang, struct str *out)
{
	str_printf(out, "%s%s%s\n", table->name, text_pick(&table->title, lang)[0] != '\0' ? "  " : "",
		text_pick(&table->title, lang));
	for (size_t i = 0; i < table->column_count; i++) {
		const struct result_column *column = &table->columns[i];
		str_printf(out, "  %-32s  %-10s  %s\n", column->id, type_name(column), text_pick(&column->title, lang));
	}
}

static int load_plan(struct printer *printer, const struct plan_options *options, struct err *err)
{
	struct ingest_plan *inputs = ingest_plan_load(options->workspace != NULL ? options->workspace : ".", err);
	if (inputs == NULL)
		return -1;
	int result = plan_make(options, ingest_run(inputs), &printer->plan, err);
	ingest_plan_free(inputs);
	return result;
}

int results_list(const struct plan_options *options, struct str *out, struct err *err)
{
	struct printer printer = { 0 };
	struct rulebook *rulebook = NULL;
	int result = load_plan(&printer, options, err);
	if (result == 0 && (rulebook = rules_load(printer.plan.workspace, err)) == NULL)
		result = -1;
	if (result == 0)
		result = rules_directory(rulebook, &printer.arena, &printer.directory, err);
	for (size_t i = 0; result == 0 && i < printer.directory.table_count; i++)
		list_table(&printer.directory.tables[i], printer.plan.lang, out);
	rules_free(rulebook);
	plan_release(&printer.plan);
	arena_release(&printer.arena);
	return result;
}

/* The value of a cell behind its key; false if there is none. */
static bool put_value(struct printer *printer, const struct result_column *declared, const struct frame *frame,
	const struct frame_column *column, uint32_t row, struct json_writer *json)
{
	char text[48];
	if (column->why != NULL && column->why[row] != 0) {
		json_key(json, declared->id);
		json_object(json);
		json_put_text(json, "why", printer->directory.reasons[column->why[row] - 1].id);
		json_close(json);
	} else if (column->type == FRAME_I64) {
		if (column->i64[row] == DECIMAL_NONE)
			return false;
		decimal_format(column->i64[row], column->scale, -1, text);
		json_key(json, declared->id);
		json_number(json, text);
	} else if (column->type == FRAME_I32) {
		if (column->i32[row] == DATE_NONE)
			return false;
		date_format_iso(column->i32[row], text);
		json_put_text(json, declared->id, text);
	} else if (column->u32[row] == FRAME_NONE) {
		return false;
	} else if (column->text) {
		json_put_text(json, declared->id, frame_text(frame, column, row));
	} else if (declared->type == RESULT_KEY) {
		json_put_text(json, declared->id, map_text(printer->keys[declared->dim], column->u32[row]));
	} else {
		json_key(json, declared->id);
		json_bool(json, column->u32[row] != 0);
	}
	return true;
}

static int print_block(struct printer *printer, uint32_t number, uint32_t block, struct err *err)
{
	const struct result_table *table = &printer->directory.tables[number];
	struct frame frame;
	bool found = false;
	arena_reset(&printer->block);
	str_clear(&printer->out);
	if (store_result_get(
			printer->store, printer->run, number, block, NULL, 0, &printer->block, &frame, &found, err) != 0)
		return -1;
	for (uint32_t row = 0; found && row < frame.count; row++) {
		struct json_writer json;
		size_t before = printer->out.length;
		bool any = false;
		json_begin(&json, &printer->out, false);
		json_object(&json);
		if (printer->several)
			json_put_text(&json, "table", table->name);
		if (table->by_employee)
			json_put_text(&json, "employee", map_text(printer->keys[KEY_DIM_EMPLOYEE], block * STORE_BLOCK + row));
		for (size_t i = 0; i < frame.column_count; i++)
			any |= put_value(printer, &table->columns[frame.columns[i].id], &frame, &frame.columns[i], row, &json);
		json_close(&json);
		str_add_char(&printer->out, '\n');
		if (!any) { /* a number somebody named, but nobody of the roster */
			printer->out.length = before;
			printer->out.text[before] = '\0';
		}
	}
	return printer->sink->write(printer->sink->context, str_text(&printer->out), printer->out.length, err);
}

static int open_run(struct printer *printer, struct err *err)
{
	struct store_run *runs;
	size_t count;
	if (!fs_exists(printer->plan.store_path)) {
		err_set(err, STATUS_NO_INPUT, "workspace '%s' has no store yet", printer->plan.workspace);
		err_hint(err, "Run `pandian run` first.");
		return -1;
	}
	printer->store = store_open(printer->plan.store_path, STORE_READ, err);
	if (printer->store == NULL
		|| store_runs_published(printer->store, DATE_NONE, &printer->arena, &runs, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (strcmp(runs[i].period, printer->plan.period.name) == 0) {
			printer->run = runs[i].id;
			return store_directory_get(printer->store, printer->run, &printer->arena, &printer->directory, err);
		}
	err_set(err, STATUS_NO_INPUT, "nothing is published for %s", printer->plan.period.name);
	err_hint(err, "Run `pandian run --period %s` first.", printer->plan.period.name);
	return -1;
}

static const struct result_table *find_table(struct printer *printer, const char *name, struct err *err)
{
	const struct result_table *table = result_table(&printer->directory, name);
	if (table == NULL) {
		err_set(err, STATUS_USAGE, "there is no table '%s' in the results of %s", name, printer->plan.period.name);
		err_hint(err, "`pandian results` names all tables.");
	}
	return table;
}

static int print_table(struct printer *printer, const char *name, struct err *err)
{
	const struct result_table *table = find_table(printer, name, err);
	if (table == NULL)
		return -1;
	for (size_t dim = 0; dim < KEY_DIM_COUNT; dim++)
		if ((printer->keys[dim] = store_keys(printer->store, (enum key_dim)dim, err)) == NULL)
			return -1;
	uint32_t number = (uint32_t)(table - printer->directory.tables);
	if (!table->by_employee && !table->list)
		return print_block(printer, number, STORE_BLOCK_NONE, err);
	for (uint32_t block = 0; block * STORE_BLOCK < printer->keys[KEY_DIM_EMPLOYEE]->count; block++)
		if (print_block(printer, number, block, err) != 0)
			return -1;
	return 0;
}

int results_print(const struct plan_options *options, const char *const *tables, size_t count,
	const struct results_sink *sink, struct err *err)
{
	struct printer printer = { .sink = sink, .several = count > 1 };
	int result = load_plan(&printer, options, err);
	if (result == 0)
		result = open_run(&printer, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = find_table(&printer, tables[i], err) != NULL ? 0 : -1;
	for (size_t i = 0; result == 0 && i < count; i++)
		result = print_table(&printer, tables[i], err);
	if (printer.store != NULL && store_close(printer.store, err) != 0)
		result = -1;
	plan_release(&printer.plan);
	str_release(&printer.out);
	arena_release(&printer.block);
	arena_release(&printer.arena);
	return result;
}
