#!/usr/bin/env bash
# What the READMEs tell people to try: a rule, a mapping, a template changed without C.
. "$(dirname "$0")/lib.sh"
W=$WORK/w
new_workspace "$W"
rm -rf "$W/outputs" && mkdir "$W/outputs"
cd "$W" || exit 70
check "before: run" "$PANDIAN" run --period 2026Q3

# The lines are taken from README.md, so that it cannot promise what is not so.
readme() { grep -o "$1" "$ROOT/README.md" | head -n 1; }
band=$(readme '<band star="5"[^>]*>')
category=$(readme '<category id="procedure"[^>]*>')
field=$(readme '<field name="result"[^>]*>')
value=$(readme "value='performance[^']*'")
column=$(readme '<column value="site"/>')
quality=$(readme '<column value="star.quality.value"/>')
highlight=$(readme '<highlight when="star.quality[^>]*>')
for line in "$band" "$category" "$field" "$value" "$column" "$quality" "$highlight"; do
	check "README shows: $line" test -n "$line"
done
sed -i "s|<band star=\"5\"[^>]*>|$band|; s|value='performance(\"qa\")'|$value|" rules/star.xml
sed -i "s|<category id=\"procedure\"[^>]*>|$category|" rules/credits.xml
sed -i "s%<field name=\"result\"[^>]*>%$field<value from=\"是\" to=\"passed\"/><value from=\"否\" to=\"failed\"/>%" inputs/mappings/lms.xml
sed -i "0,/<column value=\"hire_date\"\/>/s||&$column$quality|; 0,/<highlight/s||${highlight//&/\\&}\\n&|" report-templates/hr-review.xml
# The export calls it 通过情况 now and says 是 and 否.
for file in inputs/sample/lms_*.csv; do
	iconv -f GB18030 -t UTF-8 "$file" | sed 's/是否合格/通过情况/; s/,合格,/,是,/; s/,不合格,/,否,/' >"$file.new" && mv "$file.new" "$file"
done
check "the changes are there" sh -c 'grep -q "from=\"93\"" rules/star.xml && grep -q "cap=\"20\"" rules/credits.xml && grep -q "performance(\"fcr\")" rules/star.xml &&
	grep -q 通过情况 inputs/mappings/lms.xml && grep -q "value=\"site\"" report-templates/hr-review.xml && grep -q "star.quality.value &lt; 80" report-templates/hr-review.xml'
check "check accepts them" "$PANDIAN" check
check "run" "$PANDIAN" run --period 2026Q3
check "it is a revision of its own" test -e outputs/2026Q3/r2/manifest.json
expect_status "explain shows the new expression" 0 "0.8" "$PANDIAN" explain 00111 star --period 2026Q3
columns() { /usr/bin/python3 -W ignore - <<'P'
import glob, openpyxl
people = openpyxl.load_workbook(glob.glob('outputs/latest/HR*.xlsx')[0])['人员']
heads = [cell.value for row in people.iter_rows(max_row=12) for cell in row]
assert '职场' in heads and '质检得分' in heads, heads
P
}
if /usr/bin/python3 -c 'import openpyxl' 2>/dev/null; then
	check "the workbook has the new columns" columns
else
	skip "the workbook has the new columns" "openpyxl is not installed"
fi
sed -i 's/star.quality.value/star.qualty.value/' report-templates/hr-review.xml
expect_status "a slip of the pen names file and line" 78 "report-templates/hr-review.xml:" "$PANDIAN" check
finish
