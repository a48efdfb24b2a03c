"""What the page of threats says of files, and that the guards and tests that it names are there."""
from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path

import pytest
from har_maker import entry, har_of, write

import httplint
from httplint.capture import files
from httplint.cli.main import run

ROOT = Path(__file__).resolve().parent.parent
SOURCE = Path(httplint.__file__).parent
TEXT = (ROOT / "docs" / "guides" / "threats.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([\w/.-]+(?:\.py|\.txt|\.md|/))`", TEXT)))


@pytest.mark.parametrize("name", NAMED)
def test_guards_and_tests_are_there(name: str) -> None:
    assert (ROOT / name).exists() or (SOURCE / name).exists()


def test_each_part_names_guards_and_tests_or_has_none() -> None:
    parts = TEXT.split("\n## ")[1:]
    assert len(parts) > 8
    without = [part.partition("\n")[0] for part in parts if "Guards: " not in part]
    assert without == ["What runs in your process: pytest plugin, middleware, library, mitmproxy addon", "Packages"]


@pytest.fixture
def capture(tmp_path: Path) -> str:
    return str(write(tmp_path / "a.har", har_of(entry())))


posix = pytest.mark.skipif(sys.platform == "win32", reason="symbolic links and modes of POSIX")


@posix
def test_a_report_is_made_under_a_name_that_nobody_guesses(tmp_path: Path, capture: str,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, int]] = []
    replace = os.replace

    def watched(source: str, target: str) -> None:
        made.append((os.path.basename(source), stat.S_IMODE(os.stat(source).st_mode)))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    before = os.umask(0o077)
    try:
        for _ in range(2):
            run(["check", capture, "--isolated", "--output", f"json:{tmp_path / 'report.json'}"])
    finally:
        os.umask(before)
    assert len({name for name, _ in made}) == 2
    assert all(re.fullmatch(r"report\.json\.[0-9a-f]{8,}\.part", name) for name, _ in made)
    assert [mode for _, mode in made] == [0o600] * 2


@posix
def test_a_link_at_the_place_of_a_report_is_followed(tmp_path: Path, capture: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "report.json").symlink_to(tmp_path / "elsewhere" / "other.json")
    run(["check", capture, "--isolated", "--output", f"json:{tmp_path / 'report.json'}"])
    assert (tmp_path / "report.json").is_symlink()
    assert (tmp_path / "elsewhere" / "other.json").read_text("utf-8").startswith("{")


def test_nothing_else_is_written(tmp_path: Path, capture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for arguments in (["check", capture], ["explain", "405.allow-missing"], ["rules", "list"], ["config", "show"]):
        run(arguments)
    assert [path.name for path in tmp_path.rglob("*")] == ["a.har"]


@posix
def test_a_link_in_a_directory_of_captures_is_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "elsewhere").write_text("what stands there", "utf-8")
    below = tmp_path / "har"
    below.mkdir()
    (below / "a.har").symlink_to(tmp_path / "elsewhere")
    assert run(["check", str(below), "--isolated"]) == 2
    assert "what stands there" in capsys.readouterr().out


def test_a_content_beside_a_har_is_in_its_directory(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    below = tmp_path / "below"
    below.mkdir()
    (below / "content").write_text("content", "utf-8")
    document, = files.documents(write(below / "a.har", har_of(entry())), "a.har")
    assert document.attachment("content") == b"content"
    (below / "link").symlink_to(tmp_path / "secret")
    (below / "near").symlink_to("content")
    assert document.attachment("near") == b"content"
    for name in ("../secret", str(tmp_path / "secret"), "..", ".", "", "below/../../secret", "secret\0", "link"):
        assert document.attachment(name) is None
