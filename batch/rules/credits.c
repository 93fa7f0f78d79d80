/*
 * credits.c - <credits>: what a passed course earns, booked as a ledger, summed by category and span.
 *
 * Decides: windows of validity, which pass counts, bands, rounding, caps, requirements and shortfalls. The pipeline is
 * (row's credits, else the course's) × band → round → sum per category → cap. Does not decide: what a pass is (pass.c),
 * how the ledger is told (credits_explain.c).
 */
#include "rules/credits.h"

#include <string.h>

__extension__ typedef __int128 wide;

#define ANY_CATEGORY "uncategorised"
#define SLICE 8192u /* completions evaluated at once: columns stay in the cache */

/* --- shape --- */
static const struct xml_attr_shape band_attrs[] = {
	{ "when", XML_FEEL, true, NULL,
		"Condition on a completion (score, attempt, course.type …); the first band that holds is taken." },
	{ "factor", XML_NUMBER, true, NULL, "The credits are multiplied by this." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape category_attrs[] = {
	{ "id", XML_NAME, true, NULL,
		"Name of the category: results are <rule>.<id>.earned and <rule>.<id>.shortfall." },
	{ "match", XML_FEEL, true, NULL, "Which completions belong to it; the first category that holds is taken." },
	{ "minimum", XML_NUMBER, false, NULL, "Credits needed in the rolling window." },
	{ "cap", XML_NUMBER, false, NULL, "No more than this counts." },
	{ "required", XML_BOOL, false, NULL, "Whether its courses are required (yes) or elective (no)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape extra_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Not supported yet." },
	{ "each", XML_NAME, false, NULL, "Not supported yet." },
	{ "when", XML_FEEL, false, NULL, "Not supported yet." },
	{ "credits", XML_FEEL, false, NULL, "Not supported yet." },
	{ "cap", XML_NUMBER, false, NULL, "Not supported yet." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape credits_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule; its results begin with it." },
	{ "window", XML_DURATION, true, NULL, "The rolling window, e.g. P24M: (as of - window, as of]." },
	{ "count", XML_CHOICE, false, "first|best|latest",
		"Which pass of a course counts in its window of validity (default best)." },
	{ "repeat", XML_CHOICE, false, "re-earn|once",
		"Whether a pass after a course's validity earns again (default re-earn)." },
	{ "round", XML_NUMBER, false, NULL, "Each amount is rounded to a multiple of this, half away from zero." },
	{ "exempt", XML_CHOICE, false, "earn|none", "Whether an exemption counts as a pass (default none)." },
	{ "minimum", XML_NUMBER, false, NULL, "Credits needed in the rolling window over all categories." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape *const titled[] = { &title_shape, NULL };
static const struct xml_shape band_shape = { "band", band_attrs, titled, 0, 0, false,
	"Scales credits by the score or anything else of the completion." };
static const struct xml_shape category_shape = { "category", category_attrs, titled, 0, 0, false,
	"A category of credits with its minimum and cap." };
static const struct xml_shape extra_shape = { "extra", extra_attrs, titled, 0, 0, false,
	"Extra credits; not supported yet." };
static const struct xml_shape *const credits_children[] = { &title_shape, &band_shape, &category_shape, &extra_shape,
	NULL };
static const struct xml_shape credits_shape = { "credits", credits_attrs, credits_children, 0, 0, false,
	"Training credits: earned by passed courses." };

/* --- declaring --- */
enum {
	COLUMN_PERIOD,
	COLUMN_ROLLING,
	COLUMN_LIFETIME,
	COLUMN_VALID,
	COLUMN_MINIMUM,
	COLUMN_SHORTFALL,
	COLUMN_PASSED,
	COLUMN_FAILED,
	COLUMN_HELD,
	COLUMN_PASSES,
	COLUMN_SCORE,
	COLUMN_COUNT
};

static uint32_t declare(struct rules_rule *rule, const char *suffix, int scale, const char *zh, const char *en,
	const char *unit, const char *role, const char *member)
{
	const struct result_column column = { .type = RESULT_NUMBER,
		.scale = scale,
		.title = rules_pair(&rule->book->arena, zh, en),
		.unit = unit,
		.role = role,
		.member = member };
	return rules_declare(rule, RULES_PERSON, suffix, &column) - rule->first_column;
}

static int scale_to(const struct xml_node *node, const char *attr, const struct rules_number *number, int scale,
	int64_t *scaled, struct err *err)
{
	if (!decimal_rescale(number->value, number->scale, scale, scaled) || *scaled < 0)
		return xml_fail(node, err, "%s=\"%s\" is negative or too large", attr, number->text);
	return 0;
}

static int read_bands(struct rules_rule *rule, struct credits *credits, int *places, struct err *err)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(rule->node, "band"); n != NULL; n = xml_next(n, "band"))
		count++;
	if (count > 200)
		return xml_fail(rule->node, err, "more than 200 bands");
	credits->bands = arena_alloc(&rule->book->arena, count + 1, sizeof *credits->bands);
	for (const struct xml_node *n = xml_child(rule->node, "band"); n != NULL; n = xml_next(n, "band")) {
		struct credits_band *band = &credits->bands[credits->band_count++];
		band->node = n;
		if (rules_number(n, "factor", &band->factor, err) != 0)
			return -1;
		if (band->factor.value < 0)
			return xml_fail(n, err, "factor=\"%s\" is negative", band->factor.text);
		if (band->factor.scale > *places)
			*places = band->factor.scale;
		rules_parameter(
			rule, n, arena_printf(&rule->book->arena, "band: %s", xml_attr(n, "when")), band->factor.text);
	}
	return 0;
}

static int read_categories(struct rules_rule *rule, struct credits *credits, struct err *err)
{
	struct rulebook *book = rule->book;
	size_t count = 0;
	for (const struct xml_node *n = xml_child(rule->node, "category"); n != NULL; n = xml_next(n, "category"))
		count++;
	if (count > 200)
		return xml_fail(rule->node, err, "more than 200 categories");
	credits->categories = arena_alloc(&book->arena, count + 1, sizeof *credits->categories);
	for (const struct xml_node *n = xml_child(rule->node, "category"); n != NULL; n = xml_next(n, "category")) {
		struct credits_category *category = &credits->categories[credits->category_count++];
		*category = (struct credits_category){ .id = xml_attr(n, "id"),
			.node = n,
			.title = xml_text_pair(n, "title"),
			.required = xml_yes(xml_attr_or(n, "required", "no")) };
		if (category->title.zh == NULL && category->title.en == NULL)
			category->title = (struct text_pair){ category->id, category->id };
		for (size_t k = 0; k + 1 < credits->category_count; k++)
			if (strcmp(credits->categories[k].id, category->id) == 0)
				return xml_fail(n, err, "category \"%s\" is there twice", category->id);
		if (strcmp(category->id, ANY_CATEGORY) == 0)
			return xml_fail(
				n, err, "category id \"%s\" is taken by what no category matches", category->id);
		if (rules_number(n, "minimum", &category->minimum, err) != 0 ||
			rules_number(n, "cap", &category->cap, err) != 0)
			return -1;
		credits->has_required |= category->required;
		int scale =
			category->minimum.scale > category->cap.scale ? category->minimum.scale : category->cap.scale;
		if (scale > credits->scale)
			credits->scale = scale;
	}
	struct credits_category *rest = &credits->categories[credits->category_count++];
	*rest = (struct credits_category){ .id = ANY_CATEGORY, .title = { "未分类", "Uncategorised" } };
	return 0;
}

static int declare_categories(struct rules_rule *rule, struct credits *credits, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	int64_t sum = 0;
	for (size_t i = 0; i < credits->category_count; i++) {
		struct credits_category *category = &credits->categories[i];
		const char *zh = text_pick(&category->title, TEXT_ZH), *en = text_pick(&category->title, TEXT_EN);
		category->earned = category->shortfall = category->minimum_column = category->cap_column = UINT32_MAX;
		category->cap_scaled = INT64_MAX;
		if (category->node != NULL) {
			if (category->cap.given && scale_to(category->node, "cap", &category->cap, credits->scale,
							   &category->cap_scaled, err) != 0)
				return -1;
			if (category->minimum.given && scale_to(category->node, "minimum", &category->minimum,
							       credits->scale, &category->minimum_scaled, err) != 0)
				return -1;
			if (category->minimum_scaled > category->cap_scaled)
				return xml_fail(category->node, err,
					"minimum %s lies above the cap %s: no one could reach it",
					category->minimum.text, category->cap.text);
		}
		if (category->node == NULL && credits->category_count == 1)
			break; /* no categories: the total says it all */
		if (__builtin_add_overflow(sum, category->minimum_scaled, &sum))
			return xml_fail(rule->node, err, "the minimums are too large");
		category->earned = declare(rule, arena_printf(arena, "%s.earned", category->id), credits->scale, zh, en,
			"credits", "earned", category->id);
		if (category->minimum.given) {
			category->minimum_column = declare(rule, arena_printf(arena, "%s.minimum", category->id),
				credits->scale, arena_printf(arena, "%s：要求", zh),
				arena_printf(arena, "%s: required", en), "credits", "minimum", category->id);
			category->shortfall = declare(rule, arena_printf(arena, "%s.shortfall", category->id),
				credits->scale, arena_printf(arena, "%s：缺口", zh),
				arena_printf(arena, "%s: shortfall", en), "credits", "shortfall", category->id);
		}
		if (category->cap.given)
			category->cap_column = declare(rule, arena_printf(arena, "%s.cap", category->id),
				credits->scale, arena_printf(arena, "%s：上限", zh), arena_printf(arena, "%s: cap", en),
				"credits", "cap", category->id);
		struct str values = { 0 };
		str_printf(&values, "{\"minimum\":\"%s\",\"cap\":\"%s\",\"required\":\"%s\"}",
			category->minimum.given ? category->minimum.text : "",
			category->cap.given ? category->cap.text : "", category->required ? "yes" : "no");
		rules_member(rule, "category", category->id, category->title, str_text(&values));
		str_release(&values);
		if (category->minimum.given)
			rules_parameter(rule, category->node, arena_printf(arena, "%s.minimum", category->id),
				category->minimum.text);
		if (category->cap.given)
			rules_parameter(
				rule, category->node, arena_printf(arena, "%s.cap", category->id), category->cap.text);
	}
	return 0;
}

static int credits_declare(struct rules_rule *rule, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	struct credits *credits = arena_alloc(arena, 1, sizeof *credits);
	int places = 0;
	rule->data = credits;
	const struct xml_node *extra = xml_child(rule->node, "extra");
	if (extra != NULL)
		return xml_fail(extra, err, "<extra> credits ('%s') are not supported yet", xml_attr(extra, "id"));
	if (rules_duration(rule->node, "window", &credits->months, err) != 0)
		return -1;
	const char *count = xml_attr_or(rule->node, "count", "best");
	credits->count = strcmp(count, "first") == 0    ? CREDITS_FIRST
			 : strcmp(count, "latest") == 0 ? CREDITS_LATEST
							: CREDITS_BEST;
	credits->re_earn = strcmp(xml_attr_or(rule->node, "repeat", "re-earn"), "re-earn") == 0;
	credits->exempt = strcmp(xml_attr_or(rule->node, "exempt", "none"), "earn") == 0;
	if (rules_number(rule->node, "round", &credits->round, err) != 0 ||
		rules_number(rule->node, "minimum", &credits->minimum, err) != 0)
		return -1;
	if (credits->round.given && credits->round.value <= 0)
		return xml_fail(rule->node, err, "round=\"%s\" must be positive", credits->round.text);
	rules_parameter(rule, rule->node, "window", xml_attr(rule->node, "window"));
	rules_parameter(rule, rule->node, "count", count);
	rules_parameter(rule, rule->node, "repeat", credits->re_earn ? "re-earn" : "once");
	rules_parameter(rule, rule->node, "exempt", credits->exempt ? "earn" : "none");
	if (credits->round.given)
		rules_parameter(rule, rule->node, "round", credits->round.text);
	if (read_bands(rule, credits, &places, err) != 0)
		return -1;
	credits->scale = credits->round.given ? credits->round.scale : PASS_SCALE + places;
	if (read_categories(rule, credits, err) != 0)
		return -1;
	if (credits->minimum.scale > credits->scale)
		credits->scale = credits->minimum.scale;
	if (credits->minimum.given &&
		scale_to(rule->node, "minimum", &credits->minimum, credits->scale, &credits->minimum_scaled, err) != 0)
		return -1;
	if (credits->minimum.given)
		rules_parameter(rule, rule->node, "minimum", credits->minimum.text);
	int scale = credits->scale;
	declare(rule, "period", scale, "本期学分", "Credits in the period", "credits", "period", NULL);
	declare(rule, "rolling", scale, arena_printf(arena, "近 %d 个月学分", credits->months),
		arena_printf(arena, "Credits in %d months", credits->months), "credits", "total", NULL);
	declare(rule, "lifetime", scale, "累计学分", "Credits in all", "credits", "lifetime", NULL);
	declare(rule, "valid", scale, "有效学分", "Credits still valid", "credits", "valid", NULL);
	declare(rule, "minimum", scale, "学分要求", "Credits required", "credits", "minimum", NULL);
	declare(rule, "shortfall", scale, "学分缺口", "Credits missing", "credits", "shortfall", NULL);
	declare(rule, "courses.passed", 0, "已通过课程", "Courses passed", "courses", "passed", NULL);
	declare(rule, "courses.failed", 0, "未通过课程", "Courses failed", "courses", "failed", NULL);
	declare(rule, "courses.held", 0, "有效课程", "Courses held", "courses", "held", NULL);
	declare(rule, "passes", 0, "合格次数", "Passes", "", "passes", NULL);
	declare(rule, "score", 2, "平均成绩", "Mean score", "", "score", NULL);
	if (credits->has_required) {
		credits->required_column =
			declare(rule, "required", scale, "必修学分", "Required credits", "credits", "required", NULL);
		credits->elective_column =
			declare(rule, "elective", scale, "选修学分", "Elective credits", "credits", "elective", NULL);
	}
	rule->book->feeds |= 1u << FEED_COMPLETION;
	return declare_categories(rule, credits, err);
}

static int credits_compile(struct rules_rule *rule, struct err *err)
{
	struct credits *credits = rule->data;
	for (size_t i = 0; i < credits->band_count; i++) {
		struct credits_band *band = &credits->bands[i];
		band->when = scope_compile(rule, RULES_PERSON, RULES_SCOPE_COMPLETION, band->node,
			xml_attr(band->node, "when"), FEEL_BOOLEAN, err);
		if (band->when == NULL)
			return -1;
	}
	credits->course_only = true;
	for (size_t i = 0; i + 1 < credits->category_count; i++) {
		struct credits_category *category = &credits->categories[i];
		category->match = scope_compile(rule, RULES_PERSON, RULES_SCOPE_COMPLETION, category->node,
			xml_attr(category->node, "match"), FEEL_BOOLEAN, err);
		if (category->match == NULL)
			return -1;
		category->course_only = scope_is_course_only(rule->book, category->match);
		credits->course_only &= category->course_only;
	}
	return 0;
}

/* --- amounts --- */
/* base credits × the band's factor, rounded as the rule says, at the rule's scale; INT64_MIN on overflow. */
static int64_t amount_of(const struct credits *credits, int64_t base, size_t band)
{
	const struct rules_number *factor = band < credits->band_count ? &credits->bands[band].factor : NULL;
	int scale = PASS_SCALE + (factor == NULL ? 0 : factor->scale);
	wide exact = (wide)base * (factor == NULL ? 1 : factor->value);
	wide amount;
	if (credits->round.given) {
		wide value = exact * decimal_pow10(credits->round.scale),
		     step = (wide)credits->round.value * decimal_pow10(scale);
		wide half = value < 0 ? -step : step;
		amount = (2 * value + half) / (2 * step) * credits->round.value *
			 decimal_pow10(credits->scale - credits->round.scale);
	} else {
		amount = exact * decimal_pow10(credits->scale - scale);
	}
	return amount > INT64_MAX || amount <= INT64_MIN ? INT64_MIN : (int64_t)amount;
}

static int overflow(const struct rules_rule *rule, struct err *err)
{
	return xml_fail(rule->node, err, "credits are too large to be summed exactly");
}

/* --- a run --- */
static int credits_prepare(const struct rules_rule *rule, struct rules_work *work, struct err *err)
{
	const struct credits *credits = rule->data;
	const struct frame *courses = &facts_courses(work->facts)->frame;
	struct credits_state *state = arena_alloc(&work->arena, 1, sizeof *state);
	const struct frame_column *own = frame_column(courses, COURSE_CREDITS);
	work->state[rule->index] = state;
	if (own != NULL && own->scale != PASS_SCALE)
		return err_set(err, STATUS_INTERNAL, "column course.credits has %d decimal places", own->scale);
	state->credits = own == NULL ? NULL : own->i64;
	state->valid_months = pass_validity(work);
	state->amounts = arena_alloc(
		&work->arena, (size_t)courses->count * (credits->band_count + 1) + 1, sizeof *state->amounts);
	for (uint32_t k = 0; k < courses->count; k++)
		for (size_t b = 0; b <= credits->band_count; b++)
			state->amounts[k * (credits->band_count + 1) + b] =
				own == NULL || own->i64[k] == DECIMAL_NONE ? 0 : amount_of(credits, own->i64[k], b);
	if (!credits->course_only)
		return 0;
	state->category = arena_alloc(&work->arena, courses->count + 1u, 1);
	memset(state->category, (int)credits->category_count - 1, courses->count + 1u);
	for (size_t i = credits->category_count - 1; i-- > 0;) {
		struct feel_column met = { 0 };
		if (scope_eval_courses(work, credits->categories[i].match, &met, err) != 0)
			return -1;
		for (uint32_t k = 0; k < courses->count; k++)
			if (met.v[k] == 1)
				state->category[k] = (uint8_t)i;
	}
	return 0;
}

/* The first of `count` conditions that holds, by completion; `count` where none does. */
static int first_met(struct rules_block *block, const struct feel_expr *const *conditions, size_t count, uint8_t *out,
	struct err *err)
{
	uint32_t rows = block->facts->lists[FEED_COMPLETION].frame.count;
	struct arena arena = { 0 };
	int rc = 0;
	memset(out, (int)count, rows);
	for (uint32_t first = 0; first < rows && rc == 0; first += SLICE) {
		uint32_t n = rows - first < SLICE ? rows - first : SLICE;
		for (size_t i = count; i-- > 0 && rc == 0;) {
			struct feel_column met = { 0 };
			arena_reset(&arena);
			rc = scope_eval_completions(block, conditions[i], first, n, &arena, &met, err);
			for (uint32_t k = 0; k < n && rc == 0; k++)
				if (met.v[k] == 1)
					out[first + k] = (uint8_t)i;
		}
	}
	arena_release(&arena);
	return rc;
}

int credits_classify(const struct rules_rule *rule, struct rules_block *block, const struct credits_state *state,
	const uint8_t **bands, const uint8_t **categories, struct err *err)
{
	const struct credits *credits = rule->data;
	uint32_t rows = block->facts->lists[FEED_COMPLETION].frame.count;
	size_t most = credits->band_count > credits->category_count ? credits->band_count : credits->category_count;
	const struct feel_expr **conditions = arena_alloc(block->scratch, most + 1, sizeof *conditions);
	uint8_t *band = arena_alloc(block->scratch, rows + 1u, 1),
		*category = arena_alloc(block->scratch, rows + 1u, 1);
	for (size_t i = 0; i < credits->band_count; i++)
		conditions[i] = credits->bands[i].when;
	if (first_met(block, conditions, credits->band_count, band, err) != 0)
		return -1;
	if (state->category != NULL) {
		const struct frame_column *course =
			frame_column(&block->facts->lists[FEED_COMPLETION].frame, COMPLETION_COURSE_ID);
		for (uint32_t i = 0; i < rows; i++)
			category[i] = state->category[course->u32[i]];
	} else {
		for (size_t i = 0; i + 1 < credits->category_count; i++)
			conditions[i] = credits->categories[i].match;
		if (first_met(block, conditions, credits->category_count - 1, category, err) != 0)
			return -1;
	}
	*bands = band;
	*categories = category;
	return 0;
}

/* --- the ledger --- */
struct course_ledger {
	bool open;
	int32_t since, newest; /* of the window's opening and the newest pass */
	int64_t chosen, booked;
	size_t category;
};

int credits_ledger(const struct rules_rule *rule, struct rules_block *block, const struct credits_state *state,
	const struct pass_rows *rows, const uint8_t *bands, const uint8_t *categories, uint32_t person,
	struct credits_person *out, credits_trace *trace, void *host, struct err *err)
{
	const struct credits *credits = rule->data;
	const struct facts_params *params = block->work->params;
	int32_t after = date_add_months(params->as_of, -credits->months);
	int64_t *sums = out->sums;
	*out = (struct credits_person){ .sums = sums };
	memset(sums, 0, credits->category_count * CREDITS_SPANS * sizeof *sums);
	uint32_t end = rows->offset == NULL ? 0 : rows->offset[person + 1];
	for (uint32_t at = rows->offset == NULL ? 0 : rows->offset[person]; at < end;) {
		uint32_t course = rows->course[at];
		int64_t months = state->valid_months == NULL ? DECIMAL_NONE : state->valid_months[course];
		struct course_ledger ledger = { .newest = DATE_NONE };
		int64_t best_score = DECIMAL_NONE;
		bool failed = false, passed = false;
		for (; at < end && rows->course[at] == course; at++) {
			enum pass_outcome outcome = rows->outcome[at];
			int32_t date = rows->date[at];
			if (outcome == PASS_PASSED || outcome == PASS_FAILED || outcome == PASS_UNCLEAR) {
				failed |= outcome == PASS_FAILED;
				if (rows->score != NULL && date > after && rows->score[at] > best_score)
					best_score = rows->score[at];
			}
			if (outcome != PASS_PASSED && !(outcome == PASS_EXEMPT && credits->exempt))
				continue;
			if (date == DATE_NONE)
				continue;
			passed = true;
			out->passes++;
			ledger.newest = date;
			bool opens =
				!ledger.open || (months != DECIMAL_NONE && pass_is_over(ledger.since, months, date));
			if (opens && ledger.open && !credits->re_earn)
				continue; /* it renews the course and earns nothing */
			int64_t amount = rows->credits != NULL && rows->credits[at] != DECIMAL_NONE
						 ? amount_of(credits, rows->credits[at], bands[at])
						 : state->amounts[course * (credits->band_count + 1) + bands[at]];
			if (amount == INT64_MIN)
				return overflow(rule, err);
			if (opens) {
				ledger = (struct course_ledger){
					.open = true, .since = date, .newest = date, .chosen = amount
				};
			} else if (credits->count == CREDITS_LATEST ||
				   (credits->count == CREDITS_BEST && amount > ledger.chosen)) {
				ledger.chosen = amount;
			}
			ledger.category = categories[at];
			int64_t booked = ledger.chosen - ledger.booked, *sum = &sums[ledger.category * CREDITS_SPANS];
			ledger.booked = ledger.chosen;
			bool over = __builtin_add_overflow(sum[CREDITS_LIFETIME], booked, &sum[CREDITS_LIFETIME]);
			if (date > after && date <= params->as_of)
				over |= __builtin_add_overflow(sum[CREDITS_ROLLING], booked, &sum[CREDITS_ROLLING]);
			if (date >= params->period_first && date <= params->period_last)
				over |= __builtin_add_overflow(sum[CREDITS_PERIOD], booked, &sum[CREDITS_PERIOD]);
			if (over)
				return overflow(rule, err);
			if (trace != NULL)
				trace(host,
					&(struct credits_booking){ at, date, ledger.category, bands[at], amount, booked,
						opens,
						months == DECIMAL_NONE ? DATE_NONE
								       : date_add_months(ledger.since, (int)months) });
		}
		if (passed && (months == DECIMAL_NONE || !pass_is_over(ledger.newest, months, params->as_of))) {
			int64_t *sum = &sums[ledger.category * CREDITS_SPANS + CREDITS_VALID];
			out->held++;
			if (__builtin_add_overflow(*sum, ledger.booked, sum))
				return overflow(rule, err);
		}
		out->passed += passed;
		out->failed += failed && !passed;
		if (best_score != DECIMAL_NONE) {
			out->scored++;
			if (__builtin_add_overflow(out->score_sum, best_score, &out->score_sum))
				return overflow(rule, err);
		}
	}
	/* categories → caps → totals and what is missing */
	int64_t missing = 0;
	for (size_t i = 0; i < credits->category_count; i++) {
		const struct credits_category *category = &credits->categories[i];
		int64_t *sum = &sums[i * CREDITS_SPANS], capped[CREDITS_SPANS];
		bool over = false;
		for (int span = 0; span < CREDITS_SPANS; span++) {
			capped[span] = sum[span] > category->cap_scaled ? category->cap_scaled : sum[span];
			over |= __builtin_add_overflow(out->totals[span], capped[span], &out->totals[span]);
		}
		int64_t lacks = category->minimum_scaled - capped[CREDITS_ROLLING];
		if (category->minimum.given && lacks > 0) /* without a minimum nothing can be missing */
			over |= __builtin_add_overflow(missing, lacks, &missing);
		out->minimum += category->minimum_scaled;
		*(category->required ? &out->required : &out->elective) += capped[CREDITS_ROLLING];
		if (over)
			return overflow(rule, err);
	}
	if (credits->minimum.given) {
		out->minimum = credits->minimum_scaled;
		if (out->minimum - out->totals[CREDITS_ROLLING] > missing)
			missing = out->minimum - out->totals[CREDITS_ROLLING];
	}
	out->shortfall = missing;
	return 0;
}

static int64_t capped(const struct credits_category *category, int64_t sum)
{
	return sum > category->cap_scaled ? category->cap_scaled : sum;
}

static int credits_person(const struct rules_rule *rule, struct rules_block *block, struct err *err)
{
	const struct credits *credits = rule->data;
	const struct credits_state *state = block->work->state[rule->index];
	const struct pass_rows *rows = pass_rows_of(block, err);
	const uint8_t *bands, *categories;
	if (rows == NULL || credits_classify(rule, block, state, &bands, &categories, err) != 0)
		return -1;
	struct credits_person person = { .sums = arena_alloc(block->scratch, credits->category_count * CREDITS_SPANS,
						 sizeof *person.sums) };
	struct frame_column *column = rules_column(block, rule, 0);
	for (uint32_t i = 0; i < block->count; i++) {
		if (!block->facts->known[i])
			continue;
		if (!block->work->has_completions) {
			for (uint32_t k = 0; k < rule->column_count; k++)
				rules_set_why(block, &column[k], i, RULES_REASON_NO_FEED);
			continue;
		}
		if (credits_ledger(rule, block, state, rows, bands, categories, i, &person, NULL, NULL, err) != 0)
			return err_context(
				err, "employee %s", facts_key(block->work->facts, KEY_DIM_EMPLOYEE, block->first + i));
		for (int span = 0; span < CREDITS_SPANS; span++)
			column[COLUMN_PERIOD + span].i64[i] = person.totals[span];
		column[COLUMN_MINIMUM].i64[i] = person.minimum;
		column[COLUMN_SHORTFALL].i64[i] = person.shortfall;
		column[COLUMN_PASSED].i64[i] = person.passed;
		column[COLUMN_FAILED].i64[i] = person.failed;
		column[COLUMN_HELD].i64[i] = person.held;
		column[COLUMN_PASSES].i64[i] = person.passes;
		if (person.scored == 0)
			rules_set_why(block, &column[COLUMN_SCORE], i, RULES_REASON_NO_VALUE);
		else
			decimal_to_scaled_rounded(decimal_div(decimal_from_scaled(person.score_sum, PASS_SCALE),
							  decimal_from_int(person.scored)),
				2, &column[COLUMN_SCORE].i64[i]);
		if (credits->has_required) {
			column[credits->required_column].i64[i] = person.required;
			column[credits->elective_column].i64[i] = person.elective;
		}
		for (size_t c = 0; c < credits->category_count; c++) {
			const struct credits_category *category = &credits->categories[c];
			int64_t earned = capped(category, person.sums[c * CREDITS_SPANS + CREDITS_ROLLING]);
			if (category->earned != UINT32_MAX)
				column[category->earned].i64[i] = earned;
			if (category->minimum_column != UINT32_MAX)
				column[category->minimum_column].i64[i] = category->minimum_scaled;
			if (category->cap_column != UINT32_MAX)
				column[category->cap_column].i64[i] = category->cap_scaled;
			if (category->shortfall != UINT32_MAX)
				column[category->shortfall].i64[i] =
					earned < category->minimum_scaled ? category->minimum_scaled - earned : 0;
		}
	}
	return 0;
}

const struct rules_kind credits_kind = { .element = "credits",
	.help = "training credits: windows of validity, ledger, categories, requirement",
	.shape = &credits_shape,
	.declare = credits_declare,
	.compile = credits_compile,
	.prepare = credits_prepare,
	.person = credits_person,
	.explain = credits_explain };
