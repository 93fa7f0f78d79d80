/*
 * faults.c - <fail-rate>: failed first attempts ÷ first attempts per course, with a 95 % Wilson interval.
 *
 * Decides: what a first attempt is (the first test sat per employee, course and window of validity, over all history,
 * counted in its own period), when a rate is printed and when a course needs an offline class. Does not decide: what a
 * pass is (pass.c).
 */
#include "rules/kind.h"
#include "rules/pass.h"
#include "rules/wilson.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 wide;

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule." },
	{ "window", XML_DURATION, false, NULL,
		"First attempts of (as of - window, as of]; without it those of the review period." },
	{ "minimum", XML_INTEGER, false, NULL, "With fewer first attempts the rate is not printed (default 5)." },
	{ "threshold", XML_SHARE, false, NULL, "From this rate on a course is marked as needing an offline class." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
static const struct xml_shape shape = { "fail-rate", attrs, children, 0, 1, false,
	"Fail rates of courses (table \"course\")." };

enum { COURSE, ENROLMENTS, FIRST, FAILED, RATE, LOW, HIGH, FLAG, COLUMNS };
static const struct result_column columns[COLUMNS] = {
	[COURSE] = { .id = "course",
		.type = RESULT_KEY,
		.dim = KEY_DIM_COURSE,
		.title = { "课程", "Course" },
		.role = "course" },
	[ENROLMENTS] = { .id = "enrolments",
		.type = RESULT_NUMBER,
		.title = { "参训人次", "Enrolments" },
		.role = "enrolments" },
	[FIRST] = { .id = "first attempts",
		.type = RESULT_NUMBER,
		.title = { "首考人次", "First attempts" },
		.role = "count" },
	[FAILED] = { .id = "failed", .type = RESULT_NUMBER, .title = { "首考未通过", "Failed" }, .role = "failed" },
	[RATE] = { .id = "rate",
		.type = RESULT_NUMBER,
		.scale = 1,
		.title = { "挂科率", "Fail rate" },
		.unit = "%",
		.role = "rate" },
	[LOW] = { .id = "low",
		.type = RESULT_NUMBER,
		.scale = 1,
		.title = { "95% 下限", "95% low" },
		.unit = "%",
		.role = "low" },
	[HIGH] = { .id = "high",
		.type = RESULT_NUMBER,
		.scale = 1,
		.title = { "95% 上限", "95% high" },
		.unit = "%",
		.role = "high" },
	[FLAG] = { .id = "offline class needed",
		.type = RESULT_BOOL,
		.title = { "需开线下班", "Offline class needed" },
		.role = "flag" },
};

struct faults {
	int months; /* 0: the review period */
	int64_t minimum, threshold;
	bool has_threshold;
};
struct tally {
	uint32_t enrolments, first, failed;
};
struct faults_state {
	uint64_t (*sums)[3];
	uint32_t courses;
	const int64_t *valid_months;
};

static int faults_declare(struct rules_rule *rule, struct err *err)
{
	struct rulebook *book = rule->book;
	struct faults *faults = arena_alloc(&book->arena, 1, sizeof *faults);
	struct rules_number minimum;
	rule->data = faults;
	if (xml_attr(rule->node, "window") != NULL && rules_duration(rule->node, "window", &faults->months, err) != 0)
		return -1;
	if (rules_number(rule->node, "minimum", &minimum, err) != 0)
		return -1;
	faults->minimum = minimum.given ? minimum.value : 5;
	if (faults->minimum < 1)
		return xml_fail(rule->node, err, "minimum=\"%s\" must be 1 or more", minimum.text);
	faults->has_threshold = xml_attr(rule->node, "threshold") != NULL;
	if (faults->has_threshold && rules_share(rule->node, "threshold", NULL, &faults->threshold, err) != 0)
		return -1;
	for (size_t i = 0; i < book->tables.count; i++)
		if (strcmp(book->tables.at[i].name, "course") == 0)
			return xml_fail(rule->node, err, "there may be one <fail-rate> only");
	struct result_table table = { .name = "course", .title = rule->title, .column_count = COLUMNS };
	table.columns = arena_alloc(&book->arena, COLUMNS, sizeof *table.columns);
	for (size_t i = 0; i < COLUMNS; i++) {
		table.columns[i] = columns[i];
		table.columns[i].rule = rule->id;
		table.columns[i].member = "";
		if (table.columns[i].unit == NULL)
			table.columns[i].unit = "";
	}
	VEC_PUSH(&book->tables, table);
	book->feeds |= 1u << FEED_COMPLETION;
	rules_parameter(rule, rule->node, "minimum", arena_printf(&book->arena, "%lld", (long long)faults->minimum));
	if (faults->has_threshold)
		rules_parameter(rule, rule->node, "threshold", xml_attr(rule->node, "threshold"));
	if (faults->months > 0)
		rules_parameter(rule, rule->node, "window", xml_attr(rule->node, "window"));
	return 0;
}

static int faults_compile(struct rules_rule *rule, struct err *err)
{
	(void)rule;
	(void)err;
	return 0;
}

static int faults_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	(void)err;
	struct faults_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	const struct frame *frame = &facts_courses(work->facts)->frame;
	state->courses = frame->count;
	state->sums = arena_alloc(&work->arena, frame->count + 1u, sizeof *state->sums);
	state->valid_months = pass_validity(work);
	work->state[rule->index] = state;
	return 0;
}

static int faults_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct faults *faults = rule->data;
	const struct faults_state *state = block->work->state[rule->index];
	const struct facts_params *params = block->work->params;
	const struct pass_rows *rows = pass_rows_of(block, err);
	if (rows == NULL)
		return -1;
	struct tally *tallies = arena_alloc(block->arena, state->courses + 1u, sizeof *tallies);
	block->partial[rule->index] = tallies;
	int32_t from = faults->months > 0 ? date_add_months(params->as_of, -faults->months) + 1 : params->period_first;
	int32_t to = faults->months > 0 ? params->as_of : params->period_last;
	for (uint32_t person = 0; person < block->count && rows->offset != NULL; person++) {
		uint32_t end = rows->offset[person + 1];
		for (uint32_t at = rows->offset[person]; at < end;) {
			uint32_t course = rows->course[at];
			struct tally *tally = &tallies[course];
			int64_t months = state->valid_months == NULL ? DECIMAL_NONE : state->valid_months[course];
			bool tried = false, open = false; /* in the window at hand: a test was sat; a pass opened it */
			int32_t since = DATE_NONE;
			for (; at < end && rows->course[at] == course; at++) {
				enum pass_outcome outcome = rows->outcome[at];
				int32_t date = rows->date[at];
				bool inside = date != DATE_NONE && date >= from && date <= to;
				tally->enrolments += inside;
				if (outcome != PASS_PASSED && outcome != PASS_FAILED && outcome != PASS_UNCLEAR)
					continue;
				if (open && months != DECIMAL_NONE && pass_is_over(since, months, date))
					tried = open =
						false; /* validity is over: the next test is a first attempt again */
				if (!tried && inside && outcome != PASS_UNCLEAR) {
					tally->first++;
					tally->failed += outcome == PASS_FAILED;
				}
				tried = true;
				if (outcome == PASS_PASSED && !open) {
					open = true;
					since = date;
				}
			}
		}
	}
	return 0;
}

static int faults_collect(
	const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block, struct err *err)
{
	(void)err;
	struct faults_state *state = work->state[rule->index];
	const struct tally *tallies = block->partial[rule->index];
	for (uint32_t k = 0; k < state->courses; k++) {
		state->sums[k][0] += tallies[k].enrolments;
		state->sums[k][1] += tallies[k].first;
		state->sums[k][2] += tallies[k].failed;
	}
	return 0;
}

struct course_id {
	const char *id;
	uint32_t key;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct course_id *)a)->id, ((const struct course_id *)b)->id);
}

static int faults_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct faults *faults = rule->data;
	const struct faults_state *state = work->state[rule->index];
	const struct facts_table *courses = facts_courses(work->facts);
	struct course_id *order = arena_alloc(&work->arena, state->courses + 1u, sizeof *order);
	struct frame_column like[COLUMNS];
	struct frame frame;
	uint32_t count = 0;
	for (uint32_t k = 0; k < state->courses; k++)
		if (courses->known[k])
			order[count++] = (struct course_id){ facts_key(work->facts, KEY_DIM_COURSE, k), k };
	qsort(order, count, sizeof *order, by_id);
	memset(like, 0, sizeof like);
	for (uint32_t i = 0; i < COLUMNS; i++) {
		like[i].id = i;
		like[i].type = columns[i].type == RESULT_NUMBER ? FRAME_I64 : FRAME_U32;
		like[i].scale = columns[i].scale;
	}
	frame_init(&frame, count, like, COLUMNS, &work->arena);
	for (uint32_t i = 0; i < COLUMNS; i++)
		frame.columns[i].why = i >= RATE ? arena_alloc(&work->arena, count + 1u, sizeof(uint16_t)) : NULL;
	for (uint32_t row = 0; row < count; row++) {
		const uint64_t *sum = state->sums[order[row].key];
		frame.columns[COURSE].u32[row] = order[row].key;
		frame.columns[ENROLMENTS].i64[row] = (int64_t)sum[0];
		frame.columns[FIRST].i64[row] = (int64_t)sum[1];
		frame.columns[FAILED].i64[row] = (int64_t)sum[2];
		if ((int64_t)sum[1] < faults->minimum) {
			for (uint32_t i = RATE; i < COLUMNS; i++)
				frame.columns[i].why[row] = rules_why(RULES_REASON_TOO_FEW);
			continue;
		}
		frame.columns[RATE].i64[row] = wilson_share(sum[2], sum[1]);
		wilson_interval(sum[2], sum[1], &frame.columns[LOW].i64[row], &frame.columns[HIGH].i64[row]);
		frame.columns[FLAG].u32[row] =
			faults->has_threshold && (wide)sum[2] * 1000000u >= (wide)sum[1] * (uint64_t)faults->threshold;
	}
	return rules_put_table(work, rule, 0, &frame, err);
}

const struct rules_kind faults_kind = { .element = "fail-rate",
	.help = "fail rates of courses over first attempts, with a Wilson interval",
	.shape = &shape,
	.declare = faults_declare,
	.compile = faults_compile,
	.prepare = faults_prepare,
	.person = faults_person,
	.collect = faults_collect,
	.population = faults_population };
