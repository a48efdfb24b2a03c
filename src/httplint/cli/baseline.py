"""`httplint baseline`: writes the file of known findings, prunes it, and tells whether it is up to date."""
from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence

from httplint.cli import configured
from httplint.cli.check import reading
from httplint.cli.linting import conclude, judge
from httplint.cli.main import fail, printer, tell
from httplint.cli.paths import listed
from httplint.cli.progress import Progress
from httplint.configuration import OWN
from httplint.configuration.baseline import DEFAULT, KIND, Baseline, Census, current, gone, updated, write
from httplint.engine.rule import Rule
from httplint.library import Linter, rules_from
from httplint.model.errors import HttplintError
from httplint.report.kind import Kind
from httplint.report.masker import Masker
from httplint.report.result import Result, ResultError
from httplint.report.summary import Summary
from httplint.run import CLEAN, FINDINGS, NOTHING, TROUBLE, Run

Counts = Counter[Kind]


def run(arguments: argparse.Namespace) -> int:
    """Does what the command says; returns the exit code."""
    if bool(arguments.paths) == bool(arguments.source):
        return fail(f"baseline {arguments.action} takes captures, or results with --from FILE, and not both"
                    if arguments.paths else
                    f"what shall baseline {arguments.action} look at? Name captures, or results with --from FILE")
    try:
        return _Command(arguments).run()
    except HttplintError as error:
        return fail(str(error))


class _Command:
    """One command. Raises HttplintError."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        settings = configured.settings_of(arguments)
        self._configured = settings is not None and settings.baseline is not None
        self._path = settings.baseline if settings is not None and settings.baseline is not None else DEFAULT
        if settings is not None and settings.baseline is not None and arguments.action != "check":
            settings.may_write("baseline", settings.baseline)
        if settings is None:
            self._linter = Linter(arguments.select, arguments.ignore, arguments.rules, arguments.profile)
        else:
            settings.baseline = None                       # everything counts
            self._linter = Linter(config=settings)
        self._catalogue = rules_from(arguments.rules)

    def run(self) -> int:
        """The exit code."""
        actions: dict[str, Callable[[], int]] = {"create": self._create, "update": self._update, "check": self._check}
        return actions[self._arguments.action]()

    def _create(self) -> int:
        if os.path.exists(self._path) and not self._arguments.force:
            return fail(f"{self._path} is there already; httplint baseline update changes it, "
                        "and --force writes it anew")
        found = self._found()
        if isinstance(found, int):
            return found
        write(self._path, found)
        say = printer()
        say(f"Wrote {_shown(self._path)}: {_amount(found)}.")
        if not self._configured:
            say(f"Say baseline = {_quoted(self._path)} in {OWN}, and httplint check reports what is new.")
        return CLEAN

    def _update(self) -> int:
        said, known = self._read()
        found = self._found()
        if isinstance(found, int):
            return found
        add = self._arguments.add
        now = updated(known, found, self._off(), add)
        if now != said:
            write(self._path, now)
        parts = [f"{_amount(some)} {what}" for what, some in (("out", known - now), ("in", now - known)) if some]
        parts += ["the ids of today"] if known != said else []
        say = printer()
        say(f"{_shown(self._path)}: {' and '.join(['took ' + part for part in parts]) or 'nothing to change'}.")
        if more := found - now:
            say(f"New since the baseline: {_amount(more)}; --add takes them in, httplint check shows them.")
        return CLEAN

    def _check(self) -> int:
        _, known = self._read()
        found = self._found()
        if isinstance(found, int):
            return found
        new, old = found - known, gone(known, found, self._off())
        say = printer()
        for word, some in (("new", new), ("gone", old)):
            for kind, times in sorted(some.items()):
                say(f"{word:4}  {f'×{times:,}':>6}  {kind}")
        counted = [f"{_amount(some)} {what}" for what, some in (("new", new), ("gone", old)) if some]
        say(f"{_shown(self._path)}: {', '.join(counted) or f'up to date, {_amount(known)}'}.")
        if old:
            say("httplint baseline update takes out what is gone.")
        return FINDINGS if counted else CLEAN

    def _read(self) -> tuple[Counts, Counts]:
        """The baseline, as it is and under the ids of today; tells of the others, but of what is told at the end."""
        settings = self._linter.settings
        counts = Counts(Baseline.read(self._path, None if settings is None else settings.host_names()).counts)
        later = [] if self._arguments.source else self._linter.notes()
        for note in self._catalogue.notes(sorted({kind.rule for kind in counts} & self._catalogue.obsolete.keys())):
            if note not in later:
                tell(note)
        return counts, current(counts, self._catalogue)

    def _off(self) -> list[Rule]:
        """The rules that do not run, whose findings may be as they were."""
        running = {rule.id for rule in self._linter.rules}
        return [rule for rule in self._catalogue if rule.id not in running]

    def _found(self) -> Counts | int:
        """What was found; the exit code if not all could be read, or there was nothing."""
        if self._arguments.source:
            linted, problems, counts = _of_results(self._arguments.source)
        else:
            linted, problems, counts = self._of_captures()
        if problems:
            fail("not everything could be read; the baseline is as it was")
            return TROUBLE
        if not linted:
            fail("there was nothing to check; the baseline is as it was")
            return NOTHING
        return counts

    def _of_captures(self) -> tuple[int, int, Counts]:
        """(exchanges, problems, the findings) of the captures."""
        found, run = Census(), Run(Summary(len(self._linter.rules), Masker()))
        run.add(found)
        arguments = self._arguments
        with Progress(sys.stderr, run.summary.masker, arguments.no_progress) as progress:
            judge(reading(listed(arguments), run.summary, progress, arguments.octets), self._linter, run, progress)
        conclude(run, self._linter)
        return run.summary.linted, len(run.summary.problems), found.counts


def _of_results(paths: Sequence[str]) -> tuple[int, int, Counts]:
    """(exchanges, problems, the findings) of results; what a baseline suppressed there counts again.

    Raises ResultError, ConfigurationError.
    """
    linted, problems, found = 0, 0, Census()
    for path in paths:
        result = Result(path)
        summary = result.summary()
        linted, problems = linted + summary.linted, problems + len(summary.problems)
        missing = summary.findings.total() + summary.suppressed[KIND]
        for report in result.reports():
            report.findings += [finding for finding, why in report.suppressed if why.kind == KIND]
            missing -= len(report.findings)
            found.report(report)
        if missing != summary.hidden:                      # what is below the severity shown stands in no result
            raise ResultError(f"{path}: the result does not hold all the findings that it counts, so it can make no "
                              "baseline")
    return linted, problems, found.counts


def _amount(counts: Counts) -> str:
    total, kinds = counts.total(), len(counts)
    return f"{total:,} finding{'s' if total != 1 else ''} of {kinds:,} kind{'s' if kinds != 1 else ''}"


def _shown(path: str) -> str:
    relative = os.path.relpath(path)
    return path if relative.startswith(os.pardir) else relative


def _quoted(path: str) -> str:
    return '"' + _shown(path).replace("\\", "\\\\").replace('"', '\\"') + '"'
