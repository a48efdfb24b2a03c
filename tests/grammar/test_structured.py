from __future__ import annotations

import base64
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.structured import (
    Dictionary,
    DisplayString,
    InnerList,
    Instant,
    Item,
    Token,
    Value,
    parse,
    serialise,
    structured_dictionary,
    structured_item,
    structured_list,
)
from httplint.grammar.syntax import Malformed

KINDS: dict[str, Any] = {"item": "Item", "list": "List", "dictionary": "Dictionary"}


def test_items() -> None:
    assert structured_item("5;foo=bar") == Item(5, (("foo", Token("bar")),))
    assert structured_item("5").type == "integer"
    assert structured_item("4.5") == Item(Decimal("4.5"))
    assert structured_item('"hello world"').text == "hello world"
    assert structured_item("foo123/456").type == "token"
    assert structured_item(":cHJldGVuZCB0aGlzIGlzIGJpbmFyeSBjb250ZW50Lg==:").value == b"pretend this is binary content."
    assert structured_item("?1").boolean is True
    assert structured_item("@1659578233") == Item(Instant(1659578233))
    assert structured_item('%"This is intended for display to %c3%bc%c5%82an."').value == DisplayString(
        "This is intended for display to üłan.")
    assert structured_item("?1").integer is None
    assert structured_item("1;a").parameter("a") is True


def test_lists_and_dictionaries() -> None:
    assert structured_list("sugar, tea, rum") == (Item(Token("sugar")), Item(Token("tea")), Item(Token("rum")))
    assert structured_list('("foo";a=1;b=2);lvl=5, ("bar" "baz");lvl=1')[0] == InnerList(
        (Item("foo", (("a", 1), ("b", 2))),), (("lvl", 5),))
    priority = structured_dictionary("u=2, i")
    assert priority.names == ("u", "i")
    assert priority.member("i") == Item(True)
    assert structured_dictionary("a=1, b=2, a=3").member("a") == Item(3)
    assert structured_list("") == ()


@pytest.mark.parametrize(("value", "kind", "position"), [
    ("1, 2", "Item", 1), ('"x', "Item", 2), ("a,", "List", 2), ("A=1", "Dictionary", 0), ("é", "Item", 0),
    ("a=1 b=2", "Dictionary", 4), ("€", "List", 0)])
def test_malformed(value: str, kind: Any, position: int) -> None:
    with pytest.raises(Malformed) as error:
        parse(value, kind)
    assert error.value.position == position


@pytest.mark.parametrize(("value", "kind", "hint"), [
    # RFC 9651 §3, §4.2
    ("", "Item", "nothing stands there"), ("1 2", "List", "members are separated by commas"),
    ("a b", "Dictionary", "a key is followed by an equals sign and its value"),
    ("1 2", "Item", "something stands behind it that does not belong there"),
    ("a=1 b", "Dictionary", "something stands behind it that does not belong there"),
    ("A", "Dictionary", "a key begins with a lower-case letter or *"),
    ("1;A", "Item", "a key begins with a lower-case letter or *"),
    ("(1,2)", "List", "the members of an inner list are separated by spaces"),
    ("/", "Item", "no item begins like that"), ("'a'", "Item", "strings are put in double quotes"),
    ("1,", "List", "no trailing comma"), ("a,", "Dictionary", "no trailing comma"),
    ("-a", "Item", "a number has digits behind its sign"),
    ("%a", "Item", "a display string begins with a percent sign and a double quote"),
    ("(1", "List", "end of inner list not found"), ("@1.5", "Item", "non-integer Date"), ("?2", "Item", "no Boolean"),
])
def test_what_is_said(value: str, kind: Any, hint: str) -> None:
    with pytest.raises(Malformed) as error:
        parse(value, kind)
    assert (error.value.hint or "").startswith(hint)
    assert error.value.expected == f"a structured {kind.lower()} (RFC 9651)"
    assert str(error.value) == f"at octet {error.value.position}: expected a structured {kind.lower()} (RFC 9651)"


bare = (st.integers(-999_999_999_999_999, 999_999_999_999_999) | st.booleans() | st.binary(max_size=20)
        | st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7e), max_size=20)
        | st.from_regex(r"[A-Za-z*][A-Za-z0-9:/!#$%&'*+.^_`|~-]{0,9}", fullmatch=True).map(Token)
        | st.text(max_size=10).map(DisplayString) | st.integers(-62135596800, 253402214400).map(Instant)
        | st.decimals(-10 ** 9, 10 ** 9, places=3))
keys = st.from_regex("[a-z*][a-z0-9_.*-]{0,6}", fullmatch=True)
parameters = st.dictionaries(keys, bare, max_size=3).map(lambda found: tuple(found.items()))
items = st.builds(Item, bare, parameters)
members = items | st.builds(InnerList, st.lists(items, max_size=3).map(tuple), parameters)


@given(items | st.lists(members, min_size=1, max_size=3).map(tuple)
       | st.dictionaries(keys, members, min_size=1, max_size=3).map(lambda found: Dictionary(tuple(found.items()))))
def test_what_is_serialised_parses_back(value: Value) -> None:
    kind: Any = "List" if type(value) is tuple else type(value).__name__
    assert parse(serialise(value), kind) == value


# The working group's own test suite.

SUITE = os.environ.get("HTTPLINT_SF_TESTS")


PLAIN = st.lists(st.sampled_from((
    "0", "1", "9" * 15, "9" * 16, "-", "?0", "?1", "?", '"', "a", "A", "*", "*/*", ":", ".", "b c", "\\", "~", "\x7f",
    "\xe9", "@", "%", "(", "1.5", "\t", " ", "")), max_size=4).map(lambda pieces: "".join(pieces).strip(" \t"))


@given(PLAIN | PLAIN.map(lambda text: f'"{text}"'))
def test_an_item_is_read_alike_with_parameters_and_without(text: str) -> None:
    try:
        expected = structured_item(f"{text};later").value
    except Malformed:
        with pytest.raises(Malformed):
            structured_item(text)
        return
    found = structured_item(text)
    assert (found.value, found.type, found.parameters) == (expected, Item(expected).type, ())


def cases(pattern: str) -> list[Any]:
    if SUITE is None:
        return [pytest.param({}, marks=pytest.mark.skip(reason="HTTPLINT_SF_TESTS does not name the test suite"))]
    return [pytest.param(case, id=f"{path.stem}-{number}") for path in sorted(Path(SUITE).glob(pattern))
            for number, case in enumerate(json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))]


def bare_of(found: Any) -> Any:
    if not isinstance(found, dict):
        return found
    value = found["value"]
    types: dict[str, Any] = {"token": Token, "displaystring": DisplayString, "date": Instant,
                             "binary": base64.b32decode}
    return types[found["__type"]](value)


def parameters_of(found: Any) -> tuple[tuple[str, Any], ...]:
    return tuple((name, bare_of(value)) for name, value in found)


def member_of(found: Any) -> Any:
    value, named = found
    if isinstance(value, list):
        return InnerList(tuple(member_of(one) for one in value), parameters_of(named))
    return Item(bare_of(value), parameters_of(named))


def value_of(case: Any) -> Any:
    if case["header_type"] == "item":
        return member_of(case["expected"])
    if case["header_type"] == "list":
        return tuple(member_of(one) for one in case["expected"])
    return Dictionary(tuple((name, member_of(one)) for name, one in case["expected"]))


@pytest.mark.parametrize("case", cases("*.json"))
def test_suite_parses(case: Any) -> None:
    raw, kind = ", ".join(case["raw"]), KINDS[case["header_type"]]
    if case.get("must_fail"):
        with pytest.raises(Malformed):
            parse(raw, kind)
        return
    try:
        value = parse(raw, kind)
    except Malformed:
        if not case.get("can_fail"):
            raise
        return
    assert value == value_of(case)
    if not case.get("can_fail"):
        assert types_of(value) == types_of(value_of(case))


def types_of(value: Any) -> Any:
    if isinstance(value, Item):
        return type(value.value), [type(one) for _, one in value.parameters]
    if isinstance(value, InnerList):
        return [types_of(one) for one in value.items], [type(one) for _, one in value.parameters]
    return [types_of(one) for one in value] if type(value) is tuple else [types_of(one) for _, one in value.members]


@pytest.mark.parametrize("case", cases("*.json"))
def test_suite_serialises(case: Any) -> None:
    if case.get("must_fail"):
        return
    canonical = case.get("canonical", case["raw"])
    if canonical and not case.get("can_fail"):
        assert serialise(value_of(case)) == ", ".join(canonical)
    elif not canonical:
        with pytest.raises(ValueError):
            serialise(value_of(case))


@pytest.mark.parametrize("case", cases("serialisation-tests/*.json"))
def test_suite_serialises_only(case: Any) -> None:
    value = value_of(case)
    if case.get("must_fail"):
        with pytest.raises(ValueError):
            serialise(value)
    else:
        assert serialise(value) == ", ".join(case["canonical"])
