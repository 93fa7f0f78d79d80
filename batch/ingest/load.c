/*
 * load.c - takes files in: known ones are passed over, new ones become batches.
 *
 * Decides: the order of files, when a batch is written (as a whole, in one transaction, after all of its file was
 * read),
 * and what a fault or a gate does. Does not decide: values (row.c), which row of a key is kept (stage.c).
 */
#include "ingest/load.h"

#include "base/fs.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct ingest_kind *ingest_readers(size_t *count)
{
	static const struct ingest_kind readers[] = {
		{ "csv",
			"text with a delimiter: UTF-8, GB18030 or UTF-16, with or without BOM; , ; tab or |; title rows "
				"above the header" },
	};
	*count = sizeof readers / sizeof *readers;
	return readers;
}

struct crew {                             /* threads on one file */
	const struct ingest_file_load *load;
	struct ingest_reader *reader;
	struct ingest_numbers *numbers;
	struct ingest_rows **rows; struct ingest_parts **parts; size_t count;
	pthread_mutex_t lock; pthread_cond_t moved;
	VEC(uint8_t) done; size_t turn;       /* units whose new texts have their numbers */
	_Atomic bool stop; struct err err;
	/* building */
	size_t blocks, next_block, written;
	struct ingest_block *built; uint8_t *ready;
};
struct member { struct crew *crew; size_t number; pthread_t thread; };

static void crew_fail(struct crew *crew, const struct err *err)
{
	pthread_mutex_lock(&crew->lock);
	if (!crew->stop) {
		crew->err = *err;
		crew->stop = true;
	}
	pthread_cond_broadcast(&crew->moved);
	pthread_mutex_unlock(&crew->lock);
}

/* Waits until every unit before this one has its numbers; false when the crew stops. */
static bool crew_wait(struct crew *crew, size_t unit)
{
	pthread_mutex_lock(&crew->lock);
	while (crew->turn < unit && !crew->stop)
		pthread_cond_wait(&crew->moved, &crew->lock);
	bool go = !crew->stop;
	pthread_mutex_unlock(&crew->lock);
	return go;
}

static void crew_done(struct crew *crew, size_t unit)
{
	pthread_mutex_lock(&crew->lock);
	while (crew->done.count <= unit)
		VEC_PUSH(&crew->done, 0);
	crew->done.at[unit] = 1;
	while (crew->turn < crew->done.count && crew->done.at[crew->turn])
		crew->turn++;
	pthread_cond_broadcast(&crew->moved);
	pthread_mutex_unlock(&crew->lock);
}

static void *read_units(void *argument)
{
	struct member *member = argument;
	struct crew *crew = member->crew;
	struct ingest_rows *rows = crew->rows[member->number];
	struct ingest_buffer buffer = { 0 };
	struct err err = { 0 };
	size_t unit, length;
	uint64_t line;
	int taken;
	while (!crew->stop
		&& (taken = ingest_reader_take(crew->reader, &buffer, &unit, &length, &line, &rows->encoding, &err)) != 0) {
		if (taken < 0) {
			crew_fail(crew, &err);
			break;
		}
		int ended = ingest_rows_take(rows, &crew->reader->shape.dialect, buffer.bytes, length, line, 0);
		if (ended < 0)
			crew_fail(crew, &rows->err);
		if (ended > 0) {
			pthread_mutex_lock(&crew->reader->lock);
			crew->reader->faulty = true;
			crew->reader->fault = FINDING_UNTERMINATED_QUOTE;
			crew->reader->fault_line = rows->scan.record_line;
			pthread_mutex_unlock(&crew->reader->lock);
		}
		if (rows->pending.count) {
			if (!crew_wait(crew, unit))
				break;
			ingest_stage_resolve(rows, crew->numbers);
		}
		crew_done(crew, unit);
		ingest_stage_scatter(rows, crew->parts[member->number]);
		if (crew->load->progress && member->number == 0) {
			pthread_mutex_lock(&crew->reader->lock);
			uint64_t read = crew->reader->offset;
			pthread_mutex_unlock(&crew->reader->lock);
			log_progress("ingest", crew->load->progress_before + read, crew->load->progress_total);
		}
	}
	ingest_parts_end(crew->parts[member->number]);
	free(buffer.bytes);
	return NULL;
}

static void *build_blocks(void *argument)
{
	struct member *member = argument;
	struct crew *crew = member->crew;
	struct ingest_builder builder = { 0 };
	for (;;) {
		pthread_mutex_lock(&crew->lock);
		while (!crew->stop && crew->next_block < crew->blocks
			&& crew->next_block > crew->written + crew->count) /* as many blocks in memory as builders, and one */
			pthread_cond_wait(&crew->moved, &crew->lock);
		size_t block = crew->next_block++;
		bool go = !crew->stop && block < crew->blocks;
		pthread_mutex_unlock(&crew->lock);
		if (!go)
			break;
		ingest_stage_build(crew->rows[0]->binding, crew->numbers, crew->parts, crew->rows, crew->count, (uint32_t)block,
			&builder, &crew->built[block]);
		pthread_mutex_lock(&crew->lock);
		crew->ready[block] = 1;
		pthread_cond_broadcast(&crew->moved);
		pthread_mutex_unlock(&crew->lock);
	}
	ingest_builder_release(&builder);
	return NULL;
}

/* Runs `work` on every member: in this thread when there is one only. */
static struct member *crew_start(struct crew *crew, void *(*work)(void *), size_t count)
{
	struct member *members = mem_new(count, sizeof *members);
	for (size_t i = 0; i < count; i++) {
		members[i].crew = crew;
		members[i].number = i;
	}
	for (size_t i = 1; i < count; i++) {
		if (pthread_create(&members[i].thread, NULL, work, &members[i]) != 0) {
			struct err err = { 0 };
			err_set(&err, STATUS_AGAIN, "cannot start a thread");
			crew_fail(crew, &err);
			members[i].crew = NULL;
		}
	}
	return members;
}

static void crew_join(struct member *members, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (members[i].crew)
			pthread_join(members[i].thread, NULL);
	}
	free(members);
}

/* Builds all blocks and puts their segments in order. */
static int write_blocks(struct crew *crew, struct store *store, struct store_batch *batch,
	struct ingest_outcome_of_file *outcome, struct err *err)
{
	int result = 0;
	for (size_t t = 0; t < crew->count; t++)
		crew->blocks = crew->parts[t]->count > crew->blocks ? crew->parts[t]->count : crew->blocks;
	crew->built = mem_new(crew->blocks + 1, sizeof *crew->built);
	crew->ready = mem_new(crew->blocks + 1, 1);
	struct ingest_builder builder = { 0 };
	for (size_t t = 0; t < crew->count; t++)
		ingest_rows_rest(crew->rows[t]);
	/* this thread writes; the others build (alone, it does both) */
	struct member *members = crew_start(crew, build_blocks, crew->count > 1 ? crew->count + 1 : 1);
	for (size_t block = 0; block < crew->blocks && result == 0; block++) {
		if (crew->count > 1) {
			pthread_mutex_lock(&crew->lock);
			while (!crew->ready[block] && !crew->stop)
				pthread_cond_wait(&crew->moved, &crew->lock);
			bool stopped = crew->stop;
			pthread_mutex_unlock(&crew->lock);
			if (stopped) {
				*err = crew->err;
				result = -1;
				break;
			}
		} else {
			ingest_stage_build(crew->rows[0]->binding, crew->numbers, crew->parts, crew->rows, 1, (uint32_t)block,
				&builder, &crew->built[block]);
		}
		struct ingest_block *built = &crew->built[block];
		if (built->bytes.length)
			result = store_segment_put_bytes(store, batch->feed, batch->id, (uint32_t)block, &built->bytes, err);
		if (built->merged && (batch->merged == 0 || built->first_repeat.line < outcome->first_repeat.line))
			outcome->first_repeat = built->first_repeat;
		for (size_t i = 0; i < built->repeats.count && outcome->repeats.count <= INGEST_REPEATS_TOLD; i++)
			VEC_PUSH(&outcome->repeats, built->repeats.at[i]);
		batch->kept += built->kept;
		batch->merged += built->merged;
		for (size_t i = 0; i < built->conflicts.count; i++)
			VEC_PUSH(&outcome->conflicts, built->conflicts.at[i]);
		ingest_block_release(built);
		pthread_mutex_lock(&crew->lock);
		crew->written = block + 1;
		if (result != 0)
			crew->stop = true;
		pthread_cond_broadcast(&crew->moved);
		pthread_mutex_unlock(&crew->lock);
	}
	crew_join(members, crew->count > 1 ? crew->count + 1 : 1);
	for (size_t block = 0; block < crew->blocks; block++)
		ingest_block_release(&crew->built[block]);
	ingest_builder_release(&builder);
	free(crew->built);
	free(crew->ready);
	return result;
}

static int by_line(const void *a, const void *b)
{
	const struct ingest_conflict *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->field != y->field ? (x->field < y->field ? -1 : 1) : (x->kept > y->kept) - (x->kept < y->kept);
}

/* Rows that lost against another of their key go to quarantine with their text, which is read once more. */
static int quarantine_conflicts(
	struct ingest_reader *reader, struct ingest_rows *rows, struct ingest_outcome_of_file *outcome, struct err *err)
{
	struct ingest_buffer buffer = { 0 };
	size_t unit = SIZE_MAX;
	int result = -1;
	if (outcome->conflicts.count)
		qsort(outcome->conflicts.at, outcome->conflicts.count, sizeof *outcome->conflicts.at, by_line);
	for (size_t i = 0; i < outcome->conflicts.count; i++) {
		const struct ingest_conflict *conflict = &outcome->conflicts.at[i];
		size_t low = 0, high = reader->units.count;
		while (high - low > 1) {
			size_t middle = (low + high) / 2;
			if (reader->units.at[middle].line <= conflict->line)
				low = middle;
			else
				high = middle;
		}
		if (low != unit) {
			unit = low;
			if (ingest_reader_again(reader, unit, &buffer, err) != 0)
				goto out;
			ingest_scan_begin(&rows->tokens, &reader->shape.dialect, buffer.bytes, reader->units.at[unit].length,
				reader->units.at[unit].line);
		}
		if (!ingest_rows_find(rows, conflict->line)) {
			err_set(err, STATUS_INTERNAL, "%s:%u: the row is not found again", reader->path, conflict->line);
			goto out;
		}
		const struct ingest_bound *bound = &rows->binding->fields[conflict->field];
		const char *text = NULL;
		rows->encoding = reader->in_memory ? INGEST_UTF8 : reader->encoding;
		if (bound->column != INGEST_NO_COLUMN && bound->column < rows->binding->physical
			&& bound->column < rows->scan.cell_count)
			text = arena_text(&rows->reject_arena, ingest_rows_cell_text(rows, bound->column));
		ingest_rows_reject(rows, FINDING_DUPLICATE_CONFLICT, bound->header, text,
			arena_printf(&rows->reject_arena, "row %u was kept", conflict->kept));
	}
	result = 0;
out:
	free(buffer.bytes);
	return result;
}

static int by_row(const void *a, const void *b)
{
	const struct store_reject *x = a, *y = b;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->finding != y->finding)
		return x->finding < y->finding ? -1 : 1;
	int order = strcmp(x->column ? x->column : "", y->column ? y->column : "");
	return order ? order : strcmp(x->text ? x->text : "", y->text ? y->text : "");
}

/* Findings that are counted by column: cleaned and spoilt texts. */
static void tell_sights(struct crew *crew, const struct ingest_binding *binding, struct findings *findings)
{
	for (size_t i = 0; i < binding->field_count + binding->let_count; i++) {
		const struct ingest_bound *bound =
			i < binding->field_count ? &binding->fields[i] : &binding->lets[i - binding->field_count];
		for (int kind = 0; kind < 2; kind++) {
			struct ingest_sight all = { 0 };
			for (size_t t = 0; t < crew->count; t++) {
				const struct ingest_sight *seen = kind ? &crew->rows[t]->spoilt[i] : &crew->rows[t]->cleaned[i];
				uint64_t count = all.count + seen->count;
				if (seen->count && (all.count == 0 || seen->line < all.line))
					all = *seen;
				all.count = count;
			}
			if (all.count)
				findings_add(findings,
					&(struct finding){ .id = kind ? FINDING_SPOILT_TEXT : FINDING_CLEANED_TEXT,
						.feed = binding->source->feed->name,
						.file = binding->file,
						.row = all.line,
						.column = bound->header,
						.text = all.text,
						.count = all.count });
		}
	}
}

static void write_choices(
	const struct ingest_reader *reader, const struct ingest_binding *binding, uint64_t filtered, struct str *out)
{
	struct json_writer json;
	char delimiter[2] = { reader->shape.dialect.delimiter, 0 };
	json_begin(&json, out, false);
	json_object(&json);
	json_put_text(&json, "delimiter", delimiter);
	json_put_int(&json, "header_row", (int64_t)reader->shape.header_line);
	json_put_int(&json, "filtered", (int64_t)filtered);
	json_key(&json, "columns");
	json_object(&json);
	for (size_t i = 0; binding && i < binding->field_count; i++) {
		if (binding->fields[i].column != INGEST_NO_COLUMN)
			json_put_text(&json, binding->fields[i].spec->name, binding->fields[i].header);
	}
	json_close(&json);
	json_close(&json);
}

static void tell_repeats(const struct ingest_file_load *load, uint64_t merged, struct ingest_outcome_of_file *outcome)
{
	const bool singly = merged <= INGEST_REPEATS_TOLD;
	for (size_t i = 0; merged && i < (singly ? outcome->repeats.count : 1); i++) {
		const struct ingest_repeat *repeat = singly ? &outcome->repeats.at[i] : &outcome->first_repeat;
		char detail[64];
		snprintf(detail, sizeof detail, "same as row %u", repeat->kept);
		findings_add(&outcome->findings,
			&(struct finding){ .id = FINDING_DUPLICATE,
				.feed = load->source->feed->name,
				.file = load->file->shown,
				.row = repeat->line,
				.detail = detail,
				.count = singly ? 1 : merged });
	}
}

/* Look-up files are part of what a batch was made of. */
static int mix_lookups(const struct ingest_source *source, const char *path, char hex[HASH_HEX], struct err *err)
{
	if (source->mapping.lookup_count == 0)
		return 0;
	struct hash *hash = hash_new();
	int result = 0;
	hash_add_text(hash, hex);
	for (size_t i = 0; i < source->mapping.lookup_count && result == 0; i++) {
		struct str folder = { 0 };
		const char *slash = strrchr(path, '/');
		str_add_bytes(&folder, slash ? path : ".", slash ? (size_t)(slash - path) : 1);
		char *beside = fs_join(str_text(&folder), source->mapping.lookups[i].file), inner[HASH_HEX];
		result = hash_file(beside, inner, err);
		if (result == 0)
			hash_add_text(hash, inner);
		else
			err_context(err, "%s", source->mapping.lookups[i].where);
		free(beside);
		str_release(&folder);
	}
	hash_end(hash, hex);
	return result;
}

/* Keeps findings of a file that was not taken in: no batch holds them. */
static int keep_findings(struct store *store, struct findings *findings, struct err *err)
{
	struct err ignored = { 0 };
	if (store_begin(store, &ignored) != 0)
		return -1;
	if (store_findings_put(store, 0, 0, findings, &ignored) != 0 || store_commit(store, &ignored) != 0) {
		store_rollback(store);
		if (err->status == 0)
			*err = ignored;
		return -1;
	}
	return 0;
}

/* A file that cannot be used: the gate decides whether that ends the run. */
static int refuse_file(const struct ingest_file_load *load, struct findings *findings, struct err *err)
{
	const struct finding *worst = NULL;
	for (size_t i = 0; i < findings->count; i++) {
		if (finding_severity(findings->at[i].id) == FINDING_FAULT
			|| (!worst && findings->at[i].id == FINDING_EMPTY_FILE))
			worst = &findings->at[i];
	}
	struct str line = { 0 };
	if (worst)
		finding_print(&line, worst, TEXT_EN);
	int result = 0;
	if (!load->source->has_gate || load->source->gate_fails)
		result = err_set(err, STATUS_GATE, "%s", worst ? str_text(&line) : load->file->shown);
	else
		log_write(LOG_WARN, "%s; the file was left out", str_text(&line));
	findings_sort(findings);
	if (keep_findings(load->store, findings, err) != 0)
		result = -1;
	str_release(&line);
	return result;
}

static int write_batch(struct crew *crew, struct ingest_reader *reader, const struct ingest_binding *binding,
	struct store_batch *batch, struct ingest_outcome_of_file *outcome, struct err *err)
{
	const struct ingest_file_load *load = crew->load;
	struct store *store = load->store;
	VEC(struct store_reject) rejects = { 0 };
	struct str choices = { 0 };
	uint64_t filtered = 0;
	bool open = false;
	int result = -1;
	if (store_begin(store, err) != 0)
		goto out;
	open = true;
	batch->choices = "{}";
	if (store_batch_add(store, batch, err) != 0 || store_keys_save(store, err) != 0)
		goto out;
	if (write_blocks(crew, store, batch, outcome, err) != 0)
		goto out;
	struct ingest_rows *first = crew->rows[0];
	uint64_t read_rows = 0;
	for (size_t t = 0; t < crew->count; t++)
		read_rows += crew->rows[t]->rows;
	if (quarantine_conflicts(reader, first, outcome, err) != 0)
		goto out;
	for (size_t t = 0; t < crew->count; t++) {
		struct ingest_rows *rows = crew->rows[t];
		batch->rejected += rows->rejected;
		filtered += rows->filtered;
		for (size_t i = 0; i < rows->rejects.count; i++)
			VEC_PUSH(&rejects, rows->rejects.at[i]);
		findings_join(&outcome->findings, &rows->findings);
		rows->findings = (struct findings){ 0 };
	}
	if (rejects.count)
		qsort(rejects.at, rejects.count, sizeof *rejects.at, by_row);
	tell_sights(crew, binding, &outcome->findings);
	tell_repeats(load, batch->merged, outcome);
	if (filtered)
		findings_add(&outcome->findings,
			&(struct finding){ .id = FINDING_FILTERED_ROW,
				.feed = load->source->feed->name,
				.file = load->file->shown,
				.count = filtered });
	if (read_rows == 0 && filtered == 0 && !reader->empty)
		findings_add(&outcome->findings,
			&(struct finding){
				.id = FINDING_HEADER_ONLY, .feed = load->source->feed->name, .file = load->file->shown });
	findings_sort(&outcome->findings);
	batch->rows = read_rows;
	if (batch->rows != batch->kept + batch->rejected + batch->merged) {
		err_set(err, STATUS_INTERNAL, "%s: %llu rows were read, but %llu kept, %llu rejected and %llu merged",
			load->file->shown, (unsigned long long)batch->rows, (unsigned long long)batch->kept,
			(unsigned long long)batch->rejected, (unsigned long long)batch->merged);
		goto out;
	}
	if (load->source->has_gate && batch->rows) {
		struct decimal share =
			decimal_div(decimal_from_int((int64_t)batch->rejected), decimal_from_int((int64_t)batch->rows));
		if (decimal_compare(share, load->source->gate) > 0) {
			char limit[64];
			limit[decimal_to_text(load->source->gate, limit)] = 0;
			if (load->source->gate_fails) {
				store_rollback(store);
				open = false;
				err_set(err, STATUS_GATE,
					"%s: %llu of %llu rows do not fit, more than the gate of %s allows (share %s)", load->file->shown,
					(unsigned long long)batch->rejected, (unsigned long long)batch->rows, load->source->where, limit);
				if (outcome->findings.count) {
					struct str line = { 0 };
					for (size_t i = 0; i < outcome->findings.count && !line.length; i++) {
						if (finding_severity(outcome->findings.at[i].id) == FINDING_REJECT)
							finding_print(&line, &outcome->findings.at[i], TEXT_EN);
					}
					err_hint(err, "The first: %s.", str_text(&line));
					str_release(&line);
				}
				keep_findings(store, &outcome->findings, err);
				goto out;
			}
			log_write(LOG_WARN, "%s: %llu of %llu rows do not fit", load->file->shown,
				(unsigned long long)batch->rejected, (unsigned long long)batch->rows);
		}
	}
	write_choices(reader, binding, filtered, &choices);
	batch->choices = str_text(&choices);
	if (store_rejects_put(store, batch->id, rejects.at, rejects.count, err) != 0
		|| store_findings_put(store, batch->id, 0, &outcome->findings, err) != 0
		|| store_batch_update(store, batch, err) != 0 || store_commit(store, err) != 0)
		goto out;
	open = false;
	result = 0;
out:
	if (open)
		store_rollback(store);
	VEC_RELEASE(&rejects);
	str_release(&choices);
	return result;
}

/* Reads a file whole with the crew. 0, or -1; faults are left in the reader. */
static int read_file(struct crew *crew, struct err *err)
{
	struct member *members = crew_start(crew, read_units, crew->count);
	read_units(&members[0]);
	crew_join(members, crew->count);
	if (crew->stop) {
		*err = crew->err;
		return -1;
	}
	return 0;
}

int ingest_file_load(const struct ingest_file_load *load, struct store_batch *batch, bool *taken, struct err *err)
{
	const struct ingest_source *source = load->source;
	struct ingest_reader reader;
	struct ingest_binding *binding = NULL;
	struct ingest_outcome_of_file outcome = { 0 };
	struct ingest_numbers numbers = { 0 };
	struct crew crew = { .load = load, .reader = &reader, .numbers = &numbers };
	struct arena arena = { 0 };
	bool usable = false;
	int result = -1;
	*taken = false;
	pthread_mutex_init(&crew.lock, NULL);
	pthread_cond_init(&crew.moved, NULL);
	if (ingest_reader_open(&reader, load->file->path, &source->mapping, &arena, err) != 0)
		goto out;
	struct finding fault = { .feed = source->feed->name, .file = load->file->shown };
	if (reader.empty) {
		fault.id = FINDING_EMPTY_FILE;
		findings_add(&outcome.findings, &fault);
		if (source->full || source->required) { /* an empty snapshot would say that nobody is left */
			result = refuse_file(load, &outcome.findings, err);
			goto out;
		}
	} else if (!reader.shape.found) {
		fault.id = reader.faulty ? reader.fault : FINDING_NO_HEADER;
		fault.detail = "none of the mapping's columns was found in the first 50 rows";
		findings_add(&outcome.findings, &fault);
		result = refuse_file(load, &outcome.findings, err);
		goto out;
	} else {
		binding = ingest_bind(source, load->file->path, load->file->shown, reader.encoding, &reader.shape.headers,
			&outcome.findings, &usable, err);
		if (!binding)
			goto out;
		if (!usable) {
			result = refuse_file(load, &outcome.findings, err);
			goto out;
		}
		for (size_t i = 0; i < binding->field_count; i++) {
			const struct feed_field *field = binding->fields[i].spec->field;
			if (field->type == FIELD_KEY && !numbers.keys[field->dim]
				&& !(numbers.keys[field->dim] = store_keys(load->store, field->dim, err)))
				goto out;
		}
		if (source->feed->grain == FEED_GRAIN_EMPLOYEE && !numbers.keys[KEY_DIM_EMPLOYEE]
			&& !(numbers.keys[KEY_DIM_EMPLOYEE] = store_keys(load->store, KEY_DIM_EMPLOYEE, err)))
			goto out;
		crew.count = load->jobs > 1 && reader.size > 2 * INGEST_UNIT ? load->jobs : 1;
		crew.rows = mem_new(crew.count, sizeof *crew.rows);
		crew.parts = mem_new(crew.count, sizeof *crew.parts);
		for (size_t i = 0; i < crew.count; i++) {
			crew.rows[i] = mem_new(1, sizeof **crew.rows);
			crew.parts[i] = mem_new(1, sizeof **crew.parts);
			ingest_rows_init(crew.rows[i], binding);
			crew.rows[i]->today = load->file->snapshot != DATE_NONE ? load->file->snapshot : load->as_of;
			ingest_parts_init(crew.parts[i], binding->record_size);
		}
		if (read_file(&crew, err) != 0)
			goto out;
	}
	if (ingest_reader_end(&reader, batch->sha256, err) != 0
		|| mix_lookups(source, load->file->path, batch->sha256, err) != 0)
		goto out;
	if (reader.faulty) {
		fault.id = reader.fault;
		fault.row = reader.fault_line;
		fault.detail = reader.fault == FINDING_BAD_FILE ? "a record is longer than 64 MiB"
														: "the quotation mark that opens in this row";
		findings_add(&outcome.findings, &fault);
		result = refuse_file(load, &outcome.findings, err);
		goto out;
	}
	batch->feed = source->feed->id;
	batch->source = source->mapping.path;
	batch->file = load->file->shown;
	memcpy(batch->mapping, source->hash, HASH_HEX);
	batch->full = source->full;
	batch->snapshot = load->file->snapshot;
	batch->encoding = ingest_encoding_name(reader.encoding);
	batch->bytes = reader.size;
	if (binding)
		result = write_batch(&crew, &reader, binding, batch, &outcome, err);
	else
		result = ingest_write_empty(load, batch, &outcome.findings, err);
	*taken = result == 0;
out:
	for (size_t i = 0; i < crew.count && crew.rows; i++) {
		ingest_rows_release(crew.rows[i]);
		ingest_parts_release(crew.parts[i]);
		free(crew.rows[i]);
		free(crew.parts[i]);
	}
	free(crew.rows);
	free(crew.parts);
	VEC_RELEASE(&crew.done);
	VEC_RELEASE(&outcome.conflicts);
	VEC_RELEASE(&outcome.repeats);
	findings_release(&outcome.findings);
	map_release(&numbers.texts);
	ingest_binding_free(binding);
	ingest_reader_release(&reader);
	arena_release(&arena);
	pthread_mutex_destroy(&crew.lock);
	pthread_cond_destroy(&crew.moved);
	return result;
}

int ingest_write_empty(
	const struct ingest_file_load *load, struct store_batch *batch, const struct findings *findings, struct err *err)
{
	batch->choices = "{}";
	if (store_begin(load->store, err) != 0)
		return -1;
	if (store_batch_add(load->store, batch, err) != 0
		|| store_findings_put(load->store, batch->id, 0, findings, err) != 0 || store_commit(load->store, err) != 0) {
		store_rollback(load->store);
		return -1;
	}
	return 0;
}

/*
 * Whether a later batch of the same source, file and day stands in the place of this one: then these bytes came
 * back.
 */
static bool is_superseded(const struct store_batch *batches, size_t count, const struct store_batch *batch)
{
	for (const struct store_batch *later = batch + 1; later < batches + count; later++)
		if (later->full == batch->full && (batch->full || batch->snapshot != DATE_NONE) && later->feed == batch->feed
			&& later->snapshot == batch->snapshot && strcmp(later->file, batch->file) == 0
			&& strcmp(later->source, batch->source) == 0)
			return true;
	return false;
}

/* True where the store has a batch of the same bytes, mapping and day, and nothing newer in its place. */
static int is_known(const struct ingest_file_load *load, const struct store_batch *batches, size_t count, uint64_t size,
	bool *known, struct err *err)
{
	char hex[HASH_HEX] = "";
	*known = false;
	for (size_t i = 0; i < count; i++) {
		const struct store_batch *batch = &batches[i];
		if (batch->feed != load->source->feed->id || batch->bytes != size || batch->snapshot != load->file->snapshot
			|| strcmp(batch->mapping, load->source->hash) != 0)
			continue;
		if (!*hex
			&& (hash_file(load->file->path, hex, err) != 0
				|| mix_lookups(load->source, load->file->path, hex, err) != 0))
			return -1;
		if (strcmp(hex, batch->sha256) == 0 && !is_superseded(batches, count, batch)) {
			*known = true;
			return 0;
		}
	}
	return 0;
}

static int file_size(const char *path, uint64_t *size, struct err *err)
{
	int fd = fs_open_read(path, size, err);
	if (fd < 0)
		return -1;
	close(fd);
	return 0;
}

int ingest_load(const struct ingest_plan *plan, struct store *store, int32_t as_of, unsigned jobs,
	struct ingest_totals *totals, struct err *err)
{
	struct arena arena = { 0 };
	struct store_batch *batches = NULL;
	size_t count = 0;
	struct ingest_files *files = mem_new(plan->source_count + 1, sizeof *files);
	uint64_t bytes_total = 0, bytes_before = 0, size;
	int result = -1;
	memset(totals, 0, sizeof *totals);
	for (size_t s = 0; s < plan->source_count; s++) {
		const struct ingest_source *source = &plan->sources[s];
		if (ingest_files_find(source, &files[s], err) != 0)
			goto out;
		if (source->required && files[s].count == 0) {
			err_set(err, STATUS_NO_INPUT, "%s: no file for the feed %s: %s/%s", source->where, source->feed->name,
				source->folder_shown, source->files);
			err_hint(err, "Put the export there, or say required=\"no\".");
			goto out;
		}
		for (size_t f = 0; f < files[s].count; f++) {
			if (file_size(files[s].at[f].path, &size, err) != 0)
				goto out;
			bytes_total += size;
		}
	}
	for (size_t s = 0; s < plan->source_count; s++) {
		for (size_t f = 0; f < files[s].count; f++) {
			struct ingest_file_load load = { .source = &plan->sources[s],
				.file = &files[s].at[f],
				.store = store,
				.as_of = as_of,
				.jobs = jobs ? jobs : 1,
				.progress = true,
				.progress_before = bytes_before,
				.progress_total = bytes_total };
			bool known = false, taken = false;
			struct store_batch batch = { 0 };
			arena_reset(&arena);
			if (file_size(load.file->path, &size, err) != 0 || store_batches(store, &arena, &batches, &count, err) != 0
				|| is_known(&load, batches, count, size, &known, err) != 0)
				goto out;
			if (!known && ingest_file_load(&load, &batch, &taken, err) != 0)
				goto out;
			bytes_before += size;
			totals->files++;
			totals->bytes += size;
			if (taken) {
				totals->files_new++;
				totals->rows += batch.rows;
				totals->kept += batch.kept;
				totals->rejected += batch.rejected;
				totals->merged += batch.merged;
				log_write(LOG_INFO, "%s: %llu rows, %llu kept, %llu rejected, %llu merged", load.file->shown,
					(unsigned long long)batch.rows, (unsigned long long)batch.kept, (unsigned long long)batch.rejected,
					(unsigned long long)batch.merged);
			}
		}
	}
	log_progress("ingest", bytes_total, bytes_total);
	result = 0;
out:
	for (size_t s = 0; s < plan->source_count; s++)
		ingest_files_release(&files[s]);
	free(files);
	arena_release(&arena);
	return result;
}
