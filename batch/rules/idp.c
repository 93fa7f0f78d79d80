/*
 * idp.c - <idp>: development plans as rows of people, and the learning map of the centre.
 *
 * Decides: who has a plan (people active at the as-of date), what the people's columns count, the order of the learning
 * map: module of the competency, stage, competency, level, course. Does not decide: what is in a plan (idp_plan.c).
 */
#include "rules/idp.h"

#include <stdlib.h>
#include <string.h>

static int idp_compile(struct rules_rule *rule, struct err *err)
{
	struct idp *idp = rule->data;
	scope_need(rule, RULES_PERSON, competency_rule(rule->book));
	for (size_t i = 0; i < idp->activity_count; i++) {
		struct idp_activity *activity = &idp->activities[i];
		activity->when = scope_compile(rule, RULES_PERSON, RULES_SCOPE_PERSON, activity->node,
			xml_attr(activity->node, "when"), FEEL_BOOLEAN, err);
		if (activity->when == NULL)
			return -1;
	}
	return 0;
}

/* The competency rule may be written below this one: what it knows of a run is looked up by itself. */
static int idp_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	struct idp_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	state->competency = competency_rule(work->book);
	const struct competency *competency = state->competency->data;
	struct competency_state about = { .key_count = facts_key_count(work->facts, KEY_DIM_COMPETENCY) };
	uint32_t *item_of = arena_alloc(&work->arena, about.key_count + 1u, sizeof *item_of);
	for (size_t i = 0; i < competency->item_count; i++) {
		uint32_t key = facts_find(work->facts, KEY_DIM_COMPETENCY, competency->items[i].id);
		if (key < about.key_count)
			item_of[key] = (uint32_t)i + 1;
	}
	about.item_of = item_of;
	work->state[rule->index] = state;
	return idp_catalogue_open(&state->catalogue, competency, &about, work, err);
}

static void idp_release(void *state)
{
	map_release(&((struct idp_state *)state)->catalogue.levels);
}

/* --- people --- */
struct kept_row {
	struct idp_row row;
	uint32_t person, number;
};

static void count_person(
	const struct rules_rule *rule, struct rules_block *block, const struct idp_plan *plan, uint32_t row)
{
	int64_t sums[IDP_SUMS] = { 0 };
	const struct idp_row *next = NULL;
	for (size_t i = 0; i < plan->rows.count; i++) {
		const struct idp_row *item = &plan->rows.at[i];
		bool open = item->status != IDP_DONE && item->status != IDP_DROPPED;
		if (open && next == NULL && item->course != FRAME_NONE)
			next = item;
		sums[IDP_ITEMS] += open;
		sums[IDP_LATE] += item->status == IDP_OVERDUE;
		sums[IDP_FINISHED] += item->status == IDP_DONE;
		if (open && item->hours != DECIMAL_NONE)
			sums[IDP_HOURS] += item->hours;
	}
	sums[IDP_OUTSTANDING] = plan->outstanding;
	for (unsigned k = 0; k < IDP_SUMS; k++)
		rules_column(block, rule, k)->i64[row] = sums[k];
	if (next != NULL) {
		rules_column(block, rule, IDP_NEXT)->u32[row] = next->course;
		rules_column(block, rule, IDP_NEXT_DUE)->i32[row] = next->due;
	}
	if (!block->work->has_completions) {
		rules_column(block, rule, IDP_OUTSTANDING)->i64[row] = DECIMAL_NONE;
		rules_set_why(block, rules_column(block, rule, IDP_OUTSTANDING), row, RULES_REASON_NO_FEED);
	}
}

static uint32_t text_of(struct frame_texts *texts, const char *text)
{
	return text == NULL ? FRAME_NONE : frame_texts_add(texts, text, strlen(text));
}

static void write_rows(
	const struct rules_rule *rule, struct rules_block *block, const struct kept_row *rows, size_t count)
{
	const struct idp_state *state = block->work->state[rule->index];
	const struct competency *competency = state->competency->data;
	struct frame *frame = rules_list(block, rule, IDP_TABLE, (uint32_t)count);
	struct frame_column *column = frame->columns;
	struct frame_texts texts = { 0 };
	for (size_t i = 0; i < count; i++) {
		const struct idp_row *row = &rows[i].row;
		column[IDP_ROW_EMPLOYEE].u32[i] = block->first + rows[i].person;
		column[IDP_ROW_NUMBER].i64[i] = rows[i].number;
		column[IDP_ROW_KIND].u32[i] = text_of(&texts, idp_kinds[row->kind].name);
		column[IDP_ROW_COMPETENCY].u32[i] =
			text_of(&texts, row->item == SIZE_MAX ? NULL : competency->items[row->item].id);
		column[IDP_ROW_COURSE].u32[i] = row->course;
		column[IDP_ROW_ACTIVITY].u32[i] = text_of(&texts, row->activity);
		column[IDP_ROW_FROM].i64[i] = row->from;
		column[IDP_ROW_TO].i64[i] = row->to;
		column[IDP_ROW_HOURS].i64[i] = row->hours;
		column[IDP_ROW_DUE].i32[i] = row->due;
		column[IDP_ROW_STATUS].u32[i] = text_of(&texts, idp_statuses[row->status].name);
		column[IDP_ROW_PRIORITY].i64[i] = row->priority;
		column[IDP_ROW_COMPUTED].i32[i] = row->computed_due;
		if (row->is_decided) {
			struct str text = { 0 };
			decision_text(&row->decision, &text);
			column[IDP_ROW_DECIDED].u32[i] = frame_texts_add(&texts, str_text(&text), text.length);
			str_release(&text);
		}
	}
	frame_texts_end(&texts, frame, block->arena);
}

static int idp_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	struct idp_planner planner;
	VEC(struct kept_row) rows = { 0 };
	const struct frame_column *hire = frame_column(&block->facts->employee, EMPLOYEE_HIRE_DATE);
	int rc = idp_planner_open(&planner, rule, block, err);
	for (uint32_t i = 0; i < block->count && rc == 0; i++) {
		if (!block->facts->known[i])
			continue;
		if (!block->facts->active[i]) {
			bool later = hire != NULL && hire->i32[i] != DATE_NONE && hire->i32[i] > block->work->params->as_of;
			for (unsigned k = 0; k < IDP_COLUMNS; k++)
				rules_set_why(
					block, rules_column(block, rule, k), i, later ? RULES_REASON_NOT_HIRED : RULES_REASON_LEFT);
			continue;
		}
		idp_plan_person(&planner, i);
		count_person(rule, block, &planner.plan, i);
		for (size_t k = 0; k < planner.plan.rows.count; k++)
			VEC_PUSH(&rows, ((struct kept_row){ planner.plan.rows.at[k], i, (uint32_t)k + 1 }));
	}
	if (rc == 0) {
		const struct idp *idp = rule->data;
		write_rows(rule, block, rows.at, rows.count);
		decision_tell(rule, block, idp->fields, idp_can_decide, &planner,
			"expected a course or an activity of the rule behind the point, and add, drop or a day (2026-12-31)");
	}
	idp_planner_close(&planner);
	VEC_RELEASE(&rows);
	return rc;
}

/* --- the learning map --- */
struct map_row {
	size_t module, item;
	int stage, from, to;
	const char *text; /* of the stage */
	uint32_t course, rank;
};

static int by_place(const void *a, const void *b)
{
	const struct map_row *x = a, *y = b;
	if (x->module != y->module)
		return x->module < y->module ? -1 : 1;
	if (x->stage != y->stage)
		return x->stage < y->stage ? -1 : 1;
	if (x->text != NULL && y->text != NULL && strcmp(x->text, y->text) != 0)
		return strcmp(x->text, y->text);
	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static int stage_of(const char *text)
{
	static const char *const stages[] = { "初级", "中级", "高级" };
	for (int i = 0; i < 3 && text != NULL; i++)
		if (strcmp(stages[i], text) == 0)
			return i;
	return text == NULL ? 4 : 3;
}

static size_t module_of(const struct rules_rule *competency, const char *id)
{
	size_t place = 0;
	for (const struct xml_node *n = xml_child(competency->node, "module"); n != NULL;
		 n = xml_next(n, "module"), place++)
		if (strcmp(xml_attr(n, "id"), id) == 0)
			break;
	return place;
}

static int idp_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct idp_state *state = work->state[rule->index];
	const struct competency *competency = state->competency->data;
	const struct frame *courses = &facts_courses(work->facts)->frame;
	const struct frame_column *stage = frame_column(courses, COURSE_STAGE);
	VEC(struct map_row) rows = { 0 };
	for (size_t item = 0; item < competency->item_count; item++) {
		const struct idp_topic *topic = &state->catalogue.topics[item];
		size_t module = module_of(state->competency, competency->items[item].module);
		for (size_t i = 0; i < topic->step_count; i++) {
			const struct idp_step *step = &topic->steps[i];
			const char *text = stage == NULL ? NULL : frame_text(courses, stage, step->course);
			VEC_PUSH(&rows,
				((struct map_row){ module, item, stage_of(text), step->from, step->to, text, step->course,
					state->catalogue.rank[step->course] }));
		}
	}
	if (rows.count > 0)
		qsort(rows.at, rows.count, sizeof *rows.at, by_place);
	struct frame frame;
	struct frame_texts texts = { 0 };
	rules_frame(
		&work->book->tables.at[rule->first_table - 1 + IDP_MAP_TABLE], (uint32_t)rows.count, &work->arena, &frame);
	for (size_t i = 0; i < rows.count; i++) {
		const struct map_row *row = &rows.at[i];
		frame.columns[IDP_MAP_FAMILY].u32[i] = text_of(&texts, competency->items[row->item].module);
		frame.columns[IDP_MAP_STAGE].u32[i] = text_of(&texts, row->text);
		frame.columns[IDP_MAP_COMPETENCY].u32[i] = text_of(&texts, competency->items[row->item].id);
		frame.columns[IDP_MAP_FROM].i64[i] = row->from;
		frame.columns[IDP_MAP_TO].i64[i] = row->to;
		frame.columns[IDP_MAP_COURSE].u32[i] = row->course;
	}
	frame_texts_end(&texts, &frame, &work->arena);
	VEC_RELEASE(&rows);
	return rules_put_table(work, rule, IDP_MAP_TABLE, &frame, err);
}

const struct rules_kind idp_kind = { .element = "idp",
	.help = "development plans: courses that close gaps, required courses, last quarter's plan",
	.shape = &idp_declare_shape,
	.declare = idp_declare,
	.compile = idp_compile,
	.prepare = idp_prepare,
	.person = idp_person,
	.population = idp_population,
	.release = idp_release,
	.explain = idp_explain };
