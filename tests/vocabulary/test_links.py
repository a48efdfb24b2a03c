"""Relations and attributes of links."""
from __future__ import annotations

import pytest

from httplint.grammar.rfc8288 import Link, link
from httplint.vocabulary import links


def one(value: str) -> Link:
    (found,) = link(value)
    return found


@pytest.mark.parametrize(("rel", "odd", "unregistered", "miscased"), [
    ("next", (), (), ()),
    ("Next", (), (), ("Next",)),
    ("shortlink x.y-2", (), ("shortlink", "x.y-2"), ()),
    ("https://api.w.org/ urn:x:y", (), (), ()),
    ("http://www.w3.org/ns/ldp#constrainedBy", (), (), ("http://www.w3.org/ns/ldp#constrainedBy",)),
    ("preload,stylesheet", ("preload,stylesheet",), (), ()),
    ("/next my_rel 2nd", ("/next", "my_rel", "2nd"), (), ()),
    ("My_Rel", ("my_rel",), (), ()),
    ("http://a b", (), ("b",), ()), ("1://A", ("1://a",), (), ()),
    ("", (), (), ()),
])
def test_relations(rel: str, odd: tuple[str, ...], unregistered: tuple[str, ...], miscased: tuple[str, ...]) -> None:
    found = one(f'</a>; rel="{rel}"')
    assert links.odd_relations(found) == odd
    assert links.unregistered_relations(found) == unregistered
    assert links.miscased_relations(found) == miscased


def test_repeated() -> None:
    assert links.repeated_attributes_of(one("</a>;title=a;TITLE=b;media=c;media=d;hreflang=e;hreflang=f;x=1;x=2")) == (
        "title", "media")
    assert links.times_rel(one("</a>;rel=a;Rel=b")) == 2
    assert links.times_rel(one("</a>;rev=a")) == 0


@pytest.mark.parametrize(("attribute", "wanted"), [
    ('type="text/html"', None), ('type="application/vnd.x+json"', None),
    ('type="text/html; charset=x"', "without parameters"),
    ('type="text"', "type/subtype"), ("hreflang=de-CH-1996", None), ("hreflang=en_US", "subtag"),
    ('hreflang="de, en"', "one language tag"), ("hreflang", "language tag"), ('anchor="#a"', None), ('anchor=""', None),
    ('anchor="a b"', "URI"), ("title*=UTF-8'de'n%c3%a4", None), ("title*=\"UTF-8''a\"", None),
    ("title*=abc", "single quote"),
    ("title*=utf-8''%E4", "octets of UTF-8"), ("title*=iso-8859-1''%E4", "charset UTF-8"), ("x*=abc", None),
    ("title", None),
])
def test_attributes(attribute: str, wanted: str | None) -> None:
    found = links.attribute_flaw(one(f"</a>; rel=next; {attribute}"))
    assert (found is None) == (wanted is None)
    assert (wanted or "") in (found or "")


def test_names() -> None:
    assert links.odd_attribute_names(one("</a>;a=b;c*=d;e*f=g;h'=i;j%=k;*l=m")) == ("e*f", "h'", "j%", "*l")


def test_fonts() -> None:
    assert links.loads_font(one("</a>;as=Font"))
    assert not links.loads_font(one("</a>;as"))
