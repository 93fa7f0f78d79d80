/*
 * idp_plan.c - the development plan of one person.
 *
 * Decides: the order of items (gaps by priority descending, then id; what must be assessed first; required courses of
 * the person's level and position; activities), what stands before a course, due dates by pace, and how the plan stands
 * against last quarter's. An item of last quarter keeps its date: continued while it lies ahead, overdue after it. Last
 * come decisions: an item is added at the end, dropped, or gets another day; the computed day stays beside it. Does not
 * decide: levels and gaps (competency.c), the chain of courses (idp_catalogue.c).
 */
#include "rules/idp.h"

#include <stdlib.h>
#include <string.h>

int idp_planner_open(
	struct idp_planner *planner, const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct idp *idp = rule->data;
	const struct idp_state *state = block->work->state[rule->index];
	const struct competency *competency = state->competency->data;
	struct feel_column *when = arena_alloc(block->scratch, idp->activity_count + 1, sizeof *when);
	*planner = (struct idp_planner){ .rule = rule, .state = state, .block = block, .when = when };
	planner->held = held_of(block, err);
	if (planner->held == NULL)
		return -1;
	for (size_t k = 0; k < idp->activity_count; k++)
		if (scope_eval_people(block, idp->activities[k].when, &when[k], err) != 0)
			return -1;
	planner->taken = arena_alloc(block->scratch, state->catalogue.count + 1u, 1);
	planner->levels = arena_alloc(block->scratch, competency->item_count + 1, sizeof *planner->levels);
	return 0;
}

void idp_planner_close(struct idp_planner *planner)
{
	arena_release(&planner->arena);
	VEC_RELEASE(&planner->plan.rows);
}

static struct idp_row *add_row(struct idp_planner *planner, enum idp_kind kind)
{
	const struct idp_row row = { .kind = kind,
		.item = SIZE_MAX,
		.course = FRAME_NONE,
		.from = DECIMAL_NONE,
		.to = DECIMAL_NONE,
		.hours = DECIMAL_NONE,
		.priority = DECIMAL_NONE,
		.due = DATE_NONE,
		.computed_due = DATE_NONE,
		.last = FRAME_NONE };
	VEC_PUSH(&planner->plan.rows, row);
	return &planner->plan.rows.at[planner->plan.rows.count - 1];
}

static struct idp_row *add_course(struct idp_planner *planner, enum idp_kind kind, uint32_t course)
{
	const int64_t *hours = planner->state->catalogue.hours;
	struct idp_row *row = add_row(planner, kind);
	row->course = course;
	row->hours = hours == NULL ? DECIMAL_NONE : hours[course];
	planner->taken[course] = IDP_CHOSEN;
	return row;
}

/* The courses required of a person by level, position or its title; ids ascending. */
struct required_lists {
	const struct idp_required *at[3];
	size_t count;
};

static bool is_required(const struct required_lists *required, uint32_t course)
{
	for (size_t i = 0; i < required->count; i++)
		for (uint32_t k = 0; k < required->at[i]->count; k++)
			if (required->at[i]->course[k] == course)
				return true;
	return false;
}

/*
 * What must come before a course and is not held or chosen, each after its own prerequisites. Before a required course
 * what is required itself is called so; `required` is NULL for courses that close a gap.
 */
static void add_prerequisites(struct idp_planner *planner, uint32_t course, size_t item, int64_t priority,
	const struct required_lists *required)
{
	const struct idp_catalogue *catalogue = &planner->state->catalogue;
	struct visit {
		uint32_t course, edge;
	};
	VEC(struct visit) stack = { 0 };
	VEC_PUSH(&stack, ((struct visit){ course, catalogue->before_at[course] }));
	while (stack.count > 0) {
		struct visit *top = &stack.at[stack.count - 1];
		if (top->edge < catalogue->before_at[top->course + 1]) {
			uint32_t next = catalogue->before[top->edge++];
			if (planner->taken[next] == IDP_FREE)
				VEC_PUSH(&stack, ((struct visit){ next, catalogue->before_at[next] }));
			continue;
		}
		uint32_t done = top->course;
		stack.count--;
		if (stack.count == 0 || planner->taken[done] != IDP_FREE)
			continue; /* the course itself, or reached twice */
		struct idp_row *row = add_course(
			planner, required != NULL && is_required(required, done) ? IDP_REQUIRED : IDP_COURSE, done);
		row->item = item;
		row->priority = priority;
		row->prerequisite = true;
	}
	VEC_RELEASE(&stack);
}

/* --- gaps --- */
struct gap {
	const struct competency_need *need;
	const char *id;
	int64_t priority;
};

static int by_priority(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;
	if (x->priority != y->priority)
		return x->priority > y->priority ? -1 : 1;
	return strcmp(x->id, y->id);
}

/* The row of a course among those from `first` on; NULL if there is none. */
static struct idp_row *row_of(struct idp_planner *planner, size_t first, uint32_t course)
{
	for (size_t i = first; i < planner->plan.rows.count; i++)
		if (planner->plan.rows.at[i].course == course)
			return &planner->plan.rows.at[i];
	return NULL;
}

static void plan_gap(struct idp_planner *planner, const struct gap *gap)
{
	const struct idp_step *path[IDP_LEVELS];
	const int64_t one = decimal_pow10(COMPETENCY_SCALE);
	size_t item = gap->need->item, steps;
	int64_t level = planner->levels[item], required = gap->need->required;
	int at = (int)(level / one), to = (int)((required + one - 1) / one);
	arena_reset(&planner->arena);
	enum idp_chain chain =
		idp_catalogue_chain(&planner->state->catalogue, item, planner->taken, at, to, &planner->arena, path, &steps);
	if (chain != IDP_CHAIN) {
		struct idp_row *row = add_row(planner, chain == IDP_ALL_HELD ? IDP_REASSESS : IDP_NO_COURSE);
		row->item = item;
		row->from = level;
		row->to = required;
		row->priority = gap->priority;
		return;
	}
	size_t first = planner->plan.rows.count;
	for (size_t i = 0; i < steps; at = path[i++]->to) {
		struct idp_row *row;
		if (planner->taken[path[i]->course] == IDP_FREE) {
			add_prerequisites(planner, path[i]->course, item, gap->priority, NULL);
			row = add_course(planner, IDP_COURSE, path[i]->course);
		} else if ((row = row_of(planner, first, path[i]->course)) == NULL) {
			continue; /* held, or chosen for another gap */
		}
		row->item = item;
		row->from = at * one;
		row->to = path[i]->to * one;
		row->priority = gap->priority;
		row->prerequisite = false;
	}
}

static void plan_gaps(struct idp_planner *planner, const struct competency_model *model)
{
	const struct competency *competency = planner->state->competency->data;
	struct gap *gaps = mem_new(2 * model->need_count + 1, sizeof *gaps), *unknown = gaps + model->need_count;
	size_t count = 0, unknowns = 0;
	for (size_t i = 0; i < model->need_count; i++) {
		const struct competency_need *need = &model->needs[i];
		int64_t level = planner->levels[need->item];
		struct gap gap = { need, competency->items[need->item].id, 0 };
		if (level == DECIMAL_NONE) {
			if (need->required > 0)
				unknown[unknowns++] = gap;
			continue;
		}
		gap.priority = competency_gap(need, level) * need->weight;
		if (competency_gap(need, level) > 0)
			gaps[count++] = gap;
	}
	qsort(gaps, count, sizeof *gaps, by_priority);
	qsort(unknown, unknowns, sizeof *unknown, by_priority);
	for (size_t i = 0; i < count; i++)
		plan_gap(planner, &gaps[i]);
	for (size_t i = 0; i < unknowns; i++) {
		struct idp_row *row = add_row(planner, IDP_ASSESS);
		row->item = unknown[i].need->item;
		row->to = unknown[i].need->required;
	}
	free(gaps);
}

/* --- required courses --- */
static void plan_required(struct idp_planner *planner, uint32_t person)
{
	const struct idp_catalogue *catalogue = &planner->state->catalogue;
	const struct facts *facts = planner->block->work->facts;
	const struct frame *frame = &planner->block->facts->employee;
	const struct frame_column *level = frame_column(frame, EMPLOYEE_LEVEL),
							  *position = frame_column(frame, EMPLOYEE_POSITION);
	uint32_t place = position == NULL ? FRAME_NONE : position->u32[person];
	const char *names[] = { level == NULL ? NULL : frame_text(frame, level, person),
		place == FRAME_NONE ? NULL : facts_key(facts, KEY_DIM_POSITION, place),
		place == FRAME_NONE ? NULL : facts_position_title(facts, place) };
	struct required_lists lists = { 0 };
	uint32_t at[3] = { 0 };
	for (size_t i = 0; i < 3; i++) {
		uint32_t k = names[i] == NULL ? MAP_NONE : map_find(&catalogue->levels, names[i], strlen(names[i]));
		if (k != MAP_NONE)
			lists.at[lists.count++] = &catalogue->required[k];
	}
	for (uint32_t last = FRAME_NONE;;) { /* the lists merged by id */
		uint32_t next = FRAME_NONE;
		for (size_t i = 0; i < lists.count; i++) {
			while (at[i] < lists.at[i]->count && lists.at[i]->course[at[i]] == last)
				at[i]++;
			if (at[i] < lists.at[i]->count
				&& (next == FRAME_NONE || catalogue->rank[lists.at[i]->course[at[i]]] < catalogue->rank[next]))
				next = lists.at[i]->course[at[i]];
		}
		if (next == FRAME_NONE)
			return;
		last = next;
		planner->plan.outstanding += planner->taken[next] != IDP_HELD;
		if (planner->taken[next] != IDP_FREE)
			continue;
		add_prerequisites(planner, next, SIZE_MAX, DECIMAL_NONE, &lists);
		add_course(planner, IDP_REQUIRED, next);
	}
}

/* --- last quarter --- */
struct last_plan {
	const struct frame *frame;
	uint32_t first, end;
	const struct frame_column *course, *competency, *item, *due, *status;
};

static struct last_plan last_plan_of(const struct idp_planner *planner, uint32_t person)
{
	const struct facts_list *list = &planner->block->facts->lists[FEED_IDP];
	const struct frame *frame = &list->frame;
	return (struct last_plan){ frame, list->offset == NULL ? 0 : list->offset[person],
		list->offset == NULL ? 0 : list->offset[person + 1], frame_column(frame, IDP_COURSE_ID),
		frame_column(frame, IDP_COMPETENCY_ID), frame_column(frame, IDP_ITEM), frame_column(frame, IDP_DUE_ON),
		frame_column(frame, IDP_STATUS) };
}

static uint32_t u32_at(const struct frame_column *column, uint32_t row)
{
	return column == NULL ? FRAME_NONE : column->u32[row];
}

static size_t item_at(const struct idp_planner *planner, const struct last_plan *last, uint32_t row)
{
	const struct competency_state *state = planner->block->work->state[planner->state->competency->index];
	uint32_t key = u32_at(last->competency, row);
	return key < state->key_count && state->item_of[key] > 0 ? state->item_of[key] - 1 : SIZE_MAX;
}

static bool same_item(
	const struct idp_planner *planner, const struct idp_row *row, const struct last_plan *last, uint32_t k)
{
	const struct idp *idp = planner->rule->data;
	uint32_t course = u32_at(last->course, k);
	if (course != FRAME_NONE || row->course != FRAME_NONE)
		return course == row->course;
	if (row->activity == NULL)
		return item_at(planner, last, k) == row->item && row->item != SIZE_MAX;
	const char *text = last->item == NULL ? NULL : frame_text(last->frame, last->item, k);
	for (size_t a = 0; a < idp->activity_count && text != NULL; a++) {
		const struct idp_activity *activity = &idp->activities[a];
		if (strcmp(activity->id, row->activity) == 0)
			return strcmp(text, activity->id) == 0
				|| (activity->title.zh != NULL && strcmp(text, activity->title.zh) == 0)
				|| (activity->title.en != NULL && strcmp(text, activity->title.en) == 0);
	}
	return false;
}

static bool says_done(const struct idp_planner *planner, const struct last_plan *last, uint32_t k)
{
	const struct idp *idp = planner->rule->data;
	const char *text = last->status == NULL ? NULL : frame_text(last->frame, last->status, k);
	return text != NULL && held_list_has(idp->done, text);
}

static void date_like_last(
	const struct idp_planner *planner, struct idp_row *row, const struct last_plan *last, uint32_t k)
{
	int32_t due = last->due == NULL ? DATE_NONE : last->due->i32[k];
	row->last = k;
	if (due != DATE_NONE)
		row->due = due;
	row->status = due != DATE_NONE && due < planner->block->work->params->as_of ? IDP_OVERDUE : IDP_CONTINUED;
}

/* What stood in last quarter's plan and not in this one. */
static void close_item(
	struct idp_planner *planner, const struct competency_model *model, const struct last_plan *last, uint32_t k)
{
	uint32_t course = u32_at(last->course, k);
	size_t item = item_at(planner, last, k);
	bool done = says_done(planner, last, k), about = course != FRAME_NONE || item != SIZE_MAX;
	if (course != FRAME_NONE)
		done = course < planner->state->catalogue.count && planner->taken[course] == IDP_HELD;
	else if (item != SIZE_MAX && planner->levels[item] != DECIMAL_NONE && model != NULL)
		for (size_t i = 0; i < model->need_count; i++)
			done |= model->needs[i].item == item && competency_gap(&model->needs[i], planner->levels[item]) == 0;
	struct idp_row *row = add_row(planner, course != FRAME_NONE ? IDP_COURSE : IDP_OTHER);
	row->item = item;
	row->course = course;
	if (course < planner->state->catalogue.count && planner->state->catalogue.hours != NULL)
		row->hours = planner->state->catalogue.hours[course];
	row->activity = last->item == NULL ? NULL : frame_text(last->frame, last->item, k);
	date_like_last(planner, row, last, k);
	if (course != FRAME_NONE)
		row->activity = NULL;
	if (done)
		row->status = IDP_DONE;
	else if (about)
		row->status = IDP_DROPPED;
}

static void compare_with_last(struct idp_planner *planner, const struct competency_model *model, uint32_t person)
{
	const struct last_plan last = last_plan_of(planner, person);
	size_t planned = planner->plan.rows.count;
	for (uint32_t k = last.first; k < last.end; k++) {
		size_t i = 0;
		while (i < planned
			&& (planner->plan.rows.at[i].last != FRAME_NONE
				|| !same_item(planner, &planner->plan.rows.at[i], &last, k)))
			i++;
		if (i == planned) {
			close_item(planner, model, &last, k);
			continue;
		}
		struct idp_row *row = &planner->plan.rows.at[i];
		date_like_last(planner, row, &last, k);
		/* a course is done when it is held, an assessment when there is one; an activity when people say so */
		if (row->activity != NULL && says_done(planner, &last, k))
			row->status = IDP_DONE;
	}
}

/* --- dates --- */
/* Courses one after the other at the declared pace, days rounded up; everything else after the declared months. */
static void set_dates(struct idp_planner *planner)
{
	const struct idp *idp = planner->rule->data;
	int32_t as_of = planner->block->work->params->as_of;
	int64_t sum = 0;
	for (size_t i = 0; i < planner->plan.rows.count; i++) {
		struct idp_row *row = &planner->plan.rows.at[i];
		if (row->course == FRAME_NONE) {
			row->due = date_add_months(as_of, idp->due_months);
			continue;
		}
		sum += row->hours == DECIMAL_NONE ? idp->unknown_hours : row->hours;
		int64_t days = (sum * 7 + idp->pace - 1) / idp->pace;
		row->due = as_of + (int32_t)(days > 36500 ? 36500 : days);
	}
}

/* --- decisions --- */
enum { ADD, DROP, DAY, NONSENSE };

static int verb_of(const char *value, int32_t *day)
{
	if (strcmp(value, "add") == 0)
		return ADD;
	if (strcmp(value, "drop") == 0)
		return DROP;
	return date_parse_iso(value, strlen(value), day) ? DAY : NONSENSE;
}

/* What a decision is about: a course of the catalogue (FRAME_NONE: none), or an activity of the rule. */
static uint32_t about_course(const struct idp_planner *planner, const char *about)
{
	const struct facts *facts = planner->block->work->facts;
	uint32_t course = facts_find(facts, KEY_DIM_COURSE, about);
	return course < planner->state->catalogue.count && facts_courses(facts)->known[course] ? course : FRAME_NONE;
}

static const struct idp_activity *about_activity(const struct idp_planner *planner, const char *about)
{
	const struct idp *idp = planner->rule->data;
	for (size_t k = 0; k < idp->activity_count; k++)
		if (strcmp(idp->activities[k].id, about) == 0)
			return &idp->activities[k];
	return NULL;
}

bool idp_can_decide(const void *context, const struct decision *decision)
{
	const struct idp_planner *planner = context;
	int32_t day;
	return verb_of(decision->value, &day) != NONSENSE
		&& (about_course(planner, decision->about) != FRAME_NONE || about_activity(planner, decision->about) != NULL);
}

static void decide_item(struct idp_planner *planner, const struct decision *decision)
{
	const struct idp *idp = planner->rule->data;
	const struct idp_activity *activity = about_activity(planner, decision->about);
	uint32_t course = about_course(planner, decision->about);
	int32_t day = DATE_NONE, as_of = planner->block->work->params->as_of;
	int verb = verb_of(decision->value, &day);
	struct idp_row *row = NULL;
	if (course != FRAME_NONE)
		row = row_of(planner, 0, course);
	for (size_t i = 0; i < planner->plan.rows.count && row == NULL && activity != NULL; i++)
		if (planner->plan.rows.at[i].activity != NULL && planner->plan.rows.at[i].kind == activity->kind
			&& strcmp(planner->plan.rows.at[i].activity, activity->id) == 0)
			row = &planner->plan.rows.at[i];
	if (row == NULL && verb == DROP)
		return; /* nothing to take out */
	if (row == NULL) {
		row = add_row(planner, course != FRAME_NONE ? IDP_COURSE : activity->kind);
		row->course = course;
		row->activity = course != FRAME_NONE ? NULL : activity->id;
		if (course != FRAME_NONE && planner->state->catalogue.hours != NULL)
			row->hours = planner->state->catalogue.hours[course];
		row->due = date_add_months(as_of, idp->due_months);
		row->is_added = true;
		if (course != FRAME_NONE && planner->taken[course] == IDP_HELD)
			row->status = IDP_DONE;
	}
	row->is_decided = true;
	row->decision = *decision;
	if (verb == DROP && row->status != IDP_DONE)
		row->status = IDP_DROPPED;
	else if (row->status == IDP_DROPPED)
		row->status = row->due != DATE_NONE && row->due < as_of ? IDP_OVERDUE : IDP_CONTINUED;
	if (verb == DAY) {
		row->computed_due = row->is_added ? DATE_NONE : row->due;
		row->due = day;
		if (row->status == IDP_OVERDUE && day >= as_of)
			row->status = IDP_CONTINUED;
		else if ((row->status == IDP_NEW || row->status == IDP_CONTINUED) && day < as_of)
			row->status = IDP_OVERDUE;
	}
}

static void decide_items(struct idp_planner *planner, uint32_t person)
{
	const struct idp *idp = planner->rule->data;
	const struct facts_list *list = &planner->block->facts->lists[FEED_DECISION];
	for (uint32_t r = list->offset == NULL ? 0 : list->offset[person];
		list->offset != NULL && r < list->offset[person + 1]; r++) {
		struct decision decision = { .person = person };
		if (decision_read(planner->block, r, idp->fields, &decision)
			&& decision_is_newest(planner->block, idp->fields, idp_can_decide, planner, &decision))
			decide_item(planner, &decision);
	}
}

void idp_plan_person(struct idp_planner *planner, uint32_t person)
{
	const struct idp *idp = planner->rule->data;
	const struct rules_rule *rule = planner->state->competency;
	const struct competency *competency = rule->data;
	const struct competency_state *state = planner->block->work->state[rule->index];
	const struct competency_model *model = competency_model_of(competency, state, planner->block, person);
	planner->plan.rows.count = 0;
	planner->plan.outstanding = 0;
	for (uint32_t i = planner->held->offset[person]; i < planner->held->offset[person + 1]; i++)
		planner->taken[planner->held->course[i]] = IDP_HELD;
	for (size_t i = 0; i < competency->item_count; i++)
		planner->levels[i] = competency_level_at(planner->block, rule, i, person);
	if (model != NULL)
		plan_gaps(planner, model);
	plan_required(planner, person);
	for (size_t k = 0; k < idp->activity_count; k++)
		if (planner->when[k].v[person] == 1)
			add_row(planner, idp->activities[k].kind)->activity = idp->activities[k].id;
	set_dates(planner);
	compare_with_last(planner, model, person);
	decide_items(planner, person);
	for (uint32_t i = planner->held->offset[person]; i < planner->held->offset[person + 1]; i++)
		planner->taken[planner->held->course[i]] = IDP_FREE;
	for (size_t i = 0; i < planner->plan.rows.count; i++)
		if (planner->plan.rows.at[i].course < planner->state->catalogue.count)
			planner->taken[planner->plan.rows.at[i].course] = IDP_FREE;
}
