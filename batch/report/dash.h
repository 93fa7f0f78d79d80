/*
 * dash.h - a dashboard: what it counts, all small numbers hidden together, and the blocks that show it.
 *
 * Private to sheet_dashboard.c and dash_*.c. Every count of people that is shown is a cell of one suppress_set, so what
 * one block hides no other block, tile or chart gives away.
 */
#ifndef PANDIAN_REPORT_DASH_H
#define PANDIAN_REPORT_DASH_H

#include "report/departments.h"
#include "report/heat.h"
#include "report/nine.h"
#include "report/sheet.h"
#include "report/suppress_set.h"
#include "report/tiles.h"

#define DASH_COLUMNS 59u /* of the page, all of one width */
#define DASH_GAP 2u /* columns between blocks */
#define DASH_PERIODS 8u /* of the trend, the newest ones */
#define DASH_LINES 6u
#define DASH_SEATS 24u /* key positions */
#define DASH_STEPS 32u
#define DASH_DEPARTMENTS 16u /* shown; the smallest beyond stand together */
#define DASH_HIDDEN "*"

/* Grades by department, of those graded; and from where to where they moved. */
struct dash_stars {
	uint32_t grades; /* 0: nothing is graded */
	int64_t low;
	uint32_t rows; /* departments with people graded */
	const char **name;
	uint64_t *count; /* (rows + 1) x (grades + 1): with totals in the last column and row */
	uint32_t *cell; /* the same in the set */
	uint64_t graded, people;
	uint32_t graded_cell, people_cell;
	bool moved; /* there is a period before */
	uint64_t *from; /* grades x grades: to by from */
	uint32_t *from_cell;
	uint64_t moves[3]; /* up, the same, down */
	uint32_t moves_cell[3];
};
struct dash_nine {
	struct nine nine;
	uint32_t cell[NINE_STATES];
};
struct dash_seat {
	const char *title;
	const char *step; /* id, NULL: no step leads there */
	int64_t seats; /* headcount, DECIMAL_NONE: not given */
	uint64_t incumbents, ready, near;
	int64_t depth; /* two places */
	uint32_t incumbents_cell, ready_cell, near_cell;
};
struct dash_bench {
	bool there;
	struct dash_seat at[DASH_SEATS];
	uint32_t count;
};
struct dash_trend {
	uint32_t lines, periods; /* oldest first, the run shown last */
	const char *title[DASH_LINES];
	const char *period[DASH_PERIODS];
	struct dash_point {
		bool known, hidden;
		int64_t share; /* three places */
	} at[DASH_LINES][DASH_PERIODS];
};
struct dash {
	struct suppress_set *set;
	struct tiles now, before;
	bool compared; /* there is a period before */
	uint32_t tile_cell[TILES_MOST]; /* UINT32_MAX: not in the set */
	struct dash_stars stars;
	struct dash_nine nine;
	struct dash_bench bench;
	struct heat heat;
	struct dash_trend trend;
	const char *data; /* name of the sheet of numbers */
	uint32_t trend_row; /* of the head of the trend there, of that of the shares of grades */
	uint32_t shares_row;
};
/* Counts everything the node asks for, and settles what is hidden. */
int dash_make(struct dash *dash, struct sheet_build *build, struct err *err);
void dash_release(struct dash *dash);
bool dash_hidden(const struct dash *dash, uint32_t cell);
bool dash_tile_hidden(const struct dash *dash, size_t tile);
/* A node of blocks of this kind (first one), or NULL. */
const struct xml_node *dash_block(const struct xml_node *sheet, const char *kind);
/* What dash_make calls (dash_trend.c, dash_bench.c). */
int dash_trend_make(struct dash_trend *trend, const struct xml_node *node, const struct report_input *input,
	struct arena *arena, struct err *err);
int dash_bench_make(struct dash_bench *bench, const struct report_input *input, struct arena *arena, struct err *err);

/* ---- blocks ---- */

/* Where a block stands: below its heading. */
struct dash_place {
	uint32_t row, column, rows, columns;
};
struct dash_kind {
	const char *name;
	uint32_t (*rows)(const struct dash *dash, struct sheet_build *build, const struct xml_node *block);
	void (*show)(const struct dash *dash, struct sheet_build *build, const struct xml_node *block,
		const struct dash_place *place);
};
const struct dash_kind *dash_kind_find(const char *name);

/* Cells at a place; the next row of the sheet stays where it is. */
struct book_cell *dash_area(struct sheet_build *build, uint32_t row, uint32_t column, uint32_t rows, uint32_t columns);
/*
 * A block being filled on the grid: cells of one size, each a span of grid columns. The pieces of a line are given
 * from left to right.
 */
struct dash_grid {
	struct sheet_build *build;
	struct book_part *part; /* valid until the next part is added */
	struct book_cell *cells;
	uint32_t columns;
	struct book_span *spans;
	size_t span_count;
};
void dash_grid_begin(
	struct dash_grid *grid, struct sheet_build *build, uint32_t row, uint32_t column, uint32_t rows, uint32_t columns);
void dash_grid_put(
	struct dash_grid *grid, uint32_t row, uint32_t column, uint32_t rows, uint32_t columns, struct book_cell cell);
void dash_grid_end(struct dash_grid *grid);
/* "*" for a hidden count, else the count, both in a style. */
struct book_cell dash_told(uint64_t count, bool hidden, enum book_style style);
/* Rows a head over some grid columns needs: 1 or 2. */
uint32_t dash_head_rows(const char *text, uint32_t columns);
/* Words in place of a block that has nothing to show. */
void dash_notice(struct sheet_build *build, const struct dash_place *place, const char *text);

/* The sheet of numbers (dash_data.c). */
void dash_data_place(struct dash *dash); /* says where its charts' numbers will stand */
void dash_data_show(struct sheet_build *build, const struct dash *dash);

#endif
