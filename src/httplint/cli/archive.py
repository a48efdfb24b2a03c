"""`httplint archive`: lints an archive of captures into tables."""
from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable
from importlib.util import find_spec

from httplint.archive.captures import Capture, listed
from httplint.archive.local import Chunk, Tally, Writing, lint
from httplint.archive.output import Destination
from httplint.archive.provenance import provenance
from httplint.archive.rows import Recipe
from httplint.capture.files import PassedOver
from httplint.capture.outcome import Problem
from httplint.cli import configured
from httplint.cli.check import processes
from httplint.cli.main import fail, tell
from httplint.cli.progress import Progress
from httplint.model import installation
from httplint.model.errors import HttplintError
from httplint.model.files import cause
from httplint.report.masker import Masker, masked_error
from httplint.run import CLEAN, NOTHING, TROUBLE

DEAD = ("unreadable", "broken", "limit", "fault", "lost")
"""Kinds of dead letters, as they are told."""
INTERRUPTED = 130


def run(arguments: argparse.Namespace) -> int:
    """Lints the archive; returns the exit code."""
    if find_spec("pyarrow") is None:
        return fail(f"archives need pyarrow: {installation.command('archive')}")
    if "://" in arguments.out:
        return fail(f"--out wants a directory of this machine, got {arguments.out!r:.100}; copy it to where it belongs "
                    "when the run has ended")
    try:
        return _run(arguments)
    except HttplintError as error:
        return fail(str(error))


def _run(arguments: argparse.Namespace) -> int:
    recipe = _recipe(arguments)
    writing_mapper = recipe.mapper()
    try:
        made = provenance(recipe, writing_mapper.linter.rules)
    except OSError as error:
        return fail(f"{error.filename}: {cause(error)}")
    missing = False

    def told(met: Problem | PassedOver) -> None:
        nonlocal missing
        missing = missing or isinstance(met, Problem)
        if isinstance(met, Problem) or not arguments.quiet:
            tell(masked_error(str(met)))

    captures = list(listed(arguments.uris, told))
    if not captures:
        return TROUBLE if missing else _nothing()
    with Destination(arguments.out, made, recipe.shows) as destination:
        has = destination.done()
        lacking = [capture for capture in captures if not has(capture.uri)]
        writing = Writing(recipe, destination.path, destination.key, writing_mapper)
        total = _lint(arguments, lacking, destination.apart, writing)
    if not arguments.quiet:
        _conclude(total, len(captures) - len(lacking), arguments.out)
    return TROUBLE if missing else CLEAN


def _nothing() -> int:
    fail("there are no captures there")
    return NOTHING


def _recipe(arguments: argparse.Namespace) -> Recipe:
    """How captures are judged. Raises SetupError."""
    settings = configured.settings_of(arguments)
    if settings is None:
        return Recipe(tuple(arguments.select), tuple(arguments.ignore), tuple(arguments.rules),
                      tuple(arguments.profile), None, arguments.show_secrets)
    if settings.baseline is not None:
        if not arguments.quiet:
            tell("the baseline of the configuration is not applied: it counts findings in the order of the captures")
        settings.baseline = None
    return Recipe(config=settings, shows=arguments.show_secrets)


def _lint(arguments: argparse.Namespace, captures: list[Capture], apart: Callable[[str], bool],
          writing: Writing) -> Tally:
    octets = sum(capture.octets or 0 for capture in captures)
    gc.freeze()                                            # what has been loaded stays
    with Progress(sys.stderr, Masker(arguments.show_secrets),
                  arguments.no_progress or arguments.quiet) as progress:
        done = 0

        def heard(chunk: Chunk, tally: Tally) -> None:
            nonlocal done
            done += tally["captures"]
            progress.step(tally["entries"])
            progress.at(done, len(captures), chunk.captures[0].uri)

        try:
            return lint(captures, apart, writing, processes(arguments.jobs, octets), heard)
        except KeyboardInterrupt:
            progress.clear()
            raise


def _conclude(total: Tally, before: int, directory: str) -> None:
    """Says what was done, and what to type next."""
    found = total["errors"] + total["warnings"] + total["infos"]
    print(f"{total['captures']:,} captures: {total['linted']:,} responses linted, {found:,} findings "
          f"({total['errors']:,} errors, {total['warnings']:,} warnings, {total['infos']:,} infos)")
    if before:
        print(f"{before:,} captures were passed over: they have their rows")
    dead = [f"{total[kind]:,} {kind}" for kind in DEAD if total[kind]]
    if dead:
        print(f"dead letters: {', '.join(dead)}")
    print(f"next: httplint archive report {directory}")
