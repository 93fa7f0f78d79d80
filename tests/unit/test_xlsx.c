/*
 * test_xlsx.c - workbooks written and read back: what a reader of the file finds, and what is refused.
 */
#include "base/fs.h"
#include "base/str.h"
#include "output/xlsx.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/pandian-xlsx-XXXXXX";

static int row(void *context, uint32_t number, struct book_cell *cells, struct err *err)
{
	(void)context;
	(void)err;
	static char id[16], name[32];
	snprintf(id, sizeof id, "%05u", number + 101);
	snprintf(name, sizeof name, "%s%u", number == 1 ? "=1+1 𠮷" : "林晓雯 & <雷>", number);
	cells[0] = (struct book_cell){ .kind = BOOK_LINK, .text = id, .target = "archives/00101.pdf" };
	if (number == 2)
		cells[0].text = "a/b//c";        /* an id may hold slashes */
	cells[1] = (struct book_cell){ .kind = BOOK_TEXT, .text = name };
	cells[2] = (struct book_cell){ .kind = BOOK_NUMBER, .number = 4250 + number, .scale = 2 };
	cells[3] = (struct book_cell){ .kind = BOOK_DATE, .date = 20000 + (int32_t)(number % 1000) };
	cells[4] = (struct book_cell){ .kind = number % 7 == 0 ? BOOK_EMPTY : BOOK_NUMBER, .number = number % 5 + 1 };
	return 0;
}

static const struct book_column columns[] = {
	{ "工号", BOOK_FORMAT_TEXT, 0, NULL, BOOK_TOTAL_COUNT },
	{ "姓名", BOOK_FORMAT_TEXT, 0, NULL, BOOK_TOTAL_NONE },
	{ "学分", BOOK_FORMAT_DECIMAL2, 0, "近 24 个月", BOOK_TOTAL_SUM },
	{ "入职", BOOK_FORMAT_DATE, 0, NULL, BOOK_TOTAL_NONE },
	{ "星级", BOOK_FORMAT_STARS, 0, NULL, BOOK_TOTAL_AVERAGE },
};
static const struct book_cell title[] = { { .kind = BOOK_TEXT, .style = BOOK_STYLE_TITLE, .text = "人才盘点" },
	{ .kind = BOOK_NUMBER, .format = BOOK_FORMAT_PERCENT1, .number = 374, .scale = 3 } };
static const struct book_rule rules[] = { { .kind = BOOK_RULE_DATA_BAR, .column = 2 },
	{ .kind = BOOK_RULE_STYLE, .column = UINT32_MAX, .formula = "$E4<2", .style = BOOK_STYLE_DOWN } };

static struct book make_book(
	uint32_t rows, struct book_sheet sheets[2], struct book_part parts[3], struct book_series *series)
{
	memset(parts, 0, 3 * sizeof *parts);
	parts[0] = (struct book_part){ .kind = BOOK_PART_CELLS, .cells = { 1, 2, title } };
	parts[1] = (struct book_part){ .kind = BOOK_PART_TABLE,
		.row = 2,
		.rules = rules,
		.rule_count = 2,
		.table = {
			.name = "people", .columns = columns, .column_count = 5, .rows = rows, .row = row, .totals = true } };
	*series = (struct book_series){
		.name = "学分", .categories = { "人员", 3, 1, 8, 1 }, .values = { "人员", 3, 2, 8, 2 }, .colour = 4
	};
	parts[2] = (struct book_part){ .kind = BOOK_PART_CHART,
		.row = 2,
		.column = 7,
		.chart = { .kind = BOOK_CHART_COLUMN,
			.title = "学分",
			.alt = "前六人的学分",
			.series = series,
			.series_count = 1,
			.rows = 15,
			.columns = 8,
			.labels = true } };
	sheets[0] = (struct book_sheet){ .name = "人员",
		.parts = parts,
		.part_count = 3,
		.freeze_rows = 3,
		.freeze_columns = 2,
		.repeat_rows = 1,
		.repeat_first = 2,
		.tab_colour = 4,
		.footer = "R&D 内部资料" };
	sheets[1] = (struct book_sheet){ .name = "说明", .parts = parts, .part_count = 1, .tab_colour = -1 };
	return (struct book){ .file = "t.xlsx", .title = "人才盘点", .author = "Pandian", .created = 20727, .lang = "zh-CN",
		.sheets = sheets, .sheet_count = 2 };
}

static int write_file(
	const char *name, uint32_t rows, char *path, size_t room, struct xlsx_totals *totals, struct err *err)
{
	struct book_sheet sheets[2];
	struct book_part parts[3];
	struct book_series series;
	struct book book = make_book(rows, sheets, parts, &series);
	snprintf(path, room, "%s/%s", folder, name);
	return xlsx_write(&book, path, folder, totals, err);
}

static void test_written_book_reads_back(void **state)
{
	(void)state;
	char path[128];
	struct xlsx_totals totals;
	struct err err = { 0 };
	if (write_file("a.xlsx", 200, path, sizeof path, &totals, &err) != 0)
		fail_msg("%s", err.text);
	if (xlsx_verify(path, &totals, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(totals.sheets, 2);
	assert_int_equal(totals.rows, 200);
}

static void test_same_book_same_bytes(void **state)
{
	(void)state;
	char first[128], second[128], a[HASH_HEX], b[HASH_HEX];
	struct xlsx_totals totals;
	struct err err = { 0 };
	setenv("TZ", "Asia/Shanghai", 1);
	assert_int_equal(write_file("b1.xlsx", 50, first, sizeof first, &totals, &err), 0);
	setenv("TZ", "America/New_York", 1);
	assert_int_equal(write_file("b2.xlsx", 50, second, sizeof second, &totals, &err), 0);
	unsetenv("TZ");
	assert_int_equal(hash_file(first, a, &err), 0);
	assert_int_equal(hash_file(second, b, &err), 0);
	assert_string_equal(a, b);
}

static void test_other_readers_see_the_values(void **state)
{
	(void)state;
	if (access("/usr/bin/python3", X_OK) != 0 || system("/usr/bin/python3 -c 'import openpyxl' 2>/dev/null") != 0)
		skip();
	char path[128], command[2048];
	struct xlsx_totals totals;
	struct err err = { 0 };
	assert_int_equal(write_file("c.xlsx", 30, path, sizeof path, &totals, &err), 0);
	snprintf(command, sizeof command,
		"/usr/bin/python3 -W ignore -c \"\nimport openpyxl,sys\nb=openpyxl.load_workbook('%s')\ns=b['人员']\n"
		"assert s['A4'].value=='00101', s['A4'].value\nassert s['B5'].value=='=1+1 𠮷1' and "
			"s['B5'].data_type=='s' or s['B5'].data_type=='inlineStr', (s['B5'].value,s['B5'].data_type)\n"
		"assert s['B4'].value=='林晓雯 & <雷>0' and s['A6'].value=='a/b//c', s['A6'].value\nassert "
			"s['C4'].value==42.5\nassert str(s['D4'].value)[:10]=='2024-10-04', s['D4'].value\n"
		"assert list(s.tables)==['people'] and s.tables['people'].ref=='A3:E34', s.tables\n"
		"assert s.freeze_panes=='C4' and len(s._charts)==1 and s['A4'].hyperlink.target=='archives/00101.pdf'\n"
		"assert s['C34'].value=='=SUBTOTAL(109,[学分])'\n"
		"v=openpyxl.load_workbook('%s',data_only=True)['人员']\nassert v['A34'].value==30 and "
			"abs(v['C34'].value-1279.35)<1e-9, v['C34'].value\n\"",
		path, path);
	assert_int_equal(system(command), 0);
}

static void test_cut_file_is_refused(void **state)
{
	(void)state;
	char path[128];
	struct xlsx_totals totals;
	struct err err = { 0 };
	assert_int_equal(write_file("d.xlsx", 2000, path, sizeof path, &totals, &err), 0);
	struct str bytes = { 0 };
	assert_int_equal(fs_read(path, 0, &bytes, &err), 0);
	assert_int_equal(truncate(path, (off_t)bytes.length - 300), 0);
	assert_int_equal(xlsx_verify(path, &totals, &err), -1);
	assert_int_equal(err.status, STATUS_INTERNAL);
	str_release(&bytes);
}

static void test_other_value_is_refused(void **state)
{
	(void)state;
	char path[128];
	struct xlsx_totals totals, other;
	struct err err = { 0 };
	assert_int_equal(write_file("e1.xlsx", 40, path, sizeof path, &totals, &err), 0);
	assert_int_equal(write_file("e2.xlsx", 41, path, sizeof path, &other, &err), 0);
	assert_int_equal(xlsx_verify(path, &totals, &err), -1);
	assert_non_null(strstr(err.text, "not what was written"));
}

static size_t size_of(const char *path)
{
	struct str bytes = { 0 };
	struct err err = { 0 };
	assert_int_equal(fs_read(path, 0, &bytes, &err), 0);
	size_t size = bytes.length;
	str_release(&bytes);
	return size;
}

/* The library says success whatever happens to its files: we must not. */
static void test_full_disk_is_never_success(void **state)
{
	(void)state;
	char whole[128];
	struct xlsx_totals all;
	struct err fine = { 0 };
	assert_int_equal(write_file("f.xlsx", 3000, whole, sizeof whole, &all, &fine), 0);
	rlim_t size = (rlim_t)size_of(whole);
	for (rlim_t limit = 200, next; limit < size; limit = next) {
		next = limit == size - 1 ? size : limit * 3 / 2 < size ? limit * 3 / 2 : size - 1;
		pid_t child = fork();
		if (child == 0) {
			char path[128], name[32];
			struct xlsx_totals totals;
			struct err err = { 0 };
			int silent = open("/dev/null", O_WRONLY);
			dup2(silent, STDERR_FILENO);
			signal(SIGXFSZ, SIG_IGN);
			setrlimit(RLIMIT_FSIZE, &(struct rlimit){ limit, limit });
			snprintf(name, sizeof name, "f%lu.xlsx", (unsigned long)limit);
			int failed =
				write_file(name, 3000, path, sizeof path, &totals, &err) != 0 || xlsx_verify(path, &totals, &err) != 0;
			_exit(failed ? 3 : 0);
		}
		int how;
		assert_int_equal(waitpid(child, &how, 0), child);
		assert_true(WIFSIGNALED(how) || WEXITSTATUS(how) == 3);
	}
}

/* Temporary files beyond what is held in memory, a part beyond what is packed at once; then a disk too small for it. */
static void test_long_sheet_goes_over_the_disk(void **state)
{
	(void)state;
	char path[128];
	struct xlsx_totals totals;
	struct err err = { 0 };
	if (write_file("long.xlsx", 140000, path, sizeof path, &totals, &err) != 0)
		fail_msg("%s", err.text);
	if (xlsx_verify(path, &totals, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(totals.rows, 140000);
	int file = open(path, O_RDWR);
	char byte;
	off_t middle = (off_t)size_of(path) / 2;
	assert_int_equal(pread(file, &byte, 1, middle), 1);
	byte ^= 0x10;
	assert_int_equal(pwrite(file, &byte, 1, middle), 1);
	close(file);
	assert_int_equal(xlsx_verify(path, &totals, &err), -1);
	pid_t child = fork();
	if (child == 0) {
		int silent = open("/dev/null", O_WRONLY);
		err = (struct err){ 0 };
		dup2(silent, STDERR_FILENO);
		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 10 << 20, 10 << 20 });
		_exit(write_file("short.xlsx", 140000, path, sizeof path, &totals, &err) != 0 && err.status == STATUS_IO ? 3 : 0);
	}
	int how;
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 3);
}

static void test_any_damage_is_refused(void **state)
{
	(void)state;
	char path[128];
	struct xlsx_totals totals;
	struct err err = { 0 };
	assert_int_equal(write_file("h.xlsx", 60, path, sizeof path, &totals, &err), 0);
	off_t size = (off_t)size_of(path);
	int file = open(path, O_RDWR);
	uint32_t directory;                  /* where it begins: said near the end */
	assert_int_equal(pread(file, &directory, sizeof directory, size - 6), sizeof directory);
	for (off_t at = 0; at < size; at += 41) {
		char byte, other;
		assert_int_equal(pread(file, &byte, 1, at), 1);
		other = (char)(byte ^ 0x41);
		assert_int_equal(pwrite(file, &other, 1, at), 1);
		err = (struct err){ 0 };
		int status = xlsx_verify(path, &totals, &err);
		assert_int_equal(pwrite(file, &byte, 1, at), 1);
		/* bytes of the directory that nobody reads may differ: version, attributes */
		if (status == 0 && at < (off_t)directory)
			fail_msg("byte %ld", (long)at);
		assert_true(status == 0 || (err.status == STATUS_INTERNAL && strstr(err.text, "h.xlsx") != NULL));
	}
	close(file);
	assert_int_equal(xlsx_verify(path, &totals, &err), 0);
}

static void test_odd_texts_and_numbers(void **state)
{
	(void)state;
	static const struct book_cell cells[] = { { .kind = BOOK_TEXT, .text = "a\x01z" },
		{ .kind = BOOK_TEXT, .text = "_x0041_ & <b>" }, { .kind = BOOK_TEXT, .text = " 两边 " },
		{ .kind = BOOK_TEXT, .text = "行一\n行二" }, { .kind = BOOK_NUMBER, .number = 97, .scale = 1 },
		{ .kind = BOOK_NUMBER, .number = -5, .scale = 3 }, { .kind = BOOK_NUMBER, .number = 0, .scale = 2 },
		{ .kind = BOOK_NUMBER, .number = 1234567890123456789, .scale = 4 },
		{ .kind = BOOK_FORMULA, .text = "IF(E1>2,\"<&>\",1)", .number = 1500, .scale = 3 } };
	struct book_part parts[] = { { .kind = BOOK_PART_CELLS, .cells = { 1, 9, cells } } };
	struct book_sheet sheets[] = { { .name = "s", .parts = parts, .part_count = 1, .tab_colour = -1 } };
	struct book book = { .file = "o.xlsx", .title = "o", .created = 20727, .sheets = sheets, .sheet_count = 1 };
	char path[128], command[1024];
	struct xlsx_totals totals;
	struct err err = { 0 };
	snprintf(path, sizeof path, "%s/o.xlsx", folder);
	if (xlsx_write(&book, path, folder, &totals, &err) != 0 || xlsx_verify(path, &totals, &err) != 0)
		fail_msg("%s", err.text);
	snprintf(command, sizeof command,
		"/usr/bin/python3 -c \"\nimport zipfile\nt=zipfile.ZipFile('%s').read('xl/worksheets/sheet1.xml').decode()\n"
		"for w in ['<t>a_x0001_z</t>','<t>_x005F_x0041_ &amp; &lt;b&gt;</t>','<t xml:space=\\\"preserve\\\"> 两边 </t>',"
		"'<v>9.7</v>','<v>-0.005</v>','<v>0</v>','<v>123456789012345.7</v>',"
		"'<f>IF(E1&gt;2,\\\"&lt;&amp;&gt;\\\",1)</f><v>1.5</v>','ref=\\\"A1:I1\\\"']:\n assert w in t, (w, t)\n\"",
		path);
	assert_int_equal(system(command), 0);
}

static void test_bad_sheet_name_is_refused(void **state)
{
	(void)state;
	struct book_sheet sheets[2];
	struct book_part parts[3];
	struct book_series series;
	struct book book = make_book(3, sheets, parts, &series);
	char path[128];
	struct xlsx_totals totals;
	struct err err = { 0 };
	sheets[1].name = "人员";
	snprintf(path, sizeof path, "%s/g.xlsx", folder);
	assert_int_equal(xlsx_write(&book, path, folder, &totals, &err), -1);
	assert_non_null(strstr(err.text, "人员"));
	assert_false(fs_exists(path));
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	struct err err = { 0 };
	return fs_remove_tree(folder, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_book_reads_back), cmocka_unit_test(test_same_book_same_bytes),
		cmocka_unit_test(test_other_readers_see_the_values), cmocka_unit_test(test_cut_file_is_refused),
		cmocka_unit_test(test_other_value_is_refused), cmocka_unit_test(test_full_disk_is_never_success),
		cmocka_unit_test(test_bad_sheet_name_is_refused), cmocka_unit_test(test_long_sheet_goes_over_the_disk),
		cmocka_unit_test(test_any_damage_is_refused), cmocka_unit_test(test_odd_texts_and_numbers),
	};
	return cmocka_run_group_tests_name("xlsx", tests, make_folder, remove_folder);
}
