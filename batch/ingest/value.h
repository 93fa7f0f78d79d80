/*
 * value.h - one cell's text → a typed value. Decides what is a date, a number, "no value"; knows nothing of files.
 */
#ifndef PANDIAN_INGEST_VALUE_H
#define PANDIAN_INGEST_VALUE_H

#include "ingest/plan.h"

#include <string.h>

enum ingest_outcome { INGEST_OK, INGEST_MISSING, INGEST_BAD };

/* What a cell looked like beside its value. */
enum { INGEST_SAW_CLEANED = 1, INGEST_SAW_SPOILT = 2 };

bool ingest_type_find(const char *name, enum ingest_type *type);
const char *ingest_type_name(enum ingest_type type);
enum ingest_yield ingest_type_yields(enum ingest_type type);

/* Texts that mean "no value": "", -, —, /, N/A, 无, null … plus the mapping's own. `text` is clean UTF-8. */
bool ingest_value_missing(const char *text, size_t length, const struct ingest_names *more);
/* ASCII fast paths on raw bytes; false: take the long way (not an error). They run once a cell. */
struct ingest_month { uint64_t text; /* "2026-07-" */ int32_t before; /* day number of the day before its first */ };
struct ingest_months { struct ingest_month at[64]; };   /* months seen, each in its place: a file has few */
void ingest_value_months_init(struct ingest_months *months);
bool ingest_value_learn_month(const char *text, struct ingest_month *month);
static inline bool ingest_value_fast_date(const char *text, size_t length, struct ingest_months *months, int32_t *day)
{
	uint64_t word;
	if (length != 10)
		return false;
	memcpy(&word, text, 8);
	struct ingest_month *month = &months->at[word * UINT64_C(0x9E3779B97F4A7C15) >> 58];
	if (month->text != word && !ingest_value_learn_month(text, month))
		return false;
	unsigned tens = (unsigned)text[8] - '0', ones = (unsigned)text[9] - '0', of_month = tens * 10 + ones;
	if (tens > 2 || ones > 9 || of_month < 1 || of_month > 28)
		return false; /* days 29-31 take the checked way */
	*day = month->before + (int32_t)of_month;
	return true;
}
static inline bool ingest_value_fast_number(const char *text, size_t length, int scale, int64_t *value)
{
	static const int64_t tens[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };
	int64_t number = 0;
	size_t i = 0;
	if (length == 0 || length > 12 || scale > 6)
		return false;
	for (; i < length && (unsigned)text[i] - '0' <= 9; i++)
		number = number * 10 + (text[i] - '0');
	if (i == length) {
		*value = number * tens[scale];
		return true;
	}
	size_t places = length - i - 1;
	if (text[i] != '.' || i == 0 || places == 0 || places > (size_t)scale)
		return false;
	for (i++; i < length; i++) {
		if ((unsigned)text[i] - '0' > 9)
			return false;
		number = number * 10 + (text[i] - '0');
	}
	*value = number * tens[(size_t)scale - places];
	return true;
}

/* The long way, on clean UTF-8 (text_clean_id). BAD sets *why and *detail. */
enum ingest_outcome ingest_value_date(const char *text, size_t length, enum ingest_format format, int32_t *day,
	enum finding_id *why, const char **detail);
enum ingest_outcome ingest_value_period(
	const char *text, size_t length, int32_t *day, enum finding_id *why, const char **detail);
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
