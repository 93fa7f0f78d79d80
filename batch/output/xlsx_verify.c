/*
 * xlsx_verify.c - the finished workbook read back: archive, parts, cells. Decides what must hold before it may be
 * published; libxlsxwriter reports success for files cut short by a full disk.
 */
#include "output/xlsx_private.h"

#include "base/fs.h"
#include "base/map.h"
#include "base/str.h"
#include "output/xlsx_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *path;
	struct xlsx_archive *archive;
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
	uint32_t next_row, next_column;    /* what may come next */
	bool in_value, has_value;
	uint64_t value;                    /* hash of it */
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
static int child_order(struct xlsx_slice name)
{
	static const char *const order[] = { "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData",
		"sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
		"customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
		"printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
		"cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "picture",
		"oleObjects", "controls", "webPublishItems", "tableParts", "extLst" };
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		if (xlsx_slice_is(name, order[i]))
			return (int)i;
	}
	return -1;
}

static bool parse_cell(struct xlsx_slice text, uint32_t *row, uint32_t *column)
{
	const char *at = text.at, *end = text.at + text.length;
	uint32_t c = 0, r = 0;
	for (; at < end && *at >= 'A' && *at <= 'Z' && c < 1 << 16; at++)
		c = c * 26 + (uint32_t)(*at - 'A' + 1);
	for (; at < end && *at >= '0' && *at <= '9' && r < 1 << 24; at++)
		r = r * 10 + (uint32_t)(*at - '0');
	if (at != end || c == 0 || r == 0)
		return false;
	*row = r - 1;
	*column = c - 1;
	return true;
}

/* Rows ascend, cells ascend within their row. */
static int cell_start(struct reader *reader, const struct xlsx_tag *tag, struct err *err)
{
	struct xlsx_slice place = { NULL, 0 }, type = { NULL, 0 };
	for (size_t i = 0; i < tag->count; i++)
		if (tag->attributes[i].name.length == 1 && tag->attributes[i].name.at[0] == 'r')
			place = tag->attributes[i].value;
		else if (tag->attributes[i].name.length == 1 && tag->attributes[i].name.at[0] == 't')
			type = tag->attributes[i].value;
	if (place.at == NULL || !parse_cell(place, &reader->row, &reader->column) || reader->row + 1 != reader->next_row
		|| reader->column < reader->next_column)
		return fail(reader, err, "cell reference '%.*s'", (int)place.length, place.at != NULL ? place.at : "");
	reader->next_column = reader->column + 1;
	reader->kind = type.at != NULL && xlsx_slice_is(type, "inlineStr") ? 's' : 'n';
	reader->has_value = false;
	reader->value = 0;
	return 0;
}

static int row_start(struct reader *reader, const struct xlsx_tag *tag, struct err *err)
{
	struct xlsx_slice place = xlsx_tag_value(tag, "r");
	uint32_t row = 0;
	for (size_t i = 0; i < place.length && row < 1 << 24; i++)
		row = row * 10 + (uint32_t)(place.at[i] - '0');
	if (row <= reader->next_row)
		return fail(reader, err, "row '%.*s'", (int)place.length, place.at != NULL ? place.at : "");
	reader->next_row = row;
	reader->next_column = 0;
	return 0;
}

static int sheet_start(void *context, const struct xlsx_tag *tag, struct err *err)
{
	struct reader *reader = context;
	const char *name = tag->name.at;
	reader->depth++;
	if (reader->depth == 2) {
		int order = child_order(tag->name);
		if (order < reader->last_child)
			return fail(reader, err, "element <%.*s> stands in the wrong place", (int)tag->name.length, name);
		reader->last_child = order;
	} else if (tag->name.length == 1 && name[0] == 'c') {
		return cell_start(reader, tag, err);
	} else if (reader->kind != 0 && tag->name.length == 1 && name[0] == 'f') {
		reader->kind = 'f';
	} else if (reader->kind != 0 && tag->name.length == 1 && (name[0] == 'v' || name[0] == 't')) {
		reader->in_value = true;
	} else if (xlsx_slice_is(tag->name, "row")) {
		return row_start(reader, tag, err);
	}
	return 0;
}

static int sheet_text(void *context, struct xlsx_slice text, struct err *err)
{
	struct reader *reader = context;
	if (!reader->in_value)
		return 0;
	if (reader->has_value)
		return fail(reader, err, "a cell holds two texts");
	reader->value = xlsx_digest_value(text.at, text.length);
	reader->has_value = true;
	return 0;
}

static int sheet_end(void *context, struct xlsx_slice name, struct err *err)
{
	struct reader *reader = context;
	(void)err;
	reader->depth--;
	if (name.length != 1)
		return 0;
	if (name.at[0] == 'v' || name.at[0] == 't')
		reader->in_value = false;
	if (name.at[0] == 'c') {
		if (reader->has_value) {
			xlsx_digest_cell(
				&reader->digest, reader->sheet, reader->row, reader->column, reader->kind, reader->value);
			reader->totals.cells++;
		}
		reader->kind = 0;
	}
	return 0;
}

/* Adds a name that must be there and must not have been. */
static int add_once(
	struct reader *reader, struct map *map, const struct xlsx_tag *tag, const char *name, struct err *err)
{
	struct xlsx_slice value = xlsx_tag_value(tag, name);
	size_t before = map->count;
	if (value.at == NULL || map_add(map, value.at, value.length) != before)
		return fail(reader, err, "%s '%.*s' of a %.*s is missing or stands twice", name, (int)value.length,
			value.at != NULL ? value.at : "", (int)tag->name.length, tag->name.at);
	return 0;
}

static int workbook_start(void *context, const struct xlsx_tag *tag, struct err *err)
{
	struct reader *reader = context;
	return xlsx_slice_is(tag->name, "sheet") ? add_once(reader, &reader->sheet_names, tag, "name", err) : 0;
}

static int table_start(void *context, const struct xlsx_tag *tag, struct err *err)
{
	struct reader *reader = context;
	if (!xlsx_slice_is(tag->name, "table"))
		return 0;
	return add_once(reader, &reader->table_names, tag, "displayName", err) != 0
			|| add_once(reader, &reader->table_ids, tag, "id", err) != 0
		? -1 : 0;
}

static int scan_part(struct reader *reader, size_t index, const struct xlsx_handler *handler, struct err *err)
{
	struct err inner = { 0 };
	if (xlsx_archive_scan(reader->archive, index, handler, &inner) == 0)
		return 0;
	if (strstr(inner.text, "not what was written") != NULL) {
		*err = inner;
		return -1;
	}
	return fail(reader, err, "part %s: %s", xlsx_archive_name(reader->archive, index), inner.text);
}

static int scan_named(struct reader *reader, const char *name, const struct xlsx_handler *handler, struct err *err)
{
	size_t index = xlsx_archive_find(reader->archive, name);
	if (index == SIZE_MAX)
		return fail(reader, err, "part %s is missing", name);
	return scan_part(reader, index, handler, err);
}

static int scan_sheets(struct reader *reader, struct err *err)
{
	const struct xlsx_handler handler = { sheet_start, sheet_end, sheet_text, reader };
	for (uint32_t i = 0; i < reader->sheet_names.count; i++) {
		char name[64];
		snprintf(name, sizeof name, "xl/worksheets/sheet%u.xml", i + 1);
		reader->sheet = i;
		reader->depth = 0;
		reader->last_child = 0;
		reader->kind = 0;
		reader->next_row = 0;
		if (scan_named(reader, name, &handler, err) != 0)
			return -1;
	}
	return 0;
}

/* Every other part must at least be well-formed; tables must have names and ids of their own. */
static int scan_others(struct reader *reader, struct err *err)
{
	const struct xlsx_handler plain = { NULL, NULL, NULL, reader }, table = { table_start, NULL, NULL, reader };
	for (size_t i = 0; i < xlsx_archive_count(reader->archive); i++) {
		const char *name = xlsx_archive_name(reader->archive, i);
		if (strncmp(name, "xl/worksheets/sheet", 19) == 0 || strcmp(name, "xl/workbook.xml") == 0)
			continue;
		if (scan_part(reader, i, strncmp(name, "xl/tables/", 10) == 0 ? &table : &plain, err) != 0)
			return -1;
	}
	return 0;
}

int xlsx_verify(const char *path, const struct xlsx_totals *expected, struct err *err)
{
	struct reader reader = { .path = fs_base_name(path) };
	const struct xlsx_handler workbook = { workbook_start, NULL, NULL, &reader };
	struct err inner = { 0 };
	int result = -1;
	reader.archive = xlsx_archive_open(path, &inner);
	if (reader.archive == NULL)
		return fail(&reader, err, "%s", inner.text);
	if (scan_named(&reader, "xl/workbook.xml", &workbook, err) == 0 && scan_sheets(&reader, err) == 0
		&& scan_others(&reader, err) == 0)
		result = 0;
	xlsx_digest_text(reader.digest, reader.totals.digest);
	if (result == 0 && (reader.sheet_names.count != expected->sheets || reader.totals.cells != expected->cells))
		result = fail(&reader, err, "sheets or cells are missing");
	if (result == 0 && strcmp(reader.totals.digest, expected->digest) != 0)
		result = fail(&reader, err, "a cell holds another value");
	xlsx_archive_close(reader.archive);
	map_release(&reader.sheet_names);
	map_release(&reader.table_names);
	map_release(&reader.table_ids);
	return result;
}
