#!/usr/bin/env bash
# Who sees whom: a manager's workbook holds nothing of anyone else in any of its parts, the dashboard nobody at all.
. "$(dirname "$0")/lib.sh"
W=$WORK/one
new_workspace "$W"
for quarter in 2026Q1 2026Q2 2026Q3; do
	check "run $quarter" "$PANDIAN" -C "$W" run --period $quarter
done
OUT=$W/outputs/latest

# The roster as an independent reader sees it: newest snapshot, active at the as-of date, who manages whom.
cat > "$WORK/roster.py" <<'P'
import csv, glob, io, os, re, sys, zipfile
ROOT, OUT = sys.argv[1], sys.argv[2]
AS_OF = '2026-09-30'
people = {}
for path in [os.path.join(ROOT, 'inputs/sample/花名册_2026Q3.csv')]:
    raw = open(path, 'rb').read()
    try:
        text = raw.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = raw.decode('gb18030')
    for row in csv.DictReader(io.StringIO(text)):
        number = (row.get('工号') or '').strip()
        if number:
            people[number] = {k: (v or '').strip() for k, v in row.items() if k}
def day(text):
    return '%04d-%02d-%02d' % tuple(map(int, re.split('[-/.]', text))) if text else ''
def active(number):
    hired, left = day(people[number]['入职日期']), day(people[number].get('离职日期', ''))
    return hired <= AS_OF and (left == '' or left >= AS_OF)
below = {}
for number, person in people.items():
    boss = person.get('直接上级') or person.get('直接上级工号') or person.get('上级工号') or ''
    if boss:
        below.setdefault(boss, []).append(number)
def subtree(boss):
    seen, todo = {boss}, [boss]
    while todo:
        for number in below.get(todo.pop(), []):
            if number not in seen:
                seen.add(number)
                todo.append(number)
    return {n for n in seen if n in people and active(n)} - {boss}
managers = {b for b in below if b in people and active(b) and any(active(n) for n in below[b] if n != b)}
def words(path):
    """Everything that stands in any part of the package, with the parts' names."""
    package = zipfile.ZipFile(path)
    return '\n'.join([n for n in package.namelist()] + [package.read(n).decode('utf-8', 'replace') for n in package.namelist()])
def named(text):
    return {n for n in people if re.search(r'(?<![0-9A-Za-z.])%s(?![0-9A-Za-z])' % re.escape(n), text)}
P
managers_only_their_own() { python3 - "$W" "$OUT" "$WORK/roster.py" <<'P'
import sys
exec(open(sys.argv[3]).read())
files = {f[:-5] for f in os.listdir(os.path.join(OUT, '经理'))}
assert files == managers, (sorted(files - managers), sorted(managers - files))
assert len(managers) > 5, managers
most = 0
for boss in sorted(managers):
    own = subtree(boss)
    text = words(os.path.join(OUT, '经理', boss + '.xlsx'))
    assert own <= named(text), (boss, 'missing', sorted(own - named(text))[:5])
    foreign = named(text) - own - {boss}
    assert not foreign, (boss, 'ids of others', sorted(foreign)[:5])
    names = {people[n]['姓名'] for n in people if n not in own and n != boss} - {people[n]['姓名'] for n in own | {boss}}
    shown = re.findall(r'>([^<]*)<', text)
    told = {name for name in names if any(name == cell or (len(name) > 1 and name in cell and len(cell) < 200) for cell in shown)}
    # a name may be part of a word of the pack; whole cells, lists of names and links never are
    told = {name for name in told if any(name in re.split(r'[、, ()（）·]', cell) for cell in shown)}
    assert not told, (boss, 'names of others', sorted(told)[:5])
    most = max(most, len(own))
assert most > 50, most
P
}
check "a file for each manager, with their own people and nobody else in any part" managers_only_their_own
open_all() { "$PYTHON" - "$OUT" <<'P'
import glob, os, sys, openpyxl
paths = glob.glob(os.path.join(sys.argv[1], '*.xlsx')) + glob.glob(os.path.join(sys.argv[1], '经理', '*.xlsx'))
assert len(paths) > 6, paths
for path in paths:
    book = openpyxl.load_workbook(path)
    assert book.sheetnames, path
    tables = [t for s in book for t in s.tables]
    assert len(tables) == len(set(tables)), path
P
}
PYTHON=python3
"$PYTHON" -c 'import openpyxl' 2> /dev/null || PYTHON=/usr/bin/python3
if "$PYTHON" -c 'import openpyxl' 2> /dev/null; then
	check "an independent reader opens every workbook" open_all
else
	skip "an independent reader opens every workbook" "openpyxl is not installed"
fi
# That the number of jobs changes no byte of any of these is asked by sample.sh, over all files.
finish
