"""What alike findings have in common, whatever recording they are of: rule, host, method, path template and field.

Reports count by it, fingerprints and baselines know findings by it. What changes a kind makes known findings new ones,
to code scanning as to each baseline, so nothing goes into one that the next recording has differently, or the next
release: no secret or pseudonym, no id, time or port that a run chose, no place in a file, no word of a message.
"""
from __future__ import annotations

from httplint.engine.report import Finding, Place, Report
from httplint.model.exchange import Exchange
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily
from httplint.report import secrets
from httplint.report.escape import clipped, sound
from httplint.report.kept import of_latest, of_texts
from httplint.report.masker import SECRET_MIN, Masking, found, places, repeats_secret
from httplint.report.template import ID, LONGEST, template

_URI = lazily(r"([A-Za-z][A-Za-z0-9+.-]*+://)([^/?#]*+)([^?#]*+)")
"""Scheme, authority, path."""

_EPHEMERAL = lazily(r"(localhost|127\.[0-9.]++|\[::1\]):(?:3276[89]|327[7-9][0-9]|32[89][0-9]{2}|3[3-9][0-9]{3}"
                    r"|[4-6][0-9]{4})")
"""A server of this machine at a port that the system chose (32768 and above), as those of test runs are."""


class Kind(NamedTuple):
    """What alike findings have in common."""

    rule: str
    host: str
    """With scheme, or the project's name for it; empty where the request was not captured, as the next two."""
    path: str
    """As a template."""
    method: str
    field: str
    """In lower case; empty for findings about no field."""

    def __str__(self) -> str:
        """In one line, for people."""
        where = " ".join(part for part in (self.method, self.host + self.path) if part)
        return clipped(" ".join(part for part in (self.rule, where, f"({self.field})" if self.field else "") if part),
                       200)


@of_texts(1024)
def _host_and_path(uri: str) -> tuple[str, str]:
    found = _URI.match(uri)
    scheme, authority, path = (found[1].lower(), found[2], found[3]) if found else ("", "", uri.partition("?")[0])
    authority = authority.rpartition("@")[2].lower()
    ephemeral = _EPHEMERAL.fullmatch(authority)
    return scheme + (ephemeral[1] if ephemeral else authority)[:LONGEST], template(path)


def place_told(host: str, method: str, path: str) -> Place:
    """A place that a result tells of, which may be a stranger's: as it stands there, without secrets."""
    host, path = (sound(_folded_secrets(text, places(text, secrets.in_uri(text)))) for text in (host, path))
    return host[:LONGEST], _without_secrets(method)[:LONGEST], path[:LONGEST]


def place_in(report: Report) -> Place:
    """Where the findings of a report belong."""
    return place_by_request(report.exchange) if report.place is None else report.place


@of_latest
def place_by_request(exchange: Exchange) -> Place:
    """(host with scheme, method, path template) of its request; empty texts where that was not captured.

    The host is without userinfo, and without the port where that is likely to be another one next time. A secret is an
    {id} like others, whatever its pseudonym.
    """
    request = exchange.request
    if request is None:
        return "", "", ""
    method, uri = request.method, request.uri
    spans = secrets.in_uri(uri)
    where = found(exchange).everywhere(uri, spans) if repeats_secret(exchange, uri) else places(uri, spans)
    host, path = _host_and_path(sound(_folded_secrets(uri, where)))
    if len(method) > SECRET_MIN and repeats_secret(exchange, method):
        method = _folded_secrets(method, found(exchange).everywhere(method, secrets.in_name(method)))
    return host, _without_secrets(method)[:LONGEST], path


def _folded_secrets(text: str, where: list[Masking]) -> str:
    for begin, end, _ in reversed(where):
        text = text[:begin] + ID + text[end:]
    return text


@of_texts(1024)
def _without_secrets(name: str) -> str:
    """A name of a field, or a method."""
    return sound(_folded_secrets(name, places(name, secrets.in_name(name))))


def field_of(name: str | None) -> str:
    """A name of a field in lower case, without secrets; empty for None."""
    return "" if name is None else _without_secrets(name).lower()[:LONGEST]


def kind_of(finding: Finding, report: Report) -> Kind:
    """What a finding has in common with those like it; of a rule that speaks once for a host, whatever the path."""
    host, method, path = place_in(report)
    if finding.rule.once:
        method = path = ""
    return Kind(finding.rule_id, host, path, method, field_of(finding.location.name))
