/*
 * decide.c - one decision asked: what it needs is computed when first named, once.
 *
 * Decides: where the values of elements come from, and what is told about failures. Does not decide: what their logic
 * yields (evaluate.c).
 */
#include "dmn/model.h"

#include <stdio.h>
#include <string.h>

#define MESSAGES_MAX 20000u /* bytes; a loop may fail many times */

void dmn_tell(struct dmn_run *run, const struct xml_node *node, const char *format, ...)
{
	char text[800];
	va_list args;
	if (!run->messages || run->messages->length > MESSAGES_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	str_printf(run->messages, "%s%s:%d: %s", run->messages->length ? "\n" : "", node->file, node->line, text);
}

struct dmn_world *dmn_new_world(struct dmn_run *run)
{
	struct dmn_world *world = arena_alloc(run->arena, 1, sizeof *world);
	world->run = run;
	world->values = arena_alloc(run->arena, run->model->elements.count + 1, sizeof *world->values);
	world->state = arena_alloc(run->arena, run->model->elements.count + 1, 1);
	return world;
}

/* What the caller gave for an element; false if nothing. */
static bool given(const struct dmn_run *run, const struct dmn_element *e, struct feel_value *value)
{
	const struct feel_value *entry = run->inputs.kind == FEEL_CONTEXT ? feel_context_get(&run->inputs, e->name) : NULL;
	if (entry)
		*value = *entry;
	return entry != NULL;
}

static int own_type(struct dmn_run *run, const struct dmn_element *e, struct feel_value *value)
{
	struct feel_value before = *value;
	int fits = dmn_coerce(run, e->type, value);
	if (fits)
		return fits < 0 ? -1 : 0;
	struct str text = { 0 };
	feel_print_literal(&text, &before);
	dmn_tell(run, e->node, "%.100s: %.200s is not of type %.100s", e->name, str_text(&text), e->type->name);
	str_release(&text);
	return 0;
}

static int compute(struct dmn_world *world, const struct dmn_element *e, struct feel_value *value)
{
	struct dmn_run *run = world->run;
	*value = feel_null();
	switch (e->kind) {
	case DMN_KNOWLEDGE: *value = dmn_new_function(world, NULL, e->body); return 0;
	case DMN_SERVICE: *value = dmn_service_function(world, e); return 0;
	case DMN_INPUT:
		if (!given(run, e, value))
			dmn_tell(run, e->node, "input '%.100s' is not given", e->name);
		return own_type(run, e, value);
	case DMN_DECISION:
		if (!e->body->logic) { /* decided outside */
			if (!given(run, e, value))
				dmn_tell(run, e->node, "decision '%.100s' has no logic and is not given", e->name);
		} else if (dmn_eval(e->body->logic, dmn_new_frame(world, NULL, e->body), value)) {
			return -1;
		}
		return own_type(run, e, value);
	}
	return 0;
}

int dmn_element_value(struct dmn_world *world, int number, struct feel_value *value)
{
	struct dmn_run *run = world->run;
	*value = feel_null();
	if (run->failed)
		return -1;
	if (!world->state[number]) {
		world->state[number] = 1;
		if (compute(world, run->model->elements.at[number], &world->values[number])) {
			run->failed = true;
			return -1;
		}
		world->state[number] = 2;
	}
	*value = world->values[number];
	return 0;
}

/* Parameters of a service asked by name come from the inputs; what does not belong to its type is null. */
static int ask_service(struct dmn_run *run, const struct dmn_element *service, struct feel_value *value)
{
	struct feel_value *args = arena_alloc(run->arena, service->parameter_count + 1, sizeof *args);
	for (size_t i = 0; i < service->parameter_count; i++) {
		args[i] = feel_null();
		if (!given(run, service->parameters[i], &args[i]))
			dmn_tell(
				run, service->parameters[i]->node, "parameter '%.100s' is not given", service->parameters[i]->name);
		if (own_type(run, service->parameters[i], &args[i]))
			return -1;
	}
	return dmn_call_service(run, service, args, value);
}

struct question {
	struct dmn_run *run;
	const struct dmn_element *element;
};

static int answer(void *host, const struct feel_value *args, size_t count, const struct feel_env *env,
	struct arena *arena, struct feel_value *value, struct err *err)
{
	const struct question *q = host;
	(void)args, (void)count, (void)env, (void)arena;
	q->run->err = err;
	if (q->element->kind == DMN_SERVICE)
		return ask_service(q->run, q->element, value);
	return dmn_element_value(dmn_new_world(q->run), q->element->number, value);
}

static const struct dmn_element *find(const struct dmn_model *model, const char *name)
{
	const struct dmn_element *found = NULL;
	const struct dmn_unit *main = model->units.at[0];
	for (size_t i = 0; i < model->elements.count; i++) {
		const struct dmn_element *e = model->elements.at[i];
		if (e->kind != DMN_DECISION && e->kind != DMN_SERVICE)
			continue;
		if (e->unit == main && !strcmp(e->name, name))
			return e;
		for (size_t k = 0; k < main->import_count; k++) {
			size_t n = strlen(main->imports[k].prefix);
			if (main->imports[k].unit == e->unit && !strncmp(name, main->imports[k].prefix, n)
				&& !strcmp(e->name, n && name[n] == '.' ? name + n + 1 : name))
				found = e;
		}
	}
	return found;
}

int dmn_decide(const struct dmn_model *model, const char *decision, const struct feel_value *inputs,
	const struct feel_env *env, struct arena *arena, struct feel_value *value, struct str *messages, struct err *err)
{
	const struct dmn_element *element = find(model, decision);
	*value = feel_null();
	if (!element) {
		err_set(err, STATUS_CONFIG, "%s: there is no decision '%.200s'", model->units.at[0]->path, decision);
		return -1;
	}
	struct dmn_run *run = arena_alloc(arena, 1, sizeof *run); /* functions among the results keep it */
	struct question *q = arena_alloc(arena, 1, sizeof *q);
	*run = (struct dmn_run){
		.model = model, .inputs = inputs ? *inputs : feel_null(), .arena = arena, .messages = messages, .err = err
	};
	if (env)
		run->env = *env;
	*q = (struct question){ run, element };
	/* as a function of FEEL: its budget counts everything inside */
	struct feel_value ask = feel_new_function(arena, NULL, 0, answer, q);
	int result = feel_call(&ask, NULL, 0, &run->env, arena, value, err);
	run->messages = NULL;
	run->err = NULL;
	if (result) {
		*value = feel_null();
		err_context(err, "%s: decision '%.100s'", model->units.at[0]->path, decision);
	}
	return result;
}
