/*
 * xlsx_private.h - what the files of the workbook writer share: the open book, its formats, its digest.
 */
#ifndef PANDIAN_OUTPUT_XLSX_PRIVATE_H
#define PANDIAN_OUTPUT_XLSX_PRIVATE_H

#include "output/xlsx.h"

#include <xlsxwriter.h>

struct xlsx {
	lxw_workbook *file;
	struct book *book;
	lxw_worksheet **sheets;
	lxw_format *formats[BOOK_STYLE_COUNT][BOOK_FORMAT_COUNT];
	lxw_format *rule_formats[BOOK_STYLE_COUNT];
	uint64_t digest;                   /* sum over cells: independent of their order */
	struct xlsx_totals totals;
};

/* Palette of the house (look/README of the art direction): 0xRRGGBB. */
enum { XLSX_INK = 0x1d2a44, XLSX_TEAL = 0x0e7a78, XLSX_GOLD = 0xc8922e, XLSX_BRICK = 0xb4472f, XLSX_GREY = 0x6b7485,
	XLSX_HAIRLINE = 0xd9dde5, XLSX_PANEL = 0xf5f6f9 };
lxw_color_t xlsx_sequence_colour(int index);            /* sequence of the palette, wraps around */

lxw_format *xlsx_format(struct xlsx *xlsx, enum book_style style, enum book_format format);
lxw_format *xlsx_rule_format(struct xlsx *xlsx, enum book_style style);
/* status 70 with the library's words unless code is LXW_NO_ERROR. */
int xlsx_expect(lxw_error code, const char *what, struct err *err);
/*
 * Adds one cell to the digest: called by writer and reader alike. Kind: s text, n number, f formula with its cached
 * value.
 */
void xlsx_digest_cell(uint64_t *digest, uint32_t sheet, uint32_t row, uint32_t column, char kind, const char *value);
/* The digest of all cells and the sheet names as text. */
void xlsx_digest_text(uint64_t digest, char hex[HASH_HEX]);
/* The text libxlsxwriter writes for a number. */
void xlsx_number_text(double value, char out[40]);

int xlsx_write_sheet(struct xlsx *xlsx, size_t index, struct err *err);
/* pixels: width of the columns the chart spans. */
int xlsx_write_chart(
	struct xlsx *xlsx, lxw_worksheet *sheet, const struct book_part *part, double pixels, struct err *err);

#endif
