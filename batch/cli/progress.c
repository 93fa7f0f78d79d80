/*
 * progress.c - how progress looks: on a terminal one moving line (stage, done/total, rate, time left), elsewhere plain
 * log lines at the end of each stage.
 */
#include "cli/cli.h"

#include "base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool terminal, line_open;
static char stage_now[32];
static uint64_t stage_started, last_shown;

static void close_line(void)
{
	if (line_open)
		fputs("\r\033[K", stderr);
	line_open = false;
}

static void write_log(enum log_level level, const char *text)
{
	if (level == LOG_DEBUG)
		return;
	close_line();
	fprintf(stderr, "%s%s\n", level == LOG_WARN ? "warning: " : level == LOG_ERROR ? "error: " : "", text);
}

static void show(const char *stage, uint64_t done, uint64_t total)
{
	uint64_t now = plan_clock_ms();
	if (strncmp(stage_now, stage, sizeof stage_now - 1) != 0) {
		snprintf(stage_now, sizeof stage_now, "%s", stage);
		stage_started = now;
		last_shown = 0;
	}
	if (now - last_shown < 100)
		return;
	last_shown = now;
	uint64_t spent = now - stage_started;
	double rate = spent > 0 ? (double)done * 1000 / (double)spent : 0;
	fprintf(stderr, "\r\033[K%s  %" PRIu64, stage, done);
	if (total > 0)
		fprintf(stderr, "/%" PRIu64, total);
	if (rate > 0)
		fprintf(stderr, "  %.0f/s", rate);
	if (rate > 0 && total > done)
		fprintf(stderr, "  %.0f s left", (double)(total - done) / rate);
	fflush(stderr);
	line_open = true;
}

void cli_progress_start(void)
{
	terminal = isatty(STDERR_FILENO) != 0;
	log_sink(write_log);
	log_progress_sink(terminal ? show : NULL);
}

void cli_progress_end(void)
{
	close_line();
	log_sink(NULL);
	log_progress_sink(NULL);
}
