/*
 * test_rules_load.c - what a rulebook may say and what is refused, with file and line.
 */
#include "rules_world.h"

#define ITEM "<item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>\n"
#define BAND "<band star=\"1\" from=\"0\"/>\n"

static void a_sound_rulebook_loads(void **state)
{
	struct world *world = *state;
	struct str out = { 0 };
	world_rules(world, "<title xml:lang=\"zh-CN\">试</title><title xml:lang=\"en\">Test</title>\n"
			   "<star id=\"star\">" ITEM "<band star=\"2\" from=\"50\"/>" BAND "</star>\n");
	assert_string_equal(rules_id(world->book), "test");
	assert_string_equal(rules_version(world->book), "1");
	assert_true((rules_feeds(world->book) & 1u << FEED_PERFORMANCE) != 0);
	assert_true((rules_feeds(world->book) & 1u << FEED_COMPLETION) == 0);
	rules_describe(world->book, TEXT_ZH, &out);
	assert_non_null(strstr(str_text(&out), "试"));
	str_release(&out);
}

static void included_files_belong_to_the_rulebook(void **state)
{
	struct world *world = *state;
	char first[HASH_HEX], second[HASH_HEX];
	world_write(world, "rules/star.xml",
		"<rulebook xmlns=\"urn:pandian:rules:1\">\n<star id=\"star\">" ITEM BAND "</star></rulebook>");
	world_rules(world, "<include file=\"star.xml\"/>");
	rules_hash(world->book, first);
	world_write(world, "rules/star.xml",
		"<rulebook xmlns=\"urn:pandian:rules:1\">\n\n<star id=\"star\">" ITEM BAND "</star></rulebook>");
	world_rules(world, "<include file=\"star.xml\"/>");
	rules_hash(world->book, second);
	assert_string_not_equal(first, second);
	/* a fault in it is told with its own file and line */
	world_write(world, "rules/star.xml",
		"<rulebook xmlns=\"urn:pandian:rules:1\">\n\n<star id=\"star\">" ITEM "</star></rulebook>");
	world_refuses(world, "<include file=\"star.xml\"/>", "rules/star.xml:3", "band");
	world_refuses(world, "<include file=\"missing.xml\"/>", "rules/rulebook.xml:2", "missing.xml");
	world_refuses(world, "<include file=\"../star.xml\"/>", "rules/rulebook.xml:2", "below the folder");
	world_write(world, "rules/star.xml",
		"<rulebook xmlns=\"urn:pandian:rules:1\">\n<include file=\"star.xml\"/></rulebook>");
	world_refuses(world, "<include file=\"star.xml\"/>", "rules/star.xml:2", "includes itself");
}

static void unknown_elements_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world, "<stars id=\"x\"/>", "rules/rulebook.xml:2", "stars");
	world_refuses(world, "<star id=\"star\" colour=\"red\">" ITEM BAND "</star>", "rules/rulebook.xml:2", "colour");
	world_refuses(world, "<star id=\"star\"><itme/></star>", "rules/rulebook.xml:2", "itme");
}

static void doctype_is_refused(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	world_write(world, "rules/rulebook.xml",
		"<!DOCTYPE rulebook [<!ENTITY x \"y\">]>\n<rulebook xmlns=\"urn:pandian:rules:1\" id=\"a\" "
		"version=\"1\"/>");
	assert_null(rules_load(world->folder, &err));
	assert_int_equal(err.status, STATUS_CONFIG);
	assert_non_null(strstr(err.text, "rules/rulebook.xml:1"));
}

static void a_rulebook_needs_id_and_version(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	world_write(world, "rules/rulebook.xml", "<rulebook xmlns=\"urn:pandian:rules:1\" id=\"a\"/>");
	assert_null(rules_load(world->folder, &err));
	assert_int_equal(err.status, STATUS_CONFIG);
	assert_non_null(strstr(err.text, "version"));
}

static void weights_must_sum_to_one(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<star id=\"star\">\n<item id=\"a\" value='performance(\"qa\")' weight=\"0.6\"/>\n"
		"<item id=\"b\" value='performance(\"fcr\")' weight=\"0.35\"/>" BAND "</star>",
		"rules/rulebook.xml:2", "0.95");
	world_rules(world, "<star id=\"star\"><item id=\"a\" value='performance(\"qa\")' weight=\"65%\"/>"
			   "<item id=\"b\" value='performance(\"fcr\")' weight=\"0.35\"/>" BAND "</star>");
}

static void type_errors_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<star id=\"star\">\n<item id=\"a\" value='performance(\"qa\") + hire date' weight=\"1\"/>" BAND
		"</star>",
		"rules/rulebook.xml:3", "");
	world_refuses(world, "<star id=\"star\">\n<item id=\"a\" value='name' weight=\"1\"/>" BAND "</star>",
		"rules/rulebook.xml:3", "");
	world_refuses(world, "<credits id=\"c\" window=\"P24M\">\n<band when=\"score + 1\" factor=\"2\"/></credits>",
		"rules/rulebook.xml:3", "");
}

static void unknown_names_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<star id=\"star\">\n<item id=\"a\" value='credits.roling' weight=\"1\"/>" BAND
		"</star>\n<credits id=\"credits\" window=\"P24M\"/>",
		"rules/rulebook.xml:3", "credits.roling");
	world_refuses(world,
		"<credits id=\"c\" window=\"P24M\">\n<category id=\"a\" match='course.kind = \"x\"'/></credits>",
		"rules/rulebook.xml:3", "course.kind");
}

static void protected_attributes_never_grade(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<star id=\"star\">\n<item id=\"a\" value='if gender = \"女\" then 100 else 90' weight=\"1\"/>" BAND
		"</star>",
		"rules/rulebook.xml:3", "protected");
	world_refuses(world,
		"<star id=\"star\">\n<item id=\"a\" value='years and months duration(birth date, as of).years' "
		"weight=\"1\"/>" BAND "</star>",
		"rules/rulebook.xml:3", "protected");
	world_refuses(
		world, "<star id=\"star\" scope=\"gender\">" ITEM BAND "</star>", "rules/rulebook.xml:2", "protected");
	/* others by the rulebook */
	const char *by_site =
		"<star id=\"star\"><item id=\"a\" value='if site = \"成都\" then 100 else 90' weight=\"1\"/>" BAND
		"</star>";
	world_rules(world, by_site);
	world_refuses(world, arena_printf(&world->arena, "<protected fields=\"education site\"/>\n%s", by_site),
		"rules/rulebook.xml:3", "protected");
	world_refuses(world, "<protected fields=\"shoe_size\"/>", "rules/rulebook.xml:2", "shoe_size");
}

static void cycles_are_named(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<star id=\"a\"><item id=\"x\" value=\"b.composite\" weight=\"1\"/>" BAND "</star>\n"
		"<star id=\"b\"><item id=\"x\" value=\"a.composite\" weight=\"1\"/>" BAND "</star>",
		"rules/rulebook.xml:2", "a (rules/rulebook.xml:2) needs b (rules/rulebook.xml:4) needs a");
	world_refuses(world, "<star id=\"a\"><item id=\"x\" value=\"a.composite\" weight=\"1\"/>" BAND "</star>",
		"rules/rulebook.xml:2", "cycle");
	/* the order in the file does not matter, and the previous period is no cycle */
	world_rules(world, "<star id=\"b\"><item id=\"x\" value=\"a.composite\" weight=\"1\"/>" BAND "</star>\n"
			   "<star id=\"a\"><item id=\"x\" value=\"credits.rolling\" weight=\"0.5\"/><item id=\"y\" "
			   "value=\"previous.a.composite\" weight=\"0.5\"/>" BAND "</star>\n"
			   "<credits id=\"credits\" window=\"P24M\"/>");
}

static void bands_must_be_in_order(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<star id=\"star\">" ITEM "<band star=\"3\" from=\"80\"/>\n<band star=\"2\" from=\"85\"/>" BAND
		"</star>",
		"rules/rulebook.xml:", "disorder");
	world_refuses(world,
		"<star id=\"star\">" ITEM "<band star=\"1\" from=\"0\"/><band star=\"1\" from=\"50\"/></star>",
		"rules/rulebook.xml:", "two bands");
	world_refuses(world, "<star id=\"star\">" ITEM "<band star=\"1\" from=\"10\"/></star>",
		"rules/rulebook.xml:", "lowest band");
	world_refuses(world,
		"<star id=\"star\">" ITEM BAND
		"<band star=\"2\" from=\"50\"><floor item=\"zz\" from=\"1\"/></band></star>",
		"rules/rulebook.xml:", "zz");
}

static void what_is_not_there_yet_is_said_so(void **state)
{
	struct world *world = *state;
	world_refuses(world, "<credits id=\"c\" window=\"P24M\">\n<extra id=\"teaching\"/></credits>",
		"rules/rulebook.xml:3", "not supported yet");
}

static void ids_are_taken_once(void **state)
{
	struct world *world = *state;
	world_refuses(world, "<credits id=\"c\" window=\"P24M\"/>\n<credits id=\"c\" window=\"P12M\"/>",
		"rules/rulebook.xml:3", "taken");
	world_refuses(world,
		"<credits id=\"c\" window=\"P24M\"><category id=\"a\" match=\"true\"/>\n<category id=\"a\" "
		"match=\"true\"/></credits>",
		"rules/rulebook.xml:3", "twice");
}

static void unreachable_minimum_is_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<credits id=\"c\" window=\"P24M\">\n<category id=\"a\" match=\"true\" minimum=\"20\" "
		"cap=\"10\"/></credits>",
		"rules/rulebook.xml:3", "above the cap");
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_sound_rulebook_loads),
		T(included_files_belong_to_the_rulebook),
		T(unknown_elements_are_refused),
		T(doctype_is_refused),
		T(a_rulebook_needs_id_and_version),
		T(weights_must_sum_to_one),
		T(type_errors_are_refused),
		T(unknown_names_are_refused),
		T(protected_attributes_never_grade),
		T(cycles_are_named),
		T(bands_must_be_in_order),
		T(what_is_not_there_yet_is_said_so),
		T(ids_are_taken_once),
		T(unreachable_minimum_is_refused),
	};
	return cmocka_run_group_tests_name("rules: loading", tests, NULL, NULL);
}
