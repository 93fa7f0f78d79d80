/*
 * memo.h - what a spelling means, remembered: raw bytes of a cell → its value, one look-up a cell. One per field and
 * thread.
 */
#ifndef PANDIAN_INGEST_MEMO_H
#define PANDIAN_INGEST_MEMO_H

#include "base/map.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	INGEST_MEMO_CLEANED = 1,
	INGEST_MEMO_SPOILT = 2,
	INGEST_MEMO_MISSING = 4,
	INGEST_MEMO_BAD = 8 /* value is a finding_id */
};

/* Slots of spellings of up to 8 and up to 16 bytes: a slot never lies across two cache lines. */
struct ingest_memo_slot8 { uint64_t a; uint32_t entry; /* + 1 */ uint32_t length; };
struct ingest_memo_slot16 { uint64_t a, b; uint32_t entry, length; uint64_t unused; };
struct ingest_memo {
	struct ingest_memo_slot8 *slots8; size_t count8, used8;
	struct ingest_memo_slot16 *slots16; size_t count16, used16;
	struct map longs; uint32_t *long_entry; size_t long_capacity;   /* longer ones: number → entry */
	int64_t *value; uint8_t *flags; const char **detail; size_t count, capacity;
	bool flagged;                        /* some entry has flags: else they need not be looked at */
};

void ingest_memo_release(struct ingest_memo *memo);
/* A new entry for a spelling that is not there. */
uint32_t ingest_memo_add(struct ingest_memo *memo, const char *text, size_t length);
/* Looks up a spelling of more than 8 bytes. */
uint32_t ingest_memo_find_longer(const struct ingest_memo *memo, const char *text, size_t length, bool padded);

__extension__ typedef unsigned __int128 ingest_wide_product;

static inline uint64_t ingest_memo_hash(uint64_t a, uint64_t b)
{
	/* 128-bit product folded: the last letters of an id must reach the low bits */
	ingest_wide_product product =
		(ingest_wide_product)(a ^ UINT64_C(0xA0761D6478BD642F)) * (b ^ UINT64_C(0xE7037ED1A0B428DB));
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* The first 8 bytes of a text as a number, zeros behind its end. `padded`: 16 bytes from `text` on may be read. */
static inline uint64_t ingest_memo_word(const char *text, size_t length, bool padded)
{
	uint64_t word = 0;
	if (padded) {
		memcpy(&word, text, 8);
		return length >= 8 ? word : word & ((UINT64_C(1) << (8 * length)) - 1);
	}
	memcpy(&word, text, length < 8 ? length : 8);
	return word;
}

/* Whether its slots fill more than the cache nearby. */
static inline bool ingest_memo_is_large(const struct ingest_memo *memo)
{
	return memo->count8 >= 8192 || memo->count16 >= 8192;
}

/* Fetches the slot that will be looked up a few records later; large memos only, small ones are in the cache anyway. */
static inline void ingest_memo_prefetch(const struct ingest_memo *memo, const char *text, size_t length)
{
	if (length <= 8 && memo->count8 >= 8192) {
		uint64_t a = ingest_memo_word(text, length, true);
		__builtin_prefetch(&memo->slots8[(size_t)ingest_memo_hash(a, 0) & (memo->count8 - 1)]);
	} else if (length > 8 && length <= 16 && memo->count16 >= 8192) {
		uint64_t a = ingest_memo_word(text, 8, true), b = ingest_memo_word(text + 8, length - 8, true);
		__builtin_prefetch(&memo->slots16[(size_t)ingest_memo_hash(a, b) & (memo->count16 - 1)]);
	}
}

/* Entry or MAP_NONE. `padded`: 24 bytes from `text` on may be read. */
static inline uint32_t ingest_memo_find(const struct ingest_memo *memo, const char *text, size_t length, bool padded)
{
	if (__builtin_expect(length <= 8, 1)) {
		if (memo->count8 == 0)
			return MAP_NONE;
		uint64_t a = ingest_memo_word(text, length, padded);
		for (size_t mask = memo->count8 - 1, at = (size_t)ingest_memo_hash(a, 0) & mask;; at = (at + 1) & mask) {
			const struct ingest_memo_slot8 *slot = &memo->slots8[at];
			if (slot->entry == 0)
				return MAP_NONE;
			if (slot->a == a && slot->length == length)
				return slot->entry - 1;
		}
	}
	return ingest_memo_find_longer(memo, text, length, padded);
}

#endif
