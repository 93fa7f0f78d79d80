/*
 * column.c - compiles typed expressions to flat programs over columns.
 *
 * Decides: which expressions are columnar (numbers, truth values, dates, durations, texts with operators, comparisons,
 * ranges, if, and the functions listed at the end) and at which scale numbers are kept. Anything else makes the whole
 * expression boxed. Does not decide: results; every step must yield what eval.c yields, nulls included.
 */
#include "feel/column.h"

#include "base/mem.h"

#include <string.h>

struct reg {
	uint16_t index;
	enum feel_kind kind;
	int scale /* of numbers; -1 wide */;
	bool fixed;
	const struct feel_value *constant;
};
struct generator {
	struct arena *arena;
	bool wide, bad;
	VEC(struct column_step) steps;
	uint16_t registers;
	bool busy[COLUMN_REGISTERS];
	int depth;
};

static bool generate(struct generator *g, const struct node *n, struct reg *out);

/* ---- registers and steps ---- */

/* A free register; `fresh`: one nobody has written, since constants are filled before the first step. */
static uint16_t take(struct generator *g, bool fresh)
{
	for (uint16_t i = fresh ? g->registers : 0; i < COLUMN_REGISTERS; i++)
		if (!g->busy[i]) {
			g->busy[i] = true;
			if (i >= g->registers)
				g->registers = (uint16_t)(i + 1);
			return i;
		}
	g->bad = true;
	return 0;
}

static void give(struct generator *g, const struct reg *r)
{
	if (!r->fixed)
		g->busy[r->index] = false;
}

static struct column_step *emit(struct generator *g, enum column_op op, struct reg *out, enum feel_kind kind, int scale)
{
	struct column_step step = { .op = op,
		.kind = kind,
		.dst = take(g, op == COL_CONST || op == COL_CONST_WIDE || op == COL_TODAY),
		.scale = scale };
	*out = (struct reg){ .index = step.dst, .kind = kind, .scale = scale };
	VEC_PUSH(&g->steps, step);
	return &g->steps.at[g->steps.count - 1];
}

static void unary(
	struct generator *g, enum column_op op, struct reg a, struct reg *out, enum feel_kind kind, int scale, int64_t imm)
{
	give(g, &a);
	struct column_step *s = emit(g, op, out, kind, scale);
	s->a = a.index;
	s->imm = imm;
}

static void binary(
	struct generator *g, enum column_op op, struct reg a, struct reg b, struct reg *out, enum feel_kind kind, int scale)
{
	give(g, &a);
	give(g, &b);
	struct column_step *s = emit(g, op, out, kind, scale);
	s->a = a.index;
	s->b = b.index;
}

/* ---- constants ---- */

static void constant_int(struct generator *g, int64_t value, enum feel_kind kind, int scale, struct reg *out)
{
	emit(g, COL_CONST, out, kind, scale)->imm = value;
	out->fixed = true;
}

static void constant_wide(struct generator *g, struct decimal d, bool null, struct reg *out)
{
	struct column_step *s = emit(g, COL_CONST_WIDE, out, FEEL_NUMBER, -1);
	s->number = d;
	s->imm = null ? INT64_MIN : 0;
	out->fixed = true;
}

/* A number at exactly this scale, else wide. */
static void constant_number(struct generator *g, const struct feel_value *v, int scale, struct reg *out)
{
	int64_t scaled;
	if (!g->wide && scale >= 0 && decimal_to_scaled(v->number, scale, &scaled) && scaled != INT64_MIN)
		constant_int(g, scaled, FEEL_NUMBER, scale, out);
	else
		constant_wide(g, v->number, false, out);
	out->constant = v;
}

static bool constant(struct generator *g, const struct feel_value *v, struct reg *out)
{
	int64_t scaled;
	int scale = 0;
	switch (v->kind) {
	case FEEL_NULL: constant_int(g, INT64_MIN, FEEL_NULL, 0, out); return true;
	case FEEL_BOOLEAN: constant_int(g, v->boolean, v->kind, 0, out); return true;
	case FEEL_NUMBER:
		while (scale <= DECIMAL_SCALE_MAX && !decimal_to_scaled(v->number, scale, &scaled))
			scale++;
		constant_number(g, v, scale <= DECIMAL_SCALE_MAX ? scale : -1, out);
		return true;
	case FEEL_DATE: constant_int(g, v->date, v->kind, 0, out); return true;
	case FEEL_MONTHS_DURATION: constant_int(g, v->months, v->kind, 0, out); return v->months != INT64_MIN;
	case FEEL_DAYS_DURATION:
		constant_int(g, v->days.seconds, v->kind, 0, out);
		return !v->days.nanos && v->days.seconds != INT64_MIN;
	case FEEL_STRING:
		constant_int(g, (int64_t)(intptr_t)v->string.text, v->kind, 0, out);
		return strlen(v->string.text) == v->string.length;
	default: return false;
	}
}

/* ---- scales ---- */

static void widen(struct generator *g, struct reg *r)
{
	if (r->scale < 0)
		return;
	struct reg wide;
	if (r->kind == FEEL_NULL)
		constant_wide(g, decimal_from_int(0), true, &wide);
	else if (r->constant)
		constant_wide(g, r->constant->number, false, &wide);
	else
		unary(g, COL_WIDEN, *r, &wide, FEEL_NUMBER, -1, 0);
	if (r->kind != FEEL_NULL && !r->constant)
		g->steps.at[g->steps.count - 1].slot = r->scale; /* the scale it had */
	*r = wide;
}

static void rescale(struct generator *g, struct reg *r, int scale)
{
	if (r->scale == scale || r->kind == FEEL_NULL)
		return;
	struct reg to;
	if (r->constant) {
		constant_number(g, r->constant, scale, &to);
	} else {
		unary(g, COL_RESCALE, *r, &to, FEEL_NUMBER, scale, decimal_pow10(scale - r->scale));
	}
	*r = to;
}

/* Both at one scale, or both wide. */
static void align(struct generator *g, struct reg *a, struct reg *b)
{
	if (a->scale >= 0 && b->scale >= 0) {
		int scale = a->scale > b->scale ? a->scale : b->scale;
		if (a->kind == FEEL_NULL)
			scale = b->scale;
		else if (b->kind == FEEL_NULL)
			scale = a->scale;
		rescale(g, a, scale);
		rescale(g, b, scale);
	}
	if (a->scale < 0 || b->scale < 0) {
		widen(g, a);
		widen(g, b);
	}
}

/* Whole numbers out of dates and durations. */
static bool whole(struct generator *g, struct reg *r)
{
	if (g->wide)
		widen(g, r);
	return true;
}

/* ---- operators ---- */

static bool is_scalar(enum feel_kind k)
{
	return k == FEEL_BOOLEAN || k == FEEL_NUMBER || k == FEEL_DATE || k == FEEL_DAYS_DURATION
		|| k == FEEL_MONTHS_DURATION || k == FEEL_STRING;
}

static bool is_span(enum feel_kind k)
{
	return k == FEEL_DAYS_DURATION || k == FEEL_MONTHS_DURATION;
}

/*
 * a / c for a constant whose reciprocal ends (0.025 for 40): a product, exact in scaled numbers. Both factors must be
 * short enough that decimal128 would be exact as well, so that the quotient is the same.
 */
static bool divide_by_constant(struct generator *g, struct reg a, const struct feel_value *c, struct reg *out)
{
	int64_t unit, by;
	int scale = 0, by_scale = 0;
	if (g->wide || a.scale < 0 || decimal_is_zero(c->number))
		return false;
	struct decimal reciprocal = decimal_div(decimal_from_int(1), c->number);
	while (scale <= 15 && !decimal_to_scaled(reciprocal, scale, &unit))
		scale++;
	while (by_scale <= 15 && !decimal_to_scaled(c->number, by_scale, &by))
		by_scale++;
	if (scale > 15 || by_scale > 15 || a.scale + scale > DECIMAL_SCALE_MAX)
		return false;
	const int64_t most =
		INT64_C(1000000000000000); /* 15 digits each: the check below is exact, and so is the product with 19 */
	if (unit > most || unit < -most || by > most || by < -most
		|| decimal_compare(decimal_mul(reciprocal, c->number), decimal_from_int(1)))
		return false;
	struct reg factor;
	constant_int(g, unit, FEEL_NUMBER, scale, &factor);
	binary(g, COL_MUL, a, factor, out, FEEL_NUMBER, a.scale + scale);
	return true;
}

static bool arithmetic(struct generator *g, enum node_kind op, struct reg a, struct reg b, struct reg *out)
{
	if (a.kind == FEEL_NUMBER && b.kind == FEEL_NUMBER) {
		if (op == NODE_DIV) {
			if (b.constant && divide_by_constant(g, a, b.constant, out))
				return true;
			widen(g, &a);
			widen(g, &b);
			binary(g, COL_WIDE_DIV, a, b, out, FEEL_NUMBER, -1);
			return true;
		}
		if (op == NODE_MUL) {
			if (a.scale >= 0 && b.scale >= 0 && a.scale + b.scale <= DECIMAL_SCALE_MAX) {
				binary(g, COL_MUL, a, b, out, FEEL_NUMBER, a.scale + b.scale);
				return true;
			}
			widen(g, &a);
			widen(g, &b);
			binary(g, COL_WIDE_MUL, a, b, out, FEEL_NUMBER, -1);
			return true;
		}
		if (op != NODE_ADD && op != NODE_SUB)
			return false;
		align(g, &a, &b);
		if (a.scale < 0)
			binary(g, op == NODE_ADD ? COL_WIDE_ADD : COL_WIDE_SUB, a, b, out, FEEL_NUMBER, -1);
		else
			binary(g, op == NODE_ADD ? COL_ADD : COL_SUB, a, b, out, FEEL_NUMBER, a.scale);
		return true;
	}
	if (op != NODE_ADD && op != NODE_SUB)
		return false;
	if (is_span(a.kind) && a.kind == b.kind) {
		binary(g, op == NODE_ADD ? COL_SPAN_ADD : COL_SPAN_SUB, a, b, out, a.kind, 0);
		return true;
	}
	if (op == NODE_ADD && is_span(a.kind) && b.kind == FEEL_DATE) {
		struct reg swap = a;
		a = b;
		b = swap;
	}
	if (a.kind == FEEL_DATE && is_span(b.kind)) {
		binary(g, b.kind == FEEL_DAYS_DURATION ? COL_DATE_DAYS : COL_DATE_MONTHS, a, b, out, FEEL_DATE, 0);
		g->steps.at[g->steps.count - 1].imm = op == NODE_ADD ? 1 : -1;
		return true;
	}
	if (op == NODE_SUB && a.kind == FEEL_DATE && b.kind == FEEL_DATE) {
		binary(g, COL_DATE_SUB, a, b, out, FEEL_DAYS_DURATION, 0);
		return true;
	}
	return false;
}

static bool compare(struct generator *g, enum node_kind op, struct reg a, struct reg b, struct reg *out)
{
	bool equality = op == NODE_EQ || op == NODE_NE;
	if (equality && (a.kind == FEEL_NULL || b.kind == FEEL_NULL)) {
		struct reg of = a.kind == FEEL_NULL ? b : a, other = a.kind == FEEL_NULL ? a : b;
		give(g, &other);
		unary(g, op == NODE_EQ ? COL_IS_NULL : COL_NOT_NULL, of, out, FEEL_BOOLEAN, 0, 0);
		return true;
	}
	if (a.kind != b.kind || (!equality && a.kind == FEEL_BOOLEAN) || !is_scalar(a.kind))
		return false;
	enum column_op base = COL_EQ;
	if (a.kind == FEEL_NUMBER) {
		align(g, &a, &b);
		base = a.scale < 0 ? COL_WIDE_EQ : COL_EQ;
	} else if (a.kind == FEEL_STRING) {
		base = COL_TEXT_EQ;
	}
	binary(g, (enum column_op)((int)base + (int)op - NODE_EQ), a, b, out, FEEL_BOOLEAN, 0);
	return true;
}

/* ---- membership ---- */

/* A slot of texts tested against constants only. */
static bool text_set(struct generator *g, const struct node *of, const struct feel_value *const *values, size_t count,
	bool in, struct reg *out)
{
	if (of->kind != NODE_SLOT || of->type.kind != FEEL_STRING)
		return false;
	const char **texts = arena_alloc(g->arena, count + 1, sizeof *texts);
	size_t n = 0;
	bool with_null = false;
	for (size_t i = 0; i < count; i++) {
		if (values[i]->kind == FEEL_NULL)
			with_null = true;
		else if (values[i]->kind == FEEL_STRING && strlen(values[i]->string.text) == values[i]->string.length)
			texts[n++] = values[i]->string.text;
		else
			return false;
	}
	struct column_step *s = emit(g, COL_TEXT_SET, out, FEEL_BOOLEAN, 0);
	s->slot = of->slot;
	s->texts = texts;
	s->text_count = n;
	s->with_null = with_null;
	s->imm = in;
	return true;
}

struct values {
	VEC(const struct feel_value *) v;
};

static bool texts_of(const struct feel_value *v, struct values *out)
{
	if (v->kind == FEEL_LIST) {
		for (size_t i = 0; i < v->list->count; i++) {
			if (v->list->at[i].kind != FEEL_STRING && v->list->at[i].kind != FEEL_NULL)
				return false;
			VEC_PUSH(&out->v, &v->list->at[i]);
		}
		return true;
	}
	VEC_PUSH(&out->v, v);
	return v->kind == FEEL_STRING || v->kind == FEEL_NULL;
}

static bool in_text_set(struct generator *g, const struct node *n, struct reg *out)
{
	struct values values = { 0 };
	bool ok = n->child[0]->kind == NODE_SLOT && n->child[0]->type.kind == FEEL_STRING;
	for (size_t i = 1; ok && i < n->count; i++)
		ok = n->child[i]->kind == NODE_CONSTANT && texts_of(&n->child[i]->value, &values);
	ok = ok && text_set(g, n->child[0], values.v.at, values.v.count, true, out);
	VEC_RELEASE(&values.v);
	return ok;
}

/* The value tested, generated afresh: a register is used once. */
static bool tested(struct generator *g, const struct node *of, struct reg *out)
{
	return generate(g, of, out);
}

static bool in_bounds(struct generator *g, const struct node *of, struct reg low, bool low_closed, struct reg high,
	bool high_closed, struct reg *out)
{
	struct reg a, b, x, y;
	if (!tested(g, of, &a) || !compare(g, low_closed ? NODE_GE : NODE_GT, a, low, &x) || !tested(g, of, &b)
		|| !compare(g, high_closed ? NODE_LE : NODE_LT, b, high, &y))
		return false;
	binary(g, COL_AND3, x, y, out, FEEL_BOOLEAN, 0);
	return true;
}

static bool in_range_value(struct generator *g, const struct node *of, const struct feel_range *r, struct reg *out)
{
	struct reg a, low, high;
	if (r->low_open_ended && r->high_open_ended)
		return constant(g, &r->low, &low) && tested(g, of, &a)
			&& compare(g, r->low_closed ? NODE_EQ : NODE_NE, a, low, out);
	if (r->low_open_ended)
		return r->high.kind == of->type.kind && constant(g, &r->high, &high) && tested(g, of, &a)
			&& compare(g, r->high_closed ? NODE_LE : NODE_LT, a, high, out);
	if (r->high_open_ended)
		return r->low.kind == of->type.kind && constant(g, &r->low, &low) && tested(g, of, &a)
			&& compare(g, r->low_closed ? NODE_GE : NODE_GT, a, low, out);
	return r->low.kind == of->type.kind && r->high.kind == of->type.kind && constant(g, &r->low, &low)
		&& constant(g, &r->high, &high) && in_bounds(g, of, low, r->low_closed, high, r->high_closed, out);
}

/* One item of a list, or a constant test: equality counts nulls. */
static bool in_value(struct generator *g, const struct node *of, const struct feel_value *v, struct reg *out)
{
	struct reg a, b;
	if (v->kind == FEEL_RANGE)
		return in_range_value(g, of, v->range, out);
	if (v->kind != of->type.kind && v->kind != FEEL_NULL)
		return false;
	return constant(g, v, &b) && tested(g, of, &a) && compare(g, NODE_EQ, a, b, out);
}

static void or_into(struct generator *g, struct reg *all, struct reg part, bool *first)
{
	if (*first) {
		*all = part;
		*first = false;
	} else {
		struct reg a = *all;
		binary(g, COL_OR, a, part, all, FEEL_BOOLEAN, 0);
	}
}

static bool in_set(struct generator *g, const struct node *of, const struct node *set, bool item, struct reg *out);

static bool in_list(struct generator *g, const struct node *of, const struct node *set, struct reg *out)
{
	bool first = true;
	struct reg part;
	if (set->kind == NODE_LIST) {
		for (size_t i = 0; i < set->count; i++) {
			if (!in_set(g, of, set->child[i], true, &part))
				return false;
			or_into(g, out, part, &first);
		}
	} else {
		for (size_t i = 0; i < set->value.list->count; i++) {
			if (!in_value(g, of, &set->value.list->at[i], &part))
				return false;
			or_into(g, out, part, &first);
		}
	}
	if (first)
		constant_int(g, 0, FEEL_BOOLEAN, 0, out);
	return true;
}

static bool in_set(struct generator *g, const struct node *of, const struct node *set, bool item, struct reg *out)
{
	struct reg a, b, c;
	if (set->input)
		return false;
	if (set->kind == NODE_CONSTANT) {
		if (set->value.kind == FEEL_LIST)
			return !item && in_list(g, of, set, out);
		return in_value(g, of, &set->value, out);
	}
	if (set->kind == NODE_LIST)
		return !item && in_list(g, of, set, out);
	if (set->kind == NODE_UNARY)
		return set->child[0]->type.kind == of->type.kind && tested(g, of, &a) && generate(g, set->child[0], &b)
			&& compare(g, set->op, a, b, out);
	if (set->kind == NODE_RANGE)
		return !set->keeps && set->child[0]->type.kind == of->type.kind && set->child[1]->type.kind == of->type.kind
			&& generate(g, set->child[0], &b) && generate(g, set->child[1], &c)
			&& in_bounds(g, of, b, set->range.low_closed, c, set->range.high_closed, out);
	if (set->type.kind != of->type.kind)
		return false;
	if (!tested(g, of, &a) || !generate(g, set, &b))
		return false;
	if (item)
		return compare(g, NODE_EQ, a, b, out);
	/* a single value: if it is null and the tested value is not, nobody knows */
	struct reg a2, b2, equal;
	if (!compare(g, NODE_EQ, a, b, &equal) || !tested(g, of, &a2) || !generate(g, set, &b2))
		return false;
	give(g, &a2);
	give(g, &b2);
	give(g, &equal);
	struct column_step *s = emit(g, COL_SAME_OR_NULL, out, FEEL_BOOLEAN, 0);
	s->a = a2.index;
	s->b = b2.index;
	s->c = equal.index;
	return true;
}

static bool membership(struct generator *g, const struct node *n, struct reg *out)
{
	bool first = true;
	struct reg part;
	if (!is_scalar(n->child[0]->type.kind))
		return false;
	if (in_text_set(g, n, out))
		return true;
	for (size_t i = 1; i < n->count; i++) {
		if (!in_set(g, n->child[0], n->child[i], false, &part))
			return false;
		or_into(g, out, part, &first);
	}
	return !first;
}

/* ---- if and functions ---- */

static bool conditional(struct generator *g, const struct node *n, struct reg *out)
{
	struct reg c, a, b;
	if (!generate(g, n->child[0], &c) || (c.kind != FEEL_BOOLEAN && c.kind != FEEL_NULL)
		|| !generate(g, n->child[1], &a) || !generate(g, n->child[2], &b))
		return false;
	enum feel_kind kind = a.kind == FEEL_NULL ? b.kind : a.kind;
	if (!is_scalar(kind) || (a.kind != kind && a.kind != FEEL_NULL) || (b.kind != kind && b.kind != FEEL_NULL))
		return false;
	int scale = 0;
	if (kind == FEEL_NUMBER) {
		align(g, &a, &b);
		scale = a.kind == FEEL_NULL ? b.scale : a.scale;
	}
	give(g, &c);
	give(g, &a);
	give(g, &b);
	struct column_step *s = emit(g, scale < 0 ? COL_WIDE_IF : COL_IF, out, kind, scale);
	s->a = c.index;
	s->b = a.index;
	s->c = b.index;
	return true;
}

static bool fold_pairs(struct generator *g, const struct node *n, bool greatest, struct reg *out)
{
	if (!generate(g, n->child[0], out) || (out->kind != FEEL_NUMBER && out->kind != FEEL_DATE && !is_span(out->kind)))
		return false;
	for (size_t i = 1; i < n->count; i++) {
		struct reg a = *out, b;
		if (!generate(g, n->child[i], &b) || b.kind != a.kind)
			return false;
		int scale = 0;
		enum column_op op = greatest ? COL_MAX : COL_MIN;
		if (a.kind == FEEL_NUMBER) {
			align(g, &a, &b);
			scale = a.scale;
			if (scale < 0)
				op = greatest ? COL_WIDE_MAX : COL_WIDE_MIN;
		}
		binary(g, op, a, b, out, a.kind, scale);
	}
	return true;
}

static bool total(struct generator *g, const struct node *n, struct reg *out)
{
	if (!generate(g, n->child[0], out) || (out->kind != FEEL_NUMBER && !is_span(out->kind)))
		return false;
	for (size_t i = 1; i < n->count; i++) {
		struct reg a = *out, b;
		if (!generate(g, n->child[i], &b) || b.kind != a.kind || !arithmetic(g, NODE_ADD, a, b, out))
			return false;
	}
	return true;
}

static bool mean(struct generator *g, const struct node *n, struct reg *out)
{
	struct reg sum, count;
	struct feel_value items = feel_integer((int64_t)n->count);
	if (!total(g, n, &sum) || sum.kind != FEEL_NUMBER)
		return false;
	if (divide_by_constant(g, sum, &items, out))
		return true;
	widen(g, &sum);
	constant_wide(g, decimal_from_int((int64_t)n->count), false, &count);
	binary(g, COL_WIDE_DIV, sum, count, out, FEEL_NUMBER, -1);
	return true;
}

static bool rounding(struct generator *g, const struct node *n, enum decimal_rounding mode, struct reg *out)
{
	int64_t places = 0;
	struct reg a;
	if (n->count == 2) {
		const struct node *p = n->child[1];
		if (p->kind != NODE_CONSTANT || p->value.kind != FEEL_NUMBER || !decimal_to_int(p->value.number, &places)
			|| places < -6000 || places > 6000)
			return false;
	}
	if (!generate(g, n->child[0], &a) || a.kind != FEEL_NUMBER)
		return false;
	if (a.scale >= 0 && places >= a.scale) {
		*out = a;
		return true;
	}
	if (a.scale >= 0 && places >= 0) {
		unary(g, COL_ROUND, a, out, FEEL_NUMBER, (int)places, decimal_pow10(a.scale - (int)places));
	} else {
		widen(g, &a);
		unary(g, COL_WIDE_ROUND, a, out, FEEL_NUMBER, -1, places);
	}
	g->steps.at[g->steps.count - 1].mode = mode;
	return true;
}

static bool clamp(struct generator *g, const struct node *n, struct reg *out)
{
	const struct node *low = n->child[1], *high = n->child[2];
	if (low->kind != NODE_CONSTANT || high->kind != NODE_CONSTANT || low->value.kind != FEEL_NUMBER
		|| high->value.kind != FEEL_NUMBER || decimal_compare(low->value.number, high->value.number) > 0)
		return false;
	struct reg a, l, h, up;
	if (!generate(g, n->child[0], &a) || a.kind != FEEL_NUMBER || !constant(g, &low->value, &l))
		return false;
	align(g, &a, &l);
	binary(g, a.scale < 0 ? COL_WIDE_MAX : COL_MAX, a, l, &up, FEEL_NUMBER, a.scale);
	if (!constant(g, &high->value, &h))
		return false;
	align(g, &up, &h);
	binary(g, up.scale < 0 ? COL_WIDE_MIN : COL_MIN, up, h, out, FEEL_NUMBER, up.scale);
	return true;
}

static bool of_dates(struct generator *g, const struct node *n, enum column_op op, struct reg *out)
{
	struct reg a, b;
	if (!generate(g, n->child[0], &a) || !generate(g, n->child[1], &b) || a.kind != FEEL_DATE || b.kind != FEEL_DATE)
		return false;
	binary(g, op, a, b, out, FEEL_NUMBER, 0);
	return whole(g, out);
}

static bool of_one(
	struct generator *g, const struct node *n, enum feel_kind kind, enum column_op op, int64_t imm, struct reg *out)
{
	struct reg a;
	if (!generate(g, n->child[0], &a) || a.kind != kind)
		return false;
	unary(g, op, a, out, FEEL_NUMBER, 0, imm);
	return whole(g, out);
}

static bool call(struct generator *g, const struct node *n, struct reg *out)
{
	static const struct {
		const char *name;
		enum decimal_rounding mode;
	} roundings[] = { { "decimal", DECIMAL_HALF_EVEN }, { "floor", DECIMAL_FLOOR }, { "ceiling", DECIMAL_CEILING },
		{ "round up", DECIMAL_UP }, { "round down", DECIMAL_DOWN }, { "round half up", DECIMAL_HALF_UP },
		{ "round half down", DECIMAL_HALF_DOWN }, { "round", DECIMAL_HALF_UP } };
	const char *name = n->builtin->name;
	struct reg a;
	for (size_t i = 0; i < sizeof roundings / sizeof *roundings; i++)
		if (!strcmp(name, roundings[i].name))
			return rounding(g, n, roundings[i].mode, out);
	for (size_t i = 0; i < n->count; i++)
		if (!is_scalar(n->child[i]->type.kind))
			return false;
	if (!strcmp(name, "min") || !strcmp(name, "max"))
		return n->count && fold_pairs(g, n, name[1] == 'a', out);
	if (!strcmp(name, "sum"))
		return n->count && total(g, n, out);
	if (!strcmp(name, "mean"))
		return n->count && mean(g, n, out);
	if (!strcmp(name, "clamp"))
		return clamp(g, n, out);
	if (!strcmp(name, "months between"))
		return of_dates(g, n, COL_MONTHS_BETWEEN, out);
	if (!strcmp(name, "years between"))
		return of_dates(g, n, COL_YEARS_BETWEEN, out);
	if (!strcmp(name, "days"))
		return of_one(g, n, FEEL_DAYS_DURATION, COL_QUOTIENT, 86400, out);
	if (!strcmp(name, "months"))
		return of_one(g, n, FEEL_MONTHS_DURATION, COL_QUOTIENT, 1, out);
	if (!strcmp(name, "years"))
		return of_one(g, n, FEEL_MONTHS_DURATION, COL_QUOTIENT, 12, out);
	if (!strcmp(name, "abs")) {
		if (!generate(g, n->child[0], &a) || a.kind != FEEL_NUMBER)
			return false;
		unary(g, a.scale < 0 ? COL_WIDE_ABS : COL_ABS, a, out, FEEL_NUMBER, a.scale, 0);
		return true;
	}
	if (!strcmp(name, "not")) {
		if (!generate(g, n->child[0], &a) || a.kind != FEEL_BOOLEAN)
			return false;
		unary(g, COL_NOT, a, out, FEEL_BOOLEAN, 0, 0);
		return true;
	}
	if (!strcmp(name, "today")) {
		emit(g, COL_TODAY, out, FEEL_DATE, 0);
		out->fixed = true;
		return true;
	}
	return false;
}

static bool path(struct generator *g, const struct node *n, struct reg *out)
{
	if (n->child[0]->type.kind != FEEL_DATE)
		return false;
	enum column_op op = !strcmp(n->name, "year") ? COL_YEAR
		: !strcmp(n->name, "month")              ? COL_MONTH
		: !strcmp(n->name, "day")                ? COL_DAY
		: !strcmp(n->name, "weekday")            ? COL_WEEKDAY
												 : COL_LOAD;
	return op != COL_LOAD && of_one(g, n, FEEL_DATE, op, 0, out);
}

/* ---- nodes ---- */

static bool slot(struct generator *g, const struct node *n, struct reg *out)
{
	if (!is_scalar(n->type.kind) || n->slot < 0)
		return false;
	enum column_op op = n->type.kind == FEEL_STRING ? COL_LOAD_TEXT : COL_LOAD;
	int scale = 0;
	if (n->type.kind == FEEL_NUMBER) {
		scale = g->wide || n->type.scale < 0 || n->type.scale > DECIMAL_SCALE_MAX ? -1 : n->type.scale;
		if (scale < 0)
			op = COL_LOAD_WIDE;
	}
	emit(g, op, out, n->type.kind, scale)->slot = n->slot;
	return true;
}

static bool logic(struct generator *g, const struct node *n, struct reg *out)
{
	struct reg a, b;
	if (!generate(g, n->child[0], &a) || !generate(g, n->child[1], &b))
		return false;
	if ((a.kind != FEEL_BOOLEAN && a.kind != FEEL_NULL) || (b.kind != FEEL_BOOLEAN && b.kind != FEEL_NULL))
		return false;
	binary(g, n->kind == NODE_AND ? COL_AND : COL_OR, a, b, out, FEEL_BOOLEAN, 0);
	return true;
}

static bool comparison(struct generator *g, const struct node *n, struct reg *out)
{
	struct reg a, b;
	if (n->kind == NODE_EQ || n->kind == NODE_NE)
		for (int i = 0; i < 2; i++)
			if (n->child[!i]->kind == NODE_CONSTANT && n->child[!i]->value.kind == FEEL_STRING) {
				const struct feel_value *values[1] = { &n->child[!i]->value };
				if (text_set(g, n->child[i], values, 1, n->kind == NODE_EQ, out))
					return true;
			}
	return generate(g, n->child[0], &a) && generate(g, n->child[1], &b) && compare(g, n->kind, a, b, out);
}

static bool generate_node(struct generator *g, const struct node *n, struct reg *out)
{
	struct reg a, b, c;
	switch (n->kind) {
	case NODE_CONSTANT: return constant(g, &n->value, out);
	case NODE_SLOT: return slot(g, n, out);
	case NODE_NEGATE:
		if (!generate(g, n->child[0], &a) || (a.kind != FEEL_NUMBER && !is_span(a.kind)))
			return false;
		unary(g, a.scale < 0 ? COL_WIDE_NEG : COL_NEG, a, out, a.kind, a.scale, 0);
		return true;
	case NODE_ADD:
	case NODE_SUB:
	case NODE_MUL:
	case NODE_DIV:
		return generate(g, n->child[0], &a) && generate(g, n->child[1], &b) && arithmetic(g, n->kind, a, b, out);
	case NODE_EQ:
	case NODE_NE:
	case NODE_LT:
	case NODE_LE:
	case NODE_GT:
	case NODE_GE: return comparison(g, n, out);
	case NODE_AND:
	case NODE_OR: return logic(g, n, out);
	case NODE_BETWEEN:
		return is_scalar(n->child[0]->type.kind) && generate(g, n->child[1], &b) && generate(g, n->child[2], &c)
			&& in_bounds(g, n->child[0], b, true, c, true, out);
	case NODE_IN: return membership(g, n, out);
	case NODE_IF: return conditional(g, n, out);
	case NODE_CALL: return call(g, n, out);
	case NODE_PATH: return path(g, n, out);
	default: return false;
	}
}

static bool generate(struct generator *g, const struct node *n, struct reg *out)
{
	if (g->bad || g->steps.count > 2000 || ++g->depth > 250)
		return false;
	bool ok = generate_node(g, n, out);
	g->depth--;
	return ok && !g->bad;
}

static bool build(struct feel_expr *expr, bool wide, struct column_form *form, enum feel_kind *kind)
{
	struct generator g = { .arena = &expr->arena, .wide = wide };
	struct reg result;
	bool ok = generate(&g, expr->root, &result) && is_scalar(result.kind);
	if (ok) {
		form->count = g.steps.count;
		form->at = arena_alloc(&expr->arena, form->count + 1, sizeof *form->at);
		memcpy(form->at, g.steps.at, form->count * sizeof *form->at);
		form->result = result.index;
		form->registers = g.registers;
		form->scale = result.kind == FEEL_NUMBER ? result.scale : 0;
		form->wide = wide;
		*kind = result.kind;
	}
	VEC_RELEASE(&g.steps);
	return ok;
}

struct program *column_compile(struct feel_expr *expr)
{
	struct program *p = arena_alloc(&expr->arena, 1, sizeof *p);
	enum feel_kind kind, wide_kind;
	if (expr->tests || !build(expr, false, &p->narrow, &kind) || !build(expr, true, &p->wide, &wide_kind)
		|| kind != wide_kind)
		return NULL;
	if (expr->want.kind != FEEL_ANY && expr->want.kind != kind)
		return NULL;
	p->type = type_simple(kind);
	p->type.scale = kind == FEEL_NUMBER ? p->narrow.scale : 0;
	return p;
}

struct feel_type column_type(const struct program *program)
{
	return program->type;
}
