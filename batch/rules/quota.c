/*
 * quota.c - largest remainder (Hamilton) over a distribution of stars.
 *
 * Decides: how many seats each quota has. Does not decide: who sits on them (quotas are advisory here: only the
 * deviation is told).
 */
#include "rules/quota.h"

#include "base/decimal.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 wide;

void quota_seats(uint64_t n, const int64_t *shares, size_t count, uint64_t *seats)
{
	uint64_t unit = (uint64_t)decimal_pow10(QUOTA_SCALE), given = 0, shared = 0;
	uint64_t *rest = mem_new(count + 1, sizeof *rest);
	bool *served = mem_new(count + 1, sizeof *served);
	for (size_t i = 0; i <= count; i++) {
		uint64_t share = i < count ? (uint64_t)shares[i] : unit - shared;
		shared += share;
		wide exact = (wide)n * share;
		uint64_t whole = (uint64_t)(exact / unit);
		rest[i] = (uint64_t)(exact % unit);
		if (i < count)
			seats[i] = whole;
		given += whole;
	}
	/* fewer than count + 1 seats are left; the first of equal remainders is the higher star */
	for (uint64_t left = n - given; left > 0; left--) {
		size_t best = count;
		uint64_t most = 0;
		for (size_t i = 0; i <= count; i++)
			if (!served[i] && rest[i] > most) {
				most = rest[i];
				best = i;
			}
		served[best] = true;
		if (best < count)
			seats[best]++;
	}
	free(rest);
	free(served);
}
