/*
 * xlsx.h - book model → SpreadsheetML file, by libxlsxwriter; and the reading back of what was written.
 *
 * libxlsxwriter is not safe out of memory and reports success on a full disk: call from a child process only, and
 * publish nothing that xlsx_verify did not confirm.
 */
#ifndef PANDIAN_OUTPUT_XLSX_H
#define PANDIAN_OUTPUT_XLSX_H

#include "base/hash.h"
#include "model/book.h"

struct xlsx_totals {
	uint64_t sheets, rows, cells;
	char digest[HASH_HEX]; /* over cell references, kinds and values */
};
/*
 * Writes `book` to `path` (must not exist); temporary files in `folder` (same file system). Status 73/74 on I/O, 70
 * if the library refuses.
 */
int xlsx_write(struct book *book, const char *path, const char *folder, struct xlsx_totals *totals, struct err *err);
/*
 * Re-opens the file: zip structure, every part well-formed XML without DOCTYPE, element order, table names, cells
 * and digest equal to `expected`. Status 70.
 */
int xlsx_verify(const char *path, const struct xlsx_totals *expected, struct err *err);

#endif
