/*
 * tables.c - the dimensions: courses, organisation units and positions, one row a key; names and paths.
 *
 * Decides: which row of a key counts, and how a unit's path reads. Does not decide: what is told about references to
 * nothing (check.c).
 */
#include "facts/part.h"

#include <string.h>

static int table_load(struct facts *facts, struct store *store, enum feed_id feed, enum field_id key, enum key_dim dim,
	struct facts_table *table, struct err *err)
{
	uint32_t count = facts_key_count(facts, dim);
	uint32_t *winner = arena_alloc(&facts->arena, (size_t)count + 1, sizeof *winner);
	struct arena scratch = {0};
	struct frame frame;
	int result;

	result = facts_rows(facts, store, feed, STORE_BLOCK_NONE, NULL, 0, &facts->arena, &scratch, &frame, err);
	arena_release(&scratch);
	if (result != 0)
		return -1;
	facts_newest(&frame, frame_column(&frame, key), 0, count, winner);
	facts_pick(&frame, winner, count, &facts->arena, &table->frame);
	table->known = arena_alloc(&facts->arena, (size_t)count + 1, 1);
	for (uint32_t i = 0; i < count; i++)
		table->known[i] = winner[i] != FRAME_NONE;
	return 0;
}

static uint32_t parent_of(const struct facts *facts, uint32_t org)
{
	const struct frame_column *parent = frame_column(&facts->orgs.frame, ORG_UNIT_PARENT_ID);

	return parent != NULL && org < facts->orgs.frame.count ? parent->u32[org] : FRAME_NONE;
}

/* The only known unit without a parent, if another stands below it. */
static uint32_t root_of(const struct facts *facts)
{
	uint32_t root = FRAME_NONE;

	for (uint32_t i = 0; i < facts->orgs.frame.count; i++)
		if (facts->orgs.known[i] && parent_of(facts, i) == FRAME_NONE) {
			if (root != FRAME_NONE)
				return FRAME_NONE;
			root = i;
		}
	for (uint32_t i = 0; i < facts->orgs.frame.count && root != FRAME_NONE; i++)
		if (parent_of(facts, i) == root)
			return root;
	return FRAME_NONE;
}

int facts_tables(struct facts *facts, struct store *store, struct err *err)
{
	if (table_load(facts, store, FEED_COURSE, COURSE_COURSE_ID, KEY_DIM_COURSE, &facts->courses, err) != 0 ||
		table_load(facts, store, FEED_ORG_UNIT, ORG_UNIT_ORG_ID, KEY_DIM_ORG, &facts->orgs, err) != 0 ||
		table_load(facts, store, FEED_POSITION, POSITION_POSITION_ID, KEY_DIM_POSITION, &facts->positions,
			err) != 0)
		return -1;
	facts->root = root_of(facts);
	return 0;
}

const struct facts_table *facts_courses(const struct facts *facts)
{
	return &facts->courses;
}

const struct facts_table *facts_orgs(const struct facts *facts)
{
	return &facts->orgs;
}

const struct facts_table *facts_positions(const struct facts *facts)
{
	return &facts->positions;
}

/* The text of a key's row, else its id, "" for none. */
static const char *name_of(const struct facts *facts, const struct facts_table *table, enum field_id field,
	enum key_dim dim, uint32_t key)
{
	const char *name = frame_text(&table->frame, frame_column(&table->frame, field), key);

	return name != NULL && name[0] != '\0' ? name : facts_key(facts, dim, key);
}

const char *facts_org_name(const struct facts *facts, uint32_t org)
{
	return name_of(facts, &facts->orgs, ORG_UNIT_NAME, KEY_DIM_ORG, org);
}

const char *facts_position_title(const struct facts *facts, uint32_t position)
{
	return name_of(facts, &facts->positions, POSITION_TITLE, KEY_DIM_POSITION, position);
}

const char *facts_course_title(const struct facts *facts, uint32_t course)
{
	return name_of(facts, &facts->courses, COURSE_TITLE, KEY_DIM_COURSE, course);
}

#define PATH_MOST 64u   /* deeper chains, and cycles, are cut there */

const char *facts_org_path(const struct facts *facts, uint32_t org, struct arena *arena)
{
	uint32_t chain[PATH_MOST];
	size_t depth = 0, length = 0;
	char *path, *at;

	while (org != FRAME_NONE && depth < PATH_MOST) {
		bool met = false;

		for (size_t i = 0; i < depth; i++)
			met |= chain[i] == org;
		if (met || (org == facts->root && depth > 0))
			break;
		chain[depth++] = org;
		org = parent_of(facts, org);
	}
	for (size_t i = 0; i < depth; i++)
		length += strlen(facts_org_name(facts, chain[i])) + 3;
	path = at = arena_alloc(arena, length + 1, 1);
	for (size_t i = depth; i-- > 0;) {
		const char *name = facts_org_name(facts, chain[i]);
		size_t size = strlen(name);

		memcpy(at, name, size);
		at += size;
		if (i > 0) {
			memcpy(at, " / ", 3);
			at += 3;
		}
	}
	return path;
}
