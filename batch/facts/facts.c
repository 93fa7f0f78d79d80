/*
 * facts.c - opening: dictionaries, visible batches, dimensions; keys and sources.
 *
 * Decides: nothing about rows. Shares the dictionaries with the store, so facts outlive the connection they came from.
 */
#include "facts/part.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct facts *facts_open(struct store *store, const struct facts_params *params, struct err *err)
{
	struct facts *facts = mem_new(1, sizeof *facts);

	facts->params = *params;
	for (int dim = 0; dim < KEY_DIM_COUNT; dim++) {
		facts->keys[dim] = store_keys_share(store, (enum key_dim)dim, err);
		if (facts->keys[dim] == NULL)
			goto failed;
	}
	if (facts_visible(facts, store, err) != 0 || facts_tables(facts, store, err) != 0)
		goto failed;
	return facts;
failed:
	facts_close(facts);
	return NULL;
}

void facts_close(struct facts *facts)
{
	if (facts == NULL)
		return;
	for (int dim = 0; dim < KEY_DIM_COUNT; dim++)
		store_keys_drop(facts->keys[dim]);
	arena_release(&facts->arena);
	free(facts);
}

const struct facts_params *facts_params(const struct facts *facts)
{
	return &facts->params;
}

const struct store_batch *facts_batches(const struct facts *facts, size_t *count)
{
	*count = facts->batch_count;
	return facts->batches;
}

const struct store_batch *facts_batch(const struct facts *facts, int64_t id)
{
	size_t low = 0, high = facts->batch_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (facts->batches[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < facts->batch_count && facts->batches[low].id == id ? &facts->batches[low] : NULL;
}

const char *facts_key(const struct facts *facts, enum key_dim dim, uint32_t key)
{
	return key < facts->keys[dim]->count ? map_text(facts->keys[dim], key) : "";
}

uint32_t facts_key_count(const struct facts *facts, enum key_dim dim)
{
	return (uint32_t)facts->keys[dim]->count;
}

uint32_t facts_find(const struct facts *facts, enum key_dim dim, const char *id)
{
	return map_find(facts->keys[dim], id, strlen(id));   /* MAP_NONE is FRAME_NONE */
}

_Static_assert(MAP_NONE == FRAME_NONE, "an unknown id is a missing key");

uint32_t facts_block_count(const struct facts *facts)
{
	return (facts_key_count(facts, KEY_DIM_EMPLOYEE) + STORE_BLOCK - 1) / STORE_BLOCK;
}

int facts_feed(const struct facts *facts, struct store *store, enum feed_id feed, struct arena *arena,
	struct frame *frame, struct err *err)
{
	struct arena scratch = {0};
	struct facts_list list;
	int result;

	*frame = (struct frame){0};
	if (feed_at(feed)->grain != FEED_GRAIN_NONE)
		return err_set(err, STATUS_INTERNAL, "the feed %s belongs to employees; it is read by block",
			feed_at(feed)->name);
	result = facts_list(facts, store, feed, STORE_BLOCK_NONE, NULL, 0, 0, arena, &scratch, &list, err);
	arena_release(&scratch);
	if (result != 0)
		return -1;
	*frame = list.frame;
	return 0;
}

const char *facts_source(const struct facts *facts, const struct frame *frame, uint32_t row, uint64_t *source_row)
{
	const struct frame_column *batch = frame_column(frame, FACTS_BATCH_ID), *source = frame_column(frame,
		STORE_ROW_ID);
	uint32_t number = row < frame->count ? facts_u32(batch, row) : FRAME_NONE;
	uint32_t line = row < frame->count ? facts_u32(source, row) : FRAME_NONE;

	if (source_row != NULL)
		*source_row = line != FRAME_NONE ? line : 0;
	return number < facts->batch_count ? facts->batches[number].file : "";
}
