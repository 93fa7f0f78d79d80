/*
 * star_move.c - hold and movement limit: what became of r, the star after floors, in the light of earlier periods.
 *
 * Decides: rise to the highest band that was reached in each of its last k periods, this one included; fall only after
 * d periods below, to the best of them; a period without a grade breaks the run; the first grading is r. Then at most
 * `up` or `down` bands from the previous star. Does not decide: which results are the past (history.c).
 */
#include "rules/star.h"

size_t star_band_of(const struct star *star, int64_t number)
{
	size_t band = 0;
	while (band + 1 < star->band_count && star->bands[band].star > number)
		band++;
	return band;
}

/* r of `ago` periods back, 0 being this one. */
static int64_t reached_at(const struct star *star, size_t now, const struct history_block *past, uint32_t row, int ago)
{
	return ago == 0 ? star->bands[now].star : history_at(past, past->reached, (uint32_t)ago, row);
}

static bool was_reached(
	const struct star *star, size_t band, size_t now, const struct history_block *past, uint32_t row)
{
	for (int ago = 0; ago < star->bands[band].hold; ago++) {
		int64_t r = reached_at(star, now, past, row, ago);
		if (r == DECIMAL_NONE || r < star->bands[band].star)
			return false;
	}
	return true;
}

void star_hold(const struct star *star, size_t reached, const struct history_block *past, uint32_t row,
	struct star_move *move)
{
	int64_t r = star->bands[reached].star;
	*move = (struct star_move){ .step = STAR_FIRST, .held = reached, .limited = reached };
	move->previous = history_previous(past, row, &move->ago);
	if (move->previous == DECIMAL_NONE)
		return;
	size_t before = star_band_of(star, move->previous);
	move->held = before;
	move->step = r == move->previous ? STAR_KEPT : r > move->previous ? STAR_WAITING : STAR_SPARED;
	if (r > move->previous) {
		for (size_t b = reached; star->bands[b].star > move->previous; b++) {
			if (was_reached(star, b, reached, past, row)) {
				move->held = b;
				move->step = STAR_RISEN;
				break;
			}
			if (b + 1 == star->band_count)
				break;
		}
	} else if (r < move->previous) {
		int64_t best = r;
		int ago = 0;
		for (; ago < star->fall; ago++) {
			int64_t then = reached_at(star, reached, past, row, ago);
			if (then == DECIMAL_NONE || then >= move->previous)
				break;
			best = then > best ? then : best;
		}
		if (ago == star->fall) {
			move->held = star_band_of(star, best);
			move->step = STAR_FALLEN;
		}
	}
	move->limited = move->held;
	if (star->up > 0 && move->held + (size_t)star->up < before)
		move->limited = before - (size_t)star->up;
	if (star->down > 0 && move->held > before + (size_t)star->down)
		move->limited = before + (size_t)star->down;
}
