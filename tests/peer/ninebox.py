"""ninebox.py - performance × potential: bands, states outside the grid, movement since the last period."""
import collections
from fractions import Fraction as F

import decisions
from common import Why, month_shift, months_of
from rulefile import rule


class Rules:
    def __init__(self, folder):
        self.box = box = rule(folder, 'nine-box')
        self.id = box.get('id')
        cuts = lambda axis: [F(cut) for cut in (box.get(axis + '-cuts') or box.get('cuts')).split()]
        self.cuts = {axis: cuts(axis) for axis in ('performance', 'potential')}
        self.scale = [F(end) for end in box.get('scale').split()] if box.get('scale') else None
        self.tenure = months_of(box.get('minimum-tenure')) or 0
        self.ratings, self.minimum = box.get('ratings'), int(box.get('minimum-ratings', '0'))

    def band(self, axis, value):
        """1 to 3: a cut belongs to the band above it, the end of the scale to the last."""
        if value is None or (self.scale and not self.scale[0] <= value <= self.scale[1]):
            return None
        return 1 + sum(value >= cut for cut in self.cuts[axis])


def cell(world, rules, person, performance, potential):
    if month_shift(world.people[person]['hire_date'], rules.tenure) > world.as_of:
        return Why('too-new')
    if performance is None and potential is None:
        return Why('unrated')
    if performance is None or potential is None:
        return Why('insufficient')
    if rules.ratings is not None and (world.evaluate(rules.ratings, person) or 0) < rules.minimum:
        return Why('insufficient')
    return F(3 * (potential - 1) + performance)


def evaluate(world):
    rules = Rules(world.folder)
    before = world.past[-1] if world.past and world.past[-1].number == world.number - 1 else None
    moved, boxes = collections.Counter(), decisions.newest(world, rules.id, lambda row: row['value'] in set('123456789'))
    for person in world.people:
        values = world.values[person]
        performance, potential = (rules.band(axis, world.evaluate(rules.box.get(axis), person))
                                  for axis in ('performance', 'potential'))
        values[rules.id] = values[rules.id + '.computed'] = cell(world, rules, person, performance, potential)
        decided = boxes.get((person, rules.id))
        values[rules.id + '.decided'] = None
        if decided is not None:
            values[rules.id], values[rules.id + '.decided'] = F(decided['value']), decisions.told(decided)
        for axis, band in (('performance', performance), ('potential', potential)):
            values[f'{rules.id}.{axis}'] = Why('no-value') if band is None else F(band)
        previous = before.values[person].get(rules.id) if before and person in before.people else None
        values[rules.id + '.previous'] = Why('no-previous') if previous is None or isinstance(previous, Why) else previous
        moved[str(values[rules.id + '.previous']), str(values[rules.id])] += 1
    ends = [str(number) for number in range(1, 10)] + ['no-previous', 'too-new', 'unrated', 'insufficient']
    world.tables[rules.id + '.movement'] = [{'from': a, 'to': b, 'count': F(moved[a, b])}
                                            for a in ends for b in ends if (a, b) in moved]
