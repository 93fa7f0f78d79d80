/*
 * test_suppress.c - small numbers hidden: the rule on small tables, and a search over all tables that look the same.
 */
#include "report/suppress.h"
#include "report/suppress_set.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MOST 36
/* Hides and compares: '*' hidden, '.' shown. */
static void expect(
	uint32_t rows, uint32_t columns, bool row_totals, bool column_totals, const uint64_t *count, const char *want)
{
	uint8_t hidden[MOST] = { 0 };
	char got[MOST + 1] = { 0 };
	struct suppress table = { rows, columns, count, hidden, row_totals, column_totals, NULL };
	suppress_table(&table);
	for (uint32_t i = 0; i < rows * columns; i++)
		got[i] = hidden[i] ? '*' : '.';
	assert_string_equal(got, want);
	assert_false(suppress_table(&table)); /* stable */
}

static void counts_of_one_to_four_are_hidden(void **state)
{
	(void)state;
	expect(1, 5, false, false, (uint64_t[]){ 0, 1, 4, 5, 9 }, ".**..");
	expect(1, 3, true, false, (uint64_t[]){ 9, 8, 17 }, "...");
}

static void one_hidden_cell_takes_the_smallest_other_with_it(void **state)
{
	(void)state;
	expect(1, 5, true, false, (uint64_t[]){ 3, 9, 7, 0, 19 }, "*.*..");
	expect(1, 5, true, false, (uint64_t[]){ 3, 7, 9, 7, 26 }, "*..*."); /* ties: the last */
	expect(1, 4, true, false, (uint64_t[]){ 3, 0, 0, 3 }, "*..*"); /* the total would tell */
}

static void hidden_sums_below_five_take_more(void **state)
{
	(void)state;
	expect(1, 5, true, false, (uint64_t[]){ 1, 2, 9, 7, 19 }, "**.*.");
	expect(1, 5, true, false, (uint64_t[]){ 1, 4, 9, 7, 21 }, "**...");
}

static void columns_are_lines_too(void **state)
{
	(void)state;
	expect(3, 3, true, true, (uint64_t[]){ 3, 9, 12, 8, 7, 15, 11, 16, 27 }, "**.**....");
}

static void cells_hidden_before_stay_hidden(void **state)
{
	(void)state;
	uint64_t count[] = { 9, 8, 7, 24 };
	uint8_t hidden[] = { 1, 0, 0, 0 };
	struct suppress table = { 1, 4, count, hidden, true, false, NULL };
	assert_true(suppress_table(&table));
	assert_memory_equal(hidden, ((uint8_t[]){ 1, 0, 1, 0 }), 4);
}

static void figures_over_few_people_are_not_told(void **state)
{
	(void)state;
	assert_true(suppress_tells(0, 5));
	assert_true(suppress_tells(5, 5));
	assert_true(suppress_tells(7, 12));
	assert_false(suppress_tells(2, 4));
	assert_false(suppress_tells(3, 90));
	assert_false(suppress_tells(88, 90));
	assert_false(suppress_tells(0, 0));
}

/* ---- all tables that look the same ---- */

struct search {
	const struct suppress *table;
	uint64_t value[MOST];
	uint32_t cell; /* whose other value is looked for */
	uint32_t free[MOST], free_count;
	uint64_t most;
	unsigned long steps;
};

static bool sums_hold(const struct search *search)
{
	const struct suppress *table = search->table;
	for (uint32_t r = 0; table->row_totals && r < table->rows; r++) {
		uint64_t sum = 0;
		for (uint32_t c = 0; c + 1 < table->columns; c++)
			sum += search->value[r * table->columns + c];
		if (sum != search->value[(r + 1) * table->columns - 1])
			return false;
	}
	for (uint32_t c = 0; table->column_totals && c < table->columns; c++) {
		uint64_t sum = 0;
		for (uint32_t r = 0; r + 1 < table->rows; r++)
			sum += search->value[r * table->columns + c];
		if (sum != search->value[(table->rows - 1) * table->columns + c])
			return false;
	}
	return true;
}

/* Whether an inner line is over its shown total already. */
static bool too_much(const struct search *search, uint32_t cell)
{
	const struct suppress *table = search->table;
	uint32_t r = cell / table->columns, total = (r + 1) * table->columns - 1;
	uint64_t sum = 0;
	if (!table->row_totals || table->hidden[total])
		return false;
	for (uint32_t c = 0; r * table->columns + c < total && r * table->columns + c <= cell; c++)
		sum += search->value[r * table->columns + c];
	return sum > search->value[total];
}

/* Looks for a table with the shown cells, other cells 1 or more, where `cell` is another than it is. */
static bool other(struct search *search, uint32_t at)
{
	const struct suppress *table = search->table;
	if (++search->steps > 150000)
		return true; /* too many to go through: so many that the cell is open */
	if (at == search->free_count)
		return search->value[search->cell] != table->count[search->cell] && sums_hold(search);
	uint32_t cell = search->free[at], r = cell / table->columns, c = cell % table->columns;
	/* hidden totals follow from the cells */
	bool total_column = table->row_totals && c + 1 == table->columns,
		 total_row = table->column_totals && r + 1 == table->rows;
	if (total_column || total_row) {
		uint64_t sum = 0;
		for (uint32_t k = 0; total_column && k + 1 < table->columns; k++)
			sum += search->value[r * table->columns + k];
		for (uint32_t k = 0; !total_column && k + 1 < table->rows; k++)
			sum += search->value[k * table->columns + c];
		search->value[cell] = sum;
		return sum > 0 && other(search, at + 1);
	}
	for (uint64_t value = 1; value <= search->most; value++) {
		search->value[cell] = value;
		if (!too_much(search, cell) && other(search, at + 1))
			return true;
	}
	return false;
}

static void nobody_can_work_out_a_hidden_cell(const struct suppress *table)
{
	for (uint32_t cell = 0; cell < table->rows * table->columns; cell++) {
		if (!table->hidden[cell])
			continue;
		struct search search = { .table = table, .cell = cell, .most = 14 };
		for (uint32_t i = 0; i < table->rows * table->columns; i++) {
			search.value[i] = table->count[i];
			if (table->hidden[i])
				search.free[search.free_count++] = i;
		}
		if (other(&search, 0))
			continue;
		for (uint32_t i = 0; i < table->rows * table->columns; i++)
			print_message("%s%llu%s", i % table->columns == 0 ? "\n" : " ", (unsigned long long)table->count[i],
				table->hidden[i] ? "*" : "");
		fail_msg("cell %u has but one possible value", (unsigned)cell);
	}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void no_hidden_cell_can_be_worked_out_from_totals(void **state)
{
	(void)state;
	uint32_t seed = 20260930;
	for (int turn = 0; turn < 300; turn++) {
		uint32_t rows = 2 + next_random(&seed) % 2, columns = 2 + next_random(&seed) % 3;
		bool both = turn % 4 != 0;
		uint64_t count[MOST] = { 0 };
		uint8_t hidden[MOST] = { 0 };
		for (uint32_t r = 0; r < rows; r++)
			for (uint32_t c = 0; c < columns; c++) {
				uint64_t value = next_random(&seed) % (turn % 3 == 0 ? 12 : 7);
				count[r * (columns + 1) + c] = value;
				count[r * (columns + 1) + columns] += value;
				count[rows * (columns + 1) + c] += value;
				count[rows * (columns + 1) + columns] += value;
			}
		struct suppress table = { both ? rows + 1 : rows, columns + 1, count, hidden, true, both, NULL };
		suppress_table(&table);
		for (uint32_t i = 0; i < table.rows * table.columns; i++)
			assert_true(count[i] == 0 || count[i] >= SUPPRESS_LEAST || hidden[i]);
		nobody_can_work_out_a_hidden_cell(&table);
	}
}

/* ---- what linear algebra tells ---- */

#define UNKNOWNS 120
#define LINES 80
/* Sums of hidden cells a reader knows: one row each; plain elimination in floating point (coefficients are 1, -1). */
struct known {
	double at[LINES][UNKNOWNS];
	int lines, unknowns;
};

static void know(struct known *known, const int *cells, const int *sign, int count)
{
	assert_true(known->lines < LINES);
	double *row = known->at[known->lines];
	bool any = false;
	memset(row, 0, sizeof known->at[0]);
	for (int i = 0; i < count; i++)
		if (cells[i] >= 0) {
			row[cells[i]] += sign[i];
			any = true;
		}
	known->lines += any;
}

/* Whether unknown x follows from what is known: adding "x" itself to the rows does not raise their rank. */
static int rank_with(const struct known *known, int x)
{
	static double at[LINES + 1][UNKNOWNS];
	int lines = known->lines, rank = 0;
	memcpy(at, known->at, sizeof known->at);
	if (x >= 0) {
		memset(at[lines], 0, sizeof at[0]);
		at[lines++][x] = 1;
	}
	for (int c = 0; c < known->unknowns && rank < lines; c++) {
		int pivot = rank;
		for (int r = rank; r < lines; r++)
			if (fabs(at[r][c]) > fabs(at[pivot][c]))
				pivot = r;
		if (fabs(at[pivot][c]) < 1e-9)
			continue;
		for (int k = 0; k < known->unknowns; k++) {
			double old = at[rank][k];
			at[rank][k] = at[pivot][k];
			at[pivot][k] = old;
		}
		for (int r = rank + 1; r < lines; r++) {
			double factor = at[r][c] / at[rank][c];
			for (int k = c; k < known->unknowns && factor != 0; k++)
				at[r][k] -= factor * at[rank][k];
		}
		rank++;
	}
	return rank;
}

static void nothing_follows(const struct known *known, int unknowns)
{
	int rank = rank_with(known, -1);
	for (int x = 0; x < unknowns; x++)
		assert_int_equal(rank_with(known, x), rank + 1);
}

/* Fills totals; cells stand row by row. */
static void fill_table(uint64_t *count, uint32_t rows, uint32_t columns, uint32_t most, uint32_t *seed)
{
	memset(count, 0, (size_t)(rows + 1) * (columns + 1) * sizeof *count);
	for (uint32_t r = 0; r < rows; r++)
		for (uint32_t c = 0; c < columns; c++) {
			uint64_t value = next_random(seed) % 3 == 0 ? 0 : next_random(seed) % most;
			count[r * (columns + 1) + c] = value;
			count[r * (columns + 1) + columns] += value;
			count[rows * (columns + 1) + c] += value;
			count[rows * (columns + 1) + columns] += value;
		}
}

/* The rule itself, literally: no line with one hidden cell while another could be hidden, no hidden sum below 5. */
static void the_rule_holds(const struct suppress *table)
{
	for (int column = 0; column < 2; column++) {
		uint32_t lines = column ? table->columns : table->rows, cells = column ? table->rows : table->columns;
		for (uint32_t line = 0; line < lines; line++) {
			uint32_t hidden = 0, shown = 0;
			uint64_t sum = 0;
			for (uint32_t k = 0; k < cells; k++) {
				size_t cell = column ? (size_t)k * table->columns + line : (size_t)line * table->columns + k;
				hidden += table->hidden[cell];
				shown += !table->hidden[cell] && table->count[cell] > 0;
				sum += table->hidden[cell] ? table->count[cell] : 0;
				assert_true(table->count[cell] > 0 || !table->hidden[cell]); /* nothing is hidden in vain */
			}
			assert_true(hidden != 1 || shown == 0);
			assert_true(hidden == 0 || sum >= SUPPRESS_LEAST || shown == 0);
		}
	}
}

static void no_hidden_cell_follows_from_the_lines(void **state)
{
	(void)state;
	static struct known known;
	uint32_t seed = 7;
	for (int turn = 0; turn < 400; turn++) {
		uint32_t rows = 2 + next_random(&seed) % 6, columns = 2 + next_random(&seed) % 6, wide = columns + 1;
		uint64_t count[64];
		uint8_t hidden[64] = { 0 };
		int unknown[64], cells[16], sign[16];
		fill_table(count, rows, columns, turn % 2 ? 9 : 30, &seed);
		struct suppress table = { rows + 1, wide, count, hidden, true, true, NULL };
		suppress_table(&table);
		the_rule_holds(&table);
		known.lines = known.unknowns = 0;
		for (uint32_t i = 0; i < (rows + 1) * wide; i++)
			unknown[i] = hidden[i] ? known.unknowns++ : -1;
		for (uint32_t r = 0; r <= rows; r++) {
			for (uint32_t c = 0; c < wide; c++) {
				cells[c] = unknown[r * wide + c];
				sign[c] = c < columns ? 1 : -1;
			}
			know(&known, cells, sign, (int)wide);
		}
		for (uint32_t c = 0; c < wide; c++) {
			for (uint32_t r = 0; r <= rows; r++) {
				cells[r] = unknown[r * wide + c];
				sign[r] = r < rows ? 1 : -1;
			}
			know(&known, cells, sign, (int)rows + 1);
		}
		nothing_follows(&known, known.unknowns);
	}
}

/* Two tables that share their totals, and a sum over two of these that is told in any case. */
static void no_hidden_cell_follows_from_several_blocks(void **state)
{
	(void)state;
	static struct known known;
	enum { SLOTS = 5, WIDE = SLOTS + 1 };
	uint32_t seed = 11, told = 0;
	for (int turn = 0; turn < 300; turn++) {
		struct suppress_set *set = suppress_set_new();
		uint32_t rows = 2 + next_random(&seed) % 5, a[48], b[48], sum[3];
		uint64_t count[48], moved[48];
		fill_table(count, rows, SLOTS, turn % 2 ? 9 : 25, &seed);
		/* the same people by where they came from: whole columns split anew */
		memset(moved, 0, sizeof moved);
		for (uint32_t c = 0; c < SLOTS; c++)
			for (uint64_t person = 0; person < count[rows * WIDE + c]; person++)
				moved[(next_random(&seed) % 4 == 0 ? next_random(&seed) % SLOTS : c) * SLOTS + c]++;
		for (uint32_t i = 0; i < (rows + 1) * WIDE; i++)
			a[i] = suppress_set_cell(set, count[i], false);
		for (uint32_t i = 0; i < SLOTS * SLOTS; i++)
			b[i] = suppress_set_cell(set, moved[i], false);
		suppress_set_table(set, rows + 1, WIDE, a, true, true);
		suppress_set_table(set, SLOTS, SLOTS, b, false, false);
		for (uint32_t c = 0; c < SLOTS; c++) {
			uint32_t line[WIDE];
			for (uint32_t from = 0; from < SLOTS; from++)
				line[from] = b[from * SLOTS + c];
			line[SLOTS] = a[rows * WIDE + c];
			suppress_set_table(set, 1, WIDE, line, true, false);
		}
		sum[0] = a[rows * WIDE + 3];
		sum[1] = a[rows * WIDE + 4];
		uint64_t upper = count[rows * WIDE + 3] + count[rows * WIDE + 4], all = count[rows * WIDE + SLOTS];
		bool tile = suppress_tells(upper, all);
		if (tile) {
			sum[2] = suppress_set_cell(set, upper, true);
			suppress_set_table(set, 1, 3, sum, true, false);
			told++;
		}
		suppress_set_settle(set);
		int unknown[128], cells[16], sign[16];
		known.lines = known.unknowns = 0;
		for (uint32_t i = 0; i <= (tile ? sum[2] : b[SLOTS * SLOTS - 1]); i++)
			unknown[i] = suppress_set_hidden(set, i) ? known.unknowns++ : -1;
		if (tile)
			assert_false(suppress_set_hidden(set, sum[2]));
		for (uint32_t i = 0; i < SLOTS * SLOTS; i++)
			assert_true(moved[i] == 0 || moved[i] >= SUPPRESS_LEAST || unknown[b[i]] >= 0);
		for (uint32_t r = 0; r <= rows; r++) {
			for (uint32_t c = 0; c < WIDE; c++) {
				cells[c] = unknown[a[r * WIDE + c]];
				sign[c] = c < SLOTS ? 1 : -1;
			}
			know(&known, cells, sign, WIDE);
		}
		for (uint32_t c = 0; c < WIDE; c++) {
			for (uint32_t r = 0; r <= rows; r++) {
				cells[r] = unknown[a[r * WIDE + c]];
				sign[r] = r < rows ? 1 : -1;
			}
			know(&known, cells, sign, (int)rows + 1);
			for (uint32_t from = 0; c < SLOTS && from < SLOTS; from++) {
				cells[from] = unknown[b[from * SLOTS + c]];
				sign[from] = 1;
			}
			cells[SLOTS] = unknown[a[rows * WIDE + c]];
			sign[SLOTS] = -1;
			if (c < SLOTS)
				know(&known, cells, sign, WIDE);
		}
		if (tile)
			know(&known, (int[]){ unknown[sum[0]], unknown[sum[1]] }, (int[]){ 1, 1 }, 2);
		nothing_follows(&known, known.unknowns);
		suppress_set_free(set);
	}
	assert_true(told > 50);
}

static void fixed_cells_stay_and_others_make_up_for_them(void **state)
{
	(void)state;
	struct suppress_set *set = suppress_set_new();
	/* 3 + 9 = 12 with 12 told: 9 must go; alone 3 would hide the smallest, which is 9 as well */
	uint32_t line[] = { suppress_set_cell(set, 3, false), suppress_set_cell(set, 9, false),
		suppress_set_cell(set, 7, true), suppress_set_cell(set, 19, true) };
	suppress_set_table(set, 1, 4, line, true, false);
	suppress_set_settle(set);
	assert_true(suppress_set_hidden(set, line[0]));
	assert_true(suppress_set_hidden(set, line[1]));
	assert_false(suppress_set_hidden(set, line[2]));
	assert_false(suppress_set_hidden(set, line[3]));
	suppress_set_free(set);
}

static void fixed_cells_may_not_tell_a_small_count(void **state)
{
	(void)state;
	struct suppress_set *set = suppress_set_new();
	/* 3 + 9 = 12: who is told 9 and 12 knows 3, so the smaller of them goes */
	uint32_t line[] = { suppress_set_cell(set, 3, false), suppress_set_cell(set, 9, true),
		suppress_set_cell(set, 12, true) };
	suppress_set_table(set, 1, 3, line, true, false);
	suppress_set_settle(set);
	assert_true(suppress_set_hidden(set, line[0]));
	assert_true(suppress_set_hidden(set, line[1]));
	assert_false(suppress_set_hidden(set, line[2]));
	suppress_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_of_one_to_four_are_hidden),
		cmocka_unit_test(one_hidden_cell_takes_the_smallest_other_with_it),
		cmocka_unit_test(hidden_sums_below_five_take_more),
		cmocka_unit_test(columns_are_lines_too),
		cmocka_unit_test(cells_hidden_before_stay_hidden),
		cmocka_unit_test(figures_over_few_people_are_not_told),
		cmocka_unit_test(no_hidden_cell_can_be_worked_out_from_totals),
		cmocka_unit_test(no_hidden_cell_follows_from_the_lines),
		cmocka_unit_test(no_hidden_cell_follows_from_several_blocks),
		cmocka_unit_test(fixed_cells_stay_and_others_make_up_for_them),
		cmocka_unit_test(fixed_cells_may_not_tell_a_small_count),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
