/*
 * star.h - a star rule in memory, and the grading of one person; private to the files star*.c.
 */
#ifndef PANDIAN_RULES_STAR_H
#define PANDIAN_RULES_STAR_H

#include "rules/decision.h"
#include "rules/history.h"
#include "rules/kind.h"

enum star_missing { STAR_RENORMALISE, STAR_ZERO, STAR_NOT_GRADED };
#define STAR_ITEMS 64
#define STAR_BANDS 20
#define STAR_WEIGHT_SCALE 6
#define STAR_SCORE_SCALE 4 /* of the columns that show items */

struct star_item {
	const char *id;
	const struct xml_node *node;
	struct text_pair title;
	const char *text; /* of the expression */
	const struct feel_expr *value;
	struct rules_number zero, full; /* both or neither */
	struct decimal width;           /* full - zero */
	int64_t weight;                 /* * 10^-6 */
	enum star_missing missing;
	uint32_t column; /* value, score, weight: three columns from here */
};
struct star_floor {
	const struct xml_node *node;
	size_t item;
	struct rules_number from;
};
struct star_band {
	const struct xml_node *node;
	struct text_pair title;
	int64_t star;
	struct rules_number from, coefficient;
	int64_t from_scaled; /* at 2 places, rounded up: a composite of 2 places reaches `from` iff it reaches this */
	struct star_floor *floors;
	size_t floor_count;
	int hold; /* periods in a row that must reach the band before anyone rises to it */
	bool has_quota, binding;
	int64_t share;
};
struct star_tie {
	const struct xml_node *node;
	const char *text;
	const struct feel_expr *value;
	bool ascending;
};
#define STAR_TIES 8
struct star {
	const char *scope;
	enum field_id scope_field;
	bool scope_all;
	int tenure;      /* months; 0: no minimum */
	int64_t present; /* minimum present weight * 10^-6 */
	struct star_item *items;
	size_t item_count;
	struct star_band *bands;
	size_t band_count; /* highest star first */
	int fall;        /* periods in a row below a star before anyone falls */
	int up, down;    /* bands a star may move in one period; 0: no limit */
	const char *absent_text;
	const struct feel_expr *absent; /* NULL: nobody */
	bool has_quota, binding;
	int64_t quota_minimum; /* graded people of a scope below which binding quotas do not bind */
	struct star_tie ties[STAR_TIES];
	size_t tie_count;
	int coefficient_scale;
};

/* What grading one person gives. */
struct star_grade {
	enum rules_reason reason;
	bool graded;
	struct decimal scores[STAR_ITEMS];
	bool counted[STAR_ITEMS];          /* counted: in the weights */
	int64_t weight_sum;                /* of the items counted */
	int64_t composite;                 /* 2 places; DECIMAL_NONE */
	size_t before, band;               /* indices of bands; before floors, after floors */
	const struct star_floor *withheld; /* the floor that withheld the highest band reached; NULL */
	size_t bad_item;                   /* of ITEM_MISSING, ITEM_RANGE */
};
struct star_input {
	bool present;
	struct decimal x;
};
void star_grade(const struct star *star, const struct star_input *inputs, struct star_grade *grade);
/* True if x satisfies a floor: at least as good as `from` (items whose full point lies below zero count downwards). */
bool star_floor_met(const struct star *star, const struct star_floor *floor, const struct star_input *input);
/* Why a person is not graded before any item is looked at; RULES_REASON_COUNT: may be graded. `absent` NULL: nobody. */
enum rules_reason star_bars(
	const struct star *star, const struct rules_block *block, const struct feel_column *absent, uint32_t row);
/* Whether the person works here on the as-of date: others have no star, whatever was decided. */
static inline bool star_is_here(enum rules_reason bar)
{
	return bar != RULES_REASON_LEFT && bar != RULES_REASON_NOT_HIRED;
}

/* --- hold and movement limit (star_move.c) --- */
enum star_step { STAR_FIRST, STAR_RISEN, STAR_WAITING, STAR_KEPT, STAR_SPARED, STAR_FALLEN };
struct star_move {
	enum star_step step;
	int64_t previous; /* the effective star before; DECIMAL_NONE on the first grading */
	uint32_t ago;     /* periods since */
	size_t held;      /* band after hold */
	size_t limited;   /* band after the movement limit as well */
};
/* The band of a star; of a number no band has, the highest below it (else the lowest of all). */
size_t star_band_of(const struct star *star, int64_t number);
/* `reached`: r, the band after floors. */
/* The decision in force for a person that names a star with a band. */
bool star_decision(const struct rules_rule *rule, const struct rules_block *block, uint32_t row, struct decision *out);
void star_hold(const struct star *star, size_t reached, const struct history_block *past, uint32_t row,
	struct star_move *move);

/* --- the population (star_population.c) --- */
#define STAR_NO_BAND UINT8_MAX
struct star_count {
	uint64_t by_band[STAR_BANDS];
};
/* What a block gives: by person, STAR_NO_BAND where there is none. */
struct star_partial {
	uint32_t *scope;
	const char **texts; /* NULL: scope holds keys */
	uint8_t *held, *decided, *before; /* bands: after the movement limit, by decision, of the previous star */
	uint8_t *here;                    /* works here on the as-of date */
	const int64_t *composite;
	struct decimal *ties; /* tie_count each; not finite: missing. Of binding quotas only */
	uint64_t reasons[RULES_REASON_COUNT];
	uint64_t missing[STAR_ITEMS];
};
struct star_state {
	const struct history *history;
	struct map scopes;
	struct star_count *computed, *all_computed; /* by scope; of the centre */
	struct star_count *effective, all_effective;
	size_t capacity;
	uint64_t moves[STAR_BANDS + 1][STAR_BANDS + 1]; /* from, to; the last: no star */
	uint64_t missing[STAR_ITEMS];
	/* of a binding quota, by employee */
	uint32_t employees;
	uint8_t *held, *seated, *decided, *before, *here;
	uint32_t *scope;
	int64_t *composite;
	struct decimal *ties; /* tie_count each; not finite: missing */
};
int star_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err);
int star_collect(
	const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block, struct err *err);
int star_population(const struct rules_rule *rule, struct rules_work *work, struct err *err);
void star_release(void *state);

enum {
	STAR_STAR, /* the effective one: the decision, else what was computed */
	STAR_COMPOSITE,
	STAR_COEFFICIENT,
	STAR_BAND, /* by composite */
	STAR_FLOOR,
	STAR_PREVIOUS,
	STAR_PRESENT,
	STAR_REACHED,  /* r: after floors */
	STAR_HELD,     /* after hold and movement limit */
	STAR_COMPUTED, /* after quotas */
	STAR_DECIDED,
	STAR_COLUMNS
};
/* The rule's own tables, in this order; quotas only where there are any. */
enum { STAR_DISTRIBUTION, STAR_MOVEMENT, STAR_DECISIONS, STAR_QUOTA };
int star_declare(struct rules_rule *rule, struct err *err);
int star_declare_expressions(struct rules_rule *rule, struct err *err);
int star_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err);
extern const struct xml_shape star_declare_shape;

#endif
