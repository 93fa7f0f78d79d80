/*
 * The log: silent without a sink, whole characters when cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/log.h"
#include "base/text.h"

static char seen[4000];
static enum log_level seen_level;
static uint64_t seen_done, seen_total;

static void sink(enum log_level level, const char *text)
{
	seen_level = level;
	memcpy(seen, text, strlen(text) + 1);
}

static void progress(const char *stage, uint64_t done, uint64_t total)
{
	memcpy(seen, stage, strlen(stage) + 1);
	seen_done = done;
	seen_total = total;
}

static void messages(void **state)
{
	char text[3100];
	int shift;

	(void)state;
	log_write(LOG_ERROR, "nobody %s", "listens");
	log_progress("x", 1, 2);
	log_sink(sink);
	log_write(LOG_WARN, "%d rows", 5);
	assert_string_equal(seen, "5 rows");
	assert_int_equal(seen_level, LOG_WARN);
	for (shift = 0; shift < 3; shift++) {
		memset(text, 'a', sizeof text);
		for (size_t k = 0; k < 1000; k++)
			memcpy(text + (size_t)shift + k * 3, "盘", 3);
		text[3000] = '\0';
		log_write(LOG_INFO, "%s", text);
		assert_true(strlen(seen) > 1900 && strlen(seen) < 2000);
		assert_true(text_valid_utf8(seen, strlen(seen)));
		assert_string_equal(seen + strlen(seen) - 3, "…");
	}
	log_sink(NULL);
	log_write(LOG_INFO, "silent");
	assert_string_not_equal(seen, "silent");
	log_progress_sink(progress);
	log_progress("evaluate", 3, 7);
	assert_string_equal(seen, "evaluate");
	assert_int_equal(seen_done, 3);
	assert_int_equal(seen_total, 7);
	log_progress_sink(NULL);
	log_progress("later", 4, 7);
	assert_int_equal(seen_done, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(messages) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
