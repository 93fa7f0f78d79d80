/*
 * held.h - courses held at the as-of date, by person; and the lists of ids in texts of the catalogue.
 *
 * A course is held until its newest pass expires (pass.h, valid_months); an exemption holds it for ever if the rulebook
 * says so.
 */
#ifndef PANDIAN_RULES_HELD_H
#define PANDIAN_RULES_HELD_H

#include "rules/kind.h"

struct held_rows {
	const uint32_t *offset; /* by person of the block, count + 1 entries */
	const uint32_t *course; /* key */
	const uint32_t *row; /* the newest pass among the block's completions */
};
/* The courses held by the block's people, made on first use. NULL on error. Needs the feed completion. */
const struct held_rows *held_of(struct rules_block *block, struct err *err);
/* The place in course[] of a course a person holds, or FRAME_NONE. */
uint32_t held_find(const struct held_rows *held, uint32_t person, uint32_t course);

/* Whether such a list holds an id; the list may be NULL. */
bool held_list_has(const char *list, const char *id);
/* Courses that are required for a level or position (required_for): 1 by course key; from the arena. */
uint8_t *held_required_for(const struct facts *facts, const char *level, struct arena *arena, uint32_t *count);

#endif
