"""The fields that are structured dictionaries and lists with a meaning of their own."""
from __future__ import annotations

import hashlib

import pytest

from httplint.grammar import rfc9209, rfc9211, rfc9213, rfc9218, rfc9421, rfc9530, rfc9745, rfc9842, rfc9875
from httplint.grammar.structured import Instant
from httplint.grammar.surrogate import SurrogateDirective, surrogate_control
from httplint.grammar.syntax import Malformed

# Cache-Status, RFC 9211


def test_cache_status() -> None:
    origin, network = rfc9211.cache_status('OriginCache; hit; ttl=1100, "CDN Company Here"; hit; ttl=545')
    assert (origin.cache, origin.hit, origin.fwd, origin.names) == ("OriginCache", True, None, ("hit", "ttl"))
    assert (network.cache, network.type) == ("CDN Company Here", "string")
    proxy, browser = rfc9211.cache_status("ForwardProxyCache; fwd=uri-miss; collapsed; stored, BrowserCache; fwd=miss")
    assert (proxy.fwd, proxy.hit, proxy.mistyped, browser.fwd) == ("uri-miss", False, (), "miss")
    for example in ("ExampleCache; hit; ttl=-412", "ExampleCache; fwd=stale; fwd-status=304",
                    "ExampleCache; fwd=uri-miss; collapsed=?0", "ExampleCache; hit; detail=MEMORY"):
        assert rfc9211.cache_status(example)[0].mistyped == ()


def test_cache_status_of_wrong_types() -> None:
    number, inner, cache = rfc9211.cache_status('127;hit=?0, (a b);hit, c;fwd="miss";ttl=1.5;key=k;own=1')
    assert (number.cache, number.type, number.hit) == (None, "integer", False)
    assert (inner.cache, inner.type, inner.hit) == (None, "inner list", True)
    assert cache.fwd is None
    assert [text.partition(" ")[0] for text in cache.mistyped] == ["fwd", "ttl", "key"]


def test_reasons_to_go_forward() -> None:
    """RFC 9211 §2.2."""
    assert {"bypass", "method", "uri-miss", "vary-miss", "miss", "request", "stale", "partial"} == rfc9211.FORWARDED


@pytest.mark.parametrize("parameter", [
    "hit=1", "fwd=?1", 'fwd="miss"', "fwd-status=a", "ttl=a", "stored=1", "collapsed=a", "key=a", "detail=1"])
def test_types_of_cache_status(parameter: str) -> None:
    """RFC 9211 §2.1 to §2.8."""
    assert len(rfc9211.cache_status(f"a;{parameter}")[0].mistyped) == 1


@pytest.mark.parametrize("parameter", [
    "hit=?0", "fwd=miss", "fwd-status=200", "ttl=-5", "stored", "collapsed", 'key="a"', "detail=a", 'detail="a"'])
def test_sound_cache_status(parameter: str) -> None:
    assert rfc9211.cache_status(f"a;{parameter}")[0].mistyped == ()


# Proxy-Status, RFC 9209


@pytest.mark.parametrize("value", [
    "revproxy1.example.net, ExampleCDN", "ThisProxy; error=read_timeout", "ExampleCDN; error=connection_timeout",
    "r34.example.net; error=http_request_error, ExampleCDN",
    "cdn.example.org; next-hop=backend.example.org:8001", '"proxy.example.org"; next-protocol=h2',
    "ExampleCDN; received-status=200",
    'proxy.example.net; error="http_protocol_error"; details="Malformed response header: space before colon"'])
def test_examples_of_proxy_status(value: str) -> None:
    members = rfc9209.proxy_status(value)
    assert len(members) == value.count(", ") + 1
    for member in members:
        assert member.proxy is not None
        assert member.mistyped == ()
        assert member.needless_bytes is None


def test_proxy_status() -> None:
    one, two, three = rfc9209.proxy_status("a;error=dns_error;next-protocol=:aDI=:, b;next-protocol=:MtoK:, 5;error=5")
    assert (one.error, one.needless_bytes, two.error, two.needless_bytes) == ("dns_error", "h2", None, None)
    assert (three.proxy, three.type, three.error, len(three.mistyped)) == (None, "integer", None, 1)


@pytest.mark.parametrize(("parameter", "sound"), [
    # RFC 9209 §2.1.1 to §2.1.5
    ("error=1", False), ("next-hop=a", True), ('next-hop="a b"', True), ("next-hop=1", False),
    ("next-protocol=h2", True), ("next-protocol=:aDI=:", True), ('next-protocol="h2"', False),
    ("received-status=200", True), ('received-status="200"', False), ('details="a"', True), ("details=a", False)])
def test_types_of_proxy_status(parameter: str, sound: bool) -> None:
    assert (rfc9209.proxy_status(f"a;{parameter}")[0].mistyped == ()) is sound


def test_a_list_is_no_intermediary() -> None:
    (found,) = rfc9209.proxy_status("(a b);error=dns_error")
    assert (found.proxy, found.type, found.error) == (None, "inner list", "dns_error")


# CDN-Cache-Control, RFC 9213


def test_targeted_control() -> None:
    found = rfc9213.targeted_control('max-age=60, no-store, private="Set-Cookie";x=y, odd=(1 2), s-maxage=-1, a=1.5')
    assert found.names == ("max-age", "no-store", "private", "odd", "s-maxage", "a")
    assert [one.seconds for one in found.directives] == [60, None, None, None, None, None]
    assert [one.type for one in found.directives] == ["integer", "boolean", "string", "inner list", "integer",
                                                      "decimal"]
    assert rfc9213.targeted_control("max-age=0").directives[0].seconds == 0
    assert rfc9213.targeted_control("").directives == ()
    assert rfc9213.targeted_control("none").names == ("none",)
    assert [one.value for one in rfc9213.targeted_control("max-age=1, max-age=2").directives] == [2]


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("Max-Age=60", 0, "lower case"), ("max-age=60, No-Store", 12, "lower case"),
    ("max-age=60s", 10, "something stands behind"), ("max-age=7 days", 10, "something stands behind"),
    ("A", 0, "lower case"), ("Z=1", 0, "lower case"), ("a=1;B", 4, "lower case"), ("a=1 ;b", 4, "commas"),
    (";a", 0, "commas"), ("a=;b", 2, "commas"), ("a=1;", 4, "trailing"), ("a;=b", 2, "a key begins"),
    ("a=1 Z", 4, "lower case"), ("a [", 2, "a key is followed")])
def test_flawed_targeted_control(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        rfc9213.targeted_control(value)
    assert error.value.position == position
    assert (hint or "") in (error.value.hint or "")


# Priority, RFC 9218


@pytest.mark.parametrize(("value", "urgency", "incremental", "wrong"), [
    ("u=5, i", 5, True, 0), ("u=0", 0, None, 0), ("", None, None, 0), ("i=?0, odd=9", None, False, 0),
    ("u=7", 7, None, 0), ("u=8", 8, None, 1), ("i=(a)", None, None, 1), ("x=(a)", None, None, 0),
    ("u=-1", -1, None, 1), ("u=1.0", None, None, 1),
    ("i=1, u=a", None, None, 2),
    ("u=(1)", None, None, 1), ("u", None, None, 1)])
def test_priority(value: str, urgency: int | None, incremental: bool | None, wrong: int) -> None:
    found = rfc9218.priority(value)
    assert (found.urgency, found.incremental, len(found.wrong)) == (urgency, incremental, wrong)


# Digest fields, RFC 9530

EXAMPLE = b'{"hello": "world"}\n'
"""The content of the examples in appendix B.1."""


def test_digests() -> None:
    one, two = rfc9530.digests("sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:,sha-512=:"
                               "YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCsyRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:")
    assert (one.algorithm, one.octets) == ("sha-256", hashlib.sha256(EXAMPLE).digest())
    assert (two.algorithm, two.octets) == ("sha-512", hashlib.sha512(EXAMPLE).digest())
    assert rfc9530.digests("a=b, c=(d), e;f") == (
        rfc9530.Digest("a", None, "token"), rfc9530.Digest("c", None, "inner list"),
        rfc9530.Digest("e", None, "boolean"))


@pytest.mark.parametrize(("value", "hint"), [
    ("sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=", "colons"), ("SHA-256=:YQ==:", "lower case"),
    ("sha-256=:YQ", "':'"), ("a=b c", "colons"), ("a=", "nothing stands"), ("a-b c=d", "a key is followed")])
def test_flawed_digests(value: str, hint: str) -> None:
    with pytest.raises(Malformed) as error:
        rfc9530.digests(value)
    assert hint in (error.value.hint or "")


def test_preferences() -> None:
    found = rfc9530.preferences("sha-512=3, sha-256=10, unixsum=0, a=11, b=-1, c=1.0, d, e=(1)")
    assert [one.weight for one in found] == [3, 10, 0, 11, -1, None, None, None]
    assert [one.sound for one in found] == [True, True, True] + [False] * 5


def test_predecessors() -> None:
    digest = rfc9530.instance_digests("SHA-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=, UNIXsum=30637,sha=?")
    assert [(one.algorithm, one.octets) for one in digest] == [
        ("sha-256", hashlib.sha256(EXAMPLE).digest()), ("unixsum", None), ("sha", None)]
    # RFC 1864 §2
    assert rfc9530.content_md5("Q2hlY2sgSW50ZWdyaXR5IQ==") == (rfc9530.Digest("md5", b"Check Integrity!", "text"),)
    for value, hint in (("0123456789abcdef0123456789ABCDEF", "hexadecimal"), ("YQ==", None), ("\u00fc", None),
                        ("0123456789abcdef0123456789ABCDE", None)):
        with pytest.raises(Malformed) as error:
            rfc9530.content_md5(value)
        assert (hint or "") in (error.value.hint or "")
        assert (error.value.hint is None) is (hint is None)
    assert [one.octets for one in rfc9530.instance_digests("md5=YQ==,sha=YQ==,SHA-256=YQ==,sha-512=YQ==,x=YQ==")] == [
        b"a", b"a", b"a", b"a", None]
    assert rfc9530.instance_digests("md5=")[0].octets == b""
    for value in ("", "SHA-256", "=abc"):
        with pytest.raises(Malformed):
            rfc9530.instance_digests(value)


# Signatures, RFC 9421


def test_signatures() -> None:
    found = rfc9421.signature("sig1=:P0wLUszWQjoi54udOtydf9IWTfNhy+r53jGFj9XZuP4=:, a=b, c=(d)")
    assert [(one.label, one.octets is None, one.type) for one in found] == [
        ("sig1", False, "bytes"), ("a", True, "token"), ("c", True, "inner list")]


def test_signature_input() -> None:
    one, two = rfc9421.signature_input(
        'sig1=("@target-uri" "@authority" "date";req "example-dict";key="a");keyid="test-key-rsa-pss";'
        'alg="rsa-pss-sha512";created=1618884475;expires=1618884775, b=5;created="x"')
    assert one.covered == ("@target-uri", "@authority", "date", "example-dict")
    assert (one.alg, one.wrong) == ("rsa-pss-sha512", ())
    assert one.names == ("keyid", "alg", "created", "expires")
    assert one.components is not None
    assert [(component.text, component.flags) for component in one.components[2:]] == [
        ('"date";req', {"req"}), ('"example-dict";key', {"key"})]
    assert (two.components, two.covered, len(two.wrong), two.alg) == (None, (), 1, None)


def test_accept_signature() -> None:
    asked, = rfc9421.accept_signature('sig1=("@method" "@target-uri" "@authority" "content-digest" "cache-control");'
                                      'keyid="test-key-rsa-pss";created;tag="app-123"')
    assert asked.wrong == ()
    for parameter in ("created=1", "expires=1", "nonce=a", "alg=a", "keyid=a", "tag=a"):
        assert len(rfc9421.accept_signature(f"a=(b);{parameter}")[0].wrong) == 1
    assert rfc9421.accept_signature('a=();created;expires;nonce="a";alg="a";keyid="a";tag="a"')[0].wrong == ()
    for parameter in ("created", "expires", "nonce=a", "alg=a", "keyid=a", "tag=a"):
        assert len(rfc9421.signature_input(f"a=(b);{parameter}")[0].wrong) == 1
    assert rfc9421.signature_input('a=();created=1;expires=1;nonce="a";alg="a";keyid="a";tag="a"')[0].wrong == ()
    assert rfc9421.accept_signature("a=(b)")[0].covered == ()


def test_derived_components() -> None:
    """RFC 9421 §2.2; those of a request."""
    assert {"@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query",
                               "@query-param"} == rfc9421.DERIVED


# Deprecation, RFC 9745


def test_deprecation() -> None:
    assert rfc9745.deprecation("@1688169599") == Instant(1688169599)
    assert rfc9745.deprecation("@0;a=b") == Instant(0)


@pytest.mark.parametrize(("value", "hint"), [
    ("true", "drafts"), ("?1", "drafts"), ("Fri, 30 Jun 2023 23:59:59 GMT", "drafts"), ("1688169599", "@"),
    ("True", "drafts"), ("?0", "drafts"), ("false", "drafts"), ('"true"', "drafts"), ('"1688169599"', "@ stands"),
    *((f"{day}, 30 Jun 2023 23:59:59 GMT", "dates in words")
      for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")),
    ("@1688169599.5", "non-integer"), ("", "nothing stands"), ('"@5"', None), ("@5, @6", "something stands"),
    ("x", None), ("1.5", None), ("Sun", "dates in words")])
def test_flawed_deprecation(value: str, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        rfc9745.deprecation(value)
    assert error.value.value == value
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


# Use-As-Dictionary, RFC 9842


def test_use_as_dictionary() -> None:
    found = rfc9842.use_as_dictionary('match="/product/*", match-dest=("document" "frame")')
    assert (found.match, found.destinations, found.id, found.type, found.wrong) == (
        "/product/*", ("document", "frame"), "", "raw", ())
    found = rfc9842.use_as_dictionary('match="/app/*/main.js", id="dictionary-12345", type=other')
    assert (found.id, found.type, found.destinations) == ("dictionary-12345", "other", ())
    wrong = rfc9842.use_as_dictionary('match=a, match-dest="document", id=(), type="raw"')
    assert (wrong.match, wrong.destinations, len(wrong.wrong)) == (None, (), 4)
    assert len(rfc9842.use_as_dictionary("match-dest=(a b)").wrong) == 2
    assert rfc9842.use_as_dictionary('match-dest=("a" b)').destinations == ("a",)
    assert not rfc9842.use_as_dictionary("id=a").regular_expression


@pytest.mark.parametrize(("pattern", "found"), [
    ("/a/*", False), ("/:b", False), ("/(c|d)", True), ("/:b([0-9]+)", True), ("/(.*)", False), (r"/\\(x)", False),
    (r"/\\\\(x)", True)])
def test_regular_expressions(pattern: str, found: bool) -> None:
    assert rfc9842.use_as_dictionary(f'match="{pattern}"').regular_expression is found


def test_dictionary_hash() -> None:
    dcb, dcz = b"\xffDCB", bytes.fromhex("5e2a4d1820000000")
    assert rfc9842.dictionary_hash("dcb", dcb + bytes(range(32)) + b"x") == bytes(range(32))
    assert rfc9842.dictionary_hash("dcz", dcz + bytes(range(32))) == bytes(range(32))
    assert rfc9842.dictionary_hash("dcb", dcb + bytes(31)) is None
    assert rfc9842.dictionary_hash("dcz", dcb + bytes(40)) is None
    assert rfc9842.dictionary_hash("dcb", dcb + bytes(range(33))) == bytes(range(32))


# Cache-Groups, RFC 9875


def test_cache_groups() -> None:
    assert rfc9875.cache_groups('"eurovision-results", "australia";a=b') == (("eurovision-results", "australia"), ())
    assert rfc9875.cache_groups('a, "b", ("c"), 5') == (("b",), ("token", "inner list", "integer"))
    assert rfc9875.cache_groups("") == ((), ())


# Surrogate-Control


def test_surrogate_control() -> None:
    assert surrogate_control('No-Store, content="ESI/1.0", max-age=3600+600;edge') == (
        SurrogateDirective("no-store", None, None), SurrogateDirective("content", "ESI/1.0", None),
        SurrogateDirective("max-age", "3600+600", "edge"))
    assert surrogate_control("a ; b , c;\td,e=f ;g") == (
        SurrogateDirective("a", None, "b"), SurrogateDirective("c", None, "d"), SurrogateDirective("e", "f", "g"))
    for value, position in (("max-age = 5", 0), ("a, content=ESI/1.0", 3), ("a;", 0)):
        with pytest.raises(Malformed) as error:
            surrogate_control(value)
        assert error.value.position == position
