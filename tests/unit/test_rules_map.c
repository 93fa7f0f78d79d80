/*
 * test_rules_map.c - learning maps: which map a person follows, what they hold of it, what is refused and told.
 */
#include "rules_world.h"

#define MAPS \
	"<learning-map id=\"map\">\n" \
	"<map family=\"calls\" positions=\"P1 L2\"><title xml:lang=\"en\">Calls</title>\n" \
	"<topic id=\"t\" junior=\"A B\" senior=\"C  NONE\"><title xml:lang=\"zh-CN\">业务</title></topic>\n" \
	"<topic id=\"u\" middle=\"A\"/></map>\n" \
	"<map family=\"desk\" positions=\"P2\"><topic id=\"t\" middle=\"C\"/></map></learning-map>"

static void centre(struct world *world)
{
	static const char *const courses[] = { "A", "B", "C" };
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
	world_add(world, FEED_POSITION, "position_id=P2;title=文员");
	world_add(world, FEED_POSITION, "position_id=P3;title=其他");
	for (size_t i = 0; i < 3; i++)
		world_add(world, FEED_COURSE,
			arena_printf(&world->arena, "course_id=%s;title=课%s;category=x;credits=1", courses[i], courses[i]));
	world_add(world, FEED_EMPLOYEE, "employee_id=E1;name=甲;hire_date=2020-01-01;org_unit=T1;position=P1;level=L1");
	/* the position goes before the level */
	world_add(world, FEED_EMPLOYEE, "employee_id=E2;name=乙;hire_date=2020-01-01;org_unit=T1;position=P2;level=L2");
	world_add(world, FEED_EMPLOYEE, "employee_id=E3;name=丙;hire_date=2020-01-01;org_unit=T1;position=P3;level=L2");
	world_add(world, FEED_EMPLOYEE, "employee_id=E4;name=丁;hire_date=2020-01-01;org_unit=T1;position=P3;level=L9");
	world_add(world, FEED_EMPLOYEE,
		"employee_id=E5;name=戊;hire_date=2020-01-01;leave_date=2026-01-31;org_unit=T1;position=P1;level=L1");
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=A;completed_on=2026-09-01;result=passed");
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=C;completed_on=2026-09-01;result=failed");
	world_add(world, FEED_COMPLETION, "employee_id=E2;course_id=A;completed_on=2026-09-01;result=passed");
}

static void a_person_follows_the_map_of_the_position(void **state)
{
	struct world *world = *state;
	centre(world);
	world_rules(world, MAPS);
	world_run(world);
	world_expect(world, "E1", "map.family", "calls");
	world_expect(world, "E1", "map.courses", "3"); /* A in two topics counts once, NONE not at all */
	world_expect(world, "E1", "map.held", "1");
	world_expect(world, "E2", "map.family", "desk");
	world_expect(world, "E2", "map.held", "0"); /* A is not on this map */
	world_expect(world, "E3", "map.family", "calls");
	world_expect(world, "E4", "map.family", "(no-value)");
	world_expect(world, "E4", "map.held", "(no-value)");
	world_expect(world, "E5", "map.family", "(left)");
	assert_string_equal(world_table(world, "map"),
		"calls | calls.t | junior | A\ncalls | calls.t | junior | B\ncalls | calls.t | senior | C\n"
		"calls | calls.u | middle | A\ndesk | desk.t | middle | C\n");
	assert_non_null(strstr(world_explain(world, "E1", "map", TEXT_EN), "业务 · Junior · A 课A: held"));
}

/* What a section that draws the map reads: the members. */
static void the_maps_stand_in_the_directory(void **state)
{
	struct world *world = *state;
	const struct result_member *found = NULL;
	centre(world);
	world_rules(world, MAPS);
	world_run(world);
	for (size_t i = 0; i < world->directory.member_count; i++)
		if (strcmp(world->directory.members[i].list, "map-topic") == 0 && found == NULL)
			found = &world->directory.members[i];
	assert_non_null(found);
	assert_string_equal(found->id, "calls.t");
	assert_string_equal(found->title.zh, "业务");
	assert_string_equal(found->values, "{\"family\":\"calls\",\"junior\":\"A B\",\"middle\":\"\",\"senior\":\"C NONE\"}");
}

static void a_course_the_catalogue_lacks_is_told(void **state)
{
	struct world *world = *state;
	centre(world);
	world_rules(world, MAPS);
	world_run(world);
	assert_int_equal(world_findings(world, FINDING_UNKNOWN_REFERENCE), 1);
	for (size_t i = 0; i < world->findings.count; i++)
		if (world->findings.at[i].id == FINDING_UNKNOWN_REFERENCE) {
			assert_string_equal(world->findings.at[i].file, "rules/rulebook.xml");
			assert_int_equal(world->findings.at[i].row, 4);
			assert_string_equal(world->findings.at[i].column, "senior");
			assert_string_equal(world->findings.at[i].text, "NONE");
		}
}

#define MAP(inside) "<learning-map id=\"map\"><map family=\"f\" positions=\"P1\">" inside "</map></learning-map>"

static void what_is_no_map_is_refused(void **state)
{
	struct world *world = *state;
	const char *at = "rules/rulebook.xml:2";
	world_refuses(world, "<learning-map id=\"map\"/>", at, "map");
	world_refuses(world, MAP(""), at, "topic");
	world_refuses(world, MAP("<topic id=\"t\"/>"), at, "no course");
	world_refuses(world, MAP("<topic id=\"t\" junior=\"A\"/><topic id=\"t\" senior=\"B\"/>"), at, "twice");
	world_refuses(world, MAP("<topic id=\"t\" junior=\"A\" senior=\"A\"/>"), at, "\"A\" stands twice");
	world_refuses(world, MAP("<topic id=\"t\" expert=\"A\"/>"), at, "expert");
	world_refuses(world,
		"<learning-map id=\"map\"><map family=\"f\" positions=\"P1\"><topic id=\"t\" junior=\"A\"/></map>\n"
		"<map family=\"f\" positions=\"P2\"><topic id=\"t\" junior=\"A\"/></map></learning-map>",
		"rules/rulebook.xml:3", "\"f\" has two maps");
	world_refuses(world,
		"<learning-map id=\"map\"><map family=\"f\" positions=\"P1\"><topic id=\"t\" junior=\"A\"/></map>\n"
		"<map family=\"g\" positions=\"P1\"><topic id=\"t\" junior=\"A\"/></map></learning-map>",
		"rules/rulebook.xml:3", "\"P1\" follows the map of \"f\"");
	world_refuses(world, MAP("<topic id=\"t\" junior=\"A\"/>") "<learning-map id=\"more\"><map family=\"g\" "
			"positions=\"P2\"><topic id=\"t\" junior=\"A\"/></map></learning-map>", at, "one <learning-map> only");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(a_person_follows_the_map_of_the_position),
		TEST(the_maps_stand_in_the_directory),
		TEST(a_course_the_catalogue_lacks_is_told),
		TEST(what_is_no_map_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
