/*
 * gate.c - gates: a number held against what is needed (`have` and `need` or `at-most`), a time since a day (`since`
 * and `need` months), or a condition (`when`).
 *
 * Decides: the state of a gate, the missing amount and the earliest day. A value that is null is not evaluated, never
 * zero. Does not decide: what follows for the step (readiness.c).
 *
 * The earliest day: of `since` the anniversary; of `until` the day after it; by="period" the end of the period in which
 * the run is long enough, if it persists (a run that has not begun has no day); with a pace as-of + missing × days ÷
 * pace, rounded up to whole days; otherwise it is not known.
 */
#include "rules/gate.h"

#include "rules/history.h"
#include "rules/readiness.h"

#include <string.h>

#define LAST_DAY 2932896 /* 9999-12-31 */

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the gate within its step." },
	{ "have", XML_FEEL, false, NULL, "What a person has, a number; with need or at-most." },
	{ "need", XML_FEEL, false, NULL, "What is needed at least, a number." },
	{ "at-most", XML_FEEL, false, NULL, "What is allowed at most, a number." },
	{ "when", XML_FEEL, false, NULL,
		"A condition instead of numbers; null is not evaluated (missing = 1 is false in FEEL, missing >= 1 is null)." },
	{ "since", XML_FEEL, false, NULL,
		"A date: the gate needs `need` whole months since then; it closes on the anniversary." },
	{ "until", XML_FEEL, false, NULL, "The last day on which the gate is not met; it closes the day after." },
	{ "by", XML_CHOICE, false, "period",
		"period: have and need count review periods in a row; the gate closes at the end of a period." },
	{ "pace", XML_NUMBER, false, NULL,
		"How much of what is missing a person gains in `days`; gives the earliest date." },
	{ "days", XML_INTEGER, false, NULL, "The days of `pace` (default 365)." },
	{ "unit", XML_TEXT, false, NULL, "Unit of have and need: months, credits, courses, % …" },
	{ "hard", XML_BOOL, false, NULL, "no: shown, but does not keep anybody from being ready (default yes)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const children[] = { &title_shape, NULL };
const struct xml_shape gate_shape = { "gate", attrs, children, 0, 0, false,
	"A condition of the step: met, not met or, where data is missing, not evaluated." };

static const struct {
	const char *name;
	struct text_pair title;
} states[GATE_STATES] = {
	[GATE_NOT_EVALUATED] = { "not-evaluated", { "未评估", "not evaluated" } },
	[GATE_MET] = { "met", { "已达到", "met" } },
	[GATE_NOT_MET] = { "not-met", { "未达到", "not met" } },
};

const char *gate_state_name(enum gate_state state)
{
	return states[state].name;
}

struct text_pair gate_state_title(enum gate_state state)
{
	return states[state].title;
}

int gate_read(struct rules_rule *rule, const struct xml_node *node, struct gate *gate, struct err *err)
{
	*gate = (struct gate){ .id = xml_attr(node, "id"),
		.node = node,
		.title = xml_text_pair(node, "title"),
		.unit = xml_attr_or(node, "unit", ""),
		.hard = xml_yes(xml_attr_or(node, "hard", "yes")),
		.at_most = xml_attr(node, "at-most") != NULL,
		.have_text = xml_attr(node, "have"),
		.when_text = xml_attr(node, "when"),
		.since_text = xml_attr(node, "since"),
		.until_text = xml_attr(node, "until") };
	const char *need = xml_attr(node, "need"), *most = xml_attr(node, "at-most");
	struct rules_number days;
	gate->need_text = need != NULL ? need : most;
	if (gate->title.zh == NULL && gate->title.en == NULL)
		gate->title = (struct text_pair){ gate->id, gate->id };
	if ((gate->have_text != NULL) + (gate->when_text != NULL) + (gate->since_text != NULL) != 1)
		return xml_fail(node, err, "gate \"%s\" needs one of have, since and when", gate->id);
	if (gate->when_text != NULL && gate->need_text != NULL)
		return xml_fail(node, err, "gate \"%s\": when stands alone, without need or at-most", gate->id);
	if (gate->have_text != NULL && (need != NULL) == (most != NULL))
		return xml_fail(node, err, "gate \"%s\": have goes with either need or at-most", gate->id);
	if (gate->since_text != NULL && (need == NULL || most != NULL))
		return xml_fail(node, err, "gate \"%s\": since goes with need, in months", gate->id);
	if (rules_number(node, "pace", &gate->pace, err) != 0 || rules_number(node, "days", &days, err) != 0)
		return -1;
	bool period = xml_attr(node, "by") != NULL;
	if ((gate->since_text != NULL) + (gate->until_text != NULL) + period + gate->pace.given > 1)
		return xml_fail(node, err, "gate \"%s\": only one of since, until, by and pace tells when it closes", gate->id);
	if ((period || gate->pace.given) && gate->have_text == NULL)
		return xml_fail(node, err, "gate \"%s\": by and pace need numbers: have and need", gate->id);
	if (period && gate->at_most)
		return xml_fail(node, err, "gate \"%s\": by goes with need, not with at-most", gate->id);
	if (gate->pace.given && gate->pace.value <= 0)
		return xml_fail(node, err, "pace=\"%s\" must be positive", gate->pace.text);
	if (days.given && (!gate->pace.given || days.value < 1 || days.value > 36500))
		return xml_fail(node, err, "days=\"%s\" goes with pace and lies between 1 and 36500", days.text);
	gate->days = days.given ? days.value : 365;
	gate->closes = gate->since_text != NULL ? GATE_ANNIVERSARY
		: gate->until_text != NULL          ? GATE_UNTIL
		: period                            ? GATE_PERIODS
		: gate->pace.given                  ? GATE_PACE
											: GATE_UNKNOWN;
	(void)rule;
	return 0;
}

static int compile(struct rules_rule *rule, const struct gate *gate, const char *text, enum feel_kind want,
	const struct feel_expr **expr, struct err *err)
{
	if (text == NULL)
		return 0;
	*expr = scope_compile(rule, RULES_PERSON, RULES_SCOPE_PERSON, gate->node, text, want, err);
	return *expr == NULL ? -1 : 0;
}

int gate_compile(struct rules_rule *rule, struct gate *gate, struct err *err)
{
	if (compile(rule, gate, gate->have_text, FEEL_NUMBER, &gate->have, err) != 0
		|| compile(rule, gate, gate->need_text, FEEL_NUMBER, &gate->need, err) != 0
		|| compile(rule, gate, gate->when_text, FEEL_BOOLEAN, &gate->when, err) != 0
		|| compile(rule, gate, gate->since_text, FEEL_DATE, &gate->since, err) != 0)
		return -1;
	return compile(rule, gate, gate->until_text, FEEL_DATE, &gate->until, err);
}

static int evaluate(
	const struct feel_expr *expr, struct rules_block *block, struct feel_column *column, struct err *err)
{
	*column = (struct feel_column){ 0 };
	return expr == NULL ? 0 : scope_eval_people(block, expr, column, err);
}

int gate_evaluate(const struct gate *gate, struct rules_block *block, struct gate_values *values, struct err *err)
{
	values->ready = true;
	if (evaluate(gate->have, block, &values->have, err) != 0 || evaluate(gate->need, block, &values->need, err) != 0
		|| evaluate(gate->when, block, &values->when, err) != 0
		|| evaluate(gate->since, block, &values->since, err) != 0)
		return -1;
	return evaluate(gate->until, block, &values->until, err);
}

static bool number_at(const struct feel_column *column, uint32_t row, struct decimal *number)
{
	return column->v != NULL && scope_number(column, row, number);
}

static bool date_at(const struct feel_column *column, uint32_t row, int32_t *day)
{
	if (column->v == NULL || column->type.kind != FEEL_DATE || column->v[row] == INT64_MIN)
		return false;
	*day = (int32_t)column->v[row];
	return true;
}

/* The least whole number not below; false if it is beyond `most`. */
static bool whole_above(struct decimal value, int64_t most, int64_t *whole)
{
	return decimal_to_int(decimal_round_to(value, 0, DECIMAL_CEILING), whole) && *whole >= 0 && *whole <= most;
}

static int32_t closing_day(const struct gate *gate, const struct gate_values *values, uint32_t row,
	const struct facts_params *params, const struct gate_result *result)
{
	int64_t whole;
	int32_t day = DATE_NONE;
	switch (gate->closes) {
	case GATE_UNKNOWN: return DATE_NONE;
	case GATE_ANNIVERSARY:
		if (date_at(&values->since, row, &day) && whole_above(result->need, 12000, &whole))
			return date_add_months(day, (int)whole);
		return DATE_NONE;
	case GATE_UNTIL:
		if (!date_at(&values->until, row, &day) || day < params->as_of || day >= LAST_DAY)
			return DATE_NONE; /* not met although its day is over: nobody knows when */
		return day + 1;
	case GATE_PERIODS: {
		if (decimal_compare(result->have, decimal_from_int(1)) < 0 || !whole_above(result->missing, 400, &whole))
			return DATE_NONE;
		struct date_period now = history_period(params);
		return date_period_step(&now, (int)whole).last;
	}
	case GATE_PACE: {
		struct decimal days = decimal_div(decimal_mul(result->missing, decimal_from_int(gate->days)), gate->pace.exact);
		if (!whole_above(days, LAST_DAY - params->as_of, &whole))
			return LAST_DAY; /* beyond the calendar */
		return params->as_of + (int32_t)whole;
	}
	}
	return DATE_NONE;
}

void gate_judge(const struct gate *gate, const struct gate_values *values, uint32_t row,
	const struct facts_params *params, struct gate_result *result)
{
	*result = (struct gate_result){ .state = GATE_NOT_EVALUATED, .earliest = DATE_NONE };
	if (gate->when != NULL) {
		if (values->when.v[row] == INT64_MIN)
			return;
		result->holds = values->when.v[row] != 0;
		result->state = result->holds ? GATE_MET : GATE_NOT_MET;
	} else {
		int32_t since;
		result->has_need = number_at(&values->need, row, &result->need);
		if (gate->since != NULL) {
			result->has_have = date_at(&values->since, row, &since);
			if (result->has_have)
				result->have = decimal_from_int(date_months_between(since, params->as_of));
		} else {
			result->has_have = number_at(&values->have, row, &result->have);
		}
		if (!result->has_have || !result->has_need)
			return;
		int order = decimal_compare(result->have, result->need);
		bool met = gate->at_most ? order <= 0 : order >= 0;
		result->state = met ? GATE_MET : GATE_NOT_MET;
		result->has_missing = !met;
		if (!met)
			result->missing =
				gate->at_most ? decimal_sub(result->have, result->need) : decimal_sub(result->need, result->have);
	}
	if (result->state == GATE_NOT_MET)
		result->earliest = closing_day(gate, values, row, params, result);
}

int64_t gate_missing(const struct gate_result *result)
{
	int64_t missing;
	if (!result->has_missing
		|| !decimal_to_scaled(
			decimal_round_to(result->missing, READINESS_MISSING_SCALE, DECIMAL_UP), READINESS_MISSING_SCALE, &missing))
		return DECIMAL_NONE;
	return missing;
}

/* Units of the rules in Chinese; others are shown as written. */
const char *gate_unit(const struct gate *gate, enum text_lang lang)
{
	static const char *const units[][2] = { { "months", "个月" }, { "credits", "学分" }, { "courses", "门课" },
		{ "points", "分" }, { "periods", "期" }, { "times", "次" }, { "honours", "项" }, { "gaps", "项缺口" } };
	for (size_t i = 0; i < sizeof units / sizeof units[0] && lang == TEXT_ZH; i++)
		if (strcmp(units[i][0], gate->unit) == 0)
			return units[i][1];
	return gate->unit;
}

const char *gate_number(struct decimal value, char out[64])
{
	decimal_to_text(decimal_normalise(decimal_round_to(value, 4, DECIMAL_HALF_UP)), out);
	return out;
}
