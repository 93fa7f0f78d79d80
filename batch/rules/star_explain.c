/*
 * star_explain.c - why a person has this star, or none: items with their inputs, composite, band, floors, the way to
 * the next band.
 *
 * Decides: the words. The grade comes from star_grade, given the same inputs evaluated with tracing.
 */
#include "rules/star.h"

#include <string.h>

static const char *plain(struct decimal value, int places, char out[64])
{
	decimal_to_text(decimal_normalise(decimal_round_to(value, places, DECIMAL_HALF_UP)), out);
	return out;
}

/* The inputs below the value; where the expression is one name, its source stands on the same line. */
static void tell_inputs(const char *text, const char *inputs, struct str *out)
{
	const char *line = inputs + strspn(inputs, " "), *source = strstr(line, "  [");
	size_t length = strlen(text);
	bool alone = strncmp(line, text, length) == 0 && strncmp(line + length, " = ", 3) == 0;
	if (alone && source != NULL) {
		str_add(out, source);
		return;
	}
	str_add_char(out, '\n');
	if (!alone)
		str_add(out, inputs);
}

static int tell_item(const struct star *star, size_t k, struct rules_block *block, uint32_t row,
	const struct star_input *input, const struct star_grade *grade, enum text_lang lang, struct str *out,
	struct err *err)
{
	const struct star_item *item = &star->items[k];
	bool zh = lang == TEXT_ZH;
	char value[64], score[64], weight[48];
	struct str inputs = { 0 };
	decimal_format(item->weight, STAR_WEIGHT_SCALE, -1, weight);
	str_printf(out, zh ? "  %s（%s）权重 %s  [%s:%d]\n" : "  %s (%s) weight %s  [%s:%d]\n",
		text_pick(&item->title, lang), item->id, weight, item->node->file, item->node->line);
	if (input->present)
		decimal_to_text(decimal_normalise(input->x), value);
	str_printf(out, "    %s = %s", item->text, input->present ? value : zh ? "缺失" : "missing");
	if (scope_explain(block, RULES_SCOPE_PERSON, item->value, row, lang, "      ", &inputs, err) != 0) {
		str_release(&inputs);
		return -1;
	}
	tell_inputs(item->text, str_text(&inputs), out);
	str_release(&inputs);
	if (!input->present) {
		static const char *const words_zh[] = { "按规则不计入，其余权重重新归一", "按规则记 0 分",
			"按规则不予评级" };
		static const char *const words_en[] = { "left out, the other weights are renormalised",
			"counts as 0 by the rule", "not graded by the rule" };
		str_printf(out, "    %s\n", zh ? words_zh[item->missing] : words_en[item->missing]);
	} else if (item->zero.given) {
		str_printf(out,
			zh ? "    得分 %s（%s 得 0 分，%s 得 100 分）\n"
			   : "    score %s (%s scores 0, %s scores 100)\n",
			plain(grade->scores[k], 4, score), item->zero.text, item->full.text);
	} else {
		str_printf(out, zh ? "    得分 %s（未换算）\n" : "    score %s (unscaled)\n",
			plain(grade->scores[k], 4, score));
	}
	return 0;
}

static void tell_floors(const struct star *star, const struct star_input *inputs, const struct star_grade *grade,
	enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	char value[64];
	for (size_t b = grade->before; b < grade->band; b++)
		for (size_t f = 0; f < star->bands[b].floor_count; f++) {
			const struct star_floor *floor = &star->bands[b].floors[f];
			const struct star_item *item = &star->items[floor->item];
			if (star_floor_met(star, floor, &inputs[floor->item]))
				continue;
			if (inputs[floor->item].present)
				plain(inputs[floor->item].x, 4, value);
			str_printf(out,
				zh ? "  %s 未授予：%s 需达到 %s，实际 %s  [%s:%d]\n"
				   : "  %s withheld: %s needs %s, has %s  [%s:%d]\n",
				text_pick(&star->bands[b].title, lang), text_pick(&item->title, lang), floor->from.text,
				inputs[floor->item].present ? value
				: zh                        ? "缺失"
							    : "none",
				floor->node->file, floor->node->line);
		}
}

static void tell_next(const struct star *star, const struct star_input *inputs, const struct star_grade *grade,
	enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	char missing[48];
	if (grade->band == 0) {
		str_add(out, zh ? "  已是最高星级\n" : "  this is the highest star\n");
		return;
	}
	const struct star_band *next = &star->bands[grade->band - 1];
	int64_t gap = next->from_scaled - grade->composite;
	str_printf(out, zh ? "  距离 %s：" : "  to %s: ", text_pick(&next->title, lang));
	if (gap > 0) {
		decimal_format(gap, 2, -1, missing);
		str_printf(out, zh ? "综合得分还差 %s" : "%s more points of the composite", missing);
	} else {
		str_add(out, zh ? "综合得分已达到" : "the composite is high enough");
	}
	for (size_t f = 0; f < next->floor_count; f++)
		if (!star_floor_met(star, &next->floors[f], &inputs[next->floors[f].item]))
			str_printf(out, zh ? "；%s 需达到 %s" : "; %s needs %s",
				text_pick(&star->items[next->floors[f].item].title, lang), next->floors[f].from.text);
	str_add_char(out, '\n');
}

static void tell_grade(const struct rules_rule *rule, struct rules_block *block, uint32_t row,
	const struct star_input *inputs, const struct star_grade *grade, enum text_lang lang, struct str *out)
{
	const struct star *star = rule->data;
	bool zh = lang == TEXT_ZH;
	char composite[48], weight[48], coefficient[48], previous[48];
	const struct star_band *before = &star->bands[grade->before], *band = &star->bands[grade->band];
	decimal_format(grade->composite, 2, 2, composite);
	decimal_format(grade->weight_sum, STAR_WEIGHT_SCALE, -1, weight);
	str_printf(out,
		zh ? "  综合得分 %s（计入权重 %s）→ %s（%s 起，%s:%d）\n"
		   : "  composite %s (over weight %s) -> %s (from %s, %s:%d)\n",
		composite, weight, text_pick(&before->title, lang), before->from.text, before->node->file,
		before->node->line);
	tell_floors(star, inputs, grade, lang, out);
	str_printf(out, zh ? "  结果：%s" : "  result: %s", text_pick(&band->title, lang));
	if (band->coefficient.given) {
		decimal_format(band->coefficient.value, band->coefficient.scale, -1, coefficient);
		str_printf(out, zh ? "，绩效系数 %s" : ", performance coefficient %s", coefficient);
	}
	const struct frame_column *column = rules_column(block, rule, STAR_PREVIOUS);
	if (column->i64[row] != DECIMAL_NONE) {
		decimal_format(column->i64[row], 0, -1, previous);
		str_printf(out, zh ? "，上期 %s 星" : ", previous star %s", previous);
	}
	str_add_char(out, '\n');
	tell_next(star, inputs, grade, lang, out);
}

int star_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct star *star = rule->data;
	struct star_input inputs[STAR_ITEMS];
	struct star_grade grade;
	bool zh = lang == TEXT_ZH;
	for (size_t k = 0; k < star->item_count; k++) {
		struct feel_column values = { 0 };
		if (scope_eval_people(block, star->items[k].value, &values, err) != 0)
			return -1;
		inputs[k].present = scope_number(&values, row, &inputs[k].x);
	}
	star_grade(star, inputs, &grade);
	enum rules_reason bar = star_bars(star, block, row);
	for (size_t k = 0; k < star->item_count; k++)
		if (tell_item(star, k, block, row, &inputs[k], &grade, lang, out, err) != 0)
			return -1;
	if (bar == RULES_REASON_COUNT && grade.graded) {
		tell_grade(rule, block, row, inputs, &grade, lang, out);
		return 0;
	}
	enum rules_reason reason = bar != RULES_REASON_COUNT ? bar : grade.reason;
	str_printf(out, zh ? "  未评级：%s" : "  not graded: %s", text_pick(&rules_reason(reason)->text, lang));
	if (reason == RULES_REASON_TOO_LITTLE) {
		char weight[48], needed[48];
		decimal_format(grade.weight_sum, STAR_WEIGHT_SCALE, -1, weight);
		decimal_format(star->present, STAR_WEIGHT_SCALE, -1, needed);
		str_printf(out, zh ? "（%s，至少 %s）" : " (%s, at least %s)", weight, needed);
	} else if (reason == RULES_REASON_ITEM_MISSING || reason == RULES_REASON_ITEM_RANGE) {
		str_printf(out, zh ? "（%s）" : " (%s)", text_pick(&star->items[grade.bad_item].title, lang));
	} else if (reason == RULES_REASON_NEWCOMER) {
		str_printf(out, zh ? "（至少 %d 个月）" : " (at least %d months)", star->tenure);
	}
	str_add_char(out, '\n');
	return 0;
}
