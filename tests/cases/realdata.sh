#!/usr/bin/env bash
# Two public exports (MIT) mapped by XML alone, with packs that know no credits and no ladder: excerpts of 20 rows
# everywhere, the whole files where they lie beside the checkout. Each count.py counts without the program.
. "$(dirname "$0")/lib.sh"

# realdata_run NAME PACK DATA COUNTS ARCHIVES: runs PACK on the CSV of DATA; COUNTS is what count.py must print.
realdata_run() {
	local name=$1 pack=$ROOT/tests/$2 data=$3 counts=$4 archives=$5 w=$WORK/$1
	mkdir -p "$w/outputs" && cp -r "$pack/inputs" "$pack/rules" "$ROOT/report-templates" "$w/" &&
		mkdir "$w/inputs/data" && cp "$data"/*.csv "$w/inputs/data/"
	[ ! -d "$pack/report-templates" ] || cp "$pack"/report-templates/*.xml "$w/report-templates/"
	[ "$archives" -eq 0 ] || sed -i 's/archives="none"/archives="all"/' "$w/inputs/inputs.xml"
	check "$name: check" "$PANDIAN" -C "$w" check
	check "$name: run" "$PANDIAN" -C "$w" run
	check "$name: $archives archives" test "$(find "$w/outputs/latest/archives/" -name '*.pdf' | wc -l)" -eq "$archives"
	if /usr/bin/python3 -c 'import openpyxl' 2> /dev/null; then
		expect_status "$name: the program agrees with an independent count" 0 "$counts" \
			/usr/bin/python3 -W ignore "$pack/count.py" "$w"/inputs/data/*.csv "$w/outputs/latest"
	else
		skip "$name: the program agrees with an independent count" "openpyxl is not installed"
	fi
}
# manifest NAME KEY VALUE...: counts of the manifest.
manifest() { python3 - "$WORK/$1/outputs/latest/manifest.json" "${@:2}" <<'P'
import json, sys
counts = json.load(open(sys.argv[1]))['counts']
wanted = dict(zip(sys.argv[2::2], map(int, sys.argv[3::2])))
found = {key: counts.get(key) for key in wanted}
sys.exit(0 if found == wanted else 'found %s' % found)
P
}
# split NAME PEOPLE: how many rows the readings of the file made: three strengths, seven behaviours, ten measures a person.
split() { python3 - "$WORK/$1/outputs/pandian.db" "$2" <<'P'
import os, sqlite3, sys
people = int(sys.argv[2])
rows = sqlite3.connect(sys.argv[1]).execute('select source, rows, kept from batch').fetchall()
found = {os.path.basename(source): (rows, kept) for source, rows, kept in rows}
wanted = {'strengths.xml': 3, 'behaviours.xml': 7, 'measures.xml': 10}
bad = {name: found.get(name) for name, each in wanted.items() if found.get(name) != (each * people,) * 2}
sys.exit(0 if not bad else 'found %s' % bad)
P
}

realdata_run reps novawireless "$ROOT/tests/novawireless/excerpt" "20 people, 60 strengths, mean QA 64.856 \
stars [(1, 1), (2, 8), (3, 9), (4, 2)] boxes [(1, 2), (2, 2), (4, 1), (5, 8), (8, 3), (9, 4)]" 20
check "reps: cells split and columns turned into rows" split reps 20
check "reps: nothing rejected" manifest reps rows 500 rejected 0 people 20 graded 20 workbooks 3
# What a pack does not compute has no sheet.
sheets() { python3 - "$WORK/$1/outputs/latest" "$2" <<'P'
import glob, re, sys, zipfile
book = zipfile.ZipFile(glob.glob(sys.argv[1] + '/HR*.xlsx')[0]).read('xl/workbook.xml').decode()
found = ' '.join(re.findall(r'<sheet name="([^"]*)"', book))
sys.exit(0 if found == sys.argv[2] else 'found ' + found)
P
}
check "reps: no sheet of credits" sheets reps "概览 人员 评分项 星级 系数变动 人工决定 胜任力差距 胜任力等级 差距热力图 九宫格 九宫格名单 数据质量 规则 运行"
realdata_run roster zh-faker "$ROOT/tests/zh-faker/excerpt" "20 rows, 15 active, 5 left" 15
check "roster: nothing rejected" manifest roster rows 60 rejected 0 people 15 workbooks 2

# The same roster with a rulebook of no rules at all: the people are there.
bare=$WORK/bare
mkdir -p "$bare/outputs" && cp -r "$WORK/roster/inputs" "$WORK/roster/rules" "$WORK/roster/report-templates" "$bare/"
sed -i '/<star /,/<\/star>/d' "$bare/rules/rulebook.xml"
check "bare: run" "$PANDIAN" -C "$bare" run
check "bare: everybody is counted" manifest bare people 15 graded 0 workbooks 2 documents 30
check "bare: no sheet of stars" sheets bare "概览 人员 数据质量 规则 运行"

REAL=$ROOT/../shared/realdata
if [ -d "$REAL/novawireless-csr" ]; then
	realdata_run whole-reps novawireless "$REAL/novawireless-csr" "250 people, 750 strengths, mean QA 64.73756 \
stars [(1, 22), (2, 81), (3, 114), (4, 32), (5, 1)] boxes [(1, 22), (2, 15), (3, 3), (4, 17), (5, 91), (6, 14), (7, 3), \
(8, 49), (9, 36)]" 250
	check "whole-reps: cells split and columns turned into rows" split whole-reps 250
	check "whole-reps: nothing rejected" manifest whole-reps rows 6250 rejected 0 people 250 graded 250 workbooks 3
else
	skip "whole-reps: 250 representatives" "the data set is not beside the checkout"
fi
if [ -d "$REAL/zh-faker-hr" ]; then
	realdata_run whole-roster zh-faker "$REAL/zh-faker-hr" "10000 rows, 7998 active, 2002 left" 0
	check "whole-roster: nothing rejected" manifest whole-roster rows 30000 rejected 0 people 7998 graded 7728 workbooks 2
else
	skip "whole-roster: 10,000 employees" "the data set is not beside the checkout"
fi
finish
