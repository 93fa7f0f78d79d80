/*
 * bind.h - a mapping bound to the header of one file: which column fills which field, expressions compiled, look-up
 * files
 * in memory. Immutable once made; all threads share it.
 */
#ifndef PANDIAN_INGEST_BIND_H
#define PANDIAN_INGEST_BIND_H

#include "feel/feel.h"
#include "ingest/detect.h"
#include "ingest/value.h"

#define INGEST_NO_COLUMN UINT32_MAX
#define INGEST_LET_SLOT 1000000           /* FEEL slots: columns from 0, lets from here */

/* How a field stands in a staged record. */
enum ingest_place {
	INGEST_PLACE_KEY,
	INGEST_PLACE_TEXT,
	INGEST_PLACE_DATE,
	INGEST_PLACE_NUMBER,
	INGEST_PLACE_CODE
};

struct ingest_bound {
	const struct ingest_spec *spec;
	uint32_t column;                      /* INGEST_NO_COLUMN: expression or fallback */
	const char *header;                   /* as in the file, or the spec's name */
	struct feel_expr *expr;               /* or NULL */
	enum ingest_place place;
	uint8_t width;                        /* bytes in the staged record: codes 1, keys and texts 4, the others 2 or 4 */
	uint32_t offset;                      /* in the staged record */
	bool fast_number, fast_date;          /* plain text may be taken without the memo */
	bool limited; int64_t min, max;       /* of fast numbers, scaled */
};
struct ingest_table {                     /* a look-up file */
	struct map keys;                      /* key cells joined by U+001F → row */
	const char **cells;                   /* rows × width, clean UTF-8 */
	size_t width;
	uint32_t *on;                         /* columns of the row in hand that make the key */
	uint32_t first;                       /* its columns begin here among the binding's */
};
struct ingest_binding {
	const struct ingest_source *source;
	const struct ingest_mapping *mapping;
	enum ingest_encoding encoding;
	const char *file;                     /* as shown */
	struct arena arena;
	const char **columns; size_t column_count;   /* headers, then look-up, split and unpivot columns */
	size_t physical;                      /* columns of the file itself */
	size_t made;                          /* split and unpivot columns begin here; look-up columns stand before them */
	struct ingest_bound *fields; size_t field_count;
	struct ingest_bound *lets; size_t let_count;
	struct feel_expr **filters;
	struct ingest_table *tables; size_t table_count;
	uint32_t split_column, split_into;
	uint32_t *wide_columns; uint32_t unpivot_name, unpivot_value;
	bool reshapes;                        /* lets, look-ups, split, unpivot or filters: rows take the long way */
	int either_a, either_b;               /* fields of which one is needed; -1: none */
	uint32_t record_size;                 /* bytes of a staged record: source line (4), then fields */
};

/*
 * Binds. Findings (missing, absent and unknown columns) are added; *usable is false when a required column is missing.
 * -1 with status 78 where an expression does not compile, 66/74 where a look-up file cannot be read.
 */
struct ingest_binding *ingest_bind(const struct ingest_source *source, const char *path, const char *file,
	enum ingest_encoding encoding, const struct ingest_names *headers, struct findings *findings, bool *usable,
	struct err *err);
void ingest_binding_free(struct ingest_binding *binding);
/* Appends "column → field" lines for `check`. */
void ingest_binding_print(const struct ingest_binding *binding, struct str *out);

#endif
