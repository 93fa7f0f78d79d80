#!/usr/bin/env python3
"""compare.py - the program's published results beside the independent model's, value by value.

compare.py PANDIAN WORKSPACE PERIOD...   PANDIAN: the program; PERIODs: all that were run, in order.
Prints every difference and, in a line a period, how often each step of grading moved anybody; status 1 if anything
differs. Where the model says Why("reason"), the reason must agree; where it says None, the program must have no value,
for whatever reason. Of a list table the rows of a person must agree in number, order and every column the model fills.
A column that the program prints for people and the model does not know must be named in NOT_MODELLED.
"""
import collections
import fnmatch
import json
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model
from common import Why

# Columns of people and tables that no topic computes, and why not.
NOT_MODELLED = []
ORDERED = {'pool', 'bench', 'slate'}             # tables whose order over all people is compared, too
TABLES_NOT_MODELLED = []
MOST_TOLD = 60           # differences a period


class Published:
    """What the program published for a period: columns of each table and its rows; "(reason)" where it has no value."""
    def __init__(self, program, workspace, period):
        self.columns = self.listed(program, workspace, period)
        self.rows = {table: [] for table in self.columns}
        for line in self.asked(program, workspace, period, *self.columns):
            row = json.loads(line, parse_int=str, parse_float=str)
            self.rows[row.pop('table')].append({name: self.text(value) for name, value in row.items()})
        self.people = {row['employee']: row for row in self.rows['people']}

    @staticmethod
    def text(value):
        if isinstance(value, dict):
            return f'({value["why"]})'
        return str(value).lower() if isinstance(value, bool) else value

    @staticmethod
    def asked(program, workspace, period, *table):
        out = subprocess.run([program, '-C', workspace, 'results', '--period', period, '--lang', 'en', *table], check=True,
                             stdout=subprocess.PIPE, encoding='utf-8').stdout
        return out.split('\n')[:-1]

    def listed(self, program, workspace, period):
        columns = {}
        for line in self.asked(program, workspace, period):
            if line.startswith('  '):
                table.append(line.strip().split('  ')[0])
            else:
                table = columns.setdefault(line.split('  ')[0], [])
        return columns


class Comparison:
    def __init__(self, period):
        self.period, self.compared, self.different = period, 0, 0

    def differs(self, text):
        self.different += 1
        if self.different <= MOST_TOLD:
            print(f'{self.period} {text}')

    def value(self, where, found, value):
        self.compared += 1
        if value is None:
            same = found is None or found.startswith('(')
        elif isinstance(value, Why):
            same, value = found == f'({value})', f'({value})'
        else:
            value = model.text_of(value)
            same = found == value
        if not same:
            self.differs(f'{where}: program {found}, model {value}')

    def people(self, program, world):
        columns = set(program.columns['people'])
        for person in sorted(world.roster):
            found = program.people.get(person, {})
            for column, value in world.values[person].items():
                self.value(f'{person} {column}', found.get(column), value)
        modelled = {column for person in world.roster for column in world.values[person]}
        for column in sorted(modelled - columns):
            self.differs(f'people: the program has no column {column}')
        for column in sorted(columns - modelled):
            if not any(fnmatch.fnmatch(column, pattern) for pattern in NOT_MODELLED):
                self.differs(f'people: the model does not compute {column}')
        for person in sorted(set(program.people) - set(world.people)):
            if not program.people[person].get('star', '(').startswith('('):
                self.differs(f'{person}: has a star, but does not work here')

    def table(self, name, program, rows):
        """Rows of people: one list a person; other tables and ordered ones: one list."""
        def lists(all_rows, text):
            found = collections.defaultdict(list)
            for row in all_rows:
                found[None if name in ORDERED else text(row.get('employee'))].append(row)
            return found
        for column in sorted({column for row in rows for column in row} - set(program.columns[name])):
            self.differs(f'{name}: the program has no column {column}')
        ours, theirs = lists(rows, model.text_of), lists(program.rows[name], lambda value: value)
        for key in sorted(set(ours) | set(theirs), key=str):
            self.compared += 1
            if len(ours[key]) != len(theirs[key]):
                self.differs(f'{name} {key}: program {len(theirs[key])} rows, model {len(ours[key])}')
                self.differs(f'    program {theirs[key]}')
                self.differs(f'    model {[{k: model.text_of(v) for k, v in row.items()} for row in ours[key]]}')
                continue
            for i, (row, found) in enumerate(zip(ours[key], theirs[key])):
                for column, value in row.items():
                    self.value(f'{name} {key} row {i} {column}', found.get(column), value)

    def all(self, program, world):
        self.people(program, world)
        for name, rows in world.tables.items():
            self.table(name, program, rows)
        for name in program.columns:
            if name != 'people' and name not in world.tables and \
                    not any(fnmatch.fnmatch(name, pattern) for pattern in TABLES_NOT_MODELLED):
                self.differs(f'the model does not compute the table {name}')


def told(world):
    """How often something happened at all: a comparison in which nothing happens proves nothing."""
    values = [world.values[person] for person in world.people]
    return {'held': sum(v['star.held'] != v['star.reached'] for v in values),
            'seated': sum(v['star.computed'] != v['star.held'] for v in values),
            'decided': sum(v['star'] != v['star.computed'] for v in values),
            'previous': sum(not isinstance(v['star.previous'], Why) for v in values), **world.kept.get('told', {})}


def main(program, workspace, *periods):
    same = []
    for world in model.grade(workspace, periods):
        comparison = Comparison(world.period)
        comparison.all(Published(program, workspace, world.period), world)
        same.append(comparison.different == 0 and comparison.compared > 0)
        print(f'{world.period}: {comparison.compared} values, {comparison.different} different; ' +
              ', '.join(f'{count} {step}' for step, count in told(world).items()))
    return 0 if same and all(same) else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
