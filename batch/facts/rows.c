/*
 * rows.c - rows of a feed put together from the segments of its visible batches.
 *
 * Decides: how columns and texts of several segments become one frame. Does not decide: which rows count.
 */
#include "facts/part.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static size_t size_of(const struct frame_column *column)
{
	return column->type == FRAME_I64 ? sizeof(int64_t) : sizeof(uint32_t);
}

/* Adds the column of batch numbers, constant over each part. */
static void add_batches(struct frame *frame, const struct frame *parts, const uint32_t *numbers, size_t part_count,
	struct arena *arena)
{
	struct frame_column *columns = arena_alloc(arena, frame->column_count + 1, sizeof *columns);
	uint32_t *batch = arena_room(arena, (size_t)frame->count + 1, sizeof *batch), at = 0;

	for (size_t p = 0; p < part_count; p++)
		for (uint32_t i = 0; i < parts[p].count; i++)
			batch[at++] = numbers[p];
	if (frame->column_count > 0)
		memcpy(columns, frame->columns, frame->column_count * sizeof *columns);
	columns[frame->column_count] = (struct frame_column){.id = FACTS_BATCH_ID, .type = FRAME_U32, .u32 = batch};
	frame->columns = columns;
	frame->column_count++;
}

/* The columns any part has; -1 if two parts disagree about one. */
static int union_of(const struct frame *parts, size_t part_count, struct arena *arena, struct frame *frame,
	struct err *err)
{
	size_t most = 0;

	for (size_t p = 0; p < part_count; p++)
		most += parts[p].column_count;
	frame->columns = arena_alloc(arena, most + 1, sizeof *frame->columns);
	for (size_t p = 0; p < part_count; p++)
		for (size_t c = 0; c < parts[p].column_count; c++) {
			const struct frame_column *column = &parts[p].columns[c], *have = frame_column(frame,
				column->id);

			if (have == NULL) {
				frame->columns[frame->column_count] = *column;
				frame->columns[frame->column_count].why = NULL;
				frame->column_count++;
			} else if (have->type != column->type || have->scale != column->scale ||
				have->text != column->text)
				return err_set(err, STATUS_IO, "two batches keep a field in different ways");
		}
	return 0;
}

static void copy_part(struct frame *frame, const struct frame *part, uint32_t at, struct frame_texts *texts)
{
	uint32_t *numbers = mem_new((size_t)part->text_count + 1, sizeof *numbers);

	for (uint32_t i = 0; i < part->text_count; i++)
		numbers[i] = frame_texts_add(texts, part->texts[i], strlen(part->texts[i]));
	for (size_t c = 0; c < part->column_count; c++) {
		const struct frame_column *from = &part->columns[c];
		struct frame_column *to = frame_column(frame, from->id);

		if (!from->text)
			memcpy((char *)to->any + at * size_of(from), from->any, part->count * size_of(from));
		else
			for (uint32_t i = 0; i < part->count; i++)
				to->u32[at + i] = from->u32[i] == FRAME_NONE ? FRAME_NONE : numbers[from->u32[i]];
	}
	free(numbers);
}

static int join(const struct frame *parts, size_t part_count, struct arena *arena, struct frame *frame, struct err *err)
{
	struct arena scratch = {0};
	struct frame_texts texts = {0};
	struct frame like = {0};
	uint64_t count = 0;
	uint32_t at = 0;

	for (size_t p = 0; p < part_count; p++)
		count += parts[p].count;
	if (count >= UINT32_MAX)
		return err_set(err, STATUS_AGAIN, "more than 4 billion rows of one feed in one block");
	if (union_of(parts, part_count, &scratch, &like, err) != 0) {
		arena_release(&scratch);
		return -1;
	}
	frame_init(frame, (uint32_t)count, like.columns, like.column_count, arena);
	for (size_t p = 0; p < part_count; p++) {
		copy_part(frame, &parts[p], at, &texts);
		at += parts[p].count;
	}
	frame_texts_end(&texts, frame, arena);
	arena_release(&scratch);
	return 0;
}

int facts_rows(const struct facts *facts, struct store *store, enum feed_id feed, uint32_t block, const uint32_t *want,
	size_t want_count, struct arena *arena, struct arena *scratch, struct frame *frame, struct err *err)
{
	const struct facts_feed_batches *batches = &facts->feeds[feed];
	struct frame *parts = arena_alloc(scratch, batches->count + 1, sizeof *parts);
	uint32_t *numbers = arena_alloc(scratch, batches->count + 1, sizeof *numbers);
	size_t count = 0;

	*frame = (struct frame){0};
	for (size_t i = 0; i < batches->count; i++) {
		/* A batch alone is decoded where it stays. */
		struct arena *room = batches->count == 1 ? arena : scratch;
		bool found;

		if (store_segment_get(store, feed, facts->batches[batches->at[i]].id, block, want, want_count, room,
			&parts[count], &found, err) != 0)
			return -1;
		if (!found || parts[count].count == 0)
			continue;
		numbers[count++] = batches->at[i];
	}
	if (batches->count == 1 && count == 1)
		*frame = parts[0];
	else if (join(parts, count, arena, frame, err) != 0)
		return -1;
	add_batches(frame, parts, numbers, count, arena);
	return 0;
}

/* One loop a type: a row of FRAME_NONE is missing. */
#define PICK(type, missing) \
	for (uint32_t i = 0; i < count; i++) \
		column->type[i] = pick[i] == FRAME_NONE ? (missing) : given->type[pick[i]];

void facts_pick(const struct frame *from, const uint32_t *pick, uint32_t count, struct arena *arena, struct frame *to)
{
	bool all = count == from->count;

	for (uint32_t i = 0; i < count && all; i++)
		all = pick[i] == i;
	*to = (struct frame){.count = count, .texts = from->texts, .text_count = from->text_count};
	to->columns = arena_alloc(arena, from->column_count + 1, sizeof *to->columns);
	for (size_t c = 0; c < from->column_count; c++) {
		const struct frame_column *given = &from->columns[c];
		struct frame_column *column = &to->columns[to->column_count];

		if (given->id == STORE_TOMBSTONE_ID)
			continue;
		*column = *given;
		to->column_count++;
		if (all)
			continue;
		column->any = arena_room(arena, (size_t)count + 1, size_of(given));
		switch (column->type) {
		case FRAME_U32: PICK(u32, FRAME_NONE) break;
		case FRAME_I32: PICK(i32, DATE_NONE) break;
		case FRAME_I64: PICK(i64, DECIMAL_NONE) break;
		}
	}
}

bool facts_newer(const struct frame_column *batch, const struct frame_column *line, uint32_t a, uint32_t b)
{
	/* Batches stand one after the other; within one the place in its file decides. */
	if (batch->u32[a] != batch->u32[b] || line == NULL || line->u32[a] == line->u32[b])
		return a < b;
	return line->u32[a] < line->u32[b];
}

void facts_newest(const struct frame *frame, const struct frame_column *key, uint32_t first, uint32_t count,
	uint32_t *winner)
{
	const struct frame_column *tombstone = frame_column(frame, STORE_TOMBSTONE_ID);
	const struct frame_column *batch = frame_column(frame, FACTS_BATCH_ID), *line = frame_column(frame,
		STORE_ROW_ID);

	for (uint32_t i = 0; i < count; i++)
		winner[i] = FRAME_NONE;
	if (key == NULL)
		return;
	for (uint32_t i = 0; i < frame->count; i++) {
		uint32_t at = key->u32[i] - first;

		if (key->u32[i] != FRAME_NONE && key->u32[i] >= first && at < count &&
			(winner[at] == FRAME_NONE || facts_newer(batch, line, winner[at], i)))
			winner[at] = i;
	}
	for (uint32_t i = 0; tombstone != NULL && i < count; i++)
		if (winner[i] != FRAME_NONE && facts_deletes(tombstone, winner[i]))
			winner[i] = FRAME_NONE;
}
