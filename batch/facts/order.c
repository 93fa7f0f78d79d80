/*
 * order.c - sorting rows by several columns at once.
 *
 * Decides: how. Values are reduced to as few bits as their range needs and packed into 64-bit words, which are sorted by
 * radix, least word first: linear in the rows whatever they hold. Missing values come first.
 */
#include "facts/part.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct packed { uint64_t key; uint32_t row; };

struct range { uint64_t base; unsigned bits; };  /* value - base + 1, 0 missing */

/* Values as rising unsigned numbers; missing is the least of signed types and told apart for the others. */
static uint64_t rising(const struct facts_key *key, uint32_t row, bool *missing)
{
	const struct frame_column *column = key->column;

	switch (column->type) {
	case FRAME_U32:
		*missing = column->u32[row] == FRAME_NONE;
		return *missing ? 0 : key->rank != NULL ? key->rank[column->u32[row]] : column->u32[row];
	case FRAME_I32:
		*missing = column->i32[row] == DATE_NONE;
		return (uint64_t)((int64_t)column->i32[row] - INT32_MIN);
	case FRAME_I64:
		*missing = column->i64[row] == DECIMAL_NONE;
		return (uint64_t)column->i64[row] ^ UINT64_C(1) << 63;
	}
	return 0;
}

static struct range range_of(const struct facts_key *key, const uint32_t *rows, uint32_t count)
{
	uint64_t low = UINT64_MAX, high = 0;
	struct range range = {0};
	bool missing, any = false;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t value = rising(key, rows[i], &missing);

		if (!missing) {
			low = value < low ? value : low;
			high = value > high ? value : high;
		}
		any |= missing;
	}
	if (low > high)
		return range;            /* all missing: nothing to sort by */
	range.base = low - any;          /* a place below the least for the missing ones; base may wrap, so do the sums */
	uint64_t top = high - low + any;
	range.bits = top == 0 ? 0 : 64 - (unsigned)__builtin_clzll(top);
	return range;
}

/* Shifts the reduced values of a column into the keys. Loops by type, so that the common ones are tight. */
#define ADD(field, none, expression) \
	for (uint32_t i = 0; i < count; i++) { \
		uint32_t row = packed[i].row; \
		uint64_t reduced = column->field[row] == (none) ? 0 : (uint64_t)(expression) - range->base; \
		packed[i].key = range->bits == 64 ? reduced : packed[i].key << range->bits | reduced; \
	}

static void add_key(struct packed *packed, uint32_t count, const struct facts_key *key, const struct range *range)
{
	const struct frame_column *column = key->column;

	if (range->bits == 0)
		return;
	switch (column->type) {
	case FRAME_U32:
		if (key->rank != NULL)
			ADD(u32, FRAME_NONE, key->rank[column->u32[row]])
		else
			ADD(u32, FRAME_NONE, column->u32[row])
		break;
	case FRAME_I32:
		ADD(i32, DATE_NONE, (int64_t)column->i32[row] - INT32_MIN)
		break;
	case FRAME_I64:
		ADD(i64, DECIMAL_NONE, (uint64_t)column->i64[row] ^ UINT64_C(1) << 63)
		break;
	}
}

static void insertion_sort(struct packed *packed, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		struct packed moving = packed[i];
		uint32_t at = i;

		for (; at > 0 && packed[at - 1].key > moving.key; at--)
			packed[at] = packed[at - 1];
		packed[at] = moving;
	}
}

#define DIGIT_MOST 11u

/* Stable; leaves the result in `packed`. */
static void radix_sort(struct packed *packed, struct packed *other, uint32_t count, unsigned bits)
{
	unsigned passes = (bits + DIGIT_MOST - 1) / DIGIT_MOST;
	unsigned digit = (bits + passes - 1) / passes;
	uint32_t *starts = mem_new(UINT32_C(1) << digit, sizeof *starts), mask = (UINT32_C(1) << digit) - 1;
	struct packed *from = packed, *to = other, *swap;

	for (unsigned pass = 0; pass < passes; pass++) {
		unsigned shift = pass * digit;
		uint32_t at = 0;

		memset(starts, 0, ((size_t)mask + 1) * sizeof *starts);
		for (uint32_t i = 0; i < count; i++)
			starts[from[i].key >> shift & mask]++;
		for (uint32_t d = 0; d <= mask; d++) {
			uint32_t here = starts[d];

			starts[d] = at;
			at += here;
		}
		for (uint32_t i = 0; i < count; i++)
			to[starts[from[i].key >> shift & mask]++] = from[i];
		swap = from, from = to, to = swap;
	}
	if (from != packed)
		memcpy(packed, from, count * sizeof *packed);
	free(starts);
}

static bool sorted(const struct packed *packed, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (packed[i].key < packed[i - 1].key)
			return false;
	return true;
}

static bool equal(const struct facts_key *keys, size_t count, uint32_t a, uint32_t b)
{
	bool a_missing, b_missing;

	for (size_t k = 0; k < count; k++) {
		uint64_t x = rising(&keys[k], a, &a_missing), y = rising(&keys[k], b, &b_missing);

		if (a_missing != b_missing || (!a_missing && x != y))
			return false;
	}
	return true;
}

void facts_order(const struct facts_key *keys, size_t key_count, size_t group, uint32_t *rows, uint32_t count, uint8_t *same)
{
	struct range *ranges = mem_new(key_count + 1, sizeof *ranges);
	struct packed *packed = mem_new((size_t)count + 1, sizeof *packed), *other = NULL;
	size_t end = key_count, first = 0;
	unsigned bits = 0, tail = 0;

	for (size_t k = 0; k < key_count; k++)
		ranges[k] = range_of(&keys[k], rows, count);
	/* Words of keys[first … end), the least significant first; usually there is one. */
	do {
		bits = 0;
		first = end;
		while (first > 0 && bits + ranges[first - 1].bits <= 64)
			bits += ranges[--first].bits;
		for (uint32_t i = 0; i < count; i++)
			packed[i] = (struct packed){.row = rows[i]};
		for (size_t k = first; k < end; k++)
			add_key(packed, count, &keys[k], &ranges[k]);
		if (bits > 0 && !sorted(packed, count)) {
			if (count <= 64)
				insertion_sort(packed, count);
			else {
				if (other == NULL)
					other = mem_new(count, sizeof *other);
				radix_sort(packed, other, count, bits);
			}
		}
		for (uint32_t i = 0; i < count; i++)
			rows[i] = packed[i].row;
		if (first > 0)
			end = first;
	} while (first > 0);

	if (count > 0)
		same[0] = 0;
	if (end == key_count) {          /* one word holds everything: compare that */
		for (size_t k = group; k < key_count; k++)
			tail += ranges[k].bits;
		for (uint32_t i = 1; i < count; i++)
			same[i] = tail == 64 || packed[i].key >> tail == packed[i - 1].key >> tail;
	} else
		for (uint32_t i = 1; i < count; i++)
			same[i] = equal(keys, group, rows[i], rows[i - 1]);
	free(ranges);
	free(packed);
	free(other);
}

struct text_place { const char *text; uint32_t number; };

static int compare_places(const void *a, const void *b)
{
	const struct text_place *x = a, *y = b;

	return strcmp(x->text, y->text);
}

uint32_t *facts_text_ranks(const struct frame *frame, struct arena *arena)
{
	struct text_place *places = mem_new((size_t)frame->text_count + 1, sizeof *places);
	uint32_t *ranks = arena_alloc(arena, (size_t)frame->text_count + 1, sizeof *ranks);

	for (uint32_t i = 0; i < frame->text_count; i++)
		places[i] = (struct text_place){frame->texts[i], i};
	qsort(places, frame->text_count, sizeof *places, compare_places);
	for (uint32_t i = 0; i < frame->text_count; i++)
		ranks[places[i].number] = i > 0 && strcmp(places[i].text, places[i - 1].text) == 0 ?
			ranks[places[i - 1].number] : i;
	free(places);
	return ranks;
}
