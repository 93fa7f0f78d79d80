/*
 * err.c - operation errors: keeps the first one, cuts messages at a character. Prints nothing.
 */
#include "base/err.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Cuts an incomplete UTF-8 sequence off the end of a text of `length` bytes that was truncated. */
static void cut_at_character(char *text, size_t length)
{
	size_t at = length, want;
	unsigned char lead;

	while (at > 0 && length - at < 3 && ((unsigned char)text[at - 1] & 0xc0) == 0x80)
		at--;
	if (at == 0)
		return;
	lead = (unsigned char)text[at - 1];
	want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	if (length - (at - 1) < want)
		text[at - 1] = '\0';
}

/* Formats into out at `used`, truncating at a character. Returns the new length. */
__attribute__((format(printf, 4, 0)))
static size_t append(char *out, size_t size, size_t used, const char *format, va_list args)
{
	int wrote = vsnprintf(out + used, size - used, format, args);

	if (wrote < 0) {
		out[used] = '\0';
		return used;
	}
	if ((size_t)wrote >= size - used)
		cut_at_character(out, size - 1);
	return strlen(out);
}

static size_t append_text(char *out, size_t size, size_t used, const char *text)
{
	size_t length = strlen(text), room = size - 1 - used;
	bool cut = length > room;

	memcpy(out + used, text, cut ? room : length);
	used += cut ? room : length;
	out[used] = '\0';
	if (cut)
		cut_at_character(out, used);
	return strlen(out);
}

int err_set(struct err *err, int status, const char *format, ...)
{
	va_list args;

	if (err == NULL || err->status != 0)
		return -1;
	err->status = status != 0 ? status : STATUS_INTERNAL;
	err->hint[0] = '\0';
	va_start(args, format);
	append(err->text, sizeof err->text, 0, format, args);
	va_end(args);
	return -1;
}

int err_sys(struct err *err, int status, int number, const char *format, ...)
{
	const char *reason = strerrordesc_np(number);
	va_list args;
	size_t used;

	if (err == NULL || err->status != 0)
		return -1;
	if (number == EACCES || number == EPERM || number == EROFS)
		status = STATUS_PERMISSION;
	else if (number == ENOMEM)
		status = STATUS_AGAIN;
	err->status = status != 0 ? status : STATUS_INTERNAL;
	err->hint[0] = '\0';
	va_start(args, format);
	used = append(err->text, sizeof err->text, 0, format, args);
	va_end(args);
	used = append_text(err->text, sizeof err->text, used, ": ");
	append_text(err->text, sizeof err->text, used, reason != NULL ? reason : "unknown system error");
	return -1;
}

int err_context(struct err *err, const char *format, ...)
{
	char old[sizeof err->text];
	va_list args;
	size_t used;

	if (err == NULL)
		return -1;
	if (err->status == 0) { /* somebody returned -1 without a word: that must not end as status 0 */
		err->status = STATUS_INTERNAL;
		err->hint[0] = '\0';
		memcpy(old, "failed without a reason", sizeof "failed without a reason");
	} else {
		memcpy(old, err->text, sizeof old);
	}
	va_start(args, format);
	used = append(err->text, sizeof err->text, 0, format, args);
	va_end(args);
	used = append_text(err->text, sizeof err->text, used, ": ");
	append_text(err->text, sizeof err->text, used, old);
	return -1;
}

void err_hint(struct err *err, const char *format, ...)
{
	va_list args;

	if (err == NULL)
		return;
	va_start(args, format);
	append(err->hint, sizeof err->hint, 0, format, args);
	va_end(args);
}
