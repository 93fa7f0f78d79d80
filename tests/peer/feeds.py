"""feeds.py - the exports of a workspace as rows of feeds, read by inputs.xml and its mappings, as known at a day.

Understood of mappings: columns with aliases, value maps, min and max, missing, skip, unpivot; lets that are texts, fields
that are expressions over them. What is not understood is
refused, never ignored.
"""
import collections
import datetime
import glob
import os
import re
import xml.etree.ElementTree as ET

import feel
from common import date_of, number, period_bounds, read_table

NS = '{urn:pandian:inputs:1}'

# Natural key, required fields, dates, numbers, the day of the fact; `pandian list feeds` says the same.
Feed = collections.namedtuple('Feed', 'key required dates numbers day')


def feed(key, required, dates='', numbers='', day=None):
    return Feed(key.split(), required.split(), dates.split(), numbers.split(), day)


FEEDS = {
    'org_unit': feed('org_id', 'org_id name'),
    'position': feed('position_id', 'position_id title', numbers='headcount'),
    'course': feed('course_id', 'course_id title category credits',
                   numbers='credits hours from_level to_level valid_months pass_score'),
    'employee': feed('employee_id', 'employee_id name hire_date org_unit position', 'hire_date leave_date birth_date'),
    'position_history': feed('employee_id from_date change_kind', 'employee_id from_date', 'from_date to_date',
                             day='from_date'),
    'completion': feed('employee_id course_id attempt completed_on phase', 'employee_id course_id',
                       'enrolled_on completed_on', 'attempt score hours credits', day='completed_on'),
    'assessment': feed('employee_id competency_id kind assessor_id assessed_on', 'employee_id competency_id assessed_on',
                       'assessed_on', 'level score', day='assessed_on'),
    'performance': feed('employee_id period kind', 'employee_id period kind value', 'period', 'value', day='period'),
    'honour': feed('employee_id title awarded_on', 'employee_id title awarded_on', 'awarded_on', day='awarded_on'),
    'role': feed('employee_id role from_date', 'employee_id role from_date', 'from_date to_date', 'hours',
                 day='from_date'),
    'certificate': feed('employee_id title issued_on', 'employee_id title issued_on', 'issued_on expires_on', 'credits',
                        day='issued_on'),
    'discipline': feed('employee_id kind from_date', 'employee_id kind from_date', 'from_date to_date', day='from_date'),
    'vacancy': feed('vacancy_id', 'vacancy_id position opened_on', 'opened_on', 'headcount', day='opened_on'),
    'decision': feed('employee_id field decided_on', 'employee_id field value reason decided_by decided_on',
                     'decided_on expires_on', day='decided_on'),
    'grade_history': feed('employee_id period field', 'employee_id period field value', 'period', day='period'),
    'idp': feed('employee_id item', 'employee_id item', 'due_on'),
    'training_plan': feed('plan_id', 'plan_id course_id', 'planned_on', 'planned_sessions planned_heads planned_hours '
                          'budget done_sessions done_heads done_hours spent'),
}
# Digits after the point that a number may have; what has more does not fit.
SCALES = {'attempt': 0, 'headcount': 0, 'from_level': 0, 'to_level': 0, 'valid_months': 0, 'value': 4,
          'planned_sessions': 0, 'planned_heads': 0, 'done_sessions': 0, 'done_heads': 0}
BOOLS = {'key_position'}


class Row(dict):
    """A row of a feed: values by field, absent ones are None; where it came from."""
    def __init__(self, values, source, line):
        super().__init__(values)
        self.source, self.line = source, line

    def __missing__(self, key):
        return None


class Field:
    def __init__(self, element, feed_name):
        known = {'name', 'column', 'min', 'max', 'type', 'value', 'required'}
        if set(element.attrib) - known or (element.get('value') is None) == (element.get('column') is None) or any(child.tag != NS + 'value' for child in element):
            raise NotImplementedError(f'mapping of {feed_name}: {ET.tostring(element)}')
        self.name = element.get('name')
        self.columns = [column.strip() for column in element.get('column', '').split('|')]
        self.text = element.get('value')
        self.values = {value.get('from'): value.get('to') for value in element.findall(NS + 'value')}
        self.least, self.most = (number(element.get(name, '')) for name in ('min', 'max'))


class Lets:
    """What a mapping's expressions see of a row."""
    def __init__(self, values):
        self.values = values

    def name(self, name):
        return self.values[name]


class Mapping:
    def __init__(self, path, feed_name):
        root = ET.parse(path).getroot()
        if set(root.attrib) - {'skip', 'missing'}:
            raise NotImplementedError(f'{path}: {root.attrib}')
        self.skip = [text.strip() for text in root.get('skip', '').split('|') if text.strip()]
        self.missing = [text.strip() for text in root.get('missing', '').split('|') if text.strip()]
        self.feed, self.unpivot = FEEDS[feed_name], None
        unpivot = root.find(NS + 'unpivot')
        if unpivot is not None:
            self.unpivot = (unpivot.get('name'), unpivot.get('value'),
                            [([name.strip() for name in column.get('from').split('|')], column.get('to'))
                             for column in unpivot.findall(NS + 'column')])
        if any(child.tag not in (NS + 'field', NS + 'let', NS + 'unpivot') for child in root):
            raise NotImplementedError(path)
        self.lets = [Field(element, feed_name) for element in root.findall(NS + 'let')]
        self.fields = [Field(element, feed_name) for element in root.findall(NS + 'field')]
        names = {field.name for field in self.lets}
        self.compiled = {field: feel.compiled(field.text, names) for field in self.fields if field.text is not None}
        if any(field.text is not None for field in self.lets):
            raise NotImplementedError(path)

    def lines(self, path):
        for line, cells in read_table(path):
            if any(cell.strip() in self.skip for cell in cells.values() if cell):
                continue
            if self.unpivot is None:
                yield line, cells
                continue
            name, value, columns = self.unpivot
            for aliases, kind in columns:
                cell = next((cells[alias] for alias in aliases if cells.get(alias)), '')
                if cell.strip():
                    yield line, {**cells, name: kind, value: cell}

    def text(self, field, cells, lets):
        if field.text is not None:
            return self.compiled[field](lets) or ''
        text = next((cells[column] for column in field.columns if column in cells), '').strip()
        return '' if text in self.missing else field.values.get(text, text)

    def row(self, cells):
        """The values of a row; None if it does not fit."""
        values, lets = {}, Lets({field.name: self.text(field, cells, None) or None for field in self.lets})
        for field in self.fields:
            value = text = self.text(field, cells, lets)
            if text == '':
                continue
            if field.name in self.feed.dates:
                value = period_bounds(text)[1] if re.fullmatch(r'\d{4}Q\d', text) else date_of(text)
                if value is None:
                    return None
            elif field.name in self.feed.numbers:
                try:
                    value = number(text)
                except ValueError:
                    return None
                if value * 10 ** SCALES.get(field.name, 2) % 1 != 0:
                    return None
                if (field.least is not None and value < field.least) or (field.most is not None and value > field.most):
                    return None
            elif field.name in BOOLS:
                value = text in ('是', 'yes', 'true', '1', 'Y')
            values[field.name] = value
        return None if any(name not in values for name in self.feed.required) else values


def snapshot_of(path, pattern):
    """The day a file speaks of: {date} in its pattern; None where it says nothing."""
    if '{date}' not in pattern:
        return None
    before, after = (re.escape(part).replace(r'\*', '.*') for part in pattern.split('{date}'))
    text = re.search(before + '(.*)' + after + '$', path).group(1)
    return period_bounds(text)[1] if re.fullmatch(r'\d{4}Q\d', text) else date_of(text)


READ = {}


def read(mapping, feed_name, path):
    """(line, values) of a file's rows that fit its mapping; the same for every day on which it is seen."""
    if (mapping, path) not in READ:
        reader = Mapping(mapping, feed_name)
        rows = ((line, reader.row(cells)) for line, cells in reader.lines(path))
        READ[mapping, path] = [(line, values) for line, values in rows if values is not None]
    return READ[mapping, path]


class Feeds:
    def __init__(self, folder, as_of):
        self.folder, self.as_of = folder, as_of
        self.sources = collections.defaultdict(list)
        for source in ET.parse(os.path.join(folder, 'inputs/inputs.xml')).getroot().findall(NS + 'source'):
            self.sources[source.get('feed')].append(source)
        self.cache = {}
        self.people = {row['employee_id'] for row in self.rows('employee')}
        self.courses = {row['course_id'] for row in self.rows('course')}

    def given(self, feed_name):
        """Whether anybody gave this feed at all (a file that may be seen)."""
        return any(self.files(source) for source in self.sources[feed_name])

    def files(self, source):
        """(snapshot, path) of the files of a source that may be seen, oldest first; of a full one the latest."""
        pattern = source.get('files')
        found = []
        for path in sorted(glob.glob(os.path.join(self.folder, 'inputs', pattern.replace('{date}', '*')))):
            snapshot = snapshot_of(path, pattern)
            if snapshot is None or snapshot <= self.as_of:
                found.append((snapshot or datetime.date.min, path))
        found.sort()
        return found[-1:] if source.get('load') == 'full' else found

    def rows(self, feed_name):
        """All rows seen: of a key the newest file's, within a file the first; nothing of the future, nobody unknown."""
        if feed_name in self.cache:
            return self.cache[feed_name]
        kind, found = FEEDS[feed_name], {}
        for source in self.sources[feed_name]:
            mapping = os.path.join(self.folder, 'inputs', source.get('mapping'))
            for _, path in self.files(source):
                here = {}
                for line, values in read(mapping, feed_name, path):
                    if not self.fits(feed_name, values):
                        continue
                    key = tuple(values.get(name) for name in kind.key)
                    here.setdefault(key, Row(values, path, line))
                for key, row in here.items():
                    found.pop(key, None)
                    found[key] = row
        self.cache[feed_name] = list(found.values())
        return self.cache[feed_name]

    def fits(self, feed_name, values):
        kind = FEEDS[feed_name]
        if feed_name == 'completion':
            day = values.get('completed_on') or values.get('enrolled_on')
            if day is None or values['course_id'] not in self.courses:
                return False
        else:
            day = values.get(kind.day) if kind.day else None
        if feed_name != 'employee' and 'employee_id' in kind.required and values['employee_id'] not in self.people:
            return False
        return day is None or day <= self.as_of

    def by_person(self, feed_name):
        """{employee: [row]}"""
        name = 'by ' + feed_name
        if name not in self.cache:
            self.cache[name] = collections.defaultdict(list)
            for row in self.rows(feed_name):
                self.cache[name][row['employee_id']].append(row)
        return self.cache[name]
