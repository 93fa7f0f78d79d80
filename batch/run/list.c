/*
 * list.c - lists of everything that registers itself. Decides their form; keeps no list of its own but that of lists.
 */
#include "run/list.h"

#include "base/finding.h"
#include "base/xml.h"
#include "feel/feel.h"
#include "ingest/ingest.h"
#include "report/report.h"
#include "rules/rules.h"
#include "store/feed.h"

#include <string.h>

static void line(struct str *out, const char *name, const char *help)
{
	str_printf(out, "%-24s %s\n", name, help);
}

static void list_rules(struct str *out, enum text_lang lang)
{
	(void)lang;
	size_t count;
	const struct rules_kind_info *kinds = rules_kinds(&count);
	for (size_t i = 0; i < count; i++)
		line(out, kinds[i].element, kinds[i].help);
}

static void list_sheets(struct str *out, enum text_lang lang)
{
	(void)lang;
	size_t count;
	const struct report_kind_info *kinds = report_sheet_kinds(&count);
	for (size_t i = 0; i < count; i++)
		line(out, kinds[i].name, kinds[i].help);
}

static void list_sections(struct str *out, enum text_lang lang)
{
	(void)lang;
	size_t count;
	const struct report_kind_info *kinds = report_section_kinds(&count);
	for (size_t i = 0; i < count; i++)
		line(out, kinds[i].name, kinds[i].help);
}

static void list_readers(struct str *out, enum text_lang lang)
{
	(void)lang;
	size_t count;
	const struct ingest_kind *kinds = ingest_readers(&count);
	for (size_t i = 0; i < count; i++)
		line(out, kinds[i].name, kinds[i].help);
}

static void list_types(struct str *out, enum text_lang lang)
{
	(void)lang;
	size_t count;
	const struct ingest_kind *kinds = ingest_value_types(&count);
	for (size_t i = 0; i < count; i++)
		line(out, kinds[i].name, kinds[i].help);
}

static void list_functions(struct str *out, enum text_lang lang)
{
	(void)lang;
	size_t count;
	const struct feel_builtin_info *all = feel_builtins(&count);
	for (size_t i = 0; i < count; i++)
		str_printf(out, "%s(%s)\n    %s\n", all[i].name, all[i].parameters, all[i].help);
	const struct rules_function_info *own = rules_functions(&count);
	for (size_t i = 0; i < count; i++)
		if (own[i].parameters != NULL)
			str_printf(out, "%s(%s)\n    %s\n", own[i].name, own[i].parameters, own[i].help);
		else
			str_printf(out, "%s\n    %s\n", own[i].name, own[i].help);
}

static void list_findings(struct str *out, enum text_lang lang)
{
	for (int id = 0; id < FINDING_COUNT; id++)
		line(out, finding_name((enum finding_id)id), finding_message((enum finding_id)id, lang));
}

static void list_feeds(struct str *out, enum text_lang lang)
{
	for (int id = 0; id < FEED_COUNT; id++) {
		const struct feed *feed = feed_at((enum feed_id)id);
		str_printf(out, "%s (%s)\n", feed->name, text_pick(&feed->label, lang));
		for (size_t i = 0; i < feed->field_count; i++) {
			const struct feed_field *field = &feed->fields[i];
			str_printf(out, "  %-22s %s%s%s%s%s\n", field->name, text_pick(&field->label, lang),
				field->required ? " *" : "", field->key ? " [key]" : "",
				field->codes != NULL ? ": " : "", field->codes != NULL ? field->codes : "");
		}
	}
}

static void schema_inputs(struct str *out, enum text_lang lang)
{
	(void)lang;
	xml_schema(out, INGEST_SPACE, ingest_inputs_shape());
}

static void schema_mapping(struct str *out, enum text_lang lang)
{
	(void)lang;
	xml_schema(out, INGEST_SPACE, ingest_mapping_shape());
}

static void schema_rulebook(struct str *out, enum text_lang lang)
{
	(void)lang;
	xml_schema(out, RULES_SPACE, rules_shape());
}

static void schema_workbook(struct str *out, enum text_lang lang)
{
	(void)lang;
	xml_schema(out, REPORT_SPACE, report_workbook_shape());
}

static void schema_archive(struct str *out, enum text_lang lang)
{
	(void)lang;
	xml_schema(out, REPORT_SPACE, report_archive_shape());
}

static const struct { const char *name; void (*print)(struct str *, enum text_lang); const char *help; } lists[] = {
	{ "rules", list_rules, "kinds of rules a rulebook may hold" },
	{ "sheets", list_sheets, "kinds of sheets of a workbook template" },
	{ "sections", list_sections, "kinds of sections of an archive template" },
	{ "feeds", list_feeds, "feeds and their fields" },
	{ "readers", list_readers, "file formats read" },
	{ "types", list_types, "value types of mapped columns" },
	{ "functions", list_functions, "FEEL functions" },
	{ "findings", list_findings, "findings about data" },
	{ "schema:inputs", schema_inputs, "XSD of inputs.xml" },
	{ "schema:mapping", schema_mapping, "XSD of mappings" },
	{ "schema:rulebook", schema_rulebook, "XSD of rulebooks" },
	{ "schema:workbook", schema_workbook, "XSD of workbook templates" },
	{ "schema:archive", schema_archive, "XSD of archive templates" },
};
enum { LISTS = sizeof lists / sizeof *lists };

int list_print(const char *kind, enum text_lang lang, struct str *out, struct err *err)
{
	struct str known = { 0 };
	for (size_t i = 0; i < LISTS; i++) {
		if (strcmp(lists[i].name, kind) == 0) {
			lists[i].print(out, lang);
			str_release(&known);
			return 0;
		}
		str_printf(&known, "%s%s", i > 0 ? ", " : "", lists[i].name);
	}
	err_set(err, STATUS_USAGE, "no list of '%s'", kind);
	err_hint(err, "Known: %s.", known.text);
	str_release(&known);
	return -1;
}

void list_kinds(struct str *out)
{
	for (size_t i = 0; i < LISTS; i++)
		line(out, lists[i].name, lists[i].help);
}
