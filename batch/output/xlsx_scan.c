/*
 * xlsx_scan.c - the XML of a workbook's parts, read back. Decides what is well-formed: strictly more than Excel asks
 * for, for nothing but our own writer and libxlsxwriter wrote it.
 */
#include "output/xlsx_scan.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 64, TOKEN_MOST = 16 << 20 };

struct xlsx_scan {
	struct xlsx_handler handler;
	struct str left;                    /* of the last piece: a token begun */
	struct str names;                   /* of the open elements, one behind the other */
	size_t begins[DEPTH_MOST], depth;
	struct str value;                   /* text with its references resolved */
	bool begun, root_seen;
	struct xlsx_tag tag;
};

bool xlsx_slice_is(struct xlsx_slice slice, const char *text)
{
	return strncmp(slice.at, text, slice.length) == 0 && text[slice.length] == '\0';
}

struct xlsx_slice xlsx_tag_value(const struct xlsx_tag *tag, const char *name)
{
	for (size_t i = 0; i < tag->count; i++)
		if (xlsx_slice_is(tag->attributes[i].name, name))
			return tag->attributes[i].value;
	return (struct xlsx_slice){ NULL, 0 };
}

struct xlsx_scan *xlsx_scan_new(const struct xlsx_handler *handler)
{
	struct xlsx_scan *scan = mem_new(1, sizeof *scan);
	scan->handler = *handler;
	return scan;
}

void xlsx_scan_free(struct xlsx_scan *scan)
{
	if (scan == NULL)
		return;
	str_release(&scan->left);
	str_release(&scan->names);
	str_release(&scan->value);
	free(scan);
}

static int refuse(struct err *err, const char *why)
{
	return err_set(err, STATUS_INTERNAL, "XML that is not well-formed: %s", why);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '_'
		|| c == '-' || c == '.';
}

/* The length of the reference at `at` ("&amp;", "&#10;"), its character in *code; 0: it is none. */
static size_t reference(const char *at, const char *end, uint32_t *code)
{
	static const struct { const char *name; size_t length; char c; } known[] = { { "&amp;", 5, '&' },
		{ "&lt;", 4, '<' }, { "&gt;", 4, '>' }, { "&quot;", 6, '"' }, { "&apos;", 6, '\'' } };
	size_t length = (size_t)(end - at);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (length >= known[i].length && memcmp(at, known[i].name, known[i].length) == 0) {
			*code = (unsigned char)known[i].c;
			return known[i].length;
		}
	if (length < 4 || at[1] != '#')
		return 0;
	bool hex = at[2] == 'x';
	const char *digit = at + (hex ? 3 : 2), *first = digit;
	uint32_t value = 0;
	for (; digit < end && *digit != ';' && value < 0x110000; digit++) {
		int d = *digit >= '0' && *digit <= '9' ? *digit - '0'
			: hex && *digit >= 'a' && *digit <= 'f' ? *digit - 'a' + 10
			: hex && *digit >= 'A' && *digit <= 'F' ? *digit - 'A' + 10 : -1;
		if (d < 0)
			return 0;
		value = value * (hex ? 16 : 10) + (uint32_t)d;
	}
	if (digit == end || digit == first || value >= 0x110000 || (value >= 0xd800 && value < 0xe000)
		|| (value < 0x20 && value != '\t' && value != '\n' && value != '\r') || value == 0xfffe || value == 0xffff)
		return 0;
	*code = value;
	return (size_t)(digit + 1 - at);
}

/* Valid characters; every & begins a reference. *plain: there is none. */
static int check_text(const char *text, size_t length, bool *plain, struct err *err)
{
	const char *end = text + length;
	bool wide = false;
	uint32_t code;
	*plain = true;
	for (const char *at = text; at < end; at++) {
		unsigned char c = (unsigned char)*at;
		wide |= c >= 0x80;
		if (c < 0x20 && c != '\t' && c != '\n' && c != '\r')
			return refuse(err, "a control character");
		if (c == '&') {
			*plain = false;
			if (reference(at, end, &code) == 0)
				return refuse(err, "a reference to nothing");
		} else if (c == 0xef && end - at >= 3 && (unsigned char)at[1] == 0xbf && (unsigned char)at[2] >= 0xbe) {
			return refuse(err, "a character that is none");
		}
	}
	return !wide || text_valid_utf8(text, length) ? 0 : refuse(err, "bytes that are not UTF-8");
}

static int give_text(struct xlsx_scan *scan, const char *text, size_t length, struct err *err)
{
	bool plain;
	if (length == 0)
		return 0;
	if (scan->depth == 0) {
		for (size_t i = 0; i < length; i++)
			if (!is_blank(text[i]))
				return refuse(err, "text outside of the root element");
		return 0;
	}
	if (check_text(text, length, &plain, err) != 0)
		return -1;
	if (scan->handler.text == NULL)
		return 0;
	if (plain)
		return scan->handler.text(scan->handler.context, (struct xlsx_slice){ text, length }, err);
	str_clear(&scan->value);
	for (const char *at = text, *end = text + length; at < end;) {
		const char *next = memchr(at, '&', (size_t)(end - at));
		uint32_t code;
		str_add_bytes(&scan->value, at, (size_t)((next != NULL ? next : end) - at));
		if (next == NULL)
			break;
		at = next + reference(next, end, &code);
		str_add_code_point(&scan->value, code);
	}
	return scan->handler.text(
		scan->handler.context, (struct xlsx_slice){ scan->value.text, scan->value.length }, err);
}

static int end_element(struct xlsx_scan *scan, struct xlsx_slice name, struct err *err)
{
	size_t begin = scan->depth > 0 ? scan->begins[scan->depth - 1] : 0;
	if (scan->depth == 0 || scan->names.length - begin != name.length
		|| memcmp(scan->names.text + begin, name.at, name.length) != 0)
		return refuse(err, "an end tag without its element");
	scan->depth--;
	scan->names.length = begin;
	return scan->handler.end != NULL ? scan->handler.end(scan->handler.context, name, err) : 0;
}

/* The attributes of a tag from `at`; *at is left at "/" or the end. */
static int read_attributes(struct xlsx_tag *tag, const char **from, const char *end, struct err *err)
{
	const char *at = *from;
	bool plain;
	tag->count = 0;
	for (;;) {
		const char *before = at;
		while (at < end && is_blank(*at))
			at++;
		if (at == end || *at == '/')
			break;
		if (at == before || tag->count == XLSX_ATTRIBUTES_MOST)
			return refuse(err, "attributes without a blank between, or too many");
		struct xlsx_slice name = { at, 0 };
		while (at < end && is_name(*at))
			at++;
		name.length = (size_t)(at - name.at);
		if (name.length == 0 || end - at < 3 || at[0] != '=' || at[1] != '"')
			return refuse(err, "an attribute without a value");
		struct xlsx_slice value = { at + 2, 0 };
		const char *quote = memchr(value.at, '"', (size_t)(end - value.at));
		if (quote == NULL)
			return refuse(err, "an attribute without its end");
		value.length = (size_t)(quote - value.at);
		if (check_text(value.at, value.length, &plain, err) != 0)
			return -1;
		for (size_t i = 0; i < tag->count; i++)
			if (tag->attributes[i].name.length == name.length
				&& memcmp(tag->attributes[i].name.at, name.at, name.length) == 0)
				return refuse(err, "an attribute that stands twice");
		tag->attributes[tag->count].name = name;
		tag->attributes[tag->count++].value = value;
		at = quote + 1;
	}
	*from = at;
	return 0;
}

static int start_element(struct xlsx_scan *scan, const char *at, const char *end, struct err *err)
{
	struct xlsx_tag *tag = &scan->tag;
	tag->name = (struct xlsx_slice){ at, 0 };
	while (at < end && is_name(*at))
		at++;
	tag->name.length = (size_t)(at - tag->name.at);
	if (tag->name.length == 0)
		return refuse(err, "a tag without a name");
	if (scan->depth == 0 && scan->root_seen)
		return refuse(err, "a second root element");
	if (scan->depth == DEPTH_MOST)
		return refuse(err, "elements nested too deeply");
	if (read_attributes(tag, &at, end, err) != 0)
		return -1;
	bool empty = at < end && *at == '/';
	if (at + empty != end)
		return refuse(err, "a tag without its end");
	scan->root_seen = true;
	scan->begins[scan->depth++] = scan->names.length;
	str_add_bytes(&scan->names, tag->name.at, tag->name.length);
	if (scan->handler.start != NULL && scan->handler.start(scan->handler.context, tag, err) != 0)
		return -1;
	return empty ? end_element(scan, tag->name, err) : 0;
}

/* A tag without its brackets. */
static int take_tag(struct xlsx_scan *scan, const char *tag, size_t length, struct err *err)
{
	const char *end = tag + length;
	if (memchr(tag, '<', length) != NULL)
		return refuse(err, "a tag within a tag");
	if (length > 0 && tag[0] == '?') {
		if (scan->begun || length < 6 || memcmp(tag, "?xml ", 5) != 0 || end[-1] != '?')
			return refuse(err, "a processing instruction");
		return 0;
	}
	if (length > 0 && tag[0] == '!')
		return refuse(err, "a DOCTYPE, comment or CDATA");
	if (length == 0 || tag[0] != '/')
		return start_element(scan, tag, end, err);
	while (end > tag && is_blank(end[-1]))
		end--;
	return end_element(scan, (struct xlsx_slice){ tag + 1, (size_t)(end - tag - 1) }, err);
}

/* Whole tokens from `at`; returns where the last one ended, NULL with err. */
static const char *take_tokens(struct xlsx_scan *scan, const char *at, const char *end, struct err *err)
{
	for (;;) {
		const char *open = memchr(at, '<', (size_t)(end - at));
		const char *close = open != NULL ? memchr(open, '>', (size_t)(end - open)) : NULL;
		if (close == NULL)
			return at;
		if (give_text(scan, at, (size_t)(open - at), err) != 0
			|| take_tag(scan, open + 1, (size_t)(close - open - 1), err) != 0)
			return NULL;
		scan->begun = true;
		at = close + 1;
	}
}

int xlsx_scan_feed(struct xlsx_scan *scan, const char *bytes, size_t length, bool last, struct err *err)
{
	bool joined = scan->left.length > 0;
	if (joined) {
		str_add_bytes(&scan->left, bytes, length);
		bytes = scan->left.text;
		length = scan->left.length;
	}
	const char *end = bytes + length, *at = take_tokens(scan, bytes, end, err);
	if (at == NULL)
		return -1;
	size_t rest = (size_t)(end - at);
	if (rest > TOKEN_MOST)
		return refuse(err, "a tag without its end");
	if (joined) {
		memmove(scan->left.text, at, rest);
		scan->left.length = rest;
		scan->left.text[rest] = '\0';
	} else if (rest > 0) {
		str_add_bytes(&scan->left, at, rest);
	}
	if (!last)
		return 0;
	for (size_t i = 0; i < scan->left.length; i++)
		if (!is_blank(scan->left.text[i]))
			return refuse(err, "the end is missing");
	return scan->depth == 0 && scan->root_seen ? 0 : refuse(err, "the end is missing");
}
