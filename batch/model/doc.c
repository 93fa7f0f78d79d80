/*
 * doc.c - building a document model and printing it as text.
 */
#include "model/doc.h"

#include <string.h>

struct doc_block *doc_add(struct doc *doc, enum doc_kind kind, struct arena *arena)
{
	struct doc_block *block = arena_alloc(arena, 1, sizeof *block);
	block->kind = kind;
	if (doc->last)
		doc->last->next = block;
	else
		doc->first = block;
	doc->last = block;
	return block;
}

static const char *const tones[] = { "ink", "grey", "teal", "brick", "gold" };

/* A text on one line: NULL as -, backslash and line breaks escaped. */
static void add_text(struct str *out, const char *text)
{
	if (!text) {
		str_add_char(out, '-');
		return;
	}
	str_reserve(out, 2 * strlen(text) + 2); /* every character escaped */
	char *at = out->text + out->length;
	*at++ = '"';
	for (; *text; text++) {
		if (*text == '\n' || *text == '"' || *text == '\\')
			*at++ = '\\';
		*at++ = *text == '\n' ? 'n' : *text;
	}
	*at++ = '"';
	*at = '\0';
	out->length = (size_t)(at - out->text);
}

/* A number with three decimal places after some words: documents are printed by the million for their codes. */
static void number(struct str *out, const char *words, double value)
{
	int64_t thousandths = (int64_t)(value * 1000 + (value < 0 ? -0.5 : 0.5)), part = thousandths % 1000;
	str_add(out, words);
	if (thousandths < 0)
		str_add_char(out, '-');
	str_add_int(out, thousandths < 0 ? -(thousandths / 1000) : thousandths / 1000);
	part = part < 0 ? -part : part;
	const char digits[] = { '.', (char)('0' + part / 100), (char)('0' + part / 10 % 10), (char)('0' + part % 10) };
	str_add_bytes(out, digits, sizeof digits);
}

static void count(struct str *out, const char *words, size_t value)
{
	str_add(out, words);
	str_add_int(out, (int64_t)value);
}

static void indent(struct str *out, int depth)
{
	for (int i = 0; i < depth; i++)
		str_add(out, "  ");
}

static void field(struct str *out, const char *name, const char *text)
{
	if (!text)
		return;
	str_add_char(out, ' ');
	str_add(out, name);
	str_add_char(out, '=');
	add_text(out, text);
}

static void tone(struct str *out, enum doc_tone value, bool strong)
{
	if (value != DOC_INK) {
		str_add_char(out, ' ');
		str_add(out, tones[value]);
	}
	if (strong)
		str_add(out, " strong");
}

static void dump_table(const struct doc_table *table, struct str *out, int depth)
{
	static const char *const aligns[] = { "left", "right", "centre", "decimal" };
	count(out, "table ", table->rows);
	count(out, " x ", table->column_count);
	field(out, "empty", table->empty);
	str_add_char(out, '\n');
	for (size_t c = 0; c < table->column_count; c++) {
		indent(out, depth + 1);
		str_add(out, "column ");
		str_add(out, aligns[table->columns[c].align]);
		if (table->columns[c].share > 0)
			number(out, " share=", table->columns[c].share);
		field(out, "title", table->columns[c].title);
		str_add_char(out, '\n');
	}
	for (size_t r = 0; r < table->rows; r++) {
		indent(out, depth + 1);
		str_add(out, "row");
		for (size_t c = 0; c < table->column_count; c++) {
			const struct doc_cell *cell = &table->cells[r * table->column_count + c];
			str_add(out, c ? " | " : " ");
			add_text(out, cell->text);
			tone(out, cell->tone, cell->strong);
		}
		str_add_char(out, '\n');
	}
}

static void dump_spans(const char *name, const struct doc_span *spans, size_t spans_count, struct str *out, int depth)
{
	for (size_t i = 0; i < spans_count; i++) {
		indent(out, depth + 1);
		str_add(out, name);
		number(out, " ", spans[i].from);
		number(out, "..", spans[i].to);
		str_add_char(out, ' ');
		add_text(out, spans[i].label);
		tone(out, DOC_INK, spans[i].strong);
		str_add_char(out, '\n');
	}
}

static void dump_timeline(const struct doc_timeline *line, struct str *out, int depth)
{
	number(out, "timeline ", line->low);
	number(out, "..", line->high);
	field(out, "alt", line->alt);
	str_add_char(out, '\n');
	indent(out, depth + 1);
	str_add(out, "periods");
	for (size_t i = 0; i < line->period_count; i++) {
		str_add_char(out, ' ');
		add_text(out, line->periods[i]);
	}
	str_add_char(out, '\n');
	for (size_t i = 0; i < line->event_count; i++) {
		indent(out, depth + 1);
		number(out, "event ", line->events[i].at);
		str_add_char(out, ' ');
		add_text(out, line->events[i].label);
		tone(out, line->events[i].tone, false);
		str_add_char(out, '\n');
	}
	for (size_t i = 0; i < line->step_count; i++) {
		indent(out, depth + 1);
		number(out, "step ", line->steps[i].at);
		number(out, " ", line->steps[i].value);
		str_add_char(out, '\n');
	}
	for (size_t i = 0; i < line->under_count; i++) {
		indent(out, depth + 1);
		number(out, "under ", line->under[i].at);
		str_add_char(out, ' ');
		add_text(out, line->under[i].label);
		str_add_char(out, '\n');
	}
	dump_spans("span", line->spans, line->span_count, out, depth);
	dump_spans("gap", line->gaps, line->gap_count, out, depth);
}

static void dump_blocks(const struct doc_block *block, struct str *out, int depth);

static void dump_block(const struct doc_block *block, struct str *out, int depth)
{
	static const char *const marks[] = { "met", "not-met", "not-evaluated" };
	indent(out, depth);
	switch (block->kind) {
	case DOC_HEAD:
		str_add(out, "head");
		field(out, "name", block->head.name);
		field(out, "line", block->head.line);
		field(out, "initial", block->head.initial);
		str_printf(out, " stars=%d/%d", block->head.stars, block->head.stars_of);
		field(out, "right", block->head.right);
		str_add_char(out, '\n');
		break;
	case DOC_TILES:
		count(out, "tiles ", block->tiles.count);
		str_add_char(out, '\n');
		for (size_t i = 0; i < block->tiles.count; i++) {
			const struct doc_tile *tile = &block->tiles.at[i];
			indent(out, depth + 1);
			str_add(out, "tile");
			field(out, "figure", tile->figure);
			field(out, "of", tile->of);
			field(out, "label", tile->label);
			tone(out, tile->tone, false);
			str_add_char(out, '\n');
		}
		break;
	case DOC_SECTION:
		str_add(out, "section");
		field(out, "title", block->section.title);
		field(out, "note", block->section.note);
		str_add(out, block->section.bookmark ? " bookmark\n" : "\n");
		break;
	case DOC_GRID:
		str_printf(out, "grid %zu in %d\n", block->grid.count, block->grid.columns);
		for (size_t i = 0; i < block->grid.count; i++) {
			indent(out, depth + 1);
			add_text(out, block->grid.at[i].label);
			str_add_char(out, ' ');
			add_text(out, block->grid.at[i].value);
			tone(out, block->grid.at[i].tone, false);
			str_add_char(out, '\n');
		}
		break;
	case DOC_TABLE: dump_table(&block->table, out, depth); break;
	case DOC_BARS:
		count(out, "bars ", block->bars.count);
		number(out, " most=", block->bars.most);
		str_add_char(out, '\n');
		for (size_t i = 0; i < block->bars.count; i++) {
			const struct doc_bar *bar = &block->bars.at[i];
			indent(out, depth + 1);
			number(out, "bar ", bar->value);
			number(out, " need=", bar->need);
			field(out, "label", bar->label);
			field(out, "text", bar->text);
			tone(out, bar->tone, false);
			str_add_char(out, '\n');
		}
		break;
	case DOC_TIMELINE: dump_timeline(&block->timeline, out, depth); break;
	case DOC_CHIPS:
		count(out, "chips ", block->chips.count);
		field(out, "empty", block->chips.empty);
		for (size_t i = 0; i < block->chips.count; i++) {
			str_add_char(out, ' ');
			add_text(out, block->chips.at[i]);
		}
		str_add_char(out, '\n');
		break;
	case DOC_TEXT:
		str_add(out, "text ");
		add_text(out, block->text.text);
		tone(out, block->text.tone, block->text.strong);
		str_add(out, block->text.small ? " small\n" : "\n");
		break;
	case DOC_COLUMNS:
		number(out, "columns left=", block->columns.left_share);
		str_add_char(out, '\n');
		dump_blocks(block->columns.left, out, depth + 1);
		indent(out, depth);
		str_add(out, "beside\n");
		dump_blocks(block->columns.right, out, depth + 1);
		break;
	case DOC_CHECKLIST:
		count(out, "checklist ", block->checklist.count);
		field(out, "title", block->checklist.title);
		field(out, "status", block->checklist.status);
		tone(out, block->checklist.tone, false);
		str_add_char(out, '\n');
		for (size_t i = 0; i < block->checklist.count; i++) {
			indent(out, depth + 1);
			str_add(out, marks[block->checklist.at[i].mark]);
			field(out, "text", block->checklist.at[i].text);
			field(out, "value", block->checklist.at[i].value);
			str_add_char(out, '\n');
		}
		break;
	case DOC_RADAR:
		count(out, "radar ", block->radar.count);
		number(out, " most=", block->radar.most);
		field(out, "alt", block->radar.alt);
		field(out, "others", block->radar.others);
		str_add_char(out, '\n');
		for (size_t i = 0; i < block->radar.count; i++) {
			indent(out, depth + 1);
			number(out, "axis need=", block->radar.at[i].need);
			number(out, " have=", block->radar.at[i].have);
			if (block->radar.at[i].others > 0)
				number(out, " others=", block->radar.at[i].others);
			field(out, "label", block->radar.at[i].label);
			str_add_char(out, '\n');
		}
		break;
	case DOC_SIGN:
		count(out, "sign ", block->sign.count);
		for (size_t i = 0; i < block->sign.count; i++) {
			str_add_char(out, ' ');
			add_text(out, block->sign.labels[i]);
		}
		str_add_char(out, '\n');
		break;
	case DOC_QR:
		str_add(out, "qr");
		field(out, "payload", block->qr.payload);
		field(out, "label", block->qr.label);
		str_add_char(out, '\n');
		break;
	case DOC_ASIDE:
		str_add(out, "aside\n");
		dump_blocks(block->aside.first, out, depth + 1);
		break;
	case DOC_PAGE_BREAK:
		str_add(out, "page-break");
		if (block->page_break.used > 0)
			number(out, " used=", block->page_break.used);
		str_add_char(out, '\n');
		break;
	}
}

static void dump_blocks(const struct doc_block *block, struct str *out, int depth)
{
	for (; block; block = block->next)
		dump_block(block, out, depth);
}

void doc_dump(const struct doc *doc, struct str *out)
{
	str_add(out, "doc");
	field(out, "id", doc->id);
	field(out, "title", doc->title);
	field(out, "author", doc->author);
	field(out, "subject", doc->subject);
	field(out, "keywords", doc->keywords);
	field(out, "lang", doc->lang);
	field(out, "footer_left", doc->footer_left);
	field(out, "footer_middle", doc->footer_middle);
	field(out, "footer_page", doc->footer_page);
	str_printf(out, " created=%d page=%.1fx%.1f margins=%.1f,%.1f,%.1f,%.1f\n", doc->created, doc->width, doc->height,
		doc->top, doc->right, doc->bottom, doc->left);
	dump_blocks(doc->first, out, 0);
}
