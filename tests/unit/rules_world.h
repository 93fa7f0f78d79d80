/*
 * rules_world.h - a small workspace for tests of rules: rows put into a store, a rulebook, an evaluation, values as
 * texts.
 *
 * Included by one test program each; everything is static.
 */
#ifndef PANDIAN_TESTS_RULES_WORLD_H
#define PANDIAN_TESTS_RULES_WORLD_H

#include "base/arena.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"
#include "facts/facts.h"
#include "rules/rules.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WORLD_FIELDS 30

struct world_row {
	const char *value[WORLD_FIELDS];
};
struct world {
	char folder[64], path[96];
	struct arena arena;
	struct store *store;
	VEC(struct world_row) rows[FEED_COUNT];
	struct rulebook *book;
	struct facts *facts;
	struct facts_params params;
	struct findings findings;
	struct rules_run run;
	struct result_directory directory;
};

static __attribute__((unused)) void world_check(int rc, const struct err *err)
{
	if (rc != 0)
		fail_msg("%d: %s", err->status, err->text);
}

static __attribute__((unused)) void world_write(struct world *world, const char *name, const char *text)
{
	struct err err = { 0 };
	char *path = fs_join(world->folder, name);
	world_check(fs_replace(path, text, strlen(text), &err), &err);
	free(path);
}

static __attribute__((unused)) int world_open(void **state)
{
	struct err err = { 0 };
	struct world *world = mem_new(1, sizeof *world);
	*state = world;
	snprintf(world->folder, sizeof world->folder, "/tmp/pandian-test-XXXXXX");
	if (mkdtemp(world->folder) == NULL)
		return -1;
	snprintf(world->path, sizeof world->path, "%s/pandian.db", world->folder);
	char *rules = fs_join(world->folder, "rules");
	world_check(fs_make_dirs(rules, &err), &err);
	free(rules);
	world->store = store_open(world->path, STORE_WRITE, &err);
	world_check(world->store == NULL, &err);
	world->params = (struct facts_params){ .as_of = date_from_civil(2026, 9, 30),
		.period_first = date_from_civil(2026, 7, 1),
		.period_last = date_from_civil(2026, 9, 30),
		.horizon = INT64_MAX };
	world->run.jobs = 1;
	return 0;
}

static __attribute__((unused)) int world_close(void **state)
{
	struct err err = { 0 };
	struct world *world = *state;
	rules_free(world->book);
	if (world->facts != NULL)
		facts_close(world->facts);
	findings_release(&world->findings);
	if (world->store != NULL)
		store_close(world->store, &err);
	for (int feed = 0; feed < FEED_COUNT; feed++)
		VEC_RELEASE(&world->rows[feed]);
	arena_release(&world->arena);
	int rc = fs_remove_tree(world->folder, &err);
	free(world);
	return rc;
}

/* Adds a row: "field=value;field=value". */
static __attribute__((unused)) void world_add(struct world *world, enum feed_id id, const char *cells)
{
	const struct feed *feed = feed_at(id);
	struct world_row row = { { NULL } };
	while (*cells != '\0') {
		size_t name = strcspn(cells, "="), value = strcspn(cells + name + 1, ";");
		const struct feed_field *field = feed_field(feed, arena_copy(&world->arena, cells, name));
		if (field == NULL)
			fail_msg("no field in %s", cells);
		row.value[feed_field_index(field->id)] = arena_copy(&world->arena, cells + name + 1, value);
		cells += name + 1 + value;
		cells += *cells == ';';
	}
	VEC_PUSH(&world->rows[id], row);
}

static __attribute__((unused)) void world_cell(struct world *world, const struct feed_field *field,
	struct frame_column *column, uint32_t row, const char *text, struct frame_texts *texts, struct err *err)
{
	bool ok = true;
	if (text == NULL || text[0] == '\0')
		return;
	switch (field->type) {
	case FIELD_KEY:
		column->u32[row] = map_add(store_keys(world->store, field->dim, err), text, strlen(text));
		break;
	case FIELD_TEXT:
		column->u32[row] = frame_texts_add(texts, text, strlen(text));
		break;
	case FIELD_DATE:
		ok = date_parse_iso(text, strlen(text), &column->i32[row]);
		break;
	case FIELD_NUMBER:
		ok = decimal_parse(text, strlen(text), field->scale, &column->i64[row]);
		break;
	case FIELD_BOOL:
		column->u32[row] = strcmp(text, "yes") == 0;
		break;
	case FIELD_CODE:
		ok = feed_code_find(field, text, &column->u32[row]);
		break;
	}
	if (!ok)
		fail_msg("%s: bad value '%s'", field->name, text);
}

/* Puts the rows of a feed as one batch; employees stand in their blocks. */
static __attribute__((unused)) void world_put(struct world *world, enum feed_id id, struct err *err)
{
	const struct feed *feed = feed_at(id);
	size_t n = feed->field_count, key = 0;
	struct frame_column *like = arena_alloc(&world->arena, n + 1, sizeof *like);
	struct store_batch batch = { .feed = id,
		.file = arena_printf(&world->arena, "inputs/%s.csv", feed->name),
		.full = true,
		.snapshot = DATE_NONE,
		.encoding = "UTF-8",
		.choices = "{}",
		.rows = world->rows[id].count,
		.kept = world->rows[id].count };
	snprintf(batch.sha256, sizeof batch.sha256, "%064d", (int)id);
	snprintf(batch.mapping, sizeof batch.mapping, "%064d", 0);
	for (size_t i = 0; i < n; i++) {
		const struct feed_field *field = &feed->fields[i];
		like[i] = (struct frame_column){ .id = field->id,
			.type = field->type == FIELD_DATE     ? FRAME_I32
				: field->type == FIELD_NUMBER ? FRAME_I64
							      : FRAME_U32,
			.scale = field->type == FIELD_NUMBER ? field->scale : 0,
			.text = field->type == FIELD_TEXT };
		if (strcmp(field->name, "employee_id") == 0)
			key = i;
	}
	like[n] = (struct frame_column){ .id = STORE_ROW_ID, .type = FRAME_U32 };
	world_check(store_batch_add(world->store, &batch, err), err);
	/* keys first, then block by block */
	uint32_t blocks = 1;
	for (size_t r = 0; feed->grain == FEED_GRAIN_EMPLOYEE && r < world->rows[id].count; r++) {
		const char *text = world->rows[id].at[r].value[key];
		uint32_t k = map_add(store_keys(world->store, KEY_DIM_EMPLOYEE, err), text, strlen(text));
		if (k / STORE_BLOCK + 1 > blocks)
			blocks = k / STORE_BLOCK + 1;
	}
	for (uint32_t block = 0; block < blocks; block++) {
		struct frame frame;
		struct frame_texts texts = { 0 };
		uint32_t count = 0, at = 0;
		for (int fill = 0; fill < 2; fill++) {
			if (fill == 1)
				frame_init(&frame, count, like, n + 1, &world->arena);
			for (size_t r = 0; r < world->rows[id].count; r++) {
				const struct world_row *row = &world->rows[id].at[r];
				if (feed->grain == FEED_GRAIN_EMPLOYEE &&
					map_find(store_keys(world->store, KEY_DIM_EMPLOYEE, err), row->value[key],
						strlen(row->value[key])) /
							STORE_BLOCK !=
						block)
					continue;
				count += fill == 0;
				if (fill == 0)
					continue;
				for (size_t i = 0; i < n; i++)
					world_cell(world, &feed->fields[i], &frame.columns[i], at, row->value[i],
						&texts, err);
				frame.columns[n].u32[at++] = (uint32_t)r + 2;
			}
		}
		frame_texts_end(&texts, &frame, &world->arena);
		world_check(store_segment_put(world->store, id, batch.id, block, &frame, err), err);
	}
	world->rows[id].count = 0;
}

/* Everything added so far goes into the store; facts are opened anew. */
static __attribute__((unused)) void world_load(struct world *world)
{
	struct err err = { 0 };
	world_check(store_begin(world->store, &err), &err);
	for (int id = 0; id < FEED_COUNT; id++)
		if (world->rows[id].count > 0)
			world_put(world, (enum feed_id)id, &err);
	world_check(store_keys_save(world->store, &err), &err);
	world_check(store_commit(world->store, &err), &err);
	if (world->facts != NULL)
		facts_close(world->facts);
	world->facts = facts_open(world->store, &world->params, &err);
	world_check(world->facts == NULL, &err);
}

/* Writes rules/rulebook.xml around `rules` and loads it; NULL (and err) if refused. */
static __attribute__((unused)) struct rulebook *world_try_rules(struct world *world, const char *rules, struct err *err)
{
	const char *text = arena_printf(&world->arena,
		"<rulebook xmlns=\"urn:pandian:rules:1\" id=\"test\" version=\"1\">\n%s\n</rulebook>\n", rules);
	world_write(world, "rules/rulebook.xml", text);
	return rules_load(world->folder, err);
}

static __attribute__((unused)) void world_rules(struct world *world, const char *rules)
{
	struct err err = { 0 };
	rules_free(world->book);
	world->book = world_try_rules(world, rules, &err);
	world_check(world->book == NULL, &err);
}

/* Asserts that a rulebook is refused with status 78 and a message that holds both texts. */
static __attribute__((unused)) void world_refuses(
	struct world *world, const char *rules, const char *where, const char *what)
{
	struct err err = { 0 };
	struct rulebook *book = world_try_rules(world, rules, &err);
	if (book != NULL) {
		rules_free(book);
		fail_msg("not refused: %s", rules);
	}
	if (err.status != STATUS_CONFIG || strstr(err.text, where) == NULL || strstr(err.text, what) == NULL)
		fail_msg("%d: %s (expected %s … %s)", err.status, err.text, where, what);
}

static __attribute__((unused)) void world_run(struct world *world)
{
	struct err err = { 0 };
	struct store_run run = {
		.period = "2026Q3", .as_of = world->params.as_of, .state = STORE_RUN_STARTED, .details = "{}"
	};
	snprintf(run.key, sizeof run.key, "%064d", 7);
	world_load(world);
	world_check(store_begin(world->store, &err), &err);
	world_check(store_run_add(world->store, &run, &err), &err);
	world_check(store_commit(world->store, &err), &err);
	findings_release(&world->findings);
	world->findings = (struct findings){ 0 };
	world->run.facts = world->facts;
	world->run.store_path = world->path;
	world->run.store = world->store;
	world->run.run = run.id;
	world_check(rules_evaluate(world->book, &world->run, &world->findings, &err), &err);
	world_check(store_directory_get(world->store, run.id, &world->arena, &world->directory, &err), &err);
}

static __attribute__((unused)) const char *world_show(
	struct world *world, const struct frame *frame, const struct result_table *table, uint32_t index, uint32_t row)
{
	const struct result_column *result = &table->columns[index];
	const struct frame_column *column = frame_column(frame, index);
	if (column == NULL)
		return "";
	if (column->why != NULL && column->why[row] != 0)
		return arena_printf(&world->arena, "(%s)", world->directory.reasons[column->why[row] - 1].id);
	if (column->type == FRAME_I64) {
		char *text = arena_alloc(&world->arena, 1, 64);
		decimal_format(column->i64[row], column->scale, -1, text);
		return text;
	}
	if (column->type == FRAME_I32) {
		char *text = arena_alloc(&world->arena, 1, 16);
		date_format_iso(column->i32[row], text);
		return text;
	}
	if (column->u32[row] == FRAME_NONE)
		return "";
	if (result->type == RESULT_KEY)
		return facts_key(world->facts, result->dim, column->u32[row]);
	return result->type == RESULT_BOOL ? (column->u32[row] ? "yes" : "no") : frame_text(frame, column, row);
}

/* A person's result as text: "12.5", "" where empty, "(newcomer)" where there is a reason. */
static __attribute__((unused)) const char *world_value(struct world *world, const char *employee, const char *result)
{
	struct err err = { 0 };
	struct frame frame;
	bool found = false;
	uint32_t index = 0, key = facts_find(world->facts, KEY_DIM_EMPLOYEE, employee);
	if (key == FRAME_NONE || result_column(&world->directory.tables[0], result, &index) == NULL)
		fail_msg("no result %s of %s", result, employee);
	world_check(store_result_get(world->store, world->run.run, 0, key / STORE_BLOCK, NULL, 0, &world->arena, &frame,
			    &found, &err),
		&err);
	assert_true(found);
	return world_show(world, &frame, &world->directory.tables[0], index, key % STORE_BLOCK);
}

static __attribute__((unused)) void world_expect(
	struct world *world, const char *employee, const char *result, const char *expected)
{
	const char *got = world_value(world, employee, result);
	if (strcmp(got, expected) != 0)
		fail_msg("%s of %s is %s, not %s", result, employee, got, expected);
}

/* All rows of another table, cells joined by " | ", rows by "\n". */
static __attribute__((unused)) const char *world_table(struct world *world, const char *name)
{
	struct err err = { 0 };
	struct frame frame;
	struct str out = { 0 };
	bool found = false;
	const struct result_table *table = result_table(&world->directory, name);
	if (table == NULL)
		fail_msg("no table %s", name);
	uint32_t index = (uint32_t)(table - world->directory.tables);
	world_check(store_result_get(world->store, world->run.run, index, STORE_BLOCK_NONE, NULL, 0, &world->arena,
			    &frame, &found, &err),
		&err);
	assert_true(found);
	for (uint32_t row = 0; row < frame.count; row++)
		for (uint32_t k = 0; k < table->column_count; k++)
			str_printf(&out, "%s%s", world_show(world, &frame, table, k, row),
				k + 1 < table->column_count ? " | " : "\n");
	const char *text = arena_text(&world->arena, str_text(&out));
	str_release(&out);
	return text;
}

static __attribute__((unused)) const char *world_explain(
	struct world *world, const char *employee, const char *result, enum text_lang lang)
{
	struct err err = { 0 };
	struct str out = { 0 };
	uint32_t key = facts_find(world->facts, KEY_DIM_EMPLOYEE, employee);
	world_check(rules_explain(world->book, &world->run, key, result, lang, &out, &err), &err);
	const char *text = arena_text(&world->arena, str_text(&out));
	str_release(&out);
	return text;
}

static __attribute__((unused)) uint64_t world_findings(const struct world *world, enum finding_id id)
{
	uint64_t n = 0;
	for (size_t i = 0; i < world->findings.count; i++)
		n += world->findings.at[i].id == id;
	return n;
}

#endif
