#!/usr/bin/env bash
# The laws of the house hold in this tree, and each of them is seen when it is broken.
. "$(dirname "$0")/lib.sh"
lint() { python3 -B "$ROOT/tests/lint/lint.py" "$@"; }
if ! command -v python3 >/dev/null; then
	skip "lint" "python3 is not installed"
	finish
fi

check "this tree keeps the laws" lint --objects "$BUILD/batch" --compile "$(cat "$BUILD/.flags")"

# refused LAW FILE TEXT: a tree with this one file is refused by that law at a line of that file.
refused() {
	local tree=$WORK/tree
	rm -rf "$tree" && mkdir -p "$tree/$(dirname "$2")" && printf "$3" >"$tree/$2"
	expect_status "refused: $4" 1 "$2:" lint --top "$tree"
	expect_status "refused by the law of $1: $4" 1 ": $1: " lint --top "$tree"
}
HEAD='/* a file of the test */\n'
refused layers batch/report/x.c "$HEAD#include \"output/pdf.h\"\n" "a sibling's header"
refused layers batch/base/x.c "$HEAD#include \"store/store.h\"\n" "base includes a room above it"
refused layers batch/rules/x.c "$HEAD#include \"rules.h\"\n" "an include without its folder"
refused layers batch/attic/x.c "${HEAD}int attic_x;\n" "a folder nobody planned"
refused homes batch/rules/x.c "$HEAD#include <sqlite3.h>\n" "sqlite3.h outside of store"
refused homes batch/report/x.c "$HEAD#include <xlsxwriter.h>\n" "xlsxwriter.h outside of output"
refused homes batch/ingest/x.c "$HEAD#include <curl/curl.h>\n" "a library without a home"
refused banned batch/base/x.c "${HEAD}void base_x(char *a, const char *b) { strcpy(a, b); }\n" "strcpy"
refused banned batch/ingest/x.c "${HEAD}double ingest_x(const char *a) { return atof(a); }\n" "atof"
refused banned batch/rules/x.c "${HEAD}void rules_x(void) { exit (1); }\n" "exit below cli"
refused banned batch/store/x.c "${HEAD}void store_x(void) { printf(\"x\"); }\n" "printing below cli"
refused banned batch/run/x.c "${HEAD}void run_x(void) { fputs(\"x\", stderr); }\n" "stderr below cli"
refused banned batch/run/x.c "${HEAD}long run_x(void) { return time(NULL); }\n" "a second clock"
refused banned batch/feel/x.c "${HEAD}const char *feel_x(void) { return getenv(\"TZ\"); }\n" "the environment read below"
refused types batch/base/x.h "${HEAD}typedef struct x { int a; } x;\n" "a typedef'd struct"
refused sql batch/store/x.c "${HEAD}int store_x(sqlite3 *db, char *s) { return sqlite3_exec(db, s, 0, 0, 0); }\n" "SQL that is not written out"
refused numbers batch/rules/x.c "${HEAD}double rules_x;\n" "floating point in a rule"
refused form batch/base/x.c "int base_x;\n" "no comment at the head"
refused form batch/base/x.c "${HEAD}int base_x(void)\n{\n    return 1;\n}\n" "spaces for tabs"
refused width batch/base/x.c "$HEAD/* $(printf '%0130d' 0) */\n" "a line of 136 columns"
refused paths batch/base/x.c "${HEAD}const char *base_x = \"\057home/someone/file\";\n" "a path of one machine"

mkdir -p "$WORK/good/batch/base"
printf '/* exit(1), strcpy and "time(NULL)" in a comment */\nconst char *base_x = "system(rm) /* no comment";\n' >"$WORK/good/batch/base/x.c"
expect_status "words in comments and texts are nothing" 0 "1 files, 0 against" lint --top "$WORK/good"

mkdir -p "$WORK/header/batch/base"
printf '%b' "${HEAD}struct date base_x(size_t n);\n" >"$WORK/header/batch/base/x.h"
expect_status "refused: a header that needs another first" 1 "x.h:1: headers: does not compile alone" \
	lint --top "$WORK/header" --compile "${CC:-gcc} -std=c17"
mkdir -p "$WORK/symbols/batch/base" "$WORK/symbols/objects/base"
printf '%b' "${HEAD}int somebody_else;\nint date_mine;\n" >"$WORK/symbols/batch/base/date.c"
${CC:-gcc} -c -o "$WORK/symbols/objects/base/date.o" "$WORK/symbols/batch/base/date.c"
expect_status "refused: a symbol without its module's name" 1 "somebody_else is exported" \
	lint --top "$WORK/symbols" --objects "$WORK/symbols/objects"
expect_status "its neighbour is fine" 1 "files, 1 against" lint --top "$WORK/symbols" --objects "$WORK/symbols/objects"
finish
