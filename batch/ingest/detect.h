/*
 * detect.h - what a file is: encoding, line end, delimiter, header row. Decided from its first bytes and the mapping.
 */
#ifndef PANDIAN_INGEST_DETECT_H
#define PANDIAN_INGEST_DETECT_H

#include "ingest/csv.h"
#include "ingest/plan.h"

/* Texts by which a header row is known: aliases folded, and the FEEL texts in which a header may occur. */
struct ingest_wanted { struct map aliases; struct str expressions; };
void ingest_wanted_init(struct ingest_wanted *wanted, const struct ingest_mapping *mapping);
void ingest_wanted_release(struct ingest_wanted *wanted);
/* Number of the alias that a header cell answers to (also without a trailing hint in brackets), or MAP_NONE. */
uint32_t ingest_wanted_find(const struct map *aliases, const char *header, size_t length);

/* Encoding of a sample: BOM (*skip bytes), NULs, strict UTF-8, GB18030. AUTO where all bytes are ASCII. */
enum ingest_encoding ingest_detect_encoding(const char *bytes, size_t length, bool at_start, size_t *skip);
const char *ingest_encoding_name(enum ingest_encoding encoding);
/*
 * Cell or record → UTF-8; false where the bytes are not valid. With `replace` bad bytes become U+FFFD and the
 * result is true.
 */
bool ingest_decode(enum ingest_encoding encoding, const char *bytes, size_t length, bool replace, struct str *out);

struct ingest_shape {
	struct ingest_dialect dialect;
	bool found;                        /* a header row was found */
	unsigned header_record;            /* 1-based */
	uint64_t header_line;
	size_t data_offset;                /* of the first record after the header */
	uint64_t data_line;
	struct ingest_names headers;       /* clean UTF-8, in the arena */
};
/* Line end, delimiter and header row of a sample that begins behind the BOM. `whole`: the sample is the whole file. */
void ingest_detect_shape(const struct ingest_mapping *mapping, const struct ingest_wanted *wanted,
	enum ingest_encoding encoding, const char *bytes, size_t length, bool whole, struct arena *arena,
	struct ingest_shape *shape);

#endif
