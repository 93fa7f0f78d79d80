/*
 * plan.c - reads inputs.xml and every mapping it names.
 *
 * Decides: sources, their order of loading, gates and run policy. Does not decide: what a mapping holds (mapping.c).
 */
#include "ingest/plan.h"

#include "base/date.h"
#include "base/fs.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_shape centre_shape = { "centre", NULL, NULL, 0, 2, true,
	"name of the centre, one for each language" };
static const struct xml_shape *const run_children[] = { &centre_shape, NULL };
static const struct xml_attr_shape run_attrs[] = {
	{ "period", XML_CHOICE, false, "quarter|half|month|year", "kind of review period" },
	{ "default", XML_TEXT, false, NULL, "last-ended, or a fixed period such as 2026Q3" },
	{ "lang", XML_CHOICE, false, "zh-CN|en", "language of the outputs" },
	{ "archives", XML_CHOICE, false, "all|none", "which growth archives a run makes" },
	{ 0 }
};
static const struct xml_shape run_shape = { "run", run_attrs, run_children, 0, 1, false, "policy of a run" };
static const struct xml_attr_shape gate_attrs[] = {
	{ "rejects", XML_SHARE, true, NULL, "greatest share of rows in quarantine" },
	{ "action", XML_CHOICE, false, "fail|warn", "fail: nothing is published; warn: the run goes on and says so" },
	{ 0 }
};
static const struct xml_shape gate_shape = { "gate", gate_attrs, NULL, 0, 1, false,
	"how many rejected rows are acceptable" };
static const struct xml_shape *const source_children[] = { &gate_shape, NULL };
static const struct xml_attr_shape source_attrs[] = { { "feed", XML_NAME, true, NULL, "what the files hold" },
	{ "files", XML_TEXT, true, NULL,
		"pattern under inputs/: * and ? in the file name; {date} is the snapshot: 2026-09-30, 20260930, "
			"2026-09 or 2026Q3" },
	{ "folder", XML_TEXT, false, NULL, "where the pattern starts, relative to the workspace; default: inputs" },
	{ "mapping", XML_TEXT, true, NULL, "mapping file under inputs/" },
	{ "load", XML_CHOICE, false, "full|delta",
		"full: each file is the whole truth of its day; delta: newest row of a key wins" },
	{ "required", XML_BOOL, false, NULL, "yes: without a file there is no run" },
	{ "snapshot", XML_DATE, false, NULL, "day the files speak of, where the name does not tell" }, { 0 } };
static const struct xml_shape source_shape = { "source", source_attrs, source_children, 1, 0, false,
	"files of one feed" };
static const struct xml_shape *const inputs_children[] = { &run_shape, &source_shape, NULL };
static const struct xml_shape inputs_shape = { "inputs", NULL, inputs_children, 1, 1, false, "what a workspace reads" };

const struct xml_shape *ingest_inputs_shape(void)
{
	return &inputs_shape;
}

static int read_run(const struct xml_node *root, struct ingest_plan *plan, struct err *err)
{
	const struct xml_node *node = xml_child(root, "run");
	if (!node)
		return 0;
	struct arena *arena = &plan->arena;
	plan->run.period_kind = arena_text(arena, xml_attr(node, "period"));
	plan->run.lang = arena_text(arena, xml_attr(node, "lang"));
	plan->run.archives = arena_text(arena, xml_attr(node, "archives"));
	const char *period = xml_attr(node, "default");
	if (period && strcmp(period, "last-ended") != 0) {
		struct date_period parsed;
		if (!date_period_parse(period, &parsed))
			return xml_fail(node, err, "default must be last-ended or a period such as 2026Q3, not '%s'", period);
		plan->run.period = arena_text(arena, period);
	}
	struct text_pair centre = xml_text_pair(node, "centre");
	plan->run.centre_zh = arena_text(arena, centre.zh);
	plan->run.centre_en = arena_text(arena, centre.en);
	return 0;
}

static void hash_node(struct hash *hash, const struct xml_node *node)
{
	hash_add_text(hash, node->name);
	for (const struct xml_attr *attr = node->attrs; attr; attr = attr->next) {
		hash_add_text(hash, attr->name);
		hash_add_text(hash, attr->value);
	}
	hash_add_text(hash, node->prefix_text);
	for (const struct xml_node *child = node->first; child; child = child->next)
		hash_node(hash, child);
	hash_add_text(hash, "");
}

static int read_source(
	const struct xml_node *node, struct ingest_plan *plan, struct ingest_source *source, struct err *err)
{
	struct arena *arena = &plan->arena;
	enum feed_id feed;
	const char *name = xml_attr(node, "feed");
	source->where = arena_printf(arena, "%s:%d", node->file, node->line);
	if (!feed_find(name, &feed)) {
		const char *known[FEED_COUNT];
		for (size_t i = 0; i < FEED_COUNT; i++)
			known[i] = feed_at((enum feed_id)i)->name;
		const char *near = text_nearest(name, known, FEED_COUNT);
		return xml_fail(
			node, err, near ? "there is no feed '%s'; did you mean '%s'?" : "there is no feed '%s'", name, near);
	}
	source->feed = feed_at(feed);
	source->files = arena_text(arena, xml_attr(node, "files"));
	const char *slash = strrchr(source->files, '/');
	if (slash
		&& (memchr(source->files, '*', (size_t)(slash - source->files))
			|| memchr(source->files, '?', (size_t)(slash - source->files))))
		return xml_fail(node, err, "'%s': * and ? may stand in the file name only, not in a folder", source->files);
	const char *folder = xml_attr_or(node, "folder", "inputs");
	char *joined = fs_join(plan->workspace, folder);
	source->folder = arena_text(arena, joined);
	source->folder_shown = arena_text(arena, folder);
	free(joined);
	source->full = strcmp(xml_attr_or(node, "load", "full"), "full") == 0;
	source->required = xml_yes(xml_attr_or(node, "required", "no"));
	source->snapshot = DATE_NONE;
	const char *snapshot = xml_attr(node, "snapshot");
	if (snapshot && !date_parse_iso(snapshot, strlen(snapshot), &source->snapshot))
		return xml_fail(node, err, "snapshot '%s' is not a date", snapshot);
	const struct xml_node *gate = xml_child(node, "gate");
	if (gate) {
		int64_t share;
		if (!xml_share(xml_attr(gate, "rejects"), 8, &share))
			return xml_fail(gate, err, "'%s' is not a share", xml_attr(gate, "rejects"));
		source->has_gate = true;
		source->gate = decimal_from_scaled(share, 8);
		source->gate_fails = strcmp(xml_attr_or(gate, "action", "fail"), "fail") == 0;
	}
	int result = -1;
	const char *mapping = xml_attr(node, "mapping");
	const char *shown = arena_printf(arena, "inputs/%s", mapping);
	char *path = fs_join(plan->workspace, shown);
	struct hash *hash = hash_new();
	hash_node(hash, node);
	if (ingest_mapping_read(path, shown, source->feed, arena, hash, &source->mapping, err) == 0)
		result = 0;
	else if (err->status != STATUS_CONFIG) /* else the message names the mapping's line */
		err_context(err, "%s", source->where);
	hash_end(hash, source->hash);
	free(path);
	return result;
}

static int by_feed(const void *a, const void *b)
{
	const struct ingest_source *x = a, *y = b;
	if (x->feed->id != y->feed->id)
		return x->feed->id < y->feed->id ? -1 : 1;
	return 0;
}

/* Feeds in order of reference; sources of one feed as written (stable). */
static void sort_sources(struct ingest_plan *plan)
{
	for (size_t i = 1; i < plan->source_count; i++) {
		struct ingest_source moved = plan->sources[i];
		size_t j = i;
		for (; j > 0 && by_feed(&plan->sources[j - 1], &moved) > 0; j--)
			plan->sources[j] = plan->sources[j - 1];
		plan->sources[j] = moved;
	}
}

struct ingest_plan *ingest_plan_load(const char *workspace, struct err *err)
{
	struct ingest_plan *plan = mem_new(1, sizeof *plan), *result = NULL;
	struct xml_doc *doc = NULL;
	struct str bytes = { 0 };
	char *path = fs_join(workspace, "inputs/inputs.xml");
	plan->workspace = arena_text(&plan->arena, workspace);
	struct hash *hash = hash_new();
	if (fs_read(path, 16u << 20, &bytes, err) != 0)
		goto out;
	doc = xml_parse("inputs/inputs.xml", str_text(&bytes), bytes.length, err);
	if (!doc)
		goto out;
	const struct xml_node *root = xml_root(doc);
	if (xml_check(root, INGEST_SPACE, &inputs_shape, err) != 0 || read_run(root, plan, err) != 0)
		goto out;
	size_t n = 0;
	for (const struct xml_node *node = xml_child(root, "source"); node; node = xml_next(node, "source"))
		n++;
	plan->sources = arena_alloc(&plan->arena, n + 1, sizeof *plan->sources);
	for (const struct xml_node *node = xml_child(root, "source"); node; node = xml_next(node, "source")) {
		if (read_source(node, plan, &plan->sources[plan->source_count], err) != 0)
			goto out;
		plan->source_count++;
	}
	sort_sources(plan);
	result = plan;
out:
	hash_add(hash, bytes.text ? bytes.text : "", bytes.length);
	for (size_t i = 0; i < plan->source_count; i++)
		hash_add_text(hash, plan->sources[i].hash);
	hash_end(hash, plan->hash);
	xml_free(doc);
	str_release(&bytes);
	free(path);
	if (!result)
		ingest_plan_free(plan);
	return result;
}

void ingest_plan_free(struct ingest_plan *plan)
{
	if (!plan)
		return;
	arena_release(&plan->arena);
	free(plan);
}

const struct ingest_run *ingest_run(const struct ingest_plan *plan)
{
	return &plan->run;
}

void ingest_plan_hash(const struct ingest_plan *plan, char hex[HASH_HEX])
{
	memcpy(hex, plan->hash, HASH_HEX);
}

static bool two_digits(const char *text, int *value)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return false;
	*value = (text[0] - '0') * 10 + (text[1] - '0');
	return true;
}

/* A day or period at the start of `name`; returns its length or 0. The day is the period's last. */
static size_t take_snapshot(const char *name, size_t length, int32_t *day)
{
	int high, low, month;
	if (length < 6 || !two_digits(name, &high) || !two_digits(name + 2, &low))
		return 0;
	int year = high * 100 + low;
	if (length >= 10 && date_parse_iso(name, 10, day))
		return 10;
	int of_month;
	if (length >= 8 && two_digits(name + 4, &month) && two_digits(name + 6, &of_month)
		&& date_valid(year, month, of_month)) {
		*day = date_from_civil(year, month, of_month);
		return 8;
	}
	struct date_period period;
	char text[16];
	for (size_t n = 7; n >= 6; n--) {
		if (length < n)
			continue;
		memcpy(text, name, n);
		text[n] = 0;
		if (date_period_parse(text, &period)) {
			*day = period.last;
			return n;
		}
	}
	if (two_digits(name + 4, &month) && date_valid(year, month, 1)) {
		*day = date_from_civil(year, month, date_days_in_month(year, month));
		return 6;
	}
	return 0;
}

bool ingest_files_match(const char *pattern, const char *name, int32_t *snapshot)
{
	for (; *pattern; pattern++, name++) {
		if (*pattern == '*') {
			for (const char *rest = name;; rest++) {
				if (ingest_files_match(pattern + 1, rest, snapshot))
					return true;
				if (!*rest)
					return false;
			}
		}
		if (strncmp(pattern, "{date}", 6) == 0) {
			size_t length = strlen(name);
			while (length >= 6) { /* the longest spelling that lets the rest match */
				int32_t day, inner = DATE_NONE;
				size_t taken = take_snapshot(name, length, &day);
				if (taken == 0)
					return false;
				if (ingest_files_match(pattern + 6, name + taken, &inner)) {
					*snapshot = day;
					return true;
				}
				length = taken - 1;
			}
			return false;
		}
		if (!*name || (*pattern != '?' && *pattern != *name))
			return false;
	}
	return *name == 0;
}

int ingest_files_find(const struct ingest_source *source, struct ingest_files *files, struct err *err)
{
	struct str literal = { 0 }, wild = { 0 };
	struct fs_list list = { 0 };
	const char *slash = strrchr(source->files, '/');
	const char *pattern = slash ? slash + 1 : source->files;
	str_add(&literal, source->folder);
	if (slash) {
		str_add_char(&literal, '/');
		str_add_bytes(&literal, source->files, (size_t)(slash - source->files));
	}
	for (const char *p = pattern; *p;) {
		if (strncmp(p, "{date}", 6) == 0) {
			str_add_char(&wild, '*');
			p += 6;
		} else {
			str_add_char(&wild, *p++);
		}
	}
	int result = fs_glob(str_text(&literal), str_text(&wild), &list, err);
	for (size_t i = 0; result == 0 && i < list.count; i++) {
		int32_t snapshot = source->snapshot;
		const char *base = fs_base_name(list.path[i]);
		if (!ingest_files_match(pattern, base, &snapshot))
			continue;
		const char *shown = slash ? arena_printf(&files->arena, "%s/%.*s/%s", source->folder_shown,
								(int)(slash - source->files), source->files, base)
								  : arena_printf(&files->arena, "%s/%s", source->folder_shown, base);
		VEC_PUSH(files, ((struct ingest_file){ arena_text(&files->arena, list.path[i]), shown, snapshot }));
	}
	fs_list_release(&list);
	str_release(&literal);
	str_release(&wild);
	return result;
}

void ingest_files_release(struct ingest_files *files)
{
	VEC_RELEASE(files);
	arena_release(&files->arena);
}
