/*
 * xlsx_archive.c - the zip archive of a workbook, read back from the disk. Decides what is a sound archive: what
 * xlsx_zip.c and minizip write, nothing freer. Parts of moderate size are unpacked at once, longer ones as a stream.
 */
#include "output/xlsx_scan.h"

#include "base/fs.h"
#include "base/mem.h"
#include "base/vec.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

enum { LOCAL = 30, CENTRAL = 46, END = 22, PIECE = 1 << 18 };
static const size_t PART_MOST = (size_t)8 << 20;

struct entry {
	char *name;
	const unsigned char *packed;
	size_t packed_size, size;
	uint32_t crc;
};
struct xlsx_archive {
	const unsigned char *bytes;         /* the file, mapped */
	size_t length;
	VEC(struct entry) entries;
	struct libdeflate_decompressor *unpacker;
	char *part;
	size_t room;
};

static uint32_t get16(const unsigned char *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static uint32_t get32(const unsigned char *at)
{
	return get16(at) | get16(at + 2) << 16;
}

static int refuse(struct err *err)
{
	return err_set(err, STATUS_INTERNAL, "not a sound zip archive");
}

/* One record of the directory; its part must begin at *offset, which moves behind it. */
static int read_entry(struct xlsx_archive *archive, const unsigned char **record, const unsigned char *end,
	size_t *offset, struct err *err)
{
	const unsigned char *at = *record;
	if (end - at < CENTRAL || get32(at) != 0x02014b50)
		return refuse(err);
	size_t name = get16(at + 28), packed = get32(at + 20);
	size_t header = *offset, begin = header + LOCAL + name, directory = (size_t)(end - archive->bytes);
	if ((size_t)(end - at) < CENTRAL + name || name == 0 || get16(at + 30) != 0 || get16(at + 32) != 0
		|| get32(at + 42) != header || get16(at + 10) != Z_DEFLATED || (get16(at + 8) & 0x9) != 0
		|| begin > directory || packed > directory - begin)
		return refuse(err);
	/* from the version needed to the length of what follows the name, then the name: as in the local header */
	const unsigned char *local = archive->bytes + header;
	if (get32(local) != 0x04034b50 || memcmp(local + 4, at + 6, 26) != 0
		|| memcmp(local + LOCAL, at + CENTRAL, name) != 0)
		return refuse(err);
	struct entry entry = { .packed = archive->bytes + begin, .packed_size = packed, .size = get32(at + 24),
		.crc = get32(at + 16) };
	entry.name = mem_new(name + 1, 1);
	memcpy(entry.name, at + CENTRAL, name);
	bool twice = xlsx_archive_find(archive, entry.name) != SIZE_MAX;
	VEC_PUSH(&archive->entries, entry);
	*record = at + CENTRAL + name;
	*offset = begin + packed;
	return twice ? refuse(err) : 0;
}

static int read_directory(struct xlsx_archive *archive, struct err *err)
{
	if (archive->length < END)
		return refuse(err);
	const unsigned char *end = archive->bytes + archive->length - END;
	size_t size = get32(end + 12), begin = get32(end + 16), offset = 0;
	if (get32(end) != 0x06054b50 || get32(end + 4) != 0 || get16(end + 8) != get16(end + 10) || get16(end + 20) != 0
		|| begin > archive->length - END || size != archive->length - END - begin)
		return refuse(err);
	const unsigned char *record = archive->bytes + begin;
	while (record < end)
		if (read_entry(archive, &record, end, &offset, err) != 0)
			return -1;
	return offset == begin && archive->entries.count == get16(end + 8) ? 0 : refuse(err);
}

struct xlsx_archive *xlsx_archive_open(const char *path, struct err *err)
{
	uint64_t size;
	int descriptor = fs_open_read(path, &size, err);
	if (descriptor < 0)
		return NULL;
	struct xlsx_archive *archive = mem_new(1, sizeof *archive);
	void *bytes = size > 0 ? mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, descriptor, 0) : MAP_FAILED;
	close(descriptor);
	archive->unpacker = libdeflate_alloc_decompressor();
	if (bytes != MAP_FAILED) {
		archive->bytes = bytes;
		archive->length = (size_t)size;
	}
	if (archive->unpacker == NULL || read_directory(archive, err) != 0) {
		if (err->status == 0)
			refuse(err);
		xlsx_archive_close(archive);
		return NULL;
	}
	return archive;
}

void xlsx_archive_close(struct xlsx_archive *archive)
{
	if (archive == NULL)
		return;
	for (size_t i = 0; i < archive->entries.count; i++)
		free(archive->entries.at[i].name);
	VEC_RELEASE(&archive->entries);
	if (archive->bytes != NULL)
		munmap((void *)(uintptr_t)archive->bytes, archive->length);
	libdeflate_free_decompressor(archive->unpacker);
	free(archive->part);
	free(archive);
}

size_t xlsx_archive_count(const struct xlsx_archive *archive)
{
	return archive->entries.count;
}

const char *xlsx_archive_name(const struct xlsx_archive *archive, size_t index)
{
	return archive->entries.at[index].name;
}

size_t xlsx_archive_find(const struct xlsx_archive *archive, const char *name)
{
	for (size_t i = 0; i < archive->entries.count; i++)
		if (strcmp(archive->entries.at[i].name, name) == 0)
			return i;
	return SIZE_MAX;
}

/* ---- parts ---- */

static int damaged(struct err *err)
{
	return err_set(err, STATUS_INTERNAL, "the part is damaged");
}

static int scan_whole(struct xlsx_archive *archive, const struct entry *entry, struct xlsx_scan *scan, struct err *err)
{
	if (archive->room < entry->size) {
		free(archive->part);
		archive->room = entry->size + entry->size / 2;
		archive->part = mem_new(archive->room, 1);
	}
	size_t made = 0, used = 0;
	if (libdeflate_deflate_decompress_ex(archive->unpacker, entry->packed, entry->packed_size, archive->part,
			entry->size, &used, &made) != LIBDEFLATE_SUCCESS
		|| used != entry->packed_size || made != entry->size
		|| libdeflate_crc32(0, archive->part, made) != entry->crc)
		return damaged(err);
	return xlsx_scan_feed(scan, archive->part, made, true, err);
}

static int scan_stream(const struct entry *entry, struct xlsx_scan *scan, struct err *err)
{
	z_stream stream = { .next_in = (Bytef *)(uintptr_t)entry->packed, .avail_in = (uInt)entry->packed_size };
	char *piece = mem_new(PIECE, 1);
	uint32_t crc = libdeflate_crc32(0, NULL, 0);
	size_t size = 0;
	int code = inflateInit2(&stream, -MAX_WBITS), result = code == Z_OK ? 0 : damaged(err);
	while (result == 0 && code != Z_STREAM_END) {
		stream.next_out = (Bytef *)piece;
		stream.avail_out = PIECE;
		code = inflate(&stream, Z_NO_FLUSH);
		size_t made = PIECE - stream.avail_out;
		crc = libdeflate_crc32(crc, piece, made);
		size += made;
		if ((code != Z_OK && code != Z_STREAM_END) || size > entry->size)
			result = damaged(err);
		else if (code == Z_STREAM_END && (stream.avail_in != 0 || size != entry->size || crc != entry->crc))
			result = damaged(err);
		else
			result = xlsx_scan_feed(scan, piece, made, code == Z_STREAM_END, err);
	}
	inflateEnd(&stream);
	free(piece);
	return result;
}

int xlsx_archive_scan(struct xlsx_archive *archive, size_t index, const struct xlsx_handler *handler, struct err *err)
{
	const struct entry *entry = &archive->entries.at[index];
	struct xlsx_scan *scan = xlsx_scan_new(handler);
	int result = entry->size <= PART_MOST ? scan_whole(archive, entry, scan, err) : scan_stream(entry, scan, err);
	xlsx_scan_free(scan);
	return result;
}
