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
	struct pdf_font_use *shared; /* subset of the text font for most documents, or NULL (pdf_font.c) */
	uint16_t *shared_cid; /* by code point */
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

void pdf_font_unshare(struct pdf_fonts *fonts); /* pdf_font.c */

/* Reusable memory of subsetting, one per process. */
struct font_scratch {
	uint16_t *slot;
	VEC(uint16_t) old;
	VEC(uint32_t) offset;
};
void font_scratch_release(struct font_scratch *scratch);
/*
 * Appends a TrueType file whose glyph k (1 … count) is that of the packed glyphs[k - 1], trimmed if it says so, and
 * whose
 * glyph 0 is empty; components of composite glyphs follow, instructions are dropped. Glyphs may repeat. Tables: glyf
 * head hhea hmtx loca maxp. -1 beyond 65,535 glyphs.
 */
int font_subset_glyf(
	const struct font *font, struct font_scratch *scratch, const uint32_t *glyphs, size_t count, struct str *out);
/* Appends the bare CFF table with the given glyphs; CIDs are those of the original font. -1 if HarfBuzz refuses. */
int font_subset_cff(const struct font *font, const uint32_t *glyphs, size_t count, struct str *out);

#endif
