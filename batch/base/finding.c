/*
 * finding.c - findings about data: their wording as a line, and the list that keeps the first ones of every kind.
 *
 * Decides: how a finding reads and how many are kept. Does not decide: whether a run goes on, where they are shown.
 */
#include "base/finding.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 200   /* bytes kept of a text */
#define LIMIT 1000     /* findings kept per id and file unless told */

static const struct {
	const char *name;
	enum finding_severity severity;
	struct text_pair message;
} kinds[FINDING_COUNT] = {
#define FINDING(id, name, severity, reject, zh, en) [FINDING_##id] = { name, FINDING_##severity, { zh, en } },
#include "base/findings.def"
#undef FINDING
};

const char *finding_name(enum finding_id id)
{
	return kinds[id].name;
}

enum finding_severity finding_severity(enum finding_id id)
{
	return kinds[id].severity;
}

bool finding_by_name(const char *name, enum finding_id *id)
{
	int k;

	for (k = 0; k < FINDING_COUNT; k++)
		if (strcmp(kinds[k].name, name) == 0) {
			*id = (enum finding_id)k;
			return true;
		}
	return false;
}

const char *finding_message(enum finding_id id, enum text_lang lang)
{
	return text_pick(&kinds[id].message, lang);
}

/* Characters that would move the cursor, turn the line round or vanish. */
static bool unprintable(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200b && c <= 0x200f) ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

/* Appends text with everything that does not print shown as \xNN or \u{NNNN}; at most `most` bytes, "…" where cut. */
static void add_shown(struct str *out, const char *text, size_t most)
{
	const char *at = text, *end = text + strlen(text);
	size_t start = out->length, safe = out->length; /* safe: here "…" still fits */

	while (at < end) {
		const char *was = at;
		uint32_t c = text_next(&at, end);

		if (c == 0xfffd && at - was == 1)
			str_printf(out, "\\x%02X", (unsigned)(unsigned char)*was);
		else if (!unprintable(c))
			str_add_bytes(out, was, (size_t)(at - was));
		else if (c < 0x80)
			str_printf(out, "\\x%02X", (unsigned)c);
		else
			str_printf(out, "\\u{%04X}", (unsigned)c);
		if (out->length - start > most) {
			out->length = safe;
			str_add(out, "…");
			return;
		}
		if (out->length - start + strlen("…") <= most)
			safe = out->length;
	}
}

void finding_print(struct str *out, const struct finding *finding, enum text_lang lang)
{
	bool zh = lang == TEXT_ZH;
	const char *open = zh ? "“" : "'", *close = zh ? "”" : "'";

	if (finding->file != NULL)
		add_shown(out, finding->file, SIZE_MAX);
	else if (finding->feed != NULL)
		add_shown(out, finding->feed, SIZE_MAX);
	if (finding->sheet != NULL) {
		str_add(out, "[");
		add_shown(out, finding->sheet, SIZE_MAX);
		str_add(out, "]");
	}
	if (finding->row != 0)
		str_printf(out, ":%llu", (unsigned long long)finding->row);
	if (finding->file != NULL || finding->feed != NULL || finding->sheet != NULL || finding->row != 0)
		str_add(out, ": ");
	if (finding->column != NULL) {
		str_printf(out, zh ? "列%s" : "column %s", open);
		add_shown(out, finding->column, TEXT_MAX);
		str_printf(out, "%s: ", close);
	}
	if (finding->text != NULL) {
		str_printf(out, zh ? "内容%s" : "text %s", open);
		add_shown(out, finding->text, TEXT_MAX);
		str_printf(out, "%s: ", close);
	}
	str_add(out, finding_message(finding->id, lang));
	if (finding->detail != NULL) {
		str_add(out, zh ? "（" : " (");
		add_shown(out, finding->detail, SIZE_MAX);
		str_add(out, zh ? "）" : ")");
	}
	if (finding->count > 1)
		str_printf(out, zh ? "，共 %llu 处" : ", %llu times", (unsigned long long)finding->count);
}

/* --- lists --- */

struct finding_seen {
	const char *file;      /* in the arena, "" for none */
	enum finding_id id;
	bool used, has_file;
	uint64_t kept, total;
};

static struct finding_seen *slot_of(struct finding_seen *table, size_t capacity, enum finding_id id, const char *file)
{
	const char *name = file != NULL ? file : "";
	size_t at = (size_t)map_hash(name, strlen(name)) + (size_t)id * 0x9e3779b9U;

	for (at &= capacity - 1; table[at].used; at = (at + 1) & (capacity - 1))
		if (table[at].id == id && table[at].has_file == (file != NULL) && strcmp(table[at].file, name) == 0)
			break;
	return table + at;
}

/* The counter of (id, file), made if new. `file` is one already stored, or NULL. */
static struct finding_seen *seen_of(struct findings *findings, enum finding_id id, const char *file)
{
	struct finding_seen *slot;
	size_t k;

	if (findings->seen_count * 2 >= findings->seen_capacity) {
		size_t capacity = findings->seen_capacity != 0 ? mem_size(findings->seen_capacity, 2) : 64;
		struct finding_seen *table = mem_new(capacity, sizeof *table);

		for (k = 0; k < findings->seen_capacity; k++)
			if (findings->seen[k].used) {
				slot = &findings->seen[k];
				*slot_of(table, capacity, slot->id, slot->has_file ? slot->file : NULL) = *slot;
			}
		free(findings->seen);
		findings->seen = table;
		findings->seen_capacity = capacity;
	}
	slot = slot_of(findings->seen, findings->seen_capacity, id, file);
	if (!slot->used) {
		slot->used = true;
		slot->id = id;
		slot->has_file = file != NULL;
		slot->file = file != NULL ? arena_text(&findings->arena, file) : "";
		findings->seen_count++;
	}
	return slot;
}

/* A stored copy that prints as it is: valid UTF-8 without controls. */
static const char *keep(struct findings *findings, const char *text, size_t most)
{
	struct str shown = {0};
	const char *copy;

	if (text == NULL)
		return NULL;
	add_shown(&shown, text, most);
	copy = arena_copy(&findings->arena, str_text(&shown), shown.length);
	str_release(&shown);
	return copy;
}

static void append(struct findings *findings, const struct finding *finding, struct finding_seen *seen)
{
	struct finding copy = *finding;

	copy.feed = keep(findings, finding->feed, SIZE_MAX);
	copy.file = seen->has_file ? seen->file : NULL;
	copy.sheet = keep(findings, finding->sheet, SIZE_MAX);
	copy.column = keep(findings, finding->column, TEXT_MAX);
	copy.text = keep(findings, finding->text, TEXT_MAX);
	copy.detail = keep(findings, finding->detail, SIZE_MAX);
	VEC_PUSH(findings, copy);
	seen->kept++;
}

static size_t limit_of(const struct findings *findings)
{
	return findings->limit != 0 ? findings->limit : LIMIT;
}

void findings_add(struct findings *findings, const struct finding *finding)
{
	struct finding_seen *seen;
	struct str file = {0};
	uint64_t count = finding->count > 1 ? finding->count : 1;

	if (finding->file != NULL)
		add_shown(&file, finding->file, SIZE_MAX);
	seen = seen_of(findings, finding->id, finding->file != NULL ? str_text(&file) : NULL);
	str_release(&file);
	findings->total[finding->id] += count;
	seen->total += count;
	if (seen->kept < limit_of(findings))
		append(findings, finding, seen);
}

void findings_join(struct findings *into, struct findings *from)
{
	size_t k;

	/* more than `limit` may be kept until findings_sort chooses the first of them by row */
	for (k = 0; k < from->count; k++)
		append(into, &from->at[k], seen_of(into, from->at[k].id, from->at[k].file));
	for (k = 0; k < from->seen_capacity; k++)
		if (from->seen[k].used)
			seen_of(into, from->seen[k].id, from->seen[k].has_file ? from->seen[k].file : NULL)->total +=
				from->seen[k].total;
	for (k = 0; k < FINDING_COUNT; k++)
		into->total[k] += from->total[k];
	findings_release(from);
}

static int by_text(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int by_place(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order;

	if ((order = by_text(a->file, b->file)) != 0 || (order = by_text(a->sheet, b->sheet)) != 0)
		return order;
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	if ((order = by_text(a->column, b->column)) != 0)
		return order;
	if (a->id != b->id)
		return a->id < b->id ? -1 : 1;
	if ((order = by_text(a->text, b->text)) != 0 || (order = by_text(a->detail, b->detail)) != 0 ||
	    (order = by_text(a->feed, b->feed)) != 0)
		return order;
	return (a->count > b->count) - (a->count < b->count);
}

void findings_sort(struct findings *findings)
{
	size_t k, kept = 0;

	if (findings->count == 0)
		return;
	qsort(findings->at, findings->count, sizeof *findings->at, by_place);
	for (k = 0; k < findings->seen_capacity; k++)
		findings->seen[k].kept = 0;
	for (k = 0; k < findings->count; k++) {
		struct finding_seen *seen = seen_of(findings, findings->at[k].id, findings->at[k].file);

		if (seen->kept < limit_of(findings)) {
			seen->kept++;
			findings->at[kept++] = findings->at[k];
		}
	}
	findings->count = kept;
}

uint64_t findings_total(const struct findings *findings, enum finding_id id, const char *file)
{
	struct str shown = {0};
	uint64_t total;

	if (findings->seen_capacity == 0)
		return 0;
	if (file != NULL)
		add_shown(&shown, file, SIZE_MAX);
	total = slot_of(findings->seen, findings->seen_capacity, id, file != NULL ? str_text(&shown) : NULL)->total;
	str_release(&shown);
	return total;
}

void findings_release(struct findings *findings)
{
	size_t limit = findings->limit;

	VEC_RELEASE(findings);
	free(findings->seen);
	arena_release(&findings->arena);
	*findings = (struct findings){ .limit = limit };
}
