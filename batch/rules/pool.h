/*
 * pool.h - what the rules about successors share.
 */
#ifndef PANDIAN_RULES_POOL_H
#define PANDIAN_RULES_POOL_H

#include "rules/ladder.h"

/* Reads a list of classes of readiness ("now within-1-year"); refuses unknown ones. */
int pool_classes(const struct xml_node *node, const char *text, bool class[READINESS_COUNT], struct err *err);

#endif
