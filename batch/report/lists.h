/*
 * lists.h - result tables with many rows a person (development plan, gates …): read once a block, found by employee.
 */
#ifndef PANDIAN_REPORT_LISTS_H
#define PANDIAN_REPORT_LISTS_H

#include "report/report.h"

#include <stdbool.h>
#include <stdint.h>

#define LISTS_MOST 8

struct list_table {
	const struct result_table *table;
	uint32_t index; /* in the directory */
	/* of the loaded block */
	struct frame frame;
	uint32_t *offset; /* rows offset[i] … offset[i + 1] - 1 belong to person i of the block; NULL: none */
};
struct lists {
	struct list_table at[LISTS_MOST];
	size_t count;
};
/* The number of a table in `lists`; -1 if the results have no such table. The same table is bound once. */
int lists_bind(struct lists *lists, const struct result_directory *directory, const char *table);
/* The number of a column by its id; -1 if there is none. */
int lists_column(const struct lists *lists, int list, const char *id);
/* Reads all tables of a block of employees first … first + count - 1. */
int lists_load(struct lists *lists, const struct report_input *input, uint32_t block, uint32_t first, uint32_t count,
	struct arena *arena, struct err *err);
void lists_rows(const struct lists *lists, int list, uint32_t person, uint32_t *first, uint32_t *end);
/* Values of a row; column -1 and missing values: NULL, false, DATE_NONE, FRAME_NONE. */
const char *lists_text(const struct lists *lists, int list, int column, uint32_t row);
bool lists_number(const struct lists *lists, int list, int column, uint32_t row, int64_t *number, int *scale);
int32_t lists_date(const struct lists *lists, int list, int column, uint32_t row);
uint32_t lists_key(const struct lists *lists, int list, int column, uint32_t row);
bool lists_true(const struct lists *lists, int list, int column, uint32_t row);

#endif
