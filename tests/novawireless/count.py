#!/usr/bin/env python3
"""Counts NovaWireless without the program, from the CSV and the numbers written in rules/, and compares the workbooks.

count.py CSV OUTPUTS: CSV is the export, OUTPUTS the published folder. Prints what was compared; the first difference ends it.
"""
import csv
import glob
import sys
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import openpyxl

ITEMS = [  # column of the export, factor, zero, full, weight
    ('qa_score', 100, 45, 80, '0.35'),
    ('fcr_30d', 100, 55, 85, '0.25'),
    ('csat_proxy', 100, 55, 85, '0.2'),
    ('aht_secs', 1, 620, 470, '0.1'),
    ('escalation_rate', 100, 20, 2, '0.1'),
]
BANDS = [(5, 80, 75), (4, 65, 65), (3, 50, 0), (2, 35, 0), (1, 0, 0)]  # star, from, floor of quality


def rounded(value, places):
    unit = Decimal(1).scaleb(-places)
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(unit, ROUND_HALF_UP)


def measured(row, column, factor=100, places=4):
    return Fraction(rounded(Fraction(row[column]) * factor, places))


def star(row):
    total = Fraction(0)
    for column, factor, zero, full, weight in ITEMS:
        share = (measured(row, column, factor) - zero) / (full - zero)
        total += 100 * min(max(share, Fraction(0)), Fraction(1)) * Fraction(weight)
    composite = rounded(total, 2)
    quality = measured(row, 'qa_score')
    return composite, next(s for s, start, floor in BANDS if composite >= start and quality >= floor)


def band(value, cuts):
    return 1 + sum(value >= cut for cut in cuts)


def box(row):
    performance = band(measured(row, 'productivity_index'), (60, 70))
    potential = band((measured(row, 'ownership_bias') + measured(row, 'technical_skill')) / 2, (45, 60))
    return 3 * (potential - 1) + performance


def hired(row):
    months = 2026 * 12 + 2 - int(row['tenure_months'])
    year, month = divmod(months, 12)
    last = [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
    return '%04d-%02d-%02d' % (year, month + 1, last)


def skills(row):
    levels = {}
    for tag in row['strengths'].split('|'):
        levels[tag] = 4 if tag == row['primary_skill_tag'] else 3 if tag == row['secondary_skill_tag'] else 2
    return levels


def sheet(pattern, name):
    """Rows of a sheet by employee number, each a dictionary by heading."""
    book = openpyxl.load_workbook(glob.glob(pattern)[0], read_only=True)
    rows = book[name].iter_rows(values_only=True)
    head = next(row for row in rows if row[0] == '工号')
    return {row[0]: dict(zip(head, row)) for row in rows if row[0] and str(row[0]).startswith('REP')}


def same(what, found, expected):
    if found != expected:
        sys.exit('%s: found %r, expected %r' % (what, found, expected))


def main():
    rows = {row['rep_id']: row for row in csv.DictReader(open(sys.argv[1], encoding='utf-8', newline=''))}
    people = sheet(sys.argv[2] + '/HR*.xlsx', '人员')
    items = sheet(sys.argv[2] + '/HR*.xlsx', '评分项')
    boxes = sheet(sys.argv[2] + '/九宫格*.xlsx', '九宫格')
    for name, found in (('people', people), ('items', items), ('boxes', boxes)):
        same(name, sorted(found), sorted(rows))
    titles = {'billing_resolution': '账单处理', 'device_support': '终端支持', 'fraud_unwanted_calls': '诈骗与骚扰电话',
        'network_service': '网络服务', 'general_support': '综合业务', 'porting_transfer': '携号转网', 'generalist': '多面手'}
    stars, cells, strengths = {}, {}, 0
    for number, row in rows.items():
        composite, graded = star(row)
        same(number + ' composite', Decimal(str(people[number]['综合得分'])).quantize(Decimal('0.01')), composite)
        same(number + ' star', people[number]['星级'], graded)
        same(number + ' hire date', str(people[number]['入职日期'])[:10], hired(row))
        cell = int(str(boxes[number]['九宫格']).split()[0])  # the number of the box, then its name
        same(number + ' box', cell, box(row))
        for tag, title in titles.items():
            heading = next(key for key in boxes[number] if key and title in key)
            same(number + ' ' + tag, boxes[number][heading], skills(row).get(tag, '–'))
        stars[graded] = stars.get(graded, 0) + 1
        cells[cell] = cells.get(cell, 0) + 1
        strengths += len(row['strengths'].split('|'))
    heading = next(key for key in next(iter(items.values())) if key and '质检得分' in key)
    mean = sum(Decimal(str(items[number][heading])) for number in rows) / len(rows)
    expected = sum(Decimal(row['qa_score']) * 100 for row in rows.values()) / len(rows)
    same('mean QA', mean, expected)
    print(len(rows), 'people,', strengths, 'strengths, mean QA', mean.normalize(), 'stars', sorted(stars.items()), 'boxes',
        sorted(cells.items()))


main()
