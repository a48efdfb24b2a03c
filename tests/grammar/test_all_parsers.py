"""What holds for the parser of every field: its own error and no other, a place in the value, lines that combine."""
from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from httplint.grammar.syntax import Malformed
from httplint.grammar.table import FIELDS, Field, parsed
from httplint.model.evidence import NotEvaluated
from httplint.model.fields import Fields

PARSERS = sorted({one.parser: one for one in FIELDS.values() if one.parser}.values(), key=lambda one: one.name)
LISTS = [one for one in PARSERS if one.list]

octets = st.one_of(
    st.text(st.sampled_from(" \t,;=\"'\\()<>/*?@:[]{}%&-_.0159azAZ"), max_size=40),
    st.text(st.characters(max_codepoint=255), max_size=40),
    st.lists(st.sampled_from(["a", "b=1", "max-age=5", '"q"', '"', "(c)", "W/", "*", "none", "self", ":YQ==:",
                              "?1", "@5",
                              "%e9", "utf-8''", "<u>", "rel", "Basic", "h3", "1.1", ",", ";", "=", " ", ", ", "; "]),
             max_size=12).map("".join))


@pytest.mark.parametrize("one", PARSERS, ids=lambda one: one.name)
@given(value=octets)
@settings(max_examples=60)
def test_any_value_is_parsed_or_malformed(one: Field, value: str) -> None:
    try:
        one.parse(value.strip(" \t"))
    except Malformed as error:
        assert 0 <= error.position <= len(value.strip(" \t"))
        assert error.expected


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.name)
@given(values=st.lists(octets.map(lambda text: text.strip(" \t")), min_size=2, max_size=3))
@settings(max_examples=40)
def test_several_lines_are_one(one: Field, values: list[str]) -> None:
    """RFC 9110 §5.3: lines combine with a comma, whatever stands on each."""
    assert _value(one, values) == _value(one, [", ".join(values)])


def _value(one: Field, values: list[str]) -> object:
    try:
        return parsed(Fields(tuple((one.name, value) for value in values)), one.name.lower())
    except NotEvaluated as why:
        return why.reason
