/*
 * test_frame.c - frames through their bytes and back; damaged bytes are told, never a crash.
 */
#include "base/arena.h"
#include "base/hash.h"
#include "store/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS 7

static const struct frame_column layout[] = {
	{ .id = 3, .type = FRAME_U32 },
	{ .id = 5, .type = FRAME_I32 },
	{ .id = 8, .type = FRAME_I64, .scale = 2 },
	{ .id = 9, .type = FRAME_U32, .text = true },
	{ .id = 0xFFFF0000u, .type = FRAME_U32 },
};
#define LAYOUT (sizeof layout / sizeof layout[0])

static void
fill(struct frame *frame, struct arena *arena, const char *const *order)
{
	struct frame_texts texts = { 0 };
	frame_init(frame, ROWS, layout, LAYOUT, arena);
	/* `order` only changes the numbers of the texts, not what stands in the rows. */
	for (int i = 0; i < 3; i++)
		frame_texts_add(&texts, order[i], strlen(order[i]));
	for (uint32_t i = 0; i < ROWS; i++) {
		if (i != 2)
			frame_column(frame, 3)->u32[i] = i * 100;
		frame_column(frame, 5)->i32[i] = i == 4 ? DATE_NONE : (int32_t)(20000 - i);
		frame_column(frame, 8)->i64[i] = i == 5 ? DECIMAL_NONE : (int64_t)i * 1234567 - 500;
		frame_column(frame, 0xFFFF0000u)->u32[i] = i + 1;
	}
	frame_column(frame, 9)->u32[0] = frame_texts_add(&texts, "张伟", strlen("张伟"));
	frame_column(frame, 9)->u32[1] = frame_texts_add(&texts, "", 0);
	frame_column(frame, 9)->u32[6] = frame_texts_add(&texts, "张伟", strlen("张伟"));
	frame_texts_end(&texts, frame, arena);
}

static const char *const texts_one[] = { "张伟", "unused", "" }, *const texts_two[] = { "", "张伟", "other" };

static void
expect_rows(const struct frame *frame)
{
	assert_int_equal(frame->count, ROWS);
	assert_int_equal(frame->column_count, LAYOUT);
	for (uint32_t i = 0; i < ROWS; i++) {
		assert_true(frame_column(frame, 3)->u32[i] == (i == 2 ? FRAME_NONE : i * 100));
		assert_true(frame_column(frame, 5)->i32[i] == (i == 4 ? DATE_NONE : (int32_t)(20000 - i)));
		assert_true(frame_column(frame, 8)->i64[i] == (i == 5 ? DECIMAL_NONE : (int64_t)i * 1234567 - 500));
		assert_true(frame_column(frame, 0xFFFF0000u)->u32[i] == i + 1);
	}
	assert_int_equal(frame_column(frame, 8)->scale, 2);
	assert_true(frame_column(frame, 9)->text);
	assert_string_equal(frame_text(frame, frame_column(frame, 9), 0), "张伟");
	assert_string_equal(frame_text(frame, frame_column(frame, 9), 1), "");
	assert_null(frame_text(frame, frame_column(frame, 9), 2));
	assert_string_equal(frame_text(frame, frame_column(frame, 9), 6), "张伟");
	assert_null(frame_text(frame, frame_column(frame, 9), ROWS));
	assert_null(frame_text(frame, NULL, 0));
	assert_int_equal(frame->text_count, 2);
	assert_null(frame_column(frame, 4));
}

static void
test_round_trip(void **state)
{
	struct arena arena = { 0 };
	struct frame one, two, back;
	struct str a = { 0 }, b = { 0 };
	struct err err = { 0 };
	(void)state;

	fill(&one, &arena, texts_one);
	fill(&two, &arena, texts_two);
	frame_encode(&one, &a);
	assert_int_equal(frame_decode(a.text, a.length, NULL, 0, &arena, &back, &err), 0);
	expect_rows(&back);
	/* Same values, same bytes: whatever the order in which texts came, and after a round trip. */
	frame_encode(&two, &b);
	assert_int_equal(a.length, b.length);
	assert_memory_equal(a.text, b.text, a.length);
	str_clear(&b);
	frame_encode(&back, &b);
	assert_int_equal(a.length, b.length);
	assert_memory_equal(a.text, b.text, a.length);
	/* Appending keeps what stands there. */
	frame_encode(&one, &b);
	assert_int_equal(b.length, 2 * a.length);
	assert_memory_equal(b.text + a.length, a.text, a.length);
	str_release(&a);
	str_release(&b);
	arena_release(&arena);
}

static void
test_want(void **state)
{
	struct arena arena = { 0 };
	struct frame frame, back;
	struct str bytes = { 0 };
	struct err err = { 0 };
	const uint32_t some[] = { 8, 77, 3 };
	(void)state;

	fill(&frame, &arena, texts_one);
	frame_encode(&frame, &bytes);
	assert_int_equal(frame_decode(bytes.text, bytes.length, some, 3, &arena, &back, &err), 0);
	assert_int_equal(back.count, ROWS);
	assert_int_equal(back.column_count, 2);
	assert_true(frame_column(&back, 8)->i64[6] == 6 * 1234567 - 500);
	assert_true(frame_column(&back, 3)->u32[6] == 600);
	assert_null(frame_column(&back, 9));
	assert_int_equal(frame_decode(bytes.text, bytes.length, some, 0, &arena, &back, &err), 0);
	assert_int_equal(back.count, ROWS);
	assert_int_equal(back.column_count, 0);
	str_release(&bytes);
	arena_release(&arena);
}

/* A column alone, given as i64 values (INT64_MAX: missing), comes back and takes the width expected. */
static void
expect_column(enum frame_type type, const int64_t *values, uint32_t count, size_t width)
{
	struct arena arena = { 0 };
	struct frame frame, back;
	struct str bytes = { 0 };
	struct err err = { 0 };
	struct frame_column like = { .id = 1, .type = type };

	frame_init(&frame, count, &like, 1, &arena);
	for (uint32_t i = 0; i < count; i++) {
		if (values[i] == INT64_MAX)
			continue;
		switch (type) {
		case FRAME_U32: frame.columns[0].u32[i] = (uint32_t)values[i]; break;
		case FRAME_I32: frame.columns[0].i32[i] = (int32_t)values[i]; break;
		case FRAME_I64: frame.columns[0].i64[i] = values[i]; break;
		}
	}
	frame_encode(&frame, &bytes);
	assert_int_equal(bytes.length, 32 + 32 + (count * width + 7) / 8 * 8 + 8);
	assert_int_equal(frame_decode(bytes.text, bytes.length, NULL, 0, &arena, &back, &err), 0);
	assert_int_equal(back.count, count);
	assert_int_equal(back.column_count, 1);
	assert_memory_equal(back.columns[0].any, frame.columns[0].any, count * (type == FRAME_I64 ? 8 : 4));
	str_release(&bytes);
	arena_release(&arena);
}

static void
test_extremes(void **state)
{
	const int64_t none = INT64_MAX;
	(void)state;
	expect_column(FRAME_U32, (int64_t[]){ 7, 7, 7 }, 3, 0);
	expect_column(FRAME_U32, (int64_t[]){ 7, none, 7 }, 3, 1);
	expect_column(FRAME_U32, (int64_t[]){ 1000, 1255, 1000 }, 3, 1);
	expect_column(FRAME_U32, (int64_t[]){ 1000, 1255, none }, 3, 2);
	expect_column(FRAME_U32, (int64_t[]){ 1000, 1254, none }, 3, 1);
	expect_column(FRAME_U32, (int64_t[]){ 0, 65535 }, 2, 2);
	expect_column(FRAME_U32, (int64_t[]){ 0, 65535, none }, 3, 4);
	expect_column(FRAME_U32, (int64_t[]){ 0, UINT32_MAX - 1, none }, 3, 4);
	expect_column(FRAME_U32, (int64_t[]){ 0, UINT32_MAX - 1 }, 2, 4);
	expect_column(FRAME_U32, (int64_t[]){ UINT32_MAX - 1 }, 1, 0);
	expect_column(FRAME_I32, (int64_t[]){ INT32_MIN + 1, INT32_MAX, none, 0, -1 }, 5, 4);
	expect_column(FRAME_I32, (int64_t[]){ INT32_MIN + 1, INT32_MAX }, 2, 4);
	expect_column(FRAME_I32, (int64_t[]){ -128, 127 }, 2, 1);
	expect_column(FRAME_I32, (int64_t[]){ INT32_MAX, none }, 2, 1);
	expect_column(FRAME_I64, (int64_t[]){ INT64_MIN + 1, INT64_MAX - 1, none, 0, -1 }, 5, 8);
	expect_column(FRAME_I64, (int64_t[]){ INT64_MIN + 1, INT64_MAX - 1 }, 2, 8);
	expect_column(FRAME_I64, (int64_t[]){ INT64_MIN + 1, INT64_MIN + 2, none }, 3, 1);
	expect_column(FRAME_I64, (int64_t[]){ INT64_MAX - 1, none }, 2, 1);
	expect_column(FRAME_I64, (int64_t[]){ 0, UINT32_MAX }, 2, 4);
	expect_column(FRAME_I64, (int64_t[]){ 0, UINT32_MAX, none }, 3, 8);
	expect_column(FRAME_I64, (int64_t[]){ -5, UINT32_MAX - 6, none }, 3, 4);
	expect_column(FRAME_I64, (int64_t[]){ -42 }, 1, 0);
}

static void
test_absent_columns_and_reasons(void **state)
{
	struct arena arena = { 0 };
	struct frame frame, back;
	struct str bytes = { 0 };
	struct err err = { 0 };
	const struct frame_column like[] = {
		{ .id = 0, .type = FRAME_I64, .scale = 2 }, { .id = 1, .type = FRAME_I32 }, { .id = 2,
			.type = FRAME_U32 },
		{ .id = 3, .type = FRAME_U32, .text = true },
	};
	uint16_t reasons[ROWS] = { 0, 1, 0, 2, 0, 0, 255 }, many[ROWS] = { 0, 300, 0, 0, 65535, 0, 0 },
		zero[ROWS] = { 0 };
	(void)state;

	frame_init(&frame, ROWS, like, 4, &arena);
	for (uint32_t i = 0; i < ROWS; i++)
		frame.columns[0].i64[i] = reasons[i] == 0 ? (int64_t)i : DECIMAL_NONE;
	frame.columns[0].why = reasons;
	frame.columns[1].why = many;     /* no value at all, but a reason why */
	frame.columns[2].why = zero;     /* no value, no reason: not written */
	frame_encode(&frame, &bytes);
	assert_int_equal(frame_decode(bytes.text, bytes.length, NULL, 0, &arena, &back, &err), 0);
	assert_int_equal(back.column_count, 2);
	assert_null(frame_column(&back, 2));
	assert_null(frame_column(&back, 3));
	assert_memory_equal(frame_column(&back, 0)->i64, frame.columns[0].i64, sizeof(int64_t) * ROWS);
	assert_memory_equal(frame_column(&back, 0)->why, reasons, sizeof reasons);
	assert_memory_equal(frame_column(&back, 1)->why, many, sizeof many);
	for (uint32_t i = 0; i < ROWS; i++)
		assert_int_equal(frame_column(&back, 1)->i32[i], DATE_NONE);
	str_clear(&bytes);

	frame_init(&frame, 0, layout, LAYOUT, &arena);
	frame_encode(&frame, &bytes);
	assert_int_equal(frame_decode(bytes.text, bytes.length, NULL, 0, &arena, &back, &err), 0);
	assert_int_equal(back.count, 0);
	assert_int_equal(back.column_count, 0);
	str_release(&bytes);
	arena_release(&arena);
}

static void
expect_damaged(const char *bytes, size_t length, struct arena *arena)
{
	struct frame back;
	struct err err = { 0 };
	assert_int_equal(frame_decode(bytes, length, NULL, 0, arena, &back, &err), -1);
	assert_int_equal(err.status, STATUS_IO);
	assert_true(err.text[0] != '\0');
}

static void
test_damage(void **state)
{
	struct arena arena = { 0 };
	struct frame frame, back;
	struct str bytes = { 0 };
	(void)state;

	fill(&frame, &arena, texts_one);
	frame_encode(&frame, &bytes);
	for (size_t length = 0; length < bytes.length; length++)
		expect_damaged(bytes.text, length, &arena);
	for (size_t bit = 0; bit < bytes.length * 8; bit++) {
		bytes.text[bit / 8] ^= (char)(1 << bit % 8);
		expect_damaged(bytes.text, bytes.length, &arena);
		bytes.text[bit / 8] ^= (char)(1 << bit % 8);
	}
	/* Bytes with a right checksum but wrong contents: refused or read, never beyond their end. */
	char *copy = malloc(bytes.length);
	uint32_t seed = 1;
	for (int round = 0; round < 20000; round++) {
		struct err err = { 0 };
		memcpy(copy, bytes.text, bytes.length);
		for (int i = 0; i < 3; i++) {
			seed = seed * 1664525 + 1013904223;
			/* not the count of rows: a great one is honest where every width is 0 */
			size_t at = 8 + seed / 256 % (bytes.length - 16);
			copy[at] = (char)(seed >> 24);
		}
		uint32_t crc = hash_crc32(copy, bytes.length - 4);
		memcpy(copy + bytes.length - 4, &crc, 4);
		if (frame_decode(copy, bytes.length, NULL, 0, &arena, &back, &err) != 0)
			assert_int_equal(err.status, STATUS_IO);
		else
			for (size_t c = 0; c < back.column_count; c++)
				for (uint32_t i = 0; back.columns[c].text && i < back.count; i++)
					(void)frame_text(&back, &back.columns[c], i);
		arena_reset(&arena);
	}
	free(copy);
	str_release(&bytes);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_want),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_absent_columns_and_reasons),
		cmocka_unit_test(test_damage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
