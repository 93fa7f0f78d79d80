/*
 * pdf_verify.c - reads finished bytes back as any reader would begin: header, trailer, cross-reference, page count.
 *
 * Every entry of the cross-reference table must lead to its object. The pages are counted one by one.
 */
#include "output/pdf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static int refuse(struct err *err, const char *what)
{
	return err_set(err, STATUS_INTERNAL, "a finished PDF does not verify: %s", what);
}

static const char *find_last(const struct str *bytes, const char *text)
{
	size_t length = strlen(text);
	for (size_t at = bytes->length; at >= length; at--)
		if (memcmp(bytes->text + at - length, text, length) == 0)
			return bytes->text + at - length;
	return NULL;
}

/* "<number> 0 obj" at the offset; *rest points behind it. */
static bool object_at(const struct str *bytes, size_t offset, long number, const char **rest)
{
	char *end;
	if (offset >= bytes->length)
		return false;
	if (strtol(bytes->text + offset, &end, 10) != number || strncmp(end, " 0 obj", 6) != 0)
		return false;
	*rest = end + 6;
	return true;
}

int pdf_verify(const struct str *bytes, const struct pdf_totals *expected, struct err *err)
{
	static const char header[] = "%PDF-1.7\n", type[] = "/Type /Page\n";
	if (bytes->length < 200 || memcmp(bytes->text, header, sizeof header - 1) != 0)
		return refuse(err, "no header");
	const char *end = find_last(bytes, "%%EOF");
	if (!end || (size_t)(bytes->text + bytes->length - end) > 7)
		return refuse(err, "no end mark");
	const char *start = find_last(bytes, "startxref");
	size_t table = start ? strtoul(start + 9, NULL, 10) : 0;
	if (table == 0 || table + 8 > bytes->length || memcmp(bytes->text + table, "xref", 4) != 0)
		return refuse(err, "startxref does not lead to the cross-reference");
	char *at;
	long first = strtol(bytes->text + table + 4, &at, 10), count = strtol(at, &at, 10);
	at += strspn(at, "\r\n ");
	if (first != 0 || count < 4 || count > 1000000 || at + count * 20 > bytes->text + bytes->length)
		return refuse(err, "cross-reference broken");
	int pages = 0;
	for (long i = 0; i < count; i++, at += 20) {
		const char *object;
		if (at[17] != 'n')
			continue;
		if (!object_at(bytes, strtoul(at, NULL, 10), i, &object))
			return err_set(err, STATUS_INTERNAL,
				"a finished PDF does not verify: object %ld is not where the cross-reference says", i);
		const char *kind = memmem(object,
			200 < bytes->text + bytes->length - object ? 200 : (size_t)(bytes->text + bytes->length - object), type,
			sizeof type - 1);
		const char *close = strstr(object, "endobj");
		pages += kind && close && kind < close;
	}
	if (expected && pages != expected->pages)
		return err_set(
			err, STATUS_INTERNAL, "a finished PDF does not verify: %d pages instead of %d", pages, expected->pages);
	return 0;
}
