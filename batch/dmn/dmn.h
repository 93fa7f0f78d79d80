/*
 * dmn.h - DMN 1.2-1.5 models read from XML; decisions evaluated on top of feel/.
 */
#ifndef PANDIAN_DMN_DMN_H
#define PANDIAN_DMN_DMN_H

#include "feel/feel.h"

struct dmn_model;
/* Loads a model; imports are looked up beside the file. NULL with status 78 and "file:line: …". */
struct dmn_model *dmn_load(const char *path, struct err *err);
/*
 * The same as DMN's conformance asks: unknown names and certain type errors in expressions are not refused but yield
 * null.
 */
struct dmn_model *dmn_load_lenient(const char *path, struct err *err);
void dmn_free(struct dmn_model *model);
/*
 * Evaluates a decision (or decision service) by name; `inputs` is a FEEL context of input data by name.
 * A failing decision yields FEEL_NULL with messages ("file:line: …", a line each) appended to `messages` (may be
 * NULL). -1 only if there is no such decision or the budget ran out.
 */
int dmn_decide(const struct dmn_model *model, const char *decision, const struct feel_value *inputs,
	const struct feel_env *env, struct arena *arena, struct feel_value *value, struct str *messages, struct err *err);

#endif
