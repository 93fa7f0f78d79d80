/*
 * Any bytes as text: cleaning gives valid UTF-8 without control or bidi characters, and cleaning twice changes nothing;
 * what GB18030 and UTF-16 give is valid UTF-8.
 */
#include "fuzz/fuzz.h"

#include "base/text.h"

#include <string.h>

static void clean(int (*cleaner)(struct str *, const char *, size_t), const char *text, size_t length)
{
	struct str once = { 0 }, twice = { 0 };
	cleaner(&once, text, length);
	fuzz_hold(text_valid_utf8(str_text(&once), once.length));
	for (const char *at = str_text(&once), *end = at + once.length; at < end;) {
		uint32_t c = text_next(&at, end);
		fuzz_hold(c >= 0x20 && c != 0x7f && !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069));
	}
	cleaner(&twice, str_text(&once), once.length);
	fuzz_hold(text_compare(str_text(&once), once.length, str_text(&twice), twice.length) == 0);
	str_release(&once);
	str_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length > 4096)
		return 0;
	const char *text = (const char *)bytes;
	struct str out = { 0 };
	size_t bad;
	if (text_valid_utf8(text, length)) {
		clean(text_clean, text, length);
		clean(text_clean_id, text, length);
		text_fold(&out, text, length);
		fuzz_hold(text_valid_utf8(str_text(&out), out.length));
	}
	str_clear(&out);
	if (text_from_gb18030(&out, text, length, &bad))
		fuzz_hold(text_valid_utf8(str_text(&out), out.length));
	else
		fuzz_hold(bad < length);
	str_clear(&out);
	if (text_from_utf16(&out, text, length, length % 4 < 2, &bad))
		fuzz_hold(text_valid_utf8(str_text(&out), out.length));
	str_release(&out);
	return 0;
}
