/*
 * view.c - values of templates, bound to names or expressions and read block by block.
 *
 * Decides: which names a template may use and how a stored column becomes a value. Does not decide: how a value is
 * shown.
 */
#include "report/view.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* Names stand with underscores; FEEL knows them with spaces as well. */
static struct view_name *name_add(struct view_names *names, const char *given, enum view_source source,
	enum view_kind kind, int scale, struct text_pair title)
{
	char *text = arena_text(&names->arena, given);
	for (char *at = text; *at != '\0'; at++)
		if (*at == ' ')
			*at = '_';
	if (map_find(&names->map, text, strlen(text)) != MAP_NONE)
		return NULL; /* the first owner of a name keeps it: facts before results */
	map_add(&names->map, text, strlen(text));
	if (names->count == names->capacity)
		names->at = vec_grow(names->at, names->count, &names->capacity, sizeof *names->at);
	struct view_name *name = &names->at[names->count++];
	*name = (struct view_name){ .text = text, .source = source, .kind = kind, .scale = scale, .title = title };
	return name;
}

static enum view_kind kind_of_field(const struct feed_field *field)
{
	switch (field->type) {
	case FIELD_NUMBER: return VIEW_NUMBER;
	case FIELD_DATE: return VIEW_DATE;
	case FIELD_BOOL: return VIEW_BOOL;
	case FIELD_KEY:
	case FIELD_TEXT:
	case FIELD_CODE: break;
	}
	return VIEW_TEXT;
}

static enum view_kind kind_of_result(const struct result_column *column)
{
	switch (column->type) {
	case RESULT_NUMBER: return VIEW_NUMBER;
	case RESULT_DATE: return VIEW_DATE;
	case RESULT_BOOL: return VIEW_BOOL;
	case RESULT_TEXT:
	case RESULT_KEY: break;
	}
	return VIEW_TEXT;
}

static void add_facts(struct view_names *names)
{
	const struct feed *feed = feed_at(FEED_EMPLOYEE);
	for (size_t i = 0; i < feed->field_count; i++) {
		const struct feed_field *field = &feed->fields[i];
		struct view_name *name =
			name_add(names, field->name, VIEW_FACT, kind_of_field(field), field->scale, field->label);
		if (name != NULL)
			name->field = field;
		if (field->type == FIELD_KEY && field->dim != KEY_DIM_EMPLOYEE) {
			name = name_add(
				names, arena_printf(&names->arena, "%s.id", field->name), VIEW_ID_OF_FACT, VIEW_TEXT, 0, field->label);
			if (name != NULL)
				name->field = field;
		}
	}
	name_add(names, "org_unit.path", VIEW_ORG_PATH, VIEW_TEXT, 0, feed_field_at(EMPLOYEE_ORG_UNIT)->label);
	name_add(names, "tenure", VIEW_TENURE, VIEW_NUMBER, 0, (struct text_pair){ "司龄（月）", "Months of service" });
}

static void add_results(struct view_names *names, const struct result_table *table)
{
	for (uint32_t i = 0; i < table->column_count; i++) {
		const struct result_column *column = &table->columns[i];
		struct view_name *name =
			name_add(names, column->id, VIEW_RESULT, kind_of_result(column), column->scale, column->title);
		if (name != NULL) {
			name->column = column;
			name->index = i;
		}
		if (column->type != RESULT_KEY)
			continue;
		name = name_add(
			names, arena_printf(&names->arena, "%s.id", column->id), VIEW_ID_OF_RESULT, VIEW_TEXT, 0, column->title);
		if (name != NULL) {
			name->column = column;
			name->index = i;
		}
		if (column->dim != KEY_DIM_COURSE)
			continue;
		const struct feed *feed = feed_at(FEED_COURSE);
		for (size_t f = 0; f < feed->field_count; f++) {
			const struct feed_field *field = &feed->fields[f];
			name = name_add(names, arena_printf(&names->arena, "%s.%s", column->id, field->name), VIEW_COURSE_OF_RESULT,
				kind_of_field(field), field->scale, field->label);
			if (name != NULL) {
				name->column = column;
				name->index = i;
				name->field = field;
			}
		}
	}
}

/* Results of the person a row names. */
static void add_joined(struct view_names *names, const struct result_table *people)
{
	for (uint32_t i = 0; i < people->column_count; i++) {
		const struct result_column *column = &people->columns[i];
		for (int id = 0; id < (column->type == RESULT_KEY ? 2 : 1); id++) {
			struct view_name *name =
				name_add(names, id ? arena_printf(&names->arena, "%s.id", column->id) : column->id,
					id ? VIEW_ID_OF_JOINED : VIEW_JOINED, kind_of_result(column), column->scale, column->title);
			if (name != NULL) {
				name->column = column;
				name->index = i;
			}
		}
	}
}

static void add_previous(struct view_names *names, const struct result_table *table, const struct result_table *before)
{
	for (uint32_t i = 0; i < table->column_count; i++) {
		const struct result_column *column = &table->columns[i];
		uint32_t index = 0;
		const struct result_column *old = before != NULL ? result_column(before, column->id, &index) : NULL;
		if (old != NULL && old->type != column->type)
			old = NULL;
		struct text_pair title = {
			.zh = column->title.zh != NULL ? arena_printf(&names->arena, "上期%s", column->title.zh) : NULL,
			.en = column->title.en != NULL ? arena_printf(&names->arena, "Previous: %s", column->title.en) : NULL,
		};
		struct view_name *name = name_add(names, arena_printf(&names->arena, "previous.%s", column->id), VIEW_PREVIOUS,
			kind_of_result(column), old != NULL ? old->scale : column->scale, title);
		if (name != NULL) {
			name->column = column;
			name->index = i;
			name->before = old;
			name->before_index = index;
		}
	}
}

int view_names_init(struct view_names *names, const struct result_directory *directory, const char *table,
	const struct result_directory *previous, struct err *err)
{
	*names = (struct view_names){ .directory = directory };
	const struct result_table *own = result_table(directory, table);
	if (own == NULL)
		return err_set(err, STATUS_CONFIG, "there is no result table '%s'", table);
	const struct result_table *all = result_table(directory, "people");
	names->table = (uint32_t)(own - directory->tables);
	names->people_table = all != NULL ? (uint32_t)(all - directory->tables) : 0;
	names->people = own == all;
	names->list = own->list;
	for (uint32_t i = 0; i < own->column_count && !names->people && !names->joined; i++)
		if (own->columns[i].type == RESULT_KEY && own->columns[i].dim == KEY_DIM_EMPLOYEE) {
			names->joined = true;
			names->person_column = i;
		}
	if (names->people)
		add_facts(names);
	name_add(names, "as_of", VIEW_AS_OF, VIEW_DATE, 0, (struct text_pair){ "截止日期", "As of" });
	name_add(names, "period_first", VIEW_PERIOD_FIRST, VIEW_DATE, 0,
		(struct text_pair){ "周期首日", "First day of the period" });
	add_results(names, own);
	if (names->joined && all != NULL) {
		add_facts(names); /* the table's own columns keep their names */
		add_joined(names, all);
	}
	if ((names->people || names->joined) && all != NULL)
		add_previous(names, all, previous != NULL ? result_table(previous, "people") : NULL);
	names->scope = feel_scope_new(NULL);
	for (size_t i = 0; i < names->count; i++) {
		static const enum feel_kind kinds[] = { [VIEW_MISSING] = FEEL_ANY,
			[VIEW_NUMBER] = FEEL_NUMBER,
			[VIEW_DATE] = FEEL_DATE,
			[VIEW_TEXT] = FEEL_STRING,
			[VIEW_BOOL] = FEEL_BOOLEAN };
		struct feel_type type = { .kind = kinds[names->at[i].kind], .scale = names->at[i].scale };
		feel_scope_add(names->scope, names->at[i].text, &type, (int)i);
	}
	return 0;
}

void view_names_release(struct view_names *names)
{
	if (names->scope != NULL && !names->lent)
		feel_scope_free(names->scope);
	if (!names->lent) {
		map_release(&names->map);
		vec_free(names->at);
		arena_release(&names->arena);
	}
	*names = (struct view_names){ 0 };
}

const struct view_name *view_names_find(const struct view_names *names, const char *text)
{
	char plain[200];
	size_t length = strlen(text);
	if (length >= sizeof plain)
		return NULL;
	for (size_t i = 0; i <= length; i++)
		plain[i] = text[i] == ' ' ? '_' : text[i];
	uint32_t number = map_find(&names->map, plain, length);
	return number == MAP_NONE ? NULL : &names->at[number];
}

const char *view_names_nearest(const struct view_names *names, const char *text)
{
	const char **all = mem_new(names->count + 1, sizeof *all);
	for (size_t i = 0; i < names->count; i++)
		all[i] = names->at[i].text;
	const char *nearest = text_nearest(text, all, names->count);
	free(all);
	return nearest;
}

/* ---- binding ---- */

void view_init(struct view *view, const struct view_names *names, const struct report_input *input)
{
	*view = (struct view){ .names = names, .input = input, .people = names->people };
	view->gather.input = input;
	for (size_t i = 0; i < names->count; i++)
		VEC_PUSH(&view->slot, -1);
}

void view_release(struct view *view)
{
	for (size_t i = 0; i < view->values.count; i++)
		if (view->values.at[i].expr != NULL)
			feel_free(view->values.at[i].expr);
	VEC_RELEASE(&view->values);
	VEC_RELEASE(&view->want);
	VEC_RELEASE(&view->slot);
	facts_block_release(&view->block);
	gather_release(&view->gather);
	free(view->competencies);
	arena_release(&view->arena);
	str_release(&view->scratch);
}

int view_bind_name(struct view *view, const struct view_name *name)
{
	size_t number = (size_t)(name - view->names->at);
	if (view->slot.at[number] >= 0)
		return view->slot.at[number];
	VEC_PUSH(&view->values, ((struct view_value){ .name = name, .kind = name->kind, .scale = name->scale }));
	view->slot.at[number] = (int)view->values.count - 1;
	return view->slot.at[number];
}

static enum view_kind kind_of_feel(enum feel_kind kind)
{
	switch (kind) {
	case FEEL_NUMBER: return VIEW_NUMBER;
	case FEEL_DATE: return VIEW_DATE;
	case FEEL_STRING: return VIEW_TEXT;
	case FEEL_BOOLEAN: return VIEW_BOOL;
	case FEEL_MONTHS_DURATION: return VIEW_NUMBER;
	default: return VIEW_MISSING;
	}
}

static int bind_expr(
	struct view *view, const struct xml_node *where, const char *text, enum feel_kind want, struct err *err)
{
	for (size_t i = 0; i < view->values.count; i++)
		if (view->values.at[i].expr != NULL && strcmp(feel_text_of(view->values.at[i].expr), text) == 0)
			return (int)i;
	str_clear(&view->scratch);
	str_printf(&view->scratch, "%s:%d", where->file, where->line);
	struct feel_type type = { .kind = want, .scale = -1 };
	struct feel_expr *expr = feel_compile(text, str_text(&view->scratch), view->names->scope, &type, err);
	if (expr == NULL)
		return -1;
	struct feel_type of = feel_type_of(expr);
	VEC_PUSH(&view->values, ((struct view_value){ .expr = expr, .kind = kind_of_feel(of.kind), .scale = of.scale }));
	int number = (int)view->values.count - 1;
	size_t count = feel_slots(expr, NULL, 0);
	if (count > 0) {
		int *slots = mem_new(count, sizeof *slots);
		feel_slots(expr, slots, count);
		for (size_t i = 0; i < count; i++)
			view_bind_name(view, &view->names->at[slots[i]]);
		free(slots);
	}
	return number;
}

/* A single name by its looks: letters, digits, dots, underscores; what is neither known nor such is an expression. */
static bool looks_like_name(const char *text)
{
	if (*text == '\0' || (*text >= '0' && *text <= '9'))
		return false;
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
			|| c >= 0x80;
		if (!letter)
			return false;
	}
	return true;
}

int view_bind(struct view *view, const struct xml_node *where, const char *text, struct err *err)
{
	const struct view_name *name = view_names_find(view->names, text);
	if (name != NULL)
		return view_bind_name(view, name);
	if (looks_like_name(text) && strcmp(text, "true") != 0 && strcmp(text, "false") != 0 && strcmp(text, "null") != 0) {
		const char *nearest = view_names_nearest(view->names, text);
		if (nearest != NULL)
			return xml_fail(where, err, "there is no value '%s'; did you mean '%s'?", text, nearest);
		return xml_fail(where, err, "there is no value '%s' in table '%s'", text,
			view->names->directory->tables[view->names->table].name);
	}
	return bind_expr(view, where, text, FEEL_ANY, err);
}

int view_bind_test(struct view *view, const struct xml_node *where, const char *text, struct err *err)
{
	const struct view_name *name = view_names_find(view->names, text);
	if (name != NULL && name->kind == VIEW_BOOL)
		return view_bind_name(view, name);
	return bind_expr(view, where, text, FEEL_BOOLEAN, err);
}

bool view_knows(const struct view *view, const char *text)
{
	if (view_names_find(view->names, text) != NULL)
		return true;
	if (looks_like_name(text))
		return false;
	struct err ignored = { 0 };
	struct feel_type type = { .kind = FEEL_ANY, .scale = -1 };
	struct feel_expr *expr = feel_compile(text, "", view->names->scope, &type, &ignored);
	if (expr == NULL)
		return false;
	feel_free(expr);
	return true;
}

int view_bind_before(struct view *view, const char *id)
{
	struct str text = { 0 };
	str_printf(&text, "previous.%s", id);
	const struct view_name *name = view_names_find(view->names, str_text(&text));
	str_release(&text);
	return name == NULL ? -1 : view_bind_name(view, name);
}

/* ---- reading ---- */

uint32_t view_blocks(const struct view *view)
{
	const struct report_crowd *crowd = view->input->crowd;
	if (!view->people && !view->names->list)
		return 1;
	return crowd != NULL ? (crowd->count + STORE_BLOCK - 1) / STORE_BLOCK : facts_block_count(view->input->facts);
}

static void set_column(struct view *view, struct view_value *value)
{
	const struct view_name *name = value->name;
	value->input_made = false;
	value->evaluated = false;
	value->frame = NULL;
	value->column = NULL;
	if (name == NULL)
		return;
	switch (name->source) {
	case VIEW_FACT:
	case VIEW_ID_OF_FACT:
		value->frame = &view->facts;
		value->column = frame_column(value->frame, (uint32_t)name->field->id);
		break;
	case VIEW_ORG_PATH:
		value->frame = &view->facts;
		value->column = frame_column(value->frame, (uint32_t)EMPLOYEE_ORG_UNIT);
		break;
	case VIEW_TENURE:
		value->frame = &view->facts;
		value->column = frame_column(value->frame, (uint32_t)EMPLOYEE_HIRE_DATE);
		break;
	case VIEW_RESULT:
	case VIEW_ID_OF_RESULT:
	case VIEW_COURSE_OF_RESULT:
		value->frame = &view->result;
		value->column = frame_column(value->frame, name->index);
		break;
	case VIEW_JOINED:
	case VIEW_ID_OF_JOINED:
		value->frame = &view->joined;
		value->column = frame_column(value->frame, name->index);
		break;
	case VIEW_PREVIOUS:
		value->frame = &view->before;
		value->column = name->before != NULL ? frame_column(value->frame, name->before_index) : NULL;
		break;
	case VIEW_AS_OF:
	case VIEW_PERIOD_FIRST: break;
	}
}

/* Which columns of each source the values want. */
struct wanted {
	struct frame_column *facts, *result, *joined, *before;
	size_t fact_count, result_count, joined_count, before_count;
};

static struct frame_column like_field(const struct feed_field *field)
{
	return (struct frame_column){ .id = (uint32_t)field->id,
		.type = field->type == FIELD_DATE ? FRAME_I32
			: field->type == FIELD_NUMBER ? FRAME_I64
										  : FRAME_U32,
		.scale = field->type == FIELD_NUMBER ? field->scale : 0,
		.text = field->type == FIELD_TEXT };
}

static struct frame_column like_result(const struct result_column *column, uint32_t index)
{
	return (struct frame_column){ .id = index,
		.type = column->type == RESULT_DATE ? FRAME_I32
			: column->type == RESULT_NUMBER ? FRAME_I64
											: FRAME_U32,
		.scale = column->type == RESULT_NUMBER ? column->scale : 0,
		.text = column->type == RESULT_TEXT };
}

static size_t add_like(struct frame_column *all, size_t count, struct frame_column like)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].id == like.id)
			return count;
	all[count] = like;
	return count + 1;
}

static void find_wanted(struct view *view, struct wanted *wanted)
{
	const struct view_names *names = view->names;
	const struct result_table *own = &names->directory->tables[names->table];
	size_t room = view->values.count + view->want.count + own->column_count + 2;
	struct frame_column **all[] = { &wanted->facts, &wanted->result, &wanted->joined, &wanted->before };
	*wanted = (struct wanted){ 0 };
	for (size_t i = 0; i < 4; i++)
		*all[i] = arena_alloc(&view->arena, room, sizeof **all[i]);
	if (!view->people) /* small: whole rows; column 0 of lists is the employee */
		for (uint32_t i = 0; i < own->column_count; i++)
			wanted->result_count =
				add_like(wanted->result, wanted->result_count, like_result(&own->columns[i], i));
	for (size_t i = 0; i < view->want.count; i++)
		wanted->result_count = add_like(wanted->result, wanted->result_count,
			like_result(&own->columns[view->want.at[i]], view->want.at[i]));
	for (size_t i = 0; i < view->values.count; i++) {
		const struct view_name *name = view->values.at[i].name;
		if (name == NULL)
			continue;
		switch (name->source) {
		case VIEW_FACT:
		case VIEW_ID_OF_FACT:
			wanted->fact_count = add_like(wanted->facts, wanted->fact_count, like_field(name->field));
			break;
		case VIEW_ORG_PATH:
			wanted->fact_count =
				add_like(wanted->facts, wanted->fact_count, like_field(feed_field_at(EMPLOYEE_ORG_UNIT)));
			break;
		case VIEW_TENURE:
			wanted->fact_count =
				add_like(wanted->facts, wanted->fact_count, like_field(feed_field_at(EMPLOYEE_HIRE_DATE)));
			break;
		case VIEW_RESULT:
		case VIEW_ID_OF_RESULT:
		case VIEW_COURSE_OF_RESULT:
			wanted->result_count =
				add_like(wanted->result, wanted->result_count, like_result(name->column, name->index));
			break;
		case VIEW_JOINED:
		case VIEW_ID_OF_JOINED:
			wanted->joined_count =
				add_like(wanted->joined, wanted->joined_count, like_result(name->column, name->index));
			break;
		case VIEW_PREVIOUS:
			if (name->before != NULL)
				wanted->before_count =
					add_like(wanted->before, wanted->before_count, like_result(name->before, name->before_index));
			break;
		case VIEW_AS_OF:
		case VIEW_PERIOD_FIRST: break;
		}
	}
}

static uint32_t *ids_of(struct view *view, const struct frame_column *like, size_t count)
{
	uint32_t *ids = arena_alloc(&view->arena, count + 1, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = like[i].id;
	return ids;
}

static uint32_t previous_people(const struct view *view)
{
	const struct result_directory *directory = view->input->previous_directory;
	return (uint32_t)(result_table(directory, "people") - directory->tables);
}

/* A block of people as it stands in the store. */
static int load_people(struct view *view, uint32_t block, const struct wanted *wanted, struct err *err)
{
	const struct report_input *input = view->input;
	bool found;
	if (facts_block_load(input->facts, input->store, block, view->feeds, &view->block, err) != 0)
		return -1;
	view->facts = view->block.employee;
	view->active = view->block.active;
	view->known = view->block.known;
	view->count = view->block.count;
	if (wanted->result_count > 0
		&& store_result_get(input->store, input->run, view->names->table, block,
			   ids_of(view, wanted->result, wanted->result_count), wanted->result_count, &view->arena, &view->result,
			   &found, err)
			!= 0)
		return -1;
	if (wanted->before_count > 0 && input->previous != 0
		&& store_result_get(input->store, input->previous, previous_people(view), block,
			   ids_of(view, wanted->before, wanted->before_count), wanted->before_count, &view->arena, &view->before,
			   &found, err)
			!= 0)
		return -1;
	return 0;
}

/* What is wanted of the people of view->person, whose results are those of the table `people` into *results. */
static int gather_people(struct view *view, const struct wanted *wanted, const struct frame_column *like, size_t count,
	struct frame *results, struct err *err)
{
	const struct report_input *input = view->input;
	struct gather *gather = &view->gather;
	view->active = arena_alloc(&view->arena, (size_t)view->count + 1, 1);
	view->known = arena_alloc(&view->arena, (size_t)view->count + 1, 1);
	if (gather_facts(gather, view->person, view->count, wanted->facts, wanted->fact_count, &view->arena, &view->facts,
			view->active, view->known, err)
		!= 0)
		return -1;
	if (count > 0
		&& gather_results(gather, input->run, view->names->people_table, view->person, view->count, like, count,
			   &view->arena, results, err)
			!= 0)
		return -1;
	if (wanted->before_count > 0 && input->previous != 0
		&& gather_results(gather, input->previous, previous_people(view), view->person, view->count, wanted->before,
			   wanted->before_count, &view->arena, &view->before, err)
			!= 0)
		return -1;
	return 0;
}

static uint32_t chunk_of(const struct report_crowd *crowd, uint32_t block, const uint32_t **keys)
{
	uint32_t first = block * STORE_BLOCK, left = crowd->count > first ? crowd->count - first : 0;
	*keys = crowd->people + first;
	return left < STORE_BLOCK ? left : STORE_BLOCK;
}

/* Rows of a table that name people: those of the crowd only, each with its person. */
static int load_joined(struct view *view, uint32_t block, const struct wanted *wanted, struct err *err)
{
	const struct report_input *input = view->input;
	const struct view_names *names = view->names;
	bool found;
	if (names->list && input->crowd != NULL) {
		const uint32_t *keys;
		uint32_t n = chunk_of(input->crowd, block, &keys);
		if (gather_list(&view->gather, input->run, names->table, keys, n, wanted->result, wanted->result_count,
				&view->arena, &view->result, err)
			!= 0)
			return -1;
	} else if (store_result_get(input->store, input->run, names->table, names->list ? block : STORE_BLOCK_NONE, NULL, 0,
				   &view->arena, &view->result, &found, err)
		!= 0)
		return -1;
	const struct frame_column *person = frame_column(&view->result, names->person_column);
	if (input->crowd != NULL && !names->list) {
		uint32_t *kept = arena_alloc(&view->arena, (size_t)view->result.count + 1, sizeof *kept), count = 0;
		for (uint32_t row = 0; person != NULL && row < view->result.count; row++)
			if (person->u32[row] != FRAME_NONE && crowd_has(input->crowd, person->u32[row]))
				kept[count++] = row;
		struct frame all = view->result;
		gather_pick(&all, kept, count, &view->arena, &view->result);
		person = frame_column(&view->result, names->person_column);
	}
	view->count = view->result.count;
	view->person = arena_alloc(&view->arena, (size_t)view->count + 1, sizeof *view->person);
	for (uint32_t row = 0; row < view->count; row++)
		view->person[row] = person != NULL ? person->u32[row] : FRAME_NONE;
	return gather_people(view, wanted, wanted->joined, wanted->joined_count, &view->joined, err);
}

static int load_rows(struct view *view, uint32_t block, struct err *err)
{
	const struct report_input *input = view->input;
	struct wanted wanted;
	bool found;
	find_wanted(view, &wanted);
	view->facts = view->result = view->joined = view->before = (struct frame){ 0 };
	view->person = NULL;
	view->active = view->known = NULL;
	view->count = 0;
	if (view->people && input->crowd == NULL)
		return load_people(view, block, &wanted, err);
	if (view->people) {
		const uint32_t *keys;
		view->count = chunk_of(input->crowd, block, &keys);
		view->person = arena_alloc(&view->arena, (size_t)view->count + 1, sizeof *view->person);
		if (view->count > 0)
			memcpy(view->person, keys, view->count * sizeof *keys);
		return gather_people(view, &wanted, wanted.result, wanted.result_count, &view->result, err);
	}
	if (view->names->joined)
		return load_joined(view, block, &wanted, err);
	if (store_result_get(input->store, input->run, view->names->table, STORE_BLOCK_NONE, NULL, 0, &view->arena,
			&view->result, &found, err)
		!= 0)
		return -1;
	view->count = view->result.count;
	return 0;
}

static const struct feel_column *input_column(void *host, int slot);
static void input_value(void *host, int slot, size_t row, struct arena *arena, struct feel_value *value);

int view_load(struct view *view, uint32_t block, struct err *err)
{
	arena_reset(&view->arena);
	if (load_rows(view, block, err) != 0)
		return -1;
	for (size_t i = 0; i < view->values.count; i++)
		set_column(view, &view->values.at[i]);
	for (size_t i = 0; i < view->values.count; i++) {
		struct view_value *value = &view->values.at[i];
		if (value->expr == NULL || view->count == 0)
			continue;
		struct feel_rows rows = { .count = view->count,
			.host = view,
			.column = input_column,
			.get = input_value,
			.today = facts_params(view->input->facts)->as_of };
		if (feel_eval_rows(value->expr, &rows, -1, &view->arena, &value->result, err) != 0)
			return -1;
		value->evaluated = true;
	}
	return 0;
}

static const struct result_reason *reason_of(
	const struct result_directory *directory, const struct frame_column *column, uint32_t row)
{
	if (directory == NULL || column->why == NULL || column->why[row] == 0 || column->why[row] > directory->reason_count)
		return NULL;
	return &directory->reasons[column->why[row] - 1];
}

static void cell_text(struct view_cell *cell, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	cell->kind = VIEW_TEXT;
	cell->text = text;
}

/* The raw number of a column's row; false if missing. */
static bool raw_at(const struct frame_column *column, uint32_t row, int64_t *number)
{
	switch (column->type) {
	case FRAME_U32: *number = column->u32[row]; return column->u32[row] != FRAME_NONE;
	case FRAME_I32: *number = column->i32[row]; return column->i32[row] != DATE_NONE;
	case FRAME_I64: *number = column->i64[row]; return column->i64[row] != DECIMAL_NONE;
	}
	return false;
}

/* Competencies have their titles from the rules. */
static const char *competency_title(struct view *view, uint32_t key)
{
	const struct result_directory *directory = view->names->directory;
	const struct facts *facts = view->input->facts;
	uint32_t count = facts_key_count(facts, KEY_DIM_COMPETENCY);
	if (view->competencies == NULL) {
		view->competencies = mem_new((size_t)count + 1, sizeof *view->competencies);
		for (uint32_t k = 0; k < count; k++) {
			view->competencies[k] = facts_key(facts, KEY_DIM_COMPETENCY, k);
			for (size_t i = 0; i < directory->member_count; i++) {
				const struct result_member *member = &directory->members[i];
				if (strcmp(member->list, "competency") != 0 || strcmp(member->id, view->competencies[k]) != 0)
					continue;
				view->competencies[k] = text_pick(&member->title, view->input->lang);
				break;
			}
		}
	}
	return key < count ? view->competencies[key] : NULL;
}

static const char *key_text(struct view *view, enum key_dim dim, uint32_t key, bool id)
{
	const struct report_input *input = view->input;
	if (dim == KEY_DIM_EMPLOYEE && !crowd_may_name(input->crowd, key))
		return NULL; /* somebody this workbook is not about */
	if (id)
		return facts_key(input->facts, dim, key);
	switch (dim) {
	case KEY_DIM_COMPETENCY: return competency_title(view, key);
	case KEY_DIM_ORG: return facts_org_name(input->facts, key);
	case KEY_DIM_POSITION: return facts_position_title(input->facts, key);
	case KEY_DIM_COURSE: return facts_course_title(input->facts, key);
	default: return facts_key(input->facts, dim, key);
	}
}

/* A field of a feed row as a value. */
static void field_at(struct view *view, const struct feed_field *field, const struct frame *frame,
	const struct frame_column *column, uint32_t row, bool id, struct view_cell *cell)
{
	int64_t number;
	if (column == NULL || row >= frame->count)
		return;
	if (field->type == FIELD_TEXT) {
		cell_text(cell, frame_text(frame, column, row));
		return;
	}
	if (!raw_at(column, row, &number))
		return;
	if (field->type == FIELD_KEY)
		cell_text(cell, key_text(view, field->dim, (uint32_t)number, id));
	else if (field->type == FIELD_CODE) {
		char room[64];
		const char *name = feed_code_name(field, (uint32_t)number, room, sizeof room);
		if (name == room)
			name = arena_text(&view->arena, name);
		cell_text(cell, name);
	} else
		*cell = (struct view_cell){
			.kind = kind_of_field(field), .number = number, .scale = field->type == FIELD_NUMBER ? column->scale : 0
		};
}

static void result_at(struct view *view, const struct result_directory *directory, const struct result_column *result,
	const struct view_value *value, uint32_t row, bool id, struct view_cell *cell)
{
	const struct frame_column *column = value->column;
	int64_t number;
	if (column == NULL || row >= value->frame->count)
		return;
	cell->why = reason_of(directory, column, row);
	if (column->text) {
		cell_text(cell, frame_text(value->frame, column, row));
		return;
	}
	if (!raw_at(column, row, &number))
		return;
	if (result->type == RESULT_KEY)
		cell_text(cell, key_text(view, result->dim, (uint32_t)number, id));
	else {
		cell->kind = kind_of_result(result);
		cell->number = number;
		cell->scale = result->type == RESULT_NUMBER ? column->scale : 0;
	}
}

static void expr_at(const struct view_value *value, uint32_t row, struct view_cell *cell)
{
	const struct feel_column *column = &value->result;
	if (!value->evaluated || column->v == NULL || column->v[row] == INT64_MIN)
		return;
	cell->kind = kind_of_feel(column->type.kind);
	if (cell->kind == VIEW_TEXT) {
		cell->kind = VIEW_MISSING;
		cell_text(cell, (size_t)column->v[row] < column->text_count ? column->texts[column->v[row]] : NULL);
		return;
	}
	cell->number = column->v[row];
	if (cell->kind != VIEW_NUMBER)
		return;
	cell->scale = column->type.kind == FEEL_NUMBER && column->type.scale > 0 ? column->type.scale : 0;
	if (column->decimals != NULL) {
		cell->scale = 0;
		if (!decimal_to_scaled(column->decimals[row], 0, &cell->number)) {
			cell->scale = 6; /* what a reader sees of 1/3 */
			if (!decimal_to_scaled_rounded(column->decimals[row], 6, &cell->number))
				cell->kind = VIEW_MISSING;
		}
	}
}

uint32_t view_person(const struct view *view, uint32_t row)
{
	return view->person != NULL ? view->person[row] : view->people ? view->block.first + row : FRAME_NONE;
}

void view_at(struct view *view, int number, uint32_t row, struct view_cell *cell)
{
	*cell = (struct view_cell){ .kind = VIEW_MISSING };
	if (number < 0)
		return;
	const struct view_value *value = &view->values.at[number];
	const struct view_name *name = value->name;
	int64_t raw;
	if (name == NULL) {
		expr_at(value, row, cell);
		return;
	}
	switch (name->source) {
	case VIEW_FACT:
	case VIEW_ID_OF_FACT:
		if (name->field->id == EMPLOYEE_EMPLOYEE_ID) { /* the row itself says whose it is */
			cell_text(cell, facts_key(view->input->facts, KEY_DIM_EMPLOYEE, view_person(view, row)));
			break;
		}
		field_at(view, name->field, value->frame, value->column, row, name->source == VIEW_ID_OF_FACT, cell);
		break;
	case VIEW_RESULT:
	case VIEW_ID_OF_RESULT:
		result_at(view, view->names->directory, name->column, value, row, name->source == VIEW_ID_OF_RESULT, cell);
		break;
	case VIEW_JOINED:
	case VIEW_ID_OF_JOINED:
		result_at(view, view->names->directory, name->column, value, row, name->source == VIEW_ID_OF_JOINED, cell);
		break;
	case VIEW_PREVIOUS:
		if (name->before != NULL)
			result_at(view, view->input->previous_directory, name->before, value, row, false, cell);
		break;
	case VIEW_COURSE_OF_RESULT:
		if (value->column != NULL && row < value->frame->count && raw_at(value->column, row, &raw)) {
			const struct frame *courses = &facts_courses(view->input->facts)->frame;
			field_at(view, name->field, courses, frame_column(courses, (uint32_t)name->field->id), (uint32_t)raw, false,
				cell);
		}
		break;
	case VIEW_ORG_PATH:
		if (value->column != NULL && raw_at(value->column, row, &raw))
			cell_text(cell, facts_org_path(view->input->facts, (uint32_t)raw, &view->arena));
		break;
	case VIEW_TENURE:
		if (value->column != NULL && raw_at(value->column, row, &raw))
			*cell = (struct view_cell){ .kind = VIEW_NUMBER,
				.number = date_months_between((int32_t)raw, facts_params(view->input->facts)->as_of) };
		break;
	case VIEW_AS_OF:
		*cell = (struct view_cell){ .kind = VIEW_DATE, .number = facts_params(view->input->facts)->as_of };
		break;
	case VIEW_PERIOD_FIRST:
		*cell = (struct view_cell){ .kind = VIEW_DATE, .number = facts_params(view->input->facts)->period_first };
		break;
	}
}

bool view_true(struct view *view, int value, uint32_t row)
{
	struct view_cell cell;
	view_at(view, value, row, &cell);
	return cell.kind == VIEW_BOOL && cell.number == 1;
}

/* ---- what expressions read ---- */

/* Texts come row by row (input_value): equal texts must have equal codes and only FEEL knows how it compares them. */
static const struct feel_column *input_column(void *host, int slot)
{
	struct view *view = host;
	struct view_value *value = &view->values.at[view->slot.at[slot]];
	if (value->kind == VIEW_TEXT || value->kind == VIEW_MISSING)
		return NULL;
	if (value->input_made)
		return &value->input;
	value->input_made = true;
	value->input = (struct feel_column){ .v = arena_alloc(&view->arena, view->count, sizeof(int64_t)) };
	value->input.type.kind = value->kind == VIEW_NUMBER ? FEEL_NUMBER
		: value->kind == VIEW_DATE                      ? FEEL_DATE
														: FEEL_BOOLEAN;
	value->input.type.scale = value->name->scale;
	for (uint32_t row = 0; row < view->count; row++) {
		struct view_cell cell;
		view_at(view, view->slot.at[slot], row, &cell);
		int64_t number = cell.number;
		bool known = cell.kind == value->kind
			&& (cell.kind != VIEW_NUMBER || decimal_rescale(cell.number, cell.scale, value->name->scale, &number));
		value->input.v[row] = known ? number : INT64_MIN;
	}
	return &value->input;
}

static void input_value(void *host, int slot, size_t row, struct arena *arena, struct feel_value *value)
{
	struct view *view = host;
	struct view_cell cell;
	view_at(view, view->slot.at[slot], (uint32_t)row, &cell);
	switch (cell.kind) {
	case VIEW_NUMBER: *value = feel_number(decimal_from_scaled(cell.number, cell.scale)); return;
	case VIEW_DATE: *value = feel_date((int32_t)cell.number); return;
	case VIEW_BOOL: *value = feel_boolean(cell.number == 1); return;
	case VIEW_TEXT: *value = feel_string(arena, cell.text, strlen(cell.text)); return;
	case VIEW_MISSING: break;
	}
	*value = feel_null();
}
