/*
 * xlsx_zip.c - the container of workbooks: temporary files and the zip archive. libxlsxwriter takes both from functions
 * of its own or of minizip, which reach this program's symbols first (exported at link time): the same calls, four
 * times as fast, and every failed write is told. Where a build of the library does not reach them, it uses its own.
 *
 * Decides: compression, order and dates within the archive, what stays in memory. Does not decide what a part holds.
 *
 * Measured on the sheets of 64 workbooks (57 MB): libdeflate at level 1 takes 0.15 s for 6.8 MB, at 4 0.41 s for
 * 6.3 MB, at 6 0.61 s for 5.6 MB; zlib at 3 0.54 s for 6.7 MB. A part beyond PART_MOST is packed in pieces, so that
 * memory stays flat: see pack_piece.
 */
#include "output/xlsx_private.h"

#include "base/mem.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ZIP_FAILED = -1, LEVEL = 1, DEFLATED = 8, WRITE_AT = 1 << 16, PIECE = 60000 };
static const size_t PART_MOST = (size_t)8 << 20;      /* compressed at once up to here */
static const size_t MEMORY_MOST = (size_t)32 << 20;   /* temporary files of a process held in memory */

/* ---- temporary files ---- */

struct temporary {
	struct str bytes;
	size_t at;
	int descriptor;       /* of a file on disk, -1: in memory */
	char *folder;
	FILE *stream;
	struct temporary *next;
};
static _Thread_local struct temporary *open_files;
static _Atomic size_t in_memory;
static _Thread_local int failure;                     /* errno of the first write that failed */

int xlsx_zip_failure(void)
{
	int code = failure;
	while (open_files != NULL) /* the library forgets those of sheets it did not come to */
		fclose(open_files->stream);
	failure = 0;
	return code;
}

static int open_unlinked(const char *folder)
{
	struct str path = { 0 };
	str_printf(&path, "%s/.xlsx-XXXXXX", folder != NULL ? folder : "/tmp");
	int descriptor = mkostemp(path.text, O_CLOEXEC);
	if (descriptor >= 0)
		unlink(path.text);
	str_release(&path);
	return descriptor;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(descriptor, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0) {
			failure = failure != 0 ? failure : written < 0 ? errno : ENOSPC;
			return false;
		}
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

static ssize_t temporary_write(void *cookie, const char *bytes, size_t length)
{
	struct temporary *file = cookie;
	if (file->descriptor < 0 && in_memory + length > MEMORY_MOST) {
		file->descriptor = open_unlinked(file->folder);
		if (file->descriptor < 0 || !write_all(file->descriptor, file->bytes.text, file->bytes.length))
			return 0;
		in_memory -= file->bytes.length;
		str_release(&file->bytes);
	}
	if (file->descriptor >= 0)
		return write_all(file->descriptor, bytes, length) ? (ssize_t)length : 0;
	str_add_bytes(&file->bytes, bytes, length);
	in_memory += length;
	return (ssize_t)length;
}

static ssize_t temporary_read(void *cookie, char *bytes, size_t room)
{
	struct temporary *file = cookie;
	if (file->descriptor >= 0)
		return read(file->descriptor, bytes, room);
	size_t left = file->bytes.length - file->at, length = left < room ? left : room;
	if (length > 0)
		memcpy(bytes, file->bytes.text + file->at, length);
	file->at += length;
	return (ssize_t)length;
}

/* Back to the beginning is all the library asks for. */
static int temporary_seek(void *cookie, off64_t *offset, int whence)
{
	struct temporary *file = cookie;
	if (*offset != 0 || whence != SEEK_SET)
		return -1;
	file->at = 0;
	return file->descriptor >= 0 && lseek(file->descriptor, 0, SEEK_SET) < 0 ? -1 : 0;
}

static int temporary_close(void *cookie)
{
	struct temporary *file = cookie;
	struct temporary **link = &open_files;
	while (*link != NULL && *link != file)
		link = &(*link)->next;
	if (*link != NULL)
		*link = file->next;
	int result = file->descriptor >= 0 ? close(file->descriptor) : 0;
	in_memory -= file->bytes.length;
	str_release(&file->bytes);
	free(file->folder);
	free(file);
	return result;
}

/* In place of libxlsxwriter's. */
FILE *lxw_tmpfile(char *folder)
{
	static const cookie_io_functions_t functions = { temporary_read, temporary_write, temporary_seek, temporary_close };
	struct temporary *file = mem_new(1, sizeof *file);
	file->descriptor = -1;
	file->folder = folder != NULL ? mem_copy_text(folder) : NULL;
	FILE *stream = fopencookie(file, "w+", functions);
	if (stream == NULL) {
		free(file->folder);
		free(file);
		return NULL;
	}
	file->stream = stream;
	file->next = open_files;
	open_files = file;
	return stream;
}

/* ---- the archive ---- */

struct entry {
	char *name;
	uint64_t offset, size, packed;
	uint32_t crc;
};
struct archive {
	int descriptor;
	bool failed;
	uint64_t offset;                    /* in the file, behind what is pending */
	struct str pending;
	VEC(struct entry) entries;
	struct str part;                    /* of the part under way, as long as it is not streamed */
	struct str packed;
	struct libdeflate_compressor *compressor;
	struct libdeflate_decompressor *unpacker;
	char *unpacked;                     /* PIECE bytes */
	bool streaming;                     /* the header stands, pieces follow */
};

static void flush(struct archive *archive)
{
	if (!archive->failed && !write_all(archive->descriptor, archive->pending.text, archive->pending.length))
		archive->failed = true;
	str_clear(&archive->pending);
}

static void add(struct archive *archive, const void *bytes, size_t length)
{
	if (archive->pending.length + length > WRITE_AT)
		flush(archive);
	archive->offset += length;
	if (length <= WRITE_AT)
		str_add_bytes(&archive->pending, bytes, length);
	else if (!archive->failed && !write_all(archive->descriptor, bytes, length))
		archive->failed = true;
}

static size_t put16(unsigned char *at, uint32_t value)
{
	at[0] = (unsigned char)value;
	at[1] = (unsigned char)(value >> 8);
	return 2;
}

static size_t put32(unsigned char *at, uint64_t value)
{
	put16(at, (uint32_t)value);
	put16(at + 2, (uint32_t)(value >> 16));
	return 4;
}

/* What local header and directory share: from the version needed to the length of the name. */
static size_t put_common(unsigned char *at, const struct entry *entry)
{
	size_t used = put16(at, 20);
	used += put16(at + used, 0);
	used += put16(at + used, DEFLATED);
	used += put32(at + used, 0x00210000);   /* 1980-01-01 00:00 */
	used += put32(at + used, entry->crc);
	used += put32(at + used, entry->packed);
	used += put32(at + used, entry->size);
	used += put16(at + used, (uint32_t)strlen(entry->name));
	return used + put16(at + used, 0);
}

static void add_local_header(struct archive *archive, const struct entry *entry)
{
	unsigned char header[32];
	size_t used = put32(header, 0x04034b50);
	used += put_common(header + used, entry);
	add(archive, header, used);
	add(archive, entry->name, strlen(entry->name));
}

static int archive_close(struct archive *archive)
{
	uint64_t begin = archive->offset;
	unsigned char record[64];
	for (size_t i = 0; i < archive->entries.count; i++) {
		const struct entry *entry = &archive->entries.at[i];
		size_t used = put32(record, 0x02014b50);
		used += put16(record + used, 20);
		used += put_common(record + used, entry);
		memset(record + used, 0, 10);       /* no comment, first disk, no attributes */
		used += 10;
		used += put32(record + used, entry->offset);
		add(archive, record, used);
		add(archive, entry->name, strlen(entry->name));
	}
	uint64_t size = archive->offset - begin;
	uint32_t count = (uint32_t)archive->entries.count;
	size_t used = put32(record, 0x06054b50);
	used += put32(record + used, 0);
	used += put16(record + used, count);
	used += put16(record + used, count);
	used += put32(record + used, size);
	used += put32(record + used, begin);
	used += put16(record + used, 0);
	add(archive, record, used);
	flush(archive);
	bool failed = archive->failed || archive->offset > UINT32_MAX;
	if (close(archive->descriptor) != 0) {
		failure = failure != 0 ? failure : errno;
		failed = true;
	}
	for (size_t i = 0; i < archive->entries.count; i++)
		free(archive->entries.at[i].name);
	VEC_RELEASE(&archive->entries);
	str_release(&archive->pending);
	str_release(&archive->part);
	str_release(&archive->packed);
	libdeflate_free_compressor(archive->compressor);
	libdeflate_free_decompressor(archive->unpacker);
	free(archive->unpacked);
	free(archive);
	return failed ? -1 : 0;
}

/* ---- a part ---- */

static struct entry *current(struct archive *archive)
{
	return &archive->entries.at[archive->entries.count - 1];
}

/*
 * Up to PIECE bytes as blocks that are not the last, ending on a byte. libdeflate ends what it makes with a last block
 * and some bits of padding. The piece must be one block: its first bit says that it is the last, and is cleared. Then
 * an empty stored block follows, whose three bits of header lie in the padding, if there is room, or in a byte of
 * their own: which one is tried out, for only a decoder knows where the block ends.
 */
static void pack_piece(struct archive *archive, const char *bytes, size_t length)
{
	static const char empty[] = { 0, 0, 0, (char)0xff, (char)0xff }, last[] = { 3, 0 };
	struct str *packed = &archive->packed;
	str_clear(packed);
	str_reserve(packed, libdeflate_deflate_compress_bound(archive->compressor, length) + 16);
	packed->length = libdeflate_deflate_compress(
		archive->compressor, bytes, length, packed->text, packed->capacity - 16);
	if (packed->length == 0) {
		archive->failed = true;
		return;
	}
	if ((packed->text[0] & 1) == 0) {       /* several blocks: packed again in halves */
		pack_piece(archive, bytes, length / 2);
		pack_piece(archive, bytes + length / 2, length - length / 2);
		return;
	}
	packed->text[0] &= ~1;
	size_t end = packed->length, made;
	str_add_bytes(packed, empty + 1, sizeof empty - 1);
	str_add_bytes(packed, last, sizeof last);
	if (libdeflate_deflate_decompress_ex(archive->unpacker, packed->text, packed->length, archive->unpacked, length,
			NULL, &made) == LIBDEFLATE_SUCCESS && made == length) {
		packed->length -= sizeof last;
	} else {
		packed->length = end;
		str_add_bytes(packed, empty, sizeof empty);
	}
	current(archive)->packed += packed->length;
	add(archive, packed->text, packed->length);
}

/* What has gathered, in pieces; the rest too if it is the last. */
static void pack_pieces(struct archive *archive, bool last)
{
	static const char end[] = { 3, 0 };     /* an empty block, the last */
	struct str *part = &archive->part;
	size_t at = 0;
	while (!archive->failed && (part->length - at >= PIECE || (last && at < part->length))) {
		size_t length = part->length - at < PIECE ? part->length - at : PIECE;
		pack_piece(archive, part->text + at, length);
		at += length;
	}
	size_t rest = part->length - at;
	if (rest > 0 && at > 0)
		memmove(part->text, part->text + at, rest);
	part->length = rest;
	if (!last || archive->failed)
		return;
	current(archive)->packed += sizeof end;
	add(archive, end, sizeof end);
}

static void begin_stream(struct archive *archive)
{
	if (archive->unpacker == NULL) {
		archive->unpacker = libdeflate_alloc_decompressor();
		archive->unpacked = mem_new(PIECE, 1);
	}
	archive->failed |= archive->unpacker == NULL;
	archive->streaming = true;
	add_local_header(archive, current(archive));
	pack_pieces(archive, false);
}

/* The header of a streamed part once its sizes are known. */
static void rewrite_header(struct archive *archive, const struct entry *entry)
{
	unsigned char header[32];
	size_t used = put32(header, 0x04034b50);
	used += put_common(header + used, entry);
	flush(archive);
	if (pwrite(archive->descriptor, header, used, (off_t)entry->offset) != (ssize_t)used)
		archive->failed = true;
}

static void pack_part(struct archive *archive)
{
	struct entry *entry = current(archive);
	size_t bound = libdeflate_deflate_compress_bound(archive->compressor, archive->part.length);
	str_clear(&archive->packed);
	str_reserve(&archive->packed, bound);
	entry->packed = libdeflate_deflate_compress(
		archive->compressor, str_text(&archive->part), archive->part.length, archive->packed.text, bound);
	if (entry->packed == 0)
		archive->failed = true;
	add_local_header(archive, entry);
	add(archive, archive->packed.text, (size_t)entry->packed);
}

/* ---- in place of minizip's, as libxlsxwriter calls them ---- */

void *zipOpen(const char *path, int append);
int zipOpenNewFileInZip4_64(void *file, const char *name, const void *info, const void *local, unsigned local_size,
	const void *global, unsigned global_size, const char *comment, int method, int level, int raw, int window,
	int memory, int strategy, const char *password, unsigned long crc, unsigned long made_by, unsigned long flags,
	int zip64);
int zipWriteInFileInZip(void *file, const void *bytes, unsigned length);
int zipCloseFileInZip(void *file);
int zipClose(void *file, const char *comment);

void *zipOpen(const char *path, int append)
{
	(void)append;
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (descriptor < 0)
		return NULL;
	struct archive *archive = mem_new(1, sizeof *archive);
	archive->descriptor = descriptor;
	archive->compressor = libdeflate_alloc_compressor(LEVEL);
	archive->failed = archive->compressor == NULL;
	return archive;
}

int zipOpenNewFileInZip4_64(void *file, const char *name, const void *info, const void *local, unsigned local_size,
	const void *global, unsigned global_size, const char *comment, int method, int level, int raw, int window,
	int memory, int strategy, const char *password, unsigned long crc, unsigned long made_by, unsigned long flags,
	int zip64)
{
	struct archive *archive = file;
	(void)info, (void)local, (void)local_size, (void)global, (void)global_size, (void)comment, (void)method;
	(void)level, (void)raw, (void)window, (void)memory, (void)strategy, (void)password, (void)crc, (void)made_by;
	(void)flags, (void)zip64;
	VEC_PUSH(&archive->entries, ((struct entry){ .name = mem_copy_text(name), .offset = archive->offset }));
	current(archive)->crc = libdeflate_crc32(0, NULL, 0);
	str_clear(&archive->part);
	return archive->failed ? ZIP_FAILED : 0;
}

int zipWriteInFileInZip(void *file, const void *bytes, unsigned length)
{
	struct archive *archive = file;
	struct entry *entry = current(archive);
	entry->crc = libdeflate_crc32(entry->crc, bytes, length);
	entry->size += length;
	if (archive->failed)
		return ZIP_FAILED;
	str_add_bytes(&archive->part, bytes, length);
	if (archive->streaming)
		pack_pieces(archive, false);
	else if (archive->part.length > PART_MOST)
		begin_stream(archive);
	return archive->failed ? ZIP_FAILED : 0;
}

int zipCloseFileInZip(void *file)
{
	struct archive *archive = file;
	struct entry *entry = current(archive);
	if (archive->streaming) {
		pack_pieces(archive, true);
		archive->streaming = false;
		rewrite_header(archive, entry);
	} else if (!archive->failed) {
		pack_part(archive);
	}
	if (entry->size > UINT32_MAX || entry->packed > UINT32_MAX)
		archive->failed = true;             /* no Excel opens it */
	return archive->failed ? ZIP_FAILED : 0;
}

int zipClose(void *file, const char *comment)
{
	(void)comment;
	return archive_close(file) == 0 ? 0 : ZIP_FAILED;
}
