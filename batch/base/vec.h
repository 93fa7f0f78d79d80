/*
 * vec.h - growing arrays of any type: three members `T *at; size_t count, capacity;` and VEC_PUSH.
 */
#ifndef PANDIAN_BASE_VEC_H
#define PANDIAN_BASE_VEC_H

#include "base/mem.h"

#include <stddef.h>

#define VEC(type) struct { type *at; size_t count, capacity; }

/* Returns `block` grown so that `count + 1` items fit; *capacity is updated. */
void *vec_grow(void *block, size_t count, size_t *capacity, size_t size);

/* Returns `block` grown so that `count + more` items fit. */
void *vec_reserve(void *block, size_t count, size_t more, size_t *capacity, size_t size);

/* Appends a value; yields nothing. The vector must be zero-initialised before first use. */
#define VEC_PUSH(vec, value) \
	do { \
		(vec)->at = vec_grow((vec)->at, (vec)->count, &(vec)->capacity, sizeof *(vec)->at); \
		(vec)->at[(vec)->count++] = (value); \
	} while (0)

/* Makes room for `more` items beyond count, to be written in place. */
#define VEC_ROOM(vec, more) \
	((vec)->at = vec_reserve((vec)->at, (vec)->count, (more), &(vec)->capacity, sizeof *(vec)->at))

/* Frees the items' array and sets the vector to empty. */
#define VEC_RELEASE(vec) \
	do { \
		vec_free((vec)->at); \
		(vec)->at = NULL; \
		(vec)->count = (vec)->capacity = 0; \
	} while (0)

void vec_free(void *block);

#endif
