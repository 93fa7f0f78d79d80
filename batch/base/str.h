/*
 * str.h - a growing byte buffer, always NUL-terminated.
 */
#ifndef PANDIAN_BASE_STR_H
#define PANDIAN_BASE_STR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct str {
	char *text;       /* NULL or NUL-terminated; text[length] == 0 */
	size_t length;    /* bytes, without the NUL */
	size_t capacity;
};

void str_release(struct str *str);                         /* frees, sets to {0} */
void str_clear(struct str *str);                           /* length 0, keeps the memory */
void str_reserve(struct str *str, size_t more);            /* room for `more` further bytes and the NUL */
void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const void *bytes, size_t length);
void str_add_char(struct str *str, char c);
void str_add_int(struct str *str, int64_t value);          /* decimal */
void str_add_code_point(struct str *str, uint32_t code_point); /* as UTF-8 */
void str_printf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3))); /* appends */
void str_vprintf(struct str *str, const char *format, va_list args) __attribute__((format(printf, 2, 0)));
const char *str_text(const struct str *str);               /* never NULL */

#endif
