/*
 * facts.h - staged rows → facts: what is known about each person at the as-of date, from all visible batches.
 *
 * Decides: which batches are visible (snapshot <= as-of, id <= horizon; visible.c has the whole of it), which row of a
 * natural key wins (newest snapshot, then load sequence, then source row), what lies after the as-of date (never seen),
 * which references are unknown.
 * Does not decide: anything a rule decides.
 *
 * Facts are not copied: a block is put together from its segments whenever it is needed (2-4 ns a value), by rules/ and
 * report/ alike. Rows whose employee or course is unknown are left out of the lists and told once as findings.
 */
#ifndef PANDIAN_FACTS_FACTS_H
#define PANDIAN_FACTS_FACTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/finding.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct facts;  /* immutable after facts_open, and independent of the store: threads share it, each with its own store */
struct facts_params {
	int32_t as_of;                   /* day number */
	int32_t period_first, period_last; /* the review period, both inside */
	int64_t horizon;                 /* largest batch id used; INT64_MAX = all */
};
/* Loads the dimensions (org units, positions, courses) and the batch list. Memory: a few bytes a person. */
struct facts *facts_open(struct store *store, const struct facts_params *params, struct err *err);
void facts_close(struct facts *facts);
const struct facts_params *facts_params(const struct facts *facts);
const struct store_batch *facts_batches(const struct facts *facts, size_t *count);   /* visible ones, by id */
const struct store_batch *facts_batch(const struct facts *facts, int64_t id);        /* NULL if not visible */

/*
 * Dimension tables; row k is key k of the dictionary, `known` says if a row exists. Columns by field_id. NULL frame
 * columns = field never given.
 */
struct facts_table { struct frame frame; uint8_t *known; };
const struct facts_table *facts_courses(const struct facts *facts);
const struct facts_table *facts_orgs(const struct facts *facts);
const struct facts_table *facts_positions(const struct facts *facts);
/* Whole small feeds without an employee (vacancy, training_plan, survey, q_sort), visible rows only, key order. */
int facts_feed(const struct facts *facts, struct store *store, enum feed_id feed, struct arena *arena,
	struct frame *frame, struct err *err);
const char *facts_key(const struct facts *facts, enum key_dim dim, uint32_t key);    /* "00317"; "" for FRAME_NONE */
uint32_t facts_key_count(const struct facts *facts, enum key_dim dim);
uint32_t facts_find(const struct facts *facts, enum key_dim dim, const char *id);    /* FRAME_NONE if unknown */
const char *facts_org_name(const struct facts *facts, uint32_t org);                 /* name, else id, "" for none */
/* "服务一部 / 三组": from the top below the root, joined by " / ". Memory from the arena. */
const char *facts_org_path(const struct facts *facts, uint32_t org, struct arena *arena);
const char *facts_position_title(const struct facts *facts, uint32_t position);
const char *facts_course_title(const struct facts *facts, uint32_t course);
uint32_t facts_block_count(const struct facts *facts);

/* Rows of one feed in a block, grouped by employee: rows offset[i] … offset[i + 1] - 1 belong to employee row i. */
struct facts_list {
	struct frame frame;              /* columns by field_id; also STORE_ROW_ID and FACTS_BATCH_ID */
	uint32_t *offset;                /* STORE_BLOCK + 1 entries; NULL if the feed was not asked for */
};
#define FACTS_BATCH_ID 0xFFFF0002u   /* frame column: index into facts_batches (U32) */
struct facts_block {
	uint32_t block, first, count;    /* employees first … first + count - 1 */
	struct frame employee;           /* `count` rows: EMPLOYEE_*, STORE_ROW_ID and FACTS_BATCH_ID */
	uint8_t *known;                  /* 1 where the roster has the person at the as-of date */
	uint8_t *active;                 /* hire_date <= as-of <= leave_date (blank = open) */
	struct facts_list lists[FEED_COUNT];
	struct arena arena;              /* owns everything above */
	struct arena scratch;            /* the loader's own */
};
/*
 * Loads a block with the feeds in `feeds` (bit 1u << feed_id; EMPLOYEE is always loaded). Completions are sorted by
 * course, completed_on (else enrolled_on), attempt, batch, row; other feeds by their key fields, then batch and row.
 * Events after the as-of date are absent.
 * The block is reusable: facts_block_load resets it; facts_block_release frees it.
 */
int facts_block_load(const struct facts *facts, struct store *store, uint32_t block, uint32_t feeds,
	struct facts_block *out, struct err *err);
void facts_block_release(struct facts_block *block);
/*
 * Findings of references and identity over everything visible (unknown employee, unknown course, unknown unit, manager
 * cycle …); sorted.
 */
int facts_check(const struct facts *facts, struct store *store, struct findings *findings, struct err *err);
/*
 * Names of everybody who manages a person known at the as-of date: names[employee key], NULL for the others. Memory
 * from
 * the arena: 8 bytes a person and the names.
 */
int facts_manager_names(const struct facts *facts, struct store *store, struct arena *arena, const char *const **names,
	struct err *err);
/* Where a fact stands: file of the batch (relative path) and source row. */
const char *facts_source(const struct facts *facts, const struct frame *frame, uint32_t row, uint64_t *source_row);

#endif
