/*
 * date.c - civil dates as day numbers, months and review periods. Proleptic Gregorian; knows no clock and no zone.
 *
 * Day numbers: Howard Hinnant's days_from_civil, years begun in March so that the leap day ends them.
 */
#include "base/date.h"

#include <stdio.h>
#include <string.h>

static bool leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int64_t year, int month)
{
	static const signed char days[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return month == 2 && leap(year) ? 29 : days[month - 1];
}

int date_days_in_month(int32_t year, int month)
{
	return days_in_month(year, month);
}

bool date_valid(int32_t year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

static int64_t from_civil(int64_t year, int month, int day)
{
	int64_t era, of_era, of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int32_t date_from_civil(int32_t year, int month, int day)
{
	return (int32_t)from_civil(year, month, day);
}

struct date_civil date_to_civil(int32_t day_number)
{
	int64_t days = (int64_t)day_number + 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t of_era = days - era * 146097;
	int64_t years = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int of_year = (int)(of_era - (365 * years + years / 4 - years / 100));
	int shifted = (5 * of_year + 2) / 153;
	struct date_civil civil;

	civil.day = of_year - (153 * shifted + 2) / 5 + 1;
	civil.month = shifted < 10 ? shifted + 3 : shifted - 9;
	civil.year = (int32_t)(years + era * 400 + (civil.month <= 2));
	return civil;
}

/* Months since the year 0. */
static int64_t month_number(struct date_civil civil)
{
	return (int64_t)civil.year * 12 + civil.month - 1;
}

int32_t date_add_months(int32_t day_number, int months)
{
	struct date_civil civil = date_to_civil(day_number);
	int64_t total = month_number(civil) + months;
	int64_t year = (total >= 0 ? total : total - 11) / 12, result;
	int month = (int)(total - year * 12) + 1, longest = days_in_month(year, month);

	result = from_civil(year, month, civil.day < longest ? civil.day : longest);
	if (result > INT32_MAX)
		return INT32_MAX;
	return result > DATE_NONE ? (int32_t)result : DATE_NONE + 1;
}

int date_months_between(int32_t from, int32_t to)
{
	struct date_civil a = date_to_civil(from), b = date_to_civil(to);
	int months = (int)(month_number(b) - month_number(a));
	int longest = days_in_month(b.year, b.month);

	/* add_months(from, months) falls into the month of `to`, on this day: */
	if ((a.day < longest ? a.day : longest) > b.day)
		months--;
	return months;
}

static bool digits(const char *text, size_t count, int *value)
{
	size_t k;

	*value = 0;
	for (k = 0; k < count; k++) {
		if (text[k] < '0' || text[k] > '9')
			return false;
		*value = *value * 10 + (text[k] - '0');
	}
	return true;
}

bool date_parse_iso(const char *text, size_t length, int32_t *day_number)
{
	int year, month, day;

	if (length != 10 || text[4] != '-' || text[7] != '-')
		return false;
	if (!digits(text, 4, &year) || !digits(text + 5, 2, &month) || !digits(text + 8, 2, &day))
		return false;
	if (!date_valid(year, month, day))
		return false;
	*day_number = date_from_civil(year, month, day);
	return true;
}

void date_format_iso(int32_t day_number, char out[16])
{
	struct date_civil civil;
	int length;

	if (day_number == DATE_NONE) {
		out[0] = '\0';
		return;
	}
	civil = date_to_civil(day_number);
	length = snprintf(out, 16, "%04d-%02d-%02d", (int)civil.year, civil.month, civil.day);
	if (length < 0)
		out[0] = '\0';
}

static const int period_months[] = {
	[DATE_QUARTER] = 3, [DATE_HALF] = 6, [DATE_MONTH] = 1, [DATE_YEAR] = 12,
};

/* The period of a kind holding a month (counted since the year 0); kept to the years 1-9999, as names are. */
static struct date_period period_from(enum date_period_kind kind, int64_t first_month)
{
	struct date_period period = { .kind = kind };
	int64_t last;
	int year, month, last_year, last_month;
	char name[48] = "";

	if (first_month < 1 * 12)
		first_month = 1 * 12;
	if (first_month > 9999 * 12 + 11)
		first_month = 9999 * 12 + 11;
	first_month -= first_month % period_months[kind];
	last = first_month + period_months[kind] - 1;
	year = (int)(first_month / 12);
	month = (int)(first_month % 12) + 1;
	last_year = (int)(last / 12);
	last_month = (int)(last % 12) + 1;
	switch (kind) {
	case DATE_QUARTER:
		snprintf(name, sizeof name, "%04dQ%d", year, (month + 2) / 3);
		break;
	case DATE_HALF:
		snprintf(name, sizeof name, "%04dH%d", year, (month + 5) / 6);
		break;
	case DATE_MONTH:
		snprintf(name, sizeof name, "%04d-%02d", year, month);
		break;
	case DATE_YEAR:
		snprintf(name, sizeof name, "%04d", year);
		break;
	}
	memcpy(period.name, name, sizeof period.name - 1);
	period.first = date_from_civil(year, month, 1);
	period.last = date_from_civil(last_year, last_month, days_in_month(last_year, last_month));
	return period;
}

bool date_period_parse(const char *text, struct date_period *period)
{
	size_t length = strlen(text);
	int year, part = 1;
	enum date_period_kind kind;

	if (length < 4 || !digits(text, 4, &year) || year < 1)
		return false;
	if (length == 4)
		kind = DATE_YEAR;
	else if (length == 6 && text[4] == 'Q' && digits(text + 5, 1, &part))
		kind = DATE_QUARTER;
	else if (length == 6 && text[4] == 'H' && digits(text + 5, 1, &part))
		kind = DATE_HALF;
	else if (length == 7 && text[4] == '-' && digits(text + 5, 2, &part))
		kind = DATE_MONTH;
	else
		return false;
	if (part < 1 || part > 12 / period_months[kind])
		return false;
	*period = period_from(kind, (int64_t)year * 12 + (int64_t)(part - 1) * period_months[kind]);
	return true;
}

struct date_period date_period_at(enum date_period_kind kind, int32_t day_number)
{
	return period_from(kind, month_number(date_to_civil(day_number)));
}

struct date_period date_period_step(const struct date_period *period, int steps)
{
	int64_t first = month_number(date_to_civil(period->first));

	return period_from(period->kind, first + (int64_t)steps * period_months[period->kind]);
}
