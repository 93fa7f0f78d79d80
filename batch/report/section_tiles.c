/*
 * section_tiles.c - the summary strip: a few figures, each beside what it is measured against.
 *
 * Decides: how a figure is told to be met or missing (a word or a sign beside every colour).
 */
#include "report/section.h"

#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape tile_attrs[] = {
	{ "show", XML_CHOICE, false, "credits|composite|categories|grade|match|readiness",
		"a figure by role, whatever its id: credits against their requirement, composite, categories met, grade, match "
		"of competencies with its coverage, readiness (a tile for each track)" },
	{ "value", XML_FEEL, false, NULL, "or: any value" },
	{ "of", XML_FEEL, false, NULL, "what the value is measured against" },
	{ "places", XML_INTEGER, false, NULL, "decimal places; default as stored" },
	{ "optional", XML_BOOL, false, NULL, "yes: left out where the results have no such value" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const tile_children[] = { &section_title_shape, NULL };
static const struct xml_shape tile_shape = { "tile", tile_attrs, tile_children, 0, 12, false,
	"a figure of the summary strip" };
static const struct xml_attr_shape attrs[] = { SECTION_ATTRS,
	{ "most", XML_INTEGER, false, NULL, "tiles at most: the first ones these results have; default 6" },
	{ NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &section_title_shape, &tile_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "summary strip of figures" };

#define TILES_MOST 6u

enum show { SHOW_VALUE, SHOW_CREDITS, SHOW_COMPOSITE, SHOW_CATEGORIES, SHOW_GRADE, SHOW_MATCH, SHOW_READINESS };
struct tile {
	enum show show;
	const char *label;
	int value, of, places;
	int unmet, target, earliest; /* readiness */
};
struct state {
	struct tile at[TILES_MOST];
	size_t count;
};

static int places_of(const struct xml_node *node)
{
	const char *places = xml_attr(node, "places");
	return places != NULL && places[0] >= '0' && places[0] <= '9' && places[1] == '\0' ? places[0] - '0' : -1;
}

static enum show show_of(const char *text)
{
	static const struct {
		const char *text;
		enum show show;
	} shows[] = { { "credits", SHOW_CREDITS }, { "composite", SHOW_COMPOSITE }, { "categories", SHOW_CATEGORIES },
		{ "grade", SHOW_GRADE }, { "match", SHOW_MATCH }, { "readiness", SHOW_READINESS } };
	for (size_t i = 0; i < sizeof shows / sizeof shows[0]; i++)
		if (strcmp(shows[i].text, text) == 0)
			return shows[i].show;
	return SHOW_VALUE;
}

/* The figure of a tile by its role; value -1 where this pack has none. */
static void bind_role(struct section_maker *maker, struct tile *tile)
{
	const struct roles *roles = &maker->roles;
	const struct result_column *match;
	switch (tile->show) {
	case SHOW_CREDITS:
		tile->value = roles->total;
		tile->of = roles->minimum;
		break;
	case SHOW_COMPOSITE: tile->value = roles->composite; break;
	case SHOW_CATEGORIES: tile->value = roles->category_count > 0 ? roles->categories[0].earned : -1; break;
	case SHOW_GRADE: tile->value = roles->grade; break;
	case SHOW_MATCH:
		match = roles_column(maker->directory, NULL, "match", "");
		tile->value = roles_bind(&maker->view, match);
		if (match != NULL)
			tile->of = roles_bind(&maker->view, roles_column(maker->directory, match->rule, "coverage", ""));
		break;
	case SHOW_VALUE:
	case SHOW_READINESS: break;
	}
}

/* A tile for each track, in the order of the results. */
static void bind_readiness(struct section_maker *maker, struct state *state, const char *title, size_t most)
{
	const struct result_directory *directory = maker->directory;
	const struct result_table *people = result_table(directory, "people");
	for (size_t i = 0; i < people->column_count && state->count < most; i++) {
		const struct result_column *column = &people->columns[i];
		if (strcmp(column->role, "readiness") != 0 || *column->member == '\0')
			continue;
		const struct result_member *track = roles_find_member(directory, column->rule, "track", column->member);
		state->at[state->count++] = (struct tile){ .show = SHOW_READINESS,
			.label = track != NULL ? text_pick(&track->title, maker->lang)
				: *title != '\0'   ? title
								   : label_code(column->member, maker->lang),
			.value = roles_bind(&maker->view, column),
			.unmet = roles_bind(&maker->view, roles_column(directory, column->rule, "unmet", column->member)),
			.target = roles_bind(&maker->view, roles_column(directory, column->rule, "target", column->member)),
			.earliest = roles_bind(&maker->view, roles_column(directory, column->rule, "earliest", column->member)),
			.of = -1 };
	}
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	const char *count = xml_attr_or(section->node, "most", "6");
	size_t most = count[0] >= '1' && count[0] <= '6' && count[1] == '\0' ? (size_t)(count[0] - '0') : TILES_MOST;
	for (const struct xml_node *node = xml_child(section->node, "tile"); node != NULL && state->count < most;
		 node = xml_next(node, "tile")) {
		const char *show = xml_attr(node, "show"), *value = xml_attr(node, "value"), *of = xml_attr(node, "of");
		bool leave = xml_yes(xml_attr_or(node, "optional", "no"));
		struct text_pair title = xml_text_pair(node, "title");
		struct tile tile = { .show = SHOW_VALUE,
			.label = text_pick(&title, maker->lang),
			.value = -1,
			.of = -1,
			.places = places_of(node) };
		if ((show == NULL) == (value == NULL))
			return xml_fail(node, err, "a tile needs either show or value");
		if (show != NULL) {
			tile.show = show_of(show);
			if (tile.show == SHOW_READINESS) {
				bind_readiness(maker, state, tile.label, most);
				continue;
			}
			bind_role(maker, &tile);
			if (tile.value < 0)
				continue; /* this pack has no such figure */
		} else {
			if (leave && (!view_knows(&maker->view, value) || (of != NULL && !view_knows(&maker->view, of))))
				continue;
			if ((tile.value = view_bind(&maker->view, node, value, err)) < 0
				|| (of != NULL && (tile.of = view_bind(&maker->view, node, of, err)) < 0))
				return -1;
		}
		state->at[state->count++] = tile;
	}
	section->state = state;
	return 0;
}

static const char *missing(struct section_maker *maker, const struct view_cell *cell)
{
	if (cell->why != NULL)
		return text_pick(&cell->why->text, maker->lang);
	return label(LABEL_NOT_EVALUATED, maker->lang);
}

/* "/ 40 差 3.5": the requirement and what is missing, in words beside the colour. */
static void against(struct section_maker *maker, const struct view_cell *have, const struct view_cell *need, int places,
	struct doc_tile *tile)
{
	if (need->kind != VIEW_NUMBER || need->number == 0) /* a requirement of nothing is none */
		return;
	int scale;
	int64_t short_by = figure_minus(need->number, need->scale, have->number, have->scale, &scale);
	const char *of = figure_number(&maker->arena, need->number, need->scale, -1);
	tile->tone = short_by > 0 ? DOC_BRICK : DOC_TEAL;
	tile->of = short_by > 0 ? arena_printf(&maker->arena, "/ %s %s", of,
				   label_fill(&maker->arena, LABEL_MISSING_BY, maker->lang,
					   figure_number(&maker->arena, short_by, scale, places)))
							: arena_printf(&maker->arena, "/ %s ✓", of);
}

static void show_composite(struct section_maker *maker, const struct view_cell *cell, struct doc_tile *tile)
{
	const struct roles_band *band = roles_band_of(&maker->roles, cell->number, cell->scale);
	const struct roles_band *next = band != NULL
		? (band + 1 < maker->roles.bands + maker->roles.band_count ? band + 1 : NULL)
		: maker->roles.band_count > 0 ? maker->roles.bands
									  : NULL;
	if (next == NULL || !next->from.known)
		return;
	int scale;
	int64_t more = figure_minus(next->from.number, next->from.scale, cell->number, cell->scale, &scale);
	tile->of = arena_printf(&maker->arena, "→ %s %s", figure_grade(&maker->arena, next->grade, maker->lang),
		label_fill(&maker->arena, LABEL_MISSING_BY, maker->lang, figure_number(&maker->arena, more, scale, -1)));
}

/* False where no category asks for anything. */
static bool show_categories(struct section_maker *maker, struct doc_tile *tile)
{
	unsigned met = 0, all = 0;
	for (size_t i = 0; i < maker->roles.category_count; i++) {
		const struct roles_category *category = &maker->roles.categories[i];
		struct view_cell earned, need;
		section_cell(maker, category->earned, &earned);
		section_cell(maker, category->minimum, &need);
		struct roles_figure least = need.kind == VIEW_NUMBER
			? (struct roles_figure){ need.number != 0, need.number, need.scale }
			: category->need;
		if (!least.known)
			continue;
		all++;
		met +=
			earned.kind == VIEW_NUMBER && figure_compare(earned.number, earned.scale, least.number, least.scale) >= 0;
	}
	tile->figure = arena_printf(&maker->arena, "%u", met);
	tile->of = arena_printf(&maker->arena, met < all ? "/ %u" : "/ %u ✓", all);
	tile->tone = met < all ? DOC_BRICK : DOC_TEAL;
	return all > 0;
}

/* "已就绪 ✓" or "差 2 项": the class of the next step of a track; its label names the step and the earliest date. */
static void show_readiness(
	struct section_maker *maker, const struct tile *from, const char *class, struct doc_tile *tile)
{
	struct arena *arena = &maker->arena;
	struct view_cell unmet, target, earliest;
	section_cell(maker, from->unmet, &unmet);
	section_cell(maker, from->target, &target);
	section_cell(maker, from->earliest, &earliest);
	const struct result_member *member = roles_find_member(maker->directory, NULL, "class", class);
	const char *words = member != NULL ? text_pick(&member->title, maker->lang) : label_code(class, maker->lang);
	bool now = strcmp(class, "now") == 0;
	tile->tone = now ? DOC_TEAL : strcmp(class, "not-evaluated") == 0 ? DOC_GREY : DOC_BRICK;
	tile->figure = words;
	if (now)
		tile->of = "✓";
	else if (unmet.kind == VIEW_NUMBER && unmet.number > 0)
		tile->of =
			label_fill(arena, LABEL_GATES_UNMET, maker->lang, figure_number(arena, unmet.number, unmet.scale, 0));
	if (target.kind != VIEW_TEXT)
		return;
	const struct result_member *step = roles_find_member(maker->directory, NULL, "step", target.text);
	const char *name = step != NULL ? text_pick(&step->title, maker->lang) : target.text;
	if (strstr(name, target.text) == NULL)
		name = arena_printf(arena, "%s %s", target.text, name);
	tile->label = label_fill(arena, LABEL_READINESS_TILE, maker->lang, from->label, name);
	if (!now && earliest.kind == VIEW_DATE)
		tile->label = arena_printf(arena, "%s%s%s", tile->label, label(LABEL_SEPARATOR, maker->lang),
			label_fill(arena, LABEL_GATE_EARLIEST, maker->lang, figure_date(arena, (int32_t)earliest.number)));
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	struct doc_tile *tiles = arena_alloc(&maker->arena, TILES_MOST, sizeof *tiles);
	(void)err;
	size_t count = 0;
	for (size_t i = 0; i < state->count; i++) {
		const struct tile *from = &state->at[i];
		struct doc_tile *tile = &tiles[count++];
		struct view_cell cell, need;
		section_cell(maker, from->value, &cell);
		section_cell(maker, from->of, &need);
		*tile = (struct doc_tile){ .label = from->label };
		if (from->show == SHOW_CATEGORIES) {
			count -= !show_categories(maker, tile);
			continue;
		}
		tile->figure = section_figure(maker, &cell, from->show == SHOW_MATCH && from->places < 0 ? 1 : from->places);
		if (tile->figure == NULL) {
			tile->figure = "–";
			tile->of = missing(maker, &cell);
			tile->tone = DOC_GREY;
			continue;
		}
		if (from->show == SHOW_READINESS)
			show_readiness(maker, from, tile->figure, tile);
		else if (from->show == SHOW_MATCH) {
			tile->figure = arena_printf(&maker->arena, "%s%%", tile->figure);
			if (need.kind == VIEW_NUMBER)
				tile->of = label_fill(&maker->arena, LABEL_COVERED, maker->lang, section_figure(maker, &need, 0));
		} else if (from->show == SHOW_GRADE) {
			tile->figure = figure_grade(&maker->arena, cell.number / decimal_pow10(cell.scale), maker->lang);
			tile->tone = DOC_GOLD;
		} else if (from->show == SHOW_COMPOSITE)
			show_composite(maker, &cell, tile);
		else if (cell.kind == VIEW_NUMBER) {
			if (from->show == SHOW_CREDITS && need.kind != VIEW_NUMBER && maker->roles.need.known)
				need = (struct view_cell){
					.kind = VIEW_NUMBER, .number = maker->roles.need.number, .scale = maker->roles.need.scale
				};
			against(maker, &cell, &need, from->places, tile);
		}
	}
	if (count > 0)
		section_add(maker, DOC_TILES)->tiles = (struct doc_tiles){ tiles, count };
	return 0;
}

const struct section_kind section_tiles_kind = { .name = "tiles",
	.help = "summary strip of figures against what they are measured by",
	.shape = &shape,
	.bind = bind,
	.make = make };
