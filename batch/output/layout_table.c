/*
 * layout_table.c - tables: widths of columns, alignment, rows over pages under a repeated head.
 *
 * A row is never split unless it alone is taller than a page. A figure that is too wide shrinks before it wraps.
 */
#include "output/layout.h"

#include <math.h>
#include <string.h>

#define SIZE 8.2
#define LEADING 11.8
#define PAD_X 4.0 /* inside a cell, left and right */
#define PAD_Y 2.9
#define FIGURES 0.45 /* share of spare width a column of figures takes, against one of text */
#define SHRUNK 6.0 /* no figure gets smaller */
#define WHOLE 0.45 /* of a page: a table no taller is kept whole … */
#define HOLE 0.25 /* … if that leaves no larger share of the page empty */

struct column {
	double x, width, natural, least, weight, before, after; /* of the decimal point, 1/1000 em */
	bool right;
};
struct shaped {
	struct layout_run run;
	const char *text;
};
struct table {
	const struct doc_table *doc;
	struct column *column;
	struct shaped *head, *cells;
	double scale; /* 1; less where even the least widths do not fit: type and padding shrink together */
};
struct cell {
	size_t first, count;
	double size;
};

/* The part of a figure before its decimal point: all of it where there is none. False if it has no digit ("–"). */
static bool before_point(const struct layout *layout, struct layout_run run, uint32_t *width)
{
	bool digit = false;
	*width = 0;
	for (uint32_t i = 0; i < run.count; i++) {
		uint32_t c = layout->text.at[run.start + i];
		if (c == '.')
			break;
		digit = digit || (c >= '0' && c <= '9');
		*width += font_advance(font_glyph(layout->fonts, c));
	}
	return digit;
}

/* Texts are shaped once: those of the head, then row by row. */
static void shape_cells(struct layout *layout, struct table *table)
{
	const struct doc_table *doc = table->doc;
	const size_t count = doc->column_count;
	table->head = arena_room(&layout->scratch, count * (doc->rows + 1), sizeof *table->head);
	table->cells = table->head + count;
	for (size_t c = 0; c < count; c++)
		table->head[c] = (struct shaped){ layout_shape(layout, doc->columns[c].title), doc->columns[c].title };
	for (size_t i = 0; i < count * doc->rows; i++)
		table->cells[i] = (struct shaped){ layout_shape(layout, doc->cells[i].text), doc->cells[i].text };
}

static void measure(const struct layout *layout, const struct table *table)
{
	const struct doc_table *doc = table->doc;
	for (size_t c = 0; c < doc->column_count; c++) {
		const struct doc_table_column *from = &doc->columns[c];
		struct column *to = &table->column[c];
		to->right = from->align == DOC_RIGHT || from->align == DOC_DECIMAL;
		to->natural = layout_width(table->head[c].run, SIZE);
		to->least = fmin(layout_longest(layout, table->head[c].run, SIZE), 80);
		for (size_t r = 0; r < doc->rows; r++) {
			struct layout_run run = table->cells[r * doc->column_count + c].run;
			uint32_t before;
			if (from->align == DOC_DECIMAL && before_point(layout, run, &before)) {
				to->before = fmax(to->before, before);
				to->after = fmax(to->after, run.width - before);
			}
			to->natural = fmax(to->natural, layout_width(run, SIZE));
			if (to->right) /* at the size it may shrink to */
				to->least = fmax(to->least, fmin(layout_width(run, SHRUNK), 90));
			else if (layout_width(run, SIZE) > to->least)
				to->least = fmax(to->least, fmin(layout_longest(layout, run, SIZE), 80));
		}
		to->natural = fmax(to->natural, (to->before + to->after) * SIZE / 1000) + 2 * PAD_X;
		to->least = fmax(to->least, 2 * SIZE) + 2 * PAD_X;
	}
}

/*
 * Widths: declared shares of the whole, the rest from the content; what is left over goes to the columns without a
 * share.
 * Where there is too little, every column keeps its least and what remains goes by what is still wanted.
 */
static double place_columns(const struct doc_table *doc, struct column *column, double x, double width)
{
	size_t count = doc->column_count;
	double shared = 0, wanted = 0, least = 0, weights = 0, scale = 1;
	for (size_t c = 0; c < count; c++)
		shared += fmax(doc->columns[c].share, 0);
	for (size_t c = 0; c < count; c++) {
		bool share = doc->columns[c].share > 0;
		column[c].width =
			share ? fmax(doc->columns[c].share / fmax(shared, 1) * width, column[c].least) : column[c].natural;
		column[c].least = fmin(column[c].least, column[c].width);
		column[c].weight = share ? 0 : column[c].natural * (column[c].right ? FIGURES : 1);
		wanted += column[c].width;
		least += column[c].least;
		weights += column[c].weight;
	}
	for (size_t c = 0; c < count; c++) {
		if (wanted <= width)
			column[c].width += (width - wanted) * (weights > 0 ? column[c].weight / weights : column[c].width / wanted);
		else if (least < width)
			column[c].width =
				column[c].least + (width - least) * (column[c].width - column[c].least) / (wanted - least);
		else
			column[c].width = column[c].least * width / least;
		column[c].x = x;
		x += column[c].width;
	}
	if (least > width)
		scale = width / least;
	return scale;
}

static void put_cell(struct layout *layout, const struct layout_flow *flow, const struct table *table, size_t c,
	struct layout_run line, double size, double y, enum layout_colour colour, bool bold, bool head)
{
	const struct doc_table_column *doc = &table->doc->columns[c];
	const struct column *column = &table->column[c];
	double room = column->width - 2 * PAD_X * table->scale, width = layout_width(line, size),
		   x = column->x + PAD_X * table->scale;
	uint32_t before;
	if (doc->align == DOC_DECIMAL && !head && (column->before + column->after) * size / 1000 <= room + 0.01
		&& before_point(layout, line, &before) && before <= column->before
		&& line.width - before <= column->after) /* not so in a later line of a wrapped cell */
		x += room - (column->after + before) * size / 1000;
	else if (column->right)
		x += room - width;
	else if (doc->align == DOC_CENTRE)
		x += (room - width) / 2;
	layout_put(layout, flow->page, line, x, y + ((LEADING - SIZE) / 2 + LAYOUT_ASCENT * SIZE) * table->scale, size,
		colour, bold);
}

static double wrap_cells(
	struct layout *layout, const struct table *table, const struct shaped *cells, struct cell *out)
{
	size_t most = 1;
	for (size_t c = 0; c < table->doc->column_count; c++) {
		double room = table->column[c].width - 2 * PAD_X * table->scale, size = SIZE * table->scale;
		if (table->column[c].right)
			size = layout_fit(cells[c].run, size, SHRUNK * table->scale, room);
		out[c].first = layout->lines.count;
		out[c].count = cells[c].text && strchr(cells[c].text, '\n')
			? layout_wrap(layout, cells[c].text, size, room)
			: layout_wrap_run(layout, cells[c].run, size, room);
		out[c].size = size;
		most = out[c].count > most ? out[c].count : most;
	}
	return (double)most;
}

static void put_lines(struct layout *layout, const struct layout_flow *flow, const struct table *table,
	const struct doc_cell *cells, const struct cell *wrapped, size_t from, size_t to, double y)
{
	for (size_t c = 0; c < table->doc->column_count; c++)
		for (size_t i = from; i < to && i < wrapped[c].count; i++) {
			enum layout_colour colour = cells ? layout_tone(cells[c].tone) : LAYOUT_GREY;
			put_cell(layout, flow, table, c, layout->lines.at[wrapped[c].first + i], wrapped[c].size,
				y + (double)(i - from) * LEADING * table->scale, colour, cells ? cells[c].strong : false, !cells);
		}
}

static double draw_head(
	struct layout *layout, const struct layout_flow *flow, const struct table *table, struct cell *wrapped)
{
	size_t first = layout->lines.count;
	size_t lines = (size_t)wrap_cells(layout, table, table->head, wrapped);
	double height = ((double)lines * LEADING + 2 * PAD_Y) * table->scale;
	put_lines(layout, flow, table, NULL, wrapped, 0, lines, flow->y + PAD_Y * table->scale);
	layout->lines.count = first;
	layout_rect(layout, flow->page, flow->x, flow->y + height - 0.5, flow->width, 1, 0, LAYOUT_INK);
	return height;
}

static void lay_table(struct layout *layout, struct layout_flow *flow, const struct doc_table *doc)
{
	struct table table = { .doc = doc,
		.column = arena_alloc(&layout->scratch, doc->column_count, sizeof *table.column) };
	struct cell *wrapped = arena_alloc(&layout->scratch, doc->column_count, sizeof *wrapped);
	struct cell *head = arena_alloc(&layout->scratch, doc->column_count, sizeof *head);
	size_t first_line = layout->lines.count;
	shape_cells(layout, &table);
	measure(layout, &table);
	table.scale = place_columns(doc, table.column, flow->x, flow->width);
	bool titled = false;
	for (size_t c = 0; c < doc->column_count; c++)
		titled = titled || (doc->columns[c].title && doc->columns[c].title[0]);
	for (size_t r = 0; r < doc->rows; r++) {
		const struct doc_cell *cells = doc->cells + r * doc->column_count;
		size_t lines = (size_t)wrap_cells(layout, &table, table.cells + r * doc->column_count, wrapped), from = 0;
		while (from < lines) {
			size_t first_op = layout->ops.count;
			double top = flow->y, head_height = 0;
			if (r == 0 && from == 0 && titled)
				head_height = draw_head(layout, flow, &table, head);
			double page_room = flow->bottom - layout->top - head_height - 2 * PAD_Y - 60;
			size_t fits = page_room > 1e6
				? lines
				: (size_t)fmax(page_room / (LEADING * table.scale), 1); /* a row taller than a page is split */
			size_t to = lines - from <= fits ? lines : from + fits;
			double height = ((double)(to - from) * LEADING + 2 * PAD_Y) * table.scale;
			if (head_height == 0 && flow->y + height > flow->bottom + 0.01 && flow->y > layout->top + 0.01) {
				layout_break(layout, flow);
				first_op = layout->ops.count;
				top = flow->y;
				if (titled)
					head_height = draw_head(layout, flow, &table, head);
			}
			put_lines(layout, flow, &table, cells, wrapped, from, to, top + head_height + PAD_Y * table.scale);
			if (to == lines)
				layout_line(layout, flow->page, flow->x, top + head_height + height, flow->x + flow->width,
					top + head_height + height, 0.6, LAYOUT_HAIR);
			layout_unit(layout, flow, first_op, head_height + height);
			from = to;
		}
		layout->lines.count = first_line;
	}
}

/* A table that a page end would cut in two is moved whole, heading and all, where that leaves no large hole. */
void layout_table(struct layout *layout, struct layout_flow *flow, const struct doc_table *doc)
{
	if (doc->rows == 0 || doc->column_count == 0) {
		layout_text(layout, flow, &(struct doc_text){ .text = doc->empty, .tone = DOC_GREY, .small = true });
		return;
	}
	struct layout_flow before = *flow;
	size_t ops = layout->ops.count, text = layout->text.count;
	double from = flow->sticky ? flow->sticky_y : flow->y, page_height = flow->bottom - layout->top;
	lay_table(layout, flow, doc);
	double cut = flow->page == before.page + 1 ? before.bottom - from + flow->y - layout->top : 0;
	if (cut <= 0 || cut > WHOLE * page_height || before.bottom - from > HOLE * page_height
		|| from <= layout->top + 0.01 || layout->ops.at[before.sticky ? before.sticky_op : ops].page != before.page)
		return; /* the last: it began on the next page */
	layout->ops.count = ops;
	layout->text.count = (uint32_t)text;
	*flow = before;
	layout_unit(layout, flow, ops, before.bottom - before.y + 1); /* does not fit here: what sticks moves along */
	flow->y -= before.bottom - before.y + 1;
	lay_table(layout, flow, doc);
}
