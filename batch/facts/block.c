/*
 * block.c - a block of employees with what is known about them.
 *
 * Decides: who is known and who is active at the as-of date. Does not decide: which rows of a feed count (list.c).
 */
#include "facts/part.h"

static int employees_load(const struct facts *facts, struct store *store, struct facts_block *out, struct err *err)
{
	uint32_t *winner = arena_alloc(&out->arena, (size_t)out->count + 1, sizeof *winner);
	const struct frame_column *hired, *left;
	struct frame frame;

	if (facts_rows(facts, store, FEED_EMPLOYEE, out->block, NULL, 0, &out->arena, &out->scratch,
		&frame, err) != 0)
		return -1;
	facts_newest(&frame, frame_column(&frame, EMPLOYEE_EMPLOYEE_ID), out->first, out->count, winner);
	facts_pick(&frame, winner, out->count, &out->arena, &out->employee);
	out->known = arena_alloc(&out->arena, (size_t)out->count + 1, 1);
	out->active = arena_alloc(&out->arena, (size_t)out->count + 1, 1);
	hired = frame_column(&out->employee, EMPLOYEE_HIRE_DATE);
	left = frame_column(&out->employee, EMPLOYEE_LEAVE_DATE);
	for (uint32_t i = 0; i < out->count; i++) {
		int32_t from = hired != NULL ? hired->i32[i] : DATE_NONE, to = left != NULL ? left->i32[i] : DATE_NONE;

		out->known[i] = winner[i] != FRAME_NONE;
		out->active[i] = out->known[i] && from != DATE_NONE && from <= facts->params.as_of &&
			(to == DATE_NONE || facts->params.as_of <= to);
	}
	return 0;
}

int facts_block_load(const struct facts *facts, struct store *store, uint32_t block, uint32_t feeds,
	struct facts_block *out, struct err *err)
{
	uint32_t people = facts_key_count(facts, KEY_DIM_EMPLOYEE);
	struct arena arena = out->arena, scratch = out->scratch;

	arena_recycle(&arena);
	arena_recycle(&scratch);
	*out = (struct facts_block){.block = block, .first = block * STORE_BLOCK, .arena = arena, .scratch = scratch};
	if (block >= facts_block_count(facts))
		return err_set(err, STATUS_INTERNAL, "there is no block %u of employees", (unsigned)block);
	out->count = people - out->first < STORE_BLOCK ? people - out->first : STORE_BLOCK;
	if (employees_load(facts, store, out, err) != 0)
		return err_context(err, "employees of block %u", (unsigned)block);
	for (int feed = 0; feed < FEED_COUNT; feed++) {
		if (!(feeds >> feed & 1) || feed == FEED_EMPLOYEE ||
			feed_at((enum feed_id)feed)->grain != FEED_GRAIN_EMPLOYEE)
			continue;
		if (facts_list(facts, store, (enum feed_id)feed, block, out->known, out->first, out->count, &out->arena,
			&out->scratch, &out->lists[feed], err) != 0)
			return -1;
	}
	return 0;
}

void facts_block_release(struct facts_block *block)
{
	arena_release(&block->arena);
	arena_release(&block->scratch);
	*block = (struct facts_block){0};
}
