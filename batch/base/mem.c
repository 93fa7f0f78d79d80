/*
 * mem.c - memory that never fails to its caller. Decides what happens when it runs out, not how long memory lives.
 */
#include "base/mem.h"
#include "base/err.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say_and_end(size_t bytes)
{
	static const char message[] = "pandian: out of memory\n";

	(void)bytes;
	if (write(STDERR_FILENO, message, sizeof message - 1) < 0)
		_exit(STATUS_AGAIN);
	_exit(STATUS_AGAIN);
}

static void (*hook)(size_t bytes) = say_and_end;

void mem_hook(void (*out_of_memory)(size_t bytes))
{
	hook = out_of_memory != NULL ? out_of_memory : say_and_end;
}

static _Noreturn void fail(size_t bytes)
{
	hook(bytes);
	_exit(STATUS_AGAIN);
}

size_t mem_size(size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
		fail(SIZE_MAX);
	return bytes;
}

void *mem_new(size_t count, size_t size)
{
	size_t bytes = mem_size(count, size);
	void *block = calloc(1, bytes != 0 ? bytes : 1);

	if (block == NULL)
		fail(bytes);
	return block;
}

void *mem_grow(void *block, size_t count, size_t size)
{
	size_t bytes = mem_size(count, size);
	void *grown = realloc(block, bytes != 0 ? bytes : 1);

	if (grown == NULL)
		fail(bytes);
	return grown;
}

char *mem_copy_text(const char *text)
{
	size_t length = strlen(text) + 1;

	return memcpy(mem_grow(NULL, length, 1), text, length);
}
