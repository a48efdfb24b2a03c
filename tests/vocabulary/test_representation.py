"""What exchanges tell of one representation, and which contradictions are found (RFC 9110 §8.6, §8.8.1, §14.4)."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import pytest

from httplint.engine.history import History
from httplint.engine.linter import RuleLinter
from httplint.engine.memory import WEIGHT
from httplint.library import built_in_rules
from httplint.model.evidence import ALL, Evidence
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request, Response
from httplint.vocabulary.knowledge import BEGIN, BLOCK, BLOCKS, END

FAMILY = ("200.length-differs", "206.complete-length-differs", "206.octets-differ", "206.etag-strength",
          "304.content-length-differs", "304.etag-strength", "416.complete-length-differs", "etag.shared-by-codings",
          "etag.shared-by-contents", "head.content-encoding-missing", "head.content-length")
LINTER = RuleLinter([rule for rule in built_in_rules() if rule.id in FAMILY])
Lines = Sequence[tuple[str, str]]
TAG = ("ETag", '"x"')
SETTLED = (("Last-Modified", "Tue, 01 Jul 2025 12:00:00 GMT"), ("Date", "Wed, 02 Jul 2025 12:00:00 GMT"))


def exchange(method: str, status: int, fields: Lines, content: bytes | None = None, asked: Lines = (),
             evidence: Evidence | None = None, source: Source | None = None) -> Exchange:
    request = Request(method, "http://a.example/v", headers=asked)
    return Exchange(Response(status, headers=fields, content=content), request, evidence=evidence, source=source)


def found(*exchanges: Exchange) -> list[list[str]]:
    return [[finding.rule_id for finding in report.findings] for report in LINTER.lint_all(exchanges)]


def get(content: bytes | None, *fields: tuple[str, str], asked: Lines = ()) -> Exchange:
    return exchange("GET", 200, (TAG, *fields), content, asked)


def part(first: int, octets: bytes, complete: int | str, *fields: tuple[str, str], asked: Lines = ()) -> Exchange:
    sent = f"bytes {first}-{first + len(octets) - 1}/{complete}"
    return exchange("GET", 206, (TAG, ("Content-Range", sent), *fields), octets, (("Range", sent), *asked))


def parts(complete: int, *pieces: tuple[int, bytes]) -> Exchange:
    body = b"".join(b"--b\r\nContent-Range: bytes %d-%d/%d\r\n\r\n%s\r\n" % (
        first, first + len(octets) - 1, complete, octets) for first, octets in pieces)
    return exchange("GET", 206, (TAG, ("Content-Type", "multipart/byteranges; boundary=b")), body + b"--b--\r\n",
                    [("Range", "bytes=0-1,4-5")])


TELLERS: dict[str, Callable[[int, Lines], Exchange]] = {
    "content": lambda n, v: exchange("GET", 200, v, b"a" * n),
    "200": lambda n, v: exchange("GET", 200, (*v, ("Content-Length", str(n)))),
    "size": lambda n, v: exchange("GET", 200, v, b"decoded", evidence=Evidence.of(ALL).without("octets")),
    "HEAD": lambda n, v: exchange("HEAD", 200, (*v, ("Content-Length", str(n)))),
    "206": lambda n, v: exchange("GET", 206, (*v, ("Content-Range", f"bytes 0-1/{n}"))),
    "304": lambda n, v: exchange("GET", 304, (*v, ("Content-Length", str(n)))),
    "416": lambda n, v: exchange("GET", 416, (*v, ("Content-Range", f"bytes */{n}"), ("Content-Length", "2")), b"no"),
}
"""What tells the length of a representation -> an exchange that says so."""


def told(teller: str, length: int, validator: Lines = (TAG,)) -> Exchange:
    one = TELLERS[teller](length, validator)
    if teller == "size":
        one.response.size = length
    return one


RULE = {"200": "200.length-differs", "content": "200.length-differs", "size": "200.length-differs",
        "HEAD": "head.content-length", "206": "206.complete-length-differs", "304": "304.content-length-differs",
        "416": "416.complete-length-differs"}


@pytest.mark.parametrize(("one", "other"), list(product(TELLERS, TELLERS)))
def test_one_strong_tag_has_one_length(one: str, other: str) -> None:
    rule = "etag.shared-by-contents" if one == other == "content" else RULE[other]
    assert found(told(one, 50), told(other, 60)) == [[], [rule]]
    assert found(told(one, 50), told(other, 50)) == [[], []]
    assert found(told(one, 50), told(other, 60, [("ETag", '"y"')])) == [[], []], "the resource has changed"
    weak = [("ETag", 'W/"x"')]
    assert found(told(one, 50, weak), told(other, 60, weak)) == [[], []]
    assert found(told(one, 50), told(other, 60, ())) == [[], []]


@pytest.mark.parametrize(("one", "other"), list(product(("200", "HEAD", "206", "304"), ("200", "HEAD", "206", "304"))))
def test_a_last_modified_that_has_settled_has_one_length(one: str, other: str) -> None:
    whole = one == other == "200"                          # pages made on demand
    assert found(told(one, 50, SETTLED), told(other, 60, SETTLED)) == [[], [] if whole else [RULE[other]]]
    just = (SETTLED[0], ("Date", "Tue, 01 Jul 2025 12:01:00 GMT"))
    assert found(told(one, 50, just), told(other, 60, SETTLED)) == [[], [] if whole else [RULE[other]]]
    fresh = (SETTLED[0], ("Date", "Tue, 01 Jul 2025 12:00:59 GMT"))
    assert found(told(one, 50, fresh), told(other, 60, SETTLED)) == [[], []]


def test_a_page_made_on_demand_is_held_against_its_latest_state() -> None:
    states = [told("200", 50, SETTLED), told("200", 60, SETTLED)]
    assert found(*states, told("HEAD", 60, SETTLED)) == [[], [], []]
    assert found(*states, told("HEAD", 50, SETTLED)) == [[], [], ["head.content-length"]]


def test_what_contradicts_is_said_once_for_each_change() -> None:
    assert found(told("200", 5), told("200", 5), told("200", 7), told("HEAD", 7), told("200", 7)) == [
        [], [], ["200.length-differs"], [], []]


def test_the_wrong_answer_to_head_does_not_accuse_the_next_to_get() -> None:
    for wrong, rule in (("HEAD", "head.content-length"), ("304", "304.content-length-differs"),
                        ("416", "416.complete-length-differs")):
        assert found(told("content", 13), told(wrong, 0), told("206", 13), told(wrong, 0), told("200", 13)) == [
            [], [rule], [], [rule], []]


def test_messages_name_both_values_and_the_place() -> None:
    def message(path: str | None, other: str | None) -> str:
        sources = [path and Source(path, 3), other and Source(other, 8)]
        one, two = told("206", 50), told("HEAD", 60)
        for each, source in zip((one, two), sources, strict=True):
            each.source = source or None
        return list(LINTER.lint_all([one, two]))[1].findings[0].message

    assert message("a.har", "a.har") == ('Content-Length is 60, but with the strong ETag "x" the representation had 50 '
                                         'octets in the 206 to GET of entry 3')
    assert message("a.har", "b.har").endswith("the 206 to GET of entry 3 of a.har")
    assert message(None, None).endswith("the 206 to GET of exchange 1")


# --- octets ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("one", "other", "same"), [
    (get(b"hello"), get(b"hello"), True), (get(b"hello"), get(b"hellO"), False), (get(b"hello"), get(b"hell"), False),
    (get(b"hello"), part(0, b"he", 5), True), (get(b"hello"), part(3, b"lo", 5), True),
    (get(b"hello"), part(0, b"xx", 5), False), (get(b"hello"), part(4, b"O", "*"), False),
    (part(0, b"hel", 5), part(2, b"lo", 5), True), (part(0, b"hel", 5), part(2, b"xo", 5), False),
    (part(0, b"he", 5), part(2, b"xo", 5), True), (part(0, b"he", "*"), part(0, b"hx", "*"), False),
    (get(b"abcdefghi"), parts(9, (0, b"ab"), (4, b"ef")), True),
    (get(b"abcdefghi"), parts(9, (0, b"ab"), (4, b"xf")), False),
    (part(5, b"f", 9), parts(9, (0, b"ab"), (4, b"eF")), False),
    (get(b""), get(b""), True), (get(b""), get(b"a"), False),
])
def test_one_strong_tag_stands_for_one_sequence_of_octets(one: Exchange, other: Exchange, same: bool) -> None:
    for first, second in ((one, other), (other, one)):
        rule = "206.octets-differ" if second.response.status == 206 else "etag.shared-by-contents"
        assert found(first, second) == [[], [] if same else [rule]]


LARGE = bytes(range(256)) * (BLOCK * 5 // 256)


@pytest.mark.parametrize("at", [0, BEGIN - 1, BEGIN, BLOCK, 3 * BLOCK + 7, len(LARGE) - END, len(LARGE) - 1])
def test_large_contents_are_told_apart(at: int) -> None:
    changed = LARGE[:at] + bytes((LARGE[at] ^ 1,)) + LARGE[at + 1:]
    assert found(get(LARGE), get(changed)) == [[], ["etag.shared-by-contents"]]
    start = at // BLOCK * BLOCK
    piece = part(start, changed[start:start + BLOCK], len(LARGE))
    assert found(get(LARGE), piece) == [[], ["206.octets-differ"]]
    assert found(piece, get(LARGE)) == [[], ["etag.shared-by-contents"]]
    assert found(get(LARGE), part(start, LARGE[start:start + BLOCK], len(LARGE)), get(LARGE)) == [[], [], []]


def said(*exchanges: Exchange) -> str:
    """The message of the only finding about the last of some exchanges."""
    finding, = list(LINTER.lint_all(exchanges))[-1].findings
    return finding.message


def other_at(octets: bytes, at: int) -> bytes:
    return octets[:at] + bytes((octets[at] ^ 1,)) + octets[at + 1:]


ODD = LARGE + b"z" * 100                                   # its end fills no block


@pytest.mark.parametrize(("octets", "at", "where"), [
    (b"hello", 4, "octet 4"), (ODD[:BEGIN + 500], BEGIN + 200, f"octet {BEGIN + 200:,}"),
    (ODD[:BEGIN + END], BEGIN + END - 1, f"octet {BEGIN + END - 1:,}"),
    (ODD, 0, "octet 0"), (ODD, BEGIN - 1, f"octet {BEGIN - 1:,}"), (ODD, BEGIN, "an octet between 0 and 4,095"),
    (ODD, 4096, "an octet between 4,096 and 8,191"), (ODD, 8191, "an octet between 4,096 and 8,191"),
    (ODD, len(ODD) - END, f"octet {len(ODD) - END:,}"), (ODD, len(ODD) - 1, f"octet {len(ODD) - 1:,}"),
])
def test_messages_say_which_octet_differs(octets: bytes, at: int, where: str) -> None:
    assert f": {where} differs;" in said(get(octets), get(other_at(octets, at)))


def test_parts_are_compared_where_they_lie() -> None:
    changed = other_at(LARGE, 5000)
    late = part(100, changed[100:100 + 3 * BLOCK], len(LARGE))
    assert ": an octet between 4,096 and 8,191 differs;" in said(get(LARGE), late)
    assert ": an octet between 4,096 and 8,191 differs;" in said(late, get(LARGE))
    tail = part(len(LARGE) - 7, b"1234567", len(LARGE))
    assert f": octet {len(LARGE) - 7:,} differs;" in said(get(LARGE), tail)


def test_the_first_that_told_is_named() -> None:
    coded = get(b"\x1f\x8b", GZIP)
    assert " in the 200 to GET of exchange 1: " in said(coded, coded, get(b"hello"))
    assert " in the 200 to GET of exchange 1: " in said(get(b"hello"), get(b"hello"), get(b"hellO"))


def test_a_piece_is_compared_with_any_of_several() -> None:
    pieces = [part(number * 10, b"0123456789", 100) for number in range(6)]
    assert found(*pieces, part(15, b"5678", 100), part(25, b"567x", 100))[-2:] == [[], ["206.octets-differ"]]


# --- what proves nothing --------------------------------------------------------------------------------------------

GZIP = ("Content-Encoding", "gzip")
VARY = ("Vary", "Accept-Encoding")
ASKS = (("Accept-Encoding", "gzip"),)


@pytest.mark.parametrize("later", [
    exchange("HEAD", 200, [TAG]),
    exchange("HEAD", 200, [TAG, ("Content-Length", "0"), ("Transfer-Encoding", "chunked")]),
    exchange("HEAD", 200, [TAG, ("Content-Length", "x")]),
    exchange("HEAD", 404, [TAG, ("Content-Length", "0")]),
    exchange("GET", 404, [TAG], b"not found"),
    exchange("POST", 200, [TAG], b"other"),
    exchange("GET", 200, [TAG, ("Content-Range", "bytes 0-1/5")], b"he"),
    exchange("GET", 200, [TAG, ("Content-Length", "9")], b"cut"),
    exchange("GET", 200, [TAG, ("Transfer-Encoding", "gzip, chunked")], b"\x1f\x8b"),
    exchange("GET", 200, [TAG], b"decoded", evidence=Evidence.of(ALL).without("octets", "size")),
    exchange("GET", 200, [TAG], b"hel", evidence=Evidence.of(ALL).without("content", "octets", "size")),
    exchange("GET", 200, [TAG], b"other", evidence=Evidence.of(ALL).without("pair")),
    exchange("GET", 206, [TAG, ("Content-Range", "pages 0-1/2")], b"xx"),
    exchange("GET", 206, [TAG, ("Content-Range", "bytes 4-1/9")], b"xx"),
    exchange("GET", 206, [TAG, ("Content-Range", "bytes 0-3/5")], b"xx"),
    exchange("GET", 206, [TAG, ("Content-Range", "bytes 0-1/*")]),
    exchange("GET", 206, [TAG, ("Content-Type", "multipart/byteranges; boundary=b")], b"--b\r\n"),
    exchange("GET", 416, [TAG, ("Content-Length", "2")], b"no"),
    exchange("GET", 416, [("Content-Range", "bytes */9")], b"no"),
    exchange("GET", 304, [TAG]),
    exchange("GET", 200, [("ETag", '"x", "y"')], b"other"),
    exchange("GET", 200, [TAG, TAG], b"other"),
    exchange("GET", 200, [], b"other"),
    Exchange(Response(200, headers=[TAG], content=b"other")),
], ids=repr)
def test_no_contradiction(later: Exchange) -> None:
    assert found(get(b"hello"), later) == [[], []]


def test_where_the_coding_may_be_dropped_nothing_is_known() -> None:
    for doubtful in (Evidence.of(ALL, response_gaps=frozenset({"content-encoding"})),
                     Evidence.of(ALL).without("response_fields")):
        other = exchange("GET", 200, [TAG], b"other", evidence=doubtful)
        assert found(get(b"hello"), other, other, get(b"hello")) == [[], [], [], []]


def test_versions_of_the_protocol_do_not_matter() -> None:
    first, second = told("content", 13), told("HEAD", 0)
    for one in (first, second):
        one.response.version = "2"
    assert found(first, second) == [[], ["head.content-length"]]


def test_an_unsafe_method_may_have_changed_the_resource() -> None:
    assert found(get(b"hello"), exchange("PUT", 204, ()), get(b"other")) == [[], [], []]
    assert found(get(b"hello"), exchange("PUT", 412, ()), get(b"other"))[2] == ["etag.shared-by-contents"]


def test_another_resource() -> None:
    other = Exchange(Response(200, headers=[TAG], content=b"other"), Request("GET", "http://a.example/w"))
    assert found(get(b"hello"), other) == [[], []]


def test_vary_selects_for_lengths_without_content() -> None:
    coded = get(b"coded", VARY, asked=ASKS)
    length = ("Content-Length", "9")
    for method, status in (("HEAD", 200), ("GET", 304)):
        assert found(coded, exchange(method, status, [TAG, VARY, length]))[1] == []
        assert found(coded, exchange(method, status, [TAG, length]))[1] == []
        assert len(found(coded, exchange(method, status, [TAG, length], asked=ASKS))[1]) == 1
        assert found(exchange(method, status, [TAG, length]), coded)[1] == []
        assert len(found(exchange(method, status, [TAG, length], asked=ASKS), coded)[1]) == 1
    unknown = Evidence.of(ALL, request_gaps=frozenset({"accept-encoding"}))
    assert found(coded, exchange("HEAD", 200, [TAG, length], asked=ASKS, evidence=unknown))[1] == []
    assert found(get(None, ("Vary", "*"), length), exchange("HEAD", 200, [TAG, ("Content-Length", "5")])) == [[], []]


def test_equal_lengths_agree_whatever_was_selected() -> None:
    length = ("Content-Length", "5")
    for later in (exchange("HEAD", 200, [TAG, VARY, length]), exchange("HEAD", 200, [TAG, length], asked=ASKS)):
        report = list(LINTER.lint_all([get(b"coded", VARY, asked=ASKS), later]))[-1]
        assert "head.content-length" in report.held


# --- codings --------------------------------------------------------------------------------------------------------

def test_codings_explain_other_lengths_and_octets() -> None:
    coded, plain = get(b"\x1f\x8b", GZIP), get(b"hello")
    for one, other in ((coded, plain), (plain, coded)):
        assert found(one, other) == [[], ["etag.shared-by-codings"]]
    assert found(get(b"ab", ("Content-Encoding", "x-gzip")), get(b"ab", GZIP)) == [[], []]
    assert found(plain, exchange("HEAD", 200, [TAG, GZIP])) == [[], ["etag.shared-by-codings"]]
    assert found(coded, part(0, b"he", 5)) == [[], ["etag.shared-by-codings"]]
    assert found(coded, exchange("GET", 304, [TAG])) == [[], []]


def test_head_without_the_coding() -> None:
    coded, bare = get(b"\x1f\x8b", GZIP), exchange("HEAD", 200, [TAG, ("Content-Length", "9")])
    assert found(coded, bare, get(b"\x1f\x8b", GZIP), get(b"\x1f\x8c", GZIP)) == [
        [], ["head.content-encoding-missing"], [], ["etag.shared-by-contents"]]
    assert found(bare, coded) == [[], ["head.content-encoding-missing"]]
    dropped = exchange("HEAD", 200, [TAG], evidence=Evidence.of(ALL, response_gaps=frozenset({"content-encoding"})))
    assert found(coded, dropped) == [[], []]


def test_parts_that_are_coded_as_a_whole_tell_no_octets() -> None:
    """Content-Encoding of a multipart/byteranges is on the body with all parts (RFC 9110 §14.6, §8.4)."""
    coded = parts(5, (0, b"xx"))
    sent = Response(206, headers=[*(coded.response.fields or ()), GZIP], content=coded.response.content)
    assert found(get(b"hello", GZIP), Exchange(sent, coded.request)) == [[], []]


def test_where_vary_may_be_dropped_lengths_prove_nothing() -> None:
    gap = Evidence.of(ALL, response_gaps=frozenset({"vary"}))
    first, length = get(None, ("Content-Length", "9")), ("Content-Length", "5")
    assert found(first, exchange("HEAD", 200, [TAG, length])) == [[], ["head.content-length"]]
    assert found(first, exchange("HEAD", 200, [TAG, length], evidence=gap)) == [[], []]


def test_after_if_range_the_coding_may_be_left_out() -> None:
    condition = (("If-Range", '"x"'),)
    coded = get(b"\x1f\x8bab", GZIP)
    assert found(coded, part(2, b"ab", 4, asked=condition)) == [[], []]
    assert found(coded, part(2, b"xb", 4, asked=condition)) == [[], ["206.octets-differ"]]
    for evidence in (Evidence.of(ALL).without("request_fields"),
                     Evidence.of(ALL, request_gaps=frozenset({"if-range"}))):
        unknown = part(2, b"ab", 4)
        unknown.evidence = evidence
        assert found(coded, unknown) == [[], []]
    varying = get(b"\x1f\x8bab", GZIP, VARY, asked=ASKS)
    assert found(varying, part(2, b"xb", 5, asked=condition)) == [[], []]


# --- bounds ---------------------------------------------------------------------------------------------------------

def test_memory_is_bounded() -> None:
    history = History(limit=5000)
    content = LARGE * 20
    assert len(content) > BLOCK * BLOCKS
    for number in range(4000):
        history.remember(exchange("GET", 200, [("ETag", f'"{number}"')], content))
    kept = history._representations
    assert kept._weight <= WEIGHT
    assert kept._weight == sum(weight for weight, _ in kept._known.values())
    assert kept.get("http://a.example/v", "3999") is not None
    assert kept.get("http://a.example/v", "0") is None
    assert sum(map(len, kept.validators.values())) == len(kept._known)
    history.remember(exchange("DELETE", 204, ()))
    assert kept._weight == 0
    assert not kept.validators


@pytest.mark.parametrize(("one", "least"), [
    (get(LARGE * 20), BEGIN + END), (get(b"a" * 4000), 4000), (get(b"a", asked=[("X", "a" * 5000)]), 5000),
    (exchange("GET", 200, [("ETag", f'"{"a" * 5000}"')], b"a"), 5000),
])
def test_what_is_kept_weighs_what_it_takes(one: Exchange, least: int) -> None:
    """Not less than its octets, and with 64 checksums not much more."""
    history = History()
    history.remember(one)
    assert least < history._representations._weight < least + 5000


def test_pieces_are_bounded() -> None:
    history = History()
    for number in range(500):
        history.remember(part(number * 10, b"0123456789", 5000))
    known = history._representations.get("http://a.example/v", "x")
    assert known is not None
    assert len(known.pieces) == 8
    history.remember(get(b"0123456789" * 500))
    for number in range(50):
        history.remember(part(number * 10 + 1, b"1234", 5000))
    known = history._representations.get("http://a.example/v", "x")
    assert known is not None
    assert len(known.pieces) == 8
    assert known.pieces[0].last == 4999, "the whole stays"
