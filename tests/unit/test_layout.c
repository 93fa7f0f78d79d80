/*
 * test_layout.c - nothing outside the margins, no text over another, whatever the texts: documents drawn by lot, and
 * the
 * rules of pages and lines one by one.
 */
#include "base/mem.h"
#include "output/layout.h"
#include "output/layout_code.h"

#include "sample_archive.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <qrencode.h>

static struct pdf_fonts *fonts;

static int open_fonts(void **state)
{
	struct err err = { 0 };
	(void)state;
	fonts = pdf_fonts_open(&err);
	if (!fonts)
		fprintf(stderr, "%s\n", err.text);
	return fonts ? 0 : -1;
}

static int close_fonts(void **state)
{
	(void)state;
	pdf_fonts_close(fonts);
	return 0;
}

static struct doc page_of(void)
{
	return (struct doc){ .title = "试",
		.lang = "zh-CN",
		.footer_left = "左",
		.footer_middle = "中",
		.footer_page = "第 %d 页 共 %d 页",
		.width = 210,
		.height = 297,
		.top = 14,
		.right = 16,
		.bottom = 12,
		.left = 16 };
}

static void text_of(const struct layout *layout, const struct layout_op *op, struct str *out)
{
	str_clear(out);
	for (uint32_t i = op->start; i < op->start + op->count; i++)
		str_add_code_point(out, layout->text.at[i]);
}

/* The operation that draws exactly this text, the n-th (from 0), or NULL. */
static const struct layout_op *find(const struct layout *layout, const char *text, int n)
{
	struct str drawn = { 0 };
	const struct layout_op *found = NULL;
	for (size_t i = 0; i < layout->ops.count && !found; i++) {
		if (layout->ops.at[i].kind != LAYOUT_TEXT)
			continue;
		text_of(layout, &layout->ops.at[i], &drawn);
		if (strcmp(str_text(&drawn), text) == 0 && n-- == 0)
			found = &layout->ops.at[i];
	}
	str_release(&drawn);
	return found;
}

struct box {
	double x1, y1, x2, y2;
};

static struct box box_of(const struct layout *layout, const struct layout_op *op)
{
	struct box box = { op->x, op->y, op->x, op->y };
	switch (op->kind) {
	case LAYOUT_TEXT: return (struct box){ op->x, op->y - 0.74 * op->size, op->x + op->w, op->y + 0.1 * op->size };
	case LAYOUT_RECT: return (struct box){ op->x, op->y, op->x + op->w, op->y + op->h };
	case LAYOUT_CIRCLE:
		return (struct box){ op->x - op->radius, op->y - op->radius, op->x + op->radius, op->y + op->radius };
	case LAYOUT_LINE:
		return (struct box){ op->w < 0 ? op->x + op->w : op->x, op->h < 0 ? op->y + op->h : op->y,
			op->w < 0 ? op->x : op->x + op->w, op->h < 0 ? op->y : op->y + op->h };
	case LAYOUT_POLY:
		for (uint32_t i = 0; i < op->count; i++) {
			struct layout_point at = layout->points.at[op->start + i];
			if (i == 0)
				box = (struct box){ at.x, at.y, at.x, at.y };
			box.x1 = at.x < box.x1 ? at.x : box.x1;
			box.x2 = at.x > box.x2 ? at.x : box.x2;
			box.y1 = at.y < box.y1 ? at.y : box.y1;
			box.y2 = at.y > box.y2 ? at.y : box.y2;
		}
		return box;
	default: return box;
	}
}

static int complain(
	const struct layout *layout, uint64_t seed, const char *what, const struct layout_op *a, const struct layout_op *b)
{
	struct str text = { 0 };
	fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, what);
	for (int i = 0; i < 2; i++) {
		const struct layout_op *op = i ? b : a;
		if (!op)
			continue;
		struct box box = box_of(layout, op);
		str_clear(&text);
		if (op->kind == LAYOUT_TEXT)
			text_of(layout, op, &text);
		fprintf(stderr, "  kind %d page %d (%.1f %.1f %.1f %.1f) size %.1f %.60s\n", op->kind, op->page, box.x1, box.y1,
			box.x2, box.y2, op->size, str_text(&text));
	}
	str_release(&text);
	return 1;
}

/* Number of faults, told on stderr. */
static int faults(const struct layout *layout, uint64_t seed)
{
	static const double slack = 0.6;
	for (size_t i = 0; i < layout->ops.count; i++) {
		const struct layout_op *op = &layout->ops.at[i];
		if (op->kind == LAYOUT_SPAN || op->kind == LAYOUT_SPAN_END)
			continue;
		struct box box = box_of(layout, op);
		double bottom =
			layout->page_height - layout->doc->bottom * 72 / 25.4; /* the footer stands below the text area */
		if (op->page < 0 || op->page >= layout->pages)
			return complain(layout, seed, "on no page", op, NULL);
		if (box.x1 < layout->left - slack || box.x2 > layout->right + slack || box.y1 < layout->top - slack
			|| box.y2 > bottom + slack)
			return complain(layout, seed, "outside the margins", op, NULL);
		if (op->kind != LAYOUT_TEXT)
			continue;
		for (size_t k = 0; k < i; k++) {
			const struct layout_op *other = &layout->ops.at[k];
			struct box over = box_of(layout, other);
			if (other->kind == LAYOUT_TEXT && other->page == op->page && box.x1 + slack < over.x2
				&& over.x1 + slack < box.x2 && box.y1 + slack < over.y2 && over.y1 + slack < box.y2)
				return complain(layout, seed, "one text over another", op, other);
		}
	}
	return 0;
}

/* --- documents drawn by lot --- */

static const char *any_text(struct sample *sample)
{
	static const unsigned lengths[] = { 0, 1, 2, 4, 6, 8, 12, 30, 60, 400 };
	static const char *const pieces[] = { "盘", "点", "学分", "，", "。", "（", "）", "2026-09-30", " ", "quality",
		"𠮷", "①", "%", "“", "”", "12.5", "/", "A", "contact-centre", "——", "\n" };
	unsigned pick = sample_pick(sample, 12);
	if (pick == 0)
		return NULL;
	if (pick == 1) { /* a word nothing may break */
		unsigned length = 1 + sample_pick(sample, 90);
		char *word = arena_alloc(sample->arena, length + 1, 1);
		memset(word, 'W', length);
		return word;
	}
	struct str text = { 0 };
	for (unsigned i = SAMPLE_PICK(sample, lengths); i > 0; i--)
		str_add(&text, SAMPLE_PICK(sample, pieces));
	const char *copy = arena_copy(sample->arena, str_text(&text), text.length);
	str_release(&text);
	return copy;
}

static double any_value(struct sample *sample)
{
	return (double)sample_pick(sample, 700) / 100 - 1;
}

static struct doc_block *any_block(struct sample *sample, int depth);

static struct doc_block *any_flow(struct sample *sample, int depth)
{
	struct doc_block *first = NULL, **next = &first;
	for (unsigned i = sample_pick(sample, 4); i > 0; i--) {
		*next = any_block(sample, depth);
		next = &(*next)->next;
	}
	return first;
}

static struct doc_block *any_block(struct sample *sample, int depth)
{
	struct arena *arena = sample->arena;
	struct doc_block *block = arena_alloc(arena, 1, sizeof *block);
	unsigned count = sample_pick(sample, 9);
	block->kind = (enum doc_kind)sample_pick(sample, DOC_PAGE_BREAK + 1);
	if ((block->kind == DOC_COLUMNS || block->kind == DOC_ASIDE) && depth > 1)
		block->kind = DOC_TEXT;
	switch (block->kind) {
	case DOC_HEAD:
		block->head = (struct doc_head){ any_text(sample), any_text(sample), sample_pick(sample, 2) ? "欧" : NULL,
			(int)sample_pick(sample, 6), (int)sample_pick(sample, 2) * 5, any_text(sample) };
		break;
	case DOC_TILES: {
		struct doc_tile *at = arena_alloc(arena, count + 1, sizeof *at);
		for (unsigned i = 0; i < count; i++)
			at[i] = (struct doc_tile){ any_text(sample), any_text(sample), any_text(sample),
				(enum doc_tone)sample_pick(sample, 5) };
		block->tiles = (struct doc_tiles){ at, count };
		break;
	}
	case DOC_SECTION: block->section = (struct doc_section){ any_text(sample), any_text(sample), true }; break;
	case DOC_GRID: {
		struct doc_pair *at = arena_alloc(arena, count + 1, sizeof *at);
		for (unsigned i = 0; i < count; i++)
			at[i] = (struct doc_pair){ any_text(sample), any_text(sample), DOC_INK };
		block->grid = (struct doc_grid){ at, count, 1 + (int)sample_pick(sample, 4) };
		break;
	}
	case DOC_TABLE: {
		unsigned columns = 1 + sample_pick(sample, 10), rows = sample_pick(sample, 4) ? count : 60;
		struct doc_table_column *column = arena_alloc(arena, columns, sizeof *column);
		struct doc_cell *cells = arena_alloc(arena, (size_t)columns * rows + 1, sizeof *cells);
		for (unsigned c = 0; c < columns; c++)
			column[c] = (struct doc_table_column){ any_text(sample), sample_pick(sample, 3) ? 0 : 0.2,
				(enum doc_align)sample_pick(sample, 4) };
		for (unsigned i = 0; i < columns * rows; i++)
			cells[i].text = rows == 60 && i % 7 ? "2.5" : any_text(sample);
		block->table = (struct doc_table){ column, columns, cells, rows, any_text(sample) };
		break;
	}
	case DOC_BARS: {
		struct doc_bar *at = arena_alloc(arena, count + 1, sizeof *at);
		for (unsigned i = 0; i < count; i++)
			at[i] =
				(struct doc_bar){ any_text(sample), any_text(sample), any_value(sample), any_value(sample), DOC_TEAL };
		block->bars = (struct doc_bars){ at, count, any_value(sample) };
		break;
	}
	case DOC_TIMELINE: {
		unsigned periods = sample_pick(sample, 44);
		const char **name = arena_alloc(arena, periods + 1, sizeof *name);
		struct doc_event *event = arena_alloc(arena, count + 1, sizeof *event);
		struct doc_step *step = arena_alloc(arena, count + 1, sizeof *step);
		for (unsigned i = 0; i < periods; i++)
			name[i] = arena_printf(arena, "%02uQ%u", 10 + i / 4, 1 + i % 4);
		double width = periods > 1 ? (periods - 1) / 9.0 : 0;
		for (unsigned i = 0; i < count; i++) {
			event[i] = (struct doc_event){ sample_pick(sample, 9) * width, any_text(sample), DOC_TEAL };
			step[i] =
				(struct doc_step){ i * width, sample_pick(sample, 5) ? (double)(1 + sample_pick(sample, 5)) : -1 };
		}
		struct doc_span *span = arena_alloc(arena, count + 1, sizeof *span);
		for (unsigned i = 0; i < count; i++)
			span[i] = (struct doc_span){ i * width - 0.5, (i + 1) * width - 0.5, any_text(sample), any_text(sample),
				sample_pick(sample, 2) };
		block->timeline = (struct doc_timeline){ .periods = name,
			.period_count = periods,
			.events = event,
			.event_count = count,
			.steps = step,
			.step_count = count,
			.low = 1,
			.high = 5,
			.under = event,
			.under_count = sample_pick(sample, 2) ? count : 0,
			.spans = span,
			.span_count = periods > 1 && count < 9 ? count : 0,
			.gaps = span,
			.gap_count = periods > 1 && count > 0 && count < 9 };
		break;
	}
	case DOC_CHIPS: {
		const char **at = arena_alloc(arena, count + 1, sizeof *at);
		for (unsigned i = 0; i < count; i++)
			at[i] = any_text(sample);
		block->chips = (struct doc_chips){ at, count, any_text(sample) };
		break;
	}
	case DOC_TEXT:
		block->text = (struct doc_text){ any_text(sample), DOC_GREY, sample_pick(sample, 2), sample_pick(sample, 2),
			sample_pick(sample, 3) == 0 };
		break;
	case DOC_COLUMNS:
		block->columns = (struct doc_columns){ any_flow(sample, depth + 1), any_flow(sample, depth + 1),
			sample_pick(sample, 2) ? 0.35 : 0 };
		break;
	case DOC_CHECKLIST: {
		struct doc_check *at = arena_alloc(arena, count + 1, sizeof *at);
		for (unsigned i = 0; i < count; i++)
			at[i] = (struct doc_check){ (enum doc_mark)sample_pick(sample, 3), any_text(sample), any_text(sample) };
		block->checklist = (struct doc_checklist){ any_text(sample), any_text(sample), DOC_TEAL, at, count };
		break;
	}
	case DOC_RADAR: {
		struct doc_axis *at = arena_alloc(arena, count + 1, sizeof *at);
		for (unsigned i = 0; i < count; i++)
			at[i] = (struct doc_axis){ sample_pick(sample, 5) ? "客户导向" : any_text(sample), any_value(sample),
				any_value(sample), any_value(sample) };
		block->radar = (struct doc_radar){
			.at = at, .count = count, .most = 5, .need = sample_pick(sample, 2) ? "要求" : NULL, .others = "团队中位数"
		};
		break;
	}
	case DOC_SIGN: {
		const char **at = arena_alloc(arena, count + 1, sizeof *at);
		for (unsigned i = 0; i < count; i++)
			at[i] = any_text(sample);
		block->sign = (struct doc_sign){ at, count, sample_pick(sample, 2) ? 0.2 : 0, sample_pick(sample, 3) == 0 };
		break;
	}
	case DOC_QR: block->qr = (struct doc_qr){ any_text(sample), any_text(sample), sample_pick(sample, 2) }; break;
	case DOC_ASIDE: block->aside = (struct doc_aside){ any_flow(sample, depth + 1) }; break;
	case DOC_PAGE_BREAK: break;
	}
	return block;
}

static void test_any_document(void **state)
{
	struct layout layout = { 0 };
	struct arena arena = { 0 };
	int wrong = 0;
	(void)state;
	const char *from = getenv("LAYOUT_SEED"), *documents = getenv("LAYOUT_DOCUMENTS");
	uint64_t first = from ? strtoull(from, NULL, 10) : 1,
			 count = documents ? strtoull(documents, NULL, 10)
		: from                 ? 1
							   : 300;
	for (uint64_t seed = first; seed < first + count; seed++) {
		struct doc doc = page_of();
		struct sample sample = { &arena, &doc, seed * 7919 };
		arena_reset(&arena);
		struct doc_block **next = &doc.first;
		for (unsigned i = 1 + sample_pick(&sample, 9); i > 0; i--) {
			*next = any_block(&sample, 0);
			next = &(*next)->next;
		}
		layout_run_document(&layout, fonts, &doc);
		wrong += faults(&layout, seed);
	}
	layout_release(&layout);
	arena_release(&arena);
	assert_int_equal(wrong, 0);
}

static void test_sample_archive(void **state)
{
	struct layout layout = { 0 };
	struct arena arena = { 0 };
	struct doc doc;
	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		arena_reset(&arena);
		sample_archive(&doc, &arena, seed, 2);
		layout_run_document(&layout, fonts, &doc);
		assert_int_equal(layout.pages, 2);
		assert_int_equal(faults(&layout, seed), 0);
	}
	layout_release(&layout);
	arena_release(&arena);
}

static void test_long_table(void **state)
{
	static const struct doc_table_column columns[] = { { "课程", 0, DOC_LEFT }, { "学分", 0, DOC_DECIMAL } };
	struct layout layout = { 0 };
	struct arena arena = { 0 };
	struct doc doc = page_of();
	struct doc_cell *cells = arena_alloc(&arena, 400, sizeof *cells);
	(void)state;
	for (int i = 0; i < 200; i++) {
		cells[2 * i].text = arena_printf(&arena, "课程 %d", i);
		cells[2 * i + 1].text = i % 2 ? "1.25" : "10";
	}
	doc_add(&doc, DOC_TABLE, &arena)->table = (struct doc_table){ columns, 2, cells, 200, NULL };
	layout_run_document(&layout, fonts, &doc);
	assert_true(layout.pages >= 5);
	for (int page = 0; page < layout.pages; page++) { /* the head on every page, above every row of it */
		const struct layout_op *head = find(&layout, "课程", page);
		assert_non_null(head);
		assert_int_equal(head->page, page);
		assert_true(head->y < layout.top + 20);
	}
	for (int i = 0; i < 200; i++)
		assert_non_null(find(&layout, cells[2 * i].text, 0));
	/* decimal points stand below each other: the end of "10" where "1" of "1.25" ends */
	const struct layout_op *whole = find(&layout, "10", 0), *part = find(&layout, "1.25", 0);
	double digit = layout_width(layout_shape(&layout, "1"), whole->size);
	assert_true(whole->x + whole->w - (part->x + digit) < 0.05 && whole->x + whole->w - (part->x + digit) > -0.05);
	assert_int_equal(faults(&layout, 0), 0);
	layout_release(&layout);
	arena_release(&arena);
}

static void test_section_moves_along(void **state)
{
	struct layout layout = { 0 };
	struct arena arena = { 0 };
	(void)state;
	for (int lines = 40; lines < 56; lines++) { /* somewhere here a head would be the last of its page */
		struct doc doc = page_of();
		for (int i = 0; i < lines; i++)
			doc_add(&doc, DOC_TEXT, &arena)->text = (struct doc_text){ .text = "行", .small = true };
		doc_add(&doc, DOC_SECTION, &arena)->section = (struct doc_section){ "荣誉", NULL, true };
		static const char *const chips[] = { "服务之星" };
		doc_add(&doc, DOC_CHIPS, &arena)->chips = (struct doc_chips){ chips, 1, NULL };
		layout_run_document(&layout, fonts, &doc);
		assert_int_equal(find(&layout, "荣誉", 0)->page, find(&layout, "服务之星", 0)->page);
		assert_int_equal(faults(&layout, (uint64_t)lines), 0);
		for (size_t i = 0; i < layout.ops.count; i++)
			if (layout.ops.at[i].kind == LAYOUT_BOOKMARK)
				assert_int_equal(layout.ops.at[i].page, find(&layout, "荣誉", 0)->page);
	}
	layout_release(&layout);
	arena_release(&arena);
}

static void test_columns_stay_together(void **state)
{
	struct layout layout = { 0 };
	struct arena arena = { 0 };
	struct doc doc = page_of();
	(void)state;
	for (int i = 0; i < 50; i++)
		doc_add(&doc, DOC_TEXT, &arena)->text = (struct doc_text){ .text = "行" };
	struct doc left = page_of(), right = page_of();
	for (int i = 0; i < 10; i++) {
		doc_add(&left, DOC_TEXT, &arena)->text = (struct doc_text){ .text = arena_printf(&arena, "左 %d", i) };
		doc_add(&right, DOC_TEXT, &arena)->text = (struct doc_text){ .text = arena_printf(&arena, "右 %d", i) };
	}
	doc_add(&doc, DOC_COLUMNS, &arena)->columns = (struct doc_columns){ left.first, right.first, 0.5 };
	layout_run_document(&layout, fonts, &doc);
	assert_int_equal(find(&layout, "左 0", 0)->page, find(&layout, "左 9", 0)->page);
	assert_int_equal(find(&layout, "左 0", 0)->page, find(&layout, "右 9", 0)->page);
	assert_true(find(&layout, "左 0", 0)->y == find(&layout, "右 0", 0)->y);
	layout_release(&layout);
	arena_release(&arena);
}

static void test_lines(void **state)
{
	struct layout layout = { .fonts = fonts };
	struct str line = { 0 };
	(void)state;
	/* five characters a line: the comma may not lead the second, the bracket may not end the first */
	size_t count = layout_wrap(&layout, "一二三四五，六七八（九十）", 10, 50.5);
	assert_int_equal(count, 3);
	const char *const expected[] = { "一二三四", "五，六七八", "（九十）" };
	for (size_t i = 0; i < count; i++) {
		struct layout_op op = { .start = layout.lines.at[i].start, .count = layout.lines.at[i].count };
		text_of(&layout, &op, &line);
		assert_string_equal(str_text(&line), expected[i]);
		assert_true(layout_width(layout.lines.at[i], 10) <= 50.6);
	}
	/* a Latin word is kept, a date is kept */
	layout.lines.count = 0;
	count = layout_wrap(&layout, "完成 completions 2026-09-30", 10, 80);
	assert_int_equal(count, 2);
	struct layout_op op = { .start = layout.lines.at[1].start, .count = layout.lines.at[1].count };
	text_of(&layout, &op, &line);
	assert_string_equal(str_text(&line), "2026-09-30");
	/* nothing is lost where a word is wider than the line */
	layout.lines.count = 0;
	count = layout_wrap(&layout, "WWWWWWWWWWWWWWWWWWWWWWWW", 10, 50);
	uint32_t characters = 0;
	for (size_t i = 0; i < count; i++)
		characters += layout.lines.at[i].count;
	assert_int_equal(characters, 24);
	layout.lines.count = 0;
	assert_int_equal(layout_wrap(&layout, NULL, 10, 50), 1);
	str_release(&line);
	layout_release(&layout);
}

static void test_empty_and_missing(void **state)
{
	struct layout layout = { 0 };
	struct arena arena = { 0 };
	struct doc doc = page_of();
	(void)state;
	static const struct doc_table_column column = { "课程", 0, DOC_LEFT };
	doc_add(&doc, DOC_TABLE, &arena)->table = (struct doc_table){ &column, 1, NULL, 0, "尚无课程记录。" };
	doc_add(&doc, DOC_CHIPS, &arena)->chips = (struct doc_chips){ NULL, 0, "尚无荣誉。" };
	doc_add(&doc, DOC_TEXT, &arena)->text = (struct doc_text){ .text = "缺\xf4\x8f\xbf\xbd字" };
	layout_run_document(&layout, fonts, &doc);
	assert_non_null(find(&layout, "尚无课程记录。", 0));
	assert_non_null(find(&layout, "尚无荣誉。", 0));
	assert_null(find(&layout, "课程", 0));
	assert_non_null(find(&layout, "缺〓字", 0));
	assert_int_equal(layout.missing_count, 1);
	assert_int_equal(layout.missing[0], 0x10fffd);
	assert_non_null(find(&layout, "第 1 页 共 1 页", 0));
	layout_release(&layout);
	arena_release(&arena);
}

/* The masks are weighed here, by libqrencode's rules: every code is the one libqrencode makes. */
static void test_codes(void **state)
{
	static struct layout_code qr;
	char text[2400];
	struct sample sample = { NULL, NULL, 20260930 };
	(void)state;
	for (int i = 0; i < 300; i++) {
		size_t length = 1 + sample_pick(&sample, i % 50 == 0 ? 2398 : i % 2 ? 60 : 330);
		for (size_t k = 0; k < length; k++)
			text[k] = i % 7 ? (char)(33 + sample_pick(&sample, 90)) : ' ';
		text[length] = '\0';
		QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
		assert_int_equal(layout_code_make(text, &qr), code != NULL);
		if (!code)
			continue;
		assert_int_equal(qr.width, code->width);
		for (int k = 0; k < code->width * code->width; k++)
			if (qr.dark[k] != (code->data[k] & 1))
				fail_msg("module %d of '%s'", k, text);
		QRcode_free(code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_empty_and_missing),
		cmocka_unit_test(test_long_table),
		cmocka_unit_test(test_section_moves_along),
		cmocka_unit_test(test_columns_stay_together),
		cmocka_unit_test(test_sample_archive),
		cmocka_unit_test(test_any_document),
		cmocka_unit_test(test_codes),
	};
	return cmocka_run_group_tests_name("layout", tests, open_fonts, close_fonts);
}
