/*
 * dash_grid.c - the page of a dashboard is a grid of narrow columns of one width; what stands on it are spans of them.
 *
 * Decides: how cells, headings and notices are put on the grid. Does not decide: what a block shows.
 */
#include "report/dash.h"

#include <string.h>

struct book_cell *dash_area(struct sheet_build *build, uint32_t row, uint32_t column, uint32_t rows, uint32_t columns)
{
	uint32_t next = build->row;
	build->row = row;
	struct book_cell *cells = sheet_cells(build, column, rows, columns);
	build->row = next;
	return cells;
}

void dash_grid_begin(
	struct dash_grid *grid, struct sheet_build *build, uint32_t row, uint32_t column, uint32_t rows, uint32_t columns)
{
	*grid = (struct dash_grid){ .build = build, .columns = columns };
	grid->cells = dash_area(build, row, column, rows, columns);
	grid->part = &build->parts.at[build->parts.count - 1];
	grid->spans = arena_alloc(build->arena, (size_t)rows * columns + 1, sizeof *grid->spans);
}

void dash_grid_put(
	struct dash_grid *grid, uint32_t row, uint32_t column, uint32_t rows, uint32_t columns, struct book_cell cell)
{
	for (uint32_t r = 0; r < rows; r++)
		for (uint32_t c = 0; c < columns; c++)
			grid->cells[(size_t)(row + r) * grid->columns + column + c].style = cell.style;
	grid->cells[(size_t)row * grid->columns + column] = cell;
	if (rows * columns > 1)
		grid->spans[grid->span_count++] = (struct book_span){ row, column, rows, columns };
}

void dash_grid_end(struct dash_grid *grid)
{
	grid->part->cells.spans = grid->spans;
	grid->part->cells.span_count = grid->span_count;
}

struct book_cell dash_told(uint64_t count, bool hidden, enum book_style style)
{
	struct book_cell cell = hidden ? sheet_text(DASH_HIDDEN, style) : sheet_count(count);
	cell.style = style;
	return cell;
}

uint32_t dash_head_rows(const char *text, uint32_t columns)
{
	return (uint32_t)text_width(text) * 7 > columns * 21 - 6 ? 2 : 1; /* pixels of half a character, of a column */
}

void dash_notice(struct sheet_build *build, const struct dash_place *place, const char *text)
{
	struct dash_grid grid;
	uint32_t rows = place->rows < 4 ? place->rows : 4;
	dash_grid_begin(&grid, build, place->row, place->column, rows, place->columns);
	dash_grid_put(&grid, 0, 0, rows, place->columns, sheet_text(text, BOOK_STYLE_NOTICE));
	dash_grid_end(&grid);
}
