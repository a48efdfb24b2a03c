"""Content-Security-Policy: what its values do not say, and what browsers ignore (CSP).

Browsers make something of any policy, and tell nobody but the console: what they ignore is the flaw. All policies of a
response hold together. Each can only forbid, so that what one of them allows is allowed if none of the others says no,
and a policy without the directive in question says nothing about it. Directives fall back to others (§6.8.3).
"""
from __future__ import annotations

import functools
from collections.abc import Iterator

from httplint.grammar import table
from httplint.grammar.csp import (
    DIGESTS,
    DIRECTIVES,
    KEYWORDS,
    SANDBOX,
    ContentSecurityPolicy,
    content_security_policy,
    digest,
    kind,
    misfit,
    nonce,
)
from httplint.model.evidence import NotApplicable
from httplint.model.fields import Fields
from httplint.model.likeness import meant_word
from httplint.model.memo import kept, kept_with_section
from httplint.model.message import Response
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.vocabulary import function

MONITORED = "content-security-policy-report-only"
POLICIES = ("content-security-policy", MONITORED)

MOST = 100
"""How many directives or values of one response are reported at most: a policy may be a megabyte of mistakes."""


class PolicyDirective(NamedTuple):
    """A directive under judgement."""

    line: int
    """Index into the lines of the header section."""
    name: str
    known: bool = True
    repeated: bool = False
    """Whether the policy has it before; then it is ignored (§2.2.1)."""
    withdrawn: bool = False
    """Whether browsers do not know it any more; `instead` names what took its place."""
    deprecated: bool = False
    instead: str = ""
    monitored: bool = True
    """False if it stands in Content-Security-Policy-Report-Only, which ignores it."""

    @property
    def like(self) -> str:
        """What was probably meant, as the end of a sentence: empty, or with its own beginning."""
        if f"'{self.name}'" in KEYWORDS or self.name == "none":
            return f"; '{self.name}' is a source, and a semicolon keeps it from its directive"
        return meant_word(self.name, DIRECTIVES)


class PolicyValue(NamedTuple):
    """A word in the value of a directive under judgement, with what is wrong with it in the first place."""

    line: int
    directive: str
    text: str
    flaw: str = ""
    """"grammar", "directive" (the name of one), "unquoted", "word" (no known keyword), "none" (not alone), "digest"
    (not of the length of its algorithm), or nothing."""
    expected: str = ""
    hint: str = ""
    """What was probably meant, as the end of a sentence: empty, or with its own beginning."""


@function(among=POLICIES, reads=("response.{field}", "response.{other}"))
def policy_directives(response: Response, field: str, other: str) -> tuple[PolicyDirective, ...]:
    """The directives of all policies in two fields; once MOST are flawed no more (CSP §2.2.1, §6)."""
    return _judged_directives(table.header_section(response), field.lower(), other.lower())


@kept_with_section
def _judged_directives(fields: Fields, *names: str) -> tuple[PolicyDirective, ...]:
    found: list[PolicyDirective] = []
    flawed = 0
    for field, line, policy in _policies(fields, *names):
        seen: set[str] = set()
        for name, _ in policy.directives:
            known = DIRECTIVES.get(name)
            one = PolicyDirective(line, name, known is not None, name in seen)
            if known is not None and not one.repeated:
                one = one._replace(withdrawn=known.status == "withdrawn", deprecated=known.status == "deprecated",
                                   instead=known.instead, monitored=known.monitored or field != MONITORED)
            seen.add(name)
            flawed += one != PolicyDirective(line, name)
            if flawed > MOST:
                return tuple(found)
            found.append(one)
    return tuple(found)


@function(among=POLICIES, reads=("response.{field}", "response.{other}"))
def policy_values(response: Response, field: str, other: str) -> tuple[PolicyValue, ...]:
    """The words in the values of all directives in two fields that are known and not repeated (CSP §6).

    Once MOST are flawed no more.
    """
    return _judged_values(table.header_section(response), field.lower(), other.lower())


@kept_with_section
def _judged_values(fields: Fields, *names: str) -> tuple[PolicyValue, ...]:
    found: list[PolicyValue] = []
    flawed = 0
    for _, line, policy in _policies(fields, *names):
        seen: set[str] = set()
        for name, values in policy.directives:
            known = DIRECTIVES.get(name)
            if known is None or known.status == "withdrawn" or name in seen:
                continue
            seen.add(name)
            for number, text in enumerate(values):
                second = known.value == "token" and number
                one = PolicyValue(line, name, text, *(
                    ("grammar", "no second value", "") if second
                    else (_flaw_cached if len(text) <= CACHED_LENGTH else _flaw)(name, text, len(values) > 1)))
                flawed += bool(one.flaw)
                if flawed > MOST:
                    return tuple(found)
                found.append(one)
    return tuple(found)


_SCHEMES = frozenset(("about", "blob", "data", "filesystem", "http", "https", "mediastream", "ws", "wss"))


def _flaw(name: str, text: str, several: bool) -> tuple[str, str, str]:
    """What is wrong with a word of a directive, which has several words or but this: flaw, expected, hint."""
    word = text.lower()
    directive = DIRECTIVES[name]
    if directive.value in ("sources", "ancestors", "sandbox", "references") and word in DIRECTIVES:
        return "directive", "", ""
    broken = misfit(directive, text)
    if broken is not None:
        return "grammar", broken[0], f", {broken[1]}" if broken[1] else ""
    if directive.value == "sandbox" and word not in SANDBOX:
        return "word", "", meant_word(word, SANDBOX)
    if directive.value not in ("sources", "ancestors"):
        return SOUND
    found = kind(text)
    if found == "none" and several:
        return "none", "", ""
    if found == "word":
        return "word", "", meant_word(word, {*KEYWORDS, "'none'"})
    if found == "hash" and (value := digest(text)) is not None and len(value[1]) != DIGESTS[value[0]]:
        return "digest", str(DIGESTS[value[0]]), ""
    if found == "host":
        if f"'{word}'" in KEYWORDS or word == "none" or word.startswith(("nonce-", "sha256-", "sha384-", "sha512-")):
            return "unquoted", f"'{text}'", ""
        host, _, port = word.partition(":")
        if host in _SCHEMES and port in ("", "*"):
            return "unquoted", f"{host}:", ""
    return SOUND


SOUND = ("", "", "")
CACHED_LENGTH = 200
_flaw_cached = functools.lru_cache(4096)(_flaw)


@function(guard="field", reads=("response.{field}",))
def unheard_policies(response: Response, field: str) -> tuple[PolicyDirective, ...]:
    """The first directive of each policy; `known` is whether the policy says where reports go (CSP §5)."""
    return tuple([PolicyDirective(line, policy.directives[0].name, known=bool({"report-uri", "report-to"}.intersection(
        policy.names))) for _, line, policy in _policies(table.header_section(response), field.lower())][:MOST])


@function(among=POLICIES, reads=("response.{field}", "response.{other}"))
def named_endpoints(response: Response, field: str, other: str) -> tuple[PolicyValue, ...]:
    """The endpoints that report-to names in two fields (CSP §6.5.2)."""
    return tuple([PolicyValue(line, "report-to", one.values[0])
                  for _, line, policy in _policies(table.header_section(response), field.lower(), other.lower())
                  if (one := policy.directive("report-to")) is not None and len(one.values) == 1][:MOST])


@function()
def blocks_all_scripts(policies: tuple[ContentSecurityPolicy, ...]) -> bool:
    """Whether a policy trusts what trusted scripts load, but no script in the first place (CSP §8.2).

    With 'strict-dynamic' only nonces and hashes count.
    """
    for policy in policies:
        one = policy.directive("script-src-elem", "script-src", "default-src")
        if one is not None and "'strict-dynamic'" in map(str.lower, one.values) and not any(
                kind(source) in ("nonce", "hash") for source in one.values):
            return True
    return False


@function()
def script_rules(policies: tuple[ContentSecurityPolicy, ...]) -> bool:
    """Whether some policy says where scripts may come from (CSP §6)."""
    return any(policy.directive("script-src", "default-src") for policy in policies)


@function()
def inline_scripts(policies: tuple[ContentSecurityPolicy, ...]) -> bool:
    """Whether all policies let every inline script run, and some says so itself (CSP §6.7.3.2).

    A nonce, a hash or 'strict-dynamic' takes 'unsafe-inline' out of force.
    """
    lists = [one.values for policy in policies
             if (one := policy.directive("script-src-elem", "script-src", "default-src")) is not None]
    return bool(lists) and all(_allows_inline(values) for values in lists)


@function()
def inline_styles(policies: tuple[ContentSecurityPolicy, ...]) -> bool:
    """The same for style sheets and style attributes (CSP §6.7.3.2)."""
    lists = [one.values for policy in policies
             if (one := policy.directive("style-src-elem", "style-src", "default-src")) is not None]
    return bool(lists) and all(_allows_inline(values) for values in lists)


@function()
def allows_eval(policies: tuple[ContentSecurityPolicy, ...]) -> bool:
    """Whether all policies let scripts run text, and some says so itself (CSP §4.4)."""
    lists = [one.values for policy in policies if (one := policy.directive("script-src", "default-src")) is not None]
    return bool(lists) and all("'unsafe-eval'" in map(str.lower, values) for values in lists)


@function()
def trusts_marked_scripts(policies: tuple[ContentSecurityPolicy, ...]) -> bool:
    """Whether a policy lets a script load from wherever its URL leads, by a nonce, or by a hash and 'strict-dynamic'
    (CSP §6.3.1, §8.2).

    Such a URL may be relative, and then a base element decides.
    """
    for policy in policies:
        one = policy.directive("script-src-elem", "script-src", "default-src")
        kinds = {kind(source) for source in one.values} if one is not None else set()
        if one is not None and ("nonce" in kinds or (
                "hash" in kinds and "'strict-dynamic'" in map(str.lower, one.values))):
            return True
    return False


@function()
def sources_over_http(policies: tuple[ContentSecurityPolicy, ...]) -> tuple[str, ...]:
    """The sources over http that fetch directives name, each once with its directive (CSP §6.1, §6.7.2.8).

    None where browsers turn http into https. The scheme alone among the sources of scripts is left to `wide_scripts`.
    """
    if any("upgrade-insecure-requests" in policy.names for policy in policies):
        return ()
    found = (f"{one.name} {source}" for policy in policies for one in policy.directives
             if one.name.endswith("-src") or one.name == "script-src-elem"
             for source in map(str.lower, one.values)
             if (source.startswith("http://") and not _local.match(source)) or (
                 source == "http:" and one.name not in ("script-src", "script-src-elem", "default-src")))
    return tuple(dict.fromkeys(found))


_local = lazily(r"http://(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|\Z)")


@function()
def framers(policies: tuple[ContentSecurityPolicy, ...]) -> str:
    """Who may frame a document by frame-ancestors of its policies (CSP §6.4.2).

    "none", "self", "any", or "some" for anything else. Raises NotApplicable if no policy has the directive.
    """
    lists = [set(map(str.lower, one.values)) for policy in policies
             if (one := policy.directive("frame-ancestors")) is not None]
    if not lists:
        raise NotApplicable("frame-ancestors")
    if any(values <= {"'none'"} for values in lists):
        return "none"
    if all("*" in values for values in lists):
        return "any"
    return "self" if all(values == {"'self'"} for values in lists) else "some"


def _allows_inline(values: tuple[str, ...]) -> bool:
    words = [source.lower() for source in values]
    return "'unsafe-inline'" in words and "'strict-dynamic'" not in words and not any(
        kind(source) in ("nonce", "hash") for source in values)


_WIDE = frozenset(("*", "http:", "https:", "data:", "blob:", "filesystem:", "http://*", "https://*", "https://*:*",
                   "http://*:*", "*:*"))


@function()
def wide_scripts(policies: tuple[ContentSecurityPolicy, ...]) -> tuple[str, ...]:
    """The sources that let scripts from anywhere load, if no policy is stricter (CSP §6, §8.2).

    With 'strict-dynamic' they do not count.
    """
    found: list[str] = []
    for policy in policies:
        one = policy.directive("script-src-elem", "script-src", "default-src")
        if one is None:
            continue
        words = [source.lower() for source in one.values]
        wide = [] if "'strict-dynamic'" in words else [word for word in words if word in _WIDE]
        if not wide:
            return ()
        found += wide
    return tuple(dict.fromkeys(found))


@function()
@kept
def nonces(policies: tuple[ContentSecurityPolicy, ...]) -> tuple[str, ...]:
    """The nonces in all policies, each once (CSP §7.1)."""
    found = (nonce(source) for policy in policies for one in policy.directives for source in one.values
             if source[:1] == "'")
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _policies(fields: Fields, *names: str) -> Iterator[tuple[str, int, ContentSecurityPolicy]]:
    """The field, the line and each of the policies in these fields. Raises NotEvaluated if one is malformed."""
    for name in names:
        numbers = fields.index.get(name)
        if numbers is None:
            continue
        found = table.parsed(fields, name)
        assert isinstance(found, tuple)
        if len(numbers) == 1:
            for policy in found:
                yield name, numbers[0], policy
            continue
        for number in numbers:
            if fields.lines[number][1].strip(", ;\t\n\f\r"):
                for policy in content_security_policy(fields.lines[number][1]):
                    yield name, number, policy
