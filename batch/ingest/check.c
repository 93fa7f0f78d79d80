/*
 * check.c - what would be read: encoding, delimiter, header row, columns → fields of every file. Writes nothing.
 */
#include "ingest/load.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char *delimiter_name(char delimiter)
{
	switch (delimiter) {
	case '\t':
		return "tab";
	case '|':
		return "|";
	case ';':
		return ";";
	default:
		return ",";
	}
}

static int check_file(const struct ingest_source *source, const struct ingest_file *file, struct str *report,
	struct findings *findings, struct err *err)
{
	struct ingest_reader reader;
	struct ingest_binding *binding = NULL;
	struct ingest_buffer buffer = { 0 };
	struct arena arena = { 0 };
	struct err sample_err = { 0 };
	struct finding fault = { .feed = source->feed->name, .file = file->shown };
	int result = -1;
	bool usable;
	if (ingest_reader_open(&reader, file->path, &source->mapping, &arena, err) != 0)
		goto out;
	str_printf(report, "%s → %s (%s%s%s)\n", file->shown, source->feed->name, source->full ? "full" : "delta",
		source->mapping.path ? ", " : "", source->mapping.path);
	if (file->snapshot != DATE_NONE) {
		char day[16];
		date_format_iso(file->snapshot, day);
		str_printf(report, "    snapshot %s\n", day);
	}
	if (reader.empty || !reader.shape.found) {
		fault.id = reader.empty ? FINDING_EMPTY_FILE : FINDING_NO_HEADER;
		findings_add(findings, &fault);
		result = 0;
		goto out;
	}
	str_printf(report, "    %s, delimiter %s, header in row %llu, %zu columns\n", ingest_encoding_name(reader.encoding),
		delimiter_name(reader.shape.dialect.delimiter), (unsigned long long)reader.shape.header_line,
		reader.shape.headers.count);
	binding =
		ingest_bind(source, file->path, file->shown, reader.encoding, &reader.shape.headers, findings, &usable, err);
	if (!binding)
		goto out;
	ingest_binding_print(binding, report);
	if (usable) { /* a sample of rows: what would be rejected */
		struct ingest_rows rows;
		size_t unit, length;
		uint64_t line;
		ingest_rows_init(&rows, binding);
		rows.today = file->snapshot != DATE_NONE ? file->snapshot : 0;
		int taken = ingest_reader_take(&reader, &buffer, &unit, &length, &line, &rows.encoding, &sample_err);
		if (taken > 0) {
			if (ingest_rows_take(&rows, &reader.shape.dialect, buffer.bytes, length, line, 10000) < 0) {
				*err = rows.err;
				ingest_rows_release(&rows);
				goto out;
			}
			str_printf(report, "    of the first %llu rows %llu do not fit\n", (unsigned long long)rows.rows,
				(unsigned long long)rows.rejected);
			findings_join(findings, &rows.findings);
			rows.findings = (struct findings){ 0 };
		}
		ingest_rows_release(&rows);
	}
	result = 0;
out:
	free(buffer.bytes);
	ingest_binding_free(binding);
	ingest_reader_release(&reader);
	arena_release(&arena);
	return result;
}

int ingest_check(const struct ingest_plan *plan, struct str *report, struct findings *findings, struct err *err)
{
	for (size_t s = 0; s < plan->source_count; s++) {
		const struct ingest_source *source = &plan->sources[s];
		struct ingest_files files = { 0 };
		if (ingest_files_find(source, &files, err) != 0)
			return -1;
		if (files.count == 0)
			str_printf(report, "%s/%s → %s: no file%s\n", source->folder_shown, source->files, source->feed->name,
				source->required ? ", and one is required" : "");
		for (size_t f = 0; f < files.count; f++) {
			if (check_file(source, &files.at[f], report, findings, err) != 0) {
				ingest_files_release(&files);
				return -1;
			}
		}
		ingest_files_release(&files);
	}
	findings_sort(findings);
	return 0;
}
