/*
 * table.c - decision tables: inputs, rules, hit policies U A P F R O C (C+ C< C> C#), allowed values, defaults.
 *
 * Decides: which rules match and what they yield together. Does not decide: what the entries yield (feel/).
 *
 * A table that fails (a value that is not allowed, two rules where one may match) yields null and says why.
 */
#include "dmn/model.h"

#include <string.h>

struct input {
	const struct xml_node *node;
	const char *text;
	const struct feel_expr *expr, *allowed;
	const struct dmn_type *type;
};
struct output {
	const struct xml_node *node;
	const char *name; /* "" of an only output without a name */
	const struct dmn_type *type;
	const struct feel_expr *allowed; /* tests, or NULL */
	const char *allowed_text;
	const struct feel_expr *order; /* the allowed values as a list: priorities */
	const struct feel_expr *fallback; /* defaultOutputEntry, or NULL */
};
struct rule {
	const struct xml_node *node;
	const struct feel_expr **tests; /* NULL: "-" */
	const struct feel_expr **entries; /* NULL: empty */
};
enum hit_policy { UNIQUE, ANY, PRIORITY, FIRST, RULE_ORDER, OUTPUT_ORDER, COLLECT };
struct dmn_table {
	const struct xml_node *node;
	enum hit_policy policy;
	struct input *inputs;
	struct output *outputs;
	struct rule *rules;
	size_t input_count, output_count, rule_count;
	const struct feel_expr *aggregate; /* over the list at `slot`, or NULL */
	bool counts;
	int slot;
};

static const struct {
	const char *name;
	enum hit_policy policy;
} policies[] = { { "UNIQUE", UNIQUE }, { "ANY", ANY }, { "PRIORITY", PRIORITY }, { "FIRST", FIRST },
	{ "RULE ORDER", RULE_ORDER }, { "OUTPUT ORDER", OUTPUT_ORDER }, { "COLLECT", COLLECT } };
static const struct {
	const char *name, *text;
} aggregations[] = { { "SUM", "sum(the outputs)" }, { "MIN", "min(the outputs)" }, { "MAX", "max(the outputs)" },
	{ "COUNT", "count(the outputs)" } };

static bool lists(enum hit_policy policy)
{
	return policy == RULE_ORDER || policy == OUTPUT_ORDER || policy == COLLECT;
}

/* ---- reading ---- */

static int read_policy(const struct dmn_place *place, struct dmn_table *t, struct err *err)
{
	const char *name = xml_attr_or(t->node, "hitPolicy", "UNIQUE"), *aggregation = xml_attr(t->node, "aggregation");
	size_t i = 0, count = sizeof policies / sizeof *policies;
	while (i < count && strcmp(policies[i].name, name))
		i++;
	if (i == count)
		return xml_fail(t->node, err, "hit policy '%.60s' is not known", name);
	t->policy = policies[i].policy;
	if (!aggregation || t->policy != COLLECT)
		return aggregation ? xml_fail(t->node, err, "aggregation '%.60s' needs the hit policy COLLECT", aggregation)
						   : 0;
	for (i = 0, count = sizeof aggregations / sizeof *aggregations;
		 i < count && strcmp(aggregations[i].name, aggregation);)
		i++;
	if (i == count)
		return xml_fail(t->node, err, "aggregation '%.60s' is not known", aggregation);
	if (t->output_count > 1)
		return xml_fail(t->node, err, "aggregation '%.60s' needs a single output", aggregation);
	struct dmn_place at = *place;
	struct feel_type list = { .kind = FEEL_LIST, .scale = -1 };
	t->counts = !strcmp(aggregation, "COUNT");
	if (dmn_new_slot(place, t->node, &t->slot, err))
		return -1;
	at.scope = dmn_new_scope(place->model, place->scope);
	feel_scope_add(at.scope, "the outputs", &list, t->slot);
	return dmn_compile(&at, t->node, aggregations[i].text, &t->aggregate, err);
}

static int read_input(const struct dmn_place *place, const struct xml_node *node, struct input *input, struct err *err)
{
	const struct xml_node *expression = xml_child(node, "inputExpression"), *values = xml_child(node, "inputValues");
	input->node = node;
	if (!expression || !*dmn_text(expression))
		return xml_fail(node, err, "<input> needs <inputExpression> with a text");
	input->text = dmn_text(expression);
	if (dmn_type_of(place->model, place->unit, expression, "typeRef", &input->type, err)
		|| dmn_compile(place, dmn_text_node(expression), input->text, &input->expr, err))
		return -1;
	struct feel_type feel = input->type ? input->type->feel : feel_type_of(input->expr);
	if (values && *dmn_text(values))
		return dmn_compile_tests(place, dmn_text_node(values), dmn_text(values), &feel, &input->allowed, err);
	return 0;
}

static int read_output(
	const struct dmn_place *place, const struct xml_node *node, struct output *output, struct err *err)
{
	const struct xml_node *values = xml_child(node, "outputValues"), *fallback = xml_child(node, "defaultOutputEntry");
	output->node = node;
	output->name = xml_attr_or(node, "name", "");
	if (dmn_type_of(place->model, place->unit, node, "typeRef", &output->type, err))
		return -1;
	struct feel_type feel = dmn_feel_type(output->type);
	if (values && *dmn_text(values)) {
		output->allowed_text = dmn_text(values);
		if (dmn_compile_tests(place, dmn_text_node(values), output->allowed_text, &feel, &output->allowed, err))
			return -1;
	} else { /* those of its type */
		for (const struct dmn_type *t = output->type; t && !output->allowed_text; t = t->base)
			output->allowed_text = t->allowed_text;
	}
	if (fallback && *dmn_text(fallback))
		return dmn_compile(place, dmn_text_node(fallback), dmn_text(fallback), &output->fallback, err);
	return 0;
}

static int read_order(const struct dmn_place *place, const struct dmn_table *t, struct output *output, struct err *err)
{
	struct err why = { 0 };
	if (t->policy != PRIORITY && t->policy != OUTPUT_ORDER)
		return 0;
	if (!output->allowed_text) {
		if (t->output_count > 1) /* the others may decide */
			return 0;
		return xml_fail(output->node, err, "hit policy %s needs output values, in order of priority",
			t->policy == PRIORITY ? "PRIORITY" : "OUTPUT ORDER");
	}
	const char *text = arena_printf(&place->model->arena, "[%s\n]", output->allowed_text);
	if (dmn_compile(place, output->node, text, &output->order, &why))
		return xml_fail(output->node, err, "output values '%.100s' must be a list of values, in order of priority",
			output->allowed_text);
	return 0;
}

static int read_rule(const struct dmn_place *place, const struct dmn_table *t, const struct xml_node *node,
	struct rule *rule, struct err *err)
{
	size_t in = 0, out = 0;
	rule->node = node;
	rule->tests = arena_alloc(&place->model->arena, t->input_count + 1, sizeof *rule->tests);
	rule->entries = arena_alloc(&place->model->arena, t->output_count + 1, sizeof *rule->entries);
	for (const struct xml_node *n = node->first; n; n = n->next) {
		const char *text = dmn_text(n);
		if (dmn_is(n, "inputEntry")) {
			if (in < t->input_count && *text && strcmp(text, "-")) {
				struct feel_type feel =
					t->inputs[in].type ? t->inputs[in].type->feel : feel_type_of(t->inputs[in].expr);
				if (dmn_compile_tests(place, dmn_text_node(n), text, &feel, &rule->tests[in], err))
					return -1;
			}
			in++;
		} else if (dmn_is(n, "outputEntry")) {
			if (out < t->output_count && *text && dmn_compile(place, dmn_text_node(n), text, &rule->entries[out], err))
				return -1;
			out++;
		}
	}
	if (in != t->input_count || out != t->output_count)
		return xml_fail(node, err, "a rule of %zu inputs and %zu outputs in a table of %zu and %zu", in, out,
			t->input_count, t->output_count);
	return 0;
}

/* The kind all entries of an output have, as far as known. */
static struct feel_type entry_type(const struct dmn_table *t, size_t output)
{
	struct feel_type any = { .kind = FEEL_ANY, .scale = -1 };
	if (t->outputs[output].type)
		return t->outputs[output].type->feel;
	if (!t->rule_count || !t->rules[0].entries[output])
		return any;
	enum feel_kind kind = feel_type_of(t->rules[0].entries[output]).kind;
	for (size_t i = 0; i < t->rule_count; i++)
		if (!t->rules[i].entries[output] || feel_type_of(t->rules[i].entries[output]).kind != kind)
			return any;
	return kind >= FEEL_BOOLEAN && kind <= FEEL_MONTHS_DURATION ? (struct feel_type){ .kind = kind, .scale = -1 } : any;
}

static struct feel_type table_type(struct arena *arena, const struct dmn_table *t)
{
	struct feel_type *row = arena_alloc(arena, 1, sizeof *row);
	if (t->counts)
		return (struct feel_type){ .kind = FEEL_NUMBER, .scale = -1 };
	if (t->output_count == 1) {
		*row = entry_type(t, 0);
	} else {
		struct feel_member *members = arena_alloc(arena, t->output_count, sizeof *members);
		for (size_t i = 0; i < t->output_count; i++)
			members[i] = (struct feel_member){ t->outputs[i].name, entry_type(t, i) };
		*row = (struct feel_type){
			.kind = FEEL_CONTEXT, .scale = -1, .members = members, .member_count = t->output_count
		};
	}
	if (!lists(t->policy) || t->aggregate)
		return *row;
	return (struct feel_type){ .kind = FEEL_LIST, .scale = -1, .item = row->kind == FEEL_ANY ? NULL : row };
}

static size_t count_children(const struct xml_node *node, const char *name)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(node, name); n; n = xml_next(n, name))
		count++;
	return count;
}

int dmn_read_table(const struct dmn_place *place, const struct xml_node *node, const struct dmn_type *type,
	struct dmn_table **table, struct feel_type *feel, struct err *err)
{
	struct arena *arena = &place->model->arena;
	struct dmn_table *t = arena_alloc(arena, 1, sizeof *t);
	t->node = node;
	t->inputs = arena_alloc(arena, count_children(node, "input") + 1, sizeof *t->inputs);
	t->outputs = arena_alloc(arena, count_children(node, "output") + 1, sizeof *t->outputs);
	t->rules = arena_alloc(arena, count_children(node, "rule") + 1, sizeof *t->rules);
	t->output_count = count_children(node, "output");
	if (!t->output_count)
		return xml_fail(node, err, "a decision table needs an output");
	if (read_policy(place, t, err))
		return -1;
	for (const struct xml_node *n = xml_child(node, "input"); n; n = xml_next(n, "input"))
		if (read_input(place, n, &t->inputs[t->input_count++], err))
			return -1;
	size_t i = 0;
	for (const struct xml_node *n = xml_child(node, "output"); n; n = xml_next(n, "output"), i++) {
		struct output *o = &t->outputs[i];
		if (read_output(place, n, o, err))
			return -1;
		if (!o->type && t->output_count == 1 && type && !lists(t->policy)) { /* the table's type is its output's */
			o->type = type;
			for (const struct dmn_type *at = type; at && !o->allowed_text; at = at->base)
				o->allowed_text = at->allowed_text;
		}
		if (t->output_count > 1 && !*o->name)
			return xml_fail(n, err, "one of several outputs needs a name");
		for (size_t k = 0; k < i; k++)
			if (!strcmp(t->outputs[k].name, o->name))
				return xml_fail(n, err, "there are two outputs '%.100s'", o->name);
		if (read_order(place, t, o, err))
			return -1;
	}
	for (const struct xml_node *n = xml_child(node, "rule"); n; n = xml_next(n, "rule"))
		if (read_rule(place, t, n, &t->rules[t->rule_count++], err))
			return -1;
	*feel = table_type(arena, t);
	*table = t;
	return 0;
}

/* ---- evaluation ---- */

static int test(const struct feel_expr *tests, const struct feel_value *input, struct dmn_frame *frame, bool *met)
{
	struct dmn_run *run = frame->world->run;
	if (feel_test(tests, input, &frame->env, run->arena, met, run->err))
		run->failed = true;
	return run->failed ? -1 : 0;
}

/* 1 fine, 0 a value is not allowed (told), -1 budget. */
static int read_inputs(const struct dmn_table *t, struct dmn_frame *frame, struct feel_value *values)
{
	struct dmn_run *run = frame->world->run;
	for (size_t i = 0; i < t->input_count; i++) {
		const struct input *in = &t->inputs[i];
		struct feel_value given;
		bool met = true;
		if (dmn_eval_expr(in->expr, frame, &values[i]))
			return -1;
		given = values[i];
		int fits = dmn_coerce(run, in->type, &values[i]);
		if (fits < 0 || (fits && in->allowed && given.kind != FEEL_NULL && test(in->allowed, &values[i], frame, &met)))
			return -1;
		if (!fits || !met) {
			struct str text = { 0 };
			feel_print_literal(&text, &given);
			dmn_tell(run, in->node, "%.100s is %.200s, which is not allowed", in->text, str_text(&text));
			str_release(&text);
			return 0;
		}
	}
	return 1;
}

/* One output; 1 fine, 0 not allowed (told), -1 budget. */
static int read_entry(const struct dmn_table *t, size_t i, const struct feel_expr *expr, const struct xml_node *node,
	struct dmn_frame *frame, struct feel_value *value)
{
	const struct output *o = &t->outputs[i];
	struct dmn_run *run = frame->world->run;
	bool met = true;
	*value = feel_null();
	if (!expr)
		return 1;
	if (dmn_eval_expr(expr, frame, value))
		return -1;
	struct feel_value given = *value;
	int fits = dmn_coerce(run, o->type, value);
	if (fits < 0 || (fits && o->allowed && value->kind != FEEL_NULL && test(o->allowed, value, frame, &met)))
		return -1;
	if (fits && met)
		return 1;
	struct str text = { 0 };
	feel_print_literal(&text, &given);
	dmn_tell(
		run, node, "the output%s%.100s is %.200s, which is not allowed", *o->name ? " " : "", o->name, str_text(&text));
	str_release(&text);
	*value = feel_null();
	return 0;
}

/* All outputs of a rule: the value, or a context. `parts` (or NULL) gets them one by one. */
static int read_row(const struct dmn_table *t, const struct rule *rule, struct dmn_frame *frame,
	struct feel_value *parts, struct feel_value *value)
{
	struct arena *arena = frame->world->run->arena;
	struct feel_value row = t->output_count > 1 ? feel_new_context(arena) : feel_null();
	int all = 1;
	for (size_t i = 0; i < t->output_count; i++) {
		struct feel_value part;
		const struct feel_expr *expr = rule ? rule->entries[i] : t->outputs[i].fallback;
		int fine = read_entry(t, i, expr, rule ? rule->node : t->outputs[i].node, frame, &part);
		if (fine < 0)
			return -1;
		all &= fine;
		if (t->output_count > 1)
			feel_context_put(arena, row, t->outputs[i].name, part);
		else
			row = part;
		if (parts)
			parts[i] = part;
	}
	*value = all ? row : feel_null();
	return all;
}

/* Positions of a row's outputs in the orders; the last where it is not among them. */
static int rank(const struct dmn_table *t, struct dmn_frame *frame, const struct feel_value *parts, size_t *ranks)
{
	for (size_t i = 0; i < t->output_count; i++) {
		struct feel_value order = feel_null();
		ranks[i] = SIZE_MAX;
		if (!t->outputs[i].order) {
			ranks[i] = 0;
			continue;
		}
		if (dmn_eval_expr(t->outputs[i].order, frame, &order))
			return -1;
		for (size_t k = 0; order.kind == FEEL_LIST && k < order.list->count && ranks[i] == SIZE_MAX; k++)
			if (feel_equal(&parts[i], &order.list->at[k]) == 1)
				ranks[i] = k;
	}
	return 0;
}

static int compare_ranks(const struct dmn_table *t, const size_t *a, const size_t *b)
{
	for (size_t i = 0; i < t->output_count; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* PRIORITY and OUTPUT ORDER: rows by priority, equals in order of the rules. */
static int by_priority(
	const struct dmn_table *t, struct dmn_frame *frame, const size_t *hits, size_t count, struct feel_value *value)
{
	struct arena *arena = frame->world->run->arena;
	struct feel_value *rows = arena_alloc(arena, count, sizeof *rows),
					  *parts = arena_alloc(arena, t->output_count, sizeof *parts);
	size_t *ranks = arena_alloc(arena, count * t->output_count, sizeof *ranks),
		   *sorted = arena_alloc(arena, count, sizeof *sorted);
	for (size_t i = 0; i < count; i++) {
		int fine = read_row(t, &t->rules[hits[i]], frame, parts, &rows[i]);
		if (fine != 1)
			return fine;
		if (rank(t, frame, parts, ranks + i * t->output_count))
			return -1;
		size_t k = i;
		while (k > 0 && compare_ranks(t, ranks + i * t->output_count, ranks + sorted[k - 1] * t->output_count) < 0) {
			sorted[k] = sorted[k - 1];
			k--;
		}
		sorted[k] = i;
	}
	if (t->policy == PRIORITY) {
		*value = rows[sorted[0]];
		return 1;
	}
	*value = feel_new_list(arena, count);
	for (size_t i = 0; i < count; i++)
		feel_list_add(arena, *value, rows[sorted[i]]);
	return 1;
}

static int collect(
	const struct dmn_table *t, struct dmn_frame *frame, const size_t *hits, size_t count, struct feel_value *value)
{
	struct arena *arena = frame->world->run->arena;
	struct feel_value list = feel_new_list(arena, count);
	for (size_t i = 0; i < count; i++) {
		struct feel_value row;
		int fine = read_row(t, &t->rules[hits[i]], frame, NULL, &row);
		if (fine != 1)
			return fine;
		feel_list_add(arena, list, row);
	}
	*value = list;
	if (!t->aggregate)
		return 1;
	dmn_set(frame, t->slot, list);
	return dmn_eval_expr(t->aggregate, frame, value) ? -1 : 1;
}

static int one_of(
	const struct dmn_table *t, struct dmn_frame *frame, const size_t *hits, size_t count, struct feel_value *value)
{
	struct dmn_run *run = frame->world->run;
	if (t->policy == UNIQUE && count > 1) {
		dmn_tell(run, t->node, "rules %zu and %zu both match where one may (UNIQUE)", hits[0] + 1, hits[1] + 1);
		return 0;
	}
	int fine = read_row(t, &t->rules[hits[0]], frame, NULL, value);
	for (size_t i = 1; i < count && fine == 1 && t->policy == ANY; i++) {
		struct feel_value other;
		fine = read_row(t, &t->rules[hits[i]], frame, NULL, &other);
		if (fine == 1 && feel_equal(value, &other) != 1) {
			dmn_tell(
				run, t->node, "rules %zu and %zu match and differ in their outputs (ANY)", hits[0] + 1, hits[i] + 1);
			return 0;
		}
	}
	return fine;
}

static int no_rule(const struct dmn_table *t, struct dmn_frame *frame, struct feel_value *value)
{
	bool fallback = false;
	for (size_t i = 0; i < t->output_count; i++)
		fallback |= t->outputs[i].fallback != NULL;
	if (fallback)
		return read_row(t, NULL, frame, NULL, value);
	if (t->counts)
		*value = feel_integer(0);
	else if (lists(t->policy) && !t->aggregate)
		*value = feel_new_list(frame->world->run->arena, 0);
	else
		dmn_tell(frame->world->run, t->node, "no rule matches");
	return 1;
}

int dmn_eval_table(const struct dmn_table *t, struct dmn_frame *frame, struct feel_value *value)
{
	struct arena *arena = frame->world->run->arena;
	struct feel_value *inputs = arena_alloc(arena, t->input_count + 1, sizeof *inputs);
	size_t *hits = arena_alloc(arena, t->rule_count + 1, sizeof *hits), count = 0;
	*value = feel_null();
	int fine = read_inputs(t, frame, inputs);
	for (size_t i = 0; i < t->rule_count && fine == 1; i++) {
		bool met = true;
		for (size_t k = 0; k < t->input_count && met; k++)
			if (t->rules[i].tests[k] && test(t->rules[i].tests[k], &inputs[k], frame, &met))
				return -1;
		if (met)
			hits[count++] = i;
		if (met && t->policy == FIRST)
			break;
	}
	if (fine == 1) {
		if (!count)
			fine = no_rule(t, frame, value);
		else if (t->policy == PRIORITY || t->policy == OUTPUT_ORDER)
			fine = by_priority(t, frame, hits, count, value);
		else if (lists(t->policy))
			fine = collect(t, frame, hits, count, value);
		else
			fine = one_of(t, frame, hits, count, value);
	}
	if (fine != 1)
		*value = feel_null();
	return fine < 0 ? -1 : 0;
}
