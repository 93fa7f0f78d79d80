/*
 * publish.h - publication: a staging folder becomes outputs/<period>/rN in one rename, `latest` moves last.
 */
#ifndef PANDIAN_RUN_PUBLISH_H
#define PANDIAN_RUN_PUBLISH_H

#include "base/err.h"
#include "run/plan.h"
#include "store/store.h"

/*
 * Makes an empty staging folder beside the published ones: malloc'd path in *staging. Remains of earlier runs are
 * removed.
 */
int publish_stage(const struct plan *plan, char **staging, struct err *err);
/* Flushes everything written under the staging folder to the disk; called beside the rendering and at its end. */
int publish_sync(const char *staging, struct err *err);
/*
 * Renames staging to outputs/<period>/r<revision> of the run (must not exist), fsyncs, then points outputs/latest to
 * it, unless a
 * later period is published already (a corrected old quarter does not become the latest). `folder` receives the path.
 * After this returns 0 readers see the new set.
 */
int publish_rename(const struct plan *plan, struct store *store, const struct store_run *run, const char *staging,
	struct str *folder, struct err *err);
/* The same for partial runs: outputs/partial/<run name>, replaced if it exists; `latest` stays. */
int publish_partial(
	const struct plan *plan, const char *staging, const char *run_name, struct str *folder, struct err *err);
/*
 * What an interrupted run left: a renamed set whose run is not marked published is marked so (and `latest` set); a
 * run that never
 * got there is marked failed and its results dropped.
 */
int publish_reconcile(const struct plan *plan, struct store *store, struct err *err);

#endif
