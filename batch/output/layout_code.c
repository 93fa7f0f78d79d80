/*
 * layout_code.c - QR codes by libqrencode, the mask chosen here.
 *
 * A code is masked with the one of eight patterns that leaves the fewest confusing figures. libqrencode weighs them
 * module by module, which takes a tenth of the time of an archive; here rows are words of 64 bits. The rules are
 * libqrencode's, and so is the result (test_layout.c compares them). Codes too wide for a word are left to libqrencode.
 */
#include "output/layout_code.h"

#include <limits.h>
#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

/* Exported by libqrencode 3 and 4, not in its header. Mask -2: the modules unmasked, places of the format light. */
extern QRcode *QRcode_encodeMask(QRinput *input, int mask);

enum { MASKS = 8, WORD = 64, FUNCTION = 0x80 /* a module masks leave alone */ };

/* The eight patterns (7.8.2) repeat after twelve rows and columns: bit x of row y, bit y of column x. */
static const struct {
	uint16_t row[12], column[12];
} patterns[MASKS] = {
	{ { 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa },
		{ 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa, 0x555, 0xaaa } },
	{ { 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000, 0xfff, 0x000 },
		{ 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555, 0x555 } },
	{ { 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249, 0x249 },
		{ 0xfff, 0x000, 0x000, 0xfff, 0x000, 0x000, 0xfff, 0x000, 0x000, 0xfff, 0x000, 0x000 } },
	{ { 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492 },
		{ 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492, 0x249, 0x924, 0x492 } },
	{ { 0x1c7, 0x1c7, 0xe38, 0xe38, 0x1c7, 0x1c7, 0xe38, 0xe38, 0x1c7, 0x1c7, 0xe38, 0xe38 },
		{ 0x333, 0x333, 0x333, 0xccc, 0xccc, 0xccc, 0x333, 0x333, 0x333, 0xccc, 0xccc, 0xccc } },
	{ { 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041, 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041 },
		{ 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041, 0xfff, 0x041, 0x249, 0x555, 0x249, 0x041 } },
	{ { 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71, 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71 },
		{ 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71, 0xfff, 0x1c7, 0x6db, 0x555, 0xb6d, 0xc71 } },
	{ { 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e, 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e },
		{ 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e, 0x555, 0xe38, 0xc71, 0xaaa, 0x1c7, 0x38e } },
};

static uint64_t repeated(uint64_t twelve)
{
	return twelve | twelve << 12 | twelve << 24 | twelve << 36 | twelve << 48 | twelve << 60;
}

struct square {
	int width;
	uint64_t row[WORD], column[WORD]; /* bit x of a row, bit y of a column: the module is dark */
};

static void set(struct square *square, int x, int y, bool dark)
{
	uint64_t in_row = (uint64_t)1 << x, in_column = (uint64_t)1 << y;
	square->row[y] = dark ? square->row[y] | in_row : square->row[y] & ~in_row;
	square->column[x] = dark ? square->column[x] | in_column : square->column[x] & ~in_column;
}

/* Level and mask in fifteen bits, twice (ISO/IEC 18004, 7.9): two of data for level M are 00. */
static void put_format(struct square *square, int mask)
{
	unsigned data = (unsigned)mask, rest = data << 10;
	for (int bit = 14; bit >= 10; bit--)
		if (rest >> bit & 1)
			rest ^= 0x537u << (bit - 10);
	unsigned format = (data << 10 | rest) ^ 0x5412;
	int width = square->width;
	for (int i = 0; i < 15; i++, format >>= 1) {
		bool dark = format & 1;
		if (i < 8) {
			set(square, width - 1 - i, 8, dark);
			set(square, 8, i < 6 ? i : i + 1, dark);
		} else {
			set(square, 8, width - 15 + i, dark);
			set(square, i == 8 ? 7 : 14 - i, 8, dark);
		}
	}
}

/* Bits set; the processor's own instruction is not to be relied on. */
static inline int bits(uint64_t word)
{
	word -= word >> 1 & 0x5555555555555555;
	word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
	word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
	return (int)(word * 0x0101010101010101 >> 56);
}

/* Penalty of one colour's runs of five and more in a line: 3 for five, 1 for each further. */
static inline int penalty_runs(uint64_t line)
{
	uint64_t twos = line & line >> 1, fives = twos & twos >> 2 & line >> 4;
	return fives ? bits(fives) + 2 * bits(fives & ~(fives << 1)) : 0;
}

/* 40 for each figure 1:1:3:1:1 that begins dark, with four light ones of its size before or behind it. */
static int penalty_finders(uint64_t line, int width)
{
	int run[WORD + 1], count = 0, sum = 0;
	uint64_t three = line & line >> 1 & line >> 2;
	uint64_t smallest = line & ~(line >> 1) & three >> 2 & ~(line >> 5) & line >> 6;
	if (!smallest && !(three & three >> 3))
		return 0; /* no 1:1:3:1:1 and no run of six for a larger one */
	run[count++] = line & 1 ? -1 : 0;
	for (int x = 0; x < width;) {
		uint64_t rest = line >> x;
		int same = rest & 1 ? __builtin_ctzll(~rest) : rest ? __builtin_ctzll(rest) : width - x;
		same = same < width - x ? same : width - x;
		if (x == 0 && !(rest & 1))
			run[0] = same;
		else
			run[count++] = same;
		x += same;
	}
	for (int i = 3; i < count - 2; i += 2) {
		int size = run[i] / 3;
		if (run[i] % 3 != 0 || run[i - 2] != size || run[i - 1] != size || run[i + 1] != size || run[i + 2] != size)
			continue;
		if (i == 3 || run[i - 3] >= 4 * size || i + 4 >= count || run[i + 3] >= 4 * size)
			sum += 40;
	}
	return sum;
}

/* What confuses readers; where it is at least `enough` already, not all of it. */
static int penalty(const struct square *square, int enough)
{
	const int width = square->width;
	const uint64_t all = width < WORD ? ((uint64_t)1 << width) - 1 : ~(uint64_t)0;
	int sum = 0, dark = 0;
	for (int y = 0; y < width; y++) {
		uint64_t line = square->row[y];
		dark += bits(line);
		if (y > 0) { /* blocks of two by two of one colour */
			uint64_t both = line & square->row[y - 1], none = ~(line | square->row[y - 1]) & all;
			sum += 3 * bits((both & both >> 1) | (none & none >> 1));
		}
	}
	int area = width * width, share = (200 * dark + area) / area / 2;
	sum += abs(share - 50) / 5 * 10;
	for (int i = 0; i < width; i++) {
		uint64_t row = square->row[i], column = square->column[i];
		sum += penalty_runs(row) + penalty_runs(~row & all) + penalty_runs(column) + penalty_runs(~column & all);
	}
	for (int i = 0; i < width && sum < enough; i++)
		sum += penalty_finders(square->row[i], width) + penalty_finders(square->column[i], width);
	return sum;
}

/* Masks the bare modules of libqrencode with the best pattern. */
static void mask_best(const uint8_t *bare, int width, struct layout_code *qr)
{
	struct square plain = { .width = width }, data = { .width = width }, best = { 0 };
	int least = INT_MAX;
	for (int y = 0; y < width; y++)
		for (int x = 0; x < width; x++) {
			uint8_t module = bare[y * width + x];
			uint64_t dark = module & 1, free = !(module & FUNCTION);
			plain.row[y] |= dark << x;
			plain.column[x] |= dark << y;
			data.row[y] |= free << x;
			data.column[x] |= free << y;
		}
	for (int mask = 0; mask < MASKS; mask++) {
		struct square tried = plain;
		for (int i = 0; i < width; i++) {
			tried.row[i] ^= repeated(patterns[mask].row[i % 12]) & data.row[i];
			tried.column[i] ^= repeated(patterns[mask].column[i % 12]) & data.column[i];
		}
		put_format(&tried, mask);
		int weighed = penalty(&tried, least);
		if (weighed < least) {
			least = weighed;
			best = tried;
		}
	}
	for (int y = 0; y < width; y++)
		for (int x = 0; x < width; x++)
			qr->dark[y * width + x] = best.row[y] >> x & 1;
}

bool layout_code_make(const char *text, struct layout_code *qr)
{
	QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
	QRcode *code = NULL;
	if (input && QRinput_append(input, QR_MODE_8, (int)strlen(text), (const unsigned char *)text) == 0)
		code = QRcode_encodeMask(input, -2);
	bool narrow = code && code->width <= WORD;
	if (code && !narrow) {
		QRcode_free(code);
		code = QRcode_encodeInput(input);
	}
	qr->width = code && code->width <= LAYOUT_CODE_WIDEST ? code->width : 0;
	if (narrow)
		mask_best(code->data, code->width, qr);
	else
		for (int i = 0; i < qr->width * qr->width; i++)
			qr->dark[i] = code->data[i] & 1;
	QRcode_free(code);
	QRinput_free(input);
	return qr->width > 0;
}
