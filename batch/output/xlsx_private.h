/*
 * xlsx_private.h - what the files of the workbook writer share: the open book, its formats, its digest.
 */
#ifndef PANDIAN_OUTPUT_XLSX_PRIVATE_H
#define PANDIAN_OUTPUT_XLSX_PRIVATE_H

#include "base/vec.h"
#include "output/xlsx.h"

#include <xlsxwriter.h>

struct xlsx {
	lxw_workbook *file;
	struct book *book;
	lxw_worksheet **sheets;
	lxw_format *formats[BOOK_STYLE_COUNT][BOOK_FORMAT_COUNT];
	lxw_format *rule_formats[BOOK_STYLE_COUNT];
	int32_t numbers[BOOK_STYLE_COUNT][BOOK_FORMAT_COUNT]; /* 1 + number of the format in cells, 0: not asked yet */
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
/* The number a cell carries for a format. */
int32_t xlsx_format_number(struct xlsx *xlsx, enum book_style style, enum book_format format);
/*
 * Adds one cell to the digest: called by writer and reader alike. Kind: s text, n number, f formula with its cached
 * value.
 */
void xlsx_digest_cell(
	uint64_t *digest, uint32_t sheet, uint32_t row, uint32_t column, char kind, uint64_t value);
uint64_t xlsx_digest_value(const char *value, size_t length);
/* The digest of all cells and the sheet names as text. */
void xlsx_digest_text(uint64_t digest, char hex[HASH_HEX]);

/* Texts of numbers as they stand in cells; return the length. */
size_t xlsx_unsigned_text(uint64_t value, char *out);   /* no NUL */
size_t xlsx_double_text(double value, char out[40]);
size_t xlsx_scaled_text(int64_t number, int scale, char out[40]);

/* The rows of one sheet, in ascending order; cells of a row in any order, each once. */
struct xlsx_rows_cell { uint32_t column; size_t begin, length; };
struct xlsx_rows {
	struct xlsx *xlsx;
	lxw_worksheet *sheet;
	uint32_t index, row;
	double height;                     /* of the row under way, 0: as it comes */
	bool sorted;
	char number[24];                   /* of the row, as text */
	size_t number_length;
	struct { char text[7]; uint8_t length; } *names; /* of columns */
	VEC(struct xlsx_rows_cell) cells;
	struct str line, out, clean;
};
struct xlsx_rows *xlsx_rows_new(struct xlsx *xlsx, lxw_worksheet *sheet, uint32_t index, uint32_t columns);
void xlsx_rows_free(struct xlsx_rows *rows);
void xlsx_rows_begin(struct xlsx_rows *rows, uint32_t row);
int xlsx_rows_end(struct xlsx_rows *rows, struct err *err);
int xlsx_rows_finish(struct xlsx_rows *rows, struct err *err);
void xlsx_rows_blank(struct xlsx_rows *rows, uint32_t column, int32_t format);
int xlsx_rows_text(struct xlsx_rows *rows, uint32_t column, int32_t format, const char *text, struct err *err);
int xlsx_rows_number(
	struct xlsx_rows *rows, uint32_t column, int32_t format, int64_t number, int scale, struct err *err);
int xlsx_rows_formula(struct xlsx_rows *rows, uint32_t column, int32_t format, const char *formula, const char *value,
	struct err *err);

/*
 * After a book: closes the temporary files the library forgot. Why one, or the archive, could not be written: errno
 * since the last call, 0: nothing failed.
 */
int xlsx_zip_failure(void);

int xlsx_write_sheet(struct xlsx *xlsx, size_t index, struct err *err);
/* pixels: width of the columns the chart spans. */
int xlsx_write_chart(
	struct xlsx *xlsx, lxw_worksheet *sheet, const struct book_part *part, double pixels, struct err *err);

#endif
