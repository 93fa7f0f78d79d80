/*
 * Memory, arenas, vectors and buffers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

static void arenas_give_zeroed_aligned_memory(void **state)
{
	struct arena arena = {0};
	unsigned char *blocks[3000];
	size_t sizes[3000], k, n, round;
	uint32_t random = 1;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (k = 0; k < 3000; k++) {
			random = random * 1664525 + 1013904223;
			sizes[k] = k % 500 == 499 ? 3000000 + k : (random >> 16) % 700;
			blocks[k] = arena_alloc(&arena, sizes[k], 1);
			assert_int_equal((uintptr_t)blocks[k] % 16, 0);
			for (n = 0; n < sizes[k]; n++)
				if (blocks[k][n] != 0)
					fail_msg("block %zu, byte %zu", k, n);
			memset(blocks[k], (int)(k & 0xff) | 1, sizes[k]);
		}
		for (k = 0; k < 3000; k++)
			for (n = 0; n < sizes[k]; n++)
				if (blocks[k][n] != ((k & 0xff) | 1))
					fail_msg("block %zu was written over", k);
		arena_reset(&arena);
	}
	arena_release(&arena);
	arena_release(&arena);
}

/* A recycled arena gives the same room again without asking the system, zeroed where zeroes are promised. */
static void arenas_are_recycled(void **state)
{
	struct arena arena = {0};
	struct arena_chunk *chunk = NULL;
	unsigned char *small, *large, *any;
	size_t round, n;

	(void)state;
	arena_recycle(&arena);
	for (round = 0; round < 4; round++) {
		small = arena_alloc(&arena, 100, 1);
		large = arena_alloc(&arena, 9000000, 1);
		any = arena_room(&arena, 5000000, 1);
		assert_int_equal((uintptr_t)any % 16, 0);
		for (n = 0; n < 9000000; n++)
			if (large[n] != 0)
				fail_msg("byte %zu", n);
		for (n = 0; n < 100; n++)
			assert_int_equal(small[n], 0);
		memset(large, 1, 9000000);
		memset(any, 2, 5000000);
		memset(small, 3, 100);
		assert_int_equal(large[8999999], 1);
		assert_int_equal(any[0], 2);
		if (round > 1)
			assert_ptr_equal(arena.chunk, chunk);
		arena_recycle(&arena);
		chunk = arena.chunk;
	}
	arena_release(&arena);
	assert_null(arena.chunk);
}

static void arenas_keep_texts(void **state)
{
	struct arena arena;
	char long_text[1000];
	char *text;

	(void)state;
	arena_init(&arena);
	arena_reset(&arena);
	memset(long_text, 'x', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	assert_string_equal(arena_copy(&arena, "盘点 and more", 6), "盘点");
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	assert_null(arena_text(&arena, NULL));
	assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
	text = arena_printf(&arena, "%s%s", long_text, "end");
	assert_int_equal(strlen(text), 999 + 3);
	assert_string_equal(text + 999, "end");
	arena_release(&arena);
}

static void vectors(void **state)
{
	VEC(int) numbers = {0};
	int k;

	(void)state;
	for (k = 0; k < 10000; k++)
		VEC_PUSH(&numbers, k * 2);
	assert_int_equal(numbers.count, 10000);
	for (k = 0; k < 10000; k++)
		assert_int_equal(numbers.at[k], k * 2);
	VEC_RELEASE(&numbers);
	assert_null(numbers.at);
	assert_int_equal(numbers.capacity, 0);
}

static void buffers(void **state)
{
	struct str str = {0};
	char filler[200];
	int k;

	(void)state;
	assert_string_equal(str_text(&str), "");
	str_clear(&str);
	str_add_bytes(&str, NULL, 0);
	assert_string_equal(str.text, "");
	str_add(&str, "a");
	str_add_char(&str, 'b');
	str_add_int(&str, INT64_MIN);
	str_add_int(&str, 0);
	str_printf(&str, "[%s]", "c");
	assert_string_equal(str.text, "ab-92233720368547758080[c]");
	assert_int_equal(str.length, strlen(str.text));
	str_clear(&str);
	str_add_code_point(&str, 'A');
	str_add_code_point(&str, 0xe9);
	str_add_code_point(&str, 0x76d8);
	str_add_code_point(&str, 0x20bb7);
	str_add_code_point(&str, 0xd800);
	str_add_code_point(&str, 0x110000);
	assert_string_equal(str.text, "Aé盘𠮷\xef\xbf\xbd\xef\xbf\xbd");
	str_clear(&str);
	memset(filler, 'z', sizeof filler - 1);
	filler[sizeof filler - 1] = '\0';
	for (k = 0; k < 100; k++)
		str_printf(&str, "%s", filler);
	assert_int_equal(str.length, 100 * 199);
	assert_int_equal(strlen(str.text), str.length);
	str_release(&str);
	assert_null(str.text);
}

static void say_and_end(size_t bytes)
{
	(void)bytes;
	_exit(42);
}

/* Runs in a child what must not return, gives its exit status. */
static int status_of(void (*act)(void))
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		close(STDERR_FILENO);
		act();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static volatile size_t huge = SIZE_MAX / 2;

static void too_much(void)
{
	mem_new(huge, 16);
}

static void too_much_at_once(void)
{
	mem_grow(NULL, huge, 1);
}

static void too_much_with_hook(void)
{
	mem_hook(say_and_end);
	mem_new(huge, 16);
}

static void too_much_in_an_arena(void)
{
	struct arena arena = {0};

	arena_alloc(&arena, huge, 16);
}

static void too_much_in_a_buffer(void)
{
	struct str str = {0};

	str_add(&str, "x");
	str_reserve(&str, SIZE_MAX);
}

static void memory_running_out_ends_the_process(void **state)
{
	(void)state;
	assert_int_equal(status_of(too_much), 75);
	assert_int_equal(status_of(too_much_at_once), 75);
	assert_int_equal(status_of(too_much_in_an_arena), 75);
	assert_int_equal(status_of(too_much_in_a_buffer), 75);
	assert_int_equal(status_of(too_much_with_hook), 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arenas_give_zeroed_aligned_memory), cmocka_unit_test(arenas_keep_texts),
		cmocka_unit_test(arenas_are_recycled),
		cmocka_unit_test(vectors), cmocka_unit_test(buffers), cmocka_unit_test(memory_running_out_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
