/*
 * suppress.h - small numbers hidden: what leaves the house for executives lets nobody be counted.
 */
#ifndef PANDIAN_REPORT_SUPPRESS_H
#define PANDIAN_REPORT_SUPPRESS_H

#include <stdbool.h>
#include <stdint.h>

#define SUPPRESS_LEAST 5u /* counts below are hidden, rates with a smaller base too */

/* A table of counts, its totals included where readers know them (printed here or elsewhere). */
struct suppress {
	uint32_t rows, columns;
	const uint64_t *count; /* rows x columns */
	uint8_t *hidden; /* the same; may hold cells hidden before, which stay hidden */
	bool row_totals; /* the last column holds the rows' totals */
	bool column_totals; /* the last row holds the columns' totals */
	const uint8_t *fixed; /* cells that are shown whatever is decided here; NULL: none */
};
/* Sets `hidden`. Whether a cell was hidden that was not before. */
bool suppress_table(struct suppress *table);
/* Whether a figure over `part` of `whole` people may be told: neither they nor the others are few. */
bool suppress_tells(uint64_t part, uint64_t whole);

#endif
