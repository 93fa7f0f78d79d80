/*
 * bench_rules.c - re-evaluation from the store: N people × M completions already staged, the rules of a workspace, J
 * jobs.
 *
 * bench_rules WORKSPACE [N] [M] [J]     prints one line: people, rows, seconds, seconds a job count
 */
#include "base/fs.h"
#include "base/mem.h"
#include "facts/facts.h"
#include "rules/rules.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COURSES 60u

static struct err err;
static struct arena arena;

static void check(bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "bench_rules: %s\n", err.text);
	exit(1);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double processor(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t random_bits(void)
{
	static uint64_t state = 7;
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33);
}

/* A frame with the given fields and the source row. */
static void make_frame(struct frame *frame, uint32_t rows, const enum field_id *fields, size_t count)
{
	struct frame_column like[16];
	memset(like, 0, sizeof like);
	for (size_t i = 0; i < count; i++) {
		const struct feed_field *field = feed_field_at(fields[i]);
		like[i] = (struct frame_column){ .id = fields[i],
			.type = field->type == FIELD_DATE     ? FRAME_I32
				: field->type == FIELD_NUMBER ? FRAME_I64
							      : FRAME_U32,
			.scale = field->type == FIELD_NUMBER ? field->scale : 0,
			.text = field->type == FIELD_TEXT };
	}
	like[count] = (struct frame_column){ .id = STORE_ROW_ID, .type = FRAME_U32 };
	frame_init(frame, rows, like, count + 1, &arena);
	for (uint32_t i = 0; i < rows; i++)
		frame->columns[count].u32[i] = i + 2;
}

static int64_t add_batch(struct store *store, enum feed_id feed)
{
	struct store_batch batch = { .feed = feed,
		.file = feed_at(feed)->name,
		.full = true,
		.snapshot = DATE_NONE,
		.encoding = "UTF-8",
		.choices = "{}" };
	snprintf(batch.sha256, sizeof batch.sha256, "%064d", (int)feed);
	snprintf(batch.mapping, sizeof batch.mapping, "%064d", 0);
	check(store_batch_add(store, &batch, &err) == 0);
	return batch.id;
}

static uint32_t key(struct store *store, enum key_dim dim, const char *letter, uint32_t number)
{
	char id[32];
	int length = snprintf(id, sizeof id, "%s%07u", letter, number);
	return map_add(store_keys(store, dim, &err), id, (size_t)length);
}

static void fill_small(struct store *store)
{
	static const char *const categories[] = { "业务能力", "操作规范", "数据分析", "质量管理", "运营管理",
		"知识管理" };
	static const enum field_id course[] = { COURSE_COURSE_ID, COURSE_TITLE, COURSE_CATEGORY, COURSE_CREDITS,
		COURSE_PASS_SCORE, COURSE_VALID_MONTHS };
	static const enum field_id org[] = { ORG_UNIT_ORG_ID, ORG_UNIT_NAME };
	struct frame frame;
	struct frame_texts texts = { 0 };
	make_frame(&frame, COURSES, course, 6);
	for (uint32_t i = 0; i < COURSES; i++) {
		const char *category = categories[i % 6];
		frame.columns[0].u32[i] = key(store, KEY_DIM_COURSE, "C", i);
		frame.columns[1].u32[i] = frame_texts_add(&texts, "课程", strlen("课程"));
		frame.columns[2].u32[i] = frame_texts_add(&texts, category, strlen(category));
		frame.columns[3].i64[i] = 100 + 50 * (i % 4);
		frame.columns[4].i64[i] = 6000;
		if (i % 3 == 0)
			frame.columns[5].i64[i] = 12;
	}
	frame_texts_end(&texts, &frame, &arena);
	check(store_segment_put(store, FEED_COURSE, add_batch(store, FEED_COURSE), 0, &frame, &err) == 0);
	make_frame(&frame, 100, org, 2);
	for (uint32_t i = 0; i < 100; i++) {
		frame.columns[0].u32[i] = key(store, KEY_DIM_ORG, "T", i);
		frame.columns[1].u32[i] = frame_texts_add(&texts, "组", strlen("组"));
	}
	frame_texts_end(&texts, &frame, &arena);
	check(store_segment_put(store, FEED_ORG_UNIT, add_batch(store, FEED_ORG_UNIT), 0, &frame, &err) == 0);
	key(store, KEY_DIM_POSITION, "P", 1);
}

static void fill_block(
	struct store *store, const int64_t batch[3], uint32_t block, uint32_t people, uint32_t rows, int32_t day)
{
	static const enum field_id employee[] = { EMPLOYEE_EMPLOYEE_ID, EMPLOYEE_NAME, EMPLOYEE_HIRE_DATE,
		EMPLOYEE_ORG_UNIT, EMPLOYEE_POSITION };
	static const enum field_id completion[] = { COMPLETION_EMPLOYEE_ID, COMPLETION_COURSE_ID, COMPLETION_ATTEMPT,
		COMPLETION_ENROLLED_ON, COMPLETION_COMPLETED_ON, COMPLETION_SCORE, COMPLETION_RESULT,
		COMPLETION_HOURS };
	static const enum field_id measure[] = { PERFORMANCE_EMPLOYEE_ID, PERFORMANCE_PERIOD, PERFORMANCE_KIND,
		PERFORMANCE_VALUE };
	static const char *const kinds[] = { "qa", "exam", "attendance" };
	struct frame frame;
	struct frame_texts texts = { 0 };
	uint32_t first = block * STORE_BLOCK;
	make_frame(&frame, people, employee, 5);
	for (uint32_t i = 0; i < people; i++) {
		frame.columns[0].u32[i] = first + i;
		frame.columns[1].u32[i] = frame_texts_add(&texts, "员工", strlen("员工"));
		frame.columns[2].i32[i] = day - 2000 + (int32_t)(random_bits() % 1950);
		frame.columns[3].u32[i] = random_bits() % 100;
		frame.columns[4].u32[i] = 0;
	}
	frame_texts_end(&texts, &frame, &arena);
	check(store_segment_put(store, FEED_EMPLOYEE, batch[0], block, &frame, &err) == 0);
	make_frame(&frame, people * rows, completion, 8);
	for (uint32_t i = 0; i < people * rows; i++) {
		uint32_t score = 4000 + random_bits() % 6001;
		frame.columns[0].u32[i] = first + i / rows;
		frame.columns[1].u32[i] = random_bits() % COURSES;
		frame.columns[2].i64[i] = i % rows;
		frame.columns[4].i32[i] = day - (int32_t)(random_bits() % 1400);
		frame.columns[3].i32[i] = frame.columns[4].i32[i] - 7;
		frame.columns[5].i64[i] = score;
		frame.columns[6].u32[i] = score >= 6000 ? 0 : 1;
		frame.columns[7].i64[i] = 100 * (1 + random_bits() % 8);
	}
	check(store_segment_put(store, FEED_COMPLETION, batch[1], block, &frame, &err) == 0);
	make_frame(&frame, people * 3, measure, 4);
	for (uint32_t i = 0; i < people * 3; i++) {
		const char *kind = kinds[i % 3];
		frame.columns[0].u32[i] = first + i / 3;
		frame.columns[1].i32[i] = day;
		frame.columns[2].u32[i] = frame_texts_add(&texts, kind, strlen(kind));
		frame.columns[3].i64[i] = 600000 + random_bits() % 400001;
	}
	frame_texts_end(&texts, &frame, &arena);
	check(store_segment_put(store, FEED_PERFORMANCE, batch[2], block, &frame, &err) == 0);
	arena_reset(&arena);
}

int main(int argc, char **argv)
{
	uint32_t people = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 100000;
	uint32_t rows = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 100;
	unsigned jobs = argc > 4 ? (unsigned)strtoul(argv[4], NULL, 10) : 2;
	char folder[] = "/tmp/pandian-bench-XXXXXX", path[64];
	struct facts_params params = { .as_of = date_from_civil(2026, 9, 30),
		.period_first = date_from_civil(2026, 7, 1),
		.period_last = date_from_civil(2026, 9, 30),
		.horizon = INT64_MAX };
	struct rulebook *book = rules_load(argc > 1 ? argv[1] : ".", &err);
	check(book != NULL && mkdtemp(folder) != NULL);
	snprintf(path, sizeof path, "%s/pandian.db", folder);
	struct store *store = store_open(path, STORE_WRITE, &err);
	check(store != NULL && store_begin(store, &err) == 0);
	for (uint32_t i = 0; i < people; i++)
		key(store, KEY_DIM_EMPLOYEE, "", i);
	fill_small(store);
	int64_t batch[3] = { add_batch(store, FEED_EMPLOYEE), add_batch(store, FEED_COMPLETION),
		add_batch(store, FEED_PERFORMANCE) };
	for (uint32_t block = 0; block * STORE_BLOCK < people; block++)
		fill_block(store, batch, block,
			people - block * STORE_BLOCK < STORE_BLOCK ? people - block * STORE_BLOCK : STORE_BLOCK, rows,
			params.as_of);
	check(store_keys_save(store, &err) == 0 && store_commit(store, &err) == 0);
	struct store_run run = { .period = "2026Q3", .as_of = params.as_of, .details = "{}" };
	check(store_begin(store, &err) == 0 && store_run_add(store, &run, &err) == 0 && store_commit(store, &err) == 0);
	double start = now();
	struct facts *facts = facts_open(store, &params, &err);
	check(facts != NULL);
	double opened = now(), used = processor();
	struct findings findings = { 0 };
	struct rules_run work = { .facts = facts, .store_path = path, .store = store, .run = run.id, .jobs = jobs };
	check(rules_evaluate(book, &work, &findings, &err) == 0);
	double end = now(), work_used = processor() - used;
	printf("%u people x %u rows, %u jobs: facts %.3f s, rules %.3f s (processor %.3f s), graded %llu\n", people,
		rows, jobs, opened - start, end - opened, work_used, (unsigned long long)work.graded);
	findings_release(&findings);
	facts_close(facts);
	rules_free(book);
	check(store_close(store, &err) == 0 && fs_remove_tree(folder, &err) == 0);
	arena_release(&arena);
	return 0;
}
