/*
 * figure.h - values as their readers see them: numbers, dates, grades, lengths of service, periods.
 */
#ifndef PANDIAN_REPORT_FIGURE_H
#define PANDIAN_REPORT_FIGURE_H

#include "base/arena.h"
#include "base/date.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* value * 10^-scale with `places` places, or the shortest text if places < 0. */
const char *figure_number(struct arena *arena, int64_t value, int scale, int places);
const char *figure_date(struct arena *arena, int32_t day); /* "" for DATE_NONE */
const char *figure_grade(struct arena *arena, int64_t grade, enum text_lang lang); /* 四星 */
const char *figure_months(struct arena *arena, int months, enum text_lang lang); /* 3 年 11 个月 */
const char *figure_period(
	struct arena *arena, const struct date_period *period, enum text_lang lang); /* 2026 年第三季度 */
const char *figure_period_short(struct arena *arena, const char *name); /* 2026Q3 → 26Q3 */
const char *figure_text(struct arena *arena, const char *text, size_t columns); /* cut to display columns with … */
int64_t figure_minus(int64_t a, int a_scale, int64_t b, int b_scale,
	int *scale); /* a - b at the finer scale; DECIMAL_NONE on overflow */
int figure_compare(int64_t a, int a_scale, int64_t b, int b_scale); /* -1, 0, 1, exact */
double figure_double(int64_t value, int scale); /* drawing only */

#endif
