/*
 * pdf_set.c - what documents of a kind share: the front part of their text font.
 *
 * Decides: how the shared part is compressed once and put before a document's own part within one stream. Does not
 * decide: what is shared (pdf_sample.c), which document uses it (pdf_font.c). TrueType only; a CFF font is cut anew for
 * every document.
 */
#include "output/pdf_set.h"

#include "base/mem.h"
#include "base/text.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define FEWEST 8 /* documents that say anything */
#define LONG_LOCA 0x18000 /* bytes of shared outlines that leave too little room below 128 KiB */

/* --- streams --- */

static void count(struct pdf_zip *zip, size_t length, uint32_t adler)
{
	zip->adler = (uint32_t)adler32_combine(zip->adler, adler, (z_off_t)length);
	zip->length += length;
}

void pdf_zip_begin(struct pdf_zip *zip, struct str *out)
{
	*zip = (struct pdf_zip){ .out = out, .adler = 1 };
	str_clear(out);
	str_add_bytes(out, "\x78\x01", 2);
}

void pdf_zip_stored(struct pdf_zip *zip, const struct str *plain)
{
	for (size_t done = 0; done < plain->length;) {
		size_t most = plain->length - done;
		unsigned length = most < 0xffff ? (unsigned)most : 0xffff;
		char head[5] = { 0, (char)length, (char)(length >> 8), (char)~length, (char)(~length >> 8) };
		str_add_bytes(zip->out, head, sizeof head);
		str_add_bytes(zip->out, plain->text + done, length);
		done += length;
	}
	count(zip, plain->length, libdeflate_adler32(1, str_text(plain), plain->length));
}

void pdf_zip_piece(struct pdf_zip *zip, const struct pdf_piece *piece)
{
	str_add_bytes(zip->out, piece->bytes.text, piece->bytes.length);
	count(zip, piece->length, piece->adler);
}

void pdf_zip_end(struct pdf_zip *zip, struct libdeflate_compressor *compressor, const struct str *last)
{
	struct str *out = zip->out;
	str_reserve(out, libdeflate_deflate_compress_bound(compressor, last->length) + 4);
	out->length += libdeflate_deflate_compress(
		compressor, str_text(last), last->length, out->text + out->length, out->capacity - out->length - 1);
	count(zip, last->length, libdeflate_adler32(1, str_text(last), last->length));
	char sum[4] = { (char)(zip->adler >> 24), (char)(zip->adler >> 16), (char)(zip->adler >> 8), (char)zip->adler };
	str_add_bytes(out, sum, 4);
}

/* Where the last block of a deflate stream begins, and where it ends, in bits; by zlib, which tells of every block. */
static int last_block(const struct str *deflated, size_t length, size_t *begins, size_t *ends)
{
	z_stream stream = { 0 };
	unsigned char *plain = mem_new(length + 1, 1);
	int status = -1, last = 0;
	*begins = 0;
	if (inflateInit2(&stream, -15) != Z_OK)
		goto out;
	stream.next_in = (unsigned char *)deflated->text;
	stream.avail_in = (unsigned)deflated->length;
	stream.next_out = plain;
	stream.avail_out = (unsigned)length + 1;
	for (;;) {
		int answer = inflate(&stream, Z_BLOCK);
		size_t at = stream.total_in * 8 - (size_t)(stream.data_type & 31);
		if (answer != Z_OK && answer != Z_STREAM_END)
			break;
		if (stream.data_type & 128 && !(stream.data_type & 64))
			*begins = at;
		last = stream.data_type & 64;
		if (answer == Z_STREAM_END || (stream.data_type & 128 && last)) {
			*ends = at;
			status = stream.total_out == length ? 0 : -1;
			break;
		}
	}
	inflateEnd(&stream);
out:
	free(plain);
	return status;
}

/* Compresses as small as it gets; what follows is another block. */
static int make_piece(struct libdeflate_compressor *compressor, const struct str *plain, struct pdf_piece *piece)
{
	struct str *out = &piece->bytes;
	size_t begins, ends;
	str_clear(out);
	str_reserve(out, libdeflate_deflate_compress_bound(compressor, plain->length));
	out->length =
		libdeflate_deflate_compress(compressor, str_text(plain), plain->length, out->text, out->capacity - 1);
	piece->length = plain->length;
	piece->adler = libdeflate_adler32(1, str_text(plain), plain->length);
	if (out->length == 0 || last_block(out, plain->length, &begins, &ends) < 0)
		return -1;
	out->text[begins / 8] = (char)(out->text[begins / 8] & ~(1 << begins % 8)); /* not the last any more */
	out->length = (ends + 7) / 8; /* bits behind the last block are zero: the head of an empty stored block */
	if (ends % 8 == 0 || ends % 8 > 5)
		str_add_char(out, '\0');
	str_add_bytes(out, "\0\0\xff\xff", 4);
	return 0;
}

/* --- texts of fonts --- */

const char pdf_unicode_head[] =
	"/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)"
	"/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>"
	"endcodespacerange\n";
const char pdf_unicode_foot[] = "endcmap CMapName currentdict/CMap defineresource pop end end";

static char *put_hex4(char *at, unsigned value)
{
	static const char digits[] = "0123456789ABCDEF";
	for (int shift = 12; shift >= 0; shift -= 4)
		*at++ = digits[value >> shift & 15];
	return at;
}

void pdf_unicode_add(const uint32_t *text, size_t count, unsigned first, struct str *out)
{
	size_t ranges = count > 0 ? ((first + count - 1) >> 8) - (first >> 8) + 1 : 0;
	/* at most 100 a section; a range keeps the first byte of its CIDs */
	for (size_t i = 0, range = 0; i < count; range++) {
		unsigned from = first + (unsigned)i, to = from | 255;
		to = to < first + count ? to : (unsigned)(first + count - 1);
		if (range % 100 == 0) {
			str_add_int(out, (int64_t)(ranges - range < 100 ? ranges - range : 100));
			str_add(out, " beginbfrange\n");
		}
		str_reserve(out, 32 + (size_t)(to - from + 1) * 10);
		char *at = out->text + out->length;
		*at++ = '<';
		at = put_hex4(at, from);
		*at++ = '>';
		*at++ = '<';
		at = put_hex4(at, to);
		*at++ = '>';
		*at++ = '[';
		for (; from <= to; from++, i++) {
			uint32_t c = text[i];
			*at++ = '<';
			if (c >= 0x10000) {
				at = put_hex4(at, 0xd800 + ((c - 0x10000) >> 10));
				at = put_hex4(at, 0xdc00 + (c & 0x3ff));
			} else {
				at = put_hex4(at, c);
			}
			*at++ = '>';
		}
		*at++ = ']';
		*at++ = '\n';
		*at = '\0';
		out->length = (size_t)(at - out->text);
		if (range % 100 == 99 || i == count)
			str_add(out, "endbfrange\n");
	}
}

void pdf_widths_add(const struct font *font, const uint32_t *glyphs, size_t count, unsigned first, struct str *out)
{
	bool open = false;
	unsigned last = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned width = font_advance(glyphs[i]), number = font->cff ? font_gid(glyphs[i]) : first + (unsigned)i;
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
	str_add(out, open ? "]" : "");
}

/* --- sets --- */

static void release_piece(struct pdf_piece *piece)
{
	str_release(&piece->bytes);
}

static void forget_font(struct pdf_set *set)
{
	VEC_RELEASE(&set->text);
	release_piece(&set->glyf);
	release_piece(&set->hmtx);
	release_piece(&set->loca);
	release_piece(&set->unicode);
	str_release(&set->widths);
}

void pdf_set_free(struct pdf_set *set)
{
	if (!set)
		return;
	forget_font(set);
	free(set->cid);
	free(set->slot);
	free(set);
}

/* The characters of the text font in a text, each once, in ascending order. */
static void read_text(const struct pdf_fonts *fonts, const char *text, struct pdf_set *set)
{
	const char *end = text + strlen(text);
	while (text < end) {
		uint32_t c = text_next(&text, end), glyph = font_glyph(fonts, c);
		if (glyph && font_of(glyph) == 0 && c >= 0x20)
			set->cid[c] = 1;
	}
	for (uint32_t c = 0; c < 0x110000; c++)
		if (set->cid[c]) {
			VEC_PUSH(&set->text, c);
			set->cid[c] = (uint16_t)set->text.count;
		}
}

static int cut_font(const struct pdf_fonts *fonts, struct pdf_set *set, struct libdeflate_compressor *compressor)
{
	const struct font *font = &fonts->at[0];
	struct font_scratch scratch = { 0 };
	struct font_parts parts = { 0 };
	struct str plain = { 0 };
	size_t count = set->text.count;
	uint32_t *glyphs = mem_new(count + 1, sizeof *glyphs);
	int status = -1;
	for (size_t i = 0; i < count; i++)
		glyphs[i] = font_glyph(fonts, set->text.at[i]);
	if (font_cut(font, &scratch, NULL, glyphs, count, &parts) < 0)
		goto out;
	struct font_base *base = &set->base;
	base->slot = set->slot;
	base->count = (unsigned)scratch.old.count;
	base->long_loca = parts.glyf.length > LONG_LOCA;
	base->glyf_length = parts.glyf.length;
	for (size_t i = scratch.old.count; i-- > 1;)
		if (i > count || !font_trimmed(glyphs[i - 1]))
			set->slot[scratch.old.at[i]] = (uint16_t)i;
	/* the entries of loca without the end, and an even number of them, the last an empty glyph: whole words */
	if (base->count % 2) {
		scratch.offset.at[base->count++] = (uint32_t)base->glyf_length;
		str_add_bytes(&parts.hmtx, "\0\0\0", 4);
	} else {
		scratch.offset.count--;
	}
	for (size_t i = 0; i < scratch.offset.count; i++) {
		uint32_t offset = base->long_loca ? scratch.offset.at[i] : scratch.offset.at[i] / 2;
		char entry[4] = { (char)(offset >> 24), (char)(offset >> 16), (char)(offset >> 8), (char)offset };
		str_add_bytes(&plain, base->long_loca ? entry : entry + 2, base->long_loca ? 4 : 2);
	}
	base->loca_length = plain.length;
	base->glyf_sum = font_checksum(parts.glyf.text, parts.glyf.length);
	base->hmtx_sum = font_checksum(parts.hmtx.text, parts.hmtx.length);
	base->loca_sum = font_checksum(plain.text, plain.length);
	if (make_piece(compressor, &parts.glyf, &set->glyf) < 0 || make_piece(compressor, &parts.hmtx, &set->hmtx) < 0
		|| make_piece(compressor, &plain, &set->loca) < 0)
		goto out;
	str_clear(&plain);
	str_add(&plain, pdf_unicode_head);
	pdf_unicode_add(set->text.at, count, 1, &plain);
	pdf_widths_add(font, glyphs, count, 1, &set->widths);
	status = make_piece(compressor, &plain, &set->unicode);
out:
	free(glyphs);
	str_release(&plain);
	font_parts_release(&parts);
	font_scratch_release(&scratch);
	return status;
}

int pdf_fonts_share(struct pdf_fonts *fonts, size_t number, const struct pdf_common *common, struct err *err)
{
	if (number >= PDF_SETS)
		return 0;
	fonts->shares++;
	pdf_set_free(fonts->set[number]);
	fonts->set[number] = NULL;
	if (!common || common->documents < FEWEST)
		return 0;
	struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(12); /* once a run: as small as it gets */
	if (!compressor)
		return err_set(err, STATUS_AGAIN, "no memory for a compressor");
	struct pdf_set *set = fonts->set[number] = mem_new(1, sizeof *set);
	int status = 0;
	set->cid = mem_new(0x110000, sizeof *set->cid);
	set->slot = mem_new(65536, sizeof *set->slot);
	if (!fonts->at[0].cff)
		read_text(fonts, common->text, set);
	if (set->text.count > 0 && cut_font(fonts, set, compressor) < 0) {
		status = err_set(err, STATUS_INTERNAL, "%s: cannot cut the subset that archives share", fonts->at[0].path);
		pdf_set_free(set);
		fonts->set[number] = NULL;
	}
	libdeflate_free_compressor(compressor);
	return status;
}
