/*
 * Maps: dense numbers in the order of adding, found again whatever the texts hold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/map.h"

static void empty(void **state)
{
	struct map map = {0};

	(void)state;
	assert_int_equal(map_find(&map, "x", 1), MAP_NONE);
	assert_int_equal(map_find(&map, "", 0), MAP_NONE);
	map_prefetch(&map, 1);
	map_release(&map);
}

static void numbers_follow_the_order(void **state)
{
	struct map map = {0};

	(void)state;
	assert_int_equal(map_add(&map, "客服", 6), 0);
	assert_int_equal(map_add(&map, "", 0), 1);
	assert_int_equal(map_add(&map, "a\0b", 3), 2);
	assert_int_equal(map_add(&map, "a", 1), 3);
	assert_int_equal(map_add(&map, "客服", 6), 0);
	assert_int_equal(map_add(&map, NULL, 0), 1);
	assert_int_equal(map.count, 4);
	assert_int_equal(map_find(&map, "a\0b", 3), 2);
	assert_int_equal(map_find(&map, "a\0c", 3), MAP_NONE);
	assert_int_equal(map_find(&map, "a\0", 2), MAP_NONE);
	assert_int_equal(map_length(&map, 2), 3);
	assert_int_equal(map_length(&map, 1), 0);
	assert_string_equal(map_text(&map, 0), "客服");
	assert_string_equal(map_text(&map, 1), "");
	map_release(&map);
	assert_int_equal(map.count, 0);
	assert_int_equal(map_find(&map, "a", 1), MAP_NONE);
}

static void many(void **state)
{
	enum { COUNT = 300000 };
	struct map map = {0};
	char text[64];
	uint32_t k;

	(void)state;
	for (k = 0; k < COUNT; k++) {
		int length = snprintf(text, sizeof text, "E%07u", (unsigned)k);

		assert_int_equal(map_add(&map, text, (size_t)length), k);
	}
	assert_int_equal(map.count, COUNT);
	assert_true(map.count * 10 <= map.slots * 6);
	for (k = 0; k < COUNT; k++) {
		int length = snprintf(text, sizeof text, "E%07u", (unsigned)k);
		uint64_t hash = map_hash(text, (size_t)length);

		if (map_find_hashed(&map, text, (size_t)length, hash) != k || strcmp(map_text(&map, k), text) != 0)
			fail_msg("%s", text);
		text[0] = 'X';
		if (map_find(&map, text, (size_t)length) != MAP_NONE)
			fail_msg("%s", text);
	}
	map_release(&map);
}

/* Every length from 0 to 100, and every text that differs from it in one byte. */
static void every_length(void **state)
{
	struct map map = {0};
	char text[101];
	size_t length, at;
	uint32_t number = 0;

	(void)state;
	for (length = 0; length <= 100; length++) {
		memset(text, 'm', sizeof text);
		assert_int_equal(map_add(&map, text, length), number++);
		for (at = 0; at < length; at++) {
			text[at] = 'n';
			assert_int_equal(map_find(&map, text, length), MAP_NONE);
			assert_int_equal(map_add(&map, text, length), number++);
			text[at] = 'm';
		}
	}
	map_release(&map);
}

/* A piece of a text of the map itself, while its memory moves. */
static void adding_its_own_pieces(void **state)
{
	struct map map = {0};
	char text[2001], expected[2001];
	size_t k;

	(void)state;
	for (k = 0; k < 2000; k++)
		expected[k] = (char)('a' + k % 26);
	expected[2000] = '\0';
	map_add(&map, expected, 2000);
	for (k = 1; k < 1000; k++) {
		uint32_t number = map_add(&map, map_text(&map, 0) + k, 2000 - k);

		assert_int_equal(map_length(&map, number), 2000 - k);
		memcpy(text, map_text(&map, number), 2001 - k);
		assert_string_equal(text, expected + k);
	}
	map_release(&map);
}

/* Ids that count upwards must not crowd together: neither in the low bits nor in the upper ones. */
static void hashes_spread(void **state)
{
	enum { COUNT = 65536, BOXES = 4096 };
	static uint32_t low[BOXES], high[BOXES];
	uint32_t k;

	(void)state;
	for (k = 0; k < COUNT; k++) {
		char text[16];
		uint64_t hash = map_hash(text, (size_t)snprintf(text, sizeof text, "%08u", (unsigned)k));

		low[hash % BOXES]++;
		high[hash >> 52]++;
	}
	for (k = 0; k < BOXES; k++)
		if (low[k] > 48 || high[k] > 48 || low[k] == 0 || high[k] == 0) /* 16 expected */
			fail_msg("%u: %u %u", k, low[k], high[k]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty), cmocka_unit_test(numbers_follow_the_order), cmocka_unit_test(many),
		cmocka_unit_test(every_length), cmocka_unit_test(adding_its_own_pieces), cmocka_unit_test(hashes_spread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
