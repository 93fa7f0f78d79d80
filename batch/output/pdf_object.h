/*
 * pdf_object.h - private to output/: one document as libharu objects. pdf.c, pdf_save.c and pdf_font.c include hpdf.h.
 */
#ifndef PANDIAN_OUTPUT_PDF_OBJECT_H
#define PANDIAN_OUTPUT_PDF_OBJECT_H

#include "output/pdf_content.h"
#include "output/pdf_set.h"

#include <hpdf.h>
#include <hpdf_doc.h>
#include <libdeflate.h>

/* A finished stream: bytes already compressed, or plain. */
struct pdf_stream {
	struct str bytes;
	bool compressed;
	const char *entries; /* further dictionary entries as they are, or NULL */
};
/* A font of a document; kept for the next one, which often needs the same characters of it. */
struct pdf_font_use {
	VEC(uint32_t) text; /* code points in ascending order; CID = first + index */
	const struct pdf_set *set; /* of the glyphs before the document's own, or NULL */
	VEC(uint32_t) built; /* the text the streams below were built for, behind which set and when */
	const struct pdf_set *built_set;
	unsigned built_shares;
	struct pdf_stream file, unicode, codes;
	struct str widths;
	char file_entries[40];
};
static inline unsigned pdf_font_first(const struct pdf_font_use *use)
{
	return use->set ? use->set->base.count : 1;
}
static inline bool pdf_font_used(const struct pdf_font_use *use)
{
	return use->set || use->text.count > 0;
}

struct pdf_writer {
	const struct pdf_fonts *fonts;
	size_t set_number;
	struct layout layout;
	uint16_t *cid; /* by code point; 0: not used */
	VEC(uint32_t) distinct; /* code points of the document */
	struct pdf_font_use use[FONT_MAX];
	struct font_scratch scratch;
	struct font_parts parts;
	VEC(struct pdf_stream) pages;
	struct pdf_stream metadata, objects, places; /* places: the cross-reference */
	struct str plain, wide; /* being built */
	VEC(uint32_t) sorted;
	VEC(uint32_t) glyphs;
	struct libdeflate_compressor *compressor;
	struct arena memory; /* of libharu, forgotten after each document */
	HPDF_Doc pdf; /* of the document being written */
};

/* pdf_save.c */
/* Adds a stream object; the bytes must live until the document is saved. NULL if libharu refuses. */
HPDF_Dict pdf_object_stream(HPDF_Doc pdf, struct pdf_stream *stream);
void pdf_object_raw(HPDF_Dict dict, struct str *entries); /* entries written as they are at the end of the dictionary */
void pdf_object_contents(HPDF_Doc pdf, HPDF_Page page, struct pdf_stream *stream); /* right after HPDF_AddPage */
/* The file of all objects added; id: hexadecimal digits. */
HPDF_STATUS pdf_save(struct pdf_writer *writer, const char *id, struct str *out);

/* pdf.c */
void pdf_object_deflate(struct pdf_writer *writer, const struct str *plain, struct pdf_stream *out);

/* pdf_font.c: gives every used character its CID, cuts subsets; then the objects. */
void pdf_font_collect(struct pdf_writer *writer);
int pdf_font_build(struct pdf_writer *writer, struct err *err);
HPDF_Dict pdf_font_object(struct pdf_writer *writer, unsigned number);
void pdf_font_forget(struct pdf_writer *writer);
void pdf_font_release(struct pdf_writer *writer);

#endif
