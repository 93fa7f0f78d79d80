/*
 * star.c - grading: items → composite → band → floors → hold → movement limit → quota → human decision.
 *
 * Decides: the star of one person and the order of its steps. Hold and movement limit are star_move.c's, seats and
 * tables star_population.c's, which decision is in force decision.c's. Where quotas bind, a person is settled once the
 * population has given the seats.
 */
#include "rules/star.h"

#include <string.h>

/* --- one person --- */
/* 100·clamp((x − zero) / (full − zero), 0, 1); an unscaled item is its own score. False if that lies outside 0…100. */
static bool score_of(const struct star_item *item, struct decimal x, struct decimal *score)
{
	struct decimal none = decimal_from_int(0), hundred = decimal_from_int(100);
	if (!item->zero.given) {
		*score = x;
		return decimal_compare(x, none) >= 0 && decimal_compare(x, hundred) <= 0;
	}
	struct decimal above = decimal_sub(x, item->zero.exact);
	bool downwards = decimal_compare(item->width, none) < 0;
	int beyond = decimal_compare(above, item->width);
	if (decimal_is_zero(above) || (decimal_compare(above, none) < 0) != downwards)
		*score = none;
	else if (beyond == 0 || (beyond > 0) != downwards)
		*score = hundred;
	else
		*score = decimal_mul(hundred, decimal_div(above, item->width));
	return true;
}

bool star_floor_met(const struct star *star, const struct star_floor *floor, const struct star_input *input)
{
	const struct star_item *item = &star->items[floor->item];
	bool downwards = item->zero.given && decimal_compare(item->full.exact, item->zero.exact) < 0;
	if (!input->present)
		return false;
	int order = decimal_compare(input->x, floor->from.exact);
	return downwards ? order <= 0 : order >= 0;
}

static const struct star_floor *missed_floor(
	const struct star *star, const struct star_band *band, const struct star_input *inputs)
{
	for (size_t i = 0; i < band->floor_count; i++)
		if (!star_floor_met(star, &band->floors[i], &inputs[band->floors[i].item]))
			return &band->floors[i];
	return NULL;
}

void star_grade(const struct star *star, const struct star_input *inputs, struct star_grade *grade)
{
	struct decimal sum = decimal_from_int(0);
	*grade = (struct star_grade){ .composite = DECIMAL_NONE, .reason = RULES_REASON_COUNT };
	for (size_t i = 0; i < star->item_count; i++) {
		const struct star_item *item = &star->items[i];
		if (inputs[i].present) {
			if (!score_of(item, inputs[i].x, &grade->scores[i]) && grade->reason == RULES_REASON_COUNT) {
				grade->reason = RULES_REASON_ITEM_RANGE;
				grade->bad_item = i;
			}
		} else if (item->missing == STAR_ZERO) {
			grade->scores[i] = decimal_from_int(0);
		} else {
			if (item->missing == STAR_NOT_GRADED && grade->reason == RULES_REASON_COUNT) {
				grade->reason = RULES_REASON_ITEM_MISSING;
				grade->bad_item = i;
			}
			continue;
		}
		grade->counted[i] = true;
		grade->weight_sum += item->weight;
		sum = decimal_add(
			sum, decimal_mul(decimal_from_scaled(item->weight, STAR_WEIGHT_SCALE), grade->scores[i]));
	}
	if (grade->reason == RULES_REASON_COUNT && (grade->weight_sum < star->present || grade->weight_sum == 0))
		grade->reason = RULES_REASON_TOO_LITTLE;
	if (grade->reason != RULES_REASON_COUNT)
		return;
	grade->graded = true;
	if (grade->weight_sum != 1000000)
		sum = decimal_div(sum, decimal_from_scaled(grade->weight_sum, STAR_WEIGHT_SCALE));
	decimal_to_scaled_rounded(sum, 2, &grade->composite);
	/* band: the lower bound belongs to it */
	size_t band = 0;
	while (band + 1 < star->band_count && grade->composite < star->bands[band].from_scaled)
		band++;
	grade->before = band;
	/* floors look at the raw values; a band whose floor is missed is withheld and the next lower one is tried */
	for (; band + 1 < star->band_count; band++) {
		const struct star_floor *missed = missed_floor(star, &star->bands[band], inputs);
		if (missed == NULL)
			break;
		if (grade->withheld == NULL)
			grade->withheld = missed;
	}
	grade->band = band;
}

enum rules_reason star_bars(
	const struct star *star, const struct rules_block *block, const struct feel_column *absent, uint32_t row)
{
	const struct frame_column *hire = frame_column(&block->facts->employee, EMPLOYEE_HIRE_DATE);
	int32_t hired = hire == NULL ? DATE_NONE : hire->i32[row], as_of = block->work->params->as_of;
	if (hired != DATE_NONE && hired > as_of)
		return RULES_REASON_NOT_HIRED;
	if (!block->facts->active[row])
		return RULES_REASON_LEFT;
	if (absent != NULL && absent->v[row] != INT64_MIN && absent->v[row] != 0)
		return RULES_REASON_ABSENT;
	if (star->tenure > 0 && hired != DATE_NONE && as_of < date_add_months(hired, star->tenure))
		return RULES_REASON_NEWCOMER;
	return RULES_REASON_COUNT;
}

/* --- decisions --- */
static bool is_a_star(const void *context, const struct decision *decision)
{
	const struct star *star = context;
	int64_t value;
	return decimal_parse(decision->value, strlen(decision->value), 0, &value) &&
	       star->bands[star_band_of(star, value)].star == value;
}

bool star_decision(const struct rules_rule *rule, const struct rules_block *block, uint32_t row, struct decision *out)
{
	return decision_find(block, row, rule->id, is_a_star, rule->data, out);
}

static size_t decided_band(const struct star *star, const struct decision *decision)
{
	int64_t value = 0;
	decimal_parse(decision->value, strlen(decision->value), 0, &value);
	return star_band_of(star, value);
}

/* The decisions of the block as rows: what was decided, and what became of it. */
static void list_decisions(const struct rules_rule *rule, struct rules_block *block)
{
	const struct star *star = rule->data;
	const struct facts_list *list = &block->facts->lists[FEED_DECISION];
	struct frame_column *people = rules_column(block, rule, 0);
	struct frame_texts texts = { 0 };
	struct decision decision, applied;
	uint32_t count = 0, at = 0;
	if (list->offset == NULL)
		return;
	for (uint32_t r = 0; r < list->frame.count; r++)
		count += decision_read(block, r, rule->id, &decision);
	struct frame *frame = rules_list(block, rule, STAR_DECISIONS, count);
	for (uint32_t i = 0; i < block->count; i++) {
		bool any = star_decision(rule, block, i, &applied);
		for (uint32_t r = list->offset[i]; r < list->offset[i + 1]; r++) {
			if (!decision_read(block, r, rule->id, &decision))
				continue;
			const char *state = decision_is_expired(block, &decision) ? "expired"
					    : !is_a_star(star, &decision)         ? "invalid"
					    : !any || applied.row != r            ? "superseded"
					    : people[STAR_STAR].i64[i] == DECIMAL_NONE ? "not-here"
										       : "applied";
			const char *const cells[] = { decision.value, decision.reason, decision.by };
			frame->columns[0].u32[at] = block->first + i;
			for (size_t k = 0; k < 3; k++)
				frame->columns[1 + k].u32[at] = frame_texts_add(&texts, cells[k], strlen(cells[k]));
			frame->columns[4].i32[at] = decision.on;
			frame->columns[5].i32[at] = decision.expires;
			frame->columns[6].u32[at] = frame_texts_add(&texts, state, strlen(state));
			frame->columns[7].i64[at] = people[STAR_COMPUTED].i64[i];
			frame->columns[8].i64[at] = people[STAR_STAR].i64[i];
			at++;
		}
	}
	frame_texts_end(&texts, frame, block->arena);
}

/* --- a block --- */
static int keep_scope(const struct rules_rule *rule, struct rules_block *block, struct star_partial *partial)
{
	const struct star *star = rule->data;
	const struct frame_column *column =
		star->scope_all ? NULL : frame_column(&block->facts->employee, star->scope_field);
	partial->scope = arena_alloc(block->arena, block->count + 1u, sizeof *partial->scope);
	for (uint32_t i = 0; i < block->count; i++)
		partial->scope[i] = column == NULL ? FRAME_NONE : column->u32[i];
	if (column == NULL || !column->text)
		return 0;
	const struct frame *frame = &block->facts->employee;
	partial->texts = arena_alloc(block->arena, frame->text_count + 1u, sizeof *partial->texts);
	for (uint32_t i = 0; i < block->count; i++)
		if (partial->scope[i] != FRAME_NONE && partial->texts[partial->scope[i]] == NULL)
			partial->texts[partial->scope[i]] = arena_text(block->arena, frame->texts[partial->scope[i]]);
	return 0;
}

static uint8_t *no_bands(struct rules_block *block)
{
	uint8_t *bands = arena_alloc(block->arena, block->count + 1u, 1);
	memset(bands, STAR_NO_BAND, block->count);
	return bands;
}

static void not_graded(struct rules_block *block, const struct rules_rule *rule, uint32_t row, enum rules_reason reason)
{
	static const unsigned columns[] = { STAR_STAR, STAR_COMPOSITE, STAR_COEFFICIENT, STAR_BAND, STAR_REACHED,
		STAR_HELD, STAR_COMPUTED };
	for (size_t k = 0; k < sizeof columns / sizeof columns[0]; k++)
		rules_set_why(block, rules_column(block, rule, columns[k]), row, reason);
}

static void show_items(const struct star *star, struct rules_block *block, struct frame_column *column, uint32_t row,
	const struct star_input *inputs, const struct star_grade *grade)
{
	for (size_t k = 0; k < star->item_count; k++) {
		struct frame_column *shown = &column[star->items[k].column];
		if (inputs[k].present)
			decimal_to_scaled_rounded(inputs[k].x, STAR_SCORE_SCALE, &shown[0].i64[row]);
		else
			rules_set_why(block, &shown[0], row, RULES_REASON_NO_VALUE);
		if (!grade->counted[k]) {
			rules_set_why(block, &shown[1], row, RULES_REASON_NO_VALUE);
			shown[2].i64[row] = 0;
			continue;
		}
		decimal_to_scaled_rounded(grade->scores[k], STAR_SCORE_SCALE, &shown[1].i64[row]);
		/* weight ÷ sum, half away from zero; both are at most 10^6 */
		shown[2].i64[row] = (2 * star->items[k].weight * decimal_pow10(STAR_SCORE_SCALE) + grade->weight_sum) /
				    (2 * grade->weight_sum);
	}
}

/* The effective star: the decision, else what was computed; the coefficient follows it. */
static void settle_row(const struct rules_rule *rule, struct rules_block *block, uint32_t row, size_t computed,
	size_t decided)
{
	const struct star *star = rule->data;
	struct frame_column *column = rules_column(block, rule, 0);
	size_t effective = decided != STAR_NO_BAND ? decided : computed;
	if (computed != STAR_NO_BAND)
		column[STAR_COMPUTED].i64[row] = star->bands[computed].star;
	if (effective == STAR_NO_BAND)
		return;
	const struct star_band *band = &star->bands[effective];
	column[STAR_STAR].i64[row] = band->star;
	if (band->coefficient.given)
		decimal_rescale(band->coefficient.value, band->coefficient.scale, star->coefficient_scale,
			&column[STAR_COEFFICIENT].i64[row]);
	if (column[STAR_STAR].why != NULL)
		column[STAR_STAR].why[row] = column[STAR_COEFFICIENT].why[row] = 0;
	if (!band->coefficient.given) /* never an empty cell that looks like a figure forgotten */
		rules_set_why(block, &column[STAR_COEFFICIENT], row, RULES_REASON_NO_COEFFICIENT);
}

static size_t decide(const struct rules_rule *rule, struct rules_block *block, uint32_t row)
{
	struct frame_column *column = rules_column(block, rule, STAR_DECIDED);
	struct decision decision;
	if (!star_decision(rule, block, row, &decision))
		return STAR_NO_BAND;
	struct str text = { 0 };
	decision_text(&decision, &text);
	column->u32[row] = frame_texts_add(&block->texts, str_text(&text), text.length);
	str_release(&text);
	return decided_band(rule->data, &decision);
}

static void grade_row(const struct rules_rule *rule, struct rules_block *block, const struct history_block *past,
	const struct star_grade *grade, struct star_partial *partial, uint32_t row)
{
	const struct star *star = rule->data;
	struct frame_column *column = rules_column(block, rule, 0);
	struct star_move move;
	star_hold(star, grade->band, past, row, &move);
	partial->held[row] = (uint8_t)move.limited;
	column[STAR_COMPOSITE].i64[row] = grade->composite;
	column[STAR_BAND].i64[row] = star->bands[grade->before].star;
	column[STAR_REACHED].i64[row] = star->bands[grade->band].star;
	column[STAR_HELD].i64[row] = star->bands[move.limited].star;
	if (grade->withheld != NULL) {
		const char *title = text_pick(&star->items[grade->withheld->item].title, TEXT_ZH);
		column[STAR_FLOOR].u32[row] = frame_texts_add(&block->texts, title, strlen(title));
	}
}

static int evaluate_inputs(const struct star *star, struct rules_block *block, struct feel_column *values,
	struct feel_column *absent, struct star_partial *partial, struct err *err)
{
	for (size_t k = 0; k < star->item_count; k++)
		if (scope_eval_people(block, star->items[k].value, &values[k], err) != 0)
			return -1;
	/* kept with the block: the main thread takes them in when the worker's scratch is long in use again */
	if (star->binding && star->tie_count > 0)
		partial->ties = arena_alloc(block->arena, (size_t)block->count * star->tie_count, sizeof *partial->ties);
	for (size_t k = 0; partial->ties != NULL && k < star->tie_count; k++) {
		struct feel_column keys = { 0 };
		if (scope_eval_people(block, star->ties[k].value, &keys, err) != 0)
			return -1;
		for (uint32_t i = 0; i < block->count; i++) {
			struct decimal *key = &partial->ties[(size_t)i * star->tie_count + k];
			if (!scope_number(&keys, i, key))
				*key = decimal_from_scaled(DECIMAL_NONE, 0);
		}
	}
	return star->absent == NULL ? 0 : scope_eval_people(block, star->absent, absent, err);
}

static int star_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct star *star = rule->data;
	const struct star_state *state = block->work->state[rule->index];
	struct star_partial *partial = arena_alloc(block->arena, 1, sizeof *partial);
	struct feel_column values[STAR_ITEMS], absent = { 0 };
	struct frame_column *column = rules_column(block, rule, 0);
	struct history_block past;
	block->partial[rule->index] = partial;
	memset(values, 0, sizeof values);
	if (evaluate_inputs(star, block, values, &absent, partial, err) != 0 ||
		history_load(state->history, block, true, &past, err) != 0 || keep_scope(rule, block, partial) != 0)
		return -1;
	partial->held = no_bands(block);
	partial->decided = no_bands(block);
	partial->before = no_bands(block);
	partial->here = arena_alloc(block->arena, block->count + 1u, 1);
	partial->composite = column[STAR_COMPOSITE].i64;
	for (uint32_t i = 0; i < block->count; i++) {
		struct star_input inputs[STAR_ITEMS];
		struct star_grade grade;
		if (!block->facts->known[i])
			continue;
		column[STAR_PREVIOUS].i64[i] = history_previous(&past, i, NULL);
		if (column[STAR_PREVIOUS].i64[i] == DECIMAL_NONE)
			rules_set_why(block, &column[STAR_PREVIOUS], i, RULES_REASON_NO_PREVIOUS);
		else
			partial->before[i] = (uint8_t)star_band_of(star, column[STAR_PREVIOUS].i64[i]);
		for (size_t k = 0; k < star->item_count; k++)
			inputs[k].present = scope_number(&values[k], i, &inputs[k].x);
		star_grade(star, inputs, &grade);
		enum rules_reason bar = star_bars(star, block, star->absent == NULL ? NULL : &absent, i);
		partial->here[i] = star_is_here(bar);
		show_items(star, block, column, i, inputs, &grade);
		decimal_round(grade.weight_sum, STAR_WEIGHT_SCALE, STAR_SCORE_SCALE, &column[STAR_PRESENT].i64[i]);
		if (bar != RULES_REASON_COUNT || !grade.graded) {
			enum rules_reason reason = bar != RULES_REASON_COUNT ? bar : grade.reason;
			not_graded(block, rule, i, reason);
			partial->reasons[reason]++;
		} else {
			for (size_t k = 0; k < star->item_count; k++)
				partial->missing[k] += !inputs[k].present;
			grade_row(rule, block, &past, &grade, partial, i);
		}
		if (partial->here[i])
			partial->decided[i] = (uint8_t)decide(rule, block, i);
		if (!star->binding)
			settle_row(rule, block, i, partial->held[i], partial->decided[i]);
	}
	decision_tell(rule, block, rule->id, is_a_star, star, "expected the number of a star that has a band");
	if (!star->binding)
		list_decisions(rule, block);
	return 0;
}

/* --- after the population --- */
/* In a replay the seats are those of the published run; without one everybody keeps what was held. */
static int recall_seats(const struct rules_rule *rule, struct rules_block *block, uint8_t *seated, struct err *err)
{
	const struct rules_run *run = block->work->run;
	const struct star_partial *partial = block->partial[rule->index];
	struct result_directory directory;
	struct frame frame;
	uint32_t index = 0;
	bool found = false;
	memcpy(seated, partial->held, block->count);
	if (run->run == 0)
		return 0;
	if (store_directory_get(block->store, run->run, block->scratch, &directory, err) != 0)
		return -1;
	const struct result_column *now = &rule->book->columns.at[rule->first_column + STAR_COMPUTED].result;
	if (directory.table_count == 0 || result_column(&directory.tables[0], now->id, &index) == NULL)
		return 0;
	if (store_result_get(block->store, run->run, 0, block->number, &index, 1, block->scratch, &frame, &found,
		    err) != 0)
		return -1;
	const struct frame_column *column = found ? frame_column(&frame, index) : NULL;
	for (uint32_t i = 0; column != NULL && i < block->count && i < frame.count; i++)
		if (seated[i] != STAR_NO_BAND && column->i64[i] != DECIMAL_NONE)
			seated[i] = (uint8_t)star_band_of(rule->data, column->i64[i]);
	return 0;
}

static int star_settle(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct star_state *state = block->work->state[rule->index];
	uint8_t *seated = arena_alloc(block->scratch, block->count + 1u, 1), *decided;
	if (state->seated == NULL) {
		const struct star_partial *partial = block->partial[rule->index];
		decided = partial->decided;
		if (recall_seats(rule, block, seated, err) != 0)
			return -1;
	} else {
		memcpy(seated, state->seated + block->first, block->count);
		decided = state->decided + block->first;
	}
	for (uint32_t i = 0; i < block->count; i++)
		if (block->facts->known[i])
			settle_row(rule, block, i, seated[i], decided[i]);
	list_decisions(rule, block);
	return 0;
}

const struct rules_kind star_kind = { .element = "star",
	.help = "star grading: weighted items, bands, floors, hold, movement limits, quotas, decisions",
	.shape = &star_declare_shape,
	.declare = star_declare,
	.compile = star_declare_expressions,
	.prepare = star_prepare,
	.person = star_person,
	.collect = star_collect,
	.population = star_population,
	.settle = star_settle,
	.release = star_release,
	.explain = star_explain };
