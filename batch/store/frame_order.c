/*
 * frame_order.c - sorting rows by several columns at once.
 *
 * Decides: how. Values are reduced to as few bits as their range needs and packed, the place of the row behind, into
 * one 64-bit word: counting sort by the first bits, then each run of equal ones in the cache, by insertion where it is
 * nearly sorted (segments usually are), else by radix: linear in the rows whatever they hold. Keys that do not fit one
 * word take several rounds, the least significant first. Missing values come first.
 */
#include "store/frame_order.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define SLICE 1024u   /* rows taken through all keys at a time: what is known of them stays in the cache */

struct range { uint64_t base; unsigned bits; };  /* reduced: value - base; 0 where missing (then base is one lower) */

/* Values as rising unsigned numbers. */
#define RISING_U32(column, rank, row) ((uint64_t)(column)->u32[row])
#define RISING_RANK(column, rank, row) ((uint64_t)(rank)[(column)->u32[row]])
#define RISING_I32(column, rank, row) ((uint64_t)((int64_t)(column)->i32[row] - INT32_MIN))
#define RISING_I64(column, rank, row) ((uint64_t)(column)->i64[row] ^ UINT64_C(1) << 63)

#define RANGE(field, none, rising) \
	for (uint32_t i = 0; i < count; i++) { \
		bool missing = column->field[i] == (none); \
		uint64_t value = missing ? 0 : rising(column, key->rank, i), least = missing ? UINT64_MAX : value; \
		any |= missing; \
		low = least < low ? least : low; \
		high = value > high ? value : high; \
	}

/* Over all rows of the frame: a little wider than needed does no harm. */
static struct range range_of(const struct frame_key *key, uint32_t count)
{
	const struct frame_column *column = key->column;
	uint64_t low = UINT64_MAX, high = 0, top;
	struct range range = {0};
	bool any = false;

	switch (column->type) {
	case FRAME_U32:
		if (key->rank != NULL)
			RANGE(u32, FRAME_NONE, RISING_RANK)
		else
			RANGE(u32, FRAME_NONE, RISING_U32)
		break;
	case FRAME_I32:
		RANGE(i32, DATE_NONE, RISING_I32)
		break;
	case FRAME_I64:
		RANGE(i64, DECIMAL_NONE, RISING_I64)
		break;
	}
	if (low > high)
		return range;            /* all missing: nothing to sort by */
	range.base = low - any;
	top = high - range.base;
	range.bits = top == 0 ? 0 : 64 - (unsigned)__builtin_clzll(top);
	return range;
}

/* Shifts the reduced values of a column into the words. */
#define ADD(field, none, rising) \
	for (uint32_t i = 0; i < count; i++) { \
		uint32_t row = rows[i]; \
		uint64_t reduced = column->field[row] == (none) ? 0 : rising(column, key->rank, row) - range->base; \
		words[i] = range->bits == 64 ? reduced : words[i] << range->bits | reduced; \
	}

static void add_key(uint64_t *words, const uint32_t *rows, uint32_t count, const struct frame_key *key,
	const struct range *range)
{
	const struct frame_column *column = key->column;

	if (range->bits == 0)
		return;
	switch (column->type) {
	case FRAME_U32:
		if (key->rank != NULL)
			ADD(u32, FRAME_NONE, RISING_RANK)
		else
			ADD(u32, FRAME_NONE, RISING_U32)
		break;
	case FRAME_I32:
		ADD(i32, DATE_NONE, RISING_I32)
		break;
	case FRAME_I64:
		ADD(i64, DECIMAL_NONE, RISING_I64)
		break;
	}
}

/* --- sorting words --- */

static bool sorted(const uint64_t *words, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++)
		if (words[i] < words[i - 1])
			return false;
	return true;
}

/* Gives up after `budget` moves; what it leaves is a permutation all the same. */
static bool insertion_sort(uint64_t *words, uint32_t count, uint64_t budget)
{
	for (uint32_t i = 1; i < count; i++) {
		uint64_t moving = words[i];
		uint32_t at = i;

		for (; at > 0 && words[at - 1] > moving; at--)
			words[at] = words[at - 1];
		words[at] = moving;
		if (i - at > budget)
			return false;
		budget -= i - at;
	}
	return true;
}

/* Stable by `bits` bits from `shift` on; result in `words`. `starts` has room for 2^most_digit counters. */
static void radix_sort(uint64_t *words, uint64_t *room, uint32_t count, unsigned shift, unsigned bits,
	unsigned most_digit, uint32_t *starts)
{
	unsigned passes = (bits + most_digit - 1) / most_digit, digit = (bits + passes - 1) / passes;
	uint64_t mask = (UINT64_C(1) << digit) - 1, *from = words, *to = room, *swap;

	for (unsigned pass = 0; pass < passes; pass++, shift += digit) {
		uint32_t at = 0;

		memset(starts, 0, (size_t)(mask + 1) * sizeof *starts);
		for (uint32_t i = 0; i < count; i++)
			starts[from[i] >> shift & mask]++;
		for (uint64_t d = 0; d <= mask; d++) {
			uint32_t here = starts[d];

			starts[d] = at;
			at += here;
		}
		for (uint32_t i = 0; i < count; i++)
			to[starts[from[i] >> shift & mask]++] = from[i];
		swap = from, from = to, to = swap;
	}
	if (from != words)
		memcpy(words, from, count * sizeof *words);
}

/* A run of words with the same first bits, mostly the rows of one employee. */
static void sort_run(uint64_t *words, uint64_t *room, uint32_t count, unsigned low, unsigned bits, uint32_t *starts)
{
	uint32_t descents = 0;
	unsigned digit = count < 4096 ? 8 : 11;

	for (uint32_t i = 1; i < count; i++)
		descents += words[i] < words[i - 1];
	if (descents == 0)
		return;
	if (count > 24 && descents > count / 16)
		radix_sort(words, room, count, low, bits, digit, starts);
	else if (!insertion_sort(words, count, count <= 24 ? UINT64_MAX : 8 * (uint64_t)count))
		/* places were moved: sort them as well */
		radix_sort(words, room, count, 0, low + bits, digit, starts);
}

#define FIRST_BITS 12u   /* an employee's place in the block */

/* Sorts words whose `bits` bits above `low` count and whose low bits are places in rising order. */
static void sort_words(uint64_t *words, uint64_t *room, uint32_t count, unsigned low, unsigned bits)
{
	unsigned first = bits < FIRST_BITS ? bits : FIRST_BITS, shift = low + bits - first;
	uint32_t *starts = mem_new(UINT32_C(1) << FIRST_BITS, sizeof *starts);

	if (bits == 0) {
		free(starts);
		return;
	}
	/* By the first bits alone; usually segments have that order. */
	for (uint32_t i = 1; i < count; i++)
		if (words[i] >> shift < words[i - 1] >> shift) {
			radix_sort(words, room, count, shift, first, FIRST_BITS, starts);
			break;
		}
	for (uint32_t from = 0, to; bits > first && from < count; from = to) {
		uint64_t head = words[from] >> shift;

		for (to = from + 1; to < count && words[to] >> shift == head; to++)
			;
		sort_run(words + from, room, to - from, low, shift - low, starts);
	}
	free(starts);
}

static unsigned bits_of(uint64_t value)
{
	return value == 0 ? 0 : 64 - (unsigned)__builtin_clzll(value);
}

struct work {                    /* what the rounds of one sort share */
	uint32_t *rows, count;
	uint64_t *words, *room;
	unsigned place_bits;
};

/* Puts the rows into the order of their words, of which `bits` bits count; words become sorted, places behind. */
static void sort_places(struct work *work, unsigned bits)
{
	uint64_t mask = (UINT64_C(1) << work->place_bits) - 1, *words = work->words;
	uint32_t *before = (uint32_t *)work->room;

	for (uint32_t i = 0; i < work->count; i++)
		words[i] = words[i] << work->place_bits | i;
	if (sorted(words, work->count))
		return;
	sort_words(words, work->room, work->count, work->place_bits, bits);
	memcpy(before, work->rows, work->count * sizeof *before);
	for (uint32_t i = 0; i < work->count; i++)
		work->rows[i] = before[words[i] & mask];
}

/* One round: rows sorted stably by `count` keys whose bits fit a word beside the places. Words stay. */
static void sort_round(struct work *work, const struct frame_key *keys, const struct range *ranges, size_t count)
{
	unsigned bits = 0;

	memset(work->words, 0, work->count * sizeof *work->words);
	for (uint32_t from = 0; from < work->count; from += SLICE) {
		uint32_t size = work->count - from < SLICE ? work->count - from : SLICE;

		for (size_t k = 0; k < count; k++)
			add_key(work->words + from, work->rows + from, size, &keys[k], &ranges[k]);
	}
	for (size_t k = 0; k < count; k++)
		bits += ranges[k].bits;
	sort_places(work, bits);
}

/* The same for one key that does not fit beside the places: its lower half, then its upper half. */
static void sort_wide(struct work *work, const struct frame_key *key, const struct range *range)
{
	for (unsigned half = 0; half < 2; half++) {
		memset(work->words, 0, work->count * sizeof *work->words);
		add_key(work->words, work->rows, work->count, key, range);
		for (uint32_t i = 0; i < work->count; i++)
			work->words[i] = half == 0 ? work->words[i] & UINT32_MAX : work->words[i] >> 32;
		sort_places(work, 32);
	}
}

/* What is known of a row and the one before it after some keys. */
enum { EQUAL = 0, RISES = 1, FALLS = 2 };

#define COMPARE(value) \
	for (uint32_t i = 0; i < count; i++) { \
		uint8_t now = (uint8_t)((value(before[i])) < (value(rows[i])) ? RISES : \
			(value(before[i])) > (value(rows[i])) ? FALLS : EQUAL); \
		order[i] = order[i] == EQUAL ? now : order[i]; \
	}
#define NUMBER(row) u32[row] + 1                 /* missing becomes 0 */
#define RANK(row) u32[row] == FRAME_NONE ? 0 : key->rank[u32[row]] + 1
#define DATE(row) i32[row]
#define VALUE(row) i64[row]

/* Rows rows[-1] … rows[count - 1], by one more key; without branches: which way a row goes cannot be foretold. */
static void compare_slice(const struct frame_key *key, const uint32_t *rows, uint32_t count, uint8_t *order)
{
	const uint32_t *before = rows - 1, *u32 = key->column->u32;
	const int32_t *i32 = key->column->i32;
	const int64_t *i64 = key->column->i64;

	if (key->column->type == FRAME_I32)
		COMPARE(DATE)
	else if (key->column->type == FRAME_I64)
		COMPARE(VALUE)
	else if (key->rank != NULL)
		COMPARE(RANK)
	else
		COMPARE(NUMBER)
}

/* Fills `same` as far as rows stand in order; true if all of them do, as they mostly come. */
static bool in_order(const struct frame_key *keys, size_t key_count, const uint32_t *rows, uint32_t count,
	uint8_t *same)
{
	same[0] = 0;
	for (uint32_t from = 1; from < count; from += SLICE) {
		uint32_t size = count - from < SLICE ? count - from : SLICE;
		uint8_t *order = same + from, all = 0;

		memset(order, EQUAL, size);
		for (size_t k = 0; k < key_count; k++)
			compare_slice(&keys[k], rows + from, size, order);
		for (uint32_t i = 0; i < size; i++) {
			all |= order[i];
			order[i] = order[i] == EQUAL;
		}
		if (all & FALLS)
			return false;
	}
	return true;
}

void frame_order(const struct frame_key *keys, size_t key_count, uint32_t frame_count, uint32_t *rows, uint32_t count,
	uint8_t *same, struct arena *scratch)
{
	struct work work = {.rows = rows, .count = count, .place_bits = bits_of(count)};
	struct range *ranges;
	unsigned bits = 0;
	size_t end = key_count, first;

	if (count == 0 || in_order(keys, key_count, rows, count, same))
		return;
	ranges = arena_alloc(scratch, key_count + 1, sizeof *ranges);
	work.words = arena_room(scratch, count, sizeof *work.words);
	work.room = arena_room(scratch, count, sizeof *work.room);
	for (size_t k = 0; k < key_count; k++) {
		ranges[k] = range_of(&keys[k], frame_count);
		bits += ranges[k].bits;
	}
	if (bits + work.place_bits <= 64) {
		sort_round(&work, keys, ranges, key_count);
		for (uint32_t i = 1; i < count; i++)
			same[i] = work.words[i] >> work.place_bits == work.words[i - 1] >> work.place_bits;
		return;
	}
	for (; end > 0; end = first) {
		bits = ranges[end - 1].bits;
		first = end - 1;
		while (first > 0 && bits + ranges[first - 1].bits + work.place_bits <= 64)
			bits += ranges[--first].bits;
		if (bits + work.place_bits <= 64)
			sort_round(&work, &keys[first], &ranges[first], end - first);
		else
			sort_wide(&work, &keys[first], &ranges[first]);
	}
	in_order(keys, key_count, rows, count, same);
}

struct text_place { const char *text; uint32_t number; };

static int compare_places(const void *a, const void *b)
{
	const struct text_place *x = a, *y = b;

	return strcmp(x->text, y->text);
}

uint32_t *frame_text_ranks(const struct frame *frame, struct arena *arena)
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
