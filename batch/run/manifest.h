/*
 * manifest.h - the manifest of a published set: what went in, by which rules, what came out, with every SHA-256.
 *
 * manifest.json names inputs, rules, templates, fonts, counts, workbooks, and one shard per folder of documents;
 * manifest/<shard>.json names the files of that folder. No clock, no host: the same run gives the same bytes.
 */
#ifndef PANDIAN_RUN_MANIFEST_H
#define PANDIAN_RUN_MANIFEST_H

#include "base/err.h"
#include "facts/facts.h"
#include "output/pdf.h"
#include "run/render.h"

struct manifest_count { const char *name; uint64_t value; };
struct manifest {
	const char *run_name, *key, *period, *lang;
	int32_t as_of;
	const char *rulebook, *rules_version, *rules_hash, *templates_hash, *mappings_hash;
	const struct pdf_fonts *fonts;
	const struct facts *facts;           /* visible batches */
	const struct findings *findings;     /* totals by kind */
	const struct manifest_count *counts; size_t count_count;
};
/* Turns the ".entries-*" lists in `staging` into shards and manifest.json; the lists are removed. */
int manifest_write(const struct manifest *manifest, const char *staging, struct err *err);

#endif
