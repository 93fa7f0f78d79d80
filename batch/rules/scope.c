/*
 * scope.c - the names rules may use: their types, and where their values come from, column by column or for one row.
 *
 * Decides: which names exist for persons (employee fields, dates of the run, results of other rules, earlier results,
 * performance("…")) and for completions (their fields, course.*); that protected attributes never enter grading. Does
 * not decide: what FEEL means (feel/).
 */
#include "rules/kind.h"

#include <stdlib.h>
#include <string.h>

/* --- loading: names and expressions --- */
static struct feel_type type_of_field(const struct feed_field *field)
{
	switch (field->type) {
	case FIELD_DATE:
		return (struct feel_type){ .kind = FEEL_DATE };
	case FIELD_NUMBER:
		return (struct feel_type){ .kind = FEEL_NUMBER, .scale = field->scale };
	case FIELD_BOOL:
		return (struct feel_type){ .kind = FEEL_BOOLEAN };
	case FIELD_KEY:
	case FIELD_TEXT:
	case FIELD_CODE:
		break;
	}
	return (struct feel_type){ .kind = FEEL_STRING };
}

static struct feel_type type_of_result(const struct result_column *column)
{
	switch (column->type) {
	case RESULT_NUMBER:
		return (struct feel_type){ .kind = FEEL_NUMBER, .scale = column->scale };
	case RESULT_DATE:
		return (struct feel_type){ .kind = FEEL_DATE };
	case RESULT_BOOL:
		return (struct feel_type){ .kind = FEEL_BOOLEAN };
	case RESULT_TEXT:
	case RESULT_KEY:
		break;
	}
	return (struct feel_type){ .kind = FEEL_STRING };
}

static int add_name(struct rulebook *book, enum rules_scope scope, const struct rules_name *name)
{
	int slot = (int)book->names[scope].count;
	VEC_PUSH(&book->names[scope], *name);
	if (name->source != RULES_PERFORMANCE && (name->function == NULL || name->function->takes == NULL))
		feel_scope_add(book->scopes[scope], name->name, &name->type, slot);
	return slot;
}

static void add_fields(
	struct rulebook *book, enum rules_scope scope, enum feed_id feed, enum rules_source source, const char *prefix)
{
	const struct feed *from = feed_at(feed);
	for (size_t i = 0; i < from->field_count; i++) {
		const struct feed_field *field = &from->fields[i];
		struct rules_name name = { .source = source, .type = type_of_field(field), .field = field->id };
		name.name = arena_printf(&book->arena, "%s%s", prefix, field->name);
		for (size_t k = 0; feed == FEED_EMPLOYEE && k < book->guarded.count; k++)
			name.guarded |= strcmp(book->guarded.at[k], field->name) == 0;
		add_name(book, scope, &name);
	}
}

/* performance("qa"): the value of that kind in the review period. */
static int bind_performance(void *host, const char *function, const struct feel_value *args, size_t count,
	struct feel_type *type, int *slot, struct err *err)
{
	struct rulebook *book = host;
	if (count == 2)
		return err_set(
			err, STATUS_CONFIG, "%s(kind, n), the mean of n periods, is not supported yet", function);
	if (count != 1 || args[0].kind != FEEL_STRING)
		return err_set(err, STATUS_CONFIG, "%s takes one text, the kind: %s(\"qa\")", function, function);
	*type = (struct feel_type){ .kind = FEEL_NUMBER, .scale = feed_field_at(PERFORMANCE_VALUE)->scale };
	book->feeds |= 1u << FEED_PERFORMANCE;
	for (size_t i = 0; i < book->names[RULES_SCOPE_PERSON].count; i++) {
		const struct rules_name *name = &book->names[RULES_SCOPE_PERSON].at[i];
		if (name->source == RULES_PERFORMANCE && strcmp(name->kind, args[0].string.text) == 0) {
			*slot = (int)i;
			return 0;
		}
	}
	struct rules_name name = { .source = RULES_PERFORMANCE, .type = *type };
	name.kind = arena_text(&book->arena, args[0].string.text);
	name.name = arena_printf(&book->arena, "%s(\"%s\")", function, name.kind);
	*slot = add_name(book, RULES_SCOPE_PERSON, &name);
	return 0;
}

/* --- functions registered by other files --- */
static const struct rules_function *const functions[] = {
#define X(name) name##_functions,
	RULES_FUNCTIONS(X)
#undef X
};
#define FUNCTION_LISTS (sizeof functions / sizeof functions[0])

const struct rules_function_info *rules_functions(size_t *count)
{
	static struct rules_function_info info[200];
	*count = 0;
	info[(*count)++] = (struct rules_function_info){ "performance", "kind",
		"The newest value of a measure in the review period: performance(\"qa\")." };
	for (size_t i = 0; i < FUNCTION_LISTS; i++)
		for (const struct rules_function *f = functions[i]; f->name != NULL; f++)
			if (*count < sizeof info / sizeof info[0])
				info[(*count)++] = (struct rules_function_info){ f->name,
					f->takes == NULL ? NULL : f->parameters, f->help };
	return info;
}

static const struct rules_function *function_of(const char *name)
{
	for (size_t i = 0; i < FUNCTION_LISTS; i++)
		for (const struct rules_function *f = functions[i]; f->name != NULL; f++)
			if (strcmp(f->name, name) == 0)
				return f;
	return NULL;
}

static bool argument_fits(char letter, const struct feel_value *value)
{
	int64_t whole;
	if (letter == 't')
		return value->kind == FEEL_STRING;
	return value->kind == FEEL_NUMBER && decimal_to_int(value->number, &whole) && whole >= 0;
}

static int bind_function(void *host, const char *function, const struct feel_value *args, size_t count,
	struct feel_type *type, int *slot, struct err *err)
{
	struct rulebook *book = host;
	const struct rules_function *f = function_of(function);
	struct rules_name name = { .source = RULES_FUNCTION, .function = f };
	struct feel_value *kept = arena_alloc(&book->arena, count + 1, sizeof *kept);
	struct str text = { 0 };
	bool fits = count == strlen(f->takes);
	str_printf(&text, "%s(", function);
	for (size_t i = 0; i < count && fits; i++) {
		fits = argument_fits(f->takes[i], &args[i]);
		kept[i] = args[i];
		if (args[i].kind == FEEL_STRING)
			kept[i] = feel_string(&book->arena, args[i].string.text, args[i].string.length);
		str_add(&text, i == 0 ? "" : ", ");
		feel_print_literal(&text, &args[i]);
	}
	str_add_char(&text, ')');
	name.name = arena_text(&book->arena, str_text(&text));
	str_release(&text);
	if (!fits)
		return err_set(err, STATUS_CONFIG, "%s(%s): wrong arguments; %s", function, f->parameters, f->help);
	name.args = kept;
	name.type = f->type;
	for (size_t i = 0; i < book->names[RULES_SCOPE_PERSON].count; i++) {
		const struct rules_name *old = &book->names[RULES_SCOPE_PERSON].at[i];
		if (old->function == f && strcmp(old->name, name.name) == 0) {
			*type = old->type;
			*slot = (int)i;
			return 0;
		}
	}
	if (f->bind != NULL && f->bind(book, &name, err) != 0)
		return -1;
	book->feeds |= f->feeds;
	*type = name.type;
	*slot = add_name(book, RULES_SCOPE_PERSON, &name);
	return 0;
}

static void add_functions(struct rulebook *book)
{
	for (size_t i = 0; i < FUNCTION_LISTS; i++)
		for (const struct rules_function *f = functions[i]; f->name != NULL; f++) {
			if (f->takes != NULL)
				feel_scope_function(book->scopes[RULES_SCOPE_PERSON], f->name, bind_function, book);
			else
				add_name(book, RULES_SCOPE_PERSON,
					&(struct rules_name){ .name = f->name,
						.source = RULES_FUNCTION,
						.type = f->type,
						.function = f });
		}
}

int scope_prepare(struct rules_work *work, struct err *err)
{
	size_t count = work->book->names[RULES_SCOPE_PERSON].count;
	work->function_state = arena_alloc(&work->arena, count + 1, sizeof *work->function_state);
	for (size_t i = 0; i < count; i++) {
		const struct rules_name *name = &work->book->names[RULES_SCOPE_PERSON].at[i];
		if (name->function != NULL && name->function->prepare != NULL &&
			name->function->prepare(name, work, &work->function_state[i], err) != 0)
			return -1;
	}
	return 0;
}

void *rules_function_state(const struct rules_work *work, const struct rules_name *name)
{
	return work->function_state[name - work->book->names[RULES_SCOPE_PERSON].at];
}

int scope_open(struct rulebook *book, struct err *err)
{
	(void)err;
	static const struct {
		const char *name;
		enum rules_source source;
	} dates[] = { { "as_of", RULES_AS_OF }, { "period_start", RULES_PERIOD_START },
		{ "period_end", RULES_PERIOD_END } };
	for (int scope = 0; scope < RULES_SCOPE_COUNT; scope++) {
		book->scopes[scope] = feel_scope_new(NULL);
		for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
			add_name(book, (enum rules_scope)scope,
				&(struct rules_name){ .name = dates[i].name,
					.source = dates[i].source,
					.type = { .kind = FEEL_DATE } });
	}
	add_fields(book, RULES_SCOPE_PERSON, FEED_EMPLOYEE, RULES_EMPLOYEE, "");
	feel_scope_function(book->scopes[RULES_SCOPE_PERSON], "performance", bind_performance, book);
	add_functions(book);
	add_fields(book, RULES_SCOPE_COMPLETION, FEED_COMPLETION, RULES_COMPLETION, "");
	add_fields(book, RULES_SCOPE_COMPLETION, FEED_COURSE, RULES_COURSE, "course.");
	return 0;
}

void scope_add_results(struct rulebook *book)
{
	for (size_t i = 0; i < book->columns.count; i++) {
		const struct result_column *column = &book->columns.at[i].result;
		struct rules_name name = { .name = column->id,
			.source = RULES_RESULT,
			.type = type_of_result(column),
			.column = (uint32_t)i };
		add_name(book, RULES_SCOPE_PERSON, &name);
		name.source = RULES_PREVIOUS;
		name.name = arena_printf(&book->arena, "previous.%s", column->id);
		add_name(book, RULES_SCOPE_PERSON, &name);
	}
}

void scope_close(struct rulebook *book)
{
	for (int scope = 0; scope < RULES_SCOPE_COUNT; scope++) {
		if (book->scopes[scope] != NULL)
			feel_scope_free(book->scopes[scope]);
		VEC_RELEASE(&book->names[scope]);
	}
}

static void need(struct rules_rule *rule, unsigned part, unsigned node)
{
	for (size_t i = 0; i < rule->after[part].count; i++)
		if (rule->after[part].at[i] == node)
			return;
	VEC_PUSH(&rule->after[part], node);
}

void scope_need(struct rules_rule *rule, unsigned part, const struct rules_rule *of)
{
	need(rule, part, of->index * RULES_PARTS + RULES_PERSON);
}

struct feel_expr *scope_compile(struct rules_rule *rule, unsigned part, enum rules_scope scope,
	const struct xml_node *node, const char *text, enum feel_kind want, struct err *err)
{
	struct rulebook *book = rule->book;
	struct feel_type type = { .kind = want, .scale = -1 };
	struct feel_expr *expr = feel_compile(text, rules_where(&book->arena, node), book->scopes[scope], &type, err);
	if (expr == NULL)
		return NULL;
	VEC_PUSH(&book->exprs, expr);
	size_t count = feel_slots(expr, NULL, 0);
	int *slots = arena_alloc(&book->arena, count + 1, sizeof *slots);
	feel_slots(expr, slots, count);
	for (size_t i = 0; i < count; i++) {
		const struct rules_name *name = &book->names[scope].at[slots[i]];
		if (name->guarded) {
			xml_fail(node, err, "'%s' is a protected attribute and may not enter a grading rule: %s",
				name->name, text);
			err_hint(err, "Protected attributes serve the fairness page only.");
			return NULL;
		}
		switch (name->source) {
		case RULES_RESULT: {
			const struct rules_column *column = &book->columns.at[name->column];
			need(rule, part, column->rule * RULES_PARTS + column->part);
			break;
		}
		case RULES_EMPLOYEE:
		case RULES_COMPLETION:
		case RULES_COURSE:
			if (feed_field_at(name->field)->type == FIELD_KEY)
				book->dims |= 1u << feed_field_at(name->field)->dim;
			if (name->source != RULES_EMPLOYEE)
				book->feeds |= 1u << FEED_COMPLETION;
			break;
		case RULES_FUNCTION:
			book->feeds |= name->function->feeds;
			if (name->reads != 0)
				need(rule, part, name->reads - 1);
			break;
		default:
			break;
		}
	}
	return expr;
}

bool scope_is_course_only(const struct rulebook *book, const struct feel_expr *expr)
{
	size_t count = feel_slots(expr, NULL, 0);
	int *slots = mem_new(count + 1, sizeof *slots);
	bool only = true;
	feel_slots(expr, slots, count);
	for (size_t i = 0; i < count; i++) {
		enum rules_source source = book->names[RULES_SCOPE_COMPLETION].at[slots[i]].source;
		only &= source != RULES_COMPLETION;
	}
	free(slots);
	return only;
}

/* --- columns --- */
static void fill_constant(struct feel_column *column, size_t count, int64_t value)
{
	for (size_t i = 0; i < count; i++)
		column->v[i] = value;
}

static const char *const *code_texts(struct arena *arena, const struct feed_field *field, size_t *count)
{
	size_t codes = 1;
	for (const char *at = field->codes; *at != '\0'; at++)
		codes += *at == '|';
	const char **texts = arena_alloc(arena, codes, sizeof *texts);
	for (uint32_t k = 0; k < codes; k++) {
		char name[64];
		texts[k] = arena_text(arena, feed_code_name(field, k, name, sizeof name));
	}
	*count = codes;
	return texts;
}

/* A frame's column as a FEEL column. `pick` gives the row of the frame for each of `count` rows (NULL: the same).
 * False: not by column. */
static bool from_frame(const struct rules_work *work, struct arena *arena, const struct frame *frame,
	const struct feed_field *field, const uint32_t *pick, size_t count, struct feel_column *out)
{
	const struct frame_column *column = frame_column(frame, field->id);
	out->type = type_of_field(field);
	if (field->type == FIELD_CODE)
		out->texts = code_texts(arena, field, &out->text_count);
	if (field->type == FIELD_TEXT) {
		out->texts = frame->texts;
		out->text_count = frame->text_count;
	}
	if (field->type == FIELD_KEY) {
		if (work->key_texts[field->dim] == NULL)
			return false;
		out->texts = work->key_texts[field->dim];
		out->text_count = work->key_counts[field->dim];
	}
	if (column != NULL && column->type == FRAME_I64 && pick == NULL) {
		out->type.scale = column->scale;
		out->v = column->i64;
		return true;
	}
	out->v = arena_alloc(arena, count + 1, sizeof *out->v);
	if (column == NULL) {
		fill_constant(out, count, INT64_MIN);
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		uint32_t row = pick == NULL ? (uint32_t)i : pick[i];
		if (row == FRAME_NONE || row >= frame->count) {
			out->v[i] = INT64_MIN;
		} else if (column->type == FRAME_I64) {
			out->v[i] = column->i64[row];
		} else if (column->type == FRAME_I32) {
			out->v[i] = column->i32[row] == DATE_NONE ? INT64_MIN : column->i32[row];
		} else {
			out->v[i] = column->u32[row] == FRAME_NONE ? INT64_MIN : column->u32[row];
		}
	}
	if (column->type == FRAME_I64)
		out->type.scale = column->scale;
	return true;
}

/* The row of performance(kind) for a person, or FRAME_NONE: the newest period that ends within the review period. */
static uint32_t performance_row(const struct rules_block *block, uint32_t person, const char *kind, uint32_t kind_code)
{
	const struct facts_list *list = &block->facts->lists[FEED_PERFORMANCE];
	const struct frame_column *period = frame_column(&list->frame, PERFORMANCE_PERIOD),
				  *kinds = frame_column(&list->frame, PERFORMANCE_KIND);
	uint32_t best = FRAME_NONE;
	(void)kind;
	if (list->offset == NULL || period == NULL || kinds == NULL)
		return FRAME_NONE;
	for (uint32_t r = list->offset[person]; r < list->offset[person + 1]; r++) {
		if (kinds->u32[r] != kind_code || period->i32[r] == DATE_NONE)
			continue;
		if (period->i32[r] < block->work->params->period_first ||
			period->i32[r] > block->work->params->period_last)
			continue;
		if (best == FRAME_NONE || period->i32[r] >= period->i32[best])
			best = r;
	}
	return best;
}

static uint32_t performance_code(const struct rules_block *block, const char *kind)
{
	const struct frame *frame = &block->facts->lists[FEED_PERFORMANCE].frame;
	for (uint32_t k = 0; k < frame->text_count; k++)
		if (strcmp(frame->texts[k], kind) == 0)
			return k;
	return FRAME_NONE - 1; /* a code no row has */
}

static void fill_performance(struct rules_block *block, const struct rules_name *name, struct feel_column *out)
{
	const struct frame_column *value =
		frame_column(&block->facts->lists[FEED_PERFORMANCE].frame, PERFORMANCE_VALUE);
	uint32_t code = performance_code(block, name->kind);
	out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
	for (uint32_t i = 0; i < block->count; i++) {
		uint32_t row = value == NULL ? FRAME_NONE : performance_row(block, i, name->kind, code);
		out->v[i] = row == FRAME_NONE ? INT64_MIN : value->i64[row];
	}
	if (value != NULL)
		out->type.scale = value->scale;
}

static void from_result(struct rules_block *block, const struct frame *frame, const struct frame_column *column,
	const struct result_column *result, struct feel_column *out)
{
	out->type = type_of_result(result);
	if (column != NULL && column->type == FRAME_I64 && frame->count >= block->count) {
		out->type.scale = column->scale;
		out->v = column->i64;
		return;
	}
	out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
	for (uint32_t i = 0; i < block->count; i++) {
		if (column == NULL || i >= frame->count)
			out->v[i] = INT64_MIN;
		else if (column->type == FRAME_I64)
			out->v[i] = column->i64[i];
		else if (column->type == FRAME_I32)
			out->v[i] = column->i32[i] == DATE_NONE ? INT64_MIN : column->i32[i];
		else
			out->v[i] = column->u32[i] == FRAME_NONE ? INT64_MIN : column->u32[i];
	}
	if (column != NULL && column->type == FRAME_I64)
		out->type.scale = column->scale;
	if (result->type == RESULT_TEXT) {
		bool own = frame == &block->people && frame->text_count == 0; /* still being filled */
		out->text_count = own ? block->texts.map.count : frame->text_count;
		const char **texts = arena_alloc(block->scratch, out->text_count + 1, sizeof *texts);
		for (uint32_t k = 0; k < out->text_count; k++)
			texts[k] = own ? arena_text(block->scratch, map_text(&block->texts.map, k)) : frame->texts[k];
		out->texts = texts;
	}
	if (result->type == RESULT_KEY) {
		out->texts = block->work->key_texts[result->dim];
		out->text_count = block->work->key_counts[result->dim];
	}
}

int scope_previous(struct rules_block *block, uint32_t column, struct feel_column *out, struct err *err)
{
	const struct rules_work *work = block->work;
	uint32_t index = work->has_previous ? work->previous_index[column] : UINT32_MAX;
	if (work->has_previous && !block->previous_loaded) {
		bool found = false;
		if (store_result_get(block->store, work->run->earlier[0], 0, block->number, work->previous_want,
			    work->previous_want_count, block->scratch, &block->previous, &found, err) != 0)
			return -1;
		if (!found)
			block->previous = (struct frame){ 0 };
		block->previous_loaded = true;
	}
	const struct frame_column *from =
		index == UINT32_MAX || !work->has_previous ? NULL : frame_column(&block->previous, index);
	*out = (struct feel_column){ 0 };
	from_result(block, &block->previous, from, &work->book->columns.at[column].result, out);
	return 0;
}

static struct feel_column *person_column(struct rules_block *block, int slot)
{
	struct feel_column **kept = &block->columns[RULES_SCOPE_PERSON][slot];
	const struct rules_name *name = &block->work->book->names[RULES_SCOPE_PERSON].at[slot];
	if (*kept != NULL)
		return *kept;
	struct feel_column *out = arena_alloc(block->scratch, 1, sizeof *out);
	const struct facts_params *params = block->work->params;
	out->type = name->type;
	switch (name->source) {
	case RULES_AS_OF:
	case RULES_PERIOD_START:
	case RULES_PERIOD_END:
		out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
		fill_constant(out, block->count,
			name->source == RULES_AS_OF          ? params->as_of
			: name->source == RULES_PERIOD_START ? params->period_first
							     : params->period_last);
		break;
	case RULES_EMPLOYEE:
		if (!from_frame(block->work, block->scratch, &block->facts->employee, feed_field_at(name->field), NULL,
			    block->count, out))
			return NULL;
		break;
	case RULES_RESULT:
		/* not kept: the rule that makes it may still be at work when a tracing replay asks */
		from_result(block, &block->people, frame_column(&block->people, name->column),
			&block->work->book->columns.at[name->column].result, out);
		return out;
	case RULES_PREVIOUS: {
		struct err ignored = { 0 };
		if (scope_previous(block, name->column, out, &ignored) != 0 && block->failed.status == 0)
			block->failed = ignored;
		if (out->v == NULL) {
			out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
			fill_constant(out, block->count, INT64_MIN);
		}
		break;
	}
	case RULES_PERFORMANCE:
		fill_performance(block, name, out);
		break;
	case RULES_FUNCTION: {
		struct err failed = { 0 };
		if (name->function->fill(block, name, out, &failed) != 0 && block->failed.status == 0)
			block->failed = failed;
		if (out->v == NULL) {
			out->v = arena_alloc(block->scratch, block->count + 1u, sizeof *out->v);
			fill_constant(out, block->count, INT64_MIN);
		}
		break;
	}
	case RULES_COMPLETION:
	case RULES_COURSE:
		return NULL;
	}
	return *kept = out;
}

static struct feel_column *completion_column(struct rules_block *block, int slot)
{
	struct feel_column **kept = &block->columns[RULES_SCOPE_COMPLETION][slot];
	const struct rules_name *name = &block->work->book->names[RULES_SCOPE_COMPLETION].at[slot];
	if (*kept != NULL)
		return *kept;
	const struct frame *frame = &block->facts->lists[FEED_COMPLETION].frame;
	const struct frame_column *course = frame_column(frame, COMPLETION_COURSE_ID);
	const struct facts_params *params = block->work->params;
	struct feel_column *out = arena_alloc(block->scratch, 1, sizeof *out);
	out->type = name->type;
	if (name->source == RULES_COMPLETION || (name->source == RULES_COURSE && course != NULL)) {
		bool own = name->source == RULES_COMPLETION;
		if (!from_frame(block->work, block->scratch, own ? frame : &facts_courses(block->work->facts)->frame,
			    feed_field_at(name->field), own ? NULL : course->u32, frame->count, out))
			return NULL;
	} else {
		out->v = arena_alloc(block->scratch, frame->count + 1u, sizeof *out->v);
		fill_constant(out, frame->count,
			name->source == RULES_AS_OF          ? params->as_of
			: name->source == RULES_PERIOD_START ? params->period_first
			: name->source == RULES_PERIOD_END   ? params->period_last
							     : INT64_MIN);
	}
	return *kept = out;
}

/* A value of a column, boxed. */
static struct feel_value box(const struct feel_column *column, size_t row, struct arena *arena)
{
	if (column->v[row] == INT64_MIN)
		return feel_null();
	switch (column->type.kind) {
	case FEEL_NUMBER:
		return feel_number(column->decimals != NULL ? column->decimals[row]
							    : decimal_from_scaled(column->v[row], column->type.scale));
	case FEEL_DATE:
		return feel_date((int32_t)column->v[row]);
	case FEEL_BOOLEAN:
		return feel_boolean(column->v[row] != 0);
	case FEEL_STRING: {
		const char *text = column->texts[column->v[row]];
		return feel_string(arena, text, strlen(text));
	}
	default:
		return feel_null();
	}
}

/* A key too many to keep as texts: its id from the dictionary. */
static struct feel_value box_key(const struct rules_work *work, const struct frame *frame,
	const struct feed_field *field, size_t row, struct arena *arena)
{
	const struct frame_column *column = frame_column(frame, field->id);
	if (field->type != FIELD_KEY || column == NULL || column->u32[row] == FRAME_NONE)
		return feel_null();
	const char *text = facts_key(work->facts, field->dim, column->u32[row]);
	return feel_string(arena, text, strlen(text));
}

/* --- evaluation --- */
static const struct feel_column *people_column(void *host, int slot)
{
	return person_column(host, slot);
}

static void people_get(void *host, int slot, size_t row, struct arena *arena, struct feel_value *value)
{
	struct rules_block *block = host;
	const struct feel_column *column = person_column(block, slot);
	const struct rules_name *name = &block->work->book->names[RULES_SCOPE_PERSON].at[slot];
	*value = column != NULL ? box(column, row, arena)
				: box_key(block->work, &block->facts->employee, feed_field_at(name->field), row, arena);
}

int scope_eval_people(struct rules_block *block, const struct feel_expr *expr, struct feel_column *out, struct err *err)
{
	const struct feel_rows rows = { .count = block->count,
		.host = block,
		.column = people_column,
		.get = people_get,
		.today = block->work->params->as_of };
	if (feel_eval_rows(expr, &rows, -1, block->scratch, out, err) != 0)
		return -1;
	if (block->failed.status != 0) {
		*err = block->failed;
		return -1;
	}
	return 0;
}

struct slice {
	struct rules_block *block;
	uint32_t first;
	struct arena *arena;
};

static const struct feel_column *slice_column(void *host, int slot)
{
	struct slice *slice = host;
	const struct feel_column *whole = completion_column(slice->block, slot);
	if (whole == NULL)
		return NULL;
	struct feel_column *part = arena_alloc(slice->arena, 1, sizeof *part);
	*part = *whole;
	part->v += slice->first;
	return part;
}

static void slice_get(void *host, int slot, size_t row, struct arena *arena, struct feel_value *value)
{
	struct slice *slice = host;
	const struct feel_column *column = completion_column(slice->block, slot);
	const struct rules_name *name = &slice->block->work->book->names[RULES_SCOPE_COMPLETION].at[slot];
	const struct frame *frame = &slice->block->facts->lists[FEED_COMPLETION].frame;
	size_t at = slice->first + row;
	if (column != NULL) {
		*value = box(column, at, arena);
	} else if (name->source == RULES_COMPLETION) {
		*value = box_key(slice->block->work, frame, feed_field_at(name->field), at, arena);
	} else {
		const struct frame_column *course = frame_column(frame, COMPLETION_COURSE_ID);
		*value = box_key(slice->block->work, &facts_courses(slice->block->work->facts)->frame,
			feed_field_at(name->field), course->u32[at], arena);
	}
}

int scope_eval_completions(struct rules_block *block, const struct feel_expr *expr, uint32_t first, uint32_t count,
	struct arena *arena, struct feel_column *out, struct err *err)
{
	struct slice slice = { block, first, arena };
	const struct feel_rows rows = { .count = count,
		.host = &slice,
		.column = slice_column,
		.get = slice_get,
		.today = block->work->params->as_of };
	return feel_eval_rows(expr, &rows, -1, arena, out, err);
}

static const struct feel_column *courses_column(void *host, int slot)
{
	struct rules_work *work = host;
	const struct rules_name *name = &work->book->names[RULES_SCOPE_COMPLETION].at[slot];
	const struct frame *frame = &facts_courses(work->facts)->frame;
	struct feel_column *out = arena_alloc(&work->arena, 1, sizeof *out);
	out->type = name->type;
	if (name->source == RULES_COURSE) {
		if (!from_frame(work, &work->arena, frame, feed_field_at(name->field), NULL, frame->count, out))
			return NULL;
		return out;
	}
	out->v = arena_alloc(&work->arena, frame->count + 1u, sizeof *out->v);
	fill_constant(out, frame->count,
		name->source == RULES_AS_OF          ? work->params->as_of
		: name->source == RULES_PERIOD_START ? work->params->period_first
						     : work->params->period_last);
	return out;
}

static void courses_get(void *host, int slot, size_t row, struct arena *arena, struct feel_value *value)
{
	struct rules_work *work = host;
	const struct rules_name *name = &work->book->names[RULES_SCOPE_COMPLETION].at[slot];
	const struct feel_column *column = courses_column(host, slot);
	if (column != NULL)
		*value = box(column, row, arena);
	else
		*value = box_key(work, &facts_courses(work->facts)->frame, feed_field_at(name->field), row, arena);
}

int scope_eval_courses(struct rules_work *work, const struct feel_expr *expr, struct feel_column *out, struct err *err)
{
	const struct feel_rows rows = { .count = facts_courses(work->facts)->frame.count,
		.host = work,
		.column = courses_column,
		.get = courses_get,
		.today = work->params->as_of };
	return feel_eval_rows(expr, &rows, -1, &work->arena, out, err);
}

bool scope_number(const struct feel_column *column, size_t row, struct decimal *number)
{
	if (column->type.kind != FEEL_NUMBER || column->v[row] == INT64_MIN)
		return false;
	*number = column->decimals != NULL ? column->decimals[row]
					   : decimal_from_scaled(column->v[row], column->type.scale);
	return true;
}

/* --- tracing --- */
void scope_source(const struct rules_block *block, const struct frame *frame, uint32_t row, struct str *out)
{
	uint64_t line = 0;
	const char *file = facts_source(block->work->facts, frame, row, &line);
	if (file != NULL)
		str_printf(out, "%s:%llu", file, (unsigned long long)line);
}

struct replay {
	struct rules_block *block;
	enum rules_scope scope;
	uint32_t row;
	enum text_lang lang;
	const char *indent;
	struct str *out;
	bool *told; /* by slot */
};

static void replay_get(void *host, int slot, struct arena *arena, struct feel_value *value)
{
	struct replay *replay = host;
	if (replay->scope == RULES_SCOPE_PERSON) {
		people_get(replay->block, slot, replay->row, arena, value);
	} else {
		struct slice slice = { replay->block, 0, arena };
		slice_get(&slice, slot, replay->row, arena, value);
	}
}

static void tell_source(const struct replay *replay, const struct rules_name *name, struct str *out)
{
	struct rules_block *block = replay->block;
	const struct frame *rows = &block->facts->lists[FEED_COMPLETION].frame;
	switch (name->source) {
	case RULES_EMPLOYEE:
		scope_source(block, &block->facts->employee, replay->row, out);
		break;
	case RULES_PERFORMANCE: {
		uint32_t row = performance_row(block, replay->row, name->kind, performance_code(block, name->kind));
		if (row != FRAME_NONE)
			scope_source(block, &block->facts->lists[FEED_PERFORMANCE].frame, row, out);
		break;
	}
	case RULES_COMPLETION:
		scope_source(block, rows, replay->row, out);
		break;
	case RULES_COURSE:
		if (frame_column(rows, COMPLETION_COURSE_ID) != NULL)
			scope_source(block, &facts_courses(block->work->facts)->frame,
				frame_column(rows, COMPLETION_COURSE_ID)->u32[replay->row], out);
		break;
	case RULES_RESULT: {
		const struct rules_rule *rule =
			&block->work->book->rules[block->work->book->columns.at[name->column].rule];
		str_printf(out, "%s:%d", rule->node->file, rule->node->line);
		break;
	}
	case RULES_FUNCTION:
		if (name->function->source != NULL)
			name->function->source(block, name, replay->row, out);
		break;
	case RULES_PREVIOUS:
		str_add(out, replay->lang == TEXT_ZH ? "上期发布的结果" : "published earlier");
		break;
	default:
		break;
	}
}

static void replay_step(void *host, const struct feel_step *step)
{
	struct replay *replay = host;
	struct str source = { 0 };
	if (step->slot < 0 || replay->told[step->slot])
		return;
	replay->told[step->slot] = true;
	const struct rules_name *name = &replay->block->work->book->names[replay->scope].at[step->slot];
	str_printf(replay->out, "%s%s = ", replay->indent, name->name);
	if (step->value->kind == FEEL_NULL)
		str_add(replay->out, replay->lang == TEXT_ZH ? "缺失" : "missing");
	else
		feel_print(replay->out, step->value);
	tell_source(replay, name, &source);
	if (source.length > 0)
		str_printf(replay->out, "  [%s]", str_text(&source));
	str_add_char(replay->out, '\n');
	str_release(&source);
}

int scope_explain(struct rules_block *block, enum rules_scope scope, const struct feel_expr *expr, uint32_t row,
	enum text_lang lang, const char *indent, struct str *out, struct err *err)
{
	struct replay replay = { block, scope, row, lang, indent, out, NULL };
	replay.told = arena_alloc(block->scratch, block->work->book->names[scope].count + 1, sizeof *replay.told);
	const struct feel_env env = {
		.host = &replay, .get = replay_get, .trace = replay_step, .today = block->work->params->as_of
	};
	struct feel_value value;
	return feel_eval(expr, &env, block->scratch, &value, err);
}
