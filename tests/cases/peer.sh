#!/usr/bin/env bash
# The program against an independent model written from the definitions: every person of generated centres, all values equal.
# PEER_SEEDS: how many centres (default 3, after the sample itself).
. "$(dirname "$0")/lib.sh"
if ! /usr/bin/python3 -c 'import openpyxl' 2>/dev/null; then
	skip "the independent model" "openpyxl is not installed"
	finish
fi
agree() { # NAME WORKSPACE PERIOD
	check "$1 $3: run" "$PANDIAN" -C "$2" run --period "$3"
	check "$1 $3: everybody's credits and stars as the model has them" /usr/bin/python3 -W ignore "$ROOT/tests/peer/compare.py" "$2" "$3"
}
W=$WORK/sample
new_workspace "$W"
for quarter in 2026Q1 2026Q2 2026Q3; do agree sample "$W" $quarter; done
for seed in $(seq "${PEER_SEEDS:-3}"); do
	W=$WORK/$seed
	small_workspace "$W"
	rm -rf "$W/inputs/sample"
	"$BUILD/tests/sample/generate" --out "$W/inputs/sample" --employees 60 --rows-per-employee 80 --seed "$((seed * 7919))" >/dev/null
	agree "seed $seed" "$W" 2026Q3
	rm -rf "$W"
done

# The comparison itself must be able to fail.
cp -r "$WORK/sample" "$WORK/spoilt"
sed -i 's/<band when="score >= 90" factor="1.2">/<band when="score >= 90" factor="1.3">/' "$WORK/spoilt/rules/credits.xml"
expect_status "another rule is seen" 1 "differ" /usr/bin/python3 -W ignore "$ROOT/tests/peer/compare.py" "$WORK/spoilt" 2026Q3
finish
