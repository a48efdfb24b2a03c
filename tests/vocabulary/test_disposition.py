"""File names."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc6266 import content_disposition
from httplint.vocabulary import disposition


def test_repeated() -> None:
    found = content_disposition("attachment; a=b; filename=a; A=c; filename*=UTF-8''a; a=d")
    assert disposition.repeated_disposition_parameters(found) == ("a",)


@pytest.mark.parametrize(("value", "expected"), [
    ('a; filename="=?UTF-8?Q?a?="', ("filename",)), ('a; x="=?utf-8?b?YQ==?= b"', ("x",)), ('a; filename="=?a"', ()),
    ('a; filename="=?UTF-8?X?a?="', ()), ("a; filename*=UTF-8''a", ()),
])
def test_encoded_words(value: str, expected: tuple[str, ...]) -> None:
    assert disposition.encoded_words(content_disposition(value)) == expected


def test_texts() -> None:
    assert disposition.percent_escapes("a%2f")
    assert not disposition.percent_escapes("100% a%zz")


@pytest.mark.parametrize(("value", "expected"), [
    ("a; filename=a.txt", ()), ('a; filename="a/b"', ("filename",)), ('a; filename="a\\\\b"', ("filename",)),
    ('a; filename="a\\"b"', ()), ("a; filename*=UTF-8''a%2Fb; filename=..", ("filename", "filename*")),
    ("a; filename*=UTF-8''%FF", ()), ("a; filename=.", ("filename",)), ("a", ()),
])
def test_paths(value: str, expected: tuple[str, ...]) -> None:
    assert disposition.names_a_path(content_disposition(value)) == expected


@pytest.mark.parametrize(("value", "first"), [
    ("a; filename*=UTF-8''a; filename=a", True), ("a; filename=a; filename*=UTF-8''a", False),
    ("a; filename*=UTF-8''a; size=1", False), ("a; filename=a", False)])
def test_extended_first(value: str, first: bool) -> None:
    """Appendix D: filename is to occur first."""
    assert disposition.extended_first(content_disposition(value)) is first
