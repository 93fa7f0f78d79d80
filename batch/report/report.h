/*
 * report.h - results and facts → book and doc models, as the XML templates say.
 *
 * Decides: what templates may say (one file per kind of sheet and of section) and how values become texts. Does not
 * decide:
 * values (rules/), positions and files (output/).
 */
#ifndef PANDIAN_REPORT_REPORT_H
#define PANDIAN_REPORT_REPORT_H

#include "base/err.h"
#include "base/xml.h"
#include "facts/facts.h"
#include "model/book.h"
#include "model/doc.h"
#include "store/store.h"

#include <stdbool.h>

#define REPORT_SPACE "urn:pandian:report:1"

struct report_templates;
/*
 * Loads every report-templates/ *.xml of a workspace. NULL with status 78 and "file:line: …" (unknown kinds,
 * duplicate titles, titles too long).
 */
struct report_templates *report_load(const char *workspace, struct err *err);
void report_free(struct report_templates *templates);
void report_hash(const struct report_templates *templates, char hex[HASH_HEX]);
/* Bits (1u << feed_id) of the feeds the templates' sheets and sections read. */
uint32_t report_feeds(const struct report_templates *templates);
size_t report_book_count(const struct report_templates *templates);
size_t report_doc_count(const struct report_templates *templates);
const char *report_book_id(const struct report_templates *templates, size_t index); /* "hr-review" */
const char *report_doc_id(const struct report_templates *templates, size_t index); /* "archive" */
const char *report_doc_folder(
	const struct report_templates *templates, size_t index, enum text_lang lang); /* "archives" */

struct report_stage {
	const char *name;
	uint64_t count;
};
struct report_crowd;
struct report_kept;
/* What a report is made from. Everything outlives the report. */
struct report_input {
	const struct facts *facts;
	struct store *store; /* the renderer's own read connection */
	int64_t run; /* run whose results are shown */
	const struct result_directory *directory;
	int64_t previous; /* published run of the period before, 0 if none */
	const struct result_directory *previous_directory;
	const int64_t *earlier;
	const char *const *earlier_periods;
	size_t earlier_count; /* published runs before this one, newest first (previous included) */
	enum text_lang lang;
	struct date_period period;
	const char *run_name; /* "2026Q3-r1" and 4 digits of the key: "2026Q3-r1-7c1e" */
	const char *centre; /* name of the centre or "" */
	const char *key; /* instance key, hex */
	const char *rules_hash, *templates_hash, *mappings_hash;
	const char *archive_folder; /* relative path from a workbook to the archives, or NULL when none are made */
	/* Relative path of an employee's archive, appended; used for links. NULL: no links. */
	void (*archive_path)(struct str *out, const char *employee_id);
	const struct report_stage *stages;
	size_t stage_count; /* rows read, kept, rejected … for the run sheet */
	const struct report_crowd *crowd; /* the people it is about; NULL: everyone. Set by report/ */
	struct report_kept *kept; /* what workbooks have in common; NULL: made anew. Set by report/ */
};
/*
 * Checks every value and expression of the templates against the directory's names: 78 on the first unknown,
 * "file:line: …".
 */
int report_check(const struct report_templates *templates, const struct result_directory *directory, struct err *err);
/* Builds a workbook that is about everyone. NULL on error. Free with book_free. */
struct book *report_book(
	const struct report_templates *templates, size_t index, const struct report_input *input, struct err *err);

/*
 * All workbooks of a run: those of every template, one for each manager where a template is for managers. Made by one
 * process after another number; the numbers are the same in every process of a run.
 */
struct report_books;
struct report_books *report_books_open(
	const struct report_templates *templates, const struct report_input *input, struct err *err);
void report_books_close(struct report_books *books);
size_t report_books_count(const struct report_books *books);
const char *report_books_id(const struct report_books *books, size_t number); /* of the template */
/* The employee a workbook is for, FRAME_NONE: not for one. */
uint32_t report_books_key(const struct report_books *books, size_t number);
/* Builds workbook `number`, to be freed before the next; its file may hold one folder ("经理/00102.xlsx"). */
struct book *report_books_make(struct report_books *books, size_t number, struct err *err);
/* The folder of a template's workbooks, NULL: none. */
const char *report_book_folder(const struct report_templates *templates, size_t index);

/* A maker of documents of one kind, used block by block by one process. */
struct report_docs;
struct report_docs *report_docs_open(
	const struct report_templates *templates, size_t index, const struct report_input *input, struct err *err);
void report_docs_close(struct report_docs *docs);
/* Loads block `block`; *count employees get a document (active ones, or as the template says), by row order. */
int report_docs_block(struct report_docs *docs, uint32_t block, uint32_t *count, struct err *err);
/* Makes the n-th document of the loaded block; lives until the next call. employee: dictionary number. */
int report_docs_make(struct report_docs *docs, uint32_t n, const struct doc **doc, uint32_t *employee, struct err *err);

struct report_kind_info {
	const char *name, *help;
};
const struct report_kind_info *report_sheet_kinds(size_t *count);
const struct report_kind_info *report_section_kinds(size_t *count);
const struct xml_shape *report_workbook_shape(void);
const struct xml_shape *report_archive_shape(void);

#endif
