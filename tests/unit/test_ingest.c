/* test_ingest.c - exports of every shape become the rows they say, or quarantine that says why. */
#include "ingest_world.h"

#include <sys/stat.h>

static void plain_file_is_kept(void **state)
{
	struct world *w = *state;
	assert_int_equal(
		world_completions(
			w, "工号,课程编号,完成日期,成绩,是否合格\n00317,C1,2026-09-01,88.5,合格\n00042,C2,2026/9/2,59,不合格\n"),
		0);
	assert_int_equal(w->totals.rows, 2);
	assert_int_equal(w->totals.kept, 2);
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_int_equal(f.count, 2);
	assert_string_equal(world_cell(w, &f, COMPLETION_EMPLOYEE_ID, 0), "00317");
	assert_string_equal(world_cell(w, &f, COMPLETION_COURSE_ID, 0), "C1");
	assert_string_equal(world_cell(w, &f, COMPLETION_COMPLETED_ON, 0), "2026-09-01");
	assert_string_equal(world_cell(w, &f, COMPLETION_SCORE, 0), "88.5");
	assert_string_equal(world_cell(w, &f, COMPLETION_RESULT, 0), "passed");
	assert_string_equal(world_cell(w, &f, COMPLETION_RESULT, 1), "failed");
	assert_string_equal(world_cell(w, &f, COMPLETION_COMPLETED_ON, 1), "2026-09-02");
	assert_int_equal(frame_column(&f, STORE_ROW_ID)->u32[0], 2);
	assert_int_equal(frame_column(&f, STORE_ROW_ID)->u32[1], 3);
	assert_string_equal(w->batches[0].file, "inputs/data.csv");
	assert_string_equal(w->batches[0].encoding, "UTF-8");
}

static void same_file_is_not_taken_twice(void **state)
{
	struct world *w = *state;
	const char *csv = "工号,课程编号,完成日期\n1,C1,2026-09-01\n";
	assert_int_equal(world_completions(w, csv), 0);
	assert_int_equal(w->totals.files_new, 1);
	assert_int_equal(world_completions(w, csv), 0);
	assert_int_equal(w->totals.files, 1);
	assert_int_equal(w->totals.files_new, 0);
	assert_int_equal(w->batch_count, 1);
	assert_int_equal(
		world_completions(w, "工号,课程编号,完成日期\n1,C1,2026-09-02\n"), 0); /* other bytes: another batch */
	assert_int_equal(w->batch_count, 2);
}

static void gb18030_below_title_rows(void **state)
{
	struct world *w = *state;
	/* 学习记录 / 工号,课程编号,完成日期,成绩,是否合格 / 王… in GB18030, with CRLF and a rare character as four bytes */
	static const char bytes[] =
		"\xD1\xA7\xCF\xB0\xBC\xC7\xC2\xBC,,,,\r\n"
		"\xB9\xA4\xBA\xC5,\xBF\xCE\xB3\xCC\xB1\xE0\xBA\xC5,\xCD\xEA\xB3\xC9\xC8\xD5\xC6\xDA,\xB3\xC9\xBC\xA8,"
			"\xCA\xC7\xB7\xF1\xBA\xCF\xB8\xF1\r\n"
		"00317,\xBF\xCE\x95\x34\xB2\x35,2026\xC4\xEA"
		"9\xD4\xC2"
		"1\xC8\xD5,90\xB7\xD6,\xBA\xCF\xB8\xF1\r\n";
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	world_write(w, "inputs/data.csv", bytes, sizeof bytes - 1);
	assert_int_equal(world_load(w, 1), 0);
	assert_string_equal(w->batches[0].encoding, "GB18030");
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_int_equal(f.count, 1);
	assert_string_equal(world_cell(w, &f, COMPLETION_COURSE_ID, 0), "课𠮷");
	assert_string_equal(world_cell(w, &f, COMPLETION_COMPLETED_ON, 0), "2026-09-01");
	assert_string_equal(world_cell(w, &f, COMPLETION_SCORE, 0), "90");
	assert_string_equal(world_cell(w, &f, COMPLETION_RESULT, 0), "passed");
	assert_int_equal(frame_column(&f, STORE_ROW_ID)->u32[0], 3);
}

/* The first bytes are ASCII only: the encoding is known when the first other byte comes. */
static void gb18030_after_megabytes_of_ascii(void **state)
{
	struct world *w = *state;
	struct str csv = { 0 };
	str_add(&csv, "employee_id,course_id,completed_on\n");
	for (int i = 0; i < 160000; i++)
		str_printf(&csv, "%d,C1,2026-09-01\n", i % 4000);
	str_add(&csv, "4000,\xBF\xCE,2026-09-01\n");
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	world_write(w, "inputs/data.csv", csv.text, csv.length);
	assert_int_equal(world_load(w, 2), 0);
	assert_string_equal(w->batches[0].encoding, "GB18030");
	assert_int_equal(w->totals.kept, 4001);
	assert_int_equal(w->totals.merged, 156000);
	assert_int_equal(world_count(w, FINDING_DUPLICATE, NULL), 156000);
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_string_equal(world_cell(w, &f, COMPLETION_COURSE_ID, 4000), "课");
	str_release(&csv);
}

static void gb18030_parted_by_pipes(void **state)
{
	struct world *w = *state;
	/* 剕 is 84 7C: its second byte is a pipe, which must not part cells */
	static const char bytes[] = "employee_id|course_id|completed_on\n1|\x84\x7C\xB1\xE0|2026-09-01\n";
	world_mapping(w, "completion", "", "", "delimiter=\"pipe\"", COMPLETION_FIELDS);
	world_write(w, "inputs/data.csv", bytes, sizeof bytes - 1);
	assert_int_equal(world_load(w, 1), 0);
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_int_equal(f.count, 1);
	struct str want = { 0 };
	size_t bad;
	assert_true(text_from_gb18030(&want, "\x84\x7C\xB1\xE0", 4, &bad));
	assert_string_equal(world_cell(w, &f, COMPLETION_COURSE_ID, 0), want.text);
	str_release(&want);
}

static void utf16_with_tabs(void **state)
{
	struct world *w = *state;
	static const char text[] = "employee_id\tcourse_id\tcompleted_on\r\n007\tC1\t2026-09-01\r\n";
	char bytes[2 * sizeof text] = "\xFF\xFE";
	for (size_t i = 0; i + 1 < sizeof text; i++) {
		bytes[2 + 2 * i] = text[i];
		bytes[3 + 2 * i] = 0;
	}
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	world_write(w, "inputs/data.csv", bytes, 2 * sizeof text);
	assert_int_equal(world_load(w, 1), 0);
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_int_equal(f.count, 1);
	assert_string_equal(world_cell(w, &f, COMPLETION_EMPLOYEE_ID, 0), "007");
}

static void line_ends_of_all_kinds(void **state)
{
	struct world *w = *state;
	static const char *const files[] = {
		"\xEF\xBB\xBF\x65mployee_id,course_id,completed_on\n1,C1,2026-09-01\n2,C1,2026-09-01",
		"employee_id,course_id,completed_on\r\n1,C1,2026-09-01\r\n2,C1,2026-09-01\r\n\r\n",
		"employee_id,course_id,completed_on\r1,C1,2026-09-01\r2,C1,2026-09-01\r",
		"employee_id;course_id;completed_on\n\n1;C1;2026-09-01\n;;\n2;C1;2026-09-01\n",
		"employee_id\tcourse_id\tcompleted_on\n1\tC1\t2026-09-01\n2\tC1\t2026-09-01\n",
	};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		assert_int_equal(world_completions(w, files[i]), 0);
		assert_int_equal(w->batch_count, i + 1);
		assert_int_equal(w->totals.kept, 2);
		assert_int_equal(w->totals.rejected, 0);
		struct frame f = world_frame(w, FEED_COMPLETION, 0);
		assert_int_equal(f.count, 2);
		assert_string_equal(world_cell(w, &f, COMPLETION_COMPLETED_ON, 1), "2026-09-01");
	}
}

static void quotes_and_line_breaks(void **state)
{
	struct world *w = *state;
	world_mapping(w, "honour", "", "", "",
		"<field name=\"employee_id\" column=\"工号\"/><field name=\"title\" column=\"荣誉\"/><field "
			"name=\"awarded_on\" column=\"日期\"/>");
	world_text(w, "inputs/data.csv",
		"工号,荣誉,日期\n1,\"服务,\n之星 \"\"特等\"\"\",2026-01-01\n2,5\" 屏,2026-01-02\n3,\"abc\"def,2026-01-03\n");
	assert_int_equal(world_load(w, 1), 0);
	struct frame f = world_frame(w, FEED_HONOUR, 0);
	assert_int_equal(f.count, 3);
	assert_string_equal(world_cell(w, &f, HONOUR_TITLE, 0), "服务, 之星 \"特等\"");
	assert_string_equal(world_cell(w, &f, HONOUR_TITLE, 1), "5\" 屏");
	assert_string_equal(world_cell(w, &f, HONOUR_TITLE, 2), "abcdef");
	assert_int_equal(frame_column(&f, STORE_ROW_ID)->u32[1], 4); /* the line of the file, line breaks inside counted */
}

static void names_that_bite(void **state)
{
	struct world *w = *state;
	world_mapping(w, "employee", "", "", "",
		"<field name=\"employee_id\" column=\"工号\"/><field name=\"name\" column=\"姓名\"/><field "
			"name=\"hire_date\" column=\"入职\"/>"
		"<field name=\"org_unit\" default=\"U\"/><field name=\"position\" default=\"P\"/>");
	world_text(w, "inputs/data.csv",
		"工号,姓名,入职\n../../etc/passwd,=1+1,2020-01-01\n00/1,𠮷野,2020-01-01\n００３,王\xE2\x80\xAE芳\x01,"
			"2020-01-01\n'0042, +86 ,2020-01-01\n");
	assert_int_equal(world_load(w, 1), 0);
	struct frame f = world_frame(w, FEED_EMPLOYEE, 0);
	assert_int_equal(f.count, 4);
	assert_string_equal(world_cell(w, &f, EMPLOYEE_EMPLOYEE_ID, 0),
		"../../etc/passwd"); /* an id is a text; file names are made safe elsewhere */
	assert_string_equal(world_cell(w, &f, EMPLOYEE_NAME, 0), "=1+1");
	assert_string_equal(world_cell(w, &f, EMPLOYEE_EMPLOYEE_ID, 1), "00/1");
	assert_string_equal(world_cell(w, &f, EMPLOYEE_NAME, 1), "𠮷野");
	assert_string_equal(world_cell(w, &f, EMPLOYEE_EMPLOYEE_ID, 2), "003");
	assert_string_equal(world_cell(w, &f, EMPLOYEE_NAME, 2), "王芳");
	assert_string_equal(world_cell(w, &f, EMPLOYEE_EMPLOYEE_ID, 3), "0042");
	assert_string_equal(world_cell(w, &f, EMPLOYEE_NAME, 3), "+86");
	assert_string_equal(world_cell(w, &f, EMPLOYEE_ORG_UNIT, 3), "U");
	struct str line = { 0 };
	assert_int_equal(world_count(w, FINDING_CLEANED_TEXT, &line), 1);
	assert_non_null(strstr(line.text, "data.csv:4"));
	assert_non_null(strstr(line.text, "姓名"));
	str_release(&line);
}

static void misfits_go_to_quarantine(void **state)
{
	struct world *w = *state;
	static const struct { const char *row; enum finding_id id; const char *column, *text; } cases[] = {
		{ "2,C1,2026-02-30,80,合格", FINDING_BAD_DATE, "完成日期", "2026-02-30" },
		{ "3,C1,上周,80,合格", FINDING_BAD_DATE, "完成日期", "上周" },
		{ "4,C1,03/04/2026,80,合格", FINDING_AMBIGUOUS_DATE, "完成日期", "03/04/2026" },
		{ "5,C1,2026-09-01,180,合格", FINDING_OUT_OF_SCALE, "成绩", "180" },
		{ "6,C1,2026-09-01,八十,合格", FINDING_BAD_NUMBER, "成绩", "八十" },
		{ "7,C1,2026-09-01,80,大概", FINDING_BAD_VALUE, "是否合格", "大概" },
		{ ",C1,2026-09-01,80,合格", FINDING_MISSING_VALUE, "工号", NULL },
		{ "9,C1,,80,合格", FINDING_MISSING_VALUE, "完成日期", NULL },
		{ "10,C1,2026-09-01,80", FINDING_CELL_COUNT, NULL, NULL },
		{ "11,C1,2026-09-01,80,合格,多", FINDING_CELL_COUNT, NULL, NULL },
		{ "12,C1,2026-09-01,80.123,合格", FINDING_BAD_NUMBER, "成绩", "80.123" },
		{ "13,C1,0826-09-01,80,合格", FINDING_IMPOSSIBLE_DATE, "完成日期", "0826-09-01" },
		{ "14\xFF,C1,2026-09-01,80,合格", FINDING_BAD_ENCODING, "工号", "14\xEF\xBF\xBD" },
	};
	const size_t n = sizeof cases / sizeof *cases;
	struct str csv = { 0 };
	str_add(&csv, "工号,课程编号,完成日期,成绩,是否合格\n");
	for (size_t i = 0; i < n; i++)
		str_printf(&csv, "%s\n", cases[i].row);
	str_add(&csv, "99,C1,2026-09-01,80,合格\n");
	assert_int_equal(world_completions(w, csv.text), 0);
	assert_int_equal(w->totals.rows, n + 1);
	assert_int_equal(w->totals.kept, 1);
	assert_int_equal(w->totals.rejected, n);
	struct store_reject *rejects;
	assert_int_equal(world_rejects(w, &rejects), n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(rejects[i].row, i + 2);
		assert_int_equal(rejects[i].finding, cases[i].id);
		if (cases[i].column)
			assert_string_equal(rejects[i].column, cases[i].column);
		if (cases[i].text)
			assert_string_equal(rejects[i].text, cases[i].text);
		if (cases[i].id != FINDING_BAD_ENCODING)
			assert_string_equal(rejects[i].record, cases[i].row);
	}
	str_release(&csv);
}

static void empty_and_header_only(void **state)
{
	struct world *w = *state;
	assert_int_equal(world_completions(w, ""), 0); /* a delta without rows changes nothing */
	assert_int_equal(w->totals.rows, 0);
	assert_int_equal(world_count(w, FINDING_EMPTY_FILE, NULL), 1);
	assert_int_equal(world_completions(w, "工号,课程编号,完成日期\n"), 0);
	assert_int_equal(w->totals.rows, 0);
	assert_int_equal(world_count(w, FINDING_HEADER_ONLY, NULL), 1);
	/* a full snapshot that is empty would say that nobody is left */
	world_mapping(w, "completion", "files=\"data.csv\" load=\"full\"", "", "", COMPLETION_FIELDS);
	world_text(w, "inputs/data.csv", "");
	assert_int_equal(world_load(w, 1), -1);
	assert_int_equal(w->err.status, STATUS_GATE);
	assert_non_null(strstr(w->err.text, "data.csv"));
}

static void columns_missing_unknown_absent(void **state)
{
	struct world *w = *state;
	struct str line = { 0 };
	assert_int_equal(world_completions(w, "工号,备注,课程编号,完成日期\n1,好,C1,2026-09-01\n"), 0);
	assert_int_equal(world_count(w, FINDING_UNKNOWN_COLUMN, &line), 1);
	assert_non_null(strstr(line.text, "备注"));
	assert_int_equal(world_count(w, FINDING_ABSENT_COLUMN, &line), 2); /* score and result */
	assert_int_equal(world_completions(w, "工号,完成日期,成绩\n1,2026-09-01,5\n"), -1);
	assert_int_equal(w->err.status, STATUS_GATE);
	assert_non_null(strstr(w->err.text, "课程编号"));
	assert_non_null(strstr(w->err.text, "data.csv"));
	assert_int_equal(w->batch_count, 1); /* nothing of it was kept */
	assert_int_equal(world_completions(w, "甲,乙\n1,2\n"), -1);
	assert_non_null(strstr(w->err.text, "header"));
	/* action="warn" leaves the file out and goes on */
	world_mapping(w, "completion", "", "<gate rejects=\"1%\" action=\"warn\"/>", "", COMPLETION_FIELDS);
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->totals.files_new, 0);
	str_release(&line);
}

static void long_line_is_rejected(void **state)
{
	struct world *w = *state;
	const size_t length = 10u << 20;
	char *csv = mem_new(length + 200, 1);
	size_t n = (size_t)sprintf(csv, "工号,课程编号,完成日期\n1,C1,2026-09-01\n2,"); /* fits: the buffer is 10 MiB */
	memset(csv + n, 'x', length);
	strcpy(csv + n + length, ",2026-09-01\n3,C1,2026-09-02\n"); /* fits, see above */
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	world_text(w, "inputs/data.csv", csv);
	assert_int_equal(world_load(w, 2), 0);
	assert_int_equal(w->totals.kept, 2);
	struct store_reject *rejects;
	assert_int_equal(world_rejects(w, &rejects), 1);
	assert_int_equal(rejects[0].finding, FINDING_RECORD_TOO_LONG);
	assert_int_equal(rejects[0].row, 3);
	free(csv);
}

static void open_quote_ends_the_file(void **state)
{
	struct world *w = *state;
	assert_int_equal(
		world_completions(w, "工号,课程编号,完成日期\n1,C1,2026-09-01\n2,\"C1,2026-09-01\n3,C1,2026-09-01\n"), -1);
	assert_int_equal(w->err.status, STATUS_GATE);
	assert_non_null(strstr(w->err.text, "data.csv:3"));
	assert_int_equal(w->batch_count, 0);
	struct findings kept = world_findings(w, 0);
	assert_int_equal(kept.total[FINDING_UNTERMINATED_QUOTE], 1);
	findings_release(&kept);
}

static void gate_holds_the_run(void **state)
{
	struct world *w = *state;
	world_mapping(w, "completion", "", "<gate rejects=\"10%\"/>", "", COMPLETION_FIELDS);
	world_text(w, "inputs/data.csv", "工号,课程编号,完成日期\n1,C1,2026-09-01\n2,C1,x\n3,C1,2026-09-01\n");
	assert_int_equal(world_load(w, 1), -1);
	assert_int_equal(w->err.status, STATUS_GATE);
	assert_non_null(strstr(w->err.text, "1 of 3 rows"));
	assert_non_null(strstr(w->err.hint, "data.csv:3"));
	assert_int_equal(w->batch_count, 0);
	assert_int_equal(world_load(w, 1), -1); /* and again: it is not forgotten */
}

static void duplicates_merge_and_conflicts_are_told(void **state)
{
	struct world *w = *state;
	static const char csv[] =
		"工号,课程编号,完成日期,成绩,是否合格\n1,C1,2026-09-01,80,合格\n2,C1,2026-09-01,70,合格\n1,C1,"
			"2026-09-01,80,合格\n2,C1,2026-09-01,71,合格\n";
	struct str line = { 0 };
	struct store_reject *rejects;
	assert_int_equal(world_completions(w, csv), 0);
	assert_int_equal(w->totals.rows, 4);
	assert_int_equal(w->totals.kept, 2);
	assert_int_equal(w->totals.merged, 1);
	assert_int_equal(w->totals.rejected, 1);
	assert_int_equal(world_count(w, FINDING_DUPLICATE, &line), 1);
	assert_non_null(strstr(line.text, "data.csv:4"));
	assert_non_null(strstr(line.text, "row 2"));
	assert_int_equal(world_count(w, FINDING_DUPLICATE_CONFLICT, &line), 1);
	assert_non_null(strstr(line.text, "data.csv:5"));
	assert_non_null(strstr(line.text, "成绩"));
	assert_non_null(strstr(line.text, "row 3"));
	assert_int_equal(world_rejects(w, &rejects), 1);
	assert_string_equal(rejects[0].record, "2,C1,2026-09-01,71,合格");
	assert_string_equal(rejects[0].text, "71");
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_string_equal(world_cell(w, &f, COMPLETION_SCORE, 1), "70");
	world_mapping(w, "completion", "", "", "dedupe=\"last\"", COMPLETION_FIELDS);
	assert_int_equal(world_load(w, 1), 0);
	f = world_frame(w, FEED_COMPLETION, 0);
	assert_int_equal(f.count, 2);
	assert_string_equal(world_cell(w, &f, COMPLETION_SCORE, 1), "71");
	world_mapping(w, "completion", "", "", "dedupe=\"none\"", COMPLETION_FIELDS);
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->totals.kept, 4);
	str_release(&line);
}

static void spoilt_texts_are_counted(void **state)
{
	struct world *w = *state;
	struct str line = { 0 };
	world_mapping(w, "employee", "", "", "",
		"<field name=\"employee_id\" column=\"id\"/><field name=\"name\" column=\"id\"/><field "
			"name=\"hire_date\" default=\"2020-01-01\"/>"
		"<field name=\"org_unit\" default=\"U\"/><field name=\"position\" default=\"P\"/><field name=\"level\" "
			"column=\"imd_band\"/>");
	world_text(w, "inputs/data.csv", "id,imd_band\n1,0-10%\n2,10月20日\n3,10月20日\n4,20-30%\n");
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->totals.kept, 4);
	assert_int_equal(world_count(w, FINDING_SPOILT_TEXT, &line), 2);
	assert_non_null(strstr(line.text, "data.csv:3"));
	assert_non_null(strstr(line.text, "10月20日"));
	str_release(&line);
}

static void snapshots_come_from_names(void **state)
{
	struct world *w = *state;
	world_mapping(
		w, "completion", "files=\"sub/lms_{date}*.csv\" load=\"delta\" required=\"yes\"", "", "", COMPLETION_FIELDS);
	assert_int_equal(world_load(w, 1), -1);
	assert_int_equal(w->err.status, STATUS_NO_INPUT);
	static const char *const names[] = { "inputs/sub/lms_2026Q2.csv", "inputs/sub/lms_2026-07.csv",
		"inputs/sub/lms_20260815_x.csv", "inputs/sub/lms_2026-09-03.csv" };
	static const char *const days[] = { "2026-07-31", "2026-09-03", "2026-08-15",
		"2026-06-30" }; /* by name: -07, -09-03, 0815, Q2 */
	char csv[200];
	for (int i = 0; i < 4; i++) {
		snprintf(csv, sizeof csv, "工号,课程编号,完成日期\n%d,C1,2026-05-01\n", i);
		world_text(w, names[i], csv);
	}
	world_text(w, "inputs/sub/lms_other.csv", "not read");
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->batch_count, 4);
	for (int i = 0; i < 4; i++) {
		char day[16];
		date_format_iso(w->batches[i].snapshot, day);
		assert_string_equal(day, days[i]);
	}
}

static void far_values_are_kept(void **state)
{
	struct world *w = *state;
	static const char *const days[] = { "1900-01-01", "1910-06-01", "1910-06-02", "2026-07-31", "2089-11-02", "2089-11-03",
		"2200-12-31" };
	static const char *const hours[] = { "-163.85", "-163.84", "0", "491.49", "491.5", "12345678.9", "90000000000000" };
	const size_t count = sizeof days / sizeof *days;
	struct str csv = { 0 };
	/* every pair, far and near beside each other; file order is not the order of segments */
	str_add(&csv, "工号,课程,完成,学时,报名\n");
	for (size_t d = count; d-- > 0;)
		for (size_t h = 0; h < count; h++)
			str_printf(&csv, "E%zu,C1,%s,%s,%s\n", h, days[d], hours[h], days[(d + h) % count]);
	world_mapping(w, "completion", "", "", "",
		"<field name=\"employee_id\" column=\"工号\"/><field name=\"course_id\" column=\"课程\"/><field "
			"name=\"completed_on\" column=\"完成\"/><field name=\"enrolled_on\" column=\"报名\"/>"
		"<field name=\"hours\" column=\"学时\"/>");
	world_text(w, "inputs/data.csv", csv.text);
	str_release(&csv);
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->totals.kept, count * count);
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_int_equal(f.count, count * count);
	for (uint32_t row = 0; row < f.count; row++) { /* employee, course, date */
		size_t h = row / count, d = row % count;
		assert_string_equal(world_cell(w, &f, COMPLETION_COMPLETED_ON, row), days[d]);
		assert_string_equal(world_cell(w, &f, COMPLETION_HOURS, row), hours[h]);
		assert_string_equal(world_cell(w, &f, COMPLETION_ENROLLED_ON, row), days[(d + h) % count]);
	}
}

static void segments_stand_as_facts_wants_them(void **state)
{
	struct world *w = *state;
	static const char *const notes[] = { "2", "4", "3", "1", "5" };
	world_mapping(w, "completion", "", "", "",
		"<field name=\"employee_id\" column=\"e\"/><field name=\"course_id\" column=\"c\"/><field "
			"name=\"attempt\" column=\"a\"/><field name=\"enrolled_on\" column=\"from\"/><field "
			"name=\"completed_on\" column=\"on\"/><field name=\"hours\" column=\"h\"/>");
	/* the date before the attempt; what is not completed by the day of enrolment */
	world_text(w, "inputs/data.csv", "e,c,a,from,on,h\n1,A,1,2026-01-01,2026-03-01,1\n1,A,2,2026-01-01,2026-02-01,2\n"
		"1,A,3,2026-02-20,,3\n1,A,2,2026-02-10,,4\n1,B,1,2026-01-01,2026-01-05,5\n");
	assert_int_equal(world_load(w, 1), 0);
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_int_equal(f.count, 5);
	for (uint32_t row = 0; row < f.count; row++)
		assert_string_equal(world_cell(w, &f, COMPLETION_HOURS, row), notes[row]);
}

static void wide_columns_become_rows(void **state)
{
	struct world *w = *state;
	world_mapping(w, "performance", "", "", "",
		"<unpivot name=\"kind\" value=\"value\"><column from=\"质检得分\" to=\"qa\"/><column "
			"from=\"一次解决率\" to=\"fcr\" scale=\"100\"/></unpivot>"
		"<field name=\"employee_id\" column=\"工号\"/><field name=\"period\" column=\"季度\"/><field "
			"name=\"kind\" column=\"kind\"/><field name=\"value\" column=\"value\" min=\"0\" max=\"100\"/>");
	world_text(w, "inputs/data.csv",
		"季度,工号,质检得分,一次解决率\n2026Q3,1,88.5,0.71\n2026年三季度,2,,0.5\n2026-09,3,-,\n2026Q3,4,200,0.6\n");
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->totals.rows, 5);
	assert_int_equal(w->totals.kept, 4);
	assert_int_equal(w->totals.rejected, 1); /* only the cell that does not fit, not its neighbour */
	assert_int_equal(world_count(w, FINDING_FILTERED_ROW, NULL), 1);
	struct frame f = world_frame(w, FEED_PERFORMANCE, 0);
	assert_int_equal(f.count, 4);
	assert_string_equal(world_cell(w, &f, PERFORMANCE_KIND, 0), "qa");
	assert_string_equal(world_cell(w, &f, PERFORMANCE_VALUE, 0), "88.5");
	assert_string_equal(world_cell(w, &f, PERFORMANCE_KIND, 1), "fcr");
	assert_string_equal(world_cell(w, &f, PERFORMANCE_VALUE, 1), "71");
	assert_string_equal(world_cell(w, &f, PERFORMANCE_PERIOD, 2), "2026-09-30");
}

static void cells_are_split(void **state)
{
	struct world *w = *state;
	world_mapping(w, "honour", "", "", "skip=\"合计\"",
		"<split column=\"荣誉\" separator=\"、\" into=\"一项\"/><field name=\"employee_id\" column=\"工号\"/>"
			"<field name=\"title\" column=\"一项\"/><field name=\"awarded_on\" column=\"日期\"/>");
	world_text(
		w, "inputs/data.csv", "工号,荣誉,日期\n1,服务之星、 微笑天使,2026-01-01\n合计,2,\n2,零投诉,2026-02-01\n");
	assert_int_equal(world_load(w, 1), 0);
	struct frame f = world_frame(w, FEED_HONOUR, 0);
	assert_int_equal(f.count, 3);
	assert_string_equal(world_cell(w, &f, HONOUR_TITLE, 1), "微笑天使");
	assert_int_equal(world_count(w, FINDING_FILTERED_ROW, NULL), 1);
}

static void expressions_lookups_and_filters(void **state)
{
	struct world *w = *state;
	struct store_reject *rejects;
	world_mapping(w, "completion", "", "", "",
		"<lookup file=\"courses.csv\" on=\"code | term\"/><let name=\"offset\" column=\"days\" "
			"type=\"integer\"/><filter when='kind != \"test\"'/>"
		"<field name=\"employee_id\" column=\"id\"/><field name=\"course_id\" value='code + \"-\" + term'/>"
		"<field name=\"completed_on\" value='date(\"2014-10-01\") + duration(\"P\" + string(offset) + \"D\")'/>"
		"<field name=\"credits\" value=\"number(points) / 4\"/><field name=\"result\" value='if number(points) "
			"> 10 then \"passed\" else \"failed\"'/>");
	world_text(w, "inputs/courses.csv", "code,term,points\nAAA,J,60\nBBB,B,10\n");
	world_text(w, "inputs/data.csv",
		"id,code,term,days,kind\n1,AAA,J,31,x\n2,BBB,B,0,x\n3,CCC,J,5,x\n4,AAA,J,5,test\n5,AAA,J,soon,x\n");
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->totals.rows, 4);
	assert_int_equal(w->totals.kept, 2);
	assert_int_equal(world_count(w, FINDING_FILTERED_ROW, NULL), 1);
	struct frame f = world_frame(w, FEED_COMPLETION, 0);
	assert_string_equal(world_cell(w, &f, COMPLETION_COURSE_ID, 0), "AAA-J");
	assert_string_equal(world_cell(w, &f, COMPLETION_COMPLETED_ON, 0), "2014-11-01");
	assert_string_equal(world_cell(w, &f, COMPLETION_CREDITS, 0), "15");
	assert_string_equal(world_cell(w, &f, COMPLETION_CREDITS, 1), "2.5");
	assert_string_equal(world_cell(w, &f, COMPLETION_RESULT, 1), "failed");
	assert_int_equal(world_rejects(w, &rejects), 2);
	assert_int_equal(rejects[0].finding, FINDING_LOOKUP_MISS);
	assert_string_equal(rejects[0].text, "CCC J");
	assert_int_equal(rejects[1].finding, FINDING_BAD_NUMBER);
	assert_string_equal(rejects[1].text, "soon");
	/* the look-up file is part of what was read: another one, another batch */
	world_text(w, "inputs/courses.csv", "code,term,points\nAAA,J,60\nBBB,B,10\nCCC,J,20\n");
	assert_int_equal(world_load(w, 1), 0);
	assert_int_equal(w->batch_count, 2);
	assert_int_equal(w->totals.kept, 3);
}

/* A <let> may stand for a column that is not always there: required="no" makes it null, without a finding. */
static void a_let_may_be_absent(void **state)
{
	struct world *w = *state;
	static const char *const fields =
		"<let name=\"object\" column=\"object\" required=\"no\"/><field name=\"employee_id\" column=\"id\"/>"
		"<field name=\"title\" value='if object = null then kind else kind + \".\" + object'/>"
		"<field name=\"awarded_on\" column=\"day\"/>";
	world_mapping(w, "honour", "", "", "", fields);
	world_text(w, "inputs/data.csv", "id,kind,day\n1,A,2026-01-01\n");
	assert_int_equal(world_load(w, 1), 0);
	struct frame f = world_frame(w, FEED_HONOUR, 0);
	assert_int_equal(f.count, 1);
	assert_string_equal(world_cell(w, &f, HONOUR_TITLE, 0), "A");
	assert_int_equal(world_count(w, FINDING_MISSING_COLUMN, NULL), 0);
	assert_int_equal(world_count(w, FINDING_ABSENT_COLUMN, NULL), 1);
	world_text(w, "inputs/data.csv", "id,kind,object,day\n1,A,x,2026-01-01\n2,A,,2026-01-02\n");
	assert_int_equal(world_load(w, 1), 0);
	f = world_frame(w, FEED_HONOUR, 0);
	assert_string_equal(world_cell(w, &f, HONOUR_TITLE, 0), "A.x");
	assert_string_equal(world_cell(w, &f, HONOUR_TITLE, 1), "A");
	/* without it the column is needed */
	world_mapping(w, "honour", "", "", "",
		"<let name=\"object\" column=\"object\"/><field name=\"employee_id\" column=\"id\"/>"
		"<field name=\"title\" value='object'/><field name=\"awarded_on\" column=\"day\"/>");
	world_text(w, "inputs/data.csv", "id,kind,day\n1,A,2026-01-01\n");
	assert_int_equal(world_load(w, 1), -1);
}

static void expression_errors_name_their_line(void **state)
{
	struct world *w = *state;
	world_mapping(w, "completion", "", "", "",
		"<field name=\"employee_id\" column=\"id\"/>\n<field name=\"course_id\" value='cod + \"-\"'/><field "
			"name=\"completed_on\" column=\"d\"/>");
	world_text(w, "inputs/data.csv", "id,code,d\n1,A,2026-01-01\n");
	assert_int_equal(world_load(w, 1), -1);
	assert_int_equal(w->err.status, STATUS_CONFIG);
	assert_non_null(strstr(w->err.text, "inputs/m.xml:3"));
	assert_non_null(strstr(w->err.text, "cod"));
}

static void files_that_are_none(void **state)
{
	struct world *w = *state;
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	char *path = fs_join(w->dir, "inputs/data.csv");
	assert_int_equal(mkfifo(path, 0600), 0); /* must not wait for a writer */
	assert_int_equal(world_load(w, 1), -1);
	assert_non_null(strstr(w->err.text, "data.csv"));
	unlink(path);
	assert_int_equal(symlink("/nonexistent/export.csv", path), 0); /* gone when it is opened */
	assert_int_equal(world_load(w, 1), -1);
	assert_int_equal(w->err.status, STATUS_NO_INPUT);
	unlink(path);
	free(path);
}

static void mapping_mistakes_name_file_and_line(void **state)
{
	struct world *w = *state;
	static const struct { const char *feed, *fields, *says;
	} cases[] = {
		{ "completion", "<field name=\"employe_id\" column=\"a\"/>", "employee_id" },
		{ "completion", "<field name=\"employee_id\" column=\"a\"/>", "course_id" },
		{ "completion", "<field name=\"employee_id\" column=\"a\"/><field name=\"course_id\" column=\"b\"/>",
			"completed_on" },
		{ "completion", COMPLETION_FIELDS "<field name=\"score\" column=\"x\"/>", "twice" },
		{ "completion", COMPLETION_FIELDS "<field name=\"hours\" column=\"x\" type=\"date\"/>", "date" },
		{ "completion", COMPLETION_FIELDS "<field name=\"phase\" column=\"x\"><value from=\"a\" to=\"b\"/></field>",
			"pre|end|delayed" },
		{ "completion", COMPLETION_FIELDS "<field name=\"hours\"/>", "needs a column" },
		{ "completion", COMPLETION_FIELDS "<feild name=\"hours\" column=\"x\"/>", "feild" },
		{ "completion", "<!DOCTYPE mapping>", "" },
		{ "completions", COMPLETION_FIELDS, "completion" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err = { 0 };
		world_mapping(w, cases[i].feed, "", "", "", cases[i].fields);
		assert_null(ingest_plan_load(w->dir, &err));
		assert_int_equal(err.status, STATUS_CONFIG);
		assert_non_null(strstr(err.text, i == 9 ? "inputs/inputs.xml:1" : "inputs/m.xml:"));
		assert_non_null(strstr(err.text, cases[i].says));
	}
	struct err err = { 0 };
	world_text(w, "inputs/m.xml", "<!DOCTYPE mapping [<!ENTITY x \"y\">]>\n<mapping xmlns=\"urn:pandian:inputs:1\"/>");
	world_text(w, "inputs/inputs.xml",
		"<inputs xmlns=\"urn:pandian:inputs:1\"><source feed=\"completion\" files=\"a.csv\" mapping=\"m.xml\"/>"
			"</inputs>");
	assert_null(ingest_plan_load(w->dir, &err));
	assert_int_equal(err.status, STATUS_CONFIG);
	assert_non_null(strstr(err.text, "inputs/m.xml"));
}

static void run_policy_is_read(void **state)
{
	struct world *w = *state;
	struct err err = { 0 };
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	world_text(w, "inputs/inputs.xml",
		"<inputs xmlns=\"urn:pandian:inputs:1\"><run period=\"quarter\" default=\"2026Q3\" lang=\"en\" "
			"archives=\"none\">"
		"<centre xml:lang=\"zh-CN\">江城</centre><centre xml:lang=\"en\">River</centre></run><source "
			"feed=\"completion\" files=\"a.csv\" mapping=\"m.xml\"/></inputs>");
	struct ingest_plan *plan = ingest_plan_load(w->dir, &err);
	assert_non_null(plan);
	const struct ingest_run *run = ingest_run(plan);
	assert_string_equal(run->period_kind, "quarter");
	assert_string_equal(run->period, "2026Q3");
	assert_string_equal(run->lang, "en");
	assert_string_equal(run->archives, "none");
	assert_string_equal(run->centre_zh, "江城");
	assert_string_equal(run->centre_en, "River");
	char hash[HASH_HEX], other[HASH_HEX];
	ingest_plan_hash(plan, hash);
	ingest_plan_free(plan);
	world_mapping(w, "completion", "", "", "dedupe=\"last\"", COMPLETION_FIELDS); /* another mapping, another key */
	plan = ingest_plan_load(w->dir, &err);
	assert_non_null(plan);
	ingest_plan_hash(plan, other);
	ingest_plan_free(plan);
	assert_string_not_equal(hash, other);
}

static void check_tells_what_it_would_read(void **state)
{
	struct world *w = *state;
	struct err err = { 0 };
	struct str report = { 0 };
	struct findings findings = { 0 };
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	world_text(w, "inputs/data.csv", "标题,,\n工号;x,课程编号,完成日期\n1,C1,2026-09-01\n2,C1,bad\n");
	struct ingest_plan *plan = ingest_plan_load(w->dir, &err);
	assert_non_null(plan);
	world_text(w, "inputs/data.csv", "标题,,\n工号,课程编号,完成日期\n1,C1,2026-09-01\n2,C1,bad\n");
	assert_int_equal(ingest_check(plan, &report, &findings, &err), 0);
	assert_non_null(strstr(report.text, "UTF-8, delimiter ,, header in row 2, 3 columns"));
	assert_non_null(strstr(report.text, "employee_id ← '工号'"));
	assert_non_null(strstr(report.text, "1 do not fit"));
	assert_int_equal(findings.total[FINDING_BAD_DATE], 1);
	char *db = fs_join(w->dir, "outputs/pandian.db");
	assert_false(fs_exists(db));
	free(db);
	ingest_plan_free(plan);
	findings_release(&findings);
	str_release(&report);
}

/* The same file with 1 and 3 threads gives the same keys, segments, findings and quarantine. */
static void threads_do_not_show(void **state)
{
	struct world *w = *state;
	struct str csv = { 0 };
	char hash[2][HASH_HEX];
	uint32_t seed = 12345;
	str_add(&csv, "工号,课程编号,完成日期,成绩,是否合格,备注\n");
	for (unsigned i = 0; i < 150000; i++) {
		seed = seed * 1664525u + 1013904223u;
		unsigned who = (seed >> 8) % 9000, course = (seed >> 4) % 50;
		str_printf(&csv, "E%05u,C%02u,2026-%02u-%02u,%s,%s,\"a,\n%u\"\n", who, course, 1 + i % 9, 1 + (seed >> 16) % 28,
			seed % 997 == 0 ? "x" : seed % 3 ? "80" : "99999999999999", seed % 5 ? "合格" : "不合格", i);
	}
	world_text(w, "inputs/data.csv", csv.text);
	world_mapping(w, "completion", "", "", "",
		"<field name=\"employee_id\" column=\"工号\"/><field name=\"course_id\" column=\"课程编号\"/><field "
			"name=\"completed_on\" column=\"完成日期\"/>"
		"<field name=\"score\" column=\"成绩\"/><field name=\"result\" column=\"是否合格\"><value "
			"from=\"合格\" to=\"passed\"/><value from=\"不合格\" to=\"failed\"/></field>");
	for (int round = 0; round < 2; round++) {
		struct err err = { 0 };
		assert_int_equal(world_load(w, round ? 3 : 1), 0);
		assert_int_equal(w->batch_count, 1);
		assert_int_equal(w->totals.rows, 150000);
		assert_int_equal(w->totals.rows, w->totals.kept + w->totals.rejected + w->totals.merged);
		assert_true(w->totals.rejected > 100);
		struct hash *all = hash_new();
		struct map *keys = store_keys(w->store, KEY_DIM_EMPLOYEE, &err);
		for (uint32_t k = 0; k < keys->count; k++)
			hash_add_text(all, map_text(keys, k));
		for (uint32_t block = 0; block < 3; block++) {
			struct frame f = world_frame(w, FEED_COMPLETION, block);
			struct str bytes = { 0 };
			frame_encode(&f, &bytes);
			hash_add(all, bytes.text, bytes.length);
			str_release(&bytes);
		}
		struct findings findings = world_findings(w, w->batches[0].id);
		for (size_t i = 0; i < findings.count; i++) {
			struct str line = { 0 };
			finding_print(&line, &findings.at[i], TEXT_EN);
			hash_add_text(all, line.text);
			str_release(&line);
		}
		findings_release(&findings);
		struct store_reject *rejects;
		size_t count = world_rejects(w, &rejects);
		assert_int_equal(count, w->totals.rejected);
		for (size_t i = 0; i < count; i++)
			hash_add_text(all, rejects[i].record);
		hash_end(all, hash[round]);
		world_close(w);
		char *db = fs_join(w->dir, "outputs");
		assert_int_equal(fs_remove_tree(db, &err), 0);
		assert_int_equal(fs_make_dirs(db, &err), 0);
		free(db);
	}
	assert_string_equal(hash[0], hash[1]);
	str_release(&csv);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plain_file_is_kept),
		TEST(same_file_is_not_taken_twice),
		TEST(gb18030_below_title_rows),
		TEST(gb18030_after_megabytes_of_ascii),
		TEST(gb18030_parted_by_pipes),
		TEST(utf16_with_tabs),
		TEST(line_ends_of_all_kinds),
		TEST(quotes_and_line_breaks),
		TEST(names_that_bite),
		TEST(misfits_go_to_quarantine),
		TEST(empty_and_header_only),
		TEST(columns_missing_unknown_absent),
		TEST(long_line_is_rejected),
		TEST(open_quote_ends_the_file),
		TEST(gate_holds_the_run),
		TEST(duplicates_merge_and_conflicts_are_told),
		TEST(spoilt_texts_are_counted),
		TEST(snapshots_come_from_names),
		TEST(far_values_are_kept),
		TEST(segments_stand_as_facts_wants_them),
		TEST(wide_columns_become_rows),
		TEST(cells_are_split),
		TEST(expressions_lookups_and_filters),
		TEST(a_let_may_be_absent),
		TEST(expression_errors_name_their_line),
		TEST(files_that_are_none),
		TEST(mapping_mistakes_name_file_and_line),
		TEST(run_policy_is_read),
		TEST(check_tells_what_it_would_read),
		TEST(threads_do_not_show),
	};
	return cmocka_run_group_tests_name("ingest", tests, NULL, NULL);
}
