"""Content-Security-Policy (CSP Level 3): policies, their directives, and what their values are.

A policy is read as browsers read it (§2.2.1): what is unknown stays, a directive that stands twice is kept twice and
counts once. Only what the grammar of all directives (§2.3) does not have is malformed; whether a value fits its
directive is told by `misfit`.
"""
from __future__ import annotations

import re

from httplint.grammar.registry import rows
from httplint.grammar.syntax import Malformed
from httplint.grammar.uri import uri_reference
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class Directive(NamedTuple):
    """A directive: its name in lower case, its value as words (§2.3)."""

    name: str
    values: tuple[str, ...]


class ContentSecurityPolicy(NamedTuple):
    """The directives of one policy in their order, those too that are ignored because their name stood before."""

    directives: tuple[Directive, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the directives."""
        return tuple([one.name for one in self.directives])

    def directive(self, *names: str) -> Directive | None:
        """The directive of the first of these names that the policy has; of a repeated one the first (§2.2.1)."""
        for name in names:
            for one in self.directives:
                if one.name == name:
                    return one
        return None


class DirectiveDefinition(NamedTuple):
    """A directive that is known: a row of registry/csp-directives.csv."""

    name: str
    value: str
    """What its value is: sources, ancestors, references, token, sandbox, webrtc, none, or any."""
    status: str
    """"current", "deprecated", or "withdrawn" where browsers do not know it any more."""
    instead: str
    monitored: bool
    """Whether Content-Security-Policy-Report-Only knows it."""


DIRECTIVES: dict[str, DirectiveDefinition] = {
    row["name"]: DirectiveDefinition(row["name"], row["value"], row["status"], row["instead"],
                                     row["report_only"] != "no")
    for row in rows("csp-directives.csv")}

_keywords = tuple(rows("csp-keywords.csv"))
KEYWORDS = frozenset(row["keyword"] for row in _keywords if row["of"] == "sources")
"""The keywords of source lists, with their quotes."""
SANDBOX = frozenset(row["keyword"] for row in _keywords if row["of"] == "sandbox")
"""What the directive sandbox can allow."""

_odd = lazily(r"[^\t\n\f\r -~]")
_name = lazily(r"[A-Za-z0-9\-]++")
_FIELD_NAMES = ("content-security-policy", "content-security-policy-report-only")


def content_security_policy(value: str) -> tuple[ContentSecurityPolicy, ...]:
    """`1#( directive *( ";" [ directive ] ) )`, where a directive is a name and words behind it (§2.2, §3.1).

    A semicolon in front of the first directive does no harm and is skipped, as all browsers do.
    """
    if (odd := _odd.search(value)) is not None:
        raise Malformed(value, odd.start(), "an ASCII character", _ascii_hint(value, odd.start()))
    policies = []
    position = 0
    for number, text in enumerate(value.split(",")):
        directives: list[Directive] = []
        for piece in text.split(";"):
            words = piece.split()
            if words:
                if _name.fullmatch(words[0]) is None:
                    start = position + len(piece) - len(piece.lstrip())
                    raise _misnamed(value, start, words[0], bool(directives), number > 0)
                directives.append(Directive(words[0].lower(), tuple(words[1:])))
            position += len(piece) + 1
        if directives:
            policies.append(ContentSecurityPolicy(tuple(directives)))
    if not policies:
        raise Malformed(value, len(value), "a directive", "a policy without directives restricts nothing")
    return tuple(policies)


def _ascii_hint(value: str, position: int) -> str:
    if value.startswith(("\xe2\x80", "\x91", "\x92", "\u2018", "\u2019"), position):
        return "keywords are put in straight single quotes"
    return "hosts with other letters are written in Punycode, xn--..."


def _misnamed(value: str, start: int, name: str, behind_directive: bool, behind_policy: bool) -> Malformed:
    """Why what stands at `start` is no name of a directive."""
    match = _name.match(name)
    head = match.group().lower() if match is not None else ""
    hint = None
    if head in _FIELD_NAMES:
        hint = "the value begins behind the name of the field"
    elif head in DIRECTIVES:
        hint = "a space separates a directive from its value"
    elif name[0] in "\"'" and name[1:].lower() in DIRECTIVES:
        hint = "a policy is not put in quotes"
    elif behind_directive:
        hint = "a semicolon ends a directive; its values are separated by spaces"
    elif behind_policy:
        hint = "a comma starts another policy; values are separated by spaces"
    return Malformed(value, start + len(head), "the name of a directive, of letters, digits and hyphens", hint)


_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*+"
_scheme = lazily(f"{_SCHEME}:")
_host = lazily(
    rf"(?:{_SCHEME}://)?+(?:(?:\*\.)?+[A-Za-z0-9_\-]++(?:\.[A-Za-z0-9_\-]++)*+\.?+|\*)(?::(?:[0-9]++|\*))?+"
    r"(?:/(?:[A-Za-z0-9\-._~!$&'()*+=:@/]++|%[0-9A-Fa-f]{2})*+)?+")
_BASE64 = r"[A-Za-z0-9+/_\-]++={0,2}+"
_nonce = lazily(f"'nonce-({_BASE64})'", re.IGNORECASE)
_hash = lazily(f"'(sha256|sha384|sha512)-({_BASE64})'", re.IGNORECASE)
_quoted_word = lazily(r"'[A-Za-z][A-Za-z0-9\-]*+'")
_token = lazily(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]++")

DIGESTS = {"sha256": 43, "sha384": 64, "sha512": 86}
"""Algorithm -> how many characters its digest has in base64, without padding."""


_VALUED = ("'nonce-", "'sha1-", "'sha224-", "'sha256-", "'sha384-", "'sha512-", "'md5-")
"""Begin words that have to be a nonce or a hash."""


def kind(source: str) -> str:
    """Which source expression a word is (§2.3.1).

    "none", "keyword", "nonce", "hash", "scheme", "host"; "word" for a word in single quotes that is no known keyword;
    "" for what the grammar does not have. Hosts may have an underscore, which the grammar lacks and DNS and browsers
    know.
    """
    if source[0] == "'":
        word = source.lower()
        if word == "'none'":
            return "none"
        if word in KEYWORDS:
            return "keyword"
        if _nonce.fullmatch(source):
            return "nonce"
        if _hash.fullmatch(source):
            return "hash"
        return "word" if _quoted_word.fullmatch(source) and not word.startswith(_VALUED) else ""
    if _scheme.fullmatch(source):
        return "scheme"
    return "host" if _host.fullmatch(source) else ""


def nonce(source: str) -> str | None:
    """The value of a nonce; None if the word is none."""
    match = _nonce.fullmatch(source)
    return match.group(1) if match is not None else None


def digest(source: str) -> tuple[str, str] | None:
    """The algorithm and the value of a hash, without padding; None if the word is none."""
    match = _hash.fullmatch(source)
    return (match.group(1).lower(), match.group(2).rstrip("=")) if match is not None else None


def misfit(directive: DirectiveDefinition, text: str) -> tuple[str, str] | None:
    """What a word breaks in the grammar of its directive: what was expected, and a hint; None if it fits."""
    if directive.value == "sources":
        return None if kind(text) else ("a source", _source_hint(text))
    if directive.value == "ancestors":
        found = kind(text)
        if found in ("none", "scheme", "host", "word") or text.lower() == "'self'":
            return None
        return "a host, a scheme, 'self' or 'none'", "" if found else _source_hint(text)
    if directive.value == "none":
        return "no value", "the directive has none"
    if directive.value == "webrtc":
        return None if text.lower() in ("'allow'", "'block'") else ("'allow' or 'block'", "")
    if directive.value in ("token", "sandbox"):
        return None if _token.fullmatch(text) else ("a token", "")
    if directive.value == "references":
        try:
            uri_reference(text)
        except Malformed as error:
            return error.expected, error.hint or ""
    return None


def _source_hint(text: str) -> str:
    word = text.lower()
    if word.startswith(("'nonce-", "nonce-")):
        return "a nonce is 'nonce-' and base64, in single quotes"
    if word.lstrip("'").startswith(("sha256-", "sha384-", "sha512-")):
        return "a hash is its algorithm, a hyphen and base64, in single quotes"
    if word.lstrip("'").startswith(("sha1-", "sha224-", "sha-", "md5-")):
        return "hashes are of sha256, sha384 or sha512"
    if word[0] in "\"`" or word[-1] in "\"`'" or word[0] == "'":
        return "keywords are put in single quotes, hosts are not"
    if "?" in word or "#" in word:
        return "a source has no query and no fragment"
    if "*" in word:
        return "an asterisk stands for a whole host, for its first labels, or for the port"
    return ""
