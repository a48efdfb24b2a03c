"""What the responses of WebDAV hold."""
from __future__ import annotations

import gzip

import pytest

from httplint.grammar.multistatus import BAD_STATUS, ResourceStatus
from httplint.grammar.rfc9110 import media_type
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary import webdav

ONE = b'<multistatus xmlns="DAV:"><response><href>/a</href><status>HTTP/1.1 200 OK</status></response></multistatus>'


def response(content: bytes | None, kind: str = "application/xml", **fields: str) -> Response:
    headers = [("Content-Type", kind), *((name.replace("_", "-"), text) for name, text in fields.items())]
    return Response(207, headers=headers, content=content)


def resource(*hrefs: str, status: int | None = 200, located: bool = False) -> ResourceStatus:
    return ResourceStatus(hrefs, status, (), located)


def test_names() -> None:
    assert webdav.of_webdav("PROPFIND")
    assert not webdav.of_webdav("propfind")
    assert webdav.is_xml(media_type("text/xml"))
    assert webdav.is_xml(media_type("a/b+xml; c=d"))
    assert not webdav.is_xml(media_type("text/html"))


@pytest.mark.parametrize(("kind", "called"), [
    ("application/xml; charset=utf-8", True), ("text/xml", True), ("a/b+xml", True), ("text/html", False),
    ("xml", False)])
def test_what_is_called_xml(kind: str, called: bool) -> None:
    assert webdav.called_xml(response(b"", kind)) is called
    assert not webdav.called_xml(Response(207, content=b"<a/>"))


def test_resources() -> None:
    assert webdav.resources(response(ONE)) == (resource("/a"),)
    assert webdav.resources(response(gzip.compress(ONE), Content_Encoding="gzip")) == (resource("/a"),)
    assert webdav.xml_flaw(response(ONE)) is None
    assert "line 1" in (webdav.xml_flaw(response(b"<a>")) or "")


@pytest.mark.parametrize(("content", "kind", "error"), [
    (None, "application/xml", NotEvaluated), (b"", "application/xml", NotApplicable), (ONE, "text/html", NotApplicable),
    (b"<a>", "application/xml", NotEvaluated), (b"<a/>", "application/xml", NotEvaluated),
    (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "application/xml", NotEvaluated),
    (b"<a>" + b" " * 2_000_000 + b"</a>", "application/xml", NotEvaluated)])
def test_what_has_no_resources(content: bytes | None, kind: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        webdav.resources(response(content, kind))


@pytest.mark.parametrize(("content", "expected"), [
    (b'<D:error xmlns:D="DAV:"><D:no-conflicting-lock/></D:error>', True), (b'<D:error xmlns:D="DAV:"/>', False),
    (b"<error><x/></error>", False), (ONE, True), (b"locked", False), (b"", False)])
def test_conditions(content: bytes, expected: bool) -> None:
    assert webdav.holds_condition(response(content)) is expected


def test_broken_requests() -> None:
    def broken(content: bytes, *fields: tuple[str, str]) -> bool:
        return bool(webdav.broken_xml(Request("PROPFIND", "/", headers=list(fields), content=content)))
    kind = ("Content-Type", "text/xml")
    assert not broken(b"<a/>", kind)
    assert broken(b"<a>", kind)
    for content, fields in ((b"", [kind]), (b"<a>", []), (b"<a>", [("Content-Type", "text/plain")])):
        with pytest.raises(NotApplicable):
            broken(content, *fields)
    with pytest.raises(NotEvaluated):
        broken(b"<a>", kind, ("Content-Encoding", "gzip"))
    assert broken(b"<a>", ("Content-Type", 'text/xml; charset="UTF-8"'))
    assert not broken("<é/>".encode("latin-1"), ("Content-Type", "text/xml; charset=ISO-8859-1"))
    with pytest.raises(NotEvaluated):
        broken("<é/>".encode("utf-16-be"), ("Content-Type", "text/xml; charset=UTF-16BE"))


def test_hrefs() -> None:
    assert webdav.repeated_hrefs((resource("/a"), resource("/b", "/a"), resource("/b"))) == ("/a", "/b")
    assert webdav.one_form((resource("/a"), resource("/b"), resource("")))
    assert webdav.one_form((resource("http://a/"), resource()))
    assert not webdav.one_form((resource("/a"), resource("http://a/b")))
    assert webdav.one_form((resource("/a"), resource("b"), resource("../c")))
    assert webdav.href_flaw(resource("/a%20b", "http://a.example/b?c")) is None
    assert "' '" in (webdav.href_flaw(resource("/a b")) or "")
    assert webdav.href_flaw(resource("a")) is not None
    assert not (webdav.href_flaw(resource("")) or "").endswith("''")
    assert "dot segments" in (webdav.href_flaw(resource("http://a.example/b/./c")) or "")


def test_statuses() -> None:
    assert not webdav.badly_told(resource("/a"))
    assert webdav.badly_told(resource("/a", status=None))
    assert webdav.badly_told(ResourceStatus(("/a",), None, (200, BAD_STATUS), False))
    assert webdav.unlocated(resource("/a", status=302))
    assert not webdav.unlocated(resource("/a", status=302, located=True))
    assert not webdav.unlocated(resource("/a", status=304))


LOCK = (b'<?xml version="1.0" encoding="utf-8" ?><D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock>'
        b"<D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope><D:depth>infinity</D:depth>"
        b"<D:owner><D:href>http://example.org/~ejw/contact.html</D:href></D:owner><D:timeout>Second-604800</D:timeout>"
        b"<D:locktoken><D:href>urn:uuid:e71d4fae-5dec-22d6-fea5-00a0c91e6be4</D:href></D:locktoken><D:lockroot>"
        b"<D:href>http://example.com/workspace/webdav/proposal.doc</D:href></D:lockroot></D:activelock>"
        b"</D:lockdiscovery></D:prop>")
"""The example of RFC 4918 §9.10.7, somewhat shortened."""


def locked(content: bytes, kind: str = "application/xml") -> Response:
    return Response(200, headers=[("Content-Type", kind)], content=content)


def test_a_lock() -> None:
    assert webdav.tells_lock(locked(LOCK))
    lock, = webdav.locks(locked(LOCK))
    assert (lock.timeout, lock.depth) == ("Second-604800", "infinity")
    assert webdav.lock_flaws(lock) == ()
    for content, kind in ((b"", "application/xml"), (b"{}", "application/json"), (b"<prop/>", "application/xml"),
                          (LOCK.replace(b"D:prop", b"D:x"), "text/xml"),
                          (LOCK.replace(b"activelock", b"lock"), "text/xml")):
        assert not webdav.tells_lock(locked(content, kind))
    with pytest.raises(NotEvaluated):
        webdav.tells_lock(locked(LOCK[:-1]))


@pytest.mark.parametrize(("before", "after", "flaws"), [
    (b"D:lockroot>", b"D:root>", ("no lockroot",)), (b"D:locktoken>", b"D:token>", ()),
    (b"<D:owner>", b"<D:timeout/><D:owner>", ("more than one timeout",)),
    (b"<D:href>urn:uuid:e71d4fae-5dec-22d6-fea5-00a0c91e6be4</D:href>", b"urn:x", ("locktoken without href",)),
    (b"<D:owner>", b"<D:owner><D:depth/><D:lockroot/>", ()), (b"<D:owner>", b"<x/><x/><D:owner>", ()),
])
def test_flaws_of_a_lock(before: bytes, after: bytes, flaws: tuple[str, ...]) -> None:
    lock, = webdav.locks(locked(LOCK.replace(before, after)))
    assert webdav.lock_flaws(lock) == flaws


def test_lock_times() -> None:
    """RFC 4918 §10.7."""
    assert all(webdav.is_lock_time(one) for one in ("Second-4100000000", "Infinite", "infinite", "Second-0"))
    assert not any(webdav.is_lock_time(one)
                   for one in ("", "Second-", "600", "Second-1.5", "Infinite, Second-9", "Infinity"))
