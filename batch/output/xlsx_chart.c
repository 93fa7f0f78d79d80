/*
 * xlsx_chart.c - native charts. Decides how a chart of the house looks.
 */
#include "output/xlsx_private.h"

#define POINTS_MOST 40u /* of a series with a label at its last */

static uint8_t chart_type(enum book_chart_kind kind)
{
	switch (kind) {
	case BOOK_CHART_COLUMN:
		return LXW_CHART_COLUMN;
	case BOOK_CHART_COLUMN_STACKED:
		return LXW_CHART_COLUMN_STACKED;
	case BOOK_CHART_BAR:
		return LXW_CHART_BAR;
	case BOOK_CHART_BAR_STACKED:
		return LXW_CHART_BAR_STACKED;
	case BOOK_CHART_BAR_PERCENT:
		return LXW_CHART_BAR_STACKED_PERCENT;
	case BOOK_CHART_LINE:
		return LXW_CHART_LINE;
	case BOOK_CHART_PIE:
		return LXW_CHART_PIE;
	case BOOK_CHART_DOUGHNUT:
		return LXW_CHART_DOUGHNUT;
	case BOOK_CHART_RADAR:
		return LXW_CHART_RADAR;
	case BOOK_CHART_SCATTER:
		return LXW_CHART_SCATTER;
	}
	return LXW_CHART_COLUMN;
}

static bool is_bar(enum book_chart_kind kind)
{
	return kind == BOOK_CHART_BAR || kind == BOOK_CHART_BAR_STACKED || kind == BOOK_CHART_BAR_PERCENT;
}

static bool is_round(enum book_chart_kind kind)
{
	return kind == BOOK_CHART_PIE || kind == BOOK_CHART_DOUGHNUT || kind == BOOK_CHART_RADAR;
}

/* The value beside the last point; the others have none. */
static void label_last(lxw_chart_series *made, const struct book_series *series)
{
	static lxw_chart_data_label none = { .hide = LXW_TRUE }, shown = { 0 };
	lxw_chart_data_label *labels[POINTS_MOST + 1] = { NULL };
	uint32_t points = series->values.last_row - series->values.first_row + 1;
	lxw_chart_font font = { .size = 9, .bold = LXW_TRUE, .color = xlsx_sequence_colour(series->colour) };
	if (points > POINTS_MOST)
		return;
	for (uint32_t i = 0; i < points; i++)
		labels[i] = i + 1 == points ? &shown : &none;
	chart_series_set_labels(made);
	chart_series_set_labels_custom(made, labels);
	chart_series_set_labels_font(made, &font);
	chart_series_set_labels_num_format(made, "0.0%");
	chart_series_set_labels_position(made, LXW_CHART_LABEL_POSITION_ABOVE);
}

static int add_series(lxw_chart *chart, const struct book_chart *model, size_t index, struct err *err)
{
	const struct book_series *series = &model->series[index];
	lxw_chart_series *made = chart_add_series(chart, NULL, NULL);
	if (made == NULL)
		return err_set(err, STATUS_INTERNAL, "chart '%s': a series cannot be added", model->title);
	chart_series_set_name(made, series->name);
	chart_series_set_categories(made, series->categories.sheet, series->categories.first_row,
		(lxw_col_t)series->categories.first_column, series->categories.last_row,
		(lxw_col_t)series->categories.last_column);
	chart_series_set_values(made, series->values.sheet, series->values.first_row,
		(lxw_col_t)series->values.first_column, series->values.last_row, (lxw_col_t)series->values.last_column);
	if (series->grey) {
		lxw_chart_fill fill = { .color = 0xeceef2 };
		chart_series_set_fill(made, &fill);
	} else if (series->colour >= 0) {
		lxw_chart_fill fill = { .color = xlsx_sequence_colour(series->colour) };
		lxw_chart_line line = { .color = xlsx_sequence_colour(series->colour), .width = 2 };
		if (model->kind == BOOK_CHART_LINE || model->kind == BOOK_CHART_RADAR)
			chart_series_set_line(made, &line);
		else
			chart_series_set_fill(made, &fill);
	}
	if (model->labels && !series->grey) {
		lxw_chart_font font = { .size = 8, .color = series->colour >= 2 && series->colour != 5 ? 0xffffff : XLSX_INK };
		bool stacked = model->kind == BOOK_CHART_COLUMN_STACKED || model->kind == BOOK_CHART_BAR_STACKED
			|| model->kind == BOOK_CHART_BAR_PERCENT;
		if (!stacked)
			font.color = XLSX_INK;
		chart_series_set_labels(made);
		chart_series_set_labels_font(made, &font);
		/* zeros would only clutter, and so would shares too small for their label */
		chart_series_set_labels_num_format(made, model->percent ? "[>=0.065]0%;;" : "#,##0.##;;");
	}
	if (series->label_last)
		label_last(made, series);
	return 0;
}

int xlsx_write_chart(
	struct xlsx *xlsx, lxw_worksheet *sheet, const struct book_part *part, double pixels, struct err *err)
{
	const struct book_chart *model = &part->chart;
	lxw_chart *chart = workbook_add_chart(xlsx->file, chart_type(model->kind));
	if (chart == NULL)
		return err_set(err, STATUS_INTERNAL, "chart '%s' cannot be added", model->title);
	for (size_t s = 0; s < model->series_count; s++) {
		if (add_series(chart, model, s, err) != 0)
			return -1;
	}
	lxw_chart_font title_font = { .size = 11, .bold = LXW_TRUE, .color = XLSX_INK };
	lxw_chart_font axis_font = { .size = 8, .color = XLSX_GREY, .bold = LXW_EXPLICIT_FALSE };
	lxw_chart_line hairline = { .color = XLSX_HAIRLINE, .width = 0.5 }, none = { .none = LXW_TRUE };
	chart_title_set_name(chart, model->title);
	chart_title_set_name_font(chart, &title_font);
	if (!is_round(model->kind)) {
		/* What the library calls y in bar charts is written as the category axis (seen in the parts of 1.1.4). */
		lxw_chart_axis *category = is_bar(model->kind) ? chart->y_axis : chart->x_axis;
		lxw_chart_axis *value = is_bar(model->kind) ? chart->x_axis : chart->y_axis;
		chart_axis_set_num_font(category, &axis_font);
		chart_axis_set_num_font(value, &axis_font);
		chart_axis_set_line(value, &none);
		chart_axis_set_line(category, &hairline);
		chart_axis_major_gridlines_set_visible(category, LXW_FALSE);
		chart_axis_major_gridlines_set_visible(value, LXW_TRUE);
		chart_axis_major_gridlines_set_line(value, &hairline);
		if (is_bar(model->kind)) {               /* the first category on top, the values still below */
			chart_axis_set_reverse(category);
			chart_axis_set_crossing_max(category);
			chart_axis_set_interval_unit(category, 1); /* every category has its name */
		}
		if (model->percent)
			chart_axis_set_num_format(value, "0%");
		if (model->percent && model->kind != BOOK_CHART_BAR_PERCENT) {
			chart_axis_set_min(value, 0);
			chart_axis_set_max(value, 1);
		}
		if (model->x_title != NULL)
			chart_axis_set_name(category, model->x_title);
		if (model->y_title != NULL)
			chart_axis_set_name(value, model->y_title);
		chart_axis_set_name_font(category, &axis_font);
		chart_axis_set_name_font(value, &axis_font);
		if (model->percent && model->kind == BOOK_CHART_LINE)
			chart_axis_set_major_unit(value, 0.25);
		if (model->series_count > 0 && model->kind != BOOK_CHART_LINE && model->kind != BOOK_CHART_SCATTER)
			chart_set_series_gap(chart, 55);
		if (is_bar(model->kind) && model->kind != BOOK_CHART_BAR)
			chart_set_series_overlap(chart, 100);
		if (model->kind == BOOK_CHART_COLUMN_STACKED)
			chart_set_series_overlap(chart, 100);
	}
	chart_legend_set_font(chart, &axis_font);
	chart_legend_set_position(chart, model->series_count > 1 || is_round(model->kind) ? LXW_CHART_LEGEND_BOTTOM
		: LXW_CHART_LEGEND_NONE);
	chart_chartarea_set_line(chart, &none);
	/*
	 * Default size of the library is 480 × 288 pixels. It ends a chart at a row counted in rows of 20 pixels, whatever
	 * height the rows have (it has forgotten them in constant-memory mode): 20 a row ends it where it should.
	 */
	lxw_chart_options options = { .x_scale = pixels / 480, .y_scale = model->rows * 20.0 / 288,
		.object_position = LXW_OBJECT_MOVE_DONT_SIZE, .description = (char *)model->alt };
	return xlsx_expect(
		worksheet_insert_chart_opt(sheet, part->row, (lxw_col_t)part->column, chart, &options), model->title, err);
}
