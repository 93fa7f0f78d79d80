/*
 * readiness.h - how ready somebody is for a step: classes by horizon, their order, the tables that hold them.
 */
#ifndef PANDIAN_RULES_READINESS_H
#define PANDIAN_RULES_READINESS_H

#include "base/date.h"
#include "store/result.h"

#include <stdbool.h>
#include <stdint.h>

/* READINESS(ID, "id", "中文", "English"), nearest first. */
#define READINESS_CLASSES(CLASS) \
	CLASS(NOW, "now", "现在具备", "ready now") \
	CLASS(YEAR, "within-1-year", "1 年内", "within a year") \
	CLASS(TWO_YEARS, "1-2-years", "1–2 年", "in 1 to 2 years") \
	CLASS(LATER, "later", "2 年以上", "later than 2 years") \
	CLASS(UNDATED, "undated", "无法推算", "no date") \
	CLASS(NOT_EVALUATED, "not-evaluated", "未评估", "not evaluated")
enum readiness_class {
#define CLASS(id, name, zh, en) READINESS_##id,
	READINESS_CLASSES(CLASS)
#undef CLASS
		READINESS_COUNT
};
const char *readiness_name(enum readiness_class class);
struct text_pair readiness_title(enum readiness_class class);
/* READINESS_COUNT: no such class. */
enum readiness_class readiness_find(const char *name, size_t length);

/* What the hard gates of a step say together. */
struct readiness {
	enum readiness_class class;
	uint32_t met, unmet, not_evaluated; /* hard gates */
	int32_t earliest; /* as-of where ready now; DATE_NONE: not known */
};
/* An unmet hard gate: `earliest` DATE_NONE is unknown. */
void readiness_unmet(struct readiness *readiness, int32_t earliest);
/* When all gates are told: the class. `unknown` gates have left earliest to DATE_NONE. */
void readiness_settle(struct readiness *readiness, int32_t as_of);
/*
 * The order of "nearest": class, then earliest date (none last), then number of unmet gates. 0: equal; the caller goes
 * on with the own track first, then the order in the rule file.
 */
int readiness_compare(const struct readiness *a, const struct readiness *b);

/* Columns of the list tables. */
enum {
	READINESS_EMPLOYEE,
	READINESS_TRACK,
	READINESS_TARGET,
	READINESS_POSITION,
	READINESS_CLASS,
	READINESS_MET,
	READINESS_UNMET,
	READINESS_OPEN,
	READINESS_EARLIEST,
	READINESS_NEAREST,
	READINESS_COMPUTED,
	READINESS_DECIDED,
	READINESS_COLUMNS
};
enum {
	READINESS_GATE_EMPLOYEE,
	READINESS_GATE_TARGET,
	READINESS_GATE_GATE,
	READINESS_GATE_STATE,
	READINESS_GATE_HAVE,
	READINESS_GATE_NEED,
	READINESS_GATE_MISSING,
	READINESS_GATE_EARLIEST,
	READINESS_GATE_HARD,
	READINESS_GATE_COLUMNS
};
#define READINESS_MISSING_SCALE 4
extern const struct result_column readiness_columns[READINESS_COLUMNS], readiness_gate_columns[READINESS_GATE_COLUMNS];

#endif
