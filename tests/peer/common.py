"""common.py - exact numbers, days and periods of the independent model, and reading a table of text."""
import calendar
import csv
import datetime
import decimal
import io
import re
from fractions import Fraction as F

D = decimal.Decimal
ONE_DAY = datetime.timedelta(days=1)


class Why(str):
    """There is no value, for this reason (the id of a reason as the program gives it)."""


def month_shift(day, months):
    """The same day so many months on, clamped to the month's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_of(duration):
    """Months of a duration such as P24M or P2Y; None for none."""
    match = re.fullmatch(r'P(?:(\d+)Y)?(?:(\d+)M)?', duration or '')
    return int(match.group(1) or 0) * 12 + int(match.group(2) or 0) if match and duration != 'P' else None


def period_bounds(name):
    year, quarter = int(name[:4]), int(name[5])
    first = datetime.date(year, quarter * 3 - 2, 1)
    return first, month_shift(first, 3) - ONE_DAY


def period_number(name):
    return int(name[:4]) * 4 + int(name[5]) - 1


def period_end(number):
    """The last day of the period of this number."""
    return month_shift(datetime.date(number // 4, number % 4 * 3 + 1, 1), 3) - ONE_DAY


def half_away(value, step):
    """Rounds a fraction to a multiple of step, half away from zero."""
    scaled = abs(value) / step
    whole = scaled.numerator // scaled.denominator
    if scaled - whole >= F(1, 2):
        whole += 1
    return (whole if value >= 0 else -whole) * step


CONTEXT = decimal.Context(prec=34, rounding=decimal.ROUND_HALF_EVEN)


def quotient(a, b):
    """Division as the definitions want it: 34 digits, half-even."""
    exact = F(a) / F(b)
    return F(CONTEXT.divide(D(exact.numerator), D(exact.denominator)))


def rounded(x):
    """An exact result as decimal128 keeps it: 34 digits, half-even."""
    return F(CONTEXT.divide(D(x.numerator), D(x.denominator))) if x.denominator > 10 ** 15 else x


def decimal_text(value):
    """A number as the program prints it: no more digits than needed."""
    if value is None:
        return None
    text = f'{(D(value.numerator) / D(value.denominator)).normalize():f}'
    return '0' if text == '-0' else text


def share(text):
    return F(text[:-1]) / 100 if text.endswith('%') else F(text)


def number(text):
    text = text.strip().rstrip('%')
    return F(text) if text else None


def date_of(text):
    match = re.fullmatch(r'(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日)', text.strip())
    try:
        return datetime.date(*(int(part) for part in match.groups() if part)) if match else None
    except ValueError:
        return None


def read_table(path):
    """(line, {head: cell}) of a CSV as exports are: UTF-8 or GB18030, perhaps a title row above the heads."""
    with open(path, 'rb') as file:
        data = file.read()
    try:
        text = data.decode('utf-8-sig')
    except UnicodeDecodeError:
        text = data.decode('gb18030')
    rows = list(csv.reader(io.StringIO(text, newline='')))
    head = next(i for i, row in enumerate(rows) if sum(1 for cell in row if cell) > 1)
    return [(head + 2 + i, dict(zip(rows[head], row))) for i, row in enumerate(rows[head + 1:]) if any(row)]
