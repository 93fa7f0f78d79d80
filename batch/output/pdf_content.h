/*
 * pdf_content.h - private to output/: placed operations as a page's content stream; texts as PDF strings.
 */
#ifndef PANDIAN_OUTPUT_PDF_CONTENT_H
#define PANDIAN_OUTPUT_PDF_CONTENT_H

#include "output/layout.h"

/* Appends the content stream of one page. cid[code point] is the character's number in its font. */
void pdf_content_page(const struct layout *layout, int page, const uint16_t *cid, struct str *out);
/* Appends UTF-16BE bytes without a byte-order mark. */
void pdf_content_utf16(struct str *out, const char *text);

#endif
