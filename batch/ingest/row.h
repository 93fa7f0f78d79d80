/*
 * row.h - records → staged rows: cells read as their fields want, computed columns, rows reshaped, misfits to
 * quarantine.
 */
#ifndef PANDIAN_INGEST_ROW_H
#define PANDIAN_INGEST_ROW_H

#include "base/vec.h"
#include "ingest/bind.h"
#include "ingest/memo.h"

#define INGEST_RECORD_MAX (1u << 20)      /* bytes of a record */
#define INGEST_ID_MAX 200                 /* bytes of an id */
#define INGEST_TEXT_MAX 32767             /* bytes of a text: what a spreadsheet cell holds */
#define INGEST_CODE_NONE 255
#define INGEST_AHEAD 16                   /* records split into cells before the first of them is taken */

/* A text not yet known to the dictionaries: resolved in file order when the unit's turn comes. */
struct ingest_pending { uint32_t field, entry, length; size_t offset; };
/* How often something was seen in a column, and first where. */
struct ingest_sight { uint64_t count, line; char text[96]; };

struct ingest_far { uint32_t line, field; int64_t value; };

/* How a plain cell of a field is usually taken, with what that needs; what does not fit goes the long way. */
enum ingest_way { INGEST_WAY_LONG, INGEST_WAY_NUMBER, INGEST_WAY_DATE, INGEST_WAY_CODE, INGEST_WAY_ENTRY };
struct ingest_step { enum ingest_way way; uint8_t width; int scale; uint32_t column, offset; int64_t min, max; };

/* The cells of one of the records ahead; there is room for the columns of the binding. */
struct ingest_lane {
	struct ingest_cell *cells;
	size_t room;
	const char *record;
	size_t length;
	uint64_t line;
	size_t count;
};

struct ingest_rows {                      /* one thread's work on one file */
	const struct ingest_binding *binding;
	enum ingest_encoding encoding;        /* of the unit in hand: known at the latest when a byte is not ASCII */
	struct ingest_memo *memos;            /* by field */
	struct ingest_step *steps;            /* by field */
	struct ingest_months months;
	struct ingest_scan tokens;            /* reads the unit */
	struct {
		const char *record;
		size_t record_length;
		uint64_t record_line;
		size_t cell_count;
		const struct ingest_cell *all;
	} scan; /* the record in hand */
	struct ingest_cell *cells;            /* its cells by column of the binding, made columns included */
	struct ingest_lane lanes[INGEST_AHEAD];
	bool skips_letters;                   /* the mapping skips rows that begin with an ASCII text */
	uint8_t *records; size_t record_count, record_room; /* staged in this unit, record_size each */
	VEC(struct ingest_pending) pending; struct str pending_text;
	VEC(int64_t) wide;                    /* numbers that do not fit four bytes; kept for the whole file */
	VEC(struct ingest_far) far;           /* values that do not fit two bytes, by line and field; likewise */
	struct findings findings;
	VEC(struct store_reject) rejects; struct arena reject_arena;
	struct ingest_sight *cleaned, *spoilt; bool sighted;   /* by field, then lets */
	uint64_t rows, rejected, filtered;
	struct str raw, text, clean, made;
	struct arena arena;                   /* one row */
	struct feel_value *let_values;
	int32_t today;
	struct err err;                       /* of an expression; ends the file */
};

void ingest_rows_init(struct ingest_rows *rows, const struct ingest_binding *binding);
void ingest_rows_release(struct ingest_rows *rows);
/* No more units: memory of reading goes, what was found out stays. */
void ingest_rows_rest(struct ingest_rows *rows);
/*
 * Stages the records of a unit (each 0, 1 or several rows), at most `limit` (0: all). 0; 1 when a quoted cell is
 * still open at the end
 * (rows->scan.record_line tells where its record begins); -1 when rows->err is set.
 */
int ingest_rows_take(struct ingest_rows *rows, const struct ingest_dialect *dialect, const char *bytes, size_t length,
	uint64_t line, uint64_t limit);
/* Makes the record of a line the one in hand, in a unit that is read once more; false where it is not there. */
bool ingest_rows_find(struct ingest_rows *rows, uint64_t line);
/* Puts the record in hand into quarantine. Texts are copied. */
void ingest_rows_reject(
	struct ingest_rows *rows, enum finding_id id, const char *column, const char *text, const char *detail);
/* The text of a cell of the record in hand, cleaned; lives until the next call. */
const char *ingest_rows_cell_text(struct ingest_rows *rows, uint32_t column);
/* The record in hand as UTF-8, cut to 64 KiB, in the arena. */
const char *ingest_rows_record(struct ingest_rows *rows, struct arena *arena);

/*
 * Dates and numbers in staged records. Two bytes: above a first value, or INGEST_NEAR_FAR, then the value stands in
 * `far` under its line and field. Four bytes: dates as they are; numbers above NARROW_MIN, or a place in `wide`.
 */
#define INGEST_NEAR_NONE 0xFFFFu
#define INGEST_NEAR_FAR 0xFFFEu
#define INGEST_NEAR_DATE (-21763)         /* 1910-06-02: until 2089-11-02 */
#define INGEST_NEAR_NUMBER (-16384)       /* at the field's scale: with two decimals -163.84 to 491.49 */
#define INGEST_NARROW_MIN (-0x40000000)
#define INGEST_NARROW_MAX 0x3FFFFFFF
#define INGEST_NUMBER_NONE UINT32_MAX
static inline int64_t ingest_rows_number(const int64_t *wide, uint32_t staged)
{
	if (staged == INGEST_NUMBER_NONE)
		return DECIMAL_NONE;
	return staged & 0x80000000u ? wide[staged & 0x7FFFFFFFu] : (int64_t)staged + INGEST_NARROW_MIN;
}
/* The value of a field that is INGEST_NEAR_FAR. */
int64_t ingest_rows_far(const struct ingest_rows *rows, uint32_t line, uint32_t field);

#endif
