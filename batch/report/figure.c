/*
 * figure.c - values as texts.
 *
 * Decides: how a grade, a length of service, a period reads. Exact digits come from base/decimal.
 */
#include "report/figure.h"

#include "base/decimal.h"
#include "report/label.h"

#include <stdio.h>
#include <string.h>

const char *figure_number(struct arena *arena, int64_t value, int scale, int places)
{
	char digits[48];
	size_t length = decimal_format(value, scale, places, digits);
	return arena_copy(arena, digits, length);
}

const char *figure_date(struct arena *arena, int32_t day)
{
	char iso[16];
	date_format_iso(day, iso);
	return arena_text(arena, iso);
}

const char *figure_grade(struct arena *arena, int64_t grade, enum text_lang lang)
{
	static const enum label_id stars[] = { LABEL_STARS_1, LABEL_STARS_2, LABEL_STARS_3, LABEL_STARS_4, LABEL_STARS_5 };
	if (grade >= 1 && grade <= 5)
		return label(stars[grade - 1], lang);
	return label_fill(arena, LABEL_STARS_N, lang, figure_number(arena, grade, 0, 0));
}

const char *figure_months(struct arena *arena, int months, enum text_lang lang)
{
	int years = months / 12, rest = months % 12;
	if (years == 0)
		return label_fill(arena, LABEL_MONTHS_ONLY, lang, rest);
	if (rest == 0)
		return label_fill(arena, LABEL_YEARS_ONLY, lang, years);
	return label_fill(arena, LABEL_YEARS_MONTHS, lang, years, rest);
}

const char *figure_period(struct arena *arena, const struct date_period *period, enum text_lang lang)
{
	static const char *const quarters[2][4] = { { "一", "二", "三", "四" }, { "1", "2", "3", "4" } };
	static const char *const halves[2][2] = { { "上", "下" }, { "1", "2" } };
	struct date_civil first = date_to_civil(period->first);
	char year[16], month[8];
	snprintf(year, sizeof year, "%d", (int)first.year);
	snprintf(month, sizeof month, lang == TEXT_ZH ? "%d" : "%02d", first.month);
	size_t row = lang == TEXT_ZH ? 0 : 1;
	switch (period->kind) {
	case DATE_QUARTER: return label_fill(arena, LABEL_QUARTER, lang, year, quarters[row][(first.month - 1) / 3]);
	case DATE_HALF: return label_fill(arena, LABEL_HALF, lang, year, halves[row][(first.month - 1) / 6]);
	case DATE_MONTH: return label_fill(arena, LABEL_MONTH, lang, year, month);
	case DATE_YEAR: break;
	}
	return label_fill(arena, LABEL_YEAR, lang, year);
}

const char *figure_period_short(struct arena *arena, const char *name)
{
	return arena_text(arena, strlen(name) > 4 ? name + 2 : name);
}

const char *figure_text(struct arena *arena, const char *text, size_t columns)
{
	if ((size_t)text_width(text) <= columns)
		return text;
	const char *at = text, *end = text + strlen(text), *cut = text;
	char one[8];
	size_t width = 1;
	while (at < end) {
		uint32_t point = text_next(&at, end);
		size_t bytes = text_encode(point, one);
		one[bytes] = '\0';
		width += (size_t)text_width(one);
		if (width > columns)
			break;
		cut = at;
	}
	return arena_printf(arena, "%.*s…", (int)(cut - text), text);
}

int64_t figure_minus(int64_t a, int a_scale, int64_t b, int b_scale, int *scale)
{
	int64_t x, y, difference;
	*scale = a_scale > b_scale ? a_scale : b_scale;
	if (!decimal_rescale(a, a_scale, *scale, &x) || !decimal_rescale(b, b_scale, *scale, &y)
		|| __builtin_sub_overflow(x, y, &difference))
		return DECIMAL_NONE;
	return difference;
}

int figure_compare(int64_t a, int a_scale, int64_t b, int b_scale)
{
	int scale;
	int64_t difference = a_scale == b_scale ? (a > b) - (a < b) : figure_minus(a, a_scale, b, b_scale, &scale);
	if (difference == DECIMAL_NONE)
		return decimal_compare(decimal_from_scaled(a, a_scale), decimal_from_scaled(b, b_scale));
	return (difference > 0) - (difference < 0);
}

double figure_double(int64_t value, int scale)
{
	return (double)value / (double)decimal_pow10(scale);
}
