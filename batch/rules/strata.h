/*
 * strata.h - a dependency graph of parts of rules, cut into strata that alternate between person and population.
 */
#ifndef PANDIAN_RULES_STRATA_H
#define PANDIAN_RULES_STRATA_H

#include <stdbool.h>
#include <stddef.h>

struct strata_node {
	bool used, population;
	const unsigned *after;
	size_t after_count; /* nodes this one needs */
	unsigned stratum;   /* out: even of persons, odd of the population */
	unsigned depth;     /* out: order inside a stratum: what is needed has a smaller depth */
};
/*
 * Gives every used node the lowest stratum in which all it needs is there: of its own level in the same stratum
 * (earlier), of the other level in a lower one. Returns 0, or -1 with a cycle: `cycle` (room for count) holds its nodes
 * in order, each needing the next, *cycle_count of them.
 */
int strata_order(struct strata_node *nodes, size_t count, unsigned *cycle, size_t *cycle_count);

#endif
