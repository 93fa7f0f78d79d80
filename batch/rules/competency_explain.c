/*
 * competency_explain.c - why a person has these levels, gaps and this match: evidence by competency, then the model.
 *
 * Decides: the words. The levels come from competency_levels, replayed with tracing.
 */
#include "rules/competency.h"

#include <stdlib.h>
#include <string.h>

struct teller {
	struct rules_block *block;
	VEC(struct competency_piece) pieces;
};

static void keep_piece(void *host, const struct competency_piece *piece)
{
	struct teller *teller = host;
	VEC_PUSH(&teller->pieces, *piece);
}

static int by_item(const void *a, const void *b)
{
	const struct competency_piece *x = a, *y = b;
	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->date != y->date)
		return x->date > y->date ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static const char *plain(int64_t value, int scale, char out[48])
{
	decimal_format(value, scale, -1, out);
	return out;
}

static const char *rounded(struct decimal value, char out[64])
{
	decimal_to_text(decimal_normalise(decimal_round_to(value, 4, DECIMAL_HALF_UP)), out);
	return out;
}

static void tell_piece(const struct competency *own, const struct teller *teller, const struct competency_piece *piece,
	enum text_lang lang, struct str *out)
{
	static const char *const words_zh[] = { "计入", "未计入：有更新或更高的测评", "未计入：超过有效期",
		"未采用：规则没有此测评方式", "未采用：没有等级和得分", "未采用：规则没有此方式的得分换算", "未采用：超出范围",
		"未采用：不在胜任力词典中" };
	static const char *const words_en[] = { "counts", "does not count: a newer or higher one does",
		"does not count: too old", "not used: the rules have no evidence of this kind",
		"not used: neither level nor score", "not used: the rules give this kind no scale",
		"not used: outside its scale", "not used: the competency is not in the dictionary" };
	const struct frame *frame = &teller->block->facts->lists[FEED_ASSESSMENT].frame;
	const struct frame_column *level = frame_column(frame, ASSESSMENT_LEVEL),
							  *score = frame_column(frame, ASSESSMENT_SCORE),
							  *kind = frame_column(frame, ASSESSMENT_KIND),
							  *assessor = frame_column(frame, ASSESSMENT_ASSESSOR_ID),
							  *competency = frame_column(frame, ASSESSMENT_COMPETENCY_ID);
	const char *by = assessor == NULL ? NULL : frame_text(frame, assessor, piece->row);
	const char *named = kind == NULL ? NULL : frame_text(frame, kind, piece->row);
	char date[16], text[64];
	bool zh = lang == TEXT_ZH;
	date_format_iso(piece->date, date);
	str_printf(out, "    %s  %s", date,
		piece->kind != SIZE_MAX ? text_pick(&own->evidence[piece->kind].title, lang)
			: named == NULL     ? ""
								: named);
	if (piece->item == SIZE_MAX)
		str_printf(out, " %s", facts_key(teller->block->work->facts, KEY_DIM_COMPETENCY, competency->u32[piece->row]));
	if (by != NULL)
		str_printf(out, zh ? "（%s）" : " (%s)", by);
	if (level != NULL && level->i64[piece->row] != DECIMAL_NONE)
		str_printf(out, zh ? "  等级 %s" : "  level %s", plain(level->i64[piece->row], level->scale, text));
	else if (score != NULL && score->i64[piece->row] != DECIMAL_NONE)
		str_printf(out, zh ? "  得分 %s" : "  score %s", plain(score->i64[piece->row], score->scale, text));
	if (piece->fate <= COMPETENCY_OLDER && (level == NULL || level->i64[piece->row] == DECIMAL_NONE))
		str_printf(out, zh ? " → 等级 %s" : " -> level %s", rounded(piece->level, text));
	str_printf(out, "  %s  [", zh ? words_zh[piece->fate] : words_en[piece->fate]);
	scope_source(teller->block, frame, piece->row, out);
	str_add(out, "]\n");
}

static void tell_level(const struct competency *own, size_t item, int64_t level, const struct competency_part *parts,
	const struct competency_need *need, enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH, any = false;
	char number[64], gap[48], priority[48];
	str_printf(out, "  %s %s [%s:%d]", own->items[item].id, text_pick(&own->items[item].title, lang),
		own->items[item].node->file, own->items[item].node->line);
	for (size_t k = 0; k < own->evidence_count; k++) {
		if (!parts[k].present)
			continue;
		str_printf(out, "%s%s %s",
			any      ? " + "
				: zh ? "："
					 : ": ",
			text_pick(&own->evidence[k].title, lang), rounded(parts[k].level, number));
		plain(own->evidence[k].weight, COMPETENCY_WEIGHT_SCALE, number);
		str_printf(out, zh ? "（权重 %s）" : " (weight %s)", number);
		any = true;
	}
	if (level == DECIMAL_NONE)
		str_add(out,
			any ? (zh ? " → 未测评：只有自评" : " -> not assessed: self-assessment alone")
				: (zh ? "：未测评" : ": not assessed"));
	else
		str_printf(out, zh ? " → 等级 %s" : " -> level %s", plain(level, COMPETENCY_SCALE, number));
	if (need != NULL) {
		str_printf(out, zh ? "；要求 %s" : "; required %s", plain(need->required, COMPETENCY_SCALE, number));
		if (level != DECIMAL_NONE) {
			int64_t missing = competency_gap(need, level);
			plain(missing * need->weight, COMPETENCY_SCALE + COMPETENCY_WEIGHT_SCALE, priority);
			str_printf(out, zh ? "，差距 %s" : ", gap %s", plain(missing, COMPETENCY_SCALE, gap));
			plain(need->weight, COMPETENCY_WEIGHT_SCALE, number);
			if (missing > 0)
				str_printf(out, zh ? "，权重 %s，优先度 %s" : ", weight %s, priority %s", number, priority);
		}
		str_printf(
			out, "%s  [%s:%d]", need->must ? (zh ? "（必备）" : " (must)") : "", need->node->file, need->node->line);
	}
	str_add_char(out, '\n');
}

static void tell_fit(const struct competency_model *model, const int64_t *levels, enum text_lang lang, struct str *out)
{
	struct competency_fit fit;
	char match[64], share[48];
	bool zh = lang == TEXT_ZH;
	competency_fit(model, levels, &fit);
	plain(fit.assessed, COMPETENCY_WEIGHT_SCALE - 2, share);
	if (fit.matched)
		str_printf(out, zh ? "  匹配度 %s%%" : "  match %s%%", rounded(fit.match, match));
	else
		str_add(out, zh ? "  匹配度：未测评" : "  match: not assessed");
	str_printf(out,
		zh ? "，已测评权重 %s%%，差距 %u 项，必备项差距 %u 项，必备项未测评 %u 项\n"
		   : ", assessed weight %s%%, %u gaps, %u gaps in musts, %u musts not assessed\n",
		share, fit.gaps, fit.must_gaps, fit.must_unknown);
}

int competency_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct competency *own = rule->data;
	const struct competency_state *state = block->work->state[rule->index];
	const struct competency_model *model = competency_model_of(own, state, block, row);
	struct teller teller = { .block = block };
	int64_t *levels = arena_alloc(block->scratch, own->item_count + 1, sizeof *levels);
	struct competency_part *parts =
		arena_alloc(block->scratch, own->item_count * own->evidence_count + 1, sizeof *parts);
	size_t at = 0;
	bool zh = lang == TEXT_ZH;
	(void)err;
	competency_levels(
		own, state, block, row, competency_room(own, block->scratch), levels, parts, keep_piece, &teller, true);
	if (teller.pieces.count > 0)
		qsort(teller.pieces.at, teller.pieces.count, sizeof *teller.pieces.at, by_item);
	if (model == NULL)
		str_printf(out, "  %s\n", text_pick(&rules_reason(RULES_REASON_NO_MODEL)->text, lang));
	else
		str_printf(out, zh ? "  模型 %s（%s）[%s:%d]\n" : "  model %s (%s) [%s:%d]\n", model->id,
			text_pick(&model->title, lang), model->node->file, model->node->line);
	for (size_t i = 0; i < own->item_count; i++) {
		const struct competency_need *need = NULL;
		size_t from = at;
		for (size_t k = 0; model != NULL && k < model->need_count; k++)
			if (model->needs[k].item == i)
				need = &model->needs[k];
		while (at < teller.pieces.count && teller.pieces.at[at].item == i)
			at++;
		if (need == NULL && at == from)
			continue;
		tell_level(own, i, levels[i], &parts[i * own->evidence_count], need, lang, out);
		for (size_t k = from; k < at; k++)
			tell_piece(own, &teller, &teller.pieces.at[k], lang, out);
	}
	for (; at < teller.pieces.count; at++)
		tell_piece(own, &teller, &teller.pieces.at[at], lang, out);
	if (model != NULL)
		tell_fit(model, levels, lang, out);
	VEC_RELEASE(&teller.pieces);
	return 0;
}
