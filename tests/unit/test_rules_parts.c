/*
 * test_rules_parts.c - the parts of grading that need no store: Wilson intervals, quota seats, strata.
 */
#include "rules/quota.h"
#include "rules/strata.h"
#include "rules/wilson.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Expected values were computed with 60 digits by another program. */
static void wilson_known_values(void **state)
{
	static const struct {
		uint64_t hits, n;
		int64_t low, high;
	} known[] = {
		{ 0, 10, 0, 278 },
		{ 10, 10, 722, 1000 },
		{ 1, 8, 22, 471 },
		{ 3, 20, 52, 360 },
		{ 50, 1000, 38, 65 },
		{ 0, 1, 0, 793 },
		{ 7, 7, 646, 1000 },
		{ 123456, 1000000, 123, 124 },
		{ 2, 5, 118, 769 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		int64_t low = -1, high = -1;
		wilson_interval(known[i].hits, known[i].n, &low, &high);
		assert_int_equal(low, known[i].low);
		assert_int_equal(high, known[i].high);
	}
}

static void shares_round_half_away(void **state)
{
	(void)state;
	assert_int_equal(wilson_share(1, 8), 125);
	assert_int_equal(wilson_share(1, 16), 63); /* 6.25 % */
	assert_int_equal(wilson_share(2, 3), 667);
	assert_int_equal(wilson_share(0, 3), 0);
	assert_int_equal(wilson_share(3, 3), 1000);
}

static void seats(uint64_t n, const int64_t *shares, size_t count, const uint64_t *expected)
{
	uint64_t got[8] = { 0 };
	quota_seats(n, shares, count, got);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(got[i], expected[i]);
}

static void quota_largest_remainder(void **state)
{
	(void)state;
	/* 17 people: 1.7, 3.4, 8.5, 2.55, 0.85 → 1 3 8 2 0 and three more seats for .85 .70 .55 */
	seats(17, (int64_t[]){ 100000, 200000, 500000, 150000, 50000 }, 5, (uint64_t[]){ 2, 3, 8, 3, 1 });
	/* whole shares leave nothing over */
	seats(20, (int64_t[]){ 100000, 200000, 500000, 150000, 50000 }, 5, (uint64_t[]){ 2, 4, 10, 3, 1 });
	seats(0, (int64_t[]){ 500000, 500000 }, 2, (uint64_t[]){ 0, 0 });
}

static void quota_ties_go_to_the_higher_star(void **state)
{
	(void)state;
	/* 5 people: 2.5 and 2.5 */
	seats(5, (int64_t[]){ 500000, 500000 }, 2, (uint64_t[]){ 3, 2 });
	/* 2 people in four quarters: 0.5 each */
	seats(2, (int64_t[]){ 250000, 250000, 250000, 250000 }, 4, (uint64_t[]){ 1, 1, 0, 0 });
}

static void quota_leaves_room_for_stars_without_one(void **state)
{
	(void)state;
	/* 25 people, 10 %: 2.5 against 22.5 for the others; equal remainders go to the higher star */
	seats(25, (int64_t[]){ 100000 }, 1, (uint64_t[]){ 3 });
	/* 24 people: 2.4 against 21.6 */
	seats(24, (int64_t[]){ 100000 }, 1, (uint64_t[]){ 2 });
}

static void strata_alternate(void **state)
{
	/* 0 person; 1 population of 0; 2 person after 1; 3 person after 0; 4 population after 2 and 3 */
	static const unsigned of1[] = { 0 }, of2[] = { 1 }, of3[] = { 0 }, of4[] = { 2, 3 };
	struct strata_node nodes[] = { { .used = true },
		{ .used = true, .population = true, .after = of1, .after_count = 1 },
		{ .used = true, .after = of2, .after_count = 1 }, { .used = true, .after = of3, .after_count = 1 },
		{ .used = true, .population = true, .after = of4, .after_count = 2 } };
	unsigned cycle[6];
	size_t count = 0;
	(void)state;
	assert_int_equal(strata_order(nodes, 5, cycle, &count), 0);
	assert_int_equal(nodes[0].stratum, 0);
	assert_int_equal(nodes[1].stratum, 1);
	assert_int_equal(nodes[2].stratum, 2);
	assert_int_equal(nodes[3].stratum, 0);
	assert_true(nodes[3].depth > nodes[0].depth);
	assert_int_equal(nodes[4].stratum, 3);
}

static void strata_name_the_cycle(void **state)
{
	static const unsigned of0[] = { 1 }, of1[] = { 2 }, of2[] = { 3 }, of3[] = { 1 };
	struct strata_node nodes[] = { { .used = true, .after = of0, .after_count = 1 },
		{ .used = true, .after = of1, .after_count = 1 }, { .used = true, .after = of2, .after_count = 1 },
		{ .used = true, .after = of3, .after_count = 1 } };
	unsigned cycle[5];
	size_t count = 0;
	(void)state;
	assert_int_equal(strata_order(nodes, 4, cycle, &count), -1);
	assert_int_equal(count, 3);
	assert_int_equal(cycle[0], 1);
	assert_int_equal(cycle[1], 2);
	assert_int_equal(cycle[2], 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilson_known_values),
		cmocka_unit_test(shares_round_half_away),
		cmocka_unit_test(quota_largest_remainder),
		cmocka_unit_test(quota_ties_go_to_the_higher_star),
		cmocka_unit_test(quota_leaves_room_for_stars_without_one),
		cmocka_unit_test(strata_alternate),
		cmocka_unit_test(strata_name_the_cycle),
	};
	return cmocka_run_group_tests_name("rules: parts", tests, NULL, NULL);
}
