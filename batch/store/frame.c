/*
 * frame.c - frames in memory and their exact bytes as a segment.
 *
 * Decides: the segment encoding, version 1. Does not decide: which columns a frame has, nor where segments are kept.
 *
 * Layout, little endian, every part padded with zeros to 8 bytes:
 *   header     32 bytes: "PSG1", u32 rows, u32 columns, u32 texts, u64 bytes of the texts, u64 zero
 *   directory  32 bytes a column, by rising id: u32 id, u8 type, u8 scale, u8 flags, u8 width, i64 base,
 *              u64 offset of its data, u32 width of its reasons (0, 1 or 2), u32 zero
 *   data       a column: rows × width bytes, each value less the base; then rows × reason width
 *   texts      each followed by NUL, numbered in order of first use by (column, row)
 *   tail       u32 zero, u32 CRC-32 of everything before it
 * Missing is the greatest number of the width (flag MISSING), at width 8 the missing value itself (base 0). A column of
 * one value and none missing has width 0; one with reasons only has the flag EMPTY. Columns with neither are not
 * written.
 */
#include "store/frame.h"

#include "base/hash.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "segments are read and written as they stand in memory");

enum { HEAD = 32, ENTRY = 32, TAIL = 8 };
enum { FLAG_TEXT = 1, FLAG_MISSING = 2, FLAG_EMPTY = 4, FLAG_ALL = 7 };
static const char magic[4] = { 'P', 'S', 'G', '1' };

struct plan {                    /* how one column is going to be written */
	const struct frame_column *column;
	int64_t base;
	uint64_t offset;
	uint8_t flags, width, why_width;
};

static size_t frame_size_of(enum frame_type type)
{
	return type == FRAME_I64 ? sizeof(int64_t) : sizeof(uint32_t);
}

static uint64_t padded(uint64_t length)
{
	return (length + 7) & ~UINT64_C(7);
}

void frame_init(struct frame *frame, uint32_t count, const struct frame_column *like, size_t column_count,
	struct arena *arena)
{
	*frame = (struct frame){ .count = count, .column_count = column_count };
	frame->columns = arena_alloc(arena, column_count + 1, sizeof *frame->columns);
	for (size_t i = 0; i < column_count; i++) {
		struct frame_column *column = &frame->columns[i];
		column->id = like[i].id;
		column->type = like[i].type;
		column->scale = like[i].scale;
		column->text = like[i].text;
		column->any = arena_room(arena, (size_t)count + 1, frame_size_of(column->type));
		if (like[i].why != NULL)
			column->why = arena_alloc(arena, (size_t)count + 1, sizeof *column->why);
		switch (column->type) {
		case FRAME_U32:
			memset(column->u32, 0xFF, count * sizeof *column->u32);
			break;
		case FRAME_I32:
			for (uint32_t k = 0; k < count; k++)
				column->i32[k] = DATE_NONE;
			break;
		case FRAME_I64:
			for (uint32_t k = 0; k < count; k++)
				column->i64[k] = DECIMAL_NONE;
			break;
		}
	}
}

struct frame_column *frame_column(const struct frame *frame, uint32_t id)
{
	/* Result columns are numbered as they stand, so the first guess is usually right. */
	if (id < frame->column_count && frame->columns[id].id == id)
		return &frame->columns[id];
	for (size_t i = 0; i < frame->column_count; i++)
		if (frame->columns[i].id == id)
			return &frame->columns[i];
	return NULL;
}

const char *frame_text(const struct frame *frame, const struct frame_column *column, uint32_t row)
{
	uint32_t number;
	if (column == NULL || row >= frame->count)
		return NULL;
	number = column->u32[row];
	return number < frame->text_count ? frame->texts[number] : NULL;
}

uint32_t frame_texts_add(struct frame_texts *texts, const char *text, size_t length)
{
	return map_add(&texts->map, text, length);
}

void frame_texts_end(struct frame_texts *texts, struct frame *frame, struct arena *arena)
{
	size_t count = texts->map.count;
	frame->texts = arena_alloc(arena, count + 1, sizeof *frame->texts);
	frame->text_count = (uint32_t)count;
	if (count > 0) {
		/* One copy of the whole heap: the texts stand in it one after the other. */
		const char *first = map_text(&texts->map, 0);
		const char *last = map_text(&texts->map, (uint32_t)count - 1);
		size_t length = (size_t)(last - first) + map_length(&texts->map, (uint32_t)count - 1);
		char *heap = arena_copy(arena, first, length);
		for (size_t i = 0; i < count; i++)
			frame->texts[i] = heap + (map_text(&texts->map, (uint32_t)i) - first);
	}
	map_release(&texts->map);
}

/* --- encoding --- */

/* Smallest and greatest value and whether one is missing; false if there is none at all. */
static bool column_range(const struct frame_column *column, uint32_t count, int64_t *low, int64_t *high, bool *missing)
{
	uint32_t none = 0;
	int64_t lowest = INT64_MAX, highest = INT64_MIN;

	if (column->type == FRAME_U32) {
		/* the missing value is the greatest: it cannot disturb `least` */
		uint32_t least = UINT32_MAX, most = 0;
		for (uint32_t i = 0; i < count; i++) {
			uint32_t v = column->u32[i], w = v == FRAME_NONE ? 0 : v;
			none += v == FRAME_NONE;
			least = v < least ? v : least;
			most = w > most ? w : most;
		}
		lowest = least, highest = most;
	} else if (column->type == FRAME_I32) {
		int32_t least = INT32_MAX, most = INT32_MIN;
		for (uint32_t i = 0; i < count; i++) {
			int32_t v = column->i32[i], w = v == DATE_NONE ? INT32_MAX : v;
			none += v == DATE_NONE;
			least = w < least ? w : least;
			most = v > most ? v : most;
		}
		lowest = least, highest = most;
	} else {
		for (uint32_t i = 0; i < count; i++) {
			int64_t v = column->i64[i], w = v == DECIMAL_NONE ? INT64_MAX : v;
			none += v == DECIMAL_NONE;
			lowest = w < lowest ? w : lowest;
			highest = v > highest ? v : highest;
		}
	}
	*low = lowest;
	*high = highest;
	*missing = none > 0;
	return none < count;
}

static uint8_t why_width(const struct frame_column *column, uint32_t count)
{
	uint16_t all = 0;
	if (column->why == NULL)
		return 0;
	for (uint32_t i = 0; i < count; i++)
		all |= column->why[i];
	return all == 0 ? 0 : all <= UINT8_MAX ? 1 : 2;
}

/* False if there is nothing to write. */
static bool column_plan(const struct frame_column *column, uint32_t count, struct plan *plan)
{
	int64_t low, high;
	bool missing;

	*plan = (struct plan){ .column = column, .why_width = why_width(column, count) };
	if (column->text)
		plan->flags |= FLAG_TEXT;
	if (!column_range(column, count, &low, &high, &missing)) {
		plan->flags |= FLAG_EMPTY;
		return plan->why_width > 0;
	}
	uint64_t range = (uint64_t)high - (uint64_t)low + missing;   /* wraps to 0 only when all 64 bits are needed */
	if (missing)
		plan->flags |= FLAG_MISSING;
	plan->base = low;
	if (range == 0 && !missing && low == high)
		plan->width = 0;
	else if (range == 0 || range > UINT32_MAX) {
		plan->width = 8;
		plan->base = 0;
	} else
		plan->width = range <= UINT8_MAX ? 1 : range <= UINT16_MAX ? 2 : 4;
	return true;
}

/* One loop a pair of types; the missing value becomes the greatest number of the width. */
#define PUT(from, none, to, top) \
	if (plan->flags & FLAG_MISSING) \
		for (uint32_t i = 0; i < count; i++) { \
			to reduced = column->from[i] == (none) ? (to)(top) : (to)((uint64_t)column->from[i] - base); \
			memcpy(out + i * sizeof reduced, &reduced, sizeof reduced); \
		} \
	else \
		for (uint32_t i = 0; i < count; i++) { \
			to reduced = (to)((uint64_t)column->from[i] - base); \
			memcpy(out + i * sizeof reduced, &reduced, sizeof reduced); \
		}
#define PUT_WIDTHS(from, none) \
	switch (plan->width) { \
	case 1: PUT(from, none, uint8_t, UINT8_MAX) break; \
	case 2: PUT(from, none, uint16_t, UINT16_MAX) break; \
	case 4: PUT(from, none, uint32_t, UINT32_MAX) break; \
	case 8: memcpy(out, column->from, (size_t)count * 8); break; \
	default: break; \
	}

static void column_write(const struct plan *plan, uint32_t count, char *out)
{
	const struct frame_column *column = plan->column;
	uint64_t base = (uint64_t)plan->base;
	switch (column->type) {
	case FRAME_U32: PUT_WIDTHS(u32, FRAME_NONE) break;
	case FRAME_I32: PUT_WIDTHS(i32, DATE_NONE) break;
	case FRAME_I64: PUT_WIDTHS(i64, DECIMAL_NONE) break;
	}
	out += padded((uint64_t)count * plan->width);
	if (plan->why_width == 1)
		for (uint32_t i = 0; i < count; i++)
			out[i] = (char)(unsigned char)column->why[i];
	else if (plan->why_width == 2)
		memcpy(out, column->why, (size_t)count * 2);
}

static int plan_compare(const void *a, const void *b)
{
	const struct plan *x = a, *y = b;
	return x->column->id < y->column->id ? -1 : x->column->id > y->column->id;
}

struct renumbering {             /* texts in order of first use, so that bytes do not depend on who filled the frame */
	uint32_t *number;        /* old → new, FRAME_NONE: not used */
	uint32_t *order;         /* new → old */
	uint32_t count;
	uint64_t bytes;
};

static void texts_renumber(struct renumbering *texts, const struct frame *frame, const struct frame_column *column,
	uint32_t *out)
{
	for (uint32_t i = 0; i < frame->count; i++) {
		uint32_t old = column->u32[i];
		if (old >= frame->text_count) {
			out[i] = FRAME_NONE;
			continue;
		}
		if (texts->number[old] == FRAME_NONE) {
			texts->number[old] = texts->count;
			texts->order[texts->count++] = old;
			texts->bytes += strlen(frame->texts[old]) + 1;
		}
		out[i] = texts->number[old];
	}
}

static void put32(char *at, uint32_t value)
{
	memcpy(at, &value, sizeof value);
}

static void put64(char *at, uint64_t value)
{
	memcpy(at, &value, sizeof value);
}

void frame_encode(const struct frame *frame, struct str *out)
{
	uint32_t count = frame->count, written = 0;
	size_t columns = frame->column_count;
	struct plan *plans = mem_new(columns + 1, sizeof *plans);
	struct frame_column *renumbered = mem_new(columns + 1, sizeof *renumbered);
	uint32_t *numbers = NULL;
	size_t text_columns = 0, text_column = 0;
	struct renumbering texts = {0};

	for (size_t i = 0; i < columns; i++) {
		plans[i].column = &frame->columns[i];
		text_columns += frame->columns[i].text;
	}
	if (columns > 1)
		qsort(plans, columns, sizeof *plans, plan_compare);
	if (text_columns > 0) {
		numbers = mem_new((size_t)count * text_columns + 1, sizeof *numbers);
		texts.number = mem_new((size_t)frame->text_count + 1, sizeof *texts.number);
		texts.order = mem_new((size_t)frame->text_count + 1, sizeof *texts.order);
		memset(texts.number, 0xFF, (size_t)frame->text_count * sizeof *texts.number);
	}

	for (size_t i = 0; i < columns; i++) {
		const struct frame_column *column = plans[i].column;
		if (column->text) {
			uint32_t *own = numbers + text_column++ * count;
			texts_renumber(&texts, frame, column, own);
			renumbered[i] = *column;
			renumbered[i].u32 = own;
			column = &renumbered[i];
		}
		if (count > 0 && column_plan(column, count, &plans[written]))
			written++;
	}
	uint64_t at = HEAD + (uint64_t)written * ENTRY;
	for (uint32_t i = 0; i < written; i++) {
		plans[i].offset = at;
		at += padded((uint64_t)count * plans[i].width) + padded((uint64_t)count * plans[i].why_width);
	}
	uint64_t length = at + padded(texts.bytes) + TAIL;

	str_reserve(out, length);
	char *bytes = out->text + out->length;
	memset(bytes, 0, HEAD + (size_t)written * ENTRY);
	memcpy(bytes, magic, sizeof magic);
	put32(bytes + 4, count);
	put32(bytes + 8, written);
	put32(bytes + 12, texts.count);
	put64(bytes + 16, texts.bytes);
	for (uint32_t i = 0; i < written; i++) {
		const struct plan *plan = &plans[i];
		char *entry = bytes + HEAD + (size_t)i * ENTRY;
		uint64_t end = i + 1 < written ? plans[i + 1].offset : at;
		put32(entry, plan->column->id);
		entry[4] = (char)plan->column->type;
		entry[5] = (char)plan->column->scale;
		entry[6] = (char)plan->flags;
		entry[7] = (char)plan->width;
		put64(entry + 8, (uint64_t)plan->base);
		put64(entry + 16, plan->offset);
		put32(entry + 24, plan->why_width);
		/* The padding of both parts lies in the last 8 bytes before each end. */
		uint64_t middle = plan->offset + padded((uint64_t)count * plan->width);
		if (middle > plan->offset)
			memset(bytes + middle - 8, 0, 8);
		if (end > middle)
			memset(bytes + end - 8, 0, 8);
		column_write(plan, count, bytes + plan->offset);
	}
	char *heap = bytes + at;
	if (padded(texts.bytes) > 0)
		memset(heap + padded(texts.bytes) - 8, 0, 8);
	for (uint32_t i = 0; i < texts.count; i++) {
		size_t size = strlen(frame->texts[texts.order[i]]) + 1;
		memcpy(heap, frame->texts[texts.order[i]], size);
		heap += size;
	}
	put32(bytes + length - 8, 0);
	put32(bytes + length - 4, hash_crc32(bytes, length - 4));
	out->length += length;
	out->text[out->length] = '\0';
	free(plans);
	free(renumbered);
	free(numbers);
	free(texts.number);
	free(texts.order);
}

/* --- decoding --- */

static uint32_t get32(const char *at)
{
	uint32_t value;
	memcpy(&value, at, sizeof value);
	return value;
}

static uint64_t get64(const char *at)
{
	uint64_t value;
	memcpy(&value, at, sizeof value);
	return value;
}

#define GET(to, value_type, none, from, top) \
	if (missing) \
		for (uint32_t i = 0; i < count; i++) { \
			from reduced; \
			memcpy(&reduced, in + i * sizeof reduced, sizeof reduced); \
			column->to[i] = reduced == (from)(top) ? (none) : (value_type)(reduced + base); \
		} \
	else \
		for (uint32_t i = 0; i < count; i++) { \
			from reduced; \
			memcpy(&reduced, in + i * sizeof reduced, sizeof reduced); \
			column->to[i] = (value_type)(reduced + base); \
		}
#define GET_WIDTHS(to, value_type, none) \
	switch (width) { \
	case 0: \
		for (uint32_t i = 0; i < count; i++) \
			column->to[i] = empty ? (none) : (value_type)base; \
		break; \
	case 1: GET(to, value_type, none, uint8_t, UINT8_MAX) break; \
	case 2: GET(to, value_type, none, uint16_t, UINT16_MAX) break; \
	case 4: GET(to, value_type, none, uint32_t, UINT32_MAX) break; \
	default: break; \
	}

static void column_read(struct frame_column *column, uint32_t count, const char *in, uint8_t width, uint8_t flags,
	uint64_t wide_base)
{
	bool missing = flags & FLAG_MISSING, empty = flags & FLAG_EMPTY;
	if (column->type == FRAME_I64) {
		uint64_t base = wide_base;
		if (width == 8)
			memcpy(column->i64, in, (size_t)count * 8);
		else
			GET_WIDTHS(i64, int64_t, DECIMAL_NONE)
	} else {
		uint32_t base = (uint32_t)wide_base;   /* modulo 2^32: the sum is the value again */
		if (column->type == FRAME_U32)
			GET_WIDTHS(u32, uint32_t, FRAME_NONE)
		else
			GET_WIDTHS(i32, int32_t, DATE_NONE)
	}
}

static bool wanted(const uint32_t *want, size_t want_count, uint32_t id)
{
	if (want == NULL)
		return true;
	for (size_t i = 0; i < want_count; i++)
		if (want[i] == id)
			return true;
	return false;
}

static int damaged(struct err *err, const char *what)
{
	return err_set(err, STATUS_IO, "the segment is damaged: %s", what);
}

struct entry { uint32_t id; uint8_t type, scale, flags, width, why_width; uint64_t base, offset; };

static int entry_read(const char *bytes, uint32_t index, struct entry *entry, struct err *err)
{
	const char *at = bytes + HEAD + (size_t)index * ENTRY;
	*entry = (struct entry){
		.id = get32(at), .type = (uint8_t)at[4], .scale = (uint8_t)at[5], .flags = (uint8_t)at[6],
		.width = (uint8_t)at[7], .base = get64(at + 8), .offset = get64(at + 16),
	};
	uint32_t why = get32(at + 24);
	if (entry->type > FRAME_I64 || entry->scale > DECIMAL_SCALE_MAX || (entry->flags & ~FLAG_ALL) != 0 || why > 2)
		return damaged(err, "a column of no known type");
	entry->why_width = (uint8_t)why;
	uint8_t w = entry->width;
	if ((w > 2 && w != 4 && w != 8) || (w == 8 && entry->type != FRAME_I64))
		return damaged(err, "a column of no possible width");
	if ((entry->flags & FLAG_TEXT) && entry->type != FRAME_U32)
		return damaged(err, "a text column of numbers");
	if (((entry->flags & FLAG_EMPTY) && w != 0) || ((entry->flags & FLAG_MISSING) && w == 0))
		return damaged(err, "a column that contradicts itself");
	return 0;
}

static int texts_read(struct frame *frame, const char *heap, uint64_t length, struct arena *arena, struct err *err)
{
	const char *at, *end;
	frame->texts = arena_room(arena, (size_t)frame->text_count + 1, sizeof *frame->texts);
	at = arena_copy(arena, heap, length);
	end = at + length;
	for (uint32_t i = 0; i < frame->text_count; i++) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));
		if (nul == NULL)
			return damaged(err, "fewer texts than promised");
		frame->texts[i] = at;
		at = nul + 1;
	}
	return at == end ? 0 : damaged(err, "more texts than promised");
}

int frame_decode(const void *given, size_t length, const uint32_t *want, size_t want_count, struct arena *arena,
	struct frame *frame, struct err *err)
{
	const char *bytes = given;
	bool text_wanted = false;

	*frame = (struct frame){0};
	if (length < HEAD + TAIL || length % 8 != 0)
		return damaged(err, "it is cut short");
	if (memcmp(bytes, magic, sizeof magic) != 0)
		return damaged(err, "it does not begin as one");
	if (get32(bytes + length - 4) != hash_crc32(bytes, length - 4))
		return damaged(err, "its checksum does not match");
	uint32_t count = get32(bytes + 4), columns = get32(bytes + 8), texts = get32(bytes + 12);
	uint64_t text_bytes = get64(bytes + 16), data_end = length - TAIL;
	if (columns > (data_end - HEAD) / ENTRY || text_bytes > data_end - HEAD - (uint64_t)columns * ENTRY)
		return damaged(err, "its directory is longer than itself");
	if (texts > text_bytes)
		return damaged(err, "fewer texts than promised");
	data_end -= padded(text_bytes);

	struct frame_column *column = arena_alloc(arena, (size_t)columns + 1, sizeof *column);
	uint64_t at = HEAD + (uint64_t)columns * ENTRY;
	if (at > data_end)
		return damaged(err, "its directory is longer than itself");
	frame->columns = column;
	for (uint32_t i = 0; i < columns; i++) {
		struct entry entry;
		if (entry_read(bytes, i, &entry, err) != 0)
			return -1;
		uint64_t data = padded((uint64_t)count * entry.width), why = padded((uint64_t)count * entry.why_width);
		if (entry.offset != at || data + why > data_end - at)
			return damaged(err, "a column reaches beyond its end");
		at += data + why;
		if (!wanted(want, want_count, entry.id))
			continue;
		*column = (struct frame_column){ .id = entry.id, .type = (enum frame_type)entry.type,
			.scale = entry.scale,
			.text = entry.flags & FLAG_TEXT };
		column->any = arena_room(arena, (size_t)count + 1, frame_size_of(column->type));
		column_read(column, count, bytes + entry.offset, entry.width, entry.flags, entry.base);
		if (entry.why_width > 0) {
			const unsigned char *from = (const unsigned char *)bytes + entry.offset + data;
			column->why = arena_alloc(arena, (size_t)count + 1, sizeof *column->why);
			if (entry.why_width == 2)
				memcpy(column->why, from, (size_t)count * 2);
			else
				for (uint32_t k = 0; k < count; k++)
					column->why[k] = from[k];
		}
		if (column->text) {
			uint32_t bad = 0;
			text_wanted = true;
			for (uint32_t k = 0; k < count; k++)
				bad += column->u32[k] >= texts && column->u32[k] != FRAME_NONE;
			if (bad > 0)
				return damaged(err, "a text number without its text");
		}
		column++;
	}
	if (at != data_end)
		return damaged(err, "its columns do not fill it");
	frame->count = count;
	frame->column_count = (size_t)(column - frame->columns);
	frame->text_count = texts;
	if (text_wanted) {
		if (texts_read(frame, bytes + data_end, text_bytes, arena, err) != 0) {
			*frame = (struct frame){0};
			return -1;
		}
	} else
		frame->text_count = 0;
	return 0;
}
