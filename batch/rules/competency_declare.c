/*
 * competency_declare.c - reading a competency rule: dictionary, evidence and models, checked against each other.
 *
 * Decides: what is refused (unknown ids, levels above the highest, weights of a model that do not sum to 1), and which
 * columns and members are declared. Does not decide: levels and gaps (competency.c).
 */
#include "rules/competency.h"

#include <string.h>

/* --- shape --- */
static const struct xml_attr_shape module_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the module." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape anchor_attrs[] = {
	{ "level", XML_INTEGER, true, NULL, "The level it describes." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape competency_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Its id in assessments and courses; results are <rule>.<id>.level and so on." },
	{ "module", XML_NAME, true, NULL, "The module it belongs to." },
	{ "ksao", XML_CHOICE, true, "K|S|A|O", "Knowledge, skill, attitude or other." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape evidence_attrs[] = {
	{ "kind", XML_TEXT, true, NULL, "The kind as assessments name it." },
	{ "weight", XML_NUMBER, true, NULL, "Weight against the other kinds that are present." },
	{ "use", XML_CHOICE, false, "latest|mean|max",
		"The newest assessment (the mean of the newest date), the mean or the maximum over assessors (default "
		"latest)." },
	{ "max-age", XML_DURATION, false, NULL, "Older assessments do not count: (as of - max-age, as of]." },
	{ "from", XML_TEXT, false, NULL, "The scale of its scores, such as 0-100; without it scores cannot be used." },
	{ "to", XML_TEXT, false, NULL, "The levels at the ends of that scale (default 0 to max-level)." },
	{ "self", XML_BOOL, false, NULL,
		"A self-assessment: by itself it leaves a competency not assessed (default yes for kind self)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape need_attrs[] = {
	{ "competency", XML_NAME, true, NULL, "A competency of the dictionary." },
	{ "level", XML_NUMBER, true, NULL, "The required level." },
	{ "weight", XML_NUMBER, true, NULL, "Its weight; the weights of a model sum to 1." },
	{ "must", XML_BOOL, false, NULL, "Whether it may have no gap (default no)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape model_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the model." },
	{ "level", XML_TEXT, false, NULL, "People of this level; without it of any." },
	{ "position", XML_TEXT, false, NULL,
		"People of this position; a model of the position goes before one of the level." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape rule_attrs[] = {
	{ "id", XML_NAME, true, NULL, "Name of the rule; its results begin with it." },
	{ "max-level", XML_INTEGER, false, NULL, "The highest level; levels start at 0 (default 5)." },
	{ "coverage", XML_SHARE, false, NULL,
		"match(), gaps() and must gaps() are not evaluated below this assessed weight (default 0.8)." },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape title_shape = { "title", NULL, NULL, 0, 0, true, "What it is called." };
static const struct xml_shape text_shape = { "text", NULL, NULL, 1, 0, true, "What a person at this level does." };
static const struct xml_shape *const titled[] = { &title_shape, NULL };
static const struct xml_shape *const anchored[] = { &text_shape, NULL };
static const struct xml_shape module_shape = { "module", module_attrs, titled, 0, 0, false,
	"A group of competencies." };
static const struct xml_shape anchor_shape = { "anchor", anchor_attrs, anchored, 0, 0, false,
	"The behaviour by which a level is known." };
static const struct xml_shape *const competency_children[] = { &title_shape, &anchor_shape, NULL };
static const struct xml_shape competency_shape = { "competency", competency_attrs, competency_children, 1, 0, false,
	"A competency of the dictionary." };
static const struct xml_shape evidence_shape = { "evidence", evidence_attrs, titled, 1, 0, false,
	"A kind of assessment and how it counts." };
static const struct xml_shape need_shape = { "need", need_attrs, NULL, 1, 0, false, "A required level." };
static const struct xml_shape *const model_children[] = { &title_shape, &need_shape, NULL };
static const struct xml_shape model_shape = { "model", model_attrs, model_children, 0, 0, false,
	"What a level or position needs." };
static const struct xml_shape *const rule_children[] = { &title_shape, &module_shape, &competency_shape,
	&evidence_shape, &model_shape, NULL };
const struct xml_shape competency_declare_shape = { "competencies", rule_attrs, rule_children, 0, 1, false,
	"Competencies: dictionary, evidence, models." };

/* --- reading --- */
static size_t count_of(const struct xml_node *node, const char *name)
{
	size_t count = 0;
	for (const struct xml_node *n = xml_child(node, name); n != NULL; n = xml_next(n, name))
		count++;
	return count;
}

static int read_weight(const struct xml_node *node, int64_t *weight, struct err *err)
{
	struct rules_number number;
	if (rules_number(node, "weight", &number, err) != 0)
		return -1;
	if (number.value < 0 || !decimal_rescale(number.value, number.scale, COMPETENCY_WEIGHT_SCALE, weight)
		|| *weight > 1000 * decimal_pow10(COMPETENCY_WEIGHT_SCALE))
		return xml_fail(node, err, "weight=\"%s\" is negative or too large", number.text);
	return 0;
}

static int read_anchors(struct rules_rule *rule, const struct xml_node *node, struct err *err)
{
	const struct competency *own = rule->data;
	uint64_t seen = 0;
	for (const struct xml_node *n = xml_child(node, "anchor"); n != NULL; n = xml_next(n, "anchor")) {
		struct rules_number level;
		if (rules_number(n, "level", &level, err) != 0)
			return -1;
		if (level.scale != 0 || level.value < 0 || level.value > own->max)
			return xml_fail(n, err, "level=\"%s\" is not one of 0 to %lld", level.text, (long long)own->max);
		if ((seen & UINT64_C(1) << level.value) != 0)
			return xml_fail(n, err, "level %s is described twice", level.text);
		seen |= UINT64_C(1) << level.value;
		rules_member(rule, "anchor", arena_printf(&rule->book->arena, "%s.%s", xml_attr(node, "id"), level.text),
			xml_text_pair(n, "text"), "{}");
	}
	return 0;
}

static int read_dictionary(struct rules_rule *rule, struct competency *own, struct err *err)
{
	struct arena *arena = &rule->book->arena;
	size_t count = count_of(rule->node, "competency");
	if (count > COMPETENCY_MOST)
		return xml_fail(rule->node, err, "more than %d competencies", COMPETENCY_MOST);
	for (const struct xml_node *n = xml_child(rule->node, "module"); n != NULL; n = xml_next(n, "module")) {
		for (const struct xml_node *k = xml_next(n, "module"); k != NULL; k = xml_next(k, "module"))
			if (strcmp(xml_attr(n, "id"), xml_attr(k, "id")) == 0)
				return xml_fail(k, err, "module \"%s\" is there twice", xml_attr(k, "id"));
		rules_member(rule, "module", xml_attr(n, "id"), xml_text_pair(n, "title"), "{}");
	}
	own->items = arena_alloc(arena, count + 1, sizeof *own->items);
	for (const struct xml_node *n = xml_child(rule->node, "competency"); n != NULL; n = xml_next(n, "competency")) {
		struct competency_item *item = &own->items[own->item_count];
		*item = (struct competency_item){ .id = xml_attr(n, "id"),
			.module = xml_attr(n, "module"),
			.ksao = xml_attr(n, "ksao"),
			.node = n,
			.title = xml_text_pair(n, "title") };
		if (item->title.zh == NULL && item->title.en == NULL)
			item->title = (struct text_pair){ item->id, item->id };
		for (size_t k = 0; k < own->item_count; k++)
			if (strcmp(own->items[k].id, item->id) == 0)
				return xml_fail(n, err, "competency \"%s\" is there twice", item->id);
		const struct xml_node *module = xml_child(rule->node, "module");
		while (module != NULL && strcmp(xml_attr(module, "id"), item->module) != 0)
			module = xml_next(module, "module");
		if (module == NULL)
			return xml_fail(n, err, "there is no module \"%s\"", item->module);
		own->item_count++;
		rules_member(rule, "competency", item->id, item->title,
			arena_printf(arena, "{\"module\":\"%s\",\"ksao\":\"%s\",\"max\":\"%lld\"}", item->module, item->ksao,
				(long long)own->max));
		if (read_anchors(rule, n, err) != 0)
			return -1;
	}
	return 0;
}

/* "0-100": two numbers with a hyphen between them, either may be negative. */
static int read_range(struct rules_rule *rule, const struct xml_node *node, const char *attr, struct rules_number *low,
	struct rules_number *high, struct err *err)
{
	const char *text = xml_attr(node, attr), *hyphen = strchr(text[0] == '-' ? text + 1 : text, '-');
	struct rules_number *const ends[] = { low, high };
	const char *at[] = { text, hyphen == NULL ? "" : hyphen + 1 };
	size_t length[] = { hyphen == NULL ? 0 : (size_t)(hyphen - text), strlen(at[1]) };
	for (int i = 0; i < 2; i++) {
		ends[i]->text = arena_copy(&rule->book->arena, at[i], length[i]);
		ends[i]->scale = 6;
		if (!decimal_parse(at[i], length[i], 6, &ends[i]->value))
			return xml_fail(node, err, "%s=\"%s\" is not a scale such as 0-100", attr, text);
		ends[i]->exact = decimal_from_scaled(ends[i]->value, 6);
		ends[i]->given = true;
	}
	return 0;
}

static int read_scale(
	struct rules_rule *rule, const struct xml_node *n, struct competency_evidence *evidence, struct err *err)
{
	const struct competency *own = rule->data;
	if (xml_attr(n, "from") == NULL && xml_attr(n, "to") != NULL)
		return xml_fail(n, err, "to=\"%s\" needs the scale it comes from", xml_attr(n, "to"));
	if (xml_attr(n, "from") == NULL)
		return 0;
	evidence->scaled = true;
	evidence->to_low = (struct rules_number){ .given = true, .text = "0", .exact = decimal_from_int(0) };
	evidence->to_high = (struct rules_number){ .given = true,
		.value = own->max * decimal_pow10(6),
		.scale = 6,
		.text = xml_attr_or(rule->node, "max-level", "5"),
		.exact = decimal_from_int(own->max) };
	if (read_range(rule, n, "from", &evidence->low, &evidence->high, err) != 0
		|| (xml_attr(n, "to") != NULL && read_range(rule, n, "to", &evidence->to_low, &evidence->to_high, err) != 0))
		return -1;
	if (evidence->low.value == evidence->high.value)
		return xml_fail(n, err, "from=\"%s\" is one point, not a scale", xml_attr(n, "from"));
	const int64_t ends[] = { evidence->to_low.value, evidence->to_high.value };
	for (int i = 0; i < 2; i++)
		if (ends[i] < 0 || ends[i] > own->max * decimal_pow10(6))
			return xml_fail(n, err, "to=\"%s\" leaves the levels 0 to %lld", xml_attr(n, "to"), (long long)own->max);
	return 0;
}

static int read_evidence(struct rules_rule *rule, struct competency *own, struct err *err)
{
	static const char *const uses[] = { "latest", "mean", "max" };
	size_t count = count_of(rule->node, "evidence");
	bool counts = false;
	if (count > COMPETENCY_KINDS)
		return xml_fail(rule->node, err, "more than %d kinds of evidence", COMPETENCY_KINDS);
	own->evidence = arena_alloc(&rule->book->arena, count + 1, sizeof *own->evidence);
	for (const struct xml_node *n = xml_child(rule->node, "evidence"); n != NULL; n = xml_next(n, "evidence")) {
		struct competency_evidence *evidence = &own->evidence[own->evidence_count];
		*evidence =
			(struct competency_evidence){ .kind = xml_attr(n, "kind"), .node = n, .title = xml_text_pair(n, "title") };
		if (evidence->title.zh == NULL && evidence->title.en == NULL)
			evidence->title = (struct text_pair){ evidence->kind, evidence->kind };
		for (size_t k = 0; k < own->evidence_count; k++)
			if (strcmp(own->evidence[k].kind, evidence->kind) == 0)
				return xml_fail(n, err, "evidence of kind \"%s\" is there twice", evidence->kind);
		for (int k = 0; k < 3; k++)
			if (strcmp(xml_attr_or(n, "use", "latest"), uses[k]) == 0)
				evidence->use = (enum competency_use)k;
		evidence->self = xml_yes(xml_attr_or(n, "self", strcmp(evidence->kind, "self") == 0 ? "yes" : "no"));
		if (read_weight(n, &evidence->weight, err) != 0 || read_scale(rule, n, evidence, err) != 0
			|| (xml_attr(n, "max-age") != NULL && rules_duration(n, "max-age", &evidence->months, err) != 0))
			return -1;
		if (evidence->weight == 0)
			return xml_fail(n, err, "evidence \"%s\" has weight=\"0\" and would never count; leave it out",
				evidence->kind);
		counts |= !evidence->self;
		own->evidence_count++;
		rules_parameter(
			rule, n, arena_printf(&rule->book->arena, "evidence: %s", evidence->kind), xml_attr(n, "weight"));
	}
	if (!counts)
		return xml_fail(rule->node, err, "no evidence but self-assessment has a weight: nobody could be assessed");
	return 0;
}

static int read_need(struct rules_rule *rule, const struct competency *own, const struct xml_node *n,
	struct competency_model *model, struct err *err)
{
	struct competency_need *need = &model->needs[model->need_count];
	const char *id = xml_attr(n, "competency");
	struct rules_number level;
	*need = (struct competency_need){ .node = n, .must = xml_yes(xml_attr_or(n, "must", "no")) };
	while (need->item < own->item_count && strcmp(own->items[need->item].id, id) != 0)
		need->item++;
	if (need->item == own->item_count)
		return xml_fail(n, err, "there is no competency \"%s\"", id);
	for (size_t k = 0; k < model->need_count; k++)
		if (model->needs[k].item == need->item)
			return xml_fail(n, err, "competency \"%s\" is there twice", id);
	if (rules_number(n, "level", &level, err) != 0 || read_weight(n, &need->weight, err) != 0)
		return -1;
	if (!decimal_rescale(level.value, level.scale, COMPETENCY_SCALE, &need->required) || need->required < 0
		|| need->required > own->max * decimal_pow10(COMPETENCY_SCALE))
		return xml_fail(n, err, "level=\"%s\" is not a level from 0 to %lld with at most 2 decimal places", level.text,
			(long long)own->max);
	model->weight += need->weight;
	model->need_count++;
	rules_member(rule, "need", arena_printf(&rule->book->arena, "%s.%s", model->id, id), own->items[need->item].title,
		arena_printf(&rule->book->arena,
			"{\"model\":\"%s\",\"competency\":\"%s\",\"level\":\"%s\",\"weight\":\"%s\",\"must\":\"%s\"}", model->id,
			id, level.text, xml_attr(n, "weight"), need->must ? "yes" : "no"));
	return 0;
}

static bool same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int read_models(struct rules_rule *rule, struct competency *own, struct err *err)
{
	size_t count = count_of(rule->node, "model");
	own->models = arena_alloc(&rule->book->arena, count + 1, sizeof *own->models);
	for (const struct xml_node *n = xml_child(rule->node, "model"); n != NULL; n = xml_next(n, "model")) {
		struct competency_model *model = &own->models[own->model_count];
		*model = (struct competency_model){ .id = xml_attr(n, "id"),
			.level = xml_attr(n, "level"),
			.position = xml_attr(n, "position"),
			.node = n,
			.title = xml_text_pair(n, "title") };
		if (model->title.zh == NULL && model->title.en == NULL)
			model->title = (struct text_pair){ model->id, model->id };
		for (size_t k = 0; k < own->model_count; k++) {
			const struct competency_model *other = &own->models[k];
			if (strcmp(other->id, model->id) == 0)
				return xml_fail(n, err, "model \"%s\" is there twice", model->id);
			if (same_text(other->level, model->level) && same_text(other->position, model->position))
				return xml_fail(n, err, "model \"%s\" is for the same people as \"%s\" in line %d", model->id,
					other->id, other->node->line);
		}
		model->needs = arena_alloc(&rule->book->arena, count_of(n, "need") + 1, sizeof *model->needs);
		struct str values = { 0 };
		str_printf(&values, "{\"level\":\"%s\",\"position\":\"%s\"}", model->level == NULL ? "" : model->level,
			model->position == NULL ? "" : model->position);
		rules_member(rule, "model", model->id, model->title, str_text(&values));
		str_release(&values);
		for (const struct xml_node *k = xml_child(n, "need"); k != NULL; k = xml_next(k, "need"))
			if (read_need(rule, own, k, model, err) != 0)
				return -1;
		if (model->weight != decimal_pow10(COMPETENCY_WEIGHT_SCALE)) {
			char text[48];
			decimal_format(model->weight, COMPETENCY_WEIGHT_SCALE, -1, text);
			return xml_fail(n, err, "the weights of model \"%s\" sum to %s, not to 1", model->id, text);
		}
		own->model_count++;
	}
	return 0;
}

/* --- columns --- */
static void declare(struct rules_rule *rule, const char *suffix, enum result_type type, int scale,
	struct text_pair title, const char *unit, const char *role, const char *member)
{
	const struct result_column column = {
		.type = type, .scale = scale, .title = title, .unit = unit, .role = role, .member = member
	};
	rules_declare(rule, RULES_PERSON, suffix, &column);
}

static void declare_item(struct rules_rule *rule, const struct competency *own, const struct competency_item *item)
{
	static const struct {
		const char *suffix, *zh, *en, *role;
	} columns[COMPETENCY_OF_COLUMNS] = {
		[COMPETENCY_OF_LEVEL] = { "level", "", "", "level" },
		[COMPETENCY_OF_REQUIRED] = { "required", "：要求", ": required", "required" },
		[COMPETENCY_OF_GAP] = { "gap", "：差距", ": gap", "gap" },
		[COMPETENCY_OF_PRIORITY] = { "priority", "：优先度", ": priority", "priority" },
	};
	struct arena *arena = &rule->book->arena;
	for (unsigned of = 0; of < COMPETENCY_OF_COLUMNS; of++)
		declare(rule, arena_printf(arena, "%s.%s", item->id, columns[of].suffix), RESULT_NUMBER,
			of == COMPETENCY_OF_PRIORITY ? own->priority_scale : COMPETENCY_SCALE,
			rules_pair(arena, arena_printf(arena, "%s%s", text_pick(&item->title, TEXT_ZH), columns[of].zh),
				arena_printf(arena, "%s%s", text_pick(&item->title, TEXT_EN), columns[of].en)),
			"", columns[of].role, item->id);
}

/* Places of gap × weight that any model needs. */
static int places_of_priority(const struct competency *own)
{
	int places = 0;
	for (size_t i = 0; i < own->model_count; i++)
		for (size_t k = 0; k < own->models[i].need_count; k++) {
			int64_t weight = own->models[i].needs[k].weight, ignored;
			while (!decimal_rescale(weight, COMPETENCY_WEIGHT_SCALE, places, &ignored))
				places++;
		}
	return places + COMPETENCY_SCALE;
}

int competency_declare(struct rules_rule *rule, struct err *err)
{
	struct competency *own = arena_alloc(&rule->book->arena, 1, sizeof *own);
	struct rules_number max;
	rule->data = own;
	if (competency_rule(rule->book) != rule)
		return xml_fail(rule->node, err, "there may be one <competencies> only");
	if (rules_number(rule->node, "max-level", &max, err) != 0)
		return -1;
	own->max = max.given ? max.value : 5;
	if (own->max < 1 || own->max > 50)
		return xml_fail(rule->node, err, "max-level=\"%s\" is not from 1 to 50", max.text);
	if (rules_share(rule->node, "coverage", "0.8", &own->coverage, err) != 0 || read_dictionary(rule, own, err) != 0
		|| read_evidence(rule, own, err) != 0 || read_models(rule, own, err) != 0)
		return -1;
	own->priority_scale = places_of_priority(own);
	rules_parameter(rule, rule->node, "coverage", xml_attr_or(rule->node, "coverage", "0.8"));
	rules_parameter(rule, rule->node, "max-level", xml_attr_or(rule->node, "max-level", "5"));
	declare(
		rule, "match", RESULT_NUMBER, 2, (struct text_pair){ "胜任力匹配度", "Competency match" }, "%", "match", NULL);
	declare(rule, "coverage", RESULT_NUMBER, 2, (struct text_pair){ "测评覆盖率", "Assessed weight" }, "%", "coverage",
		NULL);
	declare(rule, "gaps", RESULT_NUMBER, 0, (struct text_pair){ "差距项数", "Gaps" }, "", "gaps", NULL);
	declare(rule, "must", RESULT_NUMBER, 0, (struct text_pair){ "必备项差距", "Gaps in musts" }, "", "must", NULL);
	declare(rule, "model", RESULT_TEXT, 0, (struct text_pair){ "胜任力模型", "Competency model" }, "", "model", NULL);
	declare(rule, "first", RESULT_TEXT, 0, (struct text_pair){ "首要差距", "First gap" }, "", "first-gap", NULL);
	for (size_t i = 0; i < own->item_count; i++)
		declare_item(rule, own, &own->items[i]);
	rule->book->feeds |= 1u << FEED_ASSESSMENT;
	return 0;
}
