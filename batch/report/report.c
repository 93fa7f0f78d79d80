/*
 * report.c - the templates of a workspace: loaded, proved against shapes and names, and asked for by number.
 *
 * Decides: what makes a template acceptable (known kinds, unique ids and sheet titles, titles Excel takes). Does not
 * decide: what a
 * kind of sheet or section shows (sheet_*.c, section_*.c), how archives are made (docs.c), how workbooks are (books.c).
 */
#include "report/report.h"

#include "base/fs.h"
#include "base/hash.h"
#include "report/section.h"
#include "report/sheet.h"
#include "report/template.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define KINDS_MOST 64
#define ATTRS_MOST 128

/* ---- shapes: an element <sheet> or <section> that takes what any kind takes, made of the kinds ---- */

struct merged {
	struct xml_shape shape;
	struct xml_attr_shape attrs[ATTRS_MOST];
	const struct xml_shape *children[KINDS_MOST];
	size_t attr_count, child_count;
	char kinds[1024];
};
static struct merged merged_sheet, merged_section;
static struct report_kind_info sheet_infos[KINDS_MOST], section_infos[KINDS_MOST];
static size_t sheet_info_count, section_info_count;

static const struct xml_attr_shape book_attrs[] = {
	{ "id", XML_NAME, true, NULL, "id of the workbook" },
	{ "file", XML_TEXT, true, NULL, "file name; {period} and, for managers, {id} are filled in" },
	{ "audience", XML_CHOICE, false, "hr|manager|executive",
		"who reads it: HR (default); each manager, about their own people only; executives, sums only" },
	{ "people", XML_CHOICE, false, "subtree|direct",
		"manager: everyone below (default) or those who report directly" },
	{ "folder", XML_TEXT, false, NULL, "manager: folder of the workbooks" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape archive_attrs[] = {
	{ "id", XML_NAME, true, NULL, "id of the archive" },
	{ "folder", XML_TEXT, true, NULL, "folder of the documents" },
	{ "audience", XML_CHOICE, false, "employee|internal",
		"employee (default): the person's own edition; internal: may hold the nine-box and the like" },
	{ "people", XML_CHOICE, false, "active|known", "who gets one: active people (default) or everyone in the roster" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape page_attrs[] = {
	{ "size", XML_CHOICE, false, "A4|A5|Letter", "paper; default A4" },
	{ "top", XML_NUMBER, false, NULL, "margin, mm" },
	{ "right", XML_NUMBER, false, NULL, "margin, mm" },
	{ "bottom", XML_NUMBER, false, NULL, "margin, mm" },
	{ "left", XML_NUMBER, false, NULL, "margin, mm" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape page_shape = { "page", page_attrs, NULL, 0, 1, false, "paper and margins" };
static const struct xml_shape footer_shape = { "footer", NULL, NULL, 0, 0, true,
	"left words of the footer; {period} {as_of} {run} {rules} {version} {centre} are filled in" };
static const struct xml_shape *const book_children[] = { &sheet_title_shape, &merged_sheet.shape, NULL };
static const struct xml_shape *const archive_children[] = { &sheet_title_shape, &page_shape, &footer_shape,
	&merged_section.shape, NULL };
static const struct xml_shape book_shape = { "workbook", book_attrs, book_children, 1, 1, false,
	"a workbook: sheets in order" };
static const struct xml_shape archive_shape = { "archive", archive_attrs, archive_children, 1, 1, false,
	"a document for each person: sections in order" };

static void merge(struct merged *merged, const struct xml_shape *shape, const char *kind)
{
	for (const struct xml_attr_shape *attr = shape->attrs; attr != NULL && attr->name != NULL; attr++) {
		size_t i = 0;
		while (i < merged->attr_count && strcmp(merged->attrs[i].name, attr->name) != 0)
			i++;
		if (i < merged->attr_count || merged->attr_count + 1 >= ATTRS_MOST)
			continue;
		merged->attrs[merged->attr_count] = *attr;
		if (strcmp(attr->name, "kind") != 0 && strcmp(attr->name, "id") != 0)
			merged->attrs[merged->attr_count].required = false; /* another kind does without; its own shape asks */
		merged->attr_count++;
	}
	for (const struct xml_shape *const *child = shape->children; child != NULL && *child != NULL; child++) {
		size_t i = 0;
		while (i < merged->child_count && strcmp(merged->children[i]->element, (*child)->element) != 0)
			i++;
		if (i == merged->child_count && merged->child_count + 1 < KINDS_MOST)
			merged->children[merged->child_count++] = *child;
	}
	size_t used = strlen(merged->kinds), length = strlen(kind);
	if (used + length + 2 < sizeof merged->kinds) {
		if (used > 0)
			merged->kinds[used++] = '|';
		memcpy(merged->kinds + used, kind, length + 1);
	}
}

static void finish(struct merged *merged, const char *element, const char *help)
{
	for (size_t i = 0; i < merged->attr_count; i++)
		if (strcmp(merged->attrs[i].name, "kind") == 0) {
			merged->attrs[i].type = XML_CHOICE;
			merged->attrs[i].choices = merged->kinds;
		}
	merged->shape = (struct xml_shape){
		.element = element, .attrs = merged->attrs, .children = merged->children, .min = 1, .help = help
	};
}

static void make_shapes(void)
{
	const struct sheet_kind *sheet;
	const struct section_kind *section;
	for (size_t i = 0; (sheet = sheet_kind_at(i)) != NULL && i < KINDS_MOST; i++) {
		merge(&merged_sheet, sheet->shape, sheet->name);
		sheet_infos[sheet_info_count++] = (struct report_kind_info){ sheet->name, sheet->help };
	}
	for (size_t i = 0; (section = section_kind_at(i)) != NULL && i < KINDS_MOST; i++) {
		merge(&merged_section, section->shape, section->name);
		section_infos[section_info_count++] = (struct report_kind_info){ section->name, section->help };
	}
	finish(&merged_sheet, "sheet", "a sheet of the kind named");
	finish(&merged_section, "section", "a section of the kind named");
}

static void shapes_once(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, make_shapes);
}

const struct xml_shape *report_workbook_shape(void)
{
	shapes_once();
	return &book_shape;
}

const struct xml_shape *report_archive_shape(void)
{
	shapes_once();
	return &archive_shape;
}

const struct report_kind_info *report_sheet_kinds(size_t *count)
{
	shapes_once();
	*count = sheet_info_count;
	return sheet_infos;
}

const struct report_kind_info *report_section_kinds(size_t *count)
{
	shapes_once();
	*count = section_info_count;
	return section_infos;
}

/* ---- loading ---- */

static int check_title(const struct xml_node *sheet, const char *title, struct err *err)
{
	size_t length = text_count(title, strlen(title));
	if (length == 0)
		return xml_fail(sheet, err, "a sheet needs a <title>");
	if (length > 31)
		return xml_fail(sheet, err, "the sheet title '%s' has %u characters; Excel takes 31", title, (unsigned)length);
	if (strpbrk(title, "[]:*?/\\") != NULL || title[0] == '\'' || title[strlen(title) - 1] == '\'')
		return xml_fail(sheet, err, "the sheet title '%s' holds one of [ ] : * ? / \\ ', which Excel refuses", title);
	return 0;
}

/* Titles and ids are unique within a workbook, in each language, whatever their case. */
static int check_unique(
	const struct xml_node *sheet, const struct xml_node *other, enum text_lang lang, struct err *err)
{
	struct text_pair mine = xml_text_pair(sheet, "title"), theirs = xml_text_pair(other, "title");
	struct str a = { 0 }, b = { 0 };
	text_lower(&a, text_pick(&mine, lang), strlen(text_pick(&mine, lang)));
	text_lower(&b, text_pick(&theirs, lang), strlen(text_pick(&theirs, lang)));
	int status = 0;
	if (strcmp(str_text(&a), str_text(&b)) == 0)
		status =
			xml_fail(sheet, err, "the sheet title '%s' is used twice (line %d)", text_pick(&mine, lang), other->line);
	else if (strcmp(xml_attr(sheet, "id"), xml_attr(other, "id")) == 0)
		status = xml_fail(sheet, err, "the sheet id '%s' is used twice (line %d)", xml_attr(sheet, "id"), other->line);
	str_release(&a);
	str_release(&b);
	return status;
}

static int check_book(const struct xml_node *root, struct err *err)
{
	const char *file = xml_attr(root, "file");
	if (strlen(file) < 6 || strcmp(file + strlen(file) - 5, ".xlsx") != 0 || strchr(file, '/') != NULL
		|| file[0] == '.')
		return xml_fail(root, err, "file '%s': a file name that ends in .xlsx, without folders, is wanted", file);
	const char *folder = xml_attr(root, "folder"), *audience = xml_attr_or(root, "audience", "hr");
	if (books_for_managers(root) != (strstr(file, "{id}") != NULL) || books_for_managers(root) != (folder != NULL))
		return xml_fail(root, err, books_for_managers(root)
				? "a workbook for managers needs a folder and {id} in its file name"
				: "only a workbook with audience=\"manager\" has a folder and {id} in its file name");
	if (folder != NULL && (*folder == '\0' || strchr(folder, '/') != NULL || folder[0] == '.'))
		return xml_fail(root, err, "folder '%s': one folder name is wanted", folder);
	for (const struct xml_node *sheet = xml_child(root, "sheet"); sheet != NULL; sheet = xml_next(sheet, "sheet")) {
		const struct sheet_kind *kind = sheet_kind_find(xml_attr(sheet, "kind"));
		struct text_pair title = xml_text_pair(sheet, "title");
		if (kind == NULL)
			return xml_fail(sheet, err, "there is no kind of sheet '%s'", xml_attr(sheet, "kind"));
		if (strstr(kind->audiences != NULL ? kind->audiences : "hr", audience) == NULL)
			return xml_fail(sheet, err, "a sheet of kind '%s' is not for the audience '%s'", kind->name, audience);
		if (xml_check(sheet, REPORT_SPACE, kind->shape, err) != 0
			|| check_title(sheet, text_pick(&title, TEXT_ZH), err) != 0
			|| check_title(sheet, text_pick(&title, TEXT_EN), err) != 0)
			return -1;
		for (const struct xml_node *other = xml_child(root, "sheet"); other != sheet; other = xml_next(other, "sheet"))
			if (check_unique(sheet, other, TEXT_ZH, err) != 0 || check_unique(sheet, other, TEXT_EN, err) != 0)
				return -1;
	}
	return 0;
}

static int check_archive(const struct xml_node *root, struct err *err)
{
	const char *folder = xml_attr(root, "folder");
	if (*folder == '\0' || strchr(folder, '/') != NULL || folder[0] == '.')
		return xml_fail(root, err, "folder '%s': one folder name is wanted", folder);
	for (const struct xml_node *section = xml_child(root, "section"); section != NULL;
		 section = xml_next(section, "section")) {
		const struct section_kind *kind = section_kind_find(xml_attr(section, "kind"));
		if (kind == NULL)
			return xml_fail(section, err, "there is no kind of section '%s'", xml_attr(section, "kind"));
		if (xml_check(section, REPORT_SPACE, kind->shape, err) != 0)
			return -1;
	}
	return 0;
}

static int load_file(
	struct report_templates *templates, const char *path, const char *name, struct hash *hash, struct err *err)
{
	struct str bytes = { 0 };
	int status = fs_read(path, 8u << 20, &bytes, err);
	struct xml_doc *doc = status == 0 ? xml_parse(name, str_text(&bytes), bytes.length, err) : NULL;
	if (doc == NULL) {
		str_release(&bytes);
		return -1;
	}
	VEC_PUSH(&templates->files, doc);
	hash_add_text(hash, name);
	hash_add_text(hash, str_text(&bytes));
	str_release(&bytes);
	const struct xml_node *root = xml_root(doc);
	bool book = strcmp(root->name, "workbook") == 0;
	if (!book && strcmp(root->name, "archive") != 0)
		return xml_fail(root, err, "a template begins with <workbook> or <archive>, not <%s>", root->name);
	if (xml_check(root, REPORT_SPACE, book ? &book_shape : &archive_shape, err) != 0
		|| (book ? check_book(root, err) : check_archive(root, err)) != 0)
		return -1;
	size_t count = book ? templates->books.count : templates->docs.count;
	for (size_t i = 0; i < count; i++) {
		const struct xml_node *other = book ? templates->books.at[i] : templates->docs.at[i];
		const char *key = book ? "file" : "folder";
		if (strcmp(xml_attr(other, "id"), xml_attr(root, "id")) == 0)
			return xml_fail(root, err, "the id '%s' is used by %s as well", xml_attr(root, "id"), other->file);
		if (strcmp(xml_attr(other, key), xml_attr(root, key)) == 0)
			return xml_fail(root, err, "the %s '%s' is used by %s as well", key, xml_attr(root, key), other->file);
	}
	if (book)
		VEC_PUSH(&templates->books, root);
	else
		VEC_PUSH(&templates->docs, root);
	return 0;
}

/* By name without the extension: archive.xml before archive-internal.xml, whatever '.' and '-' are worth. */
static int by_stem(const void *a, const void *b)
{
	const char *x = fs_base_name(*(char *const *)a), *y = fs_base_name(*(char *const *)b);
	size_t x_length = strlen(x) - strlen(".xml"), y_length = strlen(y) - strlen(".xml");
	int order = memcmp(x, y, x_length < y_length ? x_length : y_length);
	return order != 0 ? order : (x_length > y_length) - (x_length < y_length);
}

struct report_templates *report_load(const char *workspace, struct err *err)
{
	shapes_once();
	struct report_templates *templates = mem_new(1, sizeof *templates);
	char *folder = fs_join(workspace, "report-templates");
	struct fs_list list = { 0 };
	struct hash *hash = hash_new();
	int status = fs_glob(folder, "*.xml", &list, err);
	if (status == 0 && list.count == 0) {
		status = err_set(err, STATUS_CONFIG, "%s: there is no template", folder);
		err_hint(err, "Put a workbook or archive template (*.xml) into report-templates.");
	}
	if (status == 0)
		qsort(list.path, list.count, sizeof *list.path, by_stem);
	for (size_t i = 0; i < list.count && status == 0; i++)
		status = load_file(templates, list.path[i],
			arena_printf(&templates->arena, "report-templates/%s", fs_base_name(list.path[i])), hash, err);
	hash_end(hash, templates->hash);
	fs_list_release(&list);
	free(folder);
	if (status == 0)
		return templates;
	report_free(templates);
	return NULL;
}

void report_free(struct report_templates *templates)
{
	if (templates == NULL)
		return;
	for (size_t i = 0; i < templates->files.count; i++)
		xml_free(templates->files.at[i]);
	VEC_RELEASE(&templates->files);
	VEC_RELEASE(&templates->books);
	VEC_RELEASE(&templates->docs);
	arena_release(&templates->arena);
	free(templates);
}

void report_hash(const struct report_templates *templates, char hex[HASH_HEX])
{
	memcpy(hex, templates->hash, HASH_HEX);
}

uint32_t report_feeds(const struct report_templates *templates)
{
	uint32_t feeds = 1u << FEED_EMPLOYEE | 1u << FEED_COURSE | 1u << FEED_ORG_UNIT | 1u << FEED_POSITION;
	for (size_t i = 0; i < templates->docs.count; i++)
		for (const struct xml_node *n = xml_child(templates->docs.at[i], "section"); n != NULL;
			n = xml_next(n, "section")) {
			const struct section_kind *kind = section_kind_find(xml_attr_or(n, "kind", ""));
			feeds |= kind != NULL ? kind->feeds : 0;
		}
	for (size_t i = 0; i < templates->books.count; i++)
		for (const struct xml_node *n = xml_child(templates->books.at[i], "sheet"); n != NULL;
			n = xml_next(n, "sheet")) {
			const struct sheet_kind *kind = sheet_kind_find(xml_attr_or(n, "kind", ""));
			feeds |= kind != NULL ? kind->feeds : 0;
		}
	return feeds;
}

size_t report_book_count(const struct report_templates *templates)
{
	return templates->books.count;
}

size_t report_doc_count(const struct report_templates *templates)
{
	return templates->docs.count;
}

const char *report_book_id(const struct report_templates *templates, size_t index)
{
	return xml_attr(templates->books.at[index], "id");
}

const char *report_doc_id(const struct report_templates *templates, size_t index)
{
	return xml_attr(templates->docs.at[index], "id");
}

const char *report_doc_folder(const struct report_templates *templates, size_t index, enum text_lang lang)
{
	(void)lang; /* one folder in every language: links and manifests stay the same */
	return xml_attr(templates->docs.at[index], "folder");
}

int report_check(const struct report_templates *templates, const struct result_directory *directory, struct err *err)
{
	for (size_t i = 0; i < templates->books.count; i++)
		if (books_check(templates->books.at[i], directory, err) != 0)
			return -1;
	for (size_t i = 0; i < templates->docs.count; i++)
		if (docs_check(templates->docs.at[i], directory, err) != 0)
			return -1;
	return 0;
}

struct book *report_book(
	const struct report_templates *templates, size_t index, const struct report_input *input, struct err *err)
{
	return books_make(templates->books.at[index], input, NULL, err);
}

const char *report_book_folder(const struct report_templates *templates, size_t index)
{
	return xml_attr(templates->books.at[index], "folder");
}
