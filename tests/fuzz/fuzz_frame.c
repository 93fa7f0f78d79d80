/*
 * Any bytes as a segment: damaged (74), or a frame that encodes to a segment which decodes to the same bytes again.
 * Most inputs would end at the checksum, so it is put right first.
 */
#include "fuzz/fuzz.h"

#include "store/frame.h"

#include <libdeflate.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length > 65536)
		return 0;
	struct str segment = { 0 };
	str_add_bytes(&segment, bytes, length);
	if (length >= 8) {
		uint32_t crc = libdeflate_crc32(0, bytes, length - 4);
		memcpy(segment.text + length - 4, &crc, 4);
	}
	struct arena arena = { 0 };
	struct frame frame, again;
	struct err err = { 0 };
	if (frame_decode(str_text(&segment), length, NULL, 0, &arena, &frame, &err) != 0) {
		fuzz_hold(err.status == STATUS_IO);
	} else if (frame.count < 10000) {
		struct str first = { 0 }, second = { 0 };
		frame_encode(&frame, &first);
		fuzz_hold(frame_decode(first.text, first.length, NULL, 0, &arena, &again, &err) == 0);
		frame_encode(&again, &second);
		fuzz_hold(first.length == second.length && memcmp(first.text, second.text, first.length) == 0);
		str_release(&first);
		str_release(&second);
	}
	arena_release(&arena);
	str_release(&segment);
	return 0;
}
