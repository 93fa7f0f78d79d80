/*
 * star_declare.c - a <star> rule as written: its shape, its checks, the columns and tables it makes.
 *
 * Decides: what an author may write and what is refused (weights that do not sum to 1, bands in disorder, holes below
 * the lowest band, floors on unknown items). Does not decide: grades (star.c).
 */
#include "rules/star.h"

#include <string.h>

/* --- shape --- */
static const struct xml_attr_shape item_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the item." },
	{ "value", XML_FEEL, true, NULL, "What is measured, e.g. credits.rolling or performance(\"qa\")." },
	{ "zero", XML_NUMBER, false, NULL,
		"The value that scores 0; with `full`. Without both the value itself must lie in 0 to 100." },
	{ "full", XML_NUMBER, false, NULL, "The value that scores 100; may lie below `zero`." },
	{ "weight", XML_SHARE, true, NULL, "Share of the composite; the weights sum to 1." },
	{ "missing", XML_CHOICE, false, "renormalise|zero|not-graded",
		"What happens when the value is missing; default is the rule's." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape floor_attrs[] = {
	{ "item", XML_NAME, true, NULL, "An item of this rule." },
	{ "from", XML_NUMBER, true, NULL,
		"The raw value needed for this band (at most this, if the item's full point lies below its zero "
		"point)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape band_attrs[] = {
	{ "star", XML_INTEGER, true, NULL, "The grade." },
	{ "from", XML_NUMBER, true, NULL, "The lowest composite of the band, included." },
	{ "coefficient", XML_NUMBER, false, NULL, "Performance coefficient." },
	{ "hold", XML_INTEGER, false, NULL,
		"Periods in a row, this one included, that must reach the band before anyone rises to it (default 1)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape quota_attrs[] = {
	{ "star", XML_INTEGER, true, NULL, "The grade." },
	{ "share", XML_SHARE, true, NULL, "Share of the graded people in the scope." },
	{ "advisory", XML_BOOL, false, NULL, "yes: only the deviation is told. no (default): the seats are a cap." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape star_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule and of its main result." },
	{ "scope", XML_NAME, false, NULL,
		"Employee field within which people are compared: org_unit (default), site, position … or all." },
	{ "missing", XML_CHOICE, false, "renormalise|zero|not-graded",
		"What happens when an item is missing (default renormalise)." },
	{ "minimum-tenure", XML_DURATION, false, NULL,
		"People hired less than this before the as-of date are not graded." },
	{ "absent", XML_FEEL, false, NULL,
		"True for people on long absence, who are not graded, e.g. status = \"长期病假\"." },
	{ "fall", XML_INTEGER, false, NULL,
		"Periods in a row below their star before people fall, to the best of these (default 1)." },
	{ "up", XML_INTEGER, false, NULL, "Bands a star may rise in one period; without it any number." },
	{ "down", XML_INTEGER, false, NULL, "Bands a star may fall in one period; without it any number." },
	{ "quota-minimum", XML_INTEGER, false, NULL,
		"Binding quotas do not bind scopes with fewer graded people (default 1)." },
	{ "minimum-present", XML_SHARE, false, NULL, "With less weight present people are not graded (default 0.6)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape floor_shape = { "floor", floor_attrs, NULL, 0, 0, false,
	"What a single item needs for this band." };
static const struct xml_shape *const titled[] = { &title_shape, NULL };
static const struct xml_shape *const band_children[] = { &title_shape, &floor_shape, NULL };
static const struct xml_shape item_shape = { "item", item_attrs, titled, 1, 0, false,
	"A weighted item of the composite." };
static const struct xml_shape band_shape = { "band", band_attrs, band_children, 1, 0, false,
	"A grade and the composite it begins at." };
static const struct xml_shape quota_shape = { "quota", quota_attrs, NULL, 0, 0, false,
	"The intended share of a grade in each scope." };
static const struct xml_attr_shape tie_attrs[] = {
	{ "value", XML_FEEL, true, NULL, "A number that ranks people of the same rounded composite." },
	{ "order", XML_CHOICE, false, "descending|ascending", "Which end is the better one (default descending)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape tie_shape = { "tie", tie_attrs, NULL, 0, 0, false,
	"Ranks equal composites for the seats of binding quotas, in the order written; missing values come last." };
static const struct xml_shape *const star_children[] = { &title_shape, &item_shape, &band_shape, &quota_shape,
	&tie_shape, NULL };
const struct xml_shape star_declare_shape = { "star", star_attrs, star_children, 0, 0, false,
	"Star grading: a composite of weighted items, cut into bands." };

/* --- items --- */
static enum star_missing missing_of(const char *text)
{
	return strcmp(text, "zero") == 0         ? STAR_ZERO
	       : strcmp(text, "not-graded") == 0 ? STAR_NOT_GRADED
						 : STAR_RENORMALISE;
}

static int read_item(struct rules_rule *rule, struct star *star, const struct xml_node *node, struct err *err)
{
	struct star_item *item = &star->items[star->item_count++];
	const char *missing = xml_attr_or(node, "missing", xml_attr_or(rule->node, "missing", "renormalise"));
	*item = (struct star_item){ .id = xml_attr(node, "id"),
		.node = node,
		.text = xml_attr(node, "value"),
		.title = xml_text_pair(node, "title"),
		.missing = missing_of(missing) };
	if (item->title.zh == NULL && item->title.en == NULL)
		item->title = (struct text_pair){ item->id, item->id };
	for (size_t k = 0; k + 1 < star->item_count; k++)
		if (strcmp(star->items[k].id, item->id) == 0)
			return xml_fail(node, err, "item \"%s\" is there twice", item->id);
	if (rules_number(node, "zero", &item->zero, err) != 0 || rules_number(node, "full", &item->full, err) != 0 ||
		rules_share(node, "weight", NULL, &item->weight, err) != 0)
		return -1;
	if (item->zero.given != item->full.given)
		return xml_fail(node, err, "zero and full go together");
	if (item->zero.given) {
		item->width = decimal_sub(item->full.exact, item->zero.exact);
		if (decimal_is_zero(item->width))
			return xml_fail(node, err, "zero and full are both %s", item->zero.text);
	}
	if (item->weight == 0)
		return xml_fail(node, err, "weight=\"%s\" counts for nothing", xml_attr(node, "weight"));
	char weight[48];
	decimal_format(item->weight, STAR_WEIGHT_SCALE, -1, weight);
	struct str values = { 0 };
	str_printf(&values, "{\"zero\":\"%s\",\"full\":\"%s\",\"weight\":\"%s\",\"missing\":\"%s\"}",
		item->zero.given ? item->zero.text : "", item->full.given ? item->full.text : "", weight, missing);
	rules_member(rule, "item", item->id, item->title, str_text(&values));
	str_release(&values);
	struct arena *arena = &rule->book->arena;
	rules_parameter(rule, node, arena_printf(arena, "%s.value", item->id), item->text);
	rules_parameter(rule, node, arena_printf(arena, "%s.weight", item->id), xml_attr(node, "weight"));
	if (item->zero.given) {
		rules_parameter(rule, node, arena_printf(arena, "%s.zero", item->id), item->zero.text);
		rules_parameter(rule, node, arena_printf(arena, "%s.full", item->id), item->full.text);
	}
	return 0;
}

/* --- bands --- */
static int read_floors(struct rules_rule *rule, struct star *star, struct star_band *band, struct err *err)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(band->node, "floor"); n != NULL; n = xml_next(n, "floor"))
		count++;
	band->floors = arena_alloc(&rule->book->arena, count + 1, sizeof *band->floors);
	for (const struct xml_node *n = xml_child(band->node, "floor"); n != NULL; n = xml_next(n, "floor")) {
		struct star_floor *floor = &band->floors[band->floor_count++];
		const char *id = xml_attr(n, "item");
		floor->node = n;
		for (floor->item = 0; floor->item < star->item_count; floor->item++)
			if (strcmp(star->items[floor->item].id, id) == 0)
				break;
		if (floor->item == star->item_count)
			return xml_fail(n, err, "floor on item \"%s\", which this rule does not have", id);
		if (rules_number(n, "from", &floor->from, err) != 0)
			return -1;
		rules_parameter(rule, n,
			arena_printf(&rule->book->arena, "band %lld: floor %s", (long long)band->star, id),
			floor->from.text);
	}
	return 0;
}

/* A whole number of periods or bands; `fallback` where the attribute is absent. */
static int read_periods(struct rules_rule *rule, const struct xml_node *node, const char *attr, int fallback, int *out,
	struct err *err)
{
	struct rules_number number;
	if (rules_number(node, attr, &number, err) != 0)
		return -1;
	*out = fallback;
	if (!number.given)
		return 0;
	if (number.scale != 0 || number.value < 1 || number.value > (int64_t)HISTORY_MOST)
		return xml_fail(node, err, "%s=\"%s\" is not a whole number from 1 to %u", attr, number.text,
			HISTORY_MOST);
	*out = (int)number.value;
	if (strcmp(node->name, "band") != 0)
		rules_parameter(rule, node, attr, number.text);
	else if (number.value > 1)
		rules_parameter(rule, node,
			arena_printf(&rule->book->arena, "band %s: %s", xml_attr(node, "star"), attr), number.text);
	return 0;
}

static int read_band(struct rules_rule *rule, struct star *star, const struct xml_node *node, struct err *err)
{
	struct star_band band = { .node = node, .title = xml_text_pair(node, "title") };
	struct rules_number number;
	if (rules_number(node, "star", &number, err) != 0 || rules_number(node, "from", &band.from, err) != 0 ||
		rules_number(node, "coefficient", &band.coefficient, err) != 0)
		return -1;
	band.star = number.value;
	if (read_periods(rule, node, "hold", 1, &band.hold, err) != 0)
		return -1;
	if (!decimal_to_scaled(decimal_round_to(band.from.exact, 2, DECIMAL_CEILING), 2, &band.from_scaled) ||
		band.from_scaled < 0 || band.from_scaled > 10000)
		return xml_fail(node, err, "from=\"%s\" is not between 0 and 100", band.from.text);
	if (band.coefficient.scale > star->coefficient_scale)
		star->coefficient_scale = band.coefficient.scale;
	const char *id = arena_printf(&rule->book->arena, "%lld", (long long)band.star);
	if (band.title.zh == NULL && band.title.en == NULL)
		band.title = rules_pair(&rule->book->arena, arena_printf(&rule->book->arena, "%s 星", id),
			arena_printf(&rule->book->arena, "%s stars", id));
	/* kept with the highest star first */
	size_t at = star->band_count++;
	for (; at > 0 && star->bands[at - 1].star < band.star; at--)
		star->bands[at] = star->bands[at - 1];
	if (at > 0 && star->bands[at - 1].star == band.star)
		return xml_fail(node, err, "star %s has two bands", id);
	star->bands[at] = band;
	rules_parameter(rule, node, arena_printf(&rule->book->arena, "band %s: from", id), band.from.text);
	if (band.coefficient.given)
		rules_parameter(rule, node, arena_printf(&rule->book->arena, "band %s: coefficient", id),
			band.coefficient.text);
	return read_floors(rule, star, &star->bands[at], err);
}

static int check_bands(struct rules_rule *rule, const struct star *star, struct err *err)
{
	for (size_t i = 0; i + 1 < star->band_count; i++)
		if (decimal_compare(star->bands[i].from.exact, star->bands[i + 1].from.exact) <= 0)
			return xml_fail(star->bands[i].node, err,
				"bands in disorder: star %lld begins at %s, star %lld at %s",
				(long long)star->bands[i].star, star->bands[i].from.text,
				(long long)star->bands[i + 1].star, star->bands[i + 1].from.text);
	const struct star_band *lowest = &star->bands[star->band_count - 1];
	if (lowest->from.value != 0)
		return xml_fail(lowest->node, err, "the lowest band begins at %s: composites below it have no star",
			lowest->from.text);
	if (lowest->floor_count > 0)
		return xml_fail(lowest->node, err, "the lowest band has a floor: who misses it has no star");
	for (size_t i = 0; i < star->band_count; i++) {
		const struct star_band *band = &star->bands[i];
		if (band->coefficient.given != star->bands[0].coefficient.given)
			return xml_fail(band->node, err, "either all bands have a coefficient or none");
		struct str values = { 0 };
		str_printf(&values, "{\"from\":\"%s\",\"coefficient\":\"%s\",\"hold\":\"%d\"}", band->from.text,
			band->coefficient.given ? band->coefficient.text : "", band->hold);
		rules_member(rule, "band", arena_printf(&rule->book->arena, "%lld", (long long)band->star), band->title,
			str_text(&values));
		str_release(&values);
	}
	return 0;
}

static int read_quotas(struct rules_rule *rule, struct star *star, struct err *err)
{
	int64_t sum = 0;
	for (const struct xml_node *n = xml_child(rule->node, "quota"); n != NULL; n = xml_next(n, "quota")) {
		struct rules_number number;
		struct star_band *band = NULL;
		bool binding = !xml_yes(xml_attr_or(n, "advisory", "no"));
		if (rules_number(n, "star", &number, err) != 0)
			return -1;
		for (size_t i = 0; i < star->band_count; i++)
			if (star->bands[i].star == number.value)
				band = &star->bands[i];
		if (band == NULL || band->has_quota)
			return xml_fail(n, err,
				band == NULL ? "quota for star %s, which has no band" : "star %s has two quotas",
				number.text);
		if (rules_share(n, "share", NULL, &band->share, err) != 0)
			return -1;
		if (binding && band == &star->bands[star->band_count - 1])
			return xml_fail(n, err,
				"the lowest star has a binding quota: those left out would have no star; write "
				"advisory=\"yes\"");
		band->has_quota = star->has_quota = true;
		band->binding = binding;
		star->binding |= binding;
		sum += band->share;
		if (sum > 1000000)
			return xml_fail(n, err, "the quotas sum to more than 1");
		rules_parameter(
			rule, n, arena_printf(&rule->book->arena, "quota %s", number.text), xml_attr(n, "share"));
	}
	return 0;
}

static int read_ties(struct rules_rule *rule, struct star *star, struct err *err)
{
	for (const struct xml_node *n = xml_child(rule->node, "tie"); n != NULL; n = xml_next(n, "tie")) {
		if (star->tie_count == STAR_TIES)
			return xml_fail(n, err, "more than %d ties", STAR_TIES);
		star->ties[star->tie_count++] = (struct star_tie){ .node = n,
			.text = xml_attr(n, "value"),
			.ascending = strcmp(xml_attr_or(n, "order", "descending"), "ascending") == 0 };
	}
	return 0;
}

static int read_moves(struct rules_rule *rule, struct star *star, struct err *err)
{
	struct rules_number minimum;
	if (read_periods(rule, rule->node, "fall", 1, &star->fall, err) != 0 ||
		read_periods(rule, rule->node, "up", 0, &star->up, err) != 0 ||
		read_periods(rule, rule->node, "down", 0, &star->down, err) != 0 ||
		rules_number(rule->node, "quota-minimum", &minimum, err) != 0)
		return -1;
	star->quota_minimum = 1;
	if (minimum.given) {
		if (minimum.scale != 0 || minimum.value < 1)
			return xml_fail(rule->node, err, "quota-minimum=\"%s\" must be 1 or more", minimum.text);
		star->quota_minimum = minimum.value;
		rules_parameter(rule, rule->node, "quota-minimum", minimum.text);
	}
	star->absent_text = xml_attr(rule->node, "absent");
	if (star->absent_text != NULL)
		rules_parameter(rule, rule->node, "absent", star->absent_text);
	return 0;
}

/* --- what it makes --- */
static void declare(struct rules_rule *rule, const char *suffix, enum result_type type, int scale,
	struct text_pair title, const char *unit, const char *role, const char *member)
{
	const struct result_column column = {
		.type = type, .scale = scale, .title = title, .unit = unit, .role = role, .member = member
	};
	const struct star *star = rule->data;
	uint32_t number = rule->column_count;
	bool settled = number == STAR_STAR || number == STAR_COEFFICIENT || number == STAR_COMPUTED;
	rules_declare(rule, settled && star->binding ? RULES_SETTLED : RULES_PERSON, suffix, &column);
}

static struct result_column *copy_columns(
	struct rules_rule *rule, const struct star *star, const struct result_column *from, size_t count)
{
	struct result_column *columns = arena_alloc(&rule->book->arena, count, sizeof *columns);
	const struct feed_field *field = feed_field_at(star->scope_field);
	for (size_t i = 0; i < count; i++) {
		columns[i] = from[i];
		columns[i].rule = rule->id;
		columns[i].member = "";
		columns[i].unit = columns[i].unit == NULL ? "" : columns[i].unit;
	}
	columns[0].title = star->scope_all ? (struct text_pair){ "范围", "Scope" } : field->label;
	columns[0].type = !star->scope_all && field->type == FIELD_KEY ? RESULT_KEY : RESULT_TEXT;
	columns[0].dim = columns[0].type == RESULT_KEY ? field->dim : KEY_DIM_EMPLOYEE;
	return columns;
}

static void declare_tables(struct rules_rule *rule, const struct star *star)
{
	static const struct result_column distribution[] = { { .id = "scope", .role = "scope" },
		{ .id = "star", .type = RESULT_NUMBER, .title = { "星级", "Star" }, .unit = "stars", .role = "grade" },
		{ .id = "count", .type = RESULT_NUMBER, .title = { "人数", "People" }, .role = "count" },
		{ .id = "share",
			.type = RESULT_NUMBER,
			.scale = 1,
			.title = { "占比", "Share" },
			.unit = "%",
			.role = "share" } };
	static const struct result_column quota[] = { { .id = "scope", .role = "scope" },
		{ .id = "star", .type = RESULT_NUMBER, .title = { "星级", "Star" }, .unit = "stars", .role = "grade" },
		{ .id = "graded", .type = RESULT_NUMBER, .title = { "参评人数", "Graded" }, .role = "count" },
		{ .id = "share",
			.type = RESULT_NUMBER,
			.scale = 1,
			.title = { "建议比例", "Intended share" },
			.unit = "%",
			.role = "share" },
		{ .id = "seats", .type = RESULT_NUMBER, .title = { "建议人数", "Intended" }, .role = "seats" },
		{ .id = "actual", .type = RESULT_NUMBER, .title = { "实际人数", "Actual" }, .role = "actual" },
		{ .id = "deviation",
			.type = RESULT_NUMBER,
			.title = { "分布偏差", "Distribution deviation" },
			.role = "deviation" },
		{ .id = "binding", .type = RESULT_BOOL, .title = { "强制", "Binding" }, .role = "binding" } };
	static const struct result_column movement[] = {
		{ .id = "from", .type = RESULT_NUMBER, .title = { "上期星级", "Previous star" },
			.unit = "stars", .role = "from" },
		{ .id = "to", .type = RESULT_NUMBER, .title = { "本期星级", "Star" }, .unit = "stars", .role = "to" },
		{ .id = "count", .type = RESULT_NUMBER, .title = { "人数", "People" }, .role = "count" } };
	static const struct result_column decisions[] = {
		{ .id = "employee", .type = RESULT_KEY, .dim = KEY_DIM_EMPLOYEE, .title = { "工号", "Employee no." },
			.role = "employee" },
		{ .id = "value", .type = RESULT_TEXT, .title = { "决定", "Decision" }, .role = "value" },
		{ .id = "reason", .type = RESULT_TEXT, .title = { "理由", "Reason" }, .role = "reason" },
		{ .id = "by", .type = RESULT_TEXT, .title = { "决定人", "Decided by" }, .role = "author" },
		{ .id = "on", .type = RESULT_DATE, .title = { "决定日期", "Decided on" }, .role = "date" },
		{ .id = "expires", .type = RESULT_DATE, .title = { "失效日期", "Expires on" }, .role = "expires" },
		{ .id = "state", .type = RESULT_TEXT, .title = { "状态", "State" }, .role = "state" },
		{ .id = "computed", .type = RESULT_NUMBER, .title = { "规则计算星级", "Computed star" },
			.unit = "stars", .role = "computed" },
		{ .id = "star", .type = RESULT_NUMBER, .title = { "生效星级", "Star in effect" },
			.unit = "stars", .role = "grade" } };
	struct arena *arena = &rule->book->arena;
	struct result_table table = { .name = arena_printf(arena, "%s.distribution", rule->id),
		.column_count = sizeof distribution / sizeof distribution[0] };
	table.title = rules_pair(arena, arena_printf(arena, "%s：分布", text_pick(&rule->title, TEXT_ZH)),
		arena_printf(arena, "%s: distribution", text_pick(&rule->title, TEXT_EN)));
	table.columns = copy_columns(rule, star, distribution, table.column_count);
	VEC_PUSH(&rule->book->tables, table);
	const char *zh = text_pick(&rule->title, TEXT_ZH), *en = text_pick(&rule->title, TEXT_EN);
	rules_declare_table(rule, arena_printf(arena, "%s.movement", rule->id),
		rules_pair(arena, arena_printf(arena, "%s：变动", zh), arena_printf(arena, "%s: movement", en)), false,
		movement, sizeof movement / sizeof movement[0]);
	rules_declare_table(rule, arena_printf(arena, "%s.decision", rule->id),
		rules_pair(arena, arena_printf(arena, "%s：人工决定", zh), arena_printf(arena, "%s: decisions", en)), true,
		decisions, sizeof decisions / sizeof decisions[0]);
	if (!star->has_quota)
		return;
	table = (struct result_table){ .name = arena_printf(arena, "%s.quota", rule->id),
		.column_count = sizeof quota / sizeof quota[0] };
	table.title = rules_pair(arena, arena_printf(arena, "%s：分布偏差", text_pick(&rule->title, TEXT_ZH)),
		arena_printf(arena, "%s: distribution deviation", text_pick(&rule->title, TEXT_EN)));
	table.columns = copy_columns(rule, star, quota, table.column_count);
	VEC_PUSH(&rule->book->tables, table);
}

/* Raw values are shown at STAR_SCORE_SCALE places; grading uses them as they are. */
static void declare_item(struct rules_rule *rule, struct star_item *item)
{
	struct arena *arena = &rule->book->arena;
	const char *zh = text_pick(&item->title, TEXT_ZH), *en = text_pick(&item->title, TEXT_EN);
	item->column = rule->column_count;
	declare(rule, arena_printf(arena, "%s.value", item->id), RESULT_NUMBER, STAR_SCORE_SCALE, item->title, "",
		"item-value", item->id);
	declare(rule, arena_printf(arena, "%s.score", item->id), RESULT_NUMBER, STAR_SCORE_SCALE,
		rules_pair(arena, arena_printf(arena, "%s：得分", zh), arena_printf(arena, "%s: score", en)), "",
		"item-score", item->id);
	declare(rule, arena_printf(arena, "%s.weight", item->id), RESULT_NUMBER, STAR_SCORE_SCALE,
		rules_pair(arena, arena_printf(arena, "%s：权重", zh), arena_printf(arena, "%s: weight", en)), "",
		"item-weight", item->id);
}

static int read_scope(struct rules_rule *rule, struct star *star, struct err *err)
{
	star->scope = xml_attr_or(rule->node, "scope", "org_unit");
	star->scope_all = strcmp(star->scope, "all") == 0;
	star->scope_field = EMPLOYEE_ORG_UNIT;
	if (star->scope_all)
		return 0;
	const struct feed_field *field = feed_field(feed_at(FEED_EMPLOYEE), star->scope);
	if (field == NULL || (field->type != FIELD_KEY && field->type != FIELD_TEXT) ||
		(field->type == FIELD_KEY && field->dim == KEY_DIM_EMPLOYEE))
		return xml_fail(rule->node, err,
			"scope=\"%s\" is no employee field to group by (org_unit, site, position, level, track … or "
			"all)",
			star->scope);
	for (size_t i = 0; i < rule->book->guarded.count; i++)
		if (strcmp(rule->book->guarded.at[i], star->scope) == 0)
			return xml_fail(rule->node, err,
				"'%s' is a protected attribute and may not be a scope of grading", star->scope);
	star->scope_field = field->id;
	return 0;
}

int star_declare(struct rules_rule *rule, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	struct star *star = arena_alloc(arena, 1, sizeof *star);
	size_t items = 0, bands = 0;
	int64_t sum = 0;
	rule->data = star;
	for (const struct xml_node *n = rule->node->first; n != NULL; n = n->next) {
		items += strcmp(n->name, "item") == 0;
		bands += strcmp(n->name, "band") == 0;
	}
	if (items == 0 || items > STAR_ITEMS || bands == 0 || bands > STAR_BANDS)
		return xml_fail(rule->node, err,
			"star '%s' has %zu items and %zu bands; 1 to %d and 1 to %d are needed", rule->id, items, bands,
			STAR_ITEMS, STAR_BANDS);
	if (read_scope(rule, star, err) != 0)
		return -1;
	if (xml_attr(rule->node, "minimum-tenure") != NULL) {
		if (rules_duration(rule->node, "minimum-tenure", &star->tenure, err) != 0)
			return -1;
		rules_parameter(rule, rule->node, "minimum-tenure", xml_attr(rule->node, "minimum-tenure"));
	}
	if (rules_share(rule->node, "minimum-present", "0.6", &star->present, err) != 0)
		return -1;
	rules_parameter(rule, rule->node, "minimum-present", xml_attr_or(rule->node, "minimum-present", "0.6"));
	rules_parameter(rule, rule->node, "missing", xml_attr_or(rule->node, "missing", "renormalise"));
	rules_parameter(rule, rule->node, "scope", star->scope);
	star->items = arena_alloc(arena, items, sizeof *star->items);
	star->bands = arena_alloc(arena, bands + 1, sizeof *star->bands);
	for (const struct xml_node *n = xml_child(rule->node, "item"); n != NULL; n = xml_next(n, "item"))
		if (read_item(rule, star, n, err) != 0)
			return -1;
	for (size_t i = 0; i < items; i++)
		sum += star->items[i].weight;
	if (sum != 1000000) {
		char text[48];
		decimal_format(sum, STAR_WEIGHT_SCALE, -1, text);
		return xml_fail(rule->node, err, "the weights of star '%s' sum to %s, not to 1", rule->id, text);
	}
	for (const struct xml_node *n = xml_child(rule->node, "band"); n != NULL; n = xml_next(n, "band"))
		if (read_band(rule, star, n, err) != 0)
			return -1;
	if (check_bands(rule, star, err) != 0 || read_quotas(rule, star, err) != 0 ||
		read_ties(rule, star, err) != 0 || read_moves(rule, star, err) != 0)
		return -1;
	rule->settles = star->binding;
	history_declare(rule->book);
	decision_declare(rule, rule->id);
	declare(rule, NULL, RESULT_NUMBER, 0, rule->title, "stars", "grade", NULL);
	declare(rule, "composite", RESULT_NUMBER, 2, (struct text_pair){ "综合得分", "Composite" }, "", "composite",
		NULL);
	declare(rule, "coefficient", RESULT_NUMBER, star->coefficient_scale,
		(struct text_pair){ "绩效系数", "Performance coefficient" }, "", "coefficient", NULL);
	declare(rule, "band", RESULT_NUMBER, 0, (struct text_pair){ "得分对应星级", "Star by composite" }, "stars",
		"band", NULL);
	declare(rule, "floor", RESULT_TEXT, 0, (struct text_pair){ "未达底线的评分项", "Item below its floor" }, "",
		"floor", NULL);
	declare(rule, "previous", RESULT_NUMBER, 0, (struct text_pair){ "上期星级", "Previous star" }, "stars",
		"previous", NULL);
	declare(rule, "present", RESULT_NUMBER, STAR_SCORE_SCALE,
		(struct text_pair){ "有数据的权重", "Weight with data" }, "", "present", NULL);
	declare(rule, "reached", RESULT_NUMBER, 0, (struct text_pair){ "底线后星级", "Star after floors" }, "stars",
		"reached", NULL);
	declare(rule, "held", RESULT_NUMBER, 0,
		(struct text_pair){ "保级与升降限制后星级", "Star after hold and movement limit" }, "stars", "held", NULL);
	declare(rule, "computed", RESULT_NUMBER, 0, (struct text_pair){ "规则计算星级", "Computed star" }, "stars",
		"computed", NULL);
	declare(rule, "decided", RESULT_TEXT, 0, (struct text_pair){ "人工决定", "Decision" }, "", "decided", NULL);
	for (size_t i = 0; i < star->item_count; i++)
		declare_item(rule, &star->items[i]);
	declare_tables(rule, star);
	return 0;
}

int star_declare_expressions(struct rules_rule *rule, struct err *err)
{
	struct star *star = rule->data;
	for (size_t i = 0; i < star->item_count; i++) {
		struct star_item *item = &star->items[i];
		item->value =
			scope_compile(rule, RULES_PERSON, RULES_SCOPE_PERSON, item->node, item->text, FEEL_NUMBER, err);
		if (item->value == NULL)
			return -1;
	}
	for (size_t i = 0; i < star->tie_count; i++) {
		struct star_tie *tie = &star->ties[i];
		tie->value =
			scope_compile(rule, RULES_PERSON, RULES_SCOPE_PERSON, tie->node, tie->text, FEEL_NUMBER, err);
		if (tie->value == NULL)
			return -1;
	}
	if (star->absent_text != NULL) {
		star->absent = scope_compile(
			rule, RULES_PERSON, RULES_SCOPE_PERSON, rule->node, star->absent_text, FEEL_BOOLEAN, err);
		if (star->absent == NULL)
			return -1;
	}
	return 0;
}
