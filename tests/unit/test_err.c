/*
 * Errors: the first failure is the one told, with its status, whole characters only.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <cmocka.h>

#include "base/err.h"
#include "base/text.h"

static void first_error_stays(void **state)
{
	struct err err = {0};

	(void)state;
	assert_int_equal(err_set(&err, STATUS_CONFIG, "rules.xml:%d: unknown element '%s'", 12, "stra"), -1);
	err_hint(&err, "Did you mean '%s'?", "star");
	assert_int_equal(err_set(&err, STATUS_IO, "later"), -1);
	assert_int_equal(err_sys(&err, STATUS_IO, EACCES, "later still"), -1);
	assert_int_equal(err.status, STATUS_CONFIG);
	assert_string_equal(err.text, "rules.xml:12: unknown element 'stra'");
	assert_string_equal(err.hint, "Did you mean 'star'?");
	assert_int_equal(err_context(&err, "rulebook '%s'", "r"), -1);
	assert_string_equal(err.text, "rulebook 'r': rules.xml:12: unknown element 'stra'");
	assert_int_equal(err.status, STATUS_CONFIG);
	assert_int_equal(err_set(NULL, STATUS_IO, "nobody listens"), -1);
	assert_int_equal(err_context(NULL, "nobody"), -1);
}

static int status_of(int number)
{
	struct err err = {0};

	err_sys(&err, STATUS_IO, number, "cannot open '%s'", "a.csv");
	return err.status;
}

static void system_errors(void **state)
{
	struct err err = {0};

	(void)state;
	err_sys(&err, STATUS_NO_INPUT, ENOENT, "cannot open '%s'", "a.csv");
	assert_string_equal(err.text, "cannot open 'a.csv': No such file or directory");
	assert_int_equal(err.status, STATUS_NO_INPUT);
	assert_int_equal(status_of(EACCES), STATUS_PERMISSION);
	assert_int_equal(status_of(EPERM), STATUS_PERMISSION);
	assert_int_equal(status_of(EROFS), STATUS_PERMISSION);
	assert_int_equal(status_of(ENOMEM), STATUS_AGAIN);
	assert_int_equal(status_of(ENOSPC), STATUS_IO);
	memset(&err, 0, sizeof err);
	err_sys(&err, STATUS_IO, 99999, "x");
	assert_string_equal(err.text, "x: unknown system error");
}

static void long_texts_end_at_a_character(void **state)
{
	char text[3100];
	int shift;

	(void)state;
	for (shift = 0; shift < 12; shift++) {
		struct err err = {0};
		size_t k;

		memset(text, 'a', (size_t)shift);
		text[shift] = '\0';
		for (k = 0; k < 500; k++)
			memcpy(text + (size_t)shift + k * 4, "𠮷", 5);
		err_set(&err, STATUS_IO, "%s", text);
		assert_true(strlen(err.text) >= sizeof err.text - 5);
		assert_true(text_valid_utf8(err.text, strlen(err.text)));
		err_context(&err, "盘%d", shift);
		assert_true(text_valid_utf8(err.text, strlen(err.text)));
		assert_memory_equal(err.text, "盘", 3);
		err_context(&err, "%s", text + shift);
		assert_true(strlen(err.text) < sizeof err.text);
		assert_true(text_valid_utf8(err.text, strlen(err.text)));
		err_hint(&err, "%s", text);
		assert_true(text_valid_utf8(err.hint, strlen(err.hint)));
	}
}

/* Somebody returned -1 and said nothing: the run must not end with status 0. */
static void silence_is_an_internal_error(void **state)
{
	struct err err = {0};

	(void)state;
	err_context(&err, "store");
	assert_int_equal(err.status, STATUS_INTERNAL);
	assert_string_equal(err.text, "store: failed without a reason");
	memset(&err, 0, sizeof err);
	err_set(&err, 0, "x");
	assert_int_equal(err.status, STATUS_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_error_stays), cmocka_unit_test(system_errors),
		cmocka_unit_test(long_texts_end_at_a_character), cmocka_unit_test(silence_is_an_internal_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
