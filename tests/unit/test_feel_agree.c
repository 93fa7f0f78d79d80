/*
 * test_feel_agree.c - random typed expressions over random columns: by column, boxed and tracing must agree to the bit.
 *
 * The seed is printed; set FEEL_SEED to repeat a run and FEEL_EXPRESSIONS for a longer one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "feel/feel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 2300

static uint64_t state;

static uint64_t random_bits(void)
{
	state += UINT64_C(0x9E3779B97F4A7C15);
	uint64_t z = state;
	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static unsigned below(unsigned n)
{
	return (unsigned)(random_bits() % n);
}

/* ---- columns ---- */

enum { SLOTS = 15 };
static const struct {
	const char *name;
	enum feel_kind kind;
	int scale;
} slots[SLOTS] = {
	{ "score", FEEL_NUMBER, 0 },
	{ "credits.rolling", FEEL_NUMBER, 2 },
	{ "unit price", FEEL_NUMBER, 6 },
	{ "exact", FEEL_NUMBER, -1 },
	{ "huge", FEEL_NUMBER, 0 },
	{ "passed", FEEL_BOOLEAN, 0 },
	{ "is trainer", FEEL_BOOLEAN, 0 },
	{ "hire date", FEEL_DATE, 0 },
	{ "as of", FEEL_DATE, 0 },
	{ "course.type", FEEL_STRING, 0 },
	{ "grade", FEEL_STRING, 0 },
	{ "absence", FEEL_DAYS_DURATION, 0 },
	{ "pause", FEEL_DAYS_DURATION, 0 },
	{ "tenure", FEEL_MONTHS_DURATION, 0 },
	{ "mixed scale", FEEL_NUMBER, 1 },
};
static const char *const words[] = { "业务", "技能", "A", "B", "", "a b", "提升", "操作规范" };
static const char *const more_words[] = { "B", "A", "技能", "z" };
static struct feel_column columns[SLOTS];
static int64_t values[SLOTS][ROWS_MAX];
static struct decimal decimals[SLOTS][ROWS_MAX];

static int64_t random_value(size_t slot)
{
	if (below(100) < 14)
		return INT64_MIN;
	switch (slots[slot].kind) {
	case FEEL_BOOLEAN: return below(2);
	case FEEL_DATE: return (int64_t)below(30000) - 5000;
	case FEEL_STRING: return below(slot == 9 ? 8 : 4);
	case FEEL_DAYS_DURATION: return below(3) ? ((int64_t)below(4000) - 1000) * 86400 : (int64_t)below(1000000) - 300000;
	case FEEL_MONTHS_DURATION: return (int64_t)below(600) - 100;
	default: break;
	}
	switch (below(slot == 4 ? 4 : 20)) {
	case 0: return INT64_MAX - (int64_t)below(3);
	case 1: return -INT64_MAX + (int64_t)below(3);
	case 2: return 0;
	case 3: return (int64_t)(random_bits() >> 2) * (below(2) ? 1 : -1);
	default: return ((int64_t)below(20001) - 10000) * (below(3) ? 1 : 100);
	}
}

static void fill_columns(size_t rows)
{
	for (size_t s = 0; s < SLOTS; s++) {
		columns[s] = (struct feel_column){ .type = { .kind = slots[s].kind, .scale = slots[s].scale }, .v = values[s] };
		if (slots[s].kind == FEEL_STRING) {
			columns[s].texts = s == 9 ? words : more_words;
			columns[s].text_count = s == 9 ? 8 : 4;
		}
		if (s == 14) /* the host gives another scale than it declared */
			columns[s].type.scale = (int)below(4);
		for (size_t i = 0; i < rows; i++)
			values[s][i] = random_value(s);
		if (slots[s].scale < 0 || (slots[s].kind == FEEL_NUMBER && below(12) == 0)) {
			columns[s].decimals = decimals[s];
			columns[s].type.scale = -1;
			for (size_t i = 0; i < rows; i++)
				if (values[s][i] != INT64_MIN) {
					struct decimal d = decimal_from_scaled(values[s][i], (int)below(10));
					if (below(4) == 0)
						d = decimal_div(d, decimal_from_int(7));
					decimals[s][i] = d;
					values[s][i] = 0;
				}
		}
	}
}

static const struct feel_column *column(void *host, int slot)
{
	(void)host;
	return &columns[slot];
}

static void value_at(size_t slot, size_t row, struct arena *arena, struct feel_value *value)
{
	const struct feel_column *c = &columns[slot];
	int64_t v = c->v[row];
	if (v == INT64_MIN)
		*value = feel_null();
	else if (c->type.kind == FEEL_BOOLEAN)
		*value = feel_boolean(v);
	else if (c->type.kind == FEEL_DATE)
		*value = feel_date((int32_t)v);
	else if (c->type.kind == FEEL_STRING)
		*value = feel_string(arena, c->texts[v], strlen(c->texts[v]));
	else if (c->type.kind == FEEL_DAYS_DURATION)
		*value = (struct feel_value){ .kind = FEEL_DAYS_DURATION, .days = { v, 0 } };
	else if (c->type.kind == FEEL_MONTHS_DURATION)
		*value = (struct feel_value){ .kind = FEEL_MONTHS_DURATION, .months = v };
	else
		*value = feel_number(c->decimals ? c->decimals[row] : decimal_from_scaled(v, c->type.scale));
}

static void get_row(void *host, int slot, size_t row, struct arena *arena, struct feel_value *value)
{
	(void)host;
	value_at((size_t)slot, row, arena, value);
}

struct tracing {
	size_t row;
	size_t steps;
	struct feel_value last;
};

static void get_traced(void *host, int slot, struct arena *arena, struct feel_value *value)
{
	value_at((size_t)slot, ((struct tracing *)host)->row, arena, value);
}

static void trace(void *host, const struct feel_step *step)
{
	struct tracing *t = host;
	t->steps++;
	t->last = *step->value;
	assert_non_null(step->text);
}

/* ---- expressions ---- */

static void number(struct str *s, int depth);
static void boolean(struct str *s, int depth);
static void date(struct str *s, int depth);
static void text(struct str *s, int depth);
static void days(struct str *s, int depth);
static void months(struct str *s, int depth);

static void slot_of(struct str *s, enum feel_kind kind)
{
	unsigned k;
	do
		k = below(SLOTS);
	while (slots[k].kind != kind);
	str_add(s, slots[k].name);
}

static void literal_number(struct str *s)
{
	switch (below(7)) {
	case 0: str_printf(s, "%u.%u", below(100), below(1000)); break;
	case 1: str_add(s, "9223372036854775807"); break;
	case 2: str_printf(s, "0.%05u", below(100000)); break;
	case 3: str_add(s, "0"); break;
	case 4: str_printf(s, "1.5e%u", below(20)); break;
	default: str_printf(s, "%u", below(120));
	}
}

static void pair(struct str *s, void (*one)(struct str *, int), const char *sign, int depth)
{
	str_add(s, "(");
	one(s, depth - 1);
	str_printf(s, " %s ", sign);
	one(s, depth - 1);
	str_add(s, ")");
}

static void number(struct str *s, int depth)
{
	static const char *const roundings[] = { "decimal", "floor", "ceiling", "round up", "round down", "round half up",
		"round half down", "round" };
	if (depth <= 0) {
		if (below(3))
			slot_of(s, FEEL_NUMBER);
		else
			literal_number(s);
		return;
	}
	switch (below(21)) {
	case 0:
	case 1:
	case 2: pair(s, number, "+", depth); break;
	case 3:
	case 4: pair(s, number, "-", depth); break;
	case 5:
	case 6:
	case 7: pair(s, number, "*", depth); break;
	case 8: pair(s, number, "/", depth); break;
	case 9:
		str_add(s, "-");
		number(s, depth - 1);
		break;
	case 10:
	case 11:
		str_printf(s, "%s(", roundings[below(8)]);
		number(s, depth - 1);
		str_printf(s, ", %d)", (int)below(6) - (below(4) == 0 ? 3 : 0));
		break;
	case 12:
		str_add(s, below(2) ? "floor(" : "abs(");
		number(s, depth - 1);
		str_add(s, ")");
		break;
	case 13:
	case 14: {
		static const char *const folds[] = { "min(", "max(", "sum(", "mean(" };
		str_add(s, folds[below(4)]);
		for (unsigned n = below(3);; n--) {
			number(s, depth - 1);
			if (!n)
				break;
			str_add(s, ", ");
		}
		str_add(s, ")");
		break;
	}
	case 15:
	case 16:
		str_add(s, "(if ");
		boolean(s, depth - 1);
		str_add(s, " then ");
		number(s, depth - 1);
		str_add(s, " else ");
		if (below(8))
			number(s, depth - 1);
		else
			str_add(s, "null");
		str_add(s, ")");
		break;
	case 17:
		if (below(2)) {
			str_add(s, "months(");
			date(s, depth - 1);
			str_add(s, " - ");
			slot_of(s, FEEL_DATE);
			str_add(s, ")");
		} else {
			str_add(s, "years between(");
			date(s, depth - 1);
			str_add(s, ", ");
			date(s, depth - 1);
			str_add(s, ")");
		}
		break;
	case 18:
		if (below(2)) {
			static const char *const parts[] = { "year", "month", "day", "weekday" };
			str_add(s, "(");
			date(s, depth - 1);
			str_printf(s, ").%s", parts[below(4)]);
		} else {
			str_add(s, "days(");
			days(s, depth - 1);
			str_add(s, ")");
		}
		break;
	case 19:
		str_add(s, "clamp(");
		number(s, depth - 1);
		str_printf(s, ", %u, %u.5)", below(50), below(100));
		break;
	default: /* not columnar */
		if (below(3)) {
			slot_of(s, FEEL_NUMBER);
		} else {
			str_add(s, "modulo(");
			number(s, depth - 1);
			str_add(s, ", 7)");
		}
	}
}

static void comparison(struct str *s, void (*one)(struct str *, int), int depth, bool ordered)
{
	static const char *const signs[] = { "=", "!=", "<", "<=", ">", ">=" };
	pair(s, one, signs[below(ordered ? 6 : 2)], depth);
}

static void membership(struct str *s, int depth)
{
	str_add(s, "(");
	number(s, depth - 1);
	str_add(s, " in ");
	switch (below(6)) {
	case 0: str_printf(s, "%c%u..%u%c", below(2) ? '[' : '(', below(50), 50 + below(100), below(2) ? ']' : ')'); break;
	case 1:
		str_add(s, "[");
		number(s, depth - 1);
		str_add(s, "..");
		number(s, 0);
		str_add(s, "]");
		break;
	case 2: str_printf(s, "[%u, %u, null, [%u..%u)]", below(20), below(20), below(20), 20 + below(20)); break;
	case 3:
		str_printf(s, "(< %u, >= ", below(20));
		number(s, depth - 1);
		str_add(s, ", = ");
		number(s, 0);
		str_add(s, ")");
		break;
	case 4: number(s, 0); break;
	default:
		str_add(s, "(");
		number(s, depth - 1);
		str_printf(s, ", %u, [", below(9));
		number(s, 0);
		str_add(s, ", 3])");
	}
	str_add(s, ")");
}

static void boolean(struct str *s, int depth)
{
	if (depth <= 0) {
		if (below(6))
			slot_of(s, FEEL_BOOLEAN);
		else
			str_add(s, below(2) ? "true" : "false");
		return;
	}
	switch (below(17)) {
	case 0:
	case 1: pair(s, boolean, "and", depth); break;
	case 2:
	case 3: pair(s, boolean, "or", depth); break;
	case 4:
		str_add(s, "not(");
		boolean(s, depth - 1);
		str_add(s, ")");
		break;
	case 5:
	case 6:
	case 7: comparison(s, number, depth, true); break;
	case 8: comparison(s, date, depth, true); break;
	case 9: comparison(s, text, depth, below(3) == 0); break;
	case 10: comparison(s, boolean, depth, false); break;
	case 11: comparison(s, below(2) ? days : months, depth, true); break;
	case 12: membership(s, depth); break;
	case 13:
		str_add(s, "(");
		number(s, depth - 1);
		str_add(s, " between ");
		number(s, depth - 1);
		str_add(s, " and ");
		number(s, 0);
		str_add(s, ")");
		break;
	case 14:
		str_add(s, "(");
		text(s, below(2));
		str_printf(s, " in (\"%s\", \"%s\"%s))", words[below(8)], more_words[below(4)], below(3) ? "" : ", null");
		break;
	case 15:
		str_add(s, "(");
		(below(2) ? number : date)(s, depth - 1);
		str_add(s, below(2) ? " = null)" : " != null)");
		break;
	default:
		str_add(s, "(");
		slot_of(s, FEEL_STRING);
		str_printf(s, " %s \"%s\")", below(2) ? "=" : "!=", words[below(8)]);
	}
}

static void date(struct str *s, int depth)
{
	if (depth <= 0) {
		if (below(4))
			slot_of(s, FEEL_DATE);
		else
			str_printf(s, "date(\"20%02u-0%u-%02u\")", below(40), 1 + below(9), 1 + below(28));
		return;
	}
	switch (below(7)) {
	case 0:
	case 1:
		str_add(s, "(");
		date(s, depth - 1);
		str_add(s, below(2) ? " + " : " - ");
		(below(2) ? days : months)(s, depth - 1);
		str_add(s, ")");
		break;
	case 2:
		str_add(s, "(if ");
		boolean(s, depth - 1);
		str_add(s, " then ");
		date(s, depth - 1);
		str_add(s, " else ");
		date(s, depth - 1);
		str_add(s, ")");
		break;
	case 3:
		str_add(s, below(2) ? "min(" : "max(");
		date(s, depth - 1);
		str_add(s, ", ");
		date(s, depth - 1);
		str_add(s, ")");
		break;
	case 4: str_add(s, "today()"); break;
	default: slot_of(s, FEEL_DATE);
	}
}

static void text(struct str *s, int depth)
{
	if (depth <= 0 || below(3)) {
		if (below(3))
			slot_of(s, FEEL_STRING);
		else
			str_printf(s, "\"%s\"", words[below(8)]);
		return;
	}
	if (below(6) == 0) { /* not columnar */
		pair(s, text, "+", depth);
		return;
	}
	str_add(s, "(if ");
	boolean(s, depth - 1);
	str_add(s, " then ");
	text(s, depth - 1);
	str_add(s, " else ");
	text(s, depth - 1);
	str_add(s, ")");
}

static void days(struct str *s, int depth)
{
	if (depth <= 0) {
		if (below(3))
			slot_of(s, FEEL_DAYS_DURATION);
		else
			str_printf(s, "duration(\"%sP%uDT%uH\")", below(2) ? "-" : "", below(90), below(30));
		return;
	}
	switch (below(4)) {
	case 0: pair(s, date, "-", depth); break;
	case 1: pair(s, days, below(2) ? "+" : "-", depth); break;
	case 2:
		str_add(s, "-");
		days(s, depth - 1);
		break;
	default: slot_of(s, FEEL_DAYS_DURATION);
	}
}

static void months(struct str *s, int depth)
{
	if (depth <= 0) {
		if (below(3))
			slot_of(s, FEEL_MONTHS_DURATION);
		else
			str_printf(s, "duration(\"P%uY%uM\")", below(9), below(30));
		return;
	}
	if (below(2))
		pair(s, months, below(2) ? "+" : "-", depth);
	else
		slot_of(s, FEEL_MONTHS_DURATION);
}

/* ---- agreement ---- */

static void fail_at(
	const char *expression, size_t row, const struct feel_value *a, const struct feel_value *b, const char *who)
{
	struct str s = { 0 };
	str_printf(&s, "%s: row %zu: ", who, row);
	feel_print_literal(&s, a);
	str_add(&s, " against ");
	feel_print_literal(&s, b);
	str_printf(&s, " in %s\n", expression);
	for (size_t i = 0; i < SLOTS; i++) {
		struct arena arena = { 0 };
		struct feel_value v;
		value_at(i, row, &arena, &v);
		str_printf(&s, "  %s = ", slots[i].name);
		feel_print_literal(&s, &v);
		arena_release(&arena);
	}
	print_error("%s\n", str_text(&s));
	str_release(&s);
	fail();
}

static struct feel_value cell(const struct feel_column *c, size_t row, struct arena *arena)
{
	if (c->v[row] == INT64_MIN)
		return feel_null();
	switch (c->type.kind) {
	case FEEL_BOOLEAN: return feel_boolean(c->v[row]);
	case FEEL_NUMBER:
		return feel_number(c->decimals ? c->decimals[row] : decimal_from_scaled(c->v[row], c->type.scale));
	case FEEL_STRING: return feel_string(arena, c->texts[c->v[row]], strlen(c->texts[c->v[row]]));
	case FEEL_DATE: return feel_date((int32_t)c->v[row]);
	case FEEL_DAYS_DURATION: return (struct feel_value){ .kind = FEEL_DAYS_DURATION, .days = { c->v[row], 0 } };
	case FEEL_MONTHS_DURATION: return (struct feel_value){ .kind = FEEL_MONTHS_DURATION, .months = c->v[row] };
	default: return feel_null();
	}
}

static bool same(const struct feel_value *a, const struct feel_value *b)
{
	return a->kind == b->kind && feel_equal(a, b) == 1;
}

static void compare(const struct feel_expr *expr, size_t count, int scale)
{
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct feel_rows rows = { .count = count, .column = column, .get = get_row, .today = 20000 };
	struct feel_column fast, slow;
	int f = feel_eval_rows(expr, &rows, scale, &arena, &fast, &err);
	struct err slow_err = { 0 };
	int b = feel_eval_rows_boxed(expr, &rows, scale, &arena, &slow, &slow_err);
	if (f || b)
		fail_msg("%s: %s / %s", feel_text_of(expr), err.text, slow_err.text);
	if (fast.type.kind != slow.type.kind || fast.type.scale != slow.type.scale || !fast.decimals != !slow.decimals)
		fail_msg("%s: kind %d scale %d against kind %d scale %d", feel_text_of(expr), fast.type.kind, fast.type.scale,
			slow.type.kind, slow.type.scale);
	for (size_t i = 0; i < count; i++) {
		struct feel_value x = cell(&fast, i, &arena), y = cell(&slow, i, &arena);
		if (fast.v[i] != slow.v[i]
			|| (fast.decimals && fast.v[i] != INT64_MIN
				&& memcmp(&fast.decimals[i], &slow.decimals[i], sizeof *fast.decimals)))
			fail_at(feel_text_of(expr), i, &x, &y, "column and boxed");
		if (fast.type.kind == FEEL_STRING && !same(&x, &y))
			fail_at(feel_text_of(expr), i, &x, &y, "column and boxed");
		if (i % 7 == 0) {
			struct tracing t = { .row = i };
			struct feel_env env = { .host = &t, .get = get_traced, .trace = trace, .today = 20000 };
			struct feel_value z;
			assert_int_equal(feel_eval(expr, &env, &arena, &z, &err), 0);
			if (!same(&x, &z))
				fail_at(feel_text_of(expr), i, &x, &z, "column and tracing");
			if (t.steps && !same(&t.last, &z))
				fail_at(feel_text_of(expr), i, &t.last, &z, "the last step and the result");
		}
	}
	arena_release(&arena);
}

static void agree(void **unused)
{
	(void)unused;
	const char *given = getenv("FEEL_SEED"), *number_of = getenv("FEEL_EXPRESSIONS");
	uint64_t seed = given ? strtoull(given, NULL, 10) : 20260930;
	size_t expressions = number_of ? strtoull(number_of, NULL, 10) : 4000, columnar = 0;
	state = seed;
	struct feel_scope *scope = feel_scope_new(NULL);
	for (int i = 0; i < SLOTS; i++) {
		struct feel_type type = { .kind = slots[i].kind, .scale = slots[i].scale };
		feel_scope_add(scope, slots[i].name, &type, i);
	}
	void (*const kinds[])(struct str *, int) = { number, number, number, boolean, boolean, date, text, days, months };
	for (size_t i = 0; i < expressions; i++) {
		size_t rows = i % 100 == 0 ? ROWS_MAX - below(400) : 1 + below(60);
		if (i % 10 == 0)
			fill_columns(ROWS_MAX);
		struct str s = { 0 };
		kinds[below(9)](&s, (int)below(5));
		struct err err = { 0 };
		struct feel_expr *expr = feel_compile(str_text(&s), "test", scope, NULL, &err);
		if (!expr && !strstr(err.text, "is nothing")) /* a constant that cannot be is refused: 1 / 0 of literals */
			fail_msg("seed %" PRIu64 ": %s", seed, err.text);
		if (expr) {
			columnar += feel_is_columnar(expr);
			compare(expr, rows, (int)below(6) - 1);
		}
		feel_free(expr);
		str_release(&s);
	}
	feel_scope_free(scope);
	print_message("seed %" PRIu64 ": %zu expressions agree, %zu of them by column\n", seed, expressions, columnar);
	assert_true(columnar * 10 > expressions * 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(agree) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
