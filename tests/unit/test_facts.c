/*
 * test_facts.c - facts of people at an as-of date: which batch is seen, which row wins, what is cut, what is told.
 */
#include "facts/facts.h"
#include "base/arena.h"
#include "base/date.h"
#include "base/fs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 16
#define NONE INT64_MAX

/* One cell a row gives: a number as stored, or a text (keys are looked up, texts interned). */
struct cell { enum field_id field; int64_t number; const char *text; };
#define N(field, number) {field, number, NULL}
#define D(field, iso) {field, day(iso), NULL}
#define T(field, text) {field, NONE, text}
struct row { struct cell cells[10]; bool deletes; };

static char folder[64], path[96];
static struct arena arena;
static struct store *store;
static struct err err;

static int32_t day(const char *iso)
{
	int32_t number = DATE_NONE;

	if (!date_parse_iso(iso, strlen(iso), &number))
		fail_msg("%s is not a date", iso);
	return number;
}

#define OK(call) \
	do { \
		if ((call) != 0) \
			fail_msg("%s: %s", #call, err.text); \
	} while (0)

static int set_up(void **state)
{
	(void)state;
	strncpy(folder, "/tmp/pandian-test-XXXXXX", sizeof folder - 1);
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/pandian.db", folder);
	memset(&err, 0, sizeof err);
	store = store_open(path, STORE_WRITE, &err);
	return store != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	if (store_close(store, &err) != 0)
		return -1;
	return fs_remove_tree(folder, &err);
}

static uint32_t key(enum key_dim dim, const char *text)
{
	return map_add(store_keys(store, dim, &err), text, strlen(text));
}

static enum frame_type type_of(const struct feed_field *field)
{
	return field->type == FIELD_DATE ? FRAME_I32 : field->type == FIELD_NUMBER ? FRAME_I64 : FRAME_U32;
}

static void put_cell(struct frame *frame, struct frame_texts *texts, uint32_t row, const struct cell *cell)
{
	const struct feed_field *field = feed_field_at(cell->field);
	struct frame_column *column = frame_column(frame, (uint32_t)cell->field);

	if (field->type == FIELD_KEY)
		column->u32[row] = key(field->dim, cell->text);
	else if (field->type == FIELD_TEXT)
		column->u32[row] = frame_texts_add(texts, cell->text, strlen(cell->text));
	else if (field->type == FIELD_DATE)
		column->i32[row] = (int32_t)cell->number;
	else if (field->type == FIELD_NUMBER)
		column->i64[row] = cell->number;
	else
		column->u32[row] = (uint32_t)cell->number;
}

/* A batch of one block; source rows are 2, 3, 4 … as in a file with a header. */
static int64_t put_batch(enum feed_id feed, const char *file, const char *snapshot, bool full, const struct row *rows,
	uint32_t count)
{
	const struct feed *about = feed_at(feed);
	struct store_batch batch = {.feed = feed, .source = "mappings/test.xml", .file = file, .full = full,
		.snapshot = snapshot != NULL ? day(snapshot) : DATE_NONE, .rows = count, .kept = count};
	struct frame_column like[40] = {
		{.id = STORE_ROW_ID, .type = FRAME_U32}, {.id = STORE_TOMBSTONE_ID, .type = FRAME_U32},
	};
	struct frame_texts texts = {{0}};
	struct frame frame;
	static int serial;

	snprintf(batch.sha256, sizeof batch.sha256, "%d", ++serial);
	for (size_t i = 0; i < about->field_count; i++)
		like[2 + i] = (struct frame_column){.id = (uint32_t)about->fields[i].id,
			.type = type_of(&about->fields[i]),
			.scale = about->fields[i].scale, .text = about->fields[i].type == FIELD_TEXT};
	frame_init(&frame, count, like, about->field_count + 2, &arena);
	for (uint32_t i = 0; i < count; i++) {
		frame.columns[0].u32[i] = i + 2;
		if (rows[i].deletes)
			frame.columns[1].u32[i] = 1;
		for (size_t c = 0; c < 10 && (rows[i].cells[c].text != NULL || rows[i].cells[c].number != 0 ||
			rows[i].cells[c].field != 0); c++)
			put_cell(&frame, &texts, i, &rows[i].cells[c]);
	}
	frame_texts_end(&texts, &frame, &arena);
	OK(store_begin(store, &err));
	OK(store_batch_add(store, &batch, &err));
	OK(store_segment_put(store, feed, batch.id, 0, &frame, &err));
	OK(store_keys_save(store, &err));
	OK(store_commit(store, &err));
	return batch.id;
}

#define PUT(feed, file, snapshot, full, ...) \
	put_batch(feed, file, snapshot, full, (struct row[]){__VA_ARGS__}, \
		sizeof((struct row[]){__VA_ARGS__}) / sizeof(struct row))
#define PERSON_CELLS(id, name, hired) T(EMPLOYEE_EMPLOYEE_ID, id), T(EMPLOYEE_NAME, name), D(EMPLOYEE_HIRE_DATE, hired)
#define PERSON(id, name, hired) {{PERSON_CELLS(id, name, hired)}, false}
#define PERSON_WITH(id, name, hired, ...) {{PERSON_CELLS(id, name, hired), __VA_ARGS__}, false}
#define COURSE(id) {{T(COURSE_COURSE_ID, id), T(COURSE_TITLE, "课" id), N(COURSE_CREDITS, 200)}, false}
#define DONE_CELLS(id, course, on, points) \
	T(COMPLETION_EMPLOYEE_ID, id), T(COMPLETION_COURSE_ID, course), D(COMPLETION_COMPLETED_ON, on), \
	N(COMPLETION_SCORE, points)
#define DONE(id, course, on, points) {{DONE_CELLS(id, course, on, points)}, false}
#define DONE_WITH(id, course, on, points, ...) {{DONE_CELLS(id, course, on, points), __VA_ARGS__}, false}

static struct facts *open_facts(const char *as_of, int64_t horizon)
{
	struct facts_params params = {.as_of = day(as_of), .period_first = day(as_of) - 90, .period_last = day(as_of),
		.horizon = horizon};
	struct facts *facts = facts_open(store, &params, &err);

	if (facts == NULL)
		fail_msg("%s", err.text);
	return facts;
}

/* Rows of a feed of one person as "value value …" of an I64 or I32 column. */
static const char *values(const struct facts *facts, const struct facts_block *block, enum feed_id feed, const char *id,
	enum field_id field)
{
	const struct facts_list *list = &block->lists[feed];
	const struct frame_column *column = frame_column(&list->frame, (uint32_t)field);
	uint32_t row = facts_find(facts, KEY_DIM_EMPLOYEE, id) - block->first;
	struct str out = {0};

	for (uint32_t i = list->offset[row]; i < list->offset[row + 1]; i++) {
		if (i > list->offset[row])
			str_add_char(&out, ' ');
		if (column == NULL)
			str_add(&out, "-");
		else if (column->text)
			str_add(&out, frame_text(&list->frame, column, i));
		else if (column->type == FRAME_I64)
			str_add_int(&out, column->i64[i]);
		else
			str_add_int(&out, column->u32[i]);
	}
	const char *text = arena_text(&arena, str_text(&out));
	str_release(&out);
	return text;
}

static const char *name_of(const struct facts *facts, const struct facts_block *block, const char *id)
{
	return frame_text(&block->employee, frame_column(&block->employee, EMPLOYEE_NAME),
		facts_find(facts, KEY_DIM_EMPLOYEE, id) - block->first);
}

static void test_two_snapshots(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;
	uint64_t line;
	size_t count;

	(void)state;
	int64_t first = PUT(FEED_EMPLOYEE, "hr-q1.csv", "2026-03-31", true,
		PERSON("007", "甲", "2020-01-01"), PERSON("008", "乙", "2020-01-01"));
	int64_t second = PUT(FEED_EMPLOYEE, "hr-q2.csv", "2026-06-30", true,
		PERSON_WITH("007", "甲甲", "2020-01-01", D(EMPLOYEE_LEAVE_DATE, "2026-06-30")), PERSON("009", "丙",
			"2026-07-15"));

	facts = open_facts("2026-03-31", INT64_MAX);
	facts_batches(facts, &count);
	assert_int_equal(count, 1);
	assert_non_null(facts_batch(facts, first));
	assert_null(facts_batch(facts, second));
	assert_int_equal(facts_block_count(facts), 1);
	OK(facts_block_load(facts, store, 0, 0, &block, &err));
	assert_int_equal(block.count, 3);
	assert_string_equal(name_of(facts, &block, "007"), "甲");
	assert_string_equal(name_of(facts, &block, "008"), "乙");
	assert_null(name_of(facts, &block, "009"));
	assert_true(block.known[0] && block.active[0] && block.known[1] && !block.known[2] && !block.active[2]);
	assert_string_equal(facts_source(facts, &block.employee, 1, &line), "hr-q1.csv");
	assert_int_equal(line, 3);
	assert_string_equal(facts_source(facts, &block.employee, 2, &line), "");
	assert_int_equal(line, 0);
	assert_int_equal(facts_block_load(facts, store, 1, 0, &block, &err), -1);
	assert_int_equal(err.status, STATUS_INTERNAL);
	memset(&err, 0, sizeof err);
	facts_close(facts);

	/*
	 * The newest snapshot replaces the older one; the last day employed still counts; hired later: known, not
	 * active.
	 */
	facts = open_facts("2026-06-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 0, &block, &err));
	assert_string_equal(name_of(facts, &block, "007"), "甲甲");
	assert_true(block.known[0] && block.active[0] && !block.known[1] && block.known[2] && !block.active[2]);
	facts_close(facts);
	facts = open_facts("2026-09-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 0, &block, &err));
	assert_true(!block.active[0] && block.active[2]);
	facts_close(facts);
	/* The same period at its horizon gives what it gave. */
	facts = open_facts("2026-09-30", first);
	OK(facts_block_load(facts, store, 0, 0, &block, &err));
	assert_string_equal(name_of(facts, &block, "007"), "甲");
	facts_close(facts);
	facts_block_release(&block);
}

static void test_files_of_a_snapshot(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;

	(void)state;
	/* Two files of one snapshot count together; one given again replaces its older self, rows left out included. */
	PUT(FEED_EMPLOYEE, "north.csv", "2026-06-30", true, PERSON("1", "a", "2020-01-01"), PERSON("2", "b",
		"2020-01-01"));
	PUT(FEED_EMPLOYEE, "south.csv", "2026-06-30", true, PERSON("3", "c", "2020-01-01"));
	PUT(FEED_EMPLOYEE, "north.csv", "2026-06-30", true, PERSON("1", "a2", "2020-01-01"));
	facts = open_facts("2026-06-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 0, &block, &err));
	assert_string_equal(name_of(facts, &block, "1"), "a2");
	assert_null(name_of(facts, &block, "2"));
	assert_string_equal(name_of(facts, &block, "3"), "c");
	facts_close(facts);
	facts_block_release(&block);
}

static void test_full_without_snapshot(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;

	(void)state;
	PUT(FEED_EMPLOYEE, "a.csv", NULL, true, PERSON("1", "a", "2020-01-01"));
	PUT(FEED_EMPLOYEE, "b.csv", NULL, true, PERSON("2", "b", "2020-01-01"));
	facts = open_facts("2001-06-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 0, &block, &err));
	assert_string_equal(name_of(facts, &block, "1"), "a");
	assert_string_equal(name_of(facts, &block, "2"), "b");
	facts_close(facts);
	/* A declared snapshot is newer than any without a date. */
	PUT(FEED_EMPLOYEE, "c.csv", "2026-01-01", true, PERSON("2", "bb", "2020-01-01"));
	facts = open_facts("2026-06-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 0, &block, &err));
	assert_null(name_of(facts, &block, "1"));
	assert_string_equal(name_of(facts, &block, "2"), "bb");
	facts_close(facts);
	facts_block_release(&block);
}

static void put_people(void)
{
	PUT(FEED_EMPLOYEE, "hr.csv", NULL, true, PERSON("1", "a", "2020-01-01"), PERSON("2", "b", "2020-01-01"),
		PERSON("3", "c", "2020-01-01"));
	PUT(FEED_COURSE, "courses.csv", NULL, true, COURSE("C1"), COURSE("C2"), COURSE("C3"));
}

static void test_deltas(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;
	uint64_t line;

	(void)state;
	put_people();
	PUT(FEED_COMPLETION, "w1.csv", "2026-01-07", false,
		DONE("2", "C2", "2026-01-05", 7000), DONE("1", "C2", "2026-01-06", 6000), DONE("1", "C1", "2026-01-05",
			5000),
		DONE("1", "C1", "2026-01-03", 4000));
	PUT(FEED_COMPLETION, "w2.csv", "2026-01-14", false,
		DONE("1", "C1", "2026-01-05", 5500), DONE("1", "C1", "2026-01-12", 9000), DONE("3", "C3", "2026-01-12",
			8000));
	/* A correction of an older week that arrived later does not win over the newer one. */
	int64_t third = PUT(FEED_COMPLETION, "w1b.csv", "2026-01-08", false, DONE("1", "C1", "2026-01-05", 1),
		DONE("1", "C1", "2026-01-03", 4100));
	PUT(FEED_COMPLETION, "w3.csv", "2026-01-21", false,
		{{T(COMPLETION_EMPLOYEE_ID, "2"), T(COMPLETION_COURSE_ID, "C2"), D(COMPLETION_COMPLETED_ON,
			"2026-01-05")}, true});

	facts = open_facts("2026-01-31", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "1", COMPLETION_SCORE), "4100 5500 9000 6000");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "2", COMPLETION_SCORE), "");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "3", COMPLETION_SCORE), "8000");
	assert_string_equal(facts_source(facts, &block.lists[FEED_COMPLETION].frame, 0, &line), "w1b.csv");
	assert_int_equal(line, 3);
	assert_null(frame_column(&block.lists[FEED_COMPLETION].frame, STORE_TOMBSTONE_ID));
	assert_int_equal(block.lists[FEED_COMPLETION].offset[STORE_BLOCK], block.lists[FEED_COMPLETION].frame.count);
	assert_null(block.lists[FEED_HONOUR].offset);
	facts_close(facts);

	/* A week earlier nothing of the later weeks is seen: neither the correction nor the deletion. */
	facts = open_facts("2026-01-07", third);
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "1", COMPLETION_SCORE), "4000 5000 6000");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "2", COMPLETION_SCORE), "7000");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "3", COMPLETION_SCORE), "");
	facts_close(facts);
	facts_block_release(&block);
}

static void test_files_given_again(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;

	(void)state;
	put_people();
	/* A delta that names its day restates it: what the new file leaves out is gone. */
	int64_t first = PUT(FEED_COMPLETION, "day.csv", "2026-01-07", false, DONE("1", "C1", "2026-01-05", 1),
		DONE("1", "C2", "2026-01-05", 2));
	PUT(FEED_COMPLETION, "day.csv", "2026-01-07", false, DONE("1", "C1", "2026-01-05", 3));
	/* One without a day is overwritten every week: each is a further delta. */
	PUT(FEED_COMPLETION, "week.csv", NULL, false, DONE("2", "C1", "2026-01-05", 4), DONE("2", "C2", "2026-01-05", 5));
	PUT(FEED_COMPLETION, "week.csv", NULL, false, DONE("2", "C1", "2026-01-05", 6), DONE("2", "C3", "2026-01-05", 7));
	facts = open_facts("2026-06-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "1", COMPLETION_SCORE), "3");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "2", COMPLETION_SCORE), "6 5 7");
	facts_close(facts);
	facts = open_facts("2026-06-30", first);
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "1", COMPLETION_SCORE), "1 2");
	facts_close(facts);
	facts_block_release(&block);
}

static void test_order_and_open_rows(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;

	(void)state;
	put_people();
	PUT(FEED_COMPLETION, "lms.csv", NULL, false,
		DONE_WITH("1", "C1", "2026-01-05", 3, N(COMPLETION_ATTEMPT, 2)),
		DONE_WITH("1", "C1", "2026-01-05", 2, N(COMPLETION_ATTEMPT, 1)),
		DONE("1", "C1", "2026-01-05", 1),
		/* same day, two phases: two tests, in the order of the file */
		DONE_WITH("2", "C1", "2026-01-05", 20, N(COMPLETION_PHASE, 1)),
		DONE_WITH("2", "C1", "2026-01-05", 10, N(COMPLETION_PHASE, 0)),
		/*
		 * not completed: the key has no date, so the newer enrolment replaces the older; sorted in by its date
		 */
		{{T(COMPLETION_EMPLOYEE_ID, "3"), T(COMPLETION_COURSE_ID, "C1"), D(COMPLETION_ENROLLED_ON,
			"2026-01-20"),
		  N(COMPLETION_SCORE, 1)}, false},
		{{T(COMPLETION_EMPLOYEE_ID, "3"), T(COMPLETION_COURSE_ID, "C1"), D(COMPLETION_ENROLLED_ON,
			"2026-01-10"),
		  N(COMPLETION_SCORE, 2)}, false},
		DONE("3", "C1", "2026-01-05", 3), DONE("3", "C1", "2026-01-15", 4));
	facts = open_facts("2026-01-31", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "1", COMPLETION_SCORE), "1 2 3");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "2", COMPLETION_SCORE), "20 10");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "3", COMPLETION_SCORE), "3 2 4");
	facts_close(facts);
	facts_block_release(&block);
}

static void test_cut(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;
	struct frame frame;

	(void)state;
	put_people();
	PUT(FEED_COMPLETION, "lms.csv", NULL, false, DONE("1", "C1", "2026-06-30", 1), DONE("1", "C1", "2026-07-01", 2),
		{{T(COMPLETION_EMPLOYEE_ID, "1"), T(COMPLETION_COURSE_ID, "C2"), D(COMPLETION_ENROLLED_ON,
			"2026-06-01"),
		  D(COMPLETION_COMPLETED_ON, "2026-07-02"), N(COMPLETION_SCORE, 3)}, false},
		{{T(COMPLETION_EMPLOYEE_ID, "1"), T(COMPLETION_COURSE_ID, "C3"), D(COMPLETION_ENROLLED_ON,
			"2026-07-02"),
		  N(COMPLETION_SCORE, 4)}, false});
	PUT(FEED_HONOUR, "honours.csv", NULL, true,
		{{T(HONOUR_EMPLOYEE_ID, "1"), T(HONOUR_TITLE, "服务之星"), D(HONOUR_AWARDED_ON, "2026-06-30")}, false},
		{{T(HONOUR_EMPLOYEE_ID, "1"), T(HONOUR_TITLE, "先进个人"), D(HONOUR_AWARDED_ON, "2025-06-30")}, false},
		{{T(HONOUR_EMPLOYEE_ID, "1"), T(HONOUR_TITLE, "明年"), D(HONOUR_AWARDED_ON, "2027-06-30")}, false});
	PUT(FEED_PERFORMANCE, "qa.csv", NULL, true,
		{{T(PERFORMANCE_EMPLOYEE_ID, "1"), T(PERFORMANCE_KIND, "qa"), D(PERFORMANCE_PERIOD, "2026-06-30"),
		  N(PERFORMANCE_VALUE, 1)}, false},
		{{T(PERFORMANCE_EMPLOYEE_ID, "1"), T(PERFORMANCE_KIND, "qa"), D(PERFORMANCE_PERIOD, "2026-09-30"),
		  N(PERFORMANCE_VALUE, 2)}, false});
	PUT(FEED_SUGGESTION, "ideas.csv", NULL, true,
		{{T(SUGGESTION_EMPLOYEE_ID, "1"), D(SUGGESTION_SUBMITTED_ON, "2026-06-01"), N(SUGGESTION_ADOPTED, 1),
		  D(SUGGESTION_ADOPTED_ON, "2026-07-01")}, false});
	PUT(FEED_VACANCY, "jobs.csv", NULL, true,
		{{T(VACANCY_VACANCY_ID, "V2"), T(VACANCY_POSITION, "P"), D(VACANCY_OPENED_ON, "2026-06-30")}, false},
		{{T(VACANCY_VACANCY_ID, "V1"), T(VACANCY_POSITION, "P"), D(VACANCY_OPENED_ON, "2026-06-30")}, false},
		{{T(VACANCY_VACANCY_ID, "V3"), T(VACANCY_POSITION, "P"), D(VACANCY_OPENED_ON, "2026-07-30")}, false});
	PUT(FEED_TRAINING_PLAN, "plan.csv", NULL, true,
		{{T(TRAINING_PLAN_PLAN_ID, "1"), T(TRAINING_PLAN_COURSE_ID, "C1"),
		  D(TRAINING_PLAN_PLANNED_ON, "2027-06-30")}, false},
		{{T(TRAINING_PLAN_PLAN_ID, "2"), T(TRAINING_PLAN_COURSE_ID, "C9"),
		  D(TRAINING_PLAN_PLANNED_ON, "2026-06-30")}, false});

	facts = open_facts("2026-06-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, UINT32_MAX, &block, &err));
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "1", COMPLETION_SCORE), "1");
	assert_string_equal(values(facts, &block, FEED_PERFORMANCE, "1", PERFORMANCE_VALUE), "1");
	/* sorted by their key: the title by its bytes, then the date */
	assert_string_equal(values(facts, &block, FEED_HONOUR, "1", HONOUR_TITLE), "先进个人 服务之星");
	assert_string_equal(values(facts, &block, FEED_HONOUR, "2", HONOUR_TITLE), "");
	const struct frame *ideas = &block.lists[FEED_SUGGESTION].frame;
	assert_int_equal(ideas->count, 1);
	assert_int_equal(frame_column(ideas, SUGGESTION_ADOPTED_ON)->i32[0], DATE_NONE);
	assert_true(frame_column(ideas, SUGGESTION_ADOPTED)->u32[0] == FRAME_NONE);
	OK(facts_feed(facts, store, FEED_VACANCY, &arena, &frame, &err));
	assert_int_equal(frame.count, 2);
	assert_string_equal(frame_text(&frame, frame_column(&frame, VACANCY_VACANCY_ID), 0), "V1");
	assert_string_equal(frame_text(&frame, frame_column(&frame, VACANCY_VACANCY_ID), 1), "V2");
	OK(facts_feed(facts, store, FEED_TRAINING_PLAN, &arena, &frame, &err));
	assert_int_equal(frame.count, 1);
	OK(facts_feed(facts, store, FEED_Q_SORT, &arena, &frame, &err));
	assert_int_equal(frame.count, 0);
	assert_int_equal(facts_feed(facts, store, FEED_COMPLETION, &arena, &frame, &err), -1);
	memset(&err, 0, sizeof err);
	facts_close(facts);
	facts_block_release(&block);
}

static const struct finding *finding_at(const struct findings *findings, enum finding_id id, const char *text)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->at[i].id == id && findings->at[i].text != NULL && strcmp(findings->at[i].text, text) == 0)
			return &findings->at[i];
	fail_msg("no finding %s about '%s'", finding_name(id), text);
	return NULL;
}

static void test_check(void **state)
{
	struct findings findings = {0};
	struct facts_block block = {0};
	const struct finding *finding;
	struct facts *facts;

	(void)state;
	PUT(FEED_ORG_UNIT, "orgs.csv", NULL, true,
		{{T(ORG_UNIT_ORG_ID, "O1"), T(ORG_UNIT_NAME, "中心")}, false},
		{{T(ORG_UNIT_ORG_ID, "O2"), T(ORG_UNIT_NAME, "一部"), T(ORG_UNIT_PARENT_ID, "O7")}, false});
	PUT(FEED_COURSE, "courses.csv", NULL, true, COURSE("C1"));
	PUT(FEED_EMPLOYEE, "hr.csv", NULL, true,
		PERSON_WITH("1", "a", "2020-01-01", T(EMPLOYEE_MANAGER_ID, "2"), T(EMPLOYEE_ORG_UNIT, "O1")),
		PERSON_WITH("2", "b", "2020-01-01", T(EMPLOYEE_MANAGER_ID, "3"), T(EMPLOYEE_ORG_UNIT, "O9")),
		PERSON_WITH("3", "c", "2020-01-01", T(EMPLOYEE_MANAGER_ID, "2"), T(EMPLOYEE_POSITION, "P1")),
		PERSON_WITH("4", "d", "2026-12-01", T(EMPLOYEE_MANAGER_ID, "1")),
		PERSON_WITH("5", "e", "2020-01-01", T(EMPLOYEE_MANAGER_ID, "77"), D(EMPLOYEE_LEAVE_DATE,
			"2019-12-31")));
	PUT(FEED_COMPLETION, "lms.csv", NULL, false, DONE("1", "C1", "2026-01-01", 1), DONE("1", "C8", "2026-01-02", 2),
		DONE("6", "C1", "2026-01-03", 3), DONE("6", "C8", "2026-01-04", 4), DONE("1", "C6", "2027-01-01", 5),
		{{T(COMPLETION_EMPLOYEE_ID, "6"), T(COMPLETION_COURSE_ID, "C7"), D(COMPLETION_COMPLETED_ON,
			"2026-01-05")}, true});

	facts = open_facts("2026-06-30", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	assert_int_equal(block.lists[FEED_COMPLETION].frame.count, 1);
	OK(facts_check(facts, store, &findings, &err));
	assert_int_equal(findings.total[FINDING_UNKNOWN_COURSE], 1);
	finding = finding_at(&findings, FINDING_UNKNOWN_COURSE, "C8");
	assert_string_equal(finding->feed, "completion");
	assert_string_equal(finding->file, "lms.csv");
	assert_string_equal(finding->column, "course_id");
	assert_int_equal(finding->row, 3);
	assert_int_equal(findings.total[FINDING_UNKNOWN_EMPLOYEE], 2);
	finding = finding_at(&findings, FINDING_UNKNOWN_EMPLOYEE, "6");
	assert_int_equal(finding->row, 4);
	assert_string_equal(finding->column, "employee_id");
	assert_int_equal(findings.total[FINDING_UNKNOWN_ORG], 2);
	finding = finding_at(&findings, FINDING_UNKNOWN_ORG, "O9");
	assert_string_equal(finding->file, "hr.csv");
	assert_int_equal(finding->row, 3);
	assert_string_equal(finding_at(&findings, FINDING_UNKNOWN_ORG, "O7")->column, "parent_id");
	/* No list of positions was ever given: nothing is told about them. */
	assert_int_equal(findings.total[FINDING_UNKNOWN_POSITION], 0);
	assert_int_equal(findings.total[FINDING_MANAGER_CYCLE], 1);
	finding = finding_at(&findings, FINDING_MANAGER_CYCLE, "3");
	assert_string_equal(finding->detail, "2 → 3 → 2");
	assert_int_equal(finding->row, 3);
	assert_int_equal(findings.total[FINDING_UNKNOWN_REFERENCE], 1);
	assert_string_equal(finding_at(&findings, FINDING_UNKNOWN_REFERENCE, "77")->column, "manager_id");
	assert_int_equal(findings.total[FINDING_IMPOSSIBLE_DATE], 1);
	finding = finding_at(&findings, FINDING_IMPOSSIBLE_DATE, "2019-12-31");
	assert_string_equal(finding->column, "leave_date");
	assert_string_equal(finding->detail, "hire_date 2020-01-01");
	assert_int_equal(findings.total[FINDING_FUTURE_HIRE], 1);
	assert_int_equal(finding_at(&findings, FINDING_FUTURE_HIRE, "2026-12-01")->row, 5);
	findings_release(&findings);
	facts_close(facts);
	facts_block_release(&block);
}

static void test_dimensions(void **state)
{
	struct facts *facts;

	(void)state;
	PUT(FEED_ORG_UNIT, "orgs.csv", NULL, true,
		{{T(ORG_UNIT_ORG_ID, "R"), T(ORG_UNIT_NAME, "总公司")}, false},
		{{T(ORG_UNIT_ORG_ID, "A"), T(ORG_UNIT_NAME, "服务一部"), T(ORG_UNIT_PARENT_ID, "R")}, false},
		{{T(ORG_UNIT_ORG_ID, "A3"), T(ORG_UNIT_NAME, "三组"), T(ORG_UNIT_PARENT_ID, "A")}, false},
		{{T(ORG_UNIT_ORG_ID, "X"), T(ORG_UNIT_NAME, "甲"), T(ORG_UNIT_PARENT_ID, "Y")}, false},
		{{T(ORG_UNIT_ORG_ID, "Y"), T(ORG_UNIT_NAME, "乙"), T(ORG_UNIT_PARENT_ID, "X")}, false},
		{{T(ORG_UNIT_ORG_ID, "Z"), T(ORG_UNIT_NAME, "丁"), T(ORG_UNIT_PARENT_ID, "gone")}, false});
	PUT(FEED_COURSE, "courses.csv", "2026-01-01", true, COURSE("C1"), COURSE("C2"));
	PUT(FEED_COURSE, "courses2.csv", "2026-02-01", true, COURSE("C2"), COURSE("C3"));
	facts = open_facts("2026-06-30", INT64_MAX);
#define PATH(id) facts_org_path(facts, facts_find(facts, KEY_DIM_ORG, id), &arena)
	assert_string_equal(PATH("A3"), "服务一部 / 三组");
	assert_string_equal(PATH("A"), "服务一部");
	assert_string_equal(PATH("R"), "总公司");
	assert_string_equal(PATH("Z"), "gone / 丁");
	assert_string_equal(PATH("X"), "乙 / 甲");
	assert_string_equal(facts_org_path(facts, FRAME_NONE, &arena), "");
	assert_string_equal(facts_org_name(facts, facts_find(facts, KEY_DIM_ORG, "A3")), "三组");
	assert_string_equal(facts_org_name(facts, facts_find(facts, KEY_DIM_ORG, "gone")), "gone");
	assert_string_equal(facts_org_name(facts, FRAME_NONE), "");
	const struct facts_table *courses = facts_courses(facts);
	assert_int_equal(courses->frame.count, 3);
	assert_false(courses->known[facts_find(facts, KEY_DIM_COURSE, "C1")]);
	assert_true(courses->known[facts_find(facts, KEY_DIM_COURSE, "C3")]);
	assert_string_equal(facts_course_title(facts, facts_find(facts, KEY_DIM_COURSE, "C3")), "课C3");
	assert_string_equal(facts_course_title(facts, facts_find(facts, KEY_DIM_COURSE, "C1")), "C1");
	assert_true(facts_find(facts, KEY_DIM_COURSE, "C4") == FRAME_NONE);
	assert_null(frame_column(&facts_positions(facts)->frame, POSITION_TITLE));
	facts_close(facts);

	/* Two units without a parent: no root is left out. */
	PUT(FEED_ORG_UNIT, "orgs2.csv", NULL, true, {{T(ORG_UNIT_ORG_ID, "B"), T(ORG_UNIT_NAME, "分公司")}, false});
	facts = open_facts("2026-06-30", INT64_MAX);
	assert_string_equal(PATH("A3"), "总公司 / 服务一部 / 三组");
	facts_close(facts);
}

/* The order of loading does not matter where snapshots say which is newer; facts outlive the store they came from. */
static void test_any_order(void **state)
{
	struct facts_block block = {0};
	struct facts *facts;

	(void)state;
	put_people();
	PUT(FEED_COMPLETION, "b.csv", "2026-02-01", false, DONE("1", "C1", "2026-01-05", 2), DONE("2", "C1",
		"2026-01-05", 2));
	PUT(FEED_COMPLETION, "a.csv", "2026-01-01", false, DONE("1", "C1", "2026-01-05", 1), DONE("1", "C1",
		"2026-01-04", 1));
	facts = open_facts("2026-06-30", INT64_MAX);
	struct store *reader = store_open(path, STORE_READ, &err);
	assert_non_null(reader);
	OK(store_close(store, &err));
	store = reader;
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "1", COMPLETION_SCORE), "1 2");
	assert_string_equal(values(facts, &block, FEED_COMPLETION, "2", COMPLETION_SCORE), "2");
	facts_close(facts);
	facts_block_release(&block);
}

/* Many rows, against the plainest of sorts and merges. */
static void test_many_rows(void **state)
{
	enum { ROWS = 30000, COURSES = 7, DAYS = 40 };
	static int64_t expected[3][COURSES][DAYS][3];
	struct facts_block block = {0};
	struct facts *facts;
	char id[16];
	uint32_t seed = 7, total = 0;

	(void)state;
	put_people();
	for (int c = 4; c <= COURSES; c++) {
		snprintf(id, sizeof id, "C%d", c);
		put_batch(FEED_COURSE, id, NULL, true, &(struct row){{T(COURSE_COURSE_ID, id), T(COURSE_TITLE, id)},
			false}, 1);
	}
	struct row *rows = calloc(ROWS, sizeof *rows);
	static const char *const people[] = {"1", "2", "3"}, *const courses[] = {"C1", "C2", "C3", "C4", "C5", "C6",
		"C7"};
	for (int batch = 0; batch < 3; batch++) {
		for (int i = 0; i < ROWS / 30; i++) {
			uint32_t p, c, d, a;
			seed = seed * 1664525 + 1013904223;
			p = seed >> 10 & 0xFFFF;
			c = p / 3 % COURSES, d = p / 21 % DAYS, a = p / 840 % 3, p %= 3;
			int64_t score = batch * ROWS + i;
			rows[i] = (struct row){{T(COMPLETION_EMPLOYEE_ID, people[p]), T(COMPLETION_COURSE_ID,
				courses[c]),
				N(COMPLETION_COMPLETED_ON, 20000 + (int)d), N(COMPLETION_ATTEMPT, a),
					N(COMPLETION_SCORE, score + 1)}, false};
			expected[p][c][d][a] = score + 1;
		}
		snprintf(id, sizeof id, "%d.csv", batch);
		put_batch(FEED_COMPLETION, id, NULL, false, rows, ROWS / 30);
	}
	facts = open_facts("2030-01-01", INT64_MAX);
	OK(facts_block_load(facts, store, 0, 1u << FEED_COMPLETION, &block, &err));
	const struct facts_list *list = &block.lists[FEED_COMPLETION];
	const struct frame_column *score = frame_column(&list->frame, COMPLETION_SCORE);
	for (uint32_t p = 0; p < 3; p++) {
		uint32_t at = list->offset[p];
		for (int c = 0; c < COURSES; c++)
			for (int d = 0; d < DAYS; d++)
				for (int a = 0; a < 3; a++)
					if (expected[p][c][d][a] != 0) {
						assert_int_equal(score->i64[at], expected[p][c][d][a]);
						at++;
						total++;
					}
		assert_int_equal(at, list->offset[p + 1]);
	}
	assert_int_equal(total, list->frame.count);
	assert_true(total > 1000);
	free(rows);
	facts_close(facts);
	facts_block_release(&block);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_two_snapshots), TEST(test_files_of_a_snapshot), TEST(test_full_without_snapshot),
			TEST(test_deltas), TEST(test_files_given_again),
		TEST(test_order_and_open_rows), TEST(test_cut), TEST(test_check), TEST(test_dimensions),
			TEST(test_any_order),
		TEST(test_many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
