"""A capture becomes rows, whatever holds it."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import httplint
from httplint import Exchange, Problem, Request, Response, Skipped, Source, read
from httplint.archive.rows import Recipe
from httplint.archive.tables import TABLES

FIXTURES = Path(__file__).parents[2] / "fixtures"
HARS = sorted(FIXTURES.glob("har/*.har"))
MAPPER = Recipe().mapper()
TYPES = {"text": str, "code": int, "count": int, "seconds": float}


def tables(capture: str, outcomes: Any, octets: int | None = None,
           shows: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Table -> its rows, by column."""
    mapper = Recipe(shows=True).mapper() if shows else MAPPER
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for name, row in mapper.rows(capture, outcomes, octets):
        names = [column.name for column in TABLES[name].columns]
        found[name].append(dict(zip(names, row, strict=True)))
    return found


def answered(status: int, path: str = "/", *lines: tuple[str, str], started: float | None = None) -> Exchange:
    return Exchange(Response(status, headers=lines), Request("GET", f"http://shop.example{path}"), started=started)


@pytest.mark.parametrize("har", HARS, ids=lambda har: har.stem)
def test_findings_and_counts_are_those_of_a_check(har: Path) -> None:
    found = tables(str(har), read(har), har.stat().st_size)
    linter = httplint.Linter()
    reports = list(linter.lint_all([one for one in read(har) if isinstance(one, Exchange)]))
    expected = [(one.rule_id, one.severity, one.location.entry, one.location.line, one.location.column,
                 report.exchange.response.status) for report in reports for one in report.findings]
    assert [(one["rule"], one["severity"], one["entry"], one["line"], one["column"], one["status"])
            for one in found["findings"]] == expected
    whole, = found["captures"]
    skipped = Counter(one.category for one in read(har) if isinstance(one, Skipped))
    assert whole["linted"] == len(reports) == sum(one["count"] for one in found["responses"])
    assert whole["entries"] == len(reports) + skipped.total()
    assert whole["skipped_no_response"] == skipped["no-response"]
    assert whole["octets"] == har.stat().st_size
    assert [whole["errors"], whole["warnings"], whole["infos"]] == [
        sum(one[1] == severity for one in expected) for severity in ("error", "warning", "info")]
    assert sum(one["with_findings"] for one in found["responses"]) == sum(bool(one.findings) for one in reports)
    assert sum(one["with_errors"] for one in found["responses"]) == sum(
        any(one.severity == "error" for one in report.findings) for report in reports)
    lacking = Counter((one.rule_id, one.reason) for report in reports for one in report.not_evaluated)
    assert {(one["rule"], one["reason"]): one["count"] for one in found["not_evaluated"]} == lacking
    assert whole["not_evaluated"] == lacking.total()


def test_every_value_has_the_type_of_its_column() -> None:
    for name, rows in tables("x", (one for har in HARS for one in read(har))).items():
        for row in rows:
            for column in TABLES[name].columns:
                value = row[column.name]
                assert column.optional if value is None else isinstance(value, TYPES.get(column.type, object)), column


def test_what_is_known_of_a_response_stands_in_both_tables() -> None:
    found = tables("x", [answered(405, "/items/17", ("Server", "Apache/2.4.1 (Unix)"),
                                  ("Content-Type", "Text/HTML; a=b"), started=86400.0 * 20000 + 1)])
    expected = {"origin": "http://shop.example", "host": "shop.example", "method": "GET", "path": "/items/{id}",
                "status": 405, "server": "Apache", "media_type": "text/html"}
    for table in ("responses", "findings"):
        assert {name: found[table][0][name] for name in expected} == expected
    assert str(found["responses"][0]["day"]) == "2024-10-04"
    assert found["responses"][0]["with_errors"] == 1
    assert "405.allow-missing" in {one["rule"] for one in found["findings"]}


@pytest.mark.parametrize(("server", "product"), [
    ("nginx", "nginx"), ("Apache/2.4 (Debian) PHP/8", "Apache"), ("Google Frontend", "Google Frontend"),
    ("(secret)", None), ("", None)])
def test_the_product_is_the_first_without_its_version(server: str, product: str | None) -> None:
    found = tables("x", [answered(200, "/", ("Server", server))])
    assert found["responses"][0]["server"] == product


def test_counts_of_ever_new_kinds_come_before_the_end_and_add_up() -> None:
    def exchanges() -> Iterator[Exchange]:
        for number in range(10_000):
            yield answered(200, "/" + "abcdefghij"[number % 10] * (number // 10 % 1000 + 1))

    rows = list(MAPPER.rows("x", exchanges()))
    assert sum(row[-4] for name, row in rows if name == "responses") == 10_000      # type: ignore[misc]
    assert rows[-1][0] == "captures"


def test_secrets_are_masked_unless_they_are_asked_for() -> None:
    secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    bad = Exchange(Response(200, headers=[("Set-Cookie", f"session={secret}; Max-Age=soon"),
                                          ("Server", secret), ("Location", f"/a b?token={secret}")]),
                   Request("GET", f"http://shop.example/{secret}?access_token={secret}", headers=[
                       ("Authorization", f"Bearer {secret}")]), source=Source(f"s3://b/a.har?token={secret}", 0))
    for shows in (False, True):
        outcomes = [bad, Problem("x", 1, 1, f"token={secret}")]
        said = json.dumps(tables(f"s3://b/a.har?token={secret}", outcomes, None, shows), default=str)
        assert (secret in said) == shows


def test_a_fault_costs_what_it_is_about_and_is_a_dead_letter() -> None:
    def outcomes() -> Iterator[Exchange]:
        yield answered(200)
        raise RuntimeError("of a reader")

    found = tables("x", outcomes())
    letter, = found["dead_letters"]
    assert (letter["kind"], letter["after"]) == ("fault", 1)
    assert "of a reader" in letter["cause"]
    assert found["captures"][0]["outcome"] == "partial"


def test_what_cannot_be_read_is_a_dead_letter(tmp_path: Path) -> None:
    broken = tmp_path / "a.har"
    broken.write_text('{"log": {"entries": [{"request"')
    found = tables(str(broken), read(broken))
    assert found["captures"][0]["outcome"] == "unreadable"
    assert {one["kind"] for one in found["dead_letters"]} == {"unreadable"}


def test_a_member_is_named_apart_from_its_capture() -> None:
    path = FIXTURES / "captures" / "playwright.zip"
    found = tables(str(path), read(path))
    assert {one["member"] for one in found["findings"]} == {"trace.network"}
    assert {one["capture"] for one in found["findings"]} == {str(path)}
