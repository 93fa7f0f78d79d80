/*
 * generate.c - the invented contact centre: a seeded generator of exports as HR and LMS write them.
 *
 * generate --out DIR [--employees N] [--rows-per-employee M] [--seed S] [--first 2026Q1] [--quarters K] [--plain]
 *
 * Default: 360 people in 14 teams, three quarters, with some dirt; the same seed gives the same bytes. More than 500
 * people work in teams of about thirty, in seven departments of one or more centres of about 2,000: every team has a
 * leader, every department a supervisor, every centre a manager. --plain leaves the dirt and the validity of courses
 * out and writes the LMS export in UTF-8 without a title row (benchmarks). All people and numbers are invented.
 */
#include <errno.h>
#include <iconv.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- random numbers: splitmix64 ---- */
static uint64_t seed_state;

static uint64_t random_bits(void)
{
	uint64_t z = (seed_state += 0x9e3779b97f4a7c15u);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static unsigned pick(unsigned below)
{
	return (unsigned)((random_bits() >> 32) * below >> 32);
}

/* Roughly normal: mean of four throws, -1000 … 1000. */
static int bell(void)
{
	return (int)(pick(501) + pick(501) + pick(501) + pick(501)) - 1000;
}

/* Rows of their own stream of random numbers: what other exports draw does not change them. */
static uint64_t seed_given;

static uint64_t own_stream(uint64_t name)
{
	uint64_t kept = seed_state;
	seed_state = seed_given * 0x9e3779b97f4a7c15u + name;
	return kept;
}

/* ---- dates ---- */
static int day_of(int y, int m, int d)
{
	int a = (14 - m) / 12, yy = y + 4800 - a, mm = m + 12 * a - 3;
	return d + (153 * mm + 2) / 5 + 365 * yy + yy / 4 - yy / 100 + yy / 400 - 32045 - 2440588;
}

static const char *date_text(int day, const char *format)
{
	static char texts[8][40];
	static unsigned next;
	char *out = texts[next++ % 8];
	int j = day + 2440588 + 32044, g = j / 146097, dg = j % 146097, c = (dg / 36524 + 1) * 3 / 4, dc = dg - c * 36524;
	int b = dc / 1461, db = dc % 1461, a = (db / 365 + 1) * 3 / 4, da = db - a * 365;
	int y = g * 400 + c * 100 + b * 4 + a, m = (da * 5 + 308) / 153 - 2, d = da - (m + 4) * 153 / 5 + 122;
	int year = y - 4800 + (m + 2) / 12, month = (m + 2) % 12 + 1, dom = d + 1;
	if (strcmp(format, "iso") == 0)
		snprintf(out, 40, "%04d-%02d-%02d", year, month, dom);
	else if (strcmp(format, "slash") == 0)
		snprintf(out, 40, "%d/%d/%d", year, month, dom);
	else
		snprintf(out, 40, "%d年%d月%d日", year, month, dom);
	return out;
}

/* ---- the centre ---- */
enum work { CALLS, QUALITY, DATA };
struct unit { char id[24], name[64]; uint32_t parent /* UINT32_MAX: none */; enum work work; bool team; };

/* The shipped sample: 14 teams; the first of a department is led by its supervisor. */
static const struct { const char *id, *name, *parent; int weight; } small_units[] = {
	{ "JC", "江城客服中心", "", 0 },
	{ "JC-S1", "服务一部", "JC", 0 }, { "JC-S2", "服务二部", "JC", 0 },
	{ "JC-TS", "投诉处理部", "JC", 0 }, { "JC-WH", "外呼营销部", "JC", 0 },
	{ "JC-ZJ", "质检培训部", "JC", 0 }, { "JC-SJ", "数据支撑部", "JC", 0 },
	{ "JC-S1-1", "服务一部一组", "JC-S1", 9 }, { "JC-S1-2", "服务一部二组", "JC-S1", 9 },
	{ "JC-S1-3", "服务一部三组", "JC-S1", 8 }, { "JC-S1-4", "宽带专席组", "JC-S1", 7 },
	{ "JC-S2-1", "服务二部一组", "JC-S2", 9 }, { "JC-S2-2", "服务二部二组", "JC-S2", 8 },
	{ "JC-S2-3", "服务二部三组", "JC-S2", 8 },
	{ "JC-TS-1", "投诉一组", "JC-TS", 7 }, { "JC-TS-2", "疑难投诉组", "JC-TS", 5 },
	{ "JC-WH-1", "外呼一组", "JC-WH", 8 }, { "JC-WH-2", "外呼二组", "JC-WH", 7 },
	{ "JC-WH-3", "电商直播组", "JC-WH", 5 },
	{ "JC-ZJ-1", "质检培训组", "JC-ZJ", 5 }, { "JC-SJ-1", "数据支撑组", "JC-SJ", 5 },
};
enum { FIRST_TEAM = 7, TEAMS = COUNT(small_units) - FIRST_TEAM, SMALL_MOST = 500 };

/* A grown centre: how many of a hundred teams a department has. */
static const struct { const char *id, *name, *team; unsigned share, least; enum work work; } departments[] = {
	{ "S1", "服务一部", "服务一部", 24, 4, CALLS }, { "S2", "服务二部", "服务二部", 22, 1, CALLS },
	{ "KD", "宽带专席部", "宽带专席", 14, 1, CALLS }, { "TS", "投诉处理部", "投诉", 13, 2, CALLS },
	{ "WH", "外呼营销部", "外呼", 16, 1, CALLS }, { "ZJ", "质检培训部", "质检培训", 7, 1, QUALITY },
	{ "SJ", "数据支撑部", "数据支撑", 4, 1, DATA },
};
enum { TEAM_PEOPLE = 30, CENTRE_PEOPLE = 2000, REGION_CENTRES = 25 };

struct position { const char *id, *title, *track, *level; };
static const struct position positions[] = {
	{ "P1", "客服代表", "专业", "P1" }, { "P2", "高级客服代表", "专业", "P2" }, { "P3", "资深客服代表", "专业", "P3" },
	{ "P4", "业务专家", "专业", "P4" }, { "QA", "质检员", "专业", "P2" }, { "TR", "培训师", "专业", "P3" },
	{ "DA", "数据分析师", "专业", "P3" }, { "M1", "班组长", "管理", "M1" }, { "M2", "主管", "管理", "M2" },
	{ "M3", "运营经理", "管理", "M3" },
};
enum { P1, P2, P3, P4, QA, TR, DA, M1, M2, M3, NONE };

struct course {
	const char *title, *category, *type, *class, *core;
	int credits /* tenths */, hours, pass, months;
	const char *required;
};
static const struct course courses[] = {
	{ "服务礼仪与规范用语", "操作规范", "操作规范", "基础", "必备", 10, 4, 60, 0, "P1" },
	{ "客服系统操作基础", "操作规范", "操作规范", "基础", "必备", 15, 6, 60, 0, "P1" },
	{ "工单填写规范", "操作规范", "操作规范", "基础", "必备", 10, 4, 60, 24, "P1" },
	{ "信息安全与客户隐私", "操作规范", "操作规范", "常规", "必备", 10, 3, 80, 12, "P1" },
	{ "应急预案演练", "操作规范", "操作规范", "常规", "必备", 10, 4, 60, 12, "P2" },
	{ "服务红线与合规", "操作规范", "操作规范", "常规", "必备", 10, 3, 80, 12, "P1" },
	{ "质检标准 2026 版", "质量管理", "操作规范", "专题", "必备", 12, 4, 60, 24, "P2" },
	{ "录音自评与校准", "质量管理", "操作规范", "专题", "延伸", 12, 4, 60, 0, "" },
	{ "质检员岗位认证", "质量管理", "操作规范", "岗位晋升", "必备", 25, 12, 70, 36, "QA" },
	{ "特殊客户服务规范", "操作规范", "操作规范", "特群", "延伸", 12, 4, 60, 0, "" },
	{ "老年用户专席服务", "操作规范", "操作规范", "特群", "延伸", 12, 4, 60, 0, "" },
	{ "班组晨会与交接规范", "运营管理", "操作规范", "特色", "延伸", 10, 3, 60, 0, "M1" },
	{ "移动业务基础知识", "业务能力", "业务", "基础", "必备", 15, 6, 60, 0, "P1" },
	{ "宽带业务入门", "业务能力", "业务", "基础", "必备", 15, 6, 60, 0, "P1" },
	{ "资费与账务解释", "业务能力", "业务", "基础", "必备", 15, 6, 60, 24, "P1" },
	{ "5G 套餐与权益", "业务能力", "业务", "常规", "必备", 12, 4, 60, 12, "P2" },
	{ "新业务通报（季度）", "业务能力", "业务", "常规", "必备", 8, 2, 60, 6, "P1" },
	{ "宽带新业务专题", "业务能力", "业务", "专题", "延伸", 12, 4, 60, 0, "" },
	{ "智能家居产品", "业务能力", "业务", "专题", "延伸", 12, 4, 60, 24, "" },
	{ "融合业务精讲", "业务能力", "业务", "专题", "延伸", 18, 6, 60, 24, "P3" },
	{ "政企客户业务", "业务能力", "业务", "特群", "延伸", 15, 6, 60, 0, "" },
	{ "国际漫游与跨境业务", "业务能力", "业务", "特色", "延伸", 12, 4, 60, 0, "" },
	{ "电商直播带货实务", "业务能力", "业务", "特色", "延伸", 15, 6, 60, 0, "" },
	{ "业务专家答辩", "业务能力", "业务", "岗位晋升", "必备", 30, 16, 75, 0, "P4" },
	{ "沟通技巧（一）倾听与提问", "业务能力", "技能", "基础", "必备", 12, 6, 60, 0, "P1" },
	{ "沟通技巧（二）异议处理", "业务能力", "技能", "常规", "必备", 12, 6, 60, 0, "P2" },
	{ "投诉处理基础", "业务能力", "技能", "基础", "必备", 12, 6, 60, 0, "P1" },
	{ "投诉升级处理", "业务能力", "技能", "专题", "必备", 20, 8, 60, 0, "P3" },
	{ "疑难投诉工作坊", "业务能力", "技能", "特色", "延伸", 24, 12, 70, 0, "P4" },
	{ "情绪与压力管理", "知识管理", "技能", "常规", "必备", 10, 4, 60, 0, "P1" },
	{ "外呼营销话术", "业务能力", "技能", "专题", "延伸", 12, 6, 60, 0, "" },
	{ "交叉营销技巧", "业务能力", "技能", "专题", "延伸", 12, 6, 60, 0, "P2" },
	{ "普通话与发声训练", "知识管理", "技能", "基础", "延伸", 8, 4, 60, 0, "" },
	{ "英语热线服务", "知识管理", "技能", "特群", "延伸", 20, 16, 60, 0, "" },
	{ "手语视频客服", "知识管理", "技能", "特群", "延伸", 20, 16, 60, 0, "" },
	{ "键盘录入提速", "操作规范", "技能", "基础", "延伸", 6, 2, 60, 0, "" },
	{ "多媒体客服（在线文字）", "操作规范", "技能", "常规", "延伸", 12, 6, 60, 0, "" },
	{ "知识库检索技巧", "知识管理", "技能", "基础", "必备", 8, 2, 60, 0, "P1" },
	{ "知识库内容编写", "知识管理", "技能", "专题", "延伸", 15, 6, 60, 0, "P3" },
	{ "数据看板入门", "数据分析", "技能", "基础", "必备", 10, 4, 60, 0, "P2" },
	{ "Excel 数据处理", "数据分析", "技能", "常规", "延伸", 15, 8, 60, 0, "" },
	{ "报表自助分析", "数据分析", "技能", "专题", "延伸", 18, 8, 60, 0, "P3" },
	{ "话务预测与排班", "数据分析", "技能", "特色", "延伸", 18, 8, 60, 0, "M2" },
	{ "数据分析师认证", "数据分析", "技能", "岗位晋升", "必备", 30, 20, 70, 36, "DA" },
	{ "NPS 与 FCR 指标解读", "数据分析", "提升", "专题", "延伸", 12, 4, 60, 0, "P3" },
	{ "指标体系设计", "数据分析", "提升", "特色", "延伸", 20, 8, 60, 0, "P4" },
	{ "小师傅带教技巧", "运营管理", "提升", "常规", "延伸", 12, 6, 60, 0, "P2" },
	{ "兼职培训师 TTT", "知识管理", "提升", "特色", "延伸", 24, 16, 70, 36, "TR" },
	{ "课程开发与设计", "知识管理", "提升", "岗位晋升", "必备", 24, 16, 70, 0, "TR" },
	{ "班组长岗前培训", "运营管理", "提升", "岗位晋升", "必备", 25, 16, 70, 0, "M1" },
	{ "排班与现场管理", "运营管理", "提升", "常规", "必备", 12, 6, 60, 0, "M1" },
	{ "班组绩效辅导", "运营管理", "提升", "专题", "延伸", 15, 8, 60, 0, "M1" },
	{ "员工关怀与谈心", "运营管理", "提升", "特群", "延伸", 10, 4, 60, 0, "M1" },
	{ "主管运营管理", "运营管理", "提升", "岗位晋升", "必备", 30, 20, 70, 0, "M2" },
	{ "项目管理基础", "运营管理", "提升", "常规", "延伸", 15, 8, 60, 0, "M2" },
	{ "服务创新与流程优化", "质量管理", "提升", "特色", "延伸", 18, 8, 60, 0, "P4" },
	{ "六西格玛黄带", "质量管理", "提升", "专题", "延伸", 24, 16, 70, 0, "" },
	{ "体验管理与客户旅程", "质量管理", "提升", "专题", "延伸", 15, 6, 60, 0, "P3" },
	{ "质检数据应用", "质量管理", "提升", "常规", "延伸", 12, 4, 60, 0, "" },
	{ "职业生涯规划", "知识管理", "提升", "基础", "延伸", 8, 3, 60, 0, "" },
};
enum { COURSES = COUNT(courses) };

/* What a course leads to: its number, competency, levels, courses that come first. */
struct link { int course; const char *competency; int from, to; const char *before; };
static const struct link links[] = {
	{ 13, "C01", 0, 1, "" }, { 14, "C01", 0, 1, "" }, { 15, "C01", 1, 2, "KC013" }, { 16, "C01", 2, 3, "" },
	{ 18, "C07", 1, 3, "KC014" }, { 19, "C11", 0, 2, "" }, { 20, "C01", 3, 4, "KC015、KC016" },
	{ 21, "C11", 3, 4, "" }, { 22, "C11", 2, 3, "" }, { 24, "C01", 4, 5, "KC020" }, { 3, "C02", 0, 1, "" },
	{ 4, "C02", 1, 2, "" }, { 6, "C02", 1, 2, "" }, { 5, "C02", 2, 3, "KC004" }, { 7, "C02", 2, 3, "" },
	{ 10, "C02", 3, 4, "" }, { 2, "C03", 0, 1, "" }, { 38, "C03", 1, 2, "KC002" }, { 36, "C03", 1, 2, "" },
	{ 37, "C03", 2, 3, "KC036" }, { 39, "C03", 3, 4, "KC038" }, { 25, "C04", 0, 2, "" }, { 11, "C04", 2, 3, "KC025" },
	{ 26, "C05", 1, 3, "KC025" }, { 23, "C05", 3, 4, "" }, { 27, "C06", 0, 2, "" }, { 28, "C06", 2, 3, "KC027" },
	{ 29, "C06", 3, 5, "KC028" }, { 56, "C07", 3, 4, "" }, { 57, "C07", 4, 5, "KC056" }, { 1, "C08", 0, 2, "" },
	{ 58, "C08", 2, 4, "KC001" }, { 30, "C09", 0, 3, "" }, { 53, "C09", 3, 4, "KC030" }, { 33, "C10", 0, 3, "" },
	{ 34, "C10", 3, 4, "" }, { 31, "C12", 0, 3, "" }, { 32, "C13", 0, 3, "KC031" }, { 60, "C14", 0, 3, "" },
	{ 40, "C15", 0, 2, "" }, { 45, "C15", 2, 3, "KC040" }, { 46, "C15", 3, 5, "KC045" }, { 8, "C16", 0, 2, "" },
	{ 9, "C16", 2, 4, "KC007、KC008" }, { 52, "C16", 2, 3, "KC008" }, { 59, "C16", 3, 4, "" }, { 41, "C17", 0, 2, "" },
	{ 42, "C17", 2, 3, "KC041" }, { 44, "C17", 3, 5, "KC041、KC042" }, { 47, "C18", 0, 2, "" },
	{ 48, "C18", 2, 4, "KC047" }, { 49, "C18", 4, 5, "KC048" }, { 12, "C19", 0, 1, "" }, { 51, "C19", 1, 3, "KC012" },
	{ 43, "C19", 3, 4, "" }, { 54, "C19", 4, 5, "" }, { 50, "C20", 0, 3, "" }, { 55, "C20", 3, 4, "KC050" },
};
/* What a position needs, as in rules/competency.xml, roughly: competency and level. By position. */
static const char *const needs[] = { "C01 2 C02 2 C03 2 C04 2 C05 2 C08 2 C10 2",
	"C01 3 C02 2 C03 3 C04 3 C05 3 C06 2 C08 3 C09 2 C12 2", "C01 4 C02 3 C06 3 C07 3 C05 3 C08 3 C09 3 C11 2 C13 3 C15 2",
	"C01 5 C06 4 C07 4 C15 3 C18 3 C13 3 C05 4", "C16 4 C02 4 C01 3 C05 3 C17 2 C15 2", "C18 4 C01 4 C05 4 C16 3 C04 3",
	"C17 4 C15 4 C07 3 C02 2", "C19 3 C20 3 C16 3 C15 3 C06 3 C09 3 C08 3", "C20 4 C19 4 C15 4 C16 4 C17 3 C07 3 C09 4",
	"C20 5 C15 4 C19 4 C07 4 C17 3 C14 4" };

static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡",
	"郭", "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘",
	"于", "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆", "汪", "范",
	"金", "石", "廖", "贾", "夏", "韦", "付", "方", "白", "邹", "孟", "熊", "秦", "邱", "江", "尹", "薛", "闫", "段", "雷", "侯", "龙",
	"单", "仇", "解", "欧阳" };
static const char *const given[] = { "晓", "雯", "婷", "敏", "静", "丽", "娟", "艳", "芳", "娜", "秀", "英", "慧", "巧", "美", "兰", "红",
	"玉", "萍", "莉", "佳", "欣", "怡", "雪", "倩", "颖", "露", "瑶", "梦", "琪", "伟", "强", "磊", "军", "洋", "勇", "杰", "涛", "明",
	"超", "刚", "平", "辉", "鹏", "华", "飞", "鑫", "波", "斌", "宇", "浩", "凯", "健", "俊", "帆", "文", "博", "志", "建", "国", "思",
	"子", "涵", "雨", "宁", "启", "哲", "然", "可", "一", "诺", "睿", "晨", "阳", "安", "乐", "心", "悦" };
static const char *const educations[] = { "高中", "大专", "大专", "大专", "本科", "本科", "硕士" };
static const char *const majors[] = { "电子商务", "市场营销", "计算机应用", "通信技术", "工商管理", "汉语言文学", "英语", "会计", "旅游管理", "播音主持" };
static const char *const channels[] = { "校园招聘", "社会招聘", "内部推荐", "劳务派遣转正", "网络招聘" };
static const char *const anchors[] = { "技术/职能", "管理", "安全/稳定", "服务/奉献", "自主/独立" };
static const char *const wishes[] = { "业务专家", "班组长", "质检员", "培训师", "数据分析师", "" };
static const char *const honours[] = { "服务之星", "季度优秀员工", "优秀小师傅", "零投诉标兵", "营销能手", "微笑天使", "合理化建议奖" };
static const char *const roles[] = { "小师傅", "兼职培训师", "兼职质检员", "兼职数据分析师", "知识库编辑" };
static const char *const certificates[] = { "客户服务管理师（三级）", "普通话二级甲等", "COPC 基础认证", "全国计算机二级", "心理咨询师（三级）" };

struct person {
	char name[40];
	int hire, leave;                  /* day numbers; leave 0: still there */
	uint32_t unit;
	uint8_t position, skill;          /* skill 0-100: how good at tests and calls */
	int promoted[3]; uint8_t step[3]; uint8_t steps;
	uint32_t manager;
	bool no_scores, keen;             /* keen: prepares for `aim` */
	uint8_t aim, diligence;           /* position that could come next (NONE: none); required courses first, % */
};

struct world {
	const char *out;
	unsigned employees, rows, quarters;
	int first_year, first_quarter;
	bool plain, small;
	struct unit *units;
	uint32_t unit_count, heads;       /* the first people lead: 14 teams of the sample, else every unit */
	uint32_t *teams, team_count, centres;
	struct person *people;
	uint8_t *attempts;                /* employees * COURSES */
	int16_t *passed;                  /* employees * COURSES: day of the last pass after the first day, 0: never */
};

static void quarter_bounds(const struct world *world, unsigned index, int *first, int *last, char name[16])
{
	int q = world->first_year * 4 + world->first_quarter - 1 + (int)index, year = q / 4, month = q % 4 * 3 + 1;
	*first = day_of(year, month, 1);
	*last = day_of(month == 10 ? year + 1 : year, month == 10 ? 1 : month + 3, 1) - 1;
	snprintf(name, 16, "%dQ%d", year, q % 4 + 1);
}

static const char *id_of(const struct world *world, unsigned number)
{
	static char ids[4][16];
	static unsigned next;
	char *out = ids[next++ % 4];
	snprintf(out, 16, world->employees > 99999 ? "%07u" : "%05u", number + 101);
	return out;
}

/* ---- files ---- */
struct file { FILE *stream; iconv_t to; };

static struct file open_file(const struct world *world, const char *name, bool gb18030, bool bom)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", world->out, name);
	struct file file = { fopen(path, "wb"), (iconv_t)-1 };
	if (file.stream == NULL) {
		fprintf(stderr, "generate: %s: %s\n", path, strerror(errno));
		exit(73);
	}
	setvbuf(file.stream, NULL, _IOFBF, 1 << 20);
	if (gb18030)
		file.to = iconv_open("GB18030", "UTF-8");
	if (bom)
		fputs("\xEF\xBB\xBF", file.stream);
	return file;
}

static void put(struct file *file, const char *text)
{
	if (file->to == (iconv_t)-1) {
		fputs(text, file->stream);
		return;
	}
	char in[2048], out[4096], *from = in, *to = out;
	size_t left = (size_t)snprintf(in, sizeof in, "%s", text), room = sizeof out;
	iconv(file->to, &from, &left, &to, &room);
	fwrite(out, 1, sizeof out - room, file->stream);
}

__attribute__((format(printf, 2, 3))) static void line(struct file *file, const char *format, ...)
{
	char text[2048];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	put(file, text);
}

static void close_file(struct file *file)
{
	if (file->to != (iconv_t)-1)
		iconv_close(file->to);
	if (fclose(file->stream) != 0) {
		fprintf(stderr, "generate: %s\n", strerror(errno));
		exit(74);
	}
}

/* ---- people ---- */
static void name_person(const struct world *world, unsigned number, struct person *person)
{
	if (!world->plain && number == 23)
		snprintf(person->name, sizeof person->name, "𠮷田文静");
	else if (!world->plain && number == 57)
		snprintf(person->name, sizeof person->name, "阿依古丽·买买提");
	else if (!world->plain && number == 88)
		snprintf(person->name, sizeof person->name, "㐂多多");
	else
		snprintf(person->name, sizeof person->name, "%s%s%s", surnames[pick(COUNT(surnames))], given[pick(COUNT(given))],
			pick(4) > 0 ? given[pick(COUNT(given))] : "");
}

/* ---- units ---- */
__attribute__((format(printf, 5, 6))) static uint32_t add_unit(struct world *world, uint32_t parent, const char *id,
	enum work work, const char *format, ...)
{
	struct unit *unit = &world->units[world->unit_count];
	va_list args;
	va_start(args, format);
	vsnprintf(unit->name, sizeof unit->name, format, args);
	va_end(args);
	snprintf(unit->id, sizeof unit->id, "%s", id);
	unit->parent = parent;
	unit->work = work;
	return world->unit_count++;
}

static void add_team(struct world *world, uint32_t unit)
{
	world->units[unit].team = true;
	world->teams[world->team_count++] = unit;
}

static void make_small_units(struct world *world)
{
	for (uint32_t i = 0; i < COUNT(small_units); i++) {
		const char *id = small_units[i].id;
		uint32_t parent = 0;
		while (parent < i && strcmp(small_units[parent].id, small_units[i].parent) != 0)
			parent++;
		add_unit(world, i == 0 ? UINT32_MAX : parent, id,
			strncmp(id, "JC-ZJ", 5) == 0 ? QUALITY : strncmp(id, "JC-SJ", 5) == 0 ? DATA : CALLS, "%s",
			small_units[i].name);
		if (i >= FIRST_TEAM)
			add_team(world, i);
	}
	world->heads = TEAMS;
	world->centres = 1;
}

/* 1 to 99: 一 … 九十九. */
static const char *chinese(unsigned number, char text[16])
{
	static const char *const digits[] = { "", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
	snprintf(text, 16, "%s%s%s", number >= 20 ? digits[number / 10] : "", number >= 10 ? "十" : "",
		digits[number % 10]);
	return text;
}

/* Places that are not; each stands once. */
static void name_place(uint32_t number, char text[24])
{
	static const char *const first[] = { "江", "河", "湖", "海", "云", "松", "柳", "梅", "兰", "竹", "清", "明", "安", "宁",
		"泰", "和", "丰", "瑞", "景", "怀", "东", "西", "南", "北", "新" };
	static const char *const second[] = { "城", "川", "阳", "陵", "浦", "屏", "岭", "溪", "原", "桥", "台", "湾", "林", "堰",
		"渡", "坪", "泉", "麓", "洲", "塘" };
	uint32_t round = number / (COUNT(first) * COUNT(second));
	snprintf(text, 24, "%s%s", first[number % COUNT(first)], second[number / COUNT(first) % COUNT(second)]);
	if (round > 0)
		snprintf(text + strlen(text), 24 - strlen(text), "%u", round + 1);
}

static void make_centre(struct world *world, uint32_t number, uint32_t parent, unsigned people)
{
	char code[16], id[24], place[24], tens[16];
	bool alone = world->centres == 1;
	name_place(number, place);
	snprintf(code, sizeof code, number == 0 ? "JC" : "C%04u", number + 1);
	uint32_t centre = add_unit(world, parent, code, CALLS, "%s客服中心", place);
	unsigned teams = people / (TEAM_PEOPLE + 1);
	for (size_t d = 0; d < COUNT(departments); d++) {
		unsigned count = (teams * departments[d].share + 50) / 100;
		count = count < departments[d].least ? departments[d].least : count;
		snprintf(id, sizeof id, "%s-%s", code, departments[d].id);
		uint32_t department =
			add_unit(world, centre, id, departments[d].work, "%s%s", alone ? "" : place, departments[d].name);
		for (unsigned t = 1; t <= count; t++) {
			snprintf(id, sizeof id, "%s-%s-%u", code, departments[d].id, t);
			add_team(world, add_unit(world, department, id, departments[d].work, "%s%s%s组", alone ? "" : place,
				departments[d].team, chinese(t, tens)));
		}
	}
}

/* One centre, or a group of them; a large group has regions between. Parents stand before their children. */
static void make_units(struct world *world)
{
	uint32_t centres = (world->employees + CENTRE_PEOPLE / 2) / CENTRE_PEOPLE, group = UINT32_MAX;
	size_t room = world->employees / 10 + 64;
	world->units = calloc(room, sizeof *world->units);
	world->teams = calloc(room, sizeof *world->teams);
	if (world->units == NULL || world->teams == NULL)
		exit(75);
	world->small = world->employees <= SMALL_MOST;
	world->centres = centres = centres == 0 ? 1 : centres;
	if (world->small) {
		make_small_units(world);
		return;
	}
	if (centres > 1)
		group = add_unit(world, UINT32_MAX, "JT", CALLS, "客服集团");
	for (uint32_t i = 0, region = group; i < centres; i++) {
		char id[24], tens[16];
		if (centres > REGION_CENTRES && i % REGION_CENTRES == 0) {
			snprintf(id, sizeof id, "DQ%03u", i / REGION_CENTRES + 1);
			if (i / REGION_CENTRES < 99)
				region = add_unit(world, group, id, CALLS, "第%s大区", chinese(i / REGION_CENTRES + 1, tens));
			else
				region = add_unit(world, group, id, CALLS, "第%u大区", i / REGION_CENTRES + 1);
		}
		make_centre(world, i, region, world->employees / centres);
	}
	world->heads = world->unit_count;
}

/* The unit the head of that number leads. */
static uint32_t unit_led(const struct world *world, uint32_t head)
{
	return world->small ? world->teams[head] : head;
}

static uint32_t pick_team(const struct world *world)
{
	unsigned all = 0;
	if (!world->small)
		return world->teams[pick(world->team_count)];
	for (size_t i = FIRST_TEAM; i < COUNT(small_units); i++)
		all += (unsigned)small_units[i].weight;
	unsigned at = pick(all);
	for (uint32_t i = FIRST_TEAM; i < COUNT(small_units); i++) {
		if (at < (unsigned)small_units[i].weight)
			return i;
		at -= (unsigned)small_units[i].weight;
	}
	return FIRST_TEAM;
}

/* Sample: the head of a department's first team is its supervisor; the first of all leads the centre. */
static void place_small_heads(struct world *world)
{
	for (uint32_t i = 0; i < world->heads; i++) {
		uint32_t up = i;
		while (up > 0 && world->units[FIRST_TEAM + up - 1].parent == world->units[FIRST_TEAM + i].parent)
			up--;
		world->people[i].manager = up != i ? up : i == 0 ? UINT32_MAX : 0;
		world->people[i].position = up == i ? (i == 0 ? M3 : M2) : M1;
	}
}

/* Every unit has a head of its own, who reports to the head of the unit above. */
static void place_heads(struct world *world)
{
	for (uint32_t i = 0; i < world->heads; i++) {
		struct person *person = &world->people[i];
		const struct unit *unit = &world->units[i];
		bool department = !unit->team && unit[1].team;
		person->manager = unit->parent;
		person->position = unit->team ? M1 : department ? M2 : M3;
		if (unit->team)
			continue;
		person->step[0] = department ? P1 : P2;
		person->step[1] = department ? P2 : M1;
		person->step[2] = department ? M1 : M2;
		person->promoted[2] = person->promoted[1] + 300;
		person->steps = 3;
	}
}

static void make_people(struct world *world)
{
	int first, last, end;
	char name[16];
	quarter_bounds(world, 0, &first, &last, name);
	quarter_bounds(world, world->quarters - 1, &end, &last, name);
	uint32_t *head = malloc(world->unit_count * sizeof *head);
	if (head == NULL)
		exit(75);
	memset(head, 0xff, world->unit_count * sizeof *head);
	for (unsigned i = 0; i < world->employees; i++) {
		struct person *person = &world->people[i];
		name_person(world, i, person);
		unsigned months = pick(100) < 12 ? pick(10) : 6 + pick(110);
		person->hire = last - (int)months * 30 - (int)pick(28);
		person->unit = i < world->heads ? unit_led(world, i) : pick_team(world);
		int skill = 70 + bell() * 40 / 1000 + (months > 36 ? 4 : 0);
		person->skill = (uint8_t)(skill > 100 ? 100 : skill < 25 ? 25 : skill);
		unsigned rank = months < 14 ? P1 : months < 30 ? pick(2) : months < 60 ? P1 + pick(3) : P2 + pick(3);
		if (world->units[person->unit].work == QUALITY)
			rank = pick(3) > 0 ? QA : TR;
		if (world->units[person->unit].work == DATA)
			rank = DA;
		if (head[person->unit] == UINT32_MAX) {
			rank = M1;
			head[person->unit] = i;
			person->hire = last - 80 * 30 - (int)pick(900);
		}
		person->position = (uint8_t)rank;
		person->manager = head[person->unit] == i ? UINT32_MAX : head[person->unit];
		if (pick(100) < 6 && person->position != M1)
			person->leave = first + (int)pick((unsigned)(last - first));
		person->no_scores = pick(100) < 2;
		uint8_t path[3];
		unsigned steps = 0;
		if (rank == P2 || rank == QA)
			path[steps++] = P1;
		if (rank == P3 || rank == TR || rank == DA || rank == M1)
			path[steps++] = P1, path[steps++] = P2;
		if (rank == P4)
			path[steps++] = P1, path[steps++] = P2, path[steps++] = P3;
		for (unsigned s = 0; s < steps; s++) {
			person->step[s] = path[s];
			person->promoted[s] =
				person->hire + (last - person->hire) * (int)(s + 1) / (int)(steps + 1) - (int)pick(60);
		}
		person->steps = (uint8_t)steps;
	}
	free(head);
	for (uint32_t i = 0; i < world->heads; i++)
		world->people[i].leave = 0;
	if (world->small)
		place_small_heads(world);
	else
		place_heads(world);
}

/*
 * Some prepare for the next step: they take its courses, practise, are assessed for it and are good at what they do.
 * The others may get there, but nobody has looked yet.
 */
static void make_aims(struct world *world)
{
	/* out of ten: what people of a position aim at */
	static const uint8_t aims[][10] = { [P1] = { P2, P2, P2, P2, P2, P2, P2, P2, P2, QA },
		[P2] = { P3, P3, P3, P3, P3, P3, P3, QA, TR, DA }, [P3] = { P4, P4, P4, P4, P4, P4, M1, M1, M1, M1 },
		[P4] = { NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE },
		[QA] = { P3, P3, P3, P3, P3, P3, P3, TR, TR, TR }, [TR] = { P4, P4, P4, P4, P4, P4, P4, P4, P4, P4 },
		[DA] = { P4, P4, P4, P4, P4, P4, P4, P4, P4, P4 }, [M1] = { M2, M2, M2, M2, M2, M2, M2, M2, M2, P4 },
		[M2] = { M3, M3, M3, M3, M3, M3, M3, M3, M3, M3 },
		[M3] = { NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE } };
	int first, last;
	char name[16];
	uint64_t kept = own_stream(0x61696d73);
	quarter_bounds(world, world->quarters - 1, &first, &last, name);
	for (unsigned i = 0; i < world->employees; i++) {
		struct person *person = &world->people[i];
		int since = person->steps > 0 ? person->promoted[person->steps - 1] : person->hire;
		unsigned chance = pick(100), better = (person->position <= P2 ? 74 : 78) + pick(18);
		person->aim = aims[person->position][pick(10)];
		person->diligence = (uint8_t)(20 + pick(50));
		unsigned share = person->position >= M1 ? 60 : person->position <= P2 ? 27 : 30;
		person->keen = person->aim != NONE && last - since > 330 && chance < share;
		if (!person->keen)
			continue;
		person->diligence = 75;
		person->skill = (uint8_t)(person->skill < better ? better : person->skill);
	}
	seed_state = kept;
}

/* The position a person holds on a day: index into positions. */
static unsigned position_on(const struct person *person, int day)
{
	for (unsigned s = 0; s < person->steps; s++) {
		if (day < person->promoted[s])
			return person->step[s];
	}
	return person->position;
}

/* ---- exports ---- */
static void write_catalogue(struct world *world)
{
	struct file file = open_file(world, "组织架构.csv", false, true);
	line(&file, "部门编号,部门名称,上级部门,成本中心\r\n");
	for (uint32_t i = 0; i < world->unit_count; i++) {
		const struct unit *unit = &world->units[i];
		line(&file, "%s,%s,%s,CC%03u\r\n", unit->id, unit->name,
			unit->parent == UINT32_MAX ? "" : world->units[unit->parent].id, 100 + i);
	}
	close_file(&file);
	file = open_file(world, "岗位表.csv", false, true);
	line(&file, "岗位编号,岗位名称,序列,职级,关键岗位\r\n");
	for (size_t i = 0; i < COUNT(positions); i++)
		line(&file, "%s,%s,%s,%s,%s\r\n", positions[i].id, positions[i].title, positions[i].track, positions[i].level,
			i >= M1 || i == P4 ? "是" : "否");
	close_file(&file);
	file = open_file(world, "课程目录.csv", false, true);
	line(&file, "课程编号,课程名称,学分类别,必备/延伸,课程类型,课程级类,学分,学时,必修对象,合格线,有效期（月）,授课方式,胜任力编号,起始等级,达到等级,先修课程,阶段\r\n");
	static const char *const deliveries[] = { "线上", "线下", "视频", "文本" };
	for (size_t i = 0; i < COURSES; i++) {
		const struct course *course = &courses[i];
		char months[16] = "";
		if (course->months > 0 && !world->plain)
			snprintf(months, sizeof months, "%d", course->months);
		line(&file, "KC%03zu,%s,%s,%s,%s,%s,%d.%d,%d,%s,%d,%s,%s,", i + 1, course->title, course->category, course->core,
			course->type, course->class, course->credits / 10, course->credits % 10, course->hours, course->required,
			course->pass, months, deliveries[i % 4]);
		const struct link *link = NULL;
		for (size_t k = 0; k < COUNT(links); k++)
			if (links[k].course == (int)i + 1)
				link = &links[k];
		if (link == NULL)
			line(&file, ",,,,\r\n");
		else
			line(&file, "%s,%d,%d,%s,%s\r\n", link->competency, link->from, link->to, link->before,
				link->to <= 2 ? "初级" : link->to == 3 ? "中级" : "高级");
	}
	close_file(&file);
}

static void write_roster(struct world *world, unsigned quarter)
{
	int first, last;
	char name[16], path[64];
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "花名册_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "工号,姓名,性别,部门编号,岗位编号,序列,职级,入职日期,离职日期,离职原因,状态,直接上级,学历,专业,招聘渠道,用工形式,职场,职业锚,发展意愿\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		uint64_t kept = seed_state;
		seed_state = i * 7919u + 17;          /* the same person says the same every quarter */
		if (person->hire <= last) {
			const struct position *position = &positions[position_on(person, last)];
			bool left = person->leave != 0 && person->leave <= last;
			bool ill = !world->plain && last - person->hire > 200 && (i * 31u + quarter * 7u) % 97u == 13u;
			const char *education = educations[pick(COUNT(educations))], *major = majors[pick(COUNT(majors))];
			const char *channel = channels[pick(COUNT(channels))], *anchor = anchors[pick(COUNT(anchors))];
			const char *wish = wishes[pick(COUNT(wishes))];
			line(&file, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\r\n", id_of(world, i), person->name,
				pick(100) < 68 ? "女" : "男", world->units[person->unit].id, position->id, position->track, position->level,
				date_text(person->hire, "slash"), left ? date_text(person->leave, "slash") : "",
				left ? (pick(2) ? "个人发展" : "家庭原因") : "", left ? "离职" : ill ? "长期病假" : last - person->hire < 90 ? "试用" : "在职",
				person->manager == UINT32_MAX ? "" : id_of(world, person->manager), education, major, channel,
				pick(3) ? "正式" : "派遣", pick(4) ? "江城" : "临江", anchor, wish);
		}
		seed_state = kept;
	}
	close_file(&file);
}

static void write_history(struct world *world, unsigned quarter)
{
	int first, last;
	char name[16], path[64];
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "岗级变动_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "工号,变动类型,生效日期,部门编号,岗位编号,序列,职级\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		for (unsigned s = 0; s <= person->steps; s++) {
			int from = s == 0 ? person->hire : person->promoted[s - 1];
			const struct position *position = &positions[s < person->steps ? person->step[s] : person->position];
			if (from > last || (quarter > 0 && from < first))
				continue;
			line(&file, "%s,%s,%s,%s,%s,%s,%s\r\n", id_of(world, i), s == 0 ? "入职" : "晋升", date_text(from, "iso"),
				world->units[person->unit].id, position->id, position->track, position->level);
		}
	}
	close_file(&file);
}

static bool is_held(const int16_t *passed, unsigned course, int day, int begin)
{
	return passed[course] != 0
		&& (courses[course].months == 0 || day - begin < passed[course] + courses[course].months * 30);
}

static bool is_required(unsigned course, const char *level)
{
	return strcmp(courses[course].required, level) == 0;
}

/* A required course the person does not hold, by a few throws: of the own position, of the one before, of the aim. */
static unsigned pick_required(const struct person *person, unsigned rank, const int16_t *passed, int day, int begin)
{
	static const uint8_t before[] = { P1, P1, P2, P3, P1, P2, P2, P2, M1, M2 };
	static uint8_t found[NONE][COURSES], counts[NONE];
	if (counts[P1] == 0)
		for (unsigned p = 0; p < NONE; p++)
			for (unsigned c = 0; c < COURSES; c++)
				if (is_required(c, positions[p].id))
					found[p][counts[p]++] = (uint8_t)c;
	for (int tries = 0; tries < 10; tries++) {
		unsigned of = tries % 3 == 0 ? rank : tries % 3 == 1 ? before[rank] : person->keen ? person->aim : rank;
		unsigned course = counts[of] == 0 ? 0 : found[of][pick(counts[of])];
		if (counts[of] > 0 && !is_held(passed, course, day, begin))
			return course;
	}
	return COURSES;
}

/* A course the person would take: fit for the position, not held already. */
static unsigned pick_course(const struct person *person, const int16_t *passed, int day, int begin)
{
	unsigned rank = position_on(person, day), course = COURSES;
	if (pick(100) < person->diligence)
		course = pick_required(person, rank, passed, day, begin);
	for (int tries = 0; tries < 8 && course == COURSES; tries++) {
		unsigned any = pick(COURSES);
		if (is_held(passed, any, day, begin))
			continue;
		const char *need = courses[any].required;
		bool manager = rank >= M1, for_manager = need[0] == 'M';
		bool special = strcmp(courses[any].class, "岗位晋升") == 0 && !is_required(any, positions[rank].id);
		if ((for_manager == manager && !special) || pick(30) == 0)
			course = any;
	}
	return course == COURSES ? pick(COURSES) : course;
}

static void write_completions(struct world *world, unsigned quarter, uint64_t *row_from)
{
	int first, last, begin, end;
	char name[16], path[64];
	quarter_bounds(world, world->quarters - 1, &first, &end, name);
	begin = end - 820;
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "lms_%s.csv", name);
	struct file file = open_file(world, path, !world->plain, false);
	if (!world->plain)
		line(&file, "江城客服中心 学习平台 学习记录导出,,,,,,,,,,\r\n");
	line(&file, "工号,姓名,课程编号,课程名称,班次,报名日期,完成日期,次数,成绩,是否合格,学时\r\n");
	uint64_t total = (uint64_t)world->employees * world->rows;
	char previous[512] = "";
	for (; *row_from < total; ++*row_from) {
		int day = begin + (int)(*row_from * 821 / total);
		if (day > last)
			break;
		unsigned who = pick(world->employees);
		struct person *person = &world->people[who];
		if (day <= person->hire || (person->leave != 0 && day > person->leave)) {
			if (!world->plain)
				continue;
		}
		unsigned number = pick_course(person, world->passed + (size_t)who * COURSES, day, begin);
		const struct course *course = &courses[number];
		uint8_t *attempts = &world->attempts[(size_t)who * COURSES + number];
		if (*attempts < 9)
			++*attempts;
		int score = person->skill + 10 + bell() * 18 / 1000 - (course->credits > 20 ? 6 : 0) + (*attempts > 1 ? 4 : 0);
		score = score > 100 ? 100 : score < 20 ? 20 : score;
		const char *result = score >= course->pass ? "合格" : "不合格";
		unsigned luck = pick(1000);
		char score_text[16];
		snprintf(score_text, sizeof score_text, "%d", score);
		const char *done = date_text(day, "iso");
		if (luck >= 24 && score >= course->pass)
			world->passed[(size_t)who * COURSES + number] = (int16_t)(day - begin + 1);
		if (luck < 12) {
			result = "缺考";
			score_text[0] = '\0';
		} else if (luck < 20) {
			result = "学习中";
			score_text[0] = '\0';
			done = "";
		} else if (luck < 24) {
			result = "免修";
			score_text[0] = '\0';
		} else if (person->no_scores && luck < 600) {
			score_text[0] = '\0';
		}
		char course_id[16], text[512];
		snprintf(course_id, sizeof course_id, "KC%03u", number + 1);
		if (!world->plain && luck == 500)
			snprintf(course_id, sizeof course_id, "KC9%02u", number);
		if (!world->plain && luck == 501)
			done = "2026-02-30";
		if (!world->plain && luck == 502)
			snprintf(score_text, sizeof score_text, "1%02d", score % 100);
		snprintf(text, sizeof text, "%s,%s,%s,%s,BC%s%02u,%s,%s,%d,%s,%s,%d\r\n",
			!world->plain && luck == 503 ? "99999" : id_of(world, who), person->name, course_id, course->title, name,
			1 + number % 20, date_text(day - 3 - (int)pick(9), "iso"), done, *attempts, score_text, result,
			course->hours);
		put(&file, text);
		if (!world->plain && luck == 504 && previous[0] != '\0')
			put(&file, previous);
		memcpy(previous, text, sizeof previous);
	}
	close_file(&file);
}

static void write_performance(struct world *world, unsigned quarter)
{
	int first, last;
	char name[16], path[64];
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "绩效_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "季度,工号,质检得分,一次解决率,客户满意度,出勤率,业务考试\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		if (person->hire > last || (person->leave != 0 && person->leave < first))
			continue;
		/* from the second quarter on a few are in trouble at home */
		int form = (int)person->skill - (quarter > 0 && (i * 2654435761u >> 16) % 23u == 3u ? 32 : 0);
		int quality = 560 + form * 42 / 10 + bell() * 60 / 1000, exam = 300 + form * 7 + bell() * 90 / 1000;
		int fcr = 620 + (int)person->skill * 2 + bell() * 80 / 1000,
			csat = 700 + (int)person->skill * 2 + bell() * 70 / 1000;
		int attendance = 972 + bell() * 45 / 1000;
		quality = quality > 1000 ? 1000 : quality;
		exam = exam > 1000 ? 1000 : exam;
		attendance = attendance > 1000 ? 1000 : attendance;
		char quality_text[16];
		snprintf(quality_text, sizeof quality_text, "%d.%d", quality / 10, quality % 10);
		line(&file, "%s,%s,%s,%d.%d%%,%d.%d%%,%d.%d%%,%d.%d\r\n", name, id_of(world, i), pick(100) < 3 ? "" : quality_text,
			fcr / 10, fcr % 10, csat / 10, csat % 10, attendance / 10, attendance % 10, exam / 10, exam % 10);
	}
	close_file(&file);
}

static void write_awards(struct world *world, unsigned quarter)
{
	int first, last;
	char name[16], path[64];
	quarter_bounds(world, quarter, &first, &last, name);
	int since = quarter == 0 ? first - 540 : first;
	snprintf(path, sizeof path, "荣誉_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "工号,荣誉名称,类别,授予日期,授予单位\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		unsigned chance = quarter == 0 ? 45 : 10;
		if (pick(100) >= chance * person->skill / 80)
			continue;
		int day = since + (int)pick((unsigned)(last - since));
		if (day > person->hire && (person->leave == 0 || day < person->leave))
			line(&file, "%s,%s,%s,%s,江城客服中心\r\n", id_of(world, i), honours[pick(COUNT(honours))], "中心级",
				date_text(day, "iso"));
	}
	close_file(&file);
	snprintf(path, sizeof path, "兼职岗位_%s.csv", name);
	file = open_file(world, path, false, true);
	line(&file, "工号,角色,开始日期,结束日期,学时,评价\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		if (pick(100) >= (quarter == 0 ? 22u : 4u) || person->skill < 66)
			continue;
		int day = since + (int)pick((unsigned)(last - since));
		if (day > person->hire + 200)
			line(&file, "%s,%s,%s,%s,%u,%s\r\n", id_of(world, i), roles[pick(COUNT(roles))], date_text(day, "iso"),
				pick(3) ? "" : date_text(day + 180, "iso"), 8 + pick(80), pick(3) ? "优" : "良");
	}
	uint64_t kept = own_stream(0x726f6c65 + quarter);
	for (unsigned i = 0; quarter == 0 && i < world->employees; i++) {
		static const uint8_t of[NONE] = { [P3] = 1, [P4] = 1, [M1] = 1, [QA] = 3, [TR] = 2, [DA] = 4 };
		const struct person *person = &world->people[i];
		int day = last - 40 - (int)pick(260);
		if (!person->keen || of[person->aim] == 0 || day < person->hire + 150 || (of[person->aim] == 1 && pick(2)))
			continue;
		line(&file, "%s,%s,%s,,%u,优\r\n", id_of(world, i), roles[of[person->aim] - 1], date_text(day, "iso"),
			20 + pick(80));
	}
	seed_state = kept;
	close_file(&file);
	snprintf(path, sizeof path, "证书_%s.csv", name);
	file = open_file(world, path, false, true);
	line(&file, "工号,证书名称,发证机构,发证日期,有效期至,学分\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		if (pick(100) >= (quarter == 0 ? 18u : 3u))
			continue;
		int day = since + (int)pick((unsigned)(last - since));
		if (day > person->hire)
			line(&file, "%s,%s,省人力资源和社会保障厅,%s,%s,%u.0\r\n", id_of(world, i), certificates[pick(COUNT(certificates))],
				date_text(day, "iso"), pick(2) ? date_text(day + 1095, "iso") : "长期", 1 + pick(3));
	}
	close_file(&file);
}

/* Stars of the four quarters before the first, as another system kept them. */
static void write_grades(const struct world *world)
{
	uint64_t kept = own_stream(0x67726164);
	struct file file = open_file(world, "历史评级.csv", false, true);
	line(&file, "工号,期间,项目,取值\r\n");
	for (int back = 4; back >= 1; back--) {
		int first, last;
		char name[16];
		quarter_bounds(world, (unsigned)-back, &first, &last, name);
		for (unsigned i = 0; i < world->employees; i++) {
			const struct person *person = &world->people[i];
			int points = person->skill + bell() * 14 / 1000;
			if (last - person->hire < 90 || pick(100) < 4)
				continue;
			line(&file, "%s,%s,星级,%d\r\n", id_of(world, i), name,
				points >= 86 ? 5 : points >= 76 ? 4 : points >= 62 ? 3 : points >= 50 ? 2 : 1);
		}
	}
	close_file(&file);
	seed_state = kept;
}

/* Somebody who has been here all quarter; `keen`: who prepares for a step. */
static unsigned pick_present(const struct world *world, int first, int last, bool keen)
{
	unsigned who = 0;
	for (int tries = 0; tries < 500; tries++) {
		const struct person *person = &world->people[who = pick(world->employees)];
		if (person->hire < first - 200 && (person->leave == 0 || person->leave > last) && (!keen || person->keen))
			break;
	}
	return who;
}

/*
 * What the meeting of a quarter decided on readiness, boxes and plans: for the quarter, until further notice, or over
 * already; in the last quarter two that cannot be applied.
 */
static void write_more_decisions(const struct world *world, struct file *file, unsigned quarter, int first, int last)
{
	static const char *const boxes[] = { "8", "5", "6", "9" };
	for (unsigned k = 0; k < 3; k++) {
		unsigned who = pick_present(world, first, last, true);
		int day = first + 20 + (int)pick(50);
		line(file, "%s,准备度,%s,%s,%s,韩伟,%s,%s\r\n", id_of(world, who), positions[world->people[who].aim].id,
			k == 1 ? "1 年内" : "现在具备", k == 1 ? "面试评议：现场管理经验不足" : "评审组面试通过", date_text(day, "iso"),
			k == 2 ? date_text(last - 5, "iso") : "");
	}
	for (unsigned k = 0; k < 3; k++)
		line(file, "%s,九宫格,,%s,%s,周敏,%s,%s\r\n", id_of(world, pick_present(world, first, last, k == 0)),
			boxes[pick(COUNT(boxes))], k == 0 ? "跨部门项目表现突出" : "评委校准后一致意见", date_text(last - 12, "iso"),
			k == 2 ? date_text(last - 2, "iso") : date_text(last, "iso"));
	for (unsigned k = 0; k < 6; k++) {
		static const char *const items[] = { "KC053", "KC028", "KC017", "mentoring", "mentoring", "KC017" };
		static const char *const whys[] = { "上级建议", "上级建议", "新业务上线前须完成", "已由外部导师带教", "调班，暂缓带教",
			"已参加现场宣讲" };
		unsigned who = pick_present(world, first, last, false);
		for (int tries = 0; k >= 3 && tries < 50 && world->people[who].skill > 64; tries++)
			who = pick_present(world, first, last, false);
		line(file, "%s,发展计划,%s,%s,%s,周敏,%s,\r\n", id_of(world, who), items[k],
			k >= 3 ? "取消" : k == 2 ? date_text(last + 45, "iso") : "加入", whys[k], date_text(last - 20, "iso"));
	}
	if (world->plain || quarter + 1 != world->quarters)
		return;
	line(file, "%s,星级,,六星,录入有误,周敏,%s,\r\n", id_of(world, pick_present(world, first, last, false)),
		date_text(last - 9, "iso"));
	line(file, "%s,薪档,,B3,不属盘点范围,周敏,%s,\r\n", id_of(world, pick_present(world, first, last, false)),
		date_text(last - 9, "iso"));
}

/* What the meeting of a quarter decided: mostly for the quarter alone, one until further notice, one already over. */
static void write_decisions(const struct world *world, unsigned quarter)
{
	static const char *const reasons[] = { "质检录音复核后调整", "重大投诉处置突出", "系统故障期间指标失真", "带教任务折算" };
	static const char *const people[] = { "周敏", "韩伟" };
	int first, last;
	char name[16], path[64];
	uint64_t kept = own_stream(0x64656369 + quarter);
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "决定_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "工号,项目,对象,决定,理由,决定人,决定日期,失效日期\r\n");
	for (unsigned k = 0; k < 6; k++) {
		unsigned who = pick(world->employees), star = 3 + pick(3), reason = pick(COUNT(reasons)), by = pick(2);
		int day = first + 20 + (int)pick(50);
		const struct person *person = &world->people[who];
		if (person->hire > first || (person->leave != 0 && person->leave <= last))
			continue;
		line(&file, "%s,星级,,%u,%s,%s,%s,%s\r\n", id_of(world, who), star, reasons[reason], people[by],
			date_text(day, "iso"),
			k == 0 ? "" : date_text(k == 1 ? day + 15 > last ? last - 1 : day + 15 : last, "iso"));
	}
	write_more_decisions(world, &file, quarter, first, last);
	close_file(&file);
	seed_state = kept;
}

/* ---- assessments and plans ---- */
/* The competency a text such as "C01 2 C02 2" holds at *at, and its level; moves on. False at the end. */
static bool next_need(const char **at, char competency[8], int *level)
{
	if (strlen(*at) < 5)
		return false;
	memcpy(competency, *at, 3);
	competency[3] = '\0';
	*level = (*at)[4] - '0';
	*at += strlen(*at) > 5 ? 6 : 5;
	return true;
}

/* The level of a person in a competency. Who prepares for a step is measured by what it needs, if that is more. */
static int talent(const struct person *person, const char *competency, int required)
{
	const char *at = person->keen && person->aim != NONE ? strstr(needs[person->aim], competency) : NULL;
	if (at != NULL && at[4] - '0' > required)
		required = at[4] - '0';
	int level = required * 100 - 25 + ((int)person->skill - 70) * 5 + bell() * 70 / 1000;
	return level < 0 ? 0 : level > 500 ? 500 : level;
}

static void write_assessment(const struct world *world, struct file *file, unsigned who, const char *competency,
	int level, int first, int last)
{
	static const char *const kinds[] = { "考试", "上级评价", "现场观察", "同事评价", "同事评价", "自评" };
	static const unsigned chances[] = { 50, 75, 25, 25, 15, 30 };
	const struct person *person = &world->people[who];
	for (size_t k = 0; k < COUNT(kinds); k++) {
		if (pick(100) >= chances[k])
			continue;
		int day = first + (int)pick((unsigned)(last - first)), shown = level + bell() * 40 / 1000 + (k == 5 ? 40 : 0);
		shown = shown < 0 ? 0 : shown > 500 ? 500 : shown;
		char by[16] = "", value[16], score[16] = "";
		if (k == 1 && person->manager != UINT32_MAX)
			snprintf(by, sizeof by, "%s", id_of(world, person->manager));
		if (k >= 2 && k < 5)
			snprintf(by, sizeof by, "%s", id_of(world, pick(world->employees)));
		if (k == 5)
			snprintf(by, sizeof by, "%s", id_of(world, who));
		snprintf(value, sizeof value, "%d", (shown + 50) / 100);
		if (k == 0) {
			snprintf(score, sizeof score, "%d", shown / 5);
			value[0] = '\0';
		}
		unsigned luck = world->plain ? 0 : pick(1200);
		if (luck == 1)
			snprintf(value, sizeof value, "8");
		line(file, "%s,%s,%s,%s,%s,%s,%s\r\n", id_of(world, who), luck == 2 ? "C99" : competency, value, score,
			luck == 3 ? "抽查" : kinds[k], by, date_text(day, "iso"));
	}
}

static void write_assessments(struct world *world, unsigned quarter)
{
	int first, last;
	char name[16], path[64], competency[8];
	uint64_t kept = own_stream(0x61737365 + quarter);
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "测评_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "工号,胜任力编号,等级,得分,测评方式,测评人,测评日期\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		int level, since = quarter == 0 ? first - 85 : first;
		if (person->hire > last - 30 || (person->leave != 0 && person->leave < first) || i % 17 == 5)
			continue;           /* too new, gone, or never assessed */
		unsigned position = position_on(person, last);
		bool fresh = quarter == 0 || person->hire > first - 1 - 30;       /* the first time all is looked at */
		if (since <= person->hire)
			since = person->hire + 1;
		for (int next = 0; next < 2; next++) {
			unsigned of = next ? person->aim : position;
			const char *at = of == NONE ? "" : needs[of], *own = needs[position];
			while (next_need(&at, competency, &level)) {
				if (next && strstr(own, competency) != NULL)
					continue;
				unsigned chance = !fresh ? 22 : next && !person->keen ? person->aim >= M1 ? 60 : 91 : 97;
				if (pick(100) < chance)
					write_assessment(world, &file, i, competency,
						talent(person, competency, next && !person->keen ? level - 1 : level), since, last);
			}
		}
	}
	close_file(&file);
	seed_state = kept;
}

/* Last quarter's plan and how far it came. */
static void write_plans(struct world *world, unsigned quarter)
{
	static const char *const progress[] = { "未开始", "进行中", "进行中", "已完成" };
	int first, last;
	char name[16], path[64], competency[8];
	uint64_t kept = own_stream(0x69647020 + quarter);
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "发展计划_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "工号,项目,胜任力编号,课程编号,期限,进度,导师\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		int level;
		if (person->hire > first - 60 || (person->leave != 0 && person->leave < last) || pick(100) >= 45)
			continue;
		const char *at = needs[position_on(person, first)];
		while (next_need(&at, competency, &level)) {
			if (pick(100) >= 30)
				continue;
			const struct link *link = &links[pick(COUNT(links))];
			for (unsigned k = 0; k < COUNT(links) && (strcmp(link->competency, competency) != 0 || link->to > level);
				 k++)
				link = &links[k];
			if (strcmp(link->competency, competency) != 0)
				continue;
			line(&file, "%s,%s,%s,KC%03d,%s,%s,\r\n", id_of(world, i), courses[link->course - 1].title, competency,
				link->course, date_text(first + 30 + (int)pick(150), "iso"), progress[pick(COUNT(progress))]);
		}
		if (pick(100) < 12)
			line(&file, "%s,师徒带教,,,%s,%s,%s\r\n", id_of(world, i), date_text(last + 1 + (int)pick(60), "iso"),
				progress[pick(COUNT(progress))], id_of(world, pick(world->heads)));
	}
	close_file(&file);
	seed_state = kept;
}

/* Ratings of performance and potential (1 to 5), disciplinary measures, open vacancies. */
static void write_reviews(const struct world *world, unsigned quarter)
{
	static const char *const kinds[] = { "警告", "记过", "服务红线违规" };
	static const struct { unsigned position; const char *unit; } open[] = {
		{ P2, "JC-S1-1" }, { P3, "JC-TS-2" }, { P4, "JC-S1" }, { M1, "JC-S1-4" }, { M1, "JC-WH-1" }, { M2, "JC-WH" },
		{ QA, "JC-ZJ-1" }, { TR, "JC-ZJ-1" }, { DA, "JC-SJ-1" }, { M3, "JC" } };
	int first, last;
	char name[16], path[64];
	uint64_t kept = own_stream(0x72657669 + quarter);
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "评价_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "季度,工号,绩效评价,潜力评价\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		unsigned luck = pick(100);
		int potential = 4 + (int)(i * 2654435761u % 31) + person->skill / 5 + bell() * 4 / 1000;
		int performance = 3 + person->skill * 41 / 100 + bell() * 15 / 1000;
		potential += person->keen ? 5 : 0;
		char texts[2][16] = { "", "" };
		if (person->hire > last - 60 || (person->leave != 0 && person->leave <= last) || luck < 2)
			continue;
		performance = performance > 50 ? 50 : performance < 10 ? 10 : performance;
		potential = potential > 50 ? 50 : potential < 10 ? 10 : potential;
		if (luck != 2)
			snprintf(texts[0], sizeof texts[0], "%d.%d", performance / 10, performance % 10);
		if (luck > 5)
			snprintf(texts[1], sizeof texts[1], "%d.%d", potential / 10, potential % 10);
		line(&file, "%s,%s,%s,%s\r\n", name, id_of(world, i), texts[0], texts[1]);
	}
	close_file(&file);
	snprintf(path, sizeof path, "处分_%s.csv", name);
	file = open_file(world, path, false, true);
	line(&file, "工号,处分类别,开始日期,结束日期\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		unsigned luck = pick(1000);
		int day = first + (int)pick((unsigned)(last - first)), months = 3 + 3 * (int)pick(3);
		if (luck < 18 && day > person->hire && (person->leave == 0 || day < person->leave))
			line(&file, "%s,%s,%s,%s\r\n", id_of(world, i), kinds[pick(COUNT(kinds))], date_text(day, "iso"),
				luck < 3 ? "" : date_text(day + months * 30, "iso"));
	}
	close_file(&file);
	snprintf(path, sizeof path, "空缺岗位_%s.csv", name);
	file = open_file(world, path, false, true);
	line(&file, "空缺编号,岗位编号,部门编号,职级,开放日期,人数,关键岗位\r\n");
	for (uint32_t k = 0; k < world->centres * COUNT(open); k++) {
		unsigned wanted = open[k % COUNT(open)].position;
		const struct position *position = &positions[wanted];
		char code[16], unit[24];
		snprintf(code, sizeof code, k < COUNT(open) ? "JC" : "C%04u", (unsigned)(k / COUNT(open) + 1));
		snprintf(unit, sizeof unit, "%s%s", code, open[k % COUNT(open)].unit + strlen("JC"));
		if (pick(4) == 0)
			continue;
		line(&file, "KQ%s%02u,%s,%s,%s,%s,%u,%s\r\n", name, k + 1, position->id, unit, position->level,
			date_text(first + (int)pick(80), "iso"), 1 + pick(2), wanted >= M1 || wanted == P4 ? "是" : "否");
	}
	close_file(&file);
	seed_state = kept;
}

static unsigned number_of(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);
	if (*end != '\0' || value == 0 || value > 10000000) {
		fprintf(stderr, "generate: '%s' is not a number\n", text);
		exit(64);
	}
	return (unsigned)value;
}

/* The plan of a quarter's classes with what came of them, by unit; suggestions; questionnaires after classes. */
static void write_more(const struct world *world, unsigned quarter)
{
	static const char *const causes[] = { "讲师请假", "话务高峰", "场地冲突" };
	static const char *const dimensions[] = { "content", "form", "benefit", "trainer", "organisation" };
	int first, last;
	char name[16], path[64];
	uint64_t kept = own_stream(0x6d6f7265 + quarter);
	quarter_bounds(world, quarter, &first, &last, name);
	snprintf(path, sizeof path, "培训计划_%s.csv", name);
	struct file file = open_file(world, path, false, true);
	line(&file, "计划编号,课程编号,部门编号,计划日期,计划场次,计划人次,计划学时,预算,完成场次,完成人次,完成学时,实际费用,偏差原因\r\n");
	for (unsigned k = 0; k < 14; k++) {
		unsigned course = pick(COURSES), sessions = 1 + pick(3), heads = 10 + pick(20);
		unsigned hours = (unsigned)courses[course].hours;
		unsigned done = pick(4) ? sessions : sessions - 1, budget = 800 * sessions + 50 * pick(20);
		uint32_t unit = 1 + pick(world->unit_count - 1);
		line(&file, "JH%s%02u,KC%03u,%s,%s,%u,%u,%u,%u,%u,%u,%u,%u,%s\r\n", name, k + 1, course + 1,
			k % 4 == 3 ? "" : world->units[unit].id, date_text(first + (int)pick((unsigned)(last - first)), "iso"),
			sessions, heads, hours * sessions, budget, done,
			done == sessions ? heads - pick(4) : heads * done / sessions, hours * done,
			budget * done / sessions, done == sessions ? "" : causes[pick(COUNT(causes))]);
	}
	close_file(&file);
	snprintf(path, sizeof path, "合理化建议_%s.csv", name);
	file = open_file(world, path, false, true);
	line(&file, "工号,提交日期,是否采纳,采纳日期,价值\r\n");
	for (unsigned k = 0; k < world->employees / 24; k++) {
		int day = first + (int)pick((unsigned)(last - first - 20));
		bool adopted = pick(3) == 0;
		line(&file, "%s,%s,%s,%s,%u\r\n", id_of(world, pick_present(world, first, last, false)), date_text(day, "iso"),
			adopted ? "是" : "否", adopted ? date_text(day + 14, "iso") : "", adopted ? 500 * (1 + pick(10)) : 0);
	}
	close_file(&file);
	snprintf(path, sizeof path, "培训问卷_%s.csv", name);
	file = open_file(world, path, false, true);
	line(&file, "问卷编号,课程编号,班次,讲师,工号,维度,得分,填写日期\r\n");
	for (unsigned k = 0; k < 60; k++) {
		unsigned course = pick(COURSES), day = pick((unsigned)(last - first));
		for (size_t d = 0; d < COUNT(dimensions); d++)
			line(&file, "WJ%s%03u,KC%03u,BC%s%02u,NX%02u,%s,%s,%u,%s\r\n", name, k + 1, course + 1, name, course % 20 + 1,
				course % 7 + 1, k % 3 ? "" : id_of(world, k * 5u % world->employees), dimensions[d], 3 + pick(3),
				date_text(first + (int)day, "iso"));
	}
	close_file(&file);
	snprintf(path, sizeof path, "证书到期_%s.csv", name);
	file = open_file(world, path, false, true);
	line(&file, "工号,证书名称,发证机构,发证日期,有效期至,学分\r\n");
	for (unsigned k = 0; k < 6; k++) {
		int end = last + (int)pick(110) - 10;
		line(&file, "%s,消防安全员证,市应急管理局,%s,%s,1.0\r\n", id_of(world, pick_present(world, first, last, false)),
			date_text(end - 730, "iso"), date_text(end, "iso"));
	}
	close_file(&file);
	seed_state = kept;
}

/* How a panel sorts what matters at a position: a flat sort into piles, then an order inside each. */
static void write_sorts(const struct world *world)
{
	static const char *const piles[] = { "important", "neutral", "unimportant" };
	static const unsigned sizes[] = { 3, 4, 3 };
	uint64_t kept = own_stream(0x71736f72);
	struct file file = open_file(world, "Q分类.csv", false, true);
	line(&file, "专家,岗位编号,胜任力编号,类别,排序\r\n");
	for (unsigned panellist = 0; panellist < 5; panellist++) {
		unsigned order[10];
		for (unsigned i = 0; i < 10; i++)
			order[i] = i + 1;
		for (unsigned k = 0; k < 6; k++) { /* panellists agree by and large */
			unsigned at = pick(9), other = order[at];
			order[at] = order[at + 1];
			order[at + 1] = other;
		}
		for (unsigned pile = 0, at = 0; pile < 3; pile++)
			for (unsigned rank = 1; rank <= sizes[pile]; rank++)
				line(&file, "ZJ%u,P2,C%02u,%s,%u\r\n", panellist + 1, order[at++], piles[pile], rank);
	}
	close_file(&file);
	seed_state = kept;
}

int main(int argc, char **argv)
{
	struct world world = {
		.out = NULL, .employees = 360, .rows = 42, .quarters = 3, .first_year = 2026, .first_quarter = 1
	};
	seed_state = 20260930;
	uint64_t seed = 0;
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : "";
		if (strcmp(argv[i], "--plain") == 0) {
			world.plain = true;
			continue;
		}
		if (strcmp(argv[i], "--out") == 0)
			world.out = value;
		else if (strcmp(argv[i], "--employees") == 0)
			world.employees = number_of(value);
		else if (strcmp(argv[i], "--rows-per-employee") == 0)
			world.rows = number_of(value);
		else if (strcmp(argv[i], "--quarters") == 0)
			world.quarters = number_of(value);
		else if (strcmp(argv[i], "--seed") == 0)
			seed_state = number_of(value);
		else if (strcmp(argv[i], "--first") == 0 && sscanf(value, "%dQ%d", &world.first_year, &world.first_quarter) == 2)
			;
		else
			world.out = NULL, i = argc;
		i++;
	}
	if (world.out == NULL || world.employees < TEAMS) {
		fputs("usage: generate --out DIR [--employees N] [--rows-per-employee M] [--seed S] [--first 2026Q1] [--quarters K] [--plain]\n", stderr);
		return 64;
	}
	seed = seed_state;
	mkdir(world.out, 0777);
	world.people = calloc(world.employees, sizeof *world.people);
	world.attempts = calloc(world.employees, COURSES);
	world.passed = calloc((size_t)world.employees * COURSES, sizeof *world.passed);
	if (world.people == NULL || world.attempts == NULL || world.passed == NULL)
		return 75;
	seed_given = seed;
	make_units(&world);
	make_people(&world);
	make_aims(&world);
	write_grades(&world);
	write_catalogue(&world);
	uint64_t row = 0;
	for (unsigned quarter = 0; quarter < world.quarters; quarter++) {
		write_roster(&world, quarter);
		write_history(&world, quarter);
		write_completions(&world, quarter, &row);
		write_performance(&world, quarter);
		write_awards(&world, quarter);
		write_decisions(&world, quarter);
		write_assessments(&world, quarter);
		write_plans(&world, quarter);
		write_reviews(&world, quarter);
		if (!world.plain)
			write_more(&world, quarter);
	}
	if (!world.plain)
		write_sorts(&world);
	free(world.units);
	free(world.teams);
	free(world.people);
	free(world.attempts);
	free(world.passed);
	return 0;
}
