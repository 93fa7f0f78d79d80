/*
 * feel.h - FEEL (DMN 1.5 chapter 10): compile once; evaluate boxed, tracing, or column by column. Same results, always.
 *
 * Decides: the language. Does not decide: which names are in scope and where their values come from (the host does).
 *
 * A name in scope may hold spaces ("as of", "hire date") and dots ("credits.rolling"); the host gives each a type and
 * a slot number. The lexer takes the longest name in scope. A name with underscores is also known with spaces.
 * Host functions such as performance("qa") are resolved at compile time to a slot by a callback.
 *
 * Numbers: results are those of decimal128 arithmetic (34 digits, half-even). Columns hold scaled 64-bit integers with
 * a static scale; where a value cannot be represented (overflow, non-ending division) the column is computed again in
 * decimal128. Nothing passes through binary floating point.
 *
 * Failing operations yield null (three-valued logic); type errors that are certain at compile time are refused.
 */
#ifndef PANDIAN_FEEL_FEEL_H
#define PANDIAN_FEEL_FEEL_H

#include "base/arena.h"
#include "base/decimal.h"
#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- values ---- */
enum feel_kind {
	FEEL_NULL,
	FEEL_BOOLEAN,
	FEEL_NUMBER,
	FEEL_STRING,
	FEEL_DATE,
	FEEL_TIME,
	FEEL_DATE_TIME,
	FEEL_DAYS_DURATION,
	FEEL_MONTHS_DURATION,
	FEEL_LIST,
	FEEL_CONTEXT,
	FEEL_RANGE,
	FEEL_FUNCTION,
	FEEL_ANY
};

struct feel_list;
struct feel_context;
struct feel_range;
struct feel_function;
struct feel_zone;
struct feel_value {
	enum feel_kind kind;
	union {
		bool boolean;
		struct decimal number;
		struct {
			const char *text;
			size_t length;
		} string; /* UTF-8, NUL-terminated as well */
		int32_t date; /* day number */
		struct {
			int32_t date;
			int64_t nanos;
			int32_t offset;
			const char *zone;
		} time; /* date unused for FEEL_TIME; nanos since midnight; offset in seconds or INT32_MIN; zone name or NULL */
		struct {
			int64_t seconds;
			int32_t nanos;
		} days; /* days and time duration; both of one sign */
		int64_t months; /* years and months duration */
		struct feel_list *list;
		struct feel_context *context;
		struct feel_range *range;
		struct feel_function *function;
	};
};
struct feel_list {
	struct feel_value *at;
	size_t count, capacity;
};
struct feel_entry {
	const char *name;
	struct feel_value value;
};
struct feel_context {
	struct feel_entry *at;
	size_t count, capacity;
}; /* in order of definition */
struct feel_range {
	struct feel_value low, high;
	bool low_closed, high_closed;
	bool low_open_ended, high_open_ended;
};

struct feel_value feel_null(void);
struct feel_value feel_boolean(bool value);
struct feel_value feel_number(struct decimal value);
struct feel_value feel_integer(int64_t value);
struct feel_value feel_string(struct arena *arena, const char *text, size_t length); /* copies */
struct feel_value feel_date(int32_t day_number);
struct feel_value feel_new_list(struct arena *arena, size_t capacity);
void feel_list_add(struct arena *arena, struct feel_value list, struct feel_value item);
struct feel_value feel_new_context(struct arena *arena);
void feel_context_put(struct arena *arena, struct feel_value context, const char *name,
	struct feel_value value); /* name copied; replaces */
const struct feel_value *feel_context_get(const struct feel_value *context, const char *name); /* NULL if absent */
bool feel_is_true(const struct feel_value *value);
/* FEEL "=": 1 equal, 0 not, -1 null (not comparable). */
int feel_equal(const struct feel_value *a, const struct feel_value *b);
/* Appends the value as FEEL's string() would print it (strings bare), or as a literal (strings quoted, date("…")). */
void feel_print(struct str *out, const struct feel_value *value);
void feel_print_literal(struct str *out, const struct feel_value *value);
const char *feel_kind_name(enum feel_kind kind); /* "number", "days and time duration" … */

/* ---- types and scope ---- */
struct feel_type {
	enum feel_kind kind; /* FEEL_ANY: not known before evaluation */
	int scale; /* FEEL_NUMBER in columns: value * 10^scale; -1: decimal128 only */
	const struct feel_type *item; /* FEEL_LIST, FEEL_RANGE: type of items; FEEL_FUNCTION: of the result; or NULL */
	const struct feel_member *members;
	size_t member_count; /* FEEL_CONTEXT: known members; FEEL_FUNCTION: parameters; or NULL */
};
struct feel_member {
	const char *name;
	struct feel_type type;
};

struct feel_scope; /* names and host functions an expression may use */
struct feel_scope *feel_scope_new(const struct feel_scope *outer); /* outer may be NULL; must outlive */
void feel_scope_free(struct feel_scope *scope);
/* Adds a name; type and name are copied. Slots are the host's own numbers (>= 0). */
void feel_scope_add(struct feel_scope *scope, const char *name, const struct feel_type *type, int slot);
/* Resolves host function calls with constant arguments: gives type and slot; returns -1 with err to refuse. */
typedef int feel_bind(void *host, const char *function, const struct feel_value *args, size_t arg_count,
	struct feel_type *type, int *slot, struct err *err);
void feel_scope_function(struct feel_scope *scope, const char *name, feel_bind *bind, void *host);
/* Names a type for "instance of" and function parameters (item definitions of DMN); copied. */
void feel_scope_type(struct feel_scope *scope, const char *name, const struct feel_type *type);
/* As DMN asks: certain type errors, unknown names, wrong arguments and `want` are not refused but yield null. Syntax
 * errors stay errors. */
void feel_scope_lenient(struct feel_scope *scope);

/* ---- compile ---- */
struct feel_expr; /* immutable after compilation; may be used by several threads at once */
/*
 * Compiles an expression. `where` ("rules/star.xml:41") prefixes messages; want.kind FEEL_ANY accepts any type, else a
 * certain mismatch is
 * refused. NULL with status 78 on syntax errors, unknown names (nearest known is named), type errors.
 */
struct feel_expr *feel_compile(
	const char *text, const char *where, const struct feel_scope *scope, const struct feel_type *want, struct err *err);
/* The same for unary tests ("> 5", "[1..3]", "\"a\",\"b\"", "-", expressions with ?). The tested value is given to
 * feel_test. */
struct feel_expr *feel_compile_tests(const char *text, const char *where, const struct feel_scope *scope,
	const struct feel_type *input, struct err *err);
void feel_free(struct feel_expr *expr);
struct feel_type feel_type_of(const struct feel_expr *expr);
const char *feel_text_of(const struct feel_expr *expr);
const char *feel_where_of(const struct feel_expr *expr);
/* Slots used, ascending, without repeats: count; at may be NULL. */
size_t feel_slots(const struct feel_expr *expr, int *at, size_t room);

/* ---- evaluate boxed, and trace ---- */
enum feel_step_kind { FEEL_STEP_NAME /* a scope name was read */, FEEL_STEP_OPERATION, FEEL_STEP_CALL, FEEL_STEP_TEST };
struct feel_step {
	enum feel_step_kind kind;
	int depth;
	const char *text;
	size_t length; /* source slice */
	int slot; /* of names, else -1 */
	const struct feel_value *value;
};
struct feel_env {
	void *host;
	/* Value of a slot for the row in hand; memory from the arena. Missing data is FEEL_NULL. */
	void (*get)(void *host, int slot, struct arena *arena, struct feel_value *value);
	/* NULL, or called after each sub-expression (operands before their operation). */
	void (*trace)(void *host, const struct feel_step *step);
	int32_t today; /* for today() and now(): the as-of date, never the clock */
	uint64_t step_budget; /* 0: 10 million; when used up the result is null and err of feel_eval is set */
};
/* Evaluates; the value lives as long as the arena (and the expression). -1 only when the step budget ran out (status
 * 78). */
int feel_eval(const struct feel_expr *expr, const struct feel_env *env, struct arena *arena, struct feel_value *value,
	struct err *err);
int feel_test(const struct feel_expr *tests, const struct feel_value *input, const struct feel_env *env,
	struct arena *arena, bool *met, struct err *err);
/* Whether a value belongs to a type (null belongs to all; lists by their items; contexts by their known members). */
bool feel_conforms(const struct feel_value *value, const struct feel_type *type);
/* A function value of the host (a business knowledge model). Names are copied; `host` must outlive the value. */
typedef int feel_native(void *host, const struct feel_value *args, size_t count, const struct feel_env *env,
	struct arena *arena, struct feel_value *value, struct err *err);
struct feel_value feel_new_function(
	struct arena *arena, const char *const *parameters, size_t count, feel_native *call, void *host);
/* Calls a FEEL function value. */
int feel_call(const struct feel_value *function, const struct feel_value *args, size_t count,
	const struct feel_env *env, struct arena *arena, struct feel_value *value, struct err *err);

/* The same with named arguments, in any order; names that are not the function's parameters give null. */
int feel_call_named(const struct feel_value *function, const char *const *names, const struct feel_value *args,
	size_t count, const struct feel_env *env, struct arena *arena, struct feel_value *value, struct err *err);
/* Reads a type as FEEL writes it ("list<number>", a type of the scope); memory from the arena. */
int feel_read_type(const char *text, const char *where, const struct feel_scope *scope, struct arena *arena,
	struct feel_type *type, struct err *err);

/* ---- evaluate by column ---- */
/*
 * A column of n values, all in int64: numbers scaled, dates as day numbers, booleans 0/1, strings as codes into
 * `texts`,
 * durations in seconds / months. INT64_MIN is null. If `decimals` is not NULL the numbers stand there instead
 * (decimal128) and v only says which are null (0 or INT64_MIN).
 */
struct feel_column {
	struct feel_type type;
	int64_t *v;
	struct decimal *decimals;
	const char *const *texts;
	size_t text_count;
};
struct feel_rows {
	size_t count; /* rows */
	void *host;
	const struct feel_column *(*column)(
		void *host, int slot); /* a filled column of `count` rows, or NULL: not available by column (use get) */
	void (*get)(void *host, int slot, size_t row, struct arena *arena, struct feel_value *value); /* for boxed rows */
	int32_t today;
};
/*
 * Evaluates over all rows into `out` (arrays from the arena): by column where types allow, boxed otherwise; the results
 * are identical.
 * out->type tells kind and scale; when `scale` >= 0 and the result is a number that fits exactly, it is given at that
 * scale.
 */
int feel_eval_rows(const struct feel_expr *expr, const struct feel_rows *rows, int scale, struct arena *arena,
	struct feel_column *out, struct err *err);
/* True if the expression will be evaluated by column given every slot has a column (for tests and `pandian check`). */
bool feel_is_columnar(const struct feel_expr *expr);
/* Forces boxed evaluation in feel_eval_rows for tests of agreement. */
int feel_eval_rows_boxed(const struct feel_expr *expr, const struct feel_rows *rows, int scale, struct arena *arena,
	struct feel_column *out, struct err *err);

/* Built-in functions, for `pandian list functions`. */
struct feel_builtin_info {
	const char *name;
	const char *parameters;
	const char *help;
};
const struct feel_builtin_info *feel_builtins(size_t *count);

#endif
