from __future__ import annotations

import pytest

from httplint.grammar.rfc8288 import Link, link
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 8288 §3.5
    ('<http://example.com/TheBook/chapter2>; rel="previous";\ttitle="previous chapter"',
     [Link("http://example.com/TheBook/chapter2", ("previous",),
           (("rel", "previous"), ("title", "previous chapter")))]),
    ('</>; rel="http://example.net/foo"',
     [Link("/", ("http://example.net/foo",), (("rel", "http://example.net/foo"),))]),
    ('</terms>; rel="copyright"; anchor="#foo"',
     [Link("/terms", ("copyright",), (("rel", "copyright"), ("anchor", "#foo")))]),
    ("</TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, "
     "</TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
     [Link("/TheBook/chapter2", ("previous",), (("rel", "previous"), ("title*", "UTF-8'de'letztes%20Kapitel"))),
      Link("/TheBook/chapter4", ("next",), (("rel", "next"), ("title*", "UTF-8'de'n%c3%a4chstes%20Kapitel")))]),
    ('<http://example.org/>; rel="start http://example.net/relation/other"',
     [Link("http://example.org/", ("start", "http://example.net/relation/other"),
           (("rel", "start http://example.net/relation/other"),))]),
    # forms that the grammar allows
    ("", []),
    (",<a,b>,, <>", [Link("a,b", (), ()), Link("", (), ())]),
    ("<a> ; REL = Next ; crossorigin;rel=prev", [
        Link("a", ("next",), (("rel", "Next"), ("crossorigin", None), ("rel", "prev")))]),
    ('<a>;title="a, <b>; \\"c\\""', [Link("a", (), (("title", 'a, <b>; "c"'),))]),
])
def test_links(value: str, expected: list[Link]) -> None:
    assert link(value) == tuple(expected)


def test_properties() -> None:
    found = link('<a>;rel=X;anchor="#b";hreflang=DE;hreflang=en;type="text/html";title=t;media=print;rel=y')[0]
    assert (found.rel, found.anchor, found.hreflang, found.type, found.title, found.media) == (
        "X", "#b", ("de", "en"), "text/html", "t", "print")
    assert found.names == ("rel", "anchor", "hreflang", "hreflang", "type", "title", "media", "rel")


def test_what_is_written_unusually() -> None:
    """RFC 8288 §3.4.1: title is a quoted string, hreflang a language tag."""
    assert link('<a>;title=b;hreflang="en"')[0].unusual == ("title", "hreflang")
    assert link('<a>;title="b";hreflang=en;rel=c;media="d"')[0].unusual == ()


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("<a>; b=c d=e", 9, "semicolons"), ("<a>; b=c d", 9, "double quotes"), ('<a>; b="c" d', 11, "semicolons"),
    ("<a>; b\t=\tc d", 11, "double quotes"), ("<a>; b c", 7, None), ("<a>; (", 5, None), ("<a>;;b", 4, None),
    ("<a>; b=c\td\t=", 9, "semicolons"), ("<a>; b=(", 7, None), ("<a\tb>", 2, "%20"), ("<a, <b>", 3, "%20"),
    ("/a; rel=x", 0, "angle brackets"), ("<a", 2, None), ("<a b>; rel=x", 2, "%20"), ("< /a>", 1, "%20"),
    ("<a>;", 4, None), ("<a>; rel=http://x/", 13, "double quotes"), ("<a> <b>", 4, None), ('<a>; rel="x', 11, None),
    ("<caf\u00e9>", 4, "%E9"), ("<a>; rel=x rel=y", 11, "semicolons"), ("<a>; rel=", 9, None), ("<a|b>", 2, "%7C"),
    ("<a>; rel=x;", 11, None), ("<a>, b", 5, "angle brackets"), ("<a>;rel=x/y", 9, "double quotes")])
def test_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        link(value)
    assert error.value.position == position
    assert error.value.value == value
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)
