/*
 * run.c - one run, start to end: lock, load, facts, rules, render, manifest, publish. Decides the order of stages and
 * what makes two runs the same; each stage decides its own matter.
 */
#include "run/run.h"

#include "base/fs.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "facts/facts.h"
#include "output/pdf.h"
#include "report/report.h"
#include "rules/rules.h"
#include "run/manifest.h"
#include "run/publish.h"
#include "run/render.h"
#include "store/store.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAN_FROM = 2000 };              /* archives: more than this many go into folders by hash */

/* Everything a run holds; released in one place. */
struct state {
	const struct plan_options *options;
	struct run_outcome *outcome;
	struct plan plan;
	struct ingest_plan *inputs;
	struct rulebook *rulebook;
	struct report_templates *templates;
	struct pdf_fonts *fonts;
	struct render *render;
	struct store *store;
	struct facts *facts;
	struct findings findings;
	struct arena arena;
	struct store_run run;
	struct store_run *earlier; size_t earlier_count;
	int64_t earlier_ids[RENDER_HISTORY];
	int32_t earlier_as_of[RENDER_HISTORY];
	char mappings_hash[HASH_HEX], rules_hash[HASH_HEX], templates_hash[HASH_HEX], fonts_hash[HASH_HEX];
	char *staging;
	int lock;
	uint64_t started;
};

static void stage_begin(struct state *state, const char *name)
{
	(void)name;
	state->started = plan_clock_ms();
}

static void stage_end(struct state *state, const char *name, uint64_t count, const char *unit)
{
	struct run_outcome *outcome = state->outcome;
	uint64_t ms = plan_clock_ms() - state->started;
	outcome->stages[outcome->stage_count++] = (struct run_stage){ name, ms, count, unit };
	log_write(LOG_INFO, "%-8s %8llu ms  %llu %s", name, (unsigned long long)ms, (unsigned long long)count, unit);
}

static int load_definitions(struct state *state, struct err *err)
{
	const char *workspace = state->options->workspace != NULL ? state->options->workspace : ".";
	if (!fs_is_dir(workspace))
		return err_set(err, STATUS_NO_INPUT, "workspace '%s' is not a folder", workspace);
	state->inputs = ingest_plan_load(workspace, err);
	if (state->inputs == NULL || plan_make(state->options, ingest_run(state->inputs), &state->plan, err) != 0)
		return -1;
	state->rulebook = rules_load(workspace, err);
	if (state->rulebook == NULL)
		return -1;
	state->templates = report_load(workspace, err);
	if (state->templates == NULL)
		return -1;
	struct result_directory directory;
	if (rules_directory(state->rulebook, &state->arena, &directory, err) != 0
		|| report_check(state->templates, &directory, err) != 0)
		return -1;
	ingest_plan_hash(state->inputs, state->mappings_hash);
	rules_hash(state->rulebook, state->rules_hash);
	report_hash(state->templates, state->templates_hash);
	return 0;
}

static int open_workspace(struct state *state, struct err *err)
{
	state->fonts = pdf_fonts_open(err);
	if (state->fonts == NULL)
		return -1;
	pdf_fonts_hash(state->fonts, state->fonts_hash);
	if (fs_make_dirs(state->plan.outputs, err) != 0)
		return -1;
	char *lock = fs_join(state->plan.outputs, ".lock");
	state->lock = fs_lock(lock, err);
	free(lock);
	if (state->lock < 0)
		return -1;
	state->render = render_start(state->templates, state->fonts, err);
	if (state->render == NULL)
		return -1;
	state->store = store_open(state->plan.store_path, STORE_WRITE, err);
	if (state->store == NULL)
		return -1;
	return publish_reconcile(&state->plan, state->store, err);
}

static int load_inputs(struct state *state, struct err *err)
{
	struct ingest_totals totals = { 0 };
	stage_begin(state, "ingest");
	int result = ingest_load(state->inputs, state->store, state->plan.as_of, state->plan.jobs, &totals, err);
	struct run_outcome *outcome = state->outcome;
	outcome->rows = totals.rows;
	outcome->kept = totals.kept;
	outcome->rejected = totals.rejected;
	outcome->merged = totals.merged;
	stage_end(state, "ingest", totals.rows, "rows read");
	return result;
}

static int open_facts(struct state *state, struct err *err)
{
	stage_begin(state, "facts");
	struct facts_params params = {
		.as_of = state->plan.as_of, .period_first = state->plan.period.first, .period_last = state->plan.period.last,
		.horizon = INT64_MAX,
	};
	state->facts = facts_open(state->store, &params, err);
	if (state->facts == NULL)
		return -1;
	size_t batches;
	facts_batches(state->facts, &batches);
	if (batches == 0) {
		err_set(err, STATUS_NO_INPUT, "no input is visible at the as-of date");
		err_hint(err, "Put the exports under inputs/ as inputs/inputs.xml names them.");
		return -1;
	}
	if (store_runs_published(state->store, state->plan.period.first, &state->arena, &state->earlier,
		&state->earlier_count, err) != 0)
		return -1;
	if (state->earlier_count > RENDER_HISTORY)
		state->earlier_count = RENDER_HISTORY;
	for (size_t i = 0; i < state->earlier_count; i++) {
		state->earlier_ids[i] = state->earlier[i].id;
		state->earlier_as_of[i] = state->earlier[i].as_of;
	}
	return 0;
}

/* The instance key: whatever may change a published byte. */
static void make_key(struct state *state, char key[HASH_HEX])
{
	struct hash *hash = hash_new();
	char number[32];
	size_t count;
	const struct store_batch *batches = facts_batches(state->facts, &count);
	hash_add_text(hash, "pandian " PLAN_VERSION);
	hash_add_text(hash, state->plan.period.name);
	snprintf(number, sizeof number, "%d", state->plan.as_of);
	hash_add_text(hash, number);
	hash_add_text(hash, state->plan.lang == TEXT_ZH ? "zh-CN" : "en");
	for (size_t i = 0; i < count; i++) {
		hash_add_text(hash, feed_at(batches[i].feed)->name);
		hash_add_text(hash, batches[i].file);
		hash_add_text(hash, batches[i].sha256);
		hash_add_text(hash, batches[i].mapping);
	}
	for (size_t i = 0; i < state->earlier_count; i++)
		hash_add_text(hash, state->earlier[i].key);
	hash_add_text(hash, state->mappings_hash);
	hash_add_text(hash, state->rules_hash);
	hash_add_text(hash, state->templates_hash);
	hash_add_text(hash, state->fonts_hash);
	hash_end(hash, key);
}

/* True if a set of this key lies published; `folder` is then set. */
static int published_already(struct state *state, bool *found, struct err *err)
{
	struct store_run run;
	*found = false;
	if (state->plan.partial)
		return 0;
	if (store_run_find(state->store, state->run.key, STORE_RUN_PUBLISHED, &state->arena, &run, found, err) != 0)
		return -1;
	if (!*found)
		return 0;
	struct str *folder = &state->outcome->folder;
	str_clear(folder);
	str_printf(folder, "%s/%s/r%d", state->plan.outputs, run.period, run.revision);
	char *manifest = fs_join(folder->text, "manifest.json");
	*found = fs_exists(manifest);
	free(manifest);
	snprintf(state->outcome->name, sizeof state->outcome->name, "%s-r%d-%.4s", run.period, run.revision, run.key);
	return 0;
}

static int begin_run(struct state *state, struct err *err)
{
	struct store_run *run = &state->run;
	memcpy(run->period, state->plan.period.name, sizeof run->period);
	run->as_of = state->plan.as_of;
	run->state = STORE_RUN_STARTED;
	run->details = "{}";
	if (!state->plan.partial && store_run_next_revision(state->store, run->period, &run->revision, err) != 0)
		return -1;
	snprintf(state->outcome->name, sizeof state->outcome->name, "%s-r%d-%.4s", run->period, run->revision, run->key);
	if (store_begin(state->store, err) != 0)
		return -1;
	if (store_run_add(state->store, run, err) != 0) {
		store_rollback(state->store);
		return -1;
	}
	return store_commit(state->store, err);
}

static int keep_findings(struct state *state, struct err *err)
{
	if (store_begin(state->store, err) != 0)
		return -1;
	state->run.state = STORE_RUN_EVALUATED;
	if (store_findings_put(state->store, 0, state->run.id, &state->findings, err) != 0
		|| store_run_set(state->store, &state->run, err) != 0) {
		store_rollback(state->store);
		return -1;
	}
	return store_commit(state->store, err);
}

/* Feeds that were read for nothing are told, so that nobody believes they count. */
static void tell_unused_feeds(struct state *state)
{
	uint32_t used = rules_feeds(state->rulebook) | report_feeds(state->templates);
	uint64_t rows[FEED_COUNT] = { 0 };
	size_t count;
	const struct store_batch *batches = facts_batches(state->facts, &count);
	for (size_t i = 0; i < count; i++)
		rows[batches[i].feed] += batches[i].kept;
	for (int feed = 0; feed < FEED_COUNT; feed++) {
		if (rows[feed] == 0 || (used >> feed & 1) != 0)
			continue;
		struct finding finding = { .id = FINDING_UNUSED_FEED, .feed = feed_at((enum feed_id)feed)->name,
			.text = feed_at((enum feed_id)feed)->label.zh };
		findings_add(&state->findings, &finding);
	}
}

static int evaluate(struct state *state, struct err *err)
{
	struct rules_run run = {
		.facts = state->facts, .store_path = state->plan.store_path, .store = state->store, .run = state->run.id,
		.earlier = state->earlier_ids, .earlier_count = state->earlier_count,
		.earlier_as_of = state->earlier_as_of, .jobs = state->plan.jobs,
	};
	if (facts_check(state->facts, state->store, &state->findings, err) != 0)
		return -1;
	tell_unused_feeds(state);
	stage_end(state, "facts", facts_key_count(state->facts, KEY_DIM_EMPLOYEE), "people known");
	stage_begin(state, "rules");
	if (rules_evaluate(state->rulebook, &run, &state->findings, err) != 0)
		return -1;
	findings_sort(&state->findings);
	if (keep_findings(state, err) != 0)
		return -1;
	/* The totals of a run are those of its own findings and of every batch it sees. */
	size_t count;
	const struct store_batch *batches = facts_batches(state->facts, &count);
	for (size_t i = 0; i < count; i++) {
		if (store_findings_get(state->store, batches[i].id, 0, &state->findings, err) != 0)
			return -1;
	}
	for (int id = 0; id < FINDING_COUNT; id++) {
		if (finding_severity((enum finding_id)id) >= FINDING_WARNING)
			state->outcome->findings += state->findings.total[id];
	}
	state->outcome->people = run.people;
	state->outcome->graded = run.graded;
	stage_end(state, "rules", run.people, "people evaluated");
	return 0;
}

static int chosen_employees(struct state *state, struct render_order *order, struct err *err)
{
	const struct plan_options *options = state->options;
	size_t room = sizeof order->only_employees / sizeof *order->only_employees;
	if (options->employee_count > room)
		return err_set(err, STATUS_USAGE, "more than %zu employees asked for", room);
	for (size_t i = 0; i < options->employee_count; i++) {
		uint32_t employee = facts_find(state->facts, KEY_DIM_EMPLOYEE, options->employees[i]);
		if (employee == FRAME_NONE) {
			err_set(err, STATUS_NO_INPUT, "employee '%s' is not in the roster", options->employees[i]);
			err_hint(err, "Ids are texts: leading zeros count.");
			return -1;
		}
		order->only_employees[order->only_count++] = employee;
	}
	return 0;
}

static int give_order(struct state *state, struct render_order *order, struct err *err)
{
	const struct plan *plan = &state->plan;
	const struct ingest_run *settings = ingest_run(state->inputs);
	bool archives = settings->archives == NULL || strcmp(settings->archives, "none") != 0;
	order->run = state->run.id;
	order->facts = *facts_params(state->facts);
	order->period = plan->period;
	order->lang = plan->lang;
	order->jobs = plan->jobs;
	order->books = plan->options->only != PLAN_ARCHIVES && plan->options->employee_count == 0;
	order->docs = plan->options->only != PLAN_WORKBOOKS
		&& (archives || plan->options->only == PLAN_ARCHIVES || plan->options->employee_count > 0);
	order->fan = state->outcome->people > FAN_FROM;
	order->blocks = facts_block_count(state->facts);
	order->people = order->docs ? state->outcome->people * report_doc_count(state->templates) : 0;
	const char *centre =
		plan->lang == TEXT_EN && settings->centre_en != NULL ? settings->centre_en : settings->centre_zh;
	snprintf(order->centre, sizeof order->centre, "%s", centre != NULL ? centre : "");
	snprintf(order->run_name, sizeof order->run_name, "%s", state->outcome->name);
	if (strlen(plan->store_path) >= sizeof order->store_path || strlen(state->staging) >= sizeof order->staging)
		return err_set(err, STATUS_CANT_CREATE, "the path of the workspace is too long");
	snprintf(order->store_path, sizeof order->store_path, "%s", plan->store_path);
	snprintf(order->staging, sizeof order->staging, "%s", state->staging);
	memcpy(order->key, state->run.key, HASH_HEX);
	memcpy(order->rules_hash, state->rules_hash, HASH_HEX);
	memcpy(order->templates_hash, state->templates_hash, HASH_HEX);
	memcpy(order->mappings_hash, state->mappings_hash, HASH_HEX);
	order->earlier_count = state->earlier_count;
	for (size_t i = 0; i < state->earlier_count; i++) {
		order->earlier[i] = state->earlier[i].id;
		memcpy(order->earlier_period[i], state->earlier[i].period, sizeof order->earlier_period[i]);
	}
	struct date_period before = date_period_step(&plan->period, -1);
	if (state->earlier_count > 0 && strcmp(state->earlier[0].period, before.name) == 0)
		order->previous = state->earlier[0].id;
	return chosen_employees(state, order, err);
}

static void note_missing_glyphs(struct state *state, const struct render_totals *totals)
{
	for (size_t i = 0; i < totals->missing_count; i++) {
		char text[8], code[16];
		text[text_encode(totals->missing[i], text)] = '\0';
		snprintf(code, sizeof code, "U+%04X", totals->missing[i]);
		struct finding finding = { .id = FINDING_MISSING_GLYPH, .text = text, .detail = code };
		findings_add(&state->findings, &finding);
		log_write(LOG_WARN, "%s: %s", code, finding_message(FINDING_MISSING_GLYPH, TEXT_EN));
	}
}

static int render(struct state *state, struct err *err)
{
	stage_begin(state, "render");
	struct render_order *order = mem_new(1, sizeof *order);
	struct render_totals totals = { 0 };
	int result = -1;
	if (publish_stage(&state->plan, &state->staging, err) != 0 || give_order(state, order, err) != 0
		|| render_folders(state->templates, order, err) != 0
		|| render_execute(state->render, order, &totals, err) != 0)
		goto out;
	note_missing_glyphs(state, &totals);
	state->outcome->books = totals.books;
	state->outcome->documents = totals.documents;
	state->outcome->pages = totals.pages;
	state->outcome->bytes = totals.bytes;
	stage_end(state, "render", totals.books + totals.documents, "files");
	result = 0;
out:
	free(order);
	return result;
}

static int write_manifest(struct state *state, struct err *err)
{
	const struct run_outcome *outcome = state->outcome;
	uint64_t rows = 0, kept = 0, rejected = 0, merged = 0;
	size_t count;
	const struct store_batch *batches = facts_batches(state->facts, &count);
	for (size_t i = 0; i < count; i++) {
		rows += batches[i].rows;
		kept += batches[i].kept;
		rejected += batches[i].rejected;
		merged += batches[i].merged;
	}
	struct manifest_count counts[] = {
		{ "rows", rows }, { "kept", kept }, { "rejected", rejected }, { "merged", merged },
		{ "people", outcome->people }, { "graded", outcome->graded }, { "workbooks", outcome->books },
		{ "documents", outcome->documents }, { "pages", outcome->pages },
	};
	struct manifest manifest = {
		.run_name = outcome->name, .key = state->run.key, .period = state->run.period,
		.lang = state->plan.lang == TEXT_ZH ? "zh-CN" : "en", .as_of = state->plan.as_of,
		.rulebook = rules_id(state->rulebook), .rules_version = rules_version(state->rulebook),
		.rules_hash = state->rules_hash, .templates_hash = state->templates_hash, .mappings_hash = state->mappings_hash,
		.fonts = state->fonts, .facts = state->facts, .findings = &state->findings,
		.counts = counts, .count_count = sizeof counts / sizeof *counts,
	};
	return manifest_write(&manifest, state->staging, err);
}

static int publish(struct state *state, struct err *err)
{
	stage_begin(state, "publish");
	if (write_manifest(state, err) != 0)
		return -1;
	struct str *folder = &state->outcome->folder;
	int result = state->plan.partial
		? publish_partial(&state->plan, state->staging, state->outcome->name, folder, err)
		: publish_rename(&state->plan, state->store, &state->run, state->staging, folder, err);
	if (result != 0 || store_begin(state->store, err) != 0)
		return -1;
	state->run.state = state->plan.partial ? STORE_RUN_FAILED : STORE_RUN_PUBLISHED;
	if (store_run_set(state->store, &state->run, err) != 0
		|| (state->plan.partial && store_run_drop_results(state->store, state->run.id, err) != 0)) {
		store_rollback(state->store);
		return -1;
	}
	if (store_commit(state->store, err) != 0)
		return -1;
	stage_end(state, "publish", state->outcome->books + state->outcome->documents, "files published");
	return 0;
}

/* A failed run leaves nothing but its findings: results and staging go. */
static void put_aside(struct state *state)
{
	struct err ignored = { 0 };
	if (state->staging != NULL)
		fs_remove_tree(state->staging, &ignored);
	if (state->store == NULL || state->run.id == 0 || state->run.state == STORE_RUN_PUBLISHED
		|| store_begin(state->store, &ignored) != 0)
		return;
	state->run.state = STORE_RUN_FAILED;
	if (store_run_drop_results(state->store, state->run.id, &ignored) == 0
		&& store_run_set(state->store, &state->run, &ignored) == 0)
		store_commit(state->store, &ignored);
	else
		store_rollback(state->store);
}

static int release(struct state *state, int result, struct err *err)
{
	render_end(state->render);
	facts_close(state->facts);
	struct err close_err = { 0 };
	if (state->store != NULL && store_close(state->store, &close_err) != 0 && result == 0) {
		*err = close_err;
		result = -1;
	}
	pdf_fonts_close(state->fonts);
	report_free(state->templates);
	rules_free(state->rulebook);
	ingest_plan_free(state->inputs);
	findings_release(&state->findings);
	plan_release(&state->plan);
	free(state->staging);
	if (state->lock > 0)
		close(state->lock);
	arena_release(&state->arena);
	plan_peak_kib(&state->outcome->peak_own_kib, &state->outcome->peak_child_kib);
	return result;
}

int run_execute(const struct plan_options *options, struct run_outcome *outcome, struct err *err)
{
	struct state state = { .options = options, .outcome = outcome, .lock = -1 };
	int result = -1;
	memset(outcome, 0, sizeof *outcome);
	if (load_definitions(&state, err) != 0 || open_workspace(&state, err) != 0)
		goto out;
	memcpy(outcome->period, state.plan.period.name, sizeof outcome->period);
	if (load_inputs(&state, err) != 0 || open_facts(&state, err) != 0)
		goto out;
	make_key(&state, state.run.key);
	if (published_already(&state, &outcome->nothing_to_do, err) != 0)
		goto out;
	if (outcome->nothing_to_do) {
		result = 0;
		goto out;
	}
	if (begin_run(&state, err) != 0 || evaluate(&state, err) != 0 || render(&state, err) != 0
		|| publish(&state, err) != 0) {
		put_aside(&state);
		goto out;
	}
	result = 0;
out:
	return release(&state, result, err);
}

void run_outcome_release(struct run_outcome *outcome)
{
	str_release(&outcome->folder);
}

int run_check(const struct plan_options *options, struct str *report, struct err *err)
{
	struct run_outcome outcome = { 0 };
	struct state state = { .options = options, .outcome = &outcome, .lock = -1 };
	struct findings findings = { 0 };
	int result = load_definitions(&state, err);
	if (result == 0)
		rules_describe(state.rulebook, state.plan.lang, report);
	if (result == 0)
		result = ingest_check(state.inputs, report, &findings, err);
	findings_sort(&findings);
	for (size_t i = 0; i < findings.count; i++) {
		finding_print(report, &findings.at[i], state.plan.lang);
		str_add_char(report, '\n');
	}
	for (int id = 0; id < FINDING_COUNT && result == 0; id++) {
		if (finding_severity((enum finding_id)id) == FINDING_FAULT && findings.total[id] > 0)
			result = err_set(err, STATUS_GATE, "an input cannot be used: %s", finding_message((enum finding_id)id,
				TEXT_EN));
	}
	findings_release(&findings);
	return release(&state, result, err);
}

/* The newest published revision of the planned period, 0 if there is none. */
static int published_run(struct state *state, int64_t *run, struct err *err)
{
	struct store_run *published;
	size_t count;
	*run = 0;
	if (store_runs_published(state->store, DATE_NONE, &state->arena, &published, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(published[i].period, state->plan.period.name) == 0)
			*run = published[i].id;
	}
	return 0;
}

static int explain(struct state *state, const char *employee, const char *result, struct str *out, struct err *err)
{
	if (!fs_exists(state->plan.store_path)) {
		err_set(err, STATUS_NO_INPUT, "workspace '%s' has no store yet", state->plan.workspace);
		err_hint(err, "Run `pandian run` first.");
		return -1;
	}
	state->store = store_open(state->plan.store_path, STORE_READ, err);
	if (state->store == NULL || open_facts(state, err) != 0)
		return -1;
	struct rules_run run = {
		.facts = state->facts, .store_path = state->plan.store_path, .store = state->store,
		.earlier = state->earlier_ids, .earlier_count = state->earlier_count,
		.earlier_as_of = state->earlier_as_of, .jobs = 1,
	};
	if (published_run(state, &run.run, err) != 0)
		return -1;
	uint32_t number = facts_find(state->facts, KEY_DIM_EMPLOYEE, employee);
	if (number == FRAME_NONE) {
		err_set(err, STATUS_NO_INPUT, "employee '%s' is not in the roster", employee);
		err_hint(err, "Ids are texts: leading zeros count.");
		return -1;
	}
	return rules_explain(state->rulebook, &run, number, result, state->plan.lang, out, err);
}

int run_explain(const struct plan_options *options, const char *employee, const char *result, struct str *out,
	struct err *err)
{
	struct run_outcome outcome = { 0 };
	struct state state = { .options = options, .outcome = &outcome, .lock = -1 };
	int status = load_definitions(&state, err);
	if (status == 0)
		status = explain(&state, employee, result, out, err);
	return release(&state, status, err);
}
