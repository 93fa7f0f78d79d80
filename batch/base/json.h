/*
 * json.h - a streaming JSON writer, and a reader on jansson (json.c is its only includer).
 *
 * Writer: objects keep the order they are written in; UTF-8 is written as it is.
 */
#ifndef PANDIAN_BASE_JSON_H
#define PANDIAN_BASE_JSON_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct json_writer { struct str *out; int depth; bool first[32]; bool after_key; bool indent; };

void json_begin(struct json_writer *json, struct str *out, bool indent);
/*
 * libjansson exports functions named json_object, json_array and json_null. A program's own function of that name
 * would be called by the library instead of its own; the labels give ours other names for the linker.
 */
void json_object(struct json_writer *json) __asm__("pandian_json_object");  /* { … json_close */
void json_array(struct json_writer *json) __asm__("pandian_json_array");    /* [ … json_close_array */
void json_close(struct json_writer *json);
void json_close_array(struct json_writer *json);
void json_key(struct json_writer *json, const char *key);
void json_text(struct json_writer *json, const char *text);   /* NULL gives null */
void json_int(struct json_writer *json, int64_t value);
void json_number(struct json_writer *json, const char *digits); /* plain decimal text, written as it is */
void json_bool(struct json_writer *json, bool value);
void json_null(struct json_writer *json) __asm__("pandian_json_null");
/* key and value in one call */
void json_put_text(struct json_writer *json, const char *key, const char *text);
void json_put_int(struct json_writer *json, const char *key, int64_t value);

struct json;                                         /* a parsed value */
struct json *json_parse(const char *text, size_t length, struct err *err); /* NULL on error */
void json_free(struct json *json);                   /* the root only */
struct json *json_get(const struct json *json, const char *key);  /* NULL if absent; borrowed */
size_t json_count(const struct json *json);          /* of an array */
struct json *json_at(const struct json *json, size_t index);
const char *json_text_of(const struct json *json);   /* NULL if not a string */
int64_t json_int_of(const struct json *json);        /* 0 if not an integer */

#endif
