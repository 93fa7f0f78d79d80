/*
 * detect.c - what a file is.
 *
 * Decides: encoding (BOM, then NULs of UTF-16, then strict UTF-8, then GB18030), line end, delimiter, and the header
 * row,
 * which may stand under title rows. Detectors by letter frequency are wrong on short Chinese texts; the ladder is not.
 */
#include "ingest/detect.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_ROWS 50      /* records among which the header is sought */

static void add_aliases(struct ingest_wanted *wanted, const struct ingest_names *names)
{
	struct str folded = { 0 };
	for (size_t i = 0; i < names->count; i++) {
		str_clear(&folded);
		text_fold(&folded, names->at[i], strlen(names->at[i]));
		map_add(&wanted->aliases, str_text(&folded), folded.length);
	}
	str_release(&folded);
}

static void add_spec(struct ingest_wanted *wanted, const struct ingest_spec *spec)
{
	add_aliases(wanted, &spec->columns);
	if (spec->value) {
		str_add(&wanted->expressions, spec->value);
		str_add(&wanted->expressions, "\n");
	}
}

void ingest_wanted_init(struct ingest_wanted *wanted, const struct ingest_mapping *mapping)
{
	memset(wanted, 0, sizeof *wanted);
	for (size_t i = 0; i < mapping->field_count; i++)
		add_spec(wanted, &mapping->fields[i]);
	for (size_t i = 0; i < mapping->let_count; i++)
		add_spec(wanted, &mapping->lets[i]);
	for (size_t i = 0; i < mapping->lookup_count; i++)
		add_aliases(wanted, &mapping->lookups[i].on);
	if (mapping->split)
		add_aliases(wanted, &mapping->split->columns);
	for (size_t i = 0; mapping->unpivot && i < mapping->unpivot->column_count; i++)
		add_aliases(wanted, &mapping->unpivot->columns[i].columns);
	for (size_t i = 0; i < mapping->filter_count; i++) {
		str_add(&wanted->expressions, mapping->filters[i].when);
		str_add(&wanted->expressions, "\n");
	}
}

void ingest_wanted_release(struct ingest_wanted *wanted)
{
	map_release(&wanted->aliases);
	str_release(&wanted->expressions);
}

uint32_t ingest_wanted_find(const struct map *aliases, const char *header, size_t length)
{
	struct str folded = { 0 };
	text_fold(&folded, header, length);
	uint32_t number = map_find(aliases, str_text(&folded), folded.length);
	if (number == MAP_NONE && folded.length > 2 && folded.text[folded.length - 1] == ')') { /* 入职时间(yyyy-mm-dd) */
		const char *open = memrchr(folded.text, '(', folded.length);
		if (open && open > folded.text)
			number = map_find(aliases, folded.text, (size_t)(open - folded.text));
	}
	str_release(&folded);
	return number;
}

/*
 * Multi-byte sequences of UTF-8 that are right and bytes that are wrong; a sequence cut at the end counts as
 * neither.
 */
static void count_utf8(const unsigned char *at, size_t length, size_t *right, size_t *wrong)
{
	const unsigned char *end = at + length;
	*right = *wrong = 0;
	while (at < end) {
		if (*at < 0x80) {
			at++;
			continue;
		}
		size_t n = *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : 2;
		if ((size_t)(end - at) < n) {
			size_t k = 1;
			while (k < (size_t)(end - at) && (at[k] & 0xC0) == 0x80)
				k++;
			if (k == (size_t)(end - at) && *at >= 0xC2 && *at <= 0xF4)
				return;
		} else if (text_valid_utf8((const char *)at, n)) {
			(*right)++;
			at += n;
			continue;
		}
		(*wrong)++;
		at++;
	}
}

enum ingest_encoding ingest_detect_encoding(const char *bytes, size_t length, bool at_start, size_t *skip)
{
	*skip = 0;
	if (at_start && length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
		*skip = 3;
		return INGEST_UTF8;
	}
	if (at_start && length >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0) {
		*skip = 2;
		return INGEST_UTF16LE;
	}
	if (at_start && length >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0) {
		*skip = 2;
		return INGEST_UTF16BE;
	}
	if (at_start && length >= 4) { /* text of Latin letters in UTF-16 has a NUL in every second byte */
		size_t n = length < 4096 ? length : 4096, even = 0, odd = 0;
		for (size_t i = 0; i < n; i++) {
			if (bytes[i] == 0)
				*(i % 2 ? &odd : &even) += 1;
		}
		if (odd > n / 8 && even == 0)
			return INGEST_UTF16LE;
		if (even > n / 8 && odd == 0)
			return INGEST_UTF16BE;
	}
	if (text_is_ascii(bytes, length))
		return INGEST_ENCODING_AUTO;
	size_t right, wrong;
	count_utf8((const unsigned char *)bytes, length, &right, &wrong);
	/*
	 * GB18030 accepts most UTF-8 with a broken byte; UTF-8 accepts almost no GB18030. So a few wrong bytes stay
	 * UTF-8.
	 */
	return wrong == 0 || right > wrong * 20 ? INGEST_UTF8 : INGEST_GB18030;
}

const char *ingest_encoding_name(enum ingest_encoding encoding)
{
	static const char *const names[] = { "ASCII", "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE" };
	return names[encoding];
}

bool ingest_decode(enum ingest_encoding encoding, const char *bytes, size_t length, bool replace, struct str *out)
{
	if (text_is_ascii(bytes, length)) {
		str_add_bytes(out, bytes, length);
		return true;
	}
	if (encoding == INGEST_GB18030) {
		for (;;) {
			size_t bad = 0, before = out->length;
			if (text_from_gb18030(out, bytes, length, &bad))
				return true;
			if (!replace)
				return false;
			/* keep what was right, mark the byte, go on behind it */
			out->length = before;
			if (out->text)
				out->text[before] = 0;
			size_t ignored;
			if (bad > 0)
				text_from_gb18030(out, bytes, bad, &ignored);
			str_add_code_point(out, 0xFFFD);
			bytes += bad + 1;
			length -= bad + 1;
		}
	}
	if (text_valid_utf8(bytes, length)) {
		str_add_bytes(out, bytes, length);
		return true;
	}
	if (!replace)
		return false;
	for (const char *at = bytes, *end = bytes + length; at < end;)
		str_add_code_point(out, text_next(&at, end));
	return true;
}

/* How well a record serves as header: columns it names. Aliases count twice, so that a data row never beats them. */
static size_t header_score(
	const struct ingest_wanted *wanted, enum ingest_encoding encoding, const struct ingest_scan *scan)
{
	size_t score = 0;
	struct str raw = { 0 }, text = { 0 }, clean = { 0 };
	uint8_t *seen = mem_new(wanted->aliases.count + 1, 1);
	for (size_t i = 0; i < scan->cell_count && i < 4096; i++) {
		if (scan->cells[i].length > 1000)
			continue;
		str_clear(&raw);
		str_clear(&text);
		str_clear(&clean);
		ingest_cell_unquote(&scan->cells[i], &raw);
		ingest_decode(encoding, str_text(&raw), raw.length, true, &text);
		text_clean(&clean, str_text(&text), text.length);
		if (clean.length == 0)
			continue;
		uint32_t number = ingest_wanted_find(&wanted->aliases, clean.text, clean.length);
		if (number != MAP_NONE && !seen[number]) {
			seen[number] = 1;
			score += 2;
		} else if (number == MAP_NONE && clean.length >= 3 && wanted->expressions.length
			&& strstr(wanted->expressions.text, clean.text)) {
			score += 1;
		}
	}
	free(seen);
	str_release(&raw);
	str_release(&text);
	str_release(&clean);
	return score;
}

static void take_header(
	enum ingest_encoding encoding, const struct ingest_scan *scan, struct arena *arena, struct ingest_shape *shape)
{
	struct str raw = { 0 }, text = { 0 }, clean = { 0 };
	shape->headers.at = arena_alloc(arena, scan->cell_count + 1, sizeof *shape->headers.at);
	shape->headers.count = 0;
	for (size_t i = 0; i < scan->cell_count; i++) {
		str_clear(&raw);
		str_clear(&text);
		str_clear(&clean);
		ingest_cell_unquote(&scan->cells[i], &raw);
		ingest_decode(encoding, str_text(&raw), raw.length, true, &text);
		text_clean(&clean, str_text(&text), text.length);
		shape->headers.at[shape->headers.count++] = arena_copy(arena, str_text(&clean), clean.length);
	}
	str_release(&raw);
	str_release(&text);
	str_release(&clean);
}

void ingest_detect_shape(const struct ingest_mapping *mapping, const struct ingest_wanted *wanted,
	enum ingest_encoding encoding, const char *bytes, size_t length, bool whole, struct arena *arena,
	struct ingest_shape *shape)
{
	static const char candidates[] = { ',', '\t', ';', '|' };
	size_t sample = length < (1u << 20) ? length : (1u << 20);
	char *copy = mem_new(sample + INGEST_CSV_PADDING, 1); /* scanning reads a little beyond */
	memcpy(copy, bytes, sample);
	memset(shape, 0, sizeof *shape);
	char terminator = !memchr(copy, '\n', sample) && memchr(copy, '\r', sample) ? '\r' : '\n';
	size_t best_score = 0, best_cells = 0;
	unsigned best_record = 0;
	char best_delimiter = mapping->delimiter ? mapping->delimiter : ',';
	for (size_t i = 0; i < sizeof candidates; i++) {
		char delimiter = mapping->delimiter ? mapping->delimiter : candidates[i];
		struct ingest_dialect dialect = { delimiter, terminator, mapping->quotes };
		struct ingest_scan scan = { 0 };
		ingest_scan_begin(&scan, &dialect, copy, sample, 1);
		unsigned limit = mapping->header ? mapping->header : HEADER_ROWS;
		for (unsigned record = 1; record <= limit && ingest_scan_next(&scan); record++) {
			if (scan.open_quote || (scan.at >= scan.end && (!whole || sample < length)))
				break; /* the sample ends inside this record */
			if (mapping->header && record != mapping->header)
				continue;
			size_t score = header_score(wanted, encoding, &scan);
			/*
			 * a row that is told, or a mapping that names no column at all: the first row, split by what gives most
			 * cells
			 */
			bool told = mapping->header || (wanted->aliases.count == 0 && record == 1);
			if (score > best_score || (told && score == best_score && scan.cell_count > best_cells)) {
				best_score = score;
				best_cells = scan.cell_count;
				best_record = record;
				best_delimiter = delimiter;
			}
		}
		ingest_scan_release(&scan);
		if (mapping->delimiter)
			break;
	}
	shape->dialect = (struct ingest_dialect){ best_delimiter, terminator, mapping->quotes };
	if (best_record > 0) {
		struct ingest_scan scan = { 0 };
		ingest_scan_begin(&scan, &shape->dialect, copy, sample, 1);
		for (unsigned record = 1; record <= best_record && ingest_scan_next(&scan); record++) {
			if (record < best_record)
				continue;
			shape->found = true;
			shape->header_record = record;
			shape->header_line = scan.record_line;
			take_header(encoding, &scan, arena, shape);
			shape->data_offset = (size_t)(scan.at - scan.base);
			shape->data_line = scan.line;
		}
		ingest_scan_release(&scan);
	}
	free(copy);
}
