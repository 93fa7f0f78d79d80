/*
 * xlsx.c - a book model as a SpreadsheetML file: the workbook, its formats and properties. Decides how a style looks.
 * Does not decide what stands in a cell.
 *
 * Written in constant-memory mode: sheets of any length need no memory, all texts are inline strings.
 */
#include "output/xlsx_private.h"

#include "base/date.h"
#include "base/fs.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char font[] = "Microsoft YaHei";  /* on every Chinese Excel and WPS; others substitute */

lxw_color_t xlsx_sequence_colour(int index)
{
	static const lxw_color_t sequence[] = { 0xc9d3e6, 0x9fb4d4, 0x6f93bd, 0x3f7f9e, 0x0e7a78, 0xc8922e, 0xb4472f,
		0x1d2a44 };
	return sequence[(unsigned)index % (sizeof sequence / sizeof *sequence)];
}

int xlsx_expect(lxw_error code, const char *what, struct err *err)
{
	if (code == LXW_NO_ERROR)
		return 0;
	int status = code == LXW_ERROR_CREATING_XLSX_FILE || code == LXW_ERROR_CREATING_TMPFILE
		|| (code >= LXW_ERROR_ZIP_FILE_OPERATION && code <= LXW_ERROR_ZIP_CLOSE) ? STATUS_IO : STATUS_INTERNAL;
	return err_set(err, status, "%s: %s", what, lxw_strerror(code));
}

uint64_t xlsx_digest_value(const char *value, size_t length)
{
	return map_hash(value, length);
}

void xlsx_digest_cell(
	uint64_t *digest, uint32_t sheet, uint32_t row, uint32_t column, char kind, uint64_t value)
{
	const uint64_t odd = 0x9e3779b97f4a7c15u;
	uint64_t place = ((uint64_t)sheet << 56) ^ ((uint64_t)row << 24) ^ ((uint64_t)column << 8) ^ (unsigned char)kind;
	uint64_t mixed = (value ^ (place * odd)) * odd;
	*digest += mixed ^ (mixed >> 29);
}

void xlsx_digest_text(uint64_t digest, char hex[HASH_HEX])
{
	snprintf(hex, HASH_HEX, "%016llx", (unsigned long long)digest);
}

static void set_number_format(lxw_format *format, enum book_format kind)
{
	static const char *const codes[BOOK_FORMAT_COUNT] = {
		[BOOK_FORMAT_TEXT] = "@", [BOOK_FORMAT_INTEGER] = "#,##0", [BOOK_FORMAT_DECIMAL1] = "#,##0.0",
		[BOOK_FORMAT_DECIMAL2] = "#,##0.00", [BOOK_FORMAT_PERCENT] = "0%", [BOOK_FORMAT_PERCENT1] = "0.0%",
		[BOOK_FORMAT_DATE] = "yyyy-mm-dd", [BOOK_FORMAT_STARS] = "0\"★\"",
	};
	if (codes[kind] != NULL)
		format_set_num_format(format, codes[kind]);
}

/* Cells of a small matrix: BOX stands alone, CROWN and FOOT are the upper and lower part of one box. */
static void set_box(lxw_format *format, enum book_style style)
{
	static const lxw_color_t grounds[BOOK_STYLE_GROUNDS] = { XLSX_PANEL, 0xf6e4de, 0xdcedeb, 0x9fcfc9, XLSX_TEAL };
	unsigned number = (unsigned)style - BOOK_STYLE_BOX, ground = number % BOOK_STYLE_GROUNDS;
	bool crown = number / BOOK_STYLE_GROUNDS == 1, foot = number / BOOK_STYLE_GROUNDS == 2;
	format_set_bg_color(format, grounds[ground]);
	format_set_font_color(format, ground + 1 == BOOK_STYLE_GROUNDS ? 0xffffff : XLSX_INK);
	format_set_align(format, LXW_ALIGN_CENTER);
	format_set_align(format,
		crown      ? LXW_ALIGN_VERTICAL_BOTTOM
			: foot ? LXW_ALIGN_VERTICAL_TOP
				   : LXW_ALIGN_VERTICAL_CENTER);
	format_set_left(format, LXW_BORDER_MEDIUM);
	format_set_right(format, LXW_BORDER_MEDIUM);
	format_set_top(format, foot ? LXW_BORDER_NONE : LXW_BORDER_MEDIUM);
	format_set_bottom(format, crown ? LXW_BORDER_NONE : LXW_BORDER_MEDIUM);
	format_set_left_color(format, 0xffffff);
	format_set_right_color(format, 0xffffff);
	format_set_top_color(format, 0xffffff);
	format_set_bottom_color(format, 0xffffff);
	if (crown) {
		format_set_font_size(format, 14);
		format_set_bold(format);
	}
	if (foot) {
		format_set_font_size(format, 9);
		format_set_text_wrap(format);
	}
}

/* Lines of a small table: a hairline below. */
static void set_line(lxw_format *format, enum book_style style)
{
	bool head = style == BOOK_STYLE_LINE_HEAD || style == BOOK_STYLE_LINE_HEAD_RIGHT;
	bool left = style == BOOK_STYLE_LINE || style == BOOK_STYLE_LINE_HEAD;
	format_set_bottom(format, LXW_BORDER_THIN);
	format_set_bottom_color(format, XLSX_HAIRLINE);
	format_set_align(format, left ? LXW_ALIGN_LEFT : LXW_ALIGN_RIGHT);
	format_set_align(format, head ? LXW_ALIGN_VERTICAL_BOTTOM : LXW_ALIGN_VERTICAL_CENTER);
	if (head) {
		format_set_font_size(format, 9);
		format_set_font_color(format, XLSX_GREY);
		format_set_text_wrap(format);
	}
	if (style == BOOK_STYLE_LINE_DOWN)
		format_set_font_color(format, XLSX_BRICK);
}

static void set_small(lxw_format *format, enum book_style style)
{
	format_set_font_size(format, 9);
	format_set_font_color(format, XLSX_GREY);
	format_set_text_wrap(format);
	switch (style) {
	case BOOK_STYLE_HEADING_NOTE:
		format_set_align(format, LXW_ALIGN_LEFT);
		format_set_align(format, LXW_ALIGN_VERTICAL_BOTTOM);
		format_set_bottom(format, LXW_BORDER_MEDIUM);
		format_set_bottom_color(format, XLSX_INK);
		break;
	case BOOK_STYLE_OVER:
		format_set_align(format, LXW_ALIGN_CENTER);
		format_set_align(format, LXW_ALIGN_VERTICAL_BOTTOM);
		break;
	case BOOK_STYLE_SIDE:
		format_set_align(format, LXW_ALIGN_RIGHT);
		format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
		format_set_indent(format, 1);
		break;
	case BOOK_STYLE_NOTICE:
		format_set_bg_color(format, XLSX_PANEL);
		format_set_align(format, LXW_ALIGN_CENTER);
		format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
		break;
	default:
		format_set_align(format, LXW_ALIGN_LEFT);
		format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
		break;
	}
}

static void set_style(lxw_format *format, enum book_style style)
{
	format_set_font_color(format, XLSX_INK);
	switch (style) {
	case BOOK_STYLE_TITLE:
		format_set_font_size(format, 18);
		format_set_bold(format);
		break;
	case BOOK_STYLE_SUBTITLE:
	case BOOK_STYLE_GREY:
		format_set_font_color(format, XLSX_GREY);
		break;
	case BOOK_STYLE_HEADING:
		format_set_font_size(format, 12);
		format_set_bold(format);
		format_set_bottom(format, LXW_BORDER_MEDIUM);
		format_set_bottom_color(format, XLSX_INK);
		break;
	case BOOK_STYLE_HEADER:
		format_set_bold(format);
		format_set_text_wrap(format);
		format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
		format_set_bottom(format, LXW_BORDER_MEDIUM);
		format_set_bottom_color(format, XLSX_INK);
		format_set_bg_color(format, XLSX_PANEL);
		break;
	case BOOK_STYLE_TILE_FIGURE:
		format_set_font_size(format, 18);
		format_set_bold(format);
		format_set_align(format, LXW_ALIGN_LEFT);
		format_set_indent(format, 1);
		format_set_bg_color(format, XLSX_PANEL);
		break;
	case BOOK_STYLE_TILE_WORDS:
		format_set_font_color(format, XLSX_GREY);
		format_set_align(format, LXW_ALIGN_LEFT);
		format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
		format_set_indent(format, 1);
		format_set_text_wrap(format);
		format_set_bg_color(format, XLSX_PANEL);
		break;
	case BOOK_STYLE_TILE_LABEL:
		format_set_font_color(format, XLSX_GREY);
		format_set_align(format, LXW_ALIGN_LEFT);
		format_set_indent(format, 1);
		format_set_bg_color(format, XLSX_PANEL);
		break;
	case BOOK_STYLE_UP:
		format_set_font_color(format, XLSX_TEAL);
		break;
	case BOOK_STYLE_DOWN:
		format_set_font_color(format, XLSX_BRICK);
		break;
	case BOOK_STYLE_STRONG:
		format_set_bold(format);
		break;
	case BOOK_STYLE_NOTE:
		format_set_font_color(format, XLSX_GREY);
		format_set_text_wrap(format);
		format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
		break;
	case BOOK_STYLE_UNLOCKED:
		format_set_unlocked(format);
		format_set_bg_color(format, 0xfff8e6);
		break;
	case BOOK_STYLE_TILE_UP:
	case BOOK_STYLE_TILE_DOWN:
	case BOOK_STYLE_TILE_SAME:
		format_set_font_color(format,
			style == BOOK_STYLE_TILE_UP         ? XLSX_TEAL
				: style == BOOK_STYLE_TILE_DOWN ? XLSX_BRICK
												: XLSX_GREY);
		format_set_bg_color(format, XLSX_PANEL);
		format_set_bold(format);
		format_set_align(format, LXW_ALIGN_LEFT);
		format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
		break;
	case BOOK_STYLE_HEADING_NOTE:
	case BOOK_STYLE_OVER:
	case BOOK_STYLE_SIDE:
	case BOOK_STYLE_NOTICE:
	case BOOK_STYLE_SMALL: set_small(format, style); break;
	case BOOK_STYLE_LINE:
	case BOOK_STYLE_LINE_RIGHT:
	case BOOK_STYLE_LINE_DOWN:
	case BOOK_STYLE_LINE_HEAD:
	case BOOK_STYLE_LINE_HEAD_RIGHT: set_line(format, style); break;
	case BOOK_STYLE_RIGHT: format_set_align(format, LXW_ALIGN_RIGHT); break;
	case BOOK_STYLE_PROSE:
		format_set_text_wrap(format);
		format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
		break;
	case BOOK_STYLE_BOX:
	case BOOK_STYLE_BOX_LOW:
	case BOOK_STYLE_BOX_FAIR:
	case BOOK_STYLE_BOX_GOOD:
	case BOOK_STYLE_BOX_BEST:
	case BOOK_STYLE_CROWN:
	case BOOK_STYLE_CROWN_LOW:
	case BOOK_STYLE_CROWN_FAIR:
	case BOOK_STYLE_CROWN_GOOD:
	case BOOK_STYLE_CROWN_BEST:
	case BOOK_STYLE_FOOT:
	case BOOK_STYLE_FOOT_LOW:
	case BOOK_STYLE_FOOT_FAIR:
	case BOOK_STYLE_FOOT_GOOD:
	case BOOK_STYLE_FOOT_BEST: set_box(format, style); break;
	case BOOK_STYLE_NORMAL:
	case BOOK_STYLE_COUNT:
		break;
	}
}

lxw_format *xlsx_format(struct xlsx *xlsx, enum book_style style, enum book_format kind)
{
	lxw_format **slot = &xlsx->formats[style][kind];
	if (*slot != NULL)
		return *slot;
	*slot = workbook_add_format(xlsx->file);
	format_set_font_name(*slot, font);
	format_set_font_size(*slot, 10);
	set_style(*slot, style);
	if (kind == BOOK_FORMAT_STARS && style != BOOK_STYLE_HEADER)
		format_set_font_color(*slot, XLSX_GOLD);
	if (style == BOOK_STYLE_HEADER && kind != BOOK_FORMAT_GENERAL && kind != BOOK_FORMAT_TEXT
		&& kind != BOOK_FORMAT_DATE)
		format_set_align(*slot, LXW_ALIGN_RIGHT);     /* heads stand over their figures */
	if (kind == BOOK_FORMAT_TEXT || kind == BOOK_FORMAT_DATE) { /* never close to the figures of the column before */
		format_set_align(*slot, LXW_ALIGN_LEFT);
		format_set_indent(*slot, 1);
	}
	if (kind == BOOK_FORMAT_BESIDE)
		format_set_align(*slot, LXW_ALIGN_RIGHT);
	set_number_format(*slot, kind);
	return *slot;
}

int32_t xlsx_format_number(struct xlsx *xlsx, enum book_style style, enum book_format kind)
{
	int32_t *number = &xlsx->numbers[style][kind];
	if (*number == 0)
		*number = lxw_format_get_xf_index(xlsx_format(xlsx, style, kind)) + 1;
	return *number - 1;
}

lxw_format *xlsx_rule_format(struct xlsx *xlsx, enum book_style style)
{
	lxw_format **slot = &xlsx->rule_formats[style];
	if (*slot != NULL)
		return *slot;
	*slot = workbook_add_format(xlsx->file);
	if (style == BOOK_STYLE_UP) {
		format_set_font_color(*slot, XLSX_TEAL);
		format_set_bg_color(*slot, 0xe3f1ef);
	} else if (style == BOOK_STYLE_DOWN) {
		format_set_font_color(*slot, XLSX_BRICK);
		format_set_bg_color(*slot, 0xf8e9e5);
	} else if (style == BOOK_STYLE_GREY) {
		format_set_font_color(*slot, XLSX_GREY);
	} else {
		format_set_bold(*slot);
	}
	return *slot;
}

static int set_properties(struct xlsx *xlsx, struct err *err)
{
	const struct book *book = xlsx->book;
	/* libxlsxwriter breaks `created` down in UTC: midnight of the as-of date. */
	lxw_doc_properties properties = {
		.title = (char *)book->title, .subject = (char *)book->subject, .author = (char *)book->author,
		.company = (char *)book->company, .comments = (char *)book->comments, .created = (time_t)book->created * 86400,
	};
	if (properties.created == 0)
		properties.created = 86400;        /* 0 would mean the clock */
	if (xlsx_expect(workbook_set_properties(xlsx->file, &properties), "properties", err) != 0)
		return -1;
	for (size_t i = 0; i < book->property_count; i++) {
		const struct book_property *property = &book->properties[i];
		if (property->value == NULL || property->value[0] == '\0' || strlen(property->value) > 255)
			continue;
		if (xlsx_expect(workbook_set_custom_property_string(xlsx->file, property->name, property->value),
			property->name, err) != 0)
			return -1;
	}
	return 0;
}

static int define_names(struct xlsx *xlsx, struct err *err)
{
	for (size_t i = 0; i < xlsx->book->name_count; i++) {
		const struct book_name *name = &xlsx->book->names[i];
		char first[32], last[32], formula[128];
		lxw_rowcol_to_cell_abs(first, name->cell.first_row, (lxw_col_t)name->cell.first_column, true, true);
		lxw_rowcol_to_cell_abs(last, name->cell.last_row, (lxw_col_t)name->cell.last_column, true, true);
		bool one = strcmp(first, last) == 0;
		snprintf(formula, sizeof formula, "='%s'!%s%s%s", name->cell.sheet, first, one ? "" : ":", one ? "" : last);
		if (xlsx_expect(workbook_define_name(xlsx->file, name->name, formula), name->name, err) != 0)
			return -1;
	}
	return 0;
}

static int add_sheets(struct xlsx *xlsx, struct err *err)
{
	xlsx->sheets = mem_new(xlsx->book->sheet_count, sizeof *xlsx->sheets);
	for (size_t i = 0; i < xlsx->book->sheet_count; i++) {
		const char *name = xlsx->book->sheets[i].name;
		lxw_error code = workbook_validate_sheet_name(xlsx->file, name);
		if (code != LXW_NO_ERROR)
			return xlsx_expect(code, name, err);
		xlsx->sheets[i] = workbook_add_worksheet(xlsx->file, name);
		if (xlsx->sheets[i] == NULL)
			return err_set(err, STATUS_INTERNAL, "sheet '%s' cannot be added", name);
	}
	return 0;
}

int xlsx_write(struct book *book, const char *path, const char *folder, struct xlsx_totals *totals, struct err *err)
{
	struct xlsx xlsx = { .book = book };
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = (char *)folder };
	int result = -1;
	if (fs_exists(path))
		return err_set(err, STATUS_CANT_CREATE, "'%s' exists already", path);
	if (book->sheet_count == 0)
		return err_set(err, STATUS_INTERNAL, "workbook '%s' has no sheet", book->file);
	xlsx.file = workbook_new_opt(path, &options);
	if (xlsx.file == NULL)
		return err_set(err, STATUS_CANT_CREATE, "cannot create workbook '%s'", path);
	if (add_sheets(&xlsx, err) != 0 || set_properties(&xlsx, err) != 0 || define_names(&xlsx, err) != 0)
		goto out;
	for (size_t i = 0; i < book->sheet_count; i++) {
		if (xlsx_write_sheet(&xlsx, i, err) != 0)
			goto out;
	}
	xlsx.totals.sheets = book->sheet_count;
	result = 0;
out:
	/* The library frees only what it closes: a failed book is closed as well, and removed. */
	if (result == 0)
		result = xlsx_expect(workbook_close(xlsx.file), path, err);
	else
		workbook_close(xlsx.file);
	int failure = xlsx_zip_failure();
	if (failure != 0)
		result = err_sys(err, STATUS_IO, failure, "cannot write workbook '%s'", path);
	if (result != 0)
		unlink(path);
	xlsx_digest_text(xlsx.digest, xlsx.totals.digest);
	free(xlsx.sheets);
	if (result == 0 && chmod(path, 0600) != 0)
		result = err_set(err, STATUS_CANT_CREATE, "cannot set the mode of '%s'", path);
	*totals = xlsx.totals;
	return result;
}
