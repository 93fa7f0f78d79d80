/*
 * type.c - types before evaluation: what each node yields as far as known, and certain mismatches.
 *
 * Decides: which expressions are refused because they could only ever be null or an error. Does not decide: results.
 * Everything may be null; FEEL_ANY means not known, FEEL_NULL the literal null.
 */
#include "feel/ast.h"

#include <stdio.h>
#include <string.h>

struct feel_type type_simple(enum feel_kind kind)
{
	return (struct feel_type){ .kind = kind, .scale = -1 };
}

struct feel_type type_copy(struct arena *arena, const struct feel_type *type)
{
	struct feel_type copy = *type;
	if (type->item) {
		struct feel_type *item = arena_alloc(arena, 1, sizeof *item);
		*item = type_copy(arena, type->item);
		copy.item = item;
	}
	if (type->members) {
		struct feel_member *members = arena_alloc(arena, type->member_count + 1, sizeof *members);
		for (size_t i = 0; i < type->member_count; i++) {
			members[i].name = type->members[i].name ? arena_text(arena, type->members[i].name) : "";
			members[i].type = type_copy(arena, &type->members[i].type);
		}
		copy.members = members;
	}
	return copy;
}

const struct feel_type *type_member(const struct feel_type *type, const char *name)
{
	for (size_t i = 0; type->kind == FEEL_CONTEXT && i < type->member_count; i++)
		if (!strcmp(type->members[i].name, name))
			return &type->members[i].type;
	return NULL;
}

static void note_members(struct parser *p, const struct feel_type *type, int depth)
{
	if (depth > 20 || p->members.count > 2000)
		return;
	if (type->item)
		note_members(p, type->item, depth + 1);
	for (size_t i = 0; type->kind == FEEL_CONTEXT && i < type->member_count; i++) {
		bool known = false;
		for (size_t k = 0; k < p->members.count && !known; k++)
			known = !strcmp(p->members.at[k], type->members[i].name);
		if (!known)
			VEC_PUSH(&p->members, type->members[i].name);
		note_members(p, &type->members[i].type, depth + 1);
	}
}

void type_members(struct parser *p, const struct feel_type *type)
{
	note_members(p, type, 0);
}

const char *type_name(const struct feel_type *type, char out[120])
{
	if (type->kind == FEEL_LIST && type->item)
		snprintf(out, 120, "list of %s", feel_kind_name(type->item->kind));
	else
		snprintf(out, 120, "%s", feel_kind_name(type->kind));
	return out;
}

static bool open_kind(enum feel_kind kind)
{
	return kind == FEEL_ANY || kind == FEEL_NULL;
}

/* A type both belong to. */
static struct feel_type unify(const struct feel_type *a, const struct feel_type *b)
{
	if (a->kind == FEEL_NULL)
		return *b;
	if (b->kind == FEEL_NULL)
		return *a;
	if (a->kind != b->kind)
		return type_simple(FEEL_ANY);
	struct feel_type type = type_simple(a->kind);
	if (a->item && b->item && a->item->kind == b->item->kind)
		type.item = a->item->members == b->item->members ? a->item : NULL;
	if (a->kind == FEEL_CONTEXT && a->member_count == b->member_count) {
		bool same = true;
		for (size_t i = 0; i < a->member_count && same; i++)
			same =
				!strcmp(a->members[i].name, b->members[i].name) && a->members[i].type.kind == b->members[i].type.kind;
		if (same) {
			type.members = a->members;
			type.member_count = a->member_count;
		}
	}
	return type;
}

static struct feel_type list_of(struct parser *p, const struct feel_type *item)
{
	struct feel_type type = type_simple(FEEL_LIST);
	if (item->kind != FEEL_ANY) {
		struct feel_type *copy = arena_alloc(p->arena, 1, sizeof *copy);
		*copy = *item;
		type.item = copy;
	}
	return type;
}

/* The type of a constant; items of long lists are looked at up to a limit. */
static struct feel_type type_of_value(struct parser *p, const struct feel_value *v, int depth)
{
	struct feel_type type = type_simple(v->kind);
	if (depth > 20)
		return type;
	if (v->kind == FEEL_LIST && v->list->count) {
		struct feel_type item = type_of_value(p, &v->list->at[0], depth + 1);
		for (size_t i = 1; i < v->list->count; i++) {
			struct feel_type next = type_of_value(p, &v->list->at[i], depth + 1);
			item = unify(&item, &next);
		}
		return list_of(p, &item);
	}
	if (v->kind == FEEL_RANGE) {
		struct feel_type low = type_of_value(p, &v->range->low, depth + 1),
						 high = type_of_value(p, &v->range->high, depth + 1);
		struct feel_type *item = arena_alloc(p->arena, 1, sizeof *item);
		*item = unify(&low, &high);
		type.item = item;
	}
	if (v->kind == FEEL_CONTEXT) {
		struct feel_member *members = arena_alloc(p->arena, v->context->count + 1, sizeof *members);
		for (size_t i = 0; i < v->context->count; i++) {
			members[i].name = v->context->at[i].name;
			members[i].type = type_of_value(p, &v->context->at[i].value, depth + 1);
		}
		type.members = members;
		type.member_count = v->context->count;
	}
	return type;
}

/* ---- operators ---- */

static bool is_duration(enum feel_kind k)
{
	return k == FEEL_DAYS_DURATION || k == FEEL_MONTHS_DURATION;
}

static bool is_point(enum feel_kind k)
{
	return k == FEEL_DATE || k == FEEL_TIME || k == FEEL_DATE_TIME;
}

/* The kind a op b yields; FEEL_ANY not known; FEEL_NULL certainly nothing. */
static enum feel_kind arithmetic(enum node_kind op, enum feel_kind a, enum feel_kind b)
{
	if (open_kind(a) || open_kind(b)) {
		enum feel_kind known = open_kind(a) ? b : a;
		if (!open_kind(known)
			&& (known == FEEL_BOOLEAN || known == FEEL_LIST || known == FEEL_CONTEXT || known == FEEL_RANGE
				|| known == FEEL_FUNCTION))
			return FEEL_NULL;
		return FEEL_ANY;
	}
	if (a == FEEL_NUMBER && b == FEEL_NUMBER)
		return FEEL_NUMBER;
	switch (op) {
	case NODE_ADD:
		if (a == FEEL_STRING && b == FEEL_STRING)
			return FEEL_STRING;
		if (is_duration(a) && a == b)
			return a;
		if (is_point(a) && is_duration(b) && !(a == FEEL_TIME && b == FEEL_MONTHS_DURATION))
			return a;
		if (is_point(b) && is_duration(a) && !(b == FEEL_TIME && a == FEEL_MONTHS_DURATION))
			return b;
		return FEEL_NULL;
	case NODE_SUB:
		if (is_duration(a) && a == b)
			return a;
		if (is_point(a) && is_duration(b) && !(a == FEEL_TIME && b == FEEL_MONTHS_DURATION))
			return a;
		if (is_point(a) && is_point(b) && (a == FEEL_TIME) == (b == FEEL_TIME))
			return FEEL_DAYS_DURATION;
		return FEEL_NULL;
	case NODE_MUL: return is_duration(a) && b == FEEL_NUMBER ? a : is_duration(b) && a == FEEL_NUMBER ? b : FEEL_NULL;
	case NODE_DIV: return is_duration(a) && b == FEEL_NUMBER ? a : is_duration(a) && a == b ? FEEL_NUMBER : FEEL_NULL;
	default: return FEEL_NULL;
	}
}

static const char *sign(enum node_kind kind)
{
	switch (kind) {
	case NODE_ADD: return "+";
	case NODE_SUB: return "-";
	case NODE_MUL: return "*";
	case NODE_DIV: return "/";
	case NODE_POW: return "**";
	case NODE_EQ: return "=";
	case NODE_NE: return "!=";
	case NODE_LT: return "<";
	case NODE_LE: return "<=";
	case NODE_GT: return ">";
	case NODE_GE: return ">=";
	case NODE_AND: return "and";
	default: return "or";
	}
}

static void refuse_pair(struct parser *p, const struct node *n, const struct node *a, const struct node *b)
{
	char x[120], y[120];
	if (!p->lenient)
		parser_fail(
			p, n->at, "'%s' cannot join %s and %s", sign(n->kind), type_name(&a->type, x), type_name(&b->type, y));
}

static bool comparable(enum feel_kind kind)
{
	return kind == FEEL_NUMBER || kind == FEEL_STRING || is_point(kind) || is_duration(kind);
}

static void type_comparison(struct parser *p, struct node *n)
{
	enum feel_kind a = n->child[0]->type.kind, b = n->child[1]->type.kind;
	bool equality = n->kind == NODE_EQ || n->kind == NODE_NE;
	n->type = type_simple(FEEL_BOOLEAN);
	bool bad = !open_kind(a) && !open_kind(b) && a != b;
	if (!equality)
		bad |= (!open_kind(a) && !comparable(a)) || (!open_kind(b) && !comparable(b));
	if (bad)
		refuse_pair(p, n, n->child[0], n->child[1]);
}

static void want_boolean(struct parser *p, const struct node *n, const char *where)
{
	char x[120];
	if (!p->lenient && !open_kind(n->type.kind) && n->type.kind != FEEL_BOOLEAN)
		parser_fail(p, n->at, "%s must be true or false, not %s", where, type_name(&n->type, x));
}

/* A test of a value: the kinds must be able to meet. */
static void type_test(struct parser *p, const struct node *of, const struct feel_type *value, const struct node *test)
{
	char x[120], y[120];
	const struct feel_type *t = &test->type;
	if (p->lenient || open_kind(value->kind) || test->input)
		return;
	while ((t->kind == FEEL_LIST || t->kind == FEEL_RANGE) && t->kind != value->kind) {
		if (!t->item)
			return;
		t = t->item;
	}
	if (!open_kind(t->kind) && t->kind != value->kind)
		parser_fail(p, of->at, "%s cannot be in %s", type_name(value, x), type_name(&test->type, y));
}

static void type_path(struct parser *p, struct node *n)
{
	const struct feel_type *of = &n->child[0]->type;
	bool list = of->kind == FEEL_LIST && of->item;
	if (list)
		of = of->item;
	if (of->kind == FEEL_CONTEXT && of->members) {
		const struct feel_type *member = type_member(of, n->name);
		if (member)
			n->type = list ? list_of(p, member) : *member;
		else if (!p->lenient && !list)
			parser_fail(p, n->at, "there is no entry '%.100s'", n->name);
		return;
	}
	if (is_point(of->kind) || is_duration(of->kind)) {
		static const char *const numbers[] = { "year", "month", "day", "weekday", "hour", "minute", "second", "days",
			"hours", "minutes", "seconds", "years", "months" };
		for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
			if (!strcmp(n->name, numbers[i]) && !list)
				n->type = type_simple(FEEL_NUMBER);
	} else if (!p->lenient && (of->kind == FEEL_NUMBER || of->kind == FEEL_STRING || of->kind == FEEL_BOOLEAN)) {
		char x[120];
		parser_fail(p, n->at, "%s has no entry '%.100s'", type_name(of, x), n->name);
	}
}

static void type_filter(struct parser *p, struct node *n)
{
	const struct feel_type *list = &n->child[0]->type, *by = &n->child[1]->type;
	if (by->kind == FEEL_NUMBER) {
		n->type = list->kind != FEEL_LIST ? *list : list->item ? *list->item : type_simple(FEEL_ANY);
	} else if (by->kind == FEEL_BOOLEAN) {
		n->type = list->kind == FEEL_LIST ? *list : list->kind == FEEL_ANY ? type_simple(FEEL_LIST) : list_of(p, list);
	} else if (!p->lenient && !open_kind(by->kind)) {
		char x[120];
		parser_fail(p, n->child[1]->at, "a filter is a number or true or false, not %s", type_name(by, x));
	}
}

static void type_context(struct parser *p, struct node *n)
{
	struct feel_member *members = arena_alloc(p->arena, n->count + 1, sizeof *members);
	for (size_t i = 0; i < n->count; i++) {
		members[i].name = n->names[i];
		members[i].type = n->child[i]->type;
	}
	n->type = type_simple(FEEL_CONTEXT);
	n->type.members = members;
	n->type.member_count = n->count;
}

static void type_function(struct parser *p, struct node *n)
{
	struct feel_member *members = arena_alloc(p->arena, n->local + 1, sizeof *members);
	for (size_t i = 0; i < n->local; i++) {
		members[i].name = n->names[i];
		members[i].type = n->types[i];
	}
	n->type = type_simple(FEEL_FUNCTION);
	n->type.members = members;
	n->type.member_count = n->local;
	n->type.item = &n->child[0]->type;
}

void type_node(struct parser *p, struct node *n)
{
	struct node **c = n->child;
	switch (n->kind) {
	case NODE_CONSTANT:
		n->type = type_of_value(p, &n->value, 0);
		type_members(p, &n->type);
		break;
	case NODE_NEGATE: {
		enum feel_kind k = c[0]->type.kind;
		char x[120];
		if (k == FEEL_NUMBER || is_duration(k))
			n->type = c[0]->type;
		else if (!open_kind(k) && !p->lenient)
			parser_fail(p, n->at, "'-' cannot negate %s", type_name(&c[0]->type, x));
		break;
	}
	case NODE_ADD:
	case NODE_SUB:
	case NODE_MUL:
	case NODE_DIV:
	case NODE_POW: {
		enum feel_kind k = arithmetic(n->kind, c[0]->type.kind, c[1]->type.kind);
		if (k == FEEL_NULL)
			refuse_pair(p, n, c[0], c[1]);
		else
			n->type = type_simple(k);
		break;
	}
	case NODE_EQ:
	case NODE_NE:
	case NODE_LT:
	case NODE_LE:
	case NODE_GT:
	case NODE_GE: type_comparison(p, n); break;
	case NODE_AND:
	case NODE_OR:
		want_boolean(p, c[0], n->kind == NODE_AND ? "the left of 'and'" : "the left of 'or'");
		want_boolean(p, c[1], n->kind == NODE_AND ? "the right of 'and'" : "the right of 'or'");
		n->type = type_simple(FEEL_BOOLEAN);
		break;
	case NODE_BETWEEN:
		for (int i = 1; i < 3; i++)
			if (!p->lenient && !open_kind(c[0]->type.kind) && !open_kind(c[i]->type.kind)
				&& c[0]->type.kind != c[i]->type.kind)
				parser_fail(p, n->at, "'between' cannot compare %s with %s", feel_kind_name(c[0]->type.kind),
					feel_kind_name(c[i]->type.kind));
		n->type = type_simple(FEEL_BOOLEAN);
		break;
	case NODE_IN:
		for (size_t i = 1; i < n->count; i++)
			type_test(p, n, &c[0]->type, c[i]);
		n->type = type_simple(FEEL_BOOLEAN);
		break;
	case NODE_TESTS:
		for (size_t i = 0; i < n->count && p->input; i++)
			type_test(p, c[i], p->input, c[i]);
		n->type = type_simple(FEEL_BOOLEAN);
		break;
	case NODE_UNARY:
	case NODE_RANGE: {
		struct feel_type item = n->kind == NODE_UNARY ? c[0]->type : unify(&c[0]->type, &c[1]->type);
		if (!p->lenient && n->kind == NODE_RANGE && !open_kind(c[0]->type.kind) && !open_kind(c[1]->type.kind)
			&& c[0]->type.kind != c[1]->type.kind)
			parser_fail(p, n->at, "a range cannot go from %s to %s", feel_kind_name(c[0]->type.kind),
				feel_kind_name(c[1]->type.kind));
		n->type = type_simple(FEEL_RANGE);
		struct feel_type *copy = arena_alloc(p->arena, 1, sizeof *copy);
		*copy = item;
		n->type.item = copy;
		break;
	}
	case NODE_IF:
		want_boolean(p, c[0], "the condition of 'if'");
		n->type = unify(&c[1]->type, &c[2]->type);
		break;
	case NODE_FOR: n->type = list_of(p, &c[n->count - 1]->type); break;
	case NODE_SOME:
	case NODE_EVERY:
		want_boolean(p, c[n->count - 1], "what follows 'satisfies'");
		n->type = type_simple(FEEL_BOOLEAN);
		break;
	case NODE_PATH: type_path(p, n); break;
	case NODE_FILTER: type_filter(p, n); break;
	case NODE_CALL: n->type = builtin_result(n->builtin, n->child, n->count); break;
	case NODE_INVOKE:
		if (c[0]->type.kind == FEEL_FUNCTION && c[0]->type.item)
			n->type = *c[0]->type.item;
		else if (!p->lenient && !open_kind(c[0]->type.kind) && c[0]->type.kind != FEEL_FUNCTION)
			parser_fail(p, n->at, "%s cannot be called", feel_kind_name(c[0]->type.kind));
		break;
	case NODE_LIST: {
		struct feel_type item = n->count ? c[0]->type : type_simple(FEEL_ANY);
		for (size_t i = 1; i < n->count; i++)
			item = unify(&item, &c[i]->type);
		n->type = list_of(p, &item);
		break;
	}
	case NODE_CONTEXT: type_context(p, n); break;
	case NODE_FUNCTION: type_function(p, n); break;
	case NODE_INSTANCE: n->type = type_simple(FEEL_BOOLEAN); break;
	case NODE_SLOT:
	case NODE_LOCAL:
	case NODE_DYNAMIC:
	case NODE_INPUT: break;
	}
}
