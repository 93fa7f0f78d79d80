/*
 * section_training.c - 培训档案: credits by category as bars with a tick at the requirement, beside the latest courses.
 *
 * Decides: which courses are the latest (by day, then course) and how a result that earned nothing reads. Whether a row
 * counts as passed follows the data's own word (result; where blank, score against the course's pass score); what it
 * earned is the rules' business, so the table shows the course's own credits.
 */
#include "report/section.h"

#include "report/courses.h"
#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "courses in the table; default 6" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"credits by category, latest courses" };

#define ROWS_MOST 60

struct state {
	int most;
	bool exempt_earns; /* as the credits rule says */
};

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	(void)err;
	state->most = section_most(section, 6);
	if (state->most > ROWS_MOST)
		state->most = ROWS_MOST;
	state->exempt_earns = courses_exempt_earns(maker);
	section->state = state;
	return 0;
}

static void show_row(struct section_maker *maker, const struct state *state, const struct facts_list *list,
	uint32_t row, struct doc_cell *cells)
{
	struct arena *arena = &maker->arena;
	const struct frame_column *courses = frame_column(&list->frame, (uint32_t)COMPLETION_COURSE_ID);
	uint32_t course = courses != NULL ? courses->u32[row] : FRAME_NONE;
	enum courses_outcome outcome = courses_outcome(maker, list, row, course);
	bool failed = outcome == COURSES_FAILED || outcome == COURSES_ABSENT;
	const char *kind = courses_text(maker, COURSE_CLASS, course);
	int64_t number;
	int scale;
	cells[0] = section_plain(facts_course_title(maker->input->facts, course));
	cells[1] = section_plain(kind != NULL ? kind : courses_text(maker, COURSE_CATEGORY, course));
	cells[2] = section_plain(
		section_number(list, COMPLETION_SCORE, row, &number, &scale) ? figure_number(arena, number, scale, -1) : NULL);
	bool earned = outcome == COURSES_PASSED || (outcome == COURSES_EXEMPT && state->exempt_earns);
	bool known = earned
		&& (section_number(list, COMPLETION_CREDITS, row, &number, &scale)
			|| courses_number(maker, COURSE_CREDITS, course, &number, &scale));
	cells[3] = section_plain(known
			? figure_number(arena, number, scale, number % decimal_pow10(scale > 0 ? scale - 1 : 0) == 0 ? 1 : -1)
			: NULL);
	const char *day = figure_date(arena, courses_day(list, row));
	if (outcome != COURSES_NONE && outcome != COURSES_PASSED)
		day = arena_printf(arena, "%s %s", day, courses_outcome_text(outcome, maker->lang));
	cells[4] = section_plain(day);
	if (failed)
		cells[2].tone = cells[4].tone = DOC_BRICK;
}

/* Whether row a stands before row b among the latest. */
static bool later(const struct facts_list *list, uint32_t a, uint32_t b)
{
	int32_t x = courses_day(list, a), y = courses_day(list, b);
	return x != y ? x > y : a > b;
}

static void courses_block(struct section_maker *maker, struct doc *side, const struct state *state)
{
	const struct facts_list *list = &maker->view.block.lists[FEED_COMPLETION];
	uint32_t first, end, latest[ROWS_MOST], count = 0;
	unsigned passed = 0;
	section_rows(maker, FEED_COMPLETION, &first, &end);
	const struct frame_column *courses = frame_column(&list->frame, (uint32_t)COMPLETION_COURSE_ID);
	for (uint32_t row = first; row < end; row++) {
		passed += courses_outcome(maker, list, row, courses != NULL ? courses->u32[row] : FRAME_NONE) == COURSES_PASSED;
		uint32_t at = count;
		if (count == (uint32_t)state->most) {
			if (!later(list, row, latest[count - 1]))
				continue;
			at--;
		} else
			count++;
		while (at > 0 && later(list, row, latest[at - 1])) {
			latest[at] = latest[at - 1];
			at--;
		}
		latest[at] = row;
	}
	struct doc_cell *cells = arena_alloc(&maker->arena, (size_t)count * 5 + 1, sizeof *cells);
	for (uint32_t i = 0; i < count; i++)
		show_row(maker, state, list, latest[i], cells + (size_t)i * 5);
	struct doc_table_column *heads = arena_alloc(&maker->arena, 5, sizeof *heads);
	static const struct {
		enum label_id id;
		double share;
		enum doc_align align;
	} columns[] = { { LABEL_COURSE, 0.34, DOC_LEFT }, { LABEL_COURSE_CLASS, 0.16, DOC_LEFT },
		{ LABEL_SCORE, 0.09, DOC_RIGHT }, { LABEL_COURSE_CREDITS, 0.09, DOC_RIGHT },
		{ LABEL_COMPLETED, 0.32, DOC_LEFT } };
	for (size_t i = 0; i < 5; i++)
		heads[i] = (struct doc_table_column){ label(columns[i].id, maker->lang), columns[i].share, columns[i].align };
	doc_add(side, DOC_TABLE, &maker->arena)->table =
		(struct doc_table){ heads, 5, cells, count, label(LABEL_NO_COURSES, maker->lang) };
	if (end - first > count) {
		struct doc_block *note = doc_add(side, DOC_TEXT, &maker->arena);
		note->text = (struct doc_text){ .text = label_fill(&maker->arena, LABEL_COURSES_LINE, maker->lang,
											(unsigned)count, (unsigned)(end - first), passed),
			.tone = DOC_GREY,
			.small = true };
	}
}

static void bars_block(struct section_maker *maker, struct doc *side)
{
	const struct roles *roles = &maker->roles;
	struct arena *arena = &maker->arena;
	struct doc_bar *bars = arena_alloc(arena, roles->category_count + 1, sizeof *bars);
	double most = 0;
	size_t count = 0;
	for (size_t i = 0; i < roles->category_count; i++) {
		const struct roles_category *category = &roles->categories[i];
		struct view_cell earned, least;
		section_cell(maker, category->earned, &earned);
		section_cell(maker, category->minimum, &least);
		struct roles_figure need = least.kind == VIEW_NUMBER
			? (struct roles_figure){ least.number != 0, least.number, least.scale }
			: category->need;
		if (!need.known && earned.kind == VIEW_NUMBER && earned.number == 0)
			continue; /* nothing asked, nothing earned: nothing to tell */
		struct doc_bar *bar = &bars[count++];
		*bar = (struct doc_bar){ .label = text_pick(&category->title, maker->lang), .need = -1, .tone = DOC_TEAL };
		if (earned.kind != VIEW_NUMBER) {
			bar->text = earned.why != NULL ? text_pick(&earned.why->text, maker->lang)
										   : label(LABEL_NOT_EVALUATED, maker->lang);
			bar->tone = DOC_GREY;
			continue;
		}
		int places = earned.scale > 1 && earned.number % decimal_pow10(earned.scale - 1) != 0 ? -1 : 1;
		const char *have = figure_number(arena, earned.number, earned.scale, places);
		bar->value = figure_double(earned.number, earned.scale);
		bar->text = label_fill(arena, LABEL_BAR_NO_NEED, maker->lang, have);
		if (need.known) {
			int scale;
			int64_t missing = figure_minus(need.number, need.scale, earned.number, earned.scale, &scale);
			const char *of = figure_number(arena, need.number, need.scale, -1);
			bar->need = figure_double(need.number, need.scale);
			bar->tone = missing > 0 ? DOC_BRICK : DOC_TEAL;
			bar->text = missing > 0
				? label_fill(arena, LABEL_BAR_SHORT, maker->lang, have, of, figure_number(arena, missing, scale, -1))
				: label_fill(arena, LABEL_BAR_NEED, maker->lang, have, of);
		}
		most = bar->value > most ? bar->value : most;
		most = bar->need > most ? bar->need : most;
	}
	doc_add(side, DOC_BARS, arena)->bars = (struct doc_bars){ bars, count, most > 0 ? most * 1.15 : 1 };
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	(void)err;
	struct doc left = { 0 }, right = { 0 };
	section_head(maker, section, NULL);
	if (maker->roles.category_count == 0) {
		courses_block(maker, &maker->doc, section->state);
		return 0;
	}
	bars_block(maker, &left);
	courses_block(maker, &right, section->state);
	section_add(maker, DOC_COLUMNS)->columns = (struct doc_columns){ left.first, right.first, 0.46 };
	return 0;
}

const struct section_kind section_training_kind = { .name = "training",
	.help = "credits by category with their requirement, latest courses",
	.shape = &shape,
	.feeds = 1u << FEED_COMPLETION,
	.bind = bind,
	.make = make };
