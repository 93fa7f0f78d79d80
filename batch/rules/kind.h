/*
 * kind.h - the private interface of rules/: what a rulebook is in memory and what a kind of rule must give.
 *
 * A kind of rule is one file: a struct rules_kind and its entry in RULES_KINDS. Loading: `declare` for every rule
 * (reads its parameters, tells its result columns), then `compile` (expressions; the names of all results are known by
 * then). Evaluation: `prepare` once, `person` per block in worker threads, `collect` per block in block order and
 * `population` once, both in the main thread.
 */
#ifndef PANDIAN_RULES_KIND_H
#define PANDIAN_RULES_KIND_H

#include "base/arena.h"
#include "base/err.h"
#include "base/finding.h"
#include "base/map.h"
#include "base/vec.h"
#include "base/xml.h"
#include "facts/facts.h"
#include "feel/feel.h"
#include "rules/rules.h"
#include "store/store.h"

/* Every kind of rule, once: file name, the symbol is <name>_kind. */
#define RULES_KINDS(X) X(credits) X(star) X(faults)

/* Why a result has no value: REASON(ID, "id", state, "中文", "English"). `why` in a frame is 1 + the number here. */
#define RULES_REASONS(REASON) \
	REASON(LEFT, "left", RESULT_NOT_GRADED, "已离职", "has left") \
	REASON(NOT_HIRED, "not-hired", RESULT_NOT_GRADED, "尚未入职", "not hired yet") \
	REASON(NEWCOMER, "newcomer", RESULT_NOT_GRADED, "入职时间不足", "newcomer: tenure too short") \
	REASON(TOO_LITTLE, "too-little-data", RESULT_NOT_GRADED, "有数据的评分项权重不足", \
		"too little weight of graded items has data") \
	REASON(ITEM_MISSING, "item-missing", RESULT_NOT_GRADED, "必备评分项缺失", \
		"a graded item that may not be missing is missing") \
	REASON(ITEM_RANGE, "item-out-of-range", RESULT_NOT_GRADED, "评分项不在 0–100 之间", \
		"an unscaled item is outside 0 to 100") \
	REASON(NO_VALUE, "no-value", RESULT_NOT_EVALUATED, "无数据", "no data") \
	REASON(NO_FEED, "no-completions", RESULT_NOT_EVALUATED, "没有培训完成数据", \
		"no training completions were given") \
	REASON(NO_PREVIOUS, "no-previous", RESULT_NOT_EVALUATED, "上期无结果", "no result of an earlier period") \
	REASON(TOP_BAND, "top-band", RESULT_NOT_EVALUATED, "已是最高档", "already the highest band") \
	REASON(TOO_FEW, "too-few", RESULT_NOT_EVALUATED, "人数过少", "too few")
enum rules_reason {
#define REASON(id, name, state, zh, en) RULES_REASON_##id,
	RULES_REASONS(REASON)
#undef REASON
		RULES_REASON_COUNT
};
const struct result_reason *rules_reason(enum rules_reason reason);
static inline uint16_t rules_why(enum rules_reason reason)
{
	return (uint16_t)(1 + (unsigned)reason);
}

struct rules_kind;
struct rules_block;
struct rules_work;

enum rules_level { RULES_PERSON, RULES_POPULATION };
#define RULES_PARTS 2 /* a rule computes in at most two parts: over a person, then over the population */
struct rules_nodes {
	unsigned *at;
	size_t count, capacity;
};
struct rules_rule {
	const struct rules_kind *kind;
	struct rulebook *book;
	unsigned index; /* in the rulebook */
	const char *id;
	const struct xml_node *node;
	struct text_pair title;
	void *data;                            /* the kind's own, from the rulebook's arena */
	uint32_t first_column, column_count;   /* of table "people" */
	uint32_t first_table;                  /* of its own tables in the directory */
	struct rules_nodes after[RULES_PARTS]; /* nodes (rule * RULES_PARTS + part) a part needs */
};

/* What a slot of an expression stands for. */
enum rules_source {
	RULES_AS_OF,
	RULES_PERIOD_START,
	RULES_PERIOD_END,
	RULES_EMPLOYEE,
	RULES_RESULT,
	RULES_PREVIOUS,
	RULES_PERFORMANCE,
	RULES_COMPLETION,
	RULES_COURSE
};
struct rules_name {
	const char *name;
	enum rules_source source;
	struct feel_type type;
	enum field_id field; /* EMPLOYEE, COMPLETION, COURSE */
	uint32_t column;     /* RESULT, PREVIOUS: index into the people's columns */
	const char *kind;    /* PERFORMANCE */
	bool guarded;        /* a protected attribute: refused in grading */
};
enum rules_scope { RULES_SCOPE_PERSON, RULES_SCOPE_COMPLETION, RULES_SCOPE_COUNT };

struct rules_column {
	struct result_column result;
	unsigned rule, part;
};

struct rulebook {
	struct arena arena; /* owns everything below that is not freed one by one */
	VEC(struct xml_doc *) docs;
	char hash[HASH_HEX];
	const char *id, *version, *from;
	struct text_pair title;
	struct rules_rule *rules;
	size_t rule_count;
	VEC(struct rules_column) columns; /* of table "people" */
	VEC(struct result_table) tables;  /* the others */
	VEC(struct result_member) members;
	VEC(struct result_parameter) parameters;
	VEC(struct feel_expr *) exprs;
	VEC(const char *) guarded; /* names of protected attributes */
	struct feel_scope *scopes[RULES_SCOPE_COUNT];
	VEC(struct rules_name) names[RULES_SCOPE_COUNT]; /* by slot */
	uint32_t feeds;
	uint32_t dims;     /* bit 1u << key_dim of the keys expressions read as texts */
	unsigned *stratum; /* by node (rule * RULES_PARTS + part) */
	unsigned *depth;   /* by node: order inside its stratum */
	unsigned strata;   /* stratum s is of persons if s is even, of the population if odd */
};

struct rules_kind {
	const char *element, *help;
	const struct xml_shape *shape;
	/* `part` 1 exists if population is not NULL */
	int (*declare)(struct rules_rule *rule, struct err *err);
	int (*compile)(struct rules_rule *rule, struct err *err);
	int (*prepare)(const struct rules_rule *rule, struct rules_work *work,
		struct err *err); /* may set work->state[rule->index] */
	int (*person)(const struct rules_rule *rule, struct rules_block *block, struct err *err);
	int (*collect)(const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block,
		struct err *err);
	int (*population)(const struct rules_rule *rule, struct rules_work *work, struct err *err);
	void (*release)(void *state); /* frees what the state owns beside the arena */
	/* Explains the person in `row` of an evaluated block. */
	int (*explain)(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
		struct str *out, struct err *err);
};

/* --- reading a rule (rulebook.c) --- */
struct rules_number {
	bool given;
	const char *text;
	int64_t value;
	int scale;
	struct decimal exact;
};
/* A number attribute with its own scale (at most 6 places); `given` false when absent. -1 refuses. */
int rules_number(const struct xml_node *node, const char *attr, struct rules_number *number, struct err *err);
int rules_share(const struct xml_node *node, const char *attr, const char *fallback, int64_t *scaled6, struct err *err);
int rules_duration(const struct xml_node *node, const char *attr, int *months, struct err *err);
/* Declares the next result column of a rule; id is the rule's, with ".suffix" if given. Returns its index in the
 * people's columns. */
uint32_t rules_declare(struct rules_rule *rule, unsigned part, const char *suffix, const struct result_column *like);
void rules_member(
	struct rules_rule *rule, const char *list, const char *id, struct text_pair title, const char *values);
void rules_parameter(struct rules_rule *rule, const struct xml_node *node, const char *name, const char *value);
struct text_pair rules_pair(struct arena *arena, const char *zh, const char *en); /* copies */
/* "rules/star.xml:41" */
const char *rules_where(struct arena *arena, const struct xml_node *node);

/* --- names and expressions (scope.c) --- */
int scope_open(struct rulebook *book, struct err *err);
void scope_add_results(struct rulebook *book);
void scope_close(struct rulebook *book);
/* Compiles an expression of a rule; refuses protected attributes; notes feeds and dependencies. */
struct feel_expr *scope_compile(struct rules_rule *rule, unsigned part, enum rules_scope scope,
	const struct xml_node *node, const char *text, enum feel_kind want, struct err *err);
/* True if every name used is course.*: the expression can be answered once per course. */
bool scope_is_course_only(const struct rulebook *book, const struct feel_expr *expr);

/* --- strata (strata.c) --- */
int strata_cut(struct rulebook *book, struct err *err);

/* --- a run (evaluate.c) --- */
struct rules_work {
	const struct rulebook *book;
	struct rules_run *run;
	const struct facts *facts;
	const struct facts_params *params;
	struct arena arena;
	void **state; /* by rule */
	const char *const
		*key_texts[KEY_DIM_COUNT]; /* texts by key, dimensions other than employees; NULL if not built */
	size_t key_counts[KEY_DIM_COUNT];
	struct result_directory previous; /* of run->earlier[0] */
	bool has_previous;
	uint32_t *previous_index; /* by people's column: column of the earlier run, UINT32_MAX if it has none */
	const uint32_t *previous_want;
	size_t previous_want_count;
	bool has_completions;
	struct findings *findings;
	uint64_t reasons[RULES_REASON_COUNT]; /* people not graded, by reason */
};
int rules_work_open(struct rules_work *work, const struct rulebook *book, struct rules_run *run,
	struct findings *findings, struct err *err);
void rules_work_close(struct rules_work *work);
/* Puts a table's frame; `table` counts a rule's own tables from 0. */
int rules_put_table(struct rules_work *work, const struct rules_rule *rule, uint32_t table, const struct frame *frame,
	struct err *err);

/* One block being evaluated; `facts` and `scratch` stay with the worker, the rest goes to the main thread. */
struct rules_block {
	const struct rules_work *work;
	struct store *store;
	struct facts_block *facts;
	struct arena *scratch;
	struct feel_column **columns[RULES_SCOPE_COUNT]; /* by slot, filled on demand; from scratch */
	struct frame previous;
	bool previous_loaded;
	struct err failed;              /* of a column that could not be read */
	const struct pass_rows *passes; /* of the block's completions; on demand */
	/* yielded */
	uint32_t number, first, count, active; /* active: people employed at the as-of date */
	struct arena *arena;
	struct frame people; /* the result columns */
	struct frame_texts texts;
	struct findings findings;
	void **partial; /* by rule: for collect; from arena */
};
int rules_block_load(struct rules_block *block, uint32_t number, struct err *err);
struct frame_column *rules_column(const struct rules_block *block, const struct rules_rule *rule, uint32_t k);
void rules_set_why(struct rules_block *block, struct frame_column *column, uint32_t row, enum rules_reason reason);
/* Evaluates over the block's employees / a range of its completions. */
int scope_eval_people(
	struct rules_block *block, const struct feel_expr *expr, struct feel_column *out, struct err *err);
int scope_eval_completions(struct rules_block *block, const struct feel_expr *expr, uint32_t first, uint32_t count,
	struct arena *arena, struct feel_column *out, struct err *err);
/* Evaluates a course-only expression over all courses. */
int scope_eval_courses(struct rules_work *work, const struct feel_expr *expr, struct feel_column *out, struct err *err);
/* Value of a numeric column in a row; false if null. */
bool scope_number(const struct feel_column *column, size_t row, struct decimal *number);
/* Replays an expression for one person or completion with tracing: one line per name read, appended. */
int scope_explain(struct rules_block *block, enum rules_scope scope, const struct feel_expr *expr, uint32_t row,
	enum text_lang lang, const char *indent, struct str *out, struct err *err);
/* Appends "file:row" of a fact, or nothing if it has no source. */
void scope_source(const struct rules_block *block, const struct frame *frame, uint32_t row, struct str *out);
/* The previous period's value of a people's column; false if there is none. */
int scope_previous(struct rules_block *block, uint32_t column, struct feel_column *out, struct err *err);

#define X(name) extern const struct rules_kind name##_kind;
RULES_KINDS(X)
#undef X

#endif
