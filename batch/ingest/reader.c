/*
 * reader.c - a file in units of whole records.
 *
 * Decides: where a file is cut (never inside a record), how far a record may reach, when the encoding counts as known.
 * Reading, hashing and cutting are done by one thread at a time under a lock; they are a small part of the work.
 */
#include "ingest/reader.h"

#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAMPLE (1u << 20)

static int read_some(struct ingest_reader *reader, char *to, size_t room, size_t *got, struct err *err)
{
	*got = 0;
	while (*got < room) {
		ssize_t n = pread(reader->fd, to + *got, room - *got, (off_t)reader->offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, STATUS_IO, errno, "%s: cannot read", reader->path);
		if (n == 0)
			break;
		hash_add(reader->hash, to + *got, (size_t)n);
		reader->offset += (uint64_t)n;
		*got += (size_t)n;
	}
	return 0;
}

/* UTF-16, and GB18030 where | may be half a character: the whole file becomes UTF-8 in memory. */
static int transcode(struct ingest_reader *reader, const char *sample, size_t length, size_t skip,
	const struct ingest_mapping *mapping, struct arena *arena, struct err *err)
{
	struct str bytes = { 0 };
	size_t got, bad = 0;
	int result = -1;
	str_add_bytes(&bytes, sample, length);
	do {
		str_reserve(&bytes, INGEST_UNIT);
		if (read_some(reader, bytes.text + bytes.length, INGEST_UNIT, &got, err) != 0)
			goto out;
		bytes.length += got;
	} while (got > 0);
	if (reader->encoding == INGEST_GB18030)
		ingest_decode(INGEST_GB18030, bytes.text + skip, bytes.length - skip, true, &reader->memory);
	else if (!text_from_utf16(
				 &reader->memory, bytes.text + skip, bytes.length - skip, reader->encoding == INGEST_UTF16BE, &bad)) {
		reader->faulty = true;
		reader->fault = FINDING_BAD_FILE;
	}
	reader->in_memory = true;
	struct ingest_wanted wanted;
	ingest_wanted_init(&wanted, mapping);
	ingest_detect_shape(
		mapping, &wanted, INGEST_UTF8, str_text(&reader->memory), reader->memory.length, true, arena, &reader->shape);
	ingest_wanted_release(&wanted);
	reader->memory_at = reader->shape.data_offset;
	reader->carry_offset = reader->memory_at;
	reader->line = reader->shape.data_line;
	result = 0;
out:
	str_release(&bytes);
	return result;
}

int ingest_reader_open(struct ingest_reader *reader, const char *path, const struct ingest_mapping *mapping,
	struct arena *arena, struct err *err)
{
	struct ingest_wanted wanted = { 0 };
	char *sample = NULL;
	size_t length = 0, skip = 0;
	int result = -1;
	struct stat st;
	memset(reader, 0, sizeof *reader);
	reader->path = path;
	pthread_mutex_init(&reader->lock, NULL);
	reader->fd = fs_open_read(path, &reader->size, err);
	if (reader->fd < 0)
		return -1;
	if (fstat(reader->fd, &st) != 0)
		return err_sys(err, STATUS_IO, errno, "%s: cannot read", path);
	reader->changed_at = st.st_mtim.tv_sec;
	reader->changed_ns = (uint64_t)st.st_mtim.tv_nsec;
	reader->hash = hash_new();
	sample = mem_new(SAMPLE + INGEST_CSV_PADDING, 1);
	if (read_some(reader, sample, SAMPLE, &length, err) != 0)
		goto out;
	reader->encoding = ingest_detect_encoding(sample, length, true, &skip);
	if (mapping->encoding != INGEST_ENCODING_AUTO && !(reader->encoding == INGEST_UTF8 && skip > 0))
		reader->encoding = mapping->encoding;
	reader->empty = length == skip;
	bool wide = reader->encoding == INGEST_UTF16LE || reader->encoding == INGEST_UTF16BE;
	if (!wide) {
		ingest_wanted_init(&wanted, mapping);
		ingest_detect_shape(mapping, &wanted, reader->encoding, sample + skip, length - skip, length == reader->size,
			arena, &reader->shape);
		ingest_wanted_release(&wanted);
	}
	if (wide || (reader->encoding == INGEST_GB18030 && reader->shape.dialect.delimiter == '|')) {
		result = transcode(reader, sample, length, skip, mapping, arena, err);
		goto out;
	}
	size_t from = skip + reader->shape.data_offset;
	str_add_bytes(&reader->carry, sample + from, length - from);
	reader->carry_offset = from;
	reader->line = reader->shape.data_line;
	result = 0;
out:
	free(sample);
	return result;
}

static void make_room(struct ingest_buffer *buffer, size_t length)
{
	if (buffer->room >= length + INGEST_CSV_PADDING)
		return;
	buffer->room = length + INGEST_CSV_PADDING;
	buffer->bytes = mem_grow(buffer->bytes, buffer->room, 1);
}

/* Bytes of the next unit in memory: as much as INGEST_UNIT, ending at a record. */
static size_t memory_unit(struct ingest_reader *reader, size_t *open)
{
	size_t left = reader->memory.length - reader->memory_at;
	for (size_t n = INGEST_UNIT; n < left; n *= 2) {
		size_t cut = ingest_csv_cut(reader->memory.text + reader->memory_at, n, &reader->shape.dialect, open);
		if (cut)
			return cut;
		if (n > INGEST_GROWTH_MAX)
			return 0;
	}
	return left;
}

static int take_locked(struct ingest_reader *reader, struct ingest_buffer *buffer, size_t *length, struct err *err)
{
	size_t open = SIZE_MAX, cut = 0;
	if (reader->ended || reader->faulty)
		return 0;
	if (reader->in_memory) {
		cut = memory_unit(reader, &open);
		make_room(buffer, cut);
		if (cut)
			memcpy(buffer->bytes, reader->memory.text + reader->memory_at, cut);
		reader->memory_at += cut;
		reader->ended = reader->memory_at == reader->memory.length;
		*length = cut;
		if (cut == 0 && !reader->ended)
			goto endless;
		return cut > 0;
	}
	size_t have = reader->carry.length, want = INGEST_UNIT;
	make_room(buffer, have + want);
	if (have)
		memcpy(buffer->bytes, reader->carry.text, have);
	for (;;) {
		size_t got = 0;
		if (have < want && read_some(reader, buffer->bytes + have, want - have, &got, err) != 0)
			return -1;
		bool end = have < want && got < want - have;
		have += got;
		if (end) {
			reader->ended = true;
			cut = have;
			break;
		}
		cut = ingest_csv_cut(buffer->bytes, have, &reader->shape.dialect, &open);
		if (cut)
			break;
		if (have > INGEST_GROWTH_MAX)
			goto endless;
		want = have * 2;
		make_room(buffer, want);
	}
	str_clear(&reader->carry);
	str_add_bytes(&reader->carry, buffer->bytes + cut, have - cut);
	*length = cut;
	return cut > 0;
endless:
	reader->faulty = true;
	reader->fault = open != SIZE_MAX ? FINDING_UNTERMINATED_QUOTE : FINDING_BAD_FILE;
	const char *bytes = reader->in_memory ? reader->memory.text + reader->memory_at : buffer->bytes;
	reader->fault_line =
		reader->line + (open != SIZE_MAX ? ingest_csv_count(bytes, open, reader->shape.dialect.terminator) : 0);
	return 0;
}

int ingest_reader_take(struct ingest_reader *reader, struct ingest_buffer *buffer, size_t *index, size_t *length,
	uint64_t *line, enum ingest_encoding *encoding, struct err *err)
{
	pthread_mutex_lock(&reader->lock);
	int result = take_locked(reader, buffer, length, err);
	if (result > 0) {
		memset(buffer->bytes + *length, 0, INGEST_CSV_PADDING);
		*index = reader->units.count;
		*line = reader->line;
		VEC_PUSH(&reader->units, ((struct ingest_unit){ reader->carry_offset, *length, reader->line }));
		reader->carry_offset += *length;
		reader->line += ingest_csv_count(buffer->bytes, *length, reader->shape.dialect.terminator);
		if (reader->encoding == INGEST_ENCODING_AUTO) {
			size_t skip;
			reader->encoding = ingest_detect_encoding(buffer->bytes, *length, false, &skip);
		}
		*encoding = reader->in_memory ? INGEST_UTF8 : reader->encoding;
	}
	pthread_mutex_unlock(&reader->lock);
	return result;
}

int ingest_reader_end(struct ingest_reader *reader, char hex[HASH_HEX], struct err *err)
{
	struct stat st;
	char rest[4096];
	size_t got;
	/* A file that could not be read to its end for a fault is hashed to its end all the same. */
	do {
		if (read_some(reader, rest, sizeof rest, &got, err) != 0)
			return -1;
	} while (got > 0);
	hash_end(reader->hash, hex);
	reader->hash = NULL;
	if (fstat(reader->fd, &st) != 0)
		return err_sys(err, STATUS_IO, errno, "%s: cannot read", reader->path);
	if ((uint64_t)st.st_size != reader->size || reader->offset != reader->size
		|| st.st_mtim.tv_sec != reader->changed_at || (uint64_t)st.st_mtim.tv_nsec != reader->changed_ns) {
		err_set(err, STATUS_IO, "%s: changed while it was read", reader->path);
		err_hint(err, "Run again when the export has been copied completely.");
		return -1;
	}
	return 0;
}

int ingest_reader_again(struct ingest_reader *reader, size_t index, struct ingest_buffer *buffer, struct err *err)
{
	const struct ingest_unit *unit = &reader->units.at[index];
	make_room(buffer, unit->length);
	memset(buffer->bytes + unit->length, 0, INGEST_CSV_PADDING);
	if (reader->in_memory) {
		memcpy(buffer->bytes, reader->memory.text + unit->offset, unit->length);
		return 0;
	}
	for (size_t have = 0; have < unit->length;) {
		ssize_t n = pread(reader->fd, buffer->bytes + have, unit->length - have, (off_t)(unit->offset + have));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_sys(err, STATUS_IO, n < 0 ? errno : EIO, "%s: cannot read again", reader->path);
		have += (size_t)n;
	}
	return 0;
}

void ingest_reader_release(struct ingest_reader *reader)
{
	char ignored[HASH_HEX];
	if (reader->fd >= 0)
		close(reader->fd);
	if (reader->hash)
		hash_end(reader->hash, ignored);
	str_release(&reader->memory);
	str_release(&reader->carry);
	VEC_RELEASE(&reader->units);
	pthread_mutex_destroy(&reader->lock);
}
