/*
 * decimal.h - exact numbers: scaled 64-bit integers for columns, decimal128 (IEEE 754-2008) for everything else.
 *
 * decimal128 arithmetic is Intel's libbid (half-even, 34 digits); only decimal.c includes it.
 */
#ifndef PANDIAN_BASE_DECIMAL_H
#define PANDIAN_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECIMAL_NONE INT64_MIN     /* "no value" in scaled columns */
#define DECIMAL_SCALE_MAX 18

/* --- scaled integers: value * 10^scale --- */
int64_t decimal_pow10(int scale);                                     /* 10^scale, scale 0-18 */
/*
 * Parses plain decimal text ([+-]digits[.digits], no exponent) at a scale; false if not a number, not exact at the
 * scale, or too large.
 */
bool decimal_parse(const char *text, size_t length, int scale, int64_t *value);
/* Rescales; false on overflow or if digits would be lost. */
bool decimal_rescale(int64_t value, int from, int to, int64_t *result);
/* Rescales rounding half away from zero ("round" in a rule); false on overflow. */
bool decimal_round(int64_t value, int from, int to, int64_t *result);
/*
 * Writes the shortest plain text ("-12.5"), or with exactly `places` places if places >= 0 (half away from zero).
 * out: >= 48 bytes. Returns the length. DECIMAL_NONE gives "".
 */
size_t decimal_format(int64_t value, int scale, int places, char *out);

/* --- decimal128 --- */
struct decimal { uint64_t w[2]; };                                     /* BID128, little endian words */

struct decimal decimal_from_int(int64_t value);
struct decimal decimal_from_scaled(int64_t value, int scale);          /* DECIMAL_NONE gives a not finite number */
bool decimal_to_scaled(struct decimal d, int scale, int64_t *value);   /* exact or false */
bool decimal_to_scaled_rounded(
	struct decimal d, int scale, int64_t *value); /* half away from zero; false if too large */
bool decimal_from_text(
	const char *text, size_t length, struct decimal *d); /* plain or with exponent; false if not a finite number */
size_t decimal_to_text(struct decimal d,
	char *
		/*
		 * shortest plain decimal, out: >= 64 bytes (FEEL string()); 1.5E+40 outside 10^-34..10^34 or where 63 bytes
		 * do not hold it
		 */
		out);
struct decimal decimal_add(struct decimal a, struct decimal b);
struct decimal decimal_sub(struct decimal a, struct decimal b);
struct decimal decimal_mul(struct decimal a, struct decimal b);
struct decimal decimal_div(struct decimal a, struct decimal b);        /* b must not be zero */
struct decimal decimal_neg(struct decimal a);
struct decimal decimal_abs(struct decimal a);
struct decimal decimal_pow(struct decimal a, struct decimal b);        /* not finite where undefined */
struct decimal decimal_sqrt(struct decimal a);
struct decimal decimal_exp(
	struct decimal a); /* exp and log: the 34th digit may be off by one; everything else is rounded correctly */
struct decimal decimal_log(struct decimal a);
struct decimal decimal_normalise(struct decimal a);                    /* no trailing zeros */
int decimal_compare(struct decimal a, struct decimal b);               /* -1, 0, 1; finite only */
bool decimal_is_finite(struct decimal a);
bool decimal_is_zero(struct decimal a);
bool decimal_is_integer(struct decimal a);
bool decimal_to_int(struct decimal a, int64_t *value);                 /* exact integer in range or false */
double decimal_to_double(struct decimal a);                            /* drawing code only */
enum decimal_rounding {
	DECIMAL_HALF_EVEN,
	DECIMAL_HALF_UP /* away from zero */,
	DECIMAL_HALF_DOWN,
	DECIMAL_UP,
	DECIMAL_DOWN,
	DECIMAL_FLOOR,
	DECIMAL_CEILING
};
struct decimal decimal_round_to(struct decimal a, int places, enum decimal_rounding mode); /* places -6111..6176 */

#endif
