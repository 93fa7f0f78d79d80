/*
 * totals.c - one pass over all blocks: grades by unit, movement against the period before, credits by category.
 *
 * Decides: who is counted (active people) and how units are lifted when there are many. Sums are exact (decimal128).
 */
#include "report/totals.h"

#include "report/kept.h"
#include "report/label.h"
#include "report/orgs.h"

#include <stdlib.h>
#include <string.h>

struct cell_of_unit {
	uint32_t org;
	uint32_t rank;
};

static int by_rank(const void *a, const void *b)
{
	const struct cell_of_unit *x = a, *y = b;
	return (x->rank > y->rank) - (x->rank < y->rank);
}

static uint32_t grade_slot(const struct totals *totals, const struct view_cell *cell)
{
	int64_t whole;
	if (cell->kind != VIEW_NUMBER || !decimal_round(cell->number, cell->scale, 0, &whole) || whole < totals->roles.low
		|| whole > totals->roles.high)
		return totals->grades;
	return (uint32_t)(whole - totals->roles.low);
}

static void count_categories(struct totals *totals, uint32_t row)
{
	struct view *view = &totals->view;
	struct view_cell cell;
	for (size_t i = 0; i < totals->roles.category_count; i++) {
		const struct roles_category *category = &totals->roles.categories[i];
		struct totals_category *total = &totals->categories[i];
		view_at(view, category->earned, row, &cell);
		if (cell.kind != VIEW_NUMBER)
			continue;
		struct view_cell earned = cell;
		total->sum = total->known == 0 ? decimal_from_scaled(cell.number, cell.scale)
									   : decimal_add(total->sum, decimal_from_scaled(cell.number, cell.scale));
		total->known++;
		struct roles_figure need = category->need;
		view_at(view, category->minimum, row, &cell);
		if (cell.kind == VIEW_NUMBER && cell.number != 0)
			need = (struct roles_figure){ true, cell.number, cell.scale };
		if (!need.known)
			continue;
		if (total->need.known
			&& decimal_compare(decimal_from_scaled(total->need.number, total->need.scale),
				   decimal_from_scaled(need.number, need.scale))
				!= 0)
			total->need_varies = true;
		total->need = need;
		if (decimal_compare(
				decimal_from_scaled(earned.number, earned.scale), decimal_from_scaled(need.number, need.scale))
			< 0)
			total->below++;
	}
}

/* Units with people → groups: the units themselves, or the deepest level of them that stays within TOTALS_GROUPS. */
static void group_units(struct totals *totals, const struct report_input *input)
{
	uint32_t slots = totals->grades + 1;
	int deepest = 1;
	for (size_t i = 0; i < totals->unit_count; i++) {
		int depth = totals->units[i].org == FRAME_NONE ? 1 : orgs_depth(input->facts, totals->units[i].org);
		deepest = depth > deepest ? depth : deepest;
	}
	totals->groups = arena_alloc(&totals->arena, totals->unit_count + 1, sizeof *totals->groups);
	for (int depth = deepest; depth >= 1; depth--) {
		totals->group_count = 0;
		totals->groups_cut = false;
		for (size_t i = 0; i < totals->unit_count; i++) {
			uint32_t org = totals->units[i].org == FRAME_NONE
				? FRAME_NONE
				: orgs_at_depth(input->facts, totals->units[i].org, depth);
			size_t g = 0;
			while (g < totals->group_count && totals->groups[g].org != org)
				g++;
			if (g == TOTALS_GROUPS) {
				totals->groups_cut = true; /* at depth 1: a flat organisation; the sheet of stars has all units */
				break;
			}
			if (g == totals->group_count)
				totals->groups[totals->group_count++] = (struct totals_group){ .org = org };
		}
		if (!totals->groups_cut)
			break;
	}
	for (size_t g = 0; g < totals->group_count; g++) {
		struct totals_group *group = &totals->groups[g];
		group->name =
			group->org == FRAME_NONE ? label(LABEL_UNIT_NONE, input->lang) : facts_org_name(input->facts, group->org);
		group->count = arena_alloc(&totals->arena, slots, sizeof *group->count);
		for (size_t i = 0; i < totals->unit_count; i++) {
			uint32_t org = totals->units[i].org;
			bool inside = org == group->org;
			for (int hops = 0; !inside && org != FRAME_NONE && hops < 64; hops++) {
				org = orgs_parent(input->facts, org);
				inside = org == group->org && org != FRAME_NONE;
			}
			for (uint32_t s = 0; inside && s < slots; s++)
				group->count[s] += totals->units[i].count[s];
			if (inside)
				group->people += totals->units[i].people;
		}
	}
}

int totals_make(struct totals *totals, const struct report_input *input, struct err *err)
{
	*totals = (struct totals){ 0 };
	if (kept_names(&totals->names, input, input->directory, "people", input->previous_directory, err) != 0)
		return -1;
	view_init(&totals->view, &totals->names, input);
	struct view *view = &totals->view;
	roles_find(view, ROLES_GRADE | ROLES_CATEGORIES, &totals->arena, &totals->roles);
	int org = view_bind_name(view, view_names_find(&totals->names, "org_unit"));
	const struct roles *roles = &totals->roles;
	totals->grades = roles->grade >= 0 ? (uint32_t)(roles->high - roles->low + 1) : 0;
	totals->moved = input->previous != 0 && roles->before >= 0 && view->values.at[roles->before].name->before != NULL;
	uint32_t slots = totals->grades + 1, orgs = facts_key_count(input->facts, KEY_DIM_ORG);
	uint64_t *counts = mem_new(((size_t)orgs + 1) * slots, sizeof *counts);
	totals->grade = arena_alloc(&totals->arena, slots, sizeof *totals->grade);
	totals->movement = arena_alloc(&totals->arena, (size_t)slots * slots, sizeof *totals->movement);
	totals->categories = arena_alloc(&totals->arena, roles->category_count + 1, sizeof *totals->categories);
	int status = 0;
	for (uint32_t block = 0; block < view_blocks(view) && status == 0; block++) {
		status = view_load(view, block, err);
		const struct frame_column *units = status == 0 ? view->values.at[org].column : NULL;
		for (uint32_t row = 0; status == 0 && row < view->count; row++) {
			if (!view->active[row])
				continue;
			struct view_cell cell;
			view_at(view, roles->grade, row, &cell);
			uint32_t now = grade_slot(totals, &cell), unit = units != NULL ? units->u32[row] : FRAME_NONE;
			view_at(view, roles->before, row, &cell);
			totals->movement[grade_slot(totals, &cell) * slots + now]++;
			counts[(size_t)(unit < orgs ? unit : orgs) * slots + now]++;
			totals->grade[now]++;
			totals->people++;
			totals->graded += now < totals->grades;
			count_categories(totals, row);
		}
	}
	if (status == 0) {
		struct arena scratch = { 0 };
		const uint32_t *rank = kept_orgs_rank(input, &scratch);
		struct cell_of_unit *list = arena_alloc(&scratch, (size_t)orgs + 1, sizeof *list);
		size_t count = 0;
		for (uint32_t o = 0; o <= orgs; o++) {
			uint64_t people = 0;
			for (uint32_t s = 0; s < slots; s++)
				people += counts[(size_t)o * slots + s];
			if (people > 0)
				list[count++] = (struct cell_of_unit){ o, o < orgs ? rank[o] : UINT32_MAX };
		}
		qsort(list, count, sizeof *list, by_rank);
		totals->units = arena_alloc(&totals->arena, count + 1, sizeof *totals->units);
		for (size_t i = 0; i < count; i++) {
			struct totals_group *unit = &totals->units[totals->unit_count++];
			unit->org = list[i].org < orgs ? list[i].org : FRAME_NONE;
			unit->name = unit->org == FRAME_NONE ? label(LABEL_UNIT_NONE, input->lang)
												 : facts_org_path(input->facts, unit->org, &totals->arena);
			unit->count = arena_alloc(&totals->arena, slots, sizeof *unit->count);
			memcpy(unit->count, counts + (size_t)list[i].org * slots, slots * sizeof *unit->count);
			for (uint32_t s = 0; s < slots; s++)
				unit->people += unit->count[s];
		}
		group_units(totals, input);
		arena_release(&scratch);
	}
	free(counts);
	return status;
}

bool totals_shows(const struct totals *totals, size_t category)
{
	const struct totals_category *total = &totals->categories[category];
	return total->need.known || (total->known > 0 && !decimal_is_zero(total->sum));
}

void totals_release(struct totals *totals)
{
	view_release(&totals->view);
	view_names_release(&totals->names);
	arena_release(&totals->arena);
}
