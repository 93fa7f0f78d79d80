/*
 * value.h - one cell's text → a typed value. Decides what is a date, a number, "no value"; knows nothing of files.
 */
#ifndef PANDIAN_INGEST_VALUE_H
#define PANDIAN_INGEST_VALUE_H

#include "ingest/plan.h"

enum ingest_outcome { INGEST_OK, INGEST_MISSING, INGEST_BAD };

/* What a cell looked like beside its value. */
enum { INGEST_SAW_CLEANED = 1, INGEST_SAW_SPOILT = 2 };

bool ingest_type_find(const char *name, enum ingest_type *type);
const char *ingest_type_name(enum ingest_type type);
enum ingest_yield ingest_type_yields(enum ingest_type type);

/* Texts that mean "no value": "", -, —, /, N/A, 无, null … plus the mapping's own. `text` is clean UTF-8. */
bool ingest_value_missing(const char *text, size_t length, const struct ingest_names *more);
/* ASCII fast paths on raw bytes; false: take the long way (not an error). */
bool ingest_value_fast_date(const char *text, size_t length, int32_t *day);
bool ingest_value_fast_number(const char *text, size_t length, int scale, int64_t *value);

/* The long way, on clean UTF-8 (text_clean_id). BAD sets *why and *detail. */
enum ingest_outcome ingest_value_date(const char *text, size_t length, enum ingest_format format, int32_t *day,
	enum finding_id *why, const char **detail);
enum ingest_outcome ingest_value_period(const char *text, size_t length, int32_t *day, enum finding_id *why, const char **detail);
enum ingest_outcome ingest_value_number(const char *text, size_t length, enum ingest_type type, struct decimal *value,
	enum finding_id *why, const char **detail);
enum ingest_outcome ingest_value_bool(const char *text, size_t length, const struct ingest_names *truth, bool *value);
/* Factor, limits, rounding and scale of a field. */
enum ingest_outcome ingest_value_scale(const struct ingest_spec *spec, struct decimal number, int64_t *value,
	enum finding_id *why, const char **detail);
/* The text a value map gives for clean text, or NULL. */
const char *ingest_value_mapped(const struct ingest_spec *spec, const char *text, size_t length);
/* True where a spreadsheet has turned the text into a date (10月20日, 20-Oct) or an id into 4.2E+17. */
bool ingest_value_spoilt(const char *text, size_t length);

#endif
