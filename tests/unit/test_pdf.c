/*
 * test_pdf.c - finished archives as other programs read them: structure (qpdf), text (pdftotext), fonts (pdffonts),
 * bookmarks and metadata. Where such a program is missing, its part is skipped.
 */
#include "base/fs.h"
#include "base/mem.h"
#include "output/font.h"
#include "output/pdf.h"

#include "sample_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct pdf_fonts *fonts;
static struct pdf_writer *writer;
static char folder[64];

static int begin(void **state)
{
	struct err err = { 0 };
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/pandian-test-pdf-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	fonts = pdf_fonts_open(&err);
	writer = fonts ? pdf_writer_new(fonts, &err) : NULL;
	if (!writer)
		fprintf(stderr, "%s\n", err.text);
	return writer ? 0 : -1;
}

static int end(void **state)
{
	struct err err = { 0 };
	(void)state;
	pdf_writer_free(writer);
	pdf_fonts_close(fonts);
	return fs_remove_tree(folder, &err);
}

static bool has_tool(const char *name)
{
	char command[128];
	snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", name);
	return system(command) == 0;
}

/* What a command says about the file; returns its exit status. */
static int ask(const char *command, const struct str *pdf, const char *after, struct str *answer)
{
	struct err err = { 0 };
	char path[96], line[256], buffer[4096];
	snprintf(path, sizeof path, "%s/a.pdf", folder);
	unlink(path);
	assert_int_equal(fs_write_new(path, pdf->text, pdf->length, false, &err), 0);
	snprintf(line, sizeof line, "%s %s %s 2>&1", command, path, after);
	str_clear(answer);
	FILE *pipe = popen(line, "r");
	assert_non_null(pipe);
	for (size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
		str_add_bytes(answer, buffer, got);
	return pclose(pipe);
}

static void write_ok(const struct doc *doc, struct str *out, struct pdf_totals *totals)
{
	struct err err = { 0 };
	if (pdf_write(writer, doc, out, totals, &err) < 0 || pdf_verify(out, totals, &err) < 0)
		fail_msg("%s", err.text);
}

static struct doc plain(void)
{
	return (struct doc){ .title = "档案 a & <b> 𠮷",
		.author = "人力资源部",
		.subject = "s",
		.keywords = "k",
		.lang = "zh-CN",
		.created = date_from_civil(2026, 9, 30),
		.id = "00317",
		.width = 210,
		.height = 297,
		.top = 14,
		.right = 16,
		.bottom = 12,
		.left = 16 };
}

static void add_line(struct doc *doc, struct arena *arena, const char *text)
{
	doc_add(doc, DOC_TEXT, arena)->text = (struct doc_text){ .text = text };
}

static void test_sample(void **state)
{
	struct arena arena = { 0 };
	struct str out = { 0 }, again = { 0 }, answer = { 0 };
	struct pdf_totals totals;
	struct doc doc, other;
	(void)state;
	sample_archive(&doc, &arena, 7, 2);
	write_ok(&doc, &out, &totals);
	assert_int_equal(totals.pages, 2);
	assert_int_equal(totals.missing_count, 0);
	assert_true(out.length < 60 * 1024);

	/* the same bytes again, after another document, and from another writer */
	struct err err = { 0 };
	sample_archive(&other, &arena, 8, 1);
	write_ok(&other, &again, &totals);
	assert_int_equal(totals.pages, 1);
	write_ok(&doc, &again, &totals);
	assert_int_equal(again.length, out.length);
	assert_memory_equal(again.text, out.text, out.length);
	struct pdf_writer *second = pdf_writer_new(fonts, &err);
	assert_int_equal(pdf_write(second, &doc, &again, NULL, &err), 0);
	assert_int_equal(again.length, out.length);
	assert_memory_equal(again.text, out.text, out.length);
	pdf_writer_free(second);

	if (has_tool("qpdf")) {
		assert_int_equal(ask("qpdf --check", &out, "", &answer), 0);
		assert_null(strstr(str_text(&answer), "WARNING"));
	}
	if (has_tool("pdftotext")) {
		assert_int_equal(ask("pdftotext -raw", &out, "-", &answer), 0);
		static const char *const expected[] = { "培训档案", "14.0 / 12", "学分（近 24 个月）", "100.00",
			"hr_attendance.xlsx 表“三季度” 第 318 行", "数据看板入门 ✓", "第 1 页 共 2 页", "第 2 页 共 2 页",
			"管理线 → M1 班组长" };
		for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
			if (!strstr(str_text(&answer), expected[i]))
				fail_msg("not in the text: %s", expected[i]);
	}
	if (has_tool("pdffonts")) {
		assert_int_equal(ask("pdffonts", &out, "", &answer), 0);
		assert_non_null(strstr(str_text(&answer), "yes yes yes"));
		assert_null(strstr(str_text(&answer), " no "));
	}
	str_release(&out);
	str_release(&again);
	str_release(&answer);
	arena_release(&arena);
}

/* Characters of the text font that share a glyph with another one. */
static size_t add_sharing(struct str *out, size_t most)
{
	uint32_t *first = mem_new(65536, sizeof *first);
	size_t pairs = 0;
	for (uint32_t c = 0x2100; c < 0x10000 && pairs < most; c++) {
		uint32_t glyph = font_glyph(fonts, c);
		if (!glyph || font_of(glyph) != 0 || (c >= 0xd800 && c < 0xe000) || (c >= 0x2ff0 && c <= 0x303f))
			continue;
		uint32_t before = first[font_gid(glyph)];
		if (before) {
			str_add_code_point(out, before);
			str_add_code_point(out, c);
			pairs++;
		}
		first[font_gid(glyph)] = c;
	}
	free(first);
	return pairs;
}

/* Every line comes back as it was drawn: any plane, several fonts in a line, characters sharing a glyph. */
static void test_text_comes_back(void **state)
{
	struct arena arena = { 0 };
	struct str out = { 0 }, answer = { 0 }, sharing = { 0 }, codes = { 0 };
	struct pdf_totals totals;
	struct doc doc = plain();
	(void)state;
	if (!has_tool("pdftotext"))
		skip();
	assert_true(add_sharing(&sharing, 12) > 0);
	for (uint32_t c = 0x4e00; c < 0x4e00 + 4000; c += 125) /* CIDs with every awkward byte: ( ) \ CR */
		str_add_code_point(&codes, c);
	static const char *const fixed[] = { "吉野家的𠮷和𠀀𪚥", "㐂䶮与Latin混排①②Ⅳ℃", "学分（近24个月）≥40",
		"✓通过✗未通过★★★☆☆", "ｶﾅ№㈱", "(\\)[]<>%/" };
	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		add_line(&doc, &arena, fixed[i]);
	add_line(&doc, &arena, str_text(&sharing));
	add_line(&doc, &arena, str_text(&codes));
	write_ok(&doc, &out, &totals);
	assert_int_equal(totals.missing_count, 0);
	assert_int_equal(ask("pdftotext -raw", &out, "-", &answer), 0);
	char *at = answer.text;
	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0] + 2; i++) {
		const char *line = i < sizeof fixed / sizeof fixed[0] ? fixed[i]
			: i == sizeof fixed / sizeof fixed[0]             ? str_text(&sharing)
															  : str_text(&codes);
		assert_true(strncmp(at, line, strlen(line)) == 0);
		at += strlen(line);
		assert_true(*at == '\n');
		at++;
	}
	str_release(&out);
	str_release(&answer);
	str_release(&sharing);
	str_release(&codes);
	arena_release(&arena);
}

static void test_missing_character(void **state)
{
	struct arena arena = { 0 };
	struct str out = { 0 }, answer = { 0 };
	struct pdf_totals totals;
	struct doc doc = plain();
	(void)state;
	add_line(&doc, &arena, "张\xf4\x8f\xbf\xbd三\xf4\x8f\xbf\xbd");
	write_ok(&doc, &out, &totals);
	assert_int_equal(totals.missing_count, 1);
	assert_int_equal(totals.missing[0], 0x10fffd);
	if (has_tool("pdftotext")) {
		assert_int_equal(ask("pdftotext -raw", &out, "-", &answer), 0);
		assert_non_null(strstr(str_text(&answer), "张〓三〓"));
	}
	str_release(&out);
	str_release(&answer);
	arena_release(&arena);
}

static void test_metadata_and_bookmarks(void **state)
{
	struct arena arena = { 0 };
	struct str out = { 0 }, answer = { 0 };
	struct pdf_totals totals;
	struct doc doc = plain();
	(void)state;
	doc_add(&doc, DOC_HEAD, &arena)->head = (struct doc_head){ .name = "𠮷田", .stars = 4, .stars_of = 5 };
	doc_add(&doc, DOC_SECTION, &arena)->section = (struct doc_section){ "荣誉𠮷", NULL, true };
	add_line(&doc, &arena, "甲");
	doc_add(&doc, DOC_SECTION, &arena)->section = (struct doc_section){ "不在书签里", NULL, false };
	add_line(&doc, &arena, "乙");
	write_ok(&doc, &out, &totals);
	assert_non_null(memmem(out.text, out.length, "a &amp; &lt;b&gt; 𠮷", strlen("a &amp; &lt;b&gt; 𠮷")));
	if (has_tool("pdfinfo")) {
		assert_int_equal(ask("pdfinfo", &out, "", &answer), 0);
		assert_non_null(strstr(str_text(&answer), "档案 a & <b> 𠮷"));
		assert_non_null(strstr(str_text(&answer), "人力资源部"));
		assert_non_null(strstr(str_text(&answer), "Sep 30"));
		assert_non_null(strstr(str_text(&answer), "Pandian"));
	}
	if (has_tool("qpdf")) {
		assert_int_equal(ask("qpdf --json --json-key=outlines", &out, "", &answer), 0);
		assert_non_null(strstr(str_text(&answer), "00317 𠮷田"));
		assert_non_null(strstr(str_text(&answer), "荣誉𠮷"));
		assert_null(strstr(str_text(&answer), "不在书签里"));
		assert_int_equal(ask("qpdf --show-object=1", &out, "", &answer), 0);
		assert_non_null(strstr(str_text(&answer), "/Lang (zh-CN)"));
		assert_non_null(strstr(str_text(&answer), "/DisplayDocTitle true"));
	}
	str_release(&out);
	str_release(&answer);
	arena_release(&arena);
}

/* The shared subset changes the bytes, not the document; a document of other characters does without it. */
static void test_shared_subset(void **state)
{
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct str out = { 0 }, answer = { 0 }, before = { 0 };
	static struct pdf_common common;
	struct pdf_totals totals;
	struct doc doc, foreign = plain();
	(void)state;
	sample_archive(&doc, &arena, 3, 2);
	write_ok(&doc, &out, &totals);
	if (has_tool("pdftotext"))
		ask("pdftotext -layout", &out, "-", &before);
	add_line(&foreign, &arena, "zebra");
	write_ok(&foreign, &out, &totals);
	size_t alone = out.length;
	struct pdf_sample *sample = pdf_sample_new(fonts, &err);
	assert_non_null(sample);
	for (uint64_t seed = 20; seed < 40; seed++) {
		struct doc shown;
		sample_archive(&shown, &arena, seed, 2);
		shown.first->head.right = seed % 2 ? "甪" : "镕"; /* too rare to be shared */
		pdf_sample_add(sample, &shown);
	}
	pdf_sample_end(sample, &common);
	assert_int_equal(common.documents, 20);
	assert_non_null(strstr(common.text, "训"));
	assert_null(strstr(common.text, "甪"));
	assert_int_equal(pdf_fonts_share(fonts, 0, &common, &err), 0);
	write_ok(&foreign, &out, &totals);
	assert_in_range(out.length, alone - 200, alone + 200); /* the codes of its objects alone */
	write_ok(&doc, &out, &totals);
	if (has_tool("qpdf"))
		assert_int_equal(ask("qpdf --check", &out, "", &answer), 0);
	if (has_tool("pdftotext")) {
		ask("pdftotext -layout", &out, "-", &answer);
		assert_string_equal(str_text(&answer), str_text(&before));
	}
	assert_true(out.length < 60 * 1024);
	assert_int_equal(pdf_fonts_share(fonts, 0, NULL, &err), 0);
	str_release(&out);
	str_release(&answer);
	str_release(&before);
	arena_release(&arena);
}

static void test_verify_refuses(void **state)
{
	struct arena arena = { 0 };
	struct str out = { 0 };
	struct pdf_totals totals;
	struct err err = { 0 };
	struct doc doc;
	(void)state;
	sample_archive(&doc, &arena, 1, 2);
	write_ok(&doc, &out, &totals);
	size_t whole = out.length;
	static const size_t cuts[] = { 0, 5, 100, 300, 20000 };
	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) { /* a full disk leaves a beginning */
		out.length = cuts[i];
		err = (struct err){ 0 };
		assert_int_equal(pdf_verify(&out, &totals, &err), -1);
		assert_int_equal(err.status, STATUS_INTERNAL);
	}
	out.length = whole - 1;
	out.text[whole - 1] = 0;
	out.length = whole - 40;
	assert_int_equal(pdf_verify(&out, &totals, &(struct err){ 0 }), -1);
	write_ok(&doc, &out, &totals);
	totals.pages++;
	assert_int_equal(pdf_verify(&out, &totals, &(struct err){ 0 }), -1);
	totals.pages--;
	assert_int_equal(pdf_verify(&out, &totals, &(struct err){ 0 }), 0);
	static const char *const places[] = { " 0 obj\n<<\n", " 0 obj\n<</Type/ObjStm", "startxref", "/Type/XRef" };
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) { /* a byte at the frame of the file */
		char *place = memmem(out.text, out.length, places[i], strlen(places[i]));
		assert_non_null(place);
		place[-1]++;
		place[1]++;
		assert_int_equal(pdf_verify(&out, &totals, &(struct err){ 0 }), -1);
		place[-1]--;
		place[1]--;
	}
	char *bundle = memmem(out.text, out.length, "/Type/ObjStm", 12);
	bundle = memmem(bundle, 200, "stream\n", 7);
	bundle[40] ^= 0x55; /* a flipped byte within the objects */
	assert_int_equal(pdf_verify(&out, &totals, &(struct err){ 0 }), -1);
	str_release(&out);
	arena_release(&arena);
}

static void test_fonts(void **state)
{
	char all[HASH_HEX], one[HASH_HEX];
	(void)state;
	pdf_fonts_hash(fonts, all);
	assert_int_equal(strlen(all), 64);
	assert_true(pdf_fonts_count(fonts) > 0);
	for (size_t i = 0; i < pdf_fonts_count(fonts); i++) {
		const char *path = pdf_fonts_file(fonts, i, one);
		struct err err = { 0 };
		char expected[HASH_HEX];
		assert_int_equal(hash_file(path, expected, &err), 0);
		assert_string_equal(one, expected);
	}
	assert_null(pdf_fonts_file(fonts, 99, one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fonts),
		cmocka_unit_test(test_sample),
		cmocka_unit_test(test_text_comes_back),
		cmocka_unit_test(test_missing_character),
		cmocka_unit_test(test_metadata_and_bookmarks),
		cmocka_unit_test(test_shared_subset),
		cmocka_unit_test(test_verify_refuses),
	};
	return cmocka_run_group_tests_name("pdf", tests, begin, end);
}
