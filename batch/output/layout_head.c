/*
 * layout_head.c - the blocks that say who and what: head, tiles, section heads, pairs, plain text, chips.
 */
#include "output/layout.h"

#include <math.h>
#include <string.h>

static const struct layout_type body = { 9.2, 14.6, LAYOUT_INK, false, DOC_LEFT };

static double baseline(double top, double size, double leading)
{
	return top + (leading - size) / 2 + LAYOUT_ASCENT * size;
}

static void draw_stars(
	struct layout *layout, int page, const struct doc_head *head, double right, double y, double pitch)
{
	static const char full[] = "★", empty[] = "☆";
	struct str text = { 0 };
	int of = head->stars_of > 10 ? 10 : head->stars_of;
	double x = right - (of - 0.5) * pitch;
	for (int i = 0; i < of; i++)
		str_add(&text, i < head->stars ? full : empty);
	layout_add(layout, page, LAYOUT_SPAN)->text = arena_copy(&layout->scratch, str_text(&text), text.length);
	for (int i = 0; i < of; i++)
		layout_star(layout, page, x + i * pitch, y, pitch * 0.47, i < head->stars ? LAYOUT_GOLD : LAYOUT_HAIR);
	layout_add(layout, page, LAYOUT_SPAN_END);
	str_release(&text);
}

void layout_head(struct layout *layout, struct layout_flow *flow, const struct doc_head *head)
{
	static const double disc = 24.5, note = 8.2;
	size_t first_op = layout->ops.count;
	int page = flow->page;
	double top = flow->y, x = flow->x, right = flow->x + flow->width, left = x, right_width = 0;
	struct layout_run right_run = layout_shape(layout, head->right);
	bool narrow = flow->width < 220,
		 disc_drawn = head->initial && head->initial[0] && !narrow; /* narrow: one below the other, no disc */
	if (disc_drawn) {
		struct layout_run initial = layout_shape(layout, head->initial);
		double size = layout_fit(initial, 18, 7, 2 * disc - 12);
		layout_circle(layout, page, x + disc, top + disc, disc, LAYOUT_INK);
		layout_put(layout, page, initial, x + disc - layout_width(initial, size) / 2, top + disc + size * 0.36, size,
			LAYOUT_WHITE, false);
		left = x + 2 * disc + 13;
	}
	double right_limit = flow->width * (narrow ? 0.9 : 0.4),
		   pitch = head->stars_of > 0 ? fmin(17.6, right_limit / fmin(head->stars_of, 10)) : 0;
	if (head->stars_of > 0)
		right_width = fmin(head->stars_of, 10) * pitch;
	double right_size = layout_fit(right_run, note, 6, right_limit);
	if (right_run.count > 0)
		right_width = fmax(right_width, fmin(layout_width(right_run, right_size), right_limit));
	double middle = right - left - (right_width > 0 && !narrow ? right_width + 16 : 0);
	struct layout_run name = layout_shape(layout, head->name);
	double name_size = layout_fit(name, 20, 11, middle);
	double y = top + 5;
	y += layout_paragraph(layout, page, head->name, left, y, middle,
		(struct layout_type){ name_size, name_size * 1.3, LAYOUT_INK, true, DOC_LEFT });
	if (head->line && head->line[0])
		y += layout_paragraph(
			layout, page, head->line, left, y, middle, (struct layout_type){ note, 13, LAYOUT_GREY, false, DOC_LEFT });
	double right_y = narrow ? y : top + 8;
	if (head->stars_of > 0) {
		draw_stars(layout, page, head, narrow ? left + right_width : right, right_y + 10, pitch);
		right_y += 21;
	}
	if (right_run.count > 0)
		right_y += layout_paragraph(layout, page, head->right, narrow ? left : right - right_width, right_y,
			right_width, (struct layout_type){ right_size, 13, LAYOUT_GREY, false, narrow ? DOC_LEFT : DOC_RIGHT });
	double height = fmax(fmax(y, right_y) - top + 4, disc_drawn ? 2 * disc : 0) + 11;
	layout_rect(layout, page, x, top + height, flow->width, 1.8, 0, LAYOUT_INK);
	layout_unit(layout, flow, first_op, height + 1.8);
}

static double draw_tile(struct layout *layout, int page, const struct doc_tile *tile, double x, double y, double width)
{
	static const double inset = 9.5;
	double room = width - 2 * inset;
	struct layout_run figure = layout_shape(layout, tile->figure), of = layout_shape(layout, tile->of);
	double of_width = of.count ? layout_width(of, 7.4) + 4 : 0;
	bool below = of_width > room * 0.6; /* too long to stand beside the figure */
	double size = layout_fit(figure, 14.5, 9, room - (below ? 0 : of_width));
	double at = y + 6;
	if (layout_width(figure, size) > room - (below ? 0 : of_width) + 0.01) {
		at += layout_paragraph(layout, page, tile->figure, x + inset, at, room,
			(struct layout_type){ size, size * 1.35, layout_tone(tile->tone), true, DOC_LEFT });
		below = true;
	} else {
		double line = baseline(at, 14.5, 20);
		layout_put(layout, page, figure, x + inset, line, size, layout_tone(tile->tone), true);
		if (of.count && !below)
			layout_put(layout, page, of, x + inset + layout_width(figure, size) + 4, line, 7.4, LAYOUT_GREY, false);
		at += 20;
	}
	if (of.count && below)
		at += layout_paragraph(
			layout, page, tile->of, x + inset, at, room, (struct layout_type){ 7.4, 11, LAYOUT_GREY, false, DOC_LEFT });
	if (tile->label && tile->label[0])
		at += layout_paragraph(layout, page, tile->label, x + inset, at, room,
			(struct layout_type){ 7.6, 11.6, LAYOUT_GREY, false, DOC_LEFT });
	return at - y + 7;
}

void layout_tiles(struct layout *layout, struct layout_flow *flow, const struct doc_tiles *tiles)
{
	static const double gap = 9;
	if (tiles->count == 0)
		return;
	size_t most = flow->width > 380 ? 5 : flow->width > 240 ? 3 : flow->width > 150 ? 2 : 1;
	size_t rows = (tiles->count + most - 1) / most, columns = (tiles->count + rows - 1) / rows;
	double width = (flow->width - gap * (double)(columns - 1)) / (double)columns;
	layout_gap(flow, 11);
	for (size_t row = 0; row < rows; row++) {
		size_t first_op = layout->ops.count, first = row * columns,
			   end = first + columns < tiles->count ? first + columns : tiles->count;
		double height = 0;
		for (size_t i = first; i < end; i++) /* panels first: they lie under the texts */
			layout_rect(
				layout, flow->page, flow->x + (double)(i - first) * (width + gap), flow->y, width, 0, 4, LAYOUT_PANEL);
		for (size_t i = first; i < end; i++)
			height = fmax(height,
				draw_tile(
					layout, flow->page, &tiles->at[i], flow->x + (double)(i - first) * (width + gap), flow->y, width));
		for (size_t i = first; i < end; i++) {
			layout->ops.at[first_op + i - first].h = height;
			layout->ops.at[first_op + i - first].radius = 4.5;
		}
		layout_unit(layout, flow, first_op, height + (row + 1 < rows ? gap : 0));
	}
}

void layout_section(struct layout *layout, struct layout_flow *flow, const struct doc_section *section)
{
	static const double size = 11, note_size = 7.6, leading = 15;
	struct layout_run title = layout_shape(layout, section->title), note = layout_shape(layout, section->note);
	layout_gap(flow, LAYOUT_SECTION_GAP);
	size_t first_op = layout->ops.count;
	bool sticky = flow->sticky; /* a heading straight under a heading */
	double sticky_y = flow->sticky_y, top = flow->y, x = flow->x + 8.5, room = flow->width - 8.5, height;
	size_t sticky_op = flow->sticky_op;
	if (section->bookmark) {
		struct layout_op *mark = layout_add(layout, flow->page, LAYOUT_BOOKMARK);
		mark->x = flow->x;
		mark->y = top;
		mark->text = section->title;
	}
	layout_rect(layout, flow->page, flow->x, top + 1, 3.2, leading - 2, 0, LAYOUT_TEAL);
	double used = layout_width(title, size);
	height = layout_paragraph(layout, flow->page, section->title, x, top, room,
		(struct layout_type){ size, leading, LAYOUT_INK, true, DOC_LEFT });
	if (note.count > 0 && used + 7 + layout_width(note, note_size) <= room)
		layout_put(
			layout, flow->page, note, x + used + 7, baseline(top, size, leading) - 0.4, note_size, LAYOUT_GREY, false);
	else if (note.count > 0)
		height += layout_paragraph(layout, flow->page, section->note, x, top + height, room,
			(struct layout_type){ note_size, 11, LAYOUT_GREY, false, DOC_LEFT });
	layout_unit(layout, flow, first_op, height);
	flow->y += 5;
	flow->sticky = true;
	flow->sticky_op = first_op;
	flow->sticky_y = flow->y - 5 - height;
	if (sticky && flow->sticky_y > sticky_y && flow->sticky_y - sticky_y < 60) {
		flow->sticky_op = sticky_op;
		flow->sticky_y = sticky_y;
	}
}

void layout_grid(struct layout *layout, struct layout_flow *flow, const struct doc_grid *grid)
{
	static const struct layout_type label_type = { 8, 14.6, LAYOUT_GREY, false, DOC_LEFT };
	static const double gap = 12;
	size_t columns = grid->columns > 0 ? (size_t)grid->columns : 2, most = (size_t)fmax(flow->width / 80, 1);
	columns = columns < most ? columns : most;
	double width = (flow->width - gap * (double)(columns - 1)) / (double)columns;
	for (size_t first = 0; first < grid->count; first += columns) {
		size_t first_op = layout->ops.count;
		double height = 0;
		for (size_t i = first; i < first + columns && i < grid->count; i++) {
			double x = flow->x + (double)(i - first) * (width + gap),
				   used = layout_width(layout_shape(layout, grid->at[i].label), label_type.size) + 6, tall;
			struct layout_type value = body;
			value.colour = layout_tone(grid->at[i].tone);
			if (used > width * 0.6) { /* the value goes below its label */
				tall = layout_paragraph(layout, flow->page, grid->at[i].label, x, flow->y, width, label_type);
				tall += layout_paragraph(layout, flow->page, grid->at[i].value, x, flow->y + tall, width, value);
			} else {
				tall = layout_paragraph(layout, flow->page, grid->at[i].label, x, flow->y, used, label_type);
				tall = fmax(tall,
					layout_paragraph(layout, flow->page, grid->at[i].value, x + used, flow->y, width - used, value));
			}
			height = fmax(height, tall);
		}
		layout_unit(layout, flow, first_op, height);
	}
}

void layout_text(struct layout *layout, struct layout_flow *flow, const struct doc_text *text)
{
	struct layout_type type = body;
	if (text->small) {
		type.size = 7.6;
		type.leading = 12;
	}
	type.colour = layout_tone(text->tone);
	type.bold = text->strong;
	layout_gap(flow, 3);
	struct layout_flow before = *flow;
	size_t ops = layout->ops.count;
	size_t first = layout->lines.count, count = layout_wrap(layout, text->text, type.size, flow->width);
	for (size_t i = 0; i < count; i++) { /* line by line: a long text runs over pages */
		size_t first_op = layout->ops.count;
		layout_put(layout, flow->page, layout->lines.at[first + i], flow->x, baseline(flow->y, type.size, type.leading),
			type.size, type.colour, type.bold);
		layout_unit(layout, flow, first_op, type.leading);
	}
	layout->lines.count = first;
	if (text->keep)
		layout_keep(flow, &before, ops, before.y);
}

void layout_chips(struct layout *layout, struct layout_flow *flow, const struct doc_chips *chips)
{
	static const double size = 8, inset = 4.5, tall = 13, gap = 5;
	if (chips->count == 0) {
		layout_text(layout, flow, &(struct doc_text){ .text = chips->empty, .tone = DOC_GREY, .small = true });
		return;
	}
	layout_gap(flow, 4);
	size_t first_op = layout->ops.count;
	double x = flow->x, height = tall;
	for (size_t i = 0; i < chips->count; i++) {
		struct layout_run run = layout_shape(layout, chips->at[i]);
		double width = fmin(layout_width(run, size) + 2 * inset, flow->width), chip_height = tall;
		if (x > flow->x && x + width > flow->x + flow->width) {
			layout_unit(layout, flow, first_op, height + gap);
			first_op = layout->ops.count;
			x = flow->x;
			height = tall;
		}
		layout_rect(layout, flow->page, x, flow->y, width, tall, 3, LAYOUT_NONE);
		size_t box = layout->ops.count - 1;
		chip_height = layout_paragraph(layout, flow->page, chips->at[i], x + inset, flow->y + 1,
						  width - 2 * inset + 0.1, (struct layout_type){ size, tall - 2, LAYOUT_TEAL, false, DOC_LEFT })
			+ 2;
		layout->ops.at[box].h = chip_height;
		layout->ops.at[box].stroke = LAYOUT_TEAL;
		layout->ops.at[box].size = 0.8;
		height = fmax(height, chip_height);
		x += width + gap;
	}
	layout_unit(layout, flow, first_op, height + 2);
}
