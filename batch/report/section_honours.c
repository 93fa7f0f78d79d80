/*
 * section_honours.c - 荣誉记录: honours as chips, newest first.
 */
#include "report/section.h"

#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "honours shown; default 12" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "honours as chips" };

/* Rows stand by title; the newest first: a small insertion sort, few people have many. */
static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_HONOUR];
	struct arena *arena = &maker->arena;
	uint32_t first, end, most = (uint32_t)section_most(section, 12), count = 0;
	(void)err;
	section_rows(maker, FEED_HONOUR, &first, &end);
	uint32_t *order = arena_alloc(arena, end - first + 1u, sizeof *order);
	for (uint32_t row = first; row < end; row++) {
		uint32_t at = count++;
		int32_t day = section_date(list, HONOUR_AWARDED_ON, row);
		for (; at > 0 && section_date(list, HONOUR_AWARDED_ON, order[at - 1]) < day; at--)
			order[at] = order[at - 1];
		order[at] = row;
	}
	uint32_t shown = count < most ? count : most;
	const char **chips = arena_alloc(arena, shown + 1u, sizeof *chips);
	for (uint32_t i = 0; i < shown; i++) {
		const char *title = section_fact(maker, list, HONOUR_TITLE, order[i]);
		int32_t day = section_date(list, HONOUR_AWARDED_ON, order[i]);
		title = figure_text(arena, title != NULL ? title : label(LABEL_NO_VALUE, maker->lang), 40);
		chips[i] = day != DATE_NONE ? arena_printf(arena, "%s %d", title, (int)date_to_civil(day).year) : title;
	}
	section_head(maker, section, NULL);
	section_add(maker, DOC_CHIPS)->chips = (struct doc_chips){ chips, shown, label(LABEL_NO_HONOURS, maker->lang) };
	if (shown < count)
		section_text(maker, label_fill(arena, LABEL_HONOURS_MORE, maker->lang, (unsigned)(count - shown)), DOC_GREY,
			false, true);
	return 0;
}

const struct section_kind section_honours_kind = { .name = "honours",
	.help = "honours as chips, newest first",
	.shape = &shape,
	.feeds = 1u << FEED_HONOUR,
	.make = make };
