/*
 * load.h - one file into the store. Private to ingest/.
 */
#ifndef PANDIAN_INGEST_LOAD_H
#define PANDIAN_INGEST_LOAD_H

#include "ingest/reader.h"
#include "ingest/stage.h"

struct ingest_file_load {
	const struct ingest_source *source;
	const struct ingest_file *file;
	struct store *store;
	int32_t as_of;
	unsigned jobs;
	bool progress; uint64_t progress_before, progress_total;
};
struct ingest_outcome_of_file {
	struct findings findings;
	VEC(struct ingest_conflict) conflicts;
	VEC(struct ingest_repeat) repeats;
	struct ingest_repeat first_repeat;
};

/*
 * Reads a file and writes its batch in one transaction. *taken: false where the file was refused and the gate only
 * warns.
 */
int ingest_file_load(const struct ingest_file_load *load, struct store_batch *batch, bool *taken, struct err *err);
/* The batch of an empty file. */
int ingest_write_empty(
	const struct ingest_file_load *load, struct store_batch *batch, const struct findings *findings, struct err *err);

#endif
