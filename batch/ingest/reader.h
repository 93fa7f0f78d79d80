/*
 * reader.h - a file in units of whole records, in file order, to any number of threads; hashed and counted on the way.
 */
#ifndef PANDIAN_INGEST_READER_H
#define PANDIAN_INGEST_READER_H

#include "base/hash.h"
#include "base/vec.h"
#include "ingest/detect.h"

#include <pthread.h>

#define INGEST_UNIT (1u << 20)            /* bytes read at a time */
#define INGEST_GROWTH_MAX (64u << 20)     /* bytes in which a record must end */

struct ingest_unit { uint64_t offset; size_t length; uint64_t line; };   /* where it stands, for reading it again */
struct ingest_buffer { char *bytes; size_t room; };

struct ingest_reader {
	const char *path;                     /* for messages */
	int fd;
	uint64_t size, offset;                /* of the file; next byte to read */
	int64_t changed_at; uint64_t changed_ns; /* of the file when opened */
	struct hash *hash;
	struct str memory; bool in_memory;    /* transcoded as a whole: UTF-16, or GB18030 parted by | */
	size_t memory_at;
	enum ingest_encoding encoding;        /* AUTO while every byte was ASCII */
	struct ingest_shape shape;
	struct str carry;                     /* read, but not given out */
	uint64_t carry_offset;                /* where it stands in file or memory */
	uint64_t line;                        /* of the carry's first byte */
	bool empty, ended;
	enum finding_id fault; uint64_t fault_line; bool faulty;
	VEC(struct ingest_unit) units;
	pthread_mutex_t lock;
};
/* Opens, detects encoding and header by the first bytes. -1: cannot be opened or read. */
int ingest_reader_open(struct ingest_reader *reader, const char *path, const struct ingest_mapping *mapping,
	struct arena *arena, struct err *err);
/*
 * 1: a unit (index, bytes with padding behind, first line, encoding); 0: the end, or a fault; -1: reading failed.
 * Thread-safe.
 */
int ingest_reader_take(struct ingest_reader *reader, struct ingest_buffer *buffer, size_t *index, size_t *length,
	uint64_t *line, enum ingest_encoding *encoding, struct err *err);
/* Checks that the file did not change meanwhile and gives its hash. All units must have been taken. */
int ingest_reader_end(struct ingest_reader *reader, char hex[HASH_HEX], struct err *err);
/* Reads a unit once more. */
int ingest_reader_again(struct ingest_reader *reader, size_t index, struct ingest_buffer *buffer, struct err *err);
void ingest_reader_release(struct ingest_reader *reader);

#endif
