/*
 * run.h - one run from start to end, and the other things the command line can ask of a workspace.
 */
#ifndef PANDIAN_RUN_RUN_H
#define PANDIAN_RUN_RUN_H

#include "base/err.h"
#include "base/finding.h"
#include "base/str.h"
#include "run/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct run_stage { const char *name; uint64_t ms; uint64_t count; const char *unit; };
struct run_outcome {
	bool nothing_to_do;                /* the same key is published already */
	char period[16], name[40];         /* "2026Q3", "2026Q3-r1-7c1e" */
	struct str folder;                 /* where the set lies */
	struct run_stage stages[8]; size_t stage_count;
	uint64_t rows, kept, rejected, merged, people, graded, books, documents, pages, bytes;
	uint64_t findings;                 /* warnings and worse */
	uint64_t peak_own_kib, peak_child_kib;
};
void run_outcome_release(struct run_outcome *outcome);

/* `pandian run`. 0: published or nothing to do. */
int run_execute(const struct plan_options *options, struct run_outcome *outcome, struct err *err);
/*
 * `pandian check`: mapping, rules, templates, headers of inputs; writes nothing. Appends the report; status
 * 78/65/66 if something is wrong.
 */
int run_check(const struct plan_options *options, struct str *report, struct err *err);
/* `pandian explain`: appends why. Status 66 if the employee or the run is unknown. */
int run_explain(
	const struct plan_options *options, const char *employee, const char *result, struct str *out, struct err *err);
/* `pandian init`: a new workspace with the shipped pack. Status 73 if the folder is not empty. */
int run_init(const char *folder, struct str *report, struct err *err);

#endif
