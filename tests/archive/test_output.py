"""The directory of an archive's tables: parts are whole or not there, and each run adds to what was made alike."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from har_maker import entry, har_of, write

from httplint import read_har_entries
from httplint.archive import parts
from httplint.archive.arrow import SCHEMAS
from httplint.archive.output import NOTE, Destination, adding
from httplint.archive.parts import UnfinishedPart, part_name
from httplint.archive.rows import Recipe
from httplint.archive.tables import TABLES, Row
from httplint.capture.outcome import Outcome
from httplint.cli.main import run
from httplint.model.unfinished import OutputError

MADE = {"format": 1, "httplint": "1", "secrets": "masked", "rules": "ab"}
MAPPER = Recipe().mapper()


def opened(path: Path, **other: Any) -> Destination:
    return Destination(str(path), MADE | other, False)


def rows(capture: str) -> list[tuple[str, Row]]:
    return list(MAPPER.lost(capture, "it was killed", 7))


def written(path: Path, *captures: str, key: bytes = b"") -> Path:
    """A part with the rows of captures; where it is."""
    part = UnfinishedPart(str(path), part_name(captures, key))
    try:
        for capture in captures:
            for table, row in rows(capture):
                part.add(table, row)
        part.commit()
    finally:
        part.drop()
    return path / "parts" / part_name(captures, key)


def test_tables_have_the_columns_types_and_words_that_are_said(tmp_path: Path) -> None:
    with opened(tmp_path):
        part = written(tmp_path, "a.har")
    assert sorted(path.name for path in part.iterdir()) == ["captures.parquet", "dead_letters.parquet"]
    for name in ("captures", "dead_letters"):
        file = pq.ParquetFile(part / f"{name}.parquet")
        assert file.schema_arrow.equals(SCHEMAS[name], check_metadata=True)
        assert file.schema_arrow.metadata[b"httplint.format"] == b"1"
        assert [field.metadata[b"about"].decode() for field in file.schema_arrow] == [
            column.about for column in TABLES[name].columns]
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    said = duckdb.sql(f"select capture, kind, cause, line from '{part}/dead_letters.parquet'").fetchall()
    assert said == [("a.har", "lost", "it was killed", None)]
    assert duckdb.sql(f"select octets, outcome, entries from '{part}/captures.parquet'").fetchall() == [
        (7, "unreadable", 0)]


def test_every_type_of_the_tables_is_one_that_databases_know(tmp_path: Path) -> None:
    for name, schema in SCHEMAS.items():
        pq.write_table(schema.empty_table(), tmp_path / f"{name}.parquet")
        described = duckdb.sql(f"describe from '{tmp_path}/{name}.parquet'").fetchall()
        types = {"text": "VARCHAR", "code": "INTEGER", "count": "BIGINT", "seconds": "DOUBLE",
                 "time": "TIMESTAMP WITH TIME ZONE", "day": "DATE"}
        assert [(one[0], one[1]) for one in described] == [
            (column.name, types[column.type]) for column in TABLES[name].columns]


def test_rows_are_written_when_there_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BATCH", 1)
    monkeypatch.setattr(parts, "GROUP", 3)
    with opened(tmp_path):
        part = written(tmp_path, *(f"{number}.har" for number in range(8)))
    file = pq.ParquetFile(part / "captures.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [3, 3, 2]


def test_rows_of_long_texts_are_written_when_these_are_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BATCH_TEXT", 1000)
    monkeypatch.setattr(parts, "GROUP_OCTETS", 1)
    with opened(tmp_path):
        part = written(tmp_path, *(f"{number}{'a' * (600 if number < 3 else 1)}.har" for number in range(6)))
    file = pq.ParquetFile(part / "captures.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [2, 4]


def test_captures_that_have_rows_are_done_whoever_wrote_them(tmp_path: Path) -> None:
    with opened(tmp_path):
        part = written(tmp_path, "a.har", "b.har")
    other = part.parent / "job-7"                          # as an engine writes it
    other.mkdir()
    (part / "captures.parquet").rename(other / "captures-00000-of-00001.parquet")
    (part.parent / "notes.txt").write_text("ours", "utf-8")
    with opened(tmp_path) as destination:
        has = destination.done()
        assert [has(name) for name in ("a.har", "b.har", "c.har")] == [True, True, False]


def test_a_capture_whose_name_has_a_secret_is_known_by_its_part(tmp_path: Path) -> None:
    secret = [f"https://shop.example/a.har?token=eyJhbGciOiJIUzI1NiJ9{number}" for number in range(2)]
    with opened(tmp_path) as destination:
        assert [destination.apart(name) for name in (*secret, "a.har", "\udcff.har")] == [True, True, False, True]
        written(tmp_path, secret[0], key=destination.key)
    with opened(tmp_path) as destination:
        has = destination.done()
        assert [has(name) for name in secret] == [True, False]
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and secret[0].encode() in path.read_bytes()]


def test_what_a_run_has_left_unfinished_is_taken_away(tmp_path: Path) -> None:
    with opened(tmp_path):
        part = UnfinishedPart(str(tmp_path), "ab")
        part.add(*rows("a.har")[0])
    assert os.listdir(tmp_path / "unfinished") == os.listdir(tmp_path / "parts") == []
    (tmp_path / "unfinished" / "cd").mkdir()
    (tmp_path / "unfinished" / "cd" / "captures.parquet").write_bytes(b"PAR1")
    with opened(tmp_path) as destination:
        assert os.listdir(tmp_path / "unfinished") == []
        assert not destination.done()("a.har")


def test_a_part_is_committed_before_it_is_taken_away_or_never(tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    """A process of a run that was killed goes on while the next one clears up."""
    opened(tmp_path).close()
    part = UnfinishedPart(str(tmp_path), "ab")
    part.add(*rows("a.har")[0])
    removed, failed = shutil.rmtree, []

    def late(path: str, **more: Any) -> None:
        monkeypatch.setattr(shutil, "rmtree", removed)
        try:
            part.commit()
        except OutputError as error:
            failed.append(error.cause)
        removed(path, **more)

    monkeypatch.setattr(shutil, "rmtree", late)
    with opened(tmp_path) as destination:
        assert destination.was_killed
        assert failed == ["No such file or directory"]
        assert os.listdir(tmp_path / "parts") == os.listdir(tmp_path / "unfinished") == []
    with opened(tmp_path) as destination:
        assert not destination.was_killed


@pytest.mark.parametrize(("other", "said"), [
    ({"rules": "cd"}, "with other rules; run with the same"),
    ({"httplint": "2"}, "with other httplint (1, now 2); run with the same"),
    ({"secrets": "shown", "hosts": {"shop": ["a.example"]}}, "with other hosts, secrets (masked, now shown); run")])
def test_rows_that_were_made_otherwise_are_not_added_to(tmp_path: Path, other: dict[str, Any], said: str) -> None:
    opened(tmp_path).close()
    with pytest.raises(OutputError) as raised:
        opened(tmp_path, **other)
    assert said in str(raised.value)
    opened(tmp_path).close()


@pytest.mark.usefixtures("packaged")
def test_two_runs_do_not_write_one_directory(tmp_path: Path) -> None:
    program = ("import sys\nfrom httplint.archive.output import Destination\n"
               f"Destination({str(tmp_path)!r}, {MADE!r}, False)\nprint(1, flush=True)\nsys.stdin.read()")
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"1\n"
        with pytest.raises(OutputError, match=f"is being written by process {other.pid} on "):
            opened(tmp_path)
        other.kill()
        other.wait()
        opened(tmp_path).close()


def test_a_directory_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.har").write_text(json.dumps(har_of(entry())), "utf-8")
    with pytest.raises(OutputError, match=r"holds other files, and no archive\.json"):
        opened(tmp_path)
    assert os.listdir(tmp_path) == ["a.har"]
    with pytest.raises(OutputError, match=r"a\.har is no directory"):
        opened(tmp_path / "a.har")
    with pytest.raises(OutputError, match=r"a\.har/b cannot be written: Not a directory"):
        opened(tmp_path / "a.har" / "b")
    with pytest.raises(OutputError, match="cannot be written"):
        Destination("a\0b", MADE, False)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes, and links want a privilege")
@pytest.mark.parametrize("name", ["archive.json", "lock", "parts", "unfinished"])
def test_links_and_pipes_of_a_stranger_are_not_followed(tmp_path: Path, name: str) -> None:
    path, elsewhere = tmp_path / "out" / name, tmp_path / "elsewhere"
    opened(tmp_path / "out").close()
    path.rename(elsewhere)
    held = elsewhere / "a.txt" if elsewhere.is_dir() else elsewhere
    if elsewhere.is_dir():
        held.write_text("mine", "utf-8")
    before = held.read_bytes()
    path.symlink_to(elsewhere)
    with pytest.raises(OutputError, match=f"{name} is no (directory|regular file)"):
        opened(tmp_path / "out")
    assert held.read_bytes() == before
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OutputError, match=f"{name} is no (directory|regular file)"):
        opened(tmp_path / "out")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes, and links want a privilege")
def test_what_is_no_part_is_not_waited_for_nor_followed(tmp_path: Path) -> None:
    opened(tmp_path).close()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.txt").write_text("mine", "utf-8")
    (tmp_path / "unfinished" / "ab").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "parts" / "one").mkdir()
    os.mkfifo(tmp_path / "parts" / "one" / "captures.parquet")
    with opened(tmp_path) as destination, pytest.raises(OutputError, match="cannot be read: it is no file"):
        destination.done()
    assert os.listdir(tmp_path / "elsewhere") == ["a.txt"]
    assert os.listdir(tmp_path / "unfinished") == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"key": 7}', '{"key": "xy"}', "[" * 100_000,
                                  f'{{"key": "{65 * "00"}"}}', " " * (NOTE + 1) + '{"key": "00"}'],
                         ids=lambda text: text[:15])
def test_a_note_that_is_none_of_ours_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "archive.json").write_text(text, "utf-8")
    with pytest.raises(OutputError, match=r"archive\.json is not what httplint archive writes"):
        opened(tmp_path)
    assert (tmp_path / "archive.json").read_text("utf-8") == text


@pytest.mark.parametrize("broken", ["cut off", "another table", "a directory"])
def test_a_part_that_cannot_be_read_is_never_taken_for_done(tmp_path: Path, broken: str) -> None:
    with opened(tmp_path):
        path = written(tmp_path, "a.har") / "captures.parquet"
    if broken == "cut off":
        path.write_bytes(path.read_bytes()[:-100])
    elif broken == "another table":
        pq.write_table(pq.read_table(path).drop_columns(["capture"]), path)
    else:
        path.unlink()
        path.mkdir()
    with opened(tmp_path) as destination, pytest.raises(OutputError) as raised:
        destination.done()
    assert str(raised.value).startswith(f"{path} cannot be read: ")
    assert "remove the directory that it is in" in str(raised.value)


def test_a_part_comes_at_once_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with opened(tmp_path):
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="cannot be written: No space left on device"):
            written(tmp_path, "a.har")
        assert os.listdir(tmp_path / "parts") == []
        monkeypatch.undo()
        part = written(tmp_path, "a.har")                  # over what was left
        assert os.listdir(tmp_path / "parts") == [part.name]
        assert os.listdir(tmp_path / "unfinished") == []
        with pytest.raises(OutputError, match="cannot be written"):
            written(tmp_path, "a.har")


def broken_off(add: Callable[[str, list[Outcome]], None]) -> None:
    add("c", [])
    raise ZeroDivisionError


def test_rows_that_are_had_already_are_added_as_a_part(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    row = {"request": {"method": "GET", "url": "https://a.example/"}, "response": {"status": 405, "headers": []}}
    with adding(out, "2026-10") as add:
        add("a", read_har_entries([row], creator="mitmproxy", path="a"))
        add("b", read_har_entries([row, None], creator="mitmproxy", path="b"))
    with pytest.raises(OutputError, match="2026-10 is there already"), adding(out, "2026-10"):
        pytest.fail("it was there")
    with pytest.raises(ZeroDivisionError), adding(out, "2026-11") as add:
        broken_off(add)
    with pytest.raises(OutputError, match="made with other rules"), adding(out, "2026-11", Recipe(select=("405",))):
        pytest.fail("other rules would have been mixed")
    capture = write(tmp_path / "d.har", har_of(entry()))
    assert run(["archive", str(capture), "--out", out, "--isolated"]) == 0
    assert sorted(duckdb.sql(f"select capture, entries, linted from '{out}/parts/*/captures.parquet'").fetchall()) == [
        (str(capture), 1, 1), ("a", 1, 1), ("b", 2, 1)]
    assert ("a", "405.allow-missing") in duckdb.sql(
        f"select capture, rule from '{out}/parts/2026-10/findings.parquet'").fetchall()
    assert os.listdir(tmp_path / "out" / "unfinished") == []
