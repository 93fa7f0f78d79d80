/*
 * fuzz.h - what the fuzz targets share. A target must not leak, not crash, and keep what it promises (fuzz_hold).
 */
#ifndef PANDIAN_TESTS_FUZZ_H
#define PANDIAN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static inline void fuzz_hold(int promise)
{
	if (!promise)
		abort();
}

#endif
