/*
 * training.c - <training>: which courses are due of a person (应训), which of them are held (已训), and how the tests and
 * hours of the period went.
 *
 * Decides: that a course is due if the catalogue requires it for the person's level or position, or if the training
 * plan has a class of it within the period for the person's unit or one above; a course due for both reasons is one
 * course. Does not decide: what holding a course means (held.c), what a pass is (pass.c), how teams are summed
 * (report/).
 */
#include "rules/held.h"
#include "rules/pass.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule." },
	{ "plan", XML_BOOL, false, NULL,
		"Whether classes of the training plan make their course due for the people of their unit (default yes)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
static const struct xml_shape shape = { "training", attrs, children, 0, 1, false,
	"Training completion: courses due and held, tests and hours of the period." };

enum { DUE, DONE, OPEN, SAT, PASSED, HOURS, COLUMNS };
#define HOURS_SCALE 2
static const struct {
	const char *suffix, *role, *unit;
	struct text_pair title;
	int scale;
} people[COLUMNS] = {
	[DUE] = { "due", "courses-due", "", { "应训课程", "Courses due" }, 0 },
	[DONE] = { "done", "courses-done", "", { "已训课程", "Courses done" }, 0 },
	[OPEN] = { "open", "courses-open", "", { "未训课程", "Courses open" }, 0 },
	[SAT] = { "sat", "tests", "", { "本期考试次数", "Tests this period" }, 0 },
	[PASSED] = { "passed", "tests-passed", "", { "本期考试通过", "Tests passed this period" }, 0 },
	[HOURS] = { "hours", "training-hours", "hours", { "本期学时", "Hours this period" }, HOURS_SCALE },
};

/* Why a course is due, and how it stands: CODE(ID, "id", "中文", "English"). */
#define CAUSES(CODE) \
	CODE(REQUIRED, "required", "岗级必修", "required for the position or level") \
	CODE(PLANNED, "planned", "本期计划", "planned for the unit this period")
#define STATES(CODE) \
	CODE(EXPIRED, "expired", "已过有效期", "validity is over") \
	CODE(FAILED, "failed", "考试未通过", "test not passed") \
	CODE(NEVER, "never", "未参加", "not taken yet")
struct code {
	const char *name;
	struct text_pair title;
};
enum cause {
#define CODE(id, name, zh, en) CAUSE_##id,
	CAUSES(CODE) CAUSE_COUNT
};
enum state {
#undef CODE
#define CODE(id, name, zh, en) STATE_##id,
	STATES(CODE) STATE_COUNT
};
#undef CODE
#define CODE(id, name, zh, en) { name, { zh, en } },
static const struct code causes[CAUSE_COUNT] = { CAUSES(CODE) };
static const struct code states[STATE_COUNT] = { STATES(CODE) };
#undef CODE

enum { ROW_EMPLOYEE, ROW_COURSE, ROW_CAUSE, ROW_STATE, ROW_HOURS, ROW_COLUMNS };
static const struct result_column rows[ROW_COLUMNS] = {
	[ROW_EMPLOYEE] = { .id = "employee",
		.type = RESULT_KEY,
		.dim = KEY_DIM_EMPLOYEE,
		.title = { "员工", "Employee" },
		.role = "employee" },
	[ROW_COURSE] = { .id = "course",
		.type = RESULT_KEY,
		.dim = KEY_DIM_COURSE,
		.title = { "课程", "Course" },
		.role = "course" },
	[ROW_CAUSE] = { .id = "cause", .type = RESULT_TEXT, .title = { "应训原因", "Why due" }, .role = "due-cause" },
	[ROW_STATE] = { .id = "state", .type = RESULT_TEXT, .title = { "状态", "State" }, .role = "due-state" },
	[ROW_HOURS] = { .id = "hours",
		.type = RESULT_NUMBER,
		.scale = HOURS_SCALE,
		.title = { "课程学时", "Course hours" },
		.unit = "hours",
		.role = "hours" },
};

struct training {
	bool plan;
};
struct due_list {
	uint32_t *course;
	uint32_t count, capacity;
};
struct training_state {
	struct map levels; /* ids of required_for: levels and positions */
	struct due_list *required; /* by level */
	struct due_list *planned; /* by unit */
	const struct frame_column *parent; /* by unit */
	uint32_t units, courses;
};

static int training_declare(struct rules_rule *rule, struct err *err)
{
	struct training *training = arena_alloc(&rule->book->arena, 1, sizeof *training);
	rule->data = training;
	for (size_t i = 0; i < rule->book->tables.count; i++)
		if (strcmp(rule->book->tables.at[i].name, "training-due") == 0)
			return xml_fail(rule->node, err, "there may be one <training> only");
	training->plan = xml_yes(xml_attr_or(rule->node, "plan", "yes"));
	rules_parameter(rule, rule->node, "plan", xml_attr_or(rule->node, "plan", "yes"));
	for (unsigned k = 0; k < COLUMNS; k++)
		rules_declare(rule, RULES_PERSON, people[k].suffix,
			&(struct result_column){ .type = RESULT_NUMBER,
				.scale = people[k].scale,
				.title = people[k].title,
				.unit = people[k].unit,
				.role = people[k].role });
	for (unsigned k = 0; k < CAUSE_COUNT; k++)
		rules_member(rule, "due-cause", causes[k].name, causes[k].title, "{}");
	for (unsigned k = 0; k < STATE_COUNT; k++)
		rules_member(rule, "due-state", states[k].name, states[k].title, "{}");
	rules_declare_table(rule, "training-due", (struct text_pair){ "未训课程", "Courses open" }, true, rows, ROW_COLUMNS);
	rule->book->feeds |= 1u << FEED_COMPLETION | (training->plan ? 1u << FEED_TRAINING_PLAN : 0);
	return 0;
}

static int training_compile(struct rules_rule *rule, struct err *err)
{
	(void)rule;
	(void)err;
	return 0;
}

/* --- what is due, once a run --- */
static void list_add(struct due_list *list, uint32_t course, struct arena *arena)
{
	for (uint32_t i = 0; i < list->count; i++)
		if (list->course[i] == course)
			return;
	if (list->count == list->capacity) {
		uint32_t *old = list->course;
		list->capacity = list->capacity == 0 ? 8 : 2 * list->capacity;
		list->course = arena_alloc(arena, list->capacity, sizeof *list->course);
		if (list->count > 0)
			memcpy(list->course, old, list->count * sizeof *old);
	}
	list->course[list->count++] = course;
}

static void read_required(struct training_state *state, struct rules_work *work)
{
	const struct facts_table *courses = facts_courses(work->facts);
	const struct frame_column *column = frame_column(&courses->frame, COURSE_REQUIRED_FOR);
	for (int fill = 0; fill < 2; fill++) {
		for (uint32_t k = 0; k < courses->frame.count && column != NULL; k++) {
			const char *list = courses->known[k] ? frame_text(&courses->frame, column, k) : NULL, *id;
			size_t length;
			while (list != NULL && (length = text_next_id(&list, &id)) > 0) {
				uint32_t level = map_add(&state->levels, id, length);
				if (fill != 0)
					list_add(&state->required[level], k, &work->arena);
			}
		}
		if (fill == 0)
			state->required = arena_alloc(&work->arena, state->levels.count + 1, sizeof *state->required);
	}
}

static int read_plan(struct training_state *state, struct rules_work *work, struct err *err)
{
	const struct facts_params *params = work->params;
	const struct facts_table *courses = facts_courses(work->facts);
	struct frame plan = { 0 };
	if (facts_feed(work->facts, work->run->store, FEED_TRAINING_PLAN, &work->arena, &plan, err) != 0)
		return -1;
	const struct frame_column *course = frame_column(&plan, TRAINING_PLAN_COURSE_ID),
							  *unit = frame_column(&plan, TRAINING_PLAN_ORG_UNIT),
							  *day = frame_column(&plan, TRAINING_PLAN_PLANNED_ON);
	for (uint32_t i = 0; i < plan.count && course != NULL && unit != NULL && day != NULL; i++) {
		uint32_t key = course->u32[i], of = unit->u32[i];
		bool within = day->i32[i] != DATE_NONE && day->i32[i] >= params->period_first
			&& day->i32[i] <= params->period_last && day->i32[i] <= params->as_of;
		if (within && key < courses->frame.count && courses->known[key] && of < state->units)
			list_add(&state->planned[of], key, &work->arena);
	}
	return 0;
}

static int training_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct training *training = rule->data;
	struct training_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	work->state[rule->index] = state;
	state->courses = facts_courses(work->facts)->frame.count;
	state->units = facts_key_count(work->facts, KEY_DIM_ORG);
	state->parent = frame_column(&facts_orgs(work->facts)->frame, ORG_UNIT_PARENT_ID);
	state->planned = arena_alloc(&work->arena, state->units + 1u, sizeof *state->planned);
	read_required(state, work);
	return training->plan ? read_plan(state, work, err) : 0;
}

/* --- a person --- */
#define UNITS_DEEPEST 64

struct due {
	uint32_t course;
	enum cause cause;
};
/* What is due of one person, courses ascending; `seen` (by course) holds 1 + the place while it is made. */
struct person_due {
	struct due *at;
	uint32_t count;
	uint32_t *seen;
};

static void due_add(struct person_due *due, const struct due_list *list, enum cause cause)
{
	for (uint32_t i = 0; i < list->count; i++) {
		if (due->seen[list->course[i]] != 0)
			continue;
		due->at[due->count++] = (struct due){ list->course[i], cause };
		due->seen[list->course[i]] = due->count;
	}
}

static void due_of(
	const struct training_state *state, const struct rules_block *block, uint32_t person, struct person_due *due)
{
	const struct frame *people_frame = &block->facts->employee;
	const struct frame_column *level = frame_column(people_frame, EMPLOYEE_LEVEL),
							  *position = frame_column(people_frame, EMPLOYEE_POSITION),
							  *unit = frame_column(people_frame, EMPLOYEE_ORG_UNIT);
	const char *names[2] = { level != NULL ? frame_text(people_frame, level, person) : NULL,
		position != NULL && position->u32[person] != FRAME_NONE
			? facts_key(block->work->facts, KEY_DIM_POSITION, position->u32[person])
			: NULL };
	due->count = 0;
	for (int i = 0; i < 2; i++) {
		uint32_t k = names[i] == NULL ? MAP_NONE : map_find(&state->levels, names[i], strlen(names[i]));
		if (k != MAP_NONE)
			due_add(due, &state->required[k], CAUSE_REQUIRED);
	}
	uint32_t org = unit != NULL ? unit->u32[person] : FRAME_NONE;
	for (int hops = 0; org < state->units && hops < UNITS_DEEPEST; hops++) {
		due_add(due, &state->planned[org], CAUSE_PLANNED);
		org = state->parent != NULL && state->parent->u32[org] != org ? state->parent->u32[org] : FRAME_NONE;
	}
	for (uint32_t i = 0; i < due->count; i++)
		due->seen[due->at[i].course] = 0;
}

/* Why a course that is not held is not held; *row: what says so, FRAME_NONE: nothing. */
static enum state state_of(const struct pass_rows *passes, uint32_t person, uint32_t course, uint32_t *row)
{
	enum state state = STATE_NEVER;
	*row = FRAME_NONE;
	for (uint32_t at = passes->offset == NULL ? 0 : passes->offset[person];
		 passes->offset != NULL && at < passes->offset[person + 1]; at++) {
		if (passes->course[at] != course)
			continue;
		if (passes->outcome[at] == PASS_PASSED) {
			state = STATE_EXPIRED;
			*row = at;
		} else if (passes->outcome[at] == PASS_FAILED && state == STATE_NEVER) {
			state = STATE_FAILED;
			*row = at;
		}
	}
	return state;
}

struct period_sums {
	int64_t sat, passed, hours;
};

/* Tests and hours of a period: rows with an outcome, on their own day; the row's own hours, else the course's. */
static struct period_sums period_of(const struct rules_block *block, const struct pass_rows *passes, uint32_t person)
{
	const struct facts_params *params = block->work->params;
	const struct frame_column *own = frame_column(&block->facts->lists[FEED_COMPLETION].frame, COMPLETION_HOURS),
							  *course = frame_column(&facts_courses(block->work->facts)->frame, COURSE_HOURS);
	struct period_sums sums = { 0 };
	for (uint32_t at = passes->offset == NULL ? 0 : passes->offset[person];
		 passes->offset != NULL && at < passes->offset[person + 1]; at++) {
		enum pass_outcome outcome = passes->outcome[at];
		bool within = passes->date[at] != DATE_NONE && passes->date[at] >= params->period_first
			&& passes->date[at] <= params->period_last;
		if (!within || (outcome != PASS_PASSED && outcome != PASS_FAILED))
			continue;
		sums.sat++;
		sums.passed += outcome == PASS_PASSED;
		if (own != NULL && own->i64[at] != DECIMAL_NONE)
			sums.hours += own->i64[at];
		else if (course != NULL && course->i64[passes->course[at]] != DECIMAL_NONE)
			sums.hours += course->i64[passes->course[at]];
	}
	return sums;
}

struct open_row {
	uint32_t person, course;
	enum cause cause;
	enum state state;
};

static int by_course(const void *a, const void *b)
{
	const struct due *x = a, *y = b;
	return (x->course > y->course) - (x->course < y->course);
}

static void write_rows(
	const struct rules_rule *rule, struct rules_block *block, const struct open_row *open, size_t count)
{
	struct frame *frame = rules_list(block, rule, 0, (uint32_t)count);
	const struct frame_column *hours = frame_column(&facts_courses(block->work->facts)->frame, COURSE_HOURS);
	struct frame_column *column = frame->columns;
	struct frame_texts texts = { 0 };
	for (size_t i = 0; i < count; i++) {
		const char *cause = causes[open[i].cause].name, *state = states[open[i].state].name;
		column[ROW_EMPLOYEE].u32[i] = block->first + open[i].person;
		column[ROW_COURSE].u32[i] = open[i].course;
		column[ROW_CAUSE].u32[i] = frame_texts_add(&texts, cause, strlen(cause));
		column[ROW_STATE].u32[i] = frame_texts_add(&texts, state, strlen(state));
		if (hours != NULL)
			column[ROW_HOURS].i64[i] = hours->i64[open[i].course];
	}
	frame_texts_end(&texts, frame, block->arena);
}

static struct person_due room_for_due(const struct training_state *state, struct arena *arena)
{
	return (struct person_due){ .at = arena_alloc(arena, state->courses + 1u, sizeof(struct due)),
		.seen = arena_alloc(arena, state->courses + 1u, sizeof(uint32_t)) };
}

static int training_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct training_state *state = block->work->state[rule->index];
	const struct pass_rows *passes = pass_rows_of(block, err);
	const struct held_rows *held = passes != NULL ? held_of(block, err) : NULL;
	struct person_due due = room_for_due(state, block->scratch);
	VEC(struct open_row) open = { 0 };
	if (held == NULL)
		return -1;
	const struct frame_column *hire = frame_column(&block->facts->employee, EMPLOYEE_HIRE_DATE);
	for (uint32_t i = 0; i < block->count; i++) {
		int64_t values[COLUMNS] = { 0 };
		if (!block->facts->known[i])
			continue;
		if (!block->facts->active[i]) {
			bool later = hire != NULL && hire->i32[i] != DATE_NONE && hire->i32[i] > block->work->params->as_of;
			for (unsigned k = 0; k < COLUMNS; k++)
				rules_set_why(
					block, rules_column(block, rule, k), i, later ? RULES_REASON_NOT_HIRED : RULES_REASON_LEFT);
			continue;
		}
		due_of(state, block, i, &due);
		if (due.count > 1)
			qsort(due.at, due.count, sizeof *due.at, by_course);
		values[DUE] = due.count;
		for (uint32_t d = 0; d < due.count && block->work->has_completions; d++) {
			uint32_t row;
			if (held_find(held, i, due.at[d].course) != FRAME_NONE) {
				values[DONE]++;
				continue;
			}
			struct open_row line = { i, due.at[d].course, due.at[d].cause, STATE_NEVER };
			line.state = state_of(passes, i, due.at[d].course, &row);
			VEC_PUSH(&open, line);
		}
		struct period_sums sums = period_of(block, passes, i);
		values[OPEN] = values[DUE] - values[DONE];
		values[SAT] = sums.sat;
		values[PASSED] = sums.passed;
		values[HOURS] = sums.hours;
		for (unsigned k = 0; k < COLUMNS; k++) {
			if (k == DUE || block->work->has_completions)
				rules_column(block, rule, k)->i64[i] = values[k];
			else
				rules_set_why(block, rules_column(block, rule, k), i, RULES_REASON_NO_FEED);
		}
	}
	write_rows(rule, block, open.at, open.count);
	VEC_RELEASE(&open);
	return 0;
}

static void training_release(void *data)
{
	struct training_state *state = data;
	map_release(&state->levels);
}

/* --- explained --- */
static void tell_due(struct rules_block *block, const struct due *due, uint32_t person, const struct held_rows *held,
	enum text_lang lang, struct str *out)
{
	const struct facts *facts = block->work->facts;
	const struct pass_rows *passes = block->passes;
	uint32_t at = held_find(held, person, due->course), row = at == FRAME_NONE ? FRAME_NONE : held->row[at];
	enum state state = at == FRAME_NONE ? state_of(passes, person, due->course, &row) : STATE_NEVER;
	str_printf(out, "  %s %s · %s · ", facts_key(facts, KEY_DIM_COURSE, due->course),
		facts_course_title(facts, due->course), text_pick(&causes[due->cause].title, lang));
	if (at != FRAME_NONE)
		str_add(out, lang == TEXT_ZH ? "已训" : "done");
	else
		str_add(out, text_pick(&states[state].title, lang));
	if (row != FRAME_NONE) {
		str_add(out, "  [");
		scope_source(block, &block->facts->lists[FEED_COMPLETION].frame, row, out);
		str_add_char(out, ']');
	}
	str_add_char(out, '\n');
}

static int training_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct training_state *state = block->work->state[rule->index];
	const struct pass_rows *passes = pass_rows_of(block, err);
	const struct held_rows *held = passes != NULL ? held_of(block, err) : NULL;
	struct person_due due = room_for_due(state, block->scratch);
	if (held == NULL)
		return -1;
	if (!block->facts->active[row]) {
		str_add(out, lang == TEXT_ZH ? "  不在职，没有应训课程\n" : "  not active: nothing is due\n");
		return 0;
	}
	due_of(state, block, row, &due);
	if (due.count > 1)
		qsort(due.at, due.count, sizeof *due.at, by_course);
	for (uint32_t d = 0; d < due.count; d++)
		tell_due(block, &due.at[d], row, held, lang, out);
	struct period_sums sums = period_of(block, passes, row);
	char hours[48];
	decimal_format(sums.hours, HOURS_SCALE, -1, hours);
	str_printf(out,
		lang == TEXT_ZH ? "  应训 %u 门；本期考试 %lld 次，通过 %lld 次，学时 %s\n"
						: "  %u courses due; tests this period %lld, passed %lld, hours %s\n",
		due.count, (long long)sums.sat, (long long)sums.passed, hours);
	return 0;
}

const struct rules_kind training_kind = { .element = "training",
	.help = "training completion: courses due and held, tests and hours of the period",
	.shape = &shape,
	.declare = training_declare,
	.compile = training_compile,
	.prepare = training_prepare,
	.person = training_person,
	.release = training_release,
	.explain = training_explain };
