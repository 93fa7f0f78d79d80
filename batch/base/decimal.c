/*
 * decimal.c - exact numbers. Scaled integers and every exact step (text, scale, rounding) are plain integer
 * arithmetic here; adding, multiplying, dividing and functions of decimal128 are Intel's libbid (2.0 update 2,
 * configuration 000: call by value, rounding mode and flags passed), which only this file includes.
 *
 * A BID128 is sign (1 bit), exponent + 6176 (14 bits), coefficient (113 bits, at most 10^34 - 1). The forms with
 * both top exponent bits set are infinities, NaNs and non-canonical zeros.
 */
#include "base/decimal.h"

#include <stdio.h>
#include <string.h>

#define DECIMAL_CALL_BY_REFERENCE 0
#define DECIMAL_GLOBAL_ROUNDING 0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#include <bid_conf.h>
#include <bid_functions.h>
#pragma GCC diagnostic pop

#define DIGITS 34
#define EXPONENT_MIN (-6176)
#define EXPONENT_MAX 6111

__extension__ typedef unsigned __int128 wide;

static const int64_t pow10_small[DECIMAL_SCALE_MAX + 1] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000,
	1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000,
	1000000000000000000,
};

/* 10^n, n 0-38 */
static wide pow10_wide(int n)
{
	if (n <= 18)
		return (wide)pow10_small[n];
	if (n <= 36)
		return (wide)pow10_small[18] * (wide)pow10_small[n - 18];
	return (wide)pow10_small[18] * (wide)pow10_small[18] * (wide)pow10_small[n - 36];
}

/* --- scaled integers --- */

int64_t decimal_pow10(int scale)
{
	return pow10_small[scale];
}

/* Magnitude and sign as an int64_t that is not DECIMAL_NONE. */
static bool signed_from(bool negative, wide magnitude, int64_t *value)
{
	if (magnitude > INT64_MAX)
		return false;
	*value = negative ? -(int64_t)magnitude : (int64_t)magnitude;
	return true;
}

static uint64_t magnitude_of(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

bool decimal_parse(const char *text, size_t length, int scale, int64_t *value)
{
	size_t at = 0, whole;
	bool negative = false;
	wide magnitude = 0;
	int places = 0;

	if (length > 0 && (text[0] == '-' || text[0] == '+')) {
		negative = text[0] == '-';
		at = 1;
	}
	for (whole = at; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
		magnitude = magnitude * 10 + (unsigned)(text[at] - '0');
		if (magnitude > INT64_MAX)
			return false;
	}
	if (at == whole)
		return false;
	if (at < length) {
		if (text[at++] != '.' || at == length)
			return false;
		for (; at < length && text[at] >= '0' && text[at] <= '9'; at++) {
			if (places < scale) {
				magnitude = magnitude * 10 + (unsigned)(text[at] - '0');
				places++;
				if (magnitude > INT64_MAX)
					return false;
			} else if (text[at] != '0') {
				return false;
			}
		}
		if (at < length)
			return false;
	}
	return signed_from(negative, magnitude * (wide)pow10_small[scale - places], value);
}

bool decimal_rescale(int64_t value, int from, int to, int64_t *result)
{
	if (value == DECIMAL_NONE)
		return false;
	if (to >= from)
		return !__builtin_mul_overflow(value, pow10_small[to - from], result) && *result != DECIMAL_NONE;
	if (value % pow10_small[from - to] != 0)
		return false;
	*result = value / pow10_small[from - to];
	return true;
}

bool decimal_round(int64_t value, int from, int to, int64_t *result)
{
	uint64_t magnitude, unit;

	if (to >= from || value == DECIMAL_NONE)
		return decimal_rescale(value, from, to, result);
	magnitude = magnitude_of(value);
	unit = (uint64_t)pow10_small[from - to];
	magnitude = magnitude / unit + (magnitude % unit >= unit - magnitude % unit);
	return signed_from(value < 0, magnitude, result);
}

/* Writes the decimal digits of a number; returns how many (at least one). out: >= 40 bytes, NUL not added. */
static int put_digits(wide number, char *out)
{
	char reversed[40];
	int count = 0, k;

	while (number > UINT64_MAX) {
		uint64_t low = (uint64_t)(number % (wide)pow10_small[18]);
		int n;

		number /= (wide)pow10_small[18];
		for (n = 0; n < 18; n++, low /= 10)
			reversed[count++] = (char)('0' + low % 10);
	}
	for (uint64_t rest = (uint64_t)number; rest != 0 || count == 0; rest /= 10)
		reversed[count++] = (char)('0' + rest % 10);
	for (k = 0; k < count; k++)
		out[k] = reversed[count - 1 - k];
	return count;
}

/* Writes sign, digits and `places` decimal places (0: no point) of magnitude / 10^places. Returns the length. */
static size_t put_plain(bool negative, const char *digits, int count, int places, char *out)
{
	char *at = out;

	if (negative)
		*at++ = '-';
	if (count > places) {
		memcpy(at, digits, (size_t)(count - places));
		at += count - places;
		digits += count - places;
		count = places;
	} else {
		*at++ = '0';
	}
	if (places > 0) {
		*at++ = '.';
		memset(at, '0', (size_t)(places - count));
		at += places - count;
		memcpy(at, digits, (size_t)count);
		at += count;
	}
	*at = '\0';
	return (size_t)(at - out);
}

size_t decimal_format(int64_t value, int scale, int places, char *out)
{
	uint64_t magnitude = magnitude_of(value);
	char digits[40];

	if (value == DECIMAL_NONE) {
		out[0] = '\0';
		return 0;
	}
	if (places < 0) {
		for (; scale > 0 && magnitude % 10 == 0; scale--)
			magnitude /= 10;
		return put_plain(value < 0, digits, put_digits(magnitude, digits), scale, out);
	}
	if (places > DECIMAL_SCALE_MAX)
		places = DECIMAL_SCALE_MAX;
	if (places < scale) {
		uint64_t unit = (uint64_t)pow10_small[scale - places], rest = magnitude % unit;

		magnitude = magnitude / unit + (rest >= unit - rest);
		return put_plain(value < 0 && magnitude != 0, digits, put_digits(magnitude, digits), places, out);
	}
	return put_plain(value < 0, digits, put_digits((wide)magnitude * (wide)pow10_small[places - scale], digits),
		places, out);
}

/* --- decimal128: taking apart and putting together --- */

struct parts {
	wide coefficient;
	int exponent;
	bool negative;
};

static bool special(struct decimal d)
{
	return (d.w[1] >> 61 & 3) == 3;
}

bool decimal_is_finite(struct decimal a)
{
	return (a.w[1] >> 59 & 0xf) != 0xf;
}

/* d must be finite */
static struct parts take_apart(struct decimal d)
{
	struct parts parts = { .negative = d.w[1] >> 63 };

	if (special(d)) /* a coefficient too large to be one counts as zero */
		return parts;
	parts.exponent = (int)(d.w[1] >> 49 & 0x3fff) + EXPONENT_MIN;
	parts.coefficient = (wide)(d.w[1] & 0x1ffffffffffff) << 64 | d.w[0];
	if (parts.coefficient >= pow10_wide(DIGITS))
		parts.coefficient = 0;
	return parts;
}

/* coefficient < 10^34, exponent in range */
static struct decimal put_together(struct parts parts)
{
	struct decimal d;

	d.w[0] = (uint64_t)parts.coefficient;
	d.w[1] = (uint64_t)parts.negative << 63 | (uint64_t)(parts.exponent - EXPONENT_MIN) << 49 |
		(uint64_t)(parts.coefficient >> 64);
	return d;
}

static struct decimal not_a_number(void)
{
	return (struct decimal){ { 0, 0x7c00000000000000 } };
}

static struct decimal infinity(bool negative)
{
	return (struct decimal){ { 0, negative ? 0xf800000000000000 : 0x7800000000000000 } };
}

static int count_digits(wide number)
{
	int count = 1;

	while (count < 39 && number >= pow10_wide(count < 38 ? count : 38)) {
		if (count == 38)
			return 39;
		count++;
	}
	return count;
}

static void strip_zeros(struct parts *parts)
{
	static const int steps[] = { 16, 8, 4, 2, 1 };
	size_t k;

	if (parts->coefficient == 0) {
		*parts = (struct parts){0};
		return;
	}
	if ((parts->coefficient & 1) != 0)
		return;
	for (k = 0; k < sizeof steps / sizeof steps[0]; k++) {
		for (;;) {
			wide unit = pow10_wide(steps[k]), quotient = parts->coefficient / unit;

			if (quotient * unit != parts->coefficient || parts->exponent + steps[k] > EXPONENT_MAX)
				break;
			parts->coefficient = quotient;
			parts->exponent += steps[k];
		}
	}
}

/* Drops `count` digits off the end, rounding; `sticky`: something not zero follows the digits. */
static wide drop_digits(wide coefficient, int count, bool sticky, bool negative, enum decimal_rounding mode)
{
	wide unit, quotient, rest;
	int half; /* rest against one half: -1, 0, 1 */
	bool up = false;

	if (count > 38) {
		quotient = 0;
		rest = coefficient;
		half = -1;
	} else {
		unit = pow10_wide(count);
		quotient = coefficient / unit;
		rest = coefficient - quotient * unit;
		half = rest > unit - rest ? 1 : rest < unit - rest ? -1 : sticky ? 1 : 0;
	}
	if (rest == 0 && !sticky)
		return quotient;
	switch (mode) {
	case DECIMAL_HALF_EVEN:
		up = half > 0 || (half == 0 && (quotient & 1) != 0);
		break;
	case DECIMAL_HALF_UP:
		up = half >= 0;
		break;
	case DECIMAL_HALF_DOWN:
		up = half > 0;
		break;
	case DECIMAL_UP:
		up = true;
		break;
	case DECIMAL_DOWN:
		break;
	case DECIMAL_FLOOR:
		up = negative;
		break;
	case DECIMAL_CEILING:
		up = !negative;
		break;
	}
	return quotient + up;
}

/* The nearest decimal128, half-even, of a coefficient of at most 38 digits; infinite if too large. */
static struct decimal nearest(struct parts parts, bool sticky)
{
	int digits = count_digits(parts.coefficient), drop = digits - DIGITS;

	if (drop < EXPONENT_MIN - parts.exponent)
		drop = EXPONENT_MIN - parts.exponent;
	if (drop > 0) {
		parts.coefficient = drop_digits(parts.coefficient, drop, sticky, parts.negative, DECIMAL_HALF_EVEN);
		parts.exponent += drop;
		if (parts.coefficient == pow10_wide(DIGITS)) {
			parts.coefficient /= 10;
			parts.exponent++;
		}
	}
	if (parts.coefficient == 0 && parts.exponent > EXPONENT_MAX)
		parts.exponent = EXPONENT_MAX;
	if (parts.exponent > EXPONENT_MAX) {
		int pad = parts.exponent - EXPONENT_MAX;

		if (pad > DIGITS - count_digits(parts.coefficient))
			return infinity(parts.negative);
		parts.coefficient *= pow10_wide(pad);
		parts.exponent = EXPONENT_MAX;
	}
	return put_together(parts);
}

struct decimal decimal_from_int(int64_t value)
{
	return put_together((struct parts){ magnitude_of(value), 0, value < 0 });
}

struct decimal decimal_from_scaled(int64_t value, int scale)
{
	if (value == DECIMAL_NONE)
		return not_a_number();
	return put_together((struct parts){ magnitude_of(value), -scale, value < 0 });
}

bool decimal_to_scaled(struct decimal d, int scale, int64_t *value)
{
	struct parts parts;
	int shift;

	if (!decimal_is_finite(d))
		return false;
	parts = take_apart(d);
	shift = parts.exponent + scale;
	if (parts.coefficient == 0) {
		*value = 0;
		return true;
	}
	if (shift >= 0) {
		if (shift > 18 || parts.coefficient > INT64_MAX)
			return false;
		return signed_from(parts.negative, parts.coefficient * (wide)pow10_small[shift], value);
	}
	if (-shift >= DIGITS || parts.coefficient % pow10_wide(-shift) != 0)
		return false;
	return signed_from(parts.negative, parts.coefficient / pow10_wide(-shift), value);
}

bool decimal_to_scaled_rounded(struct decimal d, int scale, int64_t *value)
{
	return decimal_to_scaled(decimal_round_to(d, scale, DECIMAL_HALF_UP), scale, value);
}

bool decimal_to_int(struct decimal a, int64_t *value)
{
	struct parts parts;

	if (decimal_to_scaled(a, 0, value))
		return true;
	if (!decimal_is_finite(a))
		return false;
	parts = take_apart(a); /* the one integer a scaled column cannot hold */
	strip_zeros(&parts);
	if (parts.exponent != 0 || !parts.negative || parts.coefficient != (wide)INT64_MAX + 1)
		return false;
	*value = INT64_MIN;
	return true;
}

bool decimal_is_zero(struct decimal a)
{
	return decimal_is_finite(a) && take_apart(a).coefficient == 0;
}

bool decimal_is_integer(struct decimal a)
{
	struct parts parts;

	if (!decimal_is_finite(a))
		return false;
	parts = take_apart(a);
	if (parts.exponent >= 0 || parts.coefficient == 0)
		return true;
	return -parts.exponent < DIGITS && parts.coefficient % pow10_wide(-parts.exponent) == 0;
}

struct decimal decimal_normalise(struct decimal a)
{
	struct parts parts;

	if (!decimal_is_finite(a))
		return a;
	parts = take_apart(a);
	strip_zeros(&parts);
	return put_together(parts);
}

struct decimal decimal_round_to(struct decimal a, int places, enum decimal_rounding mode)
{
	struct parts parts;
	int drop;

	if (!decimal_is_finite(a))
		return a;
	parts = take_apart(a);
	if (places > -EXPONENT_MIN)
		places = -EXPONENT_MIN;
	if (places < -EXPONENT_MAX)
		places = -EXPONENT_MAX;
	drop = -places - parts.exponent;
	if (drop <= 0 || parts.coefficient == 0)
		return a;
	parts.coefficient = drop_digits(parts.coefficient, drop, false, parts.negative, mode);
	parts.exponent = -places;
	return put_together(parts);
}

/* --- decimal128: text --- */

bool decimal_from_text(const char *text, size_t length, struct decimal *d)
{
	struct parts parts = {0};
	bool any = false, sticky = false, point = false, down;
	int64_t exponent = 0, given = 0;
	int kept = 0;
	size_t at = 0;

	if (at < length && (text[at] == '-' || text[at] == '+'))
		parts.negative = text[at++] == '-';
	for (; at < length; at++) {
		if (text[at] == '.' && !point) {
			point = true;
			if (at + 1 == length || text[at + 1] < '0' || text[at + 1] > '9')
				return false;
			continue;
		}
		if (text[at] < '0' || text[at] > '9')
			break;
		any = true;
		if (kept < 38) {
			parts.coefficient = parts.coefficient * 10 + (unsigned)(text[at] - '0');
			kept += parts.coefficient != 0;
			exponent -= point;
		} else {
			sticky |= text[at] != '0';
			exponent += !point;
		}
	}
	if (!any)
		return false;
	if (at < length) {
		size_t first;

		if (text[at] != 'e' && text[at] != 'E')
			return false;
		at++;
		down = at < length && text[at] == '-';
		if (at < length && (text[at] == '-' || text[at] == '+'))
			at++;
		for (first = at; at < length && text[at] >= '0' && text[at] <= '9'; at++)
			if (given < 1000000000000)
				given = given * 10 + (text[at] - '0');
		if (at < length || at == first)
			return false;
		exponent += down ? -given : given;
	}
	/* beyond these every number is zero or too large anyway */
	parts.exponent = exponent > 100000 ? 100000 : exponent < -100000 ? -100000 : (int)exponent;
	*d = nearest(parts, sticky);
	return decimal_is_finite(*d);
}

size_t decimal_to_text(struct decimal d, char *out)
{
	struct parts parts;
	char digits[40], number[16];
	int count, top, k;
	size_t used;

	if (!decimal_is_finite(d)) {
		const char *name = (d.w[1] >> 58 & 1) != 0 ? "NaN" : (d.w[1] >> 63) != 0 ? "-Infinity" : "Infinity";

		used = strlen(name);
		memcpy(out, name, used + 1);
		return used;
	}
	parts = take_apart(d);
	strip_zeros(&parts);
	count = put_digits(parts.coefficient, digits);
	top = parts.exponent + count - 1; /* power of ten of the first digit */
	if (parts.coefficient == 0)
		return put_plain(false, digits, count, 0, out);
	if (top <= DIGITS && parts.exponent >= 0) {
		for (k = 0; k < parts.exponent; k++)
			digits[count + k] = '0';
		return put_plain(parts.negative, digits, count + parts.exponent, 0, out);
	}
	if (top <= DIGITS && top >= -DIGITS && -parts.exponent <= 63 - 3)
		return put_plain(parts.negative, digits, count, -parts.exponent, out);
	while (count > 1 && digits[count - 1] == '0') /* near the largest exponent strip_zeros must stop early */
		count--;
	used = put_plain(parts.negative, digits, count, count - 1, out);
	out[used++] = 'E';
	out[used++] = top < 0 ? '-' : '+';
	count = put_digits((wide)(top < 0 ? -top : top), number);
	memcpy(out + used, number, (size_t)count);
	out[used + (size_t)count] = '\0';
	return used + (size_t)count;
}

/* --- decimal128: arithmetic --- */

static BID_UINT128 in(struct decimal d)
{
	return (BID_UINT128){ { d.w[0], d.w[1] } };
}

static struct decimal from_bid(BID_UINT128 x)
{
	return (struct decimal){ { x.w[0], x.w[1] } };
}

struct decimal decimal_add(struct decimal a, struct decimal b)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_add(in(a), in(b), BID_ROUNDING_TO_NEAREST, &flags));
}

struct decimal decimal_sub(struct decimal a, struct decimal b)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_sub(in(a), in(b), BID_ROUNDING_TO_NEAREST, &flags));
}

struct decimal decimal_mul(struct decimal a, struct decimal b)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_mul(in(a), in(b), BID_ROUNDING_TO_NEAREST, &flags));
}

struct decimal decimal_div(struct decimal a, struct decimal b)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_div(in(a), in(b), BID_ROUNDING_TO_NEAREST, &flags));
}

/* a * b + c rounded once */
static struct decimal multiply_add(struct decimal a, struct decimal b, struct decimal c)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_fma(in(a), in(b), in(c), BID_ROUNDING_TO_NEAREST, &flags));
}

struct decimal decimal_neg(struct decimal a)
{
	a.w[1] ^= (uint64_t)1 << 63;
	return a;
}

struct decimal decimal_abs(struct decimal a)
{
	a.w[1] &= ~((uint64_t)1 << 63);
	return a;
}

struct decimal decimal_sqrt(struct decimal a)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_sqrt(in(a), BID_ROUNDING_TO_NEAREST, &flags));
}

struct decimal decimal_exp(struct decimal a)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_exp(in(a), BID_ROUNDING_TO_NEAREST, &flags));
}

struct decimal decimal_log(struct decimal a)
{
	_IDEC_flags flags = 0;

	return from_bid(bid128_log(in(a), BID_ROUNDING_TO_NEAREST, &flags));
}

int decimal_compare(struct decimal a, struct decimal b)
{
	_IDEC_flags flags = 0;

	if (bid128_quiet_less(in(a), in(b), &flags))
		return -1;
	return bid128_quiet_greater(in(a), in(b), &flags) ? 1 : 0;
}

double decimal_to_double(struct decimal a)
{
	_IDEC_flags flags = 0;

	return bid128_to_binary64(in(a), BID_ROUNDING_TO_NEAREST, &flags);
}

/* A number of about 67 digits: high + low, |low| at most half a unit of high's last digit. */
struct pair {
	struct decimal high, low;
};

static struct pair pair_mul(struct pair a, struct pair b)
{
	struct decimal product = decimal_mul(a.high, b.high), error, high;

	error = multiply_add(a.high, b.high, decimal_neg(product)); /* exact */
	error = decimal_add(error, multiply_add(a.high, b.low, decimal_mul(a.low, b.high)));
	high = decimal_add(product, error);
	return (struct pair){ high, decimal_add(decimal_sub(product, high), error) };
}

/*
 * a^n for a not zero. The digits of powers below n are never needed (left to right), and twice the precision is
 * carried, so a power that 34 digits hold comes out exactly and any other rounded from far more digits.
 */
static struct decimal power(struct decimal a, int64_t n)
{
	struct pair base = { a, decimal_from_int(0) }, result = { decimal_from_int(1), decimal_from_int(0) };
	struct decimal quotient, rest;
	uint64_t count = magnitude_of(n), bit;

	if (count == 0)
		return result.high;
	for (bit = (uint64_t)1 << (63 - __builtin_clzll(count)); bit != 0; bit >>= 1) {
		result = pair_mul(result, result);
		if ((count & bit) != 0)
			result = pair_mul(result, base);
		if (!decimal_is_finite(result.high) || decimal_is_zero(result.high))
			return not_a_number(); /* too large or too small: the caller asks libbid */
	}
	if (n > 0)
		return result.high;
	quotient = decimal_div(decimal_from_int(1), result.high);
	rest = multiply_add(decimal_neg(quotient), result.high, decimal_from_int(1)); /* exact */
	rest = decimal_sub(rest, decimal_mul(quotient, result.low));
	return decimal_add(quotient, decimal_div(rest, result.high));
}

struct decimal decimal_pow(struct decimal a, struct decimal b)
{
	_IDEC_flags flags = 0;
	struct decimal result;
	int64_t n, exponent;

	if (decimal_is_finite(a) && decimal_is_finite(b) && !decimal_is_zero(a)) {
		if (decimal_to_int(b, &n)) {
			struct parts parts;

			a = decimal_normalise(a);
			parts = take_apart(a);
			if (parts.coefficient == 1) { /* a power of ten */
				if (__builtin_mul_overflow((int64_t)parts.exponent, n, &exponent))
					exponent = (parts.exponent < 0) == (n < 0) ? 100000 : -100000;
				parts.exponent = exponent > 100000 ? 100000 : exponent < -100000 ? -100000 : (int)exponent;
				parts.negative = parts.negative && (n & 1) != 0;
				return nearest(parts, false);
			}
			result = power(a, n);
			if (decimal_is_finite(result))
				return result;
		} else if (decimal_compare(b, decimal_from_scaled(5, 1)) == 0) {
			return decimal_sqrt(a); /* rounded correctly, which libbid's power does not promise */
		}
	}
	return from_bid(bid128_pow(in(a), in(b), BID_ROUNDING_TO_NEAREST, &flags));
}
