/*
 * departments.c - units grouped for a page.
 *
 * Decides: a department is a child of the root where there is one root, else a root. People of the root itself stand
 * under the root's name.
 */
#include "report/departments.h"

#include "report/label.h"
#include "report/orgs.h"

#include <string.h>

void departments_make(
	const struct facts *facts, bool units, enum text_lang lang, struct arena *arena, struct departments *departments)
{
	uint32_t orgs = facts_key_count(facts, KEY_DIM_ORG), roots = 0;
	const struct facts_table *table = facts_orgs(facts);
	uint32_t *rank = orgs_rank(facts, arena), *order = arena_alloc(arena, (size_t)orgs + 1, sizeof *order);
	*departments = (struct departments){ .orgs = orgs };
	departments->of = arena_alloc(arena, (size_t)orgs + 1, sizeof *departments->of);
	departments->name = arena_alloc(arena, (size_t)orgs + 2, sizeof *departments->name);
	for (uint32_t org = 0; org < orgs; org++) {
		order[rank[org]] = org;
		bool known = org < table->frame.count && table->known[org];
		roots += known && orgs_parent(facts, org) == FRAME_NONE;
	}
	uint32_t *group = arena_alloc(arena, (size_t)orgs + 1, sizeof *group); /* 1 + group by the unit it is named for */
	for (uint32_t i = 0; i < orgs; i++) {
		uint32_t org = order[i], top = units ? org : orgs_at_depth(facts, org, roots == 1 ? 2 : 1);
		if (group[top] == 0) {
			departments->name[departments->count] = facts_org_name(facts, top);
			group[top] = ++departments->count;
		}
		departments->of[org] = group[top] - 1;
	}
	departments->name[departments->count++] = label(LABEL_UNIT_NONE, lang);
}

uint32_t departments_of(const struct departments *departments, uint32_t org)
{
	return org < departments->orgs ? departments->of[org] : departments->count - 1;
}
