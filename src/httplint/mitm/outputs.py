"""Files that reports go to while flows pass."""
from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from typing import TextIO

from mitmproxy import exceptions

from httplint.engine.report import Report
from httplint.report import fault
from httplint.report.formats import STDOUT, FormatError, parse
from httplint.report.reporter import Options
from httplint.report.summary import Summary
from httplint.run import Run

logger = logging.getLogger(__name__)


class Output:
    """A file that reports go to as they come, so that others can follow it. It tells the run if it fails.

    Raises OptionsError for what is not FORMAT:FILE, or cannot be written.
    """

    def __init__(self, spec: str, options: Options, run: Run) -> None:
        try:
            made, path = parse(spec)
        except FormatError as error:
            raise exceptions.OptionsError(f"httplint_output: {error}") from None
        self._spec = spec
        self._run = run
        self._failed = False
        try:
            self._stream: TextIO | None = open_text(path)
        except OSError as error:
            raise exceptions.OptionsError(f"httplint_output: {path}: {error.strerror or error}") from None
        self._reporter = made.reporter(self._write, options)

    def _write(self, text: str) -> None:
        if self._stream is None:
            return
        try:
            self._stream.write(text)
        except OSError as error:
            self._fail(error.strerror or str(error))

    def _fail(self, cause: str) -> None:
        self._close()
        self._failed = self._run.failed = True
        logger.error(f"httplint: {self._spec} cannot be written: {cause}")

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None and stream is not sys.stdout:
            try:
                stream.close()
            except OSError:                                # what is still in the buffer cannot be written
                self._failed = self._run.failed = True

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._tried(self._reporter.report, report)

    def end(self, summary: Summary) -> None:
        """Writes the summary, and closes the file."""
        self._tried(self._reporter.end, summary)
        self._close()

    def _tried(self, what: Callable[..., object], given: object) -> None:
        try:
            if not self._failed:
                what(given)
        except OSError as error:                           # no room for what a reporter puts aside
            self._fail(error.strerror or str(error))
        except Exception as error:                         # the other files are as good as before
            self._fail(fault.told(error))


def open_text(path: str) -> TextIO:
    """The file for writing, or standard output for `-`; each line goes out at once."""
    if path == STDOUT:
        if hasattr(sys.stdout, "reconfigure"):             # a terminal that cannot show a character gets an escape
            sys.stdout.reconfigure(errors="backslashreplace")
        return sys.stdout
    return open(os.path.expanduser(path), "w", encoding="utf-8", errors="backslashreplace", buffering=1, newline="")
