/*
 * test_feed.c - the table of feeds: names unique, keys present, codes and fields found both ways.
 */
#include "store/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
test_every_feed(void **state)
{
	size_t fields = 0;
	(void)state;
	for (unsigned f = 0; f < FEED_COUNT; f++) {
		const struct feed *feed = feed_at((enum feed_id)f);
		enum feed_id found;
		size_t keys = 0;

		assert_int_equal(feed->id, f);
		assert_true(feed_find(feed->name, &found));
		assert_int_equal(found, f);
		assert_true(feed->label.zh[0] != '\0' && feed->label.en[0] != '\0');
		assert_true(feed->field_count > 0);
		for (size_t i = 0; i < feed->field_count; i++) {
			const struct feed_field *field = &feed->fields[i];
			assert_ptr_equal(feed_field(feed, field->name), field);
			assert_ptr_equal(feed_field_at(field->id), field);
			assert_int_equal(feed_field_index(field->id), i);
			assert_int_equal(field->id, fields);
			assert_true(field->label.zh[0] != '\0' && field->label.en[0] != '\0');
			assert_int_equal(field->codes != NULL, field->type == FIELD_CODE);
			keys += field->key;
			fields++;
		}
		assert_true(keys > 0);
		if (feed->grain == FEED_GRAIN_EMPLOYEE) {
			/* Rows are kept by employee: the first field says whose they are. */
			assert_string_equal(feed->fields[0].name, "employee_id");
			assert_int_equal(feed->fields[0].type, FIELD_KEY);
			assert_int_equal(feed->fields[0].dim, KEY_DIM_EMPLOYEE);
			assert_true(feed->fields[0].required && feed->fields[0].key);
		}
	}
	assert_int_equal(fields, FIELD_COUNT);
}

static void
test_fields(void **state)
{
	const struct feed *completion = feed_at(FEED_COMPLETION);
	(void)state;
	assert_string_equal(completion->name, "completion");
	assert_int_equal(completion->field_count, 12);
	assert_int_equal(feed_field(completion, "score")->id, COMPLETION_SCORE);
	assert_int_equal(feed_field(completion, "score")->type, FIELD_NUMBER);
	assert_int_equal(feed_field(completion, "score")->scale, 2);
	assert_int_equal(feed_field(completion, "course_id")->dim, KEY_DIM_COURSE);
	assert_null(feed_field(completion, "title"));
	assert_null(feed_field(completion, ""));
	assert_int_equal(feed_at(FEED_COURSE)->grain, FEED_GRAIN_NONE);
	assert_int_equal(feed_at(FEED_HONOUR)->grain, FEED_GRAIN_EMPLOYEE);
}

static void
test_codes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < FIELD_COUNT; i++) {
		const struct feed_field *field = feed_field_at((enum field_id)i);
		uint32_t code = 0, back;
		char name[64];
		if (field->type != FIELD_CODE)
			continue;
		while (feed_code_name(field, code, name, sizeof name)[0] != '\0') {
			assert_true(feed_code_find(field, name, &back));
			assert_int_equal(back, code);
			code++;
		}
		assert_true(code >= 2);
	}
	const struct feed_field *result = feed_field_at(COMPLETION_RESULT);
	char name[64];
	uint32_t code;
	assert_string_equal(feed_code_name(result, 0, name, sizeof name), "passed");
	assert_string_equal(feed_code_name(result, 4, name, sizeof name), "in-progress");
	assert_string_equal(feed_code_name(result, 5, name, sizeof name), "");
	assert_string_equal(feed_code_name(result, UINT32_MAX, name, sizeof name), "");
	assert_string_equal(feed_code_name(result, 0, name, 4), "pas");
	assert_string_equal(feed_code_name(feed_field_at(COMPLETION_SCORE), 0, name, sizeof name), "");
	assert_false(feed_code_find(result, "pass", &code));
	assert_false(feed_code_find(result, "passed|failed", &code));
	assert_false(feed_code_find(result, "", &code));
	assert_false(feed_code_find(feed_field_at(COMPLETION_SCORE), "passed", &code));
}

static void
test_unknown_names(void **state)
{
	enum feed_id id;
	(void)state;
	assert_false(feed_find("completions", &id));
	assert_false(feed_find("", &id));
	assert_string_equal(feed_dim_name(KEY_DIM_EMPLOYEE), "employee");
	for (unsigned a = 0; a < KEY_DIM_COUNT; a++)
		for (unsigned b = 0; b < a; b++)
			assert_string_not_equal(feed_dim_name((enum key_dim)a), feed_dim_name((enum key_dim)b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_feed),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_unknown_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
