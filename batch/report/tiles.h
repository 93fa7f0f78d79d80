/*
 * tiles.h - figures over all people or over all rows of a result table, as templates ask for them: counts, shares,
 * means, sums, ratios.
 */
#ifndef PANDIAN_REPORT_TILES_H
#define PANDIAN_REPORT_TILES_H

#include "base/decimal.h"
#include "model/book.h"
#include "report/view.h"

#define TILES_MOST 12u
#define TILES_TABLES 4u /* beside the people */

extern const struct xml_shape tiles_shape; /* <kpi> */
extern const struct xml_shape tiles_line_shape; /* <line>, the same of shares only */
struct tile {
	const struct xml_node *node;
	bool known; /* the results have what it names */
	bool of_people;
	bool of_results; /* nothing but results is read: earlier runs can be asked the same */
	bool open; /* small numbers may be told: its rows are not people */
	uint32_t table; /* number of its source */
	int value, by, when, among;
	uint64_t count, of; /* rows that count, out of so many */
	struct decimal sum, whole; /* of value, of by */
};
struct tiles_source {
	const char *table;
	struct view_names names;
	struct view view;
};
struct tiles {
	struct tiles_source source[1 + TILES_TABLES]; /* the first is people */
	uint32_t sources;
	struct tile at[TILES_MOST];
	size_t count;
	uint64_t people; /* all that were looked at */
	int grade;
	/* Called for each person; in[i]: 0 is not looked at by tile i, 1 is, 2 counts. May be NULL. */
	void (*each)(void *context, struct view *people, uint32_t row, const uint8_t *in);
	void *context;
};
enum tiles_rule {
	TILES_ASKED, /* what is unknown is an error, unless optional: then left out */
	TILES_FIXED /* what is unknown keeps its place, not known */
};
/* Binds the children `element` of a node. */
int tiles_bind(struct tiles *tiles, const struct xml_node *node, const char *element, enum tiles_rule rule,
	const struct report_input *input, const struct result_directory *directory, const struct result_directory *previous,
	struct err *err);
/* Only reads the templates: names and expressions. */
int tiles_check(const struct xml_node *node, const char *element, const struct result_directory *directory,
	const struct result_directory *previous, struct err *err);
/* earlier: the run is not of this as-of date; who counts then is told by its results. */
int tiles_sum(struct tiles *tiles, bool earlier, struct err *err);
/* The figure of a tile; false: there is none (nobody to count). */
bool tiles_value(const struct tile *tile, int64_t *number, int *scale, enum book_format *format);
/* Whether it may leave the house: by its own numbers, neither those counted nor the others are few. */
bool tiles_tells(const struct tiles *tiles, const struct tile *tile);
struct book_cell tiles_figure(const struct tile *tile);
void tiles_release(struct tiles *tiles);

#endif
