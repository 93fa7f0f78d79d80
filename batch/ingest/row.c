/*
 * row.c - records → staged rows.
 *
 * Decides: how a cell becomes a field's value, in which order a row is reshaped (look-ups, split, unpivot, lets,
 * filters,
 * fields), and that a row which does not fit goes to quarantine as a whole, told with its first misfit. Does not
 * decide:
 * which of several rows with one key is kept (stage.c).
 */
#include "ingest/row.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void plan_step(const struct ingest_bound *bound, struct ingest_step *step)
{
	/* Numbers that do not stand in the record itself go the long way. */
	const int64_t least = bound->width == 2 ? INGEST_NEAR_NUMBER : INGEST_NARROW_MIN;
	const int64_t most = bound->width == 2 ? INGEST_NEAR_NUMBER + (int64_t)INGEST_NEAR_FAR - 1 : INGEST_NARROW_MAX;
	*step = (struct ingest_step){ .width = bound->width, .scale = bound->spec->field->scale, .column = bound->column,
		.offset = bound->offset, .min = bound->min > least ? bound->min : least,
		.max = bound->max < most ? bound->max : most };
	if (bound->column == INGEST_NO_COLUMN)
		return;
	if (bound->fast_number)
		step->way = INGEST_WAY_NUMBER;
	else if (bound->fast_date)
		step->way = INGEST_WAY_DATE;
	else if (bound->place == INGEST_PLACE_CODE)
		step->way = INGEST_WAY_CODE;
	else if (bound->place == INGEST_PLACE_KEY || bound->place == INGEST_PLACE_TEXT)
		step->way = INGEST_WAY_ENTRY;
}

void ingest_rows_init(struct ingest_rows *rows, const struct ingest_binding *binding)
{
	memset(rows, 0, sizeof *rows);
	rows->binding = binding;
	rows->encoding = binding->encoding;
	rows->memos = mem_new(binding->field_count + 1, sizeof *rows->memos);
	for (size_t n = 0; n < INGEST_AHEAD; n++) {
		struct ingest_lane *lane = &rows->lanes[n];
		lane->room = binding->column_count + 64;
		lane->cells = mem_new(lane->room, sizeof *lane->cells);
		for (size_t i = 0; i < lane->room; i++)
			lane->cells[i] = (struct ingest_cell){ "", 0, INGEST_CELL_UTF8 };
	}
	rows->cells = rows->lanes[0].cells;
	rows->steps = mem_new(binding->field_count + 1, sizeof *rows->steps);
	for (size_t i = 0; i < binding->field_count; i++)
		plan_step(&binding->fields[i], &rows->steps[i]);
	for (size_t i = 0; i < binding->mapping->skip.count; i++)
		rows->skips_letters = rows->skips_letters || (unsigned char)binding->mapping->skip.at[i][0] < 0x80;
	ingest_value_months_init(&rows->months);
	rows->cleaned = mem_new(binding->field_count + binding->let_count + 1, sizeof *rows->cleaned);
	rows->spoilt = mem_new(binding->field_count + binding->let_count + 1, sizeof *rows->spoilt);
	rows->let_values = mem_new(binding->let_count + 1, sizeof *rows->let_values);
}

void ingest_rows_rest(struct ingest_rows *rows)
{
	for (size_t i = 0; i < rows->binding->field_count; i++)
		ingest_memo_release(&rows->memos[i]);
	free(rows->records);
	rows->records = NULL;
	rows->record_room = 0;
}

void ingest_rows_release(struct ingest_rows *rows)
{
	for (size_t i = 0; rows->memos && i < rows->binding->field_count; i++)
		ingest_memo_release(&rows->memos[i]);
	free(rows->memos);
	free(rows->steps);
	for (size_t n = 0; n < INGEST_AHEAD; n++)
		free(rows->lanes[n].cells);
	free(rows->cleaned);
	free(rows->spoilt);
	free(rows->let_values);
	free(rows->records);
	ingest_scan_release(&rows->tokens);
	VEC_RELEASE(&rows->pending);
	VEC_RELEASE(&rows->wide);
	VEC_RELEASE(&rows->far);
	VEC_RELEASE(&rows->rejects);
	str_release(&rows->pending_text);
	findings_release(&rows->findings);
	arena_release(&rows->reject_arena);
	arena_release(&rows->arena);
	str_release(&rows->raw);
	str_release(&rows->text);
	str_release(&rows->clean);
	str_release(&rows->made);
	memset(rows, 0, sizeof *rows);
}

/* A cell's bytes without quotes, decoded into rows->text. False: not valid in the encoding (then replaced). */
static bool decode_cell(struct ingest_rows *rows, const struct ingest_cell *cell)
{
	str_clear(&rows->raw);
	str_clear(&rows->text);
	enum ingest_encoding encoding = cell->kind == INGEST_CELL_UTF8 ? INGEST_UTF8 : rows->encoding;
	ingest_cell_unquote(cell, &rows->raw);
	if (ingest_decode(encoding, str_text(&rows->raw), rows->raw.length, false, &rows->text))
		return true;
	str_clear(&rows->text);
	ingest_decode(encoding, str_text(&rows->raw), rows->raw.length, true, &rows->text);
	return false;
}

const char *ingest_rows_cell_text(struct ingest_rows *rows, uint32_t column)
{
	decode_cell(rows, &rows->cells[column]);
	str_clear(&rows->clean);
	text_clean(&rows->clean, str_text(&rows->text), rows->text.length);
	return str_text(&rows->clean);
}

const char *ingest_rows_record(struct ingest_rows *rows, struct arena *arena)
{
	size_t length = rows->scan.record_length, limit = 64u << 10;
	bool cut = length > limit;
	str_clear(&rows->raw);
	ingest_decode(rows->encoding, rows->scan.record, cut ? limit : length, true, &rows->raw);
	if (rows->raw.length && rows->raw.text[rows->raw.length - 1] == '\r')
		rows->raw.text[--rows->raw.length] = 0;
	for (size_t i = 0; i < rows->raw.length; i++) { /* a NUL would end the text */
		if (rows->raw.text[i] == 0)
			rows->raw.text[i] = ' ';
	}
	if (cut)
		str_add(&rows->raw, "…");
	return arena_copy(arena, str_text(&rows->raw), rows->raw.length);
}

void ingest_rows_reject(
	struct ingest_rows *rows, enum finding_id id, const char *column, const char *text, const char *detail)
{
	struct arena *arena = &rows->reject_arena;
	struct str cut = { 0 };
	if (text) {
		size_t length = strlen(text), n = length < 200 ? length : 200;
		while (n > 0 && n < length && ((unsigned char)text[n] & 0xC0) == 0x80)
			n--;
		str_add_bytes(&cut, text, n);
		if (n < length)
			str_add(&cut, "…");
	}
	const char *shown = text ? arena_copy(arena, str_text(&cut), cut.length) : NULL;
	str_release(&cut);
	findings_add(&rows->findings,
		&(struct finding){ .id = id,
			.feed = rows->binding->source->feed->name,
			.file = rows->binding->file,
			.row = rows->scan.record_line,
			.column = column,
			.text = shown,
			.detail = detail });
	VEC_PUSH(&rows->rejects,
		((struct store_reject){
			rows->scan.record_line, id, arena_text(arena, column), shown, ingest_rows_record(rows, arena) }));
	rows->rows++;
	rows->rejected++;
}

static void sight(struct ingest_rows *rows, struct ingest_sight *seen, const char *text)
{
	rows->sighted = true;
	if (seen->count++ > 0)
		return;
	seen->line = rows->scan.record_line;
	size_t n = strlen(text);
	if (n >= sizeof seen->text)
		n = sizeof seen->text - 1;
	while (n > 0 && text[n] && ((unsigned char)text[n] & 0xC0) == 0x80)
		n--;
	memcpy(seen->text, text, n);
	seen->text[n] = 0;
}

/* What a text is, by the spec's type. Texts stand in rows->clean. */
struct reading {
	enum ingest_outcome outcome;
	enum finding_id why;
	const char *detail;
	int32_t day;
	struct decimal number;
	bool truth;
	int flags;                         /* INGEST_MEMO_CLEANED, _SPOILT */
};

static struct reading read_clean(struct ingest_rows *rows, const struct ingest_spec *spec, bool may_fall_back);

/* Reads `text` (UTF-8, as found) as the spec wants it. */
static struct reading read_text(
	struct ingest_rows *rows, const struct ingest_spec *spec, const char *text, size_t length)
{
	str_clear(&rows->clean);
	int did;
	if (spec->type == INGEST_TEXT || spec->type == INGEST_NAME || spec->type == INGEST_CODE)
		did = text_clean(&rows->clean, text, length);
	else
		did = text_clean_id(&rows->clean, text, length);
	str_reserve(&rows->clean, 1);
	bool cleaned = did & (TEXT_CLEAN_CONTROL | TEXT_CLEAN_BIDI);
	if (spec->type == INGEST_ID && rows->clean.length > 1 && rows->clean.text[0] == '\'') {
		memmove(rows->clean.text, rows->clean.text + 1, rows->clean.length); /* a spreadsheet's mark of a text */
		rows->clean.length--;
	}
	struct reading reading = read_clean(rows, spec, true);
	if (cleaned)
		reading.flags |= INGEST_MEMO_CLEANED;
	return reading;
}

static struct reading read_clean(struct ingest_rows *rows, const struct ingest_spec *spec, bool may_fall_back)
{
	struct reading reading = { .outcome = INGEST_OK };
	const struct ingest_names *more = &rows->binding->mapping->missing;
	struct str *clean = &rows->clean;
	const char *mapped = may_fall_back ? ingest_value_mapped(spec, str_text(clean), clean->length) : NULL;
	if (mapped) {
		str_clear(clean);
		str_add(clean, mapped);
	}
	bool missing = spec->type == INGEST_BOOL || mapped ? clean->length == 0
													   : ingest_value_missing(str_text(clean), clean->length, more);
	if (!missing) {
		switch (spec->type) {
		case INGEST_DATE:
			reading.outcome = ingest_value_date(
				clean->text, clean->length, spec->format, &reading.day, &reading.why, &reading.detail);
			break;
		case INGEST_PERIOD:
			reading.outcome =
				ingest_value_period(clean->text, clean->length, &reading.day, &reading.why, &reading.detail);
			break;
		case INGEST_NUMBER:
		case INGEST_INTEGER:
		case INGEST_SHARE:
			reading.outcome = ingest_value_number(
				clean->text, clean->length, spec->type, &reading.number, &reading.why, &reading.detail);
			break;
		case INGEST_BOOL:
			reading.why = FINDING_BAD_VALUE;
			reading.outcome = ingest_value_bool(clean->text, clean->length, &spec->truth, &reading.truth);
			break;
		case INGEST_ID:
		case INGEST_TEXT:
		case INGEST_NAME:
		case INGEST_CODE:
		case INGEST_TYPE_COUNT:
			if (!mapped && ingest_value_spoilt(clean->text, clean->length))
				reading.flags |= INGEST_MEMO_SPOILT;
			if (clean->length > (spec->type == INGEST_ID ? INGEST_ID_MAX : INGEST_TEXT_MAX)) {
				reading.outcome = INGEST_BAD;
				reading.why = FINDING_CELL_TOO_LONG;
				reading.detail =
					spec->type == INGEST_ID ? "an id has at most 200 bytes" : "a text has at most 32767 bytes";
			}
			break;
		}
		missing = reading.outcome == INGEST_MISSING;
	}
	if (missing) {
		if (may_fall_back && spec->fallback) {
			str_clear(clean);
			str_add(clean, spec->fallback);
			return read_clean(rows, spec, false);
		}
		reading.outcome = INGEST_MISSING;
	}
	return reading;
}

/* Turns a reading into what the memo keeps for a field. */
static void settle(struct ingest_rows *rows, uint32_t field, uint32_t entry, struct reading *reading)
{
	const struct ingest_bound *bound = &rows->binding->fields[field];
	const struct ingest_spec *spec = bound->spec;
	struct ingest_memo *memo = &rows->memos[field];
	int64_t value = 0;
	if (reading->outcome == INGEST_OK) {
		uint32_t code;
		switch (bound->place) {
		case INGEST_PLACE_DATE:
			value = reading->day;
			break;
		case INGEST_PLACE_NUMBER:
			reading->outcome = ingest_value_scale(spec, reading->number, &value, &reading->why, &reading->detail);
			break;
		case INGEST_PLACE_CODE:
			if (spec->type == INGEST_BOOL) {
				value = reading->truth;
			} else if (feed_code_find(spec->field, str_text(&rows->clean), &code)) {
				value = code;
			} else {
				str_clear(&rows->made);
				text_fold(&rows->made, str_text(&rows->clean), rows->clean.length);
				if (feed_code_find(spec->field, str_text(&rows->made), &code)) {
					value = code;
				} else {
					reading->outcome = INGEST_BAD;
					reading->why = FINDING_BAD_VALUE;
					reading->detail = spec->field->codes;
				}
			}
			break;
		case INGEST_PLACE_KEY:
		case INGEST_PLACE_TEXT:
			VEC_PUSH(&rows->pending,
				((struct ingest_pending){ field, entry, (uint32_t)rows->clean.length, rows->pending_text.length }));
			str_add_bytes(&rows->pending_text, str_text(&rows->clean), rows->clean.length);
			break;
		}
	}
	memo->flags[entry] = (uint8_t)(reading->flags
		| (reading->outcome == INGEST_MISSING    ? INGEST_MEMO_MISSING
				: reading->outcome == INGEST_BAD ? INGEST_MEMO_BAD
												 : 0));
	memo->flagged = memo->flagged || memo->flags[entry];
	memo->value[entry] = reading->outcome == INGEST_BAD ? (int64_t)reading->why : value;
	memo->detail[entry] = reading->outcome == INGEST_BAD ? reading->detail : NULL;
}

static uint32_t learn(struct ingest_rows *rows, uint32_t field, const struct ingest_cell *cell)
{
	const struct ingest_spec *spec = rows->binding->fields[field].spec;
	uint32_t entry = ingest_memo_add(&rows->memos[field], cell->at, cell->length);
	struct reading reading = {
		.outcome = INGEST_BAD, .why = FINDING_BAD_ENCODING, .detail = ingest_encoding_name(rows->encoding)
	};
	if (decode_cell(rows, cell))
		reading = read_text(rows, spec, str_text(&rows->text), rows->text.length);
	settle(rows, field, entry, &reading);
	return entry;
}

static inline void put4(uint8_t *record, uint32_t offset, uint32_t value)
{
	memcpy(record + offset, &value, 4);
}

static inline void put2(uint8_t *record, uint32_t offset, uint32_t value)
{
	uint16_t near = (uint16_t)value;
	memcpy(record + offset, &near, 2);
}

/* Two bytes: `above` the least of them, or the value apart. */
static void put_near(struct ingest_rows *rows, uint8_t *record, const struct ingest_bound *bound, int64_t value,
	int64_t first)
{
	if (value >= first && value - first < INGEST_NEAR_FAR) {
		put2(record, bound->offset, (uint32_t)(value - first));
		return;
	}
	VEC_PUSH(&rows->far, ((struct ingest_far){ (uint32_t)rows->scan.record_line,
		(uint32_t)(bound - rows->binding->fields), value }));
	put2(record, bound->offset, INGEST_NEAR_FAR);
}

static void put_date(struct ingest_rows *rows, uint8_t *record, const struct ingest_bound *bound, int32_t day)
{
	if (bound->width == 2)
		put_near(rows, record, bound, day, INGEST_NEAR_DATE);
	else
		put4(record, bound->offset, (uint32_t)day);
}

static void put_number(struct ingest_rows *rows, uint8_t *record, const struct ingest_bound *bound, int64_t value)
{
	if (bound->width == 2) {
		put_near(rows, record, bound, value, INGEST_NEAR_NUMBER);
	} else if (value >= INGEST_NARROW_MIN && value <= INGEST_NARROW_MAX) {
		put4(record, bound->offset, (uint32_t)(value - INGEST_NARROW_MIN));
	} else {
		VEC_PUSH(&rows->wide, value);
		put4(record, bound->offset, 0x80000000u | (uint32_t)(rows->wide.count - 1));
	}
}

int64_t ingest_rows_far(const struct ingest_rows *rows, uint32_t line, uint32_t field)
{
	size_t low = 0, high = rows->far.count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct ingest_far *far = &rows->far.at[middle];
		if (far->line < line || (far->line == line && far->field < field))
			low = middle + 1;
		else
			high = middle;
	}
	return rows->far.at[low].value;
}

static void put_missing(uint8_t *record, const struct ingest_bound *bound)
{
	if (bound->width == 1)
		record[bound->offset] = INGEST_CODE_NONE;
	else if (bound->width == 2)
		put2(record, bound->offset, INGEST_NEAR_NONE);
	else if (bound->place == INGEST_PLACE_DATE)
		put4(record, bound->offset, (uint32_t)DATE_NONE);
	else
		put4(record, bound->offset, UINT32_MAX);
}

static bool is_missing(const uint8_t *record, const struct ingest_bound *bound)
{
	uint8_t none[4];
	put_missing(none, &(struct ingest_bound){ .place = bound->place, .width = bound->width });
	return memcmp(record + bound->offset, none, bound->width) == 0;
}

static bool refuse_missing(struct ingest_rows *rows, const struct ingest_bound *bound, uint8_t *record)
{
	put_missing(record, bound);
	if (!bound->spec->required)
		return true;
	ingest_rows_reject(rows, FINDING_MISSING_VALUE, bound->header, NULL, bound->spec->name);
	return false;
}

/* Puts what the memo knows into the record; false: the row was rejected. */
static bool put_known(
	struct ingest_rows *rows, uint32_t field, uint32_t entry, const struct ingest_cell *cell, uint8_t *record)
{
	const struct ingest_bound *bound = &rows->binding->fields[field];
	const struct ingest_memo *memo = &rows->memos[field];
	uint8_t flags = memo->flagged ? memo->flags[entry] : 0;
	if (__builtin_expect(flags != 0, 0)) {
		if (flags & (INGEST_MEMO_CLEANED | INGEST_MEMO_SPOILT)) {
			decode_cell(rows, cell);
			if (flags & INGEST_MEMO_CLEANED)
				sight(rows, &rows->cleaned[field], str_text(&rows->text));
			if (flags & INGEST_MEMO_SPOILT)
				sight(rows, &rows->spoilt[field], str_text(&rows->text));
		}
		if (flags & INGEST_MEMO_MISSING)
			return refuse_missing(rows, bound, record);
		if (flags & INGEST_MEMO_BAD) {
			decode_cell(rows, cell);
			str_clear(&rows->clean);
			str_add_bytes(&rows->clean, str_text(&rows->text), rows->text.length);
			ingest_rows_reject(
				rows, (enum finding_id)memo->value[entry], bound->header, str_text(&rows->clean), memo->detail[entry]);
			return false;
		}
	}
	switch (bound->place) {
	case INGEST_PLACE_KEY:
	case INGEST_PLACE_TEXT:
		put4(record, bound->offset, entry); /* the number comes when the unit's turn does */
		break;
	case INGEST_PLACE_DATE:
		put_date(rows, record, bound, (int32_t)memo->value[entry]);
		break;
	case INGEST_PLACE_NUMBER:
		put_number(rows, record, bound, memo->value[entry]);
		break;
	case INGEST_PLACE_CODE:
		record[bound->offset] = (uint8_t)memo->value[entry];
		break;
	}
	return true;
}

/* Everything but the plain cases: by the memo, which learns what it does not know. */
static bool take_slowly(struct ingest_rows *rows, uint32_t field, const struct ingest_cell *cell, uint8_t *record)
{
	struct ingest_cell plain;
	if (cell->kind == INGEST_CELL_DOUBLED || cell->kind == INGEST_CELL_ODD) {
		str_clear(&rows->raw); /* the memo knows bytes, not quoting */
		ingest_cell_unquote(cell, &rows->raw);
		char *copy = arena_alloc(&rows->arena, rows->raw.length + INGEST_CSV_PADDING, 1);
		memcpy(copy, str_text(&rows->raw), rows->raw.length);
		plain = (struct ingest_cell){ copy, (uint32_t)rows->raw.length, INGEST_CELL_PLAIN };
		cell = &plain;
	}
	uint32_t entry = ingest_memo_find(&rows->memos[field], cell->at, cell->length, cell->kind == INGEST_CELL_PLAIN);
	if (entry == MAP_NONE)
		entry = learn(rows, field, cell);
	return put_known(rows, field, entry, cell, record);
}

/* A cell that take_usual would not take. */
static __attribute__((noinline)) bool take_cell(
	struct ingest_rows *rows, uint32_t field, const struct ingest_cell *cell, uint8_t *record)
{
	const struct ingest_bound *bound = &rows->binding->fields[field];
	if (cell->kind == INGEST_CELL_PLAIN && bound->fast_number) {
		int64_t value;
		if (ingest_value_fast_number(cell->at, cell->length, bound->spec->field->scale, &value) && value >= bound->min
			&& value <= bound->max) {
			put_number(rows, record, bound, value);
			return true;
		}
	}
	return take_slowly(rows, field, cell, record);
}

/* --- FEEL --- */
static void get_slot(void *host, int slot, struct arena *arena, struct feel_value *value)
{
	struct ingest_rows *rows = host;
	if (slot >= INGEST_LET_SLOT) {
		*value = rows->let_values[slot - INGEST_LET_SLOT];
		return;
	}
	const char *text = ingest_rows_cell_text(rows, (uint32_t)slot);
	*value = ingest_value_missing(text, strlen(text), &rows->binding->mapping->missing)
		? feel_null()
		: feel_string(arena, text, strlen(text));
}

static int evaluate(struct ingest_rows *rows, const struct feel_expr *expr, struct feel_value *value)
{
	struct feel_env env = { .host = rows, .get = get_slot, .today = rows->today };
	*value = feel_null();
	return feel_eval(expr, &env, &rows->arena, value, &rows->err);
}

/* The cell that a computed value stands for: texts as they are, others printed. */
static const char *value_text(struct ingest_rows *rows, const struct feel_value *value)
{
	str_clear(&rows->made);
	feel_print(&rows->made, value);
	return str_text(&rows->made);
}

/* 1 taken, 0 rejected, -1 error. */
static int take_computed(struct ingest_rows *rows, uint32_t field, uint8_t *record)
{
	const struct ingest_bound *bound = &rows->binding->fields[field];
	struct feel_value value;
	if (evaluate(rows, bound->expr, &value) != 0)
		return -1;
	if (value.kind == FEEL_NULL && !bound->spec->fallback) {
		put_missing(record, bound);
		if (!bound->spec->required)
			return 1;
		ingest_rows_reject(rows, FINDING_BAD_EXPRESSION, bound->spec->name, NULL, bound->spec->value);
		return 0;
	}
	const char *text = value.kind == FEEL_NULL ? "" : value_text(rows, &value);
	if (value.kind == FEEL_NUMBER && bound->place == INGEST_PLACE_NUMBER) {
		int64_t scaled;
		enum finding_id why = FINDING_BAD_NUMBER;
		const char *detail = NULL;
		if (ingest_value_scale(bound->spec, value.number, &scaled, &why, &detail) != INGEST_OK) {
			ingest_rows_reject(rows, why, bound->spec->name, text, detail);
			return 0;
		}
		put_number(rows, record, bound, scaled);
		return 1;
	}
	if (value.kind == FEEL_DATE && bound->place == INGEST_PLACE_DATE) {
		put_date(rows, record, bound, value.date);
		return 1;
	}
	size_t length = strlen(text);
	struct ingest_cell cell = { arena_copy(&rows->arena, text, length), (uint32_t)length, INGEST_CELL_UTF8 };
	return take_cell(rows, field, &cell, record) ? 1 : 0;
}

/* 1, 0 (rejected) or -1. */
static int take_let(struct ingest_rows *rows, uint32_t number)
{
	const struct ingest_bound *bound = &rows->binding->lets[number];
	const struct ingest_spec *spec = bound->spec;
	struct feel_value *value = &rows->let_values[number];
	struct ingest_cell cell = { "", 0, INGEST_CELL_UTF8 };
	*value = feel_null();
	if (bound->expr) {
		struct feel_value computed;
		if (evaluate(rows, bound->expr, &computed) != 0)
			return -1;
		if (computed.kind == FEEL_NULL && !spec->fallback)
			return 1;
		const char *text = computed.kind == FEEL_NULL ? "" : value_text(rows, &computed);
		cell = (struct ingest_cell){ arena_text(&rows->arena, text), (uint32_t)strlen(text), INGEST_CELL_UTF8 };
	} else if (bound->column != INGEST_NO_COLUMN) {
		cell = rows->cells[bound->column];
	}
	size_t sights = rows->binding->field_count + number;
	struct reading reading = { .outcome = INGEST_BAD, .why = FINDING_BAD_ENCODING };
	bool valid = decode_cell(rows, &cell);
	const char *found = arena_copy(&rows->arena, str_text(&rows->text), rows->text.length);
	if (valid)
		reading = read_text(rows, spec, found, rows->text.length);
	if (reading.flags & INGEST_MEMO_CLEANED)
		sight(rows, &rows->cleaned[sights], found);
	if (reading.flags & INGEST_MEMO_SPOILT)
		sight(rows, &rows->spoilt[sights], found);
	if (reading.outcome == INGEST_BAD || (reading.outcome == INGEST_MISSING && spec->required)) {
		ingest_rows_reject(rows, reading.outcome == INGEST_BAD ? reading.why : FINDING_MISSING_VALUE, bound->header,
			found, reading.detail);
		return 0;
	}
	if (reading.outcome == INGEST_MISSING)
		return 1;
	switch (ingest_type_yields(spec->type)) {
	case INGEST_YIELD_DATE:
		*value = feel_date(reading.day);
		break;
	case INGEST_YIELD_NUMBER:
		if (spec->has_factor)
			reading.number = decimal_mul(reading.number, spec->factor);
		if ((spec->has_min && decimal_compare(reading.number, spec->min) < 0)
			|| (spec->has_max && decimal_compare(reading.number, spec->max) > 0)) {
			ingest_rows_reject(rows, FINDING_OUT_OF_SCALE, bound->header, found, "outside min and max of the mapping");
			return 0;
		}
		*value = feel_number(reading.number);
		break;
	case INGEST_YIELD_BOOL:
		*value = feel_boolean(reading.truth);
		break;
	case INGEST_YIELD_TEXT:
		*value = feel_string(&rows->arena, str_text(&rows->clean), rows->clean.length);
		break;
	}
	return 1;
}

/* Takes a cell as most are: plain, and read or known at once. False: nothing was done. */
static inline bool take_usual(struct ingest_rows *rows, uint32_t field, uint8_t *record)
{
	const struct ingest_step *step = &rows->steps[field];
	if (step->way == INGEST_WAY_LONG)
		return false;
	const struct ingest_cell *cell = &rows->cells[step->column];
	if (cell->kind != INGEST_CELL_PLAIN)
		return false;
	if (step->way == INGEST_WAY_NUMBER) {
		int64_t value;
		if (!ingest_value_fast_number(cell->at, cell->length, step->scale, &value) || value < step->min
			|| value > step->max)
			return false;
		if (step->width == 2)
			put2(record, step->offset, (uint32_t)(value - INGEST_NEAR_NUMBER));
		else
			put4(record, step->offset, (uint32_t)(value - INGEST_NARROW_MIN));
		return true;
	}
	if (step->way == INGEST_WAY_DATE) {
		int32_t day;
		if (!ingest_value_fast_date(cell->at, cell->length, &rows->months, &day))
			return false;
		if (step->width == 4)
			put4(record, step->offset, (uint32_t)day);
		else if (day >= INGEST_NEAR_DATE && day - INGEST_NEAR_DATE < (int32_t)INGEST_NEAR_FAR)
			put2(record, step->offset, (uint32_t)(day - INGEST_NEAR_DATE));
		else
			return false;
		return true;
	}
	const struct ingest_memo *memo = &rows->memos[field];
	uint32_t entry = ingest_memo_find(memo, cell->at, cell->length, true);
	if (entry == MAP_NONE || (memo->flagged && memo->flags[entry] != 0))
		return false;
	if (step->way == INGEST_WAY_CODE)
		record[step->offset] = (uint8_t)memo->value[entry];
	else
		put4(record, step->offset, entry); /* the number comes when the unit's turn does */
	return true;
}

/* Stages the row whose cells are in rows->cells. */
static int take_row(struct ingest_rows *rows)
{
	const struct ingest_binding *binding = rows->binding;
	if (__builtin_expect(rows->record_count == rows->record_room, 0)) {
		rows->record_room = rows->record_room ? rows->record_room * 2 : 4096;
		rows->records = mem_grow(rows->records, rows->record_room, binding->record_size);
	}
	if (binding->reshapes) {
		for (uint32_t i = 0; i < binding->let_count; i++) {
			int taken = take_let(rows, i);
			if (taken <= 0)
				return taken;
		}
		for (size_t i = 0; i < binding->mapping->filter_count; i++) {
			struct feel_value keep;
			if (evaluate(rows, binding->filters[i], &keep) != 0)
				return -1;
			if (!feel_is_true(&keep)) {
				rows->filtered++;
				return 0;
			}
		}
	}
	uint8_t *record = rows->records + rows->record_count * binding->record_size;
	put4(record, 0, (uint32_t)rows->scan.record_line);
	for (uint32_t i = 0; i < binding->field_count; i++) {
		const struct ingest_bound *bound = &binding->fields[i];
		if (__builtin_expect(take_usual(rows, i, record), 1))
			continue;
		if (bound->column != INGEST_NO_COLUMN) {
			if (!take_cell(rows, i, &rows->cells[bound->column], record))
				return 0;
		} else if (bound->expr) {
			int taken = take_computed(rows, i, record);
			if (taken <= 0)
				return taken;
		} else {
			static const struct ingest_cell empty = { "", 0, INGEST_CELL_UTF8 };
			if (!take_cell(rows, i, &empty, record))
				return 0;
		}
	}
	if (binding->either_a >= 0 || binding->either_b >= 0) {
		bool any = false;
		const int pair[2] = { binding->either_a, binding->either_b };
		for (int i = 0; i < 2; i++) {
			if (pair[i] < 0)
				continue;
			any = any || !is_missing(record, &binding->fields[pair[i]]);
		}
		if (!any) {
			const struct ingest_bound *a = binding->either_a >= 0 ? &binding->fields[binding->either_a] : NULL;
			const struct ingest_bound *b = binding->either_b >= 0 ? &binding->fields[binding->either_b] : NULL;
			ingest_rows_reject(rows, FINDING_MISSING_VALUE, a ? a->header : b->header, NULL,
				a && b ? b->header : "one of the two fields the feed needs");
			return 0;
		}
	}
	rows->record_count++;
	rows->rows++;
	return 1;
}

/* --- reshaping --- */
static int take_wide(struct ingest_rows *rows)
{
	const struct ingest_binding *binding = rows->binding;
	const struct ingest_unpivot *unpivot = binding->mapping->unpivot;
	if (!unpivot)
		return take_row(rows);
	bool any = false;
	for (size_t i = 0; i < unpivot->column_count; i++) {
		const char *text = ingest_rows_cell_text(rows, binding->wide_columns[i]);
		size_t length = strlen(text);
		if (ingest_value_missing(text, length, &binding->mapping->missing))
			continue;
		any = true;
		const char *name = unpivot->columns[i].to;
		rows->cells[binding->unpivot_name] = (struct ingest_cell){ name, (uint32_t)strlen(name), INGEST_CELL_UTF8 };
		rows->cells[binding->unpivot_value] = rows->cells[binding->wide_columns[i]];
		struct decimal number;
		enum finding_id why;
		const char *detail;
		if (unpivot->columns[i].has_factor) {
			str_clear(&rows->made);
			text_clean_id(&rows->made, text, length);
			if (ingest_value_number(str_text(&rows->made), rows->made.length, INGEST_NUMBER, &number, &why, &detail)
				== INGEST_OK) {
				char digits[64];
				size_t n = decimal_to_text(decimal_mul(number, unpivot->columns[i].factor), digits);
				rows->cells[binding->unpivot_value] =
					(struct ingest_cell){ arena_copy(&rows->arena, digits, n), (uint32_t)n, INGEST_CELL_UTF8 };
			}
		}
		if (take_row(rows) < 0)
			return -1;
	}
	if (!any)
		rows->filtered++;
	return 0;
}

static int take_split(struct ingest_rows *rows)
{
	const struct ingest_binding *binding = rows->binding;
	if (!binding->mapping->split)
		return take_wide(rows);
	const char *text = arena_text(&rows->arena, ingest_rows_cell_text(rows, binding->split_column));
	const char *separator = binding->mapping->split->separator;
	size_t step = strlen(separator);
	bool any = false;
	for (const char *at = text; at;) {
		const char *stop = strstr(at, separator);
		const char *from = at, *to = stop ? stop : at + strlen(at);
		while (from < to && *from == ' ')
			from++;
		while (to > from && to[-1] == ' ')
			to--;
		at = stop ? stop + step : NULL;
		if (from == to && (stop || any))
			continue; /* nothing between two separators */
		any = true;
		rows->cells[binding->split_into] = (struct ingest_cell){ from, (uint32_t)(to - from), INGEST_CELL_UTF8 };
		if (take_wide(rows) < 0)
			return -1;
	}
	return 0;
}

/* 1 found (or not needed), 0 rejected. */
static int look_up(struct ingest_rows *rows, size_t number)
{
	const struct ingest_binding *binding = rows->binding;
	const struct ingest_table *table = &binding->tables[number];
	const struct ingest_lookup *lookup = &binding->mapping->lookups[number];
	struct str key = { 0 };
	for (size_t i = 0; i < lookup->on.count; i++) {
		const char *text = ingest_rows_cell_text(rows, table->on[i]);
		text_clean_id(&key, text, strlen(text));
		str_add_char(&key, '\x1f');
	}
	uint32_t row = map_find(&table->keys, str_text(&key), key.length);
	for (size_t c = 0; c < table->width; c++) {
		const char *text = row == MAP_NONE ? "" : table->cells[row * table->width + c];
		rows->cells[table->first + c] = (struct ingest_cell){ text, (uint32_t)strlen(text), INGEST_CELL_UTF8 };
	}
	if (row == MAP_NONE && lookup->required) {
		for (size_t i = 0; i < key.length; i++) {
			if (key.text[i] == '\x1f')
				key.text[i] = i + 1 < key.length ? ' ' : 0;
		}
		ingest_rows_reject(rows, FINDING_LOOKUP_MISS, lookup->on.at[0], str_text(&key), lookup->file);
	}
	str_release(&key);
	return row != MAP_NONE || !lookup->required;
}

static bool is_skipped(struct ingest_rows *rows)
{
	const struct ingest_names *skip = &rows->binding->mapping->skip;
	for (uint32_t c = 0; c < rows->binding->physical; c++) {
		const char *text = ingest_rows_cell_text(rows, c);
		if (!*text)
			continue;
		for (size_t i = 0; i < skip->count; i++) {
			if (strncmp(text, skip->at[i], strlen(skip->at[i])) == 0)
				return true;
		}
		return false;
	}
	return false;
}

/* Stages the record in hand. */
static int take_record(struct ingest_rows *rows)
{
	const struct ingest_binding *binding = rows->binding;
	size_t count = rows->scan.cell_count, length = rows->scan.record_length;
	const char *record = rows->scan.record;
	const char delimiter = rows->tokens.dialect.delimiter;
	if (__builtin_expect(length > INGEST_RECORD_MAX, 0)) {
		ingest_rows_reject(rows, FINDING_RECORD_TOO_LONG, NULL, NULL, "a record has at most 1 MiB");
		return 0;
	}
	if (length + 1 == binding->physical || length == binding->physical) { /* ",,,,": an empty line */
		size_t left = length;
		while (left > 0 && (record[left - 1] == '\r' || record[left - 1] == delimiter))
			left--;
		if (left == 0)
			return 0;
	}
	/* The usual row of a mapping that skips some: it begins with a digit or letter, which none of the texts does. */
	const bool usual = binding->mapping->skip.count == 0
		|| (!rows->skips_letters && count > 0 && rows->cells[0].length && rows->cells[0].at[0] > ' ');
	if (__builtin_expect(count != binding->physical || !usual, 0)) {
		for (size_t c = count; c < binding->physical; c++)
			rows->cells[c] = (struct ingest_cell){ "", 0, INGEST_CELL_UTF8 };
		bool blank = true, surplus = false;
		for (size_t c = 0; c < count; c++) {
			bool filled = false;
			for (uint32_t i = 0; i < rows->scan.all[c].length && !filled; i++)
				filled = rows->scan.all[c].at[i] != ' ' && rows->scan.all[c].at[i] != '\t'
					&& rows->scan.all[c].at[i] != '\r';
			blank = blank && !filled;
			surplus = surplus || (filled && c >= binding->physical);
		}
		if (blank && (count == 1 || count != binding->physical))
			return 0; /* an empty line is no row */
		if (binding->mapping->skip.count > 0 && is_skipped(rows)) {
			rows->filtered++;
			return 0;
		}
		if (count < binding->physical || surplus) {
			char *detail = arena_printf(&rows->reject_arena, "%zu cells, the header has %zu", count, binding->physical);
			ingest_rows_reject(rows, FINDING_CELL_COUNT, NULL, NULL, detail);
			return 0;
		}
	}
	if (!binding->reshapes) {
		if (take_row(rows) < 0)
			return -1;
		if (rows->arena.used)
			arena_reset(&rows->arena);
		return 0;
	}
	int result = 0;
	for (size_t i = 0; i < binding->table_count; i++) {
		if (!look_up(rows, i))
			goto out;
	}
	result = take_split(rows) < 0 ? -1 : 0;
out:
	arena_reset(&rows->arena);
	return result;
}

bool ingest_rows_find(struct ingest_rows *rows, uint64_t line)
{
	struct ingest_scan *tokens = &rows->tokens;
	while (tokens->record_line < line && ingest_scan_next(tokens)) {
	}
	if (tokens->record_line != line)
		return false;
	rows->cells = tokens->cells;
	rows->scan.all = tokens->cells;
	rows->scan.record = tokens->record;
	rows->scan.record_length = tokens->record_length;
	rows->scan.record_line = tokens->record_line;
	rows->scan.cell_count = tokens->cell_count;
	return true;
}

/* Splits the next record into the cells of a lane. */
static bool split_ahead(struct ingest_rows *rows, struct ingest_lane *lane)
{
	struct ingest_scan *tokens = &rows->tokens;
	tokens->cells = lane->cells;
	tokens->cell_room = lane->room;
	const bool found = ingest_scan_next(tokens);
	lane->cells = tokens->cells;
	lane->room = tokens->cell_room;
	lane->record = tokens->record;
	lane->length = tokens->record_length;
	lane->line = tokens->record_line;
	lane->count = tokens->cell_count;
	return found;
}

int ingest_rows_take(struct ingest_rows *rows, const struct ingest_dialect *dialect, const char *bytes, size_t length,
	uint64_t line, uint64_t limit)
{
	const struct ingest_binding *binding = rows->binding;
	struct { uint32_t field, column; } far[64];   /* fields whose memo has outgrown the cache */
	size_t far_count = 0;
	bool more = true, open = false;
	int result = 0;
	ingest_scan_begin(&rows->tokens, dialect, bytes, length, line);
	struct ingest_cell *own = rows->tokens.cells;
	const size_t own_room = rows->tokens.cell_room;
	for (uint32_t i = 0; i < binding->field_count && far_count < 64; i++) {
		if (binding->fields[i].place == INGEST_PLACE_KEY && binding->fields[i].column != INGEST_NO_COLUMN
			&& ingest_memo_is_large(&rows->memos[i])) {
			far[far_count].field = i;
			far[far_count++].column = binding->fields[i].column;
		}
	}
	while (more && !open && result == 0 && (limit == 0 || rows->rows < limit)) {
		size_t n = 0;
		/* Several records are split before the first is taken, so that the memo's slots are fetched meanwhile. */
		while (n < INGEST_AHEAD && !open && (more = split_ahead(rows, &rows->lanes[n]))) {
			const struct ingest_lane *lane = &rows->lanes[n++];
			open = rows->tokens.open_quote;
			for (size_t i = 0; i < far_count; i++) {
				if (far[i].column < lane->count)
					ingest_memo_prefetch(
						&rows->memos[far[i].field], lane->cells[far[i].column].at, lane->cells[far[i].column].length);
			}
		}
		for (size_t i = 0; i < n && result == 0; i++) {
			const struct ingest_lane *lane = &rows->lanes[i];
			rows->cells = lane->cells;
			rows->scan.all = lane->cells;
			rows->scan.record = lane->record;
			rows->scan.record_length = lane->length;
			rows->scan.record_line = lane->line;
			rows->scan.cell_count = lane->count;
			result = open && i + 1 == n ? 1 : take_record(rows);
		}
	}
	rows->tokens.cells = own;
	rows->tokens.cell_room = own_room;
	return result;
}
