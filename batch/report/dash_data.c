/*
 * dash_data.c - the sheet of numbers behind a dashboard's charts, to be read as well: departments by grade, their
 * shares, key positions, the trend.
 *
 * Decides: hidden shares of a department stand together in one column, so that its bar ends at 100 %; a hidden point of
 * the trend is an empty cell, which a chart leaves out, with its reason beside it.
 */
#include "report/dash.h"

#include "report/figure.h"

#include <string.h>

#define FIRST_ROW 3u

static uint32_t stars_rows(const struct dash *dash)
{
	return dash->stars.grades > 0 ? dash->stars.rows + 2 : 0; /* a head and the total */
}

void dash_data_place(struct dash *dash)
{
	uint32_t row = FIRST_ROW;
	if (dash->stars.grades > 0) {
		row += 1 + stars_rows(dash) + 1; /* heading, table, blank */
		dash->shares_row = row + 1;
		row = dash->shares_row + dash->stars.rows + 1 + 1;
	}
	if (dash->bench.count > 0)
		row += 1 + dash->bench.count + 1 + 1;
	dash->trend_row = row + 1;
}

static void heading(struct sheet_build *build, const char *text, uint32_t columns)
{
	struct book_cell *cells = sheet_cells(build, 0, 1, columns);
	for (uint32_t c = 0; c < columns; c++)
		cells[c].style = BOOK_STYLE_HEADING;
	cells[0] = sheet_text(text, BOOK_STYLE_HEADING);
}

static void show_counts(struct sheet_build *build, const struct dash *dash)
{
	const struct dash_stars *stars = &dash->stars;
	uint32_t wide = stars->grades + 1, columns = wide + 1;
	heading(build, label(LABEL_DASH_STARS_COUNT, build->lang), columns);
	struct book_cell *cells = sheet_cells(build, 0, stars->rows + 2, columns);
	cells[0] = sheet_text(label(LABEL_UNIT, build->lang), BOOK_STYLE_HEADER);
	for (uint32_t c = 0; c < wide; c++)
		cells[c + 1] = sheet_over(c < stars->grades ? figure_grade(build->arena, stars->low + c, build->lang)
													: label(LABEL_TOTAL, build->lang));
	for (uint32_t r = 0; r <= stars->rows; r++) {
		enum book_style style = r == stars->rows ? BOOK_STYLE_STRONG : BOOK_STYLE_NORMAL;
		struct book_cell *line = cells + (size_t)(r + 1) * columns;
		line[0] = sheet_text(r == stars->rows ? label(LABEL_TOTAL, build->lang) : stars->name[r], style);
		for (uint32_t c = 0; c < wide; c++) {
			size_t at = (size_t)r * wide + c;
			line[c + 1] = dash_told(
				stars->count[at], dash_hidden(dash, stars->cell[at]), r == stars->rows ? style : BOOK_STYLE_RIGHT);
		}
	}
	sheet_gap(build, 1);
}

static struct book_cell share(uint64_t part, uint64_t whole)
{
	int64_t scaled = 0;
	decimal_to_scaled_rounded(
		decimal_div(decimal_from_int((int64_t)part), decimal_from_int((int64_t)whole)), 3, &scaled);
	return sheet_number(scaled, 3, BOOK_FORMAT_PERCENT1);
}

/* Shares of those graded. With their number hidden, no share is told: beside a count it would tell that number. */
static void show_shares(struct sheet_build *build, const struct dash *dash)
{
	const struct dash_stars *stars = &dash->stars;
	uint32_t wide = stars->grades + 1, columns = stars->grades + 2;
	heading(build, label(LABEL_DASH_STARS_SHARE, build->lang), columns);
	struct book_cell *cells = sheet_cells(build, 0, stars->rows + 1, columns);
	cells[0] = sheet_text(label(LABEL_UNIT, build->lang), BOOK_STYLE_HEADER);
	for (uint32_t g = 0; g < stars->grades; g++)
		cells[g + 1] = sheet_over(figure_grade(build->arena, stars->low + g, build->lang));
	cells[stars->grades + 1] = sheet_over(label(LABEL_DASH_HIDDEN_SHARE, build->lang));
	for (uint32_t r = 0; r < stars->rows; r++) {
		struct book_cell *line = cells + (size_t)(r + 1) * columns;
		uint64_t graded = stars->count[(size_t)r * wide + stars->grades], told = 0;
		bool known = !dash_hidden(dash, stars->cell[(size_t)r * wide + stars->grades]);
		for (uint32_t g = 0; known && g < stars->grades; g++)
			if (!dash_hidden(dash, stars->cell[(size_t)r * wide + g]))
				told += stars->count[(size_t)r * wide + g];
		line[0] = sheet_text(stars->name[r], BOOK_STYLE_NORMAL);
		for (uint32_t g = 0; told > 0 && g < stars->grades; g++) {
			size_t at = (size_t)r * wide + g;
			if (!dash_hidden(dash, stars->cell[at]))
				line[g + 1] = share(stars->count[at], graded);
		}
		if (told < graded)
			line[stars->grades + 1] = share(graded - told, graded);
	}
	sheet_gap(build, 1);
}

static void show_bench(struct sheet_build *build, const struct dash *dash)
{
	static const enum label_id heads[] = { LABEL_DASH_SEAT, LABEL_DASH_SEATS, LABEL_DASH_READY, LABEL_DASH_NEAR,
		LABEL_DASH_DEPTH };
	enum { COLUMNS = sizeof heads / sizeof heads[0] };
	const struct dash_bench *bench = &dash->bench;
	const struct xml_node *block = dash_block(build->node, "bench");
	struct text_pair title = xml_text_pair(block, "title");
	heading(build, text_pick(&title, build->lang), COLUMNS);
	struct book_cell *cells = sheet_cells(build, 0, bench->count + 1, COLUMNS);
	for (uint32_t c = 0; c < COLUMNS; c++)
		cells[c] = c == 0 ? sheet_text(label(heads[c], build->lang), BOOK_STYLE_HEADER)
						  : sheet_over(label(heads[c], build->lang));
	for (uint32_t i = 0; i < bench->count; i++) {
		const struct dash_seat *seat = &bench->at[i];
		struct book_cell *line = cells + (size_t)(i + 1) * COLUMNS;
		bool hidden = dash_hidden(dash, seat->ready_cell);
		line[0] = sheet_text(seat->title, BOOK_STYLE_NORMAL);
		line[1] = seat->seats != DECIMAL_NONE
			? sheet_number(seat->seats, 0, BOOK_FORMAT_INTEGER)
			: dash_told(seat->incumbents, dash_hidden(dash, seat->incumbents_cell), BOOK_STYLE_RIGHT);
		for (uint32_t c = 2; seat->step == NULL && c < COLUMNS; c++)
			line[c] = sheet_text("–", BOOK_STYLE_RIGHT);
		if (seat->step == NULL)
			continue;
		line[2] = dash_told(seat->ready, hidden, BOOK_STYLE_RIGHT);
		line[3] = dash_told(seat->near, dash_hidden(dash, seat->near_cell), BOOK_STYLE_RIGHT);
		line[4] =
			hidden ? sheet_text(DASH_HIDDEN, BOOK_STYLE_RIGHT) : sheet_number(seat->depth, 2, BOOK_FORMAT_DECIMAL2);
	}
	sheet_gap(build, 1);
}

static void show_trend(struct sheet_build *build, const struct dash *dash)
{
	const struct dash_trend *trend = &dash->trend;
	const struct xml_node *block = dash_block(build->node, "trend");
	struct text_pair title = xml_text_pair(block, "title");
	uint32_t columns = trend->lines + 2;
	heading(build, text_pick(&title, build->lang), columns);
	struct book_cell *cells = sheet_cells(build, 0, trend->periods + 1, columns);
	cells[0] = sheet_text(label(LABEL_PERIOD, build->lang), BOOK_STYLE_HEADER);
	cells[columns - 1].style = BOOK_STYLE_HEADER;
	for (uint32_t i = 0; i < trend->lines; i++)
		cells[i + 1] = sheet_over(trend->title[i]);
	for (uint32_t p = 0; p < trend->periods; p++) {
		struct book_cell *line = cells + (size_t)(p + 1) * columns;
		line[0] = sheet_text(trend->period[p], BOOK_STYLE_NORMAL);
		for (uint32_t i = 0; i < trend->lines; i++) {
			const struct dash_point *point = &trend->at[i][p];
			if (point->known && !point->hidden)
				line[i + 1] = sheet_number(point->share, 3, BOOK_FORMAT_PERCENT1);
			else if (point->known)
				line[columns - 1] = sheet_text(label(LABEL_DASH_NOTE, build->lang), BOOK_STYLE_GREY);
		}
	}
	sheet_gap(build, 1);
}

void dash_data_show(struct sheet_build *build, const struct dash *dash)
{
	sheet_begin(build, dash->data);
	sheet_now(build)->one_page = true;
	sheet_title(build, dash->data, label(LABEL_DASH_NOTE, build->lang));
	sheet_width(build, 0, 26);
	for (uint32_t c = 1; c < 12; c++)
		sheet_width(build, c, 13);
	if (dash->stars.grades > 0) {
		show_counts(build, dash);
		show_shares(build, dash);
	}
	if (dash->bench.count > 0)
		show_bench(build, dash);
	if (dash->trend.lines > 0)
		show_trend(build, dash);
}
