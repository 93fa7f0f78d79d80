/*
 * sheet_quality.c - data quality: whether every row of every input is accounted for, what was found, and what to do
 * about it.
 *
 * Decides: the three tables (batches, findings by kind, findings row by row). Findings come from the store as they were
 * told; nothing is judged here.
 */
#include "report/sheet.h"

#include "base/decimal.h"
#include "report/figure.h"

#include <stdlib.h>
#include <string.h>

static const struct xml_attr_shape attrs[] = { SHEET_ATTRS, { NULL, XML_TEXT, false, NULL, NULL } };
static const struct xml_shape *const children[] = { &sheet_title_shape, NULL };
static const struct xml_shape shape = { "sheet", attrs, children, 0, 0, false,
	"data quality: batches, findings, quarantine" };

static const enum label_id severities[] = { [FINDING_NOTE] = LABEL_SEVERITY_NOTE,
	[FINDING_WARNING] = LABEL_SEVERITY_WARNING,
	[FINDING_REJECT] = LABEL_SEVERITY_REJECT,
	[FINDING_FAULT] = LABEL_SEVERITY_FAULT };
static const enum book_style severity_styles[] = { [FINDING_NOTE] = BOOK_STYLE_GREY,
	[FINDING_WARNING] = BOOK_STYLE_NORMAL,
	[FINDING_REJECT] = BOOK_STYLE_DOWN,
	[FINDING_FAULT] = BOOK_STYLE_DOWN };

static struct book_cell severity_cell(enum finding_id id, enum text_lang lang)
{
	enum finding_severity severity = finding_severity(id);
	return sheet_text(label(severities[severity], lang), severity_styles[severity]);
}

static const char *feed_label(const char *name, enum text_lang lang)
{
	enum feed_id id;
	if (name == NULL || !feed_find(name, &id))
		return name;
	return text_pick(&feed_at(id)->label, lang);
}

static int batches(struct sheet_build *build, struct err *err)
{
	struct arena *arena = build->arena;
	size_t count;
	const struct store_batch *at = facts_batches(build->input->facts, &count);
	enum text_lang lang = build->lang;
	const struct book_column heads[] = {
		{ .title = label(LABEL_FEED, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_FILE, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_ROWS, lang), .format = BOOK_FORMAT_INTEGER, .total = BOOK_TOTAL_SUM },
		{ .title = label(LABEL_KEPT, lang), .format = BOOK_FORMAT_INTEGER, .total = BOOK_TOTAL_SUM },
		{ .title = label(LABEL_REJECTED, lang), .format = BOOK_FORMAT_INTEGER, .total = BOOK_TOTAL_SUM },
		{ .title = label(LABEL_MERGED, lang), .format = BOOK_FORMAT_INTEGER, .total = BOOK_TOTAL_SUM },
		{ .title = label(LABEL_BALANCE, lang), .format = BOOK_FORMAT_TEXT },
	};
	const uint32_t columns = sizeof heads / sizeof heads[0];
	struct book_cell *cells = arena_alloc(arena, count * columns + 1, sizeof *cells);
	sheet_heading(build, label(LABEL_BATCHES, lang));
	if (count == 0) {
		sheet_note(build, label(LABEL_NO_ROWS, lang));
		sheet_gap(build, 1);
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		struct book_cell *line = cells + i * columns;
		line[0] = sheet_text(text_pick(&feed_at(at[i].feed)->label, lang), BOOK_STYLE_NORMAL);
		line[1] = sheet_text(at[i].file, BOOK_STYLE_NORMAL);
		line[2] = sheet_count(at[i].rows);
		line[3] = sheet_count(at[i].kept);
		line[4] = sheet_count(at[i].rejected);
		line[5] = sheet_count(at[i].merged);
		if (at[i].rejected > 0)
			line[4].style = BOOK_STYLE_DOWN;
		uint64_t sum = at[i].kept + at[i].rejected + at[i].merged;
		if (sum == at[i].rows)
			line[6] = sheet_text(label(LABEL_BALANCE_OK, lang), BOOK_STYLE_UP);
		else
			line[6] = sheet_text(
				label_fill(arena, LABEL_BALANCE_OFF, lang, figure_number(arena, (int64_t)(at[i].rows - sum), 0, 0)),
				BOOK_STYLE_DOWN);
	}
	struct book_part *part = sheet_grid(build, sheet_table_name(arena, xml_attr(build->node, "id"), "_batches"), heads,
		columns, cells, (uint32_t)count, err);
	if (part == NULL)
		return -1;
	part->table.totals = true;
	sheet_gap(build, 2);
	return 0;
}

/* ---- every field of every feed ---- */

static bool is_unread(enum field_id id)
{
	static const bool unread[FIELD_COUNT] = {
#define UNREAD(field) [field] = true,
#include "report/unread.def"
#undef UNREAD
	};
	return unread[id];
}

static uint64_t filled(const struct frame *frame, enum field_id id, const uint8_t *known)
{
	const struct frame_column *column = frame_column(frame, (uint32_t)id);
	uint64_t count = 0;
	for (uint32_t row = 0; column != NULL && row < frame->count; row++) {
		bool has = column->type == FRAME_U32 ? column->u32[row] != FRAME_NONE
			: column->type == FRAME_I32      ? column->i32[row] != DATE_NONE
											 : column->i64[row] != DECIMAL_NONE;
		count += has && (known == NULL || known[row]);
	}
	return count;
}

/* The rows of a feed that are looked at; people's feeds: those of the first block of people. */
struct looked {
	const struct frame *frame;
	const uint8_t *known;
	uint64_t rows;
};

static uint64_t rows_of(const struct frame *frame, const uint8_t *known)
{
	uint64_t count = 0;
	for (uint32_t row = 0; row < frame->count; row++)
		count += known == NULL || known[row];
	return count;
}

static int look_at(struct sheet_build *build, struct facts_block *block, enum feed_id id, struct frame *whole,
	struct looked *looked, struct err *err)
{
	const struct facts *facts = build->input->facts;
	const struct facts_table *table = id == FEED_COURSE ? facts_courses(facts)
		: id == FEED_ORG_UNIT                           ? facts_orgs(facts)
		: id == FEED_POSITION                           ? facts_positions(facts)
														: NULL;
	*looked = (struct looked){ 0 };
	if (table != NULL)
		*looked = (struct looked){ .frame = &table->frame, .known = table->known };
	else if (id == FEED_EMPLOYEE)
		*looked = (struct looked){ .frame = &block->employee, .known = block->known };
	else if (feed_at(id)->grain == FEED_GRAIN_EMPLOYEE)
		looked->frame = &block->lists[id].frame;
	else {
		looked->frame = whole;
		if (facts_feed(facts, build->input->store, id, build->arena, whole, err) != 0)
			return -1;
	}
	looked->rows = rows_of(looked->frame, looked->known);
	return 0;
}

static enum label_id use_of(const struct findings *findings, const struct feed *feed, enum field_id field)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->at[i].id == FINDING_UNUSED_FEED && strcmp(findings->at[i].feed, feed->name) == 0)
			return LABEL_FIELD_UNUSED;
	if (!is_unread(field))
		return LABEL_FIELD_READ;
	return feed->id == FEED_EMPLOYEE || feed->id == FEED_COURSE ? LABEL_FIELD_BY_NAME : LABEL_FIELD_UNUSED;
}

static int fields(struct sheet_build *build, const struct findings *findings, struct err *err)
{
	enum text_lang lang = build->lang;
	const struct book_column heads[] = {
		{ .title = label(LABEL_FEED, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_FIELD, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_FIELD_NAME, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_ROWS, lang), .format = BOOK_FORMAT_INTEGER },
		{ .title = label(LABEL_FILLED, lang), .format = BOOK_FORMAT_INTEGER },
		{ .title = label(LABEL_FILLED_SHARE, lang), .format = BOOK_FORMAT_PERCENT },
		{ .title = label(LABEL_FIELD_USE, lang), .format = BOOK_FORMAT_TEXT },
	};
	enum { COLUMNS = sizeof heads / sizeof heads[0] };
	struct book_cell *cells = arena_alloc(build->arena, (size_t)FIELD_COUNT * COLUMNS, sizeof *cells);
	struct facts_block block = { 0 };
	uint32_t rows = 0, all = 0;
	int status = 0;
	for (int id = 0; id < FEED_COUNT; id++)
		if (feed_at((enum feed_id)id)->grain == FEED_GRAIN_EMPLOYEE)
			all |= 1u << id;
	if (facts_block_count(build->input->facts) > 0)
		status = facts_block_load(build->input->facts, build->input->store, 0, all, &block, err);
	for (int id = 0; id < FEED_COUNT && status == 0; id++) {
		const struct feed *feed = feed_at((enum feed_id)id);
		struct frame whole = { 0 };
		struct looked looked;
		status = look_at(build, &block, feed->id, &whole, &looked, err);
		for (size_t f = 0; f < feed->field_count && status == 0; f++) {
			struct book_cell *line = cells + (size_t)rows++ * COLUMNS;
			uint64_t count = filled(looked.frame, feed->fields[f].id, looked.known);
			line[0] = sheet_text(text_pick(&feed->label, lang), BOOK_STYLE_NORMAL);
			line[1] = sheet_text(text_pick(&feed->fields[f].label, lang), BOOK_STYLE_NORMAL);
			line[2] = sheet_text(feed->fields[f].name, BOOK_STYLE_GREY);
			line[3] = sheet_count(looked.rows);
			line[4] = sheet_count(count);
			if (looked.rows > 0)
				line[5] = sheet_number((int64_t)(count * 100 / looked.rows), 2, BOOK_FORMAT_PERCENT);
			enum label_id use = looked.rows == 0 ? LABEL_FEED_NOT_GIVEN
				: count == 0                     ? LABEL_FIELD_NOT_GIVEN
												 : use_of(findings, feed, feed->fields[f].id);
			line[6] = sheet_text(label(use, lang), use == LABEL_FIELD_READ ? BOOK_STYLE_NORMAL : BOOK_STYLE_GREY);
		}
	}
	facts_block_release(&block);
	if (status != 0)
		return -1;
	sheet_heading(build, label_fill(build->arena, LABEL_FIELDS, lang, (unsigned)STORE_BLOCK));
	if (sheet_grid(build, sheet_table_name(build->arena, xml_attr(build->node, "id"), "_fields"), heads, COLUMNS, cells,
			rows, err)
		== NULL)
		return -1;
	sheet_gap(build, 1);
	return 0;
}

struct detail {
	struct findings findings;
	enum text_lang lang;
	uint32_t *order;
};

static void detail_release(void *what)
{
	struct detail *detail = what;
	findings_release(&detail->findings);
	free(detail->order);
	free(detail);
}

#define DETAIL_COLUMNS 9u

static int detail_row(void *context, uint32_t row, struct book_cell *cells, struct err *err)
{
	struct detail *detail = context;
	const struct finding *finding = &detail->findings.at[detail->order[row]];
	(void)err;
	cells[0] = severity_cell(finding->id, detail->lang);
	cells[1] = sheet_text(finding_message(finding->id, detail->lang), BOOK_STYLE_NORMAL);
	cells[2] = sheet_text(feed_label(finding->feed, detail->lang), BOOK_STYLE_NORMAL);
	cells[3] = sheet_text(finding->file, BOOK_STYLE_NORMAL);
	cells[4] = finding->row > 0 ? sheet_count(finding->row) : (struct book_cell){ .kind = BOOK_EMPTY };
	cells[5] = sheet_text(finding->column, BOOK_STYLE_NORMAL);
	cells[6] = sheet_text(finding->text, BOOK_STYLE_NORMAL);
	cells[7] = sheet_text(finding->detail != NULL ? label_code(finding->detail, detail->lang) : NULL, BOOK_STYLE_GREY);
	cells[8] = sheet_text(label_advice(finding->id, detail->lang), BOOK_STYLE_NORMAL);
	return 0;
}

/* Worst first, then as findings_sort has them. */
static int by_severity(const void *a, const void *b, void *context)
{
	const struct findings *findings = context;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	int p = (int)finding_severity(findings->at[x].id), q = (int)finding_severity(findings->at[y].id);
	return p != q ? (p < q) - (p > q) : (x > y) - (x < y);
}

static int summary(struct sheet_build *build, struct detail *detail, struct err *err)
{
	enum text_lang lang = build->lang;
	const struct book_column heads[] = {
		{ .title = label(LABEL_SEVERITY, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_FINDING, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_COUNT, lang), .format = BOOK_FORMAT_INTEGER },
		{ .title = label(LABEL_ADVICE, lang), .format = BOOK_FORMAT_TEXT },
	};
	uint64_t total[FINDING_COUNT] = { 0 };
	for (size_t i = 0; i < detail->findings.count; i++)
		total[detail->findings.at[i].id] += detail->findings.at[i].count > 1 ? detail->findings.at[i].count : 1;
	struct book_cell *cells = arena_alloc(build->arena, (size_t)FINDING_COUNT * 4, sizeof *cells);
	uint32_t rows = 0;
	for (int severity = FINDING_FAULT; severity >= FINDING_NOTE; severity--)
		for (int id = 0; id < FINDING_COUNT; id++) {
			uint64_t count = detail->findings.total[id] > total[id] ? detail->findings.total[id] : total[id];
			if (count == 0 || (int)finding_severity((enum finding_id)id) != severity)
				continue;
			struct book_cell *line = cells + (size_t)rows++ * 4;
			line[0] = severity_cell((enum finding_id)id, lang);
			line[1] = sheet_text(finding_message((enum finding_id)id, lang), BOOK_STYLE_NORMAL);
			line[2] = sheet_count(count);
			line[3] = sheet_text(label_advice((enum finding_id)id, lang), BOOK_STYLE_NORMAL);
		}
	sheet_heading(build, label(LABEL_FINDING_SUMMARY, lang));
	if (rows == 0) {
		sheet_note(build, label(LABEL_FINDINGS_NONE, lang));
		return 0;
	}
	if (sheet_grid(
			build, sheet_table_name(build->arena, xml_attr(build->node, "id"), "_kinds"), heads, 4, cells, rows, err)
		== NULL)
		return -1;
	sheet_gap(build, 1);
	return 0;
}

static int build_quality(struct sheet_build *build, struct err *err)
{
	const struct report_input *input = build->input;
	enum text_lang lang = build->lang;
	struct detail *detail = mem_new(1, sizeof *detail);
	sheet_later(build, detail_release, detail);
	detail->lang = lang;
	detail->findings.limit = SIZE_MAX;
	size_t count;
	const struct store_batch *at = facts_batches(input->facts, &count);
	for (size_t i = 0; i < count; i++)
		if (store_findings_get(input->store, at[i].id, 0, &detail->findings, err) != 0)
			return -1;
	if (store_findings_get(input->store, 0, input->run, &detail->findings, err) != 0)
		return -1;
	findings_sort(&detail->findings);
	sheet_title(build, sheet_template_title(build),
		arena_printf(build->arena, "%s%s%s", figure_period(build->arena, &input->period, lang),
			label(LABEL_SEPARATOR, lang), input->run_name));
	if (batches(build, err) != 0 || summary(build, detail, err) != 0 || fields(build, &detail->findings, err) != 0)
		return -1;
	uint32_t rows = detail->findings.count < SHEET_ROWS_MOST - build->row ? (uint32_t)detail->findings.count
																		  : SHEET_ROWS_MOST - build->row;
	if (rows == 0)
		return 0;
	detail->order = mem_new(detail->findings.count, sizeof *detail->order);
	for (uint32_t i = 0; i < detail->findings.count; i++)
		detail->order[i] = i;
	qsort_r(detail->order, detail->findings.count, sizeof *detail->order, by_severity, &detail->findings);
	const struct book_column heads[DETAIL_COLUMNS] = {
		{ .title = label(LABEL_SEVERITY, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_FINDING, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_FEED, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_FILE, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_ROW, lang), .format = BOOK_FORMAT_INTEGER },
		{ .title = label(LABEL_COLUMN, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_TEXT_FOUND, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_DETAIL, lang), .format = BOOK_FORMAT_TEXT },
		{ .title = label(LABEL_ADVICE, lang), .format = BOOK_FORMAT_TEXT },
	};
	sheet_heading(build, label(LABEL_FINDING_LIST, lang));
	return sheet_table(build, sheet_table_name(build->arena, xml_attr(build->node, "id"), "_rows"), heads,
			   DETAIL_COLUMNS, rows, detail_row, detail, false, err)
			== NULL
		? -1
		: 0;
}

const struct sheet_kind sheet_quality = { "quality", "data quality: batches, findings and quarantine, what to do",
	&shape, NULL, build_quality, false, 0, "hr", NULL };
