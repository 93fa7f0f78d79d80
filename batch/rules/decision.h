/*
 * decision.h - what people decided (feed `decision`): the newest one in force for a person and a field.
 *
 * A decision is in force from its day until its expires_on, both inside. Expired ones are ignored, and a finding says
 * so.
 *
 * A field that ends in a point ("promotion.") stands for all that begin with it: "promotion.P4" is about P4.
 */
#ifndef PANDIAN_RULES_DECISION_H
#define PANDIAN_RULES_DECISION_H

#include "rules/kind.h"

struct decision {
	uint32_t row; /* of the block's decisions */
	uint32_t person; /* of the block */
	const char *about; /* what stands behind the point of the field; "" without one */
	const char *value, *reason, *by;
	int32_t on, expires; /* DATE_NONE: open */
};
/* A rule applies decisions of this field; call while rules are declared. */
void decision_declare(struct rules_rule *rule, const char *field);
/* One row of the block's decisions, `person` left alone. False if it speaks of another field. */
bool decision_read(const struct rules_block *block, uint32_t row, const char *field, struct decision *out);
bool decision_is_expired(const struct rules_block *block, const struct decision *decision);
/* The person's newest decision of a field that is in force and that `usable` takes (NULL: all). */
bool decision_find(const struct rules_block *block, uint32_t person, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context,
	struct decision *out);
/* Whether a decision read by `field` is the one in force: the newest of its whole field that is usable. */
bool decision_is_newest(const struct rules_block *block, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context,
	const struct decision *decision);
/* Findings about a field's decisions: expired ones, those `usable` refuses; and once a run those of fields no rule
 * applies. Call once a block. */
void decision_tell(const struct rules_rule *rule, struct rules_block *block, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context,
	const char *expected);
/* "4 · 周敏 · 2026-09-18 · reason", appended: how a decision stands beside the computed value. */
void decision_text(const struct decision *decision, struct str *out);
/* What was decided about a person in a field, a line each; those ignored are told why. Appended. */
void decision_explain(const struct rules_block *block, uint32_t person, const char *field,
	bool (*usable)(const void *context, const struct decision *decision), const void *context, enum text_lang lang,
	struct str *out);

#endif
