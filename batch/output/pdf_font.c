/*
 * pdf_font.c - the fonts of one document: which characters, their numbers, the embedded subsets.
 *
 * CIDs count from 1 in code-point order, or on from the last glyph of the set's part, one per (glyph, code point), so
 * that characters sharing a glyph extract as themselves and CID 0 never occurs. TrueType: CID = glyph of the subset.
 * CFF: an embedded CMap leads from our numbers to the CIDs of the original font, which HarfBuzz keeps in the subset
 * (CID-keyed fonts whose CID is the glyph number, as Noto CJK).
 */
#include "output/pdf_object.h"

#include <stdio.h>
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

/* Gives every character its font and its number; the characters of the set come before the document's own. */
static void assign(struct pdf_writer *writer, const struct pdf_set *set)
{
	const struct pdf_fonts *fonts = writer->fonts;
	for (size_t f = 0; f < fonts->count; f++)
		writer->use[f].text.count = 0;
	writer->use[0].set = set;
	for (size_t i = 0; i < writer->distinct.count; i++) {
		uint32_t c = writer->distinct.at[i];
		if (set && set->cid[c])
			writer->cid[c] = set->cid[c];
		else
			VEC_PUSH(&writer->use[font_of(font_glyph(fonts, c))].text, c);
	}
	for (size_t f = 0; f < fonts->count; f++) {
		struct pdf_font_use *use = &writer->use[f];
		if (use->text.count == 0)
			continue;
		sort(writer, use->text.at, use->text.count);
		for (size_t i = 0; i < use->text.count; i++)
			writer->cid[use->text.at[i]] = (uint16_t)(pdf_font_first(use) + i);
	}
}

void pdf_font_collect(struct pdf_writer *writer)
{
	const struct layout *layout = &writer->layout;
	const struct pdf_set *set = pdf_set_of(writer->fonts, writer->set_number);
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
			shared += set && set->cid[c];
		}
	}
	assign(writer, shared > 0 && shared * 2 >= set->text.count ? set : NULL);
}

void pdf_font_forget(struct pdf_writer *writer)
{
	for (size_t i = 0; i < writer->distinct.count; i++)
		writer->cid[writer->distinct.at[i]] = 0;
	writer->distinct.count = 0;
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

static void build_widths(
	const struct font *font, const struct pdf_font_use *use, const uint32_t *glyphs, struct str *out)
{
	str_clear(out);
	str_add(out,
		font->cff
			? "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/W["
			: "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/CIDToGIDMap/Identity/DW 1000/W[");
	if (use->set)
		str_add_bytes(out, str_text(&use->set->widths), use->set->widths.length);
	pdf_widths_add(font, glyphs, use->text.count, pdf_font_first(use), out);
	str_add_char(out, ']');
}

/* The whole file at once: no set. */
static void join(const struct font_parts *parts, struct str *out)
{
	const struct str *const all[] = { &parts->heads, &parts->maxp, &parts->hmtx, &parts->loca, &parts->glyf };
	str_clear(out);
	str_add_bytes(out, parts->directory, sizeof parts->directory);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		str_add_bytes(out, str_text(all[i]), all[i]->length);
}

/* What the set compressed once and what the document adds, table by table. */
static void weave(struct pdf_writer *writer, struct pdf_font_use *use)
{
	const struct pdf_set *set = use->set;
	struct font_parts *parts = &writer->parts;
	struct pdf_zip zip;
	str_clear(&writer->plain);
	str_add_bytes(&writer->plain, parts->directory, sizeof parts->directory);
	str_add_bytes(&writer->plain, parts->heads.text, parts->heads.length);
	str_add_bytes(&writer->plain, parts->maxp.text, parts->maxp.length);
	pdf_zip_begin(&zip, &use->file.bytes);
	pdf_zip_stored(&zip, &writer->plain);
	pdf_zip_piece(&zip, &set->hmtx);
	pdf_zip_stored(&zip, &parts->hmtx);
	pdf_zip_piece(&zip, &set->loca);
	pdf_zip_stored(&zip, &parts->loca);
	pdf_zip_piece(&zip, &set->glyf);
	pdf_zip_end(&zip, writer->compressor, &parts->glyf);
	use->file.compressed = true;
}

static int build_file(struct pdf_writer *writer, const struct font *font, struct pdf_font_use *use)
{
	struct str *plain = &writer->plain;
	const uint32_t *glyphs = writer->glyphs.at;
	size_t count = use->text.count, length;
	if (font->cff) {
		str_clear(plain);
		if (font_subset_cff(font, glyphs, count, plain) < 0)
			return -1;
		length = plain->length;
		pdf_object_deflate(writer, plain, &use->file);
	} else {
		struct font_parts *parts = &writer->parts;
		if (font_cut(font, &writer->scratch, use->set ? &use->set->base : NULL, glyphs, count, parts) < 0)
			return -1;
		length = parts->length;
		if (use->set) {
			weave(writer, use);
		} else {
			join(parts, plain);
			pdf_object_deflate(writer, plain, &use->file);
		}
	}
	snprintf(use->file_entries, sizeof use->file_entries, font->cff ? "/Subtype/CIDFontType0C" : "/Length1 %zu",
		length);
	return 0;
}

static void build_unicode(struct pdf_writer *writer, struct pdf_font_use *use)
{
	struct str *plain = &writer->plain;
	str_clear(plain);
	str_add(plain, use->set ? "" : pdf_unicode_head);
	pdf_unicode_add(use->text.at, use->text.count, pdf_font_first(use), plain);
	str_add(plain, pdf_unicode_foot);
	if (!use->set) {
		pdf_object_deflate(writer, plain, &use->unicode);
		return;
	}
	struct pdf_zip zip;
	pdf_zip_begin(&zip, &use->unicode.bytes);
	pdf_zip_piece(&zip, &use->set->unicode);
	pdf_zip_end(&zip, writer->compressor, plain);
	use->unicode.compressed = true;
}

static bool is_built(const struct pdf_writer *writer, const struct pdf_font_use *use)
{
	return use->built.count == use->text.count && use->built_set == use->set
		&& use->built_shares == writer->fonts->shares
		&& (use->text.count == 0
			|| memcmp(use->built.at, use->text.at, use->text.count * sizeof *use->text.at) == 0);
}

static int build(struct pdf_writer *writer, unsigned number)
{
	const struct font *font = &writer->fonts->at[number];
	struct pdf_font_use *use = &writer->use[number];
	size_t count = use->text.count;
	if (pdf_font_first(use) + count > 0xfff0)
		return -1;
	if (is_built(writer, use))
		return 0;
	use->built.count = 0;
	use->built_set = NULL;
	use->built_shares = 0;
	for (size_t i = 0; i < count; i++)
		writer->glyphs.at[i] = font_glyph(writer->fonts, use->text.at[i]);
	if (build_file(writer, font, use) < 0)
		return -1;
	build_unicode(writer, use);
	build_widths(font, use, writer->glyphs.at, &use->widths);
	if (font->cff) {
		build_codes(use, writer->glyphs.at, &writer->plain);
		pdf_object_deflate(writer, &writer->plain, &use->codes);
		use->codes.entries =
			"/Type/CMap/CMapName/Pandian-Codes/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>";
	}
	for (size_t i = 0; i < count; i++)
		VEC_PUSH(&use->built, use->text.at[i]);
	use->built_set = use->set;
	use->built_shares = writer->fonts->shares;
	return 0;
}

int pdf_font_build(struct pdf_writer *writer, struct err *err)
{
	while (writer->glyphs.count < writer->distinct.count + 1)
		VEC_PUSH(&writer->glyphs, 0);
	for (unsigned f = 0; f < writer->fonts->count; f++) {
		if (!pdf_font_used(&writer->use[f]))
			continue;
		int status = build(writer, f);
		if (status < 0 && writer->use[f].set) { /* too much behind the set: without it */
			assign(writer, NULL);
			status = pdf_font_used(&writer->use[f]) ? build(writer, f) : 0;
		}
		if (status < 0)
			return err_set(err, STATUS_INTERNAL, "%s: cannot cut a subset of %zu characters",
				writer->fonts->at[f].path, writer->use[f].text.count);
	}
	return 0;
}

static void release_use(struct pdf_font_use *use)
{
	str_release(&use->file.bytes);
	str_release(&use->unicode.bytes);
	str_release(&use->codes.bytes);
	str_release(&use->widths);
	VEC_RELEASE(&use->text);
	VEC_RELEASE(&use->built);
}

void pdf_font_release(struct pdf_writer *writer)
{
	for (size_t f = 0; f < FONT_MAX; f++)
		release_use(&writer->use[f]);
}

/* Six letters that differ between different subsets of a font. */
static void subset_tag(const struct pdf_font_use *use, char tag[8])
{
	uint64_t hash = 0xcbf29ce484222325;
	for (size_t i = 0; use->set && i < use->set->text.count; i++)
		hash = (hash ^ use->set->text.at[i]) * 0x100000001b3;
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
	const struct font *font = &writer->fonts->at[number];
	struct pdf_font_use *use = &writer->use[number];
	char name[80];
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
