#!/bin/sh
# What `make demo` shows: three quarters of the invented contact centre of inputs/sample, one after the other, where the
# results lie, and three explained results.
# usage: sh tests/demo.sh PROGRAM
set -eu
program=$1
say() { printf '\n== %s\n' "$*"; }

for quarter in 2026Q1 2026Q2 2026Q3; do
	say "$program run --period $quarter"
	"$program" run --period $quarter
done
for question in "00112 star" "00124 credits" "00205 star"; do
	say "$program explain $question --period 2026Q3"
	# shellcheck disable=SC2086
	"$program" explain $question --period 2026Q3
done
say "results"
for file in outputs/latest/*.xlsx; do
	[ -e "$file" ] && echo "  $file"
done
echo "  outputs/latest/archives/       $(find outputs/latest/archives/ -name '*.pdf' | wc -l) growth archives"
echo "  outputs/latest/manifest.json   what went in, by which rules, what came out, each with its SHA-256"
