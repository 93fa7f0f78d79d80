/*
 * roles.c - finds the grade, the credits, the categories and the items among the result columns.
 *
 * Decides: which column is what, by rule, role and member. Does not decide: any value.
 */
#include "report/roles.h"

#include "base/decimal.h"
#include "base/json.h"
#include "report/label.h"

#include <stdlib.h>
#include <string.h>

static const struct result_table *people_of(const struct result_directory *directory)
{
	return result_table(directory, "people");
}

const struct result_column *roles_column(
	const struct result_directory *directory, const char *rule, const char *role, const char *member)
{
	const struct result_table *people = people_of(directory);
	for (size_t i = 0; people != NULL && i < people->column_count; i++) {
		const struct result_column *column = &people->columns[i];
		if (strcmp(column->role, role) == 0 && (rule == NULL || strcmp(column->rule, rule) == 0)
			&& (member == NULL || strcmp(column->member, member) == 0))
			return column;
	}
	return NULL;
}

int roles_bind(struct view *view, const struct result_column *column)
{
	const struct view_name *name = column != NULL ? view_names_find(view->names, column->id) : NULL;
	return name == NULL ? -1 : view_bind_name(view, name);
}

/* Plain decimal text → figure, at the smallest scale that holds it. */
static struct roles_figure figure_of(const char *text)
{
	struct roles_figure figure = { 0 };
	for (int scale = 0; text != NULL && *text != '\0' && scale <= 9; scale++)
		if (decimal_parse(text, strlen(text), scale, &figure.number)) {
			figure.known = true;
			figure.scale = scale;
			break;
		}
	return figure;
}

struct roles_figure roles_member_figure(const struct result_member *member, const char *key)
{
	struct err ignored = { 0 };
	struct roles_figure figure = { 0 };
	struct json *json = member->values != NULL && *member->values != '\0'
		? json_parse(member->values, strlen(member->values), &ignored)
		: NULL;
	if (json != NULL) {
		const struct json *value = json_get(json, key);
		figure = figure_of(value != NULL ? json_text_of(value) : NULL);
		json_free(json);
	}
	return figure;
}

const struct result_member *roles_find_member(
	const struct result_directory *directory, const char *rule, const char *list, const char *id)
{
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		if (member->id[0] == id[0] && strcmp(member->id, id) == 0 && strcmp(member->list, list) == 0
			&& (rule == NULL || strcmp(member->rule, rule) == 0))
			return member;
	}
	return NULL;
}

const char *roles_member_text(const struct result_member *member, const char *key, struct arena *arena)
{
	struct err ignored = { 0 };
	const char *text = NULL;
	struct json *json = member->values != NULL && *member->values != '\0'
		? json_parse(member->values, strlen(member->values), &ignored)
		: NULL;
	if (json != NULL) {
		const struct json *value = json_get(json, key);
		text = value != NULL ? json_text_of(value) : NULL;
		text = text != NULL && *text != '\0' ? arena_text(arena, text) : NULL;
		json_free(json);
	}
	return text;
}

static int by_grade(const void *a, const void *b)
{
	const struct roles_band *x = a, *y = b;
	return (x->grade > y->grade) - (x->grade < y->grade);
}

static void find_bands(
	const struct result_directory *directory, const char *rule, struct arena *arena, struct roles *roles)
{
	roles->bands = arena_alloc(arena, directory->member_count + 1, sizeof *roles->bands);
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		int64_t grade;
		if (strcmp(member->rule, rule) != 0 || strcmp(member->list, "band") != 0
			|| !decimal_parse(member->id, strlen(member->id), 0, &grade))
			continue;
		roles->bands[roles->band_count++] = (struct roles_band){ .grade = grade,
			.title = member->title,
			.from = roles_member_figure(member, "from"),
			.hold = roles_member_figure(member, "hold"),
			.coefficient = roles_member_figure(member, "coefficient") };
	}
	qsort(roles->bands, roles->band_count, sizeof *roles->bands, by_grade);
	if (roles->band_count > 0) {
		roles->low = roles->bands[0].grade < 1 ? roles->bands[0].grade : 1;
		roles->high = roles->bands[roles->band_count - 1].grade;
	}
}

static void find_items(struct view *view, const char *rule, struct arena *arena, struct roles *roles)
{
	const struct result_directory *directory = view->names->directory;
	roles->items = arena_alloc(arena, directory->member_count + 1, sizeof *roles->items);
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		if (strcmp(member->rule, rule) != 0 || strcmp(member->list, "item") != 0)
			continue;
		struct roles_item *item = &roles->items[roles->item_count++];
		*item = (struct roles_item){ .id = member->id,
			.title = member->title,
			.zero = roles_member_figure(member, "zero"),
			.full = roles_member_figure(member, "full"),
			.share = roles_member_figure(member, "weight") };
		item->value = roles_bind(view, roles_column(directory, rule, "item-value", member->id));
		item->score = roles_bind(view, roles_column(directory, rule, "item-score", member->id));
		item->weight = roles_bind(view, roles_column(directory, rule, "item-weight", member->id));
	}
}

static void find_categories(struct view *view, struct arena *arena, struct roles *roles)
{
	const struct result_directory *directory = view->names->directory;
	const struct result_table *people = people_of(directory);
	roles->categories = arena_alloc(arena, people->column_count + 1, sizeof *roles->categories);
	for (size_t i = 0; i < people->column_count; i++) {
		const struct result_column *column = &people->columns[i];
		if (strcmp(column->role, "earned") != 0 || *column->member == '\0')
			continue;
		struct roles_category *category = &roles->categories[roles->category_count++];
		*category =
			(struct roles_category){ .id = column->member, .title = column->title, .earned = roles_bind(view, column) };
		category->minimum = roles_bind(view, roles_column(directory, column->rule, "minimum", column->member));
		category->shortfall = roles_bind(view, roles_column(directory, column->rule, "shortfall", column->member));
		for (size_t m = 0; m < directory->member_count; m++) {
			const struct result_member *member = &directory->members[m];
			if (strcmp(member->rule, column->rule) == 0 && strcmp(member->list, "category") == 0
				&& strcmp(member->id, column->member) == 0) {
				category->title = member->title;
				category->need = roles_member_figure(member, "minimum");
			}
		}
		if (category->need.known && category->need.number == 0)
			category->need.known = false; /* a minimum of nothing is none */
	}
}

void roles_find(struct view *view, int parts, struct arena *arena, struct roles *roles)
{
	const struct result_directory *directory = view->names->directory;
	*roles = (struct roles){ .grade = -1,
		.before = -1,
		.composite = -1,
		.coefficient = -1,
		.floor = -1,
		.reached = -1,
		.held = -1,
		.computed = -1,
		.total = -1,
		.minimum = -1,
		.shortfall = -1,
		.low = 1,
		.high = 5 };
	roles->grade_column = roles_column(directory, NULL, "grade", NULL);
	roles->total_column = roles_column(directory, NULL, "total", "");
	if (roles->grade_column != NULL && roles->grade_column->type != RESULT_NUMBER)
		roles->grade_column = NULL;
	if (roles->grade_column != NULL && (parts & (ROLES_GRADE | ROLES_ITEMS)) != 0) {
		const char *rule = roles->grade_column->rule;
		roles->grade = roles_bind(view, roles->grade_column);
		roles->before = view_bind_before(view, roles->grade_column->id);
		roles->composite = roles_bind(view, roles_column(directory, rule, "composite", ""));
		roles->coefficient = roles_bind(view, roles_column(directory, rule, "coefficient", ""));
		roles->floor = roles_bind(view, roles_column(directory, rule, "floor", ""));
		if ((parts & ROLES_ITEMS) != 0) { /* only who tells how it came about needs the steps */
			roles->reached = roles_bind(view, roles_column(directory, rule, "reached", ""));
			roles->held = roles_bind(view, roles_column(directory, rule, "held", ""));
			roles->computed = roles_bind(view, roles_column(directory, rule, "computed", ""));
		}
		find_bands(directory, rule, arena, roles);
		if ((parts & ROLES_ITEMS) != 0)
			find_items(view, rule, arena, roles);
	}
	if (roles->total_column != NULL && (parts & ROLES_CREDITS) != 0) {
		const char *rule = roles->total_column->rule;
		roles->total = roles_bind(view, roles->total_column);
		roles->minimum = roles_bind(view, roles_column(directory, rule, "minimum", ""));
		roles->shortfall = roles_bind(view, roles_column(directory, rule, "shortfall", ""));
		for (size_t i = 0; i < directory->parameter_count; i++)
			if (strcmp(directory->parameters[i].rule, rule) == 0
				&& strcmp(directory->parameters[i].name, "minimum") == 0)
				roles->need = figure_of(directory->parameters[i].value);
	}
	if ((parts & ROLES_CATEGORIES) != 0)
		find_categories(view, arena, roles);
}

const struct roles_band *roles_band_of(const struct roles *roles, int64_t composite, int scale)
{
	const struct roles_band *found = NULL;
	for (size_t i = 0; i < roles->band_count; i++) {
		const struct roles_band *band = &roles->bands[i];
		if (!band->from.known
			|| decimal_compare(
				   decimal_from_scaled(composite, scale), decimal_from_scaled(band->from.number, band->from.scale))
				>= 0)
			found = band;
	}
	return found;
}

const struct roles_band *roles_band_at(const struct roles *roles, int64_t grade)
{
	for (size_t i = 0; i < roles->band_count; i++)
		if (roles->bands[i].grade == grade)
			return &roles->bands[i];
	return NULL;
}

const char *roles_member(
	const struct result_directory *directory, const char *list, const char *id, enum text_lang lang)
{
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		if (strcmp(member->list, list) == 0 && strcmp(member->id, id) == 0)
			return text_pick(&member->title, lang);
	}
	return NULL;
}

const char *roles_title(const struct result_directory *directory, const struct result_column *column, const char *text,
	enum text_lang lang)
{
	/* the list of members a role's ids stand in, where it is not named like the role */
	static const char *const lists[][2] = { { "readiness", "class" }, { "readiness-computed", "class" },
		{ "target", "step" }, { "nearest", "step" }, { "current-step", "step" }, { "first-gap", "competency" } };
	const char *list = column->role;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if (strcmp(lists[i][0], column->role) == 0)
			list = lists[i][1];
	const char *title = roles_member(directory, list, text, lang);
	if (title == NULL && strcmp(list, "gate") == 0) /* gates stand under their step: "P3.tenure" */
		for (size_t i = 0; i < directory->member_count && title == NULL; i++) {
			const struct result_member *member = &directory->members[i];
			const char *dot = strcmp(member->list, "gate") == 0 ? strrchr(member->id, '.') : NULL;
			if (dot != NULL && strcmp(dot + 1, text) == 0)
				title = text_pick(&member->title, lang);
		}
	return title != NULL && *title != '\0' ? title : label_code(text, lang);
}
