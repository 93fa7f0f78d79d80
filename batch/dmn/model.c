/*
 * model.c - loading: a file, the files it imports beside it, and the order in which their parts are understood.
 *
 * Decides: which files belong to a model. Does not decide: what types (type.c), elements (element.c) and boxed
 * expressions (boxed.c, table.c) mean.
 *
 * Elements are known by their local names in any namespace of DMN (1.2 to 1.5 differ only in it); foreign elements
 * (diagrams, extensions) are passed over.
 */
#include "dmn/model.h"

#include "base/fs.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static const char DMN_MODEL_SPACES[] = "omg.org/spec/DMN/";

static bool dmn_space(const char *space)
{
	return strstr(space, DMN_MODEL_SPACES) != NULL;
}

bool dmn_is(const struct xml_node *node, const char *name)
{
	return !strcmp(node->name, name) && dmn_space(node->space);
}

const char *dmn_where(struct dmn_model *model, const struct xml_node *node)
{
	return arena_printf(&model->arena, "%s:%d", node->file, node->line);
}

struct feel_scope *dmn_new_scope(struct dmn_model *model, const struct feel_scope *outer)
{
	struct feel_scope *scope = feel_scope_new(outer);
	if (model->lenient)
		feel_scope_lenient(scope);
	VEC_PUSH(&model->scopes, scope);
	return scope;
}

const struct xml_node *dmn_text_node(const struct xml_node *node)
{
	const struct xml_node *text = xml_child(node, "text");
	return text ? text : node;
}

const char *dmn_text(const struct xml_node *node)
{
	return dmn_text_node(node)->prefix_text;
}

int dmn_compile(const struct dmn_place *place, const struct xml_node *at, const char *text,
	const struct feel_expr **expr, struct err *err)
{
	struct feel_expr *made = feel_compile(text, dmn_where(place->model, at), place->scope, NULL, err);
	if (!made)
		return -1;
	VEC_PUSH(&place->model->exprs, made);
	*expr = made;
	return 0;
}

int dmn_compile_tests(const struct dmn_place *place, const struct xml_node *at, const char *text,
	const struct feel_type *input, const struct feel_expr **expr, struct err *err)
{
	struct feel_expr *made = feel_compile_tests(text, dmn_where(place->model, at), place->scope, input, err);
	if (!made)
		return -1;
	VEC_PUSH(&place->model->exprs, made);
	*expr = made;
	return 0;
}

/* ---- files ---- */

static struct dmn_unit *find_unit(const struct dmn_model *model, const char *space)
{
	for (size_t i = 0; i < model->units.count; i++)
		if (!strcmp(model->units.at[i]->space, space))
			return model->units.at[i];
	return NULL;
}

static struct dmn_unit *add_unit(struct dmn_model *model, struct xml_doc *doc, const char *path, struct err *err)
{
	struct dmn_unit *unit = arena_alloc(&model->arena, 1, sizeof *unit);
	unit->doc = doc;
	unit->root = xml_root(doc);
	unit->path = arena_text(&model->arena, path);
	VEC_PUSH(&model->units, unit); /* from here the model frees the document */
	unit->space = "";
	if (!dmn_is(unit->root, "definitions")) {
		xml_fail(unit->root, err, "<%.60s> in namespace '%.100s' is not a DMN model (1.2 to 1.5)", unit->root->name,
			unit->root->space);
		return NULL;
	}
	unit->space = xml_attr_or(unit->root, "namespace", "");
	return unit;
}

/* The file beside `unit` that holds the namespace, or NULL in *path. Files that are no models are passed over. */
static int find_beside(
	struct dmn_model *model, const struct dmn_unit *unit, const char *space, const char **path, struct err *err)
{
	size_t folder = (size_t)(fs_base_name(unit->path) - unit->path);
	char *dir = folder ? arena_copy(&model->arena, unit->path, folder) : arena_text(&model->arena, ".");
	struct fs_list list = { 0 };
	*path = NULL;
	if (fs_glob(dir, "*.dmn", &list, err))
		return -1;
	for (size_t i = 0; i < list.count && i < DMN_FILES_MAX && !*path; i++) {
		struct err quiet = { 0 };
		struct xml_doc *doc = xml_read(list.path[i], &quiet);
		if (doc && dmn_is(xml_root(doc), "definitions") && !strcmp(xml_attr_or(xml_root(doc), "namespace", ""), space))
			*path = arena_text(&model->arena, list.path[i]);
		xml_free(doc);
	}
	fs_list_release(&list);
	return 0;
}

static int named_beside(struct dmn_model *model, const struct dmn_unit *unit, const struct xml_node *import,
	const char *location, const char **path, struct err *err)
{
	if (!strncmp(location, "./", 2))
		location += 2;
	if (!*location || strchr(location, '/') || strchr(location, '\\') || strchr(location, ':') || location[0] == '.')
		return xml_fail(import, err, "locationURI '%.100s' is not a file beside this one", location);
	size_t folder = (size_t)(fs_base_name(unit->path) - unit->path);
	*path = arena_printf(&model->arena, "%.*s%s", (int)folder, unit->path, location);
	return 0;
}

static int read_imports(struct dmn_model *model, struct dmn_unit *unit, struct err *err);

static int read_import(struct dmn_model *model, struct dmn_unit *unit, const struct xml_node *import, struct err *err)
{
	const char *type = xml_attr_or(import, "importType", ""), *space = xml_attr(import, "namespace"),
			   *location = xml_attr(import, "locationURI"), *path = NULL;
	if (!dmn_space(type))
		return xml_fail(import, err, "import of type '%.100s': only DMN models can be imported", type);
	if (!space)
		return xml_fail(import, err, "<import> needs a namespace");
	struct dmn_unit *other = find_unit(model, space);
	if (other && other->state == 1)
		return xml_fail(import, err, "importing '%.100s' comes back to this file", space);
	if (!other) {
		if (location ? named_beside(model, unit, import, location, &path, err)
					 : find_beside(model, unit, space, &path, err))
			return -1;
		if (!path)
			return xml_fail(import, err, "no .dmn file beside this one has the namespace '%.200s'", space);
		if (model->units.count >= DMN_FILES_MAX)
			return xml_fail(import, err, "more than %d files are imported", DMN_FILES_MAX);
		struct xml_doc *doc = xml_read(path, err);
		if (!doc)
			return -1;
		other = add_unit(model, doc, path, err);
		if (!other)
			return -1;
		if (strcmp(other->space, space))
			return xml_fail(import, err, "%.200s has the namespace '%.200s', not '%.200s'", path, other->space, space);
		if (read_imports(model, other, err))
			return -1;
	}
	unit->imports[unit->import_count++] = (struct dmn_import){ xml_attr_or(import, "name", ""), other };
	return 0;
}

static int read_imports(struct dmn_model *model, struct dmn_unit *unit, struct err *err)
{
	size_t count = 0;
	for (const struct xml_node *n = unit->root->first; n; n = n->next)
		count += dmn_is(n, "import");
	unit->imports = arena_alloc(&model->arena, count + 1, sizeof *unit->imports);
	unit->state = 1;
	for (const struct xml_node *n = unit->root->first; n; n = n->next)
		if (dmn_is(n, "import") && read_import(model, unit, n, err))
			return -1;
	unit->state = 2;
	return 0;
}

/* ---- the whole ---- */

static struct dmn_model *load(const char *path, bool lenient, struct err *err)
{
	struct xml_doc *doc = xml_read(path, err);
	if (!doc)
		return NULL;
	struct dmn_model *model = mem_new(1, sizeof *model);
	arena_init(&model->arena);
	model->lenient = lenient;
	struct dmn_unit *unit = add_unit(model, doc, path, err);
	if (!unit || read_imports(model, unit, err))
		goto out;
	for (size_t i = 0; i < model->units.count; i++)
		model->units.at[i]->scope = dmn_new_scope(model, NULL);
	/* imported files first: their types are named by those that import them */
	for (size_t i = model->units.count; i-- > 0;)
		if (dmn_read_types(model, model->units.at[i], err))
			goto out;
	for (size_t i = 0; i < model->units.count; i++)
		if (dmn_read_elements(model, model->units.at[i], err))
			goto out;
	if (dmn_link_elements(model, err) || dmn_compile_elements(model, err))
		goto out;
	return model;
out:
	dmn_free(model);
	return NULL;
}

struct dmn_model *dmn_load(const char *path, struct err *err)
{
	return load(path, false, err);
}

struct dmn_model *dmn_load_lenient(const char *path, struct err *err)
{
	return load(path, true, err);
}

void dmn_free(struct dmn_model *model)
{
	if (!model)
		return;
	for (size_t i = 0; i < model->exprs.count; i++)
		feel_free(model->exprs.at[i]);
	for (size_t i = model->scopes.count; i-- > 0;)
		feel_scope_free(model->scopes.at[i]);
	for (size_t i = 0; i < model->units.count; i++)
		xml_free(model->units.at[i]->doc);
	VEC_RELEASE(&model->exprs);
	VEC_RELEASE(&model->scopes);
	VEC_RELEASE(&model->units);
	VEC_RELEASE(&model->elements);
	arena_release(&model->arena);
	free(model);
}
