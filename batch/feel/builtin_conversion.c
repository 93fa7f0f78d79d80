/*
 * builtin_conversion.c - built-in functions from one kind to another: number, string, duration, range; and is().
 *
 * Decides: their results. Dates and times are made in builtin_temporal.c.
 */
#include "feel/ast.h"

#include <string.h>

static void call_number(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	struct decimal d;
	if (args[0].kind == FEEL_NUMBER) {
		if (args[1].kind == FEEL_NULL && args[2].kind == FEEL_NULL)
			*out = args[0];
		return;
	}
	if (args[0].kind != FEEL_STRING)
		return;
	char group = 0, point = '.';
	if (args[1].kind == FEEL_STRING) {
		if (args[1].string.length != 1 || !strchr(" .,", args[1].string.text[0]))
			return;
		group = args[1].string.text[0];
	}
	if (args[2].kind == FEEL_STRING) {
		if (args[2].string.length != 1 || !strchr(".,", args[2].string.text[0]))
			return;
		point = args[2].string.text[0];
	}
	if (group == point)
		return;
	char plain[200];
	size_t n = 0;
	for (size_t i = 0; i < args[0].string.length; i++) {
		char c = args[0].string.text[i];
		if (group && c == group)
			continue;
		if (n + 1 >= sizeof plain || (c == '.' && point != '.') || c == ' ')
			return;
		plain[n++] = c == point ? '.' : c;
	}
	if (n && decimal_from_text(plain, n, &d))
		*out = value_number(d);
}

static void call_string(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	if (args[0].kind == FEEL_NULL)
		return;
	struct str s = { 0 };
	feel_print(&s, &args[0]);
	if (eval_charge(ev, s.length / 64))
		*out = value_text_of(ev->arena, &s);
	str_release(&s);
}

static void call_duration(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	struct feel_value v;
	if (args[0].kind == FEEL_DAYS_DURATION || args[0].kind == FEEL_MONTHS_DURATION)
		*out = args[0];
	else if (args[0].kind == FEEL_STRING && temporal_parse_duration(args[0].string.text, args[0].string.length, &v))
		*out = v;
}

static void call_is(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	const struct feel_value *a = &args[0], *b = &args[1];
	bool same = a->kind == b->kind && feel_equal(a, b) == 1;
	if (same && (a->kind == FEEL_TIME || a->kind == FEEL_DATE_TIME)) { /* also the same zone and offset */
		const char *x = a->time.zone ? a->time.zone : "", *y = b->time.zone ? b->time.zone : "";
		same = a->time.offset == b->time.offset && a->time.nanos == b->time.nanos && !strcmp(x, y);
	}
	*out = feel_boolean(same);
}

/* ---- range("[1..3]") ---- */

static void trim(const char **text, size_t *n)
{
	while (*n && strchr(" \t\n\r", **text)) {
		(*text)++;
		(*n)--;
	}
	while (*n && strchr(" \t\n\r", (*text)[*n - 1]))
		--*n;
}

/* A literal end: number, "text", @"…", or date("…") and its like. */
static struct feel_value literal(struct eval *ev, const char *text, size_t n)
{
	static const char *const calls[] = { "date and time(", "date(", "time(", "duration(" };
	struct feel_value v = feel_null();
	struct decimal d;
	trim(&text, &n);
	if (!n)
		return v;
	size_t call = 4;
	for (size_t i = 0; i < 4 && call == 4; i++)
		if (n > strlen(calls[i]) && !memcmp(text, calls[i], strlen(calls[i])) && text[n - 1] == ')')
			call = i;
	if (call < 4) {
		text += strlen(calls[call]);
		n -= strlen(calls[call]) + 1;
		trim(&text, &n);
	}
	bool at = text[0] == '@';
	if (n >= 2u + at && text[at] == '"' && text[n - 1] == '"' && !memchr(text + at + 1, '"', n - at - 2)) {
		text += at + 1;
		n -= at + 2u;
		int32_t date;
		if (at && call == 4)
			return temporal_parse_at(ev->arena, text, n);
		if (at)
			return v;
		if (call == 4)
			return feel_string(ev->arena, text, n);
		if (call == 0)
			return temporal_parse_date_time(ev->arena, text, n, &v) ? v : feel_null();
		if (call == 1)
			return temporal_parse_date(text, n, &date) ? feel_date(date) : v;
		if (call == 2)
			return temporal_parse_time(ev->arena, text, n, &v) ? v : feel_null();
		return temporal_parse_duration(text, n, &v) ? v : feel_null();
	}
	return call == 4 && decimal_from_text(text, n, &d) ? value_number(d) : v;
}

static void call_range(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const char *text = args[0].string.text;
	size_t n = args[0].string.length;
	trim(&text, &n);
	if (n < 4 || !strchr("[(]", text[0]) || !strchr("])[", text[n - 1]))
		return;
	const char *dots = NULL;
	bool quoted = false;
	for (size_t i = 1; i + 1 < n && !dots; i++) {
		quoted ^= text[i] == '"';
		if (!quoted && text[i] == '.' && text[i + 1] == '.')
			dots = text + i;
	}
	if (!dots)
		return;
	struct feel_value low = literal(ev, text + 1, (size_t)(dots - text) - 1),
					  high = literal(ev, dots + 2, (size_t)(text + n - 1 - (dots + 2)));
	int c = value_compare(&low, &high);
	if (c == 0 || c == -1)
		*out = value_range(ev->arena, &low, &high, text[0] == '[', text[n - 1] == ']');
}

const struct builtin builtin_conversion_rows[] = {
	{ "number", "from: any, grouping separator: string?, decimal separator: string?", "number", call_number, false,
		"a text as a number" },
	{ "string", "from: any", "string", call_string, false, "a value as text" },
	{ "duration", "from: any", "any", call_duration, false, "a text such as P1DT2H or P1Y2M as a duration" },
	{ "range", "from: string", "range", call_range, false, "a text such as [1..3] as a range" },
	{ "is", "value1: any?, value2: any?", "boolean", call_is, false,
		"whether two values are the very same, in kind and zone as well" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
