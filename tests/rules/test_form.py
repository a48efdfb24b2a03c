"""The form of rules: what a reader may rely on."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from httplint.engine.rule import Rule
from httplint.grammar import table
from httplint.library import built_in_rules
from httplint.report.links import DOCUMENTS

RULES = built_in_rules()
SPEC = re.compile(r"RFC \d{4,5} §\d+(\.\d+)*\Z|RFC \d{4,5} §[A-Z](\.\d+)*\Z|"
                  rf"(?:{'|'.join(map(re.escape, DOCUMENTS))}) §[a-z0-9.-]+\Z")
SENDS = re.compile(r"\b(MUST|SHALL|SHOULD|REQUIRED|RECOMMENDED)\b")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_form(rule: Rule) -> None:
    topic = rule.id.partition(".")[0]
    path = Path(rule.path)
    assert SPEC.match(rule.spec), "document and section"
    assert path.parts[0] in {"status", "methods", "framing", "conditional", "fields", "http1", "content"}
    if path.parts[0] == "status":
        assert topic == path.stem, "a status file holds the rules of its code or class"
        assert rule.statuses is not None or path.stem == "status", "only status.toml is about all codes"
    for text in (rule.title, rule.message, rule.why, rule.fix):
        assert text == text.strip()
        assert "\n" not in text.strip()
        assert not SENDS.search(text), "own words, not the specification's"
    assert not set("{}") & set(rule.title + rule.why + rule.fix), "only messages show values"
    assert not rule.title.endswith("."), "a title is no sentence"
    assert not rule.message.endswith("."), "a message is no sentence"
    assert rule.fix.endswith("."), "the fix is a sentence"
    assert rule.why.endswith("."), "the why is a sentence"
    assert len(rule.title) <= 90
    assert len(rule.message) <= 240


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_fields_are_known(rule: Rule) -> None:
    text = " ".join(part for part in (rule.when, rule.foreach, rule.require, rule.message) if part)
    for name in re.findall(r"\w\['([^']+)'\]", text):
        entry = table.field(name.lower())
        assert entry is not None, f"{name} is not in the field table"
        assert entry.name == name, "canonical spelling"


def test_conditions_name_fields() -> None:
    assert sum("['" in rule.require for rule in RULES) > 100


def test_ids_are_unique_and_sorted_by_file() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_ids_of_former_days_lead_to_rules_of_today() -> None:
    ids = {rule.id for rule in RULES}
    assert RULES.obsolete
    for one in RULES.obsolete.values():
        assert one.id not in ids
        assert set(one.now) <= ids
        assert one.why.endswith(".")
        assert not SENDS.search(one.why)
