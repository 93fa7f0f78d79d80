/*
 * tiles.c - figures summed up in one pass over the people and one over each result table that is asked for.
 *
 * Decides: who counts: active people; in an earlier run whoever was graded then or not graded for another reason than
 * having left or not being there yet. Of other tables every row counts.
 */
#include "report/tiles.h"

#include "base/mem.h"
#include "report/roles.h"
#include "report/sheet.h"
#include "report/suppress.h"

#include <stdlib.h>
#include <string.h>

#define FIGURE_ATTRS \
	{ "of", XML_NAME, false, NULL, "result table; default people" }, \
		{ "value", XML_FEEL, false, NULL, "number to sum up" }, \
		{ "by", XML_FEEL, false, NULL, "ratio: number whose sum is the whole" }, \
		{ "when", XML_FEEL, false, NULL, "only rows that meet this condition" }, \
		{ "among", XML_FEEL, false, NULL, "share: of the rows that meet this condition; default all" }, \
		{ "places", XML_INTEGER, false, NULL, "decimal places; default 1" }, \
		{ "better", XML_CHOICE, false, "up|down", "dashboards: which way a change is good; default up" }, \
		{ "small", XML_CHOICE, false, "hide|show", "dashboards: show if rows are not people; default hide" }, \
	{ \
		"optional", XML_BOOL, false, NULL, "yes: left out where the results have no such name" \
	}
static const struct xml_attr_shape attrs[] = {
	{ "total", XML_CHOICE, true, "count|share|average|sum|ratio",
		"number of rows that meet `when`, their share, average or sum of `value`, or sum of `value` to sum of `by`" },
	FIGURE_ATTRS,
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape line_attrs[] = {
	{ "total", XML_CHOICE, true, "share|ratio", "share of rows that meet `when`, or sum of `value` to sum of `by`" },
	FIGURE_ATTRS,
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &sheet_title_shape, NULL };
const struct xml_shape tiles_shape = { "kpi", attrs, children, 0, TILES_MOST, false,
	"a figure over all active people, or over the rows of a result table" };
const struct xml_shape tiles_line_shape = { "line", line_attrs, children, 0, 6, false,
	"a share over the published periods" };

enum { PEOPLE = 0 };

static bool total_is(const struct tile *tile, const char *total)
{
	return strcmp(xml_attr(tile->node, "total"), total) == 0;
}

/* ---- binding ---- */

/* The source of a table, opened when first asked for; NULL: the results have no such table (or there are too many). */
static struct tiles_source *source_of(struct tiles *tiles, const char *table, const struct report_input *input,
	const struct result_directory *directory, const struct result_directory *previous, struct err *err)
{
	for (uint32_t i = 0; i < tiles->sources; i++)
		if (strcmp(tiles->source[i].table, table) == 0)
			return &tiles->source[i];
	if (tiles->sources == 1 + TILES_TABLES || result_table(directory, table) == NULL) {
		err_set(err, STATUS_CONFIG, "the results have no table '%s'", table);
		return NULL;
	}
	struct tiles_source *source = &tiles->source[tiles->sources];
	source->table = table;
	if (view_names_init(&source->names, directory, table, tiles->sources == PEOPLE ? previous : NULL, err) != 0)
		return NULL;
	view_init(&source->view, &source->names, input);
	tiles->sources++;
	return source;
}

/* Whether the expressions of a tile read results only. */
static bool reads_results(const struct view *view, const struct tile *tile)
{
	int values[] = { tile->value, tile->by, tile->when, tile->among };
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		int slots[64];
		if (values[i] < 0)
			continue;
		const struct view_value *value = &view->values.at[values[i]];
		size_t count = value->expr != NULL ? feel_slots(value->expr, slots, 64) : 1;
		for (size_t k = 0; k < count && k < 64; k++) {
			const struct view_name *name = value->expr != NULL ? &view->names->at[slots[k]] : value->name;
			if (name->source != VIEW_RESULT)
				return false;
		}
	}
	return true;
}

static int expect(const struct tile *tile, const char *element, struct err *err)
{
	const char *total = xml_attr(tile->node, "total");
	bool ratio = total_is(tile, "ratio"), valued = ratio || total_is(tile, "average") || total_is(tile, "sum");
	if (valued && xml_attr(tile->node, "value") == NULL)
		return xml_fail(tile->node, err, "a %s with total=\"%s\" needs a value", element, total);
	if (ratio && xml_attr(tile->node, "by") == NULL)
		return xml_fail(tile->node, err, "a %s with total=\"ratio\" needs a whole (by)", element);
	if (total_is(tile, "share") && xml_attr(tile->node, "when") == NULL)
		return xml_fail(tile->node, err, "a %s with total=\"share\" needs a condition (when)", element);
	return 0;
}

static int bind_texts(struct tile *tile, struct view *view, bool leave, struct err *err)
{
	const struct {
		const char *name;
		int *number;
		bool test;
	} texts[] = { { "value", &tile->value, false }, { "by", &tile->by, false }, { "when", &tile->when, true },
		{ "among", &tile->among, true } };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const char *text = xml_attr(tile->node, texts[i].name);
		if (leave && text != NULL && !view_knows(view, text))
			return 0;
	}
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const char *text = xml_attr(tile->node, texts[i].name);
		if (text == NULL)
			continue;
		*texts[i].number =
			texts[i].test ? view_bind_test(view, tile->node, text, err) : view_bind(view, tile->node, text, err);
		if (*texts[i].number < 0)
			return -1;
	}
	tile->known = true;
	return 0;
}

int tiles_bind(struct tiles *tiles, const struct xml_node *node, const char *element, enum tiles_rule rule,
	const struct report_input *input, const struct result_directory *directory, const struct result_directory *previous,
	struct err *err)
{
	struct tiles_source *people = source_of(tiles, "people", input, directory, previous, err);
	if (people == NULL)
		return -1;
	const struct result_column *grade = roles_column(directory, NULL, "grade", "");
	tiles->grade = grade != NULL ? view_bind_name(&people->view, view_names_find(&people->names, grade->id)) : -1;
	for (const struct xml_node *child = xml_child(node, element); child != NULL && tiles->count < TILES_MOST;
		 child = xml_next(child, element)) {
		const char *of = xml_attr_or(child, "of", "people");
		struct tile tile = { .node = child,
			.value = -1,
			.by = -1,
			.when = -1,
			.among = -1,
			.of_people = strcmp(of, "people") == 0,
			.open = strcmp(xml_attr_or(child, "small", "hide"), "show") == 0,
			.sum = decimal_from_int(0),
			.whole = decimal_from_int(0) };
		bool leave = rule == TILES_FIXED || xml_yes(xml_attr_or(child, "optional", "no"));
		struct err unknown = { 0 };
		struct tiles_source *source = source_of(tiles, of, input, directory, previous, &unknown);
		if (source == NULL && !leave)
			return xml_fail(child, err, "%s", unknown.text);
		if (expect(&tile, element, err) != 0 || (source != NULL && bind_texts(&tile, &source->view, leave, err) != 0))
			return -1;
		if (!tile.known && rule == TILES_ASKED)
			continue;
		tile.table = source != NULL ? (uint32_t)(source - tiles->source) : PEOPLE;
		tile.of_results = tile.known && reads_results(&source->view, &tile);
		tiles->at[tiles->count++] = tile;
	}
	return 0;
}

int tiles_check(const struct xml_node *node, const char *element, const struct result_directory *directory,
	const struct result_directory *previous, struct err *err)
{
	struct tiles *tiles = mem_new(1, sizeof *tiles);
	int status = tiles_bind(tiles, node, element, TILES_ASKED, NULL, directory, previous, err);
	tiles_release(tiles);
	free(tiles);
	return status;
}

void tiles_release(struct tiles *tiles)
{
	for (uint32_t i = 0; i < tiles->sources; i++) {
		view_release(&tiles->source[i].view);
		view_names_release(&tiles->source[i].names);
	}
}

/* ---- summing up ---- */

/* Whether a person was there at an earlier run's as-of date, as its results tell. */
static bool was_there(struct tiles *tiles, uint32_t row)
{
	struct view_cell cell;
	view_at(&tiles->source[PEOPLE].view, tiles->grade, row, &cell);
	if (cell.kind == VIEW_NUMBER)
		return true;
	return cell.why != NULL && strcmp(cell.why->id, "left") != 0 && strcmp(cell.why->id, "not-hired") != 0;
}

static bool add(struct view *view, int value, uint32_t row, struct decimal *sum)
{
	struct view_cell cell;
	view_at(view, value, row, &cell);
	if (cell.kind != VIEW_NUMBER)
		return false;
	*sum = decimal_add(*sum, decimal_from_scaled(cell.number, cell.scale));
	return true;
}

/* 0: not looked at, 1: looked at, 2: counts. */
static uint8_t count_row(struct view *view, struct tile *tile, uint32_t row)
{
	if (!tile->known || (tile->among >= 0 && !view_true(view, tile->among, row)))
		return 0;
	tile->of++;
	if (tile->when >= 0 && !view_true(view, tile->when, row))
		return 1;
	struct decimal sum = tile->sum;
	if (tile->value >= 0 && !add(view, tile->value, row, &sum))
		return 1;
	if (tile->by >= 0 && !add(view, tile->by, row, &tile->whole))
		return 1;
	tile->sum = sum;
	tile->count++;
	return 2;
}

static void count_rows(struct tiles *tiles, uint32_t source, bool earlier)
{
	struct view *view = &tiles->source[source].view;
	for (uint32_t row = 0; row < view->count; row++) {
		uint8_t in[TILES_MOST] = { 0 };
		if (source == PEOPLE && (earlier ? !was_there(tiles, row) : !view->active[row]))
			continue;
		for (size_t i = 0; i < tiles->count; i++)
			if (tiles->at[i].table == source)
				in[i] = count_row(view, &tiles->at[i], row);
		tiles->people += source == PEOPLE;
		if (source == PEOPLE && tiles->each != NULL)
			tiles->each(tiles->context, view, row, in);
	}
}

int tiles_sum(struct tiles *tiles, bool earlier, struct err *err)
{
	for (uint32_t source = 0; source < tiles->sources; source++) {
		struct view *view = &tiles->source[source].view;
		for (uint32_t block = 0; block < view_blocks(view); block++) {
			if (view_load(view, block, err) != 0)
				return -1;
			count_rows(tiles, source, earlier);
		}
	}
	return 0;
}

/* ---- figures ---- */

bool tiles_value(const struct tile *tile, int64_t *number, int *scale, enum book_format *format)
{
	const char *places_text = xml_attr_or(tile->node, "places", "1");
	int64_t places = 1;
	if (!decimal_parse(places_text, strlen(places_text), 0, &places) || places < 0 || places > 4)
		places = 1;
	*number = (int64_t)tile->count;
	*scale = 0;
	*format = BOOK_FORMAT_INTEGER;
	if (!tile->known || total_is(tile, "count"))
		return tile->known;
	bool share = total_is(tile, "share"), ratio = total_is(tile, "ratio");
	if (share ? tile->of == 0 : ratio ? decimal_is_zero(tile->whole) : tile->count == 0)
		return false;
	struct decimal value = tile->sum;
	if (share)
		value = decimal_div(decimal_from_int((int64_t)tile->count), decimal_from_int((int64_t)tile->of));
	else if (ratio)
		value = decimal_div(tile->sum, tile->whole);
	else if (total_is(tile, "average"))
		value = decimal_div(tile->sum, decimal_from_int((int64_t)tile->count));
	*scale = share || ratio ? 2 + (int)places : (int)places;
	*format = share || ratio ? (places == 0 ? BOOK_FORMAT_PERCENT : BOOK_FORMAT_PERCENT1)
		: places == 0        ? BOOK_FORMAT_INTEGER
		: places == 1        ? BOOK_FORMAT_DECIMAL1
							 : BOOK_FORMAT_DECIMAL2;
	return decimal_to_scaled_rounded(value, *scale, number);
}

static bool is_few(struct decimal size)
{
	return !decimal_is_zero(size) && decimal_compare(size, decimal_from_int(SUPPRESS_LEAST)) < 0;
}

bool tiles_tells(const struct tiles *tiles, const struct tile *tile)
{
	if (tile->open)
		return true;
	if (total_is(tile, "share"))
		return suppress_tells(tile->count, tile->of);
	if (total_is(tile, "count"))
		return tile->of_people ? suppress_tells(tile->count, tiles->people)
							   : tile->count == 0 || tile->count >= SUPPRESS_LEAST;
	if (total_is(tile, "ratio"))
		return decimal_compare(tile->whole, decimal_from_int(SUPPRESS_LEAST)) >= 0 && !is_few(tile->sum)
			&& !is_few(decimal_sub(tile->whole, tile->sum));
	return tile->count >= SUPPRESS_LEAST;
}

struct book_cell tiles_figure(const struct tile *tile)
{
	int64_t number;
	int scale;
	enum book_format format;
	struct book_cell cell = tiles_value(tile, &number, &scale, &format) ? sheet_number(number, scale, format)
																		: sheet_text("–", BOOK_STYLE_NORMAL);
	cell.style = BOOK_STYLE_TILE_FIGURE;
	return cell;
}
