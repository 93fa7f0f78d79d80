/* test_ingest_value.c - spellings of dates, periods, numbers and booleans, and where records end. */
#include "ingest/csv.h"
#include "ingest/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *read_date(const char *text, enum ingest_format format, bool period)
{
	static char out[64];
	int32_t day = 0;
	enum finding_id why = FINDING_COUNT;
	const char *detail = NULL;
	enum ingest_outcome outcome = period ? ingest_value_period(text, strlen(text), &day, &why, &detail) :
		ingest_value_date(text, strlen(text), format, &day, &why, &detail);
	if (outcome == INGEST_OK)
		date_format_iso(day, out);
	else
		snprintf(out, sizeof out, "%s", outcome == INGEST_MISSING ? "missing" : finding_name(why));
	return out;
}

static void dates(void **state)
{
	static const struct { const char *text, *want; enum ingest_format format;
	} cases[] = {
		{ "2024-3-5", "2024-03-05", INGEST_FORMAT_AUTO },
		{ "2024/03/05", "2024-03-05", INGEST_FORMAT_AUTO },
		{ "2024.3.5", "2024-03-05", INGEST_FORMAT_AUTO },
		{ "20240305", "2024-03-05", INGEST_FORMAT_AUTO },
		{ "2024年3月5日", "2024-03-05", INGEST_FORMAT_AUTO },
		{ "2024-03-05 23:59:59", "2024-03-05", INGEST_FORMAT_AUTO },
		{ "2024-03-05T10:00:00.206212Z", "2024-03-05", INGEST_FORMAT_AUTO },
		{ "1988-01-03-08:00", "1988-01-03", INGEST_FORMAT_AUTO },
		{ "2024-02-29", "2024-02-29", INGEST_FORMAT_AUTO },
		{ "2023-02-29", "bad-date", INGEST_FORMAT_AUTO },
		{ "2024-13-01", "bad-date", INGEST_FORMAT_AUTO },
		{ "2024-03", "bad-date", INGEST_FORMAT_AUTO },
		{ "2024-03-05abc", "bad-date", INGEST_FORMAT_AUTO },
		{ "1824-03-05", "impossible-date", INGEST_FORMAT_AUTO },
		{ "03/04/2024", "ambiguous-date", INGEST_FORMAT_AUTO },
		{ "03/04/2024", "2024-04-03", INGEST_FORMAT_DMY },
		{ "03/04/2024", "2024-03-04", INGEST_FORMAT_MDY },
		{ "13/04/2024", "2024-04-13", INGEST_FORMAT_AUTO },
		{ "04/13/2024", "2024-04-13", INGEST_FORMAT_AUTO },
		{ "07/10/83", "bad-date", INGEST_FORMAT_MDY },
		{ "45292", "bad-date", INGEST_FORMAT_AUTO },
		{ "45292", "2024-01-01", INGEST_FORMAT_EXCEL },
		{ "9999-12-31", "missing", INGEST_FORMAT_AUTO },
		{ "长期", "missing", INGEST_FORMAT_AUTO },
		{ "0000-00-00", "missing", INGEST_FORMAT_AUTO },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(read_date(cases[i].text, cases[i].format, false), cases[i].want);
	static const char *const periods[][2] = {
		{ "2026Q3", "2026-09-30" },
		{ "2026年三季度", "2026-09-30" },
		{ "2026年第3季度", "2026-09-30" },
		{ "2026-Q1", "2026-03-31" },
		{ "2026-02", "2026-02-28" },
		{ "202609", "2026-09-30" },
		{ "2026年9月", "2026-09-30" },
		{ "2026H1", "2026-06-30" },
		{ "2026下半年", "2026-12-31" },
		{ "2026", "2026-12-31" },
		{ "2026-08-15", "2026-08-15" },
		{ "2026Q5", "bad-date" },
		{ "2026-13", "bad-date" },
		{ "Q3", "bad-date" },
	};
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
		assert_string_equal(read_date(periods[i][0], INGEST_FORMAT_AUTO, true), periods[i][1]);
}

static void fast_and_slow_dates_agree(void **state)
{
	struct ingest_months months;
	ingest_value_months_init(&months);
	(void)state;
	for (int32_t day = -20000; day < 30000; day += 3) {
		char text[16];
		int32_t fast = 0;
		date_format_iso(day, text);
		if (ingest_value_fast_date(text, 10, &months, &fast))
			assert_int_equal(fast, day);
		assert_string_equal(read_date(text, INGEST_FORMAT_AUTO, false), text);
	}
	int32_t day;
	assert_false(ingest_value_fast_date("2024-02-30", 10, &months, &day));
	assert_false(ingest_value_fast_date("2024-02-0x", 10, &months, &day));
	assert_false(ingest_value_fast_date("2024-00-05", 10, &months, &day));
}

static void numbers(void **state)
{
	static const char *const cases[][2] = {
		{ "1,234.5", "1234.5" },
		{ "85%", "85" },
		{ "85分", "85" },
		{ "3学分", "3" },
		{ "3 学分", "3" },
		{ "-7", "-7" },
		{ "+7.50", "7.5" },
		{ "'42", "42" },
		{ "¥1,000", "1000" },
		{ "12,34", "" },
		{ "1,2345", "" },
		{ "1e5", "" },
		{ "", "" },
		{ "分", "" },
		{ "1.2.3", "" },
		{ "0x10", "" },
		{ "nan", "" },
		{ "--1", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct decimal number;
		enum finding_id why = FINDING_COUNT;
		const char *detail = NULL;
		char text[64] = "";
		if (ingest_value_number(cases[i][0], strlen(cases[i][0]), INGEST_NUMBER, &number, &why, &detail) == INGEST_OK)
			text[decimal_to_text(decimal_normalise(number), text)] = 0;
		else
			assert_int_equal(why, FINDING_BAD_NUMBER);
		assert_string_equal(text, cases[i][1]);
	}
	int64_t value;
	assert_true(ingest_value_fast_number("88.5", 4, 2, &value));
	assert_int_equal(value, 8850);
	assert_false(ingest_value_fast_number("88.555", 6, 2, &value));
	assert_false(ingest_value_fast_number("88.", 3, 2, &value));
	assert_false(ingest_value_fast_number(".5", 2, 2, &value));
	assert_false(ingest_value_fast_number("-5", 2, 2, &value));
}

static void booleans_and_spoilt_texts(void **state)
{
	struct ingest_names none = { 0 };
	bool value;
	(void)state;
	assert_int_equal(ingest_value_bool("是", 3, &none, &value), INGEST_OK);
	assert_true(value);
	assert_int_equal(ingest_value_bool("No", 2, &none, &value), INGEST_OK);
	assert_false(value);
	assert_int_equal(ingest_value_bool("maybe", 5, &none, &value), INGEST_BAD);
	static const char *const spoilt[] = { "10月20日", "20-Oct", "Oct-20", "4.20101E+17" };
	static const char *const fine[] = { "10-20%", "20日", "13月20日", "2024年10月20日", "October", "4.2", "E+17",
		"20-Ox" };
	for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++)
		assert_true(ingest_value_spoilt(spoilt[i], strlen(spoilt[i])));
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		assert_false(ingest_value_spoilt(fine[i], strlen(fine[i])));
}

/* Wherever a buffer is cut, the records are those of the whole. */
static void cuts_never_fall_into_a_record(void **state)
{
	static const char text[] = "a,\"b\n\"\"c\"\"\",d\n\"x\"y,5\" wide\r\n\"\",\"\"\n,\n\"last, one\nhere\",z\n";
	const struct ingest_dialect dialect = { ',', '\n', true };
	const size_t length = sizeof text - 1;
	(void)state;
	for (size_t n = 1; n <= length; n++) {
		char copy[sizeof text + INGEST_CSV_PADDING] = { 0 };
		struct ingest_scan whole = { 0 };
		size_t open;
		memcpy(copy, text, length);
		size_t cut = ingest_csv_cut(text, n, &dialect, &open);
		assert_true(cut <= n);
		size_t ends = 0, before = 0;
		uint64_t line = 1;
		ingest_scan_begin(&whole, &dialect, copy, length, 1);
		while (ingest_scan_next(&whole)) {
			size_t end = (size_t)(whole.at - whole.base);
			if (end <= cut) {
				before = end;
				line = whole.line;
			}
			ends++;
		}
		assert_int_equal(ends, 5);
		assert_int_equal(before, cut);
		assert_int_equal(line, 1 + ingest_csv_count(text, cut, '\n'));
		ingest_scan_release(&whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(fast_and_slow_dates_agree),
		cmocka_unit_test(numbers),
		cmocka_unit_test(booleans_and_spoilt_texts),
		cmocka_unit_test(cuts_never_fall_into_a_record),
	};
	return cmocka_run_group_tests_name("ingest_value", tests, NULL, NULL);
}
