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
#define PAD_Y 2.8

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

void layout_sign(struct layout *layout, struct layout_flow *flow, const struct doc_sign *sign)
{
	static const double gap = 14, tall = 40;
	if (sign->count == 0)
		return;
	size_t most = flow->width > 300 ? 3 : flow->width > 150 ? 2 : 1, columns = sign->count < most ? sign->count : most;
	double width = (flow->width - gap * (double)(columns - 1)) / (double)columns;
	layout_gap(flow, 8);
	for (size_t first = 0; first < sign->count; first += columns) {
		size_t first_op = layout->ops.count;
		double height = 0;
		for (size_t i = first; i < first + columns && i < sign->count; i++)
			height = fmax(height,
				layout_paragraph(layout, flow->page, sign->labels[i], flow->x + (double)(i - first) * (width + gap),
					flow->y, width, (struct layout_type){ SIZE, LEADING, LAYOUT_INK, false, DOC_LEFT }));
		height += tall - LEADING;
		for (size_t i = first; i < first + columns && i < sign->count; i++) {
			double x = flow->x + (double)(i - first) * (width + gap);
			layout_line(layout, flow->page, x, flow->y + height, x + width, flow->y + height, 0.6, LAYOUT_GREY);
		}
		layout_unit(layout, flow, first_op, height + 8);
	}
}

void layout_qr(struct layout *layout, struct layout_flow *flow, const struct doc_qr *qr)
{
	static const double most = 62, least = 0.9; /* a side, and a module that a telephone can read */
	struct layout_code *code = arena_room(&layout->scratch, 1, sizeof *code);
	double height = 0;
	layout_gap(flow, 10);
	size_t first_op = layout->ops.count;
	/* more than a code can hold: the label alone remains */
	if (qr->payload && qr->payload[0] && layout_code_make(qr->payload, code)) {
		double module = (int)(fmin(fmax(most / code->width, least), flow->width / code->width) * 10)
			/ 10.0; /* whole units of the content stream */
		struct layout_op *op = layout_add(layout, flow->page, LAYOUT_MODULES);
		op->w = op->h = module * code->width;
		op->x = flow->x + flow->width - op->w;
		op->y = flow->y;
		op->count = (uint32_t)code->width;
		op->modules = code->dark;
		op->fill = LAYOUT_INK;
		height = op->h + 3;
	}
	if (qr->label && qr->label[0])
		height += layout_paragraph(layout, flow->page, qr->label, flow->x, flow->y + height, flow->width,
			(struct layout_type){ 7, 10, LAYOUT_GREY, false, DOC_RIGHT });
	layout_unit(layout, flow, first_op, height);
}
