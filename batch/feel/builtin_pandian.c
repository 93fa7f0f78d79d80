/*
 * builtin_pandian.c - functions that FEEL does not have and rules of a talent review need.
 *
 * Decides: whole months and years of service, days of a duration, rounding as rules mean it (halves away from zero).
 * months(a - b) of two dates is read as months between(b, a) by the parser, since the days between do not tell months.
 */
#include "feel/ast.h"

#include "base/date.h"

static int32_t date_of(const struct feel_value *v)
{
	return v->kind == FEEL_DATE ? v->date : v->time.date;
}

static void call_months_between(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_integer(date_months_between(date_of(&args[0]), date_of(&args[1])));
}

static void call_years_between(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	int64_t months = date_months_between(date_of(&args[0]), date_of(&args[1]));
	*out = feel_integer((months >= 0 ? months : months - 11) / 12);
}

static void call_months(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_integer(args[0].months);
}

static void call_years(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_integer(args[0].months / 12);
}

static void call_days(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_integer(args[0].days.seconds / 86400);
}

static void call_round(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	int64_t places = 0;
	if (args[1].kind == FEEL_NUMBER && (!decimal_to_int(args[1].number, &places) || places < -6111 || places > 6176))
		return;
	*out = value_number(decimal_round_to(args[0].number, (int)places, DECIMAL_HALF_UP));
}

static void call_clamp(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = value_compare(&args[0], &args[1]) < 0 ? args[1] : value_compare(&args[0], &args[2]) > 0 ? args[2] : args[0];
}

const struct builtin builtin_pandian_rows[] = {
	{ "months between", "from: date, to: date", "number", call_months_between, false,
		"whole months from one date to another; also months(to - from)" },
	{ "years between", "from: date, to: date", "number", call_years_between, false,
		"whole years from one date to another; also years(to - from)" },
	{ "months", "duration: years and months duration", "number", call_months, false, "the months of a duration" },
	{ "years", "duration: years and months duration", "number", call_years, false, "the whole years of a duration" },
	{ "days", "duration: days and time duration", "number", call_days, false,
		"the whole days of a duration, such as as of - hire date" },
	{ "round", "n: number, places: number?", "number", call_round, false, "n rounded, halves away from zero" },
	{ "clamp", "n: number, low: number, high: number", "number", call_clamp, false,
		"n, but not less than low nor more than high" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
