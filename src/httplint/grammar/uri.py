"""URI references: their parts, their resolution, their normal form (RFC 3986)."""
from __future__ import annotations

import re

from httplint.grammar.common import integer, percent_flaw
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

_UNRESERVED = r"A-Za-z0-9\-._~"
_SUB_DELIMS = r"!$&'()*+,;="
_PCT = "%[0-9A-Fa-f]{2}"


def _run(characters: str) -> str:
    return f"(?:[{characters}]++|{_PCT})*+"


_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"(?:{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET})"
_H16 = "[0-9A-Fa-f]{1,4}"
_LS32 = f"(?:{_H16}:{_H16}|{_IPV4})"
_IPV6 = "|".join((
    f"(?:{_H16}:){{6}}{_LS32}",
    f"::(?:{_H16}:){{5}}{_LS32}",
    f"(?:{_H16})?::(?:{_H16}:){{4}}{_LS32}",
    f"(?:(?:{_H16}:){{0,1}}{_H16})?::(?:{_H16}:){{3}}{_LS32}",
    f"(?:(?:{_H16}:){{0,2}}{_H16})?::(?:{_H16}:){{2}}{_LS32}",
    f"(?:(?:{_H16}:){{0,3}}{_H16})?::{_H16}:{_LS32}",
    f"(?:(?:{_H16}:){{0,4}}{_H16})?::{_LS32}",
    f"(?:(?:{_H16}:){{0,5}}{_H16})?::{_H16}",
    f"(?:(?:{_H16}:){{0,6}}{_H16})?::",
))
_IPVFUTURE = rf"[vV][0-9A-Fa-f]++\.[{_UNRESERVED}{_SUB_DELIMS}:]++"
REG_NAME = _run(_UNRESERVED + _SUB_DELIMS)
HOST = rf"(?:\[(?:{_IPV6}|{_IPVFUTURE})\]|{REG_NAME})"
"""`host = IP-literal / IPv4address / reg-name` (§3.2.2); IPv4 addresses are registered names in form. It takes
milliseconds to compile: of a value without a bracket, REG_NAME says the same."""

_PCHAR = _UNRESERVED + _SUB_DELIMS + ":@"


def _reference_with(host: str) -> re.Pattern[str]:
    return lazily(
        r"(?:([A-Za-z][A-Za-z0-9+.\-]*+):)?+"
        rf"(?>//((?:({_run(_UNRESERVED + _SUB_DELIMS + ':')})@)?+({host})(?::([0-9]*+))?+)((?:/{_run(_PCHAR + '/')})?+)"
        rf"|({_run(_PCHAR + '/')}))"
        rf"(?:\?({_run(_PCHAR + '/?')}))?+"
        rf"(?:#({_run(_PCHAR + '/?')}))?+")


_reference, _named_reference = _reference_with(HOST), _reference_with(REG_NAME)

_split = re.compile(r"(?:([^:/?#]++):)?+(?://([^/?#]*+))?+([^?#]*+)(?:\?([^#]*+))?+(?:#(.*+))?+", re.DOTALL)
"""The regular expression of appendix B, which fits every string."""

DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}


class UriReference(NamedTuple):
    """A URI or a relative reference, and its parts as written; a part that is not there is None."""

    text: str
    """The whole reference."""
    scheme: str | None
    authority: str | None
    userinfo: str | None
    host: str | None
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def relative(self) -> bool:
        """Whether it has no scheme."""
        return self.scheme is None


def uri_reference(value: str) -> UriReference:
    """`URI-reference = URI / relative-ref` (§4.1)."""
    match = (_reference if "[" in value else _named_reference).match(value)
    if match is None or match.end() < len(value):
        raise _flaw(value, match.end() if match else 0)
    scheme, authority, userinfo, host, port, abempty, path, query, fragment = match.groups()
    if authority is not None:
        path = abempty
    elif scheme is None and ":" in path and ":" in path.partition("/")[0]:
        # path-noscheme: what stands before the first colon of a relative reference would be a scheme
        hint = "a scheme starts with a letter and has letters, digits, plus, minus and dots only"
        raise Malformed(value, value.index(":"), "a path without colon in its first segment", hint)
    return UriReference(value, scheme, authority, userinfo, host, integer(port) if port else None, path, query,
                        fragment)


def _flaw(value: str, position: int) -> Malformed:
    wrong = value[position]
    if wrong == "%":
        return percent_flaw(value, position)
    if wrong == "[" and value[:position].endswith(("//", "@")):
        return Malformed(value, position + 1, "an IPv6 address and a closing bracket")
    if wrong == "#":
        return Malformed(value, position, "the end", "a fragment has no number sign: write %23")
    if _port.fullmatch(value, 0, position):
        return Malformed(value, position, "a port number")
    if wrong in " \t":
        hint = "a space is written %20" if value[position:].strip() else "no whitespace at the end"
        return Malformed(value, position, "a character allowed in a URI", hint)
    written = "".join(f"%{octet:02X}" for octet in wrong.encode("latin-1" if ord(wrong) < 256 else "utf-8",
                                                                "replace"))
    return Malformed(value, position, "a character allowed in a URI", f"write it {written}")


_port = lazily(r"[^/?#]*+//(?:[^/?#@]*+@)?+(?:\[[^/?#\]]*+\]|[^/?#:@\[]*+):[0-9]*+")


def resolve(base: str, reference: str) -> str:
    """The target URI of a reference, strictly by §5.2. Both are split by appendix B, so that nothing is refused."""
    scheme, authority, path, query, fragment = _parts(reference)
    if scheme is not None:
        path = remove_dot_segments(path)
    else:
        scheme, base_authority, base_path, base_query, _ = _parts(base)
        if authority is not None:
            path = remove_dot_segments(path)
        else:
            authority = base_authority
            if not path:
                path = base_path
                if query is None:
                    query = base_query
            elif path.startswith("/"):
                path = remove_dot_segments(path)
            else:
                path = remove_dot_segments(_merge(base_authority, base_path, path))
    return _recompose(scheme, authority, path, query, fragment)


def normalise(uri: str) -> str:
    """The form in which equivalent URIs are equal strings, by §6.2.2 and §6.2.3 and for http RFC 9110 §4.2.3.

    Case of scheme, host and percent-encodings, percent-encoded unreserved characters, dot segments, default and empty
    ports, the empty path of a URI with an authority. A fragment stays.
    """
    scheme, authority, path, query, fragment = _parts(uri)
    if scheme is not None:
        scheme = scheme.lower()
        path = remove_dot_segments(_decoded(path))
    else:
        path = _decoded(path)
    if authority is not None:
        userinfo, at, place = authority.rpartition("@")
        host, colon, port = place.rpartition(":")
        if not colon or port.strip("0123456789"):
            host, port = place, ""
        if port and port != DEFAULT_PORTS.get(scheme or ""):
            host += f":{port}"
        authority = _decoded(userinfo) + at + _decoded(_decoded(host).lower())
        path = path or "/"
    return _recompose(scheme, authority, path, None if query is None else _decoded(query),
                      None if fragment is None else _decoded(fragment))


def _parts(value: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    match = _split.match(value)
    assert match is not None
    scheme, authority, path, query, fragment = match.groups()
    return scheme, authority, path, query, fragment


def _recompose(scheme: str | None, authority: str | None, path: str, query: str | None, fragment: str | None) -> str:
    """Component recomposition (§5.3)."""
    return "".join((f"{scheme}:" if scheme is not None else "", f"//{authority}" if authority is not None else "", path,
                    f"?{query}" if query is not None else "", f"#{fragment}" if fragment is not None else ""))


def _merge(authority: str | None, base: str, path: str) -> str:
    """Merge paths (§5.2.3)."""
    if authority is not None and not base:
        return "/" + path
    return base[:base.rfind("/") + 1] + path


def remove_dot_segments(path: str) -> str:
    """The path without "." and ".." segments (§5.2.4), by a stack of segments instead of two buffers."""
    if "." not in path:
        return path
    segments = path.split("/")
    rooted = len(segments) > 1 and not segments[0]
    last = segments[-1]
    kept: list[str] = []
    # Until a segment has been moved to the output, a relative path loses its leading dot segments with their slashes.
    for segment in segments[1:] if rooted else segments:
        if segment == "..":
            if kept:
                kept.pop()
                if not kept:
                    rooted = True
        elif segment != ".":
            kept.append(segment)
    if last in (".", "..") and (kept or rooted):
        kept.append("")
    return ("/" if rooted else "") + "/".join(kept)


_escape = lazily("%([0-9A-Fa-f]{2})")
_UNRESERVED_SET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def _escaped(match: re.Match[str]) -> str:
    character = chr(int(match.group(1), 16))
    return character if character in _UNRESERVED_SET else match.group().upper()


def _decoded(text: str) -> str:
    """Percent-encodings in upper case, those of unreserved characters decoded (§6.2.2.1, §6.2.2.2)."""
    return _escape.sub(_escaped, text) if "%" in text else text
