/*
 * star_population.c - stars of many people: seats of binding quotas, and the tables of distribution, movement and
 * deviation.
 *
 * Decides: who of a scope gets the seats (quota.c counts and fills them), and what the tables count: quotas speak of
 * the stars before human decisions, distribution and movement of the effective ones.
 */
#include "rules/star.h"

#include "rules/quota.h"
#include "rules/wilson.h"

#include <stdlib.h>
#include <string.h>

/* --- collecting --- */
int star_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	struct star_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	work->state[rule->index] = state;
	state->history = history_open(work, rule->id, err);
	if (state->history == NULL)
		return -1;
	state->all_computed = arena_alloc(&work->arena, 1, sizeof *state->all_computed);
	return 0;
}

/* Room for what binding quotas need of everybody; not made for explanations, which collect nothing. */
static void make_room(const struct star *star, struct rules_work *work, struct star_state *state)
{
	struct arena *arena = &work->arena;
	uint32_t count = facts_key_count(work->facts, KEY_DIM_EMPLOYEE);
	state->employees = count;
	state->held = arena_alloc(arena, count + 1u, 1);
	state->seated = arena_alloc(arena, count + 1u, 1);
	state->decided = arena_alloc(arena, count + 1u, 1);
	state->before = arena_alloc(arena, count + 1u, 1);
	state->here = arena_alloc(arena, count + 1u, 1);
	state->scope = arena_alloc(arena, count + 1u, sizeof *state->scope);
	state->composite = arena_alloc(arena, count + 1u, sizeof *state->composite);
	state->ties = arena_alloc(arena, (size_t)count * star->tie_count + 1u, sizeof *state->ties);
	memset(state->held, STAR_NO_BAND, count);
	memset(state->decided, STAR_NO_BAND, count);
}

static size_t scope_number_of(const struct star *star, struct rules_work *work, struct star_state *state,
	const struct star_partial *partial, uint32_t row)
{
	uint32_t code = partial->scope[row];
	const char *text = partial->texts != NULL ? partial->texts[code]
						  : facts_key(work->facts, feed_field_at(star->scope_field)->dim, code);
	size_t number = map_add(&state->scopes, text, strlen(text));
	if (number >= state->capacity) {
		size_t capacity = state->capacity == 0 ? 64 : state->capacity * 2;
		struct star_count *counts[2];
		for (int k = 0; k < 2; k++)
			counts[k] = arena_alloc(&work->arena, capacity, sizeof *counts[k]);
		if (state->capacity > 0) {
			memcpy(counts[0], state->computed, state->capacity * sizeof *counts[0]);
			memcpy(counts[1], state->effective, state->capacity * sizeof *counts[1]);
		}
		state->computed = counts[0];
		state->effective = counts[1];
		state->capacity = capacity;
	}
	return number;
}

/* One person whose bands are settled. */
static void count_person(struct star_state *state, uint32_t scope, uint8_t computed, uint8_t decided, uint8_t before,
	bool here)
{
	uint8_t effective = decided != STAR_NO_BAND ? decided : computed;
	if (computed != STAR_NO_BAND) {
		state->all_computed->by_band[computed]++;
		if (scope != FRAME_NONE)
			state->computed[scope].by_band[computed]++;
	}
	if (effective != STAR_NO_BAND) {
		state->all_effective.by_band[effective]++;
		if (scope != FRAME_NONE)
			state->effective[scope].by_band[effective]++;
	}
	if (here && (before != STAR_NO_BAND || effective != STAR_NO_BAND))
		state->moves[before == STAR_NO_BAND ? STAR_BANDS : before]
			    [effective == STAR_NO_BAND ? STAR_BANDS : effective]++;
}

static void keep_person(const struct star *star, struct star_state *state, const struct star_partial *partial,
	uint32_t employee, uint32_t row, uint32_t scope)
{
	state->held[employee] = partial->held[row];
	state->decided[employee] = partial->decided[row];
	state->before[employee] = partial->before[row];
	state->here[employee] = partial->here[row];
	state->scope[employee] = scope;
	state->composite[employee] = partial->composite[row];
	for (size_t k = 0; k < star->tie_count; k++)
		state->ties[(size_t)employee * star->tie_count + k] = partial->ties[(size_t)row * star->tie_count + k];
}

int star_collect(
	const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block, struct err *err)
{
	(void)err;
	const struct star *star = rule->data;
	struct star_state *state = work->state[rule->index];
	const struct star_partial *partial = block->partial[rule->index];
	if (star->binding && state->held == NULL)
		make_room(star, work, state);
	for (uint32_t i = 0; i < block->count; i++) {
		bool graded = partial->held[i] != STAR_NO_BAND || partial->decided[i] != STAR_NO_BAND;
		uint32_t scope = FRAME_NONE;
		work->run->graded += graded;
		if (graded && partial->scope[i] != FRAME_NONE)
			scope = (uint32_t)scope_number_of(star, work, state, partial, i);
		if (star->binding)
			keep_person(star, state, partial, block->first + i, i, scope);
		else
			count_person(state, scope, partial->held[i], partial->decided[i], partial->before[i],
				partial->here[i]);
	}
	for (unsigned r = 0; r < RULES_REASON_COUNT; r++)
		work->reasons[r] += partial->reasons[r];
	for (size_t k = 0; k < star->item_count; k++)
		state->missing[k] += partial->missing[k];
	return 0;
}

/* --- seats --- */
struct rank {
	const struct star *star;
	const struct star_state *state;
};

/* The better one first; 0: tied in everything declared. */
static int by_merit(const void *context, uint32_t a, uint32_t b)
{
	const struct rank *rank = context;
	const struct star_state *state = rank->state;
	if (state->composite[a] != state->composite[b])
		return state->composite[a] > state->composite[b] ? -1 : 1;
	for (size_t k = 0; k < rank->star->tie_count; k++) {
		struct decimal x = state->ties[(size_t)a * rank->star->tie_count + k],
			       y = state->ties[(size_t)b * rank->star->tie_count + k];
		bool has_x = decimal_is_finite(x), has_y = decimal_is_finite(y);
		int order = has_x && has_y ? decimal_compare(y, x) : (int)has_y - (int)has_x;
		if (order != 0)
			return has_x && has_y && rank->star->ties[k].ascending ? -order : order;
	}
	return 0;
}

static void seat_scopes(const struct star *star, struct star_state *state)
{
	struct rank rank = { star, state };
	size_t scopes = star->scope_all ? 1 : state->scopes.count, quotas = 0, bands[STAR_BANDS];
	int64_t shares[STAR_BANDS];
	for (size_t b = 0; b < star->band_count; b++)
		if (star->bands[b].has_quota) {
			shares[quotas] = star->bands[b].share;
			bands[quotas++] = b;
		}
	memcpy(state->seated, state->held, state->employees);
	/* people by scope */
	uint32_t *start = mem_new(scopes + 2, sizeof *start), *order = mem_new(state->employees + 1u, sizeof *order);
	for (uint32_t e = 0; e < state->employees; e++)
		if (state->held[e] != STAR_NO_BAND && (star->scope_all || state->scope[e] != FRAME_NONE))
			start[(star->scope_all ? 0 : state->scope[e]) + 2]++;
	for (size_t s = 0; s < scopes; s++)
		start[s + 2] += start[s + 1];
	for (uint32_t e = 0; e < state->employees; e++)
		if (state->held[e] != STAR_NO_BAND && (star->scope_all || state->scope[e] != FRAME_NONE))
			order[start[(star->scope_all ? 0 : state->scope[e]) + 1]++] = e;
	for (size_t s = 0; s < scopes; s++) {
		uint32_t n = start[s + 1] - start[s];
		uint64_t seats[STAR_BANDS], caps[STAR_BANDS];
		if (n == 0 || n < (uint64_t)star->quota_minimum)
			continue;
		quota_seats(n, shares, quotas, seats);
		for (size_t b = 0; b < star->band_count; b++)
			caps[b] = QUOTA_OPEN;
		for (size_t q = 0; q < quotas; q++)
			if (star->bands[bands[q]].binding)
				caps[bands[q]] = seats[q];
		quota_fill(order + start[s], n, state->seated, star->band_count, caps, by_merit, &rank);
	}
	free(start);
	free(order);
}

/* --- tables --- */
struct scope_row {
	const char *text;
	const struct star_count *computed, *effective;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct scope_row *)a)->text, ((const struct scope_row *)b)->text);
}

static uint64_t total_of(const struct star *star, const struct star_count *count)
{
	uint64_t sum = 0;
	for (size_t b = 0; b < star->band_count; b++)
		sum += count->by_band[b];
	return sum;
}

struct table_writer {
	struct frame frame;
	struct frame_texts texts;
	bool keys;
	enum key_dim dim;
	const struct facts *facts;
};

static void table_begin(struct table_writer *writer, const struct star *star, struct rules_work *work,
	const struct result_column *columns, size_t count, uint32_t rows)
{
	struct frame_column *like = arena_alloc(&work->arena, count, sizeof *like);
	*writer = (struct table_writer){
		.keys = columns[0].type == RESULT_KEY, .dim = columns[0].dim, .facts = work->facts
	};
	(void)star;
	for (size_t i = 0; i < count; i++)
		like[i] = (struct frame_column){ .id = (uint32_t)i,
			.type = i == 0 || columns[i].type == RESULT_BOOL ? FRAME_U32 : FRAME_I64,
			.scale = columns[i].scale,
			.text = i == 0 && !writer->keys };
	frame_init(&writer->frame, rows, like, count, &work->arena);
}

static void table_scope(struct table_writer *writer, uint32_t row, const char *scope)
{
	if (scope[0] == '\0')
		return;
	writer->frame.columns[0].u32[row] = writer->keys ? facts_find(writer->facts, writer->dim, scope)
							 : frame_texts_add(&writer->texts, scope, strlen(scope));
}

static int put_distribution(const struct rules_rule *rule, struct rules_work *work, const struct scope_row *scopes,
	size_t count, struct err *err)
{
	const struct star *star = rule->data;
	const struct result_table *table = &rule->book->tables.at[rule->first_table - 1 + STAR_DISTRIBUTION];
	struct table_writer writer;
	uint32_t row = 0;
	table_begin(&writer, star, work, table->columns, table->column_count, (uint32_t)(count * star->band_count));
	for (size_t s = 0; s < count; s++) {
		uint64_t n = total_of(star, scopes[s].effective);
		for (size_t b = 0; b < star->band_count; b++, row++) {
			table_scope(&writer, row, scopes[s].text);
			writer.frame.columns[1].i64[row] = star->bands[b].star;
			writer.frame.columns[2].i64[row] = (int64_t)scopes[s].effective->by_band[b];
			if (n > 0)
				writer.frame.columns[3].i64[row] = wilson_share(scopes[s].effective->by_band[b], n);
		}
	}
	frame_texts_end(&writer.texts, &writer.frame, &work->arena);
	return rules_put_table(work, rule, STAR_DISTRIBUTION, &writer.frame, err);
}

/* From the previous star to this one; a missing number is "no star". */
static int put_movement(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct star *star = rule->data;
	const struct star_state *state = work->state[rule->index];
	const struct result_table *table = &rule->book->tables.at[rule->first_table - 1 + STAR_MOVEMENT];
	struct frame frame;
	uint32_t count = 0, row = 0;
	for (size_t from = 0; from <= STAR_BANDS; from++)
		for (size_t to = 0; to <= STAR_BANDS; to++)
			count += state->moves[from][to] > 0;
	rules_frame(table, count, &work->arena, &frame);
	for (size_t from = 0; from <= STAR_BANDS; from++)
		for (size_t to = 0; to <= STAR_BANDS; to++) {
			if (state->moves[from][to] == 0)
				continue;
			if (from < STAR_BANDS)
				frame.columns[0].i64[row] = star->bands[from].star;
			if (to < STAR_BANDS)
				frame.columns[1].i64[row] = star->bands[to].star;
			frame.columns[2].i64[row++] = (int64_t)state->moves[from][to];
		}
	return rules_put_table(work, rule, STAR_MOVEMENT, &frame, err);
}

static int put_quota(const struct rules_rule *rule, struct rules_work *work, const struct scope_row *scopes,
	size_t count, struct err *err)
{
	const struct star *star = rule->data;
	const struct result_table *table = &rule->book->tables.at[rule->first_table - 1 + STAR_QUOTA];
	struct table_writer writer;
	int64_t shares[STAR_BANDS];
	size_t bands[STAR_BANDS], quotas = 0;
	uint32_t row = 0;
	for (size_t b = 0; b < star->band_count; b++)
		if (star->bands[b].has_quota) {
			shares[quotas] = star->bands[b].share;
			bands[quotas++] = b;
		}
	table_begin(&writer, star, work, table->columns, table->column_count, (uint32_t)(count * quotas));
	for (size_t s = 0; s < count; s++) {
		uint64_t n = total_of(star, scopes[s].computed), seats[STAR_BANDS];
		quota_seats(n, shares, quotas, seats);
		for (size_t q = 0; q < quotas; q++, row++) {
			uint64_t actual = scopes[s].computed->by_band[bands[q]];
			table_scope(&writer, row, scopes[s].text);
			writer.frame.columns[1].i64[row] = star->bands[bands[q]].star;
			writer.frame.columns[2].i64[row] = (int64_t)n;
			decimal_round(shares[q], QUOTA_SCALE - 2, 1, &writer.frame.columns[3].i64[row]);
			writer.frame.columns[4].i64[row] = (int64_t)seats[q];
			writer.frame.columns[5].i64[row] = (int64_t)actual;
			writer.frame.columns[6].i64[row] = (int64_t)actual - (int64_t)seats[q];
			writer.frame.columns[7].u32[row] =
				star->bands[bands[q]].binding && n >= (uint64_t)star->quota_minimum;
		}
	}
	frame_texts_end(&writer.texts, &writer.frame, &work->arena);
	return rules_put_table(work, rule, STAR_QUOTA, &writer.frame, err);
}

int star_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct star *star = rule->data;
	struct star_state *state = work->state[rule->index];
	size_t count = state->scopes.count;
	if (star->binding && state->held == NULL)
		make_room(star, work, state);
	if (star->binding) {
		seat_scopes(star, state);
		for (uint32_t e = 0; e < state->employees; e++)
			count_person(state, state->scope[e], state->seated[e], state->decided[e], state->before[e],
				state->here[e]);
	}
	struct scope_row *scopes = arena_alloc(&work->arena, count + 1, sizeof *scopes);
	/* the whole centre first, then the scopes by their text: independent of the order of loading */
	scopes[0] = (struct scope_row){ "", state->all_computed, &state->all_effective };
	for (size_t i = 0; i < count; i++)
		scopes[i + 1] = (struct scope_row){ map_text(&state->scopes, (uint32_t)i), &state->computed[i],
			&state->effective[i] };
	qsort(scopes + 1, count, sizeof *scopes, by_text);
	int rc = put_distribution(rule, work, scopes, count + 1, err);
	if (rc == 0)
		rc = put_movement(rule, work, err);
	if (rc == 0 && star->has_quota)
		rc = put_quota(rule, work, star->scope_all ? scopes : scopes + 1, star->scope_all ? 1 : count, err);
	for (size_t k = 0; k < star->item_count; k++)
		if (state->missing[k] > 0)
			findings_add(work->findings,
				&(struct finding){ .id = FINDING_MISSING_ITEM,
					.file = star->items[k].node->file,
					.row = (uint64_t)star->items[k].node->line,
					.text = star->items[k].id,
					.detail = star->items[k].missing == STAR_ZERO ? "zero" : "renormalise",
					.count = state->missing[k] });
	return rc;
}

void star_release(void *state)
{
	map_release(&((struct star_state *)state)->scopes);
}
