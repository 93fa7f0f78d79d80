/*
 * sheet_nine_box.c - the nine-box grid: counts and names, states outside it, movement since the last period.
 *
 * Decides: potential goes up, performance to the right; the cut points stand on the axes.
 */
#include "report/sheet.h"

#include "base/text.h"
#include "report/figure.h"
#include "report/nine.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"nine-box: grid of counts with names, states outside it, movement" };

#define BOX_WIDTH 28

static const char *names_of(struct arena *arena, const struct nine *nine, uint32_t box, enum text_lang lang)
{
	struct str text = { 0 };
	for (uint32_t i = 0; i < NINE_NAMES && i < nine->count[box]; i++)
		str_printf(&text, "%s%s", i > 0 ? (lang == TEXT_ZH ? "、" : ", ") : "", nine->names[box][i]);
	if (nine->count[box] > NINE_NAMES)
		str_add(&text, label_fill(arena, LABEL_AND_MORE_PEOPLE, lang, (unsigned)(nine->count[box] - NINE_NAMES)));
	const char *kept = arena_text(arena, str_text(&text));
	str_release(&text);
	return kept;
}

/* "潜力 高（≥ 3.5）": the band of an axis with its cut point. */
static const char *band(struct sheet_build *build, uint32_t level, const char *cuts)
{
	static const enum label_id levels[] = { LABEL_BAND_LOW, LABEL_BAND_MIDDLE, LABEL_BAND_HIGH };
	const char *name = label(levels[level], build->lang);
	size_t first = strcspn(cuts, " ");
	const char *second = cuts + first + strspn(cuts + first, " ");
	if (*cuts == '\0' || *second == '\0')
		return name;
	const char *low = arena_copy(build->arena, cuts, first);
	if (level == 0)
		return arena_printf(build->arena, "%s (< %s)", name, low);
	if (level == 1)
		return arena_printf(build->arena, "%s (%s – %s)", name, low, second);
	return arena_printf(build->arena, "%s (≥ %s)", name, second);
}

static void show_grid(struct sheet_build *build, const struct nine *nine)
{
	struct book_cell *cells = sheet_cells(build, 0, 10, 4);
	for (uint32_t r = 0; r < 3; r++) {
		uint32_t potential = 2 - r;
		for (uint32_t c = 0; c < 3; c++) {
			uint32_t box = potential * 3 + c;
			struct book_cell *cell = cells + (size_t)r * 12 + c + 1;
			cell[0] = sheet_count(nine->count[box]);
			cell[0].style = BOOK_STYLE_TILE_FIGURE;
			cell[4] = sheet_text(nine->title[box], BOOK_STYLE_TILE_LABEL);
			cell[8] = sheet_text(names_of(build->arena, nine, box, build->lang), BOOK_STYLE_NOTE);
		}
		cells[(size_t)r * 12] = sheet_text(label(LABEL_POTENTIAL, build->lang), BOOK_STYLE_GREY);
		cells[(size_t)r * 12 + 4] = sheet_text(band(build, potential, nine->potential_cuts), BOOK_STYLE_STRONG);
	}
	cells[36] = sheet_text(label(LABEL_PERFORMANCE, build->lang), BOOK_STYLE_GREY);
	for (uint32_t c = 0; c < 3; c++)
		cells[36 + c + 1] = sheet_text(band(build, c, nine->performance_cuts), BOOK_STYLE_STRONG);
	sheet_width(build, 0, 20);
	for (uint32_t c = 1; c < 4; c++)
		sheet_width(build, c, BOX_WIDTH);
}

static void show_outside(struct sheet_build *build, const struct nine *nine)
{
	sheet_gap(build, 1);
	sheet_heading(build, label(LABEL_NINE_OUTSIDE, build->lang));
	if (nine->states == 0)
		sheet_note(build, label(LABEL_NINE_NOBODY, build->lang));
	for (uint32_t s = 0; s < nine->states; s++) {
		struct book_cell *line = sheet_cells(build, 0, 1, 2);
		line[0] = sheet_text(text_pick(&nine->state[s]->text, build->lang), BOOK_STYLE_NORMAL);
		line[1] = sheet_count(nine->count[NINE_BOXES + s]);
	}
	sheet_gap(build, 1);
}

static void show_movement(struct sheet_build *build, const struct nine *nine)
{
	sheet_heading(build, label(LABEL_NINE_MOVEMENT, build->lang));
	if (nine->compared == 0) {
		sheet_note(build, label(LABEL_MOVEMENT_NONE, build->lang));
		return;
	}
	uint32_t to = NINE_BOXES + nine->states, columns = to + 1, rows = NINE_BOXES + 2;
	struct book_cell *cells = sheet_cells(build, 0, rows, columns);
	struct book_rule *rule = arena_alloc(build->arena, 1, sizeof *rule);
	*rule = (struct book_rule){ .kind = BOOK_RULE_SCALE, .column = UINT32_MAX };
	sheet_highlight(&build->parts.at[build->parts.count - 1], rule, 1);
	cells[0] = sheet_text(label(LABEL_MOVEMENT_CORNER, build->lang), BOOK_STYLE_HEADER);
	for (uint32_t c = 0; c < to; c++)
		cells[c + 1] = sheet_over(
			c < NINE_BOXES ? nine->title[c] : text_pick(&nine->state[c - NINE_BOXES]->text, build->lang));
	for (uint32_t r = 0; r + 1 < rows; r++) {
		struct book_cell *line = cells + (size_t)(r + 1) * columns;
		line[0] = sheet_text(r < NINE_BOXES ? nine->title[r] : label(LABEL_NINE_NONE, build->lang), BOOK_STYLE_NORMAL);
		for (uint32_t c = 0; c < to; c++)
			if (nine->moved[r][c] > 0)
				line[c + 1] = sheet_count(nine->moved[r][c]);
	}
	for (uint32_t c = 4; c < columns; c++)
		sheet_width(build, c, 12);
}

static int build_nine(struct sheet_build *build, struct err *err)
{
	struct nine *nine = arena_alloc(build->arena, 1, sizeof *nine);
	if (nine_make(nine, build->input, true, build->arena, err) != 0)
		return -1;
	sheet_title(build, sheet_template_title(build),
		arena_printf(build->arena, "%s%s%s", figure_period(build->arena, &build->input->period, build->lang),
			label(LABEL_SEPARATOR, build->lang), build->input->run_name));
	if (!nine->there || nine->people == 0) {
		sheet_note(build, label(LABEL_NO_ROWS, build->lang));
		return 0;
	}
	show_grid(build, nine);
	show_outside(build, nine);
	show_movement(build, nine);
	return 0;
}

const struct sheet_kind sheet_nine_box = { "nine-box", "nine-box: grid, states outside it, movement", &shape, NULL,
	build_nine, false, 0, "hr manager", "box" };
