/*
 * test_feel_language.c - what expressions yield: literals, arithmetic, three-valued logic, ranges, lists, functions,
 * dates, unary tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "feel/feel.h"

#include <stdio.h>
#include <string.h>

struct expectation {
	const char *text, *value;
};

/* Evaluates in a DMN scope without names and prints the result as a literal. */
static void check(const struct expectation *table, size_t count)
{
	struct feel_scope *scope = feel_scope_new(NULL);
	feel_scope_lenient(scope);
	for (size_t i = 0; i < count; i++) {
		struct err err = { 0 };
		struct arena arena = { 0 };
		struct str printed = { 0 };
		struct feel_value value;
		struct feel_env env = { .today = 20726 }; /* 2026-09-30 */
		struct feel_expr *expr = feel_compile(table[i].text, "here", scope, NULL, &err);
		if (!expr)
			fail_msg("%s: %s", table[i].text, err.text);
		assert_int_equal(feel_eval(expr, &env, &arena, &value, &err), 0);
		feel_print_literal(&printed, &value);
		if (strcmp(str_text(&printed), table[i].value))
			fail_msg("%s yields %s, expected %s", table[i].text, str_text(&printed), table[i].value);
		str_release(&printed);
		feel_free(expr);
		arena_release(&arena);
	}
	feel_scope_free(scope);
}
#define CHECK(...) \
	do { \
		static const struct expectation table[] = { __VA_ARGS__ }; \
		check(table, sizeof table / sizeof *table); \
	} while (0)

static void literals(void **unused)
{
	(void)unused;
	CHECK({ "1", "1" }, { "-0", "0" }, { "0 * -1", "0" }, { "1.50", "1.5" }, { ".5", "0.5" }, { "1.23e4", "12300" },
		{ "true", "true" }, { "null", "null" }, { "\"a\\n\\u4e1a\\uD83D\\uDC0E\"", "\"a\\n业🐎\"" },
		{ "@\"2026-09-30\"", "date(\"2026-09-30\")" }, { "@\"PT36H\"", "duration(\"P1DT12H\")" },
		{ "duration(\"P14M\")", "duration(\"P1Y2M\")" }, { "[1, \"a\", null]", "[1, \"a\", null]" },
		{ "{a b: 1, \"c d\": a b + 1}", "{a b: 1, c d: 2}" }, { "@\"2026-02-30\"", "null" },
		{ "1 /* one */ + // two\n 2", "3" });
}

static void arithmetic(void **unused)
{
	(void)unused;
	CHECK({ "1 + 2 * 3", "7" }, { "(1 + 2) * 3", "9" }, { "2 ** 3 ** 2", "64" }, { "-3 ** 2", "9" },
		{ "10 / 4", "2.5" }, { "1 / 0", "null" }, { "1 + null", "null" },
		{ "1 / 3", "0.3333333333333333333333333333333333" }, { "2 / 3", "0.6666666666666666666666666666666667" },
		/* 34 digits, half to even */
		{ "1000000000000000000000000000000000 + 0.5", "1000000000000000000000000000000000" },
		{ "1000000000000000000000000000000001 + 0.5", "1000000000000000000000000000000002" }, { "0.1 + 0.2", "0.3" },
		{ "9223372036854775807 + 1", "9223372036854775808" }, { "\"a\" + \"b\"", "\"ab\"" }, { "\"a\" + 1", "null" },
		{ "date(\"2026-01-31\") + duration(\"P1M\")", "date(\"2026-02-28\")" },
		{ "date(\"2026-03-01\") - date(\"2026-02-01\")", "duration(\"P28D\")" },
		{ "duration(\"P1D\") * 1.5", "duration(\"P1DT12H\")" },
		{ "time(\"23:00:00\") + duration(\"PT2H\")", "time(\"01:00:00\")" });
}

static void logic(void **unused)
{
	(void)unused;
	static const char *const names[] = { "true", "false", "null" };
	static const char *const and_of[3][3] = { { "true", "false", "null" }, { "false", "false", "false" },
		{ "null", "false", "null" } };
	static const char *const or_of[3][3] = { { "true", "true", "true" }, { "true", "false", "null" },
		{ "true", "null", "null" } };
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++) {
			char text[60];
			struct expectation e = { text, and_of[i][k] };
			snprintf(text, sizeof text, "%s and %s", names[i], names[k]);
			check(&e, 1);
			e.value = or_of[i][k];
			snprintf(text, sizeof text, "%s or %s", names[i], names[k]);
			check(&e, 1);
		}
	CHECK({ "not(true)", "false" }, { "not(null)", "null" }, { "null = null", "true" }, { "1 = null", "false" },
		{ "1 != null", "true" }, { "1 = \"1\"", "null" }, { "1 < null", "null" }, { "1 < \"2\"", "null" },
		{ "if null then 1 else 2", "2" }, { "true and 1", "null" }, { "false and 1", "false" });
}

static void ranges(void **unused)
{
	(void)unused;
	CHECK({ "5 in [1..5]", "true" }, { "5 in [1..5)", "false" }, { "1 in (1..5]", "false" }, { "1 in ]1..5]", "false" },
		{ "5 in [1..5[", "false" }, { "null in [1..5]", "null" }, { "5 between 1 and 5", "true" },
		{ "5 in (> 3)", "true" }, { "5 in > 7", "false" }, { "5 in (1, [4..6])", "true" }, { "5 in (1, 2)", "false" },
		{ "\"b\" in [\"a\"..\"c\"]", "true" }, { "[1..3] = [1..3]", "true" }, { "(< 10) = (< 10)", "true" },
		{ "[1..10[ = [1..10)", "true" }, { "before([1..2], 3)", "true" }, { "overlaps([1..5], [5..8])", "true" },
		{ "overlaps([1..5), [5..8])", "false" }, { "[1..3].start included", "true" });
}

static void lists(void **unused)
{
	(void)unused;
	CHECK({ "[1, 2, 3][2]", "2" }, { "[1, 2, 3][-1]", "3" }, { "[1, 2, 3][item > 1]", "[2, 3]" },
		{ "[{x: 1, y: 2}, {x: 3, y: 4}][x > 1].y", "[4]" }, { "[1, 2][5]", "null" },
		{ "for i in [1, 2], j in [3, 4] return i * j", "[3, 4, 6, 8]" }, { "for i in 3..1 return i", "[3, 2, 1]" },
		{ "for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]" },
		{ "some x in [1, 2] satisfies x > 1", "true" }, { "every x in [1, null] satisfies x > 0", "null" },
		{ "count([1, null])", "2" }, { "sum([1.5, 2])", "3.5" }, { "sum([1, null])", "null" }, { "min(3, 1, 2)", "1" },
		{ "mean([1, 2])", "1.5" }, { "sort([3, 1, 2], function(a, b) a > b)", "[3, 2, 1]" },
		{ "distinct values([1, 2, 1])", "[1, 2]" }, { "concatenate([1], [2, 3])", "[1, 2, 3]" },
		{ "flatten([1, [2, [3]]])", "[1, 2, 3]" }, { "median([4, 1, 2])", "2" },
		{ "list contains([1, null], null)", "true" });
}

static void functions(void **unused)
{
	(void)unused;
	CHECK({ "substring(\"工号123\", 3)", "\"123\"" }, { "substring(\"foobar\", -3, 2)", "\"ba\"" },
		{ "string length(\"员工\")", "2" }, { "substring(string: \"abc\", start position: 2)", "\"bc\"" },
		{ "matches(\"A-103\", \"^[A-Z]-\\\\d+$\")", "true" },
		{ "replace(\"2026/09\", \"(\\\\d+)/(\\\\d+)\", \"$2-$1\")", "\"09-2026\"" },
		{ "split(\"a;b;;c\", \";\")", "[\"a\", \"b\", \"\", \"c\"]" }, { "decimal(2.345, 2)", "2.34" },
		{ "round(2.345, 2)", "2.35" }, { "round(-2.5)", "-3" }, { "round half down(2.5, 0)", "2" },
		{ "floor(-1.2)", "-2" }, { "modulo(-12, 5)", "3" }, { "(function(x, y) x ** y)(2, 5)", "32" },
		{ "{f: function(n: number) if n < 2 then 1 else n * f(n - 1), r: 1}.r", "1" },
		{ "number(\"1.000,5\", \".\", \",\")", "1000.5" }, { "string(1.10)", "\"1.1\"" },
		{ "string([1, \"a\"])", "\"[1, \\\"a\\\"]\"" }, { "1 instance of number", "true" },
		{ "[1] instance of list<string>", "false" }, { "context put({a: 1}, \"b\", 2)", "{a: 1, b: 2}" },
		{ "substring(\"a\")", "null" }, { "clamp(7, 0, 5)", "5" });
}

static void dates(void **unused)
{
	(void)unused;
	CHECK({ "months(date(\"2026-03-30\") - date(\"2025-03-31\"))", "11" },
		{ "months between(date(\"2026-01-31\"), date(\"2026-02-28\"))", "1" },
		{ "years(date(\"2026-09-29\") - date(\"2020-09-30\"))", "5" },
		{ "days(date(\"2026-09-30\") - date(\"2026-09-01\"))", "29" }, { "today()", "date(\"2026-09-30\")" },
		{ "years and months duration(date(\"2025-01-15\"), date(\"2026-03-14\"))", "duration(\"P1Y1M\")" },
		{ "date(\"2026-09-30\").weekday", "3" }, { "day of week(date(\"2026-09-30\"))", "\"Wednesday\"" },
		{ "week of year(date(\"2021-01-03\"))", "53" }, { "date(2024, 2, 29)", "date(\"2024-02-29\")" },
		{ "date(\"0001-01-01\").year", "1" }, { "date(\"1969-12-31\").weekday", "3" },
		{ "@\"2026-01-01T10:00:00Z\" = @\"2026-01-01T11:00:00+01:00\"", "true" },
		{ "string(@\"2021-01-02T10:10:10+02:00\" - duration(\"PT11H\"))", "\"2021-01-01T23:10:10+02:00\"" });
}

static void unary_tests(void **unused)
{
	(void)unused;
	static const struct {
		const char *test;
		int64_t input;
		bool met;
	} table[] = { { "> 5", 6, true }, { "> 5", 5, false }, { "-", 1, true }, { "1, 2", 2, true },
		{ "not(1, 2)", 2, false }, { "not(1, 2)", 3, true }, { "[1..3]", 3, true }, { "[1..3)", 3, false },
		{ "? > 2 and ? < 4", 3, true }, { "< 1, > 10", 11, true }, { "modulo(?, 2) = 0", 4, true }, { "= 4", 4, true },
		{ "!= 4", 4, false }, { "-1", -1, true } };
	struct feel_type type = { .kind = FEEL_NUMBER };
	struct feel_scope *scope = feel_scope_new(NULL);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct err err = { 0 };
		struct arena arena = { 0 };
		struct feel_env env = { 0 };
		bool met;
		struct feel_expr *tests = feel_compile_tests(table[i].test, "here", scope, &type, &err);
		if (!tests)
			fail_msg("%s: %s", table[i].test, err.text);
		struct feel_value input = feel_integer(table[i].input), null = feel_null();
		assert_int_equal(feel_test(tests, &input, &env, &arena, &met, &err), 0);
		if (met != table[i].met)
			fail_msg("%s of %d", table[i].test, (int)table[i].input);
		assert_int_equal(feel_test(tests, &null, &env, &arena, &met, &err), 0);
		assert_int_equal(
			met, !strcmp(table[i].test, "-") || !strcmp(table[i].test, "!= 4") || !strcmp(table[i].test, "not(1, 2)"));
		feel_free(tests);
		arena_release(&arena);
	}
	feel_scope_free(scope);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(literals), cmocka_unit_test(arithmetic),
		cmocka_unit_test(logic), cmocka_unit_test(ranges), cmocka_unit_test(lists), cmocka_unit_test(functions),
		cmocka_unit_test(dates), cmocka_unit_test(unary_tests) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
