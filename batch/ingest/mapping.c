/*
 * mapping.c - reads a mapping file: which columns fill which fields, and how rows are reshaped on the way.
 *
 * Decides: the shape of a mapping and every error that can be told without the data. Does not decide: how columns are
 * found in a header (bind.c), nor values (value.c).
 */
#include "base/fs.h"
#include "base/mem.h"
#include "ingest/value.h"

#include <stdlib.h>
#include <string.h>

#define TYPE_CHOICES "id|text|name|code|date|period|number|integer|share|bool"
#define SPEC_ATTRS \
	{ "column", XML_TEXT, false, NULL, "header of the column; alternatives parted by |" }, \
		{ "value", XML_FEEL, false, NULL, \
			"FEEL expression over the row's columns, lets and look-ups, instead of a column" }, \
		{ "type", XML_CHOICE, false, TYPE_CHOICES, "how the text is read; default by the field" }, \
		{ "default", XML_TEXT, false, NULL, "used where the cell has no value" }, \
		{ "format", XML_CHOICE, false, "auto|yyyy-mm-dd|ymd|dmy|mdy|excel", \
			"order of day, month and year; excel: day numbers" }, \
		{ "scale", XML_NUMBER, false, NULL, "the number is multiplied by this" }, \
		{ "round", XML_BOOL, false, NULL, \
			"yes: surplus decimals are rounded, half away from zero; no: the row is rejected" }, \
		{ "min", XML_NUMBER, false, NULL, "smallest number accepted" }, \
		{ "max", XML_NUMBER, false, NULL, "greatest number accepted" }, \
		{ "true", XML_TEXT, false, NULL, "texts that are true, parted by |" }, \
	{ \
		"required", XML_BOOL, false, NULL, "yes: a row without it is rejected; no: the column may be absent" \
	}

static const struct xml_attr_shape value_attrs[] = {
	{ "from", XML_TEXT, true, NULL, "text in the file; case, width and spaces do not matter" },
	{ "to", XML_TEXT, true, NULL, "text it stands for" },
	{ 0 }
};
static const struct xml_shape value_shape = { "value", value_attrs, NULL, 0, 0, false,
	"one text and what it stands for" };
static const struct xml_shape *const spec_children[] = { &value_shape, NULL };
static const struct xml_attr_shape field_attrs[] = {
	{ "name", XML_NAME, true, NULL, "field of the feed" },
	SPEC_ATTRS,
	{ 0 }
};
static const struct xml_attr_shape let_attrs[] = {
	{ "name", XML_TEXT, true, NULL, "name the expressions use" },
	SPEC_ATTRS,
	{ 0 }
};
static const struct xml_shape field_shape = { "field", field_attrs, spec_children, 1, 0, false,
	"fills a field of the feed from a column, an expression or a default" };
static const struct xml_shape let_shape = { "let", let_attrs, spec_children, 0, 0, false,
	"names a typed cell for the expressions" };
static const struct xml_attr_shape lookup_attrs[] = {
	{ "file", XML_TEXT, true, NULL, "second file, beside the export" },
	{ "on", XML_TEXT, true, NULL, "columns both files share: parted by | or, if no | is there, by spaces" },
	{ "to", XML_TEXT, false, NULL, "their headers in the second file, where they differ" },
	{ "prefix", XML_TEXT, false, NULL, "put before the second file's headers" },
	{ "required", XML_BOOL, false, NULL, "no: rows without a match stay, with empty columns" },
	{ 0 }
};
static const struct xml_shape lookup_shape = { "lookup", lookup_attrs, NULL, 0, 0, false,
	"adds the columns of a second file's matching row" };
static const struct xml_attr_shape split_attrs[] = {
	{ "column", XML_TEXT, true, NULL, "column whose cells hold several values" },
	{ "separator", XML_TEXT, true, NULL, "what parts them" },
	{ "into", XML_TEXT, true, NULL, "name of the column that holds one value a row" },
	{ 0 }
};
static const struct xml_shape split_shape = { "split", split_attrs, NULL, 0, 1, false,
	"makes one row for each value of a cell" };
static const struct xml_attr_shape wide_attrs[] = {
	{ "from", XML_TEXT, true, NULL, "header; alternatives parted by |" },
	{ "to", XML_TEXT, false, NULL, "name in the rows; default: the header" },
	{ "scale", XML_NUMBER, false, NULL, "numbers of this column are multiplied by this" },
	{ 0 }
};
static const struct xml_shape wide_shape = { "column", wide_attrs, NULL, 0, 0, false, "a column that becomes rows" };
static const struct xml_shape *const unpivot_children[] = { &wide_shape, NULL };
static const struct xml_attr_shape unpivot_attrs[] = {
	{ "columns", XML_TEXT, false, NULL, "headers that become rows, parted by |" },
	{ "name", XML_TEXT, true, NULL, "column that holds the name" },
	{ "value", XML_TEXT, true, NULL, "column that holds the value" },
	{ 0 }
};
static const struct xml_shape unpivot_shape = { "unpivot", unpivot_attrs, unpivot_children, 0, 1, false,
	"turns columns into rows; empty cells make no row" };
static const struct xml_attr_shape filter_attrs[] = {
	{ "when", XML_FEEL, true, NULL, "rows for which this is not true are left out and counted" },
	{ 0 }
};
static const struct xml_shape filter_shape = { "filter", filter_attrs, NULL, 0, 0, false,
	"keeps the rows for which the expression is true" };
static const struct xml_shape *const mapping_children[] = { &field_shape, &let_shape, &lookup_shape, &split_shape,
	&unpivot_shape, &filter_shape, NULL };
static const struct xml_attr_shape mapping_attrs[] = {
	{ "encoding", XML_CHOICE, false, "auto|utf-8|gb18030|utf-16le|utf-16be", "encoding of the file" },
	{ "delimiter", XML_CHOICE, false, "auto|,|;|tab|pipe", "what parts the cells" },
	{ "header", XML_TEXT, false, NULL, "auto, or the number of the header row" },
	{ "dedupe", XML_CHOICE, false, "first|last|none", "which of several rows with the same key is kept" },
	{ "quotes", XML_BOOL, false, NULL, "no: quotation marks are ordinary characters" },
	{ "skip", XML_TEXT, false, NULL, "rows whose first text starts so are left out and counted (合计 | 总计)" },
	{ "missing", XML_TEXT, false, NULL, "further texts that mean \"no value\", parted by |" },
	{ 0 }
};
static const struct xml_shape mapping_shape = { "mapping", mapping_attrs, mapping_children, 1, 1, false,
	"how the columns of an export fill the fields of a feed" };

const struct xml_shape *ingest_mapping_shape(void)
{
	return &mapping_shape;
}

struct ingest_names ingest_names_split(struct arena *arena, const char *text, char separator)
{
	struct ingest_names names = { 0 };
	if (!text)
		return names;
	size_t parts = 1;
	for (const char *p = text; *p; p++)
		parts += *p == separator;
	names.at = arena_alloc(arena, parts, sizeof *names.at);
	for (const char *at = text; at;) {
		const char *stop = strchr(at, separator);
		const char *from = at, *to = stop ? stop : at + strlen(at);
		while (from < to && (*from == ' ' || *from == '\t' || *from == '\n'))
			from++;
		while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\n'))
			to--;
		if (to > from)
			names.at[names.count++] = arena_copy(arena, from, (size_t)(to - from));
		at = stop ? stop + 1 : NULL;
	}
	return names;
}

static struct ingest_names folded_names(struct arena *arena, const char *text)
{
	struct ingest_names names = ingest_names_split(arena, text, '|');
	for (size_t i = 0; i < names.count; i++) {
		struct str folded = { 0 };
		text_fold(&folded, names.at[i], strlen(names.at[i]));
		names.at[i] = arena_copy(arena, str_text(&folded), folded.length);
		str_release(&folded);
	}
	return names;
}

static bool number_attr(const struct xml_node *node, const char *name, struct decimal *value)
{
	const char *text = xml_attr(node, name);
	return text && decimal_from_text(text, strlen(text), value);
}

static enum ingest_type default_type(const struct feed_field *field)
{
	switch (field->type) {
	case FIELD_KEY:
		return INGEST_ID;
	case FIELD_DATE:
		return strcmp(field->name, "period") == 0 ? INGEST_PERIOD : INGEST_DATE;
	case FIELD_NUMBER:
		return INGEST_NUMBER;
	case FIELD_BOOL:
		return INGEST_BOOL;
	case FIELD_CODE:
		return INGEST_CODE;
	case FIELD_TEXT:
		break;
	}
	return INGEST_TEXT;
}

static bool type_fits(const struct feed_field *field, enum ingest_type type)
{
	switch (field->type) {
	case FIELD_DATE:
		return ingest_type_yields(type) == INGEST_YIELD_DATE;
	case FIELD_NUMBER:
		return ingest_type_yields(type) == INGEST_YIELD_NUMBER;
	case FIELD_BOOL:
		return type == INGEST_BOOL;
	case FIELD_CODE:
		return type == INGEST_CODE;
	case FIELD_KEY:
	case FIELD_TEXT:
		return ingest_type_yields(type) == INGEST_YIELD_TEXT;
	}
	return false;
}

static const char *where_of(struct arena *arena, const struct xml_node *node)
{
	return arena_printf(arena, "%s:%d", node->file, node->line);
}

static int read_spec(const struct xml_node *node, const struct feed *feed, struct arena *arena,
	struct ingest_spec *spec, struct err *err)
{
	const char *name = xml_attr(node, "name");
	spec->name = arena_text(arena, name);
	spec->where = where_of(arena, node);
	if (feed) {
		spec->field = feed_field(feed, name);
		if (!spec->field) {
			const char *known[64];
			size_t n = 0;
			for (; n < feed->field_count && n < 64; n++)
				known[n] = feed->fields[n].name;
			const char *near = text_nearest(name, known, n);
			return xml_fail(node, err,
				near ? "the feed %s has no field '%s'; did you mean '%s'?" : "the feed %s has no field '%s'",
				feed->name, name, near);
		}
	}
	const char *column = xml_attr(node, "column"), *value = xml_attr(node, "value"),
			   *fallback = xml_attr(node, "default");
	if (column && value)
		return xml_fail(node, err, "'%s' has both column and value: only one can fill it", name);
	if (!column && !value && !fallback)
		return xml_fail(node, err, "'%s' needs a column, a value or a default", name);
	spec->columns = ingest_names_split(arena, column, '|');
	if (column && spec->columns.count == 0)
		return xml_fail(node, err, "column of '%s' is empty", name);
	spec->value = arena_text(arena, value);
	spec->fallback = fallback && *fallback ? arena_text(arena, fallback) : NULL;
	const char *type = xml_attr(node, "type");
	spec->type = spec->field ? default_type(spec->field) : INGEST_TEXT;
	if (type && !ingest_type_find(type, &spec->type))
		return xml_fail(node, err, "unknown type '%s'", type);
	if (spec->field && !type_fits(spec->field, spec->type))
		return xml_fail(node, err, "the field '%s' cannot be read as %s", name, type);
	if (!spec->field && spec->type == INGEST_CODE)
		spec->type = INGEST_TEXT;
	const char *format = xml_attr_or(node, "format", "auto");
	spec->format = strcmp(format, "dmy") == 0 ? INGEST_FORMAT_DMY
		: strcmp(format, "mdy") == 0          ? INGEST_FORMAT_MDY
		: strcmp(format, "excel") == 0        ? INGEST_FORMAT_EXCEL
		: strcmp(format, "auto") == 0         ? INGEST_FORMAT_AUTO
											  : INGEST_FORMAT_YMD;
	spec->required = xml_yes(xml_attr_or(node, "required", spec->field && spec->field->required ? "yes" : "no"));
	spec->optional = !spec->required && xml_attr(node, "required") != NULL;
	if (spec->field && spec->field->required && !spec->required)
		return xml_fail(node, err, "the field '%s' is required by the feed", name);
	spec->round = xml_yes(xml_attr_or(node, "round", "no"));
	spec->has_factor = number_attr(node, "scale", &spec->factor);
	spec->has_min = number_attr(node, "min", &spec->min);
	spec->has_max = number_attr(node, "max", &spec->max);
	if ((spec->has_factor || spec->has_min || spec->has_max || xml_attr(node, "round"))
		&& ingest_type_yields(spec->type) != INGEST_YIELD_NUMBER)
		return xml_fail(node, err, "scale, min, max and round are for numbers; '%s' is read as %s", name,
			ingest_type_name(spec->type));
	spec->truth = folded_names(arena, xml_attr(node, "true"));
	if (xml_attr(node, "true") && spec->type != INGEST_BOOL)
		return xml_fail(node, err, "true= is for type bool; '%s' is read as %s", name, ingest_type_name(spec->type));
	size_t n = 0;
	for (const struct xml_node *map = xml_child(node, "value"); map; map = xml_next(map, "value"))
		n++;
	spec->maps = arena_alloc(arena, n ? n : 1, sizeof *spec->maps);
	for (const struct xml_node *map = xml_child(node, "value"); map; map = xml_next(map, "value")) {
		struct str folded = { 0 };
		const char *from = xml_attr(map, "from"), *to = xml_attr(map, "to");
		text_fold(&folded, from, strlen(from));
		spec->maps[spec->map_count++] = (struct ingest_value_map){ arena_copy(arena, str_text(&folded), folded.length),
			folded.length, arena_text(arena, to) };
		str_release(&folded);
		uint32_t code;
		if (spec->field && spec->field->type == FIELD_CODE && *to && !feed_code_find(spec->field, to, &code))
			return xml_fail(map, err, "'%s' is not a code of '%s' (%s)", to, name, spec->field->codes);
	}
	return 0;
}

static int by_feed_order(const void *a, const void *b)
{
	const struct ingest_spec *x = a, *y = b;
	return (x->field->id > y->field->id) - (x->field->id < y->field->id);
}

/* Fields of which a row needs at least one (domain: completion, assessment). */
static const struct { enum feed_id feed; enum field_id a, b; } either[] = {
	{ FEED_COMPLETION, COMPLETION_COMPLETED_ON, COMPLETION_ENROLLED_ON },
	{ FEED_ASSESSMENT, ASSESSMENT_LEVEL, ASSESSMENT_SCORE },
};

bool ingest_mapping_either(enum feed_id feed, enum field_id *a, enum field_id *b)
{
	for (size_t i = 0; i < sizeof either / sizeof *either; i++) {
		if (either[i].feed == feed) {
			*a = either[i].a;
			*b = either[i].b;
			return true;
		}
	}
	return false;
}

static const struct ingest_spec *find_field(const struct ingest_mapping *mapping, enum field_id id)
{
	for (size_t i = 0; i < mapping->field_count; i++) {
		if (mapping->fields[i].field->id == id)
			return &mapping->fields[i];
	}
	return NULL;
}

static int check_fields(
	const struct xml_node *root, const struct feed *feed, struct ingest_mapping *mapping, struct err *err)
{
	qsort(mapping->fields, mapping->field_count, sizeof *mapping->fields, by_feed_order);
	for (size_t i = 1; i < mapping->field_count; i++) {
		if (mapping->fields[i].field == mapping->fields[i - 1].field)
			return err_set(err, STATUS_CONFIG, "%s: the field '%s' is filled twice (also %s)", mapping->fields[i].where,
				mapping->fields[i].name, mapping->fields[i - 1].where);
	}
	for (size_t i = 0; i < feed->field_count; i++) {
		if (feed->fields[i].required && !find_field(mapping, feed->fields[i].id))
			return xml_fail(root, err, "the feed %s needs the field '%s', which the mapping does not fill", feed->name,
				feed->fields[i].name);
	}
	enum field_id a, b;
	if (ingest_mapping_either(feed->id, &a, &b) && !find_field(mapping, a) && !find_field(mapping, b))
		return xml_fail(root, err, "the feed %s needs '%s' or '%s', and the mapping fills neither", feed->name,
			feed_field_at(a)->name, feed_field_at(b)->name);
	return 0;
}

static size_t count_children(const struct xml_node *node, const char *name)
{
	size_t n = 0;
	for (const struct xml_node *child = xml_child(node, name); child; child = xml_next(child, name))
		n++;
	return n;
}

static struct ingest_names names_on(struct arena *arena, const char *text)
{
	return ingest_names_split(arena, text, text && strchr(text, '|') ? '|' : ' ');
}

static int read_reshaping(
	const struct xml_node *root, struct arena *arena, struct ingest_mapping *mapping, struct err *err)
{
	mapping->lookups = arena_alloc(arena, count_children(root, "lookup") + 1, sizeof *mapping->lookups);
	for (const struct xml_node *node = xml_child(root, "lookup"); node; node = xml_next(node, "lookup")) {
		struct ingest_lookup *lookup = &mapping->lookups[mapping->lookup_count++];
		lookup->file = arena_text(arena, xml_attr(node, "file"));
		lookup->on = names_on(arena, xml_attr(node, "on"));
		lookup->to = xml_attr(node, "to") ? names_on(arena, xml_attr(node, "to")) : lookup->on;
		lookup->prefix = arena_text(arena, xml_attr_or(node, "prefix", ""));
		lookup->required = xml_yes(xml_attr_or(node, "required", "yes"));
		lookup->where = where_of(arena, node);
		if (lookup->on.count == 0 || lookup->on.count != lookup->to.count)
			return xml_fail(node, err, "look-up needs as many columns in on= as in to=");
	}
	const struct xml_node *split = xml_child(root, "split");
	if (split) {
		mapping->split = arena_alloc(arena, 1, sizeof *mapping->split);
		mapping->split->columns = ingest_names_split(arena, xml_attr(split, "column"), '|');
		mapping->split->separator = arena_text(arena, xml_attr(split, "separator"));
		mapping->split->into = arena_text(arena, xml_attr(split, "into"));
		mapping->split->where = where_of(arena, split);
		if (!*mapping->split->separator || !mapping->split->columns.count)
			return xml_fail(split, err, "split needs a column and a separator");
	}
	const struct xml_node *unpivot = xml_child(root, "unpivot");
	if (unpivot) {
		struct ingest_unpivot *wide = mapping->unpivot = arena_alloc(arena, 1, sizeof *wide);
		struct ingest_names plain = ingest_names_split(arena, xml_attr(unpivot, "columns"), '|');
		wide->name = arena_text(arena, xml_attr(unpivot, "name"));
		wide->value = arena_text(arena, xml_attr(unpivot, "value"));
		wide->where = where_of(arena, unpivot);
		wide->columns = arena_alloc(arena, plain.count + count_children(unpivot, "column") + 1, sizeof *wide->columns);
		for (size_t i = 0; i < plain.count; i++) {
			struct ingest_wide *column = &wide->columns[wide->column_count++];
			column->columns = (struct ingest_names){ &plain.at[i], 1 };
			column->to = plain.at[i];
		}
		for (const struct xml_node *node = xml_child(unpivot, "column"); node; node = xml_next(node, "column")) {
			struct ingest_names from = ingest_names_split(arena, xml_attr(node, "from"), '|');
			if (from.count == 0)
				return xml_fail(node, err, "from= is empty");
			struct ingest_wide *column = NULL;
			for (size_t i = 0; i < plain.count && !column; i++) { /* a column of the list, told more about */
				if (strcmp(plain.at[i], from.at[0]) == 0)
					column = &wide->columns[i];
			}
			if (!column)
				column = &wide->columns[wide->column_count++];
			column->columns = from;
			column->to = arena_text(arena, xml_attr_or(node, "to", from.at[0]));
			column->has_factor = number_attr(node, "scale", &column->factor);
		}
		if (wide->column_count == 0)
			return xml_fail(unpivot, err, "unpivot names no column");
	}
	mapping->filters = arena_alloc(arena, count_children(root, "filter") + 1, sizeof *mapping->filters);
	for (const struct xml_node *node = xml_child(root, "filter"); node; node = xml_next(node, "filter"))
		mapping->filters[mapping->filter_count++] =
			(struct ingest_filter){ arena_text(arena, xml_attr(node, "when")), where_of(arena, node) };
	return 0;
}

static enum ingest_encoding encoding_of(const char *name)
{
	if (strcmp(name, "utf-8") == 0)
		return INGEST_UTF8;
	if (strcmp(name, "gb18030") == 0)
		return INGEST_GB18030;
	if (strcmp(name, "utf-16le") == 0)
		return INGEST_UTF16LE;
	if (strcmp(name, "utf-16be") == 0)
		return INGEST_UTF16BE;
	return INGEST_ENCODING_AUTO;
}

int ingest_mapping_read(const char *path, const char *shown, const struct feed *feed, struct arena *arena,
	struct hash *hash, struct ingest_mapping *mapping, struct err *err)
{
	int result = -1;
	struct xml_doc *doc = NULL;
	struct str bytes = { 0 };
	memset(mapping, 0, sizeof *mapping);
	if (fs_read(path, 16u << 20, &bytes, err) != 0)
		goto out;
	hash_add(hash, bytes.text, bytes.length);
	doc = xml_parse(shown, str_text(&bytes), bytes.length, err);
	if (!doc)
		goto out;
	const struct xml_node *root = xml_root(doc);
	if (xml_check(root, INGEST_SPACE, &mapping_shape, err) != 0)
		goto out;
	mapping->path = arena_text(arena, shown);
	mapping->encoding = encoding_of(xml_attr_or(root, "encoding", "auto"));
	const char *delimiter = xml_attr_or(root, "delimiter", "auto");
	mapping->delimiter = strcmp(delimiter, "tab") == 0 ? '\t'
		: strcmp(delimiter, "pipe") == 0               ? '|'
		: strcmp(delimiter, "auto") == 0               ? 0
													   : delimiter[0];
	const char *header = xml_attr_or(root, "header", "auto");
	if (strcmp(header, "auto") != 0) {
		int64_t number;
		if (!decimal_parse(header, strlen(header), 0, &number) || number < 1 || number > 1000) {
			xml_fail(root, err, "header must be auto or a row from 1 to 1000, not '%s'", header);
			goto out;
		}
		mapping->header = (unsigned)number;
	}
	const char *dedupe = xml_attr_or(root, "dedupe", "first");
	mapping->dedupe = strcmp(dedupe, "last") == 0 ? INGEST_KEEP_LAST
		: strcmp(dedupe, "none") == 0             ? INGEST_KEEP_ALL
												  : INGEST_KEEP_FIRST;
	mapping->quotes = xml_yes(xml_attr_or(root, "quotes", "yes"));
	mapping->skip = ingest_names_split(arena, xml_attr(root, "skip"), '|');
	mapping->missing = ingest_names_split(arena, xml_attr(root, "missing"), '|');
	mapping->fields = arena_alloc(arena, count_children(root, "field") + 1, sizeof *mapping->fields);
	for (const struct xml_node *node = xml_child(root, "field"); node; node = xml_next(node, "field")) {
		if (read_spec(node, feed, arena, &mapping->fields[mapping->field_count++], err) != 0)
			goto out;
	}
	mapping->lets = arena_alloc(arena, count_children(root, "let") + 1, sizeof *mapping->lets);
	for (const struct xml_node *node = xml_child(root, "let"); node; node = xml_next(node, "let")) {
		if (read_spec(node, NULL, arena, &mapping->lets[mapping->let_count++], err) != 0)
			goto out;
	}
	if (check_fields(root, feed, mapping, err) != 0 || read_reshaping(root, arena, mapping, err) != 0)
		goto out;
	result = 0;
out:
	xml_free(doc);
	str_release(&bytes);
	return result;
}
