/*
 * layout.h - private to store/: tables, statements and helpers of the SQLite file.
 *
 * Decides: the layout (version STORE_LAYOUT) and every statement, as constant texts; data only comes in by binding.
 * Names, not numbers of enumerations, are kept wherever a later version may number differently (feeds, dimensions,
 * findings, states); for the columns of segments `field_list` says which fields the numbers meant.
 */
#ifndef PANDIAN_STORE_LAYOUT_H
#define PANDIAN_STORE_LAYOUT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "store/store.h"

#include <sqlite3.h>

#define STORE_APPLICATION 0x50414E44  /* "PAND" */
#define STORE_LAYOUT 1
#define STORE_CHUNK 4096u             /* texts of a dictionary in one BLOB */

#define STORE_LAYOUT_SQL \
	"CREATE TABLE field_list(version INTEGER PRIMARY KEY, names TEXT NOT NULL UNIQUE) STRICT;" \
	"CREATE TABLE key_chunk(dim TEXT NOT NULL, chunk INTEGER NOT NULL, count INTEGER NOT NULL, crc INTEGER" \
	" NOT NULL, texts BLOB NOT NULL, PRIMARY KEY(dim, chunk)) STRICT;" \
	"CREATE TABLE batch(id INTEGER PRIMARY KEY AUTOINCREMENT, feed TEXT NOT NULL, source TEXT NOT NULL, file" \
	" TEXT NOT NULL, sha256 TEXT NOT NULL, mapping TEXT NOT NULL, complete INTEGER NOT NULL, snapshot" \
	" INTEGER, encoding TEXT, choices TEXT, bytes INTEGER NOT NULL, rows INTEGER NOT NULL, kept INTEGER NOT" \
	" NULL, rejected INTEGER NOT NULL, merged INTEGER NOT NULL) STRICT;" \
	"CREATE TABLE segment(batch INTEGER NOT NULL, feed TEXT NOT NULL, block INTEGER NOT NULL, fields INTEGER" \
	" NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY(batch, feed, block)) STRICT;" \
	"CREATE TABLE finding(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, run INTEGER NOT NULL, name TEXT NOT" \
	" NULL, feed TEXT, file TEXT, sheet TEXT, row INTEGER NOT NULL, column_name TEXT, text TEXT, detail TEXT," \
	" count INTEGER NOT NULL) STRICT;" \
	"CREATE INDEX finding_of ON finding(batch, run);" \
	"CREATE TABLE reject(id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, row INTEGER NOT NULL, finding TEXT" \
	" NOT NULL, column_name TEXT, text TEXT, record TEXT) STRICT;" \
	"CREATE INDEX reject_of ON reject(batch);" \
	"CREATE TABLE run(id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, period TEXT NOT NULL, as_of" \
	" INTEGER NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL, details TEXT) STRICT;" \
	"CREATE INDEX run_key ON run(key);" \
	"CREATE TABLE directory(run INTEGER PRIMARY KEY, crc INTEGER NOT NULL, json TEXT NOT NULL) STRICT;" \
	"CREATE TABLE result(run INTEGER NOT NULL, tab INTEGER NOT NULL, block INTEGER NOT NULL, bytes BLOB NOT" \
	" NULL, PRIMARY KEY(run, tab, block)) STRICT;"

#define STORE_RUN_COLUMNS "id, key, period, as_of, revision, state, details"

/* STORE_SQL(id, text): prepared once a connection, on first use. */
#define STORE_STATEMENTS(STORE_SQL) \
	STORE_SQL(BEGIN, "BEGIN IMMEDIATE") \
	STORE_SQL(COMMIT, "COMMIT") \
	STORE_SQL(ROLLBACK, "ROLLBACK") \
	STORE_SQL(FIELD_LISTS, "SELECT version, names FROM field_list ORDER BY version") \
	STORE_SQL(FIELD_LIST_ADD, "INSERT INTO field_list(names) VALUES(?1)") \
	STORE_SQL(KEYS, "SELECT chunk, count, crc, texts FROM key_chunk WHERE dim = ?1 ORDER BY chunk") \
	STORE_SQL(KEYS_PUT, "INSERT OR REPLACE INTO key_chunk(dim, chunk, count, crc, texts) VALUES(?1, ?2, ?3," \
		" ?4, ?5)") \
	STORE_SQL(BATCH_ADD, "INSERT INTO batch(feed, source, file, sha256, mapping, complete, snapshot," \
		" encoding, choices, bytes, rows, kept, rejected, merged) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8," \
		" ?9, ?10, ?11, ?12, ?13, ?14)") \
	STORE_SQL(BATCH_SET, "UPDATE batch SET feed = ?1, source = ?2, file = ?3, sha256 = ?4, mapping = ?5," \
		" complete = ?6, snapshot = ?7, encoding = ?8, choices = ?9, bytes = ?10, rows = ?11, kept = ?12," \
		" rejected = ?13, merged = ?14 WHERE id = ?15") \
	STORE_SQL(BATCHES, "SELECT id, feed, source, file, sha256, mapping, complete, snapshot, encoding," \
		" choices, bytes, rows, kept, rejected, merged FROM batch ORDER BY id") \
	STORE_SQL(SEGMENT_PUT, "INSERT OR REPLACE INTO segment(batch, feed, block, fields, bytes) VALUES(?1, ?2," \
		" ?3, ?4, ?5)") \
	STORE_SQL(SEGMENT, "SELECT fields, bytes FROM segment WHERE batch = ?1 AND feed = ?2 AND block = ?3") \
	STORE_SQL(SEGMENTS, "SELECT batch, feed, block, bytes FROM segment ORDER BY batch, feed, block") \
	STORE_SQL(FINDING_PUT, "INSERT INTO finding(batch, run, name, feed, file, sheet, row, column_name, text," \
		" detail, count) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)") \
	STORE_SQL(FINDINGS, "SELECT name, feed, file, sheet, row, column_name, text, detail, count FROM finding" \
		" WHERE batch = ?1 AND run = ?2 ORDER BY id") \
	STORE_SQL(REJECT_PUT, "INSERT INTO reject(batch, row, finding, column_name, text, record) VALUES(?1, ?2," \
		" ?3, ?4, ?5, ?6)") \
	STORE_SQL(REJECTS, "SELECT row, finding, column_name, text, record FROM reject WHERE batch = ?1 ORDER BY" \
		" row, id") \
	STORE_SQL(RUN_ADD, "INSERT INTO run(key, period, as_of, revision, state, details) VALUES(?1, ?2, ?3, ?4," \
		" ?5, ?6)") \
	STORE_SQL(RUN_SET, "UPDATE run SET state = ?2, revision = ?3, details = ?4 WHERE id = ?1") \
	STORE_SQL(RUN_FIND, "SELECT " STORE_RUN_COLUMNS " FROM run WHERE key = ?1 AND state = ?2 ORDER BY id" \
		" DESC LIMIT 1") \
	STORE_SQL(RUNS, "SELECT " STORE_RUN_COLUMNS " FROM run WHERE state = ?1 ORDER BY id") \
	STORE_SQL(RUNS_PUBLISHED, "SELECT " STORE_RUN_COLUMNS " FROM run AS newest WHERE state = ?1 AND revision" \
		" > 0 AND (?2 IS NULL OR as_of < ?2) AND NOT EXISTS (SELECT 1 FROM run WHERE period =" \
		" newest.period AND state = ?1 AND (?2 IS NULL OR as_of < ?2) AND (revision, id) >" \
		" (newest.revision, newest.id)) ORDER BY as_of DESC, id DESC") \
	STORE_SQL(RUN_REVISION, "SELECT coalesce(max(revision), 0) + 1 FROM run WHERE period = ?1 AND state = ?2") \
	STORE_SQL(RESULTS_DROP, "DELETE FROM result WHERE run = ?1") \
	STORE_SQL(DIRECTORY_DROP, "DELETE FROM directory WHERE run = ?1") \
	STORE_SQL(DIRECTORY_PUT, "INSERT OR REPLACE INTO directory(run, crc, json) VALUES(?1, ?2, ?3)") \
	STORE_SQL(DIRECTORY, "SELECT crc, json FROM directory WHERE run = ?1") \
	STORE_SQL(RESULT_PUT, "INSERT OR REPLACE INTO result(run, tab, block, bytes) VALUES(?1, ?2, ?3, ?4)") \
	STORE_SQL(RESULT, "SELECT bytes FROM result WHERE run = ?1 AND tab = ?2 AND block = ?3") \
	STORE_SQL(RESULTS, "SELECT run, tab, block, bytes FROM result ORDER BY run, tab, block") \
	STORE_SQL(DIRECTORIES, "SELECT run, crc, json FROM directory ORDER BY run") \
	STORE_SQL(QUICK_CHECK, "PRAGMA quick_check(1)")

enum store_sql {
#define STORE_SQL(id, text) STORE_##id,
	STORE_STATEMENTS(STORE_SQL)
#undef STORE_SQL
	STORE_SQL_COUNT
};

/* A dictionary, shared by the store and whoever asked for it with store_keys_share. */
struct store_dictionary { struct map map; unsigned users; };

/* How the fields of an older program stand in this one: number there → number here, FRAME_NONE where it is gone. */
struct store_fields { int64_t version; uint32_t *number; uint32_t count; };

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	sqlite3_stmt *statements[STORE_SQL_COUNT];
	struct store_dictionary *keys[KEY_DIM_COUNT];
	size_t saved[KEY_DIM_COUNT];          /* keys of each dimension in the file, this transaction included */
	size_t committed[KEY_DIM_COUNT];      /* the same before this transaction */
	int64_t fields;                       /* version of this program's field list; 0 not looked for yet */
	struct store_fields *older; size_t older_count;
	struct str bytes;                     /* room for encoding */
};

/* Turns the connection's last failure into an error with the right status. Always -1. */
int store_fail(struct store *store, struct err *err, const char *what);
/* A statement ready for binding; NULL on error. Give it back with store_done. */
sqlite3_stmt *store_statement(struct store *store, enum store_sql id, struct err *err);
void store_done(sqlite3_stmt *statement);
/* 1 a row, 0 no more, -1 failed. */
int store_step(struct store *store, sqlite3_stmt *statement, const char *what, struct err *err);
/* Runs a statement that yields no rows, and gives it back. */
int store_execute(struct store *store, sqlite3_stmt *statement, const char *what, struct err *err);
void store_bind_text(sqlite3_stmt *statement, int index, const char *text);    /* NULL gives NULL; not copied */
const char *store_text(sqlite3_stmt *statement, int column, struct arena *arena); /* NULL stays NULL */
/* store_field.c: the field list of this program in the file, and translation of older ones. */
int store_fields_version(struct store *store, int64_t *version, struct err *err);
int store_fields_of(struct store *store, int64_t version, const struct store_fields **fields, struct err *err);
void store_fields_release(struct store *store);
/* store_keys.c */
void store_keys_release(struct store *store);

#endif
