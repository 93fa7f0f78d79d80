"""feel.py - the part of FEEL that rules use: numbers, texts, booleans, comparisons, and/or/not, if, calls of named things.

compiled(text, names) gives a function of a scope: scope.name(name) and scope.call(name, arguments) say what a name (which
may have spaces in it) means. A number is a Fraction, missing is None, logic is three-valued.
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


def lifted(operation):
    """Null where an operand is null."""
    return lambda one, other: None if one is None or other is None else operation(one, other)


def conjunction(one, other):
    return False if one is False or other is False else True if one is True and other is True else None


def disjunction(one, other):
    return True if one is True or other is True else False if one is False and other is False else None


BINARY = {
    'or': disjunction, 'and': conjunction,
    '=': lambda one, other: one == other, '!=': lambda one, other: one != other,
    '<': lifted(lambda one, other: one < other), '<=': lifted(lambda one, other: one <= other),
    '>': lifted(lambda one, other: one > other), '>=': lifted(lambda one, other: one >= other),
    '+': lifted(lambda one, other: one + other), '-': lifted(lambda one, other: one - other),
    '*': lifted(lambda one, other: one * other),
    '/': lifted(lambda one, other: None if other == 0 else quotient(one, other)),
}
LEVELS = [('or',), ('and',), ('=', '!=', '<', '<=', '>', '>=', 'between'), ('+', '-'), ('*', '/')]


class Parser:
    """Every method returns a function of the scope."""
    def __init__(self, text, names):
        self.text, self.at = text, 0
        self.names = sorted(set(names) | set(BUILTIN) | {'not'}, key=len, reverse=True)

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
            return lambda scope: one(scope) if condition(scope) is True else other(scope)
        return self.binary(0)

    def binary(self, level):
        if level == len(LEVELS):
            return self.unary()
        value = self.binary(level + 1)
        while (sign := self.take(*LEVELS[level])) is not None:
            other = self.binary(level + 1)
            if sign == 'between':
                self.must('and')
                value = self.between(value, other, self.binary(level + 1))
            else:
                value = self.joined(BINARY[sign], value, other)
        return value

    @staticmethod
    def joined(operation, one, other):
        return lambda scope: operation(one(scope), other(scope))

    @staticmethod
    def between(value, low, high):
        return lambda scope: conjunction(BINARY['>='](value(scope), low(scope)), BINARY['<='](value(scope), high(scope)))

    def unary(self):
        if self.take('-'):
            value = self.unary()
            return lambda scope: BINARY['-'](F(0), value(scope))
        return self.primary()

    def primary(self):
        kind, value, end = self.peek()
        self.at = end
        if kind == 'value':
            return lambda scope: value
        if kind == 'word' and value in ('true', 'false', 'null'):
            constant = {'true': True, 'false': False, 'null': None}[value]
            return lambda scope: constant
        if kind == 'sign' and value == '(':
            inner = self.expression()
            self.must(')')
            return inner
        if kind != 'name':
            raise SyntaxError(f'{value!r} in {self.text!r} at {self.at}')
        if not self.take('('):
            return lambda scope: scope.name(value)
        arguments = []
        while not self.take(')'):
            arguments.append(self.expression())
            self.take(',')
        return lambda scope: call(value, [argument(scope) for argument in arguments], scope)


def call(name, arguments, scope):
    if name == 'not':
        return None if arguments[0] is None else not arguments[0]
    if name in BUILTIN:
        return None if None in arguments else BUILTIN[name](*arguments)
    return scope.call(name, arguments)


def compiled(text, names):
    """A function of the scope."""
    parser = Parser(text, names)
    value = parser.expression()
    if parser.peek()[0] != 'end':
        raise SyntaxError(f'{text!r}: {text[parser.at:]!r} left over')
    return value
