/*
 * font.c - fonts of the archives: where they lie, which one draws a character.
 *
 * Decides: the list of font files (here and nowhere else) and the order in which they are asked for a character.
 * Does not decide: how a subset is cut (font_subset.c) or embedded (pdf_font.c).
 *
 * A character goes to the first font whose cmap has it with a visible outline. The choice is made once, before any
 * fork, into one table shared by all processes.
 */
#include "output/font.h"

#include "base/fs.h"
#include "base/mem.h"

#include <errno.h>
#include <hb-ot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Roles: the text font is the first of `text_files` that exists, the fallbacks follow by order, each if it exists.
 * Sans-serif before mincho, so that a rare character looks like its neighbours where possible.
 */
static const char *const text_files[] = {
	"/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
	"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
	"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc#2", /* face 2: Simplified Chinese */
	NULL,
};
static const char *const fallback_files[] = {
	"/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
	"/usr/share/fonts-droid-fallback/truetype/DroidSansFallbackFull.ttf",
	"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
	"/usr/share/fonts/truetype/hanazono/HanaMinA.ttf",
	"/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
	NULL,
};

static bool is_blank(uint32_t c)
{
	return c <= 0x20 || c == 0xa0 || c == 0xad || (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f)
		|| (c >= 0x205f && c <= 0x206f) || c == 0x2800 || c == 0x3000 || c == 0x3164 || c == 0xfeff;
}

static struct font_table table_of(const struct font *font, hb_tag_t tag)
{
	/* The blob of a mapped file points into the map, which outlives it. */
	hb_blob_t *blob = hb_face_reference_table(font->face, tag);
	unsigned length;
	const char *at = hb_blob_get_data(blob, &length);
	const uint8_t *bytes = (const uint8_t *)at, *map = font->map;
	hb_blob_destroy(blob);
	if (length == 0 || bytes < map || bytes + length > map + font->size)
		return (struct font_table){ NULL, 0 };
	return (struct font_table){ bytes, length };
}

static unsigned be16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}
static int be16s(const uint8_t *at)
{
	return (int16_t)be16(at);
}

static bool has_outline(const struct font *font, unsigned gid)
{
	if (font->cff)
		return true;
	size_t width = font->long_loca ? 4 : 2;
	if ((gid + 2) * width > font->loca.length)
		return false;
	return memcmp(font->loca.at + gid * width, font->loca.at + (gid + 1) * width, width) != 0;
}

/* Whether a full-width glyph has room to spare on both sides, as the brackets of microhei. */
static bool is_centred(const struct font *font, unsigned gid)
{
	size_t width = font->long_loca ? 4 : 2;
	if (font->cff || (gid + 2) * width > font->loca.length)
		return false;
	const uint8_t *at = font->loca.at + gid * width;
	size_t offset = font->long_loca ? (size_t)be16(at) << 16 | be16(at + 2) : 2 * (size_t)be16(at);
	if (offset + 10 > font->glyf.length)
		return false;
	int room = (int)font->upem * (FONT_TRIM + 50) / 1000;
	return be16s(font->glyf.at + offset + 2) >= room && (int)font->upem - be16s(font->glyf.at + offset + 6) >= room;
}

static int scaled(const struct font *font, int value)
{
	int upem = (int)font->upem;
	return value >= 0 ? (value * 1000 + upem / 2) / upem : -((-value * 1000 + upem / 2) / upem);
}

static int open_font(struct font *font, const char *spec, struct err *err)
{
	const char *mark = strrchr(spec, '#');
	uint64_t size = 0;
	int fd = -1, status = -1;
	hb_blob_t *blob = NULL;
	*font = (struct font){ .path = mem_copy_text(spec) };
	if (mark) {
		font->path[mark - spec] = '\0';
		font->index = (unsigned)strtoul(mark + 1, NULL, 10);
	}
	fd = fs_open_read(font->path, &size, err);
	if (fd < 0)
		goto out;
	font->size = (size_t)size;
	font->map = mmap(NULL, font->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (font->map == MAP_FAILED) {
		font->map = NULL;
		err_sys(err, STATUS_IO, errno, "%s: cannot map the font", font->path);
		goto out;
	}
	hash_bytes(font->map, font->size, font->hex);
	blob = hb_blob_create(font->map, (unsigned)font->size, HB_MEMORY_MODE_READONLY, NULL, NULL);
	font->face = hb_face_create(blob, font->index);
	font->upem = hb_face_get_upem(font->face);
	font->glyphs = hb_face_get_glyph_count(font->face);
	font->head = table_of(font, HB_TAG('h', 'e', 'a', 'd'));
	font->hhea = table_of(font, HB_TAG('h', 'h', 'e', 'a'));
	font->maxp = table_of(font, HB_TAG('m', 'a', 'x', 'p'));
	font->hmtx = table_of(font, HB_TAG('h', 'm', 't', 'x'));
	font->loca = table_of(font, HB_TAG('l', 'o', 'c', 'a'));
	font->glyf = table_of(font, HB_TAG('g', 'l', 'y', 'f'));
	font->cff = table_of(font, HB_TAG('C', 'F', 'F', ' ')).length > 0;
	bool outlines = font->cff || (font->glyf.length > 0 && font->loca.length > 0 && font->maxp.length >= 32);
	if (font->glyphs == 0 || font->glyphs > 0xffff || font->head.length < 54 || font->hhea.length < 36 || !outlines) {
		err_set(err, STATUS_NO_INPUT, "%s: not a font with TrueType or CFF outlines", font->path);
		goto out;
	}
	font->long_loca = be16(font->head.at + 50) != 0;
	font->metrics = be16(font->hhea.at + 34);
	font->ascent = scaled(font, be16s(font->hhea.at + 4));
	font->descent = scaled(font, be16s(font->hhea.at + 6));
	for (int i = 0; i < 4; i++)
		font->box[i] = scaled(font, be16s(font->head.at + 36 + 2 * i));
	unsigned length = sizeof font->name;
	hb_ot_name_get_utf8(
		font->face, HB_OT_NAME_ID_POSTSCRIPT_NAME, hb_language_from_string("en", -1), &length, font->name);
	for (char *c = font->name; *c; c++)
		if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || *c == '-'))
			*c = '-';
	if (font->name[0] == '\0')
		snprintf(font->name, sizeof font->name, "Font");
	if (font->metrics == 0 || font->hmtx.length < (size_t)font->metrics * 4) {
		err_set(err, STATUS_NO_INPUT, "%s: the font has no advance widths", font->path);
		goto out;
	}
	status = 0;
out:
	if (fd >= 0)
		close(fd);
	hb_blob_destroy(blob);
	return status;
}

/* Gives the font every character that no earlier font has. */
static void add_characters(struct pdf_fonts *fonts, unsigned number)
{
	const struct font *font = &fonts->at[number];
	hb_font_t *cmap = hb_font_create(font->face);
	hb_set_t *set = hb_set_create();
	hb_codepoint_t c = HB_SET_VALUE_INVALID;
	hb_face_collect_unicodes(font->face, set);
	while (hb_set_next(set, &c)) {
		hb_codepoint_t gid;
		if (c >= 0x110000 || font_glyph(fonts, c) || !hb_font_get_nominal_glyph(cmap, c, &gid) || gid == 0
			|| gid > 0xffff)
			continue;
		if (!is_blank(c) && !has_outline(font, gid))
			continue;
		unsigned metric = gid < font->metrics ? gid : font->metrics - 1;
		unsigned advance = (be16(font->hmtx.at + metric * 4) * 1000 + font->upem / 2) / font->upem;
		if (advance > 0xfff)
			continue;
		bool trim = advance == 1000 && (c == 0xff08 || c == 0xff09) && is_centred(font, gid);
		advance -= trim ? 2 * FONT_TRIM : 0;
		uint32_t **page = &fonts->page[c >> 8];
		if (!*page)
			*page = mem_new(256, sizeof **page);
		(*page)[c & 255] = (uint32_t)trim << 31 | (uint32_t)number << 28 | advance << 16 | gid;
	}
	hb_set_destroy(set);
	hb_font_destroy(cmap);
}

struct pdf_fonts *pdf_fonts_open(struct err *err)
{
	struct pdf_fonts *fonts = mem_new(1, sizeof *fonts);
	const char *text = NULL;
	char path[256];
	for (size_t i = 0; text_files[i] && !text; i++) {
		snprintf(path, sizeof path, "%.*s", (int)strcspn(text_files[i], "#"), text_files[i]);
		if (fs_exists(path))
			text = text_files[i];
	}
	if (!text) {
		err_set(err, STATUS_NO_INPUT, "no Chinese text font found (%s)", text_files[0]);
		err_hint(err,
			"Install fonts-wqy-microhei (or fonts-wqy-zenhei, fonts-noto-cjk) and, for rare characters, "
				"fonts-hanazono.");
		goto fail;
	}
	if (open_font(&fonts->at[fonts->count++], text, err) < 0)
		goto fail;
	for (size_t i = 0; fallback_files[i] && fonts->count < FONT_MAX; i++)
		if (strcmp(fallback_files[i], text) != 0 && fs_exists(fallback_files[i]))
			if (open_font(&fonts->at[fonts->count++], fallback_files[i], err) < 0)
				goto fail;
	struct hash *hash = hash_new();
	for (size_t i = 0; i < fonts->count; i++) {
		struct font *font = &fonts->at[i];
		hash_add_text(hash, font->hex);
		add_characters(fonts, (unsigned)i);
		if (font->cff) {
			hb_face_t *ready = hb_subset_preprocess(font->face);
			hb_face_destroy(font->face);
			font->face = ready;
		}
	}
	hash_end(hash, fonts->hex);
	return fonts;
fail:
	pdf_fonts_close(fonts);
	return NULL;
}

void pdf_fonts_close(struct pdf_fonts *fonts)
{
	if (!fonts)
		return;
	for (size_t i = 0; i < PDF_SETS; i++)
		pdf_set_free(fonts->set[i]);
	for (size_t i = 0; i < fonts->count; i++) {
		struct font *font = &fonts->at[i];
		hb_face_destroy(font->face);
		if (font->map)
			munmap(font->map, font->size);
		free(font->path);
	}
	for (size_t i = 0; i < sizeof fonts->page / sizeof fonts->page[0]; i++)
		free(fonts->page[i]);
	free(fonts);
}

void pdf_fonts_hash(const struct pdf_fonts *fonts, char hex[HASH_HEX])
{
	memcpy(hex, fonts->hex, HASH_HEX);
}
size_t pdf_fonts_count(const struct pdf_fonts *fonts)
{
	return fonts->count;
}

const char *pdf_fonts_file(const struct pdf_fonts *fonts, size_t index, char hex[HASH_HEX])
{
	if (index >= fonts->count)
		return NULL;
	memcpy(hex, fonts->at[index].hex, HASH_HEX);
	return fonts->at[index].path;
}
