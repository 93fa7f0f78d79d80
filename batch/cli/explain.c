/*
 * explain.c - `pandian explain EMPLOYEE [RESULT]`.
 */
#include "cli/cli.h"

#include "run/run.h"

#include <stdio.h>

static int explain(const struct plan_options *options, char **arguments, int count, struct err *err)
{
	struct str out = { 0 };
	int result = run_explain(options, arguments[0], count > 1 ? arguments[1] : NULL, &out, err);
	fputs(str_text(&out), stdout);
	str_release(&out);
	return result;
}

static const struct cli_option *const options[] = { &cli_option_period, &cli_option_as_of, &cli_option_lang, NULL };
const struct cli_command cli_explain = { "explain", "EMPLOYEE [RESULT]",
	"why a person has a result: rules, inputs with file and row, what is missing", options, 1, 2, explain };
