/*
 * strata.c - the order of evaluation, from what rules need of each other.
 *
 * Decides: strata and the refusal of cycles. An author never writes a stratum.
 */
#include "rules/strata.h"

#include "rules/kind.h"

#include <stdlib.h>

struct visit {
	unsigned node;
	size_t edge;
};

static void settle(struct strata_node *nodes, unsigned n)
{
	struct strata_node *node = &nodes[n];
	node->stratum = node->population ? 1 : 0;
	node->depth = 0;
	for (size_t i = 0; i < node->after_count; i++) {
		const struct strata_node *need = &nodes[node->after[i]];
		unsigned lowest = need->population == node->population ? need->stratum : need->stratum + 1;
		if (lowest > node->stratum)
			node->stratum = lowest;
		if (need->depth + 1 > node->depth)
			node->depth = need->depth + 1;
	}
}

int strata_order(struct strata_node *nodes, size_t count, unsigned *cycle, size_t *cycle_count)
{
	enum { NEW, OPEN, DONE };
	int rc = 0;
	unsigned char *state = mem_new(count + 1, sizeof *state);
	struct visit *stack = mem_new(count + 1, sizeof *stack);
	for (unsigned start = 0; start < count && rc == 0; start++) {
		if (state[start] != NEW || !nodes[start].used)
			continue;
		size_t depth = 0;
		stack[depth++] = (struct visit){ start, 0 };
		state[start] = OPEN;
		while (depth > 0 && rc == 0) {
			struct visit *top = &stack[depth - 1];
			if (top->edge == nodes[top->node].after_count) {
				settle(nodes, top->node);
				state[top->node] = DONE;
				depth--;
				continue;
			}
			unsigned need = nodes[top->node].after[top->edge++];
			if (state[need] == NEW) {
				state[need] = OPEN;
				stack[depth++] = (struct visit){ need, 0 };
			} else if (state[need] == OPEN) {
				size_t from = depth;
				while (stack[from - 1].node != need)
					from--;
				*cycle_count = 0;
				for (size_t i = from - 1; i < depth; i++)
					cycle[(*cycle_count)++] = stack[i].node;
				rc = -1;
			}
		}
	}
	free(state);
	free(stack);
	return rc;
}

static int refuse_cycle(const struct rulebook *book, const unsigned *cycle, size_t count, struct err *err)
{
	struct str text = { 0 };
	const struct rules_rule *last = NULL;
	for (size_t i = 0; i <= count; i++) {
		const struct rules_rule *rule = &book->rules[cycle[i % count] / RULES_PARTS];
		if (rule == last && i < count)
			continue;
		last = rule;
		str_printf(&text, "%s%s (%s:%d)", text.length == 0 ? "" : " needs ", rule->id, rule->node->file,
			rule->node->line);
	}
	int rc = xml_fail(
		book->rules[cycle[0] / RULES_PARTS].node, err, "rules need each other in a cycle: %s", str_text(&text));
	str_release(&text);
	return rc;
}

bool strata_used(const struct rules_rule *rule, unsigned part)
{
	return part == RULES_PERSON || (part == RULES_POPULATION ? rule->kind->population != NULL : rule->settles);
}

int strata_cut(struct rulebook *book, struct err *err)
{
	size_t count = book->rule_count * RULES_PARTS, cycle_count = 0;
	struct strata_node *nodes = mem_new(count + 1, sizeof *nodes);
	unsigned *cycle = mem_new(count + 1, sizeof *cycle);
	for (size_t i = 0; i < book->rule_count; i++) {
		struct rules_rule *rule = &book->rules[i];
		for (unsigned part = RULES_POPULATION; part < RULES_PARTS; part++)
			if (strata_used(rule, part))
				VEC_PUSH(&rule->after[part], (unsigned)(i * RULES_PARTS + part - 1));
		for (unsigned part = 0; part < RULES_PARTS; part++)
			nodes[i * RULES_PARTS + part] =
				(struct strata_node){ .used = strata_used(rule, part),
					.population = part == RULES_POPULATION,
					.after = rule->after[part].at,
					.after_count = rule->after[part].count };
	}
	int rc = strata_order(nodes, count, cycle, &cycle_count);
	if (rc != 0) {
		refuse_cycle(book, cycle, cycle_count, err);
	} else {
		book->stratum = mem_new(count + 1, sizeof *book->stratum);
		book->depth = mem_new(count + 1, sizeof *book->depth);
		for (size_t i = 0; i < count; i++) {
			book->stratum[i] = nodes[i].stratum;
			book->depth[i] = nodes[i].depth;
			if (nodes[i].used && nodes[i].stratum + 1 > book->strata)
				book->strata = nodes[i].stratum + 1;
		}
	}
	free(nodes);
	free(cycle);
	return rc;
}
