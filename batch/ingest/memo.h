/*
 * memo.h - what a spelling means, remembered: raw bytes of a cell → its value, one look-up a cell. One per field and thread.
 */
#ifndef PANDIAN_INGEST_MEMO_H
#define PANDIAN_INGEST_MEMO_H

#include "base/map.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { INGEST_MEMO_CLEANED = 1, INGEST_MEMO_SPOILT = 2, INGEST_MEMO_MISSING = 4, INGEST_MEMO_BAD = 8 /* value is a finding_id */ };

struct ingest_memo_slot { uint64_t a, b; uint32_t entry; /* + 1 */ uint32_t length; };
struct ingest_memo {
	struct ingest_memo_slot *slots; size_t slot_count, slot_used;   /* spellings of up to 16 bytes */
	struct map longs; uint32_t *long_entry; size_t long_capacity;   /* longer ones: number → entry */
	int64_t *value; uint8_t *flags; const char **detail; size_t count, capacity;
	bool flagged;                        /* some entry has flags: else they need not be looked at */
};

void ingest_memo_release(struct ingest_memo *memo);
/* A new entry for a spelling that is not there. */
uint32_t ingest_memo_add(struct ingest_memo *memo, const char *text, size_t length);
uint32_t ingest_memo_find_long(const struct ingest_memo *memo, const char *text, size_t length);

__extension__ typedef unsigned __int128 ingest_wide_product;

static inline void ingest_memo_key(const char *text, size_t length, uint64_t *a, uint64_t *b)
{
	*a = *b = 0;
	memcpy(a, text, length < 8 ? length : 8);
	if (length > 8)
		memcpy(b, text + 8, length - 8);
}

static inline uint64_t ingest_memo_hash(uint64_t a, uint64_t b)
{
	/* 128-bit product folded: the last letters of an id must reach the low bits */
	ingest_wide_product product = (ingest_wide_product)(a ^ UINT64_C(0xA0761D6478BD642F)) * (b ^ UINT64_C(0xE7037ED1A0B428DB));
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Key of a short spelling whose 16 bytes may be read. */
static inline void ingest_memo_padded_key(const char *text, size_t length, uint64_t *a, uint64_t *b)
{
	memcpy(a, text, 8);
	memcpy(b, text + 8, 8);
	if (length < 8) {
		*a &= (UINT64_C(1) << (8 * length)) - 1;
		*b = 0;
	} else if (length < 16) {
		*b &= (UINT64_C(1) << (8 * (length - 8))) - 1;
	}
}

/* Fetches the slot that will be looked up a few records later; large memos only, small ones are in the cache anyway. */
static inline void ingest_memo_prefetch(const struct ingest_memo *memo, const char *text, size_t length)
{
	uint64_t a, b;
	if (length > 16 || memo->slot_count < 8192)
		return;
	ingest_memo_padded_key(text, length, &a, &b);
	__builtin_prefetch(&memo->slots[(size_t)ingest_memo_hash(a, b) & (memo->slot_count - 1)]);
}

/* Entry or MAP_NONE. `padded`: 16 bytes from `text` on may be read. */
static inline uint32_t ingest_memo_find(const struct ingest_memo *memo, const char *text, size_t length, bool padded)
{
	uint64_t a, b;
	if (length > 16)
		return ingest_memo_find_long(memo, text, length);
	if (memo->slot_count == 0)
		return MAP_NONE;
	if (padded) {
		ingest_memo_padded_key(text, length, &a, &b);
	} else {
		ingest_memo_key(text, length, &a, &b);
	}
	size_t mask = memo->slot_count - 1;
	for (size_t at = (size_t)ingest_memo_hash(a, b) & mask;; at = (at + 1) & mask) {
		const struct ingest_memo_slot *slot = &memo->slots[at];
		if (slot->entry == 0)
			return MAP_NONE;
		if (slot->a == a && slot->b == b && slot->length == length)
			return slot->entry - 1;
	}
}

#endif
