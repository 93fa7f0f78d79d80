/*
 * label.c - look-up of the words of labels.def, codes.def and advice.def.
 *
 * Decides: nothing about wording (the .def files do).
 */
#include "report/label.h"

#include <stdarg.h>
#include <string.h>

static const struct text_pair labels[LABEL_COUNT_ALL] = {
#define LABEL(id, zh, en) [LABEL_##id] = { zh, en },
#include "report/labels.def"
#undef LABEL
};

static const struct {
	const char *code;
	struct text_pair text;
} codes[] = {
#define CODE(code, zh, en) { code, { zh, en } },
#include "report/codes.def"
#undef CODE
};

static const struct text_pair advice[FINDING_COUNT] = {
#define ADVICE(id, zh, en) [FINDING_##id] = { zh, en },
#include "report/advice.def"
#undef ADVICE
};

const char *label(enum label_id id, enum text_lang lang)
{
	return text_pick(&labels[id], lang);
}

/*
 * A printf of labels: %s, %u, %d only; both languages take their arguments in the same order.
 */
char *label_fill(struct arena *arena, enum label_id id, enum text_lang lang, ...)
{
	char stack[1024];
	size_t used = 0;
	const char *at = label(id, lang);
	va_list args;
	va_start(args, lang);
	while (*at != '\0' && used + 32 < sizeof stack) {
		if (*at != '%') {
			stack[used++] = *at++;
			continue;
		}
		at++;
		if (*at == 's') {
			const char *text = va_arg(args, const char *);
			size_t length = strlen(text), room = sizeof stack - 32 - used;
			if (length > room) {
				length = room;
				while (length > 0 && ((unsigned char)text[length] & 0xC0u) == 0x80u)
					length--;
			}
			memcpy(stack + used, text, length);
			used += length;
		} else if (*at == 'd' || *at == 'u') {
			int64_t value = *at == 'd' ? (int64_t)va_arg(args, int) : (int64_t)va_arg(args, unsigned);
			char digits[24];
			size_t count = 0;
			uint64_t rest = value < 0 ? (uint64_t)-value : (uint64_t)value;
			do {
				digits[count++] = (char)('0' + rest % 10);
				rest /= 10;
			} while (rest > 0);
			if (value < 0)
				stack[used++] = '-';
			while (count > 0)
				stack[used++] = digits[--count];
		} else if (*at == '%')
			stack[used++] = '%';
		if (*at != '\0')
			at++;
	}
	va_end(args);
	return arena_copy(arena, stack, used);
}

const char *label_code(const char *code, enum text_lang lang)
{
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (strcmp(codes[i].code, code) == 0)
			return text_pick(&codes[i].text, lang);
	return code;
}

const char *label_advice(enum finding_id id, enum text_lang lang)
{
	if ((size_t)id >= FINDING_COUNT || advice[id].zh == NULL)
		return NULL;
	return text_pick(&advice[id], lang);
}
