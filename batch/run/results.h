/*
 * results.h - what a run computed, for other programs: tables and columns by id, rows as JSON.
 */
#ifndef PANDIAN_RUN_RESULTS_H
#define PANDIAN_RUN_RESULTS_H

#include "base/err.h"
#include "base/str.h"
#include "run/plan.h"

/* Takes pieces of the output, so that millions of rows need no memory. 0/-1. */
struct results_sink {
	int (*write)(void *context, const char *bytes, size_t length, struct err *err);
	void *context;
};

/* Appends the tables and columns that the workspace's rules make, with their titles. Needs no run. */
int results_list(const struct plan_options *options, struct str *out, struct err *err);
/*
 * The rows of tables of the newest published revision of the period, an object a line: ids as keys, numbers exact; what
 * has no value is left out, or {"why": "…"} if there is a reason. Of several tables each object begins with "table".
 * Status 64 if there is no such table, 66 if nothing is published for the period.
 */
int results_print(const struct plan_options *options, const char *const *tables, size_t count,
	const struct results_sink *sink, struct err *err);

#endif
