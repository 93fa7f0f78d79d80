/*
 * store_finding.c - findings and quarantined rows of batches and runs.
 *
 * Decides: how both stand in the file. Counts beyond the limit of a list are kept too, as one row a (finding, file)
 * behind the others, so that totals come back as they were. Does not decide: wording and limits (base/finding.h).
 */
#include "store/layout.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static int finding_put(struct store *store, int64_t batch, int64_t run, const struct finding *finding, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_FINDING_PUT, err);

	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, batch);
	sqlite3_bind_int64(statement, 2, run);
	store_bind_text(statement, 3, finding_name(finding->id));
	store_bind_text(statement, 4, finding->feed);
	store_bind_text(statement, 5, finding->file);
	store_bind_text(statement, 6, finding->sheet);
	sqlite3_bind_int64(statement, 7, (int64_t)finding->row);
	store_bind_text(statement, 8, finding->column);
	store_bind_text(statement, 9, finding->text);
	store_bind_text(statement, 10, finding->detail);
	sqlite3_bind_int64(statement, 11, (int64_t)(finding->count > 1 ? finding->count : 1));
	return store_execute(store, statement, "a finding cannot be written", err);
}

/* The dictionary number of a finding's (id, file), so that counts stand beside it. */
static uint32_t pair_number(struct map *pairs, struct str *name, const struct finding *finding)
{
	str_clear(name);
	str_printf(name, "%d %c", (int)finding->id, finding->file != NULL ? '=' : '-');
	str_add(name, finding->file != NULL ? finding->file : "");
	return map_add(pairs, name->text, name->length);
}

int store_findings_put(struct store *store, int64_t batch, int64_t run, const struct findings *findings,
	struct err *err)
{
	struct map pairs = {0};
	struct str name = {0};
	VEC(struct finding) beyond = {0};
	int result = 0;

	for (size_t i = 0; i < findings->count && result == 0; i++) {
		const struct finding *finding = &findings->at[i];
		uint32_t pair = pair_number(&pairs, &name, finding);

		if (pair == beyond.count) {
			struct finding total = {.id = finding->id, .feed = finding->feed, .file = finding->file,
				.count = findings_total(findings, finding->id, finding->file)};
			VEC_PUSH(&beyond, total);
		}
		uint64_t count = finding->count > 1 ? finding->count : 1;
		beyond.at[pair].count -= count < beyond.at[pair].count ? count : beyond.at[pair].count;
		result = finding_put(store, batch, run, finding, err);
	}
	for (size_t i = 0; i < beyond.count && result == 0; i++)
		if (beyond.at[i].count > 0)
			result = finding_put(store, batch, run, &beyond.at[i], err);
	VEC_RELEASE(&beyond);
	map_release(&pairs);
	str_release(&name);
	return result;
}

int store_findings_get(struct store *store, int64_t batch, int64_t run, struct findings *findings, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_FINDINGS, err);
	int more;

	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, batch);
	sqlite3_bind_int64(statement, 2, run);
	while ((more = store_step(store, statement, "the findings cannot be read", err)) > 0) {
		const char *name = (const char *)sqlite3_column_text(statement, 0);
		struct finding finding = {
			.feed = (const char *)sqlite3_column_text(statement, 1),
			.file = (const char *)sqlite3_column_text(statement, 2),
			.sheet = (const char *)sqlite3_column_text(statement, 3),
			.row = (uint64_t)sqlite3_column_int64(statement, 4),
			.column = (const char *)sqlite3_column_text(statement, 5),
			.text = (const char *)sqlite3_column_text(statement, 6),
			.detail = (const char *)sqlite3_column_text(statement, 7),
			.count = (uint64_t)sqlite3_column_int64(statement, 8),
		};

		if (name == NULL || !finding_by_name(name, &finding.id)) {
			err_set(err, STATUS_IO, "%s: a finding of the unknown kind '%s'", store->path, name != NULL ?
				name : "");
			more = -1;
			break;
		}
		findings_add(findings, &finding);
	}
	store_done(statement);
	return more;
}

int store_rejects_put(struct store *store, int64_t batch, const struct store_reject *at, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		sqlite3_stmt *statement = store_statement(store, STORE_REJECT_PUT, err);

		if (statement == NULL)
			return -1;
		sqlite3_bind_int64(statement, 1, batch);
		sqlite3_bind_int64(statement, 2, (int64_t)at[i].row);
		store_bind_text(statement, 3, finding_name(at[i].finding));
		store_bind_text(statement, 4, at[i].column);
		store_bind_text(statement, 5, at[i].text);
		store_bind_text(statement, 6, at[i].record);
		if (store_execute(store, statement, "a quarantined row cannot be written", err) != 0)
			return -1;
	}
	return 0;
}

int store_rejects_get(struct store *store, int64_t batch, struct arena *arena, struct store_reject **at, size_t *count,
	struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_REJECTS, err);
	VEC(struct store_reject) rejects = {0};
	int more;

	*at = NULL;
	*count = 0;
	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, batch);
	while ((more = store_step(store, statement, "the quarantined rows cannot be read", err)) > 0) {
		const char *name = (const char *)sqlite3_column_text(statement, 1);
		struct store_reject reject = {
			.row = (uint64_t)sqlite3_column_int64(statement, 0), .column = store_text(statement, 2, arena),
			.text = store_text(statement, 3, arena), .record = store_text(statement, 4, arena),
		};

		if (name == NULL || !finding_by_name(name, &reject.finding)) {
			err_set(err, STATUS_IO, "%s: a quarantined row of the unknown kind '%s'", store->path,
				name != NULL ? name : "");
			more = -1;
			break;
		}
		VEC_PUSH(&rejects, reject);
	}
	store_done(statement);
	if (more == 0) {
		*at = arena_alloc(arena, rejects.count + 1, sizeof **at);
		if (rejects.count > 0)
			memcpy(*at, rejects.at, rejects.count * sizeof **at);
		*count = rejects.count;
	}
	VEC_RELEASE(&rejects);
	return more;
}
