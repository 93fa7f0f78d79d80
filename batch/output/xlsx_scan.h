/*
 * xlsx_scan.h - the reading back of a workbook's parts: an archive of our own writing and the XML in it. Strict and
 * fast; foreign workbooks are read by ingest/.
 */
#ifndef PANDIAN_OUTPUT_XLSX_SCAN_H
#define PANDIAN_OUTPUT_XLSX_SCAN_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- XML ---- */

enum { XLSX_ATTRIBUTES_MOST = 64 };
struct xlsx_slice { const char *at; size_t length; };     /* no NUL behind; lives until the handler returns */
struct xlsx_tag {
	struct xlsx_slice name;
	struct { struct xlsx_slice name, value; } attributes[XLSX_ATTRIBUTES_MOST]; /* values as they stand */
	size_t count;
};
struct xlsx_handler {
	int (*start)(void *context, const struct xlsx_tag *tag, struct err *err);
	int (*end)(void *context, struct xlsx_slice name, struct err *err);
	/* Text between tags, whole, references resolved. */
	int (*text)(void *context, struct xlsx_slice text, struct err *err);
	void *context;
};
bool xlsx_slice_is(struct xlsx_slice slice, const char *text);
/* The value of an attribute; at NULL where there is none. */
struct xlsx_slice xlsx_tag_value(const struct xlsx_tag *tag, const char *name);

/*
 * Well-formed XML in UTF-8, without DOCTYPE, comments, CDATA and processing instructions. Fed in pieces; `last` with
 * the last one. Status 70, the text says what is wrong; err must be clear.
 */
struct xlsx_scan;
struct xlsx_scan *xlsx_scan_new(const struct xlsx_handler *handler);
void xlsx_scan_free(struct xlsx_scan *scan);
int xlsx_scan_feed(struct xlsx_scan *scan, const char *bytes, size_t length, bool last, struct err *err);

/* ---- archive ---- */

struct xlsx_archive;
/* Parts one after another without gaps, directory and headers alike, each name once. Status 70. */
struct xlsx_archive *xlsx_archive_open(const char *path, struct err *err);
void xlsx_archive_close(struct xlsx_archive *archive);
size_t xlsx_archive_count(const struct xlsx_archive *archive);
const char *xlsx_archive_name(const struct xlsx_archive *archive, size_t index);
size_t xlsx_archive_find(const struct xlsx_archive *archive, const char *name); /* SIZE_MAX: not there */
/* Unpacks a part into the scanner; size and checksum must agree. */
int xlsx_archive_scan(struct xlsx_archive *archive, size_t index, const struct xlsx_handler *handler, struct err *err);

#endif
