/*
 * font_subset.c - cuts the few glyphs a document uses out of a font.
 *
 * TrueType is cut here: dense glyph numbers in the caller's order, so that CID = glyph and two characters that share a
 * glyph get two numbers; about 20 µs against 300 µs by hb-subset, a quarter of an archive's budget. CFF goes through
 * HarfBuzz. Does not decide: which glyphs (pdf.c).
 */
#include "output/font.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static unsigned get16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}
static uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}
static void put16(char *at, unsigned value)
{
	at[0] = (char)(value >> 8);
	at[1] = (char)value;
}
static void put32(char *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value & 0xffff);
}

void font_scratch_release(struct font_scratch *scratch)
{
	free(scratch->slot);
	VEC_RELEASE(&scratch->old);
	VEC_RELEASE(&scratch->offset);
	scratch->slot = NULL;
}

static struct font_table glyph_bytes(const struct font *font, unsigned gid)
{
	size_t width = font->long_loca ? 4 : 2;
	if ((gid + 2) * width > font->loca.length)
		return (struct font_table){ NULL, 0 };
	const uint8_t *at = font->loca.at + gid * width;
	size_t from = font->long_loca ? get32(at) : 2 * (size_t)get16(at);
	size_t to = font->long_loca ? get32(at + 4) : 2 * (size_t)get16(at + 2);
	if (from >= to || to > font->glyf.length)
		return (struct font_table){ NULL, 0 };
	return (struct font_table){ font->glyf.at + from, to - from };
}

/* The new number of a component; new ones are appended to the work list. */
static unsigned component(struct font_scratch *scratch, unsigned gid)
{
	if (scratch->base && scratch->base->slot[gid])
		return scratch->base->slot[gid];
	if (scratch->slot[gid] == 0) {
		VEC_PUSH(&scratch->old, (uint16_t)gid);
		scratch->slot[gid] = (uint16_t)(scratch->first + scratch->old.count - 1);
	}
	return scratch->slot[gid];
}

enum {
	ARGS_ARE_WORDS = 1,
	ARGS_ARE_OFFSETS = 2,
	HAVE_SCALE = 8,
	MORE_COMPONENTS = 0x20,
	HAVE_XY_SCALE = 0x40,
	HAVE_2X2 = 0x80,
	HAVE_INSTRUCTIONS = 0x100
};

static void copy_composite(struct font_scratch *scratch, struct font_table glyph, struct str *out)
{
	size_t at = 10, start = out->length;
	unsigned flags;
	str_add_bytes(out, glyph.at, 10);
	do {
		if (at + 4 > glyph.length)
			goto spoilt;
		flags = get16(glyph.at + at);
		size_t length = 4 + (flags & ARGS_ARE_WORDS ? 4 : 2)
			+ (flags & HAVE_SCALE           ? 2
					: flags & HAVE_XY_SCALE ? 4
					: flags & HAVE_2X2      ? 8
											: 0);
		if (at + length > glyph.length)
			goto spoilt;
		char head[4];
		put16(head, flags & ~(unsigned)HAVE_INSTRUCTIONS);
		put16(head + 2, component(scratch, get16(glyph.at + at + 2)));
		str_add_bytes(out, head, 4);
		str_add_bytes(out, glyph.at + at + 4, length - 4);
		at += length;
	} while (flags & MORE_COMPONENTS);
	return;
spoilt:
	out->length = start;
}

static void copy_glyph(struct font_scratch *scratch, struct font_table glyph, struct str *out)
{
	if (glyph.length < 12)
		return;
	if (glyph.at[0] & 0x80) {
		copy_composite(scratch, glyph, out);
		return;
	}
	size_t ends = 10 + 2 * (size_t)get16(glyph.at);
	if (ends + 2 > glyph.length)
		return;
	size_t skip = ends + 2 + get16(glyph.at + ends);
	if (skip > glyph.length)
		return;
	str_add_bytes(out, glyph.at, ends);
	str_add_bytes(out, "\0", 2);
	str_add_bytes(out, glyph.at + skip, glyph.length - skip);
}

/* The glyph moved to the left by FONT_TRIM: a composite of itself. */
static void wrap_glyph(const struct font *font, struct font_scratch *scratch, unsigned gid, struct str *out)
{
	struct font_table glyph = glyph_bytes(font, gid);
	unsigned shift = font->upem * FONT_TRIM / 1000;
	char wrapped[18];
	if (glyph.length < 12)
		return;
	put16(wrapped, 0xffff);
	memcpy(wrapped + 2, glyph.at + 2, 8);
	put16(wrapped + 2, get16(glyph.at + 2) - shift);
	put16(wrapped + 6, get16(glyph.at + 6) - shift);
	put16(wrapped + 10, ARGS_ARE_WORDS | ARGS_ARE_OFFSETS);
	put16(wrapped + 12, component(scratch, gid));
	put16(wrapped + 14, 0u - shift);
	put16(wrapped + 16, 0);
	str_add_bytes(out, wrapped, sizeof wrapped);
}

uint32_t font_checksum(const char *bytes, size_t length)
{
	uint32_t sum = 0;
	for (size_t i = 0; i + 4 <= length; i += 4)
		sum += get32((const uint8_t *)bytes + i);
	return sum;
}

static void pad(struct str *out, size_t unit)
{
	static const char zero[4];
	size_t over = out->length % unit;
	if (over)
		str_add_bytes(out, zero, unit - over);
}

/* Outlines of the glyphs, then of the components found on the way; offset[i]: where glyph i of the work list begins. */
static int cut_outlines(
	const struct font *font, struct font_scratch *scratch, const uint32_t *glyphs, size_t count, struct str *out)
{
	if (!scratch->slot)
		scratch->slot = mem_new(65536, sizeof *scratch->slot);
	scratch->old.count = scratch->offset.count = 0;
	if (!scratch->base)
		VEC_PUSH(&scratch->old, 0); /* the empty glyph */
	const size_t lead = scratch->old.count;
	for (size_t i = 0; i < count; i++) {
		unsigned gid = font_gid(glyphs[i]);
		VEC_PUSH(&scratch->old, (uint16_t)gid);
		if (scratch->slot[gid] == 0 && !font_trimmed(glyphs[i]))
			scratch->slot[gid] = (uint16_t)(scratch->first + lead + i);
	}
	str_clear(out);
	str_reserve(out, 64 + count * 320);
	for (size_t i = 0; i < scratch->old.count && i < 65536; i++) {
		VEC_PUSH(&scratch->offset, (uint32_t)out->length);
		if (i >= lead && i < lead + count && font_trimmed(glyphs[i - lead]))
			wrap_glyph(font, scratch, scratch->old.at[i], out);
		else if (i >= lead)
			copy_glyph(scratch, glyph_bytes(font, scratch->old.at[i]), out);
		pad(out, 2);
	}
	VEC_PUSH(&scratch->offset, (uint32_t)out->length);
	pad(out, 4);
	for (size_t i = 0; i < scratch->old.count; i++)
		scratch->slot[scratch->old.at[i]] = 0;
	return scratch->first + scratch->old.count <= 0xffff ? 0 : -1;
}

static void cut_metrics(
	const struct font *font, const struct font_scratch *scratch, const uint32_t *glyphs, size_t count, struct str *out)
{
	const size_t lead = scratch->base ? 0 : 1;
	str_clear(out);
	str_reserve(out, scratch->old.count * 4);
	for (size_t i = 0; i < scratch->old.count; i++) {
		unsigned gid = scratch->old.at[i], metric = gid < font->metrics ? gid : font->metrics - 1;
		char entry[4] = { (char)font->hmtx.at[metric * 4], (char)font->hmtx.at[metric * 4 + 1], 0, 0 };
		size_t bearing = gid < font->metrics ? gid * 4 + 2 : font->metrics * 4 + (gid - font->metrics) * 2;
		if (bearing + 2 <= font->hmtx.length)
			memcpy(entry + 2, font->hmtx.at + bearing, 2);
		if (i >= lead && i < lead + count && font_trimmed(glyphs[i - lead])) {
			put16(entry, font_advance(glyphs[i - lead]) * font->upem / 1000);
			put16(entry + 2, get16((const uint8_t *)entry + 2) - font->upem * FONT_TRIM / 1000);
		}
		str_add_bytes(out, entry, 4);
	}
}

int font_cut(const struct font *font, struct font_scratch *scratch, const struct font_base *base,
	const uint32_t *glyphs, size_t count, struct font_parts *parts)
{
	enum { GLYF, HEAD, HHEA, HMTX, LOCA, MAXP, TABLES };
	static const char tags[TABLES][5] = { "glyf", "head", "hhea", "hmtx", "loca", "maxp" };
	if (count > 0xfffe)
		return -1;
	scratch->base = base;
	scratch->first = base ? base->count : 0;
	if (cut_outlines(font, scratch, glyphs, count, &parts->glyf) < 0)
		return -1;
	cut_metrics(font, scratch, glyphs, count, &parts->hmtx);
	const size_t total = scratch->first + scratch->old.count;
	const size_t before = base ? base->glyf_length : 0, outlines = before + parts->glyf.length;
	const bool long_loca = base ? base->long_loca : outlines > 0x1fffe;
	if (!long_loca && outlines > 0x1fffe)
		return -1;
	str_clear(&parts->loca);
	for (size_t i = 0; i < scratch->offset.count; i++) {
		char entry[4];
		uint32_t offset = (uint32_t)before + scratch->offset.at[i];
		put32(entry, long_loca ? offset : offset / 2);
		str_add_bytes(&parts->loca, long_loca ? entry : entry + 2, long_loca ? 4 : 2);
	}
	const size_t loca = (base ? base->loca_length : 0) + parts->loca.length;
	pad(&parts->loca, 4);

	str_clear(&parts->heads);
	str_add_bytes(&parts->heads, font->head.at, 54);
	str_add_bytes(&parts->heads, "\0", 2);
	str_add_bytes(&parts->heads, font->hhea.at, 36);
	char *head = parts->heads.text, *hhea = head + 56;
	put32(head + 8, 0);
	put16(head + 50, long_loca);
	put16(hhea + 34, (unsigned)total);
	str_clear(&parts->maxp);
	str_add_bytes(&parts->maxp, font->maxp.at, 32);
	put16(parts->maxp.text + 4, (unsigned)total);
	put16(parts->maxp.text + 26, 0); /* maxSizeOfInstructions */

	const size_t length[TABLES] = { outlines, 54, 36, total * 4, loca, 32 };
	const uint32_t sum[TABLES] = {
		(base ? base->glyf_sum : 0) + font_checksum(parts->glyf.text, parts->glyf.length),
		font_checksum(head, 56),
		font_checksum(hhea, 36),
		(base ? base->hmtx_sum : 0) + font_checksum(parts->hmtx.text, parts->hmtx.length),
		(base ? base->loca_sum : 0) + font_checksum(parts->loca.text, parts->loca.length),
		font_checksum(parts->maxp.text, 32),
	};
	static const int placed[TABLES] = { HEAD, HHEA, MAXP, HMTX, LOCA, GLYF };
	size_t place[TABLES], at = sizeof parts->directory;
	for (int i = 0; i < TABLES; i++) {
		place[placed[i]] = at;
		at += (length[placed[i]] + 3) / 4 * 4;
	}
	char *entry = parts->directory;
	memset(entry, 0, sizeof parts->directory);
	put32(entry, 0x00010000);
	put16(entry + 4, TABLES);
	put16(entry + 6, 64);
	put16(entry + 8, 2);
	put16(entry + 10, TABLES * 16 - 64);
	uint32_t all = 0;
	for (int t = 0; t < TABLES; t++) {
		entry = parts->directory + 12 + 16 * t;
		memcpy(entry, tags[t], 4);
		put32(entry + 4, sum[t]);
		put32(entry + 8, (uint32_t)place[t]);
		put32(entry + 12, (uint32_t)length[t]);
		all += sum[t];
	}
	put32(head + 8, 0xb1b0afba - all - font_checksum(parts->directory, sizeof parts->directory));
	parts->length = at;
	return 0;
}

void font_parts_release(struct font_parts *parts)
{
	str_release(&parts->glyf);
	str_release(&parts->heads);
	str_release(&parts->hmtx);
	str_release(&parts->loca);
	str_release(&parts->maxp);
}

int font_subset_cff(const struct font *font, const uint32_t *glyphs, size_t count, struct str *out)
{
	static const hb_tag_t dropped[] = {
		HB_TAG('c', 'm', 'a', 'p'),
		HB_TAG('G', 'S', 'U', 'B'),
		HB_TAG('G', 'P', 'O', 'S'),
		HB_TAG('G', 'D', 'E', 'F'),
		HB_TAG('O', 'S', '/', '2'),
		HB_TAG('n', 'a', 'm', 'e'),
		HB_TAG('p', 'o', 's', 't'),
		HB_TAG('v', 'h', 'e', 'a'),
		HB_TAG('v', 'm', 't', 'x'),
		HB_TAG('V', 'O', 'R', 'G'),
		HB_TAG('B', 'A', 'S', 'E'),
		HB_TAG('k', 'e', 'r', 'n'),
		HB_TAG('D', 'S', 'I', 'G'),
	};
	hb_subset_input_t *input = hb_subset_input_create_or_fail();
	int status = -1;
	if (!input)
		return -1;
	hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
	for (size_t i = 0; i < sizeof dropped / sizeof dropped[0]; i++)
		hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG), dropped[i]);
	for (size_t i = 0; i < count; i++)
		hb_set_add(hb_subset_input_glyph_set(input), font_gid(glyphs[i]));
	hb_face_t *subset = hb_subset_or_fail(font->face, input);
	if (subset) {
		hb_blob_t *blob = hb_face_reference_table(subset, HB_TAG('C', 'F', 'F', ' '));
		unsigned length;
		const char *bytes = hb_blob_get_data(blob, &length);
		if (length > 0) {
			str_add_bytes(out, bytes, length);
			status = 0;
		}
		hb_blob_destroy(blob);
		hb_face_destroy(subset);
	}
	hb_subset_input_destroy(input);
	return status;
}
