/*
 * test_rules_star_time.c - stars over time by hand-computed cases: hold, fall, movement limits, first grading, periods
 * without a grade, grade_history, human decisions, binding quotas and what comes after them.
 */
#include "rules_world.h"

#define SCALE \
	"<band star=\"5\" from=\"90\" hold=\"2\"/><band star=\"4\" from=\"80\" hold=\"2\"/><band star=\"3\" " \
	"from=\"65\"/><band star=\"2\" from=\"50\"/><band star=\"1\" from=\"0\"/>"
#define FREE \
	"<band star=\"5\" from=\"90\"/><band star=\"4\" from=\"80\"/><band star=\"3\" from=\"65\"/><band star=\"2\" " \
	"from=\"50\"/><band star=\"1\" from=\"0\"/>"
#define QA "<item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/>"

static void person_in(struct world *world, const char *id, const char *unit, const char *more)
{
	world_add(world, FEED_EMPLOYEE,
		arena_printf(&world->arena, "employee_id=%s;name=员工%s;hire_date=2020-01-01;org_unit=%s;position=P1;%s", id,
			id, unit, more));
}

static void perform(struct world *world, const char *id, const char *day, const char *kind, const char *value)
{
	world_add(world, FEED_PERFORMANCE,
		arena_printf(&world->arena, "employee_id=%s;period=%s;kind=%s;value=%s", id, day, kind, value));
}

static const char *const ends[] = { "2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30" };

/* A person and the QA scores of 2025Q4, 2026Q1 … Q3; NULL: none. */
static void scored(struct world *world, const char *id, const char *a, const char *b, const char *c, const char *d)
{
	const char *const values[] = { a, b, c, d };
	person_in(world, id, "T1", "");
	for (int i = 0; i < 4; i++)
		if (values[i] != NULL)
			perform(world, id, ends[i], "qa", values[i]);
}

struct past {
	int64_t run[8];
	int32_t as_of[8];
	size_t count;
};

/* Runs the quarter that ends on a day, with everything run before as published. */
static void quarter(struct world *world, struct past *past, const char *last)
{
	int32_t day;
	assert_true(date_parse_iso(last, strlen(last), &day));
	struct date_period period = date_period_at(DATE_QUARTER, day);
	world->params = (struct facts_params){
		.as_of = day, .period_first = period.first, .period_last = period.last, .horizon = INT64_MAX
	};
	world->run.earlier = past->run;
	world->run.earlier_as_of = past->as_of;
	world->run.earlier_count = past->count;
	world_run(world);
	memmove(past->run + 1, past->run, past->count * sizeof *past->run);
	memmove(past->as_of + 1, past->as_of, past->count * sizeof *past->as_of);
	past->run[0] = world->run.run;
	past->as_of[0] = day;
	past->count++;
	/* explanations replay this quarter */
	world->run.earlier = past->run + 1;
	world->run.earlier_as_of = past->as_of + 1;
}

static void centre(struct world *world)
{
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	world_add(world, FEED_ORG_UNIT, "org_id=T2;name=二组");
	world_add(world, FEED_POSITION, "position_id=P1;title=客服代表");
}

static void expect_stars(struct world *world, const char *const *people, const char *column, const char *const *stars)
{
	for (size_t i = 0; people[i] != NULL; i++)
		world_expect(world, people[i], column, stars[i]);
}
#define PEOPLE(...) (const char *const[]){ __VA_ARGS__, NULL }

static void rises_and_falls_by_runs_of_periods(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	const char *const *everybody = PEOPLE("E1", "E2", "E3", "E4");
	centre(world);
	scored(world, "E1", "70", "85", "95", "95");
	scored(world, "E2", "95", "70", "85", "55");
	scored(world, "E3", "85", NULL, "70", "70");
	scored(world, "E4", "70", "85", NULL, "85");
	world_rules(world, "<star id=\"star\" fall=\"2\">" QA SCALE "</star>");
	quarter(world, &past, ends[0]); /* first grading: r, whatever k is */
	expect_stars(world, everybody, "star", PEOPLE("3", "5", "4", "3"));
	expect_stars(world, everybody, "star.previous",
		PEOPLE("(no-previous)", "(no-previous)", "(no-previous)", "(no-previous)"));
	quarter(world, &past, ends[1]);
	/* E1 reached 4 once; E2 is below 5 once; E3 is not graded; E4 as E1 */
	expect_stars(world, everybody, "star.reached", PEOPLE("4", "3", "(too-little-data)", "4"));
	expect_stars(world, everybody, "star", PEOPLE("3", "5", "(too-little-data)", "3"));
	quarter(world, &past, ends[2]);
	/* E1: r 4, 5: four stars twice, five once: 4. E2: 3, 4 below 5: falls to the best, 4. E3: the star before is that
	 * of two periods ago; the period without a grade breaks the run: stays 4. */
	expect_stars(world, everybody, "star", PEOPLE("4", "4", "4", "(too-little-data)"));
	expect_stars(world, everybody, "star.previous", PEOPLE("3", "5", "4", "3"));
	quarter(world, &past, ends[3]);
	/* E1: five stars twice. E2: 2 now, but 4 before is not below 4: stays. E3: 3, 3 below 4: falls. E4: four stars now,
	 * nothing before: stays 3. */
	expect_stars(world, everybody, "star", PEOPLE("5", "4", "3", "3"));
	expect_stars(world, everybody, "star.held", PEOPLE("5", "4", "3", "3"));
	assert_string_equal(world_table(world, "star.movement"), "4 | 5 | 1\n4 | 4 | 1\n4 | 3 | 1\n3 | 3 | 1\n");
	assert_non_null(strstr(world_explain(world, "E3", "star", TEXT_EN),
		"3 after floors; previous star 4 (1 before); below in enough periods in a row: falls to the best of "
		"them (2 periods: now 3, 1 before: 3) -> 3"));
	assert_non_null(strstr(world_explain(world, "E4", "star", TEXT_ZH),
		"底线后 4 星；上期 3 星（前 2 期）；尚未连续达到所需期数，维持上期（需 2 期：本期 4，前 1 期 未评级） → 3 星"));
	/* E2 keeps four stars with a two: what would hold them, what would raise them, both from the composite of 55. */
	const char *kept = world_explain(world, "E2", "star", TEXT_EN);
	assert_non_null(strstr(kept, "to reach 4 stars by this period alone: "));
	assert_non_null(strstr(kept, "to 5 stars: "));
	assert_null(strstr(kept, "to 3 stars: "));
	/* these bands give no coefficients: that is said, no cell is left empty */
	world_expect(world, "E2", "star.coefficient", "(no-coefficient)");
}

static void movement_is_limited_by_bands(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	centre(world);
	scored(world, "E1", "20", "95", "95", NULL);
	scored(world, "E2", "95", "55", "10", NULL);
	world_rules(world, "<star id=\"star\" up=\"1\" down=\"2\">" QA FREE "</star>");
	quarter(world, &past, ends[0]); /* no limit on the first grading */
	expect_stars(world, PEOPLE("E1", "E2"), "star", PEOPLE("1", "5"));
	quarter(world, &past, ends[1]);
	expect_stars(world, PEOPLE("E1", "E2"), "star.reached", PEOPLE("5", "2"));
	expect_stars(world, PEOPLE("E1", "E2"), "star", PEOPLE("2", "3"));
	assert_non_null(strstr(world_explain(world, "E2", "star", TEXT_EN), "movement limit of a period: 2 -> 3"));
	quarter(world, &past, ends[2]);
	expect_stars(world, PEOPLE("E1", "E2"), "star", PEOPLE("3", "1"));
}

static void history(struct world *world, const char *id, const char *day, const char *field, const char *value)
{
	world_add(world, FEED_GRADE_HISTORY,
		arena_printf(&world->arena, "employee_id=%s;period=%s;field=%s;value=%s", id, day, field, value));
}

static void history_feed_speaks_where_nothing_was_published(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	centre(world);
	scored(world, "E1", NULL, NULL, "85", "85");
	scored(world, "E2", NULL, NULL, NULL, "70");
	scored(world, "E3", NULL, NULL, NULL, "85");
	scored(world, "E4", NULL, NULL, NULL, "70");
	history(world, "E1", "2026-03-31", "star", "3");
	history(world, "E1", "2026-06-30", "star", "5"); /* published: not asked */
	history(world, "E2", "2025-12-31", "star", "5"); /* nothing in between: the newest star, but no run */
	history(world, "E3", "2026-03-31", "star", "二星");
	history(world, "E3", "2026-03-31", "note", "二星"); /* of something else */
	history(world, "E4", "2026-03-31", "star", "4");
	history(world, "E4", "2026-12-31", "star", "1"); /* after the as-of date */
	world_rules(world, "<star id=\"star\" fall=\"2\">" QA SCALE "</star>");
	quarter(world, &past, ends[2]);
	world_expect(world, "E1", "star", "3"); /* 3, then four stars once */
	quarter(world, &past, ends[3]);
	world_expect(world, "E1", "star.previous", "3");
	world_expect(world, "E1", "star", "4"); /* four stars twice */
	world_expect(world, "E2", "star.previous", "5");
	world_expect(world, "E2", "star", "5");
	world_expect(world, "E3", "star.previous", "(no-previous)");
	world_expect(world, "E3", "star", "4"); /* first grading */
	world_expect(world, "E4", "star", "4");
	assert_int_equal(world_findings(world, FINDING_BAD_HISTORY), 1);
}

static void decided(struct world *world, const char *id, const char *field, const char *value, const char *on,
	const char *expires)
{
	world_add(world, FEED_DECISION,
		arena_printf(&world->arena,
			"employee_id=%s;field=%s;value=%s;reason=校准会复核;decided_by=周敏;decided_on=%s;expires_on=%s", id,
			field, value, on, expires));
}

static void decisions_come_last_and_stand_beside(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	centre(world);
	for (int i = 1; i <= 7; i++)
		scored(world, arena_printf(&world->arena, "E%d", i), NULL, NULL, NULL, i == 5 || i == 6 ? NULL : "85");
	world_add(world, FEED_EMPLOYEE,
		"employee_id=E6;name=离职;hire_date=2020-01-01;leave_date=2026-08-01;org_unit=T1;position=P1");
	decided(world, "E1", "star", "5", "2026-09-20", "");
	decided(world, "E1", "star", "3", "2026-08-01", "");           /* an older one */
	decided(world, "E2", "star", "5", "2026-06-20", "2026-09-29"); /* over */
	decided(world, "E2", "star", "3", "2026-06-21", "2026-06-30"); /* over since last quarter: told then */
	decided(world, "E2", "star", "2", "2026-05-20", "2026-09-30"); /* its last day */
	decided(world, "E3", "star", "6", "2026-09-20", "");           /* no such star */
	decided(world, "E4", "star", "2", "2026-10-01", "");           /* not yet */
	decided(world, "E5", "star", "3", "2026-09-20", "");           /* has no grade */
	decided(world, "E6", "star", "3", "2026-09-20", "");           /* has left */
	decided(world, "E7", "shoe-size", "43", "2026-09-20", "");
	world_rules(world, "<star id=\"star\">" QA
			   "<band star=\"5\" from=\"90\" coefficient=\"1.3\"/><band star=\"4\" from=\"80\" "
			   "coefficient=\"1.1\"/><band star=\"3\" from=\"65\" coefficient=\"1.0\"/><band star=\"2\" "
			   "from=\"0\" coefficient=\"0.9\"/></star>");
	quarter(world, &past, ends[3]);
	const char *const *everybody = PEOPLE("E1", "E2", "E3", "E4", "E5", "E6", "E7");
	expect_stars(world, everybody, "star.computed",
		PEOPLE("4", "4", "4", "4", "(too-little-data)", "(left)", "4"));
	expect_stars(world, everybody, "star", PEOPLE("5", "2", "4", "4", "3", "(left)", "4"));
	world_expect(world, "E1", "star.coefficient", "1.3");
	world_expect(world, "E5", "star.coefficient", "1");
	world_expect(world, "E1", "star.decided", "5 · 周敏 · 2026-09-20 · 校准会复核");
	world_expect(world, "E4", "star.decided", "");
	assert_int_equal(world_findings(world, FINDING_EXPIRED_DECISION), 1);
	assert_int_equal(world_findings(world, FINDING_BAD_DECISION), 2); /* six stars; an unknown field */
	const char *zh = world_explain(world, "E2", "star", TEXT_ZH);
	assert_non_null(strstr(zh, "人工决定 5 星，周敏 于 2026-06-20：校准会复核（有效至 2026-09-29），已失效，未采用"));
	assert_non_null(strstr(zh, "人工决定 2 星，周敏 于 2026-05-20：校准会复核（有效至 2026-09-30），采用"));
	assert_non_null(strstr(zh, "（规则计算为 4 星）"));
	assert_non_null(strstr(world_explain(world, "E5", "star", TEXT_EN), "not graded by the rule"));
	assert_string_equal(world_table(world, "star.distribution"),
		" | 5 | 1 | 16.7\n | 4 | 3 | 50\n | 3 | 1 | 16.7\n | 2 | 1 | 16.7\n"
		"T1 | 5 | 1 | 16.7\nT1 | 4 | 3 | 50\nT1 | 3 | 1 | 16.7\nT1 | 2 | 1 | 16.7\n");
	/* block 0 of the list: by employee, then by the day decided */
	assert_string_equal(world_table(world, "star.decision"),
		"E1 | 3 | 校准会复核 | 周敏 | 2026-08-01 |  | superseded | 4 | 5\n"
		"E1 | 5 | 校准会复核 | 周敏 | 2026-09-20 |  | applied | 4 | 5\n"
		"E2 | 2 | 校准会复核 | 周敏 | 2026-05-20 | 2026-09-30 | applied | 4 | 2\n"
		"E2 | 5 | 校准会复核 | 周敏 | 2026-06-20 | 2026-09-29 | expired | 4 | 2\n"
		"E2 | 3 | 校准会复核 | 周敏 | 2026-06-21 | 2026-06-30 | expired | 4 | 2\n"
		"E3 | 6 | 校准会复核 | 周敏 | 2026-09-20 |  | invalid | 4 | 4\n"
		"E5 | 3 | 校准会复核 | 周敏 | 2026-09-20 |  | applied |  | 3\n"
		"E6 | 3 | 校准会复核 | 周敏 | 2026-09-20 |  | not-here |  | \n");
}

/* The star before is the decision; r of past periods stays what was computed. */
static void previous_star_is_the_decision(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	centre(world);
	scored(world, "E1", NULL, NULL, "70", "70");
	scored(world, "E2", NULL, NULL, "85", "70");
	decided(world, "E1", "star", "5", "2026-06-15", "2026-06-30");
	decided(world, "E2", "star", "3", "2026-06-15", "2026-06-30");
	world_rules(world, "<star id=\"star\" fall=\"2\">" QA SCALE "</star>");
	quarter(world, &past, ends[2]);
	expect_stars(world, PEOPLE("E1", "E2"), "star", PEOPLE("5", "3"));
	quarter(world, &past, ends[3]);
	expect_stars(world, PEOPLE("E1", "E2"), "star.previous", PEOPLE("5", "3"));
	expect_stars(world, PEOPLE("E1", "E2"), "star", PEOPLE("3", "3")); /* E1: 3, 3 below 5 */
}

static void ten(struct world *world)
{
	static const char *const qa[] = { "95", "95", "92", "88", "85", "85", "82", "70", "60", "40" };
	centre(world);
	for (int i = 0; i < 10; i++) {
		const char *id = arena_printf(&world->arena, "E%02d", i + 1);
		scored(world, id, NULL, NULL, NULL, qa[i]);
		if (i != 5)
			perform(world, id, "2026-09-30", "exam", i == 1 ? "90" : "80");
	}
	person_in(world, "F1", "T2", "");
	perform(world, "F1", "2026-09-30", "qa", "99");
	person_in(world, "F2", "T2", "");
}

#define SEATS "<quota star=\"5\" share=\"10%\"/><quota star=\"4\" share=\"20%\"/>"

static void seats_are_caps_filled_from_the_top(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	ten(world);
	world_rules(world, "<star id=\"star\">" QA FREE SEATS "</star>"
			   "<star id=\"after\"><item id=\"stars\" value=\"star * 20\" weight=\"1\"/>" FREE "</star>");
	quarter(world, &past, ends[3]);
	/* T1: 10 people, 1 and 2 seats. Both of 95 enter; 92 competes for four stars; the two of 85 and 82 for three. */
	const char *const *all = PEOPLE("E01", "E02", "E03", "E04", "E05", "E06", "E07", "E08", "E09", "E10");
	expect_stars(world, all, "star.held", PEOPLE("5", "5", "5", "4", "4", "4", "4", "3", "2", "1"));
	expect_stars(world, all, "star", PEOPLE("5", "5", "4", "4", "3", "3", "3", "3", "2", "1"));
	expect_stars(world, all, "star.computed", PEOPLE("5", "5", "4", "4", "3", "3", "3", "3", "2", "1"));
	/* T2: one graded person; ⌊0.1⌋ and ⌊0.2⌋ seats, the remainder goes to those without a quota */
	world_expect(world, "F1", "star", "3");
	/* what needs the star comes after it: 100, 100, 80, 80, 60 … */
	expect_stars(world, all, "after", PEOPLE("5", "5", "4", "4", "2", "2", "2", "2", "1", "1"));
	world_expect(world, "F2", "after", "(too-little-data)");
	assert_string_equal(world_table(world, "star.quota"),
		"T1 | 5 | 10 | 10 | 1 | 2 | 1 | yes\nT1 | 4 | 10 | 20 | 2 | 2 | 0 | yes\n"
		"T2 | 5 | 1 | 10 | 0 | 0 | 0 | yes\nT2 | 4 | 1 | 20 | 0 | 0 | 0 | yes\n");
	assert_non_null(strstr(world_explain(world, "E03", "star", TEXT_EN), "quota: 5 -> 4"));
	assert_non_null(strstr(world_explain(world, "E03", "after", TEXT_EN), "star = 4"));
	assert_int_equal(world->run.graded, 22);
	assert_int_equal(world->run.people, 12);
}

static void declared_keys_break_ties_and_small_scopes_are_spared(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	ten(world);
	decided(world, "E01", "star", "5", "2026-09-20", "");
	/* exam: E02 has more than E01; E06 has none and comes after E05 */
	world_rules(world, "<star id=\"star\" quota-minimum=\"2\">" QA FREE
			   "<quota star=\"5\" share=\"10%\"/><quota star=\"4\" share=\"40%\"/>"
			   "<tie value='performance(\"exam\")'/></star>");
	quarter(world, &past, ends[3]);
	const char *const *all = PEOPLE("E01", "E02", "E03", "E04", "E05", "E06", "E07", "F1");
	expect_stars(world, all, "star.computed", PEOPLE("4", "5", "4", "4", "4", "3", "3", "5"));
	expect_stars(world, all, "star", PEOPLE("5", "5", "4", "4", "4", "3", "3", "5"));
	world_rules(world, "<star id=\"star\" quota-minimum=\"2\">" QA FREE
			   "<quota star=\"5\" share=\"10%\"/><quota star=\"4\" share=\"40%\" advisory=\"yes\"/>"
			   "<tie value='performance(\"exam\")' order=\"ascending\"/></star>");
	quarter(world, &past, ends[3]);
	expect_stars(world, all, "star.computed", PEOPLE("5", "4", "4", "4", "4", "4", "4", "5"));
}

/* 5,000 people in two blocks, scores 0 … 99 in turn: 50 of each. */
static void seats_are_given_across_blocks(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 0; i < 5000; i++) {
		const char *id = arena_printf(&world->arena, "N%04d", i);
		person_in(world, id, "T1", "");
		perform(world, id, ends[3], "qa", arena_printf(&world->arena, "%d", i % 100));
		perform(world, id, ends[3], "exam", arena_printf(&world->arena, "%d", i / 100));
	}
	world_rules(world, "<star id=\"star\" scope=\"all\">" QA FREE
			   "<quota star=\"5\" share=\"5.1%\"/><quota star=\"4\" share=\"10%\"/>"
			   "<tie value='performance(\"exam\")'/></star>");
	for (world->run.jobs = 1; world->run.jobs <= 3; world->run.jobs += 2) {
		struct past past = { .count = 0 };
		quarter(world, &past, ends[3]);
		/* 255 seats: 95 … 99 and the five of 94 with the most points; 500 seats: the 245 others down to 90, then
		 * 85 … 89, and the five best of 84 */
		assert_string_equal(world_table(world, "star.quota"),
			" | 5 | 5000 | 5.1 | 255 | 255 | 0 | yes\n | 4 | 5000 | 10 | 500 | 500 | 0 | yes\n");
		expect_stars(world, PEOPLE("N0095", "N4994", "N4594", "N4494", "N0085", "N4984", "N4584", "N4484"), "star",
			PEOPLE("5", "5", "5", "4", "4", "4", "4", "3"));
	}
}

static void absent_people_are_not_graded(void **state)
{
	struct world *world = *state;
	struct past past = { .count = 0 };
	centre(world);
	person_in(world, "E1", "T1", "status=长期病假");
	perform(world, "E1", ends[3], "qa", "90");
	person_in(world, "E2", "T1", "status=在职");
	perform(world, "E2", ends[3], "qa", "90");
	person_in(world, "E3", "T1", "");
	perform(world, "E3", ends[3], "qa", "90");
	world_rules(world, "<star id=\"star\" absent='status = \"长期病假\"'>" QA FREE "</star>");
	quarter(world, &past, ends[3]);
	expect_stars(world, PEOPLE("E1", "E2", "E3"), "star", PEOPLE("(long-absence)", "5", "5"));
	assert_non_null(strstr(world_explain(world, "E1", "star", TEXT_ZH), "未评级：长期离岗"));
}

static void impossible_rules_are_refused(void **state)
{
	struct world *world = *state;
	world_refuses(world,
		"<star id=\"star\">" QA "<band star=\"2\" from=\"50\" hold=\"0\"/><band star=\"1\" from=\"0\"/></star>",
		"rulebook.xml:2", "hold=\"0\"");
	world_refuses(world, "<star id=\"star\" fall=\"1.5\">" QA FREE "</star>", "rulebook.xml:2", "1.5");
	world_refuses(world, "<star id=\"star\">" QA FREE "<quota star=\"1\" share=\"10%\"/></star>", "rulebook.xml:2",
		"lowest star");
	world_refuses(world, "<star id=\"star\">" QA FREE
			     "<quota star=\"5\" share=\"60%\"/><quota star=\"4\" share=\"50%\"/></star>",
		"rulebook.xml:2", "more than 1");
	world_refuses(world, "<star id=\"star\">" QA FREE "<tie value=\"gender\"/></star>", "rulebook.xml:2", "");
	world_refuses(world, "<star id=\"star\">" QA FREE SEATS "<tie value=\"star\"/></star>", "rulebook.xml:2", "cycle");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)
		TEST(rises_and_falls_by_runs_of_periods),
		TEST(movement_is_limited_by_bands),
		TEST(history_feed_speaks_where_nothing_was_published),
		TEST(decisions_come_last_and_stand_beside),
		TEST(previous_star_is_the_decision),
		TEST(seats_are_caps_filled_from_the_top),
		TEST(declared_keys_break_ties_and_small_scopes_are_spared),
		TEST(seats_are_given_across_blocks),
		TEST(absent_people_are_not_graded),
		TEST(impossible_rules_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
