"""honour.py - the honour roll (DESIGN.md): ranks per scope, ties as ties."""
import collections
from fractions import Fraction as F

from rulefile import rules, yes


def evaluate(world):
    for rule in rules(world.folder, 'honour-roll'):
        scope, top = rule.get('scope', 'org_unit'), int(rule.get('top', '10'))
        least = F(rule.get('minimum')) if rule.get('minimum') else None
        scopes = collections.defaultdict(list)
        for person, row in world.people.items():
            value = world.evaluate(rule.get('value'), person)
            if value is not None and (value > 0 if least is None else value >= least):
                where = '' if scope == 'all' else row[scope]
                if where is not None:               # who belongs to no scope is ranked nowhere
                    scopes[where].append((-value, person))
        units = {row['org_id']: row['name'] for row in world.feeds.rows('org_unit')}
        positions = {row['position_id']: row['title'] for row in world.feeds.rows('position')}
        titles = {'org_unit': units, 'position': positions}.get(scope, {})
        world.tables[rule.get('id')] = [
            line for name in sorted(scopes, key=str)
            for line in scope_lines(world, titles.get(name, name) or None, sorted(scopes[name]), top, yes(rule, 'anonymous'))]


def scope_lines(world, title, ranked, top, anonymous):
    values = [value for value, _ in ranked]
    for value, person in ranked:
        rank = values.index(value) + 1
        if rank > top:
            return
        name = world.people[person]['name']
        yield {'scope': title, 'rank': F(rank), 'employee': None if anonymous else person,
               'name': name[:1] + '*' if anonymous else name, 'credits': -value, 'tied': values.count(value) > 1}
