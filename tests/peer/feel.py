"""feel.py - the part of FEEL that rules use: numbers, texts, booleans, comparisons, and/or/not, if, calls of named things.

evaluate(text, scope): scope.name(name) and scope.call(name, arguments) say what a name (which may have spaces in it)
means; scope.names holds all names there are. A number is a Fraction, missing is None, logic is three-valued.
"""
import re
from fractions import Fraction as F

from common import half_away, quotient

KEYWORDS = {'and', 'or', 'if', 'then', 'else', 'true', 'false', 'null', 'between', 'in'}
TOKEN = re.compile(r'\s*(?:(\d+(?:\.\d+)?)|"((?:[^"\\]|\\.)*)"|(<=|>=|!=|[-+*/()<>=,\[\]]|\*\*)|([^\W\d][\w.\-]*))')


def ceiling(x):
    return F(-((-x.numerator) // x.denominator))


def floor(x):
    return F(x.numerator // x.denominator)


BUILTIN = {
    'ceiling': ceiling, 'floor': floor, 'abs': abs,
    'min': lambda *x: min(x), 'max': lambda *x: max(x), 'sum': lambda *x: sum(x, F(0)),
    'round': lambda x, digits: half_away(x, F(1, 10 ** int(digits))),
    'round half up': lambda x, digits: half_away(x, F(1, 10 ** int(digits))),
}


class Parser:
    def __init__(self, text, scope):
        self.text, self.at, self.scope = text, 0, scope
        self.names = sorted(set(scope.names) | set(BUILTIN) | {'not'}, key=len, reverse=True)

    def peek(self):
        """(kind, value, end) of the next token; names are the longest that are known."""
        rest = self.text[self.at:]
        if not rest.strip():
            return 'end', None, len(self.text)
        start = self.at + len(rest) - len(rest.lstrip())
        for name in self.names:
            end = start + len(name)
            if self.text.startswith(name, start) and not re.match(r'[\w.]', self.text[end:end + 1]):
                return 'name', name, end
        match = TOKEN.match(self.text, self.at)
        if match is None:
            raise SyntaxError(f'{self.text!r} at {self.at}')
        digits, string, sign, word = match.groups()
        if digits is not None:
            return 'value', F(digits), match.end()
        if string is not None:
            return 'value', string.replace('\\"', '"'), match.end()
        if sign is not None:
            return 'sign', sign, match.end()
        if word not in KEYWORDS:
            raise SyntaxError(f'unknown name {word!r} in {self.text!r}')
        return 'word', word, match.end()

    def take(self, *wanted):
        kind, value, end = self.peek()
        if kind in ('sign', 'word') and value in wanted:
            self.at = end
            return value
        return None

    def must(self, wanted):
        if self.take(wanted) is None:
            raise SyntaxError(f'{wanted!r} expected in {self.text!r} at {self.at}')

    def expression(self):
        if self.take('if'):
            condition = self.expression()
            self.must('then')
            one = self.expression()
            self.must('else')
            other = self.expression()
            return one if condition is True else other
        return self.either()

    def either(self):
        value = self.both()
        while self.take('or'):
            other = self.both()
            value = True if value is True or other is True else False if value is False and other is False else None
        return value

    def both(self):
        value = self.comparison()
        while self.take('and'):
            other = self.comparison()
            value = False if value is False or other is False else True if value is True and other is True else None
        return value

    def comparison(self):
        value = self.additive()
        sign = self.take('=', '!=', '<', '<=', '>', '>=', 'between')
        if sign is None:
            return value
        if sign == 'between':
            low = self.additive()
            self.must('and')
            high = self.additive()
            return None if None in (value, low, high) else low <= value <= high
        other = self.additive()
        if sign in ('=', '!='):
            return (value == other) == (sign == '=')
        if value is None or other is None:
            return None
        return {'<': value < other, '<=': value <= other, '>': value > other, '>=': value >= other}[sign]

    def additive(self):
        value = self.product()
        while (sign := self.take('+', '-')) is not None:
            other = self.product()
            value = None if value is None or other is None else value + other if sign == '+' else value - other
        return value

    def product(self):
        value = self.unary()
        while (sign := self.take('*', '/')) is not None:
            other = self.unary()
            if value is None or other is None or (sign == '/' and other == 0):
                value = None
            else:
                value = value * other if sign == '*' else quotient(value, other)
        return value

    def unary(self):
        if self.take('-'):
            value = self.unary()
            return None if value is None else -value
        return self.primary()

    def primary(self):
        kind, value, end = self.peek()
        self.at = end
        if kind == 'value':
            return value
        if kind == 'word' and value in ('true', 'false', 'null'):
            return {'true': True, 'false': False, 'null': None}[value]
        if kind == 'sign' and value == '(':
            inner = self.expression()
            self.must(')')
            return inner
        if kind != 'name':
            raise SyntaxError(f'{value!r} in {self.text!r} at {self.at}')
        if not self.take('('):
            return self.scope.name(value)
        arguments = []
        while not self.take(')'):
            arguments.append(self.expression())
            self.take(',')
        if value == 'not':
            return None if arguments[0] is None else not arguments[0]
        if value in BUILTIN:
            return None if None in arguments else BUILTIN[value](*arguments)
        return self.scope.call(value, arguments)


def evaluate(text, scope):
    parser = Parser(text, scope)
    value = parser.expression()
    if parser.peek()[0] != 'end':
        raise SyntaxError(f'{text!r}: {text[parser.at:]!r} left over')
    return value
