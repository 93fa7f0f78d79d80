/*
 * suppress.c - small numbers hidden, and as many others as it takes that they cannot be worked out.
 *
 * Decides (domain: "Suppression"): counts of 1 to 4 are hidden. In each line with one hidden cell the smallest other
 * non-zero cell is hidden too (ties: the last); likewise while what is hidden of a line sums up to less than 5; until
 * nothing changes. Rows first, then columns; a total is a cell of its line.
 *
 * Then a proof: a hidden cell whose value the totals leave no choice for gets company as well. Readers know that hidden
 * cells are not 0. Cells are edges between a row and a column; a hidden cell has a second possible value exactly where
 * an alternating cycle of changes goes through it.
 */
#include "report/suppress.h"

#include "base/mem.h"

#include <stdlib.h>

bool suppress_tells(uint64_t part, uint64_t whole)
{
	return whole >= SUPPRESS_LEAST && (part == 0 || part >= SUPPRESS_LEAST)
		&& (part >= whole || whole - part >= SUPPRESS_LEAST);
}

static size_t at(const struct suppress *table, bool column, uint32_t line, uint32_t k)
{
	return column ? (size_t)k * table->columns + line : (size_t)line * table->columns + k;
}

/* The smallest visible non-zero cell of a line, the last of equal ones; SIZE_MAX: none. */
static size_t smallest(const struct suppress *table, bool column, uint32_t line)
{
	size_t found = SIZE_MAX;
	uint32_t cells = column ? table->rows : table->columns;
	for (uint32_t k = 0; k < cells; k++) {
		size_t cell = at(table, column, line, k);
		if (table->hidden[cell] == 0 && table->count[cell] > 0 && (table->fixed == NULL || !table->fixed[cell])
			&& (found == SIZE_MAX || table->count[cell] <= table->count[found]))
			found = cell;
	}
	return found;
}

static bool complete_line(struct suppress *table, bool column, uint32_t line)
{
	uint32_t cells = column ? table->rows : table->columns;
	bool changed = false;
	for (;;) {
		uint64_t sum = 0;
		uint32_t hidden = 0;
		for (uint32_t k = 0; k < cells; k++) {
			size_t cell = at(table, column, line, k);
			hidden += table->hidden[cell];
			sum += table->hidden[cell] ? table->count[cell] : 0;
		}
		size_t next = hidden == 1 || (hidden > 0 && sum < SUPPRESS_LEAST) ? smallest(table, column, line) : SIZE_MAX;
		if (next == SIZE_MAX)
			return changed;
		table->hidden[next] = 1;
		changed = true;
	}
}

static bool complete(struct suppress *table)
{
	bool any = false, changed;
	do {
		changed = false;
		for (uint32_t r = 0; r < table->rows; r++)
			changed |= complete_line(table, false, r);
		for (uint32_t c = 0; c < table->columns; c++)
			changed |= complete_line(table, true, c);
		any |= changed;
	} while (changed);
	return any;
}

/* ---- the proof ---- */

/* A total stands on the other side of its line's sum: its changes count the other way round. */
static bool turned(const struct suppress *table, uint32_t row, uint32_t column)
{
	bool total_row = table->column_totals && row + 1 == table->rows;
	bool total_column = table->row_totals && column + 1 == table->columns;
	return total_row != total_column;
}

/* Whether the cell's part in its line may go up (or down) by one. */
static bool may_go(const struct suppress *table, uint32_t row, uint32_t column, bool up)
{
	size_t cell = (size_t)row * table->columns + column;
	if (table->hidden[cell] == 0)
		return false;
	return up != turned(table, row, column) || table->count[cell] > 1;
}

/*
 * Whether what a change of the cell leaves open at its column can be settled at its row. Columns that are no sums need
 * no settling: the way may begin at any of them; rows that are none: it may end at any.
 */
static bool reaches(
	const struct suppress *table, uint32_t row, uint32_t column, bool up, uint8_t *seen, uint32_t *queue)
{
	uint32_t rows = table->rows, nodes = rows + table->columns, first = 0, last = 0;
	for (uint32_t i = 0; i < nodes; i++) {
		seen[i] = i >= rows && (i == rows + column || !table->column_totals);
		if (seen[i])
			queue[last++] = i;
	}
	while (first < last) {
		uint32_t node = queue[first++];
		bool from_row = node < rows;
		for (uint32_t k = 0; k < (from_row ? table->columns : rows); k++) {
			uint32_t next = from_row ? rows + k : k, r = from_row ? node : k, c = from_row ? k : node - rows;
			/* the cell itself is no way back */
			if (seen[next] || (r == row && c == column) || !may_go(table, r, c, from_row ? up : !up))
				continue;
			if (next == row || (!from_row && !table->row_totals))
				return true;
			seen[next] = 1;
			queue[last++] = next;
		}
	}
	return false;
}

/* Whether a hidden cell has a second possible value. */
static bool is_open(const struct suppress *table, uint32_t row, uint32_t column, uint8_t *seen, uint32_t *queue)
{
	if (!table->row_totals && !table->column_totals)
		return true;
	for (int up = 0; up < 2; up++)
		if (may_go(table, row, column, up != 0) && reaches(table, row, column, up != 0, seen, queue))
			return true;
	return false;
}

static size_t smallest_of_all(const struct suppress *table)
{
	size_t found = SIZE_MAX;
	for (uint32_t r = 0; r < table->rows; r++) {
		size_t cell = smallest(table, false, r);
		if (cell != SIZE_MAX && (found == SIZE_MAX || table->count[cell] <= table->count[found]))
			found = cell;
	}
	return found;
}

static bool prove(struct suppress *table)
{
	size_t nodes = (size_t)table->rows + table->columns;
	uint8_t *seen = mem_new(nodes + 1, sizeof *seen);
	uint32_t *queue = mem_new(nodes + 1, sizeof *queue);
	bool changed = false;
	for (uint32_t r = 0; r < table->rows && !changed; r++)
		for (uint32_t c = 0; c < table->columns && !changed; c++) {
			if (!table->hidden[(size_t)r * table->columns + c] || is_open(table, r, c, seen, queue))
				continue;
			size_t a = smallest(table, false, r), b = smallest(table, true, c);
			size_t next = a == SIZE_MAX ? b : b == SIZE_MAX || table->count[a] <= table->count[b] ? a : b;
			if (next == SIZE_MAX) /* nothing left in its lines: whole parts of the table hang on this one cell */
				next = smallest_of_all(table);
			if (next == SIZE_MAX)
				continue;
			table->hidden[next] = 1;
			changed = true;
		}
	free(seen);
	free(queue);
	return changed;
}

bool suppress_table(struct suppress *table)
{
	bool changed = false;
	for (size_t i = 0; i < (size_t)table->rows * table->columns; i++)
		if (table->count[i] > 0 && table->count[i] < SUPPRESS_LEAST && !table->hidden[i]
			&& (table->fixed == NULL || !table->fixed[i])) {
			table->hidden[i] = 1;
			changed = true;
		}
	do
		changed |= complete(table);
	while (prove(table));
	return changed;
}
