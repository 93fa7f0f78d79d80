/*
 * readiness.c - from the hard gates of a step to a class: ready now, within a year, one to two years, later, no date,
 * not evaluated.
 *
 * Decides: the class and which of two steps is nearer. Does not decide: gates (gate.c), which steps (ladder.c).
 *
 * The date is the latest over the unmet hard gates. One gate not evaluated: the whole is not evaluated, since nobody
 * can know what it needs. Otherwise one unknown date: no date. Horizons are as-of + 12 and + 24 months, inclusive.
 */
#include "rules/readiness.h"

#include <string.h>

static const struct {
	const char *name;
	struct text_pair title;
} classes[] = {
#define CLASS(id, name, zh, en) { name, { zh, en } },
	READINESS_CLASSES(CLASS)
#undef CLASS
};

const char *readiness_name(enum readiness_class class)
{
	return classes[class].name;
}

struct text_pair readiness_title(enum readiness_class class)
{
	return classes[class].title;
}

enum readiness_class readiness_find(const char *name, size_t length)
{
	for (int i = 0; i < READINESS_COUNT; i++)
		if (strlen(classes[i].name) == length && memcmp(classes[i].name, name, length) == 0)
			return (enum readiness_class)i;
	return READINESS_COUNT;
}

void readiness_unmet(struct readiness *readiness, int32_t earliest)
{
	bool first = readiness->unmet++ == 0;
	if (first)
		readiness->earliest = earliest;
	else if (earliest == DATE_NONE || readiness->earliest == DATE_NONE)
		readiness->earliest = DATE_NONE;
	else if (earliest > readiness->earliest)
		readiness->earliest = earliest;
}

void readiness_settle(struct readiness *readiness, int32_t as_of)
{
	if (readiness->not_evaluated > 0) {
		readiness->class = READINESS_NOT_EVALUATED;
		readiness->earliest = DATE_NONE;
	} else if (readiness->unmet == 0) {
		readiness->class = READINESS_NOW;
		readiness->earliest = as_of;
	} else if (readiness->earliest == DATE_NONE) {
		readiness->class = READINESS_UNDATED;
	} else {
		readiness->class = readiness->earliest <= date_add_months(as_of, 12) ? READINESS_YEAR
			: readiness->earliest <= date_add_months(as_of, 24)              ? READINESS_TWO_YEARS
																			 : READINESS_LATER;
	}
}

int readiness_compare(const struct readiness *a, const struct readiness *b)
{
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->earliest != b->earliest)
		return b->earliest == DATE_NONE || (a->earliest != DATE_NONE && a->earliest < b->earliest) ? -1 : 1;
	if (a->unmet != b->unmet)
		return a->unmet < b->unmet ? -1 : 1;
	return 0;
}

#define EMPLOYEE \
	{ \
		.id = "employee", .type = RESULT_KEY, .dim = KEY_DIM_EMPLOYEE, .title = { "工号", "Employee no." }, \
		.role = "employee" \
	}
#define TARGET \
	{ \
		.id = "target", .type = RESULT_TEXT, .title = { "目标岗级", "Target" }, .role = "step" \
	}
const struct result_column readiness_columns[READINESS_COLUMNS] = { EMPLOYEE,
	{ .id = "track", .type = RESULT_TEXT, .title = { "通道", "Track" }, .role = "track" }, TARGET,
	{ .id = "position",
		.type = RESULT_KEY,
		.dim = KEY_DIM_POSITION,
		.title = { "目标岗位", "Target position" },
		.role = "position" },
	{ .id = "class", .type = RESULT_TEXT, .title = { "准备度", "Readiness" }, .role = "readiness" },
	{ .id = "met", .type = RESULT_NUMBER, .title = { "已达条件", "Gates met" }, .role = "met" },
	{ .id = "unmet", .type = RESULT_NUMBER, .title = { "未达条件", "Gates not met" }, .role = "unmet" },
	{ .id = "not-evaluated",
		.type = RESULT_NUMBER,
		.title = { "未评估条件", "Gates not evaluated" },
		.role = "not-evaluated" },
	{ .id = "earliest", .type = RESULT_DATE, .title = { "最早日期", "Earliest date" }, .role = "earliest" },
	{ .id = "nearest", .type = RESULT_BOOL, .title = { "最近的晋升", "Nearest promotion" }, .role = "nearest" },
	{ .id = "computed",
		.type = RESULT_TEXT,
		.title = { "计算准备度", "Computed readiness" },
		.role = "readiness-computed" },
	{ .id = "decided", .type = RESULT_TEXT, .title = { "人工决定", "Decision" }, .role = "readiness-decided" } };
const struct result_column readiness_gate_columns[READINESS_GATE_COLUMNS] = { EMPLOYEE, TARGET,
	{ .id = "gate", .type = RESULT_TEXT, .title = { "条件", "Gate" }, .role = "gate" },
	{ .id = "state", .type = RESULT_TEXT, .title = { "状态", "State" }, .role = "gate-state" },
	{ .id = "have", .type = RESULT_TEXT, .title = { "现有", "Has" }, .role = "have" },
	{ .id = "need", .type = RESULT_TEXT, .title = { "要求", "Needs" }, .role = "need" },
	{ .id = "missing",
		.type = RESULT_NUMBER,
		.scale = READINESS_MISSING_SCALE,
		.title = { "还差", "Missing" },
		.role = "missing" },
	{ .id = "earliest", .type = RESULT_DATE, .title = { "最早日期", "Earliest date" }, .role = "earliest" },
	{ .id = "hard", .type = RESULT_BOOL, .title = { "必要条件", "Hard gate" }, .role = "hard" } };
