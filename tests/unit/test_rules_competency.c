/*
 * test_rules_competency.c - levels, gaps, match and coverage by hand-computed cases, one a sentence of the definition.
 */
#include "rules_world.h"

static void person(struct world *world, const char *id, const char *position, const char *level)
{
	world_add(world, FEED_EMPLOYEE,
		arena_printf(&world->arena, "employee_id=%s;name=员工%s;hire_date=2020-01-01;org_unit=T1;position=%s;level=%s",
			id, id, position, level));
}

/* "E1 C1 exam 3 T9 2026-09-01": level, or a score if it begins with =. */
static void assess(struct world *world, const char *text)
{
	char who[16], what[16], kind[16], value[16], by[16], day[16];
	const char *at = text;
	char *const fields[] = { who, what, kind, value, by, day };
	for (int i = 0; i < 6; i++) {
		size_t length = strcspn(at, " ");
		memcpy(fields[i], at, length);
		fields[i][length] = '\0';
		at += length + (at[length] == ' ');
	}
	bool score = value[0] == '=';
	world_add(world, FEED_ASSESSMENT,
		arena_printf(&world->arena, "employee_id=%s;competency_id=%s;kind=%s;%s=%s;assessor_id=%s;assessed_on=%s", who,
			what, kind, score ? "score" : "level", score ? value + 1 : value, strcmp(by, "-") == 0 ? "" : by, day));
}

static void centre(struct world *world)
{
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
	world_add(world, FEED_POSITION, "position_id=QA;title=质检员");
	person(world, "E1", "P1", "L1");
	person(world, "E2", "P1", "L1");
	person(world, "E3", "QA", "L1");
	person(world, "E4", "P1", "L9");
}

#define DICTIONARY \
	"<module id=\"service\"><title xml:lang=\"en\">Service</title></module>" \
	"<competency id=\"C1\" module=\"service\" ksao=\"K\"><title xml:lang=\"zh-CN\">业务</title>" \
	"<anchor level=\"1\"><text xml:lang=\"en\">knows the basics</text></anchor></competency>" \
	"<competency id=\"C2\" module=\"service\" ksao=\"S\"/><competency id=\"C3\" module=\"service\" ksao=\"A\"/>"
#define EVIDENCE \
	"<evidence kind=\"exam\" weight=\"0.4\" use=\"latest\" max-age=\"P12M\" from=\"0-100\"/>" \
	"<evidence kind=\"boss\" weight=\"0.4\" use=\"mean\" max-age=\"P24M\"/>" \
	"<evidence kind=\"peer\" weight=\"0.2\" use=\"max\" max-age=\"P24M\" from=\"1-5\" to=\"1-5\"/>" \
	"<evidence kind=\"self\" weight=\"0.2\"/>"
#define MODELS \
	"<model id=\"ONE\" level=\"L1\"><need competency=\"C1\" level=\"4\" weight=\"0.5\" must=\"yes\"/>" \
	"<need competency=\"C2\" level=\"3\" weight=\"0.3\"/><need competency=\"C3\" level=\"2\" weight=\"0.2\"/></model>" \
	"<model id=\"QM\" position=\"QA\"><need competency=\"C2\" level=\"5\" weight=\"1\"/></model>"
#define RULE "<competencies id=\"competency\">" DICTIONARY EVIDENCE MODELS "</competencies>"

/* (as of - 12 months, as of]: the first day is outside, the last inside; what comes later is never seen. */
static void evidence_ages(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 exam 2 - 2025-09-30");
	assess(world, "E1 C2 exam 3 - 2025-10-01");
	assess(world, "E1 C3 exam 4 - 2026-09-30");
	assess(world, "E2 C3 exam 4 - 2026-10-01");
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.C1.level", "(not-assessed)");
	world_expect(world, "E1", "competency.C2.level", "3");
	world_expect(world, "E1", "competency.C3.level", "4");
	world_expect(world, "E2", "competency.C3.level", "(not-assessed)");
}

static void the_newest_of_an_assessor_counts(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 boss 5 T1 2026-01-01"); /* replaced by the same assessor's next */
	assess(world, "E1 C1 boss 2 T1 2026-05-01");
	assess(world, "E1 C1 boss 3 T2 2026-02-01"); /* (2 + 3) / 2 */
	assess(world, "E1 C2 peer 5 T1 2026-01-01"); /* replaced, so that the maximum is 3 */
	assess(world, "E1 C2 peer 2 T1 2026-05-01");
	assess(world, "E1 C2 peer 3 T2 2026-02-01");
	assess(world, "E1 C3 exam 5 T1 2026-05-01"); /* latest: the mean of the newest date, 1, 2 and 2 */
	assess(world, "E1 C3 exam 1 T2 2026-06-01");
	assess(world, "E1 C3 exam 2 T3 2026-06-01");
	assess(world, "E1 C3 exam 2 T4 2026-06-01");
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.C1.level", "2.5");
	world_expect(world, "E1", "competency.C2.level", "3");
	world_expect(world, "E1", "competency.C3.level", "1.67");
}

/* 0.4·3 + 0.4·2.5 + 0.2·4 = 3.0 over 1.0; without the peer 2.2 ÷ 0.8 = 2.75. */
static void kinds_are_weighed(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 exam 3 - 2026-05-01");
	assess(world, "E1 C1 boss 2 T1 2026-05-01");
	assess(world, "E1 C1 boss 3 T2 2026-05-01");
	assess(world, "E1 C1 peer 4 T3 2026-05-01");
	assess(world, "E2 C1 exam 3 - 2026-05-01");
	assess(world, "E2 C1 boss 2.5 T1 2026-05-01");
	/* 2 places, half away from zero: (0.4·2.01 + 0.2·2) ÷ 0.6 = 2.00666… ; (0.4·2.01 + 0.4·2) ÷ 0.8 = 2.005 */
	assess(world, "E1 C2 exam 2.01 - 2026-05-01");
	assess(world, "E1 C2 peer 2 T1 2026-05-01");
	assess(world, "E2 C2 exam 2.01 - 2026-05-01");
	assess(world, "E2 C2 boss 2 T1 2026-05-01");
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.C1.level", "3");
	world_expect(world, "E2", "competency.C1.level", "2.75");
	world_expect(world, "E1", "competency.C2.level", "2.01");
	world_expect(world, "E2", "competency.C2.level", "2.01");
}

static void self_assessment_alone_is_none(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 self 5 E1 2026-05-01");
	assess(world, "E1 C2 self 5 E1 2026-05-01"); /* (0.4·2 + 0.2·5) ÷ 0.6 = 3 */
	assess(world, "E1 C2 exam 2 - 2026-05-01");
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.C1.level", "(not-assessed)");
	world_expect(world, "E1", "competency.C1.gap", "(not-assessed)");
	world_expect(world, "E1", "competency.C2.level", "3");
	assert_non_null(strstr(world_explain(world, "E1", "competency", TEXT_EN), "not assessed: self-assessment alone"));
}

static void scores_are_scaled(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 exam =70 - 2026-05-01"); /* 5 · 70/100 */
	assess(world, "E1 C2 peer =3.5 T1 2026-05-01"); /* 1-5 means 1-5 */
	assess(world, "E1 C3 exam =0 - 2026-05-01"); /* level 0 is a level */
	assess(world, "E2 C1 exam =33.33 - 2026-05-01"); /* 1.6665 */
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.C1.level", "3.5");
	world_expect(world, "E1", "competency.C2.level", "3.5");
	world_expect(world, "E1", "competency.C3.level", "0");
	world_expect(world, "E2", "competency.C1.level", "1.67");
}

static void what_cannot_be_used_is_told(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 exam 6 - 2026-05-01"); /* above 5 */
	assess(world, "E1 C1 exam 3 - 2026-04-01"); /* so the one before counts */
	assess(world, "E1 C2 exam =101 - 2026-05-01");
	assess(world, "E1 C2 boss =50 T1 2026-05-01"); /* no scale */
	assess(world, "E1 C3 guess 3 T1 2026-05-01"); /* no such kind */
	assess(world, "E1 C7 exam 3 - 2026-05-01"); /* no such competency */
	assess(world, "E1 C3 boss  T1 2026-05-01"); /* nothing said */
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.C1.level", "3");
	world_expect(world, "E1", "competency.C2.level", "(not-assessed)");
	world_expect(world, "E1", "competency.C3.level", "(not-assessed)");
	assert_int_equal(world_findings(world, FINDING_UNUSED_EVIDENCE), 6);
	const char *told = world_explain(world, "E1", "competency", TEXT_EN);
	assert_non_null(strstr(told, "exam  level 6  not used: outside its scale  [inputs/assessment.csv:2]"));
	assert_non_null(strstr(told, "guess (T1)  level 3  not used"));
	assert_non_null(strstr(told, "C7"));
}

/* E1: C1 3 of 4, C2 4 of 3, C3 not assessed: (0.5·3 + 0.3·3) ÷ (0.5·4 + 0.3·3) = 2.4 ÷ 2.9; coverage 0.8. */
static void gap_match_and_coverage(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 exam 3 - 2026-05-01");
	assess(world, "E1 C2 exam 4 - 2026-05-01");
	assess(world, "E2 C3 exam 1.25 - 2026-05-01");
	assess(world, "E3 C2 exam 5 - 2026-05-01");
	assess(world, "E3 C1 exam 5 - 2026-05-01");
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.model", "ONE");
	world_expect(world, "E1", "competency.match", "82.76");
	world_expect(world, "E1", "competency.coverage", "80");
	world_expect(world, "E1", "competency.gaps", "1");
	world_expect(world, "E1", "competency.must", "1");
	world_expect(world, "E1", "competency.C1.required", "4");
	world_expect(world, "E1", "competency.C1.gap", "1");
	world_expect(world, "E1", "competency.C1.priority", "0.5");
	world_expect(world, "E1", "competency.C2.gap", "0");
	world_expect(world, "E1", "competency.C2.priority", "0");
	world_expect(world, "E1", "competency.C3.required", "2");
	world_expect(world, "E1", "competency.C3.gap", "(not-assessed)");
	world_expect(world, "E2", "competency.match", "62.5");
	world_expect(world, "E2", "competency.coverage", "20");
	world_expect(world, "E2", "competency.C3.priority", "0.15");
	world_expect(world, "E2", "competency.must", "(not-assessed)");
	world_expect(world, "E3", "competency.model", "QM"); /* the position goes before the level */
	world_expect(world, "E3", "competency.match", "100");
	world_expect(world, "E3", "competency.C1.level", "5");
	world_expect(world, "E3", "competency.C1.gap", "(not-required)");
	world_expect(world, "E4", "competency.match", "(no-model)");
	world_expect(world, "E4", "competency.C1.required", "(no-model)");
}

static void nothing_assessed_is_not_zero(void **state)
{
	struct world *world = *state;
	centre(world);
	world_rules(world, RULE);
	world_run(world);
	world_expect(world, "E1", "competency.match", "(not-assessed)");
	world_expect(world, "E1", "competency.gaps", "(not-assessed)");
	world_expect(world, "E1", "competency.must", "(not-assessed)");
	world_expect(world, "E1", "competency.coverage", "0");
	world_expect(world, "E1", "competency.C1.level", "(not-assessed)");
}

#define ASKING(expr) \
	RULE "<star id=\"star\"><item id=\"x\" value='" expr "' weight=\"1\"/><band star=\"1\" from=\"0\"/></star>"

/* match() is not rounded: 2.4 ÷ 2.9 is 82.7586…; null below the coverage. */
static void rules_ask_for_a_fit(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 exam 3 - 2026-05-01");
	assess(world, "E1 C2 exam 4 - 2026-05-01");
	assess(world, "E2 C1 exam 3 - 2026-05-01");
	assess(world, "E3 C1 exam 4 - 2026-05-01");
	assess(world, "E3 C2 exam 4 - 2026-05-01");
	world_rules(world, ASKING("match(\"ONE\")"));
	world_run(world);
	world_expect(world, "E1", "star.x.value", "82.7586");
	world_expect(world, "E2", "star.x.value", "(no-value)"); /* coverage 0.5 */
	world_expect(world, "E3", "star.x.value", "100");
	world_rules(world, ASKING("if match(\"L1\") &lt; 82.76 then 1 else 2")); /* by level; rounded it would be 2 */
	world_run(world);
	world_expect(world, "E1", "star.x.value", "1");
	world_rules(world, ASKING("coverage(\"QM\") + gaps(\"QM\") * 10 + must gaps(\"ONE\")"));
	world_run(world);
	world_expect(world, "E1", "star.x.value", "111"); /* 100 + 10 + 1 */
	world_expect(world, "E2", "star.x.value", "(no-value)");
	world_expect(world, "E3", "star.x.value", "110");
	world_rules(world, ASKING("match(\"\")"));
	world_run(world);
	world_expect(world, "E3", "star.x.value", "80"); /* their own model: 4 of 5 */
	assert_non_null(strstr(world_explain(world, "E3", "star", TEXT_EN), "match(\"\") = 80"));
	world_refuses(world, ASKING("match(\"ONES\")"), "rules/rulebook.xml:2", "no model of competencies \"ONES\"");
	world_refuses(world,
		"<star id=\"star\"><item id=\"x\" value='match(\"P1\")' weight=\"1\"/><band star=\"1\" from=\"0\"/></star>",
		"rules/rulebook.xml:2", "no <competencies>");
}

static void explanations_name_evidence_and_rule(void **state)
{
	struct world *world = *state;
	centre(world);
	assess(world, "E1 C1 boss 2 T1 2026-05-01");
	assess(world, "E1 C1 boss 3 T2 2026-02-01");
	world_rules(world, RULE);
	world_run(world);
	const char *en = world_explain(world, "E1", "competency.C1.gap", TEXT_EN);
	assert_non_null(strstr(en, "model ONE"));
	assert_non_null(
		strstr(en, "boss 2.5 (weight 0.4) -> level 2.5; required 4, gap 1.5, weight 0.5, priority 0.75 (must)"));
	assert_non_null(strstr(en, "2026-02-01  boss (T2)  level 3  counts  [inputs/assessment.csv:3]"));
	assert_non_null(strstr(en, "C2 C2 [rules/rulebook.xml:2]: not assessed; required 3"));
	assert_non_null(strstr(en, "match 62.5%, assessed weight 50%"));
	const char *zh = world_explain(world, "E1", "competency", TEXT_ZH);
	assert_non_null(strstr(zh, "C1 业务"));
	assert_non_null(strstr(zh, "差距 1.5"));
}

static void members_are_declared(void **state)
{
	struct world *world = *state;
	size_t found = 0;
	centre(world);
	world_rules(world, RULE);
	world_run(world);
	for (size_t i = 0; i < world->directory.member_count; i++) {
		const struct result_member *member = &world->directory.members[i];
		found += strcmp(member->list, "competency") == 0 && strcmp(member->id, "C1") == 0
			&& strcmp(member->values, "{\"module\":\"service\",\"ksao\":\"K\",\"max\":\"5\"}") == 0;
		found += strcmp(member->list, "module") == 0;
		found += strcmp(member->list, "anchor") == 0 && strcmp(member->id, "C1.1") == 0
			&& strcmp(member->title.en, "knows the basics") == 0;
		found += strcmp(member->list, "need") == 0 && strcmp(member->id, "QM.C2") == 0;
	}
	assert_int_equal(found, 4);
}

#define WITH(models) "<competencies id=\"competency\">" DICTIONARY EVIDENCE models "</competencies>"

static void unsound_rules_are_refused(void **state)
{
	struct world *world = *state;
	const char *at = "rules/rulebook.xml:2";
	world_refuses(world, WITH("<model id=\"M\"><need competency=\"C1\" level=\"4\" weight=\"0.9\"/></model>"), at,
		"sum to 0.9, not to 1");
	world_refuses(world, WITH("<model id=\"M\"><need competency=\"C9\" level=\"4\" weight=\"1\"/></model>"), at,
		"no competency \"C9\"");
	world_refuses(
		world, WITH("<model id=\"M\"><need competency=\"C1\" level=\"6\" weight=\"1\"/></model>"), at, "level=\"6\"");
	world_refuses(world,
		WITH("<model id=\"M\" level=\"L\"><need competency=\"C1\" level=\"1\" weight=\"1\"/></model>"
			 "<model id=\"N\" level=\"L\"><need competency=\"C1\" level=\"1\" weight=\"1\"/></model>"),
		at, "for the same people");
	world_refuses(world,
		"<competencies id=\"c\"><competency id=\"C1\" module=\"m\" ksao=\"K\"/>" EVIDENCE "</competencies>", at,
		"no module \"m\"");
	world_refuses(world, "<competencies id=\"c\">" DICTIONARY "<evidence kind=\"self\" weight=\"1\"/></competencies>",
		at, "nobody could be assessed");
	world_refuses(world,
		"<competencies id=\"c\">" DICTIONARY EVIDENCE "<evidence kind=\"chat\" weight=\"0\"/></competencies>", at,
		"would never count");
	world_refuses(world,
		"<competencies id=\"c\">" DICTIONARY "<evidence kind=\"exam\" weight=\"1\" from=\"5-5\"/></competencies>", at,
		"one point");
	world_refuses(world,
		"<competencies id=\"c\">" DICTIONARY "<evidence kind=\"exam\" weight=\"1\" from=\"100\"/></competencies>", at,
		"not a scale");
	world_refuses(world,
		"<competencies id=\"c\">" DICTIONARY
		"<evidence kind=\"exam\" weight=\"1\" from=\"0-9\" to=\"0-9\"/></competencies>",
		at, "leaves the levels");
	world_refuses(
		world, "<competencies id=\"c\"><competency id=\"C1\" module=\"m\" ksao=\"X\"/></competencies>", at, "ksao");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(evidence_ages),
		TEST(the_newest_of_an_assessor_counts),
		TEST(kinds_are_weighed),
		TEST(self_assessment_alone_is_none),
		TEST(scores_are_scaled),
		TEST(what_cannot_be_used_is_told),
		TEST(gap_match_and_coverage),
		TEST(nothing_assessed_is_not_zero),
		TEST(rules_ask_for_a_fit),
		TEST(explanations_name_evidence_and_rule),
		TEST(members_are_declared),
		TEST(unsound_rules_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
