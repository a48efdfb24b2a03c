"""Requests and responses (RFC 9110 §6). `None` means "not captured"; an empty value, "captured and empty"."""
from __future__ import annotations

from typing import ClassVar, Self, TypeVar

from httplint.model.fields import UNTOLD, Fields, Headers
from httplint.model.pattern import lazily

T = TypeVar("T")

VERSIONS = ("1.0", "1.1", "2", "3")


class Irregularity:
    """Something about the octets of a message that the syntax of its version does not have (RFC 9112, RFC 9113 §8).

    `kind` is a key of IRREGULARITIES. `line` is the number of the field line concerned (None: the start line, a line
    that is no field line, a trailer, the framing or the content), `position` the octet within the value of that line
    (None: the line as a whole), or without line the octet within the message. `text` holds the octets themselves, as
    ISO-8859-1, clipped where they are many.
    """

    __slots__ = ("kind", "line", "position", "text")

    kind: str
    line: int | None
    position: int | None
    text: str

    def __init__(self, kind: str, position: int | None, text: str, line: int | None = None) -> None:
        if kind not in IRREGULARITIES:
            raise ValueError(f"irregularity {kind!r}: expected one of {', '.join(IRREGULARITIES)}")
        self.kind = kind
        self.position = position
        self.text = text
        self.line = line

    def __repr__(self) -> str:
        return f"<Irregularity {self.kind} at {self.position}>"


IRREGULARITIES = {
    "start-line": "the status line or request line breaks its grammar (§3, §4)",
    "status-space": "the status line ends with the status code, without the space behind it (§4)",
    "no-status-line": "the response begins without a status line, as HTTP/0.9 does",
    "line-end": "a line ends with LF alone (§2.2)",
    "bare-cr": "a CR that is not part of a line end (§2.2)",
    "leading-whitespace": "whitespace between the start line and the first field line (§2.2)",
    "obs-fold": "a field line is folded over several lines (§5.2)",
    "space-before-colon": "whitespace between a field name and its colon (§5.1)",
    "no-colon": "a field line without a colon (§5)",
    "chunk-size": "a chunk size that is not hexadecimal, or a chunk that does not end where it says (§7.1)",
    "chunk-extension": "something behind a chunk size that is no chunk extension, or has whitespace in it (§7.1.1)",
    "truncated": "the sender ended the message before its framing says (§8)",
    "cut-off": "the octets end before the message does; whether its sender or the capture stopped is not known (§8)",
    "excess": "octets follow the end of the message (§6.3, §11.1)",
    "surplus": "octets follow the end of the message; whether they were sent, or added by a tool, is not known (§6.3)",
    "pseudo-field": "a pseudo-field that responses do not have (RFC 9113 §8.3)",
    "late-pseudo-field": "a pseudo-field behind a field (RFC 9113 §8.3)",
    "repeated-pseudo-field": "a pseudo-field that is there already (RFC 9113 §8.3)",
    "no-status": "a response without :status (RFC 9113 §8.3.2)",
}
"""Kind -> what it is; sections are those of RFC 9112."""


_PATH = lazily(r"(?:[A-Za-z][A-Za-z0-9+.\-]*+://[^/?#]*+|(?=[/*]))([^?#]*+)")
"""Group 1: the path of a URI, or of a request target that is not the authority of CONNECT."""


def contentless(status: int, method: str | None) -> bool:
    """Whether responses with that status code to that method, if it is known, have no content (RFC 9110 §6.4.1)."""
    return (method == "HEAD" or 100 <= status < 200 or status in (204, 304)
            or (method == "CONNECT" and 200 <= status < 300))


class Composite:
    """Something that is made of named parts."""

    __slots__ = ()
    _parts: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls._parts += tuple(name for name in cls.__dict__.get("__slots__", ()) if not name.startswith("_"))

    def but(self, **parts: object) -> Self:
        """The same with these parts in place of its own; nothing else differs, and itself it stays as it is."""
        made = object.__new__(type(self))                  # copy.copy takes three times as long
        for name in (*self._parts, *getattr(self, "__dict__", ())):
            setattr(made, name, parts.pop(name) if name in parts else getattr(self, name))
        if parts:
            raise TypeError(f"no parts of a {type(self).__name__}: {', '.join(parts)}")
        return made


Content = bytes | bytearray | memoryview | str
"""What a content may be handed over as; of a str, its octets in UTF-8 are meant."""


def expect(name: str, value: T, *kinds: type) -> T:
    """An argument of these kinds. Raises TypeError for another, in a sentence. Messages are made by the thousand: there
    it is asked where a look at the type did not do."""
    if not isinstance(value, kinds):
        wanted = " or ".join("number" if kind is float else kind.__name__ for kind in kinds if kind is not int or (
            float not in kinds))
        raise TypeError(f"{name}: expected {wanted}, got {type(value).__name__}")
    return value


def _no_version(version: object) -> Exception:
    """What is said of a version that there is not, or of what stands in its place."""
    if isinstance(version, str):
        return ValueError(f"version {version!r:.40}: expected one of {', '.join(VERSIONS)} or None (unknown)")
    hint = "; fields are named: headers=…" if isinstance(version, (list, tuple, dict)) else ""
    return TypeError(f"version: expected one of {', '.join(map(repr, VERSIONS))} or None (unknown), "
                     f"got {type(version).__name__}{hint}")


def _octets(content: object) -> bytes:
    """The octets of a content. Raises TypeError."""
    if isinstance(content, (bytes, bytearray, memoryview)):
        return bytes(content)
    expect("content", content, bytes, str)
    return str(content).encode("utf-8")


class Message(Composite):
    """What requests and responses have in common.

    `version` is one of VERSIONS or None; `content` holds the octets after transfer decoding. Whether they are still
    content-coded as sent, or were decoded by the capturing tool, is the evidence's fact "octets". `size` is the
    number of content octets sent, where the capture knows it. `irregularities` are what a reader of octets met; that
    it looked for them is the evidence's fact "wire". `transfer_coded` is what a reader of octets found within the
    chunks where other transfer codings are still on it, so that the content is not known. `clipped` tells that
    `content` is its begin alone, since whoever kept the message did not keep the rest. `claimed` is what a capture says
    of the version, such as HTTP/1.1, where that proves nothing: it is only shown.
    """

    __slots__ = ("claimed", "clipped", "content", "fields", "irregularities", "size", "trailers", "transfer_coded",
                 "version")

    def __init__(self, version: str | None, headers: Headers | Fields | None, content: Content | None,
                 trailers: Headers | Fields | None, size: int | None = None) -> None:
        """Raises TypeError, ValueError for what is none of these; so do those below."""
        if version is not None and version not in VERSIONS:
            raise _no_version(version)
        self.version = version
        self.fields = headers if isinstance(headers, Fields) else Fields.of(headers)
        octets = content if content is None or type(content) is bytes else _octets(content)
        self.content = octets
        self.trailers = None if trailers is None else Fields.of(trailers, "trailers")
        if size is None:
            self.size = None if octets is None else len(octets)
        else:
            self.size = size if type(size) is int else expect("size", size, int)
        self.irregularities: tuple[Irregularity, ...] = ()
        self.transfer_coded: bytes | None = None
        self.clipped = False
        self.claimed: str | None = None


_HOST = lazily(r"[A-Za-z]{1,9}://(?:[^/?#]*@)?([^/?#@]*)")


class Request(Message):
    """A request. `target` is the request target as sent, or the target URI where the capture has only that.

    `scheme` is that of the target URI where the target does not name one; empty where the capture does not tell.
    Without `headers` it is one that was not looked at: `fields` is UNTOLD, whose emptiness proves nothing.
    """

    __slots__ = ("_uri", "method", "scheme", "target")
    _uri: str

    def __init__(self, method: str, target: str, version: str | None = "1.1",
                 headers: Headers | Fields | None = UNTOLD, content: Content | None = None,
                 trailers: Headers | Fields | None = None, size: int | None = None, scheme: str = "") -> None:
        Message.__init__(self, version, headers, content, trailers, size)
        if not (type(method) is type(target) is type(scheme) is str):
            expect("method", method, str)
            expect("target", target, str)
            expect("scheme", scheme, str)
        self.method = method
        self.target = target
        self.scheme = scheme

    @property
    def path(self) -> str:
        """The path of the target URI, `*` for the server as a whole, empty where there is none."""
        found = _PATH.match(self.target)
        return found[1] if found else ""

    @property
    def query(self) -> str:
        """The query of the target URI without the question mark, empty where there is none."""
        return self.target.partition("#")[0].partition("?")[2]

    @property
    def uri(self) -> str:
        """The target URI (RFC 9110 §7.1) without fragment, as far as the capture tells: a key for comparisons.

        A scheme that is not known is taken for http. It is kept once it was asked for.
        """
        try:
            return self._uri
        except AttributeError:
            self._uri = self._target_uri()
        return self._uri

    def _target_uri(self) -> str:
        target = self.target.partition("#")[0]
        if target.startswith("/") or target == "*":
            fields = UNTOLD if self.fields is None else self.fields
            # a Host that is there twice is still one host; two different ones are none, and are seen to be
            host = ", ".join(dict.fromkeys(fields.values("host"))) or fields.combined(":authority") or ""
            return f"{self.scheme or 'http'}://{host.lower()}{target}"
        return target

    def __repr__(self) -> str:
        # pytest shows this where an assertion fails: nothing in it may be a secret
        method = self.method if len(self.method) <= 20 and self.method.isalpha() else "…"
        target = self.target if len(self.target) < 6 else "…"
        if found := _HOST.match(self.target):
            target = f"{found[1][:60]}/…"
        return f"<Request {method!r} {target!r}>"


class Response(Message):
    """A response, interim or final. `reason` is the reason phrase of HTTP/1.x."""

    __slots__ = ("interim", "reason", "status")

    def __init__(self, status: int, version: str | None = "1.1", reason: str | None = None,
                 headers: Headers | Fields | None = (), content: Content | None = None,
                 trailers: Headers | Fields | None = None, size: int | None = None) -> None:
        Message.__init__(self, version, headers, content, trailers, size)
        if isinstance(status, bool) or not isinstance(status, int):
            hint = f"; write {status}" if isinstance(status, str) and status.isdecimal() and len(status) < 4 else ""
            raise TypeError(f"status: expected int, got {type(status).__name__}{hint}")
        self.status = int(status)
        self.reason = reason if reason is None or type(reason) is str else expect("reason", reason, str)
        self.interim = False
        """Whether a final response followed it, as one did where an exchange has it among its interim ones."""

    def __repr__(self) -> str:
        return f"<Response {self.status}>"
