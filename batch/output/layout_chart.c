/*
 * layout_chart.c - drawn figures: bars against a requirement, the step line over periods, the radar of competencies.
 *
 * Colour never stands alone: every bar carries its figures, gaps stay empty, what is not assessed says so.
 */
#include "output/layout.h"

#include <math.h>
#include <string.h>

static double baseline(double top, double size, double leading)
{
	return top + (leading - size) / 2 + LAYOUT_ASCENT * size;
}

/* --- bars --- */

static void put_bar_text(
	struct layout *layout, int page, const char *text, double x, double y, double size, double leading)
{
	const char *slash = text ? strstr(text, " /") : NULL;
	if (!slash) {
		layout_put(layout, page, layout_shape(layout, text), x, baseline(y, size, leading), size, LAYOUT_INK, false);
		return;
	}
	char *figure = arena_copy(&layout->scratch, text, (size_t)(slash - text));
	struct layout_run run = layout_shape(layout, figure), rest = layout_shape(layout, slash);
	layout_put(layout, page, run, x, baseline(y, size, leading), size, LAYOUT_INK, false);
	layout_put(layout, page, rest, x + layout_width(run, size), baseline(y, size, leading), size, LAYOUT_GREY, false);
}

void layout_bars(struct layout *layout, struct layout_flow *flow, const struct doc_bars *bars)
{
	static const double size = 7.8, leading = 11, thick = 7.6;
	double most = bars->most, label_width = 0, text_width = 0;
	if (bars->count == 0)
		return;
	for (size_t i = 0; i < bars->count; i++) {
		most = fmax(most, fmax(bars->at[i].value, bars->at[i].need));
		label_width = fmax(label_width, layout_width(layout_shape(layout, bars->at[i].label), size));
		text_width = fmax(text_width, layout_width(layout_shape(layout, bars->at[i].text), size));
	}
	if (!(most > 0))
		most = 1;
	label_width = fmin(label_width, flow->width * 0.34);
	text_width = fmin(text_width, flow->width * 0.36);
	double gap = fmin(7, flow->width * 0.1), x = flow->x + label_width + gap,
		   length = flow->width - label_width - text_width - 2 * gap;
	layout_gap(flow, 2);
	for (size_t i = 0; i < bars->count; i++) {
		const struct doc_bar *bar = &bars->at[i];
		size_t first_op = layout->ops.count;
		double y = flow->y + 3,
			   height = layout_paragraph(layout, flow->page, bar->label, flow->x, y, label_width + 0.1,
				   (struct layout_type){ size, leading, LAYOUT_INK, false, DOC_RIGHT });
		double middle = y + height / 2;
		double value = fmin(fmax(bar->value, 0), most) / most * length;
		layout_rect(layout, flow->page, x, middle - thick / 2, length, thick, 1.6, LAYOUT_TRACK);
		if (value > 0.3)
			layout_rect(layout, flow->page, x, middle - thick / 2, value, thick, 1.6, layout_tone(bar->tone));
		if (bar->need >= 0) {
			double tick = x + fmin(bar->need, most) / most * length;
			layout_line(
				layout, flow->page, tick, middle - thick / 2 - 2.2, tick, middle + thick / 2 + 2.2, 1.2, LAYOUT_INK);
		}
		struct layout_run run = layout_shape(layout, bar->text);
		if (layout_width(run, size) <= text_width + 0.01)
			put_bar_text(layout, flow->page, bar->text, x + length + gap, middle - leading / 2, size, leading);
		else
			height = fmax(height,
				layout_paragraph(layout, flow->page, bar->text, x + length + gap, y, text_width,
					(struct layout_type){ size, leading, LAYOUT_INK, false, DOC_LEFT }));
		layout_unit(layout, flow, first_op, height + 6);
	}
}

/* --- step line --- */

/* Puts labels into as many lanes as they need not to touch each other; returns the number of lanes. */
struct lane_label {
	struct layout_run run;
	double at, x, size;
	int lane;
};
static int place_lanes(struct lane_label *label, size_t count, double left, double right)
{
	int lanes = 0;
	for (size_t i = 0; i < count; i++) {
		double width = layout_width(label[i].run, label[i].size);
		label[i].x = fmax(fmin(label[i].at - width / 2, right - width), left);
		for (label[i].lane = 0;; label[i].lane++) {
			bool taken = false;
			for (size_t k = 0; k < i && !taken; k++)
				taken = label[k].lane == label[i].lane && label[k].x < label[i].x + width + 5
					&& label[i].x < label[k].x + layout_width(label[k].run, label[k].size) + 5;
			if (!taken)
				break;
		}
		if (label[i].lane >= lanes)
			lanes = label[i].lane + 1;
	}
	return lanes;
}

/* A label too long for its place becomes a number; the text follows below the drawing. */
struct notes {
	const char **text;
	size_t count;
};

static struct lane_label *shape_labels(struct layout *layout, const struct doc_event *events, size_t count,
	double first, double step, double size, double width, struct notes *notes)
{
	struct lane_label *label = arena_alloc(&layout->scratch, count + 1, sizeof *label);
	for (size_t i = 0; i < count; i++) {
		label[i].run = layout_shape(layout, events[i].label);
		label[i].size = layout_fit(label[i].run, size, 5.6, width);
		label[i].at = fmax(fmin(first + events[i].at * step, first + width), first);
		if (layout_width(label[i].run, label[i].size) > width + 0.01) {
			char *mark = arena_printf(&layout->scratch, "[%zu]", notes->count + 1);
			label[i].run = layout_shape(layout, mark);
			notes->text[notes->count++] = arena_printf(&layout->scratch, "%s %s", mark, events[i].label);
		}
	}
	return label;
}

static void draw_steps(struct layout *layout, int page, const struct doc_timeline *line, double first, double step,
	double bottom, double unit)
{
	double end = line->period_count > 1 ? (double)(line->period_count - 1) : 0;
	size_t points = 0;
	double last_x = 0, last_y = 0;
	bool open = false;
	for (size_t i = 0; i <= line->step_count; i++) {
		bool gap = i == line->step_count || line->steps[i].value < 0;
		double at = i < line->step_count ? line->steps[i].at
										 : fmax(end, line->step_count ? line->steps[line->step_count - 1].at : 0);
		double x = first + fmax(fmin(at, end), 0) * step;
		if (open) {
			VEC_PUSH(&layout->points, ((struct layout_point){ x, last_y }));
			points++;
			last_x = x;
		}
		if (gap) {
			if (points > 1) {
				struct layout_op *op = layout_poly(layout, page, points, LAYOUT_NONE, LAYOUT_GOLD, 1.7);
				op->closed = false;
			}
			points = 0;
			open = false;
			continue;
		}
		last_y = bottom - fmax(fmin(line->steps[i].value - line->low, line->high - line->low), 0) * unit;
		last_x = x;
		VEC_PUSH(&layout->points, ((struct layout_point){ x, last_y }));
		points++;
		open = true;
	}
	if (line->step_count > 0 && line->steps[line->step_count - 1].value >= 0)
		layout_circle(layout, page, last_x, last_y, 2.7, LAYOUT_GOLD);
}

void layout_timeline(struct layout *layout, struct layout_flow *flow, const struct doc_timeline *line)
{
	static const double event_size = 7.4, small = 6.2, lane = 10.5;
	size_t first_op = layout->ops.count;
	int page = flow->page, from = (int)ceil(line->low - 1e-9), to = (int)floor(line->high + 1e-9);
	double left = flow->x + 10, right = flow->x + flow->width, inset = 10, top;
	double first = left + inset, periods = line->period_count > 1 ? (double)(line->period_count - 1) : 1;
	double step = (right - inset - first) / periods, span = line->high > line->low ? line->high - line->low : 1;
	if (line->period_count == 0)
		return;
	layout_gap(flow, 3);
	top = flow->y;
	struct notes notes = { arena_alloc(&layout->scratch, line->event_count + line->under_count + 1, sizeof *notes.text),
		0 };
	struct lane_label *event =
		shape_labels(layout, line->events, line->event_count, first, step, event_size, right - inset - first, &notes);
	int event_lanes = place_lanes(event, line->event_count, flow->x, right);
	double dots = top + event_lanes * lane + 5, plot_top = dots + (line->event_count ? 11 : 0),
		   unit = fmin(11, 70 / span);
	if (unit < 4)
		unit = 50 / span;
	double bottom = plot_top + span * unit, axis = bottom + 9;

	int every = 1;
	while ((to - from) / every > 6)
		every++;
	if (line->step_count > 0)
		for (int value = from; value <= to; value += every) {
			double y = bottom - (value - line->low) * unit;
			char digits[16];
			struct str text = { 0 };
			str_add_int(&text, value);
			memcpy(digits, text.text, text.length < 15 ? text.length + 1 : 15);
			digits[15] = '\0';
			str_release(&text);
			struct layout_run run = layout_shape(layout, digits);
			layout_line(layout, page, left, y, right, y, 0.5, LAYOUT_HAIR);
			layout_put(layout, page, run, left - 4 - layout_width(run, small), y + 2.2, small, LAYOUT_GREY, false);
		}
	for (size_t i = 0; i < line->event_count; i++) {
		double lane_bottom = dots - 5 - event[i].lane * lane;
		if (event[i].lane > 0)
			layout_line(layout, page, event[i].at, lane_bottom + 1, event[i].at, dots, 0.4, LAYOUT_HAIR);
		layout_line(layout, page, event[i].at, dots, event[i].at, axis, 0.6, LAYOUT_INK);
		layout->ops.at[layout->ops.count - 1].dashed = true;
	}
	for (size_t i = 0; i < line->event_count; i++) {
		layout_circle(layout, page, event[i].at, dots, 2.1, LAYOUT_INK);
		layout_put(layout, page, event[i].run, event[i].x, dots - 5 - event[i].lane * lane - 2, event[i].size,
			LAYOUT_INK, true);
	}
	draw_steps(layout, page, line, first, step, bottom, unit);

	/* names of periods: every k-th, so that they never touch; the last one always */
	double widest = 0;
	for (size_t i = 0; i < line->period_count; i++)
		widest = fmax(widest, layout_width(layout_shape(layout, line->periods[i]), small));
	size_t skip = (size_t)fmax(ceil((widest + 4) / step - 1e-9), 1);
	double y = axis + 9;
	for (size_t i = 0; i < line->period_count; i++) {
		if ((line->period_count - 1 - i) % skip != 0)
			continue;
		struct layout_run run = layout_shape(layout, line->periods[i]);
		double width = layout_width(run, small), x = first + (double)i * step - width / 2;
		layout_put(layout, page, run, fmax(fmin(x, right - width), flow->x), y, small, LAYOUT_GREY, false);
	}
	struct lane_label *under =
		shape_labels(layout, line->under, line->under_count, first, step, 6.8, right - inset - first, &notes);
	int under_lanes = place_lanes(under, line->under_count, flow->x, right);
	for (size_t i = 0; i < line->under_count; i++)
		layout_put(
			layout, page, under[i].run, under[i].x, y + 10.5 + under[i].lane * 9.5, under[i].size, LAYOUT_GREY, false);
	layout_unit(layout, flow, first_op, y + under_lanes * 9.5 + 5 - top);
	for (size_t i = 0; i < notes.count; i++)
		layout_text(layout, flow, &(struct doc_text){ .text = notes.text[i], .tone = DOC_GREY, .small = true });
}

/* --- radar --- */

static struct layout_point on_axis(double x, double y, double radius, size_t i, size_t count)
{
	double angle = 2 * 3.14159265358979323846 * (double)i / (double)count;
	return (struct layout_point){ x + radius * sin(angle), y - radius * cos(angle) };
}

static void draw_ring(struct layout *layout, int page, const struct doc_radar *radar, double x, double y, double radius,
	double share, enum layout_colour fill, enum layout_colour stroke, double width)
{
	for (size_t i = 0; i < radar->count; i++)
		VEC_PUSH(&layout->points, on_axis(x, y, radius * share, i, radar->count));
	layout_poly(layout, page, radar->count, fill, stroke, width);
}

#define RADAR_SIZE 7.4
#define RADAR_LEADING 9.5

struct axis_label {
	const char *text;
	double x, y, width, tall; /* y from the middle of the radar */
	enum doc_align align;
};

/* Places the labels around a radar in the middle of the flow at x; returns its radius. */
static double place_labels(struct layout *layout, const struct layout_flow *flow, struct axis_label *label,
	size_t count, double x, double *tallest)
{
	double width = 0;
	for (size_t i = 0; i < count; i++)
		width = fmax(width, layout_width(layout_shape(layout, label[i].text), RADAR_SIZE) + 0.1);
	width = fmin(width, flow->width * 0.27);
	*tallest = RADAR_LEADING;
	for (size_t i = 0; i < count; i++) {
		size_t first = layout->lines.count;
		label[i].tall = (double)layout_wrap(layout, label[i].text, RADAR_SIZE, width) * RADAR_LEADING;
		layout->lines.count = first;
		*tallest = fmax(*tallest, label[i].tall);
	}
	double radius = fmin(fmin(flow->width / 2 - width - 8, 78), (flow->bottom - layout->top) / 2 - *tallest - 10);
	radius = fmax(radius, fmin(20, flow->width / 4));
	for (size_t i = 0; i < count; i++) {
		struct layout_point at = on_axis(0, 0, radius + 7, i, count);
		label[i].width = width;
		label[i].align = at.x > 1 ? DOC_LEFT : at.x < -1 ? DOC_RIGHT : DOC_CENTRE;
		label[i].x = x + (label[i].align == DOC_LEFT ? at.x : label[i].align == DOC_RIGHT ? at.x - width : -width / 2);
		label[i].x = fmax(fmin(label[i].x, flow->x + flow->width - width), flow->x);
		label[i].y = label[i].align != DOC_CENTRE ? at.y - label[i].tall / 2 : at.y < 0 ? at.y - label[i].tall : at.y;
	}
	return radius;
}

static bool labels_touch(const struct axis_label *label, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (label[i].tall > 3 * RADAR_LEADING)
			return true;
		for (size_t k = 0; k < i; k++)
			if (label[i].x < label[k].x + label[k].width && label[k].x < label[i].x + label[i].width
				&& label[i].y < label[k].y + label[k].tall && label[k].y < label[i].y + label[i].tall)
				return true;
	}
	return false;
}

void layout_radar(struct layout *layout, struct layout_flow *flow, const struct doc_radar *radar)
{
	if (radar->count < 3) { /* no area to draw: bars say the same */
		struct doc_bar *bar = arena_alloc(&layout->scratch, radar->count + 1, sizeof *bar);
		for (size_t i = 0; i < radar->count; i++)
			bar[i] = (struct doc_bar){ .label = radar->at[i].label,
				.text = radar->at[i].have < 0 ? "–" : "",
				.value = fmax(radar->at[i].have, 0),
				.need = radar->at[i].need,
				.tone = radar->at[i].have < radar->at[i].need ? DOC_BRICK : DOC_TEAL };
		layout_bars(layout, flow, &(struct doc_bars){ .at = bar, .count = radar->count, .most = radar->most });
		return;
	}
	size_t first_op, count = radar->count;
	int page = flow->page;
	double most = radar->most;
	for (size_t i = 0; i < count; i++)
		most = fmax(most, fmax(radar->at[i].need, radar->at[i].have));
	if (!(most > 0))
		most = 1;
	layout_gap(flow, 4);
	first_op = layout->ops.count;
	struct axis_label *label = arena_alloc(&layout->scratch, count, sizeof *label);
	for (size_t i = 0; i < count; i++)
		label[i].text = radar->at[i].label;
	double top = flow->y, x = flow->x + flow->width / 2, tallest,
		   radius = place_labels(layout, flow, label, count, x, &tallest);
	bool numbered = labels_touch(label, count);
	if (numbered) { /* numbers at the axes, names below */
		for (size_t i = 0; i < count; i++)
			label[i].text = arena_printf(&layout->scratch, "[%zu]", i + 1);
		radius = place_labels(layout, flow, label, count, x, &tallest);
	}
	double y = top + tallest + 6 + radius;
	int rings = most <= 6 ? (int)ceil(most - 1e-9) : 5;

	/* what is there: an area over the assessed axes only, filled below the grid */
	size_t assessed = 0;
	for (size_t i = 0; i < count; i++)
		assessed += radar->at[i].have >= 0;
	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1) {
			for (int ring = 1; ring <= rings; ring++)
				draw_ring(layout, page, radar, x, y, radius, (double)ring / rings, LAYOUT_NONE, LAYOUT_HAIR, 0.6);
			for (size_t i = 0; i < count; i++) {
				struct layout_point end = on_axis(x, y, radius, i, count);
				layout_line(layout, page, x, y, end.x, end.y, 0.6, LAYOUT_HAIR);
			}
			for (size_t i = 0; i < count; i++)
				VEC_PUSH(&layout->points, on_axis(x, y, radius * fmax(radar->at[i].need, 0) / most, i, count));
			layout_poly(layout, page, count, LAYOUT_NONE, LAYOUT_INK, 1)->dashed = true;
		}
		if (assessed < 2)
			continue;
		for (size_t i = 0; i < count; i++)
			if (radar->at[i].have >= 0)
				VEC_PUSH(&layout->points, on_axis(x, y, radius * radar->at[i].have / most, i, count));
		layout_poly(layout, page, assessed,
			pass               ? LAYOUT_NONE
				: assessed > 2 ? LAYOUT_TEAL_PALE
							   : LAYOUT_NONE,
			pass ? LAYOUT_TEAL : LAYOUT_NONE, 1.5);
	}
	for (size_t i = 0; i < count; i++)
		if (radar->at[i].have >= 0) {
			struct layout_point at = on_axis(x, y, radius * radar->at[i].have / most, i, count);
			layout_circle(
				layout, page, at.x, at.y, 1.9, radar->at[i].have < radar->at[i].need ? LAYOUT_BRICK : LAYOUT_TEAL);
		}
	for (size_t i = 0; i < count; i++)
		layout_paragraph(layout, page, label[i].text, label[i].x, y + label[i].y, label[i].width,
			(struct layout_type){
				RADAR_SIZE, RADAR_LEADING, radar->at[i].have < 0 ? LAYOUT_GREY : LAYOUT_INK, false, label[i].align });
	layout_unit(layout, flow, first_op, y + radius + tallest + 8 - top);
	for (size_t i = 0; numbered && i < count; i++)
		layout_text(layout, flow,
			&(struct doc_text){ .text = arena_printf(&layout->scratch, "%s %s", label[i].text,
									radar->at[i].label ? radar->at[i].label : ""),
				.tone = DOC_GREY,
				.small = true });
}
