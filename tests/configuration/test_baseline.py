"""The baseline: what it counts, what it suppresses, and its file."""
from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint import Exchange, Linter, Request, Response
from httplint.configuration import ConfigurationError, baseline
from httplint.configuration.baseline import Baseline, Census, current, gone, text_of, updated, write
from httplint.engine.catalogue import combine
from httplint.engine.obsolete import Catalogue, Obsolete
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.library import built_in_rules
from httplint.report.kind import Kind

LINTER = Linter("405.allow-missing")
PATCH = Kind("405.allow-missing", "http://shop.example", "/items/{id}", "PATCH", "")
PUT = PATCH._replace(method="PUT")


def report(item: int | str = 1, method: str = "PATCH") -> Report:
    return LINTER.lint(Exchange(Response(405), Request(method, f"http://shop.example/items/{item}?at={item}")))


def suppressed(known: Baseline, one: Report) -> list[str]:
    found = (known.suppresses(finding, one) for finding in one.findings)
    return [why.reason for why in found if why is not None and why.kind == "baseline"]


def tally(*reports: Report) -> Counter[Kind]:
    counts = Census()
    for one in reports:
        counts.report(one)
    return counts.counts


def test_the_first_alike_findings_are_suppressed_and_further_ones_are_not() -> None:
    known = Baseline({PATCH: 2})
    assert [suppressed(known, report(item)) for item in (71, "0b6f1c3e-2f7d-4f43-9d53-0d8f0e4c1a55", 73, 74)] == [
        ["one of 2 in the baseline"], ["one of 2 in the baseline"], [], []]
    assert known.notes() == ["405.allow-missing PATCH http://shop.example/items/{id}: 2 in the baseline, 2 new"]


def test_other_kinds_are_new() -> None:
    known = Baseline({PUT: 9})
    assert suppressed(known, report()) == []
    assert known.notes() == []


def test_a_recording_in_another_order_with_other_ids_matches() -> None:
    first = tally(*(report(item, method) for item in range(9) for method in ("PATCH", "PUT")))
    again = [report(item * 1000 + 7, method) for item in range(9) for method in ("PUT", "PATCH")]
    random.Random(1).shuffle(again)
    known = Baseline(first)
    assert all(suppressed(known, one) for one in again)
    assert known.notes() == []


def test_few_kinds_are_named() -> None:
    known = Baseline({PATCH._replace(method=f"M{number}"): 1 for number in range(30)})
    for number in list(range(30)) * 2:
        suppressed(known, report(method=f"M{number}"))
    assert len(known.notes()) == 11
    assert known.notes()[-1] == "and more than the baseline knows of 20 other kinds"


def test_a_rule_keeps_its_entries_under_a_new_name() -> None:
    one = report()
    known = one.findings[0].rule
    assert isinstance(known, Rule)
    rules = combine(Catalogue([known], [Obsolete("405.no-allow", (known.id,), "2", "Why.", "a.toml", 1)]))
    for finding in one.findings:
        (finding.rule,) = rules
    old = PATCH._replace(rule="405.no-allow")
    assert suppressed(Baseline({old: 1}), one)
    assert current({old: 1, PUT: 3}, rules) == {PATCH: 1, PUT: 3}


def test_what_is_gone_is_pruned_and_what_is_new_only_when_asked() -> None:
    known, found = Counter({PATCH: 5, PUT: 2}), Counter({PATCH: 3, PATCH._replace(method="M"): 4})
    assert gone(known, found, []) == {PATCH: 2, PUT: 2}
    assert updated(known, found, [], add=False) == {PATCH: 3}
    assert updated(known, found, [], add=True) == found
    off: list[Rule] = [rule for rule in built_in_rules() if rule.id == PATCH.rule]
    assert gone(known, found, off) == {}
    assert updated(known, found, off, add=False) == known


def test_too_many_kinds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baseline, "LIMIT", 3)
    with pytest.raises(ConfigurationError, match="more than 3 kinds"):
        tally(*(report(method=f"M{number}") for number in range(4)))


def test_the_file_has_a_line_for_each_kind_in_order(tmp_path: Path) -> None:
    path = str(tmp_path / "baseline.json")
    write(path, {PUT: 2, PATCH: 5})
    text = Path(path).read_text("ascii")
    assert [json.loads(line.rstrip(",")) for line in text.splitlines()[1:-1]] == [
        {"rule": "405.allow-missing", "host": "http://shop.example", "path": "/items/{id}", "method": method,
         "field": "", "count": count} for method, count in (("PATCH", 5), ("PUT", 2))]
    assert Baseline.read(path).counts == {PATCH: 5, PUT: 2}
    assert text == text_of({PATCH: 5, PUT: 2})
    assert [one.name for one in tmp_path.iterdir()] == ["baseline.json"]


TEXT = st.text(max_size=20)


@given(st.dictionaries(st.builds(Kind, TEXT, TEXT, TEXT, TEXT, TEXT), st.integers(1, 10**6), max_size=8), st.randoms())
def test_any_counts_are_read_as_written(counts: dict[Kind, int], chance: random.Random) -> None:
    kinds = list(counts)
    chance.shuffle(kinds)
    text = text_of({kind: counts[kind] for kind in kinds})
    assert text == text_of(counts)
    assert baseline._counts(text.encode(), "x") == counts


ENTRY = '{"rule": "a.b", "host": "", "path": "", "method": "", "field": "", "count": 1}'


def file_of(*entries: str) -> str:
    return '{"httplint-baseline": 1, "findings": [' + ", ".join(entries) + "]}"


def test_an_entry_that_stands_twice_after_a_merge_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    path.write_text(file_of(ENTRY, ENTRY.replace("1}", "7}"), ENTRY.replace("1}", "3}")), "utf-8")
    assert Baseline.read(path).counts == {Kind("a.b", "", "", "", ""): 7}


@pytest.mark.parametrize(("text", "why"), [
    ("", "not JSON"),
    ("{", "not JSON"),
    ("[1]", "no key httplint-baseline"),
    ('{"format": 1, "findings": []}', "no key httplint-baseline"),
    ('{"httplint-baseline": 2, "findings": []}', "format 2; this httplint reads format 1"),
    ('{"httplint-baseline": true, "findings": []}', "format true"),
    ('{"httplint-baseline": "\\u001b[2J", "findings": []}', "format"),
    ('{"httplint-baseline": 1}', "no list of findings"),
    ('{"httplint-baseline": 1, "findings": {}}', "no list of findings"),
    ('{"httplint-baseline": 1, "findings": [], "more": 1}', 'unknown key "more"'),
    (file_of("1"), "entry 1 of the baseline: expected an object"),
    (file_of(ENTRY, ENTRY.replace('"rule"', '"role"')), "entry 2 of the baseline: expected a text under 'rule'"),
    (file_of(ENTRY.replace('"host": ""', '"host": null')), "expected a text under 'host'"),
    (file_of(ENTRY.replace("1}", "0}")), "expected a number from 1 under 'count'"),
    (file_of(ENTRY.replace("1}", "true}")), "expected a number from 1 under 'count'"),
    (file_of(ENTRY.replace("1}", "1e3}")), "expected a number from 1 under 'count'"),
    (file_of(ENTRY.replace("1}", "9" * 30 + "}")), "expected a number from 1 under 'count'"),
    (file_of(ENTRY.replace("1}", "9" * 5000 + "}")), "not JSON"),
    (file_of(ENTRY.replace("1}", '1, "status": 4}')), 'unknown key "status"'),
    ("[" * 100_000, "not JSON"),
    (file_of(ENTRY).replace("]", "\n<<<<<<< mine\n=======\n>>>>>>> theirs\n]"), "conflict markers of a merge"),
])
def test_files_that_are_no_baseline_are_refused_with_the_cause(tmp_path: Path, text: str, why: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=f"b.json.*{why}") as caught:
        Baseline.read(path)
    assert str(caught.value).isprintable()


def test_files_that_cannot_be_read_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="there is no baseline; make one with: httplint baseline create PATH"):
        Baseline.read(tmp_path / "none.json")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Baseline.read(tmp_path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Baseline.read("\0")
    (tmp_path / "latin").write_bytes(b'{"httplint-baseline\xe9": 1}')
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        Baseline.read(tmp_path / "latin")
    monkeypatch.setattr(baseline, "SIZE", 10)
    (tmp_path / "big").write_text(file_of(ENTRY), "utf-8")
    with pytest.raises(ConfigurationError, match="this is no baseline"):
        Baseline.read(tmp_path / "big")


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for path in (tmp_path / "none" / "b.json", tmp_path / "taken"):
        with pytest.raises(ConfigurationError, match="cannot be written"):
            write(str(path), {PATCH: 1})
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


@given(st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["httplint-baseline", "findings", "rule", "host", "count"]), inner, max_size=3),
    max_leaves=8).map(lambda value: json.dumps(value).encode()))
def test_any_file_is_read_or_refused(data: bytes) -> None:
    try:
        assert isinstance(baseline._counts(data, "x"), dict)
    except ConfigurationError:
        pass


def test_processes_add_up() -> None:
    one, other = Baseline({PATCH: 1}), Baseline({PATCH: 1})
    suppressed(one, report())
    suppressed(other, report())
    other.merge(json.loads(json.dumps(one.state())))
    assert other.notes() == [f"{PATCH}: 1 in the baseline, 1 new"]
    for state in (None, [[1]], [["a"] * 5 + [1]]):
        with pytest.raises(ValueError):
            other.merge(state)
