/*
 * book.c - the workbook model's own two verbs: free it, and print it as text for golden files.
 *
 * Decides: how a model looks as text. Does not decide: anything about cells on paper (output/).
 */
#include "model/book.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/mem.h"

#include <stdlib.h>

static const char *const format_names[BOOK_FORMAT_COUNT] = { "general", "text", "integer", "decimal1", "decimal2",
	"percent", "percent1", "date", "stars" };
static const char *const style_names[BOOK_STYLE_COUNT] = { "normal", "title", "subtitle", "heading", "header", "figure",
	"label", "up", "down", "grey", "strong", "note", "unlocked", "heading-note", "words", "figure-up", "figure-down",
	"figure-same", "over", "side", "line", "line-right", "line-down", "line-head", "line-head-right", "notice", "small",
	"prose", "right", "box", "box-low", "box-fair", "box-good", "box-best", "crown", "crown-low", "crown-fair",
	"crown-good", "crown-best", "foot", "foot-low", "foot-fair", "foot-good", "foot-best" };
static const char *const rule_names[] = { "data-bar", "share-bar", "scale", "heat", "style" };
static const char *const total_names[] = { "", " total=sum", " total=average", " total=count" };
static const char *const chart_names[] = { "column", "column-stacked", "bar", "bar-stacked", "bar-percent", "line",
	"pie", "doughnut", "radar", "scatter" };

void book_free(struct book *book)
{
	if (book == NULL)
		return;
	if (book->release != NULL)
		book->release(book);
	struct arena arena = book->arena; /* the book itself may stand in it */
	arena_release(&arena);
}

/* "A1" of a cell counted from 0. */
static void dump_place(struct str *out, uint32_t row, uint32_t column)
{
	char letters[8];
	size_t at = sizeof letters;
	uint64_t n = (uint64_t)column + 1;
	do {
		n--;
		letters[--at] = (char)('A' + n % 26);
		n /= 26;
	} while (n > 0 && at > 0);
	str_add_bytes(out, letters + at, sizeof letters - at);
	str_add_int(out, (int64_t)row + 1);
}

static void dump_quoted(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (; text != NULL && *text != '\0'; text++) {
		if (*text == '\n')
			str_add(out, "\\n");
		else if (*text == '"' || *text == '\\') {
			str_add_char(out, '\\');
			str_add_char(out, *text);
		} else
			str_add_char(out, *text);
	}
	str_add_char(out, '"');
}

static void dump_cell(struct str *out, const struct book_cell *cell)
{
	char digits[48];
	switch (cell->kind) {
	case BOOK_EMPTY: str_add_char(out, '-'); return;
	case BOOK_TEXT: dump_quoted(out, cell->text); break;
	case BOOK_NUMBER:
		decimal_format(cell->number, cell->scale, -1, digits);
		str_add(out, digits);
		break;
	case BOOK_DATE:
		date_format_iso(cell->date, digits);
		str_add(out, digits);
		break;
	case BOOK_LINK:
		dump_quoted(out, cell->text);
		str_add(out, "->");
		str_add(out, cell->target != NULL ? cell->target : "");
		break;
	case BOOK_FORMULA:
		decimal_format(cell->number, cell->scale, -1, digits);
		str_printf(out, "=%s{%s}", cell->text, digits);
		break;
	}
	if (cell->style != BOOK_STYLE_NORMAL)
		str_printf(out, "[%s]", style_names[cell->style]);
	if (cell->format != BOOK_FORMAT_GENERAL)
		str_printf(out, "(%s)", format_names[cell->format]);
}

static void dump_range(struct str *out, const struct book_range *range)
{
	str_printf(out, "'%s'!", range->sheet);
	dump_place(out, range->first_row, range->first_column);
	str_add_char(out, ':');
	dump_place(out, range->last_row, range->last_column);
}

static void dump_rules(struct str *out, const struct book_part *part)
{
	for (size_t i = 0; i < part->rule_count; i++) {
		const struct book_rule *rule = &part->rules[i];
		str_printf(out, "    rule %s", rule_names[rule->kind]);
		if (rule->column != UINT32_MAX)
			str_printf(out, " column %u", (unsigned)rule->column);
		if (rule->rows > 0)
			str_printf(out, " rows %u+%u", (unsigned)rule->row, (unsigned)rule->rows);
		if (rule->kind == BOOK_RULE_SHARE_BAR)
			str_printf(out, " %s", style_names[rule->style]);
		if (rule->kind == BOOK_RULE_STYLE)
			str_printf(out, " %s when %s", style_names[rule->style], rule->formula != NULL ? rule->formula : "");
		str_add_char(out, '\n');
	}
}

static int dump_table(struct str *out, const struct book_table *table, uint32_t max_rows, struct err *err)
{
	str_printf(out, "table %s rows %u%s\n", table->name, (unsigned)table->rows, table->totals ? " totals" : "");
	for (uint32_t c = 0; c < table->column_count; c++) {
		const struct book_column *column = &table->columns[c];
		str_add(out, "    column ");
		dump_quoted(out, column->title);
		str_printf(
			out, " (%s) width %d%s", format_names[column->format], (int)column->width, total_names[column->total]);
		if (column->note != NULL) {
			str_add(out, " note ");
			dump_quoted(out, column->note);
		}
		str_add_char(out, '\n');
	}
	struct book_cell *cells = mem_new(table->column_count + 1u, sizeof *cells);
	uint32_t rows = max_rows > 0 && table->rows > max_rows ? max_rows : table->rows;
	int status = 0;
	for (uint32_t r = 0; r < rows && status == 0; r++) {
		for (uint32_t c = 0; c < table->column_count; c++)
			cells[c] = (struct book_cell){ .kind = BOOK_EMPTY };
		status = table->row(table->context, r, cells, err);
		if (status != 0)
			break;
		str_add(out, "    ");
		for (uint32_t c = 0; c < table->column_count; c++) {
			if (c > 0)
				str_add(out, " | ");
			dump_cell(out, &cells[c]);
		}
		str_add_char(out, '\n');
	}
	if (status == 0 && rows < table->rows)
		str_printf(out, "    … %u more\n", (unsigned)(table->rows - rows));
	free(cells);
	return status;
}

static void dump_chart(struct str *out, const struct book_chart *chart)
{
	str_printf(out, "chart %s ", chart_names[chart->kind]);
	dump_quoted(out, chart->title);
	str_printf(out, " %ux%u%s\n", (unsigned)chart->rows, (unsigned)chart->columns, chart->labels ? " labels" : "");
	if (chart->x_title != NULL || chart->y_title != NULL)
		str_printf(out, "    axes x \"%s\" y \"%s\"\n", chart->x_title != NULL ? chart->x_title : "",
			chart->y_title != NULL ? chart->y_title : "");
	if (chart->alt != NULL) {
		str_add(out, "    alt ");
		dump_quoted(out, chart->alt);
		str_add_char(out, '\n');
	}
	for (size_t i = 0; i < chart->series_count; i++) {
		const struct book_series *series = &chart->series[i];
		str_printf(out, "    series \"%s\" colour %d ", series->name, series->colour);
		dump_range(out, &series->categories);
		str_add(out, " -> ");
		dump_range(out, &series->values);
		str_add_char(out, '\n');
	}
}

static void dump_cells(struct str *out, const struct book_cells *cells)
{
	str_printf(out, "cells %ux%u\n", (unsigned)cells->rows, (unsigned)cells->columns);
	for (uint32_t r = 0; r < cells->rows; r++) {
		str_add(out, "    ");
		for (uint32_t c = 0; c < cells->columns; c++) {
			if (c > 0)
				str_add(out, " | ");
			dump_cell(out, &cells->at[(size_t)r * cells->columns + c]);
		}
		str_add_char(out, '\n');
	}
	for (size_t i = 0; i < cells->span_count; i++) {
		const struct book_span *span = &cells->spans[i];
		str_printf(out, "    span %u,%u %ux%u\n", (unsigned)span->row, (unsigned)span->column, (unsigned)span->rows,
			(unsigned)span->columns);
	}
}

int book_dump(const struct book *book, uint32_t max_rows, struct str *out, struct err *err)
{
	char day[16];
	date_format_iso(book->created, day);
	str_printf(out, "book %s\ntitle %s\nsubject %s\ncompany %s\ncreated %s\nlang %s\n", book->file,
		book->title != NULL ? book->title : "", book->subject != NULL ? book->subject : "",
		book->company != NULL ? book->company : "", day, book->lang != NULL ? book->lang : "");
	for (size_t i = 0; i < book->property_count; i++)
		str_printf(out, "property %s = %s\n", book->properties[i].name, book->properties[i].value);
	for (size_t i = 0; i < book->name_count; i++) {
		str_printf(out, "name %s = ", book->names[i].name);
		dump_range(out, &book->names[i].cell);
		str_add_char(out, '\n');
	}
	for (size_t s = 0; s < book->sheet_count; s++) {
		const struct book_sheet *sheet = &book->sheets[s];
		str_printf(out, "\nsheet \"%s\" freeze %u,%u repeat %u+%u%s%s%s%s tab %d\n", sheet->name,
			(unsigned)sheet->freeze_rows, (unsigned)sheet->freeze_columns, (unsigned)sheet->repeat_first,
			(unsigned)sheet->repeat_rows, sheet->portrait ? " portrait" : "", sheet->protect ? " protected" : "",
			sheet->gridlines ? " gridlines" : "", sheet->one_page ? " one-page" : "", sheet->tab_colour);
		for (size_t i = 0; i < sheet->width_count; i++)
			str_printf(out, "  width %u-%u %d\n", (unsigned)sheet->widths[i].first, (unsigned)sheet->widths[i].last,
				(int)sheet->widths[i].width);
		for (size_t p = 0; p < sheet->part_count; p++) {
			const struct book_part *part = &sheet->parts[p];
			str_add(out, "  ");
			dump_place(out, part->row, part->column);
			str_add_char(out, ' ');
			if (part->kind == BOOK_PART_CELLS)
				dump_cells(out, &part->cells);
			else if (part->kind == BOOK_PART_CHART)
				dump_chart(out, &part->chart);
			else if (dump_table(out, &part->table, max_rows, err) != 0)
				return -1;
			dump_rules(out, part);
		}
	}
	return 0;
}
