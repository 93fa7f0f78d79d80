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

/* What is missing to a band, or to hold it when it is kept though this period did not reach it. */
static void tell_band(const struct star *star, const struct star_input *inputs, const struct star_grade *grade,
	const struct star_band *band, bool kept, enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	char missing[48];
	int64_t gap = band->from_scaled - grade->composite;
	const char *title = text_pick(&band->title, lang);
	if (kept)
		str_printf(out, zh ? "  本期要站稳%s：" : "  to reach %s by this period alone: ", title);
	else
		str_printf(out, zh ? "  距离 %s：" : "  to %s: ", title);
	if (gap > 0) {
		decimal_format(gap, 2, -1, missing);
		str_printf(out, zh ? "综合得分还差 %s" : "%s more points of the composite", missing);
	} else {
		str_add(out, zh ? "综合得分已达到" : "the composite is high enough");
	}
	for (size_t f = 0; f < band->floor_count; f++)
		if (!star_floor_met(star, &band->floors[f], &inputs[band->floors[f].item]))
			str_printf(out, zh ? "；%s 需达到 %s" : "; %s needs %s",
				text_pick(&star->items[band->floors[f].item].title, lang), band->floors[f].from.text);
	str_add_char(out, '\n');
}

/* The star in force counts: who keeps three stars with two reached hears how to hold the third, then how to rise. */
static void tell_next(const struct star *star, const struct star_input *inputs, const struct star_grade *grade,
	int64_t effective, enum text_lang lang, struct str *out)
{
	size_t band = effective == DECIMAL_NONE ? grade->band : star_band_of(star, effective);
	if (band < grade->band)
		tell_band(star, inputs, grade, &star->bands[band], true, lang, out);
	if (band == 0)
		str_add(out, lang == TEXT_ZH ? "  已是最高星级\n" : "  this is the highest star\n");
	else
		tell_band(star, inputs, grade, &star->bands[band - 1], false, lang, out);
}

/* The periods a rise or a fall looked at, newest first: "本期 4、上期 3". */
static void tell_past(const struct star *star, const struct star_grade *grade, const struct history_block *past,
	uint32_t row, int periods, enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	str_printf(out, zh ? "本期 %lld" : "now %lld", (long long)star->bands[grade->band].star);
	for (int ago = 1; ago < periods; ago++) {
		int64_t r = history_at(past, past->reached, (uint32_t)ago, row);
		str_printf(out, zh ? "，前 %d 期 " : ", %d before: ", ago);
		if (r == DECIMAL_NONE)
			str_add(out, zh ? "未评级" : "not graded");
		else
			str_printf(out, "%lld", (long long)r);
	}
}

static void tell_move(const struct star *star, const struct star_grade *grade, const struct history_block *past,
	uint32_t row, enum text_lang lang, struct str *out)
{
	static const char *const words[][2] = {
		[STAR_FIRST] = { "首次评级，不受保级限制", "first grading: as reached" },
		[STAR_RISEN] = { "已连续达到，升星", "reached in enough periods in a row: rises" },
		[STAR_WAITING] = { "尚未连续达到所需期数，维持上期", "not reached in enough periods in a row: stays" },
		[STAR_KEPT] = { "与上期相同", "as before" },
		[STAR_SPARED] = { "低于上期，但未达到降星期数，维持上期", "below, but not for enough periods in a row: stays" },
		[STAR_FALLEN] = { "连续低于上期，降星", "below in enough periods in a row: falls to the best of them" },
	};
	bool zh = lang == TEXT_ZH;
	struct star_move move;
	star_hold(star, grade->band, past, row, &move);
	str_printf(out, zh ? "  底线后 %lld 星；" : "  %lld after floors; ", (long long)star->bands[grade->band].star);
	if (move.step != STAR_FIRST)
		str_printf(out, zh ? "上期 %lld 星（前 %u 期）；" : "previous star %lld (%u before); ",
			(long long)move.previous, move.ago);
	str_add(out, words[move.step][zh ? 0 : 1]);
	int periods = move.step == STAR_RISEN     ? star->bands[move.held].hold
		      : move.step == STAR_WAITING ? star->bands[grade->band].hold
		      : move.step >= STAR_SPARED  ? star->fall
						  : 1;
	if (periods > 1) {
		str_printf(out, zh ? "（需 %d 期：" : " (%d periods: ", periods);
		tell_past(star, grade, past, row, periods, lang, out);
		str_add(out, zh ? "）" : ")");
	}
	str_printf(out, zh ? " → %lld 星\n" : " -> %lld\n", (long long)star->bands[move.held].star);
	if (move.limited != move.held)
		str_printf(out, zh ? "  每期升降限制：%lld → %lld 星\n" : "  movement limit of a period: %lld -> %lld\n",
			(long long)star->bands[move.held].star, (long long)star->bands[move.limited].star);
}

/* The human decision beside what was computed; expired ones are told as such. */
static void tell_decisions(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out)
{
	const struct facts_list *list = &block->facts->lists[FEED_DECISION];
	struct decision applied = { 0 }, decision;
	bool zh = lang == TEXT_ZH, any = star_decision(rule, block, row, &applied);
	for (uint32_t r = list->offset == NULL ? 0 : list->offset[row];
		list->offset != NULL && r < list->offset[row + 1]; r++) {
		char on[16], expires[16];
		if (!decision_read(block, r, rule->id, &decision))
			continue;
		bool expired = decision_is_expired(block, &decision);
		date_format_iso(decision.on, on);
		date_format_iso(decision.expires, expires);
		str_printf(out, zh ? "  人工决定 %s 星，%s 于 %s：%s" : "  decision: star %s by %s on %s: %s", decision.value,
			decision.by, on, decision.reason);
		if (expires[0] != '\0')
			str_printf(out, zh ? "（有效至 %s）" : " (until %s)", expires);
		str_add(out, any && applied.row == r ? (zh ? "，采用" : ", applied")
			     : expired               ? (zh ? "，已失效，未采用" : ", expired, not applied")
						     : (zh ? "，未采用" : ", not applied"));
		str_add(out, "  [");
		scope_source(block, &list->frame, r, out);
		str_add(out, "]\n");
	}
}

static void tell_star(const struct rules_rule *rule, const struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out)
{
	const struct star *star = rule->data;
	const struct frame_column *column = rules_column(block, rule, 0);
	bool zh = lang == TEXT_ZH;
	char coefficient[48];
	int64_t held = column[STAR_HELD].i64[row], computed = column[STAR_COMPUTED].i64[row];
	int64_t effective = column[STAR_STAR].i64[row];
	if (computed != held)
		str_printf(out, zh ? "  名额限制：%lld → %lld 星\n" : "  quota: %lld -> %lld\n", (long long)held,
			(long long)computed);
	if (effective == DECIMAL_NONE)
		return;
	const struct star_band *band = &star->bands[star_band_of(star, effective)];
	str_printf(out, zh ? "  结果：%s" : "  result: %s", text_pick(&band->title, lang));
	if (band->coefficient.given) {
		decimal_format(band->coefficient.value, band->coefficient.scale, -1, coefficient);
		str_printf(out, zh ? "，绩效系数 %s" : ", performance coefficient %s", coefficient);
	}
	if (computed != effective && computed != DECIMAL_NONE)
		str_printf(out, zh ? "（规则计算为 %lld 星）" : " (computed: %lld)", (long long)computed);
	else if (computed != effective)
		str_add(out, zh ? "（规则未评级）" : " (not graded by the rule)");
	str_add_char(out, '\n');
}

static int tell_grade(const struct rules_rule *rule, struct rules_block *block, uint32_t row,
	const struct star_input *inputs, const struct star_grade *grade, enum text_lang lang, struct str *out,
	struct err *err)
{
	const struct star *star = rule->data;
	bool zh = lang == TEXT_ZH;
	char composite[48], weight[48];
	const struct star_band *before = &star->bands[grade->before];
	const struct star_state *state = block->work->state[rule->index];
	struct history_block past;
	if (history_load(state->history, block, false, &past, err) != 0)
		return -1;
	decimal_format(grade->composite, 2, 2, composite);
	decimal_format(grade->weight_sum, STAR_WEIGHT_SCALE, -1, weight);
	str_printf(out,
		zh ? "  综合得分 %s（计入权重 %s）→ %s（%s 起，%s:%d）\n"
		   : "  composite %s (over weight %s) -> %s (from %s, %s:%d)\n",
		composite, weight, text_pick(&before->title, lang), before->from.text, before->node->file,
		before->node->line);
	tell_floors(star, inputs, grade, lang, out);
	tell_move(star, grade, &past, row, lang, out);
	return 0;
}

int star_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct star *star = rule->data;
	struct star_input inputs[STAR_ITEMS];
	struct star_grade grade;
	struct feel_column absent = { 0 };
	bool zh = lang == TEXT_ZH;
	if (star->absent != NULL && scope_eval_people(block, star->absent, &absent, err) != 0)
		return -1;
	for (size_t k = 0; k < star->item_count; k++) {
		struct feel_column values = { 0 };
		if (scope_eval_people(block, star->items[k].value, &values, err) != 0)
			return -1;
		inputs[k].present = scope_number(&values, row, &inputs[k].x);
	}
	star_grade(star, inputs, &grade);
	enum rules_reason bar = star_bars(star, block, star->absent == NULL ? NULL : &absent, row);
	for (size_t k = 0; k < star->item_count; k++)
		if (tell_item(star, k, block, row, &inputs[k], &grade, lang, out, err) != 0)
			return -1;
	if (bar == RULES_REASON_COUNT && grade.graded) {
		if (tell_grade(rule, block, row, inputs, &grade, lang, out, err) != 0)
			return -1;
		tell_decisions(rule, block, row, lang, out);
		tell_star(rule, block, row, lang, out);
		tell_next(star, inputs, &grade, rules_column(block, rule, 0)[STAR_STAR].i64[row], lang, out);
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
	} else if (reason == RULES_REASON_ABSENT) {
		str_printf(out, zh ? "（%s）" : " (%s)", star->absent_text);
	}
	str_add_char(out, '\n');
	if (star_is_here(bar)) {
		tell_decisions(rule, block, row, lang, out);
		tell_star(rule, block, row, lang, out);
	}
	return 0;
}
