/*
 * stage.c - staged rows by block.
 *
 * Decides: which block a row belongs to, which of several rows with one natural key is kept, the order of rows in a
 * segment (employee, key fields, source row). Nothing here depends on how rows were shared out to threads.
 */
#include "ingest/stage.h"

#include "base/mem.h"

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
			madvise((void *)(((uintptr_t)chunk & ~(uintptr_t)(CHUNK_BYTES - 1)) + 4096), CHUNK_BYTES - 4096, MADV_DONTNEED);
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
	chunk = (struct ingest_chunk *)(void *)((char *)parts->slab + parts->slab_used + 64); /* the first leaves room for the slab's head */
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
		rows->memos[pending->field].value[pending->entry] = map_add(map, str_text(&rows->pending_text) + pending->offset, pending->length);
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
	for (size_t i = 0; i < binding->field_count; i++) { /* names and the like: mostly new, so not worth remembering for long */
		if (rows->memos[i].count > 65536 && binding->fields[i].place != INGEST_PLACE_KEY)
			ingest_memo_release(&rows->memos[i]);
	}
}

/* --- blocks --- */
struct row_ref { uint64_t key; const uint8_t *record; uint32_t line; uint32_t thread; };
struct build {
	const struct ingest_binding *binding;
	struct ingest_rows *const *rows;
	const struct ingest_bound *keys[64]; size_t key_count;   /* natural key without the employee */
};

/* Values in an order that does not depend on threads: numbers by value, everything else by its number. */
static int64_t field_value(const struct build *build, const struct row_ref *ref, const struct ingest_bound *bound)
{
	uint32_t staged;
	switch (bound->place) {
	case INGEST_PLACE_CODE:
		return ref->record[bound->offset] == INGEST_CODE_NONE ? -1 : ref->record[bound->offset];
	case INGEST_PLACE_NUMBER:
		return ingest_rows_number(build->rows[ref->thread]->wide.at, get4(ref->record, bound->offset));
	case INGEST_PLACE_DATE:
		return (int32_t)get4(ref->record, bound->offset);
	case INGEST_PLACE_KEY:
	case INGEST_PLACE_TEXT:
		break;
	}
	staged = get4(ref->record, bound->offset);
	return staged == UINT32_MAX ? -1 : (int64_t)staged;
}

static int compare_keys(const struct build *build, const struct row_ref *a, const struct row_ref *b)
{
	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	for (size_t i = 1; i < build->key_count; i++) {
		int64_t x = field_value(build, a, build->keys[i]), y = field_value(build, b, build->keys[i]);
		if (x != y)
			return x < y ? -1 : 1;
	}
	return 0;
}

static inline bool before(const struct build *build, const struct row_ref *a, const struct row_ref *b)
{
	int order = compare_keys(build, a, b);
	return order ? order < 0 : a->line < b->line;
}

/* Stable merge sort; `room` holds as many. Short runs by insertion. */
static void sort_rows(const struct build *build, struct row_ref *rows, size_t count, struct row_ref *room)
{
	if (count <= 12) {
		for (size_t i = 1; i < count; i++) {
			struct row_ref moved = rows[i];
			size_t j = i;
			for (; j > 0 && before(build, &moved, &rows[j - 1]); j--)
				rows[j] = rows[j - 1];
			rows[j] = moved;
		}
		return;
	}
	size_t half = count / 2;
	sort_rows(build, rows, half, room);
	sort_rows(build, rows + half, count - half, room);
	if (!before(build, &rows[half], &rows[half - 1]))
		return;
	memcpy(room, rows, half * sizeof *rows);
	size_t a = 0, b = half, to = 0;
	while (a < half && b < count)
		rows[to++] = before(build, &rows[b], &room[a]) ? rows[b++] : room[a++];
	memcpy(rows + to, room + a, (half - a) * sizeof *rows);
}

/* The first field (of all mapped) in which two rows differ, or the field count. */
static uint32_t differing_field(const struct build *build, const struct row_ref *a, const struct row_ref *b)
{
	for (uint32_t i = 0; i < build->binding->field_count; i++) {
		if (field_value(build, a, &build->binding->fields[i]) != field_value(build, b, &build->binding->fields[i]))
			return i;
	}
	return (uint32_t)build->binding->field_count;
}

/* Keeps one row of each key; returns how many are kept. Groups are adjacent. */
static size_t merge_duplicates(const struct build *build, struct row_ref *rows, size_t count, struct ingest_block *out)
{
	const struct ingest_binding *binding = build->binding;
	const bool last = binding->mapping->dedupe == INGEST_KEEP_LAST;
	size_t kept = 0;
	if (binding->mapping->dedupe == INGEST_KEEP_ALL)
		return count;
	for (size_t from = 0; from < count;) {
		size_t to = from + 1;
		while (to < count && compare_keys(build, &rows[from], &rows[to]) == 0)
			to++;
		const struct row_ref winner = last ? rows[to - 1] : rows[from];
		for (size_t i = from; to - from > 1 && i < to; i++) {
			if (rows[i].record == winner.record)
				continue;
			uint32_t field = differing_field(build, &rows[i], &winner);
			if (field < binding->field_count) {
				VEC_PUSH(&out->conflicts, ((struct ingest_conflict){ rows[i].line, winner.line, field }));
				continue;
			}
			struct ingest_repeat repeat = { rows[i].line, winner.line };
			if (out->repeats.count <= INGEST_REPEATS_TOLD)
				VEC_PUSH(&out->repeats, repeat);
			if (out->merged == 0 || repeat.line < out->first_repeat.line)
				out->first_repeat = repeat;
			out->merged++;
		}
		rows[kept++] = winner;
		from = to;
	}
	return kept;
}

static void fill_frame(const struct build *build, const struct ingest_numbers *numbers, const struct row_ref *rows, size_t count, struct ingest_block *out)
{
	const struct ingest_binding *binding = build->binding;
	struct arena arena = { 0 };
	struct frame frame;
	struct frame_texts texts = { 0 };
	struct frame_column like[66];
	size_t columns = 0;
	bool any_text = false;
	memset(like, 0, sizeof like);
	for (size_t i = 0; i < binding->field_count; i++) {
		const struct feed_field *field = binding->fields[i].spec->field;
		struct frame_column *column = &like[columns++];
		column->id = field->id;
		column->type = field->type == FIELD_DATE ? FRAME_I32 : field->type == FIELD_NUMBER ? FRAME_I64 : FRAME_U32;
		column->scale = field->type == FIELD_NUMBER ? field->scale : 0;
		column->text = field->type == FIELD_TEXT;
		any_text = any_text || column->text;
	}
	like[columns].id = STORE_ROW_ID;
	like[columns++].type = FRAME_U32;
	frame_init(&frame, (uint32_t)count, like, columns, &arena);
	/* numbers of the file's texts → numbers of the frame's, in order of rows */
	const bool many = numbers->texts.count > 65536 + 4 * count; /* names of millions: hashing beats clearing a large table for each block */
	uint32_t *frame_number = any_text && !many ? mem_new(numbers->texts.count + 1, sizeof *frame_number) : NULL;
	for (size_t r = 0; r < count; r++) {
		const uint8_t *record = rows[r].record;
		if (r + 24 < count) /* records stand in file order, rows here by employee */
			__builtin_prefetch(rows[r + 24].record);
		for (size_t i = 0; i < binding->field_count; i++) {
			const struct ingest_bound *bound = &binding->fields[i];
			struct frame_column *column = &frame.columns[i];
			uint32_t staged;
			switch (bound->place) {
			case INGEST_PLACE_CODE:
				column->u32[r] = record[bound->offset] == INGEST_CODE_NONE ? FRAME_NONE : record[bound->offset];
				break;
			case INGEST_PLACE_NUMBER:
				column->i64[r] = ingest_rows_number(build->rows[rows[r].thread]->wide.at, get4(record, bound->offset));
				break;
			case INGEST_PLACE_DATE:
				column->i32[r] = (int32_t)get4(record, bound->offset);
				break;
			case INGEST_PLACE_KEY:
				column->u32[r] = get4(record, bound->offset);
				break;
			case INGEST_PLACE_TEXT:
				staged = get4(record, bound->offset);
				if (staged == UINT32_MAX) {
					column->u32[r] = FRAME_NONE;
					break;
				}
				if (many) {
					column->u32[r] = frame_texts_add(&texts, map_text(&numbers->texts, staged), map_length(&numbers->texts, staged));
					break;
				}
				if (frame_number[staged] == 0)
					frame_number[staged] = 1 + frame_texts_add(&texts, map_text(&numbers->texts, staged), map_length(&numbers->texts, staged));
				column->u32[r] = frame_number[staged] - 1;
				break;
			}
		}
		frame.columns[columns - 1].u32[r] = rows[r].line;
	}
	frame_texts_end(&texts, &frame, &arena);
	frame_encode(&frame, &out->bytes);
	free(frame_number);
	arena_release(&arena);
}

void ingest_block_release(struct ingest_block *block)
{
	str_release(&block->bytes);
	VEC_RELEASE(&block->repeats);
	VEC_RELEASE(&block->conflicts);
}

void ingest_stage_build(const struct ingest_binding *binding, const struct ingest_numbers *numbers, struct ingest_parts *const *parts,
	struct ingest_rows *const *rows, size_t threads, uint32_t block, struct ingest_block *out)
{
	struct build build = { .binding = binding, .rows = rows };
	const struct ingest_bound *employee = employee_field(binding);
	size_t count = 0;
	memset(out, 0, sizeof *out);
	for (size_t i = 0; i < binding->field_count; i++) {
		if (binding->fields[i].spec->field->key && &binding->fields[i] != employee)
			build.keys[build.key_count++] = &binding->fields[i];
	}
	for (size_t t = 0; t < threads; t++)
		count += block < parts[t]->count ? parts[t]->at[block].count : 0;
	if (count == 0)
		return;
	/* Rows by employee: a counting sort; rows of one thread come in file order. */
	const size_t buckets = employee ? STORE_BLOCK : 1;
	uint32_t *start = mem_new(buckets + 1, sizeof *start);
	for (size_t t = 0; employee && t < threads; t++) {
		if (block >= parts[t]->count)
			continue;
		for (const struct ingest_chunk *chunk = parts[t]->at[block].first; chunk; chunk = chunk->next) {
			for (uint32_t i = 0; i < chunk->used; i++)
				start[get4(chunk->bytes + (size_t)i * binding->record_size, employee->offset) % STORE_BLOCK + 1]++;
		}
	}
	if (!employee)
		start[1] = (uint32_t)count;
	for (size_t i = 0; i < buckets; i++)
		start[i + 1] += start[i];
	struct row_ref *refs = mem_grow(NULL, count, sizeof *refs);
	uint32_t *next = mem_new(buckets, sizeof *next);
	memcpy(next, start, buckets * sizeof *next);
	for (size_t t = 0; t < threads; t++) {
		if (block >= parts[t]->count)
			continue;
		for (const struct ingest_chunk *chunk = parts[t]->at[block].first; chunk; chunk = chunk->next) {
			for (uint32_t i = 0; i < chunk->used; i++) {
				const uint8_t *record = chunk->bytes + (size_t)i * binding->record_size;
				size_t bucket = employee ? get4(record, employee->offset) % STORE_BLOCK : 0;
				struct row_ref *ref = &refs[next[bucket]++];
				*ref = (struct row_ref){ 0, record, get4(record, 0), (uint32_t)t };
				if (build.key_count && build.keys[0]->place == INGEST_PLACE_KEY)
					ref->key = get4(record, build.keys[0]->offset) + UINT64_C(1); /* missing is the greatest: any order will do */
				else if (build.key_count)
					ref->key = (uint64_t)field_value(&build, ref, build.keys[0]) ^ UINT64_C(1) << 63;
			}
		}
	}
	size_t most = 0;
	for (size_t i = 0; i < buckets; i++)
		most = start[i + 1] - start[i] > most ? start[i + 1] - start[i] : most;
	struct row_ref *room = mem_grow(NULL, most / 2 + 1, sizeof *room);
	size_t kept = 0;
	for (size_t i = 0; i < buckets; i++) {
		size_t n = start[i + 1] - start[i];
		struct row_ref *group = refs + start[i];
		sort_rows(&build, group, n, room);
		size_t left = merge_duplicates(&build, group, n, out);
		memmove(refs + kept, group, left * sizeof *refs);
		kept += left;
	}
	out->kept = kept;
	if (kept)
		fill_frame(&build, numbers, refs, kept, out);
	for (size_t t = 0; t < threads; t++) {
		if (block < parts[t]->count)
			free_part(&parts[t]->at[block]);
	}
	free(room);
	free(next);
	free(start);
	free(refs);
}
