/*
 * builtin.c - the registry of built-in functions: finding the row that fits a call, and calling it.
 *
 * Decides: how arguments meet parameters (names, counts, lists of one, nulls). Does not decide: what a function does
 * (builtin_number.c, builtin_string.c … each with its own rows).
 */
#include "feel/ast.h"

#include "base/mem.h"

#include <stdio.h>
#include <string.h>

static const struct builtin *const row_sets[] = { builtin_number_rows, builtin_string_rows, builtin_list_rows,
	builtin_context_rows, builtin_range_rows, builtin_conversion_rows, builtin_temporal_rows, builtin_pandian_rows };
#define ROW_SETS (sizeof row_sets / sizeof *row_sets)

const struct builtin *builtin_first(void)
{
	return row_sets[0];
}

const struct builtin *builtin_next(const struct builtin *row)
{
	row++;
	if (row->name)
		return row;
	for (size_t i = 0; i < ROW_SETS; i++) {
		const struct builtin *end = row_sets[i];
		while (end->name)
			end++;
		if (end == row)
			return i + 1 < ROW_SETS ? row_sets[i + 1] : NULL;
	}
	return NULL;
}

const struct builtin *builtin_find(const char *name)
{
	for (const struct builtin *b = builtin_first(); b; b = builtin_next(b))
		if (!strcmp(b->name, name))
			return b;
	return NULL;
}

size_t builtin_parameters(const struct builtin *builtin, struct builtin_parameter out[BUILTIN_PARAMETERS_MAX])
{
	size_t n = 0;
	for (const char *at = builtin->parameters; *at && n < BUILTIN_PARAMETERS_MAX;) {
		struct builtin_parameter *q = &out[n++];
		*q = (struct builtin_parameter){ .name = at };
		const char *colon = strchr(at, ':'), *end = strchr(at, ',');
		if (!end)
			end = at + strlen(at);
		if (!colon || colon > end)
			return n - 1;
		q->name_length = (size_t)(colon - at);
		q->type = colon + 2;
		const char *last = end;
		if (last[-1] == '?') {
			q->optional = true;
			last--;
		} else if (last[-1] == '*') {
			q->spread = true;
			last--;
		} else if (last - q->type > 3 && !memcmp(last - 3, "...", 3)) {
			q->rest = true;
			last -= 3;
		}
		q->type_length = (size_t)(last - q->type);
		at = *end ? end + 2 : end;
	}
	return n;
}

static bool is_type(const char *type, size_t length, const char *name)
{
	return strlen(name) == length && !memcmp(type, name, length);
}

bool builtin_accepts(const char *type, size_t length, enum feel_kind kind)
{
	if (kind == FEEL_ANY || kind == FEEL_NULL || is_type(type, length, "any"))
		return true;
	if (is_type(type, length, "duration"))
		return kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION;
	if (is_type(type, length, "measure"))
		return kind == FEEL_NUMBER || kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION;
	if (is_type(type, length, "date") || is_type(type, length, "moment")) /* a date and time has a date */
		return kind == FEEL_DATE || kind == FEEL_DATE_TIME;
	return is_type(type, length, feel_kind_name(kind));
}

/* Whether an argument of this type may be given, counting lists of one and values as lists. */
static bool may_accept(const struct builtin_parameter *q, const struct feel_type *type)
{
	if (builtin_accepts(q->type, q->type_length, type->kind) || is_type(q->type, q->type_length, "list") || q->spread)
		return true;
	return type->kind == FEEL_LIST && (!type->item || builtin_accepts(q->type, q->type_length, type->item->kind));
}

static bool place(const struct builtin *b, const char *const *names, const struct feel_type *types, size_t count,
	size_t *order, char reason[200])
{
	struct builtin_parameter q[BUILTIN_PARAMETERS_MAX];
	size_t n = builtin_parameters(b, q), given = 0;
	bool open = n && (q[n - 1].rest || q[n - 1].spread);
	for (size_t i = 0; i < count; i++) {
		size_t k = i;
		if (names) {
			for (k = 0; k < n; k++)
				if (strlen(names[i]) == q[k].name_length && !memcmp(names[i], q[k].name, q[k].name_length))
					break;
			if (k == n) {
				snprintf(reason, 200, "%.40s() has no parameter '%.40s'; it takes (%.60s)", b->name, names[i],
					b->parameters);
				return false;
			}
			for (size_t j = 0; j < i; j++)
				if (order[j] == k)
					return false;
		}
		order[i] = k;
		if (k >= n && !open) {
			snprintf(reason, 200, "%.60s() takes (%.100s), not %zu arguments", b->name, b->parameters, count);
			return false;
		}
		const struct builtin_parameter *to = &q[k < n ? k : n - 1];
		if (!may_accept(to, &types[i])) {
			snprintf(reason, 200, "%.50s() wants %.*s as '%.*s', not %s", b->name, (int)to->type_length, to->type,
				(int)to->name_length, to->name, feel_kind_name(types[i].kind));
			return false;
		}
		given |= k < n ? (size_t)1 << k : 0;
	}
	for (size_t k = 0; k < n; k++)
		if (!q[k].optional && !q[k].rest && !(given & (size_t)1 << k)) {
			snprintf(reason, 200, "%.50s() needs '%.*s'; it takes (%.80s)", b->name, (int)q[k].name_length, q[k].name,
				b->parameters);
			return false;
		}
	return true;
}

const struct builtin *builtin_match(const char *name, const char *const *names, const struct feel_type *types,
	size_t count, size_t *order, char reason[200])
{
	snprintf(reason, 200, "there is no function %.100s()", name);
	for (const struct builtin *b = builtin_first(); b; b = builtin_next(b))
		if (!strcmp(b->name, name) && place(b, names, types, count, order, reason))
			return b;
	return NULL;
}

struct feel_type builtin_result(const struct builtin *builtin, struct node *const *args, size_t count)
{
	struct feel_type type = type_simple(FEEL_ANY);
	const char *r = builtin->result;
	if (!strcmp(r, "item")) { /* of the list, or of the arguments given one by one */
		if (count == 1 && args[0]->type.kind == FEEL_LIST)
			return args[0]->type.item ? *args[0]->type.item : type;
		if (!count)
			return type;
		type = args[0]->type;
		for (size_t i = 1; i < count; i++)
			if (args[i]->type.kind != type.kind)
				return type_simple(FEEL_ANY);
		return type.kind == FEEL_LIST || type.kind == FEEL_NULL ? type_simple(FEEL_ANY) : type;
	}
	if (!strcmp(r, "same"))
		return count && args[0]->type.kind != FEEL_NULL ? args[0]->type : type;
	for (int k = FEEL_BOOLEAN; k <= FEEL_FUNCTION; k++)
		if (!strcmp(r, feel_kind_name((enum feel_kind)k)))
			return type_simple((enum feel_kind)k);
	return type;
}

/* The argument as the parameter wants it; false: the result is null. */
static bool meet(struct eval *ev, const struct builtin_parameter *q, struct feel_value *v)
{
	if (is_type(q->type, q->type_length, "any"))
		return true;
	if (v->kind == FEEL_NULL)
		return false;
	if (is_type(q->type, q->type_length, "list")) {
		if (v->kind != FEEL_LIST) {
			struct feel_value list = feel_new_list(ev->arena, 1);
			feel_list_add(ev->arena, list, *v);
			*v = list;
		}
		return true;
	}
	if (v->kind == FEEL_LIST && v->list->count == 1)
		*v = v->list->at[0];
	return v->kind != FEEL_NULL && builtin_accepts(q->type, q->type_length, v->kind);
}

struct feel_value builtin_run(
	struct eval *ev, const struct builtin *builtin, const struct feel_value *args, size_t count)
{
	struct builtin_parameter q[BUILTIN_PARAMETERS_MAX];
	struct feel_value given[BUILTIN_PARAMETERS_MAX], out = feel_null();
	size_t n = builtin_parameters(builtin, q);
	for (size_t k = 0; k < n; k++) {
		given[k] = feel_null();
		if (q[k].spread && !(count == 1 && (args[0].kind == FEEL_LIST || args[0].kind == FEEL_NULL))) {
			given[k] = feel_new_list(ev->arena, count);
			for (size_t i = 0; i < count; i++)
				feel_list_add(ev->arena, given[k], args[i]);
		} else if (q[k].rest) {
			given[k] = feel_new_list(ev->arena, count);
			for (size_t i = k; i < count; i++) {
				struct feel_value v = args[i];
				if (!meet(ev, &q[k], &v))
					return out;
				feel_list_add(ev->arena, given[k], v);
			}
		} else if (k < count) {
			given[k] = args[k];
			bool left_out = q[k].optional && given[k].kind == FEEL_NULL;
			if (!left_out && !meet(ev, &q[k], &given[k]))
				return out;
		} else if (!q[k].optional) {
			return out;
		}
	}
	builtin->call(ev, given, n, &out);
	return out;
}

/* ---- the list for people ---- */

const struct feel_builtin_info *feel_builtins(size_t *count)
{
	enum { MOST = 200 };
	static struct feel_builtin_info rows[MOST];
	static size_t filled;
	if (!filled) {
		size_t n = 0;
		for (const struct builtin *b = builtin_first(); b && n < MOST; b = builtin_next(b))
			rows[n++] = (struct feel_builtin_info){ b->name, b->parameters, b->help };
		filled = n;
	}
	*count = filled;
	return rows;
}
