/*
 * pdf_save.c - the objects of a document as the bytes of a file.
 *
 * Decides: their order and frame. Streams stand in the file one after the other, all other objects in one compressed
 * object stream, found by a cross-reference stream (PDF 1.5): a tenth of the bytes libharu's own writer needs. libharu
 * writes the objects themselves. Nothing depends on clock or environment.
 */
#include "output/pdf_object.h"

#include <string.h>

static HPDF_STATUS write_out(HPDF_Stream stream, const HPDF_BYTE *bytes, HPDF_UINT length)
{
	str_add_bytes(stream->attr, bytes, length);
	return HPDF_OK;
}

static HPDF_STATUS write_stream_entries(HPDF_Dict dict, HPDF_Stream out)
{
	const struct pdf_stream *stream = dict->attr;
	struct str *to = out->attr;
	str_add(to, stream->compressed ? "/Filter/FlateDecode" : "");
	str_add(to, stream->entries ? stream->entries : "");
	str_add(to, "/Length ");
	str_add_int(to, (int64_t)stream->bytes.length);
	return HPDF_OK;
}

static HPDF_STATUS write_raw_entries(HPDF_Dict dict, HPDF_Stream out)
{
	const struct str *entries = dict->attr;
	str_add_bytes(out->attr, str_text(entries), entries->length);
	return HPDF_OK;
}

static void take_stream(HPDF_Dict dict, struct pdf_stream *stream)
{
	dict->attr = stream;
	dict->write_fn = write_stream_entries;
	dict->free_fn = NULL;
}

HPDF_Dict pdf_object_stream(HPDF_Doc pdf, struct pdf_stream *stream)
{
	HPDF_Dict dict = HPDF_Dict_New(pdf->mmgr);
	if (dict) {
		HPDF_Xref_Add(pdf->xref, dict);
		take_stream(dict, stream);
	}
	return dict;
}

void pdf_object_raw(HPDF_Dict dict, struct str *entries)
{
	dict->attr = entries;
	dict->write_fn = write_raw_entries;
}

/* libharu made a stream of its own for the page, and behind it an object for its length, which nobody needs now. */
void pdf_object_contents(HPDF_Doc pdf, HPDF_Page page, struct pdf_stream *stream)
{
	HPDF_Dict contents = ((HPDF_PageAttr)page->attr)->contents;
	HPDF_List entries = pdf->xref->entries;
	HPDF_XrefEntry last = entries->obj[entries->count - 1];
	if (((HPDF_Obj_Header *)last->obj)->obj_class == HPDF_OCLASS_NUMBER)
		entries->count--;
	HPDF_Dict_RemoveElement(contents, "Length");
	contents->stream = NULL;
	take_stream(contents, stream);
}

static void add_big_endian(struct str *out, size_t value, int bytes)
{
	while (bytes-- > 0)
		str_add_char(out, (char)(value >> 8 * bytes));
}

static unsigned number_of(const void *object)
{
	return ((const HPDF_Obj_Header *)object)->obj_id & 0x00ffffff;
}

static void add_stream(struct str *out, unsigned number, const char *entries, const struct pdf_stream *stream)
{
	str_add_int(out, number);
	str_add(out, " 0 obj\n<<");
	str_add(out, entries);
	str_add(out, stream->compressed ? "/Filter/FlateDecode/Length " : "/Length ");
	str_add_int(out, (int64_t)stream->bytes.length);
	str_add(out, ">>stream\n");
	str_add_bytes(out, str_text(&stream->bytes), stream->bytes.length);
	str_add(out, "\nendstream\nendobj\n");
}

HPDF_STATUS pdf_save(struct pdf_writer *writer, const char *id, struct str *out)
{
	HPDF_Doc pdf = writer->pdf;
	HPDF_List entries = pdf->xref->entries;
	HPDF_Stream to = HPDF_CallbackWriter_New(pdf->mmgr, write_out, out);
	const unsigned count = entries->count, bundle = count, table = count + 1;
	struct str *body = &writer->plain, *index = &writer->wide, *places = &writer->places.bytes;
	unsigned bundled = 0;
	if (!to)
		return HPDF_FAILD_TO_ALLOC_MEM;
	to->write_fn = write_out;
	str_clear(out);
	str_clear(body);
	str_clear(index);
	str_clear(places);
	str_add(out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	add_big_endian(places, 0, 5);
	add_big_endian(places, 0xffff, 2);
	for (unsigned i = 1; i < count; i++) {
		void *object = ((HPDF_XrefEntry)entries->obj[i])->obj;
		const HPDF_Dict dict = object; /* if it is one */
		bool stream = dict->header.obj_class == HPDF_OCLASS_DICT && dict->write_fn == write_stream_entries;
		HPDF_STATUS status;
		if (stream) {
			const struct pdf_stream *bytes = dict->attr;
			add_big_endian(places, 1, 1);
			add_big_endian(places, out->length, 4);
			add_big_endian(places, 0, 2);
			str_add_int(out, i);
			str_add(out, " 0 obj\n");
			to->attr = out;
			status = HPDF_Obj_WriteValue(object, to, NULL);
			str_add(out, "stream\n");
			str_add_bytes(out, str_text(&bytes->bytes), bytes->bytes.length);
			str_add(out, "\nendstream\nendobj\n");
		} else {
			add_big_endian(places, 2, 1);
			add_big_endian(places, bundle, 4);
			add_big_endian(places, bundled++, 2);
			str_add_int(index, i);
			str_add_char(index, ' ');
			str_add_int(index, (int64_t)body->length);
			str_add_char(index, ' ');
			to->attr = body;
			status = HPDF_Obj_WriteValue(object, to, NULL);
			str_add_char(body, '\n');
		}
		if (status != HPDF_OK)
			return status;
	}
	size_t first = index->length;
	str_add_bytes(index, str_text(body), body->length);
	pdf_object_deflate(writer, index, &writer->objects);
	add_big_endian(places, 1, 1);
	add_big_endian(places, out->length, 4);
	add_big_endian(places, 0, 2);
	add_stream(out, bundle,
		arena_printf(&writer->memory, "/Type/ObjStm/N %u/First %zu/DL %zu", bundled, first, index->length),
		&writer->objects);
	size_t start = out->length;
	add_big_endian(places, 1, 1);
	add_big_endian(places, start, 4);
	add_big_endian(places, 0, 2);
	add_stream(out, table,
		arena_printf(&writer->memory, "/Type/XRef/Size %u/W[1 4 2]/Root %u 0 R/Info %u 0 R/ID[<%s><%s>]", table + 1,
			number_of(pdf->catalog), number_of(pdf->info), id, id),
		&writer->places);
	str_add(out, "startxref\n");
	str_add_int(out, (int64_t)start);
	str_add(out, "\n%%EOF\n");
	return HPDF_OK;
}
