/*
 * test_xml.c - what XML is read and refused, how wrong trees are told, and that the schema printed says the same.
 */
#include "base/xml.h"

#include "base/fs.h"
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SPACE "urn:pandian:test:1"

/* --- a small language: a box may hold boxes --- */

static const struct xml_attr_shape title_attrs[] = { { .name = NULL } };
static const struct xml_shape title = { .element = "title", .attrs = title_attrs, .max = 2, .text = true,
	.help = "What it is called, in one language." };
static const struct xml_attr_shape item_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Its name." },
	{ "weight", XML_NUMBER, false, NULL, "How much it counts." },
	{ "count", XML_INTEGER, false, NULL, NULL },
	{ "share", XML_SHARE, false, NULL, NULL },
	{ "on", XML_BOOL, false, NULL, NULL },
	{ "from", XML_DATE, false, NULL, NULL },
	{ "window", XML_DURATION, false, NULL, "At most this old & no older." },
	{ "kind", XML_CHOICE, false, "best|last|all", "Which attempt counts." },
	{ "needs", XML_LIST, false, NULL, NULL },
	{ "days", XML_LIST, false, "mon|tue", NULL },
	{ "value", XML_FEEL, false, NULL, NULL },
	{ "colour", XML_COLOUR, false, NULL, NULL },
	{ .name = NULL },
};
static const struct xml_shape item = { .element = "item", .attrs = item_attrs, .min = 1, .text = true,
	.help = "A thing that counts." };
static const struct xml_shape box;
static const struct xml_shape *const box_children[] = { &title, &item, &box, NULL };
static const struct xml_shape box = { .element = "box", .children = box_children, .help = "Boxes hold boxes." };
/* the same element name with another shape */
static const struct xml_shape other_item = { .element = "item", .text = true };
static const struct xml_shape *const list_children[] = { &other_item, NULL };
static const struct xml_shape list = { .element = "list", .children = list_children, .max = 1 };
static const struct xml_shape *const root_children[] = { &title, &box, &list, NULL };
static const struct xml_shape root_shape = { .element = "boxes", .children = root_children };

static struct xml_doc *parse(const char *text, struct err *err)
{
	*err = (struct err){0};
	return xml_parse("rules/a.xml", text, strlen(text), err);
}

/* Parses and checks; "" if all is well, else the message. */
static const char *verdict(const char *text)
{
	static struct err err;
	struct xml_doc *doc = parse(text, &err);
	if (doc != NULL && xml_check(xml_root(doc), SPACE, &root_shape, &err) != 0)
		assert_int_equal(err.status, STATUS_CONFIG);
	xml_free(doc);
	return err.text;
}

static void in_root(struct str *out, const char *inside)
{
	str_printf(out, "<boxes xmlns='" SPACE "'>\n%s\n</boxes>", inside);
}

static const char *verdict_in_root(const char *inside)
{
	static char kept[sizeof ((struct err *)0)->text];
	struct str text = {0};
	in_root(&text, inside);
	memcpy(kept, verdict(text.text), sizeof kept);
	str_release(&text);
	return kept;
}

/* --- reading --- */

static void tree_is_as_written(void **state)
{
	(void)state;
	struct err err;
	struct xml_doc *doc = parse("<?xml version='1.0'?>\n<!-- rules -->\n<a xmlns='urn:x' xmlns:p='urn:p'\n   one='1'\n"
		"   two='&lt;2&#x4E2D;'>\n  left <b xml:lang='en'/><p:c p:d='e'/> right <![CDATA[<&]]> \n</a>\n", &err);
	assert_non_null(doc);
	const struct xml_node *root = xml_root(doc);
	assert_string_equal(root->name, "a");
	assert_string_equal(root->space, "urn:x");
	assert_int_equal(root->line, 3);
	assert_string_equal(root->file, "rules/a.xml");
	assert_string_equal(root->prefix_text, "left  right <&");
	assert_string_equal(xml_attr(root, "one"), "1");
	assert_string_equal(xml_attr(root, "two"), "<2中");
	assert_null(xml_attr(root, "xmlns"));
	assert_string_equal(xml_attr_or(root, "three", "3"), "3");
	const struct xml_node *b = xml_child(root, "b");
	assert_ptr_equal(b, root->first);
	assert_ptr_equal(b->parent, root);
	assert_int_equal(b->line, 6);
	assert_string_equal(b->prefix_text, "");
	assert_string_equal(xml_attr(b, "xml:lang"), "en");
	const struct xml_node *c = xml_next(b, "c");
	assert_ptr_equal(c, b->next);
	assert_string_equal(c->space, "urn:p");
	assert_string_equal(xml_attr(c, "p:d"), "e");
	assert_null(xml_next(b, "b"));
	assert_null(xml_child(root, "z"));
	xml_free(doc);
}

static void titles_come_in_pairs(void **state)
{
	(void)state;
	struct err err;
	struct xml_doc *doc = parse("<a><t xml:lang='en'>Star</t><t>星级</t><t xml:lang='fr'>Etoile</t></a>", &err);
	struct text_pair pair = xml_text_pair(xml_root(doc), "t");
	assert_string_equal(pair.zh, "星级");
	assert_string_equal(pair.en, "Star");
	pair = xml_text_pair(xml_root(doc), "none");
	assert_null(pair.zh);
	assert_null(pair.en);
	xml_free(doc);
}

static void lines_go_beyond_65535(void **state)
{
	(void)state;
	struct str text = {0};
	struct err err;
	str_add(&text, "<a>");
	for (int i = 0; i < 70000; i++)
		str_add_char(&text, '\n');
	str_add(&text, "<b\n\nc='1'/></a>");
	struct xml_doc *doc = parse(text.text, &err);
	assert_int_equal(xml_root(doc)->first->line, 70001);
	xml_free(doc);
	str_release(&text);
}

static void refused(const char *text, const char *message)
{
	struct err err;
	struct xml_doc *doc = parse(text, &err);
	assert_null(doc);
	assert_int_equal(err.status, STATUS_CONFIG);
	if (strncmp(err.text, message, strlen(message)) != 0)
		fail_msg("said: %s\nexpected: %s", err.text, message);
}

static void doctypes_are_refused(void **state)
{
	(void)state;
	refused("<!DOCTYPE a><a/>", "rules/a.xml:1: a DOCTYPE is not allowed");
	refused("\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "rules/a.xml:2: a DOCTYPE is not allowed");
	refused("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "rules/a.xml:1: a DOCTYPE");
	refused("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/x'> %p;]><a/>", "rules/a.xml:1: a DOCTYPE");
	refused("<!DOCTYPE a [<!ENTITY a '&b;&b;&b;'><!ENTITY b '&a;'>]><a>&a;</a>", "rules/a.xml:1: a DOCTYPE");
	refused("<a>&x;</a>", "rules/a.xml:1: ");
}

static void broken_xml_is_refused(void **state)
{
	(void)state;
	refused("", "rules/a.xml:1: is empty");
	refused("  \n", "rules/a.xml:");
	refused("工号,姓名", "rules/a.xml:1: ");
	refused("<a>\n<b>\n</a>", "rules/a.xml:3: opening and ending tag mismatch: b line 2 and a");
	refused("<a/><b/>", "rules/a.xml:1: extra content");
	refused("<a b='1' b='2'/>", "rules/a.xml:1: attribute b redefined");
	refused("<a>\n<p:b/></a>", "rules/a.xml:2: namespace prefix p on b is not defined");
	refused("<a>\n\xb9\xa4</a>", "rules/a.xml:2: the byte B9 is not UTF-8");
	refused("<a>\xc0\xaf</a>", "rules/a.xml:1: the byte C0 is not UTF-8");
	refused("<a>&#0;</a>", "rules/a.xml:1: ");
	refused("<a>\x01</a>", "rules/a.xml:1: ");
	refused("<a b='<'/>", "rules/a.xml:1: ");
	refused("<a", "rules/a.xml:1: ");
	struct err err = {0};
	assert_null(xml_parse("n.xml", "<a>\n\0</a>", 9, &err));
	assert_int_equal(err.status, STATUS_CONFIG);
	assert_string_equal(err.text, "n.xml:2: a zero byte is not allowed");
}

static void other_encodings_are_read(void **state)
{
	(void)state;
	struct err err;
	struct xml_doc *doc = parse("<?xml version='1.0' encoding='GB18030'?><a b='\xd0\xc7'>\xbc\xb6</a>", &err);
	assert_non_null(doc);
	assert_string_equal(xml_attr(xml_root(doc), "b"), "星");
	assert_string_equal(xml_root(doc)->prefix_text, "级");
	xml_free(doc);
	doc = parse("<?xml version=\"1.0\" encoding = \"gbk\"?><a>\xd0\xc7</a>", &err);
	assert_string_equal(xml_root(doc)->prefix_text, "星");
	xml_free(doc);
	err = (struct err){0};
	doc = xml_parse("w.xml", "\xff\xfe<\0a\0>\0\x1f\x66<\0/\0a\0>\0", 18, &err);
	assert_string_equal(xml_root(doc)->prefix_text, "星");
	xml_free(doc);
	doc = parse("\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?><a/>", &err);
	assert_non_null(doc);
	xml_free(doc);
	refused("<?xml version='1.0' encoding='GB18030'?><a/>\n<!-- \xff -->", "rules/a.xml:2: the byte FF is not GB18030");
	refused(
		"<?xml version='1.0' encoding='UTF-7'?><a/>", "rules/a.xml:1: the encoding 'UTF-7' is not one that is read");
	refused("<?xml version='1.0' encoding='Big5'?><a/>", "rules/a.xml:1: the encoding 'Big5'");
	refused("<?xml version='1.0' encoding='UTF-8'?><a>\xd0\xc7</a>", "rules/a.xml:1: the byte D0 is not UTF-8");
}

static void caps_hold(void **state)
{
	(void)state;
	struct str text = {0};
	for (int i = 0; i < 64; i++)
		str_add(&text, "<a>");
	for (int i = 0; i < 64; i++)
		str_add(&text, "</a>");
	struct err err;
	struct xml_doc *doc = parse(text.text, &err);
	assert_non_null(doc);
	xml_free(doc);
	str_clear(&text);
	for (int i = 0; i < 65; i++)
		str_add(&text, "<a>\n");
	refused(text.text, "rules/a.xml:65: <a> is nested deeper than 64 elements");

	char *long_value = mem_new(1024 * 1024 + 2, 1);
	memset(long_value, 'x', 64 * 1024 + 1);
	str_clear(&text);
	str_printf(&text, "<a b='%s'/>", long_value);
	refused(text.text, "rules/a.xml:1: attribute 'b' of <a> is longer than 65536 bytes");
	long_value[64 * 1024] = '\0';
	str_clear(&text);
	str_printf(&text, "<a b='%s'/>", long_value);
	doc = parse(text.text, &err);
	assert_non_null(doc);
	xml_free(doc);

	memset(long_value, 'x', 1024 * 1024 + 1);
	str_clear(&text);
	str_printf(&text, "<a>%s</a>", long_value);
	refused(text.text, "rules/a.xml:1: the text of <a> is longer than 1048576 bytes");
	free(long_value);
	str_release(&text);
}

static void files_are_read(void **state)
{
	(void)state;
	char folder[] = "/tmp/test_xml.XXXXXX";
	assert_non_null(mkdtemp(folder));
	char *path = fs_join(folder, "a.xml");
	struct err err = {0};
	assert_null(xml_read(path, &err));
	assert_int_equal(err.status, STATUS_NO_INPUT);
	assert_non_null(strstr(err.text, "a.xml"));
	err = (struct err){0};
	assert_int_equal(fs_write_new(path, "<a/>", 4, false, &err), 0);
	struct xml_doc *doc = xml_read(path, &err);
	assert_non_null(doc);
	assert_string_equal(xml_root(doc)->file, path);
	xml_free(doc);
	/* a sparse file beyond the cap is not even read */
	assert_int_equal(truncate(path, 64 * 1024 * 1024 + 1), 0);
	assert_null(xml_read(path, &err));
	assert_int_equal(err.status, STATUS_CONFIG);
	free(path);
	err = (struct err){0};
	assert_int_equal(fs_remove_tree(folder, &err), 0);
}

/* --- checking --- */

static const char *const good[] = {
	"<title>盒</title><title xml:lang='en'>Boxes</title>",
	"<box><item id='a'/></box><box><box><item id='b'/></box><item id='c' xml:lang='zh-CN'/></box>",
	"<list><item>1</item><item/></list><!-- free -->",
	"<box><item id='_a.b-1' weight='-0.25' count='+3' share='12.5%' on='yes' from='2024-02-29' window='P1Y6M'"
	" kind='last' needs=' a b ' days='tue mon' value='a &lt; b' colour='#1f6FeB'/></box>",
	"<box><item id='a' share='0.1' window='P24M'/><item id='b' share='100%' window='P2Y'/>"
	"<item id='c' share='1.0'/></box>",
};

static const struct { const char *xml, *message; bool in_schema;
} bad[] = {
	{ "<bxo/>", "rules/a.xml:2: unknown element <bxo> in <boxes>; did you mean <box>?", true },
	{ "<zebra/>", "rules/a.xml:2: unknown element <zebra> in <boxes>; it holds <title>, <box> and <list>", true },
	{ "<list>\n<item><b/></item></list>", "rules/a.xml:3: unknown element <b> in <item>; it holds no elements", true },
	{ "<box>\n<item id='a' wieght='1'/></box>",
		"rules/a.xml:3: unknown attribute 'wieght' of <item>; did you mean 'weight'?", true },
	{ "<box zebra='1'><item id='a'/></box>", "rules/a.xml:2: unknown attribute 'zebra' of <box>; it takes none", true },
	{ "<box><item/></box>", "rules/a.xml:2: <item> needs the attribute 'id': Its name.", true },
	{ "<box>text<item id='a'/></box>", "rules/a.xml:2: <box> holds no text: 'text'", true },
	{ "<box/>", "rules/a.xml:2: <box> needs a <item>", false },
	{ "<list/>\n<list/>", "rules/a.xml:3: <boxes> holds more than 1 <list>", false },
	{ "<title/><title/>\n<title/>", "rules/a.xml:3: <boxes> holds more than 2 <title>", false },
	{ "<box xmlns=''/>", "rules/a.xml:2: <box> is in no namespace; write xmlns=\"" SPACE "\"", true },
	{ "<box xmlns='urn:x'/>", "rules/a.xml:2: <box> is in the namespace 'urn:x', not '" SPACE "'", true },
	{ "<box><item id='1a'/></box>", "rules/a.xml:2: attribute 'id' of <item>: '1a' is not a name", true },
	{ "<box><item id=''/></box>", "rules/a.xml:2: attribute 'id' of <item> is empty", true },
	{ "<box><item id='工号'/></box>", "rules/a.xml:2: attribute 'id' of <item>: '工号' is not a name", true },
	{ "<box><item id='a' weight='1,5'/></box>", "rules/a.xml:2: attribute 'weight' of <item>: '1,5' is not a number",
		true },
	{ "<box><item id='a' weight='1e3'/></box>", "rules/a.xml:2: attribute 'weight' of <item>: '1e3' is not", true },
	{ "<box><item id='a' weight='１'/></box>", "rules/a.xml:2: attribute 'weight' of <item>: '１' is not", true },
	{ "<box><item id='a' count='1.0'/></box>", "rules/a.xml:2: attribute 'count' of <item>: '1.0' is not a whole",
		true },
	{ "<box><item id='a' share='10'/></box>", "rules/a.xml:2: attribute 'share' of <item>: '10' is not a share", true },
	{ "<box><item id='a' share='-1%'/></box>", "rules/a.xml:2: attribute 'share' of <item>: '-1%' is not a share",
		true },
	{ "<box><item id='a' on='true'/></box>", "rules/a.xml:2: attribute 'on' of <item>: 'true' is not yes or no", true },
	{ "<box><item id='a' from='2026-02-29'/></box>",
		"rules/a.xml:2: attribute 'from' of <item>: '2026-02-29' is not a date", true },
	{ "<box><item id='a' from='2026/2/2'/></box>", "rules/a.xml:2: attribute 'from' of <item>: '2026/2/2' is not",
		true },
	{ "<box><item id='a' window='24M'/></box>", "rules/a.xml:2: attribute 'window' of <item>: '24M' is not a dura",
		true },
	{ "<box><item id='a' window='P12345M'/></box>",
		"rules/a.xml:2: attribute 'window' of <item>: 'P12345M' is not a dura", true },
	{ "<box><item id='a' window='P'/></box>", "rules/a.xml:2: attribute 'window' of <item>: 'P' is not a dura", true },
	{ "<box><item id='a' kind='first'/></box>",
		"rules/a.xml:2: attribute 'kind' of <item>: 'first' is not one of best, last or all", true },
	{ "<box><item id='a' needs='b, c'/></box>", "rules/a.xml:2: attribute 'needs' of <item>: 'b, c' is not a list",
		true },
	{ "<box><item id='a' days='mon sun'/></box>",
		"rules/a.xml:2: attribute 'days' of <item>: 'mon sun' is not a list of mon or tue", false },
	{ "<box><item id='a' value=' '/></box>", "rules/a.xml:2: attribute 'value' of <item>: ' ' is not an expr", false },
	{ "<box><item id='a' colour='red'/></box>", "rules/a.xml:2: attribute 'colour' of <item>: 'red' is not", true },
	{ "<title xml:lang='中文'>x</title>", "rules/a.xml:2: attribute 'xml:lang' of <title>: '中文' is not", false },
	/* the first in the order of the document */
	{ "<box><item id='a'/>\n<item id='b' x='1'/>\n<bxo/></box>\n<bxo/>", "rules/a.xml:3: unknown attribute 'x'", true },
	{ "<box>\n<bxo/>\n<item idd='b'/></box>", "rules/a.xml:3: unknown element <bxo>", true },
};

static void good_trees_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_string_equal(verdict_in_root(good[i]), "");
	assert_string_equal(verdict("<boxes xmlns='" SPACE "' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
		"xsi:schemaLocation='" SPACE " boxes.xsd'/>"), "");
}

static void first_fault_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *said = verdict_in_root(bad[i].xml);
		if (strncmp(said, bad[i].message, strlen(bad[i].message)) != 0)
			fail_msg("of: %s\nsaid: %s\nexpected: %s", bad[i].xml, said, bad[i].message);
	}
	assert_string_equal(
		verdict("<bxoes xmlns='" SPACE "'/>"), "rules/a.xml:1: the root element is <bxoes>, not <boxes>");
}

/* --- the schema --- */

static bool xmllint_says_valid(const char *folder, const char *inside)
{
	struct err err = {0};
	struct str text = {0}, command = {0};
	char *path = fs_join(folder, "x.xml");
	in_root(&text, inside);
	assert_int_equal(fs_replace(path, text.text, text.length, &err), 0);
	str_printf(&command, "xmllint --nonet --noout --schema %s/s.xsd %s >/dev/null 2>&1", folder, path);
	int status = system(command.text);
	str_release(&text);
	str_release(&command);
	free(path);
	if (status != 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 3))  /* 3: does not validate; 5: schema wrong */
		fail_msg("xmllint ended with %d", WEXITSTATUS(status));
	return status == 0;
}

static void schema_agrees_with_check(void **state)
{
	(void)state;
	if (system("command -v xmllint >/dev/null 2>&1") != 0)
		skip();
	char folder[] = "/tmp/test_xml.XXXXXX";
	assert_non_null(mkdtemp(folder));
	struct err err = {0};
	struct str schema = {0};
	xml_schema(&schema, SPACE, &root_shape);
	char *path = fs_join(folder, "s.xsd");
	assert_int_equal(fs_write_new(path, schema.text, schema.length, false, &err), 0);
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(xmllint_says_valid(folder, good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (xmllint_says_valid(folder, bad[i].xml) == bad[i].in_schema)
			fail_msg("the schema %s: %s", bad[i].in_schema ? "takes" : "refuses", bad[i].xml);
	assert_non_null(strstr(schema.text, "At most this old &amp; no older."));
	str_release(&schema);
	free(path);
	assert_int_equal(fs_remove_tree(folder, &err), 0);
}

/* --- values --- */

static void months_of_durations(void **state)
{
	(void)state;
	int months = -1;
	assert_true(xml_months("P24M", &months));
	assert_int_equal(months, 24);
	assert_true(xml_months("P2Y", &months));
	assert_int_equal(months, 24);
	assert_true(xml_months("P1Y6M", &months));
	assert_int_equal(months, 18);
	assert_true(xml_months("P0M", &months));
	assert_int_equal(months, 0);
	static const char *const wrong[] = { "", "P", "24M", "P24", "P1D", "P6M1Y", "PY", "P1Y6", "P-1M", "P99999999999M",
		"P1M " };
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(xml_months(wrong[i], &months));
}

static void shares_are_exact(void **state)
{
	(void)state;
	int64_t share = -1;
	assert_true(xml_share("10%", 4, &share));
	assert_int_equal(share, 1000);
	assert_true(xml_share("0.1", 4, &share));
	assert_int_equal(share, 1000);
	assert_true(xml_share("12.5%", 4, &share));
	assert_int_equal(share, 1250);
	assert_true(xml_share("100%", 0, &share));
	assert_int_equal(share, 1);
	assert_false(xml_share("0.001%", 4, &share));
	assert_false(xml_share("10%", 0, &share));
	assert_false(xml_share("-1%", 4, &share));
	assert_false(xml_share("%", 4, &share));
	assert_false(xml_share("", 4, &share));
	assert_false(xml_share("10%%", 4, &share));
}

static void text_is_escaped(void **state)
{
	(void)state;
	struct str out = {0};
	xml_escape(&out, "");
	assert_string_equal(str_text(&out), "");
	xml_escape(&out, "a<b & \"c\">\t中\x01");
	assert_string_equal(out.text, "a&lt;b &amp; &quot;c&quot;&gt;\t中\xef\xbf\xbd");
	str_release(&out);
	assert_true(xml_yes("yes"));
	assert_false(xml_yes("no"));
	assert_false(xml_yes(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tree_is_as_written),
		cmocka_unit_test(titles_come_in_pairs),
		cmocka_unit_test(lines_go_beyond_65535),
		cmocka_unit_test(doctypes_are_refused),
		cmocka_unit_test(broken_xml_is_refused),
		cmocka_unit_test(other_encodings_are_read),
		cmocka_unit_test(caps_hold),
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(good_trees_pass),
		cmocka_unit_test(first_fault_is_told),
		cmocka_unit_test(schema_agrees_with_check),
		cmocka_unit_test(months_of_durations),
		cmocka_unit_test(shares_are_exact),
		cmocka_unit_test(text_is_escaped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
