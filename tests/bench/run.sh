#!/usr/bin/env bash
# make bench: figures of this machine, each beside a peer in the same run. Walls wander; ratios are what counts.
# BENCH_QUICK=1: a tenth of the sizes. Peers are installed under build/bench only.
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${B:-$ROOT/build}
PANDIAN=$BUILD/pandian
GENERATE=$BUILD/tests/sample/generate
BENCH=$BUILD/bench
SCALE=${BENCH_QUICK:+10}
SCALE=${SCALE:-1}
mkdir -p "$BENCH"

say() { printf '%s\n' "$*"; }
stage() { sed -n "s/.* $2 \([0-9]*\) ms,.*/\1/p" "$1"; }
peak() { sed -n 's/.*peak memory \([0-9]*\) MB.*/\1/p' "$1"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }'; }

# used COMMAND…: its user and system time in milliseconds, children included.
used() {
	local TIMEFORMAT='%U %S'
	{ time "$@" > "$BENCH/cpu.log" 2>&1; } 2>&1 | awk '{ printf "%d", ($1 + $2) * 1000 }'
	grep -q 'archives' "$BENCH/cpu.log" || cat "$BENCH/cpu.log" >&2
}

# workspace DIR EMPLOYEES ROWS: the shipped pack on generated exports of one quarter.
workspace() {
	rm -rf "$1" && mkdir -p "$1/outputs" && cp -r "$ROOT/rules" "$ROOT/report-templates" "$1/" && mkdir "$1/inputs" &&
		cp -r "$ROOT/inputs/mappings" "$ROOT/inputs/inputs.xml" "$1/inputs/" &&
		"$GENERATE" --out "$1/inputs/sample" --employees "$2" --rows-per-employee "$3" --quarters 1 --first 2026Q3 --plain
}

bench_ingest() {
	local people=$((100000 / SCALE)) ws=$BENCH/big log=$BENCH/big.log
	workspace "$ws" $people 100
	cat "$ws"/inputs/sample/* > /dev/null
	"$PANDIAN" -C "$ws" run --period 2026Q3 --jobs 2 --only workbooks > "$log" 2>&1 || { cat "$log"; return 1; }
	local ours=$(($(stage "$log" ingest) + $(stage "$log" facts) + $(stage "$log" rules)))
	say "1. exports to durable store and results, $people people × 100 completions, 2 threads"
	say "   pandian  ingest $(stage "$log" ingest) ms, facts $(stage "$log" facts) ms, rules $(stage "$log" rules) ms: $ours ms; peak $(peak "$log") MB"
	local node=$BENCH/node
	if [ ! -d "$node/node_modules/@duckdb" ]; then
		mkdir -p "$node" && (cd "$node" && npm init -y && npm install @duckdb/node-api) > "$BENCH/npm.log" 2>&1
	fi
	if [ -d "$node/node_modules/@duckdb" ]; then
		local peer
		peer=$(cd "$node" && node "$ROOT/tests/bench/peer_duckdb.mjs" "$ws/inputs/sample" 2 2026-09-30)
		local ms
		ms=$(echo "$peer" | awk '{ printf "%d", $2 * 1000 }')
		say "   DuckDB   the credit rule alone, from the same files: $ms ms  ($peer)"
		say "   ratio    DuckDB ÷ pandian = $(ratio "$ms" "$ours")"
	else
		say "   DuckDB could not be installed (npm); see $BENCH/npm.log"
	fi
	# The same facts under other rules: nothing is read again.
	sed -i 's/factor="1.2"/factor="1.3"/' "$ws/rules/credits.xml"
	"$PANDIAN" -C "$ws" run --period 2026Q3 --jobs 2 --only workbooks > "$log" 2>&1 || { cat "$log"; return 1; }
	say "2. graded again from the store under other rules: rules $(stage "$log" rules) ms (facts $(stage "$log" facts) ms)"
}

bench_archives() {
	say "3. archives, one core"
	[ -x "$BUILD/tests/bench/bench_pdf" ] || { say "   not built"; return; }
	"$BUILD/tests/bench/bench_pdf" $((3000 / SCALE)) | sed 's/^/   two pages:  /'
	# The shipped templates, both editions, by the program itself: what all archives cost more than those of one person.
	local ws=$BENCH/archives all one log=$BENCH/archives.log
	workspace "$ws" $((1700 / SCALE)) 100 > /dev/null
	one_person() { "$PANDIAN" -C "$ws" run --period 2026Q3 --jobs 1 --only archives --employee 00101; }
	everybody() { "$PANDIAN" -C "$ws" run --period 2026Q3 --jobs 1 --only archives; }
	one_person > "$log" 2>&1 || { cat "$log"; return 1; }
	one=$(used one_person)
	all=$(used everybody)
	sed -n 's/.*archives \([0-9]*\) (\([0-9]*\) pages, \([0-9.]*\) MB).*/\1 \2 \3/p' "$BENCH/cpu.log" | head -n 1 |
		awk -v ms=$((all - one)) '{ printf "   full, both editions: %d archives of %.1f pages: %.0f a second and core, %.3f ms, %.1f KB each" \
			" (made, laid out, read back, hashed, written to a file)\n", $1, $2 / $1, $1 * 1000 / ms, ms / $1, $3 * 1000 / $1 }'
	rm -rf "$ws"
	if /usr/bin/python3 -c 'import reportlab' 2> /dev/null; then
		"$BUILD/tests/bench/bench_pdf" --replay 20 > "$BENCH/replay.json"
		/usr/bin/python3 "$ROOT/tests/bench/peer_reportlab.py" "$BENCH/replay.json" | sed 's/^/   two pages:  /'
	else
		say "   ReportLab is not installed (python3-reportlab)"
	fi
}

bench_workbook() {
	say "4. a sheet of $((100000 / SCALE)) rows × 12 columns, one core"
	"$BUILD/tests/bench/bench_xlsx" $((100000 / SCALE)) "$BENCH" | sed 's/^/   /'
	if /usr/bin/python3 -c 'import xlsxwriter' 2> /dev/null; then
		/usr/bin/python3 "$ROOT/tests/bench/peer_xlsxwriter.py" $((100000 / SCALE)) "$BENCH" | sed 's/^/   /'
	else
		say "   XlsxWriter is not installed (python3-xlsxwriter)"
	fi
}

bench_scale() {
	say "5. cost a person, 20 completions each, no archives, 2 threads"
	local people log=$BENCH/scale.log
	for people in 1700 $((100000 / SCALE)) $((1000000 / SCALE)); do
		workspace "$BENCH/scale" "$people" 20
		"$PANDIAN" -C "$BENCH/scale" run --period 2026Q3 --jobs 2 --only workbooks > "$log" 2>&1 || { cat "$log"; return 1; }
		awk -v n="$people" -v log_line="$(tail -n 1 "$log")" 'BEGIN {
			match(log_line, /together [0-9]+/); ms = substr(log_line, RSTART + 9, RLENGTH - 9)
			printf "   %8d people: %6d ms, %.1f µs a person\n", n, ms, ms * 1000 / n }'
		sed -n 's/^  time/           /p' "$log"
	done
	rm -rf "$BENCH/scale"
}

# stages LOG: what one run made, time of each stage, peak memory.
stages() {
	sed -n -e 's/^  people /   people /p' -e 's/^  rows read now /   rows /p' -e 's/^  time /   time /p' "$1"
}

# cpu LOG COMMAND...: runs it, its output into LOG; prints user and system seconds together, children included.
cpu() {
	local log=$1 TIMEFORMAT='%U %S'
	shift
	{ time "$@" > "$log" 2>&1; } 2>&1 | awk '{ printf "%.2f", $1 + $2 }'
	return "${PIPESTATUS[0]}"
}

bench_centre() {
	say "6. one centre, 1,700 people × 100 completions, everything published, 2 jobs"
	local log=$BENCH/centre.log
	workspace "$BENCH/centre" 1700 100
	local seconds
	seconds=$(cpu "$log" "$PANDIAN" -C "$BENCH/centre" run --period 2026Q3 --jobs 2) || { cat "$log"; return 1; }
	say "   CPU      $seconds s"
	stages "$log"
	# The same totals as an engine that knows nothing of us.
	local node=$BENCH/node
	[ -d "$node/node_modules/@duckdb" ] && /usr/bin/python3 -c 'import openpyxl' 2> /dev/null || return 0
	(cd "$node" && node "$ROOT/tests/bench/peer_duckdb.mjs" "$BENCH/centre/inputs/sample" 2 2026-09-30) | sed 's/^/   DuckDB:  /'
	/usr/bin/python3 -W ignore - "$BENCH/centre" <<'P'
import glob, sys, openpyxl
rows = openpyxl.load_workbook(glob.glob(sys.argv[1] + '/outputs/latest/HR*.xlsx')[0], read_only=True)['人员'].iter_rows(values_only=True)
head = next(row for row in rows if row[0] == '工号')
rolling, lifetime = head.index('近 24 个月学分'), head.index('累计学分')
people = [row for row in rows if row[1]]
print('   pandian: rolling %.1f lifetime %.1f people %d (active ones)' % (
    sum(row[rolling] or 0 for row in people), sum(row[lifetime] or 0 for row in people), len(people)))
P
}

bench_books() {
	say "7. workbooks alone of the same centre: HR, dashboard, one for each manager, 2 jobs"
	local log=$BENCH/books.log seconds
	[ -d "$BENCH/centre" ] || workspace "$BENCH/centre" 1700 100
	"$PANDIAN" -C "$BENCH/centre" run --period 2026Q3 --only workbooks > "$log" 2>&1 || { cat "$log"; return 1; }
	seconds=$(cpu "$log" "$PANDIAN" -C "$BENCH/centre" run --period 2026Q3 --jobs 2 --only workbooks) ||
		{ cat "$log"; return 1; }
	say "   CPU      $seconds s, rules included"
	stages "$log"
}

bench_sample() {
	say "8. the sample: 360 people, last quarter of three, everything published, 2 jobs"
	local ws=$BENCH/sample log=$BENCH/sample.log quarter
	rm -rf "$ws" && mkdir -p "$ws/outputs" && cp -r "$ROOT/rules" "$ROOT/report-templates" "$ROOT/inputs" "$ws/"
	for quarter in 2026Q1 2026Q2 2026Q3; do
		"$PANDIAN" -C "$ws" run --period $quarter --jobs 2 > "$log" 2>&1 || { cat "$log"; return 1; }
	done
	stages "$log"
}

bench_reps() {
	local data=$ROOT/../shared/realdata/novawireless-csr ws=$BENCH/reps log=$BENCH/reps.log pack=$ROOT/tests/novawireless
	say "9. 250 representatives of a public data set (novawireless), everything published, 2 jobs"
	[ -d "$data" ] || { say "   the data set is not beside the checkout"; return; }
	rm -rf "$ws" && mkdir -p "$ws/outputs" && cp -r "$pack/inputs" "$pack/rules" "$ROOT/report-templates" "$ws/" &&
		mkdir "$ws/inputs/data" && cp "$data"/*.csv "$ws/inputs/data/" || return 1
	[ ! -d "$pack/report-templates" ] || cp "$pack"/report-templates/*.xml "$ws/report-templates/"
	sed -i 's/archives="none"/archives="all"/' "$ws/inputs/inputs.xml"
	"$PANDIAN" -C "$ws" run --jobs 2 > "$log" 2>&1 || { cat "$log"; return 1; }
	stages "$log"
}

say "pandian bench, $(nproc) cores, $(date -u +%F)"
for part in ${*:-ingest archives workbook scale centre books sample reps}; do
	"bench_$part" || say "   $part failed"
done
