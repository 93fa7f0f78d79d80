/*
 * zone.c - offsets of named time zones ("Europe/Paris") from the system's zone files (TZif, RFC 8536).
 *
 * Decides: the offset at a local moment; in a gap the one before it, in an overlap the earlier one. Does not decide:
 * anything where times are local or have an offset of their own. Years past 2037 use a year with the same calendar.
 */
#include "feel/ast.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"
#define ZONE_BYTES 65536u

struct feel_zone {
	struct feel_zone *next;
	char name[64];
	bool known;
	unsigned char *bytes;
	size_t length;
	const unsigned char *moments, *kinds, *infos; /* inside bytes: 64-bit moments, one byte each, six bytes each */
	size_t count, info_count;
};

static pthread_mutex_t zone_lock = PTHREAD_MUTEX_INITIALIZER;
static struct feel_zone *zone_list;

static uint32_t word(const unsigned char *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t long_word(const unsigned char *b)
{
	return (int64_t)((uint64_t)word(b) << 32 | word(b + 4));
}

static bool name_ok(const char *name)
{
	size_t n = strlen(name);
	if (!n || n >= 64 || strstr(name, "..") || name[0] == '/' || strstr(name, "//"))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!((name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z')
				|| (name[i] >= '0' && name[i] <= '9') || strchr("/_+-", name[i])))
			return false;
	return true;
}

/* The second header of a TZif file and its arrays; false if it is none. */
static bool parse(struct feel_zone *z)
{
	size_t at = 0;
	for (int pass = 0; pass < 2; pass++) {
		if (z->length < at + 44 || memcmp(z->bytes + at, "TZif", 4) || z->bytes[at + 4] < '2')
			return false;
		const unsigned char *h = z->bytes + at + 20;
		size_t isut = word(h), isstd = word(h + 4), leap = word(h + 8), time = word(h + 12), type = word(h + 16),
			   chars = word(h + 20), wide = pass ? 8 : 4;
		if (isut > 1000 || isstd > 1000 || leap > 1000 || time > 5000 || type > 300 || chars > 1000 || !type)
			return false;
		at += 44;
		size_t size = time * wide + time + type * 6 + chars + leap * (wide + 4) + isstd + isut;
		if (z->length < at + size)
			return false;
		if (pass) {
			z->moments = z->bytes + at;
			z->kinds = z->moments + time * 8;
			z->infos = z->kinds + time;
			z->count = time;
			z->info_count = type;
			for (size_t i = 0; i < time; i++)
				if (z->kinds[i] >= type)
					return false;
		}
		at += size;
	}
	return true;
}

static const struct feel_zone *find(const char *name)
{
	pthread_mutex_lock(&zone_lock);
	struct feel_zone *z = zone_list;
	while (z && strcmp(z->name, name))
		z = z->next;
	if (!z) {
		z = mem_new(1, sizeof *z);
		memcpy(z->name, name, strlen(name) + 1);
		char path[128];
		snprintf(path, sizeof path, ZONE_FOLDER "%s", name);
		FILE *file = fopen(path, "rbe");
		if (file) {
			z->bytes = mem_new(ZONE_BYTES, 1);
			z->length = fread(z->bytes, 1, ZONE_BYTES, file);
			fclose(file);
			z->known = parse(z);
		}
		z->next = zone_list; /* kept for the life of the process: there are few zones */
		zone_list = z;
	}
	pthread_mutex_unlock(&zone_lock);
	return z;
}

static int32_t offset_at(const struct feel_zone *z, int64_t utc)
{
	size_t low = 0, high = z->count; /* the last moment <= utc */
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (long_word(z->moments + 8 * middle) <= utc)
			low = middle + 1;
		else
			high = middle;
	}
	return (int32_t)word(z->infos + 6u * (low ? z->kinds[low - 1] : 0));
}

static bool leap(int64_t y)
{
	return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
}

bool zone_offset(const char *zone, int32_t date, int64_t second, int32_t *offset)
{
	if (!name_ok(zone))
		return false;
	const struct feel_zone *z = find(zone);
	if (!z->known)
		return false;
	if (date > 24836) { /* from 2038 on: the same day of a year between 2010 and 2037 with the same calendar */
		int64_t year = 2038;
		while (year < 3000 && temporal_date(year + 1, 1, 1) <= date)
			year++;
		int32_t first = temporal_date(year, 1, 1);
		for (int64_t y = 2010; y <= 2037 && year < 3000; y++)
			if (leap(y) == leap(year) && (first - temporal_date(y, 1, 1)) % 7 == 0) {
				date = temporal_date(y, 1, 1) + (date - first);
				break;
			}
	}
	int64_t local = (int64_t)date * 86400 + second;
	int32_t before = offset_at(z, local - 86400), after = offset_at(z, local + 86400);
	if (before == after || offset_at(z, local - before) == before || offset_at(z, local - after) != after)
		*offset = before;
	else
		*offset = after;
	return true;
}
