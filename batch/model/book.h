/*
 * book.h - a workbook as a model: what stands where, without any library. report/ builds it, output/ writes it.
 *
 * A sheet is a list of parts anchored at cells, in ascending order of their first row. Rows and columns count from 0.
 * Table rows are pulled from a callback in order, so that a sheet of 100,000 rows needs no memory.
 */
#ifndef PANDIAN_MODEL_BOOK_H
#define PANDIAN_MODEL_BOOK_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum book_cell_kind {
	BOOK_EMPTY,
	BOOK_TEXT,
	BOOK_NUMBER /* value * 10^scale, exact */,
	BOOK_DATE /* day number */,
	BOOK_LINK /* text + target */,
	BOOK_FORMULA /* formula + cached number */
};
/* Number formats by meaning; the writer turns them into format codes. */
enum book_format {
	BOOK_FORMAT_GENERAL,
	BOOK_FORMAT_TEXT,
	BOOK_FORMAT_INTEGER,
	BOOK_FORMAT_DECIMAL1,
	BOOK_FORMAT_DECIMAL2,
	BOOK_FORMAT_PERCENT,
	BOOK_FORMAT_PERCENT1,
	BOOK_FORMAT_DATE,
	BOOK_FORMAT_STARS /* number 1-5 shown as ★★★☆☆ */,
	BOOK_FORMAT_BESIDE /* a text in a column of figures: stands where they do */,
	BOOK_FORMAT_COUNT
};
/* Looks by meaning; colours of the palette live in the writer's style table only. */
enum book_style {
	BOOK_STYLE_NORMAL,
	BOOK_STYLE_TITLE /* sheet title 16 pt ink */,
	BOOK_STYLE_SUBTITLE /* grey */,
	BOOK_STYLE_HEADING /* section head over a rule */,
	BOOK_STYLE_HEADER /* table head */,
	BOOK_STYLE_TILE_FIGURE,
	BOOK_STYLE_TILE_LABEL,
	BOOK_STYLE_UP /* teal */,
	BOOK_STYLE_DOWN /* brick */,
	BOOK_STYLE_GREY,
	BOOK_STYLE_STRONG,
	BOOK_STYLE_NOTE /* wrapped grey text */,
	BOOK_STYLE_UNLOCKED,
	BOOK_STYLE_HEADING_NOTE /* grey remark on the rule of a heading */,
	BOOK_STYLE_TILE_WORDS /* a label of two lines */,
	BOOK_STYLE_TILE_UP /* a change beside a tile's figure */,
	BOOK_STYLE_TILE_DOWN,
	BOOK_STYLE_TILE_SAME,
	BOOK_STYLE_OVER /* head over a column of a small matrix */,
	BOOK_STYLE_SIDE /* head beside a row of it */,
	BOOK_STYLE_LINE /* text over a hairline */,
	BOOK_STYLE_LINE_RIGHT,
	BOOK_STYLE_LINE_DOWN,
	BOOK_STYLE_LINE_HEAD,
	BOOK_STYLE_LINE_HEAD_RIGHT,
	BOOK_STYLE_NOTICE /* says why there is nothing to show */,
	BOOK_STYLE_SMALL /* small grey, wrapped */,
	BOOK_STYLE_PROSE /* wrapped text */,
	BOOK_STYLE_RIGHT /* words among figures */,
	/* cells of a small matrix, centred, by how good they are */
	BOOK_STYLE_BOX,
	BOOK_STYLE_BOX_LOW,
	BOOK_STYLE_BOX_FAIR,
	BOOK_STYLE_BOX_GOOD,
	BOOK_STYLE_BOX_BEST,
	/* the same grounds for the figure of a large box, and for the words below it */
	BOOK_STYLE_CROWN,
	BOOK_STYLE_CROWN_LOW,
	BOOK_STYLE_CROWN_FAIR,
	BOOK_STYLE_CROWN_GOOD,
	BOOK_STYLE_CROWN_BEST,
	BOOK_STYLE_FOOT,
	BOOK_STYLE_FOOT_LOW,
	BOOK_STYLE_FOOT_FAIR,
	BOOK_STYLE_FOOT_GOOD,
	BOOK_STYLE_FOOT_BEST,
	BOOK_STYLE_COUNT
};
#define BOOK_STYLE_GROUNDS 5 /* from BOX, CROWN and FOOT on */

struct book_cell {
	enum book_cell_kind kind;
	enum book_style style;
	enum book_format format;         /* tables: BOOK_FORMAT_GENERAL takes the column's */
	int64_t number; int scale;
	int32_t date;
	const char *text;                /* UTF-8; also shown text of links; formula without '=' */
	const char *target;              /* links: "internal:'人员'!A1" or a relative path */
};

struct book_column {
	const char *title;
	enum book_format format;
	double width; /* display columns; 0 = from the content */
	const char *note; /* header comment or NULL */
	enum { BOOK_TOTAL_NONE, BOOK_TOTAL_SUM, BOOK_TOTAL_AVERAGE, BOOK_TOTAL_COUNT } total;
};

enum book_rule_kind {
	BOOK_RULE_DATA_BAR,
	BOOK_RULE_SHARE_BAR /* a bar from 0 to 100 %, teal; style DOWN: gold */,
	BOOK_RULE_SCALE /* two colours, low to high */,
	BOOK_RULE_HEAT /* the higher the worse */,
	BOOK_RULE_STYLE /* formula true → style */
};
struct book_rule {
	enum book_rule_kind kind;
	uint32_t column; /* of the table or matrix; UINT32_MAX: all of it */
	uint32_t row, rows; /* loose cells: only these rows; rows 0: all */
	const char *formula; /* BOOK_RULE_STYLE: relative to the first data row, e.g. "$F5<$G5" */
	enum book_style style;
};

enum book_part_kind {
	BOOK_PART_CELLS /* loose cells: titles, tiles, notes, matrices */,
	BOOK_PART_TABLE /* a structured table */,
	BOOK_PART_CHART
};
struct book_span {
	uint32_t row, column, rows, columns;
}; /* cells shown as one, counted from the part's first */
struct book_cells {
	uint32_t rows, columns;
	const struct book_cell *at; /* rows * columns */
	const struct book_span *spans;
	size_t span_count;
};
struct book_table {
	const char *name;                /* structured-table name, ASCII, unique in the book */
	const struct book_column *columns; uint32_t column_count;
	uint32_t rows;
	/* Fills `cells` (column_count) for a row; texts live until the next call. -1 with err. */
	int (*row)(void *context, uint32_t row, struct book_cell *cells, struct err *err);
	void *context;
	bool totals;
};
enum book_chart_kind {
	BOOK_CHART_COLUMN,
	BOOK_CHART_COLUMN_STACKED,
	BOOK_CHART_BAR,
	BOOK_CHART_BAR_STACKED,
	BOOK_CHART_BAR_PERCENT,
	BOOK_CHART_LINE,
	BOOK_CHART_PIE,
	BOOK_CHART_DOUGHNUT,
	BOOK_CHART_RADAR,
	BOOK_CHART_SCATTER
};
struct book_range { const char *sheet; uint32_t first_row, first_column, last_row, last_column; };
struct book_series {
	const char *name;
	struct book_range categories, values;
	int colour; /* index into the sequence palette, -1 automatic */
	bool grey; /* no colour: what is not shown */
	bool label_last; /* the value beside its last point */
};
struct book_chart {
	enum book_chart_kind kind;
	const char *title, *x_title, *y_title, *alt;
	const struct book_series *series;
	size_t series_count;
	uint32_t rows, columns; /* size in cells */
	bool labels;
	bool percent; /* values are shares: axis and labels in per cent */
};

struct book_part {
	enum book_part_kind kind;
	uint32_t row, column;            /* anchor */
	union { struct book_cells cells; struct book_table table; struct book_chart chart; };
	const struct book_rule *rules; size_t rule_count;
};
struct book_width { uint32_t first, last; double width; };
struct book_sheet {
	const char *name;                /* <= 31 characters, none of []:*?/\ , unique */
	struct book_part *parts; size_t part_count;
	uint32_t freeze_rows, freeze_columns;
	uint32_t repeat_rows;            /* header rows repeated in print: first, count from `repeat_first` */
	uint32_t repeat_first;
	bool portrait;
	bool one_page; /* printed on one page whatever its size */
	double row_height; /* of all rows but titles, points; 0: as the reader's program has it */
	bool protect;                    /* locked but for BOOK_STYLE_UNLOCKED cells */
	bool gridlines;
	const struct book_width *widths; size_t width_count;
	int tab_colour;                  /* sequence palette or -1 */
	const char *footer;              /* middle text of the printed footer */
};
struct book_property { const char *name, *value; };
struct book_name { const char *name; struct book_range cell; };         /* defined name */
struct book {
	const char *file;                /* name without folder: "HR人才盘点.xlsx" */
	const char *title, *subject, *author, *company, *comments;
	int32_t created;                 /* day number: the as-of date, never the clock */
	const char *lang;                /* "zh-CN" */
	struct book_sheet *sheets; size_t sheet_count;
	const struct book_property *properties; size_t property_count;
	const struct book_name *names; size_t name_count;
	struct arena arena;              /* owns everything above */
	void (*release)(struct book *book); /* frees what the callbacks use; may be NULL */
	void *context;
};
/* Frees a book from report/. */
void book_free(struct book *book);
/*
 * Appends the whole model as text, tables row by row (at most `max_rows` a table, 0 = all): the form of golden
 * files.
 */
int book_dump(const struct book *book, uint32_t max_rows, struct str *out, struct err *err);

#endif
