"""`httplint probe`: asks resources what only active requests show, and lints the whole conversation."""
from __future__ import annotations

import argparse
import importlib.util

from httplint.capture.fetching import Unfit, Wait
from httplint.cli.faults import add, guarded
from httplint.cli.linting import Taker, lint
from httplint.cli.main import fail, printer
from httplint.cli.progress import Progress
from httplint.cli.targets import targets_of
from httplint.library import Linter
from httplint.model import installation
from httplint.model.errors import SetupError
from httplint.model.likeness import meant
from httplint.probe.budget import Budget
from httplint.probe.checks import CHECKS, CLOSED, REDIRECT, chosen
from httplint.probe.conversation import Probing, Terms
from httplint.probe.resource import Resource
from httplint.probe.targets import Gathered
from httplint.report.masker import Masker
from httplint.run import CLEAN, INTERRUPTED, TROUBLE, Run


def run(arguments: argparse.Namespace) -> int:
    """Probes all URLs; returns the exit code."""
    masker = Masker(arguments.show_secrets)
    try:
        terms = _terms(arguments)
        found = targets_of(arguments)
    except (Unfit, SetupError) as error:
        return fail(masker.text(str(error)))
    if arguments.dry_run:
        return _plan(found, terms, arguments, masker)
    targets = list(found.targets.values())
    wait = Wait(arguments.timeout, arguments.max_size << 20)
    interrupted = False

    def work(linter: Linter, run: Run, progress: Progress) -> None:
        nonlocal interrupted
        budget = Budget(arguments.max_requests, arguments.max_time, arguments.pause)
        probing = Probing(targets, terms, wait, budget, progress.at)
        for problem in found.problems:
            add(problem, run.summary)
        try:
            Taker(run, progress).capture(guarded(targets[0].place.url, probing.outcomes()),
                                         probing.hearing(linter.stream(wait.is_over)))
        except KeyboardInterrupt:
            interrupted = True
            probing.stop("it was interrupted")
        finally:
            run.summary.probed(probing.matrix())
            run.summary.note([*found.notes(arguments.max_urls), *probing.notes()])

    code = lint(arguments, work, asks=True)
    return INTERRUPTED if interrupted else code


def _terms(arguments: argparse.Namespace) -> Terms:
    """What is asked of each of them. Raises Unfit."""
    names = [name for given in arguments.check for name in given.split(",")]
    if names and arguments.follow:
        names.append(REDIRECT.name)
    try:
        checks = chosen(names)
    except KeyError as error:
        close = meant(error.args[0], [check.name for check in CHECKS], 0.5)
        raise Unfit(f"--check: there is no check {error}{close or '; --dry-run names all'}") from None
    missing = arguments.http2 and importlib.util.find_spec("h2") is None
    return Terms(checks, frozenset(option for option in CLOSED if getattr(arguments, option)), arguments.insecure,
                 f"it needs h2: {installation.command('http2')}" if missing else "")


def _plan(found: Gathered, terms: Terms, arguments: argparse.Namespace, masker: Masker) -> int:
    """Prints what would be asked, and asks nothing but what the plan is made by."""
    say = printer()
    wanted = [check for check in terms.checks if not check.option or check.option in terms.options]
    for target in found.targets.values():
        say(masker.text(f"{target.place.url}{target.source and f'  ({target.source})'}"))
        for name, value in target.fields:
            say(f"  with {name}: {masker.value(name, value)}")
        imagined = Resource.imagined(target)
        for check in terms.checks:
            if check not in wanted:
                say(f"  {check.name:23}  not asked: {CLOSED[check.option]}")
                continue
            ask = check.ask(imagined)
            fields = "".join(f"  {name}: {value}" for name, value in ask.fields
                             if name not in ("User-Agent", *(one for one, _ in target.fields)))
            say(f"  {check.name:23}  {ask.method:8}{fields or f'  ({check.question})'}")
    for note in found.notes(arguments.max_urls):
        say(masker.path(note))
    for problem in found.problems:
        fail(masker.path(str(problem)))
    sitemaps = " but sitemaps" if any("://" in source for source in arguments.sitemap) else ""
    follow = "; and where redirects lead" if "follow" in terms.options else ""
    asked = len(wanted) * len(found.targets)
    say(f"{min(asked, arguments.max_requests)} requests at most, one after the other, {arguments.pause:g} s between "
        f"two; no longer than {arguments.max_time:g} s{follow}. Nothing was asked{sitemaps}.")
    return TROUBLE if found.problems else CLEAN


