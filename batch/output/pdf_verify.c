/*
 * pdf_verify.c - reads finished bytes back as any reader would begin: header, cross-reference, objects, page count.
 *
 * Every entry of the cross-reference must lead to its object, in the file or in the object stream, and the pages are
 * counted one by one. Does not decide: how a file is made (pdf_save.c).
 */
#include "output/pdf.h"

#include <libdeflate.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRY = 7 /* bytes of an entry of the cross-reference: kind 1, place 4, rest 2 */, FREE = 0, IN_FILE, BUNDLED };

static int refuse(struct err *err, const char *what)
{
	return err_set(err, STATUS_INTERNAL, "a finished PDF does not verify: %s", what);
}

/* "<number> 0 obj" at the offset; *rest points behind it. */
static bool object_at(const struct str *bytes, size_t offset, unsigned long number, const char **rest)
{
	char *end;
	if (offset >= bytes->length)
		return false;
	if (strtoul(bytes->text + offset, &end, 10) != number || strncmp(end, " 0 obj", 6) != 0)
		return false;
	*rest = end + 6;
	return true;
}

/* A number in the dictionary at `at`, which ends with "stream". */
static bool entry_of(const char *at, const char *stream, const char *name, size_t *value)
{
	const char *found = memmem(at, (size_t)(stream - at), name, strlen(name));
	if (!found)
		return false;
	*value = strtoul(found + strlen(name), NULL, 10);
	return true;
}

/* The bytes of the stream whose dictionary is at `at`. */
static const char *stream_of(const struct str *bytes, const char *at, const char **dictionary_end, size_t *length)
{
	const char *end = bytes->text + bytes->length, *stream = memmem(at, (size_t)(end - at), ">>stream\n", 9);
	if (!stream || !entry_of(at, stream, "/Length ", length) || *length > (size_t)(end - stream) - 9)
		return NULL;
	*dictionary_end = stream;
	return stream + 9;
}

static size_t big_endian(const char *at, int bytes)
{
	size_t value = 0;
	while (bytes-- > 0)
		value = value << 8 | (unsigned char)*at++;
	return value;
}

struct bundle {
	struct str plain;
	size_t count, first, number; /* objects, where the first begins, its own number */
};

static bool open_bundle(const struct str *bytes, const char *at, struct bundle *bundle)
{
	size_t length, plain, got = 0;
	const char *dictionary_end, *packed = stream_of(bytes, at, &dictionary_end, &length);
	struct libdeflate_decompressor *unpacker = libdeflate_alloc_decompressor();
	bool whole = unpacker && packed && entry_of(at, dictionary_end, "/N ", &bundle->count)
		&& entry_of(at, dictionary_end, "/First ", &bundle->first) && entry_of(at, dictionary_end, "/DL ", &plain)
		&& plain / 1100 <= length && bundle->first <= plain;
	if (whole) {
		str_reserve(&bundle->plain, plain);
		whole = libdeflate_zlib_decompress(unpacker, packed, length, bundle->plain.text, plain, &got)
				== LIBDEFLATE_SUCCESS
			&& got == plain;
		bundle->plain.length = got;
		bundle->plain.text[got] = '\0';
	}
	libdeflate_free_decompressor(unpacker);
	return whole;
}

/* Goes through the objects of a bundle: each must be where the cross-reference says; counts those that are pages. */
static bool walk_bundle(const struct bundle *bundle, const char *entries, size_t size, int *pages)
{
	static const char page[] = "/Type /Page\n";
	char *at = bundle->plain.text;
	for (size_t i = 0; i < bundle->count; i++) {
		size_t number = strtoul(at, &at, 10), offset = strtoul(at, &at, 10);
		if (number >= size || bundle->first + offset >= bundle->plain.length)
			return false;
		const char *entry = entries + number * ENTRY;
		if (entry[0] != BUNDLED || big_endian(entry + 1, 4) != bundle->number || big_endian(entry + 5, 2) != i)
			return false;
		const char *object = bundle->plain.text + bundle->first + offset;
		if (strncmp(object, "<<\n", 3) == 0)
			*pages += strncmp(object + 3, page, sizeof page - 1) == 0;
	}
	return true;
}

int pdf_verify(const struct str *bytes, const struct pdf_totals *expected, struct err *err)
{
	static const char header[] = "%PDF-1.7\n", end[] = "\n%%EOF\n";
	struct bundle bundle = { 0 };
	int status = -1, pages = 0;
	if (bytes->length < 200 || memcmp(bytes->text, header, sizeof header - 1) != 0)
		return refuse(err, "no header");
	if (memcmp(bytes->text + bytes->length - (sizeof end - 1), end, sizeof end - 1) != 0)
		return refuse(err, "no end mark");
	const char *tail = bytes->text + bytes->length - 40, *mark = memmem(tail, 40, "startxref\n", 10);
	size_t table = mark ? strtoul(mark + 10, NULL, 10) : 0, size, length, bundled = 0;
	const char *at, *dictionary_end, *entries;
	if (table == 0 || table >= bytes->length || !object_at(bytes, table, strtoul(bytes->text + table, NULL, 10), &at)
		|| !(entries = stream_of(bytes, at, &dictionary_end, &length))
		|| !memmem(at, (size_t)(dictionary_end - at), "/Type/XRef", 10)
		|| !entry_of(at, dictionary_end, "/Size ", &size))
		return refuse(err, "startxref does not lead to the cross-reference");
	if (size < 4 || length != size * ENTRY)
		return refuse(err, "cross-reference broken");
	for (size_t i = 0; i < size; i++) {
		const char *entry = entries + i * ENTRY, *object;
		bundled += entry[0] == BUNDLED;
		if (entry[0] == IN_FILE && !object_at(bytes, big_endian(entry + 1, 4), i, &object)) {
			err_set(err, STATUS_INTERNAL,
				"a finished PDF does not verify: object %zu is not where the cross-reference says", i);
			goto out;
		}
		if (entry[0] == IN_FILE && strncmp(object, "\n<</Type/ObjStm", 15) == 0) {
			bundle.number = i;
			if (bundle.plain.text || !open_bundle(bytes, object, &bundle)) {
				refuse(err, "the stream of objects cannot be read");
				goto out;
			}
		}
	}
	if (!bundle.plain.text || bundle.count != bundled || !walk_bundle(&bundle, entries, size, &pages)) {
		refuse(err, "the stream of objects does not hold what the cross-reference says");
		goto out;
	}
	if (expected && pages != expected->pages) {
		err_set(
			err, STATUS_INTERNAL, "a finished PDF does not verify: %d pages instead of %d", pages, expected->pages);
		goto out;
	}
	status = 0;
out:
	str_release(&bundle.plain);
	return status;
}
