/*
 * pdf.c - one document as a PDF 1.7 file: pages, outlines, metadata, by libharu as object model and serializer.
 *
 * Decides: the objects of a file and their order; nothing in it depends on clock, environment or earlier documents.
 * libharu's own text, font, compression and file paths are not used: they are slow, drop characters above U+FFFF and
 * report success on a full disk. What we reach into is pinned: version 2.3.0 and the sizes of its structures.
 *
 * libharu's memory comes from an arena that is forgotten after each document, so its objects are never freed one by
 * one.
 */
#include "output/pdf_object.h"
#include "output/pdf_content.h"

#include "base/date.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/xml.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(HPDF_VERSION_ID == 20300, "the object technique is proven with libharu 2.3.0 only");
_Static_assert(sizeof(HPDF_Doc_Rec) == 200, "libharu: HPDF_Doc_Rec has another shape");
_Static_assert(sizeof(HPDF_PageAttr_Rec) == 136, "libharu: HPDF_PageAttr_Rec has another shape");

#define LEVEL 1

/* --- libharu's hooks --- */

static _Thread_local struct arena *library_memory;
static void *library_alloc(HPDF_UINT size)
{
	return arena_alloc(library_memory, 1, size);
}
static void library_free(void *block)
{
	(void)block;
}
static void library_error(HPDF_STATUS error, HPDF_STATUS detail, void *data)
{
	HPDF_STATUS *first = data;
	(void)detail;
	if (*first == HPDF_OK)
		*first = error;
}

void pdf_object_deflate(struct pdf_writer *writer, const struct str *plain, struct pdf_stream *out)
{
	out->compressed = true;
	str_clear(&out->bytes);
	str_reserve(&out->bytes, libdeflate_zlib_compress_bound(writer->compressor, plain->length));
	out->bytes.length = libdeflate_zlib_compress(
		writer->compressor, str_text(plain), plain->length, out->bytes.text, out->bytes.capacity - 1);
	out->bytes.text[out->bytes.length] = '\0';
}

/* --- texts --- */

/* A text object in UTF-16BE, the whole of Unicode. */
static HPDF_Binary text_object(struct pdf_writer *writer, const char *text)
{
	str_clear(&writer->wide);
	str_add_bytes(&writer->wide, "\xfe\xff", 2);
	pdf_content_utf16(&writer->wide, text);
	return HPDF_Binary_New(writer->pdf->mmgr, (HPDF_BYTE *)writer->wide.text, (HPDF_UINT)writer->wide.length);
}

static void add_info(struct pdf_writer *writer, const char *key, const char *text)
{
	if (text && text[0])
		HPDF_Dict_Add(writer->pdf->info, key, text_object(writer, text));
}

/* XML text: escaped, and without the controls XML has no way to write. */
static void add_xml(struct str *out, const char *text)
{
	const char *end = text + strlen(text);
	struct str clean = { 0 };
	while (text < end) {
		uint32_t c = text_next(&text, end);
		str_add_code_point(&clean, c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff ? ' ' : c);
	}
	xml_escape(out, str_text(&clean));
	str_release(&clean);
}

static void build_metadata(const struct doc *doc, struct str *out)
{
	const char *lang = doc->lang && doc->lang[0] ? doc->lang : "x-default";
	char day[16] = "";
	str_clear(out);
	date_format_iso(doc->created, day);
	str_add(out,
		"<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
		"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n<rdf:Description rdf:about=\"\" "
			"xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
		"xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">\n<dc:format>"
			"application/pdf</dc:format>");
	if (doc->title && doc->title[0]) {
		str_add(out, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
		add_xml(out, doc->title);
		str_add(out, "</rdf:li></rdf:Alt></dc:title>");
	}
	if (doc->author && doc->author[0]) {
		str_add(out, "<dc:creator><rdf:Seq><rdf:li>");
		add_xml(out, doc->author);
		str_add(out, "</rdf:li></rdf:Seq></dc:creator>");
	}
	if (doc->subject && doc->subject[0]) {
		str_add(out, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">");
		add_xml(out, doc->subject);
		str_add(out, "</rdf:li></rdf:Alt></dc:description>");
	}
	str_add(out, "<dc:language><rdf:Bag><rdf:li>");
	add_xml(out, lang);
	str_add(out, "</rdf:li></rdf:Bag></dc:language>");
	if (doc->keywords && doc->keywords[0]) {
		str_add(out, "<pdf:Keywords>");
		add_xml(out, doc->keywords);
		str_add(out, "</pdf:Keywords>");
	}
	str_add(out, "<pdf:Producer>Pandian</pdf:Producer>");
	if (day[0])
		str_printf(out, "<xmp:CreateDate>%sT00:00:00Z</xmp:CreateDate>", day);
	str_add(out, "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>");
}

/* --- objects of a document --- */

static void add_outline(struct pdf_writer *writer, HPDF_Outline parent, const char *title, HPDF_Page page, double x,
	double y, HPDF_Outline *made)
{
	HPDF_Doc pdf = writer->pdf;
	HPDF_Outline outline = HPDF_CreateOutline(pdf, parent, "", NULL);
	HPDF_Array target = HPDF_Array_New(pdf->mmgr);
	if (!outline || !target)
		return;
	HPDF_Dict_Add(outline, "Title", text_object(writer, title));
	HPDF_Array_Add(target, page);
	HPDF_Array_AddName(target, "XYZ");
	HPDF_Array_AddReal(target, (HPDF_REAL)x);
	HPDF_Array_AddReal(target, (HPDF_REAL)y);
	HPDF_Array_Add(target, HPDF_Null_New(pdf->mmgr)); /* keep the zoom */
	HPDF_Dict_Add(outline, "Dest", target);
	if (made)
		*made = outline;
}

static void add_outlines(struct pdf_writer *writer, const struct doc *doc, HPDF_Page *pages)
{
	const struct layout *layout = &writer->layout;
	HPDF_Outline parent = NULL;
	if (doc->id && doc->id[0]) {
		const char *name = doc->first && doc->first->kind == DOC_HEAD ? doc->first->head.name : NULL;
		add_outline(writer, NULL, name && name[0] ? arena_printf(&writer->memory, "%s %s", doc->id, name) : doc->id,
			pages[0], 0, layout->page_height, &parent);
	}
	for (size_t i = 0; i < layout->ops.count; i++) {
		const struct layout_op *op = &layout->ops.at[i];
		if (op->kind == LAYOUT_BOOKMARK && op->text)
			add_outline(writer, parent, op->text, pages[op->page], 0, layout->page_height - op->y + 6, NULL);
	}
}

/* What makes the file this one: its fonts, metadata and pages. */
static void make_id(const struct pdf_writer *writer, const struct doc *doc, char hex[HASH_HEX])
{
	struct hash *hash = hash_new();
	hash_add_text(hash, writer->fonts->hex);
	hash_add_text(hash, doc->id ? doc->id : "");
	hash_add(hash, str_text(&writer->metadata.bytes), writer->metadata.bytes.length);
	for (int i = 0; i < writer->layout.pages; i++)
		hash_add(hash, writer->pages.at[i].bytes.text, writer->pages.at[i].bytes.length);
	hash_end(hash, hex);
	hex[32] = '\0'; /* 16 bytes */
}

static void add_objects(struct pdf_writer *writer, const struct doc *doc)
{
	HPDF_Doc pdf = writer->pdf;
	struct layout *layout = &writer->layout;
	HPDF_Page *pages = arena_alloc(&writer->memory, (size_t)layout->pages, sizeof *pages);
	HPDF_Dict resources = HPDF_Dict_New(pdf->mmgr), fonts = HPDF_Dict_New(pdf->mmgr);
	pdf->pdf_version = HPDF_VER_17;
	HPDF_Xref_Add(pdf->xref, resources);
	HPDF_Dict_Add(resources, "Font", fonts);
	for (unsigned f = 0; f < FONT_MAX; f++) {
		char name[] = { 'F', (char)('0' + f), 0 };
		if (pdf_font_used(&writer->use[f]))
			HPDF_Dict_Add(fonts, name, pdf_font_object(writer, f));
	}
	for (int i = 0; i < layout->pages; i++) {
		HPDF_Page page = pages[i] = HPDF_AddPage(pdf);
		if (!page)
			return;
		HPDF_Page_SetWidth(page, (HPDF_REAL)layout->page_width);
		HPDF_Page_SetHeight(page, (HPDF_REAL)layout->page_height);
		HPDF_Dict_Add(page, "Resources", resources);
		pdf_object_contents(pdf, page, &writer->pages.at[i]);
	}
	add_info(writer, "Title", doc->title);
	add_info(writer, "Author", doc->author);
	add_info(writer, "Subject", doc->subject);
	add_info(writer, "Keywords", doc->keywords);
	add_info(writer, "Producer", "Pandian");
	if (doc->created != DATE_NONE) {
		struct date_civil day = date_to_civil(doc->created);
		char *text = arena_printf(&writer->memory, "D:%04d%02d%02d000000Z", (int)day.year, day.month, day.day);
		HPDF_Dict_Add(pdf->info, "CreationDate", HPDF_String_New(pdf->mmgr, text, NULL));
	}
	HPDF_Dict metadata = pdf_object_stream(pdf, &writer->metadata);
	writer->metadata.entries = "/Type/Metadata/Subtype/XML";
	HPDF_Dict_Add(pdf->catalog, "Metadata", metadata);
	if (doc->lang && doc->lang[0])
		HPDF_Dict_Add(pdf->catalog, "Lang", HPDF_String_New(pdf->mmgr, doc->lang, NULL));
	HPDF_Dict viewer = HPDF_Dict_New(pdf->mmgr);
	HPDF_Dict_AddBoolean(viewer, "DisplayDocTitle", HPDF_TRUE);
	HPDF_Dict_Add(pdf->catalog, "ViewerPreferences", viewer);
	add_outlines(writer, doc, pages);
}

int pdf_write(
	struct pdf_writer *writer, const struct doc *doc, struct str *out, struct pdf_totals *totals, struct err *err)
{
	HPDF_STATUS failed = HPDF_OK;
	struct layout *layout = &writer->layout;
	int status = -1;
	str_clear(out);
	library_memory = &writer->memory;
	layout_run_document(layout, writer->fonts, doc);
	pdf_font_collect(writer);
	if (pdf_font_build(writer, err) < 0)
		goto out;
	while (writer->pages.count < (size_t)layout->pages)
		VEC_PUSH(&writer->pages, (struct pdf_stream){ .compressed = true });
	for (int i = 0; i < layout->pages; i++) {
		str_clear(&writer->plain);
		pdf_content_page(layout, i, writer->cid, &writer->plain);
		pdf_object_deflate(writer, &writer->plain, &writer->pages.at[i]);
	}
	build_metadata(doc, &writer->metadata.bytes);

	writer->pdf = HPDF_NewEx(library_error, library_alloc, library_free, 0, &failed);
	if (writer->pdf) {
		add_objects(writer, doc);
		char id[HASH_HEX];
		make_id(writer, doc, id);
		HPDF_STATUS saved = failed == HPDF_OK ? pdf_save(writer, id, out) : failed;
		failed = failed != HPDF_OK ? failed : saved;
	}
	if (!writer->pdf || failed != HPDF_OK) {
		err_set(err, STATUS_INTERNAL, "libharu refuses the document %s (error 0x%04lx)", doc->id ? doc->id : "",
			(unsigned long)failed);
		goto out;
	}
	if (totals) {
		*totals = (struct pdf_totals){ .pages = layout->pages, .missing_count = layout->missing_count };
		memcpy(totals->missing, layout->missing, sizeof totals->missing);
	}
	status = 0;
out:
	pdf_font_forget(writer);
	writer->pdf = NULL;
	arena_reset(&writer->memory);
	return status;
}

struct pdf_writer *pdf_writer_new(const struct pdf_fonts *fonts, struct err *err)
{
	if (strcmp(HPDF_GetVersion(), HPDF_VERSION_TEXT) != 0) {
		err_set(err, STATUS_INTERNAL, "libharu is version %s, built for %s", HPDF_GetVersion(), HPDF_VERSION_TEXT);
		return NULL;
	}
	struct pdf_writer *writer = mem_new(1, sizeof *writer);
	writer->fonts = fonts;
	writer->cid = mem_new(0x110000, sizeof *writer->cid);
	writer->memory.chunk_size = (size_t)1 << 20;
	writer->compressor = libdeflate_alloc_compressor(LEVEL);
	if (!writer->compressor) {
		err_set(err, STATUS_AGAIN, "no memory for a compressor");
		pdf_writer_free(writer);
		return NULL;
	}
	return writer;
}

void pdf_writer_use(struct pdf_writer *writer, size_t set)
{
	writer->set_number = set;
}

static void release_stream(struct pdf_stream *stream)
{
	str_release(&stream->bytes);
}

void pdf_writer_free(struct pdf_writer *writer)
{
	if (!writer)
		return;
	layout_release(&writer->layout);
	pdf_font_release(writer);
	VEC_RELEASE(&writer->distinct);
	for (size_t i = 0; i < writer->pages.count; i++)
		release_stream(&writer->pages.at[i]);
	VEC_RELEASE(&writer->pages);
	release_stream(&writer->metadata);
	release_stream(&writer->objects);
	release_stream(&writer->places);
	str_release(&writer->plain);
	str_release(&writer->wide);
	VEC_RELEASE(&writer->sorted);
	VEC_RELEASE(&writer->glyphs);
	font_scratch_release(&writer->scratch);
	font_parts_release(&writer->parts);
	libdeflate_free_compressor(writer->compressor);
	arena_release(&writer->memory);
	free(writer->cid);
	free(writer);
}
