/*
 * books.c - workbooks: the sheets of a template built one after another into one model.
 *
 * Decides: names, properties and print footers of a workbook, which optional sheets are left out. Does not decide:
 * what a
 * kind of sheet shows.
 */
#include "base/fs.h"
#include "report/crowd.h"
#include "report/figure.h"
#include "report/kept.h"
#include "report/sheet.h"
#include "report/template.h"

#include <stdlib.h>
#include <string.h>

int books_check(const struct xml_node *node, const struct result_directory *directory, struct err *err)
{
	struct arena arena = { 0 };
	int status = 0;
	for (const struct xml_node *sheet = xml_child(node, "sheet"); sheet != NULL && status == 0;
		 sheet = xml_next(sheet, "sheet")) {
		const struct sheet_kind *kind = sheet_kind_find(xml_attr(sheet, "kind"));
		struct sheet_build build = { .directory = directory, .node = sheet, .lang = TEXT_ZH, .arena = &arena,
			.audience = xml_attr_or(node, "audience", "hr") };
		status = kind->check != NULL ? kind->check(&build, err) : 0;
	}
	arena_release(&arena);
	return status;
}

struct cleanups {
	struct sheet_cleanup *at;
	size_t count;
};

static void release(struct book *book)
{
	struct cleanups *cleanups = book->context;
	for (size_t i = cleanups->count; i > 0; i--)
		cleanups->at[i - 1].release(cleanups->at[i - 1].what);
	vec_free(cleanups->at);
}

/* A pattern with a name in braces filled in. */
static const char *fill(struct arena *arena, const char *pattern, const char *name, const char *text)
{
	const char *at = strstr(pattern, name);
	if (at == NULL)
		return pattern;
	return arena_printf(arena, "%.*s%s%s", (int)(at - pattern), pattern, text, at + strlen(name));
}

bool books_for_managers(const struct xml_node *node)
{
	return strcmp(xml_attr_or(node, "audience", "hr"), "manager") == 0;
}

/* An optional sheet is left out where the results have nothing for it. */
static bool left_out(const struct sheet_build *build, const struct sheet_kind *kind)
{
	return xml_yes(xml_attr_or(build->node, "optional", "no")) && kind->needs != NULL
		&& roles_column(build->directory, NULL, kind->needs, NULL) == NULL;
}

static void describe(
	struct book *book, const struct xml_node *node, const struct report_input *input, const char *file)
{
	struct text_pair title = xml_text_pair(node, "title");
	const char *period = figure_period(&book->arena, &input->period, input->lang);
	book->file = file != NULL ? file : fill(&book->arena, xml_attr(node, "file"), "{period}", input->period.name);
	book->title = arena_printf(
		&book->arena, "%s%s%s", text_pick(&title, input->lang), label(LABEL_SEPARATOR, input->lang), period);
	book->subject = period;
	book->author = "Pandian";
	book->company = input->centre;
	book->comments = arena_printf(&book->arena, "%s%s%s %s", input->run_name, label(LABEL_SEPARATOR, input->lang),
		input->directory->rulebook, input->directory->version);
	book->created = facts_params(input->facts)->as_of;
	book->lang = input->lang == TEXT_ZH ? "zh-CN" : "en";
	struct book_property *properties = arena_alloc(&book->arena, 4, sizeof *properties);
	properties[0] = (struct book_property){ "pandian.run", input->run_name };
	properties[1] = (struct book_property){ "pandian.key", input->key };
	properties[2] = (struct book_property){ "pandian.rules",
		arena_printf(&book->arena, "%s %s", input->directory->rulebook, input->directory->version) };
	properties[3] = (struct book_property){ "pandian.audience", xml_attr_or(node, "audience", "hr") };
	book->properties = properties;
	book->property_count = 4;
}

/* A link to a sheet that was left out becomes plain text. */
static void mend_links(struct book *book)
{
	for (size_t s = 0; s < book->sheet_count; s++)
		for (size_t p = 0; p < book->sheets[s].part_count; p++) {
			struct book_part *part = &book->sheets[s].parts[p];
			struct book_cell *cells =
				part->kind == BOOK_PART_CELLS ? (struct book_cell *)(uintptr_t)part->cells.at : NULL;
			for (size_t c = 0; cells != NULL && c < (size_t)part->cells.rows * part->cells.columns; c++) {
				bool there = cells[c].kind != BOOK_LINK || strncmp(cells[c].target, "internal:'", 10) != 0;
				for (size_t t = 0; !there && t < book->sheet_count; t++) {
					size_t length = strlen(book->sheets[t].name);
					there = strncmp(cells[c].target + 10, book->sheets[t].name, length) == 0
						&& cells[c].target[10 + length] == '\'';
				}
				if (!there)
					cells[c].kind = BOOK_TEXT;
			}
		}
}

struct book *books_make(
	const struct xml_node *node, const struct report_input *input, const char *file, struct err *err)
{
	struct arena arena = { 0 };
	struct book *book = arena_alloc(&arena, 1, sizeof *book);
	book->arena = arena;
	struct cleanups *cleanups = arena_alloc(&book->arena, 1, sizeof *cleanups);
	describe(book, node, input, file);
	struct sheet_build build = { .input = input,
		.directory = input->directory,
		.previous = input->previous_directory,
		.lang = input->lang,
		.audience = xml_attr_or(node, "audience", "hr"),
		.book = book,
		.arena = &book->arena };
	int status = 0;
	for (const struct xml_node *sheet = xml_child(node, "sheet"); sheet != NULL && status == 0;
		 sheet = xml_next(sheet, "sheet")) {
		const struct sheet_kind *kind = sheet_kind_find(xml_attr(sheet, "kind"));
		build.node = sheet;
		if (left_out(&build, kind))
			continue;
		if (!kind->several)
			sheet_begin(&build, sheet_template_title(&build));
		status = kind->build(&build, err);
		if (status != 0)
			err_context(err, "sheet '%s'", xml_attr(sheet, "id"));
	}
	sheet_end(&build);
	book->sheets = arena_alloc(&book->arena, build.sheets.count + 1, sizeof *book->sheets);
	for (size_t i = 0; i < build.sheets.count; i++) {
		book->sheets[i] = build.sheets.at[i];
		book->sheets[i].footer = label_fill(
			&book->arena, LABEL_PRINT_FOOTER, input->lang, build.sheets.at[i].name, book->subject, input->run_name);
		if (book->sheets[i].tab_colour < 0)
			book->sheets[i].tab_colour = i == 0 ? 4 : -1;
	}
	book->sheet_count = build.sheets.count;
	mend_links(book);
	*cleanups = (struct cleanups){ build.cleanups.at, build.cleanups.count };
	book->context = cleanups;
	book->release = release;
	VEC_RELEASE(&build.sheets);
	VEC_RELEASE(&build.parts);
	if (status == 0)
		return book;
	book_free(book);
	return NULL;
}

/* ---- all workbooks of a run ---- */

#define KEPT_BYTES ((size_t)96 << 20) /* decoded blocks while managers' workbooks are made */

struct one {
	const struct xml_node *node;
	uint32_t manager;
	uint32_t size; /* people, roughly; those about everyone come first */
};
struct report_books {
	struct report_input input;
	struct report_input of; /* of the workbook being made */
	struct report_crowd crowd;
	struct crowds *crowds;
	struct report_cache *cache;
	struct report_kept *kept;
	struct arena arena;
	VEC(struct one) all;
	struct str name;
};

/* The longest first: whoever makes them, all workers end together. */
static int by_size(const void *a, const void *b)
{
	const struct one *x = a, *y = b;
	if (x->size != y->size)
		return x->size > y->size ? -1 : 1;
	if (x->manager != y->manager)
		return x->manager < y->manager ? -1 : 1;
	return strcmp(xml_attr(x->node, "id"), xml_attr(y->node, "id"));
}

static int number_books(struct report_books *books, const struct report_templates *templates, struct err *err)
{
	for (size_t i = 0; i < templates->books.count; i++) {
		const struct xml_node *node = templates->books.at[i];
		size_t count;
		if (!books_for_managers(node)) {
			VEC_PUSH(&books->all, ((struct one){ node, FRAME_NONE, UINT32_MAX }));
			continue;
		}
		if (books->crowds == NULL && (books->crowds = crowds_open(&books->input, err)) == NULL)
			return -1;
		const uint32_t *managers = crowds_managers(books->crowds, &count);
		for (size_t m = 0; m < count; m++)
			VEC_PUSH(&books->all, ((struct one){ node, managers[m], crowds_size(books->crowds, managers[m]) }));
	}
	qsort(books->all.at, books->all.count, sizeof *books->all.at, by_size);
	return 0;
}

struct report_books *report_books_open(
	const struct report_templates *templates, const struct report_input *input, struct err *err)
{
	struct report_books *books = mem_new(1, sizeof *books);
	books->input = *input;
	books->input.kept = books->kept = kept_new();
	if (number_books(books, templates, err) == 0)
		return books;
	report_books_close(books);
	return NULL;
}

void report_books_close(struct report_books *books)
{
	if (books == NULL)
		return;
	crowds_close(books->crowds);
	crowd_cache_close(books->cache);
	kept_free(books->kept);
	VEC_RELEASE(&books->all);
	str_release(&books->name);
	arena_release(&books->arena);
	free(books);
}

size_t report_books_count(const struct report_books *books)
{
	return books->all.count;
}

const char *report_books_id(const struct report_books *books, size_t number)
{
	return xml_attr(books->all.at[number].node, "id");
}

uint32_t report_books_key(const struct report_books *books, size_t number)
{
	return books->all.at[number].manager;
}

struct book *report_books_make(struct report_books *books, size_t number, struct err *err)
{
	const struct one *one = &books->all.at[number];
	if (one->manager == FRAME_NONE)
		return books_make(one->node, &books->input, NULL, err);
	if (books->cache == NULL)
		books->cache = crowd_cache_open(&books->input, KEPT_BYTES);
	bool subtree = strcmp(xml_attr_or(one->node, "people", "subtree"), "subtree") == 0;
	struct report_input *of = &books->of;
	crowds_of(books->crowds, one->manager, subtree, &books->crowd);
	books->crowd.cache = books->cache;
	*of = books->input;
	of->crowd = &books->crowd;
	arena_reset(&books->arena);
	if (of->archive_folder != NULL)
		of->archive_folder = arena_printf(&books->arena, "../%s", of->archive_folder);
	const char *id = facts_key(of->facts, KEY_DIM_EMPLOYEE, one->manager);
	str_clear(&books->name);
	fs_safe_name(&books->name, id);
	const char *file = fill(&books->arena, xml_attr(one->node, "file"), "{period}", of->period.name);
	file = arena_printf(&books->arena, "%s/%s", xml_attr(one->node, "folder"),
		fill(&books->arena, file, "{id}", str_text(&books->name)));
	struct book *book = books_make(one->node, of, file, err);
	if (book == NULL)
		err_context(err, "manager '%s'", id);
	return book;
}
