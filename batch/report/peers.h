/*
 * peers.h - what is usual in a person's unit: medians of result columns over the active people of each unit.
 */
#ifndef PANDIAN_REPORT_PEERS_H
#define PANDIAN_REPORT_PEERS_H

#include "report/report.h"

#include <stdint.h>

/* So few figures say too much of one person: there is no median below. */
#define PEERS_LEAST 5

struct peers {
	uint32_t units;
	size_t count; /* columns */
	int *scale; /* of each column */
	int32_t *median; /* unit x column; INT32_MIN: fewer than PEERS_LEAST people have a figure */
};
/* Medians of number columns of "people" (indexes; -1: none) over active people of the same unit; memory from the arena. */
int peers_make(struct peers *peers, const struct report_input *input, const int *columns, size_t count,
	struct arena *arena, struct err *err);
/* False where there is no median. */
bool peers_at(const struct peers *peers, uint32_t unit, size_t column, int64_t *number, int *scale);

#endif
