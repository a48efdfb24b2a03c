"""Where results go: standard output and files, several in one run.

A file gets its name when it is whole: until then it is written beside it, so that nothing that a run left behind
half-written is taken for a result. What is no regular file (a pipe, a device) is written as it comes.
"""
from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TextIO

from httplint.engine.report import Report
from httplint.model import unfinished
from httplint.model.errors import HttplintError
from httplint.report import fault
from httplint.report.formats import Format
from httplint.report.reporter import Options, Reporter, Write
from httplint.report.summary import Summary


class OutputError(HttplintError):
    """A file cannot be written; the message names it and the cause."""


class File:
    """A file that a result is written to. Raises OutputError, also later; then it is given up."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._target = os.path.realpath(os.path.expanduser(path))
        self._beside: str | None = None
        self._stream: TextIO | None = None
        try:
            self._stream = self._opened()
        except (OSError, ValueError) as error:             # ValueError: a name with NUL in it
            self._remove()
            raise self._failed(error) from None

    def _opened(self) -> TextIO:
        mode = None
        with suppress(FileNotFoundError):
            mode = os.stat(self._target).st_mode
        path = self._target
        if mode is None or stat.S_ISREG(mode):
            self._beside = path = f"{self._target}.{os.urandom(4).hex()}.part"
            unfinished.begin(path)
        stream = open(path, "x" if self._beside else "w", encoding="utf-8",  # noqa: SIM115 - until keep or drop
                      errors="backslashreplace", newline="")
        if mode is not None and self._beside is not None:
            with suppress(OSError):                        # a file system without modes
                os.chmod(self._beside, stat.S_IMODE(mode))
        return stream

    def write(self, text: str) -> None:
        """Writes; nothing once it has failed."""
        if self._stream is not None:
            try:
                self._stream.write(text)
            except OSError as error:
                self.drop()
                raise self._failed(error) from None

    def keep(self) -> None:
        """The result is whole: the file takes its name."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        try:
            stream.close()
            if self._beside is not None:
                os.replace(self._beside, self._target)
                unfinished.end(self._beside)
        except OSError as error:
            self._remove()
            raise self._failed(error) from None

    def drop(self) -> None:
        """The result will never be whole."""
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(OSError):                        # what is still in the buffer cannot be written
                stream.close()
            self._remove()

    def _remove(self) -> None:
        if self._beside is not None:
            unfinished.remove(self._beside)

    def _failed(self, error: OSError | ValueError) -> OutputError:
        return OutputError(f"{self._path} cannot be written: {getattr(error, 'strerror', None) or error}")


class Outputs:
    """All reports of a run. A file that fails is given up, and told of by `on_failure`; the others go on.

    As a context: files that `end` has not completed go away with it.
    """

    def __init__(self, stdout: tuple[Format, Write, Options] | None, files: Iterable[tuple[Format, str]],
                 options: Options, on_failure: Callable[[str], object]) -> None:
        """`stdout`: the format of standard output, what writes there, and its options. Raises OutputError."""
        files = list(files)
        self._on_failure = on_failure
        self._all: list[tuple[Reporter, File | None]] = []
        self.places = False
        """Whether one of the formats wants to know of exchanges without findings."""
        self.live = stdout is not None and stdout[0].live
        """Whether findings come on standard output while others are still looked for."""
        if stdout is not None:
            made, write, shown = stdout
            self._add(made, write, shown, None, alone=not files)
        opened: list[tuple[Format, File]] = []
        try:
            for made, path in files:
                opened.append((made, File(path)))
            for made, file in opened:
                self._add(made, file.write, options, file)
        except BaseException:
            for _, file in opened:
                file.drop()
            raise

    def _add(self, made: Format, write: Write, options: Options, file: File | None, alone: bool = False) -> None:
        """`alone`: where nobody reads what it writes, there is nobody else to write for."""
        self.places = self.places or made.places
        try:
            self._all.append((made.reporter(write, options), file))
            return
        except BrokenPipeError:
            if alone:
                raise
            return
        except OutputError as error:
            cause = str(error)
        except OSError as error:
            cause = _said(error)
        except Exception as error:
            cause = _at_fault(error)
        if file is not None:
            file.drop()
        self._on_failure(cause)

    def add(self, reporter: Reporter) -> None:
        """One more reporter, which needs no file, and wants to know of exchanges without findings."""
        self.places = True
        self._all.append((reporter, None))

    def report(self, report: Report) -> None:
        """Takes in the report of one exchange."""
        for pair in self._all:
            self._tried(pair, pair[0].report, report)

    def end(self, summary: Summary) -> None:
        """Completes all reports."""
        for pair in self._all:
            self._tried(pair, pair[0].end, summary)
        for pair in self._all:
            if pair[1] is not None:
                self._tried(pair, pair[1].keep)
        self._all = []

    def _tried(self, pair: tuple[Reporter, File | None], what: Callable[..., object], *given: object) -> None:
        try:
            what(*given)
        except OutputError as error:
            self._give_up(pair, str(error))
        except BrokenPipeError:                            # nobody reads standard output any more: head, less
            if len(self._all) == 1:
                raise
            self._give_up(pair, "")
        except OSError as error:                           # also: no room for what a reporter puts aside
            self._give_up(pair, _said(error))
        except Exception as error:                         # the other reports are as good as before
            self._give_up(pair, _at_fault(error))

    def _give_up(self, pair: tuple[Reporter, File | None], cause: str) -> None:
        if pair[1] is not None:
            pair[1].drop()
        self._all = [other for other in self._all if other is not pair]
        if cause:
            self._on_failure(cause)

    def __enter__(self) -> Outputs:
        return self

    def __exit__(self, *error: object) -> None:
        for _, file in self._all:
            if file is not None:
                file.drop()


def _said(error: OSError) -> str:
    return f"a report cannot be written: {error.strerror or error}"


def _at_fault(error: Exception) -> str:
    return f"a report cannot be written: {fault.told(error)}"
