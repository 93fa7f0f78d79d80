/*
 * service.c - decision services: a part of the model as a function of its input data and input decisions.
 *
 * Decides: that a service computes in a world of its own, where its parameters stand instead of what is outside. Does
 * not decide: how decisions are computed (decide.c).
 */
#include "dmn/model.h"

struct closure {
	struct dmn_run *run;
	const struct dmn_element *service;
};

int dmn_call_service(
	struct dmn_run *run, const struct dmn_element *service, const struct feel_value *args, struct feel_value *value)
{
	struct dmn_world *world = dmn_new_world(run);
	for (size_t i = 0; i < service->parameter_count; i++) {
		int number = service->parameters[i]->number;
		world->values[number] = args[i];
		world->state[number] = 2;
	}
	*value = service->output_count > 1 ? feel_new_context(run->arena) : feel_null();
	for (size_t i = 0; i < service->output_count; i++) {
		struct feel_value one;
		if (dmn_element_value(world, service->outputs[i]->number, &one))
			return -1;
		if (service->output_count > 1)
			feel_context_put(run->arena, *value, service->outputs[i]->name, one);
		else
			*value = one;
	}
	struct feel_value given = *value;
	int fits = dmn_coerce(run, service->type, value);
	if (!fits) {
		struct str text = { 0 };
		feel_print_literal(&text, &given);
		dmn_tell(run, service->node, "%.100s: %.200s is not of type %.100s", service->name, str_text(&text),
			service->type->name);
		str_release(&text);
	}
	return fits < 0 ? -1 : 0;
}

static int call(void *host, const struct feel_value *args, size_t count, const struct feel_env *env,
	struct arena *arena, struct feel_value *value, struct err *err)
{
	const struct closure *c = host;
	struct dmn_run *run = c->run;
	struct err *outer_err = run->err;
	struct arena *outer_arena = run->arena;
	struct feel_value *own = arena_alloc(arena, count + 1, sizeof *own);
	int result = 0;
	(void)env;
	*value = feel_null();
	run->err = err;
	run->arena = arena;
	for (size_t i = 0; i < count; i++) {
		const struct dmn_element *parameter = c->service->parameters[i];
		own[i] = args[i];
		int fits = dmn_coerce(run, parameter->type, &own[i]);
		if (fits < 0)
			result = -1;
		if (!fits)
			dmn_tell(run, c->service->node, "%.100s: the argument %.100s is not of type %.100s", c->service->name,
				parameter->name, parameter->type->name);
		if (fits != 1)
			goto out;
	}
	result = dmn_call_service(run, c->service, own, value);
out:
	run->err = outer_err;
	run->arena = outer_arena;
	return result;
}

struct feel_value dmn_service_function(struct dmn_world *world, const struct dmn_element *service)
{
	struct arena *arena = world->run->arena;
	struct closure *c = arena_alloc(arena, 1, sizeof *c);
	*c = (struct closure){ world->run, service };
	const char **names = arena_alloc(arena, service->parameter_count + 1, sizeof *names);
	for (size_t i = 0; i < service->parameter_count; i++)
		names[i] = service->parameters[i]->name;
	return feel_new_function(arena, names, service->parameter_count, call, c);
}
