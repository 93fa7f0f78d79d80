/*
 * section_honours.c - 荣誉记录: honours as chips, newest first; before them the person's own rank in an honour roll of
 * this period. A roll made without numbers names nobody, so it gives no rank here either.
 */
#include "report/section.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "honours shown; default 12" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "honours as chips" };

struct rank {
	uint32_t employee;
	const char *text; /* "学分光荣榜 26Q3 第 2 名" */
};
struct state {
	struct rank *ranks; /* ascending by employee */
	size_t count;
};

static const char *rank_text(struct section_maker *maker, const struct result_table *table, const struct frame *frame,
	uint32_t rank, uint32_t tied, uint32_t row)
{
	struct arena *arena = &maker->keep;
	const struct frame_column *ranks = frame_column(frame, rank), *ties = frame_column(frame, tied);
	if (ranks == NULL || ranks->type != FRAME_I64 || ranks->i64[row] == DECIMAL_NONE)
		return NULL;
	bool is_tied = ties != NULL && ties->type == FRAME_U32 && ties->u32[row] == 1;
	return label_fill(arena, is_tied ? LABEL_ROLL_TIED : LABEL_ROLL, maker->lang, text_pick(&table->title, maker->lang),
		figure_period_short(arena, maker->input->period.name),
		figure_number(arena, ranks->i64[row], ranks->scale, 0));
}

static int by_employee(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;
	return (x->employee > y->employee) - (x->employee < y->employee);
}

/* The rows of a table that ranks people, found by the roles of its columns. */
static int bind_roll(struct section_maker *maker, struct state *state, const struct result_table *table,
	struct err *err)
{
	uint32_t want[3], found = 0;
	static const char *const roles[3] = { "employee", "rank", "tied" };
	for (uint32_t c = 0; c < table->column_count; c++)
		for (size_t r = 0; r < 3; r++)
			if (strcmp(table->columns[c].role, roles[r]) == 0) {
				want[r] = c;
				found |= 1u << r;
			}
	if (found != 7 || table->columns[want[0]].type != RESULT_KEY || maker->input == NULL)
		return 0;
	struct arena arena = { 0 };
	struct frame frame = { 0 };
	bool there;
	uint32_t ascending[3] = { want[0], want[1], want[2] };
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 2 - i; k++)
			if (ascending[k] > ascending[k + 1]) {
				uint32_t swap = ascending[k];
				ascending[k] = ascending[k + 1];
				ascending[k + 1] = swap;
			}
	int status = store_result_get(maker->input->store, maker->input->run,
		(uint32_t)(table - maker->directory->tables), STORE_BLOCK_NONE, ascending, 3, &arena, &frame, &there, err);
	const struct frame_column *who = status == 0 ? frame_column(&frame, want[0]) : NULL;
	struct rank *ranks = arena_alloc(&maker->keep, state->count + frame.count + 1, sizeof *ranks);
	if (state->count > 0)
		memcpy(ranks, state->ranks, state->count * sizeof *ranks);
	state->ranks = ranks;
	for (uint32_t row = 0; who != NULL && who->type == FRAME_U32 && row < frame.count; row++) {
		const char *text =
			who->u32[row] != FRAME_NONE ? rank_text(maker, table, &frame, want[1], want[2], row) : NULL;
		if (text != NULL)
			ranks[state->count++] = (struct rank){ who->u32[row], text };
	}
	arena_release(&arena);
	return status;
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	section->state = state;
	for (size_t i = 0; i < maker->directory->table_count; i++) {
		const struct result_table *table = &maker->directory->tables[i];
		if (!table->by_employee && !table->list && bind_roll(maker, state, table, err) != 0)
			return -1;
	}
	if (state->count > 1)
		qsort(state->ranks, state->count, sizeof *state->ranks, by_employee);
	return 0;
}

/* Rows stand by title; the newest first: a small insertion sort, few people have many. */
static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	const struct facts_list *list = &maker->view.block.lists[FEED_HONOUR];
	struct arena *arena = &maker->arena;
	uint32_t first, end, most = (uint32_t)section_most(section, 12), count = 0, ranked = 0;
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
	const struct rank key = { .employee = maker->employee };
	const struct rank *rank =
		state->count > 0 ? bsearch(&key, state->ranks, state->count, sizeof key, by_employee) : NULL;
	const char **chips = arena_alloc(arena, shown + state->count + 1u, sizeof *chips);
	while (rank != NULL && rank > state->ranks && rank[-1].employee == maker->employee)
		rank--;
	for (; rank != NULL && rank < state->ranks + state->count && rank->employee == maker->employee; rank++)
		chips[ranked++] = rank->text;
	for (uint32_t i = 0; i < shown; i++) {
		const char *title = section_fact(maker, list, HONOUR_TITLE, order[i]);
		int32_t day = section_date(list, HONOUR_AWARDED_ON, order[i]);
		title = figure_text(arena, title != NULL ? title : label(LABEL_NO_VALUE, maker->lang), 40);
		chips[ranked + i] = day != DATE_NONE ? arena_printf(arena, "%s %d", title, (int)date_to_civil(day).year) : title;
	}
	section_head(maker, section, NULL);
	section_add(maker, DOC_CHIPS)->chips =
		(struct doc_chips){ chips, ranked + shown, label(LABEL_NO_HONOURS, maker->lang) };
	if (shown < count)
		section_text(maker, label_fill(arena, LABEL_HONOURS_MORE, maker->lang, (unsigned)(count - shown)), DOC_GREY,
			false, true);
	return 0;
}

const struct section_kind section_honours_kind = { .name = "honours",
	.help = "honours as chips, newest first",
	.shape = &shape,
	.feeds = 1u << FEED_HONOUR,
	.bind = bind,
	.make = make };
