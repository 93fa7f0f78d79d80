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
#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape tile_attrs[] = { TALLY_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const tile_children[] = { &sheet_title_shape, NULL };
static const struct xml_shape tile_shape = { "tile", tile_attrs, tile_children, 0, 12, false,
	"a figure over all active people" };
static const struct xml_attr_shape answer_attrs[] = {
	{ "when", XML_FEEL, false, NULL, "people it is true of are counted, the first of them named" },
	{ "rows", XML_CHOICE, false, "quarantined", "instead: rows of the inputs that were set aside" },
	{ "sheet", XML_NAME, false, NULL, "id of the sheet that has them all" },
	{ "style", XML_CHOICE, false, "up|down|grey|strong", "look of the number when it is not 0" },
	{ "optional", XML_BOOL, false, NULL, "yes: left out where the results have no such name" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const answer_children[] = { &sheet_title_shape, NULL };
static const struct xml_shape answer_shape = { "answer", answer_attrs, answer_children, 1, 12, false,
	"a number of people with the names of the first" };
static const struct xml_attr_shape question_attrs[] = { { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const question_children[] = { &sheet_title_shape, &answer_shape, NULL };
static const struct xml_shape question_shape = { "question", question_attrs, question_children, 0, 6, false,
	"what the reader asks first, with its answers" };
static const struct xml_attr_shape attrs[] = { SHEET_ATTRS,
	{ "charts", XML_BOOL, false, NULL, "no: tiles and questions only" }, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, &tile_shape, &question_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"overview: title block, tiles, two charts" };

#define CHART_COLUMNS 5u /* of the sheet: the second chart begins where the first ends */
#define TILES_A_ROW 6u
#define ANSWER_COLUMNS 8u /* of the sheet: names run over the last ones */
#define ANSWER_NAMES 8u /* named on the overview; the sheet linked has them all */

struct tile {
	struct tally tally;
	struct tally_sum sum;
};
struct answer {
	const struct xml_node *node;
	int when; /* -1: rows of the inputs */
	uint64_t count;
	const char *names[ANSWER_NAMES];
};
struct tiles {
	struct view_names names;
	struct view view;
	struct tile at[12];
	size_t count;
	VEC(struct answer) answers;
	int name; /* in the view, -1: nobody is named */
};

static int bind_answers(struct sheet_build *build, struct tiles *tiles, struct err *err)
{
	tiles->name = -1;
	for (const struct xml_node *question = xml_child(build->node, "question"); question != NULL;
		 question = xml_next(question, "question"))
		for (const struct xml_node *node = xml_child(question, "answer"); node != NULL;
			 node = xml_next(node, "answer")) {
			const char *when = xml_attr(node, "when");
			struct answer answer = { .node = node, .when = -1 };
			if (when == NULL && xml_attr(node, "rows") == NULL)
				return xml_fail(node, err, "an answer needs a condition (when) or rows");
			if (when != NULL && xml_yes(xml_attr_or(node, "optional", "no")) && !view_knows(&tiles->view, when))
				continue;
			if (when != NULL && (answer.when = view_bind_test(&tiles->view, node, when, err)) < 0)
				return -1;
			VEC_PUSH(&tiles->answers, answer);
		}
	if (tiles->answers.count > 0)
		tiles->name = view_bind_name(&tiles->view, view_names_find(&tiles->names, "name"));
	return 0;
}

static int bind_tiles(struct sheet_build *build, struct tiles *tiles, struct err *err)
{
	if (view_names_init(&tiles->names, build->directory, "people", build->previous, err) != 0)
		return -1;
	view_init(&tiles->view, &tiles->names, build->input);
	for (const struct xml_node *node = xml_child(build->node, "tile"); node != NULL && tiles->count < 12;
		 node = xml_next(node, "tile")) {
		bool leave;
		if (tally_bind(&tiles->at[tiles->count].tally, &tiles->view, node, &leave, err) != 0)
			return -1;
		tiles->count += !leave;
	}
	return bind_answers(build, tiles, err);
}

static void release_tiles(struct tiles *tiles)
{
	VEC_RELEASE(&tiles->answers);
	view_release(&tiles->view);
	view_names_release(&tiles->names);
}

static void count_answers(struct tiles *tiles, uint32_t row, struct arena *arena)
{
	struct view_cell cell;
	for (size_t i = 0; i < tiles->answers.count; i++) {
		struct answer *answer = &tiles->answers.at[i];
		if (answer->when < 0 || !view_true(&tiles->view, answer->when, row))
			continue;
		if (answer->count < ANSWER_NAMES) {
			view_at(&tiles->view, tiles->name, row, &cell);
			answer->names[answer->count] = cell.kind == VIEW_TEXT ? arena_text(arena, cell.text) : "–";
		}
		answer->count++;
	}
}

static int sum_tiles(struct tiles *tiles, struct arena *arena, struct err *err)
{
	struct view *view = &tiles->view;
	for (uint32_t block = 0; tiles->count + tiles->answers.count > 0 && block < view_blocks(view); block++) {
		if (view_load(view, block, err) != 0)
			return -1;
		for (uint32_t row = 0; row < view->count; row++) {
			for (size_t i = 0; view->active[row] && i < tiles->count; i++)
				tally_add(&tiles->at[i].tally, view, row, &tiles->at[i].sum);
			if (view->active[row])
				count_answers(tiles, row, arena);
		}
	}
	return 0;
}

static void show_tiles(struct sheet_build *build, const struct tiles *tiles)
{
	for (size_t first = 0; first < tiles->count; first += TILES_A_ROW) {
		struct book_cell *cells = sheet_cells(build, 0, 2, TILES_A_ROW);
		for (size_t i = 0; i < TILES_A_ROW && first + i < tiles->count; i++) {
			const struct tile *tile = &tiles->at[first + i];
			struct text_pair title = xml_text_pair(tile->tally.node, "title");
			cells[i] = tally_cell(&tile->tally, &tile->sum, build->lang);
			cells[i].style = BOOK_STYLE_TILE_FIGURE;
			cells[TILES_A_ROW + i] = sheet_text(text_pick(&title, build->lang), BOOK_STYLE_TILE_LABEL);
		}
		sheet_gap(build, 1);
	}
}

/* The sheet an answer points at, by its id in the template; NULL: none. */
static const char *target_of(const struct sheet_build *build, const char *id)
{
	const struct xml_node *book = build->node->parent;
	for (const struct xml_node *sheet = xml_child(book, "sheet"); id != NULL && sheet != NULL;
		 sheet = xml_next(sheet, "sheet"))
		if (strcmp(xml_attr(sheet, "id"), id) == 0) {
			struct text_pair title = xml_text_pair(sheet, "title");
			return arena_printf(build->arena, "internal:'%s'!A1", text_pick(&title, build->lang));
		}
	return NULL;
}

/* "林晓雯、周启明 … 另 12 人": the first names, and how many more stand on the sheet. */
static const char *names_of(const struct sheet_build *build, const struct answer *answer)
{
	struct str text = { 0 };
	if (answer->when < 0)
		return NULL;
	for (size_t i = 0; i < ANSWER_NAMES && i < answer->count; i++)
		str_printf(&text, "%s%s", i > 0 ? label(LABEL_LIST_COMMA, build->lang) : "", answer->names[i]);
	if (answer->count > ANSWER_NAMES)
		str_add(&text, label_fill(build->arena, LABEL_AND_MORE_PEOPLE, build->lang,
						   (unsigned)(answer->count - ANSWER_NAMES)));
	const char *kept = arena_text(build->arena, str_text(&text));
	str_release(&text);
	return kept;
}

static struct book_cell answer_title(const struct sheet_build *build, const struct answer *answer)
{
	struct text_pair title = xml_text_pair(answer->node, "title");
	struct book_cell cell = sheet_text(text_pick(&title, build->lang), BOOK_STYLE_NORMAL);
	cell.target = target_of(build, xml_attr(answer->node, "sheet"));
	if (cell.target != NULL && cell.kind == BOOK_TEXT)
		cell.kind = BOOK_LINK;
	return cell;
}

static enum book_style answer_style(const struct answer *answer)
{
	const char *style = xml_attr_or(answer->node, "style", "strong");
	if (answer->count == 0)
		return BOOK_STYLE_GREY;
	return strcmp(style, "up") == 0 ? BOOK_STYLE_UP
		: strcmp(style, "down") == 0 ? BOOK_STYLE_DOWN
		: strcmp(style, "grey") == 0 ? BOOK_STYLE_GREY
									 : BOOK_STYLE_STRONG;
}

/* A question, then a line an answer: what, how many, who. */
static void show_questions(struct sheet_build *build, struct tiles *tiles)
{
	uint64_t quarantined = 0;
	size_t batch_count, at = 0;
	const struct store_batch *batches = facts_batches(build->input->facts, &batch_count);
	for (size_t i = 0; i < batch_count; i++)
		quarantined += batches[i].rejected;
	for (const struct xml_node *question = xml_child(build->node, "question"); question != NULL;
		 question = xml_next(question, "question")) {
		size_t first = at;
		while (at < tiles->answers.count && tiles->answers.at[at].node->parent == question)
			at++;
		if (at == first)
			continue;
		struct text_pair title = xml_text_pair(question, "title");
		sheet_heading(build, text_pick(&title, build->lang));
		struct book_cell *cells = sheet_cells(build, 0, (uint32_t)(at - first), ANSWER_COLUMNS);
		for (size_t i = first; i < at; i++, cells += ANSWER_COLUMNS) {
			struct answer *answer = &tiles->answers.at[i];
			if (answer->when < 0)
				answer->count = quarantined;
			cells[0] = answer_title(build, answer);
			cells[2] = sheet_count(answer->count);
			cells[2].style = answer_style(answer);
			cells[3] = sheet_text(names_of(build, answer), BOOK_STYLE_GREY);
			cells[3].format = BOOK_FORMAT_TEXT;
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
	int status = bind_tiles(build, tiles, err) != 0 || sum_tiles(tiles, build->arena, err) != 0 ? -1 : 0;
	if (status == 0) {
		char day[16];
		date_format_iso(facts_params(input->facts)->as_of, day);
		const char *period = figure_period(build->arena, &input->period, build->lang),
				   *title = sheet_template_title(build);
		sheet_title(build, arena_printf(build->arena, "%s%s%s", title, label(LABEL_SEPARATOR, build->lang), period),
			label_fill(build->arena, LABEL_OVERVIEW_LINE, build->lang, *input->centre != '\0' ? input->centre : period,
				day, build->directory->rulebook, build->directory->version, input->run_name));
		sheet_now(build)->portrait = true;
		for (uint32_t c = 0; c < TILES_A_ROW; c++)
			sheet_width(build, c, 17);
		show_tiles(build, tiles);
		show_questions(build, tiles);
		bool charts = xml_yes(xml_attr_or(build->node, "charts", "yes"));
		bool grades = charts && totals->grades > 0 && totals->group_count > 0,
			 credits = charts && shown_categories(totals) > 0;
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
		else if (charts)
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
