/*
 * roles.h - what the results of a run are to a reader: the grade, the credits and their categories, the graded items.
 *
 * Columns are found by rule, role and member (store/result.h), never by fixed ids, so a pack with other names works.
 */
#ifndef PANDIAN_REPORT_ROLES_H
#define PANDIAN_REPORT_ROLES_H

#include "report/view.h"

struct roles_figure {
	bool known;
	int64_t number;
	int scale;
};
struct roles_category {
	const char *id;
	struct text_pair title;
	int earned, minimum, shortfall;
	struct roles_figure need; /* where there is no column */
};
struct roles_item {
	const char *id;
	struct text_pair title;
	int value, score, weight;
	struct roles_figure zero, full, share;
};
struct roles_band {
	int64_t grade;
	struct text_pair title;
	struct roles_figure from, hold, coefficient;
};
struct roles {
	/* numbers of values in the view, -1 where the results have no such column */
	int grade, before, composite, coefficient, floor;
	int reached, held, computed; /* the grade after floors, after holds and limits of movement, after quotas */
	int total, minimum, shortfall;
	const struct result_column *grade_column, *total_column;
	struct roles_figure need; /* parameter "minimum" of the credits rule where there is no column */
	struct roles_category *categories;
	size_t category_count;
	struct roles_item *items;
	size_t item_count;
	struct roles_band *bands;
	size_t band_count; /* ascending by grade */
	int64_t low, high; /* grades, 1 and 5 where no band says otherwise */
};
/* Finds and binds. `parts`: which columns to bind (the rest stays -1, so that nothing is loaded in vain). */
enum { ROLES_GRADE = 1, ROLES_CREDITS = 2, ROLES_CATEGORIES = 4, ROLES_ITEMS = 8, ROLES_ALL = 15 };
void roles_find(struct view *view, int parts, struct arena *arena, struct roles *roles);
/* The column of "people" with a role (rule and member NULL: any), or NULL. */
const struct result_column *roles_column(
	const struct result_directory *directory, const char *rule, const char *role, const char *member);
/* What an id in a text result is called: a class, a step, a gate, a kind …; the text itself when it has no title. */
const char *roles_title(const struct result_directory *directory, const struct result_column *column, const char *text,
	enum text_lang lang);
/* The title of a member, or NULL. */
const char *roles_member(
	const struct result_directory *directory, const char *list, const char *id, enum text_lang lang);
/* A member of a list (rule NULL: of any rule), or NULL. */
const struct result_member *roles_find_member(
	const struct result_directory *directory, const char *rule, const char *list, const char *id);
/* A text of a member's values; memory from the arena; NULL if absent or empty. */
const char *roles_member_text(const struct result_member *member, const char *key, struct arena *arena);
struct roles_figure roles_member_figure(const struct result_member *member, const char *key);
/* Binds a column of "people"; -1 for NULL. */
int roles_bind(struct view *view, const struct result_column *column);
/* The band a composite falls into, by score alone; NULL if below the first. */
const struct roles_band *roles_band_of(const struct roles *roles, int64_t composite, int scale);
const struct roles_band *roles_band_at(const struct roles *roles, int64_t grade);

#endif
