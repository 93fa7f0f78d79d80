/*
 * quota.h - seats of a distribution: ⌊N·p⌋, the rest by largest remainder, equal remainders to the higher star.
 */
#ifndef PANDIAN_RULES_QUOTA_H
#define PANDIAN_RULES_QUOTA_H

#include <stddef.h>
#include <stdint.h>

#define QUOTA_SCALE 6
/*
 * shares[i] * 10^-6 of n people, highest star first, sum at most 1. What the shares leave over belongs to the stars
 * without a quota: it takes part in the remainders as the lowest of all and gets no seat here.
 */
void quota_seats(uint64_t n, const int64_t *shares, size_t count, uint64_t *seats);

#endif
