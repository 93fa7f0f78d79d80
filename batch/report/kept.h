/*
 * kept.h - what the workbooks of a process have in common: names of tables, order of units. Made when first asked for.
 */
#ifndef PANDIAN_REPORT_KEPT_H
#define PANDIAN_REPORT_KEPT_H

#include "report/report.h"
#include "report/view.h"

struct report_kept;
struct report_kept *kept_new(void);
void kept_free(struct report_kept *kept);

/*
 * As view_names_init; where the input keeps (NULL: it does not), the names are lent: releasing them releases nothing,
 * and they live as long as what keeps them.
 */
int kept_names(struct view_names *names, const struct report_input *input, const struct result_directory *directory,
	const char *table, const struct result_directory *previous, struct err *err);
/* As orgs_rank. */
const uint32_t *kept_orgs_rank(const struct report_input *input, struct arena *arena);

#endif
