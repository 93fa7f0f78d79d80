/*
 * held.c - which courses a person holds at the as-of date.
 *
 * Decides: that the newest pass counts, and what separates ids in texts. Does not decide: what a pass is (pass.c), nor
 * what a course is worth (credits.c).
 */
#include "rules/held.h"

#include "rules/pass.h"

#include <string.h>

const struct held_rows *held_of(struct rules_block *block, struct err *err)
{
	if (block->held != NULL)
		return block->held;
	const struct pass_rows *rows = pass_rows_of(block, err);
	if (rows == NULL)
		return NULL;
	const int64_t *valid = block->work->valid_months;
	int32_t as_of = block->work->params->as_of;
	bool exempt = block->work->book->exempt_holds;
	struct held_rows *held = arena_alloc(block->scratch, 1, sizeof *held);
	uint32_t *offset = arena_alloc(block->scratch, block->count + 2u, sizeof *offset);
	uint32_t *course = arena_alloc(block->scratch, rows->count + 1u, sizeof *course);
	uint32_t *row = arena_alloc(block->scratch, rows->count + 1u, sizeof *row), count = 0;
	for (uint32_t person = 0; person < block->count; person++) {
		offset[person] = count;
		uint32_t end = rows->offset == NULL ? 0 : rows->offset[person + 1];
		for (uint32_t at = rows->offset == NULL ? 0 : rows->offset[person]; at < end;) {
			uint32_t key = rows->course[at], newest = FRAME_NONE, freed = FRAME_NONE;
			for (; at < end && rows->course[at] == key; at++) {
				if (rows->outcome[at] == PASS_PASSED && rows->date[at] != DATE_NONE
					&& (newest == FRAME_NONE || rows->date[at] >= rows->date[newest]))
					newest = at;
				else if (exempt && rows->outcome[at] == PASS_EXEMPT)
					freed = at;
			}
			int64_t months = valid == NULL ? DECIMAL_NONE : valid[key];
			if (newest != FRAME_NONE && months != DECIMAL_NONE && pass_is_over(rows->date[newest], months, as_of))
				newest = FRAME_NONE;
			if (newest == FRAME_NONE)
				newest = freed;
			if (newest == FRAME_NONE)
				continue;
			course[count] = key;
			row[count++] = newest;
		}
	}
	offset[block->count] = count;
	*held = (struct held_rows){ offset, course, row };
	return block->held = held;
}

uint32_t held_find(const struct held_rows *held, uint32_t person, uint32_t course)
{
	for (uint32_t i = held->offset[person]; i < held->offset[person + 1]; i++)
		if (held->course[i] == course)
			return i;
	return FRAME_NONE;
}

bool held_list_has(const char *list, const char *id)
{
	size_t length, wanted = strlen(id);
	const char *found;
	if (list == NULL)
		return false;
	while ((length = text_next_id(&list, &found)) > 0)
		if (length == wanted && memcmp(found, id, length) == 0)
			return true;
	return false;
}

uint8_t *held_required_for(const struct facts *facts, const char *level, struct arena *arena, uint32_t *count)
{
	const struct facts_table *courses = facts_courses(facts);
	const struct frame_column *column = frame_column(&courses->frame, COURSE_REQUIRED_FOR);
	uint8_t *wanted = arena_alloc(arena, courses->frame.count + 1u, 1);
	*count = 0;
	for (uint32_t k = 0; k < courses->frame.count && column != NULL; k++)
		if (courses->known[k] && held_list_has(frame_text(&courses->frame, column, k), level)) {
			wanted[k] = 1;
			++*count;
		}
	return wanted;
}
