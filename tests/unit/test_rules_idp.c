/*
 * test_rules_idp.c - development plans by hand-computed cases, and chains of courses against every possible set.
 */
#include "rules_world.h"

/* --- a small centre: one competency rule, levels given directly --- */
#define RULE(more) \
	"<competencies id=\"competency\"><module id=\"m\"/><module id=\"n\"/>" \
	"<competency id=\"C1\" module=\"n\" ksao=\"K\"/><competency id=\"C2\" module=\"m\" ksao=\"S\"/>" \
	"<competency id=\"C3\" module=\"m\" ksao=\"A\"/><evidence kind=\"boss\" weight=\"1\"/>" \
	"<model id=\"M\" level=\"L1\"><need competency=\"C1\" level=\"4\" weight=\"0.5\"/>" \
	"<need competency=\"C2\" level=\"3\" weight=\"0.25\"/><need competency=\"C3\" level=\"3\" weight=\"0.25\"/></model>" \
	"</competencies><idp id=\"idp\" hours-per-week=\"7\" unknown-hours=\"10\" " more "</idp>"
#define PLAIN RULE("due=\"P2M\">")

static void centre(struct world *world)
{
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
	world_add(world, FEED_EMPLOYEE, "employee_id=E1;name=甲;hire_date=2020-01-01;org_unit=T1;position=P1;level=L1");
	world_add(world, FEED_EMPLOYEE, "employee_id=E2;name=乙;hire_date=2020-01-01;org_unit=T1;position=P1;level=L1");
}

/* Levels of the three competencies; NULL: not assessed. */
static void levels(struct world *world, const char *who, const char *c1, const char *c2, const char *c3)
{
	const char *const values[] = { c1, c2, c3 };
	for (int i = 0; i < 3; i++)
		if (values[i] != NULL)
			world_add(world, FEED_ASSESSMENT,
				arena_printf(&world->arena,
					"employee_id=%s;competency_id=C%d;kind=boss;level=%s;assessed_on=2026-09-01", who, i + 1,
					values[i]));
}

/* "A C1 2 3 8" and more fields; "-" leaves one out. */
static void course(struct world *world, const char *id, const char *competency, const char *from, const char *to,
	const char *hours, const char *more)
{
	struct str cells = { 0 };
	str_printf(&cells, "course_id=%s;title=课%s;category=x;credits=1%s%s", id, id, *more != '\0' ? ";" : "", more);
	const char *const fields[][2] = { { "competency", competency }, { "from_level", from }, { "to_level", to },
		{ "hours", hours } };
	for (int i = 0; i < 4; i++)
		if (strcmp(fields[i][1], "-") != 0)
			str_printf(&cells, ";%s=%s", fields[i][0], fields[i][1]);
	world_add(world, FEED_COURSE, str_text(&cells));
	str_release(&cells);
}

static void hold(struct world *world, const char *who, const char *what)
{
	world_add(world, FEED_COMPLETION,
		arena_printf(&world->arena, "employee_id=%s;course_id=%s;completed_on=2026-09-01;result=passed", who, what));
}

/* The plan of a person, a line an item: kind competency course activity from to due status, empty ones left out. */
static const char *plan_of(struct world *world, const char *who)
{
	static const char *const shown[] = { "kind", "competency", "course", "activity", "from level", "to level",
		"due date", "status" };
	struct err err = { 0 };
	struct frame frame;
	struct str out = { 0 };
	bool found = false;
	const struct result_table *table = result_table(&world->directory, "idp");
	uint32_t index = (uint32_t)(table - world->directory.tables), number = 0, before = 0;
	world_check(
		store_result_get(world->store, world->run.run, index, 0, NULL, 0, &world->arena, &frame, &found, &err), &err);
	for (uint32_t row = 0; found && row < frame.count; row++) {
		uint32_t employee = frame_column(&frame, 0)->u32[row];
		assert_true(employee >= before); /* ascending */
		before = employee;
		if (strcmp(facts_key(world->facts, KEY_DIM_EMPLOYEE, employee), who) != 0)
			continue;
		result_column(table, "number", &index);
		assert_int_equal(frame_column(&frame, index)->i64[row], ++number);
		for (size_t k = 0; k < sizeof shown / sizeof shown[0]; k++) {
			assert_non_null(result_column(table, shown[k], &index));
			const char *text = world_show(world, &frame, table, index, row);
			if (text != NULL && text[0] != '\0')
				str_printf(&out, "%s%s", k > 0 ? " " : "", text);
		}
		str_add_char(&out, '\n');
	}
	const char *text = arena_text(&world->arena, str_text(&out));
	str_release(&out);
	return text;
}

static void expect_plan(struct world *world, const char *who, const char *expected)
{
	const char *got = plan_of(world, who);
	if (strcmp(got, expected) != 0)
		fail_msg("the plan of %s is\n%snot\n%s", who, got, expected);
}

/* --- chains --- */
/* From floor(2.75) to 4: A+B take 5 hours, C 6. */
static void the_chain_with_the_fewest_hours(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "2", "3", "2", "");
	course(world, "B", "C1", "-", "4", "3", ""); /* from_level: to_level - 1 */
	course(world, "C", "C1", "2", "4", "6", "");
	course(world, "D", "C1", "1", "3", "2.5", ""); /* can be taken at 2, but takes longer than A */
	levels(world, "E1", "2.75", "3", "3");
	levels(world, "E2", "1", "3", "3"); /* D+B 5.5, against nothing else that starts at 1 */
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 A 2 3 2026-10-02 new\n"
		"course C1 B 3 4 2026-10-05 new\n");
	expect_plan(world, "E2",
		"course C1 D 1 3 2026-10-03 new\n"
		"course C1 B 3 4 2026-10-06 new\n");
	world_expect(world, "E1", "idp.items", "2");
	world_expect(world, "E1", "idp.hours", "5");
}

/* Unknown hours cost more than any hours; equal hours: fewer courses; equal numbers: ids. */
static void ties(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "3", "4", "-", "");
	course(world, "B", "C1", "3", "4", "100", "");
	course(world, "F", "C2", "1", "2", "2", "");
	course(world, "G", "C2", "2", "3", "2", "");
	course(world, "H", "C2", "1", "3", "4", "");
	course(world, "K2", "C3", "2", "3", "4", "");
	course(world, "K1", "C3", "2", "3", "4", "");
	levels(world, "E1", "3", "1", "2");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 B 3 4 2027-01-08 new\n" /* priority 0.5, as the next */
		"course C2 H 1 3 2027-01-12 new\n"
		"course C3 K1 2 3 2027-01-16 new\n");
}

/* Unheld prerequisites come first, with theirs before them, and cost once. */
static void prerequisites_come_first(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "Z", "-", "-", "-", "1", "");
	course(world, "Y", "-", "-", "-", "1", "prerequisites=Z");
	course(world, "A", "C1", "2", "3", "2", "prerequisites=Y");
	course(world, "B", "C1", "3", "4", "2", "prerequisites=A、Y");
	course(world, "C", "C1", "2", "4", "6.5", "");
	levels(world, "E1", "2", "3", "3");
	levels(world, "E2", "2", "3", "3");
	hold(world, "E2", "Y"); /* what stands before a held course is not asked for */
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 Z 2026-10-01 new\n"
		"course C1 Y 2026-10-02 new\n"
		"course C1 A 2 3 2026-10-04 new\n"
		"course C1 B 3 4 2026-10-06 new\n");
	expect_plan(world, "E2",
		"course C1 A 2 3 2026-10-02 new\n"
		"course C1 B 3 4 2026-10-04 new\n");
	assert_non_null(strstr(world_explain(world, "E1", "idp", TEXT_EN), "Y 课Y (1 hours), comes first"));
}

/* Chains that want the same courses: fewer steps, then the ids of the steps; not what happened to be found first. */
static void chains_of_the_same_courses(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "X", "C1", "2", "3", "4", "");
	course(world, "Y", "C1", "2", "4", "4", "prerequisites=X");
	course(world, "A", "C2", "1", "2", "4", "");
	course(world, "B", "C2", "1", "2", "4", "");
	course(world, "D", "C2", "2", "3", "4", "prerequisites=A");
	levels(world, "E1", "2", "1", "3");
	hold(world, "E1", "B");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 X 2026-10-04 new\ncourse C1 Y 2 4 2026-10-08 new\n"
		"course C2 A 1 2 2026-10-12 new\ncourse C2 D 2 3 2026-10-16 new\n");
}

/* A step of the chain that must come before an earlier one keeps its levels: the reader sees where the chain ends. */
static void a_step_before_its_turn_keeps_its_levels(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "2", "3", "4", "prerequisites=B");
	course(world, "B", "C1", "3", "4", "4", "");
	levels(world, "E1", "2", "3", "3");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1", "course C1 B 3 4 2026-10-04 new\ncourse C1 A 2 3 2026-10-08 new\n");
}

static void held_and_chosen_courses_cost_nothing(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "3", "4", "9", "");
	course(world, "B", "C1", "3", "4", "5", "");
	course(world, "S", "C2", "2", "3", "3", "prerequisites=A"); /* 3 when A was chosen or is held, else 12 */
	course(world, "T", "C2", "2", "3", "4", "");
	levels(world, "E1", "3", "2", "3"); /* B for C1, then T */
	levels(world, "E2", "3", "2", "3");
	hold(world, "E2", "A"); /* C1: the chain is held; then S, since A is held */
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 B 3 4 2026-10-05 new\n"
		"course C2 T 2 3 2026-10-09 new\n");
	expect_plan(world, "E2",
		"re-assess C1 3 4 2026-11-30 new\n"
		"course C2 S 2 3 2026-10-03 new\n");
}

/* A course chosen for one gap is there for the next: A, wanted for C1, makes S (3 hours) cheaper than T (4). */
static void a_chosen_course_serves_the_next_gap(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "3", "4", "9", "");
	course(world, "S", "C2", "2", "3", "3", "prerequisites=A");
	course(world, "T", "C2", "2", "3", "4", "");
	course(world, "U", "C3", "2", "3", "1", "prerequisites=V");
	course(world, "V", "C2", "2", "3", "3.5", "");
	levels(world, "E1", "3", "2", "2");
	levels(world, "E2", "4", "2", "2"); /* without A: V for C2, and U has what it needs */
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 A 3 4 2026-10-09 new\n"
		"course C2 S 2 3 2026-10-12 new\n"
		"course C3 V 2026-10-16 new\n" /* 9 + 3 + 3.5 hours */
		"course C3 U 2 3 2026-10-17 new\n");
	expect_plan(world, "E2",
		"course C2 V 2 3 2026-10-04 new\n"
		"course C3 U 2 3 2026-10-05 new\n");
}

static void no_course_reassess_and_assess_first(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "2", "3", "2", ""); /* leads no further than 3 */
	course(world, "B", "C2", "1", "3", "2", "");
	levels(world, "E1", "2", "1", NULL);
	hold(world, "E1", "B");
	levels(world, "E2", "4", "3", "5");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"no-course C1 2 4 2026-11-30 new\n"
		"re-assess C2 1 3 2026-11-30 new\n"
		"assess-first C3 3 2026-11-30 new\n");
	expect_plan(world, "E2", "");
	world_expect(world, "E2", "idp.items", "0");
}

/* By priority (gap × weight) descending, then id: C3 2 × 0.25, C1 1 × 0.5, C2 0.5 × 0.25. */
static void gaps_stand_by_priority(void **state)
{
	struct world *world = *state;
	centre(world);
	levels(world, "E1", "3", "2.5", "1");
	levels(world, "E2", "3.9", "2.5", "1");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"no-course C1 3 4 2026-11-30 new\nno-course C3 1 3 2026-11-30 new\nno-course C2 2.5 3 2026-11-30 new\n");
	expect_plan(world, "E2",
		"no-course C3 1 3 2026-11-30 new\nno-course C2 2.5 3 2026-11-30 new\nno-course C1 3.9 4 2026-11-30 new\n");
}

/* --- required courses --- */
static void required_courses_outstanding(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "R1", "-", "-", "-", "4", "required_for=L1;valid_months=12");
	course(world, "R2", "-", "-", "-", "-", "required_for=L9、客服代表");
	course(world, "R3", "-", "-", "-", "3", "required_for=P1 L1;prerequisites=R0");
	course(world, "R0", "-", "-", "-", "1", "");
	course(world, "R4", "C1", "3", "4", "2", "required_for=L1"); /* chosen for a gap already */
	course(world, "R5", "-", "-", "-", "3", "required_for=L11");
	levels(world, "E1", "3", "3", "3");
	levels(world, "E2", "4", "3", "3");
	world_add(world, FEED_COMPLETION, "employee_id=E2;course_id=R1;completed_on=2025-09-30;result=passed"); /* over */
	hold(world, "E2", "R3");
	hold(world, "E2", "R4");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 R4 3 4 2026-10-02 new\n"
		"required R1 2026-10-06 new\n"
		"required R2 2026-10-16 new\n" /* unknown hours: 10 */
		"course R0 2026-10-17 new\n"
		"required R3 2026-10-20 new\n");
	world_expect(world, "E1", "idp.required", "4");
	expect_plan(world, "E2", "required R1 2026-10-04 new\nrequired R2 2026-10-14 new\n");
	world_expect(world, "E2", "idp.required", "2");
}

/* What comes before a required course is required too if the catalogue says so. */
static void required_before_required(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "R1", "-", "-", "-", "4", "required_for=L1;prerequisites=R3 R2");
	course(world, "R2", "-", "-", "-", "4", "");
	course(world, "R3", "-", "-", "-", "4", "required_for=L1");
	levels(world, "E1", "4", "3", "3");
	hold(world, "E2", "R1");
	hold(world, "E2", "R3");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course R2 2026-10-04 new\n"
		"required R3 2026-10-08 new\n"
		"required R1 2026-10-12 new\n");
	world_expect(world, "E1", "idp.required", "2");
}

static void exemptions_hold_if_the_rule_says(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "R1", "-", "-", "-", "4", "required_for=L1");
	world_add(world, FEED_COMPLETION, "employee_id=E1;course_id=R1;completed_on=2026-09-01;result=exempt");
	levels(world, "E1", "4", "3", "3");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1", "required R1 2026-10-04 new\n");
	world_rules(world, RULE("exempt=\"yes\">"));
	world_run(world);
	expect_plan(world, "E1", "");
}

static void without_completions_nothing_is_outstanding_or_not(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "R1", "-", "-", "-", "4", "required_for=L1");
	world_rules(world, PLAIN);
	world_run(world);
	world_expect(world, "E1", "idp.required", "(no-completions)");
}

/* --- last quarter --- */
static void compared_with_last_quarter(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "2", "3", "2", "");
	course(world, "B", "C1", "3", "4", "3", "");
	course(world, "D", "-", "-", "-", "3", "");
	course(world, "X", "-", "-", "-", "3", "");
	levels(world, "E1", "2", "3", NULL);
	hold(world, "E1", "D");
	world_add(
		world, FEED_IDP, "employee_id=E1;item=1;course_id=A;due_on=2026-09-29;status=done"); /* not held: overdue */
	world_add(world, FEED_IDP, "employee_id=E1;item=2;course_id=B;due_on=2026-09-30"); /* its day has not passed */
	world_add(world, FEED_IDP, "employee_id=E1;item=3;course_id=D;due_on=2026-08-01;status=open"); /* held: done */
	world_add(world, FEED_IDP, "employee_id=E1;item=4;course_id=X;due_on=2026-08-01"); /* asked for no more */
	world_add(world, FEED_IDP, "employee_id=E1;item=5;competency_id=C2;due_on=2026-08-01"); /* no gap now */
	world_add(world, FEED_IDP, "employee_id=E1;item=6;competency_id=C3;due_on=2026-12-01"); /* still not assessed */
	world_add(world, FEED_IDP, "employee_id=E1;item=7 by hand;due_on=2026-09-01");
	world_add(world, FEED_IDP, "employee_id=E1;item=8 by hand;due_on=2026-09-01;status=完成");
	world_rules(world, RULE("due=\"P2M\" done=\"done 完成\">"));
	world_run(world);
	expect_plan(world, "E1",
		"course C1 A 2 3 2026-09-29 overdue\n"
		"course C1 B 3 4 2026-09-30 continued\n"
		"assess-first C3 3 2026-12-01 continued\n"
		"course D 2026-08-01 done\n"
		"course X 2026-08-01 dropped\n"
		"other C2 5 2026-08-01 done\n"
		"other 7 by hand 2026-09-01 overdue\n"
		"other 8 by hand 2026-09-01 done\n");
	world_expect(world, "E1", "idp.items", "4");
	world_expect(world, "E1", "idp.overdue", "2");
	world_expect(world, "E1", "idp.done", "3");
	assert_non_null(
		strstr(world_explain(world, "E1", "idp", TEXT_EN), "Overdue  [inputs/course.csv:2, inputs/idp.csv:2]"));
}

static void activities(void **state)
{
	struct world *world = *state;
	centre(world);
	levels(world, "E1", "3", "2", "2");
	levels(world, "E2", "4", "3", "3");
	world_add(world, FEED_IDP, "employee_id=E2;item=轮岗;status=done;due_on=2026-09-01");
	world_rules(world,
		RULE("><activity id=\"mentor\" kind=\"mentoring\" when=\"competency.gaps > 2\"/>"
			 "<activity id=\"desk\" kind=\"rotation\" when=\"competency.gaps = 0\"><title>轮岗</title></activity>"));
	world_run(world);
	assert_non_null(strstr(plan_of(world, "E1"), "mentoring mentor 2026-12-30 new\n"));
	expect_plan(world, "E2", "rotation desk 2026-09-01 done\n");
}

static void people_who_left_have_no_plan(void **state)
{
	struct world *world = *state;
	centre(world);
	world_add(world, FEED_EMPLOYEE,
		"employee_id=E3;name=丙;hire_date=2020-01-01;leave_date=2026-09-29;org_unit=T1;position=P1;level=L1");
	levels(world, "E3", "1", "1", "1");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E3", "");
	world_expect(world, "E3", "idp.items", "(left)");
}

/* --- the catalogue --- */
static void faults_of_the_catalogue_are_told(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "3", "4", "2", "prerequisites=B NONE");
	course(world, "B", "-", "-", "-", "2", "prerequisites=A"); /* a cycle: neither asks for the other */
	course(world, "S", "-", "-", "-", "2", "prerequisites=S");
	course(world, "D", "C2", "2", "3", "2", "prerequisites=A"); /* leads to the cycle, is none of it */
	levels(world, "E1", "3", "2", "3");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1", "course C1 A 3 4 2026-10-02 new\ncourse C2 D 2 3 2026-10-04 new\n");
	assert_int_equal(world_findings(world, FINDING_PREREQUISITE_CYCLE), 3);
	assert_int_equal(world_findings(world, FINDING_UNKNOWN_REFERENCE), 1);
}

/* Two cycles, one before the other: what leads from one to the other is no cycle and stays. */
static void a_way_between_cycles_stays(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "3", "4", "1", "prerequisites=B E");
	course(world, "B", "-", "-", "-", "1", "prerequisites=A");
	course(world, "C", "-", "-", "-", "1", "prerequisites=D");
	course(world, "D", "-", "-", "-", "1", "prerequisites=C");
	course(world, "E", "-", "-", "-", "1", "prerequisites=C");
	levels(world, "E1", "3", "3", "3");
	world_rules(world, PLAIN);
	world_run(world);
	expect_plan(world, "E1",
		"course C1 C 2026-10-01 new\ncourse C1 E 2026-10-02 new\ncourse C1 A 3 4 2026-10-03 new\n");
}

static void the_learning_map(void **state)
{
	struct world *world = *state;
	centre(world);
	course(world, "A", "C1", "-", "4", "2", "stage=高级");
	course(world, "B", "C2", "1", "2", "2", "stage=中级");
	course(world, "D", "C3", "0", "1", "2", "stage=初级");
	course(world, "E", "C2", "0", "1", "2", "stage=初级");
	course(world, "F", "C2", "3", "3", "2", ""); /* leads nowhere */
	course(world, "G", "C9", "0", "1", "2", ""); /* of no competency we know */
	world_rules(world, PLAIN);
	world_run(world);
	assert_string_equal(world_table(world, "learning-map"),
		"m | 初级 | C2 | 0 | 1 | E\nm | 初级 | C3 | 0 | 1 | D\nm | 中级 | C2 | 1 | 2 | B\nn | 高级 | C1 | 3 | 4 | A\n");
}

static void unsound_rules_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world, "<idp id=\"idp\"/>", "rules/rulebook.xml:2", "need the gaps of a <competencies> rule");
	world_refuses(world, RULE("due=\"soon\">"), "rules/rulebook.xml:2", "due");
	world_refuses(world,
		"<idp id=\"idp\" hours-per-week=\"0\"/><competencies id=\"c\"><competency id=\"C1\" module=\"m\" "
		"ksao=\"K\"/><evidence kind=\"e\" weight=\"1\"/><module id=\"m\"/></competencies>",
		"rules/rulebook.xml:2", "hours-per-week=\"0\"");
	world_refuses(world, RULE("><activity id=\"a\" kind=\"mentoring\" when='gender = \"x\"'/>"), "rules/rulebook.xml:2",
		"protected");
}

/* --- chains against every set of courses --- */
#define COURSES 8
struct made {
	int from, to, hours; /* hours -1: unknown */
	unsigned before; /* set */
};

static uint64_t bits_state;
static unsigned bits(unsigned below)
{
	bits_state = bits_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(bits_state >> 33) % below;
}

static bool leads(const struct made *made, unsigned set, int from, int to)
{
	for (bool more = true; more && from < to;) {
		more = false;
		for (int c = 0; c < COURSES; c++)
			if ((set >> c & 1) && made[c].from <= from && made[c].to > from) {
				from = made[c].to;
				more = true;
			}
	}
	return from >= to;
}

/* Whether set a costs less than b: unknown, hours, number, sorted ids. */
static bool cheaper(const struct made *made, unsigned a, unsigned b)
{
	int cost[2][3] = { { 0 } };
	const unsigned sets[] = { a, b };
	for (int s = 0; s < 2; s++)
		for (int c = 0; c < COURSES; c++)
			if (sets[s] >> c & 1) {
				cost[s][0] += made[c].hours < 0;
				cost[s][1] += made[c].hours < 0 ? 0 : made[c].hours;
				cost[s][2]++;
			}
	for (int i = 0; i < 3; i++)
		if (cost[0][i] != cost[1][i])
			return cost[0][i] < cost[1][i];
	unsigned differs = a ^ b;
	return (a & (differs & -differs)) != 0;
}

/*
 * The set to be taken: the cheapest that leads to the level with what is held, and holds what stands before its
 * courses.
 */
static unsigned best_set(const struct made *made, unsigned held, int from, int to, bool *found)
{
	unsigned best = 0;
	*found = false;
	for (unsigned set = 0; set < 1u << COURSES; set++) {
		bool sound = (set & held) == 0 && leads(made, set | held, from, to);
		for (int c = 0; c < COURSES && sound; c++)
			sound = !(set >> c & 1) || (made[c].before & ~(set | held)) == 0;
		if (sound && (!*found || cheaper(made, set, best))) {
			best = set;
			*found = true;
		}
	}
	return best;
}

static void make_catalogue(struct world *world, struct made *made)
{
	char id[2] = "A", list[32], from[8], to[8], hours[8];
	for (int c = 0; c < COURSES; c++) {
		made[c] = (struct made){ .from = (int)bits(4), .hours = (int)bits(5) - 1 };
		made[c].to = made[c].from + 1 + (int)bits(2);
		size_t used = 0;
		for (int b = 0; b < c; b++) /* only earlier ones: no cycles */
			if (bits(4) == 0) {
				made[c].before |= 1u << b;
				list[used++] = (char)('A' + b);
				list[used++] = ' ';
			}
		list[used] = '\0';
		id[0] = (char)('A' + c);
		snprintf(from, sizeof from, "%d", made[c].from);
		snprintf(to, sizeof to, "%d", made[c].to);
		snprintf(hours, sizeof hours, "%d", made[c].hours);
		course(world, id, "C1", from, to, made[c].hours < 0 ? "-" : hours,
			arena_printf(&world->arena, "prerequisites=%s", list));
	}
}

#define PEOPLE 200
static int check_catalogue(struct world *world, unsigned seed)
{
	struct made made[COURSES];
	unsigned held[PEOPLE];
	int level[PEOPLE], chains = 0;
	bits_state = seed;
	make_catalogue(world, made);
	for (int p = 0; p < PEOPLE; p++) {
		const char *who = arena_printf(&world->arena, "X%03d", p);
		world_add(world, FEED_EMPLOYEE,
			arena_printf(
				&world->arena, "employee_id=%s;name=员工;hire_date=2020-01-01;org_unit=T1;position=P1;level=L1", who));
		held[p] = bits(1u << COURSES) & bits(1u << COURSES);
		level[p] = (int)bits(4);
		for (int c = 0; c < COURSES; c++)
			if (held[p] >> c & 1)
				hold(world, who, (char[]){ (char)('A' + c), 0 });
		levels(world, who, (char[]){ (char)('0' + level[p]), 0 }, "3", "3");
	}
	world_rules(world, PLAIN);
	world_run(world);
	for (int p = 0; p < PEOPLE; p++) {
		const char *plan = plan_of(world, arena_printf(&world->arena, "X%03d", p));
		bool found;
		unsigned want = best_set(made, held[p], level[p], 4, &found), got = 0, done = held[p];
		if (!found || want == 0) {
			assert_string_equal(plan,
				arena_printf(
					&world->arena, "%s C1 %d 4 2026-11-30 new\n", found ? "re-assess" : "no-course", level[p]));
			continue;
		}
		for (const char *line = plan; *line != '\0'; line = strchr(line, '\n') + 1) {
			assert_memory_equal(line, "course C1 ", 10);
			unsigned c = (unsigned)(line[10] - 'A');
			assert_true((made[c].before & ~done) == 0); /* what stands before it is held or came before it */
			got |= 1u << c;
			done |= 1u << c;
		}
		if (got != want)
			fail_msg("seed %u, X%03d, level %d, held %x: %x, not %x\n%s", seed, p, level[p], held[p], got, want, plan);
		chains++;
	}
	return chains;
}

static void chains_are_the_cheapest_of_all(void **state)
{
	int chains = 0;
	(void)state;
	for (unsigned seed = 1; seed <= 8; seed++) {
		void *own = NULL;
		assert_int_equal(world_open(&own), 0);
		centre(own);
		chains += check_catalogue(own, seed);
		assert_int_equal(world_close(&own), 0);
	}
	assert_true(chains > 300);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_chain_with_the_fewest_hours),
		TEST(ties),
		TEST(prerequisites_come_first),
		TEST(chains_of_the_same_courses),
		TEST(a_step_before_its_turn_keeps_its_levels),
		TEST(held_and_chosen_courses_cost_nothing),
		TEST(a_chosen_course_serves_the_next_gap),
		TEST(no_course_reassess_and_assess_first),
		TEST(gaps_stand_by_priority),
		TEST(required_courses_outstanding),
		TEST(required_before_required),
		TEST(exemptions_hold_if_the_rule_says),
		TEST(without_completions_nothing_is_outstanding_or_not),
		TEST(compared_with_last_quarter),
		TEST(activities),
		TEST(people_who_left_have_no_plan),
		TEST(faults_of_the_catalogue_are_told),
		TEST(a_way_between_cycles_stays),
		TEST(the_learning_map),
		TEST(unsound_rules_are_refused),
		cmocka_unit_test(chains_are_the_cheapest_of_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
