/*
 * test_rules_held.c - courses held at the as-of date and what rules may ask about them.
 */
#include "rules_world.h"

#include "rules/held.h"

static void centre(struct world *world)
{
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
	for (int i = 1; i <= 3; i++)
		world_add(world, FEED_EMPLOYEE,
			arena_printf(&world->arena, "employee_id=E%d;name=甲;hire_date=2020-01-01;org_unit=T1;position=P1", i));
	world_add(world, FEED_COURSE, "course_id=A;title=合规;category=x;credits=1;valid_months=12;required_for=P1、P2");
	world_add(world, FEED_COURSE, "course_id=B;title=沟通;category=x;credits=1;required_for=P2");
	world_add(world, FEED_COURSE, "course_id=C;title=系统;category=x;credits=1;required_for=P21");
}

/* One star a rule can give: 100 where the condition holds, 50 where it does not, none where it is null. */
#define ASK(expr) \
	"<star id=\"star\"><item id=\"x\" value='if (" expr ") = true then 100 else if (" expr \
	") = false then 50 else null' weight=\"1\"/><band star=\"2\" from=\"60\"/><band star=\"1\" from=\"0\"/></star>"
#define NUMBER(expr) \
	"<star id=\"star\"><item id=\"x\" value='" expr "' weight=\"1\"/><band star=\"1\" from=\"0\"/></star>"

static void a_course_is_held_until_its_newest_pass_expires(void **state)
{
	struct world *world = *state;
	centre(world);
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=A;completed_on=2025-09-30;result=passed");
	world_add(world, FEED_COMPLETION, "employee_id=E2;course_id=A;completed_on=2024-01-01;result=passed");
	world_add(world, FEED_COMPLETION, "employee_id=E2;course_id=A;completed_on=2025-10-01;result=passed");
	world_add(world, FEED_COMPLETION, "employee_id=E3;course_id=A;completed_on=2026-09-01;result=failed");
	world_rules(world, ASK("held(\"A\")"));
	world_run(world);
	world_expect(world, "E1", "star", "1"); /* over on the as-of date */
	world_expect(world, "E2", "star", "2"); /* its last day */
	world_expect(world, "E3", "star", "1");
	assert_non_null(
		strstr(world_explain(world, "E2", "star", TEXT_EN), "held(\"A\") = true  [inputs/completion.csv:4]"));
}

static void an_unknown_course_is_neither_held_nor_missing(void **state)
{
	struct world *world = *state;
	centre(world);
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=A;completed_on=2026-09-01;result=passed");
	world_rules(world, ASK("held(\"Z\")"));
	world_run(world);
	world_expect(world, "E1", "star", "(too-little-data)");
}

static void without_completions_nothing_is_said(void **state)
{
	struct world *world = *state;
	centre(world);
	world_rules(world, ASK("held(\"A\")"));
	world_run(world);
	world_expect(world, "E1", "star", "(too-little-data)");
}

static void required_courses_are_counted(void **state)
{
	struct world *world = *state;
	centre(world);
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=A;completed_on=2026-09-01;result=passed");
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=C;completed_on=2026-09-01;result=passed");
	world_add(world, FEED_COMPLETION, "employee_id=E2;course_id=B;completed_on=2026-09-01;result=failed");
	world_rules(world, NUMBER("10 * required courses(\"P2\") + required courses total(\"P2\")"));
	world_run(world);
	world_expect(world, "E1", "star.x.value", "12");
	world_expect(world, "E2", "star.x.value", "22");
}

static void wrong_questions_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world, NUMBER("required courses(2)"), "rules/rulebook.xml:2", "wrong arguments");
	world_refuses(world, NUMBER("held(\"A\")"), "rules/rulebook.xml:2", "boolean");
}

static void ids_in_texts(void **state)
{
	const char *list = " KC001;KC002、 KC003，KC004 ", *id;
	size_t length;
	char found[64] = "";
	(void)state;
	while ((length = text_next_id(&list, &id)) > 0) {
		strncat(found, id, length);
		strncat(found, "|", 2);
	}
	assert_string_equal(found, "KC001|KC002|KC003|KC004|");
	assert_true(held_list_has("P1/P2", "P2"));
	assert_false(held_list_has("P21 P1", "P2"));
	assert_false(held_list_has(NULL, "P2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_course_is_held_until_its_newest_pass_expires, world_open, world_close),
		cmocka_unit_test_setup_teardown(an_unknown_course_is_neither_held_nor_missing, world_open, world_close),
		cmocka_unit_test_setup_teardown(without_completions_nothing_is_said, world_open, world_close),
		cmocka_unit_test_setup_teardown(required_courses_are_counted, world_open, world_close),
		cmocka_unit_test_setup_teardown(wrong_questions_are_refused, world_open, world_close),
		cmocka_unit_test(ids_in_texts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
