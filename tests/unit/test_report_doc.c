/*
 * test_report_doc.c - archives as models: the shipped template over a small centre, with and without stars.
 */
#include "report_world_where.h"

#include <time.h>

static struct str dump_docs_of(struct world *world, size_t template, enum text_lang lang, uint32_t *people)
{
	struct err err = { 0 };
	struct str out = { 0 };
	uint32_t count = 0, employee;
	world->input.lang = lang;
	struct report_docs *docs = report_docs_open(world->templates, template, &world->input, &err);
	world_check(docs == NULL, &err);
	world_check(report_docs_block(docs, 0, &count, &err), &err);
	*people = count;
	for (uint32_t n = 0; n < count; n++) {
		const struct doc *doc;
		world_check(report_docs_make(docs, n, &doc, &employee, &err), &err);
		assert_string_equal(doc->id, facts_key(world->facts, KEY_DIM_EMPLOYEE, employee));
		doc_dump(doc, &out);
		str_add(&out, "\n");
	}
	report_docs_close(docs);
	return out;
}

static struct str dump_docs(struct world *world, enum text_lang lang, uint32_t *people)
{
	return dump_docs_of(world, 0, lang, people);
}

static void shipped_template_gives_the_golden_archives(void **state)
{
	uint32_t people;
	(void)state;
	struct world *world = world_open(true, NULL);
	struct str out = dump_docs(world, TEXT_ZH, &people);
	assert_int_equal(people, 4); /* the leaver has none */
	assert_null(strstr(str_text(&out), "王离"));
	world_golden("report-docs.zh.txt", &out);
	str_release(&out);
	out = dump_docs(world, TEXT_EN, &people);
	world_golden("report-docs.en.txt", &out);
	str_release(&out);
	world_close(world);
}

static void the_whole_archive_is_golden_in_both_editions(void **state)
{
	uint32_t people;
	(void)state;
	struct world *world = world_open(true, NULL);
	world_where(world);
	assert_int_equal(report_doc_count(world->templates), 2);
	assert_string_equal(report_doc_id(world->templates, 0), "archive"); /* workbooks link to the first */
	assert_string_equal(report_doc_id(world->templates, 1), "archive-internal");
	struct str out = dump_docs(world, TEXT_ZH, &people);
	assert_int_equal(people, 4);
	assert_null(strstr(str_text(&out), "潜力突出")); /* nothing of the nine-box in one's own edition */
	assert_null(strstr(str_text(&out), "绩效之星"));
	world_golden("report-docs-where.zh.txt", &out);
	str_release(&out);
	out = dump_docs(world, TEXT_EN, &people);
	world_golden("report-docs-where.en.txt", &out);
	str_release(&out);
	out = dump_docs_of(world, 1, TEXT_ZH, &people);
	assert_non_null(strstr(str_text(&out), "潜力突出"));
	assert_non_null(strstr(str_text(&out), "第 6 格：绩效之星"));
	world_golden("report-docs-internal.zh.txt", &out);
	str_release(&out);
	world_close(world);
}

static void without_stars_the_archive_says_so(void **state)
{
	uint32_t people;
	(void)state;
	struct world *world = world_open(false, NULL);
	struct str out = dump_docs(world, TEXT_ZH, &people);
	assert_int_equal(people, 4);
	assert_non_null(strstr(str_text(&out), "本期规则没有星级评定。"));
	assert_non_null(strstr(str_text(&out), "学分合计 42.5 / 要求 40"));
	str_release(&out);
	world_close(world);
}

/* A document may not depend on the ones made before it. */
static void documents_are_the_same_in_any_order(void **state)
{
	struct err err = { 0 };
	struct str first = { 0 }, again = { 0 };
	uint32_t count, employee;
	const struct doc *doc;
	(void)state;
	struct world *world = world_open(true, NULL);
	struct report_docs *docs = report_docs_open(world->templates, 0, &world->input, &err);
	world_check(docs == NULL, &err);
	world_check(report_docs_block(docs, 0, &count, &err), &err);
	world_check(report_docs_make(docs, 1, &doc, &employee, &err), &err);
	doc_dump(doc, &first);
	for (uint32_t n = count; n > 0; n--)
		world_check(report_docs_make(docs, n - 1, &doc, &employee, &err), &err);
	world_check(report_docs_block(docs, 0, &count, &err), &err);
	world_check(report_docs_make(docs, 1, &doc, &employee, &err), &err);
	doc_dump(doc, &again);
	assert_string_equal(str_text(&first), str_text(&again));
	assert_int_equal(report_docs_make(docs, count, &doc, &employee, &err), -1);
	assert_int_equal(err.status, STATUS_INTERNAL);
	report_docs_close(docs);
	str_release(&first);
	str_release(&again);
	world_close(world);
}

/* The model of a document must cost next to nothing beside writing it: 0.1 ms, told with room for a busy machine. */
static void a_document_costs_less_than_a_millisecond(void **state)
{
	struct err err = { 0 };
	struct timespec from, to;
	uint32_t count, employee;
	const struct doc *doc;
	(void)state;
	struct world *world = world_open(true, NULL);
	world_where(world);
	struct report_docs *docs = report_docs_open(world->templates, 0, &world->input, &err);
	world_check(docs == NULL, &err);
	world_check(report_docs_block(docs, 0, &count, &err), &err);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (int i = 0; i < 2000; i++)
		world_check(report_docs_make(docs, 1, &doc, &employee, &err), &err);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	double each = ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / 2000;
	print_message("%.1f microseconds a document\n", each / 1000);
	assert_true(each < 1e6);
	report_docs_close(docs);
	world_close(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_template_gives_the_golden_archives),
		cmocka_unit_test(the_whole_archive_is_golden_in_both_editions),
		cmocka_unit_test(without_stars_the_archive_says_so),
		cmocka_unit_test(documents_are_the_same_in_any_order),
		cmocka_unit_test(a_document_costs_less_than_a_millisecond),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
