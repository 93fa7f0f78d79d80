/*
 * command.c - parsing by the tables of commands and options; help; exit status and words of a failure.
 */
#include "cli/cli.h"

#include "base/mem.h"
#include "base/vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct cli_command *const commands[] = { &cli_run, &cli_check, &cli_explain, &cli_list, &cli_results,
	&cli_init };
enum { COMMANDS = sizeof commands / sizeof *commands, EMPLOYEES_MAX = 256 };

static const char *employees[EMPLOYEES_MAX];

static int set_period(struct plan_options *options, const char *value, struct err *err)
{
	(void)err;
	options->period = value;
	return 0;
}

static int set_as_of(struct plan_options *options, const char *value, struct err *err)
{
	(void)err;
	options->as_of = value;
	return 0;
}

static int set_lang(struct plan_options *options, const char *value, struct err *err)
{
	(void)err;
	options->lang = value;
	return 0;
}

static int set_jobs(struct plan_options *options, const char *value, struct err *err)
{
	char *end;
	unsigned long jobs = strtoul(value, &end, 10);
	if (*end != '\0' || jobs < 1 || jobs > 64)
		return err_set(err, STATUS_USAGE, "--jobs '%s' is not a number from 1 to 64", value);
	options->jobs = (unsigned)jobs;
	return 0;
}

static int set_employee(struct plan_options *options, const char *value, struct err *err)
{
	if (options->employee_count == EMPLOYEES_MAX)
		return err_set(err, STATUS_USAGE, "more than %d --employee", EMPLOYEES_MAX);
	employees[options->employee_count++] = value;
	options->employees = employees;
	return 0;
}

static int set_only(struct plan_options *options, const char *value, struct err *err)
{
	if (strcmp(value, "workbooks") == 0)
		options->only = PLAN_WORKBOOKS;
	else if (strcmp(value, "archives") == 0)
		options->only = PLAN_ARCHIVES;
	else
		return err_set(err, STATUS_USAGE, "--only takes workbooks or archives, not '%s'", value);
	return 0;
}

const struct cli_option cli_option_period = { "--period", "2026Q3", "review period (default: the last one ended)",
	set_period };
const struct cli_option cli_option_as_of = { "--as-of", "YYYY-MM-DD",
	"nothing later is seen (default: the period's last day)", set_as_of };
const struct cli_option cli_option_lang = { "--lang", "zh-CN|en", "language of the outputs (default: zh-CN)",
	set_lang };
const struct cli_option cli_option_jobs = { "--jobs", "N", "threads and renderers (default: all processors)",
	set_jobs };
const struct cli_option cli_option_employee = { "--employee", "ID",
	"only this person's archive, into outputs/partial; may be repeated", set_employee };
const struct cli_option cli_option_only = { "--only", "workbooks|archives", "only these, into outputs/partial",
	set_only };

static void print_usage(FILE *to)
{
	fputs("usage: pandian [-C DIR] COMMAND [OPTION]...\n\n"
		"Pandian (盘点) turns HR and LMS exports into talent-review workbooks and growth archives.\n\ncommands:\n", to);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(to, "  %-8s %-22s %s\n", commands[i]->name, commands[i]->arguments, commands[i]->help);
	fputs("\n  -C DIR     work in this workspace (default: the current folder)\n"
		"  --help     help, also after a command\n"
		"  --version  version\n\n"
		"exit status: 0 published or nothing to do, 64 usage, 65 data gate, 66 input missing, 70 internal,\n"
		"  73/74 cannot create or write, 75 try again, 77 permission, 78 rules, templates or mapping wrong\n", to);
}

static void print_help(const struct cli_command *command)
{
	printf("usage: pandian [-C DIR] %s %s\n\n%s\n", command->name, command->arguments, command->help);
	if (command->options[0] != NULL)
		fputs("\noptions:\n", stdout);
	for (const struct cli_option *const *option = command->options; *option != NULL; option++) {
		char head[64];
		snprintf(head, sizeof head, "%s%s%s", (*option)->name, (*option)->value != NULL ? " " : "",
			(*option)->value != NULL ? (*option)->value : "");
		printf("  %-28s %s\n", head, (*option)->help);
	}
}

static int tell(const struct err *err)
{
	int status = err->status != 0 ? err->status : STATUS_INTERNAL;
	fprintf(stderr, "pandian: %s\n", err->text[0] != '\0' ? err->text : "failed without a message");
	if (err->hint[0] != '\0')
		fprintf(stderr, "  %s\n", err->hint);
	return status;
}

static const struct cli_command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

/* Handles one option at argv[*at]; moves *at over its value. */
static int take_option(
	const struct cli_command *command, struct plan_options *options, char **argv, int *at, struct err *err)
{
	const char *word = argv[*at], *equals = strchr(word, '=');
	size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
	for (const struct cli_option *const *option = command->options; *option != NULL; option++) {
		if (strlen((*option)->name) != length || memcmp((*option)->name, word, length) != 0)
			continue;
		const char *value = equals != NULL ? equals + 1 : argv[*at + 1];
		if (value == NULL)
			return err_set(err, STATUS_USAGE, "%s needs a value (%s)", (*option)->name, (*option)->value);
		if (equals == NULL)
			*at += 1;
		return (*option)->set(options, value, err);
	}
	err_set(err, STATUS_USAGE, "unknown option '%s' of %s", word, command->name);
	err_hint(err, "See: pandian %s --help", command->name);
	return -1;
}

static int run_command(const struct cli_command *command, struct plan_options *options, char **argv, struct err *err)
{
	VEC(char *) arguments = { 0 };
	int result = -1;
	for (int at = 0; argv[at] != NULL; at++) {
		if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
			print_help(command);
			result = 0;
			goto out;
		}
		if (argv[at][0] == '-' && argv[at][1] != '\0') {
			if (take_option(command, options, argv, &at, err) != 0)
				goto out;
			continue;
		}
		VEC_PUSH(&arguments, argv[at]);
	}
	if ((int)arguments.count < command->least || (int)arguments.count > command->most) {
		err_set(err, STATUS_USAGE, "usage: pandian %s %s", command->name, command->arguments);
		goto out;
	}
	result = command->run(options, arguments.at, (int)arguments.count, err);
out:
	VEC_RELEASE(&arguments);
	return result;
}

int cli_main(int argc, char **argv)
{
	struct plan_options options = { 0 };
	struct err err = { 0 };
	int at = 1;
	umask(077);
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
			print_usage(stdout);
			return 0;
		}
		if (strcmp(argv[at], "--version") == 0) {
			puts("pandian " PLAN_VERSION);
			return 0;
		}
		if (strcmp(argv[at], "-C") != 0 || at + 1 >= argc) {
			err_set(&err, STATUS_USAGE, "unknown option '%s'", argv[at]);
			err_hint(&err, "See: pandian --help");
			return tell(&err);
		}
		options.workspace = argv[++at];
	}
	if (at >= argc) {
		print_usage(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[at], "help") == 0) {
		print_usage(stdout);
		return 0;
	}
	const struct cli_command *command = find_command(argv[at]);
	if (command == NULL) {
		err_set(&err, STATUS_USAGE, "unknown command '%s'", argv[at]);
		err_hint(&err, "See: pandian --help");
		return tell(&err);
	}
	int status = run_command(command, &options, argv + at + 1, &err) == 0 ? 0 : tell(&err);
	if (fflush(stdout) != 0 && status == 0) {
		fputs("pandian: cannot write to standard output\n", stderr);
		status = STATUS_IO;
	}
	return status;
}
