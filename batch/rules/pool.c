/*
 * pool.c - <pool>: the talent pool (人才储备库), who is ready or nearly ready for which step.
 *
 * Decides: who is in it and in which order: steps as the ladder has them, then class, earliest date, fewer unmet gates,
 * employee id. Does not decide: readiness (ladder.c).
 */
#include "rules/pool.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule." },
	{ "classes", XML_TEXT, false, NULL, "Classes of readiness that are in the pool (default: now within-1-year)." },
	{ "targets", XML_LIST, false, NULL, "Steps a pool is kept for (default: all)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
static const struct xml_shape shape = { "pool", attrs, children, 0, 0, false,
	"Talent pool: ready and nearly ready people per step of the ladder." };

enum { TARGET, EMPLOYEE, CLASS, MET, UNMET, EARLIEST, COLUMNS };
static const struct result_column columns[COLUMNS] = {
	[TARGET] = { .id = "target", .type = RESULT_TEXT, .title = { "目标岗级", "Target" }, .role = "step" },
	[EMPLOYEE] = { .id = "employee",
		.type = RESULT_KEY,
		.dim = KEY_DIM_EMPLOYEE,
		.title = { "工号", "Employee no." },
		.role = "employee" },
	[CLASS] = { .id = "class", .type = RESULT_TEXT, .title = { "准备度", "Readiness" }, .role = "readiness" },
	[MET] = { .id = "met", .type = RESULT_NUMBER, .title = { "已达条件", "Gates met" }, .role = "met" },
	[UNMET] = { .id = "unmet", .type = RESULT_NUMBER, .title = { "未达条件", "Gates not met" }, .role = "unmet" },
	[EARLIEST] = { .id = "earliest",
		.type = RESULT_DATE,
		.title = { "最早日期", "Earliest date" },
		.role = "earliest" },
};

struct pool {
	const struct rules_rule *ladder;
	bool class[READINESS_COUNT];
	bool *step; /* by step of the ladder */
};

int pool_classes(const struct xml_node *node, const char *text, bool class[READINESS_COUNT], struct err *err)
{
	for (const char *at = text; *(at += strspn(at, " \t\r\n")) != '\0';) {
		size_t length = strcspn(at, " \t\r\n");
		enum readiness_class found = readiness_find(at, length);
		if (found == READINESS_COUNT)
			return xml_fail(
				node, err, "\"%.*s\" is no class of readiness (now, within-1-year, 1-2-years …)", (int)length, at);
		class[found] = true;
		at += length;
	}
	return 0;
}

static int pool_declare(struct rules_rule *rule, struct err *err)
{
	struct pool *pool = arena_alloc(&rule->book->arena, 1, sizeof *pool);
	const char *classes = xml_attr_or(rule->node, "classes", "now within-1-year");
	rule->data = pool;
	for (size_t i = 0; i < rule->book->tables.count; i++)
		if (strcmp(rule->book->tables.at[i].name, "pool") == 0)
			return xml_fail(rule->node, err, "there may be one <pool> only");
	if (pool_classes(rule->node, classes, pool->class, err) != 0)
		return -1;
	rules_parameter(rule, rule->node, "classes", classes);
	rules_declare_table(rule, "pool", rule->title, false, columns, COLUMNS);
	return 0;
}

static int pool_compile(struct rules_rule *rule, struct err *err)
{
	struct pool *pool = rule->data;
	pool->ladder = ladder_needed(rule, err);
	if (pool->ladder == NULL)
		return -1;
	const struct ladder *ladder = pool->ladder->data;
	const char *at = xml_attr(rule->node, "targets");
	pool->step = arena_alloc(&rule->book->arena, ladder->step_count + 1, sizeof *pool->step);
	for (size_t i = 0; i < ladder->step_count; i++)
		pool->step[i] = at == NULL;
	for (; at != NULL && *(at += strspn(at, " \t\r\n")) != '\0';) {
		size_t length = strcspn(at, " \t\r\n"), i = 0;
		while (i < ladder->step_count
			&& (strlen(ladder->steps[i].id) != length || memcmp(ladder->steps[i].id, at, length) != 0))
			i++;
		if (i == ladder->step_count)
			return xml_fail(rule->node, err, "step \"%.*s\" is not on the ladder", (int)length, at);
		pool->step[i] = true;
		at += length;
	}
	return 0;
}

static int pool_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	(void)rule;
	(void)block;
	(void)err;
	return 0;
}

struct member {
	struct ladder_target target;
	const char *id;
};

static int by_order(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	if (x->target.step != y->target.step)
		return x->target.step < y->target.step ? -1 : 1;
	int order = readiness_compare(&x->target.readiness, &y->target.readiness);
	return order != 0 ? order : strcmp(x->id, y->id);
}

static int pool_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct pool *pool = rule->data;
	const struct ladder *ladder = pool->ladder->data;
	struct arena arena = { 0 };
	struct frame_texts texts = { 0 };
	struct frame frame;
	int rc = 0;
	VEC(struct member) members = { 0 };
	for (uint32_t block = 0; block < facts_block_count(work->facts) && rc == 0; block++) {
		struct ladder_targets targets;
		arena_reset(&arena);
		rc = ladder_read(pool->ladder, work, block, &arena, &targets, err);
		for (uint32_t i = 0; rc == 0 && i < targets.count; i++)
			if (pool->step[targets.at[i].step] && pool->class[targets.at[i].readiness.class])
				VEC_PUSH(&members,
					((struct member){
						targets.at[i], facts_key(work->facts, KEY_DIM_EMPLOYEE, targets.at[i].employee) }));
	}
	if (rc != 0)
		goto out;
	if (members.count > 0)
		qsort(members.at, members.count, sizeof *members.at, by_order);
	rules_frame(&rule->book->tables.at[rule->first_table - 1], (uint32_t)members.count, &work->arena, &frame);
	for (size_t i = 0; i < members.count; i++) {
		const struct ladder_target *target = &members.at[i].target;
		const char *step = ladder->steps[target->step].id, *class = readiness_name(target->readiness.class);
		frame.columns[TARGET].u32[i] = frame_texts_add(&texts, step, strlen(step));
		frame.columns[EMPLOYEE].u32[i] = target->employee;
		frame.columns[CLASS].u32[i] = frame_texts_add(&texts, class, strlen(class));
		frame.columns[MET].i64[i] = target->readiness.met;
		frame.columns[UNMET].i64[i] = target->readiness.unmet;
		frame.columns[EARLIEST].i32[i] = target->readiness.earliest;
	}
	frame_texts_end(&texts, &frame, &work->arena);
	rc = rules_put_table(work, rule, 0, &frame, err);
out:
	VEC_RELEASE(&members);
	arena_release(&arena);
	return rc;
}

const struct rules_kind pool_kind = { .element = "pool",
	.help = "talent pool: ready and nearly ready people per step of the ladder",
	.shape = &shape,
	.declare = pool_declare,
	.compile = pool_compile,
	.person = pool_person,
	.population = pool_population };
