from __future__ import annotations

import pytest

from httplint.model.message import Response
from httplint.vocabulary.fields import SOUND, FieldLine, judged
from httplint.vocabulary.octets import (
    control_characters,
    line_breaks,
    malformed_names,
    outer_whitespace,
    upper_case,
)


def response(*headers: tuple[str, str], version: str | None = "1.1",
             trailers: list[tuple[str, str]] | None = None) -> Response:
    return Response(200, version, headers=list(headers), trailers=trailers)


def places(lines: tuple[FieldLine, ...]) -> list[tuple[str, int | None]]:
    return [(line.part, line.line) for line in lines if not line.sound]


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a:", " a", "a\t", "a\r\nb", "a\0", "\xe4", "\u65e5", "(a)",
                                  "a\x7f", "a/b", "a@b", "a=b", '"a"', "a;b", "{a}"])
@pytest.mark.parametrize("version", ["1.0", "1.1", "2", "3", None])
def test_names_that_are_no_tokens(name: str, version: str | None) -> None:
    found = malformed_names(response(("Date", "x"), (name, "y"), version=version))
    assert places(found) == [("field", 1)]
    assert found[0].name == name
    assert places(malformed_names(response(version=version, trailers=[("x", ""), (name, "y")]))) == [("trailer", 1)]


def test_names_that_are_tokens() -> None:
    assert malformed_names(response(*((name, "") for name in ("a", "A-1", "!#$%&'*+-.^_`|~", "_")))) == SOUND


def test_pseudo_fields_are_another_matter() -> None:
    for version in ("2", "3", None):
        assert malformed_names(response((":status", "200"), version=version)) == SOUND
        assert places(malformed_names(response((":", ""), ("::a", ""), (":a b", ""), version=version))) == [
            ("field", 0), ("field", 1), ("field", 2)]
    assert places(malformed_names(response((":status", "200")))) == [("field", 0)]


@pytest.mark.parametrize(("value", "position", "folded"), [
    ("a\r\nSet-Cookie: b=c", 1, False), ("a\nb", 1, False), ("a\rb", 1, False), ("\r\n\r\n<script>", 0, False),
    ("a\r\n", 1, False), ("a\n", 1, False), ("a\r\n b", 1, True), ("a\n\tb", 1, True), ("\0\n", 1, False),
])
def test_line_breaks(value: str, position: int, folded: bool) -> None:
    found = line_breaks(response(("x", "y"), ("a", value), trailers=[("b", value)]))
    assert places(found) == [("field", 1), ("trailer", 0)]
    assert {line.position for line in found} == {position}
    assert all(("folded" in line.expected) == folded for line in found)
    assert all(("response splitting" in line.expected) != folded for line in found)
    assert control_characters(response(("a", value))) == SOUND, "one cause, one finding"


@pytest.mark.parametrize("octet", [*range(9), 11, 12, *range(14, 32), 127])
def test_control_characters(octet: int) -> None:
    found = control_characters(response(("x", "\t"), ("a", f"b{octet:c}c"), trailers=[("b", f"{octet:c}")]))
    assert [(line.part, line.line, line.position) for line in found] == [("field", 1, 1), ("trailer", 0, 0)]
    assert line_breaks(response(("a", f"b{octet:c}c"))) == SOUND


def test_what_a_value_may_hold() -> None:
    legal = "\t !~" + "".join(map(chr, range(0x80, 0x100)))
    assert control_characters(response(("a", legal))) == line_breaks(response(("a", legal))) == SOUND


def test_values_with_control_characters_are_not_malformed_besides() -> None:
    for value in ("a/b\0", "a/b\r\nX: y"):
        assert judged(response(("Content-Type", value)), "Content-Type") == SOUND
    assert not judged(response(("Content-Type", "a")), "Content-Type")[0].sound


def test_outer_whitespace() -> None:
    found = outer_whitespace(response(("a", "b c"), ("a", " b"), ("a", "b\t"), ("a", ""), ("a", " "), version="2",
                                      trailers=[("a", " b")]))
    assert places(found) == [("field", 1), ("field", 2), ("field", 4), ("trailer", 0)]


def test_upper_case() -> None:
    assert upper_case(response(("etag", '"A"'), ("x-y", "Z"))) == SOUND
    assert places(upper_case(response(("etag", ""), ("X-y", ""), ("x-Y", ""), trailers=[("x", ""), ("X", "")]))) == [
        ("field", 1), ("field", 2), ("trailer", 1)]


def test_very_many_lines_take_linear_time() -> None:
    lines = [("a b", "\0")] * 100_000
    assert len(malformed_names(response(*lines))) == len(control_characters(response(*lines))) == 100_000
