/*
 * frame.h - a table in memory: typed columns of n rows, and its exact encoding as a segment.
 *
 * Physical types: U32 (dense keys, codes, text numbers, booleans), I32 (day numbers), I64 (scaled numbers). Missing is
 * UINT32_MAX, INT32_MIN, INT64_MIN. Texts of a frame stand in its heap, each distinct text once.
 */
#ifndef PANDIAN_STORE_FRAME_H
#define PANDIAN_STORE_FRAME_H

#include "base/arena.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_NONE UINT32_MAX

enum frame_type { FRAME_U32, FRAME_I32, FRAME_I64 };
struct frame_column {
	uint32_t id;              /* the writer's own number: field_id in feeds, column number in results */
	enum frame_type type;
	int scale;                /* I64: value * 10^scale */
	bool text;                /* U32: numbers into the frame's texts */
	union { uint32_t *u32; int32_t *i32; int64_t *i64; void *any; };
	uint16_t *why;            /* results: 0 known, else 1 + number of a reason; NULL: all known */
};
struct frame {
	uint32_t count;           /* rows */
	struct frame_column *columns;
	size_t column_count;
	const char **texts;       /* distinct texts, NUL-terminated */
	uint32_t text_count;
};

/* A frame of `count` rows with columns as in `like` (id, type, scale, text; `why` all 0 where given), all missing. */
void frame_init(struct frame *frame, uint32_t count, const struct frame_column *like, size_t column_count,
	struct arena *arena);
struct frame_column *frame_column(const struct frame *frame, uint32_t id);  /* NULL if the frame has no such column */
/* NULL if missing */
const char *frame_text(const struct frame *frame, const struct frame_column *column, uint32_t row);
/* Collects distinct texts while a frame is filled; frame_texts_end gives them to the frame. */
struct frame_texts { struct map map; };
uint32_t frame_texts_add(struct frame_texts *texts, const char *text, size_t length);
void frame_texts_end(struct frame_texts *texts, struct frame *frame, struct arena *arena);

/*
 * Segment encoding, version 1 (frame.c has it byte by byte): header, column directory (id, type, scale, flags, width,
 * base, offset), data of each column reduced to 0, 1, 2, 4 or 8 bytes a value above its base, texts, CRC-32 of
 * everything. Columns without any value or reason are not written. Bytes depend on the values alone.
 */
void frame_encode(const struct frame *frame, struct str *out);
/*
 * Decodes; columns absent from the bytes are absent from the frame. `want` (ids, NULL = all) limits what is decoded.
 * -1 with status 74 when damaged.
 */
int frame_decode(const void *bytes, size_t length, const uint32_t *want, size_t want_count, struct arena *arena,
	struct frame *frame, struct err *err);

#endif
