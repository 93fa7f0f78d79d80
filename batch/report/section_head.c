/*
 * section_head.c - who this is: name, number, position, unit, length of service; the grade beside it.
 */
#include "report/section.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SECTION_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &section_title_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"name, number, position, unit, length of service, grade" };

struct state {
	int name, number, position, level, org, tenure;
};

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	(void)err;
	struct {
		const char *name;
		int *value;
	} wanted[] = { { "name", &state->name }, { "employee_id", &state->number }, { "position", &state->position },
		{ "level", &state->level }, { "org_unit.path", &state->org }, { "tenure", &state->tenure } };
	for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		*wanted[i].value = view_bind_name(&maker->view, view_names_find(&maker->names, wanted[i].name));
	section->state = state;
	return 0;
}

/* Grade of a cell as a whole number; 0 if it has none. */
static int64_t grade_of(const struct view_cell *cell)
{
	int64_t grade;
	return cell->kind == VIEW_NUMBER && decimal_round(cell->number, cell->scale, 0, &grade) ? grade : 0;
}

static void show_grade(struct section_maker *maker, struct doc_head *head)
{
	const struct roles *roles = &maker->roles;
	struct arena *arena = &maker->arena;
	const char *dot = label(LABEL_SEPARATOR, maker->lang);
	struct view_cell now, before, coefficient;
	if (roles->grade < 0)
		return;
	section_cell(maker, roles->grade, &now);
	section_cell(maker, roles->before, &before);
	section_cell(maker, roles->coefficient, &coefficient);
	head->stars = (int)grade_of(&now);
	head->stars_of = (int)roles->high;
	if (now.kind != VIEW_NUMBER) {
		head->stars = 0;
		head->right = label_fill(arena, LABEL_STAR_NONE, maker->lang,
			now.why != NULL ? text_pick(&now.why->text, maker->lang) : label(LABEL_STAR_NO_REASON, maker->lang));
		return;
	}
	const char *last = before.kind == VIEW_NUMBER
		? label_fill(arena, LABEL_LAST_GRADE, maker->lang, figure_grade(arena, grade_of(&before), maker->lang))
		: label(maker->input->previous != 0 ? LABEL_LAST_NONE : LABEL_FIRST_GRADE, maker->lang);
	const char *share = coefficient.kind == VIEW_NUMBER
		? label_fill(arena, LABEL_COEFFICIENT, maker->lang, section_figure(maker, &coefficient, 2))
		: "";
	head->right = arena_printf(arena, "%s%s%s%s%s", figure_grade(arena, grade_of(&now), maker->lang),
		*share != '\0' ? dot : "", share, dot, last);
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	struct arena *arena = &maker->arena;
	const char *dot = label(LABEL_SEPARATOR, maker->lang);
	struct view_cell name, number, position, level, org, tenure;
	(void)err;
	section_cell(maker, state->name, &name);
	section_cell(maker, state->number, &number);
	section_cell(maker, state->position, &position);
	section_cell(maker, state->level, &level);
	section_cell(maker, state->org, &org);
	section_cell(maker, state->tenure, &tenure);
	struct doc_head head = { .name = name.kind == VIEW_TEXT ? name.text : maker->doc.id };
	const char *end = head.name;
	text_next(&end, head.name + strlen(head.name));
	head.initial = arena_copy(arena, head.name, (size_t)(end - head.name));
	const char *where = position.kind == VIEW_TEXT ? position.text : label(LABEL_NO_POSITION, maker->lang);
	const char *grade = level.kind == VIEW_TEXT && strcmp(level.text, where) != 0 ? level.text : "";
	const char *service = tenure.kind == VIEW_NUMBER && tenure.number >= 0
		? label_fill(arena, LABEL_TENURE, maker->lang, figure_months(arena, (int)tenure.number, maker->lang))
		: "";
	head.line = arena_printf(arena, "%s%s%s%s%s%s%s%s%s", label_fill(arena, LABEL_NUMBER, maker->lang, maker->doc.id),
		dot, where, *grade != '\0' ? " " : "", grade, dot,
		org.kind == VIEW_TEXT ? org.text : label(LABEL_NO_UNIT, maker->lang), *service != '\0' ? dot : "", service);
	show_grade(maker, &head);
	section_add(maker, DOC_HEAD)->head = head;
	return 0;
}

const struct section_kind section_head_kind = { .name = "head",
	.help = "name, number, position, unit, grade",
	.shape = &shape,
	.bind = bind,
	.make = make };
