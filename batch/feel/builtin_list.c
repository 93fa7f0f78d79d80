/*
 * builtin_list.c - built-in functions of lists, and the sums and orders made of them.
 *
 * Decides: their results. A null or a stranger among the numbers makes the result null.
 */
#include "feel/ast.h"

#include <string.h>

static bool numbers_only(const struct feel_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].kind != FEEL_NUMBER)
			return false;
	return true;
}

static struct feel_value copy_list(struct eval *ev, const struct feel_list *list, size_t more)
{
	if (!eval_charge(ev, 2 * list->count)) /* memory is charged as well as time */
		return feel_new_list(ev->arena, 0);
	struct feel_value copy = feel_new_list(ev->arena, list->count + more);
	for (size_t i = 0; i < list->count; i++)
		feel_list_add(ev->arena, copy, list->at[i]);
	return copy;
}

static void call_list_contains(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	bool found = false;
	if (!eval_charge(ev, args[0].list->count))
		return;
	for (size_t i = 0; i < args[0].list->count && !found; i++)
		found = feel_equal(&args[0].list->at[i], &args[1]) == 1;
	*out = feel_boolean(found);
}

static void call_count(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_integer((int64_t)args[0].list->count);
}

static void extreme(struct eval *ev, const struct feel_list *list, int sign, struct feel_value *out)
{
	if (!list->count || !eval_charge(ev, list->count))
		return;
	const struct feel_value *best = &list->at[0];
	if (value_compare(best, best) == -2)
		return;
	for (size_t i = 1; i < list->count; i++) {
		int c = value_compare(&list->at[i], best);
		if (c == -2)
			return;
		if (c == sign)
			best = &list->at[i];
	}
	*out = *best;
}

static void call_min(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	extreme(ev, args[0].list, -1, out);
}

static void call_max(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	extreme(ev, args[0].list, 1, out);
}

static bool total(struct eval *ev, const struct feel_list *list, struct feel_value *sum)
{
	if (!list->count || !eval_charge(ev, list->count))
		return false;
	*sum = list->at[0];
	if (sum->kind != FEEL_NUMBER && sum->kind != FEEL_DAYS_DURATION && sum->kind != FEEL_MONTHS_DURATION)
		return false;
	for (size_t i = 1; i < list->count; i++)
		*sum = eval_binary(ev, NODE_ADD, sum, &list->at[i]);
	return sum->kind != FEEL_NULL;
}

static void call_sum(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value sum;
	if (total(ev, args[0].list, &sum))
		*out = sum;
}

static void call_mean(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value sum, n = feel_integer((int64_t)args[0].list->count);
	if (total(ev, args[0].list, &sum))
		*out = eval_binary(ev, NODE_DIV, &sum, &n);
}

static void call_product(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	if (!list->count || !numbers_only(list) || !eval_charge(ev, list->count))
		return;
	struct decimal d = list->at[0].number;
	for (size_t i = 1; i < list->count; i++)
		d = decimal_mul(d, list->at[i].number);
	*out = value_number(d);
}

/* Three-valued: all() of nothing is true, any() of nothing is false. */
static void quantify(const struct feel_list *list, bool decisive, struct feel_value *out)
{
	bool unknown = false;
	for (size_t i = 0; i < list->count; i++) {
		const struct feel_value *v = &list->at[i];
		if (v->kind == FEEL_BOOLEAN && v->boolean == decisive) {
			*out = *v;
			return;
		}
		unknown |= v->kind != FEEL_BOOLEAN;
	}
	*out = unknown ? feel_null() : feel_boolean(!decisive);
}

static void call_all(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	quantify(args[0].list, false, out);
}

static void call_any(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	quantify(args[0].list, true, out);
}

/* Index from 0 of a position from 1 (or from the end, negative); false if outside 0..count+more-1. */
static bool index_of(const struct feel_value *position, size_t count, size_t more, size_t *index)
{
	int64_t p;
	if (position->kind != FEEL_NUMBER || !decimal_to_int(decimal_round_to(position->number, 0, DECIMAL_DOWN), &p) || !p)
		return false;
	if (p > 0 && (uint64_t)p <= count + more)
		*index = (size_t)p - 1;
	else if (p < 0 && p > INT64_MIN && (uint64_t)-p <= count)
		*index = count - (size_t)-p;
	else
		return false;
	return true;
}

static void call_sublist(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	size_t from, n;
	int64_t wanted = 0;
	if (!index_of(&args[1], list->count, 0, &from))
		return;
	n = list->count - from;
	if (args[2].kind == FEEL_NUMBER) {
		if (!decimal_to_int(decimal_round_to(args[2].number, 0, DECIMAL_DOWN), &wanted) || wanted < 0
			|| (uint64_t)wanted > n)
			return;
		n = (size_t)wanted;
	}
	struct feel_value part = feel_new_list(ev->arena, n);
	for (size_t i = 0; i < n && eval_charge(ev, 1); i++)
		feel_list_add(ev->arena, part, list->at[from + i]);
	*out = part;
}

static void call_append(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	*out = copy_list(ev, args[0].list, args[1].list->count);
	if (ev->spent)
		return;
	for (size_t i = 0; i < args[1].list->count; i++)
		feel_list_add(ev->arena, *out, args[1].list->at[i]);
}

static void call_concatenate(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	size_t total_count = 0;
	for (size_t i = 0; i < args[0].list->count; i++)
		total_count += args[0].list->at[i].list->count;
	if (!eval_charge(ev, 2 * total_count))
		return;
	struct feel_value all = feel_new_list(ev->arena, total_count);
	for (size_t i = 0; i < args[0].list->count; i++) {
		const struct feel_list *part = args[0].list->at[i].list;
		for (size_t k = 0; k < part->count; k++)
			feel_list_add(ev->arena, all, part->at[k]);
	}
	*out = all;
}

static bool add_distinct(struct eval *ev, struct feel_value list, const struct feel_value *item)
{
	if (!eval_charge(ev, 1 + list.list->count))
		return false;
	for (size_t i = 0; i < list.list->count; i++)
		if (feel_equal(&list.list->at[i], item) == 1)
			return true;
	feel_list_add(ev->arena, list, *item);
	return true;
}

static void call_union(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value all = feel_new_list(ev->arena, 0);
	for (size_t i = 0; i < args[0].list->count; i++) {
		const struct feel_list *part = args[0].list->at[i].list;
		for (size_t k = 0; k < part->count; k++)
			if (!add_distinct(ev, all, &part->at[k]))
				return;
	}
	*out = all;
}

static void call_distinct(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value all = feel_new_list(ev->arena, 0);
	for (size_t k = 0; k < args[0].list->count; k++)
		if (!add_distinct(ev, all, &args[0].list->at[k]))
			return;
	*out = all;
}

static void call_insert_before(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	size_t at;
	if (!index_of(&args[1], list->count, 0, &at) || !eval_charge(ev, list->count))
		return;
	*out = feel_new_list(ev->arena, list->count + 1);
	for (size_t i = 0; i < list->count; i++) {
		if (i == at)
			feel_list_add(ev->arena, *out, args[2]);
		feel_list_add(ev->arena, *out, list->at[i]);
	}
}

static void call_remove(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	size_t at;
	if (!index_of(&args[1], list->count, 0, &at) || !eval_charge(ev, list->count))
		return;
	*out = feel_new_list(ev->arena, list->count);
	for (size_t i = 0; i < list->count; i++)
		if (i != at)
			feel_list_add(ev->arena, *out, list->at[i]);
}

static void call_list_replace(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	struct feel_value copy = copy_list(ev, list, 0);
	if (ev->spent)
		return;
	if (args[1].kind == FEEL_FUNCTION) {
		for (size_t i = 0; i < list->count; i++) {
			struct feel_value pair[2] = { list->at[i], args[2] }, met = eval_invoke(ev, &args[1], pair, 2);
			if (met.kind != FEEL_BOOLEAN)
				return;
			if (met.boolean)
				copy.list->at[i] = args[2];
		}
	} else {
		size_t at;
		if (!index_of(&args[1], list->count, 0, &at))
			return;
		copy.list->at[at] = args[2];
	}
	*out = copy;
}

static void call_reverse(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	if (!eval_charge(ev, list->count))
		return;
	*out = feel_new_list(ev->arena, list->count);
	for (size_t i = list->count; i-- > 0;)
		feel_list_add(ev->arena, *out, list->at[i]);
}

static void call_index_of(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	if (!eval_charge(ev, list->count))
		return;
	*out = feel_new_list(ev->arena, 0);
	for (size_t i = 0; i < list->count; i++)
		if (feel_equal(&list->at[i], &args[1]) == 1)
			feel_list_add(ev->arena, *out, feel_integer((int64_t)i + 1));
}

static void flatten(struct eval *ev, struct feel_value to, const struct feel_list *list, int depth)
{
	for (size_t i = 0; i < list->count && eval_charge(ev, 2); i++)
		if (list->at[i].kind == FEEL_LIST && depth < 500)
			flatten(ev, to, list->at[i].list, depth + 1);
		else
			feel_list_add(ev->arena, to, list->at[i]);
}

static void call_flatten(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	*out = feel_new_list(ev->arena, args[0].list->count);
	flatten(ev, *out, args[0].list, 0);
}

/* ---- order ---- */

struct sorting {
	struct eval *ev;
	const struct feel_value *precedes;
	bool bad;
};

/* Whether b must stand before a. */
static bool before(struct sorting *s, const struct feel_value *b, const struct feel_value *a)
{
	if (!s->precedes || s->precedes->kind == FEEL_NULL) {
		int c = value_compare(b, a);
		s->bad |= c == -2;
		return c == -1;
	}
	struct feel_value pair[2] = { *b, *a }, met = eval_invoke(s->ev, s->precedes, pair, 2);
	s->bad |= met.kind != FEEL_BOOLEAN;
	return feel_is_true(&met);
}

/* Merge sort, stable: an order given by a rule file need not be one. */
static void sort(struct sorting *s, struct feel_value *at, struct feel_value *spare, size_t n)
{
	if (n < 2 || s->bad || !eval_charge(s->ev, n))
		return;
	size_t half = n / 2, i = 0, j = half, k = 0;
	sort(s, at, spare, half);
	sort(s, at + half, spare, n - half);
	memcpy(spare, at, n * sizeof *at);
	while (i < half && j < n && !s->bad)
		at[k++] = before(s, &spare[j], &spare[i]) ? spare[j++] : spare[i++];
	while (i < half && !s->bad)
		at[k++] = spare[i++];
	while (j < n && !s->bad)
		at[k++] = spare[j++];
}

static bool sorted(
	struct eval *ev, const struct feel_list *list, const struct feel_value *precedes, struct feel_value *out)
{
	struct sorting s = { .ev = ev, .precedes = precedes };
	*out = copy_list(ev, list, 0);
	if (ev->spent)
		return false;
	sort(&s, out->list->at, arena_alloc(ev->arena, list->count + 1, sizeof *out), list->count);
	return !s.bad && !ev->spent;
}

static void call_sort(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value list;
	if (sorted(ev, args[0].list, &args[1], &list))
		*out = list;
}

static void call_median(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value list;
	if (!args[0].list->count || !numbers_only(args[0].list) || !sorted(ev, args[0].list, NULL, &list))
		return;
	size_t n = list.list->count;
	if (n % 2)
		*out = list.list->at[n / 2];
	else
		*out = value_number(decimal_div(
			decimal_add(list.list->at[n / 2 - 1].number, list.list->at[n / 2].number), decimal_from_int(2)));
}

static void call_mode(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value list;
	if (!numbers_only(args[0].list) || !sorted(ev, args[0].list, NULL, &list))
		return;
	size_t best = 0, run;
	for (int pass = 0; pass < 2; pass++) {
		if (pass)
			*out = feel_new_list(ev->arena, 0);
		for (size_t i = 0; i < list.list->count; i += run) {
			for (run = 1; i + run < list.list->count && feel_equal(&list.list->at[i], &list.list->at[i + run]) == 1;)
				run++;
			if (!pass && run > best)
				best = run;
			else if (pass && run == best)
				feel_list_add(ev->arena, *out, list.list->at[i]);
		}
	}
}

static void call_stddev(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const struct feel_list *list = args[0].list;
	struct feel_value sum;
	if (list->count < 2 || !numbers_only(list) || !total(ev, list, &sum))
		return;
	struct decimal n = decimal_from_int((int64_t)list->count), mean = decimal_div(sum.number, n),
				   squares = decimal_from_int(0);
	for (size_t i = 0; i < list->count; i++) {
		struct decimal d = decimal_sub(list->at[i].number, mean);
		squares = decimal_add(squares, decimal_mul(d, d));
	}
	*out = value_number(decimal_sqrt(decimal_div(squares, decimal_from_int((int64_t)list->count - 1))));
}

const struct builtin builtin_list_rows[] = {
	{ "list contains", "list: list, element: any", "boolean", call_list_contains, false,
		"whether the element is in the list" },
	{ "count", "list: list", "number", call_count, false, "number of items" },
	{ "min", "list: list*", "item", call_min, false, "the least" },
	{ "max", "list: list*", "item", call_max, false, "the greatest" },
	{ "sum", "list: list*", "item", call_sum, false, "the sum" },
	{ "mean", "list: list*", "item", call_mean, false, "the arithmetic mean" },
	{ "product", "list: list*", "number", call_product, false, "the product" },
	{ "median", "list: list*", "number", call_median, false, "the middle value, or the mean of the two in the middle" },
	{ "mode", "list: list*", "list", call_mode, false, "the most frequent values, ascending" },
	{ "stddev", "list: list*", "number", call_stddev, false, "the standard deviation of a sample" },
	{ "all", "list: list*", "boolean", call_all, false, "whether all are true" },
	{ "any", "list: list*", "boolean", call_any, false, "whether one is true" },
	{ "sublist", "list: list, start position: number, length: number?", "same", call_sublist, false, "part of a list" },
	{ "append", "list: list, item: any...", "list", call_append, false, "the list with items put at its end" },
	{ "concatenate", "list: list...", "list", call_concatenate, false, "lists one after another" },
	{ "union", "list: list...", "list", call_union, false, "lists one after another without repeats" },
	{ "insert before", "list: list, position: number, newItem: any", "list", call_insert_before, false,
		"the list with an item put in" },
	{ "remove", "list: list, position: number", "list", call_remove, false, "the list without one item" },
	{ "list replace", "list: list, position: any, newItem: any", "list", call_list_replace, true,
		"the list with one item, or the items a function finds, replaced" },
	{ "list replace", "list: list, match: function, newItem: any", "list", call_list_replace, true,
		"the list with the items a function finds replaced" },
	{ "reverse", "list: list", "same", call_reverse, false, "the list backwards" },
	{ "index of", "list: list, match: any", "list", call_index_of, false, "the positions of an item" },
	{ "distinct values", "list: list", "same", call_distinct, false, "the list without repeats" },
	{ "flatten", "list: list", "list", call_flatten, false, "nested lists as one" },
	{ "sort", "list: list, precedes: function?", "same", call_sort, true,
		"the list in the order a function gives, or ascending" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
