/*
 * dash_count.c - what a dashboard counts, in one pass over the people, and what of it is hidden.
 *
 * Decides: which counts hang together. A table's lines are told to the set with their totals; the movement's columns
 * end at this period's totals; the boxes and those outside them make up everybody. Of a tile only its expression is
 * known: where those who count in it are exactly the people of some grades, of some departments, or the ready of some
 * key positions, a reader may know as much, and it is told as a sum. Tiles are shown by their own numbers alone (so
 * that a change against last quarter tells nothing last quarter's page did not); where they would tell something
 * hidden, more is hidden elsewhere.
 */
#include "report/dash.h"

#include "report/roles.h"
#include "report/suppress.h"

#include <stdlib.h>
#include <string.h>

struct counting {
	struct dash *dash;
	const struct report_input *input;
	struct arena *arena;
	struct view *view;
	struct roles roles;
	struct departments departments;
	int org;
	int class[DASH_STEPS], target[DASH_STEPS]; /* values of each track */
	uint32_t tracks;
	uint32_t slots;
	uint64_t *count; /* department x slots */
	uint32_t *line; /* of each department on the page */
	bool others; /* the smallest ones share the last line */
	uint64_t *from; /* slots x slots */
	/* how a tile's people fall: by slot, by department, by key position */
	uint64_t *tile_slot, *tile_unit, *tile_seat; /* tile x n */
	uint64_t tile_ready[TILES_MOST]; /* of them those ready for some key position */
	uint64_t seat[DASH_SEATS]; /* people ready for it, by their nearest target on each track */
	struct dash_bench *bench;
	const char *seat_step[DASH_SEATS];
};

static uint32_t slot(struct counting *counting, int value, uint32_t row)
{
	struct view_cell cell;
	int64_t whole;
	view_at(counting->view, value, row, &cell);
	if (cell.kind != VIEW_NUMBER || !decimal_round(cell.number, cell.scale, 0, &whole) || whole < counting->roles.low
		|| whole > counting->roles.high)
		return counting->slots - 1;
	return (uint32_t)(whole - counting->roles.low);
}

/* Bits of the key positions somebody is ready for, as their row of the people tells. */
static uint32_t seats_of(struct counting *counting, uint32_t row)
{
	uint32_t found = 0;
	for (uint32_t t = 0; t < counting->tracks; t++) {
		struct view_cell class, target;
		view_at(counting->view, counting->class[t], row, &class);
		if (class.kind != VIEW_TEXT || strcmp(class.text, "now") != 0)
			continue;
		view_at(counting->view, counting->target[t], row, &target);
		for (uint32_t s = 0; target.kind == VIEW_TEXT && s < counting->bench->count; s++)
			if (counting->seat_step[s] != NULL && strcmp(counting->seat_step[s], target.text) == 0)
				found |= 1u << s;
	}
	return found;
}

static void count_person(void *context, struct view *view, uint32_t row, const uint8_t *in)
{
	struct counting *counting = context;
	const struct dash *dash = counting->dash;
	const struct frame_column *units = view->values.at[counting->org].column;
	uint32_t unit = departments_of(&counting->departments, units != NULL ? units->u32[row] : FRAME_NONE);
	uint32_t now = slot(counting, counting->roles.grade, row), seats = seats_of(counting, row);
	counting->count[(size_t)unit * counting->slots + now]++;
	counting->from[(size_t)slot(counting, counting->roles.before, row) * counting->slots + now]++;
	for (uint32_t s = 0; s < counting->bench->count; s++)
		counting->seat[s] += seats >> s & 1;
	for (size_t t = 0; t < dash->now.count; t++) {
		if (in[t] != 2)
			continue;
		counting->tile_slot[t * counting->slots + now]++;
		counting->tile_unit[t * counting->departments.count + unit]++;
		counting->tile_ready[t] += seats != 0;
		for (uint32_t s = 0; s < counting->bench->count; s++)
			counting->tile_seat[t * DASH_SEATS + s] += seats >> s & 1;
	}
}

/* ---- tables ---- */

struct unit_size {
	uint32_t unit;
	uint64_t people;
};

static int by_size(const void *a, const void *b)
{
	const struct unit_size *x = a, *y = b;
	if (x->people != y->people)
		return x->people > y->people ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

/* The line of the page each department stands in; the smallest share the last one where there are too many. */
static void order_units(struct counting *counting, uint32_t *line)
{
	struct dash_stars *stars = &counting->dash->stars;
	uint32_t units = counting->departments.count, count = 0;
	struct unit_size *size = arena_alloc(counting->arena, (size_t)units + 1, sizeof *size);
	stars->name = arena_alloc(counting->arena, (size_t)units + 2, sizeof *stars->name);
	for (uint32_t u = 0; u < units; u++) {
		size[count] = (struct unit_size){ .unit = u };
		for (uint32_t g = 0; g < stars->grades; g++)
			size[count].people += counting->count[(size_t)u * counting->slots + g];
		count += size[count].people > 0;
	}
	if (count > 1)
		qsort(size, count, sizeof *size, by_size);
	uint32_t own = count > DASH_DEPARTMENTS ? DASH_DEPARTMENTS - 1 : count;
	for (uint32_t u = 0; u < units; u++)
		line[u] = own;
	for (uint32_t i = 0; i < own; i++)
		line[size[i].unit] = 0; /* has a line of its own */
	for (uint32_t u = 0; u < units; u++)
		if (line[u] == 0) {
			stars->name[stars->rows] = counting->departments.name[u];
			line[u] = stars->rows++;
		}
	counting->others = own < count;
	if (counting->others)
		stars->name[stars->rows++] = label(LABEL_DASH_OTHERS, counting->input->lang);
}

static uint32_t add_cell(struct suppress_set *set, uint64_t count)
{
	return suppress_set_cell(set, count, false);
}

static void lay_out_stars(struct counting *counting)
{
	struct dash_stars *stars = &counting->dash->stars;
	struct suppress_set *set = counting->dash->set;
	struct arena *arena = counting->arena;
	uint32_t *line = counting->line = arena_alloc(arena, (size_t)counting->departments.count + 1, sizeof *line);
	uint32_t grades = stars->grades, wide = grades + 1, sum[3];
	uint64_t without = 0;
	order_units(counting, line);
	size_t size = (size_t)(stars->rows + 1) * wide;
	stars->count = arena_alloc(arena, size, sizeof *stars->count);
	stars->cell = arena_alloc(arena, size, sizeof *stars->cell);
	for (uint32_t u = 0; u < counting->departments.count; u++) {
		const uint64_t *count = counting->count + (size_t)u * counting->slots;
		without += count[grades];
		for (uint32_t g = 0; g < grades; g++) {
			if (count[g] == 0)
				continue;
			stars->count[(size_t)line[u] * wide + g] += count[g];
			stars->count[(size_t)line[u] * wide + grades] += count[g];
			stars->count[(size_t)stars->rows * wide + g] += count[g];
			stars->graded += count[g];
		}
	}
	stars->count[size - 1] = stars->graded;
	stars->people = stars->graded + without;
	for (size_t i = 0; i < size; i++)
		stars->cell[i] = add_cell(set, stars->count[i]);
	suppress_set_table(set, stars->rows + 1, wide, stars->cell, true, true);
	sum[0] = stars->graded_cell = stars->cell[size - 1];
	sum[1] = add_cell(set, without);
	sum[2] = stars->people_cell = add_cell(set, stars->people);
	suppress_set_table(set, 1, 3, sum, true, false);
}

/* How many rose, stayed and fell: sums over the matrix, told unless they are few. */
static void lay_out_moves(struct counting *counting)
{
	struct dash_stars *stars = &counting->dash->stars;
	struct suppress_set *set = counting->dash->set;
	uint32_t grades = stars->grades, all[5];
	uint32_t *line = arena_alloc(counting->arena, (size_t)grades * grades + 1, sizeof *line);
	uint64_t before = 0;
	for (int way = 0; way < 3; way++) {
		uint32_t count = 0;
		for (uint32_t from = 0; from < grades; from++)
			for (uint32_t to = 0; to < grades; to++) {
				if (way != (to > from ? 0 : to == from ? 1 : 2))
					continue;
				line[count++] = stars->from_cell[(size_t)from * grades + to];
				stars->moves[way] += stars->from[(size_t)from * grades + to];
			}
		before += stars->moves[way];
		line[count] = all[way] = stars->moves_cell[way] =
			suppress_set_cell(set, stars->moves[way], stars->moves[way] >= SUPPRESS_LEAST);
		suppress_set_table(set, 1, count + 1, line, true, false);
	}
	all[3] = add_cell(set, stars->graded - before); /* graded for the first time */
	all[4] = stars->graded_cell;
	suppress_set_table(set, 1, 5, all, true, false);
}

/*
 * Whoever was not graded before stands in no line of the matrix, but what a column lacks of this period's total is
 * their number: it is a cell like the others.
 */
static void lay_out_movement(struct counting *counting)
{
	struct dash_stars *stars = &counting->dash->stars;
	struct suppress_set *set = counting->dash->set;
	uint32_t grades = stars->grades, slots = counting->slots;
	uint32_t *sum = arena_alloc(counting->arena, (size_t)slots + 1, sizeof *sum);
	stars->from = arena_alloc(counting->arena, (size_t)grades * grades, sizeof *stars->from);
	stars->from_cell = arena_alloc(counting->arena, (size_t)grades * grades, sizeof *stars->from_cell);
	for (uint32_t from = 0; from < grades; from++)
		for (uint32_t to = 0; to < grades; to++) {
			size_t at = (size_t)from * grades + to;
			stars->from[at] = counting->from[(size_t)from * slots + to];
			stars->from_cell[at] = add_cell(set, stars->from[at]);
		}
	suppress_set_table(set, grades, grades, stars->from_cell, false, false);
	lay_out_moves(counting);
	for (uint32_t to = 0; to < grades; to++) {
		for (uint32_t from = 0; from < grades; from++)
			sum[from] = stars->from_cell[(size_t)from * grades + to];
		sum[grades] = add_cell(set, counting->from[(size_t)grades * slots + to]);
		sum[slots] = stars->cell[(size_t)stars->rows * (grades + 1) + to];
		suppress_set_table(set, 1, slots + 1, sum, true, false);
	}
}

static void lay_out_nine(struct counting *counting)
{
	struct dash *dash = counting->dash;
	struct dash_nine *shown = &dash->nine;
	uint32_t places = NINE_BOXES + shown->nine.states, line[NINE_STATES + 1];
	for (uint32_t i = 0; i < places; i++)
		line[i] = shown->cell[i] = add_cell(dash->set, shown->nine.count[i]);
	suppress_set_table(dash->set, 3, 3, shown->cell, false, false);
	if (shown->nine.states > 0)
		suppress_set_table(dash->set, 1, shown->nine.states, shown->cell + NINE_BOXES, false, false);
	/* everybody stands in a box or outside for a reason */
	if (dash->stars.grades == 0 || shown->nine.people != dash->now.people)
		return;
	line[places] = dash->stars.people_cell;
	suppress_set_table(dash->set, 1, places + 1, line, true, false);
}

static void lay_out_bench(struct dash *dash)
{
	struct dash_bench *bench = &dash->bench;
	uint32_t column[3][DASH_SEATS];
	for (uint32_t i = 0; i < bench->count; i++) {
		struct dash_seat *seat = &bench->at[i];
		column[0][i] = seat->incumbents_cell = add_cell(dash->set, seat->incumbents);
		column[1][i] = seat->ready_cell = add_cell(dash->set, seat->ready);
		column[2][i] = seat->near_cell = add_cell(dash->set, seat->near);
	}
	for (int k = 0; k < 3 && bench->count > 0; k++)
		suppress_set_table(dash->set, bench->count, 1, column[k], false, false);
}

/* ---- tiles ---- */

/* A tile whose people are all those of some cells: they add up to it. */
static void tell_sum(struct dash *dash, uint32_t tile, const uint32_t *cells, uint32_t count, struct arena *arena)
{
	uint32_t *line = arena_alloc(arena, (size_t)count + 1, sizeof *line);
	memcpy(line, cells, count * sizeof *line);
	line[count] = dash->tile_cell[tile];
	suppress_set_table(dash->set, 1, count + 1, line, true, false);
}

static void relate_tile(struct counting *counting, uint32_t t)
{
	struct dash *dash = counting->dash;
	const struct tile *tile = &dash->now.at[t];
	const struct dash_stars *stars = &dash->stars;
	uint32_t grades = stars->grades, slots = counting->slots, wide = grades + 1, count = 0;
	uint32_t *cells =
		arena_alloc(counting->arena, (size_t)counting->departments.count + grades + DASH_SEATS, sizeof *cells);
	bool whole = grades > 0 && counting->tile_slot[t * slots + grades] == 0;
	for (uint32_t g = 0; whole && g < grades; g++) { /* some grades */
		uint64_t in = counting->tile_slot[t * slots + g];
		whole = in == 0 || in == stars->count[(size_t)stars->rows * wide + g];
		if (in > 0)
			cells[count++] = stars->cell[(size_t)stars->rows * wide + g];
	}
	if (whole && count > 0)
		tell_sum(dash, t, cells, count, counting->arena);
	whole = grades > 0 && !counting->others && counting->tile_slot[t * slots + grades] == 0;
	count = 0;
	for (uint32_t u = 0; whole && u < counting->departments.count; u++) { /* the graded of some departments */
		uint64_t in = counting->tile_unit[t * counting->departments.count + u], all = 0;
		for (uint32_t g = 0; g < grades; g++)
			all += counting->count[(size_t)u * slots + g];
		whole = in == 0 || in == all;
		if (in > 0)
			cells[count++] = stars->cell[(size_t)counting->line[u] * wide + grades];
	}
	if (whole && count > 0)
		tell_sum(dash, t, cells, count, counting->arena);
	uint64_t people = 0;
	whole = counting->tile_ready[t] == tile->count;
	count = 0;
	for (uint32_t s = 0; whole && s < dash->bench.count; s++) { /* the ready of some key positions */
		uint64_t in = counting->tile_seat[t * DASH_SEATS + s];
		whole = in == 0 || in == dash->bench.at[s].ready;
		if (in > 0)
			cells[count++] = dash->bench.at[s].ready_cell;
		people += in;
	}
	if (whole && count > 0 && people == tile->count)
		tell_sum(dash, t, cells, count, counting->arena);
}

static void lay_out_tiles(struct counting *counting)
{
	struct dash *dash = counting->dash;
	for (uint32_t t = 0; t < dash->now.count; t++) {
		const struct tile *tile = &dash->now.at[t];
		const char *total = xml_attr(tile->node, "total");
		dash->tile_cell[t] = UINT32_MAX;
		if (!tile->known || !tile->of_people || tile->open || !tiles_tells(&dash->now, tile)
			|| (strcmp(total, "share") != 0 && strcmp(total, "count") != 0))
			continue;
		dash->tile_cell[t] = suppress_set_cell(dash->set, tile->count, true);
		relate_tile(counting, t);
	}
}

bool dash_hidden(const struct dash *dash, uint32_t cell)
{
	return suppress_set_hidden(dash->set, cell);
}

bool dash_tile_hidden(const struct dash *dash, size_t tile)
{
	return !tiles_tells(&dash->now, &dash->now.at[tile])
		|| (dash->tile_cell[tile] != UINT32_MAX && dash_hidden(dash, dash->tile_cell[tile]));
}

/* ---- all of it ---- */

static void find_tracks(struct counting *counting)
{
	const struct result_directory *directory = counting->input->directory;
	const struct result_table *people = result_table(directory, "people");
	for (size_t i = 0; i < people->column_count && counting->tracks < DASH_STEPS; i++) {
		const struct result_column *class = &people->columns[i];
		if (strcmp(class->role, "readiness") != 0 || *class->member == '\0')
			continue;
		const struct result_column *target = roles_column(directory, class->rule, "target", class->member);
		if (target == NULL)
			continue;
		counting->class[counting->tracks] = roles_bind(counting->view, class);
		counting->target[counting->tracks++] = roles_bind(counting->view, target);
	}
}

/* The run of the period before, asked for the same tiles. */
static int compare(struct dash *dash, struct sheet_build *build, struct err *err)
{
	const struct report_input *input = build->input;
	if (input->previous == 0)
		return 0;
	struct report_input *then = arena_alloc(build->arena, 1, sizeof *then);
	*then = *input;
	then->run = input->previous;
	then->directory = input->previous_directory;
	then->previous = 0;
	then->previous_directory = NULL;
	dash->compared = true;
	return tiles_bind(&dash->before, build->node, "kpi", TILES_FIXED, then, then->directory, NULL, err) != 0
			|| tiles_sum(&dash->before, true, err) != 0
		? -1
		: 0;
}

static int count_people(struct counting *counting, struct sheet_build *build, struct err *err)
{
	struct dash *dash = counting->dash;
	const struct report_input *input = counting->input;
	struct arena *arena = counting->arena;
	if (tiles_bind(&dash->now, build->node, "kpi", TILES_FIXED, input, build->directory, build->previous, err) != 0)
		return -1;
	counting->view = &dash->now.source[0].view;
	counting->bench = &dash->bench;
	roles_find(counting->view, ROLES_GRADE, arena, &counting->roles);
	counting->org = view_bind_name(counting->view, view_names_find(counting->view->names, "org_unit"));
	find_tracks(counting);
	departments_make(input->facts, false, input->lang, arena, &counting->departments);
	if (counting->roles.grade >= 0) {
		dash->stars.grades = (uint32_t)(counting->roles.high - counting->roles.low + 1);
		dash->stars.low = counting->roles.low;
	}
	counting->slots = dash->stars.grades + 1;
	dash->stars.moved = dash->stars.grades > 0 && input->previous != 0 && counting->roles.before >= 0
		&& counting->view->values.at[counting->roles.before].name->before != NULL;
	size_t units = counting->departments.count, slots = counting->slots;
	counting->count = arena_alloc(arena, units * slots, sizeof *counting->count);
	counting->from = arena_alloc(arena, slots * slots, sizeof *counting->from);
	counting->tile_slot = arena_alloc(arena, TILES_MOST * slots, sizeof *counting->tile_slot);
	counting->tile_unit = arena_alloc(arena, TILES_MOST * units, sizeof *counting->tile_unit);
	counting->tile_seat = arena_alloc(arena, (size_t)TILES_MOST * DASH_SEATS, sizeof *counting->tile_seat);
	for (uint32_t s = 0; s < dash->bench.count; s++)
		counting->seat_step[s] = dash->bench.at[s].step;
	dash->now.each = count_person;
	dash->now.context = counting;
	return tiles_sum(&dash->now, false, err);
}

int dash_make(struct dash *dash, struct sheet_build *build, struct err *err)
{
	struct counting *counting = arena_alloc(build->arena, 1, sizeof *counting);
	const struct report_input *input = build->input;
	const struct xml_node *trend = dash_block(build->node, "trend");
	*counting = (struct counting){ .dash = dash, .input = input, .arena = build->arena, .org = -1 };
	dash->set = suppress_set_new();
	if ((dash_block(build->node, "bench") != NULL && dash_bench_make(&dash->bench, input, build->arena, err) != 0)
		|| (dash_block(build->node, "nine-box") != NULL
			&& nine_make(&dash->nine.nine, input, false, build->arena, err) != 0)
		|| (dash_block(build->node, "gaps") != NULL
			&& heat_make(&dash->heat, input, "priority", false, build->arena, err) != 0)
		|| (trend != NULL && dash_trend_make(&dash->trend, trend, input, build->arena, err) != 0)
		|| count_people(counting, build, err) != 0 || compare(dash, build, err) != 0)
		return -1;
	if (dash->stars.grades > 0)
		lay_out_stars(counting);
	if (dash->stars.moved)
		lay_out_movement(counting);
	if (dash->nine.nine.there)
		lay_out_nine(counting);
	lay_out_bench(dash);
	lay_out_tiles(counting);
	suppress_set_settle(dash->set);
	return 0;
}

void dash_release(struct dash *dash)
{
	suppress_set_free(dash->set);
	tiles_release(&dash->now);
	tiles_release(&dash->before);
}
