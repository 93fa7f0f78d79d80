/*
 * plan.h - the plan of one run: period, as-of date, language, jobs, paths. The only room that knows clock, environment,
 * processors and where the program lies; everything after it is a function of its arguments.
 */
#ifndef PANDIAN_RUN_PLAN_H
#define PANDIAN_RUN_PLAN_H

#include "base/date.h"
#include "base/err.h"
#include "base/text.h"
#include "ingest/ingest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_VERSION "0.1.0"

enum plan_only { PLAN_ALL, PLAN_WORKBOOKS, PLAN_ARCHIVES };

/* What the command line says. NULL and 0 mean: not said. */
struct plan_options {
	const char *workspace;             /* folder; NULL: the current one */
	const char *period;                /* "2026Q3" */
	const char *as_of;                 /* "2026-09-30" */
	const char *lang;                  /* "zh-CN", "en" */
	unsigned jobs;
	const char *const *employees;      /* ids as in the roster */
	size_t employee_count;
	enum plan_only only;
};

struct plan {
	const struct plan_options *options;
	const char *workspace;
	struct date_period period;
	int32_t as_of;                     /* day number */
	enum text_lang lang;
	unsigned jobs;                     /* >= 1 */
	bool partial;                      /* --employee or --only: goes to outputs/partial, never moves latest */
	char *outputs, *store_path;        /* folder "outputs" and the store in it */
};

/* Decides the plan. Status 64 for arguments that are not understood, 66 if the workspace does not exist. */
int plan_make(
	const struct plan_options *options, const struct ingest_run *defaults, struct plan *plan, struct err *err);
void plan_release(struct plan *plan);

/* Milliseconds of a monotonic clock, for log lines only. */
uint64_t plan_clock_ms(void);
/* Peak resident memory of this process and of its largest child, KiB. */
void plan_peak_kib(uint64_t *own, uint64_t *child);
/*
 * Folder of the shipped pack (rules, templates, mappings): beside the program or in ../share/pandian. malloc'd;
 * NULL with status 66.
 */
char *plan_pack_folder(struct err *err);

#endif
