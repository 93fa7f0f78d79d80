/*
 * learning_map.c - <learning-map>: job family × stage (初级, 中级, 高级), topics and their courses (学习地图).
 *
 * Decides: which map a person follows (that of their position, else of their level), how many of its courses they hold.
 * What the maps say stands in the members "map-family", "map-stage" and "map-topic" (values: family and the course ids
 * of each stage) and, as rows, in the table "map". Does not decide: who takes a course next (idp.c).
 *
 * Courses the catalogue does not have are told as findings and count for nothing.
 */
#include "rules/held.h"
#include "rules/ladder.h"

#include <string.h>

/* Stages of a topic: STAGE(attribute and id, "中文", "English"). */
#define STAGES(STAGE) \
	STAGE("junior", "初级", "Junior") \
	STAGE("middle", "中级", "Intermediate") \
	STAGE("senior", "高级", "Senior")
enum { STAGE_COUNT = 3 };
static const struct stage {
	const char *id;
	struct text_pair title;
} stages[STAGE_COUNT] = {
#define STAGE(id, zh, en) { id, { zh, en } },
	STAGES(STAGE)
#undef STAGE
};

static const struct xml_attr_shape topic_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the topic; unique in its map." },
	{ "junior", XML_LIST, false, NULL, "Courses of the first stage (初级)." },
	{ "middle", XML_LIST, false, NULL, "Courses of the second stage (中级)." },
	{ "senior", XML_LIST, false, NULL, "Courses of the third stage (高级)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape map_attrs[] = {
	{ "family", XML_NAME, true, NULL, "Job family (职类); unique." },
	{ "positions", XML_LIST, true, NULL, "Positions or levels whose people follow this map; a position goes first." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const title_only[] = { &title_shape, NULL };
static const struct xml_shape topic_shape = { "topic", topic_attrs, title_only, 1, 0, false,
	"A topic: the courses of each stage." };
static const struct xml_shape *const map_children[] = { &title_shape, &topic_shape, NULL };
static const struct xml_shape map_shape = { "map", map_attrs, map_children, 1, 0, false, "The map of a job family." };
static const struct xml_shape *const children[] = { &title_shape, &map_shape, NULL };
static const struct xml_shape shape = { "learning-map", attrs, children, 0, 0, false,
	"Learning map: job family by stage, topics and their courses." };

enum { FAMILY, COURSES, HELD, PEOPLE_COLUMNS };
enum { ROW_FAMILY, ROW_TOPIC, ROW_STAGE, ROW_COURSE, ROW_COLUMNS };
static const struct result_column columns[ROW_COLUMNS] = {
	[ROW_FAMILY] = { .id = "family", .type = RESULT_TEXT, .title = { "职类", "Job family" }, .role = "map-family" },
	[ROW_TOPIC] = { .id = "topic", .type = RESULT_TEXT, .title = { "主题", "Topic" }, .role = "map-topic" },
	[ROW_STAGE] = { .id = "stage", .type = RESULT_TEXT, .title = { "阶段", "Stage" }, .role = "map-stage" },
	[ROW_COURSE] = { .id = "course",
		.type = RESULT_KEY,
		.dim = KEY_DIM_COURSE,
		.title = { "课程", "Course" },
		.role = "course" },
};

struct entry {
	const char *topic, *course; /* topic: "family.topic" */
	size_t map, stage;
	const struct xml_node *node;
};
struct map_of {
	const char *family, *positions;
	const struct xml_node *node;
};
struct learning_map {
	struct map_of *maps;
	size_t map_count;
	struct entry *entries;
	size_t entry_count;
};
struct map_state {
	uint32_t *course; /* by entry: key, FRAME_NONE if the catalogue does not have it */
	uint8_t *by_position; /* by position key: 1 + number of the map, 0: none */
	uint32_t *counts; /* by map: different courses */
	uint8_t **has; /* by map, by course key */
};

static const char *ids_of(struct arena *arena, const char *list)
{
	const char *id, *out = "";
	size_t length;
	while (list != NULL && (length = text_next_id(&list, &id)) > 0)
		out = arena_printf(arena, "%s%s%.*s", out, *out == '\0' ? "" : " ", (int)length, id);
	return out;
}

static int read_topic(struct rules_rule *rule, struct learning_map *map, const struct xml_node *node, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	const char *family = map->maps[map->map_count].family;
	const char *name = arena_printf(arena, "%s.%s", family, xml_attr(node, "id")), *values;
	size_t first = map->entry_count;
	values = arena_printf(arena, "{\"family\":\"%s\"", family);
	for (size_t i = 0; i < map->entry_count; i++)
		if (strcmp(map->entries[i].topic, name) == 0)
			return xml_fail(node, err, "topic \"%s\" is there twice", xml_attr(node, "id"));
	for (size_t s = 0; s < STAGE_COUNT; s++) {
		const char *list = xml_attr(node, stages[s].id), *id;
		size_t length;
		values = arena_printf(arena, "%s,\"%s\":\"%s\"", values, stages[s].id, ids_of(arena, list));
		while (list != NULL && (length = text_next_id(&list, &id)) > 0) {
			const char *course = arena_printf(arena, "%.*s", (int)length, id);
			for (size_t i = first; i < map->entry_count; i++)
				if (strcmp(map->entries[i].course, course) == 0)
					return xml_fail(node, err, "course \"%s\" stands twice in the topic", course);
			map->entries[map->entry_count++] = (struct entry){ name, course, map->map_count, s, node };
		}
	}
	if (map->entry_count == first)
		return xml_fail(node, err, "topic \"%s\" has no course", xml_attr(node, "id"));
	rules_member(rule, "map-topic", name, xml_text_pair(node, "title"), arena_printf(arena, "%s}", values));
	return 0;
}

static size_t count_ids(const struct xml_node *rule)
{
	size_t count = 0;
	for (const struct xml_node *m = xml_child(rule, "map"); m != NULL; m = xml_next(m, "map"))
		for (const struct xml_node *t = xml_child(m, "topic"); t != NULL; t = xml_next(t, "topic"))
			for (size_t s = 0; s < STAGE_COUNT; s++) {
				const char *list = xml_attr(t, stages[s].id), *id;
				while (list != NULL && text_next_id(&list, &id) > 0)
					count++;
			}
	return count;
}

static int read_map(struct rules_rule *rule, struct learning_map *map, const struct xml_node *node, struct err *err)
{
	struct map_of *one = &map->maps[map->map_count];
	const char *list = xml_attr(node, "positions"), *id;
	size_t length;
	*one = (struct map_of){ xml_attr(node, "family"), list, node };
	for (size_t i = 0; i < map->map_count; i++)
		if (strcmp(map->maps[i].family, one->family) == 0)
			return xml_fail(node, err, "the family \"%s\" has two maps", one->family);
	while ((length = text_next_id(&list, &id)) > 0) {
		const char *position = arena_printf(&rule->book->arena, "%.*s", (int)length, id);
		for (size_t i = 0; i < map->map_count; i++)
			if (held_list_has(map->maps[i].positions, position))
				return xml_fail(node, err, "\"%s\" follows the map of \"%s\" already (line %d)", position,
					map->maps[i].family, map->maps[i].node->line);
	}
	for (const struct xml_node *t = xml_child(node, "topic"); t != NULL; t = xml_next(t, "topic"))
		if (read_topic(rule, map, t, err) != 0)
			return -1;
	rules_member(rule, "map-family", one->family, xml_text_pair(node, "title"),
		arena_printf(&rule->book->arena, "{\"positions\":\"%s\"}", ids_of(&rule->book->arena, one->positions)));
	map->map_count++;
	return 0;
}

static int map_declare(struct rules_rule *rule, struct err *err)
{
	static const struct text_pair titles[PEOPLE_COLUMNS] = { { "学习地图：职类", "Learning map: family" },
		{ "学习地图：课程数", "Learning map: courses" }, { "学习地图：已持有", "Learning map: held" } };
	static const char *const suffixes[PEOPLE_COLUMNS] = { "family", "courses", "held" };
	static const char *const roles[PEOPLE_COLUMNS] = { "map-family", "map-courses", "map-held" };
	struct learning_map *map = arena_alloc(&rule->book->arena, 1, sizeof *map);
	size_t count = 0;
	rule->data = map;
	for (size_t i = 0; i < rule->book->tables.count; i++)
		if (strcmp(rule->book->tables.at[i].name, "map") == 0)
			return xml_fail(rule->node, err, "there may be one <learning-map> only");
	for (const struct xml_node *m = xml_child(rule->node, "map"); m != NULL; m = xml_next(m, "map"))
		count++;
	map->maps = arena_alloc(&rule->book->arena, count + 1, sizeof *map->maps);
	map->entries = arena_alloc(&rule->book->arena, count_ids(rule->node) + 1, sizeof *map->entries);
	for (size_t s = 0; s < STAGE_COUNT; s++)
		rules_member(rule, "map-stage", stages[s].id, stages[s].title, "{}");
	for (const struct xml_node *m = xml_child(rule->node, "map"); m != NULL; m = xml_next(m, "map"))
		if (read_map(rule, map, m, err) != 0)
			return -1;
	for (unsigned k = 0; k < PEOPLE_COLUMNS; k++)
		rules_declare(rule, RULES_PERSON, suffixes[k],
			&(struct result_column){
				.type = k == FAMILY ? RESULT_TEXT : RESULT_NUMBER, .title = titles[k], .role = roles[k] });
	rules_declare_table(rule, "map", rule->title, false, columns, ROW_COLUMNS);
	rule->book->feeds |= 1u << FEED_COMPLETION;
	return 0;
}

static int map_compile(struct rules_rule *rule, struct err *err)
{
	(void)rule;
	(void)err;
	return 0;
}

static int map_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct learning_map *map = rule->data;
	const struct facts_table *catalogue = facts_courses(work->facts);
	struct arena *arena = &work->arena;
	struct map_state *state = arena_alloc(arena, 1, sizeof *state);
	uint32_t positions = facts_key_count(work->facts, KEY_DIM_POSITION);
	(void)err;
	state->course = arena_alloc(arena, map->entry_count + 1, sizeof *state->course);
	state->by_position = arena_alloc(arena, positions + 1u, 1);
	state->counts = arena_alloc(arena, map->map_count + 1, sizeof *state->counts);
	state->has = arena_alloc(arena, map->map_count + 1, sizeof *state->has);
	for (size_t m = 0; m < map->map_count; m++) {
		const char *list = map->maps[m].positions, *id;
		size_t length;
		state->has[m] = arena_alloc(arena, facts_key_count(work->facts, KEY_DIM_COURSE) + 1u, 1);
		while ((length = text_next_id(&list, &id)) > 0) {
			uint32_t key = facts_find(work->facts, KEY_DIM_POSITION, arena_printf(arena, "%.*s", (int)length, id));
			if (key != FRAME_NONE)
				state->by_position[key] = (uint8_t)(m + 1);
		}
	}
	for (size_t i = 0; i < map->entry_count; i++) {
		const struct entry *entry = &map->entries[i];
		uint32_t key = facts_find(work->facts, KEY_DIM_COURSE, entry->course);
		bool known = key != FRAME_NONE && key < catalogue->frame.count && catalogue->known[key];
		state->course[i] = known ? key : FRAME_NONE;
		if (!known)
			findings_add(work->findings,
				&(struct finding){ .id = FINDING_UNKNOWN_REFERENCE,
					.file = entry->node->file,
					.row = (uint64_t)entry->node->line,
					.column = stages[entry->stage].id,
					.text = entry->course,
					.detail = "no such course in the catalogue" });
		else if (!state->has[entry->map][key]) {
			state->has[entry->map][key] = 1;
			state->counts[entry->map]++;
		}
	}
	work->state[rule->index] = state;
	return 0;
}

static size_t map_of_person(
	const struct learning_map *map, const struct map_state *state, const struct rules_block *block, uint32_t row)
{
	const struct frame *frame = &block->facts->employee;
	const struct frame_column *position = frame_column(frame, EMPLOYEE_POSITION),
							  *level = frame_column(frame, EMPLOYEE_LEVEL);
	const char *text = level == NULL ? NULL : frame_text(frame, level, row);
	if (position != NULL && position->u32[row] != FRAME_NONE && state->by_position[position->u32[row]] != 0)
		return state->by_position[position->u32[row]] - 1u;
	for (size_t m = 0; m < map->map_count && text != NULL; m++)
		if (held_list_has(map->maps[m].positions, text))
			return m;
	return map->map_count;
}

static int map_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct learning_map *map = rule->data;
	const struct map_state *state = block->work->state[rule->index];
	struct frame_column *column = rules_column(block, rule, 0);
	const struct held_rows *held = block->work->has_completions ? held_of(block, err) : NULL;
	if (block->work->has_completions && held == NULL)
		return -1;
	for (uint32_t i = 0; i < block->count; i++) {
		if (!block->facts->known[i])
			continue;
		size_t m = map_of_person(map, state, block, i);
		enum rules_reason bar = ladder_bars(block, i);
		if (bar == RULES_REASON_COUNT && m == map->map_count)
			bar = RULES_REASON_NO_VALUE;
		if (bar != RULES_REASON_COUNT) {
			for (unsigned k = 0; k < PEOPLE_COLUMNS; k++)
				rules_set_why(block, &column[k], i, bar);
			continue;
		}
		uint32_t count = 0;
		for (uint32_t at = held == NULL ? 0 : held->offset[i]; held != NULL && at < held->offset[i + 1]; at++)
			count += state->has[m][held->course[at]];
		column[FAMILY].u32[i] =
			frame_texts_add(&block->texts, map->maps[m].family, strlen(map->maps[m].family));
		column[COURSES].i64[i] = state->counts[m];
		if (held == NULL)
			rules_set_why(block, &column[HELD], i, RULES_REASON_NO_FEED);
		else
			column[HELD].i64[i] = count;
	}
	return 0;
}

static int map_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct learning_map *map = rule->data;
	const struct map_state *state = work->state[rule->index];
	struct frame_texts texts = { 0 };
	struct frame frame;
	uint32_t row = 0, count = 0;
	for (size_t i = 0; i < map->entry_count; i++)
		count += state->course[i] != FRAME_NONE;
	rules_frame(&rule->book->tables.at[rule->first_table - 1], count, &work->arena, &frame);
	for (size_t i = 0; i < map->entry_count; i++) {
		const struct entry *entry = &map->entries[i];
		const char *family = map->maps[entry->map].family;
		if (state->course[i] == FRAME_NONE)
			continue;
		frame.columns[ROW_FAMILY].u32[row] = frame_texts_add(&texts, family, strlen(family));
		frame.columns[ROW_TOPIC].u32[row] = frame_texts_add(&texts, entry->topic, strlen(entry->topic));
		frame.columns[ROW_STAGE].u32[row] =
			frame_texts_add(&texts, stages[entry->stage].id, strlen(stages[entry->stage].id));
		frame.columns[ROW_COURSE].u32[row++] = state->course[i];
	}
	frame_texts_end(&texts, &frame, &work->arena);
	return rules_put_table(work, rule, 0, &frame, err);
}

/* The map of the person, topic by topic: held courses and the others. */
static int map_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct learning_map *map = rule->data;
	const struct map_state *state = block->work->state[rule->index];
	size_t m = map_of_person(map, state, block, row);
	bool zh = lang == TEXT_ZH;
	const struct held_rows *held = block->work->has_completions ? held_of(block, err) : NULL;
	if (block->work->has_completions && held == NULL)
		return -1;
	if (m == map->map_count) {
		str_printf(out, zh ? "  该岗位没有学习地图\n" : "  no map for this position\n");
		return 0;
	}
	struct text_pair family = xml_text_pair(map->maps[m].node, "title");
	str_printf(out, "  %s  [%s]\n", text_pick(&family, lang), rules_where(block->scratch, map->maps[m].node));
	for (size_t i = 0; i < map->entry_count; i++) {
		const struct entry *entry = &map->entries[i];
		if (entry->map != m || state->course[i] == FRAME_NONE)
			continue;
		struct text_pair topic = xml_text_pair(entry->node, "title");
		bool has = held != NULL && held_find(held, row, state->course[i]) != FRAME_NONE;
		str_printf(out, "    %s · %s · %s %s: %s\n", text_pick(&topic, lang), text_pick(&stages[entry->stage].title, lang),
			entry->course, facts_course_title(block->work->facts, state->course[i]),
			has ? zh ? "已持有" : "held" : zh ? "未持有" : "not held");
	}
	return 0;
}

const struct rules_kind learning_map_kind = { .element = "learning-map",
	.help = "learning map: job family by stage, topics and their courses",
	.shape = &shape,
	.declare = map_declare,
	.compile = map_compile,
	.prepare = map_prepare,
	.person = map_person,
	.population = map_population,
	.explain = map_explain };
