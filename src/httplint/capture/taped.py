"""One interaction of a cassette made an exchange, with what it proves.

All of them hold what a client library handed over, or what lay just below it, and all have hooks that drop and replace
what is secret, for which placeholders stand or nothing. So:

* Without Date, a section may have been thinned out, or made up by a test: no absence of a field proves anything.
  Cookies may always be missing.
* A content counts as what was sent if its length is Content-Length, or if it has its coding still. With another length
  somebody has changed it, and nothing is known of it. Without a Content-Length, nothing is known of its octets; and of
  the content, if it is empty, has dots as of something left out, or comes without Date, as what people write.
* The time is not known: `recorded_at` is that of a clock which tests like to stop.
* The names of fields may be in another case, and their order is that of a mapping.

What each keeps, by its source:

* vcrpy: fields of http.client, line by line, all of a name twice if it came in two cases; with aiohttp, Tornado and
  urllib3 2, contents are decoded. `decode_compressed_response` takes Content-Encoding away, and writes a content-length
  in small letters.
* VCR: names in capitals; several values sorted, or joined (Faraday); methods in small letters. Net::HTTP decodes
  contents, takes Content-Encoding away, and may write another Content-Length. Typhoeus and Curb follow redirects if
  told so: of the one `effective_url` says where that led, the other has the fields of all responses on the way. That of
  R joins lines or loses them, and has the status line among them.
* betamax: fields as vcrpy, in old releases with the lines of a field joined; contents are never decoded.
* go-vcr: Go takes Transfer-Encoding and Trailer out, and of a gzip that it asked for itself Content-Encoding and
  Content-Length, too (`uncompressed`, of which version 1 says nothing). Where Pragma is no-cache, it adds a
  Cache-Control. A middleware records what an application gave, before a server made a response of it.
"""
from __future__ import annotations

import binascii
from dataclasses import dataclass, field
from typing import Any

from httplint.capture.har_exchange import MAX_STATUS, METHODS, SCHEMES
from httplint.capture.har_quirks import ADDED_BY_HTTP_CLIENT, CODING, COOKIES, CREDENTIALS, version_of
from httplint.capture.held import GZIP, NO_NAMES, REDIRECTED, Held, octet_text, weigh, without_server
from httplint.capture.json_walk import object_of
from httplint.capture.outcome import NO_RESPONSE, NOT_HTTP, SYNTHETIC, UNREADABLE, Skipped
from httplint.capture.redaction import PLACEHOLDER_LENGTH, holds_stand_in, redacted, stand_in
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import UNTOLD
from httplint.model.message import Request, contentless
from httplint.model.pattern import lazily

NEVER_TAPED = ("exact", "name_case", "time", "request_content")
"""What no cassette proves, beside what no parsed response does."""
CONTENT = ("content", "octets", "size")
OCTETS = ("octets", "size")
SECTION = ("response_fields", "lines", "repeats")

ADDED_BELOW = ADDED_BY_HTTP_CLIENT | CREDENTIALS | {"accept", "content-type"}
"""Request fields that are added where a recorder does not see them, or taken out since they are secret."""
TAKEN_BY_GO = frozenset({"connection", "trailer", "transfer-encoding"})

CODINGS = {"gzip": GZIP, "x-gzip": GZIP, "zstd": b"\x28\xb5\x2f\xfd"}
"""How contents begin that are coded still."""
CODECS = {"utf-8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "ascii-8bit": "utf-8", "binary": "utf-8",
          "iso-8859-1": "latin-1", "latin-1": "latin-1", "windows-1252": "cp1252", "cp1252": "cp1252"}
"""Encodings whose texts become the octets again that they were; those of ASCII-8BIT stand there as UTF-8."""
PORTS = {("http", "80"), ("https", "443")}

_SCHEME = lazily(r"([A-Za-z][A-Za-z0-9+.-]{0,30}):(?!\d)")
_NUMBER = lazily(r"\d{1,9}")
_LENGTH = lazily(r"\d{1,18}")
_COMPRESSION = lazily(r"(?:^|[,\s])(?:gzip|x-gzip|deflate|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*(?:,|$))|,|$)")


@dataclass(slots=True)
class TapedSection:
    """A header section: its lines, and the names of those whose value is not known."""

    lines: list[tuple[str, str]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    complete: bool = True
    joined: bool = False
    """Whether lines of a field may have been joined."""
    doubled: bool = False
    """Whether a name stands there twice, in another case."""

    def values(self, name: str) -> list[str]:
        """Those of the lines of that name, in lower case."""
        return [value.strip() for met, value in self.lines if met.lower() == name]

    def drop(self, name: str) -> None:
        """The lines of that name, in lower case, are not known."""
        self.lines = [line for line in self.lines if line[0].lower() != name]
        self.unknown.add(name)


@dataclass(slots=True)
class Interaction:
    """What is made an exchange."""

    status: int
    method: str
    request: dict[str, Any]
    response: dict[str, Any]
    asked: TapedSection
    answered: TapedSection
    body: bytes | None
    gaps: frozenset[str] = COOKIES
    unknown: tuple[str, ...] = NEVER_TAPED
    version: str | None = None
    asked_in: str | None = None
    """The version of the request."""
    reason: str | None = None
    decoded: bool = False
    """Whether a content coding may have been decoded and taken out of the head."""

    def doubt(self, *facts: str, gaps: frozenset[str] = NO_NAMES) -> None:
        """These are not known."""
        self.unknown += facts
        self.gaps |= gaps


def exchange(item: Any, source: Source) -> Exchange | Skipped:
    """The exchange of an interaction, or why there is none."""
    if not isinstance(item, dict) or not isinstance(item.get("request"), dict):
        return Skipped(source, "the interaction has no request", UNREADABLE)
    request, response = item["request"], item.get("response")
    if not isinstance(response, dict) or not response:
        return Skipped(source, "no response was captured", NO_RESPONSE)
    status, method, target = _status(response), request.get("method"), _target(request)
    if status is None:
        return Skipped(source, "the response has no status code", UNREADABLE)
    if target is None or not isinstance(method, str) or not method:
        return Skipped(source, "the request has no URI, or no method", UNREADABLE)
    if (scheme := _SCHEME.match(target)) and scheme[1].lower() not in SCHEMES:
        return Skipped(source, f"{scheme[1]}: is not HTTP", NOT_HTTP)
    if response.get("proto") == "":
        return Skipped(source, "a test made the response up: it came in no version of HTTP", SYNTHETIC)
    ruby = _ruby(item, response)
    coded = "utf-8" if ruby or "code" in response else ""
    made = Interaction(status, _method(method), request, response, _section(request.get("headers"), coded),
                       _section(response.get("headers"), coded), _body(response))
    return _weighed(made, target, ruby, source)


def _weighed(made: Interaction, target: str, ruby: bool, source: Source) -> Exchange:
    if "code" in made.response:
        _by_go(made)
    elif ruby:
        _by_ruby(made)
    else:
        _by_python(made)
    _weigh_content(made)
    _weigh_section(made)
    asked = made.asked
    told = asked.lines or "code" in made.response          # Go keeps those that the program has set, which may be none
    request = Request(made.method, target, made.asked_in, tuple(asked.lines) if told else UNTOLD)
    if not asked.complete:
        made.doubt("request_fields")
    held = Held(made.status, tuple(made.answered.lines), made.version, made.reason, made.body,
                decodes=not _still_coded(made), request=request, unknown=made.unknown, response_gaps=made.gaps,
                request_gaps=ADDED_BELOW.difference(name.lower() for name, _ in asked.lines) | asked.unknown)
    if made.request.get("request_uri"):                    # a middleware of go-vcr has recorded what it was asked
        without_server(held)
    return weigh(held, None, source)


# -- recorders


def _ruby(item: dict[str, Any], response: dict[str, Any]) -> bool:
    """Whether VCR has recorded it, and not betamax, which writes the same but for the time and the URL."""
    return ("http_version" in response and "status_code" not in response) or (
        "recorded_at" in item and "url" not in response)


def _by_python(made: Interaction) -> None:
    """vcrpy and betamax. Old releases of vcrpy have written what httpx had decoded."""
    if "status_code" in made.response and "content" in made.response:
        made.version = version_of(made.response.get("http_version"))
        made.doubt(*OCTETS)
    if made.answered.values("x-consumed-content-encoding"):  # Tornado has decoded it
        made.doubt(*OCTETS, gaps=CODING)
    if made.answered.joined:                               # by Tornado, which follows redirects, too
        made.doubt(*REDIRECTED)
    length = [value for name, value in made.answered.lines if name == "content-length"]
    made.decoded = length == [str(len(made.body or b""))] and not made.answered.values("content-encoding") and (
        "encoding" not in object_of(made.response.get("body")))


def _by_ruby(made: Interaction) -> None:
    """VCR, of Ruby and of R."""
    made.version = version_of(made.response.get("http_version"))
    if "".join(made.answered.values("status"))[:5].upper() == "HTTP/":
        made.answered.lines = [line for line in made.answered.lines if line[0].lower() != "status"]
    if made.method.upper() in METHODS:
        made.method = made.method.upper()
    if made.method == "PATCH" and made.status in (405, 501):  # which is refused where it was spelt in small letters
        made.doubt("request", "request_fields", "pair")
    if made.answered.joined:                               # by R, which may have lost lines
        made.doubt("response_fields")
    if len({name.lower() for name, _ in made.answered.lines}) == len(made.answered.lines):
        made.answered.joined = True
    if len(made.answered.values("date")) > 1:              # Curb has the fields of all responses on the way
        made.doubt(*SECTION, *REDIRECTED)
    told = object_of(made.response.get("adapter_metadata")).get("effective_url")
    if told is not None and told != made.request.get("uri"):
        made.doubt(*REDIRECTED)
    asked = made.asked.values("accept-encoding")
    made.decoded = not made.answered.values("content-encoding") and not contentless(made.status, made.method) and (
        not asked or _COMPRESSION.search(", ".join(asked).lower()) is not None)


def _by_go(made: Interaction) -> None:
    """go-vcr, whose first version has no word about Uncompressed."""
    response, answered = made.response, made.answered
    made.doubt(gaps=TAKEN_BY_GO)
    made.version = version_of(response.get("proto"))
    status = response.get("status")
    made.asked_in = made.version if made.version != "1.0" else "1.1"
    if made.version in ("1.0", "1.1") and isinstance(status, str) and status.startswith(f"{made.status} "):
        made.reason = octet_text(status[4:])
    if answered.values("cache-control") == ["no-cache"] and answered.values("pragma")[:1] == ["no-cache"]:
        answered.drop("cache-control")
    if not answered.values("content-length"):
        made.doubt(gaps=frozenset({"content-length"}))     # chunked contents have lost it
        told = response.get("uncompressed") if "proto" in response else True
        made.decoded = str(told).lower() == "true" and not answered.values("content-encoding")
    if made.request.get("request_uri"):
        made.doubt("response_fields")


# -- what is proved


def _weigh_content(made: Interaction) -> None:
    """Whether the content is that of the response, and its octets are those that were sent."""
    lengths, body = made.answered.values("content-length"), made.body
    if made.decoded:
        made.doubt(*OCTETS, gaps=CODING)
        if body is not None and lengths == [str(len(body))]:
            made.answered.drop("content-length")           # perhaps that of what was decoded
    if body is None or contentless(made.status, made.method):
        return
    still = _still_coded(made)
    coded = _coding(made) not in ("", "identity")
    if (len(body) < PLACEHOLDER_LENGTH and redacted(body.decode("latin-1"))) or holds_stand_in(body):
        made.doubt(*CONTENT)
    elif not lengths or (coded and not still):             # nothing vouches for it, or what is coded still does itself
        if not still:
            made.doubt(*(OCTETS if made.answered.values("date") and _whole(body) else CONTENT))
    elif not (_LENGTH.fullmatch(lengths[0]) and int(lengths[0]) == len(body)):
        made.doubt(*CONTENT)


def _whole(body: bytes) -> bool:
    """Whether nothing shows that a content was not read, or that somebody has left something out."""
    return bool(body) and b"..." not in body and b"\xe2\x80\xa6" not in body


def _coding(made: Interaction) -> str:
    return ", ".join(made.answered.values("content-encoding")).lower()


def _still_coded(made: Interaction) -> bool:
    """Whether the content has its content coding still, as it shows."""
    coding, body = _coding(made), made.body or b""
    begin = CODINGS.get(coding)
    if begin:
        return body.startswith(begin)
    return coding == "deflate" and body[:1] == b"x" and not _is_text(body)


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _weigh_section(made: Interaction) -> None:
    answered = made.answered
    if not answered.values("date"):
        made.doubt("response_fields")
    if made.status >= 300 and object_of(made.response.get("status")).get("message") == "OK":
        made.doubt("response_fields", *CONTENT)            # somebody has made an error of it, to test for that
    if answered.joined or answered.doubled:
        made.doubt("lines")
    if answered.doubled:
        made.doubt("repeats")
    if not answered.complete:
        made.doubt(*SECTION)
    made.gaps |= answered.unknown


# -- parts of an interaction


def _status(response: dict[str, Any]) -> int | None:
    told = response.get("status")
    named = (told.get("code"), told.get("status_code")) if isinstance(told, dict) else (told,)
    for value in (*named, response.get("code"), response.get("status_code")):
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = int(value)
        if type(value) is int and 0 < value <= MAX_STATUS:
            return value
    return None


def _method(written: str) -> str:
    """The method; symbols of Ruby have a colon before them."""
    return octet_text(written.removeprefix(":"))


def _target(request: dict[str, Any]) -> str | None:
    """The URI without fragment; a path where a placeholder stands in the place of scheme and host."""
    uri = request.get("uri", request.get("url"))
    if uri is None and isinstance(request.get("host"), str):
        scheme, port = str(request.get("protocol") or "http"), str(request.get("port") or "")
        port = "" if not port or (scheme, port) in PORTS else f":{port}"
        uri = f"{scheme}://{request['host']}{port}{request.get('path') or '/'}"
    if not isinstance(uri, str) or not uri:
        return None
    uri = octet_text(uri).partition("#")[0]
    return uri if _SCHEME.match(uri) else uri[uri.find("/"):] if "/" in uri else None


def _section(headers: Any, codec: str) -> TapedSection:
    """The lines of a section; `codec`: whether octets of values stand there as characters of UTF-8, or as they may."""
    made = TapedSection(complete=headers is not None)
    if isinstance(headers, dict):
        for name, values in headers.items():
            _add(made, name, values, codec)
    elif isinstance(headers, list):
        for line in headers:
            if isinstance(line, list) and len(line) == 2:
                _add(made, line[0], line[1], codec)
            elif isinstance(line, str) and ":" in line:    # as http.client had it
                name, _, value = line.partition(":")
                _add(made, name, [value.strip()], codec)
            else:
                made.complete = False
    elif headers is not None:
        made.complete = False
    _undouble(made)
    return made


def _add(made: TapedSection, name: Any, values: Any, codec: str) -> None:
    """The lines of one name: a list of values, or one value, in which lines may be joined."""
    if not isinstance(name, str):
        made.complete = False
        return
    name = octet_text(name)
    if not isinstance(values, list):
        made.joined, values = True, [values]
    for value in values:
        text = _text(value, codec)
        if text is None or not text.strip() or stand_in(text):
            made.unknown.add(name.lower())
        else:
            made.lines.append((name, text))
    if name.lower() in made.unknown:
        made.drop(name.lower())


def _text(value: Any, codec: str) -> str | None:
    """A value as the model keeps it; numbers are what somebody has written without quotes."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, str):
        return value if value.isascii() else value.encode(codec, "surrogatepass").decode("latin-1") if codec else (
            octet_text(value))
    return str(value) if type(value) is int and abs(value) < 10 ** 18 else None


def _undouble(made: TapedSection) -> None:
    """Leaves one of the names that stand there several times, in another case: each has all the values in vcrpy."""
    written: dict[str, str] = {}
    for name, _ in made.lines:
        if written.setdefault(name.lower(), name) != name:
            made.doubled = True
    if made.doubled:
        made.lines = [(name, value) for name, value in made.lines if written[name.lower()] == name]


def _body(response: dict[str, Any]) -> bytes | None:
    """The content that stands there; None if none does, or not as it was."""
    body = response.get("body", response.get("content"))
    if not isinstance(body, dict):
        return _octets(body, "utf-8")
    if str(body.get("file", "")).lower() in ("true", "yes"):
        return None                                        # it lies beside the cassette of R
    coded = body.get("base64_string")
    if isinstance(coded, (str, bytes)) and (coded or not body.get("string")):
        try:
            return binascii.a2b_base64(coded)
        except ValueError:
            return None
    codec = CODECS.get(str(body.get("encoding") or "utf-8").lower())
    return None if codec is None else _octets(body.get("string"), codec)


def _octets(text: Any, codec: str) -> bytes | None:
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str) or "\ufffd" in text:      # which stands for what could not be read
        return None
    try:
        return text.encode(codec, "surrogateescape" if codec == "utf-8" else "strict")
    except UnicodeEncodeError:
        return None
