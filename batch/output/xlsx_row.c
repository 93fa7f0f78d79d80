/*
 * xlsx_row.c - the rows of a sheet as SpreadsheetML text. libxlsxwriter in constant-memory mode prints rows into a
 * temporary file and copies that between head and tail of the sheet; here the same text is made without printf, once
 * for the file and for the digest.
 *
 * Decides: spelling of cells, numbers and escapes. Does not decide what stands in a cell or which format it has.
 */
#include "output/xlsx_private.h"

#include "base/decimal.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLUSH_AT = 1 << 16, TEXT_MAX = 32767, NUMBER_ROOM = 48 };

struct xlsx_rows *xlsx_rows_new(struct xlsx *xlsx, lxw_worksheet *sheet, uint32_t index, uint32_t columns)
{
	struct xlsx_rows *rows = mem_new(1, sizeof *rows);
	rows->xlsx = xlsx;
	rows->sheet = sheet;
	rows->index = index;
	rows->names = mem_new(columns, sizeof *rows->names);
	for (uint32_t c = 0; c < columns; c++) {
		lxw_col_to_name(rows->names[c].text, (lxw_col_t)c, LXW_FALSE);
		rows->names[c].length = (uint8_t)strlen(rows->names[c].text);
	}
	return rows;
}

void xlsx_rows_free(struct xlsx_rows *rows)
{
	if (rows == NULL)
		return;
	str_release(&rows->out);
	str_release(&rows->line);
	str_release(&rows->clean);
	VEC_RELEASE(&rows->cells);
	free(rows->names);
	free(rows);
}

/* ---- rows ---- */

void xlsx_rows_begin(struct xlsx_rows *rows, uint32_t row)
{
	rows->row = row;
	rows->height = 0;
	rows->cells.count = 0;
	rows->sorted = true;
	str_clear(&rows->line);
	char *at = rows->number;
	at += xlsx_unsigned_text((uint64_t)row + 1, at);
	rows->number_length = (size_t)(at - rows->number);
}

static int compare_columns(const void *a, const void *b)
{
	const struct xlsx_rows_cell *x = a, *y = b;
	return (x->column > y->column) - (x->column < y->column);
}

static void add_bytes(struct str *str, const char *text, size_t length)
{
	memcpy(str->text + str->length, text, length);
	str->length += length;
}

static int flush(struct xlsx_rows *rows, struct err *err)
{
	if (rows->out.length > 0
		&& fwrite(rows->out.text, 1, rows->out.length, rows->sheet->optimize_tmpfile) != rows->out.length)
		return err_set(err, STATUS_IO, "cannot write a temporary file of a workbook");
	str_clear(&rows->out);
	return 0;
}

static void note_dimensions(struct xlsx_rows *rows)
{
	lxw_worksheet *sheet = rows->sheet;
	lxw_row_t row = rows->row;
	sheet->dim_rowmin = row < sheet->dim_rowmin ? row : sheet->dim_rowmin;
	sheet->dim_rowmax = row > sheet->dim_rowmax ? row : sheet->dim_rowmax;
	if (rows->cells.count == 0)
		return;
	lxw_col_t first = (lxw_col_t)rows->cells.at[0].column;
	lxw_col_t last = (lxw_col_t)rows->cells.at[rows->cells.count - 1].column;
	sheet->dim_colmin = first < sheet->dim_colmin ? first : sheet->dim_colmin;
	sheet->dim_colmax = last > sheet->dim_colmax ? last : sheet->dim_colmax;
}

int xlsx_rows_end(struct xlsx_rows *rows, struct err *err)
{
	static const char begin[] = "<row r=\"", end[] = "</row>";
	if (rows->cells.count == 0 && rows->height <= 0)
		return 0;
	if (!rows->sorted)
		qsort(rows->cells.at, rows->cells.count, sizeof *rows->cells.at, compare_columns);
	note_dimensions(rows);
	struct str *out = &rows->out;
	str_reserve(out, rows->line.length + 160);
	add_bytes(out, begin, sizeof begin - 1);
	add_bytes(out, rows->number, rows->number_length);
	if (rows->height > 0)
		str_printf(out, "\" ht=\"%g\" customHeight=\"1", rows->height);
	if (rows->cells.count == 0) {
		str_add(out, "\"/>");
	} else {
		str_add(out, "\">");
		if (rows->sorted)
			str_add_bytes(out, rows->line.text, rows->line.length);
		for (size_t i = 0; !rows->sorted && i < rows->cells.count; i++)
			str_add_bytes(out, rows->line.text + rows->cells.at[i].begin, rows->cells.at[i].length);
		str_add_bytes(out, end, sizeof end - 1);
	}
	return out->length < FLUSH_AT ? 0 : flush(rows, err);
}

int xlsx_rows_finish(struct xlsx_rows *rows, struct err *err)
{
	return flush(rows, err);
}

/* ---- cells ---- */

/* `<c r="B7" s="3"`, with room for `more` further bytes. */
static void begin_cell(struct xlsx_rows *rows, uint32_t column, int32_t format, size_t more)
{
	struct str *line = &rows->line;
	size_t count = rows->cells.count;
	if (count > 0 && rows->cells.at[count - 1].column >= column)
		rows->sorted = false;
	VEC_PUSH(&rows->cells, ((struct xlsx_rows_cell){ .column = column, .begin = line->length }));
	str_reserve(line, more + 160);
	add_bytes(line, "<c r=\"", 6);
	add_bytes(line, rows->names[column].text, rows->names[column].length);
	add_bytes(line, rows->number, rows->number_length);
	if (format > 0) {
		add_bytes(line, "\" s=\"", 5);
		line->length += xlsx_unsigned_text((uint64_t)format, line->text + line->length);
	}
	add_bytes(line, "\"", 1);
}

static void end_cell(struct xlsx_rows *rows, const char *tail)
{
	struct xlsx_rows_cell *cell = &rows->cells.at[rows->cells.count - 1];
	str_add(&rows->line, tail);
	cell->length = rows->line.length - cell->begin;
}

void xlsx_rows_blank(struct xlsx_rows *rows, uint32_t column, int32_t format)
{
	begin_cell(rows, column, format, 0);
	end_cell(rows, "/>");
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* "_x0041_" would be read as an escape. */
static bool looks_escaped(const char *text)
{
	return text[1] == 'x' && is_hex(text[2]) && is_hex(text[3]) && is_hex(text[4]) && is_hex(text[5])
		&& text[6] == '_';
}

static bool no_character(const char *text)
{
	return (unsigned char)text[0] == 0xef && (unsigned char)text[1] == 0xbf && (unsigned char)text[2] >= 0xbe;
}

/* How a text is spelled before XML: characters that XML does not know as _xHHHH_. The text itself where it has none. */
static const char *spell(struct xlsx_rows *rows, const char *text, size_t *length)
{
	const char *at = text;
	for (; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;
		if ((c < 0x20 && c != '\t' && c != '\n') || (c == '_' && looks_escaped(at)) || (c == 0xef && no_character(at)))
			break;
	}
	if (*at == '\0') {
		*length = (size_t)(at - text);
		return text;
	}
	struct str *clean = &rows->clean;
	str_clear(clean);
	for (at = text; *at != '\0'; at++) {
		unsigned char c = (unsigned char)*at;
		if (c == 0xef && no_character(at)) {
			str_add(clean, "\xef\xbf\xbd");
			at += 2;
		} else if ((c < 0x20 && c != '\t' && c != '\n') || (c == '_' && looks_escaped(at))) {
			str_printf(clean, "_x%04X_", c);
		} else {
			str_add_char(clean, (char)c);
		}
	}
	*length = clean->length;
	return clean->text;
}

/* Appends with the characters of mark-up escaped. */
static void add_escaped(struct str *out, const char *text, size_t length)
{
	const char *end = text + length, *from = text;
	str_reserve(out, length + 64);
	for (const char *at = text; at < end; at++) {
		if (*at != '&' && *at != '<' && *at != '>')
			continue;
		str_add_bytes(out, from, (size_t)(at - from));
		str_add(out, *at == '&' ? "&amp;" : *at == '<' ? "&lt;" : "&gt;");
		from = at + 1;
	}
	str_add_bytes(out, from, (size_t)(end - from));
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int xlsx_rows_text(struct xlsx_rows *rows, uint32_t column, int32_t format, const char *text, struct err *err)
{
	size_t length = strlen(text);
	if (!text_valid_utf8(text, length))
		return err_set(err, STATUS_INTERNAL, "sheet '%s': a text is not valid UTF-8", rows->sheet->name);
	text = spell(rows, text, &length);
	if (length > TEXT_MAX && text_count(text, length) > TEXT_MAX)
		return err_set(
			err, STATUS_INTERNAL, "sheet '%s': a text is longer than %d characters", rows->sheet->name, TEXT_MAX);
	xlsx_digest_cell(&rows->xlsx->digest, rows->index, rows->row, column, 's', xlsx_digest_value(text, length));
	begin_cell(rows, column, format, length + 128);
	static const char open[] = " t=\"inlineStr\"><is><t>", keep[] = " t=\"inlineStr\"><is><t xml:space=\"preserve\">";
	if (is_space(text[0]) || is_space(text[length - 1]))
		add_bytes(&rows->line, keep, sizeof keep - 1);
	else
		add_bytes(&rows->line, open, sizeof open - 1);
	add_escaped(&rows->line, text, length);
	end_cell(rows, "</t></is></c>");
	return 0;
}

static int check_number(struct xlsx_rows *rows, const char *text, size_t length, struct err *err)
{
	char last = length > 0 ? text[length - 1] : '\0';
	if (last >= '0' && last <= '9')
		return 0;
	return err_set(err, STATUS_INTERNAL, "sheet '%s': a cell holds no finite number", rows->sheet->name);
}

static int add_number(
	struct xlsx_rows *rows, uint32_t column, int32_t format, const char *text, size_t length, struct err *err)
{
	if (check_number(rows, text, length, err) != 0)
		return -1;
	xlsx_digest_cell(&rows->xlsx->digest, rows->index, rows->row, column, 'n', xlsx_digest_value(text, length));
	begin_cell(rows, column, format, length + 32);
	add_bytes(&rows->line, "><v>", 4);
	add_bytes(&rows->line, text, length);
	end_cell(rows, "</v></c>");
	return 0;
}

int xlsx_rows_number(
	struct xlsx_rows *rows, uint32_t column, int32_t format, int64_t number, int scale, struct err *err)
{
	char text[NUMBER_ROOM];
	return add_number(rows, column, format, text, xlsx_scaled_text(number, scale, text), err);
}

int xlsx_rows_formula(struct xlsx_rows *rows, uint32_t column, int32_t format, const char *formula, const char *value,
	struct err *err)
{
	size_t length = strlen(value);
	if (check_number(rows, value, length, err) != 0)
		return -1;
	xlsx_digest_cell(&rows->xlsx->digest, rows->index, rows->row, column, 'f', xlsx_digest_value(value, length));
	begin_cell(rows, column, format, length + 64);
	add_bytes(&rows->line, "><f>", 4);
	add_escaped(&rows->line, formula, strlen(formula));
	str_add(&rows->line, "</f><v>");
	str_add(&rows->line, value);
	end_cell(rows, "</v></c>");
	return 0;
}

/* ---- numbers ---- */

size_t xlsx_unsigned_text(uint64_t value, char *out)
{
	char digits[24], *at = digits + sizeof digits;
	do
		*--at = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	size_t length = (size_t)(digits + sizeof digits - at);
	memcpy(out, at, length);
	return length;
}

size_t xlsx_double_text(double value, char out[40])
{
	return (size_t)snprintf(out, 40, "%.16G", value);
}

/* Up to 15 digits are the double nearest to them and back: the digits stand as they are. */
size_t xlsx_scaled_text(int64_t number, int scale, char out[40])
{
	const int64_t most = 999999999999999;
	if (scale < 0 || scale > 15 || number > most || number < -most)
		return xlsx_double_text(decimal_to_double(decimal_from_scaled(number, scale)), out);
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	for (; scale > 0 && rest % 10 == 0; scale--)
		rest /= 10;
	char digits[24];
	size_t count = xlsx_unsigned_text(rest, digits), used = 0, places = (size_t)scale;
	if (number < 0)
		out[used++] = '-';
	if (places == 0) {
		memcpy(out + used, digits, count);
		used += count;
	} else {
		size_t whole = count > places ? count - places : 0;
		if (whole == 0)
			out[used++] = '0';
		memcpy(out + used, digits, whole);
		used += whole;
		out[used++] = '.';
		for (size_t zero = count; zero < places; zero++)
			out[used++] = '0';
		memcpy(out + used, digits + whole, count - whole);
		used += count - whole;
	}
	out[used] = '\0';
	return used;
}
