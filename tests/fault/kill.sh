#!/usr/bin/env bash
# kill -9 while rendering, a second start, a full disk: the old set stays, the next run gives the undisturbed bytes.
. "$(dirname "$0")/../cases/lib.sh"
UNDISTURBED=$WORK/calm
new_workspace "$UNDISTURBED"
check "undisturbed run" "$PANDIAN" -C "$UNDISTURBED" run --period 2026Q1
GOOD=$(tree_hash "$UNDISTURBED/outputs/2026Q1/r1")

W=$WORK/disturbed
new_workspace "$W"
for wait in 0.05 0.1 0.15 0.2 0.3 0.4 0.5 0.6; do
	rm -rf "$W/outputs"
	mkdir "$W/outputs"
	"$PANDIAN" -C "$W" run --period 2026Q1 > /dev/null 2>&1 &
	victim=$!
	sleep "$wait"
	kill -9 "$victim" 2> /dev/null
	wait "$victim" 2> /dev/null
	if [ -e "$W/outputs/latest" ]; then
		check "killed after $wait s: what readers see is whole" test "$(tree_hash "$W/outputs/2026Q1/r1")" = "$GOOD"
	else
		check "killed after $wait s: readers see nothing yet" test ! -e "$W/outputs/2026Q1/r1/manifest.json"
	fi
	check "killed after $wait s: the next run succeeds" "$PANDIAN" -C "$W" run --period 2026Q1
	check "killed after $wait s: with the undisturbed bytes" test "$(tree_hash "$W/outputs/latest/")" = "$GOOD"
	check "killed after $wait s: nothing is left over" test -z "$(find "$W/outputs" -maxdepth 1 -name '.staging*')"
done

rm -rf "$W/outputs"; mkdir "$W/outputs"
"$PANDIAN" -C "$W" run --period 2026Q1 > /dev/null 2>&1 &
first=$!
while [ ! -e "$W/outputs/.lock" ]; do sleep 0.01; done
sleep 0.05
expect_status "a second start while one runs" 75 "" "$PANDIAN" -C "$W" run --period 2026Q1
if wait "$first"; then ok "the first is not disturbed"; else not_ok "the first is not disturbed"; fi

# A renderer killed: a failed artefact, nothing published.
rm -rf "$W/outputs"; mkdir "$W/outputs"
"$PANDIAN" -C "$W" run --period 2026Q1 > "$WORK/log" 2>&1 &
main=$!
hit=no
for _ in $(seq 400); do
	for parent in $(pgrep -P "$main" 2> /dev/null); do
		worker=$(pgrep -P "$parent" 2> /dev/null | head -n 1)
		[ -n "$worker" ] && kill -9 "$worker" 2> /dev/null && hit=yes && break 2
	done
	sleep 0.005
done
wait "$main"
status=$?
if [ "$hit" = yes ] && [ "$status" -ne 0 ]; then
	check "a killed renderer fails the run with a message" grep -q "signal 9" "$WORK/log"
	check "a killed renderer publishes nothing" test ! -e "$W/outputs/latest"
	check "and the next run gives the undisturbed bytes" "$PANDIAN" -C "$W" run --period 2026Q1
	check "indeed" test "$(tree_hash "$W/outputs/latest/")" = "$GOOD"
else
	skip "a killed renderer fails the run" "no renderer was caught in time"
fi
finish
