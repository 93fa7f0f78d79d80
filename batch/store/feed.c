/*
 * feed.c - the canonical feeds as tables, made from feeds.def.
 *
 * Decides: how names and codes are looked up. Does not decide: which feeds and fields there are (feeds.def does).
 */
#include "store/feed.h"

#include <string.h>

/* One member a field, so that sizeof counts the fields of a feed: no second list to keep. */
struct feed_count_none {
	char self;
#define FEED(id, name, grain, zh, en) }; struct feed_count_##id { char self;
#define FIELD(feed, id, name, type, arg, required, key, zh, en) char field_##id;
#include "store/feeds.def"
#undef FEED
#undef FIELD
};

/* The number of fields before each feed: FEED takes a value and gives it back. */
enum feed_start {
#define FEED(id, name, grain, zh, en) START_##id, START_BACK_##id = START_##id - 1,
#define FIELD(feed, id, name, type, arg, required, key, zh, en) START_AFTER_##feed##_##id,
#include "store/feeds.def"
#undef FEED
#undef FIELD
};

#define ARG_KEY(arg) .type = FIELD_KEY, .dim = KEY_DIM_##arg
#define ARG_TEXT(arg) .type = FIELD_TEXT
#define ARG_DATE(arg) .type = FIELD_DATE
#define ARG_NUMBER(arg) .type = FIELD_NUMBER, .scale = arg
#define ARG_BOOL(arg) .type = FIELD_BOOL
#define ARG_CODE(arg) .type = FIELD_CODE, .codes = arg

static const struct feed_field fields[FIELD_COUNT] = {
#define FEED(id, name, grain, zh, en)
#define FIELD(feed, fid, fname, ftype, arg, freq, fkey, lzh, len) \
	{ .id = feed##_##fid, .name = fname, ARG_##ftype(arg), .required = freq, .key = fkey, .label = { lzh, len } },
#include "store/feeds.def"
#undef FEED
#undef FIELD
};

static const struct feed feeds[FEED_COUNT] = {
#define FEED(fid, fname, fgrain, lzh, len) \
	{ .id = FEED_##fid, .name = fname, .grain = FEED_GRAIN_##fgrain, .label = { lzh, len }, \
	  .fields = fields + START_##fid, .field_count = sizeof(struct feed_count_##fid) - 1 },
#define FIELD(feed, id, name, type, arg, required, key, zh, en)
#include "store/feeds.def"
#undef FEED
#undef FIELD
};

static const uint8_t feed_of[FIELD_COUNT] = {
#define FEED(id, name, grain, zh, en)
#define FIELD(feed, id, name, type, arg, required, key, zh, en) FEED_##feed,
#include "store/feeds.def"
#undef FEED
#undef FIELD
};

const struct feed *feed_at(enum feed_id id)
{
	return (unsigned)id < FEED_COUNT ? &feeds[id] : NULL;
}

bool feed_find(const char *name, enum feed_id *id)
{
	for (size_t i = 0; i < FEED_COUNT; i++)
		if (strcmp(feeds[i].name, name) == 0) {
			*id = feeds[i].id;
			return true;
		}
	return false;
}

const struct feed_field *feed_field(const struct feed *feed, const char *name)
{
	for (size_t i = 0; i < feed->field_count; i++)
		if (strcmp(feed->fields[i].name, name) == 0)
			return &feed->fields[i];
	return NULL;
}

const struct feed_field *feed_field_at(enum field_id id)
{
	return (unsigned)id < FIELD_COUNT ? &fields[id] : NULL;
}

size_t feed_field_index(enum field_id id)
{
	return (size_t)(&fields[id] - feeds[feed_of[id]].fields);
}

const char *feed_code_name(const struct feed_field *field, uint32_t code, char *out, size_t room)
{
	const char *at = field->codes;
	if (room == 0)
		return "";
	out[0] = '\0';
	if (at == NULL)
		return out;
	for (uint32_t i = 0; at != NULL; i++) {
		const char *bar = strchr(at, '|');
		if (i == code) {
			size_t length = bar != NULL ? (size_t)(bar - at) : strlen(at);
			if (length >= room)
				length = room - 1;
			memcpy(out, at, length);
			out[length] = '\0';
			return out;
		}
		at = bar != NULL ? bar + 1 : NULL;
	}
	return out;
}

bool feed_code_find(const struct feed_field *field, const char *name, uint32_t *code)
{
	size_t length = strlen(name);
	const char *at = field->codes;
	if (length == 0)
		return false;
	for (uint32_t i = 0; at != NULL; i++) {
		const char *bar = strchr(at, '|');
		size_t have = bar != NULL ? (size_t)(bar - at) : strlen(at);
		if (have == length && memcmp(at, name, length) == 0) {
			*code = i;
			return true;
		}
		at = bar != NULL ? bar + 1 : NULL;
	}
	return false;
}

const char *feed_dim_name(enum key_dim dim)
{
	static const char *const names[KEY_DIM_COUNT] = {
		[KEY_DIM_EMPLOYEE] = "employee", [KEY_DIM_COURSE] = "course", [KEY_DIM_ORG] = "org_unit",
		[KEY_DIM_POSITION] = "position", [KEY_DIM_COMPETENCY] = "competency", [KEY_DIM_TRAINER] = "trainer",
		[KEY_DIM_SESSION] = "session",
	};
	return (unsigned)dim < KEY_DIM_COUNT ? names[dim] : "";
}
