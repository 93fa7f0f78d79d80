/*
 * check.c - `pandian check`.
 */
#include "cli/cli.h"

#include "run/run.h"

#include <stdio.h>

static int check(const struct plan_options *options, char **arguments, int count, struct err *err)
{
	(void)arguments;
	(void)count;
	struct str report = { 0 };
	int result = run_check(options, &report, err);
	fputs(str_text(&report), stdout);
	str_release(&report);
	return result;
}

static const struct cli_option *const options[] = { &cli_option_period, &cli_option_lang, NULL };
const struct cli_command cli_check = { "check", "[OPTION]...",
	"prove mapping, rules, templates and the headers of inputs; writes nothing", options, 0, 0, check };
