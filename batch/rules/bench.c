/*
 * bench.c - <bench>: who stands behind each key position (后备力量).
 *
 * Decides (domain, "Bench"): key positions are those the position feed marks. Somebody counts for a key position whose
 * step is a target of theirs that they are ready for now; whoever stands on it already has no such target. A person
 * ready for p key positions adds 1/p to the depth of each. Nearly ready people are counted apart. A key position no
 * step leads to is not evaluated. Does not decide: readiness (ladder.c).
 */
#include "rules/pool.h"

#include "base/decimal.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule." },
	{ "near", XML_LIST, false, NULL, "Classes of readiness counted as nearly ready (default: within-1-year)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
static const struct xml_shape shape = { "bench", attrs, children, 0, 0, false,
	"Bench strength: ready successors of every key position." };

enum { POSITION, TARGET, SEATS, INCUMBENTS, READY, NEAR, DEPTH, COVERED, COLUMNS };
#define DEPTH_SCALE 2
static const struct result_column columns[COLUMNS] = {
	[POSITION] = { .id = "position",
		.type = RESULT_KEY,
		.dim = KEY_DIM_POSITION,
		.title = { "关键岗位", "Key position" },
		.role = "position" },
	[TARGET] = { .id = "target", .type = RESULT_TEXT, .title = { "岗级", "Step" }, .role = "step" },
	[SEATS] = { .id = "seats", .type = RESULT_NUMBER, .title = { "编制", "Headcount" }, .role = "seats" },
	[INCUMBENTS] = { .id = "incumbents",
		.type = RESULT_NUMBER,
		.title = { "在岗人数", "Incumbents" },
		.role = "incumbents" },
	[READY] = { .id = "ready", .type = RESULT_NUMBER, .title = { "就绪人选", "Ready now" }, .role = "ready" },
	[NEAR] = { .id = "near", .type = RESULT_NUMBER, .title = { "接近就绪", "Nearly ready" }, .role = "near" },
	[DEPTH] = { .id = "depth",
		.type = RESULT_NUMBER,
		.scale = DEPTH_SCALE,
		.title = { "后备深度", "Depth" },
		.role = "depth" },
	[COVERED] = { .id = "covered", .type = RESULT_BOOL, .title = { "有就绪人选", "Covered" }, .role = "covered" },
};

struct bench {
	const struct rules_rule *ladder;
	bool near[READINESS_COUNT];
};
struct bench_state {
	uint64_t *incumbents; /* by position */
};

static int bench_declare(struct rules_rule *rule, struct err *err)
{
	struct bench *bench = arena_alloc(&rule->book->arena, 1, sizeof *bench);
	const char *near = xml_attr_or(rule->node, "near", "within-1-year");
	rule->data = bench;
	for (size_t i = 0; i < rule->book->tables.count; i++)
		if (strcmp(rule->book->tables.at[i].name, "bench") == 0)
			return xml_fail(rule->node, err, "there may be one <bench> only");
	if (pool_classes(rule->node, near, bench->near, err) != 0)
		return -1;
	if (bench->near[READINESS_NOW])
		return xml_fail(rule->node, err, "near=\"%s\": who is ready now is counted already", near);
	rules_parameter(rule, rule->node, "near", near);
	rules_declare_table(rule, "bench", rule->title, false, columns, COLUMNS);
	return 0;
}

static int bench_compile(struct rules_rule *rule, struct err *err)
{
	struct bench *bench = rule->data;
	bench->ladder = ladder_needed(rule, err);
	return bench->ladder == NULL ? -1 : 0;
}

static int bench_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	struct bench_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	(void)err;
	state->incumbents =
		arena_alloc(&work->arena, facts_key_count(work->facts, KEY_DIM_POSITION) + 1, sizeof *state->incumbents);
	work->state[rule->index] = state;
	return 0;
}

/* The block's incumbents by position. */
static int bench_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	uint32_t positions = facts_key_count(block->work->facts, KEY_DIM_POSITION);
	uint32_t *count = arena_alloc(block->arena, (size_t)positions + 1, sizeof *count);
	const struct frame_column *position = frame_column(&block->facts->employee, EMPLOYEE_POSITION);
	(void)err;
	block->partial[rule->index] = count;
	for (uint32_t i = 0; i < block->count && position != NULL; i++)
		if (block->facts->active[i] && position->u32[i] < positions)
			count[position->u32[i]]++;
	return 0;
}

static int bench_collect(
	const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block, struct err *err)
{
	struct bench_state *state = work->state[rule->index];
	const uint32_t *count = block->partial[rule->index];
	(void)err;
	for (uint32_t p = 0; p < facts_key_count(work->facts, KEY_DIM_POSITION); p++)
		state->incumbents[p] += count[p];
	return 0;
}

/* A key position while it is counted. */
struct seat {
	uint32_t position;
	size_t step; /* the first that leads there; step_count: none */
	uint64_t near;
	uint64_t *ready; /* people, by the number of key positions they are ready for */
};
struct seats {
	struct seat *at;
	uint32_t count;
	uint32_t *of; /* by step: its seat, UINT32_MAX */
};

static void add_seat(struct seats *seats, uint32_t position, size_t step)
{
	for (uint32_t i = 0; i < seats->count; i++)
		if (seats->at[i].position == position)
			return;
	seats->at[seats->count++] = (struct seat){ .position = position, .step = step };
}

/* Key positions in the order of the ladder, then those off it by key. */
static void find_seats(
	struct seats *seats, const struct ladder *ladder, const struct ladder_state *state, struct rules_work *work)
{
	const struct facts_table *positions = facts_positions(work->facts);
	const struct frame_column *key = frame_column(&positions->frame, POSITION_KEY_POSITION);
	uint32_t count = key == NULL ? 0 : positions->frame.count;
	struct arena *arena = &work->arena;
	seats->at = arena_alloc(arena, (size_t)count + 1, sizeof *seats->at);
	seats->of = arena_alloc(arena, ladder->step_count + 1, sizeof *seats->of);
#define IS_KEY(p) ((p) < count && positions->known[p] && key->u32[p] == 1)
	for (size_t s = 0; s < ladder->step_count; s++)
		if (IS_KEY(state->position[s]))
			add_seat(seats, state->position[s], s);
	for (uint32_t p = 0; p < count; p++)
		if (IS_KEY(p))
			add_seat(seats, p, ladder->step_count);
#undef IS_KEY
	for (size_t s = 0; s < ladder->step_count; s++) {
		seats->of[s] = UINT32_MAX;
		for (uint32_t i = 0; i < seats->count; i++)
			if (state->position[s] == seats->at[i].position)
				seats->of[s] = i;
	}
	for (uint32_t i = 0; i < seats->count; i++)
		seats->at[i].ready = arena_alloc(arena, (size_t)seats->count + 1, sizeof *seats->at[i].ready);
}

/* One person's targets: `class` by seat, the nearest of several steps to the same position. */
static void count_person(struct seats *seats, const struct bench *bench, const enum readiness_class *class)
{
	uint32_t ready = 0;
	for (uint32_t i = 0; i < seats->count; i++)
		ready += class[i] == READINESS_NOW;
	for (uint32_t i = 0; i < seats->count; i++) {
		if (class[i] == READINESS_NOW)
			seats->at[i].ready[ready]++;
		else if (class[i] != READINESS_COUNT && bench->near[class[i]])
			seats->at[i].near++;
	}
}

static int count_people(struct seats *seats, const struct bench *bench, struct rules_work *work, struct err *err)
{
	struct arena arena = { 0 };
	enum readiness_class *class = arena_alloc(&work->arena, (size_t)seats->count + 1, sizeof *class);
	int rc = 0;
	for (uint32_t block = 0; block < facts_block_count(work->facts) && rc == 0 && seats->count > 0; block++) {
		struct ladder_targets targets;
		arena_reset(&arena);
		rc = ladder_read(bench->ladder, work, block, &arena, &targets, err);
		for (uint32_t i = 0, next; rc == 0 && i < targets.count; i = next) {
			for (uint32_t s = 0; s < seats->count; s++)
				class[s] = READINESS_COUNT;
			for (next = i; next < targets.count && targets.at[next].employee == targets.at[i].employee; next++) {
				uint32_t seat = seats->of[targets.at[next].step];
				if (seat != UINT32_MAX && targets.at[next].readiness.class < class[seat])
					class[seat] = targets.at[next].readiness.class;
			}
			count_person(seats, bench, class);
		}
	}
	arena_release(&arena);
	return rc;
}

static void put_seat(struct frame *frame, struct frame_texts *texts, uint32_t row, const struct seats *seats,
	const struct ladder *ladder, const struct rules_work *work, const struct bench_state *state)
{
	const struct seat *seat = &seats->at[row];
	const struct frame_column *headcount = frame_column(&facts_positions(work->facts)->frame, POSITION_HEADCOUNT);
	struct frame_column *out = frame->columns;
	uint64_t ready = 0;
	struct decimal depth = decimal_from_int(0);
	out[POSITION].u32[row] = seat->position;
	if (headcount != NULL)
		out[SEATS].i64[row] = headcount->i64[seat->position];
	out[INCUMBENTS].i64[row] = (int64_t)state->incumbents[seat->position];
	if (seat->step == ladder->step_count)
		return;
	const char *step = ladder->steps[seat->step].id;
	out[TARGET].u32[row] = frame_texts_add(texts, step, strlen(step));
	for (uint32_t p = 1; p <= seats->count; p++) {
		ready += seat->ready[p];
		depth = decimal_add(depth, decimal_div(decimal_from_int((int64_t)seat->ready[p]), decimal_from_int(p)));
	}
	out[READY].i64[row] = (int64_t)ready;
	out[NEAR].i64[row] = (int64_t)seat->near;
	decimal_to_scaled_rounded(depth, DEPTH_SCALE, &out[DEPTH].i64[row]);
	out[COVERED].u32[row] = ready > 0;
}

static int bench_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct bench *bench = rule->data;
	const struct ladder *ladder = bench->ladder->data;
	struct frame_texts texts = { 0 };
	struct frame frame;
	struct seats seats = { 0 };
	find_seats(&seats, ladder, work->state[bench->ladder->index], work);
	if (count_people(&seats, bench, work, err) != 0)
		return -1;
	rules_frame(&rule->book->tables.at[rule->first_table - 1], seats.count, &work->arena, &frame);
	for (uint32_t i = 0; i < seats.count; i++)
		put_seat(&frame, &texts, i, &seats, ladder, work, work->state[rule->index]);
	frame_texts_end(&texts, &frame, &work->arena);
	return rules_put_table(work, rule, 0, &frame, err);
}

const struct rules_kind bench_kind = { .element = "bench",
	.help = "bench strength: ready successors of every key position, coverage and depth",
	.shape = &shape,
	.declare = bench_declare,
	.compile = bench_compile,
	.prepare = bench_prepare,
	.person = bench_person,
	.collect = bench_collect,
	.population = bench_population };
