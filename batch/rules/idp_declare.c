/*
 * idp_declare.c - reading a rule of development plans, and its columns, tables and codes.
 *
 * Decides: what is refused and how results are named. Does not decide: what is planned (idp_plan.c).
 */
#include "rules/idp.h"

#include <string.h>

static const struct xml_attr_shape activity_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the activity." },
	{ "kind", XML_CHOICE, true, "mentoring|rotation|acting", "What it is." },
	{ "when", XML_FEEL, true, NULL, "Whom it is planned for." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape idp_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule; its results begin with it." },
	{ "due", XML_DURATION, false, NULL, "Until when what has no hours is due (default P3M)." },
	{ "hours-per-week", XML_NUMBER, false, NULL,
		"The pace of learning: courses are due one after the other (default 2)." },
	{ "unknown-hours", XML_NUMBER, false, NULL,
		"What a course without hours takes when dates are counted (default 8)." },
	{ "exempt", XML_BOOL, false, NULL, "Whether an exemption holds a course (default no)." },
	{ "done", XML_TEXT, false, NULL, "What the progress of last quarter's items says when done (default done)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const titled[] = { &title_shape, NULL };
static const struct xml_shape activity_shape = { "activity", activity_attrs, titled, 0, 0, false,
	"Something other than a course." };
static const struct xml_shape *const idp_children[] = { &title_shape, &activity_shape, NULL };
const struct xml_shape idp_declare_shape = { "idp", idp_attrs, idp_children, 0, 1, false,
	"Development plans: courses that close gaps, required courses, activities." };

const struct idp_code idp_kinds[IDP_KIND_COUNT] = {
#define X(id, name, zh, en) { name, { zh, en } },
	IDP_KINDS(X)
#undef X
};
const struct idp_code idp_statuses[IDP_STATUS_COUNT] = {
#define X(id, name, zh, en) { name, { zh, en } },
	IDP_STATUSES(X)
#undef X
};

static const struct result_column rows[IDP_ROW_COLUMNS] = {
	[IDP_ROW_EMPLOYEE] = { .id = "employee",
		.type = RESULT_KEY,
		.dim = KEY_DIM_EMPLOYEE,
		.title = { "员工", "Employee" },
		.role = "employee" },
	[IDP_ROW_NUMBER] = { .id = "number", .type = RESULT_NUMBER, .title = { "序号", "No." }, .role = "number" },
	[IDP_ROW_KIND] = { .id = "kind", .type = RESULT_TEXT, .title = { "类型", "Kind" }, .role = "kind" },
	[IDP_ROW_COMPETENCY] = { .id = "competency",
		.type = RESULT_TEXT,
		.title = { "胜任力", "Competency" },
		.role = "competency" },
	[IDP_ROW_COURSE] = { .id = "course",
		.type = RESULT_KEY,
		.dim = KEY_DIM_COURSE,
		.title = { "课程", "Course" },
		.role = "course" },
	[IDP_ROW_ACTIVITY] = { .id = "activity", .type = RESULT_TEXT, .title = { "活动", "Activity" }, .role = "activity" },
	[IDP_ROW_FROM] = { .id = "from level",
		.type = RESULT_NUMBER,
		.scale = COMPETENCY_SCALE,
		.title = { "起始等级", "From level" },
		.role = "from-level" },
	[IDP_ROW_TO] = { .id = "to level",
		.type = RESULT_NUMBER,
		.scale = COMPETENCY_SCALE,
		.title = { "目标等级", "To level" },
		.role = "to-level" },
	[IDP_ROW_HOURS] = { .id = "hours",
		.type = RESULT_NUMBER,
		.scale = IDP_HOURS_SCALE,
		.title = { "学时", "Hours" },
		.unit = "hours",
		.role = "hours" },
	[IDP_ROW_DUE] = { .id = "due date", .type = RESULT_DATE, .title = { "期限", "Due" }, .role = "due" },
	[IDP_ROW_STATUS] = { .id = "status",
		.type = RESULT_TEXT,
		.title = { "与上季相比", "Against last quarter" },
		.role = "status" },
	[IDP_ROW_PRIORITY] = { .id = "priority",
		.type = RESULT_NUMBER,
		.scale = IDP_PRIORITY_SCALE,
		.title = { "优先度", "Priority" },
		.role = "priority" },
	[IDP_ROW_COMPUTED] = { .id = "computed due",
		.type = RESULT_DATE,
		.title = { "计算期限", "Computed due" },
		.role = "due-computed" },
	[IDP_ROW_DECIDED] = { .id = "decided",
		.type = RESULT_TEXT,
		.title = { "人工决定", "Decision" },
		.role = "item-decided" },
};
static const struct result_column map[IDP_MAP_COLUMNS] = {
	[IDP_MAP_FAMILY] = { .id = "family", .type = RESULT_TEXT, .title = { "模块", "Family" }, .role = "family" },
	[IDP_MAP_STAGE] = { .id = "stage", .type = RESULT_TEXT, .title = { "阶段", "Stage" }, .role = "stage" },
	[IDP_MAP_COMPETENCY] = { .id = "competency",
		.type = RESULT_TEXT,
		.title = { "胜任力", "Competency" },
		.role = "competency" },
	[IDP_MAP_FROM] = { .id = "from level",
		.type = RESULT_NUMBER,
		.title = { "起始等级", "From level" },
		.role = "from-level" },
	[IDP_MAP_TO] = { .id = "to level", .type = RESULT_NUMBER, .title = { "达到等级", "To level" }, .role = "to-level" },
	[IDP_MAP_COURSE] = { .id = "course",
		.type = RESULT_KEY,
		.dim = KEY_DIM_COURSE,
		.title = { "课程", "Course" },
		.role = "course" },
};
static const struct {
	const char *suffix, *unit;
	struct text_pair title;
	int scale;
} people[IDP_SUMS] = {
	[IDP_ITEMS] = { "items", "", { "发展计划项数", "Plan items" }, 0 },
	[IDP_HOURS] = { "hours", "hours", { "计划学时", "Planned hours" }, IDP_HOURS_SCALE },
	[IDP_OUTSTANDING] = { "required", "", { "未完成必修课程", "Required courses outstanding" }, 0 },
	[IDP_LATE] = { "overdue", "", { "逾期项数", "Overdue items" }, 0 },
	[IDP_FINISHED] = { "done", "", { "完成项数", "Items done" }, 0 },
};

static int read_hours(
	const struct xml_node *node, const char *attr, int64_t fallback, bool zero, int64_t *hours, struct err *err)
{
	struct rules_number number;
	*hours = fallback;
	if (rules_number(node, attr, &number, err) != 0)
		return -1;
	if (number.given
		&& (!decimal_rescale(number.value, number.scale, IDP_HOURS_SCALE, hours) || *hours < (zero ? 0 : 1)
			|| *hours > 1000 * decimal_pow10(IDP_HOURS_SCALE)))
		return xml_fail(
			node, err, "%s=\"%s\" is not a number of hours with at most 2 decimal places", attr, number.text);
	return 0;
}

static int read_activities(struct rules_rule *rule, struct idp *idp, struct err *err)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(rule->node, "activity"); n != NULL; n = xml_next(n, "activity"))
		count++;
	idp->activities = arena_alloc(&rule->book->arena, count + 1, sizeof *idp->activities);
	for (const struct xml_node *n = xml_child(rule->node, "activity"); n != NULL; n = xml_next(n, "activity")) {
		struct idp_activity *activity = &idp->activities[idp->activity_count];
		*activity = (struct idp_activity){ .id = xml_attr(n, "id"), .node = n, .title = xml_text_pair(n, "title") };
		if (activity->title.zh == NULL && activity->title.en == NULL)
			activity->title = (struct text_pair){ activity->id, activity->id };
		while (strcmp(idp_kinds[activity->kind].name, xml_attr(n, "kind")) != 0)
			activity->kind++;
		for (size_t k = 0; k < idp->activity_count; k++)
			if (strcmp(idp->activities[k].id, activity->id) == 0)
				return xml_fail(n, err, "activity \"%s\" is there twice", activity->id);
		idp->activity_count++;
		rules_member(rule, "activity", activity->id, activity->title,
			arena_printf(&rule->book->arena, "{\"kind\":\"%s\"}", xml_attr(n, "kind")));
	}
	return 0;
}

int idp_declare(struct rules_rule *rule, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	struct idp *idp = arena_alloc(arena, 1, sizeof *idp);
	rule->data = idp;
	idp->due_months = 3;
	idp->done = xml_attr_or(rule->node, "done", "done");
	if (competency_rule(rule->book) == NULL)
		return xml_fail(rule->node, err, "plans need the gaps of a <competencies> rule");
	for (size_t i = 0; i < rule->book->tables.count; i++)
		if (strcmp(rule->book->tables.at[i].name, "idp") == 0)
			return xml_fail(rule->node, err, "there may be one <idp> only");
	if ((xml_attr(rule->node, "due") != NULL && rules_duration(rule->node, "due", &idp->due_months, err) != 0)
		|| read_hours(rule->node, "hours-per-week", 200, false, &idp->pace, err) != 0
		|| read_hours(rule->node, "unknown-hours", 800, true, &idp->unknown_hours, err) != 0
		|| read_activities(rule, idp, err) != 0)
		return -1;
	idp->fields = arena_printf(arena, "%s.", rule->id);
	decision_declare(rule, idp->fields);
	rule->book->exempt_holds = xml_yes(xml_attr_or(rule->node, "exempt", "no"));
	rules_parameter(rule, rule->node, "due", xml_attr_or(rule->node, "due", "P3M"));
	rules_parameter(rule, rule->node, "hours-per-week", xml_attr_or(rule->node, "hours-per-week", "2"));
	rules_parameter(rule, rule->node, "unknown-hours", xml_attr_or(rule->node, "unknown-hours", "8"));
	rules_parameter(rule, rule->node, "exempt", xml_attr_or(rule->node, "exempt", "no"));
	for (unsigned k = 0; k < IDP_SUMS; k++)
		rules_declare(rule, RULES_PERSON, people[k].suffix,
			&(struct result_column){ .type = RESULT_NUMBER,
				.scale = people[k].scale,
				.title = people[k].title,
				.unit = people[k].unit,
				.role = people[k].suffix });
	rules_declare(rule, RULES_PERSON, "next",
		&(struct result_column){ .type = RESULT_KEY,
			.dim = KEY_DIM_COURSE,
			.title = { "下一门课程", "Next course" },
			.role = "next-course" });
	rules_declare(rule, RULES_PERSON, "due",
		&(struct result_column){
			.type = RESULT_DATE, .title = { "课程期限", "Course due" }, .role = "next-course-due" });
	for (unsigned k = 0; k < IDP_KIND_COUNT; k++)
		rules_member(rule, "kind", idp_kinds[k].name, idp_kinds[k].title, "{}");
	for (unsigned k = 0; k < IDP_STATUS_COUNT; k++)
		rules_member(rule, "status", idp_statuses[k].name, idp_statuses[k].title, "{}");
	rules_declare_table(rule, "idp", rule->title, true, rows, IDP_ROW_COLUMNS);
	rules_declare_table(
		rule, "learning-map", (struct text_pair){ "学习地图", "Learning map" }, false, map, IDP_MAP_COLUMNS);
	rule->book->feeds |= 1u << FEED_COMPLETION | 1u << FEED_ASSESSMENT | 1u << FEED_IDP;
	return 0;
}
