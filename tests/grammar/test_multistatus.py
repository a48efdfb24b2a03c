"""Multi-Status content, and what strangers may put in its place."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.multistatus import BAD_STATUS, Lock, Multistatus, ResourceStatus, multistatus
from httplint.grammar.syntax import Malformed
from httplint.model.evidence import NotEvaluated

PROPFIND = b"""<?xml version="1.0" encoding="utf-8" ?>
<D:multistatus xmlns:D="DAV:">
  <D:response xmlns:R="http://ns.example.com/boxschema/">
    <D:href>http://www.example.com/file</D:href>
    <D:propstat>
      <D:prop><R:author><R:Name>J.J. Johnson</R:Name></R:author></D:prop>
      <D:status>HTTP/1.1 200 OK</D:status>
    </D:propstat>
    <D:propstat>
      <D:prop><R:DingALing/></D:prop>
      <D:status>HTTP/1.1 403 Forbidden</D:status>
      <D:responsedescription> The user does not have access to the DingALing property.</D:responsedescription>
    </D:propstat>
  </D:response>
  <D:responsedescription> There has been an access violation error.</D:responsedescription>
</D:multistatus>"""
"""The example of RFC 4918 §9.1.3, somewhat shortened."""

DELETE = b"""<d:multistatus xmlns:d="DAV:"><d:response><d:href>http://www.example.com/container/resource3</d:href>
<d:status>HTTP/1.1 423 Locked</d:status><d:error><d:lock-token-submitted/></d:error></d:response></d:multistatus>"""
"""RFC 4918 §9.6.2."""


def test_examples() -> None:
    assert multistatus(PROPFIND) == Multistatus("DAV: multistatus", (
        ResourceStatus(("http://www.example.com/file",), None, (200, 403), False),), ())
    assert multistatus(DELETE).resources == (
        ResourceStatus(("http://www.example.com/container/resource3",), 423, (), False),)


def test_names_and_statuses_of_a_resource() -> None:
    found = ResourceStatus(("/a", "/b"), 404, (200, 403), False)
    assert (found.name, found.statuses) == ("/a", (404, 200, 403))
    bare = ResourceStatus((), None, (200,), False)
    assert (bare.name, bare.statuses) == ("a resource without href", (200,))


def read(inside: str) -> tuple[ResourceStatus, ...]:
    return multistatus(f'<multistatus xmlns="DAV:">{inside}</multistatus>'.encode()).resources


@pytest.mark.parametrize(("inside", "expected"), [
    ("", ()),
    ("<response/>", (ResourceStatus((), None, (), False),)),
    ("<response><href>/a</href><href> /b\n</href><status>HTTP/1.1 404 Not Found</status></response>",
     (ResourceStatus(("/a", "/b"), 404, (), False),)),
    ("<response><status>200 OK</status></response>", (ResourceStatus((), BAD_STATUS, (), False),)),
    ("<response><propstat><prop/></propstat></response>", (ResourceStatus((), None, (BAD_STATUS,), False),)),
    ("<response><location><href>/b</href></location></response>", (ResourceStatus((), None, (), True),)),
    ("<response><location><href>/b</href></location><href>/a</href></response>",
     (ResourceStatus(("/a",), None, (), True),)),
    ("<response><location/><propstat/></response><response><href>/a</href></response>",
     (ResourceStatus((), None, (BAD_STATUS,), True), ResourceStatus(("/a",), None, (), False))),
    ("<response><error><status>HTTP/1.1 200 OK</status></error></response>", (ResourceStatus((), None, (), False),)),
    # what stands elsewhere, or in another namespace, does not count
    ("<response><propstat><prop><status>HTTP/1.1 500 x</status><href>/c</href></prop>"
     "<status>HTTP/1.1 200 OK</status></propstat></response>", (ResourceStatus((), None, (200,), False),)),
    ('<response xmlns:x="DAV"><x:href>/a</x:href></response>', (ResourceStatus((), None, (), False),)),
    ("<response><href>/a<b>c</b>d</href></response>", (ResourceStatus(("/acd",), None, (), False),)),
    ("<x><response><href>/a</href></response></x>", ()),
    ("<response><href>/a&amp;b<![CDATA[<]]></href></response>", (ResourceStatus(("/a&b<",), None, (), False),)),
])
def test_resources(inside: str, expected: tuple[ResourceStatus, ...]) -> None:
    assert read(inside) == expected


LOCK = """<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock>
  <D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope><D:depth>infinity</D:depth>
  <D:owner><D:href>http://example.org/~ejw/contact.html</D:href></D:owner><D:timeout>Second-604800</D:timeout>
  <D:locktoken><D:href>urn:uuid:e71d4fae-5dec-22d6-fea5-00a0c91e6be4</D:href></D:locktoken>
  <D:lockroot><D:href>http://example.com/workspace/webdav/proposal.doc</D:href></D:lockroot>
</D:activelock></D:lockdiscovery></D:prop>"""
"""RFC 4918 §9.10.7."""
EJW = Lock(("locktype", "lockscope", "depth", "owner", "timeout", "locktoken", "lockroot"), frozenset((
    ("locktype", "write"), ("lockscope", "exclusive"), ("owner", "href"), ("locktoken", "href"), ("lockroot", "href"))),
    "Second-604800", "infinity")


def test_locks() -> None:
    found = multistatus(LOCK.encode())
    assert (found.locks, found.discovered) == ((EJW,), True)


def test_several_locks_are_held_apart() -> None:
    shared = "<activelock><depth>0</depth><activelock/></activelock>"
    found = multistatus(f'<prop xmlns="DAV:"><lockdiscovery>{shared}<other/>{shared}</lockdiscovery>'
                        f"<lockdiscovery>{shared}</lockdiscovery></prop>".encode())
    assert found.locks == (Lock(("depth", "activelock"), frozenset(), None, "0"),) * 3


def test_a_lock_within_a_property_of_a_resource() -> None:
    """RFC 4918 §9.10.1 asks for lockdiscovery in the DAV:prop at the root; elsewhere it is a property as others."""
    found = multistatus(f'<D:multistatus xmlns:D="DAV:"><D:response><D:href>/a</D:href><D:propstat>{LOCK}'
                        "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>".encode())
    assert (found.locks, found.discovered) == ((EJW,), False)
    assert found.resources == (ResourceStatus(("/a",), None, (200,), False),)
    assert not multistatus(LOCK.replace("D:prop", "D:props").encode()).discovered
    assert not multistatus(f'<D:prop xmlns:D="DAV:">{LOCK}</D:prop>'.encode()).discovered


def test_errors() -> None:
    found = multistatus(b'<D:error xmlns:D="DAV:"><D:lock-token-submitted><D:href>/a</D:href>'
                        b'</D:lock-token-submitted><x:y xmlns:x="urn:x"/></D:error>')
    assert (found.error, found.multistatus, found.codes) == (True, False, ("lock-token-submitted", "urn:x y"))


@pytest.mark.parametrize("content", [
    b"", b"x", b"<a>", b"<a/><b/>", b"<D:a/>", b"<a>&</a>", b"<a>&undefined;</a>", b"{}", b"\x00", b"<a b=c/>"])
def test_what_is_no_xml(content: bytes) -> None:
    with pytest.raises(Malformed):
        multistatus(content)


BOMB = (b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 1000 + b'"><!ENTITY c "' + b"&b;" * 1000 + b'">]><a>' + b"&c;" * 1000
        + b"</a>")


@pytest.mark.parametrize("content", [
    BOMB,
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://a.example/">%b;]><a/>',
    b'<?xml version="1.0" encoding="x-unknown"?><a/>',
])
def test_what_is_not_read(content: bytes) -> None:
    with pytest.raises(NotEvaluated):
        multistatus(content)


def test_a_document_type_alone_does_no_harm() -> None:
    assert multistatus(b'<!DOCTYPE a SYSTEM "http://a.example/a.dtd"><a/>').root == "a"


def test_depth_and_length() -> None:
    assert multistatus(b"<a>" * 50_000 + b"</a>" * 50_000).root == "a"
    (found,) = read("<response><href>" + "x" * 1_000_000 + "</href></response>")
    assert len(found.hrefs[0]) <= 1_000_000
    assert len(read("<response><href>/a</href></response>" * 20_000)) == 20_000


@given(st.lists(st.sampled_from((b"<a>", b"</a>", b"<response>", b"</response>", b"<href>", b"</href>", b"<status>",
                                 b"</status>", b"<propstat>", b"</propstat>", b"x", b"&amp;", b"HTTP/1.1 200",
                                 b"<!--")),
                max_size=20))
def test_anything_is_read_or_malformed(pieces: list[bytes]) -> None:
    try:
        multistatus(b'<multistatus xmlns="DAV:">' + b"".join(pieces) + b"</multistatus>")
    except Malformed as error:
        assert error.expected


@given(st.binary(max_size=60))
def test_any_octets(octets: bytes) -> None:
    try:
        multistatus(octets)
    except (Malformed, NotEvaluated):
        pass
