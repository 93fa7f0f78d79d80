/*
 * column.c - compiles typed expressions to programs over columns. (Nothing is columnar yet: every row is boxed.)
 */
#include "feel/column.h"

struct program *column_compile(struct feel_expr *expr)
{
	(void)expr;
	return NULL;
}

struct feel_type column_type(const struct program *program)
{
	return program->type;
}

bool column_run(const struct feel_expr *expr, const struct feel_rows *rows, int scale, struct arena *arena, struct feel_column *out)
{
	(void)expr, (void)rows, (void)scale, (void)arena, (void)out;
	return false;
}
