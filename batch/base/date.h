/*
 * date.h - civil dates as day numbers, months and review periods. Proleptic Gregorian, no clock, no zone.
 */
#ifndef PANDIAN_BASE_DATE_H
#define PANDIAN_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATE_NONE INT32_MIN  /* "no date" in date columns */

struct date_civil { int32_t year; int month, day; }; /* month 1-12, day 1-31 */

bool date_valid(int32_t year, int month, int day);
int32_t date_from_civil(int32_t year, int month, int day);   /* days since 1970-01-01; arguments must be valid */
struct date_civil date_to_civil(int32_t day_number);
int date_days_in_month(int32_t year, int month);
/* Adds months, clamping to the end of the month (2026-01-31 + 1 = 2026-02-28). */
int32_t date_add_months(int32_t day_number, int months);
/*
 * Whole months from `from` to `to` (negative if to < from); the inverse of date_add_months: greatest k with
 * add_months(from, k) <= to.
 */
int date_months_between(int32_t from, int32_t to);
/* "YYYY-MM-DD" exactly; false if not a valid date of the years 0001-9999. */
bool date_parse_iso(const char *text, size_t length, int32_t *day_number);
void date_format_iso(int32_t day_number, char out[16]);      /* DATE_NONE gives "" */

/* A review period: a quarter ("2026Q3"), a half ("2026H1"), a month ("2026-09") or a year ("2026"). */
enum date_period_kind { DATE_QUARTER, DATE_HALF, DATE_MONTH, DATE_YEAR };
struct date_period {
	char name[16];           /* as printed: "2026Q3" */
	enum date_period_kind kind;
	int32_t first, last;     /* day numbers, both inside */
};
bool date_period_parse(const char *text, struct date_period *period);
struct date_period date_period_at(enum date_period_kind kind, int32_t day_number);   /* the one holding the day */
struct date_period date_period_step(
	const struct date_period *period, int steps); /* steps periods later (negative: earlier) */

#endif
