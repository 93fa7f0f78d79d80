/*
 * dash_trend.c - shares over the published periods.
 *
 * Decides: the periods are those of the published runs, the newest last; a point is told by its own numbers, as a tile
 * is, so an old point tells what the page of its quarter told.
 */
#include "report/dash.h"

#include "report/figure.h"

#include <stdlib.h>
#include <string.h>

/* One run's points. */
static int add_period(struct dash_trend *trend, const struct xml_node *node, const struct report_input *input,
	bool earlier, uint32_t period, struct err *err)
{
	struct tiles *tiles = mem_new(1, sizeof *tiles);
	int status = tiles_bind(tiles, node, "line", TILES_FIXED, input, input->directory, NULL, err) != 0
			|| tiles_sum(tiles, earlier, err) != 0
		? -1
		: 0;
	for (size_t i = 0; status == 0 && i < tiles->count && i < trend->lines; i++) {
		const struct tile *tile = &tiles->at[i];
		struct dash_point *point = &trend->at[i][period];
		int scale;
		enum book_format format;
		if (earlier && !tile->of_results)
			continue; /* facts are today's */
		point->known = tiles_value(tile, &point->share, &scale, &format) && tile->known;
		point->hidden = point->known && !tiles_tells(tiles, tile);
	}
	tiles_release(tiles);
	free(tiles);
	return status;
}

/* Lines without any point leave. */
static void drop_empty(struct dash_trend *trend)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < trend->lines; i++) {
		bool any = false;
		for (uint32_t p = 0; p < trend->periods; p++)
			any |= trend->at[i][p].known && !trend->at[i][p].hidden;
		if (!any)
			continue;
		trend->title[kept] = trend->title[i];
		memmove(trend->at[kept++], trend->at[i], sizeof trend->at[i]);
	}
	trend->lines = kept;
}

int dash_trend_make(struct dash_trend *trend, const struct xml_node *node, const struct report_input *input,
	struct arena *arena, struct err *err)
{
	*trend = (struct dash_trend){ 0 };
	for (const struct xml_node *line = xml_child(node, "line"); line != NULL && trend->lines < DASH_LINES;
		 line = xml_next(line, "line")) {
		struct text_pair title = xml_text_pair(line, "title");
		trend->title[trend->lines++] = text_pick(&title, input->lang);
	}
	size_t earlier = input->earlier_count < DASH_PERIODS - 1 ? input->earlier_count : DASH_PERIODS - 1;
	for (size_t i = earlier; i > 0; i--) {
		struct result_directory *directory = arena_alloc(arena, 1, sizeof *directory);
		struct report_input then = *input;
		if (store_directory_get(input->store, input->earlier[i - 1], arena, directory, err) != 0)
			return -1;
		then.run = input->earlier[i - 1];
		then.directory = directory;
		then.previous = 0;
		then.previous_directory = NULL;
		trend->period[trend->periods] = figure_period_short(arena, input->earlier_periods[i - 1]);
		if (add_period(trend, node, &then, true, trend->periods++, err) != 0)
			return -1;
	}
	trend->period[trend->periods] = figure_period_short(arena, input->period.name);
	if (add_period(trend, node, input, false, trend->periods++, err) != 0)
		return -1;
	drop_empty(trend);
	return 0;
}
