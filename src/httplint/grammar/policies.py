"""What browsers may do with a response, as servers say in fields.

Permissions-Policy (Permissions Policy §5, §6) and its predecessor Feature-Policy, Referrer-Policy (Referrer Policy
§4.1), X-Frame-Options (RFC 7034 §2), X-Content-Type-Options (Fetch), Refresh and the cross-origin policies (HTML),
Integrity-Policy (Subresource Integrity), Activate-Storage-Access (Storage Access Headers), No-Vary-Search
(draft-ietf-httpbis-no-vary-search), Origin-Trial.
"""
from __future__ import annotations

import re

from httplint.grammar.common import after_whitespace, integer, members, past, quoted_string, required
from httplint.grammar.registry import rows
from httplint.grammar.structured import (
    BareItem,
    Dictionary,
    InnerList,
    Item,
    Member,
    Token,
    member_starts,
    serialise,
    structured_dictionary,
    structured_item,
    structured_list,
)
from httplint.grammar.syntax import Malformed
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

FEATURES = {row["name"]: row["status"] for row in rows("policy-features.csv")}
"""Features that Permissions-Policy can control -> "current", or "withdrawn" where no browser knows them any more."""

ONE_VALUE = "it has one value; a proxy and the server behind it may both be adding it"


class Feature(NamedTuple):
    """A feature of Permissions-Policy: whom it is allowed to, and what of that browsers ignore (§5.2)."""

    name: str
    allowed: tuple[str, ...]
    """Origins, `self` or `*`, as they stand there, and without quotes."""
    ignored: tuple[str, ...]
    """What is no origin in quotes, `self` or `*`, written as in the field."""
    quoted: tuple[str, ...]
    """Keywords in quotes, which browsers read as hosts."""
    lost: tuple[str, ...]
    """Names of parameters that mean nothing: what a semicolon in the place of a comma makes of features."""
    report_to: BareItem | None = None
    """Where reports go, if it is a string; nothing else counts."""


def permissions_policy(value: str) -> tuple[Feature, ...]:
    """`Permissions-Policy = sf-dictionary`, of features and lists of origins (Permissions Policy §5.2, §6.1)."""
    try:
        found = structured_dictionary(value)
    except Malformed as error:
        raise Malformed(value, error.position, error.expected, _permissions_hint(value, error)) from None
    return tuple([_feature(name, one) for name, one in found.members])


def _feature(name: str, member: Member) -> Feature:
    items = member.items if isinstance(member, InnerList) else (member,)
    lost = tuple([one for one, _ in member.parameters if one != "report-to"])
    allowed: list[str] = []
    ignored: list[str] = []
    quoted: list[str] = []
    for item in items:
        text = str(item.value)
        if isinstance(item.value, Token):
            (allowed if item.value in ("self", "*") else ignored).append(text)
        elif type(item.value) is str:
            (quoted if item.value.strip("'").lower() in ("self", "none", "src") else allowed).append(text)
        else:
            ignored.append(serialise(Item(item.value)))
    return Feature(name, tuple(allowed), tuple(ignored), tuple(quoted), lost, dict(member.parameters).get("report-to"))


_old_policy = lazily(r"[ \t]*+[a-z][a-z0-9\-]*+[ \t]++['*(a-z]")


def _permissions_hint(value: str, error: Malformed) -> str | None:
    position = error.position
    wrong = value[position:position + 1]
    member = value[value.rfind(",", 0, position) + 1:position]
    if _old_policy.match(value):
        return "that is the form of Feature-Policy; write geolocation=(self), camera=()"
    if wrong == "'" or member.endswith("'"):
        return "self is written without quotes, origins in double quotes, none as ()"
    if wrong == "," and member.count("(") > member.count(")"):
        return "origins in parentheses are separated by spaces"
    if ";" in member:
        return "features are separated by commas"
    return "features are written in lower case" if wrong.isupper() else error.hint


_policy_name = lazily(r"[A-Za-z0-9\-]++")


def feature_policy(value: str) -> tuple[Feature, ...]:
    """`1#( feature RWS allowlist *( ";" [ feature RWS allowlist ] ) )`, the form before Permissions-Policy."""
    found = []
    position = 0
    for part in re.split("[;,]", value):
        words = part.split()
        if words:
            length = past(_policy_name, words[0])
            if length < len(words[0]):
                start = position + len(part) - len(part.lstrip())
                hint = "that is the form of Permissions-Policy" if words[0][length] == "=" else None
                raise Malformed(value, start + length, "the name of a feature and a space", hint)
            found.append(Feature(words[0], tuple(words[1:]), (), (), ()))
        position += len(part) + 1
    return tuple(found)


REFERRER_POLICIES = frozenset((
    "no-referrer", "no-referrer-when-downgrade", "same-origin", "origin", "strict-origin", "origin-when-cross-origin",
    "strict-origin-when-cross-origin", "unsafe-url"))
"""The policy tokens (Referrer Policy §3, editor's draft of 2026)."""

_referrer_policy = lazily(r"[A-Za-z\-]++")


def referrer_policy(value: str) -> tuple[str, ...]:
    """`1#( policy-token / extension-token )`, in lower case; the last one that is known counts (§4.1, §8.1)."""
    return required(members(value, _referrer_token), value, "a policy")


def _referrer_token(value: str, position: int) -> tuple[str, int]:
    match = _referrer_policy.match(value, position)
    if match is None:
        hint = "the policy is not put in quotes" if value[position] in "\"'" else None
        raise Malformed(value, position, "a policy, of letters and hyphens", hint)
    end = match.end()
    behind = after_whitespace(value, end)
    if value[behind:behind + 1] not in ("", ","):
        hint = "policies are separated by commas" if value[behind] == ";" or behind > end else None
        raise Malformed(value, behind, "a comma or the end", hint)
    return match.group().lower(), end


class FrameOptions(NamedTuple):
    """The value of X-Frame-Options: DENY, SAMEORIGIN, or ALLOW-FROM and an origin (RFC 7034 §2.1)."""

    option: str
    """In upper case."""
    origin: str | None
    times: int = 1
    """How often the option stands there."""


_frame_options = lazily(r"(DENY|SAMEORIGIN)|ALLOW-FROM[ \t]++(\S++)", re.IGNORECASE)


def _repeated(value: str) -> tuple[str, ...]:
    """The members between commas if all are the same; else, or if there is none, nothing."""
    words = tuple(word for part in value.split(",") if (word := part.strip(" \t")))
    return words if len(set(words)) == 1 else ()


def frame_options(value: str) -> FrameOptions:
    """`"DENY" / "SAMEORIGIN" / ( "ALLOW-FROM" RWS origin )`, in any case (RFC 7034 §2.1).

    The same option several times is read as that option (HTML, the X-Frame-Options header).
    """
    match = _frame_options.fullmatch(value)
    if match is not None:
        return FrameOptions((match.group(1) or "ALLOW-FROM").upper(), match.group(2))
    words = _repeated(value.upper())
    if words and words[0] in ("DENY", "SAMEORIGIN"):
        return FrameOptions(words[0], None, len(words))
    start = _frame_options.match(value)
    position = start.end() if start and start.group(1) else 0
    word = value.upper()
    hint = None
    if position and "," in value[position:]:
        hint = ONE_VALUE
    elif word[:1] in ("'", '"'):
        hint = "the value is not put in quotes"
    elif word.replace("_", "-").replace(" ", "-").startswith(("ALLOW-FROM", "ALLOWFROM")):
        hint = "browsers know no ALLOW-FROM; Content-Security-Policy has frame-ancestors for that"
    elif word.startswith("ALLOW"):
        hint = "to let all frame the content, leave the field out"
    elif word.replace("-", "").replace("_", "").replace(" ", "") == "SAMEORIGIN":
        hint = "SAMEORIGIN has no hyphen"
    elif word in ("SELF", "NONE"):
        hint = "that is a value of frame-ancestors; here it is SAMEORIGIN or DENY"
    raise Malformed(value, position, "the end" if position else "DENY or SAMEORIGIN", hint)


def nosniff(value: str) -> tuple[str, ...]:
    """`"nosniff"`, in any case; once, though browsers read the first of several (Fetch §x-content-type-options-header).
    """
    words = _repeated(value.lower())
    if words and words[0] == "nosniff":
        return words
    position = past(_nosniff, value)
    hint = None
    if position and value[position:].lstrip(" \t")[:1] == ",":
        hint = ONE_VALUE
    elif value[:1] in "\"'" and value:
        hint = "the value is not put in quotes"
    raise Malformed(value, position, "the end" if position else "nosniff", hint)


_nosniff = lazily("nosniff", re.IGNORECASE)


class PolicyToken(NamedTuple):
    """A token that chooses a policy, and the names of its parameters."""

    value: str
    report_to: str | None = None
    """The endpoint for reports; None without one, or if it is no string."""
    parameters: tuple[str, ...] = ()


def policy_token(value: str) -> PolicyToken:
    """An Item that is a Token, of which the parameter report-to is a String: the cross-origin policies (HTML)."""
    item = _item(value)
    if not isinstance(item.value, Token):
        hint = "the value is not put in quotes" if item.text is not None else None
        raise Malformed(value, 0, "a token", hint)
    report_to = item.parameter("report-to")
    return PolicyToken(str(item.value), report_to if type(report_to) is str else None, item.names)


def policy_tokens(value: str) -> tuple[str, ...]:
    """A List of Tokens."""
    return _members(value, Token, "a token", "the value is not put in quotes")


def rule_sets(value: str) -> tuple[str, ...]:
    """A List of Strings, which are URLs (HTML, Speculation-Rules header)."""
    return _members(value, str, "a string", "URLs are put in double quotes")


def _members(value: str, kind: type[str], expected: str, hint: str) -> tuple[str, ...]:
    try:
        found = structured_list(value)
    except Malformed as error:
        if kind is str and value[error.position:error.position + 1] in ("/", ".", "<"):
            error.hint = hint
        raise
    for start, one in zip(member_starts(value), found, strict=False):
        if not isinstance(one, Item) or type(one.value) is not kind:
            raise Malformed(value, start, expected, hint if isinstance(one, Item) and one.text is not None else None)
    return tuple([str(one.value) for one in found if isinstance(one, Item)])


def policy_flag(value: str) -> bool:
    """An Item that is a Boolean, ?1 or ?0."""
    try:
        found = _item(value).boolean
    except Malformed as error:
        if error.hint is None or "value" not in error.hint:
            error.hint = "yes is written ?1, no ?0"
        raise
    if found is None:
        raise Malformed(value, 0, "a boolean", "yes is written ?1, no ?0")
    return found


def _item(value: str) -> Item:
    try:
        return structured_item(value)
    except Malformed as error:
        rest = value[error.position:]
        if rest[:1] == ",":
            error.hint = ONE_VALUE
        elif not rest and value.rstrip()[-1:] == ";":
            error.hint = "no semicolon at the end"
        elif rest[:1] == "'":
            error.hint = "the value is not put in quotes"
        raise


class Refresh(NamedTuple):
    """After how many whole seconds to load what; without a target, the same again."""

    seconds: int
    target: str | None


_refresh = lazily(r"([0-9]*+)([0-9.]*+)(?:[;, \t]|\Z)")
_target = lazily(r"[ \t]*+[;,]?+[ \t]*+(?:[uU][rR][lL][ \t]*+=[ \t]*+)?+(.*+)", re.DOTALL)


def refresh(value: str) -> Refresh:
    """Seconds, and behind a semicolon `url=` and a target, with all the liberties that browsers take (HTML).

    Fractions of a second do not count; a comma or a space may stand for the semicolon, `url=` be left out, and the
    target be in quotes.
    """
    match = _refresh.match(value)
    if match is None or not (match.group(1) or match.group(2)):
        digits = len(value) - len(value.lstrip("0123456789."))
        raise Malformed(value, digits, "a semicolon or the end" if digits else "a number of seconds", None)
    behind = _target.match(value, match.end(2))
    target = behind.group(1).strip(" \t") if behind is not None else ""
    if target[:1] in ("'", '"'):
        target = target[1:].partition(target[0])[0]
    return Refresh(integer(match.group(1)), target or None)


class NoVarySearch(NamedTuple):
    """Which query parameters do not matter (No-Vary-Search §3).

    `flaw` says what makes recipients ignore it, in the words of a message; empty if nothing does.
    """

    key_order: bool
    params: tuple[str, ...] | None
    others: tuple[str, ...] | None
    """The member except."""
    flaw: str


def no_vary_search(value: str) -> NoVarySearch:
    """A Dictionary of key-order, a Boolean, and either params or except, each an Inner List of Strings (§3)."""
    found = structured_dictionary(value)
    flaws = []
    order = found.member("key-order")
    if order is not None and (not isinstance(order, Item) or order.boolean is None):
        flaws.append("key-order is no boolean")
    params, others = _parameter_names(found, "params", flaws), _parameter_names(found, "except", flaws)
    if "params" in found.names and "except" in found.names:
        flaws.append("it has both params and except")
    return NoVarySearch(isinstance(order, Item) and order.boolean is True, params, others, flaws[0] if flaws else "")


def _parameter_names(found: Dictionary, name: str, flaws: list[str]) -> tuple[str, ...] | None:
    member = found.member(name)
    if member is None:
        return None
    if not isinstance(member, InnerList) or any(type(item.value) is not str for item in member.items):
        flaws.append(f"{name} is no list of strings in parentheses")
        return None
    return tuple([str(item.value) for item in member.items])


_trial = lazily(r"[A-Za-z0-9+/=_\-]++")


def origin_trials(value: str) -> tuple[str, ...]:
    """A list of tokens in base64, each perhaps in double quotes (Chromium, Firefox)."""
    return members(value, _origin_trial)


def _origin_trial(value: str, position: int) -> tuple[str, int]:
    if value[position] == '"':
        return quoted_string(value, position)
    match = _trial.match(value, position)
    if match is None:
        raise Malformed(value, position, "a token in base64")
    return match.group(), match.end()
