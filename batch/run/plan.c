/*
 * plan.c - the plan of one run. Decides defaults (last period ended, its last day, all processors); does not read data.
 */
#include "run/plan.h"

#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static int32_t today(void)
{
	/*
	 * The one look at the wall clock: the review zone of the house is China's, so that no host setting changes a
	 * period.
	 */
	time_t now = time(NULL) + 8 * 3600;
	return (int32_t)(now / 86400);
}

static unsigned processors(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	int count = CPU_COUNT(&set);
	return count > 0 ? (unsigned)count : 1;
}

static bool period_kind(const char *name, enum date_period_kind *kind)
{
	static const struct { const char *name; enum date_period_kind kind; } kinds[] = {
		{ "quarter", DATE_QUARTER }, { "half", DATE_HALF }, { "month", DATE_MONTH }, { "year", DATE_YEAR },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*kind = kinds[i].kind;
			return true;
		}
	}
	return false;
}

static int choose_period(const struct plan_options *options, const struct ingest_run *defaults, struct plan *plan,
	struct err *err)
{
	if (options->period != NULL) {
		if (date_period_parse(options->period, &plan->period))
			return 0;
		err_set(err, STATUS_USAGE, "'%s' is not a period", options->period);
		err_hint(err, "Write a quarter as 2026Q3, a half as 2026H1, a month as 2026-09 or a year as 2026.");
		return -1;
	}
	if (defaults->period != NULL && strcmp(defaults->period, "last-ended") != 0) {
		if (date_period_parse(defaults->period, &plan->period))
			return 0;
		return err_set(err, STATUS_CONFIG, "inputs/inputs.xml: <run default=\"%s\">: not a period", defaults->period);
	}
	enum date_period_kind kind = DATE_QUARTER;
	if (defaults->period_kind != NULL && !period_kind(defaults->period_kind, &kind))
		return err_set(err, STATUS_CONFIG, "inputs/inputs.xml: <run period=\"%s\">: not a kind of period",
			defaults->period_kind);
	struct date_period running = date_period_at(kind, today());
	plan->period = date_period_step(&running, -1);
	return 0;
}

static int choose_as_of(const struct plan_options *options, struct plan *plan, struct err *err)
{
	plan->as_of = plan->period.last;
	if (options->as_of == NULL)
		return 0;
	if (!date_parse_iso(options->as_of, strlen(options->as_of), &plan->as_of))
		return err_set(err, STATUS_USAGE, "'%s' is not a date (YYYY-MM-DD)", options->as_of);
	if (plan->as_of < plan->period.first) {
		char first[16];
		date_format_iso(plan->period.first, first);
		err_set(err, STATUS_USAGE, "the as-of date %s lies before period %s", options->as_of, plan->period.name);
		err_hint(err, "Period %s begins on %s.", plan->period.name, first);
		return -1;
	}
	return 0;
}

static int choose_lang(const struct plan_options *options, const struct ingest_run *defaults, struct plan *plan,
	struct err *err)
{
	const char *lang = options->lang != NULL ? options->lang : defaults->lang != NULL ? defaults->lang : "zh-CN";
	if (strcmp(lang, "zh-CN") == 0 || strcmp(lang, "zh") == 0)
		plan->lang = TEXT_ZH;
	else if (strcmp(lang, "en") == 0)
		plan->lang = TEXT_EN;
	else
		return err_set(err, STATUS_USAGE, "language '%s' is neither zh-CN nor en", lang);
	return 0;
}

int plan_make(const struct plan_options *options, const struct ingest_run *defaults, struct plan *plan, struct err *err)
{
	memset(plan, 0, sizeof *plan);
	plan->options = options;
	plan->workspace = options->workspace != NULL ? options->workspace : ".";
	if (!fs_is_dir(plan->workspace))
		return err_set(err, STATUS_NO_INPUT, "workspace '%s' is not a folder", plan->workspace);
	if (choose_period(options, defaults, plan, err) != 0 || choose_as_of(options, plan, err) != 0
		|| choose_lang(options, defaults, plan, err) != 0)
		return -1;
	plan->jobs = options->jobs > 0 ? options->jobs : processors();
	plan->partial = options->employee_count > 0 || options->only != PLAN_ALL;
	plan->outputs = fs_join(plan->workspace, "outputs");
	plan->store_path = fs_join(plan->outputs, "pandian.db");
	return 0;
}

void plan_release(struct plan *plan)
{
	free(plan->outputs);
	free(plan->store_path);
	memset(plan, 0, sizeof *plan);
}

uint64_t plan_clock_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void plan_peak_kib(uint64_t *own, uint64_t *child)
{
	struct rusage usage;
	*own = getrusage(RUSAGE_SELF, &usage) == 0 ? (uint64_t)usage.ru_maxrss : 0;
	*child = getrusage(RUSAGE_CHILDREN, &usage) == 0 ? (uint64_t)usage.ru_maxrss : 0;
}

char *plan_pack_folder(struct err *err)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
	if (length < 0) {
		err_sys(err, STATUS_NO_INPUT, errno, "cannot find the program's own folder");
		return NULL;
	}
	path[length] = '\0';
	static const char *const places[] = { "../share/pandian", ".." };
	char *slash = strrchr(path, '/');
	*slash = '\0';
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char *folder = fs_join(path, places[i]);
		char *rulebook = fs_join(folder, "rules/rulebook.xml");
		bool found = fs_exists(rulebook);
		free(rulebook);
		if (found)
			return folder;
		free(folder);
	}
	err_set(err, STATUS_NO_INPUT, "the shipped rule pack was not found beside the program in '%s'", path);
	return NULL;
}
