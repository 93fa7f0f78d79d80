/*
 * stage.c - staged rows by block.
 *
 * Decides: which block a row belongs to, which of several rows with one natural key is kept, the order of rows in a
 * segment (that of facts: employee, key fields, source row). Nothing here depends on how rows were shared out to
 * threads.
 */
#include "ingest/stage.h"

#include "base/mem.h"
#include "store/frame_order.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CHUNK_BYTES 32768u
#define SLAB_BYTES (2u << 20)
#define CHUNKS_ALONE 64                /* small files do without slabs */

void ingest_parts_init(struct ingest_parts *parts, uint32_t record_size)
{
	memset(parts, 0, sizeof *parts);
	parts->record_size = record_size;
	parts->room = (CHUNK_BYTES - 64 - (uint32_t)sizeof(struct ingest_chunk)) / record_size;
}

static void leave_slab(struct ingest_slab *slab)
{
	if (slab && atomic_fetch_sub(&slab->live, 1) == 1)
		free(slab);
}

static void free_part(struct ingest_part *part)
{
	for (struct ingest_chunk *chunk = part->first, *next; chunk; chunk = next) {
		next = chunk->next;
		struct ingest_slab *slab = chunk->slab;
		if (slab) { /* its pages go back at once; those with the slab's and the chunk's head stay until the slab goes */
			madvise(
				(void *)(((uintptr_t)chunk & ~(uintptr_t)(CHUNK_BYTES - 1)) + 4096), CHUNK_BYTES - 4096, MADV_DONTNEED);
			leave_slab(slab);
		} else {
			free(chunk);
		}
	}
	memset(part, 0, sizeof *part);
}

void ingest_parts_end(struct ingest_parts *parts)
{
	leave_slab(parts->slab);
	parts->slab = NULL;
}

static struct ingest_chunk *new_chunk(struct ingest_parts *parts)
{
	struct ingest_chunk *chunk;
	if (parts->chunk_count++ < CHUNKS_ALONE) {
		chunk = mem_grow(NULL, 1, CHUNK_BYTES);
		*chunk = (struct ingest_chunk){ 0 };
		return chunk;
	}
	if (!parts->slab || parts->slab_used + CHUNK_BYTES > SLAB_BYTES) {
		ingest_parts_end(parts);
		void *slab = NULL;
		if (posix_memalign(&slab, SLAB_BYTES, SLAB_BYTES) != 0)
			slab = mem_grow(NULL, 1, SLAB_BYTES); /* ends the program, or has just found memory */
		else
			madvise(slab, SLAB_BYTES, MADV_HUGEPAGE); /* a wish */
		parts->slab = slab;
		atomic_init(&parts->slab->live, 1);
		parts->slab_used = 0;
	}
	chunk = (struct ingest_chunk *)(void *)((char *)parts->slab + parts->slab_used
		+ 64); /* the first leaves room for the slab's head */
	*chunk = (struct ingest_chunk){ .slab = parts->slab };
	parts->slab_used += CHUNK_BYTES;
	atomic_fetch_add(&parts->slab->live, 1);
	return chunk;
}

void ingest_parts_release(struct ingest_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free_part(&parts->at[i]);
	ingest_parts_end(parts);
	free(parts->at);
	memset(parts, 0, sizeof *parts);
}

void ingest_stage_resolve(struct ingest_rows *rows, struct ingest_numbers *numbers)
{
	for (size_t i = 0; i < rows->pending.count; i++) {
		const struct ingest_pending *pending = &rows->pending.at[i];
		const struct ingest_bound *bound = &rows->binding->fields[pending->field];
		struct map *map = bound->place == INGEST_PLACE_KEY ? numbers->keys[bound->spec->field->dim] : &numbers->texts;
		rows->memos[pending->field].value[pending->entry] =
			map_add(map, str_text(&rows->pending_text) + pending->offset, pending->length);
	}
	rows->pending.count = 0;
	str_clear(&rows->pending_text);
}

static inline uint32_t get4(const uint8_t *record, uint32_t offset)
{
	uint32_t value;
	memcpy(&value, record + offset, 4);
	return value;
}

static inline uint16_t get2(const uint8_t *bytes)
{
	uint16_t value;
	memcpy(&value, bytes, 2);
	return value;
}

static uint8_t *part_add(struct ingest_parts *parts, uint32_t block)
{
	if (__builtin_expect(block >= parts->count, 0)) {
		size_t count = parts->count ? parts->count : 16;
		while (count <= block)
			count *= 2;
		parts->at = mem_grow(parts->at, count, sizeof *parts->at);
		memset(parts->at + parts->count, 0, (count - parts->count) * sizeof *parts->at);
		parts->count = count;
	}
	struct ingest_part *part = &parts->at[block];
	struct ingest_chunk *chunk = part->last;
	if (__builtin_expect(!chunk || chunk->used == parts->room, 0)) {
		chunk = new_chunk(parts);
		if (part->last)
			part->last->next = chunk;
		else
			part->first = chunk;
		part->last = chunk;
	}
	part->count++;
	return chunk->bytes + (size_t)chunk->used++ * parts->record_size;
}

/* The field whose key says the block, or NULL where the feed has no employee. */
static const struct ingest_bound *employee_field(const struct ingest_binding *binding)
{
	if (binding->source->feed->grain != FEED_GRAIN_EMPLOYEE)
		return NULL;
	for (size_t i = 0; i < binding->field_count; i++) {
		const struct feed_field *field = binding->fields[i].spec->field;
		if (field->type == FIELD_KEY && field->dim == KEY_DIM_EMPLOYEE && field->key)
			return &binding->fields[i];
	}
	return NULL;
}

void ingest_stage_scatter(struct ingest_rows *rows, struct ingest_parts *parts)
{
	const struct ingest_binding *binding = rows->binding;
	const struct ingest_bound *employee = employee_field(binding);
	const uint32_t size = binding->record_size;
	struct { uint32_t offset; const int64_t *value; } dense[64];
	size_t dense_count = 0;
	for (size_t i = 0; i < binding->field_count && dense_count < 64; i++) {
		if (binding->fields[i].place == INGEST_PLACE_KEY || binding->fields[i].place == INGEST_PLACE_TEXT) {
			dense[dense_count].offset = binding->fields[i].offset;
			dense[dense_count++].value = rows->memos[i].value;
		}
	}
	for (size_t r = 0; r < rows->record_count; r++) {
		uint8_t *record = rows->records + r * size;
		if (r + 16 < rows->record_count) {
			for (size_t i = 0; i < dense_count; i++) {
				uint32_t entry = get4(record + 16 * size, dense[i].offset);
				if (entry != UINT32_MAX)
					__builtin_prefetch(&dense[i].value[entry]);
			}
		}
		for (size_t i = 0; i < dense_count; i++) {
			uint32_t entry = get4(record, dense[i].offset);
			if (entry != UINT32_MAX) {
				uint32_t number = (uint32_t)dense[i].value[entry];
				memcpy(record + dense[i].offset, &number, 4);
			}
		}
		uint32_t block = employee ? get4(record, employee->offset) / STORE_BLOCK : STORE_BLOCK_NONE;
		memcpy(part_add(parts, block), record, size);
	}
	rows->record_count = 0;
	for (size_t i = 0; i < binding->field_count;
		 i++) { /* names and the like: mostly new, so not worth remembering for long */
		if (rows->memos[i].count > 65536 && binding->fields[i].place != INGEST_PLACE_KEY)
			ingest_memo_release(&rows->memos[i]);
	}
}

/* --- blocks --- */
struct build {
	const struct ingest_binding *binding;
	const struct ingest_numbers *numbers;
	struct arena *arena, *scratch;         /* of the block; of a sort and of what comes after the last */
	struct frame frame; /* all rows of the block as they stand in the parts: fields, then source row */
	uint32_t *rows, count;                 /* those to be kept, in order */
	uint8_t *same;
	struct frame_key keys[64]; size_t key_count;   /* natural key */
};

static struct frame_column *field_column(struct build *build, const struct ingest_bound *bound)
{
	return &build->frame.columns[bound - build->binding->fields];
}

static void shape_frame(struct build *build)
{
	const struct ingest_binding *binding = build->binding;
	const uint32_t count = build->frame.count;
	build->frame.column_count = binding->field_count + 1;
	build->frame.columns = arena_alloc(build->arena, build->frame.column_count, sizeof *build->frame.columns);
	for (size_t i = 0; i <= binding->field_count; i++) {
		const struct feed_field *field = i < binding->field_count ? binding->fields[i].spec->field : NULL;
		struct frame_column *column = &build->frame.columns[i];
		column->id = field ? (uint32_t)field->id : STORE_ROW_ID;
		column->type = !field             ? FRAME_U32
			: field->type == FIELD_DATE   ? FRAME_I32
			: field->type == FIELD_NUMBER ? FRAME_I64
										  : FRAME_U32;
		column->scale = column->type == FRAME_I64 ? field->scale : 0;
		column->text = field && field->type == FIELD_TEXT;
		column->any =
			arena_room(build->arena, (size_t)count + 1, column->type == FRAME_I64 ? sizeof(int64_t) : sizeof(uint32_t));
	}
}

/*
 * A chunk's records into rows from `at` on, field by field: a chunk stays in the cache, and each loop does one
 * thing.
 */
static void take_chunk(
	struct build *build, const struct ingest_chunk *chunk, const struct ingest_rows *rows, uint32_t at)
{
	const struct ingest_binding *binding = build->binding;
	const uint32_t size = binding->record_size, used = chunk->used;
	uint32_t *line = build->frame.columns[binding->field_count].u32 + at;
	for (uint32_t i = 0; i < used; i++)
		line[i] = get4(chunk->bytes + (size_t)i * size, 0);
	for (size_t f = 0; f < binding->field_count; f++) {
		const struct ingest_bound *bound = &binding->fields[f];
		const struct frame_column *column = &build->frame.columns[f];
		const uint8_t *bytes = chunk->bytes + bound->offset;
		switch (bound->place) {
		case INGEST_PLACE_CODE:
			for (uint32_t i = 0; i < used; i++) {
				uint8_t code = bytes[(size_t)i * size];
				column->u32[at + i] = code == INGEST_CODE_NONE ? FRAME_NONE : code;
			}
			break;
		case INGEST_PLACE_NUMBER:
			for (uint32_t i = 0; i < used && bound->width == 2; i++) {
				uint16_t near = get2(bytes + (size_t)i * size);
				column->i64[at + i] = near < INGEST_NEAR_FAR ? near + INGEST_NEAR_NUMBER
					: near == INGEST_NEAR_NONE ? DECIMAL_NONE : ingest_rows_far(rows, line[i], (uint32_t)f);
			}
			for (uint32_t i = 0; i < used && bound->width == 4; i++)
				column->i64[at + i] = ingest_rows_number(rows->wide.at, get4(bytes + (size_t)i * size, 0));
			break;
		case INGEST_PLACE_DATE:
			for (uint32_t i = 0; i < used && bound->width == 2; i++) {
				uint16_t near = get2(bytes + (size_t)i * size);
				column->i32[at + i] = near < INGEST_NEAR_FAR ? near + INGEST_NEAR_DATE
					: near == INGEST_NEAR_NONE ? DATE_NONE : (int32_t)ingest_rows_far(rows, line[i], (uint32_t)f);
			}
			for (uint32_t i = 0; i < used && bound->width == 4; i++)
				column->u32[at + i] = get4(bytes + (size_t)i * size, 0);
			break;
		case INGEST_PLACE_KEY:
		case INGEST_PLACE_TEXT: /* missing has the frame's own number */
			for (uint32_t i = 0; i < used; i++)
				column->u32[at + i] = get4(bytes + (size_t)i * size, 0);
			break;
		}
	}
}

static void add_sort_key(struct build *build, const struct ingest_bound *bound)
{
	build->keys[build->key_count++] = (struct frame_key){ .column = field_column(build, bound) };
}

/*
 * The natural key in the order facts wants rows to stand in: the employee first; of completions the date before the
 * attempt. Texts are ordered by their numbers, which stand in order of the file.
 */
static void choose_keys(struct build *build)
{
	const struct ingest_binding *binding = build->binding;
	const struct ingest_bound *employee = employee_field(binding), *attempt = NULL;
	if (employee)
		add_sort_key(build, employee);
	for (size_t i = 0; i < binding->field_count; i++) {
		const struct ingest_bound *bound = &binding->fields[i];
		if (!bound->spec->field->key || bound == employee)
			continue;
		if (bound->spec->field->id == COMPLETION_ATTEMPT) {
			attempt = bound;
			continue;
		}
		if (bound->spec->field->id == COMPLETION_PHASE && attempt) {
			add_sort_key(build, attempt);
			attempt = NULL;
		}
		add_sort_key(build, bound);
	}
	if (attempt)
		add_sort_key(build, attempt);
}

struct tie { uint32_t line, row; };

static int by_source(const void *a, const void *b)
{
	const struct tie *x = a, *y = b;
	return x->line < y->line ? -1 : x->line > y->line;
}

/*
 * Sorts by keys; rows of the same keys by their place in the file: those of several threads do not come in its
 * order.
 */
static void sort_rows(struct build *build, const struct frame_key *keys, size_t key_count)
{
	const uint32_t *line = build->frame.columns[build->binding->field_count].u32;
	struct tie *ties = NULL;
	arena_recycle(build->scratch);
	build->same = arena_room(build->arena, (size_t)build->count + 1, 1);
	if (key_count == 0)
		memset(build->same, 1, build->count);
	build->same[0] = 0;
	if (key_count > 0)
		frame_order(keys, key_count, build->frame.count, build->rows, build->count, build->same, build->scratch);
	if (!memchr(build->same, 1, build->count))
		return;
	for (uint32_t from = 0, to; from < build->count; from = to) {
		bool rising = true;
		for (to = from + 1; to < build->count && build->same[to]; to++)
			rising = rising && line[build->rows[to - 1]] < line[build->rows[to]];
		if (rising)
			continue;
		if (!ties)
			ties = arena_room(build->scratch, build->count, sizeof *ties);
		for (uint32_t i = from; i < to; i++)
			ties[i - from] = (struct tie){ line[build->rows[i]], build->rows[i] };
		qsort(ties, to - from, sizeof *ties, by_source);
		for (uint32_t i = from; i < to; i++)
			build->rows[i] = ties[i - from].row;
	}
}

static bool differs(const struct frame_column *column, uint32_t a, uint32_t b)
{
	return column->type == FRAME_I64 ? column->i64[a] != column->i64[b] : column->u32[a] != column->u32[b];
}

/* The first field (of all mapped) in which two rows differ, or the field count. */
static uint32_t differing_field(const struct build *build, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < build->binding->field_count; i++) {
		if (differs(&build->frame.columns[i], a, b))
			return i;
	}
	return (uint32_t)build->binding->field_count;
}

/* Keeps one row of each key. */
static void merge_duplicates(struct build *build, struct ingest_block *out)
{
	const struct ingest_binding *binding = build->binding;
	const uint32_t *line = build->frame.columns[binding->field_count].u32;
	const bool last = binding->mapping->dedupe == INGEST_KEEP_LAST;
	uint32_t kept = 0;
	if (binding->mapping->dedupe == INGEST_KEEP_ALL || !memchr(build->same, 1, build->count))
		return;
	for (uint32_t from = 0, to; from < build->count; from = to) {
		for (to = from + 1; to < build->count && build->same[to]; to++) {
		}
		const uint32_t winner = build->rows[last ? to - 1 : from];
		for (uint32_t i = from; to - from > 1 && i < to; i++) {
			const uint32_t row = build->rows[i];
			if (row == winner)
				continue;
			uint32_t field = differing_field(build, row, winner);
			if (field < binding->field_count) {
				VEC_PUSH(&out->conflicts, ((struct ingest_conflict){ line[row], line[winner], field }));
				continue;
			}
			struct ingest_repeat repeat = { line[row], line[winner] };
			if (out->repeats.count <= INGEST_REPEATS_TOLD)
				VEC_PUSH(&out->repeats, repeat);
			if (out->merged == 0 || repeat.line < out->first_repeat.line)
				out->first_repeat = repeat;
			out->merged++;
		}
		build->rows[kept++] = winner;
	}
	build->count = kept;
}

/* Completions without a date stand where they were enrolled: facts wants them so. Few files have any. */
static void place_open_rows(struct build *build)
{
	const struct frame_column *completed = frame_column(&build->frame, COMPLETION_COMPLETED_ON);
	const struct frame_column *enrolled = frame_column(&build->frame, COMPLETION_ENROLLED_ON);
	struct frame_column date = { .type = FRAME_I32 };
	bool any = false;
	for (uint32_t i = 0; completed && enrolled && i < build->frame.count; i++)
		any |= completed->i32[i] == DATE_NONE;
	if (!any)
		return;
	date.i32 = arena_room(build->arena, build->frame.count, sizeof *date.i32);
	for (uint32_t i = 0; i < build->frame.count; i++)
		date.i32[i] = completed->i32[i] != DATE_NONE ? completed->i32[i] : enrolled->i32[i];
	for (size_t k = 0; k < build->key_count; k++) {
		if (build->keys[k].column == completed)
			build->keys[k].column = &date;
	}
	sort_rows(build, build->keys, build->key_count);
}

/* Numbers of the file's texts → numbers of the frame's. */
static void take_texts(struct build *build)
{
	const struct map *of_file = &build->numbers->texts;
	/* names of millions: hashing beats clearing a large table for each block */
	const bool many = of_file->count > 65536 + 4 * (size_t)build->count;
	struct frame_texts texts = { 0 };
	uint32_t *number = NULL;
	for (size_t c = 0; c < build->frame.column_count; c++) {
		const struct frame_column *column = &build->frame.columns[c];
		if (!column->text)
			continue;
		if (!many && !number)
			number = arena_alloc(build->arena, of_file->count + 1, sizeof *number);
		for (uint32_t r = 0; r < build->count; r++) {
			const uint32_t text = column->u32[r];
			if (text == FRAME_NONE)
				continue;
			if (many) {
				column->u32[r] = frame_texts_add(&texts, map_text(of_file, text), map_length(of_file, text));
				continue;
			}
			if (number[text] == 0)
				number[text] = 1 + frame_texts_add(&texts, map_text(of_file, text), map_length(of_file, text));
			column->u32[r] = number[text] - 1;
		}
	}
	frame_texts_end(&texts, &build->frame, build->arena);
}

/* Columns in the order of the rows kept. Each is written where the one before it stood: a block is large. */
static void pick_rows(struct build *build)
{
	arena_recycle(build->scratch); /* the sort is over */
	uint32_t *spare4 = arena_room(build->scratch, (size_t)build->count + 1, sizeof *spare4);
	int64_t *spare8 = NULL;
	for (size_t c = 0; c < build->frame.column_count; c++) {
		struct frame_column *column = &build->frame.columns[c];
		if (column->type == FRAME_I64) {
			int64_t *from = column->i64;
			if (!spare8)
				spare8 = arena_room(build->scratch, (size_t)build->count + 1, sizeof *spare8);
			for (uint32_t r = 0; r < build->count; r++)
				spare8[r] = from[build->rows[r]];
			column->i64 = spare8;
			spare8 = from;
		} else {
			uint32_t *from = column->u32;
			for (uint32_t r = 0; r < build->count; r++)
				spare4[r] = from[build->rows[r]];
			column->u32 = spare4;
			spare4 = from;
		}
	}
	build->frame.count = build->count;
}

void ingest_builder_release(struct ingest_builder *builder)
{
	arena_release(&builder->block);
	arena_release(&builder->sort);
}

void ingest_block_release(struct ingest_block *block)
{
	str_release(&block->bytes);
	VEC_RELEASE(&block->repeats);
	VEC_RELEASE(&block->conflicts);
}

void ingest_stage_build(const struct ingest_binding *binding, const struct ingest_numbers *numbers,
	struct ingest_parts *const *parts, struct ingest_rows *const *rows, size_t threads, uint32_t block,
	struct ingest_builder *builder, struct ingest_block *out)
{
	struct build build = {
		.binding = binding, .numbers = numbers, .arena = &builder->block, .scratch = &builder->sort
	};
	uint64_t count = 0;
	memset(out, 0, sizeof *out);
	arena_recycle(&builder->block);
	for (size_t t = 0; t < threads; t++)
		count += block < parts[t]->count ? parts[t]->at[block].count : 0;
	if (count == 0)
		return;
	build.frame.count = (uint32_t)count;
	shape_frame(&build);
	uint32_t at = 0;
	for (size_t t = 0; t < threads; t++) {
		if (block >= parts[t]->count)
			continue;
		for (const struct ingest_chunk *chunk = parts[t]->at[block].first; chunk; chunk = chunk->next) {
			take_chunk(&build, chunk, rows[t], at);
			at += chunk->used;
		}
		free_part(&parts[t]->at[block]);
	}
	build.count = (uint32_t)count;
	build.rows = arena_room(build.arena, count, sizeof *build.rows);
	for (uint32_t i = 0; i < build.count; i++)
		build.rows[i] = i;
	choose_keys(&build);
	sort_rows(&build, build.keys, build.key_count);
	merge_duplicates(&build, out);
	if (binding->source->feed->id == FEED_COMPLETION)
		place_open_rows(&build);
	pick_rows(&build);
	take_texts(&build);
	frame_encode(&build.frame, &out->bytes);
	out->kept = build.count;
}
