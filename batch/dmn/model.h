/*
 * model.h - what the files of dmn/ share: units (files), types, boxed expressions, tables, elements, and a run.
 *
 * Private to dmn/. A model is loaded once and never changed afterwards; a run (one dmn_decide) lives in its arena.
 *
 * A name an expression may use has a slot: level << 16 | index. Level 0 are the elements of the model (their values are
 * computed when first asked, once a world); each body (the logic of a decision, of a function, of one turn of a loop)
 * adds a level with a frame of its own, whose parameters come first.
 */
#ifndef PANDIAN_DMN_MODEL_H
#define PANDIAN_DMN_MODEL_H

#include "base/arena.h"
#include "base/vec.h"
#include "base/xml.h"
#include "dmn/dmn.h"

#define DMN_CHAIN_MAX 150 /* decisions that need each other in a row */
#define DMN_LEVEL_MAX 60
#define DMN_TYPE_PARTS_MAX 5000 /* parts of one type, written out */
#define DMN_ITEMS_MAX 10000 /* item definitions of a file; elements of a model */
#define DMN_FILES_MAX 200 /* files of one model */
#define DMN_INDEX_MAX 0xffff

/* ---- types (type.c) ---- */
struct dmn_type;
struct dmn_member {
	const char *name;
	const struct dmn_type *type;
};
struct dmn_type {
	const char *name; /* as written; for messages */
	enum feel_kind kind;
	const struct dmn_type *base; /* the type this one narrows, or NULL */
	const struct dmn_type *item; /* FEEL_LIST, FEEL_RANGE: of items; FEEL_FUNCTION: of the result; or NULL */
	struct dmn_member *members; /* FEEL_CONTEXT: entries; FEEL_FUNCTION: parameters */
	size_t member_count;
	const struct feel_expr *allowed; /* unary tests, or NULL */
	const char *allowed_text;
	struct feel_type feel;
	size_t parts; /* written out */
	bool narrowed; /* allowed values somewhere inside */
};

/* ---- boxed expressions (boxed.c, evaluate.c) ---- */
enum dmn_boxed_kind {
	DMN_LITERAL,
	DMN_CONTEXT,
	DMN_LIST,
	DMN_RELATION,
	DMN_INVOCATION,
	DMN_FUNCTION,
	DMN_CONDITIONAL,
	DMN_FILTER,
	DMN_FOR,
	DMN_SOME,
	DMN_EVERY,
	DMN_TABLE
};
struct dmn_body;
struct dmn_table;
struct dmn_boxed {
	enum dmn_boxed_kind kind;
	const struct xml_node *node;
	const struct dmn_type *type; /* its typeRef, or NULL */
	struct feel_type feel; /* as far as known */
	const struct feel_expr *expr; /* LITERAL (NULL: empty); FILTER: items kept; iterations: a range as a list */
	const struct feel_expr *odd; /* FILTER: items whose match is neither true nor false */
	int slot; /* FILTER, iterations: where their helpers find the collection */
	/* CONTEXT, LIST, RELATION (row by row), CONDITIONAL (3), INVOCATION (function, arguments), loops (collection) */
	struct dmn_boxed **child;
	size_t count;
	const char **names; /* CONTEXT: entries (NULL: result); RELATION: columns; INVOCATION: parameters */
	const struct dmn_type **types; /* CONTEXT: of entries; or NULL */
	int *slots; /* CONTEXT: of entries */
	size_t columns; /* RELATION */
	struct dmn_body *body; /* FUNCTION; one turn of FILTER … EVERY */
	struct dmn_table *table;
};
/* Something evaluated in a frame of its own. */
struct dmn_body {
	const char *name; /* for messages */
	const struct xml_node *node;
	const char **names; /* parameters: indices 0 … count - 1 */
	const struct dmn_type **types; /* or NULL for any */
	size_t count;
	const struct dmn_type *result; /* or NULL */
	struct dmn_boxed *logic; /* NULL: none */
	bool foreign; /* Java or PMML: not run, yields null */
	int level;
	size_t size; /* values in the frame */
};

/* ---- files and elements (model.c) ---- */
struct dmn_unit;
struct dmn_import {
	const char *prefix;
	struct dmn_unit *unit;
};
struct dmn_item {
	const char *name;
	const struct xml_node *node;
	struct dmn_type *type;
	int state; /* 0 unread, 1 being read, 2 read */
};
struct dmn_unit {
	struct xml_doc *doc;
	const struct xml_node *root;
	const char *path, *space;
	struct dmn_import *imports;
	size_t import_count;
	struct dmn_item *items;
	size_t item_count;
	struct feel_scope *scope; /* the types of this file and its imports */
	int state; /* 1: its imports are being read */
};

enum dmn_element_kind { DMN_INPUT, DMN_DECISION, DMN_KNOWLEDGE, DMN_SERVICE };
struct dmn_element {
	enum dmn_element_kind kind;
	const char *name, *id;
	const struct xml_node *node;
	struct dmn_unit *unit;
	int number; /* slot in level 0 */
	const struct dmn_type *type; /* of the variable, or NULL; of functions: of the result */
	struct feel_type feel; /* of the variable, as far as known */
	struct dmn_body *body; /* DECISION, KNOWLEDGE */
	struct dmn_element **needs; /* what its logic may name */
	size_t need_count;
	struct dmn_element **parameters; /* SERVICE: input data, then input decisions */
	size_t parameter_count;
	struct dmn_element **outputs; /* SERVICE */
	size_t output_count;
	int state; /* 1: being compiled, 2: compiled */
	int chain; /* how many stand before it */
};
struct dmn_model {
	struct arena arena;
	VEC(struct dmn_unit *) units;
	VEC(struct dmn_element *) elements;
	VEC(struct feel_expr *) exprs;
	VEC(struct feel_scope *) scopes;
	bool lenient;
	int depth; /* of item definitions being read within each other */
};

/* Where an expression stands while it is compiled. */
struct dmn_place {
	struct dmn_model *model;
	struct dmn_unit *unit;
	struct feel_scope *scope;
	struct dmn_body *body;
};

/* ---- a run (decide.c) ---- */
struct dmn_run {
	const struct dmn_model *model;
	struct feel_value inputs; /* a context or null */
	struct feel_env env; /* the caller's */
	struct arena *arena;
	struct str *messages; /* or NULL */
	struct err *err;
	bool failed; /* out of budget: err is set */
};
/* Values of the elements: one world a run, and one for each call of a service. */
struct dmn_world {
	struct dmn_run *run;
	struct feel_value *values;
	unsigned char *state; /* 0 unknown, 1 being computed, 2 known */
};
struct dmn_frame {
	struct feel_env env; /* its host is this frame */
	struct dmn_world *world;
	struct dmn_frame *outer;
	const struct dmn_body *body;
	struct feel_value *values;
};

/* model.c */
const char *dmn_where(struct dmn_model *model, const struct xml_node *node); /* "file:line" */
struct feel_scope *dmn_new_scope(struct dmn_model *model, const struct feel_scope *outer);
/* The FEEL of an element's <text> (or its own text); compiled expressions belong to the model. */
const char *dmn_text(const struct xml_node *node);
const struct xml_node *dmn_text_node(const struct xml_node *node);
int dmn_compile(const struct dmn_place *place, const struct xml_node *at, const char *text,
	const struct feel_expr **expr, struct err *err);
int dmn_compile_tests(const struct dmn_place *place, const struct xml_node *at, const char *text,
	const struct feel_type *input, const struct feel_expr **expr, struct err *err);
bool dmn_is(const struct xml_node *node, const char *name);

/* element.c */
int dmn_read_elements(struct dmn_model *model, struct dmn_unit *unit, struct err *err);
int dmn_link_elements(struct dmn_model *model, struct err *err);
int dmn_compile_elements(struct dmn_model *model, struct err *err);

/* type.c */
int dmn_read_types(struct dmn_model *model, struct dmn_unit *unit, struct err *err);
/* The type named by attribute typeRef of a node; *type NULL if it has none (or says Any). */
int dmn_type_of(struct dmn_model *model, struct dmn_unit *unit, const struct xml_node *node, const char *attribute,
	const struct dmn_type **type, struct err *err);
struct feel_type dmn_feel_type(const struct dmn_type *type); /* NULL: any */
struct feel_type dmn_known_type(const struct feel_type *type); /* the same, or any if it is too large to write out */
/*
 * Makes a value belong to its type: as it is, the only item of a list, a list of it; else null.
 * 1 it does, 0 it is null now, -1 budget.
 */
int dmn_coerce(struct dmn_run *run, const struct dmn_type *type, struct feel_value *value);

/* boxed.c */
const struct xml_node *dmn_first_expression(const struct xml_node *node); /* among the children, or NULL */
int dmn_read_boxed(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_boxed **boxed, struct err *err);
/* Reads the logic of a function definition or the encapsulated logic of a BKM; `place` is where it stands. */
int dmn_read_function(
	const struct dmn_place *place, const struct xml_node *node, struct dmn_body *body, struct err *err);
int dmn_read_signature(struct dmn_model *model, struct dmn_unit *unit, const struct xml_node *node,
	struct dmn_body *body, struct err *err);
struct feel_type dmn_function_type(struct dmn_model *model, const struct dmn_body *body);
int dmn_new_slot(const struct dmn_place *place, const struct xml_node *node, int *slot, struct err *err);

/* table.c */
int dmn_read_table(const struct dmn_place *place, const struct xml_node *node, const struct dmn_type *type,
	struct dmn_table **table, struct feel_type *feel, struct err *err);
int dmn_eval_table(const struct dmn_table *table, struct dmn_frame *frame, struct feel_value *value);

/* evaluate.c; -1 when the budget ran out, run->err is set */
int dmn_eval(const struct dmn_boxed *boxed, struct dmn_frame *frame, struct feel_value *value);
int dmn_eval_expr(const struct feel_expr *expr, struct dmn_frame *frame, struct feel_value *value);
/* A frame for one evaluation of a body; its parameters are the caller's to set. */
struct dmn_frame *dmn_new_frame(struct dmn_world *world, struct dmn_frame *outer, const struct dmn_body *body);
struct feel_value dmn_new_function(struct dmn_world *world, struct dmn_frame *outer, const struct dmn_body *body);
void dmn_set(struct dmn_frame *frame, int slot, struct feel_value value);

/* decide.c */
struct dmn_world *dmn_new_world(struct dmn_run *run);
int dmn_element_value(struct dmn_world *world, int number, struct feel_value *value);
/* Tells why something is null: "file:line: …" on a line of its own. */
void dmn_tell(struct dmn_run *run, const struct xml_node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* service.c */
struct feel_value dmn_service_function(struct dmn_world *world, const struct dmn_element *service);
/* Calls a service with the values of its parameters, in order. */
int dmn_call_service(
	struct dmn_run *run, const struct dmn_element *service, const struct feel_value *args, struct feel_value *value);

#endif
