/*
 * section_idp.c - 个人发展计划: what leads from the present level to the required one, in order, with its due date and
 * what became of it since last quarter.
 *
 * Decides: the words. Items and their order are those of the table "idp".
 */
#include "report/courses.h"

#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "rows", XML_INTEGER, false, NULL, "items shown; default 12" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false, "development plan" };

struct state {
	int list, kind, competency, course, activity, from, to, hours, due, status;
	bool exempt;
};

static bool has(const struct section_maker *maker)
{
	return result_table(maker->directory, "idp") != NULL;
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	struct lists *lists = &maker->lists;
	int list = lists_bind(lists, maker->directory, "idp");
	section->state = state;
	if (list < 0)
		return xml_fail(section->node, err, "the rules make no development plan; write optional=\"yes\"");
	*state = (struct state){ .list = list,
		.kind = lists_column(lists, list, "kind"),
		.competency = lists_column(lists, list, "competency"),
		.course = lists_column(lists, list, "course"),
		.activity = lists_column(lists, list, "activity"),
		.from = lists_column(lists, list, "from level"),
		.to = lists_column(lists, list, "to level"),
		.hours = lists_column(lists, list, "hours"),
		.due = lists_column(lists, list, "due date"),
		.status = lists_column(lists, list, "status"),
		.exempt = courses_exempt_earns(maker) };
	return 0;
}

/* What a code of the plan is called: as the rules title it, else by our own words. */
static const char *named(struct section_maker *maker, const char *list, const char *code)
{
	const struct result_member *member = roles_find_member(maker->directory, NULL, list, code);
	return member != NULL && *text_pick(&member->title, maker->lang) != '\0' ? text_pick(&member->title, maker->lang)
																			 : label_code(code, maker->lang);
}

/* "数据分析 2.5 → 3"; the kind where there is no competency ("必修"). */
static const char *aim(struct section_maker *maker, const struct state *state, uint32_t row, const char *kind)
{
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	const char *id = lists_text(&maker->lists, state->list, state->competency, row);
	int64_t from, to;
	int from_scale, to_scale;
	if (id == NULL)
		return named(maker, "kind", kind);
	const char *title = named(maker, "competency", id);
	if (!lists_number(lists, state->list, state->to, row, &to, &to_scale))
		return title;
	const char *end = figure_number(arena, to, to_scale, -1);
	if (!lists_number(lists, state->list, state->from, row, &from, &from_scale))
		return arena_printf(arena, "%s → %s", title, end); /* not assessed: the action says so */
	return arena_printf(arena, "%s %s → %s", title, figure_number(arena, from, from_scale, -1), end);
}

/* The course, and what must be passed before it, each with its mark. */
static const char *action(struct section_maker *maker, const struct state *state, uint32_t row, const char *kind)
{
	struct arena *arena = &maker->arena;
	const struct facts *facts = maker->input->facts;
	uint32_t course = lists_key(&maker->lists, state->list, state->course, row);
	const char *activity = lists_text(&maker->lists, state->list, state->activity, row);
	if (activity != NULL)
		activity = named(maker, "activity", activity);
	if (course == FRAME_NONE) {
		const char *code = arena_printf(arena, "idp.%s", kind), *words = label_code(code, maker->lang);
		return activity != NULL ? activity : words != code ? words : named(maker, "kind", kind);
	}
	const char *title = facts_course_title(facts, course), *first = courses_text(maker, COURSE_PREREQUISITES, course);
	const char *before = "", *id;
	size_t length;
	while (first != NULL && (length = text_next_id(&first, &id)) > 0) {
		uint32_t key = facts_find(facts, KEY_DIM_COURSE, arena_copy(arena, id, length));
		if (key == FRAME_NONE)
			continue;
		before = arena_printf(arena, "%s%s%s %s", before, *before != '\0' ? label(LABEL_LIST_COMMA, maker->lang) : "",
			facts_course_title(facts, key), courses_held(maker, state->exempt, key) ? "✓" : "✗");
	}
	if (activity != NULL)
		title = arena_printf(arena, "%s%s%s", activity, label(LABEL_COLON, maker->lang), title);
	return *before != '\0' ? label_fill(arena, LABEL_IDP_BEFORE, maker->lang, title, before) : title;
}

static struct doc_cell progress(struct section_maker *maker, const char *status)
{
	static const struct {
		const char *code;
		enum doc_tone tone;
	} tones[] = { { "done", DOC_TEAL }, { "overdue", DOC_BRICK }, { "continued", DOC_INK }, { "new", DOC_GREY },
		{ "dropped", DOC_GREY } };
	struct doc_cell cell = section_plain(NULL);
	if (status == NULL)
		return cell;
	cell.text = named(maker, "status", status);
	for (size_t i = 0; i < sizeof tones / sizeof tones[0]; i++)
		if (strcmp(tones[i].code, status) == 0)
			cell.tone = tones[i].tone;
	return cell;
}

/* The rows to show: what only waits for an assessment is one line when there is much of it. */
struct gathered {
	uint32_t *rows, count;
	const char *assess; /* titles of what is to be assessed; NULL: each stands for itself */
	unsigned assess_count;
	uint32_t assess_row; /* the first of them */
};

#define ASSESS_MOST 2

static bool waits(const struct section_maker *maker, const struct state *state, uint32_t row)
{
	const char *kind = lists_text(&maker->lists, state->list, state->kind, row);
	return kind != NULL && strcmp(kind, "assess-first") == 0;
}

static struct gathered gather(struct section_maker *maker, const struct state *state, uint32_t first, uint32_t end)
{
	struct gathered gathered = { .rows = arena_alloc(&maker->arena, end - first + 1u, sizeof *gathered.rows) };
	for (uint32_t row = first; row < end; row++)
		gathered.assess_count += waits(maker, state, row);
	for (uint32_t row = first; row < end; row++) {
		const char *id = lists_text(&maker->lists, state->list, state->competency, row);
		if (gathered.assess_count <= ASSESS_MOST || !waits(maker, state, row) || id == NULL) {
			gathered.rows[gathered.count++] = row;
			continue;
		}
		const char *title = named(maker, "competency", id);
		if (gathered.assess == NULL)
			gathered.assess_row = row;
		gathered.assess = gathered.assess == NULL
			? title
			: arena_printf(&maker->arena, "%s%s%s", gathered.assess, label(LABEL_LIST_COMMA, maker->lang), title);
	}
	return gathered;
}

static void assess_line(struct section_maker *maker, const struct state *state, const struct gathered *gathered,
	uint32_t number, struct doc_cell *line)
{
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	int32_t due = lists_date(lists, state->list, state->due, gathered->assess_row);
	line[0] = section_plain(arena_printf(arena, "%u", (unsigned)number + 1));
	line[1] = section_plain(label_fill(arena, LABEL_IDP_ASSESS, maker->lang, gathered->assess_count));
	line[2] = section_plain(arena_printf(arena, "%s%s%s", label_code("idp.assess-first", maker->lang),
		label(LABEL_COLON, maker->lang), gathered->assess));
	line[3] = section_plain(NULL);
	line[4] = section_plain(NULL);
	line[5] = section_plain(due != DATE_NONE ? figure_date(arena, due) : NULL);
	line[6] = progress(maker, lists_text(lists, state->list, state->status, gathered->assess_row));
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	static const struct {
		enum label_id id;
		double share;
		enum doc_align align;
	} columns[] = { { LABEL_RANK, 0.045, DOC_RIGHT }, { LABEL_COMPETENCY, 0.215, DOC_LEFT },
		{ LABEL_ACTION, 0.38, DOC_LEFT }, { LABEL_WAY, 0.08, DOC_LEFT }, { LABEL_HOURS, 0.065, DOC_RIGHT },
		{ LABEL_DUE, 0.115, DOC_LEFT }, { LABEL_PROGRESS, 0.10, DOC_LEFT } };
	enum { COLUMNS = sizeof columns / sizeof columns[0] };
	const struct state *state = section->state;
	const struct lists *lists = &maker->lists;
	struct arena *arena = &maker->arena;
	uint32_t first, end, most = (uint32_t)section_most(section, 12);
	(void)err;
	lists_rows(lists, state->list, maker->row, &first, &end);
	struct gathered gathered = gather(maker, state, first, end);
	uint32_t items = gathered.count + (gathered.assess != NULL), rows = items < most ? items : most;
	struct doc_table_column *heads = arena_alloc(arena, COLUMNS, sizeof *heads);
	struct doc_cell *cells = arena_alloc(arena, (size_t)rows * COLUMNS + 1, sizeof *cells);
	for (size_t c = 0; c < COLUMNS; c++)
		heads[c] = (struct doc_table_column){ label(columns[c].id, maker->lang), columns[c].share, columns[c].align };
	for (uint32_t i = 0; i < rows; i++) {
		struct doc_cell *line = cells + (size_t)i * COLUMNS;
		if (gathered.assess != NULL && i == rows - 1) { /* one line for all of them, the last */
			assess_line(maker, state, &gathered, i, line);
			continue;
		}
		uint32_t row = gathered.rows[i], course = lists_key(lists, state->list, state->course, row);
		const char *kind = lists_text(lists, state->list, state->kind, row);
		int64_t hours;
		int scale;
		kind = kind != NULL ? kind : "course";
		const char *way = course != FRAME_NONE ? courses_text(maker, COURSE_DELIVERY, course) : NULL;
		line[0] = section_plain(arena_printf(arena, "%u", (unsigned)i + 1));
		line[1] = section_plain(aim(maker, state, row, kind));
		line[2] = section_plain(action(maker, state, row, kind));
		line[3] = section_plain(way != NULL ? way : NULL);
		line[4] = section_plain(lists_number(lists, state->list, state->hours, row, &hours, &scale)
				? figure_number(arena, hours, scale, -1)
				: NULL);
		int32_t due = lists_date(lists, state->list, state->due, row);
		line[5] = section_plain(due != DATE_NONE ? figure_date(arena, due) : NULL);
		line[6] = progress(maker, lists_text(lists, state->list, state->status, row));
	}
	section_head(maker, section, NULL);
	section_add(maker, DOC_TABLE)->table =
		(struct doc_table){ heads, COLUMNS, cells, rows, label(LABEL_NO_IDP, maker->lang) };
	if (rows < items)
		section_text(
			maker, label_fill(arena, LABEL_IDP_MORE, maker->lang, (unsigned)(items - rows)), DOC_GREY, false, true);
	return 0;
}

const struct section_kind section_idp_kind = { .name = "idp",
	.help = "development plan: what, how, by when, since last quarter",
	.shape = &shape,
	.feeds = 1u << FEED_COMPLETION,
	.bind = bind,
	.make = make,
	.has = has };
