/*
 * text.h - Unicode text: valid UTF-8, cleaning, display width, order. The only includer of ICU; iconv for GB18030.
 */
#ifndef PANDIAN_BASE_TEXT_H
#define PANDIAN_BASE_TEXT_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool text_valid_utf8(const char *text, size_t length); /* strict: no overlong, no surrogates, <= U+10FFFF */
/* Decodes one code point; *at moves on. Invalid bytes give U+FFFD and move one byte. */
uint32_t text_next(const char **at, const char *end);
size_t text_encode(uint32_t code_point, char out[4]);               /* bytes written */
size_t text_count(const char *text, size_t length);                 /* code points */
/* The next id of a list such as "KC001; KC002、KC003": its length (0 at the end) with *at moved behind it. */
size_t text_next_id(const char **at, const char **id);
int text_width(const char *text); /* display columns: CJK and full width 2, combining 0 */
bool text_is_ascii(const char *text, size_t length);

/* What cleaning did; several may be set. */
enum {
	TEXT_CLEAN_CONTROL = 1,
	TEXT_CLEAN_BIDI = 2,
	TEXT_CLEAN_INVISIBLE = 4,
	TEXT_CLEAN_SPACE = 8,
	TEXT_CLEAN_NFC = 16,
	TEXT_CLEAN_WIDTH = 32
};
/*
 * Appends `text` cleaned for display: NFC; control, bidi-override and invisible characters removed; outer white space
 * (incl. NBSP and U+3000) trimmed; line breaks inside become a space. Returns the TEXT_CLEAN_* that changed something.
 */
int text_clean(struct str *out, const char *text, size_t length);
/* The same for ids and numbers: also full-width ASCII folded to ASCII. */
int text_clean_id(struct str *out, const char *text, size_t length);

/*
 * Converts GB18030 to UTF-8 (appends); false if a byte sequence is not valid GB18030 (*bad = its offset). Needs no
 * state between calls.
 */
bool text_from_gb18030(struct str *out, const char *bytes, size_t length, size_t *bad);
bool text_from_utf16(struct str *out, const char *bytes, size_t length, bool big_endian, size_t *bad);

/* Sort key by pinyin (surname readings for the first character), then code points; compares with memcmp. Appends. */
void text_pinyin_key(struct str *out, const char *text);
int text_compare(const void *a, size_t a_length, const void *b, size_t b_length); /* bytes, then length */
/*
 * Case folding for look-ups of headers and names (Unicode simple folding + full-width folded + spaces removed).
 * Appends.
 */
void text_fold(struct str *out, const char *text, size_t length);
/* The nearest of `count` candidates by edit distance (<= 2 and < half the length), or NULL: for "did you mean". */
const char *text_nearest(const char *text, const char *const *candidates, size_t count);
void text_upper(struct str *out, const char *text, size_t length);  /* full Unicode; appends */
void text_lower(struct str *out, const char *text, size_t length);

/* A text in the two languages of the house. */
struct text_pair { const char *zh, *en; };                          /* either may be NULL: then the other serves */
enum text_lang { TEXT_ZH, TEXT_EN };
const char *text_pick(const struct text_pair *pair, enum text_lang lang); /* never NULL */

#endif
