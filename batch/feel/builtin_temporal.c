/*
 * builtin_temporal.c - built-in functions that make dates and times and ask about them.
 *
 * Decides: their results. "Today" is the as-of date of the evaluation, never the clock.
 */
#include "feel/ast.h"

#include "base/date.h"

#include <string.h>

#define UNIT INT64_C(1000000000)

static int32_t date_of(const struct feel_value *v)
{
	return v->kind == FEEL_DATE ? v->date : v->time.date;
}

static void call_date(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	int32_t date;
	if (args[0].kind == FEEL_DATE || args[0].kind == FEEL_DATE_TIME)
		*out = feel_date(date_of(&args[0]));
	else if (args[0].kind == FEEL_STRING && temporal_parse_date(args[0].string.text, args[0].string.length, &date))
		*out = feel_date(date);
}

static void call_date_of_parts(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	int64_t y, m, d;
	if (decimal_to_int(args[0].number, &y) && decimal_to_int(args[1].number, &m) && decimal_to_int(args[2].number, &d)
		&& temporal_date_ok(y, m, d))
		*out = feel_date(temporal_date(y, m, d));
}

static void call_time(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value v = args[0];
	if (v.kind == FEEL_TIME) {
		*out = v;
	} else if (v.kind == FEEL_DATE) {
		*out = (struct feel_value){ .kind = FEEL_TIME, .time = { 0, 0, 0, NULL } };
	} else if (v.kind == FEEL_DATE_TIME) {
		*out = v;
		out->kind = FEEL_TIME;
		out->time.date = 0;
	} else if (v.kind == FEEL_STRING
		&& temporal_parse_time(ev->arena, args[0].string.text, args[0].string.length, &v)) {
		*out = v;
	}
}

static void call_time_of_parts(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	int64_t h, m, nanos;
	struct decimal s = args[2].number;
	if (!decimal_to_int(args[0].number, &h) || !decimal_to_int(args[1].number, &m) || h < 0 || h > 23 || m < 0
		|| m > 59)
		return;
	if (!decimal_to_scaled(decimal_round_to(s, 9, DECIMAL_DOWN), 9, &nanos) || nanos < 0 || nanos >= 60 * UNIT)
		return;
	struct feel_value v = { .kind = FEEL_TIME, .time = { 0, (h * 3600 + m * 60) * UNIT + nanos, INT32_MIN, NULL } };
	if (args[3].kind == FEEL_DAYS_DURATION) {
		if (args[3].days.seconds > 18 * 3600 || args[3].days.seconds < -18 * 3600)
			return;
		v.time.offset = (int32_t)args[3].days.seconds;
	}
	*out = v;
}

static void call_date_time(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct feel_value v = args[0];
	if (v.kind == FEEL_DATE_TIME)
		*out = v;
	else if (v.kind == FEEL_DATE)
		*out = (struct feel_value){ .kind = FEEL_DATE_TIME, .time = { v.date, 0, 0, NULL } };
	else if (v.kind == FEEL_STRING
		&& temporal_parse_date_time(ev->arena, args[0].string.text, args[0].string.length, &v))
		*out = v;
}

static void call_date_time_of_parts(
	struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	struct feel_value v = args[1];
	v.kind = FEEL_DATE_TIME;
	v.time.date = date_of(&args[0]);
	if (v.time.zone)
		(void)zone_offset(v.time.zone, v.time.date, v.time.nanos / UNIT, &v.time.offset);
	*out = v;
}

static void call_months_duration(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	int32_t from = date_of(&args[0]), to = date_of(&args[1]);
	/* towards zero, as DMN has it; date_months_between rounds down */
	*out = value_months(from <= to ? date_months_between(from, to) : -(int64_t)date_months_between(to, from));
}

static void call_today(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)args, (void)count;
	*out = feel_date(ev->env ? ev->env->today : 0);
}

static void call_now(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)args, (void)count;
	*out = (struct feel_value){ .kind = FEEL_DATE_TIME, .time = { ev->env ? ev->env->today : 0, 0, 0, NULL } };
}

static int64_t part(const struct feel_value *v, const char *name, struct arena *arena)
{
	struct feel_value date = feel_date(date_of(v)), p = temporal_property(arena, &date, name);
	int64_t n = 0;
	(void)decimal_to_int(p.number, &n);
	return n;
}

static void call_day_of_year(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	*out = feel_integer(date_of(&args[0]) - (int64_t)temporal_date(part(&args[0], "year", ev->arena), 1, 1) + 1);
}

static void call_day_of_week(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	static const char *const names[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
	*out = value_text(ev->arena, names[part(&args[0], "weekday", ev->arena) - 1]);
}

static void call_month_of_year(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	static const char *const names[] = { "January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December" };
	*out = value_text(ev->arena, names[part(&args[0], "month", ev->arena) - 1]);
}

static void call_week_of_year(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	/* ISO 8601: the week holding the year's first Thursday is week 1 */
	int64_t thursday = date_of(&args[0]) - part(&args[0], "weekday", ev->arena) + 4;
	struct feel_value t = feel_date((int32_t)thursday);
	*out = feel_integer((thursday - temporal_date(part(&t, "year", ev->arena), 1, 1)) / 7 + 1);
}

const struct builtin builtin_temporal_rows[] = {
	{ "date", "from: any", "date", call_date, false, "a text such as 2026-09-30, or the date of a date and time" },
	{ "date", "year: number, month: number, day: number", "date", call_date_of_parts, false, "a date of its parts" },
	{ "time", "from: any", "time", call_time, false, "a text such as 08:30:00, or the time of a date and time" },
	{ "time", "hour: number, minute: number, second: number, offset: duration?", "time", call_time_of_parts, false,
		"a time of its parts" },
	{ "date and time", "from: any", "date and time", call_date_time, false, "a text such as 2026-09-30T08:30:00" },
	{ "date and time", "date: date, time: time", "date and time", call_date_time_of_parts, false,
		"a date and a time together" },
	{ "years and months duration", "from: date, to: date", "years and months duration", call_months_duration, false,
		"the whole months between two dates" },
	{ "today", "", "date", call_today, true, "the as-of date" },
	{ "now", "", "date and time", call_now, true, "the start of the as-of date" },
	{ "day of year", "date: date", "number", call_day_of_year, false, "1 for the first of January" },
	{ "day of week", "date: date", "string", call_day_of_week, false, "Monday to Sunday" },
	{ "month of year", "date: date", "string", call_month_of_year, false, "January to December" },
	{ "week of year", "date: date", "number", call_week_of_year, false, "the week by ISO 8601" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
