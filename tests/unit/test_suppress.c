/*
 * test_suppress.c - small numbers hidden: the rule on small tables, and a search over all tables that look the same.
 */
#include "report/suppress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MOST 36
/* Hides and compares: '*' hidden, '.' shown. */
static void expect(uint32_t rows, uint32_t columns, bool row_totals, bool column_totals, const uint64_t *count,
	const char *want)
{
	uint8_t hidden[MOST] = { 0 };
	char got[MOST + 1] = { 0 };
	struct suppress table = { rows, columns, count, hidden, row_totals, column_totals };
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
	struct suppress table = { 1, 4, count, hidden, true, false };
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
		struct suppress table = { both ? rows + 1 : rows, columns + 1, count, hidden, true, both };
		suppress_table(&table);
		for (uint32_t i = 0; i < table.rows * table.columns; i++)
			assert_true(count[i] == 0 || count[i] >= SUPPRESS_LEAST || hidden[i]);
		nobody_can_work_out_a_hidden_cell(&table);
	}
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
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
