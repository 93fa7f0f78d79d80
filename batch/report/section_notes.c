/*
 * section_notes.c - words of the template: rights and appeal, and lines to sign on.
 *
 * Decides: the places {period} {as_of} {run} {rules} {version} {centre} {until}. {until} is as-of + the attribute days.
 */
#include "report/section.h"

#include "base/decimal.h"

#include <string.h>

static const struct xml_shape text_shape = { .element = "text",
	.text = true,
	.help = "a paragraph; {period} {as_of} {until} {run} {rules} {version} {centre} are filled in" };
static const struct xml_shape *const sign_children[] = { &section_title_shape, NULL };
static const struct xml_shape sign_shape = { "sign", NULL, sign_children, 0, 8, false,
	"a line to write on, with its label" };
static const struct xml_attr_shape attrs[] = {
	SECTION_ATTRS,
	{ "days", XML_INTEGER, false, NULL, "days after the as-of date for {until}" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const children[] = { &section_title_shape, &section_note_shape, &text_shape, &sign_shape,
	NULL };
static const struct xml_shape shape = { "section", attrs, children, 0, 0, false,
	"words of the template and lines to sign on" };

struct state {
	const char *text;
	const char *const *labels;
	size_t count;
};

/* {until} first, the rest as everywhere. */
static const char *fill(struct section_maker *maker, const struct section *section, const char *text)
{
	const char *days = xml_attr_or(section->node, "days", "60");
	int64_t after;
	char day[16];
	if (!decimal_parse(days, strlen(days), 0, &after) || after < 0 || after > 3660)
		after = 60;
	date_format_iso(facts_params(maker->input->facts)->as_of + (int32_t)after, day);
	struct str out = { 0 };
	for (const char *at; (at = strstr(text, "{until}")) != NULL; text = at + 7) {
		str_add_bytes(&out, text, (size_t)(at - text));
		str_add(&out, day);
	}
	str_add(&out, text);
	const char *filled = section_fill(maker, &maker->keep, arena_copy(&maker->keep, str_text(&out), out.length));
	str_release(&out);
	return filled;
}

static int bind(struct section_maker *maker, struct section *section, struct err *err)
{
	struct state *state = arena_alloc(&maker->keep, 1, sizeof *state);
	struct text_pair text = xml_text_pair(section->node, "text");
	const char **labels = arena_alloc(&maker->keep, 8, sizeof *labels);
	(void)err;
	section->state = state;
	if (maker->input == NULL)
		return 0;
	state->text = fill(maker, section, text_pick(&text, maker->lang));
	for (const struct xml_node *node = xml_child(section->node, "sign"); node != NULL && state->count < 8;
		 node = xml_next(node, "sign")) {
		struct text_pair title = xml_text_pair(node, "title");
		labels[state->count++] = text_pick(&title, maker->lang);
	}
	state->labels = labels;
	return 0;
}

static int make(struct section_maker *maker, const struct section *section, struct err *err)
{
	const struct state *state = section->state;
	(void)err;
	section_head(maker, section, NULL);
	if (*state->text != '\0')
		section_add(maker, DOC_TEXT)->text = (struct doc_text){ .text = state->text, .keep = state->count > 0 };
	for (size_t i = 0; i < state->count; i += 2) /* two lines beside each other: a matter and who signs it */
		section_add(maker, DOC_SIGN)->sign =
			(struct doc_sign){ .labels = state->labels + i,
			.count = state->count - i < 2 ? state->count - i : 2,
			.keep = i + 2 < state->count };
	return 0;
}

const struct section_kind section_notes_kind = { .name = "notes",
	.help = "rights, appeal, lines to sign on",
	.shape = &shape,
	.bind = bind,
	.make = make };
