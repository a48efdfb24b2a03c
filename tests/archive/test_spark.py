"""What the guide shows for Spark, with a list in the place of a partition: rows that fit the schema of their tables."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import duckdb
import pytest
from archive_reading import file_of

from httplint import read
from httplint.archive.rows import Recipe
from httplint.archive.tables import TABLES

ROOT = Path(__file__).parents[2]
WACZ = ROOT / "fixtures" / "captures" / "wacz.wacz"
HAR = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"
CPU = TABLES["captures"].names.index("cpu")


def shown(name: str) -> ModuleType:
    """A program of the guide, as a module."""
    module = ModuleType(name)
    exec(compile(file_of(f"{name}.py"), f"{name}.py", "exec"), vars(module))
    return module


def known(path: Path) -> list[tuple[str, Any]]:
    """The rows of a capture, with what differs each time left out."""
    return timeless(Recipe().mapper().rows(str(path), read(path)))


def timeless(rows: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, (*row[:CPU], 0.0, *row[CPU + 1:]) if name == "captures" else row) for name, row in rows]


@pytest.fixture
def lint_spark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = shown("lint_spark")
    monkeypatch.setitem(sys.modules, "lint_spark", module)
    return module


def test_a_partition_becomes_rows_of_the_schema(lint_spark: ModuleType) -> None:
    rows = list(lint_spark.rows(iter([str(HAR), str(WACZ)])))
    assert timeless(rows) == known(HAR) + known(WACZ)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            declared = lint_spark.schema(table).replace("`", '"').replace("TIMESTAMP", "TIMESTAMPTZ")
            connection.execute(f"CREATE TABLE {table} ({declared})")
            of_table = [row for name, row in rows if name == table]
            for row in of_table:
                connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)
            kept = connection.execute(f"SELECT * EXCLUDE (capture) FROM {table}").fetchall()
            assert kept == [row[1:] for row in of_table]


class CCSparkJob:
    """What a job of cc-pyspark does of itself: it fetches files, and closes them."""

    def __init__(self) -> None:
        self.opened: list[Any] = []
        self.failed = 0
        self.warc_input_failed = SimpleNamespace(add=self._fail)

    def _fail(self, number: int) -> None:
        self.failed += number

    def process_warcs(self, _: int, iterator: Iterator[str]) -> Iterator[Any]:
        for uri in iterator:
            stream = open(uri, "rb")  # noqa: SIM115 - as it does
            self.opened.append(stream)
            yield from self.process_warc(uri, stream)      # type: ignore[attr-defined]
            stream.close()


def test_a_job_of_cc_pyspark_lints_what_it_fetches(
        lint_spark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cc_pyspark", ModuleType("cc_pyspark"))
    monkeypatch.setitem(sys.modules, "cc_pyspark.sparkcc", SimpleNamespace(CCSparkJob=CCSparkJob))
    job = shown("lint_job").LintJob()
    broken = tmp_path / "broken.warc"
    broken.write_bytes(b"WARC/1.0\r\n")
    found = list(job.process_warcs(0, iter([str(WACZ), str(broken), str(HAR)])))
    assert found == [row for path in (WACZ, HAR) for name, row in known(path) if name == "findings"]
    assert job.failed == 1
    assert all(stream.closed for stream in job.opened)
    assert job.output_schema == lint_spark.schema("findings")
