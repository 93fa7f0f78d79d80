/*
 * column.h - flat programs over vectors of 1,024 rows: what column.c compiles and column_run.c runs.
 *
 * Every register holds 1,024 int64 (INT64_MIN is null). Numbers are either scaled (narrow, the scale is static) or
 * decimal128 (wide, beside the int64, which then only say what is null). A program has two forms: one with narrow
 * numbers where it can, and one with wide numbers only, which a batch takes when a narrow number overflows.
 */
#ifndef PANDIAN_FEEL_COLUMN_H
#define PANDIAN_FEEL_COLUMN_H

#include "base/map.h"
#include "feel/ast.h"

#define COLUMN_BATCH 1024u
#define COLUMN_REGISTERS 200u

enum column_op {
	COL_LOAD, /* dst = column of slot (narrow: at scale) */
	COL_LOAD_WIDE,
	COL_CONST, /* dst = imm in every row; filled once */
	COL_CONST_WIDE, /* dst = number in every row; filled once */
	COL_TODAY,
	COL_WIDEN, /* dst = decimal128 of a at scale */
	COL_RESCALE, /* dst = a * imm */
	COL_NEG,
	COL_ABS,
	COL_ADD,
	COL_SUB,
	COL_MUL,
	COL_MIN,
	COL_MAX,
	COL_ROUND, /* dst = a / imm rounded by mode */
	COL_WIDE_NEG,
	COL_WIDE_ABS,
	COL_WIDE_ADD,
	COL_WIDE_SUB,
	COL_WIDE_MUL,
	COL_WIDE_DIV,
	COL_WIDE_MIN,
	COL_WIDE_MAX,
	COL_WIDE_ROUND /* to scale places */,
	COL_SPAN_ADD,
	COL_SPAN_SUB, /* durations: null on overflow */
	COL_DATE_DAYS,
	COL_DATE_MONTHS, /* dst = date a ± duration b, imm = sign */
	COL_DATE_SUB, /* dst = seconds from b to a */
	COL_MONTHS_BETWEEN,
	COL_YEARS_BETWEEN,
	COL_YEAR,
	COL_MONTH,
	COL_DAY,
	COL_WEEKDAY,
	COL_QUOTIENT /* a / imm towards zero */,
	COL_EQ,
	COL_NE,
	COL_LT,
	COL_LE,
	COL_GT,
	COL_GE, /* int64 */
	COL_WIDE_EQ,
	COL_WIDE_NE,
	COL_WIDE_LT,
	COL_WIDE_LE,
	COL_WIDE_GT,
	COL_WIDE_GE,
	COL_TEXT_EQ,
	COL_TEXT_NE,
	COL_TEXT_LT,
	COL_TEXT_LE,
	COL_TEXT_GT,
	COL_TEXT_GE,
	COL_TEXT_SET, /* dst = column of slot is one of texts (imm: 1 in, 0 not in) */
	COL_LOAD_TEXT, /* dst = address of the text */
	COL_IS_NULL,
	COL_NOT_NULL,
	COL_SAME_OR_NULL, /* a in b of one value: null b gives null unless a is null too */
	COL_AND,
	COL_OR,
	COL_AND3 /* null if either is null */,
	COL_NOT,
	COL_IF,
	COL_WIDE_IF, /* dst = a ? b : c */
};
struct column_step {
	enum column_op op;
	enum feel_kind kind; /* of dst */
	uint16_t dst, a, b, c;
	int slot; /* of loads; WIDEN: the scale of a */
	int scale; /* of dst */
	int64_t imm;
	enum decimal_rounding mode;
	struct decimal number;
	const char *const *texts;
	size_t text_count;
	bool with_null; /* TEXT_SET: null is one of the texts */
};
struct column_form {
	struct column_step *at;
	size_t count;
	uint16_t result, registers;
	int scale;
	bool wide;
};
struct program {
	struct column_form narrow, wide;
	struct feel_type type;
};

/* Runs; false if a column is missing or of another kind: then rows are evaluated boxed. */
bool column_run(const struct feel_expr *expr, const struct feel_rows *rows, int scale, struct arena *arena,
	struct feel_column *out);

/* Keeps results; both ways of evaluation go through it. */
struct rows_sink {
	struct feel_column *out;
	struct arena *arena;
	enum feel_kind kind;
	int scale;
	size_t count;
	struct map texts;
};
void rows_sink_begin(
	struct rows_sink *s, struct feel_column *out, enum feel_kind kind, int scale, size_t count, struct arena *arena);
void rows_sink_null(struct rows_sink *s, size_t row);
void rows_sink_decimal(struct rows_sink *s, size_t row, struct decimal d);
void rows_sink_scaled(struct rows_sink *s, size_t row, int64_t value, int scale);
void rows_sink_text(struct rows_sink *s, size_t row, const char *text, size_t length);
void rows_sink_end(struct rows_sink *s);
struct feel_value rows_value_at(const struct feel_column *column, size_t row, struct arena *arena);

#endif
