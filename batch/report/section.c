/*
 * section.c - registry of the kinds of sections and the small parts they are made of.
 *
 * Decides: how a head, a text, a figure of a person becomes part of a document. Does not decide: what a kind shows.
 */
#include "report/section.h"

#include "base/decimal.h"
#include "base/fs.h"
#include "report/figure.h"

#include <string.h>

static const struct section_kind *const kinds[] = {
#define SECTION(name) &section_##name##_kind,
#include "report/sections.def"
#undef SECTION
};

const struct xml_shape section_title_shape = {
	.element = "title", .text = true, .help = "a title in the language of xml:lang"
};
const struct xml_shape section_note_shape = { .element = "note", .text = true, .help = "grey words beside the title" };

const struct section_kind *section_kind_at(size_t index)
{
	return index < sizeof kinds / sizeof kinds[0] ? kinds[index] : NULL;
}

const struct section_kind *section_kind_find(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	return NULL;
}

struct doc_block *section_add(struct section_maker *maker, enum doc_kind kind)
{
	return doc_add(&maker->doc, kind, &maker->arena);
}

void section_head(struct section_maker *maker, const struct section *section, const char *note)
{
	struct doc_block *block = section_add(maker, DOC_SECTION);
	block->section =
		(struct doc_section){ .title = section->title, .note = note != NULL ? note : section->note, .bookmark = true };
}

void section_text(struct section_maker *maker, const char *text, enum doc_tone tone, bool strong, bool small)
{
	section_add(maker, DOC_TEXT)->text =
		(struct doc_text){ .text = text, .tone = tone, .strong = strong, .small = small };
}

void section_aside_begin(struct section_maker *maker, struct section_aside *aside)
{
	*aside = (struct section_aside){ maker->doc.first, maker->doc.last };
	maker->doc.first = maker->doc.last = NULL;
}

void section_aside_end(struct section_maker *maker, const struct section_aside *aside)
{
	const struct doc_block *first = maker->doc.first;
	maker->doc.first = aside->first;
	maker->doc.last = aside->last;
	if (first != NULL)
		section_add(maker, DOC_ASIDE)->aside.first = first;
}

void section_cell(struct section_maker *maker, int value, struct view_cell *cell)
{
	view_at(&maker->view, value, maker->row, cell);
}

const char *section_figure(struct section_maker *maker, const struct view_cell *cell, int places)
{
	switch (cell->kind) {
	case VIEW_NUMBER: return figure_number(&maker->arena, cell->number, cell->scale, places);
	case VIEW_DATE: return figure_date(&maker->arena, (int32_t)cell->number);
	case VIEW_TEXT: return cell->text;
	case VIEW_BOOL: return label(cell->number != 0 ? LABEL_YES : LABEL_NO, maker->lang);
	case VIEW_MISSING: break;
	}
	return NULL;
}

const char *section_fact(struct section_maker *maker, const struct facts_list *list, enum field_id field, uint32_t row)
{
	const struct frame_column *column = frame_column(&list->frame, (uint32_t)field);
	const struct feed_field *about = feed_field_at(field);
	const char *text = NULL;
	if (column == NULL || row >= list->frame.count)
		return NULL;
	if (about->type == FIELD_TEXT)
		text = frame_text(&list->frame, column, row);
	else if (column->u32[row] != FRAME_NONE && about->type == FIELD_CODE) {
		char room[64];
		text = label_code(feed_code_name(about, column->u32[row], room, sizeof room), maker->lang);
		if (text == room)
			text = arena_text(&maker->arena, text);
	} else if (column->u32[row] != FRAME_NONE && about->type == FIELD_KEY) {
		const struct facts *facts = maker->input->facts;
		switch (about->dim) {
		case KEY_DIM_ORG: text = facts_org_path(facts, column->u32[row], &maker->arena); break;
		case KEY_DIM_POSITION: text = facts_position_title(facts, column->u32[row]); break;
		case KEY_DIM_COURSE: text = facts_course_title(facts, column->u32[row]); break;
		default: text = facts_key(facts, about->dim, column->u32[row]); break;
		}
	}
	return text != NULL && *text != '\0' ? text : NULL;
}

int32_t section_date(const struct facts_list *list, enum field_id field, uint32_t row)
{
	const struct frame_column *column = frame_column(&list->frame, (uint32_t)field);
	return column == NULL || row >= list->frame.count ? DATE_NONE : column->i32[row];
}

bool section_number(const struct facts_list *list, enum field_id field, uint32_t row, int64_t *number, int *scale)
{
	const struct frame_column *column = frame_column(&list->frame, (uint32_t)field);
	if (column == NULL || row >= list->frame.count || column->i64[row] == DECIMAL_NONE)
		return false;
	*number = column->i64[row];
	*scale = column->scale;
	return true;
}

void section_rows(const struct section_maker *maker, enum feed_id feed, uint32_t *first, uint32_t *end)
{
	const struct facts_list *list = &maker->view.block.lists[feed];
	*first = list->offset != NULL ? list->offset[maker->row] : 0;
	*end = list->offset != NULL ? list->offset[maker->row + 1] : 0;
}

struct doc_cell section_plain(const char *text)
{
	return (struct doc_cell){ .text = text != NULL ? text : "–" };
}

const char *section_source(struct section_maker *maker, const struct frame *frame, uint32_t row)
{
	uint64_t line;
	const char *file = facts_source(maker->input->facts, frame, row, &line);
	if (*file == '\0')
		return NULL;
	return label_fill(&maker->arena, LABEL_FILE_ROW, maker->lang, fs_base_name(file), (unsigned)line);
}

int section_most(const struct section *section, int fallback)
{
	const char *rows = xml_attr(section->node, "rows");
	int64_t most;
	if (rows == NULL || !decimal_parse(rows, strlen(rows), 0, &most) || most < 1)
		return fallback;
	return most > 500 ? 500 : (int)most;
}

const char *section_fill(struct section_maker *maker, struct arena *arena, const char *text)
{
	if (strchr(text, '{') == NULL)
		return text;
	struct {
		const char *name, *value;
	} values[] = {
		{ "{period}", maker->period },
		{ "{as_of}", maker->as_of },
		{ "{run}", maker->input->run_name },
		{ "{rules}", maker->directory->rulebook },
		{ "{version}", maker->directory->version },
		{ "{centre}", maker->input->centre },
	};
	struct str out = { 0 };
	while (*text != '\0') {
		size_t i = 0, count = sizeof values / sizeof values[0];
		while (*text == '{' && i < count && strncmp(text, values[i].name, strlen(values[i].name)) != 0)
			i++;
		if (*text == '{' && i < count) {
			str_add(&out, values[i].value);
			text += strlen(values[i].name);
		} else
			str_add_char(&out, *text++);
	}
	const char *filled = arena_copy(arena, str_text(&out), out.length);
	str_release(&out);
	return filled;
}
