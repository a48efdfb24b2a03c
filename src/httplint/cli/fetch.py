"""`httplint fetch`: asks servers, and lints what they answer."""
from __future__ import annotations

import argparse
import importlib.util
import os
import shlex
from collections.abc import Iterable, Iterator

from httplint import __version__
from httplint.capture import fetching
from httplint.capture.fetching import Ask, Place, Unfit, Wait
from httplint.capture.outcome import Outcome, Problem
from httplint.cli.credentials import Sending
from httplint.cli.faults import guarded
from httplint.cli.linting import Outcomes, judge, lint
from httplint.cli.main import fail
from httplint.cli.progress import Progress
from httplint.library import Linter
from httplint.model import installation
from httplint.model.exchange import Exchange
from httplint.report.masker import Masker
from httplint.run import Run


def run(arguments: argparse.Namespace) -> int:
    """Asks all URLs; returns the exit code."""
    try:
        sending = Sending(arguments)
        places = [place_of(url) for url in arguments.urls]
        sending.check(places)
        asked = [(_ask(arguments, sending.to(place)), place) for place in places]
        for ask, place in asked:
            fetching.written(ask, place)
    except Unfit as error:
        return fail(Masker(arguments.show_secrets).text(str(error)))
    if arguments.http2 and importlib.util.find_spec("h2") is None:
        return fail(f"HTTP/2 needs h2: {installation.command('http2')}")
    wait = Wait(arguments.timeout, arguments.max_size << 20)

    def work(linter: Linter, run: Run, progress: Progress) -> None:
        judge([_outcomes(asked, wait, arguments)], linter, run, progress, wait.is_over)

    return lint(arguments, work)


def place_of(url: str) -> Place:
    """What is asked. Raises Unfit, which says what was probably meant."""
    try:
        return Place(url)
    except Unfit as error:
        from httplint.cli.paths import address
        if os.path.exists(url):
            raise Unfit(f"{url} is no URL, but there is such a file: httplint check {shlex.quote(url)}") from None
        if "://" not in url and (meant := address(url)):
            raise Unfit(f"{error}; did you mean {meant!r}?") from None
        raise


def _ask(arguments: argparse.Namespace, lines: Iterable[tuple[str, str]]) -> Ask:
    fields = list(lines)
    if all(name.lower() != "user-agent" for name, _ in fields):
        fields.insert(0, ("User-Agent", f"httplint/{__version__}"))
    if arguments.range:
        fields.append(("Range", arguments.range if "=" in arguments.range else f"bytes={arguments.range}"))
    if arguments.gzip:
        fields.append(("Accept-Encoding", "gzip"))
    content = None if arguments.data is None else arguments.data.encode("utf-8", "surrogateescape")
    return Ask(arguments.method or ("GET" if content is None else "POST"), fields, content)


def _outcomes(asked: list[tuple[Ask, Place]], wait: Wait, arguments: argparse.Namespace) -> Outcomes:
    """What came back, in order; all in one history, so that answers are compared with earlier ones."""
    entry = 0
    for ask, place in asked:
        again: list[tuple[str, str]] = []
        for outcome in _fetched(ask, place, entry, wait, arguments):
            entry += 1
            if isinstance(outcome, Exchange):
                again = fetching.validators(outcome)
            yield from _judged(outcome, place, wait)
        if arguments.conditional and again:
            second = Ask(ask.method, [*ask.fields, *again], ask.content)
            for outcome in _fetched(second, place, entry, wait, arguments):
                yield from _judged(outcome, place, wait)
            entry += 1
        elif arguments.conditional:
            yield Problem(place.url, None, None, "cannot be asked conditionally: no success with ETag or Last-Modified")


def _judged(outcome: Outcome, place: Place, wait: Wait) -> Outcomes:
    """What came back, and behind it, once it was judged, whether the time for that was over before its end."""
    yield outcome
    if isinstance(outcome, Exchange) and wait.exceeded:
        yield Problem(place.url, None, None, f"the answer was not judged to its end: {wait.over}")


def _fetched(ask: Ask, place: Place, entry: int, wait: Wait,
             arguments: argparse.Namespace) -> Iterator[Outcome]:
    if arguments.http2:
        from httplint.capture import fetching_http2
        return guarded(place.url, fetching_http2.fetch(ask, place, entry, wait, arguments.insecure))
    return guarded(place.url, fetching.fetch(ask, place, entry, wait, arguments.insecure))
