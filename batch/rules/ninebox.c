/*
 * ninebox.c - <nine-box>: performance × potential on a grid of nine, and who stands outside it.
 *
 * Decides: the box and the state. Cut points: a band includes its lower bound, the last one its upper bound as well.
 * States in this order: too new; unrated (both missing); insufficient (one missing, outside the scale, or too few
 * ratings); else the cell 3 × (potential band − 1) + performance band. A decision in force gives the box instead, to
 * those outside the grid as well; what was computed stays beside it. Does not decide: where ratings come from.
 */
#include "rules/decision.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule and of its main result." },
	{ "performance", XML_FEEL, true, NULL, "The rating of performance, a number." },
	{ "potential", XML_FEEL, true, NULL, "The rating of potential, a number." },
	{ "cuts", XML_TEXT, false, NULL, "Two cut points of both axes, rising: \"2.5 3.5\"." },
	{ "performance-cuts", XML_TEXT, false, NULL, "Two cut points of performance, instead of cuts." },
	{ "potential-cuts", XML_TEXT, false, NULL, "Two cut points of potential, instead of cuts." },
	{ "scale", XML_TEXT, false, NULL, "Lowest and highest rating, both included: \"1 5\"." },
	{ "minimum-tenure", XML_DURATION, false, NULL, "People hired less than this before the as-of date are too new." },
	{ "ratings", XML_FEEL, false, NULL, "How many ratings a person has, a number; with minimum-ratings." },
	{ "minimum-ratings", XML_INTEGER, false, NULL, "Fewer ratings are insufficient." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape box_attrs[] = {
	{ "number", XML_INTEGER, true, NULL, "1 to 9: 3 × (potential band − 1) + performance band." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const titled[] = { &title_shape, NULL };
static const struct xml_shape box_shape = { "box", box_attrs, titled, 0, 9, false, "A box of the grid and its name." };
static const struct xml_shape *const children[] = { &title_shape, &box_shape, NULL };
static const struct xml_shape shape = { "nine-box", attrs, children, 0, 0, false,
	"Nine-box grid: performance × potential, with the movement since the last period." };

#define BOXES 9
enum { BOX, PERFORMANCE, POTENTIAL, PREVIOUS, COMPUTED };
enum { FROM, TO, COUNT, MOVEMENT_COLUMNS };
static const struct result_column movement[MOVEMENT_COLUMNS] = {
	[FROM] = { .id = "from", .type = RESULT_TEXT, .title = { "上期", "Last period" }, .role = "from" },
	[TO] = { .id = "to", .type = RESULT_TEXT, .title = { "本期", "This period" }, .role = "to" },
	[COUNT] = { .id = "count", .type = RESULT_NUMBER, .title = { "人数", "People" }, .role = "count" },
};
struct axis {
	const char *text; /* of the expression */
	const struct feel_expr *expr;
	struct decimal cut[2];
	const char *cuts;
};
struct ninebox {
	struct axis axis[2]; /* performance, potential */
	bool has_scale;
	struct decimal low, high;
	int tenure;
	const struct feel_expr *ratings;
	int64_t minimum;
	const struct xml_node *box[BOXES];
	uint32_t decided; /* its column, counted from the rule's first */
};
/* States outside the grid, after the boxes in the movement table; the last: nothing known of last period. */
static const enum rules_reason outside[] = { RULES_REASON_TOO_NEW, RULES_REASON_UNRATED, RULES_REASON_INSUFFICIENT };
enum { OUTSIDE = sizeof outside / sizeof outside[0], NOTHING = BOXES + OUTSIDE, STATES };

/* Two rising numbers. */
static int two_numbers(
	const struct xml_node *node, const char *attr, const char *text, struct decimal out[2], struct err *err)
{
	size_t count = 0;
	for (const char *at = text; *(at += strspn(at, " \t\r\n")) != '\0'; count++) {
		size_t length = strcspn(at, " \t\r\n");
		struct decimal value;
		if (count == 2 || !decimal_from_text(at, length, &value))
			return xml_fail(node, err, "%s=\"%s\" is not two numbers", attr, text);
		out[count] = value;
		at += length;
	}
	if (count != 2 || decimal_compare(out[0], out[1]) >= 0)
		return xml_fail(node, err, "%s=\"%s\" is not two rising numbers", attr, text);
	return 0;
}

static int read_axis(
	const struct rules_rule *rule, struct axis *axis, const char *name, const char *cuts_name, struct err *err)
{
	axis->text = xml_attr(rule->node, name);
	axis->cuts = xml_attr_or(rule->node, cuts_name, xml_attr(rule->node, "cuts"));
	if (axis->cuts == NULL)
		return xml_fail(rule->node, err, "nine-box '%s' has no cuts and no %s", rule->id, cuts_name);
	return two_numbers(rule->node, cuts_name, axis->cuts, axis->cut, err);
}

static int read_boxes(struct rules_rule *rule, struct ninebox *ninebox, struct err *err)
{
	for (const struct xml_node *n = xml_child(rule->node, "box"); n != NULL; n = xml_next(n, "box")) {
		struct rules_number number;
		if (rules_number(n, "number", &number, err) != 0)
			return -1;
		if (number.value < 1 || number.value > BOXES || ninebox->box[number.value - 1] != NULL)
			return xml_fail(n, err, "box number=\"%s\" is there twice or not between 1 and 9", number.text);
		ninebox->box[number.value - 1] = n;
	}
	for (int i = 0; i < BOXES; i++) {
		const char *id = arena_printf(&rule->book->arena, "%d", i + 1);
		struct text_pair title = { NULL, NULL };
		if (ninebox->box[i] != NULL)
			title = xml_text_pair(ninebox->box[i], "title");
		rules_member(rule, "box", id, title,
			arena_printf(&rule->book->arena, "{\"performance\":\"%d\",\"potential\":\"%d\"}", i % 3 + 1, i / 3 + 1));
	}
	return 0;
}

static void declare(struct rules_rule *rule, const char *suffix, struct text_pair title, const char *role)
{
	const struct result_column column = { .type = RESULT_NUMBER, .title = title, .role = role };
	rules_declare(rule, RULES_PERSON, suffix, &column);
}

static int ninebox_declare(struct rules_rule *rule, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	struct ninebox *ninebox = arena_alloc(arena, 1, sizeof *ninebox);
	const char *scale = xml_attr(rule->node, "scale"), *zh, *en;
	struct decimal ends[2];
	struct rules_number minimum;
	rule->data = ninebox;
	if (read_axis(rule, &ninebox->axis[0], "performance", "performance-cuts", err) != 0
		|| read_axis(rule, &ninebox->axis[1], "potential", "potential-cuts", err) != 0
		|| rules_number(rule->node, "minimum-ratings", &minimum, err) != 0)
		return -1;
	if (scale != NULL) {
		if (two_numbers(rule->node, "scale", scale, ends, err) != 0)
			return -1;
		ninebox->has_scale = true;
		ninebox->low = ends[0];
		ninebox->high = ends[1];
		for (int a = 0; a < 2; a++)
			if (decimal_compare(ninebox->axis[a].cut[0], ends[0]) <= 0
				|| decimal_compare(ninebox->axis[a].cut[1], ends[1]) > 0)
				return xml_fail(
					rule->node, err, "cuts \"%s\" do not lie within scale=\"%s\"", ninebox->axis[a].cuts, scale);
		rules_parameter(rule, rule->node, "scale", scale);
	}
	if (xml_attr(rule->node, "minimum-tenure") != NULL) {
		if (rules_duration(rule->node, "minimum-tenure", &ninebox->tenure, err) != 0)
			return -1;
		rules_parameter(rule, rule->node, "minimum-tenure", xml_attr(rule->node, "minimum-tenure"));
	}
	if (minimum.given != (xml_attr(rule->node, "ratings") != NULL))
		return xml_fail(rule->node, err, "ratings and minimum-ratings go together");
	ninebox->minimum = minimum.value;
	if (minimum.given)
		rules_parameter(rule, rule->node, "minimum-ratings", minimum.text);
	rules_parameter(rule, rule->node, "performance", ninebox->axis[0].text);
	rules_parameter(rule, rule->node, "potential", ninebox->axis[1].text);
	rules_parameter(rule, rule->node, "performance-cuts", ninebox->axis[0].cuts);
	rules_parameter(rule, rule->node, "potential-cuts", ninebox->axis[1].cuts);
	declare(rule, NULL, rule->title, "box");
	declare(rule, "performance", (struct text_pair){ "绩效档", "Performance band" }, "box-performance");
	declare(rule, "potential", (struct text_pair){ "潜力档", "Potential band" }, "box-potential");
	zh = text_pick(&rule->title, TEXT_ZH);
	en = text_pick(&rule->title, TEXT_EN);
	declare(rule, "previous",
		rules_pair(arena, arena_printf(arena, "上期%s", zh), arena_printf(arena, "Previous %s", en)), "previous");
	declare(rule, "computed",
		rules_pair(arena, arena_printf(arena, "计算%s", zh), arena_printf(arena, "Computed %s", en)), "box-computed");
	ninebox->decided = rules_declare(rule, RULES_PERSON, "decided",
						   &(struct result_column){ .type = RESULT_TEXT,
							   .title = rules_pair(arena, arena_printf(arena, "%s：人工决定", zh),
								   arena_printf(arena, "%s: decision", en)),
							   .role = "box-decided" })
		- rule->first_column;
	decision_declare(rule, rule->id);
	rules_declare_table(rule, arena_printf(arena, "%s.movement", rule->id),
		rules_pair(arena, arena_printf(arena, "%s：变动", zh), arena_printf(arena, "%s: movement", en)), false,
		movement, MOVEMENT_COLUMNS);
	return read_boxes(rule, ninebox, err);
}

static int ninebox_compile(struct rules_rule *rule, struct err *err)
{
	struct ninebox *ninebox = rule->data;
	const char *ratings = xml_attr(rule->node, "ratings");
	for (int a = 0; a < 2; a++) {
		ninebox->axis[a].expr =
			scope_compile(rule, RULES_PERSON, RULES_SCOPE_PERSON, rule->node, ninebox->axis[a].text, FEEL_NUMBER, err);
		if (ninebox->axis[a].expr == NULL)
			return -1;
	}
	if (ratings == NULL)
		return 0;
	ninebox->ratings = scope_compile(rule, RULES_PERSON, RULES_SCOPE_PERSON, rule->node, ratings, FEEL_NUMBER, err);
	return ninebox->ratings == NULL ? -1 : 0;
}

/* --- one person --- */
struct rated {
	struct feel_column axis[2], ratings;
};
struct placed {
	enum rules_reason reason; /* RULES_REASON_COUNT: in a box */
	int box; /* 1 to 9 */
	int band[2]; /* 1 to 3; 0 none */
};

static int evaluate(const struct ninebox *ninebox, struct rules_block *block, struct rated *rated, struct err *err)
{
	memset(rated, 0, sizeof *rated);
	for (int a = 0; a < 2; a++)
		if (scope_eval_people(block, ninebox->axis[a].expr, &rated->axis[a], err) != 0)
			return -1;
	return ninebox->ratings == NULL ? 0 : scope_eval_people(block, ninebox->ratings, &rated->ratings, err);
}

static int band_of(const struct ninebox *ninebox, const struct axis *axis, struct decimal value)
{
	if (ninebox->has_scale && (decimal_compare(value, ninebox->low) < 0 || decimal_compare(value, ninebox->high) > 0))
		return 0;
	return decimal_compare(value, axis->cut[0]) < 0 ? 1 : decimal_compare(value, axis->cut[1]) < 0 ? 2 : 3;
}

static struct placed place(
	const struct ninebox *ninebox, const struct rules_block *block, const struct rated *rated, uint32_t row)
{
	const struct frame_column *hire = frame_column(&block->facts->employee, EMPLOYEE_HIRE_DATE);
	int32_t hired = hire == NULL ? DATE_NONE : hire->i32[row], as_of = block->work->params->as_of;
	struct placed placed = { .reason = RULES_REASON_COUNT };
	struct decimal value;
	int present = 0;
	for (int a = 0; a < 2; a++)
		if (scope_number(&rated->axis[a], row, &value)) {
			present++;
			placed.band[a] = band_of(ninebox, &ninebox->axis[a], value);
		}
	if (hired != DATE_NONE && hired > as_of)
		placed.reason = RULES_REASON_NOT_HIRED;
	else if (!block->facts->active[row])
		placed.reason = RULES_REASON_LEFT;
	else if (ninebox->tenure > 0 && hired != DATE_NONE && as_of < date_add_months(hired, ninebox->tenure))
		placed.reason = RULES_REASON_TOO_NEW;
	else if (present == 0)
		placed.reason = RULES_REASON_UNRATED;
	else if (placed.band[0] == 0 || placed.band[1] == 0)
		placed.reason = RULES_REASON_INSUFFICIENT;
	else if (ninebox->ratings != NULL
		&& (!scope_number(&rated->ratings, row, &value)
			|| decimal_compare(value, decimal_from_int(ninebox->minimum)) < 0))
		placed.reason = RULES_REASON_INSUFFICIENT;
	placed.box = 3 * (placed.band[1] - 1) + placed.band[0];
	return placed;
}

/* --- decisions --- */
static bool is_a_box(const void *context, const struct decision *decision)
{
	(void)context;
	return decision->value[0] >= '1' && decision->value[0] <= '9' && decision->value[1] == '\0';
}

/* The box decided for a person who works here; 0: none. */
static int decided_box(
	const struct rules_rule *rule, const struct rules_block *block, uint32_t row, struct decision *decision)
{
	return block->facts->active[row] && decision_find(block, row, rule->id, is_a_box, NULL, decision)
		? decision->value[0] - '0'
		: 0;
}

static void keep_decided(struct rules_block *block, struct frame_column *column, uint32_t row,
	const struct decision *decision)
{
	struct str text = { 0 };
	decision_text(decision, &text);
	column->u32[row] = frame_texts_add(&block->texts, str_text(&text), text.length);
	str_release(&text);
}

/* --- blocks and the population --- */
struct moves {
	uint64_t count[STATES][STATES];
};

static int ninebox_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct ninebox *ninebox = rule->data;
	struct frame_column *column = rules_column(block, rule, 0);
	struct moves *moves = arena_alloc(block->arena, 1, sizeof *moves);
	struct feel_column previous;
	struct rated rated;
	block->partial[rule->index] = moves;
	if (evaluate(ninebox, block, &rated, err) != 0
		|| scope_previous(block, rule->first_column + BOX, &previous, err) != 0)
		return -1;
	for (uint32_t i = 0; i < block->count; i++) {
		if (!block->facts->known[i])
			continue;
		struct placed placed = place(ninebox, block, &rated, i);
		int from = NOTHING, to = NOTHING;
		for (int a = 0; a < 2; a++) {
			if (placed.band[a] > 0)
				column[PERFORMANCE + a].i64[i] = placed.band[a];
			else
				rules_set_why(block, &column[PERFORMANCE + a], i, RULES_REASON_NO_VALUE);
		}
		if (previous.v[i] != INT64_MIN) {
			column[PREVIOUS].i64[i] = previous.v[i];
			from = previous.v[i] >= 1 && previous.v[i] <= BOXES ? (int)previous.v[i] - 1 : NOTHING;
		} else {
			rules_set_why(block, &column[PREVIOUS], i, RULES_REASON_NO_PREVIOUS);
		}
		struct decision decision;
		int decided = decided_box(rule, block, i, &decision);
		if (placed.reason == RULES_REASON_COUNT)
			column[COMPUTED].i64[i] = placed.box;
		else
			rules_set_why(block, &column[COMPUTED], i, placed.reason);
		if (decided > 0)
			keep_decided(block, &column[ninebox->decided], i, &decision);
		if (decided > 0 || placed.reason == RULES_REASON_COUNT) {
			to = (decided > 0 ? decided : placed.box) - 1;
			column[BOX].i64[i] = to + 1;
		} else {
			rules_set_why(block, &column[BOX], i, placed.reason);
			for (int k = 0; k < OUTSIDE; k++)
				if (outside[k] == placed.reason)
					to = BOXES + k;
		}
		if (to != NOTHING)
			moves->count[from][to]++;
	}
	decision_tell(rule, block, rule->id, is_a_box, NULL, "expected the number of a box, 1 to 9");
	return 0;
}

static int ninebox_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	(void)err;
	work->state[rule->index] = arena_alloc(&work->arena, 1, sizeof(struct moves));
	return 0;
}

static int ninebox_collect(
	const struct rules_rule *rule, struct rules_work *work, const struct rules_block *block, struct err *err)
{
	(void)err;
	struct moves *sum = work->state[rule->index];
	const struct moves *part = block->partial[rule->index];
	for (int from = 0; from < STATES; from++)
		for (int to = 0; to < STATES; to++)
			sum->count[from][to] += part->count[from][to];
	return 0;
}

static const char *state_name(int state)
{
	static const char *const boxes[BOXES] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };
	if (state < BOXES)
		return boxes[state];
	return state == NOTHING ? rules_reason(RULES_REASON_NO_PREVIOUS)->id : rules_reason(outside[state - BOXES])->id;
}

static int ninebox_population(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct moves *sum = work->state[rule->index];
	struct frame frame;
	struct frame_texts texts = { 0 };
	uint32_t rows = 0;
	for (int from = 0; from < STATES; from++)
		for (int to = 0; to < STATES; to++)
			rows += sum->count[from][to] > 0;
	rules_frame(&rule->book->tables.at[rule->first_table - 1], rows, &work->arena, &frame);
	rows = 0;
	for (int from = 0; from < STATES; from++)
		for (int to = 0; to < STATES; to++) {
			if (sum->count[from][to] == 0)
				continue;
			frame.columns[FROM].u32[rows] = frame_texts_add(&texts, state_name(from), strlen(state_name(from)));
			frame.columns[TO].u32[rows] = frame_texts_add(&texts, state_name(to), strlen(state_name(to)));
			frame.columns[COUNT].i64[rows++] = (int64_t)sum->count[from][to];
		}
	frame_texts_end(&texts, &frame, &work->arena);
	return rules_put_table(work, rule, 0, &frame, err);
}

/* --- why --- */
static const char *plain(struct decimal value, char out[64])
{
	decimal_to_text(decimal_normalise(decimal_round_to(value, 4, DECIMAL_HALF_UP)), out);
	return out;
}

static int tell_axis(const struct ninebox *ninebox, int a, const struct rated *rated, const struct placed *placed,
	struct rules_block *block, uint32_t row, enum text_lang lang, struct str *out, struct err *err)
{
	const struct axis *axis = &ninebox->axis[a];
	bool zh = lang == TEXT_ZH;
	char value[64], low[64], high[64];
	struct decimal number;
	str_printf(out, "  %s: ", a == 0 ? (zh ? "绩效" : "performance") : (zh ? "潜力" : "potential"));
	if (!scope_number(&rated->axis[a], row, &number))
		str_add(out, zh ? "缺失" : "missing");
	else if (placed->band[a] == 0)
		str_printf(out, zh ? "%s，不在评价范围内" : "%s, outside the scale", plain(number, value));
	else
		str_printf(out, zh ? "%s → 第 %d 档" : "%s -> band %d", plain(number, value), placed->band[a]);
	str_printf(out, zh ? "（分界 %s、%s，含下限）\n" : " (cut at %s and %s, lower bound included)\n",
		plain(axis->cut[0], low), plain(axis->cut[1], high));
	return scope_explain(block, RULES_SCOPE_PERSON, axis->expr, row, lang, "      ", out, err);
}

static int ninebox_explain(const struct rules_rule *rule, struct rules_block *block, uint32_t row, enum text_lang lang,
	struct str *out, struct err *err)
{
	const struct ninebox *ninebox = rule->data;
	bool zh = lang == TEXT_ZH;
	struct rated rated;
	struct decimal number;
	char text[64];
	if (evaluate(ninebox, block, &rated, err) != 0)
		return -1;
	struct placed placed = place(ninebox, block, &rated, row);
	for (int a = 0; a < 2; a++)
		if (tell_axis(ninebox, a, &rated, &placed, block, row, lang, out, err) != 0)
			return -1;
	if (ninebox->ratings != NULL) {
		str_printf(out, zh ? "  评价次数 %s，至少 %lld\n" : "  ratings %s, at least %lld\n",
			scope_number(&rated.ratings, row, &number) ? plain(number, text)
				: zh                                   ? "缺失"
													   : "missing",
			(long long)ninebox->minimum);
		if (scope_explain(block, RULES_SCOPE_PERSON, ninebox->ratings, row, lang, "      ", out, err) != 0)
			return -1;
	}
	if (placed.reason != RULES_REASON_COUNT) {
		str_printf(
			out, zh ? "  不入格：%s" : "  outside the grid: %s", text_pick(&rules_reason(placed.reason)->text, lang));
		if (placed.reason == RULES_REASON_TOO_NEW)
			str_printf(out, zh ? "（至少 %d 个月）" : " (at least %d months)", ninebox->tenure);
	} else {
		str_printf(out, zh ? "  第 %d 格" : "  box %d", placed.box);
		if (ninebox->box[placed.box - 1] != NULL) {
			struct text_pair title = xml_text_pair(ninebox->box[placed.box - 1], "title");
			str_printf(out, zh ? "：%s" : ": %s", text_pick(&title, lang));
		}
	}
	const struct frame_column *previous = rules_column(block, rule, PREVIOUS);
	if (previous->i64[row] != DECIMAL_NONE)
		str_printf(out, zh ? "，上期第 %lld 格" : ", last period box %lld", (long long)previous->i64[row]);
	str_add_char(out, '\n');
	decision_explain(block, row, rule->id, is_a_box, NULL, lang, out);
	return 0;
}

const struct rules_kind ninebox_kind = { .element = "nine-box",
	.help = "nine-box grid: performance × potential, states outside it, movement",
	.shape = &shape,
	.declare = ninebox_declare,
	.compile = ninebox_compile,
	.prepare = ninebox_prepare,
	.person = ninebox_person,
	.collect = ninebox_collect,
	.population = ninebox_population,
	.explain = ninebox_explain };
