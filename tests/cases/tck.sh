#!/usr/bin/env bash
# tck.sh - the DMN conformance kit: all of level 2, and of level 3 the folders that must pass whole.
. "$(dirname "$0")/lib.sh"

KIT=${TCK:-$ROOT/../shared/tck}
RUNNER=${PANDIAN%/*}/tests/tck/tck
# Arithmetic, comparison, logic, and what tables and services stand on.
FOLDERS="0001 0016 0020 0021 0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 0040 0041 0050 0051 0052 0053 0054 0055
	0056 0057 0059 0060 0064 0065 0066 0068 0069 0070 0071 0072 0073 0074 0075 0082 0085 0086 0088 0089 0090 0091 0092
	0099 0100 1100 1101 1102 1141 1142 1143 1144 1150 1151 1152 1153 1154 1161"

if [ ! -d "$KIT" ]; then
	skip "tck: level 2" "no kit at $KIT"
	skip "tck: level 3" "no kit at $KIT"
	finish
fi
if [ ! -x "$RUNNER" ]; then
	not_ok "tck: the runner is built" "$RUNNER is missing"
	finish
fi
"$RUNNER" --verbose "$KIT" > "$WORK/out" 2> "$WORK/err" || not_ok "tck: the kit can be read" "$(head -n 1 "$WORK/err")"

# whole LEVEL FOLDER: every case of a folder passed, and it has some
whole() {
	awk -v level="$1" -v folder="$2" '$1 == level && index($2, folder) == 1 { split($3, n, "/"); found = 1; bad += n[1] != n[2] || n[2] == 0 }
		END { exit !found || bad }' "$WORK/out"
}
total=$(sed -n 's/^level 2: //p' "$WORK/out")
if [ -n "$total" ] && [ "${total%/*}" -eq "${total#*/}" ] && [ "${total#*/}" -ge 116 ]; then
	ok "tck: level 2 ($total)"
else
	not_ok "tck: level 2 ($total)"
	grep '^  ' "$WORK/out" | head -n 20 | sed 's/^/#/'
fi
for folder in $FOLDERS; do
	if whole 3 "$folder"; then ok "tck: level 3 $folder"; else not_ok "tck: level 3 $folder"; fi
done
# Left out on purpose: functions in Java (0076), years beyond ±5 million (1115, 1117).
total=$(sed -n 's/^level 3: //p' "$WORK/out")
if [ -n "$total" ] && [ "${total%/*}" -ge 3255 ]; then
	ok "tck: level 3 keeps what it had ($total)"
else
	not_ok "tck: level 3 keeps what it had ($total)" "at least 3255 cases passed before"
	grep '^  ' "$WORK/out" | head -n 20 | sed 's/^/#/'
fi
finish
