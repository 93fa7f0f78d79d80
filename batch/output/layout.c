/*
 * layout.c - the flow of blocks over pages: what is kept together, where a page ends, the footer.
 *
 * Decides: margins, gaps between blocks, page breaks. Does not decide: how a block looks (layout_*.c), how an
 * operation becomes PDF (pdf_content.c).
 */
#include "output/layout.h"

#include <math.h>
#include <string.h>

#define POINTS_PER_MM (72 / 25.4)
#define FOOTER_HEIGHT 22.0
#define ENDLESS 1e9

struct layout_op *layout_add(struct layout *layout, int page, enum layout_kind kind)
{
	struct layout_op op = { .kind = (uint8_t)kind, .page = page, .fill = LAYOUT_NONE, .stroke = LAYOUT_NONE };
	VEC_PUSH(&layout->ops, op);
	return &layout->ops.at[layout->ops.count - 1];
}

void layout_rect(
	struct layout *layout, int page, double x, double y, double w, double h, double radius, enum layout_colour fill)
{
	struct layout_op *op = layout_add(layout, page, LAYOUT_RECT);
	op->x = x;
	op->y = y;
	op->w = w;
	op->h = h;
	op->radius = fmin(radius, fmin(w, h) / 2);
	op->fill = (uint8_t)fill;
}

void layout_line(struct layout *layout, int page, double x1, double y1, double x2, double y2, double width,
	enum layout_colour colour)
{
	struct layout_op *op = layout_add(layout, page, LAYOUT_LINE);
	op->x = x1;
	op->y = y1;
	op->w = x2 - x1;
	op->h = y2 - y1;
	op->size = width;
	op->stroke = (uint8_t)colour;
}

void layout_circle(struct layout *layout, int page, double x, double y, double radius, enum layout_colour fill)
{
	struct layout_op *op = layout_add(layout, page, LAYOUT_CIRCLE);
	op->x = x;
	op->y = y;
	op->radius = radius;
	op->fill = (uint8_t)fill;
}

struct layout_op *layout_poly(
	struct layout *layout, int page, size_t count, enum layout_colour fill, enum layout_colour stroke, double width)
{
	struct layout_op *op = layout_add(layout, page, LAYOUT_POLY);
	op->start = (uint32_t)(layout->points.count - count);
	op->count = (uint32_t)count;
	op->fill = (uint8_t)fill;
	op->stroke = (uint8_t)stroke;
	op->size = width;
	op->closed = true;
	return op;
}

void layout_star(struct layout *layout, int page, double x, double y, double radius, enum layout_colour fill)
{
	/* sin and cos of 36° steps, clockwise from the top: no libm, so that bytes do not depend on it */
	static const struct layout_point unit[10] = {
		{ 0, -1 },
		{ 0.224514, -0.309017 },
		{ 0.951057, -0.309017 },
		{ 0.363271, 0.118034 },
		{ 0.587785, 0.809017 },
		{ 0, 0.381966 },
		{ -0.587785, 0.809017 },
		{ -0.363271, 0.118034 },
		{ -0.951057, -0.309017 },
		{ -0.224514, -0.309017 },
	};
	for (int i = 0; i < 10; i++)
		VEC_PUSH(&layout->points, ((struct layout_point){ x + radius * unit[i].x, y + radius * unit[i].y }));
	layout_poly(layout, page, 10, fill, LAYOUT_NONE, 0);
}

enum layout_colour layout_tone(enum doc_tone tone)
{
	switch (tone) {
	case DOC_GREY: return LAYOUT_GREY;
	case DOC_TEAL: return LAYOUT_TEAL;
	case DOC_BRICK: return LAYOUT_BRICK;
	case DOC_GOLD: return LAYOUT_GOLD;
	case DOC_INK: break;
	}
	return LAYOUT_INK;
}

/* --- flow --- */

void layout_break(struct layout *layout, struct layout_flow *flow)
{
	if (flow->bottom >= ENDLESS)
		return;
	flow->page++;
	flow->y = flow->top = layout->top;
	if (flow->page >= layout->pages)
		layout->pages = flow->page + 1;
}

static void move_ops(struct layout *layout, size_t first_op, int page, double down)
{
	for (size_t i = first_op; i < layout->ops.count; i++) {
		struct layout_op *op = &layout->ops.at[i];
		op->page = page;
		op->y += down;
		if (op->kind == LAYOUT_POLY)
			for (uint32_t p = 0; p < op->count; p++)
				layout->points.at[op->start + p].y += down;
	}
}

static double text_top(const struct layout_op *op)
{
	return op->y - LAYOUT_ASCENT * op->size;
}

/* Where to cut a unit that is taller than a page: at `cut` or above it, so that no line of text is cut through. */
static double cut_above(const struct layout *layout, size_t first_op, int page, double from, double cut)
{
	double at = cut;
	for (bool moved = true; moved;) {
		moved = false;
		for (size_t i = first_op; i < layout->ops.count; i++) {
			const struct layout_op *op = &layout->ops.at[i];
			if (op->page == page && op->kind == LAYOUT_TEXT && text_top(op) < at - 0.01
				&& op->y + 0.2 * op->size > at + 0.01) {
				at = text_top(op);
				moved = true;
			}
		}
	}
	return at > from + 1 ? at : cut;
}

/* Cuts a unit taller than a page into slices of pages; panels and upright lines are cut, figures go where they end. */
static void split_unit(struct layout *layout, struct layout_flow *flow, size_t first_op, double height)
{
	double end = flow->y + height;
	for (int guard = 0; end > flow->bottom + 0.01 && guard < 1000; guard++) {
		int page = flow->page;
		double cut = cut_above(layout, first_op, page, flow->y, flow->bottom);
		layout_break(layout, flow);
		double down = flow->y - cut;
		for (size_t i = first_op, count = layout->ops.count; i < count; i++) {
			struct layout_op *op = &layout->ops.at[i];
			if (op->page != page)
				continue;
			double top = op->y, bottom = op->y;
			if (op->kind == LAYOUT_TEXT)
				top = bottom = text_top(op) + 0.02;
			else if (op->kind == LAYOUT_CIRCLE)
				bottom = op->y + op->radius;
			else if (op->kind == LAYOUT_MODULES)
				bottom = op->y + op->h;
			else if (op->kind == LAYOUT_RECT || op->kind == LAYOUT_LINE)
				bottom = op->y + op->h;
			else if (op->kind == LAYOUT_POLY)
				for (uint32_t p = 0; p < op->count; p++)
					bottom = p == 0 ? layout->points.at[op->start].y : fmax(bottom, layout->points.at[op->start + p].y);
			if (bottom <= cut + 0.01)
				continue;
			if ((op->kind == LAYOUT_RECT || op->kind == LAYOUT_LINE) && top < cut - 0.01) {
				struct layout_op rest = *op;
				op->h = cut - top;
				rest.y = flow->y;
				rest.h = bottom - cut;
				rest.page = flow->page;
				VEC_PUSH(&layout->ops, rest);
				continue;
			}
			op->page = flow->page;
			op->y += down;
			if (op->kind == LAYOUT_POLY)
				for (uint32_t p = 0; p < op->count; p++)
					layout->points.at[op->start + p].y += down;
		}
		end += down;
	}
	flow->y = end;
	flow->sticky = false;
}

void layout_unit(struct layout *layout, struct layout_flow *flow, size_t first_op, double height)
{
	double lead = flow->sticky ? flow->y - flow->sticky_y : 0;
	double page_height = flow->bottom - layout->top;
	if (height > page_height && flow->bottom < ENDLESS) {
		size_t op = flow->sticky ? flow->sticky_op : first_op;
		double from = flow->sticky ? flow->sticky_y : flow->y;
		if (flow->bottom - flow->y < 80 && from > layout->top + 0.01) {
			layout_break(layout, flow);
			move_ops(layout, op, flow->page, flow->y - from);
			flow->y += lead;
		}
		split_unit(layout, flow, first_op, height);
		return;
	}
	if (flow->y + height > flow->bottom + 0.01) {
		bool group_moves = flow->sticky && flow->sticky_y > layout->top + 0.01 && lead + height <= page_height;
		if (group_moves) {
			double from = flow->sticky_y;
			size_t op = flow->sticky_op;
			layout_break(layout, flow);
			move_ops(layout, op, flow->page, flow->y - from);
			flow->y += lead;
		} else if (flow->y > layout->top + 0.01) {
			double from = flow->y;
			layout_break(layout, flow);
			move_ops(layout, first_op, flow->page, flow->y - from);
		}
	}
	flow->y += height;
	flow->sticky = false;
}

void layout_keep(struct layout_flow *flow, const struct layout_flow *before, size_t first_op, double from)
{
	if (flow->page != before->page)
		return; /* it has just moved to a new page */
	flow->sticky = true;
	flow->sticky_op = before->sticky ? before->sticky_op : first_op;
	flow->sticky_y = before->sticky ? before->sticky_y : from;
}

void layout_gap(struct layout_flow *flow, double gap)
{
	if (flow->y > flow->top + 0.01 && !flow->sticky)
		flow->y += gap;
}

/* Two flows beside each other: kept on one page where they fit, else each breaks for itself. */
static void layout_columns(struct layout *layout, struct layout_flow *flow, const struct doc_columns *columns)
{
	static const double gap = 20;
	double share = columns->left_share > 0.05 && columns->left_share < 0.95 ? columns->left_share : 0.5;
	const struct doc_block *const first[2] = { columns->left, columns->right };
	double width[2] = { (flow->width - gap) * share, (flow->width - gap) * (1 - share) };
	double x[2] = { flow->x, flow->x + width[0] + gap };
	for (int side = 0; side < 2; side++)
		if (first[side] != NULL && first[side]->kind == DOC_SECTION) { /* two sections: as far from what is above */
			layout_gap(flow, LAYOUT_SECTION_GAP);
			break;
		}
	size_t first_op = layout->ops.count;
	double height = 0;
	for (int side = 0; side < 2; side++) {
		struct layout_flow beside = {
			.page = flow->page, .x = x[side], .y = flow->y, .width = width[side], .top = flow->y, .bottom = ENDLESS
		};
		layout_blocks(layout, &beside, first[side]);
		height = fmax(height, beside.y - flow->y);
	}
	double lead = flow->sticky ? flow->y - flow->sticky_y : 0;
	if (flow->bottom >= ENDLESS || lead + height <= flow->bottom - layout->top) {
		layout_unit(layout, flow, first_op, height);
		return;
	}
	layout->ops.count = first_op;
	layout_unit(layout, flow, first_op, 120); /* room for something beside a heading */
	flow->y -= 120;
	struct layout_flow end = *flow;
	end.sticky = false;
	for (int side = 0; side < 2; side++) {
		struct layout_flow beside = *flow;
		beside.x = x[side];
		beside.width = width[side];
		beside.sticky = false;
		beside.top = fmin(flow->y, flow->bottom);
		layout_blocks(layout, &beside, first[side]);
		if (beside.page > end.page || (beside.page == end.page && beside.y > end.y)) {
			end.page = beside.page;
			end.y = beside.y;
			end.top = layout->top;
		}
	}
	*flow = (struct layout_flow){
		.page = end.page, .x = flow->x, .y = end.y, .width = flow->width, .top = end.top, .bottom = flow->bottom
	};
}

/* Blocks set in; the hairline beside them runs over every page they stand on. */
static void layout_aside(struct layout *layout, struct layout_flow *flow, const struct doc_aside *aside)
{
	static const double inset = 11, gap = 7;
	layout_gap(flow, gap);
	size_t first_op = layout->ops.count;
	flow->x += inset;
	flow->width -= inset;
	layout_blocks(layout, flow, aside->first);
	flow->x -= inset;
	flow->width += inset;
	size_t end = layout->ops.count;
	if (end > first_op)
		flow->sticky = false; /* the hairline does not move along with a heading */
	for (size_t from = first_op; from < end;) {
		int page = layout->ops.at[from].page;
		double top = ENDLESS, bottom = 0;
		for (; from < end && layout->ops.at[from].page == page; from++) {
			const struct layout_op *op = &layout->ops.at[from];
			bool text = op->kind == LAYOUT_TEXT;
			if (!text && op->kind != LAYOUT_RECT && op->kind != LAYOUT_LINE)
				continue;
			top = fmin(top, text ? text_top(op) : op->y);
			bottom = fmax(bottom, text ? op->y + 0.35 * op->size : op->y + op->h);
		}
		if (flow->bottom < ENDLESS) { /* else they are placed later, with all that stands beside them */
			top = fmax(top, layout->top);
			bottom = fmin(bottom, layout->bottom);
		}
		if (bottom > top)
			layout_line(layout, page, flow->x + 3, top, flow->x + 3, bottom, 0.8, LAYOUT_HAIR);
	}
}

void layout_blocks(struct layout *layout, struct layout_flow *flow, const struct doc_block *first)
{
	for (const struct doc_block *block = first; block; block = block->next) {
		if (block->kind != DOC_SIGN && block->kind != DOC_QR)
			flow->room_width = 0;
		switch (block->kind) {
		case DOC_HEAD: layout_head(layout, flow, &block->head); break;
		case DOC_TILES: layout_tiles(layout, flow, &block->tiles); break;
		case DOC_SECTION: layout_section(layout, flow, &block->section); break;
		case DOC_GRID: layout_grid(layout, flow, &block->grid); break;
		case DOC_TABLE: layout_table(layout, flow, &block->table); break;
		case DOC_BARS: layout_bars(layout, flow, &block->bars); break;
		case DOC_TIMELINE: layout_timeline(layout, flow, &block->timeline); break;
		case DOC_CHIPS: layout_chips(layout, flow, &block->chips); break;
		case DOC_TEXT: layout_text(layout, flow, &block->text); break;
		case DOC_COLUMNS: layout_columns(layout, flow, &block->columns); break;
		case DOC_CHECKLIST: layout_checklist(layout, flow, &block->checklist); break;
		case DOC_RADAR: layout_radar(layout, flow, &block->radar); break;
		case DOC_SIGN: layout_sign(layout, flow, &block->sign); break;
		case DOC_QR: layout_qr(layout, flow, &block->qr); break;
		case DOC_ASIDE: layout_aside(layout, flow, &block->aside); break;
		case DOC_PAGE_BREAK:
			if (flow->y > flow->top + 0.01 + block->page_break.used * (flow->bottom - layout->top))
				layout_break(layout, flow);
			flow->sticky = false;
			break;
		}
	}
}

/* "第 %d 页 共 %d 页" with both numbers put in; other % stay. */
static const char *page_text(struct layout *layout, const char *format, int page)
{
	struct str text = { 0 };
	int numbers[2] = { page + 1, layout->pages }, used = 0;
	for (const char *c = format; *c; c++) {
		if (c[0] == '%' && c[1] == 'd' && used < 2) {
			str_add_int(&text, numbers[used++]);
			c++;
		} else {
			str_add_char(&text, *c);
		}
	}
	const char *copy = arena_copy(&layout->scratch, str_text(&text), text.length);
	str_release(&text);
	return copy;
}

static void draw_footer(struct layout *layout)
{
	static const double size = 7.2;
	const struct doc *doc = layout->doc;
	double width = layout->right - layout->left, y = layout->page_height - doc->bottom * POINTS_PER_MM;
	for (int page = 0; page < layout->pages; page++) {
		struct layout_run run[3];
		run[0] = layout_shape(layout, doc->footer_left ? doc->footer_left : "");
		run[1] = layout_shape(layout, doc->footer_middle ? doc->footer_middle : "");
		run[2] = layout_shape(layout, doc->footer_page ? page_text(layout, doc->footer_page, page) : "");
		double total = layout_width(run[0], size) + layout_width(run[1], size) + layout_width(run[2], size) + 20;
		double fit = total > width ? size * (width - 20) / (total - 20) : size;
		double last = layout->right - layout_width(run[2], fit), first_end = layout->left + layout_width(run[0], fit);
		double middle = first_end + (last - first_end - layout_width(run[1], fit)) / 2; /* equal gaps */
		layout_line(layout, page, layout->left, y - 14, layout->right, y - 14, 0.6, LAYOUT_HAIR);
		layout_put(layout, page, run[0], layout->left, y - 3, fit, LAYOUT_GREY, false);
		layout_put(layout, page, run[1], middle, y - 3, fit, LAYOUT_GREY, false);
		layout_put(layout, page, run[2], last, y - 3, fit, LAYOUT_GREY, false);
	}
}

void layout_run_document(struct layout *layout, const struct pdf_fonts *fonts, const struct doc *doc)
{
	layout->fonts = fonts;
	layout->doc = doc;
	layout->ops.count = layout->text.count = layout->points.count = layout->lines.count = 0;
	layout->missing_count = 0;
	arena_reset(&layout->scratch);
	layout->page_width = (doc->width > 0 ? doc->width : 210) * POINTS_PER_MM;
	layout->page_height = (doc->height > 0 ? doc->height : 297) * POINTS_PER_MM;
	layout->left = doc->left * POINTS_PER_MM;
	layout->right = layout->page_width - doc->right * POINTS_PER_MM;
	layout->top = doc->top * POINTS_PER_MM;
	layout->bottom = layout->page_height - doc->bottom * POINTS_PER_MM - FOOTER_HEIGHT;
	layout->pages = 1;
	struct layout_flow flow = { .x = layout->left,
		.y = layout->top,
		.width = layout->right - layout->left,
		.top = layout->top,
		.bottom = layout->bottom };
	layout_blocks(layout, &flow, doc->first);
	draw_footer(layout);
}

void layout_release(struct layout *layout)
{
	VEC_RELEASE(&layout->ops);
	VEC_RELEASE(&layout->text);
	VEC_RELEASE(&layout->points);
	VEC_RELEASE(&layout->lines);
	arena_release(&layout->scratch);
}
