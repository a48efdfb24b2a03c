"""The recipe of the guide for HTTP Archive is run, with rows as BigQuery would hand them out."""
from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from archive_reading import file_of, tables_in

from httplint import Exchange, Linter, read

ROOT = Path(__file__).parents[2]
HARS = [ROOT / "fixtures" / "har" / f"chromium-application-violating-{part}.har"
        for part in ("3xx", "4xx-5xx", "fields")]


def by_webpagetest(path: Path) -> dict[str, Any]:
    """A HAR as its agent writes it: of times without zone, of responses without reason phrase, of each field a line."""
    har: dict[str, Any] = json.loads(path.read_bytes())
    har["log"]["creator"] = {"name": "WebPageTest", "version": "230509.152506"}
    for number, entry in enumerate(har["log"]["entries"]):
        entry |= {"_full_url": entry["request"]["url"], "_raw_id": f"A.{number}", "_id": f"A.{number}"}
        entry["response"]["statusText"] = ""
    return har


def table_row(page: str, number: int, entry: dict[str, Any]) -> dict[str, Any]:
    """What HTTP Archive keeps of an entry: parts that are columns are taken out, and what is empty becomes null."""
    payload = copy.deepcopy(entry)
    payload["startedDateTime"] = payload["startedDateTime"].removesuffix("Z")
    headers = [[{"name": line["name"], "value": line["value"] or None} for line in payload[message].pop("headers")]
               for message in ("request", "response")]
    del payload["response"]["content"]
    return {"date": "2026-10-01", "client": "mobile", "page": page, "index": number + 1, "payload": payload,
            "request_headers": headers[0], "response_headers": headers[1]}


def queried(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The row of a page that the query makes of them."""
    entries = []
    for row in sorted(rows, key=lambda row: row["index"]):
        entry = copy.deepcopy(row["payload"])
        if entry is not None:
            entry["startedDateTime"] += "Z"
            entry["request"]["headers"], entry["response"]["headers"] = row["request_headers"], row["response_headers"]
        entries.append(json.dumps(entry))
    return {"capture": "/".join(rows[0][name] for name in ("date", "client", "page")), "entries": entries}


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What BigQuery hands out, for the program of the guide in a directory of its own."""
    pages: list[dict[str, Any]] = []

    class Client:
        def query(self, query: str) -> Client:
            assert query == file_of("pages.sql")
            return self

        def result(self) -> Iterator[dict[str, Any]]:
            return iter(pages)

    bigquery = ModuleType("google.cloud.bigquery")
    bigquery.Client = Client  # type: ignore[attr-defined]
    cloud = ModuleType("google.cloud")
    cloud.bigquery = bigquery  # type: ignore[attr-defined]
    for name, module in (("google", ModuleType("google")), ("google.cloud", cloud), (bigquery.__name__, bigquery)):
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pages.sql").write_text(file_of("pages.sql"), "utf-8")
    return pages


def test_rows_have_the_findings_of_their_hars(pages: list[dict[str, Any]], tmp_path: Path) -> None:
    wanted, days = [], set()
    for path in HARS:
        har = by_webpagetest(path)
        page = f"https://{path.stem}.example/"
        pages.append(queried([table_row(page, *one) for one in enumerate(har["log"]["entries"])]))
        copied = tmp_path / path.name
        copied.write_text(json.dumps(har), "utf-8")
        exchanges = [one for one in read(copied) if isinstance(one, Exchange)]
        days |= {entry["startedDateTime"][:10] for entry in har["log"]["entries"]}
        wanted += [(f"2026-10-01/mobile/{page}", found.location.entry, found.rule_id, found.location.name)
                   for report in Linter().lint_all(exchanges) for found in report.findings]
    exec(file_of("crawl.py"), {})
    rows = tables_in(Path("crawl"))
    found = [(one["capture"], one["entry"], one["rule"], one["at_field"]) for one in rows["findings"]]
    assert found == wanted
    assert len({rule for _, _, rule, _ in found}) > 20
    assert {str(one["day"]) for one in rows["responses"]} == days


def test_rows_that_are_broken_are_counted(pages: list[dict[str, Any]]) -> None:
    first, *rest = [table_row("https://a.example/", *one)
                    for one in enumerate(by_webpagetest(HARS[0])["log"]["entries"][:3])]
    pages.append(queried([first | {"payload": None}, *rest]))
    pages[0]["entries"].append('{"request": {"url"')
    exec(file_of("crawl.py"), {})
    whole, = tables_in(Path("crawl"))["captures"]
    assert (whole["outcome"], whole["entries"], whole["linted"], whole["skipped_unreadable"]) == ("whole", 4, 2, 2)
