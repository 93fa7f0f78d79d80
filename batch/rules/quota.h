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

#define QUOTA_OPEN UINT64_MAX
/* Negative: a before b; 0: tied. */
typedef int quota_order(const void *context, uint32_t a, uint32_t b);
/*
 * Fills seats from the top. people[0 … count): numbers into band[], which holds what each reached (0: the highest of
 * band_count) and is changed to what each gets: of those who compete for a band the best take its cap[band] seats
 * (QUOTA_OPEN: no limit), people tied at the cut all enter, the others compete one band lower. The lowest band must be
 * open. `people` is sorted.
 */
void quota_fill(uint32_t *people, size_t count, uint8_t *band, size_t band_count, const uint64_t *cap,
	quota_order *order, const void *context);

#endif
