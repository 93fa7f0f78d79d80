#!/bin/sh
# Runs the tests, two at a time, and ends with one line: N passed, N failed, N skipped.
# usage: sh tests/run.sh BUILD [unit|cases|fault]... [NAME]...      (default: all)
#
# Unit programs (BUILD/tests/unit/test_*) answer in cmocka's TAP. Cases (tests/cases/*.sh, tests/fault/*.sh; bash) print a line
# per check: `ok NAME`, `not ok NAME` or `skip NAME # REASON`. A program that dies, says nothing or announces more than it
# tells, has failed. Cases find PANDIAN (the program), BUILD and ROOT (the source tree) in the environment.
# Status: 0 nothing failed, 1 something failed, 70 nothing was run.
set -u
ROOT=$(cd "$(dirname "$0")/.." && pwd)
case $1 in /*) BUILD=$1 ;; *) BUILD=$ROOT/$1 ;; esac
shift
groups=
while [ $# -gt 0 ]; do
	case $1 in unit | cases | fault) groups="$groups $1"; shift ;; *) break ;; esac
done
PANDIAN=$BUILD/pandian
results=$BUILD/test-results
export ROOT BUILD PANDIAN results
export ASAN_OPTIONS="${ASAN_OPTIONS-halt_on_error=1:detect_leaks=1:exitcode=99:allocator_may_return_null=1}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS-halt_on_error=1:print_stacktrace=1}"
export LSAN_OPTIONS="${LSAN_OPTIONS-suppressions=$ROOT/tests/lsan.txt:print_suppressions=0}"
unset LANG LC_ALL LANGUAGE TZ
rm -rf "$results"
mkdir -p "$results" || exit 70

wanted() { # NAME [PATTERN]...
	name=$1
	shift
	[ $# -eq 0 ] && return 0
	for pattern; do
		case $name in *"$pattern"*) return 0 ;; esac
	done
	return 1
}
for group in ${groups:-unit cases fault}; do
	for source in "$ROOT/tests/$group"/*; do
		case $source in */unit/test_*.c | */cases/*.sh | */fault/*.sh) ;; *) continue ;; esac
		name=$(basename "${source%.*}")
		[ "$name" != lib ] && wanted "$name" "$@" && echo "$group/$name"
	done
done >"$results/all"
if [ ! -s "$results/all" ]; then
	echo "tests/run.sh: no such test" >&2
	exit 70
fi

# One job: writes NAME.log (everything said) and NAME.count (passed failed skipped), prints a line, and the log if something failed.
cat >"$results/job.sh" <<'JOB'
job=$1
name=$(echo "$job" | tr / -)
log=$results/$name.log
cd "$ROOT" || exit 70
case $job in
unit/*) CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 900 "$BUILD/tests/$job" >"$log" 2>&1 ;;
*) timeout -k 5 1800 bash "tests/$job.sh" >"$log" 2>&1 ;;
esac
status=$?
awk -v status=$status -v unit="${job%%/*}" '
	function close_plan() { if (planned > told) failed += planned - told; planned = 0; told = 0 }
	unit == "unit" && /^1\.\.[0-9]+$/ { close_plan(); planned = substr($0, 4) + 0; next }
	/^(not )?ok [0-9]+ # SKIP/ || /^skip / { skipped++; told++; next }
	/^not ok / { failed++; told++; next }
	/^ok / { passed++; told++; next }
	END {
		if (unit == "unit") close_plan()
		if (status != 0 && !failed) failed++
		if (!passed && !failed && !skipped) failed++
		print passed + 0, failed + 0, skipped + 0
	}' "$log" >"$results/$name.count"
read -r passed failed skipped <"$results/$name.count"
text="$passed passed"
[ "$skipped" -gt 0 ] && text="$text, $skipped skipped"
[ "$failed" -gt 0 ] && text="$text, $failed failed (status $status)"
{
	printf '%-28s %s\n' "$job" "$text"
	grep '^skip ' "$log" | sed 's/^/    /'
	if [ "$failed" -gt 0 ]; then
		grep -v '^ok ' "$log" | head -n 50 | sed 's/^/    /'
	fi
} >"$results/$name.text"
cat "$results/$name.text"
JOB
xargs -P 2 -n 1 sh "$results/job.sh" <"$results/all"

# A job that left no count did not end by itself.
while read -r job; do
	count=$results/$(echo "$job" | tr / -).count
	if [ -s "$count" ]; then cat "$count"; else echo 0 1 0; fi
done <"$results/all" >"$results/counts"
awk '{ passed += $1; failed += $2; skipped += $3 }
	END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }' "$results/counts"
