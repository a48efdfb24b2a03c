"""Where the URLs to probe come from: named ones, captures, sitemaps, descriptions of an API.

Captures, sitemaps and descriptions may be anybody's, and name hosts that are none of the user's: advertisers, services
of this machine, the metadata of a cloud. So none of them says who is asked: hosts are named by the user, on the command
line or as the project's own ones, and what leads elsewhere is left out, and told.
"""
from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, urlsplit

from httplint.capture import fetching, reading
from httplint.capture.fetching import Ask, Place, Unfit, Wait
from httplint.capture.outcome import CaptureError, Problem, unanswered
from httplint.description import DescriptionError
from httplint.description.examples import SAFE, Sample, samples
from httplint.model.exchange import Exchange
from httplint.model.named import NamedTuple
from httplint.probe import sitemap
from httplint.probe.target import Line, Origin, ProbeTarget, named, origin

SHOWN = 10
"""How many of what was left out are told one by one."""
STRANGERS = 1000
"""How many origins that nobody has named are told apart; a stranger's capture may have ever new ones."""
_MASKED = re.compile(r"(?i)(?:\[|%5B)masked")
"""In a URL of a HAR that was saved without its secrets."""


class Candidate(NamedTuple):
    """A URL that may be probed; `lacks`: why it cannot be, of what `url` tells then."""

    url: str
    source: str = ""
    """What it came from, if the user has not named it."""
    fields: tuple[Line, ...] = ()
    lacks: str = ""


class Askable:
    """Who may be asked: origins that were named, and whatever `ours` says of a host with its port."""

    def __init__(self, origins: Iterable[Origin], ours: Callable[[str], bool]) -> None:
        self._origins = frozenset(origins)
        self._ours = ours

    def may_ask(self, place: Place) -> bool:
        """Whether somebody has named the host of a URL."""
        return origin(place) in self._origins or self._ours(named(origin(place)).partition("://")[2])


class Gathered:
    """What is probed, each URL once, and what is not; and what could not be read on the way."""

    def __init__(self) -> None:
        self.targets: dict[str, ProbeTarget] = {}
        """By URL."""
        self.strangers: Counter[str] = Counter()
        """Origins that nobody has named -> how many URLs."""
        self.others = 0
        """How many URLs of further ones."""
        self.unfit: dict[str, str] = {}
        """What cannot be asked -> why, the first ones."""
        self.unfits = 0
        self.problems: list[Problem] = []
        self.full = False
        """Whether there are more than are wanted."""

    def take(self, candidates: Iterable[Candidate | Problem], hosts: Askable, most: int) -> None:
        """Takes in candidates, until there are more than `most`."""
        for one in candidates:
            if isinstance(one, Problem):
                self.problems.append(one)
                continue
            if one.lacks:
                self._miss(one.url, one.lacks)
                continue
            try:
                if _MASKED.search(one.url):
                    raise Unfit("a part of it is masked")
                place = Place(one.url)
            except Unfit as error:
                self._miss(one.url, str(error).removeprefix(repr(one.url)).lstrip(": "))
                continue
            if not hosts.may_ask(place):
                self._pass(named(origin(place)))
            elif place.url not in self.targets:
                if len(self.targets) >= most:
                    self.full = True
                    return
                self.targets[place.url] = ProbeTarget(place, one.fields, one.source)

    def _pass(self, stranger: str) -> None:
        if stranger in self.strangers or len(self.strangers) < STRANGERS:
            self.strangers[stranger] += 1
        else:
            self.others += 1

    def _miss(self, what: str, why: str) -> None:
        self.unfits += 1
        if len(self.unfit) < SHOWN:
            self.unfit[what[:200]] = why[:200]

    def notes(self, most: int) -> Iterator[str]:
        """What is to be told of what is not probed."""
        if self.full:
            yield f"there are more than {most} URLs: the first are asked (--max-urls)"
        for what, why in self.unfit.items():
            yield f"{what} is not asked: {why}"
        if (more := self.unfits - len(self.unfit)) > 0:
            yield f"{more} others are not asked either"
        common = self.strangers.most_common(SHOWN)
        for host, urls in common:
            yield (f"{host} was not named, and is not asked: {urls} URL{'s' * (urls > 1)} "
                   f"(--host {host.partition('://')[2]} asks it)")
        if more := self.strangers.total() - sum(urls for _, urls in common) + self.others:
            yield f"{more} URLs of other hosts, which were not named, are not asked"


# -- captures

def captured(path: str) -> Iterator[Candidate | Problem]:
    """What was asked with GET or HEAD in a capture, or in those of a directory."""
    try:
        for one in reading.captures([path]):
            for outcome in reading.read(one):
                if isinstance(outcome, Problem):
                    yield outcome
                elif isinstance(outcome, Exchange) and outcome.request is not None and outcome.request.method in SAFE:
                    uri = outcome.request.uri
                    if uri.startswith(("http://", "https://")):
                        yield Candidate(uri, one)
    except CaptureError as error:
        raise Unfit(str(error.problem)) from None


# -- sitemaps

class Fetcher:
    """Fetches sitemaps, of hosts that may be asked alone. `lines`: what is sent to a place; `pause`: in seconds."""

    def __init__(self, hosts: Askable, lines: Callable[[Place], Iterable[Line]], wait: Wait, insecure: bool,
                 pause: float) -> None:
        self._hosts = hosts
        self._lines = lines
        self._wait = wait
        self._insecure = insecure
        self._pause = pause
        self.asked = 0
        """How many requests were sent."""

    def __call__(self, url: str) -> bytes:
        """The content. Raises Unfit."""
        place = Place(url)
        if not self._hosts.may_ask(place):
            raise Unfit(f"{url}: {named(origin(place))} was not named, and is not asked")
        if self.asked:
            time.sleep(self._pause)
        self.asked += 1
        why = "no answer"
        for outcome in fetching.fetch(Ask("GET", list(self._lines(place))), place, 0, self._wait, self._insecure):
            if isinstance(outcome, Exchange):
                response = outcome.response
                if response.status == 200 and response.content is not None:
                    return response.content
                why = f"it was answered with {response.status}" if response.status != 200 else "it was not read whole"
            else:
                why = unanswered(outcome)
        raise Unfit(f"{url}: {why}")


def mapped(source: str, fetcher: Fetcher) -> Iterator[Candidate]:
    """What a sitemap names. Raises Unfit."""
    for url in sitemap.urls(source, fetcher):
        yield Candidate(url, source) if url else Candidate(source, lacks=f"a URL has more than {sitemap.LONGEST} "
                                                                         "characters")


# -- descriptions of an API

def described(path: str, server: str) -> Iterator[Candidate]:
    """The safe operations of a description, with its examples, at a server.

    A server without a path has the base paths of the description. Raises Unfit.
    """
    place = Place(server)
    parts = urlsplit(place.url)
    if parts.query:
        raise Unfit(f"{server!r:.200}: a server has no query")
    try:
        for sample in samples(path):
            yield _operation(sample, f"{place.scheme}://{place.authority}", parts.path, path)
    except DescriptionError as error:
        raise Unfit(str(error)) from None


def _operation(sample: Sample, server: str, base: str, path: str) -> Candidate:
    operation = sample.operation
    base = base.rstrip("/") if base else sample.servers[0].base
    called = f"{operation.method} {operation.path}"
    if sample.lacks or "{" in base:
        return Candidate(called, lacks=sample.lacks or "its server has a variable without a value")
    try:
        fields = tuple([fetching.field(f"{name}: {value}") for name, value in sample.fields])
    except Unfit:
        return Candidate(called, lacks="the example of a field cannot be sent")
    return Candidate(server + quote(base, safe="/%:@!$&'()*+,;=~") + sample.target, f"{path}: {called}", fields)
