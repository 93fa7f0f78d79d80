/*
 * pdf_set.h - private to output/: what the documents of a kind share, and streams put together of shared and own parts.
 */
#ifndef PANDIAN_OUTPUT_PDF_SET_H
#define PANDIAN_OUTPUT_PDF_SET_H

#include "output/font.h"

#include <libdeflate.h>

/* A compressed piece of a stream that begins and ends at whole bytes. */
struct pdf_piece {
	struct str bytes;
	size_t length; /* before compression */
	uint32_t adler;
};
struct pdf_set {
	VEC(uint32_t) text; /* code points in ascending order; CID = index + 1 */
	uint16_t *cid; /* by code point, 0: not here */
	struct font_base base;
	uint16_t *slot;
	struct pdf_piece glyf, hmtx, loca, unicode;
	struct str widths;
};
static inline const struct pdf_set *pdf_set_of(const struct pdf_fonts *fonts, size_t number)
{
	return number < PDF_SETS ? fonts->set[number] : NULL;
}

/* A zlib stream (RFC 1950) being put together; between two calls it stands at a whole byte. */
struct pdf_zip {
	struct str *out;
	size_t length;
	uint32_t adler;
};
void pdf_zip_begin(struct pdf_zip *zip, struct str *out); /* clears it */
void pdf_zip_stored(struct pdf_zip *zip, const struct str *plain); /* as it is */
void pdf_zip_piece(struct pdf_zip *zip, const struct pdf_piece *piece);
void pdf_zip_end(struct pdf_zip *zip, struct libdeflate_compressor *compressor, const struct str *last);

/* Characters from CID `first` on as a section of a ToUnicode CMap, and what stands before and behind all sections. */
extern const char pdf_unicode_head[], pdf_unicode_foot[];
void pdf_unicode_add(const uint32_t *text, size_t count, unsigned first, struct str *out);
/* Widths that are not one em, "from[w w w]", for numbers from `first` on (CFF: glyphs of the font). */
void pdf_widths_add(const struct font *font, const uint32_t *glyphs, size_t count, unsigned first, struct str *out);

#endif
