/*
 * store_run.c - runs, their result directories and result frames, and the check of the whole file.
 *
 * Decides: how they stand in the file. Does not decide: when a run counts as published (run/).
 */
#include "store/layout.h"

#include "base/hash.h"
#include "base/vec.h"

#include <string.h>

static const char *const states[] = {
	[STORE_RUN_STARTED] = "started", [STORE_RUN_EVALUATED] = "evaluated", [STORE_RUN_PUBLISHED] = "published",
	[STORE_RUN_FAILED] = "failed",
};

int store_run_add(struct store *store, struct store_run *run, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RUN_ADD, err);

	if (statement == NULL)
		return -1;
	store_bind_text(statement, 1, run->key);
	store_bind_text(statement, 2, run->period);
	sqlite3_bind_int(statement, 3, run->as_of);
	sqlite3_bind_int(statement, 4, run->revision);
	store_bind_text(statement, 5, states[run->state]);
	store_bind_text(statement, 6, run->details);
	if (store_execute(store, statement, "a run cannot be written", err) != 0)
		return -1;
	run->id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_run_set(struct store *store, const struct store_run *run, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RUN_SET, err);

	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, run->id);
	store_bind_text(statement, 2, states[run->state]);
	sqlite3_bind_int(statement, 3, run->revision);
	store_bind_text(statement, 4, run->details);
	if (store_execute(store, statement, "a run cannot be written", err) != 0)
		return -1;
	if (sqlite3_changes64(store->db) != 1)
		return err_set(err, STATUS_INTERNAL, "%s: there is no run %lld", store->path, (long long)run->id);
	return 0;
}

static int run_read(struct store *store, sqlite3_stmt *row, struct arena *arena, struct store_run *run, struct err *err)
{
	const char *state = (const char *)sqlite3_column_text(row, 5);
	size_t k = 0;

	*run = (struct store_run){.id = sqlite3_column_int64(row, 0), .as_of = sqlite3_column_int(row, 3),
		.revision = sqlite3_column_int(row, 4), .details = store_text(row, 6, arena)};
	sqlite3_snprintf(sizeof run->key, run->key, "%s", sqlite3_column_text(row, 1));
	sqlite3_snprintf(sizeof run->period, run->period, "%s", sqlite3_column_text(row, 2));
	while (k < sizeof states / sizeof states[0] && (state == NULL || strcmp(states[k], state) != 0))
		k++;
	if (k == sizeof states / sizeof states[0])
		return err_set(err, STATUS_IO, "%s: run %lld is in the unknown state '%s'", store->path,
			(long long)run->id,
			state != NULL ? state : "");
	run->state = (enum store_run_state)k;
	return 0;
}

int store_run_find(struct store *store, const char *key, enum store_run_state state, struct arena *arena,
	struct store_run *run, bool *found, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RUN_FIND, err);
	int result;

	*found = false;
	if (statement == NULL)
		return -1;
	store_bind_text(statement, 1, key);
	store_bind_text(statement, 2, states[state]);
	result = store_step(store, statement, "the runs cannot be read", err);
	if (result > 0) {
		result = run_read(store, statement, arena, run, err);
		*found = result == 0;
	}
	store_done(statement);
	return result;
}

/* Collects the runs a bound statement yields, and gives it back. */
static int runs_collect(struct store *store, sqlite3_stmt *statement, struct arena *arena, struct store_run **at,
	size_t *count, struct err *err)
{
	VEC(struct store_run) runs = {0};
	struct store_run run;
	int more;

	while ((more = store_step(store, statement, "the runs cannot be read", err)) > 0) {
		if (run_read(store, statement, arena, &run, err) != 0) {
			more = -1;
			break;
		}
		VEC_PUSH(&runs, run);
	}
	store_done(statement);
	if (more == 0) {
		*at = arena_alloc(arena, runs.count + 1, sizeof **at);
		if (runs.count > 0)
			memcpy(*at, runs.at, runs.count * sizeof **at);
		*count = runs.count;
	}
	VEC_RELEASE(&runs);
	return more;
}

int store_runs_published(struct store *store, int32_t before, struct arena *arena, struct store_run **at, size_t *count,
	struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RUNS_PUBLISHED, err);

	*at = NULL;
	*count = 0;
	if (statement == NULL)
		return -1;
	store_bind_text(statement, 1, states[STORE_RUN_PUBLISHED]);
	if (before != DATE_NONE)
		sqlite3_bind_int(statement, 2, before);
	return runs_collect(store, statement, arena, at, count, err);
}

int store_runs(struct store *store, enum store_run_state state, struct arena *arena, struct store_run **at,
	size_t *count, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RUNS, err);

	*at = NULL;
	*count = 0;
	if (statement == NULL)
		return -1;
	store_bind_text(statement, 1, states[state]);
	return runs_collect(store, statement, arena, at, count, err);
}

int store_run_next_revision(struct store *store, const char *period, int *revision, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RUN_REVISION, err);
	int result;

	if (statement == NULL)
		return -1;
	store_bind_text(statement, 1, period);
	store_bind_text(statement, 2, states[STORE_RUN_PUBLISHED]);
	result = store_step(store, statement, "the runs cannot be read", err);
	if (result > 0)
		*revision = sqlite3_column_int(statement, 0);
	store_done(statement);
	return result > 0 ? 0 : -1;
}

int store_run_drop_results(struct store *store, int64_t run, struct err *err)
{
	static const enum store_sql both[] = {STORE_RESULTS_DROP, STORE_DIRECTORY_DROP};

	for (size_t i = 0; i < 2; i++) {
		sqlite3_stmt *statement = store_statement(store, both[i], err);

		if (statement == NULL)
			return -1;
		sqlite3_bind_int64(statement, 1, run);
		if (store_execute(store, statement, "results cannot be removed", err) != 0)
			return -1;
	}
	return 0;
}

/* --- results --- */

int store_directory_put(struct store *store, int64_t run, const struct result_directory *directory, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_DIRECTORY_PUT, err);
	struct str json = {0};
	int result;

	if (statement == NULL)
		return -1;
	result_directory_write(directory, &json);
	sqlite3_bind_int64(statement, 1, run);
	sqlite3_bind_int64(statement, 2, hash_crc32(str_text(&json), json.length));
	sqlite3_bind_text64(statement, 3, str_text(&json), json.length, SQLITE_STATIC, SQLITE_UTF8);
	result = store_execute(store, statement, "the directory of results cannot be written", err);
	str_release(&json);
	return result;
}

int store_directory_get(struct store *store, int64_t run, struct arena *arena, struct result_directory *directory,
	struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_DIRECTORY, err);
	int result;

	*directory = (struct result_directory){0};
	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, run);
	result = store_step(store, statement, "the directory of results cannot be read", err);
	if (result == 0)
		result = err_set(err, STATUS_IO, "%s: run %lld has no results", store->path, (long long)run);
	else if (result > 0) {
		const char *json = (const char *)sqlite3_column_text(statement, 1);
		size_t length = (size_t)sqlite3_column_bytes(statement, 1);

		if (json == NULL || hash_crc32(json, length) != (uint32_t)sqlite3_column_int64(statement, 0))
			result = err_set(err, STATUS_IO, "%s: the directory of results of run %lld is damaged",
				store->path,
				(long long)run);
		else {
			result = result_directory_read(json, length, arena, directory, err);
			if (result != 0)
				err_context(err, "%s: run %lld", store->path, (long long)run);
		}
	}
	store_done(statement);
	return result;
}

int store_result_put(struct store *store, int64_t run, uint32_t table, uint32_t block, const struct frame *frame,
	struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RESULT_PUT, err);

	if (statement == NULL)
		return -1;
	str_clear(&store->bytes);
	frame_encode(frame, &store->bytes);
	sqlite3_bind_int64(statement, 1, run);
	sqlite3_bind_int64(statement, 2, table);
	sqlite3_bind_int64(statement, 3, block);
	sqlite3_bind_blob64(statement, 4, store->bytes.text, store->bytes.length, SQLITE_STATIC);
	return store_execute(store, statement, "results cannot be written", err);
}

int store_result_get(struct store *store, int64_t run, uint32_t table, uint32_t block, const uint32_t *want,
	size_t want_count, struct arena *arena, struct frame *frame, bool *found, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_RESULT, err);
	int result;

	*frame = (struct frame){0};
	*found = false;
	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, run);
	sqlite3_bind_int64(statement, 2, table);
	sqlite3_bind_int64(statement, 3, block);
	result = store_step(store, statement, "results cannot be read", err);
	if (result > 0) {
		*found = true;
		result = frame_decode(sqlite3_column_blob(statement, 0), (size_t)sqlite3_column_bytes(statement, 0),
			want,
			want_count, arena, frame, err);
		if (result != 0)
			err_context(err, "%s: results of run %lld, table %u, block %u", store->path, (long long)run,
				(unsigned)table, (unsigned)block);
	}
	store_done(statement);
	return result;
}

/* --- the whole file --- */

/* Decodes every frame the statement yields in its last column; `what` is what the first three columns name. */
static int frames_verify(struct store *store, enum store_sql id, int bytes_column, const char *what, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, id, err);
	struct arena arena = {0};
	struct frame frame;
	int more;

	if (statement == NULL)
		return -1;
	while ((more = store_step(store, statement, what, err)) > 0) {
		if (frame_decode(sqlite3_column_blob(statement, bytes_column), (size_t)sqlite3_column_bytes(statement,
			bytes_column),
			NULL, 0, &arena, &frame, err) != 0) {
			err_context(err, "%s: %s %s, %s, %s", store->path, what, sqlite3_column_text(statement, 0),
				sqlite3_column_text(statement, 1), sqlite3_column_text(statement, 2));
			more = -1;
			break;
		}
		arena_reset(&arena);
	}
	store_done(statement);
	arena_release(&arena);
	return more;
}

int store_verify(struct store *store, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_QUICK_CHECK, err);
	int result;

	if (statement == NULL)
		return -1;
	result = store_step(store, statement, "cannot be checked", err);
	if (result > 0) {
		const char *told = (const char *)sqlite3_column_text(statement, 0);

		result = told != NULL && strcmp(told, "ok") == 0 ? 0 :
			err_set(err, STATUS_IO, "%s: the store is damaged: %s", store->path, told != NULL ? told : "");
	}
	store_done(statement);
	if (result != 0)
		return -1;
	if (frames_verify(store, STORE_SEGMENTS, 3, "segment", err) != 0 ||
		frames_verify(store, STORE_RESULTS, 3, "result", err) != 0)
		return -1;
	for (int dim = 0; dim < KEY_DIM_COUNT; dim++)
		if (store_keys(store, (enum key_dim)dim, err) == NULL)
			return -1;
	statement = store_statement(store, STORE_DIRECTORIES, err);
	if (statement == NULL)
		return -1;
	while ((result = store_step(store, statement, "the directories of results cannot be read", err)) > 0) {
		const char *json = (const char *)sqlite3_column_text(statement, 2);
		size_t length = (size_t)sqlite3_column_bytes(statement, 2);

		if (json == NULL || hash_crc32(json, length) != (uint32_t)sqlite3_column_int64(statement, 1)) {
			result = err_set(err, STATUS_IO, "%s: the directory of results of run %lld is damaged",
				store->path,
				(long long)sqlite3_column_int64(statement, 0));
			break;
		}
	}
	store_done(statement);
	return result;
}
