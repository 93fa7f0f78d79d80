/*
 * dash_people.c - the blocks that count people: grades by department, their movement, the nine-box.
 */
#include "report/dash.h"

#include "report/figure.h"

#include <string.h>

#define ROWS_LEAST 12u /* of the first band: a chart below that is a stripe */

/* ---- grades by department ---- */

static uint32_t rows_stars(const struct dash *dash, struct sheet_build *build, const struct xml_node *block)
{
	(void)build;
	(void)block;
	return dash->stars.rows + 6 > ROWS_LEAST ? dash->stars.rows + 6 : ROWS_LEAST;
}

/* Whether some department's shares may be told. */
static bool any_shares(const struct dash *dash)
{
	const struct dash_stars *stars = &dash->stars;
	for (uint32_t r = 0; r < stars->rows; r++)
		for (uint32_t g = 0; g < stars->grades; g++) {
			size_t at = (size_t)r * (stars->grades + 1) + g;
			if (stars->count[at] > 0 && !dash_hidden(dash, stars->cell[at]))
				return true;
		}
	return false;
}

static void show_stars(
	const struct dash *dash, struct sheet_build *build, const struct xml_node *block, const struct dash_place *place)
{
	const struct dash_stars *stars = &dash->stars;
	(void)block;
	if (stars->grades == 0 || stars->graded == 0 || !any_shares(dash)) {
		dash_notice(build, place,
			label(stars->grades == 0     ? LABEL_DASH_ABSENT
					: stars->graded == 0 ? LABEL_DASH_NOBODY
										 : LABEL_DASH_FEW,
				build->lang));
		return;
	}
	uint32_t count = stars->grades + 1, head = dash->shares_row, last = head + stars->rows;
	struct book_series *series = arena_alloc(build->arena, (size_t)count + 1, sizeof *series);
	for (uint32_t g = 0; g < count; g++)
		series[g] =
			(struct book_series){ .name = g < stars->grades ? figure_grade(build->arena, stars->low + g, build->lang)
															: label(LABEL_DASH_HIDDEN_SHARE, build->lang),
				.colour = (int)(stars->grades > 1 ? g * 4 / (stars->grades - 1) : 0),
				.grey = g == stars->grades,
				.categories = { dash->data, head + 1, 0, last, 0 },
				.values = { dash->data, head + 1, g + 1, last, g + 1 } };
	const char *title = label(LABEL_DASH_STARS_CHART, build->lang);
	VEC_PUSH(&build->parts,
		((struct book_part){ .kind = BOOK_PART_CHART,
			.row = place->row,
			.column = place->column,
			.chart = { .kind = BOOK_CHART_BAR_PERCENT,
				.title = title,
				.x_title = label(LABEL_DASH_UNIT_AXIS, build->lang),
				.y_title = label(LABEL_DASH_SHARE_AXIS, build->lang),
				.alt = label_fill(build->arena, LABEL_DASH_STARS_ALT, build->lang, title, dash->data),
				.series = series,
				.series_count = count,
				.rows = place->rows,
				.columns = place->columns,
				.labels = true,
				.percent = true } }));
}

/* ---- movement ---- */

static uint32_t rows_movement(const struct dash *dash, struct sheet_build *build, const struct xml_node *block)
{
	(void)build;
	(void)block;
	return dash->stars.moved ? dash->stars.grades + 4 : 4;
}

/* Up and down by side, fuller where many moved. */
static enum book_style movement_style(const struct dash_stars *stars, uint32_t from, uint32_t to, bool hidden)
{
	uint64_t count = stars->from[(size_t)from * stars->grades + to];
	if (from == to)
		return BOOK_STYLE_BOX;
	if (to < from)
		return BOOK_STYLE_BOX_LOW;
	return !hidden && count * 20 >= stars->graded ? BOOK_STYLE_BOX_GOOD : BOOK_STYLE_BOX_FAIR;
}

static void show_movement(
	const struct dash *dash, struct sheet_build *build, const struct xml_node *block, const struct dash_place *place)
{
	const struct dash_stars *stars = &dash->stars;
	(void)block;
	if (!stars->moved) {
		dash_notice(build, place, label(stars->grades == 0 ? LABEL_DASH_ABSENT : LABEL_DASH_NO_BEFORE, build->lang));
		return;
	}
	uint32_t slots = stars->grades, wide = 3, side;
	for (; wide > 1 && slots * wide + 3 > place->columns; wide--) /* many grades: narrower columns */
		;
	side = place->columns > slots * wide ? place->columns - slots * wide : 1;
	uint32_t head = 1;
	for (uint32_t s = 0; s < slots; s++)
		if (dash_head_rows(figure_grade(build->arena, stars->low + s, build->lang), wide) > head)
			head = 2;
	struct dash_grid grid;
	dash_grid_begin(&grid, build, place->row, place->column, head + slots + 2, place->columns);
	dash_grid_put(&grid, 0, 0, head, side, sheet_text(label(LABEL_DASH_FROM_TO, build->lang), BOOK_STYLE_OVER));
	for (uint32_t s = 0; s < slots; s++) {
		const char *name = figure_grade(build->arena, stars->low + s, build->lang);
		dash_grid_put(&grid, 0, side + s * wide, head, wide, sheet_text(name, BOOK_STYLE_OVER));
		dash_grid_put(&grid, s + head, 0, 1, side, sheet_text(name, BOOK_STYLE_SIDE));
		for (uint32_t to = 0; to < slots; to++) {
			size_t at = (size_t)s * slots + to;
			bool hidden = dash_hidden(dash, stars->from_cell[at]);
			if (stars->from[at] > 0)
				dash_grid_put(&grid, s + head, side + to * wide, 1, wide,
					dash_told(stars->from[at], hidden, movement_style(stars, s, to, hidden)));
		}
	}
	const char *moves[3];
	for (int way = 0; way < 3; way++)
		moves[way] = dash_hidden(dash, stars->moves_cell[way])
			? DASH_HIDDEN
			: figure_number(build->arena, (int64_t)stars->moves[way], 0, 0);
	dash_grid_put(&grid, head + slots + 1, 0, 1, place->columns,
		sheet_text(
			label_fill(build->arena, LABEL_DASH_MOVES, build->lang, moves[0], moves[1], moves[2]), BOOK_STYLE_SMALL));
	dash_grid_end(&grid);
}

/* ---- nine-box ---- */

#define BOX_ROWS 3u
static uint32_t rows_nine(const struct dash *dash, struct sheet_build *build, const struct xml_node *block)
{
	(void)build;
	(void)block;
	return dash->nine.nine.there && dash->nine.nine.people > 0 ? 3 * BOX_ROWS + 3 : 4;
}

/* "2.5 · 3.5" */
static const char *cut_points(struct arena *arena, const char *text)
{
	struct str out = { 0 };
	for (; *text != '\0'; text++) {
		if (*text == ' ')
			str_add(&out, " · ");
		else
			str_add_char(&out, *text);
	}
	const char *points = arena_text(arena, str_text(&out));
	str_release(&out);
	return points;
}

static void show_nine(
	const struct dash *dash, struct sheet_build *build, const struct xml_node *block, const struct dash_place *place)
{
	static const unsigned grounds[NINE_BOXES] = { 1, 0, 2, 0, 0, 3, 2, 3, 4 };
	const struct nine *nine = &dash->nine.nine;
	(void)block;
	if (!nine->there || nine->people == 0) {
		dash_notice(build, place, label(nine->there ? LABEL_DASH_NOBODY : LABEL_DASH_ABSENT, build->lang));
		return;
	}
	uint32_t wide = place->columns / 3;
	struct dash_grid grid;
	dash_grid_begin(&grid, build, place->row, place->column, 3 * BOX_ROWS + 3, place->columns);
	for (uint32_t b = 0; b < NINE_BOXES; b++) {
		uint32_t row = (2 - b / 3) * BOX_ROWS, column = b % 3 * wide;
		dash_grid_put(&grid, row, column, 2, wide,
			dash_told(nine->count[b], dash_hidden(dash, dash->nine.cell[b]),
				(enum book_style)(BOOK_STYLE_CROWN + grounds[b])));
		dash_grid_put(&grid, row + 2, column, 1, wide,
			sheet_text(nine->title[b], (enum book_style)(BOOK_STYLE_FOOT + grounds[b])));
	}
	struct str outside = { 0 };
	for (uint32_t s = 0; s < nine->states; s++)
		str_printf(&outside, "%s%s %s", s > 0 ? " · " : "", text_pick(&nine->state[s]->text, build->lang),
			dash_hidden(dash, dash->nine.cell[NINE_BOXES + s])
				? DASH_HIDDEN
				: figure_number(build->arena, (int64_t)nine->count[NINE_BOXES + s], 0, 0));
	dash_grid_put(&grid, 3 * BOX_ROWS, 0, 1, place->columns,
		sheet_text(
			label_fill(build->arena, LABEL_DASH_NINE_AXES, build->lang,
				cut_points(build->arena, nine->performance_cuts), cut_points(build->arena, nine->potential_cuts)),
			BOOK_STYLE_SMALL));
	dash_grid_put(&grid, 3 * BOX_ROWS + 1, 0, 2, place->columns,
		sheet_text(nine->states > 0 ? label_fill(build->arena, LABEL_DASH_NINE_OUTSIDE, build->lang, str_text(&outside))
									: label(LABEL_DASH_NINE_INSIDE, build->lang),
			BOOK_STYLE_SMALL));
	dash_grid_end(&grid);
	str_release(&outside);
}

const struct dash_kind dash_kind_stars = { "stars", rows_stars, show_stars };
const struct dash_kind dash_kind_movement = { "movement", rows_movement, show_movement };
const struct dash_kind dash_kind_nine = { "nine-box", rows_nine, show_nine };
