/*
 * test_report_check.c - templates that are wrong are refused with file and line; lists order and highlight as asked;
 * every
 * finding has its advice; schemas come from the registries.
 */
#include "report_world_where.h"

#include "report/label.h"
#include "report/section.h"
#include "report/sheet.h"

#define BOOK "<workbook xmlns='urn:pandian:report:1' id='b' file='b.xlsx'>\n<title>B</title>\n"
#define LIST BOOK "<sheet kind='list' id='l' of='people'>\n<title>表</title>\n"
#define ARCHIVE "<archive xmlns='urn:pandian:report:1' id='a' folder='a'>\n<title>A</title>\n"

static void put(struct world *world, const char *name, const char *text)
{
	struct err err = { 0 };
	char folder[200], path[300];
	snprintf(folder, sizeof folder, "%s/report-templates", world->folder);
	world_check(fs_make_dirs(folder, &err), &err);
	snprintf(path, sizeof path, "%s/%s", folder, name);
	world_check(fs_replace(path, text, strlen(text), &err), &err);
}

/* A template is refused, by report_load or by report_check, with both texts in the message. */
static void refused(struct world *world, const char *text, const char *where, const char *what)
{
	struct err err = { 0 };
	put(world, "t.xml", text);
	struct report_templates *templates = report_load(world->folder, &err);
	if (templates != NULL && report_check(templates, &world->directory, &err) == 0)
		fail_msg("not refused: %s", text);
	report_free(templates);
	if (err.status != STATUS_CONFIG || strstr(err.text, where) == NULL || strstr(err.text, what) == NULL)
		fail_msg("%d: %s (expected %s … %s)", err.status, err.text, where, what);
}

/* What is said of a person behind their back never stands in their own edition. */
static void the_own_edition_refuses_the_nine_box(void **state)
{
	struct err err = { 0 };
	(void)state;
	struct world *world = world_open(true, NULL);
	world_where(world);
	refused(world, ARCHIVE "<section kind='nine-box'/>\n</archive>", "t.xml:3", "internal");
	refused(world, ARCHIVE "<section kind='tiles'><tile value='nine-box'><title>x</title></tile></section>\n</archive>",
		"t.xml:1", "internal");
	refused(world, ARCHIVE "<section kind='head' when='previous.nine-box.previous = 5'/>\n</archive>", "t.xml:1",
		"internal");
	refused(world, ARCHIVE "<section kind='code'/>\n<section kind='head'/>\n</archive>", "t.xml:4", "code");
	put(world, "t.xml",
		"<archive xmlns='urn:pandian:report:1' id='a' folder='a' audience='internal'><title>A</title>"
		"<section kind='nine-box'/></archive>");
	struct report_templates *templates = report_load(world->folder, &err);
	world_check(templates == NULL, &err);
	world_check(report_check(templates, &world->directory, &err), &err);
	report_free(templates);
	world_close(world);
}

static void wrong_templates_are_refused(void **state)
{
	(void)state;
	struct world *world = world_open(true, NULL);
	refused(
		world, LIST "<column value='stra'/>\n</sheet>\n</workbook>", "report-templates/t.xml:5", "did you mean 'star'");
	refused(world, LIST "<column value='no_such_thing_at_all'/>\n</sheet>\n</workbook>", "t.xml:5",
		"no value 'no_such_thing_at_all'");
	refused(world, LIST "<column value='star + '><title>x</title></column>\n</sheet>\n</workbook>", "t.xml:5", "");
	refused(world, LIST "<column value='star + 1'/>\n</sheet>\n</workbook>", "t.xml:5", "needs a <title>");
	refused(world, LIST "<column valeu='star'/>\n</sheet>\n</workbook>", "t.xml:5", "valeu");
	refused(world, LIST "<column value='star'/>\n<highlight when='name' style='up'/>\n</sheet>\n</workbook>", "t.xml:6",
		"");
	refused(world,
		LIST "<column value='star'/>\n<highlight when='star > 1' column='name' style='up'/>\n</sheet>\n</workbook>",
		"t.xml:6", "no column");
	refused(world, LIST "</sheet>\n</workbook>", "t.xml:3", "no columns");
	refused(world, BOOK "<sheet kind='lits' id='l'>\n<title>表</title>\n</sheet>\n</workbook>", "t.xml:3", "lits");
	refused(world,
		BOOK "<sheet kind='list' id='l' of='peeple'>\n<title>表</title><column value='name'/>\n</sheet>\n</workbook>",
		"t.xml:3", "'people'");
	refused(world, BOOK "<sheet kind='run' id='l' of='people'>\n<title>表</title>\n</sheet>\n</workbook>", "t.xml:3",
		"'of'");
	refused(world, BOOK "<sheet kind='run' id='l'>\n<title>a/b</title>\n</sheet>\n</workbook>", "t.xml:3", "a/b");
	refused(world,
		BOOK
		"<sheet kind='run' id='l'>\n<title>一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二</title>\n</sheet>\n</workbook>",
		"t.xml:3", "31");
	refused(world,
		BOOK "<sheet kind='run' id='l'>\n<title>Run</title>\n</sheet>\n<sheet kind='run' id='m'><title>run</title>"
			 "</sheet></workbook>",
		"t.xml:6", "twice");
	refused(world,
		BOOK "<sheet kind='run' id='l'>\n<title>x</title>\n</sheet>\n<sheet kind='run' id='l'><title>y</title>"
			 "</sheet></workbook>",
		"t.xml:6", "twice");
	refused(world,
		"<workbook xmlns='urn:pandian:report:1' id='b' file='../b.xlsx'>\n<title>B</title>"
		"<sheet kind='run' id='l'><title>y</title></sheet></workbook>",
		"t.xml:1", "../b.xlsx");
	refused(world, ARCHIVE "<section kind='tiles'><tile value='stra'><title>x</title></tile></section>\n</archive>",
		"t.xml:3", "'star'");
	refused(world, ARCHIVE "<section kind='basics'>\n<value value='hired'/></section>\n</archive>", "t.xml:4", "hired");
	refused(world, ARCHIVE "<section kind='radar'/>\n</archive>", "t.xml:3", "radar");
	refused(world, ARCHIVE "<section kind='head' when='star >'/>\n</archive>", "t.xml:3", "");
	refused(world, "<!DOCTYPE x><archive xmlns='urn:pandian:report:1' id='a' folder='a'/>", "t.xml", "DOCTYPE");
	refused(world, "<report xmlns='urn:pandian:report:1'/>", "t.xml:1", "<report>");
	world_close(world);
}

static struct str dump_of(struct world *world, const char *text)
{
	struct err err = { 0 };
	struct str out = { 0 };
	put(world, "t.xml", text);
	struct report_templates *templates = report_load(world->folder, &err);
	world_check(templates == NULL, &err);
	world_check(report_check(templates, &world->directory, &err), &err);
	struct book *book = report_book(templates, 0, &world->input, &err);
	world_check(book == NULL, &err);
	world_check(book_dump(book, 0, &out, &err), &err);
	book_free(book);
	report_free(templates);
	return out;
}

/* The order of the ids of a dumped list. */
static void expect_order(const struct str *out, const char *a, const char *b, const char *c, const char *d)
{
	const char *ids[] = { a, b, c, d }, *last = str_text(out);
	for (size_t i = 0; i < 4; i++) {
		char want[40];
		snprintf(want, sizeof want, "\n    \"%s\"", ids[i]);
		const char *at = strstr(str_text(out), want);
		if (at == NULL || at < last)
			fail_msg("%s is not in its place:\n%s", ids[i], str_text(out));
		last = at;
	}
}

static void lists_order_by_pinyin_number_and_missing_last(void **state)
{
	(void)state;
	struct world *world = world_open(true, NULL);
	struct str out = dump_of(world,
		BOOK "<sheet kind='list' id='l' of='people' sort='-star'><title>表</title><column value='employee_id'/>"
			 "<column value='star'/></sheet></workbook>");
	expect_order(&out, "00102", "00317", "00007", "00500");
	str_release(&out);
	out = dump_of(world,
		BOOK "<sheet kind='list' id='l' of='people' sort='star'><title>表</title><column value='employee_id'/>"
			 "<column value='star'/></sheet></workbook>");
	expect_order(&out, "00007", "00317", "00102", "00500");
	str_release(&out);
	out = dump_of(world,
		BOOK "<sheet kind='list' id='l' of='people' sort='pinyin(name)' when='name != \"=cmd()\"'><title>表</title>"
			 "<column value='employee_id'/></sheet></workbook>");
	assert_null(strstr(str_text(&out), "00007"));
	assert_true(strstr(str_text(&out), "00317") < strstr(str_text(&out), "00102")); /* lín before zhōu */
	str_release(&out);
	world_close(world);
}

static void expressions_and_highlights(void **state)
{
	(void)state;
	struct world *world = world_open(true, NULL);
	struct str out = dump_of(world,
		BOOK "<sheet kind='list' id='l' of='people' sort='employee_id'><title>表</title>"
			 "<column value='employee_id'/><column value='star'/>"
			 "<column value='star.composite * 2'><title>双倍</title></column>"
			 "<column value='if star = null then \"无\" else \"有\"'><title>评级</title></column>"
			 "<highlight when='star &gt;= 4' column='star' style='up'/><highlight when='star = null' style='grey'/>"
			 "</sheet></workbook>");
	assert_non_null(strstr(str_text(&out), "\"00317\" | 4 | 178.5 | \"有\""));
	assert_non_null(strstr(str_text(&out), "\"00500\"[grey] | \"入职时间不足\"[grey] | - | \"无\"[grey]"));
	assert_non_null(strstr(str_text(&out), "rule style column 1 up when AND(ISNUMBER($B5),$B5>=4)"));
	str_release(&out);
	world_close(world);
}

static void every_finding_has_advice(void **state)
{
	(void)state;
	for (int id = 0; id < FINDING_COUNT; id++)
		for (int lang = TEXT_ZH; lang <= TEXT_EN; lang++)
			if (label_advice((enum finding_id)id, (enum text_lang)lang) == NULL)
				fail_msg("advice.def has nothing for %s", finding_name((enum finding_id)id));
	for (int id = 0; id < LABEL_COUNT_ALL; id++)
		assert_true(*label((enum label_id)id, TEXT_ZH) != '\0' && *label((enum label_id)id, TEXT_EN) != '\0');
}

static void kinds_are_registered_once_and_shown_in_the_schema(void **state)
{
	size_t count;
	(void)state;
	const struct report_kind_info *kinds = report_sheet_kinds(&count);
	assert_true(count >= 6);
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(sheet_kind_find(kinds[i].name), sheet_kind_at(i));
		assert_true(*kinds[i].help != '\0');
	}
	kinds = report_section_kinds(&count);
	assert_true(count >= 9);
	for (size_t i = 0; i < count; i++)
		assert_ptr_equal(section_kind_find(kinds[i].name), section_kind_at(i));
	struct str schema = { 0 };
	xml_schema(&schema, REPORT_SPACE, report_workbook_shape());
	assert_non_null(strstr(str_text(&schema), "overview"));
	assert_non_null(strstr(str_text(&schema), "highlight"));
	str_release(&schema);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_templates_are_refused),
		cmocka_unit_test(the_own_edition_refuses_the_nine_box),
		cmocka_unit_test(lists_order_by_pinyin_number_and_missing_last),
		cmocka_unit_test(expressions_and_highlights),
		cmocka_unit_test(every_finding_has_advice),
		cmocka_unit_test(kinds_are_registered_once_and_shown_in_the_schema),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
