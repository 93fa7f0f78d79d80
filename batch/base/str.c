/*
 * str.c - a growing byte buffer, always NUL-terminated. Knows nothing of what the bytes mean (text.h does).
 */
#include "base/str.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void str_release(struct str *str)
{
	free(str->text);
	*str = (struct str){0};
}

void str_clear(struct str *str)
{
	str->length = 0;
	if (str->text != NULL)
		str->text[0] = '\0';
}

void str_reserve(struct str *str, size_t more)
{
	size_t need, capacity;

	if (more < str->capacity - str->length && str->text != NULL)
		return;
	if (__builtin_add_overflow(str->length, more, &need) || __builtin_add_overflow(need, (size_t)1, &need))
		need = mem_size(SIZE_MAX, 2);
	capacity = str->capacity < 32 ? 64 : str->capacity * 2;
	if (capacity < need)
		capacity = need;
	str->text = mem_grow(str->text, capacity, 1);
	str->capacity = capacity;
	str->text[str->length] = '\0';
}

void str_add_bytes(struct str *str, const void *bytes, size_t length)
{
	str_reserve(str, length);
	if (length != 0)
		memcpy(str->text + str->length, bytes, length);
	str->length += length;
	str->text[str->length] = '\0';
}

void str_add(struct str *str, const char *text)
{
	str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char c)
{
	str_reserve(str, 1);
	str->text[str->length++] = c;
	str->text[str->length] = '\0';
}

void str_add_int(struct str *str, int64_t value)
{
	char digits[24], *at = digits + sizeof digits;
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do {
		*--at = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		*--at = '-';
	str_add_bytes(str, at, (size_t)(digits + sizeof digits - at));
}

void str_add_code_point(struct str *str, uint32_t code_point)
{
	char bytes[4];

	str_add_bytes(str, bytes, text_encode(code_point, bytes));
}

void str_vprintf(struct str *str, const char *format, va_list args)
{
	va_list again;
	int length;

	str_reserve(str, 63);
	va_copy(again, args);
	length = vsnprintf(str->text + str->length, str->capacity - str->length, format, args);
	if (length > 0 && (size_t)length >= str->capacity - str->length) {
		str_reserve(str, (size_t)length);
		length = vsnprintf(str->text + str->length, str->capacity - str->length, format, again);
	}
	va_end(again);
	if (length > 0)
		str->length += (size_t)length;
	str->text[str->length] = '\0';
}

void str_printf(struct str *str, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	str_vprintf(str, format, args);
	va_end(args);
}

const char *str_text(const struct str *str)
{
	return str->text != NULL ? str->text : "";
}
