/*
 * list_gates.c - the table "gate" turned: a row of "readiness" beside its gates.
 *
 * Decides: which columns (each gate once, whatever steps have it, in the order of the ladders) and the short text of a
 * cell. Does not decide: any gate.
 */
#include "report/list_gates.h"

#include "base/decimal.h"
#include "report/figure.h"
#include "report/kept.h"
#include "report/label.h"
#include "report/roles.h"

#include <stdlib.h>
#include <string.h>

struct gate {
	const char *id, *title;
	const char *seen; /* its text in the block: texts stand once there */
};
struct list_gates {
	struct view_names names;
	struct view view;
	struct arena arena; /* of the list */
	struct arena texts; /* of the block */
	VEC(struct gate) gates;
	enum text_lang lang;
	int of_target; /* in the view of readiness */
	int target, gate, state, missing;
	uint32_t *number; /* of the gate of each row of the block */
	uint32_t from, end; /* rows of the person last asked for */
	uint32_t person;
};

static int bind(struct list_gates *gates, const struct xml_node *node, const char *name, struct err *err)
{
	return view_bind(&gates->view, node, name, err);
}

static void find_gates(struct list_gates *gates)
{
	const struct result_directory *directory = gates->names.directory;
	for (size_t i = 0; i < directory->member_count; i++) {
		const struct result_member *member = &directory->members[i];
		const char *dot = strcmp(member->list, "gate") == 0 ? strchr(member->id, '.') : NULL;
		bool known = dot == NULL;
		for (size_t g = 0; g < gates->gates.count && !known; g++)
			known = strcmp(gates->gates.at[g].id, dot + 1) == 0;
		if (!known)
			VEC_PUSH(&gates->gates, ((struct gate){ dot + 1, text_pick(&member->title, gates->lang), NULL }));
	}
}

struct list_gates *list_gates_open(struct view *of, enum text_lang lang, const struct xml_node *node, struct err *err)
{
	struct list_gates *gates = mem_new(1, sizeof *gates);
	gates->lang = lang;
	gates->person = FRAME_NONE;
	gates->of_target = view_bind(of, node, "target", err);
	if (gates->of_target >= 0
		&& kept_names(&gates->names, of->input, of->names->directory, "gate", NULL, err) == 0) {
		view_init(&gates->view, &gates->names, of->input);
		gates->target = bind(gates, node, "target", err);
		gates->gate = bind(gates, node, "gate", err);
		gates->state = bind(gates, node, "state", err);
		gates->missing = bind(gates, node, "missing", err);
		find_gates(gates);
		if (gates->target >= 0 && gates->gate >= 0 && gates->state >= 0 && gates->missing >= 0)
			return gates;
	}
	list_gates_close(gates);
	return NULL;
}

void list_gates_close(struct list_gates *gates)
{
	if (gates == NULL)
		return;
	view_release(&gates->view);
	view_names_release(&gates->names);
	arena_release(&gates->arena);
	arena_release(&gates->texts);
	VEC_RELEASE(&gates->gates);
	free(gates);
}

size_t list_gates_count(const struct list_gates *gates)
{
	return gates->gates.count;
}

const char *list_gates_id(const struct list_gates *gates, size_t number)
{
	return gates->gates.at[number].id;
}

const char *list_gates_title(const struct list_gates *gates, size_t number)
{
	return gates->gates.at[number].title;
}

static uint32_t number_of(struct list_gates *gates, const char *text)
{
	size_t count = gates->gates.count;
	for (size_t g = 0; g < count; g++)
		if (gates->gates.at[g].seen == text)
			return (uint32_t)g;
	for (size_t g = 0; g < count; g++)
		if (strcmp(gates->gates.at[g].id, text) == 0) {
			gates->gates.at[g].seen = text;
			return (uint32_t)g;
		}
	return UINT32_MAX;
}

static void number_rows(struct list_gates *gates)
{
	struct view *view = &gates->view;
	gates->number = arena_alloc(&gates->texts, (size_t)view->count + 1, sizeof *gates->number);
	for (size_t g = 0; g < gates->gates.count; g++)
		gates->gates.at[g].seen = NULL;
	for (uint32_t row = 0; row < view->count; row++) {
		struct view_cell cell;
		view_at(view, gates->gate, row, &cell);
		gates->number[row] = cell.kind == VIEW_TEXT ? number_of(gates, cell.text) : UINT32_MAX;
	}
}

int list_gates_load(struct list_gates *gates, uint32_t block, struct err *err)
{
	if (gates == NULL)
		return 0;
	arena_reset(&gates->texts);
	gates->from = gates->end = 0;
	gates->person = FRAME_NONE;
	if (view_load(&gates->view, block, err) != 0)
		return -1;
	number_rows(gates);
	return 0;
}

/* The rows of a person: both tables go up by employee, so the next ones are behind the last. */
static void seek(struct list_gates *gates, uint32_t person)
{
	const struct view *view = &gates->view;
	if (person == gates->person)
		return;
	if (gates->person != FRAME_NONE && person < gates->person)
		gates->end = 0;
	gates->person = person;
	gates->from = gates->end;
	while (gates->from < view->count && view_person(view, gates->from) < person)
		gates->from++;
	gates->end = gates->from;
	while (gates->end < view->count && view_person(view, gates->end) == person)
		gates->end++;
}

static bool text_is(struct view *view, int value, uint32_t row, const char *text)
{
	struct view_cell cell;
	view_at(view, value, row, &cell);
	return cell.kind == VIEW_TEXT && strcmp(cell.text, text) == 0;
}

void list_gates_at(struct list_gates *gates, size_t number, struct view *of, uint32_t row, struct view_cell *cell)
{
	struct view *view = &gates->view;
	struct view_cell target, missing;
	view_at(of, gates->of_target, row, &target);
	*cell = (struct view_cell){ .kind = VIEW_MISSING };
	if (target.kind != VIEW_TEXT)
		return;
	seek(gates, view_person(of, row));
	for (uint32_t at = gates->from; at < gates->end; at++) {
		if (gates->number[at] != number || !text_is(view, gates->target, at, target.text))
			continue;
		cell->kind = VIEW_TEXT;
		if (text_is(view, gates->state, at, "met")) {
			cell->text = label(LABEL_CELL_MET, gates->lang);
			return;
		}
		if (!text_is(view, gates->state, at, "not-met")) {
			cell->text = label(LABEL_CELL_OPEN, gates->lang);
			return;
		}
		view_at(view, gates->missing, at, &missing);
		cell->text = missing.kind != VIEW_NUMBER || missing.number == 0
			? label(LABEL_CELL_UNMET, gates->lang)
			: label_fill(&gates->texts, LABEL_CELL_SHORT, gates->lang,
				figure_number(&gates->texts, missing.number, missing.scale, -1));
		return;
	}
}

enum book_style list_gates_style(const char *text)
{
	if (strncmp(text, "✓", strlen("✓")) == 0)
		return BOOK_STYLE_UP;
	return strncmp(text, "✗", strlen("✗")) == 0 ? BOOK_STYLE_DOWN : BOOK_STYLE_GREY;
}
