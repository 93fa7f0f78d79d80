/*
 * builtin_number.c - built-in functions of numbers and truth values.
 *
 * Decides: their results. Rounding functions round in decimal: half up and half down are by magnitude.
 */
#include "feel/ast.h"

static bool scale_of(const struct feel_value *v, int *places)
{
	int64_t n = 0;
	if (!decimal_to_int(decimal_round_to(v->number, 0, DECIMAL_DOWN), &n) || n < -6111 || n > 6176)
		return false;
	*places = (int)n;
	return true;
}

static void rounded(const struct feel_value *args, size_t count, enum decimal_rounding mode, struct feel_value *out)
{
	int places = 0;
	if (count < 2 || scale_of(&args[1], &places))
		*out = value_number(decimal_round_to(args[0].number, places, mode));
}

static void call_decimal(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev;
	rounded(args, count, DECIMAL_HALF_EVEN, out);
}

static void call_floor(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev;
	rounded(args, count, DECIMAL_FLOOR, out);
}

static void call_ceiling(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev;
	rounded(args, count, DECIMAL_CEILING, out);
}

static void call_round_up(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev;
	rounded(args, count, DECIMAL_UP, out);
}

static void call_round_down(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev;
	rounded(args, count, DECIMAL_DOWN, out);
}

static void call_round_half_up(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev;
	rounded(args, count, DECIMAL_HALF_UP, out);
}

static void call_round_half_down(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev;
	rounded(args, count, DECIMAL_HALF_DOWN, out);
}

static void call_abs(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	if (args[0].kind == FEEL_NUMBER)
		*out = value_number(decimal_abs(args[0].number));
	else if (args[0].kind == FEEL_MONTHS_DURATION && args[0].months > INT64_MIN)
		*out = value_months(args[0].months < 0 ? -args[0].months : args[0].months);
	else if (args[0].kind == FEEL_DAYS_DURATION && args[0].days.seconds > INT64_MIN)
		*out = args[0].days.seconds < 0 || args[0].days.nanos < 0
			? value_days(-args[0].days.seconds, -(int64_t)args[0].days.nanos)
			: args[0];
}

static void call_modulo(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	struct decimal a = args[0].number, b = args[1].number;
	if (decimal_is_zero(b))
		return;
	struct decimal whole = decimal_round_to(decimal_div(a, b), 0, DECIMAL_FLOOR);
	*out = value_number(decimal_sub(a, decimal_mul(b, whole)));
}

static void call_sqrt(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	if (decimal_compare(args[0].number, decimal_from_int(0)) >= 0)
		*out = value_number(decimal_sqrt(args[0].number));
}

static void call_log(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	if (decimal_compare(args[0].number, decimal_from_int(0)) > 0)
		*out = value_number(decimal_log(args[0].number));
}

static void call_exp(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = value_number(decimal_exp(args[0].number));
}

static int parity(struct decimal n)
{
	if (!decimal_is_integer(n))
		return -1;
	struct decimal two = decimal_from_int(2), half = decimal_round_to(decimal_div(n, two), 0, DECIMAL_FLOOR);
	return !decimal_is_zero(decimal_sub(n, decimal_mul(half, two)));
}

static void call_odd(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_boolean(parity(args[0].number) == 1);
}

static void call_even(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_boolean(parity(args[0].number) == 0);
}

static void call_not(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	if (args[0].kind == FEEL_BOOLEAN)
		*out = feel_boolean(!args[0].boolean);
}

const struct builtin builtin_number_rows[] = {
	{ "decimal", "n: number, scale: number", "number", call_decimal, false,
		"n rounded to a number of decimal places, half to even" },
	{ "floor", "n: number", "number", call_floor, false, "n rounded down to a whole number" },
	{ "floor", "n: number, scale: number", "number", call_floor, false,
		"n rounded down to a number of decimal places" },
	{ "ceiling", "n: number", "number", call_ceiling, false, "n rounded up to a whole number" },
	{ "ceiling", "n: number, scale: number", "number", call_ceiling, false,
		"n rounded up to a number of decimal places" },
	{ "round up", "n: number, scale: number", "number", call_round_up, false, "n rounded away from zero" },
	{ "round down", "n: number, scale: number", "number", call_round_down, false, "n rounded towards zero" },
	{ "round half up", "n: number, scale: number", "number", call_round_half_up, false,
		"n rounded to the nearest, halves away from zero" },
	{ "round half down", "n: number, scale: number", "number", call_round_half_down, false,
		"n rounded to the nearest, halves towards zero" },
	{ "abs", "n: measure", "same", call_abs, false, "the magnitude of a number or duration" },
	{ "modulo", "dividend: number, divisor: number", "number", call_modulo, false,
		"the rest of a division; has the sign of the divisor" },
	{ "sqrt", "number: number", "number", call_sqrt, false, "square root" },
	{ "log", "number: number", "number", call_log, false, "natural logarithm" },
	{ "exp", "number: number", "number", call_exp, false, "e to the power of the number" },
	{ "odd", "number: number", "boolean", call_odd, false, "whether a whole number is odd" },
	{ "even", "number: number", "boolean", call_even, false, "whether a whole number is even" },
	{ "not", "negand: any", "boolean", call_not, false, "the opposite; null of anything not true or false" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
