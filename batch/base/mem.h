/*
 * mem.h - memory that never fails to its caller: one out-of-memory hook ends the process with status 75.
 *
 * Decides: what happens when memory runs out. Does not decide: lifetimes (arena.h).
 */
#ifndef PANDIAN_BASE_MEM_H
#define PANDIAN_BASE_MEM_H

#include <stddef.h>

/* Installs the hook called when memory runs out; it must not return. Default: message on stderr, _exit(75). */
void mem_hook(void (*out_of_memory)(size_t bytes));
/* malloc/calloc/realloc/strdup that call the hook instead of returning NULL; sizes are checked for overflow. */
void *mem_new(size_t count, size_t size);          /* zeroed */
void *mem_grow(void *block, size_t count, size_t size);
/* count * size; calls the hook when that does not fit. */
size_t mem_size(size_t count, size_t size);
char *mem_copy_text(const char *text);

#endif
