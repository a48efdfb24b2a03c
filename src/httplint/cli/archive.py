"""`httplint archive`: lints an archive of captures into tables."""
from __future__ import annotations

import argparse
import gc
import sys
from importlib.util import find_spec

from httplint.archive import local
from httplint.archive.again import forget
from httplint.archive.captures import Capture, is_here, listed
from httplint.archive.closing import closing
from httplint.archive.local import Chunk, Tally, Writing
from httplint.archive.output import Destination
from httplint.archive.provenance import provenance
from httplint.archive.rows import Mapper, Recipe
from httplint.archive.tables import DEAD_KINDS
from httplint.capture.files import PassedOver
from httplint.capture.outcome import Problem
from httplint.cli import configured
from httplint.cli.check import processes
from httplint.cli.main import fail, tell
from httplint.cli.progress import Progress
from httplint.model import installation
from httplint.model.errors import HttplintError
from httplint.model.severity import SEVERITIES, counted
from httplint.report.masker import Masker, masked_error
from httplint.run import CLEAN, INTERRUPTED, NOTHING, TROUBLE

MUCH = 1 << 40
"""Octets that an archive may have whose captures are not listed yet."""


def run(arguments: argparse.Namespace) -> int:
    """Lints the archive; returns the exit code."""
    if find_spec("pyarrow") is None:
        return fail(f"archives need pyarrow: {installation.command('archive')}")
    if "://" in arguments.out:
        return fail(f"--out wants a directory of this machine, got {arguments.out!r:.100}; copy it to where it belongs "
                    "when the run has ended")
    try:
        recipe = _recipe(arguments)
        mapper = recipe.mapper()
        return _Archiving(arguments, recipe, mapper).run()
    except HttplintError as error:
        return fail(str(error))
    except KeyboardInterrupt:
        fail("interrupted; the parts that are whole are kept, and the same command goes on")
        return INTERRUPTED


def _recipe(arguments: argparse.Namespace) -> Recipe:
    """How captures are judged. Raises SetupError."""
    settings = configured.settings_of(arguments)
    if settings is None:
        return Recipe(tuple(arguments.select), tuple(arguments.ignore), tuple(arguments.rules),
                      tuple(arguments.profile), None, arguments.show_secrets)
    if settings.baseline is not None and not arguments.quiet:
        tell("the baseline of the configuration is not applied: it counts findings in the order of the captures")
    return Recipe.configured(settings, arguments.show_secrets)


class _Archiving:
    """A run."""

    def __init__(self, arguments: argparse.Namespace, recipe: Recipe, mapper: Mapper) -> None:
        self._arguments = arguments
        self._recipe = recipe
        self._mapper = mapper
        self._trouble = False
        """Whether something that was named is not there, or cannot be listed."""

    def run(self) -> int:
        """Lints the captures that have no rows yet; returns the exit code. Raises HttplintError."""
        arguments = self._arguments
        listing = listed(arguments.uris, self._told)
        distant = not all(map(is_here, arguments.uris))    # then listing them would start threads, before processes
        captures = [] if distant else list(listing)
        if not captures and not distant:
            return self._nothing()
        made = provenance(self._recipe, self._mapper.linter.rules)
        octets = MUCH if distant else sum(capture.octets or 0 for capture in captures)
        with Destination(arguments.out, made, self._recipe.shows) as destination:
            gc.freeze()                                    # what has been loaded stays
            writing = Writing(self._recipe, destination.path, destination.key, self._mapper)
            with local.processes(processes(arguments.jobs, octets), writing, destination.was_killed) as some:
                captures += listing
                if arguments.again:
                    forget(destination.path)
                has = destination.done()
                left = [capture for capture in captures if not has(capture.uri)]
                total = self._lint(left, destination, writing, some)
        if not captures:
            return self._nothing()
        if not arguments.quiet:
            self._conclude(total, len(captures) - len(left))
        return TROUBLE if self._trouble else CLEAN

    def _told(self, met: Problem | PassedOver) -> None:
        self._trouble = self._trouble or isinstance(met, Problem)
        if isinstance(met, Problem) or not self._arguments.quiet:
            tell(masked_error(str(met)))

    def _nothing(self) -> int:
        fail("there are no captures to lint")
        return TROUBLE if self._trouble else NOTHING

    def _lint(self, captures: list[Capture], destination: Destination, writing: Writing,
              some: local.Processes) -> Tally:
        off = self._arguments.no_progress or self._arguments.quiet
        done = 0
        with Progress(sys.stderr, Masker(self._recipe.shows), off) as progress:
            def heard(chunk: Chunk, tally: Tally) -> None:
                nonlocal done
                done += tally["captures"]
                progress.step(tally["entries"])
                progress.at(done, len(captures), chunk.captures[0].uri)

            return local.lint(captures, destination.apart, writing, some, heard)

    def _conclude(self, total: Tally, before: int) -> None:
        """Says what was done, and what to type next."""
        found: dict[str, int] = {severity: total[f"{severity}s"] for severity in SEVERITIES}
        dead = ", ".join(f"{total[kind]:,} {kind}" for kind in DEAD_KINDS if total[kind])
        for text in closing(total["captures"], total["linted"], sum(found.values()), before, dead, self._arguments.out,
                            ", ".join(counted(found))):
            print(text)
