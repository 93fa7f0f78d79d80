/*
 * competency.c - <competencies>: evidence → current level of each competency → gap, match and coverage at a model.
 *
 * Decides: which assessments count and how they become a level; the model of a person; that what is not assessed has no
 * level, no gap and no part in the match. Evidence counts if it lies in (as of - max age, as of]; of an assessor the
 * newest of each kind counts, and a blank assessor is one assessor. Per kind the mean of the newest date, the mean or
 * the maximum; over the kinds the weighted mean, rounded to 2 places. A level stands before a score; a score is scaled
 * linearly. Does not decide: which courses close a gap (idp.c), what is enough (gates of ladders).
 */
#include "rules/competency.h"

#include <string.h>

/* --- levels --- */
struct competency_tally {
	bool any;
	int32_t newest;
	struct decimal sum;
	uint32_t count;
};

static const struct competency_evidence *kind_of(const struct competency *rule, const char *kind)
{
	for (size_t i = 0; kind != NULL && i < rule->evidence_count; i++)
		if (strcmp(rule->evidence[i].kind, kind) == 0)
			return &rule->evidence[i];
	return NULL;
}

static bool between(struct decimal x, struct decimal a, struct decimal b)
{
	return decimal_compare(x, a) * decimal_compare(x, b) <= 0;
}

/* The level an assessment stands for: its own, else its score on the scale of its kind. */
static enum competency_fate read_level(const struct competency *rule, const struct competency_evidence *evidence,
	int64_t level, int64_t score, struct decimal *out)
{
	if (level != DECIMAL_NONE) {
		*out = decimal_from_scaled(level, COMPETENCY_SCALE);
		return level < 0 || level > rule->max * decimal_pow10(COMPETENCY_SCALE) ? COMPETENCY_OUTSIDE
																				: COMPETENCY_COUNTED;
	}
	if (score == DECIMAL_NONE)
		return COMPETENCY_NO_VALUE;
	if (!evidence->scaled)
		return COMPETENCY_NO_SCALE;
	struct decimal x = decimal_from_scaled(score, COMPETENCY_SCALE);
	if (!between(x, evidence->low.exact, evidence->high.exact))
		return COMPETENCY_OUTSIDE;
	struct decimal share =
		decimal_div(decimal_sub(x, evidence->low.exact), decimal_sub(evidence->high.exact, evidence->low.exact));
	*out = decimal_add(
		evidence->to_low.exact, decimal_mul(decimal_sub(evidence->to_high.exact, evidence->to_low.exact), share));
	return COMPETENCY_COUNTED;
}

static void add_to(struct competency_tally *tally, enum competency_use use, int32_t date, struct decimal level)
{
	bool newer = !tally->any || date > tally->newest;
	if (tally->any && use == COMPETENCY_LATEST && date < tally->newest)
		return;
	if (!tally->any || (use == COMPETENCY_LATEST && newer)
		|| (use == COMPETENCY_MAX && decimal_compare(level, tally->sum) > 0)) {
		tally->sum = level;
		tally->count = 1;
	} else if (use != COMPETENCY_MAX) {
		tally->sum = decimal_add(tally->sum, level);
		tally->count++;
	}
	if (newer)
		tally->newest = date;
	tally->any = true;
}

/* The assessments of a block by column. */
struct assessments {
	const struct frame *frame;
	const uint32_t *offset;
	const struct frame_column *competency, *level, *score, *kind, *assessor, *date;
};

static struct assessments assessments_of(const struct rules_block *block)
{
	const struct facts_list *list = &block->facts->lists[FEED_ASSESSMENT];
	const struct frame *frame = &list->frame;
	return (struct assessments){ frame, list->offset, frame_column(frame, ASSESSMENT_COMPETENCY_ID),
		frame_column(frame, ASSESSMENT_LEVEL), frame_column(frame, ASSESSMENT_SCORE),
		frame_column(frame, ASSESSMENT_KIND), frame_column(frame, ASSESSMENT_ASSESSOR_ID),
		frame_column(frame, ASSESSMENT_ASSESSED_ON) };
}

static uint32_t code_at(const struct frame_column *column, uint32_t row)
{
	return column == NULL ? FRAME_NONE : column->u32[row];
}

static bool same_group(const struct assessments *rows, uint32_t a, uint32_t b)
{
	return rows->competency->u32[a] == rows->competency->u32[b] && code_at(rows->kind, a) == code_at(rows->kind, b)
		&& code_at(rows->assessor, a) == code_at(rows->assessor, b);
}

/* One assessment looked at by itself. */
static struct competency_piece look_at(const struct competency *rule, const struct competency_state *state,
	const struct assessments *rows, const struct competency_evidence *evidence, uint32_t row)
{
	struct competency_piece piece = { .row = row, .item = SIZE_MAX, .kind = SIZE_MAX, .date = rows->date->i32[row] };
	uint32_t key = rows->competency->u32[row];
	if (key < state->key_count && state->item_of[key] > 0)
		piece.item = state->item_of[key] - 1;
	if (evidence != NULL)
		piece.kind = (size_t)(evidence - rule->evidence);
	if (piece.item == SIZE_MAX)
		piece.fate = COMPETENCY_UNKNOWN;
	else if (evidence == NULL)
		piece.fate = COMPETENCY_NO_KIND;
	else if (piece.date <= state->after[piece.kind])
		piece.fate = COMPETENCY_TOO_OLD;
	else
		piece.fate = read_level(rule, evidence, rows->level == NULL ? DECIMAL_NONE : rows->level->i64[row],
			rows->score == NULL ? DECIMAL_NONE : rows->score->i64[row], &piece.level);
	return piece;
}

/* Whether a piece that counted so far is part of its kind's level in the end. */
static void settle_fate(
	const struct competency *rule, const struct competency_tally *tally, struct competency_piece *piece)
{
	if (piece->fate != COMPETENCY_COUNTED)
		return;
	enum competency_use use = rule->evidence[piece->kind].use;
	if ((use == COMPETENCY_LATEST && piece->date != tally->newest)
		|| (use == COMPETENCY_MAX && decimal_compare(piece->level, tally->sum) != 0))
		piece->fate = COMPETENCY_OLDER;
}

/* Walks a person's assessments group by group (competency, kind, assessor; rising dates): the newest usable one goes to
 * its tally, and what cannot be used is told. Walked again with `all`, every piece is told by the complete tallies. */
static void walk(const struct competency *rule, const struct competency_state *state, const struct assessments *rows,
	uint32_t person, struct competency_tally *tallies, competency_trace *trace, void *host, bool all)
{
	uint32_t end = rows->offset[person + 1];
	for (uint32_t from = rows->offset[person], to; from < end; from = to) {
		const struct competency_evidence *evidence =
			kind_of(rule, rows->kind == NULL ? NULL : frame_text(rows->frame, rows->kind, from));
		bool taken = false;
		for (to = from + 1; to < end && same_group(rows, from, to); to++)
			;
		for (uint32_t row = to; row-- > from && (all || !taken);) {
			struct competency_piece piece = look_at(rule, state, rows, evidence, row);
			bool usable = piece.fate == COMPETENCY_COUNTED;
			if (usable && taken)
				piece.fate = COMPETENCY_OLDER;
			else if (usable && all)
				settle_fate(rule, &tallies[piece.item * rule->evidence_count + piece.kind], &piece);
			else if (usable)
				add_to(
					&tallies[piece.item * rule->evidence_count + piece.kind], evidence->use, piece.date, piece.level);
			taken |= usable;
			if (trace != NULL && (all || piece.fate >= COMPETENCY_NO_KIND))
				trace(host, &piece);
		}
	}
}

static int64_t level_of(
	const struct competency *rule, const struct competency_tally *tallies, struct competency_part *parts)
{
	struct decimal sum = decimal_from_int(0), level;
	int64_t weight = 0, rounded = DECIMAL_NONE;
	bool others = false;
	for (size_t k = 0; k < rule->evidence_count; k++) {
		const struct competency_evidence *evidence = &rule->evidence[k];
		if (!tallies[k].any)
			continue;
		level = tallies[k].count > 1 ? decimal_div(tallies[k].sum, decimal_from_int(tallies[k].count)) : tallies[k].sum;
		if (parts != NULL)
			parts[k] = (struct competency_part){ true, level };
		others |= !evidence->self;
		weight += evidence->weight;
		sum = decimal_add(sum, decimal_mul(decimal_from_scaled(evidence->weight, COMPETENCY_WEIGHT_SCALE), level));
	}
	if (!others || weight == 0)
		return DECIMAL_NONE; /* nothing, or what only the person says */
	level = decimal_div(sum, decimal_from_scaled(weight, COMPETENCY_WEIGHT_SCALE));
	decimal_to_scaled_rounded(level, COMPETENCY_SCALE, &rounded);
	return rounded;
}

struct competency_tally *competency_room(const struct competency *rule, struct arena *arena)
{
	return arena_alloc(arena, rule->item_count * rule->evidence_count + 1, sizeof(struct competency_tally));
}

void competency_levels(const struct competency *rule, const struct competency_state *state,
	const struct rules_block *block, uint32_t person, struct competency_tally *room, int64_t *levels,
	struct competency_part *parts, competency_trace *trace, void *host, bool all)
{
	const struct assessments rows = assessments_of(block);
	size_t kinds = rule->evidence_count;
	for (size_t i = 0; i < rule->item_count; i++)
		levels[i] = DECIMAL_NONE;
	if (rows.offset == NULL || rows.competency == NULL || rows.date == NULL
		|| rows.offset[person] == rows.offset[person + 1])
		return;
	memset(room, 0, rule->item_count * kinds * sizeof *room);
	walk(rule, state, &rows, person, room, all ? NULL : trace, host, false);
	for (size_t i = 0; i < rule->item_count; i++)
		levels[i] = level_of(rule, &room[i * kinds], parts == NULL ? NULL : &parts[i * kinds]);
	if (trace != NULL && all)
		walk(rule, state, &rows, person, room, trace, host, true);
}

/* --- models --- */
void competency_fit(const struct competency_model *model, const int64_t *levels, struct competency_fit *fit)
{
	int64_t have = 0, want = 0; /* places of weight and level together */
	*fit = (struct competency_fit){ .matched = false };
	for (size_t i = 0; i < model->need_count; i++) {
		const struct competency_need *need = &model->needs[i];
		int64_t level = levels[need->item];
		if (level == DECIMAL_NONE) {
			fit->must_unknown += need->must && need->required > 0;
			continue;
		}
		fit->known++;
		fit->assessed += need->weight;
		have += need->weight * (level < need->required ? level : need->required);
		want += need->weight * need->required;
		fit->gaps += level < need->required;
		fit->must_gaps += need->must && level < need->required;
	}
	if (want == 0)
		return;
	fit->matched = true;
	fit->match = decimal_mul(decimal_from_int(100), decimal_div(decimal_from_int(have), decimal_from_int(want)));
}

const struct competency_model *competency_model_of(const struct competency *rule, const struct competency_state *state,
	const struct rules_block *block, uint32_t person)
{
	const struct frame *frame = &block->facts->employee;
	const struct frame_column *position = frame_column(frame, EMPLOYEE_POSITION),
							  *level = frame_column(frame, EMPLOYEE_LEVEL);
	const char *text = level == NULL ? NULL : frame_text(frame, level, person);
	const struct competency_model *best = NULL;
	int best_fit = -1;
	for (size_t i = 0; i < rule->model_count; i++) {
		const struct competency_model *model = &rule->models[i];
		int fit = 2 * (model->position != NULL) + (model->level != NULL);
		if (model->position != NULL
			&& (position == NULL || position->u32[person] == FRAME_NONE || position->u32[person] != state->position[i]))
			continue;
		if (model->level != NULL && (text == NULL || strcmp(model->level, text) != 0))
			continue;
		if (fit > best_fit) {
			best = model;
			best_fit = fit;
		}
	}
	return best;
}

const struct competency_model *competency_model_named(const struct competency *rule, const char *name)
{
	for (size_t i = 0; i < rule->model_count; i++)
		if (strcmp(rule->models[i].id, name) == 0)
			return &rule->models[i];
	for (size_t i = 0; i < rule->model_count; i++)
		if (rule->models[i].position != NULL && strcmp(rule->models[i].position, name) == 0)
			return &rule->models[i];
	for (size_t i = 0; i < rule->model_count; i++)
		if (rule->models[i].level != NULL && strcmp(rule->models[i].level, name) == 0)
			return &rule->models[i];
	return NULL;
}

const struct rules_rule *competency_rule(const struct rulebook *book)
{
	for (size_t i = 0; i < book->rule_count; i++)
		if (book->rules[i].kind == &competency_kind)
			return &book->rules[i];
	return NULL;
}

/* --- a run --- */
static int competency_compile(struct rules_rule *rule, struct err *err)
{
	(void)rule;
	(void)err;
	return 0;
}

static int competency_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	(void)err;
	const struct competency *own = rule->data;
	struct competency_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	uint32_t *item_of, *position;
	int32_t *after = arena_alloc(&work->arena, own->evidence_count + 1, sizeof *after);
	state->key_count = facts_key_count(work->facts, KEY_DIM_COMPETENCY);
	item_of = arena_alloc(&work->arena, state->key_count + 1u, sizeof *item_of);
	position = arena_alloc(&work->arena, own->model_count + 1, sizeof *position);
	for (size_t i = 0; i < own->item_count; i++) {
		uint32_t key = facts_find(work->facts, KEY_DIM_COMPETENCY, own->items[i].id);
		if (key < state->key_count)
			item_of[key] = (uint32_t)i + 1;
	}
	for (size_t i = 0; i < own->model_count; i++)
		position[i] = own->models[i].position == NULL
			? FRAME_NONE
			: facts_find(work->facts, KEY_DIM_POSITION, own->models[i].position);
	for (size_t i = 0; i < own->evidence_count; i++)
		after[i] =
			own->evidence[i].months == 0 ? DATE_NONE : date_add_months(work->params->as_of, -own->evidence[i].months);
	state->after = after;
	state->item_of = item_of;
	state->position = position;
	work->state[rule->index] = state;
	return 0;
}

/* What cannot be used is told with its place. */
static void complain(void *host, const struct competency_piece *piece)
{
	static const char *const words[] = { [COMPETENCY_NO_KIND] = "the rules have no evidence of this kind",
		[COMPETENCY_NO_VALUE] = "neither level nor score",
		[COMPETENCY_NO_SCALE] = "the rules give this kind no scale for scores",
		[COMPETENCY_OUTSIDE] = "outside the scale of the rules",
		[COMPETENCY_UNKNOWN] = "the competency is not in the dictionary" };
	struct rules_block *block = host;
	const struct assessments rows = assessments_of(block);
	char number[48] = "";
	const char *text = number, *column = "level";
	uint64_t line = 0;
	if (piece->fate == COMPETENCY_NO_KIND) {
		text = rows.kind == NULL ? NULL : frame_text(rows.frame, rows.kind, piece->row);
		column = "kind";
	} else if (piece->fate == COMPETENCY_UNKNOWN) {
		text = facts_key(block->work->facts, KEY_DIM_COMPETENCY, rows.competency->u32[piece->row]);
		column = "competency_id";
	} else if (rows.level != NULL && rows.level->i64[piece->row] != DECIMAL_NONE) {
		decimal_format(rows.level->i64[piece->row], COMPETENCY_SCALE, -1, number);
	} else if (rows.score != NULL && rows.score->i64[piece->row] != DECIMAL_NONE) {
		decimal_format(rows.score->i64[piece->row], COMPETENCY_SCALE, -1, number);
		column = "score";
	}
	const char *file = facts_source(block->work->facts, rows.frame, piece->row, &line);
	findings_add(&block->findings,
		&(struct finding){ .id = FINDING_UNUSED_EVIDENCE,
			.feed = "assessment",
			.file = file,
			.row = line,
			.column = column,
			.text = text == NULL ? "" : text,
			.detail = words[piece->fate] });
}

/* The gap of the highest priority, the first id among equals; NULL: none. */
static const struct competency_item *first_gap(
	const struct competency *own, const struct competency_model *model, const int64_t *levels)
{
	const struct competency_item *first = NULL;
	int64_t most = 0;
	for (size_t i = 0; i < model->need_count; i++) {
		const struct competency_need *need = &model->needs[i];
		int64_t gap = levels[need->item] == DECIMAL_NONE ? 0 : competency_gap(need, levels[need->item]);
		int64_t priority = gap * need->weight;
		const struct competency_item *item = &own->items[need->item];
		if (priority == 0 || priority < most || (priority == most && strcmp(item->id, first->id) > 0))
			continue;
		first = item;
		most = priority;
	}
	return first;
}

static void set_fit(const struct rules_rule *rule, struct rules_block *block, uint32_t row,
	const struct competency_model *model, const int64_t *levels)
{
	struct frame_column *column = rules_column(block, rule, 0);
	struct competency_fit fit;
	competency_fit(model, levels, &fit);
	if (fit.matched)
		decimal_to_scaled_rounded(fit.match, 2, &column[COMPETENCY_MATCH].i64[row]);
	else
		rules_set_why(block, &column[COMPETENCY_MATCH], row, RULES_REASON_NOT_ASSESSED);
	/* weights sum to 1, so that the share is exact: 10^-6 is 10^-4 per cent */
	decimal_round(fit.assessed, COMPETENCY_WEIGHT_SCALE - 2, 2, &column[COMPETENCY_COVERAGE].i64[row]);
	if (fit.known == 0) {
		rules_set_why(block, &column[COMPETENCY_GAPS], row, RULES_REASON_NOT_ASSESSED);
	} else {
		column[COMPETENCY_GAPS].i64[row] = fit.gaps;
	}
	if (fit.must_gaps == 0 && fit.must_unknown > 0)
		rules_set_why(block, &column[COMPETENCY_MUST], row, RULES_REASON_NOT_ASSESSED);
	else
		column[COMPETENCY_MUST].i64[row] = fit.must_gaps;
	const struct competency_item *first = first_gap(rule->data, model, levels);
	if (first != NULL)
		column[COMPETENCY_FIRST].u32[row] = frame_texts_add(&block->texts, first->id, strlen(first->id));
	column[COMPETENCY_MODEL].u32[row] = frame_texts_add(&block->texts, model->id, strlen(model->id));
}

static void set_items(const struct rules_rule *rule, struct rules_block *block, uint32_t row,
	const struct competency_model *model, const int64_t *levels)
{
	const struct competency *own = rule->data;
	enum rules_reason none = model == NULL ? RULES_REASON_NO_MODEL : RULES_REASON_NOT_REQUIRED;
	for (size_t i = 0; i < own->item_count; i++) {
		struct frame_column *column = rules_column(block, rule, competency_column(i, 0));
		if (levels[i] == DECIMAL_NONE)
			rules_set_why(block, &column[COMPETENCY_OF_LEVEL], row, RULES_REASON_NOT_ASSESSED);
		else
			column[COMPETENCY_OF_LEVEL].i64[row] = levels[i];
		const struct competency_need *need = NULL;
		for (size_t k = 0; model != NULL && k < model->need_count && need == NULL; k++)
			if (model->needs[k].item == i)
				need = &model->needs[k];
		if (need == NULL) {
			for (unsigned of = COMPETENCY_OF_REQUIRED; of < COMPETENCY_OF_COLUMNS; of++)
				rules_set_why(block, &column[of], row, none);
			continue;
		}
		column[COMPETENCY_OF_REQUIRED].i64[row] = need->required;
		if (levels[i] == DECIMAL_NONE) {
			rules_set_why(block, &column[COMPETENCY_OF_GAP], row, RULES_REASON_NOT_ASSESSED);
			rules_set_why(block, &column[COMPETENCY_OF_PRIORITY], row, RULES_REASON_NOT_ASSESSED);
			continue;
		}
		int64_t gap = competency_gap(need, levels[i]);
		column[COMPETENCY_OF_GAP].i64[row] = gap;
		decimal_rescale(gap * need->weight, COMPETENCY_SCALE + COMPETENCY_WEIGHT_SCALE, own->priority_scale,
			&column[COMPETENCY_OF_PRIORITY].i64[row]);
	}
}

static int competency_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	(void)err;
	const struct competency *own = rule->data;
	const struct competency_state *state = block->work->state[rule->index];
	struct competency_tally *room = competency_room(own, block->scratch);
	int64_t *levels = arena_alloc(block->scratch, own->item_count + 1, sizeof *levels);
	for (uint32_t i = 0; i < block->count; i++) {
		if (!block->facts->known[i])
			continue;
		const struct competency_model *model = competency_model_of(own, state, block, i);
		competency_levels(own, state, block, i, room, levels, NULL, complain, block, false);
		set_items(rule, block, i, model, levels);
		if (model != NULL) {
			set_fit(rule, block, i, model, levels);
			continue;
		}
		for (unsigned k = 0; k < COMPETENCY_COLUMNS; k++)
			rules_set_why(block, rules_column(block, rule, k), i, RULES_REASON_NO_MODEL);
	}
	return 0;
}

const struct rules_kind competency_kind = { .element = "competencies",
	.help = "competencies: dictionary, models, evidence, levels, gaps, match and coverage",
	.shape = &competency_declare_shape,
	.declare = competency_declare,
	.compile = competency_compile,
	.prepare = competency_prepare,
	.person = competency_person,
	.explain = competency_explain };
