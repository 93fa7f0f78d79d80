/*
 * test_rules_honour_roll.c - honour rolls by hand-computed cases: ranks, ties, minimum, top, scopes, names hidden.
 */
#include "rules_world.h"

static void person(struct world *world, const char *id, const char *name, const char *unit, const char *points)
{
	world_add(world, FEED_EMPLOYEE,
		arena_printf(&world->arena, "employee_id=%s;name=%s;hire_date=2020-01-01;org_unit=%s;position=P1", id, name,
			unit));
	if (points != NULL)
		world_add(world, FEED_PERFORMANCE,
			arena_printf(&world->arena, "employee_id=%s;period=2026-09-30;kind=points;value=%s", id, points));
}

static void centre(struct world *world)
{
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_ORG_UNIT, "org_id=T2;name=二组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
	person(world, "E6", "钱六", "T1", "9"); /* loaded first: order of loading does not count */
	person(world, "E1", "王一", "T1", "12");
	person(world, "E2", "欧阳二二", "T1", "12");
	person(world, "E3", "李", "T1", "10.001");
	person(world, "E4", "赵四", "T1", "10");
	person(world, "E5", "孙五", "T1", "9");
	person(world, "E7", "周七", "T1", "4.99");
	person(world, "E8", "吴八", "T1", NULL);
	person(world, "F1", "郑一", "T2", "5");
	world_add(world, FEED_EMPLOYEE,
		"employee_id=F2;name=离职;hire_date=2020-01-01;leave_date=2026-09-29;org_unit=T2;position=P1");
	world_add(world, FEED_PERFORMANCE, "employee_id=F2;period=2026-09-30;kind=points;value=50");
}

static void ranks_show_ties_and_end_at_the_top(void **state)
{
	struct world *world = *state;
	centre(world);
	world_rules(world, "<honour-roll id=\"honour-roll\" value='performance(\"points\")' minimum=\"5\" top=\"5\"/>");
	world_run(world);
	/* 12, 12, 10.001, 10, 9, 9: the two of 9 are tied at rank 5, both stand; 4.99 is below the minimum */
	assert_string_equal(world_table(world, "honour-roll"),
		"一组 | 1 | E1 | 王一 | 12 | yes\n一组 | 1 | E2 | 欧阳二二 | 12 | yes\n"
		"一组 | 3 | E3 | 李 | 10 | no\n一组 | 4 | E4 | 赵四 | 10 | no\n"
		"一组 | 5 | E5 | 孙五 | 9 | yes\n一组 | 5 | E6 | 钱六 | 9 | yes\n"
		"二组 | 1 | F1 | 郑一 | 5 | no\n");
	world_rules(world, "<honour-roll id=\"honour-roll\" value='performance(\"points\")' top=\"2\" scope=\"all\"/>");
	world_run(world);
	assert_string_equal(
		world_table(world, "honour-roll"), " | 1 | E1 | 王一 | 12 | yes\n | 1 | E2 | 欧阳二二 | 12 | yes\n");
}

static void names_may_be_hidden(void **state)
{
	struct world *world = *state;
	centre(world);
	world_rules(world,
		"<honour-roll id=\"wall\" value='performance(\"points\")' minimum=\"10.001\" anonymous=\"yes\"/>");
	world_run(world);
	assert_string_equal(world_table(world, "wall"),
		"一组 | 1 |  | 王* | 12 | yes\n一组 | 1 |  | 欧** | 12 | yes\n一组 | 3 |  | 李 | 10 | no\n");
}

/* A roll by stars waits until binding quotas have given their seats. */
static void a_roll_may_rank_by_stars(void **state)
{
	struct world *world = *state;
	centre(world);
	world_rules(world,
		"<honour-roll id=\"roll\" value=\"star\" minimum=\"2\" scope=\"all\"/>"
		"<star id=\"star\" scope=\"all\"><item id=\"points\" value='performance(\"points\")' zero=\"0\" full=\"12\" "
		"weight=\"1\"/><band star=\"2\" from=\"50\"/><band star=\"1\" from=\"0\"/>"
		"<quota star=\"2\" share=\"25%\"/></star>");
	world_run(world);
	/* 8 graded, 2 seats, 12 and 12 */
	assert_string_equal(
		world_table(world, "roll"), " | 1 | E1 | 王一 | 2 | yes\n | 1 | E2 | 欧阳二二 | 2 | yes\n");
}

static void mistakes_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world, "<honour-roll id=\"r\" value=\"name\"/>", "rulebook.xml:2", "number");
	world_refuses(world, "<honour-roll id=\"r\" value='performance(\"a\")' top=\"0\"/>", "rulebook.xml:2", "top=\"0\"");
	world_refuses(world, "<honour-roll id=\"r\" value='performance(\"a\")' scope=\"gender\"/>", "rulebook.xml:2",
		"protected");
	world_refuses(world, "<honour-roll id=\"r\" value='performance(\"a\")' scope=\"hire_date\"/>", "rulebook.xml:2",
		"hire_date");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
		TEST(ranks_show_ties_and_end_at_the_top),
		TEST(names_may_be_hidden),
		TEST(a_roll_may_rank_by_stars),
		TEST(mistakes_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
