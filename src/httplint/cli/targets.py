"""What `probe` is to ask, by what the command line and the configuration name."""
from __future__ import annotations

import argparse
from collections.abc import Iterator

from httplint.capture.fetching import Place, Unfit, Wait
from httplint.capture.outcome import Problem
from httplint.cli.configured import settings_of
from httplint.cli.credentials import Sending
from httplint.cli.fetch import place_of
from httplint.model.target import PatternError, any_of, each, host_pattern
from httplint.probe import sitemap
from httplint.probe.resource import USER_AGENT
from httplint.probe.target import Line, ProbeTarget, origin
from httplint.probe.targets import Askable, Candidate, Fetcher, Gathered, captured, described, mapped


def targets_of(arguments: argparse.Namespace) -> Gathered:
    """What is probed, and what is not. Raises Unfit, SetupError."""
    sending = Sending(arguments)
    places = [place_of(url) for url in arguments.urls]
    found = Gathered()
    if not (getattr(arguments, "from") or arguments.sitemap or arguments.server):
        found.take((Candidate(place.url) for place in places), Askable(map(origin, places), lambda host: False),
                   len(places))
    else:
        _gather(arguments, places, sending, found)
    if not found.targets:
        told = [*map(str, found.problems[:1]), *found.notes(arguments.max_urls)]
        what = "; ".join(told) or "name URLs; or --from, --sitemap, or --server for the operations of --api"
        raise Unfit(f"nothing to ask: {what}")
    sending.check([target.place for target in found.targets.values()])
    for url, target in found.targets.items():
        found.targets[url] = _with(target, sending.to(target.place))
    return found


def _gather(arguments: argparse.Namespace, places: list[Place], sending: Sending, found: Gathered) -> None:
    """Takes in what captures, sitemaps and descriptions lead to."""
    settings = settings_of(argparse.Namespace(**vars(arguments)))      # which whoever lints reads for himself
    try:
        patterns = each("--host", arguments.host, host_pattern)
    except PatternError as error:
        raise Unfit(str(error)) from None
    own = settings.own_hosts() if settings is not None else None
    servers = [*(one for one in arguments.sitemap if "://" in one), *filter(None, [arguments.server])]
    asked = [*places, *map(Place, servers)]
    hosts = Askable(map(origin, asked), lambda host: any_of(patterns, host) or (own is not None and own.fits(host)))

    mapping: list[Place] = []

    def lines(place: Place) -> list[Line]:
        mapping.append(place)
        sending.check_origins(mapping)
        said = sending.to(place)
        return said if any(name.lower() == "user-agent" for name, _ in said) else [("User-Agent", USER_AGENT), *said]

    fetcher = Fetcher(hosts, lines, Wait(arguments.timeout, sitemap.LIMIT), arguments.insecure, arguments.pause)

    def candidates() -> Iterator[Candidate | Problem]:
        for path in getattr(arguments, "from"):
            yield from captured(path)
        for source in arguments.sitemap:
            yield from mapped(source, fetcher)
        if arguments.server:
            api = settings.api if settings is not None else ()
            if not api:
                raise Unfit("--server: name a description of the API, too, such as --api openapi.yaml")
            for path in api:
                yield from described(path, arguments.server)

    found.take((Candidate(place.url) for place in places), hosts, len(places))
    found.take(candidates(), hosts, len(found.targets) + arguments.max_urls)
    sending.check_origins([*mapping, *(target.place for target in found.targets.values())])


def _with(target: ProbeTarget, lines: list[Line]) -> ProbeTarget:
    """A target with what the user wants sent, which goes before the examples of a description."""
    named = {name.lower() for name, _ in lines}
    return target._replace(fields=(*lines, *(line for line in target.fields if line[0].lower() not in named)))
