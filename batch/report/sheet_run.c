/*
 * sheet_run.c - the run: its name and key, what it read (hash, rows, kept, quarantined), which rules, templates and
 * mappings.
 */
#include "report/sheet.h"

#include "report/figure.h"

#include <string.h>

static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"run: key, inputs with hashes and counts, versions" };

static void facts_of_run(struct sheet_build *build)
{
	const struct report_input *input = build->input;
	struct arena *arena = build->arena;
	enum text_lang lang = build->lang;
	char day[16];
	date_format_iso(facts_params(input->facts)->as_of, day);
	const struct {
		enum label_id id;
		const char *value;
	} lines[] = {
		{ LABEL_RUN_NAME, input->run_name },
		{ LABEL_CENTRE, input->centre },
		{ LABEL_PERIOD,
			arena_printf(arena, "%s (%s)", input->period.name, figure_period(arena, &input->period, lang)) },
		{ LABEL_AS_OF, arena_text(arena, day) },
		{ LABEL_KEY, input->key },
		{ LABEL_RULES_VERSION, arena_printf(arena, "%s %s", build->directory->rulebook, build->directory->version) },
		{ LABEL_RULES_HASH, input->rules_hash },
		{ LABEL_TEMPLATES_HASH, input->templates_hash },
		{ LABEL_MAPPINGS_HASH, input->mappings_hash },
		{ LABEL_PREVIOUS_RUN,
			input->previous != 0 && input->earlier_count > 0 ? input->earlier_periods[0] : label(LABEL_NONE, lang) },
	};
	const uint32_t count = sizeof lines / sizeof lines[0];
	struct book_cell *cells = sheet_cells(build, 0, count, 2);
	for (uint32_t i = 0; i < count; i++) {
		cells[i * 2] = sheet_text(label(lines[i].id, lang), BOOK_STYLE_GREY);
		cells[i * 2 + 1] =
			sheet_text(lines[i].value != NULL && *lines[i].value != '\0' ? lines[i].value : label(LABEL_NONE, lang),
				BOOK_STYLE_NORMAL);
		sheet_width(build, 0, text_width(cells[i * 2].text) + 2);
	}
	sheet_width(build, 1, 40);
	sheet_gap(build, 1);
}

static int stages(struct sheet_build *build, struct err *err)
{
	const struct report_input *input = build->input;
	if (input->stage_count == 0)
		return 0;
	const struct book_column heads[] = { { .title = label(LABEL_STAGE, build->lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_COUNT, build->lang), .format = BOOK_FORMAT_INTEGER } };
	struct book_cell *cells = arena_alloc(build->arena, input->stage_count * 2, sizeof *cells);
	for (size_t i = 0; i < input->stage_count; i++) {
		cells[i * 2] = sheet_text(input->stages[i].name, BOOK_STYLE_NORMAL);
		cells[i * 2 + 1] = sheet_count(input->stages[i].count);
	}
	sheet_heading(build, label(LABEL_STAGES, build->lang));
	if (sheet_grid(build, sheet_table_name(build->arena, xml_attr(build->node, "id"), "_stages"), heads, 2, cells,
			(uint32_t)input->stage_count, err)
		== NULL)
		return -1;
	sheet_gap(build, 1);
	return 0;
}

static int inputs(struct sheet_build *build, struct err *err)
{
	enum text_lang lang = build->lang;
	static const struct {
		enum label_id id;
		enum book_format format;
	} columns[] = {
		{ LABEL_FEED, BOOK_FORMAT_TEXT },
		{ LABEL_FILE, BOOK_FORMAT_TEXT },
		{ LABEL_LOAD, BOOK_FORMAT_TEXT },
		{ LABEL_SNAPSHOT, BOOK_FORMAT_DATE },
		{ LABEL_ENCODING, BOOK_FORMAT_TEXT },
		{ LABEL_BYTES, BOOK_FORMAT_INTEGER },
		{ LABEL_ROWS, BOOK_FORMAT_INTEGER },
		{ LABEL_KEPT, BOOK_FORMAT_INTEGER },
		{ LABEL_REJECTED, BOOK_FORMAT_INTEGER },
		{ LABEL_MERGED, BOOK_FORMAT_INTEGER },
		{ LABEL_HASH, BOOK_FORMAT_TEXT },
	};
	enum { COLUMNS = sizeof columns / sizeof columns[0] };
	struct book_column heads[COLUMNS] = { 0 };
	for (size_t i = 0; i < COLUMNS; i++)
		heads[i] = (struct book_column){ .title = label(columns[i].id, lang), .format = columns[i].format };
	size_t count;
	const struct store_batch *at = facts_batches(build->input->facts, &count);
	sheet_heading(build, label(LABEL_INPUTS, lang));
	if (count == 0) {
		sheet_note(build, label(LABEL_NO_ROWS, lang));
		return 0;
	}
	struct book_cell *cells = arena_alloc(build->arena, count * COLUMNS, sizeof *cells);
	for (size_t i = 0; i < count; i++) {
		struct book_cell *line = cells + i * COLUMNS;
		line[0] = sheet_text(text_pick(&feed_at(at[i].feed)->label, lang), BOOK_STYLE_NORMAL);
		line[1] = sheet_text(at[i].file, BOOK_STYLE_NORMAL);
		line[2] = sheet_text(label(at[i].full ? LABEL_LOAD_FULL : LABEL_LOAD_DELTA, lang), BOOK_STYLE_NORMAL);
		line[3] = sheet_date(at[i].snapshot);
		line[4] = sheet_text(at[i].encoding, BOOK_STYLE_NORMAL);
		line[5] = sheet_count(at[i].bytes);
		line[6] = sheet_count(at[i].rows);
		line[7] = sheet_count(at[i].kept);
		line[8] = sheet_count(at[i].rejected);
		line[9] = sheet_count(at[i].merged);
		line[10] = sheet_text(at[i].sha256, BOOK_STYLE_GREY);
	}
	return sheet_grid(build, sheet_table_name(build->arena, xml_attr(build->node, "id"), "_inputs"), heads, COLUMNS,
			   cells, (uint32_t)count, err)
			== NULL
		? -1
		: 0;
}

static int build_run(struct sheet_build *build, struct err *err)
{
	sheet_title(build, sheet_template_title(build), build->input->run_name);
	facts_of_run(build);
	return stages(build, err) != 0 || inputs(build, err) != 0 ? -1 : 0;
}

const struct sheet_kind sheet_run = { "run", "run: key, inputs with hashes and counts, versions", &shape, NULL,
	build_run, false, 0, "hr", NULL };
