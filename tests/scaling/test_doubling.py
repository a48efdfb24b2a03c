"""The doubling test notices what it is there for, and nothing else."""
from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from doubling import growth

from httplint import vocabulary
from httplint.engine.catalogue import make
from httplint.engine.linter import RuleLinter
from httplint.model.exchange import Exchange
from httplint.model.message import Response

T = TypeVar("T")


def noticed(make: Callable[[int, int], T], work: Callable[[T], object], most: int) -> bool:
    """Whether the growth is noticed in one of some tries: a busy machine may hide it once, but never makes it up."""
    return any("times the CPU time" in growth(make, work, most) for _ in range(5))


def text(size: int, salt: int) -> str:
    return f"{salt}" + '"' + '\\"' * (size // 2)


def test_a_pattern_that_is_tried_at_each_octet_is_noticed() -> None:
    again = re.compile(r'"(?:[^"\\]++|\\.)*+"')
    assert noticed(text, again.findall, 1 << 13)


def test_a_loop_within_a_loop_is_noticed() -> None:
    def pairs(names: list[str]) -> list[str]:
        return [name for name in names if names.count(name) > 1]

    assert noticed(lambda size, salt: [f"{salt}-{at}" for at in range(size)], pairs, 1 << 11)


def test_a_rule_with_such_a_function_is_noticed() -> None:
    def often(message: Response) -> bool:
        return any(sum(other == value for _, other in message.fields or ()) > 1 for _, value in message.fields or ())

    often.__annotations__ = {"message": Response, "return": bool}
    vocabulary.function()(often)
    vocabulary.homes()["often"] = __name__
    try:
        linter = RuleLinter([make({
            "id": "test.often", "title": "often", "level": "advice", "spec": "none", "require": "not often(response)",
            "message": "often", "why": "Why.", "fix": "Fix.", "bad": ["< HTTP/1.1 200 OK\n< A: 1\n< B: 1"],
            "good": ["< HTTP/1.1 200 OK\n< A: 1\n< B: 2"]})])
        assert noticed(lambda size, salt:
            Exchange(Response(200, headers=[("A", f"{salt}-{at}") for at in range(size)])),
                       linter.lint, 1 << 11)
    finally:
        del vocabulary.homes()["often"]


def test_linear_work_is_not_noticed() -> None:
    assert growth(text, re.compile(r'"(?:[^"\\]++|\\.)*+"?').findall, 1 << 20) == ""
    assert growth(text, lambda made: sorted(made), 1 << 17) == ""


def test_what_is_fast_is_fast_enough() -> None:
    assert growth(text, lambda made: [made[at:] for at in range(0, len(made), 8)], 1 << 10) == ""
