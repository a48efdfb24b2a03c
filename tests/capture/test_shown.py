"""What Burp and ZAP would save of recorded exchanges is judged as the exchanges are, evidence aside."""
from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from pathlib import Path

import pytest
from proxy_maker import Pair, burp, issue, issues, item, zap_messages, zap_report, zap_text, zap_xml

from httplint.capture.reading import read
from httplint.engine.report import Report
from httplint.library import Linter
from httplint.model.exchange import Exchange
from httplint.model.message import Message, contentless

SEEN = Path(__file__).parents[2] / "fixtures" / "captures" / "newman.mitmproxy.har"
TIME = 1795994616
"""When they were recorded, in seconds since the epoch; in UTC in the form of Burp:"""
BURP_TIME = datetime.fromtimestamp(TIME, timezone.utc).strftime("%a %b %d %H:%M:%S UTC %Y")
FORMS: dict[str, Callable[[list[Pair]], bytes]] = {
    "burp": lambda pairs: burp(*(item(*pair, time=BURP_TIME) for pair in pairs)),
    "burp text": lambda pairs: burp(*(item(*pair, coded=False, time=BURP_TIME) for pair in pairs)),
    "burp issues": lambda pairs: issues(*(issue(*pair) for pair in pairs)),
    "zap": lambda pairs: zap_text(*pairs), "old zap": lambda pairs: zap_text(*pairs, old=True),
    "zap report": lambda pairs: zap_report(*pairs), "zap xml": lambda pairs: zap_xml(*pairs),
    "zap api": lambda pairs: zap_messages(*pairs, timestamp=str(TIME * 1000)),
}


def octets(start: str, message: Message, content: bytes | None, unpacked: bool) -> bytes:
    """A message in the form of HTTP/1.1; `unpacked`: as Burp does, without its coding."""
    lines = list(message.fields or ())
    coded = any(name.lower() == "content-encoding" for name, _ in lines)
    if coded and unpacked and content is not None:
        lines = [(name, value) for name, value in lines if name.lower() not in ("content-encoding", "content-length")]
        lines.append(("Content-Length", str(len(content))))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return f"{start}\r\n{head}\r\n".encode("latin-1") + (content or b"")


def pair(exchange: Exchange, unpacked: bool) -> Pair:
    request, response = exchange.request, exchange.response
    assert request is not None
    target = "/" + request.target.split("/", 3)[-1]
    answered = None if contentless(response.status, request.method) else response.content
    return (octets(f"{request.method} {target} HTTP/1.1", request, request.content, False),
            octets(f"HTTP/1.1 {response.status} X", response, answered, unpacked))


def reports(outcomes: Iterable[object]) -> list[Report]:
    return list(Linter(profile="strict").lint_all(one for one in outcomes if isinstance(one, Exchange)))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_shown_is_judged_as_what_passed(form: str) -> None:
    passed = reports(read(str(SEEN)))
    shown = reports(read(io.BytesIO(FORMS[form]([pair(each.exchange, form.startswith("burp")) for each in passed]))))
    assert len(shown) > len(passed) - 3                    # a report has each but once
    found = 0
    by_target = {(report.exchange.request.method, report.exchange.request.path, report.exchange.response.status): report
                 for report in passed if report.exchange.request}
    for ours in shown:
        request = ours.exchange.request
        assert request is not None
        theirs = by_target[request.method, request.path, ours.exchange.response.status]
        mine, wanted = ({finding.rule_id for finding in report.findings} for report in (ours, theirs))
        assert mine & set(theirs.held) == set(), request.path
        assert wanted & set(ours.held) == set(), request.path
        found += len(mine)
    assert found > 20
