"""career.py - what expressions ask about a person's way so far: level, position, roles, honours, discipline, ratings, stars.

A feed that nobody gave makes what is asked of it unknown (None), never 0; a feed that was given and says nothing of a
person makes it 0.
"""
from fractions import Fraction as F

from common import ONE_DAY, month_shift

KINDS = [None, 'hire', 'promotion', 'transfer', 'demotion', 'acting', 'rotation', 'return']


def months_since(day, until):
    """Whole months: the most that, clamped to the month's end, do not go beyond `until`."""
    if day is None or day > until:
        return None if day is None else F(0)
    months = (until.year - day.year) * 12 + until.month - day.month + 1
    while month_shift(day, months) > until:
        months -= 1
    return F(months)


def since(world, person, field):
    """
    The day from which the roster's level or position has been held without a break, by position_history. Acting in
    another one is no break. Changes of one day come in the order of their kinds.
    """
    wanted = world.roster[person][field]
    if wanted is None:
        return None
    rows = [row for row in world.feeds.by_person('position_history')[person]
            if row[field] is not None and row['change_kind'] != 'acting']
    found = None
    for row in sorted(rows, key=lambda row: (row['from_date'], KINDS.index(row['change_kind'])), reverse=True):
        if row[field] != wanted:
            break
        found = row['from_date']
    return found


def roles(world, person, role):
    return [row for row in world.feeds.by_person('role')[person] if row['role'] == role]


def role_months(world, person, role):
    """Whole months of each spell, the last day included; spells that overlap or follow at once are one."""
    if not world.feeds.given('role'):
        return None
    spells = []
    for row in sorted(roles(world, person, role), key=lambda row: row['from_date']):
        end = min(row['to_date'] or world.as_of, world.as_of) + ONE_DAY
        if spells and row['from_date'] <= spells[-1][1]:
            spells[-1][1] = max(spells[-1][1], end)
        else:
            spells.append([row['from_date'], end])
    return sum((months_since(start, end) for start, end in spells), F(0))


def role_count(world, person, role):
    return F(len(roles(world, person, role))) if world.feeds.given('role') else None


def honours(world, person, months):
    if not world.feeds.given('honour'):
        return None
    start = month_shift(world.as_of, -int(months))
    return F(sum(row['awarded_on'] > start for row in world.feeds.by_person('honour')[person]))


def performance_count(world, person, kind, months):
    if not world.feeds.given('performance'):
        return None
    start = month_shift(world.as_of, -int(months))
    return F(sum(row['kind'] == kind and row['period'] > start
                 for row in world.feeds.by_person('performance')[person]))


def measures(world, person):
    """Disciplinary measures open at the as-of date; without a last day they stay open."""
    return [row for row in world.feeds.by_person('discipline')[person]
            if row['to_date'] is None or row['to_date'] >= world.as_of]


def open_discipline(world, person):
    return bool(measures(world, person)) if world.feeds.given('discipline') else None


def discipline_until(world, person):
    """The last day of the open measures, if all have one."""
    days = [row['to_date'] for row in measures(world, person)]
    return max(days) if days and None not in days else None


def register(world):
    names, functions = world.names, world.functions
    for field in ('level', 'position'):
        names[field + ' since'] = lambda person, field=field: since(world, person, field)
        names['months in ' + field] = lambda person, field=field: months_since(since(world, person, field), world.as_of)
    names['open discipline'] = lambda person: open_discipline(world, person)
    names['discipline until'] = lambda person: discipline_until(world, person)
    for name, function in (('role months', role_months), ('role count', role_count), ('honours', honours),
                           ('performance count', performance_count)):
        functions[name] = lambda person, *arguments, function=function: function(world, person, *arguments)


def evaluate(world):
    register(world)
