/*
 * credits.h - the ledger of credits, private to credits.c and its explanation.
 */
#ifndef PANDIAN_RULES_CREDITS_H
#define PANDIAN_RULES_CREDITS_H

#include "rules/kind.h"
#include "rules/pass.h"

enum credits_count { CREDITS_FIRST, CREDITS_BEST, CREDITS_LATEST };
enum credits_span { CREDITS_PERIOD, CREDITS_ROLLING, CREDITS_LIFETIME, CREDITS_VALID, CREDITS_SPANS };

struct credits_band {
	const struct xml_node *node;
	const struct feel_expr *when;
	struct rules_number factor;
};
struct credits_category {
	const char *id;
	const struct xml_node *node; /* NULL: what no category matches */
	struct text_pair title;
	const struct feel_expr *match;
	bool course_only;
	struct rules_number minimum, cap;
	int64_t minimum_scaled, cap_scaled; /* at the rule's scale */
	bool required;
	uint32_t earned, shortfall, minimum_column,
		cap_column; /* result columns, counted from the rule's first; UINT32_MAX: none */
};
struct credits {
	int months; /* of the rolling window */
	enum credits_count count;
	bool re_earn, exempt;
	struct rules_number round, minimum;
	int64_t minimum_scaled; /* of the total; INT64_MIN: the sum over categories decides */
	int scale;              /* of every amount */
	struct credits_band *bands;
	size_t band_count;
	struct credits_category *categories;
	size_t category_count; /* the last one is "what no category matches" */
	bool course_only;      /* every match can be answered once per course */
	bool has_required;
	uint32_t required_column, elective_column;
};

/* What a run knows before the blocks: by course key. */
struct credits_state {
	const int64_t *credits;
	const int64_t *valid_months; /* NULL: never given */
	uint8_t *category;           /* if course_only */
	int64_t *amounts; /* by course * (bands + 1) + band: the course's own credits through band and rounding;
			     INT64_MIN: overflow */
};

/* One line of the ledger, as the explanation shows it. */
struct credits_booking {
	uint32_t row;
	int32_t date;
	size_t category;
	uint8_t band;
	int64_t amount /* of this pass */, booked /* on this date */;
	bool opens;
	int32_t window_end;
};
/* What a person has: sums by category * CREDITS_SPANS. */
struct credits_person {
	int64_t *sums;
	int64_t required, elective;
	int64_t totals[CREDITS_SPANS];
	int64_t minimum, shortfall;
	uint32_t passes, passed, failed, held, scored;
	int64_t score_sum;
};

typedef void credits_trace(void *host, const struct credits_booking *booking);
/* Computes a person's credits; `bands` and `categories` are by completion row. `trace` may be NULL. -1 on overflow. */
int credits_ledger(const struct rules_rule *rule, struct rules_block *block, const struct credits_state *state,
	const struct pass_rows *rows, const uint8_t *bands, const uint8_t *categories, uint32_t person,
	struct credits_person *out, credits_trace *trace, void *host, struct err *err);
/* Bands and categories of the block's completions, from scratch. */
int credits_classify(const struct rules_rule *rule, struct rules_block *block, const struct credits_state *state,
	const uint8_t **bands, const uint8_t **categories, struct err *err);
int credits_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err);

#endif
