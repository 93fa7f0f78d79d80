/*
 * sheet_overview.c - the first page: whose review this is, a row of figures, and two native charts with their numbers
 * below.
 *
 * Decides: what the tiles sum up and where the charts take their numbers from. The charts read cells of this sheet,
 * so a
 * reader sees the very figures drawn.
 */
#include "report/sheet.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape tile_attrs[] = {
	{ "total", XML_CHOICE, true, "count|share|average|sum",
		"how people are summed up: number of those who meet `when`, their share, average or sum of `value`" },
	{ "value", XML_FEEL, false, NULL, "number to sum up" },
	{ "when", XML_FEEL, false, NULL, "only people who meet this condition" },
	{ "among", XML_FEEL, false, NULL, "share: of the people who meet this condition; default all" },
	{ "places", XML_INTEGER, false, NULL, "decimal places; default 1" },
	{ "optional", XML_BOOL, false, NULL, "yes: left out where the results have no such name" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const tile_children[] = { &sheet_title_shape, NULL };
static const struct xml_shape tile_shape = { "tile", tile_attrs, tile_children, 0, 12, false,
	"a figure over all active people" };
static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, &tile_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"overview: title block, tiles, two charts" };

#define CHART_COLUMNS 5u /* of the sheet: the second chart begins where the first ends */
#define TILES_A_ROW 6u

struct tile {
	const struct xml_node *node;
	int value, when, among;
	uint64_t count, of;
	struct decimal sum;
};
struct tiles {
	struct view_names names;
	struct view view;
	struct tile at[12];
	size_t count;
};

static int bind_tiles(struct sheet_build *build, struct tiles *tiles, struct err *err)
{
	if (view_names_init(&tiles->names, build->directory, "people", build->previous, err) != 0)
		return -1;
	view_init(&tiles->view, &tiles->names, build->input);
	for (const struct xml_node *node = xml_child(build->node, "tile"); node != NULL && tiles->count < 12;
		 node = xml_next(node, "tile")) {
		const char *texts[3] = { xml_attr(node, "value"), xml_attr(node, "when"), xml_attr(node, "among") };
		bool leave = xml_yes(xml_attr_or(node, "optional", "no")), known = true;
		for (size_t i = 0; i < 3; i++)
			known &= texts[i] == NULL || !leave || view_knows(&tiles->view, texts[i]);
		if (!known)
			continue;
		const char *total = xml_attr(node, "total");
		struct tile tile = { .node = node, .value = -1, .when = -1, .among = -1 };
		if (texts[0] == NULL && (strcmp(total, "average") == 0 || strcmp(total, "sum") == 0))
			return xml_fail(node, err, "a tile with total=\"%s\" needs a value", total);
		if (texts[1] == NULL && strcmp(total, "share") == 0)
			return xml_fail(node, err, "a tile with total=\"share\" needs a condition (when)");
		if ((texts[0] != NULL && (tile.value = view_bind(&tiles->view, node, texts[0], err)) < 0)
			|| (texts[1] != NULL && (tile.when = view_bind_test(&tiles->view, node, texts[1], err)) < 0)
			|| (texts[2] != NULL && (tile.among = view_bind_test(&tiles->view, node, texts[2], err)) < 0))
			return -1;
		tiles->at[tiles->count++] = tile;
	}
	return 0;
}

static void release_tiles(struct tiles *tiles)
{
	view_release(&tiles->view);
	view_names_release(&tiles->names);
}

static int sum_tiles(struct tiles *tiles, struct err *err)
{
	struct view *view = &tiles->view;
	for (uint32_t block = 0; tiles->count > 0 && block < view_blocks(view); block++) {
		if (view_load(view, block, err) != 0)
			return -1;
		for (uint32_t row = 0; row < view->count; row++) {
			if (!view->active[row])
				continue;
			for (size_t i = 0; i < tiles->count; i++) {
				struct tile *tile = &tiles->at[i];
				struct view_cell cell;
				if (tile->among >= 0 && !view_true(view, tile->among, row))
					continue;
				tile->of++;
				if (tile->when >= 0 && !view_true(view, tile->when, row))
					continue;
				if (tile->value >= 0) {
					view_at(view, tile->value, row, &cell);
					if (cell.kind != VIEW_NUMBER)
						continue;
					struct decimal number = decimal_from_scaled(cell.number, cell.scale);
					tile->sum = tile->count == 0 ? number : decimal_add(tile->sum, number);
				}
				tile->count++;
			}
		}
	}
	return 0;
}

static struct book_cell tile_figure(const struct tile *tile)
{
	const char *total = xml_attr(tile->node, "total"), *places_text = xml_attr_or(tile->node, "places", "1");
	int64_t places = 1, scaled = 0;
	struct book_cell cell = sheet_count(tile->count);
	if (!decimal_parse(places_text, strlen(places_text), 0, &places) || places < 0 || places > 4)
		places = 1;
	if (strcmp(total, "count") != 0) {
		bool known = strcmp(total, "share") == 0 ? tile->of > 0 : tile->count > 0;
		struct decimal value = decimal_from_int(0);
		if (known && strcmp(total, "share") == 0)
			value = decimal_div(decimal_from_int((int64_t)tile->count), decimal_from_int((int64_t)tile->of));
		else if (known)
			value = strcmp(total, "average") == 0 ? decimal_div(tile->sum, decimal_from_int((int64_t)tile->count))
												  : tile->sum;
		bool share = strcmp(total, "share") == 0;
		int scale = share ? 2 + (int)places : (int)places;
		if (known && decimal_to_scaled_rounded(value, scale, &scaled))
			cell = sheet_number(scaled, scale,
				share             ? (places == 0 ? BOOK_FORMAT_PERCENT : BOOK_FORMAT_PERCENT1)
					: places == 0 ? BOOK_FORMAT_INTEGER
					: places == 1 ? BOOK_FORMAT_DECIMAL1
								  : BOOK_FORMAT_DECIMAL2);
		else
			cell = sheet_text("–", BOOK_STYLE_NORMAL);
	}
	cell.style = BOOK_STYLE_TILE_FIGURE;
	return cell;
}

static void show_tiles(struct sheet_build *build, const struct tiles *tiles)
{
	for (size_t first = 0; first < tiles->count; first += TILES_A_ROW) {
		struct book_cell *cells = sheet_cells(build, 0, 2, TILES_A_ROW);
		for (size_t i = 0; i < TILES_A_ROW && first + i < tiles->count; i++) {
			struct text_pair title = xml_text_pair(tiles->at[first + i].node, "title");
			cells[i] = tile_figure(&tiles->at[first + i]);
			cells[TILES_A_ROW + i] = sheet_text(text_pick(&title, build->lang), BOOK_STYLE_TILE_LABEL);
		}
		sheet_gap(build, 1);
	}
}

/* Tall enough for a label beside every bar. */
static uint32_t chart_rows(const struct totals *totals)
{
	return totals->group_count > 10 ? (uint32_t)totals->group_count + 8 : 18;
}

/* Categories with a line of their own. */
static uint32_t shown_categories(const struct totals *totals)
{
	uint32_t count = 0;
	for (size_t i = 0; i < totals->roles.category_count; i++)
		count += totals_shows(totals, i);
	return count;
}

static void chart_grades(
	struct sheet_build *build, const struct totals *totals, uint32_t data_row, struct book_part *part)
{
	struct arena *arena = build->arena;
	struct book_series *series = arena_alloc(arena, totals->grades, sizeof *series);
	const char *sheet = sheet_now(build)->name;
	uint32_t last = data_row + (uint32_t)totals->group_count;
	for (uint32_t g = 0; g < totals->grades; g++)
		series[g] = (struct book_series){ .name = figure_grade(arena, totals->roles.low + g, build->lang),
			.colour = (int)(totals->grades > 1 ? g * 4 / (totals->grades - 1) : 0),
			.categories = { sheet, data_row + 1, 0, last, 0 },
			.values = { sheet, data_row + 1, g + 1, last, g + 1 } };
	part->chart = (struct book_chart){ .kind = BOOK_CHART_BAR_STACKED,
		.title = label(LABEL_CHART_GRADES, build->lang),
		.y_title = label(LABEL_AXIS_PEOPLE, build->lang),
		.alt = label(LABEL_CHART_GRADES_ALT, build->lang),
		.series = series,
		.series_count = totals->grades,
		.rows = chart_rows(totals),
		.columns = CHART_COLUMNS,
		.labels = false };
}

static void chart_credits(
	struct sheet_build *build, const struct totals *totals, uint32_t data_row, struct book_part *part)
{
	struct book_series *series = arena_alloc(build->arena, 2, sizeof *series);
	const char *sheet = sheet_now(build)->name;
	uint32_t last = data_row + shown_categories(totals);
	static const enum label_id names[] = { LABEL_CREDITS_MEAN, LABEL_CREDITS_NEED };
	for (uint32_t i = 0; i < 2; i++)
		series[i] = (struct book_series){ .name = label(names[i], build->lang),
			.colour = i == 0 ? 4 : 1,
			.categories = { sheet, data_row + 1, 0, last, 0 },
			.values = { sheet, data_row + 1, i + 1, last, i + 1 } };
	part->chart = (struct book_chart){ .kind = BOOK_CHART_COLUMN,
		.title = label(LABEL_CHART_CREDITS, build->lang),
		.y_title = label(LABEL_AXIS_CREDITS, build->lang),
		.alt = label(LABEL_CHART_CREDITS_ALT, build->lang),
		.series = series,
		.series_count = 2,
		.rows = chart_rows(totals),
		.columns = CHART_COLUMNS,
		.labels = true };
}

static void data_grades(struct sheet_build *build, const struct totals *totals)
{
	uint32_t columns = totals->grades + 3, rows = (uint32_t)totals->group_count + 1;
	sheet_heading(build, label(LABEL_DATA_GRADES, build->lang));
	struct book_cell *cells = sheet_cells(build, 0, rows, columns);
	cells[0] = sheet_text(label(LABEL_UNIT, build->lang), BOOK_STYLE_HEADER);
	for (uint32_t g = 0; g < totals->grades; g++)
		cells[g + 1] = sheet_over(figure_grade(build->arena, totals->roles.low + g, build->lang));
	cells[totals->grades + 1] = sheet_over(label(LABEL_NOT_GRADED, build->lang));
	cells[totals->grades + 2] = sheet_over(label(LABEL_TOTAL, build->lang));
	for (uint32_t r = 1; r < rows; r++) {
		const struct totals_group *group = &totals->groups[r - 1];
		struct book_cell *line = cells + (size_t)r * columns;
		line[0] = sheet_text(group->name, BOOK_STYLE_NORMAL);
		for (uint32_t s = 0; s <= totals->grades; s++)
			line[s + 1] = sheet_count(group->count[s]);
		line[totals->grades + 2] = sheet_count(group->people);
		sheet_width(build, 0, text_width(group->name) + 2 > 40 ? 40 : text_width(group->name) + 2);
	}
	if (totals->group_count < totals->unit_count)
		sheet_note(build, label_fill(build->arena, LABEL_GROUPED, build->lang, (unsigned)TOTALS_GROUPS));
	sheet_gap(build, 1);
}

static void data_credits(struct sheet_build *build, const struct totals *totals)
{
	uint32_t rows = shown_categories(totals) + 1;
	sheet_heading(build, label(LABEL_DATA_CREDITS, build->lang));
	struct book_cell *cells = sheet_cells(build, 0, rows, 4);
	static const enum label_id heads[] = { LABEL_CATEGORY, LABEL_CREDITS_MEAN, LABEL_CREDITS_NEED,
		LABEL_CREDITS_SHORT };
	for (uint32_t i = 0; i < 4; i++)
		cells[i] = i == 0 ? sheet_text(label(heads[i], build->lang), BOOK_STYLE_HEADER)
						  : sheet_over(label(heads[i], build->lang));
	for (size_t i = 0, r = 1; i < totals->roles.category_count; i++) {
		if (!totals_shows(totals, i))
			continue;
		const struct totals_category *total = &totals->categories[i];
		struct book_cell *line = cells + r++ * 4;
		int64_t mean;
		line[0] = sheet_text(text_pick(&totals->roles.categories[i].title, build->lang), BOOK_STYLE_NORMAL);
		if (total->known > 0
			&& decimal_to_scaled_rounded(decimal_div(total->sum, decimal_from_int((int64_t)total->known)), 1, &mean))
			line[1] = sheet_number(mean, 1, BOOK_FORMAT_DECIMAL1);
		if (total->need.known && !total->need_varies)
			line[2] = sheet_number(total->need.number, total->need.scale, BOOK_FORMAT_DECIMAL1);
		line[3] = sheet_count(total->below);
		if (total->below > 0)
			line[3].style = BOOK_STYLE_DOWN;
	}
}

static int build_overview(struct sheet_build *build, struct err *err)
{
	const struct report_input *input = build->input;
	struct totals *totals = sheet_totals(build, err);
	if (totals == NULL)
		return -1;
	struct tiles *tiles = mem_new(1, sizeof *tiles);
	int status = bind_tiles(build, tiles, err) != 0 || sum_tiles(tiles, err) != 0 ? -1 : 0;
	if (status == 0) {
		char day[16];
		date_format_iso(facts_params(input->facts)->as_of, day);
		const char *period = figure_period(build->arena, &input->period, build->lang),
				   *title = sheet_template_title(build);
		sheet_title(build, arena_printf(build->arena, "%s%s%s", title, label(LABEL_SEPARATOR, build->lang), period),
			label_fill(build->arena, LABEL_OVERVIEW_LINE, build->lang, *input->centre != '\0' ? input->centre : period,
				day, build->directory->rulebook, build->directory->version, input->run_name));
		for (uint32_t c = 0; c < TILES_A_ROW; c++)
			sheet_width(build, c, 17);
		show_tiles(build, tiles);
		bool grades = totals->grades > 0 && totals->group_count > 0, credits = shown_categories(totals) > 0;
		uint32_t top = build->row, data = top + (grades || credits ? chart_rows(totals) + 1 : 0);
		uint32_t grade_rows =
			grades ? (uint32_t)totals->group_count + 3 + (totals->group_count < totals->unit_count ? 1u : 0u) : 0;
		if (grades) {
			VEC_PUSH(&build->parts, ((struct book_part){ .kind = BOOK_PART_CHART, .row = top, .column = 0 }));
			chart_grades(build, totals, data + 1, &build->parts.at[build->parts.count - 1]);
		}
		if (credits) {
			VEC_PUSH(&build->parts,
				((struct book_part){ .kind = BOOK_PART_CHART, .row = top, .column = grades ? CHART_COLUMNS : 0 }));
			chart_credits(build, totals, data + grade_rows + 1, &build->parts.at[build->parts.count - 1]);
		}
		build->row = data;
		if (grades)
			data_grades(build, totals);
		else
			sheet_note(build, label(LABEL_NO_GRADE, build->lang));
		if (credits)
			data_credits(build, totals);
	}
	release_tiles(tiles);
	free(tiles);
	return status;
}

static int check(struct sheet_build *build, struct err *err)
{
	struct tiles *tiles = mem_new(1, sizeof *tiles);
	int status = bind_tiles(build, tiles, err);
	release_tiles(tiles);
	free(tiles);
	return status;
}

const struct sheet_kind sheet_overview = { "overview", "title block, tiles, two native charts", &shape, check,
	build_overview, false, 0, "hr manager", NULL };
