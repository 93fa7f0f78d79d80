/*
 * section_competency.c - 胜任力模型匹配: a radar of required against current beside the table of gaps; the match never
 * without its coverage.
 *
 * Decides: which competencies are shown (those the person's model asks for; on the radar the heaviest where there are
 * too many, which it says) and the words. What is not assessed says so and is drawn as nothing, never as 0. The median
 * of the person's unit is for those who decide, and only where enough people have a figure.
 */
#include "report/section.h"

#include "base/decimal.h"
#include "report/figure.h"
#include "report/peers.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "axes", XML_INTEGER, false, NULL, "axes of the radar at most, by weight; default 14" },
	{ "team", XML_BOOL, false, NULL, "yes: the median of the person's unit beside each level; internal edition only" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"competencies: required against current, gaps, match and coverage" };

#define AXES_MOST 24

struct item {
	const char *id, *title;
	int level, required, gap;
};
struct need { /* of a model: sorted as declared */
	const char *model, *competency;
	struct roles_figure weight;
	bool must;
};
struct state {
	int match, coverage, model;
	size_t axes;
	struct item *items;
	size_t item_count;
	struct need *needs;
	size_t need_count;
	struct peers *peers; /* columns as items; NULL: not wanted */
	int64_t least; /* coverage from which a match counts, per cent * 100 */
};

static bool has(const struct section_maker *maker)
{
	return roles_column(maker->directory, NULL, "match", "") != NULL;
}

static void bind_needs(struct section_maker *maker, struct state *state, const char *rule)
{
	const struct result_directory *directory = maker->directory;
	state->needs = arena_alloc(&maker->keep, directory->member_count + 1, sizeof *state->needs);
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		if (strcmp(member->rule, rule) != 0 || strcmp(member->list, "need") != 0)
			continue;
		struct need need = { .model = roles_member_text(member, "model", &maker->keep),
			.competency = roles_member_text(member, "competency", &maker->keep),
			.weight = roles_member_figure(member, "weight") };
		const char *must = roles_member_text(member, "must", &maker->keep);
		need.must = must != NULL && strcmp(must, "yes") == 0;
		if (need.model != NULL && need.competency != NULL)
			state->needs[state->need_count++] = need;
	}
}

static int bind_team(struct section_maker *maker, struct state *state, struct err *err)
{
	const struct result_table *people = result_table(maker->directory, "people");
	int *columns = arena_alloc(&maker->keep, state->item_count + 1, sizeof *columns);
	for (size_t i = 0; i < state->item_count; i++) {
		const struct view_name *name =
			state->items[i].level >= 0 ? maker->view.values.at[state->items[i].level].name : NULL;
		columns[i] = name != NULL && name->column != NULL ? (int)(name->column - people->columns) : -1;
	}
	state->peers = arena_alloc(&maker->keep, 1, sizeof *state->peers);
	return peers_make(state->peers, maker->input, columns, state->item_count, &maker->keep, err);
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	const struct result_directory *directory = maker->directory;
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	const struct result_column *match = roles_column(directory, NULL, "match", "");
	const char *axes = xml_attr_or(section->node, "axes", "14");
	bool team = xml_yes(xml_attr_or(section->node, "team", "no"));
	int64_t most;
	section->state = state;
	if (match == NULL)
		return xml_fail(section->node, err, "the rules give no match of competencies; write optional=\"yes\"");
	if (team && !maker->internal)
		return xml_fail(section->node, err, "team=\"yes\" is for audience=\"internal\" only");
	state->axes = decimal_parse(axes, strlen(axes), 0, &most) && most >= 3 && most <= AXES_MOST ? (size_t)most : 14;
	state->match = roles_bind(&maker->view, match);
	state->coverage = roles_bind(&maker->view, roles_column(directory, match->rule, "coverage", ""));
	state->model = roles_bind(&maker->view, roles_column(directory, match->rule, "model", ""));
	state->least = 8000;
	for (size_t i = 0; i < directory->parameter_count; i++) {
		const struct result_parameter *parameter = &directory->parameters[i];
		int64_t share;
		if (strcmp(parameter->rule, match->rule) == 0 && strcmp(parameter->name, "coverage") == 0
			&& decimal_parse(parameter->value, strlen(parameter->value), 4, &share))
			state->least = share;
	}
	state->items = arena_alloc(&maker->keep, directory->member_count + 1, sizeof *state->items);
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		if (strcmp(member->rule, match->rule) != 0 || strcmp(member->list, "competency") != 0)
			continue;
		struct item *item = &state->items[state->item_count++];
		item->id = member->id;
		item->title = text_pick(&member->title, maker->lang);
		item->level = roles_bind(&maker->view, roles_column(directory, match->rule, "level", member->id));
		item->required = roles_bind(&maker->view, roles_column(directory, match->rule, "required", member->id));
		item->gap = roles_bind(&maker->view, roles_column(directory, match->rule, "gap", member->id));
	}
	bind_needs(maker, state, match->rule);
	return team && maker->input != NULL ? bind_team(maker, state, err) : 0;
}

static const struct need *need_of(const struct state *state, const char *model, const char *competency)
{
	for (size_t i = 0; model != NULL && i < state->need_count; i++)
		if (strcmp(state->needs[i].model, model) == 0 && strcmp(state->needs[i].competency, competency) == 0)
			return &state->needs[i];
	return NULL;
}

static void say(
	struct section_maker *maker, struct doc *into, const char *text, enum doc_tone tone, bool strong, bool small)
{
	doc_add(into, DOC_TEXT, &maker->arena)->text =
		(struct doc_text){ .text = text, .tone = tone, .strong = strong, .small = small };
}

/* "匹配度 96.4%（测评覆盖 92%）", and what to think of it. */
static void tell_match(struct section_maker *maker, const struct state *state, struct doc *into)
{
	struct arena *arena = &maker->arena;
	struct view_cell match, coverage;
	section_cell(maker, state->match, &match);
	section_cell(maker, state->coverage, &coverage);
	const char *share = coverage.kind == VIEW_NUMBER ? section_figure(maker, &coverage, 0) : "0";
	if (match.kind != VIEW_NUMBER) {
		say(maker, into,
			label_fill(arena, LABEL_MATCH_NONE, maker->lang,
				match.why != NULL ? text_pick(&match.why->text, maker->lang) : label(LABEL_NOT_EVALUATED, maker->lang),
				share),
			DOC_GREY, false, false);
		return;
	}
	bool low = coverage.kind == VIEW_NUMBER && figure_compare(coverage.number, coverage.scale, state->least, 2) < 0;
	say(maker, into, label_fill(arena, LABEL_MATCH_LINE, maker->lang, section_figure(maker, &match, 1), share), DOC_INK,
		true, false);
	if (low)
		say(maker, into, label_fill(arena, LABEL_MATCH_LOW, maker->lang, figure_number(arena, state->least, 2, 0)),
			DOC_BRICK, false, true);
}

struct shown {
	const struct item *item;
	const struct need *need;
	struct view_cell level, required, gap, team;
	bool drawn; /* on the radar */
};

/* The median of the person's unit; missing where it is not wanted or too few people have a figure. */
static void team_cell(const struct section_maker *maker, const struct state *state, struct shown *shown)
{
	const struct frame_column *org = frame_column(&maker->view.block.employee, (uint32_t)EMPLOYEE_ORG_UNIT);
	shown->team = (struct view_cell){ .kind = VIEW_MISSING };
	if (state->peers != NULL && org != NULL
		&& peers_at(state->peers, org->u32[maker->row], (size_t)(shown->item - state->items), &shown->team.number,
			&shown->team.scale))
		shown->team.kind = VIEW_NUMBER;
}

/* Which are drawn: all, or the heaviest; in the order of the model, equal weights from the front. */
static size_t choose_axes(struct shown *shown, size_t count, size_t most)
{
	size_t drawn = 0;
	for (; drawn < count && drawn < most; drawn++) {
		size_t best = count;
		for (size_t i = 0; i < count; i++) {
			if (shown[i].drawn)
				continue;
			if (best == count || count <= most) {
				best = i;
				if (count <= most)
					break;
				continue;
			}
			const struct need *a = shown[i].need, *b = shown[best].need;
			if (a != NULL && a->weight.known
				&& (b == NULL || !b->weight.known
					|| figure_compare(a->weight.number, a->weight.scale, b->weight.number, b->weight.scale) > 0))
				best = i;
		}
		shown[best].drawn = true;
	}
	return drawn;
}

static struct doc_block *radar_of(struct section_maker *maker, const struct state *state, const struct section *section,
	const struct shown *shown, size_t count)
{
	struct doc side = { 0 };
	struct doc_axis *axes = arena_alloc(&maker->arena, count + 1, sizeof *axes);
	struct doc_radar radar = { .at = axes, .most = 5, .alt = section->title };
	radar.need = label(LABEL_REQUIRED, maker->lang);
	radar.have = label(LABEL_CURRENT, maker->lang);
	for (size_t i = 0; i < count; i++) {
		if (!shown[i].drawn)
			continue;
		struct doc_axis *axis = &axes[radar.count++];
		*axis = (struct doc_axis){ .label = shown[i].item->title,
			.need = figure_double(shown[i].required.number, shown[i].required.scale),
			.have =
				shown[i].level.kind == VIEW_NUMBER ? figure_double(shown[i].level.number, shown[i].level.scale) : -1 };
		if (shown[i].team.kind == VIEW_NUMBER) {
			axis->others = figure_double(shown[i].team.number, shown[i].team.scale);
			radar.others = label(LABEL_TEAM_MEDIAN, maker->lang);
		}
	}
	doc_add(&side, DOC_RADAR, &maker->arena)->radar = radar;
	tell_match(maker, state, &side);
	return side.first;
}

enum { COLUMN_TITLE, COLUMN_REQUIRED, COLUMN_CURRENT, COLUMN_GAP, COLUMN_WEIGHT, COLUMNS };

static void show_line(struct section_maker *maker, const struct shown *shown, struct doc_cell *line)
{
	struct arena *arena = &maker->arena;
	const struct need *need = shown->need;
	line[COLUMN_TITLE] = section_plain(need != NULL && need->must
			? arena_printf(arena, "%s %s", shown->item->title, label(LABEL_MUST, maker->lang))
			: shown->item->title);
	line[COLUMN_REQUIRED] = section_plain(section_figure(maker, &shown->required, -1));
	line[COLUMN_GAP] = section_plain(NULL);
	line[COLUMN_WEIGHT] = section_plain(need != NULL && need->weight.known
			? figure_number(arena, need->weight.number, need->weight.scale, need->weight.scale > 2 ? -1 : 2)
			: NULL);
	if (shown->level.kind != VIEW_NUMBER) {
		line[COLUMN_CURRENT] = (struct doc_cell){ .text = label(LABEL_NOT_ASSESSED, maker->lang), .tone = DOC_GREY };
		return;
	}
	bool missing = shown->gap.kind == VIEW_NUMBER && shown->gap.number > 0;
	line[COLUMN_CURRENT] = section_plain(section_figure(maker, &shown->level, 2));
	line[COLUMN_CURRENT].tone = missing ? DOC_BRICK : DOC_TEAL;
	if (missing)
		line[COLUMN_GAP] = (struct doc_cell){ .text = section_figure(maker, &shown->gap, 2), .tone = DOC_BRICK };
	else
		line[COLUMN_GAP] = (struct doc_cell){ .text = "✓", .tone = DOC_TEAL };
}

static struct doc_block *table_of(struct section_maker *maker, const struct shown *shown, size_t count)
{
	static const struct {
		enum label_id id;
		double share, beside; /* without and with the median of the unit */
		enum doc_align align;
	} columns[COLUMNS] = { { LABEL_COMPETENCY, 0.41, 0.37, DOC_LEFT }, { LABEL_REQUIRED, 0.12, 0.10, DOC_RIGHT },
		{ LABEL_CURRENT, 0.18, 0.16, DOC_RIGHT }, { LABEL_GAP, 0.14, 0.12, DOC_RIGHT },
		{ LABEL_WEIGHT, 0.15, 0.11, DOC_RIGHT } };
	struct arena *arena = &maker->arena;
	struct doc side = { 0 };
	bool team = false;
	for (size_t i = 0; i < count; i++)
		team |= shown[i].team.kind == VIEW_NUMBER;
	size_t wide = team ? COLUMNS + 1 : COLUMNS;
	struct doc_table_column *heads = arena_alloc(arena, wide, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, count * wide, sizeof *cells);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang),
			team ? columns[c].beside : columns[c].share, columns[c].align };
	if (team)
		heads[COLUMNS] = (struct doc_table_column){ label(LABEL_UNIT_MEDIAN, maker->lang), 0.14, DOC_RIGHT };
	for (size_t i = 0; i < count; i++) {
		show_line(maker, &shown[i], cells + i * wide);
		if (team) {
			cells[i * wide + COLUMNS] = section_plain(section_figure(maker, &shown[i].team, 2));
			cells[i * wide + COLUMNS].tone = DOC_GREY;
		}
	}
	doc_add(&side, DOC_TABLE, arena)->table = (struct doc_table){ heads, wide, cells, count, NULL };
	return side.first;
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	struct arena *arena = &maker->arena;
	struct shown *shown = arena_alloc(arena, state->item_count + 1, sizeof *shown);
	size_t count = 0;
	unsigned met = 0, unknown = 0;
	struct view_cell model;
	(void)err;
	section_cell(maker, state->model, &model);
	for (size_t i = 0; i < state->item_count; i++) {
		struct shown *one = &shown[count];
		one->item = &state->items[i];
		section_cell(maker, one->item->required, &one->required);
		if (one->required.kind != VIEW_NUMBER || one->required.number <= 0)
			continue;
		section_cell(maker, one->item->level, &one->level);
		section_cell(maker, one->item->gap, &one->gap);
		one->need = need_of(state, model.kind == VIEW_TEXT ? model.text : NULL, one->item->id);
		team_cell(maker, state, one);
		unknown += one->level.kind != VIEW_NUMBER;
		met += one->gap.kind == VIEW_NUMBER && one->gap.number == 0;
		count++;
	}
	if (count == 0) {
		section_head(maker, section, NULL);
		tell_match(maker, state, &maker->doc);
		return 0;
	}
	const struct result_member *member =
		model.kind == VIEW_TEXT ? roles_find_member(maker->directory, NULL, "model", model.text) : NULL;
	const char *name = member != NULL ? text_pick(&member->title, maker->lang)
		: model.kind == VIEW_TEXT     ? model.text
									  : "";
	const char *note = label_fill(arena, LABEL_COMPETENCY_NOTE, maker->lang, name, (unsigned)count, met);
	if (unknown > 0)
		note = arena_printf(arena, "%s%s", note, label_fill(arena, LABEL_COMPETENCY_UNKNOWN, maker->lang, unknown));
	size_t drawn = choose_axes(shown, count, state->axes);
	if (drawn < count)
		note = arena_printf(arena, "%s%s", note, label_fill(arena, LABEL_RADAR_PART, maker->lang, (unsigned)drawn));
	bool must = false;
	for (size_t i = 0; i < count; i++)
		must |= shown[i].need != NULL && shown[i].need->must;
	if (must)
		note = arena_printf(arena, "%s%s", note, label(LABEL_COMPETENCY_MUST, maker->lang));
	section_head(maker, section, note);
	section_add(maker, DOC_COLUMNS)->columns = (struct doc_columns){ radar_of(maker, state, section, shown, count),
		table_of(maker, shown, count), 0.46 };
	return 0;
}

const struct section_kind section_competency_kind = { .name = "competency",
	.help = "required against current, gaps, match and coverage",
	.shape = &shape,
	.bind = bind,
	.make = make,
	.has = has };
