/*
 * sheet_stars.c - grades: distribution by unit, movement against the period before, deviation from quotas.
 *
 * Decides: the matrices. Wording is "deviation", never "elimination". Without a grade the sheet says so.
 */
#include "report/sheet.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"grades: distribution, movement, quotas" };

static struct book_cell share(uint64_t part, uint64_t whole)
{
	int64_t scaled;
	if (whole == 0
		|| !decimal_to_scaled_rounded(
			decimal_div(decimal_from_int((int64_t)part), decimal_from_int((int64_t)whole)), 3, &scaled))
		return sheet_text("–", BOOK_STYLE_GREY);
	return sheet_number(scaled, 3, BOOK_FORMAT_PERCENT1);
}

static void add_scale(struct sheet_build *build, struct book_part *part, uint32_t first, uint32_t count)
{
	struct book_rule *rules = arena_alloc(build->arena, count, sizeof *rules);
	for (uint32_t i = 0; i < count; i++)
		rules[i] = (struct book_rule){ .kind = BOOK_RULE_SCALE, .column = first + i };
	sheet_highlight(part, rules, count);
}

static int distribution(struct sheet_build *build, const struct totals *totals, struct err *err)
{
	struct arena *arena = build->arena;
	uint32_t grades = totals->grades, columns = grades + 4, rows = (uint32_t)totals->unit_count;
	struct book_column *heads = arena_alloc(arena, columns, sizeof *heads);
	heads[0] = (struct book_column){ .title = label(LABEL_UNIT, build->lang), .format = BOOK_FORMAT_TEXT };
	for (uint32_t g = 0; g < grades; g++)
		heads[g + 1] = (struct book_column){ .title = figure_grade(arena, totals->roles.low + g, build->lang),
			.format = BOOK_FORMAT_INTEGER,
			.total = BOOK_TOTAL_SUM };
	heads[grades + 1] = (struct book_column){
		.title = label(LABEL_NOT_GRADED, build->lang), .format = BOOK_FORMAT_INTEGER, .total = BOOK_TOTAL_SUM
	};
	heads[grades + 2] = (struct book_column){
		.title = label(LABEL_PEOPLE, build->lang), .format = BOOK_FORMAT_INTEGER, .total = BOOK_TOTAL_SUM
	};
	heads[grades + 3] = (struct book_column){
		.title = label_fill(arena, LABEL_SHARE_FROM, build->lang,
			figure_grade(arena, totals->roles.high > totals->roles.low ? totals->roles.high - 1 : totals->roles.high,
				build->lang)),
		.format = BOOK_FORMAT_PERCENT1
	};
	struct book_cell *cells = arena_alloc(arena, (size_t)rows * columns + 1, sizeof *cells);
	for (uint32_t r = 0; r < rows; r++) {
		const struct totals_group *unit = &totals->units[r];
		struct book_cell *line = cells + (size_t)r * columns;
		uint64_t graded = 0, upper = 0;
		line[0] = sheet_text(unit->name, BOOK_STYLE_NORMAL);
		for (uint32_t s = 0; s <= grades; s++) {
			line[s + 1] = sheet_count(unit->count[s]);
			graded += s < grades ? unit->count[s] : 0;
			upper += s < grades && s + 2 >= grades ? unit->count[s] : 0;
		}
		line[grades + 2] = sheet_count(unit->people);
		line[grades + 3] = share(upper, graded);
	}
	sheet_heading(build, label(LABEL_DISTRIBUTION, build->lang));
	struct book_part *part = sheet_grid(
		build, sheet_table_name(arena, xml_attr(build->node, "id"), "_distribution"), heads, columns, cells, rows, err);
	if (part == NULL)
		return -1;
	part->table.totals = true;
	build->row++;
	add_scale(build, part, 1, grades);
	struct book_cell *line = sheet_cells(build, 0, 1, grades + 1);
	line[0] = sheet_text(label(LABEL_SHARE_ROW, build->lang), BOOK_STYLE_GREY);
	for (uint32_t g = 0; g < grades; g++)
		line[g + 1] = share(totals->grade[g], totals->graded);
	sheet_gap(build, 1);
	return 0;
}

static void movement(struct sheet_build *build, const struct totals *totals)
{
	uint32_t slots = totals->grades + 1, columns = slots + 1;
	unsigned up = 0, same = 0, down = 0;
	sheet_heading(build, label(LABEL_MOVEMENT, build->lang));
	if (!totals->moved) {
		sheet_note(build, label(LABEL_MOVEMENT_NONE, build->lang));
		sheet_gap(build, 1);
		return;
	}
	struct book_cell *cells = sheet_cells(build, 0, slots + 1, columns);
	struct book_part *part = &build->parts.at[build->parts.count - 1];
	cells[0] = sheet_text(label(LABEL_MOVEMENT_CORNER, build->lang), BOOK_STYLE_HEADER);
	for (uint32_t s = 0; s < slots; s++) {
		const char *name = s < totals->grades ? figure_grade(build->arena, totals->roles.low + s, build->lang)
											  : label(LABEL_NOT_GRADED, build->lang);
		cells[s + 1] = sheet_over(name);
		cells[(size_t)(s + 1) * columns] = sheet_text(name, BOOK_STYLE_NORMAL);
		for (uint32_t now = 0; now < slots; now++) {
			uint64_t people = totals->movement[s * slots + now];
			struct book_cell *cell = &cells[(size_t)(s + 1) * columns + now + 1];
			if (people == 0)
				continue;
			*cell = sheet_count(people);
			if (s == totals->grades || now == totals->grades)
				continue;
			cell->style = now > s ? BOOK_STYLE_UP : now < s ? BOOK_STYLE_DOWN : BOOK_STYLE_STRONG;
			*(now > s ? &up : now < s ? &down : &same) += (unsigned)people;
		}
	}
	add_scale(build, part, UINT32_MAX, 1);
	sheet_note(build, label_fill(build->arena, LABEL_MOVED_LINE, build->lang, up, same, down));
	sheet_gap(build, 1);
}

/* One cell of a result table as it is, without a template. */
static struct book_cell plain_cell(
	struct sheet_build *build, const struct result_column *column, const struct view_cell *cell)
{
	if (cell->kind == VIEW_NUMBER && strcmp(column->unit, "%") == 0)
		return sheet_number(cell->number, cell->scale + 2, BOOK_FORMAT_PERCENT1);
	switch (cell->kind) {
	case VIEW_NUMBER:
		return sheet_number(cell->number, cell->scale,
			cell->scale == 0       ? BOOK_FORMAT_INTEGER
				: cell->scale == 1 ? BOOK_FORMAT_DECIMAL1
								   : BOOK_FORMAT_DECIMAL2);
	case VIEW_DATE: return sheet_date((int32_t)cell->number);
	case VIEW_TEXT: return sheet_text(arena_text(build->arena, cell->text), BOOK_STYLE_NORMAL);
	case VIEW_BOOL: return sheet_text(label(cell->number != 0 ? LABEL_YES : LABEL_NO, build->lang), BOOK_STYLE_NORMAL);
	case VIEW_MISSING: break;
	}
	return (struct book_cell){ .kind = BOOK_EMPTY };
}

/* The table "<rule>.quota" of the grading rule, all its columns. */
static int quota(struct sheet_build *build, const struct totals *totals, struct err *err)
{
	struct arena *arena = build->arena;
	const char *name = arena_printf(arena, "%s.quota", totals->roles.grade_column->rule);
	const struct result_table *table = result_table(build->directory, name);
	if (table == NULL) {
		sheet_heading(build, label(LABEL_QUOTA, build->lang));
		sheet_note(build, label(LABEL_QUOTA_NONE, build->lang));
		return 0;
	}
	sheet_heading(build, text_pick(&table->title, build->lang));
	struct view_names names;
	struct view view;
	if (view_names_init(&names, build->directory, name, NULL, err) != 0)
		return -1;
	view_init(&view, &names, build->input);
	uint32_t columns = (uint32_t)table->column_count;
	struct book_column *heads = arena_alloc(arena, columns + 1, sizeof *heads);
	int *values = arena_alloc(arena, columns + 1, sizeof *values);
	for (uint32_t c = 0; c < columns; c++) {
		const struct view_name *value = view_names_find(&names, table->columns[c].id);
		values[c] = value != NULL ? view_bind_name(&view, value) : -1;
		heads[c] = (struct book_column){ .title = text_pick(&table->columns[c].title, build->lang) };
	}
	int status = view_load(&view, 0, err);
	if (status == 0 && view.count > 0) {
		struct book_cell *cells = arena_alloc(arena, (size_t)view.count * columns + 1, sizeof *cells);
		for (uint32_t r = 0; r < view.count; r++)
			for (uint32_t c = 0; c < columns; c++) {
				struct view_cell cell;
				view_at(&view, values[c], r, &cell);
				cells[(size_t)r * columns + c] = plain_cell(build, &table->columns[c], &cell);
			}
		if (sheet_grid(build, sheet_table_name(arena, xml_attr(build->node, "id"), "_quota"), heads, columns, cells,
				view.count, err)
			== NULL)
			status = -1;
	} else if (status == 0)
		sheet_note(build, label(LABEL_QUOTA_NONE, build->lang));
	view_release(&view);
	view_names_release(&names);
	return status;
}

static int build_stars(struct sheet_build *build, struct err *err)
{
	struct totals *totals = sheet_totals(build, err);
	if (totals == NULL)
		return -1;
	sheet_title(build, sheet_template_title(build),
		arena_printf(build->arena, "%s%s%s", figure_period(build->arena, &build->input->period, build->lang),
			label(LABEL_SEPARATOR, build->lang), build->input->run_name));
	if (totals->grades == 0) {
		sheet_note(build, label(LABEL_NO_GRADE, build->lang));
		return 0;
	}
	if (totals->unit_count > 0 && distribution(build, totals, err) != 0)
		return -1;
	movement(build, totals);
	if (build->input->crowd != NULL)
		return 0; /* quotas are about more people than these */
	return quota(build, totals, err);
}

const struct sheet_kind sheet_stars = { "stars", "grades: distribution by unit, movement, quota deviation", &shape,
	NULL, build_stars, false, 0, "hr manager", "grade" };
