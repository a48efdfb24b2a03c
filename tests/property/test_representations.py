"""A server that conforms is never accused, whatever is asked of it; two versions under one tag are told apart."""
from __future__ import annotations

import gzip
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from httplint.engine.linter import RuleLinter
from httplint.library import built_in_rules
from httplint.model.evidence import ALL, Evidence
from httplint.model.exchange import Exchange
from httplint.model.message import Request, Response

RULES = [rule for rule in built_in_rules()
         if "representation." in rule.require or rule.id in ("206.etag-strength", "304.etag-strength")]
NOW = "Wed, 02 Jul 2025 12:00:00 GMT"


@dataclass
class Version:
    """A state of the resource; its number makes its validators."""

    content: bytes
    number: int


@dataclass
class Step:
    """What a client asks, and what the capture and the server leave out."""

    method: str
    condition: str
    first: int
    length: int
    several: bool
    coded: bool
    changes: bool
    declares: bool
    chunked: bool
    decoded: bool
    unsafe: bool


CONTENTS = st.one_of(st.binary(max_size=40), st.integers(0, 9000).map(lambda size: (b"abc%d," % size * size)[:size]))
STEPS = st.lists(st.builds(
    Step, method=st.sampled_from(["GET", "GET", "HEAD"]), condition=st.sampled_from(["", "range", "if-range", "match"]),
    first=st.integers(0, 60), length=st.integers(1, 5000), several=st.booleans(), coded=st.booleans(),
    changes=st.integers(0, 3).map(lambda number: number == 0), declares=st.booleans(), chunked=st.booleans(),
    decoded=st.booleans(), unsafe=st.integers(0, 5).map(lambda number: number == 0)), min_size=2, max_size=12)


class Server:
    """A conforming origin server with one resource, in the codings identity and gzip."""

    def __init__(self, weak: bool, tagged: bool, varies: bool) -> None:
        self.weak = weak
        self.tagged = tagged
        self.varies = varies

    def answer(self, version: Version, step: Step) -> Exchange:
        coded = self.varies and step.coded
        octets = gzip.compress(version.content, mtime=0) if coded else version.content
        tag = f'{"W/" if self.weak else ""}"{version.number}{"-gzip" if coded else ""}"'
        fields = [("Date", NOW), ("Last-Modified", f"Tue, 01 Jul 2025 12:{version.number:02}:00 GMT")]
        fields += [("ETag", tag)] if self.tagged else []
        fields += [("Vary", "Accept-Encoding")] if self.varies else []
        asked = [("Accept-Encoding", "gzip")] if step.coded else []
        coding = [("Content-Encoding", "gzip")] if coded else []
        status, content = 200, octets
        if step.condition == "match":
            asked.append(("If-None-Match", tag) if self.tagged else ("If-Modified-Since", fields[1][1]))
            status, content, coding = 304, b"", []
            fields += [("Content-Length", str(len(octets)))] if step.declares else []
        elif step.condition and step.method == "GET":
            first, last = step.first, min(step.first + step.length, len(octets)) - 1
            asked.append(("Range", f"bytes={step.first}-{step.first + step.length - 1}"))
            resumed = step.condition == "if-range" and self.tagged and not self.weak
            if resumed:
                asked.append(("If-Range", tag))
                coding = []
            if first >= len(octets):
                status, content, coding = 416, b"beyond the end", []
                fields.append(("Content-Range", f"bytes */{len(octets)}"))
            else:
                status, content = 206, octets[first:last + 1]
                sent = f"bytes {first}-{last}/{len(octets) if step.declares else '*'}"
                if step.several and not coded:
                    content = b"--b\r\nContent-Range: %s\r\n\r\n%s\r\n--b--\r\n" % (sent.encode(), content)
                    fields.append(("Content-Type", "multipart/byteranges; boundary=b"))
                else:
                    fields.append(("Content-Range", sent))
        if status in (200, 206) and step.method == "GET" and step.chunked:
            fields.append(("Transfer-Encoding", "chunked"))
        elif status != 304 and (step.declares or step.method == "GET"):
            fields.append(("Content-Length", str(len(content))))
        evidence = Evidence.of(ALL)
        if step.method == "HEAD":
            content = b""
        elif step.decoded:
            evidence, content = evidence.without("octets", "size"), version.content
        return Exchange(Response(status, headers=fields + coding, content=content),
                        Request(step.method, "http://a.example/f", headers=asked), evidence=evidence)


@settings(max_examples=300)
@given(st.lists(CONTENTS, min_size=4, max_size=4), STEPS, st.booleans(), st.booleans(), st.booleans())
def test_a_conforming_server_is_not_accused(contents: list[bytes], steps: list[Step], weak: bool, tagged: bool,
                                            varies: bool) -> None:
    server, versions = Server(weak, tagged, varies), [Version(one, number) for number, one in enumerate(contents)]
    at, exchanges = 0, []
    for step in steps:
        if step.changes:
            at = (at + 1) % len(versions) if tagged else min(at + 1, len(versions) - 1)
        if step.unsafe:
            exchanges.append(Exchange(Response(204), Request("PUT", "http://a.example/f")))
        exchanges.append(server.answer(versions[at], step))
    said = [(finding.rule_id, finding.message) for report in RuleLinter(RULES).lint_all(exchanges)
            for finding in report.findings]
    assert said == []


@settings(max_examples=300)
@given(st.binary(min_size=1, max_size=300), st.data())
def test_two_versions_under_one_tag_are_found_in_both_orders(content: bytes, data: st.DataObject) -> None:
    """Whatever part of the octet that differs is sent, and whichever of the two comes first."""
    at = data.draw(st.integers(0, len(content) - 1))
    other = content[:at] + bytes((content[at] ^ 1,)) + content[at + 1:]
    pair = []
    for octets in (content, other):
        if data.draw(st.booleans()):
            response = Response(200, headers=[("ETag", '"x"')], content=octets)
        else:
            first, last = data.draw(st.integers(0, at)), data.draw(st.integers(at, len(content) - 1))
            sent = f"bytes {first}-{last}/{data.draw(st.sampled_from([len(content), '*']))}"
            response = Response(206, headers=[("ETag", '"x"'), ("Content-Range", sent)], content=octets[first:last + 1])
        pair.append(Exchange(response, Request("GET", "http://a.example/f")))
    for exchanges in (pair, pair[::-1]):
        reports = list(RuleLinter(RULES).lint_all(exchanges))
        assert [len(report.findings) for report in reports] == [0, 1]
