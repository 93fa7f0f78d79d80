#!/usr/bin/env bash
# What stands in a growth archive, by its text: a known person's figures from the exports themselves, the own edition
# without a word about anybody else, the internal one with the nine-box and medians of units of five or more.
. "$(dirname "$0")/lib.sh"
W=$WORK/one
new_workspace "$W"
check "run 2026Q3" "$PANDIAN" -C "$W" run --period 2026Q3
OUT=$W/outputs/latest
PEOPLE="00101 00111 00116 00124 00250 00259 00300 00320 00350 00397"
mkdir -p "$WORK/own" "$WORK/internal"
for n in $PEOPLE; do
	pdftotext -layout "$OUT/archives/$n.pdf" "$WORK/own/$n.txt" && pdftotext -layout "$OUT/archives-internal/$n.pdf" "$WORK/internal/$n.txt"
	qpdf --check "$OUT/archives/$n.pdf" >/dev/null && qpdf --check "$OUT/archives-internal/$n.pdf" >/dev/null || echo "$n" >> "$WORK/broken"
done
check "qpdf finds nothing to blame" test ! -e "$WORK/broken"
"$PANDIAN" -C "$W" results people --period 2026Q3 > "$WORK/people.json"

# The exports as an independent reader sees them: rows by employee, each with the line it stands on.
cat > "$WORK/read.py" <<'P'
import csv, glob, io, json, os, re, statistics, sys
ROOT, WORK = sys.argv[1], sys.argv[2]
def rows(name):
    raw = open(os.path.join(ROOT, 'inputs/sample', name), 'rb').read()
    try:
        text = raw.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = raw.decode('gb18030')
    reader = csv.DictReader(io.StringIO(text))
    return [dict({k: (v or '').strip() for k, v in r.items() if k}, line=i + 2) for i, r in enumerate(reader)]
roster = {r['工号']: r for r in rows('花名册_2026Q3.csv')}
def text(edition, number):
    return open(os.path.join(WORK, edition, number + '.txt'), encoding='utf-8').read()
P
known_person() { python3 - "$W" "$WORK" "$WORK/read.py" <<'P'
import sys
exec(open(sys.argv[3]).read())
from decimal import Decimal
who = '00397'
page = text('own', who)
found = [r for r in rows('绩效_2026Q3.csv') if r['工号'] == who]
row, person = found[-1], roster[who]
scores = {'质检得分': (60, 100, '0.35'), '业务考试': (40, 95, '0.20'), '出勤率': (90, 98, '0.15')}
wanted = [person['姓名'], '工号 ' + who]
for name, (zero, full, weight) in scores.items():
    value = Decimal(row[name].rstrip('%'))
    score = min(max((value - zero) / (full - zero) * 100, Decimal(0)), Decimal(100)).quantize(Decimal('0.01'), 'ROUND_HALF_UP')
    line = [l for l in page.splitlines() if l.strip().startswith(name) and weight in l]
    assert line and str(score) in line[0] and '绩效_2026Q3.csv 第 %d 行' % row['line'] in line[0], (name, score, row['line'], line)
for r in rows('决定_2026Q3.csv'):
    if r['工号'] == who:
        wanted += [r['理由'], r['决定人'], r['决定日期'], '决定_2026Q3.csv 第 %d 行' % r['line']]
year, month, day = map(int, re.split('[-/]', person['入职日期']))
wanted.append('%04d-%02d-%02d' % (year, month, day))
missing = [w for w in wanted if w not in page]
assert not missing, missing
for head in ['较上期变化', '基础信息', '成长历程', '培训档案', '荣誉记录', '岗级变化', '兼职岗位与证书', '胜任力模型匹配', '个人发展计划',
             '晋升准备度', '学习地图', '为什么是这个结果', '权利与申诉', '面谈记录', '核验码', 'rules/star.xml:', 'rules/credits.xml:', 'rules/ladder.xml']:
    assert head in page, head
P
}
own_edition() { python3 - "$W" "$WORK" "$WORK/read.py" <<'P'
import sys
exec(open(sys.argv[3]).read())
boxes = re.findall(r'<box number="\d"><title xml:lang="zh-CN">([^<]+)<', open(os.path.join(ROOT, 'rules/nine-box.xml'), encoding='utf-8').read())
assert len(boxes) == 9
deciders = {r['决定人'] for r in rows('决定_2026Q3.csv')}
seen = 0
for path in glob.glob(os.path.join(WORK, 'own/*.txt')):
    who, page = os.path.basename(path)[:-4], open(path, encoding='utf-8').read()
    boss = roster[who].get('直接上级', '')
    for word in boxes + ['九宫格', '班组中位', '校准记录', '潜力高']:
        assert word not in page, (who, word)
        seen += word in text('internal', who)
    numbers = set(re.findall(r'(?<![0-9A-Za-z.-])0\d{4}(?![0-9A-Za-z-])', page)) & set(roster)
    assert numbers <= {who, boss}, (who, numbers)
    own = {roster[who]['姓名'], roster.get(boss, {}).get('姓名', '')} | deciders
    others = {p['姓名'] for p in roster.values() if len(p['姓名']) >= 3} - own
    named = {n for n in others if n in page}
    assert not named, (who, named)
assert seen > 50, seen # the internal edition has them
P
}
medians() { python3 - "$W" "$WORK" "$WORK/read.py" <<'P'
import sys
exec(open(sys.argv[3]).read())
people = [json.loads(l) for l in open(os.path.join(WORK, 'people.json'), encoding='utf-8') if l.startswith('{')]
titles = dict(re.findall(r'<competency id="(\w+)"[^>]*>\s*<title xml:lang="zh-CN">([^<]+)<', open(os.path.join(ROOT, 'rules/competency.xml'), encoding='utf-8').read()))
key = next(k for k in ('employee', 'employee_id', 'id') if k in people[0])
def day(text):
    return '%04d-%02d-%02d' % tuple(map(int, re.split('[-/.]', text))) if text else ''
def active(person):
    left = day(person.get('离职日期', ''))
    return day(person['入职日期']) <= '2026-09-30' and (left == '' or left >= '2026-09-30')
def number(v):
    v = v.get('value') if isinstance(v, dict) else v
    return None if v is None else float(v)
checked = hidden = 0
for who in ['00111', '00300', '00350', '00250']:
    path = os.path.join(WORK, 'internal', who + '.txt')
    if not os.path.exists(path):
        continue
    unit = roster[who]['部门编号']
    team = [p for p in people if p[key] in roster and roster[p[key]]['部门编号'] == unit and active(roster[p[key]])]
    me = next(p for p in people if p[key] == who)
    for code, title in titles.items():
        if not number(me.get('competency.%s.required' % code)):
            continue
        levels = [n for n in (number(p.get('competency.%s.level' % code)) for p in team) if n is not None]
        line = [l for l in text('internal', who).splitlines() if re.search(re.escape(title) + r'( [＊*])?\s+[0-9]\s', l)]
        assert line, (who, title)
        last = line[0].split()[-1]
        if len(levels) < 5:
            assert last in ('–', '-') or not re.fullmatch(r'\d\.\d\d', last) or '.' in line[0].split()[-2], (who, title, line)
            hidden += 1
        else:
            assert abs(float(last) - statistics.median(levels)) <= 0.0051, (who, title, last, statistics.median(levels))
            checked += 1
assert checked > 5, (checked, hidden)
P
}
check "a known person's figures, sources, decision and all sections" known_person
check "the own edition speaks of nobody else and has no nine-box" own_edition
check "medians of the unit are those of its people, five at least" medians
finish
