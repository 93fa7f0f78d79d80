/*
 * stage.h - staged rows by block: numbers resolved in file order, duplicates merged, segments made.
 */
#ifndef PANDIAN_INGEST_STAGE_H
#define PANDIAN_INGEST_STAGE_H

#include "ingest/row.h"

/*
 * Chunks of a large file stand in slabs of 2 MiB, which the kernel can give as huge pages: fewer faults, fewer TLB
 * misses.
 */
struct ingest_slab { _Atomic uint32_t live; /* chunks not yet freed, + 1 while it is being filled */ };
struct ingest_chunk {
	struct ingest_chunk *next;
	struct ingest_slab *slab; /* NULL: alone */
	uint32_t used; /* records */
	uint8_t bytes[];
};
struct ingest_part { struct ingest_chunk *first, *last; uint64_t count; };

/* The parts of one thread: its rows by block. */
struct ingest_parts {
	struct ingest_part *at; size_t count;
	uint32_t record_size, room;           /* records in a chunk */
	size_t chunk_count;                   /* made so far */
	struct ingest_slab *slab; size_t slab_used;
};
void ingest_parts_init(struct ingest_parts *parts, uint32_t record_size);
void ingest_parts_release(struct ingest_parts *parts);

/* Dictionaries of a file: keys of the store and texts of the file. */
struct ingest_numbers { struct map *keys[KEY_DIM_COUNT]; struct map texts; };
/* Gives every pending text of a unit its number. Called in order of units, one at a time. */
void ingest_stage_resolve(struct ingest_rows *rows, struct ingest_numbers *numbers);
/* Nothing more is added. */
void ingest_parts_end(struct ingest_parts *parts);
/* Moves the unit's records to their blocks, memo entries replaced by numbers. */
void ingest_stage_scatter(struct ingest_rows *rows, struct ingest_parts *parts);

/* A row that lost against another of its key. */
struct ingest_conflict { uint32_t line, kept; uint32_t field; };
/* A row equal to one that is kept. */
struct ingest_repeat { uint32_t line, kept; };
#define INGEST_REPEATS_TOLD 100           /* repeats of a file told one by one; more are told as a number */
struct ingest_block {
	struct str bytes;                     /* the segment; empty where no row was kept */
	uint64_t kept, merged;
	VEC(struct ingest_repeat) repeats;    /* the first INGEST_REPEATS_TOLD + 1 of the block */
	struct ingest_repeat first_repeat;    /* the one that stands first in the file */
	VEC(struct ingest_conflict) conflicts;
};
void ingest_block_release(struct ingest_block *block);
/* Memory that serves one block after the other. */
struct ingest_builder { struct arena block, sort; };
void ingest_builder_release(struct ingest_builder *builder);
/* Builds a block from every thread's part and frees those parts. */
void ingest_stage_build(const struct ingest_binding *binding, const struct ingest_numbers *numbers,
	struct ingest_parts *const *parts, struct ingest_rows *const *rows, size_t threads, uint32_t block,
	struct ingest_builder *builder, struct ingest_block *out);

#endif
