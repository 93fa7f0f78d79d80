#!/usr/bin/env python3
"""Counts the roster without the program, from the CSV and the numbers written in rules/, and compares the workbook.

count.py CSV OUTPUTS: CSV is the roster, OUTPUTS the published folder. Prints what was compared; the first difference ends it.
"""
import csv
import glob
import sys
from decimal import ROUND_HALF_UP, Decimal

import openpyxl

AS_OF = '2020-12-31'


def same(what, found, expected):
    if found != expected:
        sys.exit('%s: found %r, expected %r' % (what, found, expected))


def months(day):
    """Full months up to the as-of date, which is the 31st: no day of a month lies after it."""
    return (2020 - int(day[:4])) * 12 + 12 - int(day[5:7])


def star(served):
    if served < 3:
        return None, None
    composite = (Decimal(100) * min(served, 90) / 90).quantize(Decimal('0.01'), ROUND_HALF_UP)
    return composite, 1 + min(4, int(composite // 20))


def main():
    rows = {row['员工ID']: row for row in csv.DictReader(open(sys.argv[1], encoding='utf-8', newline=''))}
    active = {number: row for number, row in rows.items()
        if row['员工入职时间'] <= AS_OF and (not row['员工离职时间'] or row['员工离职时间'] >= AS_OF)}
    phones = {row['员工电话'] for row in rows.values()} - {''}
    book = openpyxl.load_workbook(glob.glob(sys.argv[2] + '/HR*.xlsx')[0], read_only=True)
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            same('telephone numbers', phones.intersection(map(str, row)), set())
    lines = book['人员'].iter_rows(values_only=True)
    head = next(row for row in lines if row[0] == '工号')
    people = {row[0]: dict(zip(head, row)) for row in lines if row[0] in rows}
    same('people', sorted(people), sorted(active))
    stars = {}
    for number, row in active.items():
        served = months(row['员工入职时间'])
        composite, graded = star(served)
        found = people[number]
        same(number + ' unit', (found['姓名'], found['部门'], found['岗位']), (row['员工姓名'], row['员工部门'], row['员工职位']))
        same(number + ' hire date', str(found['入职日期'])[:10], row['员工入职时间'])
        same(number + ' months', found['司龄（月）'], served)
        same(number + ' star', found['星级'] if isinstance(found['星级'], int) else None, graded)
        if graded is not None:
            same(number + ' composite', Decimal(str(found['综合得分'])).quantize(Decimal('0.01')), composite)
        stars[graded or 0] = stars.get(graded or 0, 0) + 1
    print(len(rows), 'rows,', len(active), 'active,', len(rows) - len(active), 'left, stars', sorted(stars.items()))


main()
