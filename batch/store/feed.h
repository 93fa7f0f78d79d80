/*
 * feed.h - the canonical feeds and their fields (feeds.def): names, types, keys, labels.
 */
#ifndef PANDIAN_STORE_FEED_H
#define PANDIAN_STORE_FEED_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum feed_id {
#define FEED(id, name, grain, zh, en) FEED_##id,
#define FIELD(feed, id, name, type, arg, required, key, zh, en)
#include "store/feeds.def"
#undef FEED
#undef FIELD
	FEED_COUNT
};

/* Field numbers: one enumeration over all feeds (COMPLETION_SCORE …); feed_field_index: the position in its feed. */
enum field_id {
#define FEED(id, name, grain, zh, en)
#define FIELD(feed, id, name, type, arg, required, key, zh, en) feed##_##id,
#include "store/feeds.def"
#undef FEED
#undef FIELD
	FIELD_COUNT
};

enum key_dim {
	KEY_DIM_EMPLOYEE, KEY_DIM_COURSE, KEY_DIM_ORG, KEY_DIM_POSITION, KEY_DIM_COMPETENCY, KEY_DIM_TRAINER,
	KEY_DIM_SESSION, KEY_DIM_COUNT
};
enum feed_grain { FEED_GRAIN_NONE, FEED_GRAIN_EMPLOYEE };
enum field_type { FIELD_KEY, FIELD_TEXT, FIELD_DATE, FIELD_NUMBER, FIELD_BOOL, FIELD_CODE };

struct feed_field {
	enum field_id id;
	const char *name;            /* "completed_on" */
	enum field_type type;
	enum key_dim dim;            /* FIELD_KEY */
	int scale;                   /* FIELD_NUMBER: value * 10^scale */
	const char *codes;           /* FIELD_CODE: "a|b|c", else NULL */
	bool required, key;
	struct text_pair label;
};
struct feed {
	enum feed_id id;
	const char *name;            /* "completion" */
	enum feed_grain grain;
	struct text_pair label;
	const struct feed_field *fields;
	size_t field_count;
};

const struct feed *feed_at(enum feed_id id);
bool feed_find(const char *name, enum feed_id *id);
const struct feed_field *feed_field(const struct feed *feed, const char *name);          /* NULL if unknown */
const struct feed_field *feed_field_at(enum field_id id);
size_t feed_field_index(enum field_id id);                                               /* position inside its feed */
/* "passed"; "" if none */
const char *feed_code_name(const struct feed_field *field, uint32_t code, char *out, size_t room);
bool feed_code_find(const struct feed_field *field, const char *name, uint32_t *code);
const char *feed_dim_name(enum key_dim dim);                                             /* "employee" */

#endif
