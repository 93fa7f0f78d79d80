/*
 * competency.h - a competency rule in memory, levels and fit of one person; private to competency*.c, fit.c and idp*.c.
 */
#ifndef PANDIAN_RULES_COMPETENCY_H
#define PANDIAN_RULES_COMPETENCY_H

#include "rules/kind.h"

#define COMPETENCY_SCALE 2 /* of levels and gaps */
#define COMPETENCY_WEIGHT_SCALE 6 /* of weights */
#define COMPETENCY_MOST 500 /* competencies of a dictionary */
#define COMPETENCY_KINDS 32 /* kinds of evidence */

enum competency_use { COMPETENCY_LATEST, COMPETENCY_MEAN, COMPETENCY_MAX };

struct competency_item {
	const char *id, *module, *ksao;
	const struct xml_node *node;
	struct text_pair title;
};
struct competency_evidence {
	const char *kind;
	const struct xml_node *node;
	struct text_pair title;
	int64_t weight;
	enum competency_use use;
	int months; /* maximum age; 0: any age */
	bool self;
	bool scaled; /* a score from low … high means a level to_low … to_high */
	struct rules_number low, high, to_low, to_high;
};
struct competency_need {
	const struct xml_node *node;
	size_t item;
	int64_t required, weight;
	bool must;
};
struct competency_model {
	const char *id, *level, *position; /* level, position: NULL for any */
	const struct xml_node *node;
	struct text_pair title;
	struct competency_need *needs;
	size_t need_count;
	int64_t weight; /* the sum, 10^6 */
};
struct competency {
	int64_t max; /* highest level, whole */
	int64_t coverage; /* share * 10^6 */
	struct competency_item *items;
	size_t item_count;
	struct competency_evidence *evidence;
	size_t evidence_count;
	struct competency_model *models;
	size_t model_count;
	int priority_scale;
};

/* Result columns, counted from the rule's first; then four of each competency. */
enum {
	COMPETENCY_MATCH,
	COMPETENCY_COVERAGE,
	COMPETENCY_GAPS,
	COMPETENCY_MUST,
	COMPETENCY_MODEL,
	COMPETENCY_FIRST,
	COMPETENCY_COLUMNS
};
enum { COMPETENCY_OF_LEVEL, COMPETENCY_OF_REQUIRED, COMPETENCY_OF_GAP, COMPETENCY_OF_PRIORITY, COMPETENCY_OF_COLUMNS };
static inline uint32_t competency_column(size_t item, unsigned of)
{
	return (uint32_t)(COMPETENCY_COLUMNS + item * COMPETENCY_OF_COLUMNS + of);
}

/* What became of one assessment. */
enum competency_fate {
	COMPETENCY_COUNTED,
	COMPETENCY_OLDER, /* the assessor has a newer one, or it is not of the newest date, or not the maximum */
	COMPETENCY_TOO_OLD,
	COMPETENCY_NO_KIND, /* no <evidence> of its kind */
	COMPETENCY_NO_VALUE, /* neither level nor score */
	COMPETENCY_NO_SCALE, /* a score, and the kind declares no scale */
	COMPETENCY_OUTSIDE, /* level or score outside its scale */
	COMPETENCY_UNKNOWN /* the competency is not in the dictionary */
};
struct competency_piece {
	uint32_t row; /* of the block's assessments */
	size_t item, kind; /* SIZE_MAX if unknown */
	enum competency_fate fate;
	int32_t date;
	struct decimal level;
};
typedef void competency_trace(void *host, const struct competency_piece *piece);
/* The level of each kind of evidence in an item, as it enters the mean. */
struct competency_part {
	bool present;
	struct decimal level;
};
struct competency_state {
	const uint32_t *item_of; /* by competency key: item + 1, 0: not in the dictionary */
	uint32_t key_count;
	const int32_t *after; /* by kind of evidence: assessments up to this day are too old */
	const uint32_t *position; /* by model: key of its position, FRAME_NONE if it names none or nobody has it */
};
struct competency_tally;
struct competency_tally *competency_room(
	const struct competency *rule, struct arena *arena); /* for competency_levels */
/*
 * Levels of a person by item: 2 places, DECIMAL_NONE: not assessed. `parts` (items * kinds, zeroed) and `trace` may be
 * NULL. With `all` every assessment of the person is told, else only those that would count if they could be used.
 */
void competency_levels(const struct competency *rule, const struct competency_state *state,
	const struct rules_block *block, uint32_t person, struct competency_tally *room, int64_t *levels,
	struct competency_part *parts, competency_trace *trace, void *host, bool all);

struct competency_fit {
	bool matched; /* a competency with a required level above 0 is assessed */
	struct decimal match; /* per cent, unrounded */
	int64_t assessed; /* weight * 10^6, of rule->models[].weight */
	uint32_t known; /* competencies of the model that are assessed */
	uint32_t gaps, must_gaps, must_unknown;
};
void competency_fit(const struct competency_model *model, const int64_t *levels, struct competency_fit *fit);
/* max(0, required - level), 2 places; the level must be known. */
static inline int64_t competency_gap(const struct competency_need *need, int64_t level)
{
	return level < need->required ? need->required - level : 0;
}
/* The model of a person of the block; NULL if there is none. */
const struct competency_model *competency_model_of(const struct competency *rule, const struct competency_state *state,
	const struct rules_block *block, uint32_t person);
/* The model with this id, else of this position, else of this level; NULL. */
const struct competency_model *competency_model_named(const struct competency *rule, const char *name);
/* The rulebook's competency rule, or NULL. */
const struct rules_rule *competency_rule(const struct rulebook *book);
/* The level of a person in an evaluated block. */
static inline int64_t competency_level_at(
	const struct rules_block *block, const struct rules_rule *rule, size_t item, uint32_t person)
{
	return rules_column(block, rule, competency_column(item, COMPETENCY_OF_LEVEL))->i64[person];
}

int competency_declare(struct rules_rule *rule, struct err *err);
int competency_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err);
extern const struct xml_shape competency_declare_shape;

#endif
