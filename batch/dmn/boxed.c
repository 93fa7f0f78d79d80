/*
 * boxed.c - boxed expressions as they are read and compiled: literals, contexts, lists, relations, invocations,
 * functions, conditionals, filters and iterations.
 *
 * Decides: which names each part sees, and in which frame they stand. Does not decide: decision tables (table.c),
 * values (evaluate.c).
 */
#include "dmn/model.h"

#include <string.h>

static const struct {
	const char *name;
	enum dmn_boxed_kind kind;
} boxed_kinds[] = {
	{ "literalExpression", DMN_LITERAL },
	{ "decisionTable", DMN_TABLE },
	{ "context", DMN_CONTEXT },
	{ "list", DMN_LIST },
	{ "relation", DMN_RELATION },
	{ "invocation", DMN_INVOCATION },
	{ "functionDefinition", DMN_FUNCTION },
	{ "conditional", DMN_CONDITIONAL },
	{ "filter", DMN_FILTER },
	{ "for", DMN_FOR },
	{ "some", DMN_SOME },
	{ "every", DMN_EVERY },
};

static int kind_of(const struct xml_node *node)
{
	for (size_t i = 0; i < sizeof boxed_kinds / sizeof *boxed_kinds; i++)
		if (dmn_is(node, boxed_kinds[i].name))
			return (int)boxed_kinds[i].kind;
	return -1;
}

const struct xml_node *dmn_first_expression(const struct xml_node *node)
{
	for (const struct xml_node *n = node ? node->first : NULL; n; n = n->next)
		if (kind_of(n) >= 0)
			return n;
	return NULL;
}

static struct feel_type any(void)
{
	return (struct feel_type){ .kind = FEEL_ANY, .scale = -1 };
}

int dmn_new_slot(const struct dmn_place *place, const struct xml_node *node, int *slot, struct err *err)
{
	if (place->body->size > DMN_INDEX_MAX)
		return xml_fail(node, err, "more than %d names in '%.100s'", DMN_INDEX_MAX, place->body->name);
	*slot = place->body->level << 16 | (int)place->body->size++;
	return 0;
}

static struct feel_type list_of(const struct dmn_place *place, const struct feel_type *item)
{
	struct feel_type *copy = arena_alloc(&place->model->arena, 1, sizeof *copy);
	*copy = *item;
	return (struct feel_type){ .kind = FEEL_LIST, .scale = -1, .item = item->kind == FEEL_ANY ? NULL : copy };
}

static struct feel_type item_of(const struct feel_type *collection)
{
	if (collection->kind == FEEL_LIST || collection->kind == FEEL_RANGE)
		return collection->item ? *collection->item : any();
	return *collection;
}

/* The boxed expression inside an element that must hold one ("in", "match", "if" …). */
static int read_inside(const struct dmn_place *place, const struct xml_node *node, const char *element,
	struct dmn_boxed **boxed, struct err *err)
{
	const struct xml_node *holder = xml_child(node, element), *inner = dmn_first_expression(holder);
	if (!inner)
		return xml_fail(holder ? holder : node, err, "<%s> needs <%s> with an expression", node->name, element);
	return dmn_read_boxed(place, inner, boxed, err);
}

/* ---- contexts, lists, relations ---- */

static int read_context(
	const struct dmn_place *outer, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	struct dmn_place place = *outer;
	struct arena *arena = &place.model->arena;
	size_t count = 0;
	for (const struct xml_node *n = xml_child(node, "contextEntry"); n; n = xml_next(n, "contextEntry"))
		count++;
	b->child = arena_alloc(arena, count + 1, sizeof *b->child);
	b->names = arena_alloc(arena, count + 1, sizeof *b->names);
	b->types = arena_alloc(arena, count + 1, sizeof *b->types);
	b->slots = arena_alloc(arena, count + 1, sizeof *b->slots);
	struct feel_member *members = arena_alloc(arena, count + 1, sizeof *members);
	bool result = false;
	for (const struct xml_node *n = xml_child(node, "contextEntry"); n; n = xml_next(n, "contextEntry")) {
		const struct xml_node *variable = xml_child(n, "variable"), *inner = dmn_first_expression(n);
		size_t i = b->count;
		if (result)
			return xml_fail(n, err, "nothing may follow the result of a context");
		if (variable && !(b->names[i] = xml_attr(variable, "name")))
			return xml_fail(variable, err, "<variable> needs a name");
		for (size_t k = 0; b->names[i] && k < i; k++)
			if (!strcmp(b->names[k], b->names[i]))
				return xml_fail(n, err, "there are two entries '%.100s'", b->names[i]);
		result = !variable;
		if (dmn_type_of(place.model, place.unit, variable, "typeRef", &b->types[i], err))
			return -1;
		bool function = inner && kind_of(inner) == DMN_FUNCTION && variable;
		if (variable && dmn_new_slot(&place, variable, &b->slots[i], err))
			return -1;
		if (variable) {
			struct dmn_place at = place;
			if (function) { /* it may call itself */
				at.scope = dmn_new_scope(place.model, place.scope);
				struct dmn_body signature = { 0 };
				if (dmn_read_signature(place.model, place.unit, inner, &signature, err))
					return -1;
				struct feel_type type = dmn_function_type(place.model, &signature);
				feel_scope_add(at.scope, b->names[i], &type, b->slots[i]);
			}
			if (inner && dmn_read_boxed(&at, inner, &b->child[i], err))
				return -1;
			struct feel_type feel = b->types[i] ? b->types[i]->feel
				: inner                         ? dmn_known_type(&b->child[i]->feel)
												: any();
			members[i] = (struct feel_member){ b->names[i], feel };
			place.scope = dmn_new_scope(place.model, place.scope);
			feel_scope_add(place.scope, b->names[i], &feel, b->slots[i]);
		} else {
			if (inner && dmn_read_boxed(&place, inner, &b->child[i], err))
				return -1;
			b->feel = inner ? b->child[i]->feel : any();
		}
		b->count++;
	}
	if (!result)
		b->feel = (struct feel_type){ .kind = FEEL_CONTEXT, .scale = -1, .members = members, .member_count = b->count };
	return 0;
}

static int read_list(const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	size_t count = 0;
	for (const struct xml_node *n = node->first; n; n = n->next)
		count += kind_of(n) >= 0;
	b->child = arena_alloc(&place->model->arena, count + 1, sizeof *b->child);
	struct feel_type item = any();
	for (const struct xml_node *n = node->first; n; n = n->next) {
		if (kind_of(n) < 0)
			continue;
		if (dmn_read_boxed(place, n, &b->child[b->count], err))
			return -1;
		const struct feel_type *feel = &b->child[b->count]->feel;
		bool simple = feel->kind != FEEL_LIST && feel->kind != FEEL_CONTEXT && feel->kind != FEEL_FUNCTION
			&& feel->kind != FEEL_RANGE && feel->kind != FEEL_NULL;
		if (!b->count)
			item = simple ? *feel : any();
		else if (!simple || item.kind != feel->kind)
			item = any();
		b->count++;
	}
	b->feel = list_of(place, &item);
	return 0;
}

static int read_relation(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	struct arena *arena = &place->model->arena;
	size_t rows = 0, columns = 0;
	for (const struct xml_node *n = xml_child(node, "column"); n; n = xml_next(n, "column"))
		columns++;
	for (const struct xml_node *n = xml_child(node, "row"); n; n = xml_next(n, "row"))
		rows++;
	if (rows && columns > (size_t)1000000 / rows)
		return xml_fail(node, err, "a relation of %zu rows by %zu columns is too large", rows, columns);
	b->names = arena_alloc(arena, columns + 1, sizeof *b->names);
	b->types = arena_alloc(arena, columns + 1, sizeof *b->types);
	b->child = arena_alloc(arena, columns * rows + 1, sizeof *b->child);
	struct feel_member *members = arena_alloc(arena, columns + 1, sizeof *members);
	for (const struct xml_node *n = xml_child(node, "column"); n; n = xml_next(n, "column")) {
		size_t i = b->columns++;
		if (!(b->names[i] = xml_attr(n, "name")))
			return xml_fail(n, err, "<column> needs a name");
		if (dmn_type_of(place->model, place->unit, n, "typeRef", &b->types[i], err))
			return -1;
		members[i] = (struct feel_member){ b->names[i], dmn_feel_type(b->types[i]) };
	}
	for (const struct xml_node *n = xml_child(node, "row"); n; n = xml_next(n, "row")) {
		size_t i = 0;
		for (const struct xml_node *cell = n->first; cell; cell = cell->next) {
			if (kind_of(cell) < 0)
				continue;
			if (i++ < columns && dmn_read_boxed(place, cell, &b->child[b->count++], err))
				return -1;
		}
		if (i != columns)
			return xml_fail(n, err, "a row of %zu cells in a relation of %zu columns", i, columns);
	}
	struct feel_type item = { .kind = FEEL_CONTEXT, .scale = -1, .members = members, .member_count = columns };
	b->feel = list_of(place, &item);
	return 0;
}

/* ---- functions and invocations ---- */

int dmn_read_signature(
	struct dmn_model *model, struct dmn_unit *unit, const struct xml_node *node, struct dmn_body *body, struct err *err)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(node, "formalParameter"); n; n = xml_next(n, "formalParameter"))
		count++;
	body->names = arena_alloc(&model->arena, count + 1, sizeof *body->names);
	body->types = arena_alloc(&model->arena, count + 1, sizeof *body->types);
	body->count = 0;
	for (const struct xml_node *n = xml_child(node, "formalParameter"); n; n = xml_next(n, "formalParameter")) {
		const char *name = xml_attr(n, "name");
		if (!name || !*name)
			return xml_fail(n, err, "<formalParameter> needs a name");
		for (size_t i = 0; i < body->count; i++)
			if (!strcmp(body->names[i], name))
				return xml_fail(n, err, "there are two parameters '%.100s'", name);
		if (body->count > DMN_INDEX_MAX)
			return xml_fail(n, err, "too many parameters");
		body->names[body->count] = name;
		if (dmn_type_of(model, unit, n, "typeRef", &body->types[body->count], err))
			return -1;
		body->count++;
	}
	body->size = body->count;
	const char *kind = xml_attr_or(node, "kind", "FEEL");
	if (strcmp(kind, "FEEL") && strcmp(kind, "Java") && strcmp(kind, "PMML"))
		return xml_fail(node, err, "functions of kind '%.60s' are not known", kind);
	body->foreign = strcmp(kind, "FEEL") != 0;
	if (body->foreign && !model->lenient)
		return xml_fail(node, err, "functions in %s are not run", kind);
	return 0;
}

struct feel_type dmn_function_type(struct dmn_model *model, const struct dmn_body *body)
{
	struct feel_member *members = arena_alloc(&model->arena, body->count + 1, sizeof *members);
	for (size_t i = 0; i < body->count; i++)
		members[i] = (struct feel_member){ body->names[i], dmn_feel_type(body->types[i]) };
	struct feel_type *result = arena_alloc(&model->arena, 1, sizeof *result);
	*result = body->result ? body->result->feel : body->logic ? body->logic->feel : any();
	struct feel_type type = {
		.kind = FEEL_FUNCTION, .scale = -1, .item = result, .members = members, .member_count = body->count
	};
	return dmn_known_type(&type);
}

int dmn_read_function(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_body *body, struct err *err)
{
	const struct xml_node *inner = dmn_first_expression(node);
	if (body->foreign || !inner)
		return 0;
	struct dmn_place inside = { place->model, place->unit, dmn_new_scope(place->model, place->scope), body };
	for (size_t i = 0; i < body->count; i++) {
		struct feel_type feel = dmn_feel_type(body->types[i]);
		feel_scope_add(inside.scope, body->names[i], &feel, body->level << 16 | (int)i);
	}
	return dmn_read_boxed(&inside, inner, &body->logic, err);
}

static int new_body(const struct dmn_place *place, const struct xml_node *node, struct dmn_body **out, struct err *err)
{
	struct dmn_body *body = arena_alloc(&place->model->arena, 1, sizeof *body);
	body->name = place->body->name;
	body->node = node;
	body->level = place->body->level + 1;
	*out = body;
	return body->level > DMN_LEVEL_MAX
		? xml_fail(node, err, "more than %d functions or loops inside each other", DMN_LEVEL_MAX)
		: 0;
}

static int read_invocation(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	const struct xml_node *function = dmn_first_expression(node);
	size_t count = 1;
	for (const struct xml_node *n = xml_child(node, "binding"); n; n = xml_next(n, "binding"))
		count++;
	b->child = arena_alloc(&place->model->arena, count, sizeof *b->child);
	b->names = arena_alloc(&place->model->arena, count, sizeof *b->names);
	if (!function)
		return xml_fail(node, err, "<invocation> needs the expression of a function");
	if (dmn_read_boxed(place, function, &b->child[b->count++], err))
		return -1;
	for (const struct xml_node *n = xml_child(node, "binding"); n; n = xml_next(n, "binding")) {
		const struct xml_node *parameter = xml_child(n, "parameter"), *inner = dmn_first_expression(n);
		if (!parameter || !(b->names[b->count] = xml_attr(parameter, "name")))
			return xml_fail(n, err, "<binding> needs <parameter> with a name");
		if (inner && dmn_read_boxed(place, inner, &b->child[b->count], err))
			return -1;
		b->count++;
	}
	const struct feel_type *feel = &b->child[0]->feel;
	if (feel->kind == FEEL_FUNCTION && feel->item)
		b->feel = *feel->item;
	if (place->model->lenient || feel->kind != FEEL_FUNCTION || !feel->members)
		return 0;
	for (size_t i = 1; i < b->count; i++) {
		size_t k = 0;
		while (k < feel->member_count && strcmp(feel->members[k].name, b->names[i]))
			k++;
		if (k == feel->member_count)
			return xml_fail(b->node, err, "the function has no parameter '%.100s'", b->names[i]);
	}
	if (feel->member_count != b->count - 1)
		return xml_fail(node, err, "the function has %zu parameters, %zu are bound", feel->member_count, b->count - 1);
	return 0;
}

/* ---- iterations and filters ---- */

static const char HELPER[] = "the collection";

/* Compiles an expression over the collection, which it finds in b->slot. */
static int read_helper(const struct dmn_place *place, struct dmn_boxed *b, const char *text,
	const struct feel_expr **expr, struct err *err)
{
	struct dmn_place at = *place;
	at.scope = dmn_new_scope(place->model, place->scope);
	feel_scope_add(at.scope, HELPER, &b->child[0]->feel, b->slot);
	return dmn_compile(&at, b->node, text, expr, err);
}

static int read_domain(const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	b->child = arena_alloc(&place->model->arena, 1, sizeof *b->child);
	b->count = 1;
	const struct xml_node *in = xml_child(node, "in"), *inner = dmn_first_expression(in);
	const char *text = inner && kind_of(inner) == DMN_LITERAL ? dmn_text(inner) : "";
	if (b->kind != DMN_FILTER && strstr(text, "..") && text[0] != '[' && text[0] != '('
		&& text[0] != ']') { /* "1..n" is no expression of its own */
		struct dmn_boxed *range = arena_alloc(&place->model->arena, 1, sizeof *range);
		*range = (struct dmn_boxed){ .kind = DMN_LITERAL, .node = inner };
		const char *whole = arena_printf(&place->model->arena, "for i in %s\nreturn i", text);
		if (dmn_compile(place, dmn_text_node(inner), whole, &range->expr, err))
			return -1;
		range->feel = feel_type_of(range->expr);
		b->child[0] = range;
	} else if (read_inside(place, node, "in", &b->child[0], err)) {
		return -1;
	}
	return dmn_new_slot(place, node, &b->slot, err);
}

static int read_filter(const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	if (read_domain(place, node, b, err))
		return -1;
	struct arena *arena = &place->model->arena;
	const struct xml_node *match = dmn_first_expression(xml_child(node, "match"));
	struct feel_type item = item_of(&b->child[0]->feel);
	b->feel = list_of(place, &item);
	if (!match)
		return xml_fail(node, err, "<filter> needs <match> with an expression");
	if (kind_of(match) == DMN_LITERAL) { /* FEEL knows the entries of each item by name */
		const char *text = dmn_text(match);
		if (read_helper(place, b, arena_printf(arena, "%s[(%s\n) = true]", HELPER, text), &b->expr, err))
			return -1;
		return read_helper(
			place, b, arena_printf(arena, "%s[((%s\n) instance of boolean) = false]", HELPER, text), &b->odd, err);
	}
	if (new_body(place, match, &b->body, err))
		return -1;
	size_t members = item.kind == FEEL_CONTEXT ? item.member_count : 0;
	b->body->count = b->body->size = members + 1;
	b->body->names = arena_alloc(arena, members + 1, sizeof *b->body->names);
	b->body->types = arena_alloc(arena, members + 1, sizeof *b->body->types);
	struct dmn_place inside = { place->model, place->unit, dmn_new_scope(place->model, place->scope), b->body };
	for (size_t i = 0; i < members; i++) {
		b->body->names[i + 1] = item.members[i].name;
		feel_scope_add(inside.scope, item.members[i].name, &item.members[i].type, b->body->level << 16 | (int)(i + 1));
	}
	b->body->names[0] = "item";
	feel_scope_add(inside.scope, "item", &item, b->body->level << 16);
	return dmn_read_boxed(&inside, match, &b->body->logic, err);
}

static int read_iteration(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	const char *variable = xml_attr(node, "iteratorVariable");
	if (!variable || !*variable)
		return xml_fail(node, err, "<%s> needs iteratorVariable", node->name);
	if (read_domain(place, node, b, err) || new_body(place, node, &b->body, err))
		return -1;
	if (read_helper(place, b, "for i in the collection return i", &b->expr, err))
		return -1;
	struct arena *arena = &place->model->arena;
	b->body->names = arena_alloc(arena, 2, sizeof *b->body->names);
	b->body->types = arena_alloc(arena, 2, sizeof *b->body->types);
	b->body->names[0] = variable;
	b->body->names[1] = "partial";
	b->body->count = b->body->size = b->kind == DMN_FOR ? 2 : 1;
	struct dmn_place inside = { place->model, place->unit, dmn_new_scope(place->model, place->scope), b->body };
	struct feel_type item = item_of(&b->child[0]->feel), partial = { .kind = FEEL_LIST, .scale = -1 };
	if (b->kind == DMN_FOR)
		feel_scope_add(inside.scope, "partial", &partial, b->body->level << 16 | 1);
	feel_scope_add(inside.scope, variable, &item, b->body->level << 16);
	if (read_inside(&inside, node, b->kind == DMN_FOR ? "return" : "satisfies", &b->body->logic, err))
		return -1;
	b->feel = b->kind == DMN_FOR ? list_of(place, &b->body->logic->feel)
								 : (struct feel_type){ .kind = FEEL_BOOLEAN, .scale = -1 };
	return 0;
}

static int read_conditional(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed *b, struct err *err)
{
	b->child = arena_alloc(&place->model->arena, 3, sizeof *b->child);
	b->count = 3;
	if (read_inside(place, node, "if", &b->child[0], err) || read_inside(place, node, "then", &b->child[1], err)
		|| read_inside(place, node, "else", &b->child[2], err))
		return -1;
	const struct feel_type *yes = &b->child[1]->feel, *no = &b->child[2]->feel;
	if (yes->kind == no->kind && !yes->item && !no->item && !yes->members && !no->members)
		b->feel = *yes;
	return 0;
}

/* ---- all of them ---- */

int dmn_read_boxed(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed **boxed, struct err *err)
{
	struct dmn_boxed *b = arena_alloc(&place->model->arena, 1, sizeof *b);
	*b = (struct dmn_boxed){ .kind = (enum dmn_boxed_kind)kind_of(node), .node = node, .feel = any() };
	*boxed = b;
	if (dmn_type_of(place->model, place->unit, node, "typeRef", &b->type, err))
		return -1;
	int result = 0;
	switch (b->kind) {
	case DMN_LITERAL:
		if (*dmn_text(node) && !xml_child(node, "importedValues")) {
			result = dmn_compile(place, dmn_text_node(node), dmn_text(node), &b->expr, err);
			if (!result)
				b->feel = feel_type_of(b->expr);
		}
		break;
	case DMN_CONTEXT: result = read_context(place, node, b, err); break;
	case DMN_LIST: result = read_list(place, node, b, err); break;
	case DMN_RELATION: result = read_relation(place, node, b, err); break;
	case DMN_INVOCATION: result = read_invocation(place, node, b, err); break;
	case DMN_FUNCTION:
		if (new_body(place, node, &b->body, err) || dmn_read_signature(place->model, place->unit, node, b->body, err)
			|| dmn_read_function(place, node, b->body, err))
			return -1;
		b->feel = dmn_function_type(place->model, b->body);
		break;
	case DMN_CONDITIONAL: result = read_conditional(place, node, b, err); break;
	case DMN_FILTER: result = read_filter(place, node, b, err); break;
	case DMN_FOR:
	case DMN_SOME:
	case DMN_EVERY: result = read_iteration(place, node, b, err); break;
	case DMN_TABLE: result = dmn_read_table(place, node, b->type, &b->table, &b->feel, err); break;
	}
	if (result)
		return -1;
	if (b->type && b->type->kind != FEEL_ANY)
		b->feel = b->type->feel;
	b->feel = dmn_known_type(&b->feel);
	return 0;
}
