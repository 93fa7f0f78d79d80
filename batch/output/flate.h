/*
 * flate.h - private to output/: a deflate encoder for many small streams that are alike (RFC 1951).
 *
 * libdeflate counts every stream's symbols and builds its codes anew: most of the time of a stream of ten kilobytes.
 * Here the codes come from streams seen before, so that one pass over the bytes does; about four times as fast as
 * libdeflate's level 1 and three in a hundred larger. Any stream can be written with any code.
 */
#ifndef PANDIAN_OUTPUT_FLATE_H
#define PANDIAN_OUTPUT_FLATE_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLATE_LITERALS 286
#define FLATE_SYMBOLS (FLATE_LITERALS + 30) /* literals, lengths, distances */
#define FLATE_TABLE 4096

struct flate_counts {
	uint32_t at[FLATE_SYMBOLS];
};
/* Lengths of codes in bits, 1 … 15: what has to be known to write with a code. Plain bytes. */
struct flate_lengths {
	uint8_t at[FLATE_SYMBOLS];
};
struct flate_code {
	uint32_t literal[256]; /* bits to write, and how many in the highest byte */
	uint32_t match[259]; /* by length 3 … 258, with its extra bits */
	uint32_t distance[30];
	uint8_t header[320]; /* of a block, behind its first three bits */
	unsigned header_bits;
};
/* Where texts of four bytes were seen last; a call forgets what earlier ones saw. */
struct flate {
	uint32_t seen[FLATE_TABLE];
	uint32_t next;
};
/* Bits under way to a buffer; start with zeros. */
struct flate_bits {
	struct str *out;
	uint64_t bits;
	unsigned count;
};

/* Adds the symbols `bytes` would be written with. */
void flate_count(struct flate *flate, struct flate_counts *counts, const void *bytes, size_t length);
/* The best lengths for such counts; symbols never seen get long codes. */
void flate_choose(const struct flate_counts *counts, struct flate_lengths *lengths);
void flate_code_init(struct flate_code *code, const struct flate_lengths *lengths);
/* Appends `bytes` as one block; the last one of a stream says so. */
void flate_block(struct flate *flate, const struct flate_code *code, const void *bytes, size_t length, bool last,
	struct flate_bits *to);
/* Fills up to a whole byte: with an empty stored block where bits wait, or with zero bits behind the last block. */
void flate_align(struct flate_bits *to, bool ended);
/* Appends bytes as they are in a stored block (at most 65,535), then stands at a whole byte. */
void flate_stored(const void *bytes, size_t length, bool last, struct flate_bits *to);

#endif
