/*
 * finding.h - findings about data: what was found where, in words its reader can act on.
 *
 * Decides: the list of findings (findings.def), their severity and wording. Does not decide: whether a run goes on
 * (gates in inputs.xml do), nor where findings are shown.
 */
#ifndef PANDIAN_BASE_FINDING_H
#define PANDIAN_BASE_FINDING_H

#include "base/arena.h"
#include "base/str.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum finding_id {
#define FINDING(id, name, severity, reject, zh, en) FINDING_##id,
#include "base/findings.def"
#undef FINDING
	FINDING_COUNT
};
enum finding_severity {
	FINDING_NOTE,
	FINDING_WARNING,
	FINDING_REJECT /* the row went to quarantine */,
	FINDING_FAULT /* file or feed unusable */
};

struct finding {
	enum finding_id id;
	const char *feed;     /* "completion", or NULL */
	const char *file;     /* path relative to the workspace, or NULL */
	const char *sheet;    /* or NULL */
	uint64_t row;         /* 1-based line of the record in the file, 0 = whole file */
	const char *column;   /* header as in the file, or NULL */
	const char *text;     /* the text found, or NULL (cut to 200 bytes when stored) */
	const char *detail;   /* what was expected or the other place, plain words or NULL */
	uint64_t count;       /* how many the same stand behind it; 0 and 1 mean one */
};

const char *finding_name(enum finding_id id);                /* "unknown-employee" */
enum finding_severity finding_severity(enum finding_id id);
bool finding_by_name(const char *name, enum finding_id *id);
/*
 * Appends one line, without a line break: "file:row: column '工号': text 'x': message (detail)"; what is NULL is left
 * out, control, bidi and invalid bytes are shown as \xNN or \u{NNNN}.
 */
void finding_print(struct str *out, const struct finding *finding, enum text_lang lang);
const char *finding_message(enum finding_id id, enum text_lang lang);

/*
 * A list of findings that owns copies; one per thread, joined later. Beyond `limit` per (id, file) only counts are
 * kept. When every thread adds in the order of rows, the findings left after findings_join and findings_sort do not
 * depend on how the rows were shared out.
 */
struct findings {
	struct arena arena;
	struct finding *at;
	size_t count, capacity;
	size_t limit;         /* kept per (id, file); 0 = 1000 */
	uint64_t total[FINDING_COUNT];
	struct finding_seen *seen; size_t seen_count, seen_capacity; /* hash table of (id, file) */
};
void findings_add(struct findings *findings, const struct finding *finding);
void findings_join(struct findings *into, struct findings *from);   /* moves everything; `from` is released */
void findings_sort(struct findings *findings); /* file, sheet, row, column, id, text; drops what is beyond the limit */
/* How many were added of an id in a file (NULL: without a file), those beyond the limit included. */
uint64_t findings_total(const struct findings *findings, enum finding_id id, const char *file);
void findings_release(struct findings *findings);

#endif
