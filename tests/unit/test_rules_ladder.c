/*
 * test_rules_ladder.c - promotion readiness by hand-computed cases: gates and their three states, missing amounts,
 * earliest dates, horizons, targets on both tracks, the nearest promotion, talent pool, slates. As-of is 2026-09-30.
 */
#include "rules_world.h"

static void person(struct world *world, const char *id, const char *level, const char *more)
{
	world_add(world, FEED_EMPLOYEE,
		arena_printf(&world->arena,
			"employee_id=%s;name=员工%s;hire_date=2020-01-01;org_unit=T1;position=%s;level=%s;%s", id, id, level, level,
			more));
}

static void since(struct world *world, const char *id, const char *level, const char *day, const char *kind)
{
	world_add(world, FEED_POSITION_HISTORY,
		arena_printf(&world->arena, "employee_id=%s;from_date=%s;level=%s;position=%s;change_kind=%s", id, day, level,
			level, kind));
}

static void perform(struct world *world, const char *id, const char *kind, const char *value)
{
	world_add(world, FEED_PERFORMANCE,
		arena_printf(&world->arena, "employee_id=%s;period=2026-09-30;kind=%s;value=%s", id, kind, value));
}

static void disciplined(struct world *world, const char *id, const char *from, const char *to)
{
	world_add(world, FEED_DISCIPLINE,
		arena_printf(&world->arena, "employee_id=%s;kind=警告;from_date=%s;to_date=%s", id, from, to));
}

static void centre(struct world *world)
{
	static const char *const positions[] = { "P1", "P2", "P3", "P4", "M1", "M2", "QA" };
	world_add(world, FEED_ORG_UNIT, "org_id=T1;name=一组");
	for (size_t i = 0; i < sizeof positions / sizeof positions[0]; i++)
		world_add(
			world, FEED_POSITION, arena_printf(&world->arena, "position_id=%s;title=%s", positions[i], positions[i]));
}

/* One step P2 after P1 with these gates. */
static void one_step(struct world *world, const char *gates)
{
	world_rules(world,
		arena_printf(&world->arena,
			"<ladder id=\"promotion\"><track id=\"professional\"><step id=\"P1\" level=\"P1\"/><step id=\"P2\" "
			"position=\"P2\" after=\"P1\">%s</step></track></ladder>",
			gates));
	world_run(world);
}

/* Rows of a list table (of the first block) of one person, cells joined by " | ", rows by "\n". */
static const char *rows_of(struct world *world, const char *name, const char *employee)
{
	struct err err = { 0 };
	struct frame frame;
	struct str out = { 0 };
	bool found = false;
	const struct result_table *table = result_table(&world->directory, name);
	assert_non_null(table);
	assert_true(table->list);
	world_check(store_result_get(world->store, world->run.run, (uint32_t)(table - world->directory.tables), 0, NULL, 0,
					&world->arena, &frame, &found, &err),
		&err);
	for (uint32_t row = 0; found && row < frame.count; row++) {
		if (row > 0)
			assert_true(frame.columns[0].u32[row - 1] <= frame.columns[0].u32[row]);
		if (strcmp(world_show(world, &frame, table, 0, row), employee) != 0)
			continue;
		uint32_t shown = table->column_count, class = 0, computed = 0;
		if (result_column(table, "computed", &computed) != NULL) { /* nobody decides in these cases */
			result_column(table, "class", &class);
			assert_string_equal(
				world_show(world, &frame, table, computed, row), world_show(world, &frame, table, class, row));
			assert_string_equal(world_show(world, &frame, table, computed + 1, row), "");
			shown = computed;
		}
		for (uint32_t k = 1; k < shown; k++)
			str_printf(&out, "%s%s", world_show(world, &frame, table, k, row), k + 1 < shown ? " | " : "\n");
	}
	const char *text = arena_text(&world->arena, str_text(&out));
	str_release(&out);
	return text;
}

static void expect_rows(struct world *world, const char *table, const char *employee, const char *expected)
{
	assert_string_equal(rows_of(world, table, employee), expected);
}

/* track | target | position | class | met | unmet | not evaluated | earliest | nearest; of one_step. */
static void expect(
	struct world *world, const char *employee, const char *class, const char *counts, const char *earliest)
{
	expect_rows(world, "readiness", employee,
		arena_printf(&world->arena, "professional | P2 | P2 | %s | %s | %s | yes\n", class, counts, earliest));
	world_expect(world, employee, "promotion.professional.class", class);
}

/* --- earliest dates --- */
static void tenure_closes_on_the_anniversary(void **state)
{
	struct world *world = *state;
	centre(world);
	static const char *const days[] = { "2025-09-30", "2025-10-01", "2026-08-31", "2026-09-30" };
	for (int i = 0; i < 4; i++) {
		const char *id = arena_printf(&world->arena, "E%d", i + 1);
		person(world, id, "P1", "");
		since(world, id, "P1", days[i], "hire");
	}
	person(world, "E5", "P1", "");
	one_step(world, "<gate id=\"tenure\" since=\"level since\" need=\"12\" unit=\"months\"/>");
	expect(world, "E1", "now", "1 | 0 | 0", "2026-09-30");
	expect_rows(world, "gate", "E1", "P2 | tenure | met | 12 | 12 |  |  | yes\n");
	expect(world, "E2", "within-1-year", "0 | 1 | 0", "2026-10-01");
	expect_rows(world, "gate", "E2", "P2 | tenure | not-met | 11 | 12 | 1 | 2026-10-01 | yes\n");
	expect(world, "E3", "within-1-year", "0 | 1 | 0", "2027-08-31");
	expect(world, "E4", "within-1-year", "0 | 1 | 0", "2027-09-30");
	/* no history: nobody knows */
	expect(world, "E5", "not-evaluated", "0 | 0 | 1", "");
	expect_rows(world, "gate", "E5", "P2 | tenure | not-evaluated |  | 12 |  |  | yes\n");
	/* the anniversary clamps to the month's end */
	one_step(world, "<gate id=\"tenure\" since=\"level since\" need=\"6\"/>");
	expect(world, "E3", "within-1-year", "0 | 1 | 0", "2027-02-28");
}

static void discipline_closes_the_day_after_and_horizons_are_inclusive(void **state)
{
	struct world *world = *state;
	centre(world);
	static const char *const ends[] = { "2026-09-29", "2026-09-30", "2027-09-29", "2027-09-30", "2028-09-29",
		"2028-09-30", "" };
	for (int i = 0; i < 7; i++) {
		const char *id = arena_printf(&world->arena, "E%d", i + 1);
		person(world, id, "P1", "");
		disciplined(world, id, "2026-01-01", ends[i]);
	}
	person(world, "E8", "P1", "");
	person(world, "E9", "P1", "");
	disciplined(world, "E9", "2026-10-01", "2026-12-31"); /* after the as-of date: not seen */
	one_step(world, "<gate id=\"clean\" when=\"not(open discipline)\" until=\"discipline until\"/>");
	expect(world, "E1", "now", "1 | 0 | 0", "2026-09-30"); /* over since yesterday */
	expect(world, "E2", "within-1-year", "0 | 1 | 0", "2026-10-01");
	expect_rows(world, "gate", "E2", "P2 | clean | not-met | no | yes |  | 2026-10-01 | yes\n");
	expect(world, "E3", "within-1-year", "0 | 1 | 0", "2027-09-30");
	expect(world, "E4", "1-2-years", "0 | 1 | 0", "2027-10-01");
	expect(world, "E5", "1-2-years", "0 | 1 | 0", "2028-09-30");
	expect(world, "E6", "later", "0 | 1 | 0", "2028-10-01");
	expect(world, "E7", "undated", "0 | 1 | 0", "");
	expect(world, "E8", "now", "1 | 0 | 0", "2026-09-30");
	expect(world, "E9", "now", "1 | 0 | 0", "2026-09-30");
	world_expect(world, "E7", "promotion.professional.earliest", "(no-date)");
}

static void a_pace_gives_the_day_rounded_up(void **state)
{
	struct world *world = *state;
	centre(world);
	static const char *const had[] = { "40", "32.5", "20", "39.99999", "0" };
	for (int i = 0; i < 4; i++) {
		const char *id = arena_printf(&world->arena, "E%d", i + 1);
		person(world, id, "P1", "");
		perform(world, id, "credits", i == 3 ? "39.9999" : had[i]);
	}
	person(world, "E5", "P1", "");
	one_step(world, "<gate id=\"credits\" have='performance(\"credits\")' need=\"40\" pace=\"20\"/>");
	expect(world, "E1", "now", "1 | 0 | 0", "2026-09-30");
	/* 7.5 × 365 ÷ 20 = 136.875 → 137 days */
	expect_rows(world, "gate", "E2", "P2 | credits | not-met | 32.5 | 40 | 7.5 | 2027-02-14 | yes\n");
	/* exactly 365 days */
	expect_rows(world, "gate", "E3", "P2 | credits | not-met | 20 | 40 | 20 | 2027-09-30 | yes\n");
	/* a ten-thousandth still takes a day */
	expect_rows(world, "gate", "E4", "P2 | credits | not-met | 39.9999 | 40 | 0.0001 | 2026-10-01 | yes\n");
	expect(world, "E5", "not-evaluated", "0 | 0 | 1", "");
	/* at most, another span; 20 too many at 1 in 30 days = 600 days */
	one_step(world, "<gate id=\"few\" have='performance(\"credits\")' at-most=\"20\" pace=\"1\" days=\"30\"/>");
	expect_rows(world, "gate", "E1", "P2 | few | not-met | 40 | 20 | 20 | 2028-05-22 | yes\n");
	expect_rows(world, "gate", "E3", "P2 | few | met | 20 | 20 |  |  | yes\n");
}

static void periods_close_at_their_end(void **state)
{
	struct world *world = *state;
	centre(world);
	static const char *const had[] = { "3", "2", "1", "0" };
	for (int i = 0; i < 4; i++) {
		const char *id = arena_printf(&world->arena, "E%d", i + 1);
		person(world, id, "P1", "");
		perform(world, id, "run", had[i]);
	}
	one_step(world, "<gate id=\"star\" have='performance(\"run\")' need=\"3\" by=\"period\"/>");
	expect(world, "E1", "now", "1 | 0 | 0", "2026-09-30");
	expect(world, "E2", "within-1-year", "0 | 1 | 0", "2026-12-31");
	expect(world, "E3", "within-1-year", "0 | 1 | 0", "2027-03-31");
	expect(world, "E4", "undated", "0 | 1 | 0", ""); /* nothing that could persist */
}

/* The latest over unmet hard gates; any unknown: no date; any not evaluated: not evaluated. Soft gates do not count. */
static void classes_come_from_all_hard_gates(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 1; i <= 5; i++)
		person(world, arena_printf(&world->arena, "E%d", i), "P1", "");
	perform(world, "E1", "a", "5"); /* 5 missing: 50 days; b 1 missing: 30 days; c met */
	perform(world, "E1", "b", "9");
	perform(world, "E1", "c", "1");
	perform(world, "E2", "a", "10"); /* a met; b 30 days; c not met, unknown */
	perform(world, "E2", "b", "9");
	perform(world, "E2", "c", "0");
	perform(world, "E3", "a", "10"); /* b missing, c not met */
	perform(world, "E3", "c", "0");
	perform(world, "E4", "a", "10"); /* all met, soft one not */
	perform(world, "E4", "b", "10");
	perform(world, "E4", "c", "1");
	one_step(world,
		"<gate id=\"a\" have='performance(\"a\")' need=\"10\" pace=\"1\" days=\"10\"/>"
		"<gate id=\"b\" have='performance(\"b\")' need=\"10\" pace=\"1\" days=\"30\"/>"
		"<gate id=\"c\" when='performance(\"c\") >= 1'/>"
		"<gate id=\"soft\" hard=\"no\" have='performance(\"soft\")' need=\"1\"/>");
	expect(world, "E1", "within-1-year", "1 | 2 | 0", "2026-11-19");
	expect(world, "E2", "undated", "1 | 2 | 0", "");
	expect(world, "E3", "not-evaluated", "1 | 1 | 1", "");
	expect(world, "E4", "now", "3 | 0 | 0", "2026-09-30");
	expect(world, "E5", "not-evaluated", "0 | 0 | 3", "");
	world_expect(world, "E5", "promotion.professional.earliest", "(gate-not-evaluated)");
	world_expect(world, "E2", "promotion.professional.unmet", "2");
}

/* --- histories --- */
static void level_counts_without_acting_and_with_rotation(void **state)
{
	struct world *world = *state;
	centre(world);
	for (int i = 1; i <= 5; i++)
		person(world, arena_printf(&world->arena, "E%d", i), "P1", "");
	since(world, "E1", "P1", "2024-01-15", "hire"); /* rotation keeps the level, acting is passed over */
	since(world, "E1", "P1", "2025-06-01", "rotation");
	since(world, "E1", "M1", "2026-05-01", "acting");
	since(world, "E2", "P1", "2020-01-01", "hire"); /* P2 in between: the second stay counts */
	since(world, "E2", "P2", "2023-01-01", "promotion");
	since(world, "E2", "P1", "2026-04-01", "demotion");
	since(world, "E3", "P2", "2025-01-01", "promotion"); /* the sources disagree */
	since(world, "E4", "P1", "2026-09-30", "hire");
	since(world, "E5", "P1", "2025-01-15", "hire"); /* a change that says nothing of the level does not end it */
	since(world, "E5", "", "2026-02-01", "rotation");
	one_step(world, "<gate id=\"level\" have=\"months in level\" need=\"0\"/>");
	expect_rows(world, "gate", "E1", "P2 | level | met | 32 | 0 |  |  | yes\n");
	expect_rows(world, "gate", "E2", "P2 | level | met | 5 | 0 |  |  | yes\n");
	expect_rows(world, "gate", "E3", "P2 | level | not-evaluated |  | 0 |  |  | yes\n");
	expect_rows(world, "gate", "E4", "P2 | level | met | 0 | 0 |  |  | yes\n");
	expect_rows(world, "gate", "E5", "P2 | level | met | 20 | 0 |  |  | yes\n");
}

static void roles_honours_and_ratings(void **state)
{
	struct world *world = *state;
	static const char *const gates = "<gate id=\"months\" have='role months(\"小师傅\")' need=\"0\"/>"
									 "<gate id=\"count\" have='role count(\"小师傅\")' need=\"0\"/>"
									 "<gate id=\"honours\" have=\"honours(12)\" need=\"0\"/>"
									 "<gate id=\"ratings\" have='performance count(\"potential\", 12)' need=\"0\"/>"
									 "<gate id=\"clean\" when=\"not(open discipline)\"/>";
	centre(world);
	person(world, "E1", "P1", "");
	person(world, "E2", "P1", "");
	/* feeds nobody gave are no answer */
	one_step(world, gates);
	expect(world, "E1", "not-evaluated", "0 | 0 | 5", "");
	static const char *const stays[] = { "from_date=2025-01-01;to_date=2025-03-31",
		"from_date=2025-03-01;to_date=2025-06-30", /* overlaps: January to June, 6 months */
		"from_date=2026-08-15" }; /* open: to 2026-09-30, one whole month */
	for (size_t i = 0; i < 3; i++)
		world_add(world, FEED_ROLE, arena_printf(&world->arena, "employee_id=E1;role=小师傅;%s", stays[i]));
	world_add(world, FEED_ROLE, "employee_id=E1;role=质检员;from_date=2020-01-01");
	world_add(world, FEED_HONOUR, "employee_id=E1;title=a;awarded_on=2025-09-30"); /* the day before the span */
	world_add(world, FEED_HONOUR, "employee_id=E1;title=b;awarded_on=2025-10-01");
	world_add(world, FEED_HONOUR, "employee_id=E1;title=c;awarded_on=2026-09-30");
	world_add(world, FEED_HONOUR, "employee_id=E1;title=d;awarded_on=2026-10-01");
	perform(world, "E1", "potential", "3");
	disciplined(world, "E2", "2026-09-30", "2026-09-30");
	one_step(world, gates);
	expect_rows(world, "gate", "E1",
		"P2 | months | met | 7 | 0 |  |  | yes\nP2 | count | met | 3 | 0 |  |  | yes\n"
		"P2 | honours | met | 2 | 0 |  |  | yes\nP2 | ratings | met | 1 | 0 |  |  | yes\n"
		"P2 | clean | met | yes | yes |  |  | yes\n");
	/* given, but nothing of this person: none */
	expect_rows(world, "gate", "E2",
		"P2 | months | met | 0 | 0 |  |  | yes\nP2 | count | met | 0 | 0 |  |  | yes\n"
		"P2 | honours | met | 0 | 0 |  |  | yes\nP2 | ratings | met | 0 | 0 |  |  | yes\n"
		"P2 | clean | not-met | no | yes |  |  | yes\n");
}

static void stars_in_a_row(void **state)
{
	struct world *world = *state;
	centre(world);
	static const struct {
		const char *q1, *q2, *now;
	} stars[] = { { "4", "5", "85" }, { "4", "3", "85" }, { "4", "4", "70" }, { "", "4", "85" }, { "4", "4", "" } };
	for (int i = 0; i < 5; i++) {
		const char *id = arena_printf(&world->arena, "E%d", i + 1);
		person(world, id, "P1", "");
		if (stars[i].q1[0] != '\0')
			world_add(world, FEED_GRADE_HISTORY,
				arena_printf(&world->arena, "employee_id=%s;period=2026-03-31;field=star;value=%s", id, stars[i].q1));
		world_add(world, FEED_GRADE_HISTORY,
			arena_printf(&world->arena, "employee_id=%s;period=2026-06-30;field=star;value=%s", id, stars[i].q2));
		if (stars[i].now[0] != '\0')
			perform(world, id, "qa", stars[i].now);
	}
	world_rules(world,
		"<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/><band star=\"4\" "
		"from=\"80\"/><band star=\"3\" from=\"0\"/></star>"
		"<ladder id=\"promotion\"><track id=\"professional\"><step id=\"P1\" level=\"P1\"/><step id=\"P2\" "
		"position=\"P2\" after=\"P1\"><gate id=\"star\" have=\"star periods(4)\" need=\"3\" "
		"by=\"period\"/></step></track></ladder>");
	world_run(world);
	expect_rows(world, "gate", "E1", "P2 | star | met | 3 | 3 |  |  | yes\n");
	expect_rows(world, "gate", "E2", "P2 | star | not-met | 1 | 3 | 2 | 2027-03-31 | yes\n");
	expect_rows(world, "gate", "E3", "P2 | star | not-met | 0 | 3 | 3 |  | yes\n");
	expect_rows(world, "gate", "E4", "P2 | star | not-met | 2 | 3 | 1 | 2026-12-31 | yes\n");
	expect_rows(world, "gate", "E5", "P2 | star | not-evaluated |  | 3 |  |  | yes\n"); /* not graded now */
}

/* --- tracks --- */
#define TWO_TRACKS \
	"<ladder id=\"promotion\"><title xml:lang=\"en\">Promotion</title>" \
	"<track id=\"professional\"><step id=\"P1\" level=\"P1\" position=\"P1\"/>" \
	"<step id=\"P2\" level=\"P2\" position=\"P2\" after=\"P1\"><gate id=\"a\" have='performance(\"a\")' need=\"10\" " \
	"pace=\"1\" days=\"10\"/></step>" \
	"<step id=\"QA\" level=\"P2\" position=\"QA\" after=\"P1\"><gate id=\"a\" have='performance(\"a\")' need=\"20\" " \
	"pace=\"1\" days=\"10\"/></step>" \
	"<step id=\"P3\" level=\"P3\" position=\"P3\" after=\"P2 QA\"><gate id=\"a\" have='performance(\"a\")' " \
	"need=\"10\" pace=\"1\" days=\"10\"/></step>" \
	"<step id=\"P4\" level=\"P4\" position=\"P4\" after=\"P3\"><gate id=\"a\" have='performance(\"a\")' need=\"10\" " \
	"pace=\"1\" days=\"10\"/><gate id=\"b\" when='performance(\"b\") >= 1'/></step></track>" \
	"<track id=\"management\"><step id=\"M1\" level=\"M1\" position=\"M1\"><gate id=\"a\" have='performance(\"a\")' " \
	"need=\"10\" pace=\"1\" days=\"10\"/><gate id=\"b\" when='performance(\"b\") >= 1'/></step></track>" \
	"<crossing from=\"P3\" to=\"M1\"/><crossing from=\"M1\" to=\"P4\"/></ladder>"

static void both_tracks_and_the_nearest(void **state)
{
	struct world *world = *state;
	centre(world);
	world_add(world, FEED_POSITION, "position_id=X;title=宽带专席");
	person(world, "E1", "P1", "");
	perform(world, "E1", "a", "4");
	person(world, "E2", "P3", ""); /* P4 and M1 equal: own track first */
	perform(world, "E2", "a", "9");
	perform(world, "E2", "b", "1");
	person(world, "E3", "M1", ""); /* crosses to P4; nothing further in management */
	perform(world, "E3", "a", "10");
	perform(world, "E3", "b", "1");
	person(world, "E4", "P4", "");
	person(world, "E5", "Z9", ""); /* neither position nor level */
	world_add(world, FEED_EMPLOYEE, /* the position is not on the ladder: the first step of the level */
		"employee_id=E6;name=六;hire_date=2020-01-01;org_unit=T1;position=X;level=P2");
	person(world, "E7", "P1", "leave_date=2026-09-29");
	world_rules(world, TWO_TRACKS);
	world_run(world);
	expect_rows(world, "readiness", "E1",
		"professional | P2 | P2 | within-1-year | 0 | 1 | 0 | 2026-11-29 | yes\n"
		"professional | QA | QA | within-1-year | 0 | 1 | 0 | 2027-03-09 | no\n");
	world_expect(world, "E1", "promotion.step", "P1");
	world_expect(world, "E1", "promotion.nearest", "P2");
	world_expect(world, "E1", "promotion.professional.target", "P2");
	world_expect(world, "E1", "promotion.management.target", "(no-step)");
	expect_rows(world, "readiness", "E2",
		"professional | P4 | P4 | within-1-year | 1 | 1 | 0 | 2026-10-10 | yes\n"
		"management | M1 | M1 | within-1-year | 1 | 1 | 0 | 2026-10-10 | no\n");
	world_expect(world, "E2", "promotion.management.class", "within-1-year");
	world_expect(world, "E3", "promotion.nearest", "P4");
	world_expect(world, "E3", "promotion.professional.class", "now");
	world_expect(world, "E3", "promotion.professional.earliest", "2026-09-30");
	world_expect(world, "E3", "promotion.management.class", "(no-step)");
	expect_rows(world, "readiness", "E4", "");
	world_expect(world, "E4", "promotion.nearest", "(no-step)");
	expect_rows(world, "readiness", "E5", "");
	world_expect(world, "E5", "promotion.professional.class", "(off-ladder)");
	world_expect(world, "E6", "promotion.step", "P2");
	world_expect(world, "E7", "promotion.nearest", "(left)");
	expect_rows(world, "gate", "E7", "");
}

/* Class goes first, then the date, then the number of unmet gates. */
static void the_order_of_nearest(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "P1", "");
	person(world, "E2", "P1", "");
	person(world, "E3", "P1", "");
	perform(world, "E1", "a", "0"); /* A: later date, B: earlier */
	perform(world, "E1", "b", "5");
	perform(world, "E2", "a", "5"); /* same date, A lacks two gates, B one */
	perform(world, "E2", "b", "5");
	perform(world, "E3", "b", "0"); /* A not evaluated, B undated */
	world_rules(world,
		"<ladder id=\"promotion\"><track id=\"t\"><step id=\"P1\" level=\"P1\"/>"
		"<step id=\"A\" level=\"A\" after=\"P1\"><gate id=\"x\" have='performance(\"a\")' need=\"10\" pace=\"1\" "
		"days=\"10\"/><gate id=\"y\" have='performance(\"a\")' need=\"10\" pace=\"1\" days=\"10\"/></step>"
		"<step id=\"B\" level=\"B\" after=\"P1\"><gate id=\"x\" have='performance(\"b\")' need=\"10\" pace=\"1\" "
		"days=\"10\"/><gate id=\"y\" when='performance(\"b\") > 0'/></step></track></ladder>");
	world_run(world);
	world_expect(world, "E1", "promotion.nearest", "B");
	world_expect(world, "E2", "promotion.nearest", "B");
	world_expect(world, "E3", "promotion.nearest", "B");
	world_expect(world, "E3", "promotion.t.class", "undated");
}

static void holds(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in:\n%s", part, text);
}

static void explanations_go_gate_by_gate(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "P3", "");
	perform(world, "E1", "a", "9");
	since(world, "E1", "P3", "2025-10-01", "promotion");
	disciplined(world, "E1", "2026-09-01", "2026-10-31");
	world_rules(world, TWO_TRACKS);
	world_run(world);
	const char *en = world_explain(world, "E1", "promotion", TEXT_EN), *zh = world_explain(world, "E1", NULL, TEXT_ZH);
	holds(en, "stands on: P3");
	holds(en, "-> P4 (P4, professional): not evaluated");
	holds(en, "has 9, needs 10, missing 1, earliest 2026-10-10 (at 1 in 10 days)");
	holds(en, "performance(\"a\") = 9  [inputs/performance.csv:2]");
	holds(en, "? b (b) not evaluated: performance(\"b\") >= 1");
	holds(en, "the nearest promotion");
	holds(en, "rules/rulebook.xml:2");
	holds(zh, "所在岗级");
	holds(zh, "还差 1，最早 2026-10-10");
	world_rules(world,
		"<ladder id=\"promotion\"><track id=\"p\"><step id=\"P3\" level=\"P3\"/><step id=\"P4\" level=\"P4\" "
		"after=\"P3\"><gate id=\"t\" since=\"level since\" need=\"12\"/><gate id=\"d\" when=\"not(open "
		"discipline)\" until=\"discipline until\"/></step></track></ladder>");
	world_run(world);
	en = world_explain(world, "E1", "promotion.p.class", TEXT_EN);
	holds(en, "earliest 2026-10-01 (the anniversary)");
	holds(en, "level since = 2025-10-01  [inputs/position_history.csv:2]");
	holds(en, "earliest 2026-11-01 (the day after it ends)");
	holds(en, "open discipline = true  [inputs/discipline.csv:2]");
	holds(en, "within a year, earliest 2026-11-01; hard gates met 0, not met 2, not evaluated 0");
}

/* --- pool and slates --- */
static void pool_and_slates(void **state)
{
	struct world *world = *state;
	centre(world);
	static const struct {
		const char *id, *a, *b, *rank;
	} people[] = { { "E1", "10", "1", "50" }, { "E2", "9", "1", "" }, { "E3", "10", "0", "" }, { "E4", "9", "0", "" },
		{ "E5", "10", "1", "70" }, { "E6", "10", "1", "70" } };
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
		person(world, people[i].id, "P3", "");
		perform(world, people[i].id, "a", people[i].a);
		perform(world, people[i].id, "b", people[i].b);
		if (people[i].rank[0] != '\0')
			perform(world, people[i].id, "qa", people[i].rank);
	}
	world_add(world, FEED_VACANCY, "vacancy_id=V1;position=M1;org_unit=T1;opened_on=2026-09-01");
	world_add(world, FEED_VACANCY, "vacancy_id=V2;position=P2;opened_on=2026-09-01");
	world_add(world, FEED_VACANCY, "vacancy_id=V3;position=M2;opened_on=2026-09-01"); /* on no ladder */
	world_rules(world,
		"<star id=\"star\"><item id=\"qa\" value='performance(\"qa\")' weight=\"1\"/><band star=\"1\" "
		"from=\"0\"/></star>" TWO_TRACKS
		"<pool id=\"pool\" targets=\"M1\"/><slate id=\"slate\" top=\"3\" near-misses=\"1\" "
		"rank-by=\"star.composite\"/>");
	world_run(world);
	/* target | employee | class | met | unmet | earliest */
	assert_string_equal(world_table(world, "pool"),
		"M1 | E1 | now | 2 | 0 | 2026-09-30\nM1 | E5 | now | 2 | 0 | 2026-09-30\n"
		"M1 | E6 | now | 2 | 0 | 2026-09-30\nM1 | E2 | within-1-year | 1 | 1 | 2026-10-10\n");
	/* vacancy | position | unit | kind | rank | employee | target | class | earliest | unmet | missing … | figure */
	assert_string_equal(world_table(world, "slate"),
		"V1 | M1 | T1 | candidate | 1 | E5 | M1 | now | 2026-09-30 | 0 |  |  | 70\n"
		"V1 | M1 | T1 | candidate | 2 | E6 | M1 | now | 2026-09-30 | 0 |  |  | 70\n"
		"V1 | M1 | T1 | candidate | 3 | E1 | M1 | now | 2026-09-30 | 0 |  |  | 50\n"
		"V1 | M1 | T1 | near-miss | 1 | E3 | M1 | undated |  | 1 | b 未达到 | b not met | \n"
		"V2 | P2 |  | nobody |  |  |  |  |  |  |  |  | \n"
		"V3 | M2 |  | nobody |  |  |  |  |  |  |  |  | \n");
	world_rules(world, TWO_TRACKS "<slate id=\"slate\" top=\"9\"/>");
	world_run(world);
	holds(world_table(world, "slate"),
		"V1 | M1 | T1 | candidate | 4 | E2 | M1 | within-1-year | 2026-10-10 | 1 | a 还差 1（9 / 10） | a lacks 1 (9 "
		"of 10) | \n");
	/* any class may be named, those that begin with a digit too */
	world_rules(world, TWO_TRACKS "<pool id=\"pool\" classes=\"1-2-years undated\" targets=\"M1\"/>");
	world_run(world);
	assert_string_equal(
		world_table(world, "pool"), "M1 | E3 | undated | 1 | 1 | \nM1 | E4 | undated | 0 | 2 | \n");
}

/* Key positions: headcount, incumbents, ready, nearly ready, depth, covered. */
static void bench_of_key_positions(void **state)
{
	struct world *world = *state;
	centre(world);
	world_add(world, FEED_POSITION, "position_id=P4;title=专家;key_position=yes;headcount=3");
	world_add(world, FEED_POSITION, "position_id=M1;title=班组长;key_position=yes");
	world_add(world, FEED_POSITION, "position_id=M9;title=总监;key_position=yes");
	static const struct {
		const char *id, *position, *a, *b;
	} people[] = { { "E1", "P3", "10", "1" }, { "E2", "P3", "9", "1" }, { "E3", "P3", "10", "0" }, { "E4", "M1", "10", "1" },
		{ "E5", "P3", "10", "1" } };
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
		person(world, people[i].id, people[i].position, "");
		perform(world, people[i].id, "a", people[i].a);
		perform(world, people[i].id, "b", people[i].b);
	}
	world_rules(world,
		"<ladder id=\"l\"><track id=\"p\"><step id=\"P3\" position=\"P3\"/>"
		"<step id=\"P4\" position=\"P4\" after=\"P3\"><gate id=\"a\" have='performance(\"a\")' need=\"10\" pace=\"36\"/></step></track>"
		"<track id=\"m\"><step id=\"M1\" position=\"M1\" after=\"P3\"><gate id=\"a\" have='performance(\"a\")' need=\"10\" "
		"pace=\"36\"/><gate id=\"b\" have='performance(\"b\")' need=\"1\"/></step></track></ladder>"
		"<bench id=\"bench\"/>");
	world_run(world);
	/* E1 and E5 are ready for both and count half for each; E3 for P4 only; E2 lacks a for both, ten days of pace */
	assert_string_equal(world_table(world, "bench"),
		"P4 | P4 | 3 | 0 | 3 | 1 | 2 | yes\n"
		"M1 | M1 |  | 1 | 2 | 1 | 1 | yes\n"
		"M9 |  |  | 0 |  |  |  | \n");
	world_refuses(world, "<bench id=\"bench\"/>", ":2", "needs a <ladder>");
}

static void bad_ladders_are_refused(void **state)
{
	struct world *world = *state;
#define LADDER(steps) "<ladder id=\"l\"><track id=\"t\">" steps "</track></ladder>"
#define GATED(gate) LADDER("<step id=\"A\" level=\"A\"/><step id=\"B\" level=\"B\" after=\"A\">" gate "</step>")
	world_refuses(world, LADDER("<step id=\"A\" level=\"A\" after=\"Z\"/>"), "rulebook.xml:2", "\"Z\" is not on");
	world_refuses(world, LADDER("<step id=\"A\" level=\"A\" after=\"A\"/>"), "rulebook.xml:2", "after itself");
	world_refuses(world, LADDER("<step id=\"A\" level=\"A\"/><step id=\"A\" level=\"B\"/>"), ":2", "twice");
	world_refuses(world, LADDER("<step id=\"A\"/>"), ":2", "nobody could stand");
	world_refuses(
		world, LADDER("<step id=\"A\" level=\"A\"><gate id=\"g\" when=\"true\"/></step>"), ":2", "no step leads to it");
	world_refuses(world, GATED("<gate id=\"g\" have=\"1\"/>"), ":2", "need or at-most");
	world_refuses(world, GATED("<gate id=\"g\" have=\"1\" need=\"1\" at-most=\"2\"/>"), ":2", "need or at-most");
	world_refuses(world, GATED("<gate id=\"g\" have=\"1\" when=\"true\"/>"), ":2", "one of have, since and when");
	world_refuses(world, GATED("<gate id=\"g\"/>"), ":2", "one of have, since and when");
	world_refuses(world, GATED("<gate id=\"g\" when=\"1\"/>"), ":2", "boolean");
	world_refuses(world, GATED("<gate id=\"g\" have=\"1\" need=\"2\" pace=\"0\"/>"), ":2", "positive");
	world_refuses(world, GATED("<gate id=\"g\" have=\"1\" need=\"2\" pace=\"1\" by=\"period\"/>"), ":2", "only one of");
	world_refuses(world, GATED("<gate id=\"g\" when='gender = \"女\"'/>"), ":2", "protected");
	world_refuses(world, GATED("<gate id=\"g\" have=\"honours(0)\" need=\"1\"/>"), ":2", "months from 1");
	world_refuses(world, GATED("<gate id=\"g\" have=\"honours()\" need=\"1\"/>"), ":2", "wrong arguments");
	world_refuses(world, GATED("<gate id=\"g\" have=\"role months(3)\" need=\"1\"/>"), ":2", "wrong arguments");
	world_refuses(world, GATED("<gate id=\"g\" have=\"star periods(4)\" need=\"1\"/>"), ":2", "needs a <star>");
	world_refuses(world, GATED("") LADDER("<step id=\"A\" level=\"A\"/>"), ":2", "taken");
	world_refuses(world, GATED("") "<ladder id=\"m\"><track id=\"t\"><step id=\"A\" level=\"A\"/></track></ladder>",
		":2", "one <ladder> only");
	world_refuses(world, "<pool id=\"pool\"/>", ":2", "needs a <ladder>");
	world_refuses(world, GATED("") "<pool id=\"pool\" classes=\"soon\"/>", ":2", "no class of readiness");
	world_refuses(world, GATED("") "<slate id=\"slate\" rank-by=\"star.composite\"/>", ":2", "no number among");
}

/* A step's position that the position table does not know is told with the line of the rule. */
static void unknown_positions_are_told(void **state)
{
	struct world *world = *state;
	centre(world);
	person(world, "E1", "P1", "");
	world_rules(world,
		"<ladder id=\"l\"><track id=\"t\"><step id=\"P1\" position=\"P1\"/><step id=\"Q\" "
		"position=\"QX\" after=\"P1\"/></track></ladder>");
	world_run(world);
	assert_int_equal(world_findings(world, FINDING_UNKNOWN_POSITION), 1);
	expect_rows(world, "readiness", "E1", "t | Q |  | now | 0 | 0 | 0 | 2026-09-30 | yes\n");
}

#define T(name) cmocka_unit_test_setup_teardown(name, world_open, world_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(tenure_closes_on_the_anniversary),
		T(discipline_closes_the_day_after_and_horizons_are_inclusive),
		T(a_pace_gives_the_day_rounded_up),
		T(periods_close_at_their_end),
		T(classes_come_from_all_hard_gates),
		T(level_counts_without_acting_and_with_rotation),
		T(roles_honours_and_ratings),
		T(stars_in_a_row),
		T(both_tracks_and_the_nearest),
		T(the_order_of_nearest),
		T(explanations_go_gate_by_gate),
		T(pool_and_slates),
		T(bench_of_key_positions),
		T(bad_ladders_are_refused),
		T(unknown_positions_are_told),
	};
	return cmocka_run_group_tests_name("rules: ladders", tests, NULL, NULL);
}
