/*
 * host.c - what a host asks beside evaluating: calls with named arguments, types written in FEEL.
 *
 * Decides: how named arguments find their parameters. Does not decide: what the function yields (eval.c).
 */
#include "feel/ast.h"

#include <string.h>

int feel_call_named(const struct feel_value *function, const char *const *names, const struct feel_value *args,
	size_t count, const struct feel_env *env, struct arena *arena, struct feel_value *value, struct err *err)
{
	*value = feel_null();
	if (function->kind != FEEL_FUNCTION)
		return 0;
	const struct feel_function *f = function->function;
	struct feel_value *ordered = arena_alloc(arena, count + 1, sizeof *ordered);
	if (f->builtin) {
		struct feel_type types[BUILTIN_PARAMETERS_MAX];
		size_t order[BUILTIN_PARAMETERS_MAX];
		char reason[200];
		if (count > BUILTIN_PARAMETERS_MAX)
			return 0;
		for (size_t i = 0; i < count; i++)
			types[i] = type_simple(args[i].kind);
		const struct builtin *b = builtin_match(f->builtin->name, names, types, count, order, reason);
		if (!b)
			return 0;
		for (size_t i = 0; i < count; i++) {
			if (order[i] >= count) /* an optional one before it was left out */
				return 0;
			ordered[order[i]] = args[i];
		}
		return feel_call(function, ordered, count, env, arena, value, err);
	}
	if (count != (f->lambda ? (size_t)f->lambda->local : f->count))
		return 0;
	for (size_t i = 0; i < count; i++) {
		const char *parameter = f->lambda ? f->lambda->names[i] : f->parameters[i];
		size_t k = 0;
		while (k < count && strcmp(names[k], parameter))
			k++;
		if (k == count)
			return 0;
		ordered[i] = args[k];
	}
	return feel_call(function, ordered, count, env, arena, value, err);
}

int feel_read_type(const char *text, const char *where, const struct feel_scope *scope, struct arena *arena,
	struct feel_type *type, struct err *err)
{
	struct parser p = {
		.text = text, .length = strlen(text), .where = where, .scope = scope, .arena = arena, .err = err
	};
	*type = type_simple(FEEL_ANY);
	lexer_next(&p);
	if (parser_type(&p, type) && p.token.kind != TOKEN_END) {
		char found[80];
		parser_fail(&p, p.token.at, "%s after the type", lexer_describe(&p, found));
	}
	VEC_RELEASE(&p.members);
	return p.failed ? -1 : 0;
}
