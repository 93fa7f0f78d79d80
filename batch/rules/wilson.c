/*
 * wilson.c - (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n) in decimal128.
 *
 * Decides: the interval and its rounding to 0.1 %. Does not decide: when n is too few to print one.
 */
#include "rules/wilson.h"

#include "base/decimal.h"

#include <string.h>

#define WILSON_Z "1.959963984540054"

static int64_t tenths(struct decimal share)
{
	int64_t value = 0;
	decimal_to_scaled_rounded(decimal_mul(share, decimal_from_int(100)), 1, &value);
	return value < 0 ? 0 : value > 1000 ? 1000 : value;
}

void wilson_interval(uint64_t hits, uint64_t n, int64_t *low, int64_t *high)
{
	struct decimal z = { { 0, 0 } }, one = decimal_from_int(1), count = decimal_from_int((int64_t)n);
	decimal_from_text(WILSON_Z, strlen(WILSON_Z), &z);
	struct decimal z2 = decimal_mul(z, z);
	struct decimal p = decimal_div(decimal_from_int((int64_t)hits), count);
	struct decimal middle = decimal_add(p, decimal_div(z2, decimal_mul(decimal_from_int(2), count)));
	struct decimal spread = decimal_div(decimal_mul(p, decimal_sub(one, p)), count);
	struct decimal tail = decimal_div(z2, decimal_mul(decimal_from_int(4), decimal_mul(count, count)));
	struct decimal margin = decimal_mul(z, decimal_sqrt(decimal_add(spread, tail)));
	struct decimal below = decimal_add(one, decimal_div(z2, count));
	*low = tenths(decimal_div(decimal_sub(middle, margin), below));
	*high = tenths(decimal_div(decimal_add(middle, margin), below));
}

int64_t wilson_share(uint64_t hits, uint64_t n)
{
	return tenths(decimal_div(decimal_from_int((int64_t)hits), decimal_from_int((int64_t)n)));
}
