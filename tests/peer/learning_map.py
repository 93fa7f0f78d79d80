"""learning_map.py - learning maps of job families: which map people follow and what they hold of it."""
from fractions import Fraction as F

from common import Why
from credits import held
from rulefile import rule, yes

STAGES = ['junior', 'middle', 'senior']


class Map:
    def __init__(self, element, courses):
        self.family, self.positions = element.get('family'), element.get('positions').split()
        self.rows = [{'family': self.family, 'topic': f'{self.family}.{topic.get("id")}', 'stage': stage, 'course': course}
                     for topic in element.findall('topic') for stage in STAGES
                     for course in topic.get(stage, '').split() if course in courses]
        self.courses = {row['course'] for row in self.rows}


def evaluate(world):
    element = rule(world.folder, 'learning-map')
    if element is None:
        return
    plans = rule(world.folder, 'idp')
    exempt = plans is not None and yes(plans, 'exempt')
    name, maps = element.get('id'), [Map(part, world.courses) for part in element.findall('map')]
    for person, row in world.roster.items():
        # the position goes before the level
        found = next((one for key in ('position', 'level') for one in maps if row[key] in one.positions), None)
        if person not in world.people:
            told = [world.not_here(person)] * 3
        elif found is None:
            told = [Why('no-value')] * 3
        else:
            told = [found.family, F(len(found.courses)),
                    F(sum(held(world, course, person, exempt) for course in found.courses))]
        for column, value in zip(('family', 'courses', 'held'), told):
            world.values[person][f'{name}.{column}'] = value
    world.tables['map'] = [row for one in maps for row in one.rows]
