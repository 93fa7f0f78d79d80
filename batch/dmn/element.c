/*
 * element.c - input data, decisions, business knowledge models and decision services: read, linked, compiled.
 *
 * Decides: which names the logic of each may use, and that nothing requires itself. Does not decide: values (decide.c).
 */
#include "dmn/model.h"

#include "base/map.h"

#include <string.h>

int dmn_read_elements(struct dmn_model *model, struct dmn_unit *unit, struct err *err)
{
	static const struct {
		const char *name;
		enum dmn_element_kind kind;
	} kinds[] = { { "inputData", DMN_INPUT }, { "decision", DMN_DECISION }, { "businessKnowledgeModel", DMN_KNOWLEDGE },
		{ "decisionService", DMN_SERVICE } };
	for (const struct xml_node *n = unit->root->first; n; n = n->next)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			if (!dmn_is(n, kinds[k].name))
				continue;
			const char *name = xml_attr(n, "name");
			if (!name || !*name)
				return xml_fail(n, err, "<%s> needs a name", n->name);
			if (model->elements.count >= DMN_ITEMS_MAX)
				return xml_fail(n, err, "more than %d elements", DMN_ITEMS_MAX);
			struct dmn_element *e = arena_alloc(&model->arena, 1, sizeof *e);
			*e = (struct dmn_element){ .kind = kinds[k].kind,
				.name = name,
				.id = xml_attr_or(n, "id", ""),
				.node = n,
				.unit = unit,
				.number = (int)model->elements.count,
				.feel = { .kind = FEEL_ANY, .scale = -1 } };
			VEC_PUSH(&model->elements, e);
		}
	return 0;
}

/* ---- links ---- */

struct index {
	struct map map;
	VEC(struct dmn_element *) at;
};

static void key(struct str *out, const char *space, const char *id)
{
	str_clear(out);
	str_add(out, space);
	str_add_char(out, '#');
	str_add(out, id);
}

static int build_index(struct dmn_model *model, struct index *index, struct str *text, struct err *err)
{
	struct map names = { 0 };
	int result = -1;
	for (size_t i = 0; i < model->elements.count; i++) {
		struct dmn_element *e = model->elements.at[i];
		key(text, e->unit->space, e->name);
		size_t before = names.count;
		map_add(&names, text->text, text->length);
		if (names.count == before && !model->lenient) {
			xml_fail(e->node, err, "there are two elements named '%.100s'", e->name);
			goto out;
		}
		if (!*e->id)
			continue;
		key(text, e->unit->space, e->id);
		if (map_add(&index->map, text->text, text->length) < index->at.count) {
			xml_fail(e->node, err, "there are two elements with the id '%.100s'", e->id);
			goto out;
		}
		VEC_PUSH(&index->at, e);
	}
	result = 0;
out:
	map_release(&names);
	return result;
}

static struct dmn_element *follow(const struct index *index, const struct dmn_element *from,
	const struct xml_node *node, struct str *text, struct err *err)
{
	const char *href = xml_attr(node, "href"), *hash = href ? strrchr(href, '#') : NULL;
	if (!href) {
		xml_fail(node, err, "<%s> needs a href", node->name);
		return NULL;
	}
	if (hash && hash != href) {
		str_clear(text);
		str_add(text, href);
	} else {
		key(text, from->unit->space, hash ? hash + 1 : href);
	}
	uint32_t number = map_find(&index->map, text->text, text->length);
	if (number == MAP_NONE) {
		xml_fail(node, err, "%s of '%.100s': there is nothing with the id '%.200s'", node->name, from->name, href);
		return NULL;
	}
	return index->at.at[number];
}

static int add_links(const struct index *index, struct dmn_model *model, struct dmn_element *e,
	const struct xml_node *parent, const char *element, unsigned kinds, struct dmn_element ***list, size_t *count,
	struct str *text, struct err *err)
{
	for (const struct xml_node *n = xml_child(parent, element); n; n = xml_next(n, element)) {
		struct dmn_element *to = follow(index, e, n, text, err);
		if (!to)
			return -1;
		if (!(kinds & 1u << to->kind))
			return xml_fail(n, err, "'%.100s' cannot be a %s", to->name, element);
		bool known = false;
		for (size_t i = 0; i < *count && !known; i++)
			known = (*list)[i] == to;
		if (known)
			continue;
		if (!(*count & (*count - 1))) { /* full at powers of two */
			struct dmn_element **more = arena_alloc(&model->arena, *count ? *count * 2 : 1, sizeof *more);
			if (*count)
				memcpy(more, *list, *count * sizeof *more);
			*list = more;
		}
		(*list)[(*count)++] = to;
	}
	return 0;
}

int dmn_link_elements(struct dmn_model *model, struct err *err)
{
	const unsigned input = 1u << DMN_INPUT, decision = 1u << DMN_DECISION,
				   knowledge = 1u << DMN_KNOWLEDGE | 1u << DMN_SERVICE;
	struct index index = { 0 };
	struct str text = { 0 };
	int result = -1;
	if (build_index(model, &index, &text, err))
		goto out;
	for (size_t i = 0; i < model->elements.count; i++) {
		struct dmn_element *e = model->elements.at[i];
		for (const struct xml_node *n = e->node->first; n; n = n->next) {
			bool information = dmn_is(n, "informationRequirement");
			if (!information && !dmn_is(n, "knowledgeRequirement"))
				continue;
			if (information ? add_links(&index, model, e, n, "requiredDecision", decision, &e->needs, &e->need_count,
								  &text, err)
						|| add_links(&index, model, e, n, "requiredInput", input, &e->needs, &e->need_count, &text, err)
							: add_links(&index, model, e, n, "requiredKnowledge", knowledge, &e->needs, &e->need_count,
								&text, err))
				goto out;
		}
		if (e->kind == DMN_SERVICE
			&& (add_links(
					&index, model, e, e->node, "inputData", input, &e->parameters, &e->parameter_count, &text, err)
				|| add_links(&index, model, e, e->node, "inputDecision", decision, &e->parameters, &e->parameter_count,
					&text, err)
				|| add_links(
					&index, model, e, e->node, "outputDecision", decision, &e->outputs, &e->output_count, &text, err)))
			goto out;
		if (e->kind == DMN_SERVICE && !e->output_count) {
			xml_fail(e->node, err, "decision service '%.100s' has no outputDecision", e->name);
			goto out;
		}
	}
	result = 0;
out:
	map_release(&index.map);
	VEC_RELEASE(&index.at);
	str_release(&text);
	return result;
}

/* ---- signatures: known before any logic is compiled ---- */

static void service_signature(struct dmn_model *model, struct dmn_element *e)
{
	struct feel_member *members = arena_alloc(&model->arena, e->parameter_count + 1, sizeof *members);
	for (size_t i = 0; i < e->parameter_count; i++)
		members[i] = (struct feel_member){ e->parameters[i]->name, e->parameters[i]->feel };
	struct feel_type *result = arena_alloc(&model->arena, 1, sizeof *result);
	*result = dmn_feel_type(e->type);
	e->feel = (struct feel_type){
		.kind = FEEL_FUNCTION, .scale = -1, .item = result, .members = members, .member_count = e->parameter_count
	};
}

static int sign(struct dmn_model *model, struct dmn_element *e, struct err *err)
{
	const struct xml_node *variable = xml_child(e->node, "variable");
	if (dmn_type_of(model, e->unit, variable, "typeRef", &e->type, err))
		return -1;
	if (e->kind >= DMN_KNOWLEDGE && e->type && e->type->kind == FEEL_FUNCTION)
		e->type = e->type->item;
	e->feel = dmn_feel_type(e->type);
	if (e->kind == DMN_INPUT || e->kind == DMN_SERVICE)
		return 0;
	e->body = arena_alloc(&model->arena, 1, sizeof *e->body);
	e->body->name = e->name;
	e->body->node = e->node;
	e->body->level = 1;
	const struct xml_node *logic = xml_child(e->node, "encapsulatedLogic");
	if (e->kind == DMN_KNOWLEDGE) {
		if (logic && dmn_read_signature(model, e->unit, logic, e->body, err))
			return -1;
		if (!e->body->result)
			e->body->result = e->type;
		e->feel = dmn_function_type(model, e->body);
	} else {
		e->body->result = e->type;
	}
	return 0;
}

/* ---- logic ---- */

/* The name an element has in the logic of another. */
static const char *visible_name(
	struct dmn_model *model, const struct dmn_element *e, const struct dmn_element *need, struct err *err)
{
	if (need->unit == e->unit)
		return need->name;
	for (size_t i = 0; i < e->unit->import_count; i++)
		if (e->unit->imports[i].unit == need->unit)
			return *e->unit->imports[i].prefix
				? arena_printf(&model->arena, "%s.%s", e->unit->imports[i].prefix, need->name)
				: need->name;
	xml_fail(e->node, err, "'%.100s' requires '%.100s' of a file that is not imported here", e->name, need->name);
	return NULL;
}

static int compile_element(struct dmn_model *model, struct dmn_element *e, int depth, struct err *err)
{
	if (e->state == 2)
		return 0;
	if (depth > DMN_CHAIN_MAX)
		return xml_fail(e->node, err, "more than %d elements require each other in a row", DMN_CHAIN_MAX);
	e->state = 1;
	struct dmn_element **before = e->kind == DMN_SERVICE ? e->outputs : e->needs;
	size_t count = e->kind == DMN_SERVICE ? e->output_count : e->need_count;
	for (size_t i = 0; i < count; i++) {
		struct dmn_element *need = before[i];
		if (need->state == 1) {
			if (need->kind == DMN_DECISION && e->kind == DMN_DECISION)
				return xml_fail(e->node, err, "decision '%.100s' requires '%.100s', which requires it in turn", e->name,
					need->name);
			continue; /* functions may call each other; the budget ends what does not end */
		}
		if (compile_element(model, need, depth + 1, err))
			return -1;
		if (need->chain >= e->chain)
			e->chain = need->chain + 1;
	}
	if (e->chain > DMN_CHAIN_MAX)
		return xml_fail(e->node, err, "more than %d elements require each other in a row", DMN_CHAIN_MAX);
	if (e->kind == DMN_SERVICE && !e->type) {
		struct feel_type *result = arena_alloc(&model->arena, 1, sizeof *result);
		*result = (struct feel_type){ .kind = FEEL_ANY, .scale = -1 };
		if (e->output_count == 1)
			*result = dmn_known_type(&e->outputs[0]->feel);
		e->feel.item = result;
	}
	if (e->kind == DMN_DECISION || e->kind == DMN_KNOWLEDGE) {
		struct dmn_place place = { model, e->unit, dmn_new_scope(model, e->unit->scope), e->body };
		for (size_t i = 0; i < e->need_count; i++) {
			const char *name = visible_name(model, e, e->needs[i], err);
			if (!name)
				return -1;
			feel_scope_add(place.scope, name, &e->needs[i]->feel, e->needs[i]->number);
		}
		const struct xml_node *logic =
			e->kind == DMN_KNOWLEDGE ? xml_child(e->node, "encapsulatedLogic") : dmn_first_expression(e->node);
		if (e->kind == DMN_KNOWLEDGE) {
			feel_scope_add(place.scope, e->name, &e->feel, e->number); /* it may call itself */
			if (logic && dmn_read_function(&place, logic, e->body, err))
				return -1;
			e->feel = dmn_function_type(model, e->body);
		} else {
			if (logic && dmn_read_boxed(&place, logic, &e->body->logic, err))
				return -1;
			if (!e->type && e->body->logic)
				e->feel = dmn_known_type(&e->body->logic->feel);
		}
	}
	e->state = 2;
	return 0;
}

int dmn_compile_elements(struct dmn_model *model, struct err *err)
{
	for (size_t i = 0; i < model->elements.count; i++)
		if (sign(model, model->elements.at[i], err))
			return -1;
	for (size_t i = 0; i < model->elements.count; i++)
		if (model->elements.at[i]->kind == DMN_SERVICE)
			service_signature(model, model->elements.at[i]);
	for (size_t i = 0; i < model->elements.count; i++)
		if (compile_element(model, model->elements.at[i], 0, err))
			return -1;
	return 0;
}
