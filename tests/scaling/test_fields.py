"""Parsers of fields, and all rules, take time in proportion to the length of hostile values and to their number."""
from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from doubling import EXHAUSTIVE, growth
from shapes import SHAPES, Shape, changed, examples, values

from httplint.engine.linter import RuleLinter
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import FIELDS, Field
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response

LENGTH = 1 << 15
PARSERS = sorted({one.parser: one for one in FIELDS.values() if one.parser}.values(), key=lambda one: one.name)
RULES = {rule.id: RuleLinter([rule]) for rule in built_in_rules()}
ALWAYS = 7
"""The first shapes, which are tried on everything."""
GROUP = 12
Make = Callable[[int, int], list[Exchange]]


def shapes(number: int, part: int) -> Iterator[tuple[str, Shape]]:
    """The shapes for the thing of that number: one of `part` of them, or all."""
    for place, (name, shape) in enumerate(SHAPES.items()):
        if EXHAUSTIVE or place < ALWAYS or (place + number) % part == 0:
            yield name, shape


@pytest.mark.parametrize("number", range(len(PARSERS)), ids=lambda number: PARSERS[number].name)
def test_parsers(number: int) -> None:
    one = PARSERS[number]
    known = sorted(values().get(one.name.lower(), ()), key=len) or ["a"]
    found = []
    for place, (name, shape) in enumerate(shapes(number, 12)):
        for seed in known[-9:] if EXHAUSTIVE else (known[-1 - place % len(known)],):
            def make(size: int, _: int, seed: str = seed, shape: Shape = shape) -> str:
                return shape(seed, size).strip(" \t")

            if grown := growth(make, lambda value: _parse(one, value), LENGTH):
                found.append(f"{seed[:40]!r}, {name}: {grown}")
    assert found == []


def _parse(one: Field, value: str) -> None:
    try:
        one.function(value)
    except Malformed:
        pass


def test_each_rule_on_its_own_examples_with_long_values() -> None:
    """One field of an example at a time is long; which shapes it then has goes round."""
    found = []
    seen: set[tuple[object, ...]] = set()
    for rule, exchanges in examples():
        exchange = exchanges[-1]
        for side, message in (("response", exchange.response), ("request", exchange.request)):
            for name in (message.fields.index if message is not None and message.fields is not None else ()):
                if (rule, side, name, exchange.response.status) in seen:
                    continue
                seen.add((rule, side, name, exchange.response.status))
                number = len(seen) * 7 % len(SHAPES)
                found += [f"{rule}, {side} {name}, {shape}: {grown}"
                          for shape in (SHAPES if EXHAUSTIVE else list(SHAPES)[number:number + 1])
                          if (grown := growth(_long(exchanges, side, name, SHAPES[shape]), _lint(rule), LENGTH))]
    assert found == []


def _long(exchanges: tuple[Exchange, ...], side: str, name: str, shape: Shape) -> Make:
    def make(size: int, _: int) -> list[Exchange]:
        def change(where: str, key: str, value: str) -> tuple[tuple[str, str], ...]:
            return ((key, shape(value, size) if (where, key.lower()) == (side, name) else value),)
        return [*exchanges[:-1], changed(exchanges[-1], change)]
    return make


def _lint(rule: str) -> Callable[[list[Exchange]], object]:
    return lambda made: list(RULES[rule].lint_all(made))


@pytest.mark.parametrize("several", [False, True], ids=["members", "lines"])
def test_each_rule_on_an_example_with_many_members_of_everything(several: bool) -> None:
    """All fields of the exchange and of those before it are long, so that members of one may meet those of another."""
    found = []
    last = list(dict(examples()).items())                  # a good one, which conditions are not left early for
    for rule, exchanges in examples() if EXHAUSTIVE else last:
        def make(size: int, _: int, exchanges: tuple[Exchange, ...] = exchanges) -> list[Exchange]:
            def change(_: str, key: str, value: str) -> list[tuple[str, str]]:
                made = SHAPES["numbered, joined with ', '"](value, size)
                return [(key, one) for one in made.split(", ")] if several else [(key, made)]
            return [changed(exchange, change) for exchange in exchanges]

        if grown := growth(make, _lint(rule), LENGTH // 2):
            found.append(f"{rule}: {grown}")
    assert found == []


NAMES = [name for name, one in FIELDS.items() if one.response is not False]


@pytest.mark.parametrize("start", range(0, len(NAMES), GROUP), ids=lambda start: NAMES[start])
def test_all_rules_on_any_fields(start: int) -> None:
    """Some fields at once are long, in requests and responses of several status codes; all rules judge them."""
    names = NAMES[start:start + GROUP]
    linter = RuleLinter(built_in_rules())
    found = []
    for number, (name, shape) in enumerate(shapes(start // GROUP, 48)):
        status = (200, 401, 206, 304, 301, 207, 405)[number % 7]

        def make(size: int, salt: int, shape: Shape = shape, status: int = status) -> Exchange:
            lines = [(key, shape((values().get(key) or ("a",))[-1], size // GROUP)) for key in names]
            return Exchange(Response(status, "1.1", "", [*lines, ("X-Salt", str(salt))], b""),
                            Request("GET", f"https://a.example/{salt}", "1.1", lines, b""))

        if grown := growth(make, linter.lint, 8 * LENGTH):
            found.append(f"{status} with {', '.join(names)}, {name}: {grown}")
    assert found == []
