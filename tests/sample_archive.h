/*
 * sample_archive.h - an invented growth archive of two pages as a document model, for tests and benchmarks of the PDF
 * writer. `seed` varies names, courses and figures; the same seed gives the same document.
 */
#ifndef TESTS_SAMPLE_ARCHIVE_H
#define TESTS_SAMPLE_ARCHIVE_H

#include "base/arena.h"
#include "base/date.h"
#include "model/doc.h"

#include <stddef.h>
#include <stdint.h>

struct sample {
	struct arena *arena;
	struct doc *doc;
	uint64_t state;
};

static unsigned sample_pick(struct sample *sample, unsigned below)
{
	sample->state = sample->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((sample->state >> 33) % below);
}

#define SAMPLE_PICK(sample, list) (list)[sample_pick(sample, sizeof(list) / sizeof(list)[0])]

static void *sample_copy(struct sample *sample, const void *from, size_t size)
{
	return arena_copy(sample->arena, from, size);
}

static struct doc_block *sample_section(struct sample *sample, const char *title, const char *note)
{
	struct doc_block *block = doc_add(sample->doc, DOC_SECTION, sample->arena);
	block->section = (struct doc_section){ .title = title, .note = note, .bookmark = true };
	return block;
}

static struct doc_cell *sample_cell(struct doc_cell *cell, const char *text, enum doc_tone tone)
{
	*cell = (struct doc_cell){ .text = text, .tone = tone };
	return cell + 1;
}

static const char *const sample_surnames[] = { "林", "周", "陈", "王", "欧阳", "赵", "钱", "孙", "李", "吴", "郑", "冯",
	"褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "尤", "许", "何", "吕", "施", "张", "司马", "曹", "严", "华" };
static const char *const sample_given[] = { "晓雯", "启明", "芸", "子涵", "雨桐", "建国", "思远", "嘉怡", "浩然",
	"诗琪", "梓萱", "俊杰", "欣怡", "志强", "婷婷", "宇轩", "丽娟", "博文", "雅静", "家豪", "晨曦", "佩瑶", "振宇",
	"淑贞" };
static const char *const sample_courses[] = { "投诉升级处理", "数据看板入门", "宽带新业务 Q3", "质检标准 2026 版",
	"排班与现场管理", "情绪与压力管理", "移动套餐规则详解", "客户画像与分层", "知识库检索技巧", "疑难工单闭环",
	"服务补救话术", "外呼营销合规", "班组长沟通技能", "新员工带教方法", "呼叫系统操作规范", "电子渠道协同",
	"信息安全与隐私保护", "英语服务用语", "报表自动化基础", "网络故障初步判断" };
static const char *const sample_classes[] = { "基础", "常规", "专题", "特色", "特群", "岗位晋升" };

static void sample_page_one(struct sample *sample, const char *name, const char *initial)
{
	struct arena *arena = sample->arena;
	struct doc_block *block = doc_add(sample->doc, DOC_HEAD, arena);
	block->head = (struct doc_head){ .name = name,
		.initial = initial,
		.line = arena_printf(
			arena, "工号 %05u · 资深客服代表 P3 · 服务一部 / 三组 · 司龄 3 年 11 个月", sample_pick(sample, 100000)),
		.stars = 1 + (int)sample_pick(sample, 5),
		.stars_of = 5,
		.right = "四星 · 系数 1.15 · 上季四星" };
	const struct doc_tile tiles[] = { { "42.5", "/ 40", "近 24 个月学分", DOC_INK },
		{ "96%", "覆盖 92%", "胜任力匹配（目标 P4）", DOC_INK }, { "已就绪", NULL, "专业线 → P4 业务专家", DOC_TEAL },
		{ "差 2 项", NULL, "管理线 → M1 · 最早 2027-03", DOC_INK } };
	block = doc_add(sample->doc, DOC_TILES, arena);
	block->tiles = (struct doc_tiles){ sample_copy(sample, tiles, sizeof tiles), 4 };

	sample_section(sample, "基础信息", NULL);
	const struct doc_pair pairs[] = { { "入职", "2022-10-08", DOC_INK }, { "学历", "大专 · 电子商务", DOC_INK }, { "用工", "正式", DOC_INK },
		{ "直接上级", "周启明 00102", DOC_INK }, { "技能组", "宽带 · 投诉", DOC_INK }, { "职业锚", "技术/职能", DOC_INK }, { "意愿", "业务专家", DOC_INK },
		{ "招聘渠道", "内部推荐", DOC_INK } };
	block = doc_add(sample->doc, DOC_GRID, arena);
	block->grid = (struct doc_grid){ sample_copy(sample, pairs, sizeof pairs), 8, 4 };

	static const char *const periods[] = { "22Q4", "23Q1", "23Q2", "23Q3", "23Q4", "24Q1", "24Q2", "24Q3", "24Q4",
		"25Q1", "25Q2", "25Q3", "25Q4", "26Q1", "26Q2", "26Q3" };
	static const struct doc_event events[] = { { 0, "入职", DOC_INK }, { 2, "转正", DOC_INK }, { 6, "小师傅", DOC_INK },
		{ 8, "晋升 P2", DOC_INK },
		{ 11, "兼职质检员", DOC_INK }, { 13, "晋升 P3", DOC_INK } };
	static const struct doc_step steps[] = { { 1, 2 }, { 3, 3 }, { 7, 4 }, { 9, 3 }, { 10, 4 } };
	static const struct doc_event under[] = { { 0.5, "P1 客服代表", DOC_INK }, { 8, "高级客服代表", DOC_INK }, { 13, "资深客服代表", DOC_INK } };
	sample_section(sample, "成长历程", "星级（金线）与岗位变化，按季度");
	block = doc_add(sample->doc, DOC_TIMELINE, arena);
	block->timeline = (struct doc_timeline){ .periods = periods,
		.period_count = 16,
		.events = events,
		.event_count = 6,
		.steps = steps,
		.step_count = 5,
		.low = 1,
		.high = 5,
		.under = under,
		.under_count = 3,
		.alt = "星级从二星升到四星" };

	sample_section(sample, "培训档案", "学分按类别；竖线为要求");
	const struct doc_bar bars[] = { { "业务能力", "14.0 / 12", 14, 12, DOC_TEAL },
		{ "操作规范", "8.0 / 8", 8, 8, DOC_TEAL }, { "数据分析", "6.5 / 6", 6.5, 6, DOC_TEAL },
		{ "质量管理", "7.0 / 6", 7, 6, DOC_TEAL }, { "运营管理", "2.0 / 4", 2, 4, DOC_BRICK },
		{ "知识管理", "5.0 / 4", 5, 4, DOC_TEAL } };
	struct doc_block *left = arena_alloc(arena, 1, sizeof *left), *right = arena_alloc(arena, 1, sizeof *right);
	*left = (struct doc_block){ .kind = DOC_BARS, .bars = { sample_copy(sample, bars, sizeof bars), 6, 16 } };
	static const struct doc_table_column course_columns[] = { { "课程", 0, DOC_LEFT }, { "类", 0, DOC_LEFT },
		{ "成绩", 0, DOC_RIGHT }, { "学分", 0, DOC_DECIMAL }, { "完成", 0, DOC_LEFT } };
	struct doc_cell *cells = arena_alloc(arena, 6 * 5, sizeof *cells), *cell = cells;
	unsigned first = sample_pick(sample, 20);
	for (unsigned i = 0; i < 6; i++) {
		bool passed = i != 4;
		cell = sample_cell(cell, sample_courses[(first + i * 3) % 20], DOC_INK);
		cell = sample_cell(cell, SAMPLE_PICK(sample, sample_classes), DOC_INK);
		cell = sample_cell(
			cell, arena_printf(arena, "%u", passed ? 70 + sample_pick(sample, 30) : 56), passed ? DOC_INK : DOC_BRICK);
		cell = sample_cell(cell,
			passed ? arena_printf(arena, "%u.%u", 1 + sample_pick(sample, 2), sample_pick(sample, 10)) : "–", DOC_INK);
		cell = sample_cell(cell,
			arena_printf(arena, "2026-%02u-%02u%s", 9 - i, 1 + sample_pick(sample, 28), passed ? "" : " 未通过"),
			DOC_INK);
	}
	*right = (struct doc_block){ .kind = DOC_TABLE, .table = { course_columns, 5, cells, 6, "尚无课程记录。" } };
	block = doc_add(sample->doc, DOC_COLUMNS, arena);
	block->columns = (struct doc_columns){ left, right, 0.48 };

	static const char *const chips[] = { "学分榜 2026Q2 第 3 名", "服务之星 2025", "优秀小师傅 2024" };
	sample_section(sample, "荣誉记录", NULL);
	block = doc_add(sample->doc, DOC_CHIPS, arena);
	block->chips = (struct doc_chips){ chips, 3, "尚无荣誉记录。" };

	sample_section(sample, "岗级变化", NULL);
	static const struct doc_table_column level_columns[] = { { "起", 0, DOC_LEFT }, { "岗位", 0, DOC_LEFT },
		{ "级", 0, DOC_LEFT }, { "组织", 0, DOC_LEFT }, { "原因", 0, DOC_LEFT } };
	static const char *const levels[] = { "2026-01-01", "资深客服代表", "P3", "服务一部 / 三组", "晋升", "2024-10-01",
		"高级客服代表", "P2", "服务一部 / 三组", "晋升", "2022-10-08", "客服代表", "P1", "服务一部 / 一组", "入职" };
	cells = cell = arena_alloc(arena, 15, sizeof *cells);
	for (int i = 0; i < 15; i++)
		cell = sample_cell(cell, levels[i], DOC_INK);
	block = doc_add(sample->doc, DOC_TABLE, arena);
	block->table = (struct doc_table){ level_columns, 5, cells, 3, "没有岗级变化。" };
}

static void sample_page_two(struct sample *sample)
{
	struct arena *arena = sample->arena;
	doc_add(sample->doc, DOC_PAGE_BREAK, arena);
	sample_section(sample, "胜任力模型匹配", "虚线为 P4 要求，实面为现状；8 项中 6 项达标");
	static const char *const names[] = { "客户导向", "沟通表达", "投诉处理", "产品知识", "交叉营销", "数据分析",
		"情绪管理", "辅导带教" };
	static const char *const weights[] = { "0.16", "0.16", "0.14", "0.14", "0.10", "0.12", "0.10", "0.08" };
	static const double need[] = { 4, 4, 4, 4, 3, 3, 4, 3 };
	struct doc_axis *axes = arena_alloc(arena, 8, sizeof *axes);
	struct doc_cell *cells = arena_alloc(arena, 8 * 5, sizeof *cells), *cell = cells;
	for (int i = 0; i < 8; i++) {
		int have = (int)need[i] * 10 - 8 + (int)sample_pick(sample, 16), gap = (int)need[i] * 10 - have;
		axes[i] = (struct doc_axis){ names[i], need[i], have / 10.0, 0 };
		cell = sample_cell(cell, names[i], DOC_INK);
		cell = sample_cell(cell, arena_printf(arena, "%d", (int)need[i]), DOC_INK);
		cell = sample_cell(cell, arena_printf(arena, "%d.%d", have / 10, have % 10), gap > 0 ? DOC_BRICK : DOC_TEAL);
		cell = sample_cell(cell, gap > 0 ? arena_printf(arena, "%d.%d", gap / 10, gap % 10) : "–", DOC_INK);
		cell = sample_cell(cell, weights[i], DOC_INK);
	}
	static const struct doc_table_column gap_columns[] = { { "胜任力", 0, DOC_LEFT }, { "要求", 0, DOC_RIGHT },
		{ "现状", 0, DOC_DECIMAL }, { "差距", 0, DOC_DECIMAL }, { "权重", 0, DOC_DECIMAL } };
	struct doc_block *left = arena_alloc(arena, 1, sizeof *left), *right = arena_alloc(arena, 1, sizeof *right);
	*left = (struct doc_block){ .kind = DOC_RADAR, .radar = { .at = axes, .count = 8, .most = 5, .alt = "胜任力雷达图" } };
	*right = (struct doc_block){ .kind = DOC_TABLE, .table = { gap_columns, 5, cells, 8, NULL } };
	struct doc_block *block = doc_add(sample->doc, DOC_COLUMNS, arena);
	block->columns = (struct doc_columns){ left, right, 0.48 };

	sample_section(sample, "个人发展计划（IDP）", "按 差距 × 权重 排序；先修在前");
	static const struct doc_table_column plan_columns[] = { { "#", 0, DOC_LEFT }, { "胜任力", 0, DOC_LEFT },
		{ "行动", 0, DOC_LEFT }, { "方式", 0, DOC_LEFT }, { "学时", 0, DOC_RIGHT }, { "期限", 0, DOC_LEFT },
		{ "上季进度", 0, DOC_LEFT } };
	static const char *const plan[] = { "1", "产品知识 3.4 → 4", "融合业务精讲（中级）", "视频", "6", "2026-12-15",
		"新增", "2", "数据分析 2.5 → 3", "报表自助分析（先修：数据看板入门 ✓）", "线上", "8", "2026-12-31", "先修完成",
		"3", "必修", "排班与现场管理（重修）", "线下", "4", "2026-11-30", "未通过", "4", "带教",
		"导师 周启明，每月一次辅导", "带教", "3", "2026-12-31", "进行中 2/3" };
	cells = cell = arena_alloc(arena, 28, sizeof *cells);
	for (int i = 0; i < 28; i++)
		cell = sample_cell(cell, plan[i], i == 13 ? DOC_TEAL : i == 20 ? DOC_BRICK : DOC_INK);
	block = doc_add(sample->doc, DOC_TABLE, arena);
	block->table = (struct doc_table){ plan_columns, 7, cells, 4, NULL };

	sample_section(sample, "晋升准备度", NULL);
	static const struct doc_check first[] = { { DOC_MET, "任职 P3 满 6 个月", "8 个月" },
		{ DOC_MET, "近 24 个月学分 ≥ 40", "42.5" }, { DOC_MET, "P3 必修课程全部通过", "6 / 6" },
		{ DOC_MET, "P4 胜任力匹配 ≥ 80%", "96%" }, { DOC_MET, "四星及以上连续 2 季", "6 季" },
		{ DOC_MET, "无在期处分", NULL } };
	static const struct doc_check second[] = { { DOC_MET, "任职满 24 个月", "47 个月" },
		{ DOC_MET, "四星及以上连续 2 季", "6 季" }, { DOC_NOT_MET, "M1 必修：排班与现场管理", "1 门" },
		{ DOC_NOT_MET, "管理类学分 ≥ 4", "差 2.0" }, { DOC_NOT_EVALUATED, "上级潜力评价", "未提供" },
		{ DOC_MET, "带教经历 ≥ 1 期", "1 期" } };
	left = arena_alloc(arena, 1, sizeof *left);
	right = arena_alloc(arena, 1, sizeof *right);
	*left = (struct doc_block){ .kind = DOC_CHECKLIST,
		.checklist = { "专业线 → P4 业务专家", "已就绪", DOC_TEAL, first, 6 } };
	*right = (struct doc_block){ .kind = DOC_CHECKLIST,
		.checklist = { "管理线 → M1 班组长", "差 2 项 · 最早 2027-03-31", DOC_BRICK, second, 6 } };
	block = doc_add(sample->doc, DOC_COLUMNS, arena);
	block->columns = (struct doc_columns){ left, right, 0.5 };

	sample_section(sample, "为什么是这个结果", "每一项都可追溯到规则与来源行");
	static const struct doc_table_column why_columns[] = { { "指标", 0, DOC_LEFT }, { "原值", 0, DOC_DECIMAL },
		{ "0 分点 – 满分点", 0, DOC_RIGHT }, { "得分", 0, DOC_DECIMAL }, { "权重", 0, DOC_DECIMAL },
		{ "加权", 0, DOC_DECIMAL }, { "来源", 0, DOC_LEFT } };
	static const char *const why[] = { "学分（近 24 个月）", "42.5", "0 – 40", "100.00", "0.30", "30.00",
		"lms_completions_2026Q3.csv 等 31 行", "质检得分", "93.2", "60 – 100", "83.00", "0.35", "29.05",
		"qa_2026Q3.csv 第 1 204 行", "业务考试均分", "90.4", "60 – 100", "76.00", "0.20", "15.20", "同上 12 行", "出勤",
		"99.1%", "90% – 98%", "100.00", "0.15", "15.00", "hr_attendance.xlsx 表“三季度” 第 318 行" };
	cells = cell = arena_alloc(arena, 28, sizeof *cells);
	for (int i = 0; i < 28; i++)
		cell = sample_cell(cell, why[i], DOC_INK);
	block = doc_add(sample->doc, DOC_TABLE, arena);
	block->table = (struct doc_table){ why_columns, 7, cells, 4, NULL };
	block = doc_add(sample->doc, DOC_TEXT, arena);
	block->text = (struct doc_text){
		.text =
			"距五星：综合分还差 0.75；其余条件（质检 ≥ 92、连续 2 季）已满足。您有权要求说明以上结果的规则与依据，并要求人工复核。申诉请于 2026-11-30 前交人力资源部。"
	};
	static const char *const labels[] = { "申诉事项与理由：", "本人签字：", "日期：" };
	block = doc_add(sample->doc, DOC_SIGN, arena);
	block->sign = (struct doc_sign){ .labels = labels, .count = 3 };
}

/* Two pages with `pages` 2, else the first only. */
static inline void sample_archive(struct doc *doc, struct arena *arena, uint64_t seed, int pages)
{
	struct sample sample = { arena, doc, seed * 977 + 5 };
	const char *surname = SAMPLE_PICK(&sample, sample_surnames), *given = SAMPLE_PICK(&sample, sample_given);
	const char *name = arena_printf(arena, "%s%s", surname, given);
	*doc = (struct doc){ .title = arena_printf(arena, "%s 成长档案 2026 年第三季度", name),
		.author = "客户服务中心 人力资源部",
		.subject = "员工成长档案",
		.keywords = "盘点, 2026Q3",
		.lang = "zh-CN",
		.created = date_from_civil(2026, 9, 30),
		.id = arena_printf(arena, "%05u", (unsigned)(seed % 100000)),
		.footer_left = "员工成长档案 · 2026 年第三季度 · 本人版 · 内部资料",
		.footer_middle = "规则 contact-centre 2026.3 · 运行 2026Q3-r1-7c1e",
		.footer_page = "第 %d 页 共 %d 页",
		.width = 210,
		.height = 297,
		.top = 14,
		.right = 16,
		.bottom = 12,
		.left = 16 };
	sample_page_one(&sample, name, arena_copy(arena, surname, 3));
	if (pages > 1)
		sample_page_two(&sample);
}

#endif
