/*
 * evaluate.c - one evaluation: strata in order, blocks of persons in parallel, populations in the main thread.
 *
 * Decides: who computes what when, and that results and findings do not depend on the number of jobs: blocks are taken
 * in by the main thread in block order. Does not decide: values (credits.c, star.c, faults.c).
 */
#include "rules/kind.h"

#include "base/log.h"
#include "rules/pass.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define COMMIT_BLOCKS 64u /* blocks of results in one transaction */

/* --- the work and its blocks --- */
static void build_key_texts(struct rules_work *work, enum key_dim dim)
{
	size_t count = facts_key_count(work->facts, dim);
	const char **texts = arena_alloc(&work->arena, count + 1, sizeof *texts);
	for (size_t k = 0; k < count; k++)
		texts[k] = facts_key(work->facts, dim, (uint32_t)k);
	work->key_texts[dim] = texts;
	work->key_counts[dim] = count;
}

static int open_previous(struct rules_work *work, struct err *err)
{
	const struct rulebook *book = work->book;
	if (work->run->earlier_count == 0)
		return 0;
	if (store_directory_get(work->run->store, work->run->earlier[0], &work->arena, &work->previous, err) != 0)
		return -1;
	if (work->previous.table_count == 0)
		return 0;
	work->previous_index = arena_alloc(&work->arena, book->columns.count + 1, sizeof *work->previous_index);
	uint32_t *want = arena_alloc(&work->arena, book->columns.count + 1, sizeof *want);
	for (size_t i = 0; i < book->columns.count; i++) {
		const struct result_column *now = &book->columns.at[i].result;
		uint32_t index;
		const struct result_column *then = result_column(&work->previous.tables[0], now->id, &index);
		bool same = then != NULL && then->type == now->type && now->type != RESULT_KEY;
		work->previous_index[i] = same ? index : UINT32_MAX;
		if (same)
			want[work->previous_want_count++] = index;
	}
	work->previous_want = want;
	work->has_previous = true;
	return 0;
}

int rules_work_open(struct rules_work *work, const struct rulebook *book, struct rules_run *run,
	struct findings *findings, struct err *err)
{
	size_t batches;
	*work = (struct rules_work){
		.book = book, .run = run, .facts = run->facts, .params = facts_params(run->facts), .findings = findings
	};
	work->state = arena_alloc(&work->arena, book->rule_count + 1, sizeof *work->state);
	for (int dim = 0; dim < KEY_DIM_COUNT; dim++)
		if ((book->dims & 1u << dim) != 0 && dim != KEY_DIM_EMPLOYEE && dim != KEY_DIM_SESSION)
			build_key_texts(work, (enum key_dim)dim);
	const struct store_batch *batch = facts_batches(run->facts, &batches);
	for (size_t i = 0; i < batches; i++)
		work->given |= 1u << batch[i].feed;
	work->has_completions = (work->given & 1u << FEED_COMPLETION) != 0;
	if ((book->feeds & 1u << FEED_COMPLETION) != 0)
		work->valid_months = pass_validity(work);
	if (open_previous(work, err) != 0 || scope_prepare(work, err) != 0)
		return -1;
	for (size_t i = 0; i < book->rule_count; i++)
		if (book->rules[i].kind->prepare != NULL &&
			book->rules[i].kind->prepare(&book->rules[i], work, err) != 0)
			return -1;
	return 0;
}

void rules_work_close(struct rules_work *work)
{
	for (size_t i = 0; work->state != NULL && i < work->book->rule_count; i++)
		if (work->book->rules[i].kind->release != NULL && work->state[i] != NULL)
			work->book->rules[i].kind->release(work->state[i]);
	arena_release(&work->arena);
}

static struct frame_column column_like(uint32_t id, const struct result_column *result)
{
	struct frame_column column = { .id = id };
	switch (result->type) {
	case RESULT_NUMBER:
		column.type = FRAME_I64;
		column.scale = result->scale;
		break;
	case RESULT_DATE:
		column.type = FRAME_I32;
		break;
	case RESULT_TEXT:
		column.type = FRAME_U32;
		column.text = true;
		break;
	case RESULT_BOOL:
	case RESULT_KEY:
		column.type = FRAME_U32;
		break;
	}
	return column;
}

void rules_frame(const struct result_table *table, uint32_t rows, struct arena *arena, struct frame *frame)
{
	struct frame_column *like = arena_alloc(arena, table->column_count + 1, sizeof *like);
	for (size_t i = 0; i < table->column_count; i++)
		like[i] = column_like((uint32_t)i, &table->columns[i]);
	frame_init(frame, rows, like, table->column_count, arena);
}

struct frame *rules_list(struct rules_block *block, const struct rules_rule *rule, uint32_t table, uint32_t rows)
{
	size_t number = rule->first_table - 1 + table;
	rules_frame(&block->work->book->tables.at[number], rows, block->arena, &block->lists[number]);
	return &block->lists[number];
}

/* What earlier strata gave: the columns stand in the store. Texts keep their numbers. */
static int restore_columns(struct rules_block *block, struct err *err)
{
	struct frame stored;
	bool found = false;
	const struct rules_run *run = block->work->run;
	if (store_result_get(block->store, run->run, 0, block->number, NULL, 0, block->arena, &stored, &found, err) != 0)
		return -1;
	for (size_t i = 0; found && i < stored.column_count; i++) {
		struct frame_column *column = frame_column(&block->people, stored.columns[i].id);
		if (column == NULL || column->type != stored.columns[i].type || stored.count != block->count)
			return err_set(err, STATUS_INTERNAL, "results of an earlier stratum do not fit");
		column->any = stored.columns[i].any;
		column->why = stored.columns[i].why;
	}
	for (uint32_t k = 0; found && k < stored.text_count; k++)
		frame_texts_add(&block->texts, stored.texts[k], strlen(stored.texts[k]));
	return 0;
}

int rules_block_load(struct rules_block *block, uint32_t number, struct err *err)
{
	const struct rulebook *book = block->work->book;
	if (facts_block_load(block->work->facts, block->store, number, rules_feeds(book), block->facts, err) != 0)
		return -1;
	block->number = number;
	block->first = block->facts->first;
	block->count = block->facts->count;
	block->active = 0;
	for (uint32_t i = 0; i < block->count; i++)
		block->active += block->facts->active[i] != 0;
	block->passes = NULL;
	block->held = NULL;
	block->previous_loaded = false;
	for (int scope = 0; scope < RULES_SCOPE_COUNT; scope++)
		block->columns[scope] =
			arena_alloc(block->scratch, book->names[scope].count + 1, sizeof *block->columns[scope]);
	struct frame_column *like = arena_alloc(block->scratch, book->columns.count + 1, sizeof *like);
	for (size_t i = 0; i < book->columns.count; i++)
		like[i] = column_like((uint32_t)i, &book->columns.at[i].result);
	frame_init(&block->people, block->count, like, book->columns.count, block->arena);
	block->lists = arena_alloc(block->arena, book->tables.count + 1, sizeof *block->lists);
	block->partial = arena_alloc(block->arena, book->rule_count + 1, sizeof *block->partial);
	return block->work->persons_done ? restore_columns(block, err) : 0;
}

struct frame_column *rules_column(const struct rules_block *block, const struct rules_rule *rule, uint32_t k)
{
	return &block->people.columns[rule->first_column + k];
}

void rules_set_why(struct rules_block *block, struct frame_column *column, uint32_t row, enum rules_reason reason)
{
	if (column->why == NULL)
		column->why = arena_alloc(block->arena, block->count + 1u, sizeof *column->why);
	column->why[row] = rules_why(reason);
}

/* Nodes of a stratum in an order in which each has what it needs: by depth, then as written. */
static size_t nodes_of(const struct rulebook *book, unsigned stratum, unsigned *nodes)
{
	size_t count = 0;
	for (size_t i = 0; i < book->rule_count * RULES_PARTS; i++) {
		if (!strata_used(&book->rules[i / RULES_PARTS], i % RULES_PARTS) || book->stratum[i] != stratum)
			continue;
		size_t at = count++;
		for (; at > 0 && book->depth[nodes[at - 1]] > book->depth[i]; at--)
			nodes[at] = nodes[at - 1];
		nodes[at] = (unsigned)i;
	}
	return count;
}

static int evaluate_block(struct rules_block *block, const unsigned *nodes, size_t count, struct err *err)
{
	const struct rulebook *book = block->work->book;
	for (size_t i = 0; i < count; i++) {
		const struct rules_rule *rule = &book->rules[nodes[i] / RULES_PARTS];
		bool settled = nodes[i] % RULES_PARTS == RULES_SETTLED;
		if ((settled ? rule->kind->settle : rule->kind->person)(rule, block, err) != 0)
			return -1;
	}
	frame_texts_end(&block->texts, &block->people, block->arena);
	return 0;
}

/* --- persons: workers compute blocks, the main thread takes them in by number --- */
struct yield {
	bool ready;
	struct rules_block block;
	struct arena arena;
};
struct crew {
	struct rules_work *work;
	const unsigned *nodes;
	size_t node_count;
	uint32_t blocks, next, taken;
	struct yield *ring;
	uint32_t room;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stop;
	uint32_t failed_block; /* the lowest */
	struct err err;
};

static void crew_fail(struct crew *crew, uint32_t block, const struct err *err)
{
	pthread_mutex_lock(&crew->lock);
	if (!crew->stop || block < crew->failed_block) {
		crew->failed_block = block;
		crew->err = *err;
	}
	crew->stop = true;
	pthread_cond_broadcast(&crew->changed);
	pthread_mutex_unlock(&crew->lock);
}

static bool crew_take(struct crew *crew, uint32_t *number)
{
	pthread_mutex_lock(&crew->lock);
	while (!crew->stop && crew->next < crew->blocks && crew->next >= crew->taken + crew->room)
		pthread_cond_wait(&crew->changed, &crew->lock);
	bool more = !crew->stop && crew->next < crew->blocks;
	if (more)
		*number = crew->next++;
	pthread_mutex_unlock(&crew->lock);
	return more;
}

static void *crew_work(void *argument)
{
	struct crew *crew = argument;
	struct facts_block facts = { 0 };
	struct arena scratch = { 0 };
	struct err err = { 0 };
	uint32_t number = 0;
	struct store *store = store_open(crew->work->run->store_path, STORE_READ, &err);
	if (store == NULL) {
		crew_fail(crew, 0, &err);
		return NULL;
	}
	while (crew_take(crew, &number)) {
		struct yield *yield = &crew->ring[number % crew->room];
		yield->arena = (struct arena){ 0 };
		yield->block = (struct rules_block){
			.work = crew->work, .store = store, .facts = &facts, .scratch = &scratch, .arena = &yield->arena
		};
		arena_reset(&scratch);
		if (rules_block_load(&yield->block, number, &err) != 0 ||
			evaluate_block(&yield->block, crew->nodes, crew->node_count, &err) != 0) {
			crew_fail(crew, number, &err);
			map_release(&yield->block.texts.map);
			findings_release(&yield->block.findings);
			arena_release(&yield->arena);
			break;
		}
		pthread_mutex_lock(&crew->lock);
		yield->ready = true;
		pthread_cond_broadcast(&crew->changed);
		pthread_mutex_unlock(&crew->lock);
	}
	facts_block_release(&facts);
	arena_release(&scratch);
	struct err ignored = { 0 };
	store_close(store, &ignored);
	return NULL;
}

/* Takes one block in: results to the store, what populations need to their rules, findings to the list. */
static int take_in(
	struct rules_work *work, struct rules_block *block, const unsigned *nodes, size_t count, struct err *err)
{
	struct rules_run *run = work->run;
	int rc = store_result_put(run->store, run->run, 0, block->number, &block->people, err);
	if (!work->persons_done)
		run->people += block->active;
	work->passes_read |= block->passes != NULL;
	for (size_t i = 0; i < work->book->tables.count && rc == 0; i++)
		if (block->lists[i].columns != NULL)
			rc = store_result_put(
				run->store, run->run, (uint32_t)i + 1, block->number, &block->lists[i], err);
	for (size_t i = 0; i < count && rc == 0; i++) {
		const struct rules_rule *rule = &work->book->rules[nodes[i] / RULES_PARTS];
		if (rule->kind->collect != NULL && nodes[i] % RULES_PARTS == RULES_PERSON)
			rc = rule->kind->collect(rule, work, block, err);
	}
	findings_join(work->findings, &block->findings);
	return rc;
}

static int run_persons(struct rules_work *work, const unsigned *nodes, size_t count, struct err *err)
{
	struct rules_run *run = work->run;
	unsigned jobs = run->jobs == 0 ? 1 : run->jobs > 256 ? 256 : run->jobs, started = 0;
	struct crew crew = { .work = work,
		.nodes = nodes,
		.node_count = count,
		.blocks = facts_block_count(work->facts),
		.room = jobs * 2 + 1,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER };
	int rc = 0;
	bool open = false;
	if (jobs > crew.blocks)
		jobs = crew.blocks;
	crew.ring = mem_new(crew.room, sizeof *crew.ring);
	pthread_t *threads = mem_new(jobs + 1, sizeof *threads);
	for (; started < jobs && rc == 0; started++) {
		int number = pthread_create(&threads[started], NULL, crew_work, &crew);
		if (number != 0) {
			rc = err_sys(err, STATUS_AGAIN, number, "cannot start a thread");
			break;
		}
	}
	while (rc == 0 && crew.taken < crew.blocks) {
		struct yield *yield = &crew.ring[crew.taken % crew.room];
		pthread_mutex_lock(&crew.lock);
		while (!yield->ready && !crew.stop)
			pthread_cond_wait(&crew.changed, &crew.lock);
		bool ready = yield->ready;
		pthread_mutex_unlock(&crew.lock);
		if (!ready)
			break;
		if (!open)
			rc = store_begin(run->store, err);
		open = open || rc == 0;
		if (rc == 0)
			rc = take_in(work, &yield->block, nodes, count, err);
		findings_release(&yield->block.findings);
		arena_release(&yield->arena);
		yield->ready = false;
		if (rc == 0 && (crew.taken + 1) % COMMIT_BLOCKS == 0) {
			rc = store_commit(run->store, err);
			open = false;
		}
		pthread_mutex_lock(&crew.lock);
		crew.taken++;
		pthread_cond_broadcast(&crew.changed);
		pthread_mutex_unlock(&crew.lock);
		log_progress("rules", crew.taken, crew.blocks);
	}
	pthread_mutex_lock(&crew.lock);
	crew.stop = crew.stop || rc != 0 || crew.taken < crew.blocks;
	pthread_cond_broadcast(&crew.changed);
	pthread_mutex_unlock(&crew.lock);
	for (unsigned i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	if (rc == 0 && crew.err.status != 0) {
		*err = crew.err;
		rc = -1;
	}
	for (uint32_t i = 0; i < crew.room; i++)
		if (crew.ring[i].ready) {
			findings_release(&crew.ring[i].block.findings);
			arena_release(&crew.ring[i].arena);
		}
	if (open && rc == 0)
		rc = store_commit(run->store, err);
	else if (open)
		store_rollback(run->store);
	pthread_mutex_destroy(&crew.lock);
	pthread_cond_destroy(&crew.changed);
	free(crew.ring);
	free(threads);
	return rc;
}

/* --- populations --- */
int rules_put_table(struct rules_work *work, const struct rules_rule *rule, uint32_t table, const struct frame *frame,
	struct err *err)
{
	return store_result_put(
		work->run->store, work->run->run, rule->first_table + table, STORE_BLOCK_NONE, frame, err);
}

static int run_populations(struct rules_work *work, const unsigned *nodes, size_t count, struct err *err)
{
	int rc = store_begin(work->run->store, err);
	if (rc != 0)
		return -1;
	for (size_t i = 0; i < count && rc == 0; i++) {
		const struct rules_rule *rule = &work->book->rules[nodes[i] / RULES_PARTS];
		rc = rule->kind->population(rule, work, err);
	}
	if (rc == 0)
		return store_commit(work->run->store, err);
	store_rollback(work->run->store);
	return -1;
}

static int put_directory(struct rules_work *work, struct err *err)
{
	struct result_directory directory;
	struct rules_run *run = work->run;
	if (rules_directory(work->book, &work->arena, &directory, err) != 0 || store_begin(run->store, err) != 0)
		return -1;
	if (store_directory_put(run->store, run->run, &directory, err) != 0) {
		store_rollback(run->store);
		return -1;
	}
	return store_commit(run->store, err);
}

/* People not graded are told once per reason; who they are stands in the results. */
static void tell_reasons(struct rules_work *work)
{
	for (unsigned i = 0; i < RULES_REASON_COUNT; i++) {
		const struct result_reason *reason = rules_reason((enum rules_reason)i);
		if (work->reasons[i] > 0)
			findings_add(work->findings, &(struct finding){ .id = FINDING_NOT_GRADED,
							     .feed = "employee",
							     .text = reason->id,
							     .detail = reason->text.en,
							     .count = work->reasons[i] });
	}
}

int rules_evaluate(const struct rulebook *book, struct rules_run *run, struct findings *findings, struct err *err)
{
	struct rules_work work;
	struct findings told = { 0 };
	unsigned *nodes = mem_new(book->rule_count * RULES_PARTS + 1, sizeof *nodes);
	int rc = rules_work_open(&work, book, run, &told, err);
	run->people = run->graded = 0;
	if (rc == 0)
		rc = put_directory(&work, err);
	for (unsigned stratum = 0; stratum < book->strata && rc == 0; stratum++) {
		size_t count = nodes_of(book, stratum, nodes);
		if (count == 0)
			continue;
		if (stratum % 2 == 0) {
			rc = run_persons(&work, nodes, count, err);
			work.persons_done = true;
			work.passes_told = work.passes_read;
		} else {
			rc = run_populations(&work, nodes, count, err);
		}
	}
	/* Rules that say nothing of single persons: they are counted all the same. */
	if (rc == 0 && !work.persons_done)
		rc = run_persons(&work, nodes, 0, err);
	if (rc == 0) {
		tell_reasons(&work);
		findings_sort(&told);
		findings_join(findings, &told);
	}
	findings_release(&told);
	rules_work_close(&work);
	free(nodes);
	return rc;
}

/* --- explanations --- */
static bool concerns(const struct rules_rule *rule, const char *result)
{
	if (result == NULL || strcmp(rule->id, result) == 0)
		return true;
	for (uint32_t k = 0; k < rule->column_count; k++)
		if (strcmp(rule->book->columns.at[rule->first_column + k].result.id, result) == 0)
			return true;
	return false;
}

static int refuse_result(const struct rulebook *book, const char *result, struct err *err)
{
	const char **names = mem_new(book->columns.count + 1, sizeof *names);
	for (size_t i = 0; i < book->columns.count; i++)
		names[i] = book->columns.at[i].result.id;
	const char *nearest = text_nearest(result, names, book->columns.count);
	err_set(err, STATUS_USAGE, "no rule makes a result '%s'", result);
	if (nearest != NULL)
		err_hint(err, "Did you mean '%s'?", nearest);
	free(names);
	return -1;
}

static void tell_person(const struct rules_block *block, uint32_t row, enum text_lang lang, struct str *out)
{
	const struct frame *frame = &block->facts->employee;
	const struct frame_column *name = frame_column(frame, EMPLOYEE_NAME);
	const char *text = name == NULL ? NULL : frame_text(frame, name, row);
	char date[16];
	date_format_iso(block->work->params->as_of, date);
	str_printf(out, "%s %s  ", facts_key(block->work->facts, KEY_DIM_EMPLOYEE, block->first + row),
		text == NULL ? "" : text);
	str_printf(out, lang == TEXT_ZH ? "截至 %s，规则 %s 版本 %s\n" : "as of %s, rules %s version %s\n", date,
		block->work->book->id, block->work->book->version);
	str_add(out, "  [");
	scope_source(block, frame, row, out);
	str_add(out, "]\n");
}

int rules_explain(const struct rulebook *book, struct rules_run *run, uint32_t employee, const char *result,
	enum text_lang lang, struct str *out, struct err *err)
{
	struct rules_work work;
	struct findings told = { 0 };
	struct facts_block facts = { 0 };
	struct arena scratch = { 0 }, arena = { 0 };
	struct rules_block block = {
		.work = &work, .store = run->store, .facts = &facts, .scratch = &scratch, .arena = &arena
	};
	unsigned *nodes = mem_new(book->rule_count * RULES_PARTS + 1, sizeof *nodes);
	uint32_t row = employee % STORE_BLOCK;
	bool found = false;
	int rc = rules_work_open(&work, book, run, &told, err);
	for (size_t i = 0; i < book->rule_count; i++)
		found |= concerns(&book->rules[i], result);
	if (rc == 0 && !found && result != NULL)
		rc = refuse_result(book, result, err);
	if (rc == 0 && (employee == FRAME_NONE || employee >= facts_key_count(run->facts, KEY_DIM_EMPLOYEE)))
		rc = err_set(err, STATUS_NO_INPUT, "no such employee");
	if (rc == 0)
		rc = rules_block_load(&block, employee / STORE_BLOCK, err);
	if (rc == 0 && (row >= block.count || !facts.known[row]))
		rc = err_set(err, STATUS_NO_INPUT, "employee %s is not in the roster on this date",
			facts_key(run->facts, KEY_DIM_EMPLOYEE, employee));
	/* what populations gave is asked of the published run by the rules that settle */
	for (unsigned stratum = 0; stratum < book->strata && rc == 0; stratum += 2) {
		for (uint32_t k = 0; k < block.people.text_count; k++)
			frame_texts_add(&block.texts, block.people.texts[k], strlen(block.people.texts[k]));
		block.people.text_count = 0;
		rc = evaluate_block(&block, nodes, nodes_of(book, stratum, nodes), err);
	}
	if (rc == 0)
		tell_person(&block, row, lang, out);
	for (size_t i = 0; i < book->rule_count && rc == 0; i++) {
		const struct rules_rule *rule = &book->rules[i];
		if (rule->kind->explain == NULL || !concerns(rule, result))
			continue;
		str_printf(out, "\n%s  %s  [%s:%d]\n", rule->id, text_pick(&rule->title, lang), rule->node->file,
			rule->node->line);
		rc = rule->kind->explain(rule, &block, row, lang, out, err);
	}
	map_release(&block.texts.map);
	findings_release(&block.findings);
	findings_release(&told);
	facts_block_release(&facts);
	arena_release(&scratch);
	arena_release(&arena);
	rules_work_close(&work);
	free(nodes);
	return rc;
}
