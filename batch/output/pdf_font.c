/*
 * pdf_font.c - the fonts of one document: which characters, their numbers, the embedded subsets.
 *
 * CIDs count from 1 in code-point order, one per (glyph, code point), so that characters sharing a glyph extract as
 * themselves and CID 0 never occurs. TrueType: CID = glyph of the subset. CFF: an embedded CMap leads from our numbers
 * to the CIDs of the original font, which HarfBuzz keeps in the subset (CID-keyed fonts whose CID is the glyph number,
 * as Noto CJK).
 */
#include "output/pdf_object.h"

#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sorts ascending by bytes of the code point: cheaper than comparing. */
static void sort(struct pdf_writer *writer, uint32_t *at, size_t count)
{
	while (writer->sorted.count < count)
		VEC_PUSH(&writer->sorted, 0);
	uint32_t *from = at, *to = writer->sorted.at;
	for (int shift = 0; shift < 24; shift += 8) {
		size_t start[257] = { 0 };
		for (size_t i = 0; i < count; i++)
			start[(from[i] >> shift & 255) + 1]++;
		for (int b = 0; b < 256; b++)
			start[b + 1] += start[b];
		for (size_t i = 0; i < count; i++)
			to[start[from[i] >> shift & 255]++] = from[i];
		uint32_t *swap = from;
		from = to;
		to = swap;
	}
	memcpy(at, from, count * sizeof *at); /* three passes end in the other buffer */
}

void pdf_font_collect(struct pdf_writer *writer)
{
	const struct layout *layout = &writer->layout;
	const struct pdf_fonts *fonts = writer->fonts;
	size_t shared = 0;
	for (size_t i = 0; i < layout->ops.count; i++) {
		const struct layout_op *op = &layout->ops.at[i];
		if (op->kind != LAYOUT_TEXT)
			continue;
		for (uint32_t k = op->start; k < op->start + op->count; k++) {
			uint32_t c = layout->text.at[k];
			if (writer->cid[c])
				continue;
			writer->cid[c] = 1;
			VEC_PUSH(&writer->distinct, c);
			shared += fonts->shared && fonts->shared_cid[c];
		}
	}
	writer->sharing = shared > 0 && shared * 2 >= fonts->shared->text.count;
	for (size_t i = 0; i < writer->distinct.count; i++) {
		uint32_t c = writer->distinct.at[i];
		if (writer->sharing && fonts->shared_cid[c])
			writer->cid[c] = fonts->shared_cid[c] | PDF_CONTENT_SHARED;
		else
			VEC_PUSH(&writer->use[font_of(font_glyph(fonts, c))].text, c);
	}
	for (size_t f = 0; f < fonts->count; f++) {
		struct pdf_font_use *use = &writer->use[f];
		if (use->text.count == 0)
			continue;
		sort(writer, use->text.at, use->text.count);
		for (size_t i = 0; i < use->text.count; i++)
			writer->cid[use->text.at[i]] = (uint16_t)(i + 1);
	}
}

void pdf_font_forget(struct pdf_writer *writer)
{
	for (size_t i = 0; i < writer->distinct.count; i++)
		writer->cid[writer->distinct.at[i]] = 0;
	writer->distinct.count = 0;
	for (size_t f = 0; f < FONT_MAX; f++)
		writer->use[f].text.count = 0;
}

static char *put_hex4(char *at, unsigned value)
{
	static const char digits[] = "0123456789ABCDEF";
	for (int shift = 12; shift >= 0; shift -= 4)
		*at++ = digits[value >> shift & 15];
	return at;
}

static void build_unicode(const struct pdf_font_use *use, struct str *out)
{
	str_clear(out);
	str_add(out,
		"/CIDInit/ProcSet findresource begin 12 dict begin "
			"begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"
		"/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n");
	for (size_t from = 0; from < use->text.count; from += 100) { /* at most 100 a section */
		size_t to = from + 100 < use->text.count ? from + 100 : use->text.count;
		str_printf(out, "%zu beginbfchar\n", to - from);
		for (size_t i = from; i < to; i++) {
			char line[24] = "<", *at = line + 1;
			uint32_t c = use->text.at[i];
			at = put_hex4(at, (unsigned)i + 1);
			*at++ = '>';
			*at++ = '<';
			if (c >= 0x10000) {
				at = put_hex4(at, 0xd800 + ((c - 0x10000) >> 10));
				at = put_hex4(at, 0xdc00 + (c & 0x3ff));
			} else {
				at = put_hex4(at, c);
			}
			*at++ = '>';
			*at++ = '\n';
			str_add_bytes(out, line, (size_t)(at - line));
		}
		str_add(out, "endbfchar\n");
	}
	str_add(out, "endcmap CMapName currentdict/CMap defineresource pop end end");
}

static void build_codes(const struct pdf_font_use *use, const uint32_t *glyphs, struct str *out)
{
	str_clear(out);
	str_add(out,
		"/CIDInit/ProcSet findresource begin 12 dict begin "
			"begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>def"
		"/CMapName/Pandian-Codes def/CMapType 1 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n");
	for (size_t from = 0; from < use->text.count; from += 100) {
		size_t to = from + 100 < use->text.count ? from + 100 : use->text.count;
		str_printf(out, "%zu begincidchar\n", to - from);
		for (size_t i = from; i < to; i++)
			str_printf(out, "<%04X>%u\n", (unsigned)i + 1, font_gid(glyphs[i]));
		str_add(out, "endcidchar\n");
	}
	str_add(out, "endcmap CMapName currentdict/CMap defineresource pop end end");
}

/* "/DW 1000/W[…]": only what is not one em wide, in runs. */
static void build_widths(
	const struct font *font, const struct pdf_font_use *use, const uint32_t *glyphs, struct str *out)
{
	bool open = false;
	unsigned last = 0;
	str_clear(out);
	str_add(out,
		font->cff
			? "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W["
			: "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/DW 1000/W[");
	for (size_t i = 0; i < use->text.count; i++) {
		unsigned width = font_advance(glyphs[i]), number = font->cff ? font_gid(glyphs[i]) : (unsigned)i + 1;
		if (width == 1000)
			continue;
		if (open && number == last + 1) {
			str_add_char(out, ' ');
		} else {
			str_add(out, open ? "]" : "");
			str_add_int(out, number);
			str_add_char(out, '[');
		}
		str_add_int(out, width);
		open = true;
		last = number;
	}
	str_add(out, open ? "]]" : "]");
}

/* What all subsets are built with. */
struct builder {
	const struct pdf_fonts *fonts;
	struct font_scratch *scratch;
	struct str *plain;
	struct libdeflate_compressor *level;
	uint32_t *glyphs;
};

static int build(const struct builder *with, unsigned number, struct pdf_font_use *use, struct err *err)
{
	const struct font *font = &with->fonts->at[number];
	size_t count = use->text.count;
	if (count >= PDF_CONTENT_SHARED)
		return err_set(err, STATUS_INTERNAL, "%s: a document with %zu different characters", font->path, count);
	for (size_t i = 0; i < count; i++)
		with->glyphs[i] = font_glyph(with->fonts, use->text.at[i]);
	str_clear(with->plain);
	int status = font->cff ? font_subset_cff(font, with->glyphs, count, with->plain)
						   : font_subset_glyf(font, with->scratch, with->glyphs, count, with->plain);
	if (status < 0)
		return err_set(err, STATUS_INTERNAL, "%s: cannot cut a subset of %zu characters", font->path, count);
	snprintf(use->file_entries, sizeof use->file_entries, font->cff ? "/Subtype/CIDFontType0C" : "/Length1 %zu",
		with->plain->length);
	pdf_object_deflate(with->level, with->plain, &use->file);
	build_unicode(use, with->plain);
	pdf_object_deflate(with->level, with->plain, &use->unicode);
	build_widths(font, use, with->glyphs, &use->widths);
	if (font->cff) {
		build_codes(use, with->glyphs, with->plain);
		pdf_object_deflate(with->level, with->plain, &use->codes);
		use->codes.entries =
			"/Type/CMap/CMapName/Pandian-Codes/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>";
	}
	return 0;
}

int pdf_font_build(struct pdf_writer *writer, struct err *err)
{
	while (writer->glyphs.count < writer->distinct.count)
		VEC_PUSH(&writer->glyphs, 0);
	const struct builder with = { writer->fonts, &writer->scratch, &writer->plain, writer->font_level,
		writer->glyphs.at };
	for (unsigned f = 0; f < writer->fonts->count; f++)
		if (writer->use[f].text.count > 0 && build(&with, f, &writer->use[f], err) < 0)
			return -1;
	return 0;
}

int pdf_fonts_share(struct pdf_fonts *fonts, const char *text, struct err *err)
{
	const char *end = text + strlen(text);
	struct font_scratch scratch = { 0 };
	struct str plain = { 0 };
	struct libdeflate_compressor *level = libdeflate_alloc_compressor(12); /* once a run: as small as it gets */
	int status = -1;
	pdf_font_unshare(fonts);
	if (fonts->at[0].cff || !level) { /* CFF: every document its own subset */
		libdeflate_free_compressor(level);
		return 0;
	}
	fonts->shared = mem_new(1, sizeof *fonts->shared);
	fonts->shared_cid = mem_new(0x110000, sizeof *fonts->shared_cid);
	while (text < end) {
		uint32_t c = text_next(&text, end), glyph = font_glyph(fonts, c);
		if (glyph && font_of(glyph) == 0 && c >= 0x20)
			fonts->shared_cid[c] = 1;
	}
	for (uint32_t c = 0; c < 0x110000; c++)
		if (fonts->shared_cid[c]) {
			VEC_PUSH(&fonts->shared->text, c);
			fonts->shared_cid[c] = (uint16_t)fonts->shared->text.count;
		}
	uint32_t *glyphs = mem_new(fonts->shared->text.count + 1, sizeof *glyphs);
	const struct builder with = { fonts, &scratch, &plain, level, glyphs };
	if (fonts->shared->text.count > 0)
		status = build(&with, 0, fonts->shared, err);
	else
		status = 0;
	if (fonts->shared->text.count == 0 || status < 0)
		pdf_font_unshare(fonts);
	free(glyphs);
	str_release(&plain);
	font_scratch_release(&scratch);
	libdeflate_free_compressor(level);
	return status;
}

static void release_use(struct pdf_font_use *use)
{
	str_release(&use->file.bytes);
	str_release(&use->unicode.bytes);
	str_release(&use->codes.bytes);
	str_release(&use->widths);
	VEC_RELEASE(&use->text);
}

void pdf_font_release(struct pdf_writer *writer)
{
	for (size_t f = 0; f < FONT_MAX; f++)
		release_use(&writer->use[f]);
}

void pdf_font_unshare(struct pdf_fonts *fonts)
{
	if (fonts->shared)
		release_use(fonts->shared);
	free(fonts->shared);
	free(fonts->shared_cid);
	fonts->shared = NULL;
	fonts->shared_cid = NULL;
}

/* Six letters that differ between different subsets of a font. */
static void subset_tag(const struct pdf_font_use *use, char tag[8])
{
	uint64_t hash = 0xcbf29ce484222325;
	for (size_t i = 0; i < use->text.count; i++)
		hash = (hash ^ use->text.at[i]) * 0x100000001b3;
	hash ^= hash >> 29;
	for (int i = 0; i < 6; i++, hash /= 26)
		tag[i] = (char)('A' + hash % 26);
	tag[6] = '+';
	tag[7] = '\0';
}

HPDF_Dict pdf_font_object(struct pdf_writer *writer, unsigned number)
{
	HPDF_Doc pdf = writer->pdf;
	const struct font *font = &writer->fonts->at[number == FONT_MAX ? 0 : number];
	struct pdf_font_use *use = &writer->use[number];
	char name[80];
	if (number == FONT_MAX)
		*use = *writer->fonts->shared; /* the bytes stay where they are; only our reading position is ours */
	use->file.entries = use->file_entries;
	subset_tag(use, name);
	memcpy(name + 7, font->name, sizeof font->name);

	HPDF_Dict descriptor = HPDF_Dict_New(pdf->mmgr), descendant = HPDF_Dict_New(pdf->mmgr),
			  whole = HPDF_Dict_New(pdf->mmgr);
	HPDF_Array list = HPDF_Array_New(pdf->mmgr), box = HPDF_Array_New(pdf->mmgr);
	HPDF_Dict file = pdf_object_stream(pdf, &use->file), unicode = pdf_object_stream(pdf, &use->unicode);
	HPDF_Xref_Add(pdf->xref, descriptor);
	HPDF_Dict_AddName(descriptor, "Type", "FontDescriptor");
	HPDF_Dict_AddName(descriptor, "FontName", name);
	HPDF_Dict_AddNumber(descriptor, "Flags", 4);
	for (int i = 0; i < 4; i++)
		HPDF_Array_AddNumber(box, font->box[i]);
	HPDF_Dict_Add(descriptor, "FontBBox", box);
	HPDF_Dict_AddNumber(descriptor, "ItalicAngle", 0);
	HPDF_Dict_AddNumber(descriptor, "Ascent", font->ascent);
	HPDF_Dict_AddNumber(descriptor, "Descent", font->descent);
	HPDF_Dict_AddNumber(descriptor, "CapHeight", 714);
	HPDF_Dict_AddNumber(descriptor, "StemV", 80);
	HPDF_Dict_Add(descriptor, font->cff ? "FontFile3" : "FontFile2", file);

	HPDF_Xref_Add(pdf->xref, descendant);
	HPDF_Dict_AddName(descendant, "Type", "Font");
	HPDF_Dict_AddName(descendant, "Subtype", font->cff ? "CIDFontType0" : "CIDFontType2");
	HPDF_Dict_AddName(descendant, "BaseFont", name);
	HPDF_Dict_Add(descendant, "FontDescriptor", descriptor);
	pdf_object_raw(descendant, &use->widths);

	HPDF_Xref_Add(pdf->xref, whole);
	HPDF_Dict_AddName(whole, "Type", "Font");
	HPDF_Dict_AddName(whole, "Subtype", "Type0");
	HPDF_Dict_AddName(whole, "BaseFont", name);
	if (font->cff)
		HPDF_Dict_Add(whole, "Encoding", pdf_object_stream(pdf, &use->codes));
	else
		HPDF_Dict_AddName(whole, "Encoding", "Identity-H");
	HPDF_Array_Add(list, descendant);
	HPDF_Dict_Add(whole, "DescendantFonts", list);
	HPDF_Dict_Add(whole, "ToUnicode", unicode);
	return whole;
}
