"""What browsers make of the policies of a response, and which policies it lacks (HTML, Fetch, Referrer Policy)."""
from __future__ import annotations

import re

from httplint.grammar import table
from httplint.grammar.client_hints import HINTS
from httplint.grammar.policies import FEATURES, REFERRER_POLICIES, Feature, PolicyToken
from httplint.grammar.reporting import Endpoint
from httplint.grammar.rfc9110 import MediaType
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.likeness import meant_word
from httplint.model.memo import kept
from httplint.model.message import Message, Request, Response
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.vocabulary import function
from httplint.vocabulary.fields import FieldLine, present


@function()
def known_feature(feature: Feature) -> bool:
    """Whether a feature of Permissions-Policy is one that some browser knows, or knew (Permissions Policy §4.1)."""
    return feature.name in FEATURES


@function()
def meant_feature(feature: Feature) -> str:
    """The feature that was probably meant, as the end of a sentence (Permissions Policy §4.1)."""
    return meant_word(feature.name, (name for name, status in FEATURES.items() if status == "current"))


@function()
def effective_referrer_policy(policies: tuple[str, ...]) -> str | None:
    """The last policy that is known, which is the one that counts; None if none is (Referrer Policy §8.1)."""
    return next((one for one in reversed(policies) if one in REFERRER_POLICIES), None)


@function()
def meant_referrer_policy(policies: tuple[str, ...]) -> str:
    """The policy that was probably meant, as the end of a sentence (Referrer Policy §8.1)."""
    return meant_word(policies[-1], REFERRER_POLICIES)


_ELSEWHERE = {
    "cross-origin": "; that is a value of Cross-Origin-Resource-Policy, here it is unsafe-none",
    "same-site": "; that is a value of Cross-Origin-Resource-Policy",
    "same-origin-plus-coep": "; send same-origin, and Cross-Origin-Embedder-Policy beside it",
}


@function()
def meant_policy(value: str, first: str, second: str, third: str, fourth: str) -> str:
    """Which of four values was probably meant, as the end of a sentence (HTML §the-coop-headers, §coep)."""
    known = (first, second, third, fourth)
    if value.lower() in known:
        return "; it is written in lower case"
    return _ELSEWHERE.get(value.lower()) or meant_word(value, known)


@function()
def known_hint(name: str) -> bool:
    """Whether a name is that of a client hint, or was one (Client Hints Infrastructure §7.1)."""
    return name in HINTS


@function()
def meant_hint(name: str) -> str:
    """The client hint that was probably meant, as the end of a sentence (Client Hints Infrastructure §7.1)."""
    return meant_word(name, HINTS)


SECURE_ONLY = frozenset((
    "accept-ch", "critical-ch", "cross-origin-embedder-policy", "cross-origin-embedder-policy-report-only",
    "cross-origin-opener-policy", "cross-origin-opener-policy-report-only", "nel", "observe-browsing-topics",
    "origin-agent-cluster", "report-to", "reporting-endpoints", "service-worker-allowed",
))
"""Fields that browsers ignore unless the URL is potentially trustworthy (RFC 8942 §3.1, HTML, Reporting §3.3)."""


@function(among=SECURE_ONLY, reads=("response.{among}?",))
def secure_only(response: Response) -> tuple[FieldLine, ...]:
    """The fields of the response that browsers ignore unless it came securely
    (HTML §secure-contexts, RFC 8942 §3.1, Reporting §3.3).
    """
    return present(response, SECURE_ONLY)


SCRIPT_TYPES = frozenset((
    "application/ecmascript", "application/javascript", "application/x-ecmascript", "application/x-javascript",
    "text/ecmascript", "text/javascript", "text/javascript1.0", "text/javascript1.1", "text/javascript1.2",
    "text/javascript1.3", "text/javascript1.4", "text/javascript1.5", "text/jscript", "text/livescript",
    "text/x-ecmascript", "text/x-javascript"))
"""The JavaScript MIME types (MIME Sniffing §4.6)."""
SCRIPT_DESTINATIONS = frozenset(("audioworklet", "paintworklet", "script", "serviceworker", "sharedworker", "worker"))
"""Values of Sec-Fetch-Dest of requests whose response is run (Fetch, script-like)."""
DOCUMENT_TYPES = frozenset(("text/html", "application/xhtml+xml"))


@function(absent=("response.content-type",), reads=("request.sec-fetch-dest", "response.content-type"))
def refused_by_nosniff(request: Request, response: Response) -> bool:
    """Whether browsers refuse the response, because it is no script or style sheet by its type
    (Fetch §x-content-type-options-header).
    """
    if request.fields is None:
        raise NotEvaluated("the request fields were not captured")
    destination = request.fields.combined("sec-fetch-dest")
    if destination is None:
        raise NotApplicable("sec-fetch-dest")
    if destination in SCRIPT_DESTINATIONS:
        return _essence(response) not in SCRIPT_TYPES
    return destination == "style" and _essence(response) != "text/css"


@function(reads=("response.content-type",))
def html_content(response: Response) -> bool:
    """Whether the content is a document that browsers show, by its media type: HTML or XHTML (MIME Sniffing §4.6)."""
    return _essence(response) in DOCUMENT_TYPES


@function(reads=("response.content-type",))
def script_content(response: Response) -> bool:
    """Whether the content is a script, by its media type (MIME Sniffing §4.6)."""
    return _essence(response) in SCRIPT_TYPES


@function(absent=("response.content-security-policy",), reads=("response.content-security-policy",))
def names_framers(response: Response) -> bool:
    """Whether an enforced policy says who may frame the document (CSP §6.4.2)."""
    try:
        policies = table.parsed(table.header_section(response), "content-security-policy")
    except NotApplicable:
        return False
    assert isinstance(policies, tuple)
    return any("frame-ancestors" in policy.names for policy in policies)


class ReportTo(NamedTuple):
    """The endpoint that a policy names for its reports."""

    line: int
    field: str
    endpoint: str | None
    """None if it is no string, and counts for nothing."""


_REPORTING = ("cross-origin-opener-policy", "cross-origin-opener-policy-report-only", "cross-origin-embedder-policy",
              "cross-origin-embedder-policy-report-only", "permissions-policy", "permissions-policy-report-only")


@function(among=frozenset(_REPORTING), reads=("response.{among}",))
def report_parameters(response: Response) -> tuple[ReportTo, ...]:
    """The parameters report-to of policies (HTML §the-coop-headers, §coep, Permissions Policy §5.2)."""
    fields = table.header_section(response)
    found = []
    for name in _REPORTING:
        if name not in fields.index:
            continue
        try:
            value = table.parsed(fields, name)
        except NotEvaluated:
            continue
        if isinstance(value, PolicyToken):
            named = [value.report_to] if "report-to" in value.parameters else []
        else:
            assert isinstance(value, tuple)
            named = [one.report_to if type(one.report_to) is str else None
                     for one in value if one.report_to is not None]
        found += [ReportTo(fields.index[name][-1], table.FIELDS[name].name, one) for one in dict.fromkeys(named)]
    return tuple(found)


@function()
@kept
def endpoint_names(endpoints: tuple[Endpoint, ...]) -> tuple[str, ...]:
    """The names that Reporting-Endpoints gives to endpoints (Reporting §3.2)."""
    return tuple([one.name for one in endpoints])


_META = lazily(rb"http-equiv\s*+=\s*+[\"']?+content-security-policy", re.IGNORECASE)


@function(reads=("response:content",))
def has_meta_policy(response: Response) -> bool:
    """Whether the document has a policy of its own in a meta element, as far as its content is readable (CSP §3.3)."""
    content = response.content
    return content is not None and _META.search(content) is not None


_META_REFERRER = lazily(rb"<meta[^>]{0,200}?\bname\s*+=\s*+[\"']?+referrer\b", re.IGNORECASE)


@function(reads=("response:content",))
def has_meta_referrer(response: Response) -> bool:
    """Whether the document has a referrer policy in a meta element, as far as its content is readable
    (HTML §meta-referrer).
    """
    content = response.content
    return content is not None and _META_REFERRER.search(content) is not None


_VERSION = lazily(r"[0-9]\.[0-9]|/[0-9]")


class Banner(NamedTuple):
    """A field line that names software, and the version that it tells; empty if it tells none."""

    line: int
    name: str
    version: str


BANNERS = ("x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator")


@function(reads=tuple(f"response.{name}" for name in BANNERS), fieldwise=True)
def banners(response: Response) -> tuple[Banner, ...]:
    """X-Powered-By and the like, with the versions that they tell; those in Server are another rule's
    (RFC 9110 §10.2.4).
    """
    fields = table.header_section(response)
    return tuple(Banner(number, table.FIELDS[name].name, _version(name, fields.lines[number][1]))
                 for name in BANNERS for number in fields.index.get(name, ()))


def _version(name: str, value: str) -> str:
    return value.strip() if name.startswith("x-aspnet") or _VERSION.search(value) else ""


def _essence(message: Message) -> str | None:
    """The media type in lower case; None without Content-Type. Raises NotEvaluated if it is malformed."""
    try:
        found = table.parsed(table.header_section(message), "content-type")
    except NotApplicable:
        return None
    assert isinstance(found, MediaType)
    return found.essence
