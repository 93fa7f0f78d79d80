#!/usr/bin/env bash
# Training completion by team: the sheet's numbers beside a second computation from the exports themselves, in Python,
# written from DESIGN.md ("Training"). Also what lapses soon, and the call-up list.
. "$(dirname "$0")/lib.sh"
W=$WORK/w
new_workspace "$W"
sed -i 's/archives="all"/archives="none"/' "$W/inputs/inputs.xml"
PYTHON=python3
"$PYTHON" -c 'import openpyxl' 2> /dev/null || PYTHON=/usr/bin/python3
if ! "$PYTHON" -c 'import openpyxl' 2> /dev/null; then
	skip "training completion" "openpyxl is not installed"
	finish
fi
for quarter in 2026Q1 2026Q2 2026Q3; do
	check "run $quarter" "$PANDIAN" -C "$W" run --period $quarter
done
cat > "$WORK/training.py" <<'P'
import calendar, csv, datetime as d, glob, io, os, re, sys, warnings
import openpyxl
warnings.simplefilter('ignore')
W, QUARTER = sys.argv[1], sys.argv[2]
year, q = int(QUARTER[:4]), int(QUARTER[5])
first = d.date(year, 3 * q - 2, 1)
last = d.date(year, 3 * q, calendar.monthrange(year, 3 * q)[1])
def rows(name):
    raw = open(name, 'rb').read()
    try:
        text = raw.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = raw.decode('gb18030')
    lines = list(csv.reader(io.StringIO(text)))
    while len([c for c in lines[0] if c]) < 2:
        lines.pop(0)
    return [dict(zip(lines[0], (c.strip() for c in line))) for line in lines[1:]]
def day(text):
    m = re.match(r'(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})', text or '')
    try:
        return d.date(*map(int, m.groups())) if m else None
    except ValueError:
        return None
def months(day_, n):
    y, m = divmod(day_.year * 12 + day_.month - 1 + n, 12)
    return d.date(y, m + 1, min(day_.day, calendar.monthrange(y, m + 1)[1]))
def all_of(stem):
    got = []
    for path in sorted(glob.glob(os.path.join(W, 'inputs/sample', stem + '*.csv'))):
        quarter = re.search(r'_(\d{4}Q\d)', path)
        if quarter is None or quarter.group(1) <= QUARTER:
            got += rows(path)
    return got
people = {r['工号']: r for r in rows(os.path.join(W, 'inputs/sample/花名册_%s.csv' % QUARTER)) if r['工号'].isdigit()}
active = {n for n, r in people.items() if day(r['入职日期']) and day(r['入职日期']) <= last
          and (day(r['离职日期']) is None or day(r['离职日期']) >= last)}
courses = {r['课程编号']: r for r in all_of('课程目录')}
units = {r['部门编号']: r for r in all_of('组织架构')}
required = {}
for c, r in courses.items():
    for level in re.split(r'[；;，,、\s/|]+', r['必修对象']):
        if level:
            required.setdefault(level, set()).add(c)
planned = {}
for r in all_of('培训计划'):
    on = day(r['计划日期'])
    if r['部门编号'] and on and first <= on <= last:
        planned.setdefault(r['部门编号'], set()).add(r['课程编号'])
RESULTS = {'合格': 'passed', '通过': 'passed', '不合格': 'failed', '未通过': 'failed', '缺考': 'absent', '免修': 'exempt', '学习中': 'running'}
attempts, seen = {}, {}
for r in all_of('lms'):
    n, c = r['工号'], r['课程编号']
    done = day(r['完成日期'])
    on = done or day(r['报名日期'])
    score = r['成绩']
    if n not in people or c not in courses or on is None or on > last or (r['完成日期'] and done is None):
        continue
    if score and not 0 <= float(score) <= 100:
        continue
    result = RESULTS.get(r['是否合格'])
    if result is None and score and courses[c]['合格线']:
        result = 'passed' if float(score) >= float(courses[c]['合格线']) else 'failed'
    seen[(n, c, r['次数'], done)] = (result, on, r['学时'])
for (n, c, _, done), what in seen.items():
    attempts.setdefault(n, []).append((c,) + what)
team = {}
for n in sorted(active):
    r = people[n]
    due = required.get(r['职级'], set()) | required.get(r['岗位编号'], set())
    unit = r['部门编号']
    while unit:
        due |= planned.get(unit, set())
        unit = units[unit]['上级部门'] if unit in units else ''
    held = set()
    for c, result, on, hours in attempts.get(n, []):
        valid = courses[c]['有效期（月）']
        if result == 'exempt' or (result == 'passed' and (not valid or months(on, int(valid)) > last)):
            held.add(c)
    t = team.setdefault(units[r['部门编号']]['部门名称'], [0, 0, 0, 0, 0, 0, 0.0])
    t[0] += 1
    t[1] += len(due)
    t[2] += len(due & held)
    t[3] += due <= held
    for c, result, on, hours in attempts.get(n, []):
        if result in ('passed', 'failed') and first <= on <= last:
            t[4] += 1
            t[5] += result == 'passed'
            t[6] += float(hours or courses[c]['学时'] or 0)
book = openpyxl.load_workbook(os.path.join(W, 'outputs', QUARTER, 'r1', 'HR人才盘点_%s.xlsx' % QUARTER))
sheet = book['培训完成']
def table(ends):
    for t in sheet.tables.values():
        if t.name.endswith(ends):
            cells = [[c.value for c in row] for row in sheet[t.ref]]
            return [dict(zip(cells[0], line)) for line in cells[1:]]
def told(line):
    return [line[k] for k in ('在职人数', '应训（人·门）', '已训（人·门）', '全部完成人数', '本期考试（次）', '通过（次）', '本期学时')]
got = {line['班组']: line for line in table('_teams')}
assert set(got) == set(team), set(got) ^ set(team)
for name, want in team.items():
    line = got[name]
    assert told(line) == want, (name, told(line), want)
    assert line['完成率'] == round(want[2] / want[1], 3) or abs(line['完成率'] - want[2] / want[1]) <= 0.0005000001, (name, line['完成率'])
    assert abs(line['考试通过率'] - want[5] / want[4]) <= 0.0005000001, (name, line['考试通过率'])
    assert abs(line['人均学时'] - want[6] / want[0]) <= 0.05000001, (name, line['人均学时'])
whole = [sum(t[k] for t in team.values()) for k in range(7)]
lines = table('_departments')
assert lines[-1]['部门'] == '合计' and told(lines[-1]) == whole, (told(lines[-1]), whole)
assert abs(lines[-1]['完成率'] - whole[2] / whole[1]) <= 0.0005000001
assert [sum(line[k] for line in lines[:-1]) for k in ('在职人数', '应训（人·门）')] == whole[:2]
assert whole[1] > whole[2] > 0 and whole[4] > whole[5] > 0, whole
assert planned and any(n in units for n in planned), planned
called = book['调训名单']
assert called.max_row - 4 == whole[1] - whole[2], (called.max_row, whole)
# certificates within 90 days, the newest of a title only
latest = {}
for r in all_of('证书'):
    if r['工号'] in active and day(r['发证日期']) and day(r['发证日期']) <= last:
        latest.setdefault((r['工号'], r['证书名称']), []).append(day(r['有效期至']))
soon = sorted((n, title, min(x for x in ends if x)) for (n, title), ends in latest.items()
              if None not in ends and last <= max(ends) <= last + d.timedelta(90))
cells = [[c.value for c in row] for row in book['将到期证书'].iter_rows(min_row=5)] if soon else []
shown = sorted((line[0], line[3]) for line in cells if line and line[0])
assert shown == [(n, title) for n, title, _ in soon], (shown, soon)
assert soon, 'nothing lapses in the sample'
print(whole, len(soon))
P
for quarter in 2026Q1 2026Q2 2026Q3; do
	check "$quarter: every team's numbers, the totals, the call-up list and what lapses are those of a second computation" \
		"$PYTHON" "$WORK/training.py" "$W" $quarter
done
check "a chart is drawn of the teams" sh -c "unzip -p '$W'/outputs/latest/HR*.xlsx 'xl/charts/chart*.xml' | grep -q '培训完成'"
finish
