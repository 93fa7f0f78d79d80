/*
 * docs.c - archives: one template bound once, then one document after another, block by block.
 *
 * Decides: the frame of a document (page, footer, order of sections). What a section shows is its kind's business. A
 * document costs no look-ups and no compilation: values are bound when the maker opens and read from the loaded block.
 */
#include "report/report.h"

#include "base/decimal.h"
#include "report/figure.h"
#include "report/section.h"
#include "report/template.h"

#include <stdlib.h>
#include <string.h>

struct report_docs {
	struct section_maker maker;
	struct arena block; /* frames of earlier periods, of the loaded block */
	uint32_t *rows;
	uint32_t count; /* people of the loaded block who get a document */
	bool known_too;
	const char *footer_left, *footer_middle, *footer_page, *subject, *keywords, *dot;
	double width, height, top, right, bottom, left;
};

static double millimetres(const struct xml_node *node, const char *name, double fallback)
{
	const char *text = node != NULL ? xml_attr(node, name) : NULL;
	int64_t value;
	return text != NULL && decimal_parse(text, strlen(text), 3, &value) && value >= 0 ? figure_double(value, 3)
																					  : fallback;
}

static int bind_section(
	struct section_maker *maker, struct section *section, const struct xml_node *node, struct err *err)
{
	const char *when = xml_attr(node, "when");
	struct text_pair title = xml_text_pair(node, "title"), note = xml_text_pair(node, "note");
	*section = (struct section){ .kind = section_kind_find(xml_attr(node, "kind")),
		.node = node,
		.title = text_pick(&title, maker->lang),
		.when = -1 };
	const char *words = text_pick(&note, maker->lang);
	section->note = *words != '\0' ? words : NULL;
	if (section->kind == NULL)
		return xml_fail(node, err, "there is no kind of section '%s'", xml_attr(node, "kind"));
	if (section->kind->internal && !maker->internal)
		return xml_fail(node, err, "a section of kind '%s' is for audience=\"internal\" only", section->kind->name);
	const char *beside = xml_attr(node, "beside");
	int64_t share = 0;
	if (beside != NULL
		&& (maker->section_count == 0 || !decimal_parse(beside, strlen(beside), 0, &share) || share < 20 || share > 80))
		return xml_fail(node, err, "beside=\"%s\": 20 to 80 per cent, and not for the first section", beside);
	section->beside = (int)share;
	if (when != NULL && (section->when = view_bind_test(&maker->view, node, when, err)) < 0)
		return -1;
	return section->kind->bind != NULL ? section->kind->bind(maker, section, err) : 0;
}

/* Whether an optional section has anything to show with these results. */
static bool has_data(const struct section_maker *maker, const struct xml_node *node)
{
	const char *kind = xml_attr(node, "kind"), *when = xml_attr(node, "when");
	if (when != NULL && !view_knows(&maker->view, when))
		return false;
	const struct section_kind *found = section_kind_find(kind);
	return found == NULL || found->has == NULL || found->has(maker);
}

/* What is said of a person behind their back never stands in their own edition, by whatever name it is asked for. */
static int check_audience(const struct section_maker *maker, const struct xml_node *node, struct err *err)
{
	const struct result_column *box = roles_column(maker->directory, NULL, "box", NULL);
	for (size_t i = 0; box != NULL && i < maker->view.values.count; i++) {
		const struct view_name *name = maker->view.values.at[i].name;
		if (name != NULL && name->column != NULL && strcmp(name->column->rule, box->rule) == 0)
			return xml_fail(node, err, "the value '%s' is for audience=\"internal\" only", name->text);
	}
	return 0;
}

static int bind(struct section_maker *maker, const struct xml_node *node, const struct result_directory *directory,
	const struct result_directory *previous, const struct report_input *input, struct err *err)
{
	maker->node = node;
	maker->input = input;
	maker->directory = directory;
	maker->lang = input != NULL ? input->lang : TEXT_ZH;
	maker->period = maker->title = maker->as_of = "";
	maker->internal = strcmp(xml_attr_or(node, "audience", "employee"), "internal") == 0;
	if (view_names_init(&maker->names, directory, "people", previous, err) != 0)
		return -1;
	view_init(&maker->view, &maker->names, input);
	roles_find(&maker->view, ROLES_ALL, &maker->keep, &maker->roles);
	if (input != NULL) {
		struct text_pair title = xml_text_pair(node, "title");
		maker->period = figure_period(&maker->keep, &input->period, maker->lang);
		maker->title = text_pick(&title, maker->lang);
		maker->as_of = figure_date(&maker->keep, facts_params(input->facts)->as_of);
	}
	size_t room = 1;
	for (const struct xml_node *child = xml_child(node, "section"); child != NULL; child = xml_next(child, "section"))
		room++;
	maker->sections = arena_alloc(&maker->keep, room, sizeof *maker->sections);
	for (const struct xml_node *child = xml_child(node, "section"); child != NULL; child = xml_next(child, "section")) {
		if (xml_yes(xml_attr_or(child, "optional", "no")) && !has_data(maker, child))
			continue;
		struct section *section = &maker->sections[maker->section_count];
		if (bind_section(maker, section, child, err) != 0)
			return -1;
		maker->view.feeds |= section->kind->feeds;
		maker->section_count++;
	}
	return maker->internal ? 0 : check_audience(maker, node, err);
}

static void release(struct section_maker *maker)
{
	str_release(&maker->text);
	view_release(&maker->view);
	view_names_release(&maker->names);
	arena_release(&maker->keep);
	arena_release(&maker->arena);
}

int docs_check(const struct xml_node *node, const struct result_directory *directory, struct err *err)
{
	struct section_maker *maker = mem_new(1, sizeof *maker);
	int status = bind(maker, node, directory, NULL, NULL, err);
	release(maker);
	free(maker);
	return status;
}

/* Grade columns of the earlier runs: where each run keeps the grade this run calls by the same id. */
static int find_earlier(struct section_maker *maker, struct err *err)
{
	const struct report_input *input = maker->input;
	if (!maker->wants_earlier || maker->roles.grade_column == NULL || input->earlier_count == 0)
		return 0;
	maker->earlier = arena_alloc(&maker->keep, input->earlier_count, sizeof *maker->earlier);
	for (size_t i = 0; i < input->earlier_count; i++) {
		struct arena scratch = { 0 };
		struct result_directory directory = { 0 };
		struct section_earlier *earlier = &maker->earlier[maker->earlier_count];
		uint32_t index;
		if (store_directory_get(input->store, input->earlier[i], &scratch, &directory, err) != 0) {
			arena_release(&scratch);
			return -1;
		}
		const struct result_table *people = result_table(&directory, "people");
		const struct result_column *grade =
			people != NULL ? result_column(people, maker->roles.grade_column->id, &index) : NULL;
		if (grade != NULL && grade->type == RESULT_NUMBER
			&& date_period_parse(input->earlier_periods[i], &earlier->period)) {
			earlier->run = input->earlier[i];
			earlier->table = (uint32_t)(people - directory.tables);
			earlier->column = index;
			maker->earlier_count++;
		}
		arena_release(&scratch);
	}
	return 0;
}

struct report_docs *report_docs_open(
	const struct report_templates *templates, size_t index, const struct report_input *input, struct err *err)
{
	static const struct {
		const char *name;
		double width, height;
	} sizes[] = { { "A4", 210, 297 }, { "A5", 148, 210 }, { "Letter", 215.9, 279.4 } };
	struct report_docs *docs = mem_new(1, sizeof *docs);
	const struct xml_node *node = templates->docs.at[index], *page = xml_child(node, "page");
	struct section_maker *maker = &docs->maker;
	if (bind(maker, node, input->directory, input->previous_directory, input, err) != 0 || find_earlier(maker, err) != 0
		|| (maker->wants_managers
			&& facts_manager_names(input->facts, input->store, &maker->keep, &maker->managers, err) != 0)) {
		report_docs_close(docs);
		return NULL;
	}
	const char *size = page != NULL ? xml_attr_or(page, "size", "A4") : "A4";
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		if (i == 0 || strcmp(sizes[i].name, size) == 0) {
			docs->width = sizes[i].width;
			docs->height = sizes[i].height;
		}
	docs->top = millimetres(page, "top", 14);
	docs->right = millimetres(page, "right", 16);
	docs->bottom = millimetres(page, "bottom", 12);
	docs->left = millimetres(page, "left", 16);
	docs->known_too = strcmp(xml_attr_or(node, "people", "active"), "known") == 0;
	docs->dot = label(LABEL_SEPARATOR, maker->lang);
	struct text_pair footer = xml_text_pair(node, "footer");
	const char *words = text_pick(&footer, maker->lang);
	docs->footer_left = *words != '\0'
		? section_fill(maker, &maker->keep, words)
		: label_fill(&maker->keep, LABEL_DOC_LEFT, maker->lang, maker->title, maker->period);
	docs->footer_middle = label_fill(&maker->keep, LABEL_DOC_MIDDLE, maker->lang, input->directory->rulebook,
		input->directory->version, input->run_name);
	docs->footer_page = label(LABEL_DOC_PAGE, maker->lang);
	docs->subject = arena_printf(&maker->keep, "%s%s%s", maker->title, docs->dot, maker->period);
	docs->keywords =
		arena_printf(&maker->keep, "%s, %s %s", input->run_name, input->directory->rulebook, input->directory->version);
	docs->rows = mem_new(STORE_BLOCK, sizeof *docs->rows);
	return docs;
}

void report_docs_close(struct report_docs *docs)
{
	if (docs == NULL)
		return;
	release(&docs->maker);
	arena_release(&docs->block);
	free(docs->rows);
	free(docs);
}

int report_docs_block(struct report_docs *docs, uint32_t block, uint32_t *count, struct err *err)
{
	struct section_maker *maker = &docs->maker;
	arena_reset(&docs->block);
	docs->count = 0;
	*count = 0;
	if (view_load(&maker->view, block, err) != 0)
		return -1;
	if (lists_load(&maker->lists, maker->input, block, maker->view.block.first, maker->view.count, &docs->block, err)
		!= 0)
		return -1;
	for (size_t i = 0; i < maker->earlier_count; i++) {
		struct section_earlier *earlier = &maker->earlier[i];
		bool found;
		earlier->frame = (struct frame){ 0 };
		if (store_result_get(maker->input->store, earlier->run, earlier->table, block, &earlier->column, 1,
				&docs->block, &earlier->frame, &found, err)
			!= 0)
			return -1;
		earlier->grade = frame_column(&earlier->frame, earlier->column);
		if (earlier->grade != NULL && earlier->grade->type != FRAME_I64)
			earlier->grade = NULL;
	}
	for (uint32_t row = 0; row < maker->view.count; row++)
		if (docs->known_too ? maker->view.block.known[row] : maker->view.block.active[row])
			docs->rows[docs->count++] = row;
	*count = docs->count;
	return 0;
}

/*
 * Puts the blocks behind `right` (made last) beside those between `left` (NULL: the beginning) and `right`, each with
 * its own head.
 */
static void put_beside(struct section_maker *maker, struct doc_block *left, struct doc_block *right, int share)
{
	struct doc *doc = &maker->doc;
	struct doc_block *first = left != NULL ? left->next : doc->first, *second = right->next;
	right->next = NULL;
	doc->last = left;
	if (left != NULL)
		left->next = NULL;
	else
		doc->first = NULL;
	section_add(maker, DOC_COLUMNS)->columns = (struct doc_columns){ first, second, 1 - share / 100.0 };
}

int report_docs_make(struct report_docs *docs, uint32_t n, const struct doc **doc, uint32_t *employee, struct err *err)
{
	struct section_maker *maker = &docs->maker;
	if (n >= docs->count)
		return err_set(err, STATUS_INTERNAL, "document %u of %u", (unsigned)n, (unsigned)docs->count);
	arena_reset(&maker->arena);
	maker->row = docs->rows[n];
	maker->employee = maker->view.block.first + maker->row;
	maker->doc = (struct doc){ .author = maker->input->centre,
		.subject = docs->subject,
		.keywords = docs->keywords,
		.lang = maker->lang == TEXT_ZH ? "zh-CN" : "en",
		.created = facts_params(maker->input->facts)->as_of,
		.id = facts_key(maker->input->facts, KEY_DIM_EMPLOYEE, maker->employee),
		.footer_left = docs->footer_left,
		.footer_middle = docs->footer_middle,
		.footer_page = docs->footer_page,
		.width = docs->width,
		.height = docs->height,
		.top = docs->top,
		.right = docs->right,
		.bottom = docs->bottom,
		.left = docs->left };
	const struct frame_column *names = frame_column(&maker->view.block.employee, (uint32_t)EMPLOYEE_NAME);
	const char *name = names != NULL ? frame_text(&maker->view.block.employee, names, maker->row) : NULL;
	maker->doc.title = arena_printf(
		&maker->arena, "%s%s%s (%s)", maker->title, docs->dot, name != NULL ? name : maker->doc.id, maker->doc.id);
	struct doc_block *before = NULL, *last; /* the last blocks before the section made before, and before this one */
	for (size_t i = 0; i < maker->section_count; i++) {
		const struct section *section = &maker->sections[i];
		if (section->when >= 0 && !view_true(&maker->view, section->when, maker->row))
			continue;
		const char *break_at = xml_attr_or(section->node, "break", "no");
		if (strcmp(break_at, "no") != 0 && maker->doc.first != NULL)
			section_add(maker, DOC_PAGE_BREAK)->page_break.used = strcmp(break_at, "filled") == 0 ? 0.4 : 0;
		last = maker->doc.last;
		if (section->kind->make(maker, section, err) != 0)
			return -1;
		if (section->beside > 0 && last != before && last != maker->doc.last)
			put_beside(maker, before, last, section->beside);
		else
			before = last;
	}
	*doc = &maker->doc;
	*employee = maker->employee;
	return 0;
}
