/*
 * log.c - what the program says while it works: passes it to the sinks set by cli/. Prints nothing itself.
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void (*text_sink)(enum log_level level, const char *text);
static void (*progress_sink)(const char *stage, uint64_t done, uint64_t total);

void log_sink(void (*sink)(enum log_level level, const char *text))
{
	text_sink = sink;
}

void log_write(enum log_level level, const char *format, ...)
{
	char text[2000];
	va_list args;
	int length;

	if (text_sink == NULL)
		return;
	va_start(args, format);
	length = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (length < 0)
		return;
	if ((size_t)length >= sizeof text) {
		size_t at = sizeof text - 5;

		while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80) /* cut before a character, not inside */
			at--;
		memcpy(text + at, "\xe2\x80\xa6", 4); /* … */
	}
	text_sink(level, text);
}

void log_progress_sink(void (*sink)(const char *stage, uint64_t done, uint64_t total))
{
	progress_sink = sink;
}

void log_progress(const char *stage, uint64_t done, uint64_t total)
{
	if (progress_sink != NULL)
		progress_sink(stage, done, total);
}
