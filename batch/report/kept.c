/*
 * kept.c - what the workbooks of a process have in common. Decides nothing but what is made once.
 */
#include "report/kept.h"

#include "base/mem.h"
#include "base/vec.h"
#include "report/orgs.h"

#include <stdlib.h>
#include <string.h>

struct kept_table {
	const struct result_directory *directory, *previous;
	struct view_names names;
};
struct report_kept {
	VEC(struct kept_table *) tables;
	uint32_t *rank;
	struct arena arena;
};

struct report_kept *kept_new(void)
{
	return mem_new(1, sizeof(struct report_kept));
}

void kept_free(struct report_kept *kept)
{
	if (kept == NULL)
		return;
	for (size_t i = 0; i < kept->tables.count; i++) {
		view_names_release(&kept->tables.at[i]->names);
		free(kept->tables.at[i]);
	}
	VEC_RELEASE(&kept->tables);
	arena_release(&kept->arena);
	free(kept);
}

int kept_names(struct view_names *names, const struct report_input *input, const struct result_directory *directory,
	const char *table, const struct result_directory *previous, struct err *err)
{
	struct report_kept *kept = input != NULL ? input->kept : NULL;
	if (kept == NULL)
		return view_names_init(names, directory, table, previous, err);
	for (size_t i = 0; i < kept->tables.count; i++) {
		const struct kept_table *known = kept->tables.at[i];
		if (known->directory != directory || known->previous != previous
			|| strcmp(directory->tables[known->names.table].name, table) != 0)
			continue;
		*names = known->names;
		names->lent = true;
		return 0;
	}
	struct kept_table *made = mem_new(1, sizeof *made);
	*made = (struct kept_table){ .directory = directory, .previous = previous };
	if (view_names_init(&made->names, directory, table, previous, err) != 0) {
		free(made);
		return -1;
	}
	VEC_PUSH(&kept->tables, made);
	*names = made->names;
	names->lent = true;
	return 0;
}

const uint32_t *kept_orgs_rank(const struct report_input *input, struct arena *arena)
{
	struct report_kept *kept = input->kept;
	if (kept == NULL)
		return orgs_rank(input->facts, arena);
	if (kept->rank == NULL)
		kept->rank = orgs_rank(input->facts, &kept->arena);
	return kept->rank;
}
