/*
 * csv.h - bytes → records of cells, by SIMD masks. Knows delimiter, quote and line end; nothing of encodings or types.
 *
 * A quote opens a quoted cell only as the cell's first byte; elsewhere it is an ordinary character. Inside a quoted
 * cell
 * "" is one quote, delimiters and line ends are text. Works on GB18030 as it stands for every delimiter but |.
 */
#ifndef PANDIAN_INGEST_CSV_H
#define PANDIAN_INGEST_CSV_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INGEST_CSV_PADDING 64          /* readable bytes wanted behind a buffer that is scanned */

struct ingest_dialect { char delimiter; char terminator; /* LF, or CR in files without LF */ bool quotes; };

enum ingest_cell_kind {
	INGEST_CELL_PLAIN,                 /* the bytes as they stand */
	INGEST_CELL_DOUBLED,               /* between the quotes, with "" inside */
	INGEST_CELL_ODD,                   /* "…" followed by more: raw, with its quotes */
	INGEST_CELL_UTF8                   /* made here: UTF-8 whatever the file's encoding */
};
struct ingest_cell { const char *at; uint32_t length; enum ingest_cell_kind kind; };

struct ingest_scan {
	struct ingest_dialect dialect;
	const char *base, *at, *end;       /* buffer, next record, its end */
	size_t block;                      /* offset of the 64-byte block in `mask` */
	uint64_t mask;                     /* structural bytes of the block not yet seen */
	uint64_t line;                     /* line on which the next record begins, 1-based */
	/* the record found last */
	const char *record; size_t record_length; uint64_t record_line;
	struct ingest_cell *cells; size_t cell_count, cell_room;
	bool open_quote;                   /* the record ended inside a quoted cell */
};
/* The buffer must begin at a record and be readable for INGEST_CSV_PADDING bytes behind `length`. */
void ingest_scan_begin(
	struct ingest_scan *scan, const struct ingest_dialect *dialect, const char *bytes, size_t length, uint64_t line);
bool ingest_scan_next(struct ingest_scan *scan);        /* false at the end */
void ingest_scan_release(struct ingest_scan *scan);
/* Appends the cell's text without quoting, in the encoding of the file. */
void ingest_cell_unquote(const struct ingest_cell *cell, struct str *out);

/*
 * Where the last complete record of a buffer ends (0: none does). *open: offset of the quote that is still open at the
 * end, SIZE_MAX if none.
 */
size_t ingest_csv_cut(const char *bytes, size_t length, const struct ingest_dialect *dialect, size_t *open);
size_t ingest_csv_count(const char *bytes, size_t length, char byte);

#endif
