/*
 * eval.c - the boxed evaluator: one walk over the tree, traced if somebody listens, within a budget of steps.
 *
 * Decides: what every node yields. The column evaluator (column.c) must agree with it to the last digit; it is tested
 * against this one. Does not decide: built-in functions (builtin_*.c), dates (temporal.c), equality and order
 * (value.c).
 */
#include "feel/ast.h"

#include <string.h>

/* Kept out of evaluate(), whose frame every level of nesting pays for. */
#define OWN_FRAME __attribute__((noinline))

/* The evaluation under way in this thread: the host's functions may call us again, within the same budget. */
static _Thread_local struct eval *eval_running;

bool eval_charge(struct eval *ev, uint64_t steps)
{
	if (ev->steps < steps) {
		ev->steps = 0;
		ev->spent = true;
		return false;
	}
	ev->steps -= steps;
	return true;
}

/* ---- operators ---- */

static struct feel_value scale_duration(const struct feel_value *d, struct decimal by, bool divide)
{
	if (divide && decimal_is_zero(by))
		return feel_null();
	struct decimal x, unit = decimal_from_int(1000000000);
	if (d->kind == FEEL_MONTHS_DURATION)
		x = decimal_from_int(d->months);
	else
		x = decimal_add(decimal_mul(decimal_from_int(d->days.seconds), unit), decimal_from_int(d->days.nanos));
	x = divide ? decimal_div(x, by) : decimal_mul(x, by);
	if (!decimal_is_finite(x))
		return feel_null();
	x = decimal_round_to(x, 0, DECIMAL_DOWN);
	int64_t whole, rest = 0;
	if (d->kind == FEEL_MONTHS_DURATION)
		return decimal_to_int(x, &whole) ? value_months(whole) : feel_null();
	struct decimal seconds = decimal_round_to(decimal_div(x, unit), 0, DECIMAL_DOWN);
	if (!decimal_to_int(seconds, &whole) || !decimal_to_int(decimal_sub(x, decimal_mul(seconds, unit)), &rest))
		return feel_null();
	return value_days(whole, rest);
}

static bool is_duration(const struct feel_value *v)
{
	return v->kind == FEEL_DAYS_DURATION || v->kind == FEEL_MONTHS_DURATION;
}

static bool is_point(const struct feel_value *v)
{
	return v->kind == FEEL_DATE || v->kind == FEEL_TIME || v->kind == FEEL_DATE_TIME;
}

static struct feel_value add_durations(const struct feel_value *a, const struct feel_value *b, int sign)
{
	int64_t x, y;
	if (a->kind == FEEL_MONTHS_DURATION) {
		bool bad = sign > 0 ? __builtin_add_overflow(a->months, b->months, &x)
							: __builtin_sub_overflow(a->months, b->months, &x);
		return bad || x == INT64_MIN ? feel_null() : value_months(x);
	}
	bool bad = sign > 0 ? __builtin_add_overflow(a->days.seconds, b->days.seconds, &x)
						: __builtin_sub_overflow(a->days.seconds, b->days.seconds, &x);
	y = (int64_t)a->days.nanos + sign * (int64_t)b->days.nanos;
	return bad || x == INT64_MIN ? feel_null() : value_days(x, y);
}

static struct decimal seconds_of(const struct feel_value *d)
{
	return decimal_add(decimal_from_int(d->days.seconds), decimal_from_scaled(d->days.nanos, 9));
}

static struct feel_value divide_durations(const struct feel_value *a, const struct feel_value *b)
{
	struct decimal x = a->kind == FEEL_MONTHS_DURATION ? decimal_from_int(a->months) : seconds_of(a);
	struct decimal y = b->kind == FEEL_MONTHS_DURATION ? decimal_from_int(b->months) : seconds_of(b);
	return decimal_is_zero(y) ? feel_null() : value_number(decimal_div(x, y));
}

static struct feel_value concatenate(struct eval *ev, const struct feel_value *a, const struct feel_value *b)
{
	size_t n = a->string.length + b->string.length;
	if (!eval_charge(ev, n / 16))
		return feel_null();
	char *text = arena_alloc(ev->arena, n + 1, 1);
	memcpy(text, a->string.text, a->string.length);
	memcpy(text + a->string.length, b->string.text, b->string.length);
	return (struct feel_value){ .kind = FEEL_STRING, .string = { text, n } };
}

static struct feel_value numbers(enum node_kind op, struct decimal a, struct decimal b)
{
	switch (op) {
	case NODE_ADD: return value_number(decimal_add(a, b));
	case NODE_SUB: return value_number(decimal_sub(a, b));
	case NODE_MUL: return value_number(decimal_mul(a, b));
	case NODE_DIV: return decimal_is_zero(b) ? feel_null() : value_number(decimal_div(a, b));
	default: return value_number(decimal_pow(a, b));
	}
}

static struct feel_value tri(int value)
{
	return value < 0 ? feel_null() : feel_boolean(value);
}

struct feel_value eval_binary(
	struct eval *ev, enum node_kind op, const struct feel_value *a, const struct feel_value *b)
{
	if (op >= NODE_EQ && op <= NODE_GE) {
		if (op == NODE_EQ || op == NODE_NE) {
			int e = feel_equal(a, b);
			return tri(e < 0 ? e : op == NODE_EQ ? e : !e);
		}
		int c = value_compare(a, b);
		if (c == -2)
			return feel_null();
		return feel_boolean(op == NODE_LT ? c < 0 : op == NODE_LE ? c <= 0 : op == NODE_GT ? c > 0 : c >= 0);
	}
	if (a->kind == FEEL_NUMBER && b->kind == FEEL_NUMBER)
		return numbers(op, a->number, b->number);
	switch (op) {
	case NODE_ADD:
		if (a->kind == FEEL_STRING && b->kind == FEEL_STRING)
			return concatenate(ev, a, b);
		if (is_duration(a) && a->kind == b->kind)
			return add_durations(a, b, 1);
		if (is_point(a) && is_duration(b))
			return temporal_add(a, b, 1);
		if (is_point(b) && is_duration(a))
			return temporal_add(b, a, 1);
		break;
	case NODE_SUB:
		if (is_duration(a) && a->kind == b->kind)
			return add_durations(a, b, -1);
		if (is_point(a) && is_duration(b))
			return temporal_add(a, b, -1);
		if (is_point(a) && is_point(b))
			return temporal_sub(a, b);
		break;
	case NODE_MUL:
		if (is_duration(a) && b->kind == FEEL_NUMBER)
			return scale_duration(a, b->number, false);
		if (is_duration(b) && a->kind == FEEL_NUMBER)
			return scale_duration(b, a->number, false);
		break;
	case NODE_DIV:
		if (is_duration(a) && b->kind == FEEL_NUMBER)
			return scale_duration(a, b->number, true);
		if (is_duration(a) && a->kind == b->kind)
			return divide_durations(a, b);
		break;
	default: break;
	}
	return feel_null();
}

static OWN_FRAME struct feel_value negate(const struct feel_value *a)
{
	if (a->kind == FEEL_NUMBER)
		return value_number(decimal_neg(a->number));
	if (a->kind == FEEL_DAYS_DURATION)
		return a->days.seconds == INT64_MIN ? feel_null() : value_days(-a->days.seconds, -(int64_t)a->days.nanos);
	if (a->kind == FEEL_MONTHS_DURATION)
		return a->months == INT64_MIN ? feel_null() : value_months(-a->months);
	return feel_null();
}

/* ---- membership ---- */

int eval_in(const struct feel_value *value, const struct feel_value *set)
{
	if (set->kind == FEEL_RANGE)
		return value->kind == FEEL_RANGE ? feel_equal(value, set) : value_in_range(set->range, value);
	if (set->kind == FEEL_LIST) {
		int result = value->kind == FEEL_LIST && feel_equal(value, set) == 1;
		for (size_t i = 0; i < set->list->count && result != 1; i++) {
			const struct feel_value *item = &set->list->at[i];
			int in = item->kind == FEEL_RANGE && value->kind != FEEL_RANGE ? value_in_range(item->range, value)
																		   : feel_equal(value, item);
			if (in == 1)
				result = 1;
			else if (in < 0 && (item->kind == FEEL_RANGE || value->kind == FEEL_NULL))
				result = -1;
		}
		return result;
	}
	return feel_equal(value, set);
}

static OWN_FRAME struct feel_value test_range(struct eval *ev, enum node_kind op, const struct feel_value *end)
{
	bool low = op == NODE_GT || op == NODE_GE, high = op == NODE_LT || op == NODE_LE, both = !low && !high;
	struct feel_value v = value_range(ev->arena, low || both ? end : &(struct feel_value){ 0 },
		high || both ? end : &(struct feel_value){ 0 }, op == NODE_GE || op == NODE_EQ, op == NODE_LE || op == NODE_EQ);
	v.range->low_open_ended = high || both;
	v.range->high_open_ended = low || both;
	if (both)
		return v;
	if (v.range->low_open_ended) /* equal sets are equal values */
		v.range->low = feel_null();
	else
		v.range->high = feel_null();
	return v;
}

static int test(struct eval *ev, const struct feel_value *value, const struct node *n, struct binding *names)
{
	struct feel_value set = eval_node(ev, n, names);
	if (n->input && n->kind != NODE_UNARY && (set.kind == FEEL_BOOLEAN || set.kind == FEEL_NULL))
		return set.kind == FEEL_NULL ? -1 : set.boolean;
	if (set.kind == FEEL_NULL && value->kind != FEEL_NULL && n->kind != NODE_CONSTANT)
		return -1;
	return eval_in(value, &set);
}

static OWN_FRAME struct feel_value test_all(
	struct eval *ev, const struct feel_value *value, struct node *const *tests, size_t count, struct binding *names)
{
	int result = 0;
	for (size_t i = 0; i < count && !ev->spent; i++) {
		int met = test(ev, value, tests[i], names);
		if (met == 1)
			return feel_boolean(true);
		if (met < 0)
			result = -1;
	}
	return tri(result);
}

/* ---- paths and filters ---- */

struct feel_value eval_path(struct eval *ev, const struct feel_value *of, const char *name)
{
	if (of->kind == FEEL_CONTEXT) {
		const struct feel_value *entry = feel_context_get(of, name);
		return entry ? *entry : feel_null();
	}
	if (of->kind == FEEL_LIST) {
		if (!eval_charge(ev, of->list->count))
			return feel_null();
		struct feel_value list = feel_new_list(ev->arena, of->list->count);
		for (size_t i = 0; i < of->list->count; i++) {
			const struct feel_value *item = &of->list->at[i];
			feel_list_add(ev->arena, list, item->kind == FEEL_LIST ? feel_null() : eval_path(ev, item, name));
		}
		return list;
	}
	if (of->kind == FEEL_RANGE) {
		const struct feel_range *r = of->range;
		if (!strcmp(name, "start"))
			return r->low;
		if (!strcmp(name, "end"))
			return r->high;
		if (!strcmp(name, "start included"))
			return feel_boolean(r->low_closed);
		if (!strcmp(name, "end included"))
			return feel_boolean(r->high_closed);
		return feel_null();
	}
	return temporal_property(ev->arena, of, name);
}

static struct feel_value at_index(const struct feel_list *list, const struct feel_value *index)
{
	int64_t i;
	if (!decimal_to_int(index->number, &i))
		return feel_null();
	if (i > 0 && (uint64_t)i <= list->count)
		return list->at[i - 1];
	if (i < 0 && i > INT64_MIN && (uint64_t)-i <= list->count)
		return list->at[list->count - (size_t)-i];
	return feel_null();
}

static OWN_FRAME struct feel_value filter(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value source = eval_node(ev, n->child[0], names);
	const struct node *by = n->child[1];
	if (source.kind == FEEL_NULL)
		return source;
	if (source.kind != FEEL_LIST) {
		struct feel_value list = feel_new_list(ev->arena, 1);
		feel_list_add(ev->arena, list, source);
		source = list;
	}
	struct binding *item = NULL;
	struct feel_value result = feel_new_list(ev->arena, 0);
	for (size_t i = 0; i < source.list->count || i == 0; i++) {
		if (!item || n->keeps) {
			item = arena_alloc(ev->arena, 1, sizeof *item);
			item->outer = names;
		}
		item->value = i < source.list->count ? source.list->at[i] : feel_null();
		struct feel_value met = eval_node(ev, by, item);
		if (ev->spent)
			return feel_null();
		if (met.kind == FEEL_NUMBER && i == 0)
			return at_index(source.list, &met);
		if (i < source.list->count && feel_is_true(&met))
			feel_list_add(ev->arena, result, source.list->at[i]);
	}
	return result;
}

/* ---- iterations ---- */

struct iteration {
	const struct node *node;
	struct feel_value list; /* of a for: the result so far */
	int state; /* of some and every */
	bool bad;
};

static void iterate(struct eval *ev, struct iteration *it, size_t level, struct binding *names);

static void body(struct eval *ev, struct iteration *it, struct binding *names)
{
	const struct node *n = it->node;
	const struct node *e = n->child[n->count - 1];
	if (n->kind == NODE_FOR) {
		if (!eval_charge(ev, 3)) /* an item is memory as well */
			return;
		struct binding *partial = names;
		for (size_t i = 0; i + 1 < n->count; i++)
			partial = partial->outer;
		struct feel_list *view = partial->value.list; /* what the body keeps of it must not grow later */
		if (n->keeps || n->input || e->type.kind == FEEL_ANY || e->type.kind == FEEL_LIST
			|| e->type.kind == FEEL_CONTEXT) {
			view = arena_alloc(ev->arena, 1, sizeof *view);
			partial->value.list = view;
		}
		view->at = it->list.list->at;
		view->count = view->capacity = it->list.list->count;
		feel_list_add(ev->arena, it->list, eval_node(ev, e, names));
		return;
	}
	struct feel_value met = eval_node(ev, e, names);
	bool decisive = n->kind == NODE_SOME; /* some: one true decides; every: one false does */
	if (met.kind == FEEL_BOOLEAN && met.boolean == decisive)
		it->state = decisive;
	else if (met.kind != FEEL_BOOLEAN && it->state == !decisive)
		it->state = -1;
}

static bool decided(const struct iteration *it)
{
	return it->node->kind == NODE_SOME ? it->state == 1 : it->node->kind == NODE_EVERY && it->state == 0;
}

static void with_value(struct eval *ev, struct iteration *it, size_t level, struct binding *names, struct binding **b,
	struct feel_value value)
{
	if (!*b || it->node->keeps) {
		*b = arena_alloc(ev->arena, 1, sizeof **b);
		(*b)->outer = names;
	}
	(*b)->value = value;
	iterate(ev, it, level + 1, *b);
}

/* From one whole number or date to another, either way; a range value only upwards. */
static bool over_range(struct eval *ev, struct iteration *it, size_t level, struct binding *names,
	const struct feel_range *r, bool either_way)
{
	int64_t from, to;
	bool dates = r->low.kind == FEEL_DATE && r->high.kind == FEEL_DATE;
	if (dates) {
		from = r->low.date;
		to = r->high.date;
	} else if (r->low.kind != FEEL_NUMBER || r->high.kind != FEEL_NUMBER || !decimal_to_int(r->low.number, &from)
		|| !decimal_to_int(r->high.number, &to)) {
		return false;
	}
	if (from > to && !either_way)
		return false;
	int64_t step = from <= to ? 1 : -1;
	if (!r->low_closed) {
		if (from == to)
			return true;
		from += step;
	}
	if (!r->high_closed) {
		if (from == to)
			return true;
		to -= step;
	}
	struct binding *b = NULL;
	for (int64_t i = from; !ev->spent && !it->bad && !decided(it); i += step) {
		if (!eval_charge(ev, 1))
			return true;
		with_value(ev, it, level, names, &b, dates ? feel_date((int32_t)i) : feel_integer(i));
		if (i == to)
			break;
	}
	return true;
}

static void iterate(struct eval *ev, struct iteration *it, size_t level, struct binding *names)
{
	const struct node *n = it->node;
	if (ev->spent || it->bad)
		return;
	if (level + 1 == n->count) {
		body(ev, it, names);
		return;
	}
	const struct node *source = n->child[level];
	struct feel_value over = eval_node(ev, source, names);
	struct binding *b = NULL;
	if (over.kind == FEEL_RANGE) {
		if (!over_range(ev, it, level, names, over.range, source->kind == NODE_RANGE && source->keeps))
			it->bad = true;
	} else if (over.kind == FEEL_LIST) {
		/* a list of ranges is not a list of their numbers */
		for (size_t i = 0; i < over.list->count && !ev->spent && !it->bad && !decided(it); i++) {
			if (over.list->at[i].kind == FEEL_RANGE && n->kind == NODE_FOR && over.list->count == 1)
				it->bad = !over_range(ev, it, level, names, over.list->at[i].range, false);
			else
				with_value(ev, it, level, names, &b, over.list->at[i]);
		}
	} else if (over.kind == FEEL_NULL) {
		it->bad = true;
	} else {
		with_value(ev, it, level, names, &b, over);
	}
}

static OWN_FRAME struct feel_value iteration(struct eval *ev, const struct node *n, struct binding *names)
{
	struct iteration it = { .node = n, .state = n->kind == NODE_EVERY };
	struct binding partial = { .outer = names }, *first = names;
	if (n->kind == NODE_FOR) {
		it.list = feel_new_list(ev->arena, 0);
		struct binding *kept = arena_alloc(ev->arena, 1, sizeof *kept);
		partial.value = feel_new_list(ev->arena, 0);
		*kept = partial;
		first = kept;
	}
	iterate(ev, &it, 0, first);
	if (it.bad || ev->spent)
		return feel_null();
	return n->kind == NODE_FOR ? it.list : tri(it.state);
}

/* ---- functions ---- */

struct feel_value eval_coerce(struct arena *arena, const struct feel_value *value, const struct feel_type *type)
{
	if (feel_conforms(value, type))
		return *value;
	if (value->kind == FEEL_LIST && value->list->count == 1 && type->kind != FEEL_LIST
		&& feel_conforms(&value->list->at[0], type))
		return value->list->at[0];
	if (type->kind == FEEL_LIST && value->kind != FEEL_LIST && (!type->item || feel_conforms(value, type->item))) {
		struct feel_value list = feel_new_list(arena, 1);
		feel_list_add(arena, list, *value);
		return list;
	}
	if (type->kind == FEEL_DATE_TIME && value->kind == FEEL_DATE)
		return (struct feel_value){ .kind = FEEL_DATE_TIME, .time = { value->date, 0, 0, NULL } };
	return feel_null();
}

struct feel_value eval_invoke(
	struct eval *ev, const struct feel_value *function, const struct feel_value *args, size_t count)
{
	if (function->kind != FEEL_FUNCTION || !eval_charge(ev, 1))
		return feel_null();
	const struct feel_function *f = function->function;
	if (f->builtin) {
		struct feel_type types[BUILTIN_PARAMETERS_MAX];
		size_t order[BUILTIN_PARAMETERS_MAX];
		char reason[200];
		if (count > BUILTIN_PARAMETERS_MAX)
			return feel_null();
		for (size_t i = 0; i < count; i++)
			types[i] = type_simple(args[i].kind);
		const struct builtin *b = builtin_match(f->builtin->name, NULL, types, count, order, reason);
		return b ? builtin_run(ev, b, args, count) : feel_null();
	}
	if (f->native) {
		struct feel_value value = feel_null();
		if (count != f->count)
			return value;
		if (f->native(f->host, args, count, ev->env, ev->arena, &value, ev->err)) {
			ev->spent = ev->failed = true;
			return feel_null();
		}
		return value;
	}
	const struct node *lambda = f->lambda;
	if (lambda->local != count)
		return feel_null();
	struct binding *names = f->names;
	for (size_t i = 0; i < count; i++) {
		struct binding *b = arena_alloc(ev->arena, 1, sizeof *b);
		b->value = eval_coerce(ev->arena, &args[i], &lambda->types[i]);
		if (b->value.kind == FEEL_NULL && args[i].kind != FEEL_NULL)
			return feel_null();
		b->outer = names;
		names = b;
	}
	const struct feel_expr *expr = ev->expr;
	const struct feel_env *env = ev->env;
	ev->expr = f->expr;
	if (f->env)
		ev->env = f->env;
	struct feel_value value = eval_node(ev, lambda->child[0], names);
	ev->expr = expr;
	ev->env = env;
	return value;
}

static const char *parameter(const struct feel_function *f, size_t i, size_t count)
{
	if (i >= count)
		return NULL;
	return f->lambda ? f->lambda->names[i] : f->parameters[i];
}

static OWN_FRAME struct feel_value invoke(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value function = eval_node(ev, n->child[0], names);
	size_t count = n->count - 1;
	struct feel_value few[8], *args = count <= 8 ? few : arena_alloc(ev->arena, count, sizeof *args);
	for (size_t i = 0; i < count; i++)
		args[i] = eval_node(ev, n->child[i + 1], names);
	if (!n->names || function.kind != FEEL_FUNCTION)
		return eval_invoke(ev, &function, args, count);
	const struct feel_function *f = function.function;
	size_t wanted = f->lambda ? f->lambda->local : f->count;
	if (f->builtin || wanted != count)
		return feel_null();
	struct feel_value *ordered = arena_alloc(ev->arena, count + 1, sizeof *ordered);
	for (size_t i = 0; i < wanted; i++) {
		const char *name = parameter(f, i, wanted);
		size_t k = 0;
		while (k < count && strcmp(n->names[k], name))
			k++;
		if (k == count)
			return feel_null();
		ordered[i] = args[k];
	}
	return eval_invoke(ev, &function, ordered, count);
}

static OWN_FRAME struct feel_value call(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value few[8], *args = n->count <= 8 ? few : arena_alloc(ev->arena, n->count, sizeof *args);
	for (size_t i = 0; i < n->count; i++)
		args[i] = eval_node(ev, n->child[i], names);
	if (ev->spent)
		return feel_null();
	return builtin_run(ev, n->builtin, args, n->count);
}

/* ---- nodes ---- */

static OWN_FRAME struct feel_value logic(struct eval *ev, const struct node *n, struct binding *names)
{
	bool decisive = n->kind == NODE_OR;
	struct feel_value a = eval_node(ev, n->child[0], names);
	if (a.kind == FEEL_BOOLEAN && a.boolean == decisive)
		return a;
	struct feel_value b = eval_node(ev, n->child[1], names);
	if (b.kind == FEEL_BOOLEAN && b.boolean == decisive)
		return b;
	return a.kind == FEEL_BOOLEAN && b.kind == FEEL_BOOLEAN ? feel_boolean(!decisive) : feel_null();
}

static OWN_FRAME struct feel_value between(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value v = eval_node(ev, n->child[0], names), low = eval_node(ev, n->child[1], names),
					  high = eval_node(ev, n->child[2], names);
	int a = value_compare(&v, &low), b = value_compare(&v, &high);
	return a == -2 || b == -2 ? feel_null() : feel_boolean(a >= 0 && b <= 0);
}

static OWN_FRAME struct feel_value context(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value c = feel_new_context(ev->arena);
	for (size_t i = 0; i < n->count && !ev->spent; i++) {
		struct feel_value v = eval_node(ev, n->child[i], names);
		feel_context_put(ev->arena, c, n->names[i], v);
		struct binding *b = arena_alloc(ev->arena, 1, sizeof *b);
		b->value = v;
		b->outer = names;
		names = b;
	}
	return c;
}

static OWN_FRAME struct feel_value range(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value low = eval_node(ev, n->child[0], names), high = eval_node(ev, n->child[1], names);
	return value_range(ev->arena, &low, &high, n->range.low_closed, n->range.high_closed);
}

static OWN_FRAME struct feel_value list(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value l = feel_new_list(ev->arena, n->count);
	for (size_t i = 0; i < n->count; i++)
		feel_list_add(ev->arena, l, eval_node(ev, n->child[i], names));
	return l;
}

static OWN_FRAME struct feel_value function(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_function *f = arena_alloc(ev->arena, 1, sizeof *f);
	f->lambda = n;
	f->expr = ev->expr;
	if (ev->env) {
		struct feel_env *env = arena_alloc(ev->arena, 1, sizeof *env);
		*env = *ev->env;
		f->env = env;
	}
	f->names = names;
	f->count = n->local;
	return (struct feel_value){ .kind = FEEL_FUNCTION, .function = f };
}

static struct feel_value local(const struct node *n, const struct binding *names)
{
	for (uint32_t i = 0; i < n->local; i++)
		names = names->outer;
	return names->value;
}

static OWN_FRAME struct feel_value dynamic(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value item = local(n, names);
	const struct feel_value *entry = item.kind == FEEL_CONTEXT ? feel_context_get(&item, n->name) : NULL;
	if (entry)
		return *entry;
	return n->count ? eval_node(ev, n->child[0], names) : feel_null();
}

static struct feel_value evaluate(struct eval *ev, const struct node *n, struct binding *names)
{
	struct feel_value a, b;
	switch (n->kind) {
	case NODE_CONSTANT: return n->value;
	case NODE_SLOT:
		a = feel_null();
		if (ev->env && ev->env->get)
			ev->env->get(ev->env->host, n->slot, ev->arena, &a);
		return a;
	case NODE_LOCAL: return local(n, names);
	case NODE_DYNAMIC: return dynamic(ev, n, names);
	case NODE_INPUT: return ev->input ? *ev->input : feel_null();
	case NODE_NEGATE: a = eval_node(ev, n->child[0], names); return negate(&a);
	case NODE_ADD:
	case NODE_SUB:
	case NODE_MUL:
	case NODE_DIV:
	case NODE_POW:
	case NODE_EQ:
	case NODE_NE:
	case NODE_LT:
	case NODE_LE:
	case NODE_GT:
	case NODE_GE:
		a = eval_node(ev, n->child[0], names);
		b = eval_node(ev, n->child[1], names);
		return eval_binary(ev, n->kind, &a, &b);
	case NODE_AND:
	case NODE_OR: return logic(ev, n, names);
	case NODE_BETWEEN: return between(ev, n, names);
	case NODE_IN: a = eval_node(ev, n->child[0], names); return test_all(ev, &a, n->child + 1, n->count - 1, names);
	case NODE_UNARY: a = eval_node(ev, n->child[0], names); return test_range(ev, n->op, &a);
	case NODE_TESTS:
		if (!n->count)
			return feel_boolean(true);
		a = ev->input ? *ev->input : feel_null();
		b = test_all(ev, &a, n->child, n->count, names);
		return n->negated && b.kind == FEEL_BOOLEAN ? feel_boolean(!b.boolean) : b;
	case NODE_IF:
		a = eval_node(ev, n->child[0], names);
		return eval_node(ev, n->child[feel_is_true(&a) ? 1 : 2], names);
	case NODE_FOR:
	case NODE_SOME:
	case NODE_EVERY: return iteration(ev, n, names);
	case NODE_PATH: a = eval_node(ev, n->child[0], names); return eval_path(ev, &a, n->name);
	case NODE_FILTER: return filter(ev, n, names);
	case NODE_CALL: return call(ev, n, names);
	case NODE_INVOKE: return invoke(ev, n, names);
	case NODE_LIST: return list(ev, n, names);
	case NODE_CONTEXT: return context(ev, n, names);
	case NODE_RANGE: return range(ev, n, names);
	case NODE_FUNCTION: return function(ev, n, names);
	case NODE_INSTANCE:
		a = eval_node(ev, n->child[0], names);
		return feel_boolean((a.kind != FEEL_NULL || n->check->kind == FEEL_NULL) && feel_conforms(&a, n->check));
	}
	return feel_null();
}

static void tell(struct eval *ev, const struct node *n, const struct feel_value *value)
{
	struct feel_step step = {
		.depth = ev->depth, .text = ev->expr->text + n->at, .length = n->length, .slot = -1, .value = value
	};
	if (n->kind == NODE_CONSTANT)
		return;
	step.kind = n->kind == NODE_SLOT || n->kind == NODE_LOCAL || n->kind == NODE_DYNAMIC || n->kind == NODE_INPUT
		? FEEL_STEP_NAME
		: n->kind == NODE_CALL || n->kind == NODE_INVOKE                       ? FEEL_STEP_CALL
		: n->kind == NODE_IN || n->kind == NODE_TESTS || n->kind == NODE_UNARY ? FEEL_STEP_TEST
																			   : FEEL_STEP_OPERATION;
	if (n->kind == NODE_SLOT)
		step.slot = n->slot;
	ev->env->trace(ev->env->host, &step);
}

struct feel_value eval_node(struct eval *ev, const struct node *n, struct binding *names)
{
	if (ev->spent || !eval_charge(ev, 1))
		return feel_null();
	size_t stack = (size_t)(ev->stack - (const char *)__builtin_frame_address(0));
	if (++ev->depth > FEEL_DEPTH_EVAL || (stack > FEEL_STACK_MAX && stack < SIZE_MAX / 2)) {
		ev->spent = true;
		ev->depth--;
		return feel_null();
	}
	struct feel_value value = evaluate(ev, n, names);
	ev->depth--;
	if (ev->env && ev->env->trace && ev->expr && !ev->spent)
		tell(ev, n, &value);
	return value;
}

/* ---- entries ---- */

int eval_begin(
	struct eval *ev, const struct feel_expr *expr, const struct feel_env *env, struct arena *arena, struct err *err)
{
	*ev = (struct eval){ .expr = expr, .env = env, .arena = arena, .err = err, .outer = eval_running };
	ev->steps = env && env->step_budget ? env->step_budget : FEEL_STEPS_DEFAULT;
	ev->stack = __builtin_frame_address(0);
	if (ev->outer) {
		ev->stack = ev->outer->stack;
		ev->steps = ev->outer->steps < ev->steps ? ev->outer->steps : ev->steps;
		ev->depth = ev->outer->depth + 20;
		ev->outer->steps -= ev->steps;
	}
	eval_running = ev;
	return 0;
}

int eval_end(struct eval *ev)
{
	eval_running = ev->outer;
	if (ev->outer)
		ev->outer->steps += ev->steps;
	if (!ev->spent)
		return 0;
	if (!ev->failed && ev->err) {
		const struct feel_expr *e = ev->expr;
		err_set(ev->err, STATUS_CONFIG, "%s: evaluation took too many steps or went too deep: %.200s",
			e && e->where ? e->where : "function", e ? e->text : "");
		err_hint(ev->err, "The expression loops over too much or calls itself without end.");
	}
	return -1;
}

int feel_eval(const struct feel_expr *expr, const struct feel_env *env, struct arena *arena, struct feel_value *value,
	struct err *err)
{
	struct eval ev;
	eval_begin(&ev, expr, env, arena, err);
	*value = eval_node(&ev, expr->root, NULL);
	if (ev.spent)
		*value = feel_null();
	else if (expr->want.kind != FEEL_ANY)
		*value = eval_coerce(arena, value, &expr->want);
	return eval_end(&ev);
}

int feel_test(const struct feel_expr *tests, const struct feel_value *input, const struct feel_env *env,
	struct arena *arena, bool *met, struct err *err)
{
	struct eval ev;
	eval_begin(&ev, tests, env, arena, err);
	ev.input = input;
	struct feel_value value = eval_node(&ev, tests->root, NULL);
	*met = !ev.spent && feel_is_true(&value);
	return eval_end(&ev);
}

int feel_call(const struct feel_value *function, const struct feel_value *args, size_t count,
	const struct feel_env *env, struct arena *arena, struct feel_value *value, struct err *err)
{
	struct eval ev;
	eval_begin(&ev, function->kind == FEEL_FUNCTION ? function->function->expr : NULL, env, arena, err);
	*value = eval_invoke(&ev, function, args, count);
	return eval_end(&ev);
}

/* ---- folding ---- */

bool eval_fold(struct parser *p, const struct node *n, struct feel_value *value)
{
	switch (n->kind) {
	case NODE_NEGATE:
	case NODE_ADD:
	case NODE_SUB:
	case NODE_MUL:
	case NODE_DIV:
	case NODE_POW:
	case NODE_EQ:
	case NODE_NE:
	case NODE_LT:
	case NODE_LE:
	case NODE_GT:
	case NODE_GE:
	case NODE_AND:
	case NODE_OR:
	case NODE_BETWEEN:
	case NODE_IN:
	case NODE_UNARY:
	case NODE_IF:
	case NODE_PATH:
	case NODE_LIST:
	case NODE_CONTEXT:
	case NODE_RANGE:
	case NODE_INSTANCE: break;
	case NODE_CALL:
		if (n->builtin->impure)
			return false;
		break;
	default: return false;
	}
	bool null_in = false;
	for (size_t i = 0; i < n->count; i++) {
		if (n->child[i]->kind != NODE_CONSTANT)
			return false;
		null_in |= n->child[i]->value.kind == FEEL_NULL;
	}
	struct eval ev = { .arena = p->arena, .steps = 20000, .stack = __builtin_frame_address(0) };
	*value = eval_node(&ev, n, NULL);
	if (ev.spent)
		return false;
	if (value->kind == FEEL_NULL && !p->lenient && n->kind == NODE_CALL && !null_in && n->count)
		parser_fail(p, n->at, "'%.*s' is nothing", (int)(n->length > 60 ? 60 : n->length), p->text + n->at);
	return true;
}
