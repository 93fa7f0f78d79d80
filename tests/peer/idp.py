"""idp.py - development plans: courses that close gaps, required courses, activities, last quarter's plan; the learning map.

Registers held(course), required courses(for) and required courses total(for).
"""
import datetime
import re
from fractions import Fraction as F

import decisions
from common import Why, date_of, month_shift, months_of
from credits import held
from rulefile import rule, yes


class Rules:
    def __init__(self, element):
        self.id = element.get('id')
        self.due = months_of(element.get('due', 'P3M'))
        self.pace = F(element.get('hours-per-week', '2'))
        self.unknown = F(element.get('unknown-hours', '8'))
        self.exempt, self.done = yes(element, 'exempt'), element.get('done', 'done')
        self.activities = [(part.get('id'), part.get('kind'), part.get('when'),
                            {part.get('id')} | {title.text for title in part.findall('title')})
                           for part in element.findall('activity')]


def names_in(text):
    return [name for name in re.split(r'[\s,;/|、，；]+', text or '') if name]


def reached(edges, start):
    """Everything that edges lead to from here; itself only if a way leads back."""
    found, todo = set(), [start]
    while todo:
        for name in edges[todo.pop()]:
            if name not in found:
                found.add(name)
                todo.append(name)
    return found


class Catalogue:
    """What stands in the course feed, as the plan sees it."""
    def __init__(self, world, rules):
        self.courses, self.unknown = world.courses, rules.unknown
        written = {name: sorted({other for other in names_in(row['prerequisites']) if other in self.courses})
                   for name, row in self.courses.items()}
        behind = {name: reached(written, name) for name in written}
        # What waits for itself in a circle can never begin: within circles prerequisites do not count.
        self.first = {name: [other for other in others if name not in behind[other]] for name, others in written.items()}
        self.steps = {}
        for name, row in sorted(self.courses.items()):
            if row['competency'] is not None and row['to_level'] is not None:
                start = row['from_level'] if row['from_level'] is not None else row['to_level'] - 1
                self.steps.setdefault(row['competency'], []).append((name, start, row['to_level']))
        self.required = {name: set(names_in(row['required_for'])) for name, row in self.courses.items()}

    def hours(self, name):
        hours = self.courses[name]['hours']
        return self.unknown if hours is None else hours

    def with_first(self, name, free):
        """A course with all it needs that is not free, what comes first before it."""
        if name in free:
            return []
        order = []
        for other in self.first[name]:
            order += [course for course in self.with_first(other, free) if course not in order]
        return order + [name]

    def chains(self, competency, level, required):
        """All chains of courses from a level to one that reaches what is required: [(course, from, to)]."""
        if level >= required:
            yield []
            return
        for name, start, end in self.steps.get(competency, ()):
            if start <= level < end:
                for rest in self.chains(competency, end, required):
                    yield [(name, level, end)] + rest

    def cheapest(self, competency, level, required, held, chosen):
        """
        (chain, courses to take in order) of the least (courses of unknown hours, hours, courses, ids). Of chains that want
        the same courses the one with the fewest steps, then by the ids of its steps. Held courses that lead there go
        before any other.
        """
        free, best = held | chosen, None
        for chain in self.chains(competency, level, required):
            order = []
            for name, _, _ in chain:
                order += [course for course in self.with_first(name, free) if course not in order]
            unknown = [name for name in order if self.courses[name]['hours'] is None]
            known = sum((self.courses[name]['hours'] for name in order if name not in unknown), F(0))
            steps = [name for name, _, _ in chain]
            cost = (not held.issuperset(steps), len(unknown), known, len(order), sorted(order), len(steps), steps)
            if best is None or cost < best[0]:
                best = (cost, chain, order)
        return None if best is None else best[1:]


class Plan:
    """One person's plan; rows as in the table idp."""
    def __init__(self, world, rules, catalogue, person):
        self.world, self.rules, self.catalogue, self.person = world, rules, catalogue, person
        self.held = {name for name in catalogue.courses if held(world, name, person, rules.exempt)}
        self.rows, self.chosen, self.hours = [], set(), F(0)
        self.last = sorted(world.feeds.by_person('idp')[person], key=lambda row: row['item'].encode())
        self.met = set()         # numbers of last quarter's items that are planned again
        self.deadline = month_shift(world.as_of, rules.due)

    def add(self, kind, matches, due, **row):
        """An item, beside the one of last quarter that `matches`."""
        row = {'employee': self.person, 'number': F(len(self.rows) + 1), 'kind': kind, 'competency': None, 'course': None,
               'activity': None, 'from level': None, 'to level': None, 'hours': None, 'priority': None, **row}
        found = next((i for i, last in enumerate(self.last) if i not in self.met and matches(last)), None)
        status = 'new'
        if found is not None:
            self.met.add(found)
            last = self.last[found]
            due = last['due_on'] or due
            done = last['status'] == self.rules.done and row['activity'] is not None
            status = 'done' if done else 'overdue' if last['due_on'] and last['due_on'] < self.world.as_of else 'continued'
        self.rows.append({**row, 'due date': due, 'status': status})

    def add_course(self, name, kind='course', **row):
        self.chosen.add(name)
        self.hours += self.catalogue.hours(name)
        days = self.hours * 7 / self.rules.pace
        due = self.world.as_of + datetime.timedelta(days=-(-days.numerator // days.denominator))
        self.add(kind, lambda last: last['course_id'] == name, due, course=name,
                 hours=self.catalogue.courses[name]['hours'], **row)

    def gaps(self, needs, levels):
        gaps = [(need.weight * (need.level - levels[need.competency]), need) for need in needs
                if levels.get(need.competency) is not None and levels[need.competency] < need.level]
        for priority, need in sorted(gaps, key=lambda gap: (-gap[0], gap[1].competency)):
            level = levels[need.competency]
            about = {'competency': need.competency, 'priority': priority}
            found = self.catalogue.cheapest(need.competency, F(level.numerator // level.denominator), need.level,
                                            self.held, self.chosen)
            if found is None or not found[1]:
                if found is not None and any(name not in self.held for name, _, _ in found[0]):
                    continue                # what was chosen for another gap closes this one as well
                self.add('no-course' if found is None else 're-assess', self.of_competency(need), self.deadline,
                         **{'from level': level, 'to level': need.level}, **about)
                continue
            steps = {name: {'from level': start, 'to level': end} for name, start, end in found[0]}
            for name in found[1]:
                self.add_course(name, **steps.get(name, {}), **about)

    @staticmethod
    def of_competency(need):
        return lambda last: last['course_id'] is None and last['competency_id'] == need.competency

    def assess_first(self, needs, levels):
        for need in sorted(needs, key=lambda need: need.competency):
            if levels.get(need.competency) is None and need.level > 0:
                self.add('assess-first', self.of_competency(need), self.deadline, competency=need.competency,
                         **{'to level': need.level})

    def required(self):
        """Required of the person's level or position and not held; returns how many there are."""
        row = self.world.roster[self.person]
        mine = {row['level'], row['position']} - {None}
        wanted = [name for name in sorted(self.catalogue.courses)
                  if self.catalogue.required[name] & mine and name not in self.held]
        for name in wanted:
            for course in self.catalogue.with_first(name, self.held | self.chosen):
                self.add_course(course, 'required' if course in wanted else 'course')
        return len(wanted)

    def activities(self):
        for identifier, kind, when, names in self.rules.activities:
            if self.world.evaluate(when, self.person) is True:
                self.add(kind, lambda last: last['course_id'] is None and last['item'] in names, self.deadline,
                         activity=identifier)

    def left_over(self, closed):
        """
        Last quarter's items that are not needed any more: done, dropped or, where nobody can tell, continued. `closed`:
        competencies without a gap.
        """
        for i, last in enumerate(self.last):
            if i in self.met:
                continue
            course = self.catalogue.courses.get(last['course_id'])
            done = last['status'] == self.rules.done
            if course is not None:
                kind, status = 'course', 'done' if course['course_id'] in self.held else 'dropped'
            elif last['competency_id'] is not None:
                kind, status = 'other', 'done' if done or last['competency_id'] in closed else 'dropped'
            else:
                overdue = last['due_on'] is not None and last['due_on'] < self.world.as_of
                kind, status = 'other', 'done' if done else 'overdue' if overdue else 'continued'
            self.rows.append({
                'employee': self.person, 'number': F(len(self.rows) + 1), 'kind': kind,
                'competency': last['competency_id'],
                'course': last['course_id'], 'activity': last['item'] if course is None else None, 'from level': None,
                'to level': None, 'hours': None if course is None else course['hours'], 'due date': last['due_on'],
                'status': status, 'priority': None})


def decide(plan, made):
    """What people decided about the items of a plan: add, drop or the day it is due."""
    for field, decision in sorted(made, key=lambda pair: pair[0].encode()):
        about, verb = field[len(plan.rules.id) + 1:], decision['value']
        course = about if about in plan.catalogue.courses else None
        kind = next((kind for name, kind, _, _ in plan.rules.activities if name == about), None)
        row = next((row for row in plan.rows if row['course'] == about), None) if course else \
            next((row for row in plan.rows if row['activity'] == about and row['kind'] == kind), None)
        day, is_new = date_of(verb), row is None
        if is_new:
            if verb == 'drop':
                continue
            row = {'employee': plan.person, 'number': F(len(plan.rows) + 1), 'kind': 'course' if course else kind,
                   'competency': None, 'course': course, 'activity': None if course else about, 'from level': None,
                   'to level': None, 'hours': plan.catalogue.courses[course]['hours'] if course else None,
                   'priority': None, 'due date': plan.deadline, 'status': 'done' if course in plan.held else 'new'}
            plan.rows.append(row)
        row['decided'], late = decisions.told(decision), lambda: row['due date'] and row['due date'] < plan.world.as_of
        if verb == 'drop':
            row['status'] = 'done' if row['status'] == 'done' else 'dropped'
            continue
        if row['status'] == 'dropped':
            row['status'] = 'overdue' if late() else 'continued'
        if day is not None:
            row['computed due'] = None if is_new else row['due date']
            row['due date'] = day
            if late() and row['status'] in ('new', 'continued'):
                row['status'] = 'overdue'
            elif not late() and row['status'] == 'overdue':
                row['status'] = 'continued'


def evaluate(world):
    element = rule(world.folder, 'idp')
    if element is None:
        return
    rules = Rules(element)
    catalogue = Catalogue(world, rules)
    register(world, rules, catalogue)
    competency, levels, models = world.kept['competency']
    rows, abouts = [], set(catalogue.courses) | {name for name, _, _, _ in rules.activities}
    made = decisions.newest(world, rules.id + '.', lambda row: row['field'][len(rules.id) + 1:] in abouts and (
        row['value'] in ('add', 'drop') or re.fullmatch(r'\d{4}-\d\d-\d\d', row['value']) is not None))
    for person in world.roster:
        values = world.values[person]
        if person not in world.people:
            names = ('items', 'hours', 'required', 'overdue', 'done', 'next', 'due')
            values.update({f'{rules.id}.{name}': world.not_here(person) for name in names})
            continue
        plan = Plan(world, rules, catalogue, person)
        needs = models[person].needs if models[person] is not None else []
        plan.gaps(needs, levels[person])
        plan.assess_first(needs, levels[person])
        required = plan.required()
        plan.activities()
        plan.left_over({need.competency for need in needs if levels[person].get(need.competency) is not None
                        and levels[person][need.competency] >= need.level})
        decide(plan, [(field, row) for (who, field), row in made.items() if who == person])
        rows += [{'computed due': None, 'decided': None, **row} for row in plan.rows]
        values[f'{rules.id}.items'] = F(sum(row['status'] not in ('done', 'dropped') for row in plan.rows))
        values[f'{rules.id}.hours'] = sum((row['hours'] or F(0) for row in plan.rows
                                           if row['status'] not in ('done', 'dropped')), F(0))
        values[f'{rules.id}.required'] = F(required)
        following = [row for row in plan.rows if row['course'] is not None and row['status'] not in ('done', 'dropped')]
        values[f'{rules.id}.next'] = following[0]['course'] if following else None
        values[f'{rules.id}.due'] = following[0]['due date'] if following else None
        for status in ('overdue', 'done'):
            values[f'{rules.id}.{status}'] = F(sum(row['status'] == status for row in plan.rows))
    world.tables['idp'] = rows
    world.tables['learning-map'] = learning_map(catalogue, competency)
    world.kept['told'] = {**world.kept.get('told', {}), **{
        kind: sum(row['kind'] == kind for row in rows)
        for kind in ('course', 'required', 're-assess', 'no-course', 'assess-first')}}


def register(world, rules, catalogue):
    for_whom = lambda wanted: [name for name, names in catalogue.required.items() if wanted in names]
    world.functions['held'] = lambda person, name: held(world, name, person, rules.exempt)
    world.functions['required courses total'] = lambda person, wanted: F(len(for_whom(wanted)))
    world.functions['required courses'] = lambda person, wanted: F(
        sum(not held(world, name, person, rules.exempt) for name in for_whom(wanted)))


STAGES = ['初级', '中级', '高级']


def learning_map(catalogue, competency):
    """Module, stage, competency, levels, course."""
    found = []
    for name, steps in catalogue.steps.items():
        if name in competency.modules:
            for course, start, end in steps:
                stage = catalogue.courses[course]['stage']
                found.append((competency.module_order.index(competency.modules[name]),
                              STAGES.index(stage) if stage in STAGES else len(STAGES) + (stage is None), stage or '', name,
                              end, course, start, stage))
    return [{'family': competency.module_order[module], 'stage': stage, 'competency': name, 'from level': start,
             'to level': end, 'course': course} for module, _, _, name, end, course, start, stage in sorted(found, key=lambda line: line[:-1])]
