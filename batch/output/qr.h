/*
 * qr.h - private to output/: a QR code (ISO/IEC 18004) as rows of bits.
 */
#ifndef PANDIAN_OUTPUT_QR_H
#define PANDIAN_OUTPUT_QR_H

#include <stdbool.h>
#include <stdint.h>

#define QR_WIDEST 177 /* modules a side, version 40 */

struct qr {
	int width;
	uint8_t dark[QR_WIDEST * QR_WIDEST]; /* row by row, 1: dark */
};
/* The code of a text at error correction level M; false if it holds more than a code can. */
bool qr_make(const char *text, struct qr *qr);

#endif
