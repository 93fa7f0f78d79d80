/*
 * suppress_set.h - the counts of a whole workbook hidden together: what one block hides no other block gives away.
 *
 * A cell is one count, however often it is shown. Tables say which cells stand in lines and which of them are totals;
 * a sum known from definitions alone ("four stars and above" = four + five) is a table of one row with its total.
 */
#ifndef PANDIAN_REPORT_SUPPRESS_SET_H
#define PANDIAN_REPORT_SUPPRESS_SET_H

#include <stdbool.h>
#include <stdint.h>

struct suppress_set;
struct suppress_set *suppress_set_new(void);
void suppress_set_free(struct suppress_set *set);
/* Adds a cell; its number. fixed: it is told anyway, others must make up for it. */
uint32_t suppress_set_cell(struct suppress_set *set, uint64_t count, bool fixed);
/* Adds a table of cells (rows x columns, copied); the last column holds the rows' totals, the last row the columns'. */
void suppress_set_table(struct suppress_set *set, uint32_t rows, uint32_t columns, const uint32_t *cells,
	bool row_totals, bool column_totals);
/* Decides what is hidden: the rule in every table, then the proof over all of them, until neither hides more. */
void suppress_set_settle(struct suppress_set *set);
bool suppress_set_hidden(const struct suppress_set *set, uint32_t cell);

#endif
