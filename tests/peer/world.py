"""world.py - what the model knows of one period: feeds, people, and the results its topics write.

A topic is a module with evaluate(world). It fills world.values[person][column] and world.tables[name] (a list of dicts
by column; column "employee" where rows belong to people), may register world.names[name] = f(person) and
world.functions[name] = f(person, *arguments) for expressions, and keeps what it likes in world.kept.
"""
import collections

from common import Why, period_bounds, period_number
from feeds import Feeds
import feel


class World:
    def __init__(self, folder, period, past):
        self.folder, self.period, self.past = folder, period, past    # past: the worlds before, oldest first
        self.first, self.as_of = period_bounds(period)
        self.number = period_number(period)
        self.feeds = Feeds(folder, self.as_of)
        self.courses = {row['course_id']: row for row in self.feeds.rows('course')}
        self.roster = {row['employee_id']: row for row in self.feeds.rows('employee')}       # leavers as well
        self.people = {person: row for person, row in self.roster.items() if row['hire_date'] <= self.as_of and
                       (row['leave_date'] is None or row['leave_date'] >= self.as_of)}       # the active ones
        self.values = collections.defaultdict(dict)
        self.tables, self.names, self.functions, self.kept, self.expressions = {}, {}, {}, {}, {}

    def not_here(self, person):
        """Why a person of the roster has no results."""
        return Why('not-hired' if self.roster[person]['hire_date'] > self.as_of else 'left')

    def evaluate(self, text, person, **more):
        """An expression about a person: results, registered names and functions, fields of the roster, `more`."""
        if text not in self.expressions:
            columns = {column for values in self.values.values() for column in values}
            self.expressions[text] = feel.compiled(
                text, columns | set(more) | set(self.names) | set(self.functions) | ROSTER)
        return self.expressions[text](Scope(self, person, more))


ROSTER = {'status', 'level', 'position', 'org_unit', 'track', 'site', 'hire_date'}


class Scope:
    def __init__(self, world, person, more):
        self.world, self.person, self.more = world, person, more

    def name(self, name):
        if name in self.more:
            return self.more[name]
        if name in self.world.names:
            return self.world.names[name](self.person)
        if name in ROSTER:
            return self.world.roster[self.person][name]
        value = self.world.values[self.person].get(name)
        return None if isinstance(value, Why) else value

    def call(self, name, arguments):
        return self.world.functions[name](self.person, *arguments)
