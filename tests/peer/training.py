"""training.py - courses due and held, tests and hours of the period; certificates that lapse (definitions of training)."""
import collections
import datetime
from fractions import Fraction as F

from credits import attempts_of, held, passed, when_of
from idp import names_in
from rulefile import rule, yes

COLUMNS = ('due', 'done', 'open', 'sat', 'passed', 'hours')


def due_of(world, person, planned, parents):
    """{course: cause}: required for level or position; else planned for the unit or one above within the period."""
    row = world.roster[person]
    due = {name: 'required' for name, course in world.courses.items()
           if {row['level'], row['position']} & set(names_in(course['required_for']))}
    unit, seen = row['org_unit'], set()
    while unit is not None and unit not in seen:
        seen.add(unit)
        for name in planned[unit]:
            due.setdefault(name, 'planned')
        unit = parents.get(unit)
    return due


def state_of(world, person, name):
    attempts = attempts_of(world).get((person, name), ())
    if any(passed(world.courses[name], row) for row in attempts):
        return 'expired'
    return 'failed' if any(failed(world, row) for row in attempts) else 'never'


def failed(world, row):
    course = world.courses[row['course_id']]
    if row['result'] is not None:
        return row['result'] == 'failed'
    return row['score'] is not None and course['pass_score'] is not None and row['score'] < course['pass_score']


def evaluate(world):
    training(world)
    expiry(world)


def training(world):
    element = rule(world.folder, 'training')
    if element is None:
        return
    name, plan = element.get('id'), rule(world.folder, 'idp')
    exempt = plan is not None and yes(plan, 'exempt')
    planned = collections.defaultdict(set)
    if yes(element, 'plan', True):
        for row in world.feeds.rows('training_plan'):
            on = row['planned_on']
            if row['org_unit'] is not None and on is not None and world.first <= on <= world.as_of \
                    and row['course_id'] in world.courses:
                planned[row['org_unit']].add(row['course_id'])
    parents = {row['org_id']: row['parent_id'] for row in world.feeds.rows('org_unit')}
    sums = collections.defaultdict(lambda: [F(0), F(0), F(0)])
    for (person, course), attempts in attempts_of(world).items():
        for row in attempts:
            good, bad = passed(world.courses[course], row), failed(world, row)
            if (good or bad) and world.first <= when_of(row) <= world.as_of:
                hours = row['hours'] if row['hours'] is not None else world.courses[course]['hours']
                for k, more in enumerate((F(1), F(good), hours or F(0))):
                    sums[person][k] += more
    rows = []
    for person in world.roster:
        values = world.values[person]
        if person not in world.people:
            values.update({f'{name}.{column}': world.not_here(person) for column in COLUMNS})
            continue
        due = due_of(world, person, planned, parents)
        left = [course for course in sorted(due) if not held(world, course, person, exempt)]
        figures = [F(len(due)), F(len(due) - len(left)), F(len(left))] + sums[person]
        values.update({f'{name}.{column}': value for column, value in zip(COLUMNS, figures)})
        rows += [{'employee': person, 'course': course, 'cause': due[course], 'state': state_of(world, person, course),
                  'hours': world.courses[course]['hours']} for course in left]
    world.tables['training-due'] = rows


def expiry(world):
    element = rule(world.folder, 'expiry')
    if element is None:
        return
    name, days = element.get('id'), datetime.timedelta(int(element.get('days', '90')))
    mine, rows = collections.defaultdict(list), []
    for row in world.feeds.rows('certificate'):
        if row['issued_on'] <= world.as_of:
            mine[row['employee_id']].append(row)
    for person in world.people:
        found = [(row['expires_on'], row['title'], None, row['issuer'], row['issued_on']) for row in mine[person]
                 if row['expires_on'] is not None and world.as_of <= row['expires_on'] <= world.as_of + days
                 and not any(other is not row and other['title'] == row['title']
                             and (other['expires_on'] is None or other['expires_on'] > row['expires_on'])
                             for other in mine[person])]
        found.sort(key=lambda lapse: lapse[:2])
        for person_course in (attempts_of(world) if yes(element, 'courses') else ()):
            raise NotImplementedError(f'validity of courses: {person_course}')
        world.values[person][f'{name}.count'] = F(len(found))
        world.values[person][f'{name}.next'] = found[0][0] if found else None
        rows += [{'employee': person, 'kind': 'certificate', 'title': title, 'course': course, 'issuer': issuer,
                  'from': issued, 'expires': last, 'days': F((last - world.as_of).days)}
                 for last, title, course, issuer, issued in found]
    world.tables[name] = rows
