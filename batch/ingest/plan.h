/*
 * plan.h - inputs.xml and its mappings in memory: sources, gates, fields and how rows are reshaped. Private to ingest/.
 */
#ifndef PANDIAN_INGEST_PLAN_H
#define PANDIAN_INGEST_PLAN_H

#include "base/decimal.h"
#include "base/vec.h"
#include "ingest/ingest.h"

/* Types of values a cell may be read as; the registry with help texts is value.c. */
enum ingest_type {
#define INGEST_TYPE(id, name, kind, help) INGEST_##id,
#include "ingest/types.def"
#undef INGEST_TYPE
	INGEST_TYPE_COUNT
};
/* What a value type yields. */
enum ingest_yield { INGEST_YIELD_TEXT, INGEST_YIELD_DATE, INGEST_YIELD_NUMBER, INGEST_YIELD_BOOL };

enum ingest_format { INGEST_FORMAT_AUTO, INGEST_FORMAT_YMD, INGEST_FORMAT_DMY, INGEST_FORMAT_MDY, INGEST_FORMAT_EXCEL };
enum ingest_encoding { INGEST_ENCODING_AUTO, INGEST_UTF8, INGEST_GB18030, INGEST_UTF16LE, INGEST_UTF16BE };
enum ingest_dedupe { INGEST_KEEP_FIRST, INGEST_KEEP_LAST, INGEST_KEEP_ALL };

struct ingest_names { const char **at; size_t count; };     /* headers as written, alternatives of one column */
struct ingest_value_map { const char *from; size_t from_length; const char *to; }; /* from: folded */

/* A <field> (fills a field of the feed) or a <let> (a name for FEEL). */
struct ingest_spec {
	const struct feed_field *field;      /* NULL: a <let> */
	const char *name;
	struct ingest_names columns;         /* count 0: none */
	const char *value;                   /* FEEL, or NULL */
	const char *fallback;                /* used where the cell is missing, or NULL */
	enum ingest_type type;
	enum ingest_format format;
	bool required, round;
	bool optional;                       /* required="no" was said: a <let> without its column is null */
	bool has_factor, has_min, has_max;
	struct decimal factor, min, max;
	struct ingest_names truth;           /* texts that are true; empty: the usual ones */
	struct ingest_value_map *maps; size_t map_count;
	const char *where;                   /* "inputs/mappings/lms-zh.xml:12" */
};
struct ingest_lookup {
	const char *file;
	struct ingest_names on, to;
	const char *prefix;
	bool required;
	const char *where;
};
struct ingest_split { struct ingest_names columns; const char *separator, *into, *where; };
struct ingest_wide { struct ingest_names columns; const char *to; bool has_factor; struct decimal factor; };
struct ingest_unpivot { struct ingest_wide *columns; size_t column_count; const char *name, *value, *where; };
struct ingest_filter { const char *when, *where; };

struct ingest_mapping {
	const char *path;                    /* relative to the workspace */
	enum ingest_encoding encoding;
	char delimiter;                      /* 0: auto */
	unsigned header;                     /* 1-based record, 0: auto */
	enum ingest_dedupe dedupe;
	bool quotes;                         /* false: quotes are ordinary characters */
	struct ingest_names skip;            /* rows whose first text starts so are left out (totals) */
	struct ingest_names missing;         /* further texts that mean "no value" (folded) */
	struct ingest_spec *fields; size_t field_count;   /* in feed order */
	struct ingest_spec *lets; size_t let_count;
	struct ingest_lookup *lookups; size_t lookup_count;
	struct ingest_split *split;          /* or NULL */
	struct ingest_unpivot *unpivot;      /* or NULL */
	struct ingest_filter *filters; size_t filter_count;
};
struct ingest_source {
	const struct feed *feed;
	const char *files;                   /* pattern, may hold {date} */
	const char *folder;                  /* absolute or relative to the working folder: where the pattern starts */
	const char *folder_shown;            /* the same relative to the workspace */
	struct ingest_mapping mapping;
	bool full, required;
	int32_t snapshot;                    /* DATE_NONE: from the name or none */
	bool has_gate, gate_fails;
	struct decimal gate;                 /* greatest share of rejected rows */
	char hash[HASH_HEX];                 /* mapping file and source element */
	const char *where;
};
struct ingest_plan {
	struct arena arena;
	const char *workspace;
	struct ingest_run run;
	struct ingest_source *sources; size_t source_count; /* in order of loading */
	char hash[HASH_HEX];
};

/* Files of a source, sorted by name, with their snapshot dates. */
struct ingest_file { char *path; const char *shown; int32_t snapshot; };
struct ingest_files { struct ingest_file *at; size_t count, capacity; struct arena arena; };
int ingest_files_find(const struct ingest_source *source, struct ingest_files *files, struct err *err);
void ingest_files_release(struct ingest_files *files);
/* Matches a file name against a pattern with * ? and one {date}; *snapshot is the day it names (or DATE_NONE). */
bool ingest_files_match(const char *pattern, const char *name, int32_t *snapshot);

/*
 * Reads a mapping for a feed. `path` is what is opened, `shown` what messages name. The mapping's bytes are added
 * to `hash`.
 */
int ingest_mapping_read(const char *path, const char *shown, const struct feed *feed, struct arena *arena,
	struct hash *hash, struct ingest_mapping *mapping, struct err *err);
/* Feeds whose rows need at least one of two fields. */
bool ingest_mapping_either(enum feed_id feed, enum field_id *a, enum field_id *b);
/* Splits "工号 | 员工编号" into trimmed names. */
struct ingest_names ingest_names_split(struct arena *arena, const char *text, char separator);

#endif
