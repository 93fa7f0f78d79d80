/*
 * result.c - the directory of results as JSON and back.
 *
 * Decides: the form kept in the store (version 1). Numbers of tables, columns and reasons are their places in the
 * lists. Does not decide: what a run computes (rules/) or shows (report/).
 */
#include "store/result.h"

#include "base/json.h"

#include <string.h>

static const char *const types[] = {
	[RESULT_NUMBER] = "number", [RESULT_DATE] = "date", [RESULT_TEXT] = "text", [RESULT_BOOL] = "bool",
	[RESULT_KEY] = "key",
};
static const char *const states[] = {
	[RESULT_KNOWN] = "known", [RESULT_NOT_EVALUATED] = "not-evaluated", [RESULT_NOT_GRADED] = "not-graded",
};
#define COUNT(list) (sizeof(list) / sizeof(list)[0])

const struct result_table *result_table(const struct result_directory *directory, const char *name)
{
	for (size_t i = 0; i < directory->table_count; i++)
		if (strcmp(directory->tables[i].name, name) == 0)
			return &directory->tables[i];
	return NULL;
}

const struct result_column *result_column(const struct result_table *table, const char *id, uint32_t *index)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (strcmp(table->columns[i].id, id) == 0) {
			if (index != NULL)
				*index = (uint32_t)i;
			return &table->columns[i];
		}
	return NULL;
}

/* --- writing --- */

static void put_pair(struct json_writer *json, const char *key, const struct text_pair *pair)
{
	json_key(json, key);
	json_object(json);
	json_put_text(json, "zh", pair->zh);
	json_put_text(json, "en", pair->en);
	json_close(json);
}

static void put_column(struct json_writer *json, const struct result_column *column)
{
	json_object(json);
	json_put_text(json, "id", column->id);
	json_put_text(json, "type", types[column->type]);
	if (column->type == RESULT_KEY)
		json_put_text(json, "dim", feed_dim_name(column->dim));
	json_put_int(json, "scale", column->scale);
	put_pair(json, "title", &column->title);
	json_put_text(json, "unit", column->unit);
	json_put_text(json, "rule", column->rule);
	json_put_text(json, "role", column->role);
	json_put_text(json, "member", column->member);
	json_close(json);
}

static void put_table(struct json_writer *json, const struct result_table *table)
{
	json_object(json);
	json_put_text(json, "name", table->name);
	json_put_int(json, "by_employee", table->by_employee);
	put_pair(json, "title", &table->title);
	json_key(json, "columns");
	json_array(json);
	for (size_t i = 0; i < table->column_count; i++)
		put_column(json, &table->columns[i]);
	json_close_array(json);
	json_close(json);
}

void result_directory_write(const struct result_directory *directory, struct str *out)
{
	struct json_writer json;

	json_begin(&json, out, false);
	json_object(&json);
	json_put_int(&json, "form", 1);
	json_put_text(&json, "rulebook", directory->rulebook);
	json_put_text(&json, "version", directory->version);
	put_pair(&json, "title", &directory->title);
	json_key(&json, "tables");
	json_array(&json);
	for (size_t i = 0; i < directory->table_count; i++)
		put_table(&json, &directory->tables[i]);
	json_close_array(&json);
	json_key(&json, "reasons");
	json_array(&json);
	for (size_t i = 0; i < directory->reason_count; i++) {
		const struct result_reason *reason = &directory->reasons[i];

		json_object(&json);
		json_put_text(&json, "id", reason->id);
		json_put_text(&json, "state", states[reason->state]);
		put_pair(&json, "text", &reason->text);
		json_close(&json);
	}
	json_close_array(&json);
	json_key(&json, "members");
	json_array(&json);
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];

		json_object(&json);
		json_put_text(&json, "rule", member->rule);
		json_put_text(&json, "list", member->list);
		json_put_text(&json, "id", member->id);
		put_pair(&json, "title", &member->title);
		json_put_text(&json, "values", member->values);
		json_close(&json);
	}
	json_close_array(&json);
	json_key(&json, "parameters");
	json_array(&json);
	for (size_t i = 0; i < directory->parameter_count; i++) {
		const struct result_parameter *parameter = &directory->parameters[i];

		json_object(&json);
		json_put_text(&json, "rule", parameter->rule);
		json_put_text(&json, "name", parameter->name);
		json_put_text(&json, "value", parameter->value);
		json_put_text(&json, "file", parameter->file);
		json_put_int(&json, "line", parameter->line);
		put_pair(&json, "title", &parameter->title);
		json_close(&json);
	}
	json_close_array(&json);
	json_close(&json);
}

/* --- reading --- */

static const char *get_text(const struct json *json, const char *key, struct arena *arena)
{
	const struct json *value = json_get(json, key);

	return value != NULL ? arena_text(arena, json_text_of(value)) : NULL;
}

static struct text_pair get_pair(const struct json *json, const char *key, struct arena *arena)
{
	const struct json *value = json_get(json, key);
	struct text_pair pair = {0};

	if (value != NULL) {
		pair.zh = get_text(value, "zh", arena);
		pair.en = get_text(value, "en", arena);
	}
	return pair;
}

static int64_t get_int(const struct json *json, const char *key)
{
	const struct json *value = json_get(json, key);

	return value != NULL ? json_int_of(value) : 0;
}

static int get_name(const struct json *json, const char *key, const char *const *names, size_t count, struct err *err)
{
	const struct json *value = json_get(json, key);
	const char *name = value != NULL ? json_text_of(value) : NULL;

	for (size_t i = 0; name != NULL && i < count; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return err_set(err, STATUS_IO, "the directory of results has the unknown %s '%s'", key, name != NULL ?
		name : "");
}

static size_t get_list(const struct json *json, const char *key, const struct json **list)
{
	*list = json_get(json, key);
	return *list != NULL ? json_count(*list) : 0;
}

static int read_column(const struct json *json, struct arena *arena, struct result_column *column, struct err *err)
{
	const char *dims[KEY_DIM_COUNT];
	int type = get_name(json, "type", types, COUNT(types), err), dim = 0;

	if (type < 0)
		return -1;
	if (type == RESULT_KEY) {
		for (int i = 0; i < KEY_DIM_COUNT; i++)
			dims[i] = feed_dim_name((enum key_dim)i);
		dim = get_name(json, "dim", dims, KEY_DIM_COUNT, err);
		if (dim < 0)
			return -1;
	}
	*column = (struct result_column){
		.id = get_text(json, "id", arena), .type = (enum result_type)type, .dim = (enum key_dim)dim,
		.scale = (int)get_int(json, "scale"), .title = get_pair(json, "title", arena),
		.unit = get_text(json, "unit", arena), .rule = get_text(json, "rule", arena),
		.role = get_text(json, "role", arena), .member = get_text(json, "member", arena),
	};
	if (column->id == NULL)
		return err_set(err, STATUS_IO, "the directory of results has a column without an id");
	return 0;
}

static int read_table(const struct json *json, struct arena *arena, struct result_table *table, struct err *err)
{
	const struct json *list;
	size_t count = get_list(json, "columns", &list);

	*table = (struct result_table){.name = get_text(json, "name", arena),
		.by_employee = get_int(json, "by_employee") != 0, .title = get_pair(json, "title", arena),
			.column_count = count,
		.columns = arena_alloc(arena, count + 1, sizeof *table->columns)};
	if (table->name == NULL)
		return err_set(err, STATUS_IO, "the directory of results has a table without a name");
	for (size_t i = 0; i < count; i++)
		if (read_column(json_at(list, i), arena, &table->columns[i], err) != 0)
			return -1;
	return 0;
}

static int read_lists(const struct json *json, struct arena *arena, struct result_directory *directory, struct err *err)
{
	const struct json *list;

	directory->table_count = get_list(json, "tables", &list);
	directory->tables = arena_alloc(arena, directory->table_count + 1, sizeof *directory->tables);
	for (size_t i = 0; i < directory->table_count; i++)
		if (read_table(json_at(list, i), arena, &directory->tables[i], err) != 0)
			return -1;
	directory->reason_count = get_list(json, "reasons", &list);
	directory->reasons = arena_alloc(arena, directory->reason_count + 1, sizeof *directory->reasons);
	for (size_t i = 0; i < directory->reason_count; i++) {
		const struct json *at = json_at(list, i);
		int state = get_name(at, "state", states, COUNT(states), err);

		if (state < 0)
			return -1;
		directory->reasons[i] = (struct result_reason){.id = get_text(at, "id", arena),
			.state = (enum result_state)state, .text = get_pair(at, "text", arena)};
	}
	directory->member_count = get_list(json, "members", &list);
	directory->members = arena_alloc(arena, directory->member_count + 1, sizeof *directory->members);
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct json *at = json_at(list, i);

		directory->members[i] = (struct result_member){.rule = get_text(at, "rule", arena),
			.list = get_text(at, "list", arena), .id = get_text(at, "id", arena),
			.title = get_pair(at, "title", arena), .values = get_text(at, "values", arena)};
	}
	directory->parameter_count = get_list(json, "parameters", &list);
	directory->parameters = arena_alloc(arena, directory->parameter_count + 1, sizeof *directory->parameters);
	for (size_t i = 0; i < directory->parameter_count; i++) {
		const struct json *at = json_at(list, i);

		directory->parameters[i] = (struct result_parameter){.rule = get_text(at, "rule", arena),
			.name = get_text(at, "name", arena), .value = get_text(at, "value", arena),
			.file = get_text(at, "file", arena), .line = (int)get_int(at, "line"),
			.title = get_pair(at, "title", arena)};
	}
	return 0;
}

int result_directory_read(const char *text, size_t length, struct arena *arena, struct result_directory *directory,
	struct err *err)
{
	struct json *json = json_parse(text, length, err);
	int result;

	*directory = (struct result_directory){0};
	if (json == NULL)
		return -1;
	if (get_int(json, "form") != 1)
		result = err_set(err, STATUS_IO, "the directory of results has a form this program does not know");
	else {
		directory->rulebook = get_text(json, "rulebook", arena);
		directory->version = get_text(json, "version", arena);
		directory->title = get_pair(json, "title", arena);
		result = read_lists(json, arena, directory, err);
	}
	json_free(json);
	if (result != 0)
		*directory = (struct result_directory){0};
	return result;
}
