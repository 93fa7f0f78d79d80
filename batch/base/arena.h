/*
 * arena.h - memory by lifetime: run, file, block or report; released all at once.
 */
#ifndef PANDIAN_BASE_ARENA_H
#define PANDIAN_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_chunk;
struct arena {
	struct arena_chunk *chunk;  /* the chunk being filled, newest first */
	size_t used;                /* bytes used in it */
	size_t chunk_size;          /* size of the next chunk, bytes */
};

void arena_init(struct arena *arena);                               /* {0} works as well */
void arena_release(struct arena *arena);                            /* frees everything */
void arena_reset(struct arena *arena);                              /* forgets everything, keeps one chunk */
/* Forgets everything and keeps as much memory as was in use, in one chunk: for work repeated block by block. */
void arena_recycle(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t count, size_t size);  /* zeroed, aligned to 16 bytes */
/* The same with any contents: the caller writes every byte before it is read. */
void *arena_room(struct arena *arena, size_t count, size_t size);
char *arena_copy(struct arena *arena, const char *bytes, size_t length); /* adds a NUL */
char *arena_text(struct arena *arena, const char *text);            /* NULL stays NULL */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
