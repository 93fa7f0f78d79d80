"""succession.py - the talent pool, the bench of key positions and the slates of vacancies, from readiness."""
from fractions import Fraction as F

from common import Why, half_away
from ladder import CLASSES
from rulefile import rules


def pool(world, element):
    classes = element.get('classes', 'now within-1-year').split()
    targets = element.get('targets', '').split()
    found = [ready for all_ready in world.kept['ready'].values() for ready in all_ready
             if ready.readiness in classes and (not targets or ready.step.id in targets)]
    found.sort(key=lambda ready: (ready.step.order, CLASSES.index(ready.readiness), ready.earliest is None,
                                  ready.earliest or 0, ready.unmet, ready.person))
    world.tables[element.get('id')] = [
        {'target': ready.step.id, 'employee': ready.person, 'class': ready.readiness, 'met': F(ready.met),
         'unmet': F(ready.unmet), 'earliest': ready.earliest} for ready in found]


def bench(world, element):
    near = element.get('near', 'within-1-year').split()
    keys = [row for row in world.feeds.rows('position') if row['key_position'] is True]
    ladder = [step.position for step in world.kept['ladder'].steps]
    classes = {}                                    # person → key position → nearest class
    for person, all_ready in world.kept['ready'].items():
        of = classes.setdefault(person, {})
        for ready in all_ready:
            if ready.step.position in (row['position_id'] for row in keys):
                of[ready.step.position] = min(of.get(ready.step.position, ready.readiness), ready.readiness, key=CLASSES.index)
    rows = []
    for key in sorted(keys, key=lambda row: ladder.index(row['position_id'])
                      if row['position_id'] in ladder else len(ladder)):
        position = key['position_id']
        row = {'position': position, 'seats': key.get('headcount'),
               'incumbents': F(sum(world.roster[person]['position'] == position for person in world.people))}
        if position in ladder:
            ready = [F(1, list(of.values()).count('now')) for of in classes.values() if of.get(position) == 'now']
            row.update({'target': next(step.id for step in world.kept['ladder'].steps if step.position == position),
                        'ready': F(len(ready)), 'near': F(sum(of.get(position) in near for of in classes.values())),
                        'depth': half_away(sum(ready, F(0)), F(1, 100)), 'covered': bool(ready)})
        rows.append(row)
    world.tables[element.get('id')] = rows


def slate(world, element):
    classes = element.get('classes', 'now within-1-year').split()
    top, near, gates = (int(element.get(name, default)) for name, default in
                        (('top', '5'), ('near-misses', '3'), ('gates', '1')))
    everybody = [ready for all_ready in world.kept['ready'].values() for ready in all_ready]

    def value(ready):
        found = world.values[ready.person].get(element.get('rank-by'))
        return None if isinstance(found, Why) else found

    def rank(ready):
        own = value(ready)
        return (CLASSES.index(ready.readiness), ready.earliest is None, ready.earliest or 0, ready.unmet,
                own is None, -own if own is not None else 0, ready.person)

    rows = []
    for vacancy in sorted(world.feeds.rows('vacancy'), key=lambda row: row['vacancy_id']):
        steps = [step for step in world.kept['ladder'].steps if step.position == vacancy['position']]
        ranked = sorted((ready for ready in everybody if ready.step in steps), key=rank)
        shown = [('candidate', ready) for ready in ranked if ready.readiness in classes][:top]
        shown += [('near-miss', ready) for ready in ranked if ready.readiness not in classes
                  and ready.unmet + ready.unknown <= gates][:near]
        common = {'vacancy': vacancy['vacancy_id'], 'position': vacancy['position'], 'unit': vacancy['org_unit']}
        if not shown:
            rows.append({**common, 'kind': 'nobody', 'rank': None, 'employee': None})
        ranks = {'candidate': 0, 'near-miss': 0}
        for kind, ready in shown:
            ranks[kind] += 1
            rows.append({**common, 'kind': kind, 'rank': F(ranks[kind]), 'employee': ready.person,
                         'target': ready.step.id, 'class': ready.readiness, 'earliest': ready.earliest,
                         'unmet': F(ready.unmet), 'value': value(ready)})
    world.tables[element.get('id')] = rows


def told(world, tables):
    """How often there was what is to be shown."""
    ready = [ready for found in world.kept['ready'].values() for ready in found]
    counts = {name: sum(one.readiness == name for one in ready) for name in CLASSES}
    counts['crossing'] = sum(one.step.track != world.kept['ladder'].step_of(world.people[one.person]).track for one in ready)
    for kind in ('candidate', 'near-miss', 'nobody'):
        counts[kind] = sum(row.get('kind') == kind for name in tables for row in world.tables[name])
    world.kept.setdefault('told', {}).update(counts)


def evaluate(world):
    for element in rules(world.folder, 'pool'):
        pool(world, element)
    for element in rules(world.folder, 'bench'):
        bench(world, element)
    for element in rules(world.folder, 'slate'):
        slate(world, element)
    told(world, [element.get('id') for element in rules(world.folder, 'slate')])
