/*
 * books.c - workbooks: the sheets of a template built one after another into one model.
 *
 * Decides: names, properties and print footers of a workbook, which optional sheets are left out. Does not decide:
 * what a
 * kind of sheet shows.
 */
#include "report/figure.h"
#include "report/sheet.h"
#include "report/template.h"

#include <stdlib.h>
#include <string.h>

int books_check(const struct xml_node *node, const struct result_directory *directory, struct err *err)
{
	struct arena arena = { 0 };
	int status = 0;
	for (const struct xml_node *sheet = xml_child(node, "sheet"); sheet != NULL && status == 0;
		 sheet = xml_next(sheet, "sheet")) {
		const struct sheet_kind *kind = sheet_kind_find(xml_attr(sheet, "kind"));
		struct sheet_build build = { .directory = directory, .node = sheet, .lang = TEXT_ZH, .arena = &arena };
		status = kind->check != NULL ? kind->check(&build, err) : 0;
	}
	arena_release(&arena);
	return status;
}

struct cleanups {
	struct sheet_cleanup *at;
	size_t count;
};

static void release(struct book *book)
{
	struct cleanups *cleanups = book->context;
	for (size_t i = cleanups->count; i > 0; i--)
		cleanups->at[i - 1].release(cleanups->at[i - 1].what);
	vec_free(cleanups->at);
}

/* The file name with {period} filled in. */
static const char *file_name(struct arena *arena, const char *pattern, const char *period)
{
	const char *at = strstr(pattern, "{period}");
	if (at == NULL)
		return pattern;
	return arena_printf(arena, "%.*s%s%s", (int)(at - pattern), pattern, period, at + strlen("{period}"));
}

/* An optional sheet is left out where the results have nothing for it. */
static bool left_out(const struct sheet_build *build)
{
	if (!xml_yes(xml_attr_or(build->node, "optional", "no")) || strcmp(xml_attr(build->node, "kind"), "stars") != 0)
		return false;
	return roles_column(build->directory, NULL, "grade", NULL) == NULL;
}

static void describe(struct book *book, const struct xml_node *node, const struct report_input *input)
{
	struct text_pair title = xml_text_pair(node, "title");
	const char *period = figure_period(&book->arena, &input->period, input->lang);
	book->file = file_name(&book->arena, xml_attr(node, "file"), input->period.name);
	book->title = arena_printf(
		&book->arena, "%s%s%s", text_pick(&title, input->lang), label(LABEL_SEPARATOR, input->lang), period);
	book->subject = period;
	book->author = "Pandian";
	book->company = input->centre;
	book->comments = arena_printf(&book->arena, "%s%s%s %s", input->run_name, label(LABEL_SEPARATOR, input->lang),
		input->directory->rulebook, input->directory->version);
	book->created = facts_params(input->facts)->as_of;
	book->lang = input->lang == TEXT_ZH ? "zh-CN" : "en";
	struct book_property *properties = arena_alloc(&book->arena, 4, sizeof *properties);
	properties[0] = (struct book_property){ "pandian.run", input->run_name };
	properties[1] = (struct book_property){ "pandian.key", input->key };
	properties[2] = (struct book_property){ "pandian.rules",
		arena_printf(&book->arena, "%s %s", input->directory->rulebook, input->directory->version) };
	properties[3] = (struct book_property){ "pandian.audience", xml_attr_or(node, "audience", "hr") };
	book->properties = properties;
	book->property_count = 4;
}

struct book *books_make(const struct xml_node *node, const struct report_input *input, struct err *err)
{
	struct arena arena = { 0 };
	struct book *book = arena_alloc(&arena, 1, sizeof *book);
	book->arena = arena;
	struct cleanups *cleanups = arena_alloc(&book->arena, 1, sizeof *cleanups);
	describe(book, node, input);
	struct sheet_build build = { .input = input,
		.directory = input->directory,
		.previous = input->previous_directory,
		.lang = input->lang,
		.book = book,
		.arena = &book->arena };
	int status = 0;
	for (const struct xml_node *sheet = xml_child(node, "sheet"); sheet != NULL && status == 0;
		 sheet = xml_next(sheet, "sheet")) {
		const struct sheet_kind *kind = sheet_kind_find(xml_attr(sheet, "kind"));
		build.node = sheet;
		if (left_out(&build))
			continue;
		if (!kind->several)
			sheet_begin(&build, sheet_template_title(&build));
		status = kind->build(&build, err);
		if (status != 0)
			err_context(err, "sheet '%s'", xml_attr(sheet, "id"));
	}
	sheet_end(&build);
	book->sheets = arena_alloc(&book->arena, build.sheets.count + 1, sizeof *book->sheets);
	for (size_t i = 0; i < build.sheets.count; i++) {
		book->sheets[i] = build.sheets.at[i];
		book->sheets[i].footer = label_fill(
			&book->arena, LABEL_PRINT_FOOTER, input->lang, build.sheets.at[i].name, book->subject, input->run_name);
		if (book->sheets[i].tab_colour < 0)
			book->sheets[i].tab_colour = i == 0 ? 4 : -1;
	}
	book->sheet_count = build.sheets.count;
	*cleanups = (struct cleanups){ build.cleanups.at, build.cleanups.count };
	book->context = cleanups;
	book->release = release;
	VEC_RELEASE(&build.sheets);
	VEC_RELEASE(&build.parts);
	if (status == 0)
		return book;
	book_free(book);
	return NULL;
}
