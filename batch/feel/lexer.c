/*
 * lexer.c - tokens of an expression; a name is the longest one in scope, and may hold spaces, dots and signs.
 *
 * Decides: where a token ends and which name is meant. Does not decide: whether it makes sense there (parser.c).
 */
#include "feel/ast.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *const keyword_names[] = { "for", "return", "if", "then", "else", "some", "every", "satisfies", "in",
	"and", "or", "between", "instance", "function", "true", "false", "null" };

bool lexer_name_part(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c >= 0x80;
}

static bool digit(const struct parser *p, size_t at)
{
	return at < p->length && p->text[at] >= '0' && p->text[at] <= '9';
}

/* Bytes of white space at `at`, 0 if none. */
static size_t space_at(const struct parser *p, size_t at)
{
	if (at >= p->length)
		return 0;
	unsigned char c = (unsigned char)p->text[at];
	if (c == ' ' || (c >= 9 && c <= 13))
		return 1;
	if (c < 0x80)
		return 0;
	const char *next = p->text + at;
	uint32_t u = text_next(&next, p->text + p->length);
	if (u == 0x85 || u == 0xA0 || u == 0x1680 || u == 0x180E || (u >= 0x2000 && u <= 0x200B) || u == 0x2028
		|| u == 0x2029 || u == 0x202F || u == 0x205F || u == 0x3000 || u == 0xFEFF)
		return (size_t)(next - (p->text + at));
	return 0;
}

static size_t skip_space(const struct parser *p, size_t at)
{
	for (;;) {
		size_t space = space_at(p, at);
		if (space) {
			at += space;
		} else if (at + 1 < p->length && p->text[at] == '/' && p->text[at + 1] == '/') {
			while (at < p->length && p->text[at] != '\n')
				at++;
		} else if (at + 1 < p->length && p->text[at] == '/' && p->text[at + 1] == '*') {
			const char *end = memmem(p->text + at + 2, p->length - at - 2, "*/", 2);
			at = end ? (size_t)(end - p->text) + 2 : p->length;
		} else {
			return at;
		}
	}
}

/* Length of text at `at` that spells `name`, 0 if it does not. A space stands for any white space, "_" also for one. */
static size_t spelt(const struct parser *p, size_t at, const char *name)
{
	size_t start = at;
	unsigned char last = 0;
	for (; *name; name++) {
		size_t space = at < p->length ? space_at(p, at) : 0;
		if (*name == ' ' || (*name == '_' && space)) {
			if (!space)
				return 0;
			while ((space = space_at(p, at)))
				at += space;
		} else {
			if (at >= p->length || p->text[at] != *name)
				return 0;
			at++;
		}
		last = (unsigned char)*name;
	}
	if (lexer_name_part(last) && at < p->length && lexer_name_part((unsigned char)p->text[at]) && !space_at(p, at))
		return 0;
	return at - start;
}

static size_t identifier(const struct parser *p, size_t at)
{
	size_t start = at;
	while (at < p->length && lexer_name_part((unsigned char)p->text[at]) && !space_at(p, at))
		at++;
	return at - start;
}

/* The longest name in scope at `at`; inner scopes win among equals. */
static void find_name(struct parser *p, size_t at, struct token *t)
{
	size_t best = 0, n;
	for (const struct local *l = p->locals; l; l = l->outer) {
		if (l->name && (n = spelt(p, at, l->name)) > best) {
			best = n;
			t->name_kind = NAME_LOCAL;
			t->local = l;
			t->name = l->name;
		}
		for (size_t i = 0; l->item && i < l->type.member_count; i++)
			if ((n = spelt(p, at, l->type.members[i].name)) > best
				|| (n == best && n && t->name_kind == NAME_LOCAL && t->local == l)) {
				best = n;
				t->name_kind = NAME_ITEM;
				t->local = l;
				t->name = l->type.members[i].name;
			}
	}
	for (const struct feel_scope *s = p->scope; s; s = s->outer) {
		for (size_t i = 0; i < s->names.count; i++)
			if ((n = spelt(p, at, s->names.at[i].name)) > best) {
				best = n;
				t->name_kind = NAME_HOST;
				t->host = &s->names.at[i];
				t->name = t->host->name;
			}
		for (size_t i = 0; i < s->functions.count; i++) {
			if (!(n = spelt(p, at, s->functions.at[i].name)))
				continue;
			size_t after = skip_space(p, at + n);
			bool call = after < p->length && p->text[after] == '(';
			if (n > best
				|| (n == best && call && t->name_kind == NAME_HOST && t->host->type.kind != FEEL_FUNCTION
					&& t->host->type.kind != FEEL_ANY)) {
				best = n;
				t->name_kind = NAME_HOST_FUNCTION;
				t->function = &s->functions.at[i];
				t->name = t->function->name;
			}
		}
	}
	for (const struct builtin *b = builtin_first(); b; b = builtin_next(b)) {
		if (b->name[0] != p->text[at] || !(n = spelt(p, at, b->name)))
			continue;
		size_t after = skip_space(p, at + n);
		bool call = after < p->length && p->text[after] == '(';
		bool plain = t->name_kind == NAME_HOST && t->host->type.kind != FEEL_FUNCTION && t->host->type.kind != FEEL_ANY;
		if (n > best || (n == best && call && plain)) {
			best = n;
			t->name_kind = NAME_BUILTIN;
			t->builtin = b;
			t->name = b->name;
		}
	}
	t->length = best;
}

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0'
		: c >= 'a' && c <= 'f'  ? c - 'a' + 10
		: c >= 'A' && c <= 'F'  ? c - 'A' + 10
								: -1;
}

static bool hex_run(const struct parser *p, size_t at, size_t digits, uint32_t *value)
{
	*value = 0;
	for (size_t i = 0; i < digits; i++) {
		int h = at + i < p->length ? hex(p->text[at + i]) : -1;
		if (h < 0)
			return false;
		*value = *value * 16 + (uint32_t)h;
	}
	return true;
}

/* A string literal from its opening quote; false if it does not end. */
static bool read_string(struct parser *p, size_t *at, const char **text, size_t *length)
{
	size_t i = *at + 1;
	char *out = arena_alloc(p->arena, p->length - *at + 1, 1);
	size_t n = 0;
	for (;;) {
		if (i >= p->length)
			return false;
		char c = p->text[i++];
		if (c == '"')
			break;
		if (c != '\\' || i >= p->length) {
			out[n++] = c;
			continue;
		}
		char e = p->text[i++];
		uint32_t u = 0, low = 0;
		const char *simple = e == 'n' ? "\n"
			: e == 't'                ? "\t"
			: e == 'r'                ? "\r"
			: e == '"'                ? "\""
			: e == '\\'               ? "\\"
			: e == '\''               ? "'"
			: e == '/'                ? "/"
									  : NULL;
		size_t digits = e == 'u' ? 4 : e == 'U' ? 6 : 0;
		if (simple) {
			out[n++] = *simple;
		} else if (digits && hex_run(p, i, digits, &u)) {
			i += digits;
			if (u >= 0xD800 && u < 0xDC00 && i + 1 < p->length && p->text[i] == '\\' && (p->text[i + 1] | 32) == 'u'
				&& hex_run(p, i + 2, p->text[i + 1] == 'u' ? 4 : 6, &low) && low >= 0xDC00 && low < 0xE000) {
				i += p->text[i + 1] == 'u' ? 6 : 8;
				u = 0x10000 + ((u - 0xD800) << 10) + (low - 0xDC00);
			}
			if (u == 0 || u > 0x10FFFF || (u >= 0xD800 && u < 0xE000))
				u = 0xFFFD;
			n += text_encode(u, out + n); /* never longer than its escape */
		} else {
			out[n++] = '\\';
			out[n++] = e;
		}
	}
	out[n] = 0;
	*text = out;
	*length = n;
	*at = i;
	return true;
}

static size_t read_number(const struct parser *p, size_t at)
{
	size_t start = at;
	while (digit(p, at))
		at++;
	if (at < p->length && p->text[at] == '.' && digit(p, at + 1)) {
		at++;
		while (digit(p, at))
			at++;
	}
	if (at < p->length && (p->text[at] == 'e' || p->text[at] == 'E')) {
		size_t e = at + 1;
		if (e < p->length && (p->text[e] == '+' || p->text[e] == '-'))
			e++;
		if (digit(p, e)) {
			while (digit(p, e))
				e++;
			at = e;
		}
	}
	return at - start;
}

static enum token_kind keyword(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof keyword_names / sizeof *keyword_names; i++)
		if (strlen(keyword_names[i]) == length && !memcmp(keyword_names[i], text, length))
			return (enum token_kind)(TOKEN_FOR + (int)i);
	return TOKEN_END;
}

static void read_token(struct parser *p, size_t at)
{
	static const struct {
		char text[4];
		enum token_kind kind;
	} signs[] = {
		{ "**", TOKEN_POWER },
		{ "!=", TOKEN_NE },
		{ "<=", TOKEN_LE },
		{ ">=", TOKEN_GE },
		{ "..", TOKEN_DOTS },
		{ "->", TOKEN_ARROW },
		{ "+", TOKEN_PLUS },
		{ "-", TOKEN_MINUS },
		{ "*", TOKEN_STAR },
		{ "/", TOKEN_SLASH },
		{ "=", TOKEN_EQ },
		{ "<", TOKEN_LT },
		{ ">", TOKEN_GT },
		{ "(", TOKEN_OPEN },
		{ ")", TOKEN_CLOSE },
		{ "[", TOKEN_LEFT },
		{ "]", TOKEN_RIGHT },
		{ "{", TOKEN_BEGIN },
		{ "}", TOKEN_FINISH },
		{ ",", TOKEN_COMMA },
		{ ":", TOKEN_COLON },
		{ ".", TOKEN_DOT },
		{ "?", TOKEN_INPUT },
	};
	at = skip_space(p, at);
	struct token t = { .at = at };
	if (at >= p->length) {
		t.kind = TOKEN_END;
	} else if (digit(p, at) || (p->text[at] == '.' && digit(p, at + 1) && p->operand_next)) {
		t.kind = TOKEN_NUMBER;
		t.length = read_number(p, at);
	} else if (p->text[at] == '"' || (p->text[at] == '@' && at + 1 < p->length && p->text[at + 1] == '"')) {
		t.kind = p->text[at] == '"' ? TOKEN_STRING : TOKEN_AT;
		size_t end = t.kind == TOKEN_AT ? at + 1 : at;
		if (!read_string(p, &end, &t.text, &t.text_length)) {
			t.kind = TOKEN_BAD;
			t.length = p->length - at;
			parser_fail(p, at, "a text begins here with \" and does not end");
		} else {
			t.length = end - at;
		}
	} else if (lexer_name_part((unsigned char)p->text[at])) {
		size_t plain = identifier(p, at);
		enum token_kind key = keyword(p->text + at, plain);
		if (key == TOKEN_END || p->operand_next)
			find_name(p, at, &t);
		if (key != TOKEN_END && t.length <= plain) {
			t = (struct token){ .kind = key, .at = at, .length = plain };
		} else {
			t.kind = TOKEN_NAME;
			if (!t.length) {
				t.length = plain;
				t.name_kind = NAME_UNKNOWN;
				t.name = arena_copy(p->arena, p->text + at, plain);
			}
		}
	} else {
		t.kind = TOKEN_BAD;
		t.length = 1;
		if (p->operand_next && p->text[at] != '-' && p->text[at] != '?') /* a name in scope may begin with a sign */
			find_name(p, at, &t);
		if (t.name_kind != NAME_UNKNOWN) {
			t.kind = TOKEN_NAME;
		} else {
			t.length = 1;
			for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
				size_t n = strlen(signs[i].text);
				if (at + n <= p->length && !memcmp(p->text + at, signs[i].text, n)) {
					t.kind = signs[i].kind;
					t.length = n;
					break;
				}
			}
		}
	}
	p->token = t;
}

static bool ends_operand(enum token_kind kind)
{
	return kind == TOKEN_NUMBER || kind == TOKEN_STRING || kind == TOKEN_AT || kind == TOKEN_NAME || kind == TOKEN_CLOSE
		|| kind == TOKEN_RIGHT || kind == TOKEN_FINISH || kind == TOKEN_TRUE || kind == TOKEN_FALSE
		|| kind == TOKEN_NULL || kind == TOKEN_INPUT;
}

void lexer_next(struct parser *p)
{
	p->last_end = p->token.at + p->token.length;
	p->operand_next = p->last_end == 0 || !ends_operand(p->token.kind);
	read_token(p, p->last_end);
}

void lexer_again(struct parser *p)
{
	read_token(p, p->token.at);
}

bool lexer_member(struct parser *p, const struct feel_type *of, const char **name)
{
	size_t at = skip_space(p, p->token.at + p->token.length), best = 0, n;
	for (size_t i = 0; of && i < of->member_count; i++)
		if ((n = spelt(p, at, of->members[i].name)) > best) {
			best = n;
			*name = of->members[i].name;
		}
	for (size_t i = 0; !best && i < p->members.count; i++)
		if ((n = spelt(p, at, p->members.at[i])) > best) {
			best = n;
			*name = p->members.at[i];
		}
	size_t plain = identifier(p, at);
	if (plain > best && !digit(p, at)) {
		best = plain;
		*name = arena_copy(p->arena, p->text + at, plain);
	}
	if (!best)
		return false;
	p->token = (struct token){ .kind = TOKEN_NAME, .at = at, .length = best };
	lexer_next(p);
	return true;
}

bool lexer_key(struct parser *p, const char **name)
{
	size_t at = p->token.at, end;
	if (p->token.kind == TOKEN_STRING) {
		size_t colon = skip_space(p, at + p->token.length);
		if (colon >= p->length || p->text[colon] != ':')
			return false;
		*name = p->token.text;
		p->token = (struct token){ .kind = TOKEN_COLON, .at = colon, .length = 1 };
		lexer_next(p);
		return true;
	}
	if (at >= p->length || !lexer_name_part((unsigned char)p->text[at]) || digit(p, at))
		return false;
	for (end = at; end < p->length && p->text[end] != ':'; end++)
		if (strchr("\"(){}[],;=<>@?!", p->text[end]))
			return false;
	if (end >= p->length)
		return false;
	char *key = arena_copy(p->arena, p->text + at, end - at), *to = key;
	for (size_t i = at; i < end;) {
		size_t space = space_at(p, i);
		if (!space)
			*to++ = p->text[i];
		else if (to > key && to[-1] != ' ')
			*to++ = ' ';
		i += space ? space : 1;
	}
	while (to > key && to[-1] == ' ')
		to--;
	*to = 0;
	*name = key;
	p->token = (struct token){ .kind = TOKEN_COLON, .at = end, .length = 1 };
	lexer_next(p);
	return true;
}

const char *lexer_describe(const struct parser *p, char out[80])
{
	if (p->token.kind == TOKEN_END) {
		snprintf(out, 80, "the end");
		return out;
	}
	size_t n = p->token.length > 40 ? 40 : p->token.length;
	while (n && n < p->token.length && ((unsigned char)p->text[p->token.at + n] & 0xC0) == 0x80)
		n--;
	snprintf(out, 80, "'%.*s'", (int)n, p->text + p->token.at);
	return out;
}
