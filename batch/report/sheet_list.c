/*
 * sheet_list.c - a list: people, or any other result table, with columns by name, by role or by expression.
 *
 * Decides: columns, order, highlights, totals, links to archives. The rows are gathered block by block into narrow
 * columns
 * (4 bytes a value where it fits, texts once each): about 4 x columns + 8 bytes a person, because a list sorted by name
 * would otherwise load a block for almost every row. Lists longer than a sheet go on on further sheets, and both say
 * so.
 */
#include "report/sheet.h"

#include "base/decimal.h"
#include "report/figure.h"
#include "report/kept.h"
#include "report/list_gates.h"
#include "report/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape column_attrs[] = {
	{ "value", XML_FEEL, true, NULL, "name of a fact or result, or a FEEL expression" },
	{ "format", XML_CHOICE, false, "general|text|integer|decimal1|decimal2|percent|percent1|date|stars",
		"number format; default by type" },
	{ "width", XML_NUMBER, false, NULL, "display columns; default from the content" },
	{ "total", XML_CHOICE, false, "sum|average|count", "total below the column" },
	{ "link", XML_CHOICE, false, "archive", "links to the person's archive" },
	{ "look", XML_CHOICE, false, "bar|scale|heat", "conditional format over the column" },
	{ "wrap", XML_BOOL, false, NULL, "yes: long texts are wrapped within their width" },
	{ "codes", XML_BOOL, false, NULL, "yes: the texts are codes that the report has words for" },
	{ "lang", XML_CHOICE, false, "zh-CN|en", "only in reports of this language" },
	{ "optional", XML_BOOL, false, NULL, "yes: left out where the results have no such name" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape columns_attrs[] = {
	{ "role", XML_LIST, true, NULL,
		"a column for each result with one of these roles (earned, minimum, shortfall, item-score …)" },
	{ "rule", XML_NAME, false, NULL, "of this rule only" },
	{ "members", XML_CHOICE, false, "no|only",
		"no: results of a whole rule only; only: those of its categories, items … only" },
	{ "previous", XML_BOOL, false, NULL, "yes: the values of the period before" },
	{ "wrap", XML_BOOL, false, NULL, "yes: long texts are wrapped within their width" },
	{ "titles", XML_CHOICE, false, "full|member", "member: headed by the category, item or competency alone" },
	{ "width", XML_NUMBER, false, NULL, "display columns; default from the content" },
	{ "lang", XML_CHOICE, false, "zh-CN|en", "only in reports of this language" },
	{ "total", XML_CHOICE, false, "sum|average|count", "total below each column" },
	{ "look", XML_CHOICE, false, "bar|scale|heat", "conditional format over each column" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape highlight_attrs[] = {
	{ "when", XML_FEEL, true, NULL, "condition" },
	{ "style", XML_CHOICE, true, "up|down|grey|strong", "look of what meets it" },
	{ "column", XML_FEEL, false, NULL, "value of the column it is shown on; default the whole row" },
	{ "optional", XML_BOOL, false, NULL, "yes: left out where the results have no such name" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_attr_shape gates_attrs[] = { { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const column_children[] = { &sheet_title_shape, NULL };
static const struct xml_shape column_shape = { "column", column_attrs, column_children, 0, 0, false,
	"a column of the list" };
static const struct xml_shape columns_shape = { "columns", columns_attrs, NULL, 0, 0, false, "columns by role" };
static const struct xml_shape highlight_shape = { "highlight", highlight_attrs, NULL, 0, 0, false,
	"rows or cells that stand out" };
static const struct xml_shape gates_shape = { "gates", gates_attrs, NULL, 0, 1, false,
	"of=\"readiness\": a column for each gate of the ladders: met, what is missing, not evaluated" };
static const struct xml_attr_shape list_attrs[] = {
	SHEET_ATTRS,
	{ "of", XML_NAME, true, NULL, "result table: people, course …" },
	{ "sort", XML_TEXT, false, NULL,
		"values by which rows are ordered, comma separated; pinyin(name); a leading - turns the order" },
	{ "when", XML_FEEL, false, NULL, "only rows that meet this condition" },
	{ "needs", XML_FEEL, false, NULL, "an optional list is left out where the results have no such name" },
	{ "people", XML_CHOICE, false, "active|known", "people lists: active ones (default) or everyone in the roster" },
	{ "freeze", XML_INTEGER, false, NULL, "frozen columns" },
	{ NULL, XML_TEXT, false, NULL, NULL },
};
static const struct xml_shape *const list_children[] = { &sheet_title_shape, &column_shape, &columns_shape,
	&gates_shape, &highlight_shape, NULL };
static const struct xml_shape list_shape = { "sheet", list_attrs, list_children, 0, 0, false,
	"list of people or of another result table" };

/*
 * A gathered column: numbers, dates and booleans as they are, texts as numbers into the list's map. Below LIST_WHY: a
 * missing value's reason.
 */
#define PACK_NONE INT32_MIN
#define PACK_LEAST (INT32_MIN + 0x10001)
struct pack {
	int32_t *narrow;
	int64_t *wide;
	uint32_t count, capacity;
};

struct column {
	int value;
	enum view_kind kind;
	int scale;
	enum book_format format;
	bool link, code, wrap;
	bool numbered; /* a number that has a title among the members of its role: a box */
	const struct result_column *titled; /* its texts are ids that have titles */
	const char **shown; /* titles by text number, NULL: not looked up yet */
	bool reason; /* a missing value says why; else a dash */
	bool percent; /* the result is in per cent: shown as a share */
	int gate; /* 1 + number among the gates; then `value` is -1 */
	struct pack pack;
};
struct key {
	int value;
	bool pinyin, descending, orgs;
	enum view_kind kind;
	struct pack pack;
	uint32_t *rank;
};
struct mark {
	int test;
	enum book_style style;
	int column; /* -1: the row */
	const char *formula;
	uint32_t bit;
};
struct list {
	struct view_names names;
	struct view view;
	struct map texts;
	VEC(struct column) columns;
	VEC(struct key) keys;
	VEC(struct mark) marks;
	VEC(struct book_column) heads;
	VEC(struct book_rule) rules;
	struct pack person; /* employee numbers, for links */
	struct pack bits; /* marks that are not formulas */
	uint32_t *order;
	uint32_t rows;
	int when;
	struct list_gates *gates; /* NULL: none asked for */
	bool people, linked; /* people: rows are people or name people */
	const struct report_input *input;
	const struct result_directory *previous;
	struct str path;
	struct arena *arena;
};
struct slice {
	struct list *list;
	uint32_t first;
};

static void list_release(void *what)
{
	struct list *list = what;
	for (size_t i = 0; i < list->columns.count; i++) {
		free(list->columns.at[i].pack.narrow);
		free(list->columns.at[i].pack.wide);
		free(list->columns.at[i].shown);
	}
	for (size_t i = 0; i < list->keys.count; i++) {
		free(list->keys.at[i].pack.narrow);
		free(list->keys.at[i].pack.wide);
		free(list->keys.at[i].rank);
	}
	VEC_RELEASE(&list->columns);
	VEC_RELEASE(&list->keys);
	VEC_RELEASE(&list->marks);
	VEC_RELEASE(&list->heads);
	VEC_RELEASE(&list->rules);
	free(list->person.narrow);
	free(list->person.wide);
	free(list->bits.narrow);
	free(list->bits.wide);
	free(list->order);
	map_release(&list->texts);
	str_release(&list->path);
	list_gates_close(list->gates);
	view_release(&list->view);
	view_names_release(&list->names);
	free(list);
}

/* ---- gathering ---- */

static void pack_add(struct pack *pack, int64_t value, bool special)
{
	if (pack->count == pack->capacity) {
		pack->capacity = pack->capacity == 0 ? 4096 : pack->capacity + pack->capacity / 2;
		if (pack->wide != NULL)
			pack->wide = mem_grow(pack->wide, pack->capacity, sizeof *pack->wide);
		else
			pack->narrow = mem_grow(pack->narrow, pack->capacity, sizeof *pack->narrow);
	}
	if (pack->wide == NULL && !special && (value < PACK_LEAST || value > INT32_MAX)) {
		pack->wide = mem_new(pack->capacity, sizeof *pack->wide);
		for (uint32_t i = 0; i < pack->count; i++)
			pack->wide[i] =
				pack->narrow[i] < PACK_LEAST ? INT64_MIN + ((int64_t)pack->narrow[i] - PACK_NONE) : pack->narrow[i];
		free(pack->narrow);
		pack->narrow = NULL;
	}
	if (pack->wide != NULL)
		pack->wide[pack->count++] = special ? INT64_MIN + (value - PACK_NONE) : value;
	else
		pack->narrow[pack->count++] = (int32_t)value;
}

/* False for a missing value: then *value is 0, or 1 + number of the reason. */
static bool pack_get(const struct pack *pack, uint32_t row, int64_t *value)
{
	if (pack->wide != NULL) {
		*value = pack->wide[row];
		if (*value >= INT64_MIN + 0x10001)
			return true;
		*value -= INT64_MIN;
		return false;
	}
	*value = pack->narrow[row];
	if (*value >= PACK_LEAST)
		return true;
	*value -= PACK_NONE;
	return false;
}

static void pack_cell(
	struct list *list, struct pack *pack, enum view_kind *kind, int *scale, const struct view_cell *cell)
{
	int64_t number = cell->number;
	if (cell->kind == VIEW_MISSING) {
		int64_t why = 0;
		const struct result_directory *directory = list->names.directory;
		if (cell->why >= directory->reasons && cell->why < directory->reasons + directory->reason_count)
			why = 1 + (cell->why - directory->reasons);
		pack_add(pack, PACK_NONE + why, true);
		return;
	}
	if (*kind == VIEW_MISSING) { /* an expression whose type is known only now */
		*kind = cell->kind;
		*scale = cell->scale;
	}
	if (cell->kind == VIEW_TEXT)
		number = map_add(&list->texts, cell->text, strlen(cell->text));
	else if (cell->kind == VIEW_NUMBER && cell->scale != *scale) {
		if (!decimal_rescale(cell->number, cell->scale, *scale, &number)
			&& !decimal_round(cell->number, cell->scale, *scale, &number)) {
			pack_add(pack, PACK_NONE, true);
			return;
		}
	}
	if (cell->kind != *kind)
		pack_add(pack, PACK_NONE, true);
	else
		pack_add(pack, number, false);
}

static int gather(struct list *list, bool known_too, struct err *err)
{
	struct view *view = &list->view;
	for (uint32_t block = 0; block < view_blocks(view); block++) {
		if (view_load(view, block, err) != 0 || list_gates_load(list->gates, block, err) != 0)
			return -1;
		for (uint32_t row = 0; row < view->count; row++) {
			struct view_cell cell;
			bool named = list->people && view_person(view, row) != FRAME_NONE;
			if (named && !(known_too ? view->known[row] : view->active[row]))
				continue;
			if (list->when >= 0 && !view_true(view, list->when, row))
				continue;
			for (size_t i = 0; i < list->columns.count; i++) {
				struct column *column = &list->columns.at[i];
				if (column->gate > 0)
					list_gates_at(list->gates, (size_t)column->gate - 1, view, row, &cell);
				else
					view_at(view, column->value, row, &cell);
				pack_cell(list, &column->pack, &column->kind, &column->scale, &cell);
			}
			for (size_t i = 0; i < list->keys.count; i++) {
				struct key *key = &list->keys.at[i];
				int scale = view->values.at[key->value].scale;
				if (key->orgs) {
					const struct frame_column *org = view->values.at[key->value].column;
					bool has = org != NULL && org->u32[row] != FRAME_NONE;
					pack_add(&key->pack, has ? (int64_t)org->u32[row] : PACK_NONE, !has);
					continue;
				}
				view_at(view, key->value, row, &cell);
				pack_cell(list, &key->pack, &key->kind, &scale, &cell);
			}
			int64_t bits = 0;
			for (size_t i = 0; i < list->marks.count; i++)
				if (list->marks.at[i].formula == NULL && view_true(view, list->marks.at[i].test, row))
					bits |= (int64_t)1 << list->marks.at[i].bit;
			pack_add(&list->bits, bits, false);
			if (list->linked)
				pack_add(&list->person, named ? (int64_t)view_person(view, row) : PACK_NONE, !named);
			list->rows++;
		}
	}
	return 0;
}

/* ---- order ---- */

struct text_key {
	const char *bytes;
	size_t length;
	uint32_t text;
};

static int by_bytes(const void *a, const void *b)
{
	const struct text_key *x = a, *y = b;
	int order = text_compare(x->bytes, x->length, y->bytes, y->length);
	return order != 0 ? order : (x->text > y->text) - (x->text < y->text);
}

/* Order of the distinct texts of one key, by pinyin or by bytes: sorting then compares numbers. */
static uint32_t *rank_texts(const struct list *list, const struct key *key)
{
	size_t count = list->texts.count, used = 0;
	uint8_t *seen = mem_new(count + 1, 1);
	struct text_key *keys = mem_new(count + 1, sizeof *keys);
	struct arena arena = { 0 };
	struct str scratch = { 0 };
	for (uint32_t row = 0; row < list->rows; row++) {
		int64_t text;
		if (!pack_get(&key->pack, row, &text) || seen[text])
			continue;
		seen[text] = 1;
		const char *bytes = map_text(&list->texts, (uint32_t)text);
		size_t length = map_length(&list->texts, (uint32_t)text);
		if (key->pinyin) {
			str_clear(&scratch);
			text_pinyin_key(&scratch, bytes);
			bytes = arena_copy(&arena, str_text(&scratch), scratch.length);
			length = scratch.length;
		}
		keys[used++] = (struct text_key){ bytes, length, (uint32_t)text };
	}
	qsort(keys, used, sizeof *keys, by_bytes);
	uint32_t *rank = mem_new(count + 1, sizeof *rank);
	for (size_t i = 0; i < used; i++)
		rank[keys[i].text] = (uint32_t)i;
	free(keys);
	free(seen);
	str_release(&scratch);
	arena_release(&arena);
	return rank;
}

static int by_keys(const void *a, const void *b, void *context)
{
	const struct list *list = context;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	for (size_t i = 0; i < list->keys.count; i++) {
		const struct key *key = &list->keys.at[i];
		int64_t p, q;
		bool has_p = pack_get(&key->pack, x, &p), has_q = pack_get(&key->pack, y, &q);
		if (has_p != has_q)
			return has_p ? -1 : 1; /* missing last, whichever the direction */
		if (!has_p)
			continue;
		if (key->rank != NULL) {
			p = key->rank[p];
			q = key->rank[q];
		}
		if (p != q)
			return (p < q ? -1 : 1) * (key->descending ? -1 : 1);
	}
	return (x > y) - (x < y); /* as the roster has them: the same on every machine */
}

static void put_in_order(struct list *list)
{
	list->order = mem_new(list->rows + 1u, sizeof *list->order);
	for (uint32_t i = 0; i < list->rows; i++)
		list->order[i] = i;
	for (size_t i = 0; i < list->keys.count; i++) {
		struct key *key = &list->keys.at[i];
		if (key->orgs) {
			struct arena arena = { 0 };
			uint32_t count = facts_key_count(list->input->facts, KEY_DIM_ORG);
			const uint32_t *rank = kept_orgs_rank(list->input, &arena);
			key->rank = mem_new(count + 1u, sizeof *key->rank);
			memcpy(key->rank, rank, count * sizeof *key->rank);
			arena_release(&arena);
		} else if (key->kind == VIEW_TEXT)
			key->rank = rank_texts(list, key);
	}
	if (list->keys.count > 0)
		qsort_r(list->order, list->rows, sizeof *list->order, by_keys, list);
	for (size_t i = 0; i < list->keys.count; i++) { /* only the order is needed from here on */
		struct key *key = &list->keys.at[i];
		free(key->rank);
		free(key->pack.narrow);
		free(key->pack.wide);
		*key = (struct key){ .value = key->value };
	}
}

/* ---- rows ---- */

/* The title of an id, looked up once. */
static const char *title_of(struct list *list, struct column *column, uint32_t text)
{
	if (column->shown == NULL)
		column->shown = mem_new(list->texts.count + 1, sizeof *column->shown);
	if (column->shown[text] == NULL)
		column->shown[text] = roles_title(list->names.directory, column->titled, map_text(&list->texts, text),
			list->input->lang);
	return column->shown[text];
}

/* "7 成长之星": a number that a member is called by. */
static struct book_cell numbered_cell(struct list *list, const struct column *column, int64_t value)
{
	char id[24];
	snprintf(id, sizeof id, "%lld", (long long)value);
	const char *title = roles_member(list->names.directory, column->titled->role, id, list->input->lang);
	if (title == NULL || *title == '\0')
		return (struct book_cell){ .kind = BOOK_NUMBER, .number = value, .scale = column->scale };
	str_clear(&list->path);
	str_printf(&list->path, "%s %s", id, title);
	return sheet_text(arena_text(list->arena, str_text(&list->path)), BOOK_STYLE_NORMAL);
}

static int list_row(void *context, uint32_t row, struct book_cell *cells, struct err *err)
{
	struct slice *slice = context;
	struct list *list = slice->list;
	uint32_t at = list->order[slice->first + row];
	const struct result_directory *directory = list->names.directory;
	(void)err;
	for (size_t i = 0; i < list->columns.count; i++) {
		const struct column *column = &list->columns.at[i];
		struct book_cell *cell = &cells[i];
		int64_t value;
		*cell = (struct book_cell){ .kind = BOOK_EMPTY };
		if (!pack_get(&column->pack, at, &value)) {
			if (value == 0)
				continue;
			const struct result_reason *why = &directory->reasons[value - 1];
			*cell = sheet_text(
				column->reason ? text_pick(&why->text, list->input->lang) : label(LABEL_NONE, list->input->lang),
				BOOK_STYLE_GREY);
			continue;
		}
		switch (column->kind) {
		case VIEW_NUMBER:
			if (column->numbered) {
				*cell = numbered_cell(list, column, value);
				break;
			}
			*cell = (struct book_cell){
				.kind = BOOK_NUMBER, .number = value, .scale = column->scale + (column->percent ? 2 : 0)
			};
			break;
		case VIEW_DATE: *cell = (struct book_cell){ .kind = BOOK_DATE, .date = (int32_t)value }; break;
		case VIEW_TEXT:
			*cell = (struct book_cell){ .kind = BOOK_TEXT, .text = map_text(&list->texts, (uint32_t)value) };
			if (column->gate > 0)
				cell->style = list_gates_style(cell->text);
			else if (column->code)
				cell->text = label_code(cell->text, list->input->lang);
			else if (column->titled != NULL)
				cell->text = title_of(list, &list->columns.at[i], (uint32_t)value);
			break;
		case VIEW_BOOL:
			*cell = (struct book_cell){ .kind = BOOK_TEXT,
				.text = label(value != 0 ? LABEL_YES : LABEL_NO, list->input->lang) };
			break;
		case VIEW_MISSING: break;
		}
		if (column->wrap && cell->kind == BOOK_TEXT)
			cell->style = BOOK_STYLE_NOTE;
		int64_t person;
		if (column->link && cell->kind == BOOK_TEXT && pack_get(&list->person, at, &person)) {
			str_clear(&list->path);
			str_printf(&list->path, "%s/", list->input->archive_folder);
			list->input->archive_path(&list->path, facts_key(list->input->facts, KEY_DIM_EMPLOYEE, (uint32_t)person));
			cell->kind = BOOK_LINK;
			cell->target = str_text(&list->path);
		}
	}
	int64_t bits = 0;
	if (list->bits.count > 0)
		pack_get(&list->bits, at, &bits);
	for (size_t i = 0; bits != 0 && i < list->marks.count; i++) {
		const struct mark *mark = &list->marks.at[i];
		if (mark->formula != NULL || (bits >> mark->bit & 1) == 0)
			continue;
		for (size_t c = 0; c < list->columns.count; c++)
			if (mark->column < 0 || mark->column == (int)c)
				cells[c].style = mark->style;
	}
	return 0;
}

/* ---- columns ---- */

static enum book_format format_of(const char *text)
{
	static const struct {
		const char *name;
		enum book_format format;
	} formats[] = {
		{ "general", BOOK_FORMAT_GENERAL },
		{ "text", BOOK_FORMAT_TEXT },
		{ "integer", BOOK_FORMAT_INTEGER },
		{ "decimal1", BOOK_FORMAT_DECIMAL1 },
		{ "decimal2", BOOK_FORMAT_DECIMAL2 },
		{ "percent", BOOK_FORMAT_PERCENT },
		{ "percent1", BOOK_FORMAT_PERCENT1 },
		{ "date", BOOK_FORMAT_DATE },
		{ "stars", BOOK_FORMAT_STARS },
	};
	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(formats[i].name, text) == 0)
			return formats[i].format;
	return BOOK_FORMAT_GENERAL;
}

static enum book_format default_format(const struct view_value *value)
{
	const struct result_column *column = value->name != NULL ? value->name->column : NULL;
	if (value->kind == VIEW_DATE)
		return BOOK_FORMAT_DATE;
	if (value->kind == VIEW_TEXT || value->kind == VIEW_BOOL)
		return BOOK_FORMAT_TEXT;
	if (value->kind != VIEW_NUMBER || value->scale < 0)
		return BOOK_FORMAT_GENERAL;
	if (column != NULL && strcmp(column->role, "grade") == 0)
		return BOOK_FORMAT_STARS;
	if (column != NULL && strcmp(column->unit, "%") == 0)
		return BOOK_FORMAT_PERCENT1;
	if (value->scale == 0)
		return BOOK_FORMAT_INTEGER;
	return value->scale == 1 ? BOOK_FORMAT_DECIMAL1 : BOOK_FORMAT_DECIMAL2;
}

static void add_rule(struct list *list, const char *look)
{
	enum book_rule_kind kind = strcmp(look, "bar") == 0 ? BOOK_RULE_DATA_BAR
		: strcmp(look, "scale") == 0                    ? BOOK_RULE_SCALE
														: BOOK_RULE_HEAT;
	VEC_PUSH(&list->rules, ((struct book_rule){ .kind = kind, .column = (uint32_t)list->columns.count - 1 }));
}

static bool in_language(const struct sheet_build *build, const struct xml_node *node)
{
	const char *lang = xml_attr(node, "lang");
	return lang == NULL || (strcmp(lang, "en") == 0) == (build->lang == TEXT_EN);
}

static int add_column(struct sheet_build *build, struct list *list, const struct xml_node *node, const char *text,
	struct text_pair title, struct err *err)
{
	if (!in_language(build, node))
		return 0;
	int number = view_bind(&list->view, node, text, err);
	if (number < 0)
		return -1;
	if (list->columns.count >= SHEET_COLUMNS)
		return xml_fail(node, err, "a list has at most %u columns", (unsigned)SHEET_COLUMNS);
	const struct view_value *value = &list->view.values.at[number];
	const struct result_column *result = value->name != NULL ? value->name->column : NULL;
	const char *format = xml_attr(node, "format"), *total = xml_attr(node, "total"), *look = xml_attr(node, "look"),
			   *link = xml_attr(node, "link"), *width = xml_attr(node, "width");
	struct column column = { .value = number, .kind = value->kind, .scale = value->scale > 0 ? value->scale : 0 };
	column.format = format != NULL ? format_of(format) : default_format(value);
	column.code = value->name != NULL && value->name->field != NULL && value->name->field->type == FIELD_CODE;
	column.wrap = xml_yes(xml_attr_or(node, "wrap", "no"));
	column.code |= xml_yes(xml_attr_or(node, "codes", "no")) && value->kind == VIEW_TEXT;
	if (result != NULL && result->type == RESULT_TEXT)
		column.titled = result;
	if (result != NULL && result->type == RESULT_NUMBER && strcmp(result->role, "box") == 0 && format == NULL) {
		column.titled = result;
		column.numbered = true;
		column.format = BOOK_FORMAT_TEXT;
	}
	column.reason = result != NULL && (!list->people || strcmp(result->role, "grade") == 0);
	column.percent =
		result != NULL && strcmp(result->unit, "%") == 0 && (format == NULL || strncmp(format, "percent", 7) == 0);
	if (value->name == NULL && value->kind == VIEW_NUMBER && value->scale < 0)
		column.scale = 6; /* a quotient: six places, exact ones are rescaled without loss */
	column.link = link != NULL && list->people && build->input != NULL && build->input->archive_path != NULL
		&& build->input->archive_folder != NULL;
	list->linked |= column.link;
	VEC_PUSH(&list->columns, column);
	if (title.zh == NULL && title.en == NULL && value->name != NULL)
		title = value->name->title;
	const char *shown = text_pick(&title, build->lang);
	if (*shown == '\0')
		return xml_fail(node, err, "the column of '%s' needs a <title>", text);
	struct str unique = { 0 };
	str_add(&unique, shown);
	for (size_t i = 0, again = 2; i < list->heads.count; i++)
		if (strcmp(list->heads.at[i].title, str_text(&unique)) == 0) { /* Excel refuses two equal heads in a table */
			str_clear(&unique);
			str_printf(&unique, "%s %u", shown, (unsigned)again++);
			i = (size_t)-1;
		}
	struct book_column head = { .title = arena_text(build->arena, str_text(&unique)), .format = column.format };
	str_release(&unique);
	int64_t columns;
	if (width != NULL && decimal_parse(width, strlen(width), 2, &columns))
		head.width = figure_double(columns, 2);
	if (total != NULL)
		head.total = strcmp(total, "sum") == 0 ? BOOK_TOTAL_SUM
			: strcmp(total, "average") == 0    ? BOOK_TOTAL_AVERAGE
											   : BOOK_TOTAL_COUNT;
	VEC_PUSH(&list->heads, head);
	if (look != NULL)
		add_rule(list, look);
	return 0;
}

/* Whether a space-separated list holds a word. */
static bool has_word(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = list; length > 0 && (at = strstr(at, word)) != NULL; at += length)
		if ((at == list || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
			return true;
	return false;
}

/* What the member of a column is called, in whatever list of its rule; none: both NULL. */
static struct text_pair member_title(const struct result_directory *directory, const struct result_column *column)
{
	for (size_t i = 0; *column->member != '\0' && i < directory->member_count; i++)
		if (strcmp(directory->members[i].rule, column->rule) == 0
			&& strcmp(directory->members[i].id, column->member) == 0)
			return directory->members[i].title;
	return (struct text_pair){ NULL, NULL };
}

static int add_columns(struct sheet_build *build, struct list *list, const struct xml_node *node, struct err *err)
{
	const struct result_table *table = &list->names.directory->tables[list->names.table];
	const char *roles = xml_attr(node, "role"), *rule = xml_attr(node, "rule"), *members = xml_attr(node, "members");
	bool before = xml_yes(xml_attr_or(node, "previous", "no"));
	for (size_t i = 0; i < table->column_count; i++) {
		const struct result_column *column = &table->columns[i];
		if (!has_word(roles, column->role) || (rule != NULL && strcmp(column->rule, rule) != 0))
			continue;
		if (members != NULL && (strcmp(members, "only") == 0) != (*column->member != '\0'))
			continue;
		const char *id = before ? arena_printf(build->arena, "previous.%s", column->id) : column->id;
		struct text_pair title = { NULL, NULL };
		if (strcmp(xml_attr_or(node, "titles", "full"), "member") == 0)
			title = member_title(list->names.directory, column);
		if (add_column(build, list, node, id, title, err) != 0)
			return -1;
	}
	return 0;
}

static int add_gates(struct sheet_build *build, struct list *list, const struct xml_node *node, struct err *err)
{
	list->gates = list_gates_open(&list->view, build->lang, node, err);
	if (list->gates == NULL)
		return -1;
	for (size_t i = 0; i < list_gates_count(list->gates); i++) {
		if (list->columns.count >= SHEET_COLUMNS)
			return xml_fail(node, err, "a list has at most %u columns", (unsigned)SHEET_COLUMNS);
		const char *title = list_gates_title(list->gates, i);
		for (size_t h = 0; h < list->heads.count; h++)
			if (strcmp(list->heads.at[h].title, title) == 0)
				title = arena_printf(build->arena, "%s (%s)", title, list_gates_id(list->gates, i));
		VEC_PUSH(&list->columns, ((struct column){ .value = -1, .kind = VIEW_TEXT, .gate = (int)i + 1 }));
		VEC_PUSH(&list->heads,
			((struct book_column){
				.title = arena_text(build->arena, title), .format = BOOK_FORMAT_TEXT, .width = 14 }));
	}
	return 0;
}

/* The column that shows a value, or -1. */
static int column_of(const struct list *list, int value)
{
	for (size_t i = 0; value >= 0 && i < list->columns.count; i++)
		if (list->columns.at[i].value == value)
			return (int)i;
	return -1;
}

/*
 * A comparison of two shown numeric columns, or of one with a plain number, becomes a live conditional format;
 * anything else is decided once,
 * when the workbook is made. NULL: not such a comparison.
 */
static const char *live_formula(struct list *list, const char *when, uint32_t first_row)
{
	static const struct {
		const char *feel, *excel;
	} signs[] = { { "<=", "<=" }, { ">=", ">=" }, { "!=", "<>" }, { "<", "<" }, { ">", ">" }, { "=", "=" } };
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		const char *at = strstr(when, signs[i].feel);
		if (at == NULL)
			continue;
		char side[2][120];
		const char *from[2] = { when, at + strlen(signs[i].feel) }, *to[2] = { at, when + strlen(when) };
		const char *place[2] = { NULL, NULL };
		int places = 0;
		for (int s = 0; s < 2; s++) {
			while (from[s] < to[s] && *from[s] == ' ')
				from[s]++;
			while (to[s] > from[s] && to[s][-1] == ' ')
				to[s]--;
			size_t length = (size_t)(to[s] - from[s]);
			if (length == 0 || length >= sizeof side[s])
				return NULL;
			memcpy(side[s], from[s], length);
			side[s][length] = '\0';
			int64_t number;
			const struct view_name *name = view_names_find(&list->names, side[s]);
			int column = name != NULL && name->kind == VIEW_NUMBER
				? column_of(list, list->view.slot.at[name - list->names.at])
				: -1;
			if (column >= 0) {
				place[s] = sheet_place(list->arena, first_row, (uint32_t)column, true, false);
				places++;
			} else if (s == 1 && decimal_parse(side[s], length, 6, &number))
				place[s] = arena_text(list->arena, side[s]);
			else
				return NULL;
		}
		if (places == 2)
			return arena_printf(list->arena, "AND(ISNUMBER(%s),ISNUMBER(%s),%s%s%s)", place[0], place[1], place[0],
				signs[i].excel, place[1]);
		return places == 1
				&& column_of(list, list->view.slot.at[view_names_find(&list->names, side[0]) - list->names.at]) >= 0
			? arena_printf(list->arena, "AND(ISNUMBER(%s),%s%s%s)", place[0], place[0], signs[i].excel, place[1])
			: NULL;
	}
	return NULL;
}

static int add_mark(struct list *list, const struct xml_node *node, uint32_t first_row, struct err *err)
{
	const char *when = xml_attr(node, "when"), *style = xml_attr(node, "style"), *on = xml_attr(node, "column");
	struct mark mark = { .column = -1, .test = -1 };
	mark.style = strcmp(style, "up") == 0 ? BOOK_STYLE_UP
		: strcmp(style, "down") == 0      ? BOOK_STYLE_DOWN
		: strcmp(style, "grey") == 0      ? BOOK_STYLE_GREY
										  : BOOK_STYLE_STRONG;
	if (on != NULL) {
		int value = view_bind(&list->view, node, on, err);
		if (value < 0)
			return -1;
		mark.column = column_of(list, value);
		if (mark.column < 0)
			return xml_fail(node, err, "no column of this list shows '%s'", on);
	}
	mark.test = view_bind_test(&list->view, node, when, err);
	if (mark.test < 0)
		return -1;
	mark.formula = live_formula(list, when, first_row);
	if (mark.formula != NULL)
		VEC_PUSH(&list->rules,
			((struct book_rule){ .kind = BOOK_RULE_STYLE,
				.column = mark.column < 0 ? UINT32_MAX : (uint32_t)mark.column,
				.formula = mark.formula,
				.style = mark.style }));
	else {
		for (size_t i = 0; i < list->marks.count; i++)
			mark.bit += list->marks.at[i].formula == NULL;
		if (mark.bit >= 30)
			return xml_fail(node, err, "a list has at most 30 highlights");
	}
	VEC_PUSH(&list->marks, mark);
	return 0;
}

static int add_key(struct list *list, const struct xml_node *node, const char *from, const char *to, struct err *err)
{
	struct key key = { 0 };
	char text[200];
	while (from < to && *from == ' ')
		from++;
	if (from < to && *from == '-') {
		key.descending = true;
		from++;
	}
	while (to > from && to[-1] == ' ')
		to--;
	if ((size_t)(to - from) > 8 && strncmp(from, "pinyin(", 7) == 0 && to[-1] == ')') {
		key.pinyin = true;
		from += 7;
		to--;
	}
	size_t length = (size_t)(to - from);
	if (length == 0 || length >= sizeof text)
		return xml_fail(node, err, "sort '%s' names no value", xml_attr(node, "sort"));
	memcpy(text, from, length);
	text[length] = '\0';
	if (xml_yes(xml_attr_or(node, "optional", "no")) && !view_knows(&list->view, text))
		return 0;
	key.value = view_bind(&list->view, node, text, err);
	if (key.value < 0)
		return -1;
	const struct view_value *value = &list->view.values.at[key.value];
	key.kind = value->kind;
	key.orgs = list->people && value->name != NULL && value->name->source == VIEW_FACT
		&& value->name->field->id == EMPLOYEE_ORG_UNIT;
	VEC_PUSH(&list->keys, key);
	return 0;
}

#define HEAD_ROWS 3u /* title, line, blank: the table's head stands in row 3 */

/* Binds everything. *nothing: an optional list for which these results have no columns by role, or no such table. */
static int bind_list(struct sheet_build *build, struct list *list, bool *nothing, struct err *err)
{
	const struct xml_node *node = build->node;
	const char *of = xml_attr(node, "of"), *when = xml_attr(node, "when"), *sort = xml_attr(node, "sort");
	bool optional = xml_yes(xml_attr_or(node, "optional", "no"));
	size_t asked = 0, found = 0;
	*nothing = false;
	list->when = -1;
	list->input = build->input;
	list->arena = build->arena;
		if (result_table(build->directory, of) == NULL) {
		if (optional) {
			*nothing = true;
			return 0;
		}
		const char **tables = mem_new(build->directory->table_count + 1, sizeof *tables);
		for (size_t i = 0; i < build->directory->table_count; i++)
			tables[i] = build->directory->tables[i].name;
		const char *nearest = text_nearest(of, tables, build->directory->table_count);
		free(tables);
		return nearest != NULL ? xml_fail(node, err, "the results have no table '%s'; did you mean '%s'?", of, nearest)
							   : xml_fail(node, err, "the results have no table '%s'", of);
	}
	if (kept_names(&list->names, build->input, build->directory, of, build->previous, err) != 0)
		return -1;
	list->people = list->names.people || list->names.joined;
	if (!list->people && strcmp(build->audience, "manager") == 0)
		return xml_fail(node, err, "table '%s' does not name people: it is not for a manager's workbook", of);
	view_init(&list->view, &list->names, build->input);
	for (const struct xml_node *child = node->first; child != NULL; child = child->next) {
		bool leave = xml_yes(xml_attr_or(child, "optional", "no"));
		if (strcmp(child->name, "columns") == 0) {
			size_t before = list->columns.count;
			if (add_columns(build, list, child, err) != 0)
				return -1;
			asked++;
			found += list->columns.count - before;
		} else if (strcmp(child->name, "gates") == 0) {
			if (add_gates(build, list, child, err) != 0)
				return -1;
		} else if (strcmp(child->name, "column") == 0 && !(leave && !view_knows(&list->view, xml_attr(child, "value"))))
			if (add_column(build, list, child, xml_attr(child, "value"), xml_text_pair(child, "title"), err) != 0)
				return -1;
	}
	for (const struct xml_node *child = xml_child(node, "highlight"); child != NULL;
		 child = xml_next(child, "highlight")) {
		const char *on = xml_attr(child, "column");
		bool leave = xml_yes(xml_attr_or(child, "optional", "no"));
		if (leave
			&& (!view_knows(&list->view, xml_attr(child, "when")) || (on != NULL && !view_knows(&list->view, on))))
			continue;
		if (add_mark(list, child, HEAD_ROWS + 1, err) != 0)
			return -1;
	}
	/* Names and numbers of people alone say nothing: the list was asked for what the rules do not compute. */
	const char *needs = xml_attr(node, "needs");
	if (optional
		&& ((asked > 0 && found == 0) || (when != NULL && !view_knows(&list->view, when))
			|| (needs != NULL && !view_knows(&list->view, needs)))) {
		*nothing = true;
		return 0;
	}
	if (when != NULL && (list->when = view_bind_test(&list->view, node, when, err)) < 0)
		return -1;
	for (const char *at = sort; at != NULL;) {
		const char *comma = strchr(at, ',');
		if (add_key(list, node, at, comma != NULL ? comma : at + strlen(at), err) != 0)
			return -1;
		at = comma != NULL ? comma + 1 : NULL;
	}
	if (list->columns.count == 0) {
		if (!optional)
			return xml_fail(node, err, "the list has no columns");
		*nothing = true;
	}
	return 0;
}

static int check(struct sheet_build *build, struct err *err)
{
	struct list *list = mem_new(1, sizeof *list);
	bool nothing;
	int status = bind_list(build, list, &nothing, err);
	list_release(list);
	return status;
}

static int build_list(struct sheet_build *build, struct err *err)
{
	struct list *list = mem_new(1, sizeof *list);
	bool nothing;
	sheet_later(build, list_release, list);
	if (bind_list(build, list, &nothing, err) != 0)
		return -1;
	if (nothing)
		return 0;
	if (gather(list, strcmp(xml_attr_or(build->node, "people", "active"), "known") == 0, err) != 0)
		return -1;
	put_in_order(list);
	const char *title = sheet_template_title(build), *id = xml_attr(build->node, "id"),
			   *freeze = xml_attr(build->node, "freeze");
	bool totals = false;
	for (size_t i = 0; i < list->heads.count; i++)
		totals |= list->heads.at[i].total != BOOK_TOTAL_NONE;
	struct arena *arena = build->arena;
	const struct report_input *input = build->input;
	uint32_t first = 0, sheet = 1;
	do {
		uint32_t rows = list->rows - first < SHEET_ROWS_MOST ? list->rows - first : SHEET_ROWS_MOST;
		sheet_begin(
			build, sheet == 1 ? title : label_fill(arena, LABEL_CONTINUED, build->lang, title, (unsigned)sheet));
		const char *line = list->rows > SHEET_ROWS_MOST
			? label_fill(arena, LABEL_CONTINUED_NOTE, build->lang, (unsigned)list->rows, (unsigned)first + 1,
				(unsigned)(first + rows))
			: arena_printf(arena, "%s%s%s", figure_period(arena, &input->period, build->lang),
				label(LABEL_SEPARATOR, build->lang), input->run_name);
		sheet_title(build, title, line);
		struct book_sheet *now = sheet_now(build);
		if (rows == 0)
			sheet_note(build, label(LABEL_NO_ROWS, build->lang));
		else {
			struct slice *slice = arena_alloc(arena, 1, sizeof *slice);
			*slice = (struct slice){ list, first };
			const char *name =
				sheet_table_name(arena, id, sheet == 1 ? "" : arena_printf(arena, "_%u", (unsigned)sheet));
			struct book_part *part = sheet_table(build, name, list->heads.at, (uint32_t)list->heads.count, rows,
				list_row, slice, totals && first + rows == list->rows, err);
			if (part == NULL)
				return -1;
			sheet_highlight(part, list->rules.at, list->rules.count);
			int64_t columns;
			now->freeze_rows = HEAD_ROWS + 1;
			now->freeze_columns =
				freeze != NULL && decimal_parse(freeze, strlen(freeze), 0, &columns) ? (uint32_t)columns : 0;
			now->repeat_first = HEAD_ROWS;
			now->repeat_rows = 1;
		}
		first += rows;
		sheet++;
	} while (first < list->rows);
	return 0;
}

const struct sheet_kind sheet_list = { "list", "list of people or of another result table", &list_shape, check,
	build_list, true, 0, "hr manager", NULL };
