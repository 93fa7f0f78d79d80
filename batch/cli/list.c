/*
 * list.c - `pandian list [KIND]`.
 */
#include "cli/cli.h"

#include "run/list.h"

#include <stdio.h>
#include <string.h>

static int list(const struct plan_options *options, char **arguments, int count, struct err *err)
{
	struct str out = { 0 };
	enum text_lang lang = options->lang != NULL && strcmp(options->lang, "en") == 0 ? TEXT_EN : TEXT_ZH;
	int result = 0;
	if (count == 0)
		list_kinds(&out);
	else
		result = list_print(arguments[0], lang, &out, err);
	fputs(str_text(&out), stdout);
	str_release(&out);
	return result;
}

static const struct cli_option *const options_of_list[] = { &cli_option_lang, NULL };
const struct cli_command cli_list = { "list", "[KIND]",
	"what the program knows: rules, sheets, feeds, functions, schemas …", options_of_list, 0, 1, list };
