/*
 * compile.c - from text to a compiled expression: parse, type, fold, columns.
 *
 * Decides: the order of these and what is asked of the whole. Does not decide: any of them.
 */
#include "feel/ast.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static void collect_slots(struct feel_expr *e, const struct node *n)
{
	if (n->kind == NODE_SLOT && n->slot >= 0) {
		size_t i = 0;
		while (i < e->slot_count && e->slots[i] < n->slot)
			i++;
		if (i == e->slot_count || e->slots[i] != n->slot) {
			e->slots = mem_grow(e->slots, e->slot_count + 1, sizeof *e->slots);
			memmove(e->slots + i + 1, e->slots + i, (e->slot_count - i) * sizeof *e->slots);
			e->slots[i] = n->slot;
			e->slot_count++;
		}
	}
	for (size_t i = 0; i < n->count; i++)
		collect_slots(e, n->child[i]);
}

static bool lenient(const struct feel_scope *scope)
{
	for (; scope; scope = scope->outer)
		if (scope->lenient)
			return true;
	return false;
}

static void note_scope(struct parser *p)
{
	for (const struct feel_scope *s = p->scope; s; s = s->outer)
		for (size_t i = 0; i < s->names.count; i++)
			type_members(p, &s->names.at[i].type);
	static const char *const properties[] = { "time offset", "start included", "end included" };
	for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
		VEC_PUSH(&p->members, properties[i]);
	if (p->input)
		type_members(p, p->input);
}

static struct feel_expr *compile(const char *text, const char *where, const struct feel_scope *scope,
	const struct feel_type *want, const struct feel_type *input, bool tests, struct err *err)
{
	struct feel_expr *e = mem_new(1, sizeof *e);
	size_t length = strlen(text);
	arena_init(&e->arena);
	e->length = length;
	e->text = arena_copy(&e->arena, text, length < FEEL_TEXT_MAX ? length : FEEL_TEXT_MAX);
	e->where = arena_text(&e->arena, where ? where : "expression");
	e->tests = tests;
	e->lenient = lenient(scope);
	e->want = type_simple(FEEL_ANY);
	struct parser p = { .text = e->text,
		.length = e->length,
		.where = e->where,
		.scope = scope,
		.lenient = e->lenient,
		.arena = &e->arena,
		.err = err };
	struct feel_type input_copy;
	if (input) {
		input_copy = type_copy(&e->arena, input);
		p.input = &input_copy;
	}
	if (length > FEEL_TEXT_MAX) {
		err_set(err, STATUS_CONFIG, "%s: an expression of %zu bytes is too long", e->where, length);
		goto out;
	}
	if (!text_valid_utf8(text, length)) {
		err_set(err, STATUS_CONFIG, "%s: the expression is not valid UTF-8", e->where);
		goto out;
	}
	note_scope(&p);
	e->root = parser_whole(&p, tests);
	if (!e->root)
		goto out;
	e->type = e->root->type;
	if (want && want->kind != FEEL_ANY) {
		e->want = type_copy(&e->arena, want);
		enum feel_kind k = e->type.kind;
		char x[120], y[120];
		if (!e->lenient && k != FEEL_ANY && k != FEEL_NULL && k != want->kind) {
			parser_fail(&p, 0, "this is %s where %s is wanted", type_name(&e->type, x), type_name(want, y));
			goto out;
		}
		if (k == FEEL_ANY || k == FEEL_NULL || (e->lenient && k != want->kind))
			e->type = e->want;
	}
	collect_slots(e, e->root);
	e->program = column_compile(e);
	if (e->program)
		e->type = column_type(e->program);
	return e;
out:
	VEC_RELEASE(&p.members);
	feel_free(e);
	return NULL;
}

struct feel_expr *feel_compile(
	const char *text, const char *where, const struct feel_scope *scope, const struct feel_type *want, struct err *err)
{
	return compile(text, where, scope, want, NULL, false, err);
}

struct feel_expr *feel_compile_tests(
	const char *text, const char *where, const struct feel_scope *scope, const struct feel_type *input, struct err *err)
{
	struct feel_type any = type_simple(FEEL_ANY);
	return compile(text, where, scope, NULL, input ? input : &any, true, err);
}

void feel_free(struct feel_expr *expr)
{
	if (!expr)
		return;
	free(expr->slots);
	arena_release(&expr->arena);
	free(expr);
}

struct feel_type feel_type_of(const struct feel_expr *expr)
{
	return expr->type;
}

const char *feel_text_of(const struct feel_expr *expr)
{
	return expr->text;
}

const char *feel_where_of(const struct feel_expr *expr)
{
	return expr->where;
}

size_t feel_slots(const struct feel_expr *expr, int *at, size_t room)
{
	for (size_t i = 0; at && i < expr->slot_count && i < room; i++)
		at[i] = expr->slots[i];
	return expr->slot_count;
}
