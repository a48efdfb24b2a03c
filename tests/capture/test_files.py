"""Finding captures."""
from __future__ import annotations

import os
from pathlib import Path

import pytest
from har_maker import write

from httplint.capture.files import Perhaps, captures
from httplint.capture.outcome import CaptureError


def test_directories_are_searched_in_order(tmp_path: Path) -> None:
    for name in ("b/c.har", "b/a.HAR", "a.har.gz", "a.har.zip", "z.zip", "notes.txt", "a.json", "har", "b/d/e.har"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        write(tmp_path / name, "{}")
    found = [str(Path(path).relative_to(tmp_path)) for path in captures([tmp_path])]
    assert found == ["a.har.gz", "a.har.zip", "z.zip", "b/a.HAR", "b/c.har", "b/d/e.har"]


def test_named_files_and_standard_input_stay(tmp_path: Path) -> None:
    odd = write(tmp_path / "notes.txt", "{}")
    assert list(captures([odd, "-", str(odd)])) == [str(odd), "-", str(odd)]
    (tmp_path / "empty").mkdir()
    assert list(captures([tmp_path / "empty"])) == []


def test_a_missing_path_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(CaptureError) as raised:
        captures([tmp_path, tmp_path / "missing.har"])
    assert str(raised.value) == f"{tmp_path / 'missing.har'}: no such file or directory"
    assert raised.value.problem.line is None


def test_what_is_called_as_many_things_are_is_taken_if_it_holds_a_capture(tmp_path: Path) -> None:
    for name, text in (("a.json", "capture"), ("b.YAML", "capture"), ("c.json", "{}"), ("d.txt", "capture")):
        (tmp_path / name).write_text(text, "utf-8")
    os.mkfifo(tmp_path / "e.json")
    told: list[object] = []
    looked: list[str] = []

    def holds(path: str) -> bool:
        looked.append(Path(path).name)
        return Path(path).read_text("utf-8") == "capture"

    perhaps = Perhaps((".json", ".yaml"), holds)
    assert [Path(path).name for path in captures([tmp_path], (".har", ".saz"), told.append, perhaps)] == [
        "a.json", "b.YAML"]
    assert told == []
    assert looked == ["a.json", "b.YAML", "c.json"], "a pipe is not opened, nor is what nothing is called like"
    for name in ("a.json", "b.YAML"):
        (tmp_path / name).unlink()
    assert list(captures([tmp_path], (".har", ".saz"), told.append, perhaps)) == []
    assert str(told[0]).startswith(
        f"{tmp_path} was passed over: of 3 files in it or below, none ends with .har or .saz, or with .json, .yaml and "
        "begins as one that is known. ")
