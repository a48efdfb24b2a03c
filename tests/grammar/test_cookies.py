from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.cookies import (
    Cookie,
    Pair,
    cookie_date,
    cookie_string,
    folded,
    known_attributes,
    pair_in_value,
    received,
    set_cookie,
)
from httplint.grammar.dates import imf_fixdate
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 6265bis §3.1
    ("SID=31d4d96e407aad42", Cookie("SID", "31d4d96e407aad42")),
    ("SID=31d4d96e407aad42; Path=/; Domain=site.example",
     Cookie("SID", "31d4d96e407aad42", (("path", "/"), ("domain", "site.example")))),
    ("SID=31d4d96e407aad42; Path=/; Secure; HttpOnly",
     Cookie("SID", "31d4d96e407aad42", (("path", "/"), ("secure", ""), ("httponly", "")))),
    ("lang=en-US; Expires=Wed, 09 Jun 2021 10:18:14 GMT",
     Cookie("lang", "en-US", (("expires", "Wed, 09 Jun 2021 10:18:14 GMT"),))),
    ("lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
     Cookie("lang", "", (("expires", "Sun, 06 Nov 1994 08:49:37 GMT"),))),
    # forms that the grammar of §4.1.1 allows
    (" a \t= b\t ; later = x=y ;\tSECURE", Cookie("a", "b", (("later", "x=y"), ("secure", "")))),
    ('a="b"', Cookie("a", '"b"')), ('a=""', Cookie("a", '""')), ("a=b=c==", Cookie("a", "b=c==")),
    ("a=!#$%&'()*+-./:<=>?@[]^_`{|}~", Cookie("a", "!#$%&'()*+-./:<=>?@[]^_`{|}~")),
    ("a=b; Path=/x y,z", Cookie("a", "b", (("path", "/x y,z"),))),
    ("a=b; Path=/; path=/c", Cookie("a", "b", (("path", "/"), ("path", "/c")))),
])
def test_set_cookie(value: str, expected: Cookie) -> None:
    assert set_cookie(value) == expected
    assert received(value) == expected


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, "name=value"), ("a", 1, "name=value"), ("a; Path=/", 1, "name=value"), ("=b", 0, None), (" =b", 1, None),
    ("a b=c", 1, "whitespace"), ("a[1]=c", 1, None), ("\xe4=c", 0, "ASCII"), ("(=c", 0, None),
    ("a=b c", 3, "a space"), ("a=b,c", 3, "a comma"), ("a=b, c=d", 3, "line of its own"),
    ("a=b\\c", 3, "a backslash"),
    ('a=b"c', 3, "whole value"), ('a="b', 4, None), ('a="b"c', 5, "this octet is encoded"),
    ('a="b c"', 4, "a space"), ('a="', 3, None),
    ('a={"b":1}', 3, "whole value"), ("a=\xfc", 2, "octet"), ("a=b\x00", 3, "drop"), ("a=b; Path=\x7f", 10, "drop"),
    ("a=b;", 4, "last semicolon"), ("a=b; ", 5, "last semicolon"), ("a=b;; Path=/", 4, "one semicolon"),
    ("a=b; Path=/\xfc", 11, "ASCII"), ("a=b; \xfc", 5, "ASCII"), ("a=b; Path=/\tx", 12, None),
    ("a=b;Path=/;;", 11, "one"), ("a=b; Path=/ \xfc", 12, "ASCII"), ("a=b; x\t \xfc", 8, "ASCII"),
])
def test_set_cookie_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        set_cookie(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 6265bis §5.6: what user agents read, whatever the grammar for servers says
    ("a", Cookie("", "a")), ("=a", Cookie("", "a")), ("a b=c d; Path", Cookie("a b", "c d", (("path", ""),))),
    ("a=b;;Secure ;", Cookie("a", "b", (("secure", ""),))), ("a=\xfc; =x", Cookie("a", "\xfc")),
    ("a\t=\tb\tc\t", Cookie("a", "b\tc")),
    ("", None), ("=", None), (" ; Path=/", None), ("a=b\x00", None), ("a=b; x=\x1f", None), ("a\x7f=b", None),
])
def test_received(value: str, expected: Cookie | None) -> None:
    assert received(value) == expected


def cookie(attributes: str, name: str = "a") -> Cookie:
    found = received(f"{name}=b; {attributes}")
    assert found is not None
    return found


def test_attributes_as_user_agents_read_them() -> None:
    found = cookie("SECURE=no; httponly; Partitioned; Domain=.Site.Example; PATH=/x; path=/y; SameSite=LAX")
    assert found.secure
    assert found.http_only
    assert found.partitioned
    assert (found.domain, found.path, found.same_site) == ("site.example", "/y", "lax")
    plain = cookie("Later")
    assert not plain.secure
    assert not plain.http_only
    assert (plain.domain, plain.path, plain.same_site, plain.max_age, plain.expires) == (None,) * 5
    assert cookie("Domain=; Path=").domain is None
    assert cookie("Domain=; Path=").path is None
    assert cookie("SameSite=off").same_site == "off"
    assert [cookie(f"SameSite={value}").same_site for value in ("STRICT", "Lax", "None")] == ["strict", "lax", "none"]
    assert cookie("Path=/" + "x" * 1023).path == "/" + "x" * 1023
    assert cookie("Path=/; Path=/" + "x" * 1024).path == "/"       # §5.6: too long, ignored
    assert cookie("a=b").size == 2


@pytest.mark.parametrize(("value", "seconds"), [
    ("0", 0), ("3600", 3600), ("-1", -1), ("", None), ("-", None), ("+1", None), ("1h", None), ("1.0", None),
    ('"60"', None), ("1e3", None), ("\u0661", None)])
def test_max_age(value: str, seconds: int | None) -> None:
    assert cookie(f"Max-Age={value}").max_age == seconds


def test_a_lifetime_of_very_many_digits() -> None:
    assert (cookie("Max-Age=" + "9" * 2000).max_age or 0) > 0
    assert (cookie("Max-Age=-" + "9" * 2000).max_age or 0) < 0


def test_the_last_readable_lifetime_counts() -> None:
    # §5.6.2, §5.7: what cannot be read is ignored, and of the rest the last one counts
    assert cookie("Max-Age=1; Max-Age=2; Max-Age=x").max_age == 2
    assert cookie("Expires=Thu, 01 Jan 1970 00:00:05 GMT; Expires=0").expires == 5


@pytest.mark.parametrize(("name", "prefix"), [
    ("__Secure-a", "__Secure-"), ("__SECURE-a", "__Secure-"), ("__host-a", "__Host-"), ("Host-a", None),
    ("__Host", None), ("__Secure_a", None)])
def test_prefix(name: str, prefix: str | None) -> None:
    assert cookie("", name).prefix == prefix


def seconds(*parts: int) -> int:
    return int(datetime.datetime(*parts, tzinfo=datetime.timezone.utc).timestamp())  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(("value", "expected"), [
    ("Wed, 09 Jun 2021 10:18:14 GMT", seconds(2021, 6, 9, 10, 18, 14)),
    ("Wed, 09-Jun-2021 10:18:14 GMT", seconds(2021, 6, 9, 10, 18, 14)),
    ("Wednesday, 09-Jun-21 10:18:14 GMT", seconds(2021, 6, 9, 10, 18, 14)),
    ("Wed Jun  9 10:18:14 2021", seconds(2021, 6, 9, 10, 18, 14)),
    ("9 JUNE 2021 1:2:3", seconds(2021, 6, 9, 1, 2, 3)),
    ("10:18:14 2021 Jun 9x", seconds(2021, 6, 9, 10, 18, 14)),        # in any order: 2021 is no day of a month
    ("Thu, 01-Jan-70 00:00:00 GMT", 0), ("Thu, 01-Jan-69 00:00:00 GMT", seconds(2069, 1, 1)),
    ("Fri, 01 Jan 1601 00:00:00 GMT", seconds(1601, 1, 1)), ("Thu, 31 Dec 1600 23:59:59 GMT", None),
    ("Wed, 31 Jun 2021 10:18:14 GMT", None), ("Wed, 0 Jun 2021 10:18:14 GMT", None),
    ("Wed, 09 Jun 2021 24:00:00 GMT", None), ("Wed, 09 Jun 2021 10:60:14 GMT", None),
    ("Wed, 09 Jun 2021 10:18:60 GMT", None),            # §5.1.1: leap seconds cannot be written
    ("Wed, 09 Jun 2021 10:18 GMT", None), ("2021-06-09T10:18:14Z", None), ("0", None), ("-1", None), ("", None),
    ("Session", None), ("Wed, 09 Jun 20211 10:18:14 GMT", None),
])
def test_cookie_date(value: str, expected: int | None) -> None:
    assert cookie_date(value) == expected


@pytest.mark.parametrize(("value", "sane"), [
    ("Wed, 09 Jun 2021 10:18:14 GMT", True), ("Wed, 09-Jun-2021 10:18:14 GMT", False),
    ("Wed, 9 Jun 2021 10:18:14 GMT", False), ("Wed, 09 Jun 2021 10:18:14 UTC", False),
    ("Wed Jun  9 10:18:14 2021", False), ("Foo, 09 Jun 2021 10:18:14 GMT", False), ("0", False)])
def test_sane_cookie_dates_are_those_of_http(value: str, sane: bool) -> None:
    assert (imf_fixdate(value) is not None) is sane


@pytest.mark.parametrize(("value", "several"), [
    ("a=b; Path=/, c=d; Path=/", True), ("a=b; Expires=Wed, 09 Jun 2021 10:18:14 GMT, c=d", True),
    ("a=b; HttpOnly,c=d; HttpOnly", True), ("a=b; secure, c = d", True), ("a=b; Max-Age=5,c=d", True),
    ("a=b; Path=/,c=d", False), ("a=b; Path=/; later=1, c=d", False), ("a=b, c=d", False), ("a=b; Secure, x", False),
    ("a=b; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Path=/", False), ("a=b,c", False)])
def test_folded(value: str, several: bool) -> None:
    assert folded(value) is several


@pytest.mark.parametrize(("value", "there"), [
    ("a=b, c=d; Path=/", True),
    ("a=b,\tc=d", True),
    ("a=1,2, c=", True),
    ("a=b,c=d", False),                                    # no blank: a value with a comma
    ("a=b, c; d=e", False),
    ("a=b; Path=/, c=d", False),                           # behind an attribute: `folded`
    ("a, b=c", False),
    ("a=b, (c)=d", False),
    ("", False),
])
def test_pair_in_value(value: str, there: bool) -> None:
    assert pair_in_value(value) is there


@pytest.mark.parametrize("attribute", [
    "Path=/, c=d", "Domain=a.example, c=d", "Expires=0,c=d", "max-age=1,\tc=d", "SameSite=Lax,c =d", "Secure, c=d",
    "httponly,c=d", "Partitioned,c=d", "priority=High, c=d", " \tSECURE\t, c=d"])
def test_what_tells_folded_cookies(attribute: str) -> None:
    """None of the attributes in use has a comma and a name in its value."""
    assert folded(f"a=b;{attribute}; x")
    assert folded(f"a=b;y;{attribute}")
    assert not folded(f"a=b;{attribute.partition(',')[0]}")


def test_known_attributes() -> None:
    known = known_attributes()
    assert {known[name] for name in ("domain", "expires", "httponly", "max-age", "path", "samesite", "secure")} == {
        "Domain", "Expires", "HttpOnly", "Max-Age", "Path", "SameSite", "Secure"}     # RFC 6265bis §9.3.2


def test_cookie_string() -> None:
    assert cookie_string("SID=31d4d96e407aad42; lang=en-US") == (Pair("SID", "31d4d96e407aad42"), Pair("lang", "en-US"))
    assert cookie_string("a=") == (Pair("a", ""),)


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None), ("a", 1, None), ("a=b;", 4, "last semicolon"), ("a=b;c=d", 4, "one space"),
    ("a=b; ", 4, "one space"), ("a=b;;", 4, "one space"), ("a=b, c=d", 3, "line of its own"),
    ("a=b; c d=e", 6, "whitespace"), ("a=b;  c=d;", 10, "last semicolon")])
def test_cookie_string_flaws(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        cookie_string(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


ODD = st.text(alphabet=st.sampled_from("ab=;, \t\"\\/\x00\x7f\xfc:-019GMTJunPathExpires"), max_size=40)
ALPHABET = ODD | st.text(max_size=20)


@given(ALPHABET)
def test_nothing_else_is_raised(value: str) -> None:
    folded(value)
    cookie_date(value)
    found = received(value)
    for parser in (set_cookie, cookie_string):
        try:
            strict = parser(value)
        except Malformed as error:
            assert 0 <= error.position <= len(value)
        else:
            if parser is set_cookie:
                assert strict == found


NAMES = st.text(alphabet="abcXYZ-_.!", min_size=1, max_size=8)
VALUES = st.text(alphabet="abc019%=/+", max_size=12)


@given(NAMES, VALUES, st.lists(st.tuples(st.sampled_from(["Path", "Domain", "Later"]), VALUES), max_size=4))
def test_what_is_written_by_the_grammar_is_read(name: str, value: str, attributes: list[tuple[str, str]]) -> None:
    text = "; ".join([f"{name}={value}", *(f"{key}={argument}" for key, argument in attributes)])
    assert set_cookie(text) == Cookie(name, value, tuple((key.lower(), argument) for key, argument in attributes))


@given(st.datetimes(min_value=datetime.datetime(1601, 1, 1), max_value=datetime.datetime(9999, 12, 31)))
def test_dates_of_http_are_read(moment: datetime.datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=datetime.timezone.utc)
    days = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    text = (f"{days[moment.weekday()]}, {moment.day:02} {months[moment.month - 1]} {moment.year:04} "
            f"{moment.hour:02}:{moment.minute:02}:{moment.second:02} GMT")
    assert cookie_date(text) == int(moment.timestamp())
    assert imf_fixdate(text)


@given(st.tuples(
    st.sampled_from(("Mon", "Sun", "sun", "Jan", "12")), st.sampled_from(("00", "01", "6", "29", "31", "32")),
    st.sampled_from(("Jan", "Feb", "Nov", "nov", "Sun")),
    st.sampled_from(("0000", "0069", "0070", "0099", "0100", "1600", "1601", "1969", "2024", "9999", "10000")),
    st.sampled_from(("00:00:00", "23:59:59", "23:59:60", "24:00:00", "08:60:37", "8:49:37", "08:49:37x")),
    st.sampled_from(("GMT", "UTC", ""))))
def test_the_form_of_http_is_read_by_the_same_steps(parts: tuple[str, ...]) -> None:
    weekday, day, month, year, time, zone = parts
    # to the steps of §5.1.1 all delimiters are alike; in HTTP-date they are not
    assert cookie_date(f"{weekday}, {day} {month} {year} {time} {zone}") == cookie_date(
        f"{weekday};{day}/{month}/{year} {time} {zone}")


JOINED = st.lists(st.sampled_from(("a=b", "c=d", "a", "=", ";", "; ", ",", ", ", ",\t", " ", "Path=/x", "Secure",
                                   "later=1", "Expires=Wed, 09 Jun 2021 10:18:14 GMT", "\xfc", '"')),
                  max_size=9).map("".join)


@given(JOINED)
def test_a_comma_joins_behind_a_value_or_behind_an_attribute(value: str) -> None:
    pair, *attributes = value.split(";")
    if pair_in_value(value):
        assert "," in pair.partition("=")[2]
    if folded(value):
        assert any("," in piece for piece in attributes)
    quiet = value.replace(",", ".")
    assert not pair_in_value(quiet)
    assert not folded(quiet)
    # what stands in the pair does not tell of the attributes, nor they of it
    assert folded(value) == folded(";".join(["a=b", *attributes]))
    assert pair_in_value(value) == pair_in_value(";".join([pair, "Secure"]))
