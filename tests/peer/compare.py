#!/usr/bin/env python3
"""compare.py - the program's published results beside the independent model's, value by value.

compare.py DUMP WORKSPACE PERIOD...   DUMP: the program that prints results; PERIODs: all that were run, in order.
Prints every difference and, in a line a period, how often each step of grading moved anybody; status 1 if anything
differs.
"""
import os
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model

STAR = {'star': 'star', 'composite': 'star.composite', 'reached': 'star.reached', 'held': 'star.held',
        'computed': 'star.computed', 'previous': 'star.previous'}


def column_of(name):
    if name in STAR:
        return STAR[name]
    if name.endswith('.shortfall') or name in ('period', 'rolling', 'lifetime', 'valid'):
        return 'credits.' + name
    return 'credits.' + name + '.earned'


def published(dump, workspace, period):
    text = subprocess.run([dump, os.path.join(workspace, 'outputs/pandian.db'), period], check=True,
                          stdout=subprocess.PIPE, encoding='utf-8').stdout
    values = {}
    for line in text.splitlines():
        person, column, value = line.split('\t')
        values.setdefault(person, {})[column] = None if value.startswith('(') else value
    return values


def compare(period, ours, people):
    compared = different = 0
    steps = dict(held=0, seated=0, decided=0, previous=0)
    for result in people:
        person = result.pop('id')
        steps['held'] += result['held'] != result['reached']
        steps['seated'] += result['computed'] != result['held']
        steps['decided'] += result['star'] != result['computed']
        steps['previous'] += result['previous'] is not None
        values = ours.pop(person, {})
        for name, value in result.items():
            expected, found = None if value is None else str(value), values.get(column_of(name))
            compared += 1
            if found != expected:
                different += 1
                print(f'{period} {person} {column_of(name)}: program {found}, model {expected}')
    for person, values in ours.items():
        if values.get('star') is not None:
            different += 1
            print(f'{period} {person}: has a star, but does not work here')
    print(f'{period}: {compared} values, {different} different; ' +
          ', '.join(f'{count} {step}' for step, count in steps.items()))
    return different == 0 and compared > 0


def main(dump, workspace, *periods):
    same = [compare(period, published(dump, workspace, period), people)
            for period, people in model.grade(workspace, periods)]
    return 0 if same and all(same) else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
