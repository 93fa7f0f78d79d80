#!/usr/bin/env python3
"""corners.py - puts the corners of stars and of readiness into a workspace of generate or populate.py, chosen by a seed.

corners.py WORKSPACE SEED   changes the exports in inputs/sample and the rules: days at which something just holds or just
does not (leap days, ends of months, the as-of day itself, limits of horizons), gaps in histories, ties at quota cuts,
composites at band bounds, open and closed discipline, decisions that expire, overlapping roles, people outside the ladder,
and rules of other shapes (binding quotas, other scopes, policies for missing items, gates of every form).
"""
import csv
import datetime
import io
import os
import random
import re
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from common import ONE_DAY, month_shift, period_bounds

PERIODS = ['2026Q1', '2026Q2', '2026Q3']
AS_OF = [period_bounds(period)[1] for period in PERIODS]


class Table:
    """A CSV in UTF-8, changed in place."""
    def __init__(self, path):
        self.path, self.head, self.rows = path, None, []        # nobody gave it: stays so
        if not os.path.exists(path):
            return
        with open(path, encoding='utf-8-sig', newline='') as file:
            rows = list(csv.reader(file))
        self.head, self.rows = rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]

    def add(self, *cells):
        if self.head is not None:
            self.rows.append(dict(zip(self.head, ['' if cell is None else str(cell) for cell in cells])))

    def save(self):
        if self.head is None:
            return
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.head)
        writer.writerows([row.get(name, '') for name in self.head] for row in self.rows)
        with open(self.path, 'w', encoding='utf-8-sig', newline='') as file:
            file.write(text.getvalue())


class Corners:
    def __init__(self, folder, seed):
        self.folder, self.random = folder, random.Random(seed)
        self.tables = {}
        self.people = [row['工号'] for row in self.rosters()[0].rows]     # there from the first quarter on

    def table(self, name):
        path = os.path.join(self.folder, 'inputs/sample', name + '.csv')
        if path not in self.tables:
            self.tables[path] = Table(path)
        return self.tables[path]

    def quarters(self, name):
        return [self.table(f'{name}_{period}') for period in PERIODS]

    def rosters(self):
        return self.quarters('花名册')

    def some(self, count):
        return self.random.sample(self.people, min(count, len(self.people)))

    def chance(self, part):
        return self.random.random() < part

    def pick(self, *choices):
        return self.random.choice(choices)

    def about(self, day, around=1):
        return day + ONE_DAY * self.random.randint(-around, around)

    def as_of(self):
        return self.random.choice(AS_OF)

    def employ(self, person, **cells):
        """Changes a person in every roster."""
        for table in self.rosters():
            for row in table.rows:
                if row['工号'] == person:
                    row.update(cells)

    # ---- people ----
    def hires(self):
        """Hired on leap days and ends of months; three and six months before an as-of day, give or take a day."""
        for person in self.some(12):
            day = self.pick(datetime.date(2024, 2, 29), datetime.date(2025, 8, 31), datetime.date(2025, 11, 30),
                            datetime.date(2026, 3, 31), self.about(month_shift(self.as_of(), -3)),
                            self.about(month_shift(self.as_of(), -6)), self.about(self.as_of()))
            self.employ(person, 入职日期=str(day))
        for person in self.some(4):
            self.employ(person, 离职日期=str(self.about(self.as_of())))
        for person in self.some(3):
            self.employ(person, 状态=self.pick('长期病假', '在职', ''))

    def outside(self):
        """People whose position or level no step has, or who stand beside the step of their level."""
        for person in self.some(5):
            self.employ(person, 岗位编号=self.pick('XX', 'QA', 'TR', 'P1'), 职级=self.pick('P2', 'P3', '', 'Z9'))

    # ---- the way so far ----
    def careers(self):
        """Levels held for just long enough, or not; leap days; levels that the roster does not know; acting and back."""
        for person in self.some(16):
            row = next(row for row in self.rosters()[-1].rows + self.rosters()[0].rows if row['工号'] == person)
            level, position, unit, track = (row[name] for name in ('职级', '岗位编号', '部门编号', '序列'))
            as_of, months = self.as_of(), self.pick(12, 18, 24, 36)
            day = self.pick(self.about(month_shift(as_of, -months)), self.about(month_shift(as_of, 12 - months)),
                            self.about(month_shift(as_of, 24 - months)), datetime.date(2024, 2, 29),
                            datetime.date(2025, 8, 31), as_of, as_of + ONE_DAY)
            table = self.quarters('岗级变动')[0 if day <= AS_OF[0] else 1 if day <= AS_OF[1] else 2]
            for other in self.quarters('岗级变动'):
                other.rows = [row for row in other.rows if row['工号'] != person]
            kind = self.pick('plain', 'plain', 'moved', 'acting', 'other', 'nothing', 'twice', 'no level')
            begin = day - ONE_DAY * 400
            if kind != 'nothing':
                table.add(person, '入职', begin, unit, 'P1', '专业', self.pick('P1', level))
            if kind == 'plain':
                table.add(person, '晋升', day, unit, position, track, level)
            elif kind == 'moved':           # the same level in another unit and position
                table.add(person, '晋升', day, unit, 'P1', track, level)
                table.add(person, '调岗', self.about(day + ONE_DAY * 60, 30), unit, position, track, level)
            elif kind == 'acting':          # tried the next level, and came back
                table.add(person, '晋升', day, unit, position, track, level)
                table.add(person, '见习', day + ONE_DAY * 30, unit, 'M1', '管理', 'M1')
                if self.chance(0.7):
                    table.add(person, '返岗', day + ONE_DAY * 120, unit, position, track, level)
            elif kind == 'other':           # the history ends elsewhere
                table.add(person, '晋升', day, unit, 'P4', '专业', 'P4')
            elif kind == 'twice':           # the level was held before as well
                table.add(person, '晋升', day - ONE_DAY * 200, unit, position, track, level)
                table.add(person, '降级', day - ONE_DAY * 100, unit, 'P1', '专业', 'P1')
                table.add(person, '晋升', day, unit, position, track, level)
            elif kind == 'no level':
                table.add(person, '晋升', day, unit, position, track, level)
                table.add(person, '轮岗', day + ONE_DAY * 20, unit, '', '', '')

    def roles(self):
        for person in self.some(14):
            role = self.pick('小师傅', '兼职质检员', '兼职培训师', '兼职数据分析师')
            day = self.about(month_shift(self.as_of(), -self.pick(3, 6, 12)))
            for number in range(self.pick(1, 2, 3)):
                last = self.pick(None, day, self.about(month_shift(day, 3)), self.about(month_shift(day, 6)), self.as_of())
                if last is not None and last < day:
                    last = day
                self.quarters('兼职岗位')[0].add(person, role, day, last, '', '')
                day = self.pick(last or day, last or day, self.about(last or day, 2), self.about(day, 20)) + ONE_DAY
        for person in self.some(10):
            day = self.pick(self.about(month_shift(self.as_of(), -24)), self.about(self.as_of()), datetime.date(2024, 2, 29))
            self.quarters('荣誉')[2 if day > AS_OF[0] else 0].add(person, f'角落之星{self.random.randint(1, 99)}', '中心级',
                                                                  day, '江城客服中心')

    def discipline(self):
        """Open for ever, until the as-of day, ended the day before, begun on it, several at once."""
        for person in self.some(12):
            for _ in range(self.pick(1, 1, 2)):
                first = self.pick(datetime.date(2026, 1, 5), self.about(self.as_of()))
                last = self.pick('', self.about(self.as_of()), self.about(month_shift(self.as_of(), 12)),
                                 self.about(month_shift(self.as_of(), 24)))
                if last and last < first:
                    last = first
                self.quarters('处分')[0].add(person, self.pick('警告', '记过', '服务红线违规'), first, last)

    # ---- measures ----
    def measures(self):
        """Whole teams with the same figures (ties), figures at floors and bounds, figures that are missing."""
        rosters, tables = self.rosters(), self.quarters('绩效')
        units = sorted({row['部门编号'] for row in rosters[0].rows})
        for unit in self.random.sample(units, 3):
            members = [row['工号'] for row in rosters[0].rows if row['部门编号'] == unit]
            for table in tables:
                figures = {'质检得分': self.pick('92', '85', '96', '100', '70'), '业务考试': self.pick('95', '90', '84', '62'),
                           '出勤率': self.pick('98%', '96%', '90%'), '客户满意度': self.pick('88%', '91%')}
                for row in table.rows:
                    if row['工号'] in members and self.chance(0.7):
                        row.update(figures)
                        if self.chance(0.4):
                            row['客户满意度'] = self.pick('88%', '91%', '', '90%')
        for table in tables:
            for row in table.rows:
                if self.chance(0.15):
                    row['质检得分'] = self.pick('92', '91.9', '85', '84.9', '88', '80', '60', '100', '')
                for name in ('质检得分', '业务考试', '出勤率'):
                    if self.chance(0.06):
                        row[name] = ''
        for table in self.quarters('评价'):
            for row in table.rows:
                for name in ('绩效评价', '潜力评价'):
                    if self.chance(0.3):
                        row[name] = self.pick('', '1', '2.5', '2.49', '3.5', '3.4', '4.0', '5', '0.5', '5.1')

    # ---- the past ----
    def past(self):
        """Gaps in the history of grades, and decisions of every kind."""
        history = self.table('历史评级')
        history.rows = [row for row in history.rows if not self.chance(0.25)]
        for row in history.rows:
            if self.chance(0.2):
                row['取值'] = self.pick('1', '3', '4', '5')
        seen = set()
        for person in self.some(14):
            for _ in range(self.pick(1, 2, 3)):
                day = self.pick(self.about(self.as_of()), self.about(self.as_of(), 60))
                expires = self.pick('', self.about(self.as_of()), self.as_of())
                if expires and expires < day:
                    expires = day
                if (person, day) in seen or not datetime.date(2026, 1, 1) <= day:
                    continue
                seen.add((person, day))
                self.quarters('决定')[0 if day <= AS_OF[0] else 1 if day <= AS_OF[1] else 2].add(
                    person, '星级', self.pick('1', '2', '3', '4', '5'), '角落', '周敏', day, expires)

    def vacancies(self):
        for number, table in enumerate(self.quarters('空缺岗位')):
            for i in range(3):
                table.add(f'JL{number}{i}', self.pick('P2', 'P3', 'QA', 'M1', 'XX'), 'JC-S1-1', self.pick('P2', 'P3', 'M1', ''),
                          self.about(AS_OF[number]), '1', self.pick('是', '否'))

    # ---- rules ----
    def edit(self, name, *changes):
        """Changes of a rule file: (pattern, replacement), each of which must be found."""
        path = os.path.join(self.folder, 'rules', name)
        with open(path, encoding='utf-8') as file:
            text = file.read()
        for pattern, replacement in changes:
            text, found = re.subn(pattern, replacement, text)
            if found == 0:
                raise LookupError(f'{name}: {pattern}')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)

    def star_rules(self):
        changes = []
        if self.chance(0.5):
            changes.append((' advisory="yes"', ''))
            if self.chance(0.7):
                changes.append(('</star>', f'<tie value=\'performance("csat")\' order="{self.pick("ascending", "descending")}"/>'
                                           '</star>'))
            if self.chance(0.4):
                changes.append(('scope="org_unit"', f'scope="org_unit" quota-minimum="{self.pick(2, 4, 6)}"'))
        if self.chance(0.4):
            changes.append(('scope="org_unit"', f'scope="{self.pick("all", "site", "position")}"'))
        if self.chance(0.5):
            changes.append((' fall="2" up="2" down="1"', self.pick('', ' fall="3"', ' fall="1" up="1"', ' down="2"')))
        if self.chance(0.4):
            changes.append((' coefficient="1.00">', f' coefficient="1.00" hold="{self.pick(2, 3, 4)}">'))
        if self.chance(0.3):
            changes.append((' missing="renormalise"', f' missing="{self.pick("zero", "not-graded")}"'))
        if self.chance(0.4):
            changes.append(('weight="0.2">', f'weight="0.2" missing="{self.pick("zero", "not-graded", "renormalise")}">'))
        if self.chance(0.3):        # less is better
            changes.append(('zero="40" full="95"', 'zero="95" full="40"'))
            changes.append(('<floor item="quality" from="85"/>', '<floor item="quality" from="85"/><floor item="exam" from="84"/>'))
        if self.chance(0.3):        # as it is, 0 to 100
            changes.append((' zero="60" full="100"', ''))
        if self.chance(0.3):
            changes.append(('minimum-present="0.6"', f'minimum-present="{self.pick("0.65", "0.8", "1", "0.35")}"'))
        self.edit('star.xml', *changes)

    GATES = [
        '''when='performance("qa") &gt;= 85 and not(open discipline)\'''',
        '''when='if months in level &gt; 12 then star &gt;= 3 else false\'''',
        '''when='level in ("P1", "P2") or performance("qa") &gt; 90\'''',
        '''when='performance("exam") in [60..84] or star in (4, 5)\'''',
        '''when='performance("潜力") &gt;= 3 and performance("绩效等级") &gt;= 3\'''',
        '''when='not(open discipline)' until="discipline until" hard="no"''',
        '''have='performance count("qa", 12)' need="2" pace="4"''',
        '''have='performance count("qa", 3)' need="2" pace="1" days="90"''',
        '''have="months in position" need="6" pace="1" days="30"''',
        '''have='gaps("P2")' at-most="1" pace="4"''',
        '''have='gaps("P3")' at-most="floor(months in level / 6)"''',
        '''have='coverage("P3")' need="80"''',
        '''have="honours(12) + role count(&quot;小师傅&quot;)" need="1" pace="1"''',
        '''have="credits.rolling" need="credits.lifetime / 2 + 10" pace="7" days="91"''',
        '''have="credits.rolling" need="round(35.25, 1)" pace="3"''',
        '''have="star periods(2)" need="3" by="period"''',
        '''have="star.composite" need="80"''',
        '''since="position since" need="6"''',
        '''since="position since" need="12" hard="no"''',
        '''since="hire_date" need="24"''',
    ]

    def ladder_rules(self):
        """Up to two more gates for a step; paces that are not declared; more crossings; less strict steps."""
        path = os.path.join(self.folder, 'rules/ladder.xml')
        with open(path, encoding='utf-8') as file:
            text = file.read()
        steps = re.findall(r'<step id="(\w+)"[^>]*>', text)
        for number, step in enumerate(steps[1:]):
            gates = ''.join(f'<gate id="corner{number}{i}" {gate}><title xml:lang="zh-CN">角</title>'
                            f'<title xml:lang="en">corner</title></gate>'
                            for i, gate in enumerate(self.random.sample(self.GATES, self.pick(0, 0, 1, 2))))
            text = re.sub(f'(<step id="{step}".*?)</step>', lambda match: match.group(1) + gates + '</step>', text, flags=re.S)
        # Each gate as it is, not hard, or without its pace.
        text = re.sub(r'<gate id="[^>]*>', lambda match: self.loosened(match.group()), text)
        if self.chance(0.5):
            crossing = self.pick('from="P2" to="M1"', 'from="QA" to="M1"', 'from="M2" to="P4"', 'from="P1" to="M1"')
            text = text.replace('<crossing from="P3"', f'<crossing {crossing}/>\n    <crossing from="P3"')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)

    def loosened(self, gate):
        if 'hard=' not in gate and self.chance(0.35):
            gate = gate.replace('>', ' hard="no">')
        return re.sub(r' pace="[^"]*"( days="\d+")?', '', gate) if self.chance(0.1) else gate

    def other_rules(self):
        changes = []
        if self.chance(0.4):
            months, least = self.pick(3, 6, 12), self.pick(1, 2, 3)
            changes.append(('minimum-tenure="P6M"', f'minimum-tenure="P6M" ratings=\'performance count("潜力", {months})\' '
                                                    f'minimum-ratings="{least}"'))
        if self.chance(0.4):
            changes.append(('cuts="2.5 3.5"', f'performance-cuts="{self.pick("2.5 3.5", "3 4")}" potential-cuts="2 3.4"'))
        self.edit('nine-box.xml', *changes)
        changes = []
        if self.chance(0.4):
            changes.append(('<pool id="pool" classes="now within-1-year"',
                            f'<pool id="pool" classes="{self.pick("now", "now within-1-year 1-2-years", "later undated")}" '
                            f'targets="{self.pick("P2 M1", "P2 QA P3", "P4")}"'))
        if self.chance(0.5):
            changes.append(('top="5" near-misses="3" gates="1" rank-by="star.composite"',
                            f'top="{self.pick(1, 2, 9)}" near-misses="{self.pick(0, 1, 9)}" gates="{self.pick(0, 2, 4)}" '
                            f'rank-by="{self.pick("credits.rolling", "star.composite", "star")}"'))
        self.edit('pool.xml', *changes)

    def all(self):
        for corner in (self.hires, self.outside, self.careers, self.roles, self.discipline, self.measures, self.past,
                       self.vacancies, self.star_rules, self.ladder_rules, self.other_rules):
            corner()
        for table in self.tables.values():
            table.save()


if __name__ == '__main__':
    Corners(sys.argv[1], int(sys.argv[2])).all()
