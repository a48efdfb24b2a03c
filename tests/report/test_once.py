"""What a host sends with every response is said once a host and field, with the number."""
from __future__ import annotations

import json
from collections import Counter

import pytest
from reporting import exchange, written

from httplint import Linter
from httplint.engine.report import Report
from httplint.report.reporter import Options

SENT = (("http://a.example/x", "P3P"), ("http://a.example/y", "P3P"), ("http://a.example/y/2", "Content_MD5"),
        ("http://b.example/x", "P3P"), ("http://a.example/z", "P3P"))


@pytest.fixture(name="reports")
def _reports() -> list[Report]:
    linter = Linter(select="field.obsolete")
    return list(linter.lint_all(exchange(uri=uri, entry=number, **{field: "CP"})
                                for number, (uri, field) in enumerate(SENT)))


def test_text_has_a_block_a_host_and_field(reports: list[Report]) -> None:
    heads = [line for line in written("text", reports).splitlines() if line.startswith("info[")]
    assert Counter("×3" in head for head in heads) == {True: 1, False: 2}


def test_text_ends_with_what_counts_most_or_begins_with_it(reports: list[Report]) -> None:
    def heads(**options: bool) -> list[str]:
        return [line for line in written("text", reports, Options(**options)).splitlines() if line.startswith("info[")]

    assert "×3" in heads()[-1]
    assert "×3" in heads(worst_first=True)[0]
    assert sorted(heads(worst_first=True)) == sorted(heads())


def test_concise_counts_what_follows_the_first(reports: list[Report]) -> None:
    lines = [line for line in written("concise", reports).splitlines() if "info[field.obsolete]" in line]
    assert len([line for line in lines if line.startswith("a.har:")]) == 3
    assert lines[3:] == ["info[field.obsolete] p3p of http://a.example: 2 more like the first"]


def test_results_keep_each_one_and_say_so(reports: list[Report]) -> None:
    data = json.loads(written("json", reports))
    assert [one["rule"] for one in data["findings"]] == ["field.obsolete"] * 5
    assert data["rules"]["field.obsolete"]["once"] == "host"


def test_the_summary_counts_all(reports: list[Report]) -> None:
    assert "5 info in 5 of 5" in written("text", reports)
