/*
 * xml_check.c - trees checked against shapes, and the same shapes printed as an XSD schema.
 *
 * Decides: the syntax of attribute values (one table of patterns serves the check and the schema) and the wording of
 * what is wrong. Does not decide: what XML is read (xml.c), or what the values mean.
 *
 * The schema says everything but how often children must stand under their parent: they may come in any order, and
 * XSD 1.0 cannot count then. xml_check counts.
 */
#include "base/xml.h"

#include "base/date.h"
#include "base/vec.h"
#include "base/xml_pattern.h"

#include <string.h>

enum { TYPE_COUNT = XML_COLOUR + 1 };

#define NAME_PATTERN "[A-Za-z_][A-Za-z0-9_.\\-]*"

/*
 * What values of a type look like. name: of its simple type in the schema, NULL for none of its own; pattern: NULL
 * takes any text; words: end the sentence "… is not". No counted part ({1,9}) may begin two alternatives: libxml2
 * then takes values it should not.
 */
static const struct { const char *name, *base, *pattern, *words; } types[TYPE_COUNT] = {
	[XML_TEXT] = { NULL, "xs:string", NULL, "a text" },
	[XML_NAME] = { "value.name", "xs:string", NAME_PATTERN, "a name (a letter or _, then letters, digits, _ . -)" },
	[XML_FEEL] = { NULL, "xs:string", NULL, "an expression" },
	[XML_NUMBER] = { "value.number", "xs:string", "[+\\-]?[0-9]{1,18}(\\.[0-9]{1,18})?", "a number such as 12.5" },
	[XML_INTEGER] = { "value.integer", "xs:string", "[+\\-]?[0-9]{1,18}", "a whole number" },
	[XML_SHARE] = { "value.share", "xs:string", "[0-9]+(\\.[0-9]+)?%|0(\\.[0-9]+)?|1(\\.0+)?",
		"a share such as 10% or 0.1" },
	[XML_BOOL] = { "value.yes-no", "xs:string", "yes|no", "yes or no" },
	[XML_DATE] = { "value.date", "xs:date", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date such as 2026-09-30" },
	[XML_DURATION] = { "value.duration", "xs:string", "P[0-9]{1,4}(Y([0-9]{1,4}M)?|M)",
		"a duration such as P24M, P2Y or P1Y6M" },
	[XML_CHOICE] = { NULL, "xs:string", NULL, "one of" },
	[XML_LIST] = { "value.names", "xs:string", " *" NAME_PATTERN "( +" NAME_PATTERN ")* *",
		"a list of names with spaces between" },
	[XML_LANG] = { "value.language", "xs:string", "[A-Za-z]{2,3}(\\-[A-Za-z0-9]{2,8})*", "a language such as zh-CN" },
	[XML_COLOUR] = { "value.colour", "xs:string", "#[0-9A-Fa-f]{6}", "a colour such as #1f6feb" },
};

/* --- check --- */

struct checker {
	const char *space;
	struct err *err;
	struct xml_pattern *compiled[TYPE_COUNT];   /* made when first needed */
};

/* The next word of a list divided by `separator`; false at its end. */
static bool next_word(const char **at, char separator, const char **word, size_t *length)
{
	while (**at == separator)
		(*at)++;
	*word = *at;
	while (**at != '\0' && **at != separator)
		(*at)++;
	*length = (size_t)(*at - *word);
	return *length > 0;
}

static bool among(const char *choices, const char *text, size_t length)
{
	const char *word;
	size_t word_length;
	while (next_word(&choices, '|', &word, &word_length))
		if (word_length == length && memcmp(word, text, length) == 0)
			return true;
	return false;
}

/* "a|b|c" as "a, b or c" */
static void add_choices(struct str *out, const char *choices)
{
	const char *word, *following;
	size_t length, following_length;
	bool first = true, more = next_word(&choices, '|', &word, &length);
	while (more) {
		more = next_word(&choices, '|', &following, &following_length);
		if (!first)
			str_add(out, more ? ", " : " or ");
		str_add_bytes(out, word, length);
		first = false;
		word = following;
		length = following_length;
	}
}

static bool blank(const char *text)
{
	return text[strspn(text, " \t\r\n")] == '\0';
}

static bool value_fits(struct checker *checker, enum xml_type type, const char *choices, const char *value)
{
	if (types[type].pattern != NULL) {
		if (checker->compiled[type] == NULL)
			checker->compiled[type] = xml_pattern_new(types[type].pattern);
		if (checker->compiled[type] == NULL || !xml_pattern_match(checker->compiled[type], value))
			return false;
	}
	int32_t day;
	const char *word;
	size_t length;
	switch (type) {
	case XML_FEEL:
		return !blank(value);
	case XML_DATE:
		return date_parse_iso(value, strlen(value), &day);
	case XML_CHOICE:
		return among(choices, value, strlen(value));
	case XML_LIST:
		while (choices != NULL && next_word(&value, ' ', &word, &length))
			if (!among(choices, word, length))
				return false;
		return true;
	default:
		return true;
	}
}

static int check_value(struct checker *checker, const struct xml_node *node, const struct xml_attr *attr,
	enum xml_type type, const char *choices)
{
	if (value_fits(checker, type, choices, attr->value))
		return 0;
	if (attr->value[0] == '\0')
		return xml_fail(node, checker->err, "attribute '%s' of <%s> is empty", attr->name, node->name);
	struct str words = {0};
	if (type == XML_LIST && choices != NULL)
		str_add(&words, "a list of");
	else
		str_add(&words, types[type].words);
	if (choices != NULL && (type == XML_CHOICE || type == XML_LIST)) {
		str_add_char(&words, ' ');
		add_choices(&words, choices);
	}
	xml_fail(node, checker->err, "attribute '%s' of <%s>: '%s' is not %s", attr->name, node->name, attr->value,
		str_text(&words));
	str_release(&words);
	return -1;
}

/* Attributes every element may have, or every root: those by which an editor finds the schema. */
static bool common_attribute(const struct xml_node *node, const char *name)
{
	return strcmp(name, "xml:lang") == 0 || (node->parent == NULL &&
		(strcmp(name, "xsi:schemaLocation") == 0 || strcmp(name, "xsi:noNamespaceSchemaLocation") == 0));
}

static const struct xml_attr_shape *find_attribute(const struct xml_shape *shape, const char *name)
{
	for (const struct xml_attr_shape *attr = shape->attrs; attr != NULL && attr->name != NULL; attr++)
		if (strcmp(attr->name, name) == 0)
			return attr;
	return NULL;
}

static const struct xml_shape *find_child(const struct xml_shape *shape, const char *name)
{
	for (size_t i = 0; shape->children != NULL && shape->children[i] != NULL; i++)
		if (strcmp(shape->children[i]->element, name) == 0)
			return shape->children[i];
	return NULL;
}

static int fail_unknown_attribute(struct checker *checker, const struct xml_node *node, const struct xml_shape *shape,
	const char *name)
{
	VEC(const char *) known = {0};
	for (const struct xml_attr_shape *attr = shape->attrs; attr != NULL && attr->name != NULL; attr++)
		VEC_PUSH(&known, attr->name);
	const char *nearest = text_nearest(name, known.at, known.count);
	struct str help = {0};
	if (nearest != NULL)
		str_printf(&help, "did you mean '%s'?", nearest);
	else if (known.count == 0)
		str_add(&help, "it takes none");
	else
		str_add(&help, "it takes ");
	for (size_t i = 0; nearest == NULL && i < known.count; i++)
		str_printf(&help, "%s%s", i == 0 ? "" : i + 1 < known.count ? ", " : " and ", known.at[i]);
	xml_fail(node, checker->err, "unknown attribute '%s' of <%s>; %s", name, node->name, str_text(&help));
	str_release(&help);
	VEC_RELEASE(&known);
	return -1;
}

static int fail_unknown_element(struct checker *checker, const struct xml_node *node, const struct xml_shape *parent)
{
	VEC(const char *) known = {0};
	for (size_t i = 0; parent->children != NULL && parent->children[i] != NULL; i++)
		VEC_PUSH(&known, parent->children[i]->element);
	const char *nearest = text_nearest(node->name, known.at, known.count);
	struct str help = {0};
	if (nearest != NULL)
		str_printf(&help, "did you mean <%s>?", nearest);
	else if (known.count == 0)
		str_add(&help, "it holds no elements");
	else
		str_add(&help, "it holds ");
	for (size_t i = 0; nearest == NULL && i < known.count; i++)
		str_printf(&help, "%s<%s>", i == 0 ? "" : i + 1 < known.count ? ", " : " and ", known.at[i]);
	xml_fail(node, checker->err, "unknown element <%s> in <%s>; %s", node->name, parent->element, str_text(&help));
	str_release(&help);
	VEC_RELEASE(&known);
	return -1;
}

static int check_attributes(struct checker *checker, const struct xml_node *node, const struct xml_shape *shape)
{
	for (const struct xml_attr *attr = node->attrs; attr != NULL; attr = attr->next) {
		const struct xml_attr_shape *known = find_attribute(shape, attr->name);
		if (known != NULL) {
			if (check_value(checker, node, attr, known->type, known->choices) != 0)
				return -1;
		} else if (!common_attribute(node, attr->name)) {
			return fail_unknown_attribute(checker, node, shape, attr->name);
		} else if (strcmp(attr->name, "xml:lang") == 0 && check_value(checker, node, attr, XML_LANG, NULL) != 0) {
			return -1;
		}
	}
	for (const struct xml_attr_shape *attr = shape->attrs; attr != NULL && attr->name != NULL; attr++)
		if (attr->required && xml_attr(node, attr->name) == NULL)
			return xml_fail(node, checker->err, "<%s> needs the attribute '%s'%s%s", node->name, attr->name,
				attr->help != NULL ? ": " : "", attr->help != NULL ? attr->help : "");
	return 0;
}

static int check_space(struct checker *checker, const struct xml_node *node)
{
	if (strcmp(node->space, checker->space) == 0)
		return 0;
	if (node->space[0] == '\0')
		return xml_fail(node, checker->err, "<%s> is in no namespace; write xmlns=\"%s\"", node->name, checker->space);
	if (checker->space[0] == '\0')
		return xml_fail(node, checker->err, "<%s> is in the namespace '%s' and should be in none", node->name,
			node->space);
	return xml_fail(node, checker->err, "<%s> is in the namespace '%s', not '%s'", node->name, node->space,
		checker->space);
}

static int count_named(const struct xml_node *parent, const char *name)
{
	int count = 0;
	for (const struct xml_node *child = xml_child(parent, name); child != NULL; child = xml_next(child, name))
		count++;
	return count;
}

/* True for the child by which its parent holds more than `max` of that name. */
static bool one_too_many(const struct xml_node *node, int max)
{
	int count = 0;
	for (const struct xml_node *child = xml_child(node->parent, node->name); ; child = xml_next(child, node->name)) {
		count++;
		if (child == node || count > max)
			return count > max;
	}
}

/* In the order of the document: the start tag, what is inside, and at the end what was never there. */
static int check_node(struct checker *checker, const struct xml_node *node, const struct xml_shape *shape)
{
	if (check_space(checker, node) != 0 || check_attributes(checker, node, shape) != 0)
		return -1;
	if (!shape->text && node->prefix_text[0] != '\0')
		return xml_fail(node, checker->err, "<%s> holds no text: '%.60s'", node->name, node->prefix_text);
	for (const struct xml_node *child = node->first; child != NULL; child = child->next) {
		const struct xml_shape *known = find_child(shape, child->name);
		if (known == NULL)
			return fail_unknown_element(checker, child, shape);
		if (known->max > 0 && one_too_many(child, known->max))
			return xml_fail(child, checker->err, "<%s> holds more than %d <%s>", node->name, known->max, child->name);
		if (check_node(checker, child, known) != 0)
			return -1;
	}
	for (size_t i = 0; shape->children != NULL && shape->children[i] != NULL; i++) {
		const struct xml_shape *child = shape->children[i];
		int count = child->min > 0 ? count_named(node, child->element) : 0;
		if (count >= child->min)
			continue;
		if (child->min == 1)
			return xml_fail(node, checker->err, "<%s> needs a <%s>", node->name, child->element);
		return xml_fail(node, checker->err, "<%s> needs at least %d <%s> and has %d", node->name, child->min,
			child->element, count);
	}
	return 0;
}

int xml_check(const struct xml_node *root, const char *space, const struct xml_shape *shape, struct err *err)
{
	struct checker checker = { .space = space, .err = err };
	int result;
	if (strcmp(root->name, shape->element) != 0)
		result = xml_fail(root, err, "the root element is <%s>, not <%s>", root->name, shape->element);
	else
		result = check_node(&checker, root, shape);
	for (size_t i = 0; i < TYPE_COUNT; i++)
		xml_pattern_free(checker.compiled[i]);
	return result;
}

/* --- schema --- */

struct schema {
	struct str *out;
	VEC(const struct xml_shape *) shapes;   /* every shape once, as first met */
};

static void collect(struct schema *schema, const struct xml_shape *shape)
{
	for (size_t i = 0; i < schema->shapes.count; i++)
		if (schema->shapes.at[i] == shape)
			return;
	VEC_PUSH(&schema->shapes, shape);
	for (size_t i = 0; shape->children != NULL && shape->children[i] != NULL; i++)
		collect(schema, shape->children[i]);
}

/* The type's name: the element's, with a number from the second shape of that name on. */
static void add_type_name(struct schema *schema, const struct xml_shape *shape)
{
	int number = 1;
	for (size_t i = 0; i < schema->shapes.count && schema->shapes.at[i] != shape; i++)
		number += strcmp(schema->shapes.at[i]->element, shape->element) == 0;
	str_add(schema->out, shape->element);
	if (number > 1)
		str_printf(schema->out, "-%d", number);
}

static void add_indent(struct str *out, int depth)
{
	for (int i = 0; i < depth; i++)
		str_add_char(out, '\t');
}

static void add_help(struct schema *schema, int depth, const char *help)
{
	if (help == NULL || help[0] == '\0')
		return;
	add_indent(schema->out, depth);
	str_add(schema->out, "<xs:annotation><xs:documentation>");
	xml_escape(schema->out, help);
	str_add(schema->out, "</xs:documentation></xs:annotation>\n");
}

static void add_choice_type(struct schema *schema, int depth, const char *choices)
{
	const char *word;
	size_t length;
	add_indent(schema->out, depth);
	str_add(schema->out, "<xs:simpleType><xs:restriction base=\"xs:string\">\n");
	while (next_word(&choices, '|', &word, &length)) {
		struct str value = {0};
		str_add_bytes(&value, word, length);
		add_indent(schema->out, depth + 1);
		str_add(schema->out, "<xs:enumeration value=\"");
		xml_escape(schema->out, str_text(&value));
		str_add(schema->out, "\"/>\n");
		str_release(&value);
	}
	add_indent(schema->out, depth);
	str_add(schema->out, "</xs:restriction></xs:simpleType>\n");
}

static void add_attribute(struct schema *schema, const struct xml_attr_shape *attr)
{
	bool help = attr->help != NULL && attr->help[0] != '\0', choice = attr->type == XML_CHOICE;
	str_printf(schema->out, "\t\t<xs:attribute name=\"%s\"", attr->name);
	if (!choice)
		str_printf(schema->out, " type=\"%s\"",
			types[attr->type].name != NULL ? types[attr->type].name : types[attr->type].base);
	if (attr->required)
		str_add(schema->out, " use=\"required\"");
	if (!help && !choice) {
		str_add(schema->out, "/>\n");
		return;
	}
	str_add(schema->out, ">\n");
	add_help(schema, 3, attr->help);
	if (choice)
		add_choice_type(schema, 3, attr->choices);
	str_add(schema->out, "\t\t</xs:attribute>\n");
}

static void add_complex_type(struct schema *schema, const struct xml_shape *shape)
{
	str_add(schema->out, "\t<xs:complexType name=\"");
	add_type_name(schema, shape);
	str_add(schema->out, shape->text ? "\" mixed=\"true\">\n" : "\">\n");
	add_help(schema, 2, shape->help);
	if (shape->children != NULL && shape->children[0] != NULL) {
		str_add(schema->out, "\t\t<xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">\n");
		for (size_t i = 0; shape->children[i] != NULL; i++) {
			str_printf(schema->out, "\t\t\t<xs:element name=\"%s\" type=\"", shape->children[i]->element);
			add_type_name(schema, shape->children[i]);
			str_add(schema->out, "\"/>\n");
		}
		str_add(schema->out, "\t\t</xs:choice>\n");
	}
	for (const struct xml_attr_shape *attr = shape->attrs; attr != NULL && attr->name != NULL; attr++)
		if (strncmp(attr->name, "xml:", 4) != 0)
			add_attribute(schema, attr);
	/* xml:lang; the schema of the xml namespace need not be at hand */
	str_add(schema->out, "\t\t<xs:anyAttribute namespace=\"http://www.w3.org/XML/1998/namespace\" "
		"processContents=\"lax\"/>\n\t</xs:complexType>\n");
}

static void add_simple_types(struct schema *schema)
{
	bool used[TYPE_COUNT] = { false };
	for (size_t i = 0; i < schema->shapes.count; i++)
		for (const struct xml_attr_shape *attr = schema->shapes.at[i]->attrs; attr != NULL && attr->name != NULL;
			 attr++)
			used[attr->type] = true;
	for (size_t i = 0; i < TYPE_COUNT; i++) {
		if (!used[i] || types[i].name == NULL)
			continue;
		str_printf(schema->out, "\t<xs:simpleType name=\"%s\">\n", types[i].name);
		add_help(schema, 2, types[i].words);
		str_printf(schema->out, "\t\t<xs:restriction base=\"%s\"><xs:pattern value=\"", types[i].base);
		xml_escape(schema->out, types[i].pattern);
		str_add(schema->out, "\"/></xs:restriction>\n\t</xs:simpleType>\n");
	}
}

void xml_schema(struct str *out, const char *space, const struct xml_shape *shape)
{
	struct schema schema = { .out = out };
	collect(&schema, shape);
	str_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" elementFormDefault=\"qualified\"");
	if (space[0] != '\0') {
		str_add(out, " xmlns=\"");
		xml_escape(out, space);
		str_add(out, "\" targetNamespace=\"");
		xml_escape(out, space);
		str_add_char(out, '"');
	}
	str_printf(out, ">\n\t<xs:element name=\"%s\" type=\"", shape->element);
	add_type_name(&schema, shape);
	str_add(out, "\"/>\n");
	for (size_t i = 0; i < schema.shapes.count; i++)
		add_complex_type(&schema, schema.shapes.at[i]);
	add_simple_types(&schema);
	str_add(out, "</xs:schema>\n");
	VEC_RELEASE(&schema.shapes);
}
