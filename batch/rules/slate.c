/*
 * slate.c - <slate>: for every open vacancy the ranked candidates with reasons, and the near misses.
 *
 * Decides: candidates are people whose ladder leads to a step of the vacancy's position; ranked by class, earliest
 * date, fewer unmet gates, the rule's own figure (higher first, none last), employee id. Near misses lack no more than
 * a few hard gates without being in the classes asked for. A vacancy without anybody stands there with no candidate.
 * Does not decide: readiness (ladder.c), who gets the place.
 */
#include "rules/pool.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule." },
	{ "classes", XML_TEXT, false, NULL, "Classes of readiness on the slate (default: now within-1-year)." },
	{ "top", XML_INTEGER, false, NULL, "Candidates per vacancy at most (default 5)." },
	{ "near-misses", XML_INTEGER, false, NULL, "Near misses per vacancy at most (default 3)." },
	{ "gates", XML_INTEGER, false, NULL, "Hard gates a near miss may lack, not evaluated ones included (default 1)." },
	{ "rank-by", XML_TEXT, false, NULL, "A number among the results, higher first, where readiness is equal." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
static const struct xml_shape shape = { "slate", attrs, children, 0, 0, false,
	"Slates: ranked candidates and near misses for every open vacancy." };

enum {
	VACANCY,
	POSITION,
	UNIT,
	KIND,
	RANK,
	EMPLOYEE,
	TARGET,
	CLASS,
	EARLIEST,
	UNMET,
	MISSING,
	MISSING_EN,
	VALUE,
	COLUMNS
};
static const struct result_column columns[COLUMNS] = {
	[VACANCY] = { .id = "vacancy", .type = RESULT_TEXT, .title = { "空缺编号", "Vacancy" }, .role = "vacancy" },
	[POSITION] = { .id = "position",
		.type = RESULT_KEY,
		.dim = KEY_DIM_POSITION,
		.title = { "岗位", "Position" },
		.role = "position" },
	[UNIT] = { .id = "unit", .type = RESULT_KEY, .dim = KEY_DIM_ORG, .title = { "部门", "Unit" }, .role = "unit" },
	[KIND] = { .id = "kind", .type = RESULT_TEXT, .title = { "类别", "Kind" }, .role = "slate-kind" },
	[RANK] = { .id = "rank", .type = RESULT_NUMBER, .title = { "排名", "Rank" }, .role = "rank" },
	[EMPLOYEE] = { .id = "employee",
		.type = RESULT_KEY,
		.dim = KEY_DIM_EMPLOYEE,
		.title = { "工号", "Employee no." },
		.role = "employee" },
	[TARGET] = { .id = "target", .type = RESULT_TEXT, .title = { "目标岗级", "Target" }, .role = "step" },
	[CLASS] = { .id = "class", .type = RESULT_TEXT, .title = { "准备度", "Readiness" }, .role = "readiness" },
	[EARLIEST] = { .id = "earliest",
		.type = RESULT_DATE,
		.title = { "最早日期", "Earliest date" },
		.role = "earliest" },
	[UNMET] = { .id = "unmet", .type = RESULT_NUMBER, .title = { "未达条件", "Gates not met" }, .role = "unmet" },
	[MISSING] = { .id = "missing",
		.type = RESULT_TEXT,
		.title = { "还差什么", "Missing (Chinese)" },
		.role = "missing-text" },
	[MISSING_EN] = { .id = "missing.en",
		.type = RESULT_TEXT,
		.title = { "还差什么（英文）", "Missing" },
		.role = "missing-text-en" },
	[VALUE] = { .id = "value", .type = RESULT_NUMBER, .scale = 4, .title = { "排序值", "Figure" }, .role = "value" },
};
/* Kinds of rows: KIND(ID, "id", "中文", "English"). */
#define KINDS(KIND) \
	KIND(CANDIDATE, "candidate", "候选人", "candidate") \
	KIND(NEAR_MISS, "near-miss", "差一步", "near miss") \
	KIND(NOBODY, "nobody", "无候选人", "nobody")
enum kind {
#define KIND(id, name, zh, en) KIND_##id,
	KINDS(KIND)
#undef KIND
		KIND_COUNT
};
static const struct {
	const char *name;
	struct text_pair title;
} kinds[] = {
#define KIND(id, name, zh, en) { name, { zh, en } },
	KINDS(KIND)
#undef KIND
};

struct slate {
	const struct rules_rule *ladder;
	bool class[READINESS_COUNT];
	int64_t top, near_misses, gates;
	uint32_t by; /* index in the people's columns; UINT32_MAX: none */
};

static int number(const struct xml_node *node, const char *attr, int64_t fallback, int64_t *value, struct err *err)
{
	struct rules_number given;
	if (rules_number(node, attr, &given, err) != 0)
		return -1;
	*value = given.given ? given.value : fallback;
	if (*value < 0 || *value > 1000)
		return xml_fail(node, err, "%s=\"%s\" is not between 0 and 1000", attr, given.text);
	return 0;
}

static int slate_declare(struct rules_rule *rule, struct err *err)
{
	struct slate *slate = arena_alloc(&rule->book->arena, 1, sizeof *slate);
	const char *classes = xml_attr_or(rule->node, "classes", "now within-1-year");
	rule->data = slate;
	for (size_t i = 0; i < rule->book->tables.count; i++)
		if (strcmp(rule->book->tables.at[i].name, "slate") == 0)
			return xml_fail(rule->node, err, "there may be one <slate> only");
	if (pool_classes(rule->node, classes, slate->class, err) != 0 || number(rule->node, "top", 5, &slate->top, err) != 0
		|| number(rule->node, "near-misses", 3, &slate->near_misses, err) != 0
		|| number(rule->node, "gates", 1, &slate->gates, err) != 0)
		return -1;
	rules_parameter(rule, rule->node, "classes", classes);
	rules_parameter(rule, rule->node, "top", xml_attr_or(rule->node, "top", "5"));
	rules_parameter(rule, rule->node, "near-misses", xml_attr_or(rule->node, "near-misses", "3"));
	rules_parameter(rule, rule->node, "gates", xml_attr_or(rule->node, "gates", "1"));
	for (int k = 0; k < KIND_COUNT; k++)
		rules_member(rule, "slate-kind", kinds[k].name, kinds[k].title, "{}");
	rules_declare_table(rule, "slate", rule->title, false, columns, COLUMNS);
	rule->book->feeds |= 1u << FEED_VACANCY;
	return 0;
}

static int slate_compile(struct rules_rule *rule, struct err *err)
{
	struct slate *slate = rule->data;
	const char *by = xml_attr(rule->node, "rank-by");
	slate->by = UINT32_MAX;
	slate->ladder = ladder_needed(rule, err);
	if (slate->ladder == NULL)
		return -1;
	if (by == NULL)
		return 0;
	for (uint32_t i = 0; i < rule->book->columns.count; i++) {
		const struct rules_column *column = &rule->book->columns.at[i];
		if (strcmp(column->result.id, by) != 0 || column->result.type != RESULT_NUMBER)
			continue;
		slate->by = i;
		VEC_PUSH(&rule->after[RULES_POPULATION], column->rule * RULES_PARTS + column->part);
		rules_parameter(rule, rule->node, "rank-by", by);
		return 0;
	}
	return xml_fail(rule->node, err, "rank-by=\"%s\" is no number among the results", by);
}

static int slate_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	(void)rule;
	(void)block;
	(void)err;
	return 0;
}

/* --- candidates --- */
struct candidate {
	struct ladder_target target;
	int64_t value; /* scale 4; DECIMAL_NONE: none */
	const char *id;
	const char *missing[2]; /* filled for those on a slate */
};
struct candidates {
	struct candidate *at;
	size_t count, capacity;
};

static int by_rank(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	int order = readiness_compare(&x->target.readiness, &y->target.readiness);
	if (order != 0)
		return order;
	if (x->value != y->value) /* DECIMAL_NONE is the least */
		return x->value > y->value ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* Keeps the best `most`: a slate needs no more, however many there are. */
static void keep(struct candidates *list, const struct candidate *candidate, size_t most)
{
	if (most == 0)
		return;
	VEC_PUSH(list, *candidate);
	if (list->count < 4 * most + 64)
		return;
	qsort(list->at, list->count, sizeof *list->at, by_rank);
	list->count = most;
}

/* What a block's person is ranked by; DECIMAL_NONE where there is none. */
static int64_t value_of(const struct frame *people, uint32_t column, uint32_t row)
{
	const struct frame_column *by = column == UINT32_MAX ? NULL : frame_column(people, column);
	int64_t value;
	if (by == NULL || row >= people->count || by->i64[row] == DECIMAL_NONE)
		return DECIMAL_NONE;
	return decimal_round(by->i64[row], by->scale, 4, &value) ? value : DECIMAL_NONE;
}

struct lists {
	struct candidates *found[2]; /* by kind, then step */
};

static int gather(
	const struct slate *slate, struct rules_work *work, const bool *wanted, struct lists *lists, struct err *err)
{
	struct arena arena = { 0 };
	int rc = 0;
	for (uint32_t block = 0; block < facts_block_count(work->facts) && rc == 0; block++) {
		struct ladder_targets targets;
		struct frame people = { 0 };
		bool found = false;
		arena_reset(&arena);
		rc = ladder_read(slate->ladder, work, block, &arena, &targets, err);
		if (rc == 0 && slate->by != UINT32_MAX && targets.count > 0)
			rc = store_result_get(
				work->run->store, work->run->run, 0, block, &slate->by, 1, &arena, &people, &found, err);
		for (uint32_t i = 0; rc == 0 && i < targets.count; i++) {
			const struct ladder_target *target = &targets.at[i];
			const struct readiness *readiness = &target->readiness;
			if (!wanted[target->step])
				continue;
			struct candidate candidate = { .target = *target,
				.value = value_of(&people, slate->by, target->employee % STORE_BLOCK),
				.id = facts_key(work->facts, KEY_DIM_EMPLOYEE, target->employee) };
			if (slate->class[readiness->class])
				keep(&lists->found[KIND_CANDIDATE][target->step], &candidate, (size_t)slate->top);
			else if (readiness->unmet + readiness->not_evaluated <= (uint64_t)slate->gates)
				keep(&lists->found[KIND_NEAR_MISS][target->step], &candidate, (size_t)slate->near_misses);
		}
	}
	arena_release(&arena);
	return rc;
}

/* --- reasons --- */
static void tell_gate(const struct gate *gate, const struct frame *gates, uint32_t row, struct str out[2])
{
	const struct frame_column *state = frame_column(gates, READINESS_GATE_STATE),
							  *missing = frame_column(gates, READINESS_GATE_MISSING),
							  *have = frame_column(gates, READINESS_GATE_HAVE),
							  *need = frame_column(gates, READINESS_GATE_NEED);
	for (int lang = 0; lang < 2; lang++) {
		char text[48];
		bool zh = lang == TEXT_ZH;
		str_printf(&out[lang], "%s%s",
			out[lang].length == 0 ? ""
				: zh              ? "；"
								  : "; ",
			text_pick(&gate->title, (enum text_lang)lang));
		if (strcmp(frame_text(gates, state, row), gate_state_name(GATE_NOT_EVALUATED)) == 0) {
			str_add(&out[lang], zh ? " 未评估" : " not evaluated");
		} else if (missing != NULL && missing->i64[row] != DECIMAL_NONE) {
			decimal_format(missing->i64[row], READINESS_MISSING_SCALE, -1, text);
			str_printf(&out[lang], zh ? " %s %s（%s / %s）" : " %s %s (%s of %s)",
				gate->at_most ? (zh ? "超出" : "over by") : (zh ? "还差" : "lacks"), text, frame_text(gates, have, row),
				frame_text(gates, need, row));
		} else {
			str_add(&out[lang], zh ? " 未达到" : " not met");
		}
	}
}

static int by_employee(const void *a, const void *b)
{
	const struct candidate *const *x = a, *const *y = b;
	uint32_t ex = (*x)->target.employee, ey = (*y)->target.employee;
	if (ex != ey)
		return ex < ey ? -1 : 1;
	return (*x)->target.step < (*y)->target.step ? -1 : (*x)->target.step > (*y)->target.step;
}

/* The hard gates of one block that candidates of a slate do not meet. */
static void tell_block(const struct ladder *ladder, const struct frame *gates, struct candidate **candidates,
	size_t count, struct arena *arena)
{
	const struct frame_column *employee = frame_column(gates, READINESS_GATE_EMPLOYEE),
							  *target = frame_column(gates, READINESS_GATE_TARGET),
							  *name = frame_column(gates, READINESS_GATE_GATE),
							  *state = frame_column(gates, READINESS_GATE_STATE),
							  *hard = frame_column(gates, READINESS_GATE_HARD);
	uint32_t row = 0;
	for (size_t i = 0; i < count; i++) {
		const struct ladder_target *of = &candidates[i]->target;
		const struct ladder_step *step = &ladder->steps[of->step];
		struct str out[2] = { { 0 }, { 0 } };
		while (row < gates->count && employee->u32[row] < of->employee)
			row++;
		for (uint32_t r = row; r < gates->count && employee->u32[r] == of->employee; r++) {
			if (strcmp(frame_text(gates, target, r), step->id) != 0 || hard->u32[r] == 0
				|| strcmp(frame_text(gates, state, r), gate_state_name(GATE_MET)) == 0)
				continue;
			for (size_t g = 0; g < step->gate_count; g++)
				if (strcmp(step->gates[g].id, frame_text(gates, name, r)) == 0)
					tell_gate(&step->gates[g], gates, r, out);
		}
		for (int lang = 0; lang < 2; lang++) {
			if (out[lang].length > 0)
				candidates[i]->missing[lang] = arena_text(arena, str_text(&out[lang]));
			str_release(&out[lang]);
		}
	}
}

static int tell_missing(
	const struct slate *slate, struct rules_work *work, struct candidate **all, size_t count, struct err *err)
{
	struct arena arena = { 0 };
	int rc = 0;
	if (count > 0)
		qsort(all, count, sizeof(struct candidate *), by_employee);
	for (size_t i = 0, next; i < count && rc == 0; i = next) {
		uint32_t block = all[i]->target.employee / STORE_BLOCK;
		struct frame gates;
		bool found = false;
		for (next = i; next < count && all[next]->target.employee / STORE_BLOCK == block;)
			next++;
		arena_reset(&arena);
		rc = store_result_get(work->run->store, work->run->run, slate->ladder->first_table + LADDER_GATE, block, NULL,
			0, &arena, &gates, &found, err);
		if (rc == 0 && found && gates.count > 0)
			tell_block(slate->ladder->data, &gates, all + i, next - i, &work->arena);
	}
	arena_release(&arena);
	return rc;
}

/* --- the table --- */
struct writer {
	struct frame frame;
	struct frame_texts texts;
	uint32_t row;
};

static void put_text(struct writer *writer, uint32_t column, const char *text)
{
	if (text != NULL)
		writer->frame.columns[column].u32[writer->row] = frame_texts_add(&writer->texts, text, strlen(text));
}

static void put_vacancy(struct writer *writer, const struct frame *vacancies, uint32_t v, enum kind kind)
{
	const struct frame_column *unit = frame_column(vacancies, VACANCY_ORG_UNIT);
	put_text(writer, VACANCY, frame_text(vacancies, frame_column(vacancies, VACANCY_VACANCY_ID), v));
	writer->frame.columns[POSITION].u32[writer->row] = frame_column(vacancies, VACANCY_POSITION)->u32[v];
	if (unit != NULL)
		writer->frame.columns[UNIT].u32[writer->row] = unit->u32[v];
	put_text(writer, KIND, kinds[kind].name);
}

static void put_candidate(
	struct writer *writer, const struct ladder *ladder, const struct candidate *candidate, size_t rank)
{
	struct frame_column *out = writer->frame.columns;
	const struct readiness *readiness = &candidate->target.readiness;
	out[RANK].i64[writer->row] = (int64_t)rank;
	out[EMPLOYEE].u32[writer->row] = candidate->target.employee;
	put_text(writer, TARGET, ladder->steps[candidate->target.step].id);
	put_text(writer, CLASS, readiness_name(readiness->class));
	out[EARLIEST].i32[writer->row] = readiness->earliest;
	out[UNMET].i64[writer->row] = readiness->unmet;
	put_text(writer, MISSING, candidate->missing[TEXT_ZH]);
	put_text(writer, MISSING_EN, candidate->missing[TEXT_EN]);
	out[VALUE].i64[writer->row] = candidate->value;
}

/* Rows of one vacancy, counted or (writer not NULL) written. */
static uint32_t vacancy_rows(const struct ladder *ladder, const struct ladder_state *state, const struct lists *lists,
	const struct frame *vacancies, uint32_t v, struct writer *writer)
{
	uint32_t position = frame_column(vacancies, VACANCY_POSITION)->u32[v], rows = 0;
	for (enum kind kind = KIND_CANDIDATE; kind <= KIND_NEAR_MISS; kind++)
		for (size_t s = 0; s < ladder->step_count; s++) {
			if (state->position[s] != position || position == FRAME_NONE)
				continue;
			const struct candidates *list = &lists->found[kind][s];
			for (size_t i = 0; i < list->count; i++, rows++) {
				if (writer == NULL)
					continue;
				put_vacancy(writer, vacancies, v, kind);
				put_candidate(writer, ladder, &list->at[i], i + 1);
				writer->row++;
			}
		}
	if (rows == 0 && writer != NULL) {
		put_vacancy(writer, vacancies, v, KIND_NOBODY);
		writer->row++;
	}
	return rows == 0 ? 1 : rows;
}

static int slate_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct slate *slate = rule->data;
	const struct ladder *ladder = slate->ladder->data;
	const struct ladder_state *state = work->state[slate->ladder->index];
	struct frame vacancies;
	struct writer writer = { 0 };
	struct lists lists;
	uint32_t rows = 0;
	int rc = -1;
	bool *wanted = arena_alloc(&work->arena, ladder->step_count + 1, sizeof *wanted);
	VEC(struct candidate *) all = { 0 };
	for (int kind = 0; kind < 2; kind++)
		lists.found[kind] = arena_alloc(&work->arena, ladder->step_count + 1, sizeof *lists.found[kind]);
	if (facts_feed(work->facts, work->run->store, FEED_VACANCY, &work->arena, &vacancies, err) != 0)
		goto out;
	const struct frame_column *position = frame_column(&vacancies, VACANCY_POSITION);
	if (position == NULL)
		vacancies.count = 0;
	for (uint32_t v = 0; v < vacancies.count; v++)
		for (size_t s = 0; s < ladder->step_count; s++)
			wanted[s] |= position->u32[v] != FRAME_NONE && state->position[s] == position->u32[v];
	if (vacancies.count > 0 && gather(slate, work, wanted, &lists, err) != 0)
		goto out;
	for (int kind = 0; kind < 2; kind++)
		for (size_t s = 0; s < ladder->step_count; s++) {
			struct candidates *list = &lists.found[kind][s];
			size_t most = (size_t)(kind == KIND_CANDIDATE ? slate->top : slate->near_misses);
			if (list->count > 0)
				qsort(list->at, list->count, sizeof *list->at, by_rank);
			list->count = list->count < most ? list->count : most;
			for (size_t i = 0; i < list->count; i++)
				VEC_PUSH(&all, &list->at[i]);
		}
	if (tell_missing(slate, work, all.at, all.count, err) != 0)
		goto out;
	for (uint32_t v = 0; v < vacancies.count; v++)
		rows += vacancy_rows(ladder, state, &lists, &vacancies, v, NULL);
	rules_frame(&rule->book->tables.at[rule->first_table - 1], rows, &work->arena, &writer.frame);
	for (uint32_t v = 0; v < vacancies.count; v++)
		vacancy_rows(ladder, state, &lists, &vacancies, v, &writer);
	frame_texts_end(&writer.texts, &writer.frame, &work->arena);
	rc = rules_put_table(work, rule, 0, &writer.frame, err);
out:
	for (int kind = 0; kind < 2; kind++)
		for (size_t s = 0; s < ladder->step_count; s++)
			VEC_RELEASE(&lists.found[kind][s]);
	VEC_RELEASE(&all);
	return rc;
}

const struct rules_kind slate_kind = { .element = "slate",
	.help = "ranked candidates and near misses for every open vacancy",
	.shape = &shape,
	.declare = slate_declare,
	.compile = slate_compile,
	.person = slate_person,
	.population = slate_population };
