/*
 * dash_rates.c - the blocks of means and shares: competency gaps, the bench of key positions, the trend.
 *
 * Decides: which competencies are shown (largest weighted shortfall of the centre first). A mean over fewer than 5
 * people is hidden, with the means over the smallest groups beside it (suppress.c).
 */
#include "report/dash.h"

#include "report/figure.h"
#include "report/suppress.h"

#include <stdlib.h>
#include <string.h>

static uint32_t number_attr(const struct xml_node *node, const char *name, uint32_t fallback, uint32_t most)
{
	const char *text = xml_attr(node, name);
	int64_t number;
	if (text == NULL || !decimal_parse(text, strlen(text), 0, &number) || number < 1)
		return fallback;
	return number < most ? (uint32_t)number : most;
}

/* ---- competency gaps ---- */

#define GAP_CELLS 3u /* grid columns of a competency */
struct gaps {
	uint32_t *unit; /* groups shown */
	uint32_t rows, columns;
	const struct heat_column **column;
	uint64_t *base; /* people assessed, rows x columns */
	uint8_t *hidden;
};

static int by_shortfall(const void *a, const void *b)
{
	const struct heat_column *x = *(const struct heat_column *const *)a, *y = *(const struct heat_column *const *)b;
	int order = figure_compare(y->weighted, y->weighted_scale, x->weighted, x->weighted_scale);
	return order != 0 ? order : (x > y) - (x < y);
}

static void choose_gaps(
	const struct dash *dash, struct sheet_build *build, const struct xml_node *block, uint32_t room, struct gaps *gaps)
{
	const struct heat *heat = &dash->heat;
	uint32_t most = number_attr(block, "most", room, room);
	*gaps = (struct gaps){ 0 };
	gaps->unit = arena_alloc(build->arena, (size_t)heat->departments.count + 1, sizeof *gaps->unit);
	gaps->column = arena_alloc(build->arena, heat->count + 1, sizeof(struct heat_column *));
	for (uint32_t g = 0; g < heat->departments.count && gaps->rows < DASH_DEPARTMENTS; g++)
		if (heat->people[g] > 0)
			gaps->unit[gaps->rows++] = g;
	for (size_t c = 0; c < heat->count; c++)
		if (heat->columns[c].known >= SUPPRESS_LEAST)
			gaps->column[gaps->columns++] = &heat->columns[c];
	if (gaps->columns > 1)
		qsort(gaps->column, gaps->columns, sizeof(struct heat_column *), by_shortfall);
	gaps->columns = gaps->columns < most ? gaps->columns : most;
	size_t size = (size_t)gaps->rows * gaps->columns + 1;
	gaps->base = arena_alloc(build->arena, size, sizeof *gaps->base);
	gaps->hidden = arena_alloc(build->arena, size, 1);
	for (uint32_t r = 0; r < gaps->rows; r++)
		for (uint32_t c = 0; c < gaps->columns; c++)
			gaps->base[r * gaps->columns + c] =
				heat->known[gaps->unit[r] * heat->count + (size_t)(gaps->column[c] - heat->columns)];
	struct suppress table = { gaps->rows, gaps->columns, gaps->base, gaps->hidden, false, false, NULL };
	suppress_table(&table);
}

/* Mean of gap x weight, the weight in per cent. */
static struct book_cell gap_cell(const struct dash *dash, const struct gaps *gaps, uint32_t r, uint32_t c)
{
	const struct heat *heat = &dash->heat;
	const struct heat_column *column = gaps->column[c];
	size_t at = gaps->unit[r] * heat->count + (size_t)(column - heat->columns);
	uint64_t base = gaps->base[r * gaps->columns + c];
	int64_t mean;
	if (base == 0)
		return sheet_text("–", BOOK_STYLE_BOX);
	if (gaps->hidden[r * gaps->columns + c]
		|| !decimal_to_scaled_rounded(
			decimal_div(decimal_mul(decimal_from_scaled(heat->sum[at], column->result->scale), decimal_from_int(100)),
				decimal_from_int((int64_t)base)),
			1, &mean))
		return sheet_text(DASH_HIDDEN, BOOK_STYLE_BOX);
	struct book_cell cell = sheet_number(mean, 1, BOOK_FORMAT_DECIMAL1);
	cell.style = BOOK_STYLE_BOX;
	return cell;
}

static uint32_t rows_gaps(const struct dash *dash, struct sheet_build *build, const struct xml_node *block)
{
	struct gaps gaps;
	choose_gaps(dash, build, block, 1, &gaps);
	return gaps.columns > 0 ? gaps.rows + 2 : 4;
}

static void show_gaps(
	const struct dash *dash, struct sheet_build *build, const struct xml_node *block, const struct dash_place *place)
{
	struct gaps gaps;
	uint32_t room = place->columns > GAP_CELLS + 3 ? (place->columns - 4) / GAP_CELLS : 1;
	choose_gaps(dash, build, block, room, &gaps);
	if (gaps.columns == 0 || gaps.rows == 0) {
		dash_notice(build, place, label(dash->heat.count > 0 ? LABEL_DASH_NOBODY : LABEL_DASH_ABSENT, build->lang));
		return;
	}
	uint32_t side = place->columns - gaps.columns * GAP_CELLS, head = 1;
	for (uint32_t c = 0; c < gaps.columns; c++)
		if (dash_head_rows(gaps.column[c]->title, GAP_CELLS) > head)
			head = 2;
	struct dash_grid grid;
	dash_grid_begin(&grid, build, place->row, place->column, gaps.rows + head, side);
	for (uint32_t r = 0; r < gaps.rows; r++)
		dash_grid_put(
			&grid, r + head, 0, 1, side, sheet_text(dash->heat.departments.name[gaps.unit[r]], BOOK_STYLE_SIDE));
	dash_grid_end(&grid);
	dash_grid_begin(&grid, build, place->row, place->column + side, head, place->columns - side);
	for (uint32_t c = 0; c < gaps.columns; c++)
		dash_grid_put(&grid, 0, c * GAP_CELLS, head, GAP_CELLS, sheet_text(gaps.column[c]->title, BOOK_STYLE_OVER));
	dash_grid_end(&grid);
	dash_grid_begin(&grid, build, place->row + head, place->column + side, gaps.rows, place->columns - side);
	for (uint32_t r = 0; r < gaps.rows; r++)
		for (uint32_t c = 0; c < gaps.columns; c++)
			dash_grid_put(&grid, r, c * GAP_CELLS, 1, GAP_CELLS, gap_cell(dash, &gaps, r, c));
	struct book_rule *rule = arena_alloc(build->arena, 1, sizeof *rule);
	*rule = (struct book_rule){ .kind = BOOK_RULE_HEAT, .column = UINT32_MAX }; /* one scale: cells compare */
	sheet_highlight(grid.part, rule, 1);
	dash_grid_end(&grid);
}

/* ---- bench ---- */

/* Grid columns from the right: depth, bar, ready, seats; the title takes the rest. */
enum { SEATS_CELLS = 2, READY_CELLS = 3, BAR_CELLS = 5, DEPTH_CELLS = 2 };

static uint32_t rows_bench(const struct dash *dash, struct sheet_build *build, const struct xml_node *block)
{
	(void)build;
	(void)block;
	return dash->bench.count > 0 ? dash->bench.count + 2 : 4;
}

/* Seats there is a ready person for, to all seats; three places. -1: none to tell. */
static int64_t coverage(const struct dash_seat *seat)
{
	uint64_t seats = seat->seats != DECIMAL_NONE && seat->seats > 0 ? (uint64_t)seat->seats : seat->incumbents;
	int64_t share;
	if (seats == 0 || seat->step == NULL)
		return -1;
	uint64_t filled = seat->ready < seats ? seat->ready : seats;
	return decimal_to_scaled_rounded(
			   decimal_div(decimal_from_int((int64_t)filled), decimal_from_int((int64_t)seats)), 3, &share)
		? share
		: -1;
}

static struct book_cell seats_cell(const struct dash *dash, const struct dash_seat *seat)
{
	if (seat->seats != DECIMAL_NONE) { /* headcount is no number of people */
		struct book_cell cell = sheet_number(seat->seats, 0, BOOK_FORMAT_INTEGER);
		cell.style = BOOK_STYLE_LINE_RIGHT;
		return cell;
	}
	return dash_told(seat->incumbents, dash_hidden(dash, seat->incumbents_cell), BOOK_STYLE_LINE_RIGHT);
}

static bool seats_hidden(const struct dash *dash, const struct dash_seat *seat)
{
	return seat->seats == DECIMAL_NONE && dash_hidden(dash, seat->incumbents_cell);
}

static struct book_cell depth_cell(const struct dash_seat *seat, bool hidden)
{
	struct book_cell cell =
		hidden ? sheet_text(DASH_HIDDEN, BOOK_STYLE_LINE_RIGHT) : sheet_number(seat->depth, 2, BOOK_FORMAT_DECIMAL1);
	cell.style = !hidden && seat->depth < 100 ? BOOK_STYLE_LINE_DOWN : BOOK_STYLE_LINE_RIGHT;
	return cell;
}

static void show_bench(
	const struct dash *dash, struct sheet_build *build, const struct xml_node *block, const struct dash_place *place)
{
	const struct dash_bench *bench = &dash->bench;
	enum text_lang lang = build->lang;
	(void)block;
	if (bench->count == 0 || place->columns < SEATS_CELLS + READY_CELLS + BAR_CELLS + DEPTH_CELLS + 3) {
		dash_notice(build, place, label(bench->there ? LABEL_DASH_NO_KEYS : LABEL_DASH_ABSENT, lang));
		return;
	}
	uint32_t depth = place->columns - DEPTH_CELLS, bar = depth - BAR_CELLS, ready = bar - READY_CELLS,
			 seats = ready - SEATS_CELLS;
	struct book_rule *rules = arena_alloc(build->arena, (size_t)bench->count + 1, sizeof *rules);
	uint32_t head = dash_head_rows(label(LABEL_DASH_READY, lang), READY_CELLS) > 1
			|| dash_head_rows(label(LABEL_DASH_COVER, lang), BAR_CELLS) > 1
		? 2
		: 1;
	struct dash_grid grid, bars;
	dash_grid_begin(&grid, build, place->row, place->column, bench->count + head, bar);
	dash_grid_put(&grid, 0, 0, head, seats, sheet_text(label(LABEL_DASH_SEAT, lang), BOOK_STYLE_LINE_HEAD));
	dash_grid_put(
		&grid, 0, seats, head, SEATS_CELLS, sheet_text(label(LABEL_DASH_SEATS, lang), BOOK_STYLE_LINE_HEAD_RIGHT));
	dash_grid_put(
		&grid, 0, ready, head, READY_CELLS, sheet_text(label(LABEL_DASH_READY, lang), BOOK_STYLE_LINE_HEAD_RIGHT));
	for (uint32_t i = 0; i < bench->count; i++) {
		const struct dash_seat *seat = &bench->at[i];
		dash_grid_put(&grid, i + head, 0, 1, seats, sheet_text(seat->title, BOOK_STYLE_LINE));
		dash_grid_put(&grid, i + head, seats, 1, SEATS_CELLS, seats_cell(dash, seat));
		dash_grid_put(&grid, i + head, ready, 1, READY_CELLS,
			seat->step == NULL ? sheet_text("–", BOOK_STYLE_LINE_RIGHT)
							   : dash_told(seat->ready, dash_hidden(dash, seat->ready_cell), BOOK_STYLE_LINE_RIGHT));
	}
	dash_grid_end(&grid);
	dash_grid_begin(&grid, build, place->row, place->column + bar, head, BAR_CELLS);
	dash_grid_put(&grid, 0, 0, head, BAR_CELLS, sheet_text(label(LABEL_DASH_COVER, lang), BOOK_STYLE_LINE_HEAD_RIGHT));
	dash_grid_end(&grid);
	dash_grid_begin(&bars, build, place->row + head, place->column + bar, bench->count, BAR_CELLS);
	size_t rule_count = 0;
	for (uint32_t i = 0; i < bench->count; i++) {
		const struct dash_seat *seat = &bench->at[i];
		int64_t share = coverage(seat);
		/* nobody ready is 0 whatever the seats; a hidden number on either side would be told by the share */
		bool hidden = dash_hidden(dash, seat->ready_cell) || (seat->ready > 0 && seats_hidden(dash, seat));
		struct book_cell cell = share < 0 ? sheet_text("–", BOOK_STYLE_LINE_RIGHT)
			: hidden                      ? sheet_text(DASH_HIDDEN, BOOK_STYLE_LINE_RIGHT)
										  : sheet_number(share, 3, BOOK_FORMAT_PERCENT);
		cell.style = BOOK_STYLE_LINE_RIGHT;
		dash_grid_put(&bars, i, 0, 1, BAR_CELLS, cell);
		if (share >= 0 && !hidden)
			rules[rule_count++] = (struct book_rule){ .kind = BOOK_RULE_SHARE_BAR,
				.column = UINT32_MAX,
				.row = i,
				.rows = 1,
				.style = share < 700 ? BOOK_STYLE_DOWN : BOOK_STYLE_UP };
	}
	sheet_highlight(bars.part, rules, rule_count);
	dash_grid_end(&bars);
	dash_grid_begin(&grid, build, place->row, place->column + depth, bench->count + head, DEPTH_CELLS);
	dash_grid_put(
		&grid, 0, 0, head, DEPTH_CELLS, sheet_text(label(LABEL_DASH_DEPTH, lang), BOOK_STYLE_LINE_HEAD_RIGHT));
	for (uint32_t i = 0; i < bench->count; i++) {
		const struct dash_seat *seat = &bench->at[i];
		dash_grid_put(&grid, i + head, 0, 1, DEPTH_CELLS,
			seat->step == NULL ? sheet_text("–", BOOK_STYLE_LINE_RIGHT)
							   : depth_cell(seat, dash_hidden(dash, seat->ready_cell)));
	}
	dash_grid_end(&grid);
}

/* ---- trend ---- */

#define TREND_ROWS 11u
static uint32_t rows_trend(const struct dash *dash, struct sheet_build *build, const struct xml_node *block)
{
	(void)build;
	(void)block;
	return dash->trend.lines > 0 && dash->trend.periods > 1 ? TREND_ROWS : 4;
}

static void show_trend(
	const struct dash *dash, struct sheet_build *build, const struct xml_node *block, const struct dash_place *place)
{
	static const int colours[DASH_LINES] = { 4, 6, 3, 5, 7, 1 };
	const struct dash_trend *trend = &dash->trend;
	(void)block;
	if (trend->lines == 0 || trend->periods < 2) {
		dash_notice(build, place, label(trend->lines == 0 ? LABEL_DASH_ABSENT : LABEL_DASH_TREND_FIRST, build->lang));
		return;
	}
	uint32_t head = dash->trend_row;
	struct book_series *series = arena_alloc(build->arena, (size_t)trend->lines + 1, sizeof *series);
	struct str names = { 0 };
	for (uint32_t i = 0; i < trend->lines; i++) {
		series[i] = (struct book_series){ .name = trend->title[i],
			.colour = colours[i],
			.label_last = true,
			.categories = { dash->data, head + 1, 0, head + trend->periods, 0 },
			.values = { dash->data, head + 1, i + 1, head + trend->periods, i + 1 } };
		str_printf(&names, "%s%s", i > 0 ? label(LABEL_LIST_COMMA, build->lang) : "", trend->title[i]);
	}
	VEC_PUSH(&build->parts,
		((struct book_part){ .kind = BOOK_PART_CHART,
			.row = place->row,
			.column = place->column,
			.chart = { .kind = BOOK_CHART_LINE,
				.title = label(LABEL_DASH_TREND_CHART, build->lang),
				.x_title = label(LABEL_PERIOD, build->lang),
				.y_title = label(LABEL_DASH_RATE_AXIS, build->lang),
				.alt = label_fill(build->arena, LABEL_DASH_TREND_ALT, build->lang, str_text(&names), trend->period[0],
					trend->period[trend->periods - 1]),
				.series = series,
				.series_count = trend->lines,
				.rows = place->rows < TREND_ROWS ? place->rows : TREND_ROWS,
				.columns = place->columns,
				.percent = true } }));
	str_release(&names);
}

const struct dash_kind dash_kind_gaps = { "gaps", rows_gaps, show_gaps };
const struct dash_kind dash_kind_bench = { "bench", rows_bench, show_bench };
const struct dash_kind dash_kind_trend = { "trend", rows_trend, show_trend };
