/*
 * idp_explain.c - why a plan holds what it holds: item by item, with rule, course, hours and date.
 *
 * Decides: the words. The plan is made again by idp_plan.c.
 */
#include "rules/idp.h"

#include <string.h>

static const char *plain(int64_t value, int scale, char out[48])
{
	decimal_format(value, scale, -1, out);
	return out;
}

static void tell_course(
	const struct idp_planner *planner, const struct idp_row *row, enum text_lang lang, struct str *out)
{
	const struct facts *facts = planner->block->work->facts;
	bool zh = lang == TEXT_ZH;
	char hours[48];
	str_printf(out, " %s %s", facts_key(facts, KEY_DIM_COURSE, row->course), facts_course_title(facts, row->course));
	if (row->hours != DECIMAL_NONE)
		str_printf(out, zh ? "（%s 学时）" : " (%s hours)", plain(row->hours, IDP_HOURS_SCALE, hours));
	else if (row->course < planner->state->catalogue.count)
		str_add(out, zh ? "（学时未知）" : " (hours unknown)");
	if (row->prerequisite)
		str_add(out, zh ? "，先修" : ", comes first");
}

static void tell_competency(
	const struct competency *competency, const struct idp_row *row, enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	char from[48], to[48], priority[48];
	str_printf(out, zh ? "，%s %s" : ", %s %s", competency->items[row->item].id,
		text_pick(&competency->items[row->item].title, lang));
	if (row->from != DECIMAL_NONE)
		str_printf(out, zh ? " %s → %s" : " %s -> %s", plain(row->from, COMPETENCY_SCALE, from),
			plain(row->to, COMPETENCY_SCALE, to));
	else if (row->to != DECIMAL_NONE)
		str_printf(out, zh ? " 要求 %s" : " required %s", plain(row->to, COMPETENCY_SCALE, to));
	if (row->priority != DECIMAL_NONE)
		str_printf(out, zh ? "，优先度 %s" : ", priority %s", plain(row->priority, IDP_PRIORITY_SCALE, priority));
}

static void tell_row(
	const struct idp_planner *planner, const struct idp_row *row, size_t number, enum text_lang lang, struct str *out)
{
	const struct idp *idp = planner->rule->data;
	const struct competency *competency = planner->state->competency->data;
	struct rules_block *block = planner->block;
	bool zh = lang == TEXT_ZH;
	char due[16];
	str_printf(out, "  %zu.", number);
	if (row->activity == NULL)
		str_printf(out, " %s", text_pick(&idp_kinds[row->kind].title, lang));
	if (row->course != FRAME_NONE)
		tell_course(planner, row, lang, out);
	const struct idp_activity *activity = NULL;
	for (size_t i = 0; i < idp->activity_count && row->activity != NULL; i++)
		if (strcmp(idp->activities[i].id, row->activity) == 0)
			activity = &idp->activities[i];
	if (row->activity != NULL)
		str_printf(out, " %s", activity == NULL ? row->activity : text_pick(&activity->title, lang));
	if (row->item != SIZE_MAX)
		tell_competency(competency, row, lang, out);
	date_format_iso(row->due, due);
	if (row->due != DATE_NONE)
		str_printf(out, zh ? "，期限 %s" : ", due %s", due);
	str_printf(out, zh ? "，%s" : ", %s", text_pick(&idp_statuses[row->status].title, lang));
	if (activity != NULL)
		str_printf(out, "  [%s:%d]", activity->node->file, activity->node->line);
	struct str source = { 0 };
	if (row->course < planner->state->catalogue.count)
		scope_source(block, &facts_courses(block->work->facts)->frame, row->course, &source);
	if (row->last != FRAME_NONE) {
		str_add(&source, source.length > 0 ? ", " : "");
		scope_source(block, &block->facts->lists[FEED_IDP].frame, row->last, &source);
	}
	if (source.length > 0)
		str_printf(out, "  [%s]", str_text(&source));
	str_release(&source);
	str_add_char(out, '\n');
}

/* Courses held that a gap of the plan could ask for: why they are not planned. */
static void tell_held(const struct idp_planner *planner, uint32_t person, enum text_lang lang, struct str *out)
{
	const struct idp_catalogue *catalogue = &planner->state->catalogue;
	const struct facts *facts = planner->block->work->facts;
	bool any = false;
	for (uint32_t i = planner->held->offset[person]; i < planner->held->offset[person + 1]; i++) {
		uint32_t course = planner->held->course[i];
		bool wanted = false;
		for (size_t k = 0; k < planner->plan.rows.count && !wanted; k++) {
			size_t item = planner->plan.rows.at[k].item;
			for (uint32_t c = 0; item != SIZE_MAX && c < catalogue->topics[item].count; c++)
				wanted |= catalogue->topics[item].course[c] == course;
		}
		if (!wanted)
			continue;
		str_add(out, any ? ", " : lang == TEXT_ZH ? "  已持有，不再安排：" : "  held, so not planned: ");
		str_printf(out, "%s [", facts_key(facts, KEY_DIM_COURSE, course));
		scope_source(planner->block, &planner->block->facts->lists[FEED_COMPLETION].frame, planner->held->row[i], out);
		str_add_char(out, ']');
		any = true;
	}
	if (any)
		str_add_char(out, '\n');
}

int idp_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct idp *idp = rule->data;
	struct idp_planner planner;
	bool zh = lang == TEXT_ZH;
	char pace[48], unknown[48];
	int rc = idp_planner_open(&planner, rule, block, err);
	if (rc == 0 && !block->facts->active[row]) {
		str_add(out, zh ? "  不在职，没有发展计划\n" : "  not active: no plan\n");
	} else if (rc == 0) {
		plain(idp->pace, IDP_HOURS_SCALE, pace);
		plain(idp->unknown_hours, IDP_HOURS_SCALE, unknown);
		str_printf(out,
			zh ? "  规则：差距按优先度排序；每项差距取学时最少的课程链，先修在前；每周 %s 学时，学时未知按 %s；"
				 "其他 %d 个月内\n"
			   : "  rule: gaps by priority; the chain of courses with the fewest hours, what comes first before it; "
				 "%s hours a week, %s where unknown; other items within %d months\n",
			pace, unknown, idp->due_months);
		idp_plan_person(&planner, row);
		for (size_t i = 0; i < planner.plan.rows.count; i++)
			tell_row(&planner, &planner.plan.rows.at[i], i + 1, lang, out);
		if (planner.plan.rows.count == 0)
			str_add(out, zh ? "  没有需要安排的项目\n" : "  nothing to plan\n");
		decision_explain(block, row, idp->fields, idp_can_decide, &planner, lang, out);
		tell_held(&planner, row, lang, out);
		str_printf(
			out, zh ? "  未完成必修课程 %u 门\n" : "  required courses outstanding: %u\n", planner.plan.outstanding);
	}
	idp_planner_close(&planner);
	return rc;
}
