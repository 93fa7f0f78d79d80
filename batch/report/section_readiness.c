/*
 * section_readiness.c - 晋升准备度: the next step on each track, each with its gates: met, not met, not evaluated; what
 * is had, needed and missing; the earliest date.
 *
 * Decides: the words, and that the target of a track is the one the people's columns name. Gates and classes are the
 * rules'.
 */
#include "report/section.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SECTION_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"promotion: gates of the next step on each track" };

#define TRACKS_MOST 8

struct track {
	const char *id, *title;
	int target; /* value of the person's next step */
};
struct gate {
	const char *id, *title, *unit; /* id: "<step>.<gate>" */
	bool at_most;
};
struct state {
	int list, track, target, class, unmet, unknown, earliest;
	int gates, gate_target, gate, gate_state, have, need, missing, gate_earliest, hard;
	struct track tracks[TRACKS_MOST];
	size_t track_count;
	struct gate *titles;
	size_t title_count;
};

static bool has(const struct section_maker *maker)
{
	return result_table(maker->directory, "readiness") != NULL && result_table(maker->directory, "gate") != NULL;
}

/* Whether a gate asks for at most its need: its parameter is written that way. */
static bool is_at_most(const struct result_directory *directory, const char *rule, const char *gate)
{
	for (size_t i = 0; i < directory->parameter_count; i++)
		if (strcmp(directory->parameters[i].rule, rule) == 0 && strcmp(directory->parameters[i].name, gate) == 0)
			return strstr(directory->parameters[i].value, " <= ") != NULL;
	return false;
}

static void bind_members(struct section_maker *maker, struct state *state, const char *rule)
{
	const struct result_directory *directory = maker->directory;
	state->titles = arena_alloc(&maker->keep, directory->member_count + 1, sizeof *state->titles);
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		if (strcmp(member->rule, rule) != 0)
			continue;
		if (strcmp(member->list, "gate") == 0)
			state->titles[state->title_count++] = (struct gate){ member->id, text_pick(&member->title, maker->lang),
				roles_member_text(member, "unit", &maker->keep), is_at_most(directory, rule, member->id) };
		if (strcmp(member->list, "track") == 0 && state->track_count < TRACKS_MOST)
			state->tracks[state->track_count++] =
				(struct track){ member->id, text_pick(&member->title, maker->lang), -1 };
	}
	/* a pack without titles of tracks: as the columns name them */
	const struct result_table *people = result_table(directory, "people");
	for (size_t i = 0; i < people->column_count; i++) {
		const struct result_column *column = &people->columns[i];
		size_t t = 0;
		if (strcmp(column->rule, rule) != 0 || strcmp(column->role, "readiness") != 0)
			continue;
		while (t < state->track_count && strcmp(state->tracks[t].id, column->member) != 0)
			t++;
		if (t == state->track_count && t < TRACKS_MOST)
			state->tracks[state->track_count++] =
				(struct track){ column->member, label_code(column->member, maker->lang), -1 };
	}
	for (size_t t = 0; t < state->track_count; t++)
		state->tracks[t].target =
			roles_bind(&maker->view, roles_column(directory, rule, "target", state->tracks[t].id));
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	struct lists *lists = &maker->lists;
	int list = lists_bind(lists, maker->directory, "readiness"), gates = lists_bind(lists, maker->directory, "gate");
	section->state = state;
	if (list < 0 || gates < 0)
		return xml_fail(section->node, err, "the rules have no ladder; write optional=\"yes\"");
	*state = (struct state){ .list = list,
		.track = lists_column(lists, list, "track"),
		.target = lists_column(lists, list, "target"),
		.class = lists_column(lists, list, "class"),
		.unmet = lists_column(lists, list, "unmet"),
		.unknown = lists_column(lists, list, "not-evaluated"),
		.earliest = lists_column(lists, list, "earliest"),
		.gates = gates,
		.gate_target = lists_column(lists, gates, "target"),
		.gate = lists_column(lists, gates, "gate"),
		.gate_state = lists_column(lists, gates, "state"),
		.have = lists_column(lists, gates, "have"),
		.need = lists_column(lists, gates, "need"),
		.missing = lists_column(lists, gates, "missing"),
		.gate_earliest = lists_column(lists, gates, "earliest"),
		.hard = lists_column(lists, gates, "hard") };
	bind_members(maker, state, lists->at[list].table->columns[0].rule);
	return 0;
}

/* "8 个月", "96 %": a figure with its unit. */
static const char *with_unit(struct section_maker *maker, const char *figure, const char *unit)
{
	if (unit == NULL || *unit == '\0')
		return figure;
	return arena_printf(&maker->arena, *unit == '%' ? "%s%s" : "%s %s", figure, label_code(unit, maker->lang));
}

static const struct gate *gate_of(const struct state *state, const char *target, const char *gate)
{
	size_t length = strlen(target);
	for (size_t i = 0; i < state->title_count; i++) {
		const char *id = state->titles[i].id;
		if (strcmp(id, gate) == 0
			|| (strncmp(id, target, length) == 0 && id[length] == '.' && strcmp(id + length + 1, gate) == 0))
			return &state->titles[i];
	}
	return NULL;
}

static bool is_number(const char *text)
{
	return text != NULL && text[strcspn(text, "0123456789")] != '\0';
}

/* What is missing, at most two decimal places, rounded up: never understated. */
static const char *figure_missing(struct section_maker *maker, int64_t missing, int scale)
{
	if (scale > 2) {
		int64_t unit = decimal_pow10(scale - 2);
		missing = missing / unit + (missing % unit > 0);
		scale = 2;
	}
	return figure_number(&maker->arena, missing, scale, -1);
}

/* At most two decimal places, cut off: what is had is never overstated. */
static const char *shortened(struct section_maker *maker, const char *figure)
{
	const char *point = strchr(figure, '.');
	if (point == NULL || strlen(point) <= 3 || figure[strspn(figure, "0123456789.")] != '\0')
		return figure;
	size_t length = (size_t)(point - figure) + 3;
	while (figure[length - 1] == '0')
		length--;
	return arena_copy(&maker->arena, figure, figure[length - 1] == '.' ? length - 1 : length);
}

static struct doc_check check_of(
	struct section_maker *maker, const struct state *state, const char *target, uint32_t row)
{
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	const char *id = lists_text(lists, state->gates, state->gate, row);
	const char *outcome = lists_text(lists, state->gates, state->gate_state, row);
	const char *have = lists_text(lists, state->gates, state->have, row),
			   *need = lists_text(lists, state->gates, state->need, row);
	const struct gate *gate = gate_of(state, target, id != NULL ? id : "");
	const char *unit = gate != NULL ? gate->unit : NULL;
	int32_t earliest = lists_date(lists, state->gates, state->gate_earliest, row);
	struct doc_check check = { .mark = DOC_NOT_EVALUATED, .text = gate != NULL ? gate->title : id, .value = "" };
	int64_t missing;
	int scale;
	bool none = gate != NULL && gate->at_most && need != NULL && strcmp(need, "0") == 0; /* none may be left */
	if (is_number(need) && !none && strstr(check.text, need) == NULL)
		check.text = arena_printf(
			arena, "%s %s %s", check.text, gate != NULL && gate->at_most ? "≤" : "≥", with_unit(maker, need, unit));
	if (state->hard >= 0 && lists_key(lists, state->gates, state->hard, row) == 0)
		check.text = arena_printf(arena, "%s%s", check.text, label(LABEL_GATE_SOFT, maker->lang));
	if (outcome != NULL && strcmp(outcome, "met") == 0) {
		check.mark = DOC_MET;
		if (is_number(have))
			check.value = with_unit(maker, shortened(maker, have), unit);
	} else if (outcome != NULL && strcmp(outcome, "not-met") == 0) {
		check.mark = DOC_NOT_MET;
		check.value =
			lists_number(lists, state->gates, state->missing, row, &missing, &scale) && missing > 0 && is_number(need)
			? label_fill(arena, gate != NULL && gate->at_most && !none ? LABEL_GATE_OVER : LABEL_MISSING_BY,
				maker->lang, with_unit(maker, figure_missing(maker, missing, scale), unit))
			: label(LABEL_GATE_UNMET, maker->lang);
		if (earliest != DATE_NONE)
			check.value = arena_printf(arena, "%s%s%s", check.value, label(LABEL_SEPARATOR, maker->lang),
				label_fill(arena, LABEL_GATE_EARLIEST, maker->lang, figure_date(arena, earliest)));
	} else
		check.value = label(LABEL_GATE_NO_DATA, maker->lang);
	return check;
}

/* The words beside the target: the class; what is missing and from when it can be had. */
static void status_of(struct section_maker *maker, const struct state *state, uint32_t row, struct doc_checklist *list)
{
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	const char *dot = label(LABEL_SEPARATOR, maker->lang), *class = lists_text(lists, state->list, state->class, row);
	const struct result_member *member =
		class != NULL ? roles_find_member(maker->directory, NULL, "class", class) : NULL;
	const char *words = member != NULL ? text_pick(&member->title, maker->lang)
		: class != NULL                ? label_code(class, maker->lang)
									   : label(LABEL_NOT_EVALUATED, maker->lang);
	int32_t earliest = lists_date(lists, state->list, state->earliest, row);
	int64_t count;
	int scale;
	bool now = class != NULL && strcmp(class, "now") == 0;
	list->tone = now ? DOC_TEAL : class == NULL || strcmp(class, "not-evaluated") == 0 ? DOC_GREY : DOC_BRICK;
	if (lists_number(lists, state->list, state->unmet, row, &count, &scale) && count > 0)
		words = arena_printf(arena, "%s%s%s", words, dot,
			label_fill(arena, LABEL_GATES_UNMET, maker->lang, figure_number(arena, count, scale, 0)));
	if (lists_number(lists, state->list, state->unknown, row, &count, &scale) && count > 0)
		words = arena_printf(arena, "%s%s%s", words, dot,
			label_fill(arena, LABEL_GATES_UNKNOWN, maker->lang, figure_number(arena, count, scale, 0)));
	if (!now && earliest != DATE_NONE)
		words = arena_printf(arena, "%s%s%s", words, dot,
			label_fill(arena, LABEL_GATE_EARLIEST, maker->lang, figure_date(arena, earliest)));
	list->status = words;
}

/* The readiness row of a track: that of the person's next step, else the first of the track. FRAME_NONE: none. */
static uint32_t row_of(struct section_maker *maker, const struct state *state, const struct track *track)
{
	const struct lists *lists = &maker->lists;
	struct view_cell target;
	uint32_t row, end, found = FRAME_NONE;
	section_cell(maker, track->target, &target);
	lists_rows(lists, state->list, maker->row, &row, &end);
	for (; row < end; row++) {
		const char *of = lists_text(lists, state->list, state->track, row),
				   *step = lists_text(lists, state->list, state->target, row);
		if (of == NULL || strcmp(of, track->id) != 0)
			continue;
		if (target.kind == VIEW_TEXT && step != NULL && strcmp(step, target.text) == 0)
			return row;
		if (found == FRAME_NONE)
			found = row;
	}
	return found;
}

static struct doc_block *track_of(struct section_maker *maker, const struct state *state, const struct track *track)
{
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	struct doc side = { 0 };
	uint32_t row = row_of(maker, state, track), gate, end, count = 0;
	struct doc_checklist list = { .title = track->title };
	if (row == FRAME_NONE) {
		list.status = label(LABEL_NO_TARGET, maker->lang);
		list.tone = DOC_GREY;
		doc_add(&side, DOC_CHECKLIST, arena)->checklist = list;
		return side.first;
	}
	const char *target = lists_text(lists, state->list, state->target, row);
	target = target != NULL ? target : "";
	const struct result_member *step = roles_find_member(maker->directory, NULL, "step", target);
	const char *title = step != NULL ? text_pick(&step->title, maker->lang) : target;
	list.title = strstr(title, target) != NULL ? arena_printf(arena, "%s → %s", track->title, title)
											   : arena_printf(arena, "%s → %s %s", track->title, target, title);
	status_of(maker, state, row, &list);
	lists_rows(lists, state->gates, maker->row, &gate, &end);
	struct doc_check *checks = arena_alloc(arena, end - gate + 1u, sizeof *checks);
	for (; gate < end; gate++) {
		const char *of = lists_text(lists, state->gates, state->gate_target, gate);
		if (of != NULL && strcmp(of, target) == 0)
			checks[count++] = check_of(maker, state, target, gate);
	}
	list.at = checks;
	list.count = count;
	doc_add(&side, DOC_CHECKLIST, arena)->checklist = list;
	return side.first;
}

/* One track has a step, the other has none: its gates in two columns, and a line for the other. */
static void show_only(struct section_maker *maker, const struct doc_checklist *list, const struct doc_checklist *none)
{
	struct arena *arena = &maker->arena;
	struct doc side[2] = { { 0 } };
	size_t half = (list->count + 1) / 2;
	section_add(maker, DOC_CHECKLIST)->checklist =
		(struct doc_checklist){ .title = list->title, .status = list->status, .tone = list->tone };
	for (size_t i = 0; i < 2; i++)
		doc_add(&side[i], DOC_CHECKLIST, arena)->checklist =
			(struct doc_checklist){ .at = list->at + i * half, .count = i == 0 ? half : list->count - half };
	section_add(maker, DOC_COLUMNS)->columns = (struct doc_columns){ side[0].first, side[1].first, 0.5 };
	section_text(maker, arena_printf(arena, "%s%s%s", none->title, label(LABEL_COLON, maker->lang), none->status),
		DOC_GREY, false, true);
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	uint32_t first, end;
	(void)err;
	section_head(maker, section, NULL);
	lists_rows(&maker->lists, state->list, maker->row, &first, &end);
	if (first == end || state->track_count == 0) {
		section_text(maker, label(LABEL_NO_READINESS, maker->lang), DOC_GREY, false, true);
		return 0;
	}
	for (size_t t = 0; t < state->track_count; t += 2) {
		struct doc_block *left = track_of(maker, state, &state->tracks[t]);
		struct doc_block *right = t + 1 < state->track_count ? track_of(maker, state, &state->tracks[t + 1]) : NULL;
		if (right != NULL && (left->checklist.count == 0) != (right->checklist.count == 0)) {
			const struct doc_block *has = left->checklist.count > 0 ? left : right, *none = has == left ? right : left;
			show_only(maker, &has->checklist, &none->checklist);
			continue;
		}
		section_add(maker, DOC_COLUMNS)->columns = (struct doc_columns){ left, right, 0.5 };
	}
	return 0;
}

const struct section_kind section_readiness_kind = { .name = "readiness",
	.help = "gates of the next step on each track: met, missing, from when",
	.shape = &shape,
	.bind = bind,
	.make = make,
	.has = has };
