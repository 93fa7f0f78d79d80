/*
 * test_rules_decision.c - what people decide on readiness, boxes and plans, beside what is computed. As-of 2026-09-30.
 */
#include "rules_world.h"

static void person(struct world *world, const char *id, const char *level)
{
	world_add(world, FEED_EMPLOYEE,
		arena_printf(&world->arena, "employee_id=%s;name=员工%s;org_unit=T1;position=%s;level=%s;hire_date=2024-01-01",
			id, id, level, level));
}

static void decide(struct world *world, const char *who, const char *field, const char *value, const char *on,
	const char *expires)
{
	world_add(world, FEED_DECISION,
		arena_printf(&world->arena, "employee_id=%s;field=%s;value=%s;reason=评议;decided_by=周敏;decided_on=%s%s%s", who,
			field, value, on, *expires != '\0' ? ";expires_on=" : "", expires));
}

static void centre(struct world *world)
{
	static const char *const positions[] = { "P1", "P2", "P3" };
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	for (size_t i = 0; i < 3; i++)
		world_add(
			world, FEED_POSITION, arena_printf(&world->arena, "position_id=%s;title=%s", positions[i], positions[i]));
}

static uint64_t bad(struct world *world, const char *text)
{
	uint64_t count = 0;
	for (size_t i = 0; i < world->findings.count; i++)
		count += world->findings.at[i].id == FINDING_BAD_DECISION && strcmp(world->findings.at[i].text, text) == 0;
	return count;
}

/* The rows of a person in the first block of a list table: the columns named, joined by " | ". */
static const char *rows(struct world *world, const char *name, const char *employee, const char *const *columns)
{
	struct err err = { 0 };
	struct frame frame;
	struct str out = { 0 };
	bool found = false;
	const struct result_table *table = result_table(&world->directory, name);
	world_check(store_result_get(world->store, world->run.run, (uint32_t)(table - world->directory.tables), 0, NULL, 0,
					&world->arena, &frame, &found, &err),
		&err);
	for (uint32_t row = 0; found && row < frame.count; row++) {
		if (strcmp(world_show(world, &frame, table, 0, row), employee) != 0)
			continue;
		for (size_t k = 0; columns[k] != NULL; k++) {
			uint32_t index = 0;
			assert_non_null(result_column(table, columns[k], &index));
			str_printf(&out, "%s%s", k > 0 ? " | " : "", world_show(world, &frame, table, index, row));
		}
		str_add_char(&out, '\n');
	}
	const char *text = arena_text(&world->arena, str_text(&out));
	str_release(&out);
	return text;
}

/* --- readiness --- */
#define LADDER \
	"<ladder id=\"promotion\"><track id=\"pro\"><step id=\"P1\" position=\"P1\"/>" \
	"<step id=\"P2\" position=\"P2\" after=\"P1\"><gate id=\"g\" have='performance(\"qa\")' need=\"80\"/></step>" \
	"<step id=\"P3\" position=\"P3\" after=\"P1 P2\"><gate id=\"g\" have='performance(\"qa\")' need=\"80\" pace=\"10\"/>" \
	"</step></track></ladder><pool id=\"pool\"/>"

static void rate(struct world *world, const char *who, const char *value)
{
	world_add(world, FEED_PERFORMANCE,
		arena_printf(&world->arena, "employee_id=%s;period=2026-09-30;kind=qa;value=%s", who, value));
}

static void readiness_is_decided_beside_the_computed(void **state)
{
	struct world *world = *state;
	static const char *const shown[] = { "target", "class", "unmet", "earliest", "nearest", "computed", "decided", NULL };
	centre(world);
	for (int i = 1; i <= 5; i++)
		person(world, arena_printf(&world->arena, "E%d", i), i == 5 ? "P2" : "P1");
	for (int i = 1; i <= 5; i++)
		rate(world, arena_printf(&world->arena, "E%d", i), "75");
	decide(world, "E1", "promotion.P2", "now", "2026-09-01", "");
	decide(world, "E2", "promotion.P3", "later", "2026-08-01", "");
	decide(world, "E2", "promotion.P3", "1-2-years", "2026-09-01", "2026-09-30");
	decide(world, "E3", "promotion.P3", "now", "2026-09-01", "2026-09-29");
	decide(world, "E4", "promotion.P2", "soon", "2026-09-01", "");
	decide(world, "E5", "promotion.P2", "now", "2026-09-01", "");
	decide(world, "E5", "promotion.P9", "now", "2026-09-01", "");
	decide(world, "E5", "promotion.", "now", "2026-09-01", "");
	world_rules(world, LADDER);
	world_run(world);
	/* the decided step is now the nearest, with the as-of date; the gate stays unmet */
	assert_string_equal(rows(world, "readiness", "E1", shown),
		"P2 | now | 1 | 2026-09-30 | yes | undated | now · 周敏 · 2026-09-01 · 评议\n"
		"P3 | within-1-year | 1 | 2027-04-01 | no | within-1-year | \n");
	world_expect(world, "E1", "promotion.pro.class", "now");
	world_expect(world, "E1", "promotion.pro.computed", "undated");
	world_expect(world, "E1", "promotion.decided", "P2: now · 周敏 · 2026-09-01 · 评议");
	/* of two in force the newer; the computed date stays */
	assert_string_equal(rows(world, "readiness", "E2", shown),
		"P2 | undated | 1 |  | no | undated | \n"
		"P3 | 1-2-years | 1 | 2027-04-01 | yes | within-1-year | 1-2-years · 周敏 · 2026-09-01 · 评议\n");
	/* over already; no class; no step that comes next */
	world_expect(world, "E3", "promotion.pro.class", "within-1-year");
	world_expect(world, "E3", "promotion.decided", "");
	world_expect(world, "E4", "promotion.decided", "");
	world_expect(world, "E5", "promotion.decided", "");
	assert_int_equal(world_findings(world, FINDING_EXPIRED_DECISION), 1);
	assert_int_equal(world_findings(world, FINDING_BAD_DECISION), 4);
	assert_int_equal(bad(world, "soon"), 1);
	assert_int_equal(bad(world, "now"), 2); /* P2 is behind E5, P9 nowhere */
	assert_int_equal(bad(world, "promotion."), 1); /* about nothing */
	/* the pool follows the decision */
	assert_non_null(strstr(world_table(world, "pool"), "P2 | E1 | now | 0 | 1 | 2026-09-30\n"));
	assert_null(strstr(world_table(world, "pool"), "P3 | E2"));
	assert_non_null(strstr(world_explain(world, "E1", "promotion", TEXT_EN), "decision (P2): now · 周敏"));
	assert_non_null(strstr(world_explain(world, "E2", "promotion", TEXT_EN), "a newer one is in force"));
	assert_non_null(strstr(world_explain(world, "E3", "promotion", TEXT_EN), "expired, not applied"));
	assert_non_null(strstr(world_explain(world, "E4", "promotion", TEXT_EN), "cannot be applied"));
}

/* --- nine-box --- */
static void a_box_is_decided_beside_the_computed(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 1; i <= 4; i++)
		person(world, arena_printf(&world->arena, "E%d", i), "P1");
	world_add(world, FEED_EMPLOYEE,
		"employee_id=E5;name=员工;org_unit=T1;position=P1;hire_date=2024-01-01;leave_date=2026-03-31");
	rate(world, "E1", "2");
	rate(world, "E2", "2");
	decide(world, "E1", "nine-box", "9", "2026-09-01", "2026-09-30");
	decide(world, "E2", "nine-box", "10", "2026-09-01", "");
	decide(world, "E3", "nine-box", "4", "2026-09-01", ""); /* nobody rated E3 */
	decide(world, "E4", "nine-box", "5", "2026-06-01", "2026-06-30"); /* ended before the period: not told again */
	decide(world, "E5", "nine-box", "5", "2026-09-01", "");
	world_rules(world,
		"<nine-box id=\"nine-box\" performance='performance(\"qa\")' potential='performance(\"qa\")' cuts=\"2.5 3.5\"/>");
	world_run(world);
	world_expect(world, "E1", "nine-box", "9");
	world_expect(world, "E1", "nine-box.computed", "1");
	world_expect(world, "E1", "nine-box.performance", "1");
	world_expect(world, "E1", "nine-box.decided", "9 · 周敏 · 2026-09-01 · 评议");
	world_expect(world, "E2", "nine-box", "1");
	world_expect(world, "E2", "nine-box.decided", "");
	world_expect(world, "E3", "nine-box", "4");
	world_expect(world, "E3", "nine-box.computed", "(unrated)");
	world_expect(world, "E4", "nine-box", "(unrated)");
	world_expect(world, "E5", "nine-box", "(left)");
	assert_int_equal(bad(world, "10"), 1);
	assert_int_equal(world_findings(world, FINDING_EXPIRED_DECISION), 0);
	/* the movement is that of the effective boxes */
	assert_non_null(strstr(world_table(world, "nine-box.movement"), "no-previous | 9 | 1\n"));
	assert_non_null(strstr(world_table(world, "nine-box.movement"), "no-previous | 4 | 1\n"));
	assert_non_null(strstr(world_explain(world, "E1", "nine-box", TEXT_EN), "box 1"));
	assert_non_null(strstr(world_explain(world, "E1", "nine-box", TEXT_EN), "decision: 9 · 周敏"));
}

/* --- plans --- */
#define PLANS \
	"<competencies id=\"competency\"><module id=\"m\"/><competency id=\"C1\" module=\"m\" ksao=\"K\"/>" \
	"<evidence kind=\"boss\" weight=\"1\"/><model id=\"M\" level=\"P1\"><need competency=\"C1\" level=\"4\" " \
	"weight=\"1\"/></model></competencies><idp id=\"idp\" due=\"P2M\" hours-per-week=\"7\">" \
	"<activity id=\"mentor\" kind=\"mentoring\" when='level = \"P1\"'/><activity id=\"rotate\" kind=\"rotation\" " \
	"when=\"false\"/></idp>"

static void items_are_added_dropped_and_dated(void **state)
{
	struct world *world = *state;
	static const char *const shown[] = { "number", "kind", "course", "activity", "due date", "status", "computed due",
		"decided", NULL };
	static const char *const courses[] = { "A", "B", "H" };
	centre(world);
	for (size_t i = 0; i < 3; i++)
		world_add(world, FEED_COURSE,
			arena_printf(&world->arena, "course_id=%s;title=课%s;category=x;credits=1;hours=3%s", courses[i], courses[i],
				i == 0 ? ";required_for=P1" : ""));
	person(world, "E1", "P1");
	person(world, "E2", "P1");
	person(world, "E3", "P1");
	world_add(world, FEED_COMPLETION, "employee_id=E2;course_id=H;completed_on=2026-09-01;result=passed");
	decide(world, "E1", "idp.A", "2026-12-31", "2026-09-01", "");
	decide(world, "E1", "idp.mentor", "drop", "2026-09-01", "");
	decide(world, "E1", "idp.rotate", "add", "2026-09-01", "");
	decide(world, "E1", "idp.B", "2026-09-15", "2026-09-02", "");
	decide(world, "E1", "idp.H", "drop", "2026-09-02", ""); /* it is not in the plan: nothing to do, nothing to tell */
	decide(world, "E2", "idp.H", "add", "2026-09-01", "");
	decide(world, "E2", "idp.A", "drop", "2026-09-01", "2026-09-20");
	decide(world, "E3", "idp.NONE", "add", "2026-09-01", "");
	decide(world, "E3", "idp.A", "perhaps", "2026-09-01", "");
	decide(world, "E3", "bonus", "9", "2026-09-01", "");
	world_rules(world, PLANS);
	world_run(world);
	assert_string_equal(rows(world, "idp", "E1", shown),
		"1 | assess-first |  |  | 2026-11-30 | new |  | \n"
		"2 | required | A |  | 2026-12-31 | new | 2026-10-03 | 2026-12-31 · 周敏 · 2026-09-01 · 评议\n"
		"3 | mentoring |  | mentor | 2026-11-30 | dropped |  | drop · 周敏 · 2026-09-01 · 评议\n"
		"4 | course | B |  | 2026-09-15 | overdue |  | 2026-09-15 · 周敏 · 2026-09-02 · 评议\n"
		"5 | rotation |  | rotate | 2026-11-30 | new |  | add · 周敏 · 2026-09-01 · 评议\n");
	world_expect(world, "E1", "idp.items", "4"); /* what is dropped does not count */
	world_expect(world, "E1", "idp.overdue", "1");
	assert_string_equal(rows(world, "idp", "E2", shown),
		"1 | assess-first |  |  | 2026-11-30 | new |  | \n"
		"2 | required | A |  | 2026-10-03 | new |  | \n"
		"3 | mentoring |  | mentor | 2026-11-30 | new |  | \n"
		"4 | course | H |  | 2026-11-30 | done |  | add · 周敏 · 2026-09-01 · 评议\n");
	world_expect(world, "E3", "idp.items", "3");
	assert_int_equal(world_findings(world, FINDING_EXPIRED_DECISION), 1);
	assert_int_equal(bad(world, "add"), 1); /* no such course */
	assert_int_equal(bad(world, "perhaps"), 1);
	assert_int_equal(bad(world, "bonus"), 1); /* told as a field */
	assert_non_null(strstr(world_explain(world, "E1", "idp", TEXT_EN), "decision (mentor): drop · 周敏"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
	const struct CMUnitTest tests[] = {
		TEST(readiness_is_decided_beside_the_computed),
		TEST(a_box_is_decided_beside_the_computed),
		TEST(items_are_added_dropped_and_dated),
	};
	return cmocka_run_group_tests_name("rules: decisions", tests, NULL, NULL);
}
