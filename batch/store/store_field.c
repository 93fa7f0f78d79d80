/*
 * store_field.c - which fields the column numbers of a segment meant when it was written.
 *
 * Decides: how segments of a program with another feeds.def are read: fields are found by name; one whose type, scale
 * or dictionary changed, or whose codes are not continued, is left out. Does not decide: which fields there are.
 */
#include "store/layout.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

/* One line a field: "completion.score number 2". Codes stand last: a longer list begins with a shorter one. */
static void field_line(struct str *out, const struct feed *feed, const struct feed_field *field)
{
	static const char *const types[] = {
		[FIELD_KEY] = "key", [FIELD_TEXT] = "text", [FIELD_DATE] = "date", [FIELD_NUMBER] = "number",
		[FIELD_BOOL] = "bool", [FIELD_CODE] = "code",
	};

	str_printf(out, "%s.%s %s", feed->name, field->name, types[field->type]);
	if (field->type == FIELD_KEY)
		str_printf(out, " %s", feed_dim_name(field->dim));
	else if (field->type == FIELD_NUMBER)
		str_printf(out, " %d", field->scale);
	else if (field->type == FIELD_CODE)
		str_printf(out, " %s", field->codes);
}

static void field_list(struct str *out)
{
	for (int f = 0; f < FEED_COUNT; f++) {
		const struct feed *feed = feed_at((enum feed_id)f);

		for (size_t i = 0; i < feed->field_count; i++) {
			field_line(out, feed, &feed->fields[i]);
			str_add_char(out, '\n');
		}
	}
}

/* The field of today a line of another program means; FRAME_NONE if it means another thing now. */
static uint32_t field_find(const char *line, size_t length)
{
	struct str own = {0};
	uint32_t found = FRAME_NONE;

	for (int f = 0; f < FEED_COUNT && found == FRAME_NONE; f++) {
		const struct feed *feed = feed_at((enum feed_id)f);

		for (size_t i = 0; i < feed->field_count && found == FRAME_NONE; i++) {
			str_clear(&own);
			field_line(&own, feed, &feed->fields[i]);
			if (own.length == length ? memcmp(own.text, line, length) == 0 :
			    feed->fields[i].type == FIELD_CODE && own.length > length && own.text[length] == '|' &&
			    memcmp(own.text, line, length) == 0)
				found = (uint32_t)feed->fields[i].id;
		}
	}
	str_release(&own);
	return found;
}

static void older_add(struct store *store, int64_t version, const char *names)
{
	struct store_fields *fields;
	const char *nul = names + strlen(names);
	uint32_t count = 0;

	store->older = mem_grow(store->older, store->older_count + 1, sizeof *store->older);
	fields = &store->older[store->older_count++];
	for (const char *at = names; at < nul; at++)
		count += *at == '\n';
	*fields = (struct store_fields){.version = version, .number = mem_new((size_t)count + 1,
		sizeof *fields->number)};
	while (fields->count < count) {
		const char *end = strchr(names, '\n');

		fields->number[fields->count++] = field_find(names, (size_t)(end - names));
		names = end + 1;
	}
}

/* Reads all lists: ours gives store->fields (-1 where it is not in the file yet), the others stand in store->older. */
static int fields_load(struct store *store, struct err *err)
{
	struct str own = {0};
	sqlite3_stmt *statement = store_statement(store, STORE_FIELD_LISTS, err);
	int more = -1;

	if (statement == NULL)
		return -1;
	store_fields_release(store);
	store->fields = -1;
	field_list(&own);
	while ((more = store_step(store, statement, "the list of fields cannot be read", err)) > 0) {
		const char *names = (const char *)sqlite3_column_text(statement, 1);

		if (names == NULL || strcmp(names, own.text) == 0)
			store->fields = sqlite3_column_int64(statement, 0);
		else
			older_add(store, sqlite3_column_int64(statement, 0), names);
	}
	store_done(statement);
	str_release(&own);
	if (more < 0)
		store->fields = 0;
	return more;
}

int store_fields_version(struct store *store, int64_t *version, struct err *err)
{
	sqlite3_stmt *statement;
	struct str own = {0};
	int result;

	if (store->fields == 0 && fields_load(store, err) != 0)
		return -1;
	if (store->fields < 0) {
		statement = store_statement(store, STORE_FIELD_LIST_ADD, err);
		if (statement == NULL)
			return -1;
		field_list(&own);
		store_bind_text(statement, 1, own.text);
		result = store_execute(store, statement, "the list of fields cannot be written", err);
		str_release(&own);
		if (result != 0)
			return -1;
		store->fields = sqlite3_last_insert_rowid(store->db);
	}
	*version = store->fields;
	return 0;
}

int store_fields_of(struct store *store, int64_t version, const struct store_fields **fields, struct err *err)
{
	*fields = NULL;
	/* A reader may have looked before the writer added a list: look once more. */
	for (int look = 0; look < 2; look++) {
		if ((look > 0 || store->fields == 0) && fields_load(store, err) != 0)
			return -1;
		if (version == store->fields)
			return 0;
		for (size_t i = 0; i < store->older_count; i++)
			if (store->older[i].version == version) {
				*fields = &store->older[i];
				return 0;
			}
	}
	return err_set(err, STATUS_IO, "%s: a segment names the field list %lld, which is not there", store->path,
		(long long)version);
}

void store_fields_release(struct store *store)
{
	for (size_t i = 0; i < store->older_count; i++)
		free(store->older[i].number);
	free(store->older);
	store->older = NULL;
	store->older_count = 0;
}
