/*
 * print.c - values as text: as string() prints them, or as literals that can be read again.
 *
 * Decides: the form of numbers, lists, contexts, ranges. Does not decide: the form of dates and durations (temporal.c).
 */
#include "feel/ast.h"

#include <stdio.h>
#include <string.h>

enum style { STYLE_BARE, STYLE_INNER /* strings quoted */, STYLE_LITERAL /* dates in their functions as well */ };

static void quote(struct str *out, const char *text, size_t length)
{
	str_add_char(out, '"');
	for (size_t i = 0; i < length; i++) {
		char c = text[i];
		const char *escape = c == '"' ? "\\\""
			: c == '\\'               ? "\\\\"
			: c == '\n'               ? "\\n"
			: c == '\t'               ? "\\t"
			: c == '\r'               ? "\\r"
									  : NULL;
		if (escape)
			str_add(out, escape);
		else
			str_add_char(out, c);
	}
	str_add_char(out, '"');
}

static bool plain_key(const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (; *name; name++)
		if (!lexer_name_part((unsigned char)*name) && *name != ' ')
			return false;
	return true;
}

static void print(struct str *out, const struct feel_value *v, enum style style, int depth)
{
	enum style inner = style == STYLE_BARE ? STYLE_INNER : style;
	char number[80];
	if (depth > 200) {
		str_add(out, "…");
		return;
	}
	switch (v->kind) {
	case FEEL_NULL: str_add(out, "null"); break;
	case FEEL_BOOLEAN: str_add(out, v->boolean ? "true" : "false"); break;
	case FEEL_NUMBER: str_add_bytes(out, number, decimal_to_text(v->number, number)); break;
	case FEEL_STRING:
		if (style == STYLE_BARE)
			str_add_bytes(out, v->string.text, v->string.length);
		else
			quote(out, v->string.text, v->string.length);
		break;
	case FEEL_DATE:
	case FEEL_TIME:
	case FEEL_DATE_TIME:
	case FEEL_DAYS_DURATION:
	case FEEL_MONTHS_DURATION:
		if (style == STYLE_LITERAL)
			str_add(out,
				v->kind == FEEL_DATE            ? "date(\""
					: v->kind == FEEL_TIME      ? "time(\""
					: v->kind == FEEL_DATE_TIME ? "date and time(\""
												: "duration(\"");
		temporal_print(out, v);
		if (style == STYLE_LITERAL)
			str_add(out, "\")");
		break;
	case FEEL_LIST:
		str_add_char(out, '[');
		for (size_t i = 0; i < v->list->count; i++) {
			if (i)
				str_add(out, ", ");
			print(out, &v->list->at[i], inner, depth + 1);
		}
		str_add_char(out, ']');
		break;
	case FEEL_CONTEXT:
		str_add_char(out, '{');
		for (size_t i = 0; i < v->context->count; i++) {
			if (i)
				str_add(out, ", ");
			const char *name = v->context->at[i].name;
			if (plain_key(name))
				str_add(out, name);
			else
				quote(out, name, strlen(name));
			str_add(out, ": ");
			print(out, &v->context->at[i].value, inner, depth + 1);
		}
		str_add_char(out, '}');
		break;
	case FEEL_RANGE:
		if (v->range->low_open_ended || v->range->high_open_ended) {
			const struct feel_range *r = v->range;
			const struct feel_value *end = r->low_open_ended ? &r->high : &r->low;
			str_add(out,
				r->low_open_ended && r->high_open_ended ? (r->low_closed ? "(=" : "(!=")
					: r->low_open_ended                 ? (r->high_closed ? "(<=" : "(<")
					: r->low_closed                     ? "(>="
														: "(>");
			print(out, end, inner, depth + 1);
			str_add_char(out, ')');
			break;
		}
		str_add_char(out, v->range->low_closed ? '[' : '(');
		print(out, &v->range->low, inner, depth + 1);
		str_add(out, "..");
		print(out, &v->range->high, inner, depth + 1);
		str_add_char(out, v->range->high_closed ? ']' : ')');
		break;
	case FEEL_FUNCTION:
		str_add(out, "function");
		if (v->function->builtin)
			str_printf(out, " %s", v->function->builtin->name);
		break;
	case FEEL_ANY: str_add(out, "?"); break;
	}
}

void feel_print(struct str *out, const struct feel_value *value)
{
	print(out, value, STYLE_BARE, 0);
}

void feel_print_literal(struct str *out, const struct feel_value *value)
{
	print(out, value, STYLE_LITERAL, 0);
}
