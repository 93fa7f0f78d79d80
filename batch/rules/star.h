/*
 * star.h - a star rule in memory, and the grading of one person; private to star.c, star_declare.c and star_explain.c.
 */
#ifndef PANDIAN_RULES_STAR_H
#define PANDIAN_RULES_STAR_H

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
	bool has_quota;
	int64_t share;
};
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
	bool has_quota;
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
/* Why a person is not graded before any item is looked at; RULES_REASON_COUNT: may be graded. */
enum rules_reason star_bars(const struct star *star, const struct rules_block *block, uint32_t row);

enum { STAR_STAR, STAR_COMPOSITE, STAR_COEFFICIENT, STAR_BAND, STAR_FLOOR, STAR_PREVIOUS, STAR_PRESENT, STAR_COLUMNS };
int star_declare(struct rules_rule *rule, struct err *err);
int star_declare_expressions(struct rules_rule *rule, struct err *err);
int star_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err);
extern const struct xml_shape star_declare_shape;

#endif
