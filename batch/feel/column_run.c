/*
 * column_run.c - runs column programs, a batch of 1,024 rows at a time.
 *
 * Decides: how every step is computed. Narrow numbers are checked for overflow; a batch in which one overflows is run
 * again in decimal128. Does not decide: which steps (column.c), the form of the result (rows.c).
 */
#include "feel/column.h"

#include "base/date.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define N INT64_MIN
#define DAY 86400

struct reg {
	int64_t *own, *v;
	struct decimal *own_wide;
	const struct decimal *d;
};
struct run {
	const struct feel_rows *rows;
	struct reg regs[COLUMN_REGISTERS];
	const struct feel_column **columns; /* of each step, NULL where it loads none */
	uint8_t **tables; /* of each TEXT_SET: by code, or NULL */
	size_t from, n; /* the batch */
};

/* ---- loads ---- */

static bool load_rescaled(struct run *r, const struct column_step *s, const struct feel_column *c, int64_t *to)
{
	if (c->decimals || c->type.scale < 0)
		return false;
	const int64_t *v = c->v + r->from;
	for (size_t i = 0; i < r->n; i++) {
		if (v[i] == N)
			to[i] = N;
		else if (!decimal_rescale(v[i], c->type.scale, s->scale, &to[i]) || to[i] == N)
			return false;
	}
	return true;
}

static void load_wide(struct run *r, const struct feel_column *c, struct reg *to)
{
	to->v = c->v + r->from;
	if (c->decimals) {
		to->d = c->decimals + r->from;
		return;
	}
	int scale = c->type.scale < 0 ? 0 : c->type.scale;
	for (size_t i = 0; i < r->n; i++)
		if (to->v[i] != N)
			to->own_wide[i] = decimal_from_scaled(to->v[i], scale);
	to->d = to->own_wide;
}

static bool text_in(const struct column_step *s, const char *text)
{
	for (size_t i = 0; i < s->text_count; i++)
		if (!strcmp(s->texts[i], text))
			return true;
	return false;
}

/* ---- narrow numbers ---- */

static bool add(const int64_t *a, const int64_t *b, int64_t *to, size_t n)
{
	unsigned bad = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t sum = (int64_t)((uint64_t)a[i] + (uint64_t)b[i]);
		unsigned null = (a[i] == N) | (b[i] == N);
		unsigned over = (((a[i] ^ sum) & (b[i] ^ sum)) < 0) | (sum == N);
		bad |= over & ~null;
		to[i] = null ? N : sum;
	}
	return !bad;
}

static bool sub(const int64_t *a, const int64_t *b, int64_t *to, size_t n)
{
	unsigned bad = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t rest = (int64_t)((uint64_t)a[i] - (uint64_t)b[i]);
		unsigned null = (a[i] == N) | (b[i] == N);
		unsigned over = (((a[i] ^ b[i]) & (a[i] ^ rest)) < 0) | (rest == N);
		bad |= over & ~null;
		to[i] = null ? N : rest;
	}
	return !bad;
}

static bool mul(const int64_t *a, const int64_t *b, int64_t *to, size_t n)
{
	unsigned bad = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t product;
		unsigned null = (a[i] == N) | (b[i] == N);
		unsigned over = __builtin_mul_overflow(a[i], b[i], &product) | (product == N);
		bad |= over & ~null;
		to[i] = null ? N : product;
	}
	return !bad;
}

static bool mul_by(const int64_t *a, int64_t by, int64_t *to, size_t n)
{
	int64_t most = INT64_MAX / by; /* by is a power of ten */
	unsigned bad = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned null = a[i] == N;
		bad |= ((a[i] > most) | (a[i] < -most)) & ~null;
		to[i] = null ? N : (int64_t)((uint64_t)a[i] * (uint64_t)by);
	}
	return !bad;
}

static void round_by(const int64_t *a, int64_t by, enum decimal_rounding mode, int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] == N) {
			to[i] = N;
			continue;
		}
		int64_t q = a[i] / by, rest = a[i] % by, sign = a[i] < 0 ? -1 : 1;
		int64_t twice = 2 * (rest < 0 ? -rest : rest);
		bool away = false;
		switch (mode) {
		case DECIMAL_HALF_EVEN: away = twice > by || (twice == by && (q & 1)); break;
		case DECIMAL_HALF_UP: away = twice >= by; break;
		case DECIMAL_HALF_DOWN: away = twice > by; break;
		case DECIMAL_UP: away = rest != 0; break;
		case DECIMAL_DOWN: break;
		case DECIMAL_FLOOR: away = rest < 0; break;
		case DECIMAL_CEILING: away = rest > 0; break;
		}
		to[i] = away ? q + sign : q;
	}
}

/* ---- wide numbers ---- */

static void put(int64_t *v, struct decimal *d, size_t i, struct feel_value result)
{
	v[i] = result.kind == FEEL_NULL ? N : 0;
	if (result.kind == FEEL_NUMBER)
		d[i] = result.number;
}

static void wide_binary(
	enum column_op op, const struct reg *a, const struct reg *b, int64_t *v, struct decimal *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a->v[i] == N || b->v[i] == N) {
			v[i] = N;
			continue;
		}
		struct decimal x = a->d[i], y = b->d[i];
		switch (op) {
		case COL_WIDE_ADD: put(v, d, i, value_number(decimal_add(x, y))); break;
		case COL_WIDE_SUB: put(v, d, i, value_number(decimal_sub(x, y))); break;
		case COL_WIDE_MUL: put(v, d, i, value_number(decimal_mul(x, y))); break;
		case COL_WIDE_DIV: put(v, d, i, decimal_is_zero(y) ? feel_null() : value_number(decimal_div(x, y))); break;
		default: {
			int c = decimal_compare(y, x);
			put(v, d, i, value_number(c == (op == COL_WIDE_MAX ? 1 : -1) ? y : x));
		}
		}
	}
}

static void wide_unary(const struct column_step *s, const struct reg *a, int64_t *v, struct decimal *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a->v[i] == N) {
			v[i] = N;
			continue;
		}
		struct decimal x = a->d[i];
		x = s->op == COL_WIDE_NEG   ? decimal_neg(x)
			: s->op == COL_WIDE_ABS ? decimal_abs(x)
									: decimal_round_to(x, (int)s->imm, s->mode);
		put(v, d, i, value_number(x));
	}
}

static void wide_compare(enum column_op op, const struct reg *a, const struct reg *b, int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool x = a->v[i] == N, y = b->v[i] == N;
		if (x || y) {
			to[i] = op == COL_WIDE_EQ ? x && y : op == COL_WIDE_NE ? !(x && y) : N;
			continue;
		}
		int c = decimal_compare(a->d[i], b->d[i]);
		to[i] = op == COL_WIDE_EQ ? c == 0
			: op == COL_WIDE_NE   ? c != 0
			: op == COL_WIDE_LT   ? c < 0
			: op == COL_WIDE_LE   ? c <= 0
			: op == COL_WIDE_GT   ? c > 0
								  : c >= 0;
	}
}

/* ---- texts ---- */

static void text_compare(enum column_op op, const int64_t *a, const int64_t *b, int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool x = a[i] == N, y = b[i] == N;
		if (x || y) {
			to[i] = op == COL_TEXT_EQ ? x && y : op == COL_TEXT_NE ? !(x && y) : N;
			continue;
		}
		int c = a[i] == b[i] ? 0 : strcmp((const char *)(intptr_t)a[i], (const char *)(intptr_t)b[i]);
		to[i] = op == COL_TEXT_EQ ? c == 0
			: op == COL_TEXT_NE   ? c != 0
			: op == COL_TEXT_LT   ? c < 0
			: op == COL_TEXT_LE   ? c <= 0
			: op == COL_TEXT_GT   ? c > 0
								  : c >= 0;
	}
}

static void text_set(struct run *r, size_t step, const struct column_step *s, int64_t *to)
{
	const struct feel_column *c = r->columns[step];
	const int64_t *v = c->v + r->from;
	const uint8_t *table = r->tables[step];
	int64_t out = !s->imm, null = s->with_null ? s->imm : out;
	for (size_t i = 0; i < r->n; i++) {
		if (v[i] == N)
			to[i] = null;
		else
			to[i] = (table ? table[v[i]] : text_in(s, c->texts[v[i]])) ? s->imm : out;
	}
}

/* ---- dates ---- */

static void date_shift(const struct column_step *s, const int64_t *a, const int64_t *b, int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] == N || b[i] == N) {
			to[i] = N;
			continue;
		}
		struct feel_value date = feel_date((int32_t)a[i]),
						  by = s->op == COL_DATE_DAYS ? value_days(b[i], 0) : value_months(b[i]);
		struct feel_value result = temporal_add(&date, &by, (int)s->imm);
		to[i] = result.kind == FEEL_DATE ? result.date : N;
	}
}

/* Seconds to whole days without division where they are whole: the common case of date ± days. */
static bool date_days(const struct column_step *s, const int64_t *a, const int64_t *b, int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t days = b[i] / DAY;
		if (a[i] == N || b[i] == N) {
			to[i] = N;
			continue;
		}
		if (days * DAY != b[i] || days > 1000000 || days < -1000000 || a[i] > 100000000 || a[i] < -100000000)
			return false;
		to[i] = a[i] + s->imm * days;
	}
	return true;
}

static void date_part(enum column_op op, const int64_t *a, int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] == N) {
			to[i] = N;
		} else if (op == COL_WEEKDAY) {
			int64_t k = (a[i] + 3) % 7;
			to[i] = (k < 0 ? k + 7 : k) + 1;
		} else {
			int64_t year;
			int month, day;
			temporal_civil((int32_t)a[i], &year, &month, &day);
			to[i] = op == COL_YEAR ? year : op == COL_MONTH ? month : day;
		}
	}
}

static void between_dates(enum column_op op, const int64_t *a, const int64_t *b, int64_t *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] == N || b[i] == N) {
			to[i] = N;
			continue;
		}
		/* date_months_between, on the faster calendar */
		int64_t from_year, to_year;
		int from_month, from_day, to_month, to_day;
		temporal_civil((int32_t)a[i], &from_year, &from_month, &from_day);
		temporal_civil((int32_t)b[i], &to_year, &to_month, &to_day);
		int64_t months = 12 * (to_year - from_year) + to_month - from_month;
		if (from_day > to_day && (to_day < 28 || to_day != date_days_in_month((int32_t)to_year, to_month)))
			months--;
		to[i] = op == COL_MONTHS_BETWEEN ? months : (months >= 0 ? months : months - 11) / 12;
	}
}

/* ---- one batch ---- */

#define EACH(expression) \
	for (size_t i = 0; i < n; i++) \
		to[i] = (expression); \
	break
#define COMPARE(sign) EACH(a[i] == N || b[i] == N ? N : a[i] sign b[i])

static bool batch(struct run *r, const struct column_form *form)
{
	size_t n = r->n;
	for (size_t k = 0; k < form->count; k++) {
		const struct column_step *s = &form->at[k];
		struct reg *dst = &r->regs[s->dst], ra = r->regs[s->a], rb = r->regs[s->b], rc = r->regs[s->c];
		const int64_t *a = ra.v, *b = rb.v, *c = rc.v;
		if (s->op == COL_CONST || s->op == COL_CONST_WIDE || s->op == COL_TODAY)
			continue;
		int64_t *to = dst->own;
		dst->v = to;
		dst->d = dst->own_wide;
		switch (s->op) {
		case COL_CONST:
		case COL_CONST_WIDE:
		case COL_TODAY: break;
		case COL_LOAD: {
			const struct feel_column *column = r->columns[k];
			if (column->type.kind != FEEL_NUMBER || (!column->decimals && column->type.scale == s->scale))
				dst->v = column->v + r->from;
			else if (!load_rescaled(r, s, column, to))
				return false;
			break;
		}
		case COL_LOAD_WIDE: load_wide(r, r->columns[k], dst); break;
		case COL_LOAD_TEXT: {
			const struct feel_column *column = r->columns[k];
			const int64_t *v = column->v + r->from;
			EACH(v[i] == N ? N : (int64_t)(intptr_t)column->texts[v[i]]);
		}
		case COL_WIDEN:
			for (size_t i = 0; i < n; i++) {
				if (a[i] != N)
					dst->own_wide[i] = decimal_from_scaled(a[i], s->slot);
				to[i] = a[i] == N ? N : 0;
			}
			break;
		case COL_RESCALE:
			if (!mul_by(a, s->imm, to, n))
				return false;
			break;
		case COL_NEG: EACH(a[i] == N ? N : -a[i]);
		case COL_ABS: EACH(a[i] == N ? N : a[i] < 0 ? -a[i] : a[i]);
		case COL_ADD:
			if (!add(a, b, to, n))
				return false;
			break;
		case COL_SUB:
			if (!sub(a, b, to, n))
				return false;
			break;
		case COL_MUL:
			if (!mul(a, b, to, n))
				return false;
			break;
		case COL_MIN: EACH(a[i] == N || b[i] == N ? N : b[i] < a[i] ? b[i] : a[i]);
		case COL_MAX: EACH(a[i] == N || b[i] == N ? N : b[i] > a[i] ? b[i] : a[i]);
		case COL_ROUND: round_by(a, s->imm, s->mode, to, n); break;
		case COL_WIDE_NEG:
		case COL_WIDE_ABS:
		case COL_WIDE_ROUND: wide_unary(s, &ra, to, dst->own_wide, n); break;
		case COL_WIDE_ADD:
		case COL_WIDE_SUB:
		case COL_WIDE_MUL:
		case COL_WIDE_DIV:
		case COL_WIDE_MIN:
		case COL_WIDE_MAX: wide_binary(s->op, &ra, &rb, to, dst->own_wide, n); break;
		case COL_SPAN_ADD:
			for (size_t i = 0; i < n; i++) {
				int64_t x;
				to[i] = a[i] == N || b[i] == N || __builtin_add_overflow(a[i], b[i], &x) ? N : x;
			}
			break;
		case COL_SPAN_SUB:
			for (size_t i = 0; i < n; i++) {
				int64_t x;
				to[i] = a[i] == N || b[i] == N || __builtin_sub_overflow(a[i], b[i], &x) ? N : x;
			}
			break;
		case COL_DATE_DAYS: {
			int64_t result[COLUMN_BATCH]; /* a or b may be dst */
			if (!date_days(s, a, b, result, n))
				date_shift(s, a, b, result, n);
			memcpy(to, result, n * sizeof *to);
			break;
		}
		case COL_DATE_MONTHS: date_shift(s, a, b, to, n); break;
		case COL_DATE_SUB: EACH(a[i] == N || b[i] == N ? N : (a[i] - b[i]) * DAY);
		case COL_MONTHS_BETWEEN:
		case COL_YEARS_BETWEEN: between_dates(s->op, a, b, to, n); break;
		case COL_YEAR:
		case COL_MONTH:
		case COL_DAY:
		case COL_WEEKDAY: date_part(s->op, a, to, n); break;
		case COL_QUOTIENT: EACH(a[i] == N ? N : a[i] / s->imm);
		case COL_EQ: EACH(a[i] == b[i]); /* null equals null and nothing else */
		case COL_NE: EACH(a[i] != b[i]);
		case COL_LT: COMPARE(<);
		case COL_LE: COMPARE(<=);
		case COL_GT: COMPARE(>);
		case COL_GE: COMPARE(>=);
		case COL_WIDE_EQ:
		case COL_WIDE_NE:
		case COL_WIDE_LT:
		case COL_WIDE_LE:
		case COL_WIDE_GT:
		case COL_WIDE_GE: wide_compare(s->op, &ra, &rb, to, n); break;
		case COL_TEXT_EQ:
		case COL_TEXT_NE:
		case COL_TEXT_LT:
		case COL_TEXT_LE:
		case COL_TEXT_GT:
		case COL_TEXT_GE: text_compare(s->op, a, b, to, n); break;
		case COL_TEXT_SET: text_set(r, k, s, to); break;
		case COL_IS_NULL: EACH(a[i] == N);
		case COL_NOT_NULL: EACH(a[i] != N);
		case COL_SAME_OR_NULL: {
			/* wide operands say null in v as well; c is their equality */
			EACH(b[i] == N && a[i] != N ? N : c[i]);
		}
		case COL_AND: EACH(a[i] == 0 || b[i] == 0 ? 0 : a[i] == N || b[i] == N ? N : 1);
		case COL_OR: EACH(a[i] == 1 || b[i] == 1 ? 1 : a[i] == N || b[i] == N ? N : 0);
		case COL_AND3: EACH(a[i] == N || b[i] == N ? N : a[i] & b[i]);
		case COL_NOT: EACH(a[i] == N ? N : !a[i]);
		case COL_IF: EACH(a[i] == 1 ? b[i] : c[i]);
		case COL_WIDE_IF:
			for (size_t i = 0; i < n; i++) {
				bool then = a[i] == 1;
				int64_t null = then ? b[i] : c[i];
				if (null != N)
					dst->own_wide[i] = then ? rb.d[i] : rc.d[i];
				to[i] = null;
			}
			break;
		}
	}
	return true;
}

/* ---- the whole ---- */

static void fill_constants(struct run *r, const struct column_form *form)
{
	for (size_t k = 0; k < form->count; k++) {
		const struct column_step *s = &form->at[k];
		struct reg *dst = &r->regs[s->dst];
		if (s->op != COL_CONST && s->op != COL_CONST_WIDE && s->op != COL_TODAY)
			continue;
		dst->v = dst->own;
		dst->d = dst->own_wide;
		for (size_t i = 0; i < COLUMN_BATCH; i++) {
			dst->own[i] = s->op == COL_TODAY ? r->rows->today : s->imm;
			if (s->op == COL_CONST_WIDE)
				dst->own_wide[i] = s->number;
		}
	}
}

/* The columns of a form, and the tables of its text sets; false if one is missing or of another kind. */
static bool bind(struct run *r, const struct column_form *form, bool *wide_only)
{
	r->columns = mem_new(form->count + 1, sizeof *r->columns);
	r->tables = mem_new(form->count + 1, sizeof *r->tables);
	for (size_t k = 0; k < form->count; k++) {
		const struct column_step *s = &form->at[k];
		if (s->op != COL_LOAD && s->op != COL_LOAD_WIDE && s->op != COL_LOAD_TEXT && s->op != COL_TEXT_SET)
			continue;
		const struct feel_column *c = NULL;
		for (size_t j = 0; j < k && !c; j++)
			if (r->columns[j] && form->at[j].slot == s->slot)
				c = r->columns[j];
		if (!c)
			c = r->rows->column(r->rows->host, s->slot);
		if (!c || !c->v || c->type.kind != (s->op == COL_TEXT_SET ? FEEL_STRING : s->kind))
			return false;
		r->columns[k] = c;
		if (s->op == COL_LOAD && c->decimals)
			*wide_only = true;
		if (s->op == COL_TEXT_SET && c->text_count <= 4 * r->rows->count + 64) {
			r->tables[k] = mem_new(c->text_count + 1, 1);
			for (size_t i = 0; i < c->text_count; i++)
				r->tables[k][i] = text_in(s, c->texts[i]);
		}
	}
	return true;
}

static void unbind(struct run *r, const struct column_form *form)
{
	for (size_t k = 0; r->tables && k < form->count; k++)
		free(r->tables[k]);
	free(r->tables);
	free(r->columns);
	for (size_t i = 0; i < COLUMN_REGISTERS; i++) {
		free(r->regs[i].own);
		free(r->regs[i].own_wide);
	}
}

static void allot(struct run *r, const struct column_form *form)
{
	for (size_t i = 0; i < form->registers; i++)
		r->regs[i].v = r->regs[i].own = mem_grow(NULL, COLUMN_BATCH, sizeof(int64_t));
	for (size_t k = 0; k < form->count; k++) { /* wide registers are few in narrow forms */
		const struct column_step *s = &form->at[k];
		struct reg *dst = &r->regs[s->dst];
		bool wide = s->op == COL_CONST_WIDE || s->op == COL_LOAD_WIDE || s->op == COL_WIDEN
			|| (s->op >= COL_WIDE_NEG && s->op <= COL_WIDE_ROUND) || s->op == COL_WIDE_IF;
		if (wide && !dst->own_wide)
			dst->own_wide = mem_grow(NULL, COLUMN_BATCH, sizeof(struct decimal));
	}
	fill_constants(r, form);
}

static void store(const struct run *r, const struct column_form *form, struct rows_sink *s)
{
	const struct reg *result = &r->regs[form->result];
	int64_t *out = s->out->v + r->from;
	if (s->kind == FEEL_NUMBER && form->scale >= 0 && form->scale == s->scale && !s->out->decimals) {
		memcpy(out, result->v, r->n * sizeof *out);
		return;
	}
	if (s->kind != FEEL_NUMBER && s->kind != FEEL_STRING) {
		memcpy(out, result->v, r->n * sizeof *out);
		return;
	}
	for (size_t i = 0; i < r->n; i++) {
		if (result->v[i] == N)
			rows_sink_null(s, r->from + i);
		else if (s->kind == FEEL_STRING)
			rows_sink_text(
				s, r->from + i, (const char *)(intptr_t)result->v[i], strlen((const char *)(intptr_t)result->v[i]));
		else if (form->scale >= 0)
			rows_sink_scaled(s, r->from + i, result->v[i], form->scale);
		else
			rows_sink_decimal(s, r->from + i, result->d[i]);
	}
}

bool column_run(
	const struct feel_expr *expr, const struct feel_rows *rows, int scale, struct arena *arena, struct feel_column *out)
{
	const struct program *p = expr->program;
	struct run *runs[2] = { mem_new(1, sizeof **runs), mem_new(1, sizeof **runs) };
	const struct column_form *forms[2] = { &p->narrow, &p->wide };
	bool wide_only = false, ready[2] = { false, false }, ok;
	runs[0]->rows = runs[1]->rows = rows;
	ok = bind(runs[0], forms[0], &wide_only);
	struct rows_sink sink;
	if (!ok)
		goto out;
	rows_sink_begin(&sink, out, p->type.kind, scale >= 0 ? scale : p->type.scale, rows->count, arena);
	for (size_t from = 0; from < rows->count; from += COLUMN_BATCH) {
		size_t n = rows->count - from < COLUMN_BATCH ? rows->count - from : COLUMN_BATCH;
		ok = false; /* until one form has run */
		for (int w = wide_only; w < 2 && !ok; w++) {
			struct run *r = runs[w];
			if (!ready[w]) {
				bool ignored;
				if (w && !bind(r, forms[w], &ignored))
					break;
				allot(r, forms[w]);
				ready[w] = true;
			}
			r->from = from;
			r->n = n;
			if (batch(r, forms[w])) {
				store(r, forms[w], &sink);
				ok = true;
			}
		}
		if (!ok)
			break;
	}
	rows_sink_end(&sink);
out:
	for (int w = 0; w < 2; w++) {
		unbind(runs[w], forms[w]);
		free(runs[w]);
	}
	return ok;
}
