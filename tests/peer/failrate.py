"""failrate.py - fail rates of courses over first attempts, with their Wilson interval."""
import collections
import decimal
from fractions import Fraction as F

from common import ONE_DAY, half_away, month_shift, months_of, share
from credits import attempts_of, passed, sat, when_of
from rulefile import rule

Z = decimal.Decimal('1.959963984540054')
EXACT = decimal.Context(prec=60)
TENTH = F(1, 10)


def first_attempts(course, rows):
    """
    The first test sat of each window: a window ends `valid_months` after the pass that opened it. A test that nobody can
    decide (a score, but no pass mark) was sat as well; it is the first one, and not counted.
    """
    found, waiting, end = [], True, None
    for row in rows:
        outcome = sat(course, row)
        if outcome is None and (row['result'] is not None or row['score'] is None):
            continue
        if end is not None and when_of(row) >= end:
            waiting, end = True, None
        if waiting and outcome is not None:
            found.append((when_of(row), not outcome))
        waiting = False
        if outcome and end is None and course['valid_months'] is not None:
            end = month_shift(when_of(row), int(course['valid_months']))
    return found


def wilson(failed, n):
    """Ends of the 95 % interval in percent, to a tenth."""
    c, n = EXACT, decimal.Decimal(n)
    p = c.divide(failed, n)
    z2 = c.multiply(Z, Z)
    middle = c.add(p, c.divide(z2, 2 * n))
    inner = c.add(c.divide(c.multiply(p, 1 - p), n), c.divide(z2, 4 * n * n))
    half = c.multiply(Z, c.sqrt(inner))
    below = c.add(1, c.divide(z2, n))
    ends = (c.divide(c.subtract(middle, half), below), c.divide(c.add(middle, half), below))
    return [half_away(F(100 * max(decimal.Decimal(0), min(decimal.Decimal(1), end))), TENTH) for end in ends]


def evaluate(world):
    element = rule(world.folder, 'fail-rate')
    if element is None:
        return
    months = months_of(element.get('window'))
    start = world.first if months is None else month_shift(world.as_of, -months) + ONE_DAY
    least, threshold = int(element.get('minimum', '5')), element.get('threshold')
    counts = collections.defaultdict(lambda: [0, 0, 0])
    for (person, course_id), rows in attempts_of(world).items():
        course, count = world.courses[course_id], counts[course_id]
        count[0] += sum(when_of(row) >= start for row in rows)
        for when, failed in first_attempts(course, rows):
            if when >= start:
                count[1] += 1
                count[2] += failed
    world.tables['course'] = []
    for course_id in sorted(world.courses):
        enrolments, n, failed = counts[course_id]
        line = {'course': course_id, 'enrolments': F(enrolments), 'first attempts': F(n), 'failed': F(failed)}
        if n < least:
            line.update({'rate': None, 'low': None, 'high': None})
        else:
            low, high = wilson(failed, n)
            line.update({'rate': half_away(F(100 * failed, n), TENTH), 'low': low, 'high': high,
                         'offline class needed': threshold is not None and F(failed, n) >= share(threshold)})
        world.tables['course'].append(line)
