/*
 * pdf.h - doc model → PDF bytes, by libharu as object model with our own text path, subset fonts and libdeflate.
 */
#ifndef PANDIAN_OUTPUT_PDF_H
#define PANDIAN_OUTPUT_PDF_H

#include "base/hash.h"
#include "base/str.h"
#include "model/doc.h"

/* Fonts, loaded and preprocessed once before any fork; read-only afterwards. */
struct pdf_fonts;
/*
 * Opens the first existing file of each role (NULL-terminated lists of "path" or "path#index"): text font first, then
 * fallbacks by order.
 * NULL with status 66 and a hint naming the packages if no text font is there.
 */
struct pdf_fonts *pdf_fonts_open(struct err *err);
void pdf_fonts_close(struct pdf_fonts *fonts);
/*
 * What most documents of a kind have in common, learnt from some of them: their characters are cut and compressed
 * once. Plain bytes, so that one process can learn for others.
 */
#define PDF_SETS 8 /* kinds of documents of which something may be known */
struct pdf_common {
	uint32_t documents; /* it was learnt from; few say nothing */
	char text[8192]; /* UTF-8, in ascending order */
};
struct pdf_sample;
struct pdf_sample *pdf_sample_new(const struct pdf_fonts *fonts, struct err *err);
void pdf_sample_add(struct pdf_sample *sample, const struct doc *doc);
void pdf_sample_end(struct pdf_sample *sample, struct pdf_common *common); /* and frees it */
/* Makes a set of it, best before any fork; too little, or NULL: the set is empty, each document does for itself. */
int pdf_fonts_share(struct pdf_fonts *fonts, size_t set, const struct pdf_common *common, struct err *err);
void pdf_fonts_hash(const struct pdf_fonts *fonts, char hex[HASH_HEX]);
size_t pdf_fonts_count(const struct pdf_fonts *fonts);
const char *pdf_fonts_file(const struct pdf_fonts *fonts, size_t index, char hex[HASH_HEX]);

struct pdf_writer; /* one per process; reuses its buffers */
struct pdf_writer *pdf_writer_new(const struct pdf_fonts *fonts, struct err *err);
void pdf_writer_free(struct pdf_writer *writer);
/*
 * The documents from now on are of the kind this set was learnt from: each embeds the characters of the set if it uses
 * at least half of them, and only what else it needs is cut for it. A new writer uses set 0.
 */
void pdf_writer_use(struct pdf_writer *writer, size_t set);
struct pdf_totals {
	int pages;
	uint32_t missing[16];
	size_t missing_count; /* code points no font has (first 16), printed as 〓 */
};
/* Lays out and writes one document; `out` is cleared first. Status 70 if libharu refuses. Same doc, same bytes. */
int pdf_write(
	struct pdf_writer *writer, const struct doc *doc, struct str *out, struct pdf_totals *totals, struct err *err);
/* Cheap structural check of finished bytes: header, startxref, page count, %%EOF. */
int pdf_verify(const struct str *bytes, const struct pdf_totals *expected, struct err *err);

#endif
