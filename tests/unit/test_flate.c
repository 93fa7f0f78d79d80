/*
 * test_flate.c - streams of our own encoder as zlib reads them: any bytes, codes learnt from anything.
 */
#include "output/flate.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

static struct flate flate;

static uint64_t lot = 7;
static unsigned draw(unsigned below)
{
	lot = lot * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((lot >> 33) % below);
}

/* Reads a whole deflate stream back. */
static void expect(const struct str *stream, const void *bytes, size_t length)
{
	z_stream zip = { 0 };
	unsigned char *back = mem_new(length + 1, 1);
	assert_int_equal(inflateInit2(&zip, -15), Z_OK);
	zip.next_in = (unsigned char *)stream->text;
	zip.avail_in = (unsigned)stream->length;
	zip.next_out = back;
	zip.avail_out = (unsigned)length + 1;
	assert_int_equal(inflate(&zip, Z_FINISH), Z_STREAM_END);
	assert_int_equal(zip.avail_in, 0);
	assert_int_equal(zip.total_out, length);
	if (length > 0)
		assert_memory_equal(back, bytes, length);
	inflateEnd(&zip);
	free(back);
}

/* Bytes with what compressors stumble over: runs, repeats near and far, noise. */
static void fill(uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length;) {
		size_t piece = 1 + draw(600), from = i > 0 ? draw((unsigned)i) : 0;
		unsigned kind = draw(4);
		for (size_t k = 0; k < piece && i < length; k++, i++)
			bytes[i] = kind == 0 ? (uint8_t)draw(256)
				: kind == 1      ? (uint8_t)(draw(10) + '0')
				: kind == 2      ? 'x'
								 : (i > 0 ? bytes[from + k] : 0);
	}
}

static void learn(const uint8_t *bytes, size_t length, struct flate_code *code)
{
	struct flate_counts counts = { 0 };
	struct flate_lengths lengths;
	if (length > 0)
		flate_count(&flate, &counts, bytes, length);
	flate_choose(&counts, &lengths);
	for (size_t i = 0; i < FLATE_SYMBOLS; i++)
		assert_in_range(lengths.at[i], 1, 15);
	flate_code_init(code, &lengths);
}

static void test_any_bytes(void **state)
{
	static const size_t sizes[] = { 0, 1, 3, 7, 8, 9, 100, 5000, 70000, 300000 };
	uint8_t *bytes = mem_new(300000, 1);
	struct flate_code *code = mem_new(1, sizeof *code);
	struct str out = { 0 };
	(void)state;
	for (int round = 0; round < 40; round++) {
		size_t length = sizes[(size_t)round % (sizeof sizes / sizeof sizes[0])];
		if (round % 3 == 0) { /* learnt from others, or from nothing */
			fill(bytes, 3000);
			learn(bytes, round % 2 ? 3000 : 0, code);
		}
		fill(bytes, length);
		if (round % 3 != 0)
			learn(bytes, length, code);
		struct flate_bits to = { .out = &out };
		str_clear(&out);
		flate_block(&flate, code, bytes, length, true, &to);
		flate_align(&to, true);
		expect(&out, bytes, length);
	}
	str_release(&out);
	free(code);
	free(bytes);
}

/* Blocks, stored blocks and whole bytes put between them are one stream. */
static void test_parts(void **state)
{
	uint8_t bytes[4000];
	struct flate_code *code = mem_new(1, sizeof *code);
	struct str out = { 0 };
	(void)state;
	fill(bytes, sizeof bytes);
	learn(bytes, sizeof bytes, code);
	for (size_t cut = 0; cut < 40; cut++) {
		struct flate_bits to = { .out = &out };
		str_clear(&out);
		flate_block(&flate, code, bytes, cut, false, &to);
		flate_align(&to, false);
		assert_int_equal(to.count, 0);
		flate_stored(bytes + cut, 100, false, &to);
		flate_block(&flate, code, bytes + cut + 100, 900, false, &to);
		flate_stored(bytes + cut + 1000, sizeof bytes - cut - 1000, true, &to);
		flate_align(&to, true);
		expect(&out, bytes, sizeof bytes);
	}
	str_release(&out);
	free(code);
}

/* Like streams get small; the memory of earlier ones does not show. */
static void test_same_bytes(void **state)
{
	char text[6000];
	struct flate_code *code = mem_new(1, sizeof *code);
	struct str out = { 0 }, again = { 0 };
	size_t length = 0;
	(void)state;
	while (length < sizeof text - 40)
		length += (size_t)snprintf(text + length, 40, "%u.%u 0 Td\n(ab)Tj\n", draw(600), draw(10));
	learn((const uint8_t *)text, length, code);
	for (int round = 0; round < 3; round++) {
		struct str *into = round == 0 ? &out : &again;
		struct flate_bits to = { .out = into };
		str_clear(into);
		flate_block(&flate, code, text, length, true, &to);
		flate_align(&to, true);
	}
	assert_int_equal(again.length, out.length);
	assert_memory_equal(again.text, out.text, out.length);
	assert_true(out.length < length / 3);
	flate.next = UINT32_MAX - 100; /* the count of bytes begins anew */
	struct flate_bits to = { .out = &again };
	str_clear(&again);
	flate_block(&flate, code, text, length, true, &to);
	flate_align(&to, true);
	assert_int_equal(again.length, out.length);
	str_release(&out);
	str_release(&again);
	free(code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_same_bytes),
	};
	return cmocka_run_group_tests_name("flate", tests, NULL, NULL);
}
