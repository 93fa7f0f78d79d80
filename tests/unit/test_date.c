/*
 * Dates: every day of the years 1-9999 there and back, months over 48 years, periods by name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/date.h"

static int32_t day(const char *iso)
{
	int32_t number = DATE_NONE;

	assert_true(date_parse_iso(iso, strlen(iso), &number));
	return number;
}

static void every_day_there_and_back(void **state)
{
	int32_t number = date_from_civil(1, 1, 1), year;
	int month, of_month;

	(void)state;
	assert_int_equal(date_from_civil(1970, 1, 1), 0);
	assert_int_equal(date_from_civil(2000, 3, 1), 11017);
	assert_int_equal(number, -719162);
	for (year = 1; year <= 9999; year++)
		for (month = 1; month <= 12; month++)
			for (of_month = 1; of_month <= date_days_in_month(year, month); of_month++, number++) {
				struct date_civil civil = date_to_civil(number);

				if (civil.year != year || civil.month != month || civil.day != of_month ||
				    date_from_civil(year, month, of_month) != number)
					fail_msg("%d-%d-%d", (int)year, month, of_month);
			}
	assert_int_equal(number - 1, date_from_civil(9999, 12, 31));
}

static void leap_years(void **state)
{
	(void)state;
	assert_int_equal(date_days_in_month(2024, 2), 29);
	assert_int_equal(date_days_in_month(2026, 2), 28);
	assert_int_equal(date_days_in_month(1900, 2), 28);
	assert_int_equal(date_days_in_month(2000, 2), 29);
	assert_false(date_valid(2026, 2, 29));
	assert_true(date_valid(2024, 2, 29));
	assert_false(date_valid(2026, 13, 1));
	assert_false(date_valid(2026, 0, 1));
	assert_false(date_valid(2026, 4, 31));
	assert_false(date_valid(2026, 4, 0));
	assert_false(date_valid(0, 1, 1));
	assert_false(date_valid(10000, 1, 1));
}

static void months_clamp_to_the_end(void **state)
{
	(void)state;
	assert_int_equal(date_add_months(day("2026-01-31"), 1), day("2026-02-28"));
	assert_int_equal(date_add_months(day("2024-01-31"), 1), day("2024-02-29"));
	assert_int_equal(date_add_months(day("2024-02-29"), 12), day("2025-02-28"));
	assert_int_equal(date_add_months(day("2024-02-29"), 48), day("2028-02-29"));
	assert_int_equal(date_add_months(day("2026-03-31"), -1), day("2026-02-28"));
	assert_int_equal(date_add_months(day("2026-01-15"), -1), day("2025-12-15"));
	assert_int_equal(date_add_months(day("2026-01-15"), -13), day("2024-12-15"));
	assert_int_equal(date_add_months(day("2026-08-31"), 0), day("2026-08-31"));
	/* far outside of what anyone writes: still dates, there and back */
	assert_int_equal(date_to_civil(date_add_months(day("0001-03-31"), -13)).year, 0);
	assert_int_equal(date_to_civil(date_add_months(day("0001-03-31"), -13)).day, 29);
	assert_int_equal(date_to_civil(date_add_months(day("0100-07-15"), -12 * 500)).year, -400);
	assert_int_equal(date_add_months(date_add_months(day("0100-07-15"), -12 * 500), 12 * 500), day("0100-07-15"));
}

static void months_between_known(void **state)
{
	(void)state;
	assert_int_equal(date_months_between(day("2026-01-31"), day("2026-02-28")), 1);
	assert_int_equal(date_months_between(day("2026-01-31"), day("2026-02-27")), 0);
	assert_int_equal(date_months_between(day("2024-02-29"), day("2025-02-28")), 12);
	assert_int_equal(date_months_between(day("2024-02-29"), day("2025-02-27")), 11);
	assert_int_equal(date_months_between(day("2026-05-10"), day("2026-05-10")), 0);
	assert_int_equal(date_months_between(day("2026-05-10"), day("2026-05-09")), -1);
	assert_int_equal(date_months_between(day("2026-05-10"), day("2026-04-10")), -1);
	assert_int_equal(date_months_between(day("2026-05-10"), day("2026-04-09")), -2);
}

/* The definition itself: the greatest k with add_months(from, k) <= to. */
static void months_between_is_the_inverse(void **state)
{
	int32_t from, to, first = day("1995-12-20"), last = day("2004-03-05"), late = day("2044-03-05");

	(void)state;
	for (from = first; from <= last; from++)
		for (to = first; to <= late; to += to <= last ? 1 : 7) {
			int k = date_months_between(from, to);

			if (date_add_months(from, k) > to || date_add_months(from, k + 1) <= to)
				fail_msg("%d %d: %d", (int)from, (int)to, k);
		}
}

static void iso_text(void **state)
{
	static const char *const bad[] = {
		"", "2026-2-01", "2026-02-1", "2026-02-30", "2026/02/01", "20260201", "2026-02-01 ", " 2026-02-01",
		"2026-00-10", "0000-01-01", "-026-01-01", "2026-02-0x", "+026-01-01", "2026-02-01T00:00",
	};
	char out[16];
	int32_t number = 7;
	size_t k;

	(void)state;
	for (k = 0; k < sizeof bad / sizeof bad[0]; k++)
		assert_false(date_parse_iso(bad[k], strlen(bad[k]), &number));
	assert_int_equal(number, 7);
	assert_true(date_parse_iso("2026-02-01rest", 10, &number));
	date_format_iso(number, out);
	assert_string_equal(out, "2026-02-01");
	date_format_iso(day("0001-01-01"), out);
	assert_string_equal(out, "0001-01-01");
	date_format_iso(DATE_NONE, out);
	assert_string_equal(out, "");
}

static void assert_period(const struct date_period *period, const char *name, const char *first, const char *last)
{
	assert_string_equal(period->name, name);
	assert_int_equal(period->first, day(first));
	assert_int_equal(period->last, day(last));
}

static void periods(void **state)
{
	static const char *const bad[] = {
		"", "2026Q0", "2026Q5", "2026H3", "2026H0", "2026-13", "2026-00", "2026-1", "26Q1", "2026q1", "2026Q",
		"2026Q11", "0000", "0000Q1", "20260", "2026-Q1",
	};
	static const char *const good[] = { "2026Q3", "2026H1", "2026-09", "2026", "0001Q1", "9999-12" };
	struct date_period p, other;
	size_t k;

	(void)state;
	for (k = 0; k < sizeof bad / sizeof bad[0]; k++)
		assert_false(date_period_parse(bad[k], &p));
	for (k = 0; k < sizeof good / sizeof good[0]; k++) {
		assert_true(date_period_parse(good[k], &p));
		assert_string_equal(p.name, good[k]);
		other = date_period_at(p.kind, p.first);
		assert_memory_equal(&other, &p, sizeof p);
		other = date_period_at(p.kind, p.last);
		assert_memory_equal(&other, &p, sizeof p);
	}
	assert_true(date_period_parse("2026Q3", &p));
	assert_int_equal(p.kind, DATE_QUARTER);
	assert_period(&p, "2026Q3", "2026-07-01", "2026-09-30");
	other = date_period_step(&p, 2);
	assert_period(&other, "2027Q1", "2027-01-01", "2027-03-31");
	other = date_period_step(&p, -3);
	assert_period(&other, "2025Q4", "2025-10-01", "2025-12-31");
	assert_true(date_period_parse("2026H1", &p));
	assert_period(&p, "2026H1", "2026-01-01", "2026-06-30");
	other = date_period_step(&p, -1);
	assert_period(&other, "2025H2", "2025-07-01", "2025-12-31");
	assert_true(date_period_parse("2024-02", &p));
	assert_period(&p, "2024-02", "2024-02-01", "2024-02-29");
	assert_true(date_period_parse("2026", &p));
	assert_period(&p, "2026", "2026-01-01", "2026-12-31");
	p = date_period_at(DATE_QUARTER, day("2026-12-31"));
	assert_period(&p, "2026Q4", "2026-10-01", "2026-12-31");
	other = date_period_step(&p, 0);
	assert_memory_equal(&other, &p, sizeof p);
}

static void periods_follow_without_gap(void **state)
{
	int kind, k;

	(void)state;
	for (kind = DATE_QUARTER; kind <= DATE_YEAR; kind++) {
		struct date_period p = date_period_at((enum date_period_kind)kind, day("1990-05-05"));

		for (k = 0; k < 200; k++) {
			struct date_period next = date_period_step(&p, 1), back = date_period_step(&next, -1);

			assert_int_equal(next.first, p.last + 1);
			assert_string_equal(back.name, p.name);
			p = next;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_there_and_back), cmocka_unit_test(leap_years),
		cmocka_unit_test(months_clamp_to_the_end), cmocka_unit_test(months_between_known),
		cmocka_unit_test(months_between_is_the_inverse), cmocka_unit_test(iso_text),
		cmocka_unit_test(periods), cmocka_unit_test(periods_follow_without_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
