/*
 * scope.c - the names, host functions and named types an expression may use.
 *
 * Decides: how they are kept. Does not decide: which of several matching names is meant (lexer.c).
 */
#include "feel/ast.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct feel_scope *feel_scope_new(const struct feel_scope *outer)
{
	struct feel_scope *scope = mem_new(1, sizeof *scope);
	scope->outer = outer;
	scope->lenient = outer && outer->lenient;
	arena_init(&scope->arena);
	return scope;
}

void feel_scope_free(struct feel_scope *scope)
{
	if (!scope)
		return;
	VEC_RELEASE(&scope->names);
	VEC_RELEASE(&scope->functions);
	VEC_RELEASE(&scope->types);
	arena_release(&scope->arena);
	free(scope);
}

/* White space inside a name is one space; none outside. */
static const char *name_copy(struct arena *arena, const char *name)
{
	char *copy = arena_text(arena, name), *to = copy;
	for (const char *from = name; *from; from++) {
		bool space = *from == ' ' || *from == '\t' || *from == '\n' || *from == '\r';
		if (!space)
			*to++ = *from;
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
	}
	while (to > copy && to[-1] == ' ')
		to--;
	*to = 0;
	return copy;
}

void feel_scope_add(struct feel_scope *scope, const char *name, const struct feel_type *type, int slot)
{
	struct scope_name entry = {
		.name = name_copy(&scope->arena, name), .type = type_copy(&scope->arena, type), .slot = slot
	};
	VEC_PUSH(&scope->names, entry);
}

void feel_scope_function(struct feel_scope *scope, const char *name, feel_bind *bind, void *host)
{
	struct scope_function entry = { .name = name_copy(&scope->arena, name), .bind = bind, .host = host };
	VEC_PUSH(&scope->functions, entry);
}

void feel_scope_type(struct feel_scope *scope, const char *name, const struct feel_type *type)
{
	struct scope_type entry = { .name = name_copy(&scope->arena, name), .type = type_copy(&scope->arena, type) };
	VEC_PUSH(&scope->types, entry);
}

void feel_scope_lenient(struct feel_scope *scope)
{
	scope->lenient = true;
}

const struct scope_type *scope_find_type(const struct feel_scope *scope, const char *name, size_t length)
{
	for (; scope; scope = scope->outer)
		for (size_t i = 0; i < scope->types.count; i++)
			if (strlen(scope->types.at[i].name) == length && !memcmp(scope->types.at[i].name, name, length))
				return &scope->types.at[i];
	return NULL;
}
