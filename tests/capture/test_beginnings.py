"""By which names captures are told apart, from their first octets."""
from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.capture.beginnings import json_names, yaml_names

TEXTS = st.text(max_size=5)
VALUES = st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=5)
                      | st.dictionaries(TEXTS, inner, max_size=5), max_leaves=10)


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_all_members_of_an_object_are_named(members: dict[str, Any]) -> None:
    assert json_names(json.dumps(members).encode()) == members.keys()
    assert json_names(json.dumps([members, {"other": 1}], indent=2).encode()) == members.keys()


@given(st.binary())
def test_whatever_the_octets(octets: bytes) -> None:
    assert json_names(b"{" + octets) is not None
    assert yaml_names(octets) is not None


@pytest.mark.parametrize(("octets", "names"), [
    (b'{"a": {"b": 1}, "c": [{"d": 1}], "e', {"a", "c"}),  # cut off
    (b'\xef\xbb\xbf{"a:b": "c\\": 1", "d" : 2}', {"a:b", "d"}),
    (b'[{"a": 1}, {"b": 2}]', {"a"}),
    (b'[1, {"a": 1}]', {"a"}),
    (b'"a": 1', set()), (b"HTTP/1.1 200 OK", set()), (b"", set()),
])
def test_of_json(octets: bytes, names: set[str]) -> None:
    assert json_names(octets) == names


@pytest.mark.parametrize(("octets", "names"), [
    (b"---\nversion: 2\ninteractions:\n- request:\n    body: ''\n", {"version", "interactions", "request"}),
    (b"http_interactions:\r\n- a: 1\r\nrecorded_with: VCR 6.1.0\r\n", {"http_interactions", "a", "recorded_with"}),
    (b"https://example.com/\n", set()),
])
def test_of_yaml(octets: bytes, names: set[str]) -> None:
    assert yaml_names(octets) == names
