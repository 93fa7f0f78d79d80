#!/usr/bin/env python3
"""model.py - an independent model of what is computed, written from the definitions, not from the program.

model.py WORKSPACE PERIOD...   prints one JSON object a person of the last period. The periods before it count as
published, in their order; what lies before them is asked of the grade history.

Standard library only. It reads the same exports by the same mappings, and the same rule files; exact arithmetic by
fractions. A topic is a module of this folder (world.py says what it must do); they come in the order in which one
needs another.
"""
import datetime
import json
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import career
import competency
import credits
import failrate
import honour
import idp
import ladder
import learning_map
import ninebox
import startime
import succession
import training
from common import decimal_text
from world import World

TOPICS = [credits, failrate, startime, competency, idp, learning_map, honour, career, ladder, ninebox, succession,
          training]


def grade(folder, periods):
    """Yields the world of each period, with its results."""
    past = []
    for period in periods:
        world = World(folder, period, list(past))
        for topic in TOPICS:
            topic.evaluate(world)
        past.append(world)
        yield world


def text_of(value):
    """A value as the program prints it: numbers without needless digits, days as 2026-09-30, true and false."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return value.isoformat() if isinstance(value, datetime.date) else decimal_text(value)


if __name__ == '__main__':
    for world in grade(sys.argv[1], sys.argv[2:]):
        pass
    for person in sorted(world.people):
        print(json.dumps({'id': person, **{name: text_of(value) for name, value in world.values[person].items()}},
                         ensure_ascii=False))
