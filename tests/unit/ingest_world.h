/*
 * ingest_world.h - a workspace in a temporary folder for the tests of ingest: write files, load, look at what is
 * kept.
 */
#ifndef PANDIAN_TESTS_INGEST_WORLD_H
#define PANDIAN_TESTS_INGEST_WORLD_H

#include "base/fs.h"
#include "base/mem.h"
#include "ingest/ingest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct world {
	char dir[64];
	struct store *store;
	struct err err;
	struct ingest_totals totals;
	struct arena arena;
	struct store_batch *batches; size_t batch_count;
};

static inline void world_write(struct world *w, const char *name, const void *bytes, size_t length)
{
	struct err err = { 0 };
	char *path = fs_join(w->dir, name), *folder = mem_copy_text(path);
	*strrchr(folder, '/') = 0;
	assert_int_equal(fs_make_dirs(folder, &err), 0);
	unlink(path);
	assert_int_equal(fs_write_new(path, bytes, length, false, &err), 0);
	free(folder);
	free(path);
}

static inline void world_text(struct world *w, const char *name, const char *text)
{
	world_write(w, name, text, strlen(text));
}

static inline int world_setup(void **state)
{
	struct world *w = mem_new(1, sizeof *w);
	strcpy(w->dir, "/tmp/pandian-ingest-XXXXXX"); /* literal into a larger array */
	if (!mkdtemp(w->dir))
		return -1;
	struct err err = { 0 };
	char *folder = fs_join(w->dir, "outputs"), *inputs = fs_join(w->dir, "inputs");
	fs_make_dirs(folder, &err);
	fs_make_dirs(inputs, &err);
	free(inputs);
	free(folder);
	*state = w;
	return 0;
}

static inline void world_close(struct world *w)
{
	struct err err = { 0 };
	if (w->store)
		store_close(w->store, &err);
	w->store = NULL;
}

static inline int world_teardown(void **state)
{
	struct world *w = *state;
	struct err err = { 0 };
	world_close(w);
	arena_release(&w->arena);
	fs_remove_tree(w->dir, &err);
	free(w);
	return 0;
}

/* One source of completions in inputs/data.csv with a mapping's inside. */
static inline void world_mapping(struct world *w, const char *feed, const char *source_attrs, const char *gate,
	const char *mapping_attrs, const char *fields)
{
	char text[8192];
	snprintf(text, sizeof text,
		"<inputs xmlns=\"urn:pandian:inputs:1\"><source feed=\"%s\" mapping=\"m.xml\" %s>%s</source></inputs>", feed,
		strstr(source_attrs, "files=") ? source_attrs : "files=\"data.csv\" load=\"delta\"", gate);
	world_text(w, "inputs/inputs.xml", text);
	snprintf(text, sizeof text, "<mapping xmlns=\"urn:pandian:inputs:1\" %s>\n%s\n</mapping>", mapping_attrs, fields);
	world_text(w, "inputs/m.xml", text);
}

#define COMPLETION_FIELDS \
	"<field name=\"employee_id\" column=\"工号 | employee_id\"/>" \
	"<field name=\"course_id\" column=\"课程编号 | course_id\"/>" \
	"<field name=\"completed_on\" column=\"完成日期 | completed_on\"/>" \
	"<field name=\"score\" column=\"成绩 | score\" min=\"0\" max=\"100\"/>" \
	"<field name=\"result\" column=\"是否合格 | result\"><value from=\"合格\" to=\"passed\"/><value " \
	"from=\"不合格\" to=\"failed\"/></field>"

static inline int world_load(struct world *w, unsigned jobs)
{
	memset(&w->err, 0, sizeof w->err);
	struct ingest_plan *plan = ingest_plan_load(w->dir, &w->err);
	if (!plan)
		return -1;
	if (!w->store) {
		char *path = fs_join(w->dir, "outputs/pandian.db");
		w->store = store_open(path, STORE_WRITE, &w->err);
		free(path);
		assert_non_null(w->store);
	}
	int result = ingest_load(plan, w->store, 20727 /* 2026-09-30 */, jobs, &w->totals, &w->err);
	ingest_plan_free(plan);
	struct err err = { 0 };
	assert_int_equal(store_batches(w->store, &w->arena, &w->batches, &w->batch_count, &err), 0);
	return result;
}

/* A completion file with the usual mapping. */
static inline int world_completions(struct world *w, const char *csv)
{
	world_mapping(w, "completion", "", "", "", COMPLETION_FIELDS);
	world_text(w, "inputs/data.csv", csv);
	return world_load(w, 1);
}

static inline struct findings world_findings(struct world *w, int64_t batch)
{
	struct findings findings = { 0 };
	struct err err = { 0 };
	assert_int_equal(store_findings_get(w->store, batch, 0, &findings, &err), 0);
	return findings;
}

/* Count of findings of an id in the newest batch; the first one's printed line in `line`. */
static inline uint64_t world_count(struct world *w, enum finding_id id, struct str *line)
{
	int64_t batch = w->batch_count ? w->batches[w->batch_count - 1].id : 0;
	struct findings findings = world_findings(w, batch);
	uint64_t count = 0;
	for (size_t i = 0; i < findings.count; i++) {
		if (findings.at[i].id != id)
			continue;
		if (count == 0 && line) {
			str_clear(line);
			finding_print(line, &findings.at[i], TEXT_EN);
		}
		count += findings.at[i].count ? findings.at[i].count : 1;
	}
	findings_release(&findings);
	return count;
}

/* The newest batch's rows of a block. */
static inline struct frame world_frame(struct world *w, enum feed_id feed, uint32_t block)
{
	struct frame frame = { 0 };
	struct err err = { 0 };
	bool found = false;
	assert_true(w->batch_count > 0);
	assert_int_equal(store_segment_get(w->store, feed, w->batches[w->batch_count - 1].id, block, NULL, 0, &w->arena,
						 &frame, &found, &err),
		0);
	return frame;
}

/*
 * A value as text: keys and texts by their text, dates ISO, numbers plain, codes by name; "" where missing. Lives
 * in the arena.
 */
static inline const char *world_cell(struct world *w, const struct frame *frame, enum field_id id, uint32_t row)
{
	const struct frame_column *column = frame_column(frame, id);
	const struct feed_field *field = feed_field_at(id);
	struct err err = { 0 };
	char text[64] = "";
	if (!column || row >= frame->count)
		return "";
	switch (field->type) {
	case FIELD_KEY:
		return column->u32[row] == FRAME_NONE
			? ""
			: arena_text(&w->arena, map_text(store_keys(w->store, field->dim, &err), column->u32[row]));
	case FIELD_TEXT: {
		const char *found = frame_text(frame, column, row);
		return found ? found : "";
	}
	case FIELD_DATE:
		date_format_iso(column->i32[row], text);
		break;
	case FIELD_NUMBER:
		if (column->i64[row] != DECIMAL_NONE)
			text[decimal_format(column->i64[row], column->scale, -1, text)] = 0;
		break;
	case FIELD_BOOL:
		snprintf(text, sizeof text, "%s", column->u32[row] == FRAME_NONE ? "" : column->u32[row] ? "true" : "false");
		break;
	case FIELD_CODE:
		return arena_text(&w->arena, feed_code_name(field, column->u32[row], text, sizeof text));
	}
	return arena_text(&w->arena, text);
}

/* Rejected rows of the newest batch. */
static inline size_t world_rejects(struct world *w, struct store_reject **rejects)
{
	size_t count = 0;
	struct err err = { 0 };
	assert_true(w->batch_count > 0);
	assert_int_equal(
		store_rejects_get(w->store, w->batches[w->batch_count - 1].id, &w->arena, rejects, &count, &err), 0);
	return count;
}

#endif
