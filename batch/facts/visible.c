/*
 * visible.c - which batches a run sees, and which of two wins.
 *
 * Decides, per feed:
 * - only batches with id <= horizon and snapshot <= as-of (or none declared) are seen;
 * - precedence rises with (snapshot, batch id), no snapshot being the oldest;
 * - full snapshots: the newest one replaces everything older, all its files together; where none is declared, all files
 *   together. A file given again by the same source (a corrected export) replaces the one before;
 * - deltas of an older snapshot than the newest full one are within it; the others stand on top of it. A delta file
 *   that names its day restates it when given again; one without a day is only replaced by the same bytes read again
 *   (the mapping was changed), anything else under its name is a further delta.
 * Does not decide: which row wins (list.c, tables.c).
 */
#include "facts/part.h"

#include <stdlib.h>
#include <string.h>

static bool same_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Whether `later` stands in the place of `batch`: the same source gave the same file again. */
static bool replaces(const struct store_batch *later, const struct store_batch *batch)
{
	if (later->feed != batch->feed || later->full != batch->full || later->id <= batch->id ||
		!same_text(later->file, batch->file) || !same_text(later->source, batch->source))
		return false;
	/* Without a source only the mapping tells two readings of one file from each other. */
	if ((later->source == NULL || later->source[0] == '\0') && strcmp(later->mapping, batch->mapping) != 0)
		return false;
	/* A file that names its day and is given again restates that day; without a day a delta file only adds. */
	if (later->snapshot != batch->snapshot)
		return false;
	return later->full || later->snapshot != DATE_NONE || strcmp(later->sha256, batch->sha256) == 0;
}

static int compare_precedence(const void *a, const void *b)
{
	const struct store_batch *x = *(const struct store_batch *const *)a, *y = *(const struct store_batch *const *)b;

	if (x->feed != y->feed)
		return x->feed < y->feed ? -1 : 1;
	if (x->snapshot != y->snapshot)
		return x->snapshot < y->snapshot ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int compare_file(const void *a, const void *b)
{
	const struct store_batch *x = *(const struct store_batch *const *)a, *y = *(const struct store_batch *const *)b;
	int order = x->feed != y->feed ? (x->feed < y->feed ? -1 : 1) : strcmp(x->file, y->file);

	return order != 0 ? order : x->id < y->id ? -1 : x->id > y->id;
}

static bool seen(const struct facts *facts, const struct store_batch *batch, const int32_t newest_full[FEED_COUNT])
{
	if (batch->id > facts->params.horizon || (batch->snapshot != DATE_NONE &&
		batch->snapshot > facts->params.as_of))
		return false;
	if (batch->full)
		return batch->snapshot == newest_full[batch->feed];
	return batch->snapshot == DATE_NONE || batch->snapshot >= newest_full[batch->feed];
}

int facts_visible(struct facts *facts, struct store *store, struct err *err)
{
	struct arena scratch = {0};
	struct store_batch *all, **order;
	int32_t newest_full[FEED_COUNT];
	size_t count, kept = 0;
	bool *gone;

	if (store_batches(store, &facts->arena, &all, &count, err) != 0)
		return -1;
	for (size_t f = 0; f < FEED_COUNT; f++)
		newest_full[f] = DATE_NONE;   /* the least of all dates: then only undeclared ones are "newest" */
	for (size_t i = 0; i < count; i++)
		if (all[i].full && all[i].id <= facts->params.horizon && all[i].snapshot <= facts->params.as_of &&
			all[i].snapshot > newest_full[all[i].feed])
			newest_full[all[i].feed] = all[i].snapshot;

	/* Files side by side, oldest first: only neighbours can replace each other. */
	order = arena_alloc(&scratch, count + 1, sizeof *order);
	gone = arena_alloc(&scratch, count + 1, sizeof *gone);
	for (size_t i = 0; i < count; i++)
		if (seen(facts, &all[i], newest_full))
			order[kept++] = &all[i];
	qsort(order, kept, sizeof *order, compare_file);
	for (size_t i = 0; i < kept; i++)
		for (size_t k = i + 1; k < kept && order[k]->feed == order[i]->feed && same_text(order[k]->file,
			order[i]->file); k++)
			if (replaces(order[k], order[i])) {
				gone[order[i] - all] = true;
				break;
			}

	facts->batches = arena_alloc(&facts->arena, kept + 1, sizeof *facts->batches);
	for (size_t i = 0; i < count; i++)
		if (seen(facts, &all[i], newest_full) && !gone[i])
			facts->batches[facts->batch_count++] = all[i];
	for (size_t i = 0; i < facts->batch_count; i++)
		order[i] = &facts->batches[i];
	qsort(order, facts->batch_count, sizeof *order, compare_precedence);
	uint32_t *numbers = arena_alloc(&facts->arena, facts->batch_count + 1, sizeof *numbers);
	for (size_t i = 0; i < facts->batch_count; i++) {
		struct facts_feed_batches *feed = &facts->feeds[order[i]->feed];

		numbers[i] = (uint32_t)(order[i] - facts->batches);
		if (feed->count++ == 0)
			feed->at = &numbers[i];
	}
	arena_release(&scratch);
	return 0;
}
