/*
 * crowd.h - the people a workbook is about, where that is not everyone: a manager's own people.
 *
 * Decides: who belongs to a manager. Blocks are decoded once and kept while a worker makes one workbook after another.
 */
#ifndef PANDIAN_REPORT_CROWD_H
#define PANDIAN_REPORT_CROWD_H

#include "report/report.h"

#include <stdbool.h>
#include <stdint.h>

struct report_cache;
/* The people of one workbook. */
struct report_crowd {
	uint32_t manager;
	const uint32_t *people; /* ascending employee numbers, active ones; without the manager */
	uint32_t count;
	struct report_cache *cache;
};
bool crowd_has(const struct report_crowd *crowd, uint32_t employee); /* NULL has everyone */
/* As crowd_has; the manager too, whose own name the workbook bears. */
bool crowd_may_name(const struct report_crowd *crowd, uint32_t employee);

/* Who manages whom at the as-of date, for all active people. */
struct crowds;
struct crowds *crowds_open(const struct report_input *input, struct err *err);
void crowds_close(struct crowds *crowds);
/* Active people with at least one active person below them (directly), ascending. */
const uint32_t *crowds_managers(const struct crowds *crowds, size_t *count);
/* About how many people are below a manager, left ones passed through: enough to make large workbooks first. */
uint32_t crowds_size(const struct crowds *crowds, uint32_t manager);
/*
 * Everyone below a manager (subtree) or right below (direct). People between who have left are gone through, cycles
 * end where they began. The array lives until the next call.
 */
void crowds_of(struct crowds *crowds, uint32_t manager, bool subtree, struct report_crowd *crowd);

/* Decoded blocks, at most `budget` bytes of them. What is got lives until the next call of any of these. */
struct report_cache *crowd_cache_open(const struct report_input *input, size_t budget);
void crowd_cache_close(struct report_cache *cache);
int crowd_cache_people(struct report_cache *cache, uint32_t block, const struct facts_block **people, struct err *err);
int crowd_cache_result(struct report_cache *cache, int64_t run, uint32_t table, uint32_t block,
	const struct frame **frame, struct err *err);

#endif
