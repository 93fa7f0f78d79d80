"""feel.py - the part of FEEL that rules use, written from the DMN specification.

Numbers, texts, booleans, dates, lists and ranges; arithmetic, comparisons, between, in; and, or, not in three-valued
logic; if; calls of named things whose names may have spaces. compiled(text, names) gives a function of a scope:
scope.name(name) and scope.call(name, arguments) say what a name means. A number is a Fraction, missing is None: what
cannot be computed is None as well, never an error.
"""
import datetime
import re
from fractions import Fraction as F

from common import CONTEXT, D, half_away, quotient, rounded

WORDS = {'and', 'or', 'if', 'then', 'else', 'true', 'false', 'null', 'between', 'in'}
TOKEN = re.compile(r'\s*(?:(\d+(?:\.\d+)?|\.\d+)|"((?:[^"\\]|\\.)*)"|(<=|>=|!=|\*\*|\.\.|[-+*/()<>=,\[\]])|([^\W\d][\w.\-]*))')


def is_number(*values):
    return all(isinstance(value, F) for value in values)


def comparable(a, b):
    return any(isinstance(a, kind) and isinstance(b, kind) for kind in (F, str, datetime.date))


def equal(a, b):
    """null only equals null; values of different kinds are neither equal nor different."""
    if a is None or b is None:
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(equal(x, y) is True for x, y in zip(a, b))
    same_kind = comparable(a, b) or (isinstance(a, bool) and isinstance(b, bool))
    return a == b if same_kind else None


def compared(a, sign, b):
    if sign in ('=', '!='):
        same = equal(a, b)
        return same if same is None or sign == '=' else not same
    if not comparable(a, b):
        return None
    return {'<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b}[sign]


def both(a, b):
    if a is False or b is False:
        return False
    return True if a is True and b is True else None


def either(a, b):
    if a is True or b is True:
        return True
    return False if a is False and b is False else None


def negation(a):
    return not a if isinstance(a, bool) else None


def sum_of(a, b):
    if is_number(a, b):
        return rounded(a + b)
    return a + b if isinstance(a, str) and isinstance(b, str) else None


def arithmetic(sign, a, b):
    if sign == '+':
        return sum_of(a, b)
    if not is_number(a, b):
        return None
    if sign == '-':
        return rounded(a - b)
    if sign == '*':
        return rounded(a * b)
    if sign == '/':
        return None if b == 0 else quotient(a, b)
    power = CONTEXT.power(D(a.numerator) / D(a.denominator), D(b.numerator) / D(b.denominator))
    return F(power) if power.is_finite() else None


def whole_above(x):
    return F(-((-x.numerator) // x.denominator))


def whole_below(x):
    return F(x.numerator // x.denominator)


def flat(arguments):
    """min(1, 2) is min([1, 2])."""
    return arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)


def over_numbers(compute):
    def call(*arguments):
        items = flat(arguments)
        return compute(items) if items and is_number(*items) else None
    return call


def with_places(compute):
    def call(*arguments):
        if not is_number(*arguments):
            return None
        unit = F(10) ** -int(arguments[1]) if len(arguments) > 1 else F(1)
        return compute(arguments[0] / unit) * unit
    return call


def half_even(x):
    whole = whole_below(x)
    rest = x - whole
    return whole + 1 if rest > F(1, 2) or (rest == F(1, 2) and whole % 2 == 1) else whole


def agreed(stop):
    """all(list), any(list): `stop` decides at once, an unknown item leaves it open."""
    def call(*arguments):
        items = flat(arguments)
        if any(item is stop for item in items):
            return stop
        return (not stop) if all(item is (not stop) for item in items) else None
    return call


BUILTIN = {
    'ceiling': with_places(whole_above), 'floor': with_places(whole_below), 'decimal': with_places(half_even),
    'round': with_places(lambda x: half_away(x, F(1))), 'round half up': with_places(lambda x: half_away(x, F(1))),
    'abs': lambda x: abs(x) if is_number(x) else None,
    'min': over_numbers(min), 'max': over_numbers(max), 'sum': over_numbers(lambda x: sum(x, F(0))),
    'mean': over_numbers(lambda x: quotient(sum(x, F(0)), F(len(x)))),
    'count': lambda *x: F(len(flat(x))), 'not': negation, 'all': agreed(False), 'any': agreed(True),
    'list contains': lambda items, item: any(equal(x, item) is True for x in items) if isinstance(items, list) else None,
}


class Parser:
    """Text to a tree of functions of a scope."""
    def __init__(self, text, names):
        self.text, self.at = text, 0
        self.names = sorted(set(names) | set(BUILTIN), key=len, reverse=True)

    def peek(self):
        """(kind, value, end) of the next token; a name is the longest that is known."""
        rest = self.text[self.at:].lstrip()
        start = len(self.text) - len(rest)
        if not rest:
            return 'end', None, start
        for name in self.names:
            if rest.startswith(name) and not re.match(r'[\w.]', rest[len(name):len(name) + 1]):
                return 'name', name, start + len(name)
        match = TOKEN.match(self.text, self.at)
        if match is None:
            raise SyntaxError(f'{self.text!r} at {self.at}')
        digits, string, sign, word = match.groups()
        if digits is not None:
            return 'value', F(digits), match.end()
        if string is not None:
            return 'value', re.sub(r'\\(.)', r'\1', string), match.end()
        if sign is None and word not in WORDS:
            raise SyntaxError(f'unknown name {word!r} in {self.text!r}')
        return 'sign', sign or word, match.end()

    def take(self, *wanted):
        kind, value, end = self.peek()
        if kind == 'sign' and value in wanted:
            self.at = end
            return value
        return None

    def must(self, *wanted):
        sign = self.take(*wanted)
        if sign is None:
            raise SyntaxError(f'{wanted!r} expected in {self.text!r} at {self.at}')
        return sign

    def expression(self):
        if not self.take('if'):
            return self.disjunction()
        condition = self.expression()
        self.must('then')
        one = self.expression()
        self.must('else')
        other = self.expression()
        return lambda scope: one(scope) if condition(scope) is True else other(scope)

    def joined(self, operand, signs, join):
        tree = operand()
        while (sign := self.take(*signs)) is not None:
            tree = (lambda left, sign, right: lambda scope: join(sign, left(scope), right(scope)))(tree, sign, operand())
        return tree

    def disjunction(self):
        return self.joined(self.conjunction, ['or'], lambda _, a, b: either(a, b))

    def conjunction(self):
        return self.joined(self.comparison, ['and'], lambda _, a, b: both(a, b))

    def comparison(self):
        left = self.addition()
        sign = self.take('=', '!=', '<', '<=', '>', '>=', 'between', 'in')
        if sign is None:
            return left
        if sign == 'between':
            low = self.addition()
            self.must('and')
            high = self.addition()
            return lambda scope: (lambda x: both(compared(x, '>=', low(scope)), compared(x, '<=', high(scope))))(left(scope))
        if sign == 'in':
            test = self.tests()
            return lambda scope: test(left(scope), scope)
        right = self.addition()
        return lambda scope: compared(left(scope), sign, right(scope))

    def tests(self):
        """What stands after `in`: one test, or several in parentheses of which one must hold."""
        mark = self.at
        if self.take('('):
            try:
                found = [self.test()]
                while self.take(','):
                    found.append(self.test())
                self.must(')')
                return lambda x, scope: (lambda results: True if True in results else None if None in results else False)(
                    [test(x, scope) for test in found])
            except SyntaxError:
                self.at = mark
        return self.test()

    def test(self):
        sign = self.take('<', '<=', '>', '>=', '=', '!=')
        if sign is not None:
            bound = self.addition()
            return lambda x, scope: compared(x, sign, bound(scope))
        mark = self.at
        opened = self.take('[', '(', ']')
        if opened is not None:
            try:
                low = self.addition()
                self.must('..')
                high = self.addition()
                closed = self.must(']', ')', '[')
                return lambda x, scope: both(compared(x, '>=' if opened == '[' else '>', low(scope)),
                                             compared(x, '<=' if closed == ']' else '<', high(scope)))
            except SyntaxError:
                self.at = mark
        value = self.addition()

        def holds(x, scope):
            found = value(scope)
            return any(equal(x, item) is True for item in found) if isinstance(found, list) else equal(x, found)
        return holds

    def addition(self):
        return self.joined(self.product, ['+', '-'], arithmetic)

    def product(self):
        return self.joined(self.power, ['*', '/'], arithmetic)

    def power(self):
        return self.joined(self.unary, ['**'], arithmetic)

    def unary(self):
        if not self.take('-'):
            return self.primary()
        inner = self.unary()
        return lambda scope: arithmetic('-', F(0), inner(scope))

    def listed(self, end):
        """Expressions up to the closing sign."""
        found = []
        while not self.take(end):
            if found:
                self.must(',')
            found.append(self.expression())
        return found

    def primary(self):
        kind, value, end = self.peek()
        self.at = end
        if kind == 'value':
            return lambda scope: value
        if kind == 'sign' and value in ('true', 'false', 'null'):
            constant = {'true': True, 'false': False, 'null': None}[value]
            return lambda scope: constant
        if kind == 'sign' and value == '(':
            inner = self.expression()
            self.must(')')
            return inner
        if kind == 'sign' and value == '[':
            items = self.listed(']')
            return lambda scope: [item(scope) for item in items]
        if kind != 'name':
            raise SyntaxError(f'{value!r} in {self.text!r} at {self.at}')
        if not self.take('('):
            return lambda scope: scope.name(value)
        arguments = self.listed(')')
        if value in BUILTIN:
            return lambda scope: BUILTIN[value](*(argument(scope) for argument in arguments))
        return lambda scope: scope.call(value, [argument(scope) for argument in arguments])


def compiled(text, names):
    """A function of the scope."""
    parser = Parser(text, names)
    tree = parser.expression()
    if parser.peek()[0] != 'end':
        raise SyntaxError(f'{text!r}: {text[parser.at:]!r} left over')
    return tree
