/*
 * sheet_dashboard.c - one page for executives: figures with their change, bands of blocks; and the sheet of the numbers
 * behind the charts.
 *
 * Decides: where things stand. Sums only: nobody is named, small numbers are hidden (dash_count.c) in the charts'
 * numbers as well. A block that has nothing to show says why.
 */
#include "report/sheet.h"

#include "report/dash.h"
#include "report/figure.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape block_attrs[] = {
	{ "kind", XML_CHOICE, true, "stars|movement|nine-box|gaps|bench|trend", "what the block shows, once a page" },
	{ "width", XML_INTEGER, true, NULL, "columns of the page's grid of 59; 2 stay free between blocks" },
	{ "most", XML_INTEGER, false, NULL, "gaps: competencies shown at most, largest weighted shortfall first" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape hint_shape = { "hint", NULL, NULL, 0, 0, true, "a remark beside the title" };
static const struct xml_shape *const block_children[] = { &sheet_title_shape, &hint_shape, &tiles_line_shape, NULL };
static const struct xml_shape block_shape = { "block", block_attrs, block_children, 1, 4, false,
	"a part of the page under its own heading" };
static const struct xml_shape *const band_children[] = { &block_shape, NULL };
static const struct xml_shape band_shape = { "band", NULL, band_children, 0, 6, false, "blocks beside each other" };
static const struct xml_shape *const data_children[] = { &sheet_title_shape, NULL };
static const struct xml_shape data_shape = { "data", NULL, data_children, 0, 1, false,
	"the sheet of the charts' numbers" };

static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, &tiles_shape, &band_shape, &data_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"dashboard: figures with their change, bands of blocks; no individuals" };

#define COLUMN_WIDTH 2.3 /* characters */
#define COLUMN_PIXELS 21u
#define ROW_HEIGHT 19.5 /* points */

/* ---- tiles ---- */

#define TILES_SHOWN 6u

static const char *tile_text(struct arena *arena, int64_t number, int scale, enum book_format format)
{
	bool share = format == BOOK_FORMAT_PERCENT || format == BOOK_FORMAT_PERCENT1;
	const char *plain = figure_number(arena, number, share ? scale - 2 : scale, share ? scale - 2 : scale);
	size_t whole = strcspn(plain, ".");
	if (share)
		return arena_printf(arena, "%s%%", plain);
	if (whole < 4 || whole > 6 || *plain == '-')
		return plain;
	return arena_printf(arena, "%.*s,%s", (int)(whole - 3), plain, plain + whole - 3);
}

/* "▲ 2.1" against the last period, or nothing. */
static struct book_cell tile_change(struct sheet_build *build, const struct dash *dash, size_t i)
{
	const struct book_cell none = { .kind = BOOK_EMPTY, .style = BOOK_STYLE_TILE_UP };
	if (!dash->compared || dash_tile_hidden(dash, i))
		return none;
	const struct tile *now = &dash->now.at[i], *before = &dash->before.at[i];
	int64_t a, b;
	int a_scale, b_scale, scale;
	enum book_format format, other;
	bool everybody = strcmp(xml_attr(now->node, "total"), "count") == 0 && xml_attr(now->node, "when") == NULL;
	if (!before->known || !(now->of_results || everybody) || !tiles_tells(&dash->before, before)
		|| !tiles_value(now, &a, &a_scale, &format) || !tiles_value(before, &b, &b_scale, &other))
		return none;
	int64_t change = figure_minus(a, a_scale, b, b_scale, &scale);
	if (change == 0)
		return sheet_text("± 0", BOOK_STYLE_TILE_SAME);
	bool good = (change > 0) != (strcmp(xml_attr_or(now->node, "better", "up"), "down") == 0);
	bool share = format == BOOK_FORMAT_PERCENT || format == BOOK_FORMAT_PERCENT1;
	int places = share ? scale - 2 : scale;
	const char *size = figure_number(build->arena, change < 0 ? -change : change, places, places);
	return sheet_text(arena_printf(build->arena, "%s %s", change > 0 ? "▲" : "▼", size),
		good ? BOOK_STYLE_TILE_UP : BOOK_STYLE_TILE_DOWN);
}

static void show_tile(struct sheet_build *build, const struct dash *dash, size_t i, uint32_t column, uint32_t columns)
{
	const struct tile *tile = &dash->now.at[i];
	struct text_pair title = xml_text_pair(tile->node, "title");
	struct dash_grid grid;
	int64_t number;
	int scale;
	enum book_format format;
	const char *figure = "–";
	uint32_t half = (columns + 1) / 2;
	if (tiles_value(tile, &number, &scale, &format))
		figure = dash_tile_hidden(dash, i) ? DASH_HIDDEN : tile_text(build->arena, number, scale, format);
	dash_grid_begin(&grid, build, build->row, column, 3, columns);
	dash_grid_put(&grid, 0, 0, 1, half, sheet_text(figure, BOOK_STYLE_TILE_FIGURE));
	dash_grid_put(&grid, 0, half, 1, columns - half, tile_change(build, dash, i));
	dash_grid_put(&grid, 1, 0, 2, columns, sheet_text(text_pick(&title, build->lang), BOOK_STYLE_TILE_WORDS));
	dash_grid_end(&grid);
}

static void show_tiles(struct sheet_build *build, const struct dash *dash)
{
	size_t known[TILES_SHOWN], count = 0;
	for (size_t i = 0; i < dash->now.count && count < TILES_SHOWN; i++)
		if (dash->now.at[i].known)
			known[count++] = i;
	if (count == 0)
		return;
	for (uint32_t k = 0; k < count; k++) {
		uint32_t first = k * (DASH_COLUMNS + 1) / (uint32_t)count,
				 next = (k + 1) * (DASH_COLUMNS + 1) / (uint32_t)count;
		show_tile(build, dash, known[k], first, next - first - 1);
	}
	build->row += 4;
}

/* ---- bands ---- */

static uint32_t width_of(const struct xml_node *block)
{
	const char *text = xml_attr(block, "width");
	int64_t width;
	return decimal_parse(text, strlen(text), 0, &width) && width > 0 && width <= DASH_COLUMNS ? (uint32_t)width : 0;
}

static void show_heading(struct sheet_build *build, const struct xml_node *block, uint32_t column, uint32_t columns)
{
	struct text_pair title = xml_text_pair(block, "title"), hint = xml_text_pair(block, "hint");
	const char *text = text_pick(&title, build->lang), *remark = text_pick(&hint, build->lang);
	uint32_t wide = (uint32_t)text_width(text) * 9 / COLUMN_PIXELS + 2;
	wide = remark == NULL || *remark == '\0' || wide > columns ? columns : wide;
	struct dash_grid grid;
	dash_grid_begin(&grid, build, build->row, column, 1, columns);
	dash_grid_put(&grid, 0, 0, 1, wide, sheet_text(text, BOOK_STYLE_HEADING));
	if (wide < columns)
		dash_grid_put(&grid, 0, wide, 1, columns - wide, sheet_text(remark, BOOK_STYLE_HEADING_NOTE));
	dash_grid_end(&grid);
}

static void show_band(struct sheet_build *build, const struct dash *dash, const struct xml_node *band)
{
	uint32_t rows = 0, column = 0;
	for (const struct xml_node *block = xml_child(band, "block"); block != NULL; block = xml_next(block, "block")) {
		uint32_t own = dash_kind_find(xml_attr(block, "kind"))->rows(dash, build, block);
		rows = own > rows ? own : rows;
	}
	for (const struct xml_node *block = xml_child(band, "block"); block != NULL; block = xml_next(block, "block")) {
		struct dash_place place = { build->row + 1, column, rows, width_of(block) };
		show_heading(build, block, column, place.columns);
		dash_kind_find(xml_attr(block, "kind"))->show(dash, build, block, &place);
		column += place.columns + DASH_GAP;
	}
	build->row += rows + 2;
}

/* ---- the page ---- */

static void show_title(struct sheet_build *build, const struct dash *dash)
{
	const struct report_input *input = build->input;
	struct arena *arena = build->arena;
	char day[16];
	date_format_iso(facts_params(input->facts)->as_of, day);
	const char *period = figure_period(arena, &input->period, build->lang),
			   *title = arena_printf(
				   arena, "%s%s%s", sheet_template_title(build), label(LABEL_SEPARATOR, build->lang), period),
			   *centre = *input->centre != '\0' ? input->centre : period;
	const struct dash_stars *stars = &dash->stars;
	const char *people = tile_text(arena, (int64_t)dash->now.people, 0, BOOK_FORMAT_INTEGER);
	if (stars->grades == 0) {
		sheet_title(build, title,
			label_fill(arena, LABEL_DASH_LINE_PLAIN, build->lang, centre,
				dash->now.people > 0 && dash->now.people < 5 ? DASH_HIDDEN : people, day, input->directory->rulebook,
				input->directory->version));
		return;
	}
	sheet_title(build, title,
		label_fill(arena, LABEL_DASH_LINE, build->lang, centre,
			dash_hidden(dash, stars->people_cell) ? DASH_HIDDEN : people,
			dash_hidden(dash, stars->graded_cell) ? DASH_HIDDEN
												  : tile_text(arena, (int64_t)stars->graded, 0, BOOK_FORMAT_INTEGER),
			day, input->directory->rulebook, input->directory->version));
}

static void show_notes(struct sheet_build *build)
{
	const struct report_input *input = build->input;
	struct dash_grid grid;
	dash_grid_begin(&grid, build, build->row, 0, 1, DASH_COLUMNS);
	dash_grid_put(&grid, 0, 0, 1, DASH_COLUMNS,
		sheet_text(arena_printf(build->arena, "%s　%s", label(LABEL_DASH_NOTE, build->lang),
					   input->previous != 0 && input->earlier_count > 0
						   ? label_fill(build->arena, LABEL_DASH_CHANGE_NOTE, build->lang, input->earlier_periods[0])
						   : label(LABEL_DASH_FIRST_NOTE, build->lang)),
			BOOK_STYLE_SMALL));
	dash_grid_end(&grid);
	build->row++;
}

static int build_dashboard(struct sheet_build *build, struct err *err)
{
	struct dash *dash = mem_new(1, sizeof *dash);
	struct text_pair data = xml_text_pair(xml_child(build->node, "data"), "title");
	int status = dash_make(dash, build, err);
	if (status == 0) {
		dash->data = text_pick(&data, build->lang);
		dash_data_place(dash);
		sheet_begin(build, sheet_template_title(build));
		sheet_now(build)->one_page = true;
		sheet_now(build)->row_height = ROW_HEIGHT;
		for (uint32_t c = 0; c < DASH_COLUMNS; c++)
			sheet_width(build, c, COLUMN_WIDTH);
		show_title(build, dash);
		show_tiles(build, dash);
		for (const struct xml_node *band = xml_child(build->node, "band"); band != NULL; band = xml_next(band, "band"))
			show_band(build, dash, band);
		show_notes(build);
		dash_data_show(build, dash);
	}
	dash_release(dash);
	free(dash);
	return status;
}

static int check_bands(const struct xml_node *sheet, struct err *err)
{
	for (const struct xml_node *band = xml_child(sheet, "band"); band != NULL; band = xml_next(band, "band")) {
		uint32_t wide = 0;
		for (const struct xml_node *block = xml_child(band, "block"); block != NULL; block = xml_next(block, "block")) {
			const char *kind = xml_attr(block, "kind");
			if (width_of(block) == 0)
				return xml_fail(
					block, err, "width=\"%s\" is not between 1 and %u", xml_attr(block, "width"), DASH_COLUMNS);
			if (dash_block(sheet, kind) != block)
				return xml_fail(block, err, "there may be one block \"%s\" only", kind);
			if (strcmp(kind, "trend") != 0 && xml_child(block, "line") != NULL)
				return xml_fail(block, err, "only a block \"trend\" has lines");
			wide += width_of(block) + (wide > 0 ? DASH_GAP : 0);
		}
		if (wide > DASH_COLUMNS)
			return xml_fail(band, err, "the blocks need %u columns of %u", wide, DASH_COLUMNS);
	}
	return 0;
}

static int check(struct sheet_build *build, struct err *err)
{
	const struct xml_node *trend = dash_block(build->node, "trend");
	if (xml_child(build->node, "data") == NULL)
		return xml_fail(build->node, err, "a dashboard needs <data>, the sheet of its charts' numbers");
	if (check_bands(build->node, err) != 0
		|| tiles_check(build->node, "kpi", build->directory, build->previous, err) != 0)
		return -1;
	return trend == NULL ? 0 : tiles_check(trend, "line", build->directory, NULL, err);
}

const struct sheet_kind sheet_dashboard = { "dashboard", "one page for executives, without individuals", &shape, check,
	build_dashboard, true, 0, "hr executive", NULL };
