#!/usr/bin/env bash
# The program beside the independent model of tests/peer: every credit and star value of everybody, exactly. The sample,
# then SEEDS (3) invented small centres; every second one has binding quotas and a declared key for ties.
. "$(dirname "$0")/lib.sh"
BUILD=${BUILD:-$ROOT/build}
SEEDS=${SEEDS:-3}
PERIODS='2026Q1 2026Q2 2026Q3'

# plain_workspace DIR: the pack without archives: only results are looked at.
plain_workspace() {
	mkdir -p "$1/outputs" "$1/inputs" && cp -r "$ROOT/rules" "$ROOT/report-templates" "$1/" &&
		cp -r "$ROOT/inputs/mappings" "$ROOT/inputs/inputs.xml" "$1/inputs/" &&
		sed -i 's/archives="all"/archives="none"/' "$1/inputs/inputs.xml"
}
bind_quotas() {
	sed -i -e 's/ advisory="yes"//' -e 's|</star>|<tie value="performance(\&quot;exam\&quot;)"/></star>|' "$1/rules/star.xml" &&
		grep -q '<tie ' "$1/rules/star.xml"
}
run_all() {
	local period
	for period in $PERIODS; do
		"$PANDIAN" -C "$1" run --period $period > "$WORK/log" 2>&1 || { tail -n 5 "$WORK/log"; return 1; }
	done
}
agrees() { python3 "$ROOT/tests/peer/compare.py" "$PANDIAN" "$1" $PERIODS | tee "$WORK/told"; return "${PIPESTATUS[0]}"; }
seed() { # NUMBER
	local dir=$WORK/seed
	rm -rf "$dir" && plain_workspace "$dir" && mkdir -p "$dir/inputs/sample" &&
		"$BUILD/tests/sample/generate" --out "$dir/inputs/sample" --seed "$1" --employees 60 || return 1
	[ $(($1 % 2)) -eq 0 ] || bind_quotas "$dir" || return 1
	run_all "$dir" && agrees "$dir"
}

plain_workspace "$WORK/sample" && cp -r "$ROOT/inputs/sample" "$WORK/sample/inputs/"
check "sample: run" run_all "$WORK/sample"
check "sample: program and model agree" agrees "$WORK/sample"
for step in held decided previous; do
	check "the sample has people with a star that was $step" grep -q "[1-9] $step" "$WORK/told"
done
plain_workspace "$WORK/bound" && cp -r "$ROOT/inputs/sample" "$WORK/bound/inputs/" && bind_quotas "$WORK/bound"
check "sample with binding quotas: run" run_all "$WORK/bound"
check "sample with binding quotas: program and model agree" agrees "$WORK/bound"
check "quotas bind somebody" grep -q '[1-9] seated' "$WORK/told"
# A binding quota with room for everybody moves nobody: what is computed after the seats equals what is computed at once.
plain_workspace "$WORK/roomy" && cp -r "$ROOT/inputs/sample" "$WORK/roomy/inputs/" &&
	sed -i -e '/<quota /d' -e 's|</star>|<quota star="5" share="100%"/></star>|' "$WORK/roomy/rules/star.xml"
check "sample with seats for everybody: run" run_all "$WORK/roomy"
results() { "$PANDIAN" -C "$1" results people --period 2026Q3; }
check "seats for everybody change no result" cmp <(results "$WORK/sample") <(results "$WORK/roomy")
for ((number = 1; number <= SEEDS; number++)); do
	check "seed $number: program and model agree" seed $number
done
finish
