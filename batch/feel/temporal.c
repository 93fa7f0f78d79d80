/*
 * temporal.c - dates, times and durations: reading, writing, arithmetic, properties.
 *
 * Decides: the forms of ISO 8601 that FEEL knows and what their sums and differences are. Does not decide: the calendar
 * (base/date.h), offsets of named zones (zone.c).
 */
#include "feel/ast.h"

#include "base/date.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DAY 86400
#define UNIT INT64_C(1000000000)
#define YEAR_MAX 5000000 /* day numbers are 32 bits wide */
#define LOCAL INT32_MIN

bool temporal_date_ok(int64_t year, int64_t month, int64_t day)
{
	return year >= -YEAR_MAX && year <= YEAR_MAX && month >= 1 && month <= 12 && day >= 1
		&& day <= date_days_in_month((int32_t)year, (int)month);
}

int32_t temporal_date(int64_t year, int64_t month, int64_t day)
{
	/* days_from_civil in eras of 400 years: base/date.h stops at the year 9999 in text only, but be safe for all */
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400, doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return (int32_t)(era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468);
}

/* ---- reading ---- */

struct reader {
	const char *at, *end;
};

static bool read_char(struct reader *r, char c)
{
	if (r->at < r->end && *r->at == c) {
		r->at++;
		return true;
	}
	return false;
}

static bool read_digits(struct reader *r, size_t least, size_t most, int64_t *value)
{
	size_t n = 0;
	*value = 0;
	while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && n < most) {
		*value = *value * 10 + (*r->at++ - '0');
		n++;
	}
	return n >= least && !(r->at < r->end && *r->at >= '0' && *r->at <= '9');
}

static bool read_two(struct reader *r, int64_t *value)
{
	return read_digits(r, 2, 2, value);
}

static bool read_date(struct reader *r, int32_t *date)
{
	int64_t year, month, day;
	bool negative = read_char(r, '-');
	const char *start = r->at;
	if (!read_digits(r, 4, 9, &year) || (r->at - start > 4 && *start == '0'))
		return false;
	if (!read_char(r, '-') || !read_two(r, &month) || !read_char(r, '-') || !read_two(r, &day))
		return false;
	if (negative)
		year = -year;
	if (!temporal_date_ok(year, month, day))
		return false;
	*date = temporal_date(year, month, day);
	return true;
}

static bool read_nanos(struct reader *r, int64_t *nanos)
{
	size_t n = 0;
	*nanos = 0;
	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
		if (n++ < 9)
			*nanos = *nanos * 10 + (*r->at - '0');
	if (!n)
		return false;
	for (; n < 9; n++)
		*nanos *= 10;
	return true;
}

/* HH:MM:SS[.f][Z|±HH:MM[:SS]|@zone]; `date` serves the zone's offset. 24:00:00 is nanos of a whole day. */
static bool read_time(struct arena *arena, struct reader *r, int32_t date, struct feel_value *v)
{
	int64_t h, m, s, nanos = 0;
	if (!read_two(r, &h) || !read_char(r, ':') || !read_two(r, &m) || !read_char(r, ':') || !read_two(r, &s))
		return false;
	if (read_char(r, '.') && !read_nanos(r, &nanos))
		return false;
	if (h > 24 || m > 59 || s > 59 || (h == 24 && (m || s || nanos)))
		return false;
	int64_t second = h * 3600 + m * 60 + s;
	v->time.nanos = second * UNIT + nanos;
	v->time.offset = LOCAL;
	v->time.zone = NULL;
	if (r->at == r->end)
		return true;
	if (read_char(r, 'Z')) {
		v->time.offset = 0;
	} else if (*r->at == '+' || *r->at == '-') {
		bool negative = *r->at++ == '-';
		int64_t oh, om, os = 0;
		if (!read_two(r, &oh) || !read_char(r, ':') || !read_two(r, &om) || (read_char(r, ':') && !read_two(r, &os)))
			return false;
		if (oh > 18 || om > 59 || os > 59 || (oh == 18 && (om || os)))
			return false;
		int64_t offset = oh * 3600 + om * 60 + os;
		v->time.offset = (int32_t)(negative ? -offset : offset);
	} else if (read_char(r, '@')) {
		char *zone = arena_copy(arena, r->at, (size_t)(r->end - r->at));
		if (!zone_offset(zone, date, second, &v->time.offset))
			return false;
		v->time.zone = zone;
		r->at = r->end;
	}
	return r->at == r->end;
}

bool temporal_parse_date(const char *text, size_t length, int32_t *date)
{
	struct reader r = { text, text + length };
	return read_date(&r, date) && r.at == r.end;
}

bool temporal_parse_time(struct arena *arena, const char *text, size_t length, struct feel_value *time)
{
	struct reader r = { text, text + length };
	*time = (struct feel_value){ .kind = FEEL_TIME };
	if (read_char(&r, 'T')) {
		/* "T10:30:00" is the same time */
	}
	return read_time(arena, &r, 0, time) && time->time.nanos < DAY * UNIT;
}

bool temporal_parse_date_time(struct arena *arena, const char *text, size_t length, struct feel_value *value)
{
	struct reader r = { text, text + length };
	int32_t date;
	*value = (struct feel_value){ .kind = FEEL_DATE_TIME };
	if (!read_date(&r, &date))
		return false;
	value->time.offset = LOCAL;
	if (r.at < r.end && (!read_char(&r, 'T') || !read_time(arena, &r, date, value)))
		return false;
	value->time.date = date;
	if (value->time.nanos >= DAY * UNIT) {
		value->time.nanos -= DAY * UNIT;
		value->time.date++;
	}
	return true;
}

bool temporal_parse_duration(const char *text, size_t length, struct feel_value *value)
{
	struct reader r = { text, text + length };
	bool negative = read_char(&r, '-'), months = false, days = false, time = false;
	int64_t seconds = 0, nanos = 0, total = 0;
	if (!read_char(&r, 'P') || r.at == r.end)
		return false;
	int last = -1;
	while (r.at < r.end) {
		int64_t n, unit;
		if (!time && read_char(&r, 'T')) {
			time = true;
			if (r.at == r.end)
				return false;
			continue;
		}
		if (!read_digits(&r, 1, 18, &n))
			return false;
		bool fraction = time && read_char(&r, '.');
		if (fraction && !read_nanos(&r, &nanos) && !(r.at < r.end && *r.at == 'S'))
			return false;
		if (r.at == r.end || !*r.at)
			return false;
		char c = *r.at++;
		const char *units = time ? "HMS" : "YMD", *place = strchr(units, c);
		int rank = place ? (int)(place - units) + (time ? 3 : 0) : -1;
		if (rank <= last || (fraction && c != 'S'))
			return false;
		last = rank;
		if (!time && c != 'D') {
			months = true;
			if (__builtin_mul_overflow(n, c == 'Y' ? 12 : 1, &n) || __builtin_add_overflow(total, n, &total))
				return false;
		} else {
			days = true;
			unit = !time ? DAY : c == 'H' ? 3600 : c == 'M' ? 60 : 1;
			if (__builtin_mul_overflow(n, unit, &n) || __builtin_add_overflow(seconds, n, &seconds))
				return false;
		}
	}
	if (months == days)
		return false;
	if (months)
		*value = value_months(negative ? -total : total);
	else
		*value = value_days(negative ? -seconds : seconds, negative ? -nanos : nanos);
	return value->kind != FEEL_NULL;
}

struct feel_value temporal_parse_at(struct arena *arena, const char *text, size_t length)
{
	struct feel_value v;
	int32_t date;
	if (temporal_parse_date(text, length, &date))
		return feel_date(date);
	if (memchr(text, 'T', length) && length && *text != 'P' && !(length > 1 && text[1] == 'P')
		&& temporal_parse_date_time(arena, text, length, &v))
		return v;
	if (length && *text != 'T' && temporal_parse_time(arena, text, length, &v))
		return v;
	if (temporal_parse_duration(text, length, &v))
		return v;
	return feel_null();
}

/* ---- writing ---- */

void temporal_civil(int32_t date, int64_t *year, int *month, int *day)
{
	if (date > -719468 && date < 300000000) {
		/* Neri and Schneider, "Euclidean affine functions and their application to calendar algorithms" (2022) */
		uint32_t n1 = 4 * (uint32_t)(date + 719468) + 3, century = n1 / 146097, n2 = n1 % 146097 / 4 * 4 + 3;
		uint64_t p2 = UINT64_C(2939745) * n2;
		uint32_t day_of_year = (uint32_t)p2 / 2939745 / 4, n3 = 2141 * day_of_year + 197913, late = day_of_year >= 306;
		*year = (int64_t)(100 * century + (uint32_t)(p2 >> 32) + late);
		*month = (int)((n3 >> 16) - 12 * late);
		*day = (int)((n3 & 0xffff) / 2141 + 1);
		return;
	}
	int64_t z = (int64_t)date + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365, doy = doe - (365 * yoe + yoe / 4 - yoe / 100),
			mp = (5 * doy + 2) / 153;
	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = yoe + era * 400 + (*month <= 2);
}

static void print_date(struct str *out, int32_t date)
{
	int64_t year;
	int month, day;
	temporal_civil(date, &year, &month, &day);
	str_printf(out, "%s%04" PRId64 "-%02d-%02d", year < 0 ? "-" : "", year < 0 ? -year : year, month, day);
}

static void print_fraction(struct str *out, int64_t nanos)
{
	if (!nanos)
		return;
	char digits[16];
	int n = snprintf(digits, sizeof digits, "%09" PRId64, nanos);
	while (n > 1 && digits[n - 1] == '0')
		digits[--n] = 0;
	str_printf(out, ".%s", digits);
}

static void print_time(struct str *out, const struct feel_value *v)
{
	int64_t s = v->time.nanos / UNIT;
	str_printf(out, "%02d:%02d:%02d", (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
	print_fraction(out, v->time.nanos % UNIT);
	int32_t offset = v->time.offset;
	if (v->time.zone) {
		str_printf(out, "@%s", v->time.zone);
	} else if (offset == 0) {
		str_add_char(out, 'Z');
	} else if (offset != LOCAL) {
		int32_t a = offset < 0 ? -offset : offset;
		str_printf(out, "%c%02d:%02d", offset < 0 ? '-' : '+', (int)(a / 3600), (int)(a / 60 % 60));
		if (a % 60)
			str_printf(out, ":%02d", (int)(a % 60));
	}
}

static void print_duration(struct str *out, const struct feel_value *v)
{
	if (v->kind == FEEL_MONTHS_DURATION) {
		uint64_t m = v->months < 0 ? 0 - (uint64_t)v->months : (uint64_t)v->months;
		str_add(out, v->months < 0 ? "-P" : "P");
		if (m / 12)
			str_printf(out, "%" PRIu64 "Y", m / 12);
		if (m % 12 || !m)
			str_printf(out, "%" PRIu64 "M", m % 12);
		return;
	}
	bool negative = v->days.seconds < 0 || v->days.nanos < 0;
	uint64_t s = v->days.seconds < 0 ? 0 - (uint64_t)v->days.seconds : (uint64_t)v->days.seconds;
	int64_t nanos = v->days.nanos < 0 ? -(int64_t)v->days.nanos : v->days.nanos;
	str_add(out, negative ? "-P" : "P");
	if (s / DAY)
		str_printf(out, "%" PRIu64 "D", s / DAY);
	uint64_t rest = s % DAY;
	if (rest || nanos || !s) {
		if (!s && !nanos) {
			str_add(out, "T0S");
			return;
		}
		str_add_char(out, 'T');
		if (rest / 3600)
			str_printf(out, "%" PRIu64 "H", rest / 3600);
		if (rest / 60 % 60)
			str_printf(out, "%" PRIu64 "M", rest / 60 % 60);
		if (rest % 60 || nanos) {
			str_printf(out, "%" PRIu64, rest % 60);
			print_fraction(out, nanos);
			str_add_char(out, 'S');
		}
	}
}

void temporal_print(struct str *out, const struct feel_value *value)
{
	if (value->kind == FEEL_DATE) {
		print_date(out, value->date);
	} else if (value->kind == FEEL_TIME) {
		print_time(out, value);
	} else if (value->kind == FEEL_DATE_TIME) {
		print_date(out, value->time.date);
		str_add_char(out, 'T');
		print_time(out, value);
	} else {
		print_duration(out, value);
	}
}

/* ---- arithmetic ---- */

bool temporal_instant(const struct feel_value *value, int64_t *seconds)
{
	int64_t s = value->time.nanos / UNIT - (value->time.offset == LOCAL ? 0 : value->time.offset);
	if (value->kind == FEEL_DATE_TIME)
		s += (int64_t)value->time.date * DAY;
	*seconds = s;
	return true;
}

static bool add_months(int32_t date, int64_t months, int32_t *result)
{
	int64_t year;
	int month, day;
	temporal_civil(date, &year, &month, &day);
	if (months > 12 * YEAR_MAX * INT64_C(2) || months < -12 * YEAR_MAX * INT64_C(2))
		return false;
	int64_t m = year * 12 + month - 1 + months, y = (m >= 0 ? m : m - 11) / 12;
	int mm = (int)(m - y * 12) + 1;
	if (y < -YEAR_MAX || y > YEAR_MAX)
		return false;
	int last = day <= 28 ? 28 : date_days_in_month((int32_t)y, mm);
	*result = temporal_date(y, mm, day < last || day <= 28 ? day : last);
	return true;
}

static bool in_range(int64_t day)
{
	return day >= INT64_C(-365) * YEAR_MAX && day <= INT64_C(365) * YEAR_MAX;
}

/* Floor of (seconds, nanos) plus a time of day into days and nanos of the day. */
static bool shift(int64_t date, int64_t nanos, int64_t seconds, int64_t more, int64_t *day, int64_t *rest)
{
	int64_t days = seconds / DAY, left = (seconds % DAY) * UNIT + nanos + more;
	int64_t carry = left / (DAY * UNIT);
	left %= DAY * UNIT;
	if (left < 0) {
		left += DAY * UNIT;
		carry--;
	}
	*rest = left;
	return !__builtin_add_overflow(date, days, day) && !__builtin_add_overflow(*day, carry, day);
}

static void find_offset(struct feel_value *v)
{
	if (v->time.zone)
		(void)zone_offset(
			v->time.zone, v->kind == FEEL_DATE_TIME ? v->time.date : 0, v->time.nanos / UNIT, &v->time.offset);
}

struct feel_value temporal_add(const struct feel_value *point, const struct feel_value *duration, int sign)
{
	struct feel_value v = *point;
	int64_t day, rest;
	if (duration->kind == FEEL_MONTHS_DURATION) {
		int64_t months = duration->months;
		if (months == INT64_MIN || point->kind == FEEL_TIME)
			return feel_null();
		if (!add_months(point->kind == FEEL_DATE ? point->date : point->time.date, sign * months,
				point->kind == FEEL_DATE ? &v.date : &v.time.date))
			return feel_null();
		if (v.kind == FEEL_DATE_TIME)
			find_offset(&v);
		return v;
	}
	if (duration->days.seconds == INT64_MIN)
		return feel_null();
	int64_t seconds = sign * duration->days.seconds, nanos = sign * (int64_t)duration->days.nanos;
	if (point->kind == FEEL_DATE) {
		if (!shift(point->date, 0, seconds, nanos, &day, &rest) || !in_range(day))
			return feel_null();
		return feel_date((int32_t)day);
	}
	if (!shift(point->kind == FEEL_TIME ? 0 : point->time.date, point->time.nanos, seconds, nanos, &day, &rest))
		return feel_null();
	if (point->kind == FEEL_DATE_TIME && !in_range(day))
		return feel_null();
	v.time.nanos = rest;
	v.time.date = point->kind == FEEL_TIME ? 0 : (int32_t)day;
	find_offset(&v);
	return v;
}

struct feel_value temporal_sub(const struct feel_value *a, const struct feel_value *b)
{
	if (a->kind == FEEL_DATE && b->kind == FEEL_DATE)
		return value_days(((int64_t)a->date - b->date) * DAY, 0);
	struct feel_value x = *a, y = *b;
	if ((a->kind == FEEL_TIME) != (b->kind == FEEL_TIME))
		return feel_null();
	if (a->kind == FEEL_DATE) /* a date is its midnight in UTC */
		x = (struct feel_value){ .kind = FEEL_DATE_TIME, .time = { a->date, 0, 0, NULL } };
	if (b->kind == FEEL_DATE)
		y = (struct feel_value){ .kind = FEEL_DATE_TIME, .time = { b->date, 0, 0, NULL } };
	if ((x.time.offset == LOCAL) != (y.time.offset == LOCAL))
		return feel_null();
	int64_t s, t;
	(void)temporal_instant(&x, &s);
	(void)temporal_instant(&y, &t);
	return value_days(s - t, x.time.nanos % UNIT - y.time.nanos % UNIT);
}

/* ---- properties ---- */

struct feel_value temporal_property(struct arena *arena, const struct feel_value *v, const char *name)
{
	bool has_date = v->kind == FEEL_DATE || v->kind == FEEL_DATE_TIME,
		 has_time = v->kind == FEEL_TIME || v->kind == FEEL_DATE_TIME;
	if (has_date) {
		int32_t date = v->kind == FEEL_DATE ? v->date : v->time.date;
		int64_t year;
		int month, day;
		temporal_civil(date, &year, &month, &day);
		if (!strcmp(name, "year"))
			return feel_integer(year);
		if (!strcmp(name, "month"))
			return feel_integer(month);
		if (!strcmp(name, "day"))
			return feel_integer(day);
		if (!strcmp(name, "weekday"))
			return feel_integer(((int64_t)date + 3 - (date + 3 < 0 ? 6 : 0)) % 7 + (date + 3 < 0 ? 7 : 1));
	}
	if (v->kind == FEEL_DATE && (!strcmp(name, "hour") || !strcmp(name, "minute") || !strcmp(name, "second")))
		return feel_null();
	if (has_time) {
		int64_t s = v->time.nanos / UNIT;
		if (!strcmp(name, "hour"))
			return feel_integer(s / 3600);
		if (!strcmp(name, "minute"))
			return feel_integer(s / 60 % 60);
		if (!strcmp(name, "second"))
			return feel_integer(s % 60);
		if (!strcmp(name, "time offset"))
			return v->time.offset == LOCAL ? feel_null() : value_days(v->time.offset, 0);
		if (!strcmp(name, "timezone"))
			return v->time.zone ? value_text(arena, v->time.zone) : feel_null();
	}
	if (v->kind == FEEL_DAYS_DURATION) {
		int64_t s = v->days.seconds;
		if (!strcmp(name, "days"))
			return feel_integer(s / DAY);
		if (!strcmp(name, "hours"))
			return feel_integer(s % DAY / 3600);
		if (!strcmp(name, "minutes"))
			return feel_integer(s % 3600 / 60);
		if (!strcmp(name, "seconds"))
			return value_number(decimal_add(decimal_from_int(s % 60), decimal_from_scaled(v->days.nanos, 9)));
	}
	if (v->kind == FEEL_MONTHS_DURATION) {
		if (!strcmp(name, "years"))
			return feel_integer(v->months / 12);
		if (!strcmp(name, "months"))
			return feel_integer(v->months % 12);
	}
	return feel_null();
}
