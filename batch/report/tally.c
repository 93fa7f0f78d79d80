/*
 * tally.c - figures over people.
 *
 * Decides: that a missing value is left out of sums and means, that nothing divided by nothing is a dash, and that a
 * figure is rounded once, when it is shown.
 */
#include "report/tally.h"

#include "report/label.h"
#include "report/sheet.h"

#include <string.h>

int tally_bind(struct tally *tally, struct view *view, const struct xml_node *node, bool *leave, struct err *err)
{
	static const char *const totals[] = { "count", "share", "average", "sum", "ratio" };
	static const char *const names[] = { "value", "by", "when", "among" };
	int *const slots[] = { &tally->value, &tally->by, &tally->when, &tally->among };
	bool optional = xml_yes(xml_attr_or(node, "optional", "no"));
	const char *total = xml_attr(node, "total"), *places = xml_attr_or(node, "places", "1");
	int64_t count;
	*tally = (struct tally){ .node = node, .value = -1, .by = -1, .when = -1, .among = -1, .places = 1 };
	*leave = false;
	while (strcmp(totals[tally->total], total) != 0)
		tally->total++;
	if (decimal_parse(places, strlen(places), 0, &count) && count >= 0 && count <= 4)
		tally->places = (int)count;
	for (size_t i = 0; i < 4; i++) {
		const char *text = xml_attr(node, names[i]);
		if (text != NULL && optional && !view_knows(view, text)) {
			*leave = true;
			return 0;
		}
	}
	if (xml_attr(node, "value") == NULL && tally->total >= TALLY_AVERAGE)
		return xml_fail(node, err, "a <%s> with total=\"%s\" needs a value", node->name, total);
	if (xml_attr(node, "by") == NULL && tally->total == TALLY_RATIO)
		return xml_fail(node, err, "a <%s> with total=\"ratio\" needs what to divide by (by)", node->name);
	if (xml_attr(node, "when") == NULL && tally->total == TALLY_SHARE)
		return xml_fail(node, err, "a <%s> with total=\"share\" needs a condition (when)", node->name);
	for (size_t i = 0; i < 4; i++) {
		const char *text = xml_attr(node, names[i]);
		if (text != NULL
			&& (*slots[i] = i < 2 ? view_bind(view, node, text, err) : view_bind_test(view, node, text, err)) < 0)
			return -1;
	}
	return 0;
}

static void fold(struct tally_amount *amount)
{
	struct decimal run = decimal_from_scaled(amount->run, amount->scale);
	if (!amount->started)
		return;
	amount->sum = amount->folded ? decimal_add(amount->sum, run) : run;
	amount->folded = true;
	amount->started = false;
}

static void amount_add(struct tally_amount *amount, int64_t number, int scale)
{
	int64_t sum;
	if (amount->started && amount->scale == scale && !__builtin_add_overflow(amount->run, number, &sum)) {
		amount->run = sum;
		return;
	}
	fold(amount);
	amount->run = number;
	amount->scale = scale;
	amount->started = true;
}

static struct decimal amount_of(const struct tally_amount *amount)
{
	struct tally_amount whole = *amount;
	fold(&whole);
	return whole.folded ? whole.sum : decimal_from_int(0);
}

void tally_add(const struct tally *tally, struct view *view, uint32_t row, struct tally_sum *sum)
{
	struct view_cell value, by;
	if (tally->among >= 0 && !view_true(view, tally->among, row))
		return;
	sum->of++;
	if (tally->when >= 0 && !view_true(view, tally->when, row))
		return;
	if (tally->value >= 0) {
		view_at(view, tally->value, row, &value);
		if (value.kind != VIEW_NUMBER)
			return;
	}
	if (tally->by >= 0) {
		view_at(view, tally->by, row, &by);
		if (by.kind != VIEW_NUMBER)
			return;
		amount_add(&sum->by, by.number, by.scale);
	}
	if (tally->value >= 0)
		amount_add(&sum->value, value.number, value.scale);
	sum->count++;
}

static void amount_join(struct tally_amount *into, const struct tally_amount *from)
{
	if (from->started)
		amount_add(into, from->run, from->scale);
	if (!from->folded)
		return;
	fold(into);
	into->sum = into->folded ? decimal_add(into->sum, from->sum) : from->sum;
	into->folded = true;
}

void tally_join(struct tally_sum *into, const struct tally_sum *from)
{
	into->count += from->count;
	into->of += from->of;
	amount_join(&into->value, &from->value);
	amount_join(&into->by, &from->by);
}

static bool is_share(const struct tally *tally)
{
	return tally->total == TALLY_SHARE
		|| (tally->total == TALLY_RATIO && strcmp(xml_attr_or(tally->node, "unit", ""), "%") == 0);
}

enum book_format tally_format(const struct tally *tally)
{
	if (tally->total == TALLY_COUNT)
		return BOOK_FORMAT_INTEGER;
	if (is_share(tally))
		return tally->places == 0 ? BOOK_FORMAT_PERCENT : BOOK_FORMAT_PERCENT1;
	return tally->places == 0 ? BOOK_FORMAT_INTEGER : tally->places == 1 ? BOOK_FORMAT_DECIMAL1 : BOOK_FORMAT_DECIMAL2;
}

struct book_cell tally_cell(const struct tally *tally, const struct tally_sum *sum, enum text_lang lang)
{
	struct decimal value, zero = decimal_from_int(0);
	int scale = tally->places + (is_share(tally) ? 2 : 0);
	int64_t scaled;
	bool known = true;
	switch (tally->total) {
	case TALLY_COUNT: return sheet_count(sum->count);
	case TALLY_SHARE:
		known = sum->of > 0;
		value = known ? decimal_div(decimal_from_int((int64_t)sum->count), decimal_from_int((int64_t)sum->of)) : zero;
		break;
	case TALLY_AVERAGE:
		known = sum->count > 0;
		value = known ? decimal_div(amount_of(&sum->value), decimal_from_int((int64_t)sum->count)) : zero;
		break;
	case TALLY_SUM:
		known = sum->count > 0;
		value = amount_of(&sum->value);
		break;
	case TALLY_RATIO:
		known = sum->count > 0 && !decimal_is_zero(amount_of(&sum->by));
		value = known ? decimal_div(amount_of(&sum->value), amount_of(&sum->by)) : zero;
		break;
	default: return (struct book_cell){ .kind = BOOK_EMPTY };
	}
	if (!known || !decimal_to_scaled_rounded(value, scale, &scaled))
		return sheet_text(label(LABEL_NONE, lang), BOOK_STYLE_GREY);
	return sheet_number(scaled, scale, tally_format(tally));
}
