/*
 * memo.c - growing side of the memo. Looking up is in the header: it runs once a cell.
 */
#include "ingest/memo.h"

#include "base/mem.h"

#include <stdlib.h>

void ingest_memo_release(struct ingest_memo *memo)
{
	free(memo->slots);
	map_release(&memo->longs);
	free(memo->long_entry);
	free(memo->value);
	free(memo->flags);
	free(memo->detail);
	memset(memo, 0, sizeof *memo);
}

uint32_t ingest_memo_find_long(const struct ingest_memo *memo, const char *text, size_t length)
{
	uint32_t number = map_find(&memo->longs, text, length);
	return number == MAP_NONE ? MAP_NONE : memo->long_entry[number];
}

static void put(struct ingest_memo *memo, const struct ingest_memo_slot *slot)
{
	size_t mask = memo->slot_count - 1, at = (size_t)ingest_memo_hash(slot->a, slot->b) & mask;
	while (memo->slots[at].entry)
		at = (at + 1) & mask;
	memo->slots[at] = *slot;
}

static void grow(struct ingest_memo *memo)
{
	struct ingest_memo_slot *old = memo->slots;
	size_t count = memo->slot_count;
	memo->slot_count = count ? count * 2 : 64;
	memo->slots = mem_new(memo->slot_count, sizeof *memo->slots);
	for (size_t i = 0; i < count; i++) {
		if (old[i].entry)
			put(memo, &old[i]);
	}
	free(old);
}

uint32_t ingest_memo_add(struct ingest_memo *memo, const char *text, size_t length)
{
	if (memo->count == memo->capacity) {
		memo->capacity = memo->capacity ? memo->capacity * 2 : 64;
		memo->value = mem_grow(memo->value, memo->capacity, sizeof *memo->value);
		memo->flags = mem_grow(memo->flags, memo->capacity, sizeof *memo->flags);
		memo->detail = mem_grow(memo->detail, memo->capacity, sizeof *memo->detail);
	}
	uint32_t entry = (uint32_t)memo->count++;
	memo->value[entry] = 0;
	memo->flags[entry] = 0;
	memo->detail[entry] = NULL;
	if (length > 16) {
		uint32_t number = map_add(&memo->longs, text, length);
		if (number >= memo->long_capacity) {
			memo->long_capacity = memo->long_capacity ? memo->long_capacity * 2 : 64;
			memo->long_entry = mem_grow(memo->long_entry, memo->long_capacity, sizeof *memo->long_entry);
		}
		memo->long_entry[number] = entry;
		return entry;
	}
	if (memo->slot_used * 5 >= memo->slot_count * 3) {
		grow(memo);
	}
	struct ingest_memo_slot slot = { 0, 0, entry + 1, (uint32_t)length };
	ingest_memo_key(text, length, &slot.a, &slot.b);
	put(memo, &slot);
	memo->slot_used++;
	return entry;
}
