/*
 * sheet_heat.c - competency gaps: units by competencies, and which competencies are worth courses first.
 *
 * Decides: the mean over those assessed; the order of the second table (largest weighted shortfall first).
 */
#include "report/sheet.h"

#include "base/decimal.h"
#include "report/figure.h"
#include "report/heat.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SHEET_ATTRS,
	{ "value", XML_CHOICE, false, "gap|priority", "mean gap (default) or mean of gap x weight" },
	{ "units", XML_CHOICE, false, "department|unit", "rows: departments (default) or every unit" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &sheet_title_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"competency gaps by unit, coloured; competencies by weighted shortfall" };

static struct book_cell mean(int64_t sum, int scale, uint64_t count, int places)
{
	int64_t scaled;
	if (count == 0
		|| !decimal_to_scaled_rounded(
			decimal_div(decimal_from_scaled(sum, scale), decimal_from_int((int64_t)count)), places, &scaled))
		return sheet_text("–", BOOK_STYLE_GREY);
	return sheet_number(scaled, places, BOOK_FORMAT_DECIMAL2);
}

static int show_map(struct sheet_build *build, const struct heat *heat, struct err *err)
{
	struct arena *arena = build->arena;
	uint32_t columns = (uint32_t)heat->count + 1, rows = 0;
	struct book_column *heads = arena_alloc(arena, columns, sizeof *heads);
	heads[0] = (struct book_column){ .title = label(LABEL_UNIT, build->lang), .format = BOOK_FORMAT_TEXT };
	for (size_t c = 0; c < heat->count; c++)
		heads[c + 1] =
			(struct book_column){ .title = heat->columns[c].title, .format = BOOK_FORMAT_DECIMAL2, .width = 11 };
	struct book_cell *cells = arena_alloc(arena, (size_t)(heat->departments.count + 1) * columns, sizeof *cells);
	for (uint32_t g = 0; g < heat->departments.count; g++) {
		if (heat->people[g] == 0)
			continue;
		struct book_cell *line = cells + (size_t)rows++ * columns;
		line[0] = sheet_text(heat->departments.name[g], BOOK_STYLE_NORMAL);
		for (size_t c = 0; c < heat->count; c++)
			line[c + 1] = mean(heat->sum[g * heat->count + c], heat->columns[c].result->scale,
				heat->known[g * heat->count + c], 2);
	}
	if (rows > 1) {
		struct book_cell *line = cells + (size_t)rows++ * columns;
		line[0] = sheet_text(label(LABEL_TOTAL, build->lang), BOOK_STYLE_STRONG);
		for (size_t c = 0; c < heat->count; c++)
			line[c + 1] = mean(heat->columns[c].sum, heat->columns[c].result->scale, heat->columns[c].known, 2);
	}
	struct book_part *part = sheet_grid(
		build, sheet_table_name(arena, xml_attr(build->node, "id"), ""), heads, columns, cells, rows, err);
	if (part == NULL)
		return -1;
	struct book_rule *rule = arena_alloc(arena, 1, sizeof *rule);
	*rule = (struct book_rule){ .kind = BOOK_RULE_HEAT, .column = UINT32_MAX }; /* one scale: cells compare */
	sheet_highlight(part, rule, 1);
	sheet_now(build)->freeze_columns = 1;
	return 0;
}

static int by_need(const void *a, const void *b)
{
	const struct heat_column *x = *(const struct heat_column *const *)a, *y = *(const struct heat_column *const *)b;
	int order = figure_compare(y->weighted, y->weighted_scale, x->weighted, x->weighted_scale);
	return order != 0 ? order : (x > y) - (x < y);
}

static int show_needs(struct sheet_build *build, const struct heat *heat, struct err *err)
{
	static const enum label_id titles[] = { LABEL_COMPETENCY, LABEL_ASSESSED, LABEL_WITH_GAP, LABEL_MEAN_GAP,
		LABEL_WEIGHTED_SUM };
	enum { COLUMNS = sizeof titles / sizeof titles[0] };
	struct arena *arena = build->arena;
	const struct heat_column **order = arena_alloc(arena, heat->count, sizeof *order);
	struct book_column heads[COLUMNS];
	for (size_t i = 0; i < COLUMNS; i++)
		heads[i] = (struct book_column){ .title = label(titles[i], build->lang),
			.format = i == 0 ? BOOK_FORMAT_TEXT
				: i < 3      ? BOOK_FORMAT_INTEGER
							 : BOOK_FORMAT_DECIMAL2 };
	for (size_t i = 0; i < heat->count; i++)
		order[i] = &heat->columns[i];
	qsort(order, heat->count, sizeof *order, by_need);
	struct book_cell *cells = arena_alloc(arena, heat->count * COLUMNS, sizeof *cells);
	for (size_t i = 0; i < heat->count; i++) {
		struct book_cell *line = cells + i * COLUMNS;
		line[0] = sheet_text(order[i]->title, BOOK_STYLE_NORMAL);
		line[1] = sheet_count(order[i]->known);
		line[2] = sheet_count(order[i]->with);
		line[3] = mean(order[i]->sum, order[i]->result->scale, order[i]->known, 2);
		line[4] = mean(order[i]->weighted, order[i]->weighted_scale, 1, 2);
	}
	sheet_gap(build, 1);
	sheet_heading(build, label(LABEL_NEEDS, build->lang));
	struct book_part *part = sheet_grid(build, sheet_table_name(arena, xml_attr(build->node, "id"), "_needs"), heads,
		COLUMNS, cells, (uint32_t)heat->count, err);
	if (part == NULL)
		return -1;
	struct book_rule *rule = arena_alloc(arena, 1, sizeof *rule);
	*rule = (struct book_rule){ .kind = BOOK_RULE_DATA_BAR, .column = 4 };
	sheet_highlight(part, rule, 1);
	return 0;
}

static int build_heat(struct sheet_build *build, struct err *err)
{
	struct heat heat;
	const char *role = xml_attr_or(build->node, "value", "gap");
	bool units = strcmp(xml_attr_or(build->node, "units", "department"), "unit") == 0;
	if (heat_make(&heat, build->input, role, units, build->arena, err) != 0)
		return -1;
	sheet_title(build, sheet_template_title(build),
		label(strcmp(role, "gap") == 0 ? LABEL_HEAT_GAP : LABEL_HEAT_PRIORITY, build->lang));
	uint64_t known = 0;
	for (size_t c = 0; c < heat.count; c++)
		known += heat.columns[c].known;
	if (known == 0) {
		sheet_note(build, label(LABEL_NO_ROWS, build->lang));
		return 0;
	}
	return show_map(build, &heat, err) != 0 || show_needs(build, &heat, err) != 0 ? -1 : 0;
}

const struct sheet_kind sheet_heat = { "heat", "competency gaps by unit, coloured", &shape, NULL, build_heat, false, 0,
	"hr manager", "gap" };
