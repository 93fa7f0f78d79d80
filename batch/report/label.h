/*
 * label.h - the words report/ prints by itself, from labels.def, codes.def and advice.def.
 */
#ifndef PANDIAN_REPORT_LABEL_H
#define PANDIAN_REPORT_LABEL_H

#include "base/arena.h"
#include "base/finding.h"
#include "base/text.h"

enum label_id {
#define LABEL(id, zh, en) LABEL_##id,
#include "report/labels.def"
#undef LABEL
	LABEL_COUNT_ALL
};

const char *label(enum label_id id, enum text_lang lang);
/*
 * The text of a label with its places filled: strings take %s, numbers %d or %u; both languages take them in one
 * order.
 */
char *label_fill(struct arena *arena, enum label_id id, enum text_lang lang, ...);
/* What a code of a feed is called; the code itself when it has no label. */
const char *label_code(const char *code, enum text_lang lang);
/* What to do about a finding; NULL when advice.def has nothing (a test forbids it). */
const char *label_advice(enum finding_id id, enum text_lang lang);

#endif
