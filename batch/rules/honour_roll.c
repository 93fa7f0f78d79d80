/*
 * honour_roll.c - <honour-roll>: the best of each scope by a number, ties shown as ties (张榜).
 *
 * Decides: who stands on the roll: active people with at least the minimum, ranked 1, 1, 3 …, up to rank `top` with
 * everybody tied there; with anonymous="yes" no employee number and only the first character of a name. Does not
 * decide: the number (credits, stars …).
 */
#include "rules/kind.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule and of its table." },
	{ "value", XML_FEEL, true, NULL, "What people are ranked by, most first, e.g. credits.period." },
	{ "scope", XML_NAME, false, NULL,
		"Employee field within which people are ranked: org_unit (default), site, position … or all." },
	{ "minimum", XML_NUMBER, false, NULL, "With less nobody stands on the roll (default: more than 0)." },
	{ "top", XML_INTEGER, false, NULL, "Ranks shown in each scope; those tied at the last one all are (default 10)." },
	{ "anonymous", XML_BOOL, false, NULL, "yes: no employee number, and only the first character of each name." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
static const struct xml_shape shape = { "honour-roll", attrs, children, 0, 0, false,
	"Ranks people of each scope by a number (a table of the rule's id)." };

enum { SCOPE, RANK, EMPLOYEE, NAME, VALUE, TIED, COLUMNS };
#define VALUE_SCALE 2 /* as shown; ranks compare the exact values */

struct roll {
	enum field_id scope;
	bool scope_all, anonymous;
	struct rules_number minimum;
	int64_t top;
	const struct feel_expr *value;
};
struct entry {
	uint32_t scope; /* number of the scope's text in the roll's map */
	uint32_t employee;
	struct decimal value;
};
struct candidate {
	uint32_t row;
	struct decimal value;
};
struct roll_partial {
	struct candidate *at;
	size_t count;
	const char **scope, **name; /* by candidate */
};
struct roll_state {
	struct map scopes;
	VEC(struct entry) entries;
	VEC(const char *) names; /* by entry */
};

static int roll_declare(struct rules_rule *rule, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	struct roll *roll = arena_alloc(arena, 1, sizeof *roll);
	const char *scope = xml_attr_or(rule->node, "scope", "org_unit");
	struct rules_number top;
	rule->data = roll;
	roll->scope_all = strcmp(scope, "all") == 0;
	const struct feed_field *field = roll->scope_all ? NULL : feed_field(feed_at(FEED_EMPLOYEE), scope);
	if (!roll->scope_all && (field == NULL || (field->type != FIELD_KEY && field->type != FIELD_TEXT) ||
					(field->type == FIELD_KEY && field->dim == KEY_DIM_EMPLOYEE)))
		return xml_fail(rule->node, err, "scope=\"%s\" is no employee field to group by", scope);
	for (size_t i = 0; i < rule->book->guarded.count; i++)
		if (strcmp(rule->book->guarded.at[i], scope) == 0)
			return xml_fail(rule->node, err, "'%s' is a protected attribute and may not be a scope", scope);
	roll->scope = roll->scope_all ? EMPLOYEE_ORG_UNIT : field->id;
	roll->anonymous = xml_yes(xml_attr_or(rule->node, "anonymous", "no"));
	if (rules_number(rule->node, "minimum", &roll->minimum, err) != 0 ||
		rules_number(rule->node, "top", &top, err) != 0)
		return -1;
	roll->top = top.given ? top.value : 10;
	if (roll->top < 1 || top.scale != 0)
		return xml_fail(rule->node, err, "top=\"%s\" must be 1 or more", top.text);
	rules_parameter(rule, rule->node, "value", xml_attr(rule->node, "value"));
	rules_parameter(rule, rule->node, "scope", scope);
	rules_parameter(rule, rule->node, "top", arena_printf(arena, "%lld", (long long)roll->top));
	if (roll->minimum.given)
		rules_parameter(rule, rule->node, "minimum", roll->minimum.text);
	if (roll->anonymous)
		rules_parameter(rule, rule->node, "anonymous", "yes");
	struct result_column columns[COLUMNS] = {
		[SCOPE] = { .id = "scope",
			.type = RESULT_TEXT,
			.title = roll->scope_all ? (struct text_pair){ "范围", "Scope" } : field->label,
			.role = "scope" },
		[RANK] = { .id = "rank", .type = RESULT_NUMBER, .title = { "名次", "Rank" }, .role = "rank" },
		[EMPLOYEE] = { .id = "employee",
			.type = RESULT_KEY,
			.dim = KEY_DIM_EMPLOYEE,
			.title = { "工号", "Employee no." },
			.role = "employee" },
		[NAME] = { .id = "name", .type = RESULT_TEXT, .title = { "姓名", "Name" }, .role = "name" },
		[VALUE] = { .id = "credits",
			.type = RESULT_NUMBER,
			.scale = VALUE_SCALE,
			.title = { "学分", "Credits" },
			.role = "value" },
		[TIED] = { .id = "tied", .type = RESULT_BOOL, .title = { "并列", "Tied" }, .role = "tied" },
	};
	rules_declare_table(rule, rule->id, rule->title, false, columns, COLUMNS);
	return 0;
}

static int roll_compile(struct rules_rule *rule, struct err *err)
{
	struct roll *roll = rule->data;
	roll->value = scope_compile(rule, RULES_PERSON, RULES_SCOPE_PERSON, rule->node, xml_attr(rule->node, "value"),
		FEEL_NUMBER, err);
	return roll->value == NULL ? -1 : 0;
}

static int roll_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	(void)err;
	work->state[rule->index] = arena_alloc(&work->arena, 1, sizeof(struct roll_state));
	return 0;
}

static const char *scope_text(const struct roll *roll, const struct rules_block *block, uint32_t row)
{
	const struct frame *people = &block->facts->employee;
	const struct frame_column *column = frame_column(people, roll->scope);
	if (roll->scope_all)
		return "";
	if (column == NULL || column->u32[row] == FRAME_NONE)
		return NULL;
	if (column->text)
		return frame_text(people, column, row);
	return facts_key(block->work->facts, feed_field_at(roll->scope)->dim, column->u32[row]);
}

/* "王**": as many stars as characters follow, at most two. */
static const char *masked(const char *name, struct arena *arena)
{
	size_t first = 1, rest = 0;
	if (name[0] == '\0')
		return "";
	while ((name[first] & 0xC0) == 0x80)
		first++;
	for (size_t i = first; name[i] != '\0' && rest < 2; i++)
		rest += (name[i] & 0xC0) != 0x80;
	return arena_printf(arena, "%.*s%s", (int)first, name, rest == 0 ? "" : rest == 1 ? "*" : "**");
}

static int roll_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct roll *roll = rule->data;
	struct roll_partial *partial = arena_alloc(block->arena, 1, sizeof *partial);
	struct feel_column values = { 0 };
	struct decimal none = decimal_from_int(0);
	const struct frame_column *name = frame_column(&block->facts->employee, EMPLOYEE_NAME);
	block->partial[rule->index] = partial;
	if (scope_eval_people(block, roll->value, &values, err) != 0)
		return -1;
	partial->at = arena_alloc(block->arena, block->count + 1u, sizeof *partial->at);
	partial->scope = arena_alloc(block->arena, block->count + 1u, sizeof *partial->scope);
	partial->name = arena_alloc(block->arena, block->count + 1u, sizeof *partial->name);
	for (uint32_t i = 0; i < block->count; i++) {
		struct decimal value;
		const char *scope = block->facts->active[i] ? scope_text(roll, block, i) : NULL;
		if (scope == NULL || !scope_number(&values, i, &value))
			continue;
		if (roll->minimum.given ? decimal_compare(value, roll->minimum.exact) < 0 : decimal_compare(value, none) <= 0)
			continue;
		const char *text = name == NULL ? NULL : frame_text(&block->facts->employee, name, i);
		text = text == NULL ? "" : text;
		partial->scope[partial->count] = arena_text(block->arena, scope);
		partial->name[partial->count] =
			roll->anonymous ? masked(text, block->arena) : arena_text(block->arena, text);
		partial->at[partial->count++] = (struct candidate){ i, value };
	}
	return 0;
}

static int roll_collect(
	const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block, struct err *err)
{
	(void)err;
	struct roll_state *state = work->state[rule->index];
	const struct roll_partial *partial = block->partial[rule->index];
	for (size_t i = 0; i < partial->count; i++) {
		uint32_t scope = map_add(&state->scopes, partial->scope[i], strlen(partial->scope[i]));
		const struct entry entry = { scope, block->first + partial->at[i].row, partial->at[i].value };
		VEC_PUSH(&state->entries, entry);
		VEC_PUSH(&state->names, arena_text(&work->arena, partial->name[i]));
	}
	return 0;
}

struct line {
	const struct rules_work *work;
	const char *scope, *name;
	const struct entry *entry;
	int64_t rank;
	bool tied;
};

/* By scope, then the most first, then by employee number: independent of the order of loading. */
static int by_place(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int order = strcmp(x->scope, y->scope);
	if (order == 0)
		order = decimal_compare(y->entry->value, x->entry->value);
	if (order == 0)
		order = strcmp(facts_key(x->work->facts, KEY_DIM_EMPLOYEE, x->entry->employee),
			facts_key(x->work->facts, KEY_DIM_EMPLOYEE, y->entry->employee));
	return order;
}

static bool is_tied(const struct line *a, const struct line *b)
{
	return a->entry->scope == b->entry->scope && decimal_compare(a->entry->value, b->entry->value) == 0;
}

/* A unit is shown by its name, other scopes by their text. */
static const char *shown(const struct roll *roll, const struct rules_work *work, const char *scope)
{
	const struct feed_field *field = feed_field_at(roll->scope);
	if (roll->scope_all || field->type != FIELD_KEY)
		return scope;
	uint32_t key = facts_find(work->facts, field->dim, scope);
	return field->dim == KEY_DIM_ORG        ? facts_org_name(work->facts, key)
	       : field->dim == KEY_DIM_POSITION ? facts_position_title(work->facts, key)
						: scope;
}

static int roll_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct roll *roll = rule->data;
	struct roll_state *state = work->state[rule->index];
	size_t count = state->entries.count;
	struct line *lines = mem_new(count + 1, sizeof *lines);
	struct frame_texts texts = { 0 };
	struct frame frame;
	uint32_t kept = 0;
	for (size_t i = 0; i < count; i++)
		lines[i] = (struct line){ .work = work,
			.scope = map_text(&state->scopes, state->entries.at[i].scope),
			.name = state->names.at[i],
			.entry = &state->entries.at[i] };
	qsort(lines, count, sizeof *lines, by_place);
	for (size_t i = 0, from = 0; i < count; i++) {
		if (i == 0 || lines[i].entry->scope != lines[i - 1].entry->scope)
			from = i;
		bool before = i > from && is_tied(&lines[i], &lines[i - 1]);
		lines[i].rank = before ? lines[i - 1].rank : (int64_t)(i - from) + 1;
		lines[i].tied = before || (i + 1 < count && is_tied(&lines[i], &lines[i + 1]));
	}
	for (size_t i = 0; i < count; i++)
		if (lines[i].rank <= roll->top)
			lines[kept++] = lines[i];
	rules_frame(&rule->book->tables.at[rule->first_table - 1], kept, &work->arena, &frame);
	for (uint32_t i = 0; i < kept; i++) {
		const char *scope = shown(roll, work, lines[i].scope);
		if (scope[0] != '\0')
			frame.columns[SCOPE].u32[i] = frame_texts_add(&texts, scope, strlen(scope));
		frame.columns[RANK].i64[i] = lines[i].rank;
		if (!roll->anonymous)
			frame.columns[EMPLOYEE].u32[i] = lines[i].entry->employee;
		frame.columns[NAME].u32[i] = frame_texts_add(&texts, lines[i].name, strlen(lines[i].name));
		decimal_to_scaled_rounded(lines[i].entry->value, VALUE_SCALE, &frame.columns[VALUE].i64[i]);
		frame.columns[TIED].u32[i] = lines[i].tied;
	}
	frame_texts_end(&texts, &frame, &work->arena);
	free(lines);
	return rules_put_table(work, rule, 0, &frame, err);
}

static void roll_release(void *data)
{
	struct roll_state *state = data;
	map_release(&state->scopes);
	VEC_RELEASE(&state->entries);
	VEC_RELEASE(&state->names);
}

const struct rules_kind honour_roll_kind = { .element = "honour-roll",
	.help = "ranking per scope with ties shown as ties, from a minimum on, anonymisable",
	.shape = &shape,
	.declare = roll_declare,
	.compile = roll_compile,
	.prepare = roll_prepare,
	.person = roll_person,
	.collect = roll_collect,
	.population = roll_population,
	.release = roll_release };
