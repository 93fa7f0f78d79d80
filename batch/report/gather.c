/*
 * gather.c - rows of any people, put together from their blocks; each block is read once.
 *
 * Does not decide: who is wanted (crowd.c, view.c), what a value means.
 */
#include "report/gather.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

void gather_release(struct gather *gather)
{
	facts_block_release(&gather->people);
	arena_release(&gather->raw);
}

static int by_key(const void *a, const void *b, void *context)
{
	const uint32_t *keys = context;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	if (keys[x] != keys[y])
		return keys[x] < keys[y] ? -1 : 1;
	return (x > y) - (x < y);
}

/* Rows in the order of their people; NULL when they stand in it already. */
static uint32_t *order_of(const uint32_t *keys, uint32_t n, struct arena *arena)
{
	bool ordered = true;
	for (uint32_t i = 1; i < n && ordered; i++)
		ordered = keys[i - 1] <= keys[i];
	if (ordered)
		return NULL;
	uint32_t *order = arena_alloc(arena, n, sizeof *order);
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof *order, by_key, (void *)(uintptr_t)keys);
	return order;
}

struct copy {
	struct frame *out;
	const struct frame *from;
	const struct frame_column **source; /* of each column of out, NULL: absent */
	struct frame_texts texts;
};

static void copy_begin(struct copy *copy, const struct frame *from)
{
	copy->from = from;
	for (size_t c = 0; c < copy->out->column_count; c++)
		copy->source[c] = frame_column(from, copy->out->columns[c].id);
}

static void copy_row(struct copy *copy, uint32_t to, uint32_t row)
{
	if (row >= copy->from->count)
		return;
	for (size_t c = 0; c < copy->out->column_count; c++) {
		struct frame_column *column = &copy->out->columns[c];
		const struct frame_column *source = copy->source[c];
		if (source == NULL || source->type != column->type)
			continue;
		if (column->why != NULL && source->why != NULL)
			column->why[to] = source->why[row];
		switch (column->type) {
		case FRAME_U32:
			column->u32[to] = source->u32[row];
			if (column->text && column->u32[to] != FRAME_NONE) {
				const char *text = frame_text(copy->from, source, row);
				column->u32[to] = text == NULL ? FRAME_NONE : frame_texts_add(&copy->texts, text, strlen(text));
			}
			break;
		case FRAME_I32: column->i32[to] = source->i32[row]; break;
		case FRAME_I64:
			if (source->i64[row] == DECIMAL_NONE
				|| (source->scale != column->scale
					&& !decimal_rescale(source->i64[row], source->scale, column->scale, &column->i64[to])))
				column->i64[to] = DECIMAL_NONE;
			else if (source->scale == column->scale)
				column->i64[to] = source->i64[row];
			break;
		}
	}
}

static void copy_open(struct copy *copy, struct frame *out, uint32_t n, const struct frame_column *like, size_t columns,
	bool reasons, struct arena *arena)
{
	*copy = (struct copy){ .out = out };
	frame_init(out, n, like, columns, arena);
	copy->source = arena_alloc(arena, columns + 1, sizeof *copy->source);
	for (size_t c = 0; c < columns && reasons; c++)
		out->columns[c].why = arena_alloc(arena, (size_t)n + 1, sizeof *out->columns[c].why);
}

static int fetch_facts(
	struct gather *gather, uint32_t block, const struct facts_block **people, struct err *err)
{
	const struct report_input *input = gather->input;
	if (input->crowd != NULL && input->crowd->cache != NULL)
		return crowd_cache_people(input->crowd->cache, block, people, err);
	*people = &gather->people;
	return facts_block_load(input->facts, input->store, block, 0, &gather->people, err);
}

static int fetch_result(struct gather *gather, int64_t run, uint32_t table, uint32_t block,
	const struct frame_column *like, size_t columns, struct frame *own, const struct frame **frame, struct err *err)
{
	const struct report_input *input = gather->input;
	if (input->crowd != NULL && input->crowd->cache != NULL)
		return crowd_cache_result(input->crowd->cache, run, table, block, frame, err);
	arena_reset(&gather->raw);
	uint32_t *want = arena_alloc(&gather->raw, columns + 1, sizeof *want);
	bool found;
	for (size_t c = 0; c < columns; c++)
		want[c] = like[c].id;
	*frame = own;
	return store_result_get(input->store, run, table, block, want, columns, &gather->raw, own, &found, err);
}

int gather_facts(struct gather *gather, const uint32_t *keys, uint32_t n, const struct frame_column *like,
	size_t columns, struct arena *arena, struct frame *out, uint8_t *active, uint8_t *known, struct err *err)
{
	struct copy copy;
	copy_open(&copy, out, n, like, columns, false, arena);
	uint32_t *order = order_of(keys, n, arena), at = FRAME_NONE;
	const struct facts_block *people = NULL;
	int status = 0;
	for (uint32_t i = 0; i < n && status == 0; i++) {
		uint32_t to = order != NULL ? order[i] : i;
		if (keys[to] == FRAME_NONE)
			break; /* the greatest key: nobody follows */
		if (people == NULL || keys[to] / STORE_BLOCK != at) {
			at = keys[to] / STORE_BLOCK;
			status = fetch_facts(gather, at, &people, err);
			if (status == 0)
				copy_begin(&copy, &people->employee);
		}
		uint32_t row = keys[to] % STORE_BLOCK;
		if (status != 0 || row >= people->count)
			continue;
		copy_row(&copy, to, row);
		if (active != NULL)
			active[to] = people->active[row];
		if (known != NULL)
			known[to] = people->known[row];
	}
	frame_texts_end(&copy.texts, out, arena);
	return status;
}

int gather_results(struct gather *gather, int64_t run, uint32_t table, const uint32_t *keys, uint32_t n,
	const struct frame_column *like, size_t columns, struct arena *arena, struct frame *out, struct err *err)
{
	struct copy copy;
	copy_open(&copy, out, n, like, columns, true, arena);
	uint32_t *order = order_of(keys, n, arena), at = FRAME_NONE;
	struct frame own = { 0 };
	const struct frame *frame = NULL;
	int status = 0;
	for (uint32_t i = 0; i < n && status == 0; i++) {
		uint32_t to = order != NULL ? order[i] : i;
		if (keys[to] == FRAME_NONE)
			break;
		if (frame == NULL || keys[to] / STORE_BLOCK != at) {
			at = keys[to] / STORE_BLOCK;
			status = fetch_result(gather, run, table, at, like, columns, &own, &frame, err);
			if (status == 0)
				copy_begin(&copy, frame);
		}
		if (status == 0)
			copy_row(&copy, to, keys[to] % STORE_BLOCK);
	}
	frame_texts_end(&copy.texts, out, arena);
	return status;
}

/* The first row of a list frame whose employee is not below `key`. */
static uint32_t first_of(const struct frame_column *employee, uint32_t count, uint32_t key)
{
	uint32_t low = 0, high = count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (employee->u32[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int gather_list(struct gather *gather, int64_t run, uint32_t table, const uint32_t *keys, uint32_t n,
	const struct frame_column *like, size_t columns, struct arena *arena, struct frame *out, struct err *err)
{
	struct copy copy = { .out = NULL };
	struct frame own = { 0 };
	uint32_t rows = 0;
	int status = 0;
	/* once to count, once to copy */
	for (int turn = 0; turn < 2 && status == 0; turn++) {
		const struct frame *frame = NULL;
		const struct frame_column *employee = NULL;
		uint32_t at = FRAME_NONE, to = 0;
		if (turn == 1)
			copy_open(&copy, out, rows, like, columns, true, arena);
		for (uint32_t i = 0; i < n && status == 0; i++) {
			if (frame == NULL || keys[i] / STORE_BLOCK != at) {
				at = keys[i] / STORE_BLOCK;
				status = fetch_result(gather, run, table, at, like, columns, &own, &frame, err);
				if (status != 0)
					break;
				employee = frame_column(frame, like[0].id);
				if (turn == 1)
					copy_begin(&copy, frame);
			}
			if (employee == NULL)
				continue;
			for (uint32_t row = first_of(employee, frame->count, keys[i]);
				 row < frame->count && employee->u32[row] == keys[i]; row++) {
				if (turn == 1)
					copy_row(&copy, to++, row);
				else
					rows++;
			}
		}
	}
	if (copy.out != NULL)
		frame_texts_end(&copy.texts, out, arena);
	return status;
}

void gather_pick(const struct frame *from, const uint32_t *at, uint32_t n, struct arena *arena, struct frame *out)
{
	struct frame_column *like = arena_alloc(arena, from->column_count + 1, sizeof *like);
	memcpy(like, from->columns, from->column_count * sizeof *like);
	frame_init(out, n, like, from->column_count, arena);
	out->texts = from->texts;
	out->text_count = from->text_count;
	for (size_t c = 0; c < from->column_count; c++) {
		const struct frame_column *source = &from->columns[c];
		struct frame_column *column = &out->columns[c];
		column->why = source->why != NULL ? arena_alloc(arena, (size_t)n + 1, sizeof *column->why) : NULL;
		for (uint32_t i = 0; i < n; i++) {
			if (column->why != NULL)
				column->why[i] = source->why[at[i]];
			switch (column->type) {
			case FRAME_U32: column->u32[i] = source->u32[at[i]]; break;
			case FRAME_I32: column->i32[i] = source->i32[at[i]]; break;
			case FRAME_I64: column->i64[i] = source->i64[at[i]]; break;
			}
		}
	}
}
