"""IANA's registries of status codes, methods and fields, and what is in use without registration, as dated data.

The first line of each file is a comment that says where its facts are from, and of which date they are.
"""
from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from typing import NamedTuple


class StatusCode(NamedTuple):
    """A registered status code; `reference` names the document and section that defines it."""

    code: int
    name: str
    reference: str


class CommonCode(NamedTuple):
    """A status code that is in use without registration, and who uses it."""

    code: int
    name: str
    used_by: str


class Method(NamedTuple):
    """A registered method (RFC 9110 §9.2.1, §9.2.2)."""

    name: str
    safe: bool
    idempotent: bool


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file of this directory."""
    import csv
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as stream:
        text = stream.read()
    yield from csv.DictReader(text.splitlines()[1:])


@functools.cache
def status_codes() -> dict[int, StatusCode]:
    """The registered status codes by number."""
    return {int(row["code"]): StatusCode(int(row["code"]), row["name"], row["reference"])
            for row in rows("status-codes.csv")}


@functools.cache
def common_codes() -> dict[int, tuple[CommonCode, ...]]:
    """The unregistered status codes in use, by number; some have several users."""
    found: dict[int, tuple[CommonCode, ...]] = {}
    for row in rows("common-codes.csv"):
        code = int(row["code"])
        found[code] = (*found.get(code, ()), CommonCode(code, row["name"], row["used_by"]))
    return found


@functools.cache
def methods() -> dict[str, Method]:
    """The registered methods by name, which is case-sensitive."""
    return {row["name"]: Method(row["name"], row["safe"] == "yes", row["idempotent"] == "yes")
            for row in rows("methods.csv")}
