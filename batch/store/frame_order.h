/*
 * frame_order.h - sorting rows of a frame by several of its columns.
 *
 * Ingest keeps segments in an order, facts puts several of them into one: both sort by what stands here.
 */
#ifndef PANDIAN_STORE_FRAME_ORDER_H
#define PANDIAN_STORE_FRAME_ORDER_H

#include "store/frame.h"

struct frame_key { const struct frame_column *column; const uint32_t *rank; /* texts: rank of each, else NULL */ };
/*
 * Sorts `rows` (count of them, of a frame with frame_count rows) by keys[0 … key_count), stably; missing values come
 * first. same[i] tells whether row i has the values of row i - 1 in every key. Both arrays from the caller.
 */
void frame_order(const struct frame_key *keys, size_t key_count, uint32_t frame_count, uint32_t *rows, uint32_t count,
	uint8_t *same, struct arena *scratch);
/* The place of every text of the frame in byte order; memory from the arena. */
uint32_t *frame_text_ranks(const struct frame *frame, struct arena *arena);

#endif
