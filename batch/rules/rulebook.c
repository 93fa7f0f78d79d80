/*
 * rulebook.c - the rulebook read from rules/rulebook.xml and what it includes.
 *
 * Decides: which elements there are, in which order rules are declared and compiled, what the directory of results
 * says. Does not decide: what a kind of rule means (credits.c, star.c, faults.c), which names expressions may use
 * (scope.c).
 */
#include "rules/kind.h"

#include "base/fs.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define RULEBOOK_FILE "rules/rulebook.xml"
#define INCLUDE_DEPTH 8
#define RULEBOOK_BYTES (16u << 20)

/* --- shapes --- */
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true,
	"What it is called; xml:lang zh-CN or en." };
static const struct xml_attr_shape include_attrs[] = {
	{ "file", XML_TEXT, true, NULL, "A file beside this one, itself a rulebook." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape include_shape = { "include", include_attrs, NULL, 0, 0, false,
	"Reads the rules of another file here." };
static const struct xml_attr_shape protected_attrs[] = {
	{ "fields", XML_LIST, true, NULL, "Employee fields no grading rule may use, beside gender and birth_date." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape protected_shape = { "protected", protected_attrs, NULL, 0, 0, false,
	"Further protected attributes." };
static const struct xml_attr_shape rulebook_attrs[] = {
	{ "id", XML_NAME, false, NULL, "Name of the rule pack; required in rulebook.xml." },
	{ "version", XML_TEXT, false, NULL, "Version, printed with every result; required in rulebook.xml." },
	{ "from", XML_DATE, false, NULL, "First day the rules hold." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};

static const struct rules_kind *const kinds[] = {
#define X(name) &name##_kind,
	RULES_KINDS(X)
#undef X
};
#define KIND_COUNT (sizeof kinds / sizeof kinds[0])
#define OTHER_COUNT 3

/* The kinds' shapes are only known at link time, so the root's list is put together on first use; the loader runs in
 * one thread. */
const struct xml_shape *rules_shape(void)
{
	static const struct xml_shape *children[OTHER_COUNT + KIND_COUNT + 1] = { &title_shape, &include_shape,
		&protected_shape };
	static const struct xml_shape root = { "rulebook", rulebook_attrs, children, 1, 1, false,
		"A rule pack: what is computed for whom, and how." };
	for (size_t i = 0; i < KIND_COUNT; i++)
		children[OTHER_COUNT + i] = kinds[i]->shape;
	return &root;
}

const struct rules_kind_info *rules_kinds(size_t *count)
{
	static struct rules_kind_info info[KIND_COUNT];
	for (size_t i = 0; i < KIND_COUNT; i++)
		info[i] = (struct rules_kind_info){ kinds[i]->element, kinds[i]->help };
	*count = KIND_COUNT;
	return info;
}

/* --- small readers for the kinds --- */
const struct result_reason *rules_reason(enum rules_reason reason)
{
	static const struct result_reason reasons[] = {
#define REASON(id, name, state, zh, en) { name, state, { zh, en } },
		RULES_REASONS(REASON)
#undef REASON
	};
	return &reasons[reason];
}

const char *rules_where(struct arena *arena, const struct xml_node *node)
{
	return arena_printf(arena, "%s:%d", node->file, node->line);
}

struct text_pair rules_pair(struct arena *arena, const char *zh, const char *en)
{
	return (struct text_pair){ arena_text(arena, zh), arena_text(arena, en) };
}

int rules_number(const struct xml_node *node, const char *attr, struct rules_number *number, struct err *err)
{
	*number = (struct rules_number){ .text = xml_attr(node, attr) };
	if (number->text == NULL)
		return 0;
	const char *point = strchr(number->text, '.');
	size_t places = point == NULL ? 0 : strlen(point + 1);
	if (places > 6)
		return xml_fail(node, err, "%s=\"%s\" has more than 6 decimal places", attr, number->text);
	number->scale = (int)places;
	if (!decimal_parse(number->text, strlen(number->text), number->scale, &number->value))
		return xml_fail(node, err, "%s=\"%s\" is not a number", attr, number->text);
	number->exact = decimal_from_scaled(number->value, number->scale);
	number->given = true;
	return 0;
}

int rules_share(const struct xml_node *node, const char *attr, const char *fallback, int64_t *scaled6, struct err *err)
{
	const char *text = xml_attr_or(node, attr, fallback);
	if (text == NULL)
		return xml_fail(node, err, "attribute '%s' is missing", attr);
	if (!xml_share(text, 6, scaled6) || *scaled6 < 0 || *scaled6 > 1000000)
		return xml_fail(node, err, "%s=\"%s\" is not a share between 0 and 1 (or 0%% and 100%%)", attr, text);
	return 0;
}

int rules_duration(const struct xml_node *node, const char *attr, int *months, struct err *err)
{
	const char *text = xml_attr(node, attr);
	if (text == NULL || !xml_months(text, months) || *months <= 0 || *months > 1200)
		return xml_fail(node, err, "%s=\"%s\" is not a duration in months or years such as P24M", attr,
			text == NULL ? "" : text);
	return 0;
}

uint32_t rules_declare(struct rules_rule *rule, unsigned part, const char *suffix, const struct result_column *like)
{
	struct rulebook *book = rule->book;
	struct rules_column column = { *like, rule->index, part };
	column.result.id = suffix == NULL ? rule->id : arena_printf(&book->arena, "%s.%s", rule->id, suffix);
	column.result.rule = rule->id;
	if (column.result.unit == NULL)
		column.result.unit = "";
	if (column.result.role == NULL)
		column.result.role = "";
	if (column.result.member == NULL)
		column.result.member = "";
	VEC_PUSH(&book->columns, column);
	rule->column_count++;
	return (uint32_t)book->columns.count - 1;
}

uint32_t rules_declare_table(struct rules_rule *rule, const char *name, struct text_pair title, bool list,
	const struct result_column *columns, size_t count)
{
	struct rulebook *book = rule->book;
	struct result_table table = { .name = name, .list = list, .title = title, .column_count = count };
	table.columns = arena_alloc(&book->arena, count, sizeof *table.columns);
	for (size_t i = 0; i < count; i++) {
		table.columns[i] = columns[i];
		table.columns[i].rule = rule->id;
		table.columns[i].unit = columns[i].unit == NULL ? "" : columns[i].unit;
		table.columns[i].role = columns[i].role == NULL ? "" : columns[i].role;
		table.columns[i].member = columns[i].member == NULL ? "" : columns[i].member;
	}
	VEC_PUSH(&book->tables, table);
	return (uint32_t)book->tables.count - rule->first_table;
}

void rules_member(struct rules_rule *rule, const char *list, const char *id, struct text_pair title, const char *values)
{
	struct result_member member = { rule->id, list, id, title, arena_text(&rule->book->arena, values) };
	if (member.title.zh == NULL && member.title.en == NULL)
		member.title = (struct text_pair){ id, id };
	VEC_PUSH(&rule->book->members, member);
}

void rules_parameter(struct rules_rule *rule, const struct xml_node *node, const char *name, const char *value)
{
	struct result_parameter parameter = { rule->id, arena_text(&rule->book->arena, name),
		arena_text(&rule->book->arena, value), node->file, node->line, rule->title };
	VEC_PUSH(&rule->book->parameters, parameter);
}

/* --- reading files --- */
struct reader {
	struct rulebook *book;
	const char *workspace;
	struct hash *hash;
	const char *files[INCLUDE_DEPTH]; /* being read, outermost first */
	size_t depth;
	VEC(const struct xml_node *) rules;
	VEC(const struct xml_node *) guards;
};

static const struct rules_kind *kind_of(const struct xml_node *node)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (strcmp(kinds[i]->element, node->name) == 0)
			return kinds[i];
	return NULL;
}

static int read_file(struct reader *reader, const char *file, const struct xml_node *from, struct err *err);

static int read_include(struct reader *reader, const struct xml_node *node, struct err *err)
{
	const char *file = xml_attr(node, "file");
	if (file[0] == '/' || file[0] == '\0' || strstr(file, "..") != NULL || strchr(file, '\\') != NULL)
		return xml_fail(node, err, "include file \"%s\" must stand below the folder of this file", file);
	if (reader->depth == INCLUDE_DEPTH)
		return xml_fail(node, err, "files include each other more than %d deep", INCLUDE_DEPTH);
	const char *slash = strrchr(node->file, '/');
	const char *path = arena_printf(
		&reader->book->arena, "%.*s%s", slash == NULL ? 0 : (int)(slash - node->file + 1), node->file, file);
	for (size_t i = 0; i < reader->depth; i++)
		if (strcmp(reader->files[i], path) == 0)
			return xml_fail(node, err, "%s includes itself", path);
	return read_file(reader, path, node, err);
}

static int read_file(struct reader *reader, const char *file, const struct xml_node *from, struct err *err)
{
	int rc = -1;
	struct str bytes = { 0 };
	char *path = fs_join(reader->workspace, file);
	if (fs_read(path, RULEBOOK_BYTES, &bytes, err) != 0) {
		if (from != NULL) {
			err_context(err, "%s:%d", from->file, from->line);
			err->status = STATUS_CONFIG;
		}
		goto out;
	}
	hash_add_text(reader->hash, file);
	hash_add(reader->hash, bytes.text == NULL ? "" : bytes.text, bytes.length);
	struct xml_doc *doc = xml_parse(file, str_text(&bytes), bytes.length, err);
	if (doc == NULL)
		goto out;
	VEC_PUSH(&reader->book->docs, doc);
	const struct xml_node *root = xml_root(doc);
	if (xml_check(root, RULES_SPACE, rules_shape(), err) != 0)
		goto out;
	if (from == NULL) {
		reader->book->id = xml_attr(root, "id");
		reader->book->version = xml_attr(root, "version");
		reader->book->from = xml_attr(root, "from");
		reader->book->title = xml_text_pair(root, "title");
		if (reader->book->id == NULL || reader->book->version == NULL) {
			xml_fail(root, err, "the rulebook needs an id and a version");
			goto out;
		}
	}
	reader->files[reader->depth++] = file;
	for (const struct xml_node *node = root->first; node != NULL; node = node->next) {
		if (strcmp(node->name, "include") == 0) {
			if (read_include(reader, node, err) != 0)
				goto out;
		} else if (strcmp(node->name, "protected") == 0) {
			VEC_PUSH(&reader->guards, node);
		} else if (kind_of(node) != NULL) {
			VEC_PUSH(&reader->rules, node);
		}
	}
	reader->depth--;
	rc = 0;
out:
	str_release(&bytes);
	free(path);
	return rc;
}

static int read_guards(struct reader *reader, struct err *err)
{
	struct rulebook *book = reader->book;
	VEC_PUSH(&book->guarded, "gender");
	VEC_PUSH(&book->guarded, "birth_date");
	for (size_t i = 0; i < reader->guards.count; i++) {
		const struct xml_node *node = reader->guards.at[i];
		const char *at = xml_attr(node, "fields");
		while (*(at += strspn(at, " \t\r\n")) != '\0') {
			size_t length = strcspn(at, " \t\r\n");
			const char *name = arena_copy(&book->arena, at, length);
			if (feed_field(feed_at(FEED_EMPLOYEE), name) == NULL)
				return xml_fail(node, err, "protected field \"%s\" is no field of employees", name);
			VEC_PUSH(&book->guarded, name);
			at += length;
		}
	}
	return 0;
}

static int make_rules(struct reader *reader, struct err *err)
{
	struct rulebook *book = reader->book;
	book->rule_count = reader->rules.count;
	book->rules = arena_alloc(&book->arena, book->rule_count + 1, sizeof *book->rules);
	for (size_t i = 0; i < book->rule_count; i++) {
		const struct xml_node *node = reader->rules.at[i];
		struct rules_rule *rule = &book->rules[i];
		rule->kind = kind_of(node);
		rule->book = book;
		rule->index = (unsigned)i;
		rule->node = node;
		rule->id = xml_attr(node, "id");
		rule->title = xml_text_pair(node, "title");
		if (rule->title.zh == NULL && rule->title.en == NULL)
			rule->title = (struct text_pair){ rule->id, rule->id };
		for (size_t k = 0; k < i; k++)
			if (strcmp(book->rules[k].id, rule->id) == 0)
				return xml_fail(node, err, "rule id \"%s\" is taken by %s:%d", rule->id,
					book->rules[k].node->file, book->rules[k].node->line);
	}
	for (size_t i = 0; i < book->rule_count; i++) {
		struct rules_rule *rule = &book->rules[i];
		rule->first_column = (uint32_t)book->columns.count;
		rule->first_table = (uint32_t)book->tables.count + 1;
		if (rule->kind->declare(rule, err) != 0)
			return -1;
	}
	for (size_t i = 0; i < book->columns.count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(book->columns.at[i].result.id, book->columns.at[k].result.id) == 0)
				return xml_fail(book->rules[book->columns.at[i].rule].node, err,
					"result \"%s\" is already made by %s:%d", book->columns.at[i].result.id,
					book->rules[book->columns.at[k].rule].node->file,
					book->rules[book->columns.at[k].rule].node->line);
	if (scope_open(book, err) != 0)
		return -1;
	scope_add_results(book);
	for (size_t i = 0; i < book->rule_count; i++)
		if (book->rules[i].kind->compile(&book->rules[i], err) != 0)
			return -1;
	return strata_cut(book, err);
}

struct rulebook *rules_load(const char *workspace, struct err *err)
{
	struct rulebook *book = mem_new(1, sizeof *book);
	struct reader reader = { .book = book, .workspace = workspace, .hash = hash_new() };
	int rc = read_file(&reader, RULEBOOK_FILE, NULL, err);
	hash_end(reader.hash, book->hash);
	if (rc == 0)
		rc = read_guards(&reader, err);
	if (rc == 0)
		rc = make_rules(&reader, err);
	VEC_RELEASE(&reader.rules);
	VEC_RELEASE(&reader.guards);
	if (rc != 0) {
		rules_free(book);
		return NULL;
	}
	return book;
}

void rules_free(struct rulebook *book)
{
	if (book == NULL)
		return;
	for (size_t i = 0; i < book->exprs.count; i++)
		feel_free(book->exprs.at[i]);
	scope_close(book);
	for (size_t i = 0; i < book->rule_count; i++)
		for (int part = 0; part < RULES_PARTS; part++)
			VEC_RELEASE(&book->rules[i].after[part]);
	for (size_t i = 0; i < book->docs.count; i++)
		xml_free(book->docs.at[i]);
	VEC_RELEASE(&book->docs);
	VEC_RELEASE(&book->columns);
	VEC_RELEASE(&book->tables);
	VEC_RELEASE(&book->members);
	VEC_RELEASE(&book->parameters);
	VEC_RELEASE(&book->exprs);
	VEC_RELEASE(&book->guarded);
	VEC_RELEASE(&book->decided);
	free(book->stratum);
	free(book->depth);
	arena_release(&book->arena);
	free(book);
}

const char *rules_id(const struct rulebook *book)
{
	return book->id;
}

const char *rules_version(const struct rulebook *book)
{
	return book->version;
}

void rules_hash(const struct rulebook *book, char hex[HASH_HEX])
{
	memcpy(hex, book->hash, HASH_HEX);
}

uint32_t rules_feeds(const struct rulebook *book)
{
	return book->feeds | 1u << FEED_EMPLOYEE;
}

int rules_directory(
	const struct rulebook *book, struct arena *arena, struct result_directory *directory, struct err *err)
{
	(void)err;
	*directory = (struct result_directory){ .rulebook = book->id, .version = book->version, .title = book->title };
	if (directory->title.zh == NULL && directory->title.en == NULL)
		directory->title = (struct text_pair){ book->id, book->id };
	directory->table_count = book->tables.count + 1;
	directory->tables = arena_alloc(arena, directory->table_count, sizeof *directory->tables);
	struct result_table *people = &directory->tables[0];
	*people = (struct result_table){ .name = "people", .by_employee = true, .title = { "人员", "People" } };
	people->column_count = book->columns.count;
	people->columns = arena_alloc(arena, book->columns.count + 1, sizeof *people->columns);
	for (size_t i = 0; i < book->columns.count; i++)
		people->columns[i] = book->columns.at[i].result;
	for (size_t i = 0; i < book->tables.count; i++)
		directory->tables[i + 1] = book->tables.at[i];
	directory->reason_count = RULES_REASON_COUNT;
	directory->reasons = arena_alloc(arena, RULES_REASON_COUNT, sizeof *directory->reasons);
	for (unsigned i = 0; i < RULES_REASON_COUNT; i++)
		directory->reasons[i] = *rules_reason((enum rules_reason)i);
	directory->members = book->members.at;
	directory->member_count = book->members.count;
	directory->parameters = book->parameters.at;
	directory->parameter_count = book->parameters.count;
	return 0;
}

void rules_describe(const struct rulebook *book, enum text_lang lang, struct str *out)
{
	bool zh = lang == TEXT_ZH;
	struct text_pair title = book->title;
	if (title.zh == NULL && title.en == NULL)
		title = (struct text_pair){ book->id, book->id };
	str_printf(out,
		zh ? "规则 %s（%s，版本 %s），共 %zu 条，分 %u 层\n"
		   : "rulebook %s (%s, version %s): %zu rules in %u strata\n",
		text_pick(&title, lang), book->id, book->version, book->rule_count, book->strata);
	for (size_t i = 0; i < book->rule_count; i++) {
		const struct rules_rule *rule = &book->rules[i];
		str_printf(out, zh ? "  %s %s（%s:%d）：%u 个结果列\n" : "  %s %s (%s:%d): %u result columns\n",
			rule->id, text_pick(&rule->title, lang), rule->node->file, rule->node->line,
			rule->column_count);
	}
}
