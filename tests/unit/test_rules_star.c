/*
 * test_rules_star.c - stars by hand-computed cases: scaling, missing items, bands, floors, who is not graded, quotas,
 * explanations.
 */
#include "rules_world.h"

static void person(struct world *world, const char *id, const char *more)
{
	world_add(world, FEED_EMPLOYEE,
		arena_printf(&world->arena, "employee_id=%s;name=员工%s;org_unit=T1;position=P1;%s", id, id, more));
}

static void perform(struct world *world, const char *id, const char *kind, const char *value)
{
	world_add(world, FEED_PERFORMANCE,
		arena_printf(&world->arena, "employee_id=%s;period=2026-09-30;kind=%s;value=%s", id, kind, value));
}

static void centre(struct world *world)
{
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_ORG_UNIT, "org_id=T2;name=二组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
}

#define BANDS \
	"<band star=\"3\" from=\"80\" coefficient=\"1.20\"/><band star=\"2\" from=\"60\" coefficient=\"1.0\"/><band " \
	"star=\"1\" from=\"0\" coefficient=\"0.9\"/>"
#define TWO_ITEMS \
	"<item id=\"quality\" value='performance(\"qa\")' zero=\"60\" full=\"100\" weight=\"0.6\"/>" \
	"<item id=\"errors\" value='performance(\"errors\")' zero=\"10\" full=\"0\" weight=\"0.4\"/>"

static void composite_and_bands(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 1; i <= 4; i++)
		person(world, arena_printf(&world->arena, "E%d", i), "hire_date=2020-01-01");
	perform(world, "E1", "qa", "90");         /* 75 */
	perform(world, "E1", "errors", "4");      /* 60, full < zero */
	perform(world, "E2", "qa", "120");        /* clamped to 100 */
	perform(world, "E2", "errors", "5");      /* 50: 60 + 20 = 80, the lower bound belongs to the band */
	perform(world, "E3", "qa", "50");         /* clamped to 0 */
	perform(world, "E3", "errors", "11");     /* clamped to 0 */
	perform(world, "E4", "qa", "93.3333");    /* 83.33325 */
	perform(world, "E4", "errors", "3.3333"); /* 66.667: 49.99995 + 26.6668 = 76.66675 → 76.67 */
	world_rules(world, "<star id=\"star\">" TWO_ITEMS BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star.quality.score", "75");
	world_expect(world, "E1", "star.errors.score", "60");
	world_expect(world, "E1", "star.composite", "69");
	world_expect(world, "E1", "star", "2");
	world_expect(world, "E1", "star.coefficient", "1");
	world_expect(world, "E2", "star.composite", "80");
	world_expect(world, "E2", "star", "3");
	world_expect(world, "E2", "star.coefficient", "1.2");
	world_expect(world, "E3", "star.composite", "0");
	world_expect(world, "E3", "star", "1");
	world_expect(world, "E4", "star.composite", "76.67");
	assert_int_equal(world->run.graded, 4);
}

/* Rounded once to 2 places, half away from zero, before the bands look at it. */
static void rounding_decides_the_band(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2020-01-01");
	person(world, "E2", "hire_date=2020-01-01");
	perform(world, "E1", "qa", "79.995");
	perform(world, "E2", "qa", "79.9949");
	world_rules(
		world, "<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>" BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star.composite", "80");
	world_expect(world, "E1", "star", "3");
	world_expect(world, "E2", "star.composite", "79.99");
	world_expect(world, "E2", "star", "2");
}

static void missing_items(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 1; i <= 3; i++)
		person(world, arena_printf(&world->arena, "E%d", i), "hire_date=2020-01-01");
	perform(world, "E1", "qa", "90");    /* 75 of weight 0.6: exactly enough */
	perform(world, "E2", "errors", "0"); /* weight 0.4: too little */
	world_rules(world,
		"<star id=\"star\">" TWO_ITEMS BANDS "</star>"
		"<star id=\"zero\" missing=\"zero\">" TWO_ITEMS BANDS "</star>"
		"<star id=\"strict\"><item id=\"quality\" value='performance(\"qa\")' weight=\"0.6\" "
		"missing=\"not-graded\"/>"
		"<item id=\"errors\" value='performance(\"errors\")' zero=\"10\" full=\"0\" weight=\"0.4\"/>" BANDS
		"</star>");
	world_run(world);
	world_expect(world, "E1", "star.composite", "75");
	world_expect(world, "E1", "star.quality.weight", "1");
	world_expect(world, "E1", "star.errors.weight", "0");
	world_expect(world, "E1", "star.errors.value", "(no-value)");
	world_expect(world, "E2", "star", "(too-little-data)");
	world_expect(world, "E3", "star", "(too-little-data)");
	world_expect(world, "E1", "zero.composite", "45"); /* 0.6 × 75 + 0.4 × 0 */
	world_expect(world, "E2", "zero.composite", "40");
	world_expect(world, "E2", "strict", "(item-missing)");
	world_expect(world, "E1", "strict.composite", "90");
	assert_true(world_findings(world, FINDING_MISSING_ITEM) > 0);
}

static void unscaled_items_lie_in_0_to_100(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2020-01-01");
	person(world, "E2", "hire_date=2020-01-01");
	perform(world, "E1", "qa", "100");
	perform(world, "E2", "qa", "100.01");
	world_rules(
		world, "<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>" BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star", "3");
	world_expect(world, "E2", "star", "(item-out-of-range)");
}

#define FLOORS \
	"<band star=\"5\" from=\"90\"><floor item=\"quality\" from=\"95\"/></band><band star=\"4\" " \
	"from=\"80\"><floor item=\"errors\" from=\"2\"/></band>" \
	"<band star=\"3\" from=\"50\"/><band star=\"1\" from=\"0\"/>"

static void floors_withhold_bands(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 1; i <= 4; i++)
		person(world, arena_printf(&world->arena, "E%d", i), "hire_date=2020-01-01");
	perform(world, "E1", "qa", "94.99");
	perform(world, "E1", "errors", "0"); /* composite 92.5: five withheld, four given */
	perform(world, "E2", "qa", "95");
	perform(world, "E2", "errors", "0"); /* at the floor */
	perform(world, "E3", "qa", "99");
	perform(world, "E3", "errors", "3"); /* 86.5: four stars need at most 2 errors */
	perform(world, "E4", "qa", "94");    /* errors missing: 85 of weight 0.6; four withheld */
	world_rules(world, "<star id=\"star\">" TWO_ITEMS FLOORS "</star>");
	world_run(world);
	world_expect(world, "E1", "star.band", "5");
	world_expect(world, "E1", "star", "4");
	world_expect(world, "E1", "star.floor", "quality");
	world_expect(world, "E2", "star", "5");
	world_expect(world, "E2", "star.floor", "");
	world_expect(world, "E3", "star", "3");
	world_expect(world, "E3", "star.floor", "errors");
	world_expect(world, "E4", "star.band", "4");
	world_expect(world, "E4", "star", "3");
}

static void only_active_people_with_tenure_are_graded(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2026-06-30"); /* three months on 30 September */
	person(world, "E2", "hire_date=2026-07-01");
	person(world, "E3", "hire_date=2020-01-01;leave_date=2026-09-29");
	person(world, "E4", "hire_date=2020-01-01;leave_date=2026-09-30"); /* the last day is a working day */
	for (int i = 1; i <= 4; i++)
		perform(world, arena_printf(&world->arena, "E%d", i), "qa", "70");
	world_rules(world, "<star id=\"star\" minimum-tenure=\"P3M\"><item id=\"qa\" value='performance(\"qa\")' "
			   "weight=\"1\"/>" BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star", "2");
	world_expect(world, "E2", "star", "(newcomer)");
	world_expect(world, "E2", "star.composite", "(newcomer)");
	world_expect(world, "E3", "star", "(left)");
	world_expect(world, "E4", "star", "2");
	assert_int_equal(world->run.graded, 2);
	assert_int_equal(world_findings(world, FINDING_NOT_GRADED), 2);
}

/* performance(): the newest period that ends within the review period. */
static void performance_of_the_review_period(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2020-01-01");
	person(world, "E2", "hire_date=2020-01-01");
	world_add(world, FEED_PERFORMANCE, "employee_id=E1;period=2026-06-30;kind=qa;value=10");
	world_add(world, FEED_PERFORMANCE, "employee_id=E1;period=2026-08-31;kind=qa;value=70");
	world_add(world, FEED_PERFORMANCE, "employee_id=E1;period=2026-07-31;kind=qa;value=90");
	world_add(world, FEED_PERFORMANCE, "employee_id=E1;period=2026-09-30;kind=fcr;value=55");
	world_add(world, FEED_PERFORMANCE, "employee_id=E2;period=2026-06-30;kind=qa;value=10");
	world_rules(
		world, "<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>" BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star.qa.value", "70");
	world_expect(world, "E2", "star.qa.value", "(no-value)");
}

/* Names of persons: fields, dates, results of other rules, in spaces or underscores. */
static void expressions_over_facts_and_results(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2020-01-01;site=成都;level=P2");
	person(world, "E2", "hire_date=2026-01-01;site=上海");
	world_add(world, FEED_COURSE, "course_id=B;title=沟通;category=x;type=技能;credits=5");
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=B;completed_on=2026-08-01;result=passed");
	world_rules(world, "<credits id=\"credits\" window=\"P24M\"/><star id=\"star\">"
			   "<item id=\"a\" value='if site = \"成都\" and org_unit = \"T1\" then 10 * credits.rolling "
			   "else 20' weight=\"0.5\"/>"
			   "<item id=\"b\" value='if hire date &lt; date(\"2026-01-01\") and as of = period end then "
			   "100 else 0' weight=\"0.5\"/>" BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star.a.value", "50");
	world_expect(world, "E1", "star.b.value", "100");
	world_expect(world, "E1", "star.composite", "75");
	world_expect(world, "E2", "star.composite", "10");
}

static void previous_results(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2020-01-01");
	perform(world, "E1", "qa", "70");
	world_add(world, FEED_PERFORMANCE, "employee_id=E1;period=2026-06-30;kind=qa;value=85");
	world_rules(world,
		"<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"0.8\"/>"
		"<item id=\"before\" value='if previous.star = 3 then 100 else 0' weight=\"0.2\"/>" BANDS "</star>");
	world->params = (struct facts_params){ .as_of = date_from_civil(2026, 6, 30),
		.period_first = date_from_civil(2026, 4, 1),
		.period_last = date_from_civil(2026, 6, 30),
		.horizon = INT64_MAX };
	world_rules(
		world, "<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>" BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star", "3");
	world_expect(world, "E1", "star.previous", "(no-previous)");
	int64_t earlier = world->run.run;
	world->params = (struct facts_params){ .as_of = date_from_civil(2026, 9, 30),
		.period_first = date_from_civil(2026, 7, 1),
		.period_last = date_from_civil(2026, 9, 30),
		.horizon = INT64_MAX };
	world->run.earlier = &earlier;
	world->run.earlier_count = 1;
	world_rules(world,
		"<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"0.8\"/>"
		"<item id=\"before\" value='if previous.star = 3 then 100 else 0' weight=\"0.2\"/>" BANDS "</star>");
	world_run(world);
	world_expect(world, "E1", "star.previous", "3");
	world_expect(world, "E1", "star.composite", "76"); /* 56 + 20 */
	world_expect(world, "E1", "star", "2");
}

/* Distribution and advisory quota per unit: T1 has 5 graded, T2 one. */
static void quotas_tell_deviations(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 1; i <= 5; i++) {
		const char *id = arena_printf(&world->arena, "E%d", i);
		person(world, id, "hire_date=2020-01-01");
		perform(world, id, "qa", i <= 3 ? "85" : "65");
	}
	world_add(world, FEED_EMPLOYEE, "employee_id=F1;name=己;hire_date=2020-01-01;org_unit=T2;position=P1");
	perform(world, "F1", "qa", "10");
	world_add(world, FEED_EMPLOYEE,
		"employee_id=F2;name=庚;hire_date=2020-01-01;org_unit=T2;position=P1"); /* not graded: not in N */
	world_rules(world,
		"<star id=\"star\" scope=\"org_unit\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>" BANDS
		"<quota star=\"2\" share=\"50%\" advisory=\"yes\"/><quota star=\"3\" share=\"0.5\" "
		"advisory=\"yes\"/></star>");
	world_run(world);
	assert_string_equal(world_table(world, "star.distribution"),
		" | 3 | 3 | 50\n | 2 | 2 | 33.3\n | 1 | 1 | 16.7\n"
		"T1 | 3 | 3 | 60\nT1 | 2 | 2 | 40\nT1 | 1 | 0 | 0\n"
		"T2 | 3 | 0 | 0\nT2 | 2 | 0 | 0\nT2 | 1 | 1 | 100\n");
	/* scope | star | N | share | seats | actual | deviation; 2.5 and 2.5: the seat goes to the higher star */
	assert_string_equal(world_table(world, "star.quota"),
		"T1 | 3 | 5 | 50 | 3 | 3 | 0 | no\nT1 | 2 | 5 | 50 | 2 | 2 | 0 | no\n"
		"T2 | 3 | 1 | 50 | 1 | 0 | -1 | no\nT2 | 2 | 1 | 50 | 0 | 0 | 0 | no\n");
}

/* Scopes may be texts or the whole centre; people without one count in the whole only. */
static void scopes_by_text_and_all(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2020-01-01;site=成都");
	person(world, "E2", "hire_date=2020-01-01;site=上海");
	person(world, "E3", "hire_date=2020-01-01");
	for (int i = 1; i <= 3; i++)
		perform(world, arena_printf(&world->arena, "E%d", i), "qa", "85");
	world_rules(world,
		"<star id=\"star\" scope=\"site\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>" BANDS
		"<quota star=\"3\" share=\"10%\" advisory=\"yes\"/></star>"
		"<star id=\"whole\" scope=\"all\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>" BANDS
		"<quota star=\"3\" share=\"34%\" advisory=\"yes\"/></star>");
	world_run(world);
	assert_string_equal(
		world_table(world, "star.quota"), "上海 | 3 | 1 | 10 | 0 | 1 | 1 | no\n成都 | 3 | 1 | 10 | 0 | 1 | 1 | no\n");
	assert_string_equal(world_table(world, "whole.quota"), " | 3 | 3 | 34 | 1 | 3 | 2 | no\n");
	assert_non_null(strstr(world_table(world, "star.distribution"), " | 3 | 3 | 100\n"));
}

static void holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void explanations_show_rule_input_and_distance(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "hire_date=2020-01-01");
	person(world, "E2", "hire_date=2026-09-01");
	perform(world, "E1", "qa", "94.5");
	perform(world, "E1", "errors", "0");
	world_add(world, FEED_COURSE, "course_id=B;title=沟通;category=x;type=技能;credits=5");
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=B;completed_on=2026-08-01;result=passed;score=95");
	world_rules(world,
		"<credits id=\"credits\" window=\"P24M\"><band when=\"score >= 90\" factor=\"1.2\"/></credits>\n"
		"<star id=\"star\" minimum-tenure=\"P3M\">\n" TWO_ITEMS "\n" FLOORS "</star>");
	world_run(world);
	const char *zh = world_explain(world, "E1", NULL, TEXT_ZH), *en = world_explain(world, "E1", "star", TEXT_EN);
	holds(zh, "rules/rulebook.xml:2");
	holds(zh, "沟通");
	holds(zh, "inputs/completion.csv:2");
	holds(zh, "入账 6");
	holds(en, "performance(\"qa\") = 94.5");
	holds(en, "inputs/performance.csv:2");
	holds(en, "rules/rulebook.xml:4");
	holds(en, "composite 91.75");
	holds(en, "withheld: quality needs 95, has 94.5");
	holds(en, "result: 4 stars");
	holds(en, "to 5 stars: ");
	assert_null(strstr(en, "ledger"));
	holds(world_explain(world, "E2", "star", TEXT_EN), "newcomer");
	holds(world_explain(world, "E2", "star.composite", TEXT_ZH), "入职时间不足");
	struct err err = { 0 };
	struct str out = { 0 };
	assert_int_equal(rules_explain(world->book, &world->run, facts_find(world->facts, KEY_DIM_EMPLOYEE, "E1"),
				 "stra", TEXT_EN, &out, &err),
		-1);
	assert_int_equal(err.status, STATUS_USAGE);
	err = (struct err){ 0 };
	assert_int_equal(rules_explain(world->book, &world->run, FRAME_NONE, NULL, TEXT_EN, &out, &err), -1);
	assert_int_equal(err.status, STATUS_NO_INPUT);
	str_release(&out);
}

static void the_directory_names_roles_and_members(void **state)
{
	struct world *world = *state;
	struct err err = { 0 };
	struct arena arena = { 0 };
	struct result_directory directory;
	uint32_t index;
	world_rules(world,
		"<credits id=\"credits\" window=\"P24M\"><category id=\"service\" match=\"true\" minimum=\"12\" "
		"cap=\"30\">"
		"<title xml:lang=\"zh-CN\">业务</title></category></credits><star id=\"star\">" TWO_ITEMS BANDS
		"</star>");
	world_check(rules_directory(world->book, &arena, &directory, &err), &err);
	const struct result_column *column = result_column(&directory.tables[0], "credits.service.shortfall", &index);
	assert_non_null(column);
	assert_string_equal(column->role, "shortfall");
	assert_string_equal(column->member, "service");
	assert_string_equal(result_column(&directory.tables[0], "credits.rolling", &index)->role, "total");
	assert_string_equal(result_column(&directory.tables[0], "star", &index)->role, "grade");
	assert_string_equal(result_column(&directory.tables[0], "star.quality.weight", &index)->role, "item-weight");
	bool service = false, floor = false;
	for (size_t i = 0; i < directory.member_count; i++) {
		service |= strcmp(directory.members[i].id, "service") == 0 &&
			   strstr(directory.members[i].values, "\"minimum\":\"12\"") != NULL;
		floor |= strcmp(directory.members[i].list, "band") == 0 &&
			 strstr(directory.members[i].values, "\"coefficient\":\"1.20\"") != NULL;
	}
	assert_true(service);
	assert_true(floor);
	assert_true(directory.parameter_count > 5);
	arena_release(&arena);
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(composite_and_bands),
		T(rounding_decides_the_band),
		T(missing_items),
		T(unscaled_items_lie_in_0_to_100),
		T(floors_withhold_bands),
		T(only_active_people_with_tenure_are_graded),
		T(performance_of_the_review_period),
		T(expressions_over_facts_and_results),
		T(previous_results),
		T(quotas_tell_deviations),
		T(scopes_by_text_and_all),
		T(explanations_show_rule_input_and_distance),
		T(the_directory_names_roles_and_members),
	};
	return cmocka_run_group_tests_name("rules: stars", tests, NULL, NULL);
}
