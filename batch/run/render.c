/*
 * render.c - the parent of the renderers and its workers. Decides: who makes which file, what a worker's death means.
 * Does not decide: what stands in a file (report/, output/).
 *
 * Tasks are numbered: first the workbooks (the longest), then every block of every kind of document. Workers draw the
 * next number from shared memory, so which worker makes what does not matter to the result.
 */
#include "run/render.h"

#include "base/fs.h"
#include "base/log.h"
#include "base/mem.h"
#include "output/xlsx.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKER_MAX = 64, MISSING_MAX = 64, SAMPLE_DOCUMENTS = 48 };

struct shared {
	atomic_uint next_task;
	atomic_uint stop;                  /* a worker failed: draw no more */
	atomic_uint failed;                /* 1 while an error is being written or stands in err */
	atomic_uint err_ready;
	struct err err;
	atomic_ullong documents, pages, books, bytes;
	atomic_uint book_tasks;            /* how many workbooks there are, as every worker finds out */
	atomic_uint missing_count;
	_Atomic uint32_t missing[MISSING_MAX];
	struct pdf_common common[PDF_SETS]; /* of each kind of document */
	atomic_uint current[WORKER_MAX];   /* task + 1 a worker is at */
	struct render_order order;
};

struct render {
	pid_t parent;
	int channel;                       /* our end of the socket pair */
	struct shared *shared;
};

/* Everything a worker needs, opened by itself after fork. */
struct worker {
	unsigned number;
	struct shared *shared;
	const struct render_order *order;
	const struct report_templates *templates;
	struct store *store;
	struct facts *facts;
	struct arena arena;
	struct result_directory directory, previous_directory;
	struct report_input input;
	const char *earlier_periods[RENDER_HISTORY];
	struct pdf_writer *writer;
	int entries[257];                  /* descriptors of the lists for the manifest, -1: not open */
	struct str bytes, name;
};

void render_document_name(struct str *out, const char *employee_id, bool fan)
{
	if (fan) {
		char hex[HASH_HEX];
		hash_bytes(employee_id, strlen(employee_id), hex);
		str_add_bytes(out, hex, 2);
		str_add_char(out, '/');
	}
	fs_safe_name(out, employee_id);
	str_add(out, ".pdf");
}

static void name_flat(struct str *out, const char *employee_id)
{
	render_document_name(out, employee_id, false);
}

static void name_fanned(struct str *out, const char *employee_id)
{
	render_document_name(out, employee_id, true);
}

static void report_failure(struct shared *shared, const struct err *err)
{
	if (atomic_exchange(&shared->failed, 1) == 0) {
		shared->err = *err;
		atomic_store(&shared->err_ready, 1);
	}
	atomic_store(&shared->stop, 1);
}

static void note_missing(struct shared *shared, uint32_t code_point)
{
	unsigned count = atomic_load(&shared->missing_count);
	for (unsigned i = 0; i < count && i < MISSING_MAX; i++) {
		if (atomic_load(&shared->missing[i]) == code_point)
			return;
	}
	unsigned at = atomic_fetch_add(&shared->missing_count, 1);
	if (at < MISSING_MAX)
		atomic_store(&shared->missing[at], code_point);
}

/* ---- one worker ---- */

static int worker_open(struct worker *worker, struct err *err)
{
	const struct render_order *order = worker->order;
	for (size_t i = 0; i < 257; i++)
		worker->entries[i] = -1;
	worker->store = store_open(order->store_path, STORE_READ, err);
	if (worker->store == NULL)
		return -1;
	worker->facts = facts_open(worker->store, &order->facts, err);
	if (worker->facts == NULL)
		return -1;
	if (store_directory_get(worker->store, order->run, &worker->arena, &worker->directory, err) != 0)
		return -1;
	if (order->previous != 0
		&& store_directory_get(worker->store, order->previous, &worker->arena, &worker->previous_directory, err) != 0)
		return -1;
	struct report_input *input = &worker->input;
	*input = (struct report_input){
		.facts = worker->facts, .store = worker->store, .run = order->run, .directory = &worker->directory,
		.previous = order->previous, .previous_directory = order->previous != 0 ? &worker->previous_directory : NULL,
		.earlier = order->earlier, .earlier_periods = worker->earlier_periods, .earlier_count = order->earlier_count,
		.lang = order->lang, .period = order->period, .run_name = order->run_name, .centre = order->centre,
		.key = order->key, .rules_hash = order->rules_hash, .templates_hash = order->templates_hash,
		.mappings_hash = order->mappings_hash,
	};
	for (size_t i = 0; i < order->earlier_count; i++)
		worker->earlier_periods[i] = order->earlier_period[i];
	if (order->docs && report_doc_count(worker->templates) > 0) {
		input->archive_folder = report_doc_folder(worker->templates, 0, order->lang);
		input->archive_path = order->fan ? name_fanned : name_flat;
	}
	return 0;
}

static void worker_close(struct worker *worker)
{
	pdf_writer_free(worker->writer);
	facts_close(worker->facts);
	struct err ignored = { 0 };
	if (worker->store != NULL)
		store_close(worker->store, &ignored);
	for (size_t i = 0; i < 257; i++) {
		if (worker->entries[i] >= 0)
			close(worker->entries[i]);
	}
	str_release(&worker->bytes);
	str_release(&worker->name);
	arena_release(&worker->arena);
}

/* Appends "path<TAB>bytes<TAB>sha256" to the list of its folder: shelf 0-255 for fanned folders, 256 for all else. */
static int add_entry(struct worker *worker, unsigned shelf, const char *path, size_t bytes, const char *sha256,
	struct err *err)
{
	if (worker->entries[shelf] < 0) {
		struct str name = { 0 };
		str_printf(&name, "%s/.entries-%03u", worker->order->staging, shelf);
		worker->entries[shelf] = open(name.text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
		int failed = worker->entries[shelf] < 0;
		if (failed)
			err_sys(err, STATUS_CANT_CREATE, errno, "cannot create '%s'", name.text);
		str_release(&name);
		if (failed)
			return -1;
	}
	struct str line = { 0 };
	str_printf(&line, "%s\t%zu\t%s\n", path, bytes, sha256);
	ssize_t written = write(worker->entries[shelf], line.text, line.length); /* one write: O_APPEND keeps lines whole */
	bool whole = written == (ssize_t)line.length;
	if (!whole)
		err_sys(err, STATUS_IO, written < 0 ? errno : ENOSPC, "cannot write to the list of outputs");
	str_release(&line);
	return whole ? 0 : -1;
}

static int make_book(struct worker *worker, struct report_books *books, size_t number, struct err *err)
{
	struct book *book = report_books_make(books, number, err);
	if (book == NULL)
		return err_context(err, "workbook %s", report_books_id(books, number));
	char *path = fs_join(worker->order->staging, book->file);
	struct xlsx_totals totals;
	char sha256[HASH_HEX];
	int result = -1;
	if (xlsx_write(book, path, worker->order->staging, &totals, err) != 0 || xlsx_verify(path, &totals, err) != 0
		|| fs_sync_file(path, err) != 0 || hash_file(path, sha256, err) != 0) {
		err_context(err, "workbook %s", book->file);
		goto out;
	}
	uint64_t size;
	int descriptor = fs_open_read(path, &size, err);
	if (descriptor < 0)
		goto out;
	close(descriptor);
	if (add_entry(worker, 256, book->file, (size_t)size, sha256, err) != 0)
		goto out;
	atomic_fetch_add(&worker->shared->books, 1);
	atomic_fetch_add(&worker->shared->bytes, size);
	result = 0;
out:
	free(path);
	book_free(book);
	return result;
}

static bool wanted(const struct render_order *order, uint32_t employee)
{
	if (order->only_count == 0)
		return true;
	for (size_t i = 0; i < order->only_count; i++) {
		if (order->only_employees[i] == employee)
			return true;
	}
	return false;
}

static bool wanted_block(const struct render_order *order, uint32_t block)
{
	if (order->only_count == 0)
		return true;
	for (size_t i = 0; i < order->only_count; i++) {
		if (order->only_employees[i] / STORE_BLOCK == block)
			return true;
	}
	return false;
}

static int write_document(struct worker *worker, size_t kind, const struct doc *doc, uint32_t employee, struct err *err)
{
	struct pdf_totals totals;
	const char *id = facts_key(worker->facts, KEY_DIM_EMPLOYEE, employee);
	if (pdf_write(worker->writer, doc, &worker->bytes, &totals, err) != 0
		|| pdf_verify(&worker->bytes, &totals, err) != 0)
		return err_context(err, "%s of '%s'", report_doc_id(worker->templates, kind), id);
	for (size_t i = 0; i < totals.missing_count; i++)
		note_missing(worker->shared, totals.missing[i]);
	char sha256[HASH_HEX];
	hash_bytes(worker->bytes.text, worker->bytes.length, sha256);
	struct str *name = &worker->name;
	str_clear(name);
	str_printf(name, "%s/%s/", worker->order->staging, report_doc_folder(worker->templates, kind, worker->order->lang));
	size_t below = strlen(worker->order->staging) + 1;
	size_t start = name->length;
	render_document_name(name, id, worker->order->fan);
	unsigned shelf = 256;
	if (worker->order->fan) {
		char digits[3] = { name->text[start], name->text[start + 1], '\0' };
		shelf = (unsigned)strtoul(digits, NULL, 16);
	}
	if (fs_write_new(name->text, worker->bytes.text, worker->bytes.length, false, err) != 0
		|| add_entry(worker, shelf, name->text + below, worker->bytes.length, sha256, err) != 0)
		return -1;
	atomic_fetch_add(&worker->shared->documents, 1);
	atomic_fetch_add(&worker->shared->pages, (unsigned long long)totals.pages);
	atomic_fetch_add(&worker->shared->bytes, worker->bytes.length);
	return 0;
}

static int make_documents(struct worker *worker, struct report_docs *docs, size_t kind, uint32_t block, struct err *err)
{
	uint32_t count = 0;
	if (!wanted_block(worker->order, block))
		return 0;
	if (report_docs_block(docs, block, &count, err) != 0)
		return -1;
	for (uint32_t n = 0; n < count; n++) {
		const struct doc *doc;
		uint32_t employee;
		if (atomic_load(&worker->shared->stop))
			return 0;
		if (report_docs_make(docs, n, &doc, &employee, err) != 0)
			return -1;
		if (wanted(worker->order, employee) && write_document(worker, kind, doc, employee, err) != 0)
			return -1;
	}
	return 0;
}

static int work(struct worker *worker, const struct pdf_fonts *fonts, struct err *err)
{
	const struct render_order *order = worker->order;
	struct report_books *maker = NULL;
	struct report_docs *docs = NULL;
	size_t docs_kind = 0;
	int result = -1;
	if (order->books && (maker = report_books_open(worker->templates, &worker->input, err)) == NULL)
		return -1;
	unsigned books = maker != NULL ? (unsigned)report_books_count(maker) : 0;
	unsigned kinds = order->docs ? (unsigned)report_doc_count(worker->templates) : 0;
	unsigned tasks = books + kinds * order->blocks;
	atomic_store(&worker->shared->book_tasks, books);
	while (!atomic_load(&worker->shared->stop)) {
		unsigned task = atomic_fetch_add(&worker->shared->next_task, 1);
		if (task >= tasks)
			break;
		atomic_store(&worker->shared->current[worker->number], task + 1);
		if (task < books) {
			if (make_book(worker, maker, task, err) != 0)
				goto out;
			continue;
		}
		size_t kind = (task - books) / order->blocks;
		if (worker->writer == NULL) {
			worker->writer = pdf_writer_new(fonts, err);
			if (worker->writer == NULL)
				goto out;
		}
		if (docs == NULL || docs_kind != kind) {
			report_docs_close(docs);
			docs = report_docs_open(worker->templates, kind, &worker->input, err);
			docs_kind = kind;
			if (docs == NULL)
				goto out;
			pdf_writer_use(worker->writer, kind);
		}
		if (make_documents(worker, docs, kind, (task - books) % order->blocks, err) != 0)
			goto out;
	}
	atomic_store(&worker->shared->current[worker->number], 0);
	result = 0;
out:
	report_docs_close(docs);
	report_books_close(maker);
	return result;
}

/* Shows some documents of a kind to the PDF writer: of the first people of the run, evenly spread over their block. */
static int learn_kind(struct worker *worker, const struct pdf_fonts *fonts, size_t kind, struct err *err)
{
	const struct render_order *order = worker->order;
	struct report_docs *docs = report_docs_open(worker->templates, kind, &worker->input, err);
	struct pdf_sample *sample = docs != NULL ? pdf_sample_new(fonts, err) : NULL;
	int result = -1;
	if (sample == NULL)
		goto out;
	for (uint32_t block = 0, shown = 0; block < order->blocks && shown < SAMPLE_DOCUMENTS; block++) {
		uint32_t count = 0;
		if (report_docs_block(docs, block, &count, err) != 0)
			goto out;
		uint32_t step = count / SAMPLE_DOCUMENTS > 1 ? count / SAMPLE_DOCUMENTS : 1;
		for (uint32_t n = 0; n < count && shown < SAMPLE_DOCUMENTS; n += step, shown++) {
			const struct doc *doc;
			uint32_t employee;
			if (report_docs_make(docs, n, &doc, &employee, err) != 0)
				goto out;
			pdf_sample_add(sample, doc);
		}
	}
	result = 0;
out:
	if (sample != NULL)
		pdf_sample_end(sample, result == 0 ? &worker->shared->common[kind] : NULL);
	report_docs_close(docs);
	return result;
}

/*
 * What the documents of each kind have in common is cut and compressed once, that is half the work of an archive.
 * Always learnt from the same documents, whatever the order asks for, so that an archive has the same bytes alone and
 * among all.
 */
static int learn(struct worker *worker, const struct pdf_fonts *fonts, struct err *err)
{
	for (size_t kind = 0; kind < report_doc_count(worker->templates) && kind < PDF_SETS; kind++)
		if (learn_kind(worker, fonts, kind, err) != 0)
			return -1;
	return 0;
}

static void limit(int resource, rlim_t value)
{
	struct rlimit bound = { value, value };
	setrlimit(resource, &bound);
}

static _Noreturn void worker_main(unsigned number, struct shared *shared, const struct report_templates *templates,
	const struct pdf_fonts *fonts, int (*task)(struct worker *worker, const struct pdf_fonts *fonts, struct err *err))
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	limit(RLIMIT_CORE, 0);
	signal(SIGXFSZ, SIG_IGN);
	struct worker worker = { .number = number, .shared = shared, .order = &shared->order, .templates = templates };
	struct err err = { 0 };
	int status = 0;
	if (worker_open(&worker, &err) != 0 || task(&worker, fonts, &err) != 0) {
		report_failure(shared, &err);
		status = err.status != 0 ? err.status : STATUS_INTERNAL;
	}
	worker_close(&worker);
	_exit(status);
}

/* ---- the parent of the workers ---- */

static void died(struct shared *shared, unsigned number, int how)
{
	unsigned task = atomic_load(&shared->current[number]);
	unsigned books = atomic_load(&shared->book_tasks);
	struct err err = { 0 };
	char what[128] = "a renderer";
	if (task > 0 && task <= books)
		snprintf(what, sizeof what, "the renderer of workbook %u", task);
	else if (task > 0)
		snprintf(what, sizeof what, "the renderer of archives, block %u", (task - 1 - books) % shared->order.blocks);
	if (WIFSIGNALED(how))
		err_set(&err, WTERMSIG(how) == SIGKILL ? STATUS_AGAIN : STATUS_INTERNAL, "%s was ended by signal %d", what,
			WTERMSIG(how));
	else
		err_set(&err, STATUS_INTERNAL, "%s ended with status %d", what, WEXITSTATUS(how));
	err_hint(&err, "Nothing was published; the last published set is unchanged. Run again.");
	report_failure(shared, &err);
}

/* Lets a child learn what archives have in common, so that this process never opens the store. */
static void share_common(struct shared *shared, const struct report_templates *templates, struct pdf_fonts *fonts)
{
	struct err err = { 0 };
	pid_t pid = fork();
	int how = 0;
	if (pid == 0)
		worker_main(0, shared, templates, fonts, learn);
	if (pid < 0) {
		err_sys(&err, STATUS_AGAIN, errno, "cannot start a renderer");
		report_failure(shared, &err);
		return;
	}
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
		;
	if (how != 0)
		died(shared, 0, how);
	else
		for (size_t kind = 0; kind < PDF_SETS; kind++)
			if (pdf_fonts_share(fonts, kind, &shared->common[kind], &err) != 0)
				report_failure(shared, &err);
}

static _Noreturn void parent_main(int channel, struct shared *shared, const struct report_templates *templates,
	struct pdf_fonts *fonts)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	char go;
	ssize_t got;
	do
		got = read(channel, &go, 1);
	while (got < 0 && errno == EINTR);
	if (got != 1 || go != 'g')
		_exit(0);
	if (shared->order.docs && report_doc_count(templates) > 0)
		share_common(shared, templates, fonts);
	pid_t workers[WORKER_MAX];
	unsigned count = shared->order.jobs < WORKER_MAX ? shared->order.jobs : WORKER_MAX;
	unsigned started = 0;
	for (; started < count; started++) {
		pid_t pid = fork();
		if (pid == 0)
			worker_main(started, shared, templates, fonts, work);
		if (pid < 0) {
			struct err err = { 0 };
			err_sys(&err, STATUS_AGAIN, errno, "cannot start a renderer");
			report_failure(shared, &err);
			break;
		}
		workers[started] = pid;
	}
	for (unsigned left = started; left > 0;) {
		int how;
		pid_t pid = wait(&how);
		if (pid < 0) {
			if (errno == EINTR)
				continue;
			break;
		}
		for (unsigned i = 0; i < started; i++) {
			if (workers[i] != pid)
				continue;
			left--;
			if (WIFSIGNALED(how) || WEXITSTATUS(how) != 0)
				died(shared, i, how);
		}
	}
	char done = 'd';
	got = write(channel, &done, 1);
	_exit(got == 1 ? 0 : 1);
}

/* ---- the run's side ---- */

struct render *render_start(const struct report_templates *templates, struct pdf_fonts *fonts, struct err *err)
{
	struct render *render = mem_new(1, sizeof *render);
	render->shared = mmap(NULL, sizeof *render->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (render->shared == MAP_FAILED) {
		err_sys(err, STATUS_AGAIN, errno, "cannot get shared memory");
		free(render);
		return NULL;
	}
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
		err_sys(err, STATUS_AGAIN, errno, "cannot make a channel to the renderers");
		munmap(render->shared, sizeof *render->shared);
		free(render);
		return NULL;
	}
	render->parent = fork();
	if (render->parent == 0) {
		close(pair[0]);
		parent_main(pair[1], render->shared, templates, fonts);
	}
	close(pair[1]);
	render->channel = pair[0];
	if (render->parent < 0) {
		err_sys(err, STATUS_AGAIN, errno, "cannot start the renderers");
		close(pair[0]);
		munmap(render->shared, sizeof *render->shared);
		free(render);
		return NULL;
	}
	return render;
}

int render_folders(const struct report_templates *templates, const struct render_order *order, struct err *err)
{
	struct str path = { 0 };
	int result = 0;
	for (size_t i = 0; order->books && i < report_book_count(templates) && result == 0; i++) {
		const char *folder = report_book_folder(templates, i);
		if (folder == NULL)
			continue;
		str_clear(&path);
		str_printf(&path, "%s/%s", order->staging, folder);
		result = fs_make_dirs(path.text, err);
	}
	for (size_t kind = 0; order->docs && kind < report_doc_count(templates) && result == 0; kind++) {
		for (unsigned shelf = 0; shelf < (order->fan ? 256u : 1u) && result == 0; shelf++) {
			str_clear(&path);
			str_printf(&path, "%s/%s", order->staging, report_doc_folder(templates, kind, order->lang));
			if (order->fan)
				str_printf(&path, "/%02x", shelf);
			result = fs_make_dirs(path.text, err);
		}
	}
	str_release(&path);
	return result;
}

int render_execute(
	struct render *render, const struct render_order *order, struct render_totals *totals, struct err *err)
{
	struct shared *shared = render->shared;
	shared->order = *order;
	char byte = 'g';
	if (send(render->channel, &byte, 1, MSG_NOSIGNAL) != 1)
		return err_sys(err, STATUS_INTERNAL, errno, "the parent of the renderers is gone");
	for (;;) {
		struct pollfd wait_for = { .fd = render->channel, .events = POLLIN };
		int ready = poll(&wait_for, 1, 200);
		log_progress("render", atomic_load(&shared->documents) + atomic_load(&shared->books),
			order->people + atomic_load(&shared->book_tasks));
		if (ready <= 0)
			continue;
		ssize_t got = read(render->channel, &byte, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got != 1 && !atomic_load(&shared->failed)) {
			err_set(err, STATUS_AGAIN, "the parent of the renderers died");
			return -1;
		}
		break;
	}
	if (atomic_load(&shared->failed)) {
		*err = shared->err;
		if (err->status == 0)
			err_set(err, STATUS_INTERNAL, "a renderer failed");
		return -1;
	}
	totals->documents = atomic_load(&shared->documents);
	totals->pages = atomic_load(&shared->pages);
	totals->books = atomic_load(&shared->books);
	totals->bytes = atomic_load(&shared->bytes);
	totals->missing_count = atomic_load(&shared->missing_count);
	if (totals->missing_count > MISSING_MAX)
		totals->missing_count = MISSING_MAX;
	for (size_t i = 0; i < totals->missing_count; i++)
		totals->missing[i] = atomic_load(&shared->missing[i]);
	return 0;
}

void render_end(struct render *render)
{
	if (render == NULL)
		return;
	close(render->channel);
	int how;
	while (waitpid(render->parent, &how, 0) < 0 && errno == EINTR)
		;
	munmap(render->shared, sizeof *render->shared);
	free(render);
}
