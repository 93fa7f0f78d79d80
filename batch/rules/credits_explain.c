/*
 * credits_explain.c - the ledger of one person told line by line: why these credits.
 *
 * Decides: the words. The numbers come from the same ledger that grades (credits.c), replayed with tracing.
 */
#include "rules/credits.h"

#include <stdlib.h>

struct teller {
	const struct rules_rule *rule;
	struct rules_block *block;
	const struct pass_rows *rows;
	enum text_lang lang;
	struct str *out;
	int32_t after; /* the rolling window begins the day after */
	VEC(struct credits_booking) bookings;
};

static const char *plain(int64_t value, int scale, char out[48])
{
	decimal_format(value, scale, -1, out);
	return out;
}

static void keep_booking(void *host, const struct credits_booking *booking)
{
	struct teller *teller = host;
	VEC_PUSH(&teller->bookings, *booking);
}

static int by_date(const void *a, const void *b)
{
	const struct credits_booking *x = a, *y = b;
	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static void tell_booking(const struct teller *teller, const struct credits_booking *booking)
{
	const struct credits *credits = teller->rule->data;
	const struct credits_category *category = &credits->categories[booking->category];
	struct str *out = teller->out;
	bool zh = teller->lang == TEXT_ZH;
	char date[16], until[16], amount[48], booked[48], score[48];
	date_format_iso(booking->date, date);
	date_format_iso(booking->window_end, until);
	uint32_t course = teller->rows->course[booking->row];
	str_printf(out, "  %s  %s %s", date, facts_key(teller->block->work->facts, KEY_DIM_COURSE, course),
		facts_course_title(teller->block->work->facts, course));
	if (teller->rows->score != NULL && teller->rows->score[booking->row] != DECIMAL_NONE)
		str_printf(out, zh ? "  成绩 %s" : "  score %s",
			plain(teller->rows->score[booking->row], PASS_SCALE, score));
	if (teller->rows->outcome[booking->row] == PASS_EXEMPT)
		str_add(out, zh ? "  免修" : "  exempt");
	str_printf(out, zh ? "  学分 %s" : "  credits %s", plain(booking->amount, credits->scale, amount));
	if (booking->band < credits->band_count)
		str_printf(out, zh ? "（含系数 %s，%s:%d）" : " (with factor %s, %s:%d)",
			credits->bands[booking->band].factor.text, credits->bands[booking->band].node->file,
			credits->bands[booking->band].node->line);
	str_printf(out, zh ? "  入账 %s" : "  booked %s", plain(booking->booked, credits->scale, booked));
	if (credits->category_count > 1)
		str_printf(out, zh ? "  类别 %s" : "  category %s", text_pick(&category->title, teller->lang));
	if (booking->opens && booking->window_end != DATE_NONE)
		str_printf(out, zh ? "  有效期至 %s 前" : "  valid until before %s", until);
	else if (!booking->opens)
		str_add(out, zh ? "  同一有效期内再次合格" : "  passed again within its validity");
	if (booking->date <= teller->after)
		str_add(out, zh ? "  早于滚动窗口" : "  before the rolling window");
	str_add(out, "  [");
	scope_source(teller->block, &teller->block->facts->lists[FEED_COMPLETION].frame, booking->row, out);
	str_add(out, "]\n");
}

/* What earned nothing, so that a reader finds every row. */
static void tell_others(const struct teller *teller, uint32_t person)
{
	static const char *const words_zh[] = { "未参加考试", "合格", "未通过", "没有合格线，无法判定",
		"免修，不计分" };
	static const char *const words_en[] = { "no test sat", "passed", "failed", "no pass mark, cannot be decided",
		"exempt, earns nothing" };
	const struct credits *credits = teller->rule->data;
	const struct pass_rows *rows = teller->rows;
	const struct facts *facts = teller->block->work->facts;
	char date[16], score[48];
	uint32_t end = rows->offset == NULL ? 0 : rows->offset[person + 1];
	for (uint32_t row = rows->offset == NULL ? 0 : rows->offset[person]; row < end; row++) {
		enum pass_outcome outcome = rows->outcome[row];
		if (outcome == PASS_PASSED || (outcome == PASS_EXEMPT && credits->exempt))
			continue;
		date_format_iso(rows->date[row], date);
		str_printf(teller->out, "  %s  %s %s", date, facts_key(facts, KEY_DIM_COURSE, rows->course[row]),
			facts_course_title(facts, rows->course[row]));
		if (rows->score != NULL && rows->score[row] != DECIMAL_NONE)
			str_printf(teller->out, teller->lang == TEXT_ZH ? "  成绩 %s" : "  score %s",
				plain(rows->score[row], PASS_SCALE, score));
		str_printf(teller->out, "  %s  [", teller->lang == TEXT_ZH ? words_zh[outcome] : words_en[outcome]);
		scope_source(teller->block, &teller->block->facts->lists[FEED_COMPLETION].frame, row, teller->out);
		str_add(teller->out, "]\n");
	}
}

static void tell_categories(const struct teller *teller, const struct credits_person *person)
{
	const struct credits *credits = teller->rule->data;
	bool zh = teller->lang == TEXT_ZH;
	char sum[48], missing[48];
	for (size_t i = 0; i < credits->category_count && credits->category_count > 1; i++) {
		const struct credits_category *category = &credits->categories[i];
		int64_t earned = person->sums[i * CREDITS_SPANS + CREDITS_ROLLING];
		int64_t counted = earned > category->cap_scaled ? category->cap_scaled : earned;
		str_printf(teller->out, "  %s: %s", text_pick(&category->title, teller->lang),
			plain(earned, credits->scale, sum));
		if (earned > counted)
			str_printf(teller->out, zh ? "，封顶计 %s" : ", capped at %s", category->cap.text);
		if (category->minimum.given)
			str_printf(teller->out, zh ? "，要求 %s，缺 %s" : ", required %s, missing %s",
				category->minimum.text,
				plain(counted < category->minimum_scaled ? category->minimum_scaled - counted : 0,
					credits->scale, missing));
		if (category->node != NULL)
			str_printf(teller->out, "  [%s:%d]", category->node->file, category->node->line);
		str_add_char(teller->out, '\n');
	}
}

int credits_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct credits *credits = rule->data;
	const struct credits_state *state = block->work->state[rule->index];
	const struct pass_rows *rows = pass_rows_of(block, err);
	const uint8_t *bands, *categories;
	bool zh = lang == TEXT_ZH;
	char after[16], as_of[16], text[48];
	static const char *const counts_zh[] = { "首次", "最好一次", "最近一次" }, *const counts_en[] = { "first",
		"best", "latest" };
	if (rows == NULL || credits_classify(rule, block, state, &bands, &categories, err) != 0)
		return -1;
	if (!block->work->has_completions) {
		str_printf(out, "  %s\n", text_pick(&rules_reason(RULES_REASON_NO_FEED)->text, lang));
		return 0;
	}
	date_format_iso(date_add_months(block->work->params->as_of, -credits->months), after);
	date_format_iso(block->work->params->as_of, as_of);
	str_printf(out,
		zh ? "  规则：同一有效期内取%s合格；有效期后再次合格%s；近 %d 个月 = (%s, %s]"
		   : "  rule: the %s pass within a course's validity counts; a pass after it %s; %d months = (%s, %s]",
		zh ? counts_zh[credits->count] : counts_en[credits->count],
		credits->re_earn ? (zh ? "重新计分" : "earns again") : (zh ? "不再计分" : "earns nothing"),
		credits->months, after, as_of);
	if (credits->round.given)
		str_printf(out, zh ? "；四舍五入到 %s" : "; rounded to %s", credits->round.text);
	str_add(out, zh ? "\n  台账：\n" : "\n  ledger:\n");
	struct teller teller = { .rule = rule,
		.block = block,
		.rows = rows,
		.lang = lang,
		.out = out,
		.after = date_add_months(block->work->params->as_of, -credits->months) };
	struct credits_person person = { .sums = arena_alloc(block->scratch, credits->category_count * CREDITS_SPANS,
						 sizeof *person.sums) };
	int rc = credits_ledger(rule, block, state, rows, bands, categories, row, &person, keep_booking, &teller, err);
	if (rc == 0 && teller.bookings.count > 0)
		qsort(teller.bookings.at, teller.bookings.count, sizeof *teller.bookings.at, by_date);
	for (size_t i = 0; i < teller.bookings.count && rc == 0; i++)
		tell_booking(&teller, &teller.bookings.at[i]);
	VEC_RELEASE(&teller.bookings);
	if (rc != 0)
		return -1;
	if (person.passes == 0)
		str_add(out, zh ? "  没有合格记录\n" : "  nothing was passed\n");
	tell_others(&teller, row);
	tell_categories(&teller, &person);
	str_printf(out, zh ? "  近 %d 个月 %s" : "  in %d months %s", credits->months,
		plain(person.totals[CREDITS_ROLLING], credits->scale, text));
	str_printf(out, zh ? "，本期 %s" : ", in the period %s",
		plain(person.totals[CREDITS_PERIOD], credits->scale, text));
	str_printf(out, zh ? "，累计 %s" : ", in all %s", plain(person.totals[CREDITS_LIFETIME], credits->scale, text));
	str_printf(
		out, zh ? "，有效 %s" : ", still valid %s", plain(person.totals[CREDITS_VALID], credits->scale, text));
	str_printf(out, zh ? "，要求 %s" : ", required %s", plain(person.minimum, credits->scale, text));
	str_printf(out, zh ? "，缺 %s\n" : ", missing %s\n", plain(person.shortfall, credits->scale, text));
	return 0;
}
