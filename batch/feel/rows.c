/*
 * rows.c - expressions over many rows: by column where types allow, boxed row by row otherwise; one way to keep
 * results.
 *
 * Decides: the form of the result (scaled if every number fits the scale exactly, else decimal128; texts numbered in
 * order of first appearance), so that both ways give the same column. Does not decide: the values (column_run.c,
 * eval.c).
 */
#include "feel/column.h"

#include "base/map.h"
#include "base/mem.h"

#include <inttypes.h>
#include <string.h>

/* ---- keeping results ---- */

void rows_sink_begin(
	struct rows_sink *s, struct feel_column *out, enum feel_kind kind, int scale, size_t count, struct arena *arena)
{
	*s = (struct rows_sink){ .out = out, .arena = arena, .kind = kind, .scale = scale, .count = count };
	*out = (struct feel_column){ .type = { .kind = kind, .scale = -1 } };
	out->v = arena_alloc(arena, count + 1, sizeof *out->v);
}

void rows_sink_null(struct rows_sink *s, size_t row)
{
	s->out->v[row] = INT64_MIN;
}

/* From here on the column is decimal128: what was kept as scaled numbers is converted. */
static void widen(struct rows_sink *s, size_t rows)
{
	struct feel_column *out = s->out;
	out->decimals = arena_alloc(s->arena, s->count + 1, sizeof *out->decimals);
	for (size_t i = 0; i < rows; i++)
		if (out->v[i] != INT64_MIN) {
			out->decimals[i] = decimal_normalise(decimal_from_scaled(out->v[i], s->scale));
			out->v[i] = 0;
		}
}

void rows_sink_decimal(struct rows_sink *s, size_t row, struct decimal d)
{
	struct feel_column *out = s->out;
	if (decimal_is_zero(d))
		d = decimal_from_int(0);
	if (!out->decimals) {
		if (s->scale >= 0 && decimal_to_scaled(d, s->scale, &out->v[row]) && out->v[row] != INT64_MIN)
			return;
		widen(s, row);
	}
	out->decimals[row] = decimal_normalise(d);
	out->v[row] = 0;
}

void rows_sink_scaled(struct rows_sink *s, size_t row, int64_t value, int scale)
{
	struct feel_column *out = s->out;
	if (!out->decimals && s->scale >= 0 && decimal_rescale(value, scale, s->scale, &out->v[row])
		&& out->v[row] != INT64_MIN)
		return;
	rows_sink_decimal(s, row, decimal_from_scaled(value, scale));
}

void rows_sink_text(struct rows_sink *s, size_t row, const char *text, size_t length)
{
	s->out->v[row] = map_add(&s->texts, text, length);
}

void rows_sink_end(struct rows_sink *s)
{
	struct feel_column *out = s->out;
	if (s->kind == FEEL_NUMBER)
		out->type.scale = out->decimals || s->scale < 0 ? -1 : s->scale;
	if (s->kind == FEEL_NUMBER && s->scale < 0 && !out->decimals) /* all null */
		out->decimals = arena_alloc(s->arena, s->count + 1, sizeof *out->decimals);
	if (s->kind == FEEL_STRING) {
		const char **texts = arena_alloc(s->arena, s->texts.count + 1, sizeof *texts);
		for (size_t i = 0; i < s->texts.count; i++)
			texts[i] = arena_copy(s->arena, map_text(&s->texts, (uint32_t)i), map_length(&s->texts, (uint32_t)i));
		out->texts = texts;
		out->text_count = s->texts.count;
	}
	map_release(&s->texts);
}

/* ---- boxed ---- */

static bool keepable(enum feel_kind kind)
{
	return kind == FEEL_BOOLEAN || kind == FEEL_NUMBER || kind == FEEL_STRING || kind == FEEL_DATE
		|| kind == FEEL_DAYS_DURATION || kind == FEEL_MONTHS_DURATION;
}

static int keep(
	struct rows_sink *s, size_t row, const struct feel_value *v, const struct feel_expr *expr, struct err *err)
{
	if (v->kind == FEEL_NULL) {
		rows_sink_null(s, row);
		return 0;
	}
	if (v->kind != s->kind)
		return err_set(err, STATUS_CONFIG, "%s: yields %s in one row and %s in another: %.200s", expr->where,
			feel_kind_name(s->kind), feel_kind_name(v->kind), expr->text);
	switch (v->kind) {
	case FEEL_BOOLEAN: s->out->v[row] = v->boolean; break;
	case FEEL_NUMBER: rows_sink_decimal(s, row, v->number); break;
	case FEEL_STRING: rows_sink_text(s, row, v->string.text, v->string.length); break;
	case FEEL_DATE: s->out->v[row] = v->date; break;
	case FEEL_MONTHS_DURATION: s->out->v[row] = v->months; break;
	default:
		if (v->days.nanos)
			return err_set(err, STATUS_CONFIG, "%s: yields a duration with a fraction of a second: %.200s", expr->where,
				expr->text);
		s->out->v[row] = v->days.seconds;
	}
	return 0;
}

struct boxed {
	const struct feel_rows *rows;
	size_t row;
};

struct feel_value rows_value_at(const struct feel_column *column, size_t row, struct arena *arena)
{
	int64_t v = column->v[row];
	if (v == INT64_MIN)
		return feel_null();
	switch (column->type.kind) {
	case FEEL_BOOLEAN: return feel_boolean(v != 0);
	case FEEL_NUMBER:
		return value_number(column->decimals ? column->decimals[row]
											 : decimal_from_scaled(v, column->type.scale < 0 ? 0 : column->type.scale));
	case FEEL_STRING: return value_text(arena, column->texts[v]);
	case FEEL_DATE: return feel_date((int32_t)v);
	case FEEL_DAYS_DURATION: return value_days(v, 0);
	case FEEL_MONTHS_DURATION: return value_months(v);
	default: return feel_null();
	}
}

static void get(void *host, int slot, struct arena *arena, struct feel_value *value)
{
	const struct boxed *b = host;
	if (b->rows->get) {
		b->rows->get(b->rows->host, slot, b->row, arena, value);
		return;
	}
	const struct feel_column *column = b->rows->column ? b->rows->column(b->rows->host, slot) : NULL;
	if (column)
		*value = rows_value_at(column, b->row, arena);
}

int feel_eval_rows_boxed(const struct feel_expr *expr, const struct feel_rows *rows, int scale, struct arena *arena,
	struct feel_column *out, struct err *err)
{
	struct boxed host = { .rows = rows };
	struct feel_env env = { .host = &host, .get = get, .today = rows->today };
	struct arena scratch = { 0 };
	struct rows_sink s = { 0 };
	enum feel_kind kind = expr->type.kind;
	uint64_t left = 2 * (uint64_t)FEEL_STEPS_DEFAULT + 20000 * (uint64_t)rows->count; /* for all rows together */
	int result = -1;
	if (kind != FEEL_ANY && kind != FEEL_NULL && !keepable(kind)) {
		err_set(err, STATUS_CONFIG, "%s: yields %s, which cannot stand in a column: %.200s", expr->where,
			feel_kind_name(kind), expr->text);
		return -1;
	}
	rows_sink_begin(&s, out, kind, scale >= 0 ? scale : expr->type.scale, rows->count, arena);
	for (size_t i = 0; i < rows->count; i++) {
		struct feel_value value;
		arena_reset(&scratch);
		host.row = i;
		env.step_budget = left < FEEL_STEPS_DEFAULT ? left + 1 : FEEL_STEPS_DEFAULT;
		struct eval ev;
		eval_begin(&ev, expr, &env, &scratch, err);
		uint64_t before = ev.steps;
		value = eval_node(&ev, expr->root, NULL);
		if (expr->want.kind != FEEL_ANY)
			value = eval_coerce(&scratch, &value, &expr->want);
		left -= before - ev.steps < left ? before - ev.steps : left;
		if (eval_end(&ev))
			goto out;
		if (value.kind != FEEL_NULL && (s.kind == FEEL_ANY || s.kind == FEEL_NULL)) {
			if (!keepable(value.kind)) {
				err_set(err, STATUS_CONFIG, "%s: yields %s, which cannot stand in a column: %.200s", expr->where,
					feel_kind_name(value.kind), expr->text);
				goto out;
			}
			s.kind = out->type.kind = value.kind;
		}
		if (keep(&s, i, &value, expr, err))
			goto out;
	}
	result = 0;
out:
	rows_sink_end(&s);
	arena_release(&scratch);
	return result;
}

/* ---- either way ---- */

int feel_eval_rows(const struct feel_expr *expr, const struct feel_rows *rows, int scale, struct arena *arena,
	struct feel_column *out, struct err *err)
{
	if (expr->program && rows->column && column_run(expr, rows, scale, arena, out))
		return 0;
	return feel_eval_rows_boxed(expr, rows, scale, arena, out, err);
}

bool feel_is_columnar(const struct feel_expr *expr)
{
	return expr->program != NULL;
}
