/*
 * regex.h - regular expressions as XPath 2.0 has them: a backtracking matcher within a budget of steps.
 */
#ifndef PANDIAN_FEEL_REGEX_H
#define PANDIAN_FEEL_REGEX_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

#define REGEX_GROUPS 40

struct regex;
struct regex_match {
	size_t count;
	size_t start[REGEX_GROUPS], end[REGEX_GROUPS];
}; /* start SIZE_MAX: the group took no part */
/* Compiles; flags of s, m, i, x, q. NULL if the pattern or a flag is wrong. */
struct regex *regex_compile(struct arena *arena, const char *pattern, size_t length, const char *flags);
/* Finds the first match at or after byte `from`. 1 found, 0 none, -1 the budget ran out. Steps are taken off the
 * budget. */
int regex_find(
	const struct regex *re, const char *text, size_t length, size_t from, struct regex_match *match, uint64_t *budget);

#endif
