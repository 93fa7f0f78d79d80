/*
 * evaluate.c - what boxed expressions yield, frame by frame.
 *
 * Decides: the values of boxed expressions. Does not decide: tables (table.c), elements and their order (decide.c),
 * FEEL (feel/).
 *
 * Every step stands inside an evaluation of FEEL (dmn_decide begins one), so that the budget of steps and depth counts
 * everything: loops and recursion end there.
 */
#include "dmn/model.h"

#include <string.h>

/* ---- frames ---- */

static void get(void *host, int slot, struct arena *arena, struct feel_value *value)
{
	struct dmn_frame *frame = host;
	(void)arena;
	int level = slot >> 16;
	if (level == 0) {
		dmn_element_value(frame->world, slot, value); /* a failure is kept in the run */
		return;
	}
	while (frame && frame->body->level != level)
		frame = frame->outer;
	*value = frame ? frame->values[slot & DMN_INDEX_MAX] : feel_null();
}

static void trace(void *host, const struct feel_step *step)
{
	const struct dmn_frame *frame = host;
	struct feel_step told = *step;
	told.slot = -1; /* our numbers mean nothing to the caller */
	frame->world->run->env.trace(frame->world->run->env.host, &told);
}

struct dmn_frame *dmn_new_frame(struct dmn_world *world, struct dmn_frame *outer, const struct dmn_body *body)
{
	struct dmn_run *run = world->run;
	struct dmn_frame *frame = arena_alloc(run->arena, 1, sizeof *frame);
	*frame = (struct dmn_frame){ .world = world, .outer = outer, .body = body };
	frame->env = (struct feel_env){ .host = frame,
		.get = get,
		.trace = run->env.trace ? trace : NULL,
		.today = run->env.today,
		.step_budget = run->env.step_budget };
	frame->values = arena_alloc(run->arena, body->size + 1, sizeof *frame->values);
	return frame;
}

void dmn_set(struct dmn_frame *frame, int slot, struct feel_value value)
{
	frame->values[slot & DMN_INDEX_MAX] = value;
}

int dmn_eval_expr(const struct feel_expr *expr, struct dmn_frame *frame, struct feel_value *value)
{
	struct dmn_run *run = frame->world->run;
	if (feel_eval(expr, &frame->env, run->arena, value, run->err))
		run->failed = true;
	if (run->failed)
		*value = feel_null();
	return run->failed ? -1 : 0;
}

/* Makes a value belong to a type, telling if it does not. */
static int coerce(struct dmn_run *run, const struct dmn_type *type, const struct xml_node *node, const char *what,
	struct feel_value *value)
{
	struct feel_value given = *value;
	int fits = dmn_coerce(run, type, value);
	if (fits)
		return fits < 0 ? -1 : 0;
	struct str text = { 0 };
	feel_print_literal(&text, &given);
	dmn_tell(
		run, node, "%s%s%.200s is not of type %.100s", what ? what : "", what ? ": " : "", str_text(&text), type->name);
	str_release(&text);
	return 0;
}

/* ---- functions ---- */

struct closure {
	struct dmn_world *world;
	struct dmn_frame *outer;
	const struct dmn_body *body;
};

static int call(void *host, const struct feel_value *args, size_t count, const struct feel_env *env,
	struct arena *arena, struct feel_value *value, struct err *err)
{
	const struct closure *c = host;
	struct dmn_run *run = c->world->run;
	struct err *outer_err = run->err;
	struct arena *outer_arena = run->arena;
	const struct dmn_body *body = c->body;
	int result = 0;
	(void)env;
	*value = feel_null();
	run->err = err;
	run->arena = arena;
	struct dmn_frame *frame = dmn_new_frame(c->world, c->outer, body);
	for (size_t i = 0; i < count; i++) {
		frame->values[i] = args[i];
		if (coerce(run, body->types[i], body->node, body->names[i], &frame->values[i])) {
			result = -1;
			goto out;
		}
		if (frame->values[i].kind == FEEL_NULL && args[i].kind != FEEL_NULL)
			goto out; /* a wrong argument: not called */
	}
	if (body->foreign)
		dmn_tell(run, body->node, "functions in other languages are not run");
	else if (body->logic
		&& (dmn_eval(body->logic, frame, value) || coerce(run, body->result, body->node, body->name, value)))
		result = -1;
out:
	run->err = outer_err;
	run->arena = outer_arena;
	return result;
}

struct feel_value dmn_new_function(struct dmn_world *world, struct dmn_frame *outer, const struct dmn_body *body)
{
	struct closure *c = arena_alloc(world->run->arena, 1, sizeof *c);
	*c = (struct closure){ world, outer, body };
	return feel_new_function(world->run->arena, body->names, body->count, call, c);
}

/* ---- boxed expressions ---- */

static int eval_context(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *value)
{
	struct dmn_run *run = frame->world->run;
	struct feel_value context = feel_new_context(run->arena);
	*value = context;
	for (size_t i = 0; i < b->count; i++) {
		struct feel_value entry = feel_null();
		if (b->child[i] && dmn_eval(b->child[i], frame, &entry))
			return -1;
		if (!b->names[i]) {
			*value = entry;
			break;
		}
		if (coerce(run, b->types[i], b->node, b->names[i], &entry))
			return -1;
		feel_context_put(run->arena, context, b->names[i], entry);
		dmn_set(frame, b->slots[i], entry);
	}
	return 0;
}

static int eval_list(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *value)
{
	struct arena *arena = frame->world->run->arena;
	*value = feel_new_list(arena, b->count);
	for (size_t i = 0; i < b->count; i++) {
		struct feel_value item;
		if (dmn_eval(b->child[i], frame, &item))
			return -1;
		feel_list_add(arena, *value, item);
	}
	return 0;
}

static int eval_relation(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *value)
{
	struct dmn_run *run = frame->world->run;
	*value = feel_new_list(run->arena, b->columns ? b->count / b->columns : 0);
	for (size_t i = 0; i < b->count; i += b->columns) {
		struct feel_value row = feel_new_context(run->arena), cell;
		for (size_t k = 0; k < b->columns; k++) {
			if (dmn_eval(b->child[i + k], frame, &cell)
				|| coerce(run, b->types[k], b->child[i + k]->node, b->names[k], &cell))
				return -1;
			feel_context_put(run->arena, row, b->names[k], cell);
		}
		feel_list_add(run->arena, *value, row);
	}
	return 0;
}

static int eval_invocation(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *value)
{
	struct dmn_run *run = frame->world->run;
	struct feel_value function, *args = arena_alloc(run->arena, b->count, sizeof *args);
	if (dmn_eval(b->child[0], frame, &function))
		return -1;
	for (size_t i = 1; i < b->count; i++) {
		args[i] = feel_null();
		if (b->child[i] && dmn_eval(b->child[i], frame, &args[i]))
			return -1;
	}
	if (function.kind != FEEL_FUNCTION) {
		dmn_tell(run, b->node, "what is invoked is no function");
		*value = feel_null();
		return 0;
	}
	if (feel_call_named(&function, b->names + 1, args + 1, b->count - 1, &frame->env, run->arena, value, run->err))
		run->failed = true;
	return run->failed ? -1 : 0;
}

/* The collection a loop runs over, as a list; null stays null. */
static int read_collection(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *list)
{
	struct arena *arena = frame->world->run->arena;
	if (dmn_eval(b->child[0], frame, list))
		return -1;
	if (list->kind == FEEL_RANGE && b->kind != DMN_FILTER) {
		dmn_set(frame, b->slot, *list);
		return dmn_eval_expr(b->expr, frame, list);
	}
	if (list->kind != FEEL_LIST && list->kind != FEEL_NULL) {
		struct feel_value only = feel_new_list(arena, 1);
		feel_list_add(arena, only, *list);
		*list = only;
	}
	dmn_set(frame, b->slot, *list);
	return 0;
}

static int eval_filter(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *value)
{
	struct dmn_run *run = frame->world->run;
	struct feel_value list, met;
	*value = feel_null();
	if (read_collection(b, frame, &list))
		return -1;
	if (list.kind != FEEL_LIST)
		return 0;
	if (b->expr) {
		if (dmn_eval_expr(b->odd, frame, &met))
			return -1;
		if (met.kind == FEEL_LIST && met.list->count) {
			dmn_tell(run, b->node, "the match of a filter is neither true nor false");
			return 0;
		}
		return dmn_eval_expr(b->expr, frame, value);
	}
	struct feel_value kept = feel_new_list(run->arena, 0);
	for (size_t i = 0; i < list.list->count; i++) {
		struct dmn_frame *turn = dmn_new_frame(frame->world, frame, b->body);
		const struct feel_value *item = &list.list->at[i];
		turn->values[0] = *item;
		for (size_t k = 1; k < b->body->count && item->kind == FEEL_CONTEXT; k++) {
			const struct feel_value *entry = feel_context_get(item, b->body->names[k]);
			if (entry)
				turn->values[k] = *entry;
		}
		if (dmn_eval(b->body->logic, turn, &met))
			return -1;
		if (met.kind != FEEL_BOOLEAN) {
			dmn_tell(run, b->node, "the match of a filter is neither true nor false");
			return 0;
		}
		if (met.boolean)
			feel_list_add(run->arena, kept, *item);
	}
	*value = kept;
	return 0;
}

static int eval_iteration(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *value)
{
	struct dmn_run *run = frame->world->run;
	struct feel_value list, one, partial = feel_new_list(run->arena, 0);
	*value = feel_null();
	if (read_collection(b, frame, &list))
		return -1;
	if (list.kind != FEEL_LIST)
		return 0;
	bool known = b->kind == DMN_EVERY;
	for (size_t i = 0; i < list.list->count; i++) {
		struct dmn_frame *turn = dmn_new_frame(frame->world, frame, b->body);
		turn->values[0] = list.list->at[i];
		if (b->kind == DMN_FOR) { /* what a turn sees does not grow afterwards */
			struct feel_list *seen = arena_alloc(run->arena, 1, sizeof *seen);
			*seen = *partial.list;
			seen->capacity = seen->count;
			turn->values[1] = (struct feel_value){ .kind = FEEL_LIST, .list = seen };
		}
		if (dmn_eval(b->body->logic, turn, &one))
			return -1;
		if (b->kind == DMN_FOR) {
			feel_list_add(run->arena, partial, one);
			continue;
		}
		if (one.kind != FEEL_BOOLEAN) {
			dmn_tell(run, b->node, "what must be satisfied is neither true nor false");
			return 0;
		}
		if (one.boolean != known && b->kind == DMN_SOME)
			known = true;
		else if (b->kind == DMN_EVERY && !one.boolean)
			known = false;
	}
	*value = b->kind == DMN_FOR ? partial : feel_boolean(known);
	return 0;
}

int dmn_eval(const struct dmn_boxed *b, struct dmn_frame *frame, struct feel_value *value)
{
	struct feel_value met;
	int result = 0;
	*value = feel_null();
	switch (b->kind) {
	case DMN_LITERAL: result = b->expr ? dmn_eval_expr(b->expr, frame, value) : 0; break;
	case DMN_CONTEXT: result = eval_context(b, frame, value); break;
	case DMN_LIST: result = eval_list(b, frame, value); break;
	case DMN_RELATION: result = eval_relation(b, frame, value); break;
	case DMN_INVOCATION: result = eval_invocation(b, frame, value); break;
	case DMN_FUNCTION: *value = dmn_new_function(frame->world, frame, b->body); break;
	case DMN_CONDITIONAL:
		result = dmn_eval(b->child[0], frame, &met);
		if (!result && met.kind != FEEL_BOOLEAN && met.kind != FEEL_NULL)
			dmn_tell(frame->world->run, b->node, "the condition is neither true nor false");
		else if (!result)
			result = dmn_eval(b->child[feel_is_true(&met) ? 1 : 2], frame, value);
		break;
	case DMN_FILTER: result = eval_filter(b, frame, value); break;
	case DMN_FOR:
	case DMN_SOME:
	case DMN_EVERY: result = eval_iteration(b, frame, value); break;
	case DMN_TABLE: result = dmn_eval_table(b->table, frame, value); break;
	}
	return result || coerce(frame->world->run, b->type, b->node, NULL, value) ? -1 : 0;
}
