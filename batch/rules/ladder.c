/*
 * ladder.c - promotion readiness: the step a person stands on, the steps that come next on every track, their gates,
 * the class of each, the nearest.
 *
 * Decides: targets and the nearest promotion. Its order: class (now first, not evaluated last), then the earliest date,
 * then fewer unmet hard gates, then the own track first, then as written. Does not decide: a gate (gate.c), a class
 * (readiness.c).
 *
 * Every step that comes after the person's own, crossings included, is a target, on both tracks. Only hard gates count
 * towards a class; the others are shown. A decision in force gives the class instead (and, if it says ready now, the
 * as-of date); what was computed stays beside it. People who are not active have no targets.
 */
#include "rules/ladder.h"

#include <string.h>

/* --- one person --- */
size_t ladder_step_of(
	const struct ladder *ladder, const struct ladder_state *state, const struct rules_block *block, uint32_t row)
{
	const struct frame *frame = &block->facts->employee;
	const struct frame_column *position = frame_column(frame, EMPLOYEE_POSITION),
							  *level = frame_column(frame, EMPLOYEE_LEVEL);
	const char *text = level == NULL ? NULL : frame_text(frame, level, row);
	for (size_t i = 0; i < ladder->step_count && position != NULL && position->u32[row] != FRAME_NONE; i++)
		if (state->position[i] == position->u32[row])
			return i;
	for (size_t i = 0; i < ladder->step_count && text != NULL; i++)
		if (ladder->steps[i].level != NULL && strcmp(ladder->steps[i].level, text) == 0)
			return i;
	return ladder->step_count;
}

enum rules_reason ladder_bars(const struct rules_block *block, uint32_t row)
{
	const struct frame_column *hire = frame_column(&block->facts->employee, EMPLOYEE_HIRE_DATE);
	if (hire != NULL && hire->i32[row] != DATE_NONE && hire->i32[row] > block->work->params->as_of)
		return RULES_REASON_NOT_HIRED;
	return block->facts->active[row] ? RULES_REASON_COUNT : RULES_REASON_LEFT;
}

/* --- decisions --- */
bool ladder_can_decide(const void *context, const struct decision *decision)
{
	const struct ladder_judge *judge = context;
	const struct ladder *ladder = judge->ladder;
	if (readiness_find(decision->value, strlen(decision->value)) == READINESS_COUNT)
		return false;
	if (ladder_bars(judge->block, decision->person) != RULES_REASON_COUNT)
		return true; /* who is not here has no targets, and nothing to be told */
	size_t own = ladder_step_of(ladder, judge->state, judge->block, decision->person);
	for (size_t i = 0; own < ladder->step_count && i < ladder->steps[own].next_count; i++)
		if (strcmp(ladder->steps[ladder->steps[own].next[i]].id, decision->about) == 0)
			return true;
	return false;
}

static bool names_class(const void *context, const struct decision *decision)
{
	(void)context;
	return readiness_find(decision->value, strlen(decision->value)) != READINESS_COUNT;
}

bool ladder_decide(const struct ladder_judge *judge, uint32_t person, size_t step, struct readiness *readiness,
	struct decision *decision)
{
	if (!decision_find(judge->block, person, judge->ladder->steps[step].field, names_class, NULL, decision))
		return false;
	readiness->class = readiness_find(decision->value, strlen(decision->value));
	if (readiness->class == READINESS_NOW)
		readiness->earliest = judge->block->work->params->as_of;
	return true;
}

/* --- a block --- */
struct judged {
	struct readiness readiness;
	enum readiness_class computed;
	bool is_decided;
	struct decision decision;
};
struct writer {
	const struct ladder *ladder;
	struct rules_block *block;
	struct gate_values **values; /* by step, then gate; NULL: nobody asks */
	struct frame *targets, *gates;
	struct frame_texts target_texts, gate_texts;
	uint32_t target_rows, gate_rows;
};

static uint32_t text_number(struct frame_texts *texts, const char *text)
{
	return frame_texts_add(texts, text, strlen(text));
}

static void write_gate(struct writer *writer, const struct ladder_step *step, const struct gate *gate,
	const struct gate_result *result, uint32_t employee)
{
	struct frame_column *columns = writer->gates->columns;
	struct frame_texts *texts = &writer->gate_texts;
	uint32_t row = writer->gate_rows++;
	char text[64];
	columns[READINESS_GATE_EMPLOYEE].u32[row] = employee;
	columns[READINESS_GATE_TARGET].u32[row] = text_number(texts, step->id);
	columns[READINESS_GATE_GATE].u32[row] = text_number(texts, gate->id);
	columns[READINESS_GATE_STATE].u32[row] = text_number(texts, gate_state_name(result->state));
	if (result->has_have)
		columns[READINESS_GATE_HAVE].u32[row] = text_number(texts, gate_number(result->have, text));
	if (result->has_need)
		columns[READINESS_GATE_NEED].u32[row] = text_number(texts, gate_number(result->need, text));
	if (gate->when != NULL && result->state != GATE_NOT_EVALUATED) {
		columns[READINESS_GATE_HAVE].u32[row] = text_number(texts, result->holds ? "yes" : "no");
		columns[READINESS_GATE_NEED].u32[row] = text_number(texts, "yes");
	}
	columns[READINESS_GATE_MISSING].i64[row] = gate_missing(result);
	if (result->earliest != DATE_NONE)
		columns[READINESS_GATE_EARLIEST].i32[row] = result->earliest;
	columns[READINESS_GATE_HARD].u32[row] = gate->hard;
}

static struct judged judge(struct writer *writer, const struct ladder_judge *judge, size_t number, uint32_t person)
{
	const struct ladder_step *step = &writer->ladder->steps[number];
	const struct facts_params *params = writer->block->work->params;
	struct judged judged = { .readiness = { .earliest = DATE_NONE } };
	struct readiness *readiness = &judged.readiness;
	for (size_t g = 0; g < step->gate_count; g++) {
		const struct gate *gate = &step->gates[g];
		struct gate_result result;
		gate_judge(gate, &writer->values[number][g], person, params, &result);
		write_gate(writer, step, gate, &result, writer->block->first + person);
		if (!gate->hard)
			continue;
		if (result.state == GATE_MET)
			readiness->met++;
		else if (result.state == GATE_NOT_EVALUATED)
			readiness->not_evaluated++;
		else
			readiness_unmet(readiness, result.earliest);
	}
	readiness_settle(readiness, params->as_of);
	judged.computed = readiness->class;
	judged.is_decided = ladder_decide(judge, person, number, readiness, &judged.decision);
	return judged;
}

static void write_target(struct writer *writer, const struct ladder_state *state, size_t number,
	const struct judged *judged, bool nearest, uint32_t employee)
{
	const struct readiness *readiness = &judged->readiness;
	const struct ladder_step *step = &writer->ladder->steps[number];
	struct frame_column *columns = writer->targets->columns;
	struct frame_texts *texts = &writer->target_texts;
	uint32_t row = writer->target_rows++;
	columns[READINESS_EMPLOYEE].u32[row] = employee;
	columns[READINESS_TRACK].u32[row] = text_number(texts, writer->ladder->tracks[step->track].id);
	columns[READINESS_TARGET].u32[row] = text_number(texts, step->id);
	columns[READINESS_POSITION].u32[row] = state->position[number];
	columns[READINESS_CLASS].u32[row] = text_number(texts, readiness_name(readiness->class));
	columns[READINESS_MET].i64[row] = readiness->met;
	columns[READINESS_UNMET].i64[row] = readiness->unmet;
	columns[READINESS_OPEN].i64[row] = readiness->not_evaluated;
	columns[READINESS_EARLIEST].i32[row] = readiness->earliest;
	columns[READINESS_NEAREST].u32[row] = nearest;
	columns[READINESS_COMPUTED].u32[row] = text_number(texts, readiness_name(judged->computed));
	if (judged->is_decided) {
		struct str text = { 0 };
		decision_text(&judged->decision, &text);
		columns[READINESS_DECIDED].u32[row] = frame_texts_add(texts, str_text(&text), text.length);
		str_release(&text);
	}
}

static void no_target(const struct rules_rule *rule, struct rules_block *block, uint32_t row, uint32_t first,
	uint32_t count, enum rules_reason reason)
{
	for (uint32_t k = 0; k < count; k++)
		rules_set_why(block, rules_column(block, rule, first + k), row, reason);
}

/* Whether target a is nearer than b; the order of this file's head. */
static bool nearer(const struct ladder *ladder, size_t own_track, size_t a, const struct judged *ja, size_t b,
	const struct judged *jb)
{
	int order = readiness_compare(&ja->readiness, &jb->readiness);
	bool a_own = ladder->steps[a].track == own_track, b_own = ladder->steps[b].track == own_track;
	return order != 0 ? order < 0 : a_own != b_own ? a_own : a < b;
}

static void person(
	const struct rules_rule *rule, struct writer *writer, const struct ladder_state *state, uint32_t row, size_t own)
{
	const struct ladder *ladder = writer->ladder;
	const struct ladder_step *step = &ladder->steps[own];
	struct rules_block *block = writer->block;
	const struct ladder_judge context = { ladder, state, block };
	struct judged found[LADDER_STEPS];
	struct str decided = { 0 };
	size_t best = SIZE_MAX;
	rules_column(block, rule, LADDER_STEP)->u32[row] = text_number(&block->texts, step->id);
	for (size_t i = 0; i < step->next_count; i++) {
		found[i] = judge(writer, &context, step->next[i], row);
		if (found[i].is_decided) {
			str_printf(&decided, "%s%s: ", decided.length > 0 ? "; " : "", ladder->steps[step->next[i]].id);
			decision_text(&found[i].decision, &decided);
		}
		if (best == SIZE_MAX || nearer(ladder, step->track, step->next[i], &found[i], step->next[best], &found[best]))
			best = i;
	}
	for (size_t i = 0; i < step->next_count; i++)
		write_target(writer, state, step->next[i], &found[i], i == best, block->first + row);
	if (best != SIZE_MAX)
		rules_column(block, rule, LADDER_NEAREST)->u32[row] =
			text_number(&block->texts, ladder->steps[step->next[best]].id);
	else
		no_target(rule, block, row, LADDER_NEAREST, 1, RULES_REASON_NO_STEP);
	if (decided.length > 0)
		rules_column(block, rule, LADDER_DECIDED)->u32[row] =
			frame_texts_add(&block->texts, str_text(&decided), decided.length);
	str_release(&decided);
	for (size_t t = 0; t < ladder->track_count; t++) {
		uint32_t first = ladder->tracks[t].column;
		best = SIZE_MAX;
		for (size_t i = 0; i < step->next_count; i++)
			if (ladder->steps[step->next[i]].track == t
				&& (best == SIZE_MAX || nearer(ladder, t, step->next[i], &found[i], step->next[best], &found[best])))
				best = i;
		if (best == SIZE_MAX) {
			no_target(rule, block, row, first, LADDER_TRACK_COLUMNS, RULES_REASON_NO_STEP);
			continue;
		}
		const struct readiness *nearest = &found[best].readiness;
		struct frame_column *columns = rules_column(block, rule, first);
		columns[LADDER_TARGET].u32[row] = text_number(&block->texts, ladder->steps[step->next[best]].id);
		columns[LADDER_CLASS].u32[row] = text_number(&block->texts, readiness_name(nearest->class));
		columns[LADDER_UNMET].i64[row] = nearest->unmet;
		columns[LADDER_COMPUTED].u32[row] = text_number(&block->texts, readiness_name(found[best].computed));
		if (nearest->earliest != DATE_NONE)
			columns[LADDER_EARLIEST].i32[row] = nearest->earliest;
		else
			rules_set_why(block, &columns[LADDER_EARLIEST], row,
				found[best].computed == READINESS_NOT_EVALUATED ? RULES_REASON_GATE_OPEN : RULES_REASON_NO_DATE);
	}
}

static int ladder_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct ladder *ladder = rule->data;
	const struct ladder_state *state = block->work->state[rule->index];
	size_t *own = arena_alloc(block->scratch, block->count + 1u, sizeof *own), targets = 0, gates = 0;
	struct writer writer = { .ladder = ladder, .block = block };
	writer.values = arena_alloc(block->scratch, ladder->step_count + 1, sizeof *writer.values);
	for (uint32_t i = 0; i < block->count; i++) {
		own[i] = SIZE_MAX;
		if (!block->facts->known[i])
			continue;
		enum rules_reason bar = ladder_bars(block, i);
		if (bar == RULES_REASON_COUNT)
			own[i] = ladder_step_of(ladder, state, block, i);
		if (bar != RULES_REASON_COUNT || own[i] == ladder->step_count) {
			no_target(rule, block, i, 0, rule->column_count, bar != RULES_REASON_COUNT ? bar : RULES_REASON_OFF_LADDER);
			own[i] = SIZE_MAX;
			continue;
		}
		const struct ladder_step *step = &ladder->steps[own[i]];
		targets += step->next_count;
		gates += step->next_gates;
		for (size_t k = 0; k < step->next_count; k++) {
			size_t next = step->next[k];
			if (writer.values[next] != NULL)
				continue;
			writer.values[next] =
				arena_alloc(block->scratch, ladder->steps[next].gate_count + 1, sizeof **writer.values);
			for (size_t g = 0; g < ladder->steps[next].gate_count; g++)
				if (gate_evaluate(&ladder->steps[next].gates[g], block, &writer.values[next][g], err) != 0)
					return -1;
		}
	}
	writer.targets = rules_list(block, rule, LADDER_READINESS, (uint32_t)targets);
	writer.gates = rules_list(block, rule, LADDER_GATE, (uint32_t)gates);
	for (uint32_t i = 0; i < block->count; i++)
		if (own[i] != SIZE_MAX)
			person(rule, &writer, state, i, own[i]);
	frame_texts_end(&writer.target_texts, writer.targets, block->arena);
	frame_texts_end(&writer.gate_texts, writer.gates, block->arena);
	decision_tell(rule, block, ladder->fields, ladder_can_decide, &(struct ladder_judge){ ladder, state, block },
		"expected a step that comes next for the person, and now, within-1-year, 1-2-years, later, undated or "
		"not-evaluated");
	return 0;
}

static int ladder_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	(void)err;
	const struct ladder *ladder = rule->data;
	struct ladder_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	state->position = arena_alloc(&work->arena, ladder->step_count + 1, sizeof *state->position);
	for (size_t i = 0; i < ladder->step_count; i++) {
		const struct ladder_step *step = &ladder->steps[i];
		state->position[i] =
			step->position == NULL ? FRAME_NONE : facts_find(work->facts, KEY_DIM_POSITION, step->position);
		if (step->position != NULL && state->position[i] == FRAME_NONE)
			findings_add(work->findings,
				&(struct finding){ .id = FINDING_UNKNOWN_POSITION,
					.file = step->node->file,
					.row = (uint64_t)step->node->line,
					.text = step->position });
	}
	work->state[rule->index] = state;
	return 0;
}

/* --- for rules that read its tables --- */
const struct rules_rule *ladder_needed(struct rules_rule *rule, struct err *err)
{
	for (size_t i = 0; i < rule->book->rule_count; i++) {
		const struct rules_rule *other = &rule->book->rules[i];
		if (other->kind != &ladder_kind)
			continue;
		VEC_PUSH(&rule->after[RULES_POPULATION], other->index * RULES_PARTS + RULES_PERSON);
		return other;
	}
	xml_fail(rule->node, err, "<%s> needs a <ladder>, and the rulebook has none", rule->node->name);
	return NULL;
}

/* The number of each text of a frame among `count` ids, `count` where it is none of them. */
static size_t *numbers_of(const struct frame *frame, struct arena *arena, const char *(*id)(const void *, size_t),
	const void *host, size_t count)
{
	size_t *numbers = arena_alloc(arena, frame->text_count + 1u, sizeof *numbers);
	for (uint32_t k = 0; k < frame->text_count; k++) {
		numbers[k] = 0;
		while (numbers[k] < count && strcmp(id(host, numbers[k]), frame->texts[k]) != 0)
			numbers[k]++;
	}
	return numbers;
}

static const char *step_id(const void *host, size_t number)
{
	return ((const struct ladder *)host)->steps[number].id;
}

static const char *class_id(const void *host, size_t number)
{
	(void)host;
	return readiness_name((enum readiness_class)number);
}

int ladder_read(const struct rules_rule *rule, struct rules_work *work, uint32_t block, struct arena *arena,
	struct ladder_targets *out, struct err *err)
{
	const struct ladder *ladder = rule->data;
	struct frame frame;
	bool found = false;
	*out = (struct ladder_targets){ 0 };
	if (store_result_get(work->run->store, work->run->run, rule->first_table + LADDER_READINESS, block, NULL, 0, arena,
			&frame, &found, err)
		!= 0)
		return -1;
	if (!found || frame.count == 0)
		return 0;
	const size_t *steps = numbers_of(&frame, arena, step_id, ladder, ladder->step_count),
				 *classes = numbers_of(&frame, arena, class_id, NULL, READINESS_COUNT);
	const struct frame_column *employee = frame_column(&frame, READINESS_EMPLOYEE),
							  *target = frame_column(&frame, READINESS_TARGET),
							  *class = frame_column(&frame, READINESS_CLASS),
							  *met = frame_column(&frame, READINESS_MET),
							  *unmet = frame_column(&frame, READINESS_UNMET),
							  *open = frame_column(&frame, READINESS_OPEN),
							  *earliest = frame_column(&frame, READINESS_EARLIEST);
	out->count = frame.count;
	out->at = arena_alloc(arena, frame.count, sizeof *out->at);
	for (uint32_t i = 0; i < frame.count; i++)
		out->at[i] = (struct ladder_target){ .employee = employee->u32[i],
			.step = (uint32_t)steps[target->u32[i]],
			.readiness = { (enum readiness_class)classes[class->u32[i]], (uint32_t)met->i64[i], (uint32_t)unmet->i64[i],
				(uint32_t)open->i64[i], earliest == NULL ? DATE_NONE : earliest->i32[i] } };
	return 0;
}

const struct rules_kind ladder_kind = { .element = "ladder",
	.help = "promotion readiness: tracks, steps, gates, crossings, the nearest promotion",
	.shape = &ladder_shape,
	.declare = ladder_declare,
	.compile = ladder_compile,
	.prepare = ladder_prepare,
	.person = ladder_person,
	.explain = ladder_explain };
