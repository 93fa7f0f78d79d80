/*
 * part.h - private to facts/: what the files of this folder share.
 */
#ifndef PANDIAN_FACTS_PART_H
#define PANDIAN_FACTS_PART_H

#include "base/map.h"
#include "facts/facts.h"

struct facts_feed_batches { uint32_t *at; size_t count; };  /* indices into batches, by rising precedence */

struct facts {
	struct arena arena;
	struct facts_params params;
	const struct map *keys[KEY_DIM_COUNT];          /* shared with the store that opened us */
	struct store_batch *batches; size_t batch_count; /* visible, by id */
	struct facts_feed_batches feeds[FEED_COUNT];
	struct facts_table courses, orgs, positions;
	uint32_t root;                                  /* the one unit above all, left out of paths, or FRAME_NONE */
};

/* visible.c: which batches count. Fills batches and feeds; memory from facts->arena. */
int facts_visible(struct facts *facts, struct store *store, struct err *err);

/*
 * rows.c: the rows of a feed in a block from all its visible batches, one batch after the other by rising precedence,
 * as given: nothing cut, nothing merged, any order within a batch. Columns by field_id (those any batch has),
 * STORE_ROW_ID, STORE_TOMBSTONE_ID if any, FACTS_BATCH_ID. `want` as in frame_decode.
 * The frame's memory is from `arena`, what is only needed meanwhile from `scratch`.
 */
int facts_rows(const struct facts *facts, struct store *store, enum feed_id feed, uint32_t block, const uint32_t *want,
	size_t want_count, struct arena *arena, struct arena *scratch, struct frame *frame, struct err *err);
/* Rows `pick[0 … count)` of a frame (FRAME_NONE: a row of missing values); texts are shared, tombstones left out. */
void facts_pick(const struct frame *from, const uint32_t *pick, uint32_t count, struct arena *arena, struct frame *to);
/* The value of `row` in a U32 column, FRAME_NONE where the column is NULL. */
static inline uint32_t facts_u32(const struct frame_column *column, uint32_t row)
{
	return column != NULL ? column->u32[row] : FRAME_NONE;
}
/* Whether `row` deletes its key. */
static inline bool facts_deletes(const struct frame_column *tombstone, uint32_t row)
{
	return tombstone != NULL && tombstone->u32[row] == 1;
}
/*
 * The newest row of each key: winner[key - first] for keys first … first + count - 1, FRAME_NONE where there is none
 * or
 * it was deleted.
 */
void facts_newest(const struct frame *frame, const struct frame_column *key, uint32_t first, uint32_t count,
	uint32_t *winner);
/* Whether row b of a frame from facts_rows is newer than row a: of a later batch, or further down in the same one. */
bool facts_newer(const struct frame_column *batch, const struct frame_column *line, uint32_t a, uint32_t b);

/* list.c: the columns by which a feed is cut at the as-of date: the first that has a value. NULL: not cut. */
const enum field_id *facts_cut(enum feed_id feed, size_t *count);
/* The course field of feeds whose rows need a course; FIELD_COUNT for the others. */
enum field_id facts_course_field(enum feed_id feed);
/*
 * Cut, merged and sorted rows of a feed; recycles `scratch`. known: of employees first … first + count - 1, NULL for
 * feeds without.
 */
int facts_list(const struct facts *facts, struct store *store, enum feed_id feed, uint32_t block, const uint8_t *known,
	uint32_t first, uint32_t count, struct arena *arena, struct arena *scratch, struct facts_list *list,
		struct err *err);

/* tables.c */
int facts_tables(struct facts *facts, struct store *store, struct err *err);

#endif
