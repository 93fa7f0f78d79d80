/*
 * fs.c - files and folders by checked system calls.
 *
 * Decides: modes (0600 and 0700, set explicitly so that no umask widens or narrows them), what a glob matches, how a
 * file is replaced, and the file-name part made from an id. Does not decide: where anything is kept, or when to fsync.
 */
#include "base/fs.h"

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FS_FILE_MODE = 0600,
	FS_DIR_MODE = 0700,
	FS_READ_BYTES = 64 * 1024,
	FS_NAME_MAX = 40,       /* characters of a safe name before its hash */
	FS_NAME_HASH = 8,       /* hex digits of the hash in a safe name */
};

/* --- reading --- */

int fs_open_read(const char *path, uint64_t *size, struct err *err)
{
	/* O_NONBLOCK: opening a FIFO must not wait for its writer; regular files do not care. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		int number = errno;
		return err_sys(err, number == ENOENT || number == ENOTDIR ? STATUS_NO_INPUT : STATUS_IO, number,
			"%s: cannot open", path);
	}
	struct stat st;
	if (fstat(fd, &st) != 0) {
		err_sys(err, STATUS_IO, errno, "%s: cannot read", path);
		close(fd);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(err, STATUS_NO_INPUT, "%s: %s", path,
			S_ISDIR(st.st_mode) ? "is a folder, not a file" : "is not a regular file");
	}
	*size = (uint64_t)st.st_size;
	return fd;
}

int fs_read(const char *path, size_t limit, struct str *out, struct err *err)
{
	int result = -1;
	uint64_t size;
	int fd = fs_open_read(path, &size, err);
	if (fd < 0)
		return -1;
	size_t start = out->length;
	if (limit > 0 && size > limit) {
		err_set(err, STATUS_IO, "%s: has %llu bytes, more than the %zu allowed", path, (unsigned long long)size, limit);
		goto out;
	}
	str_reserve(out, (size_t)size);
	for (;;) {
		/* The size is only a hint: the file may grow, and files of /proc say 0. */
		if (out->capacity - out->length < 2)
			str_reserve(out, FS_READ_BYTES);
		ssize_t got = read(fd, out->text + out->length, out->capacity - out->length - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			err_sys(err, STATUS_IO, errno, "%s: cannot read", path);
			goto out;
		}
		if (got == 0)
			break;
		out->length += (size_t)got;
		out->text[out->length] = '\0';
		if (limit > 0 && out->length - start > limit) {
			err_set(err, STATUS_IO, "%s: has more than the %zu bytes allowed", path, limit);
			goto out;
		}
	}
	result = 0;
out:
	close(fd);
	if (result != 0 && out->text != NULL) {
		out->length = start;
		out->text[start] = '\0';
	}
	return result;
}

/* --- writing --- */

/* Writes everything to a new descriptor and closes it whatever happens. */
static int fs_write_all(int fd, const char *path, const void *bytes, size_t length, bool durable, struct err *err)
{
	int result = -1;
	const char *at = bytes;
	if (fchmod(fd, FS_FILE_MODE) != 0) {
		err_sys(err, STATUS_CANT_CREATE, errno, "%s: cannot set its mode", path);
		goto out;
	}
	while (length > 0) {
		ssize_t done = write(fd, at, length);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			err_sys(err, STATUS_IO, done < 0 ? errno : EIO, "%s: cannot write", path);
			goto out;
		}
		at += done;
		length -= (size_t)done;
	}
	/* A failed fsync is never tried again: the kernel has already dropped the pages. */
	if (durable && fsync(fd) != 0) {
		err_sys(err, STATUS_IO, errno, "%s: cannot write to disk", path);
		goto out;
	}
	result = 0;
out:
	if (close(fd) != 0 && errno != EINTR && result == 0)
		result = err_sys(err, STATUS_IO, errno, "%s: cannot write", path);
	return result;
}

int fs_write_new(const char *path, const void *bytes, size_t length, bool durable, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, FS_FILE_MODE);
	if (fd < 0)
		return err_sys(err, STATUS_CANT_CREATE, errno, "%s: cannot create", path);
	if (fs_write_all(fd, path, bytes, length, durable, err) != 0) {
		unlink(path);
		return -1;
	}
	return 0;
}

/* The folder part of a path as a new text: "a/b" gives "a", "b" gives ".", "/b" gives "/". */
static char *fs_dir_name(const char *path)
{
	const char *base = fs_base_name(path);
	size_t length = (size_t)(base - path);
	if (length == 0)
		return mem_copy_text(".");
	while (length > 1 && path[length - 1] == '/')
		length--;
	char *dir = mem_new(length + 1, 1);
	memcpy(dir, path, length);
	return dir;
}

int fs_replace(const char *path, const void *bytes, size_t length, struct err *err)
{
	int result = -1;
	bool created = false;
	struct str temporary = {0};
	char *dir = fs_dir_name(path);
	/* Begins with a full stop, so no glob of inputs ever takes an unfinished file. */
	str_printf(&temporary, "%s/.%s.XXXXXX", dir, fs_base_name(path));
	int fd = mkostemp(temporary.text, O_CLOEXEC);
	if (fd < 0) {
		err_sys(err, STATUS_CANT_CREATE, errno, "%s: cannot create", path);
		goto out;
	}
	created = true;
	if (fs_write_all(fd, path, bytes, length, true, err) != 0)
		goto out;
	if (rename(temporary.text, path) != 0) {
		err_sys(err, STATUS_CANT_CREATE, errno, "%s: cannot replace", path);
		goto out;
	}
	created = false;
	result = fs_sync_dir(dir, err);
out:
	if (created)
		unlink(temporary.text);
	str_release(&temporary);
	free(dir);
	return result;
}

static int fs_sync(const char *path, int flags, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
	if (fd < 0)
		return err_sys(err, STATUS_IO, errno, "%s: cannot open", path);
	int result = 0;
	if (fsync(fd) != 0)
		result = err_sys(err, STATUS_IO, errno, "%s: cannot write to disk", path);
	close(fd);
	return result;
}

int fs_sync_dir(const char *path, struct err *err)
{
	return fs_sync(path, O_DIRECTORY, err);
}

int fs_sync_file(const char *path, struct err *err)
{
	return fs_sync(path, 0, err);
}

/* --- folders --- */

static int fs_make_dir(const char *path, struct err *err)
{
	if (mkdir(path, FS_DIR_MODE) == 0) {
		if (chmod(path, FS_DIR_MODE) != 0)  /* a umask of 0700 would have left 0000 */
			return err_sys(err, STATUS_CANT_CREATE, errno, "%s: cannot set its mode", path);
		return 0;
	}
	int number = errno;
	if (fs_is_dir(path))
		return 0;
	return err_sys(err, STATUS_CANT_CREATE, number, "%s: cannot create the folder", path);
}

int fs_make_dirs(const char *path, struct err *err)
{
	char *copy = mem_copy_text(path);
	int result = 0;
	for (char *at = copy; result == 0 && *at != '\0'; at++) {
		if (*at != '/' || at == copy || at[-1] == '/')
			continue;
		*at = '\0';
		result = fs_make_dir(copy, err);
		*at = '/';
	}
	if (result == 0)
		result = fs_make_dir(copy, err);
	free(copy);
	return result;
}

/* Removes what is named `name` inside the folder `parent`. `path` is for messages only. */
static int fs_remove_at(int parent, const char *name, const char *path, struct err *err)
{
	if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
		return 0;
	int number = errno;
	if (number != EISDIR && number != EPERM)  /* POSIX says EPERM for a folder, Linux EISDIR */
		return err_sys(err, STATUS_IO, number, "%s: cannot remove", path);
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, STATUS_IO, number == EPERM && errno == ENOTDIR ? EPERM : errno, "%s: cannot remove", path);
	DIR *dir = fdopendir(fd);
	if (dir == NULL) {
		err_sys(err, STATUS_IO, errno, "%s: cannot remove", path);
		close(fd);
		return -1;
	}
	int result = 0;
	bool found = true;
	struct str child = {0};
	/* Once more after every pass that removed something: a folder changed while it is read may hide entries. */
	while (result == 0 && found) {
		found = false;
		rewinddir(dir);
		const struct dirent *entry;
		while (result == 0 && (errno = 0, entry = readdir(dir)) != NULL) {
			if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
				continue;
			found = true;
			str_clear(&child);
			str_printf(&child, "%s/%s", path, entry->d_name);
			result = fs_remove_at(fd, entry->d_name, child.text, err);
		}
		if (result == 0 && errno != 0)
			result = err_sys(err, STATUS_IO, errno, "%s: cannot read the folder", path);
	}
	str_release(&child);
	closedir(dir);
	if (result == 0 && unlinkat(parent, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
		result = err_sys(err, STATUS_IO, errno, "%s: cannot remove", path);
	return result;
}

int fs_remove_tree(const char *path, struct err *err)
{
	char *copy = mem_copy_text(path);
	size_t length = strlen(copy);
	while (length > 0 && copy[length - 1] == '/')  /* "link/" would follow the link */
		copy[--length] = '\0';
	const char *base = fs_base_name(copy);
	int result;
	if (length == 0 || strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
		result = err_set(err, STATUS_INTERNAL, "%s: will not be removed", path);
	else
		result = fs_remove_at(AT_FDCWD, copy, copy, err);
	free(copy);
	return result;
}

bool fs_exists(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0;
}

bool fs_is_dir(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* --- names --- */

const char *fs_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

char *fs_join(const char *dir, const char *name)
{
	size_t dir_length = name[0] == '/' ? 0 : strlen(dir), name_length = strlen(name);
	bool slash = dir_length > 0 && dir[dir_length - 1] != '/';
	char *path = mem_new(dir_length + slash + name_length + 1, 1);
	memcpy(path, dir, dir_length);
	if (slash)
		path[dir_length] = '/';
	memcpy(path + dir_length + slash, name, name_length);
	return path;
}

bool fs_match(const char *pattern, const char *name)
{
	/* Going back to the last star only is enough, so the time is at most pattern times name. */
	const char *star = NULL, *retry = NULL;
	const char *end = name + strlen(name);
	while (*name != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			retry = name;
			continue;
		}
		const char *next = name;
		text_next(&next, end);
		if (*pattern == '?') {
			pattern++;
			name = next;
			continue;
		}
		if (*pattern == *name) {
			pattern++;
			name++;
			continue;
		}
		if (star == NULL)
			return false;
		pattern = star;
		text_next(&retry, end);
		name = retry;
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static int fs_compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int fs_glob(const char *dir, const char *pattern, struct fs_list *list, struct err *err)
{
	int result = -1;
	VEC(char *) found = {0};
	char *whole = fs_join(dir, pattern);
	char *folder = fs_dir_name(whole);
	const char *last = fs_base_name(whole);
	DIR *handle = opendir(folder);
	if (handle == NULL) {
		if (errno == ENOENT || errno == ENOTDIR)
			result = 0;
		else
			err_sys(err, STATUS_IO, errno, "%s: cannot read the folder", folder);
		goto out;
	}
	const struct dirent *entry;
	while ((errno = 0, entry = readdir(handle)) != NULL) {
		const char *name = entry->d_name;
		if ((name[0] == '.' && last[0] != '.') || !fs_match(last, name))
			continue;
		char *path = fs_join(folder, name);
		struct stat st;
		/* Anything but a folder: a FIFO or a dead link is told when it is opened, not passed over. */
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
			free(path);
			continue;
		}
		VEC_PUSH(&found, path);
	}
	if (errno != 0) {
		err_sys(err, STATUS_IO, errno, "%s: cannot read the folder", folder);
		goto out;
	}
	if (found.count > 0)
		qsort(found.at, found.count, sizeof *found.at, fs_compare_paths);
	result = 0;
out:
	if (handle != NULL)
		closedir(handle);
	*list = (struct fs_list){ found.at, found.count };
	if (result != 0)
		fs_list_release(list);
	free(folder);
	free(whole);
	return result;
}

void fs_list_release(struct fs_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->path[i]);
	vec_free(list->path);
	*list = (struct fs_list){0};
}

int fs_lock(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, FS_FILE_MODE);
	if (fd < 0)
		return err_sys(err, STATUS_CANT_CREATE, errno, "%s: cannot create the lock", path);
	if (fchmod(fd, FS_FILE_MODE) != 0) {
		err_sys(err, STATUS_CANT_CREATE, errno, "%s: cannot set its mode", path);
		goto fail;
	}
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EINTR)
			continue;
		if (errno == EWOULDBLOCK) {
			err_set(err, STATUS_AGAIN, "%s: another run holds the lock", path);
			err_hint(err, "Wait for the other run to end and try again.");
		} else {
			err_sys(err, STATUS_IO, errno, "%s: cannot lock", path);
		}
		goto fail;
	}
	return fd;
fail:
	close(fd);
	return -1;
}

/* Names Windows keeps for devices. Only upper case is asked: any lower-case letter brings the hash anyway. */
static bool fs_reserved_name(const char *id)
{
	static const char *const devices[] = { "CON", "PRN", "AUX", "NUL" };
	for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
		if (strcmp(id, devices[i]) == 0)
			return true;
	return (strncmp(id, "COM", 3) == 0 || strncmp(id, "LPT", 3) == 0) && id[3] >= '0' && id[3] <= '9' && id[4] == '\0';
}

void fs_safe_name(struct str *out, const char *id)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t used = 0;
	/*
	 * Upper-case ids and numbers stay as they are; an id with a lower-case letter gets its hash, so that two ids
	 * which differ by case only never meet on a disk that does not tell case.
	 */
	bool hashed = id[0] == '\0' || fs_reserved_name(id);
	for (const unsigned char *at = (const unsigned char *)id; *at != '\0'; at++) {
		bool lower = *at >= 'a' && *at <= 'z';
		bool keep = lower || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || *at == '_' ||
			(*at == '-' && used > 0);
		size_t needed = keep ? 1 : 3;
		hashed = hashed || lower || !keep;
		if (used + needed > FS_NAME_MAX) {
			hashed = true;
			break;
		}
		if (keep) {
			str_add_char(out, (char)*at);
		} else {
			str_add_char(out, '=');
			str_add_char(out, digits[*at >> 4]);
			str_add_char(out, digits[*at & 15]);
		}
		used += needed;
	}
	if (hashed) {
		char hex[HASH_HEX];
		hash_bytes(id, strlen(id), hex);
		str_add_char(out, '~');
		str_add_bytes(out, hex, FS_NAME_HASH);
	}
}
