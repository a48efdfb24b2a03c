"""Reads a capture of any kind: tells by its first octets what it is.

`READERS` is the one place where a reader is added; CONTRIBUTING.md says what a reader promises.
"""
from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from httplint.capture import files, paste
from httplint.capture.beginnings import asks_only, json_names, yaml_names
from httplint.capture.files import GZIP, ZIP, Progress, Source, Stream, Told
from httplint.capture.outcome import Outcome, Problem
from httplint.model.files import cause
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

__all__ = ["READERS", "Reader", "Start", "captures", "read"]

LOOK = 4096
"""How many octets a capture is recognised by."""


class Start(NamedTuple):
    """How a capture begins: its first octets, unpacked if it is a gzip file, or the names of the members of a zip.

    `twice`: what came out of a gzip file is a packed file again.
    """

    octets: bytes
    members: tuple[str, ...] = ()
    twice: bool = False


class Reader(NamedTuple):
    """One kind of capture.

    `module` holds `read(source, *, path, progress)`, see CONTRIBUTING.md; it is imported when a capture of its kind is
    met. `kind`: the row of `kinds.KINDS` that says what such captures prove; empty if they prove nothing. `suffixes`:
    the names of its files that are taken from a directory, and `perhaps` of those that are if they begin so. `of`: what
    people may know such captures by, if not by the name.
    """

    name: str
    recognises: Callable[[Start], bool]
    module: str
    kind: str
    suffixes: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    of: str = ""


_OCTETS = re.compile(rb"HTTP/1\.\d \d[^\r\n]*\r\n|[!#-'*+.^-z|~0-9A-Z-]{1,40} \S{1,4000} HTTP/1\.\d\r?\n", re.DOTALL)
_JSON = re.compile(rb"\s*(?:[{\[]|(?:(?:var|let|const)\s+)?[\w$.]{1,80}\s*[(=]|/[*/])")
"""How JSON begins, alone or within a call or an assignment."""
_LOG = re.compile(rb'\s*\{\s*"log"\s*:')
"""How nearly every HAR begins, and nothing that a terminal shows: what looks for that looks at all lines."""
_HAR = lazily(rb'\s*\{\s*"log"\s*:\s*\{\s*"(?:version"\s*:\s*"1\.[0-3]"|creator"\s*:\s*\{|entries"\s*:\s*\[\s*\{)')
"""How a HAR begins, and hardly anything else that is called .json."""
_FLOW = re.compile(rb"[1-9]\d{0,11}:\d{1,2}:[a-z_]{2,40}[,;]")
"""A tnetstring of tnetstrings: the length of a dictionary, and its first key."""
_COLLECTION = re.compile(rb'"schema"\s*:\s*"https://schema\.(?:get)?postman\.com/|"_postman_id"\s*:\s*"|'
                         rb'\A\s*\{\s*"info"\s*:\s*\{[^{}]{0,2000}\},\s*"item"\s*:\s*\[')
_EXAMPLE = re.compile(rb"""^\$kind: *['"]?http-example\b""", re.MULTILINE)
"""What stands in an example of a collection v3."""
_EARLY_COLLECTION = re.compile(rb'"(?:folders|order)"\s*:\s*\[')
_OF_NEWMAN = re.compile(rb'\s*\{\s*"collection"\s*:\s*\{\s*"(?:_|auth|event|id|item|protocolProfileBehavior|variable)"')
"""How a result of newman begins; what Postman's API gives goes on with the `info` of the collection."""
_SCHEMATHESIS = lazily(rb"""\A(?:\xef\xbb\xbf)?\s*\{\s*"Initialize"\s*:\s*\{.{0,4000}"schemathesis_version"|"""
                       rb"""^recorded_with: *['"]?Schemathesis\b""", re.DOTALL | re.MULTILINE)
_XML = rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--(?:[^-]|-(?!->))*+-->\s*)*+"
_OF_BURP = re.compile(_XML + rb"<(?:!DOCTYPE\s+(?:items|issues)\b|(?:items|issues)\b[^<>]{0,500}\sburpVersion\s*=)")
_OF_ZAP = re.compile(rb"\s*={3,4} ?\d{1,12} ={10}\r?\n")
_XML_OF_ZAP = re.compile(_XML + rb"<OWASPZAPReport\b")
OF_CHARLES = frozenset({"status", "method", "scheme", "host", "actualPort"})
_MESSAGE_OF_ZAP = re.compile(rb'"(?:(?:request|response)(?:Header|Body)|cookieParams)"\s*:')
_WACZ = lazily(r"archive/[^/]{1,200}\.warc(?:\.gz)?|.{1,1000}\.wacz", re.IGNORECASE)
_ARC = re.compile(rb"filedesc://|[a-z]{2,10}://?\S{1,2000} [\d.]{7,15} \d{14} \S+ \d+\r?\n")
_TRACE = lazily(r"[^/]{0,200}trace\.network")
_SESSION = lazily(r"raw[/\\]\d+_[cs]\.txt", re.IGNORECASE)
_INTERACTIONS = re.compile(rb"^(?:http_)?interactions *:[ \t]*(?:#[^\r\n]*)?(?:[\[&!]|\s+(?:#[^\r\n]*\s+)*[-\[]|\s*\Z)",
                           re.MULTILINE)
"""A list of them; a mapping of that name stands in other files."""
_OLD_CASSETTE = re.compile(rb'- request:|- !ruby/struct:VCR::|\[\s*\{\s*"request"\s*:.*"protocol"\s*:\s*"https?"',
                           re.DOTALL)
"""How cassettes began that were a list: those of vcrpy before 1.0, and those of VCR before 2.0."""


def _is_collection(octets: bytes) -> bool:
    """Whether a text begins as a collection of Postman does."""
    if not octets.lstrip().startswith(b"{"):
        return False
    names = json_names(octets)
    return ("log" not in names and _COLLECTION.search(octets) is not None) or (
        {"id", "name"} <= names and _EARLY_COLLECTION.search(octets) is not None)


def _is_json_of_zap(octets: bytes) -> bool:
    """Whether a text begins as JSON of ZAP does: messages, or a report."""
    if not octets.lstrip().startswith(b"{"):
        return False
    names = json_names(octets)
    return "@programName" in names or ("messages" in names and _MESSAGE_OF_ZAP.search(octets) is not None)


def _is_cassette(octets: bytes) -> bool:
    """Whether a text begins as a cassette does: one of vcrpy, VCR, betamax or go-vcr. A contract of Pact is none."""
    begin = octets.lstrip(b"\xef\xbb\xbf- \t\r\n")
    if begin.startswith((b"{", b"[")):
        names = json_names(octets)
        return "http_interactions" in names or (
            "interactions" in names and ("version" in names or b'"uri"' in octets) and "consumer" not in names) or (
            begin[:1] == b"[" and _OLD_CASSETTE.match(begin) is not None)
    names = yaml_names(octets)
    if _INTERACTIONS.search(octets) and ("http_interactions" in names or b"request:" in octets or "version" in names):
        return True
    return _OLD_CASSETTE.match(octets.removeprefix(b"---").lstrip()) is not None


def _holds_har(start: Start) -> bool:
    """Whether it is a zip with a HAR in it, or a broken one."""
    return start.octets.startswith(ZIP) and (
        not start.members or any(name.lower().endswith(".har") for name in start.members))


_HURL = lazily(rb'\s*(?:\[\s*)?\{(?:.{0,3000}?"entries"\s*:\s*\[\s*\{\s*"(?:asserts|calls|captures|curl_cmd|index)"'
               rb'|\s*"cookies"\s*:\s*\[\s*\{[^}]{0,500}"include_subdomain")', re.DOTALL)
_STUB_NAMES = frozenset({
    "id", "insertionIndex", "metadata", "name", "newScenarioState", "persistent", "postServeActions", "priority",
    "request", "requiredScenarioState", "response", "scenarioName", "serveEventListeners", "uuid"})
_STUB = lazily(rb'"(?:url|urlPath|urlPattern|urlPathPattern|urlPathTemplate|method)"\s*:')
_STUBS = lazily(rb'\s*\{\s*"(?:mappings"\s*:\s*\[\s*\{|requests"\s*:\s*\[\s*\{\s*"id"\s*:\s*"[0-9a-f-]{36}"\s*,\s*'
                rb'"request"\s*:\s*\{)')


def _is_wiremock(octets: bytes) -> bool:
    """Whether a text begins as a stub of WireMock does, a list of them, or its journal."""
    if _STUBS.match(octets):
        return _STUB.search(octets) is not None
    names = json_names(octets)
    return {"request", "response"} <= names <= _STUB_NAMES and _STUB.search(octets) is not None


READERS: tuple[Reader, ...] = (
    Reader("WARC", lambda start: start.octets.startswith(b"WARC/"), "warc", "WARC", (".warc", ".warc.gz")),
    Reader("ARC", lambda start: _ARC.match(start.octets) is not None, "arc", "WARC", perhaps=(".arc", ".arc.gz")),
    Reader("Fiddler archive", lambda start: any(_SESSION.fullmatch(name) for name in start.members), "saz",
           "Fiddler archive", (".saz",), of="SAZ"),
    Reader("mitmproxy flows", lambda start: _FLOW.match(start.octets) is not None, "flows", "flows",
           (".mitm", ".flow", ".flows")),
    Reader("HAR", lambda start: _HAR.match(paste.decoded(start.octets)) is not None, "har", "HAR", perhaps=(".json",)),
    Reader("newman result", lambda start: _OF_NEWMAN.match(paste.decoded(start.octets)) is not None, "newman",
           "newman result", perhaps=(".json",)),
    Reader("Postman collection", lambda start: _is_collection(paste.decoded(start.octets)), "postman",
           "Postman collection", (".postman_collection.json",), perhaps=(".json",)),
    Reader("Postman example", lambda start: _EXAMPLE.search(paste.decoded(start.octets)) is not None, "postman_yaml",
           "Postman collection", perhaps=(".yaml", ".yml")),
    Reader("Schemathesis report", lambda start: _SCHEMATHESIS.search(paste.decoded(start.octets)) is not None,
           "schemathesis", "Schemathesis report", perhaps=(".yaml", ".yml", ".ndjson")),
    Reader("Hurl report", lambda start: not _LOG.match(start.octets) and _HURL.match(
        paste.decoded(start.octets)) is not None, "hurl", "Hurl report", perhaps=(".json",)),
    Reader("cassette", lambda start: _is_cassette(paste.decoded(start.octets)), "cassettes", "cassette",
           perhaps=(".json", ".yaml", ".yml"), of="vcrpy, VCR, betamax, go-vcr"),
    Reader("WireMock", lambda start: _is_wiremock(paste.decoded(start.octets)), "wiremock", "WireMock",
           perhaps=(".json",)),
    Reader("Burp items", lambda start: _OF_BURP.match(paste.decoded(start.octets)) is not None, "burp", "Burp items",
           perhaps=(".xml",)),
    Reader("ZAP messages", lambda start: _OF_ZAP.match(paste.decoded(start.octets)) is not None, "zap", "ZAP messages",
           perhaps=(".txt",)),
    Reader("ZAP report in XML", lambda start: _XML_OF_ZAP.match(paste.decoded(start.octets)) is not None, "zap_xml",
           "ZAP messages", perhaps=(".xml",)),
    Reader("ZAP messages in JSON", lambda start: _is_json_of_zap(paste.decoded(start.octets)), "zap_json",
           "ZAP messages", perhaps=(".json",)),
    Reader("Charles session", lambda start: json_names(paste.decoded(start.octets)) >= OF_CHARLES, "charles",
           "Charles session", (".chlsj",), perhaps=(".json",)),
    Reader("requests alone", lambda start: asks_only(paste.decoded(start.octets)), "unknown", ""),
    Reader("HTTP/1.x octets", lambda start: _OCTETS.match(start.octets) is not None, "octets", "octets",
           perhaps=(".http",)),
    Reader("output of curl", lambda start: not (start.members or _LOG.match(start.octets)) and paste.recognises(
        start.octets), "curl", "curl", perhaps=(".http",), of="curl -v, HTTPie, xh, wget -S"),
    Reader("web archive in a zip", lambda start: any(_WACZ.fullmatch(name) for name in start.members), "wacz", "WARC",
           (".wacz",), (".zip",), of="WACZ"),
    Reader("Playwright trace", lambda start: any(_TRACE.fullmatch(name) for name in start.members), "traces",
           "Playwright trace", perhaps=(".zip",)),
    Reader("packed twice", lambda start: start.twice, "unknown", ""),
    Reader("HAR", lambda start: bool(_holds_har(start) or _JSON.match(paste.decoded(start.octets))
                                     or start.octets.startswith(GZIP)),
           "har", "HAR", (".har", ".har.gz"), (".zip",)),
    Reader("something else", lambda start: True, "unknown", ""),
)
"""Every kind of capture; the first that recognises one reads it."""

SUFFIXES = tuple(suffix for reader in READERS for suffix in reader.suffixes)
"""The ends of the names of what is taken from a directory."""
PERHAPS = tuple(sorted({suffix for reader in READERS for suffix in reader.perhaps}))
"""The ends of the names of what is, if it is recognised."""


def captures(paths: Iterable[str | os.PathLike[str]], told: Told | None = None) -> Iterator[str]:
    """The captures among these files and directories, as `files.captures` finds them. Raises CaptureError at once."""
    return files.captures(paths, SUFFIXES, told, files.Perhaps(PERHAPS, _held))


def _held(path: str) -> bool:
    """Whether the beginning of a file is that of a capture which files are taken for that are called like it."""
    name = path.lower()
    try:
        with files.opened(path) as stream:
            start = begun(stream)
    except OSError:
        return False
    if not any(reader.recognises(start) for reader in READERS if name.endswith(reader.perhaps)):
        return False                                       # as of most: the others need not be asked
    return name.endswith(_reader(start).perhaps)


def read(source: Source, progress: Progress | None = None, wire: bool = False,
         path: str | None = None) -> Iterator[Outcome]:
    """One outcome for each entry of a capture, in order; what is wrong with the file comes last.

    `path`: what the capture is called in outcomes. `progress` is told the octets read and the octets in all, where that
    can be known. `wire`: whoever asks knows that these are octets of HTTP/1.x as they came over the wire, to the end of
    the connection.
    """
    path = files.called(source) if path is None else path
    try:
        with files.opened(source) as stream:
            start = begun(stream)
            if not start.octets.strip(b"\xef\xbb\xbf \t\r\n"):
                yield Problem(path, None, None, "the file is empty")
                return
            if wire:
                from httplint.capture import octets
                yield from octets.read(stream, path=path, progress=progress, wire=True)
                return
            module = importlib.import_module(f"httplint.capture.{_reader(start).module}")
            yield from cast("Callable[..., Iterator[Outcome]]", module.read)(stream, path=path, progress=progress)
    except files.Unreadable as error:
        yield Problem(path, None, None, str(error))
    except OSError as error:
        yield Problem(path, None, None, f"cannot be read: {cause(error)}")


def recognised(path: str) -> str:
    """The name of the reader of a file, by its first octets; empty if it is packed, or cannot be opened."""
    try:
        with files.opened(path) as stream:
            octets = files.look(stream, LOOK)
    except (OSError, files.Unreadable):
        return ""
    return "" if octets.startswith((GZIP, ZIP)) else _reader(Start(octets)).name


def _reader(start: Start) -> Reader:
    return next(reader for reader in READERS if reader.recognises(start))


def begun(source: Stream) -> Start:
    """How a stream begins, which stands at its beginning, and is left there."""
    octets = files.look(source, LOOK)
    if octets.startswith(GZIP):
        unpacked = _unpacked(octets)
        return Start(unpacked, twice=unpacked is not octets and unpacked.startswith((GZIP, ZIP)))
    return Start(octets, files.members(source) if octets.startswith(ZIP) else ())


def _unpacked(octets: bytes) -> bytes:
    import zlib
    try:
        return zlib.decompressobj(wbits=31).decompress(octets, LOOK) or octets
    except zlib.error:
        return octets
