"""vary.py - rule packs thrown by a seed: other weights, thresholds, ages, ways of aggregation, around the shipped pack.

competency.xml and idp.xml are made anew; of the other files attributes are changed. Everything written must be a pack
that the program accepts: `pandian check` refuses what cannot be meant.
"""
import os
import random
import xml.etree.ElementTree as ET

NS = 'urn:pandian:rules:1'
COMPETENCIES = ['C01', 'C02', 'C03', 'C04', 'C05', 'C06']
TITLE = '<title xml:lang="zh-CN">{0}</title><title xml:lang="en">{0}</title>'
BOOK = '<?xml version="1.0" encoding="UTF-8"?>\n<rulebook xmlns="urn:pandian:rules:1">\n{}\n</rulebook>\n'


def shares(r, count, parts=100):
    """So many positive decimals that sum to 1."""
    cuts = sorted(r.sample(range(1, parts), count - 1))
    return [f'{(b - a) / parts:.4g}' for a, b in zip([0] + cuts, cuts + [parts])]


def competency(r):
    lines = [f'<competencies id="competency" max-level="5" coverage="{r.choice(["0.8", "0.5", "1", "0.75"])}">',
             TITLE.format('胜任力')]
    lines += [f'<module id="{name}">{TITLE.format(name)}</module>' for name in ('service', 'management')]
    lines += [f'<competency id="{name}" module="{r.choice(["service", "management"])}" ksao="{r.choice("KSAO")}">'
              f'{TITLE.format(name)}<anchor level="1"><text xml:lang="zh-CN">一</text><text xml:lang="en">one</text></anchor>'
              '</competency>' for name in COMPETENCIES]
    kinds = r.sample(['exam', 'supervisor', 'observation', 'peer', 'self'], r.choice([2, 3, 4, 5, 5]))
    other = next(kind for kind in kinds if kind != 'self')       # self-assessment alone is refused
    for kind in kinds:
        age = r.choice(['', 'P6M', 'P12M', 'P12M', 'P18M', 'P24M', 'P2Y'])
        lines.append(f'<evidence kind="{kind}" weight="{r.choice(["0.1", "0.35", "1", "3", "0.333"])}"'
                     f' use="{r.choice(["latest", "mean", "max"])}"' + (f' max-age="{age}"' if age else '') +
                     (f' from="{r.choice(["0-100", "0-100", "50-100"])}"' if kind == 'exam' or r.random() < 0.2 else '') +
                     (' self="yes"' if r.random() < 0.1 and kind != other else '') + f'>{TITLE.format(kind)}</evidence>')
    for name in ('P1', 'P2', 'P3', 'P4', 'QA', 'TR', 'DA', 'M1', 'M2', 'M3'):
        which = 'position' if name in ('QA', 'TR', 'DA') else 'level'
        wanted = r.sample(COMPETENCIES, r.randint(1, len(COMPETENCIES)))
        needs = ''.join(
            f'<need competency="{c}" level="{r.choice(["0", "1", "2", "2.5", "3", "3", "3.5", "4", "5", "1.25"])}"'
            f' weight="{w}"' + (' must="yes"' if r.random() < 0.3 else '') + '/>'
            for c, w in zip(wanted, shares(r, len(wanted), r.choice([20, 100, 1000]))))
        lines.append(f'<model id="{name}" {which}="{name}">{TITLE.format(name)}{needs}</model>')
    return BOOK.format('\n'.join(lines + ['</competencies>']))


def idp(r):
    activities = [('mentoring', 'mentoring', f'competency.gaps &gt;= {r.randint(1, 4)}', '师徒带教', 'Mentoring'),
                  ('rotation', 'rotation', 'competency.gaps = 0 and competency.coverage &gt;= 50', '轮岗学习', 'Rotation')]
    return BOOK.format(
        f'<idp id="idp" due="P{r.choice([1, 3, 6])}M" hours-per-week="{r.choice(["1", "2", "2.5", "3"])}"'
        f' unknown-hours="{r.choice(["4", "8", "7.5"])}" exempt="{r.choice(["yes", "no"])}" done="done">' +
        TITLE.format('计划') + ''.join(
            f'<activity id="{name}" kind="{kind}" when="{when}"><title xml:lang="zh-CN">{zh}</title>'
            f'<title xml:lang="en">{en}</title></activity>' for name, kind, when, zh, en in activities) + '</idp>')


def change(path, edit):
    """Parses a rule file, lets `edit` change it, writes it back."""
    ET.register_namespace('', NS)
    tree = ET.parse(path)
    edit(tree.getroot())
    tree.write(path, encoding='utf-8', xml_declaration=True)


def credits(r):
    def edit(root):
        rule = root.find(f'{{{NS}}}credits')
        rule.set('window', f'P{r.choice([6, 12, 24, 36])}M')
        rule.set('count', r.choice(['first', 'best', 'latest']))
        rule.set('repeat', r.choice(['re-earn', 'once']) if r.random() < 0.5 else 're-earn')
        rule.set('exempt', r.choice(['none', 'none', 'earn']))
        rule.set('round', r.choice(['0.1', '0.5', '1', '0.01', '0.25']))
        rule.find(f'{{{NS}}}band').set('factor', r.choice(['1.2', '1.15', '0.5', '2']))
        rule.find(f'{{{NS}}}band').set('when', f'score >= {r.choice([60, 89.5, 90, 100])}')
        fail = root.find(f'{{{NS}}}fail-rate')
        fail.set('minimum', r.choice(['1', '2', '5']))
        fail.set('threshold', r.choice(['30%', '50%', '0%', '100%']))
        fail.attrib.pop('window')
        if r.random() < 0.7:
            fail.set('window', f'P{r.choice([3, 6, 12])}M')
        for category in rule.findall(f'{{{NS}}}category'):
            category.set('minimum', r.choice(['0', '2', '4.5', '12']))
            category.attrib.pop('cap', None)
            if r.random() < 0.5:
                category.set('cap', r.choice(['12', '13.5', '24']))
    return edit


def honour(r):
    def edit(root):
        rule = root.find(f'{{{NS}}}honour-roll')
        rule.set('value', r.choice(['credits.period', 'credits.rolling', 'credits.lifetime', 'competency.match']))
        rule.set('scope', r.choice(['org_unit', 'all', 'site', 'position']))
        rule.set('top', str(r.choice([1, 2, 3, 10])))
        if r.random() < 0.3:
            rule.attrib.pop('minimum')
        else:
            rule.set('minimum', r.choice(['0', '1', '5', '12.5']))
        if r.random() < 0.2:
            rule.set('anonymous', 'yes')
    return edit


def rules(folder, seed):
    r = random.Random(f'rules {seed}')
    path = lambda name: os.path.join(folder, 'rules', name)
    for name, text in (('competency.xml', competency(r)), ('idp.xml', idp(r))):
        with open(path(name), 'w', encoding='utf-8') as file:
            file.write(text)
    change(path('credits.xml'), credits(r))
    change(path('honour-roll.xml'), honour(r))
