/*
 * value.c - FEEL values: making, comparing, belonging to types.
 *
 * Decides: equality, order and membership. Does not decide: how values are written (print.c), date arithmetic
 * (temporal.c).
 */
#include "feel/ast.h"

#include <string.h>

struct feel_value feel_null(void)
{
	return (struct feel_value){ .kind = FEEL_NULL };
}

struct feel_value feel_boolean(bool value)
{
	return (struct feel_value){ .kind = FEEL_BOOLEAN, .boolean = value };
}

struct feel_value feel_number(struct decimal value)
{
	return value_number(value);
}

struct feel_value value_number(struct decimal d)
{
	if (!decimal_is_finite(d))
		return feel_null();
	if (decimal_is_zero(d))
		d = decimal_from_int(0); /* there is no -0 */
	return (struct feel_value){ .kind = FEEL_NUMBER, .number = d };
}

struct feel_value feel_integer(int64_t value)
{
	return (struct feel_value){ .kind = FEEL_NUMBER, .number = decimal_from_int(value) };
}

struct feel_value feel_string(struct arena *arena, const char *text, size_t length)
{
	return (struct feel_value){ .kind = FEEL_STRING, .string = { arena_copy(arena, text, length), length } };
}

struct feel_value value_text(struct arena *arena, const char *text)
{
	return feel_string(arena, text, strlen(text));
}

struct feel_value value_text_of(struct arena *arena, const struct str *str)
{
	return feel_string(arena, str_text(str), str->length);
}

struct feel_value feel_date(int32_t day_number)
{
	return (struct feel_value){ .kind = FEEL_DATE, .date = day_number };
}

struct feel_value value_months(int64_t months)
{
	return (struct feel_value){ .kind = FEEL_MONTHS_DURATION, .months = months };
}

struct feel_value value_days(int64_t seconds, int64_t nanos)
{
	const int64_t unit = 1000000000;
	int64_t carry = nanos / unit;
	nanos %= unit;
	if (__builtin_add_overflow(seconds, carry, &seconds))
		return feel_null();
	if (seconds > 0 && nanos < 0) {
		seconds--;
		nanos += unit;
	} else if (seconds < 0 && nanos > 0) {
		seconds++;
		nanos -= unit;
	}
	return (struct feel_value){ .kind = FEEL_DAYS_DURATION, .days = { seconds, (int32_t)nanos } };
}

struct feel_value value_range(
	struct arena *arena, const struct feel_value *low, const struct feel_value *high, bool low_closed, bool high_closed)
{
	struct feel_range *range = arena_alloc(arena, 1, sizeof *range);
	range->low = *low;
	range->high = *high;
	range->low_closed = low_closed;
	range->high_closed = high_closed;
	return (struct feel_value){ .kind = FEEL_RANGE, .range = range };
}

struct feel_value feel_new_list(struct arena *arena, size_t capacity)
{
	struct feel_list *list = arena_alloc(arena, 1, sizeof *list);
	list->at = capacity ? arena_alloc(arena, capacity, sizeof *list->at) : NULL;
	list->capacity = capacity;
	return (struct feel_value){ .kind = FEEL_LIST, .list = list };
}

void feel_list_add(struct arena *arena, struct feel_value list, struct feel_value item)
{
	struct feel_list *l = list.list;
	if (l->count == l->capacity) {
		size_t capacity = l->capacity ? 2 * l->capacity : 4;
		struct feel_value *at = arena_alloc(arena, capacity, sizeof *at);
		if (l->count)
			memcpy(at, l->at, l->count * sizeof *at);
		l->at = at;
		l->capacity = capacity;
	}
	l->at[l->count++] = item;
}

struct feel_value feel_new_context(struct arena *arena)
{
	struct feel_context *context = arena_alloc(arena, 1, sizeof *context);
	return (struct feel_value){ .kind = FEEL_CONTEXT, .context = context };
}

void feel_context_put(struct arena *arena, struct feel_value context, const char *name, struct feel_value value)
{
	struct feel_context *c = context.context;
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->at[i].name, name)) {
			c->at[i].value = value;
			return;
		}
	if (c->count == c->capacity) {
		size_t capacity = c->capacity ? 2 * c->capacity : 4;
		struct feel_entry *at = arena_alloc(arena, capacity, sizeof *at);
		if (c->count)
			memcpy(at, c->at, c->count * sizeof *at);
		c->at = at;
		c->capacity = capacity;
	}
	c->at[c->count++] = (struct feel_entry){ arena_text(arena, name), value };
}

const struct feel_value *feel_context_get(const struct feel_value *context, const char *name)
{
	if (context->kind != FEEL_CONTEXT)
		return NULL;
	for (size_t i = 0; i < context->context->count; i++)
		if (!strcmp(context->context->at[i].name, name))
			return &context->context->at[i].value;
	return NULL;
}

struct feel_value feel_new_function(
	struct arena *arena, const char *const *parameters, size_t count, feel_native *call, void *host)
{
	struct feel_function *f = arena_alloc(arena, 1, sizeof *f);
	f->native = call;
	f->host = host;
	f->count = count;
	f->parameters = arena_alloc(arena, count + 1, sizeof *f->parameters);
	for (size_t i = 0; i < count; i++)
		f->parameters[i] = arena_text(arena, parameters[i]);
	return (struct feel_value){ .kind = FEEL_FUNCTION, .function = f };
}

bool feel_is_true(const struct feel_value *value)
{
	return value->kind == FEEL_BOOLEAN && value->boolean;
}

const char *feel_kind_name(enum feel_kind kind)
{
	static const char *const names[] = { "Null", "boolean", "number", "string", "date", "time", "date and time",
		"days and time duration", "years and months duration", "list", "context", "range", "function", "Any" };
	return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "?";
}

/* ---- equality and order ---- */

static int order(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int equal_lists(const struct feel_list *a, const struct feel_list *b)
{
	if (a->count != b->count)
		return 0;
	int result = 1;
	for (size_t i = 0; i < a->count; i++) {
		int e = feel_equal(&a->at[i], &b->at[i]);
		if (!e)
			return 0;
		if (e < 0)
			result = -1;
	}
	return result;
}

static int equal_contexts(const struct feel_value *a, const struct feel_value *b)
{
	if (a->context->count != b->context->count)
		return 0;
	int result = 1;
	for (size_t i = 0; i < a->context->count; i++) {
		const struct feel_value *other = feel_context_get(b, a->context->at[i].name);
		int e = other ? feel_equal(&a->context->at[i].value, other) : 0;
		if (!e)
			return 0;
		if (e < 0)
			result = -1;
	}
	return result;
}

static bool is_moment(enum feel_kind kind)
{
	return kind == FEEL_TIME || kind == FEEL_DATE_TIME;
}

/* Seconds of a time or date and time; false where one has an offset and the other has none. */
static bool moments(const struct feel_value *a, const struct feel_value *b, int64_t *x, int64_t *y)
{
	if ((a->time.offset == INT32_MIN) != (b->time.offset == INT32_MIN))
		return false;
	return temporal_instant(a, x) && temporal_instant(b, y);
}

int feel_equal(const struct feel_value *a, const struct feel_value *b)
{
	if (a->kind == FEEL_NULL || b->kind == FEEL_NULL)
		return a->kind == b->kind;
	if (a->kind != b->kind)
		return -1;
	int64_t x, y;
	switch (a->kind) {
	case FEEL_BOOLEAN: return a->boolean == b->boolean;
	case FEEL_NUMBER: return decimal_compare(a->number, b->number) == 0;
	case FEEL_STRING:
		return a->string.length == b->string.length && !memcmp(a->string.text, b->string.text, a->string.length);
	case FEEL_DATE: return a->date == b->date;
	case FEEL_TIME:
	case FEEL_DATE_TIME: return moments(a, b, &x, &y) && x == y; /* to the second, as DMN has it */
	case FEEL_DAYS_DURATION: return a->days.seconds == b->days.seconds && a->days.nanos == b->days.nanos;
	case FEEL_MONTHS_DURATION: return a->months == b->months;
	case FEEL_LIST: return equal_lists(a->list, b->list);
	case FEEL_CONTEXT: return equal_contexts(a, b);
	case FEEL_RANGE:
		return a->range->low_closed == b->range->low_closed && a->range->high_closed == b->range->high_closed
			&& a->range->low_open_ended == b->range->low_open_ended
			&& a->range->high_open_ended == b->range->high_open_ended && feel_equal(&a->range->low, &b->range->low) == 1
			&& feel_equal(&a->range->high, &b->range->high) == 1;
	case FEEL_FUNCTION: return a->function == b->function ? 1 : -1;
	default: return -1;
	}
}

int value_compare(const struct feel_value *a, const struct feel_value *b)
{
	if (a->kind != b->kind)
		return -2;
	int64_t x, y;
	switch (a->kind) {
	case FEEL_NUMBER: return decimal_compare(a->number, b->number);
	case FEEL_STRING: {
		size_t n = a->string.length < b->string.length ? a->string.length : b->string.length;
		int c = memcmp(a->string.text, b->string.text, n);
		return c ? (c < 0 ? -1 : 1) : order((int64_t)a->string.length, (int64_t)b->string.length);
	}
	case FEEL_DATE: return order(a->date, b->date);
	case FEEL_DAYS_DURATION: {
		int c = order(a->days.seconds, b->days.seconds);
		return c ? c : order(a->days.nanos, b->days.nanos);
	}
	case FEEL_MONTHS_DURATION: return order(a->months, b->months);
	default:
		if (!is_moment(a->kind) || !moments(a, b, &x, &y))
			return -2;
		return x != y ? order(x, y) : order(a->time.nanos % 1000000000, b->time.nanos % 1000000000);
	}
}

int value_in_range(const struct feel_range *range, const struct feel_value *value)
{
	if (range->low_open_ended && range->high_open_ended) { /* "= x" and "!= x" */
		int e = feel_equal(value, &range->low);
		return e < 0 ? -1 : range->low_closed ? e : !e;
	}
	int low = 1, high = -1;
	if (!range->low_open_ended && (low = value_compare(value, &range->low)) == -2)
		return -1;
	if (!range->high_open_ended && (high = value_compare(value, &range->high)) == -2)
		return -1;
	return (low > 0 || (low == 0 && range->low_closed)) && (high < 0 || (high == 0 && range->high_closed));
}

/* ---- belonging to a type ---- */

static bool conforms(const struct feel_value *value, const struct feel_type *type, int depth);

static bool type_within(const struct feel_type *a, const struct feel_type *b, int depth)
{
	if (b->kind == FEEL_ANY || a->kind == FEEL_NULL)
		return true;
	if (a->kind != b->kind || depth > 50)
		return false;
	if (b->kind == FEEL_FUNCTION) {
		if (b->members || b->member_count) {
			if (a->member_count != b->member_count)
				return false;
			for (size_t i = 0; i < a->member_count; i++) /* parameters the other way round */
				if (!type_within(&b->members[i].type, &a->members[i].type, depth + 1))
					return false;
		}
	} else {
		for (size_t i = 0; i < b->member_count; i++) {
			size_t k = 0;
			while (k < a->member_count && strcmp(a->members[k].name, b->members[i].name))
				k++;
			if (k == a->member_count || !type_within(&a->members[k].type, &b->members[i].type, depth + 1))
				return false;
		}
	}
	struct feel_type any = { .kind = FEEL_ANY };
	return !b->item || type_within(a->item ? a->item : &any, b->item, depth + 1);
}

static bool conforms(const struct feel_value *value, const struct feel_type *type, int depth)
{
	if (value->kind == FEEL_NULL || type->kind == FEEL_ANY)
		return true;
	if (value->kind != type->kind || depth > 50)
		return false;
	if (type->kind == FEEL_LIST && type->item)
		for (size_t i = 0; i < value->list->count; i++)
			if (!conforms(&value->list->at[i], type->item, depth + 1))
				return false;
	if (type->kind == FEEL_RANGE && type->item)
		return conforms(&value->range->low, type->item, depth + 1)
			&& conforms(&value->range->high, type->item, depth + 1);
	if (type->kind == FEEL_CONTEXT)
		for (size_t i = 0; i < type->member_count; i++) {
			const struct feel_value *entry = feel_context_get(value, type->members[i].name);
			if (!entry || !conforms(entry, &type->members[i].type, depth + 1))
				return false;
		}
	if (type->kind == FEEL_FUNCTION) {
		const struct feel_function *f = value->function;
		if (f->lambda)
			return type_within(&f->lambda->type, type, 0);
		if (f->builtin) {
			struct builtin_parameter parameters[BUILTIN_PARAMETERS_MAX];
			return !type->members || type->member_count == builtin_parameters(f->builtin, parameters);
		}
		return !type->members || type->member_count == f->count;
	}
	return true;
}

bool feel_conforms(const struct feel_value *value, const struct feel_type *type)
{
	return conforms(value, type, 0);
}
