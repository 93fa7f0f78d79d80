/*
 * layout.h - private to output/: a document as operations placed on pages, before any PDF is written.
 *
 * Lengths in points, x from the left edge, y downwards from the top edge of the page. Floating point is allowed from
 * here on: everything above it is text already.
 */
#ifndef PANDIAN_OUTPUT_LAYOUT_H
#define PANDIAN_OUTPUT_LAYOUT_H

#include "base/arena.h"
#include "base/vec.h"
#include "output/font.h"

/* The palette of the house: LAYOUT_COLOUR(name, red, green, blue). */
#define LAYOUT_COLOURS(COLOUR) \
	COLOUR(INK, 0x1d, 0x2a, 0x44) \
	COLOUR(GREY, 0x6b, 0x74, 0x85) COLOUR(TEAL, 0x0e, 0x7a, 0x78) COLOUR(BRICK, 0xb4, 0x47, 0x2f) \
		COLOUR(GOLD, 0xc8, 0x92, 0x2e) COLOUR(HAIR, 0xd9, 0xdd, 0xe5) COLOUR(PANEL, 0xf5, 0xf6, 0xf9) \
			COLOUR(TRACK, 0xec, 0xef, 0xf5) COLOUR(TEAL_PALE, 0xdb, 0xea, 0xea) \
				COLOUR(HELD, 0xc9, 0xd3, 0xe6) COLOUR(WHITE, 0xff, 0xff, 0xff)
enum layout_colour {
#define COLOUR(name, red, green, blue) LAYOUT_##name,
	LAYOUT_COLOURS(COLOUR)
#undef COLOUR
		LAYOUT_NONE
};

enum layout_kind {
	LAYOUT_TEXT,
	LAYOUT_RECT,
	LAYOUT_LINE,
	LAYOUT_CIRCLE,
	LAYOUT_POLY,
	LAYOUT_MODULES /* a square of count x count squares, some dark */,
	LAYOUT_SPAN /* the next operations read as `text` */,
	LAYOUT_SPAN_END,
	LAYOUT_BOOKMARK
};
struct layout_op {
	uint8_t kind, fill, stroke; /* fill: of texts too */
	bool bold, dashed, closed;
	int page; /* from 0 */
	double x, y; /* text: baseline start; rect, modules: top left; line: start; circle: centre; bookmark: top */
	double w, h; /* rect, modules: size; text: w = width; line: end relative to the start */
	double size; /* text: font size; else line width */
	double radius; /* rect: of corners; circle */
	uint32_t start, count; /* text: code points; poly: points */
	union {
		const char *text; /* span: what it reads as; bookmark: title */
		const uint8_t *modules; /* row by row, not 0: dark */
	};
};
struct layout_point {
	double x, y;
};
struct layout_run {
	uint32_t start, count;
	uint32_t width; /* 1/1000 em */
};
/* Where the next block goes. A heading is sticky: it moves along when what follows does not fit. */
struct layout_flow {
	int page;
	double x, y, width, top, bottom;
	bool sticky;
	size_t sticky_op;
	double sticky_y;
	/* where lines to sign on left room on the right: from room_rise above this operation; 0 wide: none */
	size_t room_op;
	double room_rise, room_width;
};

struct layout {
	const struct pdf_fonts *fonts;
	const struct doc *doc;
	VEC(struct layout_op) ops;
	VEC(uint32_t) text; /* code points of all runs, only such as a font has */
	VEC(struct layout_point) points;
	VEC(struct layout_run) lines; /* of the paragraph being wrapped */
	struct arena scratch; /* forgotten after each document */
	double page_width, page_height, left, right, top, bottom; /* right and bottom: edges of the text area */
	int pages;
	uint32_t missing[16];
	size_t missing_count;
};
void layout_release(struct layout *layout);
/* Lays out a document; results stay until the next call. Texts of spans and bookmarks are the document's. */
void layout_run_document(struct layout *layout, const struct pdf_fonts *fonts, const struct doc *doc);

/* --- text (layout_text.c) --- */
#define LAYOUT_ASCENT 0.86 /* of the font size, above the baseline: the box of CJK characters */
struct layout_run layout_shape(struct layout *layout, const char *text);
static inline double layout_width(struct layout_run run, double size)
{
	return run.width * size / 1000;
}
/* Draws a run with its baseline at y. */
void layout_put(struct layout *layout, int page, struct layout_run run, double x, double y, double size,
	enum layout_colour colour, bool bold);
/* The size at which a run fits the width, not below `least`. */
double layout_fit(struct layout_run run, double size, double least, double width);
/*
 * Breaks a text into lines of at most `width` by the rules of Chinese typesetting and appends them to layout->lines;
 * returns how many. '\n' always breaks. At least one line, maybe empty.
 */
size_t layout_wrap(struct layout *layout, const char *text, double size, double width);
/* The same of a run that was shaped before and holds no line break. */
size_t layout_wrap_run(struct layout *layout, struct layout_run run, double size, double width);
/* Draws a wrapped paragraph with its top at y; returns its height. align: DOC_LEFT, DOC_RIGHT or DOC_CENTRE. */
struct layout_type {
	double size, leading;
	enum layout_colour colour;
	bool bold;
	enum doc_align align;
};
double layout_paragraph(
	struct layout *layout, int page, const char *text, double x, double y, double width, struct layout_type type);
/* Width of the widest piece of a run that is not broken unless it must be, at `size`. */
double layout_longest(const struct layout *layout, struct layout_run run, double size);

/* --- shapes (layout.c) --- */
struct layout_op *layout_add(struct layout *layout, int page, enum layout_kind kind);
void layout_rect(
	struct layout *layout, int page, double x, double y, double w, double h, double radius, enum layout_colour fill);
void layout_line(struct layout *layout, int page, double x1, double y1, double x2, double y2, double width,
	enum layout_colour colour);
void layout_circle(struct layout *layout, int page, double x, double y, double radius, enum layout_colour fill);
/* `count` points were pushed to layout->points last. */
struct layout_op *layout_poly(
	struct layout *layout, int page, size_t count, enum layout_colour fill, enum layout_colour stroke, double width);
void layout_star(struct layout *layout, int page, double x, double y, double radius, enum layout_colour fill);
enum layout_colour layout_tone(enum doc_tone tone);

#define LAYOUT_SECTION_GAP 14.0 /* above the head of a section */

/* --- flow (layout.c) --- */
void layout_break(struct layout *layout, struct layout_flow *flow);
/*
 * Operations since `first_op` form a unit of `height` at flow->y that is kept together: moves it to the next page
 * if it must, then flow->y behind it.
 */
void layout_unit(struct layout *layout, struct layout_flow *flow, size_t first_op, double height);
/* What was laid out from first_op at y `from` of `page` stays with what follows, like a heading. */
void layout_keep(struct layout_flow *flow, const struct layout_flow *before, size_t first_op, double from);
void layout_gap(struct layout_flow *flow, double gap); /* unless at the top of the page */
void layout_blocks(struct layout *layout, struct layout_flow *flow, const struct doc_block *first);

/* --- block families --- */
void layout_head(struct layout *layout, struct layout_flow *flow, const struct doc_head *head); /* layout_head.c */
void layout_tiles(struct layout *layout, struct layout_flow *flow, const struct doc_tiles *tiles);
void layout_section(struct layout *layout, struct layout_flow *flow, const struct doc_section *section);
void layout_grid(struct layout *layout, struct layout_flow *flow, const struct doc_grid *grid);
void layout_text(struct layout *layout, struct layout_flow *flow, const struct doc_text *text);
void layout_chips(struct layout *layout, struct layout_flow *flow, const struct doc_chips *chips);
void layout_table(struct layout *layout, struct layout_flow *flow, const struct doc_table *table); /* layout_table.c */
void layout_bars(struct layout *layout, struct layout_flow *flow, const struct doc_bars *bars); /* layout_chart.c */
void layout_timeline(struct layout *layout, struct layout_flow *flow, const struct doc_timeline *timeline);
void layout_radar(struct layout *layout, struct layout_flow *flow, const struct doc_radar *radar);
void layout_checklist(
	struct layout *layout, struct layout_flow *flow, const struct doc_checklist *list); /* layout_list.c */
void layout_sign(struct layout *layout, struct layout_flow *flow, const struct doc_sign *sign);
void layout_qr(struct layout *layout, struct layout_flow *flow, const struct doc_qr *qr);

#endif
