"""The progress bar: on a terminal, for long work, and nowhere else."""
from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from httplint.cli import progress
from httplint.cli.progress import Progress
from httplint.report.masker import PLAIN


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(stream: io.StringIO, path: str = "big.har", off: bool = False) -> str:
    with Progress(stream, PLAIN, off) as bar:
        read = bar.of(path)
        for number in range(640):
            if read is not None:
                read(number, 640)
            bar.step()
    return stream.getvalue()


def test_it_is_drawn_on_a_terminal_and_leaves_a_clean_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", -1.0)
    text = drawn(Terminal())
    assert "entries  big.har" in text
    assert "█" in text
    assert text.endswith("\r\033[K")


def test_it_tells_how_much_of_all_captures_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", -1.0)
    stream = Terminal()
    with Progress(stream, PLAIN) as bar:
        bar.expect(400)
        for name, octets in (("a.har", 100), ("b.har", 300)):
            (tmp_path / name).write_bytes(b"x" * octets)
            read = bar.of(str(tmp_path / name))
            assert read is not None
            read(octets // 2, octets)
            monkeypatch.setattr(bar, "_next", 0.0)
            bar.step(64)
    assert re.findall(r"(\d+)%", stream.getvalue()) == ["12", "62"]


def test_it_tells_which_question_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", -1.0)
    stream = Terminal()
    with Progress(stream, PLAIN) as bar:
        for done, check in ((8, "range"), (24, "trace")):
            monkeypatch.setattr(bar, "_next", 0.0)
            bar.at(done, 32, f"http://127.0.0.1/ {check}")
    assert re.findall(r"(\d+)%  0 entries  (http://127.0.0.1/ \w+)", stream.getvalue()) == [
        ("25", "http://127.0.0.1/ range"), ("75", "http://127.0.0.1/ trace")]


def test_it_is_silent_elsewhere_and_for_short_work(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(Terminal()) == ""
    monkeypatch.setattr(progress, "DELAY", -1.0)
    assert drawn(io.StringIO()) == ""
    assert drawn(Terminal(), off=True) == ""


def test_names_of_files_do_not_reach_the_terminal_raw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "DELAY", -1.0)
    text = drawn(Terminal(), "evil\x1b]0;\x07.har").replace("\r\033[K", "")
    assert all(character.isprintable() for character in text)
