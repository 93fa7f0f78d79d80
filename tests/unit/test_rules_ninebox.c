/*
 * test_rules_ninebox.c - the nine-box by hand-computed cases: cut points, states and their order, movement between
 * periods, refusals. As-of is 2026-09-30.
 */
#include "rules_world.h"

static void person(struct world *world, const char *id, const char *hired)
{
	world_add(world, FEED_EMPLOYEE,
		arena_printf(&world->arena, "employee_id=%s;name=员工%s;org_unit=T1;position=P1;hire_date=%s", id, id, hired));
}

static void rate(struct world *world, const char *id, const char *day, const char *performance, const char *potential)
{
	const char *const kinds[] = { "perf", "pot" }, *const values[] = { performance, potential };
	for (int k = 0; k < 2; k++)
		if (values[k] != NULL)
			world_add(world, FEED_PERFORMANCE,
				arena_printf(&world->arena, "employee_id=%s;period=%s;kind=%s;value=%s", id, day, kinds[k], values[k]));
}

#define AXES "id=\"nine-box\" performance='performance(\"perf\")' potential='performance(\"pot\")'"

static void boxes_include_their_lower_bound(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *perf, *pot, *box, *performance, *potential;
	} cases[] = { { "1", "1", "1", "1", "1" }, { "2.4999", "1", "1", "1", "1" }, { "2.5", "1", "2", "2", "1" },
		{ "3.4999", "2.5", "5", "2", "2" }, { "3.5", "2.5", "6", "3", "2" }, { "2.5", "3.5", "8", "2", "3" },
		{ "5", "5", "9", "3", "3" }, { "1", "5", "7", "1", "3" }, { "5", "1", "3", "3", "1" },
		{ "5.0001", "5", "(insufficient)", "(no-value)", "3" },
		{ "1", "0.9999", "(insufficient)", "1", "(no-value)" } };
	size_t count = sizeof cases / sizeof cases[0];
	for (size_t i = 0; i < count; i++) {
		const char *id = arena_printf(&world->arena, "E%02zu", i);
		person(world, id, "2020-01-01");
		rate(world, id, "2026-09-30", cases[i].perf, cases[i].pot);
	}
	world_rules(world, "<nine-box " AXES " cuts=\"2.5 3.5\" scale=\"1 5\"/>");
	world_run(world);
	for (size_t i = 0; i < count; i++) {
		const char *id = arena_printf(&world->arena, "E%02zu", i);
		world_expect(world, id, "nine-box", cases[i].box);
		world_expect(world, id, "nine-box.performance", cases[i].performance);
		world_expect(world, id, "nine-box.potential", cases[i].potential);
	}
	/* an axis may have its own cut points */
	world_rules(world, "<nine-box " AXES " cuts=\"2.5 3.5\" potential-cuts=\"1 5\"/>");
	world_run(world);
	world_expect(world, "E00", "nine-box", "4");
	world_expect(world, "E09", "nine-box", "9");
}

/* Too new; unrated: both missing; insufficient: one missing or too few ratings; else the cell. In this order. */
static void states_stand_outside_the_grid(void **state)
{
	struct world *world = *state;
	static const struct {
		const char *id, *hired, *perf, *pot, *box;
	} cases[] = { { "E1", "2026-04-01", "3", "3", "(too-new)" }, { "E2", "2026-03-31", "3", "3", "(insufficient)" },
		{ "E3", "2026-08-01", NULL, NULL, "(too-new)" }, { "E4", "2020-01-01", NULL, NULL, "(unrated)" },
		{ "E5", "2020-01-01", "3", NULL, "(insufficient)" }, { "E6", "2020-01-01", NULL, "3", "(insufficient)" },
		{ "E7", "2020-01-01", "3", "3", "5" }, { "E8", "2026-10-01", "3", "3", "(not-hired)" } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		person(world, cases[i].id, cases[i].hired);
		rate(world, cases[i].id, "2026-09-30", cases[i].perf, cases[i].pot);
	}
	rate(world, "E7", "2026-06-30", "1", NULL); /* a second rating; its own quarter's does not count now */
	world_add(world, FEED_EMPLOYEE,
		"employee_id=E9;name=九;org_unit=T1;position=P1;hire_date=2020-01-01;leave_date=2026-09-29");
	world_rules(world,
		"<nine-box " AXES " cuts=\"2.5 3.5\" minimum-tenure=\"P6M\" ratings='performance count(\"perf\", 12)' "
		"minimum-ratings=\"2\"/>");
	world_run(world);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		world_expect(world, cases[i].id, "nine-box", cases[i].box);
	world_expect(world, "E9", "nine-box", "(left)");
	assert_non_null(strstr(world_explain(world, "E2", "nine-box", TEXT_EN), "ratings 1, at least 2"));
	assert_non_null(
		strstr(world_explain(world, "E7", "nine-box", TEXT_EN), "performance: 3 -> band 2 (cut at 2.5 and"));
	assert_non_null(strstr(world_explain(world, "E7", "nine-box", TEXT_EN), "inputs/performance.csv:"));
	assert_non_null(strstr(world_explain(world, "E4", "nine-box", TEXT_ZH), "不入格：绩效与潜力均无评价"));
}

static void movement_since_the_last_period(void **state)
{
	struct world *world = *state;
	static const char *const last[] = { "1", "1", "5", NULL }, *const now[] = { "3", "3", "5", "3" };
	for (int i = 0; i < 4; i++) {
		const char *id = arena_printf(&world->arena, "E%d", i);
		person(world, id, "2020-01-01");
		if (last[i] != NULL)
			rate(world, id, "2026-06-30", last[i], last[i]);
		rate(world, id, "2026-09-30", now[i], now[i]);
	}
	person(world, "E4", "2020-01-01");
	rate(world, "E4", "2026-06-30", "5", "5");
	world_rules(world, "<nine-box " AXES " cuts=\"2.5 3.5\"/>");
	world->params = (struct facts_params){ .as_of = date_from_civil(2026, 6, 30),
		.period_first = date_from_civil(2026, 4, 1),
		.period_last = date_from_civil(2026, 6, 30),
		.horizon = INT64_MAX };
	world_run(world);
	int64_t earlier = world->run.run;
	int32_t earlier_as_of = world->params.as_of;
	assert_string_equal(world_table(world, "nine-box.movement"),
		"no-previous | 1 | 2\nno-previous | 9 | 2\nno-previous | unrated | 1\n");
	world->params = (struct facts_params){ .as_of = date_from_civil(2026, 9, 30),
		.period_first = date_from_civil(2026, 7, 1),
		.period_last = date_from_civil(2026, 9, 30),
		.horizon = INT64_MAX };
	world->run.earlier = &earlier;
	world->run.earlier_as_of = &earlier_as_of;
	world->run.earlier_count = 1;
	world_run(world);
	world_expect(world, "E0", "nine-box.previous", "1");
	world_expect(world, "E0", "nine-box", "5");
	world_expect(world, "E3", "nine-box.previous", "(no-previous)");
	assert_string_equal(
		world_table(world, "nine-box.movement"), "1 | 5 | 2\n9 | 9 | 1\n9 | unrated | 1\nno-previous | 5 | 1\n");
	assert_non_null(strstr(world_explain(world, "E0", "nine-box", TEXT_EN), "box 5, last period box 1"));
}

static void bad_grids_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world, "<nine-box " AXES "/>", ":2", "no cuts");
	world_refuses(world, "<nine-box " AXES " cuts=\"3.5 2.5\"/>", ":2", "rising");
	world_refuses(world, "<nine-box " AXES " cuts=\"1 2 3\"/>", ":2", "two numbers");
	world_refuses(world, "<nine-box " AXES " cuts=\"2.5 x\"/>", ":2", "two numbers");
	world_refuses(world, "<nine-box " AXES " cuts=\"2.5 5.5\" scale=\"1 5\"/>", ":2", "within scale");
	world_refuses(world, "<nine-box " AXES " cuts=\"2.5 3.5\" minimum-ratings=\"2\"/>", ":2", "go together");
	world_refuses(world, "<nine-box " AXES " cuts=\"2.5 3.5\"><box number=\"10\"/></nine-box>", ":2", "1 and 9");
	world_refuses(
		world, "<nine-box " AXES " cuts=\"2.5 3.5\"><box number=\"1\"/><box number=\"1\"/></nine-box>", ":2", "twice");
	world_refuses(world, "<nine-box id=\"n\" performance=\"gender\" potential=\"1\" cuts=\"1 2\"/>", ":2", "number");
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(boxes_include_their_lower_bound),
		T(states_stand_outside_the_grid),
		T(movement_since_the_last_period),
		T(bad_grids_are_refused),
	};
	return cmocka_run_group_tests_name("rules: nine-box", tests, NULL, NULL);
}
