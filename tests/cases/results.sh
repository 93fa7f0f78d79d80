#!/usr/bin/env bash
# `pandian results`: tables and columns by id, and the published rows as JSON, one object a line, exact.
. "$(dirname "$0")/lib.sh"
DIR=$WORK/centre
small_workspace "$DIR"

# A wrong option is seen before anything else; without a run there are columns, but no rows.
check "tables and columns without a run" sh -c '"$1" -C "$2" results --lang en | grep -q "^  credits.rolling  *number  *Credits"' sh "$PANDIAN" "$DIR"
check "titles in Chinese" sh -c '"$1" -C "$2" results --lang zh-CN | grep -q "^  idp.items .*[^ -~]"' sh "$PANDIAN" "$DIR"
expect_status "no store yet" 66 "has no store yet" "$PANDIAN" -C "$DIR" results people --period 2026Q3
"$PANDIAN" -C "$DIR" run --period 2026Q3 >"$WORK/log" 2>&1 || tail -n 5 "$WORK/log"
expect_status "no such period" 66 "nothing is published for 2025Q4" "$PANDIAN" -C "$DIR" results people --period 2025Q4
expect_status "no such table" 64 "there is no table 'persons'" "$PANDIAN" -C "$DIR" results persons --period 2026Q3
expect_status "one of several tables unknown" 64 "'persons'" "$PANDIAN" -C "$DIR" results people persons --period 2026Q3
check "nothing is printed then" test -z "$("$PANDIAN" -C "$DIR" results people persons --period 2026Q3 2>&-)"
check "several tables say which" test "$("$PANDIAN" -C "$DIR" results course people --period 2026Q3 | cut -c1-16 |
	uniq | tr -d '\n')" = '{"table":"course{"table":"people'
expect_status "no such folder" 66 "" "$PANDIAN" -C "$DIR/nowhere" results

"$PANDIAN" -C "$DIR" results people --period 2026Q3 >"$WORK/people"
check "one line a person of the roster" test "$(wc -l <"$WORK/people")" -eq 3
value() { # PERSON COLUMN: its value as Python sees it
	python3 -c '
import json, sys
rows = {row["employee"]: row for row in map(json.loads, open(sys.argv[1], encoding="utf-8"))}
print(rows[sys.argv[2]].get(sys.argv[3], "absent"))' "$WORK/people" "$1" "$2"
}
# K1 with 95: 10 x 1.2, K2 with 80: 8.
check "a sum of credits" test "$(value 00101 credits.rolling)" = 20
check "nothing passed is 0" test "$(value 00102 credits.rolling)" = 0
check "why there is no star" test "$(value 00103 star)" = "{'why': 'newcomer'}"
check "what was never given is left out" test "$(value 00101 star.decided)" = absent
check "rows of courses" sh -c '"$1" -C "$2" results course --period 2026Q3 | grep -q "\"course\":\"K1\".*\"first attempts\":2"' sh "$PANDIAN" "$DIR"
check "only JSON comes out" python3 -c '
import json, subprocess, sys
run = lambda *more: subprocess.run([sys.argv[1], "-C", sys.argv[2], "results", "--period", "2026Q3", *more],
                                   check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout.splitlines()
tables = [line.split("  ")[0] for line in run() if not line.startswith(" ")]
assert len(tables) > 8, tables
for table in tables:
    assert all(isinstance(json.loads(line), dict) for line in run(table)), table' "$PANDIAN" "$DIR"
check "a full disk is told" sh -c '"$1" -C "$2" results people --period 2026Q3 >/dev/full 2>"$3"; test $? -eq 74 && grep -q "cannot write" "$3"' \
	sh "$PANDIAN" "$DIR" "$WORK/full"
finish
