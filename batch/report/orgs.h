/*
 * orgs.h - organisation units in an order and at a depth that suits a page.
 */
#ifndef PANDIAN_REPORT_ORGS_H
#define PANDIAN_REPORT_ORGS_H

#include "base/arena.h"
#include "facts/facts.h"

uint32_t orgs_parent(const struct facts *facts, uint32_t org); /* FRAME_NONE at the top */
/* rank[k]: place of unit k when units stand below their parents, siblings by id. facts_key_count(ORG) entries. */
uint32_t *orgs_rank(const struct facts *facts, struct arena *arena);
/* The ancestor of a unit at a depth (1 = top level, deeper units only); itself if it is not deeper. */
uint32_t orgs_at_depth(const struct facts *facts, uint32_t org, int depth);
int orgs_depth(const struct facts *facts, uint32_t org); /* 1 = top level */

#endif
