"""Transparent content negotiation."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from httplint.grammar.rfc2295 import (
    NegotiationDirective,
    VariantDescription,
    accept_features,
    alternates,
    negotiate,
    tcn,
    variant_vary,
)
from httplint.grammar.syntax import Malformed


def test_alternates() -> None:
    """RFC 2295 §8.3, §5.1, §6.4."""
    found = alternates('{"paper.1" 0.9 {type text/html} {language en}}, '
                       '{"paper.2" 0.7 {type text/html} {language fr}}, '
                       '{"paper.3" 1.0 {type application/postscript} {language en}}, proxy-rvsa="1.0, 2.5"')
    assert [(one.uri, one.quality) for one in found.variants] == [("paper.1", 0.9), ("paper.2", 0.7), ("paper.3", 1.0)]
    assert found.variants[0].attributes == (("type", "text/html"), ("language", "en"))
    assert found.directives == (NegotiationDirective("proxy-rvsa", "1.0, 2.5"),)
    assert alternates('{"paper.1" 0.001}, {"b"}').variants == (
        VariantDescription("paper.1", 0.001, ()), VariantDescription("b", None, ()))
    (one,) = alternates('{"a" 1 {features !blink;-0.5 background;+1.5 [blebber !wolx];+1.4-0.8}}').variants
    assert one.attributes == (
        ("features", "!blink;-0.5 background;+1.5 [blebber !wolx];+1.4-0.8"),)
    assert alternates('{ "a" 0.5{description "a } b" en}{x-y}}').variants[0].attributes == (
        ("description", '"a } b" en'), ("x-y", ""))


def test_the_others() -> None:
    assert [one.name for one in tcn("Choice, re-choose, x=\"y\"")] == ["choice", "re-choose", "x"]
    assert tcn("") == ()
    assert [one.name for one in negotiate("1.0, 2.5")] == ["1.0", "2.5"]
    assert negotiate("*") == (NegotiationDirective("*", None),)
    assert variant_vary("Accept, X-A") == ("accept", "x-a")
    assert variant_vary("*") == ("*",)
    assert accept_features('blex, !blebber, colordepth={5}, !screenwidth, paper = A4, paper!="A2", x-version=104, '
                           "*") == (
        "blex", "!blebber", "colordepth={5}", "!screenwidth", "paper = A4", 'paper!="A2"', "x-version=104", "*")


@pytest.mark.parametrize(("parse", "value", "position"), [
    (alternates, "", 0), (alternates, '"a" 1', 0), (alternates, "{a 1}", 1), (alternates, '{"a" 2}', 5),
    (alternates, '{"a" 0.1234}', 5), (alternates, '{"a" 1', 6), (alternates, '{"a" 1 {type text/html}', 23),
    (alternates, '{"a" 1 {}}', 8), (alternates, '{"a b" 1}', 3), (alternates, '{"a\\\\b" 1}', 3),
    (alternates, '{ "a\\{b" 1}', 4),
    (alternates, '{"http://a:b" 1}', 11), (alternates, '{"a" 1} {"b" 1}', 8),
    (tcn, "choice; keep", 6), (tcn, '"list"', 0), (negotiate, "", 0), (variant_vary, "", 0),
    (variant_vary, "*, a", 0), (variant_vary, "a, *", 3),
    (accept_features, "a b", 2), (accept_features, "=a", 0)])
def test_flaws(parse: Callable[[str], object], value: str, position: int) -> None:
    with pytest.raises(Malformed) as error:
        parse(value)
    assert error.value.position == position
