#!/bin/sh
# Installs program, man page and the shipped pack: what `pandian init` copies. Nothing of the sample, nothing of outputs.
# usage: sh tests/install.sh PROGRAM PREFIX
set -eu
cd "$(dirname "$0")/.."
program=$1 prefix=$2
install -d "$prefix/bin" "$prefix/share/man/man1" "$prefix/share/pandian" "$prefix/share/doc/pandian"
install -m 755 "$program" "$prefix/bin/pandian"
install -m 644 doc/pandian.1 "$prefix/share/man/man1/pandian.1"
install -m 644 README.md README.zh-CN.md CHANGES.md LICENSE "$prefix/share/doc/pandian/"
find rules report-templates inputs -type f \( -name '*.xml' -o -name '*.dmn' -o -name '*.xsd' \) | LC_ALL=C sort |
	while read -r file; do
		install -D -m 644 "$file" "$prefix/share/pandian/$file"
	done
