/*
 * idp.h - development plans: the rule in memory, the catalogue as a graph, the plan of one person; private to idp*.c.
 */
#ifndef PANDIAN_RULES_IDP_H
#define PANDIAN_RULES_IDP_H

#include "rules/competency.h"
#include "rules/decision.h"
#include "rules/held.h"

#define IDP_HOURS_SCALE 2
#define IDP_PRIORITY_SCALE (COMPETENCY_SCALE + COMPETENCY_WEIGHT_SCALE)
#define IDP_LEVELS 51 /* 0 to the highest a competency rule may declare */

/* --- the catalogue (idp_catalogue.c) --- */
struct idp_step {
	uint32_t course, place; /* key; place among the item's courses */
	int from, to;
};
/* The courses that lead somewhere in one competency, and what must come before them. */
struct idp_topic {
	const uint32_t *course; /* by id */
	uint32_t count;
	size_t words; /* of a set of these courses */
	const struct idp_step *steps; /* by course id */
	size_t step_count;
	const uint64_t *future; /* by level: sets of what steps from there on may need */
};
struct idp_catalogue {
	uint32_t count; /* courses by key */
	const uint32_t *rank; /* by key: place by id */
	const int64_t *hours; /* by key, 2 places, DECIMAL_NONE unknown; NULL: none given */
	const uint32_t *before_at, *before; /* prerequisites of key k: before[before_at[k] … before_at[k + 1]), by id */
	struct idp_topic *topics; /* by item of the dictionary */
	struct map levels; /* texts of required_for … */
	struct idp_required {
		uint32_t *course; /* by id */
		uint32_t count;
	} * required; /* … and the courses of each */
};
/* Reads the catalogue; tells cycles and unknown prerequisites. Memory from the arena, but for the map `levels`. */
int idp_catalogue_open(struct idp_catalogue *catalogue, const struct competency *competency,
	const struct competency_state *state, struct rules_work *work, struct err *err);

/* Whether a person needs a course no more: held at the as-of date, or chosen by the plan so far. */
enum { IDP_FREE, IDP_HELD = 1, IDP_CHOSEN = 2 };
enum idp_chain { IDP_NO_CHAIN, IDP_ALL_HELD, IDP_CHAIN };
/*
 * The cheapest chain of courses from level `from` to `to`: fewest (courses of unknown hours, hours, courses, ids) of
 * courses not held or chosen, their prerequisites included. `taken` is by course key. The steps in order go to `path`
 * (IDP_LEVELS of room); memory from the arena.
 */
enum idp_chain idp_catalogue_chain(const struct idp_catalogue *catalogue, size_t item, const uint8_t *taken, int from,
	int to, struct arena *arena, const struct idp_step **path, size_t *path_count);

/* --- the rule --- */
#define IDP_KINDS(X) \
	X(COURSE, "course", "课程", "Course") \
	X(REQUIRED, "required", "必修课程", "Required course") \
	X(REASSESS, "re-assess", "重新测评", "Assess again") \
	X(NO_COURSE, "no-course", "暂无课程", "No course leads there") \
	X(ASSESS, "assess-first", "先测评", "Assess first") \
	X(MENTORING, "mentoring", "师徒带教", "Mentoring") \
	X(ROTATION, "rotation", "轮岗", "Rotation") \
	X(ACTING, "acting", "见习", "Acting") \
	X(OTHER, "other", "其他", "Other")
#define IDP_STATUSES(X) \
	X(NEW, "new", "新增", "New") \
	X(CONTINUED, "continued", "延续", "Continued") \
	X(OVERDUE, "overdue", "逾期", "Overdue") \
	X(DONE, "done", "完成", "Done") \
	X(DROPPED, "dropped", "不再需要", "No longer needed")
enum idp_kind {
#define X(id, name, zh, en) IDP_##id,
	IDP_KINDS(X)
#undef X
		IDP_KIND_COUNT
};
enum idp_status {
#define X(id, name, zh, en) IDP_##id,
	IDP_STATUSES(X)
#undef X
		IDP_STATUS_COUNT
};
struct idp_code {
	const char *name;
	struct text_pair title;
};
extern const struct idp_code idp_kinds[IDP_KIND_COUNT], idp_statuses[IDP_STATUS_COUNT];

struct idp_activity {
	const char *id;
	const struct xml_node *node;
	enum idp_kind kind;
	struct text_pair title;
	const struct feel_expr *when;
};
struct idp {
	int due_months;
	int64_t pace, unknown_hours; /* hours * 100: a week; of a course without hours */
	const char *done; /* list of texts */
	struct idp_activity *activities;
	size_t activity_count;
	const char *fields; /* of the decisions: "idp." */
};
enum {
	IDP_ITEMS,
	IDP_HOURS,
	IDP_OUTSTANDING,
	IDP_LATE,
	IDP_FINISHED,
	IDP_SUMS,
	IDP_NEXT = IDP_SUMS,
	IDP_NEXT_DUE,
	IDP_COLUMNS
};
enum {
	IDP_ROW_EMPLOYEE,
	IDP_ROW_NUMBER,
	IDP_ROW_KIND,
	IDP_ROW_COMPETENCY,
	IDP_ROW_COURSE,
	IDP_ROW_ACTIVITY,
	IDP_ROW_FROM,
	IDP_ROW_TO,
	IDP_ROW_HOURS,
	IDP_ROW_DUE,
	IDP_ROW_STATUS,
	IDP_ROW_PRIORITY,
	IDP_ROW_COMPUTED,
	IDP_ROW_DECIDED,
	IDP_ROW_COLUMNS
};
enum { IDP_MAP_FAMILY, IDP_MAP_STAGE, IDP_MAP_COMPETENCY, IDP_MAP_FROM, IDP_MAP_TO, IDP_MAP_COURSE, IDP_MAP_COLUMNS };
enum { IDP_TABLE, IDP_MAP_TABLE };

/* --- the plan of one person (idp_plan.c) --- */
struct idp_row {
	enum idp_kind kind;
	enum idp_status status;
	size_t item; /* of the dictionary; SIZE_MAX */
	uint32_t course; /* FRAME_NONE */
	const char *activity; /* NULL */
	int64_t from, to; /* levels, 2 places; DECIMAL_NONE */
	int64_t hours; /* DECIMAL_NONE */
	int64_t priority; /* DECIMAL_NONE */
	int32_t due;
	uint32_t last; /* row of last quarter's plan; FRAME_NONE */
	bool prerequisite; /* comes before another course */
	bool is_decided, is_added; /* added: by the decision alone */
	int32_t computed_due; /* where a decision set another date; DATE_NONE */
	struct decision decision;
};
struct idp_plan {
	VEC(struct idp_row) rows;
	uint32_t outstanding; /* required courses not held */
};
struct idp_state {
	struct idp_catalogue catalogue;
	const struct rules_rule *competency;
};
/* What is needed for the people of a block; released by the caller: arena, plan.rows. */
struct idp_planner {
	const struct rules_rule *rule;
	const struct idp_state *state;
	struct rules_block *block;
	const struct held_rows *held;
	const struct feel_column *when; /* by activity */
	uint8_t *taken; /* by course key */
	int64_t *levels; /* by item */
	struct arena arena; /* for one chain */
	struct idp_plan plan; /* of the person at hand */
};
int idp_planner_open(
	struct idp_planner *planner, const struct rules_rule *rule, struct rules_block *block, struct err *err);
void idp_planner_close(struct idp_planner *planner);
/* Fills planner->plan for a person. */
void idp_plan_person(struct idp_planner *planner, uint32_t person);

/* Decisions about items: idp.COURSE or idp.ACTIVITY; add, drop, or the day it is due. */
bool idp_can_decide(const void *planner, const struct decision *decision);

int idp_declare(struct rules_rule *rule, struct err *err);
int idp_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err);
extern const struct xml_shape idp_declare_shape;

#endif
