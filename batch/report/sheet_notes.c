/*
 * sheet_notes.c - what the figures of a workbook mean: paragraphs of the template, then the run, its rules and sources.
 *
 * Decides: sources are told by kind of data and newest day, without numbers of rows, which could be numbers of people.
 */
#include "report/sheet.h"

#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape text_shape = { "text", NULL, NULL, 0, 0, true, "a text in the language of xml:lang" };
static const struct xml_shape *const note_children[] = { &sheet_title_shape, &text_shape, NULL };
static const struct xml_shape note_shape = { "note", NULL, note_children, 0, 40, false, "a term and what it means" };
static const struct xml_shape *const children[] = { &sheet_title_shape, &note_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"notes: what the figures mean, the run, its rules and sources" };

#define TERM_WIDTH 24
#define TEXT_WIDTH 108

static void show_line(struct sheet_build *build, const char *term, const char *text)
{
	struct book_cell *cells = sheet_cells(build, 0, 1, 2);
	cells[0] = sheet_text(term, BOOK_STYLE_STRONG);
	cells[1] = sheet_text(text, BOOK_STYLE_PROSE);
}

static void show_sources(struct sheet_build *build)
{
	size_t count;
	const struct store_batch *at = facts_batches(build->input->facts, &count);
	sheet_gap(build, 1);
	sheet_heading(build, label(LABEL_NOTES_SOURCES, build->lang));
	for (int feed = 0; feed < FEED_COUNT; feed++) {
		int32_t newest = DATE_NONE;
		bool any = false;
		char day[16] = "";
		for (size_t i = 0; i < count; i++) {
			if ((int)at[i].feed != feed)
				continue;
			any = true;
			if (at[i].snapshot != DATE_NONE && (newest == DATE_NONE || at[i].snapshot > newest))
				newest = at[i].snapshot;
		}
		if (newest != DATE_NONE)
			date_format_iso(newest, day);
		if (any)
			show_line(
				build, text_pick(&feed_at((enum feed_id)feed)->label, build->lang), arena_text(build->arena, day));
	}
}

static int build_notes(struct sheet_build *build, struct err *err)
{
	const struct report_input *input = build->input;
	char day[16];
	(void)err;
	sheet_title(build, sheet_template_title(build), figure_period(build->arena, &input->period, build->lang));
	sheet_width(build, 0, TERM_WIDTH);
	sheet_width(build, 1, TEXT_WIDTH);
	for (const struct xml_node *note = xml_child(build->node, "note"); note != NULL; note = xml_next(note, "note")) {
		struct text_pair title = xml_text_pair(note, "title"), text = xml_text_pair(note, "text");
		show_line(build, text_pick(&title, build->lang), text_pick(&text, build->lang));
	}
	date_format_iso(facts_params(input->facts)->as_of, day);
	sheet_gap(build, 1);
	sheet_heading(build, label(LABEL_NOTES_RUN, build->lang));
	show_line(build, label(LABEL_RUN_NAME, build->lang), input->run_name);
	show_line(build, label(LABEL_AS_OF, build->lang), arena_text(build->arena, day));
	show_line(build, label(LABEL_RULES_VERSION, build->lang),
		arena_printf(build->arena, "%s %s", input->directory->rulebook, input->directory->version));
	show_line(build, label(LABEL_PREVIOUS_RUN, build->lang),
		input->previous != 0 && input->earlier_count > 0 ? input->earlier_periods[0] : label(LABEL_NONE, build->lang));
	show_sources(build);
	return 0;
}

const struct sheet_kind sheet_notes = { "notes", "what the figures mean, the run, its rules and sources", &shape, NULL,
	build_notes, false, 0, "hr manager executive", NULL };
