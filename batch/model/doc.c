/*
 * doc.c - building a document model and printing it as text.
 */
#include "model/doc.h"

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
	str_add_char(out, '"');
	for (; *text; text++) {
		if (*text == '\n') {
			str_add(out, "\\n");
		} else {
			if (*text == '"' || *text == '\\')
				str_add_char(out, '\\');
			str_add_char(out, *text);
		}
	}
	str_add_char(out, '"');
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
	if (value != DOC_INK)
		str_printf(out, " %s", tones[value]);
	if (strong)
		str_add(out, " strong");
}

static void dump_table(const struct doc_table *table, struct str *out, int depth)
{
	static const char *const aligns[] = { "left", "right", "centre", "decimal" };
	str_printf(out, "table %zu x %zu", table->rows, table->column_count);
	field(out, "empty", table->empty);
	str_add_char(out, '\n');
	for (size_t c = 0; c < table->column_count; c++) {
		indent(out, depth + 1);
		str_printf(out, "column %s", aligns[table->columns[c].align]);
		if (table->columns[c].share > 0)
			str_printf(out, " share=%.3f", table->columns[c].share);
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

static void dump_timeline(const struct doc_timeline *line, struct str *out, int depth)
{
	str_printf(out, "timeline %.3f..%.3f", line->low, line->high);
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
		str_printf(out, "event %.3f ", line->events[i].at);
		add_text(out, line->events[i].label);
		str_add_char(out, '\n');
	}
	for (size_t i = 0; i < line->step_count; i++) {
		indent(out, depth + 1);
		str_printf(out, "step %.3f %.3f\n", line->steps[i].at, line->steps[i].value);
	}
	for (size_t i = 0; i < line->under_count; i++) {
		indent(out, depth + 1);
		str_printf(out, "under %.3f ", line->under[i].at);
		add_text(out, line->under[i].label);
		str_add_char(out, '\n');
	}
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
		str_printf(out, "tiles %zu\n", block->tiles.count);
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
			str_add_char(out, '\n');
		}
		break;
	case DOC_TABLE: dump_table(&block->table, out, depth); break;
	case DOC_BARS:
		str_printf(out, "bars %zu most=%.3f\n", block->bars.count, block->bars.most);
		for (size_t i = 0; i < block->bars.count; i++) {
			const struct doc_bar *bar = &block->bars.at[i];
			indent(out, depth + 1);
			str_printf(out, "bar %.3f need=%.3f", bar->value, bar->need);
			field(out, "label", bar->label);
			field(out, "text", bar->text);
			tone(out, bar->tone, false);
			str_add_char(out, '\n');
		}
		break;
	case DOC_TIMELINE: dump_timeline(&block->timeline, out, depth); break;
	case DOC_CHIPS:
		str_printf(out, "chips %zu", block->chips.count);
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
		str_printf(out, "columns left=%.3f\n", block->columns.left_share);
		dump_blocks(block->columns.left, out, depth + 1);
		indent(out, depth);
		str_add(out, "beside\n");
		dump_blocks(block->columns.right, out, depth + 1);
		break;
	case DOC_CHECKLIST:
		str_printf(out, "checklist %zu", block->checklist.count);
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
		str_printf(out, "radar %zu most=%.3f", block->radar.count, block->radar.most);
		field(out, "alt", block->radar.alt);
		str_add_char(out, '\n');
		for (size_t i = 0; i < block->radar.count; i++) {
			indent(out, depth + 1);
			str_printf(out, "axis need=%.3f have=%.3f", block->radar.at[i].need, block->radar.at[i].have);
			field(out, "label", block->radar.at[i].label);
			str_add_char(out, '\n');
		}
		break;
	case DOC_SIGN:
		str_printf(out, "sign %zu", block->sign.count);
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
	case DOC_PAGE_BREAK: str_add(out, "page-break\n"); break;
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
