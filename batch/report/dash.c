/*
 * dash.c - the kinds of blocks a dashboard may hold, once.
 */
#include "report/dash.h"

#include <string.h>

extern const struct dash_kind dash_kind_stars, dash_kind_movement, dash_kind_nine, dash_kind_gaps, dash_kind_bench,
	dash_kind_trend;
static const struct dash_kind *const kinds[] = { &dash_kind_stars, &dash_kind_movement, &dash_kind_nine,
	&dash_kind_gaps, &dash_kind_bench, &dash_kind_trend };

const struct dash_kind *dash_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

const struct xml_node *dash_block(const struct xml_node *sheet, const char *kind)
{
	for (const struct xml_node *band = xml_child(sheet, "band"); band != NULL; band = xml_next(band, "band"))
		for (const struct xml_node *block = xml_child(band, "block"); block != NULL; block = xml_next(block, "block"))
			if (strcmp(xml_attr(block, "kind"), kind) == 0)
				return block;
	return NULL;
}
