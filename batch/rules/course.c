/*
 * course.c - functions about courses: held("KC001"), required courses("P2"), required courses total("P2").
 *
 * Decides: that an unknown course and a run without training completions give null, not "no" and not 0. Does not
 * decide: what holding a course means (held.c).
 */
#include "rules/held.h"

struct wanted {
	const uint8_t *course; /* 1 by course key */
	uint32_t total;
};

static void fill_with(struct rules_block *block, struct feel_column *out, int64_t value)
{
	out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
	for (uint32_t i = 0; i < block->count; i++)
		out->v[i] = value;
}

static uint32_t course_of(const struct rules_block *block, const struct rules_name *name)
{
	const struct facts_table *courses = facts_courses(block->work->facts);
	uint32_t course = facts_find(block->work->facts, KEY_DIM_COURSE, name->args[0].string.text);
	return course >= courses->frame.count || !courses->known[course] ? FRAME_NONE : course;
}

static int fill_held(struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	uint32_t course = course_of(block, name);
	const struct held_rows *held = held_of(block, err);
	if (held == NULL)
		return -1;
	fill_with(block, out, INT64_MIN);
	for (uint32_t i = 0; i < block->count && course != FRAME_NONE && block->work->has_completions; i++)
		if (block->facts->known[i])
			out->v[i] = held_find(held, i, course) != FRAME_NONE;
	return 0;
}

static void source_held(
	const struct rules_block *block, const struct rules_name *name, uint32_t person, struct str *out)
{
	uint32_t course = course_of(block, name);
	if (course == FRAME_NONE || block->held == NULL)
		return;
	uint32_t at = held_find(block->held, person, course);
	if (at != FRAME_NONE)
		scope_source(block, &block->facts->lists[FEED_COMPLETION].frame, block->held->row[at], out);
}

static int prepare_wanted(const struct rules_name *name, struct rules_work *work, void **state, struct err *err)
{
	(void)err;
	struct wanted *wanted = arena_alloc(&work->arena, 1, sizeof *wanted);
	wanted->course = held_required_for(work->facts, name->args[0].string.text, &work->arena, &wanted->total);
	*state = wanted;
	return 0;
}

static int fill_missing(
	struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	const struct wanted *wanted = rules_function_state(block->work, name);
	const struct held_rows *held = held_of(block, err);
	if (held == NULL)
		return -1;
	fill_with(block, out, INT64_MIN);
	for (uint32_t i = 0; i < block->count && block->work->has_completions; i++) {
		if (!block->facts->known[i])
			continue;
		out->v[i] = wanted->total;
		for (uint32_t k = held->offset[i]; k < held->offset[i + 1]; k++)
			out->v[i] -= wanted->course[held->course[k]];
	}
	return 0;
}

static int fill_total(
	struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	(void)err;
	fill_with(block, out, ((const struct wanted *)rules_function_state(block->work, name))->total);
	return 0;
}

#define NUMBER \
	{ \
		.kind = FEEL_NUMBER, .scale = 0 \
	}
const struct rules_function course_functions[] = {
	{ "held", "t", "course", "Whether the course is held on the as-of date: held(\"KC001\").", { .kind = FEEL_BOOLEAN },
		1u << FEED_COMPLETION, NULL, NULL, fill_held, source_held },
	{ "required courses", "t", "level",
		"How many courses required for a level or position are not held: required courses(\"P2\").", NUMBER,
		1u << FEED_COMPLETION, NULL, prepare_wanted, fill_missing, NULL },
	{ "required courses total", "t", "level", "How many courses are required for a level or position.", NUMBER, 0, NULL,
		prepare_wanted, fill_total, NULL },
	{ .name = NULL },
};
