/*
 * star.c - grading: items → composite → band → floors → hold → movement limit → quota → human decision.
 *
 * Decides: the star of one person, and per scope the distribution and its deviation from advisory quotas. Hold and
 * movement limits take their place between floors and quota when they come; binding quotas and decisions after them.
 */
#include "rules/star.h"

#include "rules/quota.h"
#include "rules/wilson.h"

#include <stdlib.h>
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
	/* hold and movement limit: not yet */
}

enum rules_reason star_bars(const struct star *star, const struct rules_block *block, uint32_t row)
{
	const struct frame_column *hire = frame_column(&block->facts->employee, EMPLOYEE_HIRE_DATE);
	int32_t hired = hire == NULL ? DATE_NONE : hire->i32[row], as_of = block->work->params->as_of;
	if (hired != DATE_NONE && hired > as_of)
		return RULES_REASON_NOT_HIRED;
	if (!block->facts->active[row])
		return RULES_REASON_LEFT;
	if (star->tenure > 0 && hired != DATE_NONE && as_of < date_add_months(hired, star->tenure))
		return RULES_REASON_NEWCOMER;
	return RULES_REASON_COUNT;
}

/* --- a block --- */
struct star_partial {
	uint32_t *scope;
	const char **texts; /* NULL: scope holds keys */
	uint64_t reasons[RULES_REASON_COUNT];
	uint64_t missing[STAR_ITEMS];
};

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

static void not_graded(struct rules_block *block, const struct rules_rule *rule, uint32_t row, enum rules_reason reason)
{
	static const unsigned columns[] = { STAR_STAR, STAR_COMPOSITE, STAR_COEFFICIENT, STAR_BAND };
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

static int star_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct star *star = rule->data;
	struct star_partial *partial = arena_alloc(block->arena, 1, sizeof *partial);
	struct feel_column values[STAR_ITEMS], previous;
	struct frame_column *column = rules_column(block, rule, 0);
	block->partial[rule->index] = partial;
	memset(values, 0, sizeof values);
	for (size_t k = 0; k < star->item_count; k++)
		if (scope_eval_people(block, star->items[k].value, &values[k], err) != 0)
			return -1;
	if (scope_previous(block, rule->first_column + STAR_STAR, &previous, err) != 0 ||
		keep_scope(rule, block, partial) != 0)
		return -1;
	for (uint32_t i = 0; i < block->count; i++) {
		struct star_input inputs[STAR_ITEMS];
		struct star_grade grade;
		if (!block->facts->known[i])
			continue;
		if (previous.v[i] == INT64_MIN)
			rules_set_why(block, &column[STAR_PREVIOUS], i, RULES_REASON_NO_PREVIOUS);
		else
			column[STAR_PREVIOUS].i64[i] = previous.v[i];
		for (size_t k = 0; k < star->item_count; k++)
			inputs[k].present = scope_number(&values[k], i, &inputs[k].x);
		star_grade(star, inputs, &grade);
		enum rules_reason bar = star_bars(star, block, i);
		show_items(star, block, column, i, inputs, &grade);
		decimal_round(grade.weight_sum, STAR_WEIGHT_SCALE, STAR_SCORE_SCALE, &column[STAR_PRESENT].i64[i]);
		if (bar != RULES_REASON_COUNT || !grade.graded) {
			enum rules_reason reason = bar != RULES_REASON_COUNT ? bar : grade.reason;
			not_graded(block, rule, i, reason);
			partial->reasons[reason]++;
			continue;
		}
		const struct star_band *band = &star->bands[grade.band];
		for (size_t k = 0; k < star->item_count; k++)
			partial->missing[k] += !inputs[k].present;
		column[STAR_STAR].i64[i] = band->star;
		column[STAR_COMPOSITE].i64[i] = grade.composite;
		column[STAR_BAND].i64[i] = star->bands[grade.before].star;
		if (band->coefficient.given)
			decimal_rescale(band->coefficient.value, band->coefficient.scale, star->coefficient_scale,
				&column[STAR_COEFFICIENT].i64[i]);
		if (grade.withheld != NULL) {
			const char *title = text_pick(&star->items[grade.withheld->item].title, TEXT_ZH);
			column[STAR_FLOOR].u32[i] = frame_texts_add(&block->texts, title, strlen(title));
		}
	}
	return 0;
}

/* --- the population --- */
struct star_count {
	uint64_t by_band[STAR_BANDS];
};
struct star_state {
	struct map scopes;
	struct star_count *counts;
	size_t capacity;
	struct star_count all;
	uint64_t missing[STAR_ITEMS];
};

static int star_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	(void)err;
	work->state[rule->index] = arena_alloc(&work->arena, 1, sizeof(struct star_state));
	return 0;
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
		struct star_count *counts = arena_alloc(&work->arena, capacity, sizeof *counts);
		if (state->capacity > 0)
			memcpy(counts, state->counts, state->capacity * sizeof *counts);
		state->counts = counts;
		state->capacity = capacity;
	}
	return number;
}

static int star_collect(
	const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block, struct err *err)
{
	(void)err;
	const struct star *star = rule->data;
	struct star_state *state = work->state[rule->index];
	const struct star_partial *partial = block->partial[rule->index];
	const struct frame_column *stars = rules_column(block, rule, STAR_STAR);
	for (uint32_t i = 0; i < block->count; i++) {
		if (stars->i64[i] == DECIMAL_NONE)
			continue;
		size_t band = 0;
		while (star->bands[band].star != stars->i64[i])
			band++;
		if (partial->scope[i] != FRAME_NONE) {
			size_t number = scope_number_of(star, work, state, partial, i);
			state->counts[number].by_band[band]++;
		}
		state->all.by_band[band]++;
		work->run->graded++;
	}
	for (unsigned r = 0; r < RULES_REASON_COUNT; r++)
		work->reasons[r] += partial->reasons[r];
	for (size_t k = 0; k < star->item_count; k++)
		state->missing[k] += partial->missing[k];
	return 0;
}

struct scope_row {
	const char *text;
	const struct star_count *count;
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
			.type = i == 0 ? FRAME_U32 : FRAME_I64,
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
	const struct result_table *table = &rule->book->tables.at[rule->first_table - 1];
	struct table_writer writer;
	uint32_t row = 0;
	table_begin(&writer, star, work, table->columns, table->column_count, (uint32_t)(count * star->band_count));
	for (size_t s = 0; s < count; s++) {
		uint64_t n = total_of(star, scopes[s].count);
		for (size_t b = 0; b < star->band_count; b++, row++) {
			table_scope(&writer, row, scopes[s].text);
			writer.frame.columns[1].i64[row] = star->bands[b].star;
			writer.frame.columns[2].i64[row] = (int64_t)scopes[s].count->by_band[b];
			if (n > 0)
				writer.frame.columns[3].i64[row] = wilson_share(scopes[s].count->by_band[b], n);
		}
	}
	frame_texts_end(&writer.texts, &writer.frame, &work->arena);
	return rules_put_table(work, rule, 0, &writer.frame, err);
}

static int put_quota(const struct rules_rule *rule, struct rules_work *work, const struct scope_row *scopes,
	size_t count, struct err *err)
{
	const struct star *star = rule->data;
	const struct result_table *table = &rule->book->tables.at[rule->first_table];
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
		uint64_t n = total_of(star, scopes[s].count), seats[STAR_BANDS];
		quota_seats(n, shares, quotas, seats);
		for (size_t q = 0; q < quotas; q++, row++) {
			uint64_t actual = scopes[s].count->by_band[bands[q]];
			table_scope(&writer, row, scopes[s].text);
			writer.frame.columns[1].i64[row] = star->bands[bands[q]].star;
			writer.frame.columns[2].i64[row] = (int64_t)n;
			decimal_round(shares[q], QUOTA_SCALE - 2, 1, &writer.frame.columns[3].i64[row]);
			writer.frame.columns[4].i64[row] = (int64_t)seats[q];
			writer.frame.columns[5].i64[row] = (int64_t)actual;
			writer.frame.columns[6].i64[row] = (int64_t)actual - (int64_t)seats[q];
		}
	}
	frame_texts_end(&writer.texts, &writer.frame, &work->arena);
	return rules_put_table(work, rule, 1, &writer.frame, err);
}

static int star_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct star *star = rule->data;
	struct star_state *state = work->state[rule->index];
	size_t count = state->scopes.count;
	struct scope_row *scopes = arena_alloc(&work->arena, count + 1, sizeof *scopes);
	/* the whole centre first, then the scopes by their text: independent of the order of loading */
	scopes[0] = (struct scope_row){ "", &state->all };
	for (size_t i = 0; i < count; i++)
		scopes[i + 1] = (struct scope_row){ map_text(&state->scopes, (uint32_t)i), &state->counts[i] };
	qsort(scopes + 1, count, sizeof *scopes, by_text);
	int rc = put_distribution(rule, work, scopes, count + 1, err);
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

static void star_release(void *state)
{
	map_release(&((struct star_state *)state)->scopes);
}

const struct rules_kind star_kind = { .element = "star",
	.help = "star grading: weighted items, bands, floors, advisory quotas",
	.shape = &star_declare_shape,
	.declare = star_declare,
	.compile = star_declare_expressions,
	.prepare = star_prepare,
	.person = star_person,
	.collect = star_collect,
	.population = star_population,
	.release = star_release,
	.explain = star_explain };
