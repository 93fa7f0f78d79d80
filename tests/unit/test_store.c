/*
 * test_store.c - the store: what is put comes back, also after reopening and in other processes; failures by status.
 */
#include "base/arena.h"
#include "base/fs.h"
#include "base/mem.h"
#include "store/store.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[96];
static struct arena arena;

static int set_up(void **state)
{
	(void)state;
	strncpy(folder, "/tmp/pandian-test-XXXXXX", sizeof folder - 1);
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/pandian.db", folder);
	return 0;
}

static int tear_down(void **state)
{
	struct err err = {0};

	(void)state;
	arena_release(&arena);
	return fs_remove_tree(folder, &err);
}

static struct store *open_ok(enum store_mode mode)
{
	struct err err = {0};
	struct store *store = store_open(path, mode, &err);

	if (store == NULL)
		fail_msg("%s", err.text);
	return store;
}

static void close_ok(struct store *store)
{
	struct err err = {0};

	if (store_close(store, &err) != 0)
		fail_msg("%s", err.text);
}

#define OK(call) \
	do { \
		if ((call) != 0) \
			fail_msg("%s: %s", #call, err.text); \
	} while (0)

static struct frame small_frame(int64_t first)
{
	static const struct frame_column like[] = {
		{.id = STORE_ROW_ID, .type = FRAME_U32}, {.id = COMPLETION_SCORE, .type = FRAME_I64, .scale = 2},
	};
	struct frame frame;

	frame_init(&frame, 3, like, 2, &arena);
	for (uint32_t i = 0; i < 3; i++) {
		frame.columns[0].u32[i] = i + 2;
		frame.columns[1].i64[i] = first + i;
	}
	return frame;
}

static struct store_batch some_batch(const char *file)
{
	struct store_batch batch = {.feed = FEED_COMPLETION, .source = "mappings/lms.xml", .file = file, .full = false,
		.snapshot = 20000, .encoding = "GB18030", .choices = "{\"delimiter\":\",\"}",
		.bytes = 1000, .rows = 10, .kept = 7, .rejected = 2, .merged = 1};

	memset(batch.sha256, 'a', 64);
	memset(batch.mapping, 'b', 64);
	return batch;
}

static void test_batches(void **state)
{
	struct store *store = open_ok(STORE_WRITE);
	struct store_batch one = some_batch("inputs/一月.csv"), two = some_batch("inputs/b.csv"), *at;
	struct stat status;
	size_t count;
	struct err err = {0};

	(void)state;
	two.snapshot = DATE_NONE;
	two.full = true;
	two.source = NULL;
	two.choices = NULL;
	OK(store_begin(store, &err));
	OK(store_batch_add(store, &one, &err));
	OK(store_batch_add(store, &two, &err));
	assert_true(two.id > one.id);
	one.kept = 6;
	one.rejected = 3;
	OK(store_batch_update(store, &one, &err));
	OK(store_commit(store, &err));
	/* A batch rolled back leaves nothing; its number may come again. */
	OK(store_begin(store, &err));
	struct store_batch three = some_batch("inputs/c.csv");
	OK(store_batch_add(store, &three, &err));
	store_rollback(store);
	three.id = 999;
	assert_int_equal(store_batch_update(store, &three, &err), -1);
	assert_int_equal(err.status, STATUS_INTERNAL);
	close_ok(store);

	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	char log[128];
	snprintf(log, sizeof log, "%s-wal", path);
	assert_false(fs_exists(log));

	store = open_ok(STORE_READ);
	OK(store_batches(store, &arena, &at, &count, &err));
	assert_int_equal(count, 2);
	assert_int_equal(at[0].id, one.id);
	assert_int_equal(at[0].feed, FEED_COMPLETION);
	assert_string_equal(at[0].source, "mappings/lms.xml");
	assert_string_equal(at[0].file, "inputs/一月.csv");
	assert_string_equal(at[0].sha256, one.sha256);
	assert_string_equal(at[0].mapping, one.mapping);
	assert_false(at[0].full);
	assert_int_equal(at[0].snapshot, 20000);
	assert_string_equal(at[0].encoding, "GB18030");
	assert_string_equal(at[0].choices, "{\"delimiter\":\",\"}");
	assert_int_equal(at[0].bytes, 1000);
	assert_int_equal(at[0].rows, 10);
	assert_int_equal(at[0].kept, 6);
	assert_int_equal(at[0].rejected, 3);
	assert_int_equal(at[0].merged, 1);
	assert_true(at[1].full);
	assert_int_equal(at[1].snapshot, DATE_NONE);
	assert_null(at[1].choices);
	close_ok(store);
}

static void test_keys(void **state)
{
	struct store *store = open_ok(STORE_WRITE);
	struct err err = {0};
	struct map *employees = store_keys(store, KEY_DIM_EMPLOYEE, &err), *courses = store_keys(store, KEY_DIM_COURSE,
		&err);
	char id[32];

	(void)state;
	assert_non_null(employees);
	OK(store_begin(store, &err));
	map_add(courses, "C'1; DROP TABLE run", 19);
	for (int i = 0; i < 9000; i++)
		map_add(employees, id, (size_t)snprintf(id, sizeof id, "%05d", i));
	OK(store_keys_save(store, &err));
	OK(store_commit(store, &err));
	/* Added, saved, rolled back, saved again: nothing is lost. */
	OK(store_begin(store, &err));
	assert_int_equal(map_add(employees, "late", 4), 9000);
	OK(store_keys_save(store, &err));
	store_rollback(store);
	OK(store_begin(store, &err));
	assert_int_equal(map_add(employees, "later", 5), 9001);
	OK(store_keys_save(store, &err));
	OK(store_commit(store, &err));
	const struct map *shared = store_keys_share(store, KEY_DIM_EMPLOYEE, &err);
	close_ok(store);
	assert_string_equal(map_text(shared, 8999), "08999");
	store_keys_drop(shared);
	store_keys_drop(NULL);

	store = open_ok(STORE_READ);
	employees = store_keys(store, KEY_DIM_EMPLOYEE, &err);
	assert_int_equal(employees->count, 9002);
	assert_string_equal(map_text(employees, 0), "00000");
	assert_string_equal(map_text(employees, 4096), "04096");
	assert_int_equal(map_find(employees, "08999", 5), 8999);
	assert_int_equal(map_find(employees, "late", 4), 9000);
	assert_int_equal(map_find(employees, "later", 5), 9001);
	courses = store_keys(store, KEY_DIM_COURSE, &err);
	assert_int_equal(courses->count, 1);
	assert_string_equal(map_text(courses, 0), "C'1; DROP TABLE run");
	assert_int_equal(store_keys(store, KEY_DIM_TRAINER, &err)->count, 0);
	close_ok(store);
}

static void test_segments(void **state)
{
	struct store *store = open_ok(STORE_WRITE);
	struct frame frame = small_frame(9000), back;
	struct str bytes = {0};
	const uint32_t want[] = {COMPLETION_SCORE};
	struct err err = {0};
	bool found;

	(void)state;
	frame_encode(&frame, &bytes);
	OK(store_begin(store, &err));
	OK(store_segment_put(store, FEED_COMPLETION, 1, 0, &frame, &err));
	frame = small_frame(500);
	OK(store_segment_put(store, FEED_COMPLETION, 1, 7, &frame, &err));
	OK(store_segment_put_bytes(store, FEED_HONOUR, 1, 7, &bytes, &err));
	OK(store_commit(store, &err));
	close_ok(store);

	store = open_ok(STORE_READ);
	OK(store_segment_get(store, FEED_COMPLETION, 1, 7, NULL, 0, &arena, &back, &found, &err));
	assert_true(found);
	assert_int_equal(back.count, 3);
	assert_int_equal(back.column_count, 2);
	assert_int_equal(frame_column(&back, COMPLETION_SCORE)->i64[2], 502);
	assert_int_equal(frame_column(&back, STORE_ROW_ID)->u32[2], 4);
	OK(store_segment_get(store, FEED_HONOUR, 1, 7, want, 1, &arena, &back, &found, &err));
	assert_true(found);
	assert_int_equal(back.column_count, 1);
	assert_int_equal(frame_column(&back, COMPLETION_SCORE)->i64[0], 9000);
	OK(store_segment_get(store, FEED_COMPLETION, 2, 0, NULL, 0, &arena, &back, &found, &err));
	assert_false(found);
	assert_int_equal(back.count, 0);
	assert_null(frame_column(&back, COMPLETION_SCORE));
	OK(store_verify(store, &err));
	/* A reader's connection cannot write, and says so. */
	assert_int_equal(store_segment_put(store, FEED_COMPLETION, 9, 0, &frame, &err), -1);
	assert_int_equal(err.status, STATUS_PERMISSION);
	close_ok(store);
	str_release(&bytes);
}

static void test_findings(void **state)
{
	struct store *store = open_ok(STORE_WRITE);
	struct findings findings = {.limit = 3}, back = {.limit = 3}, rest = {0};
	struct store_reject rejects[] = {
		{.row = 12, .finding = FINDING_BAD_DATE, .column = "完成日期", .text = "2026-13-01",
			.record = "1,2026-13-01"},
		{.row = 3, .finding = FINDING_BAD_NUMBER, .column = NULL, .text = "'); DROP TABLE batch; --",
			.record = ""},
	}, *at;
	size_t count;
	struct err err = {0};

	(void)state;
	for (uint64_t row = 2; row < 12; row++)
		findings_add(&findings, &(struct finding){.id = FINDING_BAD_DATE, .feed = "completion", .file = "a.csv",
			.row = row, .column = "日期", .text = "x", .detail = "YYYY-MM-DD"});
	findings_add(&findings, &(struct finding){.id = FINDING_EMPTY_FILE, .file = "b.csv"});
	findings_add(&findings, &(struct finding){.id = FINDING_NOT_GRADED, .count = 17});
	OK(store_begin(store, &err));
	OK(store_findings_put(store, 4, 0, &findings, &err));
	OK(store_rejects_put(store, 4, rejects, 2, &err));
	OK(store_commit(store, &err));
	OK(store_findings_get(store, 4, 0, &back, &err));
	assert_int_equal(back.count, findings.count);
	assert_int_equal(back.count, 5);
	for (size_t i = 0; i < FINDING_COUNT; i++)
		assert_int_equal(back.total[i], findings.total[i]);
	assert_int_equal(back.total[FINDING_BAD_DATE], 10);
	assert_int_equal(back.total[FINDING_NOT_GRADED], 17);
	assert_string_equal(back.at[0].column, "日期");
	assert_int_equal(back.at[0].row, 2);
	assert_string_equal(back.at[0].detail, "YYYY-MM-DD");
	assert_null(back.at[3].column);
	OK(store_findings_get(store, 4, 1, &rest, &err));
	OK(store_findings_get(store, 5, 0, &rest, &err));
	assert_int_equal(rest.count, 0);
	OK(store_rejects_get(store, 4, &arena, &at, &count, &err));
	assert_int_equal(count, 2);
	assert_int_equal(at[0].row, 3);
	assert_int_equal(at[0].finding, FINDING_BAD_NUMBER);
	assert_null(at[0].column);
	assert_string_equal(at[0].text, "'); DROP TABLE batch; --");
	assert_string_equal(at[1].record, "1,2026-13-01");
	OK(store_rejects_get(store, 5, &arena, &at, &count, &err));
	assert_int_equal(count, 0);
	findings_release(&findings);
	findings_release(&back);
	findings_release(&rest);
	close_ok(store);
}

static int64_t add_run(struct store *store, const char *period, int32_t as_of, int revision, enum store_run_state state,
	char key)
{
	struct store_run run = {.as_of = as_of, .revision = revision, .state = STORE_RUN_STARTED, .details = "{}"};
	struct err err = {0};

	memset(run.key, key, 64);
	strncpy(run.period, period, sizeof run.period - 1);
	OK(store_run_add(store, &run, &err));
	run.state = state;
	run.details = "{\"people\":3}";
	OK(store_run_set(store, &run, &err));
	return run.id;
}

static void test_runs(void **state)
{
	struct store *store = open_ok(STORE_WRITE);
	struct store_run run, *at;
	struct frame frame = small_frame(1), back;
	char key[HASH_HEX] = {0};
	size_t count;
	int revision;
	bool found;
	struct err err = {0};

	(void)state;
	OK(store_run_next_revision(store, "2026Q1", &revision, &err));
	assert_int_equal(revision, 1);
	int64_t q1 = add_run(store, "2026Q1", 20543, 1, STORE_RUN_PUBLISHED, 'a');
	int64_t q2 = add_run(store, "2026Q2", 20634, 1, STORE_RUN_PUBLISHED, 'b');
	int64_t q1again = add_run(store, "2026Q1", 20543, 2, STORE_RUN_PUBLISHED, 'c');
	int64_t failed = add_run(store, "2026Q3", 20726, 1, STORE_RUN_FAILED, 'd');
	add_run(store, "2026Q2", 20634, 0, STORE_RUN_PUBLISHED, 'e');   /* partial */
	add_run(store, "2026Q3", 20726, 0, STORE_RUN_STARTED, 'f');

	OK(store_runs_published(store, DATE_NONE, &arena, &at, &count, &err));
	assert_int_equal(count, 2);
	assert_int_equal(at[0].id, q2);
	assert_int_equal(at[1].id, q1again);
	assert_int_equal(at[1].revision, 2);
	OK(store_runs_published(store, 20634, &arena, &at, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(at[0].id, q1again);
	OK(store_runs(store, STORE_RUN_FAILED, &arena, &at, &count, &err));
	assert_int_equal(count, 1);
	assert_int_equal(at[0].id, failed);
	OK(store_run_next_revision(store, "2026Q1", &revision, &err));
	assert_int_equal(revision, 3);
	OK(store_run_next_revision(store, "2026Q3", &revision, &err));
	assert_int_equal(revision, 1);
	memset(key, 'a', 64);
	OK(store_run_find(store, key, STORE_RUN_PUBLISHED, &arena, &run, &found, &err));
	assert_true(found);
	assert_int_equal(run.id, q1);
	assert_string_equal(run.period, "2026Q1");
	assert_string_equal(run.details, "{\"people\":3}");
	assert_int_equal(run.state, STORE_RUN_PUBLISHED);
	OK(store_run_find(store, key, STORE_RUN_FAILED, &arena, &run, &found, &err));
	assert_false(found);

	OK(store_result_put(store, q1, 0, 2, &frame, &err));
	OK(store_result_put(store, q2, 0, 2, &frame, &err));
	OK(store_result_get(store, q1, 0, 2, NULL, 0, &arena, &back, &found, &err));
	assert_true(found);
	assert_int_equal(back.count, 3);
	OK(store_run_drop_results(store, q1, &err));
	OK(store_result_get(store, q1, 0, 2, NULL, 0, &arena, &back, &found, &err));
	assert_false(found);
	OK(store_result_get(store, q2, 0, 2, NULL, 0, &arena, &back, &found, &err));
	assert_true(found);
	close_ok(store);
}

static void test_directory(void **state)
{
	struct store *store = open_ok(STORE_WRITE);
	struct result_column columns[] = {
		{.id = "credits.rolling", .type = RESULT_NUMBER, .scale = 2, .title = {"滚动学分", "Rolling credits"},
		 .unit = "credits", .rule = "credits", .role = "total", .member = ""},
		{.id = "star.scope", .type = RESULT_KEY, .dim = KEY_DIM_ORG, .title = {"范围", NULL}, .unit = "",
			.rule = "star",
		 .role = "", .member = "x\"y"},
	};
	struct result_table tables[] = {
		{.name = "people", .by_employee = true, .title = {"人员", "People"}, .columns = columns,
			.column_count = 2},
		{.name = "course", .title = {NULL, "Courses"}},
	};
	struct result_reason reasons[] = {{"too-new", RESULT_NOT_GRADED, {"入职不足", "too new"}}};
	struct result_member members[] = {{"credits", "category", "service", {"服务", "Service"},
		"{\"minimum\":\"12\"}"}};
	struct result_parameter parameters[] = {{"credits", "window", "P24M", "rules/rulebook.xml", 12, {NULL, NULL}}};
	struct result_directory directory = {
		.rulebook = "contact-centre", .version = "2026.3", .title = {"规则", "Rules"}, .tables = tables,
			.table_count = 2,
		.reasons = reasons, .reason_count = 1, .members = members, .member_count = 1,
		.parameters = parameters, .parameter_count = 1,
	}, back;
	uint32_t index;
	struct err err = {0};

	(void)state;
	OK(store_directory_put(store, 5, &directory, &err));
	OK(store_directory_get(store, 5, &arena, &back, &err));
	assert_string_equal(back.rulebook, "contact-centre");
	assert_string_equal(back.title.zh, "规则");
	assert_int_equal(back.table_count, 2);
	const struct result_table *people = result_table(&back, "people");
	assert_true(people->by_employee);
	assert_false(result_table(&back, "course")->by_employee);
	assert_null(result_table(&back, "courses"));
	assert_null(result_table(&back, "course")->title.zh);
	const struct result_column *column = result_column(people, "star.scope", &index);
	assert_int_equal(index, 1);
	assert_int_equal(column->type, RESULT_KEY);
	assert_int_equal(column->dim, KEY_DIM_ORG);
	assert_string_equal(column->member, "x\"y");
	assert_int_equal(result_column(people, "credits.rolling", &index)->scale, 2);
	assert_null(result_column(people, "star", NULL));
	assert_int_equal(back.reasons[0].state, RESULT_NOT_GRADED);
	assert_string_equal(back.members[0].values, "{\"minimum\":\"12\"}");
	assert_int_equal(back.parameters[0].line, 12);
	struct str once = {0}, twice = {0};
	result_directory_write(&directory, &once);
	result_directory_write(&back, &twice);
	assert_string_equal(once.text, twice.text);
	assert_int_equal(result_directory_read("{\"form\":1,", 10, &arena, &back, &err), -1);
	memset(&err, 0, sizeof err);
	assert_int_equal(result_directory_read("{}", 2, &arena, &back, &err), -1);
	assert_int_equal(err.status, STATUS_IO);
	memset(&err, 0, sizeof err);
	assert_int_equal(store_directory_get(store, 6, &arena, &back, &err), -1);
	assert_int_equal(err.status, STATUS_IO);
	str_release(&once);
	str_release(&twice);
	close_ok(store);
}

/* What a forked process saw: the number of batches, or 100 + status of the failure. */
static _Noreturn void child_batches(int wake)
{
	struct arena own = {0};
	struct err err = {0};
	struct store *store;
	struct store_batch *at;
	size_t count;
	char byte;

	if (read(wake, &byte, 1) != 1)
		_exit(99);
	store = store_open(path, STORE_READ, &err);
	if (store == NULL || store_batches(store, &own, &at, &count, &err) != 0 || store_close(store, &err) != 0)
		_exit(100 + err.status);
	arena_release(&own);
	_exit((int)count);
}

static int exit_of(pid_t child)
{
	int status = 0;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_child_reads_while_writer_writes(void **state)
{
	struct store_batch one = some_batch("a.csv"), two = some_batch("b.csv");
	struct frame frame = small_frame(3);
	int wake[2];
	struct err err = {0};
	pid_t child;

	(void)state;
	assert_int_equal(pipe(wake), 0);
	child = fork();
	if (child == 0)
		child_batches(wake[0]);
	struct store *store = open_ok(STORE_WRITE);
	OK(store_batch_add(store, &one, &err));
	OK(store_begin(store, &err));
	OK(store_batch_add(store, &two, &err));
	OK(store_segment_put(store, FEED_COMPLETION, two.id, 0, &frame, &err));
	assert_int_equal(write(wake[1], "x", 1), 1);
	assert_int_equal(exit_of(child), 1);   /* the committed one only */
	/* A second writer is told to try again; a process forked with the store open is refused. */
	child = fork();
	if (child == 0)
		child_batches(wake[0]);
	assert_int_equal(write(wake[1], "x", 1), 1);
	assert_int_equal(exit_of(child), 100 + STATUS_INTERNAL);
	OK(store_commit(store, &err));
	close_ok(store);
	/* Closed before fork: fine. */
	child = fork();
	if (child == 0)
		child_batches(wake[0]);
	assert_int_equal(write(wake[1], "x", 1), 1);
	assert_int_equal(exit_of(child), 2);
	close(wake[0]);
	close(wake[1]);
}

/* A child killed in the middle of a transaction leaves what was committed before, and a store that opens. */
static void test_killed_writer(void **state)
{
	struct store_batch *at;
	size_t count;
	struct err err = {0};
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		struct store_batch one = some_batch("a.csv"), two = some_batch("b.csv");
		struct store *store = store_open(path, STORE_WRITE, &err);

		if (store == NULL || store_batch_add(store, &one, &err) != 0 || store_begin(store, &err) != 0 ||
			store_batch_add(store, &two, &err) != 0)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(exit_of(child), 0);
	struct store *store = open_ok(STORE_WRITE);
	OK(store_batches(store, &arena, &at, &count, &err));
	assert_int_equal(count, 1);
	assert_string_equal(at[0].file, "a.csv");
	close_ok(store);
}

static void test_locked(void **state)
{
	struct store *one = open_ok(STORE_WRITE);
	struct err err = {0};

	(void)state;
	struct store *two = open_ok(STORE_WRITE);
	OK(store_begin(one, &err));
	assert_int_equal(store_begin(one, &err), -1);
	assert_int_equal(err.status, STATUS_INTERNAL);
	memset(&err, 0, sizeof err);
	assert_int_equal(store_begin(two, &err), -1);
	assert_int_equal(err.status, STATUS_AGAIN);
	assert_true(err.hint[0] != '\0');
	store_rollback(one);
	close_ok(two);
	close_ok(one);
}

static void expect_refused(enum store_mode mode, int status)
{
	struct err err = {0};
	struct store *store = store_open(path, mode, &err);

	assert_null(store);
	if (err.status != status)
		fail_msg("status %d instead of %d: %s", err.status, status, err.text);
	assert_true(strstr(err.text, "pandian.db") != NULL || strstr(err.text, "absent") != NULL);
}

static void overwrite(off_t at, const char *text, size_t length)
{
	int file = open(path, O_RDWR);

	assert_true(file >= 0);
	assert_int_equal(pwrite(file, text, length, at), (ssize_t)length);
	close(file);
}

static void test_damaged_files(void **state)
{
	char garbage[40000];
	struct err err = {0};
	struct store *store;
	struct frame frame, back;
	bool found;

	(void)state;
	expect_refused(STORE_READ, STATUS_NO_INPUT);
	snprintf(path, sizeof path, "%s/absent/pandian.db", folder);
	expect_refused(STORE_WRITE, STATUS_CANT_CREATE);
	snprintf(path, sizeof path, "%s/pandian.db", folder);

	/* Not a database at all. */
	memset(garbage, 'x', sizeof garbage);
	OK(fs_write_new(path, garbage, sizeof garbage, false, &err));
	expect_refused(STORE_READ, STATUS_IO);
	expect_refused(STORE_WRITE, STATUS_IO);
	unlink(path);

	/* An empty file: nothing to read; a writer makes it a store. */
	OK(fs_write_new(path, "", 0, false, &err));
	expect_refused(STORE_READ, STATUS_NO_INPUT);
	close_ok(open_ok(STORE_WRITE));

	/* Another application's, or another layout's. */
	overwrite(68, "\0\0\0\1", 4);
	expect_refused(STORE_READ, STATUS_IO);
	overwrite(68, "PAND", 4);
	overwrite(60, "\0\0\0\2", 4);
	expect_refused(STORE_WRITE, STATUS_IO);
	overwrite(60, "\0\0\0\1", 4);

	/* A byte of a segment: told by its checksum, with its place. */
	store = open_ok(STORE_WRITE);
	struct frame_column like = {.id = COMPLETION_SCORE, .type = FRAME_I64};
	frame_init(&frame, 20000, &like, 1, &arena);
	for (uint32_t i = 0; i < 20000; i++)
		frame.columns[0].i64[i] = (int64_t)i * i * i * i;
	OK(store_segment_put(store, FEED_COMPLETION, 1, 3, &frame, &err));
	close_ok(store);
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	overwrite(status.st_size - 20000, "????????", 8);
	store = open_ok(STORE_READ);
	assert_int_equal(store_segment_get(store, FEED_COMPLETION, 1, 3, NULL, 0, &arena, &back, &found, &err), -1);
	assert_int_equal(err.status, STATUS_IO);
	assert_non_null(strstr(err.text, "block 3"));
	memset(&err, 0, sizeof err);
	assert_int_equal(store_verify(store, &err), -1);
	assert_int_equal(err.status, STATUS_IO);
	close_ok(store);

	/* Cut short. */
	assert_int_equal(truncate(path, 16384 * 3), 0);
	memset(&err, 0, sizeof err);
	store = store_open(path, STORE_READ, &err);
	if (store != NULL) {
		assert_int_equal(store_verify(store, &err), -1);
		close_ok(store);
		store = NULL;
	}
	assert_int_equal(err.status, STATUS_IO);
}

static void test_permission(void **state)
{
	(void)state;
	close_ok(open_ok(STORE_WRITE));
	if (geteuid() == 0)
		skip();
	assert_int_equal(chmod(path, 0), 0);
	expect_refused(STORE_READ, STATUS_PERMISSION);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_batches), TEST(test_keys), TEST(test_segments), TEST(test_findings), TEST(test_runs),
			TEST(test_directory),
		TEST(test_child_reads_while_writer_writes), TEST(test_killed_writer), TEST(test_locked),
			TEST(test_damaged_files),
		TEST(test_permission),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
