/*
 * sheet_rules.c - the rules as they were used: every parameter with its file and line, and the lists (categories,
 * items, bands).
 *
 * Decides: the layout. Values are those the rulebook declared for this run.
 */
#include "report/sheet.h"

#include "base/json.h"
#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"rules: parameters with file and line, categories, items, bands" };

#define KEYS_MOST 16u

static int parameters(struct sheet_build *build, struct err *err)
{
	const struct result_directory *directory = build->directory;
	enum text_lang lang = build->lang;
	const struct book_column heads[] = {
		{ .title = label(LABEL_RULE, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_PARAMETER, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_VALUE, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_MEANING, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_SOURCE, lang), .format = BOOK_FORMAT_TEXT },
	};
	sheet_heading(build, label(LABEL_PARAMETERS, lang));
	if (directory->parameter_count == 0) {
		sheet_note(build, label(LABEL_NO_PARAMETERS, lang));
		sheet_gap(build, 1);
		return 0;
	}
	struct book_cell *cells = arena_alloc(build->arena, directory->parameter_count * 5 + 1, sizeof *cells);
	for (size_t i = 0; i < directory->parameter_count; i++) {
		const struct result_parameter *parameter = &directory->parameters[i];
		struct book_cell *line = cells + i * 5;
		line[0] = sheet_text(parameter->rule, BOOK_STYLE_NORMAL);
		line[1] = sheet_text(parameter->name, BOOK_STYLE_NORMAL);
		line[2] = sheet_text(parameter->value, BOOK_STYLE_STRONG);
		line[3] = sheet_text(text_pick(&parameter->title, lang), BOOK_STYLE_NORMAL);
		line[4] = sheet_text(parameter->file != NULL && *parameter->file != '\0'
				? arena_printf(build->arena, "%s:%d", parameter->file, parameter->line)
				: "",
			BOOK_STYLE_GREY);
	}
	if (sheet_grid(build, sheet_table_name(build->arena, xml_attr(build->node, "id"), "_parameters"), heads, 5, cells,
			(uint32_t)directory->parameter_count, err)
		== NULL)
		return -1;
	sheet_gap(build, 1);
	return 0;
}

/* Adds the keys of a flat JSON object of texts, as json_writer writes them, that are not in the list yet. */
static void add_keys(struct arena *arena, const char *json, const char **keys, size_t *count)
{
	bool key = true;
	for (const char *at = json != NULL ? json : ""; *at != '\0'; at++) {
		if (*at == ',')
			key = true;
		if (*at != '"')
			continue;
		const char *start = ++at;
		while (*at != '\0' && *at != '"')
			at += *at == '\\' && at[1] != '\0' ? 2 : 1;
		size_t i = 0;
		while (key && i < *count
			&& (strlen(keys[i]) != (size_t)(at - start) || strncmp(keys[i], start, (size_t)(at - start)) != 0))
			i++;
		if (key && i == *count && *count < KEYS_MOST)
			keys[(*count)++] = arena_copy(arena, start, (size_t)(at - start));
		key = false;
		if (*at == '\0')
			break;
	}
}

static const char *list_label(const char *list, enum text_lang lang)
{
	static const struct {
		const char *list;
		enum label_id id;
	} lists[] = { { "category", LABEL_LIST_CATEGORY }, { "item", LABEL_LIST_ITEM }, { "band", LABEL_LIST_BAND },
		{ "gate", LABEL_LIST_GATE } };
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (strcmp(lists[i].list, list) == 0)
			return label(lists[i].id, lang);
	return label_code(list, lang);
}

/* One list of one rule: members first … that have the same rule and list. */
static int members(struct sheet_build *build, size_t first, struct err *err)
{
	const struct result_directory *directory = build->directory;
	const char *rule = directory->members[first].rule, *list = directory->members[first].list;
	enum text_lang lang = build->lang;
	const char *keys[KEYS_MOST];
	size_t key_count = 0;
	uint32_t rows = 0;
	for (size_t i = first; i < directory->member_count; i++)
		if (strcmp(directory->members[i].rule, rule) == 0 && strcmp(directory->members[i].list, list) == 0) {
			add_keys(build->arena, directory->members[i].values, keys, &key_count);
			rows++;
		}
	uint32_t columns = (uint32_t)key_count + 2, row = 0;
	struct book_column heads[KEYS_MOST + 2] = { { .title = label(LABEL_MEMBER_ID, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_MEMBER_TITLE, lang), .format = BOOK_FORMAT_TEXT } };
	for (size_t k = 0; k < key_count; k++)
		heads[k + 2] = (struct book_column){ .title = label_code(keys[k], lang), .format = BOOK_FORMAT_TEXT };
	struct book_cell *cells = arena_alloc(build->arena, (size_t)rows * columns + 1, sizeof *cells);
	for (size_t i = first; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		if (strcmp(member->rule, rule) != 0 || strcmp(member->list, list) != 0)
			continue;
		struct book_cell *line = cells + (size_t)row++ * columns;
		line[0] = sheet_text(member->id, BOOK_STYLE_NORMAL);
		line[1] = sheet_text(text_pick(&member->title, lang), BOOK_STYLE_NORMAL);
		struct err ignored = { 0 };
		struct json *json = member->values != NULL && *member->values != '\0'
			? json_parse(member->values, strlen(member->values), &ignored)
			: NULL;
		for (size_t k = 0; json != NULL && k < key_count; k++) {
			const struct json *value = json_get(json, keys[k]);
			line[k + 2] =
				sheet_text(value != NULL ? arena_text(build->arena, json_text_of(value)) : NULL, BOOK_STYLE_NORMAL);
		}
		json_free(json);
	}
	sheet_heading(build, label_fill(build->arena, LABEL_MEMBERS_OF, lang, rule, list_label(list, lang)));
	const char *name =
		sheet_table_name(build->arena, xml_attr(build->node, "id"), arena_printf(build->arena, "_%s_%s", rule, list));
	if (sheet_grid(build, name, heads, columns, cells, rows, err) == NULL)
		return -1;
	sheet_gap(build, 1);
	return 0;
}

static int build_rules(struct sheet_build *build, struct err *err)
{
	const struct result_directory *directory = build->directory;
	sheet_title(build, sheet_template_title(build),
		arena_printf(build->arena, "%s %s%s%s", directory->rulebook, directory->version,
			label(LABEL_SEPARATOR, build->lang), text_pick(&directory->title, build->lang)));
	if (parameters(build, err) != 0)
		return -1;
	for (size_t i = 0; i < directory->member_count; i++) {
		bool seen = false;
		for (size_t j = 0; j < i && !seen; j++)
			seen = strcmp(directory->members[j].rule, directory->members[i].rule) == 0
				&& strcmp(directory->members[j].list, directory->members[i].list) == 0;
		if (!seen && members(build, i, err) != 0)
			return -1;
	}
	return 0;
}

const struct sheet_kind sheet_rules = { "rules", "rule parameters with file and line, bands, items, categories", &shape,
	NULL, build_rules, false, 0, "hr manager executive", NULL };
