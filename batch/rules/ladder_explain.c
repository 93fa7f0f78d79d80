/*
 * ladder_explain.c - why a person is ready for a step, or not: gate by gate with its inputs, what is missing, when it
 * can close; which promotion is the nearest.
 *
 * Decides: the words. States, dates and classes come from the same functions that made the results.
 */
#include "rules/ladder.h"

#include <string.h>

static const char *const marks[GATE_STATES] = { [GATE_NOT_EVALUATED] = "?", [GATE_MET] = "✓", [GATE_NOT_MET] = "✗" };

static void tell_closing(
	const struct gate *gate, const struct gate_result *result, enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	char date[16];
	if (result->earliest == DATE_NONE) {
		str_add(out, zh ? "，何时可达到：无法推算" : ", when it closes is not known");
		return;
	}
	date_format_iso(result->earliest, date);
	str_printf(out, zh ? "，最早 %s" : ", earliest %s", date);
	switch (gate->closes) {
	case GATE_ANNIVERSARY: str_add(out, zh ? "（期满日）" : " (the anniversary)"); break;
	case GATE_UNTIL: str_add(out, zh ? "（期满次日）" : " (the day after it ends)"); break;
	case GATE_PERIODS: str_add(out, zh ? "（若保持到该期末）" : " (end of that period, if it persists)"); break;
	case GATE_PACE:
		str_printf(
			out, zh ? "（按 %s / %lld 天推算）" : " (at %s in %lld days)", gate->pace.text, (long long)gate->days);
		break;
	case GATE_UNKNOWN: break;
	}
}

static int tell_inputs(const struct gate *gate, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct {
		const struct feel_expr *expr;
		const char *text;
	} parts[] = { { gate->have, gate->have_text }, { gate->need, gate->need_text }, { gate->when, gate->when_text },
		{ gate->since, gate->since_text }, { gate->until, gate->until_text } };
	struct str told = { 0 };
	int rc = 0;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0] && rc == 0; i++)
		if (parts[i].expr != NULL)
			rc = scope_explain(block, RULES_SCOPE_PERSON, parts[i].expr, row, lang, "        ", &told, err);
	if (rc == 0)
		str_add(out, str_text(&told));
	str_release(&told);
	return rc;
}

static int tell_gate(const struct gate *gate, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct readiness *readiness, struct str *out, struct err *err)
{
	bool zh = lang == TEXT_ZH;
	struct gate_values values = { 0 };
	struct gate_result result;
	struct text_pair state;
	char have[64] = "", need[64] = "", missing[64];
	if (gate_evaluate(gate, block, &values, err) != 0)
		return -1;
	gate_judge(gate, &values, row, block->work->params, &result);
	state = gate_state_title(result.state);
	str_printf(out, "    %s %s (%s) %s", marks[result.state], text_pick(&gate->title, lang), gate->id,
		text_pick(&state, lang));
	if (gate->when != NULL) {
		str_printf(out, zh ? "：%s" : ": %s", gate->when_text);
	} else {
		str_printf(out, zh ? "：现有 %s，%s %s" : ": has %s, %s %s",
			result.has_have ? gate_number(result.have, have)
				: zh        ? "（缺失）"
							: "(missing)",
			gate->at_most ? (zh ? "至多" : "at most") : (zh ? "要求" : "needs"),
			result.has_need ? gate_number(result.need, need)
				: zh        ? "（缺失）"
							: "(missing)");
		if (gate->unit[0] != '\0')
			str_printf(out, " %s", gate_unit(gate, lang));
	}
	if (result.has_missing) {
		decimal_format(gate_missing(&result), READINESS_MISSING_SCALE, -1, missing);
		str_printf(out, zh ? "，%s %s" : ", %s %s",
			gate->at_most ? (zh ? "超出" : "too much by") : (zh ? "还差" : "missing"), missing);
	}
	if (result.state == GATE_NOT_MET)
		tell_closing(gate, &result, lang, out);
	if (!gate->hard)
		str_add(out, zh ? "，非必要条件" : ", not a hard gate");
	str_printf(out, "  [%s:%d]\n", gate->node->file, gate->node->line);
	if (gate->hard && result.state == GATE_MET)
		readiness->met++;
	else if (gate->hard && result.state == GATE_NOT_EVALUATED)
		readiness->not_evaluated++;
	else if (gate->hard)
		readiness_unmet(readiness, result.earliest);
	return tell_inputs(gate, block, row, lang, out, err);
}

static void tell_readiness(const struct ladder *ladder, const struct ladder_step *step,
	const struct readiness *readiness, bool nearest, enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	struct text_pair class = readiness_title(readiness->class);
	char date[16];
	str_printf(out, zh ? "  → %s（%s，%s）：%s" : "  -> %s (%s, %s): %s", text_pick(&step->title, lang), step->id,
		text_pick(&ladder->tracks[step->track].title, lang), text_pick(&class, lang));
	if (readiness->earliest != DATE_NONE && readiness->class != READINESS_NOW) {
		date_format_iso(readiness->earliest, date);
		str_printf(out, zh ? "，最早 %s" : ", earliest %s", date);
	}
	str_printf(out, zh ? "；必要条件已达 %u、未达 %u、未评估 %u" : "; hard gates met %u, not met %u, not evaluated %u",
		readiness->met, readiness->unmet, readiness->not_evaluated);
	if (nearest)
		str_add(out, zh ? "；最近的晋升" : "; the nearest promotion");
	str_printf(out, "  [%s:%d]\n", step->node->file, step->node->line);
}

int ladder_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct ladder *ladder = rule->data;
	bool zh = lang == TEXT_ZH;
	enum rules_reason bar = ladder_bars(block, row);
	size_t own = ladder_step_of(ladder, block->work->state[rule->index], block, row);
	if (bar == RULES_REASON_COUNT && own == ladder->step_count)
		bar = RULES_REASON_OFF_LADDER;
	if (bar != RULES_REASON_COUNT) {
		str_printf(out, "  %s\n", text_pick(&rules_reason(bar)->text, lang));
		return 0;
	}
	const struct ladder_step *step = &ladder->steps[own];
	const struct ladder_judge judge = { ladder, block->work->state[rule->index], block };
	uint32_t near_code = rules_column(block, rule, LADDER_NEAREST)->u32[row];
	const char *nearest = near_code == FRAME_NONE ? NULL : block->people.texts[near_code];
	str_printf(out, zh ? "  所在岗级：%s（%s，%s）  [%s:%d]\n" : "  stands on: %s (%s, %s)  [%s:%d]\n",
		text_pick(&step->title, lang), step->id, text_pick(&ladder->tracks[step->track].title, lang), step->node->file,
		step->node->line);
	if (step->next_count == 0)
		str_printf(out, "  %s\n", text_pick(&rules_reason(RULES_REASON_NO_STEP)->text, lang));
	for (size_t i = 0; i < step->next_count; i++) {
		const struct ladder_step *next = &ladder->steps[step->next[i]];
		struct readiness readiness = { .earliest = DATE_NONE };
		struct str gates = { 0 };
		int rc = 0;
		for (size_t g = 0; g < next->gate_count && rc == 0; g++)
			rc = tell_gate(&next->gates[g], block, row, lang, &readiness, &gates, err);
		if (rc == 0) {
			struct decision decision;
			readiness_settle(&readiness, block->work->params->as_of);
			ladder_decide(&judge, row, step->next[i], &readiness, &decision);
			tell_readiness(ladder, next, &readiness, nearest != NULL && strcmp(nearest, next->id) == 0, lang, out);
			str_add(out, str_text(&gates));
		}
		str_release(&gates);
		if (rc != 0)
			return -1;
	}
	decision_explain(block, row, ladder->fields, ladder_can_decide, &judge, lang, out);
	return 0;
}
