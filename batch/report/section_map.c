/*
 * section_map.c - 学习地图: topic x stage; of each course whether it is passed, next, or for later.
 *
 * Decides: topics are the competencies of the catalogue's courses (the category where a course names none), those the
 * person's model asks for where it asks for any; next is what stands in the development plan, without one the lowest
 * open stage. How far the person is on this map stands above each stage.
 */
#include "report/courses.h"

#include "base/decimal.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "topics shown; default 8" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "learning map" };

enum { STAGES = 3 };
struct entry {
	uint32_t topic, course;
	int stage;
};
struct topic {
	uint32_t competency; /* FRAME_NONE: a category */
	const char *title;
	int required; /* value: asked for by the person's model; -1 unknown */
	size_t order;
};
struct state {
	int list, course; /* development plan */
	int model; /* value: the person's model */
	struct entry *entries;
	size_t entry_count;
	struct topic *topics;
	size_t topic_count;
	bool exempt;
};

/* 初级, junior, 1 … → 0; -1 if it is no stage. */
static int stage_of(const char *text)
{
	static const char *const words[STAGES][5] = { { "初", "基础", "junior", "basic", "1" },
		{ "中", "进阶", "intermediate", "middle", "2" }, { "高", "专家", "senior", "advanced", "3" } };
	for (int stage = 0; text != NULL && stage < STAGES; stage++)
		for (size_t w = 0; w < 5; w++)
			if (strncmp(text, words[stage][w], strlen(words[stage][w])) == 0)
				return stage;
	return -1;
}

static size_t topic_add(
	struct section_maker *maker, struct state *state, uint32_t competency, const char *category, const char *rule)
{
	for (size_t t = 0; t < state->topic_count; t++)
		if (state->topics[t].competency == competency
			&& (competency != FRAME_NONE || strcmp(state->topics[t].title, category) == 0))
			return t;
	struct topic *topic = &state->topics[state->topic_count];
	*topic = (struct topic){ competency, category, -1, SIZE_MAX };
	if (competency != FRAME_NONE) {
		const char *id = facts_key(maker->input->facts, KEY_DIM_COMPETENCY, competency);
		const struct result_member *member = roles_find_member(maker->directory, NULL, "competency", id);
		topic->title = member != NULL ? text_pick(&member->title, maker->lang) : id;
		topic->order = member != NULL ? (size_t)(member - maker->directory->members) : SIZE_MAX;
		topic->required =
			rule != NULL ? roles_bind(&maker->view, roles_column(maker->directory, rule, "required", id)) : -1;
	}
	return state->topic_count++;
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	const struct result_column *match = roles_column(maker->directory, NULL, "match", "");
	(void)err;
	section->state = state;
	state->list = lists_bind(&maker->lists, maker->directory, "idp");
	state->course = lists_column(&maker->lists, state->list, "course");
	state->exempt = courses_exempt_earns(maker);
	state->model =
		match != NULL ? roles_bind(&maker->view, roles_column(maker->directory, match->rule, "model", "")) : -1;
	if (maker->input == NULL)
		return 0;
	const struct facts_table *courses = facts_courses(maker->input->facts);
	const struct frame_column *competency = frame_column(&courses->frame, (uint32_t)COURSE_COMPETENCY);
	state->entries = arena_alloc(&maker->keep, courses->frame.count + 1u, sizeof *state->entries);
	state->topics = arena_alloc(&maker->keep, courses->frame.count + 1u, sizeof *state->topics);
	for (uint32_t course = 0; course < courses->frame.count; course++) {
		int stage = courses->known[course] ? stage_of(courses_text(maker, COURSE_STAGE, course)) : -1;
		uint32_t key = competency != NULL ? competency->u32[course] : FRAME_NONE;
		const char *category = courses_text(maker, COURSE_CATEGORY, course);
		if (stage < 0 || (key == FRAME_NONE && category == NULL))
			continue;
		uint32_t topic = (uint32_t)topic_add(maker, state, key, category, match != NULL ? match->rule : NULL);
		state->entries[state->entry_count++] = (struct entry){ topic, course, stage };
	}
	return 0;
}

static bool planned(const struct section_maker *maker, const struct state *state, uint32_t course)
{
	uint32_t row, end;
	lists_rows(&maker->lists, state->list, maker->row, &row, &end);
	for (; row < end; row++)
		if (lists_key(&maker->lists, state->list, state->course, row) == course)
			return true;
	return false;
}

struct progress {
	unsigned held[STAGES], all[STAGES];
};

#define CELL_COLUMNS 33 /* display columns of a line of a cell: a course that does not fit begins another line */

static void show_topic(struct section_maker *maker, const struct state *state, size_t topic, struct doc_cell *line,
	struct progress *progress)
{
	struct arena *arena = &maker->arena;
	bool open = false; /* a lower stage has something to do */
	line[0] = section_plain(state->topics[topic].title);
	for (int stage = 0; stage < STAGES; stage++) {
		const char *text = "";
		int used = 0;
		bool next = false, later = false;
		for (size_t i = 0; i < state->entry_count; i++) {
			const struct entry *entry = &state->entries[i];
			if (entry->topic != topic || entry->stage != stage)
				continue;
			bool held = courses_held(maker, state->exempt, entry->course);
			bool now = !held && (state->list >= 0 ? planned(maker, state, entry->course) : !open);
			const char *sign = held ? "✓" : now ? "→" : "○";
			const char *course = arena_printf(
				arena, "%s %s", sign, facts_course_title(maker->input->facts, entry->course));
			next |= now;
			later |= !held && !now;
			progress->held[stage] += held;
			progress->all[stage]++;
			int width = text_width(course);
			bool fits = used + 2 + width <= CELL_COLUMNS;
			text = used == 0 ? course : arena_printf(arena, "%s%s%s", text, fits ? "  " : "\n", course);
			used = used > 0 && fits ? used + 2 + width : width;
		}
		open |= next || later;
		line[stage + 1] = (struct doc_cell){
			.text = *text == '\0' ? label(LABEL_NONE, maker->lang) : text,
			.tone = *text == '\0' || (later && !next) ? DOC_GREY
				: next                                ? DOC_BRICK
													  : DOC_TEAL
		};
	}
}

/* "班组长 · 已通过 9 / 14 门 · ✓ 已通过 · → 下一步 · ○ 以后" */
static const char *note_of(
	struct section_maker *maker, const struct state *state, const struct progress *progress, bool asked)
{
	struct arena *arena = &maker->arena;
	struct view_cell model;
	unsigned held = 0, all = 0;
	for (int stage = 0; stage < STAGES; stage++) {
		held += progress->held[stage];
		all += progress->all[stage];
	}
	const char *dot = label(LABEL_SEPARATOR, maker->lang);
	const char *note = arena_printf(arena, "%s%s%s", label_fill(arena, LABEL_MAP_HELD, maker->lang, held, all), dot,
		label(LABEL_MAP_SIGNS, maker->lang));
	section_cell(maker, state->model, &model);
	if (!asked || model.kind != VIEW_TEXT)
		return note;
	const struct result_member *member = roles_find_member(maker->directory, NULL, "model", model.text);
	return arena_printf(
		arena, "%s%s%s", member != NULL ? text_pick(&member->title, maker->lang) : model.text, dot, note);
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	static const enum label_id columns[STAGES + 1] = { LABEL_TOPIC, LABEL_STAGE_1, LABEL_STAGE_2, LABEL_STAGE_3 };
	const struct state *state = section->state;
	struct arena *arena = &maker->arena;
	size_t most = (size_t)section_most(section, 8), count = 0;
	struct progress progress = { 0 };
	(void)err;
	if (state->topic_count == 0)
		return 0; /* the catalogue names no stages */
	struct doc_cell *cells = arena_alloc(arena, most * (STAGES + 1), sizeof *cells);
	struct doc_table_column *heads = arena_alloc(arena, STAGES + 1, sizeof *heads);
	bool asked = false; /* the person's model asks for some topic: the others are left out */
	for (size_t t = 0; t < state->topic_count && !asked; t++) {
		struct view_cell required;
		section_cell(maker, state->topics[t].required, &required);
		asked = required.kind == VIEW_NUMBER && required.number > 0;
	}
	for (size_t t = 0; t < state->topic_count && count < most; t++) {
		struct view_cell required;
		section_cell(maker, state->topics[t].required, &required);
		if (!asked || (required.kind == VIEW_NUMBER && required.number > 0))
			show_topic(maker, state, t, cells + count++ * (STAGES + 1), &progress);
	}
	for (size_t c = 0; c <= STAGES; c++)
		heads[c] = (struct doc_table_column){ c == 0 || progress.all[c - 1] == 0
				? label(columns[c], maker->lang)
				: arena_printf(
					  arena, "%s %u/%u", label(columns[c], maker->lang), progress.held[c - 1], progress.all[c - 1]),
			c == 0 ? 0.13 : 0.29, DOC_LEFT };
	section_head(maker, section, note_of(maker, state, &progress, asked));
	section_add(maker, DOC_TABLE)->table = (struct doc_table){ heads, STAGES + 1, cells, count, NULL };
	return 0;
}

const struct section_kind section_map_kind = { .name = "learning-map",
	.help = "learning map: topic by stage, passed, next, later",
	.shape = &shape,
	.feeds = 1u << FEED_COMPLETION,
	.bind = bind,
	.make = make };
