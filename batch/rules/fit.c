/*
 * fit.c - functions about a model of competencies: match("P4"), coverage("P4"), gaps("P4"), must gaps("P4").
 *
 * The text is the id of a model, else its position, else its level; "" is the person's own model. All but coverage()
 * are null (not evaluated) while less than the declared share of the model's weight is assessed; match() is not
 * rounded.
 */
#include "rules/competency.h"

#include <string.h>

static int bind_model(struct rulebook *book, struct rules_name *name, struct err *err)
{
	const struct rules_rule *rule = competency_rule(book);
	const char *text = name->args[0].string.text;
	if (rule == NULL)
		return err_set(err, STATUS_CONFIG, "%s: the rulebook has no <competencies>", name->name);
	const struct competency *own = rule->data;
	const struct competency_model *model = text[0] == '\0' ? NULL : competency_model_named(own, text);
	if (text[0] != '\0' && model == NULL) {
		const char *ids[64];
		size_t count = own->model_count < 64 ? own->model_count : 64;
		for (size_t i = 0; i < count; i++)
			ids[i] = own->models[i].id;
		const char *nearest = text_nearest(text, ids, count);
		err_set(err, STATUS_CONFIG, "%s: there is no model of competencies \"%s\"", name->name, text);
		if (nearest != NULL)
			err_hint(err, "Did you mean '%s'?", nearest);
		return -1;
	}
	name->data = (void *)(uintptr_t)model;
	name->reads = 1 + rule->index * RULES_PARTS + RULES_PERSON;
	return 0;
}

enum asked { MATCH, COVERAGE, GAPS, MUST_GAPS };

static void answer(enum asked asked, const struct competency *own, const struct competency_fit *fit,
	struct feel_column *out, uint32_t row)
{
	bool enough = fit->assessed >= own->coverage;
	if (asked == COVERAGE)
		out->v[row] = fit->assessed; /* weights sum to 1: 10^-6 is 10^-4 per cent */
	else if (asked == GAPS && enough)
		out->v[row] = fit->gaps;
	else if (asked == MUST_GAPS && enough && (fit->must_gaps > 0 || fit->must_unknown == 0))
		out->v[row] = fit->must_gaps;
	else if (asked == MATCH && enough && fit->matched) {
		out->v[row] = 0;
		out->decimals[row] = fit->match;
	}
}

static int fill_model(
	struct rules_block *block, const struct rules_name *name, struct feel_column *out, struct err *err)
{
	static const char *const names[] = { "match", "coverage", "gaps", "must gaps" };
	const struct rules_rule *rule = competency_rule(block->work->book);
	const struct competency *own = rule->data;
	const struct competency_state *state = block->work->state[rule->index];
	int64_t *levels = arena_alloc(block->scratch, own->item_count + 1, sizeof *levels);
	enum asked asked = MATCH;
	(void)err;
	while (strcmp(names[asked], name->function->name) != 0)
		asked++;
	out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
	if (asked == MATCH)
		out->decimals = arena_alloc(block->scratch, block->count + 1u, sizeof *out->decimals);
	for (uint32_t i = 0; i < block->count; i++) {
		const struct competency_model *model = name->data;
		struct competency_fit fit;
		out->v[i] = INT64_MIN;
		if (!block->facts->known[i])
			continue;
		if (model == NULL)
			model = competency_model_of(own, state, block, i);
		if (model == NULL)
			continue;
		for (size_t k = 0; k < own->item_count; k++)
			levels[k] = competency_level_at(block, rule, k, i);
		competency_fit(model, levels, &fit);
		answer(asked, own, &fit, out, i);
	}
	return 0;
}

static void source_model(
	const struct rules_block *block, const struct rules_name *name, uint32_t person, struct str *out)
{
	const struct competency_model *model = name->data;
	const struct xml_node *node = model != NULL ? model->node : competency_rule(block->work->book)->node;
	(void)person;
	str_printf(out, "%s:%d", node->file, node->line);
}

const struct rules_function fit_functions[] = {
	{ "match", "t", "model", "Match with a model of competencies in per cent: match(\"P4\").",
		{ .kind = FEEL_NUMBER, .scale = -1 }, 1u << FEED_ASSESSMENT, bind_model, NULL, fill_model, source_model },
	{ "coverage", "t", "model", "Assessed weight of a model of competencies in per cent: coverage(\"P4\").",
		{ .kind = FEEL_NUMBER, .scale = 4 }, 1u << FEED_ASSESSMENT, bind_model, NULL, fill_model, source_model },
	{ "gaps", "t", "model", "How many assessed competencies lie below a model: gaps(\"P4\").",
		{ .kind = FEEL_NUMBER, .scale = 0 }, 1u << FEED_ASSESSMENT, bind_model, NULL, fill_model, source_model },
	{ "must gaps", "t", "model", "How many must-competencies lie below a model: must gaps(\"P4\") = 0.",
		{ .kind = FEEL_NUMBER, .scale = 0 }, 1u << FEED_ASSESSMENT, bind_model, NULL, fill_model, source_model },
	{ .name = NULL },
};
