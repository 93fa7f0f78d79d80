#!/bin/sh
# Prints every XML schema from the program's own shapes to its place in a pack; the list of places stands here alone.
# usage: sh tests/schemas.sh PROGRAM FOLDER
set -eu
program=$1
for place in inputs/schema/inputs inputs/schema/mapping rules/schema/rulebook report-templates/schema/workbook \
	report-templates/schema/archive; do
	mkdir -p "$2/$(dirname $place)"
	"$program" list "schema:$(basename $place)" >"$2/$place.xsd.new"
	mv "$2/$place.xsd.new" "$2/$place.xsd"
done
