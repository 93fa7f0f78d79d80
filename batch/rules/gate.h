/*
 * gate.h - one condition of a step: met, not met or not evaluated, what is missing, when it can close.
 */
#ifndef PANDIAN_RULES_GATE_H
#define PANDIAN_RULES_GATE_H

#include "rules/kind.h"

enum gate_state { GATE_NOT_EVALUATED, GATE_MET, GATE_NOT_MET, GATE_STATES };
const char *gate_state_name(enum gate_state state);
struct text_pair gate_state_title(enum gate_state state);

/* How the day is found on which an unmet gate can close. */
enum gate_closes {
	GATE_UNKNOWN, /* nothing is declared */
	GATE_ANNIVERSARY, /* since + need months */
	GATE_UNTIL, /* the day after `until` */
	GATE_PERIODS, /* the end of the period in which the missing ones are full, if what is had persists */
	GATE_PACE /* as-of + missing ÷ pace, rounded up to days */
};
struct gate {
	const char *id;
	const struct xml_node *node;
	struct text_pair title;
	const char *unit;
	bool hard, at_most; /* at_most: `need` is the most one may have */
	enum gate_closes closes;
	struct rules_number pace; /* gained in `days` */
	int64_t days;
	const char *have_text, *need_text, *when_text, *since_text, *until_text; /* NULL where not written */
	const struct feel_expr *have, *need, *when, *since, *until;
};
/* Values of a gate's expressions over the people of a block. */
struct gate_values {
	bool ready;
	struct feel_column have, need, when, since, until;
};
struct gate_result {
	enum gate_state state;
	bool has_have, has_need, has_missing;
	struct decimal have, need, missing; /* numbers; of `when` gates none */
	bool holds; /* of a `when` gate that was evaluated */
	int32_t earliest; /* unmet only; DATE_NONE: not known */
};

extern const struct xml_shape gate_shape;
/* Reads <gate>; refuses what cannot be a gate. */
int gate_read(struct rules_rule *rule, const struct xml_node *node, struct gate *gate, struct err *err);
int gate_compile(struct rules_rule *rule, struct gate *gate, struct err *err);
int gate_evaluate(const struct gate *gate, struct rules_block *block, struct gate_values *values, struct err *err);
void gate_judge(const struct gate *gate, const struct gate_values *values, uint32_t row,
	const struct facts_params *params, struct gate_result *result);
/* The missing amount at READINESS_MISSING_SCALE places, rounded up so that what is missing is never shown as 0. */
int64_t gate_missing(const struct gate_result *result);
/* A number as people read it: at most 4 places. */
const char *gate_number(struct decimal value, char out[64]);
const char *gate_unit(const struct gate *gate, enum text_lang lang);

#endif
