/*
 * pdf_content.c - operations become operators of a content stream.
 *
 * Decides: how short and how stateful the stream is; positions are rounded to 1/100 point once, here. Knows nothing of
 * libharu.
 */
#include "output/pdf_content.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

/* What the stream has set so far; hundredths where a length. */
struct state {
	const struct layout *layout;
	struct str *out;
	long width, size, text_x, text_y, height;
	int fill, stroke, font;
	bool in_text, bold, dashed, round;
};

static long hundredths(double value) { return lround(value * 100); }

/* "12.3" from 1230, and a space */
static void add_fixed(struct str *out, long value)
{
	char text[32], *end = text + sizeof text, *at = end;
	unsigned long rest = value < 0 ? (unsigned long)-value : (unsigned long)value;
	unsigned long part = rest % 100;
	*--at = ' ';
	rest /= 100;
	if (part) {
		if (part % 10)
			*--at = (char)('0' + part % 10);
		*--at = (char)('0' + part / 10);
		*--at = '.';
	}
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*--at = '-';
	str_add_bytes(out, at, (size_t)(end - at));
}

static void add_length(struct state *state, double value) { add_fixed(state->out, hundredths(value)); }
static void add_point(struct state *state, double x, double y)
{
	add_fixed(state->out, hundredths(x));
	add_fixed(state->out, state->height - hundredths(y));
}
static void add(struct state *state, const char *text) { str_add_bytes(state->out, text, strlen(text)); }

static void add_colour(struct state *state, enum layout_colour colour, bool stroke)
{
	static const uint8_t palette[][3] = {
#define COLOUR(name, red, green, blue) { red, green, blue },
		LAYOUT_COLOURS(COLOUR)
#undef COLOUR
	};
	int *set = stroke ? &state->stroke : &state->fill;
	if (colour >= LAYOUT_NONE || *set == (int)colour)
		return;
	*set = (int)colour;
	for (int i = 0; i < 3; i++) { /* three digits tell 256 levels apart */
		unsigned level = (palette[colour][i] * 1000u + 127) / 255;
		char text[8] = { (char)('0' + level / 1000), '.', (char)('0' + level / 100 % 10), (char)('0' + level / 10 % 10), (char)('0' + level % 10), ' ', 0 };
		add(state, level == 0 ? "0 " : level == 1000 ? "1 " : text);
	}
	add(state, stroke ? "RG\n" : "rg\n");
}

static void set_width(struct state *state, double width)
{
	long value = hundredths(width);
	if (state->width == value)
		return;
	state->width = value;
	add_fixed(state->out, value);
	add(state, "w\n");
}

static void set_dash(struct state *state, bool dashed)
{
	if (state->dashed != dashed)
		add(state, dashed ? "[2 1.6] 0 d\n" : "[] 0 d\n");
	state->dashed = dashed;
}

static void set_round(struct state *state, bool round)
{
	if (state->round != round)
		add(state, round ? "1 J\n" : "0 J\n");
	state->round = round;
}

static void leave_text(struct state *state)
{
	if (state->in_text)
		add(state, "ET\n");
	state->in_text = false;
}

static void add_text(struct state *state, const struct layout_op *op, const uint16_t *cid)
{
	const struct layout *layout = state->layout;
	struct str *out = state->out;
	if (!state->in_text) {
		add(state, "BT\n");
		state->in_text = true;
		state->text_x = state->text_y = 0;
	}
	add_colour(state, op->fill, false);
	if (op->bold) {
		add_colour(state, op->fill, true);
		set_width(state, op->size * 0.03);
	}
	if (state->bold != op->bold) {
		add(state, op->bold ? "2 Tr\n" : "0 Tr\n");
		state->bold = op->bold;
	}
	long x = hundredths(op->x), y = state->height - hundredths(op->y);
	add_fixed(out, x - state->text_x);
	add_fixed(out, y - state->text_y);
	add(state, "Td\n");
	state->text_x = x;
	state->text_y = y;
	long size = hundredths(op->size);
	bool open = false;
	for (uint32_t i = op->start; i < op->start + op->count; i++) {
		uint32_t c = layout->text.at[i];
		int font = (int)font_of(font_glyph(layout->fonts, c));
		if (font != state->font || size != state->size) {
			if (open)
				add(state, ")Tj ");
			char name[] = { '/', 'F', (char)('0' + font), ' ', 0 };
			add(state, name);
			add_fixed(out, size);
			add(state, "Tf");
			state->font = font;
			state->size = size;
			open = false;
		}
		if (!open)
			str_add_char(out, '(');
		open = true;
		char code[4], *at = code;
		for (int shift = 8; shift >= 0; shift -= 8) {
			char byte = (char)(cid[c] >> shift);
			if (byte == '(' || byte == ')' || byte == '\\')
				*at++ = '\\';
			else if (byte == '\r') { /* a bare one would be read as a line feed */
				*at++ = '\\';
				byte = 'r';
			}
			*at++ = byte;
		}
		str_add_bytes(out, code, (size_t)(at - code));
	}
	if (open)
		add(state, ")Tj\n");
}

#define KAPPA 0.5522847498 /* a quarter of a circle as a Bézier curve */

static void add_curve(struct state *state, double x1, double y1, double x2, double y2, double x3, double y3)
{
	add_point(state, x1, y1);
	add_point(state, x2, y2);
	add_point(state, x3, y3);
	add(state, "c\n");
}

static void add_rounded(struct state *state, const struct layout_op *op)
{
	double x = op->x, y = op->y, w = op->w, h = op->h, r = fmin(op->radius, fmin(w, h) / 2), k = r * (1 - KAPPA);
	add_point(state, x + r, y);
	add(state, "m\n");
	add_point(state, x + w - r, y);
	add(state, "l\n");
	add_curve(state, x + w - k, y, x + w, y + k, x + w, y + r);
	add_point(state, x + w, y + h - r);
	add(state, "l\n");
	add_curve(state, x + w, y + h - k, x + w - k, y + h, x + w - r, y + h);
	add_point(state, x + r, y + h);
	add(state, "l\n");
	add_curve(state, x + k, y + h, x, y + h - k, x, y + h - r);
	add_point(state, x, y + r);
	add(state, "l\n");
	add_curve(state, x, y + k, x + k, y, x + r, y);
}

static void paint(struct state *state, const struct layout_op *op, bool closed)
{
	bool fill = op->fill < LAYOUT_NONE, stroke = op->stroke < LAYOUT_NONE;
	add(state, fill && stroke ? "b\n" : fill ? "f\n" : stroke ? (closed ? "s\n" : "S\n") : "n\n");
}

static void add_shape(struct state *state, const struct layout_op *op)
{
	leave_text(state);
	add_colour(state, op->fill, false);
	add_colour(state, op->stroke, true);
	if (op->stroke < LAYOUT_NONE) {
		set_width(state, op->size);
		set_dash(state, op->dashed);
		set_round(state, op->kind == LAYOUT_POLY && !op->closed);
	}
	switch (op->kind) {
	case LAYOUT_RECT:
		if (op->radius > 0) {
			add_rounded(state, op);
		} else {
			add_point(state, op->x, op->y + op->h);
			add_length(state, op->w);
			add_length(state, op->h);
			add(state, "re ");
		}
		paint(state, op, true);
		break;
	case LAYOUT_LINE:
		add_point(state, op->x, op->y);
		add(state, "m ");
		add_point(state, op->x + op->w, op->y + op->h);
		add(state, "l S\n");
		break;
	case LAYOUT_CIRCLE:
		add_rounded(state, &(struct layout_op){ .x = op->x - op->radius, .y = op->y - op->radius, .w = 2 * op->radius, .h = 2 * op->radius, .radius = op->radius });
		paint(state, op, true);
		break;
	case LAYOUT_POLY:
		for (uint32_t i = 0; i < op->count; i++) {
			const struct layout_point *point = &state->layout->points.at[op->start + i];
			add_point(state, point->x, point->y);
			add(state, i ? "l " : "m ");
		}
		paint(state, op, op->closed);
		break;
	default:
		break;
	}
}

void pdf_content_utf16(struct str *out, const char *text)
{
	const char *end = text + strlen(text);
	while (text < end) {
		uint32_t c = text_next(&text, end);
		if (c >= 0x10000) {
			uint32_t high = 0xd800 + ((c - 0x10000) >> 10), low = 0xdc00 + (c & 0x3ff);
			char pair[4] = { (char)(high >> 8), (char)high, (char)(low >> 8), (char)low };
			str_add_bytes(out, pair, 4);
		} else {
			char unit[2] = { (char)(c >> 8), (char)c };
			str_add_bytes(out, unit, 2);
		}
	}
}

/* Drawn marks and stars read as text to those who search, copy or listen. */
static void begin_span(struct state *state, const char *text)
{
	struct str wide = { 0 };
	leave_text(state);
	pdf_content_utf16(&wide, text);
	add(state, "/Span<</ActualText<FEFF");
	for (size_t i = 0; i < wide.length; i++)
		str_printf(state->out, "%02X", (unsigned char)wide.text[i]);
	add(state, ">>>BDC\n");
	str_release(&wide);
}

void pdf_content_page(const struct layout *layout, int page, const uint16_t *cid, struct str *out)
{
	struct state state = { .layout = layout, .out = out, .width = -1, .size = -1, .fill = -1, .stroke = -1, .font = -1, .height = hundredths(layout->page_height) };
	add(&state, "1 j\n");
	for (size_t i = 0; i < layout->ops.count; i++) {
		const struct layout_op *op = &layout->ops.at[i];
		if (op->page != page)
			continue;
		switch (op->kind) {
		case LAYOUT_TEXT: add_text(&state, op, cid); break;
		case LAYOUT_SPAN: begin_span(&state, op->text); break;
		case LAYOUT_SPAN_END:
			leave_text(&state);
			add(&state, "EMC\n");
			break;
		case LAYOUT_BOOKMARK: break;
		default: add_shape(&state, op); break;
		}
	}
	leave_text(&state);
}
