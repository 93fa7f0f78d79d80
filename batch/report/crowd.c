/*
 * crowd.c - who belongs to a manager, and the blocks kept while managers' workbooks are made.
 *
 * Decides: a manager is an active person whom at least one active person names as manager. Whoever has left is passed
 * through: their people belong to the manager above them. Cycles are told by facts/; here each person counts once and
 * nobody belongs to themselves. Does not decide: what is shown of anyone.
 */
#include "report/crowd.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

bool crowd_has(const struct report_crowd *crowd, uint32_t employee)
{
	if (crowd == NULL)
		return true;
	uint32_t low = 0, high = crowd->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (crowd->people[middle] < employee)
			low = middle + 1;
		else
			high = middle;
	}
	return low < crowd->count && crowd->people[low] == employee;
}

bool crowd_may_name(const struct report_crowd *crowd, uint32_t employee)
{
	return crowd == NULL || employee == crowd->manager || crowd_has(crowd, employee);
}

/* ---- who manages whom ---- */

#define HOPS_MOST 64

struct crowds {
	uint32_t count;
	uint8_t *active;
	uint32_t *first; /* count + 1: where a manager's reports begin in `below` */
	uint32_t *below;
	uint32_t *size; /* everyone below, roughly: as far up as HOPS_MOST */
	uint32_t *seen; /* the turn a person was last met in */
	uint32_t turn;
	VEC(uint32_t) managers;
	VEC(uint32_t) found;
};

static int read_managers(struct crowds *crowds, const struct report_input *input, uint32_t *manager, struct err *err)
{
	struct facts_block block = { 0 };
	int status = 0;
	for (uint32_t b = 0; b < facts_block_count(input->facts) && status == 0; b++) {
		status = facts_block_load(input->facts, input->store, b, 0, &block, err);
		const struct frame_column *column =
			status == 0 ? frame_column(&block.employee, (uint32_t)EMPLOYEE_MANAGER_ID) : NULL;
		for (uint32_t row = 0; status == 0 && row < block.count; row++) {
			uint32_t person = block.first + row;
			crowds->active[person] = block.active[row];
			manager[person] = column != NULL && block.known[row] && column->u32[row] < crowds->count
				? column->u32[row]
				: FRAME_NONE;
		}
	}
	facts_block_release(&block);
	return status;
}

static void list_reports(struct crowds *crowds, const uint32_t *manager)
{
	for (uint32_t person = 0; person < crowds->count; person++)
		if (manager[person] != FRAME_NONE)
			crowds->first[manager[person] + 1]++;
	for (uint32_t person = 0; person < crowds->count; person++)
		crowds->first[person + 1] += crowds->first[person];
	uint32_t *next = mem_new((size_t)crowds->count + 1, sizeof *next);
	memcpy(next, crowds->first, (size_t)crowds->count * sizeof *next);
	for (uint32_t person = 0; person < crowds->count; person++)
		if (manager[person] != FRAME_NONE)
			crowds->below[next[manager[person]]++] = person;
	free(next);
	for (uint32_t person = 0; person < crowds->count; person++) {
		uint32_t at = crowds->active[person] ? manager[person] : FRAME_NONE;
		for (int hops = 0; at != FRAME_NONE && hops < HOPS_MOST; hops++, at = manager[at])
			crowds->size[at]++;
	}
	for (uint32_t person = 0; person < crowds->count; person++) {
		bool manages = false;
		for (uint32_t i = crowds->first[person]; i < crowds->first[person + 1]; i++)
			manages |= crowds->active[crowds->below[i]] && crowds->below[i] != person;
		if (manages && crowds->active[person])
			VEC_PUSH(&crowds->managers, person);
	}
}

struct crowds *crowds_open(const struct report_input *input, struct err *err)
{
	struct crowds *crowds = mem_new(1, sizeof *crowds);
	crowds->count = facts_key_count(input->facts, KEY_DIM_EMPLOYEE);
	size_t room = (size_t)crowds->count + 2;
	uint32_t *manager = mem_new(room, sizeof *manager);
	crowds->active = mem_new(room, 1);
	crowds->first = mem_new(room, sizeof *crowds->first);
	crowds->below = mem_new(room, sizeof *crowds->below);
	crowds->size = mem_new(room, sizeof *crowds->size);
	crowds->seen = mem_new(room, sizeof *crowds->seen);
	int status = read_managers(crowds, input, manager, err);
	if (status == 0)
		list_reports(crowds, manager);
	free(manager);
	if (status == 0)
		return crowds;
	crowds_close(crowds);
	return NULL;
}

void crowds_close(struct crowds *crowds)
{
	if (crowds == NULL)
		return;
	free(crowds->active);
	free(crowds->first);
	free(crowds->below);
	free(crowds->size);
	free(crowds->seen);
	VEC_RELEASE(&crowds->managers);
	VEC_RELEASE(&crowds->found);
	free(crowds);
}

const uint32_t *crowds_managers(const struct crowds *crowds, size_t *count)
{
	*count = crowds->managers.count;
	return crowds->managers.at;
}

uint32_t crowds_size(const struct crowds *crowds, uint32_t manager)
{
	return crowds->size[manager];
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

void crowds_of(struct crowds *crowds, uint32_t manager, bool subtree, struct report_crowd *crowd)
{
	crowds->found.count = 0;
	crowds->turn++;
	crowds->seen[manager] = crowds->turn;
	uint32_t at = manager;
	for (size_t next = 0;; at = crowds->found.at[next++]) {
		/* direct: only whoever has left is gone through */
		if (at == manager || subtree || !crowds->active[at])
			for (uint32_t i = crowds->first[at]; i < crowds->first[at + 1]; i++) {
				uint32_t person = crowds->below[i];
				if (crowds->seen[person] == crowds->turn)
					continue;
				crowds->seen[person] = crowds->turn;
				VEC_PUSH(&crowds->found, person);
			}
		if (next == crowds->found.count)
			break;
	}
	size_t kept = 0;
	for (size_t i = 0; i < crowds->found.count; i++)
		if (crowds->active[crowds->found.at[i]])
			crowds->found.at[kept++] = crowds->found.at[i];
	if (kept > 1)
		qsort(crowds->found.at, kept, sizeof *crowds->found.at, by_number);
	*crowd = (struct report_crowd){ .manager = manager, .people = crowds->found.at, .count = (uint32_t)kept };
}

/* ---- blocks kept ---- */

#define CACHE_PEOPLE INT64_MIN /* as a run: the facts of the people */

struct kept {
	int64_t run;
	uint32_t table, block;
	uint64_t used; /* the turn it was last asked for */
	size_t bytes;
	struct facts_block people;
	struct arena arena;
	struct frame frame;
};
struct report_cache {
	const struct report_input *input;
	VEC(struct kept *) kept;
	size_t budget, bytes;
	uint64_t turn;
};

struct report_cache *crowd_cache_open(const struct report_input *input, size_t budget)
{
	struct report_cache *cache = mem_new(1, sizeof *cache);
	cache->input = input;
	cache->budget = budget;
	return cache;
}

static void drop(struct kept *kept)
{
	facts_block_release(&kept->people);
	arena_release(&kept->arena);
	free(kept);
}

void crowd_cache_close(struct report_cache *cache)
{
	if (cache == NULL)
		return;
	for (size_t i = 0; i < cache->kept.count; i++)
		drop(cache->kept.at[i]);
	VEC_RELEASE(&cache->kept);
	free(cache);
}

static size_t frame_bytes(const struct frame *frame)
{
	size_t bytes = 256;
	for (size_t i = 0; i < frame->column_count; i++)
		bytes += frame->count * (frame->columns[i].type == FRAME_I64 ? 10u : 6u);
	return bytes + frame->text_count * 24u;
}

static struct kept *find(struct report_cache *cache, int64_t run, uint32_t table, uint32_t block)
{
	for (size_t i = 0; i < cache->kept.count; i++) {
		struct kept *kept = cache->kept.at[i];
		if (kept->block == block && kept->table == table && kept->run == run) {
			kept->used = ++cache->turn;
			return kept;
		}
	}
	return NULL;
}

/* Keeps one more and lets the longest unused go. */
static void keep(struct report_cache *cache, struct kept *kept, const struct frame *frame)
{
	kept->bytes = frame_bytes(frame);
	kept->used = ++cache->turn;
	cache->bytes += kept->bytes;
	VEC_PUSH(&cache->kept, kept);
	while (cache->bytes > cache->budget && cache->kept.count > 1) {
		size_t oldest = 0;
		for (size_t i = 1; i < cache->kept.count; i++)
			if (cache->kept.at[i]->used < cache->kept.at[oldest]->used)
				oldest = i;
		cache->bytes -= cache->kept.at[oldest]->bytes;
		drop(cache->kept.at[oldest]);
		cache->kept.at[oldest] = cache->kept.at[--cache->kept.count];
	}
}

int crowd_cache_people(struct report_cache *cache, uint32_t block, const struct facts_block **people, struct err *err)
{
	struct kept *kept = find(cache, CACHE_PEOPLE, 0, block);
	if (kept == NULL) {
		kept = mem_new(1, sizeof *kept);
		kept->run = CACHE_PEOPLE;
		kept->block = block;
		if (facts_block_load(cache->input->facts, cache->input->store, block, 0, &kept->people, err) != 0) {
			drop(kept);
			return -1;
		}
		keep(cache, kept, &kept->people.employee);
	}
	*people = &kept->people;
	return 0;
}

int crowd_cache_result(struct report_cache *cache, int64_t run, uint32_t table, uint32_t block,
	const struct frame **frame, struct err *err)
{
	struct kept *kept = find(cache, run, table, block);
	if (kept == NULL) {
		bool found;
		kept = mem_new(1, sizeof *kept);
		kept->run = run;
		kept->table = table;
		kept->block = block;
		if (store_result_get(cache->input->store, run, table, block, NULL, 0, &kept->arena, &kept->frame, &found, err)
			!= 0) {
			drop(kept);
			return -1;
		}
		keep(cache, kept, &kept->frame);
	}
	*frame = &kept->frame;
	return 0;
}
