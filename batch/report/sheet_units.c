/*
 * sheet_units.c - figures by department and by team, with a total and a chart.
 *
 * Decides: which units stand there (those with people), their order, and that a total is made of people, never of the
 * teams' own rates. Does not decide: what a figure is (the template, tally.c).
 */
#include "report/sheet.h"

#include "report/departments.h"
#include "report/figure.h"
#include "report/orgs.h"
#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape figure_attrs[] = {
	TALLY_ATTRS,
	{ "chart", XML_BOOL, false, NULL, "yes: drawn in the chart of the units" },
	{ "look", XML_CHOICE, false, "bar|scale|heat", "conditional format over the column" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const figure_children[] = { &sheet_title_shape, NULL };
#define FIGURES_MOST 24u
static const struct xml_shape figure_shape = { "figure", figure_attrs, figure_children, 0, FIGURES_MOST, false,
	"a figure over the people of a unit" };
static const struct xml_shape explanation_shape = { "explanation", NULL, NULL, 0, 0, true,
	"a line under the title: what the figures mean" };
static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, &explanation_shape, &figure_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false, "figures by department and team" };

#define CHART_ROWS_MOST 24u /* more teams than this are drawn by department */
#define FIRST_FIGURE 2u /* columns before the figures */

struct units {
	struct view_names names;
	struct view view;
	struct tally figures[FIGURES_MOST];
	uint32_t figure_count, orgs;
	struct tally_sum *sums; /* by unit, then figure; the last unit: none */
	uint64_t *people; /* by unit */
	bool nothing; /* all figures that may be missing are */
	struct departments departments;
};

static void release(struct units *units)
{
	view_release(&units->view);
	view_names_release(&units->names);
	free(units->sums);
	free(units->people);
	free(units);
}

static int bind_units(struct sheet_build *build, struct units *units, struct err *err)
{
	if (view_names_init(&units->names, build->directory, "people", build->previous, err) != 0)
		return -1;
	view_init(&units->view, &units->names, build->input);
	uint32_t left = 0, optional = 0;
	for (const struct xml_node *node = xml_child(build->node, "figure");
		 node != NULL && units->figure_count < FIGURES_MOST; node = xml_next(node, "figure")) {
		bool leave;
		struct text_pair title = xml_text_pair(node, "title");
		if (*text_pick(&title, build->lang) == '\0')
			return xml_fail(node, err, "a figure needs a <title>");
		if (tally_bind(&units->figures[units->figure_count], &units->view, node, &leave, err) != 0)
			return -1;
		units->figure_count += !leave;
		left += leave;
		optional += xml_yes(xml_attr_or(node, "optional", "no"));
	}
	units->nothing = units->figure_count == 0 || (left > 0 && left == optional);
	return 0;
}

static int sum_units(struct units *units, const struct report_input *input, struct err *err)
{
	struct view *view = &units->view;
	int org = view_bind_name(view, view_names_find(&units->names, "org_unit"));
	units->orgs = facts_key_count(input->facts, KEY_DIM_ORG);
	units->sums = mem_new(((size_t)units->orgs + 1) * (units->figure_count + 1), sizeof *units->sums);
	units->people = mem_new((size_t)units->orgs + 1, sizeof *units->people);
	for (uint32_t block = 0; block < view_blocks(view); block++) {
		if (view_load(view, block, err) != 0)
			return -1;
		const struct frame_column *column = view->values.at[org].column;
		for (uint32_t row = 0; row < view->count; row++) {
			if (!view->active[row])
				continue;
			uint32_t unit = column != NULL ? column->u32[row] : FRAME_NONE;
			unit = unit < units->orgs ? unit : units->orgs;
			units->people[unit]++;
			for (uint32_t f = 0; f < units->figure_count; f++)
				tally_add(&units->figures[f], view, row, &units->sums[(size_t)unit * units->figure_count + f]);
		}
	}
	return 0;
}

/* ---- tables ---- */

struct table {
	struct book_cell *cells;
	uint32_t rows, columns;
};

static struct book_cell *add_line(const struct sheet_build *build, const struct units *units, struct table *table,
	const char *name, const char *second, const struct tally_sum *sums)
{
	struct book_cell *line = table->cells + (size_t)table->rows++ * table->columns;
	line[0] = sheet_text(name, BOOK_STYLE_NORMAL);
	line[1] = sheet_text(second, BOOK_STYLE_NORMAL);
	for (uint32_t f = 0; f < units->figure_count; f++)
		line[FIRST_FIGURE + f] = tally_cell(&units->figures[f], &sums[f], build->lang);
	return line;
}

static int put_table(struct sheet_build *build, const struct units *units, const struct table *table,
	enum label_id first, enum label_id second, const char *suffix, uint32_t looked, struct err *err)
{
	struct arena *arena = build->arena;
	struct book_column *heads = arena_alloc(arena, table->columns, sizeof *heads);
	struct book_rule *rules = arena_alloc(arena, table->columns, sizeof *rules);
	size_t rule_count = 0;
	heads[0] = (struct book_column){ .title = label(first, build->lang), .format = BOOK_FORMAT_TEXT };
	heads[1] = (struct book_column){ .title = label(second, build->lang),
		.format = second == LABEL_TEAMS ? BOOK_FORMAT_INTEGER : BOOK_FORMAT_TEXT };
	for (uint32_t f = 0; f < units->figure_count; f++) {
		struct text_pair title = xml_text_pair(units->figures[f].node, "title");
		const char *look = xml_attr(units->figures[f].node, "look");
		heads[FIRST_FIGURE + f] = (struct book_column){ .title = text_pick(&title, build->lang),
			.format = tally_format(&units->figures[f]) };
		if (look != NULL)
			rules[rule_count++] = (struct book_rule){ .kind = strcmp(look, "bar") == 0 ? BOOK_RULE_DATA_BAR
					: strcmp(look, "scale") == 0                                       ? BOOK_RULE_SCALE
																					   : BOOK_RULE_HEAT,
				.column = FIRST_FIGURE + f };
	}
	struct book_part *part = sheet_grid(build, sheet_table_name(arena, xml_attr(build->node, "id"), suffix), heads,
		table->columns, table->cells, table->rows, err);
	if (part == NULL)
		return -1;
	if (looked > 1)
		sheet_highlight(part, rules, rule_count);
	return 0;
}

static void join_line(const struct units *units, struct tally_sum *into, uint32_t unit)
{
	for (uint32_t f = 0; f < units->figure_count; f++)
		tally_join(&into[f], &units->sums[(size_t)unit * units->figure_count + f]);
}

static struct table table_of(const struct sheet_build *build, const struct units *units, uint32_t rows)
{
	struct table table = { .columns = FIRST_FIGURE + units->figure_count };
	table.cells = arena_alloc(build->arena, (size_t)(rows + 1) * table.columns, sizeof *table.cells);
	return table;
}

static struct table by_department(struct sheet_build *build, const struct units *units)
{
	const struct departments *departments = &units->departments;
	struct table table = table_of(build, units, departments->count + 1);
	struct tally_sum *all = arena_alloc(build->arena, units->figure_count + 1u, sizeof *all),
					 *sums = arena_alloc(build->arena, units->figure_count + 1u, sizeof *sums);
	uint32_t teams_in_all = 0;
	for (uint32_t d = 0; d < departments->count; d++) {
		uint32_t teams = 0;
		memset(sums, 0, units->figure_count * sizeof *sums);
		for (uint32_t org = 0; org <= units->orgs; org++) {
			if (units->people[org] == 0 || departments_of(departments, org) != d)
				continue;
			teams++;
			join_line(units, sums, org);
		}
		if (teams == 0)
			continue;
		add_line(build, units, &table, departments->name[d], NULL, sums)[1] = sheet_count(teams);
		teams_in_all += teams;
	}
	for (uint32_t org = 0; org <= units->orgs; org++)
		join_line(units, all, org);
	struct book_cell *line = add_line(build, units, &table, label(LABEL_TOTAL, build->lang), NULL, all);
	line[1] = sheet_count(teams_in_all);
	for (uint32_t c = 0; c < table.columns; c++)
		line[c].style = BOOK_STYLE_STRONG;
	return table;
}

static struct table by_team(struct sheet_build *build, const struct units *units)
{
	const struct facts *facts = build->input->facts;
	const uint32_t *rank = orgs_rank(facts, build->arena);
	uint32_t *order = arena_alloc(build->arena, units->orgs + 1u, sizeof *order), count = 0;
	for (uint32_t org = 0; org < units->orgs; org++)
		order[rank[org]] = org;
	for (uint32_t org = 0; org <= units->orgs; org++)
		count += units->people[org] > 0;
	struct table table = table_of(build, units, count);
	for (uint32_t i = 0; i <= units->orgs; i++) {
		uint32_t org = i < units->orgs ? order[i] : i;
		if (units->people[org] == 0)
			continue;
		add_line(build, units, &table, units->departments.name[departments_of(&units->departments, org)],
			org < units->orgs ? facts_org_name(facts, org) : label(LABEL_UNIT_NONE, build->lang),
			&units->sums[(size_t)org * units->figure_count]);
	}
	return table;
}

/* ---- chart ---- */

static uint32_t charted(const struct units *units)
{
	uint32_t count = 0;
	for (uint32_t f = 0; f < units->figure_count; f++)
		count += xml_yes(xml_attr_or(units->figures[f].node, "chart", "no"));
	return count;
}

static void add_chart(struct sheet_build *build, const struct units *units, uint32_t top, uint32_t rows,
	uint32_t first, uint32_t last, uint32_t names)
{
	static const int colours[] = { 4, 1, 2, 5 };
	uint32_t count = charted(units), at = 0;
	struct book_series *series = arena_alloc(build->arena, count, sizeof *series);
	const char *sheet = sheet_now(build)->name, *title = NULL;
	bool percent = true;
	for (uint32_t f = 0; f < units->figure_count; f++) {
		if (!xml_yes(xml_attr_or(units->figures[f].node, "chart", "no")))
			continue;
		struct text_pair pair = xml_text_pair(units->figures[f].node, "title");
		enum book_format format = tally_format(&units->figures[f]);
		const char *name = text_pick(&pair, build->lang);
		percent &= format == BOOK_FORMAT_PERCENT || format == BOOK_FORMAT_PERCENT1;
		title = title == NULL ? name
							  : arena_printf(build->arena, "%s%s%s", title, label(LABEL_LIST_COMMA, build->lang), name);
		series[at] = (struct book_series){ .name = name,
			.colour = colours[at % (sizeof colours / sizeof colours[0])],
			.categories = { sheet, first, names, last, names },
			.values = { sheet, first, FIRST_FIGURE + f, last, FIRST_FIGURE + f } };
		at++;
	}
	struct book_chart chart = { .kind = BOOK_CHART_BAR,
		.title = title,
		.alt = title,
		.series = series,
		.series_count = count,
		.rows = rows,
		.columns = FIRST_FIGURE + (units->figure_count < 8 ? units->figure_count : 8),
		.labels = true,
		.percent = percent };
	VEC_PUSH(&build->parts, ((struct book_part){ .kind = BOOK_PART_CHART, .row = top, .column = 0, .chart = chart }));
}

static int show(struct sheet_build *build, struct units *units, struct err *err)
{
	struct text_pair explained = xml_text_pair(build->node, "explanation");
	const char *line = text_pick(&explained, build->lang);
	sheet_title(build, sheet_template_title(build),
		*line != '\0' ? line
					  : arena_printf(build->arena, "%s%s%s", figure_period(build->arena, &build->input->period, build->lang),
							label(LABEL_SEPARATOR, build->lang), build->input->run_name));
	departments_make(build->input->facts, false, build->lang, build->arena, &units->departments);
	struct table departments = by_department(build, units), teams = by_team(build, units);
	if (teams.rows == 0) {
		sheet_note(build, label(LABEL_NO_ROWS, build->lang));
		return 0;
	}
	bool draw = charted(units) > 0, of_teams = teams.rows <= CHART_ROWS_MOST;
	uint32_t top = build->row, bars = (of_teams ? teams.rows : departments.rows - 1) * charted(units);
	uint32_t rows = bars + 6 > 14 ? bars + 6 : 14;
	if (rows > 60)
		rows = 60;
	if (draw)
		build->row = top + rows + 1;
	uint32_t first_department = build->row + 2, first_team = first_department + departments.rows + 3;
	if (draw && of_teams)
		add_chart(build, units, top, rows, first_team, first_team + teams.rows - 1, 1);
	else if (draw)
		add_chart(build, units, top, rows, first_department, first_department + departments.rows - 2, 0);
	sheet_heading(build, label(LABEL_BY_DEPARTMENT, build->lang));
	if (put_table(build, units, &departments, LABEL_DEPARTMENT, LABEL_TEAMS, "_departments", 0, err) != 0)
		return -1;
	sheet_gap(build, 1);
	sheet_heading(build, label(LABEL_BY_TEAM, build->lang));
	return put_table(build, units, &teams, LABEL_DEPARTMENT, LABEL_TEAM, "_teams", teams.rows, err);
}

static int build_units(struct sheet_build *build, struct err *err)
{
	struct units *units = mem_new(1, sizeof *units);
	int status = bind_units(build, units, err);
	bool leave = units->nothing && xml_yes(xml_attr_or(build->node, "optional", "no"));
	if (status == 0 && !leave)
		status = sum_units(units, build->input, err);
	if (status == 0 && !leave) {
		sheet_begin(build, sheet_template_title(build));
		status = show(build, units, err);
	}
	release(units);
	return status;
}

static int check(struct sheet_build *build, struct err *err)
{
	struct units *units = mem_new(1, sizeof *units);
	int status = bind_units(build, units, err);
	if (status == 0 && units->figure_count == 0 && !xml_yes(xml_attr_or(build->node, "optional", "no")))
		status = xml_fail(build->node, err, "the sheet has no figures");
	release(units);
	return status;
}

const struct sheet_kind sheet_units = { "units", "figures by department and by team, with a chart", &shape, check,
	build_units, true, 0, "hr manager", NULL };
