/*
 * check.c - findings about references and identity over everything visible.
 *
 * Decides: what is told about people, units and courses that are not there, chains of managers that bite their tail,
 * dates that cannot be. Rows of the newest version of a person only; rows of other feeds as they stand in the visible
 * batches, but nothing that lies after the as-of date. Does not decide: whether a run goes on (gates in inputs.xml).
 */
#include "facts/part.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

struct person { uint32_t manager, batch, row; };  /* batch FRAME_NONE: not in the roster */

struct check {
	const struct facts *facts;
	struct store *store;
	struct findings *findings;
	struct person *people;
	uint32_t count;
	bool has_orgs, has_positions;
};

/* Tells a finding about a field of the row that stands at (batch, row). */
static void tell(struct check *check, enum finding_id id, enum field_id field, uint32_t batch, uint32_t row,
	const char *text, const char *detail)
{
	const struct store_batch *from = batch < check->facts->batch_count ? &check->facts->batches[batch] : NULL;
	struct finding finding = {
		.id = id, .feed = from != NULL ? feed_at(from->feed)->name : NULL, .file = from != NULL ?
			from->file : NULL,
		.row = row != FRAME_NONE ? row : 0, .column = feed_field_at(field)->name, .text = text,
			.detail = detail,
	};

	findings_add(check->findings, &finding);
}

static void tell_key(struct check *check, enum finding_id id, enum field_id field, uint32_t batch, uint32_t row,
	uint32_t key)
{
	tell(check, id, field, batch, row, facts_key(check->facts, feed_field_at(field)->dim, key), NULL);
}

static bool in_table(const struct facts_table *table, uint32_t key)
{
	return key < table->frame.count && table->known[key];
}

static bool in_roster(const struct check *check, uint32_t key)
{
	return key < check->count && check->people[key].batch != FRAME_NONE;
}

/* --- people --- */

static void check_person(struct check *check, const struct frame *frame, uint32_t row, uint32_t batch, uint32_t line)
{
	const struct frame_column *org = frame_column(frame, EMPLOYEE_ORG_UNIT);
	const struct frame_column *position = frame_column(frame, EMPLOYEE_POSITION);
	const struct frame_column *hired = frame_column(frame, EMPLOYEE_HIRE_DATE);
	const struct frame_column *left = frame_column(frame, EMPLOYEE_LEAVE_DATE);
	uint32_t key = facts_u32(org, row);
	char text[16], detail[48];

	if (check->has_orgs && key != FRAME_NONE && !in_table(&check->facts->orgs, key))
		tell_key(check, FINDING_UNKNOWN_ORG, EMPLOYEE_ORG_UNIT, batch, line, key);
	key = facts_u32(position, row);
	if (check->has_positions && key != FRAME_NONE && !in_table(&check->facts->positions, key))
		tell_key(check, FINDING_UNKNOWN_POSITION, EMPLOYEE_POSITION, batch, line, key);
	if (hired == NULL || hired->i32[row] == DATE_NONE)
		return;
	date_format_iso(hired->i32[row], text);
	if (left != NULL && left->i32[row] != DATE_NONE && left->i32[row] < hired->i32[row]) {
		memcpy(detail, "hire_date ", 10);
		memcpy(detail + 10, text, sizeof text);
		date_format_iso(left->i32[row], text);
		tell(check, FINDING_IMPOSSIBLE_DATE, EMPLOYEE_LEAVE_DATE, batch, line, text, detail);
	} else if (hired->i32[row] > check->facts->params.as_of)
		tell(check, FINDING_FUTURE_HIRE, EMPLOYEE_HIRE_DATE, batch, line, text, NULL);
}

static int check_people(struct check *check, struct err *err)
{
	static const uint32_t want[] = {
		EMPLOYEE_EMPLOYEE_ID, EMPLOYEE_ORG_UNIT, EMPLOYEE_POSITION, EMPLOYEE_HIRE_DATE, EMPLOYEE_LEAVE_DATE,
		EMPLOYEE_MANAGER_ID, STORE_ROW_ID, STORE_TOMBSTONE_ID,
	};
	uint32_t *winner = mem_new(STORE_BLOCK, sizeof *winner);
	struct arena scratch = {0}, meanwhile = {0};
	int result = 0;

	for (uint32_t block = 0; block < facts_block_count(check->facts) && result == 0; block++) {
		uint32_t first = block * STORE_BLOCK, count = check->count - first < STORE_BLOCK ?
			check->count - first : STORE_BLOCK;
		struct frame frame;

		arena_recycle(&scratch);
		arena_recycle(&meanwhile);
		result = facts_rows(check->facts, check->store, FEED_EMPLOYEE, block, want,
			sizeof want / sizeof want[0],
			&scratch, &meanwhile, &frame, err);
		if (result != 0)
			break;
		facts_newest(&frame, frame_column(&frame, EMPLOYEE_EMPLOYEE_ID), first, count, winner);
		const struct frame_column *manager = frame_column(&frame, EMPLOYEE_MANAGER_ID);
		const struct frame_column *batch = frame_column(&frame, FACTS_BATCH_ID), *line = frame_column(&frame,
			STORE_ROW_ID);
		for (uint32_t i = 0; i < count; i++) {
			struct person *person = &check->people[first + i];

			*person = (struct person){FRAME_NONE, FRAME_NONE, FRAME_NONE};
			if (winner[i] == FRAME_NONE)
				continue;
			*person = (struct person){facts_u32(manager, winner[i]), facts_u32(batch, winner[i]),
				facts_u32(line, winner[i])};
			check_person(check, &frame, winner[i], person->batch, person->row);
		}
	}
	arena_release(&scratch);
	arena_release(&meanwhile);
	free(winner);
	return result;
}

/* "A → B → A", shortened in the middle of long chains. */
static void tell_cycle(struct check *check, uint32_t least)
{
	struct str chain = {0};
	uint32_t at = least, steps = 0;

	do {
		if (steps < 8) {
			str_add(&chain, facts_key(check->facts, KEY_DIM_EMPLOYEE, at));
			str_add(&chain, " → ");
		} else if (steps == 8)
			str_add(&chain, "… → ");
		at = check->people[at].manager;
		steps++;
	} while (at != least);
	str_add(&chain, facts_key(check->facts, KEY_DIM_EMPLOYEE, least));
	tell(check, FINDING_MANAGER_CYCLE, EMPLOYEE_MANAGER_ID, check->people[least].batch, check->people[least].row,
		facts_key(check->facts, KEY_DIM_EMPLOYEE, check->people[least].manager), str_text(&chain));
	str_release(&chain);
}

/* Every chain is followed once: whoever is met again on the same chain closes a cycle, told at its least member. */
static void check_managers(struct check *check)
{
	/* the start of the chain that met a person, + 1 */
	uint32_t *met = mem_new((size_t)check->count + 1, sizeof *met);

	for (uint32_t start = 0; start < check->count; start++) {
		uint32_t at = start, least;

		while (in_roster(check, at) && met[at] == 0) {
			met[at] = start + 1;
			at = check->people[at].manager;
		}
		if (!in_roster(check, at) || met[at] != start + 1)
			continue;
		least = at;
		for (uint32_t next = check->people[at].manager; next != at; next = check->people[next].manager)
			least = next < least ? next : least;
		tell_cycle(check, least);
	}
	free(met);
	for (uint32_t i = 0; i < check->count; i++) {
		const struct person *person = &check->people[i];

		if (in_roster(check, i) && person->manager != FRAME_NONE && !in_roster(check, person->manager))
			tell_key(check, FINDING_UNKNOWN_REFERENCE, EMPLOYEE_MANAGER_ID, person->batch, person->row,
				person->manager);
	}
}

/* --- units and positions --- */

static bool unit_above_itself(const struct facts *facts, uint32_t org)
{
	const struct frame_column *parent = frame_column(&facts->orgs.frame, ORG_UNIT_PARENT_ID);
	uint32_t at = org;

	/* Least member only, so that a cycle is told once. */
	for (uint32_t steps = 0; steps <= facts->orgs.frame.count; steps++) {
		at = at < facts->orgs.frame.count ? facts_u32(parent, at) : FRAME_NONE;
		if (at == FRAME_NONE || at < org)
			return false;
		if (at == org)
			return true;
	}
	return false;
}

static void check_units(struct check *check)
{
	const struct facts *facts = check->facts;
	const struct frame *orgs = &facts->orgs.frame, *positions = &facts->positions.frame;

	for (uint32_t i = 0; i < orgs->count; i++) {
		uint32_t batch = facts_u32(frame_column(orgs, FACTS_BATCH_ID), i);
		uint32_t line = facts_u32(frame_column(orgs, STORE_ROW_ID), i);
		uint32_t parent = facts_u32(frame_column(orgs, ORG_UNIT_PARENT_ID), i);
		uint32_t head = facts_u32(frame_column(orgs, ORG_UNIT_HEAD_ID), i);

		if (!facts->orgs.known[i])
			continue;
		if (parent != FRAME_NONE && !in_table(&facts->orgs, parent))
			tell_key(check, FINDING_UNKNOWN_ORG, ORG_UNIT_PARENT_ID, batch, line, parent);
		else if (unit_above_itself(facts, i))
			tell(check, FINDING_UNKNOWN_REFERENCE, ORG_UNIT_PARENT_ID, batch, line,
				facts_key(facts, KEY_DIM_ORG, parent), "the units above it form a cycle");
		if (head != FRAME_NONE && !in_roster(check, head))
			tell_key(check, FINDING_UNKNOWN_REFERENCE, ORG_UNIT_HEAD_ID, batch, line, head);
	}
	for (uint32_t i = 0; i < positions->count; i++) {
		uint32_t batch = facts_u32(frame_column(positions, FACTS_BATCH_ID), i);
		uint32_t line = facts_u32(frame_column(positions, STORE_ROW_ID), i);
		uint32_t org = facts_u32(frame_column(positions, POSITION_ORG_UNIT), i);

		if (facts->positions.known[i] && check->has_orgs && org != FRAME_NONE && !in_table(&facts->orgs, org))
			tell_key(check, FINDING_UNKNOWN_ORG, POSITION_ORG_UNIT, batch, line, org);
	}
}

/* --- rows of the other feeds --- */

/* Whether a row lies after the as-of date; read again with its dates, since few rows are asked about. */
static int after_as_of(struct check *check, enum feed_id feed, uint32_t batch, uint32_t block, const uint32_t *rows,
	size_t count, bool *after, struct err *err)
{
	size_t by_count;
	const enum field_id *by = facts_cut(feed, &by_count);
	uint32_t want[2] = {0};
	struct arena scratch = {0};
	struct frame frame;
	bool found;
	int result;

	for (size_t i = 0; i < count; i++)
		after[i] = false;
	if (by_count == 0)
		return 0;
	for (size_t i = 0; i < by_count; i++)
		want[i] = (uint32_t)by[i];
	result = store_segment_get(check->store, feed, check->facts->batches[batch].id, block, want, by_count, &scratch,
		&frame, &found, err);
	for (size_t i = 0; i < count && result == 0 && found; i++)
		for (size_t k = 0; k < by_count; k++) {
			const struct frame_column *column = frame_column(&frame, want[k]);

			if (column == NULL || column->i32[rows[i]] == DATE_NONE)
				continue;
			after[i] = column->i32[rows[i]] > check->facts->params.as_of;
			break;
		}
	arena_release(&scratch);
	return result;
}

static int check_segment(struct check *check, enum feed_id feed, uint32_t batch, uint32_t block, struct arena *scratch,
	struct err *err)
{
	const struct facts *facts = check->facts;
	bool by_employee = feed_at(feed)->grain == FEED_GRAIN_EMPLOYEE;
	enum field_id employee_field = feed_at(feed)->fields[0].id, course_field = facts_course_field(feed);
	uint32_t want[4] = {STORE_ROW_ID, STORE_TOMBSTONE_ID}, bad_count = 0, *bad;
	size_t want_count = 2;
	struct frame frame;
	bool found, *after;

	if (by_employee)
		want[want_count++] = (uint32_t)employee_field;
	if (course_field != FIELD_COUNT)
		want[want_count++] = (uint32_t)course_field;
	arena_recycle(scratch);
	if (store_segment_get(check->store, feed, facts->batches[batch].id, block, want, want_count, scratch, &frame,
		&found,
		err) != 0)
		return -1;
	const struct frame_column *employee = by_employee ? frame_column(&frame, employee_field) : NULL;
	const struct frame_column *course = course_field != FIELD_COUNT ? frame_column(&frame, course_field) : NULL;
	const struct frame_column *line = frame_column(&frame, STORE_ROW_ID);
	const struct frame_column *tombstone = frame_column(&frame, STORE_TOMBSTONE_ID);

	bad = arena_room(scratch, (size_t)frame.count + 1, sizeof *bad);
	for (uint32_t i = 0; i < frame.count; i++) {
		bool fine = (employee == NULL || in_roster(check, employee->u32[i])) &&
			(course == NULL || in_table(&facts->courses, course->u32[i]));

		bad[bad_count] = i;
		bad_count += !fine && !facts_deletes(tombstone, i);
	}
	if (bad_count == 0)
		return 0;
	after = arena_alloc(scratch, bad_count, sizeof *after);
	if (after_as_of(check, feed, batch, block, bad, bad_count, after, err) != 0)
		return -1;
	for (uint32_t i = 0; i < bad_count; i++) {
		uint32_t row = bad[i];

		if (after[i])
			continue;
		/* One finding a row: without the person the course does not matter. */
		if (employee != NULL && !in_roster(check, employee->u32[row]))
			tell_key(check, FINDING_UNKNOWN_EMPLOYEE, employee_field, batch, facts_u32(line, row),
				employee->u32[row]);
		else
			tell_key(check, FINDING_UNKNOWN_COURSE, course_field, batch, facts_u32(line, row),
				course->u32[row]);
	}
	return 0;
}

static int check_rows(struct check *check, struct err *err)
{
	struct arena scratch = {0};
	int result = 0;

	for (int feed = 0; feed < FEED_COUNT && result == 0; feed++) {
		const struct facts_feed_batches *batches = &check->facts->feeds[feed];
		bool by_employee = feed_at((enum feed_id)feed)->grain == FEED_GRAIN_EMPLOYEE;
		uint32_t blocks = by_employee ? facts_block_count(check->facts) : 1;

		if (feed == FEED_EMPLOYEE || (!by_employee && facts_course_field((enum feed_id)feed) == FIELD_COUNT))
			continue;
		for (size_t i = 0; i < batches->count; i++)
			for (uint32_t block = 0; block < blocks && result == 0; block++)
				result = check_segment(check, (enum feed_id)feed, batches->at[i], block, &scratch, err);
	}
	arena_release(&scratch);
	return result;
}

int facts_check(const struct facts *facts, struct store *store, struct findings *findings, struct err *err)
{
	struct check check = {
		.facts = facts, .store = store, .findings = findings, .count = facts_key_count(facts, KEY_DIM_EMPLOYEE),
		.has_orgs = facts->feeds[FEED_ORG_UNIT].count > 0,
			.has_positions = facts->feeds[FEED_POSITION].count > 0,
	};
	int result;

	check.people = mem_new((size_t)check.count + 1, sizeof *check.people);
	result = check_people(&check, err);
	if (result == 0) {
		check_managers(&check);
		check_units(&check);
		result = check_rows(&check, err);
	}
	free(check.people);
	findings_sort(findings);
	return result;
}
