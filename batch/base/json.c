/*
 * json.c - JSON written straight into a buffer, and read by jansson.
 *
 * Decides: the form of what is written (commas, indents, escapes: the same values always give the same bytes).
 * Does not decide: what is in any JSON file. Writing keeps no tree, so a manifest of any length takes no memory but
 * its text. Nesting deeper than the writer's 32 levels is a mistake of the caller: commas then go wrong, no memory
 * does.
 */
#include "base/json.h"

#include "base/text.h"

/* jansson.h declares these names with other types; they are not called from here (see json.h). */
#define json_object jansson_object
#define json_array jansson_array
#define json_null jansson_null
#include <jansson.h>
#undef json_object
#undef json_array
#undef json_null

#include <string.h>

/* --- writing --- */

void json_begin(struct json_writer *json, struct str *out, bool indent)
{
	*json = (struct json_writer){ .out = out, .indent = indent };
	json->first[0] = true;
}

static bool *first_at(struct json_writer *json)
{
	const int deepest = (int)(sizeof json->first / sizeof json->first[0]) - 1;
	return &json->first[json->depth < deepest ? json->depth : deepest];
}

static void new_line(struct json_writer *json)
{
	if (!json->indent)
		return;
	str_add_char(json->out, '\n');
	for (int i = 0; i < json->depth; i++)
		str_add_char(json->out, '\t');
}

/* What stands before a key or a value: nothing after a key, else a comma and a new line inside something. */
static void before_item(struct json_writer *json)
{
	if (json->after_key) {
		json->after_key = false;
		return;
	}
	bool *first = first_at(json);
	if (!*first)
		str_add_char(json->out, ',');
	*first = false;
	if (json->depth > 0)
		new_line(json);
}

static void open_with(struct json_writer *json, char bracket)
{
	before_item(json);
	str_add_char(json->out, bracket);
	json->depth++;
	*first_at(json) = true;
}

static void close_with(struct json_writer *json, char bracket)
{
	bool empty = *first_at(json);
	if (json->depth > 0)
		json->depth--;
	if (!empty)
		new_line(json);
	str_add_char(json->out, bracket);
	if (json->indent && json->depth == 0)
		str_add_char(json->out, '\n');
}

void json_object(struct json_writer *json)
{
	open_with(json, '{');
}

void json_array(struct json_writer *json)
{
	open_with(json, '[');
}

void json_close(struct json_writer *json)
{
	close_with(json, '}');
}

void json_close_array(struct json_writer *json)
{
	close_with(json, ']');
}

static void add_quoted(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (const char *end = text + strlen(text); text < end;) {
		/* Runs that need nothing done to them go in one piece. */
		const char *start = text;
		uint32_t c = 0;
		while (text < end) {
			const char *before = text;
			c = text_next(&text, end);
			if (c < 0x20 || c == '"' || c == '\\' || (c == 0xFFFD && text - before == 1)) {
				text = before;
				break;
			}
		}
		str_add_bytes(out, start, (size_t)(text - start));
		if (text == end)
			break;
		text++;
		switch (c) {
		case '"': str_add(out, "\\\""); break;
		case '\\': str_add(out, "\\\\"); break;
		case '\n': str_add(out, "\\n"); break;
		case '\r': str_add(out, "\\r"); break;
		case '\t': str_add(out, "\\t"); break;
		case 0xFFFD: str_add_code_point(out, c); break;  /* a byte that is not UTF-8 */
		default: str_printf(out, "\\u%04x", (unsigned)c);
		}
	}
	str_add_char(out, '"');
}

void json_key(struct json_writer *json, const char *key)
{
	before_item(json);
	add_quoted(json->out, key);
	str_add(json->out, json->indent ? ": " : ":");
	json->after_key = true;
}

void json_text(struct json_writer *json, const char *text)
{
	if (text == NULL) {
		json_null(json);
		return;
	}
	before_item(json);
	add_quoted(json->out, text);
}

void json_int(struct json_writer *json, int64_t value)
{
	before_item(json);
	str_add_int(json->out, value);
}

void json_number(struct json_writer *json, const char *digits)
{
	before_item(json);
	str_add(json->out, digits);
}

void json_bool(struct json_writer *json, bool value)
{
	before_item(json);
	str_add(json->out, value ? "true" : "false");
}

void json_null(struct json_writer *json)
{
	before_item(json);
	str_add(json->out, "null");
}

void json_put_text(struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_text(json, text);
}

void json_put_int(struct json_writer *json, const char *key, int64_t value)
{
	json_key(json, key);
	json_int(json, value);
}

/* --- reading --- */

static json_t *value_of(const struct json *json)
{
	return (json_t *)(uintptr_t)json;
}

struct json *json_parse(const char *text, size_t length, struct err *err)
{
	json_error_t error;
	json_t *root = json_loadb(length > 0 ? text : "", length, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL)
		err_set(err, STATUS_IO, "line %d, column %d: %s", error.line > 0 ? error.line : 1,
			error.column > 0 ? error.column : 1, error.text);
	return (struct json *)root;
}

void json_free(struct json *json)
{
	json_decref(value_of(json));
}

struct json *json_get(const struct json *json, const char *key)
{
	return (struct json *)json_object_get(value_of(json), key);
}

size_t json_count(const struct json *json)
{
	return json_array_size(value_of(json));
}

struct json *json_at(const struct json *json, size_t index)
{
	return (struct json *)json_array_get(value_of(json), index);
}

const char *json_text_of(const struct json *json)
{
	return json_string_value(value_of(json));
}

int64_t json_int_of(const struct json *json)
{
	return json_integer_value(value_of(json));
}
