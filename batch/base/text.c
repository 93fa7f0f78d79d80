/*
 * text.c - Unicode text: decoding, cleaning, conversion, folding, order.
 *
 * Decides: which characters are taken out of texts, what counts as white space, and how names are ordered.
 * Does not decide: which encoding a file has (ingest), or how text is laid out on a page (output).
 *
 * ICU gives properties, normalisation and pinyin order; iconv gives the GB18030 table. A collator is costly and not
 * to be shared, so each thread makes its own when it first needs one and frees it when it ends. Everything else here
 * has no state but tables made once.
 */
#include "base/text.h"

#include "base/mem.h"

#include <iconv.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/* --- UTF-8 --- */

/* Length of the valid sequence at `at` (2-4 bytes, lead >= 0x80) and its code point; 0 if it is not valid. */
static size_t utf8_sequence(const unsigned char *at, size_t left, uint32_t *code_point)
{
	unsigned char lead = at[0];
	if (lead >= 0xC2 && lead <= 0xDF) {
		if (left < 2 || (at[1] & 0xC0) != 0x80)
			return 0;
		*code_point = (uint32_t)(lead & 0x1F) << 6 | (at[1] & 0x3F);
		return 2;
	}
	if (lead >= 0xE0 && lead <= 0xEF) {
		if (left < 3 || (at[1] & 0xC0) != 0x80 || (at[2] & 0xC0) != 0x80)
			return 0;
		*code_point = (uint32_t)(lead & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
		return *code_point < 0x800 || (*code_point >= 0xD800 && *code_point <= 0xDFFF) ? 0 : 3;
	}
	if (lead >= 0xF0 && lead <= 0xF4) {
		if (left < 4 || (at[1] & 0xC0) != 0x80 || (at[2] & 0xC0) != 0x80 || (at[3] & 0xC0) != 0x80)
			return 0;
		*code_point = (uint32_t)(lead & 0x07) << 18 | (uint32_t)(at[1] & 0x3F) << 12 |
			(uint32_t)(at[2] & 0x3F) << 6 | (at[3] & 0x3F);
		return *code_point < 0x10000 || *code_point > 0x10FFFF ? 0 : 4;
	}
	return 0;
}

/* Bytes from the start that are ASCII; eight at a time. */
static size_t ascii_span(const char *text, size_t length)
{
	size_t at = 0;
	for (; at + 8 <= length; at += 8) {
		uint64_t word;
		memcpy(&word, text + at, 8);
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			break;
	}
	while (at < length && (unsigned char)text[at] < 0x80)
		at++;
	return at;
}

bool text_valid_utf8(const char *text, size_t length)
{
	size_t at = 0;
	for (;;) {
		at += ascii_span(text + at, length - at);
		if (at == length)
			return true;
		while (at < length && (unsigned char)text[at] >= 0x80) {
			uint32_t code_point;
			size_t size = utf8_sequence((const unsigned char *)text + at, length - at, &code_point);
			if (size == 0)
				return false;
			at += size;
		}
	}
}

uint32_t text_next(const char **at, const char *end)
{
	const unsigned char *byte = (const unsigned char *)*at;
	if (*byte < 0x80) {
		(*at)++;
		return *byte;
	}
	uint32_t code_point;
	size_t size = utf8_sequence(byte, (size_t)(end - *at), &code_point);
	if (size == 0) {
		(*at)++;
		return 0xFFFD;
	}
	*at += size;
	return code_point;
}

size_t text_encode(uint32_t code_point, char out[4])
{
	if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
		code_point = 0xFFFD;
	if (code_point < 0x80) {
		out[0] = (char)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		out[0] = (char)(0xC0 | code_point >> 6);
		out[1] = (char)(0x80 | (code_point & 0x3F));
		return 2;
	}
	if (code_point < 0x10000) {
		out[0] = (char)(0xE0 | code_point >> 12);
		out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code_point & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code_point >> 18);
	out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code_point & 0x3F));
	return 4;
}

size_t text_count(const char *text, size_t length)
{
	const char *end = text + length;
	size_t count = 0;
	while (text < end) {
		text_next(&text, end);
		count++;
	}
	return count;
}

bool text_is_ascii(const char *text, size_t length)
{
	return ascii_span(text, length) == length;
}

int text_width(const char *text)
{
	const char *end = text + strlen(text);
	int width = 0;
	while (text < end) {
		uint32_t code_point = text_next(&text, end);
		if (code_point < 0x80) {
			width += code_point >= 0x20 && code_point != 0x7F;
			continue;
		}
		if (code_point >= 0x4E00 && code_point <= 0x9FFF) { /* ideographs: by far the most */
			width += 2;
			continue;
		}
		int8_t category = u_charType((UChar32)code_point);
		if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR ||
			category == U_CONTROL_CHAR)
			continue;
		int32_t east_asian = u_getIntPropertyValue((UChar32)code_point, UCHAR_EAST_ASIAN_WIDTH);
		width += east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
	}
	return width;
}

int text_compare(const void *a, size_t a_length, const void *b, size_t b_length)
{
	size_t shorter = a_length < b_length ? a_length : b_length;
	int order = shorter == 0 ? 0 : memcmp(a, b, shorter);
	if (order != 0)
		return order < 0 ? -1 : 1;
	return (a_length > b_length) - (a_length < b_length);
}

/* --- UTF-16, ICU's form --- */

/* A short text stays on the stack; a longer one is allocated. */
struct wide {
	UChar near[256];
	UChar *text;
	int32_t length;
};

static UChar *wide_room(struct wide *wide, size_t units)
{
	wide->text = units <= sizeof wide->near / sizeof wide->near[0] ? wide->near : mem_new(units, sizeof *wide->text);
	wide->length = 0;
	return wide->text;
}

static void wide_from(struct wide *wide, const char *text, size_t length)
{
	const char *end = text + length;
	UChar *to = wide_room(wide, length + 1);  /* never more units than bytes */
	while (text < end) {
		uint32_t code_point = text_next(&text, end);
		if (code_point >= 0x10000) {
			*to++ = (UChar)(0xD7C0 + (code_point >> 10));
			*to++ = (UChar)(0xDC00 | (code_point & 0x3FF));
		} else {
			*to++ = (UChar)code_point;
		}
	}
	*to = 0;
	wide->length = (int32_t)(to - wide->text);
}

static void wide_release(struct wide *wide)
{
	if (wide->text != wide->near)
		free(wide->text);
}

static void wide_append(struct str *out, const UChar *text, int32_t length)
{
	for (int32_t i = 0; i < length; i++) {
		uint32_t unit = text[i];
		if (unit >= 0xD800 && unit <= 0xDBFF && i + 1 < length && text[i + 1] >= 0xDC00 && text[i + 1] <= 0xDFFF)
			unit = 0x10000 + ((unit - 0xD800) << 10) + (text[++i] - 0xDC00u);
		str_add_code_point(out, unit);
	}
}

/* --- cleaning --- */

/* White space that ends or begins a text, apart from ASCII. */
static bool is_wide_space(uint32_t c)
{
	return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

static bool is_line_break(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* The TEXT_CLEAN_* reason for which a character is taken out, or 0. */
static int unwanted(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7F && c <= 0x9F))
		return TEXT_CLEAN_CONTROL;
	if (c < 0xAD)
		return 0;
	if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C)
		return TEXT_CLEAN_BIDI;
	if (c == 0xAD || c == 0x180E || (c >= 0x200B && c <= 0x200D) || (c >= 0x2060 && c <= 0x2064) ||
		(c >= 0x206A && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
		(c >= 0xE0000 && c <= 0xE007F) ||                             /* tags */
		(c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE)       /* noncharacters */
		return TEXT_CLEAN_INVISIBLE;
	return 0;
}

/*
 * True if one look at the bytes shows that cleaning would change nothing: printable ASCII, Latin-1 letters,
 * CJK ideographs and the punctuation that goes with them. False means "look closer", not "unclean".
 */
static bool is_plainly_clean(const unsigned char *text, size_t length, bool id)
{
	if (length == 0)
		return true;
	if (text[0] == ' ' || text[length - 1] == ' ')
		return false;
	size_t at = 0;
	while (at < length) {
		unsigned char c = text[at];
		if (c >= 0x20 && c < 0x7F) {
			at++;
			continue;
		}
		/* U+4000 to U+9FFF: nearly everything Chinese */
		if (c >= 0xE4 && c <= 0xE9 && length - at >= 3 && (text[at + 1] & 0xC0) == 0x80
			&& (text[at + 2] & 0xC0) == 0x80) {
			at += 3;
			continue;
		}
		uint32_t code_point;
		size_t size = c < 0x80 ? 0 : utf8_sequence(text + at, length - at, &code_point);
		if (size == 0)
			return false;
		/* All of these are unchanged by NFC and join with nothing before them. */
		bool fine = (code_point >= 0x3400 && code_point <= 0x9FFF) || (code_point >= 0x3001 && code_point <= 0x3029) ||
			(code_point >= 0x20000 && code_point <= 0x2F7FF) || (code_point >= 0xC0 && code_point <= 0x2FF) ||
			(code_point >= 0xAE && code_point <= 0xBF) || (code_point >= 0x2010 && code_point <= 0x2027) ||
			(code_point >= 0x2460 && code_point <= 0x26FF) ||
			(!id && code_point >= 0xFF01 && code_point <= 0xFF5E);
		if (!fine || (code_point & 0xFFFE) == 0xFFFE)
			return false;
		at += size;
	}
	return true;
}

/* Puts what `out` holds from `start` on into NFC; true if that changed it. */
static bool normalise(struct str *out, size_t start)
{
	bool inert = true;
	const char *at = out->text + start, *end = out->text + out->length;
	while (at < end && inert)
		inert = text_next(&at, end) < 0x300;
	if (inert)
		return false;
	UErrorCode status = U_ZERO_ERROR;
	const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
	if (U_FAILURE(status))
		return false;
	bool changed = false;
	struct wide from, to;
	wide_from(&from, out->text + start, out->length - start);
	int32_t done = unorm2_spanQuickCheckYes(nfc, from.text, from.length, &status);
	if (U_SUCCESS(status) && done < from.length) {
		/* A code unit becomes at most three in NFC. */
		size_t room = (size_t)from.length * 3 + 1;
		wide_room(&to, room);
		to.length = unorm2_normalize(nfc, from.text, from.length, to.text, (int32_t)room, &status);
		changed = U_SUCCESS(status) &&
			(to.length != from.length || u_memcmp(to.text, from.text, to.length) != 0);
		if (changed) {
			out->length = start;
			out->text[start] = '\0';
			wide_append(out, to.text, to.length);
		}
		wide_release(&to);
	}
	wide_release(&from);
	return changed;
}

static int clean(struct str *out, const char *text, size_t length, bool id)
{
	if (is_plainly_clean((const unsigned char *)text, length, id)) {
		str_add_bytes(out, text, length);
		return 0;
	}
	int changes = 0;
	size_t start = out->length;
	size_t kept = start;    /* end of the last character that is not white space */
	bool pending = false;   /* a run of white space with a line break waits to be written as one space */
	str_add_bytes(out, "", 0);
	for (const char *at = text, *end = text + length; at < end;) {
		uint32_t c = text_next(&at, end);
		if (id && ((c >= 0xFF01 && c <= 0xFF5E) || c == 0x3000)) {
			c = c == 0x3000 ? ' ' : c - 0xFEE0;
			changes |= TEXT_CLEAN_WIDTH;
		}
		bool line_break = is_line_break(c), space = line_break || c == ' ' || is_wide_space(c);
		int reason = line_break ? 0 : unwanted(c);
		if (reason != 0) {
			changes |= reason;
			continue;
		}
		if (space && (kept == start || line_break || pending)) {
			/* Leading, or part of a run with a line break in it. */
			changes |= TEXT_CLEAN_SPACE;
			pending = pending || (line_break && kept > start);
			continue;
		}
		if (!space && pending) {
			out->length = kept;  /* spaces before the line break belong to the run */
			str_add_char(out, ' ');
			pending = false;
		}
		str_add_code_point(out, c);
		if (!space)
			kept = out->length;
	}
	if (out->length > kept) {
		changes |= TEXT_CLEAN_SPACE;
		out->length = kept;
		out->text[kept] = '\0';
	}
	return normalise(out, start) ? changes | TEXT_CLEAN_NFC : changes;
}

int text_clean(struct str *out, const char *text, size_t length)
{
	return clean(out, text, length, false);
}

int text_clean_id(struct str *out, const char *text, size_t length)
{
	return clean(out, text, length, true);
}

/* --- GB18030 and UTF-16 --- */

/*
 * The two parts of GB18030 that need a table, filled from iconv when first used: two-byte codes, and four-byte codes
 * of the Basic Multilingual Plane. 0 means "not a character". The other planes follow by arithmetic.
 */
enum {
	GB_TRAILS = 190,                /* 0x40-0x7E, 0x80-0xFE */
	GB_DOUBLES = 126 * GB_TRAILS,   /* leads 0x81-0xFE */
	GB_QUADS = 39420,               /* 81308130 to 8431A439 */
	GB_QUAD_PLANES = 189000,        /* 90308130 in the same count: U+10000 */
};
static uint16_t gb_double[GB_DOUBLES], gb_quad[GB_QUADS];
static pthread_once_t gb_once = PTHREAD_ONCE_INIT;

static uint16_t gb_ask(iconv_t converter, const unsigned char *bytes, size_t length)
{
	char from[4], to[8];
	memcpy(from, bytes, length);
	char *in = from, *out = to;
	size_t in_left = length, out_left = sizeof to;
	if (iconv(converter, &in, &in_left, &out, &out_left) != 0 || in_left != 0 || out_left != sizeof to - 2) {
		iconv(converter, NULL, NULL, NULL, NULL);
		return 0;
	}
	uint16_t unit = (uint16_t)((unsigned char)to[0] | (unsigned char)to[1] << 8);
	return unit >= 0xD800 && unit <= 0xDFFF ? 0 : unit;
}

static void gb_fill(void)
{
	iconv_t converter = iconv_open("UTF-16LE", "GB18030");
	if (converter == (iconv_t)-1)
		return;  /* every code is then refused, which the caller tells with its offset */
	for (unsigned i = 0; i < GB_DOUBLES; i++) {
		unsigned trail = 0x40 + i % GB_TRAILS;
		unsigned char bytes[2] = { (unsigned char)(0x81 + i / GB_TRAILS), (unsigned char)(trail + (trail >= 0x7F)) };
		gb_double[i] = gb_ask(converter, bytes, 2);
	}
	for (unsigned i = 0; i < GB_QUADS; i++) {
		unsigned char bytes[4] = { (unsigned char)(0x81 + i / 12600), (unsigned char)(0x30 + i / 1260 % 10),
			(unsigned char)(0x81 + i / 10 % 126), (unsigned char)(0x30 + i % 10) };
		gb_quad[i] = gb_ask(converter, bytes, 4);
	}
	iconv_close(converter);
}

/* The character at `at` (lead byte >= 0x80) and the bytes it takes; 0 bytes if there is none. */
static size_t gb_sequence(const unsigned char *at, size_t left, uint32_t *code_point)
{
	if (left < 2 || at[0] == 0x80 || at[0] == 0xFF)
		return 0;
	if (at[1] >= 0x40) {
		if (at[1] == 0x7F || at[1] == 0xFF)
			return 0;
		*code_point = gb_double[(at[0] - 0x81u) * GB_TRAILS + at[1] - 0x40u - (at[1] > 0x7F)];
		return *code_point == 0 ? 0 : 2;
	}
	if (left < 4 || at[1] < 0x30 || at[1] > 0x39 || at[2] < 0x81 || at[2] > 0xFE || at[3] < 0x30 || at[3] > 0x39)
		return 0;
	uint32_t index = (at[0] - 0x81u) * 12600 + (at[1] - 0x30u) * 1260 + (at[2] - 0x81u) * 10 + (at[3] - 0x30u);
	if (index < GB_QUADS)
		*code_point = gb_quad[index];
	else if (index >= GB_QUAD_PLANES && index < GB_QUAD_PLANES + 0x100000)
		*code_point = 0x10000 + (index - GB_QUAD_PLANES);
	else
		return 0;
	return *code_point == 0 ? 0 : 4;
}

bool text_from_gb18030(struct str *out, const char *bytes, size_t length, size_t *bad)
{
	pthread_once(&gb_once, gb_fill);
	/* Two bytes become at most three, four at most four: the room is found once and written without asking. */
	str_reserve(out, length + length / 2);
	char *to = out->text + out->length;
	size_t at = 0;
	while (at < length) {
		size_t plain = (unsigned char)bytes[at] < 0x80 ? ascii_span(bytes + at, length - at) : 0;
		if (plain > 0) {
			memcpy(to, bytes + at, plain);
			to += plain;
			at += plain;
			continue;
		}
		uint32_t code_point;
		size_t size = gb_sequence((const unsigned char *)bytes + at, length - at, &code_point);
		if (size == 0) {
			*bad = at;
			break;
		}
		to += text_encode(code_point, to);
		at += size;
	}
	*to = '\0';
	out->length = (size_t)(to - out->text);
	return at == length;
}

bool text_from_utf16(struct str *out, const char *bytes, size_t length, bool big_endian, size_t *bad)
{
	const unsigned char *from = (const unsigned char *)bytes;
	size_t high = big_endian ? 0 : 1, low = 1 - high;
	str_reserve(out, length + length / 2);
	for (size_t at = 0; at < length; at += 2) {
		uint32_t c = 0xDFFF;  /* half a unit is refused like half a pair */
		if (length - at >= 2)
			c = (uint32_t)from[at + high] << 8 | from[at + low];
		if (c >= 0xD800 && c <= 0xDFFF) {
			uint32_t second = 0;
			if (c <= 0xDBFF && length - at >= 4)
				second = (uint32_t)from[at + 2 + high] << 8 | from[at + 2 + low];
			if (second < 0xDC00 || second > 0xDFFF) {
				*bad = at;
				return false;
			}
			c = 0x10000 + ((c - 0xD800) << 10) + (second - 0xDC00);
			str_add_code_point(out, c);
			at += 2;
			continue;
		}
		str_add_code_point(out, c);
	}
	return true;
}

/* --- order by pinyin --- */

/*
 * Surnames whose reading as a name is not the one ICU orders by, each with a character of that reading which is not
 * itself a usual surname: the key is made as if the name began with it. Two-character surnames come first. Only texts
 * as short as a person's name are read so; longer ones are titles of courses or departments ("区域管理中心").
 */
enum { NAME_CHARACTERS = 4 };

static const struct { const char *surname, *sound; } surnames[] = {
	{ "万俟", "沫其" },  /* mò qí */
	{ "尉迟", "浴迟" },  /* yù chí */
	{ "长孙", "涨孙" },  /* zhǎng sūn */
	{ "曾", "憎" },      /* zēng */
	{ "单", "膳" },      /* shàn */
	{ "解", "泻" },      /* xiè */
	{ "仇", "囚" },      /* qiú */
	{ "区", "鸥" },      /* ōu */
	{ "查", "渣" },      /* zhā */
	{ "任", "壬" },      /* rén */
	{ "盖", "舸" },      /* gě */
	{ "朴", "嫖" },      /* piáo */
	{ "乐", "悦" },      /* yuè */
	{ "员", "韵" },      /* yùn */
	{ "缪", "庙" },      /* miào */
	{ "繁", "婆" },      /* pó */
	{ "翟", "宅" },      /* zhái */
	{ "秘", "毙" },      /* bì */
	{ "种", "虫" },      /* chóng */
	{ "折", "蛇" },      /* shé */
	{ "召", "哨" },      /* shào */
};

static pthread_key_t collator_key;
static pthread_once_t collator_once = PTHREAD_ONCE_INIT;

static void collator_free(void *collator)
{
	ucol_close(collator);
}

static void collator_key_make(void)
{
	if (pthread_key_create(&collator_key, collator_free) != 0)
		(void)mem_size(SIZE_MAX, 2);  /* no memory: the hook does not return */
}

/* This thread's collator; NULL if ICU has no data for it. */
static UCollator *collator_here(void)
{
	pthread_once(&collator_once, collator_key_make);
	UCollator *collator = pthread_getspecific(collator_key);
	if (collator == NULL) {
		UErrorCode status = U_ZERO_ERROR;
		collator = ucol_open("zh-u-co-pinyin", &status);
		if (U_FAILURE(status))
			return NULL;
		pthread_setspecific(collator_key, collator);
	}
	return collator;
}

void text_pinyin_key(struct str *out, const char *text)
{
	size_t length = strlen(text);
	UCollator *collator = collator_here();
	if (collator != NULL) {
		struct str sounded = {0};
		const char *from = text;
		size_t from_length = length;
		bool name = length <= NAME_CHARACTERS * 4 && text_count(text, length) <= NAME_CHARACTERS;
		for (size_t i = 0; name && i < sizeof surnames / sizeof surnames[0]; i++) {
			size_t size = strlen(surnames[i].surname);
			if (strncmp(text, surnames[i].surname, size) == 0) {
				str_add(&sounded, surnames[i].sound);
				str_add(&sounded, text + size);
				from = sounded.text;
				from_length = sounded.length;
				break;
			}
		}
		struct wide wide;
		wide_from(&wide, from, from_length);
		uint8_t near[256], *key = near;
		int32_t size = ucol_getSortKey(collator, wide.text, wide.length, near, sizeof near);
		if (size > (int32_t)sizeof near) {
			key = mem_new((size_t)size, 1);
			ucol_getSortKey(collator, wide.text, wide.length, key, size);
		}
		str_add_bytes(out, key, (size_t)size);  /* ends with a zero byte, and has no other */
		if (key != near)
			free(key);
		wide_release(&wide);
		str_release(&sounded);
	}
	str_add_bytes(out, text, length);  /* bytes of UTF-8 are in the order of code points */
}

/* --- folding and likeness --- */

void text_fold(struct str *out, const char *text, size_t length)
{
	str_add_bytes(out, "", 0);
	for (const char *end = text + length; text < end;) {
		uint32_t c = text_next(&text, end);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c == ' ' || is_line_break(c) || is_wide_space(c) || unwanted(c) != 0)
			continue;
		if (c < 0x80)
			c = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
		else
			c = (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT);
		str_add_code_point(out, c);
	}
}

enum { NEAREST_LENGTH = 64 };  /* code points; longer texts are not compared */

static size_t decode(const char *text, uint32_t out[NEAREST_LENGTH])
{
	size_t count = 0;
	for (const char *end = text + strlen(text); text < end;) {
		if (count == NEAREST_LENGTH)
			return SIZE_MAX;
		out[count++] = text_next(&text, end);
	}
	return count;
}

/* Insertions, deletions, changes and swaps of neighbours that make b of a. */
static size_t edit_distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count)
{
	size_t rows[3][NEAREST_LENGTH + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];
	for (size_t j = 0; j <= b_count; j++)
		last[j] = j;
	for (size_t i = 1; i <= a_count; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b_count; j++) {
			size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
			if (last[j] + 1 < best)
				best = last[j] + 1;
			if (now[j - 1] + 1 < best)
				best = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
		size_t *spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[b_count];
}

const char *text_nearest(const char *text, const char *const *candidates, size_t count)
{
	uint32_t wanted[NEAREST_LENGTH], other[NEAREST_LENGTH];
	size_t wanted_count = decode(text, wanted), best = 3;
	const char *nearest = NULL;
	if (wanted_count == SIZE_MAX)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other_count = candidates[i] == NULL ? SIZE_MAX : decode(candidates[i], other);
		if (other_count == SIZE_MAX)
			continue;
		size_t distance = edit_distance(wanted, wanted_count, other, other_count);
		if (distance < best && distance * 2 < wanted_count) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}

typedef int32_t case_function(UChar *, int32_t, const UChar *, int32_t, const char *, UErrorCode *);

static void change_case(struct str *out, const char *text, size_t length, case_function *change)
{
	struct wide from, to;
	wide_from(&from, text, length);
	UErrorCode status = U_ZERO_ERROR;
	size_t room = (size_t)from.length * 3 + 1;  /* full mappings make at most three of one */
	wide_room(&to, room);
	to.length = change(to.text, (int32_t)room, from.text, from.length, "", &status);
	str_add_bytes(out, "", 0);
	if (U_SUCCESS(status))
		wide_append(out, to.text, to.length);
	wide_release(&to);
	wide_release(&from);
}

void text_upper(struct str *out, const char *text, size_t length)
{
	change_case(out, text, length, u_strToUpper);
}

void text_lower(struct str *out, const char *text, size_t length)
{
	change_case(out, text, length, u_strToLower);
}

const char *text_pick(const struct text_pair *pair, enum text_lang lang)
{
	const char *first = lang == TEXT_EN ? pair->en : pair->zh;
	const char *second = lang == TEXT_EN ? pair->zh : pair->en;
	return first != NULL ? first : second != NULL ? second : "";
}

/* Bytes of the separator at `at`, 0 if there is none: blanks ; , / | and ； ， 、 and the ideographic space. */
static size_t separator_at(const char *at)
{
	static const char *const wide[] = { "；", "，", "、", "\xe3\x80\x80" };
	if (*at != '\0' && strchr(" \t\r\n;,/|", *at) != NULL)
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (strncmp(at, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

size_t text_next_id(const char **at, const char **id)
{
	const char *from = *at, *to;
	for (size_t n; (n = separator_at(from)) > 0; from += n)
		;
	for (to = from; *to != '\0' && separator_at(to) == 0; to++)
		;
	*at = to;
	*id = from;
	return (size_t)(to - from);
}
