#!/usr/bin/env bash
# Bad input and bad rules: a clear message, the documented exit status, nothing half published.
. "$(dirname "$0")/lib.sh"
N=0
fresh() { N=$((N + 1)); W=$WORK/$N; small_workspace "$W"; IN=$W/inputs/sample; }
run() { timeout 20 "$PANDIAN" -C "$W" run --period 2026Q3; }
nothing_published() { check "$1: nothing is published" test ! -e "$W/outputs/latest"; }
finding() { python3 -c "import json,sys; f=json.load(open('$W/outputs/latest/manifest.json'))['findings']; sys.exit(0 if f.get('$1',0)>=1 else 'found %s' % f)"; }

fresh
check "the small workspace is sound" run

fresh; : > "$IN/绩效_2026Q3.csv"
check "empty file of an optional feed" run
check "empty file is a finding" finding empty-file
fresh; : > "$IN/花名册_2026Q3.csv"
expect_status "empty roster" 65 "花名册_2026Q3.csv" run; nothing_published "empty roster"
fresh; printf '工号,课程编号,完成日期,次数,成绩,是否合格\n' > "$IN/lms_2026Q3.csv"
check "header only" run
check "header only is a finding" finding header-only
fresh; rm "$IN/花名册_2026Q3.csv"
expect_status "required file missing" 66 "花名册" run; nothing_published "required file missing"
fresh; printf '工号,课程编号,完成日期,成绩\n00101,K1,2026-08-02,\xff\xfe\xfa\n' >> "$IN/lms_2026Q3.csv"
expect_status "bytes of no encoding" 65 "lms_2026Q3.csv" run; nothing_published "bytes of no encoding"
fresh; sed -i 's/次数/奇怪的列/' "$IN/lms_2026Q3.csv"
check "unknown column" run
check "unknown column is a finding" finding unknown-column
fresh; sed -i '1s/工号/谁/' "$IN/lms_2026Q3.csv"
expect_status "missing required column" 65 "工号" run; nothing_published "missing required column"
fresh; { printf '00102,K2,2026-08-02,1,"'; head -c 10000000 /dev/zero | tr '\0' 'x'; printf '",合格\n'; } >> "$IN/lms_2026Q3.csv"
expect_status "a line of 10 MB" 65 "lms_2026Q3.csv" run; nothing_published "a line of 10 MB"
fresh; printf '00102,K2,2026-08-02,1,"80,合格\n' >> "$IN/lms_2026Q3.csv"
expect_status "unterminated quote" 65 "lms_2026Q3.csv" run; nothing_published "unterminated quote"
fresh; mkfifo "$IN/lms_2026Q2.csv"
expect_status "a FIFO for a file" 66 "lms_2026Q2.csv" run; nothing_published "a FIFO for a file"

doctype() { sed -i 's/^<?xml.*?>/&<!DOCTYPE x [<!ENTITY e SYSTEM "file:\/\/\/etc\/passwd">]>/' "$1"; }
for file in inputs/inputs.xml inputs/mappings/lms.xml rules/star.xml report-templates/hr-review.xml report-templates/archive.xml; do
	fresh; doctype "$W/$file"
	expect_status "DOCTYPE in $file" 78 "$(basename "$file")" run; nothing_published "DOCTYPE in $file"
done
fresh; sed -i 's/credits\.rolling/credits.rolling + "x"/' "$W/rules/star.xml"
expect_status "a type error in a rule" 78 "star.xml:" run; nothing_published "a type error in a rule"
fresh; sed -i 's/credits\.rolling/credits.roling/' "$W/rules/star.xml"
expect_status "an unknown name suggests the known one" 78 "credits.rolling" run
fresh; sed -i 's/value="credits\.rolling"/value="star.composite"/' "$W/rules/star.xml"
expect_status "a cycle" 78 "star" run; nothing_published "a cycle"
fresh; sed -i 's/weight="0.35"/weight="0.36"/' "$W/rules/star.xml"
expect_status "weights that do not sum to 1" 78 "star.xml:" run; nothing_published "weights that do not sum to 1"
fresh; sed -i 's/value="credits\.rolling"/value="if gender = \&quot;女\&quot; then 1 else 2"/' "$W/rules/star.xml"
expect_status "a protected attribute in grading" 78 "gender" run
fresh; sed -i 's/<item id="exam"/<item id="exam" wieght="1"/' "$W/rules/star.xml"
expect_status "an unknown attribute" 78 "wieght" run

fresh
cat > "$IN/花名册_2026Q3.csv" <<'R'
工号,姓名,部门编号,岗位编号,入职日期
00101,林晓雯,T1,P1,2022-10-08
../../etc,=HYPERLINK("http://x"),T1,P1,2022-10-08
a/b,@SUM(1+1),T1,P1,2022-10-08
0101,𠮷田,T1,P1,2022-10-08
R
printf '00105,\xe2\x80\xaetxet\x07坏,T1,P1,2022-10-08\n' >> "$IN/花名册_2026Q3.csv"
check "ids with / and .., names with formulas, controls, U+202E, 𠮷" run
check "cleaned text is a finding" finding cleaned-text
check "five archives, all inside the folder" test "$(find "$W/outputs/latest/archives/" -name '*.pdf' | wc -l)" -eq 5
check "nothing outside" test ! -e "$W/outputs/etc.pdf"
no_formula() { /usr/bin/python3 -W ignore - "$W" <<'P'
import glob, sys, openpyxl
book = openpyxl.load_workbook(glob.glob(sys.argv[1] + '/outputs/latest/HR*.xlsx')[0])
people = book['人员']
names = [row[1].value for row in people.iter_rows() if row[1].value]
assert '=HYPERLINK("http://x")' in names and '@SUM(1+1)' in names and '𠮷田' in names, names
assert 'txet坏' in names, names
ids = [row[0].value for row in people.iter_rows() if row[0].value]
assert '00101' in ids and '0101' in ids and '../../etc' in ids, ids
for row in people.iter_rows():
    assert row[1].data_type != 'f', row[1].value
P
}
check "formulas stay text, leading zeros stay" no_formula
expect_status "leading zeros count in explain" 66 "'101'" "$PANDIAN" -C "$W" explain 101 --period 2026Q3

expect_status "unknown command" 64 "frobnicate" "$PANDIAN" frobnicate
expect_status "bad period" 64 "2026Q5" "$PANDIAN" -C "$W" run --period 2026Q5
expect_status "bad date" 64 "2026-02-30" "$PANDIAN" -C "$W" run --as-of 2026-02-30
expect_status "no workspace" 66 "nowhere" "$PANDIAN" -C "$WORK/nowhere" run
finish
