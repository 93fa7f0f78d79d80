/*
 * sheet.c - registry of the kinds of sheets and the small parts they are built of.
 *
 * Decides: order of parts on a sheet, widths from content. Does not decide: what a kind shows.
 */
#include "report/sheet.h"

#include "base/decimal.h"

#include <stdlib.h>
#include <string.h>

static const struct sheet_kind *const kinds[] = {
#define SHEET(name) &sheet_##name,
#include "report/sheets.def"
#undef SHEET
};

const struct xml_shape sheet_title_shape = {
	.element = "title", .text = true, .help = "a title in the language of xml:lang"
};

const struct sheet_kind *sheet_kind_at(size_t index)
{
	return index < sizeof kinds / sizeof kinds[0] ? kinds[index] : NULL;
}

const struct sheet_kind *sheet_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

void sheet_begin(struct sheet_build *build, const char *name)
{
	sheet_end(build);
	VEC_PUSH(&build->sheets, ((struct book_sheet){ .name = name, .tab_colour = -1 }));
	build->row = 0;
	build->parts.count = 0;
	memset(build->width, 0, sizeof build->width);
	build->open = true;
}

/* Parts beside each other are built one after the other: they stand in the order of their rows. */
static void order_parts(struct sheet_build *build)
{
	struct book_part *parts = build->parts.at;
	for (size_t i = 1; i < build->parts.count; i++) {
		struct book_part part = parts[i];
		size_t at = i;
		for (; at > 0 && parts[at - 1].row > part.row; at--)
			parts[at] = parts[at - 1];
		parts[at] = part;
	}
}

void sheet_end(struct sheet_build *build)
{
	if (!build->open)
		return;
	struct book_sheet *sheet = sheet_now(build);
	order_parts(build);
	sheet->parts = arena_alloc(build->arena, build->parts.count + 1, sizeof *sheet->parts);
	if (build->parts.count > 0)
		memcpy(sheet->parts, build->parts.at, build->parts.count * sizeof *sheet->parts);
	sheet->part_count = build->parts.count;
	struct book_width *widths = arena_alloc(build->arena, SHEET_COLUMNS, sizeof *widths);
	for (uint32_t i = 0; i < SHEET_COLUMNS; i++)
		if (build->width[i] > 0)
			widths[sheet->width_count++] = (struct book_width){ i, i, build->width[i] };
	sheet->widths = widths;
	build->open = false;
}

struct book_sheet *sheet_now(struct sheet_build *build)
{
	return &build->sheets.at[build->sheets.count - 1];
}

struct book_cell *sheet_cells(struct sheet_build *build, uint32_t column, uint32_t rows, uint32_t columns)
{
	struct book_cell *cells = arena_alloc(build->arena, (size_t)rows * columns + 1, sizeof *cells);
	VEC_PUSH(&build->parts,
		((struct book_part){
			.kind = BOOK_PART_CELLS, .row = build->row, .column = column, .cells = { rows, columns, cells } }));
	build->row += rows;
	return cells;
}

void sheet_title(struct sheet_build *build, const char *title, const char *line)
{
	struct book_cell *cells = sheet_cells(build, 0, 2, 1);
	cells[0] = sheet_text(title, BOOK_STYLE_TITLE);
	cells[1] = sheet_text(line, BOOK_STYLE_SUBTITLE);
	build->row++;
}

void sheet_heading(struct sheet_build *build, const char *text)
{
	sheet_cells(build, 0, 1, 1)[0] = sheet_text(text, BOOK_STYLE_HEADING);
}

void sheet_note(struct sheet_build *build, const char *text)
{
	sheet_cells(build, 0, 1, 1)[0] = sheet_text(text, BOOK_STYLE_GREY);
}

void sheet_gap(struct sheet_build *build, uint32_t rows)
{
	build->row += rows;
}

static int cell_width(const struct book_cell *cell, enum book_format format)
{
	char digits[48];
	switch (cell->kind) {
	case BOOK_TEXT:
	case BOOK_LINK: return cell->text != NULL ? text_width(cell->text) : 0;
	case BOOK_NUMBER:
		if (format == BOOK_FORMAT_STARS)
			return 10;
		return (int)decimal_format(cell->number, cell->scale, -1, digits) + 2;
	case BOOK_DATE: return 10;
	case BOOK_FORMULA: return 10;
	case BOOK_EMPTY: break;
	}
	return 0;
}

/*
 * On a sheet of several tables the last text column of a table may run over to the right, where nothing stands: its
 * width must not pull apart the tables above and below.
 */
static double shared_width(const struct sheet_build *build, const struct book_column *column, bool last)
{
	const struct sheet_kind *kind = sheet_kind_find(xml_attr(build->node, "kind"));
	bool alone = kind != NULL && kind->several;
	return !alone && last && column->format == BOOK_FORMAT_TEXT && column->width > 12 ? 12 : column->width;
}

/* A head wraps into two lines: half of it, or its longest word; and room for the filter's button. */
static int head_width(const char *title)
{
	int whole = text_width(title), word = 0, used = 0;
	for (const char *at = title;; at++) {
		bool latin = *at != '\0' && *at != ' ' && (unsigned char)*at < 0x80;
		used = latin ? used + 1 : 0;
		word = used > word ? used : word;
		if (*at == '\0')
			break;
	}
	int half = whole > 8 ? (whole + 1) / 2 + 1 : whole;
	return (half > word ? half : word) + 4;
}

#define SAMPLE_ROWS 300u
#define WIDTH_LEAST 7
#define WIDTH_MOST 48

struct book_part *sheet_table(struct sheet_build *build, const char *name, const struct book_column *columns,
	uint32_t column_count, uint32_t rows,
	int (*row)(void *context, uint32_t row, struct book_cell *cells, struct err *err), void *context, bool totals,
	struct err *err)
{
	struct book_column *own = arena_alloc(build->arena, column_count, sizeof *own);
	memcpy(own, columns, column_count * sizeof *own);
	struct book_cell *cells = mem_new(column_count + 1u, sizeof *cells);
	int *widest = mem_new(column_count + 1u, sizeof *widest);
	int status = 0;
	for (uint32_t r = 0; r < rows && r < SAMPLE_ROWS && status == 0; r++) {
		memset(cells, 0, column_count * sizeof *cells);
		status = row(context, r, cells, err);
		for (uint32_t c = 0; c < column_count && status == 0; c++) {
			int width = cell_width(&cells[c], own[c].format);
			if (width > widest[c])
				widest[c] = width;
		}
	}
	for (uint32_t c = 0; c < column_count; c++) {
		if (own[c].width <= 0) {
			int head = head_width(own[c].title);
			int width = widest[c] + 3 > head ? widest[c] + 3 : head;
			own[c].width = width < WIDTH_LEAST ? WIDTH_LEAST : width > WIDTH_MOST ? WIDTH_MOST : width;
		}
		sheet_width(build, c, shared_width(build, &own[c], c + 1 == column_count));
	}
	free(cells);
	free(widest);
	if (status != 0)
		return NULL;
	VEC_PUSH(&build->parts,
		((struct book_part){ .kind = BOOK_PART_TABLE,
			.row = build->row,
			.table = { .name = name,
				.columns = own,
				.column_count = column_count,
				.rows = rows,
				.row = row,
				.context = context,
				.totals = totals } }));
	build->row += rows + 1 + (totals ? 1 : 0);
	return &build->parts.at[build->parts.count - 1];
}

struct grid {
	const struct book_cell *cells;
	uint32_t columns;
};

static int grid_row(void *context, uint32_t row, struct book_cell *cells, struct err *err)
{
	const struct grid *grid = context;
	(void)err;
	memcpy(cells, grid->cells + (size_t)row * grid->columns, grid->columns * sizeof *cells);
	return 0;
}

struct book_part *sheet_grid(struct sheet_build *build, const char *name, const struct book_column *columns,
	uint32_t column_count, const struct book_cell *cells, uint32_t rows, struct err *err)
{
	struct grid *grid = arena_alloc(build->arena, 1, sizeof *grid);
	*grid = (struct grid){ cells, column_count };
	return sheet_table(build, name, columns, column_count, rows, grid_row, grid, false, err);
}

void sheet_highlight(struct book_part *part, const struct book_rule *rules, size_t count)
{
	part->rules = rules;
	part->rule_count = count;
}

void sheet_width(struct sheet_build *build, uint32_t column, double width)
{
	if (column < SHEET_COLUMNS && build->width[column] < width)
		build->width[column] = width;
}

void sheet_later(struct sheet_build *build, void (*release)(void *what), void *what)
{
	VEC_PUSH(&build->cleanups, ((struct sheet_cleanup){ release, what }));
}

static void release_totals(void *what)
{
	totals_release(what);
	free(what);
}

struct totals *sheet_totals(struct sheet_build *build, struct err *err)
{
	if (build->totals == NULL) {
		struct totals *totals = mem_new(1, sizeof *totals);
		if (totals_make(totals, build->input, err) != 0) {
			release_totals(totals);
			return NULL;
		}
		build->totals = totals;
		sheet_later(build, release_totals, totals);
	}
	return build->totals;
}

const char *sheet_template_title(const struct sheet_build *build)
{
	struct text_pair title = xml_text_pair(build->node, "title");
	return text_pick(&title, build->lang);
}

const char *sheet_table_name(struct arena *arena, const char *id, const char *suffix)
{
	char *name = arena_printf(arena, "t_%s%s", id, suffix);
	for (char *at = name; *at != '\0'; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9')))
			*at = '_';
	return name;
}

const char *sheet_place(struct arena *arena, uint32_t row, uint32_t column, bool fixed_column, bool fixed_row)
{
	char letters[8];
	size_t at = sizeof letters - 1;
	letters[at] = '\0';
	uint64_t n = (uint64_t)column + 1;
	do {
		n--;
		letters[--at] = (char)('A' + n % 26);
		n /= 26;
	} while (n > 0 && at > 0);
	return arena_printf(
		arena, "%s%s%s%u", fixed_column ? "$" : "", letters + at, fixed_row ? "$" : "", (unsigned)row + 1);
}

struct book_cell sheet_text(const char *text, enum book_style style)
{
	if (text == NULL || *text == '\0')
		return (struct book_cell){ .kind = BOOK_EMPTY, .style = style };
	return (struct book_cell){ .kind = BOOK_TEXT, .style = style, .text = text };
}

struct book_cell sheet_over(const char *text)
{
	return (
		struct book_cell){ .kind = BOOK_TEXT, .style = BOOK_STYLE_HEADER, .format = BOOK_FORMAT_INTEGER, .text = text };
}

struct book_cell sheet_number(int64_t number, int scale, enum book_format format)
{
	return (struct book_cell){ .kind = BOOK_NUMBER, .format = format, .number = number, .scale = scale };
}

struct book_cell sheet_count(uint64_t number)
{
	return (struct book_cell){ .kind = BOOK_NUMBER, .format = BOOK_FORMAT_INTEGER, .number = (int64_t)number };
}

struct book_cell sheet_date(int32_t day)
{
	if (day == DATE_NONE)
		return (struct book_cell){ .kind = BOOK_EMPTY };
	return (struct book_cell){ .kind = BOOK_DATE, .format = BOOK_FORMAT_DATE, .date = day };
}
