/*
 * test_frame_order.c - rows sorted by several columns: as a plain comparison sorts them, whatever the columns hold.
 */
#include "store/frame_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena arena;

static const struct frame_key *compare_by;
static size_t compare_count;

static int compare_values(const struct frame_column *column, uint32_t a, uint32_t b)
{
	/* missing first: the least value of signed types, set apart for the others */
	switch (column->type) {
	case FRAME_U32: {
		uint32_t x = column->u32[a] + 1, y = column->u32[b] + 1;
		return x < y ? -1 : x > y;
	}
	case FRAME_I32:
		return column->i32[a] < column->i32[b] ? -1 : column->i32[a] > column->i32[b];
	case FRAME_I64:
		return column->i64[a] < column->i64[b] ? -1 : column->i64[a] > column->i64[b];
	}
	return 0;
}

static int compare_keys(uint32_t a, uint32_t b)
{
	for (size_t k = 0; k < compare_count; k++) {
		int order = compare_values(compare_by[k].column, a, b);
		if (order != 0)
			return order;
	}
	return 0;
}

static int compare_rows(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int order = compare_keys(x, y);

	return order != 0 ? order : x < y ? -1 : x > y;
}

static void expect_order(const struct frame_key *keys, size_t key_count, uint32_t count)
{
	uint32_t *rows = calloc(count, sizeof *rows), *expected = calloc(count, sizeof *expected), kept = 0;
	uint8_t *same = calloc(count, 1);

	for (uint32_t i = 0; i < count; i++)     /* some rows are left out */
		if (i % 7 != 3)
			rows[kept] = expected[kept] = i, kept++;
	compare_by = keys;
	compare_count = key_count;
	qsort(expected, kept, sizeof *expected, compare_rows);
	frame_order(keys, key_count, count, rows, kept, same, &arena);
	for (uint32_t i = 0; i < kept; i++) {
		assert_int_equal(rows[i], expected[i]);
		assert_int_equal(same[i], i > 0 && compare_keys(rows[i - 1], rows[i]) == 0);
	}
	free(rows);
	free(expected);
	free(same);
}

static void test_order(void **state)
{
	enum { COUNT = 6000 };
	static uint32_t people[COUNT], courses[COUNT], wide32[COUNT];
	static int32_t dates[COUNT], wild_dates[COUNT];
	static int64_t attempts[COUNT], wide[COUNT], none[COUNT];
	struct frame_column columns[] = {
		{.type = FRAME_U32, .u32 = people}, {.type = FRAME_U32, .u32 = courses}, {.type = FRAME_I32,
			.i32 = dates},
		{.type = FRAME_I64, .i64 = attempts}, {.type = FRAME_I64, .i64 = wide}, {.type = FRAME_I32,
			.i32 = wild_dates},
		{.type = FRAME_U32, .u32 = wide32}, {.type = FRAME_I64, .i64 = none},
	};
	struct frame_key keys[8];
	uint64_t seed = 1;

	(void)state;
	for (uint32_t i = 0; i < COUNT; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		uint32_t r = (uint32_t)(seed >> 33);
		people[i] = 8192 + r % 50;
		courses[i] = r / 50 % 40 == 0 ? FRAME_NONE : r / 50 % 40;
		dates[i] = r % 3 == 0 ? DATE_NONE : 20000 + (int32_t)(r / 2000 % 30);
		attempts[i] = r % 11 == 0 ? DECIMAL_NONE : (int64_t)(r % 3) - 1;
		wide[i] = r % 5 == 0 ? DECIMAL_NONE : r % 5 == 1 ? INT64_MAX : r % 5 == 2 ?
			INT64_MIN + 1 : (int64_t)seed;
		wild_dates[i] = r % 9 == 0 ? DATE_NONE : r % 9 == 1 ? INT32_MAX : r % 9 == 2 ?
			INT32_MIN + 1 : (int32_t)(r % 5);
		wide32[i] = r % 4 == 0 ? FRAME_NONE : r % 4 == 1 ? FRAME_NONE - 1 : r % 4 == 2 ? 0 : r;
		none[i] = DECIMAL_NONE;
	}
	static const size_t orders[][8] = {
		{0, 1, 2, 3}, {2, 0}, {3, 2, 1, 0}, {4}, {4, 0}, {0, 4, 1}, {5, 6, 4, 0}, {6, 5}, {7}, {7, 0, 7, 1}, {1,
			4, 5, 6, 3},
	};
	static const size_t lengths[] = {4, 2, 4, 1, 2, 3, 4, 2, 1, 4, 5};
	static const uint32_t counts[] = {COUNT, 1, 2, 20, 300};
	for (size_t o = 0; o < sizeof lengths / sizeof lengths[0]; o++)
		for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
			for (size_t k = 0; k < lengths[o]; k++)
				keys[k] = (struct frame_key){.column = &columns[orders[o][k]]};
			expect_order(keys, lengths[o], counts[c]);
		}
	/* already in order, and in order but for a few */
	for (uint32_t i = 0; i < COUNT; i++) {
		people[i] = i / 100;
		courses[i] = i % 100;
	}
	for (size_t k = 0; k < 2; k++)
		keys[k] = (struct frame_key){.column = &columns[k]};
	expect_order(keys, 2, COUNT);
	for (uint32_t i = 50; i < COUNT; i += 97)
		courses[i] = i % 90;
	expect_order(keys, 2, COUNT);
	frame_order(keys, 2, 0, NULL, 0, NULL, &arena);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_order) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
