/*
 * store_keys.c - dictionaries: texts of ids to dense numbers, kept as chunks of STORE_CHUNK texts.
 *
 * Decides: how a dictionary stands in the file: a chunk is its texts in order, each followed by NUL, with a CRC-32.
 * Numbers once saved never change. Does not decide: which texts are the same id (ingest/ cleans them).
 */
#include "store/layout.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct store_dictionary *dictionary_of(const struct map *keys)
{
	return (struct store_dictionary *)((char *)(uintptr_t)keys - offsetof(struct store_dictionary, map));
}

static int damaged(struct store *store, enum key_dim dim, struct err *err)
{
	bool first = err->status == 0;

	err_set(err, STATUS_IO, "%s: the dictionary of %s is damaged", store->path, feed_dim_name(dim));
	if (first)
		err_hint(err, "Move the store aside and run again: the inputs are read once more.");
	return -1;
}

static int chunk_read(struct store *store, sqlite3_stmt *row, enum key_dim dim, struct map *keys, struct err *err)
{
	const char *at = sqlite3_column_blob(row, 3), *end;
	size_t length = (size_t)sqlite3_column_bytes(row, 3);
	int64_t count = sqlite3_column_int64(row, 1);

	if (at == NULL || keys->count != (uint64_t)sqlite3_column_int64(row, 0) * STORE_CHUNK ||
	    hash_crc32(at, length) != (uint32_t)sqlite3_column_int64(row, 2))
		return damaged(store, dim, err);
	end = at + length;
	for (int64_t i = 0; i < count; i++) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));
		size_t before = keys->count;

		if (nul == NULL || map_add(keys, at, (size_t)(nul - at)) != before)
			return damaged(store, dim, err);
		at = nul + 1;
	}
	return at == end ? 0 : damaged(store, dim, err);
}

struct map *store_keys(struct store *store, enum key_dim dim, struct err *err)
{
	struct store_dictionary *keys = store->keys[dim];
	sqlite3_stmt *statement;
	int more;

	if (keys != NULL)
		return &keys->map;
	statement = store_statement(store, STORE_KEYS, err);
	if (statement == NULL)
		return NULL;
	keys = mem_new(1, sizeof *keys);
	store_bind_text(statement, 1, feed_dim_name(dim));
	while ((more = store_step(store, statement, "a dictionary cannot be read", err)) > 0)
		if (chunk_read(store, statement, dim, &keys->map, err) != 0) {
			more = -1;
			break;
		}
	store_done(statement);
	if (more < 0) {
		map_release(&keys->map);
		free(keys);
		return NULL;
	}
	keys->users = 1;
	store->keys[dim] = keys;
	store->saved[dim] = store->committed[dim] = keys->map.count;
	return &keys->map;
}

static int chunk_save(struct store *store, enum key_dim dim, const struct map *keys, size_t chunk, struct err *err)
{
	size_t first = chunk * STORE_CHUNK, last = first + STORE_CHUNK;
	sqlite3_stmt *statement = store_statement(store, STORE_KEYS_PUT, err);

	if (statement == NULL)
		return -1;
	if (last > keys->count)
		last = keys->count;
	str_clear(&store->bytes);
	for (size_t i = first; i < last; i++)
		str_add_bytes(&store->bytes, map_text(keys, (uint32_t)i), map_length(keys, (uint32_t)i) + 1);
	store_bind_text(statement, 1, feed_dim_name(dim));
	sqlite3_bind_int64(statement, 2, (int64_t)chunk);
	sqlite3_bind_int64(statement, 3, (int64_t)(last - first));
	sqlite3_bind_int64(statement, 4, hash_crc32(store->bytes.text, store->bytes.length));
	sqlite3_bind_blob64(statement, 5, store->bytes.text, store->bytes.length, SQLITE_STATIC);
	return store_execute(store, statement, "a dictionary cannot be written", err);
}

int store_keys_save(struct store *store, struct err *err)
{
	for (int dim = 0; dim < KEY_DIM_COUNT; dim++) {
		const struct map *keys = store->keys[dim] != NULL ? &store->keys[dim]->map : NULL;

		if (keys == NULL || keys->count == store->saved[dim])
			continue;
		for (size_t chunk = store->saved[dim] / STORE_CHUNK; chunk * STORE_CHUNK < keys->count; chunk++)
			if (chunk_save(store, (enum key_dim)dim, keys, chunk, err) != 0)
				return -1;
		store->saved[dim] = keys->count;
		if (sqlite3_get_autocommit(store->db))
			store->committed[dim] = keys->count;
	}
	return 0;
}

const struct map *store_keys_share(struct store *store, enum key_dim dim, struct err *err)
{
	const struct map *keys = store_keys(store, dim, err);

	if (keys != NULL)
		store->keys[dim]->users++;
	return keys;
}

void store_keys_drop(const struct map *keys)
{
	struct store_dictionary *dictionary;

	if (keys == NULL)
		return;
	dictionary = dictionary_of(keys);
	if (--dictionary->users > 0)
		return;
	map_release(&dictionary->map);
	free(dictionary);
}

void store_keys_release(struct store *store)
{
	for (int dim = 0; dim < KEY_DIM_COUNT; dim++)
		if (store->keys[dim] != NULL)
			store_keys_drop(&store->keys[dim]->map);
}
