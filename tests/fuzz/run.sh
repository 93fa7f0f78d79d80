#!/bin/sh
# Builds the fuzz targets by clang and runs each for some seconds on its corpus; what it finds new stays under build-fuzz.
# usage: sh tests/fuzz/run.sh SECONDS MAKE
set -u
seconds=$1 make=$2
clang=
for name in clang clang-14 clang-15 clang-16; do
	command -v $name >/dev/null 2>&1 && { clang=$name; break; }
done
if [ -z "$clang" ]; then
	echo "fuzz: clang is not installed; nothing was fuzzed"
	exit 0
fi
mkdir -p build-fuzz
if ! echo 'int LLVMFuzzerTestOneInput(const unsigned char *d, unsigned long n) { (void)d; (void)n; return 0; }' |
	$clang -x c -fsanitize=fuzzer,address -o build-fuzz/probe - 2>/dev/null; then
	echo "fuzz: $clang has no fuzzer runtime (Debian: libclang-rt-14-dev); nothing was fuzzed"
	exit 0
fi
$make --no-print-directory B=build-fuzz CC=$clang SAN=1 OPT="-O1 -g" CFLAGS=-fsanitize=fuzzer-no-link fuzzers || exit 1
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
failed=0
for target in build-fuzz/tests/fuzz/fuzz_*; do
	case $target in *.o | *.d) continue ;; esac
	name=$(basename "$target" | sed 's/^fuzz_//')
	mkdir -p "build-fuzz/corpus/$name"
	seeds=tests/fuzz/corpus/$name
	[ -d "$seeds" ] || seeds=
	# shellcheck disable=SC2086
	if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="build-fuzz/$name-" \
		-print_final_stats=1 "build-fuzz/corpus/$name" $seeds >"build-fuzz/$name.log" 2>&1; then
		awk -v name="$name" '/stat::number_of_executed_units/ { runs = $2 } /stat::average_exec_per_sec/ { rate = $2 }
			END { printf "%-10s %d runs, %d a second\n", name, runs, rate }' "build-fuzz/$name.log"
	else
		failed=$((failed + 1))
		echo "$name FAILED, see build-fuzz/$name.log; the input lies beside it"
		grep -m 1 -e ERROR -e 'runtime error' "build-fuzz/$name.log"
		tail -n 25 "build-fuzz/$name.log"
	fi
done
[ $failed -eq 0 ]
