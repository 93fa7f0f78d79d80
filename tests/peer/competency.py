"""competency.py - levels from evidence, models, gaps, match and coverage (definitions of competency level and match).

Registers match(id), coverage(id), gaps(id) and must gaps(id) for the model of a level or position.
"""
import collections
from fractions import Fraction as F

from common import Why, half_away, month_shift, months_of, quotient
from rulefile import rule, yes

HUNDREDTH = F(1, 100)
NOT_ASSESSED, NOT_REQUIRED, NO_MODEL = Why('not-assessed'), Why('not-required'), Why('no-model')

Evidence = collections.namedtuple('Evidence', 'kind weight use months scale levels self')
Need = collections.namedtuple('Need', 'competency level weight must')
Model = collections.namedtuple('Model', 'id level position needs')
Fit = collections.namedtuple('Fit', 'match coverage gaps must')


class Rules:
    def __init__(self, element):
        self.max_level = F(element.get('max-level', '5'))
        self.coverage = F(element.get('coverage', '0.8'))
        self.competencies = [part.get('id') for part in element.findall('competency')]
        self.modules = {part.get('id'): part.get('module') for part in element.findall('competency')}
        self.module_order = [part.get('id') for part in element.findall('module')]
        self.evidence = []
        for part in element.findall('evidence'):
            ends = lambda text: tuple(F(end) for end in text.split('-'))
            kind = part.get('kind')
            self.evidence.append(Evidence(
                kind, F(part.get('weight')), part.get('use', 'latest'), months_of(part.get('max-age')),
                ends(part.get('from')) if part.get('from') else None,
                ends(part.get('to')) if part.get('to') else (F(0), self.max_level), yes(part, 'self', kind == 'self')))
        self.models = [Model(part.get('id'), part.get('level'), part.get('position'),
                             [Need(need.get('competency'), F(need.get('level')), F(need.get('weight')), yes(need, 'must'))
                              for need in part.findall('need')])
                       for part in element.findall('model')]

    def model_of(self, position, level):
        """A model of the position goes before one of the level."""
        fitting = [model for model in self.models if model.position in (None, position) and model.level in (None, level)
                   and (model.position, model.level) != (None, None)]
        return next((model for model in fitting if model.position is not None), fitting[0] if fitting else None)


def level_of_row(evidence, row):
    """The level a row states, else its score on the scale of its kind; None for a score outside that scale."""
    if row['level'] is not None:
        return row['level']
    if row['score'] is None or evidence.scale is None:
        return None
    (least, most), (low, high) = evidence.scale, evidence.levels
    if not least <= row['score'] <= most:
        return None
    return low + (row['score'] - least) * (high - low) / (most - least)


def level_of_kind(evidence, rows, as_of):
    """The newest row of each assessor, then the newest date's mean, the mean or the maximum."""
    newest = {}
    for row in sorted(rows, key=lambda row: row['assessed_on']):
        if evidence.months is not None and row['assessed_on'] <= month_shift(as_of, -evidence.months):
            continue
        level = level_of_row(evidence, row)
        if level is not None:
            newest[row['assessor_id']] = (row['assessed_on'], level)
    if not newest:
        return None
    if evidence.use == 'max':
        return max(level for _, level in newest.values())
    last = max(day for day, _ in newest.values())
    levels = [level for day, level in newest.values() if evidence.use == 'mean' or day == last]
    return sum(levels) / len(levels)


def level(rules, rows, as_of):
    """Of one person in one competency; None: not assessed."""
    by_kind = {evidence: level_of_kind(evidence, [row for row in rows if row['kind'] == evidence.kind], as_of)
               for evidence in rules.evidence}
    present = {evidence: found for evidence, found in by_kind.items() if found is not None}
    if all(evidence.self for evidence in present):
        return None
    return half_away(quotient(sum(e.weight * found for e, found in present.items()), sum(e.weight for e in present)),
                     HUNDREDTH)


def fit(model, levels):
    """
    Match and coverage in percent, unrounded, competencies with a gap, must-competencies with a gap. None: unknown. One must-competency
    with a gap is enough to know that there are some; without any, all of them have to be assessed to know that.
    """
    assessed = [need for need in model.needs if levels.get(need.competency) is not None]
    wanted = [need for need in assessed if need.level > 0]
    base = sum(need.weight * need.level for need in wanted)
    match = None if base == 0 else quotient(100 * sum(
        need.weight * min(levels[need.competency], need.level) for need in wanted), base)
    coverage = quotient(100 * sum(need.weight for need in assessed), sum(need.weight for need in model.needs))
    gaps = [need for need in assessed if levels[need.competency] < need.level]
    must = sum(need.must for need in gaps)
    unknown = any(need.must and need.level > 0 for need in model.needs if need not in assessed)
    return Fit(match, coverage, F(len(gaps)) if assessed else None, None if must == 0 and unknown else F(must))


def evaluate(world):
    element = rule(world.folder, 'competencies')
    if element is None:
        return
    rules, name = Rules(element), element.get('id')
    rows = collections.defaultdict(list)
    for row in world.feeds.rows('assessment'):
        rows[row['employee_id'], row['competency_id']].append(row)
    levels = {person: {c: level(rules, rows[person, c], world.as_of) for c in rules.competencies if (person, c) in rows}
              for person in world.roster}
    models = {person: rules.model_of(row['position'], row['level']) for person, row in world.roster.items()}
    world.kept['competency'] = (rules, levels, models)
    for person in world.roster:
        values, model = world.values[person], models[person]
        found = None if model is None else fit(model, levels[person])
        needs = {} if model is None else {need.competency: need for need in model.needs}
        values[f'{name}.model'] = NO_MODEL if model is None else model.id
        for part in Fit._fields:
            value = None if found is None else getattr(found, part)
            values[f'{name}.{part}'] = NO_MODEL if found is None else NOT_ASSESSED if value is None else \
                half_away(value, HUNDREDTH)
        none = NO_MODEL if model is None else NOT_REQUIRED
        for competency in rules.competencies:
            have, need = levels[person].get(competency), needs.get(competency)
            gap = none if need is None else NOT_ASSESSED if have is None else max(F(0), need.level - have)
            values[f'{name}.{competency}.level'] = NOT_ASSESSED if have is None else have
            values[f'{name}.{competency}.required'] = none if need is None else need.level
            values[f'{name}.{competency}.gap'] = gap
            values[f'{name}.{competency}.priority'] = gap if isinstance(gap, Why) else gap * need.weight
        gaps = [(-values[f'{name}.{c}.priority'], c) for c in rules.competencies
                if not isinstance(values[f'{name}.{c}.priority'], Why) and values[f'{name}.{c}.priority'] > 0]
        values[f'{name}.first'] = NO_MODEL if model is None else min(gaps)[1] if gaps else None
    register(world, rules, levels)


def register(world, rules, levels):
    """match("P3") and the like: at the model of that level or position; not evaluated below the rule's coverage."""
    def asked(part, least):
        def answer(person, wanted):
            model = next((m for m in rules.models if m.position == wanted or m.level == wanted), None)
            if model is None:
                return None
            found = fit(model, levels[person])
            value = getattr(found, part)
            return None if found.coverage < least else value
        return answer
    least = 100 * rules.coverage
    world.functions.update({'match': asked('match', least), 'coverage': asked('coverage', F(0)),
                            'gaps': asked('gaps', least), 'must gaps': asked('must', least)})
