/*
 * arena.c - memory by lifetime. Chunks double from 16 KiB to 4 MiB; what would waste a chunk gets its own.
 */
#include "base/arena.h"
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALIGN ((size_t)16)
#define CHUNK_MIN ((size_t)16 * 1024)
#define CHUNK_MAX ((size_t)4 * 1024 * 1024)

struct arena_chunk {
	struct arena_chunk *next;   /* older, or one allocation of its own */
	size_t capacity;            /* bytes in data */
	_Alignas(16) char data[];
};

void arena_init(struct arena *arena)
{
	*arena = (struct arena){0};
}

static void free_chunks(struct arena_chunk *chunk)
{
	while (chunk != NULL) {
		struct arena_chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
}

void arena_release(struct arena *arena)
{
	free_chunks(arena->chunk);
	*arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
	if (arena->chunk == NULL)
		return;
	free_chunks(arena->chunk->next);
	arena->chunk->next = NULL;
	if (arena->chunk->capacity > CHUNK_MAX) {
		arena_release(arena);
		return;
	}
	arena->used = 0;
}

void arena_recycle(struct arena *arena)
{
	struct arena_chunk *chunk;
	size_t bytes = 0;

	if (arena->chunk != NULL && arena->chunk->next != NULL) {
		for (chunk = arena->chunk; chunk != NULL; chunk = chunk->next)
			bytes += chunk->capacity;
		free_chunks(arena->chunk);
		arena->chunk = mem_grow(NULL, 1, sizeof *chunk + bytes);
		arena->chunk->next = NULL;
		arena->chunk->capacity = bytes;
	}
	arena->used = 0;
}

/* Memory for `bytes` (a multiple of ALIGN), not zeroed unless *zeroed. */
static void *take(struct arena *arena, size_t bytes, int *zeroed)
{
	struct arena_chunk *chunk = arena->chunk;
	size_t size;

	*zeroed = 0;
	if (chunk != NULL && bytes <= chunk->capacity - arena->used) {
		arena->used += bytes;
		return chunk->data + arena->used - bytes;
	}
	size = arena->chunk_size != 0 ? arena->chunk_size : CHUNK_MIN;
	if (bytes > size / 4) { /* its own chunk, behind the one being filled */
		chunk = mem_new(1, sizeof *chunk + bytes);
		chunk->capacity = bytes;
		if (arena->chunk != NULL) {
			chunk->next = arena->chunk->next;
			arena->chunk->next = chunk;
		} else {
			arena->chunk = chunk;
			arena->used = bytes;
		}
		arena->chunk_size = size < CHUNK_MAX ? size * 2 : CHUNK_MAX; /* many of these: soon they share chunks */
		*zeroed = 1;
		return chunk->data;
	}
	chunk = mem_grow(NULL, 1, size);
	chunk->capacity = (size - sizeof *chunk) & ~(ALIGN - 1);
	chunk->next = arena->chunk;
	arena->chunk = chunk;
	arena->used = bytes;
	arena->chunk_size = size < CHUNK_MAX ? size * 2 : CHUNK_MAX;
	return chunk->data;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
	size_t bytes = mem_size(count, size);
	int zeroed;
	void *memory;

	bytes = bytes != 0 ? (bytes + ALIGN - 1) & ~(ALIGN - 1) : ALIGN;
	memory = take(arena, bytes, &zeroed);
	return zeroed ? memory : memset(memory, 0, bytes);
}

void *arena_room(struct arena *arena, size_t count, size_t size)
{
	size_t bytes = mem_size(count, size);
	int zeroed;

	return take(arena, bytes != 0 ? (bytes + ALIGN - 1) & ~(ALIGN - 1) : ALIGN, &zeroed);
}

/* Texts need no zeroing: only their own bytes are ever read. */
static char *take_text(struct arena *arena, size_t length)
{
	int zeroed;

	return take(arena, (mem_size(length + 1, 1) + ALIGN - 1) & ~(ALIGN - 1), &zeroed);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
	char *copy = take_text(arena, length);

	if (length != 0)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
	return text != NULL ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	char small[256], *text;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (length < 0)
		return arena_copy(arena, "", 0);
	if ((size_t)length < sizeof small)
		return arena_copy(arena, small, (size_t)length);
	text = take_text(arena, (size_t)length);
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}
