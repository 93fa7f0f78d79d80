/*
 * wilson.h - the 95 % Wilson interval of a share, exact to the last printed digit.
 */
#ifndef PANDIAN_RULES_WILSON_H
#define PANDIAN_RULES_WILSON_H

#include <stdint.h>

/* hits of n (n > 0, hits <= n) as tenths of a percent, half away from zero: 1 of 8 → low 22 (2.2 %), high 471 (47.1 %).
 * No continuity correction. */
void wilson_interval(uint64_t hits, uint64_t n, int64_t *low, int64_t *high);
/* The share itself in tenths of a percent. */
int64_t wilson_share(uint64_t hits, uint64_t n);

#endif
