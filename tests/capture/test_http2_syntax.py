"""Field sections of HTTP/2 and HTTP/3 as they were sent."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture.http2_syntax import response_section
from httplint.capture.notation import notation


def kinds(*lines: tuple[str, str]) -> list[str]:
    return [one.kind for one in response_section(lines)[1]]


@pytest.mark.parametrize(("lines", "found"), [
    ([(":status", "200"), ("x", "y")], []),
    ([("x", "y"), (":status", "200")], ["late-pseudo-field"]),
    ([(":status", "200"), (":status", "200")], ["repeated-pseudo-field"]),
    ([(":status", "200"), (":path", "/")], ["pseudo-field"]),
    ([(":status", "200"), (":status:", "/")], ["pseudo-field"]),
    ([("x", "y")], ["no-status"]),
    ([(":status", "200"), ("x", "a\tb"), ("X", ""), ("y", "\xe9")], []),
])
def test_what_is_irregular(lines: list[tuple[str, str]], found: list[str]) -> None:
    assert kinds(*lines) == found


def test_lines_without_pseudo_fields() -> None:
    lines, irregularities = response_section([(":status", "200"), ("a", " b"), ("c:d", "\x7fd"), ("", "\0")])
    assert lines == (("a", " b"), ("c:d", "\x7fd"), ("", "\0"))
    assert irregularities == ()


@given(st.lists(st.tuples(st.text(st.characters(max_codepoint=255)), st.text(st.characters(max_codepoint=255)))))
def test_any_lines(lines: list[tuple[str, str]]) -> None:
    fields, irregularities = response_section(lines)
    assert len(fields) == sum(not name.startswith(":") for name, _ in lines)
    assert len(irregularities) <= 50


def test_the_notation_with_pseudo_fields() -> None:
    exchange, = notation("< HTTP/2 103\n< :status: 103\n<\n< HTTP/2 200\n< :status: 200\n< a:  b\n< :path: /")
    assert exchange.evidence.knows("wire")
    assert [[one.kind for one in response.irregularities] for response in (*exchange.interim, exchange.response)] == [
        [], ["pseudo-field", "late-pseudo-field"]]
    assert list(exchange.response.fields or ()) == [("a", " b")]
    for text in ("< HTTP/2 200\n< a: b", "< HTTP/1.1 200 OK\n< :status: 200",
                 "< HTTP/2 103\n<\n< HTTP/2 200\n< :status: 200"):
        exchange, = notation(text)
        assert not exchange.evidence.knows("wire")
