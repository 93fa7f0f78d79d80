/*
 * type.c - item definitions: types by name, and making values belong to them.
 *
 * Decides: what a typeRef means, and when a value is taken, unwrapped, wrapped, or null. Does not decide: where types
 * are asked for.
 *
 * Allowed values of a collection hold for its items; a typeConstraint (1.5) for the whole. Null belongs to every type.
 */
#include "dmn/model.h"

#include <string.h>

struct feel_type dmn_feel_type(const struct dmn_type *type)
{
	return type ? type->feel : (struct feel_type){ .kind = FEEL_ANY, .scale = -1 };
}

static void count_parts(const struct feel_type *type, size_t *left)
{
	if (!*left)
		return;
	--*left;
	if (type->item)
		count_parts(type->item, left);
	for (size_t i = 0; type->members && i < type->member_count && *left; i++)
		count_parts(&type->members[i].type, left);
}

struct feel_type dmn_known_type(const struct feel_type *type)
{
	size_t left = DMN_TYPE_PARTS_MAX;
	count_parts(type, &left);
	return left ? *type : dmn_feel_type(NULL);
}

/* Writes the type out as FEEL knows it. */
static int finish(struct dmn_model *model, struct dmn_type *t, const struct xml_node *node, struct err *err)
{
	t->feel = (struct feel_type){ .kind = t->kind, .scale = -1 };
	t->parts = 1;
	if (t->allowed || (t->base && t->base->narrowed))
		t->narrowed = true;
	if (t->item) {
		t->parts += t->item->parts;
		t->narrowed |= t->item->narrowed;
		t->feel.item = &t->item->feel;
	}
	for (size_t i = 0; i < t->member_count; i++) {
		const struct dmn_type *m = t->members[i].type;
		t->parts += m ? m->parts : 1;
		t->narrowed |= m && m->narrowed;
		if (t->parts > DMN_TYPE_PARTS_MAX)
			return xml_fail(node, err, "type '%.100s' has more than %d parts", t->name, DMN_TYPE_PARTS_MAX);
	}
	if (t->members) {
		struct feel_member *members = arena_alloc(&model->arena, t->member_count + 1, sizeof *members);
		for (size_t i = 0; i < t->member_count; i++)
			members[i] = (struct feel_member){ t->members[i].name, dmn_feel_type(t->members[i].type) };
		t->feel.members = members;
		t->feel.member_count = t->member_count;
	}
	return 0;
}

static struct dmn_type *new_type(struct dmn_model *model, const char *name, enum feel_kind kind)
{
	struct dmn_type *t = arena_alloc(&model->arena, 1, sizeof *t);
	t->name = name;
	t->kind = kind;
	t->feel = (struct feel_type){ .kind = kind, .scale = -1 };
	t->parts = 1;
	return t;
}

/* A type FEEL itself wrote out; NULL for Any. */
static const struct dmn_type *from_feel(struct dmn_model *model, const char *name, const struct feel_type *feel)
{
	if (feel->kind == FEEL_ANY)
		return NULL;
	struct dmn_type *t = new_type(model, name, feel->kind);
	if (feel->item)
		t->item = from_feel(model, name, feel->item);
	if (feel->members) {
		t->members = arena_alloc(&model->arena, feel->member_count + 1, sizeof *t->members);
		t->member_count = feel->member_count;
		for (size_t i = 0; i < feel->member_count; i++)
			t->members[i] =
				(struct dmn_member){ feel->members[i].name, from_feel(model, name, &feel->members[i].type) };
	}
	struct err none = { 0 };
	finish(model, t, NULL, &none);
	return t;
}

static int read_item(struct dmn_model *model, struct dmn_unit *unit, struct dmn_item *item, struct err *err);

static int find_item(struct dmn_model *model, struct dmn_unit *unit, const char *name, bool *found,
	const struct dmn_type **type, const struct xml_node *node, struct err *err)
{
	*found = true;
	for (size_t i = 0; i < unit->item_count; i++) {
		struct dmn_item *item = &unit->items[i];
		if (strcmp(item->name, name))
			continue;
		if (item->state == 1)
			return xml_fail(node, err, "type '%.100s' contains itself", name);
		if (read_item(model, unit, item, err))
			return -1;
		*type = item->type;
		return 0;
	}
	for (size_t i = 0; i < unit->import_count; i++) {
		size_t n = strlen(unit->imports[i].prefix);
		struct dmn_unit *other = unit->imports[i].unit;
		const char *rest = !n                                              ? name
			: !strncmp(name, unit->imports[i].prefix, n) && name[n] == '.' ? name + n + 1
																		   : NULL;
		for (size_t k = 0; rest && k < other->item_count; k++)
			if (!strcmp(other->items[k].name, rest)) {
				*type = other->items[k].type;
				return 0;
			}
	}
	*found = false;
	return 0;
}

static int read_name(struct dmn_model *model, struct dmn_unit *unit, const char *name, const struct dmn_type **type,
	const struct xml_node *node, struct err *err)
{
	bool found;
	*type = NULL;
	if (!*name)
		return 0;
	if (find_item(model, unit, name, &found, type, node, err))
		return -1;
	if (found)
		return 0;
	const char *colon = strrchr(name, ':'); /* a prefix of older versions: "feel:number" */
	if (colon) {
		name = colon + 1;
		if (find_item(model, unit, name, &found, type, node, err))
			return -1;
		if (found)
			return 0;
	}
	if (!strcmp(name, "Any") || !strcmp(name, "any"))
		return 0;
	struct feel_type feel;
	struct err why = { 0 };
	if (feel_read_type(name, dmn_where(model, node), unit->scope, &model->arena, &feel, &why)) {
		if (model->lenient)
			return 0;
		xml_fail(node, err, "unknown type '%.100s'", name);
		err_hint(err, "It is neither a type of FEEL nor an item definition of this file or its imports.");
		return -1;
	}
	*type = from_feel(model, name, &feel);
	return 0;
}

int dmn_type_of(struct dmn_model *model, struct dmn_unit *unit, const struct xml_node *node, const char *attribute,
	const struct dmn_type **type, struct err *err)
{
	*type = NULL;
	const char *name = node ? xml_attr(node, attribute) : NULL;
	return name ? read_name(model, unit, name, type, node, err) : 0;
}

/* A new type that narrows another by the tests of a child element, if there is one. */
static int narrow(struct dmn_model *model, struct dmn_unit *unit, const struct xml_node *node, const char *element,
	const char *name, const struct dmn_type **type, struct err *err)
{
	const struct xml_node *child = xml_child(node, element);
	if (!child)
		return 0;
	const char *text = dmn_text(child);
	if (!*text)
		return 0;
	const struct dmn_type *base = *type;
	struct dmn_type *t = new_type(model, name, base ? base->kind : FEEL_ANY);
	if (base) {
		t->base = base;
		t->item = base->item;
		t->members = base->members;
		t->member_count = base->member_count;
	}
	struct dmn_place place = { .model = model, .unit = unit, .scope = unit->scope };
	struct feel_type input = dmn_feel_type(base);
	t->allowed_text = text;
	*type = t;
	return dmn_compile_tests(&place, dmn_text_node(child), text, &input, &t->allowed, err)
			|| finish(model, t, node, err)
		? -1
		: 0;
}

static int read_definition(struct dmn_model *model, struct dmn_unit *unit, const struct xml_node *node,
	const struct dmn_type **type, struct err *err)
{
	const char *name = xml_attr_or(node, "name", "");
	const struct xml_node *ref = xml_child(node, "typeRef"), *function = xml_child(node, "functionItem"),
						  *part = xml_child(node, "itemComponent");
	*type = NULL;
	if (ref) {
		if (read_name(model, unit, ref->prefix_text, type, ref, err))
			return -1;
	} else if (function) {
		struct dmn_type *t = new_type(model, name, FEEL_FUNCTION);
		size_t count = 0;
		for (const struct xml_node *p = xml_child(function, "parameters"); p; p = xml_next(p, "parameters"))
			count++;
		t->members = arena_alloc(&model->arena, count + 1, sizeof *t->members);
		for (const struct xml_node *p = xml_child(function, "parameters"); p; p = xml_next(p, "parameters")) {
			struct dmn_member *m = &t->members[t->member_count++];
			m->name = xml_attr_or(p, "name", "");
			if (dmn_type_of(model, unit, p, "typeRef", &m->type, err))
				return -1;
		}
		if (dmn_type_of(model, unit, function, "outputTypeRef", &t->item, err) || finish(model, t, node, err))
			return -1;
		*type = t;
	} else if (part) {
		struct dmn_type *t = new_type(model, name, FEEL_CONTEXT);
		size_t count = 0;
		for (const struct xml_node *p = part; p; p = xml_next(p, "itemComponent"))
			count++;
		t->members = arena_alloc(&model->arena, count + 1, sizeof *t->members);
		for (const struct xml_node *p = part; p; p = xml_next(p, "itemComponent")) {
			struct dmn_member *m = &t->members[t->member_count];
			m->name = xml_attr(p, "name");
			if (!m->name)
				return xml_fail(p, err, "<itemComponent> needs a name");
			for (size_t i = 0; i < t->member_count; i++)
				if (!strcmp(t->members[i].name, m->name))
					return xml_fail(p, err, "there are two components '%.100s'", m->name);
			if (read_definition(model, unit, p, &m->type, err))
				return -1;
			t->member_count++;
		}
		if (finish(model, t, node, err))
			return -1;
		*type = t;
	}
	if (narrow(model, unit, node, "allowedValues", name, type, err))
		return -1;
	if (!strcmp(xml_attr_or(node, "isCollection", "false"), "true")) {
		struct dmn_type *list = new_type(model, name, FEEL_LIST);
		list->item = *type;
		if (finish(model, list, node, err))
			return -1;
		*type = list;
	}
	return narrow(model, unit, node, "typeConstraint", name, type, err);
}

static int read_item(struct dmn_model *model, struct dmn_unit *unit, struct dmn_item *item, struct err *err)
{
	if (item->state == 2)
		return 0;
	const struct dmn_type *type;
	item->state = 1;
	if (++model->depth > DMN_CHAIN_MAX)
		return xml_fail(item->node, err, "more than %d item definitions name each other in a row", DMN_CHAIN_MAX);
	if (read_definition(model, unit, item->node, &type, err))
		return -1;
	model->depth--;
	struct dmn_type *named = new_type(model, item->name, FEEL_ANY); /* its own name in messages */
	if (type)
		*named = *type;
	named->name = item->name;
	item->type = named;
	item->state = 2;
	feel_scope_type(unit->scope, item->name, &named->feel);
	return 0;
}

int dmn_read_types(struct dmn_model *model, struct dmn_unit *unit, struct err *err)
{
	if (unit->state == 3)
		return 0;
	for (size_t i = 0; i < unit->import_count; i++) {
		struct dmn_unit *other = unit->imports[i].unit;
		const char *prefix = unit->imports[i].prefix;
		if (dmn_read_types(model, other, err))
			return -1;
		for (size_t k = 0; k < other->item_count; k++) {
			const char *name = other->items[k].name;
			feel_scope_type(unit->scope, *prefix ? arena_printf(&model->arena, "%s.%s", prefix, name) : name,
				&other->items[k].type->feel);
		}
	}
	size_t count = 0;
	for (const struct xml_node *n = unit->root->first; n; n = n->next)
		count += dmn_is(n, "itemDefinition");
	if (count > DMN_ITEMS_MAX)
		return xml_fail(unit->root, err, "more than %d item definitions", DMN_ITEMS_MAX);
	unit->items = arena_alloc(&model->arena, count + 1, sizeof *unit->items);
	for (const struct xml_node *n = unit->root->first; n; n = n->next) {
		if (!dmn_is(n, "itemDefinition"))
			continue;
		const char *name = xml_attr(n, "name");
		if (!name || !*name)
			return xml_fail(n, err, "<itemDefinition> needs a name");
		for (size_t i = 0; i < unit->item_count; i++)
			if (!strcmp(unit->items[i].name, name))
				return xml_fail(n, err, "there are two item definitions '%.100s'", name);
		unit->items[unit->item_count++] = (struct dmn_item){ .name = name, .node = n };
	}
	for (size_t i = 0; i < unit->item_count; i++)
		if (read_item(model, unit, &unit->items[i], err))
			return -1;
	unit->state = 3;
	return 0;
}

/* ---- values ---- */

static int allowed(struct dmn_run *run, const struct dmn_type *t, const struct feel_value *value)
{
	if (t->base) {
		int base = allowed(run, t->base, value);
		if (base != 1)
			return base;
	}
	if (!t->allowed)
		return 1;
	bool met;
	struct feel_env env = { .today = run->env.today, .step_budget = run->env.step_budget };
	if (feel_test(t->allowed, value, &env, run->arena, &met, run->err)) {
		run->failed = true;
		return -1;
	}
	return met;
}

/* 1 the value belongs to the type as it is, 0 it does not, -1 budget. */
static int belongs(struct dmn_run *run, const struct dmn_type *t, const struct feel_value *value)
{
	int all = 1;
	if (!t || value->kind == FEEL_NULL)
		return 1;
	if (!t->narrowed)
		return feel_conforms(value, &t->feel);
	if (t->kind != FEEL_ANY && value->kind != t->kind)
		return 0;
	if (t->kind == FEEL_LIST)
		for (size_t i = 0; i < value->list->count && all == 1; i++)
			all = belongs(run, t->item, &value->list->at[i]);
	else if (t->kind == FEEL_CONTEXT)
		for (size_t i = 0; i < t->member_count && all == 1; i++) {
			const struct feel_value *entry = feel_context_get(value, t->members[i].name);
			all = entry ? belongs(run, t->members[i].type, entry) : 0;
		}
	else if (!feel_conforms(value, &t->feel))
		return 0;
	return all == 1 ? allowed(run, t, value) : all;
}

int dmn_coerce(struct dmn_run *run, const struct dmn_type *type, struct feel_value *value)
{
	int fits = belongs(run, type, value);
	if (fits)
		return fits;
	struct feel_value other = feel_null();
	if (value->kind == FEEL_LIST && type->kind != FEEL_LIST && value->list->count == 1) {
		other = value->list->at[0];
	} else if (type->kind == FEEL_LIST && value->kind != FEEL_LIST) {
		other = feel_new_list(run->arena, 1);
		feel_list_add(run->arena, other, *value);
	} else if (type->kind == FEEL_DATE_TIME && value->kind == FEEL_DATE) {
		other = (struct feel_value){ .kind = FEEL_DATE_TIME, .time = { value->date, 0, 0, NULL } };
	}
	fits = other.kind == FEEL_NULL ? 0 : belongs(run, type, &other);
	*value = fits == 1 ? other : feel_null();
	return fits;
}
