/*
 * list_gates.h - the gates of a row of the table "readiness", a column each.
 */
#ifndef PANDIAN_REPORT_LIST_GATES_H
#define PANDIAN_REPORT_LIST_GATES_H

#include "base/xml.h"
#include "model/book.h"
#include "report/view.h"

struct list_gates;
/* `of` must be a view of "readiness" (binds its target). NULL with 78. */
struct list_gates *list_gates_open(struct view *of, enum text_lang lang, const struct xml_node *node, struct err *err);
void list_gates_close(struct list_gates *gates);
size_t list_gates_count(const struct list_gates *gates);
const char *list_gates_id(const struct list_gates *gates, size_t number);
const char *list_gates_title(const struct list_gates *gates, size_t number);
int list_gates_load(struct list_gates *gates, uint32_t block, struct err *err); /* NULL: nothing to do */
/* "✓", "✗ 差 3", "? 未评估" of a row of `of`; missing where its target has no such gate. */
void list_gates_at(
	struct list_gates *gates, size_t number, struct view *of, uint32_t row, struct view_cell *cell);
enum book_style list_gates_style(const char *text);

#endif
