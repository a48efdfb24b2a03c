"""The time that a fetch has covers what is made of the answer: the rest is said not to be known."""
from __future__ import annotations

from collections.abc import Callable

from httplint.capture import http1
from httplint.capture.outcome import INTERIM_LIMIT
from httplint.engine.linter import RuleLinter
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange, Source

REQUEST = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
HINT = b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"


def after(times: int) -> Callable[[], bool]:
    """Says that the time is over from the question of that number on, from 0."""
    asked = iter(range(10**9))
    return lambda: next(asked) >= times


def exchange(octets: bytes, over: Callable[[], bool]) -> Exchange:
    read = http1.exchange(octets, REQUEST, Source("a", 0), trust=http1.WIRE, closed=True, over=over)
    assert isinstance(read, Exchange)
    return read


def test_what_was_not_reached_is_not_evaluated() -> None:
    linter = RuleLinter(built_in_rules())
    octets = b"HTTP/1.1 200 OK\r\nContent-Type: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"
    whole, = linter.lint_all([exchange(octets, http1.never)])
    none, = linter.lint_all([exchange(octets, http1.never)], after(0))
    some, = linter.lint_all([exchange(octets, http1.never)], after(2))
    assert whole.findings
    assert none.findings == []
    assert {finding.rule_id for finding in some.findings} <= {finding.rule_id for finding in whole.findings}
    late = {one.rule_id for one in none.not_evaluated if one.reason == "the time was over before it was its turn"}
    assert late >= {finding.rule_id for finding in whole.findings} | set(whole.held)


def test_chunks_that_were_not_read_in_time_are_not_missing() -> None:
    octets = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 3000 + b"0\r\n\r\n"
    assert len(exchange(octets, http1.never).response.content or b"") == 3000
    read = exchange(octets, after(2))
    assert read.response.content is None
    assert not read.evidence.knows("content")
    assert not read.response.irregularities
    assert http1.complete(octets, "GET")
    assert not http1.complete(octets, "GET", after(2))


def test_a_final_response_that_was_not_read_in_time_may_follow() -> None:
    octets = HINT * 3 + b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    read = exchange(octets, after(1))
    assert read.response.status == 103
    assert not read.evidence.knows("interim")


def test_the_first_interim_responses_are_kept() -> None:
    final = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    few, many = exchange(HINT * INTERIM_LIMIT + final, http1.never), exchange(HINT * 5000 + final, http1.never)
    assert (len(few.interim), few.evidence.knows("interim")) == (INTERIM_LIMIT, True)
    assert (len(many.interim), many.evidence.knows("interim")) == (INTERIM_LIMIT, False)
    assert many.response.status == 200
