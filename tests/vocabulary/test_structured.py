"""How structured fields are serialised."""
from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.model.evidence import NotEvaluated
from httplint.model.message import Response
from httplint.vocabulary.structured import lapses


def found(*lines: tuple[str, str]) -> list[tuple[str, str, str]]:
    return [(lapse.name, lapse.kind, lapse.part) for lapse in lapses(Response(200, headers=lines)) if lapse.kind]


@pytest.mark.parametrize(("name", "value", "kind", "part"), [
    ("Priority", "u=1, i=?1", "true", "i"), ("Cache-Status", "a;hit=?1", "true", "hit"),
    ("Proxy-Status", "a; bar=1; bar=2", "repeated", "bar"),
    ("Cache-Status", 'a;x="b;y";hit, c;hit;x;hit', "repeated", "hit"),
    ("Permissions-Policy", 'a=("b" "c";d;d)', "repeated", "d"),
    ("Repr-Digest", "a=:YQ:", "padding", ":YQ:"), ("Repr-Digest", "a=:YR==:", "padding", ":YR==:"),
    ("Repr-Digest", "a=:YWJ=:", "padding", ":YWJ=:"), ("Priority", "u=1, i, u=2", "repeated", "u")])
def test_lapses(name: str, value: str, kind: str, part: str) -> None:
    assert found((name, value)) == [(name, kind, part)]


@pytest.mark.parametrize(("name", "value"), [
    ("Priority", "u=1, i"), ("Priority", "i=?0"), ("Origin-Agent-Cluster", "?1"),
    ("Cache-Status", "a:YQ:b/c;hit"), ("Cache-Status", 'a;hit, b;hit;detail=";hit;hit"'),
    ("Permissions-Policy", 'a=("b";d "c";d);d'), ("X-Odd", "a=?1"),
    ("Cache-Status", 'a;detail="b=?1", a;hit'), ("Cache-Groups", '":YQ:"'), ("Repr-Digest", "a=::"),
    ("Repr-Digest", "a=:YWI=:, b=:YWJj:, c=:YQ==:"), ("Priority", "i=?1, ;"), ("Priority", 'u="a, u=1"')])
def test_what_is_well_written(name: str, value: str) -> None:
    assert found((name, value)) == []


def test_lines_are_joined() -> None:
    assert found(("Priority", "u=1"), ("X", "y"), ("Priority", "u=2")) == [("Priority", "repeated", "u")]
    with pytest.raises(NotEvaluated):
        lapses(Response(200, headers=None))


@given(st.binary(max_size=40))
def test_base64_of_a_library(octets: bytes) -> None:
    assert found(("Repr-Digest", f"a=:{base64.b64encode(octets).decode()}:")) == []
