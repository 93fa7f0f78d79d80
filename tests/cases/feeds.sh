#!/usr/bin/env bash
# Feeds that were read for nothing are told; those that rules or templates read are not.
. "$(dirname "$0")/lib.sh"
W=$WORK/w
small_workspace "$W"
sed -i 's|</inputs>|<source feed="q_sort" files="sample/q.csv" mapping="q.xml" load="full"/></inputs>|' "$W/inputs/inputs.xml"
cat > "$W/inputs/q.xml" <<'X'
<mapping xmlns="urn:pandian:inputs:1"><field name="panellist_id" column="专家"/><field name="competency_id" column="胜任力"/><field name="rank" column="排序"/></mapping>
X
printf '专家,胜任力,排序\nA,C01,1\n' > "$W/inputs/sample/q.csv"
check "run" "$PANDIAN" -C "$W" run --period 2026Q3
findings() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["findings"].get(sys.argv[2], 0))' "$W/outputs/latest/manifest.json" "$1"; }
check "the feed nobody reads is told, and only that" test "$(findings unused-feed)" = 1
check "the workbook names it" sh -c "unzip -p '$W'/outputs/latest/HR*.xlsx | grep -q 没有规则或模板使用"

# Every field of every feed: staged in the sample, on the sheet of data quality, used or named as unused; and the list of
# fields that no code reads is that of the code.
V=$WORK/v
new_workspace "$V"
sed -i 's/archives="all"/archives="none"/' "$V/inputs/inputs.xml"
check "the sample runs" "$PANDIAN" -C "$V" run --period 2026Q3
code_agrees() { python3 - "$ROOT/batch" <<'P'
import glob, os, re, sys
root = sys.argv[1]
fields = ['%s_%s' % m for m in re.findall(r'^FIELD\((\w+), (\w+),', open(os.path.join(root, 'store', 'feeds.def')).read(), re.M)]
told = set(re.findall(r'^UNREAD\((\w+)\)', open(os.path.join(root, 'report', 'unread.def')).read(), re.M))
words = set()
for path in glob.glob(root + '/**/*.[ch]', recursive=True):
    words |= set(re.findall(r'\b[A-Z][A-Z0-9_]+\b', open(path).read()))
unread = {f for f in fields if f not in words and not f.endswith('_EMPLOYEE_ID')} | {'SURVEY_EMPLOYEE_ID'} - words
assert len(fields) > 150, len(fields)
assert told == unread, ('read after all', sorted(told - unread), 'not read', sorted(unread - told))
P
}
check "fields that no code reads are listed, and no others" code_agrees
PYTHON=python3
"$PYTHON" -c 'import openpyxl' 2> /dev/null || PYTHON=/usr/bin/python3
every_field() { "$PYTHON" - "$ROOT" "$V" <<'P'
import glob, os, re, sys, warnings
import openpyxl
warnings.simplefilter('ignore')
root, workspace = sys.argv[1:]
text = open(os.path.join(root, 'batch', 'store', 'feeds.def')).read()
feeds = {m[0]: (m[1], m[2]) for m in re.findall(r'^FEED\((\w+), "(\w+)", \w+, "([^"]*)"', text, re.M)}
fields = [(feeds[m[0]][1], m[1]) for m in re.findall(r'^FIELD\((\w+), \w+, "(\w+)"', text, re.M)]
book = openpyxl.load_workbook(glob.glob(os.path.join(workspace, 'outputs/latest/HR*.xlsx'))[0])
sheet = book['数据质量']
table = next(t for t in sheet.tables.values() if t.name.endswith('_fields'))
cells = [[c.value for c in row] for row in sheet[table.ref]]
lines = [dict(zip(cells[0], line)) for line in cells[1:]]
assert [(line['数据'], line['字段名']) for line in lines] == fields, 'fields of the sheet'
assert {line['用途'] for line in lines} <= {'参与计算或展示', '规则与模板可按名使用', '留存，未使用', '导出中没有值'}, {line['用途'] for line in lines}
assert all(line['行数'] > 0 for line in lines), [line for line in lines if not line['行数']]
mapped = {}
for path in glob.glob(os.path.join(workspace, 'inputs/mappings/*.xml')):
    mapped[os.path.basename(path)] = set(re.findall(r'<field name="(\w+)"', open(path).read()))
sources = re.findall(r'feed="(\w+)"[^>]*mapping="mappings/([^"]+)"', open(os.path.join(workspace, 'inputs/inputs.xml')).read())
known = {name for name, _ in feeds.values()}
assert {feed for feed, _ in sources} == known, known ^ {feed for feed, _ in sources}
names = {label: name for name, label in feeds.values()}
for line in lines:
    of = set().union(*(mapped[m] for feed, m in sources if feed == names[line['数据']]))
    if line['字段名'] not in of:
        assert line['用途'] == '导出中没有值' and line['有值'] == 0, line      # not exported, and told so
    if line['有值'] > 0:
        assert line['字段名'] in of, line
unused = {line['数据'] for line in lines if line['用途'] == '留存，未使用'}
assert {'培训问卷', '合理化建议', 'Q 分类'} <= unused, unused
given = [line for line in lines if line['有值'] > 0]
assert len(given) > 120, len(given)
print(len(lines), 'fields,', len(given), 'given')
P
}
if "$PYTHON" -c 'import openpyxl' 2> /dev/null; then
	check "every field of every feed stands on the sheet of data quality: used, or named as unused or not given" every_field
else
	skip "every field of every feed" "openpyxl is not installed"
fi
finish
