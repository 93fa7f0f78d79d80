/*
 * Findings: how they read, how many are kept, and that threads do not change what is kept.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/finding.h"

static void assert_line(const struct finding *finding, enum text_lang lang, const char *expected)
{
	struct str out = {0};

	finding_print(&out, finding, lang);
	assert_string_equal(str_text(&out), expected);
	str_release(&out);
}

static void lines(void **state)
{
	struct finding f = { .id = FINDING_UNKNOWN_EMPLOYEE,
		.feed = "completion",
		.file = "in/a.csv",
		.row = 12,
		.column = "工号",
		.text = "E9",
		.detail = "roster of 2026-09-30" };

	(void)state;
	assert_line(
		&f, TEXT_EN, "in/a.csv:12: column '工号': text 'E9': no such employee in the roster (roster of 2026-09-30)");
	assert_line(&f, TEXT_ZH, "in/a.csv:12: 列“工号”: 内容“E9”: 花名册中没有此员工（roster of 2026-09-30）");
	f.sheet = "Sheet1";
	f.detail = NULL;
	f.text = NULL;
	f.count = 3;
	assert_line(&f, TEXT_EN, "in/a.csv[Sheet1]:12: column '工号': no such employee in the roster, 3 times");
	f = (struct finding){ .id = FINDING_EMPTY_FILE, .file = "b.csv" };
	assert_line(&f, TEXT_EN, "b.csv: the file is empty");
	f = (struct finding){ .id = FINDING_UNUSED_FEED, .feed = "survey", .count = 1 };
	assert_line(&f, TEXT_EN, "survey: the feed was read, but no rule or template uses it");
	f = (struct finding){ .id = FINDING_NOT_GRADED };
	assert_line(&f, TEXT_EN, "not graded");
}

static void hostile_text_is_shown_not_sent(void **state)
{
	struct finding f = { .id = FINDING_BAD_VALUE, .file = "a\n.csv", .row = 1, .text = "\x1b[31m\xff\xe2\x80\xae盘" };

	(void)state;
	assert_line(&f, TEXT_EN, "a\\x0A.csv:1: text '\\x1B[31m\\xFF\\u{202E}盘': the value is not one the mapping knows");
}

static void registry(void **state)
{
	enum finding_id id = FINDING_COUNT;
	int k, other;

	(void)state;
	for (k = 0; k < FINDING_COUNT; k++) {
		assert_true(finding_by_name(finding_name((enum finding_id)k), &id));
		assert_int_equal(id, k); /* no name twice */
		for (other = TEXT_ZH; other <= TEXT_EN; other++)
			assert_true(strlen(finding_message(id, (enum text_lang)other)) > 0);
	}
	assert_false(finding_by_name("no-such-finding", &id));
	assert_int_equal(finding_severity(FINDING_BAD_DATE), FINDING_REJECT);
	assert_int_equal(finding_severity(FINDING_HEADER_ONLY), FINDING_NOTE);
	assert_int_equal(finding_severity(FINDING_BAD_FILE), FINDING_FAULT);
	assert_string_equal(finding_name(FINDING_UNKNOWN_EMPLOYEE), "unknown-employee");
}

static void the_list_owns_its_texts(void **state)
{
	struct findings list = {0};
	char file[] = "a.csv", text[1000];
	struct finding f = { .id = FINDING_BAD_DATE, .file = file, .row = 3, .column = "date", .text = text };

	(void)state;
	memset(text, 0, sizeof text);
	for (size_t k = 0; k < 300; k++)
		memcpy(text + k * 3, "盘", 3);
	findings_add(&list, &f);
	file[0] = 'b';
	text[0] = 'x';
	assert_int_equal(list.count, 1);
	assert_string_equal(list.at[0].file, "a.csv");
	assert_null(list.at[0].sheet);
	assert_true(strlen(list.at[0].text) <= 200 && strlen(list.at[0].text) > 190);
	assert_true(text_valid_utf8(list.at[0].text, strlen(list.at[0].text)));
	assert_string_equal(list.at[0].text + strlen(list.at[0].text) - 3, "…");
	memset(text, 'y', 200); /* exactly 200 bytes stay whole */
	text[200] = '\0';
	findings_add(&list, &f);
	assert_string_equal(list.at[1].text, text);
	findings_release(&list);
	assert_int_equal(list.count, 0);
}

static void beyond_the_limit_only_counts(void **state)
{
	struct findings list = { .limit = 10 };
	struct finding f = { .id = FINDING_BAD_DATE, .file = "a.csv" };
	uint64_t row;

	(void)state;
	for (row = 1; row <= 1000; row++) {
		f.row = row;
		f.file = "a.csv";
		f.id = FINDING_BAD_DATE;
		findings_add(&list, &f);
		f.file = row % 2 != 0 ? "b.csv" : NULL;
		findings_add(&list, &f);
		f.id = FINDING_BAD_NUMBER;
		f.count = 2;
		findings_add(&list, &f);
		f.count = 0;
	}
	assert_int_equal(list.count, 50);
	assert_int_equal(list.total[FINDING_BAD_DATE], 2000);
	assert_int_equal(list.total[FINDING_BAD_NUMBER], 2000);
	assert_int_equal(list.total[FINDING_DUPLICATE], 0);
	assert_int_equal(findings_total(&list, FINDING_BAD_DATE, "a.csv"), 1000);
	assert_int_equal(findings_total(&list, FINDING_BAD_DATE, "b.csv"), 500);
	assert_int_equal(findings_total(&list, FINDING_BAD_NUMBER, NULL), 1000);
	assert_int_equal(findings_total(&list, FINDING_BAD_NUMBER, "c.csv"), 0);
	findings_release(&list);
	assert_int_equal(findings_total(&list, FINDING_BAD_DATE, "a.csv"), 0);
	assert_int_equal(list.limit, 10);
}

/* Adds row numbers first, first + step, … as one thread of `step` would. */
static void fill(struct findings *list, uint64_t first, uint64_t step)
{
	uint64_t row;

	for (row = first; row <= 5000; row += step) {
		char file[32], text[32];
		struct finding f = {
			.id = row % 3 != 0 ? FINDING_BAD_DATE : FINDING_BAD_NUMBER, .file = file, .row = row, .text = text
		};

		snprintf(file, sizeof file, "f%02u.csv", (unsigned)(row % 40));
		snprintf(text, sizeof text, "t%u", (unsigned)row);
		findings_add(list, &f);
		f.column = "c";
		findings_add(list, &f);
	}
}

static void sorted_text(struct findings *list, struct str *out)
{
	size_t k;

	findings_sort(list);
	for (k = 0; k < list->count; k++) {
		finding_print(out, &list->at[k], TEXT_EN);
		str_add_char(out, '\n');
	}
}

static void threads_do_not_change_what_is_kept(void **state)
{
	struct findings one = { .limit = 7 };
	struct str expected = {0};
	uint64_t jobs, k;

	(void)state;
	fill(&one, 1, 1);
	sorted_text(&one, &expected);
	assert_true(expected.length > 0);
	for (jobs = 2; jobs <= 5; jobs++) {
		struct findings all = { .limit = 7 };
		struct str found = {0};

		for (k = jobs; k >= 1; k--) {
			struct findings part = { .limit = 7 };

			fill(&part, k, jobs);
			findings_join(&all, &part);
			assert_int_equal(part.count, 0);
		}
		sorted_text(&all, &found);
		assert_string_equal(str_text(&found), str_text(&expected));
		assert_memory_equal(all.total, one.total, sizeof all.total);
		assert_int_equal(
			findings_total(&all, FINDING_BAD_DATE, "f01.csv"), findings_total(&one, FINDING_BAD_DATE, "f01.csv"));
		str_release(&found);
		findings_release(&all);
	}
	str_release(&expected);
	findings_release(&one);
}

static void order(void **state)
{
	struct findings list = {0};
	static const struct finding added[] = {
		{ .id = FINDING_BAD_DATE, .file = "b", .row = 1 },
		{ .id = FINDING_BAD_DATE, .file = "a", .row = 10, .column = "y" },
		{ .id = FINDING_BAD_NUMBER, .file = "a", .row = 10, .column = "x", .text = "2" },
		{ .id = FINDING_BAD_NUMBER, .file = "a", .row = 10, .column = "x", .text = "1" },
		{ .id = FINDING_BAD_DATE, .file = "a", .row = 10, .column = "x", .text = "3" },
		{ .id = FINDING_BAD_DATE, .file = "a", .row = 9 },
		{ .id = FINDING_UNUSED_FEED },
	};
	static const size_t expected[] = { 6, 5, 4, 3, 2, 1, 0 };
	size_t k;

	(void)state;
	findings_sort(&list);
	for (k = 0; k < 7; k++)
		findings_add(&list, &added[k]);
	findings_sort(&list);
	assert_int_equal(list.count, 7);
	for (k = 0; k < 7; k++) {
		assert_int_equal(list.at[k].id, added[expected[k]].id);
		assert_int_equal(list.at[k].row, added[expected[k]].row);
		if (added[expected[k]].text != NULL)
			assert_string_equal(list.at[k].text, added[expected[k]].text);
	}
	findings_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines), cmocka_unit_test(hostile_text_is_shown_not_sent), cmocka_unit_test(registry),
		cmocka_unit_test(the_list_owns_its_texts), cmocka_unit_test(beyond_the_limit_only_counts),
		cmocka_unit_test(threads_do_not_change_what_is_kept), cmocka_unit_test(order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
