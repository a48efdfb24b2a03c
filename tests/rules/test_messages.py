"""Messages are for people: no trace of the language that this program is written in, nothing missing, no mojibake."""
from __future__ import annotations

import re

import pytest

from httplint import Exchange, Request, Response
from httplint.capture.curl import notation
from httplint.engine.linter import RuleLinter
from httplint.engine.report import Finding
from httplint.engine.rule import Rule
from httplint.library import built_in_rules

RULES = built_in_rules()
LINTER = RuleLinter(RULES)

PYTHON = re.compile(r"\('[^']*', |\bb'|\b(?:frozenset|namedtuple|dataclass)\b|\b[A-Z][A-Za-z]+\((?:\w+=|')|<\w+ object"
                    r"|\b(?:is|has|was|not|weight|the request has) None\b|\b(?:is|are|has) (?:True|False)\b|\x02|\x03")
"""Tuples, octet strings, values with their class, None and truth values."""
GAPS = re.compile(r" {2,}|\s,|\s[:,;(]\s*\Z|[,;(]\s*\Z|\A\s|\s\Z|\b(the|a|is|was|of|to) \1\b")
"""What a missing or doubled word leaves behind."""
QUOTED = re.compile(r"'.*'")


def of_examples(rule: Rule) -> list[Finding]:
    return [finding for text in rule.bad for report in LINTER.lint_all(notation(text))
            for finding in report.findings if finding.rule_id == rule.id]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_messages_of_the_bad_examples(rule: Rule) -> None:
    found = of_examples(rule)
    assert found
    for finding in found:
        assert not PYTHON.search(QUOTED.sub("'…'", finding.message)), finding.message
        assert not GAPS.search(own(finding)), finding.message


def own(finding: Finding) -> str:
    """The words of a message that are ours, with an ellipsis for each value that is not empty."""
    parts, done = [], 0
    for begin, end in finding.values:
        parts += [finding.message[done:begin], "…" if end > begin else ""]
        done = end
    return "".join([*parts, finding.message[done:]])


ODD = ("", "\u00c3\u00bcber", "(1, 'a')", "\x00\x02\x03", "a" * 5000, "\u00ff\u00fe", "None",
       "a=b;c", '"', ";=,", "?1", "=", "0")


@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_messages_of_odd_values(value: str) -> None:
    names = sorted({name for rule in RULES for _, name in rule.analysis.places})
    assert names
    for name in names:
        exchange = Exchange(Response(200, headers=[(name, value)]), Request("GET", "http://a.example/"))
        for finding in LINTER.lint(exchange).findings:
            assert finding.rule_id != "internal.rule-failed", finding.message
            assert not PYTHON.search(own(finding)), finding.message
            assert finding.message.isprintable()
            assert len(finding.message) < 1500
            assert "\u00c3\u00bc" not in finding.message, "mojibake"


def test_values_are_read_as_utf_8_where_they_are() -> None:
    exchange = Exchange(Response(200, headers=[("Location", "/gr\u00c3\u00bcn"), ("ETag", "\u00ff")]))
    told = {finding.rule_id: finding.message for finding in LINTER.lint(exchange).findings}
    assert "'/gr\u00fcn'" in told["location.malformed"]
    assert "'\u00ff'" in told["etag.malformed"]
