/*
 * suppress_set.c - small counts hidden in all tables of a workbook at once.
 *
 * Decides: nothing about one table (suppress.c); here the tables are asked by turns until none hides more, and then all
 * sums are taken together as one system of equations over the hidden cells. A hidden cell with a single solution gets
 * company: the smallest shown cell of its lines, or of any line that takes part.
 *
 * The system is solved modulo a prime: coefficients are 1 and -1, and what has one solution in the rationals has one
 * there.
 */
#include "report/suppress_set.h"

#include "base/mem.h"
#include "base/vec.h"
#include "report/suppress.h"

#include <stdlib.h>
#include <string.h>

struct cell {
	uint64_t count;
	uint8_t hidden, fixed;
	uint32_t unknown; /* its column in the equations */
};
struct table {
	uint32_t rows, columns;
	uint32_t *cells;
	bool row_totals, column_totals;
};
struct suppress_set {
	VEC(struct cell) cells;
	VEC(struct table) tables;
};

struct suppress_set *suppress_set_new(void)
{
	return mem_new(1, sizeof(struct suppress_set));
}

void suppress_set_free(struct suppress_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->tables.count; i++)
		free(set->tables.at[i].cells);
	VEC_RELEASE(&set->cells);
	VEC_RELEASE(&set->tables);
	free(set);
}

uint32_t suppress_set_cell(struct suppress_set *set, uint64_t count, bool fixed)
{
	VEC_PUSH(&set->cells, ((struct cell){ .count = count, .fixed = fixed }));
	return (uint32_t)set->cells.count - 1;
}

void suppress_set_table(struct suppress_set *set, uint32_t rows, uint32_t columns, const uint32_t *cells,
	bool row_totals, bool column_totals)
{
	size_t size = (size_t)rows * columns;
	struct table table = { rows, columns, mem_new(size + 1, sizeof *cells), row_totals, column_totals };
	memcpy(table.cells, cells, size * sizeof *cells);
	VEC_PUSH(&set->tables, table);
}

bool suppress_set_hidden(const struct suppress_set *set, uint32_t cell)
{
	return set->cells.at[cell].hidden != 0;
}

/* The rule in one table. Whether it hid more. */
static bool ask_table(struct suppress_set *set, const struct table *table)
{
	size_t size = (size_t)table->rows * table->columns;
	uint64_t *count = mem_new(size + 1, sizeof *count);
	uint8_t *hidden = mem_new(size + 1, 1), *fixed = mem_new(size + 1, 1);
	for (size_t i = 0; i < size; i++) {
		const struct cell *cell = &set->cells.at[table->cells[i]];
		count[i] = cell->count;
		hidden[i] = cell->hidden;
		fixed[i] = cell->fixed;
	}
	struct suppress one = { table->rows, table->columns, count, hidden, table->row_totals, table->column_totals,
		fixed };
	bool changed = suppress_table(&one);
	for (size_t i = 0; i < size; i++)
		set->cells.at[table->cells[i]].hidden |= hidden[i];
	free(count);
	free(hidden);
	free(fixed);
	return changed;
}

/* ---- the proof ---- */

#define PRIME 2147483647u
struct equations {
	uint32_t unknowns, count;
	uint32_t *at; /* count x unknowns, modulo PRIME */
	uint32_t *cell; /* by unknown */
};

static uint32_t power(uint64_t base, uint32_t exponent)
{
	uint64_t result = 1;
	for (; exponent > 0; exponent >>= 1) {
		if (exponent & 1)
			result = result * base % PRIME;
		base = base * base % PRIME;
	}
	return (uint32_t)result;
}

/* A line's parts add up to its total: only hidden cells stay unknown. */
static void add_line(
	const struct suppress_set *set, const struct table *table, bool column, uint32_t line, struct equations *equations)
{
	uint32_t cells = column ? table->rows : table->columns;
	uint32_t *row = equations->at + (size_t)equations->count * equations->unknowns;
	bool any = false;
	for (uint32_t k = 0; k < cells; k++) {
		const struct cell *cell = &set->cells.at[column ? table->cells[(size_t)k * table->columns + line]
														: table->cells[(size_t)line * table->columns + k]];
		if (!cell->hidden)
			continue;
		row[cell->unknown] = (row[cell->unknown] + (k + 1 == cells ? PRIME - 1 : 1)) % PRIME;
		any = true;
	}
	equations->count += any;
}

static void write_equations(struct suppress_set *set, struct equations *equations)
{
	size_t lines = 0;
	equations->cell = mem_new(set->cells.count + 1, sizeof *equations->cell);
	for (size_t i = 0; i < set->cells.count; i++)
		if (set->cells.at[i].hidden) {
			set->cells.at[i].unknown = equations->unknowns;
			equations->cell[equations->unknowns++] = (uint32_t)i;
		}
	for (size_t t = 0; t < set->tables.count; t++)
		lines += (size_t)set->tables.at[t].rows + set->tables.at[t].columns;
	equations->at = mem_new((lines + 1) * (equations->unknowns + 1), sizeof *equations->at);
	for (size_t t = 0; t < set->tables.count; t++) {
		const struct table *table = &set->tables.at[t];
		for (uint32_t r = 0; table->row_totals && r < table->rows; r++)
			add_line(set, table, false, r, equations);
		for (uint32_t c = 0; table->column_totals && c < table->columns; c++)
			add_line(set, table, true, c, equations);
	}
}

/* Reduced row echelon form. */
static void reduce(struct equations *equations)
{
	uint32_t wide = equations->unknowns, done = 0;
	for (uint32_t c = 0; c < wide && done < equations->count; c++) {
		uint32_t pivot = done;
		while (pivot < equations->count && equations->at[(size_t)pivot * wide + c] == 0)
			pivot++;
		if (pivot == equations->count)
			continue;
		uint32_t *top = equations->at + (size_t)done * wide, *found = equations->at + (size_t)pivot * wide;
		uint64_t inverse = power(found[c], PRIME - 2);
		for (uint32_t k = 0; k < wide; k++) {
			uint32_t old = top[k];
			top[k] = (uint32_t)(found[k] * inverse % PRIME);
			if (pivot != done)
				found[k] = old;
		}
		for (uint32_t r = 0; r < equations->count; r++) {
			uint32_t *row = equations->at + (size_t)r * wide;
			uint64_t factor = r == done ? 0 : row[c];
			for (uint32_t k = 0; factor != 0 && k < wide; k++)
				row[k] = (uint32_t)((row[k] + (PRIME - factor) * top[k]) % PRIME);
		}
		done++;
	}
	equations->count = done;
}

/* The first hidden cell with one solution; UINT32_MAX: none. */
static uint32_t find_told(const struct equations *equations)
{
	for (uint32_t r = 0; r < equations->count; r++) {
		uint32_t found = 0, last = 0;
		for (uint32_t c = 0; c < equations->unknowns; c++)
			if (equations->at[(size_t)r * equations->unknowns + c] != 0) {
				found++;
				last = c;
			}
		if (found == 1)
			return equations->cell[last];
	}
	return UINT32_MAX;
}

static bool stands_in(const struct table *table, bool column, uint32_t line, uint32_t cell)
{
	uint32_t cells = column ? table->rows : table->columns;
	for (uint32_t k = 0; k < cells; k++)
		if ((column ? table->cells[(size_t)k * table->columns + line] : table->cells[(size_t)line * table->columns + k])
			== cell)
			return true;
	return false;
}

static bool may_hide(const struct cell *cell)
{
	return !cell->hidden && !cell->fixed && cell->count > 0;
}

/* The smallest cell (`fixed`: of the fixed ones) of the sums `cell` stands in (UINT32_MAX: of all); ties: the last. */
static uint32_t company(const struct suppress_set *set, uint32_t cell, bool fixed)
{
	uint32_t best = UINT32_MAX;
	for (size_t t = 0; t < set->tables.count; t++) {
		const struct table *table = &set->tables.at[t];
		for (int column = 0; column < 2; column++) {
			uint32_t lines = column ? table->columns : table->rows, cells = column ? table->rows : table->columns;
			for (uint32_t line = 0; (column ? table->column_totals : table->row_totals) && line < lines; line++) {
				if (cell != UINT32_MAX && !stands_in(table, column != 0, line, cell))
					continue;
				for (uint32_t k = 0; k < cells; k++) {
					uint32_t other = column ? table->cells[(size_t)k * table->columns + line]
											: table->cells[(size_t)line * table->columns + k];
					if ((fixed ? set->cells.at[other].fixed != 0 : may_hide(&set->cells.at[other]))
						&& (best == UINT32_MAX || set->cells.at[other].count <= set->cells.at[best].count))
						best = other;
				}
			}
		}
	}
	return best;
}

static uint32_t solve(struct suppress_set *set)
{
	struct equations equations = { 0 };
	write_equations(set, &equations);
	reduce(&equations);
	uint32_t told = find_told(&equations);
	free(equations.at);
	free(equations.cell);
	return told;
}

/* Whether one more cell was hidden. */
static bool prove(struct suppress_set *set)
{
	uint32_t told = solve(set), next = UINT32_MAX;
	if (told != UINT32_MAX && (next = company(set, told, false)) == UINT32_MAX)
		next = company(set, UINT32_MAX, false);
	if (next == UINT32_MAX)
		return false;
	set->cells.at[next].hidden = 1;
	return true;
}

/*
 * What the fixed cells tell by themselves, with everything else hidden, is fixed as well, as hiding it would not keep
 * it. Where that is a small count, the smallest of the fixed cells must go.
 */
static void settle_fixed(struct suppress_set *set)
{
	uint32_t told;
	do {
		for (size_t i = 0; i < set->cells.count; i++)
			set->cells.at[i].hidden = !set->cells.at[i].fixed && set->cells.at[i].count > 0;
		told = solve(set);
		for (size_t i = 0; i < set->cells.count; i++)
			set->cells.at[i].hidden = 0;
		if (told == UINT32_MAX)
			return;
		uint32_t less = set->cells.at[told].count < SUPPRESS_LEAST ? company(set, told, true) : UINT32_MAX;
		if (less == UINT32_MAX)
			set->cells.at[told].fixed = 1;
		else
			set->cells.at[less].fixed = 0;
	} while (told != UINT32_MAX);
}

void suppress_set_settle(struct suppress_set *set)
{
	bool changed;
	settle_fixed(set);
	do {
		do {
			changed = false;
			for (size_t t = 0; t < set->tables.count; t++)
				changed |= ask_table(set, &set->tables.at[t]);
		} while (changed);
	} while (prove(set));
}
