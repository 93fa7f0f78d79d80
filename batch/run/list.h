/*
 * list.h - what the program knows, printed from its registries: kinds of rules, sheets, sections, readers, functions …
 */
#ifndef PANDIAN_RUN_LIST_H
#define PANDIAN_RUN_LIST_H

#include "base/err.h"
#include "base/str.h"
#include "base/text.h"

/*
 * Appends the list `kind` ("rules", "sheets", "schema:rules" …); status 64 with the known kinds if there is none
 * such.
 */
int list_print(const char *kind, enum text_lang lang, struct str *out, struct err *err);
/* Appends the known kinds, a line each. */
void list_kinds(struct str *out);

#endif
