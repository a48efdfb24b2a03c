"""The fields of WebDAV and its kin, and Status-URI of its predecessor."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from httplint.grammar import rfc2518, rfc4918
from httplint.grammar.rfc4918 import Condition, LockTimeout, StateList, if_
from httplint.grammar.syntax import Malformed

UUID = "urn:uuid:181d4fae-7d8c-11d0-a765-00a0c91e6bf2"
OTHER = "urn:uuid:58f202ac-22cf-11d1-b12d-002035b29092"


def test_dav() -> None:
    assert rfc4918.dav("1, 3") == ("1", "3")
    assert rfc4918.dav("1,2,<http://apache.org/dav/propset/fs/1>, Calendar-Access") == (
        "1", "2", "<http://apache.org/dav/propset/fs/1>", "calendar-access")
    assert rfc4918.dav("") == ()


@pytest.mark.parametrize(("value", "expected"), [
    # RFC 4918 §10.4.6 to §10.4.11
    (f'(<{UUID}> ["I am an ETag"]) (["I am another ETag"])', [
        StateList(None, (Condition(False, UUID, None), Condition(False, None, '"I am an ETag"'))),
        StateList(None, (Condition(False, None, '"I am another ETag"'),))]),
    (f"(Not <{UUID}>  <{OTHER}>)", [StateList(None, (Condition(True, UUID, None), Condition(False, OTHER, None)))]),
    (f"(<{UUID}>) (Not <DAV:no-lock>)", [
        StateList(None, (Condition(False, UUID, None),)), StateList(None, (Condition(True, "DAV:no-lock", None),))]),
    (f'</resource1> (<{UUID}> [W/"A weak ETag"]) (["strong ETag"])', [
        StateList("/resource1", (Condition(False, UUID, None), Condition(False, None, 'W/"A weak ETag"'))),
        StateList("/resource1", (Condition(False, None, '"strong ETag"'),))]),
    (f"<http://www.example.com/specs/> (<{UUID}>)", [
        StateList("http://www.example.com/specs/", (Condition(False, UUID, None),))]),
    ('</specs/rfc2518.doc> (Not ["4217"])', [StateList("/specs/rfc2518.doc", (Condition(True, None, '"4217"'),))]),
    ('</a>(["b"])</c>(not["d"])', [StateList("/a", (Condition(False, None, '"b"'),)),
                                   StateList("/c", (Condition(True, None, '"d"'),))]),
])
def test_if(value: str, expected: list[StateList]) -> None:
    assert if_(value) == tuple(expected)


def test_the_others() -> None:
    assert rfc4918.lock_token(f"<{UUID}>") == UUID
    assert [rfc4918.depth(value) for value in ("0", "1", "Infinity")] == ["0", "1", "infinity"]
    assert [rfc4918.overwrite(value) for value in ("T", "F", "f")] == [True, False, False]
    assert rfc4918.destination("http://www.example.com/u/f%20g").host == "www.example.com"
    assert rfc4918.destination("/resource2?a").path == "/resource2"
    assert rfc4918.destination("/.a/b../...?/../").path == "/.a/b../..."
    assert rfc4918.timeout("Infinite, Second-4100000000") == (LockTimeout(None), LockTimeout(4100000000))
    assert rfc4918.schedule_tag('"12ab34-cd56ef"') == "12ab34-cd56ef"
    assert rfc2518.status_uri("404 <http://a.example/> 200 <http://b.example/>") == (
        rfc2518.StatusUri(404, "http://a.example/"), rfc2518.StatusUri(200, "http://b.example/"))


@pytest.mark.parametrize(("parse", "value", "position", "hint"), [
    (rfc4918.dav, "1; 2", 1, "commas"), (rfc4918.dav, "1, http://a/", 7, "angle brackets"),
    (rfc4918.dav, "</a>", 1, None),
    (rfc4918.dav, "<a:b#c>", 4, "fragment"), (rfc4918.dav, "<http://a/", 10, None), (rfc4918.dav, "1 2", 2, "commas"),
    (rfc4918.lock_token, UUID, 0, "angle brackets"), (rfc4918.lock_token, "<abc>", 1, None),
    (rfc4918.lock_token, f"<{UUID}>, <{UUID}>", 47, "one lock token"), (rfc4918.lock_token, "", 0, None),
    (rfc4918.lock_token, "<urn:a b>", 6, None), (rfc4918.depth, "2", 0, None), (rfc4918.overwrite, "true", 0, None),
    (rfc4918.destination, "a", 0, None), (rfc4918.destination, "//a/b", 0, None),
    (rfc4918.destination, "/a#b", 2, "fragment"), (rfc4918.destination, "/a/../b", 3, None),
    (rfc4918.destination, "http://a.example/#b", 17, "fragment"), (rfc4918.destination, "urn:a#b", 5, "fragment"),
    (rfc4918.destination, "a:/./b", 3, None),
    (rfc4918.destination, "http://a.example:80/./b", 20, None), (rfc4918.destination, "/a/b/..?c", 5, None),
    (rfc4918.destination, "/a b", 2, "%20"), (rfc4918.timeout, "", 0, None), (rfc4918.timeout, "3600", 0, None),
    (rfc4918.timeout, "Second-", 0, None), (rfc4918.schedule_tag, 'W/"a"', 0, "weak"),
    (rfc4918.schedule_tag, "a", 0, "quotes"),
    (rfc4918.schedule_tag, '"a" "b"', 3, "one tag"), (if_, "", 0, None), (if_, "<a> (<b:c>)", 1, None),
    (if_, "</a b> (<b:c>)", 3, None),
    (if_, "</a", 0, "angle brackets") if False else (if_, "(Not a)", 5, "angle brackets"),
    (if_, "()", 1, "angle brackets"),
    (if_, f"<{UUID}>", 47, None),
    (if_, "(<a:b>) </c> (<a:b>)", 8, "mix"), (if_, '(["a")', 5, None), (if_, "(<a:b>", 6, None),
    (if_, "(a:b)", 1, "angle brackets"),
    (rfc2518.status_uri, "40 <a:b>", 0, None), (rfc2518.status_uri, "404 a:b", 4, "angle brackets"),
])
def test_flaws(parse: Callable[[str], object], value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        parse(value)
    assert (error.value.position, error.value.value) == (position, value)
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)
