/*
 * run.c - `pandian run`.
 */
#include "cli/cli.h"

#include "run/run.h"

#include <inttypes.h>
#include <stdio.h>

static void print_outcome(const struct run_outcome *outcome)
{
	if (outcome->nothing_to_do) {
		printf("%s: nothing to do, %s holds the same inputs, rules and templates\n", outcome->period,
			outcome->folder.text);
		return;
	}
	printf("%s published in %s\n", outcome->name, outcome->folder.text);
	printf("  people %" PRIu64 ", graded %" PRIu64 ", workbooks %" PRIu64 ", archives %" PRIu64 " (%" PRIu64
		   " pages, %.1f MB)\n",
		outcome->people, outcome->graded, outcome->books, outcome->documents, outcome->pages,
		(double)outcome->bytes / 1e6);
	printf("  rows read now %" PRIu64 ": kept %" PRIu64 ", quarantined %" PRIu64 ", merged %" PRIu64
		   "; findings to look at %" PRIu64 "\n",
		outcome->rows, outcome->kept, outcome->rejected, outcome->merged, outcome->findings);
	printf("  time");
	uint64_t all = 0;
	for (size_t i = 0; i < outcome->stage_count; i++) {
		printf(" %s %" PRIu64 " ms,", outcome->stages[i].name, outcome->stages[i].ms);
		all += outcome->stages[i].ms;
	}
	printf(" together %" PRIu64 " ms; peak memory %.0f MB, largest renderer %.0f MB\n", all,
		(double)outcome->peak_own_kib / 1024, (double)outcome->peak_child_kib / 1024);
}

static int run(const struct plan_options *options, char **arguments, int count, struct err *err)
{
	(void)arguments;
	(void)count;
	struct run_outcome outcome;
	cli_progress_start();
	int result = run_execute(options, &outcome, err);
	cli_progress_end();
	if (result == 0)
		print_outcome(&outcome);
	run_outcome_release(&outcome);
	return result;
}

static const struct cli_option *const options[] = { &cli_option_period, &cli_option_as_of, &cli_option_lang,
	&cli_option_jobs, &cli_option_employee, &cli_option_only, NULL };
const struct cli_command cli_run = { "run", "[OPTION]...", "read inputs, apply rules, publish workbooks and archives",
	options, 0, 0, run };
