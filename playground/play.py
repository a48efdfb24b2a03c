"""Runs the command `httplint` for the worker of the page: what it would print comes back, and what it writes.

The page offers nothing that the command line does not: each wish is a command line, so what it finds is the same.
"""
from __future__ import annotations

import contextlib
import gc
import io
import re
import sys
from collections.abc import Callable

from httplint import __version__
from httplint.cli.main import run
from httplint.library import built_in_rules
from httplint.model import cycles

cycles.seldom()

Tell = Callable[[float, str], object]
"""Takes the share that is done, and what is said of it."""

_DRAWN = re.compile(r"\r\033\[K(?:\S+ +(\d+)%  (.*))?\Z", re.DOTALL)


class Kept(io.TextIOWrapper):
    """A standard stream as httplint has it where it is no terminal: UTF-8, with escapes for what that cannot show."""

    def __init__(self) -> None:
        self._octets = io.BytesIO()
        super().__init__(self._octets, "utf-8", "backslashreplace", newline="", write_through=True)

    def text(self) -> str:
        """All that was written."""
        self.flush()
        return self._octets.getvalue().decode("utf-8")


class Terminal(Kept):
    """Standard error: what a progress bar draws is told, all else is kept."""

    def __init__(self, tell: Tell) -> None:
        super().__init__()
        self._tell = tell

    def isatty(self) -> bool:
        """As on a terminal, the progress is drawn."""
        return True

    def write(self, text: str) -> int:
        """Keeps a text, or tells of the progress."""
        drawn = _DRAWN.match(text)
        if drawn is None:
            return super().write(text)
        if drawn[1]:
            self._tell(int(drawn[1]) / 100, drawn[2])
        return len(text)


def command(argv: list[str], tell: Tell) -> tuple[int, str, str]:
    """The exit status of a command line, and what it wrote to standard output and standard error."""
    out, err = Kept(), Terminal(tell)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            status = run(argv)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 2
    return status, out.text(), err.text()


def tidy() -> None:
    """Frees what a command has left: it froze what it had loaded, of which cycles would stay for ever."""
    gc.unfreeze()
    gc.collect()


def example(name: str) -> str:
    """The first example that violates a rule; empty if there is no such rule."""
    return next((rule.bad[0].strip("\n") + "\n" for rule in built_in_rules() if rule.id == name), "")


def about() -> tuple[str, str, int]:
    """The versions of httplint and of Python, and the number of rules."""
    return __version__, sys.version.partition(" ")[0], len(built_in_rules())
