/*
 * quota.c - largest remainder (Hamilton) over a distribution of stars.
 *
 * Decides: how many seats each quota has, and who sits on them where they bind. Does not decide: what makes one person
 * better than another (the caller orders them).
 */
#include "rules/quota.h"

#include "base/decimal.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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

/* --- filling --- */
/* Merge sort, bottom up: stable, and the order needs its context. */
static void sort(uint32_t *at, size_t count, quota_order *order, const void *context)
{
	uint32_t *other = mem_new(count + 1, sizeof *other);
	for (size_t width = 1; width < count; width *= 2) {
		for (size_t low = 0; low < count; low += 2 * width) {
			size_t middle = low + width < count ? low + width : count;
			size_t high = low + 2 * width < count ? low + 2 * width : count, a = low, b = middle;
			for (size_t k = low; k < high; k++) {
				bool left = a < middle && (b == high || order(context, at[a], at[b]) <= 0);
				other[k] = left ? at[a++] : at[b++];
			}
		}
		memcpy(at, other, count * sizeof *at);
	}
	free(other);
}

void quota_fill(uint32_t *people, size_t count, uint8_t *band, size_t band_count, const uint64_t *cap,
	quota_order *order, const void *context)
{
	sort(people, count, order, context);
	for (size_t b = 0; b + 1 < band_count; b++) {
		uint64_t taken = 0;
		uint32_t last = 0;
		for (size_t i = 0; i < count; i++) {
			if (band[people[i]] != b)
				continue;
			if (taken < cap[b] || (cap[b] > 0 && order(context, last, people[i]) == 0)) {
				last = people[i];
				taken++;
			} else {
				band[people[i]]++;
			}
		}
	}
}
