"""Where results go: standard output and files, several in one run. A file gets its name when it is whole."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from httplint.engine.report import Report
from httplint.model.files import cause
from httplint.model.unfinished import OutputError, WholeFile
from httplint.report import fault
from httplint.report.formats import Format
from httplint.report.reporter import Options, Reporter, Write
from httplint.report.summary import Summary


class Outputs:
    """All reports of a run. A file that fails is given up, and told of by `on_failure`; the others go on.

    As a context: files that `end` has not completed go away with it.
    """

    def __init__(self, stdout: tuple[Format, Write, Options] | None, files: Iterable[tuple[Format, str]],
                 options: Options, on_failure: Callable[[str], object]) -> None:
        """`stdout`: the format of standard output, what writes there, and its options. Raises OutputError."""
        files = list(files)
        self._on_failure = on_failure
        self._all: list[tuple[Reporter, WholeFile | None]] = []
        self.places = False
        """Whether one of the formats wants to know of exchanges without findings."""
        self.held = False
        """Whether one of them tells which rules hold."""
        self.exchanges = False
        """Whether one of them shows exchanges without findings."""
        self.live = stdout is not None and stdout[0].live
        """Whether findings come on standard output while others are still looked for."""
        if stdout is not None:
            made, write, shown = stdout
            self.open(made, write, shown, alone=not files)
        opened: list[tuple[Format, WholeFile]] = []
        try:
            for made, path in files:
                opened.append((made, WholeFile(os.path.expanduser(path), path)))
            for made, file in opened:
                self.open(made, file.write, options, file)
        except BaseException:
            for _, file in opened:
                file.drop()
            raise

    def open(self, made: Format, write: Write, options: Options, file: WholeFile | None = None,
             alone: bool = False) -> None:
        """One more report. `alone`: where nobody reads what it writes, there is nobody else to write for."""
        self.places = self.places or made.places
        self.held = self.held or made.held
        self.exchanges = self.exchanges or made.exchanges
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

    def _tried(self, pair: tuple[Reporter, WholeFile | None], what: Callable[..., object], *given: object) -> None:
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

    def _give_up(self, pair: tuple[Reporter, WholeFile | None], cause: str) -> None:
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
    return f"a report cannot be written: {cause(error)}"


def _at_fault(error: Exception) -> str:
    return f"a report cannot be written: {fault.told(error)}"
