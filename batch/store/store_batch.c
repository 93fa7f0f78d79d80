/*
 * store_batch.c - batches (input files taken in) and their segments.
 *
 * Decides: how both stand in the file. Does not decide: which batches a run sees (facts/).
 */
#include "store/layout.h"

#include "base/vec.h"

#include <string.h>

static void batch_bind(sqlite3_stmt *statement, const struct store_batch *batch)
{
	store_bind_text(statement, 1, feed_at(batch->feed)->name);
	store_bind_text(statement, 2, batch->source != NULL ? batch->source : "");
	store_bind_text(statement, 3, batch->file != NULL ? batch->file : "");
	store_bind_text(statement, 4, batch->sha256);
	store_bind_text(statement, 5, batch->mapping);
	sqlite3_bind_int(statement, 6, batch->full);
	if (batch->snapshot == DATE_NONE)
		sqlite3_bind_null(statement, 7);
	else
		sqlite3_bind_int(statement, 7, batch->snapshot);
	store_bind_text(statement, 8, batch->encoding);
	store_bind_text(statement, 9, batch->choices);
	sqlite3_bind_int64(statement, 10, (int64_t)batch->bytes);
	sqlite3_bind_int64(statement, 11, (int64_t)batch->rows);
	sqlite3_bind_int64(statement, 12, (int64_t)batch->kept);
	sqlite3_bind_int64(statement, 13, (int64_t)batch->rejected);
	sqlite3_bind_int64(statement, 14, (int64_t)batch->merged);
}

int store_batch_add(struct store *store, struct store_batch *batch, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_BATCH_ADD, err);

	if (statement == NULL)
		return -1;
	batch_bind(statement, batch);
	if (store_execute(store, statement, "a batch cannot be written", err) != 0)
		return -1;
	batch->id = sqlite3_last_insert_rowid(store->db);
	return 0;
}

int store_batch_update(struct store *store, const struct store_batch *batch, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_BATCH_SET, err);

	if (statement == NULL)
		return -1;
	batch_bind(statement, batch);
	sqlite3_bind_int64(statement, 15, batch->id);
	if (store_execute(store, statement, "a batch cannot be written", err) != 0)
		return -1;
	if (sqlite3_changes64(store->db) != 1)
		return err_set(err, STATUS_INTERNAL, "%s: there is no batch %lld", store->path, (long long)batch->id);
	return 0;
}

static void hex_copy(char to[HASH_HEX], const char *from)
{
	sqlite3_snprintf(HASH_HEX, to, "%s", from != NULL ? from : "");
}

static int batch_read(struct store *store, sqlite3_stmt *row, struct arena *arena, struct store_batch *batch,
	struct err *err)
{
	const char *feed = (const char *)sqlite3_column_text(row, 1);

	*batch = (struct store_batch){.id = sqlite3_column_int64(row, 0)};
	if (feed == NULL || !feed_find(feed, &batch->feed))
		return err_set(err, STATUS_IO, "%s: batch %lld has the feed '%s', which this program does not know",
			store->path,
			(long long)batch->id, feed != NULL ? feed : "");
	batch->source = store_text(row, 2, arena);
	batch->file = store_text(row, 3, arena);
	hex_copy(batch->sha256, (const char *)sqlite3_column_text(row, 4));
	hex_copy(batch->mapping, (const char *)sqlite3_column_text(row, 5));
	batch->full = sqlite3_column_int(row, 6) != 0;
	batch->snapshot = sqlite3_column_type(row, 7) == SQLITE_NULL ? DATE_NONE : sqlite3_column_int(row, 7);
	batch->encoding = store_text(row, 8, arena);
	batch->choices = store_text(row, 9, arena);
	batch->bytes = (uint64_t)sqlite3_column_int64(row, 10);
	batch->rows = (uint64_t)sqlite3_column_int64(row, 11);
	batch->kept = (uint64_t)sqlite3_column_int64(row, 12);
	batch->rejected = (uint64_t)sqlite3_column_int64(row, 13);
	batch->merged = (uint64_t)sqlite3_column_int64(row, 14);
	return 0;
}

int store_batches(struct store *store, struct arena *arena, struct store_batch **at, size_t *count, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_BATCHES, err);
	VEC(struct store_batch) batches = {0};
	struct store_batch batch;
	int more;

	*at = NULL;
	*count = 0;
	if (statement == NULL)
		return -1;
	while ((more = store_step(store, statement, "the batches cannot be read", err)) > 0) {
		if (batch_read(store, statement, arena, &batch, err) != 0) {
			more = -1;
			break;
		}
		VEC_PUSH(&batches, batch);
	}
	store_done(statement);
	if (more == 0) {
		*at = arena_alloc(arena, batches.count + 1, sizeof **at);
		if (batches.count > 0)
			memcpy(*at, batches.at, batches.count * sizeof **at);
		*count = batches.count;
	}
	VEC_RELEASE(&batches);
	return more;
}

/* --- segments --- */

int store_segment_put_bytes(struct store *store, enum feed_id feed, int64_t batch, uint32_t block,
	const struct str *bytes, struct err *err)
{
	sqlite3_stmt *statement;
	int64_t fields;

	if (store_fields_version(store, &fields, err) != 0 ||
		(statement = store_statement(store, STORE_SEGMENT_PUT, err)) == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, batch);
	store_bind_text(statement, 2, feed_at(feed)->name);
	sqlite3_bind_int64(statement, 3, block);
	sqlite3_bind_int64(statement, 4, fields);
	sqlite3_bind_blob64(statement, 5, str_text(bytes), bytes->length, SQLITE_STATIC);
	return store_execute(store, statement, "a segment cannot be written", err);
}

int store_segment_put(struct store *store, enum feed_id feed, int64_t batch, uint32_t block, const struct frame *frame,
	struct err *err)
{
	str_clear(&store->bytes);
	frame_encode(frame, &store->bytes);
	return store_segment_put_bytes(store, feed, batch, block, &store->bytes, err);
}

/* Columns written under other numbers: decodes those wanted and gives them the numbers of today. */
static int decode_older(const struct store_fields *fields, const void *bytes, size_t length, const uint32_t *want,
	size_t want_count, struct arena *arena, struct frame *frame, struct err *err)
{
	uint32_t *there = arena_alloc(arena, want_count + 1, sizeof *there);
	size_t there_count = 0, kept = 0;

	for (size_t i = 0; want != NULL && i < want_count; i++)
		if (want[i] >= STORE_ROW_ID)
			there[there_count++] = want[i];
		else
			for (uint32_t k = 0; k < fields->count; k++)
				if (fields->number[k] == want[i])
					there[there_count++] = k;
	if (frame_decode(bytes, length, want != NULL ? there : NULL, there_count, arena, frame, err) != 0)
		return -1;
	for (size_t i = 0; i < frame->column_count; i++) {
		struct frame_column column = frame->columns[i];

		if (column.id < STORE_ROW_ID)
			column.id = column.id < fields->count ? fields->number[column.id] : FRAME_NONE;
		if (column.id != FRAME_NONE)
			frame->columns[kept++] = column;
	}
	frame->column_count = kept;
	return 0;
}

int store_segment_get(struct store *store, enum feed_id feed, int64_t batch, uint32_t block, const uint32_t *want,
	size_t want_count, struct arena *arena, struct frame *frame, bool *found, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_SEGMENT, err);
	const struct store_fields *fields = NULL;
	int result;

	*frame = (struct frame){0};
	*found = false;
	if (statement == NULL)
		return -1;
	sqlite3_bind_int64(statement, 1, batch);
	store_bind_text(statement, 2, feed_at(feed)->name);
	sqlite3_bind_int64(statement, 3, block);
	result = store_step(store, statement, "a segment cannot be read", err);
	if (result > 0) {
		const void *bytes = sqlite3_column_blob(statement, 1);
		size_t length = (size_t)sqlite3_column_bytes(statement, 1);

		*found = true;
		if (bytes == NULL && length == 0 && sqlite3_errcode(store->db) == SQLITE_NOMEM)
			result = store_fail(store, err, "a segment cannot be read");
		else if (store_fields_of(store, sqlite3_column_int64(statement, 0), &fields, err) != 0)
			result = -1;
		else if (fields == NULL)
			result = frame_decode(bytes, length, want, want_count, arena, frame, err);
		else
			result = decode_older(fields, bytes, length, want, want_count, arena, frame, err);
		if (result != 0)
			err_context(err, "%s: batch %lld, feed %s, block %u", store->path, (long long)batch,
				feed_at(feed)->name, (unsigned)block);
	}
	store_done(statement);
	return result;
}
