#!/usr/bin/env python3
"""model.py - an independent model of credits and stars over time, written from the definitions, not from the program.

model.py WORKSPACE PERIOD...   prints one JSON object a person of the last period: credits and star as the definitions
say. The periods before it count as published, in their order; what lies before them is asked of the grade history.

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


def period_number(name):
    return int(name[:4]) * 4 + int(name[5]) - 1


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
        self.read_decisions(sample)
        self.read_history(sample)
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

    def read_decisions(self, sample):
        """The newest decision in force of each person; a later file restates person, field and day."""
        rows = {}
        for path in (p for p in sorted(glob.glob(sample + '决定_*.csv')) if self.visible(p)):
            for _, row in read_table(path):
                decided = date_of(row['决定日期'])
                if row['工号'] in self.people and decided is not None and decided <= self.as_of:
                    rows[row['工号'], row['项目'], decided] = row
        self.decisions = {}
        for (person, field, decided), row in sorted(rows.items(), key=lambda item: item[0][2]):
            expires = date_of(row['失效日期'])
            if field == '星级' and (expires is None or expires >= self.as_of):
                self.decisions[person] = int(row['决定'])

    def read_history(self, sample):
        """Stars of periods before this program, by person and number of the period."""
        self.history = {}
        for path in glob.glob(sample + '历史评级.csv'):
            for _, row in read_table(path):
                if row['项目'] == '星级' and period_bounds(row['期间'])[1] <= self.as_of:
                    self.history[row['工号'], period_number(row['期间'])] = int(row['取值'])

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


def share(text):
    return F(text[:-1]) / 100 if text.endswith('%') else F(text)


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
        self.hold = {int(band.get('star')): int(band.get('hold', '1')) for band in star.findall(NS + 'band')}
        self.fall = int(star.get('fall', '1'))
        self.up, self.down = int(star.get('up', '0')), int(star.get('down', '0'))
        absent = re.fullmatch(r'status = "(.*)"', star.get('absent', ''))
        self.absent = absent.group(1) if absent else None
        self.quotas = {int(quota.get('star')): (share(quota.get('share')), quota.get('advisory', 'no') != 'yes')
                       for quota in star.findall(NS + 'quota')}
        self.ties = [(re.fullmatch(r'performance\("(.*)"\)', tie.get('value')).group(1), tie.get('order') == 'ascending')
                     for tie in star.findall(NS + 'tie')]
        self.quota_minimum = int(star.get('quota-minimum', '1'))
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
    if rules.absent is not None and row.get('状态') == rules.absent:
        return None, None
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


class Past:
    """What was published, and the grade history where nothing was: effective star and r of each period."""
    MOST = 64

    def __init__(self):
        self.published = {}

    def look(self, workspace, person, number):
        if number in self.published:
            return self.published[number].get(person, (None, None))
        star = workspace.history.get((person, number))
        return star, star

    def previous(self, workspace, person, number):
        for back in range(1, self.MOST + 1):
            star, _ = self.look(workspace, person, number - back)
            if star is not None:
                return star
        return None


def held_star(workspace, rules, past, person, number, r):
    """Hold, then the movement limit."""
    previous = past.previous(workspace, person, number)
    if previous is None:
        return r
    run = lambda periods: [r] + [past.look(workspace, person, number - back)[1] for back in range(1, periods)]
    ladder = sorted(star for star, _, _ in rules.stars)
    held = previous
    rises = [star for star in ladder if star > previous
             and all(x is not None and x >= star for x in run(rules.hold[star]))]
    if rises:
        held = max(rises)
    elif r < previous and all(x is not None and x < previous for x in run(rules.fall)):
        held = max(run(rules.fall))
    step, at = ladder.index(held), ladder.index(previous)
    if rules.up:
        step = min(step, at + rules.up)
    if rules.down:
        step = max(step, at - rules.down)
    return ladder[step]


def seats_of(people, quotas):
    """Largest remainder; what is left over by the shares takes part as the lowest."""
    shares = [(star, part) for star, (part, _) in sorted(quotas.items(), reverse=True)]
    shares.append((None, 1 - sum(part for _, part in shares)))
    seats = {star: int(people * part) for star, part in shares}
    order = sorted(range(len(shares)), key=lambda i: (-(people * shares[i][1] - seats[shares[i][0]]), i))
    for i in order[:people - sum(seats.values())]:
        seats[shares[i][0]] += 1
    return seats


def seat(workspace, rules, results):
    """Binding quotas: seats are caps, filled from the top; those left out compete one star lower."""
    units = collections.defaultdict(list)
    for person, result in results.items():
        result['computed'] = result['held']
        if result['held'] is not None:
            units[workspace.people[person]['部门编号']].append(person)

    def merit(person):
        keys = []
        for kind, ascending in rules.ties:
            value = workspace.measures.get((person, kind))
            keys.append((value is None, 0 if value is None else value if ascending else -value))
        return -results[person]['composite'], keys

    for people in units.values():
        if len(people) < rules.quota_minimum:
            continue
        seats = seats_of(len(people), rules.quotas)
        ladder = sorted((star for star, _, _ in rules.stars), reverse=True)
        for star, lower in zip(ladder, ladder[1:]):
            if not rules.quotas.get(star, (0, False))[1]:
                continue
            rivals = sorted((p for p in people if results[p]['computed'] == star), key=merit)
            cut = seats[star]
            while 0 < cut < len(rivals) and merit(rivals[cut]) == merit(rivals[cut - 1]):
                cut += 1
            for person in rivals[cut:]:
                results[person]['computed'] = lower


def grade_period(folder, period, past):
    workspace, rules, results = Workspace(folder, period), Rules(folder), {}
    number = period_number(period)
    for person, row in workspace.people.items():
        hired, left = date_of(row['入职日期']), date_of(row.get('离职日期', ''))
        if hired > workspace.as_of or (left is not None and left < workspace.as_of):
            continue
        credits = person_credits(workspace, rules, person)
        composite, r = person_star(workspace, rules, person, credits)
        held = None if r is None else held_star(workspace, rules, past, person, number, r)
        results[person] = {'credits': credits, 'composite': composite, 'reached': r, 'held': held,
                           'previous': past.previous(workspace, person, number)}
    seat(workspace, rules, results)
    for person, result in results.items():
        result['star'] = workspace.decisions.get(person, result['computed'])
    past.published[number] = {person: (result['star'], result['reached']) for person, result in results.items()}
    return results


def grade(folder, periods):
    """Yields each period with its people's results."""
    past = Past()
    for period in periods:
        people = []
        for person, result in sorted(grade_period(folder, period, past).items()):
            credits, composite = result.pop('credits'), decimal_text(result.pop('composite'))
            people.append({'id': person, 'composite': composite, **result,
                           **{name: decimal_text(value) for name, value in credits.items()}})
        yield period, people


if __name__ == '__main__':
    for _, people in grade(sys.argv[1], sys.argv[2:]):
        pass
    for person in people:
        print(json.dumps(person, ensure_ascii=False))
