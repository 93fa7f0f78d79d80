#!/usr/bin/env python3
"""compare.py - what the program published against the independent model, person by person, to the last digit shown.

compare.py WORKSPACE PERIOD   Reads the review workbook of outputs/PERIOD, not the store: what people will read is compared.
"""
import glob
import os
import sys
from decimal import Decimal

import openpyxl

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model

PEOPLE = {'composite': '综合得分', 'star': '星级', 'rolling': '近 24 个月学分', 'period': '本期学分', 'lifetime': '累计学分', 'valid': '有效学分'}
CATEGORIES = {'business': '业务能力', 'procedure': '操作规范', 'data': '数据分析', 'quality': '质量管理', 'operations': '运营管理', 'knowledge': '知识管理'}
CREDITS = {**CATEGORIES, **{name + '.shortfall': title + '：缺口' for name, title in CATEGORIES.items()}}


def table(book, sheet, columns):
    """Rows of a list sheet by employee id: {id: {key: value}}."""
    at, rows = None, {}
    for row in book[sheet].iter_rows(values_only=True):
        if at is None:
            if row[0] == '工号':
                at = {key: row.index(title) for key, title in columns.items()}
        elif row[0] is not None and row[0] not in rows:
            rows[row[0]] = {key: row[column] for key, column in at.items()}
    return rows


def same(ours, theirs):
    """A text where a number might stand is the reason why there is none."""
    if isinstance(ours, str):
        ours = None
    if ours is None or theirs is None:
        return ours == theirs
    return Decimal(str(ours)) == Decimal(theirs if isinstance(theirs, str) else str(theirs))


def main(workspace, period):
    path, = glob.glob(os.path.join(workspace, 'outputs', period, 'r1', '*.xlsx'))
    book = openpyxl.load_workbook(path, read_only=True)
    people, credits = table(book, '人员', PEOPLE), table(book, '学分', CREDITS)
    wrong, compared, seen = [], 0, set()
    for person in model.grade(workspace, period):
        seen.add(person['id'])
        ours = {**people.get(person['id'], {}), **credits.get(person['id'], {})}
        for key in list(PEOPLE) + list(CREDITS):
            compared += 1
            if key not in ours or not same(ours[key], person[key]):
                wrong.append('%s %s: published %s, model %s' % (person['id'], key, ours.get(key, 'nothing'), person[key]))
    left = {number for number in people if number not in seen}
    for number in sorted(left & set(credits))[:5]:
        wrong.append('%s is published and unknown to the model' % number)
    print('\n'.join(wrong[:10]))
    print('%d people, %d values, %d differ' % (len(seen), compared, len(wrong)))
    return 1 if wrong or not seen else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
