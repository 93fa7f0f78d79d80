/*
 * tally.h - figures over people that a template asks for: how many, what share, a sum, a mean, one sum over another.
 */
#ifndef PANDIAN_REPORT_TALLY_H
#define PANDIAN_REPORT_TALLY_H

#include "base/decimal.h"
#include "model/book.h"
#include "report/view.h"

enum tally_total { TALLY_COUNT, TALLY_SHARE, TALLY_AVERAGE, TALLY_SUM, TALLY_RATIO };
#define TALLY_TOTALS "count|share|average|sum|ratio"
/* Attributes of an element that is a figure; the kind adds its own behind them. */
#define TALLY_ATTRS \
	{ "total", XML_CHOICE, true, TALLY_TOTALS, \
		"how people are summed up: number of those who meet `when`, their share, average or sum of `value`, sum of " \
		"`value` over the sum of `by`" }, \
		{ "value", XML_FEEL, false, NULL, "number to sum up" }, \
		{ "by", XML_FEEL, false, NULL, "ratio: number to divide by" }, \
		{ "when", XML_FEEL, false, NULL, "only people who meet this condition" }, \
		{ "among", XML_FEEL, false, NULL, "share: of the people who meet this condition; default all" }, \
		{ "places", XML_INTEGER, false, NULL, "decimal places; default 1" }, \
		{ "unit", XML_CHOICE, false, "%", "ratio: shown as a percentage" }, \
	{ \
		"optional", XML_BOOL, false, NULL, "yes: left out where the results have no such name" \
	}

struct tally {
	const struct xml_node *node;
	enum tally_total total;
	int value, by, when, among; /* numbers in the view, -1 */
	int places;
};
/* A sum of numbers of any scale; exact. */
struct tally_amount {
	int64_t run; /* of one scale, as long as it fits */
	int scale;
	bool started, folded;
	struct decimal sum; /* what did not */
};
struct tally_sum {
	uint64_t count, of;
	struct tally_amount value, by;
};
/* Binds a figure. *leave: the results have no such name, and it is optional. -1 with 78. */
int tally_bind(struct tally *tally, struct view *view, const struct xml_node *node, bool *leave, struct err *err);
/* Adds a row of the loaded block. */
void tally_add(const struct tally *tally, struct view *view, uint32_t row, struct tally_sum *sum);
void tally_join(struct tally_sum *into, const struct tally_sum *from);
/* The figure, or a grey dash where there is nothing to tell. */
struct book_cell tally_cell(const struct tally *tally, const struct tally_sum *sum, enum text_lang lang);
enum book_format tally_format(const struct tally *tally);

#endif
