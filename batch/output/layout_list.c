/*
 * layout_list.c - checklists with drawn marks, lines to sign on, the code to verify an archive with.
 *
 * Marks are paths, so that they look alike whatever the fonts; a reader of the text gets ✓ ✗ ? in their place.
 */
#include "output/layout.h"
#include "output/layout_code.h"

#include <math.h>
#include <string.h>

#define SIZE 8.2
#define LEADING 11.8
#define PAD_Y 2.6

static double baseline(double top, double size, double leading)
{
	return top + (leading - size) / 2 + LAYOUT_ASCENT * size;
}

static void stroke(struct layout *layout, int page, const struct layout_point *points, size_t count, double x, double y,
	enum layout_colour colour)
{
	for (size_t i = 0; i < count; i++)
		VEC_PUSH(&layout->points, ((struct layout_point){ x + points[i].x, y + points[i].y }));
	layout_poly(layout, page, count, LAYOUT_NONE, colour, 1.15)->closed = false;
}

/* A mark in a box of 7 x 7 points whose middle is y. */
static enum layout_colour draw_mark(struct layout *layout, int page, enum doc_mark mark, double x, double y)
{
	static const struct layout_point tick[] = { { 0.4, 0.3 }, { 2.4, 2.8 }, { 6.2, -3.0 } };
	static const struct layout_point down[] = { { 0.8, -2.8 }, { 5.8, 2.8 } }, up[] = { { 0.8, 2.8 }, { 5.8, -2.8 } };
	static const struct layout_point hook[] = { { 1.2, -1.7 }, { 1.6, -3.0 }, { 3.0, -3.5 }, { 4.5, -2.9 },
		{ 4.8, -1.6 }, { 3.2, 0.0 }, { 3.0, 1.4 } };
	static const char *const texts[] = { "✓", "✗", "?" };
	layout_add(layout, page, LAYOUT_SPAN)->text = texts[mark];
	enum layout_colour colour = LAYOUT_GREY;
	switch (mark) {
	case DOC_MET:
		colour = LAYOUT_TEAL;
		stroke(layout, page, tick, 3, x, y, colour);
		break;
	case DOC_NOT_MET:
		colour = LAYOUT_BRICK;
		stroke(layout, page, down, 2, x, y, colour);
		stroke(layout, page, up, 2, x, y, colour);
		break;
	case DOC_NOT_EVALUATED:
		stroke(layout, page, hook, 7, x, y, colour);
		layout_circle(layout, page, x + 3.0, y + 3.3, 0.7, colour);
		break;
	}
	layout_add(layout, page, LAYOUT_SPAN_END);
	return colour;
}

void layout_checklist(struct layout *layout, struct layout_flow *flow, const struct doc_checklist *list)
{
	static const double indent = 13;
	layout_gap(flow, 3);
	size_t first_op = layout->ops.count;
	struct layout_run title = layout_shape(layout, list->title), status = layout_shape(layout, list->status);
	double size = 9, leading = 14, height = 0;
	if (title.count > 0)
		height = layout_paragraph(layout, flow->page, list->title, flow->x, flow->y, flow->width,
			(struct layout_type){ size, leading, LAYOUT_INK, true, DOC_LEFT });
	if (status.count > 0) {
		double used = title.count ? layout_width(title, size) + 6 : 0;
		if (used + layout_width(status, size) <= flow->width) {
			layout_put(layout, flow->page, status, flow->x + used, baseline(flow->y, size, leading), size,
				layout_tone(list->tone), false);
			height = fmax(height, leading);
		} else {
			height += layout_paragraph(layout, flow->page, list->status, flow->x, flow->y + height, flow->width,
				(struct layout_type){ size, leading, layout_tone(list->tone), false, DOC_LEFT });
		}
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct doc_check *check = &list->at[i];
		size_t op = i == 0 ? first_op : layout->ops.count; /* the title stays with the first line */
		double lead = i == 0 ? height : 0, y = flow->y + lead + PAD_Y, room = flow->width - indent;
		struct layout_run value = layout_shape(layout, check->value);
		double value_width = fmin(layout_width(value, SIZE), room * 0.45), gap = value.count ? 10 : 0, tall;
		enum layout_colour colour = draw_mark(layout, flow->page, check->mark, flow->x, y + LEADING / 2);
		tall = layout_paragraph(layout, flow->page, check->text, flow->x + indent, y, room - value_width - gap,
			(struct layout_type){ SIZE, LEADING, LAYOUT_INK, false, DOC_LEFT });
		if (value.count > 0)
			tall = fmax(tall,
				layout_paragraph(layout, flow->page, check->value, flow->x + flow->width - value_width - 0.1, y,
					value_width + 0.1,
					(struct layout_type){
						SIZE, LEADING, check->mark == DOC_NOT_MET ? colour : LAYOUT_GREY, false, DOC_RIGHT }));
		tall += 2 * PAD_Y;
		layout_line(layout, flow->page, flow->x, flow->y + lead + tall, flow->x + flow->width, flow->y + lead + tall,
			0.6, LAYOUT_HAIR);
		layout_unit(layout, flow, op, lead + tall);
	}
	if (list->count == 0)
		layout_unit(layout, flow, first_op, height);
}

/* Lines to write on; of two beside each other the first, for words, is wider than the second, for a name. */
void layout_sign(struct layout *layout, struct layout_flow *flow, const struct doc_sign *sign)
{
	static const double gap = 14, tall = 40;
	if (sign->count == 0)
		return;
	double room = sign->room > 0 && sign->room < 0.5 ? sign->room * flow->width : 0, all = flow->width - room;
	size_t most = all > 300 ? 3 : all > 150 ? 2 : 1, columns = sign->count < most ? sign->count : most;
	double share[3] = { 0 }, at[3] = { 0 };
	for (size_t c = 0; c < columns; c++) {
		share[c] = (all - gap * (double)(columns - 1)) * (columns != 2 ? 1.0 / (double)columns : c == 0 ? 0.6 : 0.4);
		at[c] = c == 0 ? flow->x : at[c - 1] + share[c - 1] + gap;
	}
	if (flow->sticky)
		flow->y += 8;
	layout_gap(flow, 8);
	struct layout_flow before = *flow;
	size_t ops = layout->ops.count;
	for (size_t first = 0; first < sign->count; first += columns) {
		size_t first_op = layout->ops.count;
		double height = 0;
		for (size_t i = first; i < first + columns && i < sign->count; i++)
			height = fmax(height,
				layout_paragraph(layout, flow->page, sign->labels[i], at[i - first], flow->y, share[i - first],
					(struct layout_type){ SIZE, LEADING, LAYOUT_INK, false, DOC_LEFT }));
		height += tall - LEADING;
		for (size_t i = first; i < first + columns && i < sign->count; i++)
			layout_line(layout, flow->page, at[i - first], flow->y + height, at[i - first] + share[i - first],
				flow->y + height, 0.6, LAYOUT_GREY);
		layout_unit(layout, flow, first_op, height + 8);
		bool kept = flow->room_width > 0 && layout->ops.at[flow->room_op].page == flow->page;
		if (room > 0 && !kept && first_op < layout->ops.count) { /* what is kept moves along with its operation */
			double top = fmax(flow->y - height - 8, layout->top); /* a unit taller than a page was cut */
			flow->room_op = layout->ops.count - 1;
			flow->room_rise = layout->ops.at[flow->room_op].y - top;
			flow->room_width = room;
		}
	}
	if (sign->keep)
		layout_keep(flow, &before, ops, before.y);
}

static double draw_qr(struct layout *layout, int page, const struct doc_qr *qr, double x, double y, double width)
{
	static const double most = 62, least = 0.9; /* a side, and a module that a telephone can read */
	struct layout_code *code = arena_room(&layout->scratch, 1, sizeof *code);
	double height = 0;
	/* else more than a code can hold: its label */
	if (qr->payload && qr->payload[0] && layout_code_make(qr->payload, code)) {
		/* whole units of the content stream */
		double module = (int)(fmin(fmax(most / code->width, least), width / code->width) * 10) / 10.0;
		struct layout_op *op = layout_add(layout, page, LAYOUT_MODULES);
		op->w = op->h = module * code->width;
		op->x = x + width - op->w;
		op->y = y;
		op->count = (uint32_t)code->width;
		op->modules = code->dark;
		op->fill = LAYOUT_INK;
		height = op->h + 3;
	}
	if (qr->label && qr->label[0])
		height += layout_paragraph(layout, page, qr->label, x, y + height, width,
			(struct layout_type){ 7, 10, LAYOUT_GREY, false, DOC_RIGHT });
	return height;
}

void layout_qr(struct layout *layout, struct layout_flow *flow, const struct doc_qr *qr)
{
	size_t first_op = layout->ops.count;
	const struct layout_op *room =
		flow->room_width > 0 && flow->room_op < first_op ? &layout->ops.at[flow->room_op] : NULL;
	if (qr->beside && !flow->sticky && room != NULL && room->page == flow->page) {
		double x = flow->x + flow->width - flow->room_width + 12, width = flow->room_width - 12,
			   top = room->y - flow->room_rise;
		if (draw_qr(layout, flow->page, qr, x, top, width) <= flow->y - top) {
			flow->room_width = 0;
			return;
		}
		layout->ops.count = first_op;
	}
	layout_gap(flow, 10);
	first_op = layout->ops.count;
	layout_unit(layout, flow, first_op, draw_qr(layout, flow->page, qr, flow->x, flow->y, flow->width));
}
