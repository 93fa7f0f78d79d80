#!/usr/bin/env python3
"""model.py - an independent model of credits, fail rates and stars, written from the definitions, not from the program.

model.py WORKSPACE PERIOD   prints one JSON object a person: credits and star as the definitions say.

Standard library only. It reads the same exports and the same rule files; exact arithmetic by fractions and decimals.
Definitions: DESIGN.md, "Definitions of credits and stars".
"""
import calendar
import collections
import csv
import datetime
import decimal
import glob
import io
import json
import os
import re
import sys
import xml.etree.ElementTree as ET
from fractions import Fraction as F

D = decimal.Decimal
NS = '{urn:pandian:rules:1}'


def month_shift(day, months):
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_bounds(name):
    year, quarter = int(name[:4]), int(name[5])
    first = datetime.date(year, quarter * 3 - 2, 1)
    return first, month_shift(first, 3) - datetime.timedelta(days=1)


def half_away(value, step):
    """Rounds a fraction to a multiple of step, half away from zero."""
    scaled = abs(value) / step
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= F(1, 2):
        whole += 1
    return (whole if value >= 0 else -whole) * step


def read_table(path):
    data = open(path, 'rb').read()
    for encoding in ('utf-8-sig', 'gb18030'):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    rows = list(csv.reader(io.StringIO(text, newline='')))
    head = next(i for i, row in enumerate(rows) if sum(1 for cell in row if cell) > 1)
    return [(head + 2 + i, dict(zip(rows[head], row))) for i, row in enumerate(rows[head + 1:])]


def date_of(text):
    match = re.fullmatch(r'(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})', text.strip())
    try:
        return datetime.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def number(text):
    text = text.strip().rstrip('%')
    return F(text) if text else None


class Workspace:
    def __init__(self, folder, period):
        self.folder = folder
        self.first, self.as_of = period_bounds(period)
        sample = os.path.join(folder, 'inputs/sample/')
        self.courses = {row['课程编号']: row for _, row in read_table(sample + '课程目录.csv')}
        rosters = [p for p in sorted(glob.glob(sample + '花名册_*.csv')) if self.visible(p)]
        self.people = {row['工号']: row for _, row in read_table(rosters[-1])}
        self.completions = collections.defaultdict(list)
        seen = set()
        for order, path in enumerate(p for p in sorted(glob.glob(sample + 'lms_*.csv')) if self.visible(p)):
            for line, row in read_table(path):
                self.add_completion(order, line, row, seen)
        self.measures = {}
        for path in (p for p in sorted(glob.glob(sample + '绩效_*.csv')) if self.visible(p)):
            for _, row in read_table(path):
                last = period_bounds(row['季度'])[1]
                for column, kind in (('质检得分', 'qa'), ('业务考试', 'exam'), ('出勤率', 'attendance')):
                    value = number(row.get(column, ''))
                    if value is not None and self.first <= last <= self.as_of:
                        self.measures[row['工号'], kind] = value

    def visible(self, path):
        return period_bounds(re.search(r'\d{4}Q\d', path).group())[1] <= self.as_of

    def add_completion(self, order, line, row, seen):
        """One attempt; rows ingest must refuse are refused here as well."""
        if row['课程编号'] not in self.courses or row['工号'] not in self.people:
            return
        done, score = date_of(row['完成日期']), number(row['成绩'])
        if (row['完成日期'] and done is None) or (score is not None and not 0 <= score <= 100):
            return
        when = done or date_of(row.get('报名日期', ''))
        if when is None or when > self.as_of:
            return
        key = (row['工号'], row['课程编号'], row['次数'], row['完成日期'])
        if key in seen:
            return
        seen.add(key)
        course = self.courses[row['课程编号']]
        result = {'合格': True, '不合格': False, '缺考': None, '免修': None, '学习中': None}.get(row['是否合格'], 'blank')
        sat = result in (True, False)
        if result == 'blank':
            sat = score is not None
            result = sat and course['合格线'] and score >= number(course['合格线'])
        self.completions[row['工号'], row['课程编号']].append(
            (when, int(row['次数'] or 0), order, line, bool(result), score, sat))


class Rules:
    def __init__(self, folder):
        credits = ET.parse(os.path.join(folder, 'rules/credits.xml')).getroot().find(NS + 'credits')
        self.window = int(re.search(r'\d+', credits.get('window')).group())
        self.count, self.repeat = credits.get('count'), credits.get('repeat')
        self.step = F(credits.get('round'))
        self.minimum = F(credits.get('minimum'))
        self.bands = [(F(re.fullmatch(r'score >= (\d+)', band.get('when')).group(1)), F(band.get('factor')))
                      for band in credits.findall(NS + 'band')]
        self.categories = []
        for category in credits.findall(NS + 'category'):
            title = re.fullmatch(r'course\.category = "(.*)"', category.get('match')).group(1)
            cap = category.get('cap')
            self.categories.append((category.get('id'), title, F(category.get('minimum')), F(cap) if cap else None))
        star = ET.parse(os.path.join(folder, 'rules/star.xml')).getroot().find(NS + 'star')
        self.items = [(item.get('id'), item.get('value'), F(item.get('zero')), F(item.get('full')), F(item.get('weight')))
                      for item in star.findall(NS + 'item')]
        self.stars = sorted(((int(band.get('star')), F(band.get('from')),
                              [(floor.get('item'), F(floor.get('from'))) for floor in band.findall(NS + 'floor')])
                             for band in star.findall(NS + 'band')), reverse=True)
        self.tenure = int(re.search(r'\d+', star.get('minimum-tenure')).group())
        self.present = F(star.get('minimum-present'))


def ledger(workspace, rules, course_id, attempts):
    """Bookings (day, amount) of one course and the last window's sum if it is still held at the as-of date."""
    course = workspace.courses[course_id]
    months = int(course['有效期（月）']) if course.get('有效期（月）') else None
    bookings, end, booked, amounts = [], None, F(0), []
    opened = False
    window_sum, held = F(0), False
    for when, _, _, _, passed, score, _ in sorted(attempts, key=lambda a: a[:4]):
        if not passed:
            continue
        if not opened or (end is not None and when >= end and rules.repeat == 're-earn'):
            opened, booked, amounts, window_sum = True, F(0), [], F(0)
            end = month_shift(when, months) if months is not None else None
        elif end is not None and when >= end:
            held = workspace.as_of < month_shift(when, months)
            continue
        factor = next((f for least, f in rules.bands if score is not None and score >= least), F(1))
        amounts.append(half_away(F(course['学分']) * factor, rules.step))
        chosen = {'first': amounts[0], 'best': max(amounts), 'latest': amounts[-1]}[rules.count]
        bookings.append((when, chosen - booked))
        window_sum += chosen - booked
        booked = chosen
        held = months is None or workspace.as_of < month_shift(when, months)
    return bookings, window_sum if opened and held else F(0)


def person_credits(workspace, rules, person):
    start = month_shift(workspace.as_of, -rules.window)
    sums = {name: collections.Counter() for name in ('period', 'rolling', 'lifetime', 'valid')}
    titles = {title: identifier for identifier, title, _, _ in rules.categories}
    for course_id in workspace.courses:
        attempts = workspace.completions.get((person, course_id))
        if not attempts:
            continue
        category = titles.get(workspace.courses[course_id]['学分类别'], '')
        bookings, valid = ledger(workspace, rules, course_id, attempts)
        for when, amount in bookings:
            sums['lifetime'][category] += amount
            if when > start:
                sums['rolling'][category] += amount
            if when >= workspace.first:
                sums['period'][category] += amount
        sums['valid'][category] += valid
    result = {}
    caps = {identifier: cap for identifier, _, _, cap in rules.categories}
    for name, by_category in sums.items():
        result[name] = sum((min(v, caps[c]) if caps.get(c) is not None else v for c, v in by_category.items()), F(0))
    for identifier, _, minimum, cap in rules.categories:
        earned = sums['rolling'][identifier]
        earned = min(earned, cap) if cap is not None else earned
        result[identifier] = F(earned)
        result[identifier + '.shortfall'] = max(F(0), minimum - earned)
    return result


def person_star(workspace, rules, person, credits):
    row = workspace.people[person]
    if month_shift(date_of(row['入职日期']), rules.tenure) > workspace.as_of:
        return None, None
    total, weights, raw = F(0), F(0), {}
    for identifier, value, zero, full, weight in rules.items:
        kind = re.fullmatch(r'performance\("(.*)"\)', value)
        x = workspace.measures.get((person, kind.group(1))) if kind else credits['rolling']
        raw[identifier] = x
        if x is not None:
            total += weight * 100 * max(F(0), min(F(1), (x - zero) / (full - zero)))
            weights += weight
    if weights < rules.present:
        return None, None
    composite = half_away(total / weights, F(1, 100))
    for star, least, floors in rules.stars:
        if composite >= least and all(raw[item] is not None and raw[item] >= bound for item, bound in floors):
            return composite, star
    return composite, None


def decimal_text(value):
    return None if value is None else str((D(value.numerator) / D(value.denominator)).normalize().__format__('f'))


def grade(folder, period):
    workspace, rules = Workspace(folder, period), Rules(folder)
    for person, row in sorted(workspace.people.items()):
        hired, left = date_of(row['入职日期']), date_of(row.get('离职日期', ''))
        if hired > workspace.as_of or (left is not None and left < workspace.as_of):
            continue
        credits = person_credits(workspace, rules, person)
        composite, star = person_star(workspace, rules, person, credits)
        yield {'id': person, 'composite': decimal_text(composite), 'star': star,
               **{name: decimal_text(value) for name, value in credits.items()}}


if __name__ == '__main__':
    for person in grade(sys.argv[1], sys.argv[2]):
        print(json.dumps(person, ensure_ascii=False))
