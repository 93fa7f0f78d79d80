#!/usr/bin/env bash
# The executive dashboard: its numbers recomputed from the HR workbook, nobody named in any part, nothing small shown,
# nothing hidden that subtraction brings back.
. "$(dirname "$0")/lib.sh"
W=$WORK/one
new_workspace "$W"
sed -i 's/archives="all"/archives="none"/' "$W/inputs/inputs.xml"
rm -f "$W/report-templates/manager.xml"
for quarter in 2026Q1 2026Q2 2026Q3; do
	check "run $quarter" "$PANDIAN" -C "$W" run --period $quarter
done
cat > "$WORK/book.py" <<'P'
"""Reads a workbook without a library: sheets as {(row, column): value}, and all parts as text."""
import re, sys, zipfile
import xml.etree.ElementTree as ET
N = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
def parts(path):
    package = zipfile.ZipFile(path)
    assert len(package.namelist()) == len(set(package.namelist()))
    return {name: package.read(name).decode('utf-8') for name in package.namelist()}
def place(ref):
    letters, number = re.fullmatch(r'([A-Z]+)(\d+)', ref).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(number), column
def sheets(path):
    part, found = parts(path), {}
    names = [s.get('name') for s in ET.fromstring(part['xl/workbook.xml']).iter(N + 'sheet')]
    for i, name in enumerate(names, 1):
        cells = found[name] = {}
        for c in ET.fromstring(part['xl/worksheets/sheet%d.xml' % i]).iter(N + 'c'):
            text = ''.join(t.text or '' for t in c.iter(N + 't'))
            value = c.find(N + 'v')
            if c.get('t') == 'inlineStr':
                cells[place(c.get('r'))] = text
            elif value is not None:
                cells[place(c.get('r'))] = float(value.text)
    return found
def rows(cells, first=1):
    """Rows as lists from column 1 on, gaps None."""
    out = []
    for r in range(first, max(r for r, _ in cells) + 1):
        last = max([c for row, c in cells if row == r], default=0)
        out.append([cells.get((r, c)) for c in range(1, last + 1)])
    return out
def table(cells, title):
    """The lines below a heading up to the next blank row: head, lines."""
    lines = rows(cells)
    at = next(i for i, line in enumerate(lines) if line and line[0] == title)
    found = []
    for line in lines[at + 1:]:
        if not any(v is not None for v in line):
            break
        found.append(line)
    return found[0], found[1:]
P
nobody_is_named() { python3 - "$W" "$WORK" <<'P'
import csv, glob, os, sys
sys.path.insert(0, sys.argv[2])
import book
W = sys.argv[1]
ids, names = set(), set()
for path in glob.glob(W + '/inputs/sample/花名册_*.csv'):
    raw = open(path, 'rb').read()
    try:
        text = raw.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = raw.decode('gb18030')
    for row in csv.DictReader(text.splitlines()):
        ids.add(row['工号'].strip()); names.add(row['姓名'].strip())
assert len(ids) > 300 and len(names) > 200
for path in glob.glob(W + '/outputs/*/r*/高管看板_*.xlsx'):
    for part, text in book.parts(path).items():
        told = {n for n in names if n and n in text}
        assert not told, (path, part, told)
        told = {i for i in ids if i and ('>%s<' % i in text or '"%s"' % i in text)}
        assert not told, (path, part, told)
P
}
check "no name and no employee number in any part" nobody_is_named
numbers_agree() { python3 - "$W" "$WORK" <<'P'
import sys
sys.path.insert(0, sys.argv[2])
import book
OUT = sys.argv[1] + '/outputs/latest/'
hr, dash = book.sheets(OUT + 'HR人才盘点_2026Q3.xlsx'), book.sheets(OUT + '高管看板_2026Q3.xlsx')
page, data = list(dash.values())[:2]
# HR: people by unit and star
lines = book.rows(hr['星级'])
at = next(i for i, l in enumerate(lines) if l and l[0] == '部门' and '一星' in l)
want = {}
for line in lines[at + 1:]:
    if not line or line[0] is None:
        break
    key = line[0].split(' / ')[0]
    want[key] = [a + b for a, b in zip(want.get(key, [0] * 5), line[1:6])]
head, told = book.table(data, '各部门人数')
assert head[1:6] == ['一星', '二星', '三星', '四星', '五星'] and head[6] == '合计', head
total = [sum(v[i] for v in want.values()) for i in range(5)]
want['合计'] = total
shown = hidden = 0
for line in told:
    counts = want[line[0]] + [sum(want[line[0]])]
    for have, count in zip(line[1:7], counts):
        if have == '*':
            hidden += 1
            assert count > 0, line
        else:
            shown += 1
            assert have == count and not 0 < count < 5, (line, counts)
assert shown > 10 and hidden > 0
# each hidden line: the rule, literally
grid = [line[1:7] for line in told]; truth = [want[l[0]] + [sum(want[l[0]])] for l in told]
for lines_, counts in ((grid, truth), (list(zip(*grid)), list(zip(*truth)))):
    for have, count in zip(lines_, counts):
        gone = [c for h, c in zip(have, count) if h == '*']
        rest = [c for h, c in zip(have, count) if h != '*' and c > 0]
        assert len(gone) != 1 or not rest, (have, count)
        assert not gone or sum(gone) >= 5 or not rest, (have, count)
# four stars and above, as the tile says
texts = [v for v in page.values() if isinstance(v, str)]
share = '%.1f%%' % (100 * (total[3] + total[4]) / sum(total) + 1e-9)
assert share in texts, (share, texts[:30])
assert '已评级 %d 人' % sum(total) in ' '.join(texts)
# shares of the chart end at 100 %
_, shares = book.table(data, '各部门占比（图表数据）')
for line in shares:
    assert abs(sum(v for v in line[1:] if isinstance(v, float)) - 1) < 0.0031, line
# no small whole number stands in the movement and the nine-box (below stand means)
below = next(r for (r, c), v in page.items() if v == '胜任力差距')
for (r, c), v in page.items():
    assert not (r < below and isinstance(v, float) and v == int(v) and 0 < v < 5 and not 0 < v < 1.0001), ((r, c), v)
P
}
check "numbers are those of the HR workbook, small ones hidden by the rule" numbers_agree
nothing_comes_back() { python3 - "$W" "$WORK" <<'P'
import sys
from fractions import Fraction as F
sys.path.insert(0, sys.argv[2])
import book
OUT = sys.argv[1] + '/outputs/latest/'
dash = book.sheets(OUT + '高管看板_2026Q3.xlsx')
page, data = list(dash.values())[:2]
unknown, equations = {}, []
def term(name, have, row):
    """Puts a cell into an equation: known ones to the right side."""
    if have == '*':
        row[unknown.setdefault(name, len(unknown))] = row.get(unknown.setdefault(name, len(unknown)), 0) + row['sign']
    else:
        row['known'] -= row['sign'] * F(have or 0)
def equation(parts, total):
    row = {'known': F(0), 'sign': 1}
    for name, have in parts:
        term(name, have, row)
    row['sign'] = -1
    term(*total, row)
    del row['sign']
    equations.append(row)
_, told = book.table(data, '各部门人数')
cell = lambda r, c: (('unit', told[r][0], c), told[r][1 + c])
for r in range(len(told)):
    equation([cell(r, c) for c in range(5)], cell(r, 5))
last = len(told) - 1
for c in range(6):
    equation([cell(r, c) for r in range(last)], cell(last, c))
# the movement on the page: its columns end at this quarter's totals; whoever was new is not shown
stars = ['一星', '二星', '三星', '四星', '五星']
heads = {v: (r, c) for (r, c), v in page.items() if v in stars and page.get((r, c - 3), page.get((r, c - 6), '')) is not None}
columns = {}
rows_of = {}
for (r, c), v in page.items():
    if v in stars:
        (columns if sum(1 for (r2, _), w in page.items() if r2 == r and w in stars) == 5 else rows_of)[v] = (r, c)
if len(columns) == 5 and len(rows_of) == 5:
    moved = {}
    for to in stars:
        parts = []
        for fro in stars:
            have = page.get((rows_of[fro][0], columns[to][1]))
            moved[fro, to] = have
            parts.append((('moved', fro, to), have))
        parts.append((('new', to), '*'))
        equation(parts, cell(last, stars.index(to)))
    import re
    line = next(v for v in page.values() if isinstance(v, str) and v.startswith('上升 '))
    up, same, down = [None if t == '*' else F(t) for t in re.findall(r'(?:上升|不变|下降) (\*|\d+)', line)]
    for have, test in ((up, lambda a, b: b > a), (same, lambda a, b: a == b), (down, lambda a, b: b < a)):
        if have is not None:
            equation([(('moved', a, b), moved[a, b]) for a in stars for b in stars if test(stars.index(a), stars.index(b))], ('sum', have))
else:
    raise AssertionError('the movement is not on the page')
# four and five stars together are told by the tile
share = next(v for (r, c), v in sorted(page.items()) if isinstance(v, str) and v.endswith('%'))
graded = F(cell(last, 5)[1])
upper = round(float(share[:-1]) / 100 * float(graded))
equation([cell(last, 3), cell(last, 4)], ('tile', F(upper)))
n = len(unknown)
matrix = [[row.get(i, F(0)) for i in range(n)] + [row['known']] for row in equations]
rank = 0
for c in range(n):
    pivot = next((r for r in range(rank, len(matrix)) if matrix[r][c] != 0), None)
    if pivot is None:
        continue
    matrix[rank], matrix[pivot] = matrix[pivot], matrix[rank]
    matrix[rank] = [x / matrix[rank][c] for x in matrix[rank]]
    for r in range(len(matrix)):
        if r != rank and matrix[r][c] != 0:
            factor = matrix[r][c]
            matrix[r] = [x - factor * y for x, y in zip(matrix[r], matrix[rank])]
    rank += 1
names = {i: name for name, i in unknown.items()}
assert n > 10
for row in matrix[:rank]:
    found = [i for i in range(n) if row[i] != 0]
    # who is new by grade is shown nowhere; 5 and more of them may follow
    if len(found) == 1:
        assert names[found[0]][0] == 'new' and (row[n] == 0 or row[n] >= 5), (names[found[0]], row[n])
P
}
check "no hidden number follows from the others, over all blocks" nothing_comes_back
charts_are_native() { python3 - "$W" "$WORK" <<'P'
import glob, re, sys
sys.path.insert(0, sys.argv[2])
import book
for path in glob.glob(sys.argv[1] + '/outputs/*/r*/高管看板_*.xlsx'):
    part = book.parts(path)
    charts = [t for n, t in part.items() if n.startswith('xl/charts/chart')]
    assert len(charts) == (1 if '2026Q1' in path else 2), (path, len(charts))
    assert any('percentStacked' in t for t in charts)
    for text in charts:
        assert '<c:title>' in text and '<c:valAx>' in text and '<c:catAx>' in text
    drawing = ''.join(t for n, t in part.items() if n.startswith('xl/drawings/drawing'))
    assert len(re.findall(r'descr="[^"]+"', drawing)) == len(charts)
    assert 'state="hidden"' not in part['xl/workbook.xml']
    sheet = part['xl/worksheets/sheet1.xml']
    assert 'orientation="landscape"' in sheet and 'fitToHeight="0"' not in sheet
P
}
check "charts are native, titled, described; the page is one landscape page" charts_are_native
check "in English" "$PANDIAN" -C "$W" run --period 2026Q3 --lang en
english() { python3 - "$W" "$WORK" <<'P'
import sys
sys.path.insert(0, sys.argv[2])
import book
page = list(book.sheets(sys.argv[1] + '/outputs/2026Q3/r2/高管看板_2026Q3.xlsx').values())[0]
texts = ' '.join(v for v in page.values() if isinstance(v, str))
for words in ('Four stars and above', 'Movement', 'Nine-box', 'Competency gaps', 'Bench', 'Training effect', 'rose,'):
    assert words in texts, words
P
}
check "its words are English then" english
finish
