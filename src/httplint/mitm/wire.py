"""What goes between mitmproxy and the process that judges beside it, over a pair of sockets: plain data.

A message to the judge is a head, which says its kind and the sizes of its parts, and the parts. Contents are parts by
themselves, so that sending one copies it to the system only. A message from the judge is a length and a `Lot`, many
verdicts in one. What many of them have in common is said once and a number from then on, its place in the order in
which such things were said.
"""
from __future__ import annotations

import marshal
import struct
from typing import Any

from httplint.capture.flows import Answered, Asked
from httplint.jobs.travelling import PackedFinding
from httplint.model.named import NamedTuple
from httplint.report.summary import ExchangeKind

HEAD = struct.Struct("<Bqqq")
"""Kind of a message to the judge, and the octets of its parts; -1 for one that is not there."""
LENGTH = struct.Struct("<Q")
"""The octets of a message from the judge."""

RULES, FLOW, CAREFULLY, TELL = range(4)
"""Kinds: a pickled RuleLinter, for what follows; a flow; a flow whose verdict is told before the next one is looked at,
since it may be the one that ends the judge; a wish to be told at once what is known."""

Outcome = tuple[tuple[int, ...], tuple[bytes, ...]]
"""Of a report, the rules that hold (by number), and the packed groups of those not evaluated."""


class Reply(NamedTuple):
    """What is said of a flow: numbers of an outcome and of a kind of exchange, and findings; or a fault of httplint.

    A fault is what users are told of it, and its traceback.
    """

    outcome: int
    kind: int
    findings: list[PackedFinding]
    fault: tuple[str, str] | None


class Lot(NamedTuple):
    """Verdicts in the order of their flows. `anew`: numbers begin at 0 again; the new things get the next ones."""

    anew: bool
    outcomes: list[Outcome]
    kinds: list[ExchangeKind]
    verdicts: list[Any]
    """As plain tuples."""


def message(kind: int, head: bytes = b"", *contents: bytes | None) -> list[bytes]:
    """A message to the judge, in parts that need not be joined."""
    sizes = [-1 if one is None else len(one) for one in contents] or (-1, -1)
    return [HEAD.pack(kind, len(head), *sizes) + head, *(one for one in contents if one)]


def flow_message(asked: Asked, answered: Answered, broken: bool, carefully: bool) -> list[bytes]:
    """The message of a flow. Raises ValueError for what is no flow as mitmproxy makes them."""
    head = marshal.dumps((asked[:8], asked.started, answered[:4], answered[5:], broken))
    return message(CAREFULLY if carefully else FLOW, head, asked.content, answered.content)


def flow_of(head: bytes, asked: bytes | None, answered: bytes | None) -> tuple[Asked, Answered, bool]:
    """What `flow_message` was made of."""
    request, started, response, rest, broken = marshal.loads(head)  # noqa: S302 - what this program wrote
    return Asked._make((*request, asked, started)), Answered._make((*response, answered, *rest)), broken


def lot_message(lot: Lot) -> bytes:
    """A message from the judge."""
    octets = marshal.dumps(tuple(lot))
    return LENGTH.pack(len(octets)) + octets


def lot_of(octets: bytes) -> Lot:
    """What `lot_message` was made of, by its octets behind the length."""
    return Lot._make(marshal.loads(octets))  # noqa: S302 - what this program wrote
