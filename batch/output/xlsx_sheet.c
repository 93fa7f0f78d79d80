/*
 * xlsx_sheet.c - one sheet: its rows in ascending order, tables, conditional formats, widths, print set-up.
 */
#include "output/xlsx_private.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS_MAX = 16384,
	ROWS_MAX = 1048576,
	LINKS_MAX = 65530 /* of a sheet, by Excel */,
	CHART_GAP = 12
};

struct sheet {
	struct xlsx *xlsx;
	lxw_worksheet *sheet;
	const struct book_sheet *model;
	uint32_t index;
	uint32_t links;                    /* written so far */
	double *widths;                    /* per column: given or grown from content, display columns; 0: none */
	bool *fixed;
	uint32_t columns;
	struct book_cell *row;             /* of the widest table */
	struct sum { struct decimal sum; uint64_t numbers, cells; } *sums; /* of the columns of the table under way */
	struct xlsx_rows *rows;
};

static uint32_t part_rows(const struct book_part *part)
{
	switch (part->kind) {
	case BOOK_PART_CELLS:
		return part->cells.rows;
	case BOOK_PART_TABLE:
		return 1 + (part->table.rows > 0 ? part->table.rows : 1) + (part->table.totals ? 1 : 0);
	case BOOK_PART_CHART:
		return 0;
	}
	return 0;
}

static uint32_t part_columns(const struct book_part *part)
{
	return part->kind == BOOK_PART_CELLS ? part->cells.columns
		: part->kind == BOOK_PART_TABLE  ? part->table.column_count
										 : 0;
}

static void grow_width(struct sheet *sheet, uint32_t column, int width)
{
	double most = 46;
	double want = width + 2 < most ? width + 2 : most;
	if (!sheet->fixed[column] && want > sheet->widths[column])
		sheet->widths[column] = want;
}

static int check_place(struct sheet *sheet, uint32_t row, uint32_t column, struct err *err)
{
	if (row >= ROWS_MAX || column >= COLUMNS_MAX || column >= sheet->columns)
		return err_set(err, STATUS_INTERNAL, "sheet '%s': cell (%u, %u) is outside the sheet", sheet->model->name, row,
			column);
	return 0;
}

/* Excel's serial day: 1 is 1900-01-01, with a 29 February 1900 that never was. */
static int64_t excel_serial(int32_t day_number)
{
	return (int64_t)day_number + 25569;
}

/*
 * The library turns every slash of a relative target into a backslash, which only Windows resolves. The target stands
 * in
 * the cell of its table of links until the file is closed; there the slashes are put back.
 */
static void restore_slashes(lxw_worksheet *file, uint32_t row, uint32_t column)
{
	struct lxw_table_rows *cells = file->table;
	file->table = file->hyperlinks;
	lxw_row *links = lxw_worksheet_find_row(file, row);
	file->table = cells;
	lxw_cell *link = links != NULL ? lxw_worksheet_find_cell_in_row(links, (lxw_col_t)column) : NULL;
	for (char *at = link != NULL ? (char *)link->u.string : NULL; at != NULL && *at != '\0'; at++) {
		if (*at == '\\')
			*at = '/';
	}
}

/* The library writes the shown text as well, with its slashes turned: that cell is taken from it. */
static void take_cell(lxw_worksheet *file, uint32_t column)
{
	lxw_cell *cell = file->array[column];
	if (cell == NULL)
		return;
	free((char *)cell->u.string);
	free(cell);
	file->array[column] = NULL;
	file->optimize_row->data_changed = LXW_FALSE;
}

static int write_link(struct sheet *sheet, uint32_t row, uint32_t column, const struct book_cell *cell,
	enum book_format kind, struct err *err)
{
	int32_t number = xlsx_format_number(sheet->xlsx, cell->style, kind);
	if (cell->target == NULL || sheet->links >= LINKS_MAX)
		return xlsx_rows_text(sheet->rows, column, number, cell->text, err);
	struct str target = { 0 };
	str_printf(&target, "%s%s", strncmp(cell->target, "internal:", 9) == 0 ? "" : "external:", cell->target);
	sheet->links++;
	lxw_error code = worksheet_write_url_opt(sheet->sheet, row, (lxw_col_t)column, target.text,
		xlsx_format(sheet->xlsx, cell->style, kind), "-", NULL);
	str_release(&target);
	if (code == LXW_NO_ERROR && strncmp(cell->target, "internal:", 9) != 0)
		restore_slashes(sheet->sheet, row, column);
	take_cell(sheet->sheet, column);
	return xlsx_expect(code, sheet->model->name, err) != 0
		? -1 : xlsx_rows_text(sheet->rows, column, number, cell->text, err);
}

static int write_cell(struct sheet *sheet, uint32_t row, uint32_t column, const struct book_cell *cell,
	enum book_format fallback, struct err *err)
{
	enum book_format kind = cell->format != BOOK_FORMAT_GENERAL ? cell->format : fallback;
	if (cell->kind == BOOK_TEXT && kind != BOOK_FORMAT_TEXT && cell->style != BOOK_STYLE_HEADER)
		kind = kind == BOOK_FORMAT_GENERAL ? kind : kind == BOOK_FORMAT_DATE ? BOOK_FORMAT_TEXT : BOOK_FORMAT_BESIDE;
	struct xlsx_rows *rows = sheet->rows;
	int32_t number = xlsx_format_number(sheet->xlsx, cell->style, cell->kind == BOOK_DATE ? BOOK_FORMAT_DATE : kind);
	if (check_place(sheet, row, column, err) != 0)
		return -1;
	sheet->xlsx->totals.cells += cell->kind != BOOK_EMPTY;
	switch (cell->kind) {
	case BOOK_EMPTY:
		if (cell->style != BOOK_STYLE_NORMAL)
			xlsx_rows_blank(rows, column, number);
		return 0;
	case BOOK_TEXT:
		if (cell->text == NULL || cell->text[0] == '\0') {
			sheet->xlsx->totals.cells--;
			return 0;
		}
		return xlsx_rows_text(rows, column, number, cell->text, err);
	case BOOK_NUMBER:
		return xlsx_rows_number(rows, column, number, cell->number, cell->scale, err);
	case BOOK_DATE:
		return xlsx_rows_number(rows, column, number, excel_serial(cell->date), 0, err);
	case BOOK_LINK:
		return write_link(sheet, row, column, cell, kind, err);
	case BOOK_FORMULA: {
		char value[40];
		xlsx_scaled_text(cell->number, cell->scale, value);
		return xlsx_rows_formula(rows, column, number, cell->text, value, err);
	}
	}
	return 0;
}

static int cell_width(const struct book_cell *cell)
{
	char text[48];
	switch (cell->kind) {
	case BOOK_TEXT:
	case BOOK_LINK:
		return cell->text != NULL ? text_width(cell->text) : 0;
	case BOOK_NUMBER:
	case BOOK_FORMULA:
		return (int)decimal_format(cell->number, cell->scale, cell->scale < 2 ? cell->scale : 2, text) + 1;
	case BOOK_DATE:
		return 10;
	case BOOK_EMPTY:
		return 0;
	}
	return 0;
}

/* Lines a text takes when it is wrapped at a width in display columns; at least 1. */
static int lines_of(const char *text, double width)
{
	int room = (int)width - 1, lines = 1, used = 0;
	for (const char *at = text; room > 0 && *at != '\0';) {
		const char *next = at, *end = at + strlen(at);
		while (*next != '\0' && *next != ' ' && (unsigned char)*next < 0x80)
			next++; /* a word of Latin letters is not broken */
		if (next == at)
			text_next(&next, end);
		char piece[64];
		size_t length = (size_t)(next - at) < sizeof piece - 1 ? (size_t)(next - at) : sizeof piece - 1;
		memcpy(piece, at, length);
		piece[length] = '\0';
		int wide = text_width(piece);
		if (used + wide > room && used > 0) {
			lines++;
			used = 0;
		}
		used += wide;
		at = next;
	}
	return lines;
}

/* Two lines, or as many as the longest wrapped title takes. */
static double head_height(const struct sheet *sheet, const struct book_part *part)
{
	int most = 2;
	for (uint32_t c = 0; c < part->table.column_count; c++) {
		double width = sheet->widths[part->column + c];
		int lines = width > 0 ? lines_of(part->table.columns[c].title, width) : 1;
		most = lines > most ? lines : most;
	}
	return 4 + 14.0 * (most > 6 ? 6 : most);
}

static int write_table_head(struct sheet *sheet, const struct book_part *part, struct err *err)
{
	const struct book_table *table = &part->table;
	for (uint32_t c = 0; c < table->column_count; c++)
		sheet->sums[c] = (struct sum){ .sum = decimal_from_int(0) };
	for (uint32_t c = 0; c < table->column_count; c++) {
		const struct book_column *column = &table->columns[c];
		uint32_t at = part->column + c;
		struct book_cell cell = {
			.kind = BOOK_TEXT, .style = BOOK_STYLE_HEADER, .format = column->format, .text = column->title
		};
		if (write_cell(sheet, part->row, at, &cell, BOOK_FORMAT_GENERAL, err) != 0)
			return -1;
		/* Heads wrap into two lines; room for the filter button. */
		int width = text_width(column->title);
		grow_width(sheet, at, (width > 8 ? (width + 1) / 2 + 1 : width) + 2);
		if (column->note != NULL
			&& xlsx_expect(worksheet_write_comment(sheet->sheet, part->row, (lxw_col_t)at, column->note), "note", err)
				!= 0)
			return -1;
	}
	sheet->rows->height = head_height(sheet, part);
	return 0;
}

static void add_sum(struct sum *sum, const struct book_cell *cell)
{
	sum->cells += cell->kind != BOOK_EMPTY;
	if (cell->kind == BOOK_NUMBER || cell->kind == BOOK_FORMULA) {
		sum->sum = decimal_add(sum->sum, decimal_from_scaled(cell->number, cell->scale));
		sum->numbers++;
	}
}

/* The cached result of a totals cell, as Excel would compute it from the rows. */
static double total_value(const struct book_column *column, const struct sum *sum)
{
	if (column->total == BOOK_TOTAL_COUNT)
		return (double)sum->cells;
	if (column->total == BOOK_TOTAL_SUM)
		return decimal_to_double(sum->sum);
	return sum->numbers == 0 ? 0 : decimal_to_double(decimal_div(sum->sum, decimal_from_int((int64_t)sum->numbers)));
}

static int write_table_row(struct sheet *sheet, const struct book_part *part, uint32_t number, struct err *err)
{
	const struct book_table *table = &part->table;
	int lines = 1;
	memset(sheet->row, 0, table->column_count * sizeof *sheet->row);
	if (table->row(table->context, number, sheet->row, err) != 0)
		return err_context(err, "sheet '%s', row %u", sheet->model->name, number + 1);
	for (uint32_t c = 0; c < table->column_count; c++) {
		if (write_cell(sheet, part->row + 1 + number, part->column + c, &sheet->row[c], table->columns[c].format, err)
			!= 0)
			return -1;
		if (sheet->row[c].style == BOOK_STYLE_NOTE && sheet->row[c].kind == BOOK_TEXT) {
			int needed = lines_of(sheet->row[c].text, sheet->widths[part->column + c]);
			lines = needed > lines ? needed : lines;
		}
		if (number < 5000)
			grow_width(sheet, part->column + c, cell_width(&sheet->row[c]));
		if (table->totals && table->columns[c].total != BOOK_TOTAL_NONE)
			add_sum(&sheet->sums[c], &sheet->row[c]);
	}
	if (lines > 1)
		sheet->rows->height = 2 + 14.0 * (lines > 28 ? 28 : lines);
	sheet->xlsx->totals.rows++;
	return 0;
}

static const char *total_function(const struct book_column *column)
{
	return column->total == BOOK_TOTAL_SUM ? "109" : column->total == BOOK_TOTAL_AVERAGE ? "101" : "103";
}

static int write_table_totals(struct sheet *sheet, const struct book_part *part, struct err *err)
{
	const struct book_table *table = &part->table;
	for (uint32_t c = 0; c < table->column_count; c++) {
		const struct book_column *column = &table->columns[c];
		int32_t format = xlsx_format_number(sheet->xlsx, BOOK_STYLE_HEADER,
			column->total == BOOK_TOTAL_COUNT ? BOOK_FORMAT_INTEGER
			: column->total == BOOK_TOTAL_AVERAGE ? BOOK_FORMAT_DECIMAL2 : column->format);
		if (column->total == BOOK_TOTAL_NONE) {
			xlsx_rows_blank(sheet->rows, part->column + c, format);
			continue;
		}
		struct str formula = { 0 };
		char value[40];
		xlsx_double_text(total_value(column, &sheet->sums[c]), value);
		str_printf(&formula, "SUBTOTAL(%s,[%s])", total_function(column), column->title);
		int status = xlsx_rows_formula(sheet->rows, part->column + c, format, formula.text, value, err);
		str_release(&formula);
		if (status != 0)
			return -1;
		sheet->xlsx->totals.cells++;
	}
	return 0;
}

static int write_part_row(struct sheet *sheet, const struct book_part *part, uint32_t row, struct err *err)
{
	uint32_t at = row - part->row;
	if (part->kind == BOOK_PART_CELLS) {
		const struct book_cell *cells = part->cells.at + (size_t)at * part->cells.columns;
		double height = 0;
		for (uint32_t c = 0; c < part->cells.columns; c++) {
			if (write_cell(sheet, row, part->column + c, &cells[c], BOOK_FORMAT_GENERAL, err) != 0)
				return -1;
			if (cells[c].style == BOOK_STYLE_TITLE || cells[c].style == BOOK_STYLE_TILE_FIGURE)
				height = height < 30 ? 30 : height;
			if (cells[c].style != BOOK_STYLE_NOTE && cells[c].style != BOOK_STYLE_HEADER)
				continue;
			double width = part->column + c < sheet->columns ? sheet->widths[part->column + c] : 0;
			int lines = cells[c].kind == BOOK_TEXT && width > 0 ? lines_of(cells[c].text, width) : 1;
			if (lines > 1)
				height = height < 2 + 14.0 * lines ? 2 + 14.0 * lines : height;
		}
		if (height > 0)
			sheet->rows->height = height > 400 ? 400 : height;
		return 0;
	}
	if (at == 0)
		return write_table_head(sheet, part, err);
	if (at <= part->table.rows)
		return write_table_row(sheet, part, at - 1, err);
	if (part->table.totals && at == part_rows(part) - 1)
		return write_table_totals(sheet, part, err);
	return 0;
}

static int write_rows(struct sheet *sheet, struct err *err)
{
	const struct book_sheet *model = sheet->model;
	uint32_t last = 0;
	for (size_t p = 0; p < model->part_count; p++) {
		uint32_t end = model->parts[p].row + part_rows(&model->parts[p]);
		last = end > last ? end : last;
	}
	if (last > ROWS_MAX)
		return err_set(err, STATUS_INTERNAL, "sheet '%s' has more rows than a sheet can hold", model->name);
	for (uint32_t row = 0; row < last; row++) {
		xlsx_rows_begin(sheet->rows, row);
		sheet->rows->height = model->row_height;
		for (size_t p = 0; p < model->part_count; p++) {
			const struct book_part *part = &model->parts[p];
			if (part->kind == BOOK_PART_CHART || row < part->row || row >= part->row + part_rows(part))
				continue;
			if (write_part_row(sheet, part, row, err) != 0)
				return -1;
		}
		if (xlsx_rows_end(sheet->rows, err) != 0)
			return -1;
	}
	return xlsx_rows_finish(sheet->rows, err);
}

/*
 * A structured table. In constant-memory mode the library refuses it because it would write the header cells once more;
 * they stand already, so the mode is lifted for this one call.
 */
static int add_table(struct sheet *sheet, const struct book_part *part, struct err *err)
{
	const struct book_table *table = &part->table;
	lxw_table_column *columns = mem_new(table->column_count, sizeof *columns);
	lxw_table_column **list = mem_new(table->column_count + 1, sizeof *list);
	for (uint32_t c = 0; c < table->column_count; c++) {
		const struct book_column *column = &table->columns[c];
		columns[c].header = (char *)column->title;
		columns[c].header_format = xlsx_format(sheet->xlsx, BOOK_STYLE_HEADER, BOOK_FORMAT_GENERAL);
		if (table->totals && column->total != BOOK_TOTAL_NONE)
			columns[c].total_function = column->total == BOOK_TOTAL_SUM ? LXW_TABLE_FUNCTION_SUM
				: column->total == BOOK_TOTAL_AVERAGE ? LXW_TABLE_FUNCTION_AVERAGE : LXW_TABLE_FUNCTION_COUNT;
		list[c] = &columns[c];
	}
	lxw_table_options options = { .name = (char *)table->name, .columns = list, .total_row = table->totals,
		.style_type = LXW_TABLE_STYLE_TYPE_LIGHT, .style_type_number = 1 };
	sheet->sheet->optimize = LXW_FALSE;
	lxw_error code = worksheet_add_table(sheet->sheet, part->row, (lxw_col_t)part->column,
		part->row + part_rows(part) - 1, (lxw_col_t)(part->column + table->column_count - 1), &options);
	sheet->sheet->optimize = LXW_TRUE;
	free(columns);
	free(list);
	return xlsx_expect(code, table->name, err);
}

static int add_rule(struct sheet *sheet, const struct book_part *part, const struct book_rule *rule, struct err *err)
{
	bool table = part->kind == BOOK_PART_TABLE;
	uint32_t rows = table ? part->table.rows : part->cells.rows, columns = part_columns(part);
	uint32_t first_row = part->row + (table ? 1 : 0), first = part->column, last = part->column + columns - 1;
	if (rows == 0 || columns == 0)
		return 0;
	if (!table && rule->rows > 0) {
		first_row += rule->row;
		rows = rule->rows;
	}
	if (rule->column != UINT32_MAX)
		first = last = part->column + rule->column;
	lxw_conditional_format format = { 0 };
	switch (rule->kind) {
	case BOOK_RULE_DATA_BAR:
		format.type = LXW_CONDITIONAL_DATA_BAR;
		format.bar_color = 0x9fb4d4;
		format.bar_solid = LXW_TRUE;
		break;
	case BOOK_RULE_SHARE_BAR:
		format.type = LXW_CONDITIONAL_DATA_BAR;
		format.bar_color = rule->style == BOOK_STYLE_DOWN ? 0xe6cb95 : 0x8cc4bd;
		format.bar_solid = LXW_TRUE;
		format.min_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER;
		format.max_rule_type = LXW_CONDITIONAL_RULE_TYPE_NUMBER;
		format.min_value = 0;
		format.max_value = 1;
		break;
	case BOOK_RULE_SCALE:
		format.type = LXW_CONDITIONAL_2_COLOR_SCALE;
		format.min_color = 0xffffff;
		format.max_color = 0x7fbdb6;
		break;
	case BOOK_RULE_HEAT:
		format.type = LXW_CONDITIONAL_2_COLOR_SCALE;
		format.min_color = 0xffffff;
		format.max_color = 0xd99a8b;
		break;
	case BOOK_RULE_STYLE:
		format.type = LXW_CONDITIONAL_TYPE_FORMULA;
		format.format = xlsx_rule_format(sheet->xlsx, rule->style);
		break;
	}
	struct str formula = { 0 };
	if (rule->kind == BOOK_RULE_STYLE) {
		str_printf(&formula, "%s%s", rule->formula[0] == '=' ? "" : "=", rule->formula);
		format.value_string = formula.text;
	}
	lxw_error code = worksheet_conditional_format_range(sheet->sheet, first_row, (lxw_col_t)first, first_row + rows - 1,
		(lxw_col_t)last, &format);
	str_release(&formula);
	return xlsx_expect(code, "conditional format", err);
}

/* Width of columns in pixels: 7 a character and 5 of padding, 64 where nothing is set. */
static double columns_pixels(const struct sheet *sheet, uint32_t first, uint32_t count)
{
	double pixels = 0;
	for (uint32_t c = first; c < first + count; c++)
		pixels += c < sheet->columns && sheet->widths[c] > 0 ? sheet->widths[c] * 7 + 5 : 64;
	return pixels;
}

/*
 * Cells shown as one. The library would write them once more, out of order: they stand already, so constant-memory mode
 * is lifted for this one call, as for tables.
 */
static int add_spans(struct sheet *sheet, const struct book_part *part, struct err *err)
{
	for (size_t i = 0; i < part->cells.span_count; i++) {
		const struct book_span *span = &part->cells.spans[i];
		uint32_t row = part->row + span->row, column = part->column + span->column;
		if (span->rows * span->columns < 2)
			continue;
		sheet->sheet->optimize = LXW_FALSE;
		lxw_error code = worksheet_merge_range(sheet->sheet, row, (lxw_col_t)column, row + span->rows - 1,
			(lxw_col_t)(column + span->columns - 1), "", NULL);
		sheet->sheet->optimize = LXW_TRUE;
		if (xlsx_expect(code, "cells shown as one", err) != 0)
			return -1;
	}
	return 0;
}

static int add_parts(struct sheet *sheet, struct err *err)
{
	for (size_t p = 0; p < sheet->model->part_count; p++) {
		const struct book_part *part = &sheet->model->parts[p];
		if (part->kind == BOOK_PART_TABLE && add_table(sheet, part, err) != 0)
			return -1;
		if (part->kind == BOOK_PART_CELLS && add_spans(sheet, part, err) != 0)
			return -1;
		if (part->kind == BOOK_PART_CHART && xlsx_write_chart(sheet->xlsx, sheet->sheet, part,
			columns_pixels(sheet, part->column, part->chart.columns) - CHART_GAP, err) != 0)
			return -1;
		for (size_t r = 0; r < part->rule_count; r++) {
			if (add_rule(sheet, part, &part->rules[r], err) != 0)
				return -1;
		}
	}
	return 0;
}

static int set_widths(struct sheet *sheet, struct err *err)
{
	for (uint32_t c = 0; c < sheet->columns; c++) {
		if (sheet->widths[c] <= 0)
			continue;
		lxw_error code = worksheet_set_column(sheet->sheet, (lxw_col_t)c, (lxw_col_t)c, sheet->widths[c],
			xlsx_format(sheet->xlsx, BOOK_STYLE_NORMAL, BOOK_FORMAT_GENERAL));
		if (xlsx_expect(code, "column width", err) != 0)
			return -1;
	}
	return 0;
}

/* Paper by the pixels (96 an inch) between our margins. */
enum { PAPER_A3 = 8, PAPER_A4 = 9 };
#define LEAST 68u /* per cent: print no smaller than this */
#define LONG_LIST 120u /* rows from which upright paper is preferred: fewer pages */
static const struct paper {
	int paper;
	bool upright, for_short;
	double room;
} papers[] = {
	{ PAPER_A4, true, false, 707 },
	{ PAPER_A4, false, true, 1036 },
	{ PAPER_A3, true, false, 1036 },
	{ PAPER_A3, false, true, 1500 },
};

/* The width and height of a sheet as printed. */
static double sheet_pixels(const struct sheet *sheet, uint32_t *rows)
{
	uint32_t columns = 0;
	*rows = 0;
	for (size_t p = 0; p < sheet->model->part_count; p++) {
		const struct book_part *part = &sheet->model->parts[p];
		bool chart = part->kind == BOOK_PART_CHART;
		uint32_t end = part->column + (chart ? part->chart.columns : part_columns(part));
		bool title = part->kind == BOOK_PART_CELLS && part->cells.columns == 1;
		if (!title)
			columns = end > columns ? end : columns;
		end = part->row + (chart ? part->chart.rows : part_rows(part));
		*rows = end > *rows ? end : *rows;
	}
	return columns_pixels(sheet, 0, columns);
}

/*
 * Paper and direction: the first on which everything fits in one width and stays legible; else A3, and several pages
 * side by side, each with the frozen columns.
 */
static void set_pages(struct sheet *sheet)
{
	lxw_worksheet *file = sheet->sheet;
	uint32_t rows, wide = 1;
	double pixels = sheet_pixels(sheet, &rows), frozen = columns_pixels(sheet, 0, sheet->model->freeze_columns);
	const struct paper *paper = NULL;
	for (size_t i = 0; i < sizeof papers / sizeof papers[0] && paper == NULL; i++) {
		bool suits = sheet->model->portrait ? papers[i].upright
			: rows > LONG_LIST              ? papers[i].upright || pixels * LEAST > papers[2].room * 100
											: papers[i].for_short;
		if (suits && pixels * LEAST <= papers[i].room * 100)
			paper = &papers[i];
	}
	if (paper == NULL) {
		paper = &papers[3];
		double room = paper->room * 100 / LEAST - frozen;
		while (room > 0 && wide < 32 && (pixels - frozen) > room * wide)
			wide++;
	}
	worksheet_set_paper(file, (uint8_t)paper->paper);
	if (paper->upright)
		worksheet_set_portrait(file);
	else
		worksheet_set_landscape(file);
	worksheet_fit_to_pages(file, (uint16_t)wide, sheet->model->one_page ? 1 : 0);
	if (sheet->model->one_page)
		worksheet_center_horizontally(file);
	if (wide > 1 && sheet->model->freeze_columns > 0)
		worksheet_repeat_columns(file, 0, (lxw_col_t)(sheet->model->freeze_columns - 1));
	if (wide > 1)
		worksheet_print_across(file);
}

static void set_view_and_print(struct sheet *sheet)
{
	const struct book_sheet *model = sheet->model;
	lxw_worksheet *file = sheet->sheet;
	if (model->freeze_rows > 0 || model->freeze_columns > 0)
		worksheet_freeze_panes(file, model->freeze_rows, (lxw_col_t)model->freeze_columns);
	worksheet_gridlines(file, model->gridlines ? LXW_SHOW_SCREEN_GRIDLINES : LXW_HIDE_ALL_GRIDLINES);
	worksheet_set_margins(file, 0.45, 0.45, 0.55, 0.6);
	set_pages(sheet);
	if (model->repeat_rows > 0)
		worksheet_repeat_rows(file, model->repeat_first, model->repeat_first + model->repeat_rows - 1);
	if (model->tab_colour >= 0)
		worksheet_set_tab_color(file, xlsx_sequence_colour(model->tab_colour));
	struct str footer = { 0 };
	str_add(&footer, "&L&8&A&C&8");
	for (const char *at = model->footer != NULL ? model->footer : ""; *at != '\0'; at++)
		str_add(&footer, *at == '&' ? "&&" : (char[]){ *at, '\0' });
	str_add(&footer, "&R&8&P / &N");
	if (footer.length < 255)
		worksheet_set_footer(file, footer.text);
	str_release(&footer);
	if (model->protect)
		worksheet_protect(file, NULL, NULL);
}

static int prepare(struct sheet *sheet, struct err *err)
{
	const struct book_sheet *model = sheet->model;
	uint32_t widest = 1;
	sheet->columns = 1;
	for (size_t p = 0; p < model->part_count; p++) {
		uint32_t end = model->parts[p].column + part_columns(&model->parts[p]);
		sheet->columns = end > sheet->columns ? end : sheet->columns;
		if (model->parts[p].kind == BOOK_PART_TABLE && model->parts[p].table.column_count > widest)
			widest = model->parts[p].table.column_count;
	}
	for (size_t w = 0; w < model->width_count; w++) {
		if (model->widths[w].last >= sheet->columns)
			sheet->columns = model->widths[w].last + 1;
	}
	if (sheet->columns > COLUMNS_MAX)
		return err_set(err, STATUS_INTERNAL, "sheet '%s' has more columns than a sheet can hold", model->name);
	sheet->widths = mem_new(sheet->columns, sizeof *sheet->widths);
	sheet->fixed = mem_new(sheet->columns, sizeof *sheet->fixed);
	sheet->row = mem_new(widest, sizeof *sheet->row);
	sheet->sums = mem_new(widest, sizeof *sheet->sums);
	sheet->rows = xlsx_rows_new(sheet->xlsx, sheet->sheet, sheet->index, sheet->columns);
	for (size_t w = 0; w < model->width_count; w++) {
		for (uint32_t c = model->widths[w].first; c <= model->widths[w].last; c++) {
			sheet->widths[c] = model->widths[w].width;
			sheet->fixed[c] = true;
		}
	}
	for (size_t p = 0; p < model->part_count; p++) {
		const struct book_part *part = &model->parts[p];
		for (uint32_t c = 0; part->kind == BOOK_PART_TABLE && c < part->table.column_count; c++) {
			if (part->table.columns[c].width > 0 && !sheet->fixed[part->column + c]) {
				sheet->widths[part->column + c] = part->table.columns[c].width;
				sheet->fixed[part->column + c] = true;
			}
		}
	}
	return 0;
}

int xlsx_write_sheet(struct xlsx *xlsx, size_t index, struct err *err)
{
	struct sheet sheet = { .xlsx = xlsx, .sheet = xlsx->sheets[index], .model = &xlsx->book->sheets[index],
		.index = (uint32_t)index };
	int result = -1;
	if (prepare(&sheet, err) != 0 || write_rows(&sheet, err) != 0 || add_parts(&sheet, err) != 0
		|| set_widths(&sheet, err) != 0)
		goto out;
	set_view_and_print(&sheet);
	result = 0;
out:
	free(sheet.widths);
	free(sheet.fixed);
	free(sheet.row);
	free(sheet.sums);
	xlsx_rows_free(sheet.rows);
	return result;
}
