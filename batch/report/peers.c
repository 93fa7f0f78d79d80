/*
 * peers.c - one pass over the people for a few columns at a time: their figures by unit, and the middle one of each.
 *
 * Decides: who counts: active people of the very unit (not of those below it) whose figure is known, the person among
 * them; at least PEERS_LEAST. Of an even number the mean of the two in the middle, half away from zero.
 */
#include "report/peers.h"

#include "base/decimal.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define AT_ONCE 4u /* columns of one pass: 4 bytes for each of them and each person */

struct pass {
	uint32_t *unit; /* of each person; FRAME_NONE: not active or without one */
	uint32_t *first; /* units + 1: where the figures of a unit begin */
	uint32_t *filled;
	int32_t *figure; /* those of one column after the other */
	uint32_t people; /* who have a unit */
};

static int read_units(struct pass *pass, const struct peers *peers, const struct report_input *input, struct err *err)
{
	struct facts_block block = { 0 };
	int status = 0;
	for (uint32_t b = 0; b < facts_block_count(input->facts) && status == 0; b++) {
		status = facts_block_load(input->facts, input->store, b, 0, &block, err);
		const struct frame_column *org =
			status == 0 ? frame_column(&block.employee, (uint32_t)EMPLOYEE_ORG_UNIT) : NULL;
		for (uint32_t row = 0; status == 0 && row < block.count; row++) {
			uint32_t unit = org != NULL && block.active[row] ? org->u32[row] : FRAME_NONE;
			unit = unit < peers->units ? unit : FRAME_NONE;
			pass->unit[block.first + row] = unit;
			if (unit != FRAME_NONE)
				pass->first[unit + 1]++;
		}
	}
	facts_block_release(&block);
	for (uint32_t unit = 0; unit < peers->units; unit++)
		pass->first[unit + 1] += pass->first[unit];
	pass->people = pass->first[peers->units];
	return status;
}

static void take(struct pass *pass, const struct peers *peers, const struct frame_column *column, size_t at,
	uint32_t first, uint32_t count)
{
	for (uint32_t row = 0; row < count; row++) {
		uint32_t unit = pass->unit[first + row];
		int64_t number = column->i64[row];
		if (unit == FRAME_NONE || number == DECIMAL_NONE || number <= INT32_MIN || number > INT32_MAX)
			continue;
		uint32_t *filled = &pass->filled[at * peers->units + unit];
		pass->figure[at * pass->people + pass->first[unit] + (*filled)++] = (int32_t)number;
	}
}

static int by_figure(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
	return (x > y) - (x < y);
}

static int32_t middle(int32_t *figures, uint32_t count)
{
	qsort(figures, count, sizeof *figures, by_figure);
	if (count % 2 == 1)
		return figures[count / 2];
	int64_t sum = (int64_t)figures[count / 2 - 1] + figures[count / 2];
	return (int32_t)((sum + (sum > 0) - (sum < 0)) / 2);
}

static int read_columns(struct pass *pass, struct peers *peers, const struct report_input *input, const int *columns,
	size_t from, size_t to, struct err *err)
{
	struct arena arena = { 0 };
	uint32_t table = (uint32_t)(result_table(input->directory, "people") - input->directory->tables), want[AT_ONCE];
	uint32_t everyone = facts_key_count(input->facts, KEY_DIM_EMPLOYEE);
	size_t wanted = 0;
	int status = 0;
	for (size_t c = from; c < to; c++)
		if (columns[c] >= 0)
			want[wanted++] = (uint32_t)columns[c];
	memset(pass->filled, 0, (to - from) * peers->units * sizeof *pass->filled);
	for (uint32_t b = 0; wanted > 0 && b < facts_block_count(input->facts) && status == 0; b++) {
		struct frame frame = { 0 };
		bool found;
		arena_reset(&arena);
		status =
			store_result_get(input->store, input->run, table, b, want, wanted, &arena, &frame, &found, err);
		uint32_t first = b * STORE_BLOCK, rest = everyone > first ? everyone - first : 0;
		for (size_t c = from; c < to && status == 0; c++) {
			const struct frame_column *column = columns[c] >= 0 ? frame_column(&frame, (uint32_t)columns[c]) : NULL;
			if (column == NULL || column->type != FRAME_I64)
				continue;
			peers->scale[c] = column->scale;
			take(pass, peers, column, c - from, first, frame.count < rest ? frame.count : rest);
		}
	}
	arena_release(&arena);
	for (size_t c = from; c < to && status == 0; c++)
		for (uint32_t unit = 0; unit < peers->units; unit++) {
			uint32_t count = pass->filled[(c - from) * peers->units + unit];
			peers->median[unit * peers->count + c] = count >= PEERS_LEAST
				? middle(pass->figure + (c - from) * pass->people + pass->first[unit], count)
				: INT32_MIN;
		}
	return status;
}

int peers_make(struct peers *peers, const struct report_input *input, const int *columns, size_t count,
	struct arena *arena, struct err *err)
{
	*peers = (struct peers){ .units = facts_key_count(input->facts, KEY_DIM_ORG), .count = count };
	size_t everyone = facts_key_count(input->facts, KEY_DIM_EMPLOYEE);
	struct pass pass = { .unit = mem_new(everyone + 1, sizeof *pass.unit),
		.first = mem_new((size_t)peers->units + 2, sizeof *pass.first),
		.filled = mem_new((size_t)peers->units * AT_ONCE + 1, sizeof *pass.filled) };
	peers->scale = arena_alloc(arena, count + 1, sizeof *peers->scale);
	peers->median = arena_alloc(arena, peers->units * count + 1, sizeof *peers->median);
	int status = read_units(&pass, peers, input, err);
	pass.figure = mem_new((size_t)pass.people * AT_ONCE + 1, sizeof *pass.figure);
	for (size_t from = 0; from < count && status == 0; from += AT_ONCE)
		status = read_columns(
			&pass, peers, input, columns, from, from + AT_ONCE < count ? from + AT_ONCE : count, err);
	free(pass.unit);
	free(pass.first);
	free(pass.filled);
	free(pass.figure);
	return status;
}

bool peers_at(const struct peers *peers, uint32_t unit, size_t column, int64_t *number, int *scale)
{
	if (unit >= peers->units || column >= peers->count || peers->median[unit * peers->count + column] == INT32_MIN)
		return false;
	*number = peers->median[unit * peers->count + column];
	*scale = peers->scale[column];
	return true;
}
