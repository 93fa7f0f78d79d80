#!/usr/bin/env bash
# OULAD (CC BY 4.0) mapped by XML alone: the excerpt everywhere, the whole data set where it lies beside the checkout.
. "$(dirname "$0")/lib.sh"

# oulad_run NAME DATA PASSES CREDITS STUDENTS: runs and compares with an independent count.
oulad_run() {
	local name=$1 data=$2 passes=$3 credits=$4 students=$5 w=$WORK/$1
	mkdir -p "$w/outputs" && cp -r "$ROOT/tests/oulad/inputs" "$ROOT/tests/oulad/rules" "$w/" &&
		cp -r "$ROOT/report-templates" "$w/" && mkdir "$w/inputs/data" && cp "$data"/*.csv "$w/inputs/data/"
	check "$name: run" "$PANDIAN" -C "$w" run
	check "$name: every student has an archive" test "$(find "$w/outputs/latest/archives/" -name '*.pdf' | wc -l)" -eq "$students"
	sums() { /usr/bin/python3 -W ignore - "$w" "$passes" "$credits" "$students" <<'P'
import glob, json, sys
import openpyxl
root, passes, credits, students = sys.argv[1], *map(int, sys.argv[2:])
book = openpyxl.load_workbook(glob.glob(root + '/outputs/latest/*.xlsx')[0], read_only=True)
people = book['人员']
rows = people.iter_rows(values_only=True)
head = next(row for row in rows if row[0] == '工号')
at = head.index('累计学分'), head.index('合格次数')
total = [0, 0]
count = 0
for row in rows:
    if row[1] is None or not str(row[1]).startswith('学员'):
        continue
    count += 1
    total = [a + (row[i] or 0) for a, i in zip(total, at)]
assert (count, total[0], total[1]) == (students, credits, passes), (count, total)
P
	}
	if /usr/bin/python3 -c 'import openpyxl' 2> /dev/null; then
		check "$name: $passes passes and $credits credits" sums
	else
		skip "$name: $passes passes and $credits credits" "openpyxl is not installed"
	fi
}
finding() { python3 -c "import json,sys; f=json.load(open('$WORK/$1/outputs/latest/manifest.json'))['findings']; sys.exit(0 if f.get('$2',0)==$3 else 'found %s' % f)"; }

oulad_run excerpt "$ROOT/tests/oulad/excerpt" 73 6330 137
# A student may disagree with the first row more than once: rows are counted, students are those with another row kept.
disagreeing() { python3 -c "
import sqlite3, sys
rows = sqlite3.connect('$WORK/$1/outputs/pandian.db').execute('select detail from finding where name=? and feed=?', ('duplicate-conflict', 'employee')).fetchall()
sys.exit(0 if len(set(rows)) == $2 else 'found %d' % len(set(rows)))"; }
check "excerpt: four students disagree with themselves" disagreeing excerpt 4
check "excerpt: 38 texts spoilt by a spreadsheet" finding excerpt spoilt-text 38
REAL=$ROOT/../shared/realdata/oulad
if [ -d "$REAL" ]; then
	oulad_run whole "$REAL" 15385 1134445 28785
	check "whole: 72 students disagree with themselves" disagreeing whole 72
	check "whole: 3516 texts spoilt by a spreadsheet" finding whole spoilt-text 3516
else
	skip "whole: 28,785 students" "the data set is not beside the checkout"
fi
finish
