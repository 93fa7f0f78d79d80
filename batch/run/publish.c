/*
 * publish.c - all or nothing. Decides the order of writes that makes a set appear at once; does not decide its content.
 */
#include "run/publish.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int publish_stage(const struct plan *plan, char **staging, struct err *err)
{
	/* One name for all: the lock makes sure that nobody else works in it, so whatever stands there is a remain. */
	*staging = fs_join(plan->outputs, ".staging");
	if (fs_remove_tree(*staging, err) != 0 || fs_make_dirs(*staging, err) != 0) {
		free(*staging);
		*staging = NULL;
		return -1;
	}
	return 0;
}

int publish_sync(const char *staging, struct err *err)
{
	int descriptor = open(staging, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		return err_sys(err, STATUS_IO, errno, "cannot open '%s'", staging);
	int failed = syncfs(descriptor) != 0;
	if (failed)
		err_sys(err, STATUS_IO, errno, "cannot bring '%s' to the disk", staging);
	close(descriptor);
	return failed ? -1 : 0;
}

/* True if no later period is published. */
static int is_newest(struct store *store, const struct store_run *run, bool *newest, struct err *err)
{
	struct arena arena = { 0 };
	struct store_run *published;
	size_t count;
	int result = store_runs_published(store, DATE_NONE, &arena, &published, &count, err);
	*newest = result == 0 && (count == 0 || published[0].as_of <= run->as_of);
	arena_release(&arena);
	return result;
}

/* outputs/latest → <period>/rN, replaced in one rename. */
static int point_latest(const struct plan *plan, struct store *store, const struct store_run *run, struct err *err)
{
	bool newest;
	if (is_newest(store, run, &newest, err) != 0)
		return -1;
	if (!newest)
		return 0;
	char target[40];
	snprintf(target, sizeof target, "%s/r%d", run->period, run->revision);
	char *link = fs_join(plan->outputs, "latest"), *next = fs_join(plan->outputs, ".latest");
	int result = -1;
	if (unlink(next) != 0 && errno != ENOENT)
		err_sys(err, STATUS_CANT_CREATE, errno, "cannot remove '%s'", next);
	else if (symlink(target, next) != 0)
		err_sys(err, STATUS_CANT_CREATE, errno, "cannot create the link '%s'", next);
	else if (rename(next, link) != 0)
		err_sys(err, STATUS_CANT_CREATE, errno, "cannot move the link '%s'", link);
	else
		result = fs_sync_dir(plan->outputs, err);
	free(link);
	free(next);
	return result;
}

int publish_rename(const struct plan *plan, struct store *store, const struct store_run *run, const char *staging,
	struct str *folder, struct err *err)
{
	char *parent = fs_join(plan->outputs, run->period);
	int result = -1;
	str_clear(folder);
	str_printf(folder, "%s/r%d", parent, run->revision);
	if (fs_make_dirs(parent, err) != 0)
		goto out;
	if (fs_exists(folder->text)) {
		err_set(err, STATUS_CANT_CREATE, "'%s' exists already and is not a published set of this store", folder->text);
		err_hint(err, "Move it away, or bring back the store it belongs to.");
		goto out;
	}
	if (publish_sync(staging, err) != 0)
		goto out;
	if (rename(staging, folder->text) != 0) {
		err_sys(err, STATUS_CANT_CREATE, errno, "cannot rename '%s' to '%s'", staging, folder->text);
		goto out;
	}
	if (fs_sync_dir(parent, err) != 0 || fs_sync_dir(plan->outputs, err) != 0)
		goto out;
	result = point_latest(plan, store, run, err);
out:
	free(parent);
	return result;
}

int publish_partial(
	const struct plan *plan, const char *staging, const char *run_name, struct str *folder, struct err *err)
{
	char *parent = fs_join(plan->outputs, "partial");
	int result = -1;
	str_clear(folder);
	str_printf(folder, "%s/%s", parent, run_name);
	if (fs_make_dirs(parent, err) != 0 || fs_remove_tree(folder->text, err) != 0 || publish_sync(staging, err) != 0)
		goto out;
	if (rename(staging, folder->text) != 0) {
		err_sys(err, STATUS_CANT_CREATE, errno, "cannot rename '%s' to '%s'", staging, folder->text);
		goto out;
	}
	result = fs_sync_dir(parent, err);
out:
	free(parent);
	return result;
}

/* True if the folder of a run holds a manifest of this very run (its key is named in it). */
static bool renamed_already(const struct plan *plan, const struct store_run *run)
{
	struct str path = { 0 }, body = { 0 };
	struct err ignored = { 0 };
	bool found = false;
	str_printf(&path, "%s/%s/r%d/manifest.json", plan->outputs, run->period, run->revision);
	if (run->revision > 0 && fs_exists(path.text) && fs_read(path.text, 0, &body, &ignored) == 0) {
		struct json *json = json_parse(body.text, body.length, &ignored);
		const char *key = json != NULL ? json_text_of(json_get(json, "key")) : NULL;
		found = key != NULL && strcmp(key, run->key) == 0;
		json_free(json);
	}
	str_release(&path);
	str_release(&body);
	return found;
}

static int settle(const struct plan *plan, struct store *store, struct store_run *run, struct err *err)
{
	int result;
	if (renamed_already(plan, run)) {
		run->state = STORE_RUN_PUBLISHED;
		log_write(LOG_INFO, "the interrupted run %s/r%d had been published; recorded now", run->period, run->revision);
		result = point_latest(plan, store, run, err);
	} else {
		run->state = STORE_RUN_FAILED;
		log_write(LOG_INFO, "an interrupted run of %s is put aside", run->period);
		result = store_run_drop_results(store, run->id, err);
	}
	return result == 0 ? store_run_set(store, run, err) : -1;
}

int publish_reconcile(const struct plan *plan, struct store *store, struct err *err)
{
	static const enum store_run_state open_states[] = { STORE_RUN_STARTED, STORE_RUN_EVALUATED };
	struct arena arena = { 0 };
	int result = store_begin(store, err);
	for (size_t s = 0; s < 2 && result == 0; s++) {
		struct store_run *runs;
		size_t count;
		result = store_runs(store, open_states[s], &arena, &runs, &count, err);
		for (size_t i = 0; i < count && result == 0; i++)
			result = settle(plan, store, &runs[i], err);
	}
	if (result == 0)
		result = store_commit(store, err);
	else
		store_rollback(store);
	arena_release(&arena);
	return result;
}
