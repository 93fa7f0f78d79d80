/*
 * bind.c - a mapping meets a header.
 *
 * Decides: which column fills which field (aliases, case and width ignored), what the expressions may name, and what a
 * missing column means. Does not decide: values of cells (value.c, row.c).
 */
#include "ingest/bind.h"

#include "base/fs.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static uint32_t find_column(const struct ingest_binding *binding, const struct ingest_names *names)
{
	/*
	 * Columns of split and unpivot shadow the file's, which shadow those of look-ups; aliases are tried in the
	 * order written.
	 */
	const size_t spans[3][2] = { { binding->made, binding->column_count }, { 0, binding->physical },
		{ binding->physical, binding->made } };
	for (size_t i = 0; i < names->count; i++) {
		struct map alias = { 0 };
		struct str folded = { 0 };
		uint32_t found = INGEST_NO_COLUMN;
		text_fold(&folded, names->at[i], strlen(names->at[i]));
		map_add(&alias, str_text(&folded), folded.length);
		for (int span = 0; span < 3; span++) {
			for (size_t c = spans[span][0]; c < spans[span][1] && found == INGEST_NO_COLUMN; c++) {
				if (ingest_wanted_find(&alias, binding->columns[c], strlen(binding->columns[c])) != MAP_NONE)
					found = (uint32_t)c;
			}
		}
		map_release(&alias);
		str_release(&folded);
		if (found != INGEST_NO_COLUMN)
			return found;
	}
	return INGEST_NO_COLUMN;
}

static void add_column(struct ingest_binding *binding, const char *name)
{
	binding->columns = mem_grow(binding->columns, binding->column_count + 1, sizeof *binding->columns);
	binding->columns[binding->column_count++] = arena_text(&binding->arena, name);
}

static char *join_names(const struct ingest_names *names)
{
	struct str out = { 0 };
	for (size_t i = 0; i < names->count; i++)
		str_printf(&out, "%s%s", i ? " | " : "", names->at[i]);
	str_reserve(&out, 1);
	return out.text;
}

static void tell(struct ingest_binding *binding, struct findings *findings, enum finding_id id, const char *column,
	const char *detail)
{
	findings_add(findings,
		&(struct finding){
			.id = id, .feed = binding->source->feed->name, .file = binding->file, .column = column, .detail = detail });
}

/* Finds a column that the reshaping cannot do without. */
static uint32_t need_column(struct ingest_binding *binding, const struct ingest_names *names, const char *where,
	struct findings *findings, bool *usable)
{
	uint32_t column = find_column(binding, names);
	if (column == INGEST_NO_COLUMN) {
		char *shown = join_names(names);
		tell(binding, findings, FINDING_MISSING_COLUMN, shown, where);
		free(shown);
		*usable = false;
	}
	return column;
}

static int read_table(struct ingest_binding *binding, const struct ingest_lookup *lookup, const char *path,
	struct ingest_table *table, struct findings *findings, bool *usable, struct err *err)
{
	int result = -1;
	struct str bytes = { 0 }, text = { 0 }, key = { 0 }, raw = { 0 }, clean = { 0 };
	struct ingest_scan scan = { 0 };
	struct ingest_wanted wanted = { 0 };
	struct ingest_shape shape = { 0 };
	struct ingest_mapping plain = { .quotes = true };
	uint32_t *key_columns = NULL;
	const char *slash = strrchr(path, '/');
	char *beside = fs_join(slash ? arena_copy(&binding->arena, path, (size_t)(slash - path)) : ".", lookup->file);
	if (fs_read(beside, 256u << 20, &bytes, err) != 0) {
		err_context(err, "%s", lookup->where);
		goto out;
	}
	size_t skip = 0;
	enum ingest_encoding encoding = ingest_detect_encoding(str_text(&bytes), bytes.length, true, &skip);
	size_t bad = 0;
	if (encoding == INGEST_UTF16LE || encoding == INGEST_UTF16BE)
		text_from_utf16(&text, bytes.text + skip, bytes.length - skip, encoding == INGEST_UTF16BE, &bad);
	else if (!ingest_decode(encoding, str_text(&bytes) + skip, bytes.length - skip, false, &text))
		bad = 1;
	if (bad) {
		err_set(err, STATUS_CONFIG, "%s: look-up file %s is not valid %s", lookup->where, lookup->file,
			ingest_encoding_name(encoding));
		goto out;
	}
	size_t length = text.length;
	str_reserve(&text, INGEST_CSV_PADDING);
	memset(text.text + length, 0, INGEST_CSV_PADDING);
	for (size_t i = 0; i < lookup->to.count; i++) {
		str_clear(&key);
		text_fold(&key, lookup->to.at[i], strlen(lookup->to.at[i]));
		map_add(&wanted.aliases, str_text(&key), key.length);
	}
	ingest_detect_shape(&plain, &wanted, INGEST_UTF8, text.text, length, true, &binding->arena, &shape);
	key_columns = mem_new(lookup->to.count, sizeof *key_columns);
	for (size_t i = 0; i < lookup->to.count; i++) {
		key_columns[i] = INGEST_NO_COLUMN;
		for (size_t c = 0; c < shape.headers.count && key_columns[i] == INGEST_NO_COLUMN; c++) {
			struct map alias = { 0 };
			str_clear(&key);
			text_fold(&key, lookup->to.at[i], strlen(lookup->to.at[i]));
			map_add(&alias, str_text(&key), key.length);
			if (ingest_wanted_find(&alias, shape.headers.at[c], strlen(shape.headers.at[c])) != MAP_NONE)
				key_columns[i] = (uint32_t)c;
			map_release(&alias);
		}
		if (key_columns[i] == INGEST_NO_COLUMN) {
			err_set(err, STATUS_CONFIG, "%s: look-up file %s has no column '%s'", lookup->where, lookup->file,
				lookup->to.at[i]);
			goto out;
		}
	}
	table->width = shape.headers.count;
	table->on = arena_alloc(&binding->arena, lookup->on.count, sizeof *table->on);
	for (size_t i = 0; i < lookup->on.count; i++)
		table->on[i] =
			need_column(binding, &(struct ingest_names){ &lookup->on.at[i], 1 }, lookup->where, findings, usable);
	table->first = (uint32_t)binding->column_count;
	for (size_t c = 0; c < shape.headers.count; c++)
		add_column(binding, arena_printf(&binding->arena, "%s%s", lookup->prefix, shape.headers.at[c]));
	size_t room = 0, rows = 0;
	ingest_scan_begin(
		&scan, &shape.dialect, text.text + shape.data_offset, length - shape.data_offset, shape.data_line);
	while (ingest_scan_next(&scan)) {
		if (scan.cell_count == 1 && scan.cells[0].length == 0)
			continue;
		if (rows == room) {
			room = room ? room * 2 : 64;
			table->cells = mem_grow(table->cells, room * (table->width ? table->width : 1), sizeof *table->cells);
		}
		const char **row = table->cells + rows * table->width;
		for (size_t c = 0; c < table->width; c++) {
			row[c] = "";
			if (c >= scan.cell_count)
				continue;
			str_clear(&raw);
			str_clear(&clean);
			ingest_cell_unquote(&scan.cells[c], &raw);
			text_clean(&clean, str_text(&raw), raw.length);
			row[c] = arena_copy(&binding->arena, str_text(&clean), clean.length);
		}
		str_clear(&key);
		for (size_t i = 0; i < lookup->to.count; i++) {
			const char *part = row[key_columns[i]];
			text_clean_id(&key, part, strlen(part));
			str_add_char(&key, '\x1f');
		}
		if (map_find(&table->keys, key.text, key.length) != MAP_NONE) {
			err_set(err, STATUS_CONFIG, "%s: look-up file %s:%llu: the key '%s' is there twice", lookup->where,
				lookup->file, (unsigned long long)scan.record_line, row[key_columns[0]]);
			goto out;
		}
		map_add(&table->keys, key.text, key.length);
		rows++;
	}
	result = 0;
out:
	free(beside);
	free(key_columns);
	ingest_scan_release(&scan);
	ingest_wanted_release(&wanted);
	str_release(&bytes);
	str_release(&text);
	str_release(&key);
	str_release(&raw);
	str_release(&clean);
	return result;
}

static enum ingest_place place_of(const struct feed_field *field)
{
	switch (field->type) {
	case FIELD_KEY:
		return INGEST_PLACE_KEY;
	case FIELD_DATE:
		return INGEST_PLACE_DATE;
	case FIELD_NUMBER:
		return INGEST_PLACE_NUMBER;
	case FIELD_BOOL:
	case FIELD_CODE:
		return INGEST_PLACE_CODE;
	case FIELD_TEXT:
		break;
	}
	return INGEST_PLACE_TEXT;
}

static struct feel_type feel_type_for(const struct ingest_spec *spec)
{
	switch (ingest_type_yields(spec->type)) {
	case INGEST_YIELD_DATE:
		return (struct feel_type){ .kind = FEEL_DATE, .scale = -1 };
	case INGEST_YIELD_NUMBER:
		return (struct feel_type){ .kind = FEEL_NUMBER, .scale = -1 };
	case INGEST_YIELD_BOOL:
		return (struct feel_type){ .kind = FEEL_BOOLEAN, .scale = -1 };
	case INGEST_YIELD_TEXT:
		break;
	}
	return (struct feel_type){ .kind = FEEL_STRING, .scale = -1 };
}

static void bind_spec(struct ingest_binding *binding, const struct ingest_spec *spec, struct ingest_bound *bound,
	struct findings *findings, bool *usable)
{
	bound->spec = spec;
	bound->column = INGEST_NO_COLUMN;
	bound->header = spec->name;
	if (spec->columns.count == 0)
		return;
	bound->column = find_column(binding, &spec->columns);
	if (bound->column != INGEST_NO_COLUMN) {
		bound->header = binding->columns[bound->column];
		return;
	}
	char *shown = join_names(&spec->columns);
	if ((spec->required && !spec->fallback) || (!spec->field && !spec->optional)) {
		tell(binding, findings, FINDING_MISSING_COLUMN, shown,
			arena_printf(&binding->arena, "fills '%s', %s", spec->name, spec->where));
		*usable = false;
	} else {
		tell(binding, findings, FINDING_ABSENT_COLUMN, shown,
			arena_printf(&binding->arena, "would fill '%s', %s", spec->name, spec->where));
	}
	free(shown);
}

static int compile(
	struct ingest_binding *binding, struct feel_scope *scope, struct ingest_bound *bound, struct err *err)
{
	const struct ingest_spec *spec = bound->spec;
	if (!spec->value)
		return 0;
	/* texts are read as a cell would be, so only the certain mismatches are refused by what a text can become */
	struct feel_type want = { .kind = FEEL_ANY, .scale = -1 };
	bound->expr = feel_compile(spec->value, spec->where, scope, &want, err);
	return bound->expr ? 0 : err_context(err, "%s", binding->file);
}

static int compile_all(struct ingest_binding *binding, struct err *err)
{
	const struct ingest_mapping *mapping = binding->mapping;
	struct feel_scope *scope = feel_scope_new(NULL);
	struct map seen = { 0 };
	int result = -1;
	const struct feel_type string = { .kind = FEEL_STRING, .scale = -1 };
	for (size_t i = 0; i < mapping->let_count; i++)
		map_add(&seen, mapping->lets[i].name, strlen(mapping->lets[i].name));
	const size_t spans[3][2] = { { binding->made, binding->column_count }, { 0, binding->physical },
		{ binding->physical, binding->made } };
	for (int span = 0; span < 3; span++) { /* of columns of one name the first counts */
		for (size_t c = spans[span][0]; c < spans[span][1]; c++) {
			size_t length = strlen(binding->columns[c]);
			if (length == 0 || map_find(&seen, binding->columns[c], length) != MAP_NONE)
				continue;
			map_add(&seen, binding->columns[c], length);
			feel_scope_add(scope, binding->columns[c], &string, (int)c);
		}
	}
	for (size_t i = 0; i < mapping->let_count; i++) { /* a let sees those before it */
		if (compile(binding, scope, &binding->lets[i], err) != 0)
			goto out;
		struct feel_type type = feel_type_for(&mapping->lets[i]);
		feel_scope_add(scope, mapping->lets[i].name, &type, INGEST_LET_SLOT + (int)i);
	}
	for (size_t i = 0; i < mapping->field_count; i++) {
		if (compile(binding, scope, &binding->fields[i], err) != 0)
			goto out;
	}
	binding->filters = arena_alloc(&binding->arena, mapping->filter_count + 1, sizeof *binding->filters);
	for (size_t i = 0; i < mapping->filter_count; i++) {
		const struct feel_type boolean = { .kind = FEEL_BOOLEAN, .scale = -1 };
		binding->filters[i] = feel_compile(mapping->filters[i].when, mapping->filters[i].where, scope, &boolean, err);
		if (!binding->filters[i])
			goto out;
	}
	result = 0;
out:
	feel_scope_free(scope);
	map_release(&seen);
	return result;
}

/*
 * Dates and numbers of few decimals nearly always fit two bytes (row.h tells where the others stand): a file waits in
 * memory as staged records, ten million completions in 270 MB instead of 370. Only where a line makes one row.
 */
static uint8_t width_of(const struct ingest_binding *binding, const struct ingest_bound *bound)
{
	const bool near = bound->place == INGEST_PLACE_DATE
		|| (bound->place == INGEST_PLACE_NUMBER && bound->spec->field->scale <= 2);
	return bound->place == INGEST_PLACE_CODE ? 1 : near && !binding->reshapes ? 2 : 4;
}

static void place_fields(struct ingest_binding *binding)
{
	uint32_t at = 4;
	for (uint8_t width = 4; width > 0; width /= 2) { /* the widest first */
		for (size_t i = 0; i < binding->field_count; i++) {
			struct ingest_bound *bound = &binding->fields[i];
			bound->place = place_of(bound->spec->field);
			bound->width = width_of(binding, bound);
			if (bound->width != width)
				continue;
			bound->offset = at;
			at += width;
		}
	}
	binding->record_size = at;
	for (size_t i = 0; i < binding->field_count; i++) {
		struct ingest_bound *bound = &binding->fields[i];
		const struct ingest_spec *spec = bound->spec;
		bound->fast_date = bound->place == INGEST_PLACE_DATE && !spec->map_count &&
			(spec->format == INGEST_FORMAT_AUTO || spec->format == INGEST_FORMAT_YMD);
		bound->fast_number = bound->place == INGEST_PLACE_NUMBER && !spec->map_count && !spec->has_factor
			&& spec->type != INGEST_INTEGER;
		bound->min = INT64_MIN;
		bound->max = INT64_MAX;
		if (spec->has_min || spec->has_max) {
			bound->limited = true;
			if ((spec->has_min && !decimal_to_scaled(spec->min, spec->field->scale, &bound->min)) ||
				(spec->has_max && !decimal_to_scaled(spec->max, spec->field->scale, &bound->max)))
				bound->fast_number = false;
		}
	}
	binding->either_a = binding->either_b = -1;
	enum field_id a, b;
	if (ingest_mapping_either(binding->source->feed->id, &a, &b)) {
		for (size_t i = 0; i < binding->field_count; i++) {
			if (binding->fields[i].spec->field->id == a)
				binding->either_a = (int)i;
			if (binding->fields[i].spec->field->id == b)
				binding->either_b = (int)i;
		}
	}
}

static bool named_somewhere(const struct ingest_wanted *wanted, const char *header)
{
	return ingest_wanted_find(&wanted->aliases, header, strlen(header)) != MAP_NONE ||
		(wanted->expressions.length && strstr(wanted->expressions.text, header));
}

static void tell_unknown(struct ingest_binding *binding, struct findings *findings)
{
	struct ingest_wanted wanted;
	struct str names = { 0 };
	uint64_t count = 0;
	ingest_wanted_init(&wanted, binding->mapping);
	for (size_t c = 0; c < binding->physical; c++) {
		if (!*binding->columns[c] || named_somewhere(&wanted, binding->columns[c]))
			continue;
		str_printf(&names, "%s%s", count ? ", " : "", binding->columns[c]);
		count++;
	}
	if (count)
		findings_add(findings,
			&(struct finding){ .id = FINDING_UNKNOWN_COLUMN,
				.feed = binding->source->feed->name,
				.file = binding->file,
				.column = names.text,
				.count = count });
	str_release(&names);
	ingest_wanted_release(&wanted);
}

struct ingest_binding *ingest_bind(const struct ingest_source *source, const char *path, const char *file,
	enum ingest_encoding encoding, const struct ingest_names *headers, struct findings *findings, bool *usable,
	struct err *err)
{
	struct ingest_binding *binding = mem_new(1, sizeof *binding);
	const struct ingest_mapping *mapping = &source->mapping;
	*usable = true;
	binding->source = source;
	binding->mapping = mapping;
	binding->encoding = encoding;
	binding->file = arena_text(&binding->arena, file);
	binding->split_column = binding->split_into = binding->unpivot_name = binding->unpivot_value = INGEST_NO_COLUMN;
	for (size_t i = 0; i < headers->count; i++)
		add_column(binding, headers->at[i]);
	binding->physical = headers->count;
	tell_unknown(binding, findings);
	binding->tables = arena_alloc(&binding->arena, mapping->lookup_count + 1, sizeof *binding->tables);
	binding->made = binding->physical;
	for (size_t i = 0; i < mapping->lookup_count; i++) {
		binding->table_count++;
		if (read_table(binding, &mapping->lookups[i], path, &binding->tables[i], findings, usable, err) != 0)
			goto fail;
		binding->made = binding->column_count;
	}
	if (mapping->split) {
		binding->split_column = need_column(binding, &mapping->split->columns, mapping->split->where, findings, usable);
		binding->split_into = (uint32_t)binding->column_count;
		add_column(binding, mapping->split->into);
	}
	if (mapping->unpivot) {
		binding->wide_columns =
			arena_alloc(&binding->arena, mapping->unpivot->column_count, sizeof *binding->wide_columns);
		for (size_t i = 0; i < mapping->unpivot->column_count; i++)
			binding->wide_columns[i] =
				need_column(binding, &mapping->unpivot->columns[i].columns, mapping->unpivot->where, findings, usable);
		binding->unpivot_name = (uint32_t)binding->column_count;
		add_column(binding, mapping->unpivot->name);
		binding->unpivot_value = (uint32_t)binding->column_count;
		add_column(binding, mapping->unpivot->value);
	}
	binding->lets = arena_alloc(&binding->arena, mapping->let_count + 1, sizeof *binding->lets);
	for (; binding->let_count < mapping->let_count; binding->let_count++)
		bind_spec(binding, &mapping->lets[binding->let_count], &binding->lets[binding->let_count], findings, usable);
	binding->fields = arena_alloc(&binding->arena, mapping->field_count + 1, sizeof *binding->fields);
	for (; binding->field_count < mapping->field_count; binding->field_count++)
		bind_spec(
			binding, &mapping->fields[binding->field_count], &binding->fields[binding->field_count], findings, usable);
	binding->reshapes =
		mapping->let_count || mapping->lookup_count || mapping->split || mapping->unpivot || mapping->filter_count;
	place_fields(binding);
	bool computes = mapping->filter_count > 0;
	for (size_t i = 0; i < mapping->let_count; i++)
		computes = computes || mapping->lets[i].value;
	for (size_t i = 0; i < mapping->field_count; i++)
		computes = computes || mapping->fields[i].value;
	if (*usable && (computes || mapping->let_count) && compile_all(binding, err) != 0)
		goto fail;
	return binding;
fail:
	ingest_binding_free(binding);
	return NULL;
}

void ingest_binding_free(struct ingest_binding *binding)
{
	if (!binding)
		return;
	for (size_t i = 0; i < binding->field_count; i++) {
		if (binding->fields[i].expr)
			feel_free(binding->fields[i].expr);
	}
	for (size_t i = 0; i < binding->let_count; i++) {
		if (binding->lets[i].expr)
			feel_free(binding->lets[i].expr);
	}
	for (size_t i = 0; binding->filters && i < binding->mapping->filter_count; i++) {
		if (binding->filters[i])
			feel_free(binding->filters[i]);
	}
	for (size_t i = 0; i < binding->table_count; i++) {
		map_release(&binding->tables[i].keys);
		free(binding->tables[i].cells);
	}
	free(binding->columns);
	arena_release(&binding->arena);
	free(binding);
}

void ingest_binding_print(const struct ingest_binding *binding, struct str *out)
{
	for (size_t i = 0; i < binding->field_count; i++) {
		const struct ingest_bound *bound = &binding->fields[i];
		if (bound->column != INGEST_NO_COLUMN)
			str_printf(
				out, "    %s ← '%s' (%s)\n", bound->spec->name, bound->header, ingest_type_name(bound->spec->type));
		else if (bound->spec->value)
			str_printf(out, "    %s ← %s\n", bound->spec->name, bound->spec->value);
		else if (bound->spec->columns.count)
			str_printf(out, "    %s ← no such column%s%s\n", bound->spec->name,
				bound->spec->fallback ? "; default " : "", bound->spec->fallback ? bound->spec->fallback : "");
		else
			str_printf(out, "    %s ← default %s\n", bound->spec->name, bound->spec->fallback);
	}
}
