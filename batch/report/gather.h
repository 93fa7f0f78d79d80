/*
 * gather.h - rows of any people, whatever block they stand in, as one frame.
 */
#ifndef PANDIAN_REPORT_GATHER_H
#define PANDIAN_REPORT_GATHER_H

#include "report/crowd.h"

struct gather {
	const struct report_input *input;
	struct facts_block people; /* without a cache: the block being read */
	struct arena raw;
};
void gather_release(struct gather *gather);
/*
 * Row i of *out is person keys[i] (FRAME_NONE: all missing; any order), columns as in `like`. active and known may be
 * NULL, else n bytes each.
 */
int gather_facts(struct gather *gather, const uint32_t *keys, uint32_t n, const struct frame_column *like,
	size_t columns, struct arena *arena, struct frame *out, uint8_t *active, uint8_t *known, struct err *err);
int gather_results(struct gather *gather, int64_t run, uint32_t table, const uint32_t *keys, uint32_t n,
	const struct frame_column *like, size_t columns, struct arena *arena, struct frame *out, struct err *err);
/* All rows a list table has of keys (ascending); like[0] is the employee. */
int gather_list(struct gather *gather, int64_t run, uint32_t table, const uint32_t *keys, uint32_t n,
	const struct frame_column *like, size_t columns, struct arena *arena, struct frame *out, struct err *err);
/* The rows `at` of a frame, in this order; texts are shared with it. */
void gather_pick(const struct frame *from, const uint32_t *at, uint32_t n, struct arena *arena, struct frame *out);

#endif
