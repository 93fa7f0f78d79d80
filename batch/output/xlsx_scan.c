/*
 * xlsx_scan.c - the XML of a workbook's parts, read back. Decides what is well-formed: strictly more than Excel asks
 * for, for nothing but our own writer and libxlsxwriter wrote it.
 */
#include "output/xlsx_scan.h"

#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 64, TOKEN_MOST = 16 << 20 };

struct xlsx_scan {
	struct xlsx_handler handler;
	struct str left;                    /* of the last piece: a token begun */
	struct xlsx_slice open[DEPTH_MOST]; /* names of the open elements: in the piece under way, else in `kept` */
	size_t depth;
	struct str kept;
	struct str value;                   /* text with its references resolved */
	bool begun, root_seen;
	struct xlsx_tag tag;
};

/* What a byte is. */
enum { BLANK = 1, NAME = 2, STOP = 4 /* looked at in text and values */, WIDE = 8 };
static unsigned char classes[256];

static void make_classes(void)
{
	for (int c = 0; c < 256; c++) {
		bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
		bool name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '_'
			|| c == '-' || c == '.';
		bool stop = (c < 0x20 && !blank) || c == '&' || c == '<' || c == '"' || c == '>' || c == 0xef;
		classes[c] = (unsigned char)((blank ? BLANK : 0) | (name ? NAME : 0) | (stop ? STOP : 0));
		classes[c] |= c >= 0x80 ? WIDE : 0;
	}
}

static unsigned class_of(char c)
{
	return classes[(unsigned char)c];
}

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
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_classes);
	struct xlsx_scan *scan = mem_new(1, sizeof *scan);
	scan->handler = *handler;
	return scan;
}

void xlsx_scan_free(struct xlsx_scan *scan)
{
	if (scan == NULL)
		return;
	str_release(&scan->left);
	str_release(&scan->kept);
	str_release(&scan->value);
	free(scan);
}

static int refuse(struct err *err, const char *why)
{
	return err_set(err, STATUS_INTERNAL, "XML that is not well-formed: %s", why);
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

/*
 * The end of a text from `at`: the first byte of `until` (or of "<"), NULL when it is not within reach. Valid
 * characters, every & begins a reference; *plain: there is none. With err set the text is refused.
 */
static const char *text_end(const char *at, const char *end, char until, bool *plain, struct err *err)
{
	const char *from = at;
	unsigned seen = 0;
	uint32_t code;
	*plain = true;
	for (;; at++) {
		unsigned class;
		while (at < end && ((class = class_of(*at)) & STOP) == 0) {
			seen |= class;
			at++;
		}
		if (at == end)
			return NULL;
		if (*at == until)
			break;
		if (*at == '&') {
			if (memchr(at, ';', (size_t)(end - at)) == NULL)
				return NULL;
			*plain = false;
			if (reference(at, end, &code) == 0) {
				refuse(err, "a reference to nothing");
				return NULL;
			}
		} else if ((unsigned char)*at == 0xef) {
			seen |= WIDE;
			if (end - at >= 3 && (unsigned char)at[1] == 0xbf && (unsigned char)at[2] >= 0xbe) {
				refuse(err, "a character that is none");
				return NULL;
			}
		} else if (*at != '"' && *at != '>') {
			refuse(err, *at == '<' ? "a tag within a tag" : "a control character");
			return NULL;
		}
	}
	if ((seen & WIDE) != 0 && !text_valid_utf8(from, (size_t)(at - from))) {
		refuse(err, "bytes that are not UTF-8");
		return NULL;
	}
	return at;
}

static int give_text(struct xlsx_scan *scan, const char *text, size_t length, bool plain, struct err *err)
{
	if (length == 0)
		return 0;
	if (scan->depth == 0) {
		for (size_t i = 0; i < length; i++)
			if ((class_of(text[i]) & BLANK) == 0)
				return refuse(err, "text outside of the root element");
		return 0;
	}
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

static bool same(struct xlsx_slice a, struct xlsx_slice b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++)
		if (a.at[i] != b.at[i])
			return false;
	return true;
}

static int end_element(struct xlsx_scan *scan, struct xlsx_slice name, struct err *err)
{
	if (scan->depth == 0 || !same(scan->open[scan->depth - 1], name))
		return refuse(err, "an end tag without its element");
	scan->depth--;
	return scan->handler.end != NULL ? scan->handler.end(scan->handler.context, name, err) : 0;
}

static struct xlsx_slice take_name(const char **at, const char *end)
{
	struct xlsx_slice name = { *at, 0 };
	while (*at < end && (class_of(**at) & NAME) != 0)
		++*at;
	name.length = (size_t)(*at - name.at);
	return name;
}

/* One attribute behind a blank; its end, NULL when it is not within reach or refused. */
static const char *take_attribute(struct xlsx_tag *tag, const char *at, const char *end, struct err *err)
{
	struct xlsx_slice name = take_name(&at, end);
	if (end - at < 2)
		return NULL;
	if (name.length == 0 || at[0] != '=' || at[1] != '"' || tag->count == XLSX_ATTRIBUTES_MOST) {
		refuse(err, "an attribute without a value, or too many");
		return NULL;
	}
	bool plain;
	const char *value = at + 2, *quote = text_end(value, end, '"', &plain, err);
	if (quote == NULL)
		return NULL;
	for (size_t i = 0; i < tag->count; i++)
		if (same(tag->attributes[i].name, name)) {
			refuse(err, "an attribute that stands twice");
			return NULL;
		}
	tag->attributes[tag->count].name = name;
	tag->attributes[tag->count++].value = (struct xlsx_slice){ value, (size_t)(quote - value) };
	return quote + 1;
}

static int start_element(struct xlsx_scan *scan, bool empty, struct err *err)
{
	const struct xlsx_tag *tag = &scan->tag;
	if (scan->depth == 0 && scan->root_seen)
		return refuse(err, "a second root element");
	if (scan->depth == DEPTH_MOST)
		return refuse(err, "elements nested too deeply");
	scan->root_seen = true;
	scan->open[scan->depth++] = tag->name;
	if (scan->handler.start != NULL && scan->handler.start(scan->handler.context, tag, err) != 0)
		return -1;
	return empty ? end_element(scan, tag->name, err) : 0;
}

/* A tag from behind its "<": its end, NULL when it is not within reach or refused. */
static const char *take_tag(struct xlsx_scan *scan, const char *at, const char *end, struct err *err)
{
	if (at == end)
		return NULL;
	if (*at == '?' || *at == '!') {
		const char *close = memchr(at, '>', (size_t)(end - at));
		if (close == NULL)
			return NULL;
		bool declaration = *at == '?' && !scan->begun && close - at >= 6 && memcmp(at, "?xml ", 5) == 0
			&& close[-1] == '?';
		if (!declaration)
			refuse(err, "a DOCTYPE, comment, CDATA or processing instruction");
		return declaration ? close + 1 : NULL;
	}
	bool closing = *at == '/';
	at += closing;
	struct xlsx_tag *tag = &scan->tag;
	tag->name = take_name(&at, end);
	tag->count = 0;
	while (at < end && (class_of(*at) & BLANK) != 0) {
		while (at < end && (class_of(*at) & BLANK) != 0)
			at++;
		if (at == end || *at == '>' || *at == '/')
			break;
		at = take_attribute(tag, at, end, err);
		if (at == NULL)
			return NULL;
	}
	bool empty = at < end && *at == '/';
	at += empty;
	if (at == end)
		return NULL;
	if (*at != '>' || tag->name.length == 0 || (closing && (empty || tag->count > 0))) {
		refuse(err, "a tag without its end");
		return NULL;
	}
	int status = closing ? end_element(scan, tag->name, err) : start_element(scan, empty, err);
	return status == 0 ? at + 1 : NULL;
}

/* Whole tokens from `at`; returns where the last one ended, NULL with err. */
static const char *take_tokens(struct xlsx_scan *scan, const char *at, const char *end, struct err *err)
{
	for (;;) {
		bool plain;
		const char *open = text_end(at, end, '<', &plain, err);
		if (open == NULL)
			return err->status == 0 ? at : NULL;
		if (give_text(scan, at, (size_t)(open - at), plain, err) != 0)
			return NULL;
		const char *next = take_tag(scan, open + 1, end, err);
		if (next == NULL)
			return err->status == 0 ? open : NULL;
		scan->begun = true;
		at = next;
	}
}

/* The names of open elements outlive the piece they stand in. */
static void keep_names(struct xlsx_scan *scan)
{
	struct str names = { 0 };
	for (size_t i = 0; i < scan->depth; i++)
		str_add_bytes(&names, scan->open[i].at, scan->open[i].length);
	str_release(&scan->kept);
	scan->kept = names;
	const char *at = names.text;
	for (size_t i = 0; i < scan->depth; at += scan->open[i++].length)
		scan->open[i].at = at;
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
	if (!last)
		keep_names(scan);
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
		if ((class_of(scan->left.text[i]) & BLANK) == 0)
			return refuse(err, "the end is missing");
	return scan->depth == 0 && scan->root_seen ? 0 : refuse(err, "the end is missing");
}
