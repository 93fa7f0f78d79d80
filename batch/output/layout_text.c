/*
 * layout_text.c - texts as runs of characters with widths, broken into lines.
 *
 * Decides: where a line may break (between Chinese characters, after spaces; not before closing nor after opening
 * punctuation), what stands for a character no font has (〓). Nothing is ever cut: what is too wide wraps or shrinks.
 */
#include "output/layout.h"

#include "base/text.h"

#include <string.h>

#define GETA 0x3013 /* 〓, the printers' mark for a missing sort */

/* Characters that are drawn as nothing: joiners, variation selectors, marks of direction. */
static bool is_invisible(uint32_t c)
{
	if (c < 0x200b)
		return c == 0xad;
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f)
		|| c == 0xfeff || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

static void add_missing(struct layout *layout, uint32_t c)
{
	for (size_t i = 0; i < layout->missing_count; i++)
		if (layout->missing[i] == c)
			return;
	if (layout->missing_count < sizeof layout->missing / sizeof layout->missing[0])
		layout->missing[layout->missing_count++] = c;
}

static struct layout_run shape(struct layout *layout, const char *text, const char *end)
{
	struct layout_run run = { .start = (uint32_t)layout->text.count };
	VEC_ROOM(&layout->text, (size_t)(end - text) + 1); /* at most a code point a byte */
	uint32_t *out = layout->text.at + layout->text.count;
	while (text < end) {
		const unsigned char *at = (const unsigned char *)text;
		uint32_t c;
		if (at[0] < 0x80) {
			c = at[0] < 0x20 || at[0] == 0x7f ? ' ' : at[0];
			text++;
		} else if (at[0] > 0xe0 && at[0] < 0xf0 && at[0] != 0xed && end - text >= 3 && (at[1] & 0xc0) == 0x80
			&& (at[2] & 0xc0) == 0x80) { /* three bytes as most of Chinese; neither overlong nor a surrogate */
			c = (at[0] & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
			text += 3;
		} else {
			c = text_next(&text, end);
		}
		uint32_t glyph = font_glyph(layout->fonts, c);
		if (is_invisible(c))
			continue;
		if (glyph == 0) {
			add_missing(layout, c);
			c = font_glyph(layout->fonts, GETA) ? GETA : '?';
			glyph = font_glyph(layout->fonts, c);
			if (glyph == 0)
				continue;
		}
		run.width += font_advance(glyph);
		*out++ = c;
	}
	layout->text.count = (size_t)(out - layout->text.at);
	run.count = (uint32_t)layout->text.count - run.start;
	return run;
}

struct layout_run layout_shape(struct layout *layout, const char *text)
{
	return text ? shape(layout, text, text + strlen(text)) : (struct layout_run){ 0 };
}

void layout_put(struct layout *layout, int page, struct layout_run run, double x, double y, double size,
	enum layout_colour colour, bool bold)
{
	if (run.count == 0)
		return;
	struct layout_op *op = layout_add(layout, page, LAYOUT_TEXT);
	op->x = x;
	op->y = y;
	op->w = layout_width(run, size);
	op->size = size;
	op->fill = (uint8_t)colour;
	op->bold = bold;
	op->start = run.start;
	op->count = run.count;
}

double layout_fit(struct layout_run run, double size, double least, double width)
{
	double whole = layout_width(run, size);
	if (whole <= width || whole <= 0)
		return size;
	double fit = (double)(long)(size * width / whole * 100) / 100;
	return fit > least ? fit : least;
}

static bool is_wide(uint32_t c)
{
	return (c >= 0x2e80 && c < 0xa4d0) || (c >= 0xac00 && c < 0xd7b0) || (c >= 0xf900 && c < 0xfb00)
		|| (c >= 0xfe30 && c < 0xfe50) || (c >= 0xff00 && c < 0xfff0) || (c >= 0x2460 && c < 0x2c00) || c >= 0x1f000;
}

static bool is_in(uint32_t c, const uint32_t *set)
{
	while (*set && *set != c)
		set++;
	return *set != 0;
}

/* Closing: never first on a line. Opening: never last. */
static bool is_closing(uint32_t c)
{
	static const uint32_t set[] = U"。，、；：！？）」』】》〉〕］｝”’…—·％℃～ー々〻,.;:!?)]}%°";
	return is_in(c, set + 0) && c != 0;
}
static bool is_opening(uint32_t c)
{
	static const uint32_t set[] = U"（「『【《〈〔［｛“‘([{#$￥¥";
	return is_in(c, set);
}

/* A Chinese character proper: breaks on both sides, for no rule below says otherwise. */
static inline bool is_ideograph(uint32_t c)
{
	return c >= 0x4e00 && c < 0xa000;
}

static bool may_break(uint32_t before, uint32_t after)
{
	if (after == ' ')
		return false;
	if (is_ideograph(before) && is_ideograph(after))
		return true;
	if (before < 0x80 && after < 0x80) {
		bool letter = (after | 32) >= 'a' && (after | 32) <= 'z';
		return before == ' ' || ((before == '/' || before == '_' || before == '-') && letter);
	}
	if ((!is_ideograph(after) && is_closing(after)) || (!is_ideograph(before) && is_opening(before)))
		return false;
	return before == ' ' || is_wide(before) || is_wide(after) || is_closing(before);
}

static void add_line(struct layout *layout, uint32_t from, uint32_t to)
{
	struct layout_run line = { .start = from };
	while (to > from && layout->text.at[to - 1] == ' ')
		to--;
	for (uint32_t i = from; i < to; i++)
		line.width += font_advance(font_glyph(layout->fonts, layout->text.at[i]));
	line.count = to - from;
	VEC_PUSH(&layout->lines, line);
}

static void wrap_run(struct layout *layout, struct layout_run run, double size, double width)
{
	if (layout_width(run, size) <= width + 0.01) {
		VEC_PUSH(&layout->lines, run);
		return;
	}
	const uint32_t limit = width <= 0 ? 0 : (uint32_t)((width + 0.01) * 1000 / size);
	uint32_t from = run.start, end = run.start + run.count, breakable = 0, used = 0;
	for (uint32_t i = from; i < end; i++) {
		uint32_t c = layout->text.at[i], advance = font_advance(font_glyph(layout->fonts, c));
		if (i > from && may_break(layout->text.at[i - 1], c))
			breakable = i;
		while (used + advance > limit && i > from && c != ' ') {
			uint32_t cut = breakable > from ? breakable : i; /* a word wider than the line breaks anywhere */
			add_line(layout, from, cut);
			while (cut < i && layout->text.at[cut] == ' ')
				cut++;
			from = cut;
			used = 0;
			for (uint32_t k = from; k < i; k++)
				used += font_advance(font_glyph(layout->fonts, layout->text.at[k]));
		}
		used += advance;
	}
	if (from < end)
		add_line(layout, from, end);
}

size_t layout_wrap_run(struct layout *layout, struct layout_run run, double size, double width)
{
	size_t first = layout->lines.count;
	wrap_run(layout, run, size, width);
	return layout->lines.count - first;
}

size_t layout_wrap(struct layout *layout, const char *text, double size, double width)
{
	size_t first = layout->lines.count;
	for (const char *at = text ? text : "";;) {
		const char *end = strchrnul(at, '\n');
		wrap_run(layout, shape(layout, at, end), size, width);
		if (*end == '\0')
			break;
		at = end + 1;
	}
	return layout->lines.count - first;
}

double layout_paragraph(
	struct layout *layout, int page, const char *text, double x, double y, double width, struct layout_type type)
{
	type.size = type.size > width ? (width > 0.5 ? width : 0.5) : type.size; /* a single character always fits */
	size_t first = layout->lines.count, count = layout_wrap(layout, text, type.size, width);
	double baseline = y + (type.leading - type.size) / 2 + LAYOUT_ASCENT * type.size;
	for (size_t i = first; i < first + count; i++) {
		struct layout_run line = layout->lines.at[i];
		double rest = width - layout_width(line, type.size);
		double indent = type.align == DOC_RIGHT ? rest : type.align == DOC_CENTRE ? rest / 2 : 0;
		layout_put(layout, page, line, x + indent, baseline, type.size, type.colour, type.bold);
		baseline += type.leading;
	}
	layout->lines.count = first;
	return (double)count * type.leading;
}

double layout_longest(const struct layout *layout, struct layout_run run, double size)
{
	uint32_t longest = 0, width = 0;
	for (uint32_t i = run.start; i < run.start + run.count; i++) {
		if (i > run.start && may_break(layout->text.at[i - 1], layout->text.at[i]))
			width = 0;
		if (layout->text.at[i] != ' ')
			width += font_advance(font_glyph(layout->fonts, layout->text.at[i]));
		longest = width > longest ? width : longest;
	}
	return longest * size / 1000;
}
