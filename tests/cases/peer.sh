#!/usr/bin/env bash
# The program beside the independent model of tests/peer: every result of everybody that the model knows, exactly. The
# sample, then SEEDS (4) seeds, two invented centres each: one full of corners with a rule pack of its own (populate.py), one
# of the sample's generator with corners of stars and readiness (corners.py).
# PLAIN: a program without sanitizers for the seeds beyond the fourth (`make check` names one; they are slow).
. "$(dirname "$0")/lib.sh"
BUILD=${BUILD:-$ROOT/build}
SEEDS=${SEEDS:-4}
PERIODS='2026Q1 2026Q2 2026Q3'

# plain_workspace DIR: the pack with the smallest workbook there is: only results are looked at.
plain_workspace() {
	mkdir -p "$1/outputs" "$1/inputs/sample" "$1/report-templates" && cp -r "$ROOT/rules" "$1/" &&
		cp -r "$ROOT/inputs/mappings" "$ROOT/inputs/inputs.xml" "$1/inputs/" &&
		sed -i 's/archives="all"/archives="none"/' "$1/inputs/inputs.xml" &&
		cat >"$1/report-templates/run.xml" <<'END'
<workbook xmlns="urn:pandian:report:1" id="run" file="run_{period}.xlsx" audience="hr">
  <title>run</title>
  <sheet kind="run" id="run"><title>run</title></sheet>
</workbook>
END
}
bind_quotas() {
	sed -i -e 's/ advisory="yes"//' -e 's|</star>|<tie value="performance(\&quot;exam\&quot;)"/></star>|' "$1/rules/star.xml" &&
		grep -q '<tie ' "$1/rules/star.xml"
}
run_all() { # DIR [PROGRAM]
	local period
	for period in $PERIODS; do
		"${2:-$PANDIAN}" -C "$1" run --jobs 1 --period $period >"$1.log" 2>&1 || { tail -n 5 "$1.log"; return 1; }
	done
}
agrees() { # DIR [PROGRAM]
	python3 "$ROOT/tests/peer/compare.py" "${2:-$PANDIAN}" "$1" $PERIODS | tee "$WORK/told"
	return "${PIPESTATUS[0]}"
}
# seed KIND NUMBER: makes a centre, runs it, compares; what was said stands in $WORK/KIND-NUMBER.told
seed() {
	local dir=$WORK/$1-$2 program=$PANDIAN
	[ "$2" -le 4 ] || program=${PLAIN:-$PANDIAN}
	{
		plain_workspace "$dir" && case $1 in
		corners) python3 "$ROOT/tests/peer/populate.py" "$dir" "$2" ;;
		changed) "$BUILD/tests/sample/generate" --out "$dir/inputs/sample" --seed "$2" --employees 60 &&
			python3 "$ROOT/tests/peer/corners.py" "$dir" "$2" ;;
		esac && run_all "$dir" "$program" &&
			python3 "$ROOT/tests/peer/compare.py" "$program" "$dir" $PERIODS
	} >"$dir.told" 2>&1
	echo $? >"$dir.status"
	rm -rf "$dir"
}
seed_agrees() { cat "$WORK/$1.told" && test "$(cat "$WORK/$1.status")" = 0; }

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

# Two at a time; told in order.
for ((number = 1; number <= SEEDS; number++)); do
	seed corners $number &
	seed changed $number
	wait
	check "corners, seed $number: program and model agree" seed_agrees corners-$number
	check "changed sample, seed $number: program and model agree" seed_agrees changed-$number
done
finish
