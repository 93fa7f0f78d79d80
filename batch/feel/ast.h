/*
 * ast.h - what the files of feel/ share: nodes, scopes, the parser's state, the evaluator's state, the registry row.
 *
 * Private to feel/. A compiled expression is a tree of nodes in an arena of its own; it is never changed after
 * feel_compile, so that threads may share it. Local names (for, some, every, function, context entries, filters) are
 * numbered at compile time by how many bindings lie between use and definition; the evaluator keeps the same chain.
 */
#ifndef PANDIAN_FEEL_AST_H
#define PANDIAN_FEEL_AST_H

#include "base/arena.h"
#include "base/vec.h"
#include "feel/feel.h"

#define FEEL_DEPTH_PARSE 200 /* nesting of an expression */
#define FEEL_HEIGHT_MAX 1000 /* of a tree: "a + b + c …" is as high as it is long */
#define FEEL_DEPTH_EVAL 6000 /* nested nodes being evaluated, through calls of FEEL functions and of the host's */
#define FEEL_STACK_MAX 3000000u /* bytes of stack, whatever the depth */
#define FEEL_STEPS_DEFAULT 10000000u
#define FEEL_TEXT_MAX 100000u /* bytes of one expression */

/* ---- nodes ---- */
enum node_kind {
	NODE_CONSTANT,
	NODE_SLOT,
	NODE_LOCAL,
	NODE_DYNAMIC,
	NODE_INPUT,
	NODE_NEGATE,
	NODE_ADD,
	NODE_SUB,
	NODE_MUL,
	NODE_DIV,
	NODE_POW,
	NODE_EQ,
	NODE_NE,
	NODE_LT,
	NODE_LE,
	NODE_GT,
	NODE_GE,
	NODE_AND,
	NODE_OR,
	NODE_BETWEEN,
	NODE_IN,
	NODE_UNARY,
	NODE_TESTS,
	NODE_IF,
	NODE_FOR,
	NODE_SOME,
	NODE_EVERY,
	NODE_PATH,
	NODE_FILTER,
	NODE_CALL,
	NODE_INVOKE,
	NODE_LIST,
	NODE_CONTEXT,
	NODE_RANGE,
	NODE_FUNCTION,
	NODE_INSTANCE,
};

struct builtin;
struct node {
	enum node_kind kind;
	uint32_t at, length; /* slice of the source */
	struct feel_type type; /* as far as known before evaluation */
	struct node **child;
	size_t count;
	union {
		struct feel_value value; /* CONSTANT */
		int slot; /* SLOT */
		uint32_t local; /* LOCAL, DYNAMIC: bindings to skip */
		enum node_kind op; /* UNARY: EQ … GE */
		const struct builtin *builtin; /* CALL */
		struct {
			bool low_closed, high_closed;
		} range;
		bool negated; /* TESTS */
		const struct feel_type *check; /* INSTANCE */
	};
	const struct node *origin; /* CONSTANT: what was folded */
	const char *name; /* PATH, DYNAMIC: entry; SLOT, LOCAL: as written in the scope */
	const char *
		*names; /* CONTEXT: keys; FUNCTION: parameters; FOR, SOME, EVERY: variables; INVOKE: argument names or NULL */
	const struct feel_type *types; /* FUNCTION: parameter types */
	int height; /* of the tree below */
	bool input; /* the tested value ("?") is mentioned inside */
	bool keeps; /* FOR, SOME, EVERY, FILTER: a function inside may keep the bindings */
};

/* ---- scopes ---- */
struct scope_name {
	const char *name;
	struct feel_type type;
	int slot;
};
struct scope_function {
	const char *name;
	feel_bind *bind;
	void *host;
};
struct scope_type {
	const char *name;
	struct feel_type type;
};
struct feel_scope {
	const struct feel_scope *outer;
	struct arena arena;
	VEC(struct scope_name) names;
	VEC(struct scope_function) functions;
	VEC(struct scope_type) types;
	bool lenient;
};
const struct scope_type *scope_find_type(const struct feel_scope *scope, const char *name, size_t length);

/* ---- tokens and parser ---- */
enum token_kind {
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_STRING,
	TOKEN_AT,
	TOKEN_NAME,
	TOKEN_BAD,
	/* punctuation */
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_STAR,
	TOKEN_SLASH,
	TOKEN_POWER,
	TOKEN_EQ,
	TOKEN_NE,
	TOKEN_LT,
	TOKEN_LE,
	TOKEN_GT,
	TOKEN_GE,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_LEFT,
	TOKEN_RIGHT,
	TOKEN_BEGIN,
	TOKEN_FINISH,
	TOKEN_COMMA,
	TOKEN_COLON,
	TOKEN_DOT,
	TOKEN_DOTS,
	TOKEN_ARROW,
	TOKEN_INPUT,
	/* keywords, in the order of keyword_names in lexer.c */
	TOKEN_FOR,
	TOKEN_RETURN,
	TOKEN_IF,
	TOKEN_THEN,
	TOKEN_ELSE,
	TOKEN_SOME,
	TOKEN_EVERY,
	TOKEN_SATISFIES,
	TOKEN_IN,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_BETWEEN,
	TOKEN_INSTANCE,
	TOKEN_FUNCTION,
	TOKEN_TRUE,
	TOKEN_FALSE,
	TOKEN_NULL,
};
enum name_kind { NAME_UNKNOWN, NAME_LOCAL, NAME_ITEM, NAME_HOST, NAME_HOST_FUNCTION, NAME_BUILTIN };
struct local {
	const char *name;
	struct feel_type type;
	struct local *outer;
	bool item; /* item of a filter: its members are names */
	uint32_t level;
};
struct token {
	enum token_kind kind;
	size_t at, length;
	/* TOKEN_NAME */
	enum name_kind name_kind;
	const struct local *local;
	const struct scope_name *host;
	const struct scope_function *function;
	const struct builtin *builtin;
	const char *name; /* canonical */
	/* TOKEN_STRING, TOKEN_AT */
	const char *text;
	size_t text_length;
};
struct parser {
	const char *text;
	size_t length;
	const char *where;
	const struct feel_scope *scope;
	bool lenient, failed;
	struct arena *arena;
	struct err *err;
	struct token token;
	bool operand_next; /* the token being read stands where an operand may */
	bool endpoint; /* in the upper end of a range: "[" may close it */
	size_t last_end; /* end of the token consumed last */
	struct local *locals;
	uint32_t level; /* bindings on the chain */
	int depth;
	const struct feel_type *input; /* type of "?", or NULL where there is none */
	size_t input_uses, functions; /* counted so far */
	VEC(const char *) members; /* every entry name seen: known after a dot */
};
void lexer_next(struct parser *p); /* consumes the token, reads the next */
void lexer_again(struct parser *p); /* reads the token again after names changed */
bool lexer_member(
	struct parser *p, const struct feel_type *of, const char **name); /* after a dot: reads an entry name */
bool lexer_key(struct parser *p, const char **name); /* "name :" at the token: consumes both; false if it is none */
const char *lexer_describe(const struct parser *p, char out[80]);
int parser_fail(struct parser *p, size_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool lexer_name_part(unsigned char c);

struct node *parser_whole(struct parser *p, bool tests);
bool parser_type(struct parser *p, struct feel_type *type); /* at the token */

/* ---- types ---- */
struct feel_type type_copy(struct arena *arena, const struct feel_type *type);
const char *type_name(const struct feel_type *type, char out[120]);
void type_members(struct parser *p, const struct feel_type *type); /* notes entry names of a type */
/* Gives the node its type; refuses certain mismatches in strict scopes. */
void type_node(struct parser *p, struct node *n);
const struct feel_type *type_member(const struct feel_type *type, const char *name);
struct feel_type type_simple(enum feel_kind kind);

/* ---- compiled expression ---- */
struct program;
struct feel_expr {
	struct arena arena;
	const char *text, *where;
	size_t length;
	struct node *root;
	bool tests, lenient;
	struct feel_type want; /* results that do not belong to it become null */
	int *slots;
	size_t slot_count;
	struct program *program; /* NULL: not columnar */
	struct feel_type type;
};

/* ---- evaluation ---- */
struct binding {
	struct feel_value value;
	struct binding *outer;
};
struct eval {
	const struct feel_expr *expr;
	const struct feel_env *env;
	struct arena *arena;
	struct eval *outer; /* the evaluation that called the host that called us */
	const struct feel_value *input; /* "?" */
	uint64_t steps; /* left */
	const char *stack; /* where the outermost evaluation began */
	int depth;
	bool spent; /* steps used up: everything is null from here */
	bool failed; /* the host's function failed: err is set */
	struct err *err;
};
struct feel_value eval_node(struct eval *ev, const struct node *n, struct binding *names);
struct feel_value eval_invoke(
	struct eval *ev, const struct feel_value *function, const struct feel_value *args, size_t count);
bool eval_charge(struct eval *ev, uint64_t steps); /* false when used up */
int eval_begin(
	struct eval *ev, const struct feel_expr *expr, const struct feel_env *env, struct arena *arena, struct err *err);
int eval_end(struct eval *ev);
bool eval_fold(struct parser *p, const struct node *n, struct feel_value *value);
struct feel_value eval_binary(
	struct eval *ev, enum node_kind op, const struct feel_value *a, const struct feel_value *b);
struct feel_value eval_path(struct eval *ev, const struct feel_value *of, const char *name);
int eval_in(const struct feel_value *value, const struct feel_value *set); /* 1, 0, -1 null */
/* The value, a list's only item, or the value as a list, whichever belongs to the type; else null. */
struct feel_value eval_coerce(struct arena *arena, const struct feel_value *value, const struct feel_type *type);

struct feel_function {
	const struct builtin *builtin;
	const struct node *lambda; /* FUNCTION node */
	const struct feel_expr *expr; /* of the lambda: for texts in the trace */
	const struct feel_env *env; /* of the lambda: its host names are read where it was made */
	struct binding *names;
	feel_native *native;
	void *host;
	const char **parameters;
	size_t count;
};

/* ---- values ---- */
/* -1, 0, 1; -2 if they have no order. */
int value_compare(const struct feel_value *a, const struct feel_value *b);
int value_in_range(const struct feel_range *range, const struct feel_value *value); /* 1, 0, -1 null */
struct feel_value value_number(struct decimal d); /* null if not finite; never -0 */
struct feel_value value_days(int64_t seconds, int64_t nanos);
struct feel_value value_months(int64_t months);
struct feel_value value_range(struct arena *arena, const struct feel_value *low, const struct feel_value *high,
	bool low_closed, bool high_closed);
struct feel_value value_text(struct arena *arena, const char *text);
struct feel_value value_text_of(struct arena *arena, const struct str *str);

/* ---- dates and times ---- */
bool temporal_parse_date(const char *text, size_t length, int32_t *date);
bool temporal_parse_time(struct arena *arena, const char *text, size_t length, struct feel_value *time);
bool temporal_parse_date_time(struct arena *arena, const char *text, size_t length, struct feel_value *value);
bool temporal_parse_duration(const char *text, size_t length, struct feel_value *value);
struct feel_value temporal_parse_at(struct arena *arena, const char *text, size_t length); /* null if none of them */
void temporal_print(struct str *out, const struct feel_value *value);
bool temporal_instant(const struct feel_value *value,
	int64_t *seconds); /* UTC seconds of a date and time with offset; of local ones as if UTC */
struct feel_value temporal_add(const struct feel_value *point, const struct feel_value *duration, int sign);
struct feel_value temporal_sub(const struct feel_value *a, const struct feel_value *b);
struct feel_value temporal_property(struct arena *arena, const struct feel_value *value, const char *name);
bool temporal_date_ok(int64_t year, int64_t month, int64_t day);
int32_t temporal_date(int64_t year, int64_t month, int64_t day);
void temporal_civil(int32_t date, int64_t *year, int *month, int *day);
/* Offset of a named zone at a local moment, in seconds; false if the zone is not known here. */
bool zone_offset(const char *zone, int32_t date, int64_t second, int32_t *offset);

/* ---- built-in functions ---- */
typedef void builtin_call(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out);
/*
 * parameters: "string: string, start position: number, length: number?" - "?" may be left out; a last "type..." takes
 * the rest as one list; a single "list*" is one list or any number of items. Null for a parameter that is not "any"
 * gives null without a call. result: a type name, or "item"/"same" (of the first argument's items / of the first
 * argument).
 */
struct builtin {
	const char *name, *parameters, *result;
	builtin_call *call;
	bool impure; /* not folded: asks the environment or calls functions */
	const char *help;
};
extern const struct builtin builtin_number_rows[], builtin_string_rows[], builtin_list_rows[], builtin_context_rows[],
	builtin_range_rows[], builtin_conversion_rows[], builtin_temporal_rows[],
	builtin_pandian_rows[]; /* each ends with name NULL */
#define BUILTIN_PARAMETERS_MAX 8
struct builtin_parameter {
	const char *name;
	size_t name_length;
	const char *type;
	size_t type_length;
	bool optional, rest, spread;
};
size_t builtin_parameters(const struct builtin *builtin, struct builtin_parameter out[BUILTIN_PARAMETERS_MAX]);
const struct builtin *builtin_first(void);
const struct builtin *builtin_next(const struct builtin *row);
const struct builtin *builtin_find(const char *name);
/* The row that fits the arguments (names may be NULL); *order[i] = parameter of argument i. NULL and a reason if
 * none fits. */
const struct builtin *builtin_match(const char *name, const char *const *names, const struct feel_type *types,
	size_t count, size_t *order, char reason[200]);
/* Whether a value kind can be given where the parameter's type is asked. */
bool builtin_accepts(const char *type, size_t length, enum feel_kind kind);
struct feel_type builtin_result(const struct builtin *builtin, struct node *const *args, size_t count);
struct feel_value builtin_run(
	struct eval *ev, const struct builtin *builtin, const struct feel_value *args, size_t count);

/* ---- columns ---- */
struct program *column_compile(struct feel_expr *expr); /* NULL if not columnar */
struct feel_type column_type(const struct program *program);

#endif
