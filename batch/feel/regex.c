/*
 * regex.c - regular expressions as XPath 2.0 has them.
 *
 * Decides: the syntax (classes with subtraction, lazy quantifiers, back references, anchors, flags s m i x q) and the
 * match: leftmost, by backtracking in the order of the pattern. Does not decide: what is done with matches
 * (builtin_string.c). A pattern becomes a small program; its loops end by a check for empty rounds and by the budget.
 */
#include "feel/regex.h"

#include "base/text.h"
#include "base/vec.h"

#include <stdbool.h>
#include <string.h>

enum op { OP_CHAR, OP_ANY, OP_SET, OP_SPLIT, OP_JUMP, OP_SAVE, OP_BEGIN, OP_END, OP_BACK, OP_MARK, OP_MOVED, OP_MATCH };
struct set {
	VEC(struct span) spans;
	bool negated;
	struct set *minus;
};
struct span {
	uint32_t low, high;
};
struct instruction {
	enum op op;
	uint32_t a, b;
	const struct set *set;
};
#define PROGRAM_MAX 20000u
#define MARKS_MAX 60u
#define SLOTS (2 * REGEX_GROUPS + MARKS_MAX)

struct regex {
	struct instruction *at;
	size_t count, groups, marks;
	bool ignore_case, multi_line, dot_all;
};

struct compiler {
	struct arena *arena;
	const char *at, *end;
	struct regex *re;
	VEC(struct instruction) code;
	bool bad;
	int depth;
	uint64_t open; /* groups not closed yet, for back references */
};

static void alternatives(struct compiler *c);

static uint32_t emit(struct compiler *c, enum op op, uint32_t a, uint32_t b, const struct set *set)
{
	if (c->code.count >= PROGRAM_MAX)
		c->bad = true;
	else
		VEC_PUSH(&c->code, ((struct instruction){ op, a, b, set }));
	return (uint32_t)c->code.count - 1;
}

/* ---- characters and classes ---- */

/* Flag x: white space outside classes is not part of the pattern. */
static void strip_spaces(struct compiler *c, const char *pattern, size_t length)
{
	char *kept = arena_alloc(c->arena, length + 1, 1);
	size_t n = 0;
	int depth = 0;
	for (size_t i = 0; i < length; i++) {
		char e = pattern[i];
		bool escaped = n && kept[n - 1] == '\\' && !(n > 1 && kept[n - 2] == '\\');
		depth += escaped ? 0 : e == '[' ? 1 : e == ']' ? -1 : 0;
		if (depth > 0 || !strchr(" \t\n\r", e))
			kept[n++] = e;
	}
	c->at = kept;
	c->end = kept + n;
}

static uint32_t other_case(uint32_t u)
{
	if ((u >= 'a' && u <= 'z') || (u >= 0xE0 && u <= 0xFE && u != 0xF7) || (u >= 0x3B1 && u <= 0x3C9)
		|| (u >= 0x430 && u <= 0x44F))
		return u - 32;
	if ((u >= 'A' && u <= 'Z') || (u >= 0xC0 && u <= 0xDE && u != 0xD7) || (u >= 0x391 && u <= 0x3A9)
		|| (u >= 0x410 && u <= 0x42F))
		return u + 32;
	return u == 0x212A ? 'k' : u; /* the sign of Kelvin */
}

static void add_span(struct compiler *c, struct set *s, uint32_t low, uint32_t high)
{
	struct span *at = s->spans.at;
	if (s->spans.count == s->spans.capacity) {
		s->spans.capacity = s->spans.capacity ? 2 * s->spans.capacity : 4;
		at = arena_alloc(c->arena, s->spans.capacity, sizeof *at);
		if (s->spans.count)
			memcpy(at, s->spans.at, s->spans.count * sizeof *at);
		s->spans.at = at;
	}
	s->spans.at[s->spans.count++] = (struct span){ low, high };
}

static void add_spans(struct compiler *c, struct set *s, const uint32_t (*spans)[2], size_t n, bool negated)
{
	uint32_t from = 0;
	for (size_t i = 0; i < n; i++) {
		if (!negated)
			add_span(c, s, spans[i][0], spans[i][1]);
		else if (spans[i][0] > from)
			add_span(c, s, from, spans[i][0] - 1);
		from = spans[i][1] + 1;
	}
	if (negated)
		add_span(c, s, from, 0x10FFFF);
}

static const uint32_t digits[][2] = { { '0', '9' } };
static const uint32_t spaces[][2] = { { 9, 10 }, { 13, 13 }, { ' ', ' ' } };
static const uint32_t words[][2] = { { '$', '$' }, { '+', '+' }, { '0', '9' }, { '<', '>' }, { 'A', 'Z' }, { '^', '^' },
	{ '`', 'z' }, { '|', '|' }, { '~', '~' }, { 0xA2, 0xA6 }, { 0xA8, 0xAA }, { 0xAC, 0xAC }, { 0xAE, 0xB5 },
	{ 0xB8, 0xBA }, { 0xBC, 0xBE }, { 0xC0, 0x1FFF }, { 0x2070, 0x2FFF }, { 0x3003, 0x3007 }, { 0x3021, 0x10FFFF } };
static const uint32_t name_start[][2] = { { ':', ':' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }, { 0xC0, 0xD6 },
	{ 0xD8, 0xF6 }, { 0xF8, 0x2FF }, { 0x370, 0x1FFF }, { 0x3001, 0xD7FF }, { 0xF900, 0xFFFD }, { 0x10000, 0xEFFFF } };
static const uint32_t name_part[][2] = { { '-', '.' }, { '0', ':' }, { 'A', 'Z' }, { '_', '_' }, { 'a', 'z' },
	{ 0xB7, 0xB7 }, { 0xC0, 0xD6 }, { 0xD8, 0xF6 }, { 0xF8, 0x1FFF }, { 0x203F, 0x2040 }, { 0x3001, 0xD7FF },
	{ 0xF900, 0xFFFD }, { 0x10000, 0xEFFFF } };
static const uint32_t upper[][2] = { { 'A', 'Z' }, { 0xC0, 0xD6 }, { 0xD8, 0xDE }, { 0x391, 0x3A9 }, { 0x410, 0x42F } };
static const uint32_t lower[][2] = { { 'a', 'z' }, { 0xDF, 0xF6 }, { 0xF8, 0xFF }, { 0x3B1, 0x3C9 }, { 0x430, 0x44F } };
static const uint32_t letters[][2] = { { 'A', 'Z' }, { 'a', 'z' }, { 0xAA, 0xAA }, { 0xB5, 0xB5 }, { 0xBA, 0xBA },
	{ 0xC0, 0xD6 }, { 0xD8, 0xF6 }, { 0xF8, 0x2AF }, { 0x370, 0x1FFF }, { 0x3005, 0x3006 }, { 0x3041, 0x9FFF },
	{ 0xAC00, 0xD7A3 }, { 0xF900, 0xFAFF }, { 0x20000, 0x3FFFF } };
static const uint32_t han[][2] = { { 0x4E00, 0x9FFF } };
static const uint32_t basic_latin[][2] = { { 0, 0x7F } };
static const uint32_t punctuation[][2] = { { '!', '#' }, { '%', '*' }, { ',', '/' }, { ':', ';' }, { '?', '@' },
	{ '[', ']' }, { '_', '_' }, { '{', '{' }, { '}', '}' }, { 0xA1, 0xA1 }, { 0x2010, 0x2027 }, { 0x3001, 0x3003 },
	{ 0x3008, 0x3011 }, { 0xFF01, 0xFF0F } };

/* \d \D \s \w \i \c \p{…}: adds the class; false if `e` is none of them. */
static bool class_escape(struct compiler *c, struct set *s, char e)
{
	bool negated = e >= 'A' && e <= 'Z';
#define ADD(table) add_spans(c, s, table, sizeof table / sizeof *table, negated)
	switch (e | 32) {
	case 'd': ADD(digits); return true;
	case 's': ADD(spaces); return true;
	case 'w': ADD(words); return true;
	case 'i': ADD(name_start); return true;
	case 'c': ADD(name_part); return true;
	case 'p': {
		const char *close = c->at < c->end && *c->at == '{' ? memchr(c->at, '}', (size_t)(c->end - c->at)) : NULL;
		if (!close)
			return false;
		size_t n = (size_t)(close - c->at - 1);
		const char *name = c->at + 1;
		c->at = close + 1;
#define NAMED(text) (n == strlen(text) && !memcmp(name, text, n))
		if (NAMED("L"))
			ADD(letters);
		else if (NAMED("Lu"))
			ADD(upper);
		else if (NAMED("Ll"))
			ADD(lower);
		else if (NAMED("N") || NAMED("Nd"))
			ADD(digits);
		else if (NAMED("Z") || NAMED("Zs"))
			ADD(spaces);
		else if (NAMED("P"))
			ADD(punctuation);
		else if (NAMED("IsBasicLatin"))
			ADD(basic_latin);
		else if (NAMED("IsCJKUnifiedIdeographs"))
			ADD(han);
		else
			return false;
		return true;
	}
	default: return false;
	}
#undef ADD
#undef NAMED
}

/* \n \. and so on; 0 if it is none. */
static uint32_t character_escape(char e)
{
	if (e == 'n' || e == 'r' || e == 't')
		return e == 'n' ? '\n' : e == 'r' ? '\r' : '\t';
	return e && strchr("\\|.?*+(){}$-[]^", e) ? (uint32_t)e : 0;
}

static struct set *new_set(struct compiler *c)
{
	return arena_alloc(c->arena, 1, sizeof(struct set));
}

static struct set *bracket(struct compiler *c)
{
	struct set *s = new_set(c);
	if (++c->depth > 50) {
		c->bad = true;
		return s;
	}
	if (c->at < c->end && *c->at == '^') {
		s->negated = true;
		c->at++;
	}
	bool first = true;
	while (!c->bad) {
		if (c->at >= c->end) {
			c->bad = true;
			break;
		}
		if (*c->at == ']' && !first) {
			c->at++;
			break;
		}
		if (*c->at == '-' && c->at + 1 < c->end && c->at[1] == '[' && !first) {
			c->at += 2;
			s->minus = bracket(c);
			if (c->at >= c->end || *c->at != ']')
				c->bad = true;
			c->at++;
			break;
		}
		bool escaped = *c->at == '\\';
		uint32_t low = 0;
		if (escaped) {
			c->at++;
			char e = c->at < c->end ? *c->at++ : 0;
			first = false;
			if (!(low = character_escape(e))) {
				if (!class_escape(c, s, e))
					c->bad = true;
				continue;
			}
		} else {
			if (*c->at == '[' || (*c->at == ']' && first))
				c->bad = true;
			low = text_next(&c->at, c->end);
		}
		first = false;
		uint32_t high = low;
		if (c->at + 1 < c->end && *c->at == '-' && c->at[1] != ']' && c->at[1] != '[') {
			c->at++;
			if (*c->at == '\\') {
				c->at++;
				high = c->at < c->end ? character_escape(*c->at++) : 0;
			} else {
				high = text_next(&c->at, c->end);
			}
			if (high < low)
				c->bad = true;
		}
		add_span(c, s, low, high);
	}
	c->depth--;
	return s;
}

static bool set_has(const struct set *s, uint32_t u)
{
	bool in = false;
	for (size_t i = 0; i < s->spans.count && !in; i++)
		in = u >= s->spans.at[i].low && u <= s->spans.at[i].high;
	return in != s->negated && !(s->minus && set_has(s->minus, u));
}

/* ---- the program ---- */

static void atom(struct compiler *c)
{
	char e = *c->at;
	if (e == '(') {
		c->at++;
		bool capture = true;
		uint32_t group = 0;
		if (c->at + 1 < c->end && c->at[0] == '?' && c->at[1] == ':') {
			c->at += 2;
			capture = false;
		}
		if (capture) {
			group = (uint32_t)c->re->groups++;
			if (group >= REGEX_GROUPS) {
				c->bad = true;
				return;
			}
			c->open |= UINT64_C(1) << group;
			emit(c, OP_SAVE, 2 * group, 0, NULL);
		}
		alternatives(c);
		if (c->at >= c->end || *c->at != ')')
			c->bad = true;
		c->at++;
		if (capture) {
			emit(c, OP_SAVE, 2 * group + 1, 0, NULL);
			c->open &= ~(UINT64_C(1) << group);
		}
	} else if (e == '[') {
		c->at++;
		const struct set *s = bracket(c);
		emit(c, OP_SET, 0, 0, s);
	} else if (e == '.') {
		c->at++;
		emit(c, OP_ANY, 0, 0, NULL);
	} else if (e == '^' || e == '$') {
		c->at++;
		emit(c, e == '^' ? OP_BEGIN : OP_END, 0, 0, NULL);
	} else if (e == '\\') {
		c->at++;
		char x = c->at < c->end ? *c->at++ : 0;
		uint32_t u = character_escape(x);
		if (x >= '1' && x <= '9') {
			uint32_t group = (uint32_t)(x - '0');
			while (c->at < c->end && *c->at >= '0' && *c->at <= '9'
				&& group * 10 + (uint32_t)(*c->at - '0') < c->re->groups)
				group = group * 10 + (uint32_t)(*c->at++ - '0');
			if (group >= c->re->groups || (c->open & UINT64_C(1) << group))
				c->bad = true;
			emit(c, OP_BACK, group, 0, NULL);
		} else if (u) {
			emit(c, OP_CHAR, u, 0, NULL);
		} else {
			struct set *s = new_set(c);
			if (!class_escape(c, s, x))
				c->bad = true;
			emit(c, OP_SET, 0, 0, s);
		}
	} else if (strchr("?*+{}])", e)) {
		c->bad = true;
	} else {
		emit(c, OP_CHAR, text_next(&c->at, c->end), 0, NULL);
	}
}

static bool number(struct compiler *c, uint32_t *n)
{
	const char *start = c->at;
	for (*n = 0; c->at < c->end && *c->at >= '0' && *c->at <= '9' && *n < 100000; c->at++)
		*n = *n * 10 + (uint32_t)(*c->at - '0');
	return c->at > start;
}

/* Copies the code of one atom, moving its inner jumps. */
static void repeat(struct compiler *c, uint32_t from, uint32_t length)
{
	uint32_t to = (uint32_t)c->code.count;
	for (uint32_t i = 0; i < length && !c->bad; i++) {
		struct instruction in = c->code.at[from + i];
		if (in.op == OP_SPLIT || in.op == OP_JUMP) {
			in.a += to - from;
			in.b += to - from;
		}
		emit(c, in.op, in.a, in.b, in.set);
	}
}

static void split(struct compiler *c, uint32_t at, uint32_t into, uint32_t past, bool lazy)
{
	if (c->bad)
		return;
	c->code.at[at].a = lazy ? past : into;
	c->code.at[at].b = lazy ? into : past;
}

static void piece(struct compiler *c)
{
	uint32_t start = (uint32_t)c->code.count, low = 1, high = 1;
	atom(c);
	if (c->bad || c->at >= c->end || !strchr("?*+{", *c->at))
		return;
	uint32_t length = (uint32_t)c->code.count - start;
	char q = *c->at++;
	if (q == '{') {
		bool open = false;
		if (!number(c, &low))
			c->bad = true;
		high = low;
		if (c->at < c->end && *c->at == ',') {
			c->at++;
			open = c->at < c->end && *c->at == '}';
			if (!open && !number(c, &high))
				c->bad = true;
		}
		if (c->at >= c->end || *c->at++ != '}' || (!open && high < low) || low > 5000 || high > 5000)
			c->bad = true;
		if (open)
			high = UINT32_MAX;
	} else {
		low = q == '+';
		high = q == '?' ? 1 : UINT32_MAX;
	}
	bool lazy = c->at < c->end && *c->at == '?';
	c->at += lazy;
	if (c->at < c->end && strchr("?*+", *c->at))
		c->bad = true;
	if (c->bad)
		return;
	/* move the atom aside, then lay it down as often as wanted */
	struct instruction *kept = arena_alloc(c->arena, length + 1, sizeof *kept);
	memcpy(kept, c->code.at + start, length * sizeof *kept);
	bool used = false;
	uint32_t first = start;
	for (uint32_t i = 0; i < low && !c->bad; i++) {
		if (used)
			repeat(c, first, length);
		used = true;
	}
	if (!used)
		c->code.count = start;
#define LAY() \
	do { \
		uint32_t to = (uint32_t)c->code.count; \
		for (uint32_t k = 0; k < length && !c->bad; k++) { \
			struct instruction in = kept[k]; \
			if (in.op == OP_SPLIT || in.op == OP_JUMP) { \
				in.a += to - start; \
				in.b += to - start; \
			} \
			emit(c, in.op, in.a, in.b, in.set); \
		} \
	} while (0)
	if (high == UINT32_MAX) {
		uint32_t mark = (uint32_t)c->re->marks++;
		if (mark >= MARKS_MAX) {
			c->bad = true;
			return;
		}
		uint32_t loop = emit(c, OP_SPLIT, 0, 0, NULL);
		emit(c, OP_MARK, mark, 0, NULL);
		LAY();
		emit(c, OP_MOVED, mark, 0, NULL);
		emit(c, OP_JUMP, loop, loop, NULL);
		split(c, loop, loop + 1, (uint32_t)c->code.count, lazy);
	} else {
		uint32_t *splits = arena_alloc(c->arena, high - low + 1, sizeof *splits), n = 0;
		for (uint32_t i = low; i < high && !c->bad; i++) {
			splits[n++] = emit(c, OP_SPLIT, 0, 0, NULL);
			LAY();
		}
		for (uint32_t i = 0; i < n; i++)
			split(c, splits[i], splits[i] + 1, (uint32_t)c->code.count, lazy);
	}
#undef LAY
}

static void alternatives(struct compiler *c)
{
	if (++c->depth > 100) {
		c->bad = true;
		return;
	}
	uint32_t jumps[200], n = 0;
	for (;;) {
		uint32_t begin = (uint32_t)c->code.count;
		while (!c->bad && c->at < c->end && *c->at != '|' && *c->at != ')') {
			piece(c);
		}
		if (c->bad || c->at >= c->end || *c->at != '|')
			break;
		c->at++;
		/* a split before this branch, a jump behind it */
		emit(c, OP_JUMP, 0, 0, NULL);
		emit(c, OP_JUMP, 0, 0, NULL);
		if (c->bad || n == 200) {
			c->bad = true;
			break;
		}
		uint32_t length = (uint32_t)c->code.count - 2 - begin;
		memmove(c->code.at + begin + 1, c->code.at + begin, length * sizeof *c->code.at);
		for (uint32_t i = begin + 1; i <= begin + length; i++)
			if (c->code.at[i].op == OP_SPLIT || c->code.at[i].op == OP_JUMP) {
				c->code.at[i].a++;
				c->code.at[i].b++;
			}
		c->code.at[begin] = (struct instruction){ OP_SPLIT, begin + 1, (uint32_t)c->code.count, NULL };
		jumps[n++] = (uint32_t)c->code.count - 1;
	}
	for (uint32_t i = 0; i < n && !c->bad; i++)
		c->code.at[jumps[i]].a = c->code.at[jumps[i]].b = (uint32_t)c->code.count;
	c->depth--;
}

struct regex *regex_compile(struct arena *arena, const char *pattern, size_t length, const char *flags)
{
	struct regex *re = arena_alloc(arena, 1, sizeof *re);
	struct compiler c = { .arena = arena, .at = pattern, .end = pattern + length, .re = re };
	bool literal = false, spaced = false;
	for (; *flags; flags++) {
		if (*flags == 's')
			re->dot_all = true;
		else if (*flags == 'm')
			re->multi_line = true;
		else if (*flags == 'i')
			re->ignore_case = true;
		else if (*flags == 'x')
			spaced = true;
		else if (*flags == 'q')
			literal = true;
		else
			return NULL;
	}
	if (spaced && !literal)
		strip_spaces(&c, pattern, length);
	re->groups = 1;
	emit(&c, OP_SAVE, 0, 0, NULL);
	if (literal)
		while (c.at < c.end)
			emit(&c, OP_CHAR, text_next(&c.at, c.end), 0, NULL);
	else
		alternatives(&c);
	if (c.at != c.end)
		c.bad = true;
	emit(&c, OP_SAVE, 1, 0, NULL);
	emit(&c, OP_MATCH, 0, 0, NULL);
	if (!c.bad) {
		re->count = c.code.count;
		re->at = arena_alloc(arena, re->count, sizeof *re->at);
		memcpy(re->at, c.code.at, re->count * sizeof *re->at);
	}
	VEC_RELEASE(&c.code);
	return c.bad ? NULL : re;
}

/* ---- the match ---- */

struct undo {
	uint32_t pc;
	uint32_t slot;
	size_t value;
}; /* pc UINT32_MAX: give slot its old value */
struct matcher {
	const struct regex *re;
	const char *text;
	size_t length;
	size_t slots[SLOTS];
	VEC(struct undo) stack;
	uint64_t *budget;
};

static bool same(const struct regex *re, uint32_t a, uint32_t b)
{
	return a == b || (re->ignore_case && (other_case(a) == b || a == other_case(b)));
}

static void set_slot(struct matcher *m, uint32_t slot, size_t value)
{
	VEC_PUSH(&m->stack, ((struct undo){ UINT32_MAX, slot, m->slots[slot] }));
	m->slots[slot] = value;
}

static bool back_reference(const struct matcher *m, uint32_t group, size_t *at)
{
	size_t from = m->slots[2 * group], to = m->slots[2 * group + 1];
	if (from == SIZE_MAX || to == SIZE_MAX)
		return true;
	const char *a = m->text + from, *a_end = m->text + to, *b = m->text + *at, *end = m->text + m->length;
	while (a < a_end) {
		if (b >= end || !same(m->re, text_next(&a, a_end), text_next(&b, end)))
			return false;
	}
	*at = (size_t)(b - m->text);
	return true;
}

/* Runs from one place; 1, 0, -1. */
static int run(struct matcher *m, size_t at)
{
	const struct regex *re = m->re;
	uint32_t pc = 0;
	m->stack.count = 0;
	for (;;) {
		if (!*m->budget || m->stack.count > 2000000)
			return -1;
		--*m->budget;
		const struct instruction *in = &re->at[pc];
		bool ok = true;
		const char *p = m->text + at, *end = m->text + m->length;
		switch (in->op) {
		case OP_CHAR:
		case OP_ANY:
		case OP_SET: {
			if (at >= m->length) {
				ok = false;
				break;
			}
			uint32_t u = text_next(&p, end);
			ok = in->op == OP_CHAR ? same(re, in->a, u)
				: in->op == OP_ANY
				? re->dot_all || (u != '\n' && u != '\r')
				: set_has(in->set, u) || (re->ignore_case && !in->set->negated && set_has(in->set, other_case(u)));
			if (ok && in->op == OP_SET && re->ignore_case && in->set->negated)
				ok = set_has(in->set, other_case(u));
			at = (size_t)(p - m->text);
			pc++;
			break;
		}
		case OP_SPLIT:
			VEC_PUSH(&m->stack, ((struct undo){ in->b, 0, at }));
			pc = in->a;
			break;
		case OP_JUMP: pc = in->a; break;
		case OP_SAVE:
			set_slot(m, in->a, at);
			pc++;
			break;
		case OP_MARK:
			set_slot(m, 2 * REGEX_GROUPS + in->a, at);
			pc++;
			break;
		case OP_MOVED:
			ok = m->slots[2 * REGEX_GROUPS + in->a] != at;
			pc++;
			break;
		case OP_BEGIN:
			ok = at == 0 || (re->multi_line && m->text[at - 1] == '\n');
			pc++;
			break;
		case OP_END:
			ok = at == m->length || (re->multi_line && m->text[at] == '\n');
			pc++;
			break;
		case OP_BACK:
			ok = back_reference(m, in->a, &at);
			pc++;
			break;
		case OP_MATCH: return 1;
		}
		while (!ok) {
			if (!m->stack.count)
				return 0;
			struct undo u = m->stack.at[--m->stack.count];
			if (u.pc == UINT32_MAX) {
				m->slots[u.slot] = u.value;
			} else {
				pc = u.pc;
				at = u.value;
				ok = true;
			}
		}
	}
}

int regex_find(
	const struct regex *re, const char *text, size_t length, size_t from, struct regex_match *match, uint64_t *budget)
{
	struct matcher m = { .re = re, .text = text, .length = length, .budget = budget };
	int found = 0;
	for (size_t at = from; at <= length && !found; at++) {
		if (at < length && ((unsigned char)text[at] & 0xC0) == 0x80)
			continue;
		for (size_t i = 0; i < SLOTS; i++)
			m.slots[i] = SIZE_MAX;
		found = run(&m, at);
	}
	VEC_RELEASE(&m.stack);
	match->count = re->groups;
	for (size_t i = 0; found == 1 && i < re->groups; i++) {
		match->start[i] = m.slots[2 * i];
		match->end[i] = m.slots[2 * i + 1];
		if (match->end[i] == SIZE_MAX)
			match->start[i] = SIZE_MAX;
	}
	return found;
}
