"""A capture becomes rows, whatever holds it."""
from __future__ import annotations

import json
import string
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from planting import ALPHABET, Garden, garden

import httplint
from httplint import Exchange, Problem, Request, Response, Skipped, Source, read
from httplint.archive.rows import Recipe
from httplint.archive.tables import TABLES
from httplint.report.form import FindingForm

FIXTURES = Path(__file__).parents[2] / "fixtures"
HARS = sorted(FIXTURES.glob("har/*.har"))
OTHERS = [path for path in sorted(FIXTURES.glob("captures/*")) if not path.name.endswith((".har", ".md"))]
MAPPER = Recipe().mapper()
TYPES = {"text": str, "code": int, "count": int, "seconds": float}


def tables(capture: str, outcomes: Any, octets: int | None = None,
           shows: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Table -> its rows, by column."""
    mapper = Recipe(shows=True).mapper() if shows else MAPPER
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for name, row in mapper.rows(capture, outcomes, octets):
        found[name].append(dict(zip(TABLES[name].names, row, strict=True)))
    return found


def answered(status: int, path: str = "/", *lines: tuple[str, str], started: float | None = None) -> Exchange:
    return Exchange(Response(status, headers=lines), Request("GET", f"http://shop.example{path}"), started=started)


@pytest.mark.parametrize("har", [*HARS, *OTHERS], ids=lambda har: har.name)
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


@pytest.mark.parametrize(("uri", "host"), [
    ("http://shop.example/", "shop.example"), ("http://shop.example:8080/", "shop.example"),
    ("http://shop.example:/", "shop.example"), ("https://[2001:db8::1]:8443/", "[2001:db8::1]"),
    ("https://[2001:db8::1]/", "[2001:db8::1]"), ("http://", None), ("http:///a", None), ("http://:80/", None)])
def test_the_host_is_that_of_the_origin_if_it_has_one(uri: str, host: str | None) -> None:
    found = tables("x", [Exchange(Response(200), Request("GET", uri))])
    assert found["responses"][0]["host"] == host


@pytest.mark.parametrize(("server", "product"), [
    ("nginx", "nginx"), ("Apache/2.4 (Debian) PHP/8", "Apache"), ("Google Frontend", "Google Frontend"),
    ("(secret)", None), ("", None)])
def test_the_product_is_the_first_without_its_version(server: str, product: str | None) -> None:
    found = tables("x", [answered(200, "/", ("Server", server))])
    assert found["responses"][0]["server"] == product


def test_counts_of_ever_new_kinds_come_before_the_end_and_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httplint.archive.rows.KINDS", 16)
    found = list(MAPPER.rows("x", (answered(200, "/" + "a" * (number % 50 + 1)) for number in range(100))))
    assert sum(row[-4] for name, row in found if name == "responses") == 100        # type: ignore[misc]
    half = [name for name, _ in found].index("responses")
    assert sum(name == "findings" for name, _ in found[half:]) > 50
    assert found[-1][0] == "captures"


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
    broken.write_text('{"log": {"entries": [{"request"', "utf-8")
    found = tables(str(broken), read(broken))
    assert found["captures"][0]["outcome"] == "unreadable"
    assert {one["kind"] for one in found["dead_letters"]} == {"unreadable"}


def test_a_member_is_named_apart_from_its_capture() -> None:
    path = FIXTURES / "captures" / "playwright.zip"
    found = tables(str(path), read(path))
    assert {one["member"] for one in found["findings"]} == {"trace.network"}
    assert {one["capture"] for one in found["findings"]} == {str(path)}


def test_what_is_planted_in_traffic_is_in_no_row(tmp_path: Path) -> None:
    secrets = garden()
    for where, how in (("Server", "{}"), ("Server", "x-{}/1"), ("Server", "nginx {}"), ("Content-Type", "text/{}"),
                       ("Content-Type", "application/x.{}"), ("Content-Type", "a/b; c={}"), ("Content-Encoding", "{}")):
        for alphabet in (ALPHABET, string.ascii_lowercase):
            secret = secrets(f"{where} {how}, and a cookie", 24, alphabet)
            secrets.plant(asked=[("Cookie", f"sid={secret}")], answered=[(where, how.format(secret))], status=200,
                          text="x")
        secrets.plant(answered=[(where, how.format(f"ghp_{secrets(f'{where} {how}', 36)}"))])
        jwt = f"eyJhbGciOiJIUzI1NiJ9.{secrets('JWT', 40)}.{secrets('signature', 40)}"
        secrets.plant(answered=[(where, how.format(jwt))])
    path = secrets.har(tmp_path)
    for shows in (False, True):
        found = tables(path, read(path), None, shows)
        assert found["captures"][0]["linted"] == len(secrets.entries)
        said = secrets.shown(json.dumps(found, default=str, ensure_ascii=False))
        assert bool(said) == shows, said


@pytest.mark.parametrize("name", [
    "s3://b/x.har?X-Amz-Signature={}", "https://u:{}@a.example/x.har", "https://a.example/x.har?sv=1&sig={}",
    "data/token={}/x.har", "gs://b/reset/{}/x.har"])
def test_no_name_of_a_capture_tells_a_secret(name: str) -> None:
    secrets = Garden()
    capture = name.format(secrets("name"))
    problem = Problem(capture, None, None, f"cannot be read: {capture} is not there")
    rows = [*MAPPER.rows(capture, [answered(405), problem]), *MAPPER.lost(capture, f"of {capture}")]
    assert not secrets.shown(json.dumps(rows, default=str))
    assert len({row[0] for _, row in rows}) == 1


def test_a_secret_is_no_product_and_no_media_type() -> None:
    secret = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
    found = tables("x", [answered(200, "/", ("Server", f"{secret}/1"), ("Content-Type", f"text/{secret}"))])
    assert (found["responses"][0]["server"], found["responses"][0]["media_type"]) == (None, None)


def test_a_lost_capture_is_called_as_it_would_be() -> None:
    for mapper in (MAPPER, Recipe(shows=True).mapper()):
        capture = "s3://b/x.har?X-Amz-Signature=0123456789abcdefghij"
        (_, letter), (_, whole) = mapper.lost(capture, "it died", 5)
        (_, same), = (row for row in mapper.rows(capture, []) if row[0] == "captures")
        assert letter[0] == whole[0] == same[0]
        assert (letter[1], whole[1]) == ("lost", "unreadable")


def test_a_fault_in_the_rows_of_an_entry_costs_that_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    made = FindingForm.both

    def failing(report: Any, masker: Any) -> Any:
        if report.exchange.request.uri.endswith("/2"):
            raise UnicodeError("of a row")
        return made(report, masker)

    monkeypatch.setattr(FindingForm, "both", failing)
    found = tables("x", [answered(405, f"/{number}") for number in range(4)])
    whole, = found["captures"]
    assert (whole["entries"], whole["linted"], whole["skipped_fault"], whole["outcome"]) == (4, 3, 1, "partial")
    assert sum(one["count"] for one in found["responses"]) == 3
    assert [letter["kind"] for letter in found["dead_letters"]] == ["fault"]
    assert whole["errors"] + whole["warnings"] + whole["infos"] == len(found["findings"])


def test_ever_new_reasons_come_before_the_end_and_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httplint.report.summary.GROUPS", 20)
    found = list(MAPPER.rows("x", (Exchange(
        Response(200, headers=[("Content-Type", "text/html"), ("Content-Encoding", f"x-{number}")], content=b"x"),
        Request("GET", "http://shop.example/")) for number in range(100))))
    lacking = [row for name, row in found if name == "not_evaluated"]
    assert "findings" in [name for name, _ in found[found.index(("not_evaluated", lacking[0])):]]
    assert {row[2] for row in lacking} >= {f"the coding x-{number} is not known" for number in range(100)}
    whole = dict(zip(TABLES["captures"].names, found[-1][1], strict=True))
    assert whole["not_evaluated"] == sum(row[3] for row in lacking)                 # type: ignore[misc]
