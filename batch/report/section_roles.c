/*
 * section_roles.c - 兼职岗位与证书: part-time roles and certificates, newest first; what has run out says so.
 */
#include "report/section.h"

#include "report/figure.h"

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "rows shown of each; default 8" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "part-time roles and certificates" };

#define ROWS_MOST 40
enum { COLUMNS = 4 };

/* Rows of a feed, the newest day first; a small insertion sort, few people have many. */
static uint32_t latest(
	const struct section_maker *maker, enum feed_id feed, enum field_id day, uint32_t most, uint32_t *rows)
{
	const struct facts_list *list = &maker->view.block.lists[feed];
	uint32_t row, end, count = 0;
	section_rows(maker, feed, &row, &end);
	for (; row < end; row++) {
		int32_t on = section_date(list, day, row);
		uint32_t at = count;
		if (count == most) { /* the oldest makes room, if it is older */
			if (section_date(list, day, rows[most - 1]) >= on)
				continue;
			at = most - 1;
		} else
			count++;
		for (; at > 0 && section_date(list, day, rows[at - 1]) < on; at--)
			rows[at] = rows[at - 1];
		rows[at] = row;
	}
	return count;
}

static void show_role(struct section_maker *maker, uint32_t row, struct doc_cell *line)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_ROLE];
	struct arena *arena = &maker->arena;
	int32_t from = section_date(list, ROLE_FROM_DATE, row), to = section_date(list, ROLE_TO_DATE, row);
	int64_t hours;
	int scale;
	line[0] = section_plain(section_fact(maker, list, ROLE_ROLE, row));
	line[1] = section_plain(to == DATE_NONE
			? label_fill(arena, LABEL_SINCE, maker->lang, figure_date(arena, from))
			: arena_printf(arena, "%s – %s", figure_date(arena, from), figure_date(arena, to)));
	line[2] = section_plain(
		section_number(list, ROLE_HOURS, row, &hours, &scale) ? figure_number(arena, hours, scale, -1) : NULL);
	line[3] = section_plain(section_fact(maker, list, ROLE_QUALITY, row));
}

static void show_certificate(struct section_maker *maker, uint32_t row, struct doc_cell *line)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_CERTIFICATE];
	struct arena *arena = &maker->arena;
	int32_t from = section_date(list, CERTIFICATE_ISSUED_ON, row), to = section_date(list, CERTIFICATE_EXPIRES_ON, row);
	const char *issuer = section_fact(maker, list, CERTIFICATE_ISSUER, row), *dot = label(LABEL_SEPARATOR, maker->lang);
	int64_t credits;
	int scale;
	line[0] = section_plain(section_fact(maker, list, CERTIFICATE_TITLE, row));
	line[1] = section_plain(to == DATE_NONE
			? figure_date(arena, from)
			: arena_printf(arena, "%s – %s", figure_date(arena, from), figure_date(arena, to)));
	line[2] = section_plain(NULL);
	line[3] = section_plain(issuer);
	if (section_number(list, CERTIFICATE_CREDITS, row, &credits, &scale) && credits > 0)
		line[3].text = arena_printf(arena, "%s%s%s", issuer != NULL ? issuer : "", issuer != NULL ? dot : "",
			label_fill(arena, LABEL_CERTIFICATE_CREDITS, maker->lang, figure_number(arena, credits, scale, 1)));
	if (to != DATE_NONE && to < facts_params(maker->input->facts)->as_of) {
		line[1].text = arena_printf(arena, "%s %s", line[1].text, label(LABEL_EXPIRED, maker->lang));
		line[1].tone = DOC_BRICK;
	}
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	static const struct {
		enum label_id id;
		double share;
		enum doc_align align;
	} columns[COLUMNS] = { { LABEL_ROLE_OR_CERTIFICATE, 0.34, DOC_LEFT }, { LABEL_SPAN, 0.28, DOC_LEFT },
		{ LABEL_HOURS, 0.08, DOC_RIGHT }, { LABEL_RATING, 0.30, DOC_LEFT } };
	struct arena *arena = &maker->arena;
	uint32_t roles[ROWS_MOST], certificates[ROWS_MOST], most = (uint32_t)section_most(section, 8), count = 0;
	(void)err;
	most = most > ROWS_MOST ? ROWS_MOST : most;
	uint32_t role_count = latest(maker, FEED_ROLE, ROLE_FROM_DATE, most, roles);
	uint32_t certificate_count = latest(maker, FEED_CERTIFICATE, CERTIFICATE_ISSUED_ON, most, certificates);
	struct doc_table_column *heads = arena_alloc(arena, COLUMNS, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, (size_t)(role_count + certificate_count) * COLUMNS + 1, sizeof *cells);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang), columns[c].share, columns[c].align };
	for (uint32_t i = 0; i < role_count; i++)
		show_role(maker, roles[i], cells + (size_t)count++ * COLUMNS);
	for (uint32_t i = 0; i < certificate_count; i++)
		show_certificate(maker, certificates[i], cells + (size_t)count++ * COLUMNS);
	section_head(maker, section, NULL);
	section_add(maker, DOC_TABLE)->table =
		(struct doc_table){ heads, COLUMNS, cells, count, label(LABEL_NO_ROLES, maker->lang) };
	return 0;
}

/* Where neither feed was ever given, an optional section is left out; where people have no rows, it says so. */
static bool has(const struct section_maker *maker)
{
	size_t count = 0;
	if (maker->input == NULL)
		return true;
	const struct store_batch *batches = facts_batches(maker->input->facts, &count);
	for (size_t i = 0; i < count; i++)
		if (batches[i].feed == FEED_ROLE || batches[i].feed == FEED_CERTIFICATE)
			return true;
	return false;
}

const struct section_kind section_roles_kind = { .name = "roles",
	.help = "part-time roles and certificates",
	.shape = &shape,
	.feeds = 1u << FEED_ROLE | 1u << FEED_CERTIFICATE,
	.make = make,
	.has = has };
