/*
 * results.c - `pandian results [TABLE]...`.
 */
#include "cli/cli.h"

#include "run/results.h"

#include <errno.h>
#include <stdio.h>

static int write_out(void *context, const char *bytes, size_t length, struct err *err)
{
	if (fwrite(bytes, 1, length, context) != length)
		return err_sys(err, STATUS_IO, errno, "cannot write the results");
	return 0;
}

static int results(const struct plan_options *options, char **arguments, int count, struct err *err)
{
	struct str out = { 0 };
	struct results_sink sink = { write_out, stdout };
	int result = count == 0 ? results_list(options, &out, err)
							: results_print(options, (const char *const *)arguments, (size_t)count, &sink, err);
	fputs(str_text(&out), stdout);
	str_release(&out);
	if (result == 0 && fflush(stdout) != 0)
		result = err_sys(err, STATUS_IO, errno, "cannot write the results");
	return result;
}

static const struct cli_option *const options[] = { &cli_option_period, &cli_option_lang, NULL };
const struct cli_command cli_results = { "results", "[TABLE]...",
	"published results as JSON, a row a line; without TABLE the tables and their columns", options, 0, 64, results };
