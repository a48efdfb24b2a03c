from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar import fetch, table
from httplint.grammar.syntax import Malformed
from httplint.model.fields import Fields

ORIGINS = ("https://foo.invalid", "https://rabbit.invalid:8443", "http://127.0.0.1:8000", "http://[2001:db8::1]",
           "http://[::1]:3000", "https://xn--bcher-kva.example", "chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai",
           "https://a_b.example", "https://a.example.", "http://localhost", "file://", "https://-a-.example",
           "app://-", "app://.", "capacitor://localhost", "app://host:8080",
           "safari-web-extension://0A1B2C3D-1111-4222-8333-ABCDEFABCDEF")


@pytest.mark.parametrize("value", [*ORIGINS, "null"])
def test_origins(value: str) -> None:
    assert fetch.origin(value) == fetch.allow_origin(value) == value
    assert fetch.allowed_origins(value) == (value,)


def test_the_wildcard() -> None:
    assert fetch.allow_origin("*") == "*"
    with pytest.raises(Malformed):
        fetch.origin("*")


@pytest.mark.parametrize(("value", "position", "hint"), [
    # Fetch §3.3.5: a serialised origin has no slash at its end
    ("https://rabbit.invalid/", 22, "no slash"), ("https://a.example/path", 17, "no slash"),
    ("https://a.example, https://b.example", 17, "only one"), ("https://a.example https://b.example", 17, "only one"),
    ("*, *", 1, "only one"), ("HTTPS://a.example", 0, "lower case"), ("https://A.example", 8, "lower case"),
    ("https://*.a.example", 8, "wildcards"), ("a.example", 0, "scheme"), ("Null", 0, "lower case"),
    ("NULL", 0, "lower case"),
    ("", 0, "leave the field out"), ("true", 0, "leave the field out"), ('"https://a.example"', 0, "quotes"),
    ("x://*", 4, "wildcards"), ("x://(", 4, None), ("ws://A.example", 5, "lower case"),
    ("wss://A.example", 6, "lower case"), ("http://A.example", 7, "lower case"), ("file://A", 7, "lower case"),
    ("https://", 8, None), ("//a.example", 0, "scheme"), ("https://a.example:", 17, None),
    ("https://b\xfccher.example", 9, None), ("https://a.exampleX", 17, "lower case"), ("https://a.example?b", 17, None),
    ("https://a.example\u00c9", 17, None),
    ("https://a.example:443443", 23, None), ("*.a.example", 1, None), ("https://[::1", 8, None), ("nullx", 4, None),
    ("app://*", 6, "wildcards"), ("App://-", 0, "lower case"), ("app://-/", 7, "no slash"), ("app://", 6, None),
    ("ftp://A.example", 6, "lower case"), ("http\u017f://a.example", 0, None), ("https://\u212a.example", 8, None),
])
def test_malformed_origins(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        fetch.allow_origin(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


@pytest.mark.parametrize(("value", "expected"), [
    ("*", ("*",)), ("https://a.example, null,*", ("https://a.example", "null", "*")), (", *,", ("*",))])
def test_timing_allow_origin(value: str, expected: tuple[str, ...]) -> None:
    assert fetch.allowed_origins(value) == expected


@pytest.mark.parametrize(("value", "position"), [
    ("", 0), (",", 1), ("https://[]", 8), ("https://[]:1", 8), ("https://a.example/", 17),
    ("https://a.example https://b.example", 18),
    ("https://a.example, b", 19)])
def test_malformed_timing_allow_origin(value: str, position: int) -> None:
    with pytest.raises(Malformed) as error:
        fetch.allowed_origins(value)
    assert error.value.position == position


@pytest.mark.parametrize(("value", "hint"), [
    ("NULL , https://a.example", "null is written"), ("a.example, https://b.example", "begins with its scheme"),
    ("TRUE, https://a.example", "leave the field out"), ("https://b.example, 'null'", "not put in quotes"),
    ("https://*.example, a", "no wildcards"), ("https://a.example/", "no slash"), ("*X", "lower case"),
    ("https://, https://*", None)])
def test_only_the_member_at_fault_has_a_hint(value: str, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        fetch.allowed_origins(value)
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


@pytest.mark.parametrize(("parser", "value", "expected"), [
    (fetch.only_true, "true", True),
    (fetch.allow_methods, "GET, patch,*", ("GET", "patch", "*")), (fetch.allow_methods, "", ()),
    (fetch.allow_headers, "Content-Type,X-Id", ("content-type", "x-id")), (fetch.allow_headers, "", ()),
    (fetch.request_headers, "x-a,x-b", ("x-a", "x-b")), (fetch.request_method, "PUT", "PUT"),
    (fetch.max_age, "0", 0), (fetch.max_age, "86400", 86400),
    (fetch.resource_policy, "same-origin", "same-origin"), (fetch.resource_policy, "same-site", "same-site"),
    (fetch.resource_policy, "cross-origin", "cross-origin"),
    # Clear Site Data §1.1, §3.1
    (fetch.clear_site_data, '"cache", "cookies", "storage", "executionContexts"',
     ("cache", "cookies", "storage", "executionContexts")),
    (fetch.clear_site_data, '"*"', ("*",)), (fetch.clear_site_data, '"a,b" ,"c\\"d"', ("a,b", 'c"d')),
])
def test_values(parser: Callable[[str], object], value: str, expected: object) -> None:
    assert parser(value) == expected


@pytest.mark.parametrize(("parser", "value", "position", "hint"), [
    (fetch.only_true, "True", 0, "lower case"), (fetch.only_true, "false", 0, "leave"),
    (fetch.only_true, "", 0, "leave"),
    (fetch.only_true, "truee", 4, "leave"), (fetch.only_true, "true, true", 4, "leave"),
    (fetch.allow_methods, "GET; PUT", 3, "commas"), (fetch.allow_methods, "GET PUT", 4, "commas"),
    (fetch.allow_headers, '"X-Id"', 0, "quotes"), (fetch.request_headers, "", 0, None),
    (fetch.request_method, "", 0, None),
    (fetch.request_method, "PUT, GET", 3, None), (fetch.max_age, "-1", 0, "0 keeps"),
    (fetch.max_age, "1h", 1, "digits"),
    (fetch.resource_policy, "SAME-ORIGIN", 0, "lower case"),
    (fetch.resource_policy, "same-site, same-origin", 9, "only one"),
    *((fetch.resource_policy, word, 0, "hyphen")
      for word in ("sameorigin", "same_origin", "Same_Site", "samesite", "crossorigin", "cross_origin")),
    (fetch.resource_policy, '"same-origin"', 0, "quotes"),
    (fetch.resource_policy, "*", 0, None), (fetch.resource_policy, "", 0, None),
    (fetch.clear_site_data, "cookies", 0, "double quotes"), (fetch.clear_site_data, "*", 0, "double quotes"),
    (fetch.clear_site_data, '"cache" "cookies"', 8, None), (fetch.clear_site_data, "", 0, None),
    (fetch.clear_site_data, '"cache', 6, None), (fetch.clear_site_data, '"cache", cookies', 9, "double quotes"),
])
def test_flaws(parser: Callable[[str], object], value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        parser(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


@pytest.mark.parametrize("value", ["true", "FALSE", "none", "undefined", ""])
def test_words_that_mean_nothing(value: str) -> None:
    with pytest.raises(Malformed) as error:
        fetch.allow_origin(value)
    assert error.value.hint == "leave the field out where nothing is allowed"


def test_what_is_said_of_policies_of_resources() -> None:
    """Fetch §3.7."""
    with pytest.raises(Malformed) as error:
        fetch.resource_policy("x")
    assert error.value.expected == "same-origin, same-site or cross-origin"


def test_types_of_site_data() -> None:
    assert {"cache", "cookies", "storage", "executionContexts", "clientHints", "*"} <= fetch.site_data_types()


PARSERS = (fetch.origin, fetch.allow_origin, fetch.allowed_origins, fetch.only_true, fetch.allow_methods,
           fetch.allow_headers, fetch.request_headers, fetch.request_method, fetch.max_age, fetch.resource_policy,
           fetch.clear_site_data)
ODD = st.text(alphabet=st.sampled_from('htps:/.*[]0aA, \t"\\null-_\x00\xe9'), max_size=30)


@given(ODD | st.text(max_size=20) | st.sampled_from(ORIGINS))
def test_nothing_else_is_raised(value: str) -> None:
    for parser in PARSERS:
        try:
            parser(value)
        except Malformed as error:
            assert 0 <= error.position <= len(value)


LISTS = {"timing-allow-origin": st.sampled_from([*ORIGINS, "*", "null"]),
         "access-control-allow-methods": st.sampled_from(["GET", "put", "*"]),
         "access-control-allow-headers": st.sampled_from(["X-Id", "*", "ETag"]),
         "access-control-expose-headers": st.sampled_from(["X-Id", "*", "ETag"]),
         "clear-site-data": st.sampled_from(['"*"', '"a,b"', '"cache"'])}


@pytest.mark.parametrize("name", LISTS)
@given(data=st.data())
def test_lists_are_the_same_on_one_line_and_on_several(name: str, data: st.DataObject) -> None:
    members = data.draw(st.lists(LISTS[name], min_size=1, max_size=5))
    cut = data.draw(st.integers(0, len(members)))
    lines = [", ".join(part) for part in (members[:cut], members[cut:]) if part]
    assert (table.parsed(Fields(tuple((name, line) for line in lines)), name)
            == table.parsed(Fields(((name, ", ".join(members)),)), name))
