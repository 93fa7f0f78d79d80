/*
 * init.c - `pandian init DIR`.
 */
#include "cli/cli.h"

#include "run/run.h"

#include <stdio.h>

static int init(const struct plan_options *options, char **arguments, int count, struct err *err)
{
	(void)options;
	(void)count;
	struct str report = { 0 };
	int result = run_init(arguments[0], &report, err);
	fputs(str_text(&report), stdout);
	str_release(&report);
	return result;
}

static const struct cli_option *const no_options[] = { NULL };
const struct cli_command cli_init = { "init", "DIR", "make a new workspace with the shipped rule pack", no_options, 1,
	1, init };
