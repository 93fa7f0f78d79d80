/*
 * ingest.h - files → staged batches: sources of inputs.xml read through their mappings into segments and quarantine.
 */
#ifndef PANDIAN_INGEST_INGEST_H
#define PANDIAN_INGEST_INGEST_H

#include "base/err.h"
#include "base/finding.h"
#include "base/xml.h"
#include "store/store.h"

#include <stdbool.h>

struct ingest_plan;                  /* inputs.xml and its mappings, checked */

/* Reads inputs/inputs.xml of a workspace and every mapping it names. NULL with status 78 and "file:line: …". */
struct ingest_plan *ingest_plan_load(const char *workspace, struct err *err);
void ingest_plan_free(struct ingest_plan *plan);
/* Attributes of <run> in inputs.xml: NULL where not given. */
struct ingest_run {
	const char *period_kind; /* "quarter" */
	const char *period; /* pinned "2026Q3" or NULL */
	const char *centre_zh, *centre_en;
	const char *lang;
	const char *archives;
};
const struct ingest_run *ingest_run(const struct ingest_plan *plan);

struct ingest_totals { uint64_t files, files_new, bytes, rows, kept, rejected, merged; };
/*
 * Takes in every file not yet in the store (same bytes and same mapping: nothing to do), feeds in order of reference
 * (dimensions first),
 * `jobs` threads. Each batch is one transaction. Findings are kept with the batch. Files with snapshot > as_of are
 * taken in as well (not seen by the run).
 * 0, or -1 with: 66 a required source has no file; 65 a gate failed (its findings are kept); 74/77/78.
 */
int ingest_load(const struct ingest_plan *plan, struct store *store, int32_t as_of, unsigned jobs,
	struct ingest_totals *totals, struct err *err);
/*
 * Reads headers and a sample of every file, writes nothing: appends what was detected (encoding, delimiter, header
 * row, columns → fields) as text.
 */
int ingest_check(const struct ingest_plan *plan, struct str *report, struct findings *findings, struct err *err);
/* Hash of inputs.xml and every mapping: part of the instance key. */
void ingest_plan_hash(const struct ingest_plan *plan, char hex[HASH_HEX]);
/* Registered readers and value types, for `pandian list`. */
struct ingest_kind { const char *name, *help; };
const struct ingest_kind *ingest_readers(size_t *count);
const struct ingest_kind *ingest_value_types(size_t *count);
/* Shapes for schema printing: inputs.xml and mapping files. */
const struct xml_shape *ingest_inputs_shape(void);
const struct xml_shape *ingest_mapping_shape(void);
#define INGEST_SPACE "urn:pandian:inputs:1"

#endif
