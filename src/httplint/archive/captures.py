"""The captures of an archive: which there are, and what is in each of them.

Paths and patterns of paths are taken as `httplint check` takes them, URIs by the file system of their scheme. What is
below a directory elsewhere is taken by its name alone: the files that are taken here if they begin as a capture does
would cost a request each. A pattern takes them, whatever they are called.
"""
from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator

from httplint.archive import remote
from httplint.archive.remote import Remote, RemoteError
from httplint.capture import reading
from httplint.capture.files import STDIN, PassedOver, Told, endings, endless
from httplint.capture.finding import found
from httplint.capture.outcome import Outcome, Problem
from httplint.model.named import NamedTuple

_HERE = ("", "file", "local")
"""Schemes of what is on this machine; a path has none."""


class Capture(NamedTuple):
    """A capture. `uri`: its path or URI, as it was named or found, by which it is opened; it may hold secrets, and
    lone surrogates. `octets`: its size as it is stored, where that is known.
    """

    uri: str
    octets: int | None


def listed(uris: Iterable[str], told: Told) -> Iterator[Capture]:
    """The captures that are named or found, each once: those on this machine come first, in order of name.

    `told` is told what is met beside them: what is missing, what cannot be listed, and what was passed over.
    """
    names = sorted(set(uris))
    seen: set[str] | None = set() if len(names) > 1 else None          # one name leads to each but once
    here = [path_of(name) for name in names if is_here(name)]
    for capture in _all(here, [name for name in names if not is_here(name)], told):
        if seen is not None:
            if (same := _same(capture.uri)) in seen:
                continue
            seen.add(same)
        yield capture


def _all(here: list[str], elsewhere: list[str], told: Told) -> Iterator[Capture]:
    yield from _local(here, told)
    for name in elsewhere:
        yield from _distant(name, told)


def _same(uri: str) -> str:
    """What is the same for all ways to write a path."""
    return uri if remote.scheme(uri) else os.path.abspath(uri)


def is_here(uri: str) -> bool:
    """Whether a URI or path names something on this machine."""
    return remote.scheme(uri) in _HERE


def path_of(uri: str) -> str:
    """A path, or that of a URI (RFC 8089)."""
    if not (kind := remote.scheme(uri)):
        return uri
    from urllib.request import url2pathname
    rest = uri[len(f"{kind}://"):]
    return url2pathname(rest.removeprefix("localhost") if rest.startswith("localhost/") else rest)


def _local(paths: list[str], told: Told) -> Iterator[Capture]:
    for path in found([path for path in paths if path != STDIN], lambda met: told(_refused(met.path) or met)):
        if over := _refused(path):
            told(over)
            continue
        try:
            yield Capture(path, os.stat(path).st_size)
        except OSError:                                    # as reading it will say
            yield Capture(path, None)
    if STDIN in paths:
        told(Problem(STDIN, None, None, "standard input is no archive; name files, directories or URIs"))


def _refused(path: str) -> PassedOver | None:
    """What is said of a pipe, a socket or a device, though somebody named it: no process may wait for one."""
    over = endless(path)
    return over and over._replace(why=f"{over.why.partition(';')[0]}, and is not read; make a file of it")


def _distant(uri: str, told: Told) -> Iterator[Capture]:
    try:
        for one in remote.named(uri):
            if one.directory:
                yield from _below(one.uri, told)
            else:
                yield Capture(one.uri, one.octets)
    except RemoteError as error:
        told(Problem(uri, None, None, f"cannot be read: {error}"))


def _below(top: str, told: Told) -> Iterator[Capture]:
    """The captures of a directory, each directory's before those of the ones in it; and what is said if it has none."""
    waiting, met = [top], False
    perhaps: Counter[str] = Counter()
    while waiting:
        directory = waiting.pop()
        try:
            held = remote.listing(directory)
        except RemoteError as error:
            told(Problem(directory, None, None, f"the directory cannot be read: {error}"))
            met = True
            continue
        for one in held:
            name = "" if one.directory else one.uri.lower()
            if name.endswith(reading.SUFFIXES):
                met = True
                yield Capture(one.uri, one.octets)
            elif suffix := next(filter(name.endswith, reading.PERHAPS), ""):
                perhaps[suffix] += 1
        waiting += [one.uri for one in reversed(held) if one.directory and _is_named(one, told)]
    _tell(top, met, perhaps, told)


def _is_named(one: Remote, told: Told) -> bool:
    """Whether a directory has a name; what has none cannot be asked for."""
    if not one.uri.endswith("/"):
        return True
    told(PassedOver(one.uri, f"its name has an empty part (//); a pattern, such as {one.uri}**, takes what is in it"))
    return False


def _tell(top: str, met: bool, perhaps: Counter[str], told: Told) -> None:
    """What is said of a directory elsewhere when it was gone through. `perhaps`: end of names -> files."""
    place = top if top.endswith("/") else f"{top}/"
    for suffix, number in sorted(perhaps.items()):
        told(PassedOver(f"{place}**/*{suffix}", f"only its octets tell of such a file ({number:,} met) "
                        "whether it is a capture; name the pattern to have all of them read"))
    if not met and not perhaps:
        told(PassedOver(top, f"nothing in it or below {endings(reading.SUFFIXES)}"))


def outcomes(capture: Capture) -> Iterator[Outcome]:
    """What its reader hands out; that it cannot be opened, or read to its end, is a Problem."""
    if is_here(capture.uri):
        if over := _refused(capture.uri):                  # it was a file when it was listed
            yield Problem(capture.uri, None, None, over.why)
        else:
            yield from reading.read(capture.uri)
        return
    try:
        stream = remote.opened(capture.uri, capture.octets)
    except RemoteError as error:
        yield Problem(capture.uri, None, None, f"cannot be read: {error}")
        return
    yield from reading.read(stream, path=capture.uri)
