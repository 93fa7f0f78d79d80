/*
 * font.h - private to output/: opened fonts, which font draws a character, and subsets of them.
 */
#ifndef PANDIAN_OUTPUT_FONT_H
#define PANDIAN_OUTPUT_FONT_H

#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "output/pdf.h"

#include <hb-subset.h>
#include <stdbool.h>
#include <stdint.h>

#define FONT_MAX 8

struct font_table {
	const uint8_t *at;
	size_t length;
};
struct font {
	char *path;
	unsigned index; /* face in a collection */
	void *map;
	size_t size; /* the file, mapped read-only */
	char hex[HASH_HEX];
	char name[64]; /* PostScript name, safe as a PDF name */
	bool cff;
	hb_face_t *face; /* CFF: preprocessed for subsetting; else the plain face */
	unsigned upem, glyphs, metrics; /* metrics: numberOfHMetrics */
	int ascent, descent, box[4]; /* 1/1000 em */
	bool long_loca;
	struct font_table glyf, loca, hmtx, head, hhea, maxp;
};
struct pdf_fonts {
	struct font at[FONT_MAX];
	size_t count;
	char hex[HASH_HEX];
	uint32_t *page[0x1100]; /* code point >> 8 → 256 packed glyphs, NULL: none */
	struct pdf_set *set[PDF_SETS]; /* what documents of a kind share, or NULL (pdf_set.c) */
	unsigned shares; /* how often that changed */
};

/*
 * How a character is drawn, packed: trim 1 bit, font 3 bits, advance (1/1000 em) 12 bits, glyph 16 bits; 0: no font has
 * it. Trimmed: a bracket drawn in the middle of its em loses FONT_TRIM on either side; the advance is what remains
 * and the subset moves the outline.
 */
#define FONT_TRIM 200
static inline uint32_t font_glyph(const struct pdf_fonts *fonts, uint32_t code_point)
{
	const uint32_t *page = code_point < 0x110000 ? fonts->page[code_point >> 8] : NULL;
	return page ? page[code_point & 255] : 0;
}
static inline unsigned font_of(uint32_t glyph)
{
	return glyph >> 28 & 7;
}
static inline bool font_trimmed(uint32_t glyph)
{
	return glyph >> 31;
}
static inline unsigned font_advance(uint32_t glyph)
{
	return glyph >> 16 & 0xfff;
}
static inline unsigned font_gid(uint32_t glyph)
{
	return glyph & 0xffff;
}

void pdf_set_free(struct pdf_set *set); /* pdf_set.c */

/* Glyphs that every subset of a kind begins with: 0 … count - 1, cut once (pdf_set.c). An even number. */
struct font_base {
	const uint16_t *slot; /* by glyph of the font: its number here, 0: not here */
	unsigned count;
	bool long_loca;
	size_t glyf_length, loca_length;
	uint32_t glyf_sum, hmtx_sum, loca_sum; /* checksums */
};
/* Reusable memory of cutting, one per process; between two cuts, what the last one found. */
struct font_scratch {
	const struct font_base *base;
	size_t first; /* number of the first glyph of the work list */
	uint16_t *slot;
	VEC(uint16_t) old; /* glyphs of the font in the order of their new numbers */
	VEC(uint32_t) offset; /* where each begins, and the end */
};
void font_scratch_release(struct font_scratch *scratch);
/*
 * A TrueType file in the order of its bytes: directory, head and hhea, maxp, [hmtx of the base,] hmtx, [loca,] loca,
 * [glyf,] glyf. What stands in brackets belongs to the base. Each part fills whole words.
 */
struct font_parts {
	char directory[12 + 6 * 16];
	struct str glyf, heads, hmtx, loca, maxp;
	size_t length; /* of the whole file */
};
void font_parts_release(struct font_parts *parts);
/*
 * Cuts glyphs[0 … count - 1], trimmed where they say so, in this order: numbered from 1 behind an empty glyph 0, or
 * behind those of the base (which may be NULL). Components of composite glyphs follow, instructions are dropped. Glyphs
 * may repeat. -1 beyond 65,535 glyphs, or where the outlines outgrow the base's loca.
 */
int font_cut(const struct font *font, struct font_scratch *scratch, const struct font_base *base,
	const uint32_t *glyphs, size_t count, struct font_parts *parts);
uint32_t font_checksum(const char *bytes, size_t length); /* of whole words */
/* Appends the bare CFF table with the given glyphs; CIDs are those of the original font. -1 if HarfBuzz refuses. */
int font_subset_cff(const struct font *font, const uint32_t *glyphs, size_t count, struct str *out);

#endif
