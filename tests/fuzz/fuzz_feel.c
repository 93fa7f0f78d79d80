/*
 * Any text as an expression: refused with its place, or evaluated within its budget. A value can be printed
 * and equals itself.
 */
#include "fuzz/fuzz.h"

#include "feel/feel.h"

#include <string.h>

static void get(void *host, int slot, struct arena *arena, struct feel_value *value)
{
	(void)host;
	(void)arena;
	*value = slot == 0 ? feel_integer(42) : slot == 1 ? feel_date(20000) : feel_null();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	if (length > 400 || memchr(bytes, 0, length) != NULL)
		return 0;
	char text[401];
	memcpy(text, bytes, length);
	text[length] = '\0';

	struct feel_scope *scope = feel_scope_new(NULL);
	feel_scope_add(scope, "credits.rolling", &(struct feel_type){ .kind = FEEL_NUMBER, .scale = 1 }, 0);
	feel_scope_add(scope, "as of", &(struct feel_type){ .kind = FEEL_DATE }, 1);
	feel_scope_add(scope, "x", &(struct feel_type){ .kind = FEEL_ANY }, 2);
	struct err err = { 0 };
	struct feel_expr *expr = feel_compile(text, "rule:1", scope, &(struct feel_type){ .kind = FEEL_ANY }, &err);
	if (expr == NULL) {
		fuzz_hold(err.status != 0 && strncmp(err.text, "rule:1", 6) == 0);
	} else {
		struct arena arena = { 0 };
		struct feel_env env = { .get = get, .today = 20000, .step_budget = 20000 };
		struct feel_value value;
		if (feel_eval(expr, &env, &arena, &value, &err) == 0) {
			struct str out = { 0 };
			feel_print(&out, &value);
			feel_print_literal(&out, &value);
			fuzz_hold(feel_equal(&value, &value) != 0 || value.kind == FEEL_FUNCTION);
			str_release(&out);
		}
		arena_release(&arena);
		feel_free(expr);
	}
	feel_scope_free(scope);
	return 0;
}
