/*
 * manifest.c - writes the manifest. Decides its form; does not decide what is published.
 */
#include "run/manifest.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/vec.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct entry { const char *path, *bytes, *sha256; };
struct entries { struct str text; VEC(struct entry) list; };

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

/* Reads one list: lines "path<TAB>bytes<TAB>sha256". */
static int read_entries(const char *path, struct entries *entries, struct err *err)
{
	if (fs_read(path, 0, &entries->text, err) != 0)
		return -1;
	char *at = entries->text.text;
	while (at != NULL && *at != '\0') {
		char *end = strchr(at, '\n');
		char *first = strchr(at, '\t');
		char *second = first != NULL ? strchr(first + 1, '\t') : NULL;
		if (end == NULL || second == NULL || second > end)
			return err_set(err, STATUS_INTERNAL, "the list of outputs '%s' is damaged", path);
		*first = *second = *end = '\0';
		struct entry entry = { .path = at, .bytes = first + 1, .sha256 = second + 1 };
		VEC_PUSH(&entries->list, entry);
		at = end + 1;
	}
	qsort(entries->list.at, entries->list.count, sizeof *entries->list.at, by_path);
	for (size_t i = 1; i < entries->list.count; i++) {
		if (strcmp(entries->list.at[i - 1].path, entries->list.at[i].path) == 0)
			return err_set(err, STATUS_INTERNAL, "two outputs have the same path '%s'", entries->list.at[i].path);
	}
	return 0;
}

static void put_entries(struct json_writer *json, const struct entries *entries)
{
	json_array(json);
	for (size_t i = 0; i < entries->list.count; i++) {
		json_object(json);
		json_put_text(json, "path", entries->list.at[i].path);
		json_key(json, "bytes");
		json_number(json, entries->list.at[i].bytes);
		json_put_text(json, "sha256", entries->list.at[i].sha256);
		json_close(json);
	}
	json_close_array(json);
}

static void entries_release(struct entries *entries)
{
	str_release(&entries->text);
	VEC_RELEASE(&entries->list);
}

/* Writes manifest/<folder>.json for the documents of one shelf and adds a line for it to `json`. */
static int write_shard(struct json_writer *json, const char *staging, const char *list, struct err *err)
{
	struct entries entries = { 0 };
	struct str body = { 0 }, path = { 0 }, name = { 0 };
	int result = -1;
	if (read_entries(list, &entries, err) != 0)
		goto out;
	const char *shelf = strrchr(list, '-') + 1;
	struct json_writer shard;
	json_begin(&shard, &body, true);
	put_entries(&shard, &entries);
	str_add_char(&body, '\n');
	str_printf(&name, "manifest/%s.json", shelf);
	str_printf(&path, "%s/%s", staging, name.text);
	if (fs_write_new(path.text, body.text, body.length, true, err) != 0)
		goto out;
	char sha256[HASH_HEX];
	hash_bytes(body.text, body.length, sha256);
	json_object(json);
	json_put_text(json, "path", name.text);
	json_put_int(json, "files", (int64_t)entries.list.count);
	json_put_text(json, "sha256", sha256);
	json_close(json);
	result = unlink(list) == 0 ? 0 : err_sys(err, STATUS_IO, errno, "cannot remove '%s'", list);
out:
	entries_release(&entries);
	str_release(&body);
	str_release(&path);
	str_release(&name);
	return result;
}

static void put_inputs(struct json_writer *json, const struct facts *facts)
{
	size_t count;
	const struct store_batch *batches = facts_batches(facts, &count);
	json_key(json, "inputs");
	json_array(json);
	for (size_t i = 0; i < count; i++) {
		const struct store_batch *batch = &batches[i];
		char snapshot[16];
		date_format_iso(batch->snapshot, snapshot);
		json_object(json);
		json_put_text(json, "feed", feed_at(batch->feed)->name);
		json_put_text(json, "file", batch->file);
		json_put_text(json, "sha256", batch->sha256);
		json_put_text(json, "mapping", batch->mapping);
		json_put_text(json, "load", batch->full ? "full" : "delta");
		json_put_text(json, "snapshot", snapshot[0] != '\0' ? snapshot : NULL);
		json_put_text(json, "encoding", batch->encoding);
		json_put_int(json, "bytes", (int64_t)batch->bytes);
		json_put_int(json, "rows", (int64_t)batch->rows);
		json_put_int(json, "kept", (int64_t)batch->kept);
		json_put_int(json, "rejected", (int64_t)batch->rejected);
		json_put_int(json, "merged", (int64_t)batch->merged);
		json_close(json);
	}
	json_close_array(json);
}

static void put_fonts(struct json_writer *json, const struct pdf_fonts *fonts)
{
	json_key(json, "fonts");
	json_array(json);
	for (size_t i = 0; i < pdf_fonts_count(fonts); i++) {
		char sha256[HASH_HEX];
		const char *file = pdf_fonts_file(fonts, i, sha256);
		json_object(json);
		json_put_text(json, "file", fs_base_name(file));
		json_put_text(json, "sha256", sha256);
		json_close(json);
	}
	json_close_array(json);
}

static void put_counts(struct json_writer *json, const struct manifest *manifest)
{
	json_key(json, "counts");
	json_object(json);
	for (size_t i = 0; i < manifest->count_count; i++)
		json_put_int(json, manifest->counts[i].name, (int64_t)manifest->counts[i].value);
	json_close(json);
	json_key(json, "findings");
	json_object(json);
	for (int id = 0; id < FINDING_COUNT; id++) {
		if (manifest->findings->total[id] > 0)
			json_put_int(json, finding_name((enum finding_id)id), (int64_t)manifest->findings->total[id]);
	}
	json_close(json);
}

static void put_head(struct json_writer *json, const struct manifest *manifest)
{
	char as_of[16];
	date_format_iso(manifest->as_of, as_of);
	json_put_int(json, "manifest", 1);
	json_put_text(json, "program", "pandian " PLAN_VERSION);
	json_put_text(json, "run", manifest->run_name);
	json_put_text(json, "key", manifest->key);
	json_put_text(json, "period", manifest->period);
	json_put_text(json, "as-of", as_of);
	json_put_text(json, "lang", manifest->lang);
	json_key(json, "rules");
	json_object(json);
	json_put_text(json, "id", manifest->rulebook);
	json_put_text(json, "version", manifest->rules_version);
	json_put_text(json, "sha256", manifest->rules_hash);
	json_close(json);
	json_put_text(json, "templates", manifest->templates_hash);
	json_put_text(json, "mappings", manifest->mappings_hash);
	put_fonts(json, manifest->fonts);
}

int manifest_write(const struct manifest *manifest, const char *staging, struct err *err)
{
	struct fs_list lists = { 0 };
	struct str body = { 0 };
	struct json_writer json;
	struct entries books = { 0 };
	char *folder = fs_join(staging, "manifest"), *path = fs_join(staging, "manifest.json");
	int result = -1;
	if (fs_glob(staging, ".entries-*", &lists, err) != 0 || fs_make_dirs(folder, err) != 0)
		goto out;
	json_begin(&json, &body, true);
	json_object(&json);
	put_head(&json, manifest);
	put_inputs(&json, manifest->facts);
	put_counts(&json, manifest);
	json_key(&json, "shards");
	json_array(&json);
	const char *loose = NULL;
	for (size_t i = 0; i < lists.count; i++) {
		if (strcmp(strrchr(lists.path[i], '-') + 1, "256") == 0)
			loose = lists.path[i];
		else if (write_shard(&json, staging, lists.path[i], err) != 0)
			goto out;
	}
	json_close_array(&json);
	json_key(&json, "outputs");
	if (loose != NULL && read_entries(loose, &books, err) != 0)
		goto out;
	put_entries(&json, &books);
	json_close(&json);
	str_add_char(&body, '\n');
	if (loose != NULL && unlink(loose) != 0) {
		err_sys(err, STATUS_IO, errno, "cannot remove '%s'", loose);
		goto out;
	}
	result = fs_write_new(path, body.text, body.length, true, err);
out:
	entries_release(&books);
	fs_list_release(&lists);
	str_release(&body);
	free(folder);
	free(path);
	return result;
}
