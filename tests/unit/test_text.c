/*
 * test_text.c - decoding, cleaning, conversion, folding and the order of names.
 */
#include "base/text.h"

#include <iconv.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- UTF-8 --- */

static void only_strict_utf8_is_valid(void **state)
{
	(void)state;
	static const char *const valid[] = { "", "a", "中文", "é", "𠮷", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf",
		"0123456789abcdef中" };
	static const char *const invalid[] = { "\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
		"\xff", "\xe4\xb8", "a\xe4\xb8z", "\xf0\xa0\xae", "0123456789abcdef\xb8", "\xd6\xd0\xce\xc4" };
	for (size_t i = 0; i < sizeof valid / sizeof valid[0]; i++)
		assert_true(text_valid_utf8(valid[i], strlen(valid[i])));
	for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++)
		assert_false(text_valid_utf8(invalid[i], strlen(invalid[i])));
	assert_true(text_valid_utf8("a\0b", 3));
}

static void every_code_point_comes_back(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		char bytes[4];
		size_t size = text_encode(c, bytes);
		const char *at = bytes;
		bool surrogate = c >= 0xD800 && c <= 0xDFFF;
		if (text_next(&at, bytes + size) != (surrogate ? 0xFFFD : c) || at != bytes + size)
			fail_msg("U+%04X", (unsigned)c);
	}
	const char *at = "\xe4\xb8" "a", *end = at + 3;
	assert_int_equal(text_next(&at, end), 0xFFFD);
	assert_int_equal(text_next(&at, end), 0xFFFD);
	assert_int_equal(text_next(&at, end), 'a');
}

static void counts_and_widths(void **state)
{
	(void)state;
	assert_int_equal(text_count("a中𠮷", strlen("a中𠮷")), 3);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("张伟"), 4);
	assert_int_equal(text_width("ＡＢ"), 4);
	assert_int_equal(text_width("e\u0301"), 1);
	assert_int_equal(text_width("𠮷a"), 3);
	assert_int_equal(text_width("a\u200bb"), 2);
	assert_int_equal(text_width("ｱ"), 1);
	assert_int_equal(text_width(""), 0);
	assert_true(text_is_ascii("0123456789", 10));
	assert_false(text_is_ascii("012345678é", 11));
	assert_true(text_is_ascii("", 0));
}

static void bytes_compare(void **state)
{
	(void)state;
	assert_int_equal(text_compare("a", 1, "b", 1), -1);
	assert_int_equal(text_compare("b", 1, "a", 1), 1);
	assert_int_equal(text_compare("a", 1, "ab", 2), -1);
	assert_int_equal(text_compare("a\0b", 3, "a\0c", 3), -1);
	assert_int_equal(text_compare("\xff", 1, "a", 1), 1);
	assert_int_equal(text_compare(NULL, 0, NULL, 0), 0);
}

/* --- cleaning --- */

static void cleans(
	int (*clean)(struct str *, const char *, size_t), const char *text, const char *expected, int changes)
{
	struct str out = {0};
	str_add(&out, "[");
	int did = clean(&out, text, strlen(text));
	if (strcmp(out.text + 1, expected) != 0 || did != changes)
		fail_msg("'%s' became '%s' (%d), expected '%s' (%d)", text, out.text + 1, did, expected, changes);
	str_release(&out);
}

static void clean_text_stays(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "a", "张伟", "客服 中心（北京）", "Café 2026-09-30", "①级★", "𠮷野家",
		"a b  c", "“引号”…", "한국", "全　角", "㐀", "\ue000" /* private use: names of rare characters */ };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		cleans(text_clean, texts[i], texts[i], 0);
	cleans(text_clean, "ＡＢ１２", "ＡＢ１２", 0);
}

static void unwanted_characters_go(void **state)
{
	(void)state;
	cleans(text_clean, "a\x01" "b\x7f", "ab", TEXT_CLEAN_CONTROL);
	cleans(text_clean, "a\xc2\x80" "b", "ab", TEXT_CLEAN_CONTROL);
	cleans(text_clean, "张\u202e伟\u202c", "张伟", TEXT_CLEAN_BIDI);
	cleans(text_clean, "\u2066a\u2069\u200e\u200f\u061c", "a", TEXT_CLEAN_BIDI);
	cleans(text_clean, "\ufeff工号", "工号", TEXT_CLEAN_INVISIBLE);
	cleans(text_clean, "a\u200b\u200c\u200d\u2060\u00adb", "ab", TEXT_CLEAN_INVISIBLE);
	cleans(text_clean, "a\ufffe\uffff\ufdd0\U0001fffe\U000e0041", "a", TEXT_CLEAN_INVISIBLE);
	cleans(text_clean, "\u202e\x01\u200b", "", TEXT_CLEAN_BIDI | TEXT_CLEAN_CONTROL | TEXT_CLEAN_INVISIBLE);
	cleans(text_clean, "a\xff", "a\ufffd", 0);
}

static void white_space_is_put_right(void **state)
{
	(void)state;
	cleans(text_clean, " a ", "a", TEXT_CLEAN_SPACE);
	cleans(text_clean, "\u00a0\u3000张伟\u3000\t", "张伟", TEXT_CLEAN_SPACE);
	cleans(text_clean, "a\nb", "a b", TEXT_CLEAN_SPACE);
	cleans(text_clean, "a \r\n\t b", "a b", TEXT_CLEAN_SPACE);
	cleans(text_clean, "a\u2028b\xc2\x85" "c", "a b c", TEXT_CLEAN_SPACE);
	cleans(text_clean, "a\u00a0b", "a\u00a0b", 0);
	cleans(text_clean, "\n", "", TEXT_CLEAN_SPACE);
	cleans(text_clean, "   ", "", TEXT_CLEAN_SPACE);
	/* an invisible character does not shelter a space */
	cleans(text_clean, "a \u200b", "a", TEXT_CLEAN_SPACE | TEXT_CLEAN_INVISIBLE);
	cleans(text_clean, "\ufeff a", "a", TEXT_CLEAN_SPACE | TEXT_CLEAN_INVISIBLE);
}

static void text_is_composed(void **state)
{
	(void)state;
	cleans(text_clean, "e\u0301", "é", TEXT_CLEAN_NFC);
	cleans(text_clean, "Å", "Å", 0);
	cleans(text_clean, "\u212b", "Å", TEXT_CLEAN_NFC);
	cleans(text_clean, "か\u3099", "が", TEXT_CLEAN_NFC);
	cleans(text_clean, "\uf900", "豈", TEXT_CLEAN_NFC);  /* a compatibility ideograph */
	/* composed only once what stood between is gone */
	cleans(text_clean, "e\u200b\u0301", "é", TEXT_CLEAN_NFC | TEXT_CLEAN_INVISIBLE);
	struct str longer = {0}, out = {0};
	for (int i = 0; i < 1000; i++)
		str_add(&longer, "e\u0301");
	assert_int_equal(text_clean(&out, longer.text, longer.length), TEXT_CLEAN_NFC);
	assert_int_equal(out.length, 2000);
	str_release(&longer);
	str_release(&out);
}

static void ids_lose_their_width(void **state)
{
	(void)state;
	cleans(text_clean_id, "Ｅ００１２３", "E00123", TEXT_CLEAN_WIDTH);
	cleans(text_clean_id, "E00123", "E00123", 0);
	cleans(text_clean_id, "\u3000Ａ－１ ", "A-1", TEXT_CLEAN_WIDTH | TEXT_CLEAN_SPACE);
	cleans(text_clean_id, "工号１", "工号1", TEXT_CLEAN_WIDTH);
	cleans(text_clean_id, "～！", "~!", TEXT_CLEAN_WIDTH);
}

/* --- conversion --- */

static void gb18030_is(const char *bytes, const char *expected)
{
	struct str out = {0};
	size_t bad = 0;
	assert_true(text_from_gb18030(&out, bytes, strlen(bytes), &bad));
	assert_string_equal(str_text(&out), expected);
	str_release(&out);
}

static void gb18030_is_converted(void **state)
{
	(void)state;
	gb18030_is("", "");
	gb18030_is("abc,1", "abc,1");
	gb18030_is("\xb9\xa4\xba\xc5,\xd0\xd5\xc3\xfb", "工号,姓名");
	gb18030_is("\x81\x40", "丂");
	gb18030_is("\x81\x30\x81\x30", "\xc2\x80");
	gb18030_is("\x81\x39\xee\x39", "㐀");
	gb18030_is("\x95\x32\x82\x36", "𠀀");
	gb18030_is("\xe3\x32\x9a\x35", "\U0010ffff");
	gb18030_is("\xa2\xe3", "€");
}

static void gb18030_fails_at(const char *bytes, size_t offset)
{
	struct str out = {0};
	size_t bad = SIZE_MAX;
	assert_false(text_from_gb18030(&out, bytes, strlen(bytes), &bad));
	assert_int_equal(bad, offset);
	str_release(&out);
}

static void bad_gb18030_is_refused(void **state)
{
	(void)state;
	gb18030_fails_at("ab\x80", 2);
	gb18030_fails_at("\xff", 0);
	gb18030_fails_at("\xb9\xa4\xba", 2);
	gb18030_fails_at("\xb9\x7f", 0);
	gb18030_fails_at("\xb9\xff", 0);
	gb18030_fails_at("\xb9,", 0);
	gb18030_fails_at("a\x81\x30\x81", 1);
	gb18030_fails_at("\x81\x30\x7f\x30", 0);
	gb18030_fails_at("\x81\x30\x81\x3a", 0);
	gb18030_fails_at("\x84\x31\xa4\x40", 0);
	gb18030_fails_at("\x84\x32\x81\x30", 0);  /* between the planes */
	gb18030_fails_at("\xe3\x32\x9a\x36", 0);  /* beyond U+10FFFF */
	gb18030_fails_at("\xfe\x39\xfe\x39", 0);
}

/* Every code point that iconv can write in GB18030 comes back. */
static void gb18030_agrees_with_iconv(void **state)
{
	(void)state;
	iconv_t to_gb = iconv_open("GB18030", "UTF-8");
	assert_true(to_gb != (iconv_t)-1);
	struct str out = {0};
	unsigned tried = 0;
	for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x10000 ? 1 : 37) {
		char utf8[4], gb[8];
		char *in = utf8, *at = gb;
		size_t in_left = text_encode(c, utf8), size = in_left, gb_left = sizeof gb, bad;
		if (c >= 0xD800 && c <= 0xDFFF)
			continue;
		if (iconv(to_gb, &in, &in_left, &at, &gb_left) != 0) {
			iconv(to_gb, NULL, NULL, NULL, NULL);
			continue;
		}
		tried++;
		str_clear(&out);
		if (!text_from_gb18030(&out, gb, sizeof gb - gb_left, &bad) || out.length != size
			|| memcmp(out.text, utf8, size) != 0)
			fail_msg("U+%04X", (unsigned)c);
	}
	assert_true(tried > 90000);
	iconv_close(to_gb);
	str_release(&out);
}

static void utf16_is_converted(void **state)
{
	(void)state;
	struct str out = {0};
	size_t bad = SIZE_MAX;
	assert_true(text_from_utf16(&out, "a\0\x2d\x4e\x42\xd8\xb7\xdf", 8, false, &bad));
	assert_string_equal(out.text, "a中𠮷");
	str_clear(&out);
	assert_true(text_from_utf16(&out, "\0a\x4e\x2d\xd8\x42\xdf\xb7", 8, true, &bad));
	assert_string_equal(out.text, "a中𠮷");
	assert_false(text_from_utf16(&out, "a\0b", 3, false, &bad));
	assert_int_equal(bad, 2);
	assert_false(text_from_utf16(&out, "a\0\x42\xd8", 4, false, &bad));
	assert_int_equal(bad, 2);
	assert_false(text_from_utf16(&out, "\xb7\xdf" "a\0", 4, false, &bad));
	assert_int_equal(bad, 0);
	assert_false(text_from_utf16(&out, "\x42\xd8" "a\0", 4, false, &bad));
	assert_int_equal(bad, 0);
	str_release(&out);
}

/* --- order --- */

static int by_pinyin(const char *a, const char *b)
{
	struct str left = {0}, right = {0};
	text_pinyin_key(&left, a);
	text_pinyin_key(&right, b);
	int order = text_compare(left.text, left.length, right.text, right.length);
	str_release(&left);
	str_release(&right);
	return order;
}

static void names_stand_by_pinyin(void **state)
{
	(void)state;
	static const char *const sorted[] = { "2", "安一", "陈二", "陈三", "李雷", "欧一", "区一", "任一", "单一", "王芳",
		"王芳芳", "解一", "尉迟恭", "曾一", "张伟", "仉一", "Ann", "Bob" };
	for (size_t i = 0; i + 1 < sizeof sorted / sizeof sorted[0]; i++)
		if (by_pinyin(sorted[i], sorted[i + 1]) >= 0)
			fail_msg("'%s' stands after '%s'", sorted[i], sorted[i + 1]);
	assert_int_equal(by_pinyin("张伟", "张伟"), 0);
	assert_int_equal(by_pinyin("", "阿"), -1);
}

static void surnames_have_their_reading(void **state)
{
	(void)state;
	static const struct { const char *before, *name, *after; } cases[] = {
		{ "曹一", "曾一", "张一" }, { "桑一", "单一", "邵一" }, { "肖一", "解一", "徐一" }, { "秦一", "仇一", "曲一" },
		{ "宁一", "区一", "潘一" }, { "袁一", "查一", "张一" }, { "饶一", "任一", "荣一" }, { "冯一", "盖一", "耿一" },
		{ "潘一", "朴一", "钱一" }, { "孟一", "万俟一", "牟一" }, { "严一", "尉迟一", "袁一" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (by_pinyin(cases[i].before, cases[i].name) >= 0 || by_pinyin(cases[i].name, cases[i].after) >= 0)
			fail_msg("'%s' does not stand between '%s' and '%s'", cases[i].name, cases[i].before, cases[i].after);
	/* a title is not a name: 区域 is qū yù, 解决 is jiě jué */
	assert_int_equal(by_pinyin("区域管理中心", "人力资源中心"), -1);
	assert_int_equal(by_pinyin("解决问题技巧", "客户服务礼仪"), -1);
	/* different names never share a key */
	assert_int_not_equal(by_pinyin("曾", "憎"), 0);
	assert_int_not_equal(by_pinyin("a", "A"), 0);
}

static void *make_a_key(void *out)
{
	text_pinyin_key(out, "曾国藩");
	return NULL;
}

static void each_thread_orders_alike(void **state)
{
	(void)state;
	struct str keys[4] = {0};
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, make_a_key, &keys[i]), 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	make_a_key(&keys[3]);
	for (int i = 0; i < 3; i++)
		assert_int_equal(text_compare(keys[i].text, keys[i].length, keys[3].text, keys[3].length), 0);
	for (int i = 0; i < 4; i++)
		str_release(&keys[i]);
}

/* --- folding and likeness --- */

static void folds(const char *text, const char *expected)
{
	struct str out = {0};
	text_fold(&out, text, strlen(text));
	assert_string_equal(str_text(&out), expected);
	str_release(&out);
}

static void headers_fold(void **state)
{
	(void)state;
	folds("", "");
	folds("Employee ID", "employeeid");
	folds(" ＥｍｐＩＤ\u3000", "empid");
	folds("员工\n编号\ufeff", "员工编号");
	folds("ÄÖÜ", "äöü");
	folds("  \t", "");
}

static void nearest_is_found(void **state)
{
	(void)state;
	static const char *const names[] = { "id", "weight", "value", NULL, "full", "员工编号" };
	const size_t count = sizeof names / sizeof names[0];
	assert_string_equal(text_nearest("wieght", names, count), "weight");
	assert_string_equal(text_nearest("weigth", names, count), "weight");
	assert_string_equal(text_nearest("vlaues", names, count), "value");
	assert_string_equal(text_nearest("fulll", names, count), "full");
	assert_string_equal(text_nearest("员工编码", names, count), "员工编号");
	assert_null(text_nearest("zebra", names, count));
	assert_null(text_nearest("di", names, count));
	assert_null(text_nearest("", names, count));
	assert_null(text_nearest("x", NULL, 0));
	char large[1000];
	memset(large, 'x', sizeof large - 1);
	large[sizeof large - 1] = '\0';
	assert_null(text_nearest(large, names, count));
}

static void case_changes(void **state)
{
	(void)state;
	struct str out = {0};
	text_upper(&out, "straße é中", strlen("straße é中"));
	assert_string_equal(out.text, "STRASSE É中");
	str_clear(&out);
	text_lower(&out, "ÀΣΟΣ I", strlen("ÀΣΟΣ I"));
	assert_string_equal(out.text, "àσος i");
	str_clear(&out);
	text_upper(&out, "", 0);
	assert_string_equal(out.text, "");
	str_release(&out);
}

static void pairs_have_a_fallback(void **state)
{
	(void)state;
	assert_string_equal(text_pick(&(struct text_pair){ "星", "star" }, TEXT_ZH), "星");
	assert_string_equal(text_pick(&(struct text_pair){ "星", "star" }, TEXT_EN), "star");
	assert_string_equal(text_pick(&(struct text_pair){ .zh = "星" }, TEXT_EN), "星");
	assert_string_equal(text_pick(&(struct text_pair){ .en = "star" }, TEXT_ZH), "star");
	assert_string_equal(text_pick(&(struct text_pair){0}, TEXT_ZH), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_strict_utf8_is_valid),
		cmocka_unit_test(every_code_point_comes_back),
		cmocka_unit_test(counts_and_widths),
		cmocka_unit_test(bytes_compare),
		cmocka_unit_test(clean_text_stays),
		cmocka_unit_test(unwanted_characters_go),
		cmocka_unit_test(white_space_is_put_right),
		cmocka_unit_test(text_is_composed),
		cmocka_unit_test(ids_lose_their_width),
		cmocka_unit_test(gb18030_is_converted),
		cmocka_unit_test(bad_gb18030_is_refused),
		cmocka_unit_test(gb18030_agrees_with_iconv),
		cmocka_unit_test(utf16_is_converted),
		cmocka_unit_test(names_stand_by_pinyin),
		cmocka_unit_test(surnames_have_their_reading),
		cmocka_unit_test(each_thread_orders_alike),
		cmocka_unit_test(headers_fold),
		cmocka_unit_test(nearest_is_found),
		cmocka_unit_test(case_changes),
		cmocka_unit_test(pairs_have_a_fallback),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
