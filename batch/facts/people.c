/*
 * people.c - names of those who manage somebody. Decides who counts: whoever is named as manager by a person known at
 * the
 * as-of date.
 */
#include "facts/part.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* Goes over every known person; told is called with the loaded block. */
static int each_block(const struct facts *facts, struct store *store,
	void (*told)(void *context, const struct facts_block *block), void *context, struct err *err)
{
	struct facts_block block = { 0 };
	int result = 0;
	for (uint32_t b = 0; b < facts_block_count(facts) && result == 0; b++) {
		result = facts_block_load(facts, store, b, 0, &block, err);
		if (result == 0)
			told(context, &block);
	}
	facts_block_release(&block);
	return result;
}

struct gathering {
	uint8_t *manages;             /* per employee key */
	uint32_t people;
	const char **names;
	struct arena *arena;
};

static void mark_managers(void *context, const struct facts_block *block)
{
	struct gathering *gathering = context;
	const struct frame_column *manager = frame_column(&block->employee, EMPLOYEE_MANAGER_ID);
	for (uint32_t i = 0; manager != NULL && i < block->count; i++) {
		if (block->known[i] && manager->u32[i] < gathering->people)
			gathering->manages[manager->u32[i]] = 1;
	}
}

static void take_names(void *context, const struct facts_block *block)
{
	struct gathering *gathering = context;
	const struct frame_column *name = frame_column(&block->employee, EMPLOYEE_NAME);
	for (uint32_t i = 0; name != NULL && i < block->count; i++) {
		if (block->known[i] && gathering->manages[block->first + i])
			gathering->names[block->first + i] = arena_text(gathering->arena, frame_text(&block->employee, name, i));
	}
}

int facts_manager_names(const struct facts *facts, struct store *store, struct arena *arena, const char *const **names,
	struct err *err)
{
	uint32_t people = facts_key_count(facts, KEY_DIM_EMPLOYEE);
	struct gathering gathering = { .people = people, .arena = arena };
	gathering.manages = mem_new(people + 1, sizeof *gathering.manages);
	gathering.names = arena_alloc(arena, people + 1, sizeof *gathering.names);
	int result = each_block(facts, store, mark_managers, &gathering, err);
	if (result == 0 && memchr(gathering.manages, 1, people) != NULL)
		result = each_block(facts, store, take_names, &gathering, err);
	free(gathering.manages);
	*names = gathering.names;
	return result;
}
