"""startime.py - the star of a period and stars over time: composite, bands, hold, movement, quotas, decisions."""
import collections
import re
from fractions import Fraction as F

from common import half_away, month_shift, months_of, period_number, share
from rulefile import rule


class Rules:
    def __init__(self, folder):
        star = rule(folder, 'star')
        self.items = [(item.get('id'), item.get('value'), F(item.get('zero')), F(item.get('full')), F(item.get('weight')))
                      for item in star.findall('item')]
        self.stars = sorted(((int(band.get('star')), F(band.get('from')),
                              [(floor.get('item'), F(floor.get('from'))) for floor in band.findall('floor')])
                             for band in star.findall('band')), reverse=True)
        self.hold = {int(band.get('star')): int(band.get('hold', '1')) for band in star.findall('band')}
        self.fall = int(star.get('fall', '1'))
        self.up, self.down = int(star.get('up', '0')), int(star.get('down', '0'))
        absent = re.fullmatch(r'status = "(.*)"', star.get('absent', ''))
        self.absent = absent.group(1) if absent else None
        self.quotas = {int(quota.get('star')): (share(quota.get('share')), quota.get('advisory', 'no') != 'yes')
                       for quota in star.findall('quota')}
        self.ties = [(re.fullmatch(r'performance\("(.*)"\)', tie.get('value')).group(1), tie.get('order') == 'ascending')
                     for tie in star.findall('tie')]
        self.quota_minimum = int(star.get('quota-minimum', '1'))
        self.tenure = months_of(star.get('minimum-tenure'))
        self.present = F(star.get('minimum-present'))


def measures(world):
    """{(person, kind): value} of this period; the newest period of it, if there are several."""
    found = {}
    for row in sorted(world.feeds.rows('performance'), key=lambda row: row['period']):
        if row['period'] >= world.first:
            found[row['employee_id'], row['kind']] = row['value']
    return found


def decisions(world):
    """The newest decision in force of each person."""
    found = {}
    for row in sorted(world.feeds.rows('decision'), key=lambda row: row['decided_on']):
        if row['field'] == 'star' and (row['expires_on'] is None or row['expires_on'] >= world.as_of):
            found[row['employee_id']] = int(row['value'])
    return found


def composite_and_band(world, rules, person):
    row = world.people[person]
    if rules.absent is not None and row['status'] == rules.absent:
        return None, None
    if month_shift(row['hire_date'], rules.tenure) > world.as_of:
        return None, None
    total, weights, raw = F(0), F(0), {}
    for identifier, value, zero, full, weight in rules.items:
        x = raw[identifier] = world.evaluate(value, person)
        if x is not None:
            total += weight * 100 * max(F(0), min(F(1), (x - zero) / (full - zero)))
            weights += weight
    if weights < rules.present:
        return None, None
    composite = half_away(total / weights, F(1, 100))
    for star, least, floors in rules.stars:
        if composite >= least and all(raw[item] is not None and raw[item] >= bound for item, bound in floors):
            return composite, star
    return composite, None


class Past:
    """What was published, and the grade history where nothing was: effective star and r of each period."""
    MOST = 64

    def __init__(self, world):
        self.published = {past.number: past for past in world.past}
        self.history = {(row['employee_id'], row['period']): int(row['value'])
                        for row in world.feeds.rows('grade_history') if row['field'] == 'star'}
        self.history = {(person, period_number(f'{day.year}Q{(day.month + 2) // 3}')): star
                        for (person, day), star in self.history.items()}

    def look(self, person, number):
        if number in self.published:
            values = self.published[number].values.get(person, {})
            return values.get('star'), values.get('star.reached')
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
    ladder = sorted(star for star, _, _ in rules.stars)
    held = previous
    rises = [star for star in ladder if star > previous
             and all(x is not None and x >= star for x in run(rules.hold[star]))]
    if rises:
        held = max(rises)
    elif r < previous and all(x is not None and x < previous for x in run(rules.fall)):
        held = max(run(rules.fall))
    step, at = ladder.index(held), ladder.index(previous)
    if rules.up:
        step = min(step, at + rules.up)
    if rules.down:
        step = max(step, at - rules.down)
    return ladder[step]


def seats_of(people, quotas):
    """Largest remainder; what is left over by the shares takes part as the lowest."""
    shares = [(star, part) for star, (part, _) in sorted(quotas.items(), reverse=True)]
    shares.append((None, 1 - sum(part for _, part in shares)))
    seats = {star: int(people * part) for star, part in shares}
    order = sorted(range(len(shares)), key=lambda i: (-(people * shares[i][1] - seats[shares[i][0]]), i))
    for i in order[:people - sum(seats.values())]:
        seats[shares[i][0]] += 1
    return seats


def seat(world, rules):
    """Binding quotas: seats are caps, filled from the top; those left out compete one star lower."""
    units = collections.defaultdict(list)
    for person in world.people:
        values = world.values[person]
        values['star.computed'] = values['star.held']
        if values['star.held'] is not None:
            units[world.people[person]['org_unit']].append(person)
    measured = world.kept['measures']

    def merit(person):
        keys = []
        for kind, ascending in rules.ties:
            value = measured.get((person, kind))
            keys.append((value is None, 0 if value is None else value if ascending else -value))
        return -world.values[person]['star.composite'], keys

    for people in units.values():
        if len(people) < rules.quota_minimum:
            continue
        seats = seats_of(len(people), rules.quotas)
        ladder = sorted((star for star, _, _ in rules.stars), reverse=True)
        for star, lower in zip(ladder, ladder[1:]):
            if not rules.quotas.get(star, (0, False))[1]:
                continue
            rivals = sorted((p for p in people if world.values[p]['star.computed'] == star), key=merit)
            cut = seats[star]
            while 0 < cut < len(rivals) and merit(rivals[cut]) == merit(rivals[cut - 1]):
                cut += 1
            for person in rivals[cut:]:
                world.values[person]['star.computed'] = lower


def star_periods(world, past, person, star):
    """Periods in a row up to this one with at least that star; without a star now nobody can tell."""
    if world.values[person]['star'] is None:
        return None
    run, now = 0, world.values[person]['star']
    while now is not None and now >= star and run < past.MOST:
        run += 1
        now, _ = past.look(person, world.number - run)
    return F(run)


def evaluate(world):
    rules, past = Rules(world.folder), Past(world)
    measured = world.kept['measures'] = measures(world)
    world.functions['performance'] = lambda person, kind: measured.get((person, kind))
    for person in world.people:
        values = world.values[person]
        composite, r = composite_and_band(world, rules, person)
        values['star.composite'], values['star.reached'] = composite, r
        values['star.held'] = None if r is None else held_star(rules, past, person, world.number, r)
        values['star.previous'] = past.previous(person, world.number)
    seat(world, rules)
    decided = decisions(world)
    for person in world.people:
        world.values[person]['star'] = decided.get(person, world.values[person]['star.computed'])
    world.functions['star periods'] = lambda person, star: star_periods(world, past, person, star)
