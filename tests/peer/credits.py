"""credits.py - passes, windows, held courses and the ledger of credits (definitions of passes and credits)."""
import collections
import re
from fractions import Fraction as F

from common import half_away, month_shift, months_of, quotient
from rulefile import rule, yes


class Rules:
    def __init__(self, folder):
        credits = rule(folder, 'credits')
        self.window = months_of(credits.get('window'))
        self.count, self.repeat = credits.get('count'), credits.get('repeat')
        self.step = F(credits.get('round'))
        self.minimum = F(credits.get('minimum'))
        self.exempt = credits.get('exempt', 'none') == 'earn'
        if credits.findall('extra'):
            raise NotImplementedError('extra credits')
        self.bands = [(band.get('when'), F(band.get('factor'))) for band in credits.findall('band')]
        self.categories = []
        for category in credits.findall('category'):
            title = re.fullmatch(r'course\.category = "(.*)"', category.get('match')).group(1)
            cap = category.get('cap')
            self.categories.append((category.get('id'), title, F(category.get('minimum')), F(cap) if cap else None))


def passed(course, row):
    """The result says so; where it is blank, the score reaches the pass score."""
    if row['result'] is not None:
        return row['result'] == 'passed'
    return row['score'] is not None and course['pass_score'] is not None and row['score'] >= course['pass_score']


def sat(course, row):
    """Whether the test that was sat was passed; None if none was, or nobody can tell."""
    if row['result'] is not None:
        return {'passed': True, 'failed': False}.get(row['result'])
    if row['score'] is None or course['pass_score'] is None:
        return None
    return row['score'] >= course['pass_score']


def when_of(row):
    return row['completed_on'] or row['enrolled_on']


def attempts_of(world):
    """{(person, course): attempts in order}; the tests before and after a course are no attempts at it."""
    if 'attempts' not in world.kept:
        found = collections.defaultdict(list)
        for row in world.feeds.rows('completion'):
            if row['phase'] in (None, 'end'):
                found[row['employee_id'], row['course_id']].append(row)
        for rows in found.values():
            rows.sort(key=lambda row: (when_of(row), row['attempt'] or 0, row.source, row.line))
        world.kept['attempts'] = found
    return world.kept['attempts']


def held(world, course_id, person, exempt=False):
    """Held until the newest pass expires: its day plus valid_months is the first day it is not. An exemption is for ever."""
    course, attempts = world.courses[course_id], attempts_of(world).get((person, course_id), ())
    if exempt and any(row['result'] == 'exempt' for row in attempts):
        return True
    days = [when_of(row) for row in attempts if passed(course, row)]
    if not days:
        return False
    return course['valid_months'] is None or world.as_of < month_shift(max(days), int(course['valid_months']))


def counts(rules, course, row):
    """Whether a row earns: a pass, or an exemption if the rule says that it earns."""
    return passed(course, row) or (rules.exempt and row['result'] == 'exempt')


def factor_of(world, rules, person, score):
    return next((factor for when, factor in rules.bands if world.evaluate(when, person, score=score) is True), F(1))


def ledger(world, rules, person, course_id):
    """Bookings (day, amount) of one course and the last window's sum if it is still held at the as-of date."""
    course = world.courses[course_id]
    months = None if course['valid_months'] is None else int(course['valid_months'])
    bookings, end, booked, amounts = [], None, F(0), []
    opened, window_sum, newest = False, F(0), None
    for row in attempts_of(world)[person, course_id]:
        if not counts(rules, course, row):
            continue
        when = newest = when_of(row)
        if not opened or (end is not None and when >= end and rules.repeat == 're-earn'):
            opened, booked, amounts, window_sum = True, F(0), [], F(0)
            end = month_shift(when, months) if months is not None else None
        elif end is not None and when >= end:
            continue
        amount = row['credits'] if row['credits'] is not None else course['credits']
        amounts.append(half_away(amount * factor_of(world, rules, person, row['score']), rules.step))
        chosen = {'first': amounts[0], 'best': max(amounts), 'latest': amounts[-1]}[rules.count]
        bookings.append((when, chosen - booked))
        window_sum += chosen - booked
        booked = chosen
    valid = newest is not None and (months is None or world.as_of < month_shift(newest, months))
    return bookings, window_sum if valid else F(0), valid


def evaluate(world):
    rules = Rules(world.folder)
    titles = {title: identifier for identifier, title, _, _ in rules.categories}
    caps = {identifier: cap for identifier, _, _, cap in rules.categories}
    start = month_shift(world.as_of, -rules.window)
    courses = collections.defaultdict(list)
    for person, course_id in attempts_of(world):
        courses[person].append(course_id)
    for person in world.roster:
        holding = 0
        sums = {name: collections.Counter() for name in ('period', 'rolling', 'lifetime', 'valid')}
        for course_id in courses[person]:
            category = titles.get(world.courses[course_id]['category'], '')
            bookings, valid, is_held = ledger(world, rules, person, course_id)
            for when, amount in bookings:
                sums['lifetime'][category] += amount
                if when > start:
                    sums['rolling'][category] += amount
                if when >= world.first:
                    sums['period'][category] += amount
            sums['valid'][category] += valid
            holding += is_held
        values = world.values[person]
        for name, by_category in sums.items():
            values['credits.' + name] = sum(
                (min(v, caps[c]) if caps.get(c) is not None else v for c, v in by_category.items()), F(0))
        for identifier, _, minimum, cap in rules.categories:
            earned = F(sums['rolling'][identifier])
            earned = min(earned, cap) if cap is not None else earned
            values[f'credits.{identifier}.earned'] = earned
            values[f'credits.{identifier}.shortfall'] = max(F(0), minimum - earned)
            values[f'credits.{identifier}.minimum'] = minimum
            if cap is not None:
                values[f'credits.{identifier}.cap'] = cap
        values['credits.uncategorised.earned'] = F(sums['rolling'][''])
        values['credits.minimum'] = rules.minimum
        # What fills the categories counts for the total as well: the larger one of the two is missing.
        values['credits.shortfall'] = max(rules.minimum - values['credits.rolling'], F(0), sum(
            (values[f'credits.{identifier}.shortfall'] for identifier, _, _, _ in rules.categories), F(0)))
        attempts = {course_id: attempts_of(world)[person, course_id] for course_id in courses[person]}
        passes = {course_id: [row for row in rows if counts(rules, world.courses[course_id], row)]
                  for course_id, rows in attempts.items()}
        values['credits.passes'] = F(sum(len(rows) for rows in passes.values()))
        values['credits.courses.passed'] = F(sum(bool(rows) for rows in passes.values()))
        values['credits.courses.failed'] = F(sum(not passes[course_id] and any(
            sat(world.courses[course_id], row) is False for row in rows) for course_id, rows in attempts.items()))
        values['credits.courses.held'] = F(holding)
        best = [max(scores) for scores in (
            [row['score'] for row in rows if row['score'] is not None and when_of(row) > start and
             row['result'] in (None, 'passed', 'failed')] for rows in attempts.values()) if scores]
        values['credits.score'] = half_away(quotient(sum(best), len(best)), F(1, 100)) if best else None
