/*
 * xlsx_verify.c - the finished workbook read back: zip, parts, cells. Decides what must hold before it may be
 * published;
 * libxlsxwriter reports success for files cut short by a full disk.
 */
#include "output/xlsx_private.h"

#include "base/fs.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/xml_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

struct reader {
	const char *path;
	zip_t *zip;
	uint64_t digest;
	struct map sheet_names;            /* in order */
	struct map table_names;
	struct map table_ids;
	struct xlsx_totals totals;
	/* the sheet being read */
	uint32_t sheet;
	int depth;
	int last_child;                    /* order of the children of <worksheet> */
	char kind;                         /* of the cell: s inline text, n number, f formula; 0 outside */
	uint32_t row, column;
	bool in_value, has_value;
	struct str value;
};

__attribute__((format(printf, 3, 4)))
static int fail(const struct reader *reader, struct err *err, const char *format, ...)
{
	struct str message = { 0 };
	va_list args;
	va_start(args, format);
	str_add(&message, reader->path);
	str_add(&message, ": the workbook read back is not what was written: ");
	str_vprintf(&message, format, args);
	va_end(args);
	err_set(err, STATUS_INTERNAL, "%s", message.text);
	err_hint(err, "Nothing was published; look for a full disk, then run again.");
	str_release(&message);
	return -1;
}

/* CT_Worksheet, ECMA-376 part 1, 18.3.1.99: children in this order; Excel repairs anything else. */
static int child_order(const char *name)
{
	static const char *const order[] = { "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData",
		"sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
		"customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
		"printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
		"cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture",
		"oleObjects", "controls", "webPublishItems", "tableParts", "extLst" };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (strcmp(order[i], name) == 0)
			return (int)i;
	}
	return -1;
}

static const char *attr(const char *const *attrs, const char *name)
{
	for (; *attrs != NULL; attrs += 2) {
		if (strcmp(attrs[0], name) == 0)
			return attrs[1];
	}
	return NULL;
}

static bool parse_cell(const char *text, uint32_t *row, uint32_t *column)
{
	uint32_t c = 0, r = 0;
	while (*text >= 'A' && *text <= 'Z')
		c = c * 26 + (uint32_t)(*text++ - 'A' + 1);
	while (*text >= '0' && *text <= '9')
		r = r * 10 + (uint32_t)(*text++ - '0');
	if (*text != '\0' || c == 0 || r == 0)
		return false;
	*row = r - 1;
	*column = c - 1;
	return true;
}

static int sheet_start(void *context, const char *name, const char *const *attrs, struct err *err)
{
	struct reader *reader = context;
	reader->depth++;
	if (reader->depth == 2) {
		int order = child_order(name);
		if (order < reader->last_child)
			return fail(reader, err, "element <%s> stands in the wrong place", name);
		reader->last_child = order;
	} else if (strcmp(name, "c") == 0) {
		const char *place = attr(attrs, "r"), *type = attr(attrs, "t");
		if (place == NULL || !parse_cell(place, &reader->row, &reader->column))
			return fail(reader, err, "cell reference '%s'", place != NULL ? place : "");
		reader->kind = type != NULL && strcmp(type, "inlineStr") == 0 ? 's' : 'n';
		reader->has_value = false;
		str_clear(&reader->value);
	} else if (reader->kind != 0 && strcmp(name, "f") == 0) {
		reader->kind = 'f';
	} else if (reader->kind != 0 && (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)) {
		reader->in_value = reader->has_value = true;
	}
	return 0;
}

static int sheet_text(void *context, const char *text, size_t length, struct err *err)
{
	struct reader *reader = context;
	(void)err;
	if (reader->in_value)
		str_add_bytes(&reader->value, text, length);
	return 0;
}

static int sheet_end(void *context, const char *name, struct err *err)
{
	struct reader *reader = context;
	(void)err;
	reader->depth--;
	if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		reader->in_value = false;
	if (strcmp(name, "c") == 0) {
		if (reader->has_value) {
			xlsx_digest_cell(&reader->digest, reader->sheet, reader->row, reader->column, reader->kind,
				str_text(&reader->value));
			reader->totals.cells++;
		}
		reader->kind = 0;
	}
	return 0;
}

static int workbook_start(void *context, const char *name, const char *const *attrs, struct err *err)
{
	struct reader *reader = context;
	if (strcmp(name, "sheet") != 0)
		return 0;
	const char *title = attr(attrs, "name");
	size_t before = reader->sheet_names.count;
	if (title == NULL || map_add(&reader->sheet_names, title, strlen(title)) != before)
		return fail(reader, err, "sheet name '%s' is missing or stands twice", title != NULL ? title : "");
	return 0;
}

static int table_start(void *context, const char *name, const char *const *attrs, struct err *err)
{
	struct reader *reader = context;
	if (strcmp(name, "table") != 0)
		return 0;
	const char *title = attr(attrs, "displayName"), *id = attr(attrs, "id");
	size_t names = reader->table_names.count, ids = reader->table_ids.count;
	if (title == NULL || map_add(&reader->table_names, title, strlen(title)) != names)
		return fail(reader, err, "table name '%s' is missing or stands twice", title != NULL ? title : "");
	if (id == NULL || map_add(&reader->table_ids, id, strlen(id)) != ids)
		return fail(reader, err, "table id '%s' is missing or stands twice", id != NULL ? id : "");
	return 0;
}

static int scan_part(struct reader *reader, zip_uint64_t index, const char *name,
	const struct xml_scan_handler *handler, struct err *err)
{
	zip_file_t *file = zip_fopen_index(reader->zip, index, 0);
	if (file == NULL)
		return fail(reader, err, "part %s cannot be opened", name);
	struct xml_scan *scan = xml_scan_new(name, handler);
	enum { PIECE = 1 << 16 };
	char *piece = mem_new(1, PIECE);
	zip_int64_t got;
	int result = 0;
	while (result == 0 && (got = zip_fread(file, piece, PIECE)) != 0) {
		if (got < 0)
			result = fail(reader, err, "part %s is damaged", name);
		else
			result = xml_scan_feed(scan, piece, (size_t)got, err);
	}
	if (result == 0)
		result = xml_scan_end(scan, err);
	if (result != 0) {
		err_context(err, "%s", reader->path);
		err->status = STATUS_INTERNAL;     /* what we wrote ourselves is never the user's mistake */
	}
	xml_scan_free(scan);
	free(piece);
	if (zip_fclose(file) != 0 && result == 0)
		result = fail(reader, err, "part %s has a wrong checksum", name);
	return result;
}

static int scan_named(struct reader *reader, const char *name, const struct xml_scan_handler *handler, struct err *err)
{
	zip_int64_t index = zip_name_locate(reader->zip, name, 0);
	if (index < 0)
		return fail(reader, err, "part %s is missing", name);
	return scan_part(reader, (zip_uint64_t)index, name, handler, err);
}

static int scan_sheets(struct reader *reader, struct err *err)
{
	const struct xml_scan_handler handler = { sheet_start, sheet_end, sheet_text, reader };
	for (uint32_t i = 0; i < reader->sheet_names.count; i++) {
		char name[64];
		snprintf(name, sizeof name, "xl/worksheets/sheet%u.xml", i + 1);
		reader->sheet = i;
		reader->depth = 0;
		reader->last_child = 0;
		reader->kind = 0;
		if (scan_named(reader, name, &handler, err) != 0)
			return -1;
	}
	return 0;
}

/* Every other part must at least be well-formed; tables must have names and ids of their own. */
static int scan_others(struct reader *reader, struct err *err)
{
	const struct xml_scan_handler plain = { NULL, NULL, NULL, reader }, table = { table_start, NULL, NULL, reader };
	zip_int64_t count = zip_get_num_entries(reader->zip, 0);
	for (zip_int64_t i = 0; i < count; i++) {
		const char *name = zip_get_name(reader->zip, (zip_uint64_t)i, 0);
		if (name == NULL || strncmp(name, "xl/worksheets/sheet", 19) == 0 || strcmp(name, "xl/workbook.xml") == 0)
			continue;
		const struct xml_scan_handler *handler = strncmp(name, "xl/tables/", 10) == 0 ? &table : &plain;
		if (scan_part(reader, (zip_uint64_t)i, name, handler, err) != 0)
			return -1;
	}
	return 0;
}

int xlsx_verify(const char *path, const struct xlsx_totals *expected, struct err *err)
{
	struct reader reader = { .path = fs_base_name(path) };
	const struct xml_scan_handler workbook = { workbook_start, NULL, NULL, &reader };
	int code, result = -1;
	reader.zip = zip_open(path, ZIP_RDONLY | ZIP_CHECKCONS, &code);
	if (reader.zip == NULL)
		return fail(&reader, err, "not a sound zip archive");
	if (scan_named(&reader, "xl/workbook.xml", &workbook, err) == 0 && scan_sheets(&reader, err) == 0
		&& scan_others(&reader, err) == 0)
		result = 0;
	xlsx_digest_text(reader.digest, reader.totals.digest);
	if (result == 0 && (reader.sheet_names.count != expected->sheets || reader.totals.cells != expected->cells))
		result = fail(&reader, err, "sheets or cells are missing");
	if (result == 0 && strcmp(reader.totals.digest, expected->digest) != 0)
		result = fail(&reader, err, "a cell holds another value");
	zip_discard(reader.zip);
	map_release(&reader.sheet_names);
	map_release(&reader.table_names);
	map_release(&reader.table_ids);
	str_release(&reader.value);
	return result;
}
