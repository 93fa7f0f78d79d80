/*
 * test_report_book.c - workbooks as models: the shipped template over a small centre, with and without stars.
 */
#include "report_world.h"

/* The number of a template. */
static size_t book_index(const struct world *world, const char *id)
{
	for (size_t i = 0; i < report_book_count(world->templates); i++)
		if (strcmp(report_book_id(world->templates, i), id) == 0)
			return i;
	fail_msg("there is no workbook '%s'", id);
	return 0;
}

static struct str dump_book(struct world *world, enum text_lang lang)
{
	struct err err = { 0 };
	struct str out = { 0 };
	world->input.lang = lang;
	world_check(report_check(world->templates, &world->directory, &err), &err);
	struct book *book = report_book(world->templates, book_index(world, "hr-review"), &world->input, &err);
	world_check(book == NULL, &err);
	world_check(book_dump(book, 0, &out, &err), &err);
	book_free(book);
	return out;
}

static void shipped_template_gives_the_golden_workbook(void **state)
{
	(void)state;
	struct world *world = world_open(true, NULL);
	struct str out = dump_book(world, TEXT_ZH);
	world_golden("report-book.zh.txt", &out);
	str_release(&out);
	out = dump_book(world, TEXT_EN);
	world_golden("report-book.en.txt", &out);
	str_release(&out);
	world_close(world);
}

static void without_stars_the_workbook_still_stands(void **state)
{
	(void)state;
	struct world *world = world_open(false, NULL);
	struct str out = dump_book(world, TEXT_ZH);
	assert_non_null(strstr(str_text(&out), "sheet \"人员\""));
	assert_non_null(strstr(str_text(&out), "sheet \"学分\""));
	assert_null(strstr(str_text(&out), "sheet \"星级\""));
	assert_null(strstr(str_text(&out), "sheet \"课程\""));
	assert_null(strstr(str_text(&out), "bar-stacked")); /* no chart of what is not there */
	world_golden("report-book-plain.zh.txt", &out);
	str_release(&out);
	world_close(world);
}

static void first_period_has_nothing_to_compare_with(void **state)
{
	(void)state;
	struct world *world = world_open(true, NULL);
	world->input.previous = 0;
	world->input.previous_directory = NULL;
	world->input.earlier_count = 0;
	struct str out = dump_book(world, TEXT_ZH);
	assert_non_null(strstr(str_text(&out), "没有已发布的上期结果"));
	str_release(&out);
	world_close(world);
}

/* Every sheet name is one Excel takes, tables have unique names and columns, parts stand in ascending order. */
static void models_keep_what_writers_rely_on(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct world *world = world_open(true, NULL);
	struct book *book = report_book(world->templates, book_index(world, "hr-review"), &world->input, &err);
	world_check(book == NULL, &err);
	assert_int_equal(book->sheet_count, 10);
	assert_string_equal(book->file, "HR人才盘点_2026Q3.xlsx");
	for (size_t s = 0; s < book->sheet_count; s++) {
		const struct book_sheet *sheet = &book->sheets[s];
		assert_true(text_count(sheet->name, strlen(sheet->name)) <= 31);
		for (size_t p = 1; p < sheet->part_count; p++)
			assert_true(sheet->parts[p].row >= sheet->parts[p - 1].row);
		for (size_t p = 0; p < sheet->part_count; p++) {
			if (sheet->parts[p].kind != BOOK_PART_TABLE)
				continue;
			const struct book_table *table = &sheet->parts[p].table;
			assert_true(text_is_ascii(table->name, strlen(table->name)));
			assert_true(table->rows > 0);
			for (size_t s2 = 0; s2 <= s; s2++)
				for (size_t p2 = 0; p2 < book->sheets[s2].part_count && !(s2 == s && p2 == p); p2++)
					if (book->sheets[s2].parts[p2].kind == BOOK_PART_TABLE)
						assert_string_not_equal(table->name, book->sheets[s2].parts[p2].table.name);
			for (uint32_t c = 0; c < table->column_count; c++)
				for (uint32_t d = 0; d < c; d++)
					assert_string_not_equal(table->columns[c].title, table->columns[d].title);
		}
	}
	book_free(book);
	world_close(world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shipped_template_gives_the_golden_workbook),
		cmocka_unit_test(without_stars_the_workbook_still_stands),
		cmocka_unit_test(first_period_has_nothing_to_compare_with),
		cmocka_unit_test(models_keep_what_writers_rely_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
