/*
 * memo.c - growing side of the memo. Looking up is in the header: it runs once a cell.
 */
#include "ingest/memo.h"

#include "base/mem.h"

#include <stdlib.h>

void ingest_memo_release(struct ingest_memo *memo)
{
	free(memo->slots8);
	free(memo->slots16);
	map_release(&memo->longs);
	free(memo->long_entry);
	free(memo->value);
	free(memo->flags);
	free(memo->detail);
	memset(memo, 0, sizeof *memo);
}

uint32_t ingest_memo_find_longer(const struct ingest_memo *memo, const char *text, size_t length, bool padded)
{
	if (length > 16) {
		uint32_t number = map_find(&memo->longs, text, length);
		return number == MAP_NONE ? MAP_NONE : memo->long_entry[number];
	}
	if (memo->count16 == 0)
		return MAP_NONE;
	uint64_t a = ingest_memo_word(text, 8, padded), b = ingest_memo_word(text + 8, length - 8, padded);
	for (size_t mask = memo->count16 - 1, at = (size_t)ingest_memo_hash(a, b) & mask;; at = (at + 1) & mask) {
		const struct ingest_memo_slot16 *slot = &memo->slots16[at];
		if (slot->entry == 0)
			return MAP_NONE;
		if (slot->a == a && slot->b == b && slot->length == length)
			return slot->entry - 1;
	}
}

static void put8(struct ingest_memo *memo, const struct ingest_memo_slot8 *slot)
{
	size_t mask = memo->count8 - 1, at = (size_t)ingest_memo_hash(slot->a, 0) & mask;
	while (memo->slots8[at].entry)
		at = (at + 1) & mask;
	memo->slots8[at] = *slot;
}

static void put16(struct ingest_memo *memo, const struct ingest_memo_slot16 *slot)
{
	size_t mask = memo->count16 - 1, at = (size_t)ingest_memo_hash(slot->a, slot->b) & mask;
	while (memo->slots16[at].entry)
		at = (at + 1) & mask;
	memo->slots16[at] = *slot;
}

static void grow8(struct ingest_memo *memo)
{
	struct ingest_memo_slot8 *old = memo->slots8;
	size_t count = memo->count8;
	memo->count8 = count ? count * 2 : 64;
	memo->slots8 = mem_new(memo->count8, sizeof *memo->slots8);
	for (size_t i = 0; i < count; i++) {
		if (old[i].entry)
			put8(memo, &old[i]);
	}
	free(old);
}

static void grow16(struct ingest_memo *memo)
{
	struct ingest_memo_slot16 *old = memo->slots16;
	size_t count = memo->count16;
	memo->count16 = count ? count * 2 : 64;
	memo->slots16 = mem_new(memo->count16, sizeof *memo->slots16);
	for (size_t i = 0; i < count; i++) {
		if (old[i].entry)
			put16(memo, &old[i]);
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
	if (length <= 8) {
		if (memo->used8 * 5 >= memo->count8 * 3)
			grow8(memo);
		struct ingest_memo_slot8 slot = { ingest_memo_word(text, length, false), entry + 1, (uint32_t)length };
		put8(memo, &slot);
		memo->used8++;
		return entry;
	}
	if (memo->used16 * 5 >= memo->count16 * 3)
		grow16(memo);
	struct ingest_memo_slot16 slot = { ingest_memo_word(text, 8, false), ingest_memo_word(text + 8, length - 8, false),
		entry + 1, (uint32_t)length, 0 };
	put16(memo, &slot);
	memo->used16++;
	return entry;
}
