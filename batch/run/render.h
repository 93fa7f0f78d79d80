/*
 * render.h - the renderers: children that turn results into files in the staging folder.
 *
 * render_start forks a single-threaded parent of all renderers before the store is opened and before any thread exists;
 * render_execute tells it what to make. A renderer that dies is a failed artefact, never a half one.
 */
#ifndef PANDIAN_RUN_RENDER_H
#define PANDIAN_RUN_RENDER_H

#include "base/err.h"
#include "output/pdf.h"
#include "report/report.h"
#include "run/plan.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct render;                         /* the parent of the renderers, waiting for its order */

/* Forks the waiting parent. Templates and fonts are inherited; nothing is opened yet. NULL on failure. */
struct render *render_start(const struct report_templates *templates, struct pdf_fonts *fonts, struct err *err);

#define RENDER_HISTORY 64              /* published periods shown at most */
/* What to make; plain data, sent to the parent as it is. */
struct render_order {
	char store_path[4096], staging[4096];
	char run_name[40], key[HASH_HEX], rules_hash[HASH_HEX], templates_hash[HASH_HEX], mappings_hash[HASH_HEX];
	char centre[200];
	int64_t run;
	struct facts_params facts;
	struct date_period period;
	enum text_lang lang;
	int64_t earlier[RENDER_HISTORY]; char earlier_period[RENDER_HISTORY][16]; size_t earlier_count; /* newest first */
	int64_t previous;                  /* 0: none */
	unsigned jobs;
	bool books, docs;
	bool fan;                          /* archives in 256 folders by the hash of the id */
	uint32_t blocks;
	uint32_t only_employees[256]; size_t only_count; /* --employee: dictionary numbers, 0 = all */
	uint64_t people;                   /* documents expected per kind, for progress */
};
struct render_totals { uint64_t documents, pages, books, bytes; uint32_t missing[64]; size_t missing_count; };

/* Makes the folders documents go to, so that workers only create files. */
int render_folders(const struct report_templates *templates, const struct render_order *order, struct err *err);
/*
 * Makes everything into order->staging (which exists) and waits. Beside the files stand ".entries-*" lists for the
 * manifest
 * (path, bytes, SHA-256), one a folder of files. Progress is told through log_progress.
 */
int render_execute(
	struct render *render, const struct render_order *order, struct render_totals *totals, struct err *err);
/* Ends the parent (also without an order) and frees. */
void render_end(struct render *render);

/* Relative path below a document folder: "00317.pdf", or "3f/00317.pdf" when fanned out. Appends. */
void render_document_name(struct str *out, const char *employee_id, bool fan);

#endif
