/*
 * report_world_where.h - the small centre of report_world.h with everything an archive can show: competencies, plan,
 * ladder, nine-box, decisions. Results stand in a run of their own; world_where() points the report at it.
 */
#ifndef PANDIAN_TESTS_REPORT_WORLD_WHERE_H
#define PANDIAN_TESTS_REPORT_WORLD_WHERE_H

#include "report_world.h"

static const struct {
	const char *id, *zh, *en, *weight, *level;
} where_competencies[] = {
	{ "C01", "客户导向", "Customer focus", "0.16", "4" },
	{ "C02", "沟通表达", "Communication", "0.16", "4" },
	{ "C03", "投诉处理", "Complaints", "0.14", "4" },
	{ "C04", "产品知识", "Product knowledge", "0.14", "4" },
	{ "C05", "交叉营销", "Cross-selling", "0.10", "3" },
	{ "C06", "数据分析", "Data analysis", "0.12", "3" },
	{ "C07", "情绪管理", "Self-control", "0.10", "4" },
	{ "C08", "辅导带教", "Coaching", "0.08", "3" },
};
#define WHERE_COMPETENCIES (sizeof where_competencies / sizeof where_competencies[0])

WORLD struct result_column where_column(struct world *world, const char *id, enum result_type type, int scale,
	const char *zh, const char *en, const char *rule, const char *role, const char *member)
{
	return (struct result_column){ .id = arena_text(&world->arena, id),
		.type = type,
		.scale = scale,
		.title = { zh, en },
		.unit = "",
		.rule = rule,
		.role = role,
		.member = member };
}

WORLD void where_member(struct result_directory *directory, const char *rule, const char *list, const char *id,
	const char *zh, const char *en, const char *values)
{
	directory->members[directory->member_count++] = (struct result_member){ rule, list, id, { zh, en }, values };
}

WORLD void where_parameter(struct result_directory *directory, const char *rule, const char *name, const char *value,
	const char *file, int line)
{
	directory->parameters[directory->parameter_count++] =
		(struct result_parameter){ rule, name, value, file, line, { name, name } };
}

WORLD void where_lists(struct result_directory *directory)
{
	static struct result_column idp[] = {
		{ "employee", RESULT_KEY, KEY_DIM_EMPLOYEE, 0, { "工号", "No." }, "", "idp", "employee", "" },
		{ "number", RESULT_NUMBER, 0, 0, { "序号", "Number" }, "", "idp", "number", "" },
		{ "kind", RESULT_TEXT, 0, 0, { "类别", "Kind" }, "", "idp", "kind", "" },
		{ "competency", RESULT_TEXT, 0, 0, { "胜任力", "Competency" }, "", "idp", "competency", "" },
		{ "course", RESULT_KEY, KEY_DIM_COURSE, 0, { "课程", "Course" }, "", "idp", "course", "" },
		{ "activity", RESULT_TEXT, 0, 0, { "活动", "Activity" }, "", "idp", "activity", "" },
		{ "from level", RESULT_NUMBER, 0, 2, { "现状", "From" }, "", "idp", "from-level", "" },
		{ "to level", RESULT_NUMBER, 0, 2, { "目标", "To" }, "", "idp", "to-level", "" },
		{ "hours", RESULT_NUMBER, 0, 2, { "学时", "Hours" }, "", "idp", "hours", "" },
		{ "due date", RESULT_DATE, 0, 0, { "期限", "Due" }, "", "idp", "due", "" },
		{ "status", RESULT_TEXT, 0, 0, { "上季进度", "Status" }, "", "idp", "status", "" },
		{ "priority", RESULT_NUMBER, 0, 4, { "优先度", "Priority" }, "", "idp", "priority", "" },
	};
	static struct result_column readiness[] = {
		{ "employee", RESULT_KEY, KEY_DIM_EMPLOYEE, 0, { "工号", "No." }, "", "promotion", "employee", "" },
		{ "track", RESULT_TEXT, 0, 0, { "通道", "Track" }, "", "promotion", "track", "" },
		{ "target", RESULT_TEXT, 0, 0, { "目标岗级", "Target" }, "", "promotion", "step", "" },
		{ "position", RESULT_KEY, KEY_DIM_POSITION, 0, { "目标岗位", "Position" }, "", "promotion", "position", "" },
		{ "class", RESULT_TEXT, 0, 0, { "准备度", "Readiness" }, "", "promotion", "readiness", "" },
		{ "met", RESULT_NUMBER, 0, 0, { "已达", "Met" }, "", "promotion", "met", "" },
		{ "unmet", RESULT_NUMBER, 0, 0, { "未达", "Unmet" }, "", "promotion", "unmet", "" },
		{ "not-evaluated", RESULT_NUMBER, 0, 0, { "未评估", "Open" }, "", "promotion", "not-evaluated", "" },
		{ "earliest", RESULT_DATE, 0, 0, { "最早日期", "Earliest" }, "", "promotion", "earliest", "" },
		{ "nearest", RESULT_BOOL, 0, 0, { "最近", "Nearest" }, "", "promotion", "nearest", "" },
	};
	static struct result_column gate[] = {
		{ "employee", RESULT_KEY, KEY_DIM_EMPLOYEE, 0, { "工号", "No." }, "", "promotion", "employee", "" },
		{ "target", RESULT_TEXT, 0, 0, { "目标岗级", "Target" }, "", "promotion", "step", "" },
		{ "gate", RESULT_TEXT, 0, 0, { "条件", "Gate" }, "", "promotion", "gate", "" },
		{ "state", RESULT_TEXT, 0, 0, { "状态", "State" }, "", "promotion", "gate-state", "" },
		{ "have", RESULT_TEXT, 0, 0, { "现有", "Has" }, "", "promotion", "have", "" },
		{ "need", RESULT_TEXT, 0, 0, { "要求", "Needs" }, "", "promotion", "need", "" },
		{ "missing", RESULT_NUMBER, 0, 4, { "还差", "Missing" }, "", "promotion", "missing", "" },
		{ "earliest", RESULT_DATE, 0, 0, { "最早日期", "Earliest" }, "", "promotion", "earliest", "" },
		{ "hard", RESULT_BOOL, 0, 0, { "必要", "Hard" }, "", "promotion", "hard", "" },
	};
#define LIST(name_, columns_) \
	directory->tables[directory->table_count++] = (struct result_table){ .name = name_, \
		.list = true, \
		.title = { name_, name_ }, \
		.columns = columns_, \
		.column_count = sizeof columns_ / sizeof columns_[0] }
	LIST("idp", idp);
	LIST("readiness", readiness);
	LIST("gate", gate);
#undef LIST
}

WORLD void where_members(struct world *world, struct result_directory *directory)
{
	struct result_member *members = arena_alloc(&world->arena, 200, sizeof *members);
	memcpy(members, directory->members, directory->member_count * sizeof *members);
	directory->members = members;
	struct result_parameter *parameters = arena_alloc(&world->arena, 100, sizeof *parameters);
	memcpy(parameters, directory->parameters, directory->parameter_count * sizeof *parameters);
	directory->parameters = parameters;
	struct result_reason *reasons = arena_alloc(&world->arena, 8, sizeof *reasons);
	memcpy(reasons, directory->reasons, directory->reason_count * sizeof *reasons);
	reasons[2] = (struct result_reason){ "not-assessed", RESULT_NOT_EVALUATED, { "未测评", "not assessed" } };
	reasons[3] = (struct result_reason){ "no-model", RESULT_NOT_EVALUATED,
		{ "该岗位没有胜任力模型", "the position has no competency model" } };
	reasons[4] = (struct result_reason){ "too-new", RESULT_NOT_EVALUATED, { "入职时间不足", "too new" } };
	directory->reasons = reasons;
	directory->reason_count = 5;
	for (size_t i = 0; i < WHERE_COMPETENCIES; i++) {
		where_member(directory, "competency", "competency", where_competencies[i].id, where_competencies[i].zh,
			where_competencies[i].en, "{\"module\":\"service\",\"ksao\":\"S\"}");
		where_member(directory, "competency", "need", arena_printf(&world->arena, "P3.%s", where_competencies[i].id),
			where_competencies[i].zh, where_competencies[i].en,
			arena_printf(&world->arena,
				"{\"model\":\"P3\",\"competency\":\"%s\",\"level\":\"%s\",\"weight\":\"%s\",\"must\":\"%s\"}",
				where_competencies[i].id, where_competencies[i].level, where_competencies[i].weight,
				i == 2 ? "yes" : "no"));
	}
	where_member(directory, "competency", "model", "P3", "资深客服代表", "Senior agent", "{\"level\":\"P3\"}");
	where_member(directory, "idp", "activity", "mentor", "导师带教：每月一次辅导", "Mentoring once a month", "{}");
	where_member(directory, "idp", "kind", "course", "课程", "Course", "{}");
	where_member(directory, "idp", "kind", "no-course", "暂无课程", "No course leads there", "{}");
	where_member(directory, "promotion", "track", "professional", "专业线", "Professional track", "{}");
	where_member(directory, "promotion", "track", "management", "管理线", "Management track", "{}");
	where_member(directory, "promotion", "step", "P4", "P4 业务专家", "P4 expert", "{\"track\":\"professional\"}");
	where_member(directory, "promotion", "step", "M1", "班组长", "Team leader", "{\"track\":\"management\"}");
	where_member(directory, "promotion", "gate", "P4.tenure", "本级任职", "Time in level",
		"{\"step\":\"P4\",\"gate\":\"tenure\",\"need\":\"6\",\"unit\":\"months\",\"hard\":\"yes\"}");
	where_member(directory, "promotion", "gate", "P4.credits", "近 24 个月学分 ≥ 40", "Credits in 24 months ≥ 40",
		"{\"step\":\"P4\",\"gate\":\"credits\",\"need\":\"40\",\"unit\":\"credits\",\"hard\":\"yes\"}");
	where_member(directory, "promotion", "gate", "P4.clean", "无在期处分", "No open discipline",
		"{\"step\":\"P4\",\"gate\":\"clean\",\"need\":\"\",\"unit\":\"\",\"hard\":\"yes\"}");
	where_member(directory, "promotion", "gate", "M1.tenure", "司龄满 24 个月", "24 months of service",
		"{\"step\":\"M1\",\"gate\":\"tenure\",\"need\":\"24\",\"unit\":\"months\",\"hard\":\"yes\"}");
	where_member(directory, "promotion", "gate", "M1.match", "班组长胜任力匹配", "Match as team leader",
		"{\"step\":\"M1\",\"gate\":\"match\",\"need\":\"80\",\"unit\":\"%\",\"hard\":\"yes\"}");
	where_member(directory, "promotion", "gate", "M1.required", "M1 必修课程未修", "Required courses open",
		"{\"step\":\"M1\",\"gate\":\"required\",\"need\":\"0\",\"unit\":\"courses\",\"hard\":\"yes\"}");
	where_member(directory, "promotion", "gate", "M1.mentor", "带教经历", "Has been a buddy",
		"{\"step\":\"M1\",\"gate\":\"mentor\",\"need\":\"\",\"unit\":\"\",\"hard\":\"no\"}");
	where_member(directory, "promotion", "class", "now", "已就绪", "ready now", "{}");
	where_member(directory, "promotion", "class", "within-1-year", "一年内", "within a year", "{}");
	static const char *const boxes[9] = { "待改进", "稳定贡献", "专业骨干", "待观察", "中坚力量", "绩效之星",
		"潜力待发", "高潜人才", "明星人才" };
	for (int i = 0; i < 9; i++)
		where_member(directory, "nine-box", "box", arena_printf(&world->arena, "%d", i + 1), boxes[i],
			arena_printf(&world->arena, "Box %d", i + 1), "{}");
	where_parameter(directory, "star", "learning.value", "credits.rolling", "rules/star.xml", 14);
	where_parameter(directory, "star", "quality.value", "performance(\"qa\")", "rules/star.xml", 18);
	where_parameter(directory, "star", "band 4: from", "80", "rules/star.xml", 41);
	where_parameter(directory, "promotion", "M1.required", "required courses(\"M1\") <= 0", "rules/ladder.xml", 30);
	where_parameter(directory, "nine-box", "cuts", "2.5 3.5", "rules/nine-box.xml", 9);
}

/* Results of five people: 00102 00317 00500 00007 00900. */
WORLD void where_results(struct world *world, struct result_directory *directory)
{
	static const char *const stars[] = { "41|40|0|41|30|12|0|4|0|5|92.5|1.30|41|100|0.4|95|87.5|0.6",
		"42.5|40|0|42.5|14|12|0|6.5|0|4|89.25|1.15|42.5|100|0.4|92.8333|82.0833|0.6",
		"0|40|40|0|0|12|12|0|0|!1|!1|!1||||||", "20|40|20|20|2|12|10|0|1|3|80.5|1.00|20|50|0.4|100|100|0.6", "" };
	/* parts of a row, each with its number of cells: a short part is filled up with missing ones */
	static const int cells[] = { 18, 4, 24, 8, 2 };
	static const char *const where[][4] = {
		{ "!4||!4", "", "", "5|5" },
		{ "96.4|100|2|P3", "4.5|4|0|4.2|4|0|4|4|0|3.4|4|0.6|3|3|0|2.5|3|0.5|4.4|4|0|3.2|3|0",
			"P4|now|0|2026-09-30|M1|within-1-year|2|2027-03-31", "6|5" },
		{ "!3|0|!3|P3", "!3|4|!3|!3|4|!3|!3|4|!3|!3|4|!3|!3|3|!3|!3|3|!3|!3|4|!3|!3|3|!3", "", "!5|" },
		{ "61.25|62|5|P3", "2|4|2|3.25|4|0.75|1.5|4|2.5|2|4|2|!3|3|!3|1|3|2|!3|4|!3|!3|3|!3",
			"P4|undated|3||M1|not-evaluated|1|", "1|" },
		{ "", "", "", "" },
	};
	static char rows[5][1200];
	const char *all[5];
	for (size_t i = 0; i < 5; i++) {
		size_t used = 0;
		for (size_t part = 0; part < 5; part++) {
			const char *text = part == 0 ? stars[i] : where[i][part - 1];
			int have = 1;
			used += (size_t)snprintf(rows[i] + used, sizeof rows[i] - used, "%s%s", part > 0 ? "|" : "", text);
			for (const char *at = text; *at != '\0'; at++)
				have += *at == '|';
			for (; have < cells[part]; have++)
				used += (size_t)snprintf(rows[i] + used, sizeof rows[i] - used, "|");
		}
		all[i] = rows[i];
	}
	world_results(world, world->now, directory, 0, all, 5);
	WORLD_RESULTS(world, world->now, directory, 3, "00317|1|course|C04|C-04||3.4|4|6|2026-12-15|new|0.084",
		"00317|2|course|C06|C-05||2.5|3|8|2026-12-31|continued|0.06", "00317|3|required||C-03||||4|2026-11-30|overdue|",
		"00317|4|mentoring|C08||mentor|3.2|4|3|2026-12-31|done|", "00500|1|assess-first|C01||||4||2026-12-31|new|",
		"00007|1|course|C03|C-01||1.5|3|6|2026-12-15|new|0.35",
		"00007|2|no-course|C04|||2|4||2026-12-31|continued|0.28", "00007|3|re-assess|C01|||2|4||2026-12-31|new|0.32");
	WORLD_RESULTS(world, world->now, directory, 4, "00317|professional|P4||now|3|0|0|2026-09-30|y",
		"00317|management|M1|TL|within-1-year|1|2|0|2027-03-31|n", "00007|professional|P4||undated|0|3|0||y",
		"00007|management|M1|TL|not-evaluated|1|1|2||n");
	WORLD_RESULTS(world, world->now, directory, 5, "00317|P4|tenure|met|9|6|0||y", "00317|P4|credits|met|42.5|40|0||y",
		"00317|P4|clean|met|yes|yes|||y", "00317|M1|tenure|met|47|24|0||y",
		"00317|M1|match|not-met|72.4|80|7.6|2027-03-31|y", "00317|M1|required|not-met|1|0|1|2026-12-31|y",
		"00317|M1|mentor|not-evaluated|||||n", "00007|P4|tenure|not-met|2|6|4|2027-01-31|y",
		"00007|P4|credits|not-met|20|40|20||y", "00007|P4|clean|not-met|no|yes||2026-12-02|y",
		"00007|M1|tenure|met|79|24|0||y", "00007|M1|match|not-evaluated||80|||y", "00007|M1|required|not-met|4|0|4||y",
		"00007|M1|mentor|met|yes|yes|||n");
}

WORLD void world_where(struct world *world)
{
	struct err err = { 0 };
	struct result_directory *directory = &world->directory;
	const struct result_table *before = &directory->tables[0];
	world_check(store_begin(world->store, &err), &err);
	for (size_t i = 0; i < WHERE_COMPETENCIES; i++)
		map_add(store_keys(world->store, KEY_DIM_COMPETENCY, &err), where_competencies[i].id, 3);
	WORLD_FEED(world, FEED_COURSE,
		"course_id|title|category|class|credits|pass_score|hours|competency|stage|delivery|prerequisites",
		"C-01|投诉升级处理|业务能力|专题|2.4|60|6|C03|中级|线下|",
		"C-02|数据看板入门|数据分析|技能|2|60|4|C06|初级|线上|", "C-03|排班与现场管理|运营管理|提升|2|60|4|||线下|",
		"C-04|融合业务精讲（中级）|业务能力|业务|1.2|60|6|C04|中级|视频|",
		"C-05|报表自助分析|数据分析|技能|1|60|8|C06|中级|线上|C-02；C-03",
		"C-06|指标体系|数据分析|技能|1|60|8|C06|高级|线上|C-05");
	WORLD_FEED(world, FEED_PERFORMANCE, "employee_id|period|kind|value", "00317|2026-09-30|qa|92.8333",
		"00317|2026-06-30|qa|88", "00102|2026-09-30|qa|95");
	WORLD_FEED(world, FEED_CERTIFICATE, "employee_id|title|issuer|issued_on|expires_on|credits",
		"00317|客户服务管理师（三级）|省人社厅|2025-11-20|2028-11-19|2",
		"00317|普通话二级甲等||2020-01-02|2023-01-01|");
	WORLD_FEED(world, FEED_DECISION, "employee_id|field|value|reason|decided_by|decided_on|expires_on",
		"00317|star|4|综合分四舍五入不跨档|周启明、陈芸|2026-09-28|", "00317|star|5|试行|陈芸|2026-03-28|2026-06-30",
		"00317|nine-box|6|潜力突出|陈芸|2026-09-28|");
	world_check(store_keys_save(world->store, &err), &err);

	struct result_column *columns = arena_alloc(&world->arena, 80, sizeof *columns);
	size_t count = before->column_count;
	memcpy(columns, before->columns, count * sizeof *columns);
	columns[count++] =
		where_column(world, "competency.match", RESULT_NUMBER, 2, "胜任力匹配度", "Match", "competency", "match", "");
	columns[count++] = where_column(
		world, "competency.coverage", RESULT_NUMBER, 2, "测评覆盖率", "Coverage", "competency", "coverage", "");
	columns[count++] =
		where_column(world, "competency.gaps", RESULT_NUMBER, 0, "差距项数", "Gaps", "competency", "gaps", "");
	columns[count++] =
		where_column(world, "competency.model", RESULT_TEXT, 0, "模型", "Model", "competency", "model", "");
	static const char *const parts[] = { "level", "required", "gap" };
	for (size_t i = 0; i < WHERE_COMPETENCIES; i++)
		for (size_t p = 0; p < 3; p++)
			columns[count++] = where_column(world,
				arena_printf(&world->arena, "competency.%s.%s", where_competencies[i].id, parts[p]), RESULT_NUMBER, 2,
				where_competencies[i].zh, where_competencies[i].en, "competency", parts[p], where_competencies[i].id);
	static const char *const tracks[] = { "professional", "management" };
	static const struct {
		const char *name, *role;
		enum result_type type;
	} of[] = { { "target", "target", RESULT_TEXT }, { "class", "readiness", RESULT_TEXT },
		{ "unmet", "unmet", RESULT_NUMBER }, { "earliest", "earliest", RESULT_DATE } };
	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < 4; i++)
			columns[count++] =
				where_column(world, arena_printf(&world->arena, "promotion.%s.%s", tracks[t], of[i].name), of[i].type,
					0, of[i].name, of[i].name, "promotion", of[i].role, tracks[t]);
	columns[count++] = where_column(world, "nine-box", RESULT_NUMBER, 0, "九宫格", "Nine-box", "nine-box", "box", "");
	columns[count++] = where_column(
		world, "nine-box.previous", RESULT_NUMBER, 0, "上期九宫格", "Previous", "nine-box", "previous", "");
	struct result_table *tables = arena_alloc(&world->arena, 8, sizeof *tables);
	memcpy(tables, directory->tables, directory->table_count * sizeof *tables);
	tables[0].columns = columns;
	tables[0].column_count = count;
	directory->tables = tables;
	where_lists(directory);
	where_members(world, directory);
	world->now = world_run(world, "2026Q3", date_from_civil(2026, 9, 30), directory, 'c');
	where_results(world, directory);
	world_check(store_commit(world->store, &err), &err);
	struct facts_params params = *facts_params(world->facts);
	facts_close(world->facts);
	world->facts = facts_open(world->store, &params, &err);
	world_check(world->facts == NULL, &err);
	world->input.facts = world->facts;
	world->input.run = world->now;
	world->input.previous = 0;
	world->input.previous_directory = NULL;
}

#endif
