/*
 * orgs.c - organisation units in an order and at a depth that suits a page.
 *
 * Decides: order and lifting. A chain of parents longer than 64 (or a cycle, told by facts/) is cut there.
 */
#include "report/orgs.h"

#include <stdlib.h>
#include <string.h>

#define ORGS_DEEPEST 64

uint32_t orgs_parent(const struct facts *facts, uint32_t org)
{
	const struct frame *frame = &facts_orgs(facts)->frame;
	const struct frame_column *parent = frame_column(frame, (uint32_t)ORG_UNIT_PARENT_ID);
	if (parent == NULL || org >= frame->count || parent->u32[org] == org)
		return FRAME_NONE;
	return parent->u32[org];
}

int orgs_depth(const struct facts *facts, uint32_t org)
{
	int depth = 0;
	for (; org != FRAME_NONE && depth < ORGS_DEEPEST; org = orgs_parent(facts, org))
		depth++;
	return depth;
}

uint32_t orgs_at_depth(const struct facts *facts, uint32_t org, int depth)
{
	for (int at = orgs_depth(facts, org); at > depth && org != FRAME_NONE; at--)
		org = orgs_parent(facts, org);
	return org;
}

/* Compares two units by their chains of ids from the top. */
static int compare(const void *a, const void *b, void *context)
{
	const struct facts *facts = context;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int deep_x = orgs_depth(facts, x), deep_y = orgs_depth(facts, y), deep = deep_x < deep_y ? deep_x : deep_y;
	for (int depth = 1; depth <= deep; depth++) {
		uint32_t at_x = orgs_at_depth(facts, x, depth), at_y = orgs_at_depth(facts, y, depth);
		if (at_x == at_y)
			continue;
		return strcmp(facts_key(facts, KEY_DIM_ORG, at_x), facts_key(facts, KEY_DIM_ORG, at_y));
	}
	return (deep_x > deep_y) - (deep_x < deep_y);
}

uint32_t *orgs_rank(const struct facts *facts, struct arena *arena)
{
	uint32_t count = facts_key_count(facts, KEY_DIM_ORG);
	uint32_t *order = arena_alloc(arena, count + 1u, sizeof *order),
			 *rank = arena_alloc(arena, count + 1u, sizeof *rank);
	for (uint32_t i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof *order, compare, (void *)(uintptr_t)facts);
	for (uint32_t i = 0; i < count; i++)
		rank[order[i]] = i;
	return rank;
}
