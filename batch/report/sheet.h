/*
 * sheet.h - the kinds of sheets a workbook template may name, and what they build with.
 *
 * Each kind is one file (sheet_<name>.c) that gives a struct sheet_kind; sheets.def lists them once.
 */
#ifndef PANDIAN_REPORT_SHEET_H
#define PANDIAN_REPORT_SHEET_H

#include "base/vec.h"
#include "report/label.h"
#include "report/totals.h"
#include "report/view.h"

#include <stdbool.h>
#include <stdint.h>

#define SHEET_COLUMNS 80u /* columns whose widths are remembered */
#define SHEET_ROWS_MOST 1048000u /* data rows of one sheet; Excel ends at 1,048,576 */

struct sheet_cleanup {
	void (*release)(void *what);
	void *what;
};
struct sheet_build {
	const struct report_input *input; /* NULL while a template is only checked */
	const struct result_directory *directory, *previous;
	const struct xml_node *node; /* the <sheet> */
	const char *audience; /* "hr", "manager", "executive" */
	enum text_lang lang;
	struct book *book;
	struct arena *arena; /* the book's */
	VEC(struct book_sheet) sheets;
	VEC(struct book_part) parts; /* of the sheet being built */
	VEC(struct sheet_cleanup) cleanups;
	uint32_t row; /* next free row of it */
	double width[SHEET_COLUMNS];
	struct totals *totals; /* of all people, made when first asked for */
	bool open;
};
struct sheet_kind {
	const char *name, *help;
	const struct xml_shape *shape; /* of <sheet kind="name"> */
	int (*check)(struct sheet_build *build, struct err *err); /* names and expressions; NULL: nothing to check */
	int (*build)(struct sheet_build *build, struct err *err);
	bool several; /* begins its sheets itself */
	uint32_t feeds; /* bit 1u << feed_id of feeds it reads itself, beside employees, courses, units and positions */
	const char *audiences; /* who may have it; NULL: HR only */
	const char *needs; /* role of a result of people without which an optional sheet is left out; NULL: none */
};
#define SHEET(name) extern const struct sheet_kind sheet_##name;
#include "report/sheets.def"
#undef SHEET
const struct sheet_kind *sheet_kind_find(const char *name);
const struct sheet_kind *sheet_kind_at(size_t index); /* NULL behind the last */

/* Shape pieces every kind shares. */
#define SHEET_ATTRS \
	{ "kind", XML_NAME, true, NULL, "kind of sheet" }, \
		{ "id", XML_NAME, true, NULL, "id of the sheet, unique in the workbook; names its tables" }, \
		{ "optional", XML_BOOL, false, NULL, "yes: the sheet is left out where the results have nothing for it" }, \
	{ \
		"note", XML_TEXT, false, NULL, "remark for editors of the template" \
	}
extern const struct xml_shape sheet_title_shape; /* <title xml:lang="…">, shared */

/* Begins a sheet under a name; the one before is ended. */
void sheet_begin(struct sheet_build *build, const char *name);
void sheet_end(struct sheet_build *build);
struct book_sheet *sheet_now(struct sheet_build *build);
/* Adds a block of empty cells at the next row (row moves on behind it); the array lives in the book. */
struct book_cell *sheet_cells(struct sheet_build *build, uint32_t column, uint32_t rows, uint32_t columns);
void sheet_title(struct sheet_build *build, const char *title, const char *line); /* two rows and a blank one */
void sheet_heading(struct sheet_build *build, const char *text);
void sheet_note(struct sheet_build *build, const char *text);
void sheet_gap(struct sheet_build *build, uint32_t rows);
/*
 * Adds a table at the next row. Widths are taken from its first rows. Returns the part, valid until the next one is
 * added.
 */
struct book_part *sheet_table(struct sheet_build *build, const char *name, const struct book_column *columns,
	uint32_t column_count, uint32_t rows,
	int (*row)(void *context, uint32_t row, struct book_cell *cells, struct err *err), void *context, bool totals,
	struct err *err);
/* The same from cells in memory (rows * column_count, kept by the caller in the book's arena). */
struct book_part *sheet_grid(struct sheet_build *build, const char *name, const struct book_column *columns,
	uint32_t column_count, const struct book_cell *cells, uint32_t rows, struct err *err);
void sheet_highlight(struct book_part *part, const struct book_rule *rules, size_t count);
void sheet_width(struct sheet_build *build, uint32_t column, double width); /* at least */
void sheet_later(struct sheet_build *build, void (*release)(void *what), void *what);
struct totals *sheet_totals(struct sheet_build *build, struct err *err);
const char *sheet_template_title(const struct sheet_build *build); /* of the <sheet>, in the language of the run */
const char *sheet_table_name(
	struct arena *arena, const char *id, const char *suffix); /* "t_<id><suffix>", letters, digits, underscores */
const char *sheet_place(
	struct arena *arena, uint32_t row, uint32_t column, bool fixed_column, bool fixed_row); /* "$F5" */

struct book_cell sheet_text(const char *text, enum book_style style);
struct book_cell sheet_over(const char *text); /* head over a column of numbers in loose cells */
struct book_cell sheet_number(int64_t number, int scale, enum book_format format);
struct book_cell sheet_count(uint64_t number);
struct book_cell sheet_date(int32_t day);

#endif
