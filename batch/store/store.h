/*
 * store.h - the store of a workspace (SQLite, outputs/pandian.db): batches, segments, keys, findings, runs, results.
 *
 * Decides: layout and transactions of the store. The only folder that includes sqlite3.h. One writer at a time (the
 * run's main process); any number of readers, each thread and each process with its own connection opened after fork.
 *
 * High-volume feeds and small ones alike are kept as segments, one BLOB per (feed, batch, block); one layout.
 */
#ifndef PANDIAN_STORE_STORE_H
#define PANDIAN_STORE_STORE_H

#include "base/err.h"
#include "base/finding.h"
#include "base/hash.h"
#include "store/feed.h"
#include "store/frame.h"
#include "store/result.h"

#include <stdbool.h>
#include <stdint.h>

#define STORE_BLOCK 4096u        /* employees in a block: key k stands in block k / STORE_BLOCK, row k % STORE_BLOCK */
#define STORE_BLOCK_NONE 0u      /* block of feeds without an employee */

struct store;
enum store_mode { STORE_READ, STORE_WRITE /* creates the file and upgrades the layout */ };
/*
 * Checks layout version and application id; status 66 when there is nothing to read yet, 74 when damaged, 75 when busy.
 * NULL on error. A process that was forked while its parent had a store open is refused (70): SQLite's locks do not
 * survive fork. Close, fork, then open.
 */
struct store *store_open(const char *path, enum store_mode mode, struct err *err);
int store_close(struct store *store, struct err *err);            /* writers: checkpoints the log, result checked */
int store_begin(struct store *store, struct err *err);            /* one write transaction */
int store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);

/* --- keys: dictionaries of dense numbers --- */
/* The dictionary of a dimension, loaded on first use. A writer may map_add to it; store_keys_save keeps what is new. */
struct map *store_keys(struct store *store, enum key_dim dim, struct err *err);
int store_keys_save(struct store *store, struct err *err);        /* inside a transaction */
/* The same dictionary, shared with the store and alive beyond it until store_keys_drop (NULL is fine). One thread. */
const struct map *store_keys_share(struct store *store, enum key_dim dim, struct err *err);
void store_keys_drop(const struct map *keys);

/* --- batches: one input file taken in, immutable --- */
struct store_batch {
	int64_t id;                  /* load sequence: later is larger */
	enum feed_id feed;
	/* Who read it: path of the mapping; NULL or "": not told. The same source and file again may replace it. */
	const char *source;
	const char *file;            /* path relative to the workspace */
	char sha256[HASH_HEX];       /* of the file's bytes (with look-up files mixed in) */
	char mapping[HASH_HEX];      /* of the mapping and the source element */
	bool full;                   /* a full snapshot, else a delta */
	int32_t snapshot;            /* day number, DATE_NONE: not declared, always visible */
	const char *encoding;        /* "UTF-8", "GB18030" … as detected */
	const char *choices;         /* JSON: delimiter, header row, columns used */
	uint64_t bytes, rows, kept, rejected, merged; /* rows = kept + rejected + merged */
};
/* Sets id; inside a transaction. */
int store_batch_add(struct store *store, struct store_batch *batch, struct err *err);
/* Counts, after reading. */
int store_batch_update(struct store *store, const struct store_batch *batch, struct err *err);
/* All batches by id; memory from the arena. */
int store_batches(struct store *store, struct arena *arena, struct store_batch **at, size_t *count, struct err *err);

/* --- segments --- */
/* Frame column ids of every feed segment: the source row (U32, 1-based line of the record) … */
#define STORE_ROW_ID 0xFFFF0000u
/* … and U32 1 where the row deletes its key (delta feeds); absent column: none. */
#define STORE_TOMBSTONE_ID 0xFFFF0001u
int store_segment_put(struct store *store, enum feed_id feed, int64_t batch, uint32_t block, const struct frame *frame,
	struct err *err);
/* As above with bytes already encoded by frame_encode (by a worker thread). */
int store_segment_put_bytes(struct store *store, enum feed_id feed, int64_t batch, uint32_t block,
	const struct str *bytes, struct err *err);
/* found = false and an empty frame where there is none. `want`: see frame_decode. */
int store_segment_get(struct store *store, enum feed_id feed, int64_t batch, uint32_t block, const uint32_t *want,
	size_t want_count, struct arena *arena, struct frame *frame, bool *found, struct err *err);

/* --- findings and quarantine --- */
struct store_reject {
	uint64_t row;
	enum finding_id finding;
	const char *column, *text;
	const char *record;          /* the raw record as UTF-8 */
};
/* Of a batch (run 0) or of a run (batch 0); get appends. */
int store_findings_put(struct store *store, int64_t batch, int64_t run, const struct findings *findings,
	struct err *err);
int store_findings_get(struct store *store, int64_t batch, int64_t run, struct findings *findings, struct err *err);
int store_rejects_put(struct store *store, int64_t batch, const struct store_reject *at, size_t count, struct err *err);
int store_rejects_get(struct store *store, int64_t batch, struct arena *arena, struct store_reject **at, size_t *count,
	struct err *err);

/* --- runs and results --- */
enum store_run_state { STORE_RUN_STARTED, STORE_RUN_EVALUATED, STORE_RUN_PUBLISHED, STORE_RUN_FAILED };
struct store_run {
	int64_t id;
	char key[HASH_HEX];          /* instance key */
	char period[16];             /* "2026Q3" */
	int32_t as_of;
	int revision;                /* r1, r2 … within the period; 0 for partial runs */
	enum store_run_state state;
	const char *details;         /* JSON: parameters, hashes, counts */
};
int store_run_add(struct store *store, struct store_run *run, struct err *err);          /* sets id */
int store_run_set(struct store *store, const struct store_run *run, struct err *err);    /* state, revision, details */
int store_run_find(struct store *store, const char *key, enum store_run_state state, struct arena *arena,
	struct store_run *run, bool *found, struct err *err);
/* Newest published revision of each period with as_of < before (DATE_NONE: all), newest period first. */
int store_runs_published(struct store *store, int32_t before, struct arena *arena, struct store_run **at, size_t *count,
	struct err *err);
/* All runs in a state, by id. */
int store_runs(struct store *store, enum store_run_state state, struct arena *arena, struct store_run **at,
	size_t *count, struct err *err);
int store_run_next_revision(struct store *store, const char *period, int *revision, struct err *err);
int store_run_drop_results(struct store *store, int64_t run, struct err *err);
int store_directory_put(struct store *store, int64_t run, const struct result_directory *directory, struct err *err);
int store_directory_get(struct store *store, int64_t run, struct arena *arena, struct result_directory *directory,
	struct err *err);
/* Result frames: `table` is an index of the directory; block STORE_BLOCK_NONE for tables not kept by employee. */
int store_result_put(struct store *store, int64_t run, uint32_t table, uint32_t block, const struct frame *frame,
	struct err *err);
int store_result_get(struct store *store, int64_t run, uint32_t table, uint32_t block, const uint32_t *want,
	size_t want_count, struct arena *arena, struct frame *frame, bool *found, struct err *err);

/* Integrity of the file (quick_check and segment checksums). */
int store_verify(struct store *store, struct err *err);

#endif
