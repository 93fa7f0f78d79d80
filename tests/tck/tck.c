/*
 * tck.c - runs the cases of the DMN Technology Compatibility Kit (dmn-tck on GitHub) and counts what passes.
 *
 * tck [--verbose] FOLDER [NAME…]: FOLDER holds compliance-level-2 and -3; NAMEs limit it to folders that begin so.
 * Prints a line "level folder passed/total" for each folder and the totals of cases. Numbers are compared as
 * decimals; where the kit gives eight or more places its number came out of binary floating point, and 10^-8 is
 * near enough.
 */
#include "base/fs.h"
#include "base/vec.h"
#include "base/xml.h"
#include "dmn/dmn.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
	size_t passed, total;
};
struct kit {
	bool verbose;
	char **names;
	int name_count;
	struct arena arena; /* of one case */
	const char *folder;
	struct tally here;
};

static const char *attribute(const struct xml_node *node, const char *local)
{
	for (const struct xml_attr *a = node->attrs; a; a = a->next) {
		const char *colon = strrchr(a->name, ':');
		if (colon && !strcmp(colon + 1, local))
			return a->value;
	}
	return NULL;
}

static bool is_nil(const struct xml_node *node)
{
	const char *nil = attribute(node, "nil");
	return nil && (!strcmp(nil, "true") || !strcmp(nil, "1"));
}

/* ---- values of the kit ---- */

static struct feel_value through_feel(struct kit *kit, const char *function, const char *text)
{
	struct err err = { 0 };
	struct feel_value value = feel_null();
	struct str source = { 0 };
	str_printf(&source, "%s(\"%s\")", function, text);
	struct feel_scope *scope = feel_scope_new(NULL);
	feel_scope_lenient(scope);
	struct feel_expr *expr = feel_compile(str_text(&source), "value", scope, NULL, &err);
	struct feel_env env = { 0 };
	if (expr)
		feel_eval(expr, &env, &kit->arena, &value, &err);
	/* the value outlives the expression: of these only zone names are pointers */
	if (value.kind == FEEL_TIME || value.kind == FEEL_DATE_TIME)
		value.time.zone = value.time.zone ? arena_text(&kit->arena, value.time.zone) : NULL;
	feel_free(expr);
	feel_scope_free(scope);
	str_release(&source);
	return value;
}

static struct feel_value simple_value(struct kit *kit, const struct xml_node *node)
{
	const char *type = attribute(node, "type"), *text = node->prefix_text;
	type = type ? strrchr(type, ':') ? strrchr(type, ':') + 1 : type : "string";
	struct decimal d;
	if (is_nil(node))
		return feel_null();
	if (!strcmp(type, "string"))
		return feel_string(&kit->arena, text, strlen(text));
	if (!strcmp(type, "boolean"))
		return feel_boolean(!strcmp(text, "true") || !strcmp(text, "1"));
	if (!strcmp(type, "date"))
		return through_feel(kit, "date", text);
	if (!strcmp(type, "time"))
		return through_feel(kit, "time", text);
	if (!strcmp(type, "dateTime"))
		return through_feel(kit, "date and time", text);
	if (!strcmp(type, "duration"))
		return through_feel(kit, "duration", text);
	return decimal_from_text(text, strlen(text), &d) ? feel_number(d) : feel_null();
}

/* Of inputNode, expected, component, item. */
static struct feel_value kit_value(struct kit *kit, const struct xml_node *node)
{
	const struct xml_node *list = xml_child(node, "list"), *component = xml_child(node, "component"),
						  *value = xml_child(node, "value");
	if (list && !is_nil(list)) {
		struct feel_value v = feel_new_list(&kit->arena, 0);
		for (const struct xml_node *n = xml_child(list, "item"); n; n = xml_next(n, "item"))
			feel_list_add(&kit->arena, v, kit_value(kit, n));
		return v;
	}
	if (component) {
		struct feel_value v = feel_new_context(&kit->arena);
		for (const struct xml_node *n = component; n; n = xml_next(n, "component"))
			feel_context_put(&kit->arena, v, xml_attr_or(n, "name", ""), is_nil(n) ? feel_null() : kit_value(kit, n));
		return v;
	}
	return value ? simple_value(kit, value) : feel_null();
}

/* ---- comparison ---- */

static bool same_number(struct decimal expected, struct decimal actual)
{
	char text[64];
	if (!decimal_compare(expected, actual))
		return true;
	size_t length = decimal_to_text(expected, text);
	const char *point = memchr(text, '.', length);
	int places = point ? (int)(text + length - point - 1) : 0;
	if (places < 8 || strpbrk(text, "eE"))
		return false;
	struct decimal near = decimal_from_scaled(1, 8);
	return decimal_compare(decimal_abs(decimal_sub(expected, actual)), near) < 0;
}

/* The kit's texts reach us without white space around them. */
static bool same_text(const struct feel_value *expected, const struct feel_value *actual)
{
	const char *from = actual->string.text, *to = from + actual->string.length;
	if (feel_equal(expected, actual) == 1)
		return true;
	while (from < to && strchr(" \t\r\n", *from))
		from++;
	while (to > from && strchr(" \t\r\n", to[-1]))
		to--;
	return (size_t)(to - from) == expected->string.length
		&& !memcmp(from, expected->string.text, expected->string.length);
}

static bool same(const struct feel_value *expected, const struct feel_value *actual)
{
	if (expected->kind != actual->kind)
		return false;
	switch (expected->kind) {
	case FEEL_NULL: return true;
	case FEEL_NUMBER: return same_number(expected->number, actual->number);
	case FEEL_STRING: return same_text(expected, actual);
	case FEEL_LIST:
		if (expected->list->count != actual->list->count)
			return false;
		for (size_t i = 0; i < expected->list->count; i++)
			if (!same(&expected->list->at[i], &actual->list->at[i]))
				return false;
		return true;
	case FEEL_CONTEXT:
		if (expected->context->count != actual->context->count)
			return false;
		for (size_t i = 0; i < expected->context->count; i++) {
			const struct feel_value *entry = feel_context_get(actual, expected->context->at[i].name);
			if (!entry || !same(&expected->context->at[i].value, entry))
				return false;
		}
		return true;
	default: return feel_equal(expected, actual) == 1;
	}
}

/* ---- cases ---- */

static void fail(struct kit *kit, const char *file, const char *id, const char *name, const char *expected,
	const char *actual, const char *why)
{
	if (kit->verbose)
		printf("  %s %s '%s': expected %s, is %s%s%s\n", fs_base_name(file), id, name, expected, actual,
			*why ? "; " : "", why);
}

static size_t outputs_of(const struct xml_node *model, const char *service)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(model, "decisionService"); n; n = xml_next(n, "decisionService"))
		if (!strcmp(xml_attr_or(n, "name", ""), service))
			for (const struct xml_node *o = xml_child(n, "outputDecision"); o; o = xml_next(o, "outputDecision"))
				count++;
	return count;
}

static void run_case(struct kit *kit, const char *file, const struct dmn_model *model,
	const struct xml_node *definitions, const struct xml_node *test, const char *refused)
{
	const char *id = xml_attr_or(test, "id", "");
	bool service = !strcmp(xml_attr_or(test, "type", "decision"), "decisionService") && xml_attr(test, "invocableName");
	const char *service_name = xml_attr_or(test, "invocableName", "");
	bool all = true;
	arena_reset(&kit->arena);
	struct feel_value inputs = feel_new_context(&kit->arena);
	for (const struct xml_node *n = xml_child(test, "inputNode"); n; n = xml_next(n, "inputNode"))
		feel_context_put(&kit->arena, inputs, xml_attr_or(n, "name", ""), kit_value(kit, n));
	for (const struct xml_node *n = xml_child(test, "resultNode"); n; n = xml_next(n, "resultNode")) {
		const char *name = xml_attr_or(n, "name", "");
		const struct xml_node *node = xml_child(n, "expected");
		struct feel_value expected = node ? kit_value(kit, node) : feel_null(), actual = feel_null();
		struct str messages = { 0 }, x = { 0 }, y = { 0 };
		struct err err = { 0 };
		struct feel_env env = { .today = 20000 };
		bool passed = false;
		feel_print_literal(&x, &expected);
		if (!model) {
			fail(kit, file, id, name, str_text(&x), "nothing", refused);
		} else if (dmn_decide(
					   model, service ? service_name : name, &inputs, &env, &kit->arena, &actual, &messages, &err)) {
			fail(kit, file, id, name, str_text(&x), "nothing", err.text);
		} else {
			const struct feel_value *one = &actual;
			if (service && outputs_of(definitions, service_name) > 1)
				one = feel_context_get(&actual, name);
			if (one)
				feel_print_literal(&y, one);
			passed = one && same(&expected, one);
			if (!passed)
				fail(kit, file, id, name, str_text(&x), str_text(&y), str_text(&messages));
		}
		str_release(&messages);
		str_release(&x);
		str_release(&y);
		all &= passed;
	}
	kit->here.total++;
	kit->here.passed += all;
}

static int run_file(struct kit *kit, const char *file)
{
	struct err err = { 0 }, refused = { 0 };
	struct xml_doc *doc = xml_read(file, &err), *definitions = NULL;
	if (!doc) {
		fprintf(stderr, "%s\n", err.text);
		return -1;
	}
	const struct xml_node *name = xml_child(xml_root(doc), "modelName");
	char *path = fs_join(kit->folder, name ? name->prefix_text : "");
	struct dmn_model *model = dmn_load_lenient(path, &refused);
	if (model)
		definitions = xml_read(path, &refused);
	for (const struct xml_node *n = xml_child(xml_root(doc), "testCase"); n; n = xml_next(n, "testCase"))
		run_case(kit, file, model, definitions ? xml_root(definitions) : NULL, n, refused.text);
	dmn_free(model);
	xml_free(definitions);
	xml_free(doc);
	free(path);
	return 0;
}

static bool wanted(const struct kit *kit, const char *name)
{
	for (int i = 0; i < kit->name_count; i++)
		if (!strncmp(name, kit->names[i], strlen(kit->names[i])))
			return true;
	return !kit->name_count;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int run_level(struct kit *kit, const char *root, int level, struct tally *sum)
{
	char part[40];
	snprintf(part, sizeof part, "compliance-level-%d", level);
	char *path = fs_join(root, part);
	struct dirent **entries = NULL;
	int count = scandir(path, &entries, NULL, by_name), result = 0;
	if (count < 0) {
		fprintf(stderr, "%s: there is no such folder\n", path);
		free(path);
		return -1;
	}
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.' && wanted(kit, entries[i]->d_name)) {
			char *folder = fs_join(path, entries[i]->d_name);
			struct fs_list files = { 0 };
			struct err err = { 0 };
			kit->folder = folder;
			kit->here = (struct tally){ 0 };
			if (fs_glob(folder, "*-test-*.xml", &files, &err))
				result = -1;
			for (size_t k = 0; k < files.count; k++)
				if (run_file(kit, files.path[k]))
					result = -1;
			printf("%d %s %zu/%zu\n", level, entries[i]->d_name, kit->here.passed, kit->here.total);
			sum->passed += kit->here.passed;
			sum->total += kit->here.total;
			fs_list_release(&files);
			free(folder);
		}
		free(entries[i]);
	}
	free(entries);
	free(path);
	return result;
}

int main(int argc, char **argv)
{
	struct kit kit = { 0 };
	int at = 1, result = 0;
	if (at < argc && !strcmp(argv[at], "--verbose")) {
		kit.verbose = true;
		at++;
	}
	if (at >= argc) {
		fprintf(stderr, "usage: tck [--verbose] FOLDER [NAME...]\n");
		return 64;
	}
	const char *root = argv[at++];
	kit.names = argv + at;
	kit.name_count = argc - at;
	struct tally sums[2] = { { 0 } };
	for (int level = 2; level <= 3; level++)
		if (run_level(&kit, root, level, &sums[level - 2]))
			result = 66;
	for (int level = 2; level <= 3; level++)
		printf("level %d: %zu/%zu\n", level, sums[level - 2].passed, sums[level - 2].total);
	arena_release(&kit.arena);
	return result;
}
