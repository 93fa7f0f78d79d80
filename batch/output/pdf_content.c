/*
 * pdf_content.c - operations become operators of a content stream.
 *
 * Decides: how short and how stateful the stream is; positions are rounded to 1/10 point once, here. Knows nothing of
 * libharu.
 */
#include "output/pdf_content.h"

#include "base/text.h"

#include <math.h>
#include <string.h>

/* Positions are rounded to 1/UNITS of a point, once. */
#define UNITS 10

/* What the stream has set so far; lengths in units. */
struct state {
	const struct layout *layout;
	struct str *out;
	char *at; /* in out, room reserved by each operation */
	long text_x, text_y, height, width, size; /* width, size: hundredths */
	int fill, stroke, font;
	bool in_text, bold, dashed, round;
};

static void make_room(struct state *state, size_t bytes)
{
	struct str *out = state->out;
	if (state->at)
		out->length = (size_t)(state->at - out->text);
	str_reserve(out, bytes);
	state->at = out->text + out->length;
}

static long rounded(double value, int units)
{
	value *= units;
	return (long)(value < 0 ? value - 0.5 : value + 0.5);
}

static char *add_digits(char *at, unsigned long value)
{
	if (value >= 10000) {
		at = add_digits(at, value / 10000);
		value %= 10000;
		*at++ = (char)('0' + value / 1000);
		*at++ = (char)('0' + value / 100 % 10);
		*at++ = (char)('0' + value / 10 % 10);
	} else {
		if (value >= 1000)
			*at++ = (char)('0' + value / 1000);
		if (value >= 100)
			*at++ = (char)('0' + value / 100 % 10);
		if (value >= 10)
			*at++ = (char)('0' + value / 10 % 10);
	}
	*at++ = (char)('0' + value % 10);
	return at;
}

/* A number of 1/100, 1/10 or 1 as short as it gets (".5", "12.3"), and a space */
static inline void add_fixed(struct state *state, long value, unsigned long units)
{
	char *at = state->at;
	unsigned long rest = value < 0 ? (unsigned long)-value : (unsigned long)value, part = rest % units;
	rest /= units;
	if (value < 0)
		*at++ = '-';
	if (rest || !part)
		at = add_digits(at, rest);
	if (part) {
		*at++ = '.';
		if (units == 100) {
			*at++ = (char)('0' + part / 10);
			part %= 10;
		}
		if (part)
			*at++ = (char)('0' + part);
	}
	*at++ = ' ';
	state->at = at;
}

static void add_length(struct state *state, double value)
{
	add_fixed(state, rounded(value, UNITS), UNITS);
}
static void add_point(struct state *state, double x, double y)
{
	add_fixed(state, rounded(x, UNITS), UNITS);
	add_fixed(state, state->height - rounded(y, UNITS), UNITS);
}
static inline void add(struct state *state, const char *text)
{
	size_t length = strlen(text);
	memcpy(state->at, text, length);
	state->at += length;
}

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
		char text[8] = { '.', (char)('0' + level / 100 % 10), (char)('0' + level / 10 % 10), (char)('0' + level % 10),
			' ', 0 };
		add(state, level == 0 ? "0 " : level == 1000 ? "1 " : text);
	}
	add(state, stroke ? "RG\n" : "rg\n");
}

static void set_width(struct state *state, double width)
{
	long value = rounded(width, 100);
	if (state->width == value)
		return;
	state->width = value;
	add_fixed(state, value, 100);
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
	long x = rounded(op->x, UNITS), y = state->height - rounded(op->y, UNITS), size = rounded(op->size, 100);
	add_fixed(state, x - state->text_x, UNITS);
	add_fixed(state, y - state->text_y, UNITS);
	add(state, "Td\n");
	state->text_x = x;
	state->text_y = y;
	bool open = false;
	make_room(state, 64 + (size_t)op->count * 40);
	for (uint32_t i = op->start; i < op->start + op->count; i++) {
		uint32_t c = layout->text.at[i], glyph = font_glyph(layout->fonts, c);
		int font = (int)font_of(glyph);
		unsigned number = cid[c];
		if (font != state->font || size != state->size) {
			if (open)
				add(state, ")Tj ");
			*state->at++ = '/';
			*state->at++ = 'F';
			*state->at++ = (char)('0' + font);
			*state->at++ = ' ';
			add_fixed(state, size, 100);
			add(state, "Tf");
			state->font = font;
			state->size = size;
			open = false;
		}
		if (!open)
			*state->at++ = '(';
		open = true;
		for (int shift = 8; shift >= 0; shift -= 8) {
			char byte = (char)(number >> shift);
			if (byte == '(' || byte == ')' || byte == '\\') {
				*state->at++ = '\\';
			} else if (byte == '\r') { /* a bare one would be read as a line feed */
				*state->at++ = '\\';
				byte = 'r';
			}
			*state->at++ = byte;
		}
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
	make_room(state, 640 + (size_t)op->count * 40);
	if (op->kind == LAYOUT_CIRCLE && op->radius < 4) { /* a dot: a line without length and with round ends */
		add_colour(state, op->fill, true);
		set_width(state, 2 * op->radius);
		set_dash(state, false);
		set_round(state, true);
		add_point(state, op->x, op->y);
		add(state, "m ");
		add_point(state, op->x, op->y);
		add(state, "l S\n");
		return;
	}
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
		add_rounded(state,
			&(struct layout_op){ .x = op->x - op->radius,
				.y = op->y - op->radius,
				.w = 2 * op->radius,
				.h = 2 * op->radius,
				.radius = op->radius });
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
	default: break;
	}
}

/* Whether exactly the modules x … to - 1 of a row are a run of dark ones. */
static bool is_run(const uint8_t *row, int side, int x, int to)
{
	if ((x > 0 && row[x - 1]) || (to < side && row[to]))
		return false;
	while (x < to && row[x])
		x++;
	return x == to;
}

/*
 * Dark modules in a grid of modules: runs, equal ones below each other as one rectangle. Each is filled for itself, so
 * that screens show sharp edges.
 */
static void add_modules(struct state *state, const struct layout_op *op)
{
	const int side = (int)op->count;
	const uint8_t *modules = op->modules;
	leave_text(state);
	add_colour(state, op->fill, false);
	add(state, "q ");
	add_length(state, op->w / side);
	add(state, "0 0 ");
	add_length(state, -op->h / side);
	add_point(state, op->x, op->y);
	add(state, "cm\n");
	for (int y = 0; y < side; y++) {
		const uint8_t *row = modules + y * side;
		make_room(state, 64 + (size_t)side * 12);
		for (int x = 0, to; x < side; x = to) {
			for (to = x + 1; to < side && row[x] && row[to]; to++)
				;
			if (!row[x] || (y > 0 && is_run(row - side, side, x, to)))
				continue;
			int below = y + 1;
			while (below < side && is_run(modules + below * side, side, x, to))
				below++;
			add_fixed(state, x, 1);
			add_fixed(state, y, 1);
			add_fixed(state, to - x, 1);
			add_fixed(state, below - y, 1);
			add(state, "re f\n");
		}
	}
	add(state, "Q\n");
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
	static const char digits[] = "0123456789ABCDEF";
	struct str wide = { 0 };
	leave_text(state);
	pdf_content_utf16(&wide, text);
	make_room(state, 64 + wide.length * 2);
	add(state, "/Span<</ActualText<FEFF");
	for (size_t i = 0; i < wide.length; i++) {
		*state->at++ = digits[(unsigned char)wide.text[i] >> 4];
		*state->at++ = digits[wide.text[i] & 15];
	}
	add(state, ">>>BDC\n");
	str_release(&wide);
}

void pdf_content_page(const struct layout *layout, int page, const uint16_t *cid, struct str *out)
{
	struct state state = { .layout = layout,
		.out = out,
		.width = -1,
		.size = -1,
		.fill = -1,
		.stroke = -1,
		.font = -1,
		.height = rounded(layout->page_height, UNITS) };
	make_room(&state, 256);
	add(&state, "1 j\n");
	for (size_t i = 0; i < layout->ops.count; i++) {
		const struct layout_op *op = &layout->ops.at[i];
		if (op->page != page)
			continue;
		make_room(&state, 256);
		switch (op->kind) {
		case LAYOUT_TEXT: add_text(&state, op, cid); break;
		case LAYOUT_SPAN: begin_span(&state, op->text); break;
		case LAYOUT_SPAN_END:
			leave_text(&state);
			add(&state, "EMC\n");
			break;
		case LAYOUT_MODULES: add_modules(&state, op); break;
		case LAYOUT_BOOKMARK: break;
		default: add_shape(&state, op); break;
		}
	}
	leave_text(&state);
	*state.at = '\0';
	out->length = (size_t)(state.at - out->text);
}
