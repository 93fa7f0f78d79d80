/*
 * departments.h - units grouped for a page: the departments (right below the one root), or each unit by itself.
 */
#ifndef PANDIAN_REPORT_DEPARTMENTS_H
#define PANDIAN_REPORT_DEPARTMENTS_H

#include "base/arena.h"
#include "base/text.h"
#include "facts/facts.h"

struct departments {
	uint32_t count; /* groups in their order; the last one: people without a unit */
	const char **name;
	uint32_t *of; /* group by unit; `orgs` entries */
	uint32_t orgs;
};
void departments_make(
	const struct facts *facts, bool units, enum text_lang lang, struct arena *arena, struct departments *departments);
uint32_t departments_of(const struct departments *departments, uint32_t org);

#endif
