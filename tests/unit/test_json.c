/*
 * test_json.c - the bytes the writer writes, and what the reader takes and refuses.
 */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void write_sample(struct str *out, bool indent)
{
	struct json_writer json;
	json_begin(&json, out, indent);
	json_object(&json);
	json_put_text(&json, "name", "李\"雷\\\n\x01");
	json_put_int(&json, "n", INT64_MIN);
	json_key(&json, "list");
	json_array(&json);
	json_int(&json, 1);
	json_number(&json, "12.50");
	json_object(&json);
	json_close(&json);
	json_array(&json);
	json_close_array(&json);
	json_close_array(&json);
	json_key(&json, "yes");
	json_bool(&json, true);
	json_put_text(&json, "none", NULL);
	json_close(&json);
}

static void compact_form(void **state)
{
	(void)state;
	struct str out = {0};
	write_sample(&out, false);
	assert_string_equal(out.text, "{\"name\":\"李\\\"雷\\\\\\n\\u0001\",\"n\":-9223372036854775808,"
		"\"list\":[1,12.50,{},[]],\"yes\":true,\"none\":null}");
	str_release(&out);
}

static void indented_form(void **state)
{
	(void)state;
	struct str out = {0};
	write_sample(&out, true);
	assert_string_equal(out.text, "{\n\t\"name\": \"李\\\"雷\\\\\\n\\u0001\",\n\t\"n\": -9223372036854775808,\n"
		"\t\"list\": [\n\t\t1,\n\t\t12.50,\n\t\t{},\n\t\t[]\n\t],\n\t\"yes\": true,\n\t\"none\": null\n}\n");
	str_release(&out);
}

static void bad_utf8_is_replaced(void **state)
{
	(void)state;
	struct str out = {0};
	struct json_writer json;
	json_begin(&json, &out, false);
	json_text(&json, "a\xff\xe4\xb8z\xef\xbf\xbd");
	assert_string_equal(out.text, "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\"");
	str_release(&out);
}

static void what_is_written_is_read(void **state)
{
	(void)state;
	struct str out = {0};
	struct err err = {0};
	write_sample(&out, true);
	struct json *root = json_parse(out.text, out.length, &err);
	assert_non_null(root);
	assert_string_equal(json_text_of(json_get(root, "name")), "李\"雷\\\n\x01");
	assert_true(json_int_of(json_get(root, "n")) == INT64_MIN);
	const struct json *list = json_get(root, "list");
	assert_int_equal(json_count(list), 4);
	assert_int_equal(json_int_of(json_at(list, 0)), 1);
	assert_int_equal(json_int_of(json_at(list, 1)), 0);  /* not an integer */
	assert_null(json_at(list, 4));
	assert_null(json_get(root, "absent"));
	assert_null(json_text_of(json_get(root, "n")));
	/* asking further of what is not there is harmless */
	assert_null(json_get(json_get(root, "absent"), "x"));
	assert_int_equal(json_count(NULL), 0);
	assert_int_equal(json_int_of(NULL), 0);
	json_free(root);
	str_release(&out);
}

static void broken_json_is_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "{", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "[1] [2]", "nul", "\"\xff\"",
		"[01]", "{'a':1}" };
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct err err = {0};
		assert_null(json_parse(texts[i], strlen(texts[i]), &err));
		assert_int_equal(err.status, STATUS_IO);
	}
	struct err err = {0};
	assert_null(json_parse("{\n\"a\": 1,\n}", 11, &err));
	assert_int_equal(strncmp(err.text, "line 3, column 1: ", 18), 0);
}

static void deep_nesting_stays_in_bounds(void **state)
{
	(void)state;
	struct str out = {0};
	struct json_writer json;
	json_begin(&json, &out, false);
	for (int i = 0; i < 100; i++)
		json_array(&json);
	for (int i = 0; i < 100; i++)
		json_close_array(&json);
	assert_int_equal(out.length, 200);
	str_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compact_form),
		cmocka_unit_test(indented_form),
		cmocka_unit_test(bad_utf8_is_replaced),
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(broken_json_is_refused),
		cmocka_unit_test(deep_nesting_stays_in_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
