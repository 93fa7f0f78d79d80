/*
 * grade.c - how the grade came about: each item's value, zero and full point, score, weight and share; the band; what
 * moved the grade away from it; what is missing to the next one; the credits with their requirement.
 *
 * Decides: the words. The numbers are those of the results; the share of an item is score x weight, exact.
 */
#include "report/grade.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <string.h>

static const char *figure_or(struct section_maker *maker, const struct roles_figure *figure)
{
	return figure->known ? figure_number(&maker->arena, figure->number, figure->scale, -1)
						 : label(LABEL_NONE, maker->lang);
}

void grade_items(struct section_maker *maker, const char *const *sources)
{
	static const struct {
		enum label_id id;
		double share, beside; /* without and with sources */
		enum doc_align align;
	} columns[] = { { LABEL_ITEM, 0.30, 0.20, DOC_LEFT }, { LABEL_RAW, 0.14, 0.08, DOC_RIGHT },
		{ LABEL_ZERO_FULL, 0.20, 0.13, DOC_RIGHT }, { LABEL_ITEM_SCORE, 0.12, 0.09, DOC_RIGHT },
		{ LABEL_WEIGHT, 0.12, 0.08, DOC_RIGHT }, { LABEL_WEIGHTED, 0.12, 0.08, DOC_RIGHT },
		{ LABEL_SOURCE, 0, 0.34, DOC_LEFT } };
	enum { MOST = sizeof columns / sizeof columns[0] };
	const size_t count = sources != NULL ? MOST : MOST - 1;
	const struct roles *roles = &maker->roles;
	struct arena *arena = &maker->arena;
	struct doc_table_column *heads = arena_alloc(arena, count, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, roles->item_count * count + 1, sizeof *cells);
	for (size_t c = 0; c < count; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang),
			sources != NULL ? columns[c].beside : columns[c].share, columns[c].align };
	for (size_t i = 0; i < roles->item_count; i++) {
		const struct roles_item *item = &roles->items[i];
		struct doc_cell *line = cells + i * count;
		struct view_cell value, score, weight;
		section_cell(maker, item->value, &value);
		section_cell(maker, item->score, &score);
		section_cell(maker, item->weight, &weight);
		if (weight.kind != VIEW_NUMBER && item->weight < 0 && item->share.known)
			weight =
				(struct view_cell){ .kind = VIEW_NUMBER, .number = item->share.number, .scale = item->share.scale };
		line[0] = section_plain(text_pick(&item->title, maker->lang));
		line[1] = section_plain(section_figure(maker, &value, -1));
		line[2] = section_plain(item->zero.known || item->full.known
				? arena_printf(arena, "%s – %s", figure_or(maker, &item->zero), figure_or(maker, &item->full))
				: NULL);
		line[3] = section_plain(section_figure(maker, &score, 2));
		line[4] = section_plain(section_figure(
			maker, &weight, weight.scale > 2 && weight.number % decimal_pow10(weight.scale - 2) != 0 ? 4 : 2));
		line[5] = section_plain(NULL);
		if (sources != NULL)
			line[6] = (struct doc_cell){ .text = sources[i], .tone = DOC_GREY };
		int64_t share;
		if (score.kind == VIEW_NUMBER && weight.kind == VIEW_NUMBER
			&& decimal_to_scaled_rounded(decimal_mul(decimal_from_scaled(score.number, score.scale),
											 decimal_from_scaled(weight.number, weight.scale)),
				2, &share))
			line[5] = section_plain(figure_number(arena, share, 2, 2));
		if (value.kind == VIEW_MISSING) {
			line[1] = section_plain(
				value.why != NULL ? text_pick(&value.why->text, maker->lang) : label(LABEL_NO_VALUE, maker->lang));
			line[1].tone = DOC_GREY;
		}
	}
	if (roles->item_count > 0)
		section_add(maker, DOC_TABLE)->table = (struct doc_table){ heads, count, cells, roles->item_count, NULL };
}

static const char *interval(struct section_maker *maker, const struct roles_band *band)
{
	const struct roles *roles = &maker->roles;
	const struct roles_band *above = band + 1 < roles->bands + roles->band_count ? band + 1 : NULL;
	const char *from = band->from.known ? figure_number(&maker->arena, band->from.number, band->from.scale, -1) : "0";
	if (above == NULL || !above->from.known)
		return label_fill(&maker->arena, LABEL_INTERVAL_TOP, maker->lang, from);
	return label_fill(&maker->arena, LABEL_INTERVAL_HALF, maker->lang, from,
		figure_number(&maker->arena, above->from.number, above->from.scale, -1));
}

/* The title of an item named by its id; the text itself if it is none. */
static const char *item_title(const struct section_maker *maker, const char *id)
{
	for (size_t i = 0; i < maker->roles.item_count; i++)
		if (strcmp(maker->roles.items[i].id, id) == 0)
			return text_pick(&maker->roles.items[i].title, maker->lang);
	return id;
}

/* A whole grade of the person; false where there is none. */
static bool whole(struct section_maker *maker, int value, int64_t *grade)
{
	struct view_cell cell;
	section_cell(maker, value, &cell);
	return cell.kind == VIEW_NUMBER && decimal_round(cell.number, cell.scale, 0, grade);
}

/* What moved the grade from the band of the composite, step by step, as far as the results keep the steps. */
static void steps(struct section_maker *maker, int64_t band)
{
	const struct roles *roles = &maker->roles;
	const struct {
		int value;
		enum label_id words;
	} moves[] = { { roles->reached, LABEL_STAR_REACHED }, { roles->held, LABEL_STAR_HELD },
		{ roles->computed, LABEL_STAR_COMPUTED }, { roles->grade, LABEL_STAR_DECIDED } };
	struct view_cell floor;
	int64_t from = band, to;
	for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		if (!whole(maker, moves[i].value, &to) || to == from)
			continue;
		const char *name = figure_grade(&maker->arena, to, maker->lang);
		section_cell(maker, roles->floor, &floor);
		section_text(maker,
			moves[i].words == LABEL_STAR_REACHED && floor.kind == VIEW_TEXT
				? label_fill(&maker->arena, LABEL_STAR_FLOOR_TO, maker->lang, item_title(maker, floor.text), name)
				: label_fill(&maker->arena, moves[i].words, maker->lang, name),
			to < from ? DOC_BRICK : DOC_TEAL, false, false);
		from = to;
	}
}

static void outcome(struct section_maker *maker, int64_t own, const struct view_cell *composite)
{
	const struct roles *roles = &maker->roles;
	struct arena *arena = &maker->arena;
	const char *name = figure_grade(arena, own, maker->lang);
	if (composite->kind != VIEW_NUMBER) {
		section_text(maker, name, DOC_INK, true, false);
		return;
	}
	const char *score = section_figure(maker, composite, 2);
	const struct roles_band *band = roles_band_of(roles, composite->number, composite->scale);
	if (band == NULL) {
		section_text(maker, label_fill(arena, LABEL_STAR_RESULT_ONLY, maker->lang, name, score), DOC_INK, true, false);
		return;
	}
	if (band->grade == own || roles->computed >= 0) {
		section_text(maker,
			label_fill(arena, band->grade == own ? LABEL_STAR_RESULT : LABEL_STAR_RESULT_BY, maker->lang, name, score,
				interval(maker, band), figure_grade(arena, band->grade, maker->lang)),
			DOC_INK, true, false);
		steps(maker, band->grade);
		return;
	}
	struct view_cell floor;
	section_cell(maker, roles->floor, &floor);
	section_text(maker,
		label_fill(arena, LABEL_STAR_CONSTRAINED, maker->lang, name, score,
			figure_grade(arena, band->grade, maker->lang), interval(maker, band), name),
		DOC_INK, true, false);
	if (floor.kind == VIEW_TEXT)
		section_text(maker, label_fill(arena, LABEL_STAR_FLOOR, maker->lang, item_title(maker, floor.text)), DOC_BRICK,
			false, false);
}

bool grade_outcome(struct section_maker *maker)
{
	struct view_cell grade, composite;
	int64_t own;
	if (maker->roles.grade < 0) {
		section_text(maker, label(LABEL_STAR_NO_RULE, maker->lang), DOC_GREY, false, false);
		return false;
	}
	section_cell(maker, maker->roles.grade, &grade);
	section_cell(maker, maker->roles.composite, &composite);
	if (whole(maker, maker->roles.grade, &own))
		outcome(maker, own, &composite);
	else
		section_text(maker,
			label_fill(&maker->arena, LABEL_STAR_NONE, maker->lang,
				grade.why != NULL ? text_pick(&grade.why->text, maker->lang)
								  : label(LABEL_STAR_NO_REASON, maker->lang)),
			DOC_INK, true, false);
	return true;
}

void grade_distance(struct section_maker *maker)
{
	const struct roles *roles = &maker->roles;
	struct arena *arena = &maker->arena;
	struct view_cell now, *composite = &now;
	int64_t own;
	section_cell(maker, roles->composite, composite);
	if (roles->band_count == 0 || composite->kind != VIEW_NUMBER || !whole(maker, roles->grade, &own))
		return;
	const struct roles_band *next = NULL;
	for (size_t i = roles->band_count; i > 0; i--)
		if (roles->bands[i - 1].grade > own)
			next = &roles->bands[i - 1];
	if (next == NULL) {
		section_text(maker, label(LABEL_STAR_TOP, maker->lang), DOC_TEAL, false, false);
		return;
	}
	if (!next->from.known)
		return;
	int scale;
	int64_t missing = figure_minus(next->from.number, next->from.scale, composite->number, composite->scale, &scale);
	const char *name = figure_grade(arena, next->grade, maker->lang),
			   *from = figure_number(arena, next->from.number, next->from.scale, -1);
	const char *text = missing > 0
		? label_fill(arena, LABEL_STAR_NEXT, maker->lang, name, figure_number(arena, missing, scale, 2), from)
		: label_fill(arena, LABEL_STAR_NEXT_HELD, maker->lang, name, from);
	if (next->hold.known && next->hold.number > decimal_pow10(next->hold.scale))
		text = arena_printf(arena, "%s%s%s", text, maker->lang == TEXT_EN ? " " : "",
			label_fill(arena, LABEL_STAR_HOLD, maker->lang, name,
				figure_number(arena, next->hold.number, next->hold.scale, -1)));
	section_text(maker, text, DOC_INK, false, false);
}

void grade_credits(struct section_maker *maker, bool table)
{
	const struct roles *roles = &maker->roles;
	struct arena *arena = &maker->arena;
	struct view_cell total, least, missing;
	if (roles->total < 0)
		return;
	section_cell(maker, roles->total, &total);
	section_cell(maker, roles->minimum, &least);
	section_cell(maker, roles->shortfall, &missing);
	const char *have = section_figure(maker, &total, -1);
	if (have == NULL) {
		section_text(maker,
			label_fill(arena, LABEL_CREDITS_TOTAL, maker->lang,
				total.why != NULL ? text_pick(&total.why->text, maker->lang) : label(LABEL_NOT_EVALUATED, maker->lang)),
			DOC_GREY, false, false);
		return;
	}
	if (least.kind != VIEW_NUMBER && roles->need.known)
		least = (struct view_cell){ .kind = VIEW_NUMBER, .number = roles->need.number, .scale = roles->need.scale };
	if (least.number == 0)
		least.kind = VIEW_MISSING; /* a requirement of nothing is none */
	const char *line = least.kind == VIEW_NUMBER
		? label_fill(arena, LABEL_CREDITS_TOTAL_NEED, maker->lang, have, section_figure(maker, &least, -1))
		: label_fill(arena, LABEL_CREDITS_TOTAL, maker->lang, have);
	bool short_by = missing.kind == VIEW_NUMBER && missing.number > 0;
	const char *separator = label(LABEL_SEPARATOR, maker->lang);
	if (short_by)
		line = arena_printf(arena, "%s%s%s", line, separator,
			label_fill(arena, LABEL_CREDITS_MISSING, maker->lang, section_figure(maker, &missing, -1)));
	else if (least.kind == VIEW_NUMBER && missing.kind == VIEW_NUMBER)
		line = arena_printf(arena, "%s%s%s", line, separator, label(LABEL_CREDITS_MET, maker->lang));
	section_text(maker, line, short_by ? DOC_BRICK : DOC_INK, true, false);
	if (!table || roles->category_count == 0)
		return;
	static const struct {
		enum label_id id;
		double share;
		enum doc_align align;
	} columns[] = { { LABEL_CATEGORY, 0.40, DOC_LEFT }, { LABEL_EARNED, 0.18, DOC_RIGHT },
		{ LABEL_CREDITS_NEED, 0.18, DOC_RIGHT }, { LABEL_STATE, 0.24, DOC_LEFT } };
	enum { COLUMNS = sizeof columns / sizeof columns[0] };
	struct doc_table_column *heads = arena_alloc(arena, COLUMNS, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, roles->category_count * COLUMNS, sizeof *cells);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang), columns[c].share, columns[c].align };
	size_t rows = 0;
	for (size_t i = 0; i < roles->category_count; i++) {
		const struct roles_category *category = &roles->categories[i];
		struct view_cell earned, need;
		section_cell(maker, category->earned, &earned);
		section_cell(maker, category->minimum, &need);
		struct roles_figure want = need.kind == VIEW_NUMBER
			? (struct roles_figure){ need.number != 0, need.number, need.scale }
			: category->need;
		if (!want.known && earned.kind == VIEW_NUMBER && earned.number == 0)
			continue;
		struct doc_cell *cell = cells + rows++ * COLUMNS;
		cell[0] = section_plain(text_pick(&category->title, maker->lang));
		cell[1] = section_plain(section_figure(maker, &earned, -1));
		cell[2] = section_plain(want.known ? figure_or(maker, &want) : NULL);
		if (!want.known)
			cell[3] = (struct doc_cell){ .text = label(LABEL_NO_NEED, maker->lang), .tone = DOC_GREY };
		else if (earned.kind != VIEW_NUMBER)
			cell[3] = (struct doc_cell){ .text = label(LABEL_NOT_EVALUATED, maker->lang), .tone = DOC_GREY };
		else {
			int scale;
			int64_t gap = figure_minus(want.number, want.scale, earned.number, earned.scale, &scale);
			if (gap > 0)
				cell[3] = (struct doc_cell){
					.text = arena_printf(arena, "✗ %s",
						label_fill(arena, LABEL_SHORT, maker->lang, figure_number(arena, gap, scale, -1))),
					.tone = DOC_BRICK
				};
			else
				cell[3] = (struct doc_cell){ .text = arena_printf(arena, "✓ %s", label(LABEL_MET, maker->lang)),
					.tone = DOC_TEAL };
		}
	}
	section_add(maker, DOC_TABLE)->table = (struct doc_table){ heads, COLUMNS, cells, rows, NULL };
}
