/*
 * report_world.h - a small centre in a store, with results of two periods put there by hand: what report/ reads.
 *
 * Included by one test program each; everything is static. The people are invented. Golden texts stand in tests/golden;
 * they are renewed by running a test with PANDIAN_GOLDEN=write and then read before they are committed.
 */
#ifndef PANDIAN_TESTS_REPORT_WORLD_H
#define PANDIAN_TESTS_REPORT_WORLD_H

#include "base/fs.h"
#include "base/mem.h"
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WORLD __attribute__((unused)) static

struct world {
	char folder[64], path[96];
	struct arena arena;
	struct store *store;
	struct facts *facts;
	struct result_directory directory;
	struct report_templates *templates;
	struct report_input input;
	int64_t now, before;
};

WORLD void world_check(int rc, const struct err *err)
{
	if (rc != 0)
		fail_msg("%d: %s", err->status, err->text);
}

/* One cell of a feed row; NULL and "" are missing. */
WORLD void world_cell(struct world *world, const struct feed_field *field, struct frame_column *column, uint32_t row,
	const char *text, struct frame_texts *texts, struct err *err)
{
	bool ok = true;
	if (text == NULL || *text == '\0')
		return;
	switch (field->type) {
	case FIELD_KEY: column->u32[row] = map_add(store_keys(world->store, field->dim, err), text, strlen(text)); break;
	case FIELD_TEXT: column->u32[row] = frame_texts_add(texts, text, strlen(text)); break;
	case FIELD_DATE: ok = date_parse_iso(text, strlen(text), &column->i32[row]); break;
	case FIELD_NUMBER: ok = decimal_parse(text, strlen(text), field->scale, &column->i64[row]); break;
	case FIELD_BOOL: column->u32[row] = strcmp(text, "yes") == 0; break;
	case FIELD_CODE: ok = feed_code_find(field, text, &column->u32[row]); break;
	}
	if (!ok)
		fail_msg("%s: bad value '%s'", field->name, text);
}

/*
 * Puts one batch: `names` are the fields ("employee_id|name"), each row its cells in that order, divided by '|'. All
 * people of these tests stand in block 0.
 */
WORLD void world_feed(struct world *world, enum feed_id id, const char *names, const char *const *rows, size_t count)
{
	struct err err = { 0 };
	const struct feed *feed = feed_at(id);
	const struct feed_field *fields[40];
	struct frame_column like[41];
	size_t n = 0;
	for (const char *at = names; at != NULL; at = strchr(at, '|') != NULL ? strchr(at, '|') + 1 : NULL) {
		const struct feed_field *field = feed_field(feed, arena_copy(&world->arena, at, strcspn(at, "|")));
		if (field == NULL)
			fail_msg("no field in '%s'", at);
		fields[n] = field;
		like[n++] = (struct frame_column){ .id = (uint32_t)field->id,
			.type = field->type == FIELD_DATE ? FRAME_I32
				: field->type == FIELD_NUMBER ? FRAME_I64
											  : FRAME_U32,
			.scale = field->type == FIELD_NUMBER ? field->scale : 0,
			.text = field->type == FIELD_TEXT };
	}
	like[n] = (struct frame_column){ .id = STORE_ROW_ID, .type = FRAME_U32 };
	struct store_batch batch = { .feed = id,
		.file = arena_printf(&world->arena, "inputs/%s.csv", feed->name),
		.full = true,
		.snapshot = DATE_NONE,
		.encoding = "UTF-8",
		.choices = "{}",
		.bytes = 1000,
		.rows = count + 1,
		.kept = count,
		.rejected = 1 };
	snprintf(batch.sha256, sizeof batch.sha256, "%064d", (int)id);
	snprintf(batch.mapping, sizeof batch.mapping, "%064d", 0);
	world_check(store_batch_add(world->store, &batch, &err), &err);
	struct frame frame;
	struct frame_texts texts = { 0 };
	frame_init(&frame, (uint32_t)count, like, n + 1, &world->arena);
	for (size_t r = 0; r < count; r++) {
		const char *at = rows[r];
		for (size_t i = 0; i < n; i++) {
			size_t length = strcspn(at, "|");
			world_cell(
				world, fields[i], &frame.columns[i], (uint32_t)r, arena_copy(&world->arena, at, length), &texts, &err);
			at += length + (at[length] == '|');
		}
		frame.columns[n].u32[r] = (uint32_t)r + 2;
	}
	frame_texts_end(&texts, &frame, &world->arena);
	world_check(store_segment_put(world->store, id, batch.id, 0, &frame, &err), &err);
	if (id == FEED_COMPLETION) {
		struct findings findings = { 0 };
		findings_add(&findings,
			&(struct finding){ .id = FINDING_UNKNOWN_COURSE,
				.feed = "completion",
				.file = batch.file,
				.row = 9,
				.column = "课程编号",
				.text = "C-999" });
		findings_add(&findings,
			&(struct finding){
				.id = FINDING_UNKNOWN_COLUMN, .feed = "completion", .file = batch.file, .column = "备注" });
		world_check(store_findings_put(world->store, batch.id, 0, &findings, &err), &err);
		findings_release(&findings);
	}
}

#define WORLD_FEED(world, id, names, ...) \
	do { \
		static const char *const rows_[] = { __VA_ARGS__ }; \
		world_feed(world, id, names, rows_, sizeof rows_ / sizeof rows_[0]); \
	} while (0)

WORLD void world_facts(struct world *world)
{
	WORLD_FEED(world, FEED_ORG_UNIT, "org_id|name|parent_id|head_id", "C|江城客服中心||", "D1|服务一部|C|00102",
		"T1|一组|D1|00102", "T3|三组|D1|00102");
	WORLD_FEED(world, FEED_POSITION, "position_id|title", "AG|客服代表", "SA|资深客服代表", "TL|班组长");
	WORLD_FEED(world, FEED_COURSE, "course_id|title|category|class|credits|pass_score|hours",
		"C-01|投诉升级处理|业务能力|专题|2.4|60|6", "C-02|数据看板入门|数据分析|技能|2|60|4",
		"C-03|排班与现场管理|运营管理|提升|2|60|4");
	WORLD_FEED(world, FEED_EMPLOYEE,
		"employee_id|name|hire_date|leave_date|org_unit|position|level|manager_id|education|major|employment_type",
		"00102|周启明|2015-03-01||T3|TL|M1||本科|管理|正式",
		"00317|林晓雯|2022-10-08||T3|SA|P3|00102|大专|电子商务|正式", "00500|𠮷野·买买提|2026-08-20||T1|AG|P1|00102|||",
		"00007|=cmd()|2020-01-31||T1|AG|P2|00102|中专||外包", "00900|王离|2019-05-01|2026-09-29|T1|AG|P2|00102|||");
	WORLD_FEED(world, FEED_POSITION_HISTORY, "employee_id|from_date|to_date|org_unit|position|level|change_kind",
		"00317|2022-10-08|2024-09-30|T1|AG|P1|hire", "00317|2024-10-01|2025-12-31|T3|AG|P2|promotion",
		"00317|2026-01-01||T3|SA|P3|promotion");
	WORLD_FEED(
		world, FEED_ROLE, "employee_id|role|from_date|to_date|hours|quality", "00317|兼职质检员|2025-07-01||64|优");
	WORLD_FEED(
		world, FEED_HONOUR, "employee_id|title|awarded_on", "00317|服务之星|2025-12-20", "00317|优秀小师傅|2024-12-18");
	WORLD_FEED(world, FEED_COMPLETION, "employee_id|course_id|completed_on|score|result",
		"00317|C-01|2026-09-12|93|passed", "00317|C-02|2026-08-30|88|", "00317|C-03|2026-07-05|56|failed",
		"00102|C-01|2026-05-05|70|exempt", "00007|C-03|2026-09-30||absent");
}

/* ---- results ---- */

WORLD struct result_directory world_directory(struct world *world, bool stars)
{
	static struct result_column all[] = {
		{ "credits.rolling", RESULT_NUMBER, 0, 1, { "近 24 个月学分", "Credits in 24 months" }, "credits", "credits",
			"total", "" },
		{ "credits.minimum", RESULT_NUMBER, 0, 1, { "学分要求", "Credits required" }, "credits", "credits", "minimum",
			"" },
		{ "credits.shortfall", RESULT_NUMBER, 0, 1, { "学分缺口", "Credits missing" }, "credits", "credits",
			"shortfall", "" },
		{ "credits.valid", RESULT_NUMBER, 0, 1, { "有效学分", "Credits still valid" }, "credits", "credits", "valid",
			"" },
		{ "credits.business.earned", RESULT_NUMBER, 0, 1, { "业务能力", "Business" }, "credits", "credits", "earned",
			"business" },
		{ "credits.business.minimum", RESULT_NUMBER, 0, 1, { "业务能力：要求", "Business: required" }, "credits",
			"credits", "minimum", "business" },
		{ "credits.business.shortfall", RESULT_NUMBER, 0, 1, { "业务能力：缺口", "Business: missing" }, "credits",
			"credits", "shortfall", "business" },
		{ "credits.data.earned", RESULT_NUMBER, 0, 1, { "数据分析", "Data analysis" }, "credits", "credits", "earned",
			"data" },
		{ "credits.other.earned", RESULT_NUMBER, 0, 1, { "未分类", "Uncategorised" }, "credits", "credits", "earned",
			"other" },
		{ "star", RESULT_NUMBER, 0, 0, { "星级", "Star" }, "stars", "star", "grade", "" },
		{ "star.composite", RESULT_NUMBER, 0, 2, { "综合得分", "Composite" }, "", "star", "composite", "" },
		{ "star.coefficient", RESULT_NUMBER, 0, 2, { "绩效系数", "Coefficient" }, "", "star", "coefficient", "" },
		{ "star.learning.value", RESULT_NUMBER, 0, 4, { "学分（近 24 个月）", "Credits (24 months)" }, "", "star",
			"item-value", "learning" },
		{ "star.learning.score", RESULT_NUMBER, 0, 4, { "学分：得分", "Credits: score" }, "", "star", "item-score",
			"learning" },
		{ "star.learning.weight", RESULT_NUMBER, 0, 4, { "学分：权重", "Credits: weight" }, "", "star", "item-weight",
			"learning" },
		{ "star.quality.value", RESULT_NUMBER, 0, 4, { "质检得分", "Quality" }, "", "star", "item-value", "quality" },
		{ "star.quality.score", RESULT_NUMBER, 0, 4, { "质检：得分", "Quality: score" }, "", "star", "item-score",
			"quality" },
		{ "star.quality.weight", RESULT_NUMBER, 0, 4, { "质检：权重", "Quality: weight" }, "", "star", "item-weight",
			"quality" },
	};
	static struct result_column course[] = {
		{ "course", RESULT_KEY, KEY_DIM_COURSE, 0, { "课程", "Course" }, "", "fail-rate", "course", "" },
		{ "first attempts", RESULT_NUMBER, 0, 0, { "首考人次", "First attempts" }, "", "fail-rate", "count", "" },
		{ "rate", RESULT_NUMBER, 0, 1, { "挂科率", "Fail rate" }, "%", "fail-rate", "rate", "" },
		{ "offline class needed", RESULT_BOOL, 0, 0, { "需开线下班", "Offline class needed" }, "", "fail-rate", "flag",
			"" },
	};
	static struct result_column quota[] = {
		{ "scope", RESULT_KEY, KEY_DIM_ORG, 0, { "部门", "Unit" }, "", "star", "scope", "" },
		{ "star", RESULT_NUMBER, 0, 0, { "星级", "Star" }, "stars", "star", "grade", "" },
		{ "share", RESULT_NUMBER, 0, 1, { "建议比例", "Intended share" }, "%", "star", "share", "" },
		{ "deviation", RESULT_NUMBER, 0, 0, { "分布偏差", "Deviation" }, "", "star", "deviation", "" },
	};
	static struct result_reason reasons[] = { { "newcomer", RESULT_NOT_GRADED,
												  { "入职时间不足", "newcomer: tenure too short" } },
		{ "too-few", RESULT_NOT_EVALUATED, { "人数过少", "too few" } } };
	static struct result_member members[] = {
		{ "credits", "category", "business", { "业务能力", "Business" }, "{\"minimum\":\"12\",\"cap\":\"\"}" },
		{ "credits", "category", "data", { "数据分析", "Data analysis" }, "{\"minimum\":\"\",\"cap\":\"16\"}" },
		{ "star", "item", "learning", { "学分（近 24 个月）", "Credits (24 months)" },
			"{\"zero\":\"0\",\"full\":\"40\",\"weight\":\"0.4\"}" },
		{ "star", "item", "quality", { "质检得分", "Quality" },
			"{\"zero\":\"60\",\"full\":\"100\",\"weight\":\"0.6\"}" },
		{ "star", "band", "5", { "五星", "Five stars" }, "{\"from\":\"90\",\"coefficient\":\"1.30\",\"hold\":\"2\"}" },
		{ "star", "band", "4", { "四星", "Four stars" }, "{\"from\":\"80\",\"coefficient\":\"1.15\",\"hold\":\"1\"}" },
		{ "star", "band", "3", { "三星", "Three stars" }, "{\"from\":\"0\",\"coefficient\":\"1.00\",\"hold\":\"1\"}" },
	};
	static struct result_parameter parameters[] = { { "credits", "window", "P24M", "rules/credits.xml", 8,
														{ "滚动窗口", "Rolling window" } },
		{ "star", "minimum-present", "0.6", "rules/star.xml", 12, { "最低有效权重", "Least weight present" } } };
	struct result_directory directory = { .rulebook = "contact-centre",
		.version = "2026.3",
		.title = { "客服中心人才盘点规则", "Contact-centre talent review" } };
	directory.tables = arena_alloc(&world->arena, 3, sizeof *directory.tables);
	directory.tables[directory.table_count++] =
		(struct result_table){ .name = "people", .by_employee = true, .title = { "人员", "People" }, .columns = all,
			.column_count = stars ? sizeof all / sizeof all[0] : 9 };
	if (stars) {
		directory.tables[directory.table_count++] =
			(struct result_table){ .name = "course", .title = { "挂科率", "Fail rates" },
				.columns = course,
				.column_count = 4 };
		directory.tables[directory.table_count++] =
			(struct result_table){ .name = "star.quota", .title = { "星级：分布偏差", "Star: deviation" }, .columns = quota,
				.column_count = 4 };
	}
	directory.reasons = reasons;
	directory.reason_count = 2;
	directory.members = members;
	directory.member_count = stars ? 7 : 2;
	directory.parameters = parameters;
	directory.parameter_count = stars ? 2 : 1;
	return directory;
}

/* Puts a table: cells divided by '|'; "" missing, "!1" missing with reason 1. */
WORLD void world_results(struct world *world, int64_t run, const struct result_directory *directory, uint32_t index,
	const char *const *rows, size_t count)
{
	struct err err = { 0 };
	const struct result_table *table = &directory->tables[index];
	struct frame_column *like = arena_alloc(&world->arena, table->column_count, sizeof *like);
	for (uint32_t c = 0; c < table->column_count; c++) {
		const struct result_column *column = &table->columns[c];
		like[c] = (struct frame_column){ .id = c,
			.type = column->type == RESULT_NUMBER ? FRAME_I64
				: column->type == RESULT_DATE     ? FRAME_I32
												  : FRAME_U32,
			.scale = column->scale,
			.text = column->type == RESULT_TEXT };
	}
	struct frame frame;
	struct frame_texts texts = { 0 };
	frame_init(&frame, (uint32_t)count, like, table->column_count, &world->arena);
	for (size_t r = 0; r < count; r++) {
		const char *at = rows[r];
		for (uint32_t c = 0; c < table->column_count && at != NULL; c++) {
			const struct result_column *column = &table->columns[c];
			struct frame_column *to = frame_column(&frame, c);
			size_t length = strcspn(at, "|");
			if (to->why == NULL)
				to->why = arena_alloc(&world->arena, count, sizeof *to->why);
			if (length > 0 && at[0] == '!')
				to->why[r] = (uint16_t)(at[1] - '0');
			else if (length > 0 && column->type == RESULT_NUMBER)
				assert_true(decimal_parse(at, length, column->scale, &to->i64[r]));
			else if (length > 0 && column->type == RESULT_BOOL)
				to->u32[r] = at[0] == 'y';
			else if (length > 0 && column->type == RESULT_TEXT)
				to->u32[r] = frame_texts_add(&texts, at, length);
			else if (length > 0 && column->type == RESULT_DATE)
				assert_true(date_parse_iso(at, length, &to->i32[r]));
			else if (length > 0)
				to->u32[r] = map_find(store_keys(world->store, column->dim, &err), at, length);
			at = at[length] == '|' ? at + length + 1 : NULL;
		}
	}
	frame_texts_end(&texts, &frame, &world->arena);
	world_check(store_result_put(world->store, run, index, 0, &frame, &err), &err);
}

#define WORLD_RESULTS(world, run, directory, index, ...) \
	do { \
		static const char *const rows_[] = { __VA_ARGS__ }; \
		world_results(world, run, directory, index, rows_, sizeof rows_ / sizeof rows_[0]); \
	} while (0)

WORLD int64_t world_run(
	struct world *world, const char *period, int32_t as_of, const struct result_directory *directory, char digit)
{
	struct err err = { 0 };
	struct store_run run = { .as_of = as_of, .state = STORE_RUN_STARTED, .revision = 1, .details = "{}" };
	snprintf(run.period, sizeof run.period, "%s", period);
	memset(run.key, digit, HASH_HEX - 1);
	world_check(store_run_add(world->store, &run, &err), &err);
	world_check(store_directory_put(world->store, run.id, directory, &err), &err);
	return run.id;
}

WORLD void world_archive_path(struct str *out, const char *employee_id)
{
	str_printf(out, "%s.pdf", employee_id);
}

/*
 * A centre with (or without) stars, templates of the repository unless `templates` is another folder with
 * report-templates in it.
 */
WORLD struct world *world_open(bool stars, const char *templates)
{
	struct err err = { 0 };
	struct world *world = mem_new(1, sizeof *world);
	snprintf(world->folder, sizeof world->folder, "/tmp/pandian-test-XXXXXX");
	assert_non_null(mkdtemp(world->folder));
	snprintf(world->path, sizeof world->path, "%s/pandian.db", world->folder);
	world->store = store_open(world->path, STORE_WRITE, &err);
	world_check(world->store == NULL, &err);
	world_check(store_begin(world->store, &err), &err);
	world_facts(world);
	world_check(store_keys_save(world->store, &err), &err);
	world->directory = world_directory(world, stars);
	int32_t last = date_from_civil(2026, 9, 30), earlier = date_from_civil(2026, 6, 30);
	world->before = world_run(world, "2026Q2", earlier, &world->directory, 'a');
	world->now = world_run(world, "2026Q3", last, &world->directory, 'b');
	if (stars) { /* people in the order of their keys: 00102 00317 00500 00007 00900 */
		WORLD_RESULTS(world, world->before, &world->directory, 0, "30|40|10|30|20|12|0|4|0|4|85|1.15|||||",
			"39.5|40|0.5|39.5|12|12|0|5|0|3|79|1.00||||||", "", "10|40|30|10|5|12|7|0|0|4|82|1.15||||||", "");
		WORLD_RESULTS(world, world->now, &world->directory, 0,
			"41|40|0|41|30|12|0|4|0|5|92.5|1.30|41|100|0.4|95|87.5|0.6",
			"42.5|40|0|42.5|14|12|0|6.5|0|4|89.25|1.15|42.5|100|0.4|92.8333|82.0833|0.6",
			"0|40|40|0|0|12|12|0|0|!1|!1|!1||||||", "20|40|20|20|2|12|10|0|1|3|80.5|1.00|20|50|0.4|100|100|0.6", "");
		WORLD_RESULTS(world, world->now, &world->directory, 1, "C-01|5|20|n", "C-02|2|!2|n", "C-03|8|62.5|y");
		WORLD_RESULTS(world, world->now, &world->directory, 2, "T1|5|10|0", "T3|5|10|1");
	} else {
		WORLD_RESULTS(world, world->before, &world->directory, 0, "30|40|10|30|20|12|0|4|0",
			"39.5|40|0.5|39.5|12|12|0|5|0", "", "", "");
		WORLD_RESULTS(world, world->now, &world->directory, 0, "41|40|0|41|30|12|0|4|0", "42.5|40|0|42.5|14|12|0|6.5|0",
			"0|40|40|0|0|12|12|0|0", "20|40|20|20|2|12|10|0|0", "");
	}
	world_check(store_commit(world->store, &err), &err);
	world->facts =
		facts_open(world->store, &(struct facts_params){ last, date_from_civil(2026, 7, 1), last, INT64_MAX }, &err);
	world_check(world->facts == NULL, &err);
	world->templates = report_load(templates != NULL ? templates : ".", &err);
	world_check(world->templates == NULL, &err);
	static const char *const periods[] = { "2026Q2" };
	world->input = (struct report_input){ .facts = world->facts,
		.store = world->store,
		.run = world->now,
		.directory = &world->directory,
		.previous = world->before,
		.previous_directory = &world->directory,
		.earlier = &world->before,
		.earlier_periods = periods,
		.earlier_count = 1,
		.run_name = "2026Q3-r1-bbbb",
		.centre = "江城客服中心",
		.key = "bbbb",
		.rules_hash = "11",
		.templates_hash = "22",
		.mappings_hash = "33",
		.archive_folder = "archives",
		.archive_path = world_archive_path };
	date_period_parse("2026Q3", &world->input.period);
	return world;
}

WORLD void world_close(struct world *world)
{
	struct err err = { 0 };
	report_free(world->templates);
	facts_close(world->facts);
	world_check(store_close(world->store, &err), &err);
	arena_release(&world->arena);
	world_check(fs_remove_tree(world->folder, &err), &err);
	free(world);
}

/* Compares with tests/golden/<name>, or writes it when PANDIAN_GOLDEN=write. */
WORLD void world_golden(const char *name, const struct str *got)
{
	struct err err = { 0 };
	char path[200];
	snprintf(path, sizeof path, "tests/golden/%s", name);
	const char *mode = getenv("PANDIAN_GOLDEN");
	if (mode != NULL && strcmp(mode, "write") == 0) {
		world_check(fs_replace(path, str_text(got), got->length, &err), &err);
		return;
	}
	struct str want = { 0 };
	world_check(fs_read(path, 0, &want, &err), &err);
	if (strcmp(str_text(&want), str_text(got)) != 0) {
		const char *a = str_text(&want), *b = str_text(got);
		size_t line = 1, start = 0, i = 0;
		for (; a[i] != '\0' && a[i] == b[i]; i++)
			if (a[i] == '\n') {
				line++;
				start = i + 1;
			}
		fail_msg("%s:%zu:\n  golden: %.*s\n  got:    %.*s\n(PANDIAN_GOLDEN=write renews the file)", path, line,
			(int)strcspn(a + start, "\n"), a + start, (int)strcspn(b + start, "\n"), b + start);
	}
	str_release(&want);
}

#endif
