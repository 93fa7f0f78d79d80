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
	double first, double step, double size, double left, double width, struct notes *notes)
{
	struct lane_label *label = arena_alloc(&layout->scratch, count + 1, sizeof *label);
	for (size_t i = 0; i < count; i++) {
		label[i].run = layout_shape(layout, events[i].label);
		label[i].size = layout_fit(label[i].run, size, 5.6, width);
		label[i].at = fmax(fmin(first + events[i].at * step, left + width), left);
		if (layout_width(label[i].run, label[i].size) > width + 0.01) {
			char *mark = arena_printf(&layout->scratch, "[%zu]", notes->count + 1);
			label[i].run = layout_shape(layout, mark);
			notes->text[notes->count++] = arena_printf(&layout->scratch, "%s %s", mark, events[i].label);
		}
	}
	return label;
}

/* Each step reaches over its own period, until the next step: from the left of its label to the right of the last. */
static void draw_steps(struct layout *layout, int page, const struct doc_timeline *line, double first, double step,
	double bottom, double unit)
{
	double end = (double)line->period_count - 0.5;
	size_t points = 0;
	double last_x = 0, last_y = 0;
	bool open = false;
	for (size_t i = 0; i <= line->step_count; i++) {
		bool gap = i == line->step_count || line->steps[i].value < 0;
		double at = i < line->step_count ? line->steps[i].at - 0.5 : end, x = first + fmax(fmin(at, end), -0.5) * step;
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

/* The text that fits a width, brief where the label does not; a run without characters where neither does. */
static struct layout_run span_text(struct layout *layout, const struct doc_span *span, double size, double width)
{
	const char *const texts[] = { span->label, span->brief };
	for (int i = 0; i < 2; i++) {
		struct layout_run run = layout_shape(layout, texts[i]);
		if (layout_width(run, size) <= width)
			return run;
	}
	return (struct layout_run){ 0 };
}

/* Periods without a grade: shaded. */
static void draw_gaps(struct layout *layout, int page, const struct doc_timeline *line, double first, double step,
	double top, double bottom)
{
	for (size_t i = 0; i < line->gap_count; i++)
		layout_rect(layout, page, first + line->gaps[i].from * step, top,
			(line->gaps[i].to - line->gaps[i].from) * step, bottom - top, 0, LAYOUT_PANEL);
}

/* The words that say why, between the lines at `middle`, over whatever passes there. */
static void draw_gap_words(
	struct layout *layout, int page, const struct doc_timeline *line, double first, double step, double middle)
{
	static const double size = 6.6;
	for (size_t i = 0; i < line->gap_count; i++) {
		double x = first + line->gaps[i].from * step, width = (line->gaps[i].to - line->gaps[i].from) * step;
		struct layout_run run = span_text(layout, &line->gaps[i], size, width - 6);
		double wide = layout_width(run, size);
		if (run.count == 0)
			continue;
		layout_rect(layout, page, x + (width - wide) / 2 - 2, middle - 4, wide + 4, 8, 0, LAYOUT_PANEL);
		layout_put(layout, page, run, x + (width - wide) / 2, middle + 2.3, size, LAYOUT_GREY, false);
	}
}

#define STRIP 11.5 /* height of the strip of positions */

static void draw_spans(
	struct layout *layout, int page, const struct doc_timeline *line, double first, double step, double y)
{
	static const double size = 6.8;
	for (size_t i = 0; i < line->span_count; i++) {
		const struct doc_span *span = &line->spans[i];
		double x = first + span->from * step, width = fmax((span->to - span->from) * step - 0.8, 0.8);
		layout_rect(layout, page, x, y, width, STRIP, 1.2, span->strong ? LAYOUT_HELD : LAYOUT_TRACK);
		struct layout_run run = span_text(layout, span, size, width - 5);
		layout_put(layout, page, run, x + 3, y + STRIP / 2 + 2.4, size, LAYOUT_INK, span->strong);
	}
}

static void draw_scale(struct layout *layout, int page, const struct doc_timeline *line, double left, double right,
	double bottom, double unit)
{
	static const double small = 6.2;
	int from = (int)ceil(line->low - 1e-9), to = (int)floor(line->high + 1e-9), every = 1;
	while ((to - from) / every > 6)
		every++;
	for (int value = from; value <= to && line->step_count > 0; value += every) {
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
}

void layout_timeline(struct layout *layout, struct layout_flow *flow, const struct doc_timeline *line)
{
	static const double event_size = 7.4, small = 6.2, lane = 10.5;
	size_t first_op = layout->ops.count;
	int page = flow->page;
	double left = flow->x + 10, right = flow->x + flow->width - 3, top, width = right - left;
	if (line->period_count == 0)
		return;
	double step = width / (double)line->period_count, first = left + step / 2,
		   span = line->high > line->low ? line->high - line->low : 1;
	layout_gap(flow, 3);
	top = flow->y;
	struct notes notes = { arena_alloc(&layout->scratch, line->event_count + line->under_count + 1, sizeof *notes.text),
		0 };
	struct lane_label *event =
		shape_labels(layout, line->events, line->event_count, first, step, event_size, left, width, &notes);
	int event_lanes = place_lanes(event, line->event_count, flow->x, right);
	double dots = top + event_lanes * lane + 5, plot_top = dots + (line->event_count ? 11 : 0),
		   unit = fmin(11, 70 / span);
	if (unit < 4)
		unit = 50 / span;
	double bottom = plot_top + span * unit, axis = bottom + 9;
	draw_gaps(layout, page, line, first, step, plot_top, bottom);
	draw_scale(layout, page, line, left, right, bottom, unit);
	for (size_t i = 0; i < line->event_count; i++) {
		double lane_bottom = dots - 5 - event[i].lane * lane;
		if (event[i].lane > 0)
			layout_line(layout, page, event[i].at, lane_bottom + 1, event[i].at, dots, 0.4, LAYOUT_HAIR);
		layout_line(layout, page, event[i].at, dots, event[i].at, axis, 0.6, LAYOUT_INK);
		layout->ops.at[layout->ops.count - 1].dashed = true;
	}
	for (size_t i = 0; i < line->event_count; i++) {
		layout_circle(layout, page, event[i].at, dots, 2.1, layout_tone(line->events[i].tone));
		layout_put(layout, page, event[i].run, event[i].x, dots - 5 - event[i].lane * lane - 2, event[i].size,
			LAYOUT_INK, true);
	}
	draw_gap_words(layout, page, line, first, step, bottom - (floor(span / 2) + 0.5) * unit);
	draw_steps(layout, page, line, first, step, bottom, unit);
	if (line->span_count > 0) {
		draw_spans(layout, page, line, first, step, axis);
		axis += STRIP;
	}

	/* names of periods: every k-th, so that they never touch; the last one always */
	double widest = 0;
	for (size_t i = 0; i < line->period_count; i++)
		widest = fmax(widest, layout_width(layout_shape(layout, line->periods[i]), small));
	size_t skip = (size_t)fmax(ceil((widest + 4 + fmax(widest / 2 - step / 2, 0)) / step - 1e-9), 1);
	double y = axis + 9;
	for (size_t i = 0; i < line->period_count; i++) {
		if ((line->period_count - 1 - i) % skip != 0)
			continue;
		struct layout_run run = layout_shape(layout, line->periods[i]);
		double wide = layout_width(run, small), x = first + (double)i * step - wide / 2;
		layout_put(layout, page, run, fmax(fmin(x, right - wide), flow->x), y, small, LAYOUT_GREY, false);
	}
	struct lane_label *under =
		shape_labels(layout, line->under, line->under_count, first, step, 6.8, left, width, &notes);
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
	double radius = fmin(74, (flow->bottom - layout->top) / 2 - *tallest - 10);
	for (size_t i = 0; i < count; i++) { /* a label near the top or the bottom leaves the circle more room */
		double side = fabs(on_axis(0, 0, 1, i, count).x), own;
		own = fmin(layout_width(layout_shape(layout, label[i].text), RADAR_SIZE) + 0.1, width);
		if (side > 0.05)
			radius = fmin(radius, (flow->width / 2 - own - 1) / side - 7);
	}
	radius = fmax(radius, fmin(20, flow->width / 4));
	for (size_t i = 0; i < count; i++) {
		struct layout_point at = on_axis(0, 0, radius + 7, i, count);
		double own = fmin(layout_width(layout_shape(layout, label[i].text), RADAR_SIZE) + 0.1, width);
		label[i].width = own;
		label[i].align = at.x > 1 ? DOC_LEFT : at.x < -1 ? DOC_RIGHT : DOC_CENTRE;
		label[i].x = x + (label[i].align == DOC_LEFT ? at.x : label[i].align == DOC_RIGHT ? at.x - own : -own / 2);
		label[i].x = fmax(fmin(label[i].x, flow->x + flow->width - own), flow->x);
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

static bool is_assessed(const struct doc_radar *radar, size_t i)
{
	return radar->at[i % radar->count].have >= 0;
}

/*
 * What is there: between neighbours that are both assessed, and nowhere else; nothing is drawn across an axis nobody
 * looked at. unit: length of a level.
 */
static void draw_area(struct layout *layout, int page, const struct doc_radar *radar, double x, double y, double unit)
{
	size_t count = radar->count, pairs = 0;
	for (size_t i = 0; i < count; i++)
		pairs += is_assessed(radar, i) && is_assessed(radar, i + 1);
	for (size_t i = 0; i < count && pairs == count; i++)
		VEC_PUSH(&layout->points, on_axis(x, y, unit * radar->at[i].have, i, count));
	if (pairs == count)
		layout_poly(layout, page, count, LAYOUT_TEAL_PALE, LAYOUT_NONE, 0);
	for (size_t i = 0; i < count && pairs < count; i++) {
		size_t next = (i + 1) % count;
		if (!is_assessed(radar, i) || !is_assessed(radar, next))
			continue;
		VEC_PUSH(&layout->points, ((struct layout_point){ x, y }));
		VEC_PUSH(&layout->points, on_axis(x, y, unit * radar->at[i].have, i, count));
		VEC_PUSH(&layout->points, on_axis(x, y, unit * radar->at[next].have, next, count));
		layout_poly(layout, page, 3, LAYOUT_TEAL_PALE, LAYOUT_NONE, 0);
	}
}

/* The edge of the area, run by run of assessed neighbours. */
static void draw_outline(
	struct layout *layout, int page, const struct doc_radar *radar, double x, double y, double unit)
{
	size_t count = radar->count, start = 0;
	while (start < count && is_assessed(radar, start))
		start++; /* begins behind an axis that is not assessed; count: all of them are */
	if (start == count) {
		for (size_t i = 0; i < count; i++)
			VEC_PUSH(&layout->points, on_axis(x, y, unit * radar->at[i].have, i, count));
		layout_poly(layout, page, count, LAYOUT_NONE, LAYOUT_TEAL, 1.5);
		return;
	}
	size_t points = 0;
	for (size_t k = 1; k <= count; k++) {
		size_t i = (start + k) % count;
		if (is_assessed(radar, i)) {
			VEC_PUSH(&layout->points, on_axis(x, y, unit * radar->at[i].have, i, count));
			points++;
		} else {
			if (points > 1)
				layout_poly(layout, page, points, LAYOUT_NONE, LAYOUT_TEAL, 1.5)->closed = false;
			points = 0;
		}
	}
}

/* The others' median: a hollow mark on each axis that has one. */
static void draw_others(struct layout *layout, int page, const struct doc_radar *radar, double x, double y, double unit)
{
	for (size_t i = 0; i < radar->count; i++)
		if (radar->at[i].others > 0) {
			struct layout_point at = on_axis(x, y, unit * radar->at[i].others, i, radar->count);
			layout_circle(layout, page, at.x, at.y, 2.4, LAYOUT_GREY);
			layout_circle(layout, page, at.x, at.y, 1.4, LAYOUT_WHITE);
		}
}

/* "- - required  — current  o median", in the middle below the drawing; returns where it ends. */
static double draw_legend(
	struct layout *layout, const struct layout_flow *flow, const struct doc_radar *radar, double y)
{
	static const double size = 7, mark = 14, gap = 10;
	const char *const texts[] = { radar->need, radar->have, radar->others };
	double width = -gap, at;
	for (int i = 0; i < 3; i++)
		if (texts[i] != NULL)
			width += mark + 3 + layout_width(layout_shape(layout, texts[i]), size) + gap;
	at = flow->x + fmax((flow->width - width) / 2, 0);
	y += 4;
	for (int i = 0; i < 3; i++) {
		if (texts[i] == NULL)
			continue;
		if (i < 2) {
			layout_line(layout, flow->page, at, y, at + mark, y, i == 0 ? 1 : 1.5, i == 0 ? LAYOUT_INK : LAYOUT_TEAL);
			layout->ops.at[layout->ops.count - 1].dashed = i == 0;
		} else {
			layout_circle(layout, flow->page, at + mark / 2, y, 2.4, LAYOUT_GREY);
			layout_circle(layout, flow->page, at + mark / 2, y, 1.4, LAYOUT_WHITE);
		}
		struct layout_run run = layout_shape(layout, texts[i]);
		layout_put(layout, flow->page, run, at + mark + 3, y + 2.5, size, LAYOUT_GREY, false);
		at += mark + 3 + layout_width(run, size) + gap;
	}
	return y + 6;
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
		most = fmax(most, fmax(fmax(radar->at[i].need, radar->at[i].have), radar->at[i].others));
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

	draw_area(layout, page, radar, x, y, radius / most);
	for (int ring = 1; ring <= rings; ring++)
		draw_ring(layout, page, radar, x, y, radius, (double)ring / rings, LAYOUT_NONE, LAYOUT_HAIR, 0.6);
	for (size_t i = 0; i < count; i++) {
		struct layout_point end = on_axis(x, y, radius, i, count);
		layout_line(layout, page, x, y, end.x, end.y, 0.6, LAYOUT_HAIR);
	}
	for (int ring = 1; ring <= rings && rings >= most && radius >= 8 * rings; ring++) { /* the levels */
		char digits[] = { (char)('0' + ring), '\0' };
		layout_put(layout, page, layout_shape(layout, digits), x + 1.6, y - radius * ring / rings + 5.4, 5.4,
			LAYOUT_GREY, false);
	}
	for (size_t i = 0; i < count; i++)
		VEC_PUSH(&layout->points, on_axis(x, y, radius * fmax(radar->at[i].need, 0) / most, i, count));
	layout_poly(layout, page, count, LAYOUT_NONE, LAYOUT_INK, 1)->dashed = true;
	draw_others(layout, page, radar, x, y, radius / most);
	draw_outline(layout, page, radar, x, y, radius / most);
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
	double below = y + radius + tallest + 8;
	if (radar->need != NULL)
		below = draw_legend(layout, flow, radar, below);
	layout_unit(layout, flow, first_op, below - top);
	for (size_t i = 0; numbered && i < count; i++)
		layout_text(layout, flow,
			&(struct doc_text){ .text = arena_printf(&layout->scratch, "%s %s", label[i].text,
									radar->at[i].label ? radar->at[i].label : ""),
				.tone = DOC_GREY,
				.small = true });
}
