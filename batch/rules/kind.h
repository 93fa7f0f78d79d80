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
#define RULES_KINDS(X) \
	X(credits) X(star) X(honour_roll) X(faults) X(competency) X(idp) X(learning_map) \
	X(ladder) X(ninebox) X(pool) X(slate) X(bench) X(training) X(expiry)

/* Every file with functions of person expressions, once: the symbol is <name>_functions, its end a NULL name. */
#define RULES_FUNCTIONS(X) X(career) X(course) X(fit)

/* Why a result has no value: REASON(ID, "id", state, "中文", "English"). `why` in a frame is 1 + the number here. */
#define RULES_REASONS(REASON) \
	REASON(LEFT, "left", RESULT_NOT_GRADED, "已离职", "has left") \
	REASON(NOT_HIRED, "not-hired", RESULT_NOT_GRADED, "尚未入职", "not hired yet") \
	REASON(ABSENT, "long-absence", RESULT_NOT_GRADED, "长期离岗", "long absence") \
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
	REASON(TOO_FEW, "too-few", RESULT_NOT_EVALUATED, "人数过少", "too few") \
	REASON(NOT_ASSESSED, "not-assessed", RESULT_NOT_EVALUATED, "未测评", "not assessed") \
	REASON(NO_MODEL, "no-model", RESULT_NOT_EVALUATED, "该岗位没有胜任力模型", "the position has no competency model") \
	REASON(NOT_REQUIRED, "not-required", RESULT_NOT_EVALUATED, "本岗位不要求", "the position does not need it") \
	REASON(OFF_LADDER, "off-ladder", RESULT_NOT_EVALUATED, "岗位和职级不在晋升通道上", \
		"position and level are on no ladder") \
	REASON(NO_STEP, "no-step", RESULT_NOT_EVALUATED, "此通道没有下一岗级", "no further step on this track") \
	REASON(GATE_OPEN, "gate-not-evaluated", RESULT_NOT_EVALUATED, "有条件缺数据，未评估", \
		"a gate lacks data and was not evaluated") \
	REASON(NO_DATE, "no-date", RESULT_NOT_EVALUATED, "无法推算日期", "the date cannot be told") \
	REASON(TOO_NEW, "too-new", RESULT_NOT_GRADED, "任职时间过短", "too new") \
	REASON(UNRATED, "unrated", RESULT_NOT_GRADED, "绩效与潜力均无评价", "neither performance nor potential is rated") \
	REASON(INSUFFICIENT, "insufficient", RESULT_NOT_GRADED, "评价数据不足", "too few ratings") \
	REASON(NO_COEFFICIENT, "no-coefficient", RESULT_NOT_EVALUATED, "规则未设绩效系数", \
		"the rule gives no coefficients")
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
struct rules_rule;
struct rules_block;
struct rules_work;

/*
 * The parts of a rule: over a person, over the population, and over a person once more with what the population
 * gave.
 */
enum rules_part { RULES_PERSON, RULES_POPULATION, RULES_SETTLED, RULES_PARTS };
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
	bool settles;                          /* set by declare: it has the part RULES_SETTLED */
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
	RULES_COURSE,
	RULES_FUNCTION
};
struct rules_function;
struct rules_name {
	const char *name;
	enum rules_source source;
	struct feel_type type;
	enum field_id field; /* EMPLOYEE, COMPLETION, COURSE */
	uint32_t column;     /* RESULT, PREVIOUS: index into the people's columns */
	const char *kind;    /* PERFORMANCE */
	bool guarded;        /* a protected attribute: refused in grading */
	/* FUNCTION */
	const struct rules_function *function;
	const struct feel_value *args; /* constants, in the rulebook's arena */
	void *data;                    /* the function's own, from the rulebook's arena */
	unsigned reads; /* 1 + the node (rule * RULES_PARTS + part) that must come first; 0: none */
};
/* A function or a plain name of person expressions, computed from facts or from another rule's block. */
struct rules_function {
	const char *name;       /* may hold spaces */
	const char *takes;      /* a letter an argument: t text, n whole number from 0; NULL: a name without arguments */
	const char *parameters; /* as help shows them: "role" */
	const char *help;
	struct feel_type type; /* of the result */
	uint32_t feeds;        /* bits of the feeds it reads */
	/* NULL, or refuses arguments, sets data, reads, type. All rules are declared by then. */
	int (*bind)(struct rulebook *book, struct rules_name *name, struct err *err);
	/* NULL, or makes name's state for an evaluation (rules_function_state), from work->arena. */
	int (*prepare)(const struct rules_name *name, struct rules_work *work, void **state, struct err *err);
	/* Fills out->v (and type.scale, texts) for the people of the block, memory from block->scratch. */
	int (*fill)(struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err);
	/* NULL, or appends where the value of a person comes from ("file:row, file:row"). */
	void (*source)(const struct rules_block *block, const struct rules_name *name, uint32_t row, struct str *out);
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
	VEC(const char *) decided; /* fields of the decision feed that rules apply */
	struct feel_scope *scopes[RULES_SCOPE_COUNT];
	VEC(struct rules_name) names[RULES_SCOPE_COUNT]; /* by slot */
	bool exempt_holds; /* whether an exemption holds a course (held.h); a rule may set it when it is declared */
	uint32_t feeds;
	uint32_t dims;     /* bit 1u << key_dim of the keys expressions read as texts */
	unsigned *stratum; /* by node (rule * RULES_PARTS + part) */
	unsigned *depth;   /* by node: order inside its stratum */
	unsigned strata;   /* stratum s is of persons if s is even, of the population if odd */
};

struct rules_kind {
	const char *element, *help;
	const struct xml_shape *shape;
	/* part RULES_POPULATION exists if population is not NULL, RULES_SETTLED if the rule settles */
	int (*declare)(struct rules_rule *rule, struct err *err);
	int (*compile)(struct rules_rule *rule, struct err *err);
	int (*prepare)(const struct rules_rule *rule, struct rules_work *work,
		struct err *err); /* may set work->state[rule->index] */
	int (*person)(const struct rules_rule *rule, struct rules_block *block, struct err *err);
	int (*collect)(const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block,
		struct err *err);
	int (*population)(const struct rules_rule *rule, struct rules_work *work, struct err *err);
	/* Part RULES_SETTLED: fills the columns declared for it; the block's earlier columns are there again. */
	int (*settle)(const struct rules_rule *rule, struct rules_block *block, struct err *err);
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
/* Declares a table of the rule's own (columns are copied; rule, unit, role and member get their defaults). Returns its
 * number among the rule's tables. */
uint32_t rules_declare_table(struct rules_rule *rule, const char *name, struct text_pair title, bool list,
	const struct result_column *columns, size_t count);
struct text_pair rules_pair(struct arena *arena, const char *zh, const char *en); /* copies */
/* "rules/star.xml:41" */
const char *rules_where(struct arena *arena, const struct xml_node *node);

/* --- names and expressions (scope.c) --- */
int scope_open(struct rulebook *book, struct err *err);
void scope_add_results(struct rulebook *book);
void scope_close(struct rulebook *book);
int scope_prepare(struct rules_work *work, struct err *err); /* the functions' states of an evaluation */
/* Compiles an expression of a rule; refuses protected attributes; notes feeds and dependencies. */
struct feel_expr *scope_compile(struct rules_rule *rule, unsigned part, enum rules_scope scope,
	const struct xml_node *node, const char *text, enum feel_kind want, struct err *err);
/* Says that a part of a rule reads what the part RULES_PERSON of another gives. */
void scope_need(struct rules_rule *rule, unsigned part, const struct rules_rule *of);
/* True if every name used is course.*: the expression can be answered once per course. */
bool scope_is_course_only(const struct rulebook *book, const struct feel_expr *expr);

/* --- strata (strata.c) --- */
bool strata_used(const struct rules_rule *rule, unsigned part); /* whether the rule has the part */
int strata_cut(struct rulebook *book, struct err *err);

/* --- a run (evaluate.c) --- */
struct rules_work {
	const struct rulebook *book;
	struct rules_run *run;
	const struct facts *facts;
	const struct facts_params *params;
	struct arena arena;
	void **state; /* by rule */
	void **function_state; /* by slot of person expressions */
	const char *const
		*key_texts[KEY_DIM_COUNT]; /* texts by key, dimensions other than employees; NULL if not built */
	size_t key_counts[KEY_DIM_COUNT];
	struct result_directory previous; /* of run->earlier[0] */
	bool has_previous;
	uint32_t *previous_index; /* by people's column: column of the earlier run, UINT32_MAX if it has none */
	const uint32_t *previous_want;
	size_t previous_want_count;
	bool has_completions;
	const int64_t *valid_months; /* by course key (pass.h); NULL: no course expires, or no completions are read */
	uint32_t given; /* bits of the feeds with a visible batch */
	bool persons_done; /* a stratum of persons is behind us: its columns are in the store */
	bool passes_read, passes_told; /* findings about contradictory completions are told in one stratum */
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
	const struct held_rows *held;   /* courses held at the as-of date; on demand */
	/* yielded */
	uint32_t number, first, count, active; /* active: people employed at the as-of date */
	struct arena *arena;
	struct frame people; /* the result columns */
	struct frame_texts texts;
	struct findings findings;
	struct frame *lists; /* by table of the rulebook: rows of its list tables; columns NULL: none */
	void **partial; /* by rule: for collect; from arena */
};
int rules_block_load(struct rules_block *block, uint32_t number, struct err *err);
struct frame_column *rules_column(const struct rules_block *block, const struct rules_rule *rule, uint32_t k);
/* A frame of `rows` rows with the columns of a table, all missing. */
void rules_frame(const struct result_table *table, uint32_t rows, struct arena *arena, struct frame *frame);
/*
 * The block's rows of a rule's own list table (`table` counts the rule's from 0): `rows` of them, all missing,
 * ascending by employee when filled. Texts are collected by the caller, who ends them with frame_texts_end(…,
 * block->arena).
 */
struct frame *rules_list(struct rules_block *block, const struct rules_rule *rule, uint32_t table, uint32_t rows);
void rules_set_why(struct rules_block *block, struct frame_column *column, uint32_t row, enum rules_reason reason);
/* Evaluates over the block's employees / a range of its completions. */
int scope_eval_people(
	struct rules_block *block, const struct feel_expr *expr, struct feel_column *out, struct err *err);
int scope_eval_completions(struct rules_block *block, const struct feel_expr *expr, uint32_t first, uint32_t count,
	struct arena *arena, struct feel_column *out, struct err *err);
/* Evaluates a course-only expression over all courses. */
int scope_eval_courses(struct rules_work *work, const struct feel_expr *expr, struct feel_column *out, struct err *err);
void *rules_function_state(const struct rules_work *work, const struct rules_name *name);
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
#define X(name) extern const struct rules_function name##_functions[];
RULES_FUNCTIONS(X)
#undef X

#endif
