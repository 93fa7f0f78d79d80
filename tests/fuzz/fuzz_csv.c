/*
 * Any bytes as delimited text: the records found one after the other cover the buffer, cells lie inside their record.
 */
#include "fuzz/fuzz.h"

#include "ingest/csv.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length < 1 || length > 65536)
		return 0;
	static const char delimiters[] = ",;\t|";
	struct ingest_dialect dialect = { delimiters[bytes[0] & 3], (bytes[0] & 4) != 0 ? '\r' : '\n',
		(bytes[0] & 8) == 0 };
	size_t count = length - 1, open;
	char *buffer = calloc(1, count + INGEST_CSV_PADDING);
	memcpy(buffer, bytes + 1, count);

	struct ingest_scan scan = { 0 };
	struct str text = { 0 };
	const char *last = buffer;
	ingest_scan_begin(&scan, &dialect, buffer, count, 1);
	while (ingest_scan_next(&scan)) {
		fuzz_hold(scan.record >= last && scan.record + scan.record_length <= buffer + count);
		for (size_t i = 0; i < scan.cell_count; i++) {
			const struct ingest_cell *cell = &scan.cells[i];
			fuzz_hold(cell->at >= buffer && cell->at + cell->length <= buffer + count);
			str_clear(&text);
			ingest_cell_unquote(cell, &text);
			fuzz_hold(text.length <= cell->length);
		}
		last = scan.record + scan.record_length;
	}
	ingest_scan_release(&scan);
	size_t cut = ingest_csv_cut(buffer, count, &dialect, &open);
	fuzz_hold(cut <= count && (open == SIZE_MAX || open < count));
	str_release(&text);
	free(buffer);
	return 0;
}
