/*
 * layout_code.h - private to output/: a QR code (ISO/IEC 18004) as rows of bits.
 */
#ifndef PANDIAN_OUTPUT_LAYOUT_CODE_H
#define PANDIAN_OUTPUT_LAYOUT_CODE_H

#include <stdbool.h>
#include <stdint.h>

#define LAYOUT_CODE_WIDEST 177 /* modules a side, version 40 */

struct layout_code {
	int width;
	uint8_t dark[LAYOUT_CODE_WIDEST * LAYOUT_CODE_WIDEST]; /* row by row, 1: dark */
};
/* The code of a text at error correction level M; false if it holds more than a code can. */
bool layout_code_make(const char *text, struct layout_code *qr);

#endif
