"""ladder.py - promotion readiness: where people stand on the ladder, gates, earliest dates, classes, nearest promotion."""
import collections
from fractions import Fraction as F

import decisions
from career import months_since
from common import ONE_DAY, Why, decimal_text, half_away, month_shift, period_end, quotient, rounded
from feel import whole_above
from rulefile import rule

CLASSES = ['now', 'within-1-year', '1-2-years', 'later', 'undated', 'not-evaluated']     # nearest first
UNKNOWN = 'unknown'                                                                       # no day can be told

Step = collections.namedtuple('Step', 'id track level position after gates order')
Held = collections.namedtuple('Held', 'gate state have need missing earliest hard')


class Ladder:
    def __init__(self, folder):
        self.rule = rule(folder, 'ladder')
        self.id, self.steps = self.rule.get('id'), []
        self.tracks = [track.get('id') for track in self.rule.findall('track')]
        for track in self.rule.findall('track'):
            for step in track.findall('step'):
                self.steps.append(Step(step.get('id'), track.get('id'), step.get('level'), step.get('position'),
                                       set(step.get('after', '').split()), step.findall('gate'), len(self.steps)))
        for crossing in self.rule.findall('crossing'):
            next(step for step in self.steps if step.id == crossing.get('to')).after.add(crossing.get('from'))

    def step_of(self, row):
        """By position; people in other positions stand on the first step of their level."""
        found = [step for step in self.steps if step.position == row['position'] and row['position'] is not None] or \
                [step for step in self.steps if step.level == row['level'] and row['level'] is not None]
        return found[0] if found else None

    def targets(self, step):
        return [] if step is None else [target for target in self.steps if step.id in target.after]


def numbers_of(world, gate, person):
    """(have, need, how much is missing) of a gate that is a number; None where it is unknown."""
    ask = lambda name: world.evaluate(gate.get(name), person)
    if gate.get('since') is not None:
        have, need = months_since(ask('since'), world.as_of), ask('need')
        return have, need, None if None in (have, need) else need - have
    have, need = ask('have'), ask('need' if gate.get('need') is not None else 'at-most')
    if None in (have, need):
        return have, need, None
    return have, need, rounded(need - have if gate.get('need') is not None else have - need)


def earliest_of(world, gate, person, have, need, missing):
    """The day on which an unmet gate can close, or UNKNOWN."""
    if gate.get('since') is not None:
        return month_shift(world.evaluate(gate.get('since'), person), int(need))
    if gate.get('until') is not None:
        day = world.evaluate(gate.get('until'), person)
        return UNKNOWN if day is None else day + ONE_DAY
    if gate.get('by') == 'period':
        return period_end(world.number + int(missing)) if have > 0 else UNKNOWN
    if gate.get('pace') is not None and missing is not None:
        days = quotient(rounded(missing * int(gate.get('days', '365'))), F(gate.get('pace')))
        return world.as_of + ONE_DAY * int(whole_above(days))
    return UNKNOWN


def hold(world, gate, person):
    """A gate held against a person."""
    have = need = missing = earliest = None
    if gate.get('when') is not None:
        met = world.evaluate(gate.get('when'), person)
        have, need = (met, True) if isinstance(met, bool) else (None, None)
    else:
        have, need, missing = numbers_of(world, gate, person)
        met = None if missing is None else missing <= 0
    state = 'not-evaluated' if not isinstance(met, bool) else 'met' if met else 'not-met'
    if state == 'not-met':
        earliest = earliest_of(world, gate, person, have, need, missing)
    else:
        missing = None
    return Held(gate.get('id'), state, have, need, missing, earliest, gate.get('hard', 'yes') == 'yes')


def readiness(world, gates):
    """(class, earliest day) over the hard gates."""
    hard = [gate for gate in gates if gate.hard and gate.state != 'met']
    if not hard:
        return 'now', world.as_of
    if any(gate.state == 'not-evaluated' for gate in hard):
        return 'not-evaluated', None
    if any(gate.earliest == UNKNOWN for gate in hard):
        return 'undated', None
    latest = max(gate.earliest for gate in hard)
    if latest <= month_shift(world.as_of, 12):
        return 'within-1-year', latest
    return '1-2-years' if latest <= month_shift(world.as_of, 24) else 'later', latest


def shown(value):
    """What a gate has and needs, as text: numbers to four places."""
    if isinstance(value, bool):
        return 'yes' if value else 'no'
    return value if value is None else decimal_text(half_away(value, F(1, 10000)))


class Ready:
    """How ready a person is for a step."""
    def __init__(self, world, person, step):
        self.person, self.step = person, step
        self.gates = [hold(world, gate, person) for gate in step.gates]
        self.readiness, self.earliest = readiness(world, self.gates)
        self.computed, self.decided = self.readiness, world.kept['readiness decided'].get((person, step.id))
        if self.decided is not None:
            self.readiness = self.decided['value']
            self.earliest = world.as_of if self.readiness == 'now' else self.earliest
        states = [gate.state for gate in self.gates if gate.hard]
        self.met, self.unmet, self.unknown = (states.count(state) for state in ('met', 'not-met', 'not-evaluated'))

    def order(self, own_track):
        return (CLASSES.index(self.readiness), self.earliest is None, self.earliest or 0, self.unmet,
                self.step.track != own_track, self.step.order)

    def rows(self, nearest):
        ready = {'employee': self.person, 'track': self.step.track, 'target': self.step.id,
                 'position': self.step.position, 'class': self.readiness, 'met': F(self.met), 'unmet': F(self.unmet),
                 'not-evaluated': F(self.unknown), 'earliest': self.earliest, 'nearest': nearest,
                 'computed': self.computed, 'decided': None if self.decided is None else decisions.told(self.decided)}
        gates = [{'employee': self.person, 'target': self.step.id, 'gate': gate.gate, 'state': gate.state,
                  'have': shown(gate.have), 'need': shown(gate.need),
                  'missing': None if gate.missing is None else whole_above(gate.missing * 10000) / 10000,
                  'earliest': None if gate.earliest == UNKNOWN else gate.earliest, 'hard': gate.hard}
                 for gate in self.gates]
        return ready, gates


def columns(world, ladder, person, own, found):
    """What stands in the row of the person."""
    values, order = world.values[person], lambda ready: ready.order(own.track if own else None)
    nearest, none = min(found, key=order) if found else None, Why('no-step') if own else Why('off-ladder')
    values[ladder.id + '.step'] = own.id if own else none
    values[ladder.id + '.nearest'] = nearest.step.id if nearest else none
    values[ladder.id + '.decided'] = none if own is None else '; '.join(
        f'{ready.step.id}: {decisions.told(ready.decided)}' for ready in found if ready.decided) or None
    for track in ladder.tracks:
        here = min((ready for ready in found if ready.step.track == track), key=order, default=None)
        told = (here.step.id, here.readiness, F(here.unmet), here.earliest, here.computed) if here else [none] * 5
        for name, value in zip(('target', 'class', 'unmet', 'earliest', 'computed'), told):
            values[f'{ladder.id}.{track}.{name}'] = value
    return nearest


def evaluate(world):
    ladder = world.kept['ladder'] = Ladder(world.folder)
    world.tables['readiness'], world.tables['gate'], world.kept['ready'] = [], [], {}
    decided = decisions.newest(world, ladder.id + '.', lambda row: row['value'] in CLASSES)
    world.kept['readiness decided'] = {(person, field[len(ladder.id) + 1:]): row for (person, field), row in decided.items()}
    for person in sorted(world.people):
        own = ladder.step_of(world.people[person])
        found = [Ready(world, person, step) for step in ladder.targets(own)]
        nearest = columns(world, ladder, person, own, found)
        world.kept['ready'][person] = found
        for ready in found:
            row, gates = ready.rows(ready is nearest)
            world.tables['readiness'].append(row)
            world.tables['gate'].extend(gates)
