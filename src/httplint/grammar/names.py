"""Field names that are probably misspelt: close to a registered name, and to nothing else that is known."""
from __future__ import annotations

import functools
from collections.abc import Iterator

from httplint.grammar.table import FIELDS

SHORTEST = 6
"""Shorter names are not judged: Page is a letter away from Age, and means something else."""
LONGEST = 64
"""Longer names are not judged; no field that is meant is that long."""


def meant_name(name: str) -> str | None:
    """The field that an unknown name was probably meant to be; None if the name is known, or like nothing.

    Like is a name that differs by one letter too few, too many, wrong, or swapped with its neighbour, or only by
    hyphens and underscores. `name` is lower-case.
    """
    return None if name in FIELDS or not SHORTEST <= len(name) <= LONGEST else _meant(name)


@functools.lru_cache(4096)
def _meant(name: str) -> str | None:
    exact, near = _index()
    found = exact.get(_bare(name))
    if found is None:
        candidates = {one for key in (name, *_shortened(name)) for one in near.get(key, ())}
        found = min((one for one in candidates if len(one) >= SHORTEST and one_slip(name, one)), default=None)
    return None if found is None else FIELDS[found].name


def _bare(name: str) -> str:
    return name.replace("-", "").replace("_", "").replace(" ", "")


def _shortened(name: str) -> Iterator[str]:
    return (name[:place] + name[place + 1:] for place in range(len(name)))


@functools.cache
def _index() -> tuple[dict[str, str], dict[str, list[str]]]:
    """Names without hyphens -> name; names, and names with one letter less -> names. Only what stands in responses.

    Unregistered names are not offered: who uses a private name may well use one like it.
    """
    exact: dict[str, str] = {}
    near: dict[str, list[str]] = {}
    for name, one in FIELDS.items():
        if one.response is False or one.status == "unregistered" or one.obsolete:
            continue
        if "-" in name:
            exact[_bare(name)] = name
        for key in (name, *_shortened(name)):
            near.setdefault(key, []).append(name)
    return exact, near


def one_slip(one: str, other: str) -> bool:
    """Whether a single slip of the keyboard leads from one to the other."""
    if len(one) > len(other):
        one, other = other, one
    place = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[place:] == other[place + 1:]
    return one[place + 1:] == other[place + 1:] or (
        one[place:place + 2] == other[place:place + 2][::-1] and one[place + 2:] == other[place + 2:])
