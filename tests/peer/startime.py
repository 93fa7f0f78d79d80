"""startime.py - the star of a period and stars over time: composite, bands, hold, movement, quotas, decisions."""
import collections
from fractions import Fraction as F

from common import Why, half_away, month_shift, months_of, period_number, quotient, rounded, share
from rulefile import rule, yes

Item = collections.namedtuple('Item', 'id value zero full weight missing title')
Band = collections.namedtuple('Band', 'star least coefficient hold floors')
HUNDREDTH = F(1, 100)
NEWCOMER, ABSENT, TOO_LITTLE, MISSING = (Why(why) for why in (
    'newcomer', 'long-absence', 'too-little-data', 'item-missing'))
NO_VALUE, NO_PREVIOUS, BELOW_BANDS = Why('no-value'), Why('no-previous'), Why('below-bands')


class Rules:
    def __init__(self, folder):
        self.star = star = rule(folder, 'star')
        fraction = lambda text: None if text is None else F(text)
        self.items = [Item(item.get('id'), item.get('value'), fraction(item.get('zero')), fraction(item.get('full')),
                           share(item.get('weight')), item.get('missing') or star.get('missing', 'renormalise'),
                           item.find('title').text) for item in star.findall('item')]
        self.bands = [Band(F(band.get('star')), F(band.get('from')), fraction(band.get('coefficient')),
                           int(band.get('hold', '1')),
                           [(floor.get('item'), F(floor.get('from'))) for floor in band.findall('floor')])
                      for band in star.findall('band')]
        self.bands.sort(key=lambda band: band.star, reverse=True)
        self.ladder = [band.star for band in reversed(self.bands)]
        self.fall = int(star.get('fall', '1'))
        self.up, self.down = int(star.get('up', '0')), int(star.get('down', '0'))
        self.absent, self.scope = star.get('absent'), star.get('scope', 'org_unit')
        self.quotas = {F(quota.get('star')): (share(quota.get('share')), not yes(quota, 'advisory'))
                       for quota in star.findall('quota')}
        self.ties = [(tie.get('value'), tie.get('order') == 'ascending') for tie in star.findall('tie')]
        self.quota_minimum = int(star.get('quota-minimum', '1'))
        self.tenure = months_of(star.get('minimum-tenure')) or 0
        self.present = share(star.get('minimum-present', '0.6'))


def measures(world):
    """{(person, kind): value} of this period; the newest period of it, if there are several."""
    found = {}
    for row in sorted(world.feeds.rows('performance'), key=lambda row: row['period']):
        if row['period'] >= world.first:
            found[row['employee_id'], row['kind']] = row['value']
    return found


def in_force(world, row):
    return row['expires_on'] is None or row['expires_on'] >= world.as_of


def scored(item, x):
    """0 to 100; a missing value counts as 0 where its policy says so, else None."""
    if x is None:
        return F(0) if item.missing == 'zero' else None
    if item.zero is None:
        return x if 0 <= x <= 100 else F(0) if item.missing == 'zero' else None
    return quotient(rounded(100 * max(F(0), min(F(1), quotient(x - item.zero, item.full - item.zero)))), F(1))


def not_graded(world, rules, person, scores, present):
    """Why the rule does not grade this person; None where it does."""
    if person not in world.people:
        return world.not_here(person)
    if rules.absent is not None and world.evaluate(rules.absent, person) is True:
        return ABSENT
    if month_shift(world.roster[person]['hire_date'], rules.tenure) > world.as_of:
        return NEWCOMER
    if any(scores[item.id] is None and item.missing == 'not-graded' for item in rules.items):
        return MISSING
    return TOO_LITTLE if present < rules.present else None


def holds(rules, raw, floor):
    """Floors look at the raw value; a missing one does not hold. At most, where less is better."""
    name, bound = floor
    item, x = next(item for item in rules.items if item.id == name), raw[name]
    falling = item.zero is not None and item.full < item.zero
    return x is not None and (x <= bound if falling else x >= bound)


def grade(world, rules, person):
    """Composite, band and the star after floors, each a value or why there is none."""
    values, name = world.values[person], rules.star.get('id')
    raw = {item.id: world.evaluate(item.value, person) for item in rules.items}
    scores = {item.id: scored(item, raw[item.id]) for item in rules.items}
    present = sum((item.weight for item in rules.items if scores[item.id] is not None), F(0))
    counted = [item for item in rules.items if scores[item.id] is not None]
    whole = sum((item.weight for item in counted), F(0))
    for item in rules.items:
        score, x = scores[item.id], raw[item.id]
        values[f'{name}.{item.id}.value'] = NO_VALUE if x is None else x
        values[f'{name}.{item.id}.score'] = NO_VALUE if score is None else half_away(score, F(1, 10000))
        values[f'{name}.{item.id}.weight'] = \
            half_away(quotient(item.weight, whole), F(1, 10000)) if item in counted else F(0)
    values[name + '.present'], values[name + '.floor'] = present, None
    why = not_graded(world, rules, person, scores, present)
    if why is not None:
        return why, why, why
    composite = half_away(quotient(rounded(sum((item.weight * scores[item.id] for item in counted), F(0))), whole),
                          HUNDREDTH)
    reached = [band for band in rules.bands if composite >= band.least]
    if not reached:
        return composite, BELOW_BANDS, BELOW_BANDS
    withheld = next((floor for floor in reached[0].floors if not holds(rules, raw, floor)), None)
    if withheld is not None:
        values[name + '.floor'] = next(item.title for item in rules.items if item.id == withheld[0])
    star = next((band.star for band in reached if all(holds(rules, raw, floor) for floor in band.floors)), BELOW_BANDS)
    return composite, reached[0].star, star


class Past:
    """What was published, and the grade history where nothing was: effective star and r of each period."""
    MOST = 64

    def __init__(self, world, field):
        self.field = field
        self.published = {past.number: past for past in world.past}
        self.history = {(row['employee_id'], row['period']): F(row['value'])
                        for row in world.feeds.rows('grade_history') if row['field'] == field}
        self.history = {(person, period_number(f'{day.year}Q{(day.month + 2) // 3}')): star
                        for (person, day), star in self.history.items()}

    def look(self, person, number):
        if number in self.published:
            values = self.published[number].values.get(person, {})
            found = (values.get(self.field), values.get(self.field + '.reached'))
            return tuple(None if isinstance(value, Why) else value for value in found)
        star = self.history.get((person, number))
        return star, star

    def previous(self, person, number):
        for back in range(1, self.MOST + 1):
            star, _ = self.look(person, number - back)
            if star is not None:
                return star
        return None


def held_star(rules, past, person, number, r):
    """Hold, then the movement limit."""
    previous = past.previous(person, number)
    if previous is None:
        return r
    run = lambda periods: [r] + [past.look(person, number - back)[1] for back in range(1, periods)]
    held = previous
    rises = [band.star for band in rules.bands if band.star > previous
             and all(x is not None and x >= band.star for x in run(band.hold))]
    if rises:
        held = max(rises)
    elif r < previous and all(x is not None and x < previous for x in run(rules.fall)):
        held = max(run(rules.fall))
    step, at = rules.ladder.index(held), rules.ladder.index(previous)
    if rules.up:
        step = min(step, at + rules.up)
    if rules.down:
        step = max(step, at - rules.down)
    return rules.ladder[step]


def seats_of(people, quotas):
    """Largest remainder; what is left over by the shares takes part as the lowest."""
    shares = [(star, part) for star, (part, _) in sorted(quotas.items(), reverse=True)]
    shares.append((None, 1 - sum(part for _, part in shares)))
    seats = {star: int(people * part) for star, part in shares}
    order = sorted(range(len(shares)), key=lambda i: (-(people * shares[i][1] - seats[shares[i][0]]), i))
    for i in order[:people - sum(seats.values())]:
        seats[shares[i][0]] += 1
    return seats


def known(value):
    return None if isinstance(value, Why) else value


def is_graded(value):
    return value is not None and not isinstance(value, Why)


def scope_of(world, rules, person):
    """The scope people are compared in; None for those who are in none."""
    return 'all' if rules.scope == 'all' else world.people[person][rules.scope]


def seat(world, rules):
    """Binding quotas: seats are caps, filled from the top; those left out compete one star lower."""
    name, units = rules.star.get('id'), collections.defaultdict(list)
    for person in world.people:
        values = world.values[person]
        values[name + '.computed'] = values[name + '.held']
        if is_graded(values[name + '.held']) and scope_of(world, rules, person) is not None:
            units[scope_of(world, rules, person)].append(person)

    def merit(person):
        keys = []
        for expression, ascending in rules.ties:
            value = world.evaluate(expression, person)
            keys.append((value is None, 0 if value is None else value if ascending else -value))
        return -world.values[person][name + '.composite'], keys

    for people in units.values():
        if len(people) < rules.quota_minimum:
            continue
        seats = seats_of(len(people), rules.quotas)
        for star, lower in zip(rules.ladder[:0:-1], rules.ladder[-2::-1]):
            if not rules.quotas.get(star, (0, False))[1]:
                continue
            rivals = sorted((p for p in people if world.values[p][name + '.computed'] == star), key=merit)
            cut = seats[star]
            while 0 < cut < len(rivals) and merit(rivals[cut]) == merit(rivals[cut - 1]):
                cut += 1
            for person in rivals[cut:]:
                world.values[person][name + '.computed'] = lower
    return units


def decide(world, rules):
    """The newest decision in force of each person, and the table of all there are."""
    name, table, stars = rules.star.get('id'), [], {str(band.star) for band in rules.bands}
    rows = sorted((row for row in world.feeds.rows('decision') if row['field'] == name),
                  key=lambda row: (row['employee_id'], row['decided_on']))
    for person in world.roster:
        values = world.values[person]
        values[name], values[name + '.decided'] = values[name + '.computed'], None
        mine = [row for row in rows if row['employee_id'] == person]
        current = [row for row in mine if in_force(world, row) and row['value'] in stars]
        if person in world.people and current:
            row = current[-1]
            values[name] = F(row['value'])
            values[name + '.decided'] = f"{row['value']} · {row['decided_by']} · {row['decided_on']} · {row['reason']}"
        for row in mine:
            state = ('expired' if not in_force(world, row) else 'invalid' if row['value'] not in stars else
                     'superseded' if row is not current[-1] else 'applied' if person in world.people else 'not-here')
            table.append({'employee': person, 'value': row['value'], 'reason': row['reason'], 'by': row['decided_by'],
                          'on': row['decided_on'], 'expires': row['expires_on'], 'state': state,
                          'computed': known(values[name + '.computed']), 'star': known(values[name])})
    coefficients = {band.star: band.coefficient for band in rules.bands}
    for values in (world.values[person] for person in world.roster):
        values[name + '.coefficient'] = values[name] if isinstance(values[name], Why) else coefficients[values[name]]
    world.tables[name + '.decision'] = table


def percent(part, whole, step=F(1, 10)):
    return half_away(quotient(F(100 * part), F(whole)), step) if whole else F(0)


def distribution(world, rules):
    """Effective stars of everybody and of each scope."""
    name, table = rules.star.get('id'), []
    graded = [person for person in world.people if is_graded(world.values[person][name])]
    scopes = {scope_of(world, rules, person) for person in graded} - {None, 'all'}
    for scope in [None] + sorted(scopes):
        here = [world.values[person][name] for person in graded if scope in (None, scope_of(world, rules, person))]
        for band in rules.bands:
            table.append({'scope': scope, 'star': band.star, 'count': F(here.count(band.star)),
                          'share': percent(here.count(band.star), len(here))})
    world.tables[name + '.distribution'] = table


def movement(world, rules):
    """From the previous star to the effective one; None where there is none."""
    name, moved = rules.star.get('id'), collections.Counter()
    for person in world.people:
        ends = tuple(value if is_graded(value) else None for value in (
            world.values[person][name + '.previous'], world.values[person][name]))
        moved[ends] += ends != (None, None)
    ends = [band.star for band in rules.bands] + [None]
    world.tables[name + '.movement'] = [
        {'from': a, 'to': b, 'count': F(moved[a, b])} for a in ends for b in ends if moved[a, b]]


def quotas(world, rules, units):
    """What was intended and what is, before decisions; scopes in which a decision alone gave a star have no seats."""
    name, table = rules.star.get('id'), []
    scopes = {scope_of(world, rules, person) for person in world.people if is_graded(world.values[person][name])}
    for scope in sorted(scopes - {None}):
        people = units.get(scope, [])
        seats = seats_of(len(people), rules.quotas)
        for star, (part, binding) in sorted(rules.quotas.items(), reverse=True):
            actual = sum(world.values[person][name + '.computed'] == star for person in people)
            table.append({'scope': None if scope == 'all' else scope, 'star': star, 'graded': F(len(people)),
                          'share': 100 * part, 'seats': F(seats[star]), 'actual': F(actual),
                          'deviation': F(actual - seats[star]),
                          'binding': binding and len(people) >= rules.quota_minimum})
    world.tables[name + '.quota'] = table


def star_periods(world, past, person, star):
    """Periods in a row up to this one with at least that star; without a star now nobody can tell."""
    now = world.values[person][past.field]
    if not is_graded(now):
        return None
    run = 0
    while now is not None and now >= star and run < past.MOST:
        run += 1
        now, _ = past.look(person, world.number - run)
    return F(run)


def evaluate(world):
    rules = Rules(world.folder)
    name = rules.star.get('id')
    past, measured = Past(world, name), measures(world)
    world.functions['performance'] = lambda person, kind: measured.get((person, kind))
    for person in world.roster:
        values, previous = world.values[person], past.previous(person, world.number)
        composite, band, r = grade(world, rules, person)
        values[name + '.composite'], values[name + '.band'], values[name + '.reached'] = composite, band, r
        values[name + '.held'] = held_star(rules, past, person, world.number, r) if is_graded(r) else r
        values[name + '.computed'] = values[name + '.held']
        values[name + '.previous'] = NO_PREVIOUS if previous is None else previous
    units = seat(world, rules)
    decide(world, rules)
    distribution(world, rules)
    movement(world, rules)
    quotas(world, rules, units)
    world.functions['star periods'] = lambda person, star: star_periods(world, past, person, star)
