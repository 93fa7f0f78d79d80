/*
 * test_rules_credits.c - credits by hand-computed cases: passes, windows, the ledger, bands, caps, shortfalls.
 */
#include "rules_world.h"

/* E1, hired long ago; three courses: A 3 credits valid 12 months, B 5 for ever, C 2.5 of another type. */
static void people_and_courses(struct world *world)
{
	world_add(world, FEED_EMPLOYEE, "employee_id=E1;name=甲;hire_date=2020-01-01;org_unit=T1;position=P1");
	world_add(world, FEED_EMPLOYEE, "employee_id=E2;name=乙;hire_date=2020-01-01;org_unit=T1;position=P1");
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
	world_add(world, FEED_COURSE,
		"course_id=A;title=年度合规;category=x;type=业务;credits=3;valid_months=12;pass_score=60");
	world_add(world, FEED_COURSE, "course_id=B;title=沟通;category=x;type=技能;credits=5;pass_score=60");
	world_add(world, FEED_COURSE, "course_id=C;title=系统;category=y;type=操作规范;credits=2.5");
}

static void complete(struct world *world, const char *cells)
{
	world_add(world, FEED_COMPLETION, cells);
}

static void only_passes_earn(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world,
		"employee_id=E1;course_id=A;attempt=1;completed_on=2026-07-10;score=59.99"); /* below the pass mark */
	complete(world, "employee_id=E1;course_id=A;attempt=2;completed_on=2026-07-11;score=60"); /* at it: a pass */
	complete(world,
		"employee_id=E1;course_id=B;attempt=1;completed_on=2026-07-12;score=90;result=failed"); /* the result
													   wins */
	complete(world, "employee_id=E1;course_id=B;attempt=2;completed_on=2026-07-13;result=absent");
	complete(world, "employee_id=E1;course_id=B;attempt=3;enrolled_on=2026-07-14;result=in-progress");
	complete(world,
		"employee_id=E1;course_id=C;attempt=1;completed_on=2026-07-15;score=99"); /* no pass mark: unknown */
	complete(world,
		"employee_id=E2;course_id=B;attempt=1;completed_on=2026-07-15;score=10;result=passed"); /* the result
													   wins */
	complete(world, "employee_id=E2;course_id=C;attempt=1;completed_on=2026-07-15;result=exempt");
	complete(world,
		"employee_id=E2;course_id=A;attempt=1;completed_on=2026-07-15;result=passed;phase=pre"); /* a pre-test
													    finishes
													    nothing */
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.period", "3");
	world_expect(world, "E1", "credits.courses.passed", "1");
	world_expect(world, "E1", "credits.courses.failed", "1"); /* what cannot be decided is not failed */
	world_expect(world, "E2", "credits.period", "5");
	world_expect(world, "E2", "credits.courses.passed", "1");
	assert_int_equal(world_findings(world, FINDING_RESULT_CONFLICT), 2);
}

/* The latest pass counts and is worth less: the window sees -2 of a course of no category. That asks for nothing. */
static void less_than_nothing_without_a_category(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=B;attempt=1;completed_on=2024-01-10;score=95;result=passed;credits=5");
	complete(world, "employee_id=E1;course_id=B;attempt=2;completed_on=2026-07-10;score=70;result=passed;credits=3");
	world_rules(world,
		"<credits id=\"credits\" window=\"P24M\" count=\"latest\" minimum=\"1\">"
		"<category id=\"y\" match='course.category = \"y\"' minimum=\"4\"/></credits>");
	world_run(world);
	world_expect(world, "E1", "credits.rolling", "-2");
	world_expect(world, "E1", "credits.uncategorised.earned", "-2");
	world_expect(world, "E1", "credits.shortfall", "4");
}

static void exemptions_earn_if_the_rule_says(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=C;completed_on=2026-07-15;result=exempt");
	world_rules(world, "<credits id=\"credits\" window=\"P24M\" exempt=\"earn\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.period", "2.5");
	world_expect(world, "E2", "credits.period", "0");
}

/* A: passed 2025-01-15 (window until 2026-01-15), again inside, again after it. */
static void windows_and_re_earning(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=A;attempt=1;completed_on=2025-01-15;result=passed;score=70");
	complete(world, "employee_id=E1;course_id=A;attempt=2;completed_on=2026-01-14;result=passed;score=70");
	complete(world, "employee_id=E1;course_id=A;attempt=3;completed_on=2026-01-15;result=passed;score=70");
	complete(world, "employee_id=E2;course_id=B;attempt=1;completed_on=2025-01-15;result=passed;score=70");
	complete(world, "employee_id=E2;course_id=B;attempt=2;completed_on=2026-08-15;result=passed;score=70");
	world_rules(world, "<credits id=\"credits\" window=\"P24M\" repeat=\"re-earn\"/><credits id=\"once\" "
			   "window=\"P24M\" repeat=\"once\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.lifetime", "6"); /* two windows */
	world_expect(world, "E1", "credits.valid", "3");    /* the newest */
	world_expect(world, "E1", "credits.courses.held", "1");
	world_expect(world, "E1", "once.lifetime", "3");
	world_expect(world, "E1", "once.valid", "3");       /* still held by the renewal */
	world_expect(world, "E2", "credits.lifetime", "5"); /* valid for ever: one window */
	world_expect(world, "E2", "credits.period", "0");
	world_expect(world, "E1", "credits.passes", "3");
}

static void expired_courses_are_not_held(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world,
		"employee_id=E1;course_id=A;completed_on=2025-09-30;result=passed"); /* expires on the as-of date */
	complete(world, "employee_id=E2;course_id=A;completed_on=2025-10-01;result=passed"); /* the day after */
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.valid", "0");
	world_expect(world, "E1", "credits.courses.held", "0");
	world_expect(world, "E1", "credits.rolling", "3");
	world_expect(world, "E2", "credits.valid", "3");
}

/* (as-of - k months, as-of]: the first day is outside, the last inside. */
static void rolling_window_is_half_open(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=B;completed_on=2024-09-30;result=passed");
	complete(world, "employee_id=E2;course_id=B;completed_on=2024-10-01;result=passed");
	complete(world, "employee_id=E2;course_id=C;completed_on=2026-09-30;result=passed");
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.rolling", "0");
	world_expect(world, "E1", "credits.lifetime", "5");
	world_expect(world, "E2", "credits.rolling", "7.5");
	world_expect(world, "E2", "credits.period", "2.5");
}

/* Best: a better pass in a later quarter books the difference there; the closed quarter stays as it was. */
static void the_ledger_books_differences(void **state)
{
	struct world *world = *state;
	const char *rules = "<credits id=\"best\" window=\"P24M\" count=\"best\"><band when=\"score >= 90\" "
			    "factor=\"1.2\"/></credits>"
			    "<credits id=\"first\" window=\"P24M\" count=\"first\"><band when=\"score >= 90\" "
			    "factor=\"1.2\"/></credits>"
			    "<credits id=\"latest\" window=\"P24M\" count=\"latest\"><band when=\"score >= 90\" "
			    "factor=\"1.2\"/></credits>";
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=B;attempt=1;completed_on=2026-05-10;result=passed;score=80");
	complete(world, "employee_id=E1;course_id=B;attempt=2;completed_on=2026-08-10;result=passed;score=95");
	complete(world, "employee_id=E2;course_id=B;attempt=1;completed_on=2026-05-10;result=passed;score=95");
	complete(world, "employee_id=E2;course_id=B;attempt=2;completed_on=2026-08-10;result=passed;score=80");
	world_rules(world, rules);
	world_run(world);
	world_expect(world, "E1", "best.lifetime", "6");
	world_expect(world, "E1", "best.period", "1");
	world_expect(world, "E1", "first.lifetime", "5");
	world_expect(world, "E1", "first.period", "0");
	world_expect(world, "E1", "latest.period", "1");
	world_expect(world, "E2", "best.lifetime", "6");
	world_expect(world, "E2", "best.period", "0");
	world_expect(world, "E2", "latest.lifetime", "5");
	world_expect(world, "E2", "latest.period", "-1");
	/* the quarter before, computed again with all data there, has what it had */
	world->params = (struct facts_params){ .as_of = date_from_civil(2026, 6, 30),
		.period_first = date_from_civil(2026, 4, 1),
		.period_last = date_from_civil(2026, 6, 30),
		.horizon = INT64_MAX };
	world_run(world);
	world_expect(world, "E1", "best.period", "5");
	world_expect(world, "E2", "latest.period", "6");
}

/* row's credits, else the course's; × band; round half away from zero; cap per category. */
static void the_pipeline_in_order(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world,
		"employee_id=E1;course_id=C;completed_on=2026-07-01;result=passed;score=92;credits=2.21"); /* 2.21
													      × 1.25
													      = 2.7625
													      → 2.8 */
	complete(world,
		"employee_id=E2;course_id=C;completed_on=2026-07-01;result=passed;score=85;credits=2.5"); /* 2.5 × 1.1
													     = 2.75
													     → 2.8 */
	world_rules(world,
		"<credits id=\"credits\" window=\"P24M\" round=\"0.1\"><band when=\"score >= 90\" factor=\"1.25\"/>"
		"<band when=\"score >= 80\" factor=\"1.1\"/></credits>"
		"<credits id=\"half\" window=\"P24M\" round=\"0.5\"><band when=\"score >= 90\" "
		"factor=\"1.25\"/></credits>"
		"<credits id=\"exact\" window=\"P24M\"><band when=\"score >= 90\" factor=\"1.25\"/></credits>");
	world_run(world);
	world_expect(world, "E1", "credits.period", "2.8");
	world_expect(world, "E2", "credits.period", "2.8");
	world_expect(world, "E1", "half.period", "3"); /* 2.7625 → 3.0 */
	world_expect(world, "E2", "half.period", "2.5");
	world_expect(world, "E1", "exact.period", "2.7625");
}

static void categories_minimum_cap_and_shortfall(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=A;completed_on=2026-02-01;result=passed"); /* 3 of 业务 */
	complete(
		world, "employee_id=E1;course_id=B;completed_on=2026-02-01;result=passed"); /* 5 of 技能, capped at 4 */
	complete(world, "employee_id=E1;course_id=C;completed_on=2026-02-01;result=passed"); /* 2.5, no category */
	world_rules(world, "<credits id=\"credits\" window=\"P24M\" round=\"0.1\">"
			   "<category id=\"service\" match='course.type = \"业务\"' minimum=\"12\" required=\"yes\"/>"
			   "<category id=\"skill\" match='course.type = \"技能\"' minimum=\"2\" cap=\"4\"/></credits>"
			   "<credits id=\"total\" window=\"P24M\" minimum=\"20\"><category id=\"service\" "
			   "match='course.type = \"业务\"' minimum=\"4\"/></credits>");
	world_run(world);
	world_expect(world, "E1", "credits.service.earned", "3");
	world_expect(world, "E1", "credits.service.shortfall", "9");
	world_expect(world, "E1", "credits.skill.earned", "4");
	world_expect(world, "E1", "credits.skill.shortfall", "0");
	world_expect(world, "E1", "credits.uncategorised.earned", "2.5");
	world_expect(world, "E1", "credits.rolling", "9.5");
	world_expect(world, "E1", "credits.minimum", "14");
	world_expect(world, "E1", "credits.shortfall", "9");
	world_expect(world, "E1", "credits.required", "3");
	world_expect(world, "E1", "credits.elective", "6.5");
	/* the total asks for more than the categories */
	world_expect(world, "E1", "total.shortfall", "9.5"); /* 20 - 10.5 */
	world_expect(world, "E2", "total.shortfall", "20");
	world_expect(world, "E2", "credits.shortfall", "14");
}

/* A category that looks at the completion itself, not at the course alone. */
static void categories_by_completion(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=B;completed_on=2026-02-01;result=passed;score=95");
	complete(world, "employee_id=E2;course_id=B;completed_on=2026-02-01;result=passed;score=70");
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"><category id=\"top\" match='score >= 90 and "
			   "course.type = \"技能\"'/>"
			   "<category id=\"rest\" match='true'/></credits>");
	world_run(world);
	world_expect(world, "E1", "credits.top.earned", "5");
	world_expect(world, "E1", "credits.rest.earned", "0");
	world_expect(world, "E2", "credits.top.earned", "0");
	world_expect(world, "E2", "credits.rest.earned", "5");
}

/* Best score per course in the window, mean over courses, two places. */
static void mean_score(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	complete(world, "employee_id=E1;course_id=A;attempt=1;completed_on=2026-02-01;result=failed;score=50");
	complete(world, "employee_id=E1;course_id=A;attempt=2;completed_on=2026-02-02;result=passed;score=80");
	complete(world, "employee_id=E1;course_id=B;completed_on=2026-02-02;result=passed;score=70.5");
	complete(world, "employee_id=E1;course_id=C;completed_on=2026-02-02;result=passed;score=61");
	complete(world, "employee_id=E2;course_id=C;completed_on=2026-02-02;result=absent;score=0");
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.score", "70.5"); /* 211.5 / 3 */
	world_expect(world, "E2", "credits.score", "(no-value)");
}

static void no_feed_is_not_zero(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.rolling", "(no-completions)");
}

/* Fail rates: first tests sat, in their own period; absent and exempt do not count; a new window is a new first
 * attempt. */
static void fail_rates(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	for (int i = 1; i <= 6; i++) {
		world_add(world, FEED_EMPLOYEE,
			arena_printf(&world->arena,
				"employee_id=F%d;name=丙;hire_date=2020-01-01;org_unit=T1;position=P1", i));
		complete(world, arena_printf(&world->arena,
					"employee_id=F%d;course_id=B;attempt=1;completed_on=2026-07-0%d;result=%s", i,
					i, i <= 2 ? "failed" : "passed"));
	}
	complete(world,
		"employee_id=F1;course_id=B;attempt=2;completed_on=2026-07-20;result=failed"); /* not a first attempt */
	complete(world, "employee_id=E1;course_id=B;attempt=1;completed_on=2026-07-20;result=absent");
	complete(world, "employee_id=E1;course_id=B;attempt=2;completed_on=2026-07-21;result=exempt");
	complete(world, "employee_id=E2;course_id=B;attempt=1;completed_on=2026-06-30;result=failed"); /* of the quarter
													  before */
	complete(world,
		"employee_id=E2;course_id=B;attempt=2;completed_on=2026-07-01;result=failed"); /* not a first attempt */
	/* A: passed in 2024, valid 12 months; the test of August opens a new window, the one of September is its second
	 */
	complete(world, "employee_id=E1;course_id=A;attempt=1;completed_on=2024-05-01;result=passed");
	complete(world, "employee_id=E1;course_id=A;attempt=2;completed_on=2026-08-01;result=failed");
	complete(world, "employee_id=E1;course_id=A;attempt=3;completed_on=2026-09-01;result=failed");
	world_rules(world, "<fail-rate id=\"fail\" minimum=\"5\" threshold=\"30%\"/>");
	world_run(world);
	/* course | enrolments | first | failed | rate | low | high | flag; 2 of 6: Wilson 9.7 to 70.0 */
	assert_string_equal(world_table(world, "course"),
		"A | 2 | 1 | 1 | (too-few) | (too-few) | (too-few) | (too-few)\n"
		"B | 10 | 6 | 2 | 33.3 | 9.7 | 70 | yes\n"
		"C | 0 | 0 | 0 | (too-few) | (too-few) | (too-few) | (too-few)\n");
	world_rules(world, "<fail-rate id=\"fail\" window=\"P12M\" minimum=\"7\" threshold=\"50%\"/>");
	world_run(world);
	assert_non_null(strstr(world_table(world, "course"), "B | 11 | 7 | 3 | 42.9 | 15.8 | 75 | no\n"));
}

/* Sums that do not fit are refused, never wrapped. */
static void overflow_is_refused(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	people_and_courses(world);
	world_add(world, FEED_COURSE, "course_id=X;title=大;category=x;credits=60000000000000000");
	world_add(world, FEED_COURSE, "course_id=Y;title=大;category=x;credits=60000000000000000");
	complete(world, "employee_id=E1;course_id=X;completed_on=2026-07-10;result=passed");
	complete(world, "employee_id=E2;course_id=B;completed_on=2026-07-10;result=passed");
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/>");
	world_run(world);
	world_expect(world, "E1", "credits.rolling", "60000000000000000");
	complete(world, "employee_id=E1;course_id=X;completed_on=2026-07-10;result=passed");
	complete(world, "employee_id=E1;course_id=Y;completed_on=2026-07-10;result=passed");
	world_load(world);
	world->run.facts = world->facts;
	assert_int_equal(rules_evaluate(world->book, &world->run, &world->findings, &err), -1);
	assert_non_null(strstr(err.text, "too large"));
	assert_non_null(strstr(err.text, "E1"));
}

/* The same for one job and many, over several blocks. */
static void jobs_do_not_matter(void **state)
{
	struct world *world = *state;
	people_and_courses(world);
	for (int i = 0; i < 9000; i++) {
		world_add(world, FEED_EMPLOYEE,
			arena_printf(&world->arena,
				"employee_id=J%04d;name=丁;hire_date=2020-01-01;org_unit=T1;position=P1", i));
		complete(world, arena_printf(&world->arena,
					"employee_id=J%04d;course_id=B;completed_on=2026-08-01;score=%d", i, i % 101));
	}
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/><fail-rate id=\"fail\"/>"
			   "<star id=\"star\"><item id=\"a\" value=\"credits.score\" weight=\"1\"/><band star=\"2\" "
			   "from=\"60\"/><band star=\"1\" from=\"0\"/></star>");
	world_run(world);
	const char *courses = world_table(world, "course"), *stars = world_table(world, "star.distribution");
	world_expect(world, "J8999", "credits.rolling", "0"); /* 8999 mod 101 = 10 */
	world_expect(world, "J8998", "credits.score", "9");
	assert_int_equal(world->run.people, 9002);
	world->run.jobs = 4;
	world_run(world);
	assert_string_equal(world_table(world, "course"), courses);
	assert_string_equal(world_table(world, "star.distribution"), stars);
	world_expect(world, "J8998", "credits.score", "9");
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(only_passes_earn),
		T(less_than_nothing_without_a_category),
		T(exemptions_earn_if_the_rule_says),
		T(windows_and_re_earning),
		T(expired_courses_are_not_held),
		T(rolling_window_is_half_open),
		T(the_ledger_books_differences),
		T(the_pipeline_in_order),
		T(categories_minimum_cap_and_shortfall),
		T(categories_by_completion),
		T(mean_score),
		T(no_feed_is_not_zero),
		T(fail_rates),
		T(overflow_is_refused),
		T(jobs_do_not_matter),
	};
	return cmocka_run_group_tests_name("rules: credits", tests, NULL, NULL);
}
