/*
 * generate.c - the invented contact centre: a seeded generator of exports as HR and LMS write them.
 *
 * generate --out DIR [--employees N] [--rows-per-employee M] [--seed S] [--first 2026Q1] [--quarters K] [--plain]
 *
 * Default: 360 people in 14 teams, three quarters, with some dirt; the same seed gives the same bytes. --plain leaves
 * the
 * dirt and the validity of courses out and writes the LMS export in UTF-8 without a title row (benchmarks). All
 * people and numbers are invented.
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
struct unit { const char *id, *name, *parent; int weight; bool team; };
static const struct unit units[] = {
	{ "JC", "江城客服中心", "", 0, false },
	{ "JC-S1", "服务一部", "JC", 0, false }, { "JC-S2", "服务二部", "JC", 0, false },
	{ "JC-TS", "投诉处理部", "JC", 0, false }, { "JC-WH", "外呼营销部", "JC", 0, false },
	{ "JC-ZJ", "质检培训部", "JC", 0, false }, { "JC-SJ", "数据支撑部", "JC", 0, false },
	{ "JC-S1-1", "服务一部一组", "JC-S1", 9, true }, { "JC-S1-2", "服务一部二组", "JC-S1", 9, true },
	{ "JC-S1-3", "服务一部三组", "JC-S1", 8, true }, { "JC-S1-4", "宽带专席组", "JC-S1", 7, true },
	{ "JC-S2-1", "服务二部一组", "JC-S2", 9, true }, { "JC-S2-2", "服务二部二组", "JC-S2", 8, true },
	{ "JC-S2-3", "服务二部三组", "JC-S2", 8, true },
	{ "JC-TS-1", "投诉一组", "JC-TS", 7, true }, { "JC-TS-2", "疑难投诉组", "JC-TS", 5, true },
	{ "JC-WH-1", "外呼一组", "JC-WH", 8, true }, { "JC-WH-2", "外呼二组", "JC-WH", 7, true },
	{ "JC-WH-3", "电商直播组", "JC-WH", 5, true },
	{ "JC-ZJ-1", "质检培训组", "JC-ZJ", 5, true }, { "JC-SJ-1", "数据支撑组", "JC-SJ", 5, true },
};
enum { FIRST_TEAM = 7, TEAMS = COUNT(units) - FIRST_TEAM };

struct position { const char *id, *title, *track, *level; };
static const struct position positions[] = {
	{ "P1", "客服代表", "专业", "P1" }, { "P2", "高级客服代表", "专业", "P2" }, { "P3", "资深客服代表", "专业", "P3" },
	{ "P4", "业务专家", "专业", "P4" }, { "QA", "质检员", "专业", "P2" }, { "TR", "培训师", "专业", "P3" },
	{ "DA", "数据分析师", "专业", "P3" }, { "M1", "班组长", "管理", "M1" }, { "M2", "主管", "管理", "M2" },
	{ "M3", "运营经理", "管理", "M3" },
};
enum { P1, P2, P3, P4, QA, TR, DA, M1, M2, M3 };

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

static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马",
	"朱", "胡", "郭", "何", "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾",
	"肖", "田", "董", "袁", "潘", "于", "蒋", "蔡", "余", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "沈", "姚",
	"卢", "姜", "崔", "钟", "谭", "陆", "汪", "范", "金", "石", "廖", "贾", "夏", "韦", "付", "方", "白", "邹", "孟",
	"熊", "秦", "邱", "江", "尹", "薛", "闫", "段", "雷", "侯", "龙", "单", "仇", "解", "欧阳" };
static const char *const given[] = { "晓", "雯", "婷", "敏", "静", "丽", "娟", "艳", "芳", "娜", "秀", "英", "慧", "巧",
	"美", "兰", "红", "玉", "萍", "莉", "佳", "欣", "怡", "雪", "倩", "颖", "露", "瑶", "梦", "琪", "伟", "强", "磊",
	"军", "洋", "勇", "杰", "涛", "明", "超", "刚", "平", "辉", "鹏", "华", "飞", "鑫", "波", "斌", "宇", "浩", "凯",
	"健", "俊", "帆", "文", "博", "志", "建", "国", "思", "子", "涵", "雨", "宁", "启", "哲", "然", "可", "一", "诺",
	"睿", "晨", "阳", "安", "乐", "心", "悦" };
static const char *const educations[] = { "高中", "大专", "大专", "大专", "本科", "本科", "硕士" };
static const char *const majors[] = { "电子商务", "市场营销", "计算机应用", "通信技术", "工商管理", "汉语言文学",
	"英语", "会计", "旅游管理", "播音主持" };
static const char *const channels[] = { "校园招聘", "社会招聘", "内部推荐", "劳务派遣转正", "网络招聘" };
static const char *const anchors[] = { "技术/职能", "管理", "安全/稳定", "服务/奉献", "自主/独立" };
static const char *const wishes[] = { "业务专家", "班组长", "质检员", "培训师", "数据分析师", "" };
static const char *const honours[] = { "服务之星", "季度优秀员工", "优秀小师傅", "零投诉标兵", "营销能手", "微笑天使",
	"合理化建议奖" };
static const char *const roles[] = { "小师傅", "兼职培训师", "兼职质检员", "兼职数据分析师", "知识库编辑" };
static const char *const certificates[] = { "客户服务管理师（三级）", "普通话二级甲等", "COPC 基础认证",
	"全国计算机二级", "心理咨询师（三级）" };

struct person {
	char name[40];
	int hire, leave;                  /* day numbers; leave 0: still there */
	uint8_t unit, position, skill;    /* skill 0-100: how good at tests and calls */
	int promoted[3]; uint8_t step[3]; uint8_t steps;
	uint32_t manager;
	bool no_scores;
};

struct world {
	const char *out;
	unsigned employees, rows, quarters;
	int first_year, first_quarter;
	bool plain;
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
		snprintf(person->name, sizeof person->name, "%s%s%s", surnames[pick(COUNT(surnames))],
			given[pick(COUNT(given))], pick(4) > 0 ? given[pick(COUNT(given))] : "");
}

static uint8_t pick_team(void)
{
	unsigned all = 0;
	for (size_t i = FIRST_TEAM; i < COUNT(units); i++)
		all += (unsigned)units[i].weight;
	unsigned at = pick(all);
	for (size_t i = FIRST_TEAM; i < COUNT(units); i++) {
		if (at < (unsigned)units[i].weight)
			return (uint8_t)i;
		at -= (unsigned)units[i].weight;
	}
	return FIRST_TEAM;
}

static void make_people(struct world *world)
{
	int first, last, end;
	char name[16];
	quarter_bounds(world, 0, &first, &last, name);
	quarter_bounds(world, world->quarters - 1, &end, &last, name);
	uint32_t head[COUNT(units)];
	memset(head, 0xff, sizeof head);
	for (unsigned i = 0; i < world->employees; i++) {
		struct person *person = &world->people[i];
		name_person(world, i, person);
		unsigned months = pick(100) < 12 ? pick(10) : 6 + pick(110);
		person->hire = last - (int)months * 30 - (int)pick(28);
		person->unit = i < TEAMS ? (uint8_t)(FIRST_TEAM + i) : pick_team();
		int skill = 70 + bell() * 40 / 1000 + (months > 36 ? 4 : 0);
		person->skill = (uint8_t)(skill > 100 ? 100 : skill < 25 ? 25 : skill);
		unsigned rank = months < 14 ? P1 : months < 30 ? pick(2) : months < 60 ? P1 + pick(3) : P2 + pick(3);
		if (strncmp(units[person->unit].id, "JC-ZJ", 5) == 0)
			rank = pick(3) > 0 ? QA : TR;
		if (strncmp(units[person->unit].id, "JC-SJ", 5) == 0)
			rank = DA;
		if (head[person->unit] == UINT32_MAX) {
			rank = M1;
			head[person->unit] = i;
			person->hire = last - 50 * 30 - (int)pick(900);
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
	/* Team heads report to the head of the first team of their department; the first of all reports to nobody. */
	for (unsigned i = 0; i < world->employees && i < TEAMS; i++) {
		unsigned up = i;
		while (up > 0 && strcmp(units[FIRST_TEAM + up - 1].parent, units[FIRST_TEAM + i].parent) == 0)
			up--;
		world->people[i].manager = up != i ? up : i == 0 ? UINT32_MAX : 0;
		world->people[i].position = up == i ? (i == 0 ? M3 : M2) : M1;
		world->people[i].leave = 0;
	}
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
	for (size_t i = 0; i < COUNT(units); i++)
		line(&file, "%s,%s,%s,CC%03zu\r\n", units[i].id, units[i].name, units[i].parent, 100 + i);
	close_file(&file);
	file = open_file(world, "岗位表.csv", false, true);
	line(&file, "岗位编号,岗位名称,序列,职级,关键岗位\r\n");
	for (size_t i = 0; i < COUNT(positions); i++)
		line(&file, "%s,%s,%s,%s,%s\r\n", positions[i].id, positions[i].title, positions[i].track, positions[i].level,
			i >= M1 || i == P4 ? "是" : "否");
	close_file(&file);
	file = open_file(world, "课程目录.csv", false, true);
	line(&file,
		"课程编号,课程名称,学分类别,必备/延伸,课程类型,课程级类,学分,学时,必修对象,合格线,有效期（月）,授课方式\r\n");
	static const char *const deliveries[] = { "线上", "线下", "视频", "文本" };
	for (size_t i = 0; i < COURSES; i++) {
		const struct course *course = &courses[i];
		char months[16] = "";
		if (course->months > 0 && !world->plain)
			snprintf(months, sizeof months, "%d", course->months);
		line(&file, "KC%03zu,%s,%s,%s,%s,%s,%d.%d,%d,%s,%d,%s,%s\r\n", i + 1, course->title, course->category,
			course->core, course->type, course->class, course->credits / 10, course->credits % 10, course->hours,
			course->required, course->pass, months, deliveries[i % 4]);
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
	line(&file,
		"工号,姓名,性别,部门编号,岗位编号,序列,职级,入职日期,离职日期,离职原因,状态,直接上级,学历,专业,"
			"招聘渠道,用工形式,职场,职业锚,发展意愿\r\n");
	for (unsigned i = 0; i < world->employees; i++) {
		const struct person *person = &world->people[i];
		uint64_t kept = seed_state;
		seed_state = i * 7919u + 17;          /* the same person says the same every quarter */
		if (person->hire <= last) {
			const struct position *position = &positions[position_on(person, last)];
			bool left = person->leave != 0 && person->leave <= last;
			const char *education = educations[pick(COUNT(educations))], *major = majors[pick(COUNT(majors))];
			const char *channel = channels[pick(COUNT(channels))], *anchor = anchors[pick(COUNT(anchors))];
			const char *wish = wishes[pick(COUNT(wishes))];
			line(&file, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\r\n", id_of(world, i), person->name,
				pick(100) < 68 ? "女" : "男", units[person->unit].id, position->id, position->track, position->level,
				date_text(person->hire, "slash"), left ? date_text(person->leave, "slash") : "",
				left ? (pick(2) ? "个人发展" : "家庭原因") : "",
				left                           ? "离职"
					: last - person->hire < 90 ? "试用"
											   : "在职",
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
				units[person->unit].id, position->id, position->track, position->level);
		}
	}
	close_file(&file);
}

/* A course the person would take: fit for the position, not held already. */
static unsigned pick_course(const struct person *person, const int16_t *passed, int day, int begin)
{
	unsigned rank = position_on(person, day);
	for (int tries = 0; tries < 8; tries++) {
		unsigned course = pick(COURSES);
		if (passed[course] != 0
			&& (courses[course].months == 0 || day - begin < passed[course] + courses[course].months * 30))
			continue;
		const char *need = courses[course].required;
		bool manager = rank >= M1, for_manager = need[0] == 'M';
		bool special = strcmp(courses[course].class, "岗位晋升") == 0;
		if (for_manager == manager || !(for_manager || special) || pick(5) == 0)
			return course;
	}
	return pick(COURSES);
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
		int quality = 560 + (int)person->skill * 42 / 10 + bell() * 60 / 1000,
			exam = 300 + person->skill * 7 + bell() * 90 / 1000;
		int fcr = 620 + (int)person->skill * 2 + bell() * 80 / 1000,
			csat = 700 + (int)person->skill * 2 + bell() * 70 / 1000;
		int attendance = 972 + bell() * 45 / 1000;
		quality = quality > 1000 ? 1000 : quality;
		exam = exam > 1000 ? 1000 : exam;
		attendance = attendance > 1000 ? 1000 : attendance;
		char quality_text[16];
		snprintf(quality_text, sizeof quality_text, "%d.%d", quality / 10, quality % 10);
		line(&file, "%s,%s,%s,%d.%d%%,%d.%d%%,%d.%d%%,%d.%d\r\n", name, id_of(world, i),
			pick(100) < 3 ? "" : quality_text, fcr / 10, fcr % 10, csat / 10, csat % 10, attendance / 10,
			attendance % 10, exam / 10, exam % 10);
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
			line(&file, "%s,%s,省人力资源和社会保障厅,%s,%s,%u.0\r\n", id_of(world, i),
				certificates[pick(COUNT(certificates))], date_text(day, "iso"),
				pick(2) ? date_text(day + 1095, "iso") : "长期", 1 + pick(3));
	}
	close_file(&file);
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

int main(int argc, char **argv)
{
	struct world world = {
		.out = NULL, .employees = 360, .rows = 42, .quarters = 3, .first_year = 2026, .first_quarter = 1
	};
	seed_state = 20260930;
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
		else if (strcmp(argv[i], "--first") == 0
			&& sscanf(value, "%dQ%d", &world.first_year, &world.first_quarter) == 2)
			;
		else
			world.out = NULL, i = argc;
		i++;
	}
	if (world.out == NULL || world.employees < TEAMS) {
		fputs(
			"usage: generate --out DIR [--employees N] [--rows-per-employee M] [--seed S] [--first 2026Q1] "
				"[--quarters K] [--plain]\n",
			stderr);
		return 64;
	}
	mkdir(world.out, 0777);
	world.people = calloc(world.employees, sizeof *world.people);
	world.attempts = calloc(world.employees, COURSES);
	world.passed = calloc((size_t)world.employees * COURSES, sizeof *world.passed);
	if (world.people == NULL || world.attempts == NULL || world.passed == NULL)
		return 75;
	make_people(&world);
	write_catalogue(&world);
	uint64_t row = 0;
	for (unsigned quarter = 0; quarter < world.quarters; quarter++) {
		write_roster(&world, quarter);
		write_history(&world, quarter);
		write_completions(&world, quarter, &row);
		write_performance(&world, quarter);
		write_awards(&world, quarter);
	}
	free(world.people);
	free(world.attempts);
	free(world.passed);
	return 0;
}
