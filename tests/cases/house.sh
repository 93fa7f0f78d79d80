#!/usr/bin/env bash
# The house itself: man page, schemas, installation, package of sources, set-up, links of the documents, the test runner.
. "$(dirname "$0")/lib.sh"
cd "$ROOT" || exit 70

# --- what the program says of itself stands in the man page and in both READMEs ---
"$PANDIAN" --help >"$WORK/help"
commands=$(sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$WORK/help")
check "help names commands" test "$(echo "$commands" | wc -w)" -ge 5
sed 's/\\f[BIR]//g; s/\\-/-/g' doc/pandian.1 >"$WORK/man"
for command in $commands; do
	check "man page: $command" grep -q "^\.B[RI]* \"*$command" "$WORK/man"
	for readme in README.md README.zh-CN.md; do
		check "$readme: $command" grep -q "^pandian .*\b$command\b" $readme
	done
	for option in $("$PANDIAN" "$command" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p'); do
		check "man page: $option of $command" grep -q -e "^\.B.* *$option" "$WORK/man"
	done
done
for option in $(grep -o '^\.B[RI]* --[a-z-]*' "$WORK/man" | grep -o -e '--[a-z-]*' | sort -u); do
	# shellcheck disable=SC2086
	check "the program knows $option of the man page" sh -c '
		for c in "" '"$(echo $commands)"'; do "$1" $c --help; done | grep -q -e "$2"' sh "$PANDIAN" "$option"
done
for status in $(sed -n 's/^\tSTATUS_[A-Z_]* = \([0-9]*\).*/\1/p' batch/base/err.h); do
	check "man page: exit status $status" grep -q "^\.B $status\$" "$WORK/man"
	for readme in README.md README.zh-CN.md; do
		check "$readme: exit status $status" grep -q "^| \([0-9]*[,、] *\)*$status\([,、] *[0-9]*\)* |" $readme
	done
done
check "man page: version" grep -q "$("$PANDIAN" --version | sed 's/pandian/Pandian/')" "$WORK/man"
if command -v groff >/dev/null; then
	check "man page: no warnings" sh -c 'test -z "$(groff -man -Tutf8 -ww doc/pandian.1 2>&1 >/dev/null)"'
else
	skip "man page: no warnings" "groff is not installed"
fi

# --- documents: every relative link leads somewhere ---
for document in *.md; do
	for link in $(grep -o '](\([^)#]*\)' "$document" | sed 's/^](//' | grep -v '^[a-z]*:'); do
		check "$document: $link exists" test -e "$link"
	done
done

# --- schemas ---
check "schemas are printed" sh tests/schemas.sh "$PANDIAN" "$WORK/schemas"
for schema in $(cd "$WORK/schemas" && find . -name '*.xsd'); do
	check "$schema is what the program prints (make schemas)" cmp "$schema" "$WORK/schemas/$schema"
done
if command -v xmllint >/dev/null; then
	valid() { check "$2 is valid" xmllint --noout --nonet --schema "$1" "$2"; }
	for root in . tests/oulad; do
		valid inputs/schema/inputs.xsd $root/inputs/inputs.xml
		for file in $root/inputs/mappings/*.xml; do valid inputs/schema/mapping.xsd "$file"; done
		for file in $root/rules/*.xml; do valid rules/schema/rulebook.xsd "$file"; done
	done
	for file in report-templates/*.xml; do
		valid report-templates/schema/"$(sed -n 's/^<\(workbook\|archive\).*/\1/p' "$file" | head -n 1)".xsd "$file"
	done
else
	skip "shipped XML is valid" "xmllint is not installed"
fi

# --- installation and the package of sources ---
check "install" sh tests/install.sh "$PANDIAN" "$WORK/root/usr"
installed=$WORK/root/usr/bin/pandian
check "the pack is installed" test -e "$WORK/root/usr/share/pandian/rules/rulebook.xml"
check "so is the man page" test -e "$WORK/root/usr/share/man/man1/pandian.1"
check "no sample, no outputs" test -z "$(find "$WORK/root" -name '*.csv' -o -name outputs -o -name '*.db')"
check "the installed program makes a workspace" "$installed" init "$WORK/new"
expect_status "but not over another one" 73 "is a workspace already" "$installed" init "$WORK/new"
check "its files are those of the repository" diff -r rules "$WORK/new/rules"
mkdir -p "$WORK/new/inputs/sample" && cp inputs/sample/* "$WORK/new/inputs/sample/"
check "the new workspace holds together" "$installed" -C "$WORK/new" check
if git rev-parse --verify -q HEAD >/dev/null 2>&1; then
	dist() { make --no-print-directory -s dist B="$WORK/$1" && sha256sum <"$(ls "$WORK/$1"/*.tar.gz)" >"$WORK/$1.sum"; }
	check "dist" dist one
	check "dist again" dist two
	check "the package of sources has the same bytes" cmp "$WORK/one.sum" "$WORK/two.sum"
else
	skip "the package of sources" "this is no git checkout"
fi
check "clean leaves inputs and outputs alone" sh -c '! make -n clean | grep -w -e inputs -e outputs -e rules'

# --- the sample is what the generator makes ---
check "the sample is generated" "$BUILD/tests/sample/generate" --out "$WORK/sample"
check "the sample has the bytes of inputs/sample (make sample)" diff -r "$WORK/sample" inputs/sample

# --- set-up ---
for group in build test bench fuzz fmt; do
	check "set-up lists group $group" sh -c "sh tests/setup.sh --print $group | grep -q '  .* [a-z]'"
done
check "every package has a purpose" sh -c '! grep -v "^#" tests/packages.txt | awk "NF < 3" | grep .'
mkdir "$WORK/bare"
for tool in sh awk dirname head; do ln -s "$(command -v $tool)" "$WORK/bare/$tool"; done
expect_status "set-up on another system names what to install" 69 "libxml2-dev" env PATH="$WORK/bare" sh tests/setup.sh build
check "set-up can be left out" env PATH="$WORK/bare" sh tests/setup.sh --no build

# --- the test runner: counts are right, nothing broken passes ---
fake=$WORK/fake
mkdir -p "$fake/tests/unit" "$fake/tests/cases" "$fake/build/tests/unit"
cp tests/run.sh "$fake/tests/"
unit() { # NAME SCRIPT: a stand-in for a cmocka program
	: >"$fake/tests/unit/test_$1.c"
	printf '#!/bin/sh\n%s\n' "$2" >"$fake/build/tests/unit/test_$1"
	chmod +x "$fake/build/tests/unit/test_$1"
}
totals() { sh "$fake/tests/run.sh" "$fake/build" >"$WORK/totals"; status=$?; tail -n 1 "$WORK/totals"; return $status; }
unit good 'printf "1..3\nok 1 - a\nok 2 - b\nnot ok 3 # SKIP c\n1..1\nok 1 - d\n"'
printf 'echo "ok one"; echo "skip two # because"' >"$fake/tests/cases/good.sh"
expect_status "runner: passed and skipped" 0 "4 passed, 0 failed, 2 skipped" totals
check "runner: the reason of a skip is shown" grep -q "skip two # because" "$WORK/totals"
unit bad 'printf "1..2\nok 1 - a\nnot ok 2 - b\n"; exit 1'
expect_status "runner: a failed test" 1 "5 passed, 1 failed, 2 skipped" totals
unit bad 'printf "1..2\nok 1 - a\n"; kill -SEGV $$'
expect_status "runner: a program that dies" 1 "5 passed, 1 failed, 2 skipped" totals
unit bad 'printf "1..3\nok 1 - a\n"'
expect_status "runner: fewer results than announced" 1 "5 passed, 2 failed, 2 skipped" totals
unit bad ':'
expect_status "runner: a program that says nothing" 1 "4 passed, 1 failed, 2 skipped" totals
unit bad 'printf "1..1\nok 1 - a\n"; exit 3'
expect_status "runner: a status that nobody explains" 1 "5 passed, 1 failed, 2 skipped" totals
rm "$fake/tests/unit/test_bad.c"
printf 'echo "ok one"; exit 1' >"$fake/tests/cases/bad.sh"
expect_status "runner: a case that ends badly" 1 "5 passed, 1 failed, 2 skipped" totals
finish
