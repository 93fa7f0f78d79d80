/*
 * ladder.h - a <ladder> rule in memory; private to ladder.c, ladder_declare.c, ladder_explain.c and to the rules that
 * read its tables (pool.c, slate.c).
 */
#ifndef PANDIAN_RULES_LADDER_H
#define PANDIAN_RULES_LADDER_H

#include "rules/decision.h"
#include "rules/gate.h"
#include "rules/readiness.h"

#define LADDER_STEPS 200u

struct ladder_step {
	const char *id, *level, *position; /* level, position: NULL if not written */
	const struct xml_node *node;
	struct text_pair title;
	size_t track;
	size_t *after; /* numbers of steps one comes from, crossings included */
	size_t after_count;
	struct gate *gates;
	size_t gate_count, hard_count;
	size_t *next; /* numbers of steps that come after this one, in the order of the file */
	size_t next_count, next_gates;
	const char *field; /* of the decisions about this step: "promotion.P4" */
};
struct ladder_track {
	const char *id;
	const struct xml_node *node;
	struct text_pair title;
	uint32_t column; /* of its first result column, counted from the rule's first */
};
struct ladder {
	struct ladder_track *tracks;
	size_t track_count;
	struct ladder_step *steps;
	size_t step_count;
	const char *fields; /* of the decisions about any step: "promotion." */
};
/* of each track */
enum { LADDER_TARGET, LADDER_CLASS, LADDER_UNMET, LADDER_EARLIEST, LADDER_COMPUTED, LADDER_TRACK_COLUMNS };
enum { LADDER_NEAREST, LADDER_STEP, LADDER_DECIDED, LADDER_COLUMNS }; /* before the tracks' */
enum { LADDER_READINESS, LADDER_GATE }; /* own tables */
struct ladder_state {
	uint32_t *position; /* by step: key, FRAME_NONE */
};

int ladder_declare(struct rules_rule *rule, struct err *err);
int ladder_compile(struct rules_rule *rule, struct err *err);
extern const struct xml_shape ladder_shape;
/* The step a person stands on: that of their position, else the first of their level; step_count if none. */
size_t ladder_step_of(
	const struct ladder *ladder, const struct ladder_state *state, const struct rules_block *block, uint32_t row);
/* Decisions on readiness: a step that comes next for the person, and a class. */
struct ladder_judge {
	const struct ladder *ladder;
	const struct ladder_state *state;
	const struct rules_block *block;
};
bool ladder_can_decide(const void *judge, const struct decision *decision);
/* The decision in force on a person's readiness for a step changes it; false if there is none. */
bool ladder_decide(const struct ladder_judge *judge, uint32_t person, size_t step, struct readiness *readiness,
	struct decision *decision);
/* Why nothing is computed for a person; RULES_REASON_COUNT: it is. */
enum rules_reason ladder_bars(const struct rules_block *block, uint32_t row);
int ladder_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err);
/* The one ladder rule of a rulebook, for rules whose population part reads its tables (it then comes after it); refuses
 * if there is none. Call while compiling. */
const struct rules_rule *ladder_needed(struct rules_rule *rule, struct err *err);
/* The targets of a block's people as they were written; memory from the arena. */
struct ladder_target {
	uint32_t employee, step;
	struct readiness readiness;
};
struct ladder_targets {
	struct ladder_target *at;
	uint32_t count;
};
int ladder_read(const struct rules_rule *ladder, struct rules_work *work, uint32_t block, struct arena *arena,
	struct ladder_targets *out, struct err *err);

#endif
