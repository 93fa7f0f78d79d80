/*
 * section_positions.c - 岗级变化: changes of position, level and unit, newest first.
 */
#include "report/section.h"

#include "report/figure.h"

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "changes shown; default 8" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "changes of position" };

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_POSITION_HISTORY];
	static const struct {
		enum label_id id;
		double share;
		enum field_id field;
	} columns[] = { { LABEL_FROM, 0.15, POSITION_HISTORY_FROM_DATE },
		{ LABEL_POSITION, 0.25, POSITION_HISTORY_POSITION }, { LABEL_LEVEL, 0.12, POSITION_HISTORY_LEVEL },
		{ LABEL_ORGANISATION, 0.34, POSITION_HISTORY_ORG_UNIT }, { LABEL_REASON, 0.14, POSITION_HISTORY_CHANGE_KIND } };
	enum { COLUMNS = sizeof columns / sizeof columns[0] };
	uint32_t first, end, most = (uint32_t)section_most(section, 8), rows = 0;
	(void)err;
	section_rows(maker, FEED_POSITION_HISTORY, &first, &end);
	struct doc_table_column *heads = arena_alloc(&maker->arena, COLUMNS, sizeof *heads);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang), columns[c].share, DOC_LEFT };
	struct doc_cell *cells = arena_alloc(&maker->arena, (size_t)(end - first) * COLUMNS + 1, sizeof *cells);
	for (uint32_t row = end; row > first && rows < most; row--, rows++) /* the feed stands by date */
		for (size_t c = 0; c < COLUMNS; c++)
			cells[(size_t)rows * COLUMNS + c] =
				section_plain(c == 0 ? figure_date(&maker->arena, section_date(list, columns[c].field, row - 1))
									 : section_fact(maker, list, columns[c].field, row - 1));
	section_head(maker, section, NULL);
	section_add(maker, DOC_TABLE)->table =
		(struct doc_table){ heads, COLUMNS, cells, rows, label(LABEL_NO_POSITIONS, maker->lang) };
	return 0;
}

const struct section_kind section_positions_kind = { .name = "positions",
	.help = "changes of position, level and unit",
	.shape = &shape,
	.feeds = 1u << FEED_POSITION_HISTORY,
	.make = make };
