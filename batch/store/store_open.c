/*
 * store_open.c - the SQLite file itself: opening, transactions, statements, failures, closing.
 *
 * Decides: how the file is opened and made durable, and which exit status a failure of SQLite deserves.
 * Does not decide: what stands in the tables (layout.h and the other store_*.c).
 */
#include "store/layout.h"

#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MILLISECONDS 2000
#define DAMAGED_HINT "Move the store aside and run again: the inputs are read once more."

static const char *const statement_texts[STORE_SQL_COUNT] = {
#define STORE_SQL(id, text) text,
	STORE_STATEMENTS(STORE_SQL)
#undef STORE_SQL
};

/* --- the library, once a process, and who has it open --- */

static pthread_once_t library_once = PTHREAD_ONCE_INIT;
static int library_result;
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned open_count;
static pid_t open_process;

static void library_start(void)
{
	/* Without MEMSTATUS=0 every allocation takes one lock and two connections do not run beside each other. */
	library_result = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (library_result == SQLITE_OK)
		library_result = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
	if (library_result == SQLITE_OK)
		library_result = sqlite3_initialize();
}

/* False in a child forked while its parent had a store open: the library would trust locks not held here. */
static bool open_enter(void)
{
	bool fine;

	pthread_mutex_lock(&open_lock);
	fine = open_count == 0 || open_process == getpid();
	if (fine) {
		open_count++;
		open_process = getpid();
	}
	pthread_mutex_unlock(&open_lock);
	return fine;
}

static void open_leave(void)
{
	pthread_mutex_lock(&open_lock);
	open_count--;
	pthread_mutex_unlock(&open_lock);
}

/* --- failures --- */

static int status_of(int code, enum store_mode mode, int number)
{
	if (code == SQLITE_IOERR_NOMEM)
		return STATUS_AGAIN;
	switch (code & 0xFF) {
	case SQLITE_BUSY: case SQLITE_LOCKED: case SQLITE_NOMEM: case SQLITE_PROTOCOL:
		return STATUS_AGAIN;
	case SQLITE_FULL: case SQLITE_IOERR: case SQLITE_CORRUPT: case SQLITE_NOTADB:
		return STATUS_IO;
	case SQLITE_READONLY: case SQLITE_PERM: case SQLITE_AUTH:
		return STATUS_PERMISSION;
	case SQLITE_CANTOPEN:
		if (number == EACCES || number == EPERM || number == EROFS)
			return STATUS_PERMISSION;
		return mode == STORE_READ && number == ENOENT ? STATUS_NO_INPUT : STATUS_CANT_CREATE;
	default:
		return STATUS_INTERNAL;
	}
}

int store_fail(struct store *store, struct err *err, const char *what)
{
	int code = sqlite3_extended_errcode(store->db), number = sqlite3_system_errno(store->db);
	int status = status_of(code, store->mode, number);
	bool first = err->status == 0;

	err_set(err, status, "%s: %s: %s", store->path, what, sqlite3_errmsg(store->db));
	if (!first)
		return -1;
	if ((code & 0xFF) == SQLITE_CORRUPT || (code & 0xFF) == SQLITE_NOTADB)
		err_hint(err, DAMAGED_HINT);
	else if ((code & 0xFF) == SQLITE_BUSY || (code & 0xFF) == SQLITE_LOCKED)
		err_hint(err, "Another process is writing the store; try again when it has ended.");
	else if ((code & 0xFF) == SQLITE_FULL)
		err_hint(err, "The disk is full; nothing of this step was kept.");
	return -1;
}

/* --- statements --- */

sqlite3_stmt *store_statement(struct store *store, enum store_sql id, struct err *err)
{
	sqlite3_stmt **kept = &store->statements[id];

	if (*kept == NULL &&
		sqlite3_prepare_v3(store->db, statement_texts[id], -1, SQLITE_PREPARE_PERSISTENT, kept,
			NULL) != SQLITE_OK) {
		store_fail(store, err, "a statement was refused");
		return NULL;
	}
	return *kept;
}

void store_done(sqlite3_stmt *statement)
{
	/* Its result was told by store_step; an unfinished statement would hold on to its snapshot. */
	if (statement != NULL) {
		sqlite3_reset(statement);
		sqlite3_clear_bindings(statement);
	}
}

int store_step(struct store *store, sqlite3_stmt *statement, const char *what, struct err *err)
{
	switch (sqlite3_step(statement)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return store_fail(store, err, what);
	}
}

int store_execute(struct store *store, sqlite3_stmt *statement, const char *what, struct err *err)
{
	int result = store_step(store, statement, what, err);

	store_done(statement);
	return result < 0 ? -1 : 0;
}

void store_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	if (text == NULL)
		sqlite3_bind_null(statement, index);
	else
		sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

const char *store_text(sqlite3_stmt *statement, int column, struct arena *arena)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text == NULL ? NULL : arena_copy(arena, (const char *)text, (size_t)sqlite3_column_bytes(statement,
		column));
}

/* --- opening --- */

static int pragma(struct store *store, const char *text, struct err *err)
{
	if (sqlite3_exec(store->db, text, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(store, err, "cannot be set up");
	return 0;
}

/* The one number or word a pragma answers. */
static int pragma_value(struct store *store, const char *text, int64_t *number, char *word, size_t room,
	struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int result = -1;

	if (sqlite3_prepare_v2(store->db, text, -1, &statement, NULL) != SQLITE_OK ||
		sqlite3_step(statement) != SQLITE_ROW)
		store_fail(store, err, "cannot be read");
	else {
		*number = sqlite3_column_int64(statement, 0);
		const char *answer = (const char *)sqlite3_column_text(statement, 0);
		if (word != NULL)
			sqlite3_snprintf((int)room, word, "%s", answer != NULL ? answer : "");
		result = 0;
	}
	sqlite3_finalize(statement);
	return result;
}

/* An empty file only its owner may read, if there is none; SQLite gives its log the same mode. */
static int file_create(const char *path, struct err *err)
{
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (file < 0)
		return errno == EEXIST ? 0 : err_sys(err, STATUS_CANT_CREATE, errno, "cannot create the store %s",
			path);
	if (fchmod(file, 0600) != 0) {
		err_sys(err, STATUS_CANT_CREATE, errno, "cannot create the store %s", path);
		close(file);
		return -1;
	}
	close(file);
	return 0;
}

static int layout_create(struct store *store, struct err *err)
{
	sqlite3_stmt *begin = store_statement(store, STORE_BEGIN, err);
	char numbers[96];

	if (begin == NULL || store_execute(store, begin, "cannot be locked for writing", err) != 0)
		return -1;
	sqlite3_snprintf(sizeof numbers, numbers, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
		STORE_APPLICATION, STORE_LAYOUT);
	if (pragma(store, STORE_LAYOUT_SQL, err) != 0 || pragma(store, numbers, err) != 0 ||
		pragma(store, "COMMIT", err) != 0) {
		store_rollback(store);
		return -1;
	}
	return 0;
}

static int layout_check(struct store *store, struct err *err)
{
	int64_t application, layout, tables;
	bool first = err->status == 0;

	if (pragma_value(store, "PRAGMA application_id", &application, NULL, 0, err) != 0 ||
		pragma_value(store, "PRAGMA user_version", &layout, NULL, 0, err) != 0 ||
		pragma_value(store, "SELECT count(*) FROM sqlite_schema", &tables, NULL, 0, err) != 0)
		return -1;
	if (application == 0 && layout == 0 && tables == 0) {
		/* New, or its maker was killed before the first commit. */
		if (store->mode == STORE_WRITE)
			return layout_create(store, err);
		err_set(err, STATUS_NO_INPUT, "%s: the store is empty", store->path);
		if (first)
			err_hint(err, "Run `pandian run` first.");
		return -1;
	}
	if (application != STORE_APPLICATION) {
		err_set(err, STATUS_IO, "%s: a database, but not a store of pandian (application id %lld)", store->path,
			(long long)application);
		if (first)
			err_hint(err, "Something else wrote this file; move it aside.");
		return -1;
	}
	if (layout != STORE_LAYOUT) {
		err_set(err, STATUS_IO, "%s: the store has layout %lld, this program reads layout %d", store->path,
			(long long)layout, STORE_LAYOUT);
		if (first)
			err_hint(err, layout > STORE_LAYOUT ? "A newer pandian wrote it; use that one." : DAMAGED_HINT);
		return -1;
	}
	return 0;
}

static int set_up(struct store *store, struct err *err)
{
	int64_t ignored;
	char word[16];

	if (store->mode == STORE_READ)
		return layout_check(store, err);
	if (pragma(store, "PRAGMA page_size = 16384", err) != 0 ||
		pragma_value(store, "PRAGMA journal_mode = WAL", &ignored, word, sizeof word, err) != 0)
		return -1;
	if (strcmp(word, "wal") != 0) {
		err_set(err, STATUS_CANT_CREATE, "%s: the file system cannot hold a write-ahead log (journal mode %s)",
			store->path, word);
		return -1;
	}
	if (pragma(store, "PRAGMA synchronous = FULL; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864;"
		"PRAGMA trusted_schema = OFF;", err) != 0)
		return -1;
	return layout_check(store, err);
}

static void release(struct store *store)
{
	for (size_t i = 0; i < STORE_SQL_COUNT; i++)
		sqlite3_finalize(store->statements[i]);
	sqlite3_close(store->db);
	store_keys_release(store);
	store_fields_release(store);
	str_release(&store->bytes);
	free(store->path);
	free(store);
	open_leave();
}

struct store *store_open(const char *path, enum store_mode mode, struct err *err)
{
	struct store *store;
	int flags = mode == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;

	pthread_once(&library_once, library_start);
	if (library_result != SQLITE_OK) {
		err_set(err, STATUS_INTERNAL, "sqlite cannot be started: %s", sqlite3_errstr(library_result));
		return NULL;
	}
	if (mode == STORE_READ && access(path, F_OK) != 0 && errno == ENOENT) {
		bool first = err->status == 0;
		err_set(err, STATUS_NO_INPUT, "%s: there is no store yet", path);
		if (first)
			err_hint(err, "Run `pandian run` first.");
		return NULL;
	}
	if (mode == STORE_WRITE && file_create(path, err) != 0)
		return NULL;
	if (!open_enter()) {
		err_set(err, STATUS_INTERNAL,
			"%s: the store was open when this process was forked; open it after fork only", path);
		return NULL;
	}
	store = mem_new(1, sizeof *store);
	store->mode = mode;
	store->path = mem_copy_text(path);
	if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		if (store->db == NULL)
			err_set(err, STATUS_AGAIN, "%s: no memory for the store", path);
		else
			store_fail(store, err, "cannot be opened");
		release(store);
		return NULL;
	}
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_MILLISECONDS);
	if (set_up(store, err) != 0) {
		release(store);
		return NULL;
	}
	return store;
}

int store_close(struct store *store, struct err *err)
{
	int result = 0;

	if (store == NULL)
		return 0;
	if (store->mode == STORE_WRITE) {
		store_rollback(store);
		for (size_t i = 0; i < STORE_SQL_COUNT; i++)
			store_done(store->statements[i]);
		sqlite3_busy_timeout(store->db, 200);
		int code = sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
		/*
		 * Busy means that somebody still reads: everything is safe in the log and moves with the next
		 * checkpoint.
		 */
		if (code != SQLITE_OK && (code & 0xFF) != SQLITE_BUSY && (code & 0xFF) != SQLITE_LOCKED)
			result = store_fail(store, err, "its log cannot be written back");
	}
	release(store);
	return result;
}

/* --- transactions --- */

int store_begin(struct store *store, struct err *err)
{
	sqlite3_stmt *statement;

	if (!sqlite3_get_autocommit(store->db))
		return err_set(err, STATUS_INTERNAL, "%s: a transaction is already open", store->path);
	statement = store_statement(store, STORE_BEGIN, err);
	if (statement == NULL || store_execute(store, statement, "cannot be locked for writing", err) != 0)
		return -1;
	memcpy(store->committed, store->saved, sizeof store->committed);
	return 0;
}

int store_commit(struct store *store, struct err *err)
{
	sqlite3_stmt *statement = store_statement(store, STORE_COMMIT, err);

	if (statement == NULL || store_execute(store, statement, "cannot be committed", err) != 0)
		return -1;
	memcpy(store->committed, store->saved, sizeof store->committed);
	return 0;
}

void store_rollback(struct store *store)
{
	struct err ignored = {0};
	sqlite3_stmt *statement;

	/* SQLite has rolled back by itself after some failures; that is what was wanted. */
	if (!sqlite3_get_autocommit(store->db)) {
		statement = store_statement(store, STORE_ROLLBACK, &ignored);
		if (statement != NULL)
			store_execute(store, statement, "", &ignored);
	}
	memcpy(store->saved, store->committed, sizeof store->saved);
	store->fields = 0;
}
