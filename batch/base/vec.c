/*
 * vec.c - growing arrays of any type: doubling from eight items.
 */
#include "base/vec.h"

#include <stdint.h>
#include <stdlib.h>

void *vec_grow(void *block, size_t count, size_t *capacity, size_t size)
{
	size_t larger;

	if (count < *capacity)
		return block;
	larger = count < 4 ? 8 : mem_size(count, 2);
	block = mem_grow(block, larger, size);
	*capacity = larger;
	return block;
}

void *vec_reserve(void *block, size_t count, size_t more, size_t *capacity, size_t size)
{
	size_t need, larger = *capacity < 8 ? 8 : *capacity;

	if (more <= *capacity - count)
		return block;
	if (__builtin_add_overflow(count, more, &need))
		need = mem_size(SIZE_MAX, 2);
	while (larger < need)
		larger = mem_size(larger, 2);
	block = mem_grow(block, larger, size);
	*capacity = larger;
	return block;
}

void vec_free(void *block)
{
	free(block);
}
