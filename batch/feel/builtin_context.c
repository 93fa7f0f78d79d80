/*
 * builtin_context.c - built-in functions of contexts.
 *
 * Decides: their results; entries keep the order of their first definition.
 */
#include "feel/ast.h"

#include <string.h>

static void call_get_value(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	const struct feel_value *entry = feel_context_get(&args[0], args[1].string.text);
	if (entry)
		*out = *entry;
}

static void call_get_entries(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	*out = feel_new_list(ev->arena, args[0].context->count);
	for (size_t i = 0; i < args[0].context->count && eval_charge(ev, 1); i++) {
		struct feel_value entry = feel_new_context(ev->arena);
		feel_context_put(ev->arena, entry, "key", value_text(ev->arena, args[0].context->at[i].name));
		feel_context_put(ev->arena, entry, "value", args[0].context->at[i].value);
		feel_list_add(ev->arena, *out, entry);
	}
}

static struct feel_value copy_context(struct eval *ev, const struct feel_value *context)
{
	struct feel_value copy = feel_new_context(ev->arena);
	for (size_t i = 0; i < context->context->count && eval_charge(ev, 1 + i / 16); i++)
		feel_context_put(ev->arena, copy, context->context->at[i].name, context->context->at[i].value);
	return copy;
}

static bool put(struct eval *ev, const struct feel_value *context, const struct feel_list *keys, size_t at,
	const struct feel_value *value, struct feel_value *out)
{
	const struct feel_value *key = &keys->at[at];
	if (key->kind != FEEL_STRING || context->kind != FEEL_CONTEXT || at > 200)
		return false;
	*out = copy_context(ev, context);
	struct feel_value inner = *value;
	if (at + 1 < keys->count) {
		const struct feel_value *next = feel_context_get(context, key->string.text);
		if (!next || !put(ev, next, keys, at + 1, value, &inner))
			return false;
	}
	feel_context_put(ev->arena, *out, key->string.text, inner);
	return true;
}

static void call_context_put(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value changed, keys = args[1];
	if (keys.kind != FEEL_LIST) {
		keys = feel_new_list(ev->arena, 1);
		feel_list_add(ev->arena, keys, args[1]);
	}
	if (keys.list->count && put(ev, &args[0], keys.list, 0, &args[2], &changed))
		*out = changed;
}

static void call_context_merge(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value merged = feel_new_context(ev->arena);
	for (size_t i = 0; i < args[0].list->count; i++) {
		const struct feel_value *c = &args[0].list->at[i];
		if (c->kind != FEEL_CONTEXT)
			return;
		for (size_t k = 0; k < c->context->count && eval_charge(ev, 1 + merged.context->count / 16); k++)
			feel_context_put(ev->arena, merged, c->context->at[k].name, c->context->at[k].value);
	}
	*out = merged;
}

static void call_context(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value made = feel_new_context(ev->arena);
	for (size_t i = 0; i < args[0].list->count; i++) {
		const struct feel_value *e = &args[0].list->at[i], *key = feel_context_get(e, "key"),
								*value = feel_context_get(e, "value");
		if (!key || key->kind != FEEL_STRING || !value || feel_context_get(&made, key->string.text)
			|| !eval_charge(ev, 1 + i / 16))
			return;
		feel_context_put(ev->arena, made, key->string.text, *value);
	}
	*out = made;
}

const struct builtin builtin_context_rows[] = {
	{ "get value", "m: context, key: string", "any", call_get_value, false, "an entry of a context" },
	{ "get entries", "m: context", "list", call_get_entries, false, "the entries of a context as { key, value }" },
	{ "context put", "context: context, keys: list, value: any", "context", call_context_put, false,
		"the context with an entry put in, down a path of keys" },
	{ "context put", "context: context, key: string, value: any", "context", call_context_put, false,
		"the context with an entry put in" },
	{ "context merge", "contexts: list", "context", call_context_merge, false, "contexts as one; later entries win" },
	{ "context", "entries: list", "context", call_context, false, "a context of { key, value } entries" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
