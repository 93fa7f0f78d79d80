/*
 * fs.h - files and folders: whole reads, checked durable writes, listings, locks. 0600/0700 whatever the umask.
 */
#ifndef PANDIAN_BASE_FS_H
#define PANDIAN_BASE_FS_H

#include "base/err.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a regular file whole (refuses FIFOs, devices; limit in bytes, 0 = none). Appends to out. */
int fs_read(const char *path, size_t limit, struct str *out, struct err *err);
/*
 * Opens a regular file for reading (O_NOFOLLOW off, O_NONBLOCK, S_ISREG checked); returns the descriptor, *size its
 * length.
 */
int fs_open_read(const char *path, uint64_t *size, struct err *err);
/* Creates (O_EXCL) and writes a file 0600, checks every write; fsync if `durable`. */
int fs_write_new(const char *path, const void *bytes, size_t length, bool durable, struct err *err);
/* Replaces a file atomically: temporary beside it, fsync, rename, fsync of the folder. */
int fs_replace(const char *path, const void *bytes, size_t length, struct err *err);
int fs_make_dirs(const char *path, struct err *err);                /* like mkdir -p, 0700 */
int fs_sync_dir(const char *path, struct err *err);
int fs_sync_file(const char *path, struct err *err);
int fs_remove_tree(const char *path, struct err *err);              /* absent is fine; never follows links */
bool fs_exists(const char *path);
bool fs_is_dir(const char *path);
/*
 * Full paths of files in `dir` matching a glob (* ? only, in the last component; `**` not supported), sorted by
 * bytes. Absent folder: none.
 */
struct fs_list { char **path; size_t count; };
int fs_glob(const char *dir, const char *pattern, struct fs_list *list, struct err *err);
void fs_list_release(struct fs_list *list);
bool fs_match(const char *pattern, const char *name);               /* * and ? */
char *fs_join(const char *dir, const char *name);                   /* malloc'd "dir/name"; absolute names stay */
const char *fs_base_name(const char *path);
/*
 * Takes an exclusive lock on a file (created if absent); returns the descriptor, or -1 with status 75 when another
 * holds it.
 */
int fs_lock(const char *path, struct err *err);
/*
 * A safe file-name part for any id: [A-Za-z0-9_-] kept (not leading '-'), other bytes as =XX; at most 40 characters,
 * then "~" and 8 hex digits of its SHA-256 whenever anything was changed or cut, or differs only by case. Appends.
 */
void fs_safe_name(struct str *out, const char *id);

#endif
