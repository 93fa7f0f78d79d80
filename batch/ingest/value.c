/*
 * value.c - one cell's text → a typed value.
 *
 * Decides: which spellings of dates, periods, numbers and booleans are accepted and which texts mean "no value".
 * Does not decide: what happens to a row that does not fit (row.c), nor which columns are read (mapping.c).
 */
#include "ingest/value.h"

#include "base/date.h"
#include "base/mem.h"

#include <string.h>

static const struct { const char *name; enum ingest_yield yields; const char *help; } types[] = {
#define INGEST_TYPE(id, name, kind, help) { name, INGEST_YIELD_##kind, help },
#include "ingest/types.def"
#undef INGEST_TYPE
};
static const struct ingest_kind kinds[] = {
#define INGEST_TYPE(id, name, kind, help) { name, help },
#include "ingest/types.def"
#undef INGEST_TYPE
};

const struct ingest_kind *ingest_value_types(size_t *count)
{
	*count = sizeof kinds / sizeof *kinds;
	return kinds;
}

bool ingest_type_find(const char *name, enum ingest_type *type)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(types[i].name, name) == 0) {
			*type = (enum ingest_type)i;
			return true;
		}
	}
	return false;
}

const char *ingest_type_name(enum ingest_type type)
{
	return types[type].name;
}

enum ingest_yield ingest_type_yields(enum ingest_type type)
{
	return types[type].yields;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool equals(const char *text, size_t length, const char *other)
{
	return strlen(other) == length && memcmp(text, other, length) == 0;
}

bool ingest_value_missing(const char *text, size_t length, const struct ingest_names *more)
{
	static const char *const none[] = { "-", "--", "—", "——", "－", "/", "\\", "N/A", "n/a", "#N/A", "NA", "NULL",
		"null", "无", "?", "None", "NaN" };
	if (length == 0)
		return true;
	if (length <= 6) {
		for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
			if (equals(text, length, none[i]))
				return true;
		}
	}
	for (size_t i = 0; i < more->count; i++) {
		if (equals(text, length, more->at[i]))
			return true;
	}
	return false;
}

void ingest_value_months_init(struct ingest_months *months)
{
	ingest_value_learn_month("1970-01-", &months->at[0]);
	for (size_t i = 1; i < sizeof months->at / sizeof *months->at; i++)
		months->at[i] = months->at[0]; /* a place that is not used holds a month nobody finds there */
}

bool ingest_value_learn_month(const char *text, struct ingest_month *month)
{
	for (size_t i = 0; i < 8; i++) {
		if ((i == 4 || i == 7) ? (text[i] != '-' && text[i] != '/') : !digit(text[i]))
			return false;
	}
	int32_t year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0');
	int of_year = (text[5] - '0') * 10 + (text[6] - '0');
	if (year < 1900 || year > 2200 || of_year < 1 || of_year > 12)
		return false;
	memcpy(&month->text, text, 8);
	month->before = date_from_civil(year, of_year, 1) - 1;
	return true;
}

/* Reads up to `room` digits; returns how many. */
static size_t digits(const char **at, const char *end, size_t room, int *value)
{
	size_t n = 0;
	*value = 0;
	while (*at < end && n < room && digit(**at)) {
		*value = *value * 10 + (**at - '0');
		(*at)++;
		n++;
	}
	return n;
}

static bool take(const char **at, const char *end, const char *text)
{
	size_t n = strlen(text);
	if ((size_t)(end - *at) < n || memcmp(*at, text, n) != 0)
		return false;
	*at += n;
	return true;
}

static bool take_separator(const char **at, const char *end)
{
	static const char *const marks[] = { "-", "/", ".", "年", "月", "–", "—", "－" };
	while (take(at, end, " ")) {
	}
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (take(at, end, marks[i])) {
			while (take(at, end, " ")) {
			}
			return true;
		}
	}
	return false;
}

/* What may follow the day: nothing, or a time of day and zone, which are left out. */
static bool take_time(const char *at, const char *end)
{
	if (!take(&at, end, "日"))
		take(&at, end, "号");
	if (at == end)
		return true;
	bool marked = take(&at, end, "T");
	while (take(&at, end, " "))
		marked = true;
	if (at == end)
		return true;
	if (!marked && *at != '-' && *at != '+' && *at != 'Z')
		return false;
	if (take(&at, end, "上午") || take(&at, end, "下午")) {
		while (take(&at, end, " ")) {
		}
	}
	bool any = false;
	for (; at < end; at++) {
		if (!digit(*at) && !strchr(":.+-Z APM", *at))
			return false;
		any = true;
	}
	return any;
}

static enum ingest_outcome bad(enum finding_id id, const char *text, enum finding_id *why, const char **detail)
{
	*why = id;
	*detail = text;
	return INGEST_BAD;
}

static enum ingest_outcome civil(
	int year, int month, int day, int32_t *result, enum finding_id *why, const char **detail)
{
	if (!date_valid(year, month, day))
		return bad(FINDING_BAD_DATE, "no such day", why, detail);
	if (year < 1900 || year > 2200)
		return bad(FINDING_IMPOSSIBLE_DATE, "years 1900 to 2200 are accepted", why, detail);
	*result = date_from_civil(year, month, day);
	return INGEST_OK;
}

static bool open_ended(const char *text, size_t length)
{
	static const char *const texts[] = { "0000-00-00", "0000-00-00 00:00:00", "1900-01-00", "长期", "至今", "永久",
		"长期有效" };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		if (equals(text, length, texts[i]))
			return true;
	}
	return length >= 10 && (memcmp(text, "9999-12-31", 10) == 0 || memcmp(text, "9999/12/31", 10) == 0);
}

enum ingest_outcome ingest_value_date(const char *text, size_t length, enum ingest_format format, int32_t *day,
	enum finding_id *why, const char **detail)
{
	if (open_ended(text, length))
		return INGEST_MISSING;
	const char *at = text, *end = text + length;
	int a, b, c;
	size_t na = digits(&at, end, 8, &a);
	if (format == INGEST_FORMAT_EXCEL && na == 5 && (at == end || *at == '.')) {
		if (a < 61)
			return bad(FINDING_IMPOSSIBLE_DATE, "spreadsheet day numbers before 61 are not dates", why, detail);
		*day = date_from_civil(1899, 12, 30) + a;
		return INGEST_OK;
	}
	if (na == 8 && take_time(at, end) && format != INGEST_FORMAT_DMY && format != INGEST_FORMAT_MDY)
		return civil(a / 10000, a / 100 % 100, a % 100, day, why, detail);
	if (na == 0 || na == 3 || na > 4 || !take_separator(&at, end))
		return bad(FINDING_BAD_DATE, NULL, why, detail);
	size_t nb = digits(&at, end, 2, &b);
	if (nb == 0 || !take_separator(&at, end))
		return bad(FINDING_BAD_DATE, NULL, why, detail);
	size_t nc = digits(&at, end, na == 4 ? 2 : 4, &c);
	if (nc == 0 || !take_time(at, end))
		return bad(FINDING_BAD_DATE, NULL, why, detail);
	if (na == 4)
		return civil(a, b, c, day, why, detail);
	if (nc != 4)
		return bad(FINDING_BAD_DATE, "the year needs four digits", why, detail);
	if (format == INGEST_FORMAT_YMD)
		return bad(FINDING_BAD_DATE, "the mapping says year-month-day", why, detail);
	if (format == INGEST_FORMAT_DMY)
		return civil(c, b, a, day, why, detail);
	if (format == INGEST_FORMAT_MDY)
		return civil(c, a, b, day, why, detail);
	if (a > 12 || a == b)
		return civil(c, b, a, day, why, detail);
	if (b > 12)
		return civil(c, a, b, day, why, detail);
	return bad(FINDING_AMBIGUOUS_DATE, "day-month-year or month-day-year: say format=\"dmy\" or \"mdy\" in the mapping",
		why, detail);
}

static enum ingest_outcome period_end(
	int year, int first_month, int months, int32_t *day, enum finding_id *why, const char **detail)
{
	if (year < 1900 || year > 2200 || first_month < 1 || first_month > 12)
		return bad(FINDING_BAD_DATE, "not a period", why, detail);
	*day = date_add_months(date_from_civil(year, first_month, 1), months) - 1;
	return INGEST_OK;
}

enum ingest_outcome ingest_value_period(
	const char *text, size_t length, int32_t *day, enum finding_id *why, const char **detail)
{
	static const char *const numerals[] = { "一", "二", "三", "四" };
	const char *at = text, *end = text + length;
	int year, n;
	size_t ny = digits(&at, end, 4, &year);
	if (ny == 4) {
		if (at == end || equals(at, (size_t)(end - at), "年") || equals(at, (size_t)(end - at), "年度")
			|| equals(at, (size_t)(end - at), "全年"))
			return period_end(year, 1, 12, day, why, detail);
		const char *after_year = at;
		bool marked = take(&at, end, "年") || take(&at, end, "-") || take(&at, end, "/") || take(&at, end, " ");
		take(&at, end, "第");
		if (take(&at, end, "Q") || take(&at, end, "q")) {
			if (digits(&at, end, 1, &n) == 1 && n >= 1 && n <= 4 && at == end)
				return period_end(year, 3 * n - 2, 3, day, why, detail);
			return bad(FINDING_BAD_DATE, "not a quarter", why, detail);
		}
		if (take(&at, end, "H") || take(&at, end, "h")) {
			if (digits(&at, end, 1, &n) == 1 && n >= 1 && n <= 2 && at == end)
				return period_end(year, 6 * n - 5, 6, day, why, detail);
			return bad(FINDING_BAD_DATE, "not a half-year", why, detail);
		}
		if (take(&at, end, "上半年") && at == end)
			return period_end(year, 1, 6, day, why, detail);
		if (take(&at, end, "下半年") && at == end)
			return period_end(year, 7, 6, day, why, detail);
		for (int i = 0; i < 4; i++) {
			const char *try = at;
			if ((take(&try, end, numerals[i]) || (try < end && *try == '1' + i && try++))
				&& (take(&try, end, "季度") || take(&try, end, "季")) && try == end)
				return period_end(year, 3 * i + 1, 3, day, why, detail);
		}
		const char *month = at;
		size_t nm = digits(&month, end, 2, &n);
		if (nm > 0 && (marked || (nm == 2 && month == after_year + 2))) {
			if (take(&month, end, "月份") || take(&month, end, "月") || true) {
				if (month == end)
					return period_end(year, n, 1, day, why, detail);
			}
		}
	}
	return ingest_value_date(text, length, INGEST_FORMAT_AUTO, day, why, detail);
}

enum ingest_outcome ingest_value_number(const char *text, size_t length, enum ingest_type type, struct decimal *value,
	enum finding_id *why, const char **detail)
{
	static const char *const units[] = { "学分", "学时", "课时", "小时", "分钟", "分", "个", "次", "人", "天", "元",
		"月", "年", "级", "星" };
	char digit_text[64];
	size_t n = 0;
	const char *at = text, *end = text + length;
	if (at < end && *at == '\'')
		at++;
	take(&at, end, "¥");
	bool percent = false;
	if (end > at && end[-1] == '%') {
		percent = true;
		end--;
	} else {
		for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
			size_t m = strlen(units[i]);
			if ((size_t)(end - at) > m && memcmp(end - m, units[i], m) == 0) {
				end -= m;
				break;
			}
		}
	}
	while (end > at && end[-1] == ' ')
		end--;
	if (at == end || (size_t)(end - at) >= sizeof digit_text)
		return bad(FINDING_BAD_NUMBER, NULL, why, detail);
	/* Commas only where they part groups of three before the point. */
	const char *point = memchr(at, '.', (size_t)(end - at));
	const char *whole_end = point ? point : end;
	for (const char *p = at; p < end; p++) {
		if (*p == ',') {
			if (p >= whole_end || p == at || (whole_end - p) % 4 != 0 || !digit(p[-1]) || !digit(p[1]))
				return bad(FINDING_BAD_NUMBER, "a comma that does not part thousands", why, detail);
			continue;
		}
		if (!digit(*p) && *p != '.' && !((*p == '-' || *p == '+') && p == at))
			return bad(FINDING_BAD_NUMBER, NULL, why, detail);
		digit_text[n++] = *p;
	}
	if (!decimal_from_text(digit_text, n, value))
		return bad(FINDING_BAD_NUMBER, NULL, why, detail);
	if (percent && type == INGEST_SHARE)
		*value = decimal_div(*value, decimal_from_int(100));
	if (type == INGEST_INTEGER && !decimal_is_integer(*value))
		return bad(FINDING_BAD_NUMBER, "a whole number is expected", why, detail);
	return INGEST_OK;
}

enum ingest_outcome ingest_value_scale(const struct ingest_spec *spec, struct decimal number, int64_t *value,
	enum finding_id *why, const char **detail)
{
	if (spec->has_factor)
		number = decimal_mul(number, spec->factor);
	if ((spec->has_min && decimal_compare(number, spec->min) < 0)
		|| (spec->has_max && decimal_compare(number, spec->max) > 0))
		return bad(FINDING_OUT_OF_SCALE, "outside min and max of the mapping", why, detail);
	int scale = spec->field ? spec->field->scale : 0;
	if (spec->round ? decimal_to_scaled_rounded(number, scale, value) : decimal_to_scaled(number, scale, value))
		return INGEST_OK;
	int64_t rounded;
	if (decimal_to_scaled_rounded(number, scale, &rounded))
		return bad(
			FINDING_BAD_NUMBER, "more decimals than the field keeps; round=\"yes\" in the mapping rounds", why, detail);
	return bad(FINDING_OUT_OF_SCALE, "too large", why, detail);
}

enum ingest_outcome ingest_value_bool(const char *text, size_t length, const struct ingest_names *truth, bool *value)
{
	static const char *const yes[] = { "是", "有", "y", "yes", "true", "t", "1", "√", "✓", "对" };
	static const char *const no[] = { "否", "无", "n", "no", "false", "f", "0", "×", "✗", "x", "-", "没有", "不是" };
	struct str folded = { 0 };
	text_fold(&folded, text, length);
	enum ingest_outcome outcome = INGEST_BAD;
	if (folded.length == 0)
		outcome = INGEST_MISSING;
	for (size_t i = 0; i < truth->count && outcome == INGEST_BAD; i++) {
		if (equals(folded.text, folded.length, truth->at[i])) {
			*value = true;
			outcome = INGEST_OK;
		}
	}
	for (size_t i = 0; !truth->count && i < sizeof yes / sizeof *yes && outcome == INGEST_BAD; i++) {
		if (equals(folded.text, folded.length, yes[i])) {
			*value = true;
			outcome = INGEST_OK;
		}
	}
	for (size_t i = 0; i < sizeof no / sizeof *no && outcome == INGEST_BAD; i++) {
		if (equals(folded.text, folded.length, no[i])) {
			*value = false;
			outcome = INGEST_OK;
		}
	}
	if (outcome == INGEST_BAD && truth->count) { /* true= names what is true: everything else is false */
		*value = false;
		outcome = INGEST_OK;
	}
	str_release(&folded);
	return outcome;
}

const char *ingest_value_mapped(const struct ingest_spec *spec, const char *text, size_t length)
{
	if (spec->map_count == 0)
		return NULL;
	struct str folded = { 0 };
	text_fold(&folded, text, length);
	const char *to = NULL;
	for (size_t i = 0; i < spec->map_count && !to; i++) {
		if (spec->maps[i].from_length == folded.length
			&& memcmp(spec->maps[i].from, str_text(&folded), folded.length) == 0)
			to = spec->maps[i].to;
	}
	str_release(&folded);
	return to;
}

bool ingest_value_spoilt(const char *text, size_t length)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
		"Dec" };
	const char *at = text, *end = text + length;
	int n;
	if (digits(&at, end, 2, &n) > 0) {
		const char *rest = at;
		if (n >= 1 && n <= 12 && take(&rest, end, "月") && digits(&rest, end, 2, &n) > 0 && take(&rest, end, "日")
			&& rest == end)
			return true;
		if (take(&at, end, "-")) {
			for (size_t i = 0; i < 12; i++) {
				if (equals(at, (size_t)(end - at), months[i]))
					return true;
			}
			return false;
		}
		/* 4.20101E+17: an id shown as a number */
		if (at == text + 1 && (*at == '.' || *at == 'E')) {
			const char *e = memchr(at, 'E', (size_t)(end - at));
			if (!e || end - e < 3 || e[1] != '+' || !digit(e[2]) || !digit(end[-1]))
				return false;
			for (const char *p = at + 1; p < e; p++) {
				if (!digit(*p))
					return false;
			}
			return true;
		}
		return false;
	}
	for (size_t i = 0; i < 12; i++) {
		if (length >= 5 && memcmp(text, months[i], 3) == 0 && text[3] == '-' && digit(text[4])
			&& (length == 5 || (length == 6 && digit(text[5]))))
			return true;
	}
	return false;
}
