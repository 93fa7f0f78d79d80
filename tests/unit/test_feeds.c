/*
 * test_feeds.c - every canonical feed can be mapped, taken in and read by facts: one row each, every field, walked from
 * the list of feeds, so that a new feed or field is tested by being there.
 */
#include "ingest_world.h"

#include "facts/facts.h"

/* A value of a field that its type takes: keys are the one id of their dimension, dates rise from field to field. */
static const char *value_of(const struct feed_field *field, struct arena *arena)
{
	static const char *const ids[KEY_DIM_COUNT] = { [KEY_DIM_EMPLOYEE] = "E1",
		[KEY_DIM_COURSE] = "K1",
		[KEY_DIM_ORG] = "R1",
		[KEY_DIM_POSITION] = "P1",
		[KEY_DIM_COMPETENCY] = "C01",
		[KEY_DIM_TRAINER] = "T1",
		[KEY_DIM_SESSION] = "S1" };
	char code[64];
	switch (field->type) {
	case FIELD_KEY:
		return ids[field->dim];
	case FIELD_DATE:
		return arena_printf(arena, "2026-08-%02d", 1 + (int)feed_field_index(field->id));
	case FIELD_NUMBER:
		return "3";
	case FIELD_BOOL:
		return "yes";
	case FIELD_CODE:
		return arena_text(arena, feed_code_name(field, 0, code, sizeof code));
	case FIELD_TEXT:
		break;
	}
	return arena_printf(arena, "文 %s", field->name);
}

static void write_feed(struct world *w, const struct feed *feed, struct str *inputs)
{
	struct str head = { 0 }, row = { 0 }, mapping = { 0 };
	str_add(&mapping, "<mapping xmlns=\"urn:pandian:inputs:1\">");
	for (size_t i = 0; i < feed->field_count; i++) {
		const struct feed_field *field = &feed->fields[i];
		str_printf(&head, "%s%s", i == 0 ? "" : ",", field->name);
		str_printf(&row, "%s%s", i == 0 ? "" : ",", value_of(field, &w->arena));
		str_printf(&mapping, "<field name=\"%s\" column=\"%s\"/>\n", field->name, field->name);
	}
	str_add(&mapping, "</mapping>");
	str_printf(&head, "\n%s\n", str_text(&row));
	world_text(w, arena_printf(&w->arena, "inputs/%s.csv", feed->name), str_text(&head));
	world_text(w, arena_printf(&w->arena, "inputs/%s.xml", feed->name), str_text(&mapping));
	str_printf(inputs, "<source feed=\"%s\" mapping=\"%s.xml\" files=\"%s.csv\" load=\"full\" required=\"yes\"/>\n",
		feed->name, feed->name, feed->name);
	str_release(&head);
	str_release(&row);
	str_release(&mapping);
}

static const char *text_of(const struct facts *facts, const struct frame *frame, const struct feed_field *field,
	uint32_t row, struct arena *arena)
{
	const struct frame_column *column = frame_column(frame, field->id);
	char *out = arena_alloc(arena, 1, 64);
	if (column == NULL)
		return "(no column)";
	switch (field->type) {
	case FIELD_KEY:
		return facts_key(facts, field->dim, column->u32[row]);
	case FIELD_DATE:
		date_format_iso(column->i32[row], out);
		return out;
	case FIELD_NUMBER:
		decimal_format(column->i64[row], column->scale, -1, out);
		return out;
	case FIELD_BOOL:
		return column->u32[row] == 1 ? "yes" : "no";
	case FIELD_CODE:
		return feed_code_name(field, column->u32[row], out, 64);
	case FIELD_TEXT:
		break;
	}
	return frame_text(frame, column, row);
}

static void expect_row(struct world *w, const struct facts *facts, const struct feed *feed, const struct frame *frame,
	uint32_t row)
{
	uint64_t line = 0;
	for (size_t i = 0; i < feed->field_count; i++) {
		const char *expected = value_of(&feed->fields[i], &w->arena);
		const char *got = text_of(facts, frame, &feed->fields[i], row, &w->arena);
		if (got == NULL || strcmp(got, expected) != 0)
			fail_msg("%s.%s is '%s', not '%s'", feed->name, feed->fields[i].name, got == NULL ? "" : got, expected);
	}
	assert_string_equal(facts_source(facts, frame, row, &line), arena_printf(&w->arena, "inputs/%s.csv", feed->name));
	assert_int_equal(line, 2);
}

static void every_feed_is_mapped_taken_in_and_read(void **state)
{
	struct world *w = *state;
	struct str inputs = { 0 };
	struct err err = { 0 };
	str_add(&inputs, "<inputs xmlns=\"urn:pandian:inputs:1\">\n");
	for (int id = 0; id < FEED_COUNT; id++)
		write_feed(w, feed_at((enum feed_id)id), &inputs);
	str_add(&inputs, "</inputs>\n");
	world_text(w, "inputs/inputs.xml", str_text(&inputs));
	str_release(&inputs);
	if (world_load(w, 2) != 0)
		fail_msg("%s", w->err.text);
	assert_int_equal(w->totals.kept, FEED_COUNT);
	assert_int_equal(w->totals.rejected, 0);

	const struct facts_params params = { .as_of = date_from_civil(2026, 9, 30),
		.period_first = date_from_civil(2026, 7, 1),
		.period_last = date_from_civil(2026, 9, 30),
		.horizon = INT64_MAX };
	struct facts *facts = facts_open(w->store, &params, &err);
	if (facts == NULL)
		fail_msg("%s", err.text);
	struct facts_block block = { 0 };
	if (facts_block_load(facts, w->store, 0, UINT32_MAX, &block, &err) != 0)
		fail_msg("%s", err.text);
	for (int id = 0; id < FEED_COUNT; id++) {
		const struct feed *feed = feed_at((enum feed_id)id);
		struct frame frame;
		switch (feed->id) {
		case FEED_EMPLOYEE:
			expect_row(w, facts, feed, &block.employee, 0);
			continue;
		case FEED_COURSE:
			expect_row(w, facts, feed, &facts_courses(facts)->frame, 0);
			continue;
		case FEED_ORG_UNIT:
			expect_row(w, facts, feed, &facts_orgs(facts)->frame, 0);
			continue;
		case FEED_POSITION:
			expect_row(w, facts, feed, &facts_positions(facts)->frame, 0);
			continue;
		default:
			break;
		}
		if (feed->grain == FEED_GRAIN_EMPLOYEE) {
			assert_int_equal(block.lists[id].offset[1] - block.lists[id].offset[0], 1);
			expect_row(w, facts, feed, &block.lists[id].frame, 0);
		} else {
			assert_int_equal(facts_feed(facts, w->store, feed->id, &w->arena, &frame, &err), 0);
			assert_int_equal(frame.count, 1);
			expect_row(w, facts, feed, &frame, 0);
		}
	}
	facts_block_release(&block);
	facts_close(facts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_feed_is_mapped_taken_in_and_read, world_setup, world_teardown),
	};
	return cmocka_run_group_tests_name("feeds", tests, NULL, NULL);
}
