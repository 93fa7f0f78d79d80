/*
 * doc.h - a document as a model: an ordered flow of blocks, without positions and without any library.
 *
 * report/ builds it, output/ lays it out and writes it. All texts are UTF-8 and live as long as the document's arena.
 */
#ifndef PANDIAN_MODEL_DOC_H
#define PANDIAN_MODEL_DOC_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tones by meaning; colours live in the writer. A tone never stands alone: the text says the same. */
enum doc_tone { DOC_INK, DOC_GREY, DOC_TEAL /* met, up */, DOC_BRICK /* missing, down */, DOC_GOLD /* stars */ };
enum doc_align { DOC_LEFT, DOC_RIGHT, DOC_CENTRE, DOC_DECIMAL /* aligned on the decimal point */ };

enum doc_kind {
	DOC_HEAD,
	DOC_TILES,
	DOC_SECTION,
	DOC_GRID,
	DOC_TABLE,
	DOC_BARS,
	DOC_TIMELINE,
	DOC_CHIPS,
	DOC_TEXT,
	DOC_COLUMNS,
	DOC_CHECKLIST,
	DOC_RADAR,
	DOC_SIGN,
	DOC_QR,
	DOC_ASIDE,
	DOC_PAGE_BREAK
};

struct doc_cell { const char *text; enum doc_tone tone; bool strong; };

struct doc_head {
	const char *name, *line; /* under the name */
	const char *initial; /* in the disc */
	int stars, stars_of; /* 0 of 0: none */
	const char *right; /* under the stars */
};
struct doc_tile {
	const char *figure, *of; /* small, beside the figure: "/ 40" */
	const char *label;
	enum doc_tone tone;
};
struct doc_tiles { const struct doc_tile *at; size_t count; };
struct doc_section {
	const char *title, *note;
	bool bookmark;
}; /* head with a teal bar; note in grey beside it */
struct doc_pair { const char *label, *value; enum doc_tone tone; /* of the value */ };
struct doc_grid { const struct doc_pair *at; size_t count; int columns; };
struct doc_table_column {
	const char *title;
	double share; /* of the width; 0 = from the content */
	enum doc_align align;
};
struct doc_table {
	const struct doc_table_column *columns;
	size_t column_count;
	const struct doc_cell *cells;
	size_t rows; /* rows * column_count */
	const char *empty; /* sentence where rows == 0 */
};
/* Horizontal bars with a tick at the requirement. value, need and most are in the same unit, drawing only. */
struct doc_bar {
	const char *label, *text; /* "14.0 / 12" */
	double value, need; /* need < 0: none */
	enum doc_tone tone;
};
struct doc_bars { const struct doc_bar *at; size_t count; double most; };
/* A step line over periods with events above it. */
struct doc_event {
	double at; /* in periods from the first, fractions allowed: period i reaches from i - 0.5 to i + 0.5 */
	const char *label;
	enum doc_tone tone; /* of the dot */
};
struct doc_step { double at; double value; /* < 0: gap (not graded) */ };
/* A stretch of the same axis; brief stands where the label has no room, and nothing where that has none. */
struct doc_span { double from, to; const char *label, *brief; bool strong; };
struct doc_timeline {
	const char *const *periods;
	size_t period_count;
	const struct doc_event *events;
	size_t event_count;
	const struct doc_step *steps;
	size_t step_count;
	double low, high; /* of the value axis, whole numbers labelled */
	const struct doc_event *under;
	size_t under_count; /* labels below the axis */
	const char *alt;
	const struct doc_span *spans; /* a strip below the line: positions held */
	size_t span_count;
	const struct doc_span *gaps; /* shaded: periods without a grade, each saying so */
	size_t gap_count;
};
struct doc_chips { const char *const *at; size_t count; const char *empty; };
struct doc_text { const char *text; enum doc_tone tone; bool strong, small, keep; /* keep: stays with what follows */ };
struct doc_columns {
	const struct doc_block *left, *right;
	double left_share;
}; /* two flows beside each other, kept on one page */
enum doc_mark { DOC_MET, DOC_NOT_MET, DOC_NOT_EVALUATED };
struct doc_check { enum doc_mark mark; const char *text, *value; };
struct doc_checklist { const char *title, *status; enum doc_tone tone; const struct doc_check *at; size_t count; };
struct doc_axis { const char *label; double need, have; /* have < 0: not assessed */ double others; /* 0: none */ };
struct doc_radar {
	const struct doc_axis *at;
	size_t count;
	double most;
	const char *alt;
	const char *need, *have, *others; /* legend; NULL: none. others is dotted: a median of people like this one */
};
struct doc_sign {
	const char *const *labels;
	size_t count;
	double room; /* share of the width left free on the right, for a code */
	bool keep; /* stays with what follows */
}; /* lines to write on; of two the first is the wider */
struct doc_qr {
	const char *payload, *label;
	bool beside; /* in the room that the lines to sign on left */
};
struct doc_aside { const struct doc_block *first; }; /* blocks set in behind an upright hairline */

/* A new page, if more than this share of the present one is used; 0: in any case. */
struct doc_break {
	double used;
};

struct doc_block {
	enum doc_kind kind;
	union {
		struct doc_head head;
		struct doc_tiles tiles;
		struct doc_section section;
		struct doc_grid grid;
		struct doc_table table;
		struct doc_bars bars;
		struct doc_timeline timeline;
		struct doc_chips chips;
		struct doc_text text;
		struct doc_columns columns;
		struct doc_checklist checklist;
		struct doc_radar radar;
		struct doc_sign sign;
		struct doc_qr qr;
		struct doc_aside aside;
		struct doc_break page_break;
	};
	struct doc_block *next;
};
struct doc {
	const char *title, *author, *subject, *keywords, *lang;
	int32_t created;                 /* day number */
	const char *id;                  /* employee number: bookmark of page 1, file names */
	const char *footer_left, *footer_middle; const char *footer_page; /* "第 %d 页 共 %d 页" */
	double width, height;            /* page, mm: 210 x 297 */
	double top, right, bottom, left; /* margins, mm */
	struct doc_block *first, *last;
};
/* Appends a block; memory from the arena; the block is zeroed but for its kind. */
struct doc_block *doc_add(struct doc *doc, enum doc_kind kind, struct arena *arena);
/* Appends the model as text: the form of golden files. */
void doc_dump(const struct doc *doc, struct str *out);

#endif
