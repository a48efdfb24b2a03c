"""What must not change a finding, and what must remove just one: over all examples of the rules, mixtures and fixtures.

A relation that does not hold is a fault of a rule, a function or the engine; where a rule is about just what is
changed, it is named here with the reason.
"""
from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mixtures import TEXTS, mixture
from relations import (
    PRODUCERS,
    Change,
    as_kept_by,
    in_version,
    joined,
    lessened,
    of_lines,
    recased,
    shuffled,
    spaced,
    split,
    values_recased,
    with_unknown,
)
from transcription import IN_OCTETS, TOOLS, read_all

from httplint.capture.notation import notation
from httplint.engine.linter import RuleLinter
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.library import built_in_rules
from httplint.model.exchange import Exchange
from httplint.model.fields import Fields

HARS = sorted((Path(__file__).parents[2] / "fixtures" / "har").glob("*.har"))
RULES = built_in_rules()
LINTER = RuleLinter(RULES)

_LINES = "it is about lines: one finding for each"
SAME: dict[str, tuple[Change, dict[str, str]]] = {
    "fields in another order (RFC 9110 §5.3)": (of_lines(shuffled), {}),
    "names in other cases (RFC 9110 §5.1)": (of_lines(recased), {
        "http2.upper-case-name": "names are in lower case there (RFC 9113 §8.2.1)"}),
    "list-based fields split (RFC 9110 §5.3)": (of_lines(split), {"http2.upper-case-name": _LINES}),
    "list-based fields combined (RFC 9110 §5.3)": (of_lines(joined), {"http2.upper-case-name": _LINES}),
    "with an unknown field (RFC 9110 §5.1)": (of_lines(with_unknown), {
        "options.nothing-told": "any field may tell of the resource (RFC 9110 §9.3.7)"}),
    "with optional whitespace (RFC 9110 §5.5, §5.6.3)": (of_lines(spaced), {
        "field.outer-whitespace": "not around values in HTTP/2 (RFC 9113 §8.2.1)"}),
    "tokens in other cases (RFC 9110 §8.3.1, §8.4.1, RFC 9111 §5.2 …)": (of_lines(values_recased), {
        "link.relation-case": "relation types are to be in lower case (RFC 8288 §2.1.2)",
        "trace.secrets": "the content has to be the request (RFC 9110 §9.3.8)",
        "trace.not-the-request": "the content has to be the request (RFC 9110 §9.3.8)",
        "403.repeated-credentials": "a request is a repeated one if its values are the same, letter by letter"}),
}
"""What leaves all outcomes equal -> the change, and the rules that are about just that, with the reason."""


def outcomes(report: Report) -> list[tuple[str, str]]:
    """Each outcome of each rule, findings as often as they are."""
    return sorted([*(("violated", finding.rule_id) for finding in report.findings),
                   *(("held", rule) for rule in report.held),
                   *((f"not evaluated: {one.reason}", one.rule_id) for one in report.not_evaluated)])


def findings(exchanges: list[Exchange]) -> list[list[str]]:
    return [[finding.rule_id for finding in report.findings] for report in LINTER.lint_all(exchanges)]


def judged(exchanges: list[Exchange]) -> list[list[tuple[str, str]]]:
    return [outcomes(report) for report in LINTER.lint_all(exchanges)]


def apart(before: list[list[tuple[str, str]]], after: list[Exchange]) -> set[str]:
    """The rules that judge otherwise afterwards."""
    return {rule for one, two in zip(before, judged(after), strict=True) if one != two
            for _, rule in (Counter(one) - Counter(two)) + (Counter(two) - Counter(one))}


def test_examples_come_out_the_same() -> None:
    faults = []
    chance = random.Random(0)
    for number, text in enumerate(TEXTS):
        before = judged(notation(text))
        for what, (change, excepted) in list(SAME.items())[number % 3::3]:
            if rules := apart(before, [change(one, chance) for one in notation(text)]) - excepted.keys():
                faults.append((what, text, rules))
    assert faults == []


# --- mixtures of examples -------------------------------------------------------------------------------------------

@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_mixtures_come_out_the_same(seed: int) -> None:
    chance = random.Random(seed)
    exchange = mixture(chance)
    before = judged([exchange])
    for what, (change, excepted) in SAME.items():
        assert apart(before, [change(exchange, chance)]) <= excepted.keys(), what


@settings(max_examples=150)
@given(st.integers(0, 2**32))
def test_mixtures_with_less_evidence_have_no_other_findings(seed: int) -> None:
    chance = random.Random(seed)
    exchange = mixture(chance)
    before = findings([exchange])
    for what, less in chance.sample(list(lessened(exchange)), 6):
        assert _more(before, [less]) <= LESS.keys() | ABOUT_JOINED, what


@pytest.mark.parametrize("har", HARS, ids=lambda har: har.stem)
def test_fixtures_come_out_the_same(har: Path) -> None:
    """Each entry changed in another way, whatever rules remember of the entries before."""
    chance = random.Random(har.stem)
    kinds = [SAME[what] for what in SAME]
    before = list(read_all(har))
    after = [kinds[at % len(kinds)][0](one, chance) for at, one in enumerate(before)]
    assert apart(judged(before), after) <= {rule for _, excepted in kinds for rule in excepted}


# --- another version, another tool, less evidence ------------------------------------------------------------------

_CONNECTION = "connection-specific fields, RFC 9110 §7.6.1, are not in HTTP/2 (RFC 9113 §8.2.2)"
_FRAMING = "messages are delimited by frames there (RFC 9113 §8.1)"
BY_VERSION = {
    **dict.fromkeys(("101.connection-upgrade-missing", "101.unasked", "101.upgrade-missing", "101.multiplexed"),
                    "no 101 in HTTP/2 (RFC 9113 §8.6)"),
    **dict.fromkeys(("426.in-http2", "426.protocol-in-use", "426.upgrade-missing", "upgrade.in-http2",
                     "upgrade.not-in-connection"), "no Upgrade in HTTP/2 (RFC 9113 §8.6)"),
    **dict.fromkeys(("connection.close-not-answered", "408.connection-kept", "connection.in-http2",
                     "keep-alive.malformed", "keep-alive.not-in-connection", "keep-alive.number",
                     "keep-alive.in-http2", "proxy-connection.in-http2"), _CONNECTION),
    **dict.fromkeys(("205.unframed", "400.request-coding", "400.request-length", "415.without-content",
                     "content-length.with-transfer-encoding", "trailer.announced-in-vain", "trailer.without-chunked",
                     "transfer-encoding.chunked-repeated", "transfer-encoding.not-chunked",
                     "transfer-encoding.not-accepted", "transfer-encoding.parameter", "transfer-encoding.undecodable",
                     "transfer-encoding.unregistered-coding", "transfer-encoding.in-http2"), _FRAMING),
    **dict.fromkeys(("400.host-missing", "400.host-invalid"), "it has :authority instead (RFC 9113 §8.3.1)"),
    "http1.absolute-form-refused": "a target has one form there, in several fields (RFC 9113 §8.3.1)",
    **dict.fromkeys(("signature.without-input", "signature-input.without-signature"),
                    "trailers may follow any response there (RFC 9113 §8.1)"),
    "103.over-http1": "a client of HTTP/1.1 may take it for the final response (RFC 8297 §3)",
    "407.without-proxy": "only HTTP/1.1 shows by the request target who was asked (RFC 9112 §3.2)",
    "308.resume-incomplete": "there is no reason phrase (RFC 9113 §8.3.2)",
    "308.location-missing": "there is no reason phrase (RFC 9113 §8.3.2), which tells that it means another thing",
    "field.malformed-name": "a name with a colon is a pseudo-field there (RFC 9113 §8.3)",
    "http2.pseudo-field-in-trailers": "a name with a colon is a pseudo-field there (RFC 9113 §8.3)",
    "field.outer-whitespace": "not around values in HTTP/2 (RFC 9113 §8.2.1)",
}


def test_other_versions_come_out_the_same() -> None:
    faults = []
    for number, text in enumerate(TEXTS):
        if all(one.response.version in ("1.1", "2", "3") for one in notation(text)):
            versions = "1.1", "23"[number % 2]
            before, after = ([in_version(one, version) for one in notation(text)] for version in versions)
            rules = {rule for one, two in zip(findings(before), findings(after), strict=True)
                     for rule in (Counter(one) - Counter(two)) + (Counter(two) - Counter(one))}
            if rules - BY_VERSION.keys():
                faults.append((text, rules - BY_VERSION.keys()))
    assert faults == []


LESS = {
    "200.length-differs": "said of contents that are not known, else etag.shared-by-contents says more",
    "308.location-missing": "what 308 means to those who resume uploads shows in the reason phrase alone",
    "trailer.announces-not-permitted": "where it came, another rule says so",
    **dict.fromkeys(("101.connection-upgrade-missing", "101.unasked", "101.upgrade-missing"),
                    "there is a 101 in HTTP/1.1 only (RFC 9113 §8.6)"),
    "head.content-length": "it does not come with Transfer-Encoding (RFC 9112 §6.2)",
    "json.invalid": "codings that are not registered; tools undo the others before they drop Content-Encoding",
    "options.nothing-told": "a 204 has no content that could be missing (RFC 9110 §15.3.5)",
    **dict.fromkeys(("strict-transport-security.over-http", "strict-transport-security.address",
                     "set-cookie.domain-foreign"),
                    "proxies between client and server add the fields that tell otherwise"),
    **dict.fromkeys(("410.came-back", "etag.shared-by-contents", "303.method-kept", "3xx.method-changed"),
                    "without its request, an exchange tells of no resource that was changed, or visited, meanwhile"),
    **dict.fromkeys([rule.id for rule in RULES if rule.id.startswith("security.")],
                    "advice of a profile, of medium confidence: the document itself may have what is missing"),
}
"""Rules that may find more where less is known -> why that is meant."""
ABOUT_JOINED = {rule.id for rule in RULES if rule.id.endswith(".malformed")} | {
    "field.empty-member", "set-cookie.irregular", "content-encoding.repeated"}
"""What lines that a tool has joined break is a rule about lines otherwise: a field that has one line at most."""


def _more(before: list[list[str]], after: list[Exchange]) -> set[str]:
    """The rules that find more afterwards."""
    return {rule for one, two in zip(before, findings(after), strict=True) for rule in Counter(two) - Counter(one)}


def test_less_evidence_has_no_other_findings() -> None:
    faults = []
    chance = random.Random(1)
    for text in TEXTS:
        exchanges = notation(text)
        place = chance.randrange(len(exchanges))
        before = findings(exchanges)
        for what, less in chance.sample(list(lessened(exchanges[place])), 1):
            rules = _more(before, [*exchanges[:place], less, *exchanges[place + 1:]]) - LESS.keys()
            if rules - (ABOUT_JOINED if what == "the lines" else set()):
                faults.append((what, text, rules))
    assert faults == []


def test_what_tools_keep_has_no_other_findings() -> None:
    faults = []
    for number, text in enumerate(TEXTS[::2]):
        row, dropping = PRODUCERS[number % len(PRODUCERS)]
        exchanges = notation(text)
        if rules := _more(findings(exchanges), [as_kept_by(one, row, dropping) for one in exchanges]) - LESS.keys():
            faults.append((row.name, text, rules))
    assert faults == []


BY_TRANSCRIPTION = {
    "octets of the wire": {"400.host-missing", "propfind.no-multistatus", "304.content", "signature-input.component",
                           "location.malformed"},
    "octets of a file": {"location.malformed"},
    "a HAR of mitmproxy": {"405.method-in-allow", "501.get-or-head", "head.content", "308.location-missing",
                           "3xx.leads-to-itself", "trailer.announces-not-permitted"},
    "a HAR of Chrome": {"trailer.announces-not-permitted"},
    "curl -v": {"trailer.announces-not-permitted"},
}
"""Tool -> rules that a transcription lets find more.

Octets come in another order or are framed otherwise, a CR in a value is read as a space (RFC 9112 §2.2), methods are in
upper case, there is a scheme that the example does not have; and those of LESS.
"""


@pytest.mark.parametrize("tool", TOOLS)
def test_other_tools_find_nothing_else(tool: str, tmp_path: Path) -> None:
    faults = []
    for text in TEXTS[sorted(TOOLS).index(tool)::len(TOOLS)]:
        if text.lstrip().startswith(IN_OCTETS):
            continue
        exchanges = notation(text)
        found = list(TOOLS[tool](exchanges, tmp_path))
        if len(found) != len(exchanges):                   # an exchange that such a tool cannot write
            continue
        for before, after in zip(LINTER.lint_all(exchanges), LINTER.lint_all(found), strict=True):
            unknown = {one.rule_id for one in before.not_evaluated}
            more = Counter(one.rule_id for one in after.findings) - Counter(one.rule_id for one in before.findings)
            if rules := more.keys() - unknown - BY_TRANSCRIPTION.get(tool, set()):
                faults.append((text, rules))
    assert faults == []


# --- other exchanges -----------------------------------------------------------------------------------------------

UNRELATED = """> GET /unrelated HTTP/1.1
> Host: unrelated.example
< HTTP/1.1 200 OK
< Date: Tue, 01 Jul 2025 12:00:00 GMT
< Content-Type: text/plain
< ETag: "a"
< Content-Length: 2
< Cache-Control: max-age=60
<
ab"""


def test_unrelated_exchanges_change_nothing() -> None:
    alone = findings(notation(UNRELATED))
    assert alone == [[]]
    for text in TEXTS[::3]:
        one = notation(text)
        assert findings([*notation(UNRELATED), *one, *notation(UNRELATED)]) == [*alone, *findings(one), *alone], text


def test_captures_about_other_hosts_add_up() -> None:
    """Whichever comes first, and interleaved."""
    def moved(text: str, host: str) -> list[Exchange]:
        return [one.but(request=one.request.but(fields=Fields((
            *(line for line in one.request.fields or () if line[0].lower() != "host"), ("Host", host)))))
            for one in notation(text) if one.request is not None and one.request.target[:1] in "/*"]

    several = [text for text in TEXTS if text.count("---") and len(moved(text, "a")) == len(notation(text))]
    chance = random.Random(2)
    for _ in range(250):
        one, two = moved(chance.choice(several), "one.example"), moved(chance.choice(several), "two.example")
        expected = [*findings(one), *findings(two)]
        assert findings([*one, *two]) == expected
        assert findings([*two, *one]) == [*expected[len(one):], *expected[:len(one)]]
        turns = [0] * len(one) + [1] * len(two)
        chance.shuffle(turns)
        both = iter(one), iter(two)
        found = findings([next(both[turn]) for turn in turns])
        assert [each for turn, each in zip(turns, found, strict=True) if turn == 0] == expected[:len(one)]
        assert [each for turn, each in zip(turns, found, strict=True) if turn == 1] == expected[len(one):]


# --- mending the cause removes the finding -------------------------------------------------------------------------

def _mended(rule: Rule, text: str) -> bool:
    """Whether some change of one part removes just the findings of the rule."""
    exchanges = notation(text)
    before = Counter(rule for found in findings(exchanges) for rule in found)
    del before[rule.id]
    return any(Counter(rule for found in findings(after) for rule in found) == before
               for after in _mends(exchanges, [notation(good) for good in rule.good]))


def _mends(exchanges: list[Exchange], goods: list[list[Exchange]]) -> Iterator[list[Exchange]]:
    """The exchanges with one part left out, or put in from a good example; at last the good examples."""
    for at, one in enumerate(exchanges):
        for changed in _changed(one, [good for each in goods for good in each]):
            yield [*exchanges[:at], changed, *exchanges[at + 1:]]
    yield from goods


def _changed(one: Exchange, goods: list[Exchange]) -> Iterator[Exchange]:
    response, request = one.response, one.request

    def answered(**parts: object) -> Exchange:
        return one.but(response=response.but(**parts))

    def asked(**parts: object) -> Exchange:
        assert request is not None
        return one.but(request=request.but(**parts))

    sides: list[tuple[Callable[..., Exchange], Fields | None, str]] = [(answered, response.fields, "response")]
    if request is not None:
        sides.append((asked, request.fields, "request"))
    for put, fields, _ in sides:
        for name in fields.index if fields else ():
            yield put(fields=_with(fields, name, []))
            values = fields.values(name) if fields else []
            yield from (put(fields=_with(fields, name, [value])) for value in values if len(values) > 1)
    for place in range(len(response.trailers or ())):
        yield answered(trailers=Fields(tuple(line for at, line in enumerate(response.trailers or ()) if at != place)))
    for good in goods:
        for put, fields, side in sides:
            source = good.response.fields if side == "response" else good.request and good.request.fields
            for name in source.index if source else ():
                yield put(fields=_with(fields, name, source.values(name) if source else []))
        yield answered(status=good.response.status, reason=good.response.reason)
        yield answered(version=good.response.version)
        yield answered(reason=good.response.reason)
        yield answered(trailers=good.response.trailers)
        yield one.but(response=response.but(content=good.response.content, size=good.response.size),
                      evidence=one.evidence if good.response.content is not None else good.evidence)
        yield one.but(response=good.response, interim=good.interim, evidence=good.evidence)
        yield one.but(interim=good.interim)
        if request is not None and good.request is not None:
            yield asked(method=good.request.method)
            yield asked(target=good.request.target)
            yield asked(content=good.request.content, size=good.request.size)


def _with(fields: Fields | None, name: str, values: list[str]) -> Fields:
    """The fields with other lines of that name, in the place of the first or at the end."""
    lines = list(fields or ())
    place = next((at for at, (each, _) in enumerate(lines) if each.lower() == name), len(lines))
    rest = [line for line in lines if line[0].lower() != name]
    return Fields((*rest[:place], *((name.title(), value) for value in values), *rest[place:]))


def test_mending_the_cause_removes_just_that_finding() -> None:
    left = Counter(rule.id for rule in RULES for text in rule.bad if not _mended(rule, text))
    assert left.total() < 80
    assert {rule for rule, number in left.items() if number == len(next(
        one.bad for one in RULES if one.id == rule))} == OTHERS_TOO


OTHERS_TOO = {
    "102.obsolete", "103.no-link", "104.location-changes", "1xx.no-final-response", "205.content",
    "206.content-range-unsatisfied", "206.part-not-requested", "206.part-range-invalid", "207.interim-status",
    "207.outside-webdav", "3xx.location-empty", "451.blocked-by-missing", "http1.chunk-size", "http1.folded-line",
    "http1.no-status-line", "multipart.bare-line-feed", "security.csp-no-base-uri", "security.csp-unsafe-inline",
    "security.csp-unsafe-inline-styles", "set-cookie.repeated-elsewhere", "set-cookie.too-many",
    "signature-input.covers-itself", "signature-input.not-a-list", "status.unregistered",
    "strict-transport-security.directive-repeated", "strict-transport-security.unknown-directive",
    "structured.base64-padding", "trailer.definition-silent", "trailer.malformed", "upgrade.in-http2",
}
"""Rules whose bad examples break another rule by the very same octets, or that are mended in two places at once."""
