/*
 * ladder_declare.c - a <ladder> rule as written: tracks, steps, gates, crossings; the columns and tables it makes.
 *
 * Decides: what an author may write and what is refused (steps and gates twice, unknown predecessors, a step after
 * itself). Does not decide: who is ready (ladder.c).
 */
#include "rules/ladder.h"

#include <string.h>

#define GATES 60u

/* --- shape --- */
static const struct xml_attr_shape ladder_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule; its results begin with it." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape track_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the track: results are <rule>.<track>.target, .class …" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape step_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the step." },
	{ "level", XML_TEXT, false, NULL, "The level of people who stand on it." },
	{ "position", XML_TEXT, false, NULL,
		"The position of people who stand on it; people in other positions stand on the first step of their level." },
	{ "after", XML_LIST, false, NULL, "Steps one comes from; none: the ladder begins here." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape crossing_attrs[] = {
	{ "from", XML_NAME, true, NULL, "A step of one track." },
	{ "to", XML_NAME, true, NULL, "The step of another track it leads to." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const step_children[] = { &title_shape, &gate_shape, NULL };
static const struct xml_shape step_shape = { "step", step_attrs, step_children, 0, 0, false,
	"A step of the ladder with the gates before it." };
static const struct xml_shape *const track_children[] = { &title_shape, &step_shape, NULL };
static const struct xml_shape track_shape = { "track", track_attrs, track_children, 1, 0, false,
	"A track: professional, management …" };
static const struct xml_shape crossing_shape = { "crossing", crossing_attrs, NULL, 0, 0, false,
	"A way from one track to the other." };
static const struct xml_shape *const ladder_children[] = { &title_shape, &track_shape, &crossing_shape, NULL };
const struct xml_shape ladder_shape = { "ladder", ladder_attrs, ladder_children, 0, 0, false,
	"Promotion readiness on several tracks: steps, gates, crossings." };

/* --- reading --- */
static size_t count_of(const struct xml_node *node, const char *name)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(node, name); n != NULL; n = xml_next(n, name))
		count++;
	return count;
}

static struct ladder_step *find_step(const struct ladder *ladder, const char *id, size_t length)
{
	for (size_t i = 0; i < ladder->step_count; i++)
		if (strlen(ladder->steps[i].id) == length && memcmp(ladder->steps[i].id, id, length) == 0)
			return &ladder->steps[i];
	return NULL;
}

static int add_after(struct ladder *ladder, struct ladder_step *step, const struct xml_node *node, const char *id,
	size_t length, struct err *err)
{
	const struct ladder_step *from = find_step(ladder, id, length);
	if (from == NULL)
		return xml_fail(node, err, "step \"%.*s\" is not on this ladder", (int)length, id);
	if (from == step)
		return xml_fail(node, err, "step \"%s\" comes after itself", step->id);
	size_t number = (size_t)(from - ladder->steps);
	for (size_t i = 0; i < step->after_count; i++)
		if (step->after[i] == number)
			return xml_fail(node, err, "step \"%s\" comes after \"%s\" already", step->id, from->id);
	step->after[step->after_count++] = number;
	return 0;
}

static int read_step(
	struct rules_rule *rule, struct ladder *ladder, size_t track, const struct xml_node *node, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	const char *id = xml_attr(node, "id");
	if (find_step(ladder, id, strlen(id)) != NULL)
		return xml_fail(node, err, "step \"%s\" is there twice", id);
	struct ladder_step *step = &ladder->steps[ladder->step_count++];
	size_t gates = count_of(node, "gate");
	*step = (struct ladder_step){ .id = id,
		.node = node,
		.level = xml_attr(node, "level"),
		.position = xml_attr(node, "position"),
		.title = xml_text_pair(node, "title"),
		.track = track };
	if (step->title.zh == NULL && step->title.en == NULL)
		step->title = (struct text_pair){ step->id, step->id };
	if (step->level == NULL && step->position == NULL)
		return xml_fail(node, err, "step \"%s\" has neither level nor position: nobody could stand on it", id);
	for (size_t k = 0; step->position != NULL && k + 1 < ladder->step_count; k++)
		if (ladder->steps[k].position != NULL && strcmp(ladder->steps[k].position, step->position) == 0)
			return xml_fail(
				node, err, "position \"%s\" is that of step \"%s\" already", step->position, ladder->steps[k].id);
	if (gates > GATES)
		return xml_fail(node, err, "step \"%s\" has more than %u gates", id, GATES);
	step->gates = arena_alloc(arena, gates + 1, sizeof *step->gates);
	for (const struct xml_node *n = xml_child(node, "gate"); n != NULL; n = xml_next(n, "gate")) {
		struct gate *gate = &step->gates[step->gate_count];
		if (gate_read(rule, n, gate, err) != 0)
			return -1;
		for (size_t k = 0; k < step->gate_count; k++)
			if (strcmp(step->gates[k].id, gate->id) == 0)
				return xml_fail(n, err, "gate \"%s\" is there twice in step \"%s\"", gate->id, id);
		step->gate_count++;
		step->hard_count += gate->hard;
	}
	return 0;
}

static int read_ways(struct ladder *ladder, const struct rules_rule *rule, struct err *err)
{
	for (size_t i = 0; i < ladder->step_count; i++) {
		struct ladder_step *step = &ladder->steps[i];
		const char *at = xml_attr_or(step->node, "after", "");
		while (*(at += strspn(at, " \t\r\n")) != '\0') {
			size_t length = strcspn(at, " \t\r\n");
			if (add_after(ladder, step, step->node, at, length, err) != 0)
				return -1;
			at += length;
		}
	}
	for (const struct xml_node *n = xml_child(rule->node, "crossing"); n != NULL; n = xml_next(n, "crossing")) {
		const char *from = xml_attr(n, "from"), *to = xml_attr(n, "to");
		struct ladder_step *step = find_step(ladder, to, strlen(to));
		if (step == NULL)
			return xml_fail(n, err, "step \"%s\" is not on this ladder", to);
		if (add_after(ladder, step, n, from, strlen(from), err) != 0)
			return -1;
		if (ladder->steps[step->after[step->after_count - 1]].track == step->track)
			return xml_fail(n, err, "\"%s\" and \"%s\" are on the same track: write after=\"%s\"", from, to, from);
	}
	for (size_t i = 0; i < ladder->step_count; i++)
		if (ladder->steps[i].after_count == 0 && ladder->steps[i].gate_count > 0)
			return xml_fail(ladder->steps[i].node, err, "step \"%s\" has gates, but no step leads to it: write after",
				ladder->steps[i].id);
	return 0;
}

/* --- what it makes --- */
static uint32_t declare(struct rules_rule *rule, const char *suffix, enum result_type type, struct text_pair title,
	const char *role, const char *member)
{
	const struct result_column column = { .type = type, .title = title, .role = role, .member = member };
	return rules_declare(rule, RULES_PERSON, suffix, &column) - rule->first_column;
}

static struct text_pair join(struct rules_rule *rule, const struct text_pair *first, const char *zh, const char *en)
{
	struct arena *arena = &rule->book->arena;
	return rules_pair(arena, arena_printf(arena, "%s：%s", text_pick(first, TEXT_ZH), zh),
		arena_printf(arena, "%s: %s", text_pick(first, TEXT_EN), en));
}

static void add_json(struct str *out, const char *name, const char *value)
{
	str_printf(out, "%s\"%s\":\"", out->length > 1 ? "," : "", name);
	for (; value != NULL && *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			str_add_char(out, '\\');
		if ((unsigned char)*value >= 0x20)
			str_add_char(out, *value);
	}
	str_add_char(out, '"');
}

static void add_gate_members(struct rules_rule *rule, const struct ladder_step *step)
{
	for (size_t g = 0; g < step->gate_count; g++) {
		const struct gate *gate = &step->gates[g];
		const char *name = arena_printf(&rule->book->arena, "%s.%s", step->id, gate->id);
		struct str values = { 0 };
		str_add_char(&values, '{');
		add_json(&values, "step", step->id);
		add_json(&values, "gate", gate->id);
		add_json(&values, "need", gate->need_text);
		add_json(&values, "unit", gate->unit);
		add_json(&values, "hard", gate->hard ? "yes" : "no");
		str_add_char(&values, '}');
		rules_member(rule, "gate", name, gate->title, str_text(&values));
		str_release(&values);
		rules_parameter(rule, gate->node, name,
			gate->when_text != NULL ? gate->when_text
				: gate->at_most     ? arena_printf(&rule->book->arena, "%s <= %s", gate->have_text, gate->need_text)
				: gate->since_text != NULL
				? arena_printf(&rule->book->arena, "%s + %s months", gate->since_text, gate->need_text)
				: arena_printf(&rule->book->arena, "%s >= %s", gate->have_text, gate->need_text));
		if (gate->pace.given)
			rules_parameter(rule, gate->node, arena_printf(&rule->book->arena, "%s: pace", name),
				arena_printf(&rule->book->arena, "%s / %lld days", gate->pace.text, (long long)gate->days));
	}
}

static void add_members(struct rules_rule *rule, const struct ladder *ladder)
{
	for (size_t t = 0; t < ladder->track_count; t++)
		rules_member(rule, "track", ladder->tracks[t].id, ladder->tracks[t].title, "{}");
	for (size_t i = 0; i < ladder->step_count; i++) {
		const struct ladder_step *step = &ladder->steps[i];
		struct str values = { 0 }, after = { 0 };
		for (size_t k = 0; k < step->after_count; k++)
			str_printf(&after, "%s%s", k == 0 ? "" : " ", ladder->steps[step->after[k]].id);
		str_add_char(&values, '{');
		add_json(&values, "track", ladder->tracks[step->track].id);
		add_json(&values, "level", step->level);
		add_json(&values, "position", step->position);
		add_json(&values, "after", str_text(&after));
		str_add_char(&values, '}');
		rules_member(rule, "step", step->id, step->title, str_text(&values));
		str_release(&values);
		str_release(&after);
		add_gate_members(rule, step);
	}
	for (int c = 0; c < READINESS_COUNT; c++)
		rules_member(
			rule, "class", readiness_name((enum readiness_class)c), readiness_title((enum readiness_class)c), "{}");
	for (int s = 0; s < GATE_STATES; s++)
		rules_member(
			rule, "gate-state", gate_state_name((enum gate_state)s), gate_state_title((enum gate_state)s), "{}");
}

static int declare_results(struct rules_rule *rule, struct ladder *ladder, struct err *err)
{
	static const char *const names[] = { "readiness", "gate" };
	declare(rule, "nearest", RESULT_TEXT, (struct text_pair){ "最近的晋升", "Nearest promotion" }, "nearest", NULL);
	declare(rule, "step", RESULT_TEXT, (struct text_pair){ "所在岗级", "Stands on" }, "current-step", NULL);
	declare(rule, "decided", RESULT_TEXT, (struct text_pair){ "准备度：人工决定", "Readiness: decisions" },
		"readiness-decided", NULL);
	ladder->fields = arena_printf(&rule->book->arena, "%s.", rule->id);
	for (size_t i = 0; i < ladder->step_count; i++)
		ladder->steps[i].field = arena_printf(&rule->book->arena, "%s%s", ladder->fields, ladder->steps[i].id);
	decision_declare(rule, ladder->fields);
	for (size_t t = 0; t < ladder->track_count; t++) {
		struct ladder_track *track = &ladder->tracks[t];
		struct arena *arena = &rule->book->arena;
		track->column = declare(rule, arena_printf(arena, "%s.target", track->id), RESULT_TEXT,
			join(rule, &track->title, "下一岗级", "next step"), "target", track->id);
		declare(rule, arena_printf(arena, "%s.class", track->id), RESULT_TEXT,
			join(rule, &track->title, "准备度", "readiness"), "readiness", track->id);
		declare(rule, arena_printf(arena, "%s.unmet", track->id), RESULT_NUMBER,
			join(rule, &track->title, "未达条件", "gates not met"), "unmet", track->id);
		declare(rule, arena_printf(arena, "%s.earliest", track->id), RESULT_DATE,
			join(rule, &track->title, "最早日期", "earliest date"), "earliest", track->id);
		declare(rule, arena_printf(arena, "%s.computed", track->id), RESULT_TEXT,
			join(rule, &track->title, "计算准备度", "computed readiness"), "readiness-computed", track->id);
	}
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < rule->book->tables.count; i++)
			if (strcmp(rule->book->tables.at[i].name, names[k]) == 0)
				return xml_fail(rule->node, err, "there may be one <ladder> only");
	rules_declare_table(rule, names[LADDER_READINESS], join(rule, &rule->title, "目标", "targets"), true,
		readiness_columns, READINESS_COLUMNS);
	rules_declare_table(rule, names[LADDER_GATE], join(rule, &rule->title, "条件", "gates"), true,
		readiness_gate_columns, READINESS_GATE_COLUMNS);
	add_members(rule, ladder);
	return 0;
}

int ladder_declare(struct rules_rule *rule, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	struct ladder *ladder = arena_alloc(arena, 1, sizeof *ladder);
	size_t steps = 0;
	rule->data = ladder;
	ladder->tracks = arena_alloc(arena, count_of(rule->node, "track") + 1, sizeof *ladder->tracks);
	for (const struct xml_node *n = xml_child(rule->node, "track"); n != NULL; n = xml_next(n, "track"))
		steps += count_of(n, "step");
	if (steps == 0 || steps > LADDER_STEPS)
		return xml_fail(
			rule->node, err, "ladder '%s' has %zu steps; 1 to %u are possible", rule->id, steps, LADDER_STEPS);
	ladder->steps = arena_alloc(arena, steps + 1, sizeof *ladder->steps);
	for (const struct xml_node *n = xml_child(rule->node, "track"); n != NULL; n = xml_next(n, "track")) {
		struct ladder_track *track = &ladder->tracks[ladder->track_count++];
		*track = (struct ladder_track){ .id = xml_attr(n, "id"), .node = n, .title = xml_text_pair(n, "title") };
		if (track->title.zh == NULL && track->title.en == NULL)
			track->title = (struct text_pair){ track->id, track->id };
		for (size_t k = 0; k + 1 < ladder->track_count; k++)
			if (strcmp(ladder->tracks[k].id, track->id) == 0)
				return xml_fail(n, err, "track \"%s\" is there twice", track->id);
		for (const struct xml_node *s = xml_child(n, "step"); s != NULL; s = xml_next(s, "step"))
			if (read_step(rule, ladder, ladder->track_count - 1, s, err) != 0)
				return -1;
	}
	for (size_t i = 0; i < steps; i++) {
		ladder->steps[i].after = arena_alloc(arena, steps, sizeof(size_t));
		ladder->steps[i].next = arena_alloc(arena, steps, sizeof(size_t));
	}
	if (read_ways(ladder, rule, err) != 0)
		return -1;
	for (size_t i = 0; i < steps; i++)
		for (size_t k = 0; k < ladder->steps[i].after_count; k++) {
			struct ladder_step *from = &ladder->steps[ladder->steps[i].after[k]];
			from->next[from->next_count++] = i;
			from->next_gates += ladder->steps[i].gate_count;
		}
	return declare_results(rule, ladder, err);
}

int ladder_compile(struct rules_rule *rule, struct err *err)
{
	struct ladder *ladder = rule->data;
	for (size_t i = 0; i < ladder->step_count; i++)
		for (size_t g = 0; g < ladder->steps[i].gate_count; g++)
			if (gate_compile(rule, &ladder->steps[i].gates[g], err) != 0)
				return -1;
	rule->book->dims |= 1u << KEY_DIM_POSITION;
	return 0;
}
