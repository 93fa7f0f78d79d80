/*
 * builtin_range.c - how points and ranges lie to one another (Allen's interval relations).
 *
 * Decides: their results; a point is a range of one. Does not decide: membership (value.c).
 */
#include "feel/ast.h"

#include <string.h>

struct ends {
	struct feel_value low, high;
	bool low_closed, high_closed;
	bool point;
};

static bool ends_of(const struct feel_value *v, struct ends *e)
{
	if (v->kind != FEEL_RANGE) {
		*e = (struct ends){ *v, *v, true, true, true };
		return v->kind != FEEL_NULL;
	}
	*e = (struct ends){ v->range->low, v->range->high, v->range->low_closed, v->range->high_closed, false };
	return e->low.kind != FEEL_NULL && e->high.kind != FEEL_NULL;
}

/* Compares; -2 makes the whole null through *bad. */
static int cmp(const struct feel_value *a, const struct feel_value *b, bool *bad)
{
	int c = value_compare(a, b);
	*bad |= c == -2;
	return c;
}

static bool is_before(const struct ends *a, const struct ends *b, bool *bad)
{
	int c = cmp(&a->high, &b->low, bad);
	return c < 0 || (c == 0 && (!a->high_closed || !b->low_closed));
}

static bool same_start(const struct ends *a, const struct ends *b, bool *bad)
{
	return cmp(&a->low, &b->low, bad) == 0 && a->low_closed == b->low_closed;
}

static bool same_end(const struct ends *a, const struct ends *b, bool *bad)
{
	return cmp(&a->high, &b->high, bad) == 0 && a->high_closed == b->high_closed;
}

/* a starts inside b and so on: a.low >= b.low, counting open ends. */
static bool starts_within(const struct ends *a, const struct ends *b, bool *bad)
{
	int c = cmp(&a->low, &b->low, bad);
	return c > 0 || (c == 0 && (b->low_closed || !a->low_closed));
}

static bool ends_within(const struct ends *a, const struct ends *b, bool *bad)
{
	int c = cmp(&a->high, &b->high, bad);
	return c < 0 || (c == 0 && (b->high_closed || !a->high_closed));
}

static bool is_during(const struct ends *a, const struct ends *b, bool *bad)
{
	bool x = starts_within(a, b, bad), y = ends_within(a, b, bad);
	return x && y;
}

static bool do_overlap(const struct ends *a, const struct ends *b, bool *bad)
{
	bool x = is_before(a, b, bad), y = is_before(b, a, bad);
	return !x && !y;
}

static bool do_meet(const struct ends *a, const struct ends *b, bool *bad)
{
	return a->high_closed && b->low_closed && cmp(&a->high, &b->low, bad) == 0;
}

static bool overlaps_before(const struct ends *a, const struct ends *b, bool *bad)
{
	int low = cmp(&a->low, &b->low, bad), high = cmp(&a->high, &b->high, bad);
	bool earlier = low < 0 || (low == 0 && a->low_closed && !b->low_closed);
	bool ends = high < 0 || (high == 0 && (!a->high_closed || b->high_closed));
	return earlier && ends && do_overlap(a, b, bad);
}

static bool overlaps_after(const struct ends *a, const struct ends *b, bool *bad)
{
	int low = cmp(&a->low, &b->low, bad), high = cmp(&a->high, &b->high, bad);
	bool later = low > 0 || (low == 0 && !a->low_closed && b->low_closed);
	bool ends = high > 0 || (high == 0 && (a->high_closed || !b->high_closed));
	return later && ends && do_overlap(a, b, bad);
}

static bool finishes(const struct ends *a, const struct ends *b, bool *bad)
{
	return same_end(a, b, bad) && starts_within(a, b, bad);
}

static bool starts(const struct ends *a, const struct ends *b, bool *bad)
{
	return same_start(a, b, bad) && ends_within(a, b, bad);
}

typedef bool relation(const struct ends *a, const struct ends *b, bool *bad);

static void relate(
	const struct feel_value *args, relation *holds, bool swap, bool points_a, bool points_b, struct feel_value *out)
{
	struct ends a, b;
	bool bad = false;
	if (!ends_of(&args[swap], &a) || !ends_of(&args[!swap], &b) || (a.point && !points_a) || (b.point && !points_b))
		return;
	bool result = holds(&a, &b, &bad);
	if (!bad)
		*out = feel_boolean(result);
}

#define RELATION(function, holds, swap, points_a, points_b) \
	static void function(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out) \
	{ \
		(void)ev, (void)count; \
		relate(args, holds, swap, points_a, points_b, out); \
	}
static bool is_same(const struct ends *a, const struct ends *b, bool *bad)
{
	return same_start(a, b, bad) && same_end(a, b, bad);
}
RELATION(call_before, is_before, false, true, true)
RELATION(call_after, is_before, true, true, true)
RELATION(call_meets, do_meet, false, false, false)
RELATION(call_met_by, do_meet, true, false, false)
RELATION(call_overlaps, do_overlap, false, false, false)
RELATION(call_overlaps_before, overlaps_before, false, false, false)
RELATION(call_overlaps_after, overlaps_after, false, false, false)
RELATION(call_finishes, finishes, false, true, false)
RELATION(call_finished_by, finishes, true, true, false)
RELATION(call_starts, starts, false, true, false)
RELATION(call_started_by, starts, true, true, false)
RELATION(call_during, is_during, false, true, false)
RELATION(call_includes, is_during, true, true, false)

static void call_coincides(struct eval *ev, const struct feel_value *args, size_t count, struct feel_value *out)
{
	(void)ev, (void)count;
	if ((args[0].kind == FEEL_RANGE) != (args[1].kind == FEEL_RANGE))
		return;
	relate(args, is_same, false, true, true, out);
}

const struct builtin builtin_range_rows[] = {
	{ "before", "point1: any, point2: any", "boolean", call_before, false,
		"whether the first ends before the second begins" },
	{ "before", "range: any, point: any", "boolean", call_before, false, "whether a range ends before a point" },
	{ "before", "point: any, range: any", "boolean", call_before, false, "whether a point lies before a range" },
	{ "before", "range1: any, range2: any", "boolean", call_before, false,
		"whether a range ends before another begins" },
	{ "after", "point1: any, point2: any", "boolean", call_after, false,
		"whether the first begins after the second ends" },
	{ "after", "range: any, point: any", "boolean", call_after, false, "whether a range begins after a point" },
	{ "after", "point: any, range: any", "boolean", call_after, false, "whether a point lies after a range" },
	{ "after", "range1: any, range2: any", "boolean", call_after, false, "whether a range begins after another ends" },
	{ "meets", "range1: range, range2: range", "boolean", call_meets, false,
		"whether the first ends where the second begins" },
	{ "met by", "range1: range, range2: range", "boolean", call_met_by, false,
		"whether the first begins where the second ends" },
	{ "overlaps", "range1: range, range2: range", "boolean", call_overlaps, false,
		"whether they have something in common" },
	{ "overlaps before", "range1: range, range2: range", "boolean", call_overlaps_before, false,
		"whether the first begins earlier and overlaps the second's start" },
	{ "overlaps after", "range1: range, range2: range", "boolean", call_overlaps_after, false,
		"whether the first ends later and overlaps the second's end" },
	{ "finishes", "point: any, range: range", "boolean", call_finishes, false,
		"whether they end together, the first inside the second" },
	{ "finishes", "range1: any, range2: range", "boolean", call_finishes, false,
		"whether they end together, the first inside the second" },
	{ "finished by", "range: range, point: any", "boolean", call_finished_by, false,
		"whether they end together, the second inside the first" },
	{ "finished by", "range1: range, range2: any", "boolean", call_finished_by, false,
		"whether they end together, the second inside the first" },
	{ "includes", "range: range, point: any", "boolean", call_includes, false,
		"whether the second lies inside the first" },
	{ "includes", "range1: range, range2: any", "boolean", call_includes, false,
		"whether the second lies inside the first" },
	{ "during", "point: any, range: range", "boolean", call_during, false, "whether the first lies inside the second" },
	{ "during", "range1: any, range2: range", "boolean", call_during, false,
		"whether the first lies inside the second" },
	{ "starts", "point: any, range: range", "boolean", call_starts, false,
		"whether they begin together, the first inside the second" },
	{ "starts", "range1: any, range2: range", "boolean", call_starts, false,
		"whether they begin together, the first inside the second" },
	{ "started by", "range: range, point: any", "boolean", call_started_by, false,
		"whether they begin together, the second inside the first" },
	{ "started by", "range1: range, range2: any", "boolean", call_started_by, false,
		"whether they begin together, the second inside the first" },
	{ "coincides", "point1: any, point2: any", "boolean", call_coincides, false, "whether both are the same" },
	{ "coincides", "range1: any, range2: any", "boolean", call_coincides, false, "whether both are the same" },
	{ NULL, NULL, NULL, NULL, false, NULL },
};
