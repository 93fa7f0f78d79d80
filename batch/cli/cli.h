/*
 * cli.h - the command line: tables of commands and options, words for people, exit statuses.
 *
 * Each command stands in its own file and describes itself by a struct cli_command; command.c parses by these tables,
 * so help, man page checks and parsing have one source.
 */
#ifndef PANDIAN_CLI_CLI_H
#define PANDIAN_CLI_CLI_H

#include "base/err.h"
#include "run/plan.h"

#include <stddef.h>

struct cli_option {
	const char *name; /* "--period" */
	const char *value; /* "2026Q3" or NULL for a switch */
	const char *help;
	int (*set)(struct plan_options *options, const char *value, struct err *err);
};
struct cli_command {
	const char *name, *arguments, *help;
	const struct cli_option *const *options;       /* ends with NULL */
	int least, most;                               /* number of arguments */
	int (*run)(const struct plan_options *options, char **arguments, int count, struct err *err);
};

extern const struct cli_command cli_run, cli_check, cli_explain, cli_list, cli_results, cli_init;
extern const struct cli_option cli_option_period, cli_option_as_of, cli_option_lang, cli_option_jobs,
	cli_option_employee, cli_option_only;

/* Runs the program; the result is the exit status. */
int cli_main(int argc, char **argv);
/* Sinks for log and progress: a moving line on a terminal, plain lines elsewhere. */
void cli_progress_start(void);
void cli_progress_end(void);

#endif
