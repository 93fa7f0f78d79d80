/*
 * parser.c - text to tree by recursive descent; names are resolved while reading, since they decide where tokens end.
 *
 * Decides: precedence, what stands where, which names are visible where. Does not decide: types (type.c), results
 * (eval.c).
 * Precedence from loose to tight: or, and, comparison/between/in, + -, * /, ** (left), instance of, unary minus,
 * filters,
 * paths and calls, as the conformance kit has it: -3 ** 2 is 9.
 */
#include "feel/ast.h"

#include "base/text.h"

#include <stdio.h>
#include <ctype.h>
#include <string.h>

static struct node *parse_expression(struct parser *p);
static struct node *parse_additive(struct parser *p);

/* ---- errors ---- */

int parser_fail(struct parser *p, size_t at, const char *format, ...)
{
	if (p->failed)
		return -1;
	p->failed = true;
	char message[500];
	va_list args;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	if (at > p->length)
		at = p->length;
	size_t from = at > 30 ? at - 30 : 0, to = p->length - at > 40 ? at + 40 : p->length;
	while (from < at && ((unsigned char)p->text[from] & 0xC0) == 0x80)
		from++;
	while (to > at && to < p->length && ((unsigned char)p->text[to] & 0xC0) == 0x80)
		to--;
	char shown[160];
	size_t n = 0;
	for (size_t i = from; i < to && n + 1 < sizeof shown; i++)
		shown[n++] = (unsigned char)p->text[i] < ' ' ? ' ' : p->text[i];
	shown[n] = 0;
	if (!text_valid_utf8(shown, n))
		shown[0] = 0;
	err_set(p->err, STATUS_CONFIG, "%s: %s (at character %zu of: %s%s%s)", p->where, message,
		text_count(p->text, at) + 1, from ? "…" : "", shown, to < p->length ? "…" : "");
	return -1;
}

static void fail_expected(struct parser *p, const char *what)
{
	char found[80];
	parser_fail(p, p->token.at, "expected %s, found %s", what, lexer_describe(p, found));
}

static bool accept(struct parser *p, enum token_kind kind)
{
	if (p->failed || p->token.kind != kind)
		return false;
	lexer_next(p);
	return true;
}

static void expect(struct parser *p, enum token_kind kind, const char *what)
{
	if (!accept(p, kind))
		fail_expected(p, what);
}

/* ---- nodes ---- */

static struct node *make(struct parser *p, enum node_kind kind, size_t at, size_t count)
{
	struct node *n = arena_alloc(p->arena, 1, sizeof *n);
	n->kind = kind;
	n->at = (uint32_t)at;
	n->count = count;
	n->type.kind = FEEL_ANY;
	n->type.scale = -1;
	n->child = count ? arena_alloc(p->arena, count, sizeof *n->child) : NULL;
	return n;
}

static struct node *constant(struct parser *p, size_t at, struct feel_value value)
{
	struct node *n = make(p, NODE_CONSTANT, at, 0);
	n->value = value;
	n->length = (uint32_t)(p->last_end - at);
	type_node(p, n);
	return n;
}

/* Types the node; replaces it by its value where nothing in it can change. */
static struct node *finish(struct parser *p, struct node *n)
{
	n->length = p->last_end > n->at ? (uint32_t)(p->last_end - n->at) : 0;
	if (p->failed)
		return n;
	for (size_t i = 0; i < n->count; i++) {
		n->input |= n->child[i]->input;
		n->height = n->child[i]->height >= n->height ? n->child[i]->height + 1 : n->height;
	}
	if (n->height > FEEL_HEIGHT_MAX) {
		parser_fail(p, n->at, "more than %d operations on one another", FEEL_HEIGHT_MAX);
		return n;
	}
	type_node(p, n);
	struct feel_value value;
	if (!p->failed && eval_fold(p, n, &value)) {
		struct node *c = make(p, NODE_CONSTANT, n->at, 0);
		c->length = n->length;
		c->value = value;
		c->origin = n;
		type_node(p, c);
		return c;
	}
	return n;
}

static struct node *binary(struct parser *p, enum node_kind kind, struct node *a, struct node *b)
{
	struct node *n = make(p, kind, a->at, 2);
	n->child[0] = a;
	n->child[1] = b;
	return finish(p, n);
}

struct nodes {
	VEC(struct node *) v;
};

static void take(struct parser *p, struct node *n, struct nodes *list)
{
	n->count = list->v.count;
	n->child = arena_alloc(p->arena, n->count + 1, sizeof *n->child);
	for (size_t i = 0; i < n->count; i++)
		n->child[i] = list->v.at[i];
	VEC_RELEASE(&list->v);
}

static struct local *push(struct parser *p, const char *name, struct feel_type type)
{
	struct local *l = arena_alloc(p->arena, 1, sizeof *l);
	l->name = name;
	l->type = type;
	l->outer = p->locals;
	l->level = p->level++;
	p->locals = l;
	type_members(p, &type);
	return l;
}

static void pop_to(struct parser *p, struct local *locals, uint32_t level)
{
	p->locals = locals;
	p->level = level;
}

static bool enter(struct parser *p)
{
	if (++p->depth > FEEL_DEPTH_PARSE)
		parser_fail(p, p->token.at, "nested more than %d deep", FEEL_DEPTH_PARSE);
	return !p->failed;
}

/* ---- types as written ---- */

static bool type_word(struct parser *p, const char *word)
{
	size_t n = strlen(word);
	if (p->token.at + n > p->length || memcmp(p->text + p->token.at, word, n)
		|| (p->token.at + n < p->length && lexer_name_part((unsigned char)p->text[p->token.at + n])))
		return false;
	p->token = (struct token){ .kind = TOKEN_NAME, .at = p->token.at, .length = n };
	lexer_next(p);
	return true;
}

static bool item_type(struct parser *p, struct feel_type *type)
{
	if (!accept(p, TOKEN_LT))
		return true;
	struct feel_type *item = arena_alloc(p->arena, 1, sizeof *item);
	if (!parser_type(p, item))
		return false;
	type->item = item;
	expect(p, TOKEN_GT, "'>' after the type of the items");
	return !p->failed;
}

bool parser_type(struct parser *p, struct feel_type *type)
{
	static const struct {
		const char *name;
		enum feel_kind kind;
	} simple[] = {
		{ "days and time duration", FEEL_DAYS_DURATION },
		{ "day time duration", FEEL_DAYS_DURATION },
		{ "dayTimeDuration", FEEL_DAYS_DURATION },
		{ "years and months duration", FEEL_MONTHS_DURATION },
		{ "year month duration", FEEL_MONTHS_DURATION },
		{ "yearMonthDuration", FEEL_MONTHS_DURATION },
		{ "date and time", FEEL_DATE_TIME },
		{ "dateTime", FEEL_DATE_TIME },
		{ "date", FEEL_DATE },
		{ "time", FEEL_TIME },
		{ "number", FEEL_NUMBER },
		{ "string", FEEL_STRING },
		{ "boolean", FEEL_BOOLEAN },
		{ "Any", FEEL_ANY },
		{ "Null", FEEL_NULL },
	};
	if (!enter(p))
		return false;
	*type = (struct feel_type){ .kind = FEEL_ANY, .scale = -1 };
	bool done = false;
	/* a type of the host, longest first */
	size_t best = 0;
	for (const struct feel_scope *s = p->scope; s; s = s->outer)
		for (size_t i = 0; i < s->types.count; i++) {
			size_t n = strlen(s->types.at[i].name);
			if (n > best && p->token.at + n <= p->length && !memcmp(p->text + p->token.at, s->types.at[i].name, n)
				&& (p->token.at + n == p->length || !lexer_name_part((unsigned char)p->text[p->token.at + n]))) {
				best = n;
				*type = type_copy(p->arena, &s->types.at[i].type);
			}
		}
	if (best) {
		p->token = (struct token){ .kind = TOKEN_NAME, .at = p->token.at, .length = best };
		lexer_next(p);
		done = true;
	}
	for (size_t i = 0; i < sizeof simple / sizeof *simple && !done; i++)
		if (type_word(p, simple[i].name)) {
			type->kind = simple[i].kind;
			done = true;
		}
	if (!done && (type_word(p, "list") || type_word(p, "range"))) {
		type->kind = p->text[p->last_end - 1] == 't' ? FEEL_LIST : FEEL_RANGE;
		done = item_type(p, type);
	} else if (!done && type_word(p, "context")) {
		type->kind = FEEL_CONTEXT;
		VEC(struct feel_member) members = { 0 };
		if (accept(p, TOKEN_LT) && p->token.kind != TOKEN_GT)
			do {
				struct feel_member m = { 0 };
				if (!lexer_key(p, &m.name))
					fail_expected(p, "'name: type'");
				else if (parser_type(p, &m.type))
					VEC_PUSH(&members, m);
			} while (accept(p, TOKEN_COMMA));
		if (members.count) {
			expect(p, TOKEN_GT, "'>' after the entries");
			struct feel_member *copy = arena_alloc(p->arena, members.count, sizeof *copy);
			memcpy(copy, members.at, members.count * sizeof *copy);
			type->members = copy;
			type->member_count = members.count;
		}
		VEC_RELEASE(&members);
		done = !p->failed;
	} else if (!done && (p->token.kind == TOKEN_FUNCTION || type_word(p, "function"))) {
		if (p->token.kind == TOKEN_FUNCTION)
			lexer_next(p);
		type->kind = FEEL_FUNCTION;
		VEC(struct feel_member) members = { 0 };
		if (accept(p, TOKEN_LT)) {
			if (p->token.kind != TOKEN_GT)
				do {
					struct feel_member m = { .name = "" };
					if (parser_type(p, &m.type))
						VEC_PUSH(&members, m);
				} while (accept(p, TOKEN_COMMA));
			expect(p, TOKEN_GT, "'>' after the parameter types");
			struct feel_member *copy = arena_alloc(p->arena, members.count + 1, sizeof *copy);
			if (members.count)
				memcpy(copy, members.at, members.count * sizeof *copy);
			type->members = copy;
			type->member_count = members.count;
		}
		VEC_RELEASE(&members);
		if (accept(p, TOKEN_ARROW)) {
			struct feel_type *result = arena_alloc(p->arena, 1, sizeof *result);
			if (parser_type(p, result))
				type->item = result;
		}
		done = !p->failed;
	}
	if (!done && !p->failed) {
		char found[80];
		parser_fail(p, p->token.at, "unknown type %s", lexer_describe(p, found));
	}
	p->depth--;
	return !p->failed;
}

/* ---- names ---- */

static void fail_unknown(struct parser *p, const struct token *t)
{
	VEC(const char *) known = { 0 };
	for (const struct local *l = p->locals; l; l = l->outer) {
		if (l->name)
			VEC_PUSH(&known, l->name);
		for (size_t i = 0; l->item && i < l->type.member_count; i++)
			VEC_PUSH(&known, l->type.members[i].name);
	}
	for (const struct feel_scope *s = p->scope; s; s = s->outer) {
		for (size_t i = 0; i < s->names.count; i++)
			VEC_PUSH(&known, s->names.at[i].name);
		for (size_t i = 0; i < s->functions.count; i++)
			VEC_PUSH(&known, s->functions.at[i].name);
	}
	for (const struct builtin *b = builtin_first(); b; b = builtin_next(b))
		VEC_PUSH(&known, b->name);
	/* A name may hold dots: the whole path as written is likelier meant than its first word. */
	char path[100];
	size_t length = 0;
	while (t->at + length < p->length && length + 1 < sizeof path &&
		(strchr("._", p->text[t->at + length]) || isalnum((unsigned char)p->text[t->at + length]))) {
		path[length] = p->text[t->at + length];
		length++;
	}
	path[length] = 0;
	const char *name = t->name, *near = known.count ? text_nearest(path, known.at, known.count) : NULL;
	if (near)
		name = path;
	else
		near = known.count ? text_nearest(t->name, known.at, known.count) : NULL;
	if (near)
		parser_fail(p, t->at, "unknown name '%.100s'; did you mean '%.100s'?", name, near);
	else
		parser_fail(p, t->at, "unknown name '%.100s'", name);
	VEC_RELEASE(&known);
}

static struct node *local_node(struct parser *p, const struct local *l, size_t at)
{
	struct node *n = make(p, NODE_LOCAL, at, 0);
	n->local = p->level - l->level - 1;
	n->name = l->name;
	n->type = l->type;
	return n;
}

static struct node *item_member(
	struct parser *p, const struct local *l, const char *name, struct node *otherwise, size_t at)
{
	struct node *n = make(p, NODE_DYNAMIC, at, otherwise ? 1 : 0);
	n->local = p->level - l->level - 1;
	n->name = name;
	if (otherwise)
		n->child[0] = otherwise;
	const struct feel_type *m = type_member(&l->type, name);
	if (m)
		n->type = *m;
	n->length = (uint32_t)(p->last_end - at);
	return n;
}

static struct node *parse_name(struct parser *p)
{
	struct token t = p->token;
	lexer_next(p);
	/* A filter over items of unknown type: the name may be an entry of the item, and then shadows. */
	const struct local *maybe = NULL;
	for (const struct local *l = p->locals; l && !maybe; l = l->outer) {
		if (t.name_kind == NAME_LOCAL && l == t.local)
			break;
		if (t.name_kind == NAME_ITEM && l == t.local)
			break;
		if (l->item && (l->type.kind == FEEL_ANY || (l->type.kind == FEEL_CONTEXT && !l->type.members)))
			maybe = l;
	}
	struct node *n = NULL;
	switch (t.name_kind) {
	case NAME_LOCAL: n = local_node(p, t.local, t.at); break;
	case NAME_ITEM: return item_member(p, t.local, t.name, NULL, t.at);
	case NAME_HOST:
		n = make(p, NODE_SLOT, t.at, 0);
		n->slot = t.host->slot;
		n->name = arena_text(p->arena, t.host->name);
		n->type = type_copy(p->arena, &t.host->type); /* the scope may go before the expression */
		break;
	case NAME_BUILTIN: {
		struct feel_function *f = arena_alloc(p->arena, 1, sizeof *f);
		f->builtin = t.builtin;
		n = constant(p, t.at, (struct feel_value){ .kind = FEEL_FUNCTION, .function = f });
		break;
	}
	case NAME_HOST_FUNCTION:
		parser_fail(p, t.at, "'%.100s' is a function: write %.100s(…)", t.name, t.name);
		return make(p, NODE_CONSTANT, t.at, 0);
	case NAME_UNKNOWN:
		if (maybe)
			return item_member(p, maybe, t.name, NULL, t.at);
		if (!p->lenient)
			fail_unknown(p, &t);
		return constant(p, t.at, feel_null());
	}
	n->length = (uint32_t)t.length;
	return maybe ? item_member(p, maybe, t.name, n, t.at) : n;
}

/* ---- calls ---- */

struct arguments {
	VEC(struct node *) at;
	VEC(const char *) names;
	bool named;
};

static void parse_arguments(struct parser *p, struct arguments *a)
{
	expect(p, TOKEN_OPEN, "'('");
	if (accept(p, TOKEN_CLOSE))
		return;
	do {
		const char *name = NULL;
		size_t at = p->token.at;
		if (lexer_key(p, &name))
			a->named = true;
		else if (a->named)
			parser_fail(p, at, "arguments are either all named or all by position");
		if (name && a->at.count && !a->names.at[a->at.count - 1])
			parser_fail(p, at, "arguments are either all named or all by position");
		VEC_PUSH(&a->at, parse_expression(p));
		VEC_PUSH(&a->names, name);
	} while (!p->failed && accept(p, TOKEN_COMMA));
	expect(p, TOKEN_CLOSE, "')' after the arguments");
}

static struct node *host_call(struct parser *p, const struct token *t, struct arguments *a)
{
	struct node *n = make(p, NODE_SLOT, t->at, 0);
	struct feel_value *values = arena_alloc(p->arena, a->at.count + 1, sizeof *values);
	for (size_t i = 0; i < a->at.count && !p->failed; i++) {
		if (a->at.at[i]->kind != NODE_CONSTANT)
			parser_fail(p, a->at.at[i]->at, "%.100s() takes constants only", t->name);
		else
			values[i] = a->at.at[i]->value;
	}
	struct err err = { 0 };
	int slot = -1;
	if (!p->failed && t->function->bind(t->function->host, t->name, values, a->at.count, &n->type, &slot, &err)) {
		parser_fail(p, t->at, "%s", err.text[0] ? err.text : "these arguments are refused");
		if (err.hint[0])
			err_hint(p->err, "%s", err.hint);
	}
	n->type = type_copy(p->arena, &n->type);
	n->slot = slot;
	n->length = (uint32_t)(p->last_end - t->at);
	n->name = arena_copy(p->arena, p->text + n->at, n->length);
	type_members(p, &n->type);
	return n;
}

static struct node *builtin_call_node(
	struct parser *p, size_t at, const char *name, struct node **args, const char *const *names, size_t count)
{
	struct feel_type *types = arena_alloc(p->arena, count + 1, sizeof *types);
	size_t *order = arena_alloc(p->arena, count + 1, sizeof *order);
	for (size_t i = 0; i < count; i++)
		types[i] = args[i]->type;
	char reason[200] = "";
	const struct builtin *b = builtin_match(name, names, types, count, order, reason);
	if (!b) {
		if (p->lenient)
			return constant(p, at, feel_null());
		parser_fail(p, at, "%s", reason);
		return make(p, NODE_CONSTANT, at, 0);
	}
	size_t places = count;
	for (size_t i = 0; i < count; i++)
		if (order[i] >= places)
			places = order[i] + 1;
	struct node *n = make(p, NODE_CALL, at, places);
	n->builtin = b;
	for (size_t i = 0; i < count; i++)
		n->child[order[i]] = args[i];
	for (size_t i = 0; i < places; i++)
		if (!n->child[i])
			n->child[i] = constant(p, at, feel_null());
	return finish(p, n);
}

/* months(a - b) of two dates is the whole months from b to a: the days between them do not tell. */
static struct node *difference_call(struct parser *p, const struct token *t, const struct arguments *a)
{
	bool years = !strcmp(t->name, "years");
	if ((!years && strcmp(t->name, "months")) || a->at.count != 1 || a->named)
		return NULL;
	const struct node *sub = a->at.at[0]->origin ? a->at.at[0]->origin : a->at.at[0];
	if (sub->kind != NODE_SUB)
		return NULL;
	for (int i = 0; i < 2; i++)
		if (sub->child[i]->type.kind != FEEL_DATE && sub->child[i]->type.kind != FEEL_DATE_TIME
			&& sub->child[i]->type.kind != FEEL_ANY)
			return NULL;
	if (sub->child[0]->type.kind == FEEL_ANY && sub->child[1]->type.kind == FEEL_ANY)
		return NULL;
	struct node *args[2] = { sub->child[1], sub->child[0] };
	return builtin_call_node(p, t->at, years ? "years between" : "months between", args, NULL, 2);
}

static struct node *parse_call(struct parser *p, struct token t)
{
	struct arguments a = { 0 };
	lexer_next(p);
	parse_arguments(p, &a);
	struct node *n = NULL;
	if (p->failed)
		n = make(p, NODE_CONSTANT, t.at, 0);
	else if (t.name_kind == NAME_HOST_FUNCTION)
		n = host_call(p, &t, &a);
	else if (!(n = difference_call(p, &t, &a)))
		n = builtin_call_node(p, t.at, t.name, a.at.at, a.named ? a.names.at : NULL, a.at.count);
	VEC_RELEASE(&a.at);
	VEC_RELEASE(&a.names);
	return n;
}

static struct node *parse_invoke(struct parser *p, struct node *function)
{
	struct arguments a = { 0 };
	parse_arguments(p, &a);
	struct node *n = make(p, NODE_INVOKE, function->at, a.at.count + 1);
	n->child[0] = function;
	for (size_t i = 0; i < a.at.count; i++)
		n->child[i + 1] = a.at.at[i];
	if (a.named) {
		n->names = arena_alloc(p->arena, a.at.count, sizeof *n->names);
		for (size_t i = 0; i < a.at.count; i++)
			n->names[i] = a.names.at[i];
	}
	VEC_RELEASE(&a.at);
	VEC_RELEASE(&a.names);
	return finish(p, n);
}

/* ---- ranges, lists, tests ---- */

static enum node_kind comparison(enum token_kind kind)
{
	switch (kind) {
	case TOKEN_EQ: return NODE_EQ;
	case TOKEN_NE: return NODE_NE;
	case TOKEN_LT: return NODE_LT;
	case TOKEN_LE: return NODE_LE;
	case TOKEN_GT: return NODE_GT;
	case TOKEN_GE: return NODE_GE;
	default: return NODE_CONSTANT;
	}
}

/* The upper end of a range and its closing bracket; the token is after "..". */
static struct node *finish_range(struct parser *p, size_t at, struct node *low, bool low_closed)
{
	bool outer = p->endpoint;
	p->endpoint = true;
	struct node *n = make(p, NODE_RANGE, at, 2);
	n->child[0] = low;
	n->child[1] = parse_additive(p);
	p->endpoint = outer;
	n->range.low_closed = low_closed;
	n->range.high_closed = p->token.kind == TOKEN_RIGHT;
	if (p->token.kind == TOKEN_LEFT) /* "1..3[": what follows is an operator, not an operand */
		p->token.kind = TOKEN_RIGHT;
	else if (p->token.kind != TOKEN_RIGHT && p->token.kind != TOKEN_CLOSE)
		fail_expected(p, "']', ')' or '[' after the range");
	lexer_next(p);
	return finish(p, n);
}

/* "> 5", "= x", "!= x": the set of values for which it holds. */
static struct node *parse_unary_range(struct parser *p)
{
	struct node *n = make(p, NODE_UNARY, p->token.at, 1);
	n->op = comparison(p->token.kind);
	lexer_next(p);
	n->child[0] = parse_additive(p);
	return finish(p, n);
}

/* One test: a comparison, or an expression (a range, a list, a value, or a condition with "?"). */
static struct node *parse_test(struct parser *p)
{
	if (comparison(p->token.kind) != NODE_CONSTANT)
		return parse_unary_range(p);
	return parse_expression(p);
}

static struct node *parse_list(struct parser *p)
{
	size_t at = p->token.at;
	lexer_next(p);
	bool endpoint = p->endpoint;
	p->endpoint = false;
	struct nodes items = { 0 };
	struct node *n = NULL;
	if (!accept(p, TOKEN_RIGHT)) {
		do {
			struct node *item = parse_test(p);
			if (!items.v.count && accept(p, TOKEN_DOTS)) {
				p->endpoint = endpoint;
				return finish_range(p, at, item, true);
			}
			VEC_PUSH(&items.v, item);
		} while (!p->failed && accept(p, TOKEN_COMMA));
		expect(p, TOKEN_RIGHT, "']' or ',' in the list");
	}
	p->endpoint = endpoint;
	n = make(p, NODE_LIST, at, 0);
	take(p, n, &items);
	return finish(p, n);
}

/* "(": an expression in parentheses, an open range, or a comparison as a set. `tests`: several after "in". */
static struct node *parse_parentheses(struct parser *p, struct nodes *tests)
{
	size_t at = p->token.at;
	lexer_next(p);
	bool endpoint = p->endpoint;
	p->endpoint = false;
	struct node *first = parse_test(p);
	p->endpoint = endpoint;
	if (accept(p, TOKEN_DOTS))
		return finish_range(p, at, first, false);
	p->endpoint = false;
	if (tests && p->token.kind == TOKEN_COMMA) {
		VEC_PUSH(&tests->v, first);
		while (!p->failed && accept(p, TOKEN_COMMA))
			VEC_PUSH(&tests->v, parse_test(p));
		first = NULL;
	}
	p->endpoint = endpoint;
	expect(p, TOKEN_CLOSE, "')'");
	return first;
}

static struct node *parse_context(struct parser *p)
{
	size_t at = p->token.at;
	struct local *locals = p->locals;
	uint32_t level = p->level;
	lexer_next(p);
	bool endpoint = p->endpoint, repeated = false;
	p->endpoint = false;
	struct nodes values = { 0 };
	VEC(const char *) keys = { 0 };
	if (p->token.kind != TOKEN_FINISH) {
		do {
			const char *key = NULL;
			if (!lexer_key(p, &key)) {
				fail_expected(p, "an entry 'name: value'");
				break;
			}
			for (size_t i = 0; i < keys.count; i++)
				repeated |= !strcmp(keys.at[i], key);
			if (repeated && !p->lenient)
				parser_fail(p, at, "entry '%.100s' stands twice", key);
			struct node *value = parse_expression(p);
			VEC_PUSH(&values.v, value);
			VEC_PUSH(&keys, key);
			push(p, key, value->type);
			VEC_PUSH(&p->members, key);
		} while (!p->failed && accept(p, TOKEN_COMMA));
	}
	pop_to(p, locals, level);
	p->endpoint = endpoint;
	struct node *n = make(p, NODE_CONTEXT, at, 0);
	take(p, n, &values);
	n->names = arena_alloc(p->arena, keys.count + 1, sizeof *n->names);
	for (size_t i = 0; i < keys.count; i++)
		n->names[i] = keys.at[i];
	VEC_RELEASE(&keys);
	expect(p, TOKEN_FINISH, "'}' or ',' in the context");
	if (repeated)
		return constant(p, at, feel_null());
	return finish(p, n);
}

/* ---- for, some, every, if, function ---- */

static const char *declared_name(struct parser *p)
{
	/* a new name may hold several words: up to "in" */
	size_t at = p->token.at, end = at;
	if (p->token.kind != TOKEN_NAME && p->token.kind < TOKEN_FOR) {
		fail_expected(p, "a name");
		return "";
	}
	for (size_t i = at; i < p->length; i++) {
		char c = p->text[i];
		if (i > at && (p->text[i - 1] == ' ' || p->text[i - 1] == '\n' || p->text[i - 1] == '\t')
			&& !strncmp(p->text + i, "in", 2) && i + 2 < p->length && !lexer_name_part((unsigned char)p->text[i + 2]))
			break;
		if (lexer_name_part((unsigned char)c))
			end = i + 1;
		else if (c != ' ' && c != '\n' && c != '\t')
			break;
	}
	const char *name = arena_copy(p->arena, p->text + at, end - at);
	p->token = (struct token){ .kind = TOKEN_NAME, .at = at, .length = end - at };
	lexer_next(p);
	return name;
}

static struct feel_type iterated(const struct node *source)
{
	if (source->kind == NODE_RANGE && source->child[0]->type.kind != FEEL_NUMBER)
		return source->child[0]->type;
	if ((source->type.kind == FEEL_LIST || source->type.kind == FEEL_RANGE) && source->type.item)
		return *source->type.item;
	return type_simple(FEEL_ANY);
}

/* for i in a, j in b return e · some/every i in a, j in b satisfies e: children are the sources, then e. */
static struct node *parse_iteration(struct parser *p)
{
	struct local *locals = p->locals;
	uint32_t level = p->level;
	size_t at = p->token.at, functions = p->functions;
	enum node_kind kind = p->token.kind == TOKEN_FOR ? NODE_FOR : p->token.kind == TOKEN_SOME ? NODE_SOME : NODE_EVERY;
	lexer_next(p);
	struct nodes sources = { 0 };
	VEC(const char *) names = { 0 };
	struct local *partial = kind == NODE_FOR ? push(p, "partial", type_simple(FEEL_LIST)) : NULL;
	do {
		const char *name = declared_name(p);
		expect(p, TOKEN_IN, "'in' after the name");
		struct node *source = parse_expression(p);
		size_t from = source->at;
		if (!p->failed && kind == NODE_FOR && accept(p, TOKEN_DOTS)) {
			struct node *range = make(p, NODE_RANGE, from, 2);
			range->child[0] = source;
			range->child[1] = parse_additive(p);
			range->range.low_closed = range->range.high_closed = true;
			range->keeps = true; /* an iteration, may run downwards */
			range->type = type_simple(FEEL_RANGE);
			range->type.item = &range->child[0]->type;
			range->length = (uint32_t)(p->last_end - from);
			range->input = source->input || range->child[1]->input;
			source = range;
		}
		VEC_PUSH(&sources.v, source);
		VEC_PUSH(&names, name);
		push(p, name, iterated(source));
	} while (!p->failed && accept(p, TOKEN_COMMA));
	if (!p->failed && p->token.kind != (kind == NODE_FOR ? TOKEN_RETURN : TOKEN_SATISFIES))
		fail_expected(p, kind == NODE_FOR ? "'return'" : "'satisfies'");
	lexer_next(p);
	VEC_PUSH(&sources.v, parse_expression(p));
	(void)partial;
	pop_to(p, locals, level);
	struct node *n = make(p, kind, at, 0);
	take(p, n, &sources);
	n->names = arena_alloc(p->arena, names.count + 1, sizeof *n->names);
	for (size_t i = 0; i < names.count; i++)
		n->names[i] = names.at[i];
	VEC_RELEASE(&names);
	n->keeps = p->functions > functions;
	return finish(p, n);
}

static struct node *parse_if(struct parser *p)
{
	struct node *n = make(p, NODE_IF, p->token.at, 3);
	lexer_next(p);
	n->child[0] = parse_expression(p);
	expect(p, TOKEN_THEN, "'then'");
	n->child[1] = parse_expression(p);
	expect(p, TOKEN_ELSE, "'else'");
	n->child[2] = parse_expression(p);
	return finish(p, n);
}

static struct node *parse_function(struct parser *p)
{
	struct local *locals = p->locals;
	uint32_t level = p->level;
	struct node *n = make(p, NODE_FUNCTION, p->token.at, 1);
	lexer_next(p);
	expect(p, TOKEN_OPEN, "'(' after 'function'");
	VEC(const char *) names = { 0 };
	VEC(struct feel_type) types = { 0 };
	p->functions++;
	if (p->token.kind != TOKEN_CLOSE) {
		do {
			const char *name = NULL;
			struct feel_type type = type_simple(FEEL_ANY);
			if (lexer_key(p, &name)) {
				parser_type(p, &type);
			} else if (p->token.kind == TOKEN_NAME || p->token.kind >= TOKEN_FOR) {
				size_t from = p->token.at, end = from; /* up to "," or ")" */
				while (end < p->length && p->text[end] != ',' && p->text[end] != ')')
					end++;
				while (end > from && (p->text[end - 1] == ' ' || p->text[end - 1] == '\n'))
					end--;
				name = arena_copy(p->arena, p->text + from, end - from);
				p->token.kind = TOKEN_NAME;
				p->token.length = end - from;
				lexer_next(p);
			} else {
				fail_expected(p, "a parameter name");
				break;
			}
			VEC_PUSH(&names, name);
			VEC_PUSH(&types, type);
		} while (!p->failed && accept(p, TOKEN_COMMA));
	}
	expect(p, TOKEN_CLOSE, "')' after the parameters");
	n->names = arena_alloc(p->arena, names.count + 1, sizeof *n->names);
	struct feel_type *kept = arena_alloc(p->arena, names.count + 1, sizeof *kept);
	for (size_t i = 0; i < names.count; i++) {
		n->names[i] = names.at[i];
		kept[i] = types.at[i];
		push(p, names.at[i], types.at[i]);
	}
	n->types = kept;
	uint32_t count = (uint32_t)names.count;
	VEC_RELEASE(&names);
	VEC_RELEASE(&types);
	if (p->token.kind == TOKEN_NAME && p->token.name_kind == NAME_UNKNOWN && !strcmp(p->token.name, "external")) {
		if (!p->lenient)
			parser_fail(p, p->token.at, "external functions are not run");
		lexer_next(p);
		parse_expression(p);
		n->child[0] = constant(p, n->at, feel_null());
	} else {
		lexer_again(p);
		n->child[0] = parse_expression(p);
	}
	pop_to(p, locals, level);
	n->local = count;
	return finish(p, n);
}

/* ---- operands ---- */

static struct node *parse_literal(struct parser *p)
{
	struct token t = p->token;
	lexer_next(p);
	if (t.kind == TOKEN_NUMBER) {
		struct decimal d;
		const char *text = p->text + t.at;
		if (!decimal_from_text(text, t.length, &d)) {
			parser_fail(p, t.at, "'%.*s' is not a number", (int)(t.length > 60 ? 60 : t.length), text);
			d = decimal_from_int(0);
		}
		return constant(p, t.at, value_number(d));
	}
	if (t.kind == TOKEN_STRING)
		return constant(p, t.at, feel_string(p->arena, t.text, t.text_length));
	if (t.kind == TOKEN_AT) {
		struct feel_value v = temporal_parse_at(p->arena, t.text, t.text_length);
		if (v.kind == FEEL_NULL && !p->lenient)
			parser_fail(p, t.at, "@\"%.60s\" is not a date, time or duration", t.text);
		return constant(p, t.at, v);
	}
	if (t.kind == TOKEN_NULL)
		return constant(p, t.at, feel_null());
	return constant(p, t.at, feel_boolean(t.kind == TOKEN_TRUE));
}

static struct node *parse_primary(struct parser *p)
{
	switch (p->token.kind) {
	case TOKEN_NUMBER:
	case TOKEN_STRING:
	case TOKEN_AT:
	case TOKEN_TRUE:
	case TOKEN_FALSE:
	case TOKEN_NULL: return parse_literal(p);
	case TOKEN_NAME: {
		struct token t = p->token;
		size_t after = t.at + t.length;
		while (after < p->length && (p->text[after] == ' ' || (p->text[after] >= 9 && p->text[after] <= 13)))
			after++;
		bool call = after < p->length && p->text[after] == '(';
		if (call && (t.name_kind == NAME_BUILTIN || t.name_kind == NAME_HOST_FUNCTION))
			return parse_call(p, t);
		return parse_name(p);
	}
	case TOKEN_OPEN: {
		struct node *n = parse_parentheses(p, NULL);
		return n ? n : make(p, NODE_CONSTANT, p->token.at, 0);
	}
	case TOKEN_LEFT: return parse_list(p);
	case TOKEN_BEGIN: return parse_context(p);
	case TOKEN_RIGHT: { /* "]1..3]" */
		size_t at = p->token.at;
		p->token.kind = TOKEN_LEFT;
		lexer_next(p);
		struct node *low = parse_additive(p);
		expect(p, TOKEN_DOTS, "'..' in the range");
		return finish_range(p, at, low, false);
	}
	case TOKEN_INPUT: {
		if (!p->input)
			parser_fail(p, p->token.at, "'?' stands only in unary tests");
		struct node *n = make(p, NODE_INPUT, p->token.at, 0);
		if (p->input)
			n->type = *p->input;
		n->input = true;
		n->length = 1;
		p->input_uses++;
		lexer_next(p);
		return n;
	}
	case TOKEN_FOR:
	case TOKEN_SOME:
	case TOKEN_EVERY: return parse_iteration(p);
	case TOKEN_IF: return parse_if(p);
	case TOKEN_FUNCTION: return parse_function(p);
	default: fail_expected(p, "a value"); return make(p, NODE_CONSTANT, p->token.at, 0);
	}
}

static struct node *parse_path(struct parser *p, struct node *of)
{
	struct node *n = make(p, NODE_PATH, of->at, 1);
	n->child[0] = of;
	const struct feel_type *type = of->type.kind == FEEL_LIST && of->type.item ? of->type.item : &of->type;
	if (!lexer_member(p, type, &n->name)) {
		lexer_next(p);
		fail_expected(p, "a name after '.'");
		n->name = "";
	}
	n->name = arena_text(p->arena, n->name);
	return finish(p, n);
}

static struct node *parse_filter(struct parser *p, struct node *list)
{
	struct local *locals = p->locals;
	uint32_t level = p->level;
	size_t functions = p->functions;
	struct node *n = make(p, NODE_FILTER, list->at, 2);
	n->child[0] = list;
	struct local *item = push(p, "item",
		list->type.kind == FEEL_LIST ? (list->type.item ? *list->type.item : type_simple(FEEL_ANY)) : list->type);
	item->item = true;
	bool endpoint = p->endpoint;
	p->endpoint = false;
	lexer_next(p);
	n->child[1] = parse_expression(p);
	p->endpoint = endpoint;
	pop_to(p, locals, level);
	expect(p, TOKEN_RIGHT, "']' after the filter");
	n->keeps = p->functions > functions;
	return finish(p, n);
}

/* At "[" in the upper end of a range: whether it closes the range ("1..3[") rather than begins a filter. */
static bool closes_range(const struct parser *p)
{
	size_t at = p->token.at + 1;
	while (at < p->length && (p->text[at] == ' ' || p->text[at] == '\n' || p->text[at] == '\t'))
		at++;
	if (at >= p->length || strchr(",)]}=!<>*/+.", p->text[at]))
		return true;
	return !strncmp(p->text + at, "and ", 4) || !strncmp(p->text + at, "or ", 3) || !strncmp(p->text + at, "then ", 5)
		|| !strncmp(p->text + at, "else ", 5);
}

static struct node *parse_postfix(struct parser *p)
{
	struct node *n = parse_primary(p);
	int chain = 0;
	while (!p->failed) {
		if (++chain > 2 * FEEL_DEPTH_PARSE)
			parser_fail(p, p->token.at, "too many filters, paths and calls in a row");
		else if (p->token.kind == TOKEN_DOT)
			n = parse_path(p, n);
		else if (p->token.kind == TOKEN_LEFT && !(p->endpoint && closes_range(p)))
			n = parse_filter(p, n);
		else if (p->token.kind == TOKEN_OPEN)
			n = parse_invoke(p, n);
		else
			break;
	}
	return n;
}

static struct node *parse_unary(struct parser *p)
{
	if (p->token.kind != TOKEN_MINUS)
		return parse_postfix(p);
	struct node *n = make(p, NODE_NEGATE, p->token.at, 1);
	if (!enter(p))
		return n;
	lexer_next(p);
	n->child[0] = parse_unary(p);
	p->depth--;
	return finish(p, n);
}

static struct node *parse_instance(struct parser *p)
{
	struct node *n = parse_unary(p);
	while (!p->failed && p->token.kind == TOKEN_INSTANCE) {
		lexer_next(p);
		if (p->token.kind != TOKEN_NAME || !type_word(p, "of"))
			fail_expected(p, "'of' after 'instance'");
		struct node *is = make(p, NODE_INSTANCE, n->at, 1);
		struct feel_type *type = arena_alloc(p->arena, 1, sizeof *type);
		is->child[0] = n;
		if (p->lenient && p->token.kind == TOKEN_NAME) {
			/* an unknown type gives null */
			struct token t = p->token;
			struct err err = { 0 }, *kept = p->err;
			p->err = &err;
			bool known = parser_type(p, type);
			p->err = kept;
			if (!known && t.kind == TOKEN_NAME) {
				p->failed = false;
				p->depth--;
				p->token = t;
				lexer_next(p);
				n = constant(p, n->at, feel_null());
				continue;
			}
		} else {
			parser_type(p, type);
		}
		is->check = type;
		n = finish(p, is);
	}
	return n;
}

/* A run of operators of one rank, to the left. */
static struct node *parse_run(struct parser *p, struct node *(*next)(struct parser *), enum token_kind a,
	enum node_kind a_kind, enum token_kind b, enum node_kind b_kind)
{
	struct node *n = next(p);
	while (!p->failed && (p->token.kind == a || p->token.kind == b)) {
		enum node_kind kind = p->token.kind == a ? a_kind : b_kind;
		lexer_next(p);
		struct node *right = next(p);
		n = binary(p, kind, n, right);
	}
	return n;
}

static struct node *parse_power(struct parser *p)
{
	return parse_run(p, parse_instance, TOKEN_POWER, NODE_POW, TOKEN_POWER, NODE_POW);
}

static struct node *parse_term(struct parser *p)
{
	return parse_run(p, parse_power, TOKEN_STAR, NODE_MUL, TOKEN_SLASH, NODE_DIV);
}

static struct node *parse_additive(struct parser *p)
{
	return parse_run(p, parse_term, TOKEN_PLUS, NODE_ADD, TOKEN_MINUS, NODE_SUB);
}

static struct node *parse_in(struct parser *p, struct node *value)
{
	struct nodes tests = { 0 };
	VEC_PUSH(&tests.v, value);
	if (p->token.kind == TOKEN_OPEN) {
		struct node *one = parse_parentheses(p, &tests);
		if (one)
			VEC_PUSH(&tests.v, one);
	} else if (comparison(p->token.kind) != NODE_CONSTANT) {
		VEC_PUSH(&tests.v, parse_unary_range(p));
	} else {
		VEC_PUSH(&tests.v, parse_additive(p));
	}
	struct node *n = make(p, NODE_IN, value->at, 0);
	take(p, n, &tests);
	return finish(p, n);
}

static struct node *parse_comparison(struct parser *p)
{
	struct node *n = parse_additive(p);
	int chain = 0;
	while (!p->failed) {
		if (++chain > 50)
			parser_fail(p, p->token.at, "too many comparisons in a row");
		enum node_kind op = comparison(p->token.kind);
		if (op != NODE_CONSTANT) {
			lexer_next(p);
			struct node *right = parse_additive(p);
			n = binary(p, op, n, right);
		} else if (accept(p, TOKEN_BETWEEN)) {
			struct node *between = make(p, NODE_BETWEEN, n->at, 3);
			between->child[0] = n;
			between->child[1] = parse_additive(p);
			expect(p, TOKEN_AND, "'and' after 'between'");
			between->child[2] = parse_additive(p);
			n = finish(p, between);
		} else if (accept(p, TOKEN_IN)) {
			n = parse_in(p, n);
		} else {
			break;
		}
	}
	return n;
}

static struct node *parse_and(struct parser *p)
{
	return parse_run(p, parse_comparison, TOKEN_AND, NODE_AND, TOKEN_AND, NODE_AND);
}

static struct node *parse_expression(struct parser *p)
{
	if (!enter(p))
		return make(p, NODE_CONSTANT, p->token.at, 0);
	struct node *n = parse_run(p, parse_and, TOKEN_OR, NODE_OR, TOKEN_OR, NODE_OR);
	p->depth--;
	return n;
}

/* ---- whole texts ---- */

static struct node *parse_tests(struct parser *p)
{
	struct node *n = make(p, NODE_TESTS, p->token.at, 0);
	struct nodes tests = { 0 };
	bool negated = false;
	if (p->token.kind == TOKEN_MINUS) { /* "-": anything */
		size_t after = p->token.at + 1;
		while (after < p->length && (p->text[after] == ' ' || (p->text[after] >= 9 && p->text[after] <= 13)))
			after++;
		if (after >= p->length) {
			lexer_next(p);
			n->length = 1;
			n->type = type_simple(FEEL_BOOLEAN);
			return n;
		}
	}
	if (p->token.kind == TOKEN_NAME && p->token.name_kind == NAME_BUILTIN && !strcmp(p->token.name, "not")) {
		negated = true;
		lexer_next(p);
		expect(p, TOKEN_OPEN, "'(' after 'not'");
	}
	do
		VEC_PUSH(&tests.v, parse_test(p));
	while (!p->failed && accept(p, TOKEN_COMMA));
	if (negated)
		expect(p, TOKEN_CLOSE, "')'");
	take(p, n, &tests);
	n->negated = negated;
	n->length = (uint32_t)(p->last_end - n->at);
	if (!p->failed)
		type_node(p, n);
	return n;
}

struct node *parser_whole(struct parser *p, bool tests)
{
	p->token = (struct token){ .kind = TOKEN_END };
	lexer_next(p);
	struct node *n = tests ? parse_tests(p) : parse_expression(p);
	if (!p->failed && p->token.kind != TOKEN_END)
		fail_expected(p, tests ? "',' or the end" : "an operator or the end");
	VEC_RELEASE(&p->members);
	return p->failed ? NULL : n;
}
