/*
 * section_star.c - how the grade came about, and the credits with their requirement (grade.c has the words).
 */
#include "report/grade.h"

static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "credits", XML_BOOL, false, NULL, "no: without the table of credits; default yes" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"how the grade came about; credits and their requirement" };

static bool has(const struct section_maker *maker)
{
	return maker->roles.grade >= 0 || maker->roles.total >= 0;
}

struct state {
	bool credits;
};

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	(void)err;
	state->credits = xml_yes(xml_attr_or(section->node, "credits", "yes"));
	section->state = state;
	return 0;
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	(void)err;
	section_head(maker, section, NULL);
	if (grade_outcome(maker)) {
		grade_items(maker, NULL);
		grade_distance(maker);
	}
	if (state->credits)
		grade_credits(maker, true);
	return 0;
}

const struct section_kind section_star_kind = { .name = "star",
	.help = "how the grade came about; credits and their requirement",
	.shape = &shape,
	.bind = bind,
	.make = make,
	.has = has };
