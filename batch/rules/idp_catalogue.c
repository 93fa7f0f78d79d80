/*
 * idp_catalogue.c - the course catalogue as a graph, and the cheapest chain of courses from one level to another.
 *
 * Decides: a course can be taken from any level from_level … to_level - 1 of its competency (from_level blank: to_level
 * - 1) and leads to to_level; a chain ends at or above the required level; prerequisites that are a cycle, and unknown
 * ones, are told and left out. Cost is a set: what is held or chosen costs nothing, what two courses need costs once.
 * Of chains with the same cost in unknown hours, hours and courses the one whose sorted ids come first is taken; of
 * those that want the very same courses the one with fewer steps, then the one whose steps' ids come first.
 *
 * Chains are searched level by level. A partial chain is dropped where another one at the same level costs no more and
 * has everything the dropped one could still have used. At most LABELS of them are kept a level, the cheapest.
 */
#include "rules/idp.h"

#include <stdlib.h>
#include <string.h>

#define LABELS 256u

/* --- reading the catalogue --- */
struct course_id {
	const char *id;
	uint32_t key;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct course_id *)a)->id, ((const struct course_id *)b)->id);
}

/* Known courses by id; *rank by key, FRAME_NONE for keys without a course. */
static uint32_t *order_courses(const struct facts *facts, struct arena *arena, uint32_t **rank, uint32_t *known)
{
	const struct facts_table *courses = facts_courses(facts);
	uint32_t count = courses->frame.count;
	struct course_id *ids = arena_alloc(arena, count + 1u, sizeof *ids);
	uint32_t *order = arena_alloc(arena, count + 1u, sizeof *order);
	*rank = arena_alloc(arena, count + 1u, sizeof **rank);
	*known = 0;
	for (uint32_t k = 0; k < count; k++) {
		(*rank)[k] = FRAME_NONE;
		if (courses->known[k])
			ids[(*known)++] = (struct course_id){ facts_key(facts, KEY_DIM_COURSE, k), k };
	}
	qsort(ids, *known, sizeof *ids, by_id);
	for (uint32_t i = 0; i < *known; i++) {
		order[i] = ids[i].key;
		(*rank)[ids[i].key] = i;
	}
	return order;
}

static void tell_course(struct rules_work *work, enum finding_id id, uint32_t course, const char *text)
{
	uint64_t line = 0;
	const char *file = facts_source(work->facts, &facts_courses(work->facts)->frame, course, &line);
	findings_add(work->findings,
		&(struct finding){ .id = id,
			.feed = "course",
			.file = file,
			.row = line,
			.column = "prerequisites",
			.text = text,
			.detail = facts_key(work->facts, KEY_DIM_COURSE, course) });
}

struct edges {
	uint32_t *at, *to;
};

static int by_rank(const uint32_t *rank, uint32_t a, uint32_t b)
{
	return rank[a] < rank[b] ? -1 : rank[a] > rank[b];
}

/* Prerequisites as written: known courses, each once, by id. */
static struct edges read_edges(struct rules_work *work, const uint32_t *rank)
{
	const struct facts_table *courses = facts_courses(work->facts);
	const struct frame_column *column = frame_column(&courses->frame, COURSE_PREREQUISITES);
	VEC(uint32_t) to = { 0 };
	struct edges edges = { .at = arena_alloc(&work->arena, courses->frame.count + 2u, sizeof *edges.at) };
	for (uint32_t k = 0; k < courses->frame.count; k++) {
		const char *list = column == NULL ? NULL : frame_text(&courses->frame, column, k), *id;
		size_t length, from = to.count;
		edges.at[k] = (uint32_t)to.count;
		while (courses->known[k] && list != NULL && (length = text_next_id(&list, &id)) > 0) {
			const char *text = arena_copy(&work->arena, id, length);
			uint32_t key = facts_find(work->facts, KEY_DIM_COURSE, text);
			bool known = key < courses->frame.count && courses->known[key];
			if (!known) {
				tell_course(work, FINDING_UNKNOWN_REFERENCE, k, text);
				continue;
			}
			size_t place = from;
			while (place < to.count && by_rank(rank, to.at[place], key) < 0)
				place++;
			if (place < to.count && to.at[place] == key)
				continue;
			VEC_PUSH(&to, key);
			memmove(&to.at[place + 1], &to.at[place], (to.count - 1 - place) * sizeof *to.at);
			to.at[place] = key;
		}
	}
	edges.at[courses->frame.count] = (uint32_t)to.count;
	edges.to = arena_alloc(&work->arena, to.count + 1, sizeof *edges.to);
	if (to.count > 0)
		memcpy(edges.to, to.at, to.count * sizeof *to.at);
	VEC_RELEASE(&to);
	return edges;
}

static struct edges turn(const struct edges *edges, uint32_t count, struct arena *arena)
{
	struct edges back = { arena_alloc(arena, count + 2u, sizeof *back.at),
		arena_alloc(arena, edges->at[count] + 1u, sizeof *back.to) };
	uint32_t *fill = arena_alloc(arena, count + 1u, sizeof *fill);
	for (uint32_t e = 0; e < edges->at[count]; e++)
		back.at[edges->to[e] + 1]++;
	for (uint32_t k = 0; k < count; k++)
		back.at[k + 1] += back.at[k];
	for (uint32_t k = 0; k < count; k++)
		for (uint32_t e = edges->at[k]; e < edges->at[k + 1]; e++)
			back.to[back.at[edges->to[e]] + fill[edges->to[e]]++] = k;
	return back;
}

/*
 * Visits every course reached from `start` by unseen ones, depth first; numbers it in `group`, and adds each to `done`
 * when everything behind it is done. Returns the new length of `done`. `stack` and `next` have room for all.
 */
static uint32_t visit(const struct edges *edges, uint32_t start, uint32_t number, uint32_t *group, uint32_t *done,
	uint32_t used, uint32_t *stack, uint32_t *next)
{
	uint32_t depth = 0;
	group[start] = number;
	next[start] = edges->at[start];
	stack[depth++] = start;
	while (depth > 0) {
		uint32_t top = stack[depth - 1];
		if (next[top] == edges->at[top + 1]) {
			done[used++] = top;
			depth--;
			continue;
		}
		uint32_t to = edges->to[next[top]++];
		if (group[to] != FRAME_NONE)
			continue;
		group[to] = number;
		next[to] = edges->at[to];
		stack[depth++] = to;
	}
	return used;
}

/* Courses that wait for each other in a circle get the same number: both ways lead from one to the other. */
static uint32_t *circles(const struct edges *edges, uint32_t count, struct arena *arena)
{
	struct edges back = turn(edges, count, arena);
	uint32_t *group = arena_alloc(arena, count + 1u, sizeof *group);
	uint32_t *order = arena_alloc(arena, count + 1u, sizeof *order);
	uint32_t *stack = arena_alloc(arena, count + 1u, sizeof *stack);
	uint32_t *next = arena_alloc(arena, count + 1u, sizeof *next);
	uint32_t *done = arena_alloc(arena, count + 1u, sizeof *done), used = 0;
	memset(group, 0xff, (count + 1u) * sizeof *group);
	for (uint32_t k = 0; k < count; k++)
		if (group[k] == FRAME_NONE)
			used = visit(edges, k, 0, group, order, used, stack, next);
	memset(group, 0xff, (count + 1u) * sizeof *group);
	for (uint32_t i = used; i-- > 0;)
		if (group[order[i]] == FRAME_NONE)
			visit(&back, order[i], i, group, done, 0, stack, next);
	return group;
}

/* Leaves out the prerequisites within circles of courses. */
static void break_cycles(struct rules_work *work, struct edges *edges, uint32_t count)
{
	const uint32_t *group = circles(edges, count, &work->arena);
	uint32_t kept = 0;
	for (uint32_t k = 0; k < count; k++) {
		uint32_t from = edges->at[k], dropped = 0;
		edges->at[k] = kept;
		for (uint32_t e = from; e < edges->at[k + 1]; e++) {
			if (group[k] == group[edges->to[e]])
				dropped++;
			else
				edges->to[kept++] = edges->to[e];
		}
		if (dropped > 0)
			tell_course(work, FINDING_PREREQUISITE_CYCLE, k, facts_course_title(work->facts, k));
	}
	edges->at[count] = kept;
}

static void read_required(
	struct idp_catalogue *catalogue, struct rules_work *work, const uint32_t *order, uint32_t known)
{
	const struct frame *frame = &facts_courses(work->facts)->frame;
	const struct frame_column *column = frame_column(frame, COURSE_REQUIRED_FOR);
	for (int fill = 0; fill < 2; fill++) {
		for (uint32_t i = 0; i < known && column != NULL; i++) {
			const char *list = frame_text(frame, column, order[i]), *id;
			size_t length;
			while (list != NULL && (length = text_next_id(&list, &id)) > 0) {
				uint32_t k = map_add(&catalogue->levels, id, length);
				if (fill == 0)
					continue;
				struct idp_required *required = &catalogue->required[k];
				if (required->count == 0)
					required->course = arena_alloc(&work->arena, known - i, sizeof *required->course);
				if (required->count == 0 || required->course[required->count - 1] != order[i])
					required->course[required->count++] = order[i];
			}
		}
		if (fill == 0)
			catalogue->required = arena_alloc(&work->arena, catalogue->levels.count + 1, sizeof *catalogue->required);
	}
}

/* --- the courses of one competency --- */
static bool set_has(const uint64_t *set, uint32_t place)
{
	return (set[place / 64] >> place % 64 & 1) != 0;
}

static void set_add(uint64_t *set, uint32_t place)
{
	set[place / 64] |= UINT64_C(1) << place % 64;
}

static uint32_t place_of(const struct idp_catalogue *catalogue, const struct idp_topic *topic, uint32_t course)
{
	uint32_t low = 0, high = topic->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (catalogue->rank[topic->course[middle]] < catalogue->rank[course])
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * Adds a course and what must come before it to a set; courses taken (NULL: none) and what lies behind them stay
 * out.
 */
static void add_closure(const struct idp_catalogue *catalogue, const struct idp_topic *topic, const uint8_t *taken,
	uint32_t course, uint32_t *stack, uint64_t *set)
{
	uint32_t depth = 0, place = place_of(catalogue, topic, course);
	if ((taken != NULL && taken[course]) || set_has(set, place))
		return;
	set_add(set, place);
	stack[depth++] = course;
	while (depth > 0) {
		uint32_t at = stack[--depth];
		for (uint32_t e = catalogue->before_at[at]; e < catalogue->before_at[at + 1]; e++) {
			uint32_t next = catalogue->before[e], there = place_of(catalogue, topic, next);
			if ((taken != NULL && taken[next]) || set_has(set, there))
				continue;
			set_add(set, there);
			stack[depth++] = next;
		}
	}
}

struct raw_step {
	uint32_t course;
	int from, to;
};

/* Steps of an item by course id, as the catalogue says; -1 where a level is none. */
static bool read_step(const struct frame *frame, uint32_t course, int64_t max, struct raw_step *step)
{
	const struct frame_column *to = frame_column(frame, COURSE_TO_LEVEL),
							  *from = frame_column(frame, COURSE_FROM_LEVEL);
	if (to == NULL || to->i64[course] == DECIMAL_NONE || to->i64[course] <= 0)
		return false;
	int64_t high = to->i64[course] > max ? max : to->i64[course];
	int64_t low = from == NULL || from->i64[course] == DECIMAL_NONE ? to->i64[course] - 1 : from->i64[course];
	*step = (struct raw_step){ course, low < 0 ? 0 : low > max ? (int)max : (int)low, (int)high };
	return step->from < step->to;
}

static void build_topic(struct idp_catalogue *catalogue, struct idp_topic *topic, const struct raw_step *raw,
	size_t count, int64_t max, struct arena *arena)
{
	/* every course that may be needed, by walking from all steps */
	uint8_t *seen = mem_new(catalogue->count + 1u, 1);
	uint32_t *stack = mem_new(catalogue->count + 1u, sizeof *stack), *found, depth = 0, used = 0;
	for (size_t i = 0; i < count; i++)
		if (!seen[raw[i].course]) {
			seen[raw[i].course] = 1;
			stack[depth++] = raw[i].course;
		}
	found = arena_alloc(arena, catalogue->count + 1u, sizeof *found);
	while (depth > 0) {
		uint32_t at = stack[--depth];
		found[used++] = at;
		for (uint32_t e = catalogue->before_at[at]; e < catalogue->before_at[at + 1]; e++)
			if (!seen[catalogue->before[e]]) {
				seen[catalogue->before[e]] = 1;
				stack[depth++] = catalogue->before[e];
			}
	}
	for (uint32_t i = 1; i < used; i++) { /* few: by insertion */
		uint32_t course = found[i], k = i;
		for (; k > 0 && catalogue->rank[found[k - 1]] > catalogue->rank[course]; k--)
			found[k] = found[k - 1];
		found[k] = course;
	}
	topic->course = found;
	topic->count = used;
	topic->words = (used + 63u) / 64;
	struct idp_step *steps = arena_alloc(arena, count + 1, sizeof *steps);
	uint64_t *future = arena_alloc(arena, (size_t)(max + 1) * topic->words + 1, sizeof *future);
	for (size_t i = 0; i < count; i++) {
		steps[i] =
			(struct idp_step){ raw[i].course, place_of(catalogue, topic, raw[i].course), raw[i].from, raw[i].to };
		for (int level = 0; level < raw[i].to; level++)
			add_closure(catalogue, topic, NULL, raw[i].course, stack, future + (size_t)level * topic->words);
	}
	topic->steps = steps;
	topic->step_count = count;
	topic->future = future;
	free(seen);
	free(stack);
}

int idp_catalogue_open(struct idp_catalogue *catalogue, const struct competency *competency,
	const struct competency_state *state, struct rules_work *work, struct err *err)
{
	const struct frame *frame = &facts_courses(work->facts)->frame;
	const struct frame_column *about = frame_column(frame, COURSE_COMPETENCY),
							  *hours = frame_column(frame, COURSE_HOURS);
	uint32_t *rank, known, *order = order_courses(work->facts, &work->arena, &rank, &known);
	if (hours != NULL && hours->scale != IDP_HOURS_SCALE)
		return err_set(err, STATUS_INTERNAL, "column course.hours has %d decimal places", hours->scale);
	struct edges edges = read_edges(work, rank);
	break_cycles(work, &edges, frame->count);
	*catalogue = (struct idp_catalogue){ .count = frame->count,
		.rank = rank,
		.hours = hours == NULL ? NULL : hours->i64,
		.before_at = edges.at,
		.before = edges.to,
		.topics = arena_alloc(&work->arena, competency->item_count + 1, sizeof *catalogue->topics) };
	struct raw_step *raw = mem_new(known + 1u, sizeof *raw);
	for (size_t item = 0; item < competency->item_count; item++) {
		size_t count = 0;
		for (uint32_t i = 0; i < known && about != NULL; i++) {
			uint32_t key = about->u32[order[i]];
			if (key < state->key_count && state->item_of[key] == item + 1)
				count += read_step(frame, order[i], competency->max, &raw[count]);
		}
		build_topic(catalogue, &catalogue->topics[item], raw, count, competency->max, &work->arena);
	}
	free(raw);
	read_required(catalogue, work, order, known);
	return 0;
}

/* --- chains --- */
struct label {
	struct label *next; /* at the same level */
	const struct label *before;
	const struct idp_step *step;
	const uint64_t *set;
	uint32_t unknown, count;
	uint32_t length; /* steps so far */
	int64_t hours;
};

static void price(const struct idp_catalogue *catalogue, const struct idp_topic *topic, struct label *label)
{
	label->unknown = label->count = 0;
	label->hours = 0;
	for (size_t w = 0; w < topic->words; w++)
		for (uint64_t rest = label->set[w]; rest != 0; rest &= rest - 1) {
			uint32_t course = topic->course[w * 64 + (size_t)__builtin_ctzll(rest)];
			label->count++;
			if (catalogue->hours == NULL || catalogue->hours[course] == DECIMAL_NONE)
				label->unknown++;
			else
				label->hours += catalogue->hours[course];
		}
}

/* By cost; sets of as many courses by their sorted ids. */
static int compare_cost(const struct label *a, const struct label *b, size_t words)
{
	if (a->unknown != b->unknown)
		return a->unknown < b->unknown ? -1 : 1;
	if (a->hours != b->hours)
		return a->hours < b->hours ? -1 : 1;
	if (a->count != b->count)
		return a->count < b->count ? -1 : 1;
	for (size_t w = 0; w < words; w++) {
		uint64_t differs = a->set[w] ^ b->set[w];
		if (differs != 0)
			return (a->set[w] & (differs & -differs)) != 0 ? -1 : 1;
	}
	return 0;
}

/* Ways of the same cost, that is, of the same courses: fewer steps, then ids of the steps. */
static int compare_way(const struct label *a, const struct label *b)
{
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	if (a == b)
		return 0;
	int begin = compare_way(a->before, b->before);
	if (begin != 0)
		return begin;
	return a->step < b->step ? -1 : a->step > b->step; /* steps stand by id */
}

/* Whether b can never become the better one: a costs no more, and nothing b has beyond a is of use later. */
static bool beats(const struct label *a, const struct label *b, const uint64_t *future, size_t words)
{
	int cost = compare_cost(a, b, words);
	if (cost == 0)
		return compare_way(a, b) <= 0;
	if (cost > 0)
		return false;
	for (size_t w = 0; w < words; w++)
		if ((b->set[w] & ~a->set[w] & future[w]) != 0)
			return false;
	return true;
}

static void keep_label(struct label **list, uint32_t *count, struct label *label, const uint64_t *future, size_t words)
{
	for (const struct label *l = *list; l != NULL; l = l->next)
		if (beats(l, label, future, words))
			return;
	for (struct label **at = list; *at != NULL;) {
		if (beats(label, *at, future, words)) {
			*at = (*at)->next;
			--*count;
		} else {
			at = &(*at)->next;
		}
	}
	label->next = *list;
	*list = label;
	if (++*count <= LABELS)
		return;
	struct label **worst = list;
	for (struct label **at = list; *at != NULL; at = &(*at)->next)
		if (compare_cost(*at, *worst, words) > 0)
			worst = at;
	*worst = (*worst)->next;
	--*count;
}

/* Whether held courses alone lead from one level to the other. */
static bool all_held(const struct idp_topic *topic, const uint8_t *taken, int from, int to)
{
	int reached = from;
	for (bool more = true; more && reached < to;) {
		more = false;
		for (size_t i = 0; i < topic->step_count; i++) {
			const struct idp_step *step = &topic->steps[i];
			/* every level below the one reached can be stood on by a shorter chain */
			if (taken[step->course] == IDP_HELD && step->from <= reached && step->to > reached) {
				reached = step->to;
				more = true;
			}
		}
	}
	return reached >= to;
}

enum idp_chain idp_catalogue_chain(const struct idp_catalogue *catalogue, size_t item, const uint8_t *taken, int from,
	int to, struct arena *arena, const struct idp_step **path, size_t *path_count)
{
	const struct idp_topic *topic = &catalogue->topics[item];
	struct label *labels[IDP_LEVELS] = { NULL };
	uint32_t counts[IDP_LEVELS] = { 0 };
	*path_count = 0;
	if (all_held(topic, taken, from, to))
		return IDP_ALL_HELD;
	uint32_t *stack = arena_alloc(arena, topic->count + 1u, sizeof *stack);
	labels[from] = arena_alloc(arena, 1, sizeof *labels[from]);
	labels[from]->set = arena_alloc(arena, topic->words + 1, sizeof(uint64_t));
	for (int level = from; level < to; level++)
		for (const struct label *label = labels[level]; label != NULL; label = label->next)
			for (size_t i = 0; i < topic->step_count; i++) {
				const struct idp_step *step = &topic->steps[i];
				int end = step->to > to ? to : step->to;
				if (step->from > level || step->to <= level)
					continue;
				uint64_t *set = arena_alloc(arena, topic->words + 1, sizeof *set);
				struct label *longer = arena_alloc(arena, 1, sizeof *longer);
				memcpy(set, label->set, topic->words * sizeof *set);
				add_closure(catalogue, topic, taken, step->course, stack, set);
				*longer = (struct label){
					.before = label, .step = step, .set = set, .length = label->length + 1 };
				price(catalogue, topic, longer);
				keep_label(
					&labels[end], &counts[end], longer, topic->future + (size_t)end * topic->words, topic->words);
			}
	const struct label *best = labels[to];
	for (const struct label *label = best; label != NULL; label = label->next) {
		int cost = compare_cost(label, best, topic->words);
		if (cost < 0 || (cost == 0 && compare_way(label, best) < 0))
			best = label;
	}
	if (best == NULL)
		return IDP_NO_CHAIN;
	for (const struct label *label = best; label->step != NULL; label = label->before)
		++*path_count;
	size_t at = *path_count;
	for (const struct label *label = best; label->step != NULL; label = label->before)
		path[--at] = label->step;
	return IDP_CHAIN;
}
