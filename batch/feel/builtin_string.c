/*
 * builtin_string.c - built-in functions of texts. Positions and lengths count characters (code points), from 1.
 *
 * Decides: their results; patterns are those of regex.c.
 */
#include "feel/ast.h"

#include "base/text.h"
#include "feel/regex.h"

#include <string.h>

/* The byte where character `index` (from 0) starts; the end if there are fewer. */
static const char *character(const struct feel_value *s, size_t index)
{
	const char *at = s->string.text, *end = at + s->string.length;
	for (; index && at < end; index--)
		(void)text_next(&at, end);
	return at;
}

static void call_substring(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	int64_t start, n = INT64_MAX, total = (int64_t)text_count(args[0].string.text, args[0].string.length);
	if (!decimal_to_int(decimal_round_to(args[1].number, 0, DECIMAL_DOWN), &start) || !start)
		return;
	if (args[2].kind == FEEL_NUMBER
		&& (!decimal_to_int(decimal_round_to(args[2].number, 0, DECIMAL_DOWN), &n) || n < 1))
		return;
	if (start > total || start < -total)
		return;
	int64_t from = start > 0 ? start - 1 : total + start, to = n > total - from ? total : from + n;
	const char *a = character(&args[0], (size_t)from), *b = character(&args[0], (size_t)to);
	*out = feel_string(ev->arena, a, (size_t)(b - a));
}

static void call_string_length(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_integer((int64_t)text_count(args[0].string.text, args[0].string.length));
}

static void call_upper_case(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct str s = { 0 };
	text_upper(&s, args[0].string.text, args[0].string.length);
	*out = value_text_of(ev->arena, &s);
	str_release(&s);
}

static void call_lower_case(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct str s = { 0 };
	text_lower(&s, args[0].string.text, args[0].string.length);
	*out = value_text_of(ev->arena, &s);
	str_release(&s);
}

static const char *find(const struct feel_value *in, const struct feel_value *what)
{
	if (!what->string.length)
		return in->string.text;
	return memmem(in->string.text, in->string.length, what->string.text, what->string.length);
}

static void call_substring_before(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const char *at = find(&args[0], &args[1]);
	*out = feel_string(ev->arena, args[0].string.text, at ? (size_t)(at - args[0].string.text) : 0);
}

static void call_substring_after(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	const char *at = find(&args[0], &args[1]), *end = args[0].string.text + args[0].string.length;
	if (!at)
		at = end;
	else
		at += args[1].string.length;
	*out = feel_string(ev->arena, at, (size_t)(end - at));
}

static void call_contains(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	*out = feel_boolean(find(&args[0], &args[1]) != NULL);
}

static void call_starts_with(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	size_t n = args[1].string.length;
	*out = feel_boolean(args[0].string.length >= n && !memcmp(args[0].string.text, args[1].string.text, n));
}

static void call_ends_with(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	size_t n = args[1].string.length, all = args[0].string.length;
	*out = feel_boolean(all >= n && !memcmp(args[0].string.text + all - n, args[1].string.text, n));
}

static void call_string_join(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct str s = { 0 };
	bool first = true;
	for (size_t i = 0; i < args[0].list->count; i++) {
		const struct feel_value *item = &args[0].list->at[i];
		if (item->kind == FEEL_NULL)
			continue;
		if (item->kind != FEEL_STRING
			|| !eval_charge(
				ev, 1 + item->string.length / 64 + (args[1].kind == FEEL_STRING ? args[1].string.length / 64 : 0))) {
			str_release(&s);
			return;
		}
		if (!first && args[1].kind == FEEL_STRING)
			str_add_bytes(&s, args[1].string.text, args[1].string.length);
		str_add_bytes(&s, item->string.text, item->string.length);
		first = false;
	}
	*out = value_text_of(ev->arena, &s);
	str_release(&s);
}

/* ---- patterns ---- */

static struct regex *compile(struct eval *ev, const struct feel_value *pattern, const struct feel_value *flags)
{
	const char *f = flags && flags->kind == FEEL_STRING ? flags->string.text : "";
	return regex_compile(ev->arena, pattern->string.text, pattern->string.length, f);
}

static void call_matches(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct regex *re = compile(ev, &args[1], &args[2]);
	struct regex_match m;
	if (!re)
		return;
	int found = regex_find(re, args[0].string.text, args[0].string.length, 0, &m, &ev->steps);
	if (found < 0)
		(void)eval_charge(ev, UINT64_MAX);
	else
		*out = feel_boolean(found);
}

static bool add_replacement(
	struct str *s, const struct feel_value *r, const char *text, const struct regex_match *m, bool literal)
{
	const char *at = r->string.text, *end = at + r->string.length;
	if (literal) {
		str_add_bytes(s, at, r->string.length);
		return true;
	}
	while (at < end) {
		char c = *at++;
		if (c == '\\') {
			if (at == end || (*at != '\\' && *at != '$'))
				return false;
			str_add_char(s, *at++);
		} else if (c == '$') {
			if (at == end || *at < '0' || *at > '9')
				return false;
			size_t group = (size_t)(*at++ - '0');
			while (at < end && *at >= '0' && *at <= '9' && group * 10 + (size_t)(*at - '0') < m->count)
				group = group * 10 + (size_t)(*at++ - '0');
			if (group < m->count && m->start[group] != SIZE_MAX)
				str_add_bytes(s, text + m->start[group], m->end[group] - m->start[group]);
		} else {
			str_add_char(s, c);
		}
	}
	return true;
}

static void call_replace(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct regex *re = compile(ev, &args[1], &args[3]);
	struct regex_match m;
	struct str s = { 0 };
	size_t at = 0, n = args[0].string.length;
	const char *text = args[0].string.text;
	bool literal = args[3].kind == FEEL_STRING && strchr(args[3].string.text, 'q');
	if (!re || regex_find(re, "", 0, 0, &m, &ev->steps) != 0) /* a pattern that matches nothing at all has no places */
		return;
	for (;;) {
		int found = regex_find(re, text, n, at, &m, &ev->steps);
		if (found < 0 || (found && !eval_charge(ev, 1 + (args[2].string.length + n) / 64))) {
			(void)eval_charge(ev, UINT64_MAX);
			goto out;
		}
		if (!found)
			break;
		str_add_bytes(&s, text + at, m.start[0] - at);
		if (!add_replacement(&s, &args[2], text, &m, literal))
			goto out;
		at = m.end[0];
	}
	str_add_bytes(&s, text + at, n - at);
	*out = value_text_of(ev->arena, &s);
out:
	str_release(&s);
}

static void call_split(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)count;
	struct regex *re = compile(ev, &args[1], NULL);
	struct regex_match m;
	size_t at = 0, n = args[0].string.length;
	const char *text = args[0].string.text;
	if (!re || regex_find(re, "", 0, 0, &m, &ev->steps) != 0)
		return;
	struct feel_value list = feel_new_list(ev->arena, 0);
	for (;;) {
		int found = regex_find(re, text, n, at, &m, &ev->steps);
		if (found < 0 || !eval_charge(ev, 1)) {
			(void)eval_charge(ev, UINT64_MAX);
			return;
		}
		if (!found)
			break;
		feel_list_add(ev->arena, list, feel_string(ev->arena, text + at, m.start[0] - at));
		at = m.end[0];
	}
	feel_list_add(ev->arena, list, feel_string(ev->arena, text + at, n - at));
	*out = list;
}

const struct builtin builtin_string_rows[] = {
	{ "substring", "string: string, start position: number, length: number?", "string", call_substring, false,
		"part of a text; positions from 1, negative ones from the end" },
	{ "string length", "string: string", "number", call_string_length, false, "number of characters" },
	{ "upper case", "string: string", "string", call_upper_case, false, "the text in capitals" },
	{ "lower case", "string: string", "string", call_lower_case, false, "the text in small letters" },
	{ "substring before", "string: string, match: string", "string", call_substring_before, false,
		"what stands before the first match, or nothing" },
	{ "substring after", "string: string, match: string", "string", call_substring_after, false,
		"what stands after the first match, or nothing" },
	{ "contains", "string: string, match: string", "boolean", call_contains, false,
		"whether the text holds the match" },
	{ "starts with", "string: string, match: string", "boolean", call_starts_with, false,
		"whether the text starts with the match" },
	{ "ends with", "string: string, match: string", "boolean", call_ends_with, false,
		"whether the text ends with the match" },
	{ "string join", "list: list, delimiter: string?", "string", call_string_join, false,
		"the texts of a list one after another, nulls left out" },
	{ "matches", "input: string, pattern: string, flags: string?", "boolean", call_matches, false,
		"whether a regular expression matches somewhere" },
	{ "replace", "input: string, pattern: string, replacement: string, flags: string?", "string", call_replace, false,
		"every match of a regular expression replaced" },
	{ "split", "string: string, delimiter: string", "list", call_split, false,
		"the parts between the matches of a regular expression" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
